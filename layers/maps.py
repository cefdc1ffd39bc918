"""A map as a picture: layers as styled, with title, legend, scale bar and north arrow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDistanceArea,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLabelingEngineSettings,
    QgsMapLayer,
    QgsMapRendererCustomPainterJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from qgis.PyQt.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from ..core.errors import PlannerError
from ..core.texts import text
from .fonts import cjk_font
from .map_legend import MapLegend

_INK = QColor("#1a1a1a")
_VEIL = QColor(255, 255, 255, 205)
_PAPER = QColor("#ffffff")
_DPI = 150
_DOTS = _DPI / 25.4  # pixels a millimetre


def render_map(
    layers: Sequence[QgsMapLayer],
    extent: QgsRectangle | None,
    size_px: tuple[int, int],
    path: str | Path | None,
    title: str,
    legend: bool = True,
    *,
    crs: QgsCoordinateReferenceSystem | None = None,
    illustrative: bool = False,
    legend_layers: Sequence[QgsMapLayer] | None = None,
    language: str | None = None,
) -> QImage:
    """Draw layers as they are styled, and furnish the picture as a planner expects.

    Call it from the main thread; it returns when the picture is whole.

    Parameters
    ----------
    layers
        From the top of the map to its bottom.
    extent
        What must be seen, in the CRS of the map; None means all of the layers.
    size_px
        Width and height of the whole picture in pixels, at 150 dots an inch.
    path
        A PNG (or other picture) file to write, or None.
    title
        Written above the map.
    legend
        Whether a legend stands beside the map.
    crs
        Of the map; by default the current project's, or the layers' own where there is none.
    illustrative
        Whether to note that the data are illustrative and no ground for decisions.
    legend_layers
        The layers that the legend explains, by default all; classes not on the map are left out.
    language
        ``zh`` or ``en``, by default the one in force.

    Returns
    -------
    QImage
        The picture.

    Raises
    ------
    PlannerError
        If the file cannot be written.
    """
    width, height = size_px
    crs = _map_crs(layers) if crs is None else crs
    extent = _full_extent(layers, crs) if extent is None else QgsRectangle(extent)
    image = QImage(QSize(width, height), QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(round(_DPI / 0.0254))
    image.setDotsPerMeterY(round(_DPI / 0.0254))
    image.fill(QColor("#ffffff"))
    margin = round(0.016 * width)
    title_height = round(max(0.06 * height, 40))
    footer = round(max(0.035 * height, 26))
    frame = QRectF(margin, title_height, width - 2 * margin, height - title_height - footer)
    settings = _settings(layers, extent, crs, frame)
    picture = _picture(settings)
    key = MapLegend(legend_layers or layers, settings, _DOTS, language) if legend else None
    box, columns = None, 1
    if key is not None:
        for columns in (1, 2, 3):
            box = _free_corner(picture, key.size(columns), margin / 2)
            if box is not None:
                box.translate(frame.topLeft())
                break
        else:
            columns = 1
            wide = min(key.size().width() + margin, 0.42 * width)
            frame.setWidth(frame.width() - wide)
            settings = _settings(layers, extent, crs, frame)
            picture = _picture(settings)
            box = QRectF(frame.right() + margin, frame.top(), wide - margin, frame.height())
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw_map(painter, frame, picture)
        if key is not None and box is not None:
            key.draw(painter, box, columns)
        _draw_title(painter, QRectF(margin, 0, width - 2 * margin, title_height), title)
        _draw_north(painter, frame, settings, language)
        _draw_scale_bar(painter, frame, settings, language)
        foot = QRectF(margin, frame.bottom(), width - 2 * margin, footer)
        _draw_footer(painter, foot, settings, illustrative, language)
    finally:
        painter.end()
    if path is not None and not image.save(str(path)):
        raise PlannerError("layers.map.not_written", path=str(path))
    return image


def _map_crs(layers: Sequence[QgsMapLayer]) -> QgsCoordinateReferenceSystem:
    crs = QgsProject.instance().crs()
    return crs if crs.isValid() or not layers else layers[0].crs()


def _full_extent(layers: Sequence[QgsMapLayer], crs: QgsCoordinateReferenceSystem) -> QgsRectangle:
    extents = [
        QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance()).transformBoundingBox(layer.extent())
        for layer in layers
        if not layer.extent().isEmpty()
    ]
    whole = extents[0] if extents else QgsRectangle(0, 0, 1, 1)
    for extent in extents[1:]:
        whole.combineExtentWith(extent)
    whole.scale(1.05)
    return whole


def _settings(
    layers: Sequence[QgsMapLayer], extent: QgsRectangle, crs: QgsCoordinateReferenceSystem, frame: QRectF
) -> QgsMapSettings:
    settings = QgsMapSettings()
    settings.setLayers(list(layers))
    settings.setDestinationCrs(crs)
    settings.setTransformContext(QgsProject.instance().transformContext())
    settings.setEllipsoid(QgsProject.instance().ellipsoid())
    settings.setOutputSize(QSize(int(frame.width()), int(frame.height())))
    settings.setOutputDpi(_DPI)
    settings.setExtent(extent)
    settings.setBackgroundColor(QColor("#ffffff"))
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.globalScope())
    context.appendScope(QgsExpressionContextUtils.projectScope(QgsProject.instance()))
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    labelling = settings.labelingEngineSettings()
    labelling.setFlag(QgsLabelingEngineSettings.Flag.UsePartialCandidates, False)
    settings.setLabelingEngineSettings(labelling)
    settings.setFlag(QgsMapSettings.Flag.Antialiasing, True)
    settings.setFlag(QgsMapSettings.Flag.DrawLabeling, True)
    settings.setFlag(QgsMapSettings.Flag.UseAdvancedEffects, True)
    return settings


def _picture(settings: QgsMapSettings) -> QImage:
    picture = QImage(settings.outputSize(), QImage.Format.Format_RGB32)
    picture.setDotsPerMeterX(round(_DPI / 0.0254))
    picture.setDotsPerMeterY(round(_DPI / 0.0254))
    picture.fill(_PAPER)
    painter = QPainter(picture)
    # In this thread: expressions that read other layers need the main thread, so it must not wait for another.
    QgsMapRendererCustomPainterJob(settings, painter).renderSynchronously()
    painter.end()
    return picture


def _draw_map(painter: QPainter, frame: QRectF, picture: QImage) -> None:
    painter.drawImage(frame, picture, QRectF(picture.rect()))
    painter.setPen(QPen(_INK, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(frame)


def _free_corner(picture: QImage, size: QSizeF, margin: float) -> QRectF | None:
    """Where the legend covers nothing: a place along the lower or upper edge, or None."""
    wide, tall = size.width() + margin, size.height() + margin
    right, bottom = picture.width() - wide, picture.height() - tall
    if right < margin or bottom < margin:
        return None
    used = ink(picture)
    used[-round(picture.height() * 0.08) :, : round(picture.width() * 0.3)] = True  # the scale bar
    used[: round(picture.height() * 0.14), -round(picture.height() * 0.14) :] = True  # the north arrow
    for top in (bottom, margin):
        for share in (1.0, 0.0, 0.8, 0.2, 0.6, 0.4):
            left = margin + share * (right - margin)
            if not used[round(top) : round(top + tall), round(left) : round(left + wide)].any():
                return QRectF(left, top, size.width(), size.height())
    return None


def ink(picture: QImage) -> np.ndarray:
    """Where a picture is not blank paper: ``(height, width)`` of bool."""
    rows = picture.convertToFormat(QImage.Format.Format_RGB32)
    bits = rows.constBits()
    bits.setsize(rows.sizeInBytes())
    pixels = np.frombuffer(bits, np.uint8).reshape(rows.height(), rows.bytesPerLine() // 4, 4)
    inked: np.ndarray = (pixels[:, : rows.width(), :3] < 250).any(axis=2)
    return inked


def _draw_title(painter: QPainter, place: QRectF, title: str) -> None:
    font = cjk_font(10, bold=True)
    font.setPixelSize(round(place.height() * 0.5))
    painter.setFont(font)
    painter.setPen(_INK)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, title)


def _draw_north(painter: QPainter, frame: QRectF, settings: QgsMapSettings, language: str | None) -> None:
    """An arrow at the frame's upper right, turned to the north of the middle of the map."""
    tall = frame.height() * 0.07
    middle = QPointF(frame.right() - tall * 0.8, frame.top() + tall)
    painter.fillRect(QRectF(middle.x() - tall * 0.5, frame.top() + 2, tall, tall * 1.62), _VEIL)
    painter.save()
    painter.translate(middle)
    painter.rotate(_north_angle(settings))
    painter.setPen(QPen(_INK, 1.5))
    half = tall * 0.28
    left = [QPointF(0, -tall * 0.5), QPointF(-half, tall * 0.5), QPointF(0, tall * 0.25)]
    right = [QPointF(0, -tall * 0.5), QPointF(half, tall * 0.5), QPointF(0, tall * 0.25)]
    painter.setBrush(_INK)
    painter.drawPolygon(QPolygonF(left))
    painter.setBrush(QColor("#ffffff"))
    painter.drawPolygon(QPolygonF(right))
    font = cjk_font(10, bold=True)
    font.setPixelSize(max(10, round(tall * 0.32)))
    painter.setFont(font)
    painter.drawText(
        QRectF(-tall, -tall * 0.98, 2 * tall, tall * 0.45),
        Qt.AlignmentFlag.AlignCenter,
        text("layers.map.north", language),
    )
    painter.restore()


def _north_angle(settings: QgsMapSettings) -> float:
    """Degrees clockwise from the picture's top to true north at the middle of the map."""
    import math

    crs = settings.destinationCrs()
    centre = settings.visibleExtent().center()
    to_degrees = QgsCoordinateTransform(crs, QgsCoordinateReferenceSystem("EPSG:4490"), QgsProject.instance())
    at = to_degrees.transform(centre)
    back = QgsCoordinateTransform(to_degrees.destinationCrs(), crs, QgsProject.instance())
    north = back.transform(QgsPointXY(at.x(), at.y() + 0.01))
    return math.degrees(math.atan2(north.x() - centre.x(), north.y() - centre.y()))


def _draw_scale_bar(painter: QPainter, frame: QRectF, settings: QgsMapSettings, language: str | None) -> None:
    """Two black-and-white parts of a round length, true at the middle of the map on the ellipsoid."""
    measure = QgsDistanceArea()
    measure.setSourceCrs(settings.destinationCrs(), QgsProject.instance().transformContext())
    measure.setEllipsoid("EPSG:1024")
    seen = settings.visibleExtent()
    level = seen.center().y()
    metres = measure.measureLine(QgsPointXY(seen.xMinimum(), level), QgsPointXY(seen.xMaximum(), level))
    if not metres > 0:
        return
    kilometres = _round_length(metres / 1000 * 0.16)
    part = kilometres * 1000 / metres * frame.width()
    tall = max(6.0, frame.height() * 0.009)
    font = cjk_font(8)
    font.setPixelSize(max(11, round(frame.height() * 0.019)))
    x, y = frame.left() + frame.height() * 0.03, frame.bottom() - frame.height() * 0.03 - tall
    back = QRectF(x - 14, y - font.pixelSize() * 1.7, 2 * part + font.pixelSize() * 5, tall + font.pixelSize() * 2.1)
    painter.fillRect(back, _VEIL)
    painter.setFont(font)
    painter.setPen(QPen(_INK, 1.2))
    for number, shade in ((0, _INK), (1, QColor("#ffffff"))):
        painter.setBrush(shade)
        painter.drawRect(QRectF(x + number * part, y, part, tall))
    captions = ("0", f"{kilometres:g}", text("layers.map.kilometres", language, km=f"{2 * kilometres:g}"))
    for number, caption in enumerate(captions):
        place = QRectF(x + number * part - 150, y - font.pixelSize() * 1.4, 300, font.pixelSize() * 1.3)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, caption)


def _round_length(kilometres: float) -> float:
    """The largest of 1, 2, 5 × 10ⁿ not above a length."""
    import math

    power = 10 ** math.floor(math.log10(kilometres))
    return max(step * power for step in (1, 2, 5) if step * power <= kilometres * 1.0001)


def _draw_footer(
    painter: QPainter, place: QRectF, settings: QgsMapSettings, illustrative: bool, language: str | None
) -> None:
    font = cjk_font(8)
    font.setPixelSize(max(11, round(place.height() * 0.45)))
    painter.setFont(font)
    painter.setPen(QColor("#4a4a4a"))
    crs = settings.destinationCrs()
    painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, crs.description())
    if illustrative:
        painter.setPen(QColor("#b3001b"))
        note = text("layers.map.illustrative", language)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, note)
