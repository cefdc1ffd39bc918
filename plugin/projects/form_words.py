"""What is wrong with an entry, said in the form: QGIS itself only colours the field and hides the sentence in a tip.

The sentence is the constraint's own; it stands in the form's message bar from when the field is changed or left until
the entry is right or another field is being filled in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qgis.core import Qgis
from qgis.gui import QgsAttributeForm, QgsMessageBar, QgsMessageBarItem
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtWidgets import QLabel, QWidget

from ...core.plan.schema import TABLES
from ...layers.forms.pages import PAGES
from ...layers.forms.panels import LABEL_MARK

#: How QGIS marks an entry that does not fulfil its constraint.
CROSS = "\u2718"
#: What QGIS adds to the sentence: "Not NULL", "Unique".
_MORE = re.compile(r"(?<=[。.])(, [^。.]+)+$")


@dataclass
class _Followed:
    """A form, what is connected to it, and the sentence that stands in it with its field."""

    form: QgsAttributeForm
    slot: Callable[..., None]
    field: str = ""
    item: QgsMessageBarItem | None = None


class FormWords(QObject):
    """Speaks in the forms that it is told of.

    Forms are told apart by their addresses and forgotten when Qt says that they are gone: Python has a new object for
    one each time it meets it, and does not notice its end.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._followed: dict[int, _Followed] = {}

    def follow(self, form: QgsAttributeForm) -> None:
        """Speak of what is changed in a form from now on."""
        key = _address(form)
        if key in self._followed:
            return

        def changed(name: str, _value: Any, _really: bool) -> None:
            self.look_at(form, name)

        break_lines(form)
        self._followed[key] = _Followed(form, changed)
        form.widgetValueChanged.connect(changed)
        form.destroyed.connect(lambda *_: self._followed.pop(key, None))

    def look_at(self, form: QgsAttributeForm, field: str) -> None:
        """Say what is wrong with a field's entry, once QGIS has judged it."""
        key = _address(form)
        QTimer.singleShot(0, lambda: self._say(key, field))

    def close(self) -> None:
        """Say nothing any more."""
        for followed in self._followed.values():
            followed.form.widgetValueChanged.disconnect(followed.slot)
            self._unsay(followed)
        self._followed.clear()

    def _say(self, key: int, field: str) -> None:
        followed = self._followed.get(key)
        if followed is None:
            return
        sentence = what_is_wrong(followed.form, field)
        if followed.item is not None and followed.field == field and sentence:
            return
        self._unsay(followed)
        bar = _bar_of(followed.form)
        if sentence and bar is not None:
            caption = followed.form.feature().fields().field(field).displayName()
            item = bar.createMessage(caption, sentence)
            bar.pushWidget(item, Qgis.MessageLevel.Warning, 0)
            followed.field, followed.item = field, item
            item.destroyed.connect(lambda *_: _forget(followed, item))

    @staticmethod
    def _unsay(followed: _Followed) -> None:
        bar = _bar_of(followed.form) if followed.item is not None else None
        if bar is not None:
            bar.popWidget(followed.item)
        followed.item = None


def _forget(followed: _Followed, item: QgsMessageBarItem) -> None:
    if followed.item is item:
        followed.item = None


def _address(form: QgsAttributeForm) -> int:
    return int(sip.unwrapinstance(form))


def break_lines(form: QgsAttributeForm) -> None:
    """Let the labels that show panels (QGIS 3.30 and later) break their lines, which they do not of themselves."""
    for label in form.findChildren(QLabel):
        if LABEL_MARK in label.text():
            label.setWordWrap(True)


def is_of_a_plan(form: QgsAttributeForm) -> bool:
    """Whether a form shows a row of one of our tables, as its fields tell.

    The form's layer is not asked: a form may outlive it, and then holds a pointer to nothing.
    """
    names = set(form.feature().fields().names())
    return any(names.issuperset(TABLES[table].field_names) for table in PAGES)


def field_around(form: QgsAttributeForm, widget: QWidget) -> str | None:
    """The field that a widget of a form belongs to."""
    names = set(form.feature().fields().names())
    above: QWidget | None = widget
    while above is not None and above is not form:
        if above.objectName() in names:
            return str(above.objectName())
        above = above.parentWidget()
    return None


def what_is_wrong(form: QgsAttributeForm, field: str) -> str:
    """The constraint's sentence where QGIS marks a field's entry as wrong, else nothing."""
    for widget in form.findChildren(QWidget, field):
        above = widget.parentWidget()
        while above is not None and above.metaObject().className() != "QgsAttributeFormEditorWidget":
            above = above.parentWidget()
        for label in above.findChildren(QLabel) if above is not None else ():
            if CROSS in label.text():
                return _MORE.sub("", str(label.toolTip()))
    return ""


def _bar_of(form: QgsAttributeForm) -> QgsMessageBar | None:
    """The form's own message bar, which is only a widget to Python until it is told."""
    for widget in form.findChildren(QWidget):
        if widget.metaObject().className() == "QgsMessageBar":
            return sip.cast(widget, QgsMessageBar)
    return None
