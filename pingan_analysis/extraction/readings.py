"""The metrics of a paragraph, one after the other: each quantity with what stands before it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from ..numerals import Quantity, quantities_in
from .classes import Classes, classes_of
from .clauses import clause_after, clause_around
from .passage import Sentence, read_passage
from .places import PlaceOfSentences
from .reporting_period import ReportingPeriod, of_goal, reporting_periods
from .screening import is_ruled_out, why_not_a_metric
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
    place: str


def read_metrics(text: str, published: date | None, *, heading: str = "") -> Iterator[Reading]:
    """Yield the metrics of the paragraph `text`, the text of a `PlainText`, in order; `heading` is the one above it.

    >>> reading, = read_metrics("今年,全县发放手册300册。", date(2024, 9, 5))
    >>> reading.quantity.text, reading.wording.indicator, reading.period.text
    ('300册', '手册发放', '今年')
    """
    standing, places = Standing(), PlaceOfSentences()
    for sentence, measured in itertools.groupby(_measured(text, published), key=itemgetter(0)):
        standing.begin(sentence)
        place = places.of(text, sentence)
        rows = list(measured)
        found = wordings(text, sentence, [quantity for _, quantity, _ in rows])
        classes = None
        for (_, quantity, period), wording in zip(rows, found, strict=True):
            if not (wording.indicator or quantity.unit):
                continue
            so_far = text[sentence.start:quantity.end] + clause_after(text, sentence, quantity)
            contexts = (clause_around(text, sentence, quantity), so_far, heading)
            classes = classes_of(quantity, wording, contexts, classes)
            target = is_target(text, sentence, quantity)
            cumulative = not target and standing.is_cumulative(text, sentence, quantity, wording, classes)
            yield Reading(quantity, wording, classes, of_goal(period) if target else period, cumulative, target, place)


def _measured(text: str, published: date | None) -> Iterator[tuple[Sentence, Quantity, ReportingPeriod]]:
    """Yield the quantities of the paragraph that are metrics, with their sentences and periods."""
    found = quantities_in(text)
    possible = {quantity.start for quantity in found if not is_ruled_out(text, quantity)}
    if not possible:
        return
    for sentence, quantity, period in reporting_periods(read_passage(text, published, found)):
        if quantity.start in possible and not why_not_a_metric(text, sentence, quantity):
            yield sentence, quantity, period
