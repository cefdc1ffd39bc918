"""The counties that a series runs over, as a layer that dims what lies around the county of a page."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsInvertedPolygonRenderer,
    QgsRuleBasedRenderer,
    QgsVectorLayer,
    QgsVirtualLayerDefinition,
    QgsWkbTypes,
)

from ...core.plan.schema import PLAN_EPSG
from ...core.texts import text
from ...layers.roles import plan_id
from ...layers.style_making.symbols import colour, fill_layer, fill_symbol, line_layer
from ..sources import OF_PROPERTY, ROLE_PROPERTY, FigureLayers

_ROLE = "counties of the series"
_UNITS = "admin_unit"
_COUNTIES = '"level" = \'county\' AND "name" IS NOT NULL'
#: Where a plan has towns only: their counties, put together.
_FROM_TOWNS = """SELECT min(code) AS code, county AS name, st_union(geometry) AS geometry FROM units
 WHERE county IS NOT NULL AND county <> '' AND level <> 'part' GROUP BY county"""


def counties_layer(layers: FigureLayers) -> QgsVectorLayer | None:
    """The counties (fields ``code`` and ``name``), hidden in the plan's project; None where the plan has none.

    They are the administrative units of that level; where there are none, the towns are put together by county.
    """
    project, of = layers.opened.project, plan_id(layers.opened.path)
    for layer in project.mapLayers().values():
        mine = layer.customProperty(ROLE_PROPERTY) == _ROLE and layer.customProperty(OF_PROPERTY) == of
        if mine and isinstance(layer, QgsVectorLayer) and layer.isValid() and _has_features(layer):
            return layer  # it looks into the plan file anew each time; a kept atlas hangs on it
    if not layers.is_drawn(_UNITS):
        return None
    made = _counties(layers) or _from_towns(layers)
    if made is None:
        return None
    made.setCustomProperty(ROLE_PROPERTY, _ROLE)
    made.setCustomProperty(OF_PROPERTY, of)
    made.setRenderer(_around_the_county())
    made.setLabelsEnabled(False)
    project.addMapLayer(made, False)
    return made


def _counties(layers: FigureLayers) -> QgsVectorLayer | None:
    source = layers.opened.layer(_UNITS).source()
    layer = QgsVectorLayer(source, text("figures_export.counties_layer"), "ogr", QgsVectorLayer.LayerOptions(False))
    layer.setSubsetString(_COUNTIES)
    return layer if layer.isValid() and _has_features(layer) else None


def _from_towns(layers: FigureLayers) -> QgsVectorLayer | None:
    definition = QgsVirtualLayerDefinition()
    definition.addSource("units", layers.opened.layer(_UNITS).source(), "ogr", "UTF-8")
    definition.setQuery(_FROM_TOWNS)
    definition.setGeometryField("geometry")
    definition.setGeometryWkbType(QgsWkbTypes.Type.MultiPolygon)
    definition.setGeometrySrid(PLAN_EPSG)
    layer = QgsVectorLayer(definition.toString(), text("figures_export.counties_layer"), "virtual")
    layer.setCrs(QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"))
    return layer if layer.isValid() and _has_features(layer) else None


def _has_features(layer: QgsVectorLayer) -> bool:
    request = QgsFeatureRequest()
    request.setLimit(1)
    return any(feature.hasGeometry() for feature in layer.getFeatures(request))


def _around_the_county() -> QgsInvertedPolygonRenderer:
    """A veil over everything but the county of the page, whose border stands out."""
    veil = fill_symbol(
        fill_layer(colour("#ffffff", 0.66), None),
        line_layer(colour("#ffffff", 0.9), 1.8),
        line_layer(colour("#1f1f1f"), 0.8),
    )
    root = QgsRuleBasedRenderer.Rule(None)
    rule = QgsRuleBasedRenderer.Rule(veil)
    rule.setFilterExpression("\"name\" = attribute(@atlas_feature, 'name')")
    root.appendChild(rule)
    return QgsInvertedPolygonRenderer(QgsRuleBasedRenderer(root))
