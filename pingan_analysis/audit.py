"""What the figures of the texts imply, and where they disagree.

False alarms are worse than misses, so a relation is only seen where position and wording make it evident:

- Figures relate that stand in one document and paragraph (or in neighbouring ones), each at most `GAP` characters
  behind the one before, with the same place and period, as results and not goals, and in the same unit.
- What they say of each other is read off their indicators by `lexicon/case_stages.tsv`: matters found, settled,
  pending; the noun must be the same (or the longer must end in the shorter, or one has none: 矛盾纠纷排查, 化解率).
- A whole and parts that add up to it by chance are not related: 12 posters and 8 banners are no parts of 20 meetings.
- A limit is a limit: 20余 (more than 20) can be 26. A figure contradicts only what its limits, or the rounding of its
  printed digits, exclude. A rate is taken as rounded; one that was cut off instead is no contradiction either.
- Two values contradict each other only where one must exclude the other: rates, ranks, stocks and cumulative counts
  of the same indicator, place and stated period. Two counts of events may be of two events.
"""

from __future__ import annotations

import datetime
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd

from .lexicon import read_rows
from .plain import PlainText
from .schema import check_table

COLUMNS = ("check", "verdict", "doc_ids", "rows", "formula", "explanation", "expected", "low", "high", "unit")
GAP = 60  # characters: between the end of a figure and the start of the next that may relate to it
REACH = 6  # figures behind the whole
STOCKS = ("infrastructure", "organisation")
STREAK_UNITS = ("连冠", "年", "届")
LISTED = 3  # whole numbers that a formula names one by one
_NUMBER = re.compile(r"\d[\d,]*(?:\.(\d+))?[余多来]?([十百千万亿]*)")
_HAN_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千]+(?:点([零〇一二三四五六七八九]+))?[余多来]?([万亿]*)")
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:份|(\d{1,2})[日号])?")


class Role(NamedTuple):
    """What an indicator says: stage, group and sense (see case_stages.tsv), and the noun that is left."""

    stage: str
    group: str
    sense: str
    noun: str


class Limits(NamedTuple):
    """The lowest and the highest value that a figure can stand for; `high` is None where there is no limit."""

    low: Fraction
    high: Fraction | None

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def excludes(self, other: Limits) -> bool:
        return self.above(other) or other.above(self)

    def above(self, other: Limits) -> bool:
        return other.high is not None and self.low > other.high


@dataclass(frozen=True)
class Figure:
    """A row of `metrics`, as the checks read it."""

    key: str
    fact: str
    doc_id: str
    para: int
    start: int
    end: int
    quantity: str
    value: float
    low: float | None
    high: float | None
    unit: str
    bound: str
    kind: str
    direction: str
    cumulative: bool
    target: bool
    indicator: str
    category: str
    channel: str
    place: str
    period: tuple[Any, Any]  # first and last day, or None
    period_text: str
    period_basis: str

    @property
    def role(self) -> Role:
        return role_of(self.indicator)

    @property
    def limits(self) -> Limits:
        return limits_of(self.quantity, self.value, self.low, self.high, self.bound, self.unit)

    @property
    def written(self) -> str:
        sign = {"more_than": "≥ ", "nearly": "≤ ", "less_than": "≤ ", "about": "≈ "}.get(self.bound, "")
        return sign + (_percent(self) if self.unit in ("%", "‰") else _number(_fraction(self.value)))

    @property
    def named(self) -> str:
        return f"{self.indicator} ({self.quantity})"


class Finding(NamedTuple):
    """What a check found, before figures that repeat others are put together."""

    check: str
    verdict: str
    figures: tuple[Figure, ...]
    formula: str
    explanation: str
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""


def audit_metrics(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return what the figures of the table `metrics` imply and where they disagree, a row a finding, in text order.

    Columns:

    - check: parts_and_whole (a whole and what of it is settled or pending, or its two complementary parts),
      numerator_denominator_rate, two_values (of what can have one only), falling_cumulative, streak (of two years),
      repeated_value (one fact that several rows state, by `same_as`), impossible_date
    - verdict: consistent (the figures agree), implied (they fix, or limit, a number that is not printed), inconsistent
    - doc_ids, rows: the documents and the rows (doc_id:char_start) that it rests on, joined by spaces
    - formula: what was computed, such as 281 + 26 = 307; ≥ and ≤ stand for bounds
    - explanation: in words
    - expected: the number that follows from the others; low, high: the limits within which it must lie, by the rounding
      of the printed digits; empty where there is none. unit: of these three ("%": a ratio)

    Which figures are taken to relate is said at the head of the module. Raises `TableError` where `metrics` is no such
    table.
    """
    figures = _figures(check_table(metrics, "metrics", where="metrics"))
    documents: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        documents[figure.doc_id].append(figure)
    found: list[Finding] = []
    for of_document in documents.values():
        of_document.sort(key=lambda figure: figure.start)
        found += [*_stages(of_document), *_complements(of_document), *_impossible_dates(of_document)]
    found += [*_two_values(figures), *_falling(figures), *_streaks(figures), *_repeats(figures)]
    position = {figure.key: n for n, figure in enumerate(f for rows in documents.values() for f in rows)}
    rows = sorted(_merged(found), key=lambda finding: [position[figure.key] for figure in finding.figures])
    table = pd.DataFrame([_row(finding) for finding in rows], columns=list(COLUMNS))
    return table.astype(dict.fromkeys(COLUMNS, "str") | dict.fromkeys(("expected", "low", "high"), "float64"))


# --- figures and what they can stand for


def _figures(metrics: pd.DataFrame) -> list[Figure]:
    frame = metrics.astype(object).where(metrics.notna(), None)
    figures = []
    for row in frame.to_dict("records"):
        key = f"{row['doc_id']}:{row['char_start']}"
        figures.append(Figure(
            key=key, fact=row["same_as"] or key, doc_id=row["doc_id"], para=row["para"], start=row["char_start"],
            end=row["char_end"], period=(row["period_start"], row["period_end"]),
            **{name: row[name] for name in (
                "quantity", "value", "low", "high", "unit", "bound", "kind", "direction", "cumulative", "target",
                "indicator", "category", "channel", "place", "period_text", "period_basis",
            )},
        ))
    return figures


@cache
def role_of(indicator: str) -> Role:
    """Return what an indicator says of the stage of its matter; an empty stage where it says nothing, or two things.

    >>> role_of("矛盾纠纷化解率")
    Role(stage='settled', group='case', sense='resolve', noun='矛盾纠纷')
    >>> role_of("排查化解矛盾纠纷").stage
    ''
    """
    words = _stage_words()
    named: list[dict[str, str]] = []

    def take(match: re.Match[str]) -> str:
        named.append(words[match.group()])
        return ""

    noun = re.sub(r"已|的|各类|率$", "", _stage_pattern().sub(take, indicator))
    pending = [row for row in named if row["stage"] == "pending"]
    decisive = pending or named
    if not decisive or len({(row["stage"], row["group"]) for row in decisive}) > 1:
        return Role("", "", "", noun)
    return Role(decisive[0]["stage"], decisive[0]["group"], decisive[-1]["sense"], noun)


@cache
def _stage_words() -> dict[str, dict[str, str]]:
    return {row["word"]: row for row in read_rows("case_stages", columns=["word", "stage", "group", "sense"])}


@cache
def _stage_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_stage_words(), key=len, reverse=True)))


@cache
def limits_of(
    quantity: str, value: float, low: float | None, high: float | None, bound: str, unit: str
) -> Limits:
    """Return the limits of a figure: those of its bound; of an exact one, those of the rounding of its digits.

    Whole numbers that are printed in full are exact; rates, decimals and numbers in 万 or 亿 are taken as rounded to
    their last digit.

    >>> [str(limit) for limit in limits_of("88.2%", 0.882, 0.882, 0.882, "exact", "%")]
    ['1763/2000', '353/400']
    """
    if bound != "exact":
        return Limits(_fraction(low or 0), None if high is None else _fraction(high))
    step = last_digit(quantity, unit)
    if step is None or (step <= 1 and unit not in ("%", "‰") and float(value).is_integer()):
        return Limits(_fraction(value), _fraction(value))
    printed = round(_fraction(value) / step) * step
    return Limits(printed - step / 2, printed + step / 2)


@cache
def last_digit(quantity: str, unit: str) -> Fraction | None:
    """Return what one more in the last printed digit of a quantity is worth; None where no digits tell.

    >>> str(last_digit("91.5%", "%")), str(last_digit("3.3万次", "次")), str(last_digit("九成", "%"))
    ('1/1000', '1000', '1/10')
    """
    text = PlainText(quantity).text
    if "分之" in text and not re.search("[百千万]分之", text):
        return None
    text = re.sub("[百千万]分之", "", text)
    match = _NUMBER.search(text) or _HAN_NUMBER.search(text)
    if match is None:
        return None
    decimals, multiples = match.groups(default="")
    step = Fraction(math.prod(_SCALES[sign] for sign in multiples), 10 ** len(decimals))
    if unit == "‰":
        return step / 1000
    if unit == "%":
        return step / (10 if re.search(r"成(?![\d一二三四五六七八九])", text) else 100)
    return step


def whole_numbers(low: Fraction, high: Fraction | None) -> tuple[int, int | None]:
    """Return the lowest and the highest whole number from `low` to `high`; none where the first exceeds the second.

    >>> whole_numbers(Fraction("1145.8"), Fraction("1147.4"))
    (1146, 1147)
    """
    return math.ceil(low), None if high is None else math.floor(high)


def _fraction(value: float) -> Fraction:
    return Fraction(str(value))


# --- matters found, settled, pending, and their rate


def _stages(figures: Sequence[Figure]) -> Iterator[Finding]:
    rates_read = set()
    for at, whole in enumerate(figures):
        role = whole.role
        if whole.kind != "count" or role.stage != "found" or whole.target:
            continue
        behind = list(_related(figures, at))
        of_whole = [f for f in behind if f.role.group == role.group and _one_noun(role, f.role)]
        counts = [f for f in of_whole if f.kind == "count" and f.unit == whole.unit]
        settled = _only(f for f in counts if f.role.stage == "settled")
        pending = _only(f for f in counts if f.role.stage == "pending")
        rate = _only(f for f in of_whole if f.kind == "ratio" and f.role.stage == "settled")
        if settled and pending:
            yield from _sum(whole, (settled, pending), exhaustive=False)
        if settled and rate:
            yield from _rate_of(settled, whole, rate)
        elif settled and not pending:
            yield from _share(settled, whole)
        elif rate and not counts:
            yield from _numerator(whole, rate)
        rates_read |= {rate.key} if rate else set()
    for count, rate in pairwise(figures):
        if rate.key not in rates_read and _done_and_rate(count, rate):
            yield from _denominator(count, rate)


def _related(figures: Sequence[Figure], at: int) -> Iterator[Figure]:
    """Yield the figures behind the one `at` that position and scope relate to it, up to the next whole."""
    before = figures[at]
    for figure in figures[at + 1:at + 1 + REACH]:
        same = (figure.period, figure.place) == (before.period, before.place)
        if not same or not _near(before, figure) or (figure.role.stage == "found" and figure.kind == "count"):
            return
        if not figure.target:
            yield figure
        before = figure


def _near(before: Figure, figure: Figure) -> bool:
    return 0 <= figure.para - before.para <= 1 and figure.start - before.end <= GAP


def _one_noun(one: Role, other: Role) -> bool:
    return one.noun.endswith(other.noun) or other.noun.endswith(one.noun)


def _only(figures: Iterable[Figure]) -> Figure | None:
    """Return the one figure of several; None where there is none or where it is not evident which is meant."""
    found = list(figures)
    return found[0] if len(found) == 1 else None


def _done_and_rate(count: Figure, rate: Figure) -> bool:
    """Say whether `rate` is the rate at which `count` is done: 基础开挖589个, 完成率88.2%."""
    one, other = count.role, rate.role
    scope = (count.doc_id, count.para, count.period, count.place) == (rate.doc_id, rate.para, rate.period, rate.place)
    if not scope or not _near(count, rate) or (count.kind, rate.kind) != ("count", "ratio"):
        return False
    if count.target or rate.target or not rate.indicator.endswith("率") or not _one_noun(one, other):
        return False
    if other.stage == "progress":
        return one.stage in ("", "progress") and bool(one.noun)
    return one.stage == other.stage == "settled" and one.group == other.group and one.sense == other.sense


def _sum(whole: Figure, parts: tuple[Figure, ...], *, exhaustive: bool) -> Iterator[Finding]:
    """Compare the sum of parts with their whole; `exhaustive` parts leave nothing over."""
    total = Limits(
        sum((part.limits.low for part in parts), Fraction(0)),
        None if any(part.limits.high is None for part in parts)
        else sum((part.limits.high or Fraction(0) for part in parts), Fraction(0)),
    )
    written = " + ".join(part.written for part in parts)
    names = " and ".join(part.named for part in parts)
    figures = (whole, *parts)
    open_ones = [figure for figure in figures if not figure.limits.exact]

    def finding(verdict: str, formula: str, says: str, expected: Fraction | None = None, n: Limits = total) -> Finding:
        limits = (float(n.low), None if n.high is None else float(n.high))
        return Finding("parts_and_whole", verdict, figures, formula, says,
                       None if expected is None else float(expected), *limits, whole.unit)

    if total.above(whole.limits):
        yield finding("inconsistent", f"{written} {_equals(total)} > {whole.written}",
                      f"{names} are more than the whole that they are parts of: {whole.named}.", total.low)
    elif not open_ones and total.low == whole.limits.low:
        yield finding("consistent", f"{written} = {whole.written}", f"{names} add up to {whole.named}.", total.low)
    elif not open_ones and exhaustive:
        yield finding("inconsistent", f"{written} {_equals(total)}, not {whole.written}",
                      f"{names} divide {whole.named} between them, but do not add up to it.", total.low)
    elif not open_ones:
        left = whole.limits.low - total.low
        yield finding("implied", f"{whole.written} − {' − '.join(part.written for part in parts)} = {_number(left)}",
                      f"{_number(left)} of {whole.named} are neither of {names}.", left, Limits(left, left))
    elif len(open_ones) == 1:
        one = open_ones[0]
        others = sum((part.limits.low for part in parts if part is not one), Fraction(0))
        must = total.low if one is whole else whole.limits.low - others
        if not Limits(must, must).excludes(one.limits):
            yield finding("implied", f"{one.written} = {_number(must)}",
                          f"If {names} are all of {whole.named}, then {one.quantity} stands for {_number(must)}.",
                          must, Limits(must, must))


def _rate_of(part: Figure, whole: Figure, rate: Figure) -> Iterator[Finding]:
    """Compare a printed rate with the numerator and the denominator that stand beside it."""
    shares = _shares(part.limits, whole.limits)
    step = last_digit(rate.quantity, rate.unit)
    if shares is None or step is None:
        return
    figures = (whole, part, rate)
    written = f"{part.written} / {whole.written}"
    low, high = float(shares.low), None if shares.high is None else float(shares.high)
    exact = part.limits.exact and whole.limits.exact and rate.bound == "exact"
    if not shares.excludes(rate.limits):
        if exact:
            yield Finding("numerator_denominator_rate", "consistent", figures, f"{written} = {rate.written}",
                          f"{rate.named} is {part.named} as a share of {whole.named}.", low, low, high, rate.unit)
    elif exact and not shares.excludes(_cut(rate, step)):
        yield Finding("numerator_denominator_rate", "consistent", figures,
                      f"{written} = {_share_text(shares.low, step / 10)}, cut off to {rate.written}",
                      f"{rate.named} is {part.named} as a share of {whole.named}, cut off and not rounded.",
                      low, low, high, rate.unit)
    elif part.role.sense == rate.role.sense:
        exactly = _share_text(shares.low, step) if exact else _share_range(shares, step)
        yield Finding("numerator_denominator_rate", "inconsistent", figures,
                      f"{written} = {exactly}, not {rate.written}",
                      f"{rate.named} is not the share that {part.named} has in {whole.named}.",
                      low if exact else None, low, high, rate.unit)


def _share(part: Figure, whole: Figure) -> Iterator[Finding]:
    """Say which share of the matters found is settled where no rate is printed, or that it cannot be one."""
    if part.limits.above(whole.limits):
        yield Finding("parts_and_whole", "inconsistent", (whole, part), f"{part.written} > {whole.written}",
                      f"{part.named} is more than the whole that it is a part of: {whole.named}.",
                      unit=whole.unit, high=None if whole.limits.high is None else float(whole.limits.high))
        return
    shares = _shares(part.limits, whole.limits)
    if shares is None or (shares.low == 0 and shares.high is None):
        return
    high = min(shares.high, Fraction(1)) if shares.high is not None else Fraction(1)
    if shares.low == 0 and high == 1:
        return
    step = Fraction(1, 1000)
    exact = part.limits.exact and whole.limits.exact
    equals = f"= {_share_text(shares.low, step)}" if exact else f"is {_share_range(Limits(shares.low, high), step)}"
    yield Finding("numerator_denominator_rate", "implied", (whole, part), f"{part.written} / {whole.written} {equals}",
                  f"If all of {part.named} are among {whole.named}, this is their share; no rate is printed.",
                  float(shares.low) if exact else None, float(shares.low), float(high), "%")


def _numerator(whole: Figure, rate: Figure) -> Iterator[Finding]:
    """Say which whole numbers of `whole` the printed rate can stand for."""
    yield from _possible(
        (whole, rate), f"{whole.written} × {rate.written}", whole.limits, rate,
        lambda count, share: Limits(count.low * share.low, _times(count.high, share.high)),
        f"If {rate.named} is a share of {whole.named}, the number of these",
        f"{rate.written} of {whole.written} is not possible",
    )


def _denominator(count: Figure, rate: Figure) -> Iterator[Finding]:
    """Say of how many in all `count` can be the printed rate."""
    if rate.limits.low <= 0 or rate.value >= 1:
        return
    yield from _possible(
        (count, rate), f"{count.written} / {rate.written}", count.limits, rate,
        lambda done, share: Limits(
            done.low / (share.high or Fraction(1)), None if done.high is None else done.high / share.low
        ),
        f"If {count.named} is what {rate.named} gives as a share, the number in all",
        f"{count.written} at {rate.written} is not possible",
    )


def _possible(
    figures: tuple[Figure, Figure], quotient: str, count: Limits, rate: Figure,
    limits_at: Callable[[Limits, Limits], Limits], subject: str, refused: str,
) -> Iterator[Finding]:
    """Say which whole numbers lie within the limits that count and rate set."""
    step = last_digit(rate.quantity, rate.unit)
    if step is None or rate.value > 1:
        return
    share = Limits(max(rate.limits.low, Fraction(0)), min(rate.limits.high or Fraction(1), Fraction(1)))
    limits = limits_at(count, share)
    lowest, highest = whole_numbers(*limits)
    low, high = float(limits.low), None if limits.high is None else float(limits.high)
    unit = figures[0].unit
    exact = count.exact and rate.bound == "exact"
    if highest is not None and lowest > highest:
        cut = whole_numbers(*limits_at(count, _cut(rate, step)))
        if exact and (cut[1] is None or cut[0] > cut[1]):
            yield Finding("numerator_denominator_rate", "inconsistent", figures,
                          f"{quotient} is no whole number ({_decimal(limits.low)} to {_decimal(limits.high)})",
                          f"{refused}: no whole number gives this rate.", None, low, high, unit)
        return
    if highest is None:
        yield Finding("numerator_denominator_rate", "implied", figures, f"{quotient} ≥ {lowest:,}",
                      f"{subject} is at least {lowest:,}.", None, low, None, unit)
        return
    within = f"{_decimal(limits.low)} to {_decimal(limits.high)}"
    numbers = [f"{number:,}" for number in range(lowest, min(highest, lowest + LISTED) + 1)]
    if lowest == highest:
        result = f"{lowest:,} ({within}; only {lowest:,} is possible)"
    elif len(numbers) <= LISTED:
        result = f"{' or '.join([', '.join(numbers[:-1]), numbers[-1]])} ({within})"
    else:
        result = f"{lowest:,} to {highest:,} ({within})"
    words = result.split(" (")[0]
    yield Finding("numerator_denominator_rate", "implied", figures, f"{quotient} = {result}",
                  f"{subject} must be {words}: no other whole number gives this rate, rounded as printed.",
                  float(lowest) if lowest == highest else None, low, high, unit)


def _cut(rate: Figure, step: Fraction) -> Limits:
    """Return the shares that give the printed rate where digits were cut off and not rounded."""
    printed = round(_fraction(rate.value) / step) * step
    return Limits(printed, printed + step)


def _shares(part: Limits, whole: Limits) -> Limits | None:
    if whole.low <= 0:
        return None
    low = Fraction(0) if whole.high is None else part.low / whole.high
    return Limits(low, None if part.high is None else part.high / whole.low)


def _times(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one * other


# --- two kinds that divide a whole


def _complements(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Compare a whole with the two complementary kinds of it that follow: 网格员, 专职网格员, 兼职网格员."""
    for whole, one, other in zip(figures, figures[1:], figures[2:], strict=False):
        if not (one.role.stage == other.role.stage == "complement" and one.role.group == other.role.group):
            continue
        scopes = {(f.kind, f.unit, f.period, f.place, f.target) for f in (whole, one, other)}
        nouns = {one.role.noun, other.role.noun} - {""}
        if len(scopes) > 1 or whole.kind != "count" or not (_near(whole, one) and _near(one, other)):
            continue
        if one.indicator != other.indicator and nouns <= {whole.indicator}:
            yield from _sum(whole, (one, other), exhaustive=True)


# --- the same indicator more than once


def _series(figures: Iterable[Figure]) -> dict[tuple[Any, ...], list[Figure]]:
    """Group the results, each fact once, by what they measure; without a place, by document."""
    groups: dict[tuple[Any, ...], dict[str, Figure]] = defaultdict(dict)
    for f in figures:
        if not f.target:
            measured = (f.place or f.doc_id, f.indicator, f.channel, f.unit, f.kind, f.direction, f.cumulative)
            groups[measured].setdefault(f.fact, f)
    return {measured: list(facts.values()) for measured, facts in groups.items() if len(facts) > 1}


def _two_values(figures: Iterable[Figure]) -> Iterator[Finding]:
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


def _falling(figures: Iterable[Figure]) -> Iterator[Finding]:
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


def _streaks(figures: Iterable[Figure]) -> Iterator[Finding]:
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


def _repeats(figures: Iterable[Figure]) -> Iterator[Finding]:
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


# --- dates


def _impossible_dates(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Find periods that end before they begin, days that no calendar has, and results of a time after the text."""
    today = max((f.period[1] for f in figures if f.period[1] is not None and _is_now(f)), default=None)
    for figure in figures:
        start, end = figure.period
        day = _no_such_day(figure)
        if start is not None and end is not None and start > end:
            formula, says = f"{start.date()} > {end.date()}", "The period ends before it begins"
        elif day:
            formula, says = f"{day}: no such day", "No calendar has this day"
        elif today is not None and start is not None and start > today and not figure.target:
            formula, says = f"{start.date()} > {today.date()}", "A result of a time after the day of the text"
        else:
            continue
        yield Finding("impossible_date", "inconsistent", (figure,), formula, f"{says}: {figure.named}.")


def _is_now(figure: Figure) -> bool:
    words = PlainText(figure.period_text).text
    return figure.period_basis == "as_of" and bool(re.fullmatch("(?:截[至止]到?)?(?:目前|当前|现在)(?:为止)?", words))


def _no_such_day(figure: Figure) -> str:
    """Return the first day of the period's words that does not exist; a 29 February may be one of any leap year."""
    for match in _DAY.finditer(PlainText(figure.period_text).text):
        year, month, day = match.groups()
        try:
            datetime.date(int(year or 2024), int(month), int(day or 1))
        except ValueError:
            return match.group()
    return ""


# --- the table


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """Put findings together that rest on the same facts: what two articles state alike is found once."""
    merged: dict[tuple[Any, ...], Finding] = {}
    for finding in findings:
        facts = (finding.check, finding.formula, *(figure.fact for figure in finding.figures))
        known = merged.get(facts)
        figures = (*(known.figures if known else ()), *finding.figures)
        merged[facts] = (known or finding)._replace(figures=tuple(dict.fromkeys(figures)))
    return list(merged.values())


def _row(finding: Finding) -> tuple[Any, ...]:
    doc_ids = " ".join(dict.fromkeys(figure.doc_id for figure in finding.figures))
    rows = " ".join(figure.key for figure in finding.figures)
    return (finding.check, finding.verdict, doc_ids, rows, *finding[3:])


def _number(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.10g}"


def _decimal(value: Fraction | None) -> str:
    return "" if value is None else f"{float(value):,.1f}"


def _equals(limits: Limits) -> str:
    if limits.high is None:
        return f"≥ {_number(limits.low)}"
    return f"= {_number(limits.low)}" + (f" to {_number(limits.high)}" if not limits.exact else "")


def _percent(figure: Figure) -> str:
    step = last_digit(figure.quantity, figure.unit) or Fraction(1, 1000)
    return _share_text(_fraction(figure.value), step)


def _share_text(share: Fraction, step: Fraction) -> str:
    """Write a share in per cent with the digits that `step` has.

    >>> _share_text(Fraction(281, 307), Fraction(1, 1000))
    '91.5 %'
    """
    decimals = max(0, -math.floor(math.log10(step * 100)))
    return f"{float(share * 100):.{decimals}f} %"


def _share_range(shares: Limits, step: Fraction) -> str:
    if shares.high is None or shares.high >= 1:
        return f"≥ {_share_text(shares.low, step)}"
    if shares.low == 0:
        return f"≤ {_share_text(shares.high, step)}"
    return f"{_share_text(shares.low, step)} to {_share_text(shares.high, step)}"
