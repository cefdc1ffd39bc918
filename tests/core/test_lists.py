"""Lists in one text field: written as QGIS's value relation writes them, read as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restoration_planner.core.plan.lists import read_list, write_list


@pytest.mark.parametrize("written", ["{1,4}", '{"1","4"}', "1,4", ' { "1" , "4" } ', "1, 4", '{"1","4","1"}'])
def test_a_list_is_read_in_every_form(written: str) -> None:
    assert read_list(written) == ("1", "4")


@pytest.mark.parametrize("written", [None, "", "  ", "{}", "{ }", '{""}', ","])
def test_nothing_is_no_list(written: str | None) -> None:
    assert read_list(written) == ()


@pytest.mark.parametrize("written", ["1", "{1}", '{"1"}', '"1"', 1])
def test_one_entry_is_a_list_too(written: object) -> None:
    assert read_list(written) == ("1",)


def test_quotes_keep_what_is_between_them() -> None:
    assert read_list(r'{"a,b","c\"d","e\\f","{g}"," h "}') == ("a,b", 'c"d', "e\\f", "{g}", " h ")


def test_names_are_entries() -> None:
    assert read_list("本溪满族自治县,平山区") == ("本溪满族自治县", "平山区")


def test_written_as_qgis_writes_text_keys() -> None:
    assert write_list(["1", "4"]) == '{"1","4"}'
    assert write_list([]) is None


@given(st.lists(st.text(min_size=1), unique=True))
def test_what_is_written_is_read(entries: list[str]) -> None:
    assert read_list(write_list(entries)) == tuple(entries)


@given(st.text())
def test_any_text_reads_as_some_list(written: str) -> None:
    assert read_list(write_list(read_list(written))) == read_list(written)
