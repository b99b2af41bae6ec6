"""A whole and its parts: matters found, settled and pending, and two kinds that divide a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from .evidence import Finding, Metric, near
from .limits import Limits
from .shares import denominator, numerator, rate_of, share, shares_of
from .stages import Role
from .wording import equals, number

REACH = 6  # metrics behind the whole


def stages(metrics: Sequence[Metric]) -> Iterator[Finding]:
    rates_read = set()
    for at, whole in enumerate(metrics):
        role = whole.role
        if whole.kind != "count" or role.stage != "found" or whole.target:
            continue
        behind = list(_related(metrics, at))
        of_whole = [m for m in behind if m.role.group == role.group and _one_noun(role, m.role)]
        counts = [m for m in of_whole if m.kind == "count" and m.unit == whole.unit]
        rate = _only(m for m in of_whole if m.kind == "ratio" and m.role.stage == "settled")
        all_settled = [m for m in counts if m.role.stage == "settled"]
        settled = _only(all_settled) or _only(m for m in all_settled if rate and _gives(m, whole, rate))
        pending = _only(m for m in counts if m.role.stage == "pending")
        if settled and pending:
            yield from _sum(whole, (settled, pending), exhaustive=False)
        elif len(counts) == 2 and _adds_up(whole, counts):
            yield from _sum(whole, tuple(counts), exhaustive=False)
        if settled and rate:
            yield from rate_of(settled, whole, rate)
        elif settled and not pending:
            yield from share(settled, whole)
        elif rate and not counts:
            yield from numerator(whole, rate)
        rates_read |= {rate.key} if rate else set()
    for count, rate in pairwise(metrics):
        if rate.key not in rates_read and _done_and_rate(count, rate):
            yield from denominator(count, rate)


def _related(metrics: Sequence[Metric], at: int) -> Iterator[Metric]:
    """Yield the metrics behind the one `at` that position and scope relate to it, up to the next whole."""
    before = metrics[at]
    for metric in metrics[at + 1:at + 1 + REACH]:
        same = (metric.period, metric.place) == (before.period, before.place)
        if not same or not near(before, metric) or (metric.role.stage == "found" and metric.kind == "count"):
            return
        if not metric.target:
            yield metric
        before = metric


def _one_noun(one: Role, other: Role) -> bool:
    return one.noun.endswith(other.noun) or other.noun.endswith(one.noun)


def _only(metrics: Iterable[Metric]) -> Metric | None:
    """Return the one metric of several; None where there is none or where it is not evident which is meant."""
    found = list(metrics)
    return found[0] if len(found) == 1 else None


def _gives(part: Metric, whole: Metric, rate: Metric) -> bool:
    shares = shares_of(part.limits, whole.limits)
    return shares is not None and not shares.excludes(rate.limits)


def _adds_up(whole: Metric, parts: Sequence[Metric]) -> bool:
    """Say whether parts of one indicator make up the whole exactly, so that what tells them apart need not be said."""
    exact = all(metric.limits.exact for metric in (whole, *parts))
    alike = len({part.indicator for part in parts}) == 1
    return exact and alike and sum(part.limits.low for part in parts) == whole.limits.low


def _done_and_rate(count: Metric, rate: Metric) -> bool:
    """Say whether `rate` is the rate at which `count` is done: 基础开挖589个, 完成率88.2%."""
    one, other = count.role, rate.role
    scope = (count.doc_id, count.para, count.period, count.place) == (rate.doc_id, rate.para, rate.period, rate.place)
    if not scope or not near(count, rate) or (count.kind, rate.kind) != ("count", "ratio"):
        return False
    if count.target or rate.target or not rate.indicator.endswith("率") or not _one_noun(one, other):
        return False
    if other.stage == "progress":
        return one.stage in ("", "progress") and bool(one.noun)
    return one.stage == other.stage == "settled" and one.group == other.group and one.sense == other.sense


def _sum(whole: Metric, parts: tuple[Metric, ...], *, exhaustive: bool) -> Iterator[Finding]:
    """Compare the sum of parts with their whole; `exhaustive` parts leave nothing over."""
    total = Limits(
        sum((part.limits.low for part in parts), Fraction(0)),
        None if any(part.limits.high is None for part in parts)
        else sum((part.limits.high or Fraction(0) for part in parts), Fraction(0)),
    )
    written = " + ".join(part.written for part in parts)
    names = " and ".join(part.named for part in parts)
    metrics = (whole, *parts)
    open_ones = [metric for metric in metrics if not metric.limits.exact]

    def finding(verdict: str, formula: str, says: str, expected: Fraction | None = None, n: Limits = total) -> Finding:
        limits = (float(n.low), None if n.high is None else float(n.high))
        return Finding("parts_and_whole", verdict, metrics, formula, says,
                       None if expected is None else float(expected), *limits, whole.unit)

    if total.above(whole.limits):
        yield finding("inconsistent", f"{written} {equals(total)} > {whole.written}",
                      f"{names} are more than the whole that they are parts of: {whole.named}.", total.low)
    elif not open_ones and total.low == whole.limits.low:
        yield finding("consistent", f"{written} = {whole.written}", f"{names} add up to {whole.named}.", total.low)
    elif not open_ones and exhaustive:
        yield finding("inconsistent", f"{written} {equals(total)}, not {whole.written}",
                      f"{names} divide {whole.named} between them, but do not add up to it.", total.low)
    elif not open_ones:
        left = whole.limits.low - total.low
        yield finding("implied", f"{whole.written} − {' − '.join(part.written for part in parts)} = {number(left)}",
                      f"{number(left)} of {whole.named} are neither of {names}.", left, Limits(left, left))
    elif len(open_ones) == 1:
        one = open_ones[0]
        others = sum((part.limits.low for part in parts if part is not one), Fraction(0))
        must = total.low if one is whole else whole.limits.low - others
        if not Limits(must, must).excludes(one.limits):
            yield finding("implied", f"{one.written} = {number(must)}",
                          f"If {names} are all of {whole.named}, then {one.quantity} stands for {number(must)}.",
                          must, Limits(must, must))


def complements(metrics: Sequence[Metric]) -> Iterator[Finding]:
    """Compare a whole with the two complementary kinds of it that follow: 网格员, 专职网格员, 兼职网格员."""
    for whole, one, other in zip(metrics, metrics[1:], metrics[2:], strict=False):
        if not (one.role.stage == other.role.stage == "complement" and one.role.group == other.role.group):
            continue
        scopes = {(m.kind, m.unit, m.period, m.place, m.target) for m in (whole, one, other)}
        nouns = {one.role.noun, other.role.noun} - {""}
        if len(scopes) > 1 or whole.kind != "count" or not (near(whole, one) and near(one, other)):
            continue
        if one.indicator != other.indicator and nouns <= {whole.indicator}:
            yield from _sum(whole, (one, other), exhaustive=True)
