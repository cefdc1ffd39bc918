"""Chinese text of a PDF as readers search for it.

Noto CJK and Source Han draw a character such as 山 and the radical of the same shape, ⼭ (U+2F2D), with one glyph, and
Qt notes the radical as what the glyph means.  A PDF's text then looks right, and a search for 山 finds nothing.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from ...core.libraries import library

#: CJK radicals (supplement and Kangxi) as a ToUnicode map writes them.
_RADICAL = re.compile(rb"<(2[EF][0-9A-F]{2})>", re.IGNORECASE)
_CHARACTERS = re.compile(rb"(?<=beginbfchar)(.*?)(?=endbfchar)", re.DOTALL)
_RANGES = re.compile(rb"(?<=beginbfrange)(.*?)(?=endbfrange)", re.DOTALL)
#: Glyph and meaning; first glyph, last glyph, meanings of them all or of the first.
_PAIR = re.compile(rb"(<[^>]+>\s*)(<[^>]+>)")
_RANGE = re.compile(rb"(<[^>]+>\s*<[^>]+>\s*)(\[[^\]]*\]|<[^>]+>)")

#: Radicals of the supplement that are whole characters (Unicode's EquivalentUnifiedIdeograph); NFKC knows the others.
_SUPPLEMENT = str.maketrans(
    "⺁⺎⺒⺓⺝⺠⺪⺬⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰",
    "厂兀巳幺月民疋示虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙",
)


def write_plain_characters(file: Path) -> bool:
    """Replace radicals by the characters that they are forms of, in what a PDF says its glyphs mean; nothing else.

    Returns
    -------
    bool
        False where the file cannot be read or written, as on a full disk; it may then be cut off.
    """
    pypdf = library("pypdf")
    try:
        writer = pypdf.PdfWriter(clone_from=str(file))
        changed = [_mend(pypdf, held.get_object()) for held in writer._objects if held is not None]
        if any(changed):
            with file.open("wb") as stream:
                writer.write(stream)
        writer.close()
    except (pypdf.errors.PyPdfError, OSError, ValueError, KeyError):
        return False
    return True


def plain_characters(character_map: bytes) -> bytes:
    """A ToUnicode map without radicals; numbers of glyphs stay.

    >>> plain_characters(b"1 beginbfchar <0001> <2F2D> endbfchar")
    b'1 beginbfchar <0001> <5C71> endbfchar'
    """

    def meanings(found: re.Match[bytes]) -> bytes:
        return found[1] + _RADICAL.sub(_plain, found[2])

    plain = _CHARACTERS.sub(lambda pairs: _PAIR.sub(meanings, pairs[1]), character_map)
    return _RANGES.sub(lambda ranges: _RANGE.sub(meanings, ranges[1]), plain)


def _plain(written: re.Match[bytes]) -> bytes:
    radical = chr(int(written[1], 16))
    plain = unicodedata.normalize("NFKC", radical.translate(_SUPPLEMENT))
    return written[0] if len(plain) != 1 or plain == radical else b"<%04X>" % ord(plain)


def _mend(pypdf: object, held: object) -> bool:
    """Mend a font's character map; whether there was anything to mend."""
    get = getattr(held, "get", None)
    if get is None or get("/Type") != "/Font" or get("/ToUnicode") is None:
        return False
    character_map = get("/ToUnicode").get_object()
    before = character_map.get_data()
    after = plain_characters(before)
    if after == before:
        return False
    character_map.set_data(after)
    return True
