"""The names that layers, fields and values go by: the plugin's own profile, and a user's beside the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from ..errors import PlannerError
from ..plan.schema import CODE_LISTS, TABLES

PROFILES_FILE = Path(__file__).with_name("profiles.yaml")
USERS_FILE = "import_profiles.yaml"


@dataclass(frozen=True)
class Profile:
    """Table → names of layers that hold it, table → field → names it goes by, code list → code → words that mean it, and
    name of a place as others write it → as the plan does."""

    layers: Mapping[str, list[str]]
    fields: Mapping[str, Mapping[str, list[str]]]
    values: Mapping[str, Mapping[str, list[str]]]
    names: Mapping[str, str]

    def names_of(self, table: str, field: str) -> list[str]:
        """Names of a field, the table's own before those of every table."""
        return [*self.fields.get(table, {}).get(field, ()), *self.fields.get("all", {}).get(field, ())]

    def words_for(self, codes: str, code: str) -> list[str]:
        """Words that mean a code."""
        return list(self.values.get(codes, {}).get(code, ()))


def profiles_for(plan: Path) -> list[Profile]:
    """The profiles that count for a plan, the user's first.

    Raises
    ------
    PlannerError
        If the user's file is not written as it should be; says what is wrong.
    """
    own = plan.absolute().parent / USERS_FILE
    return [*([_load(own)] if own.is_file() else []), shipped_profile()]


@cache
def shipped_profile() -> Profile:
    """The plugin's own profile."""
    return _load(PROFILES_FILE)


def _load(path: Path) -> Profile:
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise PlannerError("intake.profile_unreadable", path=path.name, reason=" ".join(str(error).split())) from error
    if not isinstance(written, dict) or not set(written) <= {"layers", "fields", "values", "names"}:
        raise PlannerError("intake.profile_sections", path=path.name)
    layers = _lists({"all": written.get("layers") or {}}, path)["all"]
    if not set(layers) <= set(TABLES):
        raise PlannerError("intake.profile_unknown", path=path.name, names=sorted(set(layers) - set(TABLES)))
    fields = _lists(written.get("fields"), path)
    values = _lists(written.get("values"), path)
    known = {f for t in TABLES.values() for f in t.field_names}
    for table, entries in fields.items():
        wrong = (
            [f for f in entries if f not in (known if table == "all" else TABLES[table].field_names)]
            if table in (*TABLES, "all")
            else [table]
        )
        if wrong:
            raise PlannerError("intake.profile_unknown", path=path.name, names=wrong)
    for codes, entries in values.items():
        wrong = [c for c in entries if c not in CODE_LISTS.get(codes, ())] if codes in CODE_LISTS else [codes]
        if wrong:
            raise PlannerError("intake.profile_unknown", path=path.name, names=wrong)
    names = written.get("names") or {}
    if not isinstance(names, dict):
        raise PlannerError("intake.profile_sections", path=path.name)
    return Profile(layers, fields, values, {str(k): str(v) for k, v in names.items()})


def _lists(section: object, path: Path) -> dict[str, dict[str, list[str]]]:
    """A section as group → entry → list of texts; one text alone is a list of one."""
    if section is None:
        return {}
    if not isinstance(section, dict) or not all(isinstance(group, dict) for group in section.values()):
        raise PlannerError("intake.profile_sections", path=path.name)
    return {
        str(name): {str(k): [str(x) for x in (v if isinstance(v, list) else [v])] for k, v in group.items()}
        for name, group in section.items()
    }
