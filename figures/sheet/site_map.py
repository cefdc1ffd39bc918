"""The map of a siting sheet: a frame at a round scale, with legend, north arrow and scale bar beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsLayoutItem,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemMapGrid,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutSize,
    QgsLegendRenderer,
    QgsLegendStyle,
    QgsMapLayerLegendUtils,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor

from ...core.delivery.projection import epsg_of
from ...core.plan.schema import PLAN_EPSG
from ...core.plan.tables import Array
from ...core.sheet.contents import SiteSheet
from ...core.texts import text
from ...layers.opening import OpenPlan
from ...layers.style_making.symbols import colour, line_layer, line_symbol
from ..page.fitting import bar_length_km, round_scale, wrapped
from ..page.layouts import TEMPLATES
from ..page.legend import legend_size
from ..page.lettering import print_font, set_legend_font, text_format
from .ground import Ground
from .paper import BODY, LEFT, Paper
from .tables import heading

#: Of the frame and, around it, of the room for degrees; of the panel beside it.
HEIGHT, _DEGREES, PANEL = 86.0, 4.6, 46.0
#: Degrees at a frame's end reach beyond it.
_GAP = 3.4
#: Free space around the site, and the largest scale: a lone small plot needs its surroundings to be found.
_AROUND, _LARGEST_SCALE = 1.3, 1000
_ARROW_WIDE, _ARROW, _BAR, _WORDS = 12.0, 16.0, 12.0, 4.4
#: Between meridians or parallels, in seconds of arc.
_STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
#: Millimetres from one to the next: a word in degrees, minutes and seconds is 14 mm long.
_APART = 21.0
#: Millimetres kept free of degrees at the ends of a frame's sides; a map is moved aside for it by this share at most.
_FREE, _FURTHEST = 8.0, 0.07
_LEGEND_SIZES = (7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5)
#: Detail maps: height, how many side by side, and at most.
_DETAIL, _ACROSS, _MOST_DETAILS, _BETWEEN = 62.0, 2, 24, 5.0
#: Parts nearer than this share of the site's reach share a map; groups larger than the other are seen without one.
_NEAR, _WELL_SEEN = 0.03, 0.25


def draw_map(paper: Paper, sheet: SiteSheet, opened: OpenPlan) -> Ground:
    """Put the map and what stands beside it where the page is filled to; the layers it shows come back."""
    assert sheet.corners is not None
    crs = map_crs(sheet)
    width = BODY - PANEL - _GAP - 2 * _DEGREES
    box = paper.box(LEFT + _DEGREES, width, HEIGHT, y=paper.y + _DEGREES)
    scale, extent = _frame(_bounds(sheet.site, crs), width, HEIGHT, crs)
    apart = bool(_far_apart(sheet))
    main, ground = _map(paper, sheet, opened, "map", box, extent, parts_numbered=apart)
    panel = paper.box(LEFT + BODY - PANEL, PANEL, HEIGHT + 2 * _DEGREES)
    _panel(paper, sheet, main, ground, panel, scale)
    paper.y += HEIGHT + 2 * _DEGREES + 1.5
    return ground


def map_crs(sheet: SiteSheet) -> QgsCoordinateReferenceSystem:
    """The 3° zone of the sheet's coordinates."""
    assert sheet.corners is not None
    return QgsCoordinateReferenceSystem(f"EPSG:{epsg_of(sheet.corners.zone)}")


def draw_details(paper: Paper, sheet: SiteSheet, opened: OpenPlan) -> list[Ground]:
    """Where a site's parts lie so far apart that its map shows them as dots: a map of each group of parts."""
    assert sheet.corners is not None
    crs = map_crs(sheet)
    groups = _far_apart(sheet)
    if not groups:
        return []
    heading(paper, text("sheet.details"), "details_title", _DETAIL + 2 * _DEGREES + _WORDS)
    width = (BODY - _BETWEEN) / _ACROSS - 2 * _DEGREES
    high = _DETAIL + 2 * _DEGREES + _WORDS + 1
    grounds = []
    for number, group in enumerate(groups[:_MOST_DETAILS]):
        column = number % _ACROSS
        if column == 0:
            paper.need(high)
        left = LEFT + column * (width + 2 * _DEGREES + _BETWEEN)
        scale, extent = _frame(_bounds(shapely.MultiPolygon([part for _, part in group]), crs), width, _DETAIL, crs)
        place = paper.box(left + _DEGREES, width, _DETAIL, y=paper.y + _DEGREES)
        grounds.append(_map(paper, sheet, opened, f"detail_{number + 1}", place, extent)[1])
        numbers = text("sheet.list_mark").join(str(part) for part, _ in group[:8])
        numbers += "…" if len(group) > 8 else ""
        words = text("sheet.detail", parts=numbers, scale=f"{scale:,}".replace(",", " "))
        below = paper.box(left, width + 2 * _DEGREES, _WORDS, y=paper.y + _DETAIL + 2 * _DEGREES)
        font = paper.faces.body(7)
        paper.write(words, f"detail_{number + 1}_caption", font, below, Qt.AlignmentFlag.AlignHCenter)
        if column == _ACROSS - 1 or number == min(len(groups), _MOST_DETAILS) - 1:
            paper.y += high
    if len(groups) > _MOST_DETAILS:
        left_out = text("sheet.details_left_out", count=len(groups) - _MOST_DETAILS)
        paper.paragraph(left_out, "details_left_out", paper.faces.body(7.5))
    paper.y += 1.5
    return grounds


def _far_apart(sheet: SiteSheet) -> list[list[tuple[int, Any]]]:
    """A site's parts, numbered, in groups that are near one another; none where the map shows them well enough."""
    parts = sheet.parts
    if len(parts) < 2:
        return []
    boxes = _part_boxes(sheet)
    whole = np.hstack([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])
    reach = _side(whole)
    if max(map(_side, boxes)) > reach * _WELL_SEEN:
        return []
    around = shapely.box(*(boxes + np.array([-0.5, -0.5, 0.5, 0.5]) * reach * _NEAR).T)
    groups = _merged(around)
    found: dict[int, list[int]] = {}
    seen: set[int] = set()
    for part, group in zip(*shapely.STRtree(groups).query(around, predicate="intersects").tolist()):
        if part not in seen:
            seen.add(part)
            found.setdefault(group, []).append(part)
    largest = max(_side(np.hstack([boxes[m, :2].min(axis=0), boxes[m, 2:].max(axis=0)])) for m in found.values())
    if len(found) < 2 or largest > reach * _WELL_SEEN:
        return []
    return sorted(([parts[member] for member in sorted(m)] for m in found.values()), key=lambda group: group[0][0])


def _part_boxes(sheet: SiteSheet) -> Array:
    """``(n, 4)`` least east and north, greatest east and north of each part, as its corner points have them."""
    assert sheet.corners is not None
    outlines = [ring.points[:, ::-1] for ring in sheet.corners.rings if not ring.is_hole]
    return np.array([[*points.min(axis=0), *points.max(axis=0)] for points in outlines])


def _side(box: Array) -> float:
    return float(max(box[2] - box[0], box[3] - box[1]))


def _merged(boxes: Array) -> Array:
    """Boxes about those that meet, until none meet any more."""
    while True:
        fewer: Array = shapely.envelope(shapely.get_parts(shapely.union_all(boxes)))
        if len(fewer) == len(boxes):
            return fewer
        boxes = fewer


def _map(
    paper: Paper,
    sheet: SiteSheet,
    opened: OpenPlan,
    item_id: str,
    box: QRectF,
    extent: QgsRectangle,
    parts_numbered: bool = False,
) -> tuple[QgsLayoutItemMap, Ground]:
    crs = map_crs(sheet)
    main = QgsLayoutItemMap(paper.layout)
    paper.put(main, item_id, box)
    main.setCrs(crs)
    main.setExtent(extent)
    ground = Ground(sheet, opened, crs, extent, paper.faces, parts_numbered)
    main.setFollowVisibilityPreset(False)
    main.setLayers(ground.layers)
    main.setKeepLayerSet(True)
    main.setFrameEnabled(True)
    main.setBackgroundColor(QColor("#ffffff"))
    _graticule(main, crs, paper)
    return main, ground


def _bounds(shape: Any, crs: QgsCoordinateReferenceSystem) -> QgsRectangle:
    """What a shape (EPSG:4490) covers in a projection."""
    geometry = QgsGeometry()
    geometry.fromWkb(shape.wkb)
    geometry.transform(QgsCoordinateTransform(QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"), crs, QgsProject()))
    return geometry.boundingBox()


def _frame(
    around: QgsRectangle, width: float, height: float, crs: QgsCoordinateReferenceSystem
) -> tuple[int, QgsRectangle]:
    """A round scale, and the ground that a frame shows at it with a shape about its middle.

    The shape is moved aside a little where degrees would else stand at the frame's very corners.
    """
    scale = max(round_scale(around.width() * _AROUND, around.height() * _AROUND, width, height), _LARGEST_SCALE)
    middle, a_mm = around.center(), scale / 1000
    half_w, half_h = width * a_mm / 2, height * a_mm / 2
    extent = QgsRectangle(middle.x() - half_w, middle.y() - half_h, middle.x() + half_w, middle.y() + half_h)
    step = _step(extent, width, crs) / 3600
    degrees = QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}")
    to_degrees = QgsCoordinateTransform(crs, degrees, QgsProject())
    x0, x1, y0, y1 = extent.xMinimum(), extent.xMaximum(), extent.yMinimum(), extent.yMaximum()
    nw, ne, sw, se = (to_degrees.transform(QgsPointXY(x, y)) for y in (y1, y0) for x in (x0, x1))
    across = _aside([(nw.x(), ne.x()), (sw.x(), se.x())], step, width)
    upward = _aside([(sw.y(), nw.y()), (se.y(), ne.y())], step, height)
    moved = QgsRectangle(x0 + across * a_mm, y0 + upward * a_mm, x1 + across * a_mm, y1 + upward * a_mm)
    return scale, moved


def _aside(edges: list[tuple[float, float]], step: float, length: float) -> float:
    """How far (mm) a frame is to be moved along so that no multiple of a step of degrees is near the ends of two edges."""

    def nearest(shift: float) -> float:
        distances = [_FREE]
        for first, last in edges:
            per_mm = (last - first) / length
            for end in (first + shift * per_mm, last + shift * per_mm):
                off = end / step - round(end / step)
                distances.append(abs(off) * step / per_mm)
        return min(distances)

    tried = [sign * shift / 2 for shift in range(round(2 * _FURTHEST * length) + 1) for sign in (1, -1)]
    return max(tried, key=lambda shift: (nearest(shift), -abs(shift)))


def _step(extent: QgsRectangle, width: float, crs: QgsCoordinateReferenceSystem) -> int:
    """Seconds of arc between the meridians and parallels on a map of a width (mm): as many as their words have room for."""
    degrees = QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}")
    seen = QgsCoordinateTransform(crs, degrees, QgsProject()).transformBoundingBox(extent)
    a_mm = max(seen.width() / width, seen.height() / (width * extent.height() / extent.width())) * 3600
    return next((step for step in _STEPS if step >= _APART * a_mm), _STEPS[-1])


def _graticule(main: QgsLayoutItemMap, crs: QgsCoordinateReferenceSystem, paper: Paper) -> None:
    """Crosses at meridians and parallels, with degrees at all sides."""
    kinds = QgsLayoutItemMapGrid
    degrees = QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}")
    step = _step(main.extent(), main.rect().width(), crs)
    grid = QgsLayoutItemMapGrid("graticule", main)
    grid.setCrs(degrees)
    grid.setIntervalX(step / 3600)
    grid.setIntervalY(step / 3600)
    grid.setStyle(kinds.GridStyle.Cross)
    grid.setCrossLength(2.0)
    grid.setLineSymbol(line_symbol(line_layer(colour("#5b7f95"), 0.15)))
    grid.setFrameStyle(kinds.FrameStyle.ExteriorTicks)
    grid.setFrameWidth(0.8)
    grid.setFramePenSize(0.15)
    grid.setAnnotationEnabled(True)
    exact = kinds.AnnotationFormat.DegreeMinuteSecondPadded
    grid.setAnnotationFormat(exact if step % 60 else kinds.AnnotationFormat.DegreeMinutePadded)
    grid.setAnnotationPrecision(0)
    grid.setAnnotationFrameDistance(0.8)
    grid.setAnnotationTextFormat(text_format(paper.faces.heiti, 6, shade="#3a4a54"))
    for side in (kinds.BorderSide.Left, kinds.BorderSide.Right, kinds.BorderSide.Top, kinds.BorderSide.Bottom):
        upright = side in (kinds.BorderSide.Left, kinds.BorderSide.Right)
        axis = kinds.DisplayMode.LatitudeOnly if upright else kinds.DisplayMode.LongitudeOnly
        direction = kinds.AnnotationDirection.Vertical if upright else kinds.AnnotationDirection.Horizontal
        grid.setAnnotationPosition(kinds.AnnotationPosition.OutsideMapFrame, side)
        grid.setAnnotationDirection(direction, side)
        grid.setAnnotationDisplay(axis, side)
        grid.setFrameDivisions(axis, side)
    main.grids().addGrid(grid)
    main.updateBoundingRect()


def _panel(paper: Paper, sheet: SiteSheet, main: QgsLayoutItemMap, ground: Ground, panel: QRectF, scale: int) -> None:
    assert sheet.corners is not None
    arrow = QgsLayoutItemPicture(paper.layout)
    paper.put(arrow, "north_arrow", QRectF(panel.right() - _ARROW_WIDE, panel.y(), _ARROW_WIDE, _ARROW))
    arrow.setPicturePath(str(TEMPLATES / "north_arrow.svg"))
    arrow.setPictureAnchor(QgsLayoutItem.ReferencePoint.Middle)
    arrow.setLinkedMap(main)
    arrow.setNorthMode(QgsLayoutItemPicture.NorthMode.TrueNorth)
    arrow.refreshPicture()
    font = paper.faces.body(7)
    foot = panel.bottom() - 2 * _WORDS
    words = text("sheet.map_crs", zone=sheet.corners.zone, meridian=f"{3 * sheet.corners.zone}°E")
    paper.write(words, "map_crs", font, QRectF(panel.x(), foot, panel.width(), 2 * _WORDS))
    foot -= _WORDS
    shown = text("sheet.map_scale", scale=f"{scale:,}".replace(",", " "))
    paper.write(shown, "scale_text", font, QRectF(panel.x(), foot, panel.width(), _WORDS))
    foot -= _BAR
    _scale_bar(paper, main, QRectF(panel.x(), foot, panel.width(), _BAR))
    _legend(paper, main, ground, QRectF(panel.x(), panel.y(), panel.width() - _ARROW_WIDE - 1, foot - 1 - panel.y()))


def _scale_bar(paper: Paper, main: QgsLayoutItemMap, box: QRectF) -> None:
    bar = QgsLayoutItemScaleBar(paper.layout)
    bar.setStyle("Double Box")
    paper.put(bar, "scale_bar", box)
    bar.setLinkedMap(main)
    length = bar_length_km(main.extent().width() / 1000, min(0.66 * box.width() / main.rect().width(), 0.4))
    metric = length < 1
    units = QgsUnitTypes.DistanceUnit
    bar.setUnits(units.DistanceMeters if metric else units.DistanceKilometers)
    bar.setUnitLabel(text("sheet.metres" if metric else "sheet.kilometres"))
    bar.setMapUnitsPerScaleBarUnit(1)
    bar.setNumberOfSegmentsLeft(0)
    bar.setNumberOfSegments(2)
    bar.setUnitsPerSegment(length * 1000 if metric else length)
    bar.setHeight(1.5)
    bar.setBoxContentSpace(0.5)
    bar.setLabelBarSpace(1.0)
    bar.setTextFormat(text_format(paper.faces.heiti, 6.5))
    bar.setBackgroundEnabled(False)
    bar.attemptResize(QgsLayoutSize(box.width(), box.height()))


def _legend(paper: Paper, main: QgsLayoutItemMap, ground: Ground, box: QRectF) -> None:
    """What the map shows, in groups, as large as the panel lets it be."""
    legend = QgsLayoutItemLegend(paper.layout)
    legend.setAutoUpdateModel(False)
    legend.setTitle(text("sheet.legend"))
    root = legend.model().rootGroup()
    root.removeAllChildren()
    for group in dict.fromkeys(shown.group for shown in ground.shown):
        node = root.addGroup(text(f"sheet.{group}_group" if group == "legend_site" else f"sheet.{group}"))
        QgsLegendRenderer.setNodeLegendStyle(node, QgsLegendStyle.Style.Subgroup)
        for shown in ground.shown:
            if shown.group == group:
                child = node.addLayer(shown.layer)
                if shown.layer.renderer().type() != "singleSymbol":
                    QgsLegendRenderer.setNodeLegendStyle(child, QgsLegendStyle.Style.Hidden)
    paper.put(legend, "legend", box)
    legend.setLinkedMap(main)
    legend.setResizeToContents(False)
    legend.setBoxSpace(0)
    legend.setColumnCount(1)
    legend.setBackgroundEnabled(False)
    captions = _captions(legend)
    for size in _LEGEND_SIZES:
        _dress(legend, paper, size, captions)
        needed = legend_size(legend)
        if needed.height() <= box.height() and needed.width() <= box.width() + 0.5:
            break
    legend.attemptSetSceneRect(QRectF(box.x(), box.y(), box.width(), min(legend_size(legend).height(), box.height())))


def _dress(legend: QgsLayoutItemLegend, paper: Paper, points: float, captions: dict[str, list[str]]) -> None:
    zoom = points / _LEGEND_SIZES[0]
    for part, size, bold, above in (
        (QgsLegendStyle.Style.Title, points * 1.2, True, 0.0),
        (QgsLegendStyle.Style.Group, points, True, 1.6),
        (QgsLegendStyle.Style.Subgroup, points, True, 1.6),
        (QgsLegendStyle.Style.Symbol, points, False, 0.9),
        (QgsLegendStyle.Style.SymbolLabel, points, False, 1.6),
    ):
        style = legend.style(part)
        set_legend_font(style, print_font(paper.faces.heiti if bold else paper.faces.songti, size, bold))
        if part != QgsLegendStyle.Style.SymbolLabel:
            style.setMargin(QgsLegendStyle.Side.Top, above * zoom)
        if part == QgsLegendStyle.Style.Subgroup:
            style.setMargin(QgsLegendStyle.Side.Bottom, 0.5 * zoom)
        legend.setStyle(part, style)
    legend.setSymbolWidth(6 * zoom)
    legend.setSymbolHeight(3 * zoom)
    legend.setWrapString("\n")
    font = print_font(paper.faces.songti, points)
    model = legend.model()
    for node in model.rootGroup().findLayers():
        for index, words in enumerate(captions[node.layerId()]):
            QgsMapLayerLegendUtils.setLegendNodeUserLabel(
                node, index, wrapped(words, font, PANEL - _ARROW_WIDE - 1 - 9 * zoom)
            )
        model.refreshLayerLegend(node)


def _captions(legend: QgsLayoutItemLegend) -> dict[str, list[str]]:
    """Layer id → the captions of its entries, as they are before any is broken into lines."""
    model = legend.model()
    return {
        node.layerId(): [
            str(entry.data(Qt.ItemDataRole.DisplayRole) or node.name())
            for entry in model.layerOriginalLegendNodes(node)
        ]
        for node in model.rootGroup().findLayers()
    }
