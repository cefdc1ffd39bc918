"""Papers of a plan that is open in QGIS: its locks stay, its edits are saved, and no strange layers are listed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from qgis.core import QgsProject, QgsProviderRegistry, QgsVectorLayer

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.papers.attached import (
    COPIED,
    INSIDE,
    LINKED,
    Wanted,
    attach,
    content,
    papers_of,
    point_to,
    remove,
    save_as,
)
from restoration_planner.core.papers.missing import find_missing
from restoration_planner.core.papers.sites import doubts
from restoration_planner.layers.opening import open_plan
from restoration_planner.plugin.projects.photo_facts import photo_facts
from restoration_planner.tests import photos
from restoration_planner.tests.small_plan import make_small_plan
from restoration_planner.ui.papers_html import papers_html

from .test_others_reading_the_plan import ANOTHER_PROGRAM, locked_by_us

pytest.importorskip("PIL", reason="photos are made with Pillow")


def test_edits_are_saved_whatever_is_done_with_papers_meanwhile(tmp_path: Path, qgis_new_project: None) -> None:
    plan, other = make_small_plan(tmp_path / "plan.gpkg"), make_small_plan(tmp_path / "other.gpkg")
    layers = [open_plan(path, QgsProject.instance()).layer("project") for path in (plan, other)]
    project = layers[0]
    feature = next(project.getFeatures())
    for layer in layers:
        assert layer.startEditing() and len(list(layer.getFeatures())) == 6
    assert project.changeAttributeValue(feature.id(), project.fields().indexOf("remark"), "改过的备注")
    photo, gone = photos.photo(tmp_path / "a.jpg"), photos.photo(tmp_path / "gone.jpg", colour=(9, 9, 9))
    facts = photo_facts(photo)
    keeps = [Wanted(photo, how, facts) for how in (LINKED, COPIED, INSIDE)]
    added = attach(plan, feature.id(), [*keeps, Wanted(gone), Wanted(other)])
    for impossible in (Wanted(plan), Wanted(plan, COPIED), Wanted(other, INSIDE), Wanted(other, COPIED)):
        with pytest.raises(PlannerError):
            attach(plan, feature.id(), [impossible])
    for target in (plan, other):
        with pytest.raises(PlannerError):
            save_as(plan, added[0].id, target)
    with pytest.raises(PlannerError):
        content(plan, added[4].id)
    gone.rename(tmp_path / "moved.jpg")
    (found,) = find_missing(plan, papers_of(plan, feature.id()))
    point_to(plan, found.paper.id, found.file)
    assert content(plan, added[2].id) == photo.read_bytes()
    assert doubts(plan, papers_of(plan, feature.id())) == {}
    assert papers_html(str(plan), feature.id()).count("<img") == 4
    remove(plan, [added[0].id])
    for path in (plan, other):
        assert locked_by_us(path), "QGIS's locks are gone: whoever looks at the plan would throw its log away"
    looked = subprocess.run([sys.executable, "-c", ANOTHER_PROGRAM, plan], capture_output=True, text=True, check=False)
    assert looked.returncode == 0, looked.stderr
    assert project.commitChanges(), project.commitErrors()
    layers[1].rollBack()
    assert len(papers_of(plan, feature.id())) == 4
    QgsProject.instance().clear()
    with closing(sqlite3.connect(plan)) as connection:
        assert ("改过的备注",) in connection.execute("SELECT remark FROM project").fetchall()
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not [p.name for p in tmp_path.iterdir() if p.name.startswith("plan.gpkg-")]


def test_qgis_does_not_list_the_tables_of_papers(tmp_path: Path) -> None:
    plan = make_small_plan(tmp_path / "plan.gpkg")
    metadata = QgsProviderRegistry.instance().providerMetadata("ogr")
    listed = {table.tableName() for table in metadata.createConnection(str(plan), {}).tables()}
    before = QgsVectorLayer(str(plan), "", "ogr")
    sublayers = before.dataProvider().subLayers()
    attach(plan, 1, [Wanted(photos.photo(tmp_path / "a.jpg"), INSIDE)])
    assert {table.tableName() for table in metadata.createConnection(str(plan), {}).tables()} == listed
    after = QgsVectorLayer(str(plan), "", "ogr")
    assert after.dataProvider().subLayers() == sublayers and len(sublayers) > 5
