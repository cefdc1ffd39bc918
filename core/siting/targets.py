"""The layers that projects are checked against: repaired, joined and indexed when first needed.

The same targets serve a whole check and, kept warm, the re-check of one edited project.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ..geometry.polygon_index import PolygonIndex
from ..geometry.repair import repair
from ..plan.names import CountyNames, NameMatch, county_key
from ..plan.tables import PlanTables, Rows
from ..texts import Message
from .rules import Condition

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class TargetLayer:
    """One layer's features with geometry, filtered as a rule asks.

    Attributes
    ----------
    rows
        The features that have a geometry and pass the filter.
    geometry
        ``(n,)`` valid geometries of these rows.
    has_data
        Whether the layer holds any geometry at all, filter or not.
    """

    rows: Rows
    geometry: Array
    has_data: bool


@dataclass
class Targets:
    """Everything that projects are checked against, made when first asked for."""

    tables: PlanTables
    notes: list[Message] = field(default_factory=list)
    _repaired: dict[str, tuple[Rows, Array]] = field(default_factory=dict)
    _layers: dict[tuple[Any, ...], TargetLayer] = field(default_factory=dict)
    _indexes: dict[tuple[Any, ...], PolygonIndex] = field(default_factory=dict)
    _counties: Counties | None = None

    def layer(self, table: str, where: tuple[Condition, ...] = ()) -> TargetLayer:
        """A layer's features that have geometry and meet the conditions."""
        key = (table, where)
        if key not in self._layers:
            rows, geometry = self._measured(table)
            chosen = np.ones(len(rows), bool)
            for condition in where:
                chosen &= condition.holds(rows)
            self._layers[key] = TargetLayer(rows.take(chosen), geometry[chosen], len(rows) > 0)
        return self._layers[key]

    def index(self, table: str, where: tuple[Condition, ...] = ()) -> PolygonIndex:
        """An index of a layer's single features; positions are those of `layer`'s rows."""
        key = ("each", table, where)
        if key not in self._indexes:
            self._indexes[key] = PolygonIndex(self.layer(table, where).geometry)
        return self._indexes[key]

    def union_index(
        self, table: str, where: tuple[Condition, ...] = (), codes: frozenset[str] | None = None
    ) -> PolygonIndex:
        """An index of the union of a layer's features, of all or of some codes."""
        layer = self.layer(table, where)
        chosen = layer.geometry
        if codes is not None:
            chosen = chosen[np.array([code in codes for code in layer.rows["code"]], dtype=bool)]
            if len(chosen) == len(layer.geometry):
                codes = None
        key: tuple[Any, ...] = ("union", table, where, codes)
        if key not in self._indexes:
            joined = np.empty(1, dtype=object)
            joined[0] = chosen[0] if len(chosen) == 1 else shapely.union_all(chosen)
            self._indexes[key] = PolygonIndex(joined)
        return self._indexes[key]

    def counties(self) -> Counties:
        """The city's counties."""
        if self._counties is None:
            units, drawn = self.tables["admin_unit"], self.layer("admin_unit")
            missing = ~np.isin(units.fids, drawn.rows.fids)
            named = [
                n for n, v in zip(units["name"][missing], units["level"][missing]) if v == "county" and n is not None
            ]
            self._counties = Counties.of(drawn, named)
        return self._counties

    def replaced(self, tables: PlanTables) -> Targets:
        """Those of a plan of which some tables were read anew: what was made of the others is kept.

        A table counts as the same where it is the same object.
        """
        same = {t for t in {*tables.rows, *self.tables.rows} if tables.rows.get(t) is self.tables.rows.get(t)}
        kept = Targets(tables)
        kept._repaired = {t: made for t, made in self._repaired.items() if t in same}
        kept._layers = {key: made for key, made in self._layers.items() if key[0] in same}
        kept._indexes = {key: made for key, made in self._indexes.items() if key[1] in same}
        kept._counties = self._counties if "admin_unit" in same else None
        return kept

    def vertices_near(self, boxes: Array) -> int:
        """Roughly how many vertices of borders the indexes that stand have within some boxes."""
        return sum(index.vertices_near(boxes) for index in self._indexes.values())

    def _measured(self, table: str) -> tuple[Rows, Array]:
        """Rows with geometry, and that geometry repaired; what was wrong is noted once a layer."""
        if table not in self._repaired:
            rows = self.tables[table]
            geometry = rows.geometry if rows.geometry is not None else np.empty(0, object)
            lost = [i for i in rows.damage if geometry[i] is None]
            repaired, reasons = repair(geometry)
            self._note("siting.target_repaired", rows, sorted({*reasons, *rows.damage} - {*lost}))
            self._note("siting.target_unusable", rows, lost)
            present = ~shapely.is_missing(repaired)
            self._repaired[table] = rows.take(present), repaired[present]
        return self._repaired[table]

    def _note(self, message_id: str, rows: Rows, positions: list[int]) -> None:
        if positions:
            first = rows["code"][positions[0]] or rows.fids[positions[0]]
            caption = Message.of(f"schema.{rows.table}")
            self.notes.append(Message.of(message_id, layer=caption, count=len(positions), code=first))


@dataclass(frozen=True)
class Counties:
    """The counties with geometry; rows of one name count as one county.

    ``names`` and ``codes`` ``(k,)``; ``index`` holds the k geometries; ``matcher`` finds a name as
    written, ``not_drawn`` one of a county that has no geometry.
    """

    names: list[str]
    codes: list[str | None]
    index: PolygonIndex
    matcher: CountyNames
    not_drawn: CountyNames
    _meanings: dict[str, NameMatch] = field(default_factory=dict)

    def meaning(self, name: str) -> NameMatch:
        """Which county a name as written stands for."""
        if name not in self._meanings:
            self._meanings[name] = self.matcher.match(name)
        return self._meanings[name]

    @classmethod
    def of(cls, units: TargetLayer, not_drawn: Sequence[str] = ()) -> Counties:
        """Rows of level county or, where there are none, the counties that towns name."""
        level, name = units.rows["level"], units.rows["name"]
        rank = np.array([v == "county" for v in level], dtype=bool)
        labels = name if rank.any() else units.rows["county"]
        members = rank if rank.any() else np.ones(len(level), bool)
        members &= np.array([v is not None for v in labels], dtype=bool)
        # 本溪县 and 本溪满族自治县 are one county, under the name that comes first.
        keys = np.array([county_key(str(v)) if m else "" for v, m in zip(labels, members)], dtype=object)
        name_of = {key: str(label) for key, label in zip(keys[::-1], labels[::-1])}
        first_named = list(dict.fromkeys(keys[members]))
        names = [name_of[key] for key in first_named]
        geometry = np.empty(len(names), dtype=object)
        codes: list[str | None] = []
        for i, key in enumerate(first_named):
            own = members & (keys == key)
            geometry[i] = shapely.union_all(units.geometry[own])
            stated = Counter(c for c in units.rows["code"][own] if c is not None) if rank.any() else Counter()
            codes.append(str(min(stated)) if stated else None)
        return cls(names, codes, PolygonIndex(geometry), CountyNames(names), CountyNames(not_drawn))
