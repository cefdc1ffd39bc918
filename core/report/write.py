"""A check's outcome in a format that others can use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import PlannerError
from ..siting.findings import CheckResult

if TYPE_CHECKING:  # the formats are named at QGIS's start, when numpy is not wanted yet
    from ..plan.tables import PlanTables

FORMATS = ("json", "csv", "geojson", "html")


def render(result: CheckResult, tables: PlanTables, format: str) -> bytes:  # noqa: A002 - the word of the contract
    """The report as bytes, in the language in force.

    Parameters
    ----------
    result
        The outcome of a check.
    tables
        The plan that was checked: zones, red lines and projects for the map, reviews for the table.
    format
        ``json``, ``csv``, ``geojson`` or ``html``.

    Raises
    ------
    PlannerError
        If the format is none of these.
    """
    if format == "json":
        from .as_json import to_json

        return to_json(result, tables)
    if format == "csv":
        from .as_csv import to_csv

        return to_csv(result, tables)
    if format == "geojson":
        from .as_geojson import to_geojson

        return to_geojson(result, tables)
    if format == "html":
        from .as_html import to_html

        return to_html(result, tables)
    raise PlannerError("report.unknown_format", format=format, known=FORMATS)
