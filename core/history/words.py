"""Values of a project in a planner's words: captions for codes, names for what is referred to, areas in hectares."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

from ..plan.lists import read_list
from ..plan.schema import TABLES, Field
from ..store.geopackage import quoted
from ..store.opening import Layout
from ..store.project_history import SITE
from ..store.values import as_column, decoded
from ..texts import has_text, language, text

#: Below this many square metres an area is told in square metres.
_SMALL_M2 = 100.0
#: Shapes that differ by less are the same site.
SAME_SITE_M2 = 0.01

Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class SiteChange:
    """How a site changed: area before and after (None without a site) and of what belongs to one of them only, in m²."""

    before: float | None
    after: float | None
    differs: float


def field_caption(field: str | None) -> str:
    """What a planner calls a field, or the site."""
    return text("history.site") if field == SITE or field is None else text(f"schema.project.{field}")


def value_in_words(field: Field, value: object, names: Names) -> str:
    """A field's value for people; empty where there is none."""
    known = typed(field, value)
    if known is None:
        return ""
    if field.type == "boolean":
        return text("history.yes" if known else "history.no")
    if field.type == "real":
        return f"{known:,.2f}".rstrip("0").rstrip(".")
    if field.type == "integer":
        return str(known)
    entries = read_list(known) if field.is_list else (str(known),)
    return ("、" if language() == "zh" else ", ").join(_entry(field, entry, names) for entry in entries)


def typed(field: Field, value: object) -> object:
    """A stored value as the schema types it; one that is of no such type stays as it is."""
    try:
        return as_column(field, [decoded(value)])[0]
    except (TypeError, ValueError, OverflowError):
        return str(value)


def site_in_words(site: SiteChange) -> str:
    """How a site changed: what it gained or lost, and how much of the ground is another."""
    if site.before is None:
        return text("history.sited", area=area_in_words(site.after or 0.0))
    if site.after is None:
        return text("history.unsited", area=area_in_words(site.before))
    change = site.after - site.before
    sign = "−" if change < 0 else "+"
    if abs(change) < SAME_SITE_M2:
        return text("history.moved", differs=area_in_words(site.differs))
    return text("history.resited", change=sign + area_in_words(abs(change)), differs=area_in_words(site.differs))


def area_in_words(square_metres: float) -> str:
    """An area in hectares, a small one in square metres."""
    if square_metres < _SMALL_M2:
        return text("history.square_metres", area=f"{square_metres:.1f}")
    return text("history.hectares", area=f"{square_metres / 10_000:,.2f}")


def time_in_words(at: str, short: bool = False) -> str:
    """A stored UTC time as the clock on the wall showed it; `short`: without the date where it is today's."""
    try:
        moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
    except ValueError:
        return at
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    here = moment.astimezone()
    today = here.date() == datetime.now().astimezone().date()
    return f"{here:%H:%M}" if short and today else f"{here:%Y-%m-%d %H:%M}"


def person_in_words(who: str | None) -> str:
    """Who saved; that nobody signed is said so."""
    return who or text("history.unknown")


def names_in(plan: sqlite3.Connection, layouts: Mapping[str, Layout]) -> dict[str, dict[str, str]]:
    """Table → code → name, of the tables that projects refer to."""
    found: dict[str, dict[str, str]] = {}
    for field in TABLES["project"].fields:
        table = (field.refers_to or "").split(".")[0]
        layout = layouts.get(table)
        if layout is None or table in found or not {"code", "name"} <= set(layout.columns):
            continue
        code, name = quoted(layout.columns["code"]), quoted(layout.columns["name"])
        rows = plan.execute(f"SELECT CAST({code} AS BLOB), CAST({name} AS BLOB) FROM {quoted(table)}")  # noqa: S608
        found[table] = {str(decoded(c)): str(decoded(n)) for c, n in rows if c is not None and n}
    return found


def _entry(field: Field, entry: str, names: Names) -> str:
    if field.codes is not None:
        key = f"codes.{field.codes}.{entry}"
        return text(key) if has_text(key) else entry
    if field.refers_to is not None:
        return " ".join(names.get(field.refers_to.split(".")[0], {}).get(entry, entry).split())
    return entry
