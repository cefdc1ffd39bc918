"""Entries of projects made tidy once they are accepted: full-width letters and digits, pasted line breaks, stray blanks.

It is an edit of its own, so one Undo gives back what was typed, and it is said.
"""

from __future__ import annotations

from typing import Any

from qgis.core import Qgis, QgsMessageLog, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...core.plan.lists import read_list
from ...core.plan.project_entry import Tidied, tidy_row
from ...core.plan.schema import TABLES
from ...core.texts import text
from ...layers import roles
from ...layers.relations import offered_entries

_SHOWN_CHANGES = 3
_LONGEST_SHOWN = 40


class Tidying(QObject):
    """Follows one layer of projects."""

    tidied = pyqtSignal(str)

    def __init__(self, layer: QgsVectorLayer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layer = layer
        self._touched: dict[int, set[int]] = {}  # feature → its fields that were written
        self._at_it = False
        self._signals: list[tuple[Any, Any]] = [
            (layer.editCommandStarted, self._started),
            (layer.attributeValueChanged, self._changed),
            (layer.featureAdded, self._added),
            (layer.editCommandEnded, self._ended),
        ]
        for signal, slot in self._signals:
            signal.connect(slot)

    def close(self) -> None:
        """Follow it no longer."""
        for signal, slot in self._signals:
            signal.disconnect(slot)
        self._signals = []

    def _started(self, _name: str) -> None:
        self._touched.clear()  # what an Undo touched in between stays as it was

    def _changed(self, feature: int, field: int, _value: Any) -> None:
        self._touched.setdefault(feature, set()).add(field)

    def _added(self, feature: int) -> None:
        self._touched[feature] = set(range(self._layer.fields().count()))

    def _ended(self) -> None:
        if self._at_it:
            return
        self._at_it = True
        try:
            for feature, fields in sorted(self._touched.items()):
                self._tidy(feature, fields)
        finally:
            self._touched.clear()
            self._at_it = False

    def _tidy(self, number: int, fields: set[int]) -> None:
        feature = self._layer.getFeature(number)
        if not feature.isValid():
            return
        row = dict(zip(feature.fields().names(), feature.attributes()))
        names = feature.fields().names()
        written = {names[i]: feature.attribute(i) for i in fields}
        texts = {name: value for name, value in written.items() if isinstance(value, str)}
        changes = [change for change in tidy_row(texts) if not self._names_rows(change)]
        if not changes:
            return
        said = _sentence(row, changes)
        self._layer.beginEditCommand(said)
        for change in changes:
            index = self._layer.fields().indexOf(change.field)
            self._layer.changeAttributeValue(number, index, change.new, change.old)
        self._layer.endEditCommand()
        QgsMessageLog.logMessage(said, text("shell.name"), Qgis.MessageLevel.Info)
        self.tidied.emit(said)

    def _names_rows(self, change: Tidied) -> bool:
        """Whether all entries of a list are codes of the plan as they are written: however strange, they stay."""
        field = TABLES["project"].field(change.field)
        plan = roles.plan_of(self._layer)
        if not field.is_list or not field.refers_to or plan is None:
            return False
        return set(read_list(change.old)) <= set(offered_entries(field, roles.layers(QgsProject.instance(), plan)))


def _sentence(row: dict[str, Any], changes: list[Tidied]) -> str:
    code = next((c.new for c in changes if c.field == "code"), row.get("code"))
    shown = [
        text(
            "project_form.entry.tidied_one",
            field=text(f"schema.project.{c.field}"),
            old=_short(c.old),
            new=_short(c.new),
        )
        for c in changes[:_SHOWN_CHANGES]
    ]
    if len(changes) > _SHOWN_CHANGES:
        shown.append("…")
    name = code if isinstance(code, str) and code else text("project_form.entry.without_code")
    return text("project_form.entry.tidied", project=name, changes="；".join(shown))


def _short(value: str) -> str:
    shown = value.replace("\n", "↵").replace("\r", "")
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"
