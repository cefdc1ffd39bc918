"""Making things fit: round scales, round graticules, type that does not run over its box."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor, log10

from qgis.PyQt.QtGui import QFont, QFontMetricsF

#: First digits of scales that read well in print.
ROUND_SCALES = (1, 1.2, 1.5, 1.8, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10)
#: Between meridians or parallels, in minutes of arc.
_STEPS_MINUTES = (600, 300, 120, 60, 30, 20, 10, 5, 2, 1)
#: Metrics are taken at a large size and scaled down, so that they do not depend on the screen's hinting.
_MEASURED_PX = 200
_MM_A_POINT = 25.4 / 72


def round_scale(width_m: float, height_m: float, frame_w_mm: float, frame_h_mm: float) -> int:
    """The largest scale (smallest denominator) with a round number that shows so much ground in a frame."""
    needed = max(width_m / frame_w_mm, height_m / frame_h_mm) * 1000
    if not needed > 1:
        return 1
    power = 10 ** floor(log10(needed))
    return int(next(round(step * power) for step in ROUND_SCALES if step * power >= needed * 0.9999))


def graticule_step(span_degrees: float, lines: int = 5) -> float:
    """Degrees between meridians or parallels, so that about so many cross a map of a span."""
    wanted = span_degrees * 60 / lines
    return min(_STEPS_MINUTES, key=lambda step: abs(log10(step / max(wanted, 1e-6)))) / 60


def bar_length_km(map_width_km: float, share: float) -> float:
    """Kilometres of half a scale bar: the largest of 1, 2, 5 × 10ⁿ within a share of the map's width."""
    half = map_width_km * share / 2
    power = 10 ** floor(log10(half))
    return max(step * power for step in (1, 2, 5) if step * power <= half * 1.0001)


def text_width_mm(words: str, font: QFont) -> float:
    """How wide the longest of some lines is, in millimetres."""
    metrics = _metrics(font)
    widest = max((metrics.horizontalAdvance(line) for line in words.split("\n")), default=0.0)
    return float(widest) / _MEASURED_PX * font.pointSizeF() * _MM_A_POINT


def line_height_mm(font: QFont) -> float:
    """From one line to the next, in millimetres."""
    return float(_metrics(font).lineSpacing()) / _MEASURED_PX * font.pointSizeF() * _MM_A_POINT


def _metrics(font: QFont) -> QFontMetricsF:
    large = QFont(font)
    large.setPixelSize(_MEASURED_PX)
    return QFontMetricsF(large)


def wrapped(words: str, font: QFont, width_mm: float) -> str:
    """Words broken into lines that fit a width: at spaces, and anywhere between Chinese characters."""
    lines: list[str] = []
    for paragraph in words.split("\n"):
        if text_width_mm(paragraph, font) <= width_mm:
            lines.append(paragraph.rstrip())
            continue
        line = ""
        for piece in _pieces(paragraph):
            if line and text_width_mm(line + piece.rstrip(), font) > width_mm:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line.rstrip())
    return "\n".join(lines)


def one_line(name: str) -> str:
    """A name as it stands in a line of its own page: a table's cell may hold line breaks, and they made it tiny.

    >>> one_line("本溪市\\n自然资源局 ")
    '本溪市自然资源局'
    """
    words = name.splitlines()
    return "".join(f"{w.strip()} " if w.strip().isascii() else w.strip() for w in words).strip()


def _pieces(words: str) -> list[str]:
    """What must not be broken: Latin words with the space behind them, single Chinese characters with the
    marks that may not begin a line."""
    pieces: list[str] = []
    for character in words:
        keep = bool(pieces) and (
            character in "，。、；：！？）》”’%,.;:!?)"
            or pieces[-1][-1] in "（《“‘("
            or (_latin(character) and _latin(pieces[-1][-1]) and pieces[-1][-1] != " ")
        )
        if keep:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _latin(character: str) -> bool:
    return ord(character) < 0x2E80


def fit_in_box(words: str, font: QFont, width_mm: float, height_mm: float, least: float = 0.35) -> tuple[str, QFont]:
    """Words and font so that they fit a box: as large as may be, in as few lines as that allows.

    The font never grows, and never shrinks below a share of its size.
    """
    best = (words, QFont(font))
    smallest = font.pointSizeF() * least
    size = font.pointSizeF()
    while size >= smallest:
        tried = QFont(font)
        tried.setPointSizeF(size)
        rows = max(1, floor(height_mm / line_height_mm(tried) + 0.05))
        # The lines of a title are about equally long
        whole = text_width_mm(words, tried)
        needed = max(1, ceil(whole / (width_mm * 0.98)))
        for count in range(needed, rows + 1):
            broken = words if count == 1 else wrapped(words, tried, max(whole / count * 1.08, whole / count + size))
            if text_width_mm(broken, tried) <= width_mm * 0.98 and broken.count("\n") < rows:
                return broken, tried
        best = (wrapped(words, tried, width_mm * 0.98), tried)
        size *= 0.96
    return best


def fair_breaks(lengths: list[int], columns: int) -> set[int]:
    """Where to begin new columns so that the longest is as short as may be.

    >>> sorted(fair_breaks([5, 2, 2, 6], 3))
    [1, 3]
    """
    from itertools import combinations

    count = min(columns, len(lengths))
    if count < 2:
        return set()

    def longest(breaks: Iterable[int]) -> int:
        edges = (0, *breaks, len(lengths))
        return max(sum(lengths[a:b]) for a, b in zip(edges, edges[1:]))

    return set(min(combinations(range(1, len(lengths)), count - 1), key=longest))
