"""What is not saved yet in layers whose tables are about to be written below them, and the end of idle editing."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import QgsVectorLayer

from ..layers.opening import OpenPlan


def unsaved_in(plan: OpenPlan, tables: Iterable[str]) -> str | None:
    """The name of the first layer of these tables that holds unsaved edits; None where none does."""
    return next((str(layer.name()) for layer in _in_edit(plan, tables) if _has_edits(layer)), None)


def make_way(plan: OpenPlan, tables: Iterable[str]) -> str | None:
    """End the editing of these tables' layers, whose buffers would not fit what is written below them.

    Our tools and the user leave layers in edit mode after saving; nothing is lost when that ends.  Where one holds
    unsaved edits nothing is ended, and its name is returned; it is for the user to save or discard them.
    """
    layers = _in_edit(plan, tables)
    held = next((layer for layer in layers if _has_edits(layer)), None)
    if held is None:
        held = next((layer for layer in layers if not layer.rollBack()), None)
    return str(held.name()) if held is not None else None


def _in_edit(plan: OpenPlan, tables: Iterable[str]) -> list[QgsVectorLayer]:
    found = (plan.project.mapLayer(plan.layer_ids.get(table, "")) for table in tables)
    return [layer for layer in found if isinstance(layer, QgsVectorLayer) and layer.isEditable()]


def _has_edits(layer: QgsVectorLayer) -> bool:
    return bool(layer.isModified() or layer.isEditCommandActive())
