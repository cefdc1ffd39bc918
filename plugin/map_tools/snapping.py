"""Snapping as the project's settings say, looked up in the layers at each place.

Not by QGIS's own index: it is built in tasks, and waits without end for one that was lost (see `tasks.WorkTask`).
A look-up in a few layers takes some milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qgis.core import (
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeatureRequest,
    QgsPointLocator,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsSnappingConfig,
    QgsTolerance,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas


@dataclass(frozen=True)
class Target:
    """A layer that is snapped to; `reach` in the map's units."""

    layer: QgsVectorLayer
    reach: float
    vertices: bool = True
    segments: bool = True


def configured(canvas: QgsMapCanvas) -> list[Target]:
    """The layers on the map that the project's settings snap to."""
    config = canvas.snappingUtils().config()
    if not config.enabled():
        return []
    modes, per_pixel = QgsSnappingConfig.SnappingMode, canvas.mapUnitsPerPixel()
    each = config.individualLayerSettings()
    found = []
    for layer in canvas.layers():
        if not isinstance(layer, QgsVectorLayer) or not layer.isSpatial():
            continue
        settings = config
        if config.mode() == modes.AdvancedConfiguration:
            if layer not in each or not each[layer].enabled():
                continue
            settings = each[layer]
        elif config.mode() == modes.ActiveLayer and layer is not canvas.currentLayer():
            continue
        reach = settings.tolerance()
        if settings.units() == QgsTolerance.UnitType.Pixels:
            reach *= per_pixel
        flags = settings.typeFlag()
        vertices, segments = bool(flags & QgsSnappingConfig.VertexFlag), bool(flags & QgsSnappingConfig.SegmentFlag)
        found.append(Target(layer, reach, vertices, segments))
    return found


def nearest(canvas: QgsMapCanvas, targets: Iterable[Target], point: QgsPointXY) -> QgsPointLocator.Match:
    """The nearest vertex within reach, else the nearest place on a segment; an invalid match where there is none."""
    best: dict[bool, QgsPointLocator.Match] = {}
    for is_vertex, match in _matches(canvas, targets, point):
        if is_vertex not in best or match.distance() < best[is_vertex].distance():
            best[is_vertex] = match
    return best.get(True) or best.get(False) or QgsPointLocator.Match()


def _matches(
    canvas: QgsMapCanvas, targets: Iterable[Target], point: QgsPointXY
) -> Iterator[tuple[bool, QgsPointLocator.Match]]:
    crs = canvas.mapSettings().destinationCrs()
    for target in targets:
        layer, reach = target.layer, target.reach
        transform = QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance())
        reverse = QgsCoordinateTransform.ReverseTransform
        box = QgsRectangle(point.x() - reach, point.y() - reach, point.x() + reach, point.y() + reach)
        try:
            box = transform.transformBoundingBox(box, reverse)
            here = transform.transform(point, reverse)
        except QgsCsException:
            continue  # a place that the layer's projection does not have
        request = QgsFeatureRequest().setFilterRect(box).setSubsetOfAttributes([])
        for feature in layer.getFeatures(request):
            shape = feature.geometry()
            if target.vertices:
                vertex, at, _, _, away = shape.closestVertex(here)
                place = transform.transform(QgsPointXY(vertex)) if away >= 0 else None
                if place is not None and place.distance(point) <= reach:
                    kind = QgsPointLocator.Type.Vertex
                    yield True, QgsPointLocator.Match(kind, layer, feature.id(), place.distance(point), place, at)
            if target.segments:
                away, on_edge, after, _ = shape.closestSegmentWithContext(here)
                place = transform.transform(QgsPointXY(on_edge)) if away >= 0 else None
                if place is not None and place.distance(point) <= reach:
                    kind = QgsPointLocator.Type.Edge
                    yield (
                        False,
                        QgsPointLocator.Match(kind, layer, feature.id(), place.distance(point), place, after - 1),
                    )
