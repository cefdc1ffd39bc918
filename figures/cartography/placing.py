"""Which words a figure places itself, and how they are written; `label_places` finds where they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsLayoutItemMap,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)

from ..catalogue import Figure
from ..page.fitting import line_height_mm, text_width_mm, wrapped
from ..page.lettering import print_font, searchable_family
from ..sources import FigureLayers
from .label_places import Place, Sheet, Wording, clusters
from .labels import Lettering, PlacedLabel

#: White space around words inside their zone, in millimetres on A3.
_PAD = 0.8
#: Sites nearer to each other than this have one plate together.
_TOGETHER_MM = 14.0
#: Names of more key areas than these would hide each other; the table beside the map has them.
_FEW = 8


@dataclass(frozen=True)
class _Named:
    """A feature as it is labelled: id, code, name and shape on the sheet."""

    fid: int
    code: str
    name: str
    shape: Any


class Placing:
    """Places the labels of one figure on its map, the most important first."""

    def __init__(self, item: QgsLayoutItemMap, layers: FigureLayers, lettering: Lettering) -> None:
        self._item, self._layers, self._lettering = item, layers, lettering
        self._sheet = Sheet(item.rect().width(), item.rect().height())
        extent = item.extent()
        self._west, self._south = extent.xMinimum(), extent.yMinimum()
        self._mm = item.rect().width() / extent.width()

    def place(self, figure: Figure) -> dict[str, list[PlacedLabel]]:
        """Table → its labels where they stand, for the tables whose labels are placed here."""
        drawn = {name: variant for name, variant in figure.layers if self._layers.is_drawn(name)}
        placed: dict[str, list[PlacedLabel]] = {}
        for table, how in _HOW.items():
            way = how.get(drawn.get(table, ""))
            if way is not None:
                layer = self._layers.opened.layer(table)
                with np.errstate(invalid="ignore"):  # GEOS leaves the flag set by its own arithmetic
                    found = way(self, [f for f in self._features(table) if self._sheet.shows(f.shape)], drawn)
                placed[table] = self._in_degrees(found, layer)
        return placed

    # --- what is labelled how -------------------------------------------------------------------

    def _zones_in_full(self, zones: list[_Named], drawn: Mapping[str, str]) -> list[tuple[_Named, Place]]:
        wordings = {z.fid: [*self._code_and_name(z, 10, (1, 0.9, 0.8, 0.7), True), *self._code(z, 10)] for z in zones}
        return self._inside_or_beside(zones, wordings, self._off([], self._county_lines(drawn)))

    def _zone_codes(self, zones: list[_Named], drawn: Mapping[str, str]) -> list[tuple[_Named, Place]]:
        wordings = {z.fid: self._code(z, 15, (1, 0.8, 0.6)) for z in zones}
        busy = self._busy(drawn, ("key_area", "project"))
        return self._inside_or_beside(zones, wordings, self._off(busy, self._county_lines(drawn)))

    def _key_areas(self, areas: list[_Named], drawn: Mapping[str, str]) -> list[tuple[_Named, Place]]:
        full = len(areas) <= _FEW
        wordings = {
            a.fid: [*(self._code_and_name(a, 8, (1, 0.9), False) if full else []), *self._code(a, 8, (1.1, 1, 0.85))]
            for a in areas
        }
        return self._inside_or_beside(areas, wordings, [])

    def _counties(self, counties: list[_Named], drawn: Mapping[str, str]) -> list[tuple[_Named, Place]]:
        found = []
        edges = [shape.boundary for shape in self._busy(drawn, ("key_area",))]
        busy = self._off([*self._busy(drawn, ("project", "legacy_mine")), *edges])
        for county in sorted((c for c in counties if c.name), key=lambda c: c.shape.area):
            wordings = [self._wording(county.name, 9, size, False) for size in (1, 0.9, 0.8)]
            place = self._sheet.inside(county.shape, wordings, busy) or self._sheet.over(county.shape, wordings[-1])
            found.append((county, place))
        return found

    def _projects(self, projects: list[_Named], drawn: Mapping[str, str]) -> list[tuple[_Named, Place]]:
        sites = shapely.union_all([p.shape for p in projects]) if projects else None
        found = []
        family = searchable_family(self._lettering.heiti, [p.code for p in projects])
        for project in projects:
            for part in filter(self._sheet.shows, clusters(project.shape, _TOGETHER_MM * self._lettering.zoom)):
                wording = self._wording(f" {project.code} ", 7, 1, True, family)
                found.append((project, self._sheet.beside(part, wording, sites)))
        return found

    def _inside_or_beside(
        self, features: list[_Named], wordings: Mapping[int, list[Wording]], avoid: Sequence[Any]
    ) -> list[tuple[_Named, Place]]:
        """The small ones first: the large ones have room left."""
        found = []
        outside = []
        for feature in sorted(features, key=lambda f: f.shape.area):
            tried = wordings[feature.fid]
            place = self._sheet.inside(feature.shape, tried, avoid) if tried else None
            if place is not None:
                found.append((feature, place))
            elif tried:
                outside.append(feature)
        land = shapely.union_all([f.shape for f in features]) if outside else None
        for feature in outside:
            found.append((feature, self._sheet.beside(feature.shape, wordings[feature.fid][-1], land, near=False)))
        return found

    def _busy(self, drawn: Mapping[str, str], tables: tuple[str, ...]) -> list[Any]:
        """Shapes that stand on the map and are not to be written over."""
        return [feature.shape for table in tables if table in drawn for feature in self._features(table)]

    def _county_lines(self, drawn: Mapping[str, str]) -> list[Any]:
        """Borders of counties, where the map has them."""
        return [shape.boundary for shape in self._busy(drawn, ("admin_unit",))]

    @staticmethod
    def _off(shapes: list[Any], better: Sequence[Any] = ()) -> list[Any]:
        """What to keep off: the shapes, and better these as well."""
        grounds = [[*shapes, *better], shapes] if better else [shapes]
        return [shapely.union_all(ground) for ground in grounds if ground]

    # --- words ----------------------------------------------------------------------------------

    def _wording(self, words: str, points: float, size: float, bold: bool, family: str = "") -> Wording:
        font = print_font(family or self._lettering.heiti, points * size * self._lettering.zoom, bold)
        pad = 2 * _PAD * self._lettering.zoom
        lines = words.count("\n") + 1
        return Wording(words, text_width_mm(words, font) + pad, lines * line_height_mm(font) + pad * 0.5, size)

    def _code(self, feature: _Named, points: float, sizes: tuple[float, ...] = (1.1, 0.9, 0.75)) -> list[Wording]:
        words = feature.code or feature.name
        return [self._wording(words, points, size, True) for size in sizes] if words else []

    def _code_and_name(self, feature: _Named, points: float, sizes: tuple[float, ...], bold: bool) -> list[Wording]:
        """Sizes from large to small, each in as many lines as make a calm block."""
        if not feature.name:
            return []
        found = []
        for size in sizes:
            font = print_font(self._lettering.heiti, points * size * self._lettering.zoom, bold)
            whole = text_width_mm(feature.name, font)
            ways = []
            for lines in range(1, 7):
                name = wrapped(feature.name, font, whole / lines * 1.04 + 0.6 * font.pointSizeF() * 25.4 / 72)
                ways.append(self._wording(f"{feature.code}\n{name}" if feature.code else name, points, size, bold))
            found += sorted(ways, key=lambda w: abs(w.width / w.height - 2.0))
        return found

    # --- to the sheet and back ------------------------------------------------------------------

    def _features(self, table: str) -> list[_Named]:
        return [
            _Named(fid, code, name, shapely.transform(shape, self._on_sheet))
            for fid, code, name, shape in shapes_of(self._layers, table, self._item.crs())
        ]

    def _on_sheet(self, coordinates: Any) -> Any:
        return (coordinates - (self._west, self._south)) * self._mm

    def _in_degrees(self, found: list[tuple[_Named, Place]], layer: QgsVectorLayer) -> list[PlacedLabel]:
        back = QgsCoordinateTransform(self._item.crs(), layer.crs(), QgsProject.instance())

        def degrees(x: float, y: float) -> tuple[float, float]:
            point = back.transform(QgsPointXY(self._west + x / self._mm, self._south + y / self._mm))
            return point.x(), point.y()

        return [
            PlacedLabel(
                feature.fid,
                place.wording.words,
                place.wording.size,
                degrees(place.x, place.y - place.wording.height / 2 + 0.25 * _PAD * self._lettering.zoom),
                None if place.leader is None else degrees(*place.leader),
            )
            for feature, place in found
        ]


_Way = Callable[[Placing, "list[_Named]", Mapping[str, str]], "list[tuple[_Named, Place]]"]
#: Table → variant → how its labels are placed, the most important table first.
_HOW: dict[str, dict[str, _Way]] = {
    "restoration_zone": {
        "named": Placing._zones_in_full,
        "pale": Placing._zone_codes,
        "clear": Placing._zone_codes,
    },
    "key_area": {"hatched": Placing._key_areas, "outlined": Placing._key_areas},
    "admin_unit": dict.fromkeys(("counties", "towns", "named"), Placing._counties),
    "project": {"numbered": Placing._projects},
}
#: Which rows of a table are labelled here, where not all.
_ROWS = {"admin_unit": "\"level\" = 'county'"}


def shapes_of(layers: FigureLayers, table: str, crs: QgsCoordinateReferenceSystem) -> list[tuple[int, str, str, Any]]:
    """Id, code, name and shape in a projection of a table's drawn rows, by code; read once an export."""
    key = (table, crs.toWkt())
    if key not in layers.shapes:
        layer = layers.opened.layer(table)
        request = QgsFeatureRequest()
        if table in _ROWS:
            request.setFilterExpression(_ROWS[table])
        request.setSubsetOfAttributes([n for n in ("code", "name") if layer.fields().indexOf(n) >= 0], layer.fields())
        request.setDestinationCrs(crs, QgsProject.instance().transformContext())
        layers.shapes[key] = sorted(
            (
                (f.id(), _words(f, "code"), _words(f, "name"), _valid(f.geometry()))
                for f in layers.features(layer, request)
                if f.hasGeometry() and not f.geometry().isEmpty()
            ),
            key=lambda row: (row[1], row[0]),
        )
    return layers.shapes[key]


def _valid(geometry: Any) -> Any:
    shape = shapely.force_2d(shapely.from_wkb(bytes(geometry.asWkb())))
    return shape if shape.is_valid else shapely.make_valid(shape, method="structure")


def _words(feature: Any, name: str) -> str:
    value = feature.attribute(name) if feature.fields().indexOf(name) >= 0 else None
    return value.strip() if isinstance(value, str) else ""
