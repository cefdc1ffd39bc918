"""The panel itself; it knows widgets and plain values, and says by signals what the planner wants."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsMapLayerProxyModel, QgsSettings
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QCloseEvent
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDockWidget,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ...core.texts import text
from ..icons import icon
from .values import (
    ADD,
    CUT,
    LINE,
    NEW,
    OUTLINE,
    PASTE,
    PICKED,
    PLACES,
    POINTS,
    REPLACE,
    RIVER,
    SELECTION,
    TOWNS,
    Options,
    Shown,
    Target,
)
from .widgets import Content, combo_box, words

SETTING = "restoration_planner/site/"
WIDEST_M = 20_000.0


class SitePanel(QDockWidget):
    """For which project, how, within what, by which measures; the area that comes of it; and Use.

    Signals
    -------
    changed()
        Something that the outcome depends on was set.
    picked_changed(), between_changed()
        Something else is to be picked; rivers whole or between two places.
    use_requested(), again_requested(), file_requested(), closed()
    """

    changed = pyqtSignal()
    picked_changed = pyqtSignal()
    between_changed = pyqtSignal()
    layer_changed = pyqtSignal()
    use_requested = pyqtSignal()
    again_requested = pyqtSignal()
    file_requested = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(text("site.title"), parent)
        self.setObjectName("RestorationPlannerSitePanel")
        # It is opened by the ways to give a site: without one there would be nothing in it
        self.toggleViewAction().setVisible(False)
        self._way = ""
        self._target: Target | None = None
        self._wants_new = False
        self._kind = OUTLINE
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        content = Content(self)
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.way_label = QLabel(content)
        font = self.way_label.font()
        font.setBold(True)
        self.way_label.setFont(font)
        self.hint_label = words(content)
        self.project_label = words(content)
        self._make_choices(content)
        self._make_measures(content)
        self._make_pasting(content)
        self.result_label = words(self)
        self.result_label.setTextFormat(Qt.TextFormat.PlainText)
        self.notes_label = words(self)
        self.notes_label.setTextFormat(Qt.TextFormat.PlainText)
        self._make_buttons(self)
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Sunken)
        upper = QVBoxLayout(content)
        upper.addWidget(self.way_label)
        upper.addWidget(self.hint_label)
        upper.addLayout(self._form)
        upper.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        # What comes of it, and Use, are always in sight, however much there is to set
        whole = QWidget(self)
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 6)
        layout.addWidget(area, 1)
        lower = QVBoxLayout()
        lower.setContentsMargins(9, 0, 9, 0)
        for part in (line, self.result_label, self.notes_label):
            lower.addWidget(part)
        lower.addLayout(self._buttons)
        layout.addLayout(lower)
        self.setWidget(whole)

    # --- what stands in it -----------------------------------------------------------------------------

    def show_way(self, way: str) -> None:
        """Show what one way of giving a site needs."""
        self._way = way
        self.way_label.setText(text(f"site.{way}_title"))
        self.hint_label.setText(text(f"site.{way}_how"))
        self._kind = {RIVER: LINE, POINTS: PLACES}.get(way, OUTLINE)
        self._show_rows()
        self.show_nothing()

    def show_target(self, target: Target | None, several: int = 0) -> None:
        """Show the project in hand; None where there is none, `several` where more than one is selected."""
        before, self._target = self._target, target
        if target is not None:
            site = (
                text("site.no_site")
                if target.area_ha is None
                else text("site.has_site", ha=target.area_ha, count=target.parts)
            )
            self.project_label.setText(f"{target.title}\n{site}")
        else:
            self.project_label.setText(text("site.several", count=several) if several else text("site.no_project"))
        self._offer_how(before)

    def offer_limits(self, limits: Sequence[tuple[str, str]]) -> None:
        """What the ground can be held within: (key, caption); the first is no limit."""
        chosen = self.limit.currentData()
        self._fill(self.limit, limits, chosen)

    def offer_crs(self, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        """Coordinate systems to choose from: (value, caption); empty `chosen` asks for a choice."""
        first = [("", text("site.crs_found_out" if chosen or not choices else "site.crs_choose"))]
        kept = self.crs.currentData() or ""
        self._fill(self.crs, [*first, *choices], kept)

    def understood_as(self, kind: str) -> None:
        """What the places given are, so that the measures that belong to them are shown."""
        if kind != self._kind:
            self._kind = kind
            self._show_rows()

    def show_names(self, names: Sequence[str]) -> None:
        """Names of what is chosen."""
        shown = text("site.list_of", names=list(names[:6])) if names else ""
        more = text("site.more", count=len(names) - 6) if len(names) > 6 else ""
        self.hint_label.setText(f"{shown}{more}" if names else text(f"site.{self._way}_how"))

    def show_outcome(self, shown: Shown) -> None:
        """The ground given, and the site as it would be."""
        result = text("site.result", ha=shown.given_ha, count=shown.given_parts)
        if self.options().how in (ADD, CUT) and self._target is not None and self._target.area_ha is not None:
            result += "\n" + text("site.result_then", ha=shown.then_ha, count=shown.then_parts)
        self._tell(result, shown.notes, True)

    def show_problem(self, sentence: str) -> None:
        """Why nothing can come of it as it stands."""
        self._tell(sentence, (), False)

    def show_working(self) -> None:
        """It is being worked out; Use waits for it."""
        self._tell(text("site.working"), (), True)

    def show_nothing(self) -> None:
        """Nothing is given yet."""
        self._tell(text("site.nothing_yet"), (), False)

    def options(self) -> Options:
        """What is set."""
        return Options(
            str(self.how.currentData() or NEW),
            str(self.limit.currentData() or ""),
            str(self.picked.currentData()),
            bool(self.between.currentData()),
            self.left.value(),
            self.left.value() if self.same.isChecked() else self.right.value(),
            self.radius.value(),
            self.pasted.toPlainText(),
            str(self.kind.currentData() or ""),
            str(self.crs.currentData() or ""),
            self.web_map.isChecked(),
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say that it goes."""
        super().closeEvent(event)
        self.closed.emit()

    def dismiss(self) -> None:
        """Say no more: the panel goes, while layers still come and go."""
        self.layer.blockSignals(True)
        self.blockSignals(True)

    # --- making it -------------------------------------------------------------------------------------

    def _row(self, name: str, widget: QWidget) -> None:
        label = QLabel(text(f"site.row_{name}"), self)
        label.setBuddy(widget)
        widget.setAccessibleName(text(f"site.row_{name}").rstrip("：:"))
        self._rows[name] = (label, widget)

    def _make_choices(self, content: QWidget) -> None:
        self._row("project", self.project_label)
        self.how = combo_box(content)
        self.how.activated.connect(self._how_chosen)
        self._row("how", self.how)
        self.limit = combo_box(content)
        self.limit.addItem(text("site.limit_none"), "")
        self.limit.currentIndexChanged.connect(self._changed)
        self._row("limit", self.limit)
        self.picked = combo_box(content)
        for name in PICKED:
            self.picked.addItem(text(f"site.picked_{name}"), name)
        self.picked.currentIndexChanged.connect(lambda *_: self.picked_changed.emit())
        self._row("picked", self.picked)
        self.between = combo_box(content)
        for name, value in (("river_whole", False), ("river_between", True)):
            self.between.addItem(text(f"site.{name}"), value)
        self.between.currentIndexChanged.connect(lambda *_: self.between_changed.emit())
        self._row("between", self.between)
        self.layer = QgsMapLayerComboBox(content)
        self.layer.setFilters(QgsMapLayerProxyModel.Filter.HasGeometry)
        # Not by layerChanged: it hands over layers that are on their way out of the project
        self.layer.currentIndexChanged.connect(self._layer_chosen)
        self._row("layer", self.layer)

    def _make_measures(self, content: QWidget) -> None:
        self.left, self.right = self._metres(content, "left", 50), self._metres(content, "right", 50)
        self.radius = self._metres(content, "radius", 100)
        self.same = QCheckBox(text("site.same"), content)
        self.same.setChecked(True)
        self.right.setEnabled(False)
        self.same.toggled.connect(self._same_toggled)
        self._row("left", self.left)
        self._row("right", self.right)
        self._row("same", self.same)
        self._row("radius", self.radius)

    def _make_pasting(self, content: QWidget) -> None:
        self.pasted = QPlainTextEdit(content)
        self.pasted.setPlaceholderText(text("site.paste_example"))
        self.pasted.setTabChangesFocus(True)
        self.pasted.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        # Low enough for what stands below it to be seen on a small screen
        self.pasted.setFixedHeight(7 * self.fontMetrics().lineSpacing())
        self.pasted.textChanged.connect(self._changed)
        self._row("pasted", self.pasted)
        self.file_button = QPushButton(text("site.open_file"), content)
        self.file_button.clicked.connect(lambda *_: self.file_requested.emit())
        self._row("file", self.file_button)
        self.kind = combo_box(content)
        self.kind.addItem(text("site.kind_found_out"), "")
        for kind in (OUTLINE, LINE, PLACES):
            self.kind.addItem(text(f"site.kind_{kind}"), kind)
        self.kind.currentIndexChanged.connect(self._changed)
        self._row("kind", self.kind)
        self.crs = combo_box(content)
        self.crs.addItem(text("site.crs_found_out"), "")
        self.crs.currentIndexChanged.connect(self._changed)
        self._row("crs", self.crs)
        self.web_map = QCheckBox(text("site.web_map"), content)
        self.web_map.setToolTip(text("site.web_map_tip"))
        self.web_map.toggled.connect(self._changed)
        self._row("web_map", self.web_map)

    def _make_buttons(self, content: QWidget) -> None:
        self.use_button = QPushButton(icon("site_use"), text("site.use"), content)
        self.again_button = QPushButton(text("site.again"), content)
        self.close_button = QPushButton(text("site.close"), content)
        self.use_button.clicked.connect(lambda *_: self.use_requested.emit())
        self.again_button.clicked.connect(lambda *_: self.again_requested.emit())
        self.close_button.clicked.connect(lambda *_: self.close())
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.use_button, 1)
        self._buttons.addWidget(self.again_button)
        self._buttons.addWidget(self.close_button)

    def _metres(self, parent: QWidget, name: str, usual: float) -> QDoubleSpinBox:
        box = QDoubleSpinBox(parent)
        box.setRange(0, WIDEST_M)
        box.setDecimals(1)
        box.setSingleStep(5)
        box.setSuffix(text("site.metres"))
        box.setValue(QgsSettings().value(SETTING + name, usual, type=float))
        box.valueChanged.connect(lambda value: self._measure_changed(name, value))
        return box

    # --- keeping it in order ---------------------------------------------------------------------------

    def _show_rows(self) -> None:
        lines, places = self._kind == LINE, self._kind == PLACES
        wanted = {
            "picked": self._way == TOWNS,
            "between": self._way == RIVER,
            "layer": self._way == SELECTION,
            "left": lines,
            "right": lines,
            "same": lines,
            "radius": places,
            **dict.fromkeys(("pasted", "file", "kind", "crs", "web_map"), self._way == PASTE),
        }
        # Rows that are only hidden leave their spacing behind
        while self._form.rowCount():
            self._form.takeRow(0)
        for name, (label, widget) in self._rows.items():
            if wanted.get(name, True):
                self._form.addRow(label, widget)
            label.setVisible(wanted.get(name, True))
            widget.setVisible(wanted.get(name, True))

    def _offer_how(self, before: Target | None) -> None:
        target = self._target
        hows = [NEW] if target is None else [REPLACE, NEW] if target.area_ha is None else [ADD, REPLACE, CUT, NEW]
        captions = {h: text("site.how_first" if h == REPLACE and len(hows) == 2 else f"site.how_{h}") for h in hows}
        same = target is not None and before is not None and target.title == before.title
        # What was its first site is not to be lost to the next sketch
        same = same and (target.area_ha is None) == (before.area_ha is None)  # type: ignore[union-attr]
        kept = self.how.currentData() if same else None
        if self._wants_new:
            kept = NEW
        self._fill(self.how, [(h, captions[h]) for h in hows], kept)
        self._use_says()

    def _fill(self, combo: QComboBox, entries: Sequence[tuple[str, str]], chosen: object) -> None:
        combo.blockSignals(True)
        combo.clear()
        for value, caption in entries:
            combo.addItem(caption, value)
            combo.setItemData(combo.count() - 1, caption, Qt.ItemDataRole.ToolTipRole)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
        combo.blockSignals(False)

    def _how_chosen(self, *_: object) -> None:
        self._wants_new = self.how.currentData() == NEW
        self._use_says()
        self.changed.emit()

    def _use_says(self) -> None:
        self.use_button.setText(text("site.use_new" if self.how.currentData() == NEW else "site.use"))

    def _layer_chosen(self, *_: object) -> None:
        self.layer_changed.emit()

    def _changed(self, *_: object) -> None:
        self.changed.emit()

    def _same_toggled(self, same: bool) -> None:
        self.right.setEnabled(not same)
        if same:
            self.right.setValue(self.left.value())
        self.changed.emit()

    def _measure_changed(self, name: str, value: float) -> None:
        QgsSettings().setValue(SETTING + name, value)
        if name == "left" and self.same.isChecked():
            self.right.blockSignals(True)
            self.right.setValue(value)
            self.right.blockSignals(False)
        self.changed.emit()

    def _tell(self, result: str, notes: Sequence[str], can_use: bool) -> None:
        self.result_label.setText(result)
        self.notes_label.setText("\n".join(f"• {note}" for note in notes))
        self.notes_label.setVisible(bool(notes))
        self.use_button.setEnabled(can_use)
