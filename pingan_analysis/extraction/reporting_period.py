"""Which of the periods named in a paragraph a quantity is about (rules P1 to P6 of the coding conventions)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from ..numerals import Quantity
from ..periods import Period
from .passage import Passage, Sentence

_NUMERAL = "[一二三四五六七八九十]"
_LIST_MARKER = re.compile(rf"\W*(?:{_NUMERAL}{{1,2}}(?:是|方面)|第{_NUMERAL}[,是]|\({_NUMERAL}\)|其{_NUMERAL})")
_COMPARED = re.compile(r"(?:比|较|与|同|相比)$")
_RECORD = re.compile("以?来?的?(?:最|新高|新低|同期)")
_COUNTED = re.compile("[为是共]")
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
        if _LIST_MARKER.match(passage.text[sentence.start:sentence.end][:8]):
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
    compared = _COMPARED.search(text, max(sentence.start, period.start - 2), period.start)
    record = _RECORD.match(text, period.end)
    only_compares = period.text.endswith("同期") and not _COUNTED.match(text, period.end)
    return period.role not in _NOT_A_PERIOD and not (compared or record or only_compares)


def _nearest_before(periods: Sequence[Period], quantity: Quantity) -> Period | None:
    return next((p for p in reversed(periods) if p.end <= quantity.start), None)


def _stated(period: Period) -> ReportingPeriod:
    return ReportingPeriod(period.text, period.date_start, period.date_end, period.basis)


def _carried_on(periods: Sequence[Period]) -> ReportingPeriod:
    """Return what the sentences after hold on to: the last period, if that is more than a day or 目前."""
    last = periods[-1]
    is_day = last.role == "within" and last.date_start == last.date_end
    return NOT_STATED if is_day or last.role in _ONLY_OWN_SENTENCE else _stated(last)._replace(basis="carried")
