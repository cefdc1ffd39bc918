"""Sentences on QGIS's message bar, with a way to the details."""

from __future__ import annotations

from typing import Any

from qgis.core import Qgis
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ..core.texts import text

SECONDS = 6


def tell(bar: QgsMessageBar, sentence: str, level: Any = Qgis.MessageLevel.Info, details: str = "") -> None:
    """Show a sentence; warnings stay until they are closed, the rest goes by itself."""
    item = bar.createMessage(text("shell.name"), sentence)
    if details:
        button = QPushButton(text("shell.details"), item)
        button.setObjectName("restoration_planner_details_button")
        button.clicked.connect(lambda *_: show_details(sentence, details, bar.window()))
        item.layout().addWidget(button)
    stays = level in (Qgis.MessageLevel.Warning, Qgis.MessageLevel.Critical)
    bar.pushWidget(item, level, 0 if stays else SECONDS)


def warn(bar: QgsMessageBar, sentence: str, details: str = "") -> None:
    """Show what could not be done."""
    tell(bar, sentence, Qgis.MessageLevel.Warning, details)


def show_details(sentence: str, details: str, parent: QWidget | None = None) -> QDialog:
    """A window with text that can be read at leisure and copied."""
    dialog = QDialog(parent)
    dialog.setObjectName("RestorationPlannerDetailsDialog")
    dialog.setWindowTitle(text("shell.name"))
    words = QPlainTextEdit(details, dialog)
    words.setReadOnly(True)
    words.setAccessibleName(sentence)
    words.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, dialog)
    buttons.button(QDialogButtonBox.StandardButton.Close).setText(text("shell.close"))
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(words)
    layout.addWidget(buttons)
    digit = dialog.fontMetrics().horizontalAdvance("0")
    dialog.resize(110 * digit, 24 * dialog.fontMetrics().lineSpacing())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
