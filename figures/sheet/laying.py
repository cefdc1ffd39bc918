"""A siting sheet laid out: head, map, findings, reviews, place for signatures, corner points."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsPrintLayout, QgsProject
from qgis.PyQt.QtCore import Qt

from ...core.sheet.contents import HeadEntry, SiteSheet
from ...core.sheet.grids import SheetColumn, coordinate_columns
from ...core.texts import text
from ...layers.crs import measure_on_ellipsoid
from ...layers.opening import OpenPlan
from ..page.layouts import typefaces
from .ground import Ground
from .paper import LIST_SIZE, SMALL_SIZE, TEXT_SIZE, TITLE_SIZE, Faces, Paper
from .site_map import draw_details, draw_map
from .tables import HEAD_FILL, Cell, Line, Setting, draw, flow, head_line, heading, set_table

_HEAD_SHARES = (29.0, 58.5)
#: Corner points stand side by side so often.
_GROUPS = 3
#: Heights of the places for signatures, the date, and the seal, in millimetres.
_SIGNATURE, _SEAL = 8.0, 18.0
#: What those places take in all; nobody signs a page that says nothing.
_SIGNED = _SIGNATURE + _SEAL + 8.5
#: A list of coordinates is not begun with less than so many rows on a page.
_LEAST_ROWS = 6


@dataclass
class LaidSheet:
    """A layout in a project of its own, with the layers of its map; all of it goes when this does."""

    layout: QgsPrintLayout
    project: QgsProject
    grounds: list[Ground]


def lay_out_sheet(sheet: SiteSheet, opened: OpenPlan) -> LaidSheet:
    """Set a sheet on as many A4 pages as it needs.

    The plan's project and layers stay as they are.
    """
    project = QgsProject()
    measure_on_ellipsoid(project)
    layout = QgsPrintLayout(project)
    layout.setName(f"{sheet.title} {sheet.called}")
    heiti, songti = typefaces()
    paper = Paper(layout, Faces(heiti.family, songti.family))
    paper.paragraph(sheet.title, "title", paper.faces.heading(TITLE_SIZE), 2.0, Qt.AlignmentFlag.AlignHCenter)
    _head(paper, sheet.head)
    paper.y += 2
    grounds: list[Ground] = []
    if sheet.corners is not None:
        grounds.append(draw_map(paper, sheet, opened))
    else:
        paper.paragraph(sheet.no_site, "no_site", paper.faces.body(), 2.0)
    _findings(paper, sheet)
    _reviews(paper, sheet)
    _signatures(paper)
    if sheet.corners is not None and sheet.rings is not None:
        grounds += draw_details(paper, sheet, opened)
        set_table(paper, sheet.rings, "rings")
        _coordinates(paper, sheet)
    running = text("sheet.running", title=sheet.title, project=sheet.called)
    paper.number_pages(running, text("sheet.page"))
    return LaidSheet(layout, project, grounds)


def _head(paper: Paper, entries: tuple[HeadEntry, ...]) -> None:
    """Captions and values, two side by side, wide ones alone."""
    waiting: list[HeadEntry] = []
    lines: list[tuple[HeadEntry, ...]] = []
    for entry in entries:
        if entry.wide:
            lines += [(one,) for one in waiting] + [(entry,)]
            waiting = []
            continue
        waiting.append(entry)
        if len(waiting) == 2:
            lines.append((waiting[0], waiting[1]))
            waiting = []
    lines += [(one,) for one in waiting]
    start = 0
    part = 0
    while start < len(lines):
        end = start
        while end < len(lines) and len(lines[end]) == len(lines[start]):
            end += 1
        count = len(lines[start])
        shares = _HEAD_SHARES * 2 if count == 2 else (_HEAD_SHARES[0], _HEAD_SHARES[0] + 2 * _HEAD_SHARES[1])
        setting = Setting(paper, shares, TEXT_SIZE)
        rows = []
        for line in lines[start:end]:
            cells = []
            for place, entry in enumerate(line):
                cells.append(Cell(setting.broken(2 * place, entry.caption, True), "code", True, HEAD_FILL))
                cells.append(Cell(setting.broken(2 * place + 1, entry.value)))
            rows.append(Line(cells))
        part += 1
        flow(setting, None, rows, f"head_{part}")
        paper.y -= 0.12  # the rule between two tables is one
        start = end
    paper.y += 0.12


def _findings(paper: Paper, sheet: SiteSheet) -> None:
    if sheet.findings is not None:
        set_table(paper, sheet.findings, "findings")
    else:
        heading(paper, text("sheet.findings"), "findings_title")
        paper.paragraph(sheet.no_findings, "no_findings", paper.faces.body(), 1.0)
    paper.paragraph(sheet.about_run, "about_run", paper.faces.body(SMALL_SIZE), 1.5)


def _reviews(paper: Paper, sheet: SiteSheet) -> None:
    if sheet.reviews is not None:
        set_table(paper, sheet.reviews, "reviews")
        return
    words = text("sheet.headed", title=text("sheet.reviews"), words=text("sheet.no_reviews"))
    heading(paper, words, "reviews_title", _SIGNED)


def _signatures(paper: Paper) -> None:
    """Places for those who sign, the seal and the date, on one page."""
    setting = Setting(paper, (28.0, 59.5) * 2, TEXT_SIZE)
    blank = text("sheet.sign_blank_date")
    rows = [
        (("sheet.sign_compiled", ""), ("sheet.sign_checked", ""), _SIGNATURE),
        (("sheet.sign_unit", ""), ("sheet.sign_date", blank), _SEAL),
    ]
    lines = []
    for left, right, height in rows:
        cells = []
        for place, (caption, words) in enumerate((left, right)):
            cells.append(Cell(setting.broken(2 * place, text(caption), True), "code", True, HEAD_FILL))
            cells.append(Cell(words, "code"))
        lines.append(Line(cells, height))
    paper.need(_SIGNED)
    draw(setting, lines, "signatures")
    paper.y += 1
    paper.paragraph(text("sheet.disclaimer"), "disclaimer", paper.faces.body(SMALL_SIZE), 3.0)


def _coordinates(paper: Paper, sheet: SiteSheet) -> None:
    """The corner points, down the columns and then across, page after page."""
    columns = coordinate_columns(_GROUPS)
    setting = Setting(paper, [column.share for column in columns], LIST_SIZE)
    head = head_line(setting, columns)
    rows = sheet.coordinates
    row_height = setting.height_of(Line([Cell("J1")]))
    around = setting.height_of(head) + 0.12
    wanted = min(_LEAST_ROWS, -(-len(rows) // _GROUPS)) * row_height
    notes = [text("sheet.coordinates_note"), *sheet.corner_notes]
    small = paper.faces.body(SMALL_SIZE)
    wanted += sum(paper.height_of(note, small) + 0.8 for note in notes)
    heading(paper, sheet.corner_title, "corners_title", around + wanted)
    for number, note in enumerate(notes, 1):
        paper.paragraph(note, f"corners_note_{number}", small, 0.8)
    part, start = 0, 0
    while start < len(rows):
        deep = int((paper.room - around) / row_height)
        if deep < min(_LEAST_ROWS, -(-(len(rows) - start) // _GROUPS)):
            paper.new_page()
            continue
        deep = min(deep, -(-(len(rows) - start) // _GROUPS))
        here = rows[start : start + deep * _GROUPS]
        part += 1
        draw(setting, [head, *_side_by_side(here, deep, columns)], f"corners_{part}")
        start += len(here)


def _side_by_side(rows: list[tuple[str, str, str, str]], deep: int, columns: tuple[SheetColumn, ...]) -> list[Line]:
    lines = []
    for row in range(deep):
        words = [w for g in range(_GROUPS) for w in (rows[row + g * deep] if row + g * deep < len(rows) else ("",) * 4)]
        lines.append(Line([Cell(w, column.kind) for w, column in zip(words, columns)]))
    return lines
