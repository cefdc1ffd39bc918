"""A question in the middle of the dialog: what has to be decided, the answers with the likeliest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import QItemSelectionModel, QModelIndex, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFocusEvent
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...core.texts import Message, text
from ..icons import icon
from .options_form import crs_caption, epsg_of
from .values import Asked

if TYPE_CHECKING:
    from ...core.intake.asking import Choice

VALUE = Qt.ItemDataRole.UserRole
LEAST_LINES, MOST_LINES = 2, 11
#: Background and edge of what wants an answer; its ink is set with it, for light and dark themes alike.
FRAME_COLOURS = "background: #fff6dc; border: 1px solid #e0b84a; border-radius: 4px;"
INK = "color: #3d3209; background: transparent;"


class _Answers(QTreeWidget):
    """A list in which nothing looks chosen before it is."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt makes the first line the current one here, and draws it so; that is no choice."""
        super().focusInEvent(event)
        if not self.selectedItems():
            self.selectionModel().setCurrentIndex(QModelIndex(), QItemSelectionModel.SelectionFlag.NoUpdate)


class Question(QFrame):
    """Title, reason, answers, and the button that takes the chosen one."""

    answered = pyqtSignal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_question")
        self.setStyleSheet(f"QFrame#import_question {{ {FRAME_COLOURS} }}")
        self._option = ""
        picture = QLabel(self)
        picture.setPixmap(icon("notes").pixmap(20, 20))
        picture.setStyleSheet(INK)
        self.title = QLabel(self)
        self.title.setStyleSheet(f"{INK} font-weight: bold;")
        self.reason = QLabel(self)
        self.reason.setStyleSheet(INK)
        self.reason.setWordWrap(True)
        self.answers = _Answers(self)
        self.answers.setRootIsDecorated(False)
        self.answers.setUniformRowHeights(True)
        self.answers.setAlternatingRowColors(True)
        self.answers.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.answers.itemActivated.connect(lambda *_: self._take())
        self.answers.itemSelectionChanged.connect(self._offer)
        self.take_button = QPushButton(text("import_dialog.take"), self)
        self.take_button.clicked.connect(lambda *_: self._take())
        head = QHBoxLayout()
        head.addWidget(picture)
        head.addWidget(self.title)
        head.addStretch(1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.take_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(5)
        layout.addLayout(head)
        layout.addWidget(self.reason)
        layout.addWidget(self.answers)
        layout.addLayout(foot)

    def ask(self, asked: Asked) -> None:
        """Show a question; an answer is selected only where it is likely, and none is taken."""
        self._option = asked.option
        self.title.setText(text(f"import_dialog.ask.{asked.option}", count=len(asked.choices)))
        self.reason.setText(text(f"import_dialog.ask_why.{asked.option}", examples=asked.examples, reason=asked.why))
        self.answers.clear()
        heads = [text(f"import_dialog.ask_head.{name}") for name in _heads(asked.option)]
        self.answers.setHeaderLabels(heads)
        self.answers.setHeaderHidden(len(heads) == 1)
        self.answers.setAccessibleName(self.title.text())
        for choice in asked.choices:
            cells = _cells(choice, len(heads))
            item = QTreeWidgetItem(cells)
            item.setData(0, VALUE, choice.value)
            for column, cell in enumerate(cells):
                item.setToolTip(column, cell)
            self.answers.addTopLevelItem(item)
        self._fit(len(heads), len(asked.choices))
        self.show()
        self.answers.setFocus(Qt.FocusReason.OtherFocusReason)
        if asked.likely is not None:
            self.choose(asked.likely)
        self._offer()

    def choose(self, value: str) -> None:
        """Select an answer."""
        for row in range(self.answers.topLevelItemCount()):
            item = self.answers.topLevelItem(row)
            if item.data(0, VALUE) == value:
                self.answers.setCurrentItem(item)

    def values(self) -> list[str]:
        """The answers' values, in order."""
        return [str(self.answers.topLevelItem(r).data(0, VALUE)) for r in range(self.answers.topLevelItemCount())]

    def chosen(self) -> str | None:
        """The answer that is selected."""
        selected = self.answers.selectedItems()
        return str(selected[0].data(0, VALUE)) if selected else None

    def _offer(self) -> None:
        self.take_button.setEnabled(self.chosen() is not None)

    def _fit(self, columns: int, lines: int) -> None:
        header = self.answers.header()
        for column in range(columns):
            last = column == columns - 1
            mode = QHeaderView.ResizeMode.Stretch if last else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
        line = max(self.answers.sizeHintForRow(0), self.fontMetrics().height()) + 2
        shown = min(max(lines, LEAST_LINES), MOST_LINES) + (columns > 1)
        self.answers.setFixedHeight(shown * line + 10)

    def _take(self) -> None:
        chosen = self.chosen()
        if chosen is not None:
            self.answered.emit(self._option, chosen)


def _heads(option: str) -> tuple[str, ...]:
    return ("crs", "reason", "where") if option == "crs" else (option,)


def _cells(choice: Choice, columns: int) -> list[str]:
    """A candidate's code and name, reason and place in cells of their own, other captions whole."""
    if columns == 1 or not isinstance(choice.caption, Message):
        return [str(choice.caption)]
    told = dict(choice.caption.params)
    code = epsg_of(choice.value)
    name = crs_caption(code) if code is not None else str(told.get("name", choice.value))
    return [name, str(told.get("reason", "")), _where(told.get("where"))]


def _where(place: object) -> str:
    """Where the data would lie; how far off first, for that tells most and the line may be cut."""
    told = dict(place.params) if isinstance(place, Message) else {}
    return text("import_dialog.where_from_city", **told) if "km" in told else str(place or "")
