"""Edits in QGIS must reach the file also when another program looks at the plan meanwhile."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from qgis.core import QgsProject

from restoration_planner.core.commands.import_layer import run as import_layer
from restoration_planner.core.siting.check import check_siting
from restoration_planner.core.siting.rules import load_rules
from restoration_planner.core.siting.saved import findings_as_rows
from restoration_planner.core.store.plan_file import read_plan, replace_rows
from restoration_planner.layers.opening import open_plan
from restoration_planner.layers.reading import read_open_plan
from restoration_planner.tests.small_plan import make_small_plan

ANOTHER_PROGRAM = """
import sqlite3, sys
with sqlite3.connect(f"file:{sys.argv[1]}?mode=rw", uri=True) as plan:
    print(plan.execute("SELECT count(*) FROM project").fetchone()[0])
plan.close()
"""


def locked_by_us(path: Path) -> bool:
    """Whether the system knows of a lock of this process on a file (Linux; elsewhere taken for granted)."""
    known = Path("/proc/locks")
    if not known.exists():
        return True
    # "->" marks those who wait for a lock
    mine = [line.split() for line in known.read_text(encoding="ascii").splitlines() if "->" not in line]
    return any(int(w[4]) == os.getpid() and w[5].endswith(f":{path.stat().st_ino}") for w in mine if len(w) > 5)


def test_a_plan_that_is_open_can_be_imported_from_and_keeps_its_locks(tmp_path: Path, qgis_new_project: None) -> None:
    path = make_small_plan(tmp_path / "open.gpkg")
    other = make_small_plan(tmp_path / "other.gpkg")
    opened = open_plan(path, QgsProject.instance())
    project = opened.layer("project")
    assert project.startEditing()
    assert len(list(project.getFeatures())) == 6
    report = import_layer(other, "red_line", path, "red_line")
    assert report.unchanged == 1
    assert locked_by_us(path), "QGIS's locks are gone: whoever looks at the plan would throw its log away"
    project.rollBack()
    QgsProject.instance().clear()


def test_an_edit_is_saved_after_a_check_and_a_look_by_another_program(tmp_path: Path, qgis_new_project: None) -> None:
    path = make_small_plan(tmp_path / "plan.gpkg")
    opened = open_plan(path, QgsProject.instance())
    project = opened.layer("project")
    feature = next(project.getFeatures())
    assert project.startEditing()
    assert project.changeAttributeValue(feature.id(), project.fields().indexOf("remark"), "改过的备注")
    result = check_siting(read_open_plan(opened), load_rules())
    read_plan(path)
    replace_rows(path, {"siting_finding": findings_as_rows(result)})
    assert locked_by_us(path), "QGIS's locks are gone: whoever looks at the plan would throw its log away"
    looked = subprocess.run([sys.executable, "-c", ANOTHER_PROGRAM, path], capture_output=True, text=True, check=False)
    assert looked.returncode == 0, looked.stderr
    assert project.commitChanges(), project.commitErrors()
    count = project.featureCount()
    assert len(list(project.getFeatures())) == count > 0
    QgsProject.instance().clear()
    with closing(sqlite3.connect(path)) as plan:
        remarks = {row[0] for row in plan.execute("SELECT remark FROM project")}
        assert plan.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert "改过的备注" in remarks
