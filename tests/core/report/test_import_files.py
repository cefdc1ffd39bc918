"""The saved report of an import: names escaped, everything listed, numbers that a spreadsheet reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from restoration_planner.core.intake.import_report import ImportReport
from restoration_planner.core.intake.mapping import Mapped, Used
from restoration_planner.core.intake.mending import Change
from restoration_planner.core.report.import_files import render_import
from restoration_planner.core.texts import LANGUAGES, Message, set_language, text


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    set_language(request.param)
    yield request.param
    set_language(None)


@pytest.fixture
def report() -> ImportReport:
    """Three features: one comes in, one is mended, one is left out; names as a joker writes them."""
    changes = [
        Change(1, Message.of("intake.collection"), False, 100.0, 90.5),
        Change("=2+3", Message.of("intake.no_shape"), True),
    ]
    return ImportReport(
        table="legacy_mine",
        layer="矿山<script>",
        encoding="gb18030",
        read=3,
        added=2,
        updated=0,
        unchanged=0,
        notes=[Message.of("intake.heights_dropped")],
        mapped=Mapped({}, [Used("name", "KS<b>", "intake.how_asked")], ["备注&"], []),
        changes=changes,
        doubts=[],
        area_before=100.0,
        area_after=90.5,
        examples={"备注&": "甲"},
    )


def test_html_escapes_what_came_with_the_file(report: ImportReport, lang: str) -> None:
    page = render_import(report, "矿山<script>", "规划.gpkg", "html").decode("utf-8")
    assert "<script" not in page and "矿山&lt;script&gt;" in page and "KS&lt;b&gt;" in page and "备注&amp;" in page
    assert "default-src 'none'" in page
    assert str(report.outcome()) in page


def test_plain_text_says_every_sentence(report: ImportReport, lang: str) -> None:
    plain = render_import(report, "矿山", "规划.gpkg", "txt").decode("utf-8-sig")
    assert [str(m) for m in report.messages() if str(m) not in plain] == []
    assert text("import_dialog.section.repairs", lang) in plain.splitlines()


def test_the_table_of_repairs_runs_no_formula_and_keeps_numbers(report: ImportReport, lang: str) -> None:
    raw = render_import(report, "矿山", "规划.gpkg", "csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    heads, mended, dropped = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
    assert heads[0] == text("import_dialog.column.id", lang)
    assert mended[0] == "1" and [float(cell) for cell in mended[3:]] == [100.0, 90.5, -9.5]
    assert dropped[0] == "'=2+3" and dropped[1] == text("import_dialog.done_dropped", lang)
