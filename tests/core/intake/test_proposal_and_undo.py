"""What an import would do is worked out without touching the plan, done as said, and taken back whole."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration_planner.core.commands.import_layer import run
from restoration_planner.core.errors import Cancelled, PlannerError
from restoration_planner.core.intake.asking import Watch
from restoration_planner.core.intake.importing import Imported, carry_out, take_back
from restoration_planner.core.intake.proposal import Answers, Proposal, propose
from restoration_planner.core.intake.reading import read_source
from restoration_planner.core.intake.source import Source
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.store.geopackage import add_geometry_functions
from restoration_planner.core.store.plan_file import read_plan
from restoration_planner.tests.small_plan import make_small_plan, square

#: What changes by itself when a table is written, and is no part of what it holds; `assert_sound` looks at the rest.
_REGISTERED = ("last_change", "update_time", "feature_count", "min_x", "min_y", "max_x", "max_y")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return make_small_plan(tmp_path / "small.gpkg")


def source(fields: Mapping[str, Sequence[object]], shapes: Sequence[Any] | None = None) -> Source:
    count = len(next(iter(fields.values())))
    geometry = None if shapes is None else np.array([*shapes, None], dtype=object)[:-1]
    epsg = None if shapes is None else 4490
    return Source("来料", fields, geometry, epsg, None, "utf-8", [], list(range(1, count + 1)))


#: R1 of the plan moved and renamed, R2 new, a third without outline, a fourth that repeats the second.
RED_LINES = {"BSM": ["R1", "R2", "R3", "R2"], "红线名称": ["西岭新", "南坡", "空", "南坡"]}
RED_SHAPES = [square(124.01, 41.05, 124.06, 41.09), square(124.11, 41.01, 124.12, 41.02), None]
RED_SHAPES.append(RED_SHAPES[1])


def red_lines(plan: Path) -> Proposal:
    return propose(plan, TABLES["red_line"], source(RED_LINES, RED_SHAPES))


def contents(plan: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of the file, as stored (geometry as bytes), but for times, registers and used-up keys.

    The history of the projects is left out: it keeps what was done and taken back.
    """
    with closing(sqlite3.connect(f"file:{plan}?mode=ro", uri=True)) as connection:
        found = {}
        names = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        for name in names:
            if name in ("sqlite_sequence", "project_history") or (
                name.startswith("rtree_") and not name.endswith("_geom")
            ):
                continue
            columns = [r[1] for r in connection.execute(f'PRAGMA table_info("{name}")') if r[1] not in _REGISTERED]
            listed = ", ".join(f'"{c}"' for c in columns)
            found[name] = sorted(connection.execute(f'SELECT {listed} FROM "{name}"').fetchall(), key=repr)  # noqa: S608
    return found


def assert_sound(plan: Path) -> None:
    """SQLite, the spatial indexes and the GeoPackage's registers agree with what the tables hold."""
    with closing(sqlite3.connect(plan)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for name, table in TABLES.items():
            (count,) = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608
            query = "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = ?"
            assert connection.execute(query, (name,)).fetchone() in ((count,), (None,)), name
            if table.geometry is None:
                continue
            index = f"rtree_{name}_geom"
            assert connection.execute("SELECT rtreecheck(?)", (index,)).fetchone() == ("ok",)
            shapes = dict(connection.execute(f'SELECT fid, geom FROM "{name}" WHERE geom IS NOT NULL'))  # noqa: S608
            assert {r[0] for r in connection.execute(f"SELECT id FROM {index}")} == set(shapes)  # noqa: S608
            query = "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?"
            extent = connection.execute(query, (name,)).fetchone()
            geometry = read_plan(plan, [name])[name].geometry
            if shapes:
                assert extent == pytest.approx(shapely.total_bounds(geometry))
            else:
                assert set(extent) <= {None}


def edit(plan: Path, statement: str) -> None:
    """What a planner does in QGIS."""
    with closing(sqlite3.connect(plan)) as connection:
        add_geometry_functions(connection)
        connection.execute(statement)
        connection.commit()


def test_a_proposal_tells_every_rows_fate_and_touches_nothing(plan: Path) -> None:
    before = plan.read_bytes()
    proposal = red_lines(plan)
    assert plan.read_bytes() == before and sorted(p.name for p in plan.parent.iterdir()) == [plan.name]
    assert proposal.fates.tolist() == ["updated", "added", "dropped", "dropped"]
    assert [proposal.count(f) for f in ("added", "updated", "unchanged", "dropped")] == [1, 1, 0, 2]
    assert {c.id: c.reason.id for c in proposal.changes} == {3: "intake.no_shape", 4: "intake.repeat"}


def test_a_preview_shows_what_the_plan_has_and_what_it_would_have(plan: Path) -> None:
    changed, new, *dropped = red_lines(plan).previews()
    assert (changed.id, changed.fate) == (1, "updated")
    assert changed.values == {"code": "R1", "name": "西岭新"} and changed.before == {"code": "R1", "name": "西岭"}
    assert (new.fate, new.values, new.before) == ("added", {"code": "R2", "name": "南坡"}, {})
    assert [d.fate for d in dropped] == ["dropped", "dropped"] and len(red_lines(plan).previews(1)) == 1


def test_the_preview_of_an_update_does_not_promise_nulls_that_will_not_be_written(plan: Path) -> None:
    shapes = [RED_SHAPES[0]]
    proposal = propose(plan, TABLES["red_line"], source({"BSM": ["R1"], "红线名称": [None]}, shapes))
    (preview,) = proposal.previews()
    assert preview.values["name"] == "西岭"
    carry_out(proposal)
    assert read_plan(plan)["red_line"]["name"].tolist() == ["西岭"]


def test_what_is_carried_out_is_what_was_proposed(plan: Path) -> None:
    proposal = red_lines(plan)
    imported = carry_out(proposal)
    rows = read_plan(plan)["red_line"]
    assert rows["code"].tolist() == ["R1", "R2"] and rows["name"].tolist() == ["西岭新", "南坡"]
    assert shapely.equals(rows.geometry, np.array(RED_SHAPES[:2], dtype=object)).all()
    report = imported.report
    assert (report.read, report.added, report.updated, report.unchanged) == (4, 1, 1, 0)
    again = red_lines(plan)
    assert again.fates.tolist() == ["unchanged", "unchanged", "dropped", "dropped"]
    assert_sound(plan)


CASES = {
    "added only": ("red_line", {"BSM": ["R8", "R9"]}, [square(124.1, 41, 124.11, 41.01)] * 2),
    "updated only": ("red_line", {"BSM": ["R1"], "红线名称": ["新"]}, [RED_SHAPES[0]]),
    "both": ("red_line", RED_LINES, RED_SHAPES),
    "no geometry": ("unit_membership", {"unit_name": ["甲镇", "乙镇"], "zone_code": ["1", "2"]}, None),
    "programmes": ("programme", {"工程编号": ["1", "2"], "工程名称": ["甲工程", "乙工程"]}, None),
    "values of a layer": ("project", {"项目编号": ["P4", "P9"], "项目名称": ["湿地", "新项目"]}, None),
    "sites": ("project", {"项目编号": ["P4"]}, [square(124.15, 41.05, 124.16, 41.06)]),
    "zones": (
        "restoration_zone",
        {"FQBH": ["1", "3"], "FQMC": ["西区改名", "南区"]},
        [square(124, 41.01, 124.1, 41.1), square(124, 40.9, 124.2, 41)],
    ),
    "many": (
        "legacy_mine",
        {"KSBH": [f"K{i}" for i in range(1500)]},
        [square(124 + i * 1e-4, 41, 124 + i * 1e-4 + 5e-5, 41.01) for i in range(1500)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_an_import_is_taken_back_whole(case: str, plan: Path) -> None:
    table, fields, shapes = CASES[case]
    before = contents(plan)
    proposal = propose(plan, TABLES[table], source(fields, shapes))
    imported = carry_out(proposal)
    assert contents(plan)[table] != before[table] and (proposal.count("added") or proposal.count("updated"))
    assert_sound(plan)
    take_back(imported)
    after = contents(plan)
    assert {name for name in before if before[name] != after[name]} == set()
    assert_sound(plan)


def test_the_zones_stored_colours_and_names_follow_an_import(plan: Path) -> None:
    table, fields, shapes = CASES["zones"]
    imported = carry_out(propose(plan, TABLES[table], source(fields, shapes)))
    style = dict(contents(plan))["layer_styles"]
    (qml,) = [value for row in style for value in row if isinstance(value, str) and "西区改名" in value]
    assert 'label="1 西区改名"' in qml and 'label="2 东区"' in qml and 'label="3 南区"' in qml
    take_back(imported)
    (qml,) = [v for row in contents(plan)["layer_styles"] for v in row if isinstance(v, str) and "2 东区" in v]
    assert 'label="1 西区"' in qml and "南区" not in qml


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE red_line SET name = '改' WHERE code = 'R2'", "R2"),
        ("UPDATE red_line SET name = '改' WHERE code = 'R1'", "R1"),
        ("UPDATE red_line SET kind = '水源涵养' WHERE code = 'R2'", "R2"),
        ("UPDATE red_line SET geom = NULL WHERE code = 'R1'", "R1"),
        ("DELETE FROM red_line WHERE code = 'R2'", "R2"),
        ("DELETE FROM red_line WHERE code = 'R1'", "R1"),
    ],
)
def test_what_was_edited_since_is_not_taken_back_unasked(change: str, named: str, plan: Path) -> None:
    first = read_plan(plan)["red_line"]
    imported = carry_out(red_lines(plan))
    edit(plan, change)
    edited = contents(plan)
    with pytest.raises(PlannerError) as refused:
        take_back(imported)
    assert refused.value.message.id == "intake.edited_since" and named in str(refused.value)
    assert contents(plan) == edited
    take_back(imported, even_if_edited=True)
    rows = read_plan(plan)["red_line"]
    gone = "DELETE" in change and named == "R1"
    assert rows["code"].tolist() == ([] if gone else ["R1"])
    assert rows["name"].tolist() == ([] if gone else first["name"].tolist())
    assert_sound(plan)


def test_an_edit_elsewhere_and_of_fields_that_the_import_left_alone_stays(plan: Path) -> None:
    imported = carry_out(red_lines(plan))
    edit(plan, "UPDATE red_line SET kind = '水源涵养' WHERE code = 'R1'")
    edit(plan, "UPDATE basic_farmland SET code = 'F7'")
    take_back(imported)
    tables = read_plan(plan)
    assert tables["red_line"]["kind"].tolist() == ["水源涵养"] and tables["red_line"]["name"].tolist() == ["西岭"]
    assert tables["basic_farmland"]["code"].tolist() == ["F7"]


def test_keys_of_what_was_taken_back_are_not_given_again(plan: Path) -> None:
    first = carry_out(red_lines(plan))
    take_back(first)
    second = carry_out(red_lines(plan))
    assert first.added and second.added and not set(first.added) & set(second.added)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE red_line SET name = '改' WHERE code = 'R1'",
        "DELETE FROM red_line",
        "INSERT INTO red_line (code) VALUES ('R2')",
    ],
)
def test_a_proposal_is_not_carried_out_on_rows_that_changed_since(change: str, plan: Path) -> None:
    proposal = red_lines(plan)
    edit(plan, change)
    before = contents(plan)
    with pytest.raises(PlannerError) as refused:
        carry_out(proposal)
    assert refused.value.message.id == "intake.plan_changed_since" and plan.name in str(refused.value)
    assert contents(plan) == before


def test_a_moved_feature_that_stands_twice_in_the_source_updates_the_plans_row(plan: Path) -> None:
    moved = [RED_SHAPES[0]] * 2
    proposal = propose(plan, TABLES["red_line"], source({"BSM": ["R1", "R1"]}, moved))
    assert proposal.fates.tolist() == ["updated", "dropped"]
    assert not [m for m in proposal.notes if m.id == "intake.code_twice"]
    carry_out(proposal)
    assert read_plan(plan)["red_line"]["code"].tolist() == ["R1"]


def test_the_same_row_twice_in_a_table_is_one_row(plan: Path) -> None:
    fields = {"unit_name": ["甲镇", "乙镇", "甲镇"], "zone_code": ["1", "2", "1"]}
    proposal = propose(plan, TABLES["unit_membership"], source(fields))
    assert proposal.fates.tolist() == ["added", "added", "dropped"]
    assert [(c.id, c.reason.id, c.dropped) for c in proposal.changes] == [(3, "intake.repeat", True)]
    carry_out(proposal)
    assert read_plan(plan)["unit_membership"]["unit_name"].tolist() == ["甲镇", "乙镇"]
    assert propose(plan, TABLES["unit_membership"], source(fields)).count("unchanged") == 2


def test_the_report_says_what_is_new_in_updated_rows(plan: Path) -> None:
    report = carry_out(red_lines(plan)).report
    update, *moves = report.updates
    parts = [dict(p.params) for p in dict(update.params)["parts"]]  # type: ignore[attr-defined]
    assert {p["what"].id: p["count"] for p in parts} == {"schema.red_line.name": 1, "intake.outline": 1}
    assert "西岭" in str(update) and update in report.messages()
    assert carry_out(red_lines(plan)).report.updates == []


def test_a_missing_level_is_said_only_where_a_unit_would_be_without_one(plan: Path) -> None:
    def notes(code: str, east: float = 0.0) -> set[str]:
        shapes = [square(124.0 + east, 41.0, 124.1 + east, 41.1)]
        return {m.id for m in propose(plan, TABLES["admin_unit"], source({"XZQDM": [code]}, shapes)).notes}

    assert "intake.no_level" not in notes("w") and "intake.no_level" in notes("new", 3.0)


def test_an_import_that_changes_nothing_is_taken_back_as_nothing(plan: Path) -> None:
    carry_out(red_lines(plan))
    before = plan.read_bytes()
    imported = carry_out(red_lines(plan))
    assert plan.read_bytes() == before
    take_back(imported)
    assert contents(plan)["red_line"]


# Random imports over the plan's red lines: the same few codes again and again, so that they are added, updated and left.
_ROW = st.tuples(
    st.sampled_from(["R1", "R2", "R3", None]), st.sampled_from(["甲", "乙", None]), st.integers(0, 5), st.booleans()
)
_IMPORTS = st.lists(st.lists(_ROW, min_size=1, max_size=5), min_size=1, max_size=4)


@settings(max_examples=25)
@given(_IMPORTS)
def test_imports_taken_back_in_reverse_give_the_first_rows(rows_of_imports: list[list[tuple[Any, ...]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plan = make_small_plan(Path(folder) / "small.gpkg")
        states, done = [contents(plan)], list[Imported]()
        for rows in rows_of_imports:
            fields = {"BSM": [code for code, *_ in rows], "红线名称": [name for _, name, *_ in rows]}
            shapes = [
                square(124 + at / 100, 41, 124.005 + at / 100, 41.01) if drawn else None for *_, at, drawn in rows
            ]
            try:
                proposal = propose(plan, TABLES["red_line"], source(fields, shapes), Answers(crs=4490))
            except PlannerError as error:
                assert error.message.id in ("intake.no_geometry", "intake.nothing_left", "intake.code_elsewhere")
                continue
            done.append(carry_out(proposal))
            states.append(contents(plan))
        assert_sound(plan)
        for imported in reversed(done):
            assert contents(plan) == states.pop()
            take_back(imported)
        assert contents(plan) == states.pop()
        assert_sound(plan)


class StopAfter:
    """Cancels at the k-th look."""

    def __init__(self, looks: int) -> None:
        self.left = looks

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


def pages(plan: Path) -> bytes:
    """The file without what SQLite counts in its header when the journal's kind is changed."""
    raw = bytearray(plan.read_bytes())
    raw[92:100] = raw[24:28] = b""
    return bytes(raw)


def test_a_cancel_at_any_moment_leaves_the_plan_as_it_was(plan: Path, tmp_path: Path) -> None:
    count = 1200
    squares = [square(124 + i * 1e-4, 41, 124 + i * 1e-4 + 5e-5, 41.01) for i in range(count)]
    path = tmp_path / "mines.geojson"
    features = [
        {"type": "Feature", "properties": {"KSBH": f"K{i}"}, "geometry": shapely.geometry.mapping(shape)}
        for i, shape in enumerate(squares)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    before = pages(plan)
    for looks in range(1000):
        try:
            report = run(plan, "legacy_mine", path, watch=Watch(cancelled=StopAfter(looks)))
        except Cancelled:
            assert pages(plan) == before
            assert sorted(p.name for p in tmp_path.iterdir()) == ["mines.geojson", plan.name]
        else:
            break
    assert looks > 15 and report.added == count and len(read_plan(plan)["legacy_mine"]) == count
    assert_sound(plan)


def test_progress_only_goes_forward_and_ends(plan: Path) -> None:
    told: list[float] = []
    watch = Watch(tell=lambda done, message: told.append(done) or str(message))
    proposal = propose(plan, TABLES["red_line"], source(RED_LINES, RED_SHAPES), watch=watch)
    assert told == sorted(told) and told[0] == 0.0 and told[-1] == 1.0 and len(proposal.source) == 4


@pytest.fixture(scope="module")
def big_geojson(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """50 000 polygons of 20 points."""
    path = tmp_path_factory.mktemp("big") / "big.geojson"
    turn = np.linspace(0, 2 * np.pi, 20)
    ring = np.column_stack([np.cos(turn), np.sin(turn)]) * 1e-4
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [\n')
        for i in range(50_000):
            points = (ring + [124 + i % 250 / 1000, 41 + i // 250 / 1000]).round(7).tolist()
            points[-1] = points[0]
            shape = {"type": "Polygon", "coordinates": [points]}
            feature = {"type": "Feature", "properties": {"BSM": str(i)}, "geometry": shape}
            file.write(("," if i else "") + json.dumps(feature) + "\n")
        file.write("]}\n")
    return path


#: Seconds: GDAL parses a GeoJSON whole, some 0.9 s here, before it can be asked to stop.
_PARSED_WHOLE = 2.0


@pytest.mark.parametrize("after", [0.2, 0.6, 1.2])
def test_reading_a_big_file_stops_soon_after_the_cancel(after: float, big_geojson: Path) -> None:
    until = time.process_time() + after
    begun = time.process_time()
    try:
        read_source(big_geojson, watch=Watch(cancelled=lambda: time.process_time() > until))
    except Cancelled:
        assert time.process_time() - until < _PARSED_WHOLE
    else:
        assert time.process_time() - begun < after + _PARSED_WHOLE  # it was read before the cancel could be seen
