"""Plans that were made by an older version: their layers get today's form when they are opened, unless it is somebody's own."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from qgis.core import QgsProject, QgsVectorLayer

from restoration_planner.core.store.older_forms import older_forms
from restoration_planner.core.store.plan_file import replace_rows
from restoration_planner.core.texts import set_language, text
from restoration_planner.layers.opening import open_plan

from .conftest import small_plan

TODAY = [text(f"project_form.page.{page}", "zh") for page in
         ("identity", "siting", "works", "time", "approvals", "findings", "papers", "history")]  # fmt: skip


def stored_style(path: Path, table: str, change: Callable[[str], str], owner: str = "restoration_planner") -> str:
    """Change a stored style as an older version, or somebody else, would have written it."""
    with sqlite3.connect(path) as plan:
        (qml,) = plan.execute('SELECT "styleQML" FROM layer_styles WHERE f_table_name = ?', (table,)).fetchone()
        changed = change(qml)
        assert changed != qml
        plan.execute(
            'UPDATE layer_styles SET "styleQML" = ?, owner = ? WHERE f_table_name = ?', (changed, owner, table)
        )
    plan.close()
    return changed


def of_old(qml: str) -> str:
    """The form before there were papers and history, and a symbol that somebody chose."""
    start = qml.index(f'name="{text("project_form.page.papers", "zh")}"')
    start = qml.rindex("<attributeEditorContainer", 0, start)
    return qml[:start] + qml[qml.index("</attributeEditorForm>") :]


def pages(layer: QgsVectorLayer) -> list[str]:
    return [tab.name() for tab in layer.editFormConfig().tabs()]


def test_no_form_of_a_new_plan_is_older(plan_path):
    assert older_forms(plan_path) == frozenset()


def test_an_older_form_of_ours_is_today_s_once_opened_and_nothing_else_is_changed(plan_path):
    stored_style(plan_path, "project", of_old)
    bold = stored_style(plan_path, "restoration_zone", lambda q: q.replace("西部修复区", "西部修复区（加粗）", 1))
    assert "西部修复区（加粗）" in bold
    assert older_forms(plan_path) == {"project"}
    before = plan_path.read_bytes()
    opened = open_plan(plan_path)
    assert pages(opened.layer("project")) == TODAY
    labels = [c.label() for c in opened.layer("restoration_zone").renderer().categories()]
    assert any("（加粗）" in label for label in labels)
    assert [r.ruleKey() for r in opened.layer("project").renderer().rootRule().children()]
    QgsProject.instance().clear()
    assert plan_path.read_bytes() == before, "opening writes nothing"


def test_in_english_today_s_form_is_english(plan_path):
    stored_style(plan_path, "project", of_old)
    set_language("en")
    page = [text(f"project_form.page.{p}", "en") for p in ("papers", "history")]
    assert pages(open_plan(plan_path).layer("project"))[-2:] == page


def test_a_form_that_somebody_saved_over_ours_stays(plan_path):
    stored_style(plan_path, "project", of_old, owner="")
    assert older_forms(plan_path) == frozenset()
    assert pages(open_plan(plan_path).layer("project")) == TODAY[:-2]


def test_writing_zones_anew_renews_the_stored_form(plan_path):
    stored_style(plan_path, "project", of_old)
    replace_rows(plan_path, {"restoration_zone": small_plan().rows["restoration_zone"]})
    assert older_forms(plan_path) == frozenset()


@pytest.mark.parametrize("qml", ["", "<qgis", "no style"])
def test_a_stored_style_that_cannot_be_read_is_an_older_one(plan_path, qml):
    stored_style(plan_path, "project", lambda _q: qml)
    assert older_forms(plan_path) == {"project"}
    assert pages(open_plan(plan_path).layer("project")) == TODAY


def test_looking_for_older_forms_takes_no_time(plan_path):
    began = time.process_time()
    older_forms(plan_path)
    assert time.process_time() - began < 0.5
