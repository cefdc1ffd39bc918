"""Basemaps in a QGIS project: sources that ask nobody when a project is opened, one group at the bottom, off again.

A source never holds a key (`core.basemap.keys`), and a WMTS brings its capabilities along (`core.basemap.capabilities`):
reading a project with basemaps sends nothing.  Only drawing does, and a layer that is unticked is not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from uuid import uuid4

from qgis.core import QgsLayerTree, QgsLayerTreeGroup, QgsMapLayer, QgsProject, QgsRasterLayer

from ..core.basemap.capabilities import Offer, data_address
from ..core.errors import PlannerError
from ..core.texts import text

#: A layer's: which basemap it belongs to.  A group's: that it is theirs.
PROPERTY = "restoration_planner/basemap"
GROUP_PROPERTY = "restoration_planner/basemaps"
NAME_PROPERTY = "restoration_planner/basemap_name"
_PROVIDER = "wms"


@dataclass(frozen=True)
class MapSource:
    """One layer to be: its name and QGIS's source."""

    name: str
    source: str


@dataclass(frozen=True)
class Basemap:
    """One basemap in the project: a map, perhaps with labels above it."""

    id: str
    name: str
    layer_ids: tuple[str, ...]
    shown: bool
    opacity: float


def xyz_source(address: str, first_level: int = 0, deepest: int = 18) -> str:
    """Source of a template of tiles in EPSG:3857.

    Question mark, equal and percent signs stay bare: from 3.34 on QGIS would send coded ones on as they are.
    """
    return f"type=xyz&url={quote(address, safe=':/?=%+,;@')}&zmin={first_level}&zmax={deepest}"


def wmts_source(offer: Offer) -> str:
    """Source of one layer of a WMTS, with its capabilities in it."""
    said = {
        "contextualWMSLegend": "0",
        "crs": f"EPSG:{offer.epsg}",
        "dpiMode": "7",
        "format": offer.format,
        "layers": offer.layer,
        "styles": offer.style,
        "tileMatrixSet": offer.matrix_set,
        "url": data_address(offer),
    }
    return "&".join(f"{name}={quote(value, safe=':')}" for name, value in said.items())


def add_basemap(project: QgsProject, name: str, maps: Sequence[MapSource], rights: str = "") -> Basemap:
    """Add a basemap at the bottom of the project.

    Parameters
    ----------
    maps
        From the lowest upwards.
    rights
        Whose it is, for the layer's metadata; QGIS's copyright label on the map shows it.

    Raises
    ------
    PlannerError
        If QGIS cannot use a source; then nothing is added.
    """
    made = []
    for one in maps:
        layer = QgsRasterLayer(one.source, one.name, _PROVIDER)
        if not layer.isValid():
            raise PlannerError("basemap.layer_invalid", reason=layer.error().message() or "—")
        made.append(layer)
    basemap_id = uuid4().hex
    group = _group(project)
    for layer in made:
        layer.setCustomProperty(PROPERTY, basemap_id)
        layer.setCustomProperty(NAME_PROPERTY, name)
        _attribute(layer, rights)
        project.addMapLayer(layer, False)
        group.insertLayer(0, layer).setExpanded(False)
    _to_the_bottom(project)
    return next(b for b in basemaps(project) if b.id == basemap_id)


def basemaps(project: QgsProject) -> list[Basemap]:
    """The project's basemaps, the upper ones first."""
    root = project.layerTreeRoot()
    together: dict[str, list[QgsMapLayer]] = {}
    for layer in _layers(project):
        together.setdefault(str(layer.customProperty(PROPERTY)), []).append(layer)
    found = []
    for basemap_id, layers in together.items():
        nodes = [root.findLayer(layer.id()) for layer in layers]
        found.append(
            Basemap(
                basemap_id,
                str(layers[0].customProperty(NAME_PROPERTY) or layers[0].name()),
                tuple(layer.id() for layer in layers),
                any(node is not None and node.isVisible() for node in nodes),
                layers[-1].opacity(),
            )
        )
    return found


def show(project: QgsProject, basemap_id: str, shown: bool = True) -> None:
    """Tick or untick a basemap."""
    root = project.layerTreeRoot()
    for layer in _layers(project, basemap_id):
        node = root.findLayer(layer.id())
        if node is None:
            continue
        if shown:
            node.setItemVisibilityCheckedParentRecursive(True)
        else:
            node.setItemVisibilityChecked(False)


def set_opacity(project: QgsProject, basemap_id: str, opacity: float) -> None:
    """How much of a basemap is seen, 0–1."""
    for layer in _layers(project, basemap_id):
        layer.setOpacity(opacity)
        layer.triggerRepaint()


def remove(project: QgsProject, basemap_id: str) -> None:
    """Take a basemap out of the project, and the group with the last."""
    project.removeMapLayers([layer.id() for layer in _layers(project, basemap_id)])
    group = _find_group(project)
    if group is not None and not group.children():
        group.parent().removeChildNode(group)


def sources(project: QgsProject, basemap_id: str) -> list[str]:
    """The sources of a basemap's layers."""
    return [layer.source() for layer in _layers(project, basemap_id)]


def _layers(project: QgsProject, basemap_id: str | None = None) -> list[QgsMapLayer]:
    """In the order of the tree; those that stand in no tree last."""
    order = {node.layerId(): n for n, node in enumerate(project.layerTreeRoot().findLayers())}
    ours = [
        layer
        for layer in project.mapLayers().values()
        if layer.customProperty(PROPERTY) and basemap_id in (None, layer.customProperty(PROPERTY))
    ]
    return sorted(ours, key=lambda layer: order.get(layer.id(), len(order)))


def _find_group(project: QgsProject) -> QgsLayerTreeGroup | None:
    return next((g for g in project.layerTreeRoot().findGroups() if g.customProperty(GROUP_PROPERTY)), None)


def _group(project: QgsProject) -> QgsLayerTreeGroup:
    group = _find_group(project)
    if group is None:
        group = project.layerTreeRoot().addGroup(text("basemap.group"))
        group.setCustomProperty(GROUP_PROPERTY, True)
    group.setItemVisibilityChecked(True)
    return group


def _to_the_bottom(project: QgsProject) -> None:
    """Below everything in a project that has its own order of drawing, as plans give it."""
    root: QgsLayerTree = project.layerTreeRoot()
    if root.hasCustomLayerOrder():
        ours = _layers(project)
        ids = {layer.id() for layer in ours}
        root.setCustomLayerOrder([*(la for la in root.customLayerOrder() if la.id() not in ids), *ours])


def _attribute(layer: QgsRasterLayer, rights: str) -> None:
    metadata = layer.metadata()
    metadata.setRights([rights] if rights else [])
    layer.setMetadata(metadata)
