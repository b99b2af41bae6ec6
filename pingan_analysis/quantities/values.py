"""What a written numeral is worth, exactly: Arabic figures, Chinese numerals, and both with 万 and 亿."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

LONGEST = 40
"""Characters of the longest numeral that is read; what is longer counts nothing."""

_CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟俩仨○零", "一二三四五六七八九十百千两三〇〇")
_OLD_TENS = {"廿": "二十", "卅": "三十"}
DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"两": 2}
MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_PART = re.compile(r"(?:(\d[\d,.]*)|([〇一二三四五六七八九两]*点[〇一二三四五六七八九]+))([十百千万亿]*)")
_VAGUE = re.compile(r"[几数]([十百千万亿]*)")
_TEENS = re.compile(r"(十|[一二三四五六七八九]十)几([百千万亿]*)")
_BETWEEN = re.compile(r"(.*?)([一二两三四五六七八九])([二两三四五六七八九])([十百千万亿]*)")
_TAIL = re.compile(r"[十百千万亿]*\Z")


class Number(NamedTuple):
    """A numeral's value; `low` and `high` where it names a span (三五, 几十); the magnitudes that it ends in."""

    value: Decimal
    low: Decimal
    high: Decimal
    tail: str
    vague: bool = False


@lru_cache(maxsize=1 << 16)
def read_number(text: str) -> Number | None:
    """Return what the numeral `text` is worth, or None where it is none (百千, 三十五十, one of more than 40 signs).

    >>> read_number("4.78万亿").value == 4_780_000_000_000, read_number("二百零三").value == 203
    (True, True)
    """
    if len(text) > LONGEST:
        return None
    text = text.replace(" ", "").translate(_CAPITALS)
    for old, ten in _OLD_TENS.items():
        text = text.replace(old, ten)
    return _plain(text) or _vague(text) or _between(text)


def _plain(text: str) -> Number | None:
    value = _mixed(text) if _PART.match(text) else _chinese(text)
    return None if value is None else Number(value, value, value, _tail(text))


def _vague(text: str) -> Number | None:
    """几十 is 20 to 99, 数百 100 to 999, 十几 11 to 19; by itself, 几 is 2 to 9. The value is the low end."""
    if (match := _VAGUE.fullmatch(text)) and (unit := product_of(match[1])):
        first = 2 if unit == 1 or match[1].startswith("十") else 1
        return Number(Decimal(first * unit), Decimal(first * unit), Decimal(10 * unit - 1), match[1], vague=True)
    match = _TEENS.fullmatch(text)
    if match and (unit := product_of(match[2])) and (tens := _chinese(match[1])) is not None:
        return Number((tens + 1) * unit, (tens + 1) * unit, (tens + 10) * unit - 1, match[2], vague=True)
    return None


def _between(text: str) -> Number | None:
    """三五 is 3 to 5, 七八十 is 70 to 80, 十七八 17 to 18: neighbouring digits, or 三五."""
    match = _BETWEEN.fullmatch(text)
    if not match or not _neighbours(match[2], match[3], alone=not match[1]):
        return None
    low, high = (_chinese(match[1] + digit + match[4]) for digit in match.group(2, 3))
    if low is None or high is None or low >= high:
        return None
    return Number((low + high) / 2, low, high, match[4])


def _neighbours(first: str, second: str, *, alone: bool) -> bool:
    return DIGITS[second] - DIGITS[first] == 1 or (alone and first + second == "三五")


def _mixed(text: str) -> Decimal | None:
    """Return what figures with magnitudes are worth: 3.3万, 4.78万亿, 2亿3千万, 13万8246亿."""
    for large in "亿万":
        head, found, tail = text.rpartition(large)
        if found:
            count, rest = _mixed(head), _mixed(tail) if tail else Decimal(0)
            unit = MAGNITUDES[large]
            if count is None or rest is None or rest >= unit or large in head:
                return None
            return count * unit + rest
    return _mixed_below_10000(text)


def _mixed_below_10000(text: str) -> Decimal | None:
    """Return the sum of figures with magnitudes that fall: 2千3百50."""
    total, before, position = Decimal(0), None, 0
    while position < len(text) or not text:
        match = _PART.match(text, position)
        unit = product_of(match[3]) if match else None
        if match is None or unit is None or (before is not None and unit >= before):
            return None
        figures = match[1].replace(",", "") if match[1] else _decimal_in_characters(match[2])
        if figures is None or figures.count(".") > 1:
            return None
        total += Decimal(figures) * unit
        before, position = unit, match.end()
    return total


def _decimal_in_characters(text: str) -> str | None:
    whole, _, decimals = text.partition("点")
    integer = _chinese(whole) if whole else Decimal(0)
    return None if integer is None else f"{integer}." + "".join(str(DIGITS[digit]) for digit in decimals)


def _chinese(text: str) -> Decimal | None:
    if "点" in text:
        return _with_decimals(text)
    if all(character in DIGITS for character in text):
        return _digit_string(text)
    value = _section(text, 10**12)
    return None if value is None else Decimal(value)


def _with_decimals(text: str) -> Decimal | None:
    tail = _tail(text)
    whole, _, decimals = text.removesuffix(tail).partition("点")
    integer, unit = _chinese(whole), product_of(tail)
    if integer is None or unit is None or not decimals or any(digit not in DIGITS for digit in decimals):
        return None
    return (integer + Decimal("0." + "".join(str(DIGITS[digit]) for digit in decimals))) * unit


def _digit_string(text: str) -> Decimal | None:
    """One digit, or a run read digit by digit (二〇一八, 一二三四五); two neighbouring ones are a span (`_between`)."""
    if not text or (len(text) == 2 and "〇" not in text):
        return None
    return Decimal("".join(str(DIGITS[digit]) for digit in text))


def _section(text: str, below: int) -> int | None:
    """Return the value of a numeral with magnitudes, all of them smaller than `below` unless they multiply."""
    for character in "亿万千百十":
        if character not in text:
            continue
        unit = MAGNITUDES[character]
        head, _, tail = text.rpartition(character) if unit >= 10**4 else text.partition(character)
        if unit >= below:
            return None
        count = _count_of(head, unit)
        rest = _rest(tail, unit)
        return None if count is None or rest is None else count * unit + rest
    return DIGITS.get(text)


def _count_of(head: str, unit: int) -> int | None:
    if not head:
        return 1 if unit == 10 else None
    if unit < 10**4:
        return DIGITS.get(head.removeprefix("〇")) or None
    if all(character in MAGNITUDES for character in head):
        return product_of(head)
    return _section(head, 10**12 if unit == 10**8 else unit)


def _rest(tail: str, unit: int) -> int | None:
    if not tail:
        return 0
    if tail in DIGITS and unit > 10:
        return DIGITS[tail] * unit // 10
    return _section(tail.removeprefix("〇"), unit)


def _tail(text: str) -> str:
    match = _TAIL.search(text, max(0, len(text) - 4))
    return match[0] if match else ""


@lru_cache(maxsize=256)
def product_of(magnitudes: str) -> int | None:
    """Return what magnitudes in a row come to (百万, 万亿), 1 for none; None where they don't multiply (百千)."""
    units = [MAGNITUDES[character] for character in magnitudes]
    if any(second < 10**4 or first >= second for first, second in pairwise(units)):
        return None
    result = 1
    for unit in units:
        result *= unit
    return result


@lru_cache(maxsize=1 << 16)
def read_parts(written: str, inside: str, magnitude: str) -> Number | None:
    """Return what a numeral with a mark inside is worth: 150|余|万, 百|余, 十|几|万; also bare magnitudes (千万).

    >>> read_parts("150", "余", "万").value == 1_500_000
    True
    """
    if inside == "几":
        return read_number(f"{written}几{magnitude}")
    factor = product_of(magnitude)
    number = bare_magnitude(written) or read_number(written)
    if number is None or factor is None:
        return None
    value, low, high = number.value * factor, number.low * factor, number.high * factor
    return Number(value, low, high, magnitude or number.tail, number.vague)


def bare_magnitude(text: str) -> Number | None:
    """Return what magnitudes without a digit count, as in 上百, 百余, 千万元; None for any other text.

    >>> bare_magnitude("千万").value == 10_000_000
    True
    """
    if text[0] not in "百千万亿" or len(text) > 3 or any(character not in MAGNITUDES for character in text):
        return None
    product = product_of(text)
    return None if product is None else Number(Decimal(product), Decimal(product), Decimal(product), text)
