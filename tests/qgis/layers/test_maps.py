"""Maps as pictures."""

from __future__ import annotations

import pytest
from qgis.core import QgsRectangle, QgsVectorLayer
from qgis.PyQt.QtGui import QColor, QImage

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.palette import RED_LINE_COLOUR
from restoration_planner.layers.maps import render_map
from restoration_planner.layers.opening import open_plan


def share_of(image: QImage, colour: str, tolerance: int = 24) -> float:
    """The share of an image's pixels that have a colour, more or less."""
    wanted = QColor(colour)
    hits = total = 0
    for x in range(0, image.width(), 2):
        for y in range(0, image.height(), 2):
            c = image.pixelColor(x, y)
            total += 1
            hits += (
                max(abs(c.red() - wanted.red()), abs(c.green() - wanted.green()), abs(c.blue() - wanted.blue()))
                < tolerance
            )
    return hits / total


def zone_colours(zones: QgsVectorLayer) -> list[str]:
    categories = zones.renderer().categories()  # the symbols live only as long as this list
    return [c.symbol().color().name() for c in categories]


def test_a_map_is_written_with_the_zones_in_their_colours(plan_path, tmp_path):
    opened = open_plan(plan_path)
    zones = opened.layer("restoration_zone")
    picture = tmp_path / "zones.png"
    image = render_map([zones], opened.extent(), (700, 500), picture, "分区图")
    assert (image.width(), image.height()) == (700, 500)
    assert QImage(str(picture)).size() == image.size()
    first, second = zone_colours(zones)[:2]
    assert share_of(image, first) > 0.1 and share_of(image, second) > 0.1
    assert share_of(image, first) == pytest.approx(share_of(image, second), rel=0.25)  # zones of one size


def test_red_lines_leave_what_lies_below_readable(plan_path):
    opened = open_plan(plan_path)
    red, zones = opened.layer("red_line"), opened.layer("restoration_zone")
    to_map = opened.extent()
    without = render_map([zones], to_map, (700, 500), None, "x", legend=False)
    with_red = render_map([red, zones], to_map, (700, 500), None, "x", legend=False)
    west = zone_colours(zones)[0]
    lost = share_of(without, west) - share_of(with_red, west)
    covered = 0.2 * share_of(without, west)  # the red line covers a fifth of the western zone
    assert share_of(with_red, RED_LINE_COLOUR) > 0.002
    assert 0 < lost < 0.5 * covered


def test_the_legend_explains_and_can_be_left_out(plan_path):
    opened = open_plan(plan_path)
    layers = [opened.layer("restoration_zone")]
    with_legend = render_map(layers, opened.extent(), (900, 500), None, "x")
    without = render_map(layers, opened.extent(), (900, 500), None, "x", legend=False)
    assert with_legend != without


def test_a_map_of_everything_without_extent_shows_all_layers(plan_path):
    opened = open_plan(plan_path)
    image = render_map([opened.layer("restoration_zone")], None, (400, 300), None, "x", legend=False)
    assert share_of(image, "#ffffff", 4) < 0.9


def test_an_illustrative_map_says_so(plan_path):
    opened = open_plan(plan_path)
    layers, extent = [opened.layer("restoration_zone")], QgsRectangle(opened.extent())
    plain = render_map(layers, extent, (700, 500), None, "x", legend=False)
    noted = render_map(layers, extent, (700, 500), None, "x", legend=False, illustrative=True)
    foot = (0, 470, 350, 30)
    assert noted.copy(*foot) != plain.copy(*foot)
    assert noted.copy(0, 0, 700, 460) == plain.copy(0, 0, 700, 460)


def test_a_map_that_cannot_be_written_is_said(plan_path, tmp_path):
    opened = open_plan(plan_path)
    with pytest.raises(PlannerError, match="无法写入"):
        render_map([opened.layer("project")], opened.extent(), (200, 150), tmp_path / "no" / "x.png", "x")
