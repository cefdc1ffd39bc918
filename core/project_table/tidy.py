"""Texts out of cells: one width of digits and letters, no line breaks and spaces that only a page or a cell made."""

from __future__ import annotations

import re
import unicodedata

from ..plan.names import read_as_meant
from ..plan.project_entry import tidy_text

#: Han characters, and the punctuation that goes with them
_HAN = "\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u2014\u2018\u2019\u201c\u201d\u2026\u00b7"
_MADE_BY_PAGES = re.compile(rf"(?<=[{_HAN}])[^\S\n]+|[^\S\n]+(?=[{_HAN}])")
_UNIT_SPACE = re.compile(r"(?<=m)\s+(?=[²³])")
_NOT_PRINTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
#: A line that begins a new item, and one that ends a sentence or an item
_ITEM = re.compile(r"\s*(?:[(（]?\d{1,3}(?:[.．、)）]|\s*[.．])(?!\d)|[①-⑳]|[-•●◆*]\s)")
_ENDS = re.compile(r"[。；;：:！!？?]\s*$")
#: A footnote's mark behind a name
_MARK = re.compile(r"(?:[*＊※†]+|[①-⑩]|\[\d\]|〔\d〕)$")
_NO_PART_OF_A_NAME = re.compile(r"[\s“”\"'‘’「」《》〈〉、，,·.。;；:：\-‐-―−~～_]")


def tidy(text: str) -> str:
    """A text in one width; line breaks as ``\\n``, spaces only between Latin words.

    Full-width digits and letters become half-width; Chinese punctuation stays as it is.

    >>> tidy("本溪县小流域 综合治理工程　Ａ１")
    '本溪县小流域综合治理工程A1'
    """
    text = "".join(_as_character(char) for char in _NOT_PRINTED.sub("", tidy_text(text, one_line=False)))
    lines = [_UNIT_SPACE.sub("", _MADE_BY_PAGES.sub("", line)) for line in text.split("\n")]
    return "\n".join(line.strip() for line in lines).strip()


def flowing(text: str) -> str:
    """A tidy text whose line breaks are only those before items and after sentences.

    >>> flowing("水\\n利部门")
    '水利部门'
    >>> flowing("1.造林\\n2.种草")
    '1.造林\\n2.种草'
    """
    joined = ""
    for line in tidy(text).split("\n"):
        if not joined or not line:
            joined = joined or line
        elif _ITEM.match(line) or _ENDS.search(joined):
            joined += "\n" + line
        else:
            joined += " " + line
    return "\n".join(_MADE_BY_PAGES.sub("", line) for line in joined.split("\n"))


def in_one_line(text: str) -> str:
    """A tidy text without line breaks."""
    return _MADE_BY_PAGES.sub("", " ".join(part for part in tidy(text).split("\n") if part))


def name_of(text: str) -> str:
    """A name as a plan keeps it: in one line, without the mark of a footnote."""
    return _MARK.sub("", in_one_line(text)).strip()


def has_odd_width(text: str) -> bool:
    """Whether digits or letters are written full-width."""
    return any("０" <= c <= "９" or "Ａ" <= c <= "Ｚ" or "ａ" <= c <= "ｚ" for c in text)


def same_text(text: object) -> str:
    """By what two texts are the same however they are spaced and punctuated."""
    return _NO_PART_OF_A_NAME.sub("", unicodedata.normalize("NFKC", str(text or ""))).casefold()


def name_key(name: object) -> str:
    """By what two names mean the same, known misprints read as what they mean."""
    return read_as_meant(same_text(name))


def _as_character(char: str) -> str:
    # radicals, as which a PDF gives characters
    return unicodedata.normalize("NFKC", char) if "\u2e80" <= char <= "\u2fdf" else " " if char == "\t" else char
