"""The plan's own zones as categories of the zones' style, written without QGIS."""

from __future__ import annotations

import copy
import re
import xml.etree.ElementTree as ET

import numpy as np
import shapely

from ..palette import assign_zone_colours
from ..plan.tables import Rows

#: About 10 m: zones that a sliver keeps apart are neighbours all the same.
NEIGHBOUR_DISTANCE = 1e-4

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def fill_zone_categories(qml: str, zones: Rows) -> str:
    """Give every zone of a plan its category: its code as value, "code name" in the legend.

    Parameters
    ----------
    qml
        Style of `restoration_zone` with a categorised renderer; its category of the empty value,
        or else the last one, is the pattern for the symbols and stays as the category for any other zone.
    zones
        The plan's zones; geometry, where there is any, decides which colours stand side by side.

    Returns
    -------
    str
        The style with the categories of exactly these zones.

    Raises
    ------
    ValueError
        If the style has no categorised renderer to fill.
    """
    root = ET.fromstring(re.sub(r"^\s*<!DOCTYPE[^>]*>", "", qml))
    renderer = root.find("renderer-v2[@type='categorizedSymbol']")
    categories = None if renderer is None else renderer.find("categories")
    symbols = None if renderer is None else renderer.find("symbols")
    if categories is None or symbols is None or len(categories) == 0:
        raise ValueError("the style has no categories to fill")
    pattern = next((c for c in categories if not c.get("value")), categories[-1])
    symbol = next(s for s in symbols if s.get("name") == pattern.get("symbol"))
    kept = [_first_of_code(zones, i) for i in range(len(zones))]
    colours = assign_zone_colours(neighbours_of(zones))
    for element in (*categories,):
        categories.remove(element)
    for element in (*symbols,):
        symbols.remove(element)
    wanted = sorted((i for i, keep in enumerate(kept) if keep), key=lambda i: natural_order(zones["code"][i]))
    for number, position in enumerate(wanted):
        code, name = str(zones["code"][position]), zones["name"][position]
        category = copy.deepcopy(pattern)
        category.attrib.update(
            value=code,
            type="string",
            symbol=str(number),
            label=code if name is None else f"{code} {name}",
            render="true",
        )
        categories.append(category)
        symbols.append(_coloured(symbol, str(number), colours[position]))
    pattern.set("symbol", str(len(wanted)))
    categories.append(pattern)
    symbol.set("name", str(len(wanted)))
    symbols.append(symbol)
    return _HEAD + ET.tostring(root, encoding="unicode") + "\n"


def neighbours_of(zones: Rows) -> list[set[int]]:
    """For each zone the positions of the zones that it touches or nearly touches."""
    neighbours: list[set[int]] = [set() for _ in range(len(zones))]
    if zones.geometry is None or not len(zones):
        return neighbours
    drawn = np.flatnonzero([g is not None and not g.is_empty for g in zones.geometry])
    if not len(drawn):
        return neighbours
    shapes = zones.geometry[drawn]
    reach = shapely.box(*(shapely.bounds(shapes) + np.array([-1, -1, 1, 1]) * NEIGHBOUR_DISTANCE).T)
    first, second = shapely.STRtree(shapes).query(reach, predicate="intersects")
    pairs = first < second
    first, second = first[pairs], second[pairs]
    close = shapely.distance(shapes[first], shapes[second]) <= NEIGHBOUR_DISTANCE
    for a, b in zip(drawn[first[close]].tolist(), drawn[second[close]].tolist()):
        neighbours[a].add(b)
        neighbours[b].add(a)
    return neighbours


def natural_order(code: object) -> tuple[tuple[int, int, str], ...]:
    """A sort key by which ``2`` comes before ``10``."""
    parts = re.findall(r"\d+|\D+", str(code))
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts)


def _first_of_code(zones: Rows, position: int) -> bool:
    code = zones["code"][position]
    return code is not None and code not in zones["code"][:position]


def _coloured(symbol: ET.Element, name: str, fill: str) -> ET.Element:
    made = copy.deepcopy(symbol)
    made.set("name", name)
    rgba = ",".join(str(int(fill[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"
    filled = next((layer for layer in made.iter("layer") if layer.get("class") == "SimpleFill"), None)
    if filled is not None:
        for element in filled.iter():
            if element.tag == "Option" and element.get("name") == "color":
                element.set("value", rgba)
            elif element.tag == "prop" and element.get("k") == "color":
                element.set("v", rgba)
    return made
