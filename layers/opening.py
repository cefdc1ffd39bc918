"""Opening a plan: one call adds its layers, grouped, ordered, styled and tied together."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProject,
    QgsProviderRegistry,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtXml import QDomDocument

from ..core.errors import PlannerError
from ..core.plan.schema import DRAWING_ORDER, PLAN_EPSG
from ..core.store.older_forms import older_forms
from ..core.store.plan_file import ensure_current, read_plan
from ..core.texts import Message, language, text
from . import crs as projections
from . import roles
from .captions import caption_layer
from .catalogue import GROUPS, has_geometry, style_file
from .editing_setup import set_up_editing
from .grades import note_grades
from .relations import add_relations, rewire, table_caption

#: A project's own note that its plan was empty when it was opened.
_SCOPE, _AWAITING = "restoration_planner", "awaiting_projection"

#: What a form is made of: symbols, labels and the rest stay as the plan has them.
_FORM = QgsMapLayer.StyleCategory.Forms | QgsMapLayer.StyleCategory.Fields

GROUP_PROPERTY = "restoration_planner/group"


@dataclass(frozen=True)
class OpenPlan:
    """A plan whose layers are in a project.

    Attributes
    ----------
    path
        The plan file.
    name
        The plan's name, or its file name.
    project
        The QGIS project.
    layer_ids
        Table → id of its layer.
    notes
        What the user should know about the opening.
    backup
        The copy made before an older plan was brought up to date, or None.
    """

    path: Path
    name: str
    project: QgsProject
    layer_ids: dict[str, str]
    notes: tuple[Message, ...] = field(default=())
    backup: Path | None = None

    def layer(self, table: str) -> QgsVectorLayer:
        """The layer of a table.

        Raises
        ------
        PlannerError
            If it has been removed from the project, or its file is gone.
        """
        found = self.project.mapLayer(self.layer_ids.get(table, ""))
        if not isinstance(found, QgsVectorLayer):
            if not self.is_open:
                raise PlannerError("layers.plan_closed", plan=self.name)
            raise PlannerError("layers.layer_gone", table=text(f"schema.{table}"), plan=self.name)
        if not found.isValid():
            raise PlannerError("layers.layer_broken", table=text(f"schema.{table}"), plan=self.name)
        return found

    def note_grades(self) -> None:
        """Draw the projects' grade outlines as the findings now are; for use after a check."""
        note_grades(self.layer("project"), self.layer("siting_finding"))

    @property
    def is_open(self) -> bool:
        """Whether any of its layers is still in the project."""
        return any(self.project.mapLayer(i) is not None for i in self.layer_ids.values())

    def extent(self, crs: QgsCoordinateReferenceSystem | None = None) -> QgsRectangle:
        """What the plan's own layers cover, by default in the project's CRS; empty if nothing is drawn yet."""
        layers = {t: self.project.mapLayer(i) for t, i in self.layer_ids.items()}
        extent = _geographic_extent({t: la for t, la in layers.items() if isinstance(la, QgsVectorLayer)})
        if extent.isEmpty():
            return extent
        target = self.project.crs() if crs is None else crs
        source = QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}")
        return QgsCoordinateTransform(source, target, self.project).transformBoundingBox(extent)

    def settle_projection(self) -> None:
        """Once a plan that was opened empty has outlines: give its project the projection that suits them.

        Only where nobody has chosen another one since.
        """
        extent = self.extent(QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"))
        waiting = self.project.readBoolEntry(_SCOPE, _AWAITING)[0]
        if not waiting or extent.isEmpty():
            return
        self.project.removeEntry(_SCOPE, _AWAITING)
        if self.project.crs().authid() == f"EPSG:{PLAN_EPSG}":
            _project_for(self.project, extent)


def open_plan(path: str | Path, project: QgsProject | None = None, canvas: object = None) -> OpenPlan:
    """Open a plan file in a project.

    An older plan is brought up to date first.  A plan that is open already is not added again; only
    layers of it that were removed come back.

    Parameters
    ----------
    path
        The GeoPackage.
    project
        By default the one that QGIS shows.
    canvas
        A QgsMapCanvas to zoom to the plan, if any.

    Raises
    ------
    PlannerError
        If the file is no plan, is newer than this plugin, or cannot be read.
    """
    path = Path(path)
    project = QgsProject.instance() if project is None else project
    backup = ensure_current(path)
    name = _plan_name(path)
    spoken = language()
    first_map = not any(la.isSpatial() for la in project.mapLayers().values())
    layers = {t: la for t, la in roles.layers(project, path).items() if la.isValid()}
    missing = [t for tables in GROUPS.values() for t in tables if t not in layers]
    notes: list[Message] = []
    if missing:
        group = _plan_group(project, path, name)
        outdated = older_forms(path)
        for table in missing:
            layer = _load(path, table, spoken, table in outdated)
            if layer is None:
                notes.append(Message.of("layers.table_missing", plan=path.name, table=text(f"schema.{table}", spoken)))
                continue
            roles.mark(layer, path, table)
            _place(project, group, layer, table, spoken)
            layers[table] = layer
        notes += rewire(layers, spoken)
        add_relations(project, path, layers, spoken)
        _order(project)
        _set_up(project, layers, name, first_map)
        set_up_editing(project, path, layers)
    opened = OpenPlan(path, name, project, {t: la.id() for t, la in layers.items()}, tuple(notes), backup)
    _zoom(opened, canvas)
    return opened


def adopt_plans(project: QgsProject) -> list[OpenPlan]:
    """The plans whose layers a project holds already, as after it was read from its file.

    Captions and widgets were saved with the project; only the ties between the layers are made anew.
    """
    plans = []
    for path in roles.open_plans(project):
        layers = roles.layers(project, path)
        valid = {t: la for t, la in layers.items() if la.isValid()}
        rewire(valid, language())
        name = _name_in(valid.get("plan")) or Path(path).stem
        plans.append(OpenPlan(Path(path), name, project, {t: la.id() for t, la in layers.items()}))
    return plans


def _plan_name(path: Path) -> str:
    found = read_plan(path, tables=["plan"])["plan"]["name"]
    return str(found[0]) if len(found) and found[0] else path.stem


def _name_in(layer: QgsVectorLayer | None) -> str | None:
    if layer is None:
        return None
    row = next(layer.getFeatures(), None)
    name = row.attribute("name") if row is not None and layer.fields().indexOf("name") >= 0 else None
    return name if isinstance(name, str) and name else None


def _load(path: Path, table: str, spoken: str, outdated: bool) -> QgsVectorLayer | None:
    """A table's layer with its style; with the form of today where the one in the file is ours and `outdated`."""
    source = QgsProviderRegistry.instance().encodeUri("ogr", {"path": str(path), "layerName": table})
    layer = QgsVectorLayer(source, table_caption(table, spoken), "ogr")  # with the style stored in the file
    if not layer.isValid():
        return None
    if layer.listStylesInDatabase()[0] < 1:
        layer.loadNamedStyle(str(style_file(table)))
    elif outdated:
        # not by loadNamedStyle: it would take the file's own style before any other
        today = QDomDocument()
        today.setContent(style_file(table).read_text(encoding="utf-8"))
        layer.importNamedStyle(today, _FORM)
    if spoken != "zh":
        caption_layer(layer, table, spoken)
    return layer


def _plan_group(project: QgsProject, path: Path, name: str) -> QgsLayerTreeGroup:
    root = project.layerTreeRoot()
    for group in root.findGroups():
        if group.customProperty(GROUP_PROPERTY) == roles.plan_id(path):
            return group
    group = root.insertGroup(0, name)
    group.setCustomProperty(GROUP_PROPERTY, roles.plan_id(path))
    return group


def _place(project: QgsProject, group: QgsLayerTreeGroup, layer: QgsVectorLayer, table: str, spoken: str) -> None:
    kind = next(k for k, tables in GROUPS.items() if table in tables)
    inner = next((g for g in group.findGroups() if g.customProperty(GROUP_PROPERTY) == kind), None)
    if inner is None:
        after = [k for k in GROUPS if k in {g.customProperty(GROUP_PROPERTY) for g in group.findGroups()}]
        position = sum(list(GROUPS).index(k) < list(GROUPS).index(kind) for k in after)
        inner = group.insertGroup(position, text(f"layers.group.{kind}", spoken))
        inner.setCustomProperty(GROUP_PROPERTY, kind)
        inner.setExpanded(kind in ("plan", "control"))
    project.addMapLayer(layer, False)
    there = [roles.table_of(n.layer()) for n in inner.findLayers()]
    position = sum(GROUPS[kind].index(t) < GROUPS[kind].index(table) for t in there if t in GROUPS[kind])
    node = inner.insertLayer(position, layer)
    empty = layer.featureCount() == 0
    if has_geometry(table) and empty and kind in ("base", "control"):
        node.setItemVisibilityChecked(False)
    node.setExpanded(not empty and table in ("project", "restoration_zone", "siting_finding", "nature_reserve"))


def _order(project: QgsProject) -> None:
    """Draw all plans' layers by kind; layers of the user keep their places, above or below a plan."""
    root = project.layerTreeRoot()
    rank = {table: number for number, table in enumerate(DRAWING_ORDER)}
    current = [la for la in root.layerOrder() if la.isSpatial()]
    ours = [la for la in current if roles.table_of(la) in rank]
    first = next((i for i, la in enumerate(current) if roles.table_of(la) in rank), 0)
    above = current[:first]
    below = [la for la in current[first:] if roles.table_of(la) not in rank]
    ours.sort(key=lambda la: rank[str(roles.table_of(la))])
    root.setCustomLayerOrder([*above, *ours, *below])
    root.setHasCustomLayerOrder(True)


def _set_up(project: QgsProject, layers: dict[str, QgsVectorLayer], name: str, first_map: bool) -> None:
    extent = _geographic_extent(layers)
    if first_map and not extent.isEmpty():
        _project_for(project, extent)
    elif first_map:
        project.setCrs(QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"))
        projections.measure_on_ellipsoid(project)
        project.writeEntryBool(_SCOPE, _AWAITING, True)
    if not project.title():
        project.setTitle(name)


def _project_for(project: QgsProject, extent: QgsRectangle) -> None:
    """The projection and the view that suit what a plan covers (longitude and latitude)."""
    projections.set_up_project(project, extent)
    to_map = QgsCoordinateTransform(QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"), project.crs(), project)
    box = to_map.transformBoundingBox(extent)
    project.viewSettings().setDefaultViewExtent(QgsReferencedRectangle(box, project.crs()))


def _geographic_extent(layers: dict[str, QgsVectorLayer]) -> QgsRectangle:
    """Of the zones, else of the administrative units, else of whatever the plan draws."""
    for tables in (("restoration_zone",), ("admin_unit",), DRAWING_ORDER):
        drawn = [layers[t] for t in tables if t in layers and layers[t].featureCount() > 0]
        extents = [layer.extent() for layer in drawn if not layer.extent().isEmpty()]
        for extent in extents[1:]:
            extents[0].combineExtentWith(extent)
        if extents:
            return extents[0]
    return QgsRectangle()


def _zoom(opened: OpenPlan, canvas: object) -> None:
    extent = opened.extent()
    if canvas is None or extent.isEmpty():
        return
    extent.scale(1.08)
    canvas.setDestinationCrs(opened.project.crs())  # type: ignore[attr-defined]
    canvas.setExtent(extent)  # type: ignore[attr-defined]
    canvas.refresh()  # type: ignore[attr-defined]
