"""Fields, codes and rows: what fills what, what does not fit, and what a second import does."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import shapely

from restoration_planner.core.commands.import_layer import run
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.store.geopackage import add_geometry_functions
from restoration_planner.core.store.plan_file import read_plan

Shapefile = Callable[..., Path]
BOXES = [shapely.box(124.0 + i / 10, 41.0, 124.1 + i / 10, 41.1) for i in range(3)]


def gbk(*texts: str) -> list[bytes]:
    return [t.encode("gbk") for t in texts]


def reserves(
    shapefile: Shapefile, name: str = "reserves", shapes: list[object] | None = None, first: str = "核心保护区"
) -> Path:
    fields = [
        (b"BSM", gbk("R1", "R2", "R3")),
        (gbk("保护地名称")[0], gbk("老秃顶子", "和尚帽子", "大石湖")),
        (b"GKFQ", gbk(first, "一般控制区", "核心保护地区")),
        (b"MJ", gbk("1.5", "2.5", "3.5")),
    ]
    return shapefile(name, shapes or BOXES, fields)


def test_standard_codes_captions_and_code_lists_are_recognised_and_the_rest_is_listed(
    shapefile: Shapefile, benxi: Path
) -> None:
    report = run(benxi, "自然保护地", reserves(shapefile))
    rows = read_plan(benxi)["nature_reserve"]
    assert rows["code"].tolist() == ["R1", "R2", "R3"]
    assert rows["name"].tolist() == ["老秃顶子", "和尚帽子", "大石湖"]
    assert rows["control"].tolist() == ["core", "general", None]
    assert report.mapped.left_out == ["MJ"]
    misfit = next(m for m in report.messages() if m.id == "intake.misfit_near")
    assert dict(misfit.params)["value"] == "核心保护地区"
    assert "core (Core zone)" in misfit.in_language("en") and "（core）" in misfit.in_language("zh")


def test_what_is_asked_for_goes_before_what_is_recognised(shapefile: Shapefile, benxi: Path) -> None:
    run(
        benxi,
        "nature_reserve",
        reserves(shapefile),
        mapping=["name=BSM", "code="],
        constants=["control=general", "kind=湿地"],
    )
    rows = read_plan(benxi)["nature_reserve"]
    assert rows["name"].tolist() == ["R1", "R2", "R3"] and rows["code"].tolist() == [None] * 3
    assert set(rows["control"]) == {"general"} and set(rows["kind"]) == {"湿地"}


def test_a_profile_beside_the_plan_comes_first(shapefile: Shapefile, benxi: Path) -> None:
    profile = benxi.parent / "import_profiles.yaml"
    profile.write_text("fields:\n  nature_reserve:\n    kind: [MJ]\n", encoding="utf-8")
    run(benxi, "nature_reserve", reserves(shapefile))
    assert read_plan(benxi)["nature_reserve"]["kind"].tolist() == ["1.5", "2.5", "3.5"]
    profile.write_text("fields:\n  nature_reserve:\n    colour: [MJ]\n", encoding="utf-8")
    with pytest.raises(PlannerError) as refused:
        run(benxi, "nature_reserve", reserves(shapefile))
    assert refused.value.message.id == "intake.profile_unknown"


def test_the_same_source_again_changes_nothing_and_a_changed_one_updates(shapefile: Shapefile, benxi: Path) -> None:
    run(benxi, "nature_reserve", reserves(shapefile))
    with closing(sqlite3.connect(benxi)) as plan:
        add_geometry_functions(plan)  # the spatial index's triggers call them
        plan.execute("ALTER TABLE nature_reserve ADD COLUMN own_note TEXT")
        plan.execute("UPDATE nature_reserve SET own_note = 'keep', kind = '森林' WHERE code = 'R1'")
        plan.commit()
    again = run(benxi, "nature_reserve", reserves(shapefile))
    assert (again.added, again.updated, again.unchanged) == (0, 0, 3)
    moved = [shapely.box(124.0, 41.0, 124.1, 41.2), *BOXES[1:]]
    changed = run(benxi, "nature_reserve", reserves(shapefile, "changed", moved, first="一般控制区"))
    assert (changed.added, changed.updated, changed.unchanged) == (0, 1, 2)
    rows = read_plan(benxi)["nature_reserve"]
    first = rows["code"].tolist().index("R1")
    assert rows["control"][first] == "general" and rows["kind"][first] == "森林"
    assert shapely.equals(rows.geometry[first], moved[0])
    with closing(sqlite3.connect(benxi)) as plan:
        assert plan.execute("SELECT own_note FROM nature_reserve WHERE code = 'R1'").fetchone() == ("keep",)


def test_without_codes_namesakes_elsewhere_are_added_and_the_same_place_is_updated(
    shapefile: Shapefile, benxi: Path
) -> None:
    def mines(name: str, shapes: list[object]) -> Path:
        return shapefile(name, shapes, [(gbk("矿山名称")[0], gbk("一号", "一号", "二号"))])

    run(benxi, "legacy_mine", mines("first", BOXES))
    nudged = [shapely.box(124.001, 41.0, 124.1, 41.1), *BOXES[1:]]
    assert run(benxi, "legacy_mine", mines("nudged", nudged)).updated == 1
    elsewhere = [shapely.box(125.0 + i / 10, 41.0, 125.1 + i / 10, 41.1) for i in range(3)]
    report = run(benxi, "legacy_mine", mines("elsewhere", elsewhere))
    assert (report.added, report.updated) == (3, 0)
    assert "intake.namesakes" in {m.id for m in report.messages()}
    assert len(read_plan(benxi)["legacy_mine"]) == 6


def test_projects_get_their_sites_by_code_and_keep_the_rest(shapefile: Shapefile, benxi: Path) -> None:
    before = read_plan(benxi)["project"]
    codes = before["code"].tolist()[:3]
    path = shapefile("sites", BOXES, [(gbk("项目编号")[0], gbk(*codes))])
    report = run(benxi, "project", path)
    after = read_plan(benxi)["project"]
    assert (report.added, report.updated) == (0, 3) and after["tasks"].tolist() == before["tasks"].tolist()
    assert [shapely.equals(a, b) for a, b in zip(after.geometry[:3], BOXES)] == [True] * 3


def test_a_zip_with_chinese_names_of_an_old_program_is_opened(
    shapefile: Shapefile, tmp_path: Path, benxi: Path
) -> None:
    path = reserves(shapefile)
    parcel = tmp_path / "parcel.zip"
    with zipfile.ZipFile(parcel, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending in (".shp", ".shx", ".dbf"):
            archive.write(path.with_suffix(ending), "资料/保护地" + ending)
        archive.writestr("readme.txt", "hello")
    parcel.write_bytes(_as_old_programs_do(parcel.read_bytes()))
    report = run(benxi, "nature_reserve", parcel)
    assert report.added == 3 and report.layer == "保护地"


def _as_old_programs_do(archive: bytes) -> bytes:
    """UTF-8 names (flag 0x800) without the flag: an old reader's guess is then needed."""
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = archive.split(signature)
        archive = signature.join([parts[0], *(_without_flag(p, at - 4) for p in parts[1:])])
    return archive


def _without_flag(part: bytes, at: int) -> bytes:
    return part[: at + 1] + bytes([part[at + 1] & ~0x08]) + part[at + 2 :]
