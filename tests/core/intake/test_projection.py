"""Which CRS the numbers of a file are in; truth from GDAL's own command line tools' library, PROJ, by EPSG code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import pytest
import shapely

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.intake.projection import Place, choose_crs, to_plan_crs

BENXI = Place((123.5, 40.8, 125.8, 41.6))
SITE = shapely.box(123.7, 41.2, 123.8, 41.3)


def drawn_in(epsg: int, swapped: bool = False, site: Any = SITE) -> Any:
    """The site in a CRS, easting first, or northing first where swapped."""
    transform = pyproj.Transformer.from_crs(4490, epsg, always_xy=True)

    def move(xy: Any) -> Any:
        x, y = transform.transform(xy[:, 0], xy[:, 1])
        return np.column_stack([y, x] if swapped else [x, y])

    return np.array([shapely.transform(site, move)], dtype=object)


@pytest.mark.parametrize(
    ("written_in", "swapped", "stated", "place", "found", "reason"),
    [
        (4529, False, 4529, BENXI, 4529, "intake.crs_stated"),
        (4529, True, 4529, BENXI, 4529, "intake.crs_stated"),
        (4529, False, None, None, 4529, "intake.crs_prefix"),
        (4529, True, None, None, 4529, "intake.crs_prefix"),
        (4529, False, 4550, None, 4529, "intake.crs_prefix_contradicts"),
        (4550, False, None, BENXI, 4550, "intake.crs_metres"),
        (4550, True, None, BENXI, 4550, "intake.crs_metres"),
        (4550, False, 4529, BENXI, 4550, "intake.crs_no_prefix"),
        (4490, False, None, BENXI, 4490, "intake.crs_degrees"),
        (4490, True, 4490, BENXI, 4490, "intake.crs_stated"),
        (4490, True, None, None, 4490, "intake.crs_degrees"),
        (4490, False, 4550, BENXI, 4490, "intake.crs_labelled_metres"),
        (4499, False, None, BENXI, 4499, "intake.crs_prefix"),
        (3857, False, None, BENXI, 3857, "intake.crs_mercator"),
        (3857, False, 3857, BENXI, 3857, "intake.crs_stated"),
        (2365, False, 2365, BENXI, 2365, "intake.crs_stated"),
    ],
)
def test_the_site_lands_where_it_is(
    written_in: int, swapped: bool, stated: int | None, place: Place | None, found: int, reason: str
) -> None:
    geometry = drawn_in(written_in, swapped)
    chosen, notes = choose_crs(geometry, stated, None, place)
    assert (chosen.epsg, chosen.swapped, chosen.reason.id) == (found, swapped, reason)
    landed = to_plan_crs(geometry, chosen)[0]
    assert shapely.hausdorff_distance(landed, SITE) < (1e-3 if written_in == 2365 else 1e-7)
    assert ("intake.axes_swapped" in {n.id for n in notes}) is swapped
    assert ("intake.other_datum" in {n.id for n in notes}) is (written_in == 2365)


def test_eastings_without_zone_ask_where_the_city_is_unknown() -> None:
    with pytest.raises(PlannerError) as refused:
        choose_crs(drawn_in(4550), None, None, None)
    assert refused.value.message.id == "intake.crs_ask"
    assert "EPSG:4534" in str(refused.value)


def test_a_stated_zone_that_misses_the_city_while_another_meets_it_asks_with_both() -> None:
    with pytest.raises(PlannerError) as refused:
        choose_crs(drawn_in(4550), 4551, None, BENXI)
    sentence = str(refused.value)
    assert "EPSG:4551" in sentence and "EPSG:4550" in sentence and "km" in sentence


def test_a_zone_prefix_that_puts_the_data_outside_the_city_asks_instead_of_applying() -> None:
    with pytest.raises(PlannerError) as refused:
        choose_crs(drawn_in(4526, site=shapely.box(113.2, 37.8, 113.3, 37.9)), None, None, BENXI)
    assert refused.value.message.id == "intake.crs_ask" and "EPSG:4526" in str(refused.value)


def test_a_stated_crs_far_from_the_city_is_taken_and_said() -> None:
    geometry = drawn_in(4526, site=shapely.box(113.2, 37.8, 113.3, 37.9))
    chosen, notes = choose_crs(geometry, 4526, None, BENXI)
    assert chosen.epsg == 4526 and "intake.crs_far" in {n.id for n in notes}


def test_the_crs_that_is_asked_for_is_used_with_either_order_of_axes() -> None:
    for swapped in (False, True):
        geometry = drawn_in(4550, swapped)
        chosen, _ = choose_crs(geometry, 4551, None, None, asked=4550)
        assert shapely.hausdorff_distance(to_plan_crs(geometry, chosen)[0], SITE) < 1e-7


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [(4550, "intake.crs_impossible"), (999999, "intake.crs_no_such"), (4490, "intake.crs_impossible")],
)
def test_a_crs_that_cannot_be_meant_is_refused(asked: int, sentence: str) -> None:
    with pytest.raises(PlannerError) as refused:
        choose_crs(drawn_in(4529), None, None, BENXI, asked=asked)
    assert refused.value.message.id == sentence


def test_numbers_of_a_local_grid_are_refused() -> None:
    with pytest.raises(PlannerError) as refused:
        choose_crs(np.array([shapely.box(500, 800, 900, 1200)], dtype=object), None, None, BENXI)
    assert refused.value.message.id == "intake.crs_unknown"
