"""Some fields of many projects changed together: what is wanted on the left, what becomes of each project on the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..core.palette import GRADE_COLOURS
from ..core.plan.lists import read_list
from ..core.plan.schema import CODE_LISTS, TABLES
from ..core.projects.bulk import FIELDS, Edit
from ..core.texts import text
from .bulk_edit_fields import FieldRow
from .icons import icon, swatch

if TYPE_CHECKING:
    from ..core.projects.bulk import RowPlan

#: So long (ms) after something was entered the preview follows.
PATIENCE = 250
COLUMNS = ("project", "field", "old", "new")


class BulkEditDialog(QDialog):
    """`edits_changed` asks for another preview, which `show_plans` shows.

    Parameters
    ----------
    count
        How many projects are selected.
    offers
        Field → what can be chosen there: entry → caption.
    common
        Field → the value that all of them share, for the fields where they do.
    year
        Where the years begin.
    """

    edits_changed = pyqtSignal()

    def __init__(
        self,
        count: int,
        offers: Mapping[str, Mapping[str, str]],
        common: Mapping[str, Any],
        year: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerBulkEditDialog")
        self.setWindowTitle(text("project_list.bulk_title", count=count))
        self.setWindowIcon(icon("bulk_edit"))
        self._offers = offers
        self._count = count
        self.rows = {name: FieldRow(name, offers.get(name, {}), year, self) for name in FIELDS}
        for name, value in common.items():
            self.rows[name].start_with(value)
        self.says = QLabel(text("project_list.bulk_choose"), self)
        self.says.setWordWrap(True)
        self.preview = self._make_preview()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self.write_button = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.write_button.setObjectName("bulk_edit_write")
        self.write_button.setText(text("project_list.bulk_write"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(text("shell.cancel"))
        self._lay_out()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PATIENCE)
        self._soon.timeout.connect(self.edits_changed)
        for row in self.rows.values():
            row.changed.connect(self._wait)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.show_plans([])

    def edits(self) -> list[Edit]:
        """What is wanted, field by field."""
        return [edit for row in self.rows.values() if (edit := row.edit()) is not None]

    def is_waiting(self) -> bool:
        """Whether something was entered that the preview does not show yet."""
        return bool(self._soon.isActive())

    def show_plans(self, plans: list[RowPlan]) -> None:
        """Show what would become of each project."""
        self.preview.clear()
        chosen = bool(self.edits())
        changed = [plan for plan in plans if not plan.is_same]
        hard = sum(misfit.hard for plan in plans for misfit in plan.misfits)
        soft = sum(len(plan.misfits) for plan in plans) - hard
        if chosen:
            told = self._misfit_items(plans)
            self.preview.addTopLevelItems(told + [item for plan in plans for item in self._items_of(plan)])
            for item in told:
                item.setFirstColumnSpanned(True)
        if not chosen:
            self.says.setText(text("project_list.bulk_choose"))
        else:
            said = [text("project_list.bulk_changes", number=f"{len(changed):,}", all=f"{len(plans):,}")]
            said += [text("project_list.bulk_soft", number=f"{soft:,}")] if soft else []
            said += [text("project_list.bulk_hard", number=f"{hard:,}")] if hard else []
            self.says.setText(" ".join(said))
        self.write_button.setEnabled(bool(changed) and not hard)
        self.write_button.setToolTip(text("project_list.bulk_hard_tip") if hard else "")

    def _wait(self) -> None:
        self.write_button.setEnabled(False)  # what is written is what was shown
        self._soon.start()

    def _misfit_items(self, plans: list[RowPlan]) -> list[QTreeWidgetItem]:
        """One line for everything that would not fit, what cannot be saved first."""
        told = [(not misfit.hard, plan, misfit) for plan in plans for misfit in plan.misfits]
        items = []
        for soft, plan, misfit in sorted(told, key=lambda entry: entry[0]):
            item = QTreeWidgetItem([f"{_title(plan)}  –  {misfit.message}"])
            item.setIcon(0, swatch(GRADE_COLOURS["review" if soft else "violation"]))
            item.setToolTip(0, item.text(0))
            items.append(item)
        return items

    def _items_of(self, plan: RowPlan) -> list[QTreeWidgetItem]:
        items = []
        for change in plan.changes:
            shown = [shown_value(change.field, value, self._offers) for value in (change.old, change.new)]
            new = text("project_list.bulk_same") if change.is_same else shown[1]
            item = QTreeWidgetItem([_title(plan), text(f"schema.project.{change.field}"), shown[0], new])
            item.setDisabled(change.is_same)
            for column in range(len(COLUMNS)):
                item.setToolTip(column, item.text(column))
            items.append(item)
        return items

    def _make_preview(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setObjectName("bulk_edit_preview")
        tree.setAccessibleName(text("project_list.bulk_preview"))
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setAlternatingRowColors(True)
        tree.setHeaderLabels([text(f"project_list.bulk_column_{name}") for name in COLUMNS])
        header = tree.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        tree.setColumnWidth(1, 15 * tree.fontMetrics().horizontalAdvance("0"))
        return tree

    def _lay_out(self) -> None:
        fields = QWidget(self)
        grid = QGridLayout(fields)
        grid.setContentsMargins(4, 4, 4, 4)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(2, 1)
        for line, row in enumerate(self.rows.values()):
            grid.addWidget(row.box, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row.way, line, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row.editor, line, 2)
        grid.setRowStretch(len(self.rows), 1)
        area = QScrollArea(self)
        area.setObjectName("bulk_edit_fields")
        area.setWidget(fields)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        digit = self.fontMetrics().horizontalAdvance("0")
        area.setMinimumWidth(max(52 * digit, fields.minimumSizeHint().width() + 4 * digit))
        right = QWidget(self)
        inside = QVBoxLayout(right)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.says)
        inside.addWidget(self.preview, 1)
        body = QSplitter(Qt.Orientation.Horizontal, self)
        body.addWidget(area)
        body.addWidget(right)
        body.setStretchFactor(1, 1)
        body.setChildrenCollapsible(False)
        explained = QLabel(text("project_list.bulk_explained"), self)
        explained.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(body, 1)
        layout.addWidget(explained)
        layout.addWidget(self.buttons)
        self.resize(min(1120, 160 * digit), 620)


def _title(plan: RowPlan) -> str:
    return "  ".join(part for part in (plan.code, plan.name) if part) or text("dock.no_code")


def shown_value(field: str, value: Any, offers: Mapping[str, Mapping[str, str]]) -> str:
    """A value as planners read it."""
    known = TABLES["project"].field(field)
    if known.type == "boolean":
        return text(f"project_list.{'unknown' if value is None else 'yes' if value else 'no'}")
    if value is None or value == "":
        return text("project_list.nothing")
    if known.is_list:
        named = offers.get(field, {})
        entries = read_list(value)
        return text("project_list.and").join(named.get(e, e) for e in entries) or text("project_list.nothing")
    if known.codes:
        return text(f"codes.{known.codes}.{value}") if value in CODE_LISTS[known.codes] else str(value)
    return str(value)
