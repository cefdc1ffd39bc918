"""The dialog for basemaps: one to add, and those that the project has.

It knows widgets and value types; who is asked, and when, is not its business.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QShowEvent
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from ..core.basemap.tianditu import CONSOLE, MATRIX_SETS, SERVICES
from ..core.palette import GRADE_COLOURS
from ..core.texts import text
from .icons import icon

OWN = "own"
_CHOICE_SETTING = "restoration_planner/basemap_choice"
_ID = Qt.ItemDataRole.UserRole
_LINES_OF_SENTENCES = 4
_LINES_OF_LIST = 5


@dataclass(frozen=True)
class Wanted:
    """A basemap to add.

    Attributes
    ----------
    which
        One of Tianditu's services, or ``own`` for `name` and `address`.
    offer
        The layer chosen of those a service offers, or -1.
    """

    which: str
    labels: bool = True
    matrix_set: str = "w"
    key: str = ""
    name: str = ""
    address: str = ""
    offer: int = -1


@dataclass(frozen=True)
class Present:
    """A basemap that the project has; opacity 0–1."""

    id: str
    name: str
    shown: bool
    opacity: float


class BasemapDialog(QDialog):
    """Tianditu or another address; ticks, opacity and removal of what is there."""

    add_wanted = pyqtSignal(object)
    stop_wanted = pyqtSignal()
    show_wanted = pyqtSignal(str, bool)
    opacity_wanted = pyqtSignal(str, float)
    remove_wanted = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerBasemapDialog")
        self.setWindowTitle(text("basemap.title"))
        self.setWindowIcon(icon("basemap"))
        self._opacities: dict[str, float] = {}
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addWidget(self._words("explained"))
        layout.addWidget(self._make_new())
        self.sentence = QLabel(self)
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.sentence.setMinimumHeight(_LINES_OF_SENTENCES * self.fontMetrics().lineSpacing())
        layout.addWidget(self.sentence, 1)
        layout.addWidget(self._make_present())
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setText(text("basemap.close"))
        self.buttons.rejected.connect(self.close)
        layout.addWidget(self.buttons)
        chosen = QgsSettings().value(_CHOICE_SETTING, "img", type=str)
        self.which.setCurrentIndex(max(self.which.findData(chosen), 0))
        self._show_fields()
        self.set_present([])
        self.resize(76 * self.fontMetrics().horizontalAdvance("0"), 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Be as high as the words need."""
        super().showEvent(event)
        QTimer.singleShot(0, self._fit)  # when its words have their final width

    # --- from outside --------------------------------------------------------------------------

    def set_key(self, key: str) -> None:
        """The key that is known; one that is being typed stays."""
        if not self.key.text():
            self.key.setText(key)

    def set_offers(self, captions: Sequence[str]) -> None:
        """The layers that a service offers; none hides the choice."""
        self.offer.clear()
        self.offer.addItems(list(captions))
        self._show_fields()

    def set_busy(self, busy: bool) -> None:
        """Whether a server is being asked: fields rest, Add becomes Stop."""
        for widget in self._entries:
            widget.setEnabled(not busy)
        self.add_button.setVisible(not busy)
        self.stop_button.setVisible(busy)

    def say(self, sentence: str, failed: bool = False) -> None:
        """Tell how it went."""
        self.sentence.setStyleSheet(f"color: {GRADE_COLOURS['violation']};" if failed else "")
        self.sentence.setText(sentence)

    def set_present(self, present: Sequence[Present]) -> None:
        """The basemaps of the project."""
        chosen = self._current()
        self._opacities = {p.id: p.opacity for p in present}
        self.present.blockSignals(True)
        items = [self.present.item(row) for row in range(self.present.count())]
        if present and [(i.data(_ID), i.text()) for i in items] == [(p.id, p.name) for p in present]:
            # This may be the answer to a click on one of them
            for item, one in zip(items, present):
                item.setCheckState(_check_state(one.shown))
            self.present.blockSignals(False)
            self._show_current()
            return
        self.present.clear()
        for one in present:
            item = QListWidgetItem(one.name, self.present)
            item.setData(_ID, one.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(_check_state(one.shown))
        rows = [r for r in range(self.present.count()) if self.present.item(r).data(_ID) == chosen]
        if present:
            self.present.setCurrentRow(rows[0] if rows else 0)
        else:
            item = QListWidgetItem(text("basemap.present_none"), self.present)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.present.blockSignals(False)
        self._show_current()

    def wanted(self) -> Wanted:
        """What is entered."""
        return Wanted(
            which=self.which.currentData(),
            labels=self.labels.isChecked(),
            matrix_set=self.tiles.currentData(),
            key=self.key.text(),
            name=" ".join(self.name.text().split()),
            address=self.address.text(),
            offer=self.offer.currentIndex(),
        )

    # --- what stands in it ---------------------------------------------------------------------

    def _make_new(self) -> QGroupBox:
        box = QGroupBox(text("basemap.new"), self)
        self.which = QComboBox(box)
        for which in (*SERVICES, OWN):
            self.which.addItem(text(f"basemap.which_{which}"), which)
        self.add_button = QPushButton(icon("basemap"), text("basemap.add"), box)
        self.add_button.setDefault(True)
        self.stop_button = QPushButton(icon("cancel"), text("basemap.stop"), box)
        self.stop_button.hide()
        first = QFormLayout()
        self._add_row(first, "which", self.which)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.add_button)
        last.addWidget(self.stop_button)
        self.of_tianditu, self.of_own = self._make_tianditu(box), self._make_own(box)
        layout = QVBoxLayout(box)
        layout.addLayout(first)
        layout.addWidget(self.of_tianditu)
        layout.addWidget(self.of_own)
        layout.addLayout(last)
        self._entries = (self.which, self.of_tianditu, self.of_own)
        self.which.currentIndexChanged.connect(lambda _: self._show_fields())
        self.add_button.clicked.connect(lambda *_: self._add())
        self.stop_button.clicked.connect(lambda *_: self.stop_wanted.emit())
        return box

    def _make_tianditu(self, box: QWidget) -> QWidget:
        page = QWidget(box)
        self.labels = QCheckBox(text("basemap.labels"), page)
        self.labels.setChecked(True)
        self.tiles = QComboBox(page)
        for matrix_set in MATRIX_SETS:
            self.tiles.addItem(text(f"basemap.tiles_{matrix_set}"), matrix_set)
        self.key = QLineEdit(page)
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setPlaceholderText(text("basemap.key_hint"))
        self.key_shown = QCheckBox(text("basemap.key_show"), page)
        self.key_shown.toggled.connect(self._show_key)
        key_row = QHBoxLayout()
        key_row.addWidget(self.key, 1)
        key_row.addWidget(self.key_shown)
        words = self._words("key_explained", console=CONSOLE)
        words.setOpenExternalLinks(True)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow("", self.labels)
        self._add_row(form, "tiles", self.tiles)
        caption = QLabel(text("basemap.key"), page)
        caption.setBuddy(self.key)
        self.key.setAccessibleName(_plain(caption.text()))
        form.addRow(caption, key_row)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        layout.addWidget(words)
        return page

    def _make_own(self, box: QWidget) -> QWidget:
        page = QWidget(box)
        self.name = QLineEdit(page)
        self.name.setMaxLength(100)
        self.name.setPlaceholderText(text("basemap.name_hint"))
        self.address = QLineEdit(page)
        self.address.setPlaceholderText(text("basemap.address_hint"))
        self.address.textChanged.connect(lambda _: self.set_offers([]))
        self.offer = QComboBox(page)
        self.offer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.own_form = form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for name, field in (("name", self.name), ("address", self.address), ("offer", self.offer)):
            self._add_row(form, name, field)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        layout.addWidget(self._words("address_explained"))
        return page

    def _make_present(self) -> QGroupBox:
        box = QGroupBox(text("basemap.present"), self)
        self.present = QListWidget(box)
        self.present.setFixedHeight(_LINES_OF_LIST * self.fontMetrics().lineSpacing())
        self.present.setAccessibleName(text("basemap.present"))
        self.present.itemChanged.connect(self._ticked)
        self.present.currentItemChanged.connect(lambda *_: self._show_current())
        self.opacity = QSlider(Qt.Orientation.Horizontal, box)
        self.opacity.setRange(0, 100)
        self.opacity.setPageStep(10)
        self.opacity.valueChanged.connect(self._opacity_changed)
        self.percent = QLabel(box)
        self.percent.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %  "))
        caption = QLabel(text("basemap.opacity"), box)
        caption.setBuddy(self.opacity)
        self.remove_button = QPushButton(text("basemap.remove"), box)
        self.remove_button.clicked.connect(lambda *_: self.remove_wanted.emit(self._current()))
        below = QHBoxLayout()
        for widget in (caption, self.opacity, self.percent, self.remove_button):
            below.addWidget(widget)
        layout = QVBoxLayout(box)
        layout.addWidget(self.present)
        layout.addLayout(below)
        return box

    def _add_row(self, form: QFormLayout, name: str, field: QWidget) -> None:
        caption = text(f"basemap.{name}")
        form.addRow(caption, field)
        field.setAccessibleName(_plain(caption))

    def _words(self, key: str, **params: object) -> QLabel:
        label = QLabel(text(f"basemap.{key}", **params), self)
        label.setWordWrap(True)
        return label

    # --- what happens in it --------------------------------------------------------------------

    def _add(self) -> None:
        QgsSettings().setValue(_CHOICE_SETTING, self.which.currentData())
        self.add_wanted.emit(self.wanted())

    def _show_fields(self) -> None:
        """Those that belong to what is chosen."""
        own = self.which.currentData() == OWN
        self.of_tianditu.setVisible(not own)
        self.of_own.setVisible(own)
        for field in (self.offer, self.own_form.labelForField(self.offer)):
            field.setVisible(self.offer.count() > 0)

        if self.isVisible():
            self._fit()

    def _fit(self) -> None:
        """Words that wrap need a height that their layout only knows for a width."""
        self.layout().activate()
        height = self.layout().totalHeightForWidth(self.width())
        self.setMinimumHeight(height)
        self.resize(self.width(), height)

    def _show_key(self, shown: bool) -> None:
        self.key.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def _current(self) -> str:
        item = self.present.currentItem()
        return str(item.data(_ID) or "") if item is not None else ""

    def _show_current(self) -> None:
        opacity = self._opacities.get(self._current())
        for widget in (self.opacity, self.remove_button):
            widget.setEnabled(opacity is not None)
        self.opacity.blockSignals(True)
        self.opacity.setValue(round(100 * (1.0 if opacity is None else opacity)))
        self.opacity.blockSignals(False)
        self.percent.setText(str(self.opacity.value()) + text("basemap.percent"))

    def _opacity_changed(self, percent: int) -> None:
        self.percent.setText(str(percent) + text("basemap.percent"))
        self._opacities[self._current()] = percent / 100
        self.opacity_wanted.emit(self._current(), percent / 100)

    def _ticked(self, item: QListWidgetItem) -> None:
        self.present.setCurrentItem(item)  # Qt leaves the row where it was: Remove would mean another map
        self.show_wanted.emit(str(item.data(_ID)), item.checkState() == Qt.CheckState.Checked)


def _check_state(shown: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked


def _plain(caption: str) -> str:
    """A caption without the mark of its shortcut."""
    return re.sub(r"\(&.\)|&", "", caption)
