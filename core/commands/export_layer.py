"""A layer of a plan file out by a profile."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path

from ..delivery.formats import format_of
from ..delivery.placing import refuse_targets
from ..delivery.profiles import profile_named
from ..delivery.proposal import Delivery, propose_delivery
from ..delivery.writing import Delivered, deliver, targets_of
from ..errors import PlannerError
from ..intake.mapping import table_named
from ..store.plan_file import read_plan

#: The profile that is used where none is named.
DEFAULT_PROFILE = "plan"
#: Tables that profiles take values from.
_LOOKED_INTO = ("plan", "admin_unit")


def run(
    plan: str | PathLike[str],
    layer: str,
    target: str | PathLike[str],
    profile: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    force: bool = False,
    before: Callable[[Delivery], None] | None = None,
    append: bool = False,
) -> tuple[Delivery, Delivered]:
    """Deliver a layer of a plan; the plan is only read.

    Parameters
    ----------
    layer
        Name or caption of the plan's table, or a usual word for it alone.
    target
        The file; its ending says the format.
    profile, crs, encoding
        As in `delivery.proposal.propose_delivery`; the profile by its name.
    before
        Is told what will be written, and what the format cannot hold, before anything is.
    force, append
        As in `delivery.writing.deliver`.

    Returns
    -------
    Delivery, Delivered
        What was to be written, and what was.

    Raises
    ------
    PlannerError
        If the plan cannot be read, something asked for does not exist, or the target cannot be written.
    """
    path, file = Path(plan), Path(target)
    if file.resolve() == path.resolve():
        raise PlannerError("commands.output_is_input", output=target)
    table = table_named(layer)
    chosen = format_of(file)
    by_profile = profile_named(profile or DEFAULT_PROFILE, path)
    tables = read_plan(path, {table.name, *_LOOKED_INTO})
    delivery = propose_delivery(tables, table, by_profile, chosen, crs or None, encoding or None)
    refuse_targets(targets_of(delivery, file), chosen, force, delivery.layer if append else None)
    if before is not None:
        before(delivery)
    return delivery, deliver(delivery, file, force, append)
