"""Questions that do not stop QGIS while they wait for an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QMessageBox, QWidget

from ...core.texts import text

_SHOWN = 8


def ask(
    parent: QWidget,
    question: str,
    answers: Sequence[tuple[str, Callable[[], None]]],
    more: str = "",
    is_grave: bool = False,
) -> QMessageBox:
    """Ask, with a button for each answer and one to leave all as it is; the first answer is the default unless grave."""
    box = QMessageBox(parent)
    box.setObjectName("RestorationPlannerPapersQuestion")
    box.setWindowTitle(parent.windowTitle())
    box.setIcon(QMessageBox.Icon.Warning if is_grave else QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    box.setInformativeText(more)
    doing = {}
    for caption, do in answers:
        button = box.addButton(caption, QMessageBox.ButtonRole.ActionRole)
        doing[button] = do
        if not is_grave and len(doing) == 1:
            box.setDefaultButton(button)
    leave = box.addButton(text("papers.ui.cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setEscapeButton(leave)
    if is_grave:
        box.setDefaultButton(leave)

    def clicked(button: object) -> None:
        for offered, do in doing.items():
            if offered is button:
                do()

    box.buttonClicked.connect(clicked)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    return box


def listed(lines: Sequence[str]) -> str:
    """Lines one below the other, not too many of them."""
    shown = list(lines[:_SHOWN])
    if len(lines) > _SHOWN:
        shown.append(text("papers.ui.and_more", count=len(lines)))
    return "\n".join(shown)
