"""The legend of a picture of a map: the classes that are on the map, laid out in columns."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import (
    Qgis,
    QgsLayerTree,
    QgsLayerTreeModel,
    QgsLegendRenderer,
    QgsLegendSettings,
    QgsLegendStyle,
    QgsMapLayer,
    QgsMapSettings,
    QgsRenderContext,
    QgsSingleSymbolRenderer,
)
from qgis.PyQt.QtCore import QRectF, QSizeF
from qgis.PyQt.QtGui import QFont, QPainter

from ..core.texts import text
from .fonts import cjk_font


class MapLegend:
    """Explains layers; classes that the map does not show are left out.

    Parameters
    ----------
    layers
        In the order of explanation; layers of one symbol come first, since they have no heading.
    settings
        Of the map that the legend belongs to.
    dots
        Pixels a millimetre.
    """

    def __init__(
        self, layers: Sequence[QgsMapLayer], settings: QgsMapSettings, dots: float, language: str | None
    ) -> None:
        self._dots = dots
        self._columns = 1
        self._tree = QgsLayerTree()
        for layer in sorted(layers, key=lambda la: not isinstance(la.renderer(), QgsSingleSymbolRenderer)):
            self._tree.addLayer(layer)
        self._model = QgsLayerTreeModel(self._tree)
        _show_what_is_on_the_map(self._model, settings)
        self._style = _style(text("layers.map.legend", language))

    def size(self, columns: int = 1) -> QSizeF:
        """Width and height in pixels when set in so many columns."""
        self._set_columns(columns)
        return QgsLegendRenderer(self._model, self._style).minimumSize() * self._dots

    def draw(self, painter: QPainter, place: QRectF, columns: int = 1) -> None:
        """Draw it at the upper left of a place (pixels), smaller where it would not fit."""
        size = self.size(columns)
        shrink = min(1.0, place.width() / size.width(), place.height() / size.height())
        painter.save()
        painter.translate(place.topLeft())
        painter.scale(self._dots * shrink, self._dots * shrink)  # the legend is laid out in millimetres
        context = QgsRenderContext.fromQPainter(painter)
        context.setScaleFactor(self._dots)
        renderer = QgsLegendRenderer(self._model, self._style)
        renderer.setLegendSize(renderer.minimumSize())
        renderer.drawLegend(context)
        painter.restore()

    def _set_columns(self, columns: int) -> None:
        self._style.setColumnCount(columns)
        self._style.setSplitLayer(False)


def _show_what_is_on_the_map(model: QgsLayerTreeModel, settings: QgsMapSettings) -> None:
    if Qgis.QGIS_VERSION_INT >= 33200:
        from qgis.core import QgsLayerTreeFilterSettings

        model.setFilterSettings(QgsLayerTreeFilterSettings(settings))
    else:
        model.setLegendFilterByMap(settings)


def _set_font(style: QgsLegendStyle, font: QFont) -> None:
    if Qgis.QGIS_VERSION_INT >= 33000:
        text_format = style.textFormat()
        text_format.setFont(font)
        text_format.setSize(font.pointSizeF())
        style.setTextFormat(text_format)
    else:
        style.setFont(font)


def _style(title: str) -> QgsLegendSettings:
    style = QgsLegendSettings()
    style.setTitle(title)
    for component, points, bold in (
        (QgsLegendStyle.Style.Title, 12, True),
        (QgsLegendStyle.Style.Subgroup, 9, True),
        (QgsLegendStyle.Style.Group, 9, True),
        (QgsLegendStyle.Style.SymbolLabel, 8, False),
    ):
        part = style.style(component)
        _set_font(part, cjk_font(points, bold))
        if component == QgsLegendStyle.Style.Subgroup:
            part.setMargin(QgsLegendStyle.Side.Top, 3)
        style.setStyle(component, part)
    style.setSymbolSize(QSizeF(7, 4))
    return style
