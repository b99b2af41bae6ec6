"""The metrics of a paragraph, one after the other: each quantity with what stands before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ..numerals import Quantity
from .classes import Classes, classes_of
from .clauses import clause_around
from .passage import read_passage
from .reporting_period import ReportingPeriod, reporting_periods
from .screening import why_not_a_metric
from .standing import Standing, is_target
from .wording import Wording, wording_of


class Reading(NamedTuple):
    """A metric as it was read: offsets are those of the paragraph's plain text."""

    quantity: Quantity
    wording: Wording
    classes: Classes
    period: ReportingPeriod
    cumulative: bool
    target: bool


def read_metrics(text: str, published: date | None, *, heading: str = "") -> Iterator[Reading]:
    """Yield the metrics of the paragraph `text`, the text of a `PlainText`, in order."""
    passage = read_passage(text, published)
    standing = Standing()
    sentence, before = None, None
    for current, quantity, period in reporting_periods(passage):
        if current is not sentence:
            sentence, before = current, None
            standing.begin(sentence)
        if why_not_a_metric(text, sentence, quantity):
            continue
        before = wording_of(sentence.tokens, sentence.positions[quantity.start], quantity, before)
        clause = clause_around(text, sentence, quantity)
        classes = classes_of(quantity, before, (clause, text[sentence.start:sentence.end], heading))
        cumulative = standing.is_cumulative(text, quantity, classes)
        yield Reading(quantity, before, classes, period, cumulative, is_target(text, sentence, quantity))
