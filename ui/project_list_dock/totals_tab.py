"""Totals of the projects that the filter lets through, by a group of the planner's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAction,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...core.palette import GRADE_COLOURS
from ...core.projects.totals import GROUPINGS, Total, totals
from ...core.texts import text
from ..icons import icon, swatch
from .projects_model import SQUARE_METRES_PER_HECTARE

if TYPE_CHECKING:
    from ...core.projects.lines import ProjectLine, ProjectLines

COLUMNS = ("group", "count", "sited", "unsited", "area", "entered")
_FIDS = Qt.ItemDataRole.UserRole


class TotalsTab(QWidget):
    """One line a group, the whole below; `group_chosen` tells the projects of a line that is activated."""

    group_chosen = pyqtSignal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._projects: ProjectLines | None = None
        self._lines: list[ProjectLine] = []
        self.by = QComboBox(self)
        self.by.setObjectName("project_list_totals_by")
        self.by.setAccessibleName(text("project_list.totals_by"))
        for name in GROUPINGS:
            self.by.addItem(text(f"project_list.by_{name}"), name)
        self.says = QLabel(self)
        self.says.setTextFormat(Qt.TextFormat.PlainText)
        self.says.setWordWrap(True)
        self.tree = QTreeWidget(self)
        self.tree.setObjectName("project_list_totals")
        self.tree.setAccessibleName(text("project_list.totals"))
        self.tree.setRootIsDecorated(False)
        self.tree.setAlternatingRowColors(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setHeaderLabels([text(f"project_list.total_{name}") for name in COLUMNS])
        for column, name in enumerate(COLUMNS):
            self.tree.headerItem().setToolTip(column, text(f"project_list.total_{name}_tip"))
            if column:
                self.tree.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.setToolTip(text("project_list.totals_tip"))
        copy = QAction(icon("copy"), text("dock.copy"), self.tree)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(lambda *_: QGuiApplication.clipboard().setText(self.as_table()))
        self.tree.addAction(copy)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        top = QHBoxLayout()
        label = QLabel(text("project_list.totals_by_label"), self)
        label.setBuddy(self.by)
        top.addWidget(label)
        top.addWidget(self.by)
        top.addWidget(self.says, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 6)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.tree, 1)
        self.by.currentIndexChanged.connect(lambda *_: self._show())
        self.tree.itemActivated.connect(lambda item, _column: self.group_chosen.emit(list(item.data(0, _FIDS))))

    def show_lines(self, projects: ProjectLines | None, lines: list[ProjectLine]) -> None:
        """Sum other projects up; nothing is reckoned while nobody looks."""
        self._projects, self._lines = projects, lines
        if self.isVisible():
            self._show()

    def showEvent(self, event: object) -> None:
        """Reckon what was not while the tab was hidden."""
        super().showEvent(event)
        self._show()

    def as_table(self) -> str:
        """All lines as tab-separated text with a heading."""
        items = [self.tree.headerItem(), *(self.tree.topLevelItem(i) for i in range(self.tree.topLevelItemCount()))]
        return "\n".join("\t".join(item.text(c).replace(",", "") for c in range(len(COLUMNS))) for item in items)

    def _show(self) -> None:
        self.tree.clear()
        if self._projects is None:
            self.says.setText("")
            return
        by = self.by.currentData()
        found = totals(self._projects, self._lines, by)
        for group in found.groups:
            item = self._item(group, group_caption(group, by))
            if by == "grade" and group.key:
                item.setIcon(0, swatch(GRADE_COLOURS[group.key]))
        whole = self._item(found.whole, text("project_list.whole"))
        font = whole.font(0)
        font.setBold(True)
        for column in range(len(COLUMNS)):
            whole.setFont(column, font)
        said = text("project_list.totals_of", number=f"{found.whole.count:,}", all=f"{len(self._projects.lines):,}")
        if found.repeated:
            said += " " + text("project_list.repeated", number=f"{found.repeated:,}")
        self.says.setText(said)

    def _item(self, total: Total, caption: str) -> QTreeWidgetItem:
        numbers = [f"{n:,}" for n in (total.count, total.sited, total.count - total.sited)]
        numbers += [f"{n:,.2f}" if n else "–" for n in (total.area_m2 / SQUARE_METRES_PER_HECTARE, total.entered_ha)]
        item = QTreeWidgetItem(self.tree, [caption, *numbers])
        item.setData(0, _FIDS, list(total.fids))
        item.setToolTip(0, caption)
        for column in range(1, len(COLUMNS)):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
        return item


def group_caption(total: Total, by: str) -> str:
    """What a group is called."""
    if total.key is None:
        return text(f"project_list.no_{by}")
    if by == "kind":
        return text(f"codes.project_type.{total.key}")
    if by == "grade":
        return text(f"dock.grade.{total.key}")
    return f"{total.key}  {total.name}".strip()
