"""Rounding a table so that its printed parts add up to its printed total: the largest-remainder method.

Every part is cut off at the last printed digit; the digits that are then missing from the total go to the parts
that lost most by it (Hamilton's method, 最大余数法).  No printed part is off by a whole last digit.  Numbers are taken
as exact fractions, so that no sum depends on the order of its terms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Optional

#: A number of a table; None (or a number that is not finite) where the table prints nothing.
Number = Optional[float]


def rounded_shares(values: Sequence[Number], decimals: int = 2, total: float = 100) -> list[Number]:
    """The shares of non-negative values, rounded so that they add up to `total`.

    Parameters
    ----------
    values
        Parts of a whole; None or not finite where there is none.
    decimals
        Digits after the point.
    total
        What the shares add up to; a multiple of the last digit.

    Returns
    -------
    list
        As many shares; None where there is no value, and everywhere where the values add up to nothing.

    Raises
    ------
    ValueError
        If a value is negative.

    Examples
    --------
    >>> rounded_shares([1, 1, 1])
    [33.34, 33.33, 33.33]
    """
    known = _known(values)
    if any(value < 0 for value in known.values()):
        raise ValueError("a share of a negative value")
    whole = sum(known.values(), Fraction(0))
    if not whole:
        return [None] * len(values)
    units = round(_fraction(total) * 10**decimals)
    return _printed({row: value * units / whole for row, value in known.items()}, units, decimals, len(values))


def rounded_parts(values: Sequence[Number], decimals: int = 2) -> list[Number]:
    """Values rounded so that they add up to their rounded sum.

    Parameters
    ----------
    values
        Parts, of either sign; None or not finite where there is none.
    decimals
        Digits after the point.

    Examples
    --------
    >>> rounded_parts([0.344, 0.344, 0.344])
    [0.35, 0.34, 0.34]
    """
    quotas = {row: value * 10**decimals for row, value in _known(values).items()}
    return _printed(quotas, round(sum(quotas.values(), Fraction(0))), decimals, len(values))


def _known(values: Sequence[Number]) -> dict[int, Fraction]:
    return {row: _fraction(v) for row, v in enumerate(values) if v is not None and math.isfinite(v)}


def _fraction(value: float) -> Fraction:
    return Fraction(float(value))


def _printed(quotas: dict[int, Fraction], units: int, decimals: int, count: int) -> list[Number]:
    """Whole units for each quota, `units` in all, as numbers with so many decimals."""
    given = {row: math.floor(quota) for row, quota in quotas.items()}
    missing = units - sum(given.values())
    # the earlier and the larger part first where two lost the same
    by_loss = sorted(quotas, key=lambda row: (given[row] - quotas[row], -quotas[row], row))
    for row in by_loss[:missing]:
        given[row] += 1
    return [given[row] / 10**decimals if row in given else None for row in range(count)]
