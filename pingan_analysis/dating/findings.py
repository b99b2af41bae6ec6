"""Periods found so far, and what stands around an expression: it decides what kind of period is added."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from . import patterns
from .calendar import Days, shifted
from .context import Context
from .period import Period
from .resolve import Resolved, Resolver
from .spec import Spec

OPENING, CLOSING = "“\"「『", "”\"」』"
_ENTERS_INTO_FORCE = re.compile("(?:正式)?(?:施行|实施|生效|执行)(?!以来|[了至])")
_CLOSING_MARKS = frozenset(CLOSING)
_STILL_LAST_YEAR = 3
"""Month up to which 年底 (the end of the year) alone is that of the year before."""
_SOON = 60
"""Days ahead within which what begins on a date without a year is taken to be planned."""


class Findings:
    """The periods of a text up to the position that the reader has come to."""

    def __init__(self, text: str, published: date | None) -> None:
        self._text = text
        self._published = published
        self._context = Context(text)
        self._resolver = Resolver(published, self._context)
        self._periods: list[Period] = []
        self._free = 0

    def _ahead(self, start: int, end: int) -> Callable[[], bool]:
        return lambda: self._context.looks_ahead(start, end)

    def _nothing_done(self, start: int, end: int) -> Callable[[], bool]:
        return lambda: not patterns.done().search(self._context.clause(start, end))

    def _may_be_ahead(self, spec: Spec, start: int, end: int) -> Callable[[], bool]:
        """Tell whether a festival is near by its clause, or an end of the year has nothing done by it."""
        if spec.festival:
            return lambda: bool(patterns.approaching().search(self._context.clause(start, end)))
        if spec.ends_year and self._published and self._published.month > _STILL_LAST_YEAR:
            return self._nothing_done(start, end)
        return lambda: False

    def _may_begin(self, start: int, end: int) -> Callable[[], bool]:
        enters_into_force = bool(_ENTERS_INTO_FORCE.match(self._text, end))
        return lambda: enters_into_force or self._nothing_done(start, end)()

    def _resolve_perhaps_soon(self, spec: Spec, ahead: Callable[[], bool], perhaps: Callable[[], bool]) -> Resolved:
        """Resolve what may be ahead by weaker signs, which count only for a day that is near or of this year."""
        resolved = self._resolver.resolve(spec, ahead)
        if self._published is None or spec.fixed or not resolved.days or not perhaps():
            return resolved
        coming = self._resolver.resolve(spec, lambda: True)
        near = shifted(self._published, days=_SOON)
        this_year = spec.ends_year and coming.days and coming.days.first.year == self._published.year
        return coming if coming.days and near and (coming.days.first <= near or this_year) else resolved

    def _prefix(self, start: int, *, floor: int | None = None) -> re.Match[str] | None:
        if not start or self._text[start - 1] not in "至止到于从自“\"「『":
            return None
        floor = self._free if floor is None else floor
        found = patterns.before().search(self._text, max(0, start - 8), start)
        return found if found and found.start() >= floor else None

    def _to_come(self, day_: date) -> bool:
        return self._published is not None and day_ > self._published

    def _note(self, resolved: Resolved, spec: Spec) -> None:
        if resolved.days:
            stated = resolved.year_is_stated
            self._context.note(resolved.days, names_year=spec.names_year, stated=stated)

    def _add_since(self, start: int, end: int, spec: Spec, ahead: Callable[[], bool], *, begins: bool = False) -> int:
        perhaps = self._may_begin(start, end) if begins else lambda: False
        resolved = self._resolve_perhaps_soon(spec, ahead, perhaps)
        first = resolved.days.first if resolved.days else None
        if resolved.days:
            self._context.note(resolved.days, names_year=False, stated=False)
        last = None if first and self._to_come(first) else self._published
        return self._add_days(start, end, first, last, "since", "since")

    def _add_up_to(
        self, start: int, end: int, spec: Spec, basis: str, ahead: Callable[[], bool], *, only_state: bool
    ) -> int:
        """截至 (as of) or 到 (by) a date: a state at its end, or a deadline where that lies ahead."""
        plan = not only_state and (spec.year is None or not spec.fixed) and ahead()
        days = self._resolver.resolve(spec, ahead, deadline=plan).days
        if days is None:
            return self._add_open(start, end, None, basis, "as_of" if only_state else "deadline")
        ends_ahead = self._to_come(days.last) or self._published is None
        if plan or self._to_come(days.first) or (ends_ahead and not only_state):
            return self._add_open(start, end, days.last, basis, "deadline")
        self._context.note(days, names_year=False, stated=False)
        last = self._published if self._to_come(days.last) else days.last
        return self._add_open(start, end, last, "as_of", "as_of")

    def _add_open(self, start: int, end: int, last: date | None, basis: str, role: str) -> int:
        return self._add_days(start, end, None, last, basis if last else "unresolved", role)

    def _add(self, start: int, end: int, days: Days | None, basis: str, role: str) -> int:
        first, last = days if days else (None, None)
        return self._add_days(start, end, first, last, basis if days else "unresolved", role)

    def _add_days(self, start: int, end: int, first: date | None, last: date | None, basis: str, role: str) -> int:
        start, end = self._quoted(start, end)
        self._periods.append(Period(start, end, self._text[start:end], first, last, basis, role))
        return end

    def _quoted(self, start: int, end: int) -> tuple[int, int]:
        """Take in the quotation mark that opens what the expression closes: “十三五”期间."""
        if _CLOSING_MARKS.isdisjoint(self._text[start:end]):
            return start, end
        if start > self._free and self._text[start - 1] in OPENING:
            return start - 1, end
        opened = any(mark in self._text[start:end] for mark in OPENING if mark != '"')
        return start, end - (self._text[end - 1] in CLOSING and not opened)
