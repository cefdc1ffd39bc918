"""Plans to start from: the facts of a published plan, as tables.

A template is a YAML file in ``core/plan/templates`` that a planner can read and edit.  Its keys are
names of tables, its entries rows with the schema's field names; three extra keys keep what belongs
together in one place:

- ``units`` of a zone or key area: ``{county: [unit, …]}``, which becomes ``unit_membership``;
- ``values`` of an indicator: ``{year: value}``, where a value is a number, ``">= 330"``, a text kept
  as printed, or ``{value: 90, text: "90%"}``, which becomes ``indicator_value``;
- ``shares`` of an indicator: ``{unit: value}``, which becomes ``indicator_share``.

``every_project`` holds what is the same for all projects.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import PlannerError
from .lists import write_list
from .schema import CODE_LISTS, SCHEMA_VERSION, TABLES, Field
from .tables import PlanTables, Rows

FOLDER = Path(__file__).with_name("templates")

#: Stands for the county of units whose county the plan does not state.
COUNTY_NOT_STATED = "未载明"

Record = dict[str, Any]

_EXTRA_KEYS = {
    "restoration_zone": ("units",),
    "key_area": ("units",),
    "indicator": ("values", "shares"),
}


def template_names() -> list[str]:
    """Names of the templates there are."""
    return sorted(p.stem for p in FOLDER.glob("*.yaml"))


def plan_from_template(name: str) -> PlanTables:
    """The tables of a new plan.

    Parameters
    ----------
    name
        ``benxi``, ``yangquan``, ``blank`` or any other file of the template folder.

    Returns
    -------
    PlanTables
        Every table of the schema, all geometry null.

    Raises
    ------
    PlannerError
        If there is no such template, or if its file does not fit the schema.
    """
    if name not in template_names():
        raise PlannerError("plan.unknown_template", name=name, known=template_names())
    return tables_of_template(FOLDER / f"{name}.yaml")


def tables_of_template(path: Path) -> PlanTables:
    """The tables that a template file describes, checked against the schema."""
    facts = _Facts(path)
    records: dict[str, list[Record]] = {table: facts.records(table) for table in TABLES}
    records["plan"] = [{"schema_version": SCHEMA_VERSION, **facts.plan()}]
    records["unit_membership"] += facts.memberships()
    records["indicator_value"] += facts.indicator_values()
    records["indicator_share"] += facts.indicator_shares()
    return PlanTables({table: _rows(table, found) for table, found in records.items()})


def _rows(table: str, records: list[Record]) -> Rows:
    """Rows with a column for every field of the schema, in its order."""
    names = TABLES[table].field_names
    return Rows.from_records(table, [{n: r.get(n) for n in names} for r in records]) if records else Rows.empty(table)


class _Facts:
    """One template file, read and checked."""

    def __init__(self, path: Path) -> None:
        self.file = path.name
        content = _load_yaml(path)
        if not isinstance(content, dict):
            raise self._fault("plan.template_not_a_mapping")
        for key in content:
            if key not in TABLES and key != "every_project":
                raise self._fault("plan.template_unknown_table", table=key)
        self._content = content

    def plan(self) -> Record:
        """The one row of the plan itself."""
        return self._checked("plan", self._content.get("plan") or {}, 1)

    def records(self, table: str) -> list[Record]:
        """The entries of a table, without the extra keys."""
        common = self._content.get("every_project") or {} if table == "project" else {}
        return [
            self._checked(table, {**common, **entry}, number)
            for number, entry in enumerate(self._entries(table), 1)
            if table != "plan"
        ]

    def memberships(self) -> list[Record]:
        """One row a unit and zone; a unit of a key area is a unit of its zone that says so."""
        rows = {
            (unit, county, zone["code"]): {"unit_name": unit, "county": county, "zone_code": zone["code"]}
            for zone in self._entries("restoration_zone")
            for unit, county in self._units(zone)
        }
        for area in self._entries("key_area"):
            for unit, county in self._units(area):
                row = rows.get((unit, county, area["zone_code"]))
                if row is None or "key_area_code" in row:
                    raise self._fault("plan.template_unit_not_in_zone", unit=unit, area=area["code"])
                row["key_area_code"] = area["code"]
        return list(rows.values())

    def indicator_values(self) -> list[Record]:
        """One row an indicator and year."""
        return [
            {"indicator_code": entry["code"], "year": year, **self._value(entry["code"], written)}
            for entry in self._entries("indicator")
            for year, written in (entry.get("values") or {}).items()
        ]

    def indicator_shares(self) -> list[Record]:
        """One row an indicator and unit that has a share of it."""
        return [
            {"indicator_code": entry["code"], "unit_name": unit, "value": float(value)}
            for entry in self._entries("indicator")
            for unit, value in (entry.get("shares") or {}).items()
        ]

    def _entries(self, table: str) -> list[Record]:
        entries = self._content.get(table) or []
        return [] if isinstance(entries, dict) else entries

    def _units(self, entry: Record) -> list[tuple[str, str | None]]:
        return [
            (unit, None if county == COUNTY_NOT_STATED else county)
            for county, units in (entry.get("units") or {}).items()
            for unit in units
        ]

    def _value(self, code: str, written: object) -> Record:
        """Operator, number and text of one value as written in the file."""
        if isinstance(written, Mapping):
            return {"value": float(written["value"]), "text": written["text"]}
        if isinstance(written, (int, float)):
            return {"value": float(written)}
        text = str(written)
        for operator in sorted(CODE_LISTS["operator"], key=len, reverse=True):
            if text.startswith(operator):
                try:
                    return {"operator": operator, "value": float(text[len(operator) :])}
                except ValueError:
                    raise self._wrong("indicator", code, "values", text) from None
        return {"text": text}

    def _checked(self, table: str, entry: Mapping[str, object], number: int) -> Record:
        record: Record = {}
        place = str(entry.get("code") or number)
        for name, value in entry.items():
            if name in _EXTRA_KEYS.get(table, ()):
                continue
            if name not in TABLES[table].field_names:
                raise self._fault("plan.template_unknown_field", table=table, entry=place, field=name)
            field = TABLES[table].field(name)
            if not _fits(field, value):
                raise self._wrong(table, place, name, value)
            if field.is_list:
                record[name] = write_list(value if isinstance(value, list) else [])
            else:
                record[name] = float(value) if field.type == "real" and isinstance(value, int) else value
        return record

    def _wrong(self, table: str, entry: str, field: str, value: object) -> PlannerError:
        return self._fault("plan.template_wrong_value", table=table, entry=entry, field=field, value=value)

    def _fault(self, message_id: str, **params: object) -> PlannerError:
        return PlannerError(message_id, file=self.file, **params)


def _fits(field: Field, value: object) -> bool:
    """Whether a value is of the field's type; a code that YAML read as a number (1.10!) is not text."""
    if value is None:
        return True
    if field.is_list:
        return isinstance(value, list) and all(isinstance(v, str) for v in value)
    if field.codes is not None:
        return value in CODE_LISTS[field.codes]
    if field.type == "boolean" or isinstance(value, bool):
        return field.type == "boolean" and isinstance(value, bool)
    return isinstance(value, {"text": str, "integer": int, "real": (int, float)}[field.type])  # type: ignore[arg-type]


def _load_yaml(path: Path) -> Any:
    """A YAML file read safely, by libyaml where it is there."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        with path.open(encoding="utf-8") as file:
            return yaml.load(file, Loader=loader)  # noqa: S506  both loaders are the safe ones
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else "?"
        raise PlannerError("plan.template_not_yaml", file=path.name, line=line) from error
