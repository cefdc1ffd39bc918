"""The plan on squared paper, with sites that cross its lines in ways a reader can work out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.siting.check import check_siting
from restoration_planner.core.siting.rules import load_rules
from restoration_planner.core.siting.saved import findings_as_rows
from restoration_planner.core.texts import set_language
from restoration_planner.tests.small_plan import small_tables


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    set_language("zh")
    yield
    set_language(None)


@pytest.fixture
def tables() -> PlanTables:
    return small_tables()


def with_rows(tables: PlanTables, *rows: Rows) -> PlanTables:
    return PlanTables({**tables.rows, **{r.table: r for r in rows}})


def checked(tables: PlanTables, run_at: str = "2026-03-01T09:30:00+08:00") -> PlanTables:
    """The same plan with the findings of a check saved in it."""
    result = replace(check_siting(tables, load_rules(None)), run_at=run_at)
    return with_rows(tables, findings_as_rows(result))


def with_site(tables: PlanTables, code: str, site: object) -> PlanTables:
    """The same plan with another site for a project."""
    projects = tables["project"]
    geometry = np.array(projects.geometry, dtype=object)
    geometry[projects["code"].tolist().index(code)] = site
    return with_rows(tables, replace(projects, geometry=geometry))
