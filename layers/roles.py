"""Finding a plan's layers by what they are, never by what they are called.

A layer that `opening.open_plan` added carries two custom properties: its table and its plan.  The
plan is recognised by the file that the layer comes from, so a project moved with its plan still works.
"""

from __future__ import annotations

import os
from pathlib import Path

from qgis.core import QgsMapLayer, QgsProject, QgsProviderRegistry, QgsVectorLayer

TABLE_PROPERTY = "restoration_planner/table"
PLAN_PROPERTY = "restoration_planner/plan"


def mark(layer: QgsMapLayer, plan_path: str | Path, table: str) -> None:
    """Note on a layer which table of which plan it is."""
    layer.setCustomProperty(TABLE_PROPERTY, table)
    layer.setCustomProperty(PLAN_PROPERTY, plan_id(plan_path))


def plan_id(path: str | Path) -> str:
    """One name for a plan file, however its path is written."""
    return os.path.normcase(os.path.realpath(path))


def table_of(layer: QgsMapLayer | None) -> str | None:
    """The table that a layer is, or None for a layer of no plan."""
    if layer is None:
        return None
    table = layer.customProperty(TABLE_PROPERTY)
    return table if isinstance(table, str) and table else None


def plan_of(layer: QgsMapLayer | None) -> str | None:
    """The plan file (as `plan_id`) that a marked layer comes from."""
    if layer is None or table_of(layer) is None:
        return None
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    path = parts.get("path")
    return plan_id(path) if isinstance(path, str) and path else None


def layer(project: QgsProject, plan_path: str | Path, table: str) -> QgsVectorLayer | None:
    """The layer of a plan's table in a project, or None."""
    return layers(project, plan_path).get(table)


def layers(project: QgsProject, plan_path: str | Path) -> dict[str, QgsVectorLayer]:
    """All layers of a plan in a project, by table."""
    wanted = plan_id(plan_path)
    found: dict[str, QgsVectorLayer] = {}
    for candidate in project.mapLayers().values():
        table = table_of(candidate)
        if table and isinstance(candidate, QgsVectorLayer) and plan_of(candidate) == wanted:
            found.setdefault(table, candidate)
    return found


def open_plans(project: QgsProject) -> list[str]:
    """The plan files (as `plan_id`) whose project table is open, in the order of the layer tree."""
    found = []
    for node in project.layerTreeRoot().findLayers():
        plan = plan_of(node.layer())
        if plan is not None and plan not in found:
            found.append(plan)
    return found
