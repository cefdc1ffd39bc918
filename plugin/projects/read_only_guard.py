"""Editing a plan that cannot be written: QGIS lets the user begin and fails when he saves; this says so before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QTimer

from ...core.errors import PlannerError
from ...core.store.geopackage import refuse_read_only
from ...core.texts import text
from ...ui.messages import tell, warn

if TYPE_CHECKING:
    from ...layers.opening import OpenPlan


class ReadOnlyGuard(QObject):
    """Watches all layers of one plan: an edit session that could never be saved is left before there are edits in it."""

    def __init__(self, iface: QgisInterface, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._iface = iface
        self._path = Path()
        self._links: list[tuple[QgsVectorLayer, Any, Any]] = []
        self._begun: list[QgsVectorLayer] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._leave)

    def follow(self, plan: OpenPlan) -> None:
        """Watch another plan; that it cannot be written is said at once."""
        self.release()
        self._path = plan.path
        for layer_id in plan.layer_ids.values():
            layer = plan.project.mapLayer(layer_id)
            if isinstance(layer, QgsVectorLayer):
                links = ((layer.editingStarted, self._begins), (layer.willBeDeleted, self._goes))
                for signal, slot in links:
                    signal.connect(slot)
                    self._links.append((layer, signal, slot))
        why = why_not_written(plan.path)
        if why:
            tell(self._iface.messageBar(), text("history.plan_read_only", why=why))

    def release(self) -> None:
        """Watch nothing."""
        self._soon.stop()
        for layer, signal, slot in self._links:
            if not sip.isdeleted(layer):
                signal.disconnect(slot)
        self._links, self._begun = [], []

    def _begins(self) -> None:
        layer = self.sender()
        if isinstance(layer, QgsVectorLayer) and why_not_written(self._path):
            self._begun.append(layer)
            self._soon.start()  # QGIS is still at it

    def _goes(self) -> None:
        layer = self.sender()
        self._links = [link for link in self._links if link[0] is not layer]
        self._begun = [begun for begun in self._begun if begun is not layer]

    def _leave(self) -> None:
        why = why_not_written(self._path)
        layers, self._begun = [layer for layer in self._begun if layer.isEditable()], []
        if not layers or not why:
            return
        edited = [layer.name() for layer in layers if layer.isModified()]
        for layer in layers:
            if not layer.isModified():
                layer.rollBack()
        bar = self._iface.messageBar()
        if edited:
            warn(bar, text("history.edited_in_vain", why=why, layers=edited))
        else:
            warn(bar, text("history.editing_stopped", why=why))


def why_not_written(path: Path) -> str:
    """Why a plan file cannot be written, as a sentence; empty where it can."""
    try:
        refuse_read_only(path)
    except (PlannerError, OSError) as error:
        return str(error)
    return ""
