"""What the live check's label and strip say, and how they keep their place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QPoint
from qgis.PyQt.QtWidgets import QApplication, QVBoxLayout, QWidget

from restoration_planner.core.siting.findings import Finding, ProjectResult
from restoration_planner.core.siting.shown import Shown, shown_of
from restoration_planner.core.texts import set_language
from restoration_planner.ui.live_label import AWAY, EDGE, LiveLabel
from restoration_planner.ui.live_strip import LiveStrip
from restoration_planner.ui.live_words import finding_words, findings_html, heading_html


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    set_language("en")
    yield
    set_language(None)


def finding(rule: str, grade: str, shape: Any = None, area: float | None = None, **more: Any) -> Finding:
    values = {"target_layer": None, "target_code": None, "target_name": None, "share_pct": None}
    values |= {"advice": "Do this. And that.", "basis": "", **more}
    return Finding(0, 1, "A1", rule, grade, geometry=shape, area_m2=area, **values)


def shown(*findings: Finding, grade: str = "violation") -> Shown:
    return shown_of(ProjectResult(0, 1, "A1", "Wood & <Water>", grade, 20_000.0, findings))


WEST, MIDDLE = (shapely.MultiPolygon([shapely.box(124 + x, 41, 124.002 + x, 41.001)]) for x in (0, 0.001))
THREE = (
    finding("county_mismatch", "review"),
    finding(
        "red_line", "review", WEST, 300.0, target_code="L", target_name="西岭", share_pct=12.5, reviewed="accepted"
    ),
    finding("reserve_core", "violation", MIDDLE, 200.0),
)


def test_the_worst_comes_first_and_ground_under_two_findings_counts_once() -> None:
    made = shown(*THREE)
    assert [f.rule for f in made.findings] == ["reserve_core", "red_line", "county_mismatch"]
    assert list(made.shapes) == ["review", "violation"], "the worst is drawn last"
    from restoration_planner.core.geometry.area import ellipsoidal_area

    both = shapely.box(124, 41, 124.003, 41.001)
    assert made.offending_m2 == pytest.approx(float(ellipsoidal_area(both)), rel=1e-9)
    assert shown().offending_m2 is None and shown(THREE[0]).offending_m2 is None
    assert shown(THREE[1]).offending_m2 == 300.0


def test_a_finding_is_told_with_area_share_and_review_or_with_its_reason() -> None:
    assert finding_words(THREE[1]).endswith("L  西岭 · 300.00 m² (12.50 %) · accepted")
    assert finding_words(THREE[0]).endswith("Do this. And that.")
    assert finding_words(THREE[0], brief=True).endswith("Do this.")
    crossing = finding("invalid_geometry", "review", advice="It crosses itself at 124.5, 41.25. Mend it.")
    assert finding_words(crossing, brief=True).endswith("It crosses itself at 124.5, 41.25.")
    set_language("zh")
    assert finding_words(finding("x", "review", advice="甲。乙。"), brief=True).endswith("甲。")


def test_more_findings_than_there_is_room_for_are_counted() -> None:
    lines = findings_html(shown(*THREE * 2), 4)
    assert len(lines) == 5 and lines[-1] == "and 2 more"
    assert len(findings_html(shown(*THREE), 3)) == 3


def test_beside_the_cursor_what_could_not_be_judged_is_only_counted() -> None:
    lacking = [finding("basic_farmland", "undetermined"), finding("reserve_core", "undetermined")]
    lines = findings_html(shown(THREE[1], *lacking, grade="review"), 3, brief=True)
    assert len(lines) == 2 and lines[-1].startswith("2 could not be judged")
    assert len(findings_html(shown(THREE[1], *lacking, grade="review"), 3)) == 3, "the panel tells them all"


def test_names_with_signs_of_html_are_shown_as_they_are() -> None:
    assert "Wood &amp; &lt;Water&gt;" in heading_html(shown(), "Wood & <Water>")


@pytest.fixture
def label(qgis_app: Any) -> Iterator[LiveLabel]:
    canvas = QgsMapCanvas()
    canvas.setRenderFlag(False)
    canvas.resize(600, 400)
    canvas.show()
    label = LiveLabel(canvas)
    yield label
    canvas.close()
    canvas.deleteLater()
    QApplication.processEvents()


@pytest.mark.parametrize("at", [(5, 5), (300, 200), (590, 10), (10, 390), (590, 390)])
def test_the_label_stays_on_the_map_and_off_the_cursor(label: LiveLabel, at: tuple[int, int]) -> None:
    place = QPoint(*at)
    label.show_found(shown(*THREE), "A1", ["a note"], place)
    assert label.parentWidget().rect().contains(label.geometry())
    assert not label.geometry().contains(place)


def test_the_label_stands_away_from_what_it_tells_of(label: LiveLabel) -> None:
    cursor = QPoint(330, 100)
    label.show_words("short", cursor)
    assert label.x() == 330 + AWAY
    label.show_found(shown(finding("red_line", "review", WEST, 1.0)), "", [], cursor, ground=QPoint(400, 120))
    assert label.geometry().right() < 330
    label.show_found(shown(finding("red_line", "review", WEST, 1.0)), "", [], None)
    assert label.pos() == QPoint(EDGE, EDGE)


def test_the_strip_takes_more_room_but_gives_none_back_until_it_goes(qgis_app: Any) -> None:
    window = QWidget()
    window.resize(500, 400)
    strip = LiveStrip()
    layout = QVBoxLayout(window)
    layout.addWidget(strip)
    layout.addWidget(QWidget(), 1)
    window.show()
    strip.show_words("ready")
    QApplication.processEvents()
    low = strip.height()
    strip.show_found(shown(*THREE), "A1", [])
    QApplication.processEvents()
    high = strip.height()
    assert high > low + 20
    strip.show_words("ready")
    QApplication.processEvents()
    assert strip.height() == high
    strip.hide()
    strip.show_words("ready")
    QApplication.processEvents()
    assert strip.height() < high
    window.close()
    window.deleteLater()
