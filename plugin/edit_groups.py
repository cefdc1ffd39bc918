"""One user action as one undo step across all layers that it touches.

Every QgsVectorLayer has its own QUndoStack.  A group remembers where in each of them one action stands and follows the
stacks: an undo or redo on any of them, from wherever it came, is done on the others too.  Where an edit made by other
means stands in the way on another layer, the step is put back and the reason told: nothing is ever undone by half,
and nobody's edit is taken along.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsFeature, QgsGeometry, QgsVectorDataProvider, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QUndoCommand

from ..core.errors import PlannerError
from ..core.store.geopackage import refuse_read_only
from ..core.texts import text
from ..layers import roles


@dataclass(eq=False)
class _Part:
    """One layer's share in a group: where its command stands in the layer's stack, and which command that is."""

    watch: _LayerWatch
    position: int
    command: int

    @property
    def is_alive(self) -> bool:
        """Whether the command still stands there: a new edit after an undo deletes what could have been redone."""
        stack = self.watch.stack
        return self.position < stack.count() and _address(stack.command(self.position)) == self.command

    @property
    def is_done(self) -> bool:
        """Whether the command is in force (not undone)."""
        return bool(self.watch.stack.index() > self.position)


@dataclass(eq=False)
class _Group:
    """One user action."""

    caption: str
    parts: list[_Part]
    #: A layer whose share is saved, given up or gone: the action cannot be done again as a whole.
    lost: str = ""

    def part_in(self, watch: _LayerWatch) -> _Part | None:
        return next((p for p in self.parts if p.watch is watch), None)


class Action:
    """The edits of one user action while it is being done: layers are made editable and get their command on first use."""

    def __init__(self, groups: EditGroups, caption: str) -> None:
        self._groups = groups
        self._caption = caption
        self.layers: list[QgsVectorLayer] = []
        self._opened: list[QgsVectorLayer] = []

    def change_geometry(self, layer: QgsVectorLayer, fid: int, geometry: QgsGeometry) -> None:
        """Give a feature another geometry; a null one takes it away."""
        self._begin(layer)
        self._done(layer.changeGeometry(fid, geometry), layer)

    def change_value(self, layer: QgsVectorLayer, fid: int, field: str, value: object) -> None:
        """Give a feature another value in a field; a layer without the field is left as it is."""
        position = layer.fields().indexOf(field)
        if position < 0:
            return
        self._begin(layer)
        self._done(layer.changeAttributeValue(fid, position, value), layer)

    def change_values(
        self, layer: QgsVectorLayer, fid: int, values: Mapping[str, object], with_defaults: bool = True
    ) -> None:
        """Give a feature other values in several fields; fields that the layer has not are passed over.

        The form's defaults that follow edits are reckoned once for all of them; not at all without `with_defaults`.
        """
        named = {layer.fields().indexOf(field): value for field, value in values.items()}
        named.pop(-1, None)
        if not named:
            return
        self._begin(layer)
        self._done(layer.changeAttributeValues(fid, named, {}, not with_defaults), layer)

    def add(self, layer: QgsVectorLayer, feature: QgsFeature) -> None:
        """Add a feature."""
        self._begin(layer)
        self._done(layer.addFeature(feature), layer)

    def delete(self, layer: QgsVectorLayer, fid: int) -> None:
        """Delete a feature."""
        self._begin(layer)
        self._done(layer.deleteFeature(fid), layer)

    def _begin(self, layer: QgsVectorLayer) -> None:
        if layer in self.layers:
            return
        if not layer.isEditable():
            make_editable(layer)
            self._opened.append(layer)
        layer.beginEditCommand(self._caption)
        self.layers.append(layer)

    def finish(self) -> None:
        """End the commands; what was opened for them stays open until the user saves."""
        positions = []
        for layer in self.layers:
            positions.append(layer.undoStack().index())  # whoever hears of its end may put a command of his own on top
            layer.endEditCommand()
        self._groups.remember(self._caption, self.layers, self._opened, positions)

    def take_back(self) -> None:
        """Undo all, leave nothing to redo, and close the layers that were opened for it."""
        for layer in self.layers:
            layer.destroyEditCommand()
            _drop_redo(layer)
        for layer in self._opened:
            if not layer.isModified():
                layer.rollBack()

    @staticmethod
    def _done(ok: bool, layer: QgsVectorLayer) -> None:
        if not ok:
            raise PlannerError("zone_editing.not_written", layer=layer.name())


class EditGroups(QObject):
    """Keeps the undo stacks of layers together that were edited together.

    Signals
    -------
    refused(sentence)
        An undo, redo or save that could not be done on all layers, and why.
    told(sentence)
        What was done on other layers besides.
    followed()
        Other layers' stacks were moved.
    """

    refused = pyqtSignal(str)
    told = pyqtSignal(str)
    followed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: list[_Group] = []
        self._watches: dict[str, _LayerWatch] = {}
        self._busy = False

    @contextmanager
    def action(self, caption: str) -> Iterator[Action]:
        """All edits made through what is yielded are one undo step; an error inside takes all of them back.

        Raises
        ------
        PlannerError
            If a layer cannot be edited; nothing is changed then.
        """
        action = Action(self, caption)
        with self._alone():
            try:
                yield action
            except BaseException:
                action.take_back()
                raise
            action.finish()

    def layers_of_last(self) -> list[QgsVectorLayer]:
        """The layers of the newest action that is still in force."""
        for group in reversed(self._groups):
            if all(p.is_alive and p.is_done for p in group.parts):
                return [p.watch.layer for p in group.parts]
        return []

    def remember(
        self, caption: str, layers: list[QgsVectorLayer], opened: list[QgsVectorLayer], positions: list[int]
    ) -> None:
        """Note where an action that was just done stands in its layers' stacks."""
        parts = []
        for layer, position in zip(layers, positions):
            watch = self._watch(layer)
            watch.opened_here = watch.opened_here or layer in opened
            watch.index = watch.stack.index()
            watch.transaction = _transaction(layer)
            parts.append(_Part(watch, position, _address(watch.stack.command(position))))
        self._forget_dead()
        if parts:
            self._groups.append(_Group(caption, parts))

    def close(self) -> None:
        """Let go of all layers; their edits stay, each with its own undo."""
        for watch in list(self._watches.values()):
            watch.release()
        self._watches, self._groups = {}, []

    # --- what the layers' stacks do -----------------------------------------------------------------

    def moved(self, watch: _LayerWatch, before: int, now: int) -> None:
        """A stack was moved, by whomever: the same is done on the other layers of the actions it passed."""
        if watch.stack.count() == 0:  # saved, or left
            self._drop(watch)
            return
        if self._busy or watch.leaving:
            return
        with self._alone():
            for group in self._passed(watch, before, now):
                part = group.part_in(watch)
                assert part is not None
                others = [p for p in group.parts if p is not part]
                undoing = now < before
                hindrance = self._hindrance(group, others, undoing)
                if hindrance:
                    watch.stack.setIndex(part.position + 1 if undoing else part.position)
                    self.refused.emit(hindrance)
                    break
                for other in others:
                    if other.is_done == undoing:
                        other.watch.stack.setIndex(other.position if undoing else other.position + 1)
                        other.watch.layer.triggerRepaint()
        self.followed.emit()

    def _passed(self, watch: _LayerWatch, before: int, now: int) -> list[_Group]:
        """Actions that a stack moved over, in the order it did; a command that is new there is no part of any."""
        low, high = min(before, now), max(before, now)
        found = [
            (p.position, g) for g in self._groups if (p := g.part_in(watch)) and low <= p.position < high and p.is_alive
        ]
        return [g for _, g in sorted(found, key=lambda pair: pair[0], reverse=now < before)]

    @staticmethod
    def _hindrance(group: _Group, others: list[_Part], undoing: bool) -> str:
        """Why the other layers cannot follow; empty where they can."""
        if group.lost and not undoing:
            return text("zone_editing.half_settled", action=group.caption, layer=group.lost)
        for other in others:
            name = other.watch.layer.name()
            if not other.is_alive:
                return text("zone_editing.cannot_redo", action=group.caption, layer=name)
            if other.is_done != undoing:
                continue
            index = other.watch.stack.index()
            if undoing and index != other.position + 1:
                last = other.watch.stack.text(index - 1)
                return text("zone_editing.undo_first", action=group.caption, layer=name, edit=last)
            if not undoing and index != other.position:
                following = other.watch.stack.text(index)
                return text("zone_editing.redo_first", action=group.caption, layer=name, edit=following)
        return ""

    def saving(self, watch: _LayerWatch, stopping: bool) -> None:
        """A layer is about to be saved: note with which others it must be.

        Layers of one transaction group are saved and closed together by QGIS, which is at it already: touching them
        now would reach into edit buffers that are going away.
        """
        watch.partners = [
            p.watch
            for g in self._groups
            if (own := g.part_in(watch)) and own.is_alive and own.is_done
            for p in g.parts
            if p is not own and p.is_alive and p.is_done and not (stopping and watch.shares_transaction(p.watch))
        ]

    def saved(self, watch: _LayerWatch, stopping: bool) -> None:
        """A layer was saved: so are the others that were edited with it, or the file would hold half an action."""
        partners, watch.partners = list(dict.fromkeys(watch.partners)), []
        self._drop(watch)
        names = []
        for partner in partners:
            if not partner.layer.isModified():
                continue
            if partner.layer.commitChanges(stopping and partner.opened_here):
                names.append(partner.layer.name())
            else:
                why = " ".join(partner.layer.commitErrors())
                self.refused.emit(text("zone_editing.not_saved", layer=partner.layer.name(), why=why))
        if names:
            self.told.emit(text("zone_editing.saved_too", layer=watch.layer.name(), others=names))

    def leaving(self, watch: _LayerWatch) -> None:
        """A layer's edits are about to be thrown away: the actions it had part in are taken back everywhere.

        Where a layer was edited by other means after such an action, that action stays in it and this is told: only
        the user can say whether those edits go too.  Layers of its transaction group are left to QGIS, which throws
        their edits away along with it.
        """
        target = {watch: 0}
        held: list[_LayerWatch] = []
        while True:
            before = dict(target)
            for group in self._groups:
                if any(
                    p.is_done and p.is_alive and target.get(p.watch, p.position + 1) <= p.position for p in group.parts
                ):
                    for p in group.parts:
                        if p.watch is watch or p.position >= self._own_down_to(p.watch):
                            target[p.watch] = min(target.get(p.watch, p.watch.stack.index()), p.position)
                        elif p.is_done and p.is_alive and not watch.shares_transaction(p.watch):
                            held.append(p.watch)
            if target == before:
                break
        others = {
            w: index
            for w, index in target.items()
            if w is not watch and not watch.shares_transaction(w) and w.stack.index() > index
        }
        with self._alone():
            for other, index in others.items():
                other.stack.setIndex(index)
                other.layer.triggerRepaint()
        watch.partners = list(others)
        if held:
            names = [w.name for w in dict.fromkeys(held)]
            self.refused.emit(text("zone_editing.kept_in", layer=watch.name, others=names))

    def stopped(self, watch: _LayerWatch) -> None:
        """A layer's editing has ended: those opened with it and without edits now are closed too."""
        partners, watch.partners = watch.partners, []
        if watch.layer.isEditable():
            return
        self._drop(watch)
        watch.opened_here = False
        for partner in partners:
            if partner.opened_here and partner.layer.isEditable() and not partner.layer.isModified():
                partner.layer.rollBack()

    def gone(self, watch: _LayerWatch) -> None:
        """A layer is leaving the project."""
        self._drop(watch)
        self._watches = {key: w for key, w in self._watches.items() if w is not watch}

    # --- ------------------------------------------------------------------------------------------------

    def _own_down_to(self, watch: _LayerWatch) -> int:
        """How far a layer can be undone without taking back an edit made by other means."""
        ours = {p.position for g in self._groups if (p := g.part_in(watch)) and p.is_alive}
        index = int(watch.stack.index())
        while index - 1 in ours:
            index -= 1
        return index

    def _watch(self, layer: QgsVectorLayer) -> _LayerWatch:
        watch = self._watches.get(layer.id())
        if watch is None:
            watch = self._watches[layer.id()] = _LayerWatch(layer, self)
        return watch

    def _drop(self, watch: _LayerWatch) -> None:
        for group in self._groups:
            if group.part_in(watch):
                group.parts = [p for p in group.parts if p.watch is not watch]
                group.lost = watch.name
        self._groups = [g for g in self._groups if g.parts]

    def _forget_dead(self) -> None:
        """Actions of which nothing can be undone or redone any more."""
        self._groups = [g for g in self._groups if any(p.is_alive for p in g.parts)]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """What the stacks do in here is our own doing."""
        before, self._busy = self._busy, True
        try:
            yield
        finally:
            self._busy = before


class _LayerWatch(QObject):
    """Follows one layer's stack, saving and leaving."""

    def __init__(self, layer: QgsVectorLayer, groups: EditGroups) -> None:
        super().__init__(groups)
        self.layer = layer
        self.name = layer.name()  # also when it is gone
        self.stack = layer.undoStack()
        self.index = self.stack.index()
        self.leaving = False
        self.opened_here = False
        self.partners: list[_LayerWatch] = []
        #: Which of the database's transactions the layer was last edited in; None where it has a buffer of its own.
        self.transaction: int | None = None
        self._stopping = False
        self._groups = groups
        self._links = [
            (self.stack.indexChanged, self._moved),
            (layer.beforeCommitChanges, self._saving),
            (layer.afterCommitChanges, self._saved),
            (layer.beforeRollBack, self._leaving),
            (layer.editingStopped, self._stopped),
            (layer.willBeDeleted, self._gone),
        ]
        for signal, slot in self._links:
            signal.connect(slot)

    def shares_transaction(self, other: _LayerWatch) -> bool:
        """Whether QGIS saves and gives up both layers as one (the project's automatic transaction groups).

        What was noted while they were edited counts: the transaction is gone when QGIS tells of saving.
        """
        return self.transaction is not None and self.transaction == other.transaction

    def release(self) -> None:
        """Let go of the layer."""
        if not sip.isdeleted(self.layer):
            for signal, slot in self._links:
                signal.disconnect(slot)
        self._links = []
        self.deleteLater()

    def _moved(self, index: int) -> None:
        before, self.index = self.index, index
        self._groups.moved(self, before, index)
        self.index = self.stack.index()

    def _saving(self, stopping: bool) -> None:
        self._stopping = stopping
        self._groups.saving(self, stopping)

    def _saved(self) -> None:
        self._groups.saved(self, self._stopping)
        self.opened_here = self.opened_here and not self._stopping

    def _leaving(self) -> None:
        self.leaving = True
        self._groups.leaving(self)

    def _stopped(self) -> None:
        self.leaving = False
        self._groups.stopped(self)

    def _gone(self) -> None:
        self._groups.gone(self)
        self.release()


def refuse_uneditable(layer: QgsVectorLayer) -> None:
    """Stop where a layer cannot be edited.

    Raises
    ------
    PlannerError
        If it is read-only, filtered, or its file cannot be written.
    """
    if layer.isEditable():
        return
    if layer.subsetString():
        raise PlannerError("zone_editing.filtered", layer=layer.name())
    can = layer.dataProvider().capabilities()
    wanted = QgsVectorDataProvider.Capability.ChangeAttributeValues
    if layer.isSpatial():
        wanted |= QgsVectorDataProvider.Capability.ChangeGeometries
    if layer.readOnly() or (can & wanted) != wanted:
        raise PlannerError("zone_editing.read_only", layer=layer.name())
    plan = roles.plan_of(layer)
    if plan is not None:  # QGIS would begin, and fail when it saves
        refuse_read_only(Path(plan))


def make_editable(layer: QgsVectorLayer) -> None:
    """Begin editing a layer.

    Raises
    ------
    PlannerError
        As `refuse_uneditable`.
    """
    refuse_uneditable(layer)
    if not layer.isEditable() and not layer.startEditing():
        raise PlannerError("zone_editing.read_only", layer=layer.name())


def _drop_redo(layer: QgsVectorLayer) -> None:
    """Older QGIS leaves a destroyed command where Redo would do it again; a new command that goes at once removes it."""
    if layer.undoStack().canRedo():
        nothing = QUndoCommand()
        nothing.setObsolete(True)
        layer.undoStack().push(nothing)


def _transaction(layer: QgsVectorLayer) -> int | None:
    transaction = layer.dataProvider().transaction()
    return None if transaction is None else _address(transaction)


def _address(wrapped: object) -> int:
    return int(sip.unwrapinstance(wrapped))
