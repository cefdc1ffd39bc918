"""Giving projects their sites: drawn, picked, along rivers, around points, from a selection, pasted; or none yet."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import Qgis, QgsFeature, QgsMapLayer, QgsVectorLayer
from qgis.gui import QgsMapTool, QgsMapToolPan, QgsMapToolZoom
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QFileDialog

from ...core.errors import PlannerError
from ...core.texts import text
from ...ui.messages import tell
from ..edit_groups import refuse_uneditable
from ..plan_at_work import engine_is_there
from .going_to import open_form_of_new
from .part import ProjectPart
from .site_runs import Request, SiteRuns
from .site_watch import LayerWatch
from .site_writing import add_project, give_site, take_site_away

if TYPE_CHECKING:
    from ...core.sites.working import Given, Outcome, Pasted
    from ...ui.site_panel import SitePanel
    from ..map_tools.site_sketch import SiteTool
    from .site_preview import SitePreview
    from .site_sources import PlanGround
    from .site_told import SiteFindings
    from .work import ProjectWork

#: Ways that have a tool on the map; the others do without.
_WITH_TOOL = ("draw", "towns", "zone_part", "river", "points")
#: So often at most is the outcome worked out anew while a planner draws or turns a wheel (ms).
PREVIEW_MS = 40


class SiteDesk(ProjectPart):
    """The ways to give a site; the panel and the tools are made when the first of them is taken up."""

    area = "site"

    def __init__(self, work: ProjectWork) -> None:
        super().__init__(work)
        self.ways = {
            way: self.add_action(f"site_{way}", partial(self.start, way))
            for way in ("draw", "towns", "zone_part", "river", "points", "selection", "paste")
        }
        self.add_action("site_none", self.clear_site, in_toolbar=False)
        self.add_feature_action("site_draw", self._draw_for)
        self.panel: SitePanel | None = None
        self.tools: dict[str, SiteTool] = {}
        self.way = ""
        self._preview: SitePreview | None = None
        self._findings: SiteFindings | None = None
        self._ground: PlanGround | None = None
        self._projects = LayerWatch(self._target_changed, self._close_panel, edits=True)
        self._source = LayerWatch(self._changed, self._changed)
        self._runs = SiteRuns(self)
        self._runs.done.connect(self._done)
        self._runs.choice_needed.connect(self._choose_crs)
        self._runs.failed.connect(self._failed)
        self._runs.ended.connect(self._run_ended)
        work.plans.edited.connect(self._plan_edited)
        self._using = False
        self._late = False
        self._soon = self._timer(PREVIEW_MS, self._work_out)
        self._look = self._timer(0, self._show_target)

    # --- coming and going ------------------------------------------------------------------------------

    def start(self, way: str) -> None:
        """Take a way of giving a site up, for the project in hand or a new one; or say why it cannot be."""
        if not engine_is_there(self.iface.messageBar()):
            return
        if self._rests(way):
            self.iface.mapCanvas().setMapTool(self.tools[way])
            return
        try:
            layer = self.plan().layer("project")
            refuse_uneditable(layer)
            self._stop_way()
            self._open_panel()
            self._projects.follow(layer)
            self._take_up(way)
        except PlannerError as error:
            self.warn(str(error))
            self._close_panel()

    @property
    def is_working(self) -> bool:
        """Whether what is shown may be behind what is given."""
        return self._soon.isActive() or self._look.isActive() or self._runs.is_busy

    def _draw_for(self, feature: QgsFeature) -> None:
        """From a project's form or a row of the attribute table: draw the site of this one."""
        layer = self.projects_layer()
        if layer is not None:
            layer.selectByIds([feature.id()])
            self.start("draw")

    def plan_changed(self) -> None:
        """Another plan is at work: what was begun for the last one is given up."""
        self._close_panel()

    def close(self) -> None:
        """Take panel, tools and drawings away."""
        self._close_panel()
        self.work.plans.edited.disconnect(self._plan_edited)
        for timer, slot in ((self._soon, self._work_out), (self._look, self._show_target)):
            timer.stop()
            timer.timeout.disconnect(slot)
        self._runs.close()
        if self.panel is not None:
            self.iface.mapCanvas().mapToolSet.disconnect(self._tool_changed)
            self.panel.dismiss()
            self.iface.removeDockWidget(self.panel)
            self.panel.setParent(None)
            self.panel.deleteLater()
            self.panel = None
        if self._preview is not None:
            self._preview.remove()
            self._preview = None
        for tool in self.tools.values():
            tool.deleteLater()
        self.tools = {}
        super().close()

    def _timer(self, wait: int, slot: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait)
        timer.timeout.connect(slot)
        return timer

    def _open_panel(self) -> None:
        if self.panel is None:
            from ...ui.site_panel import SitePanel
            from ..map_tools.site_picking import site_tools
            from .site_preview import SitePreview
            from .site_told import SiteFindings

            canvas, window = self.iface.mapCanvas(), self.iface.mainWindow()
            self._findings = SiteFindings(self.work)
            self._preview = SitePreview(canvas, self._findings.clear)
            self.tools = site_tools(self.iface)
            for tool in set(self.tools.values()):
                tool.changed.connect(self._changed)
                tool.finished.connect(self.use)
                tool.refused.connect(self.warn)
            self.panel = panel = SitePanel(window)
            panel.changed.connect(self._changed)
            panel.picked_changed.connect(self._picked_changed)
            panel.between_changed.connect(self._between_changed)
            panel.layer_changed.connect(self._source_changed)
            panel.use_requested.connect(self.use)
            panel.again_requested.connect(self.start_again)
            panel.file_requested.connect(self.ask_file)
            panel.closed.connect(self._stop_way)
            canvas.mapToolSet.connect(self._tool_changed)
            if not window.restoreDockWidget(panel):
                self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, panel)
        self.panel.show()
        self.panel.raise_()

    def _close_panel(self) -> None:
        self._stop_way()
        self._ground = None
        if self.panel is not None:
            self.panel.hide()

    def _take_up(self, way: str) -> None:
        assert self.panel is not None
        from .site_sources import PlanGround

        self._ground = PlanGround(self.plan())
        self.panel.show_way(way)
        self.panel.layer.setExceptedLayerList([self._projects.layer])
        self._show_target()
        canvas = self.iface.mapCanvas()
        if way == "towns":
            self.tools[way].offer(self._ground.polygons(self.panel.options().picked))  # type: ignore[attr-defined]
        elif way == "river":
            self.tools[way].offer(self._ground.rivers())  # type: ignore[attr-defined]
            self.tools[way].take(self.panel.options().between)  # type: ignore[attr-defined]
        elif way == "zone_part":
            self._ground.polygons("restoration_zone")
        self.way = way
        if way in _WITH_TOOL:
            tool = self.tools[way]
            if canvas.mapTool() is tool:
                tool.start_again()
            canvas.setMapTool(tool)
            canvas.setFocus()
        elif way == "paste":
            self.panel.pasted.setFocus()
        else:
            self._source_changed()
        self._changed()

    def _stop_way(self) -> None:
        """Give up what was begun: nothing of it stays on the map."""
        if not self.way:
            return
        way, self.way = self.way, ""
        self._runs.forget()
        self._late = False
        self._hold(False)
        self._soon.stop()
        self._look.stop()
        if way in _WITH_TOOL:
            self.iface.mapCanvas().unsetMapTool(self.tools[way])
            self.tools[way].reset()
        if self._preview is not None:
            self._preview.clear()
        self._projects.follow(None)
        self._source.follow(None)

    def _tool_changed(self, new: QgsMapTool | None, _old: QgsMapTool | None = None) -> None:
        if self.way not in _WITH_TOOL or new is self.tools.get(self.way):
            return
        if isinstance(new, (QgsMapToolPan, QgsMapToolZoom)):
            return  # the way's own action goes on with what was begun
        self._stop_way()
        if self.panel is not None:
            self.panel.hide()

    def _rests(self, way: str) -> bool:
        """Whether this way was begun and its tool is put down while the map is panned or zoomed."""
        return way == self.way and way in _WITH_TOOL and self.iface.mapCanvas().mapTool() is not self.tools[way]

    # --- what is given ---------------------------------------------------------------------------------

    def start_again(self) -> None:
        """Forget what is given so far."""
        if self.panel is None or self._preview is None:
            return
        self._preview.clear()
        if self.way in _WITH_TOOL:
            self.tools[self.way].start_again()
        elif self.way == "paste":
            self.panel.pasted.clear()
        self._changed()

    def ask_file(self) -> None:
        """Take the text of a file as if it were pasted."""
        chosen, _ = QFileDialog.getOpenFileName(
            self.iface.mainWindow(), text("site.open_file"), "", text("site.file_filter")
        )
        if chosen:
            self.take_file(Path(chosen))

    def take_file(self, path: Path) -> None:
        """Show a text file's content as the pasted text; or say why it cannot be read."""
        from .site_giving import text_of

        assert self.panel is not None
        try:
            content = text_of(path)
        except PlannerError as error:
            self.warn(str(error))
        else:
            self.panel.pasted.setPlainText(content)

    def _picked_changed(self) -> None:
        if self.way != "towns" or self.panel is None or self._ground is None:
            return
        try:
            polygons = self._ground.polygons(self.panel.options().picked)
        except PlannerError as error:
            self.warn(str(error))
        else:
            self.tools["towns"].offer(polygons)  # type: ignore[attr-defined]

    def _between_changed(self) -> None:
        if self.panel is not None:
            self.tools["river"].take(self.panel.options().between)  # type: ignore[attr-defined]

    def _source_changed(self) -> None:
        if self.way in ("", "selection") and self.panel is not None:
            layer: QgsMapLayer | None = self.panel.layer.currentLayer()
            self._source.follow(layer if isinstance(layer, QgsVectorLayer) else None)
            self._changed()

    def _plan_edited(self) -> None:
        if self._ground is not None:
            self._ground.forget()  # zones that are a limit may be others now

    def _target_changed(self, *_: object) -> None:
        self._look.start()

    def _show_target(self) -> None:
        if self.panel is None or self._projects.layer is None or self._ground is None:
            return
        from .site_sources import in_hand
        from .site_told import target_of

        project, several = in_hand(self._projects.layer)
        self.panel.show_target(target_of(project), several if several > 1 else 0)
        self.panel.offer_limits(self._ground.limits(project))
        self._changed()

    def _changed(self, *_: object) -> None:
        # What is being used already is not to be overtaken by the next movement of the mouse
        if self.way and not self._using and not self._soon.isActive():
            self._soon.start()

    def _hold(self, using: bool) -> None:
        self._using = using
        if self.panel is not None:
            self.panel.widget().setEnabled(not using)

    def _given(self, live: bool) -> Given | Pasted | None:
        """What is given by now; None for nothing.  `live` takes the cursor for a corner."""
        from ...core.sites.working import Given
        from .site_giving import given_by

        assert self.panel is not None and self._ground is not None
        tool: Any = self.tools.get(self.way)
        if self.way in ("towns", "river"):
            self.panel.show_names(tool.names())
        options = self.panel.options()
        given = given_by(self.way, tool, options, self._ground, self._source.layer, self.plan(), live)
        if self.way == "selection" and isinstance(given, Given):
            self.panel.understood_as(given.kind)
        return given

    # --- what comes of it ------------------------------------------------------------------------------

    def _work_out(self, use: bool = False) -> None:
        """Work out what comes of what is given, at once or in the background; show it, or use it."""
        if not self.way or self.panel is None or self._projects.layer is None or self._ground is None:
            return
        if self._runs.is_busy and not use:
            self._late = True  # one look into the future at a time; the next when this one is known
            return
        from .site_giving import wanted_by
        from .site_sources import in_hand

        self._runs.forget()
        options = self.panel.options()
        project, _ = in_hand(self._projects.layer)
        try:
            given = self._given(live=not use)
            if given is None:
                self._show_nothing()
                return
            wanted = wanted_by(self.way, self.tools.get(self.way), options, self._ground, project)
            request = Request(given, wanted, options, project, use)
        except PlannerError as error:
            self._failed(str(error), "", use)
            return
        if self._runs.run(request):
            self.panel.show_working()
            self._hold(use)

    def _run_ended(self) -> None:
        if self._late:
            self._late = False
            self._changed()

    def _done(self, request: Request, outcome: Outcome) -> None:
        if self.panel is None or self._preview is None or self._findings is None:
            return
        self._hold(False)
        if outcome.located is not None:
            chosen = outcome.located.crs
            self.panel.understood_as(outcome.located.kind)
            self.panel.offer_crs([(c.value, str(c.caption)) for c in outcome.located.choices], chosen)
        if request.use:
            self._use(request, outcome)
            return
        from ...ui.site_panel import Shown
        from .site_told import sentences

        located = outcome.located.notes if outcome.located is not None else ()
        notes = tuple(dict.fromkeys([*map(str, located), *sentences(outcome)]))
        given, then = outcome.given, outcome.then
        self._preview.show(given.geometry, move=self.way in ("selection", "paste"))
        self._findings.show(then.geometry, None if request.options.how == "new" else request.project)
        self.panel.show_outcome(Shown(given.area_ha, given.parts, then.area_ha, then.parts, notes))

    def _choose_crs(self, needed: Any) -> None:
        if self.panel is not None and self._preview is not None:
            self._hold(False)
            self._preview.clear()
            self.panel.offer_crs([(c.value, str(c.caption)) for c in needed.choices], "")
            asked = needed.message.id == "intake.crs_ask"  # worded for the command line
            self.panel.show_problem(text("site.crs_ask", count=len(needed.choices)) if asked else str(needed))

    def _failed(self, sentence: str, details: str, use: bool) -> None:
        if self.panel is None or self._preview is None:
            return
        self._hold(False)
        self._preview.clear()
        self.panel.show_problem(sentence)
        if use or details:
            self.warn(sentence, details)

    def _show_nothing(self) -> None:
        assert self.panel is not None and self._preview is not None
        self._preview.clear()
        self.panel.show_nothing()

    # --- writing it ------------------------------------------------------------------------------------

    def use(self) -> None:
        """Give the project what is given, or make a new project of it."""
        if self._using:
            return
        self._soon.stop()
        self._work_out(use=True)

    def _use(self, request: Request, outcome: Outcome) -> None:
        from .site_told import sentences

        assert self._projects.layer is not None
        layer = self._projects.layer
        try:
            if request.options.how == "new" or request.project is None:
                made = add_project(self.work.groups, layer, outcome.then)
                said = text("site.made", ha=outcome.then.area_ha, count=outcome.then.parts)
            else:
                made, title = None, request.project.title
                give_site(self.work.groups, layer, request.project, outcome.then)
                said = text("site.given", project=title, ha=outcome.then.area_ha, count=outcome.then.parts)
        except PlannerError as error:
            self._look.start()  # the project may be another by now
            self.warn(str(error))
            return
        self._edited(layer)
        doubtful = any(n.id in ("site.crossed", "site.repaired") for n in outcome.given.notes)
        level = Qgis.MessageLevel.Warning if doubtful else Qgis.MessageLevel.Success
        tell(self.iface.messageBar(), " ".join([said, *sentences(outcome)]), level)
        if made is None:
            self.start_again()
            return
        self._close_panel()  # what is drawn next is not meant for the project that was just made
        layer.selectByIds([made])
        open_form_of_new(self.iface, layer, made, lambda: self._given_up(layer, made))

    def _given_up(self, layer: QgsVectorLayer, made: int) -> None:
        """The form of a new project was cancelled: the project goes, as in QGIS's own adding."""
        if sip.isdeleted(layer) or not layer.isEditable() or not layer.getFeature(made).isValid():
            return
        try:
            with self.work.groups.action(text("site.undo_given_up")) as action:
                action.delete(layer, made)
        except PlannerError as error:
            self.warn(str(error))
            return
        self._edited(layer)
        tell(self.iface.messageBar(), text("site.given_up"))

    def clear_site(self) -> None:
        """The project in hand has no site yet."""
        if not engine_is_there(self.iface.messageBar()):
            return
        from .site_sources import in_hand

        try:
            layer = self.plan().layer("project")
            project, several = in_hand(layer)
            if project is None:
                raise PlannerError("site.several" if several > 1 else "site.select_first", count=several)
            take_site_away(self.work.groups, layer, project)
        except PlannerError as error:
            self.warn(str(error))
            return
        self._edited(layer)
        tell(self.iface.messageBar(), text("site.none_now", project=project.title), Qgis.MessageLevel.Success)

    def _edited(self, layer: QgsVectorLayer) -> None:
        layer.triggerRepaint()
        self.iface.setActiveLayer(layer)  # so that QGIS's own Undo is that of the projects
