"""What every desk needs before it begins: the engine and an open plan, or a sentence that says what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.gui import QgsMessageBar
from qgis.PyQt.QtWidgets import QDialog

from ..core.texts import text
from ..ui.messages import warn
from .engine_import import missing_modules
from .requirements import how_to_get

if TYPE_CHECKING:
    from ..layers.opening import OpenPlan
    from .open_plans import OpenPlans


def engine_is_there(bar: QgsMessageBar) -> bool:
    """Whether the engine's libraries are installed; where they are not, the message bar says how to get them."""
    missing = missing_modules()
    if missing:
        warn(bar, text("shell.missing_modules", modules=missing), how_to_get(missing))
    return not missing


def plan_at_work(plans: OpenPlans, bar: QgsMessageBar) -> OpenPlan | None:
    """The plan at work; where there is none, or no engine, the message bar says so."""
    if not engine_is_there(bar):
        return None
    plan = plans.current()
    if plan is None:
        warn(bar, text("shell.open_first"))
    return plan


def bring_to_front(dialog: QDialog) -> None:
    """Show a dialog before all other windows."""
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
