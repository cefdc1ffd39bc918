"""What the appendix's table 3 prints of a plan says, read back, what the plan has: of any plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restoration_planner.core.plan.lists import write_list
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.project_table.files import read_table_file
from restoration_planner.core.tables.as_csv import to_csv
from restoration_planner.core.tables.as_xlsx import to_xlsx
from restoration_planner.core.tables.grid import TableFile
from restoration_planner.core.tables.projects import projects_sheet
from restoration_planner.core.texts import set_language
from restoration_planner.tests.core.project_table.printed import worked_out


def read_back(tables: PlanTables, folder: Path, ending: str) -> Any:
    sheet = projects_sheet(tables, "表3　国土空间生态修复重点工程")
    assert sheet is not None
    path = folder / f"表3.{ending}"
    path.write_bytes(to_xlsx(TableFile("表3", (sheet,))) if ending == "xlsx" else to_csv(sheet))
    return worked_out(tables, read_table_file(path))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("template", ["benxi", "yangquan"])
def test_the_templates_tables_come_back_the_same(template: str, ending: str, language: str, tmp_path: Path) -> None:
    set_language(language)
    try:
        proposal = read_back(plan_from_template(template), tmp_path, ending)
    finally:
        set_language(None)
    assert {(row.code, row.fate) for row in proposal.rows if row.fate != "same"} == set()
    assert len({row.position for row in proposal.rows}) == len(plan_from_template(template)["project"])


SYLLABLES = st.text(alphabet="东西南北山河林草田水源石桥沟岭", min_size=2, max_size=5)
DEPARTMENTS = st.lists(SYLLABLES.map(lambda s: s + "局"), max_size=3, unique=True)
YEARS = st.one_of(
    st.tuples(st.integers(2021, 2028), st.integers(2028, 2035)),
    st.tuples(st.integers(2021, 2035), st.none()),
    st.tuples(st.none(), st.integers(2021, 2035)),
    st.tuples(st.none(), st.none()),
)
PROJECTS = st.lists(
    st.fixed_dictionaries(
        {
            "name": SYLLABLES,
            "programmes": st.lists(st.sampled_from("ABC"), max_size=2, unique=True),
            "counties": st.lists(st.sampled_from(["平山区", "溪湖区", "本溪满族自治县"]), max_size=3, unique=True),
            "tasks": st.one_of(st.none(), st.lists(SYLLABLES, min_size=1, max_size=3).map("、".join)),
            "years": YEARS,
            "note": st.sampled_from([None, "近期", "分期实施", "按报告确定"]),
            "departments": DEPARTMENTS,
            "led": st.booleans(),
            "quantity": st.sampled_from([None, "小流域5条", "102hm²", "拆除29栋10万m²"]),
        }
    ),
    min_size=1,
    max_size=8,
)


@given(PROJECTS)
def test_any_plans_table_comes_back_the_same(drawn: list[dict[str, Any]]) -> None:
    names = ["太子河治理工程", "矿山修复工程", "林草提升工程"]
    programmes = Rows.from_records("programme", [{"code": c, "name": n} for c, n in zip("ABC", names)])
    projects = [
        {
            "code": f"{(p['programmes'] or ['P'])[0]}{number}",
            "name": f"{p['name']}{number}号工程",
            "programme_codes": write_list(p["programmes"]),
            "counties": write_list(p["counties"]),
            "tasks": p["tasks"],
            "start_year": p["years"][0],
            "end_year": p["years"][1],
            "period_note": p["note"],
            "lead_department": p["departments"][0] if p["led"] and p["departments"] else None,
            "departments": write_list(p["departments"]),
            "stated_quantity": p["quantity"],
        }
        for number, p in enumerate(drawn, 1)
    ]
    tables = PlanTables(
        {**plan_from_template("benxi").rows, "programme": programmes, "project": Rows.from_records("project", projects)}
    )
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        proposal = read_back(tables, Path(folder), "xlsx")
    assert {row.fate for row in proposal.rows} == {"same"}
    assert {row.position for row in proposal.rows} == set(range(len(drawn)))
