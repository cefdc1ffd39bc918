"""Put symbols, labels, form and captions together and write them as QML."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsMapLayer, QgsReadWriteContext, QgsVectorLayer
from qgis.PyQt.QtXml import QDomDocument

from ...core.plan.schema import PLAN_EPSG, TABLES
from ..captions import caption_layer
from ..catalogue import has_geometry, style_file
from .forms import add_written_panels, form_layer
from .labels import label_layer
from .renderers import renderer_of

_QGIS_TYPES = {"text": "string", "integer": "integer", "real": "double", "boolean": "bool"}
_CATEGORY = QgsMapLayer.StyleCategory
CATEGORIES = _CATEGORY.Symbology | _CATEGORY.Labeling | _CATEGORY.Fields | _CATEGORY.Forms | _CATEGORY.Rendering


def blank_layer(table: str) -> QgsVectorLayer:
    """An empty layer in memory with a table's geometry and fields."""
    shape = TABLES[table].geometry or "NoGeometry"
    fields = "".join(f"&field={f.name}:{_QGIS_TYPES[f.type]}" for f in TABLES[table].fields)
    return QgsVectorLayer(f"{shape}?crs=EPSG:{PLAN_EPSG}&field=fid:integer{fields}", table, "memory")


def dress(layer: QgsVectorLayer, table: str) -> None:
    """Give a table's layer its style and form, in Chinese."""
    if has_geometry(table):
        layer.setRenderer(renderer_of(table))
        label_layer(layer, table)
    form_layer(layer, table)
    caption_layer(layer, table, "zh")


def style_as_qml(layer: QgsVectorLayer) -> str:
    """A layer's style as QML, without what only old versions of QGIS would read."""
    document = QDomDocument("qgis")
    layer.exportNamedStyle(document, QgsReadWriteContext(), CATEGORIES)
    add_written_panels(document)
    old = document.elementsByTagName("prop")
    for element in [old.at(i) for i in range(old.count())]:
        if not element.parentNode().firstChildElement("Option").isNull():
            element.parentNode().removeChild(element)
    return document.toString(1)


def make_styles(folder: Path | None = None) -> list[Path]:
    """Write the QML file of every table; returns the files."""
    written = []
    for table in TABLES:
        layer = blank_layer(table)
        dress(layer, table)
        file = style_file(table) if folder is None else folder / style_file(table).name
        file.write_text(style_as_qml(layer), encoding="utf-8")
        written.append(file)
    return written
