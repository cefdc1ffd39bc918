"""Names and numbers on the maps: every zone, key area, county and project has its own, where it can be read."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import shapely
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsLabelPosition,
    QgsMapRendererSequentialJob,
    QgsPrintLayout,
    QgsProject,
    QgsRectangle,
)

from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.figures.cartography.label_places import Sheet, Wording, clusters
from restoration_planner.figures.cartography.labels import Lettering
from restoration_planner.figures.cartography.placing import Placing
from restoration_planner.figures.catalogue import load_catalogue
from restoration_planner.figures.page.lettering import searchable_family
from restoration_planner.figures.press.writing import write_layout
from restoration_planner.figures.sources import FigureLayers
from restoration_planner.layers.opening import OpenPlan, open_plan

from .landscape import PLACES, blob, city_plan, many
from .reading_back import plain, words_of
from .test_pages import box_of, laid_out


def labels_drawn(layout: QgsPrintLayout, dpi: float = 100) -> list[QgsLabelPosition]:
    """The labels that QGIS really puts on a layout's map."""
    item = layout.itemById("map")
    settings = item.mapSettings(item.extent(), item.rect().size() * dpi / 25.4, dpi, True)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    found = [p for p in job.takeLabelingResults().labelsWithinRect(item.extent()) if not p.isUnplaced]
    return list(found)


def of_layer(found: list[QgsLabelPosition], opened: OpenPlan, table: str) -> dict[int, list[QgsLabelPosition]]:
    grouped: dict[int, list[QgsLabelPosition]] = {}
    for position in found:
        if position.layerID == opened.layer(table).id():
            grouped.setdefault(position.featureId, []).append(position)
    return grouped


def box_of_label(position: QgsLabelPosition) -> shapely.Geometry:
    return shapely.from_wkb(bytes(position.labelGeometry.asWkb()))


def shapes_on_map(opened: OpenPlan, table: str, crs: QgsCoordinateReferenceSystem) -> dict[int, shapely.Geometry]:
    layer = opened.layer(table)
    there = QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance())
    found = {}
    for feature in layer.getFeatures():
        geometry = QgsGeometry(feature.geometry())
        geometry.transform(there)
        found[feature.id()] = shapely.from_wkb(bytes(geometry.asWkb()))
    return found


def opened_as(plan: PlanTables, folder: Path) -> OpenPlan:
    create_plan(folder / "plan.gpkg", plan)
    return open_plan(folder / "plan.gpkg", QgsProject.instance())


@pytest.fixture(scope="module", params=PLACES)
def made_up(request: pytest.FixtureRequest) -> PlanTables:
    return city_plan(request.param)


@pytest.fixture
def town(made_up: PlanTables, tmp_path: Path) -> OpenPlan:
    return opened_as(made_up, tmp_path)


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_every_zone_is_named_inside_its_own_ground(town: OpenPlan, paper: str) -> None:
    layout = laid_out(town, 8, paper).layout
    found = of_layer(labels_drawn(layout), town, "restoration_zone")
    shapes = shapes_on_map(town, "restoration_zone", layout.itemById("map").crs())
    rows = {f.id(): (f["code"], f["name"]) for f in town.layer("restoration_zone").getFeatures()}
    assert set(found) == set(shapes)
    for fid, positions in found.items():
        (position,) = positions
        code, name = rows[fid]
        assert position.labelText.replace("\n", "") in (f"{code}{name}", code)
        assert shapely.contains(shapes[fid], box_of_label(position).centroid)
        outside = shapely.difference(box_of_label(position), shapes[fid]).area / box_of_label(position).area
        assert outside < 0.02, (code, outside)
    assert sum(rows[fid][1] in p[0].labelText.replace("\n", "") for fid, p in found.items()) >= len(found) - 1


@pytest.mark.parametrize(("number", "table"), [(7, "restoration_zone"), (7, "key_area"), (9, "key_area")])
def test_every_zone_and_key_area_shows_at_least_its_code(town: OpenPlan, number: int, table: str) -> None:
    found = of_layer(labels_drawn(laid_out(town, number, "A4").layout), town, table)
    codes = {f.id(): f["code"] for f in town.layer(table).getFeatures()}
    assert {fid: p[0].labelText.split("\n")[0] for fid, p in found.items()} == codes


@pytest.mark.parametrize("number", range(2, 11))
def test_every_county_is_named_on_every_figure(town: OpenPlan, number: int) -> None:
    found = of_layer(labels_drawn(laid_out(town, number, "A4").layout), town, "admin_unit")
    counties = {f.id(): f["name"] for f in town.layer("admin_unit").getFeatures() if f["level"] == "county"}
    assert {fid: found[fid][0].labelText for fid in counties} == counties


@pytest.mark.parametrize("number", [7, 8, 9, 10])
def test_labels_do_not_hide_each_other(town: OpenPlan, number: int) -> None:
    found = labels_drawn(laid_out(town, number, "A3").layout)
    for one, other in combinations(found, 2):
        if (one.layerID, one.featureId) == (other.layerID, other.featureId):
            continue  # the characters of one river's name, which bends with it
        a, b = box_of_label(one), box_of_label(other)
        shared = shapely.intersection(a, b).area if shapely.intersects(a, b) else 0
        assert shared < 0.1 * min(a.area, b.area), (one.labelText, other.labelText)


def test_rivers_are_named_along_their_line_and_not_too_often(town: OpenPlan) -> None:
    found = of_layer(labels_drawn(laid_out(town, 4, "A3").layout), town, "river")
    names = [f["name"] for f in town.layer("river").getFeatures()]
    written = "".join(p.labelText for positions in found.values() for p in positions)
    assert sum(name in written for name in set(names)) >= 0.6 * len(set(names))
    parts = [p for positions in found.values() for p in positions]
    assert {len(p.labelText) for p in parts} and len(parts) <= 40  # stretches of one name are one river
    turned = {round(p.rotation, 2) for p in parts}
    assert len(turned) > 2


def test_forty_projects_on_one_spot_all_have_their_plate_and_a_line_to_it(tmp_path: Path) -> None:
    plan = city_plan("yangquan")
    chance = np.random.default_rng(1)
    records = plan["project"].records()[:40]
    sites = [blob(113.5 + chance.uniform(-0.01, 0.01), 38 + chance.uniform(-0.01, 0.01), 0.5, k) for k in range(40)]
    rows = {**plan.rows, "project": Rows.from_records("project", records, sites)}
    town = opened_as(PlanTables(rows), tmp_path)
    layout = laid_out(town, 10).layout
    found = of_layer(labels_drawn(layout), town, "project")
    assert sorted(p[0].labelText.strip() for p in found.values()) == sorted(r["code"] for r in records)
    boxes = [box_of_label(p[0]) for p in found.values()]
    assert max(shapely.intersection(a, b).area / a.area for a, b in combinations(boxes, 2)) < 0.02
    style = layout.itemById("map").layerStyleOverrides()[town.layer("project").id()]
    assert style.count("<callout") > 0 and "DestinationX" in style


def test_codes_and_names_on_the_map_are_found_in_the_pdf(town: OpenPlan, tmp_path: Path) -> None:
    """Text inside the map's frame: not the table's beside it."""
    layout = laid_out(town, 10).layout
    frame = box_of(layout.itemById("map"))
    file = tmp_path / "figure.pdf"
    write_layout(layout, file, "pdf")
    inside = [w.text.strip() for w in words_of(file) if w.page == 0 and frame.contains(w.x, w.y)]
    together = "".join(inside)
    for code in (f["code"] for f in town.layer("project").getFeatures()):
        assert code in together, code
    for county in (f["name"] for f in town.layer("admin_unit").getFeatures() if f["level"] == "county"):
        assert plain(county) in together, county


def test_a_project_with_sites_far_apart_has_a_plate_at_each(tmp_path: Path) -> None:
    plan = city_plan("yangquan")
    far = shapely.MultiPolygon([g for x in (113.3, 113.5, 113.7) for g in blob(x, 38, 1, 1).geoms])
    rows = {**plan.rows, "project": Rows.from_records("project", [{"code": "A1", "name": "甲"}], [far])}
    town = opened_as(PlanTables(rows), tmp_path)
    found = of_layer(labels_drawn(laid_out(town, 10).layout), town, "project")
    assert [p.labelText.strip() for positions in found.values() for p in positions] == ["A1"] * 3


def test_a_zone_too_small_for_words_has_its_code_outside_with_a_line(tmp_path: Path) -> None:
    """Three zones: two large ones, and one of 700 m between them."""
    boxes = [
        shapely.box(113, 38, 113.5, 38.5),
        shapely.box(113.5, 38, 113.508, 38.5),
        shapely.box(113.508, 38, 114, 38.5),
    ]
    records = [{"code": str(k), "name": "太行山水源涵养与水土保持生态修复区"} for k in (1, 2, 3)]
    plan = Rows.from_records("plan", [{"schema_version": 2, "name": "规划", "city": "市"}])
    zones = Rows.from_records("restoration_zone", records, [many(b) for b in boxes])
    town = opened_as(PlanTables({"plan": plan, "restoration_zone": zones}), tmp_path)
    layout = laid_out(town, 8).layout
    found = of_layer(labels_drawn(layout), town, "restoration_zone")
    by_code = {p[0].labelText.split("\n")[0]: p[0] for p in found.values()}
    assert set(by_code) == {"1", "2", "3"}
    assert by_code["2"].labelText == "2"
    small = next(
        s for s in shapes_on_map(town, "restoration_zone", layout.itemById("map").crs()).values() if s.area < 1e8
    )
    assert not shapely.contains(small, box_of_label(by_code["2"]))
    assert "DestinationX" in layout.itemById("map").layerStyleOverrides()[town.layer("restoration_zone").id()]


def test_the_zones_of_benxi_with_real_borders_are_all_named(shared: Path, tmp_path: Path) -> None:
    import fiona

    from restoration_planner.core.plan.templates import plan_from_template

    plan = plan_from_template("benxi")
    drawn = {}
    for table, layer, key in (("restoration_zone", "zones", "zone_no"), ("key_area", "key_areas", "key_area")):
        with fiona.open(shared / "data" / "benxi.gpkg", layer=layer) as rows:
            by_code = {str(r["properties"][key]): many(shapely.geometry.shape(r["geometry"])) for r in rows}
        records = plan[table].records()
        drawn[table] = Rows.from_records(table, records, [by_code[str(r["code"])] for r in records])
    town = opened_as(PlanTables({**plan.rows, **drawn}), tmp_path)
    for number, table in ((8, "restoration_zone"), (9, "key_area")):
        found = of_layer(labels_drawn(laid_out(town, number, "A4").layout), town, table)
        assert len(found) == len(plan[table]), number


# --- the places themselves, without a map ---------------------------------------------------------


def test_the_longest_wording_that_fits_is_taken() -> None:
    long, short = Wording("水源涵养区", 30, 5), Wording("1", 4, 5)
    assert Sheet(100, 100).inside(shapely.box(10, 10, 50, 50), [long, short]).wording is long
    assert Sheet(100, 100).inside(shapely.box(10, 10, 30, 50), [long, short]).wording is short
    assert Sheet(100, 100).inside(shapely.box(10, 10, 12, 50), [long, short]) is None


def test_a_label_keeps_off_those_before_it() -> None:
    sheet, word = Sheet(100, 100), Wording("甲", 10, 10)
    places = [sheet.inside(shapely.box(0, 0, 40, 40), [word]) for _ in range(4)]
    boxes = [shapely.box(*p.box) for p in places]
    assert not any(shapely.overlaps(a, b) or shapely.equals(a, b) for a, b in combinations(boxes, 2))


def test_a_place_beside_needs_no_line_and_a_far_one_has_one() -> None:
    sheet, word, site = Sheet(100, 100), Wording("A1", 8, 4), shapely.box(49, 49, 51, 51)
    first = sheet.beside(site, word)
    later = [sheet.beside(site, word) for _ in range(12)]
    assert first.leader is None
    assert any(place.leader is not None for place in later)
    assert all(shapely.contains(site, shapely.Point(p.leader)) for p in later if p.leader is not None)


def test_sites_close_together_share_a_plate() -> None:
    near = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(3, 0, 4, 1), shapely.box(60, 0, 61, 1)])
    assert [len(shapely.get_parts(c)) for c in clusters(near, 10)] == [2, 1]


def test_codes_are_set_in_a_typeface_whose_digits_a_search_finds() -> None:
    noto, there = "Noto Sans CJK SC", ["Noto Sans CJK SC", "DejaVu Sans", "Liberation Sans"]
    assert searchable_family(noto, ["A1", "B8"], there) == "Liberation Sans"
    assert searchable_family(noto, ["1-1", "6.47"], there) == noto  # no letters: nothing changes
    assert searchable_family(noto, ["A1区"], there) == noto  # it has no Chinese
    assert searchable_family("SimHei", ["A1"], there) == "SimHei"
    assert searchable_family(noto, ["A1"], [noto]) == noto


def test_what_lies_off_the_map_is_not_labelled_on_it(wide_city: OpenPlan) -> None:
    main = laid_out(wide_city, 10).layout.itemById("map")
    extent = main.extent()
    west = QgsRectangle(extent.xMinimum(), extent.yMinimum(), extent.center().x(), extent.center().y())
    main.zoomToExtent(west)
    placing = Placing(main, FigureLayers(wide_city), Lettering("Noto Sans CJK SC", "Noto Serif CJK SC"))
    figure = next(f for f in load_catalogue().figures if f.number == 10)
    there = QgsCoordinateTransform(wide_city.layer("project").crs(), main.crs(), QgsProject.instance())
    seen = {
        f.id()
        for f in wide_city.layer("project").getFeatures()
        if there.transformBoundingBox(f.geometry().boundingBox()).intersects(main.extent())
    }
    labelled = {label.fid for label in placing.place(figure)["project"]}
    assert labelled == seen
    assert 0 < len(seen) < wide_city.layer("project").featureCount()
