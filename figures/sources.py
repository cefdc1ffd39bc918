"""The layers that figures are drawn from, and what a figure lacks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsMapLayer,
    QgsProject,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..core.errors import PlannerError
from ..core.texts import Message, text
from ..layers.opening import OpenPlan
from ..layers.roles import plan_id
from .cartography import relief
from .catalogue import DEM, DERIVED, LOCATION, OF_THE_CITY, Figure, load_catalogue

#: On a layer that was added for figures: which one, of which plan.
ROLE_PROPERTY, OF_PROPERTY = "restoration_planner/figure_layer", "restoration_planner/figure_plan"


def remove_layers_for_figures(project: QgsProject, plan: str | Path) -> None:
    """Take away the hidden layers that figures of a plan have added, once the plan is closed.

    Where one stayed, SQLite would refuse the plan's tables when it is opened again: its journal is gone by then.
    """
    of = plan_id(plan)
    added = [layer for layer in project.mapLayers().values() if layer.customProperty(ROLE_PROPERTY)]
    project.removeMapLayers([layer.id() for layer in added if layer.customProperty(OF_PROPERTY) == of])


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
        """Whether a layer has anything to draw.

        Raises
        ------
        PlannerError
            If an elevation raster is named but cannot be used.
        """
        if name in OF_THE_CITY:
            return self.is_drawn("restoration_zone") or self.is_drawn("admin_unit")
        if name not in self._drawn:
            if name == DEM:
                self._drawn[name] = self._dem is not None and relief.covers(self._dem, self._ground())
            elif name == LOCATION:
                self._drawn[name] = load_catalogue(self.opened.path).location is not None
            else:
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
            advice=Message.of(f"figures.advice_{_advice(lacking)}"),
        )

    def layer(self, name: str, variant: str) -> QgsMapLayer:
        """The layer of a table; the city's border and relief are added to the project when first asked for."""
        if name not in DERIVED:
            return self.opened.layer(name)
        role = f"{name} {variant}"
        of = plan_id(str(self._dem) if name == DEM else self.opened.path)
        for layer in self.opened.project.mapLayers().values():
            if layer.customProperty(ROLE_PROPERTY) == role and layer.customProperty(OF_PROPERTY) == of:
                return layer
        made = self._made(name, variant)
        made.setCustomProperty(ROLE_PROPERTY, role)
        made.setCustomProperty(OF_PROPERTY, of)
        self.opened.project.addMapLayer(made, False)
        return made

    def _made(self, name: str, variant: str) -> QgsMapLayer:
        if name == DEM and self._dem is not None:
            return relief.relief_layer(self._dem, variant, self._ground())
        if name == LOCATION:
            return self._outlines()
        table = "restoration_zone" if self.is_drawn("restoration_zone") else "admin_unit"
        source = self.opened.layer(table).source()
        return QgsVectorLayer(source, text("figures.city_border"), "ogr", QgsVectorLayer.LayerOptions(False))

    def _ground(self) -> QgsGeometry:
        """The city's ground, without making one of its parts: whether a place lies in it is all that is asked."""
        table = "restoration_zone" if self.is_drawn("restoration_zone") else "admin_unit"
        request = QgsFeatureRequest().setSubsetOfAttributes([])
        found = self.features(self.opened.layer(table), request) if self.is_drawn(table) else []
        return QgsGeometry.collectGeometry([f.geometry() for f in found if not f.geometry().isEmpty()])

    def _outlines(self) -> QgsVectorLayer:
        file = load_catalogue(self.opened.path).location
        layer = QgsVectorLayer(str(file), text("figures.location"), "ogr", QgsVectorLayer.LayerOptions(False))
        polygons = QgsWkbTypes.GeometryType.PolygonGeometry
        if not layer.isValid() or not layer.crs().isValid() or layer.geometryType() != polygons:
            raise PlannerError("figures.location_unreadable", file=str(file))
        return layer


def _advice(lacking: list[str]) -> str:
    if lacking == [DEM]:
        return "dem"
    return "zones" if {"restoration_zone", "key_area"} & set(lacking) else "layer"
