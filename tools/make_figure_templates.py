"""Make the page templates in ``figures/templates`` anew: ``./dev run python tools/make_figure_templates.py``.

Run it with the oldest QGIS that is supported, whose files every later one reads.  Templates hold places, ids,
sizes of type and variables; fonts, layers and contents come in when a figure is laid out.
"""

from __future__ import annotations

import os
import re
import uuid
from typing import Any

NAMES = uuid.UUID("6f1f2f0e-0d5c-4f6e-9c3b-3b4f1f8f2a10")

#: Item id → what it says: layout variables, filled in for each figure.
LABELS = {
    "title": "[% @figure_title %]",
    "figure_number": "[% @figure_number %]",
    "footer_left": "[% @figure_issuer %]",
    "footer_middle": "[% @figure_crs %]",
    "footer_right": "[% @figure_date %]",
    "scale_text": "[% @figure_scale %]",
    "inset_title": "[% @figure_inset %]",
}


def main() -> None:
    """Write every template and name the files."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_HASH_SEED"] = "0"  # the same order of attributes every time
    from qgis.core import QgsApplication, QgsReadWriteContext
    from qgis.PyQt.QtXml import QDomDocument

    application = QgsApplication([], True)
    application.initQgis()
    from restoration_planner.figures.page.layouts import template_file
    from restoration_planner.figures.page.pages import ALL_PAGES, page

    for name in ALL_PAGES:
        layout = _layout(page(name))
        document = QDomDocument()
        document.appendChild(layout.writeXml(document, QgsReadWriteContext()))
        file = template_file(name)
        file.write_text(_with_lasting_names(document.toString(1), name), encoding="utf-8")
        print(file.name)
        del layout
    application.exitQgis()


def _with_lasting_names(xml: str, name: str) -> str:
    """The items' random ids replaced by ones that are the same every time."""
    found = dict.fromkeys(re.findall(r"\{[0-9a-f]{8}-[0-9a-f-]{27}\}", xml))
    for number, old in enumerate(found):
        xml = xml.replace(old, f"{{{uuid.uuid5(NAMES, f'{name} {number}')}}}")
    return xml


def _layout(page: Any) -> Any:
    from qgis.core import (
        QgsFillSymbol,
        QgsLayoutFrame,
        QgsLayoutItemLabel,
        QgsLayoutItemLegend,
        QgsLayoutItemManualTable,
        QgsLayoutItemMap,
        QgsLayoutItemPage,
        QgsLayoutItemPicture,
        QgsLayoutItemScaleBar,
        QgsLayoutItemShape,
        QgsLayoutPoint,
        QgsLayoutSize,
        QgsPrintLayout,
        QgsProject,
        QgsRectangle,
    )
    from qgis.PyQt.QtCore import QRectF, Qt
    from qgis.PyQt.QtGui import QFont

    from restoration_planner.figures.page import pages

    layout = QgsPrintLayout(QgsProject.instance())
    layout.initializeDefaults()
    layout.setName(page.name)
    sheet = layout.pageCollection().page(0)
    sheet.setPageSize(QgsLayoutSize(page.width, page.height))
    assert isinstance(sheet, QgsLayoutItemPage)

    def place(item: Any, item_id: str) -> Any:
        x, y, w, h = page.boxes[item_id]
        item.setId(item_id)
        item.attemptMove(QgsLayoutPoint(x, y))
        item.attemptResize(QgsLayoutSize(w, h))
        return item

    def add(item: Any, item_id: str) -> Any:
        layout.addLayoutItem(item)
        return place(item, item_id)

    for item_id, width in (("neatline", 0.6), ("panel", 0.3)):
        frame = QgsLayoutItemShape(layout)
        frame.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
        frame.setSymbol(
            QgsFillSymbol.createSimple(
                {"style": "no", "outline_color": "26,26,26", "outline_width": str(round(width * page.zoom, 2))}
            )
        )
        add(frame, item_id)
    centre, left, right = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    sides = {"title": centre, "footer_middle": centre, "footer_right": right, "scale_text": left, "inset_title": left}
    for item_id, says in LABELS.items():
        label = QgsLayoutItemLabel(layout)
        label.setText(says)
        font = QFont()
        kind = item_id.split("_")[0] if item_id != "figure_number" else item_id
        font.setPointSizeF(round(pages.TYPE_SIZES[kind] * page.type_zoom, 1))
        font.setBold(item_id in ("title", "figure_number"))
        label.setFont(font)
        label.setMarginX(0)
        label.setMarginY(0)
        label.setHAlign(sides.get(item_id, left))
        label.setVAlign(Qt.AlignmentFlag.AlignVCenter)
        add(label, item_id)
    for item_id in ("map", "inset"):
        shown = QgsLayoutItemMap(layout)
        x, y, w, h = page.boxes[item_id]
        shown.attemptSetSceneRect(QRectF(x, y, w, h))
        shown.setFrameEnabled(True)
        add(shown, item_id)
        shown.setExtent(QgsRectangle(0, 0, w * 1000, h * 1000))  # without one its height comes back as no number
    legend = QgsLayoutItemLegend(layout)
    legend.setResizeToContents(False)
    add(legend, "legend")
    table = QgsLayoutItemManualTable.create(layout)
    layout.addMultiFrame(table)
    frame = QgsLayoutFrame(layout, table)
    x, y, w, h = page.boxes["table"]
    frame.attemptSetSceneRect(QRectF(x, y, w, h))
    table.addFrame(frame)
    place(frame, "table")
    arrow = QgsLayoutItemPicture(layout)
    add(arrow, "north_arrow")
    bar = QgsLayoutItemScaleBar(layout)
    bar.setStyle("Double Box")
    add(bar, "scale_bar")
    return layout


if __name__ == "__main__":
    main()
