"""A plan on squared paper: two zones side by side, one of each control line, six projects that a reader can place.

41.10 +-----------+-----------+        R red line   C core   G general control zone
      | R R       |  C C G G  |        F farmland   U urban boundary
      | R R   U U |       F F |
41.00 +-----------+-----------+
    124.00      124.10      124.20
"""

from __future__ import annotations

from pathlib import Path

import shapely

from restoration_planner.core.plan.schema import SCHEMA_VERSION
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan

#: What the check must say, worst grade first; read off the drawing and the table of grades, not computed.
GRADES = {"P1": "pass", "P2": "violation", "P3": "violation", "P4": "undetermined", "P5": "permitted", "P6": "review"}
SUMMARY = {"violation": 2, "review": 1, "undetermined": 1, "permitted": 1, "pass": 1}


def square(west: float, south: float, east: float, north: float) -> shapely.MultiPolygon:
    """A rectangle in degrees."""
    return shapely.MultiPolygon([shapely.box(west, south, east, north)])


WEST, EAST = square(124.00, 41.00, 124.10, 41.10), square(124.10, 41.00, 124.20, 41.10)


def small_tables() -> PlanTables:
    """The tables of the plan above."""

    def layer(table: str, *rows: tuple[dict[str, object], object]) -> Rows:
        return Rows.from_records(table, [row for row, _ in rows], [shape for _, shape in rows])

    def project(
        code: str, name: str, kind: str, zones: str, county: str, shape: object
    ) -> tuple[dict[str, object], object]:
        values = {
            "code": code,
            "name": name,
            "project_type": kind,
            "zone_codes": zones,
            "counties": county,
            "listed_in_plan": True,
            "new_construction_land": False,
            "temporary_land": False,
        }
        return values, shape

    tables = [
        Rows.from_records("plan", [{"schema_version": SCHEMA_VERSION, "name": "方格市规划", "city": "方格市"}]),
        layer("restoration_zone", ({"code": "1", "name": "西区"}, WEST), ({"code": "2", "name": "东区"}, EAST)),
        layer(
            "admin_unit",
            ({"code": "w", "name": "西县", "level": "county"}, WEST),
            ({"code": "e", "name": "东县", "level": "county"}, EAST),
        ),
        layer("red_line", ({"code": "R1", "name": "西岭"}, square(124.01, 41.05, 124.05, 41.09))),
        layer(
            "nature_reserve",
            ({"code": "N1", "name": "东山", "control": "core"}, square(124.12, 41.06, 124.14, 41.09)),
            ({"code": "N1", "name": "东山", "control": "general"}, square(124.14, 41.06, 124.16, 41.09)),
        ),
        layer("basic_farmland", ({"code": "F1", "name": "东田"}, square(124.16, 41.01, 124.19, 41.04))),
        layer(
            "urban_boundary",
            ({"code": "U1", "name": "西城", "kind": "concentrated"}, square(124.07, 41.01, 124.09, 41.03)),
        ),
        layer(
            "project",
            project("P1", "西坡造林", "forest_grass", '{"1"}', '{"西县"}', square(124.06, 41.06, 124.07, 41.07)),
            project("P2", "西岭采石", "mining", '{"1"}', '{"西县"}', square(124.04, 41.06, 124.06, 41.08)),
            project("P3", "河道整治", "water", '{"1"}', '{"西县","东县"}', square(124.09, 41.04, 124.12, 41.05)),
            project("P4", "湿地恢复", "water", '{"2"}', '{"东县"}', None),
            project("P5", "农田整治", "farmland", '{"2"}', '{"东县"}', square(124.17, 41.02, 124.18, 41.03)),
            project("P6", "核心区巡护", "network", '{"2"}', '{"东县"}', square(124.125, 41.07, 124.13, 41.075)),
        ),
    ]
    return PlanTables({rows.table: rows for rows in tables})


def make_small_plan(path: Path) -> Path:
    """Write the plan into a file."""
    create_plan(path, small_tables())
    return path
