"""Periods that cannot be."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ..plain import PlainText
from .evidence import Finding, Metric
from .limits import CACHED

_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:份|(\d{1,2})[日号])?")


def impossible_dates(metrics: Sequence[Metric]) -> Iterator[Finding]:
    """Find periods that end before they begin, days that no calendar has, and results of a time after the text."""
    today = max((m.period[1] for m in metrics if m.period[1] is not None and _is_now(m)), default=None)
    for metric in metrics:
        start, end = metric.period
        day = _no_such_day(metric.period_text)
        if start is not None and end is not None and start > end:
            formula, says = f"{start.date()} > {end.date()}", "The period ends before it begins"
        elif day:
            formula, says = f"{day}: no such day", "No calendar has this day"
        elif today is not None and start is not None and start > today and not metric.target:
            formula, says = f"{start.date()} > {today.date()}", "A result of a time after the day of the text"
        else:
            continue
        yield Finding("impossible_date", "inconsistent", (metric,), formula, f"{says}: {metric.named}.")


def _is_now(metric: Metric) -> bool:
    words = PlainText(metric.period_text).text
    return metric.period_basis == "as_of" and bool(re.fullmatch("(?:截[至止]到?)?(?:目前|当前|现在)(?:为止)?", words))


@lru_cache(CACHED)
def _no_such_day(period_text: str) -> str:
    """Return the first day of the period's words that does not exist; a 29 February may be one of any leap year."""
    for match in _DAY.finditer(PlainText(period_text).text):
        year, month, day = match.groups()
        try:
            datetime.date(int(year or 2024), int(month), int(day or 1))
        except ValueError:
            return match.group()
    return ""
