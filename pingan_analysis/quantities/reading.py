"""Numbers read where they stand: the numeral, its marks before, inside and after, and its measure word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from .patterns import FIRST, Unit, marks_after, marks_before, token, units, words_ending_in_a_numeral
from .values import DIGITS, Number, read_parts

EXACT, MORE_THAN, ORDINAL, RANK = "exact", "more_than", "ordinal", "rank"
_ONE, _TENTH, _HALF = Decimal(1), Decimal("0.1"), Decimal("0.5")
_NO_UNIT = Unit("", _ONE, "")
_MAGNITUDES = frozenset("百千万亿")
_PAIR = frozenset("俩仨")
_CURRENCY = {"￥": "元", "¥": "元", "$": "美元"}
_RANKED = frozenset({"名", "位", "强", ""})
_TIME_UNITS = frozenset({"年", "个月", "月", "天", "日", "周", "期", "届", "星期", "季度"})
_SPENT = frozenset("时达经了续历用间过长约需")
_UNIT_BEFORE = re.compile(
    r"([人户件场批条车辆台班架]次)(?:数|量)?(?:已经|累计|总计|合计|一共|均|也|更|就)?"
    r"(?:高达|已达|达到|达|为|有|是|共|计|:|增至|增加到|增长到|突破)?\Z"
)
_LONGEST_LEAD = 9
_DIGITS_OF_A_YEAR = 4


class Reading(NamedTuple):
    """One number before ranges are joined.

    A `weak` one is a single character that counts only as the foot of a range; a `bare` one is a magnitude without a
    digit (百名).
    """

    start: int
    end: int
    number: Number
    factor: Decimal
    unit: str
    bound: str
    ordinal: bool
    weak: bool
    bare: bool


class _Parts(NamedTuple):
    """The named groups of `patterns.token`, in order."""

    half: str | None
    half_unit: str | None
    half_after: str | None
    denominator: str | None
    figures: str | None
    numeral: str | None
    some: str | None
    inside: str | None
    magnitude: str | None
    tenths: str | None
    half_tenth: str | None
    unit: str | None
    counted: str | None
    after: str | None


def readings(plain: str) -> Iterator[Reading]:
    """Yield the numbers of `plain` in order, weak ones too."""
    search, match_at = FIRST.search, token().match
    position = free_from = 0
    while first := search(plain, position):
        match = match_at(plain, first.start())
        if match is None:
            position = first.start() + 1
            continue
        position = match.end()
        if match.lastgroup is not None and (reading := _read(plain, match, free_from)) is not None:
            free_from = reading.end
            yield reading


def _read(plain: str, match: re.Match[str], free_from: int) -> Reading | None:
    """Return the number that `match` is; what stands before `free_from` belongs to the number before it."""
    parts = _Parts._make(match.groups()[1:])
    written = parts.figures or parts.numeral or parts.some
    if written is None:
        return _half(plain, match, parts, free_from)
    start, end = match.span()
    number = read_parts(written, parts.inside or "", parts.magnitude or "")
    if number is None or (parts.figures and _is_part_of_a_name(plain, start, end, parts.unit)):
        return None
    one_character = len(written) == 1 and not (parts.figures or parts.inside or parts.denominator)
    if one_character and _ends_a_word(plain, start):
        return None
    unit = _meaning(parts.unit or parts.counted)
    if parts.denominator or parts.tenths:
        number, unit = _share(number, parts)
    elif unit.mark == "half":
        number = _plus(number, _HALF)
    bare = written[0] in _MAGNITUDES and not (parts.inside or parts.denominator)
    mark, start = _mark_before(plain, start, end, free_from, unit.name, bare=bare)
    if unit.name == "年" and len(written) == _DIGITS_OF_A_YEAR and mark != ORDINAL:
        mark, start = "", match.start()
    name = unit.name
    if not name:
        name, start = _unit_before(plain, start, free_from)
    bound = mark or _bound_within(parts, unit) or marks_after().get(parts.after or "")
    if written == "几" and not (mark and name):
        return None
    told = bool(name or mark or parts.inside or parts.some or written in _PAIR)
    return Reading(
        start, end, number, unit.factor, name,
        EXACT if bound in (ORDINAL, RANK) else bound or (MORE_THAN if number.vague else EXACT),
        ordinal=mark == ORDINAL, weak=not told and (one_character or bare), bare=bare,
    )


def _bound_within(parts: _Parts, unit: Unit) -> str:
    if parts.inside:
        return marks_after()[parts.inside]
    return MORE_THAN if unit.mark == MORE_THAN else ""


def _half(plain: str, match: re.Match[str], parts: _Parts, free_from: int) -> Reading | None:
    start, end = match.span()
    if not parts.half and _ends_a_word(plain, start):
        return None
    unit = _meaning(parts.half_unit) if parts.half_unit else Unit("%", _ONE, "")
    mark, start = _mark_before(plain, start, end, free_from, unit.name, bare=False)
    if mark in (ORDINAL, RANK):
        return None
    bound = mark or unit.mark or marks_after().get(parts.half_after or "") or EXACT
    number = Number(_HALF, _HALF, _HALF, "")
    return Reading(start, end, number, unit.factor, unit.name, bound, ordinal=False, weak=False, bare=False)


def _is_part_of_a_name(plain: str, start: int, end: int, unit: str | None) -> bool:
    """Tell whether figures are glued to Latin letters: G20, COVID-19, 5G, 4S店."""
    before = plain[start - 2 : start] if start > 1 else plain[:start]
    if before and (_is_latin(before[-1]) or (before[-1] == "-" and _is_latin(before[0]))):
        return True
    return not unit and end < len(plain) and _is_latin(plain[end])


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _ends_a_word(plain: str, start: int) -> bool:
    words = words_ending_in_a_numeral()
    return plain[max(0, start - 1) : start + 1] in words or plain[max(0, start - 2) : start + 1] in words


@cache
def _meaning(written: str | None) -> Unit:
    if not written:
        return _NO_UNIT
    known = units().get(written)
    if known is None:
        numerator, _, denominator = written.partition("/")
        known = Unit(f"{units()[numerator].name}/{units()[denominator].name}", units()[numerator].factor, "")
    return known


def _share(number: Number, parts: _Parts) -> tuple[Number, Unit]:
    """Return the number and the unit of a fraction (三分之二, 百分之五) or of tenths (六成五)."""
    if parts.tenths:
        more = 5 if parts.half_tenth == "半" else DIGITS.get(parts.half_tenth or "", 0)
        return _plus(number, more * _TENTH), Unit("%", _TENTH, "")
    scale = read_parts(parts.denominator or "", "", "")
    if scale is None or not scale.value:
        return number, Unit("%", _ONE, "")
    return number, Unit("‰" if parts.denominator == "千" else "%", _ONE / scale.value, "")


def _plus(number: Number, more: Decimal) -> Number:
    return number._replace(value=number.value + more, low=number.low + more, high=number.high + more)


def _mark_before(plain: str, start: int, end: int, free_from: int, unit: str, *, bare: bool) -> tuple[str, int]:
    """Return the bound or order that the mark before `start` gives, or "", and where the quantity begins with it."""
    begin = start
    if begin > free_from and plain[begin - 1] in _CURRENCY:
        begin = start = begin - 1
    while begin > free_from and plain[begin - 1] == " ":
        begin -= 1
    if begin == free_from or plain[begin - 1] not in _last_of_marks():
        return "", start
    marks = marks_before()
    for length in range(min(_longest_mark(), begin - free_from), 0, -1):
        mark = marks.get(plain[begin - length : begin])
        if mark is None:
            continue
        before = plain[begin - length - 1] if begin > length else ""
        spent = before in _SPENT and not plain.startswith("来", end)
        several = plain.startswith("几", start)
        fits = before not in mark.not_after and _fits(mark.before, unit, bare=bare, spent=spent, several=several)
        return (mark.bound, begin - length) if fits else ("", start)
    return "", start


def _fits(needed: str, unit: str, *, bare: bool, spent: bool, several: bool) -> bool:
    if needed == "bare_magnitude":
        return bare
    if needed == "several":
        return several
    if needed == "rank":
        return unit in _RANKED
    if needed == "not_recent":
        return spent or unit not in _TIME_UNITS
    return True


@cache
def _last_of_marks() -> frozenset[str]:
    return frozenset(mark[-1] for mark in marks_before())


@cache
def _longest_mark() -> int:
    return max(map(len, marks_before()))


def _unit_before(plain: str, start: int, free_from: int) -> tuple[str, int]:
    """Return the unit that stands before the number (人次达19.6万, ￥50)."""
    if plain[start:start + 1] in _CURRENCY:
        return _CURRENCY[plain[start]], start
    lead = plain[max(free_from, start - _LONGEST_LEAD) : start]
    match = _UNIT_BEFORE.search(lead) if "次" in lead else None
    return (match[1] if match else "", start)
