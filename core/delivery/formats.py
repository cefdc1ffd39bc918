"""What each format can hold: values are fitted to it, and everything that does not fit is listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import PlannerError
from ..plain_forms import has_characters, plain_form
from ..texts import Message
from .profiles import OutField


@dataclass(frozen=True)
class Format:
    """A format that a delivery can have.

    Attributes
    ----------
    driver
        GDAL's name of it.
    ending
        Of its files.
    caption
        What people call it.
    name_bytes, text_bytes
        Most bytes of a field's name and of a text, in the file's encoding; 0 where there is no such limit.
    encodings
        Encodings of its texts that can be chosen, the default first.
    """

    driver: str
    ending: str
    caption: str
    name_bytes: int = 0
    text_bytes: int = 0
    encodings: tuple[str, ...] = ("UTF-8",)


SHAPEFILE = Format("ESRI Shapefile", ".shp", "Shapefile", 10, 254, ("UTF-8", "GBK"))
GEOPACKAGE = Format("GPKG", ".gpkg", "GeoPackage")
FILE_GDB = Format("OpenFileGDB", ".gdb", "FileGDB")
GEOJSON = Format("GeoJSON", ".geojson", "GeoJSON")
FORMATS = (SHAPEFILE, GEOPACKAGE, FILE_GDB, GEOJSON)

#: In the place of a character that the encoding does not have.
REPLACEMENT = "?"

#: Digits of a number in a shapefile where the profile says none: whole numbers, reals, decimals of reals.
_INTEGER_DIGITS, _REAL_DIGITS, _REAL_DECIMALS = 9, 24, 17
_EXAMPLES = 5
_SHOWN = 30
_CHARACTERS = 20
#: An integer's range in all formats: 32 bits.
_MOST = 2**31 - 1


@dataclass(frozen=True)
class OutColumn:
    """One field as it goes into a file.

    Attributes
    ----------
    name, wanted_name
        In the file, and as the profile has it.
    type, width, decimals
        As `store.vector.write_layer` takes them.
    wanted, values
        ``n`` values as the profile asks for them, and as the format holds them.
    """

    name: str
    wanted_name: str
    type: str
    width: int
    decimals: int
    wanted: list[object]
    values: list[object]


def format_of(target: Path) -> Format:
    """The format that a file's ending asks for.

    Raises
    ------
    PlannerError
        If it is none of ours.
    """
    for known in FORMATS:
        if target.suffix.lower() == known.ending:
            return known
    raise PlannerError("delivery.unknown_format", path=target.name, endings=[f.ending for f in FORMATS])


def encoding_for(chosen: Format, asked: str | None) -> tuple[str, list[Message]]:
    """The encoding of a delivery, and what has to be said where another was asked for.

    Raises
    ------
    PlannerError
        If it is not one that deliveries are made in.
    """
    if asked is None:
        return chosen.encodings[0], []
    plain = asked.strip().upper().replace("_", "-")
    plain = {"UTF8": "UTF-8", "CP936": "GBK", "936": "GBK"}.get(plain, plain)
    if plain not in SHAPEFILE.encodings:
        raise PlannerError("delivery.no_such_encoding", encoding=asked, known=list(SHAPEFILE.encodings))
    if plain not in chosen.encodings:
        return chosen.encodings[0], [Message.of("delivery.always_utf8", format=chosen.caption)]
    return plain, []


def fit_columns(
    fields: Sequence[OutField],
    values: Mapping[str, list[object]],
    ids: Sequence[object],
    chosen: Format,
    encoding: str,
    short_names: Mapping[str, str],
) -> tuple[list[OutColumn], list[Message]]:
    """A layer's columns as a format holds them, and what it cannot hold.

    Parameters
    ----------
    values
        Field → ``n`` values in the field's type, or None.
    ids
        What the planner knows each row by.
    short_names
        Names to take where a name is too long for the format.
    """
    codec = encoding.lower()
    names, losses = _names([f.name for f in fields], chosen, codec, short_names)
    columns = []
    for field, name in zip(fields, names):
        column, said = _fit(field, name, values[field.name], ids, chosen, codec)
        columns.append(column)
        losses += said
    return columns, losses


def _names(
    wanted: Sequence[str], chosen: Format, codec: str, short_names: Mapping[str, str]
) -> tuple[list[str], list[Message]]:
    if not chosen.name_bytes:
        return list(wanted), []
    fits = [n for n in wanted if _cut(n, chosen.name_bytes, codec) == n]
    taken = {n.lower() for n in fits}
    names, losses = [], []
    for name in wanted:
        short = name
        if name not in fits:
            short = _cut(short_names.get(name, name), chosen.name_bytes, codec)
            number = 1
            while short.lower() in taken:
                number += 1
                short = _cut(name, chosen.name_bytes - len(str(number)), codec) + str(number)
            taken.add(short.lower())
            losses.append(Message.of("delivery.name_shortened", name=name, short=short, most=chosen.name_bytes))
        names.append(short)
    return names, losses


def _fit(
    field: OutField, name: str, wanted: list[object], ids: Sequence[object], chosen: Format, codec: str
) -> tuple[OutColumn, list[Message]]:
    if field.type == "boolean" and chosen is SHAPEFILE:
        # Logical fields of a .dbf are not read alike, and an empty number reads as 0: words lose nothing.
        words: list[object] = [None if v is None else "是" if v else "否" for v in wanted]
        unknown = sum(v is None for v in wanted)
        said = Message.of("delivery.boolean_as_text", field=field.name, count=unknown)
        width = max(len("是".encode(codec)), field.length)
        return OutColumn(name, field.name, "text", width, 0, words, words), [said]
    if field.type == "text":
        return _fit_text(field, name, wanted, ids, chosen, codec)
    if field.type == "boolean":
        return OutColumn(name, field.name, "boolean", 0, 0, wanted, wanted), []
    return _fit_number(field, name, wanted, ids, chosen)


def _fit_text(
    field: OutField, name: str, wanted: list[object], ids: Sequence[object], chosen: Format, codec: str
) -> tuple[OutColumn, list[Message]]:
    losses: list[Message] = []
    texts = [None if v is None else str(v) for v in wanted]
    if codec == "gbk":
        losses += _into_gbk(field, texts, ids, codec)
    in_bytes = chosen.text_bytes > 0
    most = min(field.length or chosen.text_bytes, chosen.text_bytes) if in_bytes else field.length
    measure: Callable[[str], int] = (lambda t: len(t.encode(codec))) if in_bytes else len
    if most:
        cut = [row for row, t in enumerate(texts) if t is not None and measure(t) > most]
        if cut:
            longest = max(measure(str(texts[row])) for row in cut)
            unit = Message.of("delivery.bytes" if in_bytes else "delivery.characters")
            losses.append(
                Message.of(
                    "delivery.text_cut",
                    field=field.name,
                    most=most,
                    unit=unit,
                    longest=longest,
                    **_rows([ids[r] for r in cut]),
                )
            )
            for row in cut:
                whole = str(texts[row])
                texts[row] = _cut(whole, most, codec) if in_bytes else whole[:most]
    edges = [ids[r] for r, t in enumerate(texts) if in_bytes and t is not None and t != t.strip(" ")]
    if edges:
        losses.append(Message.of("delivery.spaces", field=field.name, **_rows(edges)))
    width = most
    if in_bytes and not field.length:
        width = max((measure(t) for t in texts if t is not None), default=1)
    return OutColumn(name, field.name, "text", max(width, 1) if in_bytes else width, 0, wanted, list(texts)), losses


def _into_gbk(field: OutField, texts: list[str | None], ids: Sequence[object], codec: str) -> list[Message]:
    """Put other characters for those that GBK lacks, in place: plainer ones that say the same, else `REPLACEMENT`."""
    plainer: dict[str, str] = {}
    unknown: dict[str, None] = {}
    shown_plainer, lost = [], []
    for row, value in enumerate(texts):
        if value is None or has_characters(value, codec):
            continue
        lacking = [c for c in value if not has_characters(c, codec)]
        forms = {c: plain_form(c, codec) for c in lacking}
        plainer.update({c: form for c, form in forms.items() if form is not None})
        gone = [c for c, form in forms.items() if form is None]
        unknown.update(dict.fromkeys(gone))
        texts[row] = "".join(c if c not in forms else forms[c] or REPLACEMENT for c in value)
        if gone:
            lost.append(ids[row])
        if len(gone) < len(forms):
            shown_plainer.append(ids[row])
    losses = []
    if shown_plainer:
        forms_shown = _some([f"{c} → {form}" for c, form in plainer.items()], _CHARACTERS)
        losses.append(
            Message.of("delivery.plainer_character", field=field.name, forms=forms_shown, **_rows(shown_plainer))
        )
    if lost:
        characters = _some(list(unknown), _CHARACTERS)
        losses.append(
            Message.of(
                "delivery.no_such_character",
                field=field.name,
                characters=characters,
                replacement=REPLACEMENT,
                **_rows(lost),
            )
        )
    return losses


def _fit_number(
    field: OutField, name: str, wanted: list[object], ids: Sequence[object], chosen: Format
) -> tuple[OutColumn, list[Message]]:
    losses: list[Message] = []
    values = list(wanted)
    is_real = field.type == "real"
    width = decimals = 0
    if chosen is SHAPEFILE:
        decimals = (_decimals_for(values) if field.decimals is None else field.decimals) if is_real else 0
        width = max(field.length or (_REAL_DIGITS if is_real else _INTEGER_DIGITS), decimals + 2 if is_real else 1)
    too_big = [
        row
        for row, v in enumerate(values)
        if v is not None and ((width and _digits(v, decimals) > width) or (not is_real and abs(v) > _MOST))  # type: ignore[arg-type]
    ]
    if too_big:
        losses.append(
            Message.of("delivery.number_too_big", field=field.name, width=width, **_rows([ids[r] for r in too_big]))
        )
        for row in too_big:
            values[row] = None
    nulls = sum(v is None for v in values)
    if nulls and chosen is SHAPEFILE:
        losses.append(Message.of("delivery.null_number", field=field.name, count=nulls))
    return OutColumn(name, field.name, field.type, width, decimals, wanted, values), losses


def _decimals_for(values: Sequence[object]) -> int:
    """As many decimals as there is room for beside sign, point and the digits before it: 17 digits tell a number."""
    before = max((len(f"{abs(v):.0f}") for v in values if v is not None), default=1)  # type: ignore[arg-type]
    return min(max(_REAL_DIGITS - 2 - before, 0), _REAL_DECIMALS)


def _digits(value: object, decimals: int) -> int:
    return len(f"{value:.{decimals}f}")


def _cut(value: str, most: int, codec: str) -> str:
    """A text cut to so many bytes, never within a character."""
    return value.encode(codec, errors="replace")[:most].decode(codec, errors="ignore")


def _some(entries: Sequence[str], most: int) -> list[str]:
    """The first entries, and a sign that there are more."""
    return [*entries[:most], *(["…"] if len(entries) > most else [])]


def _rows(affected: Sequence[object]) -> dict[str, object]:
    return {"count": len(affected), "rows": _some([str(i)[:_SHOWN] for i in affected[: _EXAMPLES + 1]], _EXAMPLES)}
