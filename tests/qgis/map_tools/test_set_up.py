"""What opening a plan sets in the project, what it leaves alone, and what is left after unloading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsProject, QgsSettings, QgsSnappingConfig, QgsTolerance, QgsVectorLayer
from qgis.PyQt.QtWidgets import QAction, QMenu, QToolBar

from restoration_planner.core.store.plan_file import create_plan
from restoration_planner.layers.opening import open_plan
from restoration_planner.plugin.map_tools.ground import AREAS, UNITS, ZONES
from restoration_planner.tests.qgis.map_tools.conftest import Bench, squared_plan

MODE = QgsProject.AvoidIntersectionsMode


def snapped(project: QgsProject) -> dict[str, tuple[bool, float]]:
    each = project.snappingConfig().individualLayerSettings()
    return {
        layer.customProperty("restoration_planner/table"): (each[layer].enabled(), each[layer].tolerance())
        for layer in each
    }


def test_opening_a_plan_prepares_the_project(bench: Bench) -> None:
    project = QgsProject.instance()
    config = project.snappingConfig()
    assert project.topologicalEditing()
    assert config.enabled() and config.mode() == QgsSnappingConfig.SnappingMode.AdvancedConfiguration
    on = {table for table, (enabled, _) in snapped(project).items() if enabled}
    assert on == {ZONES, AREAS, UNITS, "river"}
    towns = config.individualLayerSettings(bench.layer(UNITS))
    assert towns.tolerance() == 12 and towns.units() == QgsTolerance.UnitType.Pixels
    wanted = QgsSnappingConfig.VertexFlag | QgsSnappingConfig.SegmentFlag
    assert int(towns.typeFlag()) == int(wanted)


def test_what_the_user_changed_later_is_kept_on_opening_again(bench: Bench, tmp_path: Path) -> None:
    project = QgsProject.instance()
    project.setTopologicalEditing(False)
    config = project.snappingConfig()
    config.setEnabled(False)
    project.setSnappingConfig(config)
    path = bench.plans.current().path  # type: ignore[union-attr]
    project.removeMapLayer(bench.layer("river"))
    open_plan(path, project)  # the river comes back, the settings stay the user's
    assert not project.topologicalEditing() and not project.snappingConfig().enabled()
    saved = str(tmp_path / "project.qgz")
    assert project.write(saved)
    project.clear()
    assert project.read(saved)
    open_plan(path, project)
    assert not project.topologicalEditing() and not project.snappingConfig().enabled()


def test_snapping_the_user_had_on_before_is_left_alone(qgis_new_project: None, tmp_path: Path) -> None:
    project = QgsProject.instance()
    project.addMapLayer(QgsVectorLayer("Point?crs=EPSG:4490", "mine", "memory"))
    config = project.snappingConfig()
    config.setEnabled(True)
    config.setMode(QgsSnappingConfig.SnappingMode.AllLayers)
    config.setTolerance(33)
    project.setSnappingConfig(config)
    create_plan(tmp_path / "plan.gpkg", squared_plan())
    open_plan(tmp_path / "plan.gpkg", project)
    now = project.snappingConfig()
    assert now.mode() == QgsSnappingConfig.SnappingMode.AllLayers and now.tolerance() == 33
    project.clear()


def test_the_users_own_settings_and_new_projects_stay_as_they_were(qgis_new_project: None, tmp_path: Path) -> None:
    settings = QgsSettings()
    before = {key: settings.value(key) for key in settings.allKeys() if "digitizing" in key}
    project = QgsProject.instance()
    plain = (project.topologicalEditing(), project.snappingConfig().enabled(), project.avoidIntersectionsMode())
    create_plan(tmp_path / "plan.gpkg", squared_plan())
    open_plan(tmp_path / "plan.gpkg", project)
    assert {key: settings.value(key) for key in settings.allKeys() if "digitizing" in key} == before
    project.clear()
    assert plain == (project.topologicalEditing(), project.snappingConfig().enabled(), project.avoidIntersectionsMode())


def test_overlaps_are_avoided_only_while_zones_or_key_areas_are_drawn(bench: Bench) -> None:
    project, iface = QgsProject.instance(), bench.iface

    def mode_on(table: str) -> object:
        iface.setActiveLayer(bench.layer(table))
        iface.currentLayerChanged.emit(bench.layer(table))
        return project.avoidIntersectionsMode()

    assert mode_on(ZONES) == MODE.AvoidIntersectionsCurrentLayer
    assert mode_on("project") == MODE.AllowIntersections, "a site lies inside a zone and would be cut away whole"
    assert mode_on(AREAS) == MODE.AvoidIntersectionsCurrentLayer
    assert mode_on(UNITS) == MODE.AllowIntersections, "the table holds counties and their towns"
    project.setAvoidIntersectionsMode(MODE.AvoidIntersectionsCurrentLayer)
    assert mode_on("project") == MODE.AvoidIntersectionsCurrentLayer, "set by the user, and left alone from then on"
    assert mode_on(ZONES) == MODE.AvoidIntersectionsCurrentLayer


def test_the_toolbar_is_there_with_a_plan_and_stays_hidden_where_unwanted(open_bench: Callable[..., Bench]) -> None:
    QgsSettings().remove("restoration_planner/zone_toolbar")
    bench = open_bench()
    bar = bench.tools.toolbar
    assert not bar.isHidden()
    bar.toggleViewAction().setChecked(True)  # as it is in a window that is shown
    bar.toggleViewAction().trigger()
    assert bar.isHidden()
    bench.plans.changed.emit()
    assert bar.isHidden(), "the user's choice"
    bar.toggleViewAction().trigger()
    bench.take("merge")
    QgsProject.instance().removeAllMapLayers()
    assert bar.isHidden() and not bench.tools.actions["merge"].isEnabled()
    assert bench.canvas.mapTool() is None
    QgsSettings().remove("restoration_planner/zone_toolbar")


def test_closing_leaves_nothing_in_the_window(bench: Bench) -> None:
    bench.take("transfer")
    bench.click(3.5, 1.5)
    bench.move(1.5, 0.5)
    zones = bench.layer(ZONES)
    bench.tools.close()
    window = bench.iface.mainWindow()
    kinds = (QAction, QMenu, QToolBar)
    assert [
        w.objectName() for k in kinds for w in window.findChildren(k) if "RestorationPlanner" in w.objectName()
    ] == []
    assert bench.canvas.mapTool() is None
    assert zones.receivers(zones.geometryChanged) == 0
    bench.tools = type(bench.tools)(bench.iface, bench.plans)  # taken up again, as after reloading the plugin
    bench.take("transfer")
    bench.click(3.5, 1.5)
    bench.click(1.5, 0.5)
    assert zones.undoStack().count() == 1


def test_edited_tells_positions_for_tools_undo_and_edits_by_other_means(bench: Bench) -> None:
    from qgis.core import QgsGeometry
    from qgis.PyQt.QtWidgets import QApplication

    told: list[tuple[list[int], list[int]]] = []
    bench.tools.editing.edited.connect(lambda zones, areas: told.append((zones, areas)))
    bench.take("transfer")
    bench.click(3.5, 1.5)
    bench.click(1.5, 0.5)
    assert told == [([0, 1], [])]
    bench.layer(ZONES).undoStack().undo()
    QApplication.processEvents()
    assert told[1:] == [([0, 1], [])]
    area = next(bench.layer(AREAS).getFeatures())
    bench.layer(AREAS).startEditing()
    bench.layer(AREAS).changeGeometry(area.id(), QgsGeometry(area.geometry()))
    QApplication.processEvents()
    assert told[2:] == [([], [0])]


def test_a_project_saved_while_zones_are_drawn_does_not_avoid_overlaps_everywhere(bench: Bench, tmp_path: Path) -> None:
    project, iface = QgsProject.instance(), bench.iface

    def mode_on(table: str) -> object:
        iface.setActiveLayer(bench.layer(table))
        iface.currentLayerChanged.emit(bench.layer(table))
        return project.avoidIntersectionsMode()

    assert mode_on(ZONES) == MODE.AvoidIntersectionsCurrentLayer
    project.write(str(tmp_path / "saved.qgs"))
    assert project.avoidIntersectionsMode() == MODE.AvoidIntersectionsCurrentLayer, "saving interrupts no drawing"
    written = (tmp_path / "saved.qgs").read_text(encoding="utf-8")
    assert '<AvoidIntersectionsMode type="int">0</' in written, "for QGIS without the plugin"

    iface.setActiveLayer(bench.layer("project"))
    project.clear()
    assert project.readEntry("restoration_planner", "/overlap_mode")[0] == "", "a new project is nobody's"
    assert project.avoidIntersectionsMode() == MODE.AllowIntersections

    # as a QGIS would leave it that writes the mode itself
    (tmp_path / "saved.qgs").write_text(written.replace('sMode type="int">0<', 'sMode type="int">1<'), encoding="utf-8")
    project.read(str(tmp_path / "saved.qgs"))
    assert project.avoidIntersectionsMode() == MODE.AllowIntersections
    assert mode_on(ZONES) == MODE.AvoidIntersectionsCurrentLayer, "and still follows the active layer"
    assert mode_on("project") == MODE.AllowIntersections


def test_a_users_own_choice_about_overlaps_is_kept_with_the_project(bench: Bench, tmp_path: Path) -> None:
    project, iface = QgsProject.instance(), bench.iface
    project.setAvoidIntersectionsMode(MODE.AvoidIntersectionsLayers)
    project.write(str(tmp_path / "saved.qgs"))
    iface.setActiveLayer(bench.layer("project"))
    project.clear()
    project.read(str(tmp_path / "saved.qgs"))
    iface.currentLayerChanged.emit(bench.layer(ZONES))
    assert project.avoidIntersectionsMode() == MODE.AvoidIntersectionsLayers
