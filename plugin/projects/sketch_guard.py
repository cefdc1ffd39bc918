"""Sketches that cannot be right, told as soon as they are drawn: outlines that cross themselves, and sites outside the city.

Whatever tool drew them, QGIS's own included.  Nothing is refused and nothing is changed unasked: the message bar says
what is wrong and offers to mend it, as one step that Undo takes back; it goes by itself once the sketch is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsMessageBarItem
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QPushButton

from ...core.errors import PlannerError
from ...core.plan.schema import PLAN_EPSG
from ...core.texts import text
from .part import ProjectPart

if TYPE_CHECKING:
    from .work import ProjectWork

#: What says where the city is.
CITY_TABLES = ("restoration_zone", "admin_unit")
#: A site may stand a little over the city's edge: this share of the city's width and height.
MARGIN = 0.05
KM_PER_DEGREE = 111.2
#: About a square metre, in square degrees: less is a slip of the hand.
LEAST_AREA = 1e-10
_AT = re.compile(r"\[(-?[0-9.]+(?:e[+-]?[0-9]+)?) (-?[0-9.]+(?:e[+-]?[0-9]+)?)")
#: Kinds of what is wrong; each has its sentence.
CROSSES, NO_AREA, NO_DEGREES, SWAPPED, OUTSIDE = "crosses", "no_area", "no_degrees", "swapped", "outside"


@dataclass(frozen=True)
class Wrong:
    """What is wrong with one sketch, and where (degrees)."""

    kind: str
    project: str
    place: QgsPointXY
    km: float = 0.0


class SketchGuard(ProjectPart):
    """Follows the projects' layer of the plan at work."""

    area = "sketch"

    def __init__(self, work: ProjectWork) -> None:
        super().__init__(work)
        self._layer: QgsVectorLayer | None = None
        self._touched: set[int] = set()
        self._wrong: dict[int, Wrong] = {}
        self._item: QgsMessageBarItem | None = None
        # Once the command that drew it is done: not in the midst of somebody's edit
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        QgsProject.instance().layersWillBeRemoved["QStringList"].connect(self._leaving)

    def plan_changed(self) -> None:
        """Follow another layer."""
        layer = self.projects_layer()
        if layer is not self._layer:
            self._let_go()
            self._layer = layer
            for signal, slot in self._links():
                signal.connect(slot)

    def close(self) -> None:
        """Follow nothing and take the message away."""
        self._let_go()
        self._timer.timeout.disconnect(self._look)
        QgsProject.instance().layersWillBeRemoved["QStringList"].disconnect(self._leaving)
        super().close()

    def _leaving(self, layer_ids: list[str]) -> None:
        if self._layer is not None and not sip.isdeleted(self._layer) and self._layer.id() in layer_ids:
            self._let_go()

    def _links(self) -> list[tuple[Any, Callable[..., None]]]:
        layer = self._layer
        if layer is None or sip.isdeleted(layer):
            return []
        return [
            (layer.featureAdded, self._drawn),
            (layer.geometryChanged, self._drawn),
            (layer.featureDeleted, self._gone),
            (layer.committedFeaturesAdded, self._saved),
            (layer.editingStopped, self._forget_unsaved),
        ]

    def _let_go(self) -> None:
        for signal, slot in self._links():
            signal.disconnect(slot)
        self._layer = None
        self._timer.stop()
        self._touched.clear()
        self._wrong.clear()
        self._say()

    def _drawn(self, number: int, *_geometry: object) -> None:
        self._touched.add(number)
        self._timer.start(0)

    def _gone(self, number: int) -> None:
        self._touched.discard(number)
        if self._wrong.pop(number, None) is not None:
            self._timer.start(0)

    def _saved(self, _layer_id: str, features: list[QgsFeature]) -> None:
        """Saving gives new projects their lasting numbers."""
        if any(number < 0 for number in self._wrong):
            self._touched.update(f.id() for f in features)
        self._forget_unsaved()

    def _forget_unsaved(self) -> None:
        self._wrong = {n: w for n, w in self._wrong.items() if n >= 0}
        self._touched = {n for n in self._touched if n >= 0} | set(self._wrong)  # given up or saved: what is there now
        self._timer.start(0)

    def _look(self) -> None:
        layer = self._layer
        if layer is None or sip.isdeleted(layer):
            return
        before = dict(self._wrong)
        city = self._city()
        for number in self._touched:
            feature = layer.getFeature(number)
            wrong = what_is_wrong(feature, city) if feature.isValid() else None
            self._wrong.pop(number, None)
            if wrong is not None:
                self._wrong[number] = wrong
        self._touched.clear()
        if self._wrong != before or (self._item is not None and not self._wrong):
            self._say()

    def _city(self) -> QgsRectangle:
        """What the zones or the units cover, in degrees; empty where neither is drawn yet."""
        plan = self.work.plans.current()
        for table in CITY_TABLES if plan is not None else ():
            layer = plan.project.mapLayer(plan.layer_ids.get(table, ""))  # type: ignore[union-attr]
            if isinstance(layer, QgsVectorLayer) and layer.featureCount() > 0 and not layer.extent().isEmpty():
                return layer.extent()
        return QgsRectangle()

    # --- what is said and offered ---------------------------------------------------------------

    def _say(self) -> None:
        bar = self.iface.messageBar()
        if self._item is not None and not sip.isdeleted(self._item):
            bar.popWidget(self._item)
        self._item = None
        if not self._wrong:
            return
        first = next(reversed(list(self._wrong.values())))  # the sketch in hand
        alike = [n for n, wrong in self._wrong.items() if wrong.kind == first.kind]
        item = bar.createMessage(text("shell.name"), _sentence(first, len(alike)))
        if first.kind == CROSSES:
            self._offer(item, "mend", lambda: self._edit(alike, "mend_caption", _mended))
        elif first.kind == SWAPPED:
            self._offer(item, "swap", lambda: self._edit(alike, "swap_caption", _swapped))
        if first.kind != NO_DEGREES:
            self._offer(item, "show", lambda: self._show(first.place))
        bar.pushWidget(item, Qgis.MessageLevel.Warning, 0)
        self._item = item

    def _offer(self, item: QgsMessageBarItem, name: str, slot: Callable[[], None]) -> None:
        button = QPushButton(text(f"sketch.{name}"), item)
        button.setObjectName(f"restoration_planner_sketch_{name}")
        button.setToolTip(text(f"sketch.{name}_tip"))
        button.clicked.connect(lambda *_: slot())
        item.layout().addWidget(button)

    def _show(self, place: QgsPointXY) -> None:
        canvas = self.iface.mapCanvas()
        crs = QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}")
        to_map = QgsCoordinateTransform(crs, canvas.mapSettings().destinationCrs(), QgsProject.instance())
        try:
            canvas.setCenter(to_map.transform(place))
        except QgsCsException:  # exchanged coordinates lie beyond the pole
            where = text("sketch.place", x=f"{place.x():.4f}", y=f"{place.y():.4f}")
            self.warn(text("sketch.not_on_map", place=where))
            return
        canvas.refresh()
        canvas.flashGeometries([QgsGeometry.fromPointXY(place)], crs)

    def _edit(self, numbers: Iterable[int], caption: str, change: Callable[[QgsGeometry], QgsGeometry | None]) -> None:
        """Give sketches another shape, all in one step."""
        layer = self._layer
        if layer is None or sip.isdeleted(layer):
            return
        features = [f for f in (layer.getFeature(n) for n in numbers) if f.isValid()]
        shapes = [(f, change(f.geometry())) for f in features]
        names = "、".join(name_of(f) for f, shape in shapes if shape is not None)
        try:
            with self.work.groups.action(text(f"sketch.{caption}", project=names)) as action:
                for feature, shape in shapes:
                    if shape is None:
                        raise PlannerError("sketch.nothing_left", project=name_of(feature))
                    action.change_geometry(layer, feature.id(), shape)
        except PlannerError as error:
            self.warn(str(error))
        self.iface.mapCanvas().refresh()


def what_is_wrong(feature: QgsFeature, city: QgsRectangle) -> Wrong | None:
    """What cannot be right in a project's outline; None where it has none, or nothing is wrong.

    Parameters
    ----------
    city
        What the city covers, in degrees; empty where that is not known.
    """
    geometry = feature.geometry()
    if geometry.isNull() or geometry.isEmpty():
        return None
    box, project = geometry.boundingBox(), name_of(feature)
    centre = box.center()
    if not QgsRectangle(-180, -90, 180, 90).contains(box):
        swapped_fits = _lies_in(_exchanged(box), city)
        return Wrong(SWAPPED if swapped_fits else NO_DEGREES, project, centre)
    if not geometry.isGeosValid():
        mended = _mended(geometry)
        empty = mended is None or mended.area() < LEAST_AREA
        return Wrong(NO_AREA, project, centre) if empty else Wrong(CROSSES, project, _crossing(geometry))
    if geometry.area() < LEAST_AREA:
        return Wrong(NO_AREA, project, centre)
    if city.isEmpty() or _lies_in(box, city):
        return None
    if _lies_in(_exchanged(box), city):
        return Wrong(SWAPPED, project, centre)
    return Wrong(OUTSIDE, project, centre, _kilometres(box, city))


def name_of(feature: QgsFeature) -> str:
    """Code and name of a project, as far as it has them."""
    words = [feature[f] for f in ("code", "name") if feature.fields().indexOf(f) >= 0]
    return " ".join(w for w in words if isinstance(w, str) and w) or text("sketch.new")


def _lies_in(box: QgsRectangle, city: QgsRectangle) -> bool:
    """Whether it touches the city, or nearly."""
    if city.isEmpty():
        return False
    wide = QgsRectangle(city)
    wide.grow(MARGIN * max(city.width(), city.height()))
    return bool(wide.intersects(box))


def _exchanged(box: QgsRectangle) -> QgsRectangle:
    return QgsRectangle(box.yMinimum(), box.xMinimum(), box.yMaximum(), box.xMaximum())


def _kilometres(box: QgsRectangle, city: QgsRectangle) -> float:
    """How far apart two boxes of degrees are, roughly."""
    from math import cos, hypot, radians

    east = max(box.xMinimum() - city.xMaximum(), city.xMinimum() - box.xMaximum(), 0.0)
    north = max(box.yMinimum() - city.yMaximum(), city.yMinimum() - box.yMaximum(), 0.0)
    return KM_PER_DEGREE * hypot(east * cos(radians(city.center().y())), north)


def _crossing(geometry: QgsGeometry) -> QgsPointXY:
    """Where an outline crosses itself."""
    import shapely

    reason = str(shapely.is_valid_reason(shapely.from_wkb(bytes(geometry.asWkb()))))
    found = _AT.search(reason)
    return QgsPointXY(float(found[1]), float(found[2])) if found else geometry.boundingBox().center()


def _mended(geometry: QgsGeometry) -> QgsGeometry | None:
    """The valid outline that the check measures too; None where nothing is left."""
    import numpy as np
    import shapely

    from ...core.geometry.repair import repair

    shape = shapely.force_2d(shapely.from_wkb(bytes(geometry.asWkb())))
    (made,), _reasons = repair(np.array([shape], dtype=object))
    if made is None:
        return None
    mended = QgsGeometry()
    mended.fromWkb(shapely.to_wkb(made))
    mended.convertToMultiType()
    return mended


def _swapped(geometry: QgsGeometry) -> QgsGeometry:
    import shapely

    shape = shapely.transform(shapely.from_wkb(bytes(geometry.asWkb())), lambda xy: xy[:, ::-1])
    made = QgsGeometry()
    made.fromWkb(shapely.to_wkb(shape))
    return made


def _sentence(wrong: Wrong, count: int) -> str:
    digits = 1 if wrong.kind == NO_DEGREES else 4
    x, y = f"{wrong.place.x():.{digits}f}", f"{wrong.place.y():.{digits}f}"
    place = f"{x}, {y}" if wrong.kind == NO_DEGREES else text("sketch.place", x=x, y=y)
    key = "crosses_many" if wrong.kind == CROSSES and count > 1 else wrong.kind
    return text(f"sketch.{key}", project=wrong.project, place=place, km=f"{wrong.km:,.0f}", count=count)
