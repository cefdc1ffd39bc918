"""The same things again, as they come back: rounded, under other codes, without codes, in halves, far away."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.intake.asking import ChoiceNeeded
from restoration_planner.core.intake.importing import carry_out, take_back
from restoration_planner.core.intake.outlines import moved_m, same_place
from restoration_planner.core.intake.projection import Place, choose_crs
from restoration_planner.core.intake.proposal import Answers, Proposal, propose
from restoration_planner.core.intake.source import Source
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.tables import object_array
from restoration_planner.core.store.plan_file import read_plan

WEST, EAST = shapely.box(124.0, 41.0, 124.1, 41.1), shapely.box(124.1, 41.0, 124.2, 41.1)
WHOLE = shapely.box(124.0, 41.0, 124.2, 41.1)


def source(fields: dict[str, list[object]], shapes: Sequence[shapely.Geometry | None] | None) -> Source:
    geometry = None if shapes is None else object_array(list(shapes))
    count = len(next(iter(fields.values())))
    return Source("delivered", fields, geometry, 4490, None, "utf-8", [], list(range(1, count + 1)))


def bring(plan: Path, table: str, fields: dict[str, list[object]], shapes: Sequence[object] | None) -> Proposal:
    proposal = propose(plan, TABLES[table], source(fields, shapes))
    carry_out(proposal)
    return proposal


def ids(proposal: Proposal) -> set[str]:
    return {note.id for note in proposal.notes}


def rounded(shape: shapely.Geometry) -> shapely.Geometry:
    """As it comes back from a delivery in metres: a micrometre aside, and begun at another corner."""
    xy = shapely.get_coordinates(shape)[:-1]
    xy = np.roll(xy, 1, axis=0) + np.random.default_rng(3).uniform(-1e-10, 1e-10, xy.shape)
    return shapely.polygons(np.concatenate([xy, xy[:1]]))


def test_an_outline_that_differs_by_a_rounding_changes_nothing(benxi: Path) -> None:
    bring(benxi, "red_line", {"BSM": ["R1", "R2"]}, [WEST, EAST])
    before = read_plan(benxi)["red_line"]
    again = bring(benxi, "red_line", {"BSM": ["R1", "R2"]}, [rounded(WEST), rounded(EAST)])
    assert again.count("unchanged") == 2
    after = read_plan(benxi)["red_line"]
    assert shapely.to_wkb(after.geometry).tolist() == shapely.to_wkb(before.geometry).tolist()


def test_a_delivery_that_comes_back_under_its_own_numbers_doubles_nothing(benxi: Path) -> None:
    bring(benxi, "red_line", {"BSM": ["R1", "R2"], "HXMC": ["甲", "乙"]}, [WEST, EAST])
    numbers = ["210500300100000016", "210500300100000017"]
    again = bring(benxi, "red_line", {"BSM": numbers}, [rounded(WEST), rounded(EAST)])
    assert again.count("unchanged") == 2 and "intake.other_code" in ids(again)
    assert read_plan(benxi)["red_line"]["code"].tolist() == ["R1", "R2"]


def test_two_projects_may_share_a_site(benxi: Path) -> None:
    count = len(read_plan(benxi)["project"])
    bring(benxi, "project", {"项目编号": ["X1"]}, [WEST])
    bring(benxi, "project", {"项目编号": ["X2"]}, [WEST])
    assert len(read_plan(benxi)["project"]) == count + 2


def test_rows_without_codes_and_outlines_are_known_by_their_names(benxi: Path) -> None:
    rows: dict[str, list[object]] = {"项目名称": ["没编号的项目"], "牵头部门": ["水务局"]}
    assert bring(benxi, "project", rows, None).count("added") == 1
    assert bring(benxi, "project", rows, None).count("unchanged") == 1
    changed = bring(benxi, "project", {**rows, "牵头部门": ["林草局"]}, None)
    assert changed.count("updated") == 1


def test_a_code_that_stands_twice_enters_once(benxi: Path) -> None:
    rows: dict[str, list[object]] = {"项目编号": ["Z5", "Z5"], "项目名称": ["一期", "二期"]}
    assert bring(benxi, "project", rows, None).count("added") == 2
    assert bring(benxi, "project", rows, None).count("unchanged") == 2


def test_projects_without_sites_come_back(benxi: Path) -> None:
    before = read_plan(benxi)["project"]
    fields: dict[str, list[object]] = {"code": before["code"].tolist(), "name": before["name"].tolist()}
    again = bring(benxi, "project", fields, [None] * len(before))
    assert again.count("unchanged") == len(before) and "intake.rows_without_shape" in ids(again)
    assert not again.changes, "a row without geometry is no repair"


def test_halves_of_a_town_are_named_when_the_whole_comes(benxi: Path) -> None:
    halves: dict[str, list[object]] = {"XZQMC": ["碱厂镇", "碱厂镇"], "level": ["town", "town"]}
    assert "intake.covered" not in ids(bring(benxi, "admin_unit", halves, [WEST, EAST]))
    whole = bring(benxi, "admin_unit", {"XZQMC": ["碱厂镇"], "level": ["town"]}, [WHOLE])
    assert "intake.covered" in ids(whole)
    county = bring(benxi, "admin_unit", {"XZQMC": ["本溪满族自治县"], "level": ["county"]}, [WHOLE])
    assert "intake.covered" not in ids(county), "a county lies over its towns"


def test_features_far_from_the_city_are_counted(benxi: Path) -> None:
    far = [WEST, shapely.box(-150.0, 60.0, -149.9, 60.1), shapely.box(20.0, -10.0, 20.1, -9.9)]
    proposal = propose(benxi, TABLES["red_line"], source({"BSM": ["1", "2", "3"]}, far))
    note = next(n for n in proposal.notes if n.id == "intake.outside_city")
    assert dict(note.params) == {"count": 2, "total": 3}


def test_how_far_an_outline_moves_is_told(benxi: Path) -> None:
    bring(benxi, "red_line", {"BSM": ["R1"]}, [WEST])
    moved = shapely.transform(WEST, lambda xy: xy + (0.0, 0.001))
    proposal = propose(benxi, TABLES["red_line"], source({"BSM": ["R1"]}, [moved]))
    (preview,) = proposal.previews()
    assert preview.moved_m == pytest.approx(111.32, rel=0.01)
    far = carry_out(proposal).report.updates[-1]
    assert far.id == "intake.moved" and dict(far.params)["metres"] == pytest.approx(111.32, rel=0.01)


def test_names_that_a_profile_explains_need_no_asking(benxi: Path) -> None:
    (benxi.parent / "import_profiles.yaml").write_text("names:\n  本西县: 本溪满族自治县\n", encoding="utf-8")
    fields: dict[str, list[object]] = {"KSMC": ["一号"], "区县": ["本西县"]}
    bring(benxi, "legacy_mine", fields, [WEST])
    assert read_plan(benxi)["legacy_mine"]["county"].tolist() == ["本溪满族自治县"]


def test_beijing_54_data_is_offered_its_own_datum_first() -> None:
    """Coordinates of zone 41 (123°) stated as Beijing 54 with 120°: 2438 is Beijing 54 with 123°."""
    square = shapely.box(560_000, 4_550_000, 570_000, 4_560_000)
    with pytest.raises(ChoiceNeeded) as asked:
        choose_crs(object_array([square]), 2437, None, Place((123.5, 41.0, 125.0, 41.7)))
    assert [choice.value for choice in asked.value.choices] == ["EPSG:2438", "EPSG:2437"]


@pytest.mark.parametrize(("aside", "same"), [(0.0, True), (5e-9, True), (1e-7, False)])
def test_the_same_place_is_a_millimetre(aside: float, same: bool) -> None:
    other = shapely.transform(WEST, lambda xy: xy + (aside, 0.0))
    assert same_place(object_array([WEST]), object_array([other])).tolist() == [same]
    east_m = aside * 111_320 * np.cos(np.radians(41.05))
    assert moved_m(object_array([WEST]), object_array([other]))[0] == pytest.approx(east_m, rel=1e-3, abs=1e-6)


def test_codes_that_another_office_numbers_too_overwrite_nothing(benxi: Path) -> None:
    bring(benxi, "red_line", {"BSM": ["1", "2"]}, [WEST, EAST])
    elsewhere = shapely.transform(WEST, lambda xy: xy + (1.0, 0.0))
    with pytest.raises(PlannerError) as refused:
        bring(benxi, "red_line", {"BSM": ["1"]}, [elsewhere])
    assert refused.value.message.id == "intake.code_elsewhere"
    other = source({"BSM": ["1"]}, [elsewhere])
    added = propose(benxi, TABLES["red_line"], other, Answers(asked={"code": ""}))
    moved = propose(benxi, TABLES["red_line"], other, Answers(asked={"code": "BSM"}))
    assert (added.count("added"), moved.count("updated")) == (1, 1)


def test_values_alone_leave_the_stored_outlines_byte_for_byte(benxi: Path) -> None:
    codes = read_plan(benxi)["project"]["code"].tolist()[:2]
    bring(benxi, "project", {"code": codes}, [WEST, EAST])
    curve = bytes.fromhex("0001") + b"kept as it is"  # whatever another program stored
    with closing(sqlite3.connect(benxi)) as plan:
        for (trigger,) in plan.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='project'"
        ).fetchall():
            plan.execute(f'DROP TRIGGER "{trigger}"')
        plan.execute("UPDATE project SET geom = ? WHERE code = ?", (curve, codes[0]))
        plan.commit()
    bring(benxi, "project", {"code": codes, "备注": ["甲", "乙"]}, None)
    with closing(sqlite3.connect(benxi)) as plan:
        assert plan.execute("SELECT geom FROM project WHERE code = ?", (codes[0],)).fetchone() == (curve,)
        assert plan.execute("SELECT remark FROM project WHERE code = ?", (codes[0],)).fetchone() == ("甲",)


def test_taking_back_puts_replaced_outlines_back_byte_for_byte(benxi: Path) -> None:
    codes = read_plan(benxi)["project"]["code"].tolist()[:1]
    bring(benxi, "project", {"code": codes}, [WEST])
    with closing(sqlite3.connect(benxi)) as plan:
        (stored,) = plan.execute("SELECT geom FROM project WHERE code = ?", codes).fetchone()
        flagged = stored[:2] + bytes([stored[2]]) + stored[3:]
    imported = carry_out(propose(benxi, TABLES["project"], source({"code": codes}, [WHOLE])))
    take_back(imported)
    with closing(sqlite3.connect(benxi)) as plan:
        assert plan.execute("SELECT geom FROM project WHERE code = ?", codes).fetchone() == (flagged,)


def test_an_indicators_value_is_known_by_indicator_and_year(benxi: Path) -> None:
    rows: dict[str, list[object]] = {"indicator_code": ["N1"], "year": [2027], "value": [10]}
    assert bring(benxi, "indicator_value", rows, None).count("added") == 1
    assert bring(benxi, "indicator_value", {**rows, "value": [11]}, None).count("updated") == 1


def test_parcels_without_names_are_known_by_their_ground(benxi: Path) -> None:
    nudged = shapely.transform(WEST, lambda xy: xy + (1e-5, 0.0))
    bring(benxi, "land_use", {"DLBM": ["0301", "0103"]}, [WEST, EAST])
    again = bring(benxi, "land_use", {"DLBM": ["0301"]}, [nudged])
    assert again.count("updated") == 1 and len(read_plan(benxi)["land_use"]) == 2
    bring(benxi, "basic_farmland", {"备注": ["x"]}, [WEST])
    bring(benxi, "basic_farmland", {"备注": ["x"]}, [nudged])
    assert len(read_plan(benxi)["basic_farmland"]) == 1


def test_that_it_may_be_utm_is_said(benxi: Path) -> None:
    square = shapely.box(560_000, 4_550_000, 570_000, 4_560_000)
    _, notes = choose_crs(object_array([square]), None, None, Place((123.5, 41.0, 125.0, 41.7)))
    note = next(n for n in notes if n.id == "intake.crs_or_utm")
    assert dict(note.params)["name"] == "EPSG:32651" and 1 < float(str(dict(note.params)["km"])) < 3


def test_texts_that_lost_something_do_not_take_the_place_of_good_ones(benxi: Path) -> None:
    bring(benxi, "red_line", {"BSM": ["R1"], "HXMC": ["修复1200m²"], "LHLX": ["水源涵养"]}, [WEST])
    again = bring(benxi, "red_line", {"BSM": ["R1"], "HXMC": ["修复1200m?"], "LHLX": ["水土保持"]}, [WEST])
    note = next(n for n in again.notes if n.id == "intake.damaged_kept")
    assert dict(note.params)["count"] == 1 and "红线名称" in note.in_language("zh")
    rows = read_plan(benxi)["red_line"]
    assert rows["name"].tolist() == ["修复1200m²"] and rows["kind"].tolist() == ["水土保持"]
