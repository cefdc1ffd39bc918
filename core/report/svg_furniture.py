"""What a map carries beside its content: frame with degrees, scale bar, north arrow."""

from __future__ import annotations

import math

from ..texts import text
from .svg_paths import MapFrame

_NICE = (1.0, 2.0, 5.0, 10.0)


def graticule(frame: MapFrame) -> str:
    """The frame, with ticks and labels of longitude and latitude."""
    span_lat = frame.height * frame.degrees_per_pixel
    step = _round_step(span_lat / 2.5)
    decimals = max(0, math.ceil(-math.log10(step) - 1e-9))
    drawn = [f'<rect class="frame" width="{frame.width:g}" height="{frame.height:g}"/>']
    east = frame.west + frame.width * frame.degrees_per_pixel / frame.squeeze
    south = frame.north - span_lat
    for lon in _multiples(frame.west, east, step):
        x = (lon - frame.west) * frame.squeeze / frame.degrees_per_pixel
        drawn.append(f'<path class="tick" d="M{x:.1f} 0v6M{x:.1f} {frame.height:g}v-6"/>')
        for y in (-6, frame.height + 15):
            drawn.append(f'<text class="degree" x="{x:.1f}" y="{y:g}" text-anchor="middle">{lon:.{decimals}f}°E</text>')
    for lat in _multiples(south, frame.north, step):
        y = (frame.north - lat) / frame.degrees_per_pixel
        drawn.append(f'<path class="tick" d="M0 {y:.1f}h6M{frame.width:g} {y:.1f}h-6"/>')
        for x, turn in ((-6.0, -90), (frame.width + 15, -90)):
            drawn.append(
                f'<text class="degree" text-anchor="middle" transform="translate({x:g} {y:.1f}) rotate({turn})">'
                f"{lat:.{decimals}f}°N</text>"
            )
    return "".join(drawn)


def scale_bar(frame: MapFrame) -> str:
    """A bar of two black and two white pieces, lower left, with kilometres."""
    length_km = _round_step(frame.width / 5 / frame.pixels_per_km)
    piece = length_km * frame.pixels_per_km / 4
    x, y = 18.0, frame.height - 22
    unit = "km" if length_km >= 1 else "m"
    factor = 1 if length_km >= 1 else 1000
    drawn = [f'<g class="scale" transform="translate({x:g} {y:g})">']
    for index in range(4):
        fill = "#222" if index % 2 == 0 else "#fff"
        drawn.append(f'<rect x="{index * piece:.1f}" width="{piece:.1f}" height="5" fill="{fill}"/>')
    for share in (0, 0.5, 1) if piece > 30 else (0, 1):
        shown = f"{length_km * share * factor:g}" + (f" {unit}" if share == 1 else "")
        drawn.append(f'<text x="{share * 4 * piece:.1f}" y="-4" text-anchor="middle">{shown}</text>')
    return "".join(drawn) + "</g>"


def north_arrow(frame: MapFrame) -> str:
    """An arrow pointing up with the letter for north, upper right."""
    return (
        f'<g class="north" transform="translate({frame.width - 30:g} 20)">'
        f'<text x="0" y="2" text-anchor="middle">{text("report.map.north")}</text>'
        '<path d="M0 6L-9 38L0 31Z" fill="#222"/><path d="M0 6L9 38L0 31Z" fill="#fff"/></g>'
    )


def _round_step(about: float) -> float:
    """1, 2 or 5 times a power of ten, not above `about`."""
    power = 10.0 ** math.floor(math.log10(about))
    return float(max(n for n in _NICE if n * power <= about * (1 + 1e-9)) * power)


def _multiples(low: float, high: float, step: float) -> list[float]:
    return [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
