"""Projects entered twice are found; those that only sound alike because all projects do are not."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
import shapely

from restoration_planner.core.errors import Cancelled
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.projects.alike import Pair, alike_projects
from restoration_planner.core.projects.lines import ProjectLines, project_lines

COUNTIES = '{"本溪满族自治县","桓仁满族自治县","平山区"}'


def plan_of(*names: str, shapes: list[Any] | None = None, codes: list[str] | None = None) -> ProjectLines:
    records = [
        {"code": codes[i] if codes else f"A{i}", "name": name, "counties": COUNTIES} for i, name in enumerate(names)
    ]
    return project_lines(PlanTables({"project": Rows.from_records("project", records, shapes)}))


def found(*names: str, towns: tuple[str, ...] = (), **more: Any) -> list[Pair]:
    return alike_projects(plan_of(*names, **more), towns=towns)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("小流域综合治理工程", "小流域综合治理工程"),
        ("小流域综合治理工程", "小流域 综合治理项目"),
        ("本溪县小流域综合治理工程", "本溪满族自治县小流域综合治理"),
        ("本溪市平山区矿山生态修复工程", "平山区矿山的生态修复项目"),
        ("采煤沉陷区（二期）土地整治工程", "采煤沉陷区土地整治项目（二期）"),
        ("ＰＰＰ污水处理厂建设工程", "PPP污水处理厂建设项目"),
        ("观音阁水库周边历史遗留矿山生态修复工程", "观音阁水库周边遗留矿山生态修复工程"),
    ],
)
def test_one_project_written_in_two_ways_is_found(one: str, other: str) -> None:
    (pair,) = found(one, other)
    assert pair.likeness >= 0.78 and pair.reasons


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("本溪县小流域综合治理工程", "桓仁县小流域综合治理工程"),
        ("污水处理厂扩建工程（一期）", "污水处理厂扩建工程（二期）"),
        ("青山镇矿山生态修复工程", "白水镇矿山生态修复工程"),
        ("1号矿山修复工程", "2号矿山修复工程"),
        ("滹沱河河道治理工程", "农田防护林建设工程"),
        ("", ""),
    ],
)
def test_different_places_stages_and_numbers_are_different_projects(one: str, other: str) -> None:
    assert found(one, other, towns=("青山镇", "白水镇")) == []


def test_the_reasons_say_how_the_names_differ() -> None:
    said = [found(*names)[0].reasons[0].id for names in (("造林绿化", "造林绿化"), ("造林绿化工程", "造林绿化项目"))]
    assert said == ["project_list.alike_same_name", "project_list.alike_written_otherwise"]


def test_shared_ground_is_evidence_for_names_that_are_less_alike_and_enough_where_it_is_the_same() -> None:
    here, there = shapely.box(124, 41, 124.02, 41.02), shapely.box(125, 41, 125.02, 41.02)
    names = ("南沟河道治理与绿化工程", "南沟河道生态治理工程")
    assert found(*names, shapes=[here, there]) == []
    (pair,) = found(*names, shapes=[here, here])
    assert pair.overlap == pytest.approx(1.0) and len(pair.reasons) == 2
    (pair,) = found("造林", "河道清淤", shapes=[here, here])
    assert [r.id for r in pair.reasons] == ["project_list.alike_ground"]
    quarter = shapely.box(124, 41, 124.01, 41.01)
    assert found("造林", "河道清淤", shapes=[here, quarter]) == [], "a small site within a large one is another project"


def test_one_code_for_two_projects_is_told() -> None:
    (pair,) = found("造林", "河道清淤", codes=["A1", "a1"])
    assert [r.id for r in pair.reasons] == ["project_list.alike_code"] and pair.overlap is None


def test_the_plans_own_projects_are_hardly_ever_taken_for_each_other() -> None:
    """Read by eye: of Yangquan's 77 two seepage sections of one spring area and two surveys of mine water sound alike."""
    pairs = {}
    for template in ("benxi", "yangquan"):
        tables = plan_from_template(template)
        towns = [name for name in tables["unit_membership"]["unit_name"] if name]
        pairs[template] = alike_projects(project_lines(tables), towns=towns)
    assert pairs["benxi"] == [] and len(pairs["yangquan"]) <= 3


def many() -> ProjectLines:
    rng = random.Random(4)
    base = [line.name or "" for line in project_lines(plan_from_template("yangquan")).lines]
    names = [
        f"{chr(rng.randint(0x4E00, 0x5E00))}{chr(rng.randint(0x4E00, 0x5E00))}沟{base[i % 77]}" for i in range(2000)
    ]
    names[1999] = names[1000].replace("工程", "项目").replace("项目", "工程项目")
    shapes = [
        shapely.box(x, y, x + 0.01, y + 0.01) for x, y in ((113 + rng.random(), 38 + rng.random()) for _ in names)
    ]
    return plan_of(*names, shapes=shapes)


def test_two_thousand_projects_take_less_than_a_second_and_the_pair_among_them_is_found() -> None:
    plan = many()
    best = 9.0
    for _ in range(3):  # the best of three: a busy machine says nothing about the work
        start = time.perf_counter()
        pairs = alike_projects(plan)
        best = min(best, time.perf_counter() - start)
    assert best < 1.0
    assert (1001, 2000) in {pair.key for pair in pairs[:20]}


def test_it_can_be_stopped() -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(Cancelled):
        alike_projects(many(), stop)
    assert len(asked) == 4
