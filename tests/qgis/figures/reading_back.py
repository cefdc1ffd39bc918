"""What a written page holds: its text and where it stands, its fonts, and all of it but dates and identifiers."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import canonicalize

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

_DATES = re.compile(
    rb"/(CreationDate|ModDate) ?\([^)]*\)|/ID ?\[[^\]]*\]|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[Z+\-\d:]*|uuid:[-\w]+"
)
_SUBSET = re.compile(r"^/[A-Z]{6}\+")
_DATED = ("/CreationDate", "/ModDate", "/ID", "/DocChecksum")
MM_A_POINT = 25.4 / 72
#: Radicals that Noto's glyphs stand for too, and that Unicode's own folding leaves alone.
_RADICALS = str.maketrans(
    "⺠⻓⻰⻅⻉⻋⻔⻘⻚⻛⻜⻝⻢⻥⻦⻨⻩⻬⻮⻳⻆⻄⻁⺟⻤⻣⻙⻧",
    "民长龙见贝车门青页风飞食马鱼鸟麦黄齐齿龟角西虎母鬼骨韦卤",
)


def without_dates(file: Path) -> bytes:
    """A file's bytes with dates and identifiers blanked out."""
    return _DATES.sub(b"", file.read_bytes())


def content_of(pdf: Path) -> list[str]:
    """Every object of a PDF, in the order in which they are named from its root.

    Qt writes fonts in the order of a hash that is salted anew in each process; numbers of objects and tags of font
    subsets follow it.  Here both are left out, as dates are: what is left is the document.
    """
    reader = PdfReader(pdf)
    number_of: dict[int, int] = {}
    waiting: list[Any] = []

    def told(thing: Any) -> str:
        if isinstance(thing, IndirectObject):
            if thing.idnum not in number_of:
                number_of[thing.idnum] = len(number_of)
                waiting.append(thing)
            return f"R{number_of[thing.idnum]}"
        if isinstance(thing, DictionaryObject):
            keys = [
                k for k in sorted(thing) if k not in _DATED and not (isinstance(thing, StreamObject) and k == "/Length")
            ]
            words = " ".join(f"{k} {told(thing.raw_get(k))}" for k in keys)
            return f"<<{words}>>{_stream(thing)}"
        if isinstance(thing, ArrayObject):
            return (
                "["
                + " ".join(told(thing[i] if not hasattr(thing, "raw_get") else thing[i]) for i in range(len(thing)))
                + "]"
            )
        return _SUBSET.sub("/", str(thing))

    lines = [told(reader.trailer)]
    while waiting:
        lines.append(told(waiting.pop(0).get_object()))
    return lines


def _stream(thing: Any) -> str:
    if not isinstance(thing, StreamObject):
        return ""
    data = _DATES.sub(b"", bytes(thing._data))
    return f" {len(data)} bytes {hashlib.sha256(data).hexdigest()}"


def drawing_of(svg: Path) -> str:
    """An SVG with its attributes in order (Qt salts the hash that it keeps them in), less its dates."""
    words = canonicalize(svg.read_text(encoding="utf-8"))
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "", words)


@dataclass(frozen=True)
class Word:
    """A piece of text as it was drawn: where it begins and how large, in millimetres from the page's upper left."""

    text: str
    x: float
    y: float
    size: float
    page: int


def words_of(pdf: Path) -> list[Word]:
    """The pieces of text on all pages, in the order of drawing."""
    found: list[Word] = []
    for number, page in enumerate(PdfReader(pdf).pages):
        height = float(page.mediabox.height)

        def keep(
            text: str, cm: Any, tm: Any, font: Any, size: float, number: int = number, height: float = height
        ) -> None:
            if not text.strip():
                return
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            across = abs(tm[0] * cm[0] + tm[1] * cm[2]) or abs(tm[0] * cm[1] + tm[1] * cm[3])
            found.append(
                Word(plain(text), x * MM_A_POINT, (height - y) * MM_A_POINT, size * across * MM_A_POINT, number)
            )

        page.extract_text(visitor_text=keep)
    return found


def plain(text: str) -> str:
    """Noto's radicals folded back into characters, without blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(_RADICALS)


def text_of(pdf: Path) -> str:
    """All text of a PDF, as a search would find it."""
    return "".join(plain(page.extract_text()) for page in PdfReader(pdf).pages)


def fonts_of(pdf: Path) -> dict[str, bool]:
    """Name of each font → whether it is in the file."""
    reader = PdfReader(pdf)
    found: dict[str, bool] = {}
    for page in reader.pages:
        waiting = [page.get("/Resources")]
        while waiting:
            resources = waiting.pop()
            resources = resources.get_object() if resources is not None else {}
            for font in (resources.get("/Font") or {}).values() if resources else ():
                font = font.get_object()
                for one in (f.get_object() for f in font.get("/DescendantFonts", [font])):
                    described = one.get("/FontDescriptor")
                    held = described is not None and any(
                        k in described.get_object() for k in ("/FontFile", "/FontFile2", "/FontFile3")
                    )
                    found[str(font.get("/BaseFont"))] = held
            for form in (resources.get("/XObject") or {}).values() if resources else ():
                waiting.append(form.get_object().get("/Resources"))
    return found


def sizes_of(pdf: Path) -> list[tuple[float, float]]:
    """Width and height of each page, in millimetres."""
    return [(float(p.mediabox.width) * MM_A_POINT, float(p.mediabox.height) * MM_A_POINT) for p in PdfReader(pdf).pages]
