"""How numbers are written in formulas and on figures: the signs of their bounds, digits, shares."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from .limits import CACHED, SHARE_UNITS, Limits, fraction, last_digit

BOUND_SIGNS = {"exact": "", "more_than": "≥ ", "nearly": "≤ ", "less_than": "≤ ", "about": "≈ "}


def number(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.10g}"


@lru_cache(CACHED)
def written(quantity: str, value: float, unit: str, bound: str) -> str:
    """Write a metric as its value, with the sign of its bound and, in a share, the digits that are printed.

    >>> written("近九成", 0.9, "%", "nearly"), written("3.3万次", 33000, "次", "exact")
    ('≤ 90 %', '33,000')
    """
    exactly = fraction(value)
    if unit not in SHARE_UNITS:
        return BOUND_SIGNS[bound] + number(exactly)
    return BOUND_SIGNS[bound] + share_text(exactly, last_digit(quantity, unit) or Fraction(1, 1000))


def decimal(value: Fraction | None) -> str:
    return "" if value is None else f"{float(value):,.1f}"


def equals(limits: Limits) -> str:
    if limits.high is None:
        return f"≥ {number(limits.low)}"
    return f"= {number(limits.low)}" + (f" to {number(limits.high)}" if not limits.exact else "")


def share_text(share: Fraction, step: Fraction) -> str:
    """Write a share in per cent with the digits that `step` has.

    >>> share_text(Fraction(281, 307), Fraction(1, 1000))
    '91.5 %'
    """
    decimals = max(0, -math.floor(math.log10(step * 100)))
    return f"{float(share * 100):.{decimals}f} %"


def share_range(shares: Limits, step: Fraction) -> str:
    if shares.high is None or shares.high >= 1:
        return f"≥ {share_text(shares.low, step)}"
    if shares.low == 0:
        return f"≤ {share_text(shares.high, step)}"
    return f"{share_text(shares.low, step)} to {share_text(shares.high, step)}"
