"""Where a zone or key area lies, in words: its towns by county."""

from __future__ import annotations

from ..plan.tables import PlanTables
from ..texts import language
from .wording import listed

#: Towns by county, in the plan's order; the county is None where the plan does not say it.
Region = dict["str | None", list[str]]


def regions_of(tables: PlanTables, by: str) -> dict[str, Region]:
    """Zone or key area code → its towns by county, as the plan lists them."""
    membership = tables["unit_membership"]
    found: dict[str, Region] = {}
    for code, county, unit in zip(*(membership[name].tolist() for name in (by, "county", "unit_name"))):
        if code is not None and unit is not None:
            towns = found.setdefault(code, {}).setdefault(county, [])
            if unit not in towns:
                towns.append(unit)
    for region in found.values():
        if None in region:  # what the plan leaves open comes last
            region[None] = region.pop(None)
    return found


def region_text(region: Region) -> str:
    """The whole region in one cell."""
    between = "；" if language() == "zh" else "; "
    colon = "：" if language() == "zh" else ": "
    # a county that is in the zone as a whole is its own unit
    said = [
        listed(towns) if county is None or towns == [county] else f"{county}{colon}{listed(towns)}"
        for county, towns in region.items()
    ]
    return between.join(said)
