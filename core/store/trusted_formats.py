"""Which formats a file that others sent may be read as: what it is called, and nothing that leads elsewhere.

GDAL looks at the content, not at the name: a ``.kml`` may really be a VRT, which names other files or
addresses in the network, and GDAL would read those.  So only these formats are tried.
"""

from __future__ import annotations

import re
from pathlib import Path

from .geopackage import reading

#: Ending → GDAL's names of the formats that a file so called may have.
_BY_ENDING = {
    ".shp": ("ESRI Shapefile",),
    ".dbf": ("ESRI Shapefile",),
    ".gpkg": ("GPKG",),
    ".gdb": ("OpenFileGDB",),
    ".geojson": ("GeoJSON", "GeoJSONSeq", "ESRIJSON", "TopoJSON"),
    ".json": ("GeoJSON", "GeoJSONSeq", "ESRIJSON", "TopoJSON"),
    ".kml": ("LIBKML", "KML"),
    ".gml": ("GML",),
    ".gpx": ("GPX",),
    ".dxf": ("DXF",),
    ".dgn": ("DGN",),
    ".tab": ("MapInfo File",),
    ".mif": ("MapInfo File",),
    ".mid": ("MapInfo File",),
    ".fgb": ("FlatGeobuf",),
    ".xlsx": ("XLSX",),
    ".ods": ("ODS",),
    ".sqlite": ("SQLite", "GPKG"),
    ".db": ("SQLite", "GPKG"),
}
#: Of a file with any other ending: each format that holds its own data.
_ANY = tuple(dict.fromkeys(name for names in _BY_ENDING.values() for name in names))

#: GDAL's settings that keep it from the network: schemas, styles and links that a file names are not fetched, and what
#: asks all the same (GeoJSON's linked coordinate systems) is sent to a port of this machine where nobody answers.
OFFLINE = {
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "LIBKML_EXTERNAL_STYLE": "NO",
    "GDAL_HTTP_PROXY": "http://127.0.0.1:9",
    "GDAL_HTTPS_PROXY": "http://127.0.0.1:9",
    "GDAL_HTTP_MAX_RETRY": "0",
}

#: Kinds of virtual tables that only look into their own file.
_OWN_TABLES = re.compile(r"rtree(_i32)?|geopoly|fts[345](vocab)?|virtualspatialindex|virtualelementary|virtualknn2?")
_REMARKS = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
_VIRTUAL = re.compile(r"\s*create\s+virtual\s+table\b.*?\busing\s+[\"'`\[]?(\w+)", re.DOTALL)


def drivers_of(path: Path) -> list[str]:
    """GDAL's names of the formats that a file may be read as, by its ending."""
    return list(_BY_ENDING.get(path.suffix.lower(), _ANY))


def table_elsewhere(path: Path) -> str | None:
    """Name of a table in an SQLite database that stands for another file, as SpatiaLite's can; None where there is none.

    Raises
    ------
    PlannerError
        If the database is damaged or locked.
    """
    with reading(path) as connection:
        tables = connection.execute("SELECT name, rootpage, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    for name, page, written in tables:
        virtual = _VIRTUAL.match(_REMARKS.sub(" ", str(written)).lower())
        if (virtual or not page) and not (virtual and _OWN_TABLES.fullmatch(virtual[1])):
            return str(name)
    return None
