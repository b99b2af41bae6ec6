"""Periods that cannot be."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence

from ..plain import PlainText
from .evidence import Figure, Finding

_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:份|(\d{1,2})[日号])?")


def impossible_dates(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Find periods that end before they begin, days that no calendar has, and results of a time after the text."""
    today = max((f.period[1] for f in figures if f.period[1] is not None and _is_now(f)), default=None)
    for figure in figures:
        start, end = figure.period
        day = _no_such_day(figure)
        if start is not None and end is not None and start > end:
            formula, says = f"{start.date()} > {end.date()}", "The period ends before it begins"
        elif day:
            formula, says = f"{day}: no such day", "No calendar has this day"
        elif today is not None and start is not None and start > today and not figure.target:
            formula, says = f"{start.date()} > {today.date()}", "A result of a time after the day of the text"
        else:
            continue
        yield Finding("impossible_date", "inconsistent", (figure,), formula, f"{says}: {figure.named}.")


def _is_now(figure: Figure) -> bool:
    words = PlainText(figure.period_text).text
    return figure.period_basis == "as_of" and bool(re.fullmatch("(?:截[至止]到?)?(?:目前|当前|现在)(?:为止)?", words))


def _no_such_day(figure: Figure) -> str:
    """Return the first day of the period's words that does not exist; a 29 February may be one of any leap year."""
    for match in _DAY.finditer(PlainText(figure.period_text).text):
        year, month, day = match.groups()
        try:
            datetime.date(int(year or 2024), int(month), int(day or 1))
        except ValueError:
            return match.group()
    return ""
