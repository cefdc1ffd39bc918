"""What goes out comes back in unchanged, whatever the format, the encoding and the CRS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from restoration_planner.core.commands import export_layer, import_layer
from restoration_planner.core.errors import PlannerError
from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.tables import Rows
from restoration_planner.core.plan.templates import plan_from_template
from restoration_planner.core.store.plan_file import create_plan, read_plan
from restoration_planner.tests.core.delivery.conftest import by_code

Digest = Callable[[Path], dict[str, str]]
LAYERS = [n for n, t in TABLES.items() if t.geometry is not None and n != "siting_finding"]
MILLIMETRE = 1e-3 / 111_320  # degrees of latitude; of longitude less

WAYS = [
    ("shp", "UTF-8", "4490"),
    ("shp", "GBK", "4490"),
    ("shp", "UTF-8", "zones"),
    ("shp", "GBK", "zones"),
    ("shp", "GBK", "4530"),
    ("gpkg", None, "4490"),
    ("gpkg", None, "zones"),
    ("gdb", None, "4490"),
    ("gdb", None, "EPSG:4529"),
    ("geojson", None, "4490"),
]


def export(
    plan: Path, layer: str, target: Path, **asked: object
) -> tuple[export_layer.Delivery, export_layer.Delivered]:
    try:
        return export_layer.run(plan, layer, target, **asked)
    except PlannerError as error:
        if error.message.id == "delivery.format_not_written":
            pytest.skip("this GDAL does not write the format")
        raise


def assert_same(wanted: Rows, found: Rows, exactly: bool, exact_numbers: bool = True) -> None:
    before, after = by_code(wanted), by_code(found)
    assert set(before) == set(after)
    for code, row in before.items():
        came = dict(after[code])
        shape, back = row.pop("geom"), came.pop("geom")
        if not exact_numbers:
            row = {k: pytest.approx(v, rel=1e-15, abs=0) if isinstance(v, float) else v for k, v in row.items()}
        assert came == row, code
        if exactly:
            assert shapely.equals_exact(shapely.normalize(back), shapely.normalize(shape), 0.0), code
        else:
            assert shapely.hausdorff_distance(back, shape) < MILLIMETRE, code
        area, area_back = ellipsoidal_area(shape), ellipsoidal_area(back)
        if area > 1e6:  # of the one that is millimetres wide the area means nothing
            assert abs(area_back / area - 1) < 1e-7, code


@pytest.mark.parametrize(("ending", "crs"), [("gpkg", "4490"), ("gdb", "4490"), ("shp", "4490"), ("gpkg", "zones")])
def test_projects_that_are_not_sited_yet_come_back(tmp_path: Path, blank: Path, ending: str, crs: str) -> None:
    """A plan made from a template has no outlines at all."""
    benxi = tmp_path / "benxi.gpkg"
    create_plan(benxi, plan_from_template("benxi"))
    target = tmp_path / f"p.{ending}"
    export(benxi, "project", target, crs=crs)
    wanted = read_plan(benxi)["project"]
    assert len(wanted) > 10 and shapely.is_missing(wanted.geometry).all()
    import_layer.run(blank, "project", target)
    found = read_plan(blank)["project"]
    before, after = by_code(wanted), by_code(found)
    assert set(before) == set(after)
    for code, row in before.items():
        assert {k: v for k, v in after[code].items() if k == "name" or k == "geom"} == {
            "name": row["name"],
            "geom": None,
        }
        if ending != "shp":
            assert after[code] == row
    again = import_layer.run(blank, "project", target)
    assert (again.added, again.updated, again.unchanged) == (0, 0, len(wanted))


@pytest.mark.parametrize(("ending", "encoding", "crs"), WAYS)
def test_every_field_of_a_project_comes_back_in_every_format(
    plan: Path, come_back: Callable[..., Rows], tmp_path: Path, ending: str, encoding: str | None, crs: str
) -> None:
    delivery, delivered = export(plan, "project", tmp_path / f"项目.{ending}", crs=crs, encoding=encoding)
    assert [f.name for f in delivered.files] == (
        [f"项目_41.{ending}", f"项目_42.{ending}"] if crs == "zones" else [f"项目.{ending}"]
    )
    assert {p.epsg for p in delivery.parts} == ({4529, 4530} if crs == "zones" else {int(crs[-4:])})
    wanted = read_plan(plan)["project"]
    exactly = crs == "4490" and ending != "gdb"  # a file geodatabase keeps coordinates in steps
    # GDAL shortens numbers such as 0.30000000000000004 in GeoJSON.
    assert_same(wanted, come_back("project", delivered.files), exactly, ending != "geojson")
    told = {m.id for m in delivered.differences}
    assert told <= {"delivery.moved"} and bool(told) == (ending == "gdb")


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(("ending", "encoding"), [("shp", "GBK"), ("gpkg", None)])
def test_every_layer_comes_back_by_its_own_fields(
    plan: Path, come_back: Callable[..., Rows], tmp_path: Path, layer: str, ending: str, encoding: str | None
) -> None:
    _, delivered = export(plan, layer, tmp_path / f"out.{ending}", encoding=encoding)
    assert delivered.differences == []
    assert_same(read_plan(plan)[layer], come_back(layer, delivered.files), exactly=True)


@pytest.mark.parametrize("layer", [n for n in LAYERS if n != "red_line"])
@pytest.mark.parametrize(("ending", "encoding"), [("shp", "GBK"), ("gpkg", None)])
def test_every_layer_comes_back_by_the_database_fields(
    plan: Path, come_back: Callable[..., Rows], tmp_path: Path, layer: str, ending: str, encoding: str | None
) -> None:
    target = tmp_path / f"out.{ending}"
    delivery, delivered = export(plan, layer, target, profile="database", encoding=encoding)
    assert delivered.differences == []
    assert not [m for m in delivery.losses if m.id in ("delivery.left_out", "delivery.code_replaced")]
    assert_same(read_plan(plan)[layer], come_back(layer, delivered.files), exactly=True)


def test_a_red_line_comes_back_under_its_bsm_and_what_its_layer_lacks_is_listed(
    plan: Path, come_back: Callable[..., Rows], tmp_path: Path
) -> None:
    delivery, delivered = export(plan, "red_line", tmp_path / "STBHHX.shp", profile="database", encoding="GBK")
    assert [m.id for m in delivery.losses] == ["delivery.code_replaced", "delivery.left_out"]
    back = by_code(come_back("red_line", delivered.files))
    assert set(back) == {f"210500300{1}{n:08d}" for n in (1, 2, 3)}
    assert back["210500300100000001"]["kind"] == "kind的值，0"


@pytest.mark.parametrize("layer", ["indicator", "unit_membership"])
def test_a_table_without_geometry_comes_back(
    plan: Path, come_back: Callable[..., Rows], tmp_path: Path, layer: str
) -> None:
    from restoration_planner.core.store.plan_file import replace_rows
    from restoration_planner.tests.core.delivery.conftest import filled

    replace_rows(plan, {layer: filled(TABLES[layer])})
    _, delivered = export(plan, layer, tmp_path / "table.gpkg")
    key = TABLES[layer].field_names[0]
    assert by_code(come_back(layer, delivered.files), key) == by_code(read_plan(plan)[layer], key)
    with pytest.raises(PlannerError) as stopped:
        export(plan, layer, tmp_path / "table.shp")
    assert stopped.value.message.id == "delivery.no_geometry"


def test_real_towns_come_back_from_both_zones(shared: Path, tmp_path: Path, blank: Path) -> None:
    from restoration_planner.core.commands import import_layer, new

    source = shared / "data" / "messy" / "bx_utf8_fieldname_cut.shp"
    if not source.exists():
        pytest.skip("the town outlines are not here")
    new.create(tmp_path / "benxi.gpkg", "benxi", False)
    import_layer.run(tmp_path / "benxi.gpkg", "admin_unit", source, constants=["level=town"])
    towns = read_plan(tmp_path / "benxi.gpkg")["admin_unit"]
    assert len(towns) == 44
    for ending in ("shp", "gpkg"):
        delivery, delivered = export(
            tmp_path / "benxi.gpkg", "admin_unit", tmp_path / f"towns.{ending}", crs="zones", encoding=None
        )
        assert [len(p.rows) for p in delivery.parts] == [31, 13] and delivered.differences == []
        for file in delivered.files:
            import_layer.run(blank, "admin_unit", file)
    # The second format only updates what the first has brought, and it is the very same.
    back = read_plan(blank)["admin_unit"]
    assert sorted(back["name"]) == sorted(towns["name"])
    before = dict(zip(towns["name"], towns.geometry))
    after = np.array([before[name] for name in back["name"]], dtype=object)
    assert shapely.hausdorff_distance(back.geometry, after).max() < MILLIMETRE
    assert np.abs(ellipsoidal_area(back.geometry) / ellipsoidal_area(after) - 1).max() < 1e-7


def test_the_plan_is_only_read_even_where_it_cannot_be_written(plan: Path, digest: Digest, tmp_path: Path) -> None:
    before = digest(plan.parent)
    plan.chmod(0o444)
    out = tmp_path / "out"
    out.mkdir()
    for ending in ("shp", "gpkg", "geojson"):
        export(plan, "project", out / f"p.{ending}")
    after = digest(plan.parent)
    assert {name: after[name] for name in before} == before
    assert all(name.startswith("out/") for name in set(after) - set(before))
