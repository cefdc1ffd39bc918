"""Hearing of one layer at a time: what is selected in it, what is edited, and that it goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import QgsVectorLayer
from qgis.PyQt import sip


class LayerWatch:
    """Follows a layer until another one is followed.

    Parameters
    ----------
    changed, gone
        Called when another selection (with `edits` also another geometry, feature or editing state) is there; when
        the layer leaves.
    """

    def __init__(self, changed: Callable[..., None], gone: Callable[[], None], edits: bool = False) -> None:
        self.layer: QgsVectorLayer | None = None
        self._changed, self._told_gone, self._edits = changed, gone, edits

    def follow(self, layer: QgsVectorLayer | None) -> None:
        """Hear of this layer from now on, and of the last one no more."""
        before = self.layer
        if before is layer:
            return
        if before is not None and not sip.isdeleted(before):  # else its connections went with it
            for signal in self._signals(before):
                signal.disconnect(self._changed)
            before.willBeDeleted.disconnect(self._gone)
        self.layer = layer
        if layer is not None:
            for signal in self._signals(layer):
                signal.connect(self._changed)
            layer.willBeDeleted.connect(self._gone)

    def _signals(self, layer: QgsVectorLayer) -> list[Any]:
        edits = [layer.geometryChanged, layer.featureDeleted, layer.featureAdded, layer.editingStopped]
        return [layer.selectionChanged, *(edits if self._edits else [])]

    def _gone(self) -> None:
        self.follow(None)
        self._told_gone()
