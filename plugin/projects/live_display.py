"""Where the live check shows what it found: hatched on the map, a label beside the cursor, the strip in the dock of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import QObject, QPoint, Qt, QTimer

from ...core.texts import text
from ...ui.findings_dock import FindingsDock
from ...ui.findings_model import project_title
from ...ui.live_label import LiveLabel
from ...ui.live_shading import LiveShading

if TYPE_CHECKING:
    from ...core.siting.shown import Shown
    from .live_warm import Subject

#: So long the label tells of a change that is done; map and dock go on doing so.
LABEL_MS = 12_000


class LiveDisplay(QObject):
    """One project's findings, until another's are shown or it is taken off."""

    def __init__(self, iface: QgisInterface, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self.label = LiveLabel(self._canvas)
        self.shading = LiveShading(self._canvas)
        self._passing = False
        self._fade = QTimer(self)
        self._fade.setSingleShot(True)
        self._fade.setInterval(LABEL_MS)
        self._fade.timeout.connect(self._pass)
        self._canvas.extentsChanged.connect(self._pass)

    def remove(self) -> None:
        """Leave map and dock as they were."""
        self._fade.stop()
        self._fade.timeout.disconnect(self._pass)
        self._canvas.extentsChanged.disconnect(self._pass)
        self.shading.remove()
        self.label.setParent(None)  # type: ignore[call-overload]
        self.label.deleteLater()
        self.hide_strip()

    def show_found(self, subject: Subject, shown: Shown) -> None:
        """Show what was found of the project in hand."""
        new = subject.is_sketch and not subject.by_names
        title = text("live.sketch") if new else project_title(shown.result)
        crossing = any(f.rule == "invalid_geometry" for f in shown.findings)
        notes = [text("live.both_count")] if crossing else []
        notes += [] if subject.by_names else [text("live.names_left_out")]
        self.shading.show(shown.shapes)
        self.label.show_found(shown, title, notes, self._place(subject), self._ground(subject, shown))
        self._passing = not subject.is_sketch
        if self._passing:
            self._fade.start()
        else:
            self._fade.stop()
        strip = self._strip()
        if strip is not None:
            strip.show_found(shown, title, notes + ([] if subject.by_names else [text("live.kind_unknown")]))

    def say(self, sentence: str, on_map: bool = False) -> None:
        """Say in the dock, and perhaps beside the cursor, how it stands."""
        strip = self._strip()
        if strip is not None:
            strip.show_words(sentence)
        if on_map:
            self.label.show_words(sentence, self._cursor())
        else:
            self.label.hide()

    def follow_cursor(self) -> None:
        """The mouse has moved on; what is new will be known in a moment."""
        if not self.label.isHidden():
            self.label.move_to(self._cursor())

    def take_off(self) -> None:
        """Show nothing on the map."""
        self.shading.clear()
        self.label.hide()

    def hide_strip(self) -> None:
        """Show nothing in the dock."""
        strip = self._strip()
        if strip is not None:
            strip.hide()

    def _pass(self) -> None:
        """The label of a change that is done goes: after a while, and when it stands beside another place."""
        if self._passing:
            self.label.hide()

    def _place(self, subject: Subject) -> QPoint | None:
        """Beside what the label stands: the cursor, or the ground of a project that was changed from elsewhere."""
        if subject.is_sketch or self._canvas.underMouse():
            return self._cursor()
        return self.shading.middle()

    def _ground(self, subject: Subject, shown: Shown) -> QPoint | None:
        """Where on the map the label would hide what it tells of."""
        sketch = subject.rows.geometry if subject.rows is not None else None
        if sketch is None or shown.shapes:
            return self.shading.middle()
        west, south, east, north = sketch[0].bounds
        return self.shading.pixel_of((west + east) / 2, (south + north) / 2)

    def _cursor(self) -> QPoint | None:
        """Where the mouse was last seen over the map."""
        at = self._canvas.mouseLastXY()
        return None if at.isNull() else at

    def _strip(self) -> Any:
        """The strip in the dock of findings, where that dock is there."""
        docks = self._iface.mainWindow().findChildren(FindingsDock, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return docks[0].live_strip if docks else None
