"""The list of papers: one row each, with a small picture, and a title that can be edited."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from qgis.PyQt.QtWidgets import QStyledItemDelegate, QWidget

from ...core.palette import GRADE_COLOURS
from ...core.store.project_papers import Paper
from ...core.texts import text
from ..icons import icon
from .thumbnails import ThumbnailMaker
from .values import ShownPaper, added_of, place_of, position_of, size_of, taken_of

COLUMNS = ("title", "place", "size", "taken", "position")
TITLE, PLACE = 0, 1
_FILLED = "papers_filled"
PICTURE_SIZE = QSize(84, 56)


class PapersModel(QAbstractTableModel):
    """Papers of one project; pictures are asked for when their row is first painted.

    Signals
    -------
    renamed(number, title)
        The user entered another title.
    """

    renamed = pyqtSignal(int, str)

    def __init__(self, maker: ThumbnailMaker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._maker = maker
        self._rows: list[ShownPaper] = []
        self._doubts: dict[int, str] = {}
        self._pictures: dict[tuple[int, str | None], QIcon] = {}
        self._why_none: dict[int, str] = {}
        self._asked: set[int] = set()
        maker.made.connect(self._made)

    def show(self, papers: Sequence[ShownPaper]) -> None:
        """Show these papers; pictures that are made already stay."""
        self.beginResetModel()
        self._rows = list(papers)
        self._maker.forget()
        self._asked.clear()
        self._why_none.clear()
        self._doubts = {}
        self.endResetModel()

    def show_doubts(self, doubts: dict[int, str]) -> None:
        """Number of a paper → what is odd about its position."""
        self._doubts = doubts
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def row(self, number: int) -> ShownPaper:
        """What a row shows."""
        return self._rows[number]

    def row_of(self, paper: int) -> int:
        """The row of a paper, -1 where it is not shown."""
        return next((row for row, shown in enumerate(self._rows) if shown.paper.id == paper), -1)

    def doubt(self, paper: Paper) -> str:
        """What is odd about a paper's position; empty where nothing is."""
        return self._doubts.get(paper.id, "")

    def why_no_picture(self, paper: Paper) -> str:
        """Why a paper has no small picture; empty where it has one, or is none."""
        return self._why_none.get(paper.id, "")

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return text(f"papers.ui.head.{COLUMNS[section]}")
        return None

    def flags(self, index: QModelIndex) -> Any:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == TITLE else flags

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        shown = self._rows[index.row()]
        paper, column = shown.paper, index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (paper.title, place_of(shown), size_of(paper), taken_of(paper), self._position(paper))[column]
        if role == Qt.ItemDataRole.EditRole and column == TITLE:
            return paper.title
        if role == Qt.ItemDataRole.DecorationRole and column == TITLE:
            return self._picture(shown)
        if role == Qt.ItemDataRole.ForegroundRole and column == PLACE and shown.is_missing:
            return QColor(GRADE_COLOURS["violation"])
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(self.about(shown))
        return None

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != TITLE:
            return False
        paper = self._rows[index.row()].paper
        if str(value).strip() and str(value) != paper.title:
            self.renamed.emit(paper.id, str(value))
        return False  # it stands in the list when it stands in the plan

    def about(self, shown: ShownPaper) -> list[str]:
        """All that is to be known of a paper, line by line."""
        paper = shown.paper
        lines = [paper.title, place_of(shown) if shown.file is None else str(shown.file), added_of(paper)]
        return [*lines, *(line for line in (self.doubt(paper), self.why_no_picture(paper)) if line)]

    def _position(self, paper: Paper) -> str:
        return position_of(paper) + (" ⚠" if paper.id in self._doubts else "")

    def _picture(self, shown: ShownPaper) -> QIcon:
        paper = shown.paper
        made = self._pictures.get((paper.id, paper.sha256))
        if made is not None and not shown.is_missing:
            return made
        if shown.picture is not None and paper.id not in self._asked:
            self._asked.add(paper.id)
            self._maker.want(paper.id, shown.picture)
        return _instead(paper.kind)

    def _made(self, number: int, picture: object) -> None:
        row = self.row_of(number)
        if row < 0:
            return
        paper = self._rows[row].paper
        if isinstance(picture, QImage):
            self._pictures[paper.id, paper.sha256] = _framed(QPixmap.fromImage(picture))
        else:
            self._why_none[number] = text(str(picture))
        self.dataChanged.emit(self.index(row, TITLE), self.index(row, TITLE))


class TitleDelegate(QStyledItemDelegate):
    """Keeps what is being typed: a picture that is ready meanwhile has Qt fill the editor anew from the list."""

    def setEditorData(self, editor: QWidget, index: QModelIndex) -> None:
        if not editor.property(_FILLED):
            editor.setProperty(_FILLED, True)
            super().setEditorData(editor, index)


def _framed(picture: QPixmap) -> QIcon:
    """A picture in the middle of a frame that all have, so that titles stand below each other."""
    frame = QPixmap(PICTURE_SIZE * 2)
    frame.fill(Qt.GlobalColor.transparent)
    painter = QPainter(frame)
    painter.drawPixmap((frame.width() - picture.width()) // 2, (frame.height() - picture.height()) // 2, picture)
    painter.end()
    made = QIcon(frame)
    made.addPixmap(frame, QIcon.Mode.Selected)  # else a selected photo is shown in the selection's blue
    return made


@cache
def _instead(kind: str) -> QIcon:
    """What stands for a paper that has no picture."""
    side = PICTURE_SIZE.height()
    return _framed(icon("papers" if kind == "photo" else "form").pixmap(QSize(side, side)))
