"""Printed parts add up to the printed total, for any numbers, and none is off by a whole last digit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restoration_planner.core.plan.rounding import rounded_parts, rounded_shares

AREAS = st.lists(st.one_of(st.none(), st.floats(0, 1e9, allow_nan=False)), max_size=40)
ANY = st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=40)


def printed_sum(values: list[float | None]) -> Decimal:
    """What somebody gets who adds up the printed figures."""
    return sum((Decimal(f"{v:.2f}") for v in values if v is not None), Decimal(0))


@given(AREAS)
def test_shares_add_up_to_a_hundred(areas: list[float | None]) -> None:
    shares = rounded_shares(areas)
    assert [s is None for s in shares] == [a is None or not any(areas) for a in areas]
    assert printed_sum(shares) == (Decimal("100.00") if any(areas) else 0)


@given(AREAS)
def test_no_share_is_off_by_a_whole_last_digit_and_each_prints_as_it_is(areas: list[float | None]) -> None:
    whole = sum(Fraction(a) for a in areas if a)
    for area, share in zip(areas, rounded_shares(areas)):
        if share is not None and area is not None:
            assert abs(Fraction(str(share)) - 100 * Fraction(area) / whole) < Fraction(1, 100)
            assert share == float(f"{share:.2f}")


@given(AREAS)
def test_a_larger_value_never_has_the_smaller_share(areas: list[float | None]) -> None:
    pairs = sorted((a, s) for a, s in zip(areas, rounded_shares(areas)) if a is not None and s is not None)
    # equal areas may differ by the one digit that cannot be halved
    assert all(one <= other for (a, one), (b, other) in zip(pairs, pairs[1:]) if a < b)


@given(ANY, st.integers(0, 3))
def test_parts_add_up_to_the_rounded_sum(values: list[float], decimals: int) -> None:
    parts = rounded_parts(values, decimals)
    exact = sum(Fraction(v) for v in values)
    added = sum(Fraction(Decimal(f"{p:.{decimals}f}")) for p in parts if p is not None)
    assert added == Fraction(round(exact * 10**decimals), 10**decimals)
    assert all(abs(Fraction(p) - Fraction(v)) < Fraction(11, 10 ** (decimals + 1)) for p, v in zip(parts, values))


def test_the_shares_that_the_plan_of_benxi_prints() -> None:
    """The plan's own areas and shares, as printed in its table of zones."""
    assert rounded_shares([1519.87, 980.94, 2363.44, 3553.33]) == [18.06, 11.65, 28.08, 42.21]


def test_plain_rounding_would_not_do() -> None:
    assert rounded_shares([1, 1, 1]) == [33.34, 33.33, 33.33]
    assert rounded_shares([2, 1, 1, 1, 1, 1]) == [28.57, 14.29, 14.29, 14.29, 14.28, 14.28]


@pytest.mark.parametrize("nothing", [[], [None], [0.0, 0.0], [float("nan"), None]])
def test_shares_of_nothing_are_none(nothing: list[float | None]) -> None:
    assert rounded_shares(nothing) == [None] * len(nothing)


def test_what_is_not_known_takes_no_share() -> None:
    assert rounded_shares([None, 1.0, float("nan"), 3.0]) == [None, 25.0, None, 75.0]


def test_a_negative_part_has_no_share() -> None:
    with pytest.raises(ValueError, match="negative"):
        rounded_shares([1.0, -1.0])
