"""What stands in the dialog after an import: what was done, to be saved, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from ...core.palette import GRADE_COLOURS
from ...core.texts import Message, text
from ..icons import icon
from .chips import FateChips
from .values import sentence, shortened

if TYPE_CHECKING:
    from ...core.intake.import_report import ImportReport

#: Formats that a report is saved in.
FORMATS = ("html", "txt", "csv")
#: Lines of a section that are shown; the saved report has them all.
MOST_LINES = 300
MOST_REPAIRS = 20


class ReportPage(QWidget):
    """Outcome, report, and buttons."""

    save_requested = pyqtSignal(str)
    take_back_requested = pyqtSignal()
    another_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.outcome = QLabel(self)
        self.outcome.setWordWrap(True)
        font = self.outcome.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        font.setBold(True)
        self.outcome.setFont(font)
        self.chips = FateChips(self)
        self.report = QTextBrowser(self)
        self.report.setOpenLinks(False)
        self.report.setTabChangesFocus(True)
        self.report.setAccessibleName(text("import_dialog.report"))
        self.save_button = QPushButton(icon("export"), text("import_dialog.save_report"), self)
        menu = QMenu(self.save_button)
        for name in FORMATS:
            action = menu.addAction(text(f"import_dialog.save_as.{name}"))
            action.triggered.connect(lambda *_, name=name: self.save_requested.emit(name))
        self.save_button.setMenu(menu)
        self.take_back_button = QPushButton(icon("take_back"), text("import_dialog.take_back"), self)
        self.take_back_button.setToolTip(text("import_dialog.take_back_tip"))
        self.take_back_button.clicked.connect(lambda *_: self.take_back_requested.emit())
        self.another_button = QPushButton(icon("import_layer"), text("import_dialog.another"), self)
        self.another_button.clicked.connect(lambda *_: self.another_requested.emit())
        for button in (self.save_button, self.take_back_button, self.another_button):
            button.setAutoDefault(False)
        bar = QHBoxLayout()
        for button in (self.save_button, self.take_back_button):
            bar.addWidget(button)
        bar.addStretch(1)
        bar.addWidget(self.another_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.outcome)
        layout.addWidget(self.chips)
        layout.addWidget(self.report, 1)
        layout.addLayout(bar)

    def show_report(self, report: ImportReport) -> None:
        """Show what an import did."""
        dropped = report.read - report.added - report.updated - report.unchanged
        counts = {"added": report.added, "updated": report.updated, "unchanged": report.unchanged, "dropped": dropped}
        self.chips.show_counts(counts)
        self._say(text("import_dialog.imported"), str(report.outcome()), "pass")
        self.report.setHtml(report_html(report))
        self.take_back_button.setEnabled(bool(report.added or report.updated))
        self.another_button.setFocus()

    def show_taken_back(self) -> None:
        """Say that the import is undone."""
        self._say(text("import_dialog.taken_back"), "", "undetermined")
        self.take_back_button.setEnabled(False)

    def _say(self, title: str, more: str, grade: str) -> None:
        mark = f'<span style="color:{GRADE_COLOURS[grade]}">●</span>&nbsp;'
        rest = f' <span style="font-weight:normal">{escape(more)}</span>' if more else ""
        self.outcome.setText(f"{mark}{escape(title)}{rest}")
        self.outcome.setAccessibleName(f"{title} {more}".strip())


def report_html(report: ImportReport) -> str:
    """The report's parts, long ones cut; everything that comes from a file is escaped."""
    from ...core.report.import_files import sections

    return "".join(_part(name, messages) for name, messages in sections(report))


def _part(name: str, messages: Sequence[Message]) -> str:
    most = MOST_REPAIRS if name == "repairs" else MOST_LINES
    lines = [_line(message) for message in messages[:most]]
    if len(messages) > most:
        more = "more_repairs" if name == "repairs" else "more_lines"
        lines.append(escape(text(f"import_dialog.{more}", count=f"{len(messages) - most:,}")))
    body = "".join(f'<li style="margin-bottom:2px">{line}</li>' for line in lines)
    nothing = f"<p>{escape(text(f'import_dialog.no_{name}'))}</p>" if not lines else ""
    return (
        f'<p style="margin:6px 0 2px 0"><b>{escape(text(f"import_dialog.section.{name}"))}</b></p>'
        f'<ul style="margin-top:2px;margin-bottom:8px;margin-left:-22px">{body}</ul>{nothing}'
    )


def _line(message: Message) -> str:
    """A sentence; where its lists were cut, the whole of it as a tooltip."""
    brief = shortened(message)
    words = escape(sentence(brief))
    return words if brief == message else f'<span title="{escape(sentence(message), quote=True)}">{words}</span>'
