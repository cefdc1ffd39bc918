"""What stands in the dialog after an export: what was written, what was left out and why, to be opened and copied."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from qgis.PyQt.QtCore import QUrl, pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from ...core.palette import GRADE_COLOURS
from ...core.texts import text
from ..icons import icon
from ..messages import show_details
from .values import Outcome


class OutcomePage(QWidget):
    """`link_clicked(url)` for a file's or the folder's link, `again_requested` for the way back to the choices."""

    link_clicked = pyqtSignal(QUrl)
    again_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outcome: Outcome | None = None
        self.title = QLabel(self)
        self.title.setWordWrap(True)
        font = self.title.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        font.setBold(True)
        self.title.setFont(font)
        self.list = QTextBrowser(self)
        self.list.setOpenLinks(False)
        self.list.setTabChangesFocus(True)
        self.list.setAccessibleName(text("figures_dialog.outcome_name"))
        self.copy_button = QPushButton(icon("copy"), text("figures_dialog.copy"), self)
        self.details_button = QPushButton(text("shell.details"), self)
        self.again_button = QPushButton(icon("export_figures"), text("figures_dialog.again"), self)
        for button in (self.copy_button, self.details_button, self.again_button):
            button.setAutoDefault(False)
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(self.copy_button)
        bar.addWidget(self.details_button)
        bar.addStretch(1)
        bar.addWidget(self.again_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.title)
        layout.addWidget(self.list, 1)
        layout.addLayout(bar)
        self.list.anchorClicked.connect(self.link_clicked)
        self.copy_button.clicked.connect(lambda *_: self._copy())
        self.details_button.clicked.connect(lambda *_: self._show_details())
        self.again_button.clicked.connect(lambda *_: self.again_requested.emit())

    def show_outcome(self, outcome: Outcome) -> None:
        """Show what came of an export."""
        self._outcome = outcome
        sentence, grade = headline(outcome)
        mark = f'<span style="color:{GRADE_COLOURS[grade]}">●</span>&nbsp;'
        self.title.setText(mark + escape(sentence))
        self.title.setAccessibleName(sentence)
        self.list.setHtml(outcome_html(outcome))
        self.details_button.setVisible(bool(outcome.details))
        self.list.setFocus()

    def outcome(self) -> Outcome | None:
        """What is shown."""
        return self._outcome

    def _copy(self) -> None:
        if self._outcome is not None:
            QGuiApplication.clipboard().setText(outcome_text(self._outcome))

    def _show_details(self) -> None:
        if self._outcome is not None:
            show_details(self._outcome.failed or headline(self._outcome)[0], self._outcome.details, self.window())


def headline(outcome: Outcome) -> tuple[str, str]:
    """How it went, in one sentence, and the grade whose colour suits it."""
    count = len(outcome.files)
    if outcome.failed:
        return text(
            "figures_dialog.broke_off" if count else "figures_dialog.broke_off_at_once", count=count
        ), "violation"
    if outcome.cancelled:
        return text("figures_dialog.stopped" if count else "figures_dialog.stopped_at_once", count=count), "review"
    if not count:
        return text("figures_dialog.nothing_written"), "review"
    return text("figures_dialog.written", count=count), "pass"


def outcome_html(outcome: Outcome) -> str:
    """The parts of an outcome; names of files lead to them."""
    parts = []
    if outcome.failed:
        parts.append(_part(text("figures_dialog.part_failed"), [escape(outcome.failed)]))
    if outcome.files:
        folder = _link(QUrl.fromLocalFile(str(outcome.folder)), str(outcome.folder))
        links = [_link(QUrl.fromLocalFile(str(file)), file.name) for file in outcome.files]
        parts.append(_part(text("figures_dialog.part_written"), links, folder))
    for name, sentences in (("skipped", outcome.skipped), ("notes", outcome.notes)):
        if sentences:
            parts.append(_part(text(f"figures_dialog.part_{name}"), [escape(s) for s in sentences]))
    return "".join(parts)


def outcome_text(outcome: Outcome) -> str:
    """The same as plain text."""
    lines = [headline(outcome)[0], str(outcome.folder), ""]
    parts = {
        "failed": [outcome.failed] if outcome.failed else [],
        "written": [file.name for file in outcome.files],
        "skipped": outcome.skipped,
        "notes": outcome.notes,
    }
    for name, sentences in parts.items():
        if sentences:
            lines += [text(f"figures_dialog.part_{name}"), *(f"  {s}" for s in sentences), ""]
    return "\n".join(lines).rstrip() + "\n"


def _part(title: str, lines: Sequence[str], below: str = "") -> str:
    body = "".join(f'<li style="margin-bottom:2px">{line}</li>' for line in lines)
    more = f'<p style="margin:0 0 2px 0">{below}</p>' if below else ""
    return (
        f'<p style="margin:6px 0 2px 0"><b>{escape(title)}</b></p>{more}'
        f'<ul style="margin-top:2px;margin-bottom:8px;margin-left:-22px">{body}</ul>'
    )


def _link(url: QUrl, caption: str) -> str:
    return f'<a href="{escape(url.toString(QUrl.ComponentFormattingOption.FullyEncoded), quote=True)}">{escape(caption)}</a>'
