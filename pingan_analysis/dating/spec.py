"""Dates as an expression states them, before it is known which year they are of."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from .calendar import END_OF_YEAR, WHOLE_YEAR, Days, Part, days_of, festival_day, number_of, shifted
from .context import Context
from .words import observances, offsets, parts


class Spec(NamedTuple):
    """The days that an expression states: a part of a year, or a festival; which year, if it says so.

    `fixed`: the year is settled and does not depend on what is past. `relative`: settled by a relative word. `known`:
    false where a word refers to a date that the text has not named or that is not given.
    """

    year: int | None = None
    first_year: int | None = None
    part: Part = WHOLE_YEAR
    festival: str = ""
    festival_days: int = 0
    bare_day: tuple[int, int] | None = None
    fixed: bool = False
    relative: bool = False
    known: bool = True
    names_year: bool = False
    whole_months: bool = False
    same_days: bool = False
    ends_year: bool = False

    def days_in(self, year: int) -> Days | None:
        """Return the days if they are of `year`."""
        if self.festival:
            first = festival_day(year, self.festival)
            last = first and shifted(first, days=max(self.festival_days, 1) - 1)
            return Days(first, last) if first and last else None
        days = days_of(year, self.part)
        if days and self.first_year is not None:
            whole = days_of(self.first_year, WHOLE_YEAR)
            return Days(whole.first, days.last) if whole and whole.first <= days.last else None
        return days


_GROUPS = (
    "first_year", "year", "short_year", "relative_year", "year_of_text", "first_quarter", "quarter", "quarters",
    "months", "part", "first_month", "month", "relative_month", "month_of_text", "first_day", "day_number",
    "month_part", "festival", "during", "year_part", "first_bare_day", "bare_day",
)


def spec_of(match: re.Match[str], published: date | None, context: Context) -> Spec:
    """Return what a match of `patterns.date_expression` states."""
    found = {name: text for name, text in zip(_GROUPS, match.group(*_GROUPS), strict=True) if text is not None}
    return _part_of(found, _year_of(found, published, context), published, context)


def _year_of(found: dict[str, str], published: date | None, context: Context) -> Spec:
    if "year" in found:
        first = number_of(found["first_year"]) if "first_year" in found else None
        return Spec(year=number_of(found["year"]), first_year=first, fixed=True, names_year=True)
    if "short_year" in found:
        year = int(found["short_year"])
        return Spec(year=year + (2000 if year < 50 else 1900), fixed=True, names_year=True)
    if "relative_year" in found:
        offset = offsets("year")[found["relative_year"]]
        if published is None:
            return Spec(relative=True, known=False)
        return Spec(year=published.year + offset, fixed=offset != 0, relative=True, names_year=True)
    if "year_of_text" in found:
        if context.last_year is None:
            return Spec(relative=True, known=False)
        year = context.last_year + offsets("year_of_text")[found["year_of_text"]]
        return Spec(year=year, fixed=True, relative=True, names_year=True)
    return Spec()


def _part_of(found: dict[str, str], spec: Spec, published: date | None, context: Context) -> Spec:
    if "month" in found or "relative_month" in found or "month_of_text" in found:
        return _months(found, spec, published, context)
    if "festival" in found:
        return _festival(found, spec)
    if "bare_day" in found:
        last = number_of(found["bare_day"])
        first = number_of(found["first_bare_day"]) if "first_bare_day" in found else last
        return spec._replace(bare_day=(first, last))
    spec = spec._replace(relative=spec.relative or spec.year is None)
    if "quarter" in found:
        last = number_of(found["quarter"])
        first = number_of(found.get("first_quarter", found["quarter"]))
        return spec._replace(part=Part(3 * first - 2, 1, 3 * last, 0))
    if "quarters" in found:
        return spec._replace(part=Part(1, 1, 3 * number_of(found["quarters"]), 0))
    if "months" in found:
        return spec._replace(part=Part(1, 1, number_of(found["months"]), 0), whole_months=True)
    if "part" in found:
        part = parts("part")[found["part"]]
        return spec._replace(part=part, ends_year=part == END_OF_YEAR)
    if found.get("year_part") == "同期":
        return spec._replace(same_days=True)
    if "year_part" in found:
        part = parts("year_part")[found["year_part"]]
        return spec._replace(part=part, ends_year=part == END_OF_YEAR)
    return spec


def _months(found: dict[str, str], spec: Spec, published: date | None, context: Context) -> Spec:
    if "month" in found:
        last = number_of(found["month"])
        first = number_of(found.get("first_month", found["month"]))
    else:
        spec, last = _month_named_by_word(found, spec, published, context)
        first = last
    if "month_part" in found:
        part = parts("month_part")[found["month_part"]]
        return spec._replace(part=Part(first, part.first_day, last, part.last_day))
    if "day_number" in found:
        last_day = number_of(found["day_number"])
        first_day = number_of(found.get("first_day", found["day_number"]))
        return spec._replace(part=Part(first, first_day or 32, last, last_day or 32))
    return spec._replace(part=Part(first, 1, last, 0), whole_months="first_month" in found)


def _month_named_by_word(
    found: dict[str, str], spec: Spec, published: date | None, context: Context
) -> tuple[Spec, int]:
    if "relative_month" in found:
        month = (published.year, published.month) if published else None
        offset = offsets("month").get(found["relative_month"], 0)
    else:
        month, offset = context.last_month, offsets("month_of_text")[found["month_of_text"]]
    if month is None:
        return spec._replace(relative=True, known=False), 1
    year, index = divmod(month[0] * 12 + month[1] - 1 + offset, 12)
    current = "relative_month" in found and offset == 0
    return spec._replace(year=year, fixed=not current, relative=True), index + 1


def _festival(found: dict[str, str], spec: Spec) -> Spec:
    entry = observances()[found["festival"]]
    lasts = entry.days if "during" in found or entry.needs == "period" else 0
    relative = spec.relative or (spec.year is None and lasts > 0)
    return spec._replace(festival=entry.date, festival_days=lasts, relative=relative)
