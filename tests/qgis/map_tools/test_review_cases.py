"""What happens around the tools' actions: transactions, other plans, saving of what is undone, late answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import Qgis, QgsProject

from restoration_planner.core.coverage.transfer import give_ground
from restoration_planner.core.plan.tables import PlanTables, Rows
from restoration_planner.core.store.plan_file import create_plan, read_plan
from restoration_planner.plugin.map_tools.ground import AREAS, UNITS, ZONES
from restoration_planner.tests.qgis.map_tools.conftest import Bench, squared_plan


def transfer(bench: Bench) -> None:
    """Town t10 from zone 1 to zone 2."""
    bench.take("transfer")
    bench.click(3.5, 1.5)
    bench.click(1.5, 0.5)


def use_transactions() -> None:
    project = QgsProject.instance()
    if hasattr(project, "setTransactionMode"):
        project.setTransactionMode(Qgis.TransactionMode.AutomaticGroups)
    else:
        project.setAutoTransaction(True)


@pytest.mark.parametrize("first", [ZONES, UNITS])
def test_layers_of_one_transaction_are_saved_together(bench: Bench, first: str) -> None:
    use_transactions()
    transfer(bench)
    assert bench.layer(ZONES).dataProvider().transaction() is not None
    assert bench.layer(first).commitChanges()
    assert not any(bench.layer(t).isEditable() for t in (ZONES, AREAS, UNITS))
    saved = read_plan(bench.plans.current().path, [UNITS])[UNITS]  # type: ignore[union-attr]
    assert dict(zip(saved["code"], saved["zone_code"]))["t10"] == "2"
    saved_state = bench.state()
    bench.click(2.5, 2.5)
    assert bench.state() != saved_state
    bench.layer(UNITS).undoStack().undo()
    assert bench.values(UNITS, "zone_code")["t22"] != "2"
    bench.assert_sound()


@pytest.mark.parametrize("first", [ZONES, UNITS])
def test_layers_of_one_transaction_are_given_up_together(bench: Bench, first: str) -> None:
    use_transactions()
    before = bench.state()
    for _ in range(2):  # the second time the layers are known from before
        transfer(bench)
        assert bench.state() != before
        assert bench.layer(first).rollBack()
        assert bench.state() == before
        assert not any(bench.layer(t).isEditable() for t in (ZONES, AREAS, UNITS))


def test_saving_within_a_transaction_while_editing_goes_on(bench: Bench) -> None:
    use_transactions()
    transfer(bench)
    assert bench.layer(ZONES).commitChanges(False)
    assert bench.layer(ZONES).isEditable() and bench.layer(UNITS).isEditable()
    assert not bench.layer(UNITS).undoStack().canUndo(), "nothing is left that would undo half of what is saved"
    saved = bench.state()
    assert bench.layer(ZONES).rollBack()
    assert bench.state() == saved and bench.values(UNITS, "zone_code")["t10"] == "2"


@pytest.fixture
def two_plans(bench: Bench, tmp_path: Path) -> tuple[str, str]:
    """Keys of the plan on the bench, at work, and of another one whose zones have other codes."""
    tables = squared_plan()
    zones = tables[ZONES]
    renamed = Rows.from_records(
        ZONES, [{"code": code, "name": f"other {code}"} for code in ("7", "8", "9")], list(zones.geometry)
    )
    other = tmp_path / "other.gpkg"
    create_plan(other, PlanTables({**tables.rows, ZONES: renamed}))
    here = bench.plans.current_key()
    bench.plans.open(other, bench.canvas)
    there = bench.plans.current_key()
    bench.plans.choose(here)  # type: ignore[arg-type]
    return here, there  # type: ignore[return-value]


def test_what_was_begun_on_one_plan_is_not_done_to_another(bench: Bench, two_plans: tuple[str, str]) -> None:
    here, there = two_plans
    tool = bench.take("transfer")
    tool.choose_source(bench.layer(UNITS).id())
    bench.click(1.0, 3.5)
    assert tool.receiver is not None
    bench.plans.choose(there)
    before = bench.state()
    assert (tool.receiver, tool.source_id) == (None, None)
    bench.click(3.5, 1.5)  # chooses the receiver now, gives nothing
    assert bench.state() == before
    bench.click(1.5, 0.5)
    assert bench.values(UNITS, "zone_code")["t10"] == "8"
    bench.plans.choose(here)
    assert bench.values(UNITS, "zone_code")["t10"] != "8"


@pytest.mark.parametrize("name", ["reshape", "give_part", "vertex", "follow_line", "split", "merge"])
def test_every_tool_forgets_the_plan_that_was_at_work(bench: Bench, two_plans: tuple[str, str], name: str) -> None:
    def begun() -> list[object]:
        known = ("points", "_part", "_picked", "_first", "_chosen")
        return [value for k in known if (value := getattr(tool, k, None)) not in (None, [])]

    tool = bench.take(name)
    bench.click(2.0, 2.0)
    assert begun()
    bench.plans.choose(two_plans[0])
    assert begun(), "the same plan: nothing is lost"
    bench.plans.choose(two_plans[1])
    assert not begun()
    assert bench.canvas.mapTool() is tool


def test_a_question_about_one_plan_goes_with_it(bench: Bench, two_plans: tuple[str, str]) -> None:
    bench.take("merge")
    bench.click(0.5, 3.5)
    bench.click(3.5, 1.5)
    before = bench.state()
    assert bench.tools.editing.question() is not None
    bench.plans.choose(two_plans[1])
    assert bench.tools.editing.question() is None
    bench.plans.choose(two_plans[0])
    assert bench.state() == before


@pytest.mark.parametrize("how", ["save", "save and go on", "give up"])
def test_an_undone_action_cannot_be_redone_by_half(bench: Bench, how: str) -> None:
    before = bench.state()
    transfer(bench)
    zones, units = bench.layer(ZONES), bench.layer(UNITS)
    zones.undoStack().undo()
    assert zones.rollBack() if how == "give up" else zones.commitChanges(how == "save")
    units.undoStack().redo()
    assert bench.state() == before
    assert "only half" in bench.last()
    units.undoStack().redo()
    assert bench.state() == before, "nor the second time"
    transfer(bench)
    after = bench.state()
    assert after != before
    units.undoStack().undo()
    assert bench.state() == before
    units.undoStack().redo()
    assert bench.state() == after, "later actions are whole"


def test_an_answer_that_comes_too_late_is_not_written(bench: Bench) -> None:
    editing = bench.tools.editing

    def island() -> None:  # zone 2 gets an island within zone 1, which has to be agreed to
        editing.do("island", lambda mosaic: give_ground(mosaic, [bench.box(0.2, 0.2, 0.8, 0.8)], 1))

    island()
    editing.apply(give_ground(editing.ground().mosaic, [bench.box(2, 3, 3, 4)], 0), "meanwhile")
    meanwhile = bench.state()
    bench.answer(True)
    assert bench.state() == meanwhile
    assert "changed meanwhile" in bench.last()
    bench.assert_sound()
    island()
    bench.answer(True)
    assert bench.state() != meanwhile
    bench.assert_sound()


def test_giving_up_one_layer_keeps_what_was_done_by_hand_in_another(bench: Bench) -> None:
    zones, units = bench.layer(ZONES), bench.layer(UNITS)
    before = bench.geometry(ZONES)
    transfer(bench)
    town = next(units.getFeatures())
    units.beginEditCommand("by hand")
    assert units.changeAttributeValue(town.id(), units.fields().indexOf("name"), "mine")
    units.endEditCommand()
    bench.take("transfer")
    bench.click(3.5, 1.5)
    bench.click(2.5, 2.5)
    assert bench.values(UNITS, "zone_code")["t22"] == "2"
    assert zones.rollBack()
    assert units.isEditable() and units.getFeature(town.id())["name"] == "mine"
    assert bench.geometry(ZONES) == before
    found = bench.values(UNITS, "zone_code")
    assert found["t22"] != "2", "what is above the hand's edit is taken back"
    assert found["t10"] == "2", "what is below it stays, and is told"
    assert "step by step" in bench.last() and units.name() in bench.last()
    units.undoStack().undo()
    units.undoStack().undo()
    assert bench.values(UNITS, "zone_code")["t10"] != "2"
