"""What stands around the map: words, north arrow and scale bar."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsExpressionContextUtils,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutSize,
    QgsPrintLayout,
    QgsUnitTypes,
)

from ...core.texts import text
from ..cartography.labels import Lettering
from .fitting import bar_length_km, fit_in_box
from .lettering import label_font, print_font, set_label_font, text_format
from .pages import Page

_BOLD_LABELS = ("title", "figure_number")


def dress_labels(layout: QgsPrintLayout, lettering: Lettering) -> None:
    """Give labels their typeface, and break or shrink their words so that they fit."""
    for item in layout.items():
        if not isinstance(item, QgsLayoutItemLabel):
            continue
        font = label_font(item)
        family = lettering.heiti if item.id() in _BOLD_LABELS else lettering.songti
        font = print_font(family, font.pointSizeF(), font.bold())
        variable = _variable_of(item)
        words = item.currentText()
        broken, font = fit_in_box(words, font, item.rect().width(), item.rect().height())
        set_label_font(item, font)
        if variable and broken != words:
            QgsExpressionContextUtils.setLayoutVariable(layout, variable, broken)
        item.refresh()


def break_words(layout: QgsPrintLayout) -> None:
    """Break what labels show into lines again, in the type and the boxes that a technician gave them."""
    for item in layout.items():
        variable = _variable_of(item) if isinstance(item, QgsLayoutItemLabel) else ""
        if variable:
            words = item.currentText()
            broken, _ = fit_in_box(words, label_font(item), item.rect().width(), item.rect().height(), least=1)
            if broken != words:
                QgsExpressionContextUtils.setLayoutVariable(layout, variable, broken)
            item.refresh()


def _variable_of(label: QgsLayoutItemLabel) -> str:
    """The layout variable that a label shows and nothing else, or nothing."""
    written = label.text().strip()
    inside = written[2:-2].strip() if written.startswith("[%") and written.endswith("%]") else ""
    return inside[1:] if inside.startswith("@") else ""


def dress_arrow(layout: QgsPrintLayout, main: QgsLayoutItemMap, picture: Path) -> None:
    """The north arrow, turned to true north in the middle of the map."""
    arrow = layout.itemById("north_arrow")
    if isinstance(arrow, QgsLayoutItemPicture):
        arrow.setPicturePath(str(picture))
        arrow.setPictureAnchor(QgsLayoutItem.ReferencePoint.Middle)
        arrow.setLinkedMap(main)
        arrow.setNorthMode(QgsLayoutItemPicture.NorthMode.TrueNorth)
        arrow.refreshPicture()


def dress_scale_bar(layout: QgsPrintLayout, main: QgsLayoutItemMap, lettering: Lettering, page: Page) -> None:
    """A bar of two round lengths in kilometres."""
    bar = layout.itemById("scale_bar")
    if not isinstance(bar, QgsLayoutItemScaleBar):
        return
    room = page.boxes["scale_bar"][2]
    bar.setLinkedMap(main)
    bar.setUnits(QgsUnitTypes.DistanceUnit.DistanceKilometers)
    bar.setUnitLabel(text("figures.kilometres"))
    bar.setMapUnitsPerScaleBarUnit(1)
    bar.setNumberOfSegmentsLeft(0)
    bar.setNumberOfSegments(2)
    map_km = main.extent().width() / 1000
    bar.setUnitsPerSegment(bar_length_km(map_km, min(0.8 * room / main.rect().width(), 0.3)))
    bar.setHeight(1.6 * page.zoom)
    bar.setBoxContentSpace(0.5 * page.zoom)
    bar.setLabelBarSpace(1.2 * page.zoom)
    bar.setTextFormat(text_format(lettering.heiti, 8 * lettering.zoom))
    bar.setBackgroundEnabled(False)
    bar.attemptResize(QgsLayoutSize(room, page.boxes["scale_bar"][3]))  # a template's own type made it taller
