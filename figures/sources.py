"""The layers that figures are drawn from, and what a figure lacks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsColorRampShader,
    QgsFeature,
    QgsFeatureRequest,
    QgsHillshadeRenderer,
    QgsMapLayer,
    QgsRasterBandStats,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from ..core.errors import PlannerError
from ..core.texts import Message, text
from ..layers.opening import OpenPlan
from ..layers.roles import plan_id
from .catalogue import CITY_BORDER, CITY_GROUND, DEM, DERIVED, Figure

#: On a layer that was added for figures: which one, of which plan.
ROLE_PROPERTY, OF_PROPERTY = "restoration_planner/figure_layer", "restoration_planner/figure_plan"
#: Calm tints of height, from valley to summit.
_TINTS = ("#a9c8a0", "#cddcb0", "#efe9c4", "#e3cfa0", "#cfae85", "#b48e72", "#e9e2da")


class FigureLayers:
    """The layers of an open plan, as figures ask for them.

    Parameters
    ----------
    dem
        An elevation raster.
    stored
        Whether edits that are not saved yet are left out.
    """

    def __init__(self, opened: OpenPlan, dem: str | Path | None = None, stored: bool = False) -> None:
        self.opened = opened
        self._stored = stored
        self._dem = Path(dem) if dem else None
        self._drawn: dict[str, bool] = {}
        #: Shapes that labels are placed by, by table and projection; `placing` fills it.
        self.shapes: dict[tuple[str, str], list[tuple[int, str, str, Any]]] = {}

    def is_drawn(self, name: str) -> bool:
        """Whether a layer has anything to draw."""
        if name == DEM:
            return self._dem is not None
        if name in (CITY_BORDER, CITY_GROUND):
            return self.is_drawn("restoration_zone") or self.is_drawn("admin_unit")
        if name not in self._drawn:
            self._drawn[name] = name in self.opened.layer_ids and self._has_shapes(name)
        return self._drawn[name]

    def features(self, layer: QgsVectorLayer, request: QgsFeatureRequest) -> Iterable[QgsFeature]:
        """A layer's features, with or without the edits that are not saved yet."""
        found: Iterable[QgsFeature] = (layer.dataProvider() if self._stored else layer).getFeatures(request)
        return found

    def _has_shapes(self, name: str) -> bool:
        request = QgsFeatureRequest()
        request.setSubsetOfAttributes([])
        found = self.features(self.opened.layer(name), request)
        return any(not feature.geometry().isEmpty() for feature in found if feature.hasGeometry())

    def what_is_missing(self, figure: Figure, city: str) -> Message | None:
        """Why a figure cannot be drawn, or None where it can."""
        lacking = [name for name in figure.needs if not self.is_drawn(name)]
        if not lacking and not any(self.is_drawn(name) for name, _ in figure.layers):
            lacking = list(dict.fromkeys(name for name, _ in figure.layers if name not in DERIVED))
        if not lacking:
            return None
        return Message.of(
            "figures.lacks",
            number=figure.number,
            title=figure.title_for(city),
            lacking=[
                Message.of("figures.lacks_dem")
                if name == DEM
                else Message.of("figures.lacks_layer", table=Message.of(f"schema.{name}"))
                for name in lacking
            ],
            advice=Message.of("figures.advice_dem" if lacking == [DEM] else "figures.advice_layer"),
        )

    def layer(self, name: str, variant: str) -> QgsMapLayer:
        """The layer of a table; the city's border and relief are added to the project when first asked for."""
        if name not in DERIVED:
            return self.opened.layer(name)
        role = f"{name} {variant}"
        of = plan_id(self.opened.path) if name != DEM else plan_id(str(self._dem))
        for layer in self.opened.project.mapLayers().values():
            if layer.customProperty(ROLE_PROPERTY) == role and layer.customProperty(OF_PROPERTY) == of:
                return layer
        made = self._relief(variant) if name == DEM else self._city()
        made.setCustomProperty(ROLE_PROPERTY, role)
        made.setCustomProperty(OF_PROPERTY, of)
        self.opened.project.addMapLayer(made, False)
        return made

    def _city(self) -> QgsVectorLayer:
        table = "restoration_zone" if self.is_drawn("restoration_zone") else "admin_unit"
        source = self.opened.layer(table).source()
        return QgsVectorLayer(source, text("figures.city_border"), "ogr", QgsVectorLayer.LayerOptions(False))

    def _relief(self, variant: str) -> QgsRasterLayer:
        name = text("figures.hillshade" if variant == "hillshade" else "figures.elevation")
        layer = QgsRasterLayer(str(self._dem), name)
        if not layer.isValid():
            raise PlannerError("figures.dem_unreadable", file=str(self._dem))
        if variant == "hillshade":
            renderer = QgsHillshadeRenderer(layer.dataProvider(), 1, 315, 45)
            renderer.setMultiDirectional(True)
            renderer.setZFactor(1 / 90_000 if layer.crs().isGeographic() else 1)
            renderer.setOpacity(0.35)
            layer.setRenderer(renderer)
        else:
            layer.setRenderer(_tints(layer))
        return layer


def _tints(layer: QgsRasterLayer) -> QgsSingleBandPseudoColorRenderer:
    """Steps of a round height, from the lowest to the highest ground."""
    wanted = QgsRasterBandStats.Stats.Min | QgsRasterBandStats.Stats.Max
    stats = layer.dataProvider().bandStatistics(1, wanted, layer.extent(), 250_000)
    low, high = stats.minimumValue, stats.maximumValue
    step = next((s for s in (10, 20, 50, 100, 200, 250, 500, 1000) if (high - low) / s <= len(_TINTS)), 2000)
    first = (low // step + 1) * step
    items = [
        QgsColorRampShader.ColorRampItem(
            first + i * step, QColor(shade), f"{first + (i - 1) * step:.0f}–{first + i * step:.0f}"
        )
        for i, shade in enumerate(_TINTS)
    ]
    items[-1].value = float("inf")
    items[-1].label = f">{first + (len(_TINTS) - 2) * step:.0f}"
    ramp = QgsColorRampShader()
    ramp.setColorRampType(QgsColorRampShader.Type.Discrete)
    ramp.setColorRampItemList(items)
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(ramp)
    return QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)
