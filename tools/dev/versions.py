"""Print which QGIS, GEOS and shapely run here, as JSON."""

from __future__ import annotations

import json

import shapely
from qgis.core import Qgis

print(
    json.dumps(
        {
            "qgis": Qgis.QGIS_VERSION.split("-")[0],
            "geos": ".".join(map(str, shapely.geos_version)),
            "shapely": shapely.__version__,
        }
    )
)
