"""The dock's first line: which plan, run and cancel, how far it is or what came out, export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from ..core.siting.findings import CheckResult
from ..core.texts import text
from .finding_details import summary_html, summary_words
from .icons import icon

EXPORT_FORMATS = ("html", "csv", "geojson", "json")


class RunBar(QWidget):
    """Run, cancel, progress or summary, export."""

    run_requested = pyqtSignal()
    cancel_requested = pyqtSignal()
    export_requested = pyqtSignal(str)
    plan_chosen = pyqtSignal(str)
    notes_requested = pyqtSignal()
    rules_requested = pyqtSignal()
    rules_copy_requested = pyqtSignal()
    rules_default_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self._has_result = False
        self.plans = self._make_plans()
        self.run_button = self._button("check", text("dock.run"), text("dock.run_tip"), self.run_requested.emit)
        self.cancel_button = self._button("cancel", text("dock.cancel"), text("dock.cancel_tip"), self._cancel)
        for button in (self.run_button, self.cancel_button):
            button.setAutoRaise(False)
        self.rules_button = self._button("rules", text("dock.rules_button"), "", None)
        self.rules_button.setMenu(self._rules_menu())
        self.rules_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.export_button = self._button("export", text("dock.export"), text("dock.export_tip"), None)
        self.export_button.setMenu(self._export_menu())
        self.export_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.follow_button = self._button("follow", text("dock.follow"), text("dock.follow_tip"), None)
        self.follow_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.follow_button.setCheckable(True)
        self.follow_button.setChecked(True)
        self.notes_button = self._button("notes", "", text("dock.notes_tip"), self.notes_requested.emit)
        self.summary = QLabel(self)
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 100)
        self.progress.setAccessibleName(text("dock.progress_name"))
        self.middle = QStackedWidget(self)
        self.middle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.middle.addWidget(self.summary)
        self.middle.addWidget(self.progress)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.plans, self.run_button, self.cancel_button, self.rules_button):
            layout.addWidget(widget)
        layout.addSpacing(8)
        layout.addWidget(self.middle, 1)
        for widget in (self.notes_button, self.follow_button, self.export_button):
            layout.addWidget(widget)
        self.set_plans([], None)
        self.show_rules(None)
        self.set_running(False)

    def set_plans(self, plans: Sequence[tuple[str, str]], current: str | None) -> None:
        """Offer the open plans as (path, name); the chooser is only there when there is a choice."""
        self.plans.blockSignals(True)
        self.plans.clear()
        for path, name in plans:
            self.plans.addItem(name, path)
            self.plans.setItemData(self.plans.count() - 1, path, Qt.ItemDataRole.ToolTipRole)
        self.plans.setCurrentIndex(max(0, self.plans.findData(current)))
        self.plans.blockSignals(False)
        self.plans.setVisible(len(plans) > 1)

    def show_rules(self, path: str | None) -> None:
        """Say which rules the next check uses; None for the default ones."""
        name = Path(path).name if path else text("dock.rules_default")
        self.rules_button.setText(text("dock.rules_button") if path is None else name)
        self.rules_button.setToolTip(text("dock.rules_tip", file=path or name))
        self.rules_button.setAccessibleName(text("dock.rules_tip", file=name))

    def show_summary(self, result: CheckResult | None, stale: bool = False) -> None:
        """The counts of a result, and whether it may be out of date."""
        self._has_result = result is not None
        if result is None:
            says = text("dock.not_run") if self.plans.count() else text("dock.no_plan")
            self.summary.setText(says)
            self.summary.setAccessibleName(says)
        else:
            self.summary.setText(summary_html(result))
            self.summary.setAccessibleName(summary_words(result))
        self.summary.setToolTip(self.summary.accessibleName())
        count = len(result.notes) if result else 0
        says = text("dock.stale") if stale else text("dock.notes_button", count=count)
        self.notes_button.setText(says)
        self.notes_button.setAccessibleName(f"{says}. {text('dock.notes_tip')}")
        self.notes_button.setVisible(bool(count) or stale)
        self._refresh()

    def set_running(self, running: bool) -> None:
        """Show progress in place of the summary, and offer to cancel in place of to run."""
        self._running = running
        self.middle.setCurrentWidget(self.progress if running else self.summary)
        self.show_progress(0.0, "")
        self._refresh()

    def show_progress(self, fraction: float, step: str) -> None:
        """How far it is, and what is being done."""
        self.progress.setValue(round(100 * fraction))
        self.progress.setFormat(f"{step}  %p%" if step else "%p%")

    def _refresh(self) -> None:
        self.run_button.setVisible(not self._running)
        self.cancel_button.setVisible(self._running)
        self.cancel_button.setEnabled(True)
        self.rules_button.setEnabled(not self._running)
        self.plans.setEnabled(not self._running)
        self.export_button.setEnabled(self._has_result and not self._running)

    def _cancel(self) -> None:
        self.cancel_button.setEnabled(False)
        self.progress.setFormat(text("dock.cancelling"))
        self.cancel_requested.emit()

    def _make_plans(self) -> QComboBox:
        plans = QComboBox(self)
        plans.setToolTip(text("dock.plan_tip"))
        plans.setAccessibleName(text("dock.plan"))
        plans.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        plans.setMaximumWidth(32 * plans.fontMetrics().horizontalAdvance("0"))
        plans.activated.connect(self._plan_activated)
        return plans

    def _plan_activated(self, position: int) -> None:
        self.plan_chosen.emit(self.plans.itemData(position))

    def _button(self, name: str, caption: str, tip: str, slot: object) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"restoration_planner_{name}_button")
        button.setIcon(icon(name))
        button.setText(caption)
        button.setToolTip(tip)
        button.setAccessibleName(tip or caption)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if slot is not None:
            button.clicked.connect(lambda *_: slot())  # type: ignore[operator]
        return button

    def _export_menu(self) -> QMenu:
        menu = QMenu(self)
        for name in EXPORT_FORMATS:
            action = menu.addAction(text(f"dock.format.{name}"))
            action.setObjectName(f"restoration_planner_export_{name}")
            action.triggered.connect(lambda *_, chosen=name: self.export_requested.emit(chosen))
        return menu

    def _rules_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(text("dock.rules_default")).triggered.connect(lambda *_: self.rules_default_requested.emit())
        menu.addAction(text("dock.rules_choose")).triggered.connect(lambda *_: self.rules_requested.emit())
        menu.addSeparator()
        menu.addAction(text("dock.rules_copy")).triggered.connect(lambda *_: self.rules_copy_requested.emit())
        return menu
