"""The pages of a siting sheet, filled from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import (
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemPage,
    QgsLayoutSize,
    QgsPrintLayout,
)
from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QFont

from ..page.fitting import line_height_mm, text_width_mm, wrapped
from ..page.lettering import print_font, set_label_font

#: A4 upright; the left margin is for binding.
WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT, TOP, BOTTOM = 20.0, 15.0, 15.0, 15.0
BODY = WIDTH - LEFT - RIGHT
#: Points.
TITLE_SIZE, HEADING_SIZE, TEXT_SIZE, SMALL_SIZE, LIST_SIZE = 18.0, 10.5, 8.0, 7.5, 7.0
_RUNNING_AT, _PAGE_NUMBER_AT, _LINE = 8.0, 9.0, 5.0
#: Rounding of text between what is measured and what is drawn.
_SAFETY = 0.6


@dataclass(frozen=True)
class Faces:
    """Installed families: heiti for headings and captions, songti for running text."""

    heiti: str
    songti: str

    def heading(self, points: float = HEADING_SIZE) -> QFont:
        """For headings and captions."""
        return print_font(self.heiti, points, True)

    def body(self, points: float = TEXT_SIZE) -> QFont:
        """For what is read."""
        return print_font(self.songti, points)


class Paper:
    """A layout being filled: `y` is how far its last page is."""

    def __init__(self, layout: QgsPrintLayout, faces: Faces) -> None:
        self.layout, self.faces = layout, faces
        self._pages = layout.pageCollection()
        self._pages.clear()
        self._add_page()

    def _add_page(self) -> None:
        sheet = QgsLayoutItemPage(self.layout)
        sheet.setPageSize(QgsLayoutSize(WIDTH, HEIGHT))
        self._pages.addPage(sheet)
        self.y = TOP

    @property
    def room(self) -> float:
        """Millimetres left on the page."""
        return HEIGHT - BOTTOM - self.y

    @property
    def page_room(self) -> float:
        """Millimetres on an empty page."""
        return HEIGHT - BOTTOM - TOP

    @property
    def pages(self) -> int:
        """How many there are."""
        return int(self._pages.pageCount())

    def new_page(self) -> None:
        """Go on at the top of a new page."""
        self._add_page()

    def need(self, height: float) -> None:
        """Go to a new page where less than so much is left, unless this one is still empty."""
        if self.room < height and self.y > TOP:
            self.new_page()

    def box(self, x: float, width: float, height: float, page: int | None = None, y: float | None = None) -> QRectF:
        """A box at a place on a page (by default where the last one is filled to), as the layout counts."""
        number = self.pages - 1 if page is None else page
        top = self._pages.page(number).pos().y()
        return QRectF(x, top + (self.y if y is None else y), width, height)

    def put(self, item: QgsLayoutItem, item_id: str, box: QRectF) -> None:
        """Add an item to the layout."""
        item.setId(item_id)
        self.layout.addLayoutItem(item)
        item.attemptSetSceneRect(box)

    def write(
        self,
        words: str,
        item_id: str,
        font: QFont,
        box: QRectF,
        across: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> QgsLayoutItemLabel:
        """Words in a box, as they stand: broken already, and no expressions."""
        label = QgsLayoutItemLabel(self.layout)
        label.setText(words.replace("[%", "[ %"))
        label.setMarginX(0)
        label.setMarginY(0)
        label.setHAlign(across)
        label.setVAlign(Qt.AlignmentFlag.AlignVCenter)
        set_label_font(label, font)
        self.put(label, item_id, box)
        return label

    def height_of(self, words: str, font: QFont) -> float:
        """What words over the whole width take."""
        return (broken_to(words, font, BODY).count("\n") + 1) * line_height_mm(font) + _SAFETY

    def paragraph(
        self,
        words: str,
        item_id: str,
        font: QFont,
        below: float = 1.5,
        across: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """Words over the whole width, in as many lines as they need."""
        broken = broken_to(words, font, BODY)
        height = (broken.count("\n") + 1) * line_height_mm(font) + _SAFETY
        self.need(height)
        self.write(broken, item_id, font, self.box(LEFT, BODY, height), across)
        self.y += height + below

    def number_pages(self, running: str, caption: str) -> None:
        """Page numbers at the foot of each page, and what the sheet is at the head of all but the first.

        Parameters
        ----------
        running
            Cut to one line.
        caption
            With ``{page}`` and ``{pages}``.
        """
        font = self.faces.body(SMALL_SIZE)
        for page in range(self.pages):
            words = caption.format(page=page + 1, pages=self.pages)
            box = self.box(LEFT, BODY, _LINE, page, HEIGHT - _PAGE_NUMBER_AT - _LINE / 2)
            self.write(words, f"page_{page + 1}", font, box, Qt.AlignmentFlag.AlignHCenter)
            if page:
                box = self.box(LEFT, BODY, _LINE, page, _RUNNING_AT)
                self.write(_cut(running, font, BODY), f"running_{page + 1}", font, box)


def broken_to(words: str, font: QFont, width: float) -> str:
    """Words in lines that fit a width; a word that is wider than that by itself is broken anywhere."""
    lines: list[str] = []
    for line in wrapped(words, font, width).split("\n"):
        rest = line
        while rest and text_width_mm(rest, font) > width:
            fits = next((n for n in range(len(rest) - 1, 1, -1) if text_width_mm(rest[:n], font) <= width), 1)
            lines.append(rest[:fits])
            rest = rest[fits:]
        lines.append(rest)
    return "\n".join(lines)


def _cut(words: str, font: QFont, width: float) -> str:
    if text_width_mm(words, font) <= width:
        return words
    fits = next((n for n in range(len(words) - 1, 0, -1) if text_width_mm(words[:n] + "…", font) <= width), 0)
    return words[:fits] + "…"
