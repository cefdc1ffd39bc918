"""The findings of a check as an item model: one row a finding, and one for each project that passed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt

from ..core.palette import GRADE_COLOURS
from ..core.report.values import (
    SQUARE_METRES_PER_HECTARE,
    area_text,
    grade_caption,
    layer_caption,
    review_caption,
    rule_caption,
    share_text,
)
from ..core.siting.findings import GRADES, CheckResult, Finding, ProjectResult
from ..core.texts import text
from .icons import swatch

PROJECT, RULE, GRADE, TARGET, AREA, SHARE, ADVICE, REVIEW = range(8)
COLUMNS = ("project", "rule", "grade", "target", "area", "share", "advice", "review")
NUMBERS = (AREA, SHARE)
NOT_REVIEWED = "none"

_Key = Callable[["FindingRow"], Any]


@dataclass(frozen=True)
class FindingRow:
    """One line of the table; `finding` is None for a project that passed.

    Attributes
    ----------
    place
        Its position in the unsorted list of all lines.
    words
        What a search looks into, in small letters.
    """

    place: int
    project: ProjectResult
    finding: Finding | None
    words: str

    @property
    def grade(self) -> str:
        """The finding's grade."""
        return self.finding.grade if self.finding else "pass"

    @property
    def rule(self) -> str | None:
        """The rule's id."""
        return self.finding.rule if self.finding else None

    @property
    def reviewed(self) -> str | None:
        """``accepted``, ``rejected``, ``lapsed`` or None."""
        return self.finding.reviewed if self.finding else None


class FindingsModel(QAbstractTableModel):
    """A check's findings, sorted here: comparing 20 000 rows one by one through Qt would be felt."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[FindingRow] = []

    def show(self, result: CheckResult | None) -> None:
        """Replace everything by another result."""
        self.beginResetModel()
        self._rows = rows_of(result)
        self.endResetModel()

    def update_reviews(self, result: CheckResult) -> None:
        """Take over the reviews of the same result, keeping order and selection."""
        updated = rows_of(result)
        self._rows = [updated[row.place] for row in self._rows]
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def row(self, index: int) -> FindingRow:
        """The line at a position."""
        return self._rows[index]

    def grade_counts(self) -> Counter[str]:
        """Number of lines by grade."""
        return Counter(row.grade for row in self._rows)

    def rules(self) -> list[str]:
        """The rules that have findings, in the order of their captions."""
        return sorted({row.rule for row in self._rows if row.rule is not None}, key=rule_caption)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of lines."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Captions of the columns; the lines are not numbered."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return text(f"dock.column.{COLUMNS[section]}")
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, says to a screen reader, and tells on hovering."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.DecorationRole and column == GRADE:
            return swatch(GRADE_COLOURS[row.grade])
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tool_tip(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            shown = cell_text(row, column)
            return f"{text(f'dock.column.{COLUMNS[column]}')}: {shown or text('dock.empty_cell')}"
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the lines by a column; lines that are equal in it keep their order."""
        if not 0 <= column < len(COLUMNS):
            return
        self.layoutAboutToBeChanged.emit()
        before = self._rows
        positions = sorted(
            range(len(before)),
            key=lambda i: _SORT_KEYS[column](before[i]),
            reverse=order == Qt.SortOrder.DescendingOrder,
        )
        self._rows = [before[i] for i in positions]
        moved_to = {old: new for new, old in enumerate(positions)}
        kept = self.persistentIndexList()
        self.changePersistentIndexList(kept, [self.index(moved_to[k.row()], k.column()) for k in kept])
        self.layoutChanged.emit()


class FindingsFilter(QSortFilterProxyModel):
    """The lines of a `FindingsModel` that are wanted; sorting is handed on to it."""

    def __init__(self, model: FindingsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._words: list[str] = []
        self._grades: frozenset[str] = frozenset(GRADES)
        self._rule: str | None = None
        self._review: str | None = None
        self.setSourceModel(model)

    def set_words(self, words: str) -> None:
        """Keep lines in which every word stands somewhere."""
        self._words = words.lower().split()
        self._filter_anew()

    def set_grades(self, grades: frozenset[str]) -> None:
        """Keep lines of these grades."""
        self._grades = grades
        self._filter_anew()

    def set_rule(self, rule: str | None) -> None:
        """Keep lines of one rule, or of all."""
        self._rule = rule
        self._filter_anew()

    def set_review(self, review: str | None) -> None:
        """Keep lines in one state of review (`NOT_REVIEWED` for those without), or all."""
        self._review = review
        self._filter_anew()

    def finding_row(self, index: QModelIndex) -> FindingRow:
        """The line behind a shown cell."""
        return self._model.row(self.mapToSource(index).row())

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the lines behind."""
        self._model.sort(column, order)

    def filterAcceptsRow(self, source_row: int, source_parent: QModelIndex) -> bool:
        """Whether a line is shown."""
        row = self._model.row(source_row)
        return (
            row.grade in self._grades
            and (self._rule is None or row.rule == self._rule)
            and (self._review is None or self._review_fits(row))
            and all(word in row.words for word in self._words)
        )

    def _filter_anew(self) -> None:
        """Once for all lines: `invalidateFilter` takes lines out one run at a time, which of 20 000 is felt."""
        self.invalidate()

    def _review_fits(self, row: FindingRow) -> bool:
        if row.finding is None:
            return False
        return row.reviewed is None if self._review == NOT_REVIEWED else row.reviewed == self._review


def rows_of(result: CheckResult | None) -> list[FindingRow]:
    """A result's lines, worst grade first, in the order of the projects."""
    found = [
        (project, finding)
        for project in (result.projects if result else ())
        for finding in (project.findings or (None,))
    ]
    found.sort(key=lambda pair: GRADES.index(pair[1].grade if pair[1] else "pass"))
    return [FindingRow(place, *pair, _words(*pair)) for place, pair in enumerate(found)]


def project_title(project: ProjectResult) -> str:
    """A project's code and name."""
    return "  ".join(part for part in (project.code, project.name) if part) or text("dock.no_code")


def target_title(finding: Finding | None) -> str:
    """What a finding concerns: the feature's name and code, else its layer."""
    if finding is None:
        return ""
    parts = [part for part in (finding.target_code, finding.target_name) if part]
    return "  ".join(dict.fromkeys(parts)) or layer_caption(finding.target_layer)


def cell_text(row: FindingRow, column: int) -> str:
    """What a cell shows."""
    finding = row.finding
    if column == PROJECT:
        return project_title(row.project)
    if column == GRADE:
        return text(f"dock.grade.{row.grade}")
    if finding is None:
        return ""
    if column == RULE:
        return rule_caption(finding.rule)
    if column == TARGET:
        return target_title(finding)
    if column == AREA:
        return "" if finding.area_m2 is None else f"{finding.area_m2 / SQUARE_METRES_PER_HECTARE:,.4f}"
    if column == SHARE:
        return share_text(finding.share_pct)
    if column == ADVICE:
        return finding.advice
    return review_caption(finding.reviewed)


def as_table(rows: list[FindingRow]) -> str:
    """Lines as tab-separated text with a heading, for a spreadsheet."""
    lines = [[text(f"dock.column.{name}") for name in COLUMNS]]
    lines += [[cell_text(row, column) for column in range(len(COLUMNS))] for row in rows]
    return "\n".join("\t".join(re.sub(r"\s+", " ", cell) for cell in line) for line in lines)


def _tool_tip(row: FindingRow, column: int) -> str | None:
    if column == AREA and row.finding is not None:
        return area_text(row.finding.area_m2)
    if column == GRADE:
        return grade_caption(row.grade)
    return cell_text(row, column) or None


def _words(project: ProjectResult, finding: Finding | None) -> str:
    parts = [project_title(project), grade_caption(finding.grade if finding else "pass")]
    if finding is not None:
        parts += [rule_caption(finding.rule), target_title(finding), layer_caption(finding.target_layer)]
        parts += [finding.advice, finding.basis]
    return "\n".join(parts).lower()


def _natural(words: str) -> tuple[tuple[int, int, str], ...]:
    """A key that puts A2 before A10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", words)
    return tuple((0, int(p), "") if p.isdecimal() and p.isascii() else (1, 0, p) for p in parts)


def _number(value: float | None) -> float:
    return -1.0 if value is None else value


_SORT_KEYS: dict[int, _Key] = {
    PROJECT: lambda row: _natural(project_title(row.project)),
    RULE: lambda row: cell_text(row, RULE),
    GRADE: lambda row: GRADES.index(row.grade),
    TARGET: lambda row: _natural(target_title(row.finding)),
    AREA: lambda row: _number(row.finding.area_m2 if row.finding else None),
    SHARE: lambda row: _number(row.finding.share_pct if row.finding else None),
    ADVICE: lambda row: cell_text(row, ADVICE),
    REVIEW: lambda row: cell_text(row, REVIEW),
}


def _alignment(column: int) -> int:
    horizontal = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
    flags = horizontal | Qt.AlignmentFlag.AlignVCenter
    # A number: PyQt5 does not take its own flag type from a model, PyQt6's flags know theirs
    return int(getattr(flags, "value", flags))
