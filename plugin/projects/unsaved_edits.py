"""What a layer's edit buffer holds of projects: which fields of which, and their values."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsGeometry, QgsVectorLayer

from ...core.store.project_history import SITE


def edits_of(layer: QgsVectorLayer) -> dict[int, set[str] | None]:
    """What is edited and not saved: key → fields and `SITE`; None where the project is deleted."""
    buffer = layer.editBuffer()
    if buffer is None:
        return {}
    names = layer.fields().names()
    edits: dict[int, set[str] | None] = {}
    for fid, values in buffer.changedAttributeValues().items():
        edits[fid] = {names[position] for position in values if position < len(names)}
    for fid in buffer.changedGeometries():
        fields = edits.setdefault(fid, set())
        assert fields is not None
        fields.add(SITE)
    edits.update(dict.fromkeys(buffer.deletedFeatureIds()))
    return edits


def values_edited(layer: QgsVectorLayer, fid: int) -> dict[str, Any]:
    """What is edited of one project: field or `SITE` → its value here."""
    buffer = layer.editBuffer()
    if buffer is None:
        return {}
    names = layer.fields().names()
    values: dict[str, Any] = {names[at]: value for at, value in buffer.changedAttributeValues().get(fid, {}).items()}
    shapes = buffer.changedGeometries()
    return {**values, SITE: QgsGeometry(shapes[fid])} if fid in shapes else values
