"""The ground in heights: tints by round steps over a hillshade, from any elevation raster."""

from __future__ import annotations

from math import ceil, floor, isfinite, sqrt
from pathlib import Path

from qgis.core import (
    QgsColorRampShader,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsHillshadeRenderer,
    QgsProject,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsRasterRange,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
    QgsUnitTypes,
)
from qgis.PyQt.QtGui import QColor

from ...core.errors import PlannerError
from ...core.plan.schema import PLAN_EPSG
from ...core.texts import text

#: From valley to summit, as on physical maps.
_TINTS = ("#8fbf8a", "#bfd69c", "#f5eec2", "#ecd093", "#d9ad76", "#b98758", "#96654a", "#e8dfd8")
_STEPS_METRES = (5, 10, 20, 50, 100, 200, 250, 500, 1000)
#: No ground is lower or higher: what a raster that does not say so puts where it knows nothing.
_LOWEST, _HIGHEST = -1000.0, 9000.0
#: The tints let the hillshade through.
_TINT_OPACITY = 0.6
#: Added to the hillshade's brightness: level ground is white then, so that tints keep the colour of the legend.
_BRIGHTER, _CRISPER = 66, 30
_CELLS_LOOKED_AT = 250_000
_DEGREE_METRES = 111_320.0
_STEEPER = 3.0


def covers(file: Path, ground: QgsGeometry) -> bool:
    """Whether a raster has heights within a city (in degrees); True, or an error that says what is wrong.

    Raises
    ------
    PlannerError
        If it cannot be read, does not say where on earth it lies, or lies elsewhere.
    """
    layer = _read(file, "")
    if ground.isEmpty():
        return True
    low, high = _heights(layer, ground)
    if not isfinite(low) or not isfinite(high) or high < low:
        raise PlannerError("figures.dem_elsewhere", file=str(file))
    return True


def relief_layer(file: Path, variant: str, ground: QgsGeometry) -> QgsRasterLayer:
    """A raster as ``hillshade`` or as ``tints``, its steps made for a city (in degrees)."""
    layer = _read(file, text("figures.hillshade" if variant == "hillshade" else "figures.elevation"))
    source = layer.dataProvider()
    # Heights are interpolated, not colours: slopes stay smooth on a large sheet
    source.enableProviderResampling(True)
    source.setZoomedInResamplingMethod(QgsRasterDataProvider.ResamplingMethod.Bilinear)
    source.setZoomedOutResamplingMethod(QgsRasterDataProvider.ResamplingMethod.Average)
    source.setMaxOversampling(4)
    if variant == "hillshade":
        renderer = QgsHillshadeRenderer(source, 1, 315, 45)
        renderer.setMultiDirectional(True)
        renderer.setZFactor(_STEEPER / _metres_a_unit(layer))
        layer.setRenderer(renderer)
        layer.brightnessFilter().setBrightness(_BRIGHTER)
        layer.brightnessFilter().setContrast(_CRISPER)
    else:
        layer.setRenderer(_tints(layer, *_heights(layer, ground)))
    return layer


def _read(file: Path, name: str) -> QgsRasterLayer:
    layer = QgsRasterLayer(str(file), name)
    if not layer.isValid() or layer.bandCount() < 1:
        raise PlannerError("figures.dem_unreadable", file=str(file))
    if not layer.crs().isValid():
        raise PlannerError("figures.dem_no_crs", file=str(file))
    nothing = [
        QgsRasterRange(-float("inf"), _LOWEST, QgsRasterRange.BoundsType.IncludeMinAndMax),
        QgsRasterRange(_HIGHEST, float("inf"), QgsRasterRange.BoundsType.IncludeMinAndMax),
    ]
    layer.dataProvider().setUserNoDataValue(1, nothing)
    return layer


def _heights(layer: QgsRasterLayer, ground: QgsGeometry) -> tuple[float, float]:
    """Lowest and highest place within a city; not finite where there is none."""
    from qgis.analysis import QgsZonalStatistics

    nothing = (float("inf"), -float("inf"))
    city = QgsGeometry(ground)
    there = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"), layer.crs(), QgsProject.instance()
    )
    try:
        city.transform(there)
    except QgsCsException:
        return nothing
    box = city.boundingBox().intersect(layer.extent())
    if box.isEmpty():
        return nothing
    coarse = sqrt(box.width() * box.height() / _CELLS_LOOKED_AT)
    kinds = QgsZonalStatistics.Statistic
    found = QgsZonalStatistics.calculateStatistics(
        layer.dataProvider(),
        city,
        max(layer.rasterUnitsPerPixelX(), coarse),
        max(layer.rasterUnitsPerPixelY(), coarse),
        1,
        QgsZonalStatistics.Statistics(kinds.Min | kinds.Max),
    )
    low, high = found.get(kinds.Min), found.get(kinds.Max)
    return nothing if low is None or high is None else (float(low), float(high))


def _metres_a_unit(layer: QgsRasterLayer) -> float:
    """Of a raster's own coordinates: heights are in metres whatever those are."""
    if layer.crs().isGeographic():
        return _DEGREE_METRES
    metres = QgsUnitTypes.DistanceUnit.DistanceMeters
    return max(float(QgsUnitTypes.fromUnitToUnitFactor(layer.crs().mapUnits(), metres)), 1e-9)


def round_steps(low: float, high: float) -> list[float]:
    """Round heights between the classes, so that there are at most as many classes as tints.

    >>> round_steps(137, 1330)
    [200, 400, 600, 800, 1000, 1200]
    """
    step = next((s for s in _STEPS_METRES if ceil(high / s) - floor(low / s) <= len(_TINTS)), 2000)
    first = floor(low / step) + 1
    return [step * i for i in range(first, max(first + 1, ceil(high / step)))]


def _tints(layer: QgsRasterLayer, low: float, high: float) -> QgsSingleBandPseudoColorRenderer:
    edges = round_steps(low, high)
    names = [f"<{edges[0]:.0f}", *(f"{a:.0f}–{b:.0f}" for a, b in zip(edges, edges[1:])), f">{edges[-1]:.0f}"]
    items = [
        QgsColorRampShader.ColorRampItem(edge, QColor(shade), name)
        for edge, shade, name in zip([*edges, float("inf")], _spread(len(names)), names)
    ]
    ramp = QgsColorRampShader()
    ramp.setColorRampType(QgsColorRampShader.Type.Discrete)
    ramp.setColorRampItemList(items)
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(ramp)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)
    renderer.setOpacity(_TINT_OPACITY)
    return renderer


def _spread(count: int) -> list[str]:
    """So many tints, all the way from valley to summit."""
    last = len(_TINTS) - 1
    return [_TINTS[round(i * last / max(count - 1, 1))] for i in range(count)]
