"""Every vector file of the messy samples comes in, and lies where the towns of the clean data lie."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import fiona
import numpy as np
import pytest
import shapely

from restoration_planner.core.commands.import_layer import run
from restoration_planner.core.geometry.area import ellipsoidal_area
from restoration_planner.core.plan.tables import Rows
from restoration_planner.core.store import vector
from restoration_planner.core.store.plan_file import read_plan

Sample = Callable[[str], Path]

#: A tenth of a millimetre, in degrees: the samples' own rounding.
NEAR = 1e-8


def towns_of(sample: Sample) -> dict[str, object]:
    """Town → outline, of the clean data."""
    with fiona.open(str(sample("benxi.gpkg")), layer="towns") as layer:
        return {f["properties"]["name"]: shapely.geometry.shape(f["geometry"]) for f in layer}


def farthest_off(units: Rows, towns: dict[str, object]) -> float:
    """Largest Hausdorff distance (degrees) between each unit and the town of its name."""
    theirs = np.array([towns[n] for n in units["name"]], dtype=object)
    return float(shapely.hausdorff_distance(units.geometry, theirs).max())


def said(report: object) -> set[str]:
    """Ids of the report's sentences."""
    return {m.id for m in report.messages()}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bx_gbk_nocpg_noprj_zone41", {"intake.encoding_weighed", "intake.crs_used"}),
        ("bx_gbk_ldid4d_zone41", {"intake.encoding_claimed", "intake.crs_used"}),
        ("bx_prj_wrong_false_easting", {"intake.encoding_weighed", "intake.crs_used"}),
        ("bx_utf8_fieldname_cut", {"intake.encoding_claimed", "intake.name_cut"}),
    ],
)
@pytest.mark.parametrize("plan", ["benxi", "blank"])
def test_town_files_give_all_44_towns_in_their_places(
    name: str, expected: set[str], plan: str, sample: Sample, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(plan)
    report = run(path, "admin_unit", sample(f"messy/{name}.shp"))
    assert (report.read, report.added) == (44, 44)
    assert expected <= said(report)
    units = read_plan(path)["admin_unit"]
    assert farthest_off(units, towns_of(sample)) < NEAR
    assert set(units["zone_code"]) == {"1", "2", "3", "4"}
    assert float(ellipsoidal_area(units.geometry).sum()) / 1e6 == pytest.approx(8427.10, abs=0.01)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("bx_gbk_nocpg_noprj_zone41", "intake.crs_prefix"),
        ("bx_prj_wrong_false_easting", "intake.crs_prefix_contradicts"),
        ("bx_gbk_ldid4d_zone41", "intake.crs_stated"),
    ],
)
def test_the_crs_used_is_said_with_its_reason(name: str, reason: str, benxi: Path, sample: Sample) -> None:
    report = run(benxi, "admin_unit", sample(f"messy/{name}.shp"))
    used = next(m for m in report.messages() if m.id == "intake.crs_used")
    candidate = dict(dict(used.params)["candidate"].params)  # type: ignore[attr-defined]
    assert candidate["name"] == "EPSG:4529" and candidate["reason"].id == reason


def test_files_in_both_zones_of_the_city_merge_without_losing_the_halves_of_a_town(benxi: Path, sample: Sample) -> None:
    west = run(benxi, "admin_unit", sample("messy/bx_west_gk3_zone41.shp"), constants=["level=part"])
    east = run(benxi, "admin_unit", sample("messy/bx_east_gk3_zone42.shp"), constants=["level=part"])
    assert (west.added, east.added, east.updated) == (31, 15, 0)
    assert "intake.namesakes" in said(east)
    units = read_plan(benxi)["admin_unit"]
    towns = towns_of(sample)
    whole = shapely.union_all(np.array(list(towns.values()), dtype=object))
    merged = shapely.union_all(units.geometry)
    assert shapely.area(shapely.symmetric_difference(whole, merged)) / whole.area < 1e-6
    for name, town in towns.items():
        parts = units.geometry[units["name"] == name]
        assert float(ellipsoidal_area(parts).sum()) == pytest.approx(float(ellipsoidal_area(town)), rel=1e-5)


def test_gcj02_outlines_are_recognised_beside_known_ones_and_converted_only_when_told(
    benxi: Path, sample: Sample
) -> None:
    run(benxi, "admin_unit", sample("benxi.gpkg"), "districts_amap2018_wgs84", constants=["level=county"])
    messy = sample("messy/bx_districts_gcj02_labelled_cgcs2000.shp")
    known = dict(zip(read_plan(benxi)["admin_unit"]["code"], read_plan(benxi)["admin_unit"].geometry))

    report = run(benxi, "admin_unit", messy)
    assert {"intake.gcj02_seen", "intake.gcj02_kept"} <= said(report) and "intake.gcj02_converted" not in said(report)
    assert max(_metres_off(known[c], g) for c, g in _by_code(benxi)) == 0, "doubted outlines replace no known ones"

    run(benxi, "admin_unit", messy, crs="4490")
    assert min(_metres_off(known[c], g) for c, g in _by_code(benxi)) > 200

    report = run(benxi, "admin_unit", messy, crs="GCJ02")
    assert "intake.gcj02_converted" in said(report) and report.updated == 6
    off = [_metres_off(known[c], g) for c, g in _by_code(benxi)]
    assert max(off) < 20


def _by_code(plan: Path) -> list[tuple[str, object]]:
    units = read_plan(plan)["admin_unit"]
    return list(zip(units["code"], units.geometry))


def _metres_off(one: object, other: object) -> float:
    apart = shapely.centroid(one), shapely.centroid(other)
    return float(np.hypot((apart[0].x - apart[1].x) * 83_500, (apart[0].y - apart[1].y) * 111_000))


def test_faulty_geometries_are_mended_or_left_out_one_by_one(blank: Path, sample: Sample) -> None:
    report = run(blank, "admin_unit", sample("messy/yq_geometry_faults_zone38.gpkg"))
    changes = {c.id: (c.reason.id, c.dropped) for c in report.changes}
    assert changes == {
        1: ("geometry.at", False),  # bow-tie
        4: ("intake.no_shape", True),
        51: ("intake.repeat", True),
    }
    assert "intake.heights_dropped" in said(report)
    units = read_plan(blank)["admin_unit"]
    assert len(units) == 49 and shapely.is_valid(units.geometry).all() and not shapely.has_z(units.geometry).any()
    west, south, east, north = shapely.total_bounds(units.geometry)
    assert 112.9 < west < east < 114.1 and 37.6 < south < north < 38.6


def test_248_really_invalid_polygons_pass_with_the_area_change_reported(blank: Path, sample: Sample) -> None:
    path = sample("real_invalid_polygons.gpkg")
    report = run(blank, "red_line", path)
    mended = [c for c in report.changes if not c.dropped]
    assert len(mended) == 248 == report.added
    stored = read_plan(blank)["red_line"].geometry
    assert shapely.is_valid(stored).all()
    raw = vector.read_layer(path, "invalid").geometry
    change = float(ellipsoidal_area(stored).sum() - ellipsoidal_area(raw).sum())
    total = next(m for m in report.messages() if m.id == "intake.mended_total")
    assert dict(total.params)["change"] == pytest.approx(change, abs=1.0)


def test_a_plot_file_comes_in_through_the_same_door(benxi: Path, sample: Sample) -> None:
    report = run(benxi, "legacy_mine", sample("messy/guotu_txt_benxi_zone41_gbk.txt"))
    assert report.added == 2
    mines = read_plan(benxi)["legacy_mine"]
    towns = towns_of(sample)
    for name, shape in zip(mines["name"], mines.geometry):
        cover = shapely.area(shapely.intersection(shape, towns[name])) / shapely.area(towns[name])
        assert cover > 0.9


@pytest.mark.parametrize("name", ["bx_gbk_nocpg_noprj_zone41", "bx_utf8_fieldname_cut"])
def test_gdals_own_bindings_read_the_same_even_where_qgis_switched_recoding_off(
    name: str, benxi: Path, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("osgeo.ogr", reason="GDAL's own bindings are not here")
    from restoration_planner.core.intake.reading import read_source
    from restoration_planner.core.store import vector_osgeo

    expected = read_source(sample(f"messy/{name}.shp"))
    monkeypatch.setenv("SHAPE_ENCODING", "")
    monkeypatch.setattr(vector, "_adapter", lambda: vector_osgeo)
    found = read_source(sample(f"messy/{name}.shp"))
    assert {k: list(v) for k, v in found.fields.items()} == {k: list(v) for k, v in expected.fields.items()}
    assert shapely.equals_exact(found.geometry, expected.geometry, 0).all()
