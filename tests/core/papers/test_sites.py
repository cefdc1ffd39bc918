"""Photos' positions as sites: circles of the wanted size, and a word of doubt where a place looks wrong."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.intake.gcj02 import to_gcj02
from restoration_planner.core.papers.sites import doubts, site_about
from restoration_planner.core.store.project_papers import Paper
from restoration_planner.tests.small_plan import make_small_plan, square


def taken_at(longitude: float | None, latitude: float | None, number: int = 1) -> Paper:
    return Paper(
        id=number,
        project_fid=1,
        project_code="P1",
        project_name="西坡造林",
        title="照片",
        kind="photo",
        name="x.jpg",
        path="x.jpg",
        media_type="image/jpeg",
        size=1,
        sha256=None,
        taken_at=None,
        longitude=longitude,
        latitude=latitude,
        added_at="2026-11-20T10:00:00+08:00",
        added_by=None,
    )


def test_a_circle_has_its_radius_on_the_ground() -> None:
    pyproj = pytest.importorskip("pyproj")
    site = site_about([taken_at(124.065, 41.065)], 50, None, "add")
    assert site.parts == 1 and site.area_m2 == pytest.approx(math.pi * 50**2, rel=2e-3)
    _, _, metres = pyproj.Geod(ellps="GRS80").inv(
        *zip(*[(124.065, 41.065, *c) for c in site.geometry.geoms[0].exterior.coords])
    )
    assert min(metres) == pytest.approx(50, abs=0.05) and max(metres) == pytest.approx(50, abs=0.05)


def test_several_photos_make_several_parts_and_near_ones_one() -> None:
    far = [taken_at(124.06, 41.06), taken_at(124.07, 41.06), taken_at(None, 41)]
    assert site_about(far, 50, None, "replace").parts == 2
    assert site_about([taken_at(124.06, 41.06), taken_at(124.0605, 41.06)], 50, None, "replace").parts == 1


def test_what_is_drawn_stays_or_goes_as_wanted() -> None:
    present, photo = square(124.06, 41.06, 124.07, 41.07), taken_at(124.08, 41.08)
    added = site_about([photo], 50, present, "add")
    assert added.parts == 2 and shapely.covers(shapely.buffer(added.geometry, 1e-9), present)
    assert site_about([photo], 50, present, "replace").parts == 1


def test_no_position_and_no_radius_are_told() -> None:
    for papers, radius in (([taken_at(None, None)], 50), ([taken_at(124, 41)], 0), ([taken_at(124, 41)], 1e9)):
        with pytest.raises(PlannerError) as refused:
            site_about(papers, radius, None, "add")
        assert refused.value.message.id in ("site.no_place", "site.radius")


def test_places_outside_the_city_are_doubted(tmp_path: Path) -> None:
    """The city reaches from 124.0 to 124.2 east; GCJ-02 shifts eastward there."""
    plan = make_small_plan(tmp_path / "plan.gpkg")
    (shifted,) = to_gcj02([(124.1995, 41.05)])
    assert shifted[0] > 124.2
    papers = [
        taken_at(124.05, 41.05, 1),
        taken_at(*map(float, shifted), number=2),
        taken_at(116.4, 39.9, 3),
        taken_at(None, None, 4),
        replace(taken_at(124.1, 41.1), id=5),
    ]
    assert {number: doubt.id for number, doubt in doubts(plan, papers).items()} == {
        2: "papers.perhaps_gcj02",
        3: "papers.outside_city",
    }
