"""What a search finds in the PDF: characters, not the radicals that look like them."""

import unicodedata
from pathlib import Path

import pypdf
import pytest

from restoration_planner.figures.export import Wanted, export_figures
from restoration_planner.figures.press.plain_characters import plain_characters, write_plain_characters
from restoration_planner.layers.opening import OpenPlan


@pytest.mark.parametrize("radical, character", [("⼭", "山"), ("⽔", "水"), ("⻓", "长"), ("⺠", "民")])
@pytest.mark.parametrize(
    "entry", ["beginbfchar\n<0007> <{}>\nendbfchar", "beginbfrange\n<0007> <0008> [<{}> <0041>]\nendbfrange"]
)
def test_a_radical_becomes_the_character_it_is_a_form_of(entry: str, radical: str, character: str) -> None:
    before, after = (entry.format(f"{ord(c):04X}").encode() for c in (radical, character))
    assert plain_characters(before) == after


@pytest.mark.parametrize(
    "entries",
    ["beginbfchar\n<2FA5> <5C71>\n<2F2D> <0041>\nendbfchar", "beginbfrange\n<2F2D> <2FA5> [<5C71> <0041>]\nendbfrange"],
)
def test_numbers_of_glyphs_stay(entries: str) -> None:
    assert plain_characters(entries.encode()) == entries.encode()


@pytest.mark.parametrize("formats", ["pdf", "geopdf"])
def test_the_words_of_a_figure_are_written_in_characters(wide_city: OpenPlan, tmp_path: Path, formats: str) -> None:
    done = export_figures(wide_city, Wanted(tmp_path, figures="8", formats=formats))
    if not done.files:
        pytest.skip(str(done.skipped[0]))
    page = pypdf.PdfReader(done.files[0]).pages[0]
    words = page.extract_text()
    assert "修复分区" in words and "面积" in words
    assert [unicodedata.name(c) for c in words if 0x2E80 <= ord(c) <= 0x2FDF] == []


def test_a_file_that_is_no_pdf_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    file.write_bytes(b"not a document")
    assert not write_plain_characters(file)
    assert file.read_bytes() == b"not a document"
