"""The tables of a siting sheet: rows of words as they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from ..delivery.corner_points import CornerPoints
from ..geometry.area import ellipsoidal_area
from ..plan.rounding import rounded_parts
from ..plan.tables import Array
from ..report.values import finite, grade_caption, layer_caption, review_caption, rule_caption
from ..siting.findings import Finding
from ..siting.reviews import latest_reviews, review_key
from ..texts import has_text, text

M2_PER_HA = 10_000.0
#: Decimals of hectares (one square metre), square metres and per cent.
HA_DECIMALS, M2_DECIMALS, SHARE_DECIMALS = 4, 2, 2
#: Parts that overlap by less than this share of themselves add up all the same.
_OVERLAPPING = 1e-6


@dataclass(frozen=True)
class SheetColumn:
    """A column: its caption, its part of the width, and ``words``, ``code`` (in the middle) or ``number`` (right)."""

    caption: str
    share: float
    kind: str = "words"


@dataclass(frozen=True)
class SheetRow:
    """A row of words; ``kind`` is ``plain`` or ``total``, ``grade`` that of the finding it tells of, if any."""

    cells: tuple[str, ...]
    kind: str = "plain"
    grade: str | None = None


@dataclass(frozen=True)
class SheetTable:
    """A table under a title, with notes below it; in the column ``grade_caption`` the grades of rows are shown."""

    title: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[SheetRow, ...]
    notes: tuple[str, ...] = ()
    grade_caption: str = ""


def findings_table(findings: Sequence[Finding]) -> SheetTable:
    """The findings, numbered; several of one rule with their total, where their parts do not overlap."""
    rows: list[SheetRow] = []
    numbers = {id(f): number for number, f in enumerate(findings, 1)}
    notes: list[str] = []
    for rule in dict.fromkeys(f.rule for f in findings):
        group = [f for f in findings if f.rule == rule]
        areas = [finite(f.area_m2) for f in group]
        m2, ha = rounded_parts(areas, M2_DECIMALS), rounded_parts([_hectares(a) for a in areas], HA_DECIMALS)
        shares = rounded_parts([finite(f.share_pct) for f in group], SHARE_DECIMALS)
        measured = sum(a is not None for a in areas)
        overlapping = measured > 1 and _overlap([f.geometry for f in group])
        if overlapping:  # nothing to add up to: each figure by itself
            m2, ha, shares = (
                [_rounded(v, d) for v in values]
                for values, d in (
                    (areas, M2_DECIMALS),
                    ([_hectares(a) for a in areas], HA_DECIMALS),
                    ([finite(f.share_pct) for f in group], SHARE_DECIMALS),
                )
            )
            notes.append(text("sheet.overlapping", rule=rule_caption(rule)))
        for finding, one_m2, one_ha, share in zip(group, m2, ha, shares):
            rows.append(_finding_row(finding, numbers[id(finding)], one_ha, one_m2, share))
        if measured > 1 and not overlapping:
            rows.append(_total_row(rule, ha, m2, shares))
    captions = ("no", "rule", "object", "grade", "area_ha", "area_m2", "share", "advice", "basis")
    widths = (7, 17, 23.5, 20, 16, 20, 12, 33, 27.5)
    kinds = ("code", "words", "words", "code", "number", "number", "number", "words", "words")
    columns = tuple(SheetColumn(text(f"sheet.{c}"), w, k) for c, w, k in zip(captions, widths, kinds))
    return SheetTable(text("sheet.findings"), columns, tuple(rows), tuple(notes), text("sheet.grade"))


def _finding_row(finding: Finding, number: int, ha: float | None, m2: float | None, share: float | None) -> SheetRow:
    grade = grade_caption(finding.grade)
    if finding.reviewed is not None:
        state = "sheet.lapsed" if finding.reviewed == "lapsed" else None
        grade += "\n" + text("sheet.in_brackets", words=text(state) if state else review_caption(finding.reviewed))
    cells = (
        str(number),
        rule_caption(finding.rule),
        _object(finding),
        grade,
        _number(ha, HA_DECIMALS),
        _number(m2, M2_DECIMALS),
        _number(share, SHARE_DECIMALS),
        finding.advice,
        finding.basis,
    )
    return SheetRow(cells, grade=finding.grade)


def _total_row(rule: str, ha: list[float | None], m2: list[float | None], shares: list[float | None]) -> SheetRow:
    def added(values: list[float | None], decimals: int) -> str:
        known = [v for v in values if v is not None]
        return _number(round(sum(known), decimals), decimals) if known else ""

    cells = (
        "",
        text("sheet.total_of_rule"),
        rule_caption(rule),
        "",
        added(ha, HA_DECIMALS),
        added(m2, M2_DECIMALS),
        added(shares, SHARE_DECIMALS),
        "",
        "",
    )
    return SheetRow(cells, "total")


def _object(finding: Finding) -> str:
    named = [str(v) for v in (finding.target_code, finding.target_name) if v not in (None, "")]
    named = list(dict.fromkeys(named))
    if finding.target_layer is None:
        return " ".join(named)
    return " ".join([layer_caption(finding.target_layer), *named])


def _overlap(geometries: list[Any]) -> bool:
    known = [g for g in geometries if g is not None]
    if len(known) < 2:
        return False
    together = float(ellipsoidal_area(shapely.union_all(known)))
    return float(ellipsoidal_area(known).sum()) > together * (1 + _OVERLAPPING)


def reviews_table(findings: Sequence[Finding], reviews: Any, project_code: str | None) -> SheetTable | None:
    """What was decided on the project, the findings' own decisions first; None where nothing was.

    A decision on a finding that is no longer there is listed too, and said to be so.
    """
    latest = latest_reviews(reviews)
    mine = {key: record for key, record in latest.items() if project_code is not None and key[0] == project_code}
    if not mine:
        return None
    states = {review_key(f): f.reviewed for f in findings}
    numbers = {review_key(f): number for number, f in reversed(list(enumerate(findings, 1)))}
    rows = []
    for key, record in sorted(mine.items(), key=lambda entry: (numbers.get(entry[0], len(findings) + 1), entry[0][1])):
        state = states.get(key)
        stands = "gone" if key not in states else "lapsed" if state == "lapsed" else "valid"
        cells = (
            str(numbers.get(key, "")),
            rule_caption(str(record.get("rule") or "")),
            str(record.get("target_code") or ""),
            code_word("decision", record.get("decision")),
            _number(_hectares(finite(record.get("area_m2"))), HA_DECIMALS),
            str(record.get("document") or ""),
            str(record.get("reviewer") or ""),
            str(record.get("reviewed_at") or "")[:10],
            text(f"sheet.review_{stands}"),
            str(record.get("note") or ""),
        )
        rows.append(SheetRow(cells))
    captions = (
        "finding_no", "rule", "target_code", "decision", "reviewed_ha", "document", "reviewer", "date", "stands", "note",
    )  # fmt: skip
    widths = (9, 19, 14, 13, 17, 33, 17, 18, 14, 23)
    kinds = ("code", "words", "words", "code", "number", "words", "words", "code", "code", "words")
    columns = tuple(SheetColumn(text(f"sheet.{c}"), w, k) for c, w, k in zip(captions, widths, kinds))
    return SheetTable(text("sheet.reviews"), columns, tuple(rows))


def rings_table(corners: CornerPoints, geometry: Any) -> SheetTable:
    """The parts of a site: its rings with their points, and areas that add up to the site's."""
    areas = part_areas(geometry, corners)
    m2 = rounded_parts(areas.tolist(), M2_DECIMALS)
    ha = rounded_parts((areas / M2_PER_HA).tolist(), HA_DECIMALS)
    rows = []
    for ring in corners.rings:
        last = ring.first + len(ring.points) - 1
        own = None if ring.is_hole else ring.part - 1
        cells = (
            str(ring.number),
            str(ring.part),
            text("sheet.hole" if ring.is_hole else "sheet.outline"),
            f"J{ring.first}–J{last}",
            str(len(ring.points)),
            "" if own is None else _number(ha[own], HA_DECIMALS),
            "" if own is None else _number(m2[own], M2_DECIMALS),
        )
        rows.append(SheetRow(cells))
    if len(areas) > 1:
        total_ha = round(sum(v for v in ha if v is not None), HA_DECIMALS)
        total_m2 = round(sum(v for v in m2 if v is not None), M2_DECIMALS)
        cells = (
            "",
            text("sheet.total"),
            "",
            "",
            str(corners.count),
            _number(total_ha, HA_DECIMALS),
            _number(total_m2, M2_DECIMALS),
        )
        rows.append(SheetRow(cells, "total"))
    captions = ("ring", "part", "ring_kind", "points", "point_count", "area_ha", "area_m2")
    widths = (14, 14, 22, 36, 20, 32, 38)
    kinds = ("code", "code", "code", "code", "number", "number", "number")
    columns = tuple(SheetColumn(text(f"sheet.{c}"), w, k) for c, w, k in zip(captions, widths, kinds))
    return SheetTable(text("sheet.rings"), columns, tuple(rows))


def part_areas(geometry: Any, corners: CornerPoints) -> Array:
    """Ellipsoidal area (m²) of each part that has corner points, in their order."""
    areas: Array = ellipsoidal_area(stated_parts(geometry, corners))
    return areas


def stated_parts(geometry: Any, corners: CornerPoints) -> Array:
    """The parts that have corner points, in their order."""
    parts: Array = shapely.get_parts(geometry)[list(corners.stated)]
    return parts


def coordinate_columns(groups: int) -> tuple[SheetColumn, ...]:
    """The columns of the list of coordinates, side by side so many times."""
    one = (
        SheetColumn(text("sheet.point"), 10.5, "code"),
        SheetColumn(text("sheet.ring_short"), 8.5, "code"),
        SheetColumn(text("sheet.x"), 18.5, "number"),
        SheetColumn(text("sheet.y"), 20.5, "number"),
    )
    return one * groups


def yes_no(value: object) -> str:
    """是, 否, or unknown."""
    return text("sheet.unknown" if value is None else "sheet.yes" if value else "sheet.no_word")


def code_word(code_list: str, value: object) -> str:
    """What a code stands for; one that is not known shows as written."""
    if value is None:
        return ""
    key = f"codes.{code_list}.{value}"
    return text(key) if has_text(key) else str(value)


def _hectares(area_m2: float | None) -> float | None:
    return None if area_m2 is None else area_m2 / M2_PER_HA


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)


def _number(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:,.{decimals}f}"
