"""Labels of a series: on each page what its county has, placed for that page's scale.

A map has one style a layer, whatever page its atlas is at.  So the labels of all pages stand in one set of rules, a group
a page, and the page's name says which group counts.
"""

from __future__ import annotations

import copy
from typing import Any
from uuid import uuid4

import numpy as np
import shapely
from qgis.core import QgsExpression, QgsLayoutItemMap, QgsPrintLayout, QgsVectorLayer
from qgis.PyQt.QtXml import QDomDocument

from ..cartography.labels import Lettering, PlacedLabel
from ..cartography.placing import Placing, shapes_of
from ..cartography.variants import Drawing, style_of
from ..catalogue import Figure
from ..sources import FigureLayers
from .leafing import seek

#: What `Placing` labels, or keeps its labels off.
_TABLES = ("restoration_zone", "key_area", "admin_unit", "project", "legacy_mine")
#: What a county has less of than this share of its own or of the thing's area only touches it.
_TOUCHES = 0.01


def label_pages(
    layout: QgsPrintLayout, counties: tuple[str, ...], figure: Figure, layers: FigureLayers, lettering: Lettering
) -> None:
    """Give the map of an atlas labels for each of its pages; leaves it at its first one."""
    main = layout.itemById("map")
    pages: dict[str, dict[str, list[PlacedLabel]]] = {}
    for number, county in enumerate(counties):
        seek(layout, number, begin=number == 0, whole=False)
        within = _within_county(layout, main, figure, layers)
        pages[county] = Placing(main, within, lettering).place(figure)
    seek(layout, 0)
    styles = dict(main.layerStyleOverrides())
    for name, variant in figure.layers:
        if not any(name in placed for placed in pages.values()):
            continue
        layer = layers.layer(name, variant)
        if isinstance(layer, QgsVectorLayer):
            each = {
                c: style_of(name, variant, Drawing(layer, lettering, p[name])) for c, p in pages.items() if p.get(name)
            }
            styles[layer.id()] = _by_page(each) or style_of(name, variant, Drawing(layer, lettering))
    main.setLayerStyleOverrides(styles)


def _within_county(
    layout: QgsPrintLayout, main: QgsLayoutItemMap, figure: Figure, layers: FigureLayers
) -> FigureLayers:
    """The layers with what the page's county has of them."""
    county = layout.reportContext().currentGeometry(main.crs())
    outline = shapely.make_valid(shapely.from_wkb(bytes(county.asWkb())))
    within = copy.copy(layers)
    within.shapes = {}
    for table in _TABLES:
        if table in {name for name, _ in figure.layers} and layers.is_drawn(table):
            rows = shapes_of(layers, table, main.crs())
            with np.errstate(invalid="ignore"):  # GEOS grumbles at far-off envelopes; the results are right
                inside = shapely.intersection([row[3] for row in rows], outline)
            kept = [(*row[:3], _polygons(part)) for row, part in zip(rows, inside) if _belongs(part, row[3], outline)]
            within.shapes[table, main.crs().toWkt()] = kept
    return within


def _belongs(part: Any, whole: Any, county: Any) -> bool:
    return bool(part.area > _TOUCHES * min(whole.area, county.area) > 0)


def _polygons(shape: Any) -> Any:
    return shapely.union_all([p for p in shapely.get_parts(shape) if p.geom_type in ("Polygon", "MultiPolygon")])


def _by_page(styles: dict[str, str]) -> str:
    """Styles that differ in their labels only, as one in which the page's name chooses; empty where there is none."""
    joined: QDomDocument | None = None
    for county, written in styles.items():
        page = QDomDocument()
        page.setContent(written)
        rules = _rules(page)
        group = page.createElement("rule")
        group.setAttribute("key", f"{{{uuid4()}}}")
        group.setAttribute("filter", f"@atlas_pagename = {QgsExpression.quotedString(county)}")
        while not rules.firstChildElement("rule").isNull():
            group.appendChild(rules.firstChildElement("rule"))
        if joined is None:
            joined = page
        _rules(joined).appendChild(joined.importNode(group, True))
    return joined.toString() if joined is not None else ""


def _rules(style: QDomDocument) -> Any:
    return style.documentElement().firstChildElement("labeling").firstChildElement("rules")
