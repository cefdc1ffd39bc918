"""Symbols of the map: fills, outlines and hatches with sizes in millimetres."""

from __future__ import annotations

from qgis.core import (
    QgsFillSymbol,
    QgsLinePatternFillSymbolLayer,
    QgsLineSymbol,
    QgsSimpleFillSymbolLayer,
    QgsSimpleLineSymbolLayer,
    QgsSymbol,
    QgsSymbolLayer,
)
from qgis.PyQt.QtGui import QColor


def colour(name: str, opacity: float = 1.0) -> QColor:
    """A colour with its opacity (0 … 1)."""
    made = QColor(name)
    made.setAlphaF(opacity)
    return made


def _numbers(c: QColor) -> str:
    return f"{c.red()},{c.green()},{c.blue()},{c.alpha()}"


def fill_layer(fill: QColor | None, line: QColor | None, width: float = 0.3, dash: str = "solid") -> QgsSymbolLayer:
    """A fill with an outline; None leaves either away."""
    return QgsSimpleFillSymbolLayer.create(
        {
            "color": _numbers(fill) if fill else "0,0,0,0",
            "style": "solid" if fill else "no",
            "outline_color": _numbers(line) if line else "0,0,0,0",
            "outline_style": dash if line else "no",
            "outline_width": str(width),
            "outline_width_unit": "MM",
            "joinstyle": "round",
        }
    )


def line_layer(line: QColor, width: float, dash: str = "solid", pattern: str | None = None) -> QgsSymbolLayer:
    """A line, also as a polygon's outline; ``pattern`` is a dash vector such as ``4;2``."""
    properties = {
        "line_color": _numbers(line),
        "line_width": str(width),
        "line_width_unit": "MM",
        "line_style": dash,
        "joinstyle": "round",
        "capstyle": "flat" if pattern else "round",
    }
    if pattern:
        properties.update(use_custom_dash="1", customdash=pattern, customdash_unit="MM")
    return QgsSimpleLineSymbolLayer.create(properties)


def hatch_layer(line: QColor, angle: float, distance: float, width: float) -> QgsSymbolLayer:
    """Parallel lines across a polygon."""
    layer = QgsLinePatternFillSymbolLayer.create({"angle": str(angle), "distance": str(distance)})
    layer.setSubSymbol(line_symbol(line_layer(line, width)))
    return layer


def fill_symbol(*layers: QgsSymbolLayer) -> QgsFillSymbol:
    """A polygon symbol of layers, the first drawn first."""
    symbol = QgsFillSymbol.createSimple({})
    _put(symbol, layers)
    return symbol


def line_symbol(*layers: QgsSymbolLayer) -> QgsLineSymbol:
    """A line symbol of layers, the first drawn first."""
    symbol = QgsLineSymbol.createSimple({})
    _put(symbol, layers)
    return symbol


def _put(symbol: QgsSymbol, layers: tuple[QgsSymbolLayer, ...]) -> None:
    for layer in layers:
        symbol.appendSymbolLayer(layer.clone())  # the list constructor does not take Python's layers over
    symbol.deleteSymbolLayer(0)
