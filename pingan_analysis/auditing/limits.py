"""What a printed number can stand for: the limits of its bound, or of the rounding of its digits."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from ..plain import PlainText

CACHED = 1 << 16  # metrics
SHARE_UNITS = ("%", "‰")
_NUMBER = re.compile(r"\d[\d,]*(?:\.(\d+))?[余多来]?([十百千万亿]*)")
_HAN_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千]+(?:点([零〇一二三四五六七八九]+))?[余多来]?([万亿]*)")
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


class Limits(NamedTuple):
    """The lowest and the highest value that a printed number can stand for; `high` is None where there is no limit."""

    low: Fraction
    high: Fraction | None

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def excludes(self, other: Limits) -> bool:
        return self.above(other) or other.above(self)

    def above(self, other: Limits) -> bool:
        return other.high is not None and self.low > other.high


@lru_cache(CACHED)
def limits_of(
    quantity: str, value: float, low: float | None, high: float | None, bound: str, unit: str
) -> Limits:
    """Return the limits of a printed number: those of its bound; of an exact one, those of the rounding of its digits.

    Whole numbers that are printed in full are exact; rates, decimals and numbers in 万 or 亿 are taken as rounded to
    their last digit.

    >>> [str(limit) for limit in limits_of("88.2%", 0.882, 0.882, 0.882, "exact", "%")]
    ['1763/2000', '353/400']
    """
    if bound != "exact":
        return Limits(fraction(low or 0), None if high is None else fraction(high))
    step = last_digit(quantity, unit)
    if step is None or (step <= 1 and unit not in SHARE_UNITS and float(value).is_integer()):
        return Limits(fraction(value), fraction(value))
    printed = round(fraction(value) / step) * step
    return Limits(printed - step / 2, printed + step / 2)


@lru_cache(CACHED)
def last_digit(quantity: str, unit: str) -> Fraction | None:
    """Return what one more in the last printed digit of a quantity is worth; None where no digits tell.

    >>> str(last_digit("91.5%", "%")), str(last_digit("3.3万次", "次")), str(last_digit("九成", "%"))
    ('1/1000', '1000', '1/10')
    """
    text = PlainText(quantity).text
    if "分之" in text and not re.search("[百千万]分之", text):
        return None
    text = re.sub("[百千万]分之", "", text)
    match = _NUMBER.search(text) or _HAN_NUMBER.search(text)
    if match is None:
        return None
    decimals, multiples = match.groups(default="")
    step = Fraction(math.prod(_SCALES[sign] for sign in multiples), 10 ** len(decimals))
    if unit == "‰":
        return step / 1000
    if unit == "%":
        return step / (10 if re.search(r"成(?![\d一二三四五六七八九])", text) else 100)
    return step


def whole_numbers(low: Fraction, high: Fraction | None) -> tuple[int, int | None]:
    """Return the lowest and the highest whole number from `low` to `high`; none where the first exceeds the second.

    >>> whole_numbers(Fraction("1145.8"), Fraction("1147.4"))
    (1146, 1147)
    """
    return math.ceil(low), None if high is None else math.floor(high)


@lru_cache(CACHED)
def fraction(value: float) -> Fraction:
    return Fraction(str(value))
