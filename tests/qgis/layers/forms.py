"""Filling in forms through their real widgets, for tests."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from qgis.core import QgsFeature, QgsVectorLayer
from qgis.gui import QgsAttributeForm
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

#: Tables that a planner adds beside the projects in plain QGIS.
BESIDE = (
    "plan",
    "programme",
    "restoration_zone",
    "key_area",
    "admin_unit",
    "red_line",
    "siting_finding",
    "siting_review",
)


def feature_of(layer: QgsVectorLayer, code: str) -> QgsFeature:
    return next(f for f in layer.getFeatures() if f["code"] == code)


def form_of(layer: QgsVectorLayer, feature: QgsFeature | str) -> QgsAttributeForm:
    """The form of a feature, in edit mode, as QGIS shows it."""
    assert layer.isEditable() or layer.startEditing()
    form = QgsAttributeForm(layer, feature_of(layer, feature) if isinstance(feature, str) else feature)
    form.show()
    return form


def close(form: QgsAttributeForm) -> None:
    """Away with it at once: forms that stay follow every later edit of their layer."""
    sip.delete(form)


def editor(form: QgsAttributeForm, field: str) -> QWidget:
    """The widget that a field is written in."""
    return next(
        w
        for kind in (QLineEdit, QPlainTextEdit, QTextEdit, QWidget)
        for w in form.findChildren(kind, field)
        if not isinstance(w, QLabel) and w.metaObject().className() != "QgsAttributeFormEditorWidget"
    )


def write(form: QgsAttributeForm, field: str, words: str) -> None:
    """Write into a field's widget, as a person does."""
    widget = editor(form, field)
    if isinstance(widget, (QPlainTextEdit, QTextEdit)):
        widget.setPlainText(words)
    else:
        assert isinstance(widget, QLineEdit), type(widget)
        widget.setText(words)
        widget.editingFinished.emit()


def stored(path: Path, table: str = "project") -> dict[int, dict[str, tuple[str, object]]]:
    """Every value of a table as the file holds it, with its type; geometries as bytes."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as plan:
        plan.row_factory = sqlite3.Row
        rows = [dict(row) for row in plan.execute(f'SELECT * FROM "{table}"')]  # noqa: S608
    return {row["fid"]: {name: (type(value).__name__, value) for name, value in row.items()} for row in rows}
