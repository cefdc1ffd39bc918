"""The dialog: units and open names on the left, map and areas on the right, building and taking back below.

It works on a `ZoneDraft`, which writes nothing; what is to be written it says by signals.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qgis.core import QgsCoordinateReferenceSystem, QgsVectorLayer
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QCloseEvent, QKeySequence
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ...core.palette import assign_zone_colours
from ...core.texts import text
from ..areas_model import SHARE, STATED_SHARE
from ..areas_table import AreasTable
from ..icons import icon
from ..import_dialog.notice import Notice
from .draft_map import DraftMap
from .names_tab import NamesTab
from .units_tab import UnitsTab

if TYPE_CHECKING:
    from ...core.plan.zone_draft import ZoneDraft

SIZE = (1220, 672)
LEAST_SIZE = (860, 540)
UNITS_SHARE = (690, 510)
MAP_SHARE = (330, 240)


class BuildZonesDialog(QDialog):
    """Not modal: QGIS and its map can be used beside it."""

    build_requested = pyqtSignal(bool)
    take_back_requested = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self, plan: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RestorationPlannerBuildZonesDialog")
        self.setWindowTitle(text("build_zones.title", plan=plan))
        self.setWindowIcon(icon("build_zones"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, True)
        self.setModal(False)
        self._draft: ZoneDraft | None = None
        self._colours: dict[str, str] = {}
        self._codes: dict[str, list[str | None]] = {}
        self._working = False
        self._closed = False
        self.notice = Notice(self)
        self.units, self.names = UnitsTab(self), NamesTab(self)
        self.remarks = QPlainTextEdit(self)
        self.remarks.setReadOnly(True)
        self.remarks.setTabChangesFocus(True)
        self.remarks.setAccessibleName(text("build_zones.remarks_name"))
        self.map, self.areas = DraftMap(self), AreasTable(self)
        for column in (SHARE, STATED_SHARE):  # of use once the zones stand; here the room is for names
            self.areas.table.setColumnHidden(column, True)
        self.tabs = QTabWidget(self)
        for tab in (self.units, self.names, self.remarks):
            self.tabs.addTab(tab, "")
        self._make_bar()
        self._lay_out()
        self._connect()
        self.setMinimumSize(*LEAST_SIZE)
        self.resize(*SIZE)

    # --- what is shown -------------------------------------------------------------------------

    def set_surroundings(self, layers: Iterable[QgsVectorLayer], crs: QgsCoordinateReferenceSystem) -> None:
        """The plan's own layers for the map, and its projection."""
        self.map.set_surroundings(layers, crs)

    def show_draft(self, draft: ZoneDraft) -> None:
        """Take another draft to work on."""
        self._draft = draft
        self._colours = _zone_colours(draft)
        self._codes = {name: draft.tables[name]["code"].tolist() for name in ("restoration_zone", "key_area")}
        drawn = _count_outlines(draft)
        self.replace.setVisible(any(drawn))
        self.replace.setChecked(False)
        self.replace.setText(text("build_zones.replace", zones=drawn[0], key_areas=drawn[1]))
        self.refresh()
        if not self.units.selection():
            first = next((unit.fid for unit in draft.units() if unit.is_open), None)
            if first is not None:
                self.units.select(first)

    def draft(self) -> ZoneDraft | None:
        """What is worked on."""
        return self._draft

    def refresh(self) -> None:
        """Show the draft as it now stands."""
        from ...core.coverage.areas import key_area_areas, zone_areas

        draft = self._draft
        if draft is None:
            return
        built = draft.built()
        self.units.show_draft(draft, self._colours)
        self.names.show_draft(draft)
        self.map.show_draft(draft, self._colours)
        zones = zone_areas(built.zones, draft.total_stated_km2())
        self.areas.show_areas(zones, key_area_areas(built.key_areas, zones.sum.measured_km2))
        messages = built.messages()
        self.remarks.setPlainText("\n".join(str(message) for message in messages))
        open_units = sum(unit.is_open for unit in draft.units())
        open_names = sum(not name.units for name in draft.names())
        self.tabs.setTabText(0, _counted("tab_units", open_units))
        self.tabs.setTabText(1, _counted("tab_names", open_names))
        self.tabs.setTabText(2, text("build_zones.tab_remarks", count=len(messages)))
        self._show_state(open_units, open_names)

    def set_working(self, working: bool) -> None:
        """Whether the plan is being read or written; nothing can be changed meanwhile."""
        self._working = working
        self.map.rest(working)
        for widget in (self.tabs, self.areas, self.replace):
            widget.setEnabled(not working)
        self.refresh()
        if self._draft is None:
            self.says.setText(text("build_zones.reading"))
            self.build_button.setEnabled(False)

    def show_problem(self, sentence: str, details: str = "") -> None:
        """Say what could not be done."""
        self.notice.say(sentence, details)

    def show_built(self, can_take_back: bool) -> None:
        """After the plan was written: the way back is open, or not any more."""
        self.notice.hide()
        self.take_back_button.setVisible(can_take_back)
        self.built_label.setVisible(can_take_back)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the map go, and tell."""
        self._close_once()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape and the button."""
        self._close_once()
        super().reject()

    # --- inside --------------------------------------------------------------------------------

    def _make_bar(self) -> None:
        self.says = QLabel(self)
        self.says.setTextFormat(Qt.TextFormat.PlainText)
        self.replace = QCheckBox(self)
        self.replace.setToolTip(text("build_zones.replace_tip"))
        self.built_label = QLabel(text("build_zones.built"), self)
        self.undo_button = self._button("undo", "take_back")
        self.undo_button.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        self.take_back_button = self._button("take_back", "take_back")
        self.build_button = self._button("build", "build_zones")
        self.build_button.setDefault(True)
        self.close_button = self._button("close")
        self.built_label.hide()
        self.take_back_button.hide()

    def _button(self, name: str, picture: str = "") -> QPushButton:
        button = QPushButton(text("shell.close" if name == "close" else f"build_zones.{name}"), self)
        button.setObjectName(f"build_zones_{name}_button")
        button.setAutoDefault(False)
        if picture:
            button.setIcon(icon(picture))
        return button

    def _lay_out(self) -> None:
        right = QSplitter(Qt.Orientation.Vertical, self)
        right.addWidget(self.map)
        right.addWidget(self.areas)
        right.setSizes(list(MAP_SHARE))
        right.setChildrenCollapsible(False)
        right.setStretchFactor(0, 1)
        body = QSplitter(Qt.Orientation.Horizontal, self)
        body.addWidget(self.tabs)
        body.addWidget(right)
        body.setSizes(list(UNITS_SHARE))
        body.setChildrenCollapsible(False)
        body.setStretchFactor(1, 1)
        bar = QHBoxLayout()
        bar.addWidget(self.says)
        bar.addWidget(self.undo_button)
        bar.addStretch(1)
        for widget in (self.built_label, self.take_back_button, self.replace, self.build_button, self.close_button):
            bar.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(8)
        layout.addWidget(self.notice)
        layout.addWidget(body, 1)
        layout.addLayout(bar)

    def _connect(self) -> None:
        self.units.assigned.connect(self._assign)
        self.units.forgotten.connect(self._forget)
        self.units.selected.connect(self.map.select)
        self.names.meant.connect(self._mean)
        self.names.selected.connect(self._name_selected)
        self.map.clicked.connect(self._unit_clicked)
        self.areas.chosen.connect(self._area_chosen)
        self.replace.toggled.connect(lambda *_: self.refresh())
        self.undo_button.clicked.connect(lambda *_: self._undo())
        self.build_button.clicked.connect(lambda *_: self.build_requested.emit(self.replace.isChecked()))
        self.take_back_button.clicked.connect(lambda *_: self.take_back_requested.emit())
        self.close_button.clicked.connect(lambda *_: self.reject())

    def _assign(self, units: dict) -> None:
        assert self._draft is not None
        self._draft.settle(units)
        self.refresh()

    def _forget(self, fids: list) -> None:
        assert self._draft is not None
        self._draft.forget(fids)
        self.refresh()

    def _mean(self, name: tuple, fids: list) -> None:
        assert self._draft is not None
        self._draft.take_name_for(name, fids)
        self.refresh()
        self.map.select(fids)

    def _undo(self) -> None:
        if self._draft is not None:
            self._draft.undo()
            self.refresh()

    def _unit_clicked(self, fid: int, add: bool) -> None:
        self.tabs.setCurrentWidget(self.units)
        self.units.select(fid, add)

    def _name_selected(self, fids: list) -> None:
        if self.tabs.currentWidget() is self.names:
            self.map.select(fids)

    def _area_chosen(self, kind: str, position: int) -> None:
        """Outline the units of a zone or key area."""
        assert self._draft is not None
        code = self._codes[kind][position]
        field = "zone" if kind == "restoration_zone" else "key_area"
        self.map.select([unit.fid for unit in self._draft.units() if getattr(unit, field) == code])

    def _show_state(self, open_units: int, open_names: int) -> None:
        draft = self._draft
        assert draft is not None
        writable, reason = _can_build(draft, self.replace.isChecked())
        self.build_button.setEnabled(writable and not self._working)
        self.build_button.setToolTip(reason)
        self.undo_button.setEnabled(draft.can_undo and not self._working)
        self.take_back_button.setEnabled(not self._working)
        if reason:
            self.says.setText(reason)
        elif open_units or open_names:
            self.says.setText(text("build_zones.open", units=open_units, names=open_names))
        else:
            self.says.setText(text("build_zones.nothing_open"))

    def _close_once(self) -> None:
        if not self._closed:
            self._closed = True
            self.map.close_map()
            self.closed.emit()


def _counted(key: str, count: int) -> str:
    return text(f"build_zones.{key}_open", count=count) if count else text(f"build_zones.{key}")


def _zone_colours(draft: ZoneDraft) -> dict[str, str]:
    """The colours that the zones will have in the plan's style."""
    from ...core.store.zone_style import neighbours_of

    zones = draft.built().zones
    return {c: k for c, k in zip(zones["code"], assign_zone_colours(neighbours_of(zones))) if c is not None}


def _count_outlines(draft: ZoneDraft) -> tuple[int, int]:
    """How many zones and key areas have an outline already."""
    counts = []
    for name in ("restoration_zone", "key_area"):
        shapes = draft.tables[name].geometry
        counts.append(0 if shapes is None else sum(shape is not None and not shape.is_empty for shape in shapes))
    return counts[0], counts[1]


def _can_build(draft: ZoneDraft, replace: bool) -> tuple[bool, str]:
    """Whether building would write anything, and why not."""
    from ...core.commands.build_zones import what_changes

    if not len(draft.tables["restoration_zone"]):
        return False, text("build_zones.no_zones")
    if not any(area.units for area in draft.built().areas):
        return False, text("build_zones.no_unit_belongs")
    writes = what_changes(draft.tables, draft.built(), replace)
    if any(len(rows) for rows in writes.rows.values()) or draft.can_undo:
        return True, ""
    return False, text("build_zones.all_kept")
