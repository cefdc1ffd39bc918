"""A file that somebody sent, read as a `Source`."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import shapely

from ..errors import Cancelled, PlannerError
from ..store import vector
from ..store.geopackage import first_bytes, told_as_sentences
from ..store.stored_layers import list_stored_layers, read_stored_layer
from ..store.trusted_formats import table_elsewhere
from ..store.values import decoded
from ..texts import Message
from .asking import UNWATCHED, Choice, ChoiceNeeded, Watch
from .coordinate_table import TABLE_ENDINGS, read_coordinate_table
from .dbf import read_dbf
from .guotu_txt import is_guotu_txt, read_guotu_txt
from .shapefile_parts import has_heights, part_of, refuse_broken, refuse_damaged_shapes
from .shapefile_shapes import read_shapefile_shapes
from .shapefile_text import encoding_of, field_name, text_values
from .source import Source
from .unpacking import refuse_swollen, unpack

_PICTURES = (b"II*\0", b"MM\0*", b"II+\0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"EHFA_HEADER")
_PICTURE_ENDINGS = (".tif", ".tiff", ".img", ".png", ".jpg", ".jpeg", ".jp2", ".asc", ".ecw", ".sid", ".vrt")
_SHOWN = 3
#: From here on not every whole number can be held as a float.
_EXACT = float(1 << 53)
_SPREADSHEETS = (".xlsx", ".ods")
_DATABASE = b"SQLite format 3"
_DATABASE_ENDINGS = (".gpkg", ".sqlite", ".db")


def read_source(path: Path, layer: str | None = None, encoding: str | None = None, watch: Watch = UNWATCHED) -> Source:
    """Read one layer of a file.

    Parameters
    ----------
    layer
        Which one, where the file holds several.
    encoding
        Encoding of its texts, where it is not to be found out.

    Raises
    ------
    ChoiceNeeded
        If it holds several layers and none is named, or its texts can be read in several encodings.
    PlannerError
        If the file is missing, damaged or no vector file.
    Cancelled
        If the watch stops the work.
    """
    watch.step(0.0, "intake.step_read", path=path.name)
    if not path.exists():
        raise PlannerError("intake.no_such_file", path=path)
    with told_as_sentences(path):
        if path.suffix.lower() in (".zip", ".kmz"):
            return _read_parcel(path, layer, encoding, watch)
        if path.is_dir() and path.suffix.lower() != ".gdb":
            raise PlannerError("intake.is_a_folder", path=path)
        if path.is_file() and not path.stat().st_size:
            raise PlannerError("intake.empty_file", path=path.name)
        _refuse_picture(path)
        if path.suffix.lower() == ".shp":
            return _with_lost_digits(_read_shapefile(path, layer, encoding, watch))
        if path.suffix.lower() == ".txt" and is_guotu_txt(path):
            return read_guotu_txt(path, encoding)
        if path.suffix.lower() in _SPREADSHEETS:
            refuse_swollen(path)
        if path.suffix.lower() in TABLE_ENDINGS:
            return _with_lost_digits(read_coordinate_table(path, layer, encoding))
        return _with_lost_digits(_read_layer_of(path, layer, encoding, watch))


def _read_parcel(path: Path, layer: str | None, encoding: str | None, watch: Watch) -> Source:
    with tempfile.TemporaryDirectory(prefix="restoration-planner-") as name:
        folder = Path(name)
        found = unpack(path, folder)
        if not found:
            raise PlannerError("intake.zip_without_layers", path=path.name)
        names = _names_in(folder, found)
        chosen, inner = _meant_in(folder, found, layer)
        if chosen is None:
            raise _several_layers(path, names)
        try:
            source = read_source(chosen, inner, encoding, watch)
        except ChoiceNeeded as error:
            if error.option != "layer" or len(found) == 1:
                raise
            within = names[found.index(chosen)]
            raise _several_layers(path, [f"{within}/{choice.value}" for choice in error.choices]) from error
        note = Message.of("intake.unpacked", path=path.name, file=chosen.relative_to(folder).as_posix())
        return replace(source, notes=[note, *source.notes])


def _meant_in(folder: Path, found: list[Path], layer: str | None) -> tuple[Path | None, str | None]:
    """The file of a parcel that a name means, and which of its layers; None where it means none or several.

    A file goes by its path or its name, with its ending or without; a layer in it by ``file/layer``, or,
    where there is only one file, by its own name.
    """
    if len(found) == 1:
        itself = (
            layer in (found[0].name, *_paths_of(found[0], folder)) and layer != found[0].stem
        )  # so may a layer be called
        return found[0], None if itself else layer
    ways: tuple[Callable[[Path], tuple[str, str]], ...] = (lambda f: _paths_of(f, folder), lambda f: (f.stem, f.name))
    for names_of in ways:
        meant = [f for f in found if layer in names_of(f)]
        if len(meant) == 1:
            return meant[0], None
    for names_of in ways:
        inner = [(f, str(layer)[len(n) + 1 :]) for f in found for n in names_of(f) if str(layer).startswith(f"{n}/")]
        if len(inner) == 1:
            return inner[0]
    return None, None


def _names_in(folder: Path, found: list[Path]) -> list[str]:
    """What files of a parcel are told apart by: names as short as they can be, without two being the same."""
    ways: list[list[str]] = [[f.stem for f in found], *map(list, zip(*(_paths_of(f, folder) for f in found)))]
    return next((names for names in ways if len(set(names)) == len(names)), ways[-1])


def _paths_of(file: Path, folder: Path) -> tuple[str, str]:
    """A file's place in its parcel, without and with its ending."""
    relative = file.relative_to(folder)
    return relative.with_suffix("").as_posix(), relative.as_posix()


def _refuse_picture(path: Path) -> None:
    start = _start_of(path)
    if path.suffix.lower() in _PICTURE_ENDINGS or start.startswith(_PICTURES):
        raise PlannerError("intake.picture", path=path.name)


def _start_of(path: Path) -> bytes:
    if path.is_dir():
        return b""
    if path.suffix.lower() in _DATABASE_ENDINGS:  # QGIS may have it open
        return first_bytes(path, 16)
    with path.open("rb") as file:
        return file.read(16)


def _read_shapefile(path: Path, layer: str | None, asked: str | None, watch: Watch) -> Source:
    refuse_broken(path)
    dbf = part_of(path, ".dbf")
    assert dbf is not None
    table = read_dbf(dbf)
    encoding, notes = encoding_of(table, _text_beside(path, ".cpg"), asked)
    info = _only(path, layer, vector.AS_BYTES)
    rows = table.rows()
    geometry, damage = read_shapefile_shapes(path, rows, watch.cancelled)
    refuse_damaged_shapes(path, rows[shapely.is_missing(geometry)].tolist())
    fields: dict[str, list[object]] = {}
    unreadable = 0
    misfits: list[Message] = []
    for field in table.fields:
        if watch.cancelled():
            raise Cancelled
        name, note = field_name(field.name, encoding)
        while name in fields:
            name += "_"
        notes += [note] if note else []
        read = text_values(table.column(field, rows), encoding)
        fields[name] = read.values
        unreadable += read.unreadable
        if read.cut:
            misfits.append(Message.of("intake.values_cut", field=name, count=read.cut, example=read.cut_text))
        odd = table.misfits(field, rows, read.values)
        if odd:
            what = "intake.no_dates" if field.type == "D" else "intake.no_numbers"
            misfits.append(Message.of(what, field=name, count=sum(odd.values()), examples=_examples(odd)))
    if unreadable:
        notes.append(Message.of("intake.values_unreadable", count=unreadable, encoding=encoding))
    notes += misfits
    source = _source(path, vector.LayerData(rows, fields, geometry, damage), info, encoding, notes)
    return replace(source, layer=path.stem, notes=[*source.notes, *_height_note(has_heights(path))])


def _read_layer_of(path: Path, layer: str | None, encoding: str | None, watch: Watch) -> Source:
    info = _only(path, layer, encoding or "utf-8")
    watch.step(0.05, "intake.step_read", path=path.name)  # GDAL parses some formats whole before it tells their layers
    data = read_stored_layer(path, info.name, watch.cancelled) if path.suffix.lower() == ".gpkg" else None
    if data is None:
        data = vector.read_layer(path, info.name, encoding=encoding or "utf-8", cancelled=watch.cancelled)
    columns = {name: _decoded(values) for name, values in data.columns.items()}
    data = replace(data, columns=columns)
    return _source(path, data, info, encoding or "utf-8", _height_note(info.has_z))


def _examples(found: Iterable[object]) -> list[str]:
    """The first few of many, for a sentence."""
    shown = [f"“{value}”" for value in islice(found, _SHOWN + 1)]
    return [*shown[:_SHOWN], *(["…"] if len(shown) > _SHOWN else [])]


def _height_note(heights: bool) -> list[Message]:
    return [Message.of("intake.heights_dropped")] if heights else []


def _only(path: Path, layer: str | None, encoding: str) -> vector.LayerInfo:
    """The layer of that name, or the one there is."""
    elsewhere = None
    try:
        if _start_of(path).startswith(_DATABASE):
            elsewhere = table_elsewhere(path)
        found = [] if elsewhere else list_stored_layers(path) if path.suffix.lower() == ".gpkg" else None
        found = vector.list_layers(path, encoding) if found is None else found
    except PlannerError as error:
        reason = dict(error.message.params).get("reason", error)
        raise PlannerError("intake.unreadable", path=path.name, reason=str(reason)[:200]) from error
    if elsewhere:
        raise PlannerError("intake.table_elsewhere", path=path.name, table=elsewhere[:80])
    names = [info.name for info in found]
    if layer is not None and layer not in names:
        raise PlannerError("intake.no_such_layer", path=path.name, layer=layer, layers=names)
    if not found:
        raise PlannerError("intake.no_layers", path=path.name)
    if layer is None and len(found) > 1:
        raise _several_layers(path, names)
    return found[0] if layer is None else found[names.index(layer)]


def _decoded(values: list[object]) -> list[object]:
    if all(v.__class__ is not bytes and (v.__class__ is not str or v.isprintable()) for v in values):  # type: ignore[union-attr]
        return values
    return [decoded(v) for v in values]


def _with_lost_digits(source: Source) -> Source:
    """A source with a note on long numbers, such as codes, that were stored as numbers: their last digits are not true."""
    notes = []
    for name, values in source.fields.items():
        lost = [v for v in values if v.__class__ is float and _EXACT <= abs(v) < math.inf]  # type: ignore[arg-type]
        if lost:
            examples = _examples(dict.fromkeys(f"{v:.0f}" for v in lost))
            notes.append(Message.of("intake.digits_lost", field=name, count=len(lost), examples=examples))
    return replace(source, notes=[*source.notes, *notes]) if notes else source


def _several_layers(path: Path, names: list[str]) -> ChoiceNeeded:
    choices = [Choice(name, name) for name in names]
    return ChoiceNeeded("layer", choices, "intake.several_layers", path=path.name, layers=names)


def _source(path: Path, data: vector.LayerData, info: vector.LayerInfo, encoding: str, notes: list[Message]) -> Source:
    if not len(data.fids):
        raise PlannerError("intake.empty_layer", path=path.name, layer=info.name)
    ids = data.fids.tolist()
    damage = [Message.of("intake.damaged", id=ids[row], reason=Message.of(why)) for row, why in data.damage.items()]
    wkt = info.crs_wkt if info.epsg is None else None
    geometry = data.geometry if data.geometry is None else np.asarray(data.geometry, dtype=object)
    unread = {
        row: Message.of(why) for row, why in data.damage.items() if geometry is not None and geometry[row] is None
    }
    return Source(info.name, data.columns, geometry, info.epsg, wkt, encoding, [*notes, *damage], ids, unread)


def _text_beside(path: Path, ending: str) -> str | None:
    beside = part_of(path, ending)
    return None if beside is None else beside.read_bytes()[:4096].decode("utf-8", errors="replace")
