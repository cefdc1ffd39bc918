"""What becomes of the selected row: its questions to be answered, what changes, and what was normalised."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ...core.texts import text
from .values import field_caption, shown_value

if TYPE_CHECKING:
    from ...core.project_table.doubts import Doubt
    from ...core.project_table.proposal import TableRow

#: Of an answer so much is shown (pixels); the whole is its tooltip.
_WIDEST_OPTION = 310
_LONGEST_TITLE = 60
_QUIET = "#767676"


class RowDetails(QScrollArea):
    """A column beside the table; answers are told as soon as they are chosen."""

    answered = pyqtSignal(str, str)
    reopened = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(text("project_table.ui.details"))
        self._row: TableRow | None = None
        self.show_row(None, {})

    def show_row(self, row: TableRow | None, answers: Mapping[str, str]) -> None:
        """Show a row; a sentence what to do where there is none."""
        self._row = row
        page = QWidget(self)
        page.setObjectName("project_table_details")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(12, 2, 6, 4)
        layout.setSpacing(8)
        if row is None:
            hint = _words(text("project_table.ui.select_row"))
            hint.setEnabled(False)
            layout.addWidget(hint)
        else:
            self._fill(layout, row, answers)
        layout.addStretch(1)
        self.setWidget(page)

    def _fill(self, layout: QVBoxLayout, row: TableRow, answers: Mapping[str, str]) -> None:
        title = _words(
            f"<b>{escape(_shortened(' '.join(part for part in (row.code, row.name) if part), _LONGEST_TITLE))}</b>"
        )
        layout.addWidget(title)
        where = [text("project_table.ui.in_row", row=row.number)]
        if row.programme:
            where.append(row.programme)
        if row.together:
            where.append(text("project_table.ui.also_rows", rows=row.together))
        below = _words(escape(" · ".join(where)))
        below.setStyleSheet(f"color: {_QUIET};")
        layout.addWidget(below)
        for doubt in row.doubts:
            layout.addWidget(_Question(doubt, answers.get(doubt.id), self.answered, self))
        if row.changes and not row.doubts:
            layout.addWidget(_words(_table_of(row)))
        elif row.fate in ("same", "left_out"):
            layout.addWidget(_words(escape(text(f"project_table.fate_tip.{row.fate}"))))
        for said in row.said:
            layout.addWidget(_words(f"<span style='color:{_QUIET}'>ⓘ {escape(str(said))}</span>"))
        settled = [key for key in row_answers(row, answers) if key not in {doubt.id for doubt in row.doubts}]
        if settled:
            again = QPushButton(text("project_table.ui.ask_again"), self)
            again.setObjectName("ask_again")
            again.setAutoDefault(False)
            again.clicked.connect(lambda *_: self.reopened.emit(row.id))
            layout.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)


def row_answers(row: TableRow, answers: Mapping[str, str]) -> list[str]:
    """Ids of the questions that were answered for a row."""
    return [key for key in row.asked if key in answers]


class _Question(QFrame):
    """A question with its answers as radio buttons; a list of names can be written otherwise."""

    def __init__(self, doubt: Doubt, answer: str | None, answered: pyqtSignal, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("project_table_question")
        self.setStyleSheet(
            "QFrame#project_table_question { border: 1px solid palette(midlight); border-left: 4px solid #e07b00;"
            " border-radius: 3px; background: palette(base); }"
        )
        self._doubt, self._answered = doubt, answered
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(5)
        layout.addWidget(_words(escape(_shortened(str(doubt.question), 160))))
        self.buttons = QButtonGroup(self)
        for position, option in enumerate(doubt.options):
            caption = str(option.caption)
            shown = self.fontMetrics().elidedText(caption, Qt.TextElideMode.ElideRight, _WIDEST_OPTION)
            button = QRadioButton(shown.replace("&", "&&"), self)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.setObjectName(f"answer_{position}")
            button.setToolTip(caption)
            self.buttons.addButton(button, position)
            layout.addWidget(button)
        self.editor: QPlainTextEdit | None = None
        if doubt.is_list:
            self._add_editor(layout, doubt)
            self.buttons.idClicked.connect(self._write_option)
        else:
            self.buttons.idClicked.connect(lambda at: answered.emit(doubt.id, doubt.options[at].value))

    def _add_editor(self, layout: QVBoxLayout, doubt: Doubt) -> None:
        self.editor = QPlainTextEdit(doubt.options[0].value, self)
        self.editor.setObjectName("names_editor")
        self.editor.setAccessibleName(text("project_table.ui.names_editor"))
        lines = min(12, max(3, doubt.options[0].value.count("\n") + 2))
        self.editor.setFixedHeight(lines * self.editor.fontMetrics().lineSpacing() + 12)
        self.buttons.button(0).setChecked(True)
        self.editor.textChanged.connect(self._edited)
        take = QPushButton(text("project_table.ui.take_names"), self)
        take.setObjectName("take_names")
        take.setAutoDefault(False)
        take.clicked.connect(lambda *_: self._take_names())
        layout.addWidget(self.editor)
        layout.addWidget(take, 0, Qt.AlignmentFlag.AlignRight)

    def _write_option(self, at: int) -> None:
        assert self.editor is not None
        self.editor.setPlainText(self._doubt.options[at].value)

    def _edited(self) -> None:
        """What was written by hand is none of the ways offered."""
        assert self.editor is not None
        written = self.editor.toPlainText()
        self.buttons.setExclusive(False)
        for at, option in enumerate(self._doubt.options):
            self.buttons.button(at).setChecked(option.value == written)
        self.buttons.setExclusive(True)

    def _take_names(self) -> None:
        assert self.editor is not None
        names = [line.strip() for line in self.editor.toPlainText().split("\n") if line.strip()]
        if names:
            self._answered.emit(self._doubt.id, "\n".join(names))


def _words(words: str) -> QLabel:
    label = QLabel(words)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _table_of(row: TableRow) -> str:
    """The fields that change, old and new, or all of a new project."""
    lines = []
    for change in row.changes:
        after = escape(shown_value(change.field, change.after, in_lines=True)).replace("\n", "<br>")
        if row.fate == "changed":
            before = escape(shown_value(change.field, change.before, in_lines=True)).replace("\n", "<br>")
            after = f"<span style='color:#8a8a8a'><s>{before}</s></span><br>{after}"
        caption = escape(field_caption(change.field))
        lines.append(
            f"<tr><td style='padding:3px 10px 3px 0;color:{_QUIET}'>{caption}</td><td style='padding:3px 0'>{after}</td></tr>"
        )
    return f"<table>{''.join(lines)}</table>"


def _shortened(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1] + "…"
