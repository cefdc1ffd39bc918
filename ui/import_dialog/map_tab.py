"""The tab with the map: zoom, and what the colours mean."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ...core.texts import text
from .map_view import MapView, SketchLayers
from .tables import OrNothing
from .values import FATE_COLOURS, Ready, no_mnemonic


class MapTab(QWidget):
    """Buttons, legend and map."""

    def __init__(self, layers: SketchLayers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = MapView(layers, self)
        self.view.canvas.setAccessibleName(no_mnemonic(text("import_dialog.tab.map")))
        self.legend = QLabel(self)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        bar = QHBoxLayout()
        bar.setSpacing(6)
        for name, slot in (
            ("zoom_all", self.view.show_all),
            ("zoom_features", self.view.show_features),
            ("zoom_plan", self.view.show_plan),
        ):
            button = QPushButton(text(f"import_dialog.{name}"), self)
            button.setObjectName(f"import_{name}")
            button.setAutoDefault(False)
            button.clicked.connect(lambda *_, show=slot: show())
            bar.addWidget(button)
        bar.addStretch(1)
        bar.addWidget(self.legend)
        full = QWidget(self)
        inside = QVBoxLayout(full)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(bar)
        inside.addWidget(self.view, 1)
        self.body = OrNothing(full, text("import_dialog.no_map"), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.addWidget(self.body)

    def show_ready(self, ready: Ready) -> None:
        """Say what the colours mean; what is drawn comes with the layers."""
        self.body.show_full(bool(ready.sketch.features))
        kinds = {outline.kind for outline in ready.sketch.features}
        words = [
            f'<span style="color:{colour}">■</span>&nbsp;{text(f"import_dialog.fate.{fate}")}'
            for fate, colour in FATE_COLOURS.items()
            if fate in kinds
        ]
        if ready.sketch.plan:
            words.append(f'<span style="color:#6b7378">□</span>&nbsp;{text("import_dialog.legend_plan")}')
        self.legend.setText("&nbsp;&nbsp; ".join(words))
