"""The figures of the catalogue: those that are wanted are checked, those whose data is missing say what they lack."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QIcon, QKeyEvent, QPalette, QPixmap
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStyle,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...core.texts import text
from .preview import Preview
from .values import FigureEntry

NUMBER, TITLE, STATE = range(3)
ENTRY = Qt.ItemDataRole.UserRole
#: Pixels between the letters of a line and of the next.
AIR = 9


class _Figures(QTreeWidget):
    """Space checks the current figure, wherever in its line the mouse was last."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt itself looks at the current cell only."""
        item = self.currentItem()
        if event.key() != Qt.Key.Key_Space or item is None:
            super().keyPressEvent(event)
        elif item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            checked = item.checkState(NUMBER) == Qt.CheckState.Checked
            item.setCheckState(NUMBER, Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked)


class FiguresList(QWidget):
    """`changed` when other figures are checked, `current_changed` when another one is looked at."""

    changed = pyqtSignal()
    current_changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = QLabel(self)
        self.all_button = self._button("all")
        self.none_button = self._button("none")
        self.tree = _Figures(self)
        self.tree.setObjectName("figures_list")
        self.tree.setColumnCount(3)
        self.tree.setHeaderLabels([text(f"figures_dialog.head_{name}") for name in ("number", "title", "state")])
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setAlternatingRowColors(True)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.setAccessibleName(text("figures_dialog.list_name"))
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NUMBER, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(STATE, QHeaderView.ResizeMode.ResizeToContents)
        self.advice = QLabel(self)
        self.advice.setWordWrap(True)
        self.advice.setTextFormat(Qt.TextFormat.PlainText)
        self.advice.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.advice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.preview = Preview(self)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.all_button)
        head.addWidget(self.none_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.tree, 1)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self.preview)
        below.addWidget(self.advice, 1)
        layout.addLayout(below)
        self.setFocusProxy(self.tree)
        self.all_button.clicked.connect(lambda *_: self._check_all(True))
        self.none_button.clicked.connect(lambda *_: self._check_all(False))
        self.tree.itemChanged.connect(lambda *_: self._told())
        self.tree.currentItemChanged.connect(lambda *_: self._show_advice())

    def show_figures(self, figures: Iterable[FigureEntry], left_out: Iterable[int]) -> None:
        """List the figures; checked are those that can be drawn and are not left out."""
        before = self.current()
        unwanted = set(left_out)
        self.tree.blockSignals(True)
        self.tree.clear()
        for figure in figures:
            item = self._line(figure, figure.number not in unwanted)
            self.tree.addTopLevelItem(item)
            if before is not None and figure.number == before.number:
                self.tree.setCurrentItem(item)
        if self.tree.currentItem() is None and self.tree.topLevelItemCount():
            able = (item for item in self._items() if not self._entry(item).lacks)
            self.tree.setCurrentItem(next(able, self.tree.topLevelItem(0)))
        self.tree.blockSignals(False)
        self._told()
        self._show_advice()

    def chosen(self) -> list[FigureEntry]:
        """The figures that are checked."""
        return [self._entry(item) for item in self._items() if item.checkState(NUMBER) == Qt.CheckState.Checked]

    def left_out(self) -> tuple[int, ...]:
        """Numbers of the figures that could be drawn and are not checked."""
        able = [item for item in self._items() if not self._entry(item).lacks]
        return tuple(self._entry(i).number for i in able if i.checkState(NUMBER) != Qt.CheckState.Checked)

    def current(self) -> FigureEntry | None:
        """The figure that is looked at."""
        item = self.tree.currentItem()
        return self._entry(item) if item is not None else None

    def check(self, number: int, wanted: bool) -> None:
        """Check one figure, or uncheck it."""
        for item in self._items():
            if self._entry(item).number == number and not self._entry(item).lacks:
                item.setCheckState(NUMBER, Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)

    def look_at(self, number: int) -> None:
        """Make a figure the current one."""
        for item in self._items():
            if self._entry(item).number == number:
                self.tree.setCurrentItem(item)

    # --- inside --------------------------------------------------------------------------------

    def _line(self, figure: FigureEntry, wanted: bool) -> QTreeWidgetItem:
        state = figure.lacks or (text("figures_dialog.adjusted") if figure.adjusted else "")
        item = QTreeWidgetItem([str(figure.number), figure.title, state])
        item.setData(NUMBER, ENTRY, figure)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        tip = figure.advice or (text("figures_dialog.adjusted_tip") if figure.adjusted else figure.title)
        for column in (NUMBER, TITLE, STATE):
            item.setToolTip(column, tip)
        item.setSizeHint(TITLE, QSize(0, self.fontMetrics().height() + AIR))
        if figure.lacks:
            item.setIcon(NUMBER, self._no_box())
            grey = self.palette().brush(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
            for column in (NUMBER, TITLE, STATE):
                item.setForeground(column, grey)
        else:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
            item.setCheckState(NUMBER, Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)
        item.setFlags(flags)
        return item

    def _no_box(self) -> QIcon:
        """Nothing, as wide as a check box: so that all numbers stand below each other."""
        style = self.tree.style()
        width = style.pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, None, self.tree)
        picture = QPixmap(width, width)
        picture.fill(Qt.GlobalColor.transparent)
        return QIcon(picture)

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text(f"figures_dialog.{name}"))
        button.setObjectName(f"figures_{name}_button")
        return button

    def _items(self) -> list[QTreeWidgetItem]:
        return [self.tree.topLevelItem(row) for row in range(self.tree.topLevelItemCount())]

    @staticmethod
    def _entry(item: QTreeWidgetItem) -> FigureEntry:
        entry: FigureEntry = item.data(NUMBER, ENTRY)
        return entry

    def _check_all(self, wanted: bool) -> None:
        self.tree.blockSignals(True)
        for item in self._items():
            if not self._entry(item).lacks:
                item.setCheckState(NUMBER, Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)
        self.tree.blockSignals(False)
        self._told()

    def _told(self) -> None:
        chosen, able = len(self.chosen()), sum(not self._entry(item).lacks for item in self._items())
        self.count.setText(text("figures_dialog.chosen", chosen=chosen, able=able, all=len(self._items())))
        self.changed.emit()

    def _show_advice(self) -> None:
        current = self.current()
        if current is None:
            self.advice.setText("")
        elif current.lacks:
            self.advice.setText(current.advice)
        else:
            told = text("figures_dialog.current", number=current.number, title=current.title)
            self.advice.setText(f"{told}\n\n{text('figures_dialog.adjusted_tip')}" if current.adjusted else told)
        self.current_changed.emit()
