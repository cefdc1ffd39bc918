"""A delivery written, read back, and compared with what it should hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
import shapely

from ..errors import PlannerError
from ..geometry.area import ellipsoidal_area
from ..plan.schema import PLAN_EPSG
from ..plan.tables import Array
from ..store import vector
from ..texts import Message
from .formats import FILE_GDB, GEOJSON, SHAPEFILE, OutColumn
from .placing import made_together
from .proposal import Delivery, Part

#: What a .cpg says.  A number is understood without a library of encodings: GDAL and QGIS read it as CP936.
_CPG = {"UTF-8": "UTF-8", "GBK": "936"}
#: Byte 29 of a .dbf, for programs that look there first: 0x4D is simplified Chinese; UTF-8 has no number.
_LANGUAGE_BYTE = {"UTF-8": 0x00, "GBK": 0x4D}
_LANGUAGE_BYTE_AT = 29
#: How layers of each format are made.
_OPTIONS = {
    ".gpkg": {"GEOMETRY_NAME": "geom", "FID": "fid", "SPATIAL_INDEX": "YES"},
    ".geojson": {"RFC7946": "NO", "COORDINATE_PRECISION": "17"},
}
#: A file geodatabase in metres keeps tenths of a millimetre unless told otherwise, which a small plot's area
#: shows; ten-thousandths still leave room for every easting of China.
_FINE_STEPS = {"XORIGIN": "-5120900", "YORIGIN": "-9998100", "XYSCALE": "10000000", "XYTOLERANCE": "0.001"}
_EXAMPLES = 5
_SHOWN = 30
_METRES_A_DEGREE = 111_320.0
#: What is nearer than this (m) is the same outline.
_SAME = 1e-3
#: Numbers are the same when they differ by less than this part of them.
_SAME_NUMBER = 1e-14


@dataclass(frozen=True)
class Delivered:
    """What was written, and what in it differs from what the profile asked for.

    Attributes
    ----------
    files
        The written files (folders for file geodatabases), one for each part.
    count
        Rows in all of them.
    differences
        Empty where everything came back as it was meant.
    losses
        How many kinds of loss were listed before.
    """

    files: list[Path]
    count: int
    differences: list[Message]
    losses: int = 0

    def messages(self) -> list[Message]:
        """The report, line by line."""
        done = Message.of("delivery.done", files=[f.name for f in self.files], count=self.count)
        if self.differences:
            return [done, *self.differences]
        as_listed = Message.of("delivery.all_came_back_but", count=self.losses)
        return [done, as_listed if self.losses else Message.of("delivery.all_came_back")]


def targets_of(delivery: Delivery, target: str | PathLike[str]) -> list[Path]:
    """The files of a delivery: the target, or for several zones one with each zone's number behind its name."""
    path = Path(target)
    return [path.with_name(f"{path.stem}{part.suffix}{path.suffix}") for part in delivery.parts]


def deliver(delivery: Delivery, target: str | PathLike[str], force: bool = False, append: bool = False) -> Delivered:
    """Write a delivery, whole or not at all, and read it back.

    Parameters
    ----------
    target
        The file; for several zones each file's name has the zone's number behind it.
    force
        Whether files that exist are replaced.  A plan never is.
    append
        Whether the layer joins those of a GeoPackage or file geodatabase that exists; `force` then replaces
        only a layer of the same name.

    Raises
    ------
    PlannerError
        If the target exists and `force` is not given, or it cannot be written; nothing has then changed.
    """
    targets = targets_of(delivery, target)
    differences: list[Message] = []
    with made_together(targets, delivery.format, force, delivery.layer if append else None) as made:
        for part, beside, known_as in zip(delivery.parts, made, targets):
            _write(delivery, part, beside, known_as)
            differences += _compare(delivery, part, beside, known_as)
    return Delivered(targets, len(delivery.ids), differences, len(delivery.losses))


def _write(delivery: Delivery, part: Part, path: Path, known_as: Path) -> None:
    in_bytes = delivery.format is SHAPEFILE
    rows = part.rows.tolist()
    names = {c.name: _as_bytes(c.name, delivery.encoding) if in_bytes else c.name for c in delivery.columns}
    layer = vector.LayerToWrite(
        path.stem if in_bytes else delivery.layer,
        delivery.geometry_type,
        part.epsg if delivery.geometry_type else None,
        {names[c.name]: c.type for c in delivery.columns},
        {names[c.name]: _to_file(c, rows, delivery.encoding if in_bytes else None) for c in delivery.columns},
        None if part.geometry is None else _oriented(part.geometry, delivery),
        len(rows),
    )
    sizes = {names[c.name]: (c.width, c.decimals) for c in delivery.columns}
    encoding = vector.AS_BYTES if in_bytes else "utf-8"
    options = dict(_OPTIONS.get(delivery.format.ending, {}))
    if delivery.format is FILE_GDB and part.epsg != PLAN_EPSG:
        options.update(_FINE_STEPS)
    vector.write_layer(path, delivery.format.driver, layer, encoding, sizes, options, known_as)
    if in_bytes:
        _say_encoding(path, delivery.encoding)


def _to_file(column: OutColumn, rows: Sequence[int], encoding: str | None) -> list[object]:
    values = [column.values[row] for row in rows]
    if encoding is None or column.type != "text":
        return values
    return [None if v is None else _as_bytes(str(v), encoding) for v in values]


def _as_bytes(written: str, encoding: str) -> str:
    """A text whose characters are the bytes that the file shall hold (see `vector.AS_BYTES`)."""
    return written.encode(encoding).decode(vector.AS_BYTES)


def _say_encoding(path: Path, encoding: str) -> None:
    """A .cpg and a language byte that tell the truth, instead of what the bytes were passed on as."""
    path.with_suffix(".cpg").write_bytes(_CPG[encoding].encode("ascii"))
    with path.with_suffix(".dbf").open("rb+") as dbf:
        dbf.seek(_LANGUAGE_BYTE_AT)
        dbf.write(bytes([_LANGUAGE_BYTE[encoding]]))


def _oriented(geometry: Array, delivery: Delivery) -> Array:
    """Shells anticlockwise, as GeoJSON asks; GDAL turns the rings of shapefiles and file geodatabases itself."""
    if delivery.format is not GEOJSON or delivery.geometry_type != "MultiPolygon":
        return geometry
    from shapely.geometry import polygon

    return np.array([None if g is None else _turned(g, polygon.orient) for g in geometry] + [None], dtype=object)[:-1]


def _turned(geometry: shapely.Geometry, orient: object) -> shapely.Geometry:
    assert callable(orient)
    return shapely.multipolygons([orient(part) for part in shapely.get_parts(geometry)])


def _compare(delivery: Delivery, part: Part, path: Path, known_as: Path) -> list[Message]:
    """What differs between what the profile asked for and what a reader finds in the file."""
    in_bytes = delivery.format is SHAPEFILE
    encoding = vector.AS_BYTES if in_bytes else "utf-8"
    layers = vector.list_layers(path, encoding)
    names = [info.name for info in layers]
    info = layers[names.index(delivery.layer) if delivery.layer in names else 0]
    data = vector.read_layer(path, info.name, encoding=encoding)
    if len(data.fids) != len(part.rows):  # a full disk may have stayed unsaid
        raise PlannerError("store.disk_full_or_broken", path=known_as.name)
    ids = [delivery.ids[row] for row in part.rows.tolist()]
    differences = []
    read = {_from_bytes(n, delivery.encoding) if in_bytes else n: values for n, values in data.columns.items()}
    for column in delivery.columns:
        if column.name not in read:
            differences.append(Message.of("delivery.field_missing", field=column.name, file=known_as.name))
            continue
        found = [_from_bytes(v, delivery.encoding) if in_bytes and isinstance(v, str) else v for v in read[column.name]]
        wanted = [column.wanted[row] for row in part.rows.tolist()]
        wrong = [i for i, (w, f) in enumerate(zip(wanted, found)) if not _same(w, f, column)]
        if wrong:
            first = wrong[0]
            differences.append(
                Message.of(
                    "delivery.differs",
                    field=column.wanted_name,
                    count=len(wrong),
                    rows=[str(ids[i]) for i in wrong[:_EXAMPLES]],
                    before=_shown(wanted[first]),
                    after=_shown(found[first]),
                )
            )
    if info.epsg is not None and info.epsg != part.epsg and delivery.geometry_type:
        differences.append(Message.of("delivery.crs_differs", wanted=part.epsg, found=info.epsg, file=known_as.name))
    if part.geometry is not None and data.geometry is not None:
        differences += _compare_geometry(part, data.geometry, ids)
    return differences


def _from_bytes(written: str, encoding: str) -> str:
    return vector.raw_bytes(written).decode(encoding, errors="replace")


def _same(wanted: object, found: object, column: OutColumn) -> bool:
    if found is None or found == "":
        return wanted is None or wanted == ""
    if wanted is None:
        return False
    if column.type == "boolean":
        return bool(wanted) == bool(found)
    if column.type == "text":
        return str(wanted) == str(found)
    number, other = float(str(wanted)), float(str(found))
    return abs(number - other) <= _SAME_NUMBER * abs(number)


def _shown(value: object) -> str:
    shown = "–" if value is None else str(value)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"


def _compare_geometry(part: Part, found: Array, ids: Sequence[object]) -> list[Message]:
    assert part.geometry is not None
    wanted, read = shapely.normalize(part.geometry), shapely.normalize(found)
    missing = shapely.is_missing(wanted)
    same = shapely.equals_exact(wanted, read, 0.0) | (missing & shapely.is_missing(read))
    rows = np.flatnonzero(~same)
    if not len(rows):
        return []
    metres = _METRES_A_DEGREE if part.epsg == PLAN_EPSG else 1.0
    apart = _metres_apart(wanted[rows], read[rows], metres)
    before, after = _areas(wanted[rows], part.epsg), _areas(read[rows], part.epsg)
    with np.errstate(divide="ignore", invalid="ignore"):
        area = np.where(before > 0, np.abs(after / before - 1), 0.0)
    changed = ~(apart <= _SAME)
    # The same vertices in rings that are taken otherwise: so formats read shells and holes that are invalid.
    regrouped = ~changed & ~shapely.equals_exact(wanted[rows], read[rows], _SAME / metres)
    moved = ~changed & ~regrouped
    differences = []
    for found_so, message_id in ((changed, "delivery.shape_differs"), (regrouped, "delivery.rings_differ")):
        if found_so.any():
            where = [str(ids[i]) for i in rows[found_so][:_EXAMPLES].tolist()]
            most = float(np.nan_to_num(area[found_so]).max())
            differences.append(Message.of(message_id, count=int(found_so.sum()), rows=where, area=100 * most))
    if moved.any():
        mm, most = float(apart[moved].max()) * 1000, float(area[moved].max())
        differences.append(Message.of("delivery.moved", count=int(moved.sum()), mm=mm, area=most))
    return differences


def _areas(geometry: Array, epsg: int) -> Array:
    areas: Array = ellipsoidal_area(geometry) if epsg == PLAN_EPSG else shapely.area(geometry)
    return areas


def _metres_apart(wanted: Array, read: Array, metres: float) -> Array:
    """How far each pair of normalised outlines lies apart; nan where one is missing.

    Vertex by vertex where they correspond, which is nearly always; the distance of whole outlines grows
    with the square of their vertices.
    """
    apart = np.full(len(wanted), np.nan)
    pairs = shapely.equals_exact(wanted, read, _SAME / metres)
    for row in np.flatnonzero(pairs).tolist():
        offsets = shapely.get_coordinates(wanted[row]) - shapely.get_coordinates(read[row])
        apart[row] = np.hypot(*offsets.T).max(initial=0.0)
    apart[~pairs] = shapely.hausdorff_distance(wanted[~pairs], read[~pairs])
    result: Array = apart * metres
    return result
