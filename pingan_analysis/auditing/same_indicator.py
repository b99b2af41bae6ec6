"""The same indicator more than once: values that exclude each other, totals that fall, streaks, repeats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from ..schema import STOCK_CATEGORIES
from .evidence import Finding, Metric
from .limits import Limits
from .wording import number

STREAK_UNITS = ("连冠", "年", "届")


def _series(metrics: Iterable[Metric]) -> dict[tuple[Any, ...], list[Metric]]:
    """Group the results, each fact once, by what they measure; without a place, by document."""
    groups: dict[tuple[Any, ...], dict[str, Metric]] = defaultdict(dict)
    for m in metrics:
        if not m.target:
            measured = (m.place or m.doc_id, m.indicator, m.channel, m.unit, m.kind, m.direction, m.cumulative)
            groups[measured].setdefault(m.fact, m)
    return {measured: list(facts.values()) for measured, facts in groups.items() if len(facts) > 1}


def two_values(metrics: Iterable[Metric]) -> Iterator[Finding]:
    for facts in _series(metrics).values():
        by_period: dict[Any, list[Metric]] = defaultdict(list)
        for m in facts:
            if _has_one_value(m) and m.period[1] is not None:
                by_period[m.period].append(m)
        for same in by_period.values():
            for one, other in _disagreeing(same):
                yield Finding("two_values", "inconsistent", (one, other), f"{one.written} ≠ {other.written}",
                              f"{one.indicator} has two values for one place and period: {one.quantity} and "
                              f"{other.quantity}.", unit=one.unit)


def _disagreeing(metrics: Sequence[Metric]) -> Iterator[tuple[Metric, Metric]]:
    """Yield each metric with the first one that it excludes; quadratic only in distinct limits."""
    distinct: dict[Limits, Metric] = {}
    for metric in metrics:
        if metric.limits not in distinct:
            other = next((m for limits, m in distinct.items() if metric.limits.excludes(limits)), None)
            distinct[metric.limits] = metric
            if other:
                yield other, metric


def _has_one_value(metric: Metric) -> bool:
    by_kind = metric.kind in ("ratio", "rank", "streak", "change")
    return metric.cumulative or by_kind or metric.category in STOCK_CATEGORIES


def falling(metrics: Iterable[Metric]) -> Iterator[Finding]:
    """Find cumulative counts from one first day (or, without one, in one year) that are lower on a later day."""
    for measured, facts in _series(metrics).items():
        if not measured[-1] or measured[4] not in ("count", "money"):
            continue
        by_start: dict[Any, list[Metric]] = defaultdict(list)
        for m in facts:
            start, end = m.period
            if end is not None:
                by_start[("from", start) if start is not None else ("in", end.year)].append(m)
        for series in by_start.values():
            series.sort(key=lambda m: (m.period[1], m.key))
            for before, after in pairwise(series):
                if before.period[1] != after.period[1] and before.limits.above(after.limits):
                    days = [m.period[1].date() for m in (before, after)]
                    yield Finding("falling_cumulative", "inconsistent", (before, after),
                                  f"{before.written} ({days[0]}) > {after.written} ({days[1]})",
                                  f"{before.indicator} is counted from the start on, so it cannot fall.",
                                  low=float(before.limits.low), unit=before.unit)


def streaks(metrics: Iterable[Metric]) -> Iterator[Finding]:
    """Compare streaks of two years: a streak can grow by one a year, or break."""
    for measured, facts in _series(metrics).items():
        dated = [m for m in facts if m.period[1] is not None]
        if measured[4] != "streak" or measured[3] not in STREAK_UNITS or len(dated) < 2:
            continue
        dated.sort(key=lambda m: (m.period[1], m.key))
        for before, after in pairwise(dated):
            years, most = after.period[1].year - before.period[1].year, before.limits.high
            spans = f"{before.period[1].year} to {after.period[1].year}"
            exact = before.limits.exact and after.limits.exact
            if exact and years > 0 and after.value - before.value == years:
                yield Finding("streak", "consistent", (before, after), f"{before.written} + {years} = {after.written}",
                              f"{before.indicator} grew by one a year from {spans}.", after.value, unit=after.unit)
            elif most is not None and after.limits.low > most + years:
                yield Finding("streak", "inconsistent", (before, after),
                              f"{before.written} + {years} < {after.written}",
                              f"{before.indicator} can have grown by {years} from {spans}, not by "
                              f"{number(after.limits.low - most)}.", high=float(most + years), unit=after.unit)


def repeats(metrics: Iterable[Metric]) -> Iterator[Finding]:
    by_fact: dict[str, list[Metric]] = defaultdict(list)
    for metric in metrics:
        by_fact[metric.fact].append(metric)
    for same in by_fact.values():
        if len(same) < 2:
            continue
        values = list(dict.fromkeys(metric.written for metric in same))
        n_documents = len({metric.doc_id for metric in same})
        stated = f"{same[0].indicator} is stated {len(same)} times in {n_documents} document{'s' * (n_documents > 1)}"
        verdict, formula, says = "consistent", " = ".join([values[0]] * len(same)), "with one value; it counts once"
        if len(values) > 1:
            formula, says = " ~ ".join(values), "with values that agree within their limits"
        if any(_disagreeing(same)):
            verdict, formula, says = "inconsistent", " ≠ ".join(values), "with values that exclude each other"
        yield Finding("repeated_value", verdict, tuple(same), formula, f"{stated}, {says}.", unit=same[0].unit)
