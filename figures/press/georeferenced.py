"""Pages that know where they are on earth, in the map's own projection: GeoTIFF, and what GeoPDF needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsLayoutExporter, QgsLayoutItemMap, QgsPrintLayout
from qgis.PyQt.QtCore import QPointF
from qgis.PyQt.QtGui import QImage

Geotransform = tuple[float, float, float, float, float, float]
#: Tiled, and compressed without loss; `PREDICTOR=2` serves flat tints.
_OPTIONS = ("TILED=YES", "COMPRESS=DEFLATE", "PREDICTOR=2", "PHOTOMETRIC=RGB", "BIGTIFF=IF_SAFER")


def write_geotiff(layout: QgsPrintLayout, file: Path, dpi: float) -> bool:
    """Write the page with the map; False where it could not be drawn or written."""
    from osgeo import gdal

    item = layout.itemById("map")
    if not isinstance(item, QgsLayoutItemMap):
        return False
    page = max(item.page(), 0)
    picture = QgsLayoutExporter(layout).renderPageToImage(page, dpi=dpi)
    if picture.isNull():
        return False
    picture = picture.convertToFormat(QImage.Format.Format_RGB888)
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        return _write(picture, file, geotransform(layout, item, picture), item.crs(), dpi)
    except RuntimeError:  # what GDAL raises where somebody switched its exceptions on
        return False
    finally:
        gdal.PopErrorHandler()


def geotransform(layout: QgsPrintLayout, item: QgsLayoutItemMap, picture: QImage) -> Geotransform:
    """Pixels of the map's page → coordinates of its projection, easting first.

    Not QGIS's own: that takes a pixel for 1/dpi inch, while a page of 420 mm is drawn on a whole number of pixels, so
    that it is wrong by up to a pixel at the far edge.
    """
    paper = layout.pageCollection().page(max(item.page(), 0))
    origin = paper.pos()
    across, down = paper.rect().width() / picture.width(), paper.rect().height() / picture.height()
    to_map = item.layoutToMapCoordsTransform()
    corner = to_map.map(QPointF(origin))
    right = to_map.map(QPointF(origin.x() + across * picture.width(), origin.y()))
    below = to_map.map(QPointF(origin.x(), origin.y() + down * picture.height()))
    return (
        corner.x(),
        (right.x() - corner.x()) / picture.width(),
        (below.x() - corner.x()) / picture.height(),
        corner.y(),
        (right.y() - corner.y()) / picture.width(),
        (below.y() - corner.y()) / picture.height(),
    )


def _write(picture: QImage, file: Path, place: Geotransform, crs: QgsCoordinateReferenceSystem, dpi: float) -> bool:
    from osgeo import gdal

    width, height, line = picture.width(), picture.height(), picture.bytesPerLine()
    dataset = gdal.GetDriverByName("GTiff").Create(str(file), width, height, 3, gdal.GDT_Byte, list(_OPTIONS))
    if dataset is None:
        return False
    gdal.ErrorReset()
    dataset.SetGeoTransform(place)
    dataset.SetSpatialRef(spatial_reference(crs))
    for name, value in (("XRESOLUTION", dpi), ("YRESOLUTION", dpi), ("RESOLUTIONUNIT", 2)):
        dataset.SetMetadataItem(f"TIFFTAG_{name}", str(value))
    pixels = picture.constBits().asstring(line * height)
    written = dataset.WriteRaster(
        0, 0, width, height, pixels, buf_pixel_space=3, buf_line_space=line, buf_band_space=1, band_list=[1, 2, 3]
    )
    dataset.FlushCache()
    whole = written == gdal.CE_None and gdal.GetLastErrorType() < gdal.CE_Failure
    del dataset
    return bool(whole and gdal.GetLastErrorType() < gdal.CE_Failure)


def spatial_reference(crs: QgsCoordinateReferenceSystem) -> object:
    """A projection as GDAL writes it, also one that has no EPSG code; coordinates are easting, northing."""
    from osgeo import osr

    found = osr.SpatialReference()
    found.ImportFromWkt(crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2018))
    found.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return found


@contextmanager
def projections_known_by_code(layout: QgsPrintLayout) -> Iterator[None]:
    """For a while, give maps whose projection has no code one of the user's own.

    QGIS writes a GeoPDF's projections by their codes, or in full where the code says that it is the user's; a city's
    own projection has none, and GDAL then refuses to write.  Afterwards everything is as before.
    """
    maps = [i for i in layout.items() if isinstance(i, QgsLayoutItemMap) and i.crs().isValid() and not i.crs().authid()]
    before = [item.crs() for item in maps]
    added: dict[str, QgsCoordinateReferenceSystem] = {}
    if maps:
        QgsApplication.createDatabase()  # the user's own, where QGIS Desktop never ran; an existing one stays
    registry = QgsApplication.coordinateReferenceSystemRegistry()
    try:
        for item in maps:
            wkt = item.crs().toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2018)
            if wkt not in added:
                # Not the map's own: QGIS writes the new code into every copy of what it is given
                other = QgsCoordinateReferenceSystem.fromWkt(wkt.replace('CRS["', 'CRS["Figure: ', 1))
                number = registry.addUserCrs(other, "figure")
                added[wkt] = QgsCoordinateReferenceSystem.fromSrsId(number)
            if added[wkt].isValid():
                item.setCrs(added[wkt])
        yield
    finally:
        for item, crs in zip(maps, before):
            item.setCrs(crs)
        for crs in added.values():
            registry.removeUserCrs(crs.srsid())
