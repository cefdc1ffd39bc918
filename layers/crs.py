"""Projections for a city's map.  Only the map is projected: areas stay ellipsoidal."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import Qgis, QgsCoordinateReferenceSystem, QgsProject, QgsRectangle, QgsUnitTypes

from ..core.plan.schema import PLAN_EPSG
from ..core.texts import text

#: EPSG's name for the CGCS2000 ellipsoid (a = 6378137 m, 1/f = 298.257222101).
ELLIPSOID = "EPSG:1024"
ELLIPSOID_BY_AXES = "PARAMETER:6378137:6356752.31414035584777593613"

#: The city's own meridian is rounded to so many minutes of arc.
MERIDIAN_STEP_MINUTES = 10

#: 3° zones for which EPSG has CGCS2000 Gauss–Krüger systems.
FIRST_ZONE, LAST_ZONE = 25, 45

_WKT = """PROJCRS["CGCS2000 / Gauss-Kruger CM {meridian}",
 BASEGEOGCRS["China Geodetic Coordinate System 2000",
  DATUM["China 2000",ELLIPSOID["CGCS2000",6378137,298.257222101,LENGTHUNIT["metre",1]]],
  PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],ID["EPSG",4490]],
 CONVERSION["Gauss-Kruger CM {meridian}",METHOD["Transverse Mercator",ID["EPSG",9807]],
  PARAMETER["Latitude of natural origin",0,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8801]],
  PARAMETER["Longitude of natural origin",{longitude:.10f},ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8802]],
  PARAMETER["Scale factor at natural origin",1,SCALEUNIT["unity",1],ID["EPSG",8805]],
  PARAMETER["False easting",500000,LENGTHUNIT["metre",1],ID["EPSG",8806]],
  PARAMETER["False northing",0,LENGTHUNIT["metre",1],ID["EPSG",8807]]],
 CS[Cartesian,2],AXIS["northing (X)",north,ORDER[1],LENGTHUNIT["metre",1]],
 AXIS["easting (Y)",east,ORDER[2],LENGTHUNIT["metre",1]]]"""


@dataclass(frozen=True)
class CrsChoice:
    """A projection that suits a city, with its caption in the interface's language."""

    caption: str
    crs: QgsCoordinateReferenceSystem


def central_meridian(extent: QgsRectangle) -> float:
    """The meridian through the middle of an extent (degrees), rounded to ten minutes."""
    minutes = extent.center().x() * 60
    return round(minutes / MERIDIAN_STEP_MINUTES) * MERIDIAN_STEP_MINUTES / 60


def city_crs(extent: QgsRectangle) -> QgsCoordinateReferenceSystem:
    """The Gauss–Krüger projection on a city's own meridian.

    Parameters
    ----------
    extent
        Of the city, in longitude and latitude (CGCS2000).

    Returns
    -------
    QgsCoordinateReferenceSystem
        Metres, easting 500 000 on the meridian, northing from the equator, scale 1 on the meridian.
    """
    longitude = central_meridian(extent)
    # QGIS reads WKT as Latin-1, so the name has no degree sign.
    return QgsCoordinateReferenceSystem.fromWkt(_WKT.format(meridian=_ascii_name(longitude), longitude=longitude))


def crs_choices(extent: QgsRectangle) -> list[CrsChoice]:
    """What a map of a city may be projected in: its own meridian first, then the official 3° zones that
    it touches (without and with the zone number in the easting), then longitude and latitude."""
    choices = [CrsChoice(text("layers.crs.city", meridian=_meridian_name(central_meridian(extent))), city_crs(extent))]
    first, last = (int((x + 1.5) // 3) for x in (extent.xMinimum(), extent.xMaximum()))
    for zone in range(max(first, FIRST_ZONE), min(last, LAST_ZONE) + 1):
        for key, epsg in (("zone_plain", 4509 + zone), ("zone_prefixed", 4488 + zone)):
            caption = text(f"layers.crs.{key}", zone=zone, meridian=f"{3 * zone}°E", epsg=epsg)
            choices.append(CrsChoice(caption, QgsCoordinateReferenceSystem(f"EPSG:{epsg}")))
    choices.append(CrsChoice(text("layers.crs.geographic"), QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}")))
    return choices


def set_up_project(project: QgsProject, extent: QgsRectangle) -> None:
    """Give a project the city's projection, and let QGIS measure on the ellipsoid in km² and metres."""
    project.setCrs(city_crs(extent))
    measure_on_ellipsoid(project)


def measure_on_ellipsoid(project: QgsProject) -> None:
    """Let a project measure on the CGCS2000 ellipsoid."""
    project.setEllipsoid(ELLIPSOID)
    if project.ellipsoid() != ELLIPSOID:
        project.setEllipsoid(ELLIPSOID_BY_AXES)
    if Qgis.QGIS_VERSION_INT >= 33000:
        project.setAreaUnits(Qgis.AreaUnit.SquareKilometers)
        project.setDistanceUnits(Qgis.DistanceUnit.Meters)
    else:
        project.setAreaUnits(QgsUnitTypes.AreaUnit.AreaSquareKilometers)
        project.setDistanceUnits(QgsUnitTypes.DistanceUnit.DistanceMeters)


def _meridian_name(longitude: float) -> str:
    minutes = round(longitude * 60)
    degrees, rest = divmod(minutes, 60)
    return f"{degrees}°{rest:02d}′E" if rest else f"{degrees}°E"


def _ascii_name(longitude: float) -> str:
    return _meridian_name(longitude).replace("°E", "E").replace("°", "d").replace("′", "'")
