"""The plan carries default styles as QGIS stores them, and a user's own style is never touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan, read_plan, replace_rows, update_rows
from restoration_planner.core.store.styles import OWNER, STYLE_FOLDER

Sql = Callable[..., list[tuple]]


def test_every_table_with_a_style_file_has_its_default_style_in_a_new_plan(plan: Path, sql: Sql) -> None:
    stored = dict(sql('SELECT f_table_name, "styleQML" FROM layer_styles WHERE "useAsDefault" = 1'))
    files = {p.stem: p.read_text(encoding="utf-8") for p in STYLE_FOLDER.glob("*.qml")}
    assert files and set(stored) == set(files)
    for name in set(files) - {"restoration_zone"}:
        assert stored[name] == files[name]
    assert sql("SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'") == [("attributes",)]


def test_the_zones_style_names_the_plans_own_zones(plan: Path, sql: Sql) -> None:
    (qml,) = sql("SELECT \"styleQML\" FROM layer_styles WHERE f_table_name = 'restoration_zone'")[0]
    assert 'label="1 西区"' in qml and 'label="2 东区"' in qml


def test_building_zones_renews_the_zones_style(plan: Path, sql: Sql) -> None:
    zones = read_plan(plan)["restoration_zone"]
    renamed = Rows("restoration_zone", zones.fids, {**zones.columns, "name": zones["code"]}, zones.geometry)
    update_rows(plan, {"restoration_zone": zones}, {"restoration_zone": ["area_km2"]}, renamed)
    rows = sql('SELECT "styleQML", "useAsDefault" FROM layer_styles WHERE f_table_name = \'restoration_zone\'')
    assert len(rows) == 1 and 'label="1 1"' in rows[0][0] and rows[0][1] == 1


def test_zones_that_are_replaced_get_their_colours(plan: Path, sql: Sql) -> None:
    replace_rows(plan, {"restoration_zone": Rows.from_records("restoration_zone", [{"code": "7", "name": "北区"}])})
    (qml,) = sql("SELECT \"styleQML\" FROM layer_styles WHERE f_table_name = 'restoration_zone'")[0]
    assert 'label="7 北区"' in qml and "西区" not in qml


def test_a_users_own_default_style_stays_the_default(plan: Path, sql: Sql, tables: PlanTables) -> None:
    sql("UPDATE layer_styles SET \"useAsDefault\" = 0 WHERE f_table_name = 'project'")
    sql(
        'INSERT INTO layer_styles (f_table_name, "styleName", "styleQML", "useAsDefault", owner)'
        " VALUES ('project', 'mine', '<mine/>', 1, 'someone')"
    )
    create_plan(plan, tables, force=True)
    found = sql(
        'SELECT "styleName", "useAsDefault", owner FROM layer_styles WHERE f_table_name = \'project\' ORDER BY id'
    )
    assert found == [("project", 0, OWNER), ("mine", 1, "someone")]
