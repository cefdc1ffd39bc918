"""One user action is one undo step on all its layers, whatever else is edited between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.store.plan_file import read_plan
from restoration_planner.core.texts import set_language
from restoration_planner.plugin.edit_groups import EditGroups
from restoration_planner.plugin.map_tools.ground import AREAS, UNITS, ZONES
from restoration_planner.tests.qgis.map_tools.conftest import Bench


@pytest.fixture
def layers(qgis_app: Any) -> list[QgsVectorLayer]:
    made = []
    for name in ("one", "two", "three"):
        layer = QgsVectorLayer("Point?crs=EPSG:4490&field=value:integer", name, "memory")
        feature = QgsFeature(layer.fields())
        feature.setAttributes([0])
        layer.dataProvider().addFeature(feature)
        made.append(layer)
    return made


@pytest.fixture
def groups() -> Iterator[EditGroups]:
    set_language("en")
    groups = EditGroups()
    groups.said = []  # type: ignore[attr-defined]
    groups.refused.connect(groups.said.append)  # type: ignore[attr-defined]
    groups.told.connect(groups.said.append)  # type: ignore[attr-defined]
    yield groups
    groups.close()
    set_language(None)


def act(groups: EditGroups, value: int, *layers: QgsVectorLayer) -> None:
    with groups.action(f"set {value}") as edit:
        for layer in layers:
            edit.change_value(layer, 1, "value", value)


def by_hand(layer: QgsVectorLayer, value: int) -> None:
    layer.startEditing()
    layer.beginEditCommand(f"hand {value}")
    assert layer.changeAttributeValue(1, 0, value)
    layer.endEditCommand()


def values(layers: list[QgsVectorLayer]) -> list[int]:
    return [next(layer.getFeatures())["value"] for layer in layers]


@pytest.mark.parametrize("via", [0, 1, 2])
def test_undo_and_redo_on_any_layer_move_all(groups: EditGroups, layers: list[QgsVectorLayer], via: int) -> None:
    act(groups, 1, *layers)
    act(groups, 2, *layers[:2])
    act(groups, 3, *layers)
    stack = layers[via].undoStack()
    stack.undo()
    assert values(layers) == [2, 2, 1]
    stack.redo()
    assert values(layers) == [3, 3, 3]
    stack.undo()
    stack.undo()
    assert values(layers) == ([1, 1, 1] if via < 2 else [2, 2, 1]) or via == 2
    stack.setIndex(0)
    if via < 2:
        assert values(layers) == [0, 0, 0]
        stack.setIndex(3)
        assert values(layers) == [3, 3, 3]


def test_an_action_below_a_later_one_elsewhere_waits_for_it(groups: EditGroups, layers: list[QgsVectorLayer]) -> None:
    act(groups, 1, *layers)
    act(groups, 2, *layers[:2])
    layers[2].undoStack().undo()  # would take "set 2" along, which this layer knows nothing of
    assert values(layers) == [2, 2, 1]
    assert "set 2" in groups.said[-1]  # type: ignore[attr-defined]
    layers[0].undoStack().undo()
    layers[2].undoStack().undo()
    assert values(layers) == [0, 0, 0]


def test_an_edit_by_other_means_is_neither_lost_nor_passed_over(
    groups: EditGroups, layers: list[QgsVectorLayer]
) -> None:
    one, two, _ = layers
    act(groups, 1, one, two)
    by_hand(two, 7)
    one.undoStack().undo()
    assert values(layers) == [1, 7, 0], "nothing by half, and the hand's edit stays"
    assert "hand 7" in groups.said[-1] and "two" in groups.said[-1]  # type: ignore[attr-defined]
    two.undoStack().undo()
    one.undoStack().undo()
    assert values(layers) == [0, 0, 0]
    two.undoStack().redo()
    two.undoStack().redo()
    assert values(layers) == [1, 7, 0]


def test_redo_that_lost_its_other_half_is_refused(groups: EditGroups, layers: list[QgsVectorLayer]) -> None:
    one, two, _ = layers
    act(groups, 1, one, two)
    one.undoStack().undo()
    by_hand(two, 7)  # deletes what two could have redone
    one.undoStack().redo()
    assert values(layers) == [0, 7, 0]
    assert "cannot be redone" in groups.said[-1]  # type: ignore[attr-defined]
    act(groups, 4, one, two)
    one.undoStack().undo()
    assert values(layers) == [0, 7, 0]


def test_an_error_takes_everything_back_and_leaves_no_redo(groups: EditGroups, layers: list[QgsVectorLayer]) -> None:
    one, two, three = layers
    three.setReadOnly(True)
    by_hand(one, 5)
    with pytest.raises(PlannerError), groups.action("fails") as edit:
        edit.change_value(one, 1, "value", 9)
        edit.change_value(two, 1, "value", 9)
        edit.change_geometry(two, 1, QgsGeometry.fromWkt("POINT (1 1)"))
        edit.change_value(three, 1, "value", 9)
    assert values(layers) == [5, 0, 0]
    assert not one.undoStack().canRedo() and one.undoStack().canUndo()
    assert not two.isEditable(), "it was not before"


def test_saving_one_layer_saves_the_others_of_its_actions(bench: Bench) -> None:
    bench.take("transfer")
    bench.click(3.5, 1.5)
    bench.click(1.5, 0.5)
    assert bench.layer(ZONES).isModified() and bench.layer(UNITS).isModified()
    by_hand_layer = bench.layer("river")
    by_hand_layer.startEditing()
    assert bench.layer(ZONES).commitChanges(), bench.layer(ZONES).commitErrors()
    assert not bench.layer(UNITS).isModified() and not bench.layer(UNITS).isEditable()
    assert by_hand_layer.isEditable(), "a layer that had no part is left alone"
    assert "saved with it" in bench.last()
    saved = read_plan(bench.plans.current().path, [UNITS, ZONES])  # type: ignore[union-attr]
    units = saved[UNITS]
    assert dict(zip(units["code"], units["zone_code"]))["t10"] == "2"
    assert saved[ZONES].geometry is not None and saved[ZONES].geometry[1].equals(bench.geometry(ZONES)["2"])
    bench.take("transfer")
    bench.click(3.5, 1.5)
    bench.click(2.5, 2.5)
    assert bench.layer(UNITS).undoStack().count() == 1


def test_saving_while_editing_goes_on_keeps_all_in_editing(bench: Bench) -> None:
    bench.take("transfer")
    bench.click(3.5, 1.5)
    bench.click(1.5, 0.5)
    assert bench.layer(UNITS).commitChanges(False)
    assert bench.layer(ZONES).isEditable() and not bench.layer(ZONES).isModified()
    assert bench.layer(UNITS).isEditable()


def test_giving_up_one_layers_edits_gives_up_the_whole_actions(bench: Bench) -> None:
    before = bench.state()
    bench.take("transfer")
    bench.click(3.5, 1.5)
    bench.click(1.5, 0.5)
    bench.take("reshape")
    bench.line((1.8, 3.3), (2.4, 3.5), (1.8, 3.7))
    bench.layer(UNITS).rollBack()
    assert bench.state() == before
    assert not bench.layer(ZONES).isModified()
    assert not any(bench.layer(t).isEditable() for t in (ZONES, AREAS, UNITS)), "they were opened by the tools"


def test_native_edits_made_before_are_kept_when_an_action_is_given_up(
    groups: EditGroups, layers: list[QgsVectorLayer]
) -> None:
    one, two, _ = layers
    by_hand(two, 7)
    act(groups, 1, one, two)
    one.rollBack()
    assert values(layers) == [0, 7, 0]
    assert two.isEditable() and two.isModified()


def test_closing_leaves_layers_and_their_edits(groups: EditGroups, layers: list[QgsVectorLayer]) -> None:
    one, two, _ = layers
    act(groups, 1, one, two)
    groups.close()
    one.undoStack().undo()
    assert values(layers) == [0, 1, 0]
    assert one.receivers(one.beforeRollBack) == 0
