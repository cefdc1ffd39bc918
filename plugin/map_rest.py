"""Keeping the map still while a plan file is being written.

QGIS reads a plan's layers without locks, and cannot read a file at all while it is being written through a write-ahead
log: layers that are drawn in that moment come out empty, and stay so on the map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.gui import QgisInterface, QgsMapCanvas

if TYPE_CHECKING:
    from .tasks import WorkTask


class MapRest:
    """Stops QGIS's maps from drawing until the last writing has ended; what stands on them stays to be seen."""

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._writings = 0
        self._still: list[QgsMapCanvas] = []

    def during(self, task: WorkTask) -> None:
        """Rest from now until a task that writes has told its outcome."""
        self.begin()
        for outcome in (task.done, task.failed, task.stopped):
            outcome.connect(lambda *_: self.end())

    def begin(self) -> None:
        """A writing begins."""
        self._writings += 1
        if self._writings > 1:
            return
        for canvas in self._iface.mapCanvases():
            if not canvas.isFrozen():
                canvas.freeze(True)
                canvas.stopRendering()
                self._still.append(canvas)

    def end(self) -> None:
        """A writing has ended; after the last one the maps are drawn anew."""
        self._writings -= 1
        if self._writings:
            return
        there = self._iface.mapCanvases()
        for canvas in self._still:
            if canvas in there:  # a second map may have been closed meanwhile
                canvas.freeze(False)
                canvas.refresh()
        self._still = []

    def release(self) -> None:
        """Let the maps draw again, whatever has been told of the writings."""
        self._writings = min(1, self._writings)
        if self._writings:
            self.end()
