"""Versions of the zones of a plan that QGIS has open: saved, restored, and the layers go on working."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from qgis.core import QgsGeometry, QgsProviderRegistry, QgsVectorLayer

from restoration_planner.core.coverage.versions import compare, read_version, restore_version, save_version, versions
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan, read_plan
from restoration_planner.layers.opening import open_plan

pytestmark = pytest.mark.usefixtures("qgis_app")

WEST, EAST, MIDDLE = shapely.box(124, 41, 125, 42), shapely.box(125, 41, 126, 42), shapely.box(124.4, 41.2, 124.6, 41.4)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Two zones and a key area."""
    path = tmp_path / "方格 市.gpkg"
    zones = Rows.from_records(
        "restoration_zone", [{"code": "1", "name": "西"}, {"code": "2", "name": "东"}], [WEST, EAST]
    )
    areas = Rows.from_records("key_area", [{"code": "1-1", "zone_code": "1"}], [MIDDLE])
    create_plan(path, PlanTables({"restoration_zone": zones, "key_area": areas}))
    return path


def layer_of(plan: Path, table: str) -> QgsVectorLayer:
    layer = QgsVectorLayer(f"{plan}|layername={table}", table, "ogr")
    assert layer.isValid()
    return layer


def shapes(layer: QgsVectorLayer) -> list[bytes]:
    return [f.geometry().asWkb().data() for f in layer.getFeatures()]


def test_an_open_layer_shows_the_restored_zones_and_can_be_edited_on(plan: Path) -> None:
    zones, areas = layer_of(plan, "restoration_zone"), layer_of(plan, "key_area")
    before = shapes(zones)
    first = save_version(plan, "初稿")
    assert zones.startEditing()
    assert zones.changeGeometry(1, QgsGeometry.fromWkt("MultiPolygon(((124 41, 125.5 41, 125.5 42, 124 42, 124 41)))"))
    assert zones.deleteFeature(2)
    assert zones.commitChanges(False)
    kept = restore_version(plan, first.id)
    zones.reload()
    assert shapes(zones) == before and zones.featureCount() == 2
    assert zones.changeAttributeValue(2, zones.fields().indexOf("name"), "东部")
    assert zones.commitChanges()
    assert read_plan(plan)["restoration_zone"]["name"].tolist() == ["西", "东部"]
    assert areas.featureCount() == 1
    assert [v.id for v in versions(plan)] == [kept.id, first.id]
    (gone,) = [
        z for z in compare(read_version(plan, first.id), read_version(plan, kept.id)).zones if z.after_km2 is None
    ]
    assert gone.code == "2"


def test_a_version_is_of_the_file_while_unsaved_edits_stay_unsaved(plan: Path) -> None:
    zones = layer_of(plan, "restoration_zone")
    assert zones.startEditing()
    assert zones.changeAttributeValue(1, zones.fields().indexOf("name"), "未存")
    first = save_version(plan, "初稿")
    assert read_version(plan, first.id)["restoration_zone"]["name"].tolist() == ["西", "东"]
    assert zones.commitChanges()
    assert read_plan(plan)["restoration_zone"]["name"].tolist() == ["未存", "东"]


def test_qgis_does_not_list_the_tables_of_versions(plan: Path) -> None:
    metadata = QgsProviderRegistry.instance().providerMetadata("ogr")
    listed = {t.tableName() for t in metadata.createConnection(str(plan), {}).tables()}
    whole = QgsVectorLayer(str(plan), "", "ogr")
    sublayers = whole.dataProvider().subLayers()
    save_version(plan, "初稿")
    assert {t.tableName() for t in metadata.createConnection(str(plan), {}).tables()} == listed
    again = QgsVectorLayer(str(plan), "", "ogr")
    assert again.dataProvider().subLayers() == sublayers and len(sublayers) > 20
    assert not any("zone_version" in name for name in listed)


def test_the_plugins_own_open_plan_keeps_its_colours_after_restoring(plan: Path, qgis_new_project: None) -> None:
    first = save_version(plan, "初稿")
    opened = open_plan(plan)
    restore_version(plan, first.id)
    layer = opened.layer("restoration_zone")
    layer.reload()
    assert layer.featureCount() == 2
    stored = QgsVectorLayer(f"{plan}|layername=restoration_zone", "z", "ogr")
    assert [c.value() for c in stored.renderer().categories()][:2] == ["1", "2"]


def test_no_file_is_left_beside_the_plan(plan: Path) -> None:
    layer = layer_of(plan, "restoration_zone")
    first = save_version(plan, "初稿")
    restore_version(plan, first.id)
    assert layer.featureCount() == 2
    del layer
    assert [p.name for p in plan.parent.iterdir()] == [plan.name]
