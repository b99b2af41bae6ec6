"""The same indicator more than once: values that exclude each other, totals that fall, streaks, repeats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from .evidence import Figure, Finding
from .limits import Limits

STOCKS = ("infrastructure", "organisation")
"""Categories whose figures count what is there, so that one day has one value."""
STREAK_UNITS = ("连冠", "年", "届")


def _series(figures: Iterable[Figure]) -> dict[tuple[Any, ...], list[Figure]]:
    """Group the results, each fact once, by what they measure; without a place, by document."""
    groups: dict[tuple[Any, ...], dict[str, Figure]] = defaultdict(dict)
    for f in figures:
        if not f.target:
            measured = (f.place or f.doc_id, f.indicator, f.channel, f.unit, f.kind, f.direction, f.cumulative)
            groups[measured].setdefault(f.fact, f)
    return {measured: list(facts.values()) for measured, facts in groups.items() if len(facts) > 1}


def two_values(figures: Iterable[Figure]) -> Iterator[Finding]:
    for facts in _series(figures).values():
        by_period: dict[Any, list[Figure]] = defaultdict(list)
        for f in facts:
            if _has_one_value(f) and f.period[1] is not None:
                by_period[f.period].append(f)
        for same in by_period.values():
            for one, other in _disagreeing(same):
                yield Finding("two_values", "inconsistent", (one, other), f"{one.written} ≠ {other.written}",
                              f"{one.indicator} has two values for one place and period: {one.quantity} and "
                              f"{other.quantity}.", unit=one.unit)


def _disagreeing(figures: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Yield each figure with the first one that it excludes; quadratic only in distinct limits."""
    distinct: dict[Limits, Figure] = {}
    for figure in figures:
        if figure.limits not in distinct:
            other = next((f for limits, f in distinct.items() if figure.limits.excludes(limits)), None)
            distinct[figure.limits] = figure
            if other:
                yield other, figure


def _has_one_value(figure: Figure) -> bool:
    return figure.cumulative or figure.kind in ("ratio", "rank", "streak", "change") or figure.category in STOCKS


def falling(figures: Iterable[Figure]) -> Iterator[Finding]:
    """Find cumulative counts from one first day (or, without one, in one year) that are lower on a later day."""
    for measured, facts in _series(figures).items():
        if not measured[-1] or measured[4] not in ("count", "money"):
            continue
        by_start: dict[Any, list[Figure]] = defaultdict(list)
        for f in facts:
            start, end = f.period
            if end is not None:
                by_start[("from", start) if start is not None else ("in", end.year)].append(f)
        for series in by_start.values():
            series.sort(key=lambda f: (f.period[1], f.key))
            for before, after in pairwise(series):
                if before.period[1] != after.period[1] and before.limits.above(after.limits):
                    days = [f.period[1].date() for f in (before, after)]
                    yield Finding("falling_cumulative", "inconsistent", (before, after),
                                  f"{before.written} ({days[0]}) > {after.written} ({days[1]})",
                                  f"{before.indicator} is counted from the start on, so it cannot fall.",
                                  low=float(before.limits.low), unit=before.unit)


def streaks(figures: Iterable[Figure]) -> Iterator[Finding]:
    """Compare streaks of two years: a streak can grow by one a year, or break."""
    for measured, facts in _series(figures).items():
        dated = [f for f in facts if f.period[1] is not None]
        if measured[4] != "streak" or measured[3] not in STREAK_UNITS or len(dated) < 2:
            continue
        dated.sort(key=lambda f: (f.period[1], f.key))
        for before, after in pairwise(dated):
            years, grown = after.period[1].year - before.period[1].year, after.value - before.value
            spans = f"{before.period[1].year} to {after.period[1].year}"
            if years > 0 and grown == years:
                yield Finding("streak", "consistent", (before, after), f"{before.written} + {years} = {after.written}",
                              f"{before.indicator} grew by one a year from {spans}.", after.value, unit=after.unit)
            elif grown > years:
                yield Finding("streak", "inconsistent", (before, after),
                              f"{before.written} + {years} < {after.written}",
                              f"{before.indicator} can have grown by {years} from {spans}, not by {grown:g}.",
                              high=before.value + years, unit=after.unit)


def repeats(figures: Iterable[Figure]) -> Iterator[Finding]:
    by_fact: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_fact[figure.fact].append(figure)
    for same in by_fact.values():
        if len(same) < 2:
            continue
        values = list(dict.fromkeys(figure.written for figure in same))
        n_documents = len({figure.doc_id for figure in same})
        stated = f"{same[0].indicator} is stated {len(same)} times in {n_documents} document{'s' * (n_documents > 1)}"
        verdict, formula, says = "consistent", " = ".join([values[0]] * len(same)), "with one value; it counts once"
        if len(values) > 1:
            formula, says = " ~ ".join(values), "with values that agree within their limits"
        if any(_disagreeing(same)):
            verdict, formula, says = "inconsistent", " ≠ ".join(values), "with values that exclude each other"
        yield Finding("repeated_value", verdict, tuple(same), formula, f"{stated}, {says}.", unit=same[0].unit)
