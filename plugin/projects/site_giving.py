"""What each way of giving a site has by now, and what is to become of it, as the engine takes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapely
from qgis.core import QgsVectorLayer

from ...core.errors import PlannerError
from ...core.intake.text_files import read_text
from ...core.plan.tables import object_array
from ...core.sites.pasted import MOST_CHARACTERS
from ...core.sites.site import REPLACE
from ...core.sites.working import Given, Pasted, Wanted
from ...layers.opening import OpenPlan
from ...ui.site_panel import Options
from .site_sources import InHand, PlanGround, selection_of


def given_by(
    way: str,
    tool: Any,
    options: Options,
    ground: PlanGround,
    source: QgsVectorLayer | None,
    plan: OpenPlan,
    live: bool,
) -> Given | Pasted | None:
    """What is given by now; None for nothing.

    Parameters
    ----------
    tool
        The way's tool on the map, None for a way without one.
    source
        The layer whose selection is meant.
    live
        Take the cursor for a corner too.

    Raises
    ------
    PlannerError
        If places cannot be carried to the plan's CRS.
    """
    if way in ("draw", "zone_part"):
        outline = tool.outline(with_cursor=live)
        return None if outline is None else Given("outline", object_array([outline]))
    if way == "towns":
        return Given("outline", tool.shapes()) if tool.chosen else None
    if way == "river":
        lines, ends = tool.lines(), tuple(tool.stretch())
        waiting = options.between and len(ends) < 2
        further = tool.all_lines() if ends else object_array([])
        return Given("line", lines, ends, further) if len(lines) and not waiting else None
    if way == "points":
        return Given("points", shapely.points(tool.places())) if tool.points else None
    if way == "selection":
        return selection_of(source, plan)
    if not options.pasted.strip():
        return None
    code = options.crs.rpartition(":")[2]
    epsg = int(code) if code.isdecimal() else None
    return Pasted(options.pasted, options.kind or None, epsg, options.web_map, ground.known_outlines())


def wanted_by(way: str, tool: Any, options: Options, ground: PlanGround, project: InHand | None) -> Wanted:
    """What is to become of it.

    Raises
    ------
    PlannerError
        If the limit has no ground, or an outline that is to stay within its zone begins in none.
    """
    limits = ground.limit(options.limit, project)
    if way == "zone_part" and limits is None:
        limits = ground.zone_at(*tool.to_plan(tool.points[:1])[0].tolist())
    new = options.how == "new" or project is None
    return Wanted(
        REPLACE if new else options.how,
        None if new or project is None else project.site,
        limits,
        options.left_m,
        options.right_m,
        options.radius_m,
        ground.place(),
    )


def text_of(path: Path) -> str:
    """A text file's content, as if it were pasted.

    Raises
    ------
    PlannerError
        If it cannot be read, is no text, or is too long for a paste.
    """
    try:
        if path.stat().st_size > 4 * MOST_CHARACTERS:
            raise PlannerError("site.pasted_too_long", most=MOST_CHARACTERS // 1_000_000)
        content, _, _ = read_text(path)
    except OSError as error:
        raise PlannerError("intake_tables.unreadable", path=path.name, reason=error.strerror or error) from error
    return content
