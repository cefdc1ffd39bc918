"""What came back poorer through a file is told from what was written anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restoration_planner.core.intake.damaged_text import is_damaged_copy

LONG = "太子河源头水土流失综合治理与生物多样性保护工程" * 12


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("修复面积1200m?", "修复面积1200m²"),
        ("修复面积1200m2", "修复面积1200m²"),
        ("红线0??", "红线0㐂𠮷"),
        ("红线0???", "红线0㐂𠮷"),
        ("红线0?", "红线0𠮷"),
        ("??????", "桓仁县"),
        ("红线\ufffd", "红线𠮷"),
        (LONG[:127], LONG),
        (LONG[:84], LONG),
        (LONG[:100], LONG),
        ("面积m?" + LONG[:124], "面积m²" + LONG),
    ],
)
def test_what_lost_characters_or_its_end(new: str, old: str) -> None:
    assert is_damaged_copy(new, old) and not is_damaged_copy(old, new) and not is_damaged_copy(old, old)


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("太子河源头", "太子河源头红线"),  # written shorter, not cut
        ("完成了吗?", "完成了。"[:4] + "！！"),
        ("是否实施?", "是否实施"),
        ("1200m2", "1200㎡以上"),
        ("修复m2", "修复亩"),
        ("abc?", "abcd"),  # what is plain ASCII is never lost
        ("", "甲"),
        (None, "甲"),
        (3, "3"),
        ("甲", None),
        (LONG[:90], LONG),
    ],
)
def test_what_was_written_anew(new: object, old: object) -> None:
    assert not is_damaged_copy(new, old)


@given(st.text(min_size=1, max_size=300), st.sampled_from([20, 50, 100, 254]))
def test_whatever_went_through_a_narrow_gbk_field_is_known(old: str, width: int) -> None:
    written = old.encode("gbk", errors="replace").decode("gbk")
    cut = written.encode("gbk")[:width].decode("gbk", errors="ignore")
    if cut and cut != old:
        assert is_damaged_copy(cut, old)


@given(st.text(alphabet="?甲m²", max_size=60), st.text(alphabet="?甲m²𠮷", max_size=60))
def test_any_two_texts_are_compared_at_once(new: str, old: str) -> None:
    assert is_damaged_copy(new, old) in (True, False)
