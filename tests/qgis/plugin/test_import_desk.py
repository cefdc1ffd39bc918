"""Importing through the dialog: asked, looked at, done, told, and taken back; nothing happens that was not shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from osgeo import ogr
from pyproj import CRS
from qgis.core import QgsFeature, QgsGeometry, QgsSettings
from qgis.PyQt.QtCore import QMimeData, QPoint, Qt, QUrl
from qgis.PyQt.QtGui import QDropEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QMessageBox, QPushButton

from restoration_planner.core.commands.import_layer import run
from restoration_planner.core.plan.schema import TABLES
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan, read_plan
from restoration_planner.core.texts import set_language, text
from restoration_planner.plugin.importing import work as import_work
from restoration_planner.plugin.importing.desk import ImportDesk
from restoration_planner.plugin.open_plans import OpenPlans
from restoration_planner.tests.core.intake.conftest import shapefile  # noqa: F401  # a fixture
from restoration_planner.tests.qgis.plugin.conftest import sentences, wait_until
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
from restoration_planner.tests.small_plan import make_small_plan, small_tables
from restoration_planner.ui.import_dialog.attention import attention_of
from restoration_planner.ui.import_dialog.preview_model import FATE, is_changed

Shapefile = Callable[..., Path]


def rows_of(plan: Path, table: str) -> list[Any]:
    rows: Rows = read_plan(plan)[table]
    shapes = [] if rows.geometry is None else shapely.to_wkb(rows.geometry).tolist()
    return [rows.fids.tolist(), {name: column.tolist() for name, column in rows.columns.items()}, shapes]


def test_a_messy_file_is_looked_at_imported_and_taken_back_whole(
    import_desk: ImportDesk,
    plan_file: Path,
    plans: OpenPlans,
    shapefile: Shapefile,  # noqa: F811
    qgis_iface: Any,
) -> None:
    before = rows_of(plan_file, "legacy_mine")
    file = plan_file.read_bytes()
    dialog = show(import_desk, mines(shapefile, [*SQUARES[:2], BOW_TIE]))
    ready = dialog.ready()
    assert ready is not None, dialog.notice.label.text()
    assert dialog.form.target.shown_table() == "legacy_mine" and ready.suggested
    assert any(text("schema.legacy_mine") in line for line in attention_of(ready)), "a suggestion is said to be one"
    assert dialog.summary.chips.counts() == {"added": "3", "updated": "0", "unchanged": "0", "dropped": "0"}
    assert "GB18030" in dialog.form.encoding.currentText() and "EPSG:4490" in dialog.form.crs.currentText()
    assert "3" in dialog.bar.import_button.text() and dialog.bar.import_button.isEnabled()
    assert plan_file.read_bytes() == file, "looking touches nothing"

    assert dialog.fields.source_chooser("name").currentText() == "矿山名称"
    assert dialog.fields.leftovers.unused.table.item(0, 0).text() == "备用字段"
    cells = [dialog.preview.model.index(0, c).data() for c in range(dialog.preview.model.columnCount())]
    assert "东沟<b>矿" in cells and cells[FATE] == text("import_dialog.fate.added")
    assert dialog.repairs.model.rowCount() == 1
    dialog.tabs.setCurrentWidget(dialog.repairs)
    dialog.repairs.table.selectRow(0)
    outlined = dialog.repairs.view.outlined()
    mended = QgsGeometry.fromWkt(shapely.to_wkt(shapely.make_valid(BOW_TIE), rounding_precision=-1))
    assert outlined is not None and outlined.symDifference(mended).area() < 1e-12

    click(dialog.bar.import_button)
    settle(import_desk, dialog)
    assert dialog.pages.currentWidget() is dialog.report, dialog.notice.label.text()
    assert "&lt;b&gt;" in dialog.report.report.toHtml() or "东沟" not in dialog.report.report.toHtml()
    rows = read_plan(plan_file)["legacy_mine"]
    assert rows["name"].tolist() == ["东沟<b>矿", "西沟矿", "南沟矿"]
    plan = plans.current()
    assert plan is not None and plan.layer("legacy_mine").featureCount() == 3
    assert any("3" in sentence for sentence in sentences(qgis_iface.messageBar()))
    assert import_desk.last() is not None

    click(dialog.report.take_back_button)
    wait_until(lambda: not import_desk.is_busy())
    assert rows_of(plan_file, "legacy_mine") == before
    assert plan.layer("legacy_mine").featureCount() == 0
    assert import_desk.last() is None and not dialog.report.take_back_button.isEnabled()


def test_the_same_file_again_shows_what_would_change_cell_by_cell(
    import_desk: ImportDesk,
    plan_file: Path,
    shapefile: Shapefile,  # noqa: F811
) -> None:
    dialog = show(import_desk, mines(shapefile))
    click(dialog.bar.import_button)
    settle(import_desk, dialog)
    click(dialog.report.another_button)
    dialog = show(import_desk, mines(shapefile))
    assert dialog.summary.chips.counts()["unchanged"] == "3"
    assert not dialog.bar.import_button.isEnabled(), "there is nothing to import"
    chooser = dialog.fields.constant_chooser("treated")
    chooser.setCurrentIndex(chooser.findData("true"))
    chooser.activated.emit(chooser.currentIndex())
    settle(import_desk, dialog)
    assert dialog.summary.chips.counts()["updated"] == "3" and dialog.bar.import_button.isEnabled()
    ready = dialog.ready()
    assert ready is not None
    first = ready.proposal.previews(1)[0]
    assert is_changed(first, "treated") and not is_changed(first, "name")
    assert dialog.preview.model.column_of("geometry") is None, "no outline moves"
    cell = dialog.preview.model.index(0, dialog.preview.model.column_of("treated"))
    assert cell.data() == "yes" and cell.data(Qt.ItemDataRole.BackgroundRole) is not None
    assert text("import_dialog.empty_value") in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert not dialog.fields.source_chooser("treated").isEnabled()
    click(dialog.fields.reset_button)
    settle(import_desk, dialog)
    assert dialog.summary.chips.counts()["unchanged"] == "3"


def test_a_crs_that_contradicts_the_numbers_is_asked_and_the_answer_goes_on(
    import_desk: ImportDesk,
    plan_file: Path,
    shapefile: Shapefile,  # noqa: F811
) -> None:
    # Metres of zone 41 (123° E) at 124.07° E, in a file that states zone 40 (120° E)
    metres = [shapely.box(590_000 + 3000 * i, 4_542_000, 592_000 + 3000 * i, 4_544_000) for i in range(3)]
    path = mines(shapefile, metres, prj=CRS.from_epsg(4549).to_wkt("WKT1_ESRI"))
    before = plan_file.read_bytes()
    dialog = show(import_desk, path, "legacy_mine")
    assert dialog.question.isVisible() and dialog.ready() is None
    assert dialog.question.values() == ["EPSG:4550", "EPSG:4549"], "what lies in the city first, then as stated"
    assert not dialog.bar.import_button.isEnabled()
    first = dialog.question.answers.topLevelItem(0)
    assert all(first.text(column) for column in range(3)), "name, reason, and where it puts the data"
    assert plan_file.read_bytes() == before
    dialog.question.choose("EPSG:4550")
    click(dialog.question.take_button)
    settle(import_desk, dialog)
    ready = dialog.ready()
    assert ready is not None and not dialog.question.isVisible()
    west, south, east, north = shapely.total_bounds(ready.proposal.geometry)
    assert 124.0 < west < east < 124.2 and 41.0 < south < north < 41.1
    assert dialog.form.crs.currentData() == 4550
    assert dialog.form.crs.findData(4549) > 0, "the other candidate can still be chosen"


def test_several_layers_and_a_target_that_nothing_tells_are_asked(import_desk: ImportDesk, tmp_path: Path) -> None:
    path = tmp_path / "甲.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"abc":"1"},'
        '"geometry":{"type":"LineString","coordinates":[[124.01,41.01],[124.02,41.02]]}}]}',
        encoding="utf-8",
    )
    dialog = show(import_desk, path)
    if dialog.form.target.shown_table() is None:
        assert dialog.question.isVisible() and "river" in dialog.question.values()
        assert "red_line" not in dialog.question.values(), "lines do not go into areas"
        dialog.question.choose("river")
        click(dialog.question.take_button)
        settle(import_desk, dialog)
    ready = dialog.ready()
    assert ready is not None and ready.proposal.table.name == "river"
    assert dialog.map.view._layers.lines.featureCount() == 1
    # Another plan holds many layers: which one?
    other = tmp_path / "other.gpkg"
    make_small_plan(other)
    dialog.choose_source(str(other))
    settle(import_desk, dialog)
    assert dialog.question.isVisible() and "red_line" in dialog.question.values()
    dialog.question.choose("red_line")
    click(dialog.question.take_button)
    settle(import_desk, dialog)
    ready = dialog.ready()
    assert ready is not None and ready.proposal.table.name == "red_line"
    assert ready.proposal.count("unchanged") == 1


def test_a_workbook_with_several_sheets_asks_which_one(import_desk: ImportDesk, tmp_path: Path) -> None:
    path = tmp_path / "指标.xlsx"
    workbook = ogr.GetDriverByName("XLSX").CreateDataSource(str(path))
    for sheet, heads, cells in (
        ("封面", ("说明", "日期"), ("草稿", "2024")),
        ("名录", ("单元名称", "所属县"), ("东沟镇", "东县")),
    ):
        layer = workbook.CreateLayer(sheet)
        for head in heads:
            layer.CreateField(ogr.FieldDefn(head, ogr.OFTString))
        feature = ogr.Feature(layer.GetLayerDefn())
        for place, cell in enumerate(cells):
            feature.SetField(place, cell)
        layer.CreateFeature(feature)
    layer = feature = workbook = None
    dialog = show(import_desk, path, "unit_membership")
    assert dialog.question.isVisible(), dialog.notice.label.text()
    assert dialog.question.values() == ["封面", "名录"]
    dialog.form.target.choose("unit_membership")
    dialog.question.choose("名录")
    click(dialog.question.take_button)
    settle(import_desk, dialog)
    if dialog.question.isVisible():
        assert "unit_membership" in dialog.question.values() and "red_line" not in dialog.question.values()
        dialog.question.choose("unit_membership")
        click(dialog.question.take_button)
        settle(import_desk, dialog)
    ready = dialog.ready()
    assert ready is not None, dialog.notice.label.text()
    assert ready.proposal.columns["unit_name"].tolist() == ["东沟镇"]
    dialog.tabs.setCurrentWidget(dialog.map)
    assert not dialog.map.body.is_full(), "a table without coordinates has no map, and says so"


def test_near_names_are_chosen_or_kept(
    import_desk: ImportDesk,
    plan_file: Path,
    shapefile: Shapefile,  # noqa: F811
) -> None:
    fields = [(b"BSM", gbk("K1", "K2", "K3")), (gbk("县区名称")[0], gbk("西山县", "东县", "西山县"))]
    path = shapefile("矿山", SQUARES, fields)
    dialog = show(import_desk, path, "legacy_mine")
    ready = dialog.ready()
    assert ready is not None
    (doubt,) = ready.proposal.doubts
    assert doubt.written == "西山县" and doubt.candidates
    assert dialog.names.count_open() == 1
    assert ready.proposal.columns["county"].tolist() == ["西山县", "东县", "西山县"], "nothing is replaced unasked"
    box = dialog.names.chooser("西山县")
    box.setCurrentIndex(1)
    settle(import_desk, dialog)
    ready = dialog.ready()
    assert ready is not None and ready.proposal.columns["county"].tolist() == ["西县", "东县", "西县"]
    assert dialog.names.count_open() == 0
    dialog.names.chooser("西山县").setCurrentIndex(0)
    settle(import_desk, dialog)
    assert dialog.ready().proposal.columns["county"].tolist() == ["西山县", "东县", "西山县"]  # type: ignore[union-attr]


def test_what_cannot_be_read_is_one_sentence_in_the_dialog(import_desk: ImportDesk, tmp_path: Path) -> None:
    broken = tmp_path / "broken.shp"
    broken.write_bytes(b"\0" * 200)
    dialog = show(import_desk, broken)
    assert dialog.notice.isVisible() and "broken.shp" in dialog.notice.label.text()
    assert "Traceback" not in dialog.notice.label.text() and not dialog.bar.import_button.isEnabled()
    dialog.choose_source(str(tmp_path / "missing.gpkg"))
    settle(import_desk, dialog)
    assert "missing.gpkg" in dialog.notice.label.text()


def test_a_value_that_does_not_fit_its_field_is_said_and_can_be_put_right(
    import_desk: ImportDesk,
    shapefile: Shapefile,  # noqa: F811
) -> None:
    dialog = show(import_desk, mines(shapefile))
    line = dialog.fields.constant_chooser("treated").lineEdit()
    line.setText("perhaps")
    line.editingFinished.emit()
    settle(import_desk, dialog)
    assert dialog.notice.isVisible() and "perhaps" in dialog.notice.label.text()
    assert dialog.pages.currentWidget() is dialog.tabs, "the fields stay, to be put right"
    assert not dialog.bar.import_button.isEnabled()
    line.setText("")
    line.editingFinished.emit()
    settle(import_desk, dialog)
    assert not dialog.notice.isVisible() and dialog.bar.import_button.isEnabled()


def test_a_layer_that_is_being_edited_is_not_written_below(
    import_desk: ImportDesk,
    plan_file: Path,
    plans: OpenPlans,
    shapefile: Shapefile,  # noqa: F811
) -> None:
    dialog = show(import_desk, mines(shapefile))
    plan = plans.current()
    assert plan is not None
    layer = plan.layer("legacy_mine")
    layer.startEditing()
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt(SQUARES[0].wkt))
    layer.addFeature(feature)
    click(dialog.bar.import_button)
    assert layer.name() in dialog.notice.label.text() and not import_desk.is_busy()
    assert len(read_plan(plan_file)["legacy_mine"]) == 0
    layer.rollBack()
    click(dialog.bar.import_button)
    settle(import_desk, dialog)
    assert len(read_plan(plan_file)["legacy_mine"]) == 3


def test_rows_that_were_edited_since_are_taken_back_only_after_asking(
    import_desk: ImportDesk,
    plan_file: Path,
    plans: OpenPlans,
    shapefile: Shapefile,  # noqa: F811
    qgis_iface: Any,
) -> None:
    dialog = show(import_desk, mines(shapefile))
    click(dialog.bar.import_button)
    settle(import_desk, dialog)
    plan = plans.current()
    assert plan is not None
    layer = plan.layer("legacy_mine")
    layer.startEditing()
    feature = next(layer.getFeatures())
    layer.changeAttributeValue(feature.id(), layer.fields().indexOf("name"), "改过")
    assert layer.commitChanges()
    button = qgis_iface.messageBar().findChild(QPushButton, "restoration_planner_take_back_button")
    click(button)
    wait_until(lambda: not import_desk.is_busy())
    box = next(w for w in QApplication.allWidgets() if w.objectName() == "RestorationPlannerTakeBackQuestion")
    assert isinstance(box, QMessageBox) and "K1" in box.text()
    assert len(read_plan(plan_file)["legacy_mine"]) == 3, "not before the answer"
    anyway = next(b for b in box.buttons() if b.text() == text("import_dialog.take_back_anyway"))
    click(anyway)
    wait_until(lambda: import_desk.last() is None)
    assert len(read_plan(plan_file)["legacy_mine"]) == 0


def test_stopping_leaves_the_plan_alone_and_the_next_option_begins_anew(
    import_desk: ImportDesk,
    plan_file: Path,
    shapefile: Shapefile,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = plan_file.read_bytes()
    original = import_work.propose

    def slow(*args: Any) -> Any:
        args[-1].step(0.01, "intake.step_plan")
        while not args[-1].cancelled():
            time.sleep(0.005)
        return original(*args)

    monkeypatch.setattr(import_work, "propose", slow)
    dialog = opened(import_desk)
    dialog.choose_source(str(mines(shapefile)))
    wait_until(lambda: dialog.bar.cancel_button.isVisible() and dialog.bar.progress.value() >= 40)
    click(dialog.bar.cancel_button)
    settle(import_desk, dialog)
    assert text("import_dialog.cancelled") in dialog.notice.label.text()
    assert plan_file.read_bytes() == before
    monkeypatch.setattr(import_work, "propose", original)
    dialog.form.changed.emit()
    settle(import_desk, dialog)
    assert dialog.ready() is not None and not dialog.notice.isVisible()


def test_the_dialog_may_be_closed_while_work_runs(
    import_desk: ImportDesk,
    plan_file: Path,
    shapefile: Shapefile,  # noqa: F811
    qgis_iface: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dialog = opened(import_desk)
    dialog.choose_source(str(mines(shapefile)))
    wait_until(import_desk.is_busy)
    dialog.close()
    wait_until(lambda: not import_desk._tasks)
    assert import_desk._dialog is None

    # What is being written goes on, and its end is told on the message bar
    dialog = show(import_desk, mines(shapefile))
    original = import_work.carry_out

    def slow(*args: Any) -> Any:
        time.sleep(0.3)
        return original(*args)

    monkeypatch.setattr(import_work, "carry_out", slow)
    click(dialog.bar.import_button)
    assert import_desk.is_busy()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert import_desk._dialog is None
    wait_until(lambda: not import_desk.is_busy())
    assert len(read_plan(plan_file)["legacy_mine"]) == 3
    assert any("3" in sentence for sentence in sentences(qgis_iface.messageBar()))


def test_a_plan_that_has_changed_since_it_was_looked_at_is_looked_at_again(
    import_desk: ImportDesk,
    plan_file: Path,
    shapefile: Shapefile,  # noqa: F811
) -> None:
    path = mines(shapefile)
    dialog = show(import_desk, path)
    run(plan_file, "legacy_mine", path)  # somebody else imports the same file
    click(dialog.bar.import_button)
    settle(import_desk, dialog)
    assert dialog.notice.label.text() == text("import_dialog.plan_changed")
    assert dialog.summary.chips.counts()["unchanged"] == "3" and import_desk.last() is None
    assert len(read_plan(plan_file)["legacy_mine"]) == 3, "nothing is doubled"


def test_stopping_too_late_tells_what_was_done(
    import_desk: ImportDesk,
    plan_file: Path,
    shapefile: Shapefile,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dialog = show(import_desk, mines(shapefile))
    original = import_work.carry_out

    def written_then_stopped(*args: Any) -> Any:
        imported = original(*args)
        import_desk._writing.stop_wanted.set()  # type: ignore[union-attr]
        return imported

    monkeypatch.setattr(import_work, "carry_out", written_then_stopped)
    click(dialog.bar.import_button)
    settle(import_desk, dialog)
    assert dialog.pages.currentWidget() is dialog.report, "it was written, so it is told, and can be taken back"
    assert import_desk.last() is not None and len(read_plan(plan_file)["legacy_mine"]) == 3


def test_without_a_plan_there_is_a_sentence_instead_of_a_dialog(plans: OpenPlans, qgis_iface: Any) -> None:
    qgis_iface.messageBar().clearWidgets()
    desk = ImportDesk(qgis_iface, plans)
    assert desk.ask() is None
    assert sentences(qgis_iface.messageBar()) == [text("shell.open_first")]
    desk.close()
    qgis_iface.messageBar().clearWidgets()


def test_a_file_dropped_on_the_dialog_is_taken(import_desk: ImportDesk, shapefile: Shapefile) -> None:  # noqa: F811
    dialog = opened(import_desk)
    path = mines(shapefile)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPoint(50, 50),  # type: ignore[arg-type]
        Qt.DropAction.CopyAction,
        dropped,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    dialog.dropEvent(event)
    settle(import_desk, dialog)
    assert dialog.ready() is not None
    assert str(path) in (QgsSettings().value("restoration_planner/recent_imports") or [])


def test_reports_are_saved_with_names_escaped(
    import_desk: ImportDesk,
    tmp_path: Path,
    shapefile: Shapefile,  # noqa: F811
) -> None:
    dialog = show(import_desk, mines(shapefile, [*SQUARES[:2], BOW_TIE], name="矿山<i>&"))
    click(dialog.bar.import_button)
    settle(import_desk, dialog)
    imported = import_desk.last()
    assert imported is not None
    contents = {}
    for name in ("html", "txt", "csv"):
        target = tmp_path / f"report.{name}"
        import_desk.save_report(imported, name, target)
        wait_until(target.exists)
        wait_until(lambda: not import_desk._tasks)
        contents[name] = target.read_text(encoding="utf-8-sig")
    assert "矿山&lt;i&gt;&amp;" in contents["html"] and "矿山<i>" not in contents["html"]
    assert "矿山<i>&" in contents["txt"]
    lines = contents["csv"].splitlines()
    assert len(lines) == 2 and len(lines[0].split(",")) == 6, "a heading and the one feature that was mended"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_dialog_speaks_the_chosen_language_and_fits_a_small_screen(
    import_desk: ImportDesk,
    shapefile: Shapefile,  # noqa: F811
    lang: str,
) -> None:
    set_language(lang)
    dialog = show(import_desk, mines(shapefile))
    assert dialog.width() <= 1366 and dialog.height() <= 700
    assert dialog.minimumSizeHint().width() <= 1200 and dialog.minimumSizeHint().height() <= 700
    assert dialog.bar.import_button.text() == text("import_dialog.import_does", lang, added="3", updated="0")
    unnamed = [
        w
        for w in (dialog.form.layer, dialog.form.target, dialog.form.encoding, dialog.form.crs, dialog.preview.table)
        if not w.accessibleName() or "&" in w.accessibleName()
    ]
    assert not unnamed


def test_ten_thousand_features_do_not_hold_the_window_up(
    import_desk: ImportDesk, plan_file: Path, tmp_path: Path
) -> None:
    count = 10_000
    west = 124.0 + np.arange(count) % 100 * 0.001
    south = 41.0 + np.arange(count) // 100 * 0.0005
    shapes = shapely.multipolygons(shapely.box(west, south, west + 0.0009, south + 0.0004), indices=np.arange(count))
    tables = small_tables()
    codes = [f"L{i}" for i in range(count)]
    land = Rows.from_records("land_use", [{"code": c, "name": c} for c in codes], list(shapes))
    path = tmp_path / "land.gpkg"
    create_plan(path, PlanTables({**{n: tables[n] for n in TABLES}, "land_use": land}))
    dialog = opened(import_desk)
    dialog.choose_source(str(path))
    settle(import_desk, dialog)
    dialog.question.choose("land_use")
    click(dialog.question.take_button)
    longest, last, end = 0.0, time.monotonic(), time.monotonic() + 60
    while not (dialog.ready() is not None and not import_desk.is_busy() and dialog.layers.is_filled()):
        QApplication.processEvents()
        now = time.monotonic()
        longest, last = max(longest, now - last), now
        time.sleep(0.002)
        assert now < end
    assert dialog.summary.chips.counts()["added"] == "10,000"
    assert longest < 1.0, f"the window stood still for {longest:.2f} s"
