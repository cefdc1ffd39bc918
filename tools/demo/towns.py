"""Illustrative towns: the plan's 42 units, cut out of the real district outlines.

How: every unit has a rough centre and a weight (below, from general knowledge, to about a tenth of a
degree).  Its cells are those nearest to the centre in a power diagram whose distances are bent a
little, so that borders wind like real ones; the diagram's weights are adjusted until every unit has
its share of its district.  Shares follow the areas that the plan states for zones and key areas.
The outer and the district borders are real, every border inside a district is **made up**.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from mosaic import Mosaic, connected, noise
from outlines import District

from restoration_planner.core.plan.tables import PlanTables

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Town:
    """A unit of the plan: name, district, rough centre, and weight within its zone or key area."""

    name: str
    district: str
    lon: float
    lat: float
    weight: float


TOWNS = (
    Town("北台街道办事处", "平山区", 123.64, 41.24, 8),
    Town("千金街道", "平山区", 123.71, 41.28, 3),
    Town("平山区城区", "平山区", 123.76, 41.29, 1.3),
    Town("桥头街道办事处", "平山区", 123.72, 41.18, 5),
    Town("东风街道办事处", "溪湖区", 123.79, 41.35, 1.5),
    Town("溪湖区城区", "溪湖区", 123.74, 41.32, 4.5),
    Town("火连寨街道办事处", "溪湖区", 123.68, 41.36, 5.5),
    Town("日月岛街道办事处", "溪湖区", 123.72, 41.43, 6),
    Town("石桥子街道办事处", "溪湖区", 123.70, 41.49, 9),
    Town("东兴街道办事处", "明山区", 123.81, 41.30, 3),
    Town("明山区城区", "明山区", 123.78, 41.31, 1),
    Town("卧龙街道", "明山区", 123.90, 41.26, 13),
    Town("新明街道办事处", "明山区", 123.83, 41.34, 3),
    Town("牛心台街道", "明山区", 123.93, 41.34, 7),
    Town("高台子镇", "明山区", 123.89, 41.43, 12),
    Town("下马塘街道办事处", "南芬区", 123.79, 41.00, 20),
    Town("思山岭街道办事处", "南芬区", 123.89, 41.12, 27),
    Town("郭家街道办事处", "南芬区", 123.72, 41.10, 12),
    Town("草河口镇", "本溪满族自治县", 123.90, 40.87, 20),
    Town("草河城镇", "本溪满族自治县", 123.99, 40.92, 18),
    Town("草河掌镇", "本溪满族自治县", 124.12, 41.02, 38),
    Town("连山关镇", "本溪满族自治县", 123.78, 40.94, 20),
    Town("东营坊乡", "本溪满族自治县", 124.55, 41.17, 33),
    Town("高官镇", "本溪满族自治县", 124.05, 41.43, 32),
    Town("碱厂镇", "本溪满族自治县", 124.53, 41.35, 29),
    Town("南甸子镇", "本溪满族自治县", 124.31, 41.29, 20),
    Town("清河城镇", "本溪满族自治县", 124.24, 41.48, 34),
    Town("观音阁街道办事处", "本溪满族自治县", 124.14, 41.26, 24),
    Town("田师傅镇", "本溪满族自治县", 124.38, 41.20, 37),
    Town("小市镇", "本溪满族自治县", 124.13, 41.33, 26),
    Town("八里甸子镇", "桓仁满族自治县", 124.90, 41.22, 48),
    Town("北甸子乡", "桓仁满族自治县", 125.62, 41.33, 21),
    Town("二棚甸子镇", "桓仁满族自治县", 125.48, 41.12, 38),
    Town("古城镇", "桓仁满族自治县", 125.32, 41.44, 23),
    Town("黑沟乡", "桓仁满族自治县", 125.50, 41.44, 25),
    Town("华来镇", "桓仁满族自治县", 125.02, 41.42, 60),
    Town("桓仁镇", "桓仁满族自治县", 125.38, 41.28, 21),
    Town("普乐堡镇", "桓仁满族自治县", 125.18, 41.10, 37),
    Town("沙尖子镇", "桓仁满族自治县", 125.60, 40.98, 16),
    Town("五里甸子镇", "桓仁满族自治县", 125.70, 41.10, 29),
    Town("向阳乡", "桓仁满族自治县", 125.12, 41.27, 20),
    Town("雅河朝鲜族乡", "桓仁满族自治县", 125.32, 41.19, 17),
)

_ROUNDS = 400
_BEND_KM = 1.3
_BALANCE_ROUNDS = 30


def assign_towns(mosaic: Mosaic, districts: list[District], plan: PlanTables) -> Array:
    """``(n,)`` position in `TOWNS` of the unit that each cell belongs to."""
    targets = _target_areas(mosaic, districts, plan)
    bent = mosaic.centre + _BEND_KM * np.column_stack([noise(mosaic.centre, seed, (4.0, 14.0)) for seed in (41, 42)])
    town = np.full(len(mosaic.cells), -1)
    for position, district in enumerate(districts):
        members = np.array([i for i, t in enumerate(TOWNS) if t.district == district.name])
        cells = np.flatnonzero(mosaic.district == position)
        seats = mosaic.plane([(TOWNS[i].lon, TOWNS[i].lat) for i in members])
        town[cells] = members[_power_diagram(bent[cells], mosaic.km2[cells], seats, targets[members])]
    return _balance(mosaic, _join_fragments(mosaic, town), targets)


def _target_areas(mosaic: Mosaic, districts: list[District], plan: PlanTables) -> Array:
    """km² of each unit: what the plan states for its key area or the rest of its zone, in shares of the district."""
    district_km2 = {d.name: float(mosaic.km2[mosaic.district == i].sum()) for i, d in enumerate(districts)}
    stated_zone = _stated(plan, "restoration_zone")
    stated_key = _stated(plan, "key_area")
    member = {row["unit_name"]: row for row in plan["unit_membership"].records()}
    zone = [str(member[t.name]["zone_code"]) for t in TOWNS]
    key = [member[t.name].get("key_area_code") for t in TOWNS]
    weights = np.array([t.weight for t in TOWNS])
    targets = np.zeros(len(TOWNS))
    for code, stated in stated_zone.items():
        keys = sorted({str(k) for z, k in zip(zone, key) if z == code and k})
        rest = stated - sum(stated_key[k] for k in keys)
        for group, km2 in [*((k, stated_key[k]) for k in keys), (None, rest)]:
            chosen = np.array([z == code and k == group for z, k in zip(zone, key)])
            targets[chosen] = km2 * weights[chosen] / weights[chosen].sum()
    for name, km2 in district_km2.items():
        of_district = np.array([t.district == name for t in TOWNS])
        in_key = of_district & np.array([k is not None for k in key])
        # Key areas keep their stated size where they can; the other units take up the difference.
        others = of_district & ~in_key
        targets[others] *= (km2 - targets[in_key].sum()) / targets[others].sum()
    return targets


def _stated(plan: PlanTables, table: str) -> dict[str, float]:
    return dict(zip(plan[table]["code"].tolist(), map(float, plan[table]["stated_area_km2"].tolist())))


def _power_diagram(points: Array, km2: Array, seats: Array, targets: Array) -> Array:
    """The seat of each point: nearest by squared distance less a weight, weights fitted to the target areas."""
    squared = ((points[:, None, :] - seats[None, :, :]) ** 2).sum(axis=2)
    weight = np.zeros(len(seats))
    best, best_miss = np.argmin(squared, axis=1), np.inf
    for turn in range(_ROUNDS):
        seat = np.argmin(squared - weight, axis=1)
        miss = targets - np.bincount(seat, km2, len(seats))
        if np.abs(miss).max() < best_miss:
            best, best_miss = seat, float(np.abs(miss).max())
        weight += miss * 0.6 * (1 - turn / _ROUNDS) ** 2
    return best


def _balance(mosaic: Mosaic, town: Array, targets: Array) -> Array:
    """Move cells over the borders, from units that are too large to smaller neighbours, until all fit."""
    best, best_miss = town, np.inf
    for _ in range(_BALANCE_ROUNDS):
        miss = np.bincount(town, mosaic.km2, len(TOWNS)) - targets
        if np.abs(miss).sum() < best_miss:
            best, best_miss = town, float(np.abs(miss).sum())
        pairs = _inside_districts(mosaic)
        giver, taker = town[pairs[:, 0]], town[pairs[:, 1]]
        crossing = (giver != taker) & (miss[giver] > miss[taker])
        # A cell that the taker already surrounds goes first: borders stay smooth.
        move, contacts = np.unique(np.column_stack([pairs[crossing, 0], taker[crossing]]), axis=0, return_counts=True)
        town = town.copy()
        order = np.lexsort((move[:, 0], -contacts))
        left = {
            (a, b): 0.3 * (miss[a] - miss[b]) for a, b in np.unique(np.column_stack([giver, taker])[crossing], axis=0)
        }
        for cell, to in move[order].tolist():
            key = (int(town[cell]), to)
            if left.get(key, 0.0) > mosaic.km2[cell] / 2:
                left[key] -= mosaic.km2[cell]
                town[cell] = to
        town = _join_fragments(mosaic, town)
    return best


def _inside_districts(mosaic: Mosaic) -> Array:
    """Neighbouring cells of one district, in both directions."""
    pairs = np.concatenate([mosaic.neighbours, mosaic.neighbours[:, ::-1]])
    return pairs[mosaic.district[pairs[:, 0]] == mosaic.district[pairs[:, 1]]]


def _join_fragments(mosaic: Mosaic, town: Array) -> Array:
    """Every unit in one piece: cut-off fragments go to the unit of the same district around them."""
    town = town.copy()
    pairs = _inside_districts(mosaic)
    for _ in range(20):
        label = connected(town, mosaic.neighbours)
        size = np.bincount(label, mosaic.km2, len(label))
        largest = np.zeros(len(TOWNS))
        np.maximum.at(largest, town, size[label])
        loose = size[label] < largest[town]
        if not loose.any():
            return town
        border = pairs[loose[pairs[:, 0]] & ~loose[pairs[:, 1]]]
        for fragment in np.unique(label[border[:, 0]]).tolist():
            around = town[border[label[border[:, 0]] == fragment, 1]]
            town[label == fragment] = np.bincount(around).argmax()
    return town
