"""Papers and photos of the project in hand: between the dialog, the plan file and the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsSettings
from qgis.PyQt.QtWidgets import QFileDialog

from ...core.errors import PlannerError
from ...core.texts import text
from ...ui.review_dialog import REVIEWER_SETTING
from ..map_rest import MapRest
from ..plan_at_work import bring_to_front, engine_is_there
from ..tasks import WorkTask
from .part import ProjectPart

if TYPE_CHECKING:
    from ...core.papers.missing import Found
    from ...core.store.project_papers import Paper
    from ...layers.opening import OpenPlan
    from ...ui.papers_dialog import PapersDialog
    from .papers_files import OpenedPapers
    from .work import ProjectWork


class PapersDesk(ProjectPart):
    """What is attached to a project; the dialog is made when it is asked for, and goes with its plan."""

    area = "papers"

    def __init__(self, work: ProjectWork) -> None:
        super().__init__(work)
        self.add_action("papers", self.show_selected)
        self.add_feature_action("papers_here", lambda feature: self.show_papers(feature.id()))
        self.dialog: PapersDialog | None = None
        self.fid = 0
        self._plan: OpenPlan | None = None
        self._papers: list[Paper] = []
        self._unclaimed: list[Paper] = []
        self._tasks: list[WorkTask] = []
        self._busy = 0
        self._map = MapRest(self.iface)
        self._opened: OpenedPapers | None = None

    # --- coming and going ----------------------------------------------------------------------

    def show_selected(self) -> None:
        """Show the papers of the one selected project."""
        layer = self.projects_layer()
        chosen = list(layer.selectedFeatureIds()) if layer is not None else []
        if len(chosen) != 1:
            self.warn(text("papers.choose_one"))
            return
        self.show_papers(chosen[0])

    def show_papers(self, fid: int) -> None:
        """Show the papers of a project; of one that is not saved yet there can be none."""
        from .papers_shown import title_of

        if not engine_is_there(self.iface.messageBar()):
            return
        if fid < 0:
            self.warn(text("papers.save_first"))
            return
        try:
            plan = self.plan()
            feature = plan.layer("project").getFeature(fid)
            if not feature.isValid():
                raise PlannerError("papers.no_project")
        except PlannerError as error:
            self.warn(str(error))
            return
        if self.dialog is None:
            self._make_dialog(plan)
        assert self.dialog is not None
        self.fid, self._plan = fid, plan
        self.dialog.show_project(title_of(feature))
        self.dialog.set_busy(bool(self._busy))  # what was begun before the dialog was closed goes on
        self.reload()
        bring_to_front(self.dialog)

    def plan_changed(self) -> None:
        """Another plan is at work."""
        if self.dialog is not None and self.work.plans.current() is not self._plan:
            self.dialog.close()

    def close(self) -> None:
        """Take dialog and opened copies away; what is being written is waited for."""
        if self.dialog is not None:
            self.dialog.close()
        for task in self._tasks:
            task.abandon()
        self._tasks = []
        self._map.release()
        if self._opened is not None:
            self._opened.close()
        super().close()

    def is_busy(self) -> bool:
        """Whether something is being read or written."""
        return bool(self._busy)

    def _make_dialog(self, plan: OpenPlan) -> None:
        from ...core.papers.attached import folder_beside, remove, rename
        from ...ui.papers_dialog import PapersDialog

        self.dialog = dialog = PapersDialog(folder_beside(plan.path).name, self.iface.mainWindow())
        dialog.add_requested.connect(self._ask_how_to_keep)
        dialog.open_requested.connect(self._open)
        dialog.save_requested.connect(self._save)
        dialog.rename_requested.connect(lambda number, title: self._at_once(lambda p: rename(p, number, title)))
        dialog.remove_requested.connect(lambda numbers: self._at_once(lambda p: remove(p, numbers)))
        dialog.find_requested.connect(self._find)
        dialog.site_requested.connect(self._use_as_site)
        dialog.claim_requested.connect(self._ask_to_claim)
        dialog.closed.connect(self._closed)

    def _closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        self._plan, self._papers, self._unclaimed = None, [], []
        if dialog is not None:
            dialog.deleteLater()

    # --- what is shown -------------------------------------------------------------------------

    def reload(self, select: Sequence[int] = ()) -> None:
        """Show what the file holds now."""
        from ...core.papers.attached import all_papers
        from .papers_shown import shown

        dialog, plan = self.dialog, self._plan
        if dialog is None or plan is None:
            return
        try:
            papers = all_papers(plan.path)
        except PlannerError as error:
            dialog.show_problem(str(error))
            return
        self._papers, self._unclaimed = papers.get(self.fid, []), papers.get(None, [])
        dialog.show_papers([shown(plan.path, paper) for paper in self._papers], select)
        dialog.show_unclaimed(self._unclaimed)
        self._look_for_doubts(plan.path)

    def _look_for_doubts(self, plan: Path) -> None:
        papers = [paper for paper in self._papers if paper.has_position]
        if not papers:
            return

        def work(_: WorkTask) -> Any:
            from ...core.papers.sites import doubts

            return {number: str(doubt) for number, doubt in doubts(plan, papers).items()}

        def show(found: dict[int, str]) -> None:
            if self.dialog is not None and self._plan is not None and self._plan.path == plan:
                self.dialog.show_doubts(found)

        # Nothing hangs on it: where the city cannot be read, nothing is doubted
        self._start(WorkTask(text("papers.task.find"), work), show, lambda *_: None, blocks=False)

    # --- attaching -----------------------------------------------------------------------------

    def _ask_how_to_keep(self, files: list[str], keep: str) -> None:
        """Before files are attached: what lies outside the plan's folder, or makes the plan large, is said."""
        from ...core.papers.attached import COPIED, INSIDE, LARGE_BYTES, LINKED
        from ...ui.papers_dialog.asking import ask, listed
        from .papers_shown import lies_outside

        dialog, plan = self.dialog, self._plan
        if dialog is None or plan is None:
            return
        paths = [Path(file) for file in files]
        attach: dict[str, Callable[[], None]] = {
            how: partial(self._attach, paths, how) for how in (LINKED, COPIED, INSIDE)
        }
        if keep == LINKED:
            outside = [path for path in paths if lies_outside(plan.path, path)]
            if outside:
                answers = [(text(f"papers.ui.keep_{how}"), attach[how]) for how in (COPIED, LINKED, INSIDE)]
                ask(dialog, text("papers.ui.outside_ask", files=listed([str(p) for p in outside])), answers)
                return
        elif keep == INSIDE:
            size = sum(path.stat().st_size for path in paths if path.is_file())
            if size > LARGE_BYTES:
                answers = [(text(f"papers.ui.keep_{how}"), attach[how]) for how in (COPIED, INSIDE)]
                ask(dialog, text("papers.ui.large_ask", size=size / (1 << 20)), answers)
                return
        attach[keep]()

    def _attach(self, files: Sequence[Path], keep: str) -> None:
        from ...core.papers.attached import Wanted, attach
        from .photo_facts import photo_facts

        plan, fid = self._plan, self.fid
        if plan is None or self._busy:
            return
        who = QgsSettings().value(REVIEWER_SETTING, "", type=str)

        def work(_: WorkTask) -> Any:
            wanted = [Wanted(file, keep, photo_facts(file) if file.is_file() else Wanted(file).facts) for file in files]
            return attach(plan.path, fid, wanted, who)

        def attached(added: list[Paper]) -> None:
            if self.dialog is not None and self.fid == fid:
                self.reload([paper.id for paper in added])
                self.dialog.tell(text("papers.ui.attached", count=len(added)))

        task = WorkTask(text("papers.task.attach"), work, cancellable=False)
        self._map.during(task)
        self._start(task, attached, self._failed)

    # --- one by one ----------------------------------------------------------------------------

    def _at_once(self, do: Callable[[Path], object], select: Sequence[int] = ()) -> None:
        """Change something small in the plan file, and show it."""
        if self._plan is None or self._busy:
            return
        self._map.begin()
        try:
            do(self._plan.path)
        except PlannerError as error:
            self._failed(str(error))
            return
        finally:
            self._map.end()
        self.reload(select)

    def _open(self, number: int) -> None:
        from .papers_files import OpenedPapers

        paper = self._paper(number)
        if paper is None or self._plan is None:
            return
        if self._opened is None:
            self._opened = OpenedPapers()
        try:
            self._opened.open(self._plan.path, paper)
        except PlannerError as error:
            self._failed(str(error))
        except OSError as error:
            from ...core.store.geopackage import from_os_error

            self._failed(str(from_os_error(error, Path(paper.name))))

    def _save(self, number: int, file: str) -> None:
        plan = self._plan
        if plan is None or self._busy:
            return

        def work(_: WorkTask) -> None:
            from ...core.papers.attached import save_as

            save_as(plan.path, number, Path(file))

        task = WorkTask(text("papers.task.save"), work, cancellable=False)
        self._start(task, lambda _: self._tell(file), self._failed)

    # --- finding -------------------------------------------------------------------------------

    def _find(self, number: int) -> None:
        """Look for all files of the project that are missing; a file that is there can be changed for another."""
        paper, plan, papers = self._paper(number), self._plan, self._papers
        if paper is None or plan is None or self._busy:
            return

        def work(task: WorkTask) -> Any:
            from ...core.papers.missing import find_missing

            return find_missing(plan.path, papers, cancelled=task.stop_wanted.is_set)

        self._start(WorkTask(text("papers.task.find"), work), partial(self._found, paper), self._failed)

    def _found(self, paper: Paper, found: list[Found]) -> None:
        from ...ui.papers_dialog.asking import ask, listed

        dialog = self.dialog
        if dialog is None:
            return
        same = [one for one in found if one.is_same]
        here = next((one for one in found if one.paper.id == paper.id), None)
        other = (text("papers.ui.choose_other"), partial(self._choose_file, paper))
        if same and (here is None or here.is_same):
            titles = listed([one.paper.title for one in same])
            files = listed([str(one.file) for one in same])
            use = (text("papers.ui.use_it"), partial(self._point_to, [(one.paper.id, one.file) for one in same]))
            ask(dialog, text("papers.ui.found_ask", title=titles, file=files), [use, other])
        elif here is not None:
            use = (text("papers.ui.use_it"), partial(self._point_to, [(paper.id, here.file)]))
            ask(dialog, text("papers.ui.found_named_ask", title=paper.title, file=here.file), [use, other])
        else:
            if self._is_missing(paper):
                dialog.tell(text("papers.ui.find_missing_first", title=paper.title))
            self._choose_file(paper)

    def _is_missing(self, paper: Paper) -> bool:
        from ...core.papers.attached import is_missing

        return self._plan is not None and is_missing(self._plan.path, paper)

    def _choose_file(self, paper: Paper) -> None:
        if self.dialog is None or self._plan is None:
            return
        title = text("papers.ui.find_title", title=paper.title)
        file, _ = QFileDialog.getOpenFileName(self.dialog, title, str(self._plan.path.parent))
        if file:
            self._point_to([(paper.id, Path(file))])

    def _point_to(self, files: Sequence[tuple[int, Path]]) -> None:
        from ...core.papers.attached import point_to
        from .photo_facts import photo_facts

        for number, file in files:
            facts = photo_facts(file) if file.is_file() else None
            self._at_once(partial(_pointing, point_to, number, file, facts), [one for one, _ in files])

    def _ask_to_claim(self) -> None:
        from ...core.papers.attached import give_to
        from ...ui.papers_dialog.asking import ask, listed

        dialog, papers = self.dialog, self._unclaimed
        if dialog is None or not papers:
            return
        numbers, fid = [paper.id for paper in papers], self.fid
        lines = [f"{paper.title}  ({paper.project_code or '–'} {paper.project_name or ''})" for paper in papers]
        question = text("papers.ui.claim_ask", project=dialog.heading.text(), papers=listed(lines))
        give = (text("papers.ui.claim"), lambda: self._at_once(lambda plan: give_to(plan, numbers, fid), numbers))
        ask(dialog, question, [give], is_grave=True)

    # --- photos as a site ----------------------------------------------------------------------

    def _use_as_site(self, numbers: list[int], radius_m: float, how: str) -> None:
        """Draw the ground about photos."""
        from .papers_site import give_site_about

        dialog, plan, fid = self.dialog, self._plan, self.fid
        papers = [paper for paper in self._papers if paper.id in set(numbers)]
        if dialog is None or plan is None:
            return
        try:
            site = give_site_about(self.work.groups, plan, fid, papers, radius_m, how)
        except PlannerError as error:
            dialog.show_problem(str(error))
            return
        layer = plan.layer("project")
        self.iface.setActiveLayer(layer)  # so that QGIS's own Undo is that of the projects
        self.iface.mapCanvas().zoomToFeatureIds(layer, [fid])
        told = [text("papers.ui.site_done", area=site.area_ha), *(str(note) for note in site.notes)]
        dialog.tell("\n".join(told))

    # --- tasks ---------------------------------------------------------------------------------

    def _paper(self, number: int) -> Paper | None:
        return next((paper for paper in self._papers if paper.id == number), None)

    def _tell(self, sentence: str) -> None:
        if self.dialog is not None:
            self.dialog.tell(sentence)

    def _failed(self, sentence: str, details: str = "") -> None:
        if self.dialog is not None:
            self.dialog.show_problem(sentence, details)
        else:
            self.warn(sentence, details)

    def _start(
        self, task: WorkTask, done: Callable[..., object], failed: Callable[..., object], blocks: bool = True
    ) -> None:
        """Run a task; it is kept until it has told its outcome, or Python would take it away from under QGIS."""

        def ended(tell_it: Callable[..., object]) -> Callable[..., None]:
            def end(*outcome: Any) -> None:
                self._tasks.remove(task)
                self._count(-blocks)
                tell_it(*outcome)

            return end

        task.done.connect(ended(done))
        task.failed.connect(ended(failed))
        task.stopped.connect(ended(lambda: None))
        self._tasks.append(task)
        self._count(blocks)
        task.begin()

    def _count(self, more: int) -> None:
        if more:
            self._busy += more
            if self.dialog is not None:
                self.dialog.set_busy(bool(self._busy))


def _pointing(point_to: Callable[..., object], number: int, file: Path, facts: object, plan: Path) -> object:
    return point_to(plan, number, file, facts)
