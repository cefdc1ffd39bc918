"""What a plan knows already: projects, programmes, zones, counties and departments, found by their names."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from ..intake.place_names import known_counties
from ..intake.profiles import Profile, shipped_profile
from ..plan.lists import read_list
from ..plan.names import APPLICABLE, CountyNames, TownNames, county_key
from ..plan.tables import PlanTables
from .columns import KnownNames
from .tidy import name_key

Record = dict[str, Any]
#: The tables that are read.
NEEDED = ("plan", "admin_unit", "restoration_zone", "key_area", "unit_membership", "programme", "project")


class PlanKnown:
    """The plan's own names and codes."""

    def __init__(self, tables: PlanTables, profiles: Sequence[Profile] | None = None) -> None:
        self.tables = tables
        self.profiles = list(profiles or [shipped_profile()])
        self.projects: list[Record] = tables["project"].records()
        self.programmes: dict[str, str] = {
            str(p["code"]): str(p.get("name") or "") for p in tables["programme"].records() if p.get("code")
        }
        counties = known_counties(tables)
        listed = [county for project in self.projects for county in read_list(project.get("counties"))]
        names = CountyNames(counties)
        counties += [c for c in dict.fromkeys(listed) if names.match(c).index is None]
        self.counties = counties
        self.county_names = CountyNames(counties)
        units = [(u["unit_name"], u["county"]) for u in tables["unit_membership"].records()]
        units += [(u["name"], u["county"]) for u in tables["admin_unit"].records() if u.get("level") != "county"]
        self._towns = [(str(name), county) for name, county in dict.fromkeys(units) if name and county]
        self._town_names = TownNames(self._towns)
        self.zones = _codes_by_name(tables, "restoration_zone")
        self.key_areas = _codes_by_name(tables, "key_area")
        self.departments: dict[str, str] = {}
        for project in self.projects:
            own = [project.get("lead_department"), *read_list(project.get("departments"))]
            self.departments.update({name_key(name): str(name) for name in own if name})
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._by_code: dict[str, list[int]] = defaultdict(list)
        for position, project in enumerate(self.projects):
            if project.get("name"):
                self._by_name[name_key(project["name"])].append(position)
            if project.get("code"):
                self._by_code[same_code(project["code"])].append(position)

    def named(self, name: str) -> list[int]:
        """Positions of the projects of that name."""
        return self._by_name.get(name_key(name), [])

    def coded(self, code: str) -> list[int]:
        """Positions of the projects of that code."""
        return self._by_code.get(same_code(code), [])

    def county_of(self, place: str) -> str | None:
        """The county that a place's name begins with (溪湖区火连寨街道), or in which alone there is a town of that name."""
        key = name_key(place)
        for county in self.counties:
            if any(key.startswith(name_key(name)) and key != name_key(name) for name in (county, county_key(county))):
                return county
        match = self._town_names.match(place)
        theirs = {self._towns[i][1] for i in match.indexes} if match.kind in APPLICABLE else set()
        found = self.county_names.match(next(iter(theirs))) if len(theirs) == 1 else None
        return self.counties[found.index] if found is not None and found.index is not None else None

    def project_name(self, key: str) -> str | None:
        """The name that a key stands for."""
        found = self._by_name.get(key)
        return str(self.projects[found[0]]["name"]) if found else None

    def for_layout(self) -> KnownNames:
        """By what columns without captions are told."""
        return KnownNames(
            frozenset(self._by_name),
            frozenset(self.programme_keys()),
            frozenset(str(p["code"]) for p in self.projects if p.get("code")),
            frozenset(self.departments),
        )

    def programme_keys(self) -> dict[str, str]:
        """Key of a programme's name → its code."""
        return {name_key(name): code for code, name in self.programmes.items() if name}


def same_code(code: object) -> str:
    """By what two codes are the same."""
    plain = unicodedata.normalize("NFKC", str(code))
    return re.sub(r"[‐-―−]", "-", re.sub(r"\s", "", plain)).casefold()


def _codes_by_name(tables: PlanTables, table: str) -> dict[str, str]:
    """Name's key and code → code."""
    found: dict[str, str] = {}
    for row in tables[table].records():
        if row.get("code"):
            found[name_key(row["code"])] = str(row["code"])
            if row.get("name"):
                found[name_key(row["name"])] = str(row["code"])
    return found
