"""What the import dialog asks before anything is written, and how it tells what would be and what was done."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import CRS
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QComboBox

from restoration_planner.core.intake.gcj02 import to_gcj02
from restoration_planner.core.intake.mending import Change
from restoration_planner.core.intake.profiles import profiles_for
from restoration_planner.core.intake.source import Source
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.tables import Rows
from restoration_planner.core.report.import_files import render_import
from restoration_planner.core.store.plan_file import replace_rows
from restoration_planner.core.texts import Message, text
from restoration_planner.plugin.importing import work as import_work
from restoration_planner.plugin.importing.desk import ImportDesk
from restoration_planner.tests.core.intake.conftest import shapefile  # noqa: F401  # a fixture
from restoration_planner.tests.qgis.plugin.importing import (
    BOW_TIE,
    SQUARES,
    click,
    gbk,
    mines,
    opened,
    settle,
    show,
)
from restoration_planner.ui.import_dialog import ImportDialog
from restoration_planner.ui.import_dialog.attention import about_repairs, attention_of
from restoration_planner.ui.import_dialog.fields_tab import CONSTANT
from restoration_planner.ui.import_dialog.repairs_model import CHANGED, REASON, RepairsModel
from restoration_planner.ui.import_dialog.report_page import report_html
from restoration_planner.ui.import_dialog.summary_tab import summary_html

Shapefile = Callable[..., Path]


def towns(shapefile: Shapefile, count: int = 3, name: str = "乡镇") -> Path:  # noqa: F811
    """Towns without a word on their level."""
    shapes = [shapely.box(124.01 + i / 20, 41.01, 124.03 + i / 20, 41.03) for i in range(count)]
    return shapefile(name, shapes, [(b"XZQMC", gbk(*(f"{n}镇" for n in "甲乙丙丁戊"[:count])))])


def answer(desk: ImportDesk, dialog: ImportDialog, value: str) -> None:
    dialog.question.choose(value)
    click(dialog.question.take_button)
    settle(desk, dialog)


def test_another_file_opens_on_what_will_be_done(import_desk: ImportDesk, shapefile: Shapefile) -> None:  # noqa: F811
    dialog = show(import_desk, mines(shapefile))
    dialog.tabs.setCurrentWidget(dialog.names)
    show(import_desk, mines(shapefile, name="矿山二"))
    assert dialog.tabs.currentWidget() is dialog.summary


def test_a_target_is_never_taken_by_a_mere_enter(import_desk: ImportDesk, tmp_path: Path) -> None:
    path = tmp_path / "甲.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"名称":"甲"},"geometry":'
        '{"type":"Polygon","coordinates":[[[124.01,41.01],[124.03,41.01],[124.03,41.03],[124.01,41.01]]]}}]}',
        encoding="utf-8",
    )
    dialog = show(import_desk, path)
    assert dialog.question.isVisible() and dialog.question.chosen() is None
    assert not dialog.question.take_button.isEnabled()
    dialog.question.answers.clearFocus()
    dialog.question.answers.setFocus()
    assert not dialog.question.answers.currentIndex().isValid(), "no line looks chosen"
    QTest.keyClick(dialog.question.answers, Qt.Key.Key_Return)
    settle(import_desk, dialog)
    assert dialog.question.isVisible() and dialog.ready() is None, "Enter answers nothing"
    values = dialog.question.values()
    without = [TABLES[name].geometry is None for name in values]
    assert without == sorted(without) and "river" not in values
    dialog.question.choose("water_body")
    assert dialog.question.take_button.isEnabled()
    QTest.keyClick(dialog.question.answers, Qt.Key.Key_Return)
    settle(import_desk, dialog)
    ready = dialog.ready()
    assert ready is not None and ready.proposal.table.name == "water_body"


def test_tables_with_more_of_the_sources_fields_are_offered_first() -> None:
    fields = {"XZQMC": ["甲镇"], "县区名称": ["东县"], "LEVEL": ["town"]}
    source = Source("x", fields, np.array([SQUARES[0]], dtype=object), 4490, None, "utf-8", [], [1])
    profiles = profiles_for(Path("nowhere.gpkg"))
    offered = [choice.value for choice in import_work.tables_for(source, profiles)]
    assert offered[0] == "admin_unit" and TABLES[offered[-1]].geometry is None
    closed = np.array([shapely.LineString(SQUARES[0].exterior.coords)], dtype=object)
    lines = [c.value for c in import_work.tables_for(replace(source, geometry=closed), profiles)]
    assert lines[0] == "river" and "admin_unit" in lines, "outlines may be drawn as closed lines"


@pytest.mark.parametrize("zone", [40, 41])
def test_a_crs_is_chosen_beforehand_only_where_it_puts_the_data_into_the_city(
    import_desk: ImportDesk,
    shapefile: Shapefile,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    zone: int,
) -> None:
    """Metres of zone 41 beside the city (zone 40 stated), or of no place near it."""
    east = {41: 590_000, 40: 320_000}[zone]
    north = {41: 4_542_000, 40: 3_200_000}[zone]
    squares = [shapely.box(east + 3000 * i, north, east + 2000 + 3000 * i, north + 2000) for i in range(3)]
    prj = CRS.from_epsg(4549).to_wkt("WKT1_ESRI") if zone == 41 else None
    dialog = show(import_desk, mines(shapefile, squares, prj=prj), "legacy_mine")
    assert dialog.question.isVisible(), dialog.notice.label.text()
    chosen = {41: "EPSG:4550", 40: None}[zone]
    assert dialog.question.chosen() == chosen
    assert dialog.question.take_button.isEnabled() == (chosen is not None)
    first = dialog.question.answers.topLevelItem(0)
    assert "CGCS2000" in first.text(0) and dialog.question.values()[0] in first.text(0), "its code and its name"
    assert first.text(1) and "124" in first.text(2) if chosen else first.text(2)


def test_large_repairs_are_said_before_importing(import_desk: ImportDesk, shapefile: Shapefile) -> None:  # noqa: F811
    # Both triangles of the bow-tie count once it is mended: as it came its ring measures nothing
    dialog = show(import_desk, mines(shapefile, [*SQUARES[:2], BOW_TIE]))
    ready = dialog.ready()
    assert ready is not None
    (change,) = ready.proposal.changes
    assert change.area_after - change.area_before > 10_000
    words = " ".join(attention_of(ready))
    assert (
        text("import_dialog.one_change", id=change.id, change=f"{change.area_after - change.area_before:+,.2f}")
        in words
    )
    assert "1 feature by" in words, "one feature is no features"
    assert "%" in words.split("total area by")[1]
    assert dialog.repairs.model.change(0) is change


@pytest.mark.parametrize(
    ("before", "after", "large"),
    [(1e6, 1e6 + 10_001, True), (1e6, 1e6 - 9_999, False), (1000, 949, True), (1000, 1049, False), (0, 1, True)],
)
def test_a_repair_is_large_by_its_share_or_by_its_hectares(before: float, after: float, large: bool) -> None:
    change = Change(7, Message.of("intake.collection"), False, before, after)
    assert bool(about_repairs([change], 1e9)) == large
    assert about_repairs([replace(change, dropped=True, area_after=0.0)], 1e9) == []


def test_the_largest_repairs_stand_first_and_nothing_has_no_sign() -> None:
    areas = [(100, 100.001), (100, 40), (100, 99.999), (100, 120)]
    changes = [Change(i, Message.of("intake.collection"), False, b, a) for i, (b, a) in enumerate(areas)]
    model = RepairsModel()
    model.show(changes)
    assert [model.change(row).id for row in range(4)][:2] == [1, 3]
    shown = {model.change(row).id: model.index(row, CHANGED).data() for row in range(4)}
    assert shown == {0: "0.00", 1: "-60.00", 2: "0.00", 3: "+20.00"}
    tip = model.index(0, CHANGED).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == model.index(0, REASON).data() == str(Message.of("intake.collection"))


def test_features_outside_the_city_and_repairs_are_what_to_look_at(
    import_desk: ImportDesk,
    shapefile: Shapefile,  # noqa: F811
) -> None:
    far = shapely.transform(SQUARES[2], lambda xy: xy + [3.0, 2.0])
    dialog = show(import_desk, mines(shapefile, [*SQUARES[:2], far]))
    ready = dialog.ready()
    assert ready is not None
    (note,) = [m for m in ready.proposal.notes if m.id in ("intake.crs_far", "intake.outside_city")]
    assert str(note) in attention_of(ready)
    assert str(note) not in str(summary_html(ready)).split(text("import_dialog.found"))[1]


def test_coordinates_of_a_web_map_are_converted_by_the_button_beside_the_sentence(
    import_desk: ImportDesk, tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    ring = [(124.3 + 0.2 * r * np.cos(a), 41.2 + 0.15 * r * np.sin(a)) for a, r in
            zip(np.linspace(0, 2 * np.pi, 60, endpoint=False), rng.uniform(0.7, 1.0, 60))]  # fmt: skip
    outline = shapely.Polygon(ring)
    shifted = shapely.transform(outline, to_gcj02)
    plan = import_desk._plans.current()
    assert plan is not None
    unit = Rows.from_records(
        "admin_unit", [{"code": "9", "name": "远镇", "level": "town"}], [shapely.multipolygons([outline])]
    )
    replace_rows(plan.path, {"admin_unit": unit})
    path = tmp_path / "red_line.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"名称": "甲"}, "geometry": shapely.geometry.mapping(shifted)}
        ]}),
        encoding="utf-8",
    )  # fmt: skip
    dialog = show(import_desk, path, "red_line")
    ready = dialog.ready()
    assert ready is not None, dialog.notice.label.text()
    offer = dialog.summary.gcj02
    assert offer.isVisible() and "GCJ-02" in offer.label.text()
    click(offer.convert_button)
    settle(import_desk, dialog)
    ready = dialog.ready()
    assert ready is not None and ready.options.crs == "gcj02" and not offer.isVisible()
    assert shapely.hausdorff_distance(ready.proposal.geometry[0], outline) < 1e-7


def test_the_level_of_units_is_asked_and_written_to_all_rows(
    import_desk: ImportDesk,
    plan_file: Path,
    shapefile: Shapefile,  # noqa: F811
) -> None:
    dialog = show(import_desk, towns(shapefile), "admin_unit")
    assert dialog.question.isVisible() and dialog.question.values() == ["county", "town", "part", ""]
    assert dialog.question.chosen() is None and not dialog.question.take_button.isEnabled()
    assert "甲镇" in dialog.question.reason.text()
    answer(import_desk, dialog, "town")
    ready = dialog.ready()
    assert ready is not None and ready.proposal.columns["level"].tolist() == ["town"] * 3
    assert dialog.fields.constant_chooser("level").currentData() == "town"
    click(dialog.fields.reset_button)
    settle(import_desk, dialog)
    ready = dialog.ready()
    assert ready is not None and not dialog.question.isVisible(), "it is asked once"
    assert "intake.no_level" in {m.id for m in ready.proposal.notes}
    # Another file is another question, and it may be left open
    show(import_desk, towns(shapefile, 2, "街道"), "admin_unit")
    assert dialog.question.isVisible()
    answer(import_desk, dialog, "")
    ready = dialog.ready()
    assert ready is not None and "level" not in ready.proposal.columns


def test_codes_that_lie_elsewhere_in_the_plan_are_asked_about(
    import_desk: ImportDesk,
    shapefile: Shapefile,  # noqa: F811
) -> None:
    dialog = show(import_desk, mines(shapefile))
    click(dialog.bar.import_button)
    settle(import_desk, dialog)
    click(dialog.report.another_button)
    north = [shapely.transform(shape, lambda xy: xy + [0.0, 0.15]) for shape in SQUARES]
    path = mines(shapefile, north, name="历史遗留矿山二")
    dialog = show(import_desk, path, "legacy_mine")
    assert dialog.question.isVisible(), dialog.notice.label.text()
    assert "K1" in dialog.question.reason.text() and "--" not in dialog.question.reason.text()
    assert dialog.question.values() == ["", "BSM"] and dialog.question.chosen() is None
    answer(import_desk, dialog, "")
    ready = dialog.ready()
    assert ready is not None and ready.proposal.count("added") == 3 and "code" not in ready.proposal.columns
    dialog.form.target.choose("legacy_mine")
    show(import_desk, mines(shapefile, north, name="历史遗留矿山三"), "legacy_mine")
    answer(import_desk, dialog, "BSM")
    ready = dialog.ready()
    assert ready is not None and ready.proposal.count("updated") == 3


def test_one_value_for_all_rows_says_so_and_is_cleared(import_desk: ImportDesk, shapefile: Shapefile) -> None:  # noqa: F811
    dialog = show(import_desk, mines(shapefile))
    chooser = dialog.fields.constant_chooser("treated")
    as_it_is = text("import_dialog.as_in_source")
    assert chooser.itemText(0) == as_it_is and chooser.lineEdit().placeholderText() == as_it_is
    assert "3" in dialog.fields.table.horizontalHeaderItem(CONSTANT).toolTip()
    for clear in (lambda: chooser.lineEdit().clear(), lambda: _pick(chooser, 0)):
        _pick(chooser, chooser.findData("true"))
        settle(import_desk, dialog)
        assert dialog.ready().proposal.columns["treated"].tolist() == [True] * 3  # type: ignore[union-attr]
        clear()
        settle(import_desk, dialog)
        assert "treated" not in dialog.ready().proposal.columns and chooser.currentText() == ""  # type: ignore[union-attr]


def _pick(chooser: QComboBox, at: int) -> None:
    chooser.setCurrentIndex(at)
    chooser.activated.emit(at)


def test_a_row_whose_outline_moves_says_so_in_the_preview(import_desk: ImportDesk, shapefile: Shapefile) -> None:  # noqa: F811
    dialog = show(import_desk, mines(shapefile))
    click(dialog.bar.import_button)
    settle(import_desk, dialog)
    click(dialog.report.another_button)
    moved = [shapely.transform(SQUARES[0], lambda xy: xy + [0.0, 1e-4]), *SQUARES[1:]]  # 11.1 m to the north
    dialog = show(import_desk, mines(shapefile, moved, name="历史遗留矿山改"), "legacy_mine")
    model = dialog.preview.model
    column = model.column_of("geometry")
    assert column is not None and dialog.summary.chips.counts()["updated"] == "1"
    cell = model.index(0, column)
    assert "11.1" in cell.data() and cell.data(Qt.ItemDataRole.BackgroundRole) is not None
    assert model.index(1, column).data() is None
    values = [model.index(0, c) for c in range(column + 1, model.columnCount())]
    assert not any(v.data(Qt.ItemDataRole.BackgroundRole) for v in values), "only the outline changes"


def test_after_a_refusal_the_page_does_not_ask_for_a_first_file(import_desk: ImportDesk, tmp_path: Path) -> None:
    dialog = opened(import_desk)
    assert dialog.hint.words.text() == text("import_dialog.hint_choose")
    broken = tmp_path / "broken.shp"
    broken.write_bytes(b"\0" * 200)
    show(import_desk, broken)
    assert dialog.notice.isVisible() and dialog.hint.isVisible()
    assert dialog.hint.words.text() == text("import_dialog.hint_refused")
    dialog.choose_source("")
    settle(import_desk, dialog)
    assert dialog.hint.words.text() == text("import_dialog.hint_choose") and not dialog.notice.isVisible()


def test_the_report_sums_up_first_and_cuts_long_lists_that_the_saved_one_has_whole(
    import_desk: ImportDesk,
    shapefile: Shapefile,  # noqa: F811
) -> None:
    count = 30
    ties = [shapely.transform(BOW_TIE, lambda xy, i=i: xy + [0.0, i / 20]) for i in range(count)]
    names = [f"第{i}村" for i in range(count)]
    fields = [(b"BSM", [f"K{i}".encode() for i in range(count)]), (gbk("县区名称")[0], gbk(*names))]
    dialog = show(import_desk, shapefile("矿山", ties, fields, cpg="GBK"), "legacy_mine")
    assert dialog.ready() is not None, dialog.notice.label.text() + dialog.question.title.text()
    assert all(name in dialog.names.says.toolTip() for name in names) and names[-1] not in dialog.names.says.text()
    click(dialog.bar.import_button)
    settle(import_desk, dialog)
    imported = import_desk.last()
    assert imported is not None
    page = report_html(imported.report)
    heads = [
        page.index(f"<b>{text(f'import_dialog.section.{n}')}</b>") for n in ("outcome", "found", "names", "repairs")
    ]
    assert heads == sorted(heads)
    repairs = page[heads[-1] :]
    assert repairs.count("<li") == 21 and text("import_dialog.more_repairs", count="10") in repairs
    saved = render_import(imported.report, "矿山", "p.gpkg", "txt").decode("utf-8-sig")
    assert all(name in saved for name in names) and saved.count("m²") > count
    title = page[heads[2] : heads[3]].split('title="')[1].split('"')[0]
    assert all(name in title for name in names), "the whole list stands in the tooltip"
