"""Which formats a file that others sent may be read as: what it is called, and nothing that leads elsewhere.

GDAL looks at the content, not at the name: a ``.kml`` may really be a VRT, which names other files or
addresses in the network, and GDAL would read those.  So only these formats are tried.
"""

from __future__ import annotations

from pathlib import Path

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


def drivers_of(path: Path) -> list[str]:
    """GDAL's names of the formats that a file may be read as, by its ending."""
    return list(_BY_ENDING.get(path.suffix.lower(), _ANY))
