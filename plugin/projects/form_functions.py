"""What the forms' panels show only with the plugin: a project's papers and photos, and its history.

The stored forms ask for two functions of expressions by name (`layers.forms.panels`); without the plugin nobody brings
them, and the forms show a hint instead.  The HTML comes from `ui`, whose modules are imported when first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from importlib import import_module
from typing import Any

from qgis.core import (
    Qgis,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionFunction,
    QgsMessageLog,
    QgsProviderRegistry,
)

from ...core.errors import PlannerError
from ...core.texts import text
from ...layers.forms.panels import HISTORY_FUNCTION, PAPERS_FUNCTION

#: Function → where its HTML is made: a module of `ui` and a function of plan file and feature id.
_SOURCES = {PAPERS_FUNCTION: ("papers_html", "papers_html"), HISTORY_FUNCTION: ("history_html", "history_html")}

#: QGIS keeps pointers to registered functions, so Python must not forget them.
_kept: list[QgsExpressionFunction] = []


def register() -> None:
    """Bring the functions."""
    if not _kept:
        for name in _SOURCES:
            function = PanelFunction(name)
            if QgsExpression.registerFunction(function):
                _kept.append(function)


def withdraw() -> None:
    """Take them away again: the panels show their hints."""
    for function in _kept:
        QgsExpression.unregisterFunction(function.name())
    _kept.clear()


class PanelFunction(QgsExpressionFunction):
    """HTML about one row of a plan: ``name(source of the layer, id of the feature)``."""

    def __init__(self, name: str) -> None:
        super().__init__(name, 2, "Restoration Planner", text(f"project_form.panel.{name}_hint"))

    def func(self, values: list[Any], context: QgsExpressionContext, parent: QgsExpression, node: Any) -> str | None:
        """The panel's HTML; nothing for no source, by which a form asks whether the plugin is there."""
        source, number = values
        if not isinstance(source, str) or not source:
            return ""
        if not isinstance(number, int) or number < 1:  # 0, null or negative: no file holds it yet
            return f"<p class=hint>{escape(text('project_form.panel.not_saved_yet'))}</p>"
        path = QgsProviderRegistry.instance().decodeUri("ogr", source).get("path")
        return _html_of(self.name(), str(path), number) if path else None


def _html_of(name: str, path: str, number: int) -> str:
    module, function = _SOURCES[name]
    nothing = f"<p class=hint>{escape(text('project_form.panel.nothing_to_show'))}</p>"
    try:
        made: Callable[[str, int], str] = getattr(import_module(f"...ui.{module}", __package__), function)
        return made(path, number) or nothing
    except PlannerError as error:
        return f"<p class=hint>{escape(str(error))}</p>"
    except Exception as error:  # noqa: BLE001  # a panel that cannot be shown must not keep the form from opening
        QgsMessageLog.logMessage(f"{name}: {error!r}", text("shell.name"), Qgis.MessageLevel.Warning)
        return nothing
