"""Every table, field and code has its words, in both languages, and no caption is left over."""

from __future__ import annotations

import json
import re

import pytest

from restoration_planner.core.plan.schema import CODE_LISTS, TABLES
from restoration_planner.core.texts import CATALOGUE, LANGUAGES

CHINESE = re.compile("[\u4e00-\u9fff]")


def catalogue(area: str) -> dict[str, dict[str, str]]:
    """The texts of an area."""
    loaded: dict[str, dict[str, str]] = json.loads((CATALOGUE / f"{area}.json").read_text(encoding="utf-8"))
    return loaded


EXPECTED = {
    "schema": {t.name for t in TABLES.values()} | {f"{t.name}.{f.name}" for t in TABLES.values() for f in t.fields},
    "codes": {f"{name}.{code}" for name, codes in CODE_LISTS.items() for code in codes},
}


@pytest.mark.parametrize("area", ["schema", "codes"])
def test_every_table_field_and_code_has_a_caption_and_none_is_left_over(area: str) -> None:
    """A caption without its field would be a misspelt one."""
    assert set(catalogue(area)) == EXPECTED[area]


@pytest.mark.parametrize("area", ["schema", "codes", "plan"])
def test_every_text_is_there_in_both_languages_with_the_same_placeholders(area: str) -> None:
    """Chinese is Chinese, English is not, and both say the same things."""
    for key, entry in catalogue(area).items():
        assert set(entry) == set(LANGUAGES), key
        assert all(entry.values()), key
        assert CHINESE.search(entry["zh"]), key
        assert not CHINESE.search(entry["en"]), key
        placeholders = [sorted(re.findall(r"{(\w+)", entry[name])) for name in LANGUAGES]
        assert placeholders[0] == placeholders[1], key


@pytest.mark.parametrize("table", list(TABLES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_captions_within_one_table_differ(table: str, language: str) -> None:
    """Two columns of one caption could not be told apart in an attribute table."""
    captions = [catalogue("schema")[f"{table}.{f}"][language] for f in TABLES[table].field_names]
    assert len(set(captions)) == len(captions)


@pytest.mark.parametrize("codes", list(CODE_LISTS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_names_within_one_code_list_differ(codes: str, language: str) -> None:
    """A value map with one name twice would lose a code."""
    names = [catalogue("codes")[f"{codes}.{c}"][language] for c in CODE_LISTS[codes]]
    assert len(set(names)) == len(names)
