"""Numbers that belong together: the two ends of a range (3至5人, 5至10万元), lists that share a percent sign."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from .reading import EXACT, Reading
from .values import Number, product_of

ABOUT = "about"
_SIGNS = frozenset("至到-~—–−―")
_AND = frozenset("和与")
_LIST_SIGNS = frozenset("、和与及")
_SHARED_BY_A_LIST = frozenset({"%", "‰", "百分点"})
_CHANGES_FROM = frozenset("从由自")
_OPENINGS = ("介于", "在")
_CLOSING = "之间"


def join_ranges(plain: str, found: Iterable[Reading]) -> list[Reading]:
    """Return the readings with those joined that are the two ends of a range, or the two parts of a fraction."""
    joined: list[Reading] = []
    for reading in found:
        whole = _joined(plain, joined[-1], reading) if joined and reading.start - joined[-1].end == 1 else None
        if whole is None:
            joined.append(reading)
        else:
            joined[-1] = whole
    return joined


def share_units_in_lists(plain: str, found: list[Reading]) -> list[Reading]:
    """Return the readings, the numbers of a list with the percent sign of its last: 21.4和15.3个百分点."""
    shared = list(found)
    for index in range(len(shared) - 2, -1, -1):
        first, second = shared[index], shared[index + 1]
        in_a_list = second.start - first.end == 1 and plain[first.end] in _LIST_SIGNS
        if in_a_list and second.unit in _SHARED_BY_A_LIST and not (first.unit or first.weak or first.ordinal):
            shared[index] = first._replace(unit=second.unit, factor=second.factor)
    return shared


def _joined(plain: str, first: Reading, second: Reading) -> Reading | None:
    sign = plain[first.end]
    if sign in _SIGNS:
        return _range(plain, first, second)
    if sign in _AND and plain.startswith(_CLOSING, second.end):
        return _range(plain, first, second)
    if sign == "/":
        return _fraction(plain, first, second)
    return None


def _range(plain: str, first: Reading, second: Reading) -> Reading | None:
    shares_denominator = "分之" in plain[first.start : first.end] and not second.unit
    if not shares_denominator and (first.unit not in ("", second.unit) or second.weak):
        return None
    if _is_no_end(plain, first) or second.ordinal or second.bare:
        return None
    low = first.number.value * (first.factor if first.unit else second.factor * _shared_magnitude(first, second))
    high = second.number.value * (first.factor if shares_denominator else second.factor)
    if low >= high:
        return None
    start, end = _with_frame(plain, first.start, second.end)
    number = Number((low + high) / 2, low, high, "")
    unit = second.unit or first.unit
    return Reading(start, end, number, Decimal(1), unit, ABOUT, first.ordinal, weak=False, bare=False)


def _is_no_end(plain: str, first: Reading) -> bool:
    """Tell whether `first` is where something started (从3个到5个), already a range, or a number with leading zeros."""
    before = plain[first.start - 1 : first.start]
    leading_zero = plain[first.start] == "0" and plain[first.start + 1 : first.start + 2].isdigit()
    return first.bare or leading_zero or before in _CHANGES_FROM or first.number.low != first.number.high


def _shared_magnitude(first: Reading, second: Reading) -> int:
    """Return the magnitude that the first number takes from the second: 5至10万元 begins at 50,000."""
    tail = second.number.tail
    if first.number.tail.strip("十"):
        return 1
    for length in range(len(tail)):
        magnitude = product_of(tail[length:]) or 1
        if magnitude > 10 and first.number.value < second.number.value / magnitude:
            return magnitude
    return 1


def _with_frame(plain: str, start: int, end: int) -> tuple[int, int]:
    if not plain.startswith(_CLOSING, end):
        return start, end
    opening = next((word for word in _OPENINGS if plain.endswith(word, 0, start)), "")
    return start - len(opening), end + len(_CLOSING)


def _fraction(plain: str, first: Reading, second: Reading) -> Reading | None:
    """1/3 is a fraction where a mark of bound stands at it or 的 follows; elsewhere it may be a date."""
    marked = {first.bound, second.bound} != {EXACT} or plain.startswith("的", second.end)
    if not marked or first.unit or second.unit or not 0 < first.number.value < second.number.value:
        return None
    value = first.number.value / second.number.value
    bound = first.bound if first.bound != EXACT else second.bound
    number = Number(value, value, value, "")
    return Reading(first.start, second.end, number, Decimal(1), "%", bound, ordinal=False, weak=False, bare=False)
