"""国土TXT written: sites as plots of numbered corner points, as offices exchange them.

What the format is, `intake.guotu_txt` tells, which reads back what is written here.  Coordinates have four decimals, so
that a point comes back within 0.05 mm; every ring is closed; holes follow their outline, further parts follow them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import PlannerError
from ..geometry.area import ellipsoidal_area
from ..plain_forms import has_characters, plain_form
from ..plan.tables import object_array
from ..store.whole_file import written_whole
from ..texts import Message
from .corner_points import DECIMALS, CornerPoints, corner_points, middle_zone
from .projection import reach

ENCODINGS = ("GBK", "UTF-8")
_M2_PER_HA = 10_000
_LINE_END = "\r\n"
_REPLACEMENT = "?"


@dataclass(frozen=True)
class Plot:
    """A site as it goes out.

    Attributes
    ----------
    code, name
        Its number and its name; commas, which the format separates by, become enumeration commas.
    geometry
        A valid polygon or multipolygon in EPSG:4490.
    use
        What the land is for (地块用途), or nothing.
    """

    code: str
    name: str
    geometry: Any
    use: str = ""


def zone_notes(plots: Sequence[Plot], zone: int) -> list[Message]:
    """A word where plots reach beyond the zone that their coordinates are stated in."""
    farthest, beyond = reach(object_array([plot.geometry for plot in plots]), zone)
    if not beyond:
        return []
    degrees = f"{farthest:.2f}°"
    return [Message.of("sheet.beyond_zone", zone=zone, meridian=f"{3 * zone}°E", farthest=degrees, count=beyond)]


def guotu_txt(plots: Sequence[Plot], issuer: str, made: date) -> tuple[str, list[Message]]:
    """The text of a file, and what has to be said about it.

    All plots are stated in one zone: that of their middle.

    Parameters
    ----------
    plots
        At least one.
    issuer
        Who makes the data (数据产生单位); may be empty.
    made
        The date of the data.

    Raises
    ------
    PlannerError
        If nothing of a plot is left at the precision of the coordinates, or it lies too far from the zone.
    """
    zone = middle_zone(object_array([plot.geometry for plot in plots]))
    notes = zone_notes(plots, zone)
    lines = [
        "[属性描述]",
        "格式版本号=1.01版本",
        f"数据产生单位={_plain(issuer)}",
        f"数据产生日期={made.year}-{made.month}-{made.day}",
        "坐标系=2000国家大地坐标系",
        "几度分带=3",
        "投影类型=高斯克吕格",
        "计量单位=米",
        f"带号={zone}",
        f"精度={10**-DECIMALS:.{DECIMALS}f}",
        "转换参数=0,0,0,0,0,0,0",
        "[地块坐标]",
    ]
    for plot in plots:
        corners = corner_points(plot.geometry, zone)
        if not corners.rings:
            raise PlannerError("sheet.txt_nothing_left", plot=plot.code or plot.name)
        if corners.lost:
            notes.append(Message.of("sheet.txt_rings_lost", plot=plot.code or plot.name, count=corners.lost))
        lines += _plot_lines(plot, corners)
    return _LINE_END.join(lines) + _LINE_END, notes


def write_guotu_txt(
    path: Path, plots: Sequence[Plot], issuer: str, made: date, encoding: str = "GBK", force: bool = False
) -> list[Message]:
    """Write a file, whole or not at all.

    Parameters
    ----------
    encoding
        One of `ENCODINGS`.  Characters that GBK lacks get a plainer form, or ``?``, and that is said.
    force
        Whether a file that is there is replaced.

    Raises
    ------
    PlannerError
        As `guotu_txt`; also if the file exists and `force` is not given, or it cannot be written.
    """
    if encoding not in ENCODINGS:
        raise PlannerError("sheet.txt_encoding", encoding=encoding, known=list(ENCODINGS))
    content, notes = guotu_txt(plots, issuer, made)
    codec = encoding.lower()
    if not has_characters(content, codec):
        lacking = list(dict.fromkeys(c for c in content if not has_characters(c, codec)))
        forms = {c: plain_form(c, codec) or _REPLACEMENT for c in lacking}
        content = "".join(forms.get(c, c) for c in content)
        shown = [f"{c} → {form}" for c, form in forms.items()]
        notes.append(Message.of("sheet.txt_characters", encoding=encoding, forms=shown))
    with written_whole(path, replace=force) as beside:
        beside.write_bytes(content.encode(codec))
    return notes


def _plot_lines(plot: Plot, corners: CornerPoints) -> list[str]:
    hectares = float(ellipsoidal_area(plot.geometry)) / _M2_PER_HA
    lines = [
        f"{name},{ring.number},{north:.{DECIMALS}f},{east:.{DECIMALS}f}"
        for ring in corners.rings
        for name, (north, east) in zip(ring.names, ring.closed.tolist())
    ]
    head = [str(len(lines)), f"{hectares:.4f}", _plain(plot.code), _plain(plot.name), "面", "", _plain(plot.use), ""]
    return [",".join([*head, "@"]), *lines]


def _plain(words: str) -> str:
    """Words on one line, without the marks that the format is made of."""
    return " ".join(words.replace(",", "、").replace("，", "、").split())
