"""The form in which a planner decides on one or several findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qgis.core import QgsSettings
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from ..core.plan.schema import CODE_LISTS
from ..core.report.values import rule_caption
from ..core.texts import text
from .findings_model import FindingRow, project_title
from .icons import icon

REVIEWER_SETTING = "restoration_planner/reviewer"


@dataclass(frozen=True)
class Decision:
    """What the planner decided; empty texts are None."""

    decision: str
    note: str | None
    document: str | None
    reviewer: str


class ReviewDialog(QDialog):
    """Decision, note, document and name."""

    def __init__(self, rows: Sequence[FindingRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerReviewDialog")
        self.setWindowTitle(text("dock.review_title"))
        self.setWindowIcon(icon("review"))
        heading = QLabel(self._heading(rows), self)
        heading.setWordWrap(True)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        self.decision = QComboBox(self)
        for code in CODE_LISTS["decision"]:
            self.decision.addItem(text(f"codes.decision.{code}"), code)
        self.note = QPlainTextEdit(self)
        self.note.setPlaceholderText(text("dock.review_note_hint"))
        self.note.setTabChangesFocus(True)
        self.note.setMinimumHeight(4 * self.note.fontMetrics().lineSpacing())
        self.document = QLineEdit(self)
        self.document.setPlaceholderText(text("dock.review_document_hint"))
        self.reviewer = QLineEdit(QgsSettings().value(REVIEWER_SETTING, "", type=str), self)
        explained = QLabel(text("dock.review_explained"), self)
        explained.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self.save_button = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        self.save_button.setText(text("dock.review_save"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(text("dock.review_cancel"))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        fields = (
            ("decision", self.decision),
            ("note", self.note),
            ("document", self.document),
            ("reviewer", self.reviewer),
        )
        for name, field in fields:
            caption = text(f"dock.review_{name}")
            form.addRow(caption, field)
            field.setAccessibleName(caption.replace("&", "").rstrip("：: "))
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(heading)
        layout.addLayout(form, 1)
        layout.addWidget(explained)
        layout.addWidget(self.buttons)
        digit, line = self.fontMetrics().horizontalAdvance("0"), self.fontMetrics().lineSpacing()
        self.resize(72 * digit, self.minimumSizeHint().height() + 3 * line)
        self.reviewer.textChanged.connect(self._allow_saving)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._allow_saving()

    def decided(self) -> Decision:
        """What was entered."""
        note, document = self.note.toPlainText().strip(), self.document.text().strip()
        reviewer = self.reviewer.text().strip()
        return Decision(self.decision.currentData(), note or None, document or None, reviewer)

    def accept(self) -> None:
        """Close, and remember the reviewer's name for the next time."""
        QgsSettings().setValue(REVIEWER_SETTING, self.decided().reviewer)
        super().accept()

    def _allow_saving(self) -> None:
        named = bool(self.reviewer.text().strip())
        self.save_button.setEnabled(named)
        self.save_button.setToolTip("" if named else text("dock.review_reviewer_needed"))

    @staticmethod
    def _heading(rows: Sequence[FindingRow]) -> str:
        if len(rows) == 1:
            return text(
                "dock.review_one", project=project_title(rows[0].project), rule=rule_caption(rows[0].rule or "")
            )
        return text("dock.review_many", count=len(rows))
