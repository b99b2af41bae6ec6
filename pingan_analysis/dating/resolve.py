"""Which year the dates of an expression are of: the one that it names, or the last in which they are not to come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from .calendar import Days, Part, day, shifted
from .context import Context
from .spec import Spec

_LONG_AGO = timedelta(days=180)
"""A plan for a month that is further back than this is one for the month of the next year."""


class Resolved(NamedTuple):
    """The days, or None; whether the text itself names their year (and so may name one to come)."""

    days: Days | None
    year_is_stated: bool


class Resolver:
    """Settles the years of dates against the publication date and what the paragraph has named."""

    def __init__(self, published: date | None, context: Context) -> None:
        self._published = published
        self._context = context

    def resolve(self, spec: Spec, ahead: Callable[[], bool], *, deadline: bool = False) -> Resolved:
        """Return the days of one date. `ahead` tells, if asked, whether its clause speaks of what is to come."""
        if not spec.known:
            return Resolved(None, False)
        if spec.same_days:
            return Resolved(self._same_days(spec), spec.fixed)
        if spec.bare_day and not (spec := self._with_month(spec, ahead)).known:
            return Resolved(None, False)
        if spec.year is not None and spec.fixed:
            return Resolved(spec.days_in(spec.year), True)
        base = spec.year
        if base is None and self._context.sentence_year is not None:
            base = self._context.sentence_year
            if self._context.sentence_year_is_stated:
                return Resolved(spec.days_in(base), True)
        if self._published is None:
            base = base or self._context.last_year
            return Resolved(spec.days_in(base) if base else None, True)
        return Resolved(self._not_to_come(spec, base, self._published, ahead, deadline), False)

    def _not_to_come(
        self, spec: Spec, base: int | None, published: date, ahead: Callable[[], bool], deadline: bool
    ) -> Days | None:
        year = base or published.year
        days = spec.days_in(year)
        if days is None:
            return None
        last_unit = days.last.replace(day=1) if spec.whole_months else days.first
        if max(days.first, last_unit) > published:
            return days if deadline or ahead() else spec.days_in(year - 1)
        if days.last > published:
            return days if deadline or ahead() else Days(days.first, published)
        if spec.year is None and base is None and days.last < published - _LONG_AGO and ahead():
            return spec.days_in(year + 1)
        return days

    def resolve_range(self, first: Spec, last: Spec, ahead: Callable[[], bool]) -> Resolved:
        """Return the days from one date to another; either may lack a year, the last one its month."""
        if not (first.known and last.known):
            return Resolved(None, False)
        if last.year is None:
            return self.resolve(self._joined(first, last), ahead)
        end = self.resolve(last, ahead)
        if end.days is None:
            return Resolved(None, False)
        year = first.year if first.year is not None else last.year
        if not last.fixed:
            year += end.days.first.year - last.year
        begin = first.days_in(year)
        if begin and first.year is None and begin.first > end.days.last:
            begin = first.days_in(year - 1)
        if begin is None or begin.first > end.days.last:
            return Resolved(None, False)
        return Resolved(Days(begin.first, end.days.last), end.year_is_stated)

    def _joined(self, first: Spec, last: Spec) -> Spec:
        if first.bare_day and last.bare_day:
            return first._replace(bare_day=(first.bare_day[0], last.bare_day[1]))
        if first.bare_day or first.festival or last.festival:
            return Spec(known=False)
        begin, end = first.part, last.part
        if last.bare_day:
            end = Part(begin.last_month, last.bare_day[1], begin.last_month, last.bare_day[1])
        part = Part(begin.first_month, begin.first_day, end.last_month, end.last_day)
        return first._replace(part=part, whole_months=end.last_day == 0)

    def _with_month(self, spec: Spec, ahead: Callable[[], bool]) -> Spec:
        """Give bare days (25日) the month that the sentence has named, or the last in which they are not to come."""
        first, last = spec.bare_day or (0, 0)
        context, published = self._context, self._published
        month = context.sentence_month or (None if published else context.last_month)
        if month is None and published is not None:
            past = published if first <= published.day or ahead() else shifted(published.replace(day=1), months=-1)
            month = (past.year, past.month) if past else None
        if month is None or not day(*month, 1):
            return Spec(known=False)
        part = Part(month[1], first or 32, month[1], last or 32)
        return spec._replace(year=month[0], part=part, fixed=True, bare_day=None)

    def _same_days(self, spec: Spec) -> Days | None:
        """Return the days of the year that are those of the period named before (去年同期, the same time last year)."""
        model = self._context.last_days
        if spec.year is None:
            return None
        if model is None and self._published:
            model = Days(self._published.replace(month=1, day=1), self._published)
        if model is None or model.first.year != model.last.year:
            return spec.days_in(spec.year)
        back = 12 * (spec.year - model.first.year)
        first, last = shifted(model.first, months=back), shifted(model.last, months=back)
        return Days(first, last) if first and last else None
