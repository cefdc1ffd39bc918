"""The line in which photos' positions become a site."""

from __future__ import annotations

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QDoubleSpinBox, QGroupBox, QHBoxLayout, QLabel, QPushButton, QWidget

from ...core.papers.sites import USUAL_RADIUS_M
from ...core.sites.around import WIDEST_M
from ...core.sites.site import ADD, REPLACE
from ...core.texts import text
from ..icons import icon

RADIUS_SETTING = "restoration_planner/photo_radius"


class SiteBar(QGroupBox):
    """`wanted(radius_m, how)`: the selected photos shall be the site."""

    wanted = pyqtSignal(float, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(text("papers.ui.site"), parent)
        self.says = QLabel(self)
        self.radius = QDoubleSpinBox(self)
        self.radius.setDecimals(0)
        self.radius.setRange(1, WIDEST_M)
        self.radius.setSingleStep(10)
        self.radius.setSuffix(text("papers.ui.metres"))
        self.radius.setValue(QgsSettings().value(RADIUS_SETTING, USUAL_RADIUS_M, type=float))
        caption = QLabel(text("papers.ui.radius"), self)
        caption.setBuddy(self.radius)
        self.how = QComboBox(self)
        self.how.addItem(text("papers.ui.how_add"), ADD)
        self.how.addItem(text("papers.ui.how_replace"), REPLACE)
        self.how.setAccessibleName(text("papers.ui.site"))
        self.button = QPushButton(icon("zoom"), text("papers.ui.use"), self)
        self.button.setAutoDefault(False)
        self.button.setToolTip(text("papers.ui.use_tip"))
        self.button.clicked.connect(lambda *_: self._take())
        layout = QHBoxLayout(self)
        layout.addWidget(self.says, 1)
        for widget in (caption, self.radius, self.how, self.button):
            layout.addWidget(widget)
        self.show_chosen(0)

    def show_chosen(self, count: int) -> None:
        """Say how many photos with a position are selected."""
        self.says.setText(text("papers.ui.chosen", count=count) if count else text("papers.ui.use_none"))
        self.says.setEnabled(count > 0)
        self.button.setEnabled(count > 0)

    def _take(self) -> None:
        QgsSettings().setValue(RADIUS_SETTING, self.radius.value())
        self.wanted.emit(self.radius.value(), str(self.how.currentData()))
