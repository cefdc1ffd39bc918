"""What all zone tools share: the editing that their clicks mean, and hearing of edits."""

from __future__ import annotations

from .plan_tool import CHOSEN, DRAWN, HOVERED, LINE, POINT, POLYGON, PlanTool
from .zone_editing import ZoneEditing

__all__ = ("CHOSEN", "DRAWN", "HOVERED", "LINE", "POINT", "POLYGON", "ZoneTool")


class ZoneTool(PlanTool):
    """A map tool on the plan at work; what its clicks mean is `ZoneEditing`'s to do.

    ``name`` is that of its action, icon and texts: ``zone_editing.<name>``, ``…_hint``.
    """

    name = ""
    hint_name = "RestorationPlannerZoneHint"

    def __init__(self, editing: ZoneEditing) -> None:
        super().__init__(editing.iface)
        self.editing = editing
        self.hint_key = f"zone_editing.{self.name}_hint"

    def activate(self) -> None:
        self.editing.edited.connect(self._edited)
        super().activate()

    def deactivate(self) -> None:
        self.editing.edited.disconnect(self._edited)
        super().deactivate()

    def plan_changed(self) -> None:
        """Another plan is at work: what was begun on the last one would be done to zones of this one."""
        if self.isActive():
            self.start_again()

    def layers_changed(self) -> None:
        """Zones or key areas were edited: what the tool remembered of them is old."""

    def _edited(self, _zones: list[int], _areas: list[int]) -> None:
        self.layers_changed()
