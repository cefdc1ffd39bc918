"""Labels in Chinese: dark text with a white halo, a range of scales, and fonts that have the characters."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import (
    QgsPalLayerSettings,
    QgsProperty,
    QgsPropertyCollection,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor, QFont

from ..fonts import CJK_FONTS


@dataclass(frozen=True)
class Label:
    """How the features of a table are labelled.

    Attributes
    ----------
    expression
        What is written.
    size
        Points.
    smallest, largest
        Denominators between which labels are shown (1:smallest is the farthest view).
    obstacle
        Whether other labels keep off its features.
    show
        Expression that says which features are labelled, if not all.
    sizes
        Expression for the size, if it differs from feature to feature.
    beside
        Whether every part gets its label, outside of it: small sites are not to be hidden by their codes.
    """

    expression: str
    size: float
    colour: str = "#1a1a1a"
    bold: bool = False
    smallest: float = 3_000_000
    largest: float = 0
    show: str | None = None
    sizes: str | None = None
    along_line: bool = False
    beside: bool = False
    obstacle: bool = False
    priority: int = 5


def wrapped(expression: str, length: int) -> str:
    """At most so many characters a line, the lines about equally long."""
    name = f"coalesce({expression}, '')"
    even = f"ceil(length({name}) / ceil(length({name}) / {length}.0))"
    return f"regexp_replace({name}, concat('(.{{', {even}, '}})(?=.)'), '\\\\1\\n')"


#: Chinese has no spaces to break at, so long names are broken after so many characters.
LABELS: dict[str, Label] = {
    "restoration_zone": Label(
        "concat(\"code\", '\\n', " + wrapped('"name"', 9) + ")",
        11,
        bold=True,
        smallest=4_000_000,
        largest=60_000,
        priority=8,
    ),
    "key_area": Label(
        wrapped('coalesce("name", "code")', 9), 9, "#14452f", smallest=1_500_000, largest=30_000, priority=6
    ),
    "project": Label(
        "if(@map_scale < 150000, concat(\"code\", '\\n', " + wrapped('"name"', 12) + '), "code")',
        8.5,
        "#101010",
        bold=True,
        smallest=2_000_000,
        priority=10,
        beside=True,
        obstacle=True,
    ),
    "admin_unit": Label(
        '"name"',
        7.5,
        "#4a4a4a",
        smallest=2_500_000,
        show="\"level\" = 'county' or @map_scale < 400000",
        sizes="if(\"level\" = 'county', 9, 7.5)",
        priority=3,
    ),
    "red_line": Label('"name"', 7.5, "#9b1113", smallest=150_000, priority=2),
    "nature_reserve": Label('"name"', 8, "#00572f", smallest=600_000, priority=4),
    "urban_boundary": Label('"name"', 7.5, "#5d2470", smallest=250_000, priority=2),
    "legacy_mine": Label('"name"', 7.5, "#6b3822", smallest=120_000, priority=2),
    "river": Label('"name"', 8, "#1f6a96", smallest=800_000, along_line=True, priority=4),
    "water_body": Label('"name"', 8, "#1f6a96", smallest=500_000, priority=3),
}


def label_layer(layer: QgsVectorLayer, table: str) -> None:
    """Label a table's layer, or switch its labels off where it has none."""
    label = LABELS.get(table)
    if label is None:
        layer.setLabelsEnabled(False)
        return
    settings = QgsPalLayerSettings()
    settings.fieldName = label.expression
    settings.isExpression = True
    settings.setFormat(_text_format(label))
    settings.scaleVisibility = True
    settings.minimumScale = label.smallest
    settings.maximumScale = label.largest
    settings.priority = label.priority
    settings.multilineAlign = QgsPalLayerSettings.MultiLineAlign.MultiCenter
    settings.obstacle = label.obstacle
    if label.along_line:
        settings.placement = QgsPalLayerSettings.Placement.Curved
        settings.mergeLines = True
    elif label.beside:
        settings.placement = QgsPalLayerSettings.Placement.OutsidePolygons
        settings.labelPerPart = True
    else:
        settings.placement = QgsPalLayerSettings.Placement.Horizontal
        settings.centroidInside = True
    settings.setDataDefinedProperties(_data_defined(label))
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def _text_format(label: Label) -> QgsTextFormat:
    font = QFont(CJK_FONTS[0])
    font.setBold(label.bold)
    text_format = QgsTextFormat()
    text_format.setFont(font)
    text_format.setFamilies(list(CJK_FONTS))
    text_format.setSize(label.size)
    text_format.setSizeUnit(QgsUnitTypes.RenderUnit.RenderPoints)
    text_format.setColor(QColor(label.colour))
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.9)
    halo.setSizeUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    halo.setColor(QColor("#ffffff"))
    halo.setOpacity(0.9)
    text_format.setBuffer(halo)
    return text_format


def _data_defined(label: Label) -> QgsPropertyCollection:
    properties = QgsPropertyCollection()
    if label.show:
        properties.setProperty(QgsPalLayerSettings.Property.Show, QgsProperty.fromExpression(label.show))
    if label.sizes:
        properties.setProperty(QgsPalLayerSettings.Property.Size, QgsProperty.fromExpression(label.sizes))
    return properties
