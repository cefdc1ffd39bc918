"""What is written on a figure's map: in a typeface that is installed, sized for paper."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qgis.core import (
    QgsPalLayerSettings,
    QgsProperty,
    QgsPropertyCollection,
    QgsSimpleLineCallout,
    QgsTextBackgroundSettings,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import QSizeF
from qgis.PyQt.QtGui import QColor

from ..layers.style_making.labels import LABELS, Label, wrapped
from ..layers.style_making.symbols import colour, line_layer, line_symbol
from .lettering import text_format as format_of


@dataclass(frozen=True)
class Lettering:
    """Typefaces and size of type on a page.

    Attributes
    ----------
    heiti, songti
        Installed families for headings and names, and for running text.
    zoom
        Size of type against A3.
    """

    heiti: str
    songti: str
    zoom: float = 1.0


#: The names of figures, where they differ from the screen's.  Scale limits are the screen's affair.
_LABELS: dict[str, Label] = {
    **LABELS,
    "restoration_zone": replace(
        LABELS["restoration_zone"], expression="concat(\"code\", '\\n', " + wrapped('"name"', 7) + ")", size=10
    ),
    "zone_code": replace(LABELS["restoration_zone"], expression='"code"', size=15, colour="#6a6a6a"),
    # Names of many key areas would hide each other; the table beside the map has them
    "key_area": replace(
        LABELS["key_area"],
        expression="if(count(1) <= 8, concat(\"code\", '\\n', " + wrapped('"name"', 8) + '), "code")',
        size=8,
    ),
    # The spaces keep plates apart: QGIS places words, not what is drawn behind them
    "project": replace(LABELS["project"], expression="concat(' ', \"code\", ' ')", size=7, obstacle=True),
    "admin_unit": replace(LABELS["admin_unit"], show="\"level\" = 'county'", sizes="9", size=9, colour="#3c3c3c"),
    "admin_unit_towns": replace(LABELS["admin_unit"], show=None, size=6.2, sizes="if(\"level\" = 'county', 9, 6.2)"),
    # A reserve is named once, though its core and its general zone are two rows
    "nature_reserve": replace(
        LABELS["nature_reserve"],
        show="coalesce(\"control\", 'core') = 'general' or count(1, group_by:=\"name\") = 1",
    ),
}


def labelling(name: str, lettering: Lettering) -> QgsVectorLayerSimpleLabeling | None:
    """The labels of a table (or of one of the kinds above); None where it has none."""
    label = _LABELS.get(name)
    if label is None:
        return None
    settings = QgsPalLayerSettings()
    settings.fieldName = label.expression
    settings.isExpression = True
    settings.setFormat(_format(label, lettering))
    settings.priority = label.priority
    settings.multilineAlign = QgsPalLayerSettings.MultiLineAlign.MultiCenter
    settings.obstacle = label.obstacle
    if label.along_line:
        settings.placement = QgsPalLayerSettings.Placement.Curved
        settings.mergeLines = True
        settings.repeatDistance = 120
        settings.repeatDistanceUnit = QgsUnitTypes.RenderUnit.RenderMillimeters
    elif label.beside:
        settings.placement = QgsPalLayerSettings.Placement.OutsidePolygons
        settings.labelPerPart = True
        settings.setFormat(_plate(settings.format()))
        settings.setCallout(_leader())
    else:
        settings.placement = QgsPalLayerSettings.Placement.Horizontal
        settings.centroidInside = True
        settings.fitInPolygonOnly = name in ("restoration_zone", "zone_code", "admin_unit_towns")
    settings.setDataDefinedProperties(_data_defined(label, lettering))
    return QgsVectorLayerSimpleLabeling(settings)


def _format(label: Label, lettering: Lettering) -> QgsTextFormat:
    text_format = format_of(lettering.heiti, label.size * lettering.zoom, label.bold, label.colour)
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.6)
    halo.setSizeUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    halo.setColor(colour("#ffffff", 0.85))
    text_format.setBuffer(halo)
    return text_format


def _plate(text_format: QgsTextFormat) -> QgsTextFormat:
    """A code on a small white plate, as the numbered symbols of printed plans."""
    plate = QgsTextBackgroundSettings()
    plate.setEnabled(True)
    plate.setType(QgsTextBackgroundSettings.ShapeType.ShapeRectangle)
    plate.setSizeType(QgsTextBackgroundSettings.SizeType.SizeBuffer)
    plate.setSize(QSizeF(0.1, 0.2))
    plate.setSizeUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    plate.setRadii(QSizeF(1.2, 1.2))
    plate.setRadiiUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    plate.setFillColor(QColor("#ffffff"))
    plate.setStrokeColor(QColor("#1a1a1a"))
    plate.setStrokeWidth(0.25)
    plate.setStrokeWidthUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    changed = QgsTextFormat(text_format)
    changed.setBackground(plate)
    halo = changed.buffer()
    halo.setEnabled(False)
    changed.setBuffer(halo)
    return changed


def _leader() -> QgsSimpleLineCallout:
    """A line from a plate to its site."""
    leader = QgsSimpleLineCallout()
    leader.setEnabled(True)
    leader.setLineSymbol(line_symbol(line_layer(colour("#1a1a1a"), 0.2)))
    leader.setMinimumLength(0.4)
    # of a site in several parts the one beside the plate, not the middle of them all
    leader.setAnchorPoint(QgsSimpleLineCallout.AnchorPoint.PointOnExterior)
    leader.setMinimumLengthUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    return leader


def _data_defined(label: Label, lettering: Lettering) -> QgsPropertyCollection:
    properties = QgsPropertyCollection()
    if label.show:
        properties.setProperty(QgsPalLayerSettings.Property.Show, QgsProperty.fromExpression(label.show))
    if label.sizes:
        sizes = f"({label.sizes}) * {lettering.zoom}"
        properties.setProperty(QgsPalLayerSettings.Property.Size, QgsProperty.fromExpression(sizes))
    # Equal labels would be drawn in the order in which memory happened to be given out, another one each time
    height = QgsProperty.fromExpression(f"{label.priority} + $id * 1e-7")
    properties.setProperty(QgsPalLayerSettings.Property.ZIndex, height)
    return properties
