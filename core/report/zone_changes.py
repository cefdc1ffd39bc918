"""What changed between two states of the zones as one HTML file: figures, map, close-ups, towns; to read and to print."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from html import escape

from ..coverage.changes import Code, TownMoved, ZoneChange, ZoneChanges
from ..plan.rounding import rounded_parts
from ..store.zone_versions import Version
from ..texts import text
from .html_page import asset, head, page, plan_title
from .values import SQUARE_METRES_PER_KM2, area_text, share_text
from .zone_changes_map import MOST_SKETCHES, DrawnChanges, draw_changes, draw_sketches

#: Rows of the table of ground; a comparison of quite different states may have hundreds of slivers.
MOST_MOVES = 200
_KM2_DECIMALS = 4  # a hundred square metres: what is gained or lost is often less than plans print


def render(changes: ZoneChanges, before: Version | None = None, after: Version | None = None) -> bytes:
    """The report as UTF-8, in the language in force.

    Parameters
    ----------
    changes
        What `compare` found.
    before, after
        The versions that were compared; None is the plan's present state.
    """
    title = text("zone_versions.title")
    plan = changes.after["plan"] if len(changes.after["plan"]) else changes.before["plan"]
    now = datetime.datetime.now().astimezone().isoformat(sep=" ", timespec="minutes")
    facts = [
        (text("zone_versions.head.before"), _state(before)),
        (text("zone_versions.head.after"), _state(after)),
        (text("zone_versions.head.drawn"), now[:16]),
        (text("zone_versions.head.crs"), text("report.crs")),
    ]
    sections = [_summary(changes)]
    if not changes.nothing_changed:
        sections += [
            _map(draw_changes(changes)),
            _section("zones", _table(changes.zones, "zone")),
            _section("moves", _moves(changes)),
            _section("towns", _towns(changes)),
            _section("key_areas", _key_areas(changes.key_areas)),
            _sketches(changes),
        ]
    sections.append(_notes((before, after)))
    sections.append(_method())
    name = plan_title(plan)
    return page(f"{name} · {title}", head(name, title, facts), sections, style=asset("zone_changes.css"))


def caption(code: Code, changes: ZoneChanges) -> str:
    """A zone's code and name, as tables print it."""
    if code is None:
        return text("zone_versions.none")
    name = next((zone.name for zone in changes.zones if zone.code == code), None)
    return code if name is None or name == code else f"{code} {name}"


def _state(version: Version | None) -> str:
    if version is None:
        return text("zone_versions.present")
    saved_at = version.saved_at.replace("T", " ")[:16]
    if version.author is None:
        return text("zone_versions.state_without_author", name=version.name, saved_at=saved_at)
    return text("zone_versions.state", name=version.name, saved_at=saved_at, author=version.author)


def _section(key: str, content: str) -> str:
    return f'<section class="s-{key}"><h2>{escape(text(f"zone_versions.section.{key}"))}</h2>{content}</section>'


def _summary(changes: ZoneChanges) -> str:
    if changes.nothing_changed:
        return _section("summary", f"<p>{escape(text('zone_versions.nothing'))}</p>")
    whole = sum(town.changed_zone for town in changes.towns)
    zones, key_areas = (sum(c.changed for c in of) for of in (changes.zones, changes.key_areas))
    moved = area_text(changes.moved_km2 * SQUARE_METRES_PER_KM2)
    cards = {
        "moved": moved,
        "zones": text("zone_versions.of", count=zones, all=len(changes.zones)),
        "towns": f"{whole:,}",
        "key_areas": text("zone_versions.of", count=key_areas, all=len(changes.key_areas)),
    }
    sentence = text("zone_versions.summary", moved=moved, zones=zones, towns=len(changes.towns), whole=whole)
    drawn = "".join(
        f"<li><b>{escape(value)}</b><span>{escape(text(f'zone_versions.card.{key}'))}</span></li>"
        for key, value in cards.items()
    )
    return _section("summary", f'<p>{escape(sentence)}</p><ul class="cards">{drawn}</ul>')


def _map(drawn: DrawnChanges | None) -> str:
    if drawn is None:
        return ""
    legend = "".join(
        f'<li><svg width="22" height="14" aria-hidden="true">{entry.swatch}</svg>{escape(entry.caption)}</li>'
        for entry in drawn.legend
    )
    note = escape(text("zone_versions.map.note"))
    return _section(
        "map", f'<figure>{drawn.svg}<figcaption><ul class="legend">{legend}</ul><p>{note}</p></figcaption></figure>'
    )


def _table(rows: Sequence[ZoneChange], kind: str) -> str:
    """Zones or key areas with their areas before and after; printed figures add up to the printed sums."""
    columns = ("before", "after", "gained", "lost", "net")
    figures: dict[str, list[float | None]] = {
        "before": rounded_parts([row.before_km2 for row in rows]),
        "after": rounded_parts([row.after_km2 for row in rows]),
        "gained": rounded_parts([row.gained_km2 for row in rows], _KM2_DECIMALS),
        "lost": rounded_parts([row.lost_km2 for row in rows], _KM2_DECIMALS),
    }
    net = [(g or 0.0) - (lost or 0.0) for g, lost in zip(figures["gained"], figures["lost"])]
    figures["net"] = [round(value, _KM2_DECIMALS) for value in net]
    heads = "".join(f'<th scope="col">{escape(text(f"zone_versions.column.{c}"))}</th>' for c in columns)
    body = "".join(
        f'<tr{"" if row.changed else " class=same"}><th scope="row">{_zone_cell(row)}</th>'
        + "".join(_figure(column, figures[column][position]) for column in columns)
        + "</tr>"
        for position, row in enumerate(rows)
    )
    sums = "".join(_figure(c, sum(v for v in figures[c] if v is not None)) for c in columns)
    return (
        f'<p class="unit">{escape(text("zone_versions.unit"))}</p><table class="figures"><thead><tr>'
        f'<th scope="col">{escape(text(f"zone_versions.column.{kind}"))}</th>{heads}</tr></thead><tbody>{body}</tbody>'
        f'<tfoot><tr><th scope="row">{escape(text("zone_versions.sum"))}</th>{sums}</tr></tfoot></table>'
    )


def _zone_cell(row: ZoneChange) -> str:
    name = row.name if row.name != row.code else None
    said = f"<b>{escape(row.code)}</b> {escape(name or '')}"
    if row.before_km2 is None and row.before_name is None and row.after_km2 is not None:
        return f"{said} <i>{escape(text('zone_versions.new'))}</i>"
    if row.after_km2 is None and row.after_name is None and row.before_km2 is not None:
        return f"{said} <i>{escape(text('zone_versions.gone'))}</i>"
    if row.before_name and row.after_name and row.before_name != row.after_name:
        return f"{said} <i>{escape(text('zone_versions.renamed', name=row.before_name))}</i>"
    return said


def _figure(column: str, value: float | None) -> str:
    if value is None:
        return "<td>–</td>"
    if column in ("before", "after"):
        return f"<td>{value:,.2f}</td>"
    if round(value, _KM2_DECIMALS) == 0:
        return '<td class="zero">0</td>'
    sign = {"gained": "+", "lost": "−"}.get(column, "+" if value > 0 else "−")
    return f'<td class="{"up" if sign == "+" else "down"}">{sign}{abs(value):,.{_KM2_DECIMALS}f}</td>'


def _moves(changes: ZoneChanges) -> str:
    shown = changes.moves[:MOST_MOVES]
    rows = "".join(
        f'<tr id="m{number}"><td class="no">{number}</td><td>{escape(caption(move.before, changes))}</td>'
        f'<td class="to">{escape(caption(move.after, changes))}</td>'
        f"<td>{area_text(move.area_km2 * SQUARE_METRES_PER_KM2)}</td><td>{len(move.geometry.geoms):,}</td></tr>"
        for number, move in enumerate(shown, start=1)
    )
    rest = changes.moves[MOST_MOVES:]
    left_out = ""
    if rest:
        area = area_text(sum(move.area_km2 for move in rest) * SQUARE_METRES_PER_KM2)
        left_out = f"<p>{escape(text('zone_versions.moves_left_out', count=len(rest), area=area))}</p>"
    return _listing("moves", ("number", "from", "to", "area", "pieces"), rows) + left_out


def _towns(changes: ZoneChanges) -> str:
    whole = [town for town in changes.towns if town.changed_zone]
    parts = [town for town in changes.towns if not town.changed_zone]
    rows = [_town_row(t, t.before, t.after, t.moved_km2, t.moved_pct, changes) for t in whole]
    said = _town_table(rows) if whole else f"<p>{escape(text('zone_versions.no_towns'))}</p>"
    if parts:
        rows = [
            _town_row(town, before, after, km2, (town.moved_pct or 0.0) * km2 / (town.moved_km2 or km2), changes)
            for town in parts
            for before, after, km2 in town.parts
        ]
        said += f"<h3>{escape(text('zone_versions.part_of_towns'))}</h3>{_town_table(rows)}"
    return said


def _town_row(
    town: TownMoved, before: Code, after: Code, km2: float | None, share_pct: float | None, changes: ZoneChanges
) -> str:
    area = text("zone_versions.by_lists") if km2 is None else area_text(km2 * SQUARE_METRES_PER_KM2)
    return (
        f"<tr><td>{escape(town.name)}</td><td>{escape(town.county or '')}</td>"
        f'<td>{escape(caption(before, changes))}</td><td class="to">{escape(caption(after, changes))}</td>'
        f"<td>{escape(area)}</td><td>{share_text(share_pct)}</td></tr>"
    )


def _town_table(rows: Sequence[str]) -> str:
    return _listing("towns", ("town", "county", "from", "to", "moved", "share"), "".join(rows))


def _listing(css: str, columns: Sequence[str], rows: str) -> str:
    heads = "".join(f'<th scope="col">{escape(text(f"zone_versions.column.{c}"))}</th>' for c in columns)
    return f'<table class="listing {css}"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _key_areas(rows: Sequence[ZoneChange]) -> str:
    if any(row.changed for row in rows):
        return _table(rows, "key_area")
    return f"<p>{escape(text('zone_versions.key_areas_same'))}</p>"


def _sketches(changes: ZoneChanges) -> str:
    drawn = draw_sketches(changes, lambda code: caption(code, changes))
    if not drawn:
        return ""
    rest = len(changes.moves) - MOST_SKETCHES
    note = f"<p>{escape(text('zone_versions.left_out', count=rest))}</p>" if rest > 0 else ""
    return _section("sketches", f'<div class="sketches">{"".join(drawn)}</div>{note}')


def _notes(compared: Sequence[Version | None]) -> str:
    """What the planners wrote when they saved the versions."""
    written = "".join(
        f"<dt>{escape(version.name)}</dt><dd>{escape(version.note)}</dd>"
        for version in compared
        if version and version.note
    )
    return _section("notes", f'<dl class="notes">{written}</dl>') if written else ""


def _method() -> str:
    sentences = (text(f"zone_versions.method.{key}") for key in ("area", "gained", "towns"))
    return _section("method", "<ul>" + "".join(f"<li>{escape(s)}</li>" for s in sentences) + "</ul>")
