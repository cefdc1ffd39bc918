"""The plugin's part in forms: the safe list of choices, and entries made tidy as they are accepted.

QGIS cannot forget an editor widget once it has been registered, so the factory stays until QGIS ends.  It is asked only
for fields that say nothing about their widget, and only in layers that are marked as a plan's; nothing of it is ever
written into a project or a plan, which would crash a QGIS without the plugin.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qgis.core import NULL, Qgis, QgsApplication, QgsEditorWidgetSetup, QgsFieldFormatter, QgsProject, QgsVectorLayer
from qgis.gui import (
    QgsAttributeForm,
    QgsEditorConfigWidget,
    QgsEditorWidgetAutoConfPlugin,
    QgsEditorWidgetFactory,
    QgsEditorWidgetWrapper,
    QgsGui,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QApplication, QPlainTextEdit, QWidget

from ...core.plan.lists import read_list
from ...core.plan.schema import TABLES, Field
from ...core.texts import text
from ...layers import roles
from ...layers.relations import list_widget_is_there, offered_entries
from ...layers.value_maps import LIST_WIDGET
from . import form_functions
from .form_list import ChoiceList
from .form_tidying import Tidying
from .form_words import FormWords, field_around, is_of_a_plan

#: Key areas are narrowed to the zones that are chosen beside them.
NARROWED_BY = {"key_area_codes": ("zone_codes", "key_area", "zone_code")}

#: What QGIS holds pointers to; it lives as long as QGIS does.
_kept: dict[str, Any] = {}


def register() -> None:
    """Offer the list of choices to the forms of plans, and what their panels ask the plugin for."""
    form_functions.register()
    if list_widget_is_there():
        return
    if "factory" not in _kept:
        registry = QgsGui.editorWidgetRegistry()
        _kept["factory"] = ListFactory()
        _kept["chooser"] = ListChooser()
        registry.registerWidget(LIST_WIDGET, _kept["factory"])
        registry.registerAutoConfPlugin(_kept["chooser"])
    _kept["formatter"] = ListFormatter()
    QgsApplication.fieldFormatterRegistry().addFieldFormatter(_kept["formatter"])


def withdraw() -> None:
    """Offer it no longer: list fields are texts again, panels show their hints."""
    form_functions.withdraw()
    formatter = _kept.pop("formatter", None)
    if formatter is not None:
        QgsApplication.fieldFormatterRegistry().removeFieldFormatter(LIST_WIDGET)


class ProjectForms(QObject):
    """The forms of the open plans' projects, as long as the plugin is at work."""

    def __init__(self, project: QgsProject, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._followed: dict[str, Tidying] = {}
        register()
        self._closed = False
        self._words = FormWords(self)
        QApplication.instance().focusChanged.connect(self._entered)

    def follow(self, layer_ids: Iterable[str]) -> None:
        """Tidy what is entered in these project layers, and in no others."""
        wanted = {i: self._project.mapLayer(i) for i in layer_ids}
        for layer_id in [i for i in self._followed if i not in wanted or wanted[i] is None]:
            self._let_go(layer_id)
        for layer_id, layer in wanted.items():
            if isinstance(layer, QgsVectorLayer) and layer_id not in self._followed:
                tidying = Tidying(layer, self)
                tidying.tidied.connect(_say)
                self._followed[layer_id] = tidying

    def close(self) -> None:
        """Leave the forms to QGIS."""
        if self._closed:
            return
        self._closed = True
        self._words.close()
        QApplication.instance().focusChanged.disconnect(self._entered)
        for layer_id in list(self._followed):
            self._let_go(layer_id)
        withdraw()

    def _entered(self, left: QWidget | None, now: QWidget | None) -> None:
        """In a text of several lines QGIS writes NULL for nothing; what is typed takes its place."""
        form = _form_of_a_plan(now)
        if form is not None and now is not None:
            self._words.follow(form)
            if isinstance(now, QPlainTextEdit) and now.toPlainText() == QgsApplication.nullRepresentation():
                now.selectAll()
        before = _form_of_a_plan(left)
        field = field_around(before, left) if before is not None and left is not None else None
        if before is not None and field is not None:
            self._words.look_at(before, field)

    def _let_go(self, layer_id: str) -> None:
        tidying = self._followed.pop(layer_id)
        if self._project.mapLayer(layer_id) is not None:  # else it is gone, and its connections with it
            tidying.close()
        tidying.tidied.disconnect(_say)
        tidying.deleteLater()


def _say(sentence: str) -> None:
    from qgis.utils import iface

    if iface is not None:
        iface.messageBar().pushMessage(text("shell.name"), sentence, Qgis.MessageLevel.Info, 8)


def list_field(layer: QgsVectorLayer, name: str) -> Field | None:
    """The list field of a plan's layer, or None for any other field or layer."""
    table = roles.table_of(layer)
    if table not in TABLES or name not in TABLES[table].field_names:
        return None
    field = TABLES[table].field(name)
    return field if field.is_list else None


def _is_wanted(layer: QgsVectorLayer, name: str) -> bool:
    return "formatter" in _kept and list_field(layer, name) is not None


class ListChooser(QgsEditorWidgetAutoConfPlugin):
    """Says which fields are edited with the list."""

    def editorWidgetSetup(self, layer: QgsVectorLayer, field_name: str, score: int = 0) -> Any:
        """The list for a plan's list fields, else nothing."""
        wanted = _is_wanted(layer, field_name)
        return (QgsEditorWidgetSetup(LIST_WIDGET, {}), 100) if wanted else (QgsEditorWidgetSetup(), 0)


class ListFormatter(QgsFieldFormatter):
    """Shows a list's entries by name in the attribute table."""

    def id(self) -> str:
        """The widget's name."""
        return LIST_WIDGET

    def representValue(self, layer: QgsVectorLayer, index: int, config: Any, cache: Any, value: Any) -> str:
        """Names with commas between; codes that name nothing as they are."""
        entries = read_list(value) if isinstance(value, str) else ()
        names = cache if isinstance(cache, dict) else self.createCache(layer, index, config)
        return "；".join(" ".join(names.get(e, e).split()) for e in entries)

    def createCache(self, layer: QgsVectorLayer, index: int, config: Any) -> Any:
        """Entry → caption, read once for a whole table."""
        return _choices(layer, layer.fields().at(index).name())


class ListFactory(QgsEditorWidgetFactory):
    """Makes the list's widgets for QGIS."""

    def __init__(self) -> None:
        super().__init__(LIST_WIDGET)

    def create(
        self, layer: QgsVectorLayer, index: int, editor: QWidget | None, parent: QWidget | None
    ) -> QgsEditorWidgetWrapper:
        """One field's widget."""
        return ListWrapper(layer, index, editor, parent)

    def configWidget(self, layer: QgsVectorLayer, index: int, parent: QWidget | None) -> QgsEditorConfigWidget:
        """There is nothing to set."""
        return NothingToSet(layer, index, parent)

    def fieldScore(self, layer: QgsVectorLayer, index: int) -> int:
        """Never offered for other fields, nor once the plugin has gone."""
        return 10 if _is_wanted(layer, layer.fields().at(index).name()) else 0


class NothingToSet(QgsEditorConfigWidget):
    """The page of the layer's properties."""

    def config(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def setConfig(self, config: dict[str, Any]) -> None:
        """Nothing."""


class ListWrapper(QgsEditorWidgetWrapper):
    """Between QGIS's form and the list."""

    def __init__(self, layer: QgsVectorLayer, index: int, editor: QWidget | None, parent: QWidget | None) -> None:
        super().__init__(layer, index, editor, parent)
        self._made: ChoiceList | None = None
        self._list: ChoiceList | None = None
        self._form: QgsAttributeForm | None = None

    def createWidget(self, parent: QWidget | None) -> QWidget:
        """The list itself; without a name for it Python would forget what it is before QGIS hands it back."""
        self._made = ChoiceList(parent)
        return self._made

    def initWidget(self, editor: QWidget | None) -> None:
        """Fill the list and follow it."""
        self._list = editor if isinstance(editor, ChoiceList) else None
        if self._list is None:
            return
        name = self.field().name()
        field = list_field(self.layer(), name)
        self._list.offer(_choices(self.layer(), name), typed=field is None or not field.refers_to)
        self._list.changed.connect(self.emitValueChanged)
        self._list.shown.connect(self._narrow)

    def valid(self) -> bool:
        """Whether QGIS may use it."""
        return self._list is not None

    def value(self) -> Any:
        """What is to be saved: untouched, exactly what was there."""
        if self._list is None:
            return NULL
        value = self._list.value()
        return NULL if value is None else value

    def setValue(self, value: Any) -> None:
        """Show what the form holds (QGIS gives values to Python through this slot)."""
        self.updateValues(value)

    def updateValues(self, value: Any, additional: Any = None) -> None:
        """Show what the form holds."""
        if self._list is not None:
            self._list.set_value(value)
            self._narrow()

    def setEnabled(self, enabled: bool) -> None:
        """Editable or only to look at."""
        if self._list is not None:
            self._list.set_writable(enabled)

    def _other_changed(self, name: str, _value: Any, _really: bool) -> None:
        if name == NARROWED_BY[self.field().name()][0]:
            self._narrow()

    def _narrow(self) -> None:
        if self._list is None or self.field().name() not in NARROWED_BY:
            return
        if self._form is None:  # the form takes its widgets in after they were made
            self._form = _form_around(self._list)
            if self._form is None:
                return
            self._form.widgetValueChanged.connect(self._other_changed)
        other, table, zone_field = NARROWED_BY[self.field().name()]
        feature = self._form.currentFormFeature()
        position = feature.fields().indexOf(other)
        value = feature.attribute(position) if position >= 0 else None
        zones = read_list(value) if isinstance(value, str) else ()
        source = _layers_beside(self.layer()).get(table)
        if source is None or not zones:
            self._list.hide_entries(())
            return
        self._list.hide_entries(f["code"] for f in source.getFeatures() if f[zone_field] not in zones)


def _form_around(widget: QWidget) -> QgsAttributeForm | None:
    """The form that a widget stands in; a cell of the attribute table stands in none."""
    above: QWidget | None = widget
    while above is not None and above.metaObject().className() != "QgsAttributeForm":
        above = above.parentWidget()
    # A form that QGIS made itself is only a widget to Python until it is told
    return above if above is None or isinstance(above, QgsAttributeForm) else sip.cast(above, QgsAttributeForm)


def _form_of_a_plan(widget: QWidget | None) -> QgsAttributeForm | None:
    """The form of a plan's layer that a widget stands in."""
    form = None if widget is None or sip.isdeleted(widget) else _form_around(widget)
    return form if form is not None and is_of_a_plan(form) else None


def _layers_beside(layer: QgsVectorLayer) -> dict[str, QgsVectorLayer]:
    plan = roles.plan_of(layer)
    return {} if plan is None else roles.layers(QgsProject.instance(), plan)


def _choices(layer: QgsVectorLayer, name: str) -> dict[str, str]:
    field = list_field(layer, name)
    return {} if field is None else offered_entries(field, _layers_beside(layer))
