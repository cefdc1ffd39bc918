"""Exporting figures through the dialog: real widgets, the real second process, and QGIS usable meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsProject, QgsSettings, QgsVectorLayer
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QProgressBar, QPushButton

from restoration_planner.core.texts import set_language, text
from restoration_planner.plugin.figures import process as figures_process
from restoration_planner.plugin.figures.desk import FiguresDesk
from restoration_planner.plugin.figures.run import _layers_in_memory
from restoration_planner.plugin.open_plans import OpenPlans
from restoration_planner.tests.qgis.plugin.conftest import sentences, wait_until
from restoration_planner.tests.small_plan import make_small_plan
from restoration_planner.ui.figures_dialog import FiguresDialog
from restoration_planner.ui.figures_dialog.outcome_page import headline, outcome_text
from restoration_planner.ui.figures_dialog.values import Choices

#: Nothing may keep the window waiting longer than this (s) while figures are printed.
LONGEST_GAP = 1.0
MINUTES = 180


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    set_language("en")
    yield
    set_language(None)


@pytest.fixture
def desk(
    qgis_new_project: None, qgis_iface: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FiguresDesk]:
    """The desk with the plan on squared paper open, which has data for figures 4, 5, 8 and 10."""
    monkeypatch.setattr(qgis_iface, "mapCanvases", lambda: [qgis_iface.mapCanvas()], raising=False)
    QgsSettings().remove("restoration_planner")
    qgis_iface.messageBar().clearWidgets()
    qgis_iface.mapCanvas().setRenderFlag(False)
    plans = OpenPlans(QgsProject.instance())
    plans.open(make_small_plan(tmp_path / "plan.gpkg"), qgis_iface.mapCanvas())
    desk = FiguresDesk(qgis_iface, plans)
    yield desk
    desk.close()
    desk.deleteLater()
    plans.close()
    QgsProject.instance().clear()
    qgis_iface.messageBar().clearWidgets()
    qgis_iface.mapCanvas().setRenderFlag(True)


def opened(desk: FiguresDesk) -> FiguresDialog:
    dialog = desk.ask()
    assert dialog is not None
    QTest.qWaitForWindowExposed(dialog)
    return dialog


def choose(dialog: FiguresDialog, figures: tuple[int, ...], folder: Path, **choices: Any) -> None:
    """Check figures and put choices into the widgets."""
    QTest.mouseClick(dialog.figures.none_button, Qt.MouseButton.LeftButton)
    for number in figures:
        dialog.figures.check(number, True)
    dialog.form.show_choices(Choices(folder=str(folder), paper="A4", **choices))


def export(dialog: FiguresDialog) -> None:
    QTest.mouseClick(dialog.bar.export_button, Qt.MouseButton.LeftButton)


def finish(desk: FiguresDesk) -> None:
    wait_until(lambda: not desk.is_busy(), MINUTES)


def names(folder: Path) -> list[str]:
    """Everything in a folder, hidden files too."""
    return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []


# --- what can be chosen -------------------------------------------------------------------------


def test_a_figure_without_data_says_what_it_lacks_and_cannot_be_checked(desk: FiguresDesk) -> None:
    dialog = opened(desk)
    by_number = {figure.number: figure for figure in dialog._survey.figures}
    assert sorted(by_number) == list(range(1, 11))
    able = {number for number, figure in by_number.items() if not figure.lacks}
    assert {4, 5, 8, 10} <= able and {1, 2, 3} & able == set()
    assert "DEM" in by_number[1].lacks and "figures.yaml" in by_number[1].advice
    QTest.mouseClick(dialog.figures.all_button, Qt.MouseButton.LeftButton)
    assert set(dialog.numbers()) == able
    dialog.figures.check(1, True)
    assert set(dialog.numbers()) == able
    dialog.figures.look_at(1)
    assert dialog.figures.advice.text() == by_number[1].advice
    assert not dialog.bar.layout_button.isEnabled()
    dialog.figures.look_at(8)
    assert dialog.bar.layout_button.isEnabled()


def test_with_a_dem_the_relief_can_be_drawn(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    assert 1 not in dialog.numbers()
    dem = write_dem(tmp_path / "dem.tif")
    dialog.form.dem.choose(str(dem))
    dialog.form.dem.changed.emit()
    assert 1 in dialog.numbers()


def test_what_cannot_be_exported_is_said_on_the_button(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    choose(dialog, (8,), tmp_path / "out", formats=("pdf",))
    assert dialog.bar.export_button.isEnabled() and not dialog.bar.says.text()
    for figures, choices, key in (
        ((), {"formats": ("pdf",)}, "choose_figure"),
        ((8,), {"formats": ()}, "choose_format"),
        ((8,), {"formats": ("pdf",), "single": False, "bound": False}, "choose_files"),
    ):
        choose(dialog, figures, tmp_path / "out", **choices)
        assert not dialog.bar.export_button.isEnabled()
        assert dialog.bar.says.text() == text(f"figures_dialog.{key}")
    choose(dialog, (8,), tmp_path / "out", single=False, bound=True)
    assert dialog.bar.export_button.isEnabled()
    assert not dialog.form.formats["png"].isEnabled()


def test_files_that_would_be_left_are_shown_before(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    folder = tmp_path / "out"
    folder.mkdir()
    choose(dialog, (8,), folder, formats=("pdf", "png"))
    assert dialog.existing_files() == [] and not dialog.form.existing.text()
    stem = next(figure.stem for figure in dialog._survey.figures if figure.number == 8)
    (folder / f"{stem}.png").write_bytes(b"mine")
    (folder / "other.png").write_bytes(b"another")
    choose(dialog, (8,), folder, formats=("pdf", "png"))
    assert dialog.existing_files() == [f"{stem}.png"]
    assert dialog.form.existing.text() == text("figures_dialog.existing_left", count=1, first=f"{stem}.png")
    dialog.form.force.setChecked(True)
    assert dialog.form.existing.text() == text("figures_dialog.existing_replaced", count=1, first=f"{stem}.png")


def test_choices_are_remembered_for_the_plan_but_not_that_files_are_replaced(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    chosen = Choices(
        formats=("svg",), paper="A1", arrangement="tall", bound=True, series=True, folder=str(tmp_path), force=True
    )
    dialog.figures.check(8, False)
    dialog.form.show_choices(chosen)
    dialog.close()
    again = opened(desk)
    assert again is not dialog
    assert again.choices() == Choices(**{**vars(chosen), "force": False, "left_out": (8,)})


def test_the_keyboard_is_enough(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    dialog.figures.tree.setFocus()
    dialog.figures.look_at(8)
    assert 8 in dialog.numbers()
    QTest.keyClick(dialog.figures.tree, Qt.Key.Key_Space)
    assert 8 not in dialog.numbers()
    QTest.keyClick(dialog.figures.tree, Qt.Key.Key_Space)
    assert 8 in dialog.numbers()
    letters = []
    for button in dialog.findChildren(QPushButton):
        if "&" in button.text() and button.isVisible():
            letters.append(button.text()[button.text().index("&") + 1].lower())
    assert len(letters) == len(set(letters)) >= 4
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_format_that_cannot_be_written_here_is_greyed_with_the_reason(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    dialog.form.rule_out("geopdf", "no such writer")
    choose(dialog, (8,), tmp_path, formats=("geopdf",))
    box = dialog.form.formats["geopdf"]
    assert not box.isEnabled() and not box.isChecked() and box.toolTip() == "no such writer"
    assert dialog.choices().formats == () and not dialog.bar.export_button.isEnabled()


# --- exporting ----------------------------------------------------------------------------------


def test_figures_are_printed_by_another_process_while_the_window_stays_usable(
    desk: FiguresDesk, tmp_path: Path, record_property: Any
) -> None:
    dialog = opened(desk)
    folder = tmp_path / "out"
    choose(dialog, (4, 8), folder, formats=("pdf", "png"), bound=True)
    ticks: list[float] = []
    heartbeat = QTimer()
    heartbeat.setInterval(5)
    heartbeat.timeout.connect(lambda: ticks.append(time.perf_counter()))
    heartbeat.start()
    said: list[tuple[float, str]] = []
    printing_from: list[float] = []
    export(dialog)
    run = desk.run()
    assert run is not None
    run.progressed.connect(lambda share, told: said.append((share, told)))
    wait_until(lambda: run.process_id() or not desk.is_busy(), MINUTES)
    process = run.process_id()
    printing_from.append(time.perf_counter())
    assert process and process != os.getpid()
    finish(desk)
    heartbeat.stop()
    while_printing = [t for t in ticks if t >= printing_from[0]]
    laying_out = max(b - a for a, b in zip(ticks, ticks[1:]) if b <= printing_from[0] + 0.01)
    printing = max(b - a for a, b in zip(while_printing, while_printing[1:]))
    record_property("longest_gap_laying_out_ms", round(1000 * laying_out))
    record_property("longest_gap_printing_ms", round(1000 * printing))
    print(f"longest gap: laying out {1000 * laying_out:.0f} ms, printing {1000 * printing:.0f} ms")
    outcome = dialog.outcome.outcome()
    assert outcome is not None and not outcome.failed, (outcome.failed, outcome.details)
    assert sorted(file.name for file in outcome.files) == names(folder) and len(names(folder)) == 5
    assert printing < LONGEST_GAP
    assert [share for share, _ in said] == sorted(share for share, _ in said)
    assert len({told for _, told in said}) >= 5
    assert not Path(f"/proc/{process}").exists()


def test_a_page_for_each_county_goes_out_and_is_known_to_exist_afterwards(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    assert dialog.form.series.isEnabled() and "2" in dialog.form.series.toolTip()
    folder = tmp_path / "out"
    choose(dialog, (8,), folder, formats=("svg",), series=True)
    export(dialog)
    finish(desk)
    outcome = dialog.outcome.outcome()
    assert outcome is not None and not outcome.failed, (outcome.failed, outcome.details)
    stem = next(figure.stem for figure in dialog._survey.figures if figure.number == 8)
    assert names(folder) == [f"{stem}.svg", f"{stem}_01_东县.svg", f"{stem}_02_西县.svg"]
    QTest.mouseClick(dialog.outcome.again_button, Qt.MouseButton.LeftButton)
    assert sorted(dialog.existing_files()) == names(folder)
    dialog.form.series.setChecked(False)
    assert dialog.existing_files() == [f"{stem}.svg"]


def test_the_list_at_the_end_names_what_was_written_and_what_was_not(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    folder = tmp_path / "out"
    folder.mkdir()
    stem = next(figure.stem for figure in dialog._survey.figures if figure.number == 8)
    (folder / f"{stem}.png").write_bytes(b"mine")
    choose(dialog, (8,), folder, formats=("pdf", "png"))
    export(dialog)
    finish(desk)
    assert (folder / f"{stem}.png").read_bytes() == b"mine"
    assert names(folder) == [f"{stem}.pdf", f"{stem}.png"]
    shown = dialog.outcome.list.toPlainText()
    assert f"{stem}.pdf" in shown and text("figures.exists", file=f"{stem}.png") in shown
    links = []
    dialog.link_clicked.disconnect()
    dialog.link_clicked.connect(lambda url: links.append(url.toLocalFile()))
    dialog.outcome.list.anchorClicked.emit(dialog.outcome.list.source())
    assert f'href="file://{folder}' in dialog.outcome.list.toHtml().replace("%20", " ") and len(links) == 1
    QTest.mouseClick(dialog.outcome.copy_button, Qt.MouseButton.LeftButton)
    outcome = dialog.outcome.outcome()
    assert outcome is not None
    assert QGuiApplication.clipboard().text() == outcome_text(outcome)
    assert stem in outcome_text(outcome)
    QTest.mouseClick(dialog.outcome.again_button, Qt.MouseButton.LeftButton)
    assert dialog.pages.currentWidget() is dialog.choosing and dialog.bar.export_button.isVisible()


def test_stopping_takes_less_than_a_second_and_leaves_nothing_half_made(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    folder = tmp_path / "out"
    choose(dialog, (4, 5, 8, 10), folder, formats=("pdf", "png", "svg"))
    export(dialog)
    run = desk.run()
    assert run is not None
    wait_until(lambda: any(folder.glob(".figures-*/*")) if folder.is_dir() else False, MINUTES)
    begun = time.perf_counter()
    QTest.mouseClick(dialog.bar.stop_button, Qt.MouseButton.LeftButton)
    finish(desk)
    assert time.perf_counter() - begun < 1
    outcome = dialog.outcome.outcome()
    assert outcome is not None and outcome.cancelled and not outcome.failed
    assert names(folder) == sorted(file.name for file in outcome.files)
    assert headline(outcome)[0] in dialog.outcome.title.text()


def test_a_process_that_crashes_is_said_with_what_was_written(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    folder = tmp_path / "out"
    choose(dialog, (4, 5, 8), folder, formats=("svg", "png"))
    export(dialog)
    run = desk.run()
    assert run is not None
    wait_until(lambda: run.outcome.files, MINUTES)
    os.kill(run.process_id(), 11)
    finish(desk)
    outcome = dialog.outcome.outcome()
    assert outcome is not None and outcome.files
    assert outcome.failed == text("figures_dialog.crashed", code=11)
    assert names(folder) == sorted(file.name for file in outcome.files)
    assert outcome.failed in dialog.outcome.list.toPlainText()


def test_a_project_closed_while_figures_are_laid_out_is_said_in_a_sentence(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    choose(dialog, (4, 8, 10), tmp_path / "out", formats=("pdf",))
    export(dialog)
    run = desk.run()
    assert run is not None
    plan = desk._plan
    assert plan is not None
    wait_until(lambda: run._prepared, MINUTES)
    QgsProject.instance().clear()
    finish(desk)
    outcome = dialog.outcome.outcome()
    assert outcome is not None and outcome.failed and not outcome.details and not outcome.files
    assert outcome.failed == text("layers.plan_closed", plan=plan.name)
    assert names(tmp_path / "out") == []


def test_a_folder_that_cannot_be_written_is_said(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    folder = tmp_path / "file"
    folder.write_text("no folder", encoding="utf-8")
    choose(dialog, (8,), folder, formats=("pdf",))
    export(dialog)
    finish(desk)
    outcome = dialog.outcome.outcome()
    assert outcome is not None and not outcome.files
    assert str(folder) in outcome.failed and "Traceback" not in outcome.failed


@pytest.mark.parametrize("program", [None, "/bin/false", "/not/there"])
def test_where_no_second_process_prints_qgis_does_and_says_so(
    desk: FiguresDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str | None
) -> None:
    monkeypatch.setattr(figures_process, "python_program", lambda: Path(program) if program else None)
    dialog = opened(desk)
    folder = tmp_path / "out"
    choose(dialog, (8,), folder, formats=("svg", "pdf"), bound=True)
    export(dialog)
    finish(desk)
    outcome = dialog.outcome.outcome()
    assert outcome is not None and not outcome.failed and outcome.details
    assert text("figures_dialog.printed_here") in outcome.notes and dialog.outcome.details_button.isVisible()
    assert sorted(file.name for file in outcome.files) == names(folder) and len(outcome.files) == 3


def test_printing_in_qgis_itself_can_be_stopped_between_two_files(
    desk: FiguresDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures_process, "python_program", lambda: None)
    dialog = opened(desk)
    folder = tmp_path / "out"
    choose(dialog, (4, 8), folder, formats=("svg", "pdf"))
    export(dialog)
    run = desk.run()
    assert run is not None
    wait_until(lambda: run.outcome.files, MINUTES)
    QTest.mouseClick(dialog.bar.stop_button, Qt.MouseButton.LeftButton)
    finish(desk)
    outcome = dialog.outcome.outcome()
    assert outcome is not None and outcome.cancelled and len(outcome.files) == 1
    assert names(folder) == [outcome.files[0].name]


def test_closing_the_dialog_leaves_the_export_running_on_the_message_bar(
    desk: FiguresDesk, tmp_path: Path, qgis_iface: Any
) -> None:
    dialog = opened(desk)
    choose(dialog, (8,), tmp_path / "out", formats=("pdf",))
    export(dialog)
    dialog.close()
    bar = qgis_iface.messageBar()
    assert desk.is_busy() and bar.findChild(QProgressBar) is not None
    finish(desk)
    assert any(text("figures_dialog.written", count=1) in sentence for sentence in sentences(bar))
    show = bar.findChild(QPushButton, "restoration_planner_figures_list_button")
    QTest.mouseClick(show, Qt.MouseButton.LeftButton)
    assert dialog.isVisible() and dialog.pages.currentWidget() is dialog.outcome


def test_when_qgis_closes_the_process_ends_and_nothing_is_left(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    folder = tmp_path / "out"
    choose(dialog, (4, 5, 8, 10), folder, formats=("pdf", "png"))
    export(dialog)
    run = desk.run()
    assert run is not None
    wait_until(lambda: any(folder.glob(".figures-*")) if folder.is_dir() else False, MINUTES)
    process, workplace = run.process_id(), run._workplace
    desk.close()
    assert not Path(f"/proc/{process}").exists()
    assert workplace is not None and not workplace.exists()
    assert [name for name in names(folder) if name.startswith(".")] == []


def test_scratch_layers_on_an_adjusted_layout_are_named(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    choose(dialog, (8,), tmp_path / "out", formats=("svg",))
    export(dialog)
    finish(desk)
    scratch = QgsVectorLayer("Point?crs=EPSG:4490", "notes in memory", "memory")
    QgsProject.instance().addMapLayer(scratch)
    (layout,) = QgsProject.instance().layoutManager().printLayouts()
    main = layout.itemById("map")
    main.setLayers([scratch, *main.layers()])
    assert _layers_in_memory(QgsProject.instance(), {layout.name()}) == ["notes in memory"]
    assert _layers_in_memory(QgsProject.instance(), {"another"}) == []


# --- unsaved edits ------------------------------------------------------------------------------


def edit_a_zone(desk: FiguresDesk) -> Any:
    plan = desk._plans.current()
    assert plan is not None
    layer = plan.layer("restoration_zone")
    assert layer.startEditing()
    feature = next(layer.getFeatures())
    assert layer.changeAttributeValue(feature.id(), layer.fields().indexOf("name"), "改过的西区")
    assert layer.isModified()
    return layer


@pytest.mark.parametrize("answer", ["save", "stored", "cancel"])
def test_unsaved_edits_are_asked_about(desk: FiguresDesk, tmp_path: Path, answer: str) -> None:
    dialog = opened(desk)
    layer = edit_a_zone(desk)
    folder = tmp_path / "out"
    choose(dialog, (8,), folder, formats=("svg",))
    export(dialog)
    box = desk.question()
    assert box is not None and layer.name() in box.text() and not desk.is_busy()
    if answer == "cancel":
        box.reject()
        assert not desk.is_busy() and not folder.exists() and layer.isModified()
    else:
        QTest.mouseClick(box.findChild(QPushButton, f"figures_{answer}_button"), Qt.MouseButton.LeftButton)
        assert layer.isEditable() and layer.isModified() == (answer == "stored")
        finish(desk)
        (file,) = folder.iterdir()
        drawn = "改过的西区" in file.read_text(encoding="utf-8")
        assert drawn == (answer == "save")
        outcome = dialog.outcome.outcome()
        assert outcome is not None
        assert any(layer.name() in note for note in outcome.notes) == (answer == "stored")
    layer.rollBack()


def write_dem(path: Path) -> Path:
    """Ground that rises to the east."""
    import numpy as np
    from osgeo import gdal, osr

    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 40, 30, 1, gdal.GDT_Float32)
    dataset.SetGeoTransform((123.95, 0.01, 0, 41.2, 0, -0.01))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(4326)
    dataset.SetProjection(crs.ExportToWkt())
    dataset.GetRasterBand(1).WriteArray(np.tile(np.linspace(100, 900, 40, dtype=np.float32), (30, 1)))
    dataset.FlushCache()
    return path


# --- the preview --------------------------------------------------------------------------------


def test_the_figure_that_is_looked_at_is_shown_without_touching_the_project(desk: FiguresDesk, tmp_path: Path) -> None:
    dialog = opened(desk)
    preview, project = dialog.figures.preview, QgsProject.instance()
    before = sorted(project.mapLayers()), project.isDirty(), len(project.layoutManager().printLayouts())
    dialog.figures.look_at(8)
    assert preview.number() == 8 and not preview.has_picture()
    wait_until(preview.has_picture, MINUTES)
    zones = preview.pixmap().toImage()
    assert len({zones.pixel(x, y) for x in range(0, zones.width(), 3) for y in range(0, zones.height(), 3)}) > 20
    dialog.figures.look_at(1)
    assert preview.number() is None and preview.text() == text("figures_dialog.preview_lacks")
    dialog.figures.look_at(8)
    assert preview.has_picture()  # it is known already
    assert (sorted(project.mapLayers()), project.isDirty(), len(project.layoutManager().printLayouts())) == before
    previews = desk._previews
    assert previews is not None
    workplace = previews._workplace
    assert workplace is not None and workplace.is_dir()
    dialog.close()
    assert not workplace.exists()
