"""Vector files as plain arrays, whichever library reads them.

Outside QGIS that is fiona, inside QGIS (or where fiona is missing) GDAL's own ``osgeo``: two copies
of GDAL in one process can crash it.  The two adapters know how to move values; everything that
needs thought is on this side of them.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import disk_usage
from types import ModuleType
from typing import TypeVar

from ..errors import Cancelled, PlannerError
from ..geometry.parallel import never
from ..plan.tables import Array
from .geopackage import sentence_of

#: What an adapter says about a field's values.
FIELD_TYPES = ("text", "integer", "real", "boolean", "other")

#: Name of the encoding in which nothing is decoded: `raw_bytes` gives a text's bytes as they are in the file.
AS_BYTES = "iso-8859-1"

#: Features read between two looks at whether the user has cancelled.
_LOOK_EVERY = 500

Feature = TypeVar("Feature")

#: Libraries seldom say why they could not write; so little free space (bytes) tells.
_HARDLY_ANY_SPACE = 1 << 20


@dataclass(frozen=True)
class LayerInfo:
    """A layer of a file.

    Attributes
    ----------
    geometry
        OGC name (``MultiPolygon``, ``Polygon``, ``Unknown`` …), without Z or M; None for a bare table.
    epsg
        EPSG code of its CRS, or None where there is none or it has no code.
    fields
        Field name → one of `FIELD_TYPES`, in order.
    crs_wkt
        Its CRS as WKT, or None where there is none.
    has_z
        Whether the layer declares heights (they are not read).
    """

    name: str
    geometry: str | None
    epsg: int | None
    fields: Mapping[str, str]
    crs_wkt: str | None = None
    has_z: bool = False


@dataclass(frozen=True)
class LayerData:
    """The features of a layer.

    Attributes
    ----------
    fids
        ``(n,)`` int64.
    columns
        Field name → list of n values (str, int, float, bool, None, or what the library makes of another type).
    geometry
        ``(n,)`` object array of 2D multi-part shapely geometries or None; None for a bare table.
    damage
        Row → id of the text that says what had to be put right.
    """

    fids: Array
    columns: Mapping[str, list[object]]
    geometry: Array | None
    damage: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LayerToWrite:
    """A layer for a new file: `fields` as in `LayerInfo`, `columns` and `geometry` as in `LayerData`."""

    name: str
    geometry_type: str | None
    epsg: int | None
    fields: Mapping[str, str]
    columns: Mapping[str, Sequence[object]]
    geometry: Array | None = None
    count: int = 0


def until_cancelled(features: Iterable[Feature], cancelled: Callable[[], bool]) -> Iterator[Feature]:
    """Features one after the other, with a look now and then at whether the user has cancelled."""
    for position, feature in enumerate(features):
        if position % _LOOK_EVERY == 0 and cancelled():
            raise Cancelled
        yield feature


def list_layers(path: Path, encoding: str = "utf-8") -> list[LayerInfo]:
    """The layers of a file, with what is known of them without reading their features."""
    found: list[LayerInfo] = _adapter().list_layers(path, encoding)
    return found


def read_layer(
    path: Path,
    layer: str,
    fields: Iterable[str] | None = None,
    encoding: str = "utf-8",
    unchanging: bool = False,
    cancelled: Callable[[], bool] = never,
) -> LayerData:
    """Read a layer.

    Parameters
    ----------
    fields
        Only these fields (those that are not there are left out); all where None.
    unchanging
        Nobody writes the file while it is read: a GeoPackage is then read without locks or files beside it.

    Raises
    ------
    Cancelled
        If ``cancelled()`` became true.
    """
    wanted = None if fields is None else set(fields)
    data: LayerData = _adapter().read_layer(path, layer, wanted, encoding, unchanging, cancelled)
    return data


def read_shapes(
    path: Path, layer: str, fids: Sequence[int], cancelled: Callable[[], bool] = never
) -> tuple[Array, dict[int, str]]:
    """Read the geometries of single features, which must be there.

    Returns
    -------
    geometry, damage
        As in `LayerData`, in the order of `fids`.
    """
    found: tuple[Array, dict[int, str]] = _adapter().read_shapes(path, layer, fids, cancelled)
    return found


def write_geopackage(path: Path, layers: Iterable[LayerToWrite], known_as: Path | None = None) -> None:
    """Write layers into a new GeoPackage: geometry column ``geom``, key ``fid`` (1 … n in row order), spatial index.

    Parameters
    ----------
    known_as
        The file as the user knows it, where `path` is only its name while it is being made.
    """
    try:
        _adapter().write_geopackage(path, layers)
    except PlannerError as error:
        values = {**dict(error.message.params), "path": (known_as or path).name}
        raise PlannerError(error.message.id, **values) from error


def write_layer(
    path: Path,
    driver: str,
    layer: LayerToWrite,
    encoding: str = "utf-8",
    sizes: Mapping[str, tuple[int, int]] | None = None,
    options: Mapping[str, str] | None = None,
    known_as: Path | None = None,
) -> None:
    """Write one layer into a new file of any format that GDAL writes, or into a GeoPackage or file geodatabase that exists.

    There it joins the other layers, in the place of one of the same name.

    Parameters
    ----------
    driver
        GDAL's name of the format (``ESRI Shapefile``, ``OpenFileGDB`` …).
    encoding
        Of a shapefile's texts; with `AS_BYTES` each character of names and texts is one byte of the file.
    sizes
        Field → width and decimals; as wide as the format's own default where it is not named, or 0.
    options
        The driver's layer creation options.
    known_as
        As in `write_geopackage`.

    Raises
    ------
    PlannerError
        If this GDAL cannot write the format, or the file cannot be written.
    """
    if not _adapter().can_write(driver):
        raise PlannerError("delivery.format_not_written", format=driver, version=_adapter().gdal_version())
    try:
        _adapter().write_layer(path, driver, layer, encoding, sizes or {}, options or {})
    except PlannerError as error:
        values = {**dict(error.message.params), "path": (known_as or path).name}
        raise PlannerError(error.message.id, **values) from error


def raw_bytes(text: str) -> bytes:
    """The bytes in a shapefile of a name or text that was read with the encoding `AS_BYTES`."""
    found: bytes = _adapter().raw_bytes(text)
    return found


def write_error(path: Path, reason: object) -> PlannerError:
    """The sentence for what a library says when a file cannot be written."""
    if disk_usage(path.absolute().parent).free < _HARDLY_ANY_SPACE:
        return PlannerError("store.disk_full", path=path.name)
    return PlannerError(sentence_of(str(reason)), path=path.name, reason=str(reason)[:200])


def inside_qgis() -> bool:
    """Whether this process is QGIS, or has its libraries."""
    return "qgis.core" in sys.modules


def _adapter() -> ModuleType:
    if inside_qgis() or importlib.util.find_spec("fiona") is None:
        from . import vector_osgeo

        return vector_osgeo
    from . import vector_fiona

    return vector_fiona
