"""What happens around the tools' actions: transactions, other plans, saving of what is undone, late answers."""

from __future__ import annotations

import pytest
from qgis.core import Qgis, QgsProject

from restoration_planner.core.store.plan_file import read_plan
from restoration_planner.plugin.map_tools.ground import AREAS, UNITS, ZONES
from restoration_planner.tests.qgis.map_tools.conftest import Bench


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
