"""How the figures go out: formats, page, one file each or bound, relief, and where to."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ...core.texts import text
from ...figures.page.pages import ARRANGEMENTS, PAPERS
from ...figures.press.jobs import FORMATS
from ..import_dialog.values import no_mnemonic
from .dem_chooser import DemChooser
from .values import Choices

#: So long (ms) after the last letter typed into the folder's line it is looked at.
PATIENCE = 250
#: Names of files that exist which are told one by one.
MOST_NAMED = 12
LEAST_WIDTH = 400


class OptionsForm(QWidget):
    """`changed` after anything was chosen, `dem_changed` besides where the raster was."""

    changed = pyqtSignal()
    dem_changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._impossible: dict[str, str] = {}
        self._setting = False
        self.formats = {name: self._check(f"format_{name}") for name in FORMATS}
        self.paper, self.arrangement = QComboBox(self), QComboBox(self)
        for paper in PAPERS:
            self.paper.addItem(paper, paper)
        for arrangement in ("", *ARRANGEMENTS):
            self.arrangement.addItem(text(f"figures_dialog.arrangement_{arrangement or 'automatic'}"), arrangement)
        self.dem = DemChooser(self)
        self.single, self.bound, self.series = (self._check(name) for name in ("single", "bound", "series"))
        self.folder = QgsFileWidget(self)
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setDialogTitle(text("figures_dialog.choose_folder"))
        self.force = self._check("force")
        self.existing = QLabel(self)
        self.existing.setWordWrap(True)
        self.existing.setTextFormat(Qt.TextFormat.PlainText)
        self.existing.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._lay_out()
        self._connect()

    def choices(self) -> Choices:
        """What is chosen here; the figures themselves are chosen in the list."""
        return Choices(
            formats=tuple(name for name in FORMATS if self.formats[name].isChecked() and name not in self._impossible),
            paper=self.paper.currentData(),
            arrangement=self.arrangement.currentData(),
            single=self.single.isChecked(),
            bound=self.bound.isChecked(),
            series=self.series.isChecked() and self.series.isEnabled(),
            dem=self.dem.path(),
            folder=self.folder.filePath().strip().strip('"'),
            force=self.force.isChecked(),
        )

    def show_choices(self, choices: Choices) -> None:
        """Put choices into the widgets, as if they had been made; tells once."""
        self._setting = True
        for name, box in self.formats.items():
            box.setChecked(name in choices.formats and name not in self._impossible)
        self.paper.setCurrentIndex(max(0, self.paper.findData(choices.paper)))
        self.arrangement.setCurrentIndex(max(0, self.arrangement.findData(choices.arrangement)))
        self.single.setChecked(choices.single)
        self.bound.setChecked(choices.bound)
        self.series.setChecked(choices.series)
        self.dem.choose(choices.dem)
        self.folder.setFilePath(choices.folder)
        self.force.setChecked(choices.force)
        self._setting = False
        self._tell()

    def rule_out(self, format_name: str, reason: str) -> None:
        """A format that cannot be written here, and why."""
        self._impossible[format_name] = reason
        box = self.formats[format_name]
        box.setChecked(False)
        box.setEnabled(False)
        box.setToolTip(reason)

    def set_counties(self, count: int) -> None:
        """How many pages a series would have; none can be made without counties."""
        self.series.setEnabled(count > 0)
        self.series.setToolTip(
            text("figures_dialog.series_tip", count=count) if count else text("figures_dialog.no_series")
        )

    def show_existing(self, names: Sequence[str], force: bool) -> None:
        """Say which of the files are there already, and what becomes of them."""
        if not names:
            self.existing.setText("")
            self.existing.setToolTip("")
            return
        key = "existing_replaced" if force else "existing_left"
        self.existing.setText(text(f"figures_dialog.{key}", count=len(names), first=names[0]))
        more = len(names) - MOST_NAMED
        shown = [*names[:MOST_NAMED], text("figures_dialog.and_more", count=more)] if more > 0 else list(names)
        self.existing.setToolTip("\n".join(shown))

    # --- inside --------------------------------------------------------------------------------

    def _check(self, name: str) -> QCheckBox:
        box = QCheckBox(text(f"figures_dialog.{name}"), self)
        box.setObjectName(f"figures_{name}_check")
        box.setToolTip(text(f"figures_dialog.{name}_tip"))
        return box

    def _lay_out(self) -> None:
        formats = _group("formats", self)
        grid = QGridLayout(formats)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        for place, box in enumerate(self.formats.values()):
            grid.addWidget(box, place // 3, place % 3)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        page = _group("page", self)
        form = QFormLayout(page)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setHorizontalSpacing(8)
        form.setVerticalSpacing(6)
        for name, widget in (("paper", self.paper), ("arrangement", self.arrangement), ("dem", self.dem)):
            label = QLabel(text(f"figures_dialog.{name}"), page)
            label.setBuddy(widget)
            named = widget.box if isinstance(widget, DemChooser) else widget
            named.setAccessibleName(no_mnemonic(label.text()))
            named.setToolTip(text(f"figures_dialog.{name}_tip"))
            form.addRow(label, widget)
        files = _group("files", self)
        column = QVBoxLayout(files)
        column.setSpacing(6)
        for box in (self.single, self.bound, self.series):
            column.addWidget(box)
        target = _group("target", self)
        below = QVBoxLayout(target)
        below.setSpacing(6)
        self.folder.lineEdit().setAccessibleName(text("figures_dialog.choose_folder"))
        below.addWidget(self.folder)
        below.addWidget(self.force)
        below.addWidget(self.existing)
        self.existing.setMinimumHeight(2 * self.existing.fontMetrics().lineSpacing() + 8)
        self.existing.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for group in (formats, page, files, target):
            layout.addWidget(group)
        layout.addStretch(1)
        self.setMinimumWidth(LEAST_WIDTH)

    def _connect(self) -> None:
        for box in (*self.formats.values(), self.single, self.bound, self.series, self.force):
            box.toggled.connect(lambda *_: self._tell())
        for combo in (self.paper, self.arrangement):
            combo.currentIndexChanged.connect(lambda *_: self._tell())
        self.dem.changed.connect(self._dem_chosen)
        self.folder.fileChanged.connect(lambda *_: self._timer.start())
        self._timer.timeout.connect(self._tell)

    def _dem_chosen(self) -> None:
        self.dem_changed.emit()
        self._tell()

    def _tell(self) -> None:
        if self._setting:
            return
        for name, box in self.formats.items():  # the bound document is a PDF whatever is chosen here
            box.setEnabled(self.single.isChecked() and name not in self._impossible)
        self.changed.emit()


def why_not(choices: Choices, figures: int) -> str:
    """Why nothing can be exported with these choices; empty where something can."""
    if not figures:
        return text("figures_dialog.choose_figure")
    if not choices.single and not choices.bound:
        return text("figures_dialog.choose_files")
    if choices.single and not choices.formats:
        return text("figures_dialog.choose_format")
    if not choices.folder:
        return text("figures_dialog.choose_folder_first")
    return ""


def _group(name: str, parent: QWidget) -> QGroupBox:
    group = QGroupBox(text(f"figures_dialog.group_{name}"), parent)
    group.setObjectName(f"figures_{name}_group")
    return group
