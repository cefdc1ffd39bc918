"""Going to projects: selected in their layer, shown on the map, opened in their form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qgis.core import QgsFeature, QgsFeatureRequest, QgsGeometry, QgsVectorLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtWidgets import QDialog

from ...ui.highlight import Highlight

COLOUR = "#c2185b"


def features_of(layer: QgsVectorLayer, fids: Sequence[int]) -> list[QgsFeature]:
    """The features of some ids as they stand, unsaved edits included, in the order of the ids."""
    request = QgsFeatureRequest()
    request.setFilterFids(list(fids))
    found = {feature.id(): feature for feature in layer.getFeatures(request)}
    return [found[fid] for fid in fids if fid in found]


def site_of(layer: QgsVectorLayer, fids: Sequence[int]) -> QgsGeometry | None:
    """The sites of some projects as one geometry; None where none has one."""
    sites = [QgsGeometry(f.geometry()) for f in features_of(layer, fids) if f.hasGeometry()]
    sites = [site for site in sites if not site.isEmpty()]
    if not sites:
        return None
    return sites[0] if len(sites) == 1 else QgsGeometry.collectGeometry(sites)


def zoom_to(iface: QgisInterface, layer: QgsVectorLayer, fids: Sequence[int]) -> bool:
    """Show projects on the map and flash them; whether any of them has a site."""
    site = site_of(layer, fids)
    if site is None:
        return False
    mark = Highlight(iface.mapCanvas())
    mark.show(site, COLOUR, zoom=True)
    mark.remove()  # the selection marks them from here on
    return True


def open_form(iface: QgisInterface, layer: QgsVectorLayer, fid: int) -> bool:
    """Open a project's form; whether the project is there."""
    features = features_of(layer, [fid])
    if features:
        iface.openFeatureForm(layer, features[0], False, False)
    return bool(features)


def open_form_of_new(iface: QgisInterface, layer: QgsVectorLayer, fid: int, cancelled: Callable[[], None]) -> None:
    """Open the form of a project that was just made; `cancelled` is called where it is left without OK.

    QGIS opens the form of a feature that stands in the layer already, and leaves the feature there on Cancel.
    """
    before = _forms(iface)
    open_form(iface, layer, fid)
    for form in _forms(iface):
        if form not in before:
            form.rejected.connect(cancelled)


def _forms(iface: QgisInterface) -> list[QDialog]:
    dialogs = iface.mainWindow().findChildren(QDialog)
    return [dialog for dialog in dialogs if dialog.metaObject().className() == "QgsAttributeDialog"]
