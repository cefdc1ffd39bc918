"""Colours are measured: apart for normal, deuteranopic and protanopic sight, and in grey print.

Truth: the matrices of Machado, Oliveira and Fernandes (2009) at severity 1.0, applied to linear RGB,
and CIE 1976 L*a*b* distances (2.3 is just noticeable; ten is seen at a glance on separate patches).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from restoration_planner.core import palette
from restoration_planner.core.plan.schema import CODE_LISTS

SIGHTS = {
    "normal": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
RGB_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def lab(colour: str, sight: str = "normal") -> np.ndarray:
    coded = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    xyz = RGB_TO_XYZ @ np.clip(SIGHTS[sight] @ linear, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def smallest_difference(colours: list[str], sight: str) -> float:
    return min(float(np.linalg.norm(lab(a, sight) - lab(b, sight))) for a, b in combinations(colours, 2))


def lightness(colour: str) -> float:
    return float(lab(colour)[0])


def test_the_measure_knows_white_black_and_red():
    assert lab("#ffffff") == pytest.approx([100, 0, 0], abs=0.05)
    assert lab("#000000") == pytest.approx([0, 0, 0], abs=0.05)
    assert lab("#ff0000") == pytest.approx([53.24, 80.09, 67.20], abs=0.05)  # as tables print it


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_zone_colours_can_be_told_apart(sight):
    assert smallest_difference(list(palette.ZONE_COLOURS), sight) > 12


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_kinds_of_project_can_be_told_apart(sight):
    colours = [*palette.PROJECT_TYPE_COLOURS.values(), palette.UNKNOWN_TYPE_COLOUR]
    assert smallest_difference(colours, sight) > 20


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_grades_can_be_told_apart(sight):
    assert smallest_difference(list(palette.GRADE_COLOURS.values()), sight) > 18


def test_zone_colours_step_down_in_lightness_so_that_grey_print_keeps_them_apart():
    steps = [lightness(c) for c in palette.ZONE_COLOURS]
    assert steps == sorted(steps, reverse=True)
    assert min(a - b for a, b in zip(steps, steps[1:])) > 3


def test_zone_colours_are_calm_enough_for_black_text():
    assert min(lightness(c) for c in palette.ZONE_COLOURS) > 60
    assert max(float(np.hypot(*lab(c)[1:])) for c in palette.ZONE_COLOURS) < 32


def ring(count: int) -> list[set[int]]:
    return [{(i - 1) % count, (i + 1) % count} - {i} for i in range(count)]


#: Benxi's zones from west to east: 1 beside 2 and 3, 2 beside 3, 3 beside 4.
BENXI = [{1, 2}, {0, 2}, {0, 1, 3}, {2}]


@pytest.mark.parametrize("neighbours", [BENXI, ring(3), ring(4), ring(6), ring(8), [set()]])
def test_few_zones_have_a_colour_each_and_neighbours_differ_in_grey_print(neighbours):
    colours = palette.assign_zone_colours(neighbours)
    assert len(set(colours)) == len(neighbours)
    for zone, beside in enumerate(neighbours):
        for other in beside:
            assert abs(lightness(colours[zone]) - lightness(colours[other])) > (6 if len(neighbours) <= 4 else 3)


def test_more_zones_than_colours_never_repeat_a_colour_side_by_side():
    columns = 6
    grid = [
        {n for n in (i - 1 if i % columns else None, i + 1 if (i + 1) % columns else None, i - columns, i + columns)
         if n is not None and 0 <= n < 24}
        for i in range(24)
    ]  # fmt: skip
    colours = palette.assign_zone_colours(grid)
    assert set(colours) <= set(palette.ZONE_COLOURS)
    assert all(colours[zone] != colours[other] for zone, beside in enumerate(grid) for other in beside)


def test_every_code_that_is_drawn_by_colour_has_one():
    assert set(palette.GRADE_COLOURS) == set(CODE_LISTS["grade"])
    assert set(palette.PROJECT_TYPE_COLOURS) == set(CODE_LISTS["project_type"])
    assert set(palette.URBAN_BOUNDARY_COLOURS) == set(CODE_LISTS["urban_boundary_kind"])
    assert set(palette.RESERVE_COLOURS) == set(CODE_LISTS["reserve_control"])
    assert set(palette.ADMIN_COLOURS) == set(CODE_LISTS["unit_level"])
    assert set(palette.LAND_USE_COLOURS) == set(CODE_LISTS["land_use_system"])


def test_land_use_classes_and_colours_are_those_of_the_reference(shared):
    import json

    facts = json.loads((shared / "facts" / "refs.json").read_text(encoding="utf-8"))
    rows = facts["landuse_planning"]["rows"]
    assert set(palette.LAND_USE_COLOURS["planning2023"]) == {r["code"] for r in rows}
    for row in rows:
        if row["rgb"]:
            assert palette.LAND_USE_COLOURS["planning2023"][row["code"]] == "#{:02x}{:02x}{:02x}".format(*row["rgb"])
    assert set(palette.LAND_USE_COLOURS["survey3"]) == {code for code, _ in facts["landuse_survey_first_level"]["rows"]}


def test_names_of_land_use_classes_are_those_of_the_reference(shared):
    import json

    from restoration_planner.core.texts import text

    facts = json.loads((shared / "facts" / "refs.json").read_text(encoding="utf-8"))
    for row in facts["landuse_planning"]["rows"]:
        assert text(f"layers.land_use.planning2023.{row['code']}", "zh") == f"{row['code']} {row['name']}"
    for code, name in facts["landuse_survey_first_level"]["rows"]:
        assert text(f"layers.land_use.survey3.{code}", "zh") == f"{code} {name}（三调）"
