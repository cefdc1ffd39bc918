"""Papers and photos of a project in QGIS: attached through the dialog, read by QGIS's own EXIF reader, used as a site."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsGeometry, QgsProject, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QMimeData, QPointF, QSize, Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QDropEvent, QImage, QTextDocument
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QLineEdit, QMessageBox

from restoration_planner.core.papers.attached import (
    COPIED,
    INSIDE,
    LINKED,
    Facts,
    Wanted,
    attach,
    content,
    papers_of,
)
from restoration_planner.plugin.projects.papers_desk import PapersDesk
from restoration_planner.plugin.projects.photo_facts import photo_facts
from restoration_planner.plugin.projects.work import ProjectWork
from restoration_planner.tests import photos
from restoration_planner.ui.papers_dialog import PapersDialog
from restoration_planner.ui.papers_dialog.thumbnails import BROKEN, TOO_LARGE, small_picture
from restoration_planner.ui.papers_html import papers_html

from .conftest import feature_of, sentences, wait_until

pytest.importorskip("PIL", reason="photos are made with Pillow")


@pytest.fixture
def desk(open_work: Callable[..., ProjectWork]) -> PapersDesk:
    """The desk of the small plan."""
    part = open_work(PapersDesk).parts[PapersDesk]
    assert isinstance(part, PapersDesk)
    return part


@pytest.fixture
def layer(desk: PapersDesk) -> QgsVectorLayer:
    found = desk.projects_layer()
    assert found is not None
    return found


@pytest.fixture
def dialog(desk: PapersDesk, layer: QgsVectorLayer) -> PapersDialog:
    """The dialog of project P1, opened by the action with P1 selected."""
    layer.selectByIds([feature_of(layer, "P1").id()])
    desk.actions[0].trigger()
    assert desk.dialog is not None and desk.dialog.isVisible()
    return desk.dialog


def plan_of(desk: PapersDesk) -> Path:
    return desk.plan().path


def keep(dialog: PapersDialog, how: str) -> None:
    dialog.keep.setCurrentIndex(dialog.keep.findData(how))


def finished(desk: PapersDesk) -> None:
    QApplication.processEvents()
    wait_until(lambda: not desk.is_busy() and not desk._tasks)
    QApplication.processEvents()


def question(dialog: PapersDialog) -> QMessageBox:
    boxes = [box for box in dialog.findChildren(QMessageBox) if box.isVisible()]
    assert len(boxes) == 1, [box.text() for box in boxes]
    return boxes[0]


def answer(dialog: PapersDialog, caption: str) -> None:
    box = question(dialog)
    button = next(b for b in box.buttons() if b.text().replace("&", "") == caption)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def shown(dialog: PapersDialog) -> list[list[str]]:
    model = dialog.model
    return [[model.data(model.index(r, c)) for c in range(model.columnCount())] for r in range(model.rowCount())]


def select(dialog: PapersDialog, *rows: int) -> None:
    dialog.table.clearSelection()
    flags = dialog.table.selectionModel().SelectionFlag
    for row in rows:
        dialog.table.selectionModel().select(dialog.model.index(row, 0), flags.Select | flags.Rows)
    QApplication.processEvents()


# --- what cameras write ----------------------------------------------------------------------------------------------


def test_our_photos_are_what_another_reader_finds_in_them(tmp_path: Path) -> None:
    """Pillow reads the block that the tests write; so QGIS is tried against something that is right."""
    from PIL import Image

    tags = Image.open(photos.photo(tmp_path / "a.jpg", 124.1, -41.060139))._getexif()
    assert tags[0x9003] == "2024:05:03 10:20:30" and tags[0x9011] == "+08:00"
    degrees = [float(v) for v in tags[0x8825][2]]
    assert tags[0x8825][1] == "S" and degrees == pytest.approx([41, 3, 36.5004])


@pytest.mark.parametrize("ending", ["jpg", "JPG", "png"])
def test_position_and_time_are_read(tmp_path: Path, ending: str) -> None:
    facts = photo_facts(photos.photo(tmp_path / f"现场 照片.{ending}", 124.0651, 41.0652))
    assert facts.taken_at == "2024-05-03T10:20:30+08:00"
    assert (facts.longitude, facts.latitude) == (pytest.approx(124.0651, abs=1e-7), pytest.approx(41.0652, abs=1e-7))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"longitude": None}, Facts("2024-05-03T10:20:30+08:00")),
        ({"longitude": 0.0, "latitude": 0.0}, Facts("2024-05-03T10:20:30+08:00")),
        ({"offset": None, "longitude": None}, Facts("2024-05-03T10:20:30")),
        ({"offset": "+99:99", "longitude": None}, Facts("2024-05-03T10:20:30")),
        ({"taken": "    :  :     :  :  ", "longitude": None}, Facts()),
        ({"taken": "2024:13:45 99:99:99", "longitude": None}, Facts()),
        ({"taken": None, "offset": None, "longitude": None}, Facts()),
    ],
)
def test_what_a_camera_does_not_know_is_not_made_up(tmp_path: Path, given: dict[str, Any], expected: Facts) -> None:
    assert photo_facts(photos.photo(tmp_path / "a.jpg", **given)) == expected


def test_damaged_and_other_files_tell_nothing(tmp_path: Path) -> None:
    whole = photos.photo(tmp_path / "a.jpg").read_bytes()
    for name, raw in (
        ("b.jpg", whole[:60]),
        ("c.jpg", b""),
        ("d.jpg", b"\xff\xd8\xff\xe1" + b"x" * 99),
        ("e.pdf", whole),
    ):
        (tmp_path / name).write_bytes(raw)
        assert photo_facts(tmp_path / name) == Facts()


# --- attaching -------------------------------------------------------------------------------------------------------


def test_a_photo_beside_the_plan_is_linked_with_what_the_camera_wrote(desk: PapersDesk, dialog: PapersDialog) -> None:
    file = photos.photo(plan_of(desk).parent / "IMG_1.jpg")
    dialog.add([str(file)])
    finished(desk)
    (paper,) = papers_of(plan_of(desk), desk.fid)
    assert (paper.path, paper.taken_at, paper.project_code) == ("IMG_1.jpg", "2024-05-03T10:20:30+08:00", "P1")
    (row,) = shown(dialog)
    assert row[0] == "IMG_1" and row[1] == "IMG_1.jpg" and row[3:] == ["2024-05-03 10:20", "124.06500°E 41.06500°N"]
    assert dialog.selected() == [paper.id] and "1 paper attached" in dialog.says.text()


def test_files_from_elsewhere_are_asked_about(desk: PapersDesk, dialog: PapersDialog, tmp_path: Path) -> None:
    (tmp_path.parent / f"{tmp_path.name}-camera").mkdir()
    file = photos.photo(tmp_path.parent / f"{tmp_path.name}-camera" / "a.jpg")
    dialog.add([str(file)])
    assert str(file) in question(dialog).text()
    answer(dialog, "Cancel")
    assert papers_of(plan_of(desk), desk.fid) == []
    dialog.add([str(file)])
    answer(dialog, "Copy beside the plan")
    finished(desk)
    (copy,) = papers_of(plan_of(desk), desk.fid)
    assert copy.path == "plan-0_papers/a.jpg" and content(plan_of(desk), copy.id) == file.read_bytes()
    dialog.add([str(file)])
    answer(dialog, "Link to the file")
    finished(desk)
    assert "outside the plan's folder" in shown(dialog)[1][1]


def test_a_dialog_opened_again_while_files_are_being_attached_waits_for_them(
    desk: PapersDesk, dialog: PapersDialog, layer: QgsVectorLayer
) -> None:
    photo = photos.photo(plan_of(desk).parent / "a.jpg", size=(3000, 2000))
    keep(dialog, INSIDE)
    dialog.add([str(photo)] * 5)
    assert desk.is_busy()
    dialog.close()
    desk.show_papers(feature_of(layer, "P1").id())
    again = desk.dialog
    assert again is not None and not again.add_button.isEnabled()
    finished(desk)
    assert again.add_button.isEnabled() and len(shown(again)) == 5


def test_files_dropped_on_the_dialog_are_attached(desk: PapersDesk, dialog: PapersDialog) -> None:
    keep(dialog, INSIDE)
    files = [photos.photo(plan_of(desk).parent / name) for name in ("a.jpg", "b.png")]
    data = QMimeData()
    data.setUrls([*(QUrl.fromLocalFile(str(f)) for f in files), QUrl("http://example.org/c.jpg")])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    dialog.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, Qt.KeyboardModifier.NoModifier))
    finished(desk)
    assert [(row[0], row[1]) for row in shown(dialog)] == [("a", "inside the plan"), ("b", "inside the plan")]
    assert [content(plan_of(desk), p.id) for p in papers_of(plan_of(desk), desk.fid)] == [f.read_bytes() for f in files]


def test_much_inside_the_plan_is_asked_about(desk: PapersDesk, dialog: PapersDialog) -> None:
    keep(dialog, INSIDE)
    large = plan_of(desk).parent / "航拍.tif"
    with large.open("wb") as file:
        file.truncate(21 << 20)
    dialog.add([str(large)])
    assert "21 MB" in question(dialog).text()
    answer(dialog, "Inside the plan file")
    finished(desk)
    assert plan_of(desk).stat().st_size > 21 << 20


def test_what_cannot_be_attached_is_told_in_the_dialog(desk: PapersDesk, dialog: PapersDialog) -> None:
    dialog.add([str(plan_of(desk))])
    finished(desk)
    assert dialog.notice.isVisible() and "plan itself" in dialog.notice.label.text()
    assert papers_of(plan_of(desk), desk.fid) == []


def test_attaching_leaves_an_edit_session_and_its_undo_alone(
    desk: PapersDesk, dialog: PapersDialog, layer: QgsVectorLayer
) -> None:
    layer.startEditing()
    layer.changeAttributeValue(desk.fid, layer.fields().indexOf("name"), "改过的名")
    dialog.add([str(photos.photo(plan_of(desk).parent / "a.jpg"))])
    finished(desk)
    assert len(papers_of(plan_of(desk), desk.fid)) == 1
    assert layer.isModified() and layer.undoStack().count() == 1
    assert layer.commitChanges() and layer.getFeature(desk.fid)["name"] == "改过的名"
    assert len(papers_of(plan_of(desk), desk.fid)) == 1


def test_a_project_that_is_not_saved_yet_is_told(desk: PapersDesk, layer: QgsVectorLayer, qgis_iface: Any) -> None:
    desk.show_papers(-5)
    layer.removeSelection()
    desk.show_selected()
    assert desk.dialog is None
    told = " ".join(sentences(qgis_iface.messageBar()))
    assert "not saved yet" in told and "Select one project" in told


# --- what is attached ------------------------------------------------------------------------------------------------


def test_titles_are_edited_in_the_list(desk: PapersDesk, dialog: PapersDialog) -> None:
    attach(plan_of(desk), desk.fid, [Wanted(photos.photo(plan_of(desk).parent / "a.jpg"))])
    desk.reload()
    select(dialog, 0)
    dialog.rename_button.click()
    editor = dialog.table.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "Approval")
    dialog.model.show_doubts({})  # as a small picture that is ready: what is being typed stays
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_until(lambda: shown(dialog)[0][0] != "a")
    assert shown(dialog)[0][0] == "Approval" == papers_of(plan_of(desk), desk.fid)[0].title


def test_removing_asks_first_and_leaves_the_file(desk: PapersDesk, dialog: PapersDialog) -> None:
    file = photos.photo(plan_of(desk).parent / "a.jpg")
    attach(plan_of(desk), desk.fid, [Wanted(file), Wanted(file, INSIDE)])
    desk.reload()
    select(dialog, 0, 1)
    QTest.keyClick(dialog.table, Qt.Key.Key_Delete)
    assert "cannot be had back" in question(dialog).informativeText()
    answer(dialog, "Cancel")
    assert len(papers_of(plan_of(desk), desk.fid)) == 2
    dialog.remove_button.click()
    answer(dialog, "Remove")
    assert papers_of(plan_of(desk), desk.fid) == [] and file.exists() and not dialog.body.is_full()


def test_opening_hands_a_local_file_to_the_system_and_cleans_up(
    desk: PapersDesk, dialog: PapersDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[QUrl, bytes]] = []

    def note(url: QUrl) -> bool:
        opened.append((url, Path(url.toLocalFile()).read_bytes()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", note)  # else a viewer would start
    file = photos.photo(plan_of(desk).parent / "a b #1.jpg")
    program = plan_of(desk).parent / "a.sh"
    program.write_text("#!/bin/sh", encoding="utf-8")
    attach(plan_of(desk), desk.fid, [Wanted(file), Wanted(file, INSIDE), Wanted(program)])
    desk.reload()
    for row in range(2):
        select(dialog, row)
        dialog.open_button.click()
    assert [url.scheme() for url, _ in opened] == ["file", "file"]
    assert opened[0][0].toLocalFile() == str(file) and [raw for _, raw in opened] == [file.read_bytes()] * 2
    written = Path(opened[1][0].toLocalFile())
    assert written.exists() and not written.stat().st_mode & 0o222
    select(dialog, 2)
    dialog.open_button.click()
    assert len(opened) == 2 and "not opened" in dialog.notice.label.text()
    desk.close()
    assert not written.exists() and not written.parent.parent.exists()


def test_a_missing_file_is_red_and_found_again(desk: PapersDesk, dialog: PapersDialog) -> None:
    folder = plan_of(desk).parent
    attach(plan_of(desk), desk.fid, [Wanted(photos.photo(folder / "a.jpg"))])
    (folder / "新").mkdir()
    (folder / "a.jpg").rename(folder / "新" / "b.jpg")
    desk.reload()
    index = dialog.model.index(0, 1)
    assert dialog.model.data(index) == "not there: a.jpg"
    assert dialog.model.data(index, Qt.ItemDataRole.ForegroundRole).name() == "#b3001b"
    select(dialog, 0)
    assert not dialog.open_button.isEnabled()
    dialog.find_button.click()
    finished(desk)
    assert str(folder / "新" / "b.jpg") in question(dialog).text()
    answer(dialog, "Use it")
    assert shown(dialog)[0][1] == "新/b.jpg"


def test_papers_of_projects_that_are_gone_can_be_taken_over(
    desk: PapersDesk, dialog: PapersDialog, layer: QgsVectorLayer
) -> None:
    gone = feature_of(layer, "P2").id()
    attach(plan_of(desk), gone, [Wanted(photos.photo(plan_of(desk).parent / "a.jpg"))])
    layer.startEditing()
    layer.deleteFeature(gone)
    assert layer.commitChanges()
    desk.reload()
    assert dialog.claim_button.isVisible() and "1 paper" in dialog.unclaimed.text()
    dialog.claim_button.click()
    assert "西岭采石" in question(dialog).text()
    answer(dialog, "Give to this project…")
    assert [row[0] for row in shown(dialog)] == ["a"] and not dialog.claim_button.isVisible()


def test_the_dialog_goes_with_its_plan(desk: PapersDesk, dialog: PapersDialog) -> None:
    maker = dialog.maker
    maker.want(1, lambda: b"")
    QgsProject.instance().clear()
    QApplication.processEvents()
    assert desk.dialog is None and (sip.isdeleted(maker) or not maker.isRunning())


# --- small pictures --------------------------------------------------------------------------------------------------


def test_small_pictures_are_made_beside_the_work(desk: PapersDesk, dialog: PapersDialog) -> None:
    folder = plan_of(desk).parent
    broken = folder / "broken.jpg"
    broken.write_bytes(b"\xff\xd8no picture")
    files = [photos.photo(folder / "a.jpg", colour=(200, 30, 30)), broken]
    attach(plan_of(desk), desk.fid, [*(Wanted(f) for f in files), Wanted(files[0], INSIDE)])
    desk.reload()
    model = dialog.model

    def picture(row: int) -> QImage:
        icon = model.data(model.index(row, 0), Qt.ItemDataRole.DecorationRole)
        return icon.pixmap(QSize(96, 64)).toImage()

    for row in range(3):
        picture(row)  # painted for the first time
    numbers = [p.id for p in papers_of(plan_of(desk), desk.fid)]
    wait_until(lambda: len(model._pictures) == 2 and model._why_none)
    for row in (0, 2):
        middle = picture(row).pixelColor(picture(row).width() // 2, picture(row).height() * 3 // 4)
        assert middle.red() > 150 > 80 > middle.green()
    assert "damaged" in model.data(model.index(1, 0), Qt.ItemDataRole.ToolTipRole)
    assert numbers[1] in model._why_none


def test_what_is_no_photo_or_huge_is_not_read(tmp_path: Path) -> None:
    from PIL import Image

    drawing = tmp_path / "a.png"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', encoding="utf-8")
    assert small_picture(drawing, QSize(96, 64)) == BROKEN
    assert small_picture(b"", QSize(96, 64)) == BROKEN
    Image.new("1", (9000, 9000)).save(tmp_path / "huge.png")
    began = time.monotonic()
    assert small_picture(tmp_path / "huge.png", QSize(96, 64)) == TOO_LARGE and time.monotonic() - began < 0.2
    tall = small_picture(photos.photo(tmp_path / "tall.jpg", size=(300, 3000)), QSize(96, 64))
    assert isinstance(tall, QImage) and tall.height() == 64 and tall.width() in (6, 7)


# --- photos as a site ------------------------------------------------------------------------------------------------


def test_photos_become_a_site_in_one_undo_step(desk: PapersDesk, dialog: PapersDialog, layer: QgsVectorLayer) -> None:
    folder = plan_of(desk).parent
    files = [photos.photo(folder / f"{i}.jpg", 124.08 + i / 100, 41.08) for i in range(2)]
    files.append(photos.photo(folder / "nowhere.jpg", None))
    dialog.add([str(f) for f in files])
    finished(desk)
    before = QgsGeometry(layer.getFeature(desk.fid).geometry())
    select(dialog, 2)
    assert not dialog.site.button.isEnabled()
    select(dialog, 0, 1, 2)
    assert "2 selected photos" in dialog.site.says.text()
    dialog.site.radius.setValue(100)
    dialog.site.button.click()
    after = layer.getFeature(desk.fid).geometry()
    assert after.constGet().numGeometries() == 3 and after.contains(before.pointOnSurface())
    assert layer.isEditable() and layer.undoStack().count() == 1
    assert desk.iface.activeLayer() is layer, "so that QGIS's own Undo is that of the projects"
    layer.undoStack().undo()
    assert layer.getFeature(desk.fid).geometry().equals(before)
    dialog.site.how.setCurrentIndex(1)
    dialog.site.button.click()
    assert layer.getFeature(desk.fid).geometry().constGet().numGeometries() == 2
    assert "6.28 ha" in dialog.says.text()


def test_photos_from_elsewhere_are_doubted(desk: PapersDesk, dialog: PapersDialog) -> None:
    dialog.add([str(photos.photo(plan_of(desk).parent / "peking.jpg", 116.4, 39.9))])
    finished(desk)
    assert shown(dialog)[0][4].endswith("⚠")
    layer = desk.projects_layer()
    assert layer is not None
    select(dialog, 0)
    dialog.site.button.click()
    assert not layer.isEditable(), "a site in Peking is none of this city's"
    assert "far from the city" in dialog.notice.label.text()
    dialog.notice.hide()
    select(dialog, 0)
    assert "outside the plan's city" in dialog.says.text()


def test_a_read_only_layer_is_told(desk: PapersDesk, dialog: PapersDialog, layer: QgsVectorLayer) -> None:
    dialog.add([str(photos.photo(plan_of(desk).parent / "a.jpg", 124.08, 41.08))])
    finished(desk)
    layer.setReadOnly(True)
    select(dialog, 0)
    dialog.site.button.click()
    assert dialog.notice.isVisible() and not layer.isEditable()


# --- the form's panel ------------------------------------------------------------------------------------------------


def test_the_forms_panel_shows_pictures_and_what_is_missing(desk: PapersDesk, dialog: PapersDialog) -> None:
    folder = plan_of(desk).parent
    assert "No papers" in papers_html(str(plan_of(desk)), desk.fid)
    photo, gone = photos.photo(folder / "a.jpg"), photos.photo(folder / "gone.jpg")
    attach(
        plan_of(desk),
        desk.fid,
        [
            Wanted(photo, LINKED, title="<b>x</b> & 'y'"),
            Wanted(photo, INSIDE, photo_facts(photo)),
            Wanted(gone),
            Wanted(photo, COPIED),
        ],
    )
    os.remove(gone)
    html = papers_html(str(plan_of(desk)), desk.fid)
    assert "&lt;b&gt;x&lt;/b&gt; &amp; &#x27;y&#x27;" in html and "<b>x</b>" not in html
    assert html.count("data:image/jpeg;base64,") == 3
    assert html.count("by its content") == 1, "the one that is missing says how it is found again"
    page = QTextDocument()
    page.setHtml(html.replace("<table>", "<table width=740>"))
    page.setTextWidth(740)
    table = page.rootFrame().childFrames()[0]
    cells = [page.documentLayout().blockBoundingRect(table.cellAt(0, c).firstCursorPosition().block()) for c in (0, 1)]
    assert 160 <= cells[0].width() <= 180, "as wide as the picture"
    assert cells[1].width() > 500
    assert "file not there: gone.jpg" in html and "inside the plan" in html and "2024-05-03 10:20" in html
    assert "<p>" in papers_html(str(folder / "none.gpkg"), 1)


def test_the_panel_of_many_photos_comes_at_once(desk: PapersDesk, dialog: PapersDialog) -> None:
    file = photos.photo(plan_of(desk).parent / "large.jpg", size=(6000, 4000))
    attach(plan_of(desk), desk.fid, [Wanted(file, title=str(i)) for i in range(60)])
    began = time.monotonic()
    html = papers_html(str(plan_of(desk)), desk.fid)
    assert time.monotonic() - began < 2 and html.count("<tr>") == 40 and "20 more" in html


def test_dialog_fits_a_small_screen(dialog: PapersDialog) -> None:
    assert dialog.width() <= 1366 and dialog.height() <= 768 and dialog.minimumHeight() <= 700
