"""Open layers brought up to date with what was written into the file below them."""

from __future__ import annotations

from qgis.core import QgsVectorLayer
from qgis.gui import QgisInterface


def show_written(iface: QgisInterface, layer: QgsVectorLayer) -> None:
    """Show what was written below a layer, in the colours that were stored with it."""
    layer.dataProvider().reloadData()
    layer.updateExtents()
    stored = QgsVectorLayer(layer.source(), layer.name(), "ogr")
    if stored.isValid() and stored.renderer() is not None:
        layer.setRenderer(stored.renderer().clone())
        iface.layerTreeView().refreshLayerSymbology(layer.id())
    layer.triggerRepaint()
