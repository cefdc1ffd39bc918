"""A new plan from a template."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from ..errors import PlannerError
from ..plan.tables import PlanTables
from ..plan.templates import plan_from_template
from ..store.plan_file import create_plan


def create(plan: str | PathLike[str], template: str, force: bool = False) -> PlanTables:
    """Make a plan file from a template, whole or not at all; what was made is returned.

    Raises
    ------
    PlannerError
        If there is no such template, the file exists and `force` is not given, or it cannot be written.
    """
    if Path(plan).suffix.lower() != ".gpkg":
        raise PlannerError("commands.not_gpkg", plan=plan)
    tables = plan_from_template(template)
    create_plan(plan, tables, force)
    return tables
