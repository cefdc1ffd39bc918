"""The line above the table: which projects are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QWidget

from ...core.palette import GRADE_COLOURS
from ...core.plan.schema import CODE_LISTS
from ...core.projects.filtering import NONE, Wanted
from ...core.texts import text
from ..icons import icon, swatch

if TYPE_CHECKING:
    from ...core.projects.lines import ProjectLines

LETTERS_SEEN = 5
#: So long (ms) after the last letter the table follows.
PATIENCE = 120
CHOICES = ("programme", "kind", "grade", "zone", "year")


class ProjectFilterBar(QWidget):
    """Words, programme, type, grade, zone, year, and a switch for projects without a site."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit(self)
        self.search.setObjectName("project_list_search")
        self.search.setPlaceholderText(text("project_list.search"))
        self.search.setAccessibleName(text("project_list.search_name"))
        self.search.setToolTip(text("project_list.search_tip"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(10 * self.search.fontMetrics().horizontalAdvance("0"))
        self.boxes = {name: self._box(name) for name in CHOICES}
        self.unsited = QToolButton(self)
        self.unsited.setObjectName("project_list_unsited")
        self.unsited.setCheckable(True)
        self.unsited.setToolTip(text("project_list.only_unsited_tip"))
        self.reset = QToolButton(self)
        self.reset.setObjectName("project_list_reset")
        self.reset.setIcon(icon("cancel"))
        self.reset.setAutoRaise(True)
        self.reset.setToolTip(text("project_list.reset"))
        self.reset.setAccessibleName(text("project_list.reset"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.search, 3)
        for box in self.boxes.values():
            layout.addWidget(box, 2)
        layout.addWidget(self.unsited)
        layout.addWidget(self.reset)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PATIENCE)
        self._soon.timeout.connect(self._tell)
        self.search.textChanged.connect(lambda *_: self._soon.start())
        self.search.returnPressed.connect(self._tell)
        for box in self.boxes.values():
            box.currentIndexChanged.connect(self._tell)
        self.unsited.toggled.connect(self._tell)
        self.reset.clicked.connect(lambda *_: self.clear())
        self.offer(None)

    def wanted(self) -> Wanted:
        """What is chosen."""
        chosen = {name: box.currentData() for name, box in self.boxes.items()}
        return Wanted(words=self.search.text(), unsited=self.unsited.isChecked(), **chosen)

    def clear(self) -> None:
        """Show all projects again."""
        self._choose(Wanted())
        self._tell()

    def is_waiting(self) -> bool:
        """Whether letters were typed that the table does not follow yet."""
        return bool(self._soon.isActive())

    def offer(self, projects: ProjectLines | None) -> None:
        """What there is to choose from in a plan; what was chosen stays chosen where it can."""
        chosen = self.wanted() if projects is not None else Wanted()
        lines = projects.lines if projects is not None else ()
        self._fill(
            "programme", [(c, f"{c}  {n}".strip()) for c, n in (projects.programmes if projects else {}).items()]
        )
        self._fill("zone", [(c, f"{c}  {n}".strip()) for c, n in (projects.zones if projects else {}).items()])
        kinds = {line.kind for line in lines}
        self._fill("kind", [(k, text(f"codes.project_type.{k}")) for k in CODE_LISTS["project_type"] if k in kinds])
        self._fill("grade", [(g, text(f"dock.grade.{g}")) for g in CODE_LISTS["grade"]])
        for position, grade in enumerate(CODE_LISTS["grade"], 1):
            self.boxes["grade"].setItemIcon(position, swatch(GRADE_COLOURS[grade]))
        self._fill("year", [(y, text("project_list.in_year", year=y)) for y in (projects.years() if projects else [])])
        unsited = sum(not line.is_sited for line in lines)
        self.unsited.setText(text("project_list.only_unsited", number=f"{unsited:,}"))
        self.unsited.setEnabled(bool(unsited) or chosen.unsited)
        self._choose(chosen)

    def _box(self, name: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"project_list_{name}")
        box.setAccessibleName(text(f"project_list.filter_{name}"))
        box.setToolTip(text(f"project_list.filter_{name}_tip"))
        # The list shows its entries in full; the closed field gives way where the window is small
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(LETTERS_SEEN)
        box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        return box

    def _fill(self, name: str, entries: list[tuple[object, str]]) -> None:
        box = self.boxes[name]
        box.blockSignals(True)
        box.clear()
        box.addItem(text(f"project_list.any_{name}"), None)
        for code, caption in entries:
            box.addItem(caption, code)
        if name != "year":
            box.addItem(text(f"project_list.no_{name}"), NONE)
        widest = max(box.fontMetrics().horizontalAdvance(box.itemText(i)) for i in range(box.count()))
        digit = box.fontMetrics().horizontalAdvance("0")
        box.view().setMinimumWidth(min(widest + 8 * digit, 70 * digit))
        box.blockSignals(False)

    def _choose(self, wanted: Wanted) -> None:
        """Set all fields without telling."""
        for widget in (self.search, self.unsited, *self.boxes.values()):
            widget.blockSignals(True)
        self.search.setText(wanted.words)
        self.unsited.setChecked(wanted.unsited)
        for name, box in self.boxes.items():
            value = getattr(wanted, name)
            box.setCurrentIndex(next((i for i in range(box.count()) if box.itemData(i) == value), 0))
        for widget in (self.search, self.unsited, *self.boxes.values()):
            widget.blockSignals(False)
        self.reset.setEnabled(not self.wanted().is_any)

    def _tell(self, *_: object) -> None:
        self._soon.stop()
        self.reset.setEnabled(not self.wanted().is_any)
        self.changed.emit()


class CountLabel(QLabel):
    """How many are shown of how many, and what a chosen year leaves out."""

    def say(self, shown: int, whole: int, unknown: int, year: int | None) -> None:
        """Say it."""
        said = text("dock.shown", shown=f"{shown:,}", all=f"{whole:,}") if whole else ""
        self.setToolTip("")
        if unknown:
            said += "  " + text("project_list.without_years", number=f"{unknown:,}")
            self.setToolTip(text("project_list.without_years_tip", year=year))
        self.setText(said)
        self.setAccessibleName(said)
