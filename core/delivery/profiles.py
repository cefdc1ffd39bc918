"""Delivery profiles: what the layers and fields of a plan are called when they go out, and what is in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from ..errors import PlannerError
from ..plan.schema import TABLES, Field, Table
from ..texts import LANGUAGES, Message

PROFILES_FILE = Path(__file__).with_name("profiles.yaml")
USERS_FILE = "delivery_profiles.yaml"

FIELD_TYPES = ("text", "integer", "real", "boolean")
#: What a field can be made of that no column of the plan holds.
MADE = ("bsm", "area_m2", "county_code", "county_name")
#: How a column's values may be shown instead of as they are stored.
SHOWN_AS = ("caption", "list")
_SOURCES = ("field", "plan", "fixed", "made")
_NUMBERS = {"length": (1, 254), "decimals": (0, 15)}
#: Names that GeoPackages and file geodatabases keep for themselves.
_RESERVED = ("fid", "geom", "objectid", "shape")
_PROFILE_KEYS = {"caption", "own_fields", "short_names", "tables"}


@dataclass(frozen=True)
class OutField:
    """One field of a layer that goes out.

    Attributes
    ----------
    name
        Its name in the file.
    type
        One of `FIELD_TYPES`.
    length, decimals
        0 length: as long as the values need; None decimals: as many as there are.
    source
        ``field``, ``plan``, ``fixed`` or ``made``.
    value
        The plan's field, the fixed text (or None), or one of `MADE`.
    shown_as
        ``caption``, ``list`` or None.
    """

    name: str
    type: str
    length: int
    decimals: int | None
    source: str
    value: str | None
    shown_as: str | None = None


@dataclass(frozen=True)
class OutLayer:
    """How one table goes out: the layer's name, its part of the BSM, its fields in order."""

    layer: str
    series: str
    fields: tuple[OutField, ...]


@dataclass(frozen=True)
class DeliveryProfile:
    """How a plan's tables go out; see ``profiles.yaml`` for what each part means."""

    name: str
    caption: Mapping[str, str]
    tables: Mapping[str, OutLayer]
    own_fields: bool = False
    short_names: Mapping[str, str] = field(default_factory=dict)

    def layer_for(self, table: Table) -> OutLayer:
        """How a table goes out.

        Raises
        ------
        PlannerError
            If the profile has no layer for it.
        """
        if table.name in self.tables:
            return self.tables[table.name]
        if self.own_fields:
            fields = tuple(OutField(f.name, f.type, 0, None, "field", f.name) for f in table.fields)
            return OutLayer(table.name, "0000", fields)
        raise PlannerError(
            "delivery.no_layer",
            profile=self.name,
            table=table_shown(table.name),
            tables=[table_shown(name) for name in self.tables],
        )


def table_shown(name: str) -> Message:
    """A table by its caption and its name."""
    return Message.of("delivery.with_caption", caption=Message.of(f"schema.{name}"), name=name)


def profiles_for(plan: Path) -> dict[str, DeliveryProfile]:
    """The profiles that count for a plan: the shipped ones, and what a user's file beside it changes and adds.

    Raises
    ------
    PlannerError
        If the user's file is not written as it should be; says what is wrong and where.
    """
    found = _load(PROFILES_FILE)
    own = plan.absolute().parent / USERS_FILE
    if own.is_file():
        for name, profile in _load(own).items():
            known = found.get(name)
            if known is not None:
                profile = replace(
                    profile,
                    tables={**known.tables, **profile.tables},
                    own_fields=known.own_fields or profile.own_fields,
                    short_names={**known.short_names, **profile.short_names},
                )
            found[name] = profile
    return found


def profile_named(name: str, plan: Path) -> DeliveryProfile:
    """The profile of that name.

    Raises
    ------
    PlannerError
        If there is none; lists those there are.
    """
    found = profiles_for(plan)
    if name not in found:
        raise PlannerError("delivery.no_such_profile", profile=name, profiles=list(found))
    return found[name]


def _load(path: Path) -> dict[str, DeliveryProfile]:
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise PlannerError("delivery.unreadable", path=path.name, reason=" ".join(str(error).split())) from error
    if not isinstance(written, dict) or set(written) != {"profiles"} or not isinstance(written["profiles"], dict):
        raise PlannerError("delivery.no_profiles", path=path.name)
    return {str(name): _profile(str(name), entry, path) for name, entry in written["profiles"].items()}


def _profile(name: str, written: object, path: Path) -> DeliveryProfile:
    entry = _mapping(written, name, path)
    _refuse_unknown(entry, _PROFILE_KEYS, name, path)
    caption = _mapping(entry.get("caption", dict.fromkeys(LANGUAGES, name)), f"{name}.caption", path)
    if set(caption) != set(LANGUAGES) or not all(isinstance(c, str) and c for c in caption.values()):
        raise PlannerError("delivery.bad_caption", path=path.name, where=name)
    own_fields = entry.get("own_fields", False)
    if not isinstance(own_fields, bool):
        raise PlannerError("delivery.bad_value", path=path.name, where=f"{name}.own_fields", value=own_fields)
    short = _mapping(entry.get("short_names", {}), f"{name}.short_names", path)
    tables = _mapping(entry.get("tables", {}), f"{name}.tables", path)
    wrong = [t for t in tables if t not in TABLES]
    if wrong:
        raise PlannerError("delivery.unknown", path=path.name, where=f"{name}.tables", names=wrong, known=list(TABLES))
    layers = {t: _layer(TABLES[t], tables[t], f"{name}.tables.{t}", path) for t in tables}
    captions = {str(language): str(words) for language, words in caption.items()}
    return DeliveryProfile(name, captions, layers, own_fields, {str(k): str(v) for k, v in short.items()})


def _layer(table: Table, written: object, where: str, path: Path) -> OutLayer:
    entry = _mapping(written, where, path)
    _refuse_unknown(entry, {"layer", "series", "fields"}, where, path)
    layer = entry.get("layer")
    if not isinstance(layer, str) or not re.fullmatch(r"[^\W\d]\w{0,62}", layer):
        raise PlannerError("delivery.bad_value", path=path.name, where=f"{where}.layer", value=layer)
    series = entry.get("series", "0000")
    if not isinstance(series, str) or not re.fullmatch("[0-9]{4}", series):
        raise PlannerError("delivery.bad_series", path=path.name, where=f"{where}.series", value=series)
    written_fields = entry.get("fields")
    if not isinstance(written_fields, list) or not written_fields:
        raise PlannerError("delivery.no_fields", path=path.name, where=where)
    fields = tuple(_field(table, f, f"{where}.fields[{i}]", path) for i, f in enumerate(written_fields, 1))
    names = [f.name.lower() for f in fields]
    twice = sorted({f.name for f in fields if names.count(f.name.lower()) > 1})
    if twice:
        raise PlannerError("delivery.name_twice", path=path.name, where=where, names=twice)
    return OutLayer(layer, series, fields)


def _field(table: Table, written: object, where: str, path: Path) -> OutField:
    entry = _mapping(written, where, path)
    _refuse_unknown(entry, {"name", "type", "as", *_NUMBERS, *_SOURCES}, where, path)
    name, kind = entry.get("name"), entry.get("type")
    if not isinstance(name, str) or not re.fullmatch(r"[^\W\d]\w*", name):
        raise PlannerError("delivery.bad_value", path=path.name, where=f"{where}.name", value=name)
    if name.lower() in _RESERVED:
        raise PlannerError("delivery.reserved", path=path.name, where=where, names=list(_RESERVED))
    where = f"{where} {name}"
    if kind not in FIELD_TYPES:
        raise PlannerError("delivery.unknown", path=path.name, where=where, names=[kind], known=list(FIELD_TYPES))
    length, decimals = (_number(entry, key, where, path) for key in _NUMBERS)
    sources = [s for s in _SOURCES if s in entry]
    if len(sources) != 1:
        raise PlannerError("delivery.one_source", path=path.name, where=where, known=list(_SOURCES))
    source = sources[0]
    value = entry[source]
    if source == "fixed":
        value = None if value is None else str(value)
    else:
        known = {"field": table.field_names, "plan": TABLES["plan"].field_names, "made": MADE}[source]
        if value not in known:
            raise PlannerError("delivery.unknown", path=path.name, where=where, names=[value], known=list(known))
    shown_as = entry.get("as")
    if shown_as is not None and not (source == "field" and _can_show(table.field(str(value)), shown_as)):
        raise PlannerError("delivery.bad_as", path=path.name, where=where, value=shown_as)
    shown = None if shown_as is None else str(shown_as)
    return OutField(name, str(kind), length or 0, decimals, source, None if value is None else str(value), shown)


def _number(entry: Mapping[str, object], key: str, where: str, path: Path) -> int | None:
    """A whole number within its bounds, or None where it is not said."""
    number = entry.get(key)
    least, most = _NUMBERS[key]
    if key not in entry or (isinstance(number, int) and not isinstance(number, bool) and least <= number <= most):
        return number if isinstance(number, int) else None
    raise PlannerError("delivery.bad_value", path=path.name, where=f"{where}.{key}", value=number)


def _can_show(plan_field: Field, shown_as: object) -> bool:
    if shown_as == "caption":
        return plan_field.codes is not None or plan_field.type == "boolean"
    return shown_as == "list" and plan_field.is_list


def _mapping(written: object, where: str, path: Path) -> dict[str, object]:
    if not isinstance(written, dict):
        raise PlannerError("delivery.no_mapping", path=path.name, where=where)
    return written


def _refuse_unknown(entry: Mapping[str, object], known: set[str], where: str, path: Path) -> None:
    wrong = [str(key) for key in entry if key not in known]
    if wrong:
        raise PlannerError("delivery.unknown", path=path.name, where=where, names=wrong, known=sorted(known))
