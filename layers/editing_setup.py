"""A project made ready for editing zones: topological editing, what is snapped to, where overlaps are avoided.

All of it is kept in the project; the user's own settings, which new projects start from, stay as they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import QgsProject, QgsSnappingConfig, QgsTolerance, QgsVectorLayer
from qgis.PyQt import sip

from . import roles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qgis.core import QgsMapLayer
    from qgis.gui import QgisInterface

    from .opening import OpenPlan

SCOPE = "restoration_planner"
#: Plans whose layers were made ready in this project.
READY_ENTRY = "/editing_setup"
#: Who set how overlaps are treated in this project: the plugin (with the mode on or off just now), or its user.
#: Empty in a project that is being cleared.
OVERLAP_ENTRY = "/overlap_mode"
OFF, ON, OWN = "auto", "on", "own"
SNAPPED = ("restoration_zone", "key_area", "admin_unit", "river")
#: Layers whose features never overlap each other. Towns are not among them: their table holds counties too.
TILED = ("restoration_zone", "key_area")
TOLERANCE_PX = 12.0


def set_up_editing(project: QgsProject, plan: str | Path, layers: Mapping[str, QgsVectorLayer]) -> bool:
    """Make a project ready for editing a plan's zones, once.

    What the user changed afterwards stays as it is.  Where the user had snapping on before, in this project, in a way
    that treats all layers alike, snapping is left as it is.

    Parameters
    ----------
    plan
        The plan's file.
    layers
        Its layers by table.

    Returns
    -------
    bool
        False where that was done before.
    """
    key = roles.plan_id(plan)
    ready, _ = project.readListEntry(SCOPE, READY_ENTRY)
    if key in ready:
        return False
    project.writeEntry(SCOPE, READY_ENTRY, [*ready, key])
    if not ready:
        project.setTopologicalEditing(True)
    config = project.snappingConfig()
    each_its_own = config.mode() == QgsSnappingConfig.SnappingMode.AdvancedConfiguration
    if config.enabled() and not each_its_own:
        return True
    if ready and not config.enabled():
        return True  # switched off by the user since the first plan was opened
    if not each_its_own:
        config.setMode(QgsSnappingConfig.SnappingMode.AdvancedConfiguration)
        for layer in config.individualLayerSettings():
            config.setIndividualLayerSettings(layer, _snapping(False))
    for table in SNAPPED:
        if table in layers:
            config.setIndividualLayerSettings(layers[table], _snapping(True))
    config.setEnabled(True)
    config.setIntersectionSnapping(True)
    project.setSnappingConfig(config)
    return True


def _snapping(enabled: bool) -> QgsSnappingConfig.IndividualLayerSettings:
    kinds = QgsSnappingConfig.VertexFlag | QgsSnappingConfig.SegmentFlag
    return QgsSnappingConfig.IndividualLayerSettings(enabled, kinds, TOLERANCE_PX, QgsTolerance.UnitType.Pixels)


class OverlapAvoidance:
    """Lets QGIS cut new polygons at their neighbours while zones or key areas are drawn, and only then.

    QGIS's list of layers to avoid would apply to whatever is drawn: a key area or a site inside a zone would be cut
    away whole.  So the mode "active layer" is on while the active layer is one whose features never overlap.  Where
    the user sets the mode, in this project it is left alone from then on.
    """

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._plan: OpenPlan | None = None
        self._on = False
        project = QgsProject.instance()
        self._known = project.avoidIntersectionsMode()
        iface.currentLayerChanged.connect(self._layer_changed)
        project.avoidIntersectionsModeChanged.connect(self._mode_changed)
        project.writeProject.connect(self._project_written)

    def follow(self, plan: OpenPlan | None) -> None:
        """Work for a plan's layers."""
        self._plan = plan
        project = QgsProject.instance()
        self._known = project.avoidIntersectionsMode()
        if plan is not None:
            # a project may have been saved while the mode was on, and as it was
            current = QgsProject.AvoidIntersectionsMode.AvoidIntersectionsCurrentLayer
            self._on = _overlap_entry() == ON and self._known == current
            if not self._on and _overlap_entry() != OWN:
                _note_overlap(OFF)
        self._layer_changed(self._iface.activeLayer())

    def close(self) -> None:
        """Leave the project as it was."""
        self._layer_changed(None)
        project = QgsProject.instance()
        self._iface.currentLayerChanged.disconnect(self._layer_changed)
        project.avoidIntersectionsModeChanged.disconnect(self._mode_changed)
        project.writeProject.disconnect(self._project_written)

    def _layer_changed(self, layer: QgsMapLayer | None) -> None:
        project = QgsProject.instance()
        if _overlap_entry() == OWN:
            return
        plan = self._plan
        tiled = plan is not None and layer is not None and not sip.isdeleted(layer)
        tiled = tiled and layer.id() in [plan.layer_ids.get(table) for table in TILED]  # type: ignore[union-attr]
        if tiled == self._on:
            return
        allowed = QgsProject.AvoidIntersectionsMode.AllowIntersections
        current = QgsProject.AvoidIntersectionsMode.AvoidIntersectionsCurrentLayer
        if tiled and project.avoidIntersectionsMode() != allowed:
            return  # it was set otherwise before
        self._on = tiled
        self._known = current if tiled else allowed  # so that the change is not taken for the user's
        project.setAvoidIntersectionsMode(self._known)
        _note_overlap(ON if tiled else OFF)

    def _mode_changed(self) -> None:
        """QGIS also tells of it when a project is cleared, its entries first, and at the end of reading one."""
        mode = QgsProject.instance().avoidIntersectionsMode()
        same, self._known = mode == self._known, mode
        if not _overlap_entry():
            self._on = False
        elif not same and self._plan is not None:
            self._on = False
            _note_overlap(OWN)

    def _project_written(self, _document: object) -> None:
        """Write the mode that holds when nothing is drawn: where this plugin is not, nobody would switch it off."""
        if self._on:
            allowed = QgsProject.AvoidIntersectionsMode.AllowIntersections
            QgsProject.instance().writeEntry("Digitizing", "/AvoidIntersectionsMode", int(allowed))


def _overlap_entry() -> str:
    return str(QgsProject.instance().readEntry(SCOPE, OVERLAP_ENTRY)[0])


def _note_overlap(who: str) -> None:
    """Another layer made active, or a plan taken up, is no change of the project that it should ask to save."""
    project = QgsProject.instance()
    dirty = project.isDirty()
    project.writeEntry(SCOPE, OVERLAP_ENTRY, who)
    if who != OWN:
        project.setDirty(dirty)
