"""Which of the periods named in a paragraph a quantity is about (rules P1 to P6 of the coding conventions)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from ..numerals import Quantity
from ..periods import Period
from .passage import Passage, Sentence
from .tables import alternatives, listed, words_of

_NUMERAL = "[一二三四五六七八九十]"
_LONGEST_LIST_MARKER, _LONGEST_COMPARING = 8, 2
_ONLY_OWN_SENTENCE = frozenset({"as_of", "vague"})
_NOT_A_PERIOD = frozenset({"deadline", "observance"})


class ReportingPeriod(NamedTuple):
    """The period of a metric as the table has it."""

    text: str = ""
    start: date | None = None
    end: date | None = None
    basis: str = ""


NOT_STATED = ReportingPeriod()


def reporting_periods(passage: Passage) -> Iterator[tuple[Sentence, Quantity, ReportingPeriod]]:
    """Yield each quantity of the paragraph with its period: the nearest before it in its sentence, else the last one
    that carries over (今年, 上半年, …以来) since the paragraph or the item of a list began."""
    carried = NOT_STATED
    for sentence in passage.sentences:
        if _list_marker().match(passage.text[sentence.start:sentence.end][:_LONGEST_LIST_MARKER]):
            carried = NOT_STATED
        periods = [p for p in sentence.periods if _sets_period(passage.text, sentence, p)]
        for quantity in sentence.quantities:
            own = _nearest_before(periods, quantity)
            yield sentence, quantity, _stated(own) if own else carried
        if periods:
            carried = _carried_on(periods)


def of_goal(period: ReportingPeriod) -> ReportingPeriod:
    """Return the period of a goal: 目前 and the like say when it was set, not for when it is."""
    return NOT_STATED if period.basis == "as_of" else period


def _sets_period(text: str, sentence: Sentence, period: Period) -> bool:
    if period.role in _NOT_A_PERIOD:
        return False
    before = text[max(sentence.start, period.start - _LONGEST_COMPARING):period.start]
    is_compared = before.endswith(listed("comparing"))
    is_counted = text.startswith(listed("counted_period"), period.end)
    only_compares = period.text.endswith(listed("same_period")) and not is_counted
    return not (is_compared or only_compares or _record().match(text, period.end))


@cache
def _list_marker() -> re.Pattern[str]:
    """Return the expression for the beginning of an item of a list (一是, 第二,): N in the table is a numeral."""
    markers = (re.escape(word).replace("N", _NUMERAL) for word in sorted(words_of("list_marker")))
    return re.compile(rf"\W*(?:{'|'.join(markers)})")


@cache
def _record() -> re.Pattern[str]:
    return re.compile(f"{alternatives('since_ending')}?{alternatives('record')}")


def _nearest_before(periods: Sequence[Period], quantity: Quantity) -> Period | None:
    return next((p for p in reversed(periods) if p.end <= quantity.start), None)


def _stated(period: Period) -> ReportingPeriod:
    return ReportingPeriod(period.text, period.date_start, period.date_end, period.basis)


def _carried_on(periods: Sequence[Period]) -> ReportingPeriod:
    """Return what the sentences after hold on to: the last period, if that is more than a day or 目前."""
    last = periods[-1]
    is_day = last.role == "within" and last.date_start == last.date_end
    return NOT_STATED if is_day or last.role in _ONLY_OWN_SENTENCE else _stated(last)._replace(basis="carried")
