"""What is said of a site while it is given: the project in hand, what the live check finds, what was put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...core.geometry.area import ellipsoidal_area
from ...core.sites.site import M2_PER_HA
from ...ui.site_panel import Target
from ..map_tools.ground import as_qgis
from .live_desk import LivePart
from .site_sources import InHand

if TYPE_CHECKING:
    from ...core.sites.working import Outcome
    from .work import ProjectWork


class SiteFindings:
    """Lets the live check tell what is found of a project's ground as it would be; where there is none, nothing."""

    def __init__(self, work: ProjectWork) -> None:
        self._work = work

    def show(self, shape: Any, project: InHand | None) -> None:
        """Check this ground (EPSG:4490), for a project or for a new one."""
        live = self._live()
        if live is not None:
            live.show_sketch(as_qgis(shape), project.feature if project is not None else None)

    def clear(self) -> None:
        """Nothing is drawn any more."""
        live = self._live()
        if live is not None:
            live.show_sketch(None)

    def _live(self) -> LivePart | None:
        live = self._work.parts.get(LivePart)
        return live if isinstance(live, LivePart) else None


def target_of(project: InHand | None) -> Target | None:
    """A project as the panel shows it; None for none."""
    if project is None:
        return None
    site = project.site
    area = None if site is None else float(ellipsoidal_area(site)) / M2_PER_HA
    return Target(project.title, area, 0 if site is None else len(getattr(site, "geoms", (site,))))


def sentences(outcome: Outcome) -> tuple[str, ...]:
    """What there is to say of a site, each thing once."""
    return tuple(dict.fromkeys(str(note) for note in (*outcome.given.notes, *outcome.then.notes)))
