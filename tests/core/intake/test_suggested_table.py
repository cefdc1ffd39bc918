"""Which of the plan's tables a layer is likely meant for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from restoration_planner.core.intake.mapping import suggest_table
from restoration_planner.core.intake.profiles import profiles_for
from restoration_planner.core.intake.source import Source

SQUARE = "POLYGON ((124 41, 124.1 41, 124.1 41.1, 124 41.1, 124 41))"
LINE = "LINESTRING (124 41, 124.1 41.1)"


def source(layer: str, wkt: str | None = SQUARE, *fields: str) -> Source:
    geometry = None if wkt is None else np.array([shapely.from_wkt(wkt)], dtype=object)
    return Source(layer, {name: ["x"] for name in fields}, geometry, 4490, None, "utf-8", [], [1])


@pytest.mark.parametrize(
    ("layer", "table"),
    [
        ("STBHHX", "red_line"),
        ("本溪市生态保护红线2023", "red_line"),
        ("YJJBNTTB_210500", "basic_farmland"),
        ("CZKFBJ", "urban_boundary"),
        ("DLTB", "land_use"),
        ("210521XZQ", "admin_unit"),
        ("自然保护地边界", "nature_reserve"),
        ("生态修复分区", "restoration_zone"),
        ("历史遗留矿山图斑", "legacy_mine"),
    ],
)
def test_the_layers_name_tells(layer: str, table: str, tmp_path: Path) -> None:
    found = suggest_table(source(layer), profiles_for(tmp_path / "plan.gpkg"))
    assert found is not None and found.name == table


def test_where_the_name_is_silent_the_fields_tell(tmp_path: Path) -> None:
    profiles = profiles_for(tmp_path / "plan.gpkg")
    found = suggest_table(source("导出_新", SQUARE, "DLBM", "DLMC"), profiles)
    assert found is not None and found.name == "land_use"
    assert suggest_table(source("新建文件", SQUARE, "a", "b"), profiles) is None


def test_lines_are_never_suggested_for_a_table_of_areas(tmp_path: Path) -> None:
    profiles = profiles_for(tmp_path / "plan.gpkg")
    found = suggest_table(source("主要河流", LINE), profiles)
    assert found is not None and found.name == "river"
    assert suggest_table(source("生态保护红线", LINE), profiles) is None
    table = suggest_table(source("指标分解", None, "指标"), profiles)
    assert table is not None and table.geometry is None


def test_a_users_profile_adds_names_of_layers(tmp_path: Path) -> None:
    (tmp_path / "import_profiles.yaml").write_text("layers:\n  red_line: [HX_最终]\n", encoding="utf-8")
    found = suggest_table(source("hx_最终_v3"), profiles_for(tmp_path / "plan.gpkg"))
    assert found is not None and found.name == "red_line"
