"""The metrics of a paragraph, one after the other: each quantity with what stands before it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from ..numerals import Quantity
from .classes import Classes, classes_of
from .clauses import clause_around
from .passage import read_passage
from .reporting_period import ReportingPeriod, reporting_periods
from .screening import why_not_a_metric
from .standing import Standing, is_target
from .wording import Wording, wordings


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
    standing = Standing()
    for sentence, measured in itertools.groupby(_measured(text, published), key=itemgetter(0)):
        standing.begin(sentence)
        rows = list(measured)
        indices = [sentence.positions[quantity.start] for _, quantity, _ in rows]
        units = [quantity.unit for _, quantity, _ in rows]
        for (_, quantity, period), wording in zip(rows, wordings(text, sentence, indices, units), strict=True):
            contexts = (clause_around(text, sentence, quantity), text[sentence.start:sentence.end], heading)
            classes = classes_of(quantity, wording, contexts)
            cumulative = standing.is_cumulative(text, quantity, classes)
            yield Reading(quantity, wording, classes, period, cumulative, is_target(text, sentence, quantity))


def _measured(text: str, published: date | None) -> Iterator[tuple[Sentence, Quantity, ReportingPeriod]]:
    """Yield the quantities of the paragraph that are metrics, with their sentences and periods."""
    for sentence, quantity, period in reporting_periods(read_passage(text, published)):
        if not why_not_a_metric(text, sentence, quantity):
            yield sentence, quantity, period
