"""The dock's second line: which findings are shown."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from ..core.report.values import review_caption, rule_caption
from ..core.texts import text
from .findings_model import NOT_REVIEWED, FindingsFilter, FindingsModel
from .grade_chips import GradeChips

REVIEW_STATES = ("accepted", "rejected", "lapsed")
LETTERS_SEEN = 6


class FilterBar(QWidget):
    """Grades, words, rule and state of review."""

    def __init__(self, proxy: FindingsFilter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._proxy = proxy
        self.chips = GradeChips(self)
        self.chips.setAccessibleName(text("dock.grades_name"))
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(text("dock.search"))
        self.search.setAccessibleName(text("dock.search_name"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(10 * self.search.fontMetrics().horizontalAdvance("0"))
        self.rules = self._combo(text("dock.rule_name"))
        # The list shows its entries in full; the closed field gives way where the screen is small
        self.rules.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.rules.setMinimumContentsLength(LETTERS_SEEN)
        self.rules.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.rules.view().setMinimumWidth(28 * self.rules.fontMetrics().horizontalAdvance("0"))
        self.reviews = self._combo(text("dock.review_name"))
        self.reviews.addItem(text("dock.all_reviews"), None)
        self.reviews.addItem(text("dock.not_reviewed"), NOT_REVIEWED)
        for state in REVIEW_STATES:
            self.reviews.addItem(review_caption(state).partition("（")[0].partition(" (")[0], state)
        self.shown = QLabel(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.chips)
        layout.addWidget(self.search, 3)
        layout.addWidget(self.rules, 2)
        layout.addWidget(self.reviews)
        layout.addWidget(self.shown)
        self.chips.changed.connect(self._grades_changed)
        self.search.textChanged.connect(self._words_changed)
        self.rules.currentIndexChanged.connect(self._rule_changed)
        self.reviews.currentIndexChanged.connect(self._review_changed)
        self._grades_changed()

    def refresh(self) -> None:
        """Take over numbers and rules of another result; what was chosen stays chosen where it can."""
        model = self._proxy.sourceModel()
        assert isinstance(model, FindingsModel)
        self.chips.set_counts(model.grade_counts())
        chosen = self.rules.currentData()
        self.rules.blockSignals(True)
        self.rules.clear()
        self.rules.addItem(text("dock.all_rules"), None)
        for rule in model.rules():
            self.rules.addItem(rule_caption(rule), rule)
        self.rules.setCurrentIndex(max(0, self.rules.findData(chosen)))
        self.rules.blockSignals(False)
        self._rule_changed()

    def start_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus()
        self.search.selectAll()

    def tab_order(self) -> list[QWidget]:
        """Its fields in the order of the Tab key."""
        return [self.search, self.rules, self.reviews]

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setAccessibleName(name)
        combo.setToolTip(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return combo

    def _grades_changed(self) -> None:
        self._proxy.set_grades(self.chips.chosen())
        self._count()

    def _words_changed(self) -> None:
        self._proxy.set_words(self.search.text())
        self._count()

    def _rule_changed(self) -> None:
        self._proxy.set_rule(self.rules.currentData())
        self._count()

    def _review_changed(self) -> None:
        self._proxy.set_review(self.reviews.currentData())
        self._count()

    def _count(self) -> None:
        shown, all_rows = self._proxy.rowCount(), self._proxy.sourceModel().rowCount()
        says = text("dock.shown", shown=f"{shown:,}", all=f"{all_rows:,}") if all_rows else ""
        self.shown.setText(says)
        self.shown.setAccessibleName(says)
