"""The part for basemaps: between the dialog, the servers that are asked, and the project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from qgis.core import Qgis, QgsCoordinateReferenceSystem, QgsFeedback, QgsProject

from ...core.errors import PlannerError
from ...core.texts import text
from ...layers import basemaps
from ...ui.messages import tell
from ..projects.part import ProjectPart
from ..tasks import WorkTask
from . import keeper as keeping

if TYPE_CHECKING:
    from ...core.basemap.capabilities import Offer
    from ...layers.basemaps import MapSource
    from ...ui.basemap_dialog import BasemapDialog, Wanted
    from ..projects.work import ProjectWork


@dataclass(frozen=True)
class _Draft:
    """A basemap that is tried: its layers, and one tile of each to ask for first."""

    name: str
    maps: tuple[MapSource, ...]
    trials: tuple[str, ...]
    rights: str
    note: str
    tianditu: bool = False


class BasemapPart(ProjectPart):
    """Adds basemaps when asked, after one tile has come, and shows those that are there."""

    area = "basemap"

    def __init__(self, work: ProjectWork) -> None:
        super().__init__(work)
        self.add_action("basemap", self.ask, in_toolbar=False)
        self._project = QgsProject.instance()
        self._keeper: keeping.BasemapKeeper | None = None
        self._dialog: BasemapDialog | None = None
        self._task: WorkTask | None = None
        self._feedback: QgsFeedback | None = None
        self._offers: dict[str, list[Offer]] = {}
        if keeping.has_basemaps(self._project):
            keeping.take_up(self.iface)
        self._project.readProject.connect(self._project_read)

    def close(self) -> None:
        """Stop asking, close the dialog, leave requests alone."""
        self._project.readProject.disconnect(self._project_read)
        if self._feedback is not None:
            self._feedback.cancel()
        if self._task is not None:
            self._task.abandon()
            self._task = None
        if self._dialog is not None:
            self._dialog.close()
            self._dialog.deleteLater()
            self._dialog = None
        keeping.let_go()
        super().close()

    def plan_changed(self) -> None:
        """Without a plan there is nothing to put a map under."""
        if self._dialog is not None and self.work.plans.current() is None:
            self._dialog.close()

    def ask(self) -> None:
        """What the action does."""
        self.open_dialog()

    def open_dialog(self) -> BasemapDialog:
        """Show the dialog; nobody is asked anything yet."""
        from ...core.basemap.keys import TIANDITU

        if self._dialog is None:
            from ...ui.basemap_dialog import BasemapDialog

            dialog = BasemapDialog(self.iface.mainWindow())
            dialog.add_wanted.connect(self.add)
            dialog.stop_wanted.connect(self.stop)
            dialog.show_wanted.connect(self._show)
            dialog.opacity_wanted.connect(self._set_opacity)
            dialog.remove_wanted.connect(self._remove)
            self._dialog = dialog
        self._dialog.set_key(self._keys().keys().get(TIANDITU, {}).get("tk", ""))
        self._refresh()
        self._dialog.show()
        self._dialog.raise_()
        return self._dialog

    def is_busy(self) -> bool:
        """Whether a server is being asked."""
        return self._task is not None

    # --- adding --------------------------------------------------------------------------------

    def add(self, wanted: Wanted) -> None:
        """Try what is wanted, then add it."""
        if self.is_busy():
            return
        try:
            if wanted.which != "own":
                self._try(self._tianditu(wanted))
            else:
                self._add_own(wanted)
        except PlannerError as error:
            self._keys().give_back()
            self._say(str(error), failed=True)

    def stop(self) -> None:
        """Ask no further."""
        if self._feedback is not None:
            self._feedback.cancel()
        if self._task is not None:
            self._task.cancel()

    def _tianditu(self, wanted: Wanted) -> _Draft:
        from ...core.basemap import tianditu
        from ...core.basemap.capabilities import tianditu_offer
        from ...core.basemap.keys import server_of
        from ...core.basemap.tiles import TRIAL_LEVEL, fill_template, trial_tile

        service, key = tianditu.SERVICES[wanted.which], tianditu.read_key(wanted.key)
        caption = text(f"basemap.which_{wanted.which}")
        maps, trials = [], []
        for layer in (service.name, service.labels) if wanted.labels else (service.name,):
            name = caption if layer == service.name else text("basemap.labels_of", map=caption)
            if wanted.matrix_set == "c":
                offer = tianditu_offer(layer)
                maps.append(basemaps.MapSource(name, basemaps.wmts_source(offer)))
                trials.append(trial_tile(offer, *self._place()) or "")
            else:
                address = tianditu.tile_address(layer, "w")
                source = basemaps.xyz_source(address, tianditu.FIRST_LEVEL, service.deepest)
                maps.append(basemaps.MapSource(name, source))
                trials.append(fill_template(address, *self._place(), TRIAL_LEVEL))
        for trial in trials:
            self._keys().lend(server_of(trial), {"tk": key})
        note = text("basemap.note_tianditu")
        return _Draft(caption, tuple(maps), tuple(trials), note, note, tianditu=True)

    def _add_own(self, wanted: Wanted) -> None:
        from ...core.basemap.addresses import CapabilitiesAddress, read_address
        from ...core.basemap.keys import server_of, take_out
        from ...core.basemap.tianditu import is_tianditu
        from ...core.basemap.tiles import TRIAL_LEVEL, fill_template

        read = read_address(wanted.address)
        address, keys = take_out(read.address)
        self._keys().lend(server_of(address), keys)
        if isinstance(read, CapabilitiesAddress):
            offers = self._offers.get(address)
            if offers is None:
                self._ask_capabilities(address, wanted)
            elif len(offers) == 1 or wanted.offer >= 0:
                self._try(self._draft_of(offers[max(wanted.offer, 0)], wanted))
            else:
                self._offer(offers)
            return
        host = urlsplit(address).hostname or ""
        name = wanted.name or host
        note = text("basemap.note_own")
        if "google" in host:
            note = f"{text('basemap.note_google')} {note}".strip()
        source = basemaps.MapSource(name, basemaps.xyz_source(address))
        trial = fill_template(address, *self._place(), TRIAL_LEVEL)
        self._try(_Draft(name, (source,), (trial,), host, note, is_tianditu(host)))

    def _ask_capabilities(self, address: str, wanted: Wanted) -> None:
        from ...core.basemap.addresses import plain_host, refuse_offset
        from ...core.basemap.answers import check_answer
        from ...core.basemap.capabilities import read_capabilities
        from ...core.basemap.tianditu import is_tianditu

        host = urlsplit(address).hostname or ""

        def work(feedback: QgsFeedback) -> list[Offer]:
            from .asking import ask

            answer, reached = ask(address, feedback)
            check_answer(answer, host, is_tianditu(host))
            _refuse_where_it_led(reached)
            offers = read_capabilities(answer.body, address)
            for offer in offers:
                parts = urlsplit((offer.address or offer.template).replace("{", "%7B").replace("}", "%7D"))
                refuse_offset(plain_host(parts), parts.path, parts.query)
            return offers

        def done(offers: list[Offer]) -> None:
            self._offers[address] = offers
            if len(offers) == 1:
                self._try(self._draft_of(offers[0], wanted))
            else:
                self._offer(offers)

        self._start(text("basemap.asking_capabilities", host=host), work, done)

    def _offer(self, offers: list[Offer]) -> None:
        if self._dialog is not None:
            self._dialog.set_offers([text("basemap.offer_one", title=o.title, epsg=o.epsg) for o in offers])
        self._say(text("basemap.choose_offer", count=len(offers)))

    def _draft_of(self, offer: Offer, wanted: Wanted) -> _Draft:
        from ...core.basemap.tianditu import is_tianditu
        from ...core.basemap.tiles import trial_tile

        host = urlsplit(offer.address or offer.template).hostname or ""
        name = wanted.name or offer.title
        trial = trial_tile(offer, *self._place())
        source = basemaps.MapSource(name, basemaps.wmts_source(offer))
        note = text("basemap.note_own")
        return _Draft(name, (source,), (trial,) if trial else (), host, note, is_tianditu(host))

    def _try(self, draft: _Draft) -> None:
        """Ask for one tile of each layer, then add the map."""
        from ...core.basemap.answers import check_tile

        hosts = [urlsplit(trial).hostname or "" for trial in draft.trials]

        def work(feedback: QgsFeedback) -> None:
            from .asking import ask

            for trial, host in zip(draft.trials, hosts):
                answer, reached = ask(trial, feedback)
                check_tile(answer, host, draft.tianditu)
                _refuse_where_it_led(reached)

        def done(_: object) -> None:
            try:
                basemaps.add_basemap(self._project, draft.name, draft.maps, draft.rights)
            except PlannerError as error:
                self._failed(str(error))
                return
            self._keys().keep()
            said = text("basemap.added", name=draft.name, note=draft.note)
            self._say(f"{said} {text('basemap.note_covered')}")
            self._refresh()

        self._start(text("basemap.asking", host=hosts[0] if hosts else draft.name), work, done)

    def _start(self, caption: str, work: Any, done: Any) -> None:
        """Run a question; it is kept until it has told its outcome."""
        feedback = QgsFeedback()
        task = WorkTask(text("basemap.task"), lambda _task: work(feedback))

        def ended() -> None:
            self._task = self._feedback = None
            task.deleteLater()  # and until then it is kept here: it is telling its outcome just now
            if self._dialog is not None:
                self._dialog.set_busy(False)

        def is_done(value: object) -> None:
            ended()
            try:
                done(value)
            except PlannerError as error:
                self._failed(str(error))

        def has_failed(sentence: str, details: str) -> None:
            ended()
            self._failed(sentence, details)

        def is_stopped() -> None:
            ended()
            self._failed(text("basemap.stopped"))

        task.done.connect(is_done)
        task.failed.connect(has_failed)
        task.stopped.connect(is_stopped)
        self._task, self._feedback = task, feedback
        if self._dialog is not None:
            self._dialog.set_busy(True)
        self._say(caption)
        task.begin()

    def _failed(self, sentence: str, details: str = "") -> None:
        self._keys().give_back()
        self._say(sentence, details, failed=True)

    def _say(self, sentence: str, details: str = "", failed: bool = False) -> None:
        """In the dialog while it is there, else on QGIS's message bar."""
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.say(sentence, failed)
            if not details:
                return
        if failed:
            self.warn(sentence, details)
        else:
            tell(self.iface.messageBar(), sentence, Qgis.MessageLevel.Info)

    def _place(self) -> tuple[float, float]:
        """Where to look: the plan's middle, longitude and latitude."""
        from ...core.basemap.tiles import SOMEWHERE
        from ...core.plan.schema import PLAN_EPSG

        extent = self.plan().extent(QgsCoordinateReferenceSystem(f"EPSG:{PLAN_EPSG}"))
        return SOMEWHERE if extent.isEmpty() else (extent.center().x(), extent.center().y())

    # --- what is there -------------------------------------------------------------------------

    def _keys(self) -> keeping.BasemapKeeper:
        if self._keeper is None:
            self._keeper = keeping.take_up(self.iface)
        return self._keeper

    def _show(self, basemap_id: str, shown: bool) -> None:
        if shown:
            self._keys().show_asked([basemap_id])
        else:
            basemaps.show(self._project, basemap_id, False)
        self._refresh()

    def _set_opacity(self, basemap_id: str, opacity: float) -> None:
        basemaps.set_opacity(self._project, basemap_id, opacity)

    def _remove(self, basemap_id: str) -> None:
        basemaps.remove(self._project, basemap_id)
        self._refresh()

    def _refresh(self) -> None:
        if self._dialog is None:
            return
        from ...ui.basemap_dialog import Present

        there = basemaps.basemaps(self._project)
        self._dialog.set_present([Present(b.id, b.name, b.shown, b.opacity) for b in there])

    def _project_read(self, _document: object) -> None:
        if keeping.has_basemaps(self._project):
            keeping.take_up(self.iface)
        self._refresh()


def _refuse_where_it_led(reached: str) -> None:
    """A server that hands on to an offset map is one."""
    from ...core.basemap.addresses import plain_host, refuse_offset

    parts = urlsplit(reached)
    if parts.hostname:
        refuse_offset(plain_host(parts), parts.path, parts.query)
