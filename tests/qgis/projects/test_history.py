"""History in QGIS: what forms save is recorded and signed, values and projects come back, two windows lose nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import shapely
from osgeo import ogr
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsSettings, QgsVectorLayer
from qgis.gui import QgsAttributeEditorContext, QgsAttributeForm
from qgis.PyQt.QtWidgets import QApplication, QLineEdit, QPushButton

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.history.saves import gone_projects, saves_of
from restoration_planner.core.plan.tables import Rows
from restoration_planner.core.store.geopackage import add_geometry_functions
from restoration_planner.core.store.plan_file import add_and_update_rows, read_plan
from restoration_planner.core.store.project_history import keeps_history, newest_record, read_history
from restoration_planner.core.texts import set_language
from restoration_planner.plugin.projects.history_desk import HistoryDesk
from restoration_planner.plugin.projects.work import ProjectWork
from restoration_planner.tests.qgis.projects.conftest import feature_of, sentences, wait_until
from restoration_planner.ui.history_html import history_html

SQUARE = "MULTIPOLYGON (((124.06 41.06, 124.08 41.06, 124.08 41.07, 124.06 41.07, 124.06 41.06)))"


@pytest.fixture
def desk(open_work: Callable[..., ProjectWork]) -> HistoryDesk:
    work = open_work(HistoryDesk)
    desk = work.parts[HistoryDesk]
    assert isinstance(desk, HistoryDesk)
    desk.sign_as("李工")
    return desk


@pytest.fixture
def layer(desk: HistoryDesk) -> QgsVectorLayer:
    found = desk.projects_layer()
    assert found is not None
    return found


@pytest.fixture
def path(desk: HistoryDesk) -> Path:
    return desk.plan().path


@pytest.fixture
def other_window(path: Path) -> Iterator[Callable[..., subprocess.CompletedProcess[str]]]:
    """Another QGIS without the plugin, as a process: ``other_window("layer.changeAttributeValue(1, 5, 'x')")``."""

    def run(edits: str, setup: str = "") -> subprocess.CompletedProcess[str]:
        script = _OTHER.format(path=str(path), edits=edits, setup=setup)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr + done.stdout
        return done

    yield run


_OTHER = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import *
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer({path!r} + "|layername=project", "p", "ogr")
assert layer.isValid() and layer.startEditing()
at = layer.fields().indexOf
{edits}
assert layer.commitChanges(), layer.commitErrors()
del layer
os._exit(0)
"""


def save(layer: QgsVectorLayer) -> None:
    assert layer.commitChanges(), layer.commitErrors()
    QApplication.processEvents()
    QApplication.processEvents()


def set_value(layer: QgsVectorLayer, code: str, field: str, value: object) -> int:
    layer.startEditing()
    fid: int = feature_of(layer, code).id()
    assert layer.changeAttributeValue(fid, layer.fields().indexOf(field), value)
    return fid


def told(path: Path) -> list[tuple[object, ...]]:
    return [(r.code, r.kind, r.field, r.old, r.new, r.who) for r in read_history(path)]


def said(desk: HistoryDesk) -> str:
    return "\n".join(sentences(desk.iface.messageBar()))


# --- what is recorded ---------------------------------------------------------------------------------


def test_what_a_form_saves_is_recorded_and_signed(desk: HistoryDesk, layer: QgsVectorLayer, path: Path) -> None:
    layer.startEditing()
    form = QgsAttributeForm(layer, feature_of(layer, "P1"), QgsAttributeEditorContext())
    editor = next(w for w in form.findChildren(QLineEdit) if w.objectName() == "name")
    editor.setText("西坡造林二期")
    assert form.save()
    save(layer)
    assert told(path) == [("P1", "changed", "name", "西坡造林", "西坡造林二期", "李工")]
    form.deleteLater()


def test_every_project_saved_again_as_it_is_leaves_no_history(layer: QgsVectorLayer, path: Path) -> None:
    layer.startEditing()
    for feature in list(layer.getFeatures()):
        assert layer.updateFeature(feature)
        layer.changeAttributeValue(feature.id(), layer.fields().indexOf("code"), feature["code"])
        layer.changeGeometry(feature.id(), QgsGeometry(feature.geometry()))
    save(layer)
    fids = {r.fid for r in read_history(path)}
    assert [saves_of(path, fid) for fid in fids] == [[] for _ in fids]


def test_a_drawn_a_moved_and_a_deleted_project_are_told(desk: HistoryDesk, layer: QgsVectorLayer, path: Path) -> None:
    layer.startEditing()
    feature = QgsFeature(layer.fields())
    feature["code"] = "P7"
    feature.setGeometry(QgsGeometry.fromWkt(SQUARE))
    layer.addFeature(feature)
    save(layer)
    fid = feature_of(layer, "P7").id()
    layer.startEditing()
    moved = QgsGeometry.fromWkt(SQUARE)
    moved.translate(0.01, 0)  # half of it lies where it lay
    layer.changeGeometry(fid, moved)
    save(layer)
    layer.startEditing()
    layer.deleteFeature(fid)
    save(layer)
    saves = saves_of(path, fid)
    assert [(s.kind, s.who) for s in saves] == [("deleted", "李工"), ("changed", "李工"), ("added", "李工")]
    (site,) = saves[1].changes
    assert site.site is not None and site.site.before is not None
    assert site.site.differs == pytest.approx(site.site.before, rel=1e-3)  # half goes, half comes
    assert "same area" in site.after or "differ" in site.after


def test_an_import_of_ours_is_signed_and_not_told_as_somebody_elses(
    desk: HistoryDesk, layer: QgsVectorLayer, path: Path
) -> None:
    add_and_update_rows(path, Rows.from_records("project", [{"code": "P8"}]), Rows.empty("project"), [])
    desk.watch.look(at_once=True)
    assert told(path) == [("P8", "added", None, None, None, "李工")]
    assert said(desk) == ""


def test_another_program_leaves_unsigned_records(
    desk: HistoryDesk, path: Path, other_window: Callable[..., Any]
) -> None:
    other_window("layer.changeAttributeValue(2, at('remark'), '<b>急</b>')")
    assert told(path) == [("P2", "changed", "remark", None, "<b>急</b>", None)]
    html = history_html(str(path), 2)
    assert "unknown (without the plugin)" in html and "&lt;b&gt;急&lt;/b&gt;" in html and "<b>急" not in html


def test_the_form_shows_the_history_in_both_languages(desk: HistoryDesk, layer: QgsVectorLayer, path: Path) -> None:
    assert "No changes are recorded yet" in history_html(str(path), 1)
    assert "not been saved yet" in history_html(str(path), -3) == history_html(str(path), None)
    assert "no-such" in history_html(str(path.with_name("no-such.gpkg")), 1)
    set_value(layer, "P1", "zone_codes", '{"1","2"}')
    layer.changeAttributeValue(1, layer.fields().indexOf("project_type"), "water")
    layer.changeAttributeValue(1, layer.fields().indexOf("temporary_land"), None)
    save(layer)
    english = history_html(str(path), 1)
    assert "西区, 东区" in english and "李工" in english and ">no</span> → (empty)" in english
    set_language("zh")
    chinese = history_html(str(path), 1)
    assert "西区、东区" in chinese and "所在分区" in chinese and ">否</span> → （空）" in chinese
    assert "water" not in english.replace("Water", "") and "forest_grass" not in english


def test_fields_of_ones_own_are_added_calculated_renamed_and_dropped(layer: QgsVectorLayer, path: Path) -> None:
    from qgis.core import QgsField
    from qgis.PyQt.QtCore import QVariant

    layer.startEditing()
    assert layer.addAttribute(QgsField("own", QVariant.String))
    save(layer)
    layer.startEditing()
    for feature in list(layer.getFeatures()):
        layer.changeAttributeValue(feature.id(), layer.fields().indexOf("own"), "x")
    save(layer)
    layer.startEditing()
    assert layer.renameAttribute(layer.fields().indexOf("own"), "mine")
    save(layer)
    layer.startEditing()
    assert layer.deleteAttribute(layer.fields().indexOf("mine"))
    save(layer)
    assert read_history(path) == [] and keeps_history(path)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as plan:
        assert "mine" not in {row[1] for row in plan.execute("PRAGMA table_info(project)")}


def test_gdals_own_ways_of_writing_are_recorded(tmp_path: Path, plan_file: Path) -> None:
    source = ogr.Open(str(plan_file), 1)
    table = source.GetLayerByName("project")
    feature = table.GetFeature(1)
    feature["status"] = "在建"
    table.SetFeature(feature)
    table.SetFeature(table.GetFeature(3))  # all of it, as it is
    source.ExecuteSQL("UPDATE project SET remark = 'x' WHERE fid = 2")
    table.DeleteFeature(5)
    del feature, table, source
    kinds = [(r.fid, r.kind, r.field) for r in read_history(plan_file)]
    assert kinds[:2] == [(1, "changed", "status"), (2, "changed", "remark")]
    assert {(fid, kind) for fid, kind, _ in kinds[2:]} == {(5, "deleted")}


def test_edits_in_qgis_transaction_groups_are_recorded_once_saved(
    desk: HistoryDesk, layer: QgsVectorLayer, path: Path
) -> None:
    project = QgsProject.instance()
    if hasattr(project, "setTransactionMode"):
        from qgis.core import Qgis

        project.setTransactionMode(Qgis.TransactionMode.AutomaticGroups)
    else:
        project.setAutoTransaction(True)
    set_value(layer, "P1", "name", "甲")
    layer.undoStack().undo()
    set_value(layer, "P1", "name", "乙")
    assert newest_record(path) == 0  # nobody else sees it yet
    save(layer)
    assert [r[-2:] for r in told(path)][-1] == ("乙", "李工")
    assert [c.after for s in saves_of(path, 1) for c in s.changes] == ["乙"]


# --- the way back -------------------------------------------------------------------------------------


def test_a_value_is_put_back_as_an_ordinary_edit(desk: HistoryDesk, layer: QgsVectorLayer, path: Path) -> None:
    fid = set_value(layer, "P1", "name", "错名")
    save(layer)
    layer.selectByIds([fid])
    desk.ask()
    assert desk.dialog is not None
    desk.dialog.table.selectRow(0)
    desk.dialog.put_back.click()
    assert layer.isModified() and feature_of(layer, "P1")["name"] == "西坡造林"
    layer.undoStack().undo()
    assert feature_of(layer, "P1")["name"] == "错名"
    layer.undoStack().redo()
    save(layer)
    assert [r[3:5] for r in told(path)] == [("西坡造林", "错名"), ("错名", "西坡造林")]
    assert desk.dialog.table.rowCount() == 2  # the window follows


def test_an_earlier_site_is_shown_and_put_back(desk: HistoryDesk, layer: QgsVectorLayer) -> None:
    layer.startEditing()
    before = QgsGeometry(feature_of(layer, "P1").geometry())
    fid = feature_of(layer, "P1").id()
    layer.changeGeometry(fid, QgsGeometry.fromWkt(SQUARE))
    save(layer)
    desk.show_history(fid)
    assert desk.dialog is not None
    desk.dialog.table.selectRow(0)
    desk.dialog.show_site.click()
    assert desk._outline.geometry() is not None and desk._outline.geometry().equals(before)
    desk.dialog.put_back.click()
    assert feature_of(layer, "P1").geometry().equals(before)
    desk.dialog.reject()
    assert desk._outline.geometry() is None and desk.dialog is None


def test_a_deleted_project_comes_back_as_it_was(desk: HistoryDesk, layer: QgsVectorLayer, path: Path) -> None:
    before = read_plan(path, ["project"])["project"]
    layer.startEditing()
    layer.deleteFeature(feature_of(layer, "P3").id())
    save(layer)
    desk.ask_gone()
    assert desk.gone_dialog is not None and desk.gone_dialog.table.rowCount() == 1
    desk.gone_dialog.table.selectRow(0)
    desk.gone_dialog.bring_back.click()
    assert layer.isModified()
    layer.undoStack().undo()
    assert not [f for f in layer.getFeatures() if f["code"] == "P3"]
    layer.undoStack().redo()
    save(layer)
    after = read_plan(path, ["project"])["project"]
    was, now = (rows["code"].tolist().index("P3") for rows in (before, after))
    for name in before.columns:
        assert before[name][was] == after[name][now], name
    assert before.geometry[was].equals(after.geometry[now])
    assert gone_projects(path) == [] and desk.gone_dialog.table.rowCount() == 0
    assert [s.kind for s in saves_of(path, int(after.fids[now]))] == ["added", "deleted"]


def test_the_list_can_be_narrowed_to_one_field(desk: HistoryDesk, layer: QgsVectorLayer) -> None:
    fid = set_value(layer, "P1", "name", "甲")
    layer.changeAttributeValue(fid, layer.fields().indexOf("status"), "在建")
    save(layer)
    desk.show_history(fid)
    assert desk.dialog is not None and desk.dialog.table.rowCount() == 2
    desk.dialog.field.setCurrentIndex(desk.dialog.field.findData("status"))
    assert desk.dialog.table.rowCount() == 1 and desk.dialog.table.item(0, 4).text() == "在建"


def test_without_one_chosen_project_it_says_so(desk: HistoryDesk, layer: QgsVectorLayer) -> None:
    layer.removeSelection()
    desk.ask()
    assert "Select one project first" in said(desk) and desk.dialog is None


def test_the_name_is_the_reviewers_until_another_is_given(desk: HistoryDesk, layer: QgsVectorLayer, path: Path) -> None:
    desk.sign_as("")
    QgsSettings().setValue("restoration_planner/reviewer", "审核员")
    desk.sign_as("")
    set_value(layer, "P1", "name", "甲")
    save(layer)
    desk.sign_as("  王 工 ")
    set_value(layer, "P1", "name", "乙")
    save(layer)
    assert [r[-1] for r in told(path)] == ["审核员", "王 工"]


def test_a_second_open_plan_is_signed_and_watched_too(
    desk: HistoryDesk, layer: QgsVectorLayer, path: Path, plan_file: Path
) -> None:
    desk.work.plans.open(plan_file, None)
    assert desk.plan().path == plan_file and desk.projects_layer() is not layer
    set_value(layer, "P1", "name", "甲")  # the one that is not at work
    save(layer)
    assert told(path) == [("P1", "changed", "name", "西坡造林", "甲", "李工")] and told(plan_file) == []


# --- two windows --------------------------------------------------------------------------------------


def test_fields_that_do_not_clash_both_stand(
    desk: HistoryDesk, layer: QgsVectorLayer, path: Path, other_window: Callable[..., Any]
) -> None:
    layer.startEditing()
    form = QgsAttributeForm(layer, feature_of(layer, "P2"), QgsAttributeEditorContext())
    other_window("layer.changeAttributeValue(2, at('status'), '在建')")
    editor = next(w for w in form.findChildren(QLineEdit) if w.objectName() == "name")
    editor.setText("我的名称")  # the form still shows the old status, and must not write it
    assert form.save()
    form.deleteLater()
    save(layer)
    row = read_plan(path, ["project"])["project"]
    assert (row["name"][1], row["status"][1]) == ("我的名称", "在建")
    assert "P2" in said(desk) and "Status" in said(desk) and "both changes stand" in said(desk)


def test_the_same_field_in_two_windows_is_told_and_the_others_value_can_come_back(
    desk: HistoryDesk, layer: QgsVectorLayer, path: Path, other_window: Callable[..., Any]
) -> None:
    set_value(layer, "P2", "name", "我的名称")
    other_window("layer.changeAttributeValue(2, at('name'), '别人的名称')")
    save(layer)
    assert read_plan(path, ["project"])["project"]["name"][1] == "我的名称"
    assert "had saved “Name”" in said(desk)
    assert [r[3:] for r in told(path)] == [("西岭采石", "别人的名称", None), ("别人的名称", "我的名称", "李工")]
    press(desk, "see_both")
    assert desk.dialog is not None
    desk.dialog.table.selectRow(0)
    desk.dialog.put_back.click()
    assert feature_of(layer, "P2")["name"] == "别人的名称"


def test_an_editor_is_told_at_once_and_reloading_keeps_his_edits_and_undo(
    desk: HistoryDesk, layer: QgsVectorLayer, path: Path, other_window: Callable[..., Any]
) -> None:
    set_value(layer, "P2", "name", "我的名称")
    other_window(
        "layer.changeAttributeValue(2, at('name'), '别人的'); layer.changeAttributeValue(1, at('name'), '另外')"
    )
    wait_until(lambda: "saved “Name” too" in said(desk), 15)
    press(desk, "reload")
    assert feature_of(layer, "P2")["name"] == "我的名称" and feature_of(layer, "P1")["name"] == "另外"
    assert layer.isEditable() and layer.undoStack().canUndo()
    layer.undoStack().undo()
    assert feature_of(layer, "P2")["name"] == "别人的"


def test_a_site_that_is_only_written_anew_is_not_told_as_changed(
    desk: HistoryDesk, layer: QgsVectorLayer, path: Path, other_window: Callable[..., Any]
) -> None:
    with closing(sqlite3.connect(str(path), isolation_level=None)) as plan:  # as programs store it that skip envelopes
        add_geometry_functions(plan)
        (blob,) = plan.execute("SELECT geom FROM project WHERE fid = 2").fetchone()
        plan.execute("UPDATE project SET geom = ? WHERE fid = 2", (b"GP\x00\x01" + blob[4:8] + blob[40:],))
    desk.watch.look(at_once=True)
    assert said(desk) == ""
    set_value(layer, "P2", "status", "在建")
    other_window("layer.changeAttributeValue(2, at('name'), '别人的')")
    save(layer)
    assert "“Name”" in said(desk) and "Site" not in said(desk)


def test_a_layer_that_is_not_edited_follows_by_itself(
    desk: HistoryDesk, layer: QgsVectorLayer, other_window: Callable[..., Any]
) -> None:
    other_window("layer.changeAttributeValue(1, at('name'), '别人的')")
    wait_until(lambda: "have been read again" in said(desk), 15)
    assert feature_of(layer, "P1")["name"] == "别人的"


def test_a_project_deleted_elsewhere_is_told_and_comes_back(
    desk: HistoryDesk, layer: QgsVectorLayer, path: Path, other_window: Callable[..., Any]
) -> None:
    set_value(layer, "P2", "name", "我的名称")
    other_window("layer.deleteFeature(2)")
    wait_until(lambda: "which you are editing, was deleted by" in said(desk), 15)
    press(desk, "return")
    assert feature_of(layer, "P2")["name"] == "我的名称"
    save(layer)
    row = read_plan(path, ["project"])["project"]
    assert (row.fids[1], row["name"][1], row["project_type"][1]) == (2, "我的名称", "mining")
    assert row.geometry[1].area > 0 and gone_projects(path) == []


def test_a_project_deleted_elsewhere_is_not_lost_by_saving(
    desk: HistoryDesk, layer: QgsVectorLayer, path: Path, other_window: Callable[..., Any]
) -> None:
    set_value(layer, "P2", "name", "我的名称")
    layer.changeGeometry(2, QgsGeometry.fromWkt(SQUARE))
    other_window("layer.deleteFeature(2)")
    saved = layer.commitChanges()
    for _ in range(2):
        QApplication.processEvents()
    if saved:  # older GDAL changes no row and calls it a success
        assert "your changes to it are not in the file" in said(desk)
        press(desk, "rescue")
    else:
        assert "Not saved: project P2 was deleted" in said(desk)
        press(desk, "return")
    assert feature_of(layer, "P2")["name"] == "我的名称"
    save(layer)
    row = read_plan(path, ["project"])["project"]
    at = row["code"].tolist().index("P2")
    assert (row["name"][at], row["project_type"][at]) == ("我的名称", "mining") and gone_projects(path) == []
    assert shapely.equals(row.geometry[at], shapely.from_wkt(SQUARE))


def test_our_two_savings_in_one_session_are_no_elsewhere(desk: HistoryDesk, layer: QgsVectorLayer, path: Path) -> None:
    set_value(layer, "P2", "name", "一")
    assert layer.commitChanges(False)
    QApplication.processEvents()
    set_value(layer, "P2", "name", "二")
    save(layer)
    desk.watch.look(at_once=True)
    assert said(desk) == ""
    assert [r[3:] for r in told(path)] == [("西岭采石", "一", "李工"), ("一", "二", "李工")]


def test_while_another_window_is_writing_edits_stay(desk: HistoryDesk, layer: QgsVectorLayer, path: Path) -> None:
    set_value(layer, "P2", "name", "我的名称")
    with closing(sqlite3.connect(str(path), isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        busy.execute("UPDATE project_history SET who = who")
        assert not layer.commitChanges()
        QApplication.processEvents()
        QApplication.processEvents()
        busy.execute("ROLLBACK")
    assert "was not saved" in said(desk) and "locked" in said(desk) and "nothing is lost" in said(desk)
    assert feature_of(layer, "P2")["name"] == "我的名称" and layer.undoStack().canUndo()
    save(layer)
    assert [r[3:] for r in told(path)] == [("西岭采石", "我的名称", "李工")]


def test_what_is_saved_as_the_project_is_closed_is_signed(desk: HistoryDesk, layer: QgsVectorLayer, path: Path) -> None:
    set_value(layer, "P2", "name", "我的名称")
    assert layer.commitChanges(), layer.commitErrors()
    QgsProject.instance().clear()  # as QGIS does at once where it asked whether to save
    assert [r[3:] for r in told(path)] == [("西岭采石", "我的名称", "李工")]


def test_what_is_told_of_another_window_goes_with_its_plan(
    desk: HistoryDesk, layer: QgsVectorLayer, other_window: Callable[..., Any]
) -> None:
    fid = set_value(layer, "P1", "name", "我的名称")
    other_window(f"layer.changeAttributeValue({fid}, at('name'), '他的名称')")
    desk.watch.look(at_once=True)
    assert "P1" in said(desk)
    layer.rollBack()
    QgsProject.instance().clear()
    QApplication.processEvents()
    assert desk.iface.messageBar().currentItem() is None


# --- read-only ----------------------------------------------------------------------------------------


def test_editing_a_read_only_plan_is_left_at_once_with_the_reason(
    desk: HistoryDesk, layer: QgsVectorLayer, path: Path
) -> None:
    mode = path.stat().st_mode
    path.chmod(mode & ~0o222)
    try:
        before = path.read_bytes() if os.name != "posix" else None
        started = layer.startEditing()
        for _ in range(3):
            QApplication.processEvents()
        assert not layer.isEditable()
        if started:  # root may open it
            assert "read-only" in said(desk) and "nothing was changed" in said(desk)
        assert before is None or path.read_bytes() == before
    finally:
        path.chmod(mode)
    set_value(layer, "P1", "name", "甲")
    save(layer)
    assert told(path)[-1][4] == "甲"


def test_a_folder_that_cannot_be_written_is_named(desk: HistoryDesk, layer: QgsVectorLayer, path: Path) -> None:
    mode = path.parent.stat().st_mode
    path.parent.chmod(mode & ~0o222)
    try:
        layer.startEditing()
        for _ in range(3):
            QApplication.processEvents()
        assert not layer.isEditable()
        assert path.parent.name in said(desk)
    finally:
        path.parent.chmod(mode)


def test_a_plan_that_becomes_read_only_while_it_is_edited_keeps_the_edits(
    desk: HistoryDesk, layer: QgsVectorLayer, path: Path
) -> None:
    set_value(layer, "P1", "name", "甲")
    mode = path.stat().st_mode
    path.chmod(mode & ~0o222)
    try:
        saved = layer.commitChanges(False)
        QApplication.processEvents()
        QApplication.processEvents()
        if not saved:
            assert "nothing is lost" in said(desk)
            assert feature_of(layer, "P1")["name"] == "甲"
    finally:
        path.chmod(mode)


def test_editing_any_layer_of_a_read_only_plan_is_left(desk: HistoryDesk, path: Path) -> None:
    zones = desk.plan().layer("restoration_zone")
    mode = path.stat().st_mode
    path.chmod(mode & ~0o222)
    try:
        zones.startEditing()
        for _ in range(3):
            QApplication.processEvents()
        assert not zones.isEditable() and "read-only" in said(desk)
    finally:
        path.chmod(mode)


def test_edits_made_at_once_on_a_read_only_plan_are_kept_and_it_is_said(
    desk: HistoryDesk, layer: QgsVectorLayer, path: Path
) -> None:
    mode = path.stat().st_mode
    path.chmod(mode & ~0o222)
    try:
        set_value(layer, "P1", "name", "甲")  # as another plugin does it, before QGIS's next turn
        for _ in range(3):
            QApplication.processEvents()
        assert "cannot be saved into it" in said(desk)
        assert layer.isEditable() and feature_of(layer, "P1")["name"] == "甲"
        with pytest.raises(PlannerError, match="read-only"), desk.work.groups.action("ours") as edit:
            edit.change_value(desk.plan().layer("restoration_zone"), 1, "name", "x")
    finally:
        path.chmod(mode)
    save(layer)
    assert told(path)[-1][4] == "甲"


def test_putting_back_into_a_read_only_plan_is_refused_with_the_reason(
    desk: HistoryDesk, layer: QgsVectorLayer, path: Path
) -> None:
    fid = set_value(layer, "P1", "name", "甲")
    save(layer)
    layer.setReadOnly(True)
    desk.show_history(fid)
    assert desk.dialog is not None
    desk.dialog.table.selectRow(0)
    desk.dialog.put_back.click()
    assert "read-only" in said(desk) and not layer.isModified()
    layer.setReadOnly(False)


def test_a_plan_opened_read_only_says_what_can_be_done(open_work: Callable[..., ProjectWork], plan_file: Path) -> None:
    mode = plan_file.stat().st_mode
    plan_file.chmod(mode & ~0o222)
    try:
        work = open_work(HistoryDesk, file=plan_file)
        desk = work.parts[HistoryDesk]
        assert isinstance(desk, HistoryDesk)
        assert "looked at and checked, not edited" in said(desk)
        with pytest.raises(PlannerError, match="read-only"):
            add_and_update_rows(plan_file, Rows.from_records("project", [{"code": "X"}]), Rows.empty("project"), [])
    finally:
        plan_file.chmod(mode)


def press(desk: HistoryDesk, name: str) -> None:
    bar = desk.iface.messageBar()
    button = next(b for b in bar.findChildren(QPushButton) if b.objectName() == f"restoration_planner_{name}_button")
    button.click()
    QApplication.processEvents()
