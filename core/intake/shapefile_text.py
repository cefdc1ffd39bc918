"""The encoding of a shapefile's texts: what is claimed, weighed against the bytes themselves.

A claim (the ``.cpg`` file, the language byte of the ``.dbf``) is believed as long as the bytes do not
contradict it.  Bytes that are strictly valid in several encodings are told apart by what they then
say: real Chinese is nearly all common characters, misread Chinese nearly all rare ones.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from ..errors import PlannerError
from ..texts import Message
from .asking import Choice, ChoiceNeeded
from .dbf import Dbf

#: Encodings that Chinese files are met in, the likeliest first.
CANDIDATES = ("utf-8", "gb18030", "big5")

#: Language byte of a .dbf → encoding (ESRI's and dBase's lists, the ones met in practice).
LANGUAGE_BYTES = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5", 0x78: "big5", 0x03: "cp1252", 0x57: "cp1252"}

#: A claim whose text is this much less plausible than the best reading is a lie.
_A_LIE = 0.25
#: Two unclaimed readings nearer than this cannot be told apart.
_TOO_NEAR = 0.08
#: A named encoding in which more of the texts than this share is nothing is a slip.
_MOST_UNREAD = 0.3
#: What became of a text's bytes where they are not all read.
_CUT, _UNREADABLE = "cut", "unreadable"
_CPG = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Reading:
    """An encoding that bytes can be read in: how plausible the text is (0 … 1), and an example."""

    encoding: str
    plausibility: float
    example: str


def encoding_of(dbf: Dbf, cpg: str | None, asked: str | None = None) -> tuple[str, list[Message]]:
    """The encoding to read a shapefile's texts in, and what has to be said about the choice.

    Parameters
    ----------
    cpg
        Content of the .cpg file, or None where there is none.
    asked
        The encoding the user names; it is taken, unless most of the bytes are nothing in it.

    Raises
    ------
    PlannerError
        If `asked` is no encoding or contradicts the bytes, or they can be read in several ways and nothing decides.
    """
    samples = [b for b in (*(field.name for field in dbf.fields), *dbf.distinct_texts()) if not b.isascii()]
    if asked is not None:
        encoding = known_encoding(asked)
        _refuse_contradiction(samples, encoding, asked)
        return encoding, [Message.of("intake.encoding_asked", encoding=asked)]
    if not samples:
        return "utf-8", []
    claims = _claims(dbf, cpg)
    readings = weigh(samples, [c for c, _ in claims])
    if not readings:
        raise PlannerError("intake.encoding_unknown", bytes=samples[0].hex(" "))
    best = readings[0]
    for claimed, claim in claims:
        held = next((r for r in readings if r.encoding == claimed), None)
        if held is not None and held.plausibility > best.plausibility - _A_LIE:
            return claimed, [Message.of("intake.encoding_claimed", encoding=claimed, claim=claim)]
    if len(readings) > 1 and readings[1].plausibility > best.plausibility - _TOO_NEAR:
        shown = [f"{r.encoding} “{r.example}”" for r in readings[:3]]
        choices = [Choice(r.encoding, f"{r.encoding} “{r.example}”") for r in readings]
        raise ChoiceNeeded("encoding", choices, "intake.encoding_unsure", readings=shown)
    notes = [Message.of("intake.encoding_lie", claim=claim, encoding=best.encoding) for _, claim in claims[:1]]
    return best.encoding, notes or [
        Message.of("intake.encoding_weighed", encoding=best.encoding, example=best.example[:20])
    ]


def _refuse_contradiction(samples: Sequence[bytes], encoding: str, asked: str) -> None:
    """A slip of the hand must not fill a plan with nameless rows: a few texts may be damaged, not most of them."""
    unread = sum(strictly(sample, encoding) is None for sample in samples)
    if unread > _MOST_UNREAD * len(samples):
        better = [r.encoding for r in weigh(samples)[:1]]
        text_id = "intake.encoding_contradicted" if better else "intake.encoding_contradicted_unknown"
        raise PlannerError(text_id, asked=asked, unread=unread, count=len(samples), better=better)


def weigh(samples: Sequence[bytes], also: Sequence[str] = ()) -> list[Reading]:
    """The encodings in which all samples can be read (but for a last character that was cut), best first.

    Examples
    --------
    >>> weigh(["乡镇名称".encode("gbk")])[0].encoding
    'gb18030'
    """
    found = []
    for encoding in dict.fromkeys((*CANDIDATES, *also)):
        texts = [strictly(sample, encoding) for sample in samples]
        read = [t for t in texts if t is not None]
        if len(read) == len(texts):
            characters = [c for t in read for c in t if not c.isascii()]
            plausible = sum(map(_commonness, characters)) / max(len(characters), 1)
            example = next((t for t in read if not t.isascii()), "")
            found.append(Reading(encoding, plausible, example))
    return sorted(found, key=lambda r: -r.plausibility)


def strictly(written: bytes, encoding: str) -> str | None:
    """Bytes as text, without a last character that a fixed width cut off; None where they are something else."""
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(written, final=False)
    except UnicodeDecodeError:
        return None


def field_name(written: bytes, encoding: str) -> tuple[str, Message | None]:
    """A field's name, and what has to be said where its bytes had been cut or cannot be read."""
    try:
        return written.decode(encoding), None
    except UnicodeDecodeError:
        whole = strictly(written, encoding)
        if whole:
            return whole, Message.of("intake.name_cut", name=whole, bytes=written.hex(" "))
        shown = written.decode(encoding, errors="backslashreplace")
        return shown, Message.of("intake.name_unreadable", name=shown, bytes=written.hex(" "))


@dataclass(frozen=True)
class Texts:
    """A field's values with their bytes as text.

    Attributes
    ----------
    unreadable
        How many hold bytes that cannot be read; these are shown as ``\\xNN``.
    cut
        How many ended in a part of a character, which is left out.
    cut_text
        The first of those.
    """

    values: list[object]
    unreadable: int = 0
    cut: int = 0
    cut_text: str = ""


def text_values(values: list[object], encoding: str) -> Texts:
    """Bytes among values as text."""
    written = {v for v in values if isinstance(v, bytes)}
    if not written:
        return Texts(values)
    texts: dict[object, object] = {None: None}
    try:
        texts.update({v: v.decode(encoding) for v in written})
    except UnicodeDecodeError:
        read = {v: _text_value(v, encoding) for v in written}
        texts.update({v: text for v, (text, _) in read.items()})
        fates = Counter(read[v][1] for v in values if isinstance(v, bytes))
        first_cut = next((read[v][0] for v in values if isinstance(v, bytes) and read[v][1] == _CUT), "")
        return Texts([texts[v] for v in values], fates[_UNREADABLE], fates[_CUT], first_cut)
    return Texts([texts[v] for v in values])


def _text_value(written: bytes, encoding: str) -> tuple[str, str]:
    """A text, and what became of its bytes."""
    try:
        return written.decode(encoding), ""
    except UnicodeDecodeError:
        whole = strictly(written, encoding)
        if whole is not None:
            return whole, _CUT
        return written.decode(encoding, errors="backslashreplace"), _UNREADABLE


def known_encoding(name: str) -> str:
    """The encoding that a name means; GBK and GB2312 are read as GB 18030, which holds both.

    Raises
    ------
    PlannerError
        If it is no text encoding.
    """
    cleaned = name.strip().lower()
    if re.fullmatch(r"(cp|ansi|windows-)?\s*(936|54936)|gbk|gb2312|gb18030|gb-?2312-?80", cleaned):
        return "gb18030"
    if cleaned in ("950", "cp950", "big5", "big-5"):
        return "big5"
    if re.fullmatch(r"(125\d|874|8859\d+)", cleaned):
        cleaned = f"cp{cleaned}" if not cleaned.startswith("8859") else f"iso-8859-{cleaned[4:]}"
    try:
        found = codecs.lookup(cleaned)
        "".encode(found.name)
    except (LookupError, ValueError):
        raise PlannerError("intake.encoding_no_such", encoding=name) from None
    return found.name


def _claims(dbf: Dbf, cpg: str | None) -> list[tuple[str, str]]:
    """Encodings that the file claims, with where it does so."""
    claims = []
    if cpg is not None and _CPG.search(cpg):
        with suppress(PlannerError):  # a .cpg that names no encoding claims nothing: the bytes then decide
            claims.append((known_encoding(cpg), f".cpg {cpg.strip()[:20]}"))
    if dbf.language_byte in LANGUAGE_BYTES:
        claims.append((LANGUAGE_BYTES[dbf.language_byte], f".dbf 0x{dbf.language_byte:02X}"))
    return claims


def _commonness(character: str) -> float:
    """1 for the characters of the first level of GB 2312 or Big5, less for rarer ones, 0 for rubbish."""
    if "\u3000" <= character <= "\u303f" or "\uff01" <= character <= "\uff5e" or character in "·—“”‘’…℃㎡²³×":
        return 0.8
    for encoding, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            lead = character.encode(encoding)[0]
        except UnicodeEncodeError:
            continue
        if first <= lead <= last:
            return 1.0
        if "\u4e00" <= character <= "\u9fff":
            return 0.5
    if "\u4e00" <= character <= "\u9fff":
        return 0.2
    return 0.3 if character.isalpha() and character < "\u0250" else 0.0
