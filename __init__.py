"""Restoration Planner: QGIS loads this folder as a plugin; `core` also works on its own, without QGIS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .plugin.shell import RestorationPlannerPlugin


def classFactory(iface: Any) -> RestorationPlannerPlugin:
    """Make the plugin for QGIS, whose window is `iface`. Nothing is imported before this is called."""
    from .plugin.shell import RestorationPlannerPlugin

    return RestorationPlannerPlugin(iface)
