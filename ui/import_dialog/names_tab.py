"""The tab with names of places that are only near to known ones: which one is meant, or keep it as it is."""

from __future__ import annotations

from html import escape

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHeaderView, QLabel, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from ...core.texts import text
from .tables import OrNothing, dress
from .values import MOST_NAMED, Ready, no_mnemonic

FIELD, WRITTEN, MEANT = range(3)


class NamesTab(QWidget):
    """One line a name; what was answered stays and can be changed."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers: dict[str, str] = {}
        self._known: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.says = QLabel(self)
        self.says.setWordWrap(True)
        self.table = QTableWidget(0, 3, self)
        dress(self.table, no_mnemonic(text("import_dialog.tab.names")))
        self.table.setHorizontalHeaderLabels(
            [text(f"import_dialog.column.{name}") for name in ("field", "written", "meant")]
        )
        header = self.table.horizontalHeader()
        for column in (FIELD, WRITTEN, MEANT):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.body = OrNothing(self.table, text("import_dialog.no_names"), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.addWidget(self.says)
        layout.addWidget(self.body, 1)

    def answers(self) -> dict[str, str]:
        """Name as written → name that is meant."""
        return dict(self._answers)

    def forget(self) -> None:
        """Another source: nothing was answered yet."""
        self._answers, self._known = {}, {}

    def show_ready(self, ready: Ready) -> None:
        """Show the near names of a proposal, and those that were answered before it."""
        table = ready.proposal.table.name
        for doubt in ready.proposal.doubts:
            if doubt.candidates:
                caption = text(f"schema.{table}.{doubt.field}")
                self._known[doubt.written] = caption, doubt.candidates
        near = {d.written for d in ready.proposal.doubts if d.candidates}
        rows = [name for name in self._known if name in near or name in self._answers]
        unknown = [d.written for d in ready.proposal.doubts if not d.candidates]
        self.says.setText(_says(len(rows), unknown))
        self.says.setToolTip(f"<p>{escape(text('import_dialog.comma').join(unknown))}</p>" if unknown else "")
        self.says.setVisible(bool(rows or unknown))
        self.body.label.setText(text("import_dialog.no_near" if unknown else "import_dialog.no_names"))
        self.body.show_full(bool(rows))
        if rows != self.written():
            self._fill(rows)

    def chooser(self, written: str) -> QComboBox:
        """The combo box of a name."""
        return self.table.cellWidget(self.written().index(written), MEANT)

    def count_open(self) -> int:
        """How many names are not answered yet."""
        return sum(name not in self._answers for name in self.written())

    def written(self) -> list[str]:
        """The names as the source has them, line by line."""
        return [self.table.item(row, WRITTEN).text() for row in range(self.table.rowCount())]

    def _fill(self, rows: list[str]) -> None:
        self.table.setRowCount(len(rows))
        for row, name in enumerate(rows):
            caption, candidates = self._known[name]
            self.table.setItem(row, FIELD, QTableWidgetItem(caption))
            self.table.setItem(row, WRITTEN, QTableWidgetItem(name))
            box = QComboBox(self.table)
            box.setAccessibleName(text("import_dialog.meant_by", name=name))
            box.addItem(text("import_dialog.keep_name"), "")
            for candidate in candidates:
                box.addItem(candidate, plain_name(candidate))
            box.setCurrentIndex(max(0, box.findData(self._answers.get(name, ""))))
            box.currentIndexChanged.connect(lambda _=0, name=name, box=box: self._answer(name, box))
            self.table.setCellWidget(row, MEANT, box)
        self.table.resizeRowsToContents()

    def _answer(self, name: str, box: QComboBox) -> None:
        meant = str(box.currentData())
        if meant:
            self._answers[name] = meant
        else:
            self._answers.pop(name, None)
        self.changed.emit()


def plain_name(candidate: str) -> str:
    """A candidate's name without the county that stands in brackets behind it to tell namesakes apart."""
    return candidate.split("（")[0] if candidate.endswith("）") else candidate


def _says(near: int, unknown: list[str]) -> str:
    said = [text("import_dialog.names_near", count=near)] if near else []
    if unknown:
        more = [text("import_dialog.and_more")] if len(unknown) > MOST_NAMED else []
        said.append(text("import_dialog.names_unknown", count=len(unknown), names=[*unknown[:MOST_NAMED], *more]))
    return "\n".join(said)
