"""Days of the calendar: parts of a year, festivals of the lunar calendar, steps of months; None where no day exists."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from ..lexicon import read_rows

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": 0, "○": 0, "0": 0, "两": 2}
_FIRST_YEAR, _LAST_YEAR = 1000, 2999


class Days(NamedTuple):
    """First and last day, both included."""

    first: date
    last: date


class Part(NamedTuple):
    """Part of a year: month and day of its ends; day 0 is the end of the month, an earlier end is of the next year."""

    first_month: int
    first_day: int
    last_month: int
    last_day: int


WHOLE_YEAR, END_OF_YEAR = Part(1, 1, 12, 0), Part(12, 1, 12, 0)


@lru_cache(maxsize=1024)
def number_of(text: str) -> int:
    """Return the value of a short numeral: digits, Chinese digits in a row, or Chinese with 十 and 百.

    >>> number_of("12"), number_of("十二"), number_of("二〇一八"), number_of("一百二十")
    (12, 12, 2018, 120)
    """
    if text.isdecimal():
        return int(text)
    if not ("十" in text or "百" in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total, digit = 0, 0
    for character in text:
        scale = {"十": 10, "百": 100}.get(character)
        if scale is None:
            digit = _DIGITS[character]
        else:
            total, digit = total + (digit or 1) * scale, 0
    return total + digit


def day(year: int, month: int, number: int) -> date | None:
    """Return the day, the last of the month where `number` is 0; None where there is no such day."""
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12):
        return None
    last = monthrange(year, month)[1]
    return date(year, month, number or last) if number <= last else None


@lru_cache(maxsize=4096)
def days_of(year: int, part: Part) -> Days | None:
    """Return the days of a part of the year, or None where one of its ends does not exist.

    >>> days_of(2020, Part(2, 21, 2, 0)).last
    datetime.date(2020, 2, 29)
    """
    turns = (part.last_month, part.last_day or 31) < (part.first_month, part.first_day)
    first, last = day(year, part.first_month, part.first_day), day(year + turns, part.last_month, part.last_day)
    return Days(first, last) if first and last else None


def shifted(day_: date, *, months: int = 0, days: int = 0) -> date | None:
    """Return the day some months and days later or earlier; the last of the month where that month is shorter."""
    index = day_.year * 12 + day_.month - 1 + months
    year, month = divmod(index, 12)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    return date(year, month + 1, min(day_.day, monthrange(year, month + 1)[1])) + timedelta(days=days)


def week_of(day_: date, weeks: int) -> Days | None:
    """Return Monday to Sunday of the week some weeks later or earlier."""
    monday = shifted(day_, days=7 * weeks - day_.weekday())
    return Days(monday, monday + timedelta(days=6)) if monday else None


@cache
def _lunar_festivals() -> dict[tuple[int, str], str]:
    rows = read_rows("lunar_festivals", columns=["year"])
    return {(int(row["year"]), name): text for row in rows for name, text in row.items() if name != "year"}


@lru_cache(maxsize=1024)
def festival_day(year: int, rule: str) -> date | None:
    """Return the day of a festival: month and day, or a column of the table "lunar_festivals" with days to add.

    >>> festival_day(2024, "06-26"), festival_day(2024, "spring_festival-1")
    (datetime.date(2024, 6, 26), datetime.date(2024, 2, 9))
    """
    if rule[0].isdecimal():
        month, number = map(int, rule.split("-"))
        return day(year, month, number)
    name = rule.rstrip("+-0123456789")
    printed = _lunar_festivals().get((year, name))
    return date.fromisoformat(f"{year}-{printed}") + timedelta(days=int(rule[len(name):] or 0)) if printed else None
