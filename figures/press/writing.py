"""One layout as a file in each format: PDF and SVG as vectors with text as text, PNG, GeoPDF, GeoTIFF."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qgis.core import Qgis, QgsLayoutExporter, QgsPrintLayout, QgsRenderContext, QgsVectorSimplifyMethod

from ..page.fitting import ROUND_SCALES
from .georeferenced import projections_known_by_code, write_geotiff
from .plain_characters import write_plain_characters

DPI = 300
#: Of a dot (1/300 inch) that vertices keep apart in vector formats: 0.03 mm, finer than the eye sees.  From half a
#: dot on lines become so angular that placing names along rivers takes twice as long.
_FINEST_DOTS = 0.4
#: Ending of the file that a format makes.
ENDING = {"pdf": "pdf", "png": "png", "svg": "svg", "geopdf": "pdf", "geotiff": "tif"}
#: What a map of a series, one county a page, may be shown at: round scales from 1:1 000 to 1:9 000 000.
SERIES_SCALES = [float(step * 10**power) for power in (3, 4, 5, 6) for step in ROUND_SCALES[:-1]]


def write_layout(layout: QgsPrintLayout, file: Path, format_name: str) -> bool:
    """Write a layout as it stands; several pages of PNG and SVG become ``NAME.png``, ``NAME_2.png`` …

    Returns
    -------
    bool
        Whether QGIS and GDAL say that it went well; what they did not notice is for `workshop.is_whole` to find.
    """
    exporter = QgsLayoutExporter(layout)
    if format_name == "geotiff":
        return write_geotiff(layout, file, DPI)
    if format_name == "png":
        picture = QgsLayoutExporter.ImageExportSettings()
        picture.dpi = DPI
        picture.generateWorldFile = False
        picture.predefinedMapScales = SERIES_SCALES
        with _gdal_keeps_quiet():
            result = exporter.exportToImage(str(file), picture)
    elif format_name == "svg":
        drawing = QgsLayoutExporter.SvgExportSettings()
        drawing.dpi = DPI
        drawing.forceVectorOutput = True
        drawing.textRenderFormat = _text_as_text()
        drawing.predefinedMapScales = SERIES_SCALES
        drawing.simplifyGeometries = False
        with _vertices_as_fine_as_print(layout):
            result = exporter.exportToSvg(str(file), drawing)
    elif format_name == "geopdf":
        with projections_known_by_code(layout), _vertices_as_fine_as_print(layout):
            result = exporter.exportToPdf(str(file), _document(geographic=True))
    else:
        with _vertices_as_fine_as_print(layout):
            result = exporter.exportToPdf(str(file), _document(geographic=False))
    well = bool(result == QgsLayoutExporter.ExportResult.Success)
    return well and (ENDING[format_name] != "pdf" or write_plain_characters(file))


def _document(geographic: bool) -> QgsLayoutExporter.PdfExportSettings:
    document = QgsLayoutExporter.PdfExportSettings()
    document.dpi = DPI
    document.forceVectorOutput = True
    document.rasterizeWholeImage = False
    document.simplifyGeometries = False  # not in QGIS's way: see `_vertices_as_fine_as_print`
    document.appendGeoreference = True
    document.exportMetadata = True
    document.textRenderFormat = _text_as_text()
    document.predefinedMapScales = SERIES_SCALES
    if geographic:
        document.writeGeoPdf = True
        document.exportLayersAsSeperateFiles = True
        document.includeGeoPdfFeatures = False
    return document


def geopdf_is_possible() -> bool:
    """Whether QGIS can compose a GeoPDF: it needs a GDAL that both writes and reads PDF.

    QGIS's own question, `QgsAbstractGeoPdfExporter.geoPDFCreationAvailable`, is not in its Python API; this is what it
    looks at.
    """
    from osgeo import gdal

    driver = gdal.GetDriverByName("PDF")
    if driver is None or not hasattr(QgsLayoutExporter.PdfExportSettings(), "writeGeoPdf"):
        return False
    readers = ("HAVE_POPPLER", "HAVE_PODOFO", "HAVE_PDFIUM")
    return driver.GetMetadataItem(gdal.DCAP_CREATE) == "YES" and any(
        driver.GetMetadataItem(name) == "YES" for name in readers
    )


@contextmanager
def _vertices_as_fine_as_print(layout: QgsPrintLayout) -> Iterator[None]:
    """Snap vertices to a grid of `_FINEST_DOTS`, the same for all shapes, so that neighbours stay neighbours.

    QGIS's own grid for print is four times as fine: the land survey of a city then writes every vertex it has.
    """
    method = QgsVectorSimplifyMethod()
    method.setSimplifyHints(QgsVectorSimplifyMethod.SimplifyHint.GeometrySimplification)
    method.setSimplifyAlgorithm(QgsVectorSimplifyMethod.SimplifyAlgorithm.SnappedToGridGlobal)
    method.setForceLocalOptimization(True)
    method.setThreshold(_FINEST_DOTS)
    context = layout.renderContext()
    before = context.simplifyMethod()
    context.setSimplifyMethod(method)
    try:
        yield
    finally:
        context.setSimplifyMethod(before)


@contextmanager
def _gdal_keeps_quiet() -> Iterator[None]:
    """GDAL says aloud that PNG takes no place on earth, which QGIS offers it, and counts a PDF's rounded points."""
    from osgeo import gdal

    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield
    finally:
        gdal.PopErrorHandler()


def _text_as_text() -> object:
    if Qgis.QGIS_VERSION_INT >= 33000:
        return Qgis.TextRenderFormat.AlwaysText
    return QgsRenderContext.TextRenderFormat.AlwaysText
