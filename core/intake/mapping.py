"""Fields and values of a source as the plan has them; what does not fit is listed."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from difflib import get_close_matches

import shapely

from ..errors import PlannerError
from ..plan.lists import read_list, write_list
from ..plan.schema import CODE_LISTS, TABLES, Field, Table
from ..texts import LANGUAGES, Message, has_text, text
from .profiles import Profile, shipped_profile
from .source import Source

#: A dBase field name has 10 bytes at most; one this long may have been cut.
_CUT_FROM = 9
_YES = ("true", "yes", "y", "t", "是", "有", "1", "已治理", "√")
_NO = ("false", "no", "n", "f", "否", "无", "0", "未治理", "×")
_NUMBER = re.compile(r"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?|[-+]?\.\d+")
_OWN_FIELDS = {("plan", "schema_version")}
_YEAR = re.compile(r"(\d{4})年度?")
#: Units of areas as names write them → the ending of the plan's fields that are in them.
_UNITS = {
    "ha": ("公顷", "ha", "hm2", "hm²"),
    "km2": ("平方公里", "平方千米", "km2", "km²"),
    "m2": ("平方米", "m2", "m²"),
    "mu": ("亩",),
    "10k_mu": ("万亩",),
    "10k_ha": ("万公顷",),
}
#: How a KML file draws its features; GDAL makes fields of it.
_KML_DRAWING = (
    *("tessellate", "extrude", "visibility", "drawOrder", "timestamp", "begin", "end", "altitudeMode", "icon"),
    "snippet",
)
_KML_ALWAYS = {"tessellate", "extrude", "visibility"}
#: Six digits are a county's code; those that follow tell its towns.
_COUNTY_CODE = re.compile(r"\d{6}(0{3}|0{6})?")


@dataclass(frozen=True)
class Used:
    """A source's field that fills one of the plan's, and how it was recognised (id of a text)."""

    target: str
    source: str
    how: str


@dataclass(frozen=True)
class Mapped:
    """The plan's columns, where they come from, the source's other fields, and the values that do not fit.

    `notes` say why fields that look usable were left out.
    """

    columns: dict[str, list[object]]
    used: list[Used]
    left_out: list[str]
    misfits: list[Message]
    notes: list[Message] = attribute(default_factory=list)


def map_source(
    source: Source,
    table: Table,
    profiles: Sequence[Profile],
    asked: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
) -> Mapped:
    """The columns of a plan's table from a source's fields.

    Parameters
    ----------
    asked
        Field of the plan (name, caption or usual name) → source's field (empty: from none), before anything that is
        recognised.
    constants
        Field of the plan, likewise → value for all rows.

    Raises
    ------
    PlannerError
        If `asked` or `constants` name a field that is not there, or a constant does not fit its field.
    """
    asked = {_field_named(table, name, profiles): wanted for name, wanted in (asked or {}).items()}
    constants = {_field_named(table, name, profiles): value for name, value in (constants or {}).items()}
    _refuse_unknown(source, asked)
    notes: list[Message] = []
    of_counties = _codes_of_counties(source, table, asked, profiles, notes)
    used = _recognised(source, table, profiles, asked, constants, of_counties)
    columns: dict[str, list[object]] = {}
    misfits: list[Message] = []
    for entry in used:
        column, wrong = _converted(table.field(entry.target), source, entry.source, profiles)
        columns[entry.target] = column
        misfits += wrong
    for name, value in constants.items():
        fitted, near = fit(value, table.field(name), profiles)
        if fitted is None and value.strip():
            raise PlannerError("intake.set_misfit", field=name, value=value, near=_suggested(table.field(name), near))
        columns[name] = [fitted] * len(source)
    taken = {entry.source for entry in used}
    drawing = [name for name in _kml_drawing(source) if name not in taken]
    if drawing:
        notes.append(Message.of("intake.kml_drawing", fields=drawing))
    left_out = [name for name in source.fields if name not in taken and name not in drawing]
    return Mapped(columns, used, left_out, misfits, notes)


def fit(value: object, field: Field, profiles: Sequence[Profile]) -> tuple[object, list[str]]:
    """A value as a field holds it; None with suggestions where it does not fit."""
    if (
        value is None
        or (isinstance(value, str) and not value.strip())
        or (isinstance(value, float) and math.isnan(value))
    ):
        return None, []
    if field.codes is not None:
        return _as_code(str(value), field.codes, profiles)
    if field.is_list:
        return write_list(_entries(str(value))), []
    if field.type == "boolean":
        word = _plain(str(int(value)) if isinstance(value, (bool, int, float)) else str(value))
        return (True if word in _YES else False if word in _NO else None), []
    if field.type in ("integer", "real"):
        year = _YEAR.fullmatch(str(value).strip()) if field.name.endswith("_year") else None
        return _as_number(year.group(1) if year else value, field.type), []
    if isinstance(value, float) and value.is_integer():
        return str(int(value)), []
    return str(value).strip(), []


def _field_named(table: Table, name: str, profiles: Sequence[Profile]) -> str:
    """The plan's field of that name, caption or usual name.

    Raises
    ------
    PlannerError
        If there is none, or several go by it; lists the fields.
    """
    own = [f for f in table.fields if (table.name, f.name) not in _OWN_FIELDS]
    plain = _plain(name)
    for known in (
        [f for f in own if f.name == name],
        [f for f in own if plain in (_plain(text(f"schema.{table.name}.{f.name}", lang)) for lang in LANGUAGES)],
        [f for f in own if plain in (_plain(n) for n, _ in _names_of(f, table, profiles))],
    ):
        if len(known) == 1:
            return known[0].name
    fields = [shown_with_caption(f"{table.name}.{f.name}") for f in own]
    raise PlannerError("intake.no_such_field", table=shown_with_caption(table.name), field=name, fields=fields)


def shown_with_caption(name: str) -> Message:
    """A table, or ``table.field``, by its caption and its name."""
    return Message.of("intake.with_caption", caption=Message.of(f"schema.{name}"), name=name.rpartition(".")[2])


def _refuse_unknown(source: Source, asked: Mapping[str, str]) -> None:
    for name in asked.values():
        if name and name not in source.fields:
            raise PlannerError(
                "intake.no_such_source_field", layer=source.layer, field=name, fields=list(source.fields)
            )


def _codes_of_counties(
    source: Source, table: Table, asked: Mapping[str, str], profiles: Sequence[Profile], notes: list[Message]
) -> set[str]:
    """Fields that look like the units' codes but hold the same county's code for unit after unit."""
    if table.name != "admin_unit" or "code" in asked:
        return set()
    names = {_plain(n) for n, _ in _names_of(table.field("code"), table, profiles)}
    found = set()
    for written, values in source.fields.items():
        if _plain(written) not in names:
            continue
        count = Counter(str(v).strip() for v in values if v is not None and str(v).strip())
        code, times = max(count.items(), key=lambda entry: entry[1], default=("", 0))
        if times > 1 and all(_COUNTY_CODE.fullmatch(c) for c in count):
            found.add(written)
            notes.append(Message.of("intake.code_of_county", field=written, code=code, count=times))
    return found


def _kml_drawing(source: Source) -> list[str]:
    return [name for name in source.fields if name in _KML_DRAWING] if set(source.fields) >= _KML_ALWAYS else []


def _recognised(
    source: Source,
    table: Table,
    profiles: Sequence[Profile],
    asked: Mapping[str, str],
    constants: Mapping[str, str],
    of_counties: set[str],
) -> list[Used]:
    """Each of the plan's fields takes the best source's field that no other took; what is asked for goes first."""
    used = [
        Used(target, name, "intake.how_asked") for target, name in asked.items() if name and target not in constants
    ]
    free = {name: _plain(name) for name in source.fields if name not in {u.source for u in used}}
    wanted = [f for f in table.fields if f.name not in asked and f.name not in constants]
    wanted = [f for f in wanted if (table.name, f.name) not in _OWN_FIELDS]
    for exact in (True, False):  # whole names before cut ones
        for field in list(wanted):
            for name, how in _names_of(field, table, profiles):
                fitting = [s for s in free if not (field.name == "code" and s in of_counties)]
                fitting = [s for s in fitting if _unit_agrees(s, name, field)]
                found = next((s for s in fitting if _same(free[s], _plain(name), s, exact, source)), None)
                if found is not None:
                    used.append(Used(field.name, found, how if exact else "intake.how_cut"))
                    del free[found]
                    wanted.remove(field)
                    break
    return sorted(used, key=lambda u: table.field_names.index(u.target))


def _names_of(field: Field, table: Table, profiles: Sequence[Profile]) -> Iterator[tuple[str, str]]:
    yield field.name, "intake.how_name"
    for profile in profiles[:-1]:  # a user's profile comes before captions, ours after them
        for name in profile.names_of(table.name, field.name):
            yield name, "intake.how_profile"
    for language in LANGUAGES:
        yield text(f"schema.{table.name}.{field.name}", language), "intake.how_caption"
    for name in profiles[-1].names_of(table.name, field.name):
        yield name, "intake.how_profile"


def _same(plain: str, name: str, written: str, exact: bool, source: Source) -> bool:
    if exact:
        return plain == name
    try:
        length = len(written.encode(source.encoding))
    except (UnicodeEncodeError, LookupError):
        return False
    # A cut in mid-character loses up to two more bytes.
    return not plain.isascii() and _CUT_FROM - 2 <= length <= 10 and len(name) > len(plain) and name.startswith(plain)


def _unit_agrees(written: str, name: str, field: Field) -> bool:
    """Whether what a source's name says of its unit is what the plan's field holds; hectares are not mu."""
    stated, known = _unit(written), _unit(name)
    if stated is None:
        return known is None  # an area of whatever unit is nobody's guess
    kept_in = next((unit for unit in _UNITS if field.name.endswith(f"_{unit}")), None)
    return kept_in is None or stated == kept_in


def _unit(name: str) -> str | None:
    """The unit of area that stands in the last brackets of a name."""
    brackets = re.findall(r"\(([^()]*)\)", unicodedata.normalize("NFKC", name))
    plain = re.sub(r"\s|单位[::]?", "", brackets[-1]).casefold() if brackets else ""
    return next((unit for unit, words in _UNITS.items() if plain in words), None)


def _converted(
    field: Field, source: Source, name: str, profiles: Sequence[Profile]
) -> tuple[list[object], list[Message]]:
    known: dict[object, tuple[object, list[str]]] = {}
    column: list[object] = []
    misfits = []
    for row, value in enumerate(source.fields[name]):
        key = (type(value), value)
        if key not in known:
            known[key] = fit(value, field, profiles)
        fitted, near = known[key]
        column.append(fitted)
        if fitted is None and value is not None and str(value).strip():
            words = {"id": source.ids[row], "field": name, "value": str(value)[:60]}
            shown = _suggested(field, near)
            misfits.append(
                Message.of("intake.misfit_near", **words, near=shown) if shown else Message.of("intake.misfit", **words)
            )
    return column, misfits


def _as_code(value: str, codes: str, profiles: Sequence[Profile]) -> tuple[object, list[str]]:
    meant: dict[str, str] = {}
    for code in CODE_LISTS[codes]:
        captions = [text(f"codes.{codes}.{code}", lang) for lang in LANGUAGES if has_text(f"codes.{codes}.{code}")]
        words = [word for profile in profiles for word in profile.words_for(codes, code)]
        for word in (code, *captions, *words):
            meant.setdefault(_plain(word), code)
    found = meant.get(_plain(value))
    if found is not None:
        return found, []
    return None, list(dict.fromkeys(meant[w] for w in get_close_matches(_plain(value), meant, 3, 0.5)))


def _suggested(field: Field, near: list[str]) -> list[Message]:
    """Codes that may be meant, else all that there are, with what they mean."""
    if field.codes is None:
        return []
    codes = near or list(CODE_LISTS[field.codes])
    return [Message.of("intake.code", code=code, meaning=_meaning(field.codes, code)) for code in codes]


def _meaning(codes: str, code: str) -> Message | str:
    key = f"codes.{codes}.{code}"
    return Message.of(key) if has_text(key) else code


def _as_number(value: object, kind: str) -> object:
    written = unicodedata.normalize("NFKC", str(value)).replace(",", "").strip()
    if isinstance(value, bool) or not _NUMBER.fullmatch(written):
        return None
    number = float(written)
    if not math.isfinite(number) or (kind == "integer" and (not number.is_integer() or abs(number) > 2**53)):
        return None
    return int(number) if kind == "integer" else number


def _entries(value: str) -> list[str]:
    if value.strip().startswith("{"):
        return list(read_list(value))
    return [entry for entry in (e.strip() for e in re.split(r"[,，、;；/|]", value)) if entry]


def _plain(name: str) -> str:
    """A name without case, width, spaces, underscores and what stands in brackets (units)."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"\(.*?\)|[\s_]", "", folded)


def suggest_table(source: Source, profiles: Sequence[Profile]) -> Table | None:
    """The plan's table that a source is likely meant for, by its name, else by its fields; None where nothing tells.

    A table whose geometry is of another kind than the source's is never suggested.
    """
    fitting = [t for t in TABLES.values() if _may_hold(t, source) and t.name != "plan"]
    name = re.sub(r"zone\d+", "", _plain(source.layer))  # zone41 is one of the projection
    words = [(w, t) for t in fitting for p in profiles for w in (*p.layers.get(t.name, ()), t.name) if _said(w, name)]
    if words:
        return max(words, key=lambda found: len(_plain(found[0])))[1]
    fields = {_plain(written) for written in source.fields}
    telling = {
        t.name: sum(
            any(_unit(n) is None and _plain(n) in fields for n in p.fields.get(t.name, {}).get(f, ()))
            for f in t.field_names
            for p in profiles
        )
        for t in fitting
    }
    best = sorted(fitting, key=lambda t: -telling[t.name])[:2]
    sure = bool(best) and telling[best[0].name] > (telling[best[1].name] if len(best) > 1 else 0)
    return best[0] if sure else None


def _may_hold(table: Table, source: Source) -> bool:
    if source.geometry is None:
        return table.geometry is None
    kinds = set(shapely.get_dimensions(source.geometry[:1000]).tolist()) - {-1}
    if table.geometry == "MultiPolygon":
        return bool(kinds & {1, 2}) if source.layer == "entities" else 2 in kinds
    return table.geometry is not None and 1 in kinds


def _said(word: str, name: str) -> bool:
    """Whether a layer's name says a word; short Latin ones must stand alone."""
    plain = _plain(word)
    if plain.isascii() and len(plain) <= 3:
        return re.search(rf"(?<![a-z]){plain}(?![a-z])", name) is not None
    return plain in name


def table_named(name: str, profiles: Sequence[Profile] | None = None) -> Table:
    """The plan's table of that name, caption or usual name (of one table only).

    Parameters
    ----------
    profiles
        Where usual names stand; the plugin's own profile where None.

    Raises
    ------
    PlannerError
        If there is none; lists the tables.
    """
    plain = _plain(name)
    for table in TABLES.values():
        if plain in (_plain(table.name), *(_plain(text(f"schema.{table.name}", lang)) for lang in LANGUAGES)):
            return table
    words = {t for p in profiles or [shipped_profile()] for t, known in p.layers.items() if plain in map(_plain, known)}
    if len(words) == 1:
        return TABLES[words.pop()]
    raise PlannerError("intake.no_such_table", layer=name, tables=[shown_with_caption(t) for t in TABLES])
