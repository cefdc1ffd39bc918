"""The projects that a filter lets through, as a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from qgis.PyQt.QtGui import QColor, QFont, QPalette
from qgis.PyQt.QtWidgets import QApplication

from ...core.palette import GRADE_COLOURS
from ...core.plan.schema import CODE_LISTS
from ...core.texts import text
from ..icons import swatch
from ..import_dialog.tables import right_aligned

if TYPE_CHECKING:
    from ...core.projects.lines import ProjectLine, ProjectLines

CODE, NAME, PROGRAMME, KIND, GRADE, ZONE, PERIOD, AREA, DEPARTMENT = range(9)
COLUMNS = ("code", "name", "programme", "kind", "grade", "zone", "period", "area", "department")
#: The captions of fields are those of the form.
_FIELD_CAPTIONS = {
    "code": "code",
    "name": "name",
    "programme": "programme_codes",
    "kind": "project_type",
    "zone": "zone_codes",
    "department": "departments",
}
SQUARE_METRES_PER_HECTARE = 1e4


class ProjectsModel(QAbstractTableModel):
    """One line a project; sorted here, because comparing thousands of lines through Qt would be felt."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[ProjectLine] = []
        self._names: dict[str, Mapping[str, str]] = {"programme": {}, "zone": {}}
        self._sorted_by = (CODE, Qt.SortOrder.AscendingOrder)

    def show(self, projects: ProjectLines | None, lines: list[ProjectLine]) -> None:
        """Show other lines of a plan, in the order that was chosen."""
        self.beginResetModel()
        if projects is not None:
            self._names = {"programme": projects.programmes, "zone": projects.zones}
        self._lines = self._in_order(lines)
        self.endResetModel()

    def line(self, row: int) -> ProjectLine:
        """The project of a row."""
        return self._lines[row]

    def lines(self) -> list[ProjectLine]:
        """All that is shown, from top to bottom."""
        return list(self._lines)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Number of lines."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Captions."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return column_caption(section)
        if role == Qt.ItemDataRole.TextAlignmentRole and section == AREA:
            return right_aligned()
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, says to a screen reader, and tells on hovering."""
        if not index.isValid():
            return None
        line, column = self._lines[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(line, column)
        if role == Qt.ItemDataRole.DecorationRole and column == GRADE and line.grade is not None:
            return swatch(GRADE_COLOURS[line.grade])
        if role == Qt.ItemDataRole.FontRole and column == GRADE and line.outdated:
            font = QFont(QApplication.font())
            font.setItalic(True)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and column == AREA and not line.is_sited:
            return QColor(QApplication.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text))
        if role == Qt.ItemDataRole.TextAlignmentRole and column == AREA:
            return right_aligned()
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tool_tip(line, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = grade_text(line) if column == GRADE else self.cell(line, column)
            return f"{column_caption(column)}: {said or text('dock.empty_cell')}"
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the lines by a column; lines that are equal in it keep their order."""
        if not 0 <= column < len(COLUMNS):
            return
        self._sorted_by = (column, order)
        self.layoutAboutToBeChanged.emit()
        before = self._lines
        self._lines = self._in_order(before)
        moved_to = {line.fid: row for row, line in enumerate(self._lines)}
        kept = self.persistentIndexList()
        moved = [self.index(moved_to[before[k.row()].fid], k.column()) for k in kept]
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def cell(self, line: ProjectLine, column: int) -> str:
        """What a cell shows."""
        return _CELLS[column](self, line)

    def named(self, kind: str, codes: tuple[str, ...]) -> str:
        """Codes of programmes or zones with their names."""
        names = self._names[kind]
        return "\n".join("  ".join(part for part in (code, names.get(code)) if part) for code in codes)

    def as_table(self, rows: list[int]) -> str:
        """Lines as tab-separated text with a heading, for a spreadsheet."""
        table = [[column_caption(column) for column in range(len(COLUMNS))]]
        for row in rows:
            line = self._lines[row]
            cells = [self.cell(line, column) for column in range(len(COLUMNS))]
            cells[GRADE] = grade_text(line)
            if not line.is_sited:
                cells[AREA] = ""
            table.append(cells)
        return "\n".join("\t".join(_plain_cell(cell) for cell in cells) for cells in table)

    def _in_order(self, lines: list[ProjectLine]) -> list[ProjectLine]:
        column, order = self._sorted_by
        return sorted(lines, key=_KEYS[column], reverse=order == Qt.SortOrder.DescendingOrder)

    def _tool_tip(self, line: ProjectLine, column: int) -> str | None:
        if column == PROGRAMME:
            return self.named("programme", line.programmes) or None
        if column == ZONE:
            return self.named("zone", line.zones) or None
        if column == GRADE:
            return _grade_tip(line)
        if column == PERIOD:
            return line.note
        if column == AREA and not line.is_sited:
            return text("project_list.unsited_tip")
        return self.cell(line, column) or None


def column_caption(column: int) -> str:
    """What a column is called."""
    name = COLUMNS[column]
    field = _FIELD_CAPTIONS.get(name)
    return text(f"schema.project.{field}") if field else text(f"project_list.column_{name}")


def kind_caption(kind: str | None) -> str:
    """What a project type is called."""
    return text(f"codes.project_type.{kind}") if kind else ""


def grade_text(line: ProjectLine) -> str:
    """The grade in words that tell as well whether the project was changed since."""
    if line.grade is None:
        return text("project_list.no_grade")
    said = text(f"dock.grade.{line.grade}")
    return text("project_list.grade_outdated", grade=said) if line.outdated else said


def _grade_tip(line: ProjectLine) -> str:
    if line.outdated:
        return text("project_list.outdated_tip" if line.grade else "project_list.new_since_tip")
    if line.grade:
        return text("project_list.grade_tip")
    return text("project_list.not_checked_tip" if line.is_sited else "project_list.not_checked_unsited_tip")


def _grade_cell(line: ProjectLine) -> str:
    """The grade, short; the star is explained on hovering."""
    if line.grade is None:
        return text("project_list.no_grade")
    return text(f"dock.grade.{line.grade}") + (" *" if line.outdated else "")


def period_text(line: ProjectLine) -> str:
    """The years, or the note where there are none."""
    from ...core.projects.totals import period_key

    return period_key(line) or line.note or ""


def area_text(line: ProjectLine) -> str:
    """The measured area in hectares."""
    if line.area_m2 is None:
        return text("project_list.unsited")
    return f"{line.area_m2 / SQUARE_METRES_PER_HECTARE:,.2f}"


def _plain_cell(cell: str) -> str:
    """One line; a spreadsheet must not take what begins so for a formula."""
    flat = re.sub(r"\s+", " ", cell)
    return f"'{flat}" if flat.startswith(("=", "+", "@")) else flat


@lru_cache(maxsize=16384)
def natural(words: str | None) -> tuple[tuple[int, int, str], ...]:
    """A key that puts A2 before A10, and what has no text last."""
    if not words:
        return ((2, 0, ""),)
    parts = re.findall(r"[0-9]+|[^0-9]+", words)
    return tuple((0, int(p), "") if p.isdecimal() and p.isascii() else (1, 0, p) for p in parts)


_CELLS: tuple[Callable[[ProjectsModel, Any], str], ...] = (
    lambda _, line: line.code or "",
    lambda _, line: line.name or "",
    lambda _, line: text("project_list.joins").join(line.programmes),
    lambda _, line: kind_caption(line.kind),
    lambda _, line: _grade_cell(line),
    lambda _, line: text("project_list.joins").join(line.zones),
    lambda _, line: period_text(line),
    lambda _, line: area_text(line),
    lambda _, line: text("project_list.joins").join(line.departments),
)
_GRADES = list(CODE_LISTS["grade"])
_KINDS = list(CODE_LISTS["project_type"])
_KEYS: dict[int, Callable[[Any], Any]] = {
    CODE: lambda line: natural(line.code),
    NAME: lambda line: natural(line.name),
    PROGRAMME: lambda line: (natural(line.programmes[0] if line.programmes else None), natural(line.code)),
    KIND: lambda line: _KINDS.index(line.kind) if line.kind else len(_KINDS),
    GRADE: lambda line: _GRADES.index(line.grade) if line.grade else len(_GRADES),
    ZONE: lambda line: (natural(line.zones[0] if line.zones else None), len(line.zones)),
    PERIOD: lambda line: tuple(9999 if y is None else y for y in line.years or (None, None)),
    AREA: lambda line: -1.0 if line.area_m2 is None else line.area_m2,
    DEPARTMENT: lambda line: natural(line.departments[0] if line.departments else None),
}
