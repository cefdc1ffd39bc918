"""Plans whose sheets are hard to set: many findings, many corners, scattered parts, long names, two zones, no site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from qgis.core import QgsProject

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.sheet.choosing import chosen_projects
from restoration_planner.core.sheet.contents import SiteSheet, sheets_of
from restoration_planner.core.sheet.runs import project_runs
from restoration_planner.core.siting.rules import load_rules
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.core.texts import set_language
from restoration_planner.figures.press.writing import write_layout
from restoration_planner.figures.sheet.laying import LaidSheet, lay_out_sheet
from restoration_planner.layers.opening import OpenPlan, open_plan
from restoration_planner.layers.reading import read_open_plan
from restoration_planner.tests.small_plan import small_tables, square

DAY = date(2026, 5, 1)
REVIEW = {
    "project_code": "P2",
    "rule": "red_line",
    "target_code": "R1",
    "area_m2": 1.0e6,
    "decision": "rejected",
    "document": "自然资函〔2026〕8号",
    "reviewer": "王工",
    "reviewed_at": "2026-03-05T10:00:00+08:00",
    "note": "须调整选址，避让生态保护红线后重新核查",
}


def with_rows(tables: PlanTables, *rows: Rows) -> PlanTables:
    return PlanTables({**tables.rows, **{r.table: r for r in rows}})


def with_site(tables: PlanTables, code: str, site: object) -> PlanTables:
    projects = tables["project"]
    geometry = np.array(projects.geometry, dtype=object)
    geometry[projects["code"].tolist().index(code)] = site
    return with_rows(tables, replace(projects, geometry=geometry))


def _reviewed() -> PlanTables:
    return with_rows(small_tables(), Rows.from_records("siting_review", [REVIEW]))


def _many_findings() -> PlanTables:
    strips = [square(124.04 + i * 0.02 / 60, 41.06, 124.04 + (i + 1) * 0.02 / 60, 41.08) for i in range(60)]
    lines = [{"code": f"HX{i:03d}", "name": f"示意生态保护红线第{i}号水源涵养区"} for i in range(60)]
    return with_rows(small_tables(), Rows.from_records("red_line", lines, strips))


def many_corners(count: int = 400) -> PlanTables:
    angles = 2 * np.pi * np.arange(count) / count
    ring = np.column_stack([124.04 + 0.02 * np.cos(angles), 41.06 + 0.02 * np.sin(angles)])
    return with_site(small_tables(), "P2", shapely.MultiPolygon([shapely.Polygon(ring)]))


def _scattered() -> PlanTables:
    parts = [shapely.box(124.005 + 0.03 * i, 41.02 + 0.02 * j, 124.007 + 0.03 * i, 41.0215 + 0.02 * j)
             for i in range(4) for j in range(3)]  # fmt: skip
    return with_site(small_tables(), "P2", shapely.MultiPolygon(parts))


def _long_words() -> PlanTables:
    tables = _reviewed()
    columns = tables["project"].columns
    columns["name"][1] = ("西岭历史遗留矿山生态修复与水土流失综合治理及生物多样性保护提升工程" * 3)[:80]
    for field, words in {
        "lead_department": "本溪市自然资源局国土空间生态修复科" * 2,
        "departments": '{"水利局","林业和草原局","生态环境局","农业农村局","住房和城乡建设局","财政局"}',
        "opinion_ref": "辽自然资函〔2026〕123号",
        "period_note": "按“二合一”报告确定的期限分期实施",
    }.items():
        if field not in columns:
            columns[field] = np.full(len(tables["project"]), None, dtype=object)  # type: ignore[index]
        columns[field][1] = words
    return tables


def _two_zones() -> PlanTables:
    return with_site(small_tables(), "P2", square(124.42, 41.05, 124.53, 41.08))


def _tiny() -> PlanTables:
    return with_site(small_tables(), "P2", square(124.0412, 41.0612, 124.04122, 41.06122))


PLANS: dict[str, tuple[Callable[[], PlanTables], str]] = {
    "plain": (small_tables, "P2"),
    "passes": (small_tables, "P1"),
    "reviewed": (_reviewed, "P2"),
    "no_site": (small_tables, "P4"),
    "many_findings": (_many_findings, "P2"),
    "many_corners": (many_corners, "P2"),
    "scattered": (_scattered, "P2"),
    "long_words": (_long_words, "P2"),
    "two_zones": (_two_zones, "P2"),
    "tiny": (_tiny, "P2"),
}


@dataclass(frozen=True)
class Drawn:
    """A sheet: what it says, its layout that is still open, and the PDF written of it."""

    kind: str
    sheet: SiteSheet
    laid: LaidSheet
    file: Path
    tables: PlanTables


def opened_of(tables: PlanTables, folder: Path) -> OpenPlan:
    path = folder / "plan.gpkg"
    create_plan(path, tables)
    return open_plan(path, QgsProject())


#: What words of another length can upset.
WORDY = ("plain", "reviewed", "no_site", "scattered", "long_words")


@pytest.fixture(scope="module", params=[*(f"{kind} zh" for kind in PLANS), *(f"{kind} en" for kind in WORDY)])
def drawn(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, qgis_app: object
) -> Iterator[Drawn]:
    """Every kind of sheet, and those with many words in English too."""
    kind, spoken = request.param.split()
    folder = tmp_path_factory.mktemp(kind)
    set_language(spoken)
    make, code = PLANS[kind]
    opened = opened_of(make(), folder)
    tables = read_open_plan(opened)
    runs = project_runs(tables, load_rules(None))
    sheet = sheets_of(tables, runs, chosen_projects(tables["project"], code) or [], DAY)[0]
    laid = lay_out_sheet(sheet, opened)
    file = folder / "sheet.pdf"
    assert write_layout(laid.layout, file, "pdf")
    yield Drawn(kind, sheet, laid, file, tables)
    opened.project.clear()
    set_language(None)
