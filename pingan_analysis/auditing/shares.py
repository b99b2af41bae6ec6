"""Numerator, denominator and rate: do they agree, and which whole numbers does a printed rate allow?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from .evidence import Finding, Metric
from .limits import Limits, fraction, last_digit, whole_numbers
from .wording import decimal, share_range, share_text

LISTED = 3  # whole numbers that a formula names one by one


def rate_of(part: Metric, whole: Metric, rate: Metric) -> Iterator[Finding]:
    """Compare a printed rate with the numerator and the denominator that stand beside it."""
    shares = shares_of(part.limits, whole.limits)
    step = last_digit(rate.quantity, rate.unit)
    if shares is None or step is None:
        return
    metrics = (whole, part, rate)
    written = f"{part.written} / {whole.written}"
    low, high = float(shares.low), None if shares.high is None else float(shares.high)
    exact = part.limits.exact and whole.limits.exact and rate.bound == "exact"
    if not shares.excludes(rate.limits):
        if exact:
            yield Finding("numerator_denominator_rate", "consistent", metrics, f"{written} = {rate.written}",
                          f"{rate.named} is {part.named} as a share of {whole.named}.", low, low, high, rate.unit)
    elif exact and not shares.excludes(_cut(rate, step)):
        yield Finding("numerator_denominator_rate", "consistent", metrics,
                      f"{written} = {share_text(shares.low, step / 10)}, cut off to {rate.written}",
                      f"{rate.named} is {part.named} as a share of {whole.named}, cut off and not rounded.",
                      low, low, high, rate.unit)
    elif part.role.sense == rate.role.sense:
        exactly = share_text(shares.low, step) if exact else share_range(shares, step)
        yield Finding("numerator_denominator_rate", "inconsistent", metrics,
                      f"{written} = {exactly}, not {rate.written}",
                      f"{rate.named} is not the share that {part.named} has in {whole.named}.",
                      low if exact else None, low, high, rate.unit)


def share(part: Metric, whole: Metric) -> Iterator[Finding]:
    """Say which share of the matters found is settled where no rate is printed, or that it cannot be one."""
    if part.limits.above(whole.limits):
        yield Finding("parts_and_whole", "inconsistent", (whole, part), f"{part.written} > {whole.written}",
                      f"{part.named} is more than the whole that it is a part of: {whole.named}.",
                      unit=whole.unit, high=None if whole.limits.high is None else float(whole.limits.high))
        return
    shares = shares_of(part.limits, whole.limits)
    if shares is None or (shares.low == 0 and shares.high is None):
        return
    high = min(shares.high, Fraction(1)) if shares.high is not None else Fraction(1)
    if shares.low == 0 and high == 1:
        return
    step = Fraction(1, 1000)
    exact = part.limits.exact and whole.limits.exact
    equals = f"= {share_text(shares.low, step)}" if exact else f"is {share_range(Limits(shares.low, high), step)}"
    yield Finding("numerator_denominator_rate", "implied", (whole, part), f"{part.written} / {whole.written} {equals}",
                  f"If all of {part.named} are among {whole.named}, this is their share; no rate is printed.",
                  float(shares.low) if exact else None, float(shares.low), float(high), "%")


def numerator(whole: Metric, rate: Metric) -> Iterator[Finding]:
    """Say which whole numbers of `whole` the printed rate can stand for."""
    yield from _possible(
        (whole, rate), f"{whole.written} × {rate.written}", whole.limits, rate,
        lambda count, share: Limits(count.low * share.low, _times(count.high, share.high)),
        f"If {rate.named} is a share of {whole.named}, the number of these",
        f"{rate.written} of {whole.written} is not possible",
    )


def denominator(count: Metric, rate: Metric) -> Iterator[Finding]:
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
    metrics: tuple[Metric, Metric], quotient: str, count: Limits, rate: Metric,
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
    unit = metrics[0].unit
    exact = count.exact and rate.bound == "exact"
    if highest is not None and lowest > highest:
        cut = whole_numbers(*limits_at(count, _cut(rate, step)))
        if exact and (cut[1] is None or cut[0] > cut[1]):
            yield Finding("numerator_denominator_rate", "inconsistent", metrics,
                          f"{quotient} is no whole number ({decimal(limits.low)} to {decimal(limits.high)})",
                          f"{refused}: no whole number gives this rate.", None, low, high, unit)
        return
    if highest is None:
        yield Finding("numerator_denominator_rate", "implied", metrics, f"{quotient} ≥ {lowest:,}",
                      f"{subject} is at least {lowest:,}.", None, low, None, unit)
        return
    within = f"{decimal(limits.low)} to {decimal(limits.high)}"
    numbers = [f"{number:,}" for number in range(lowest, min(highest, lowest + LISTED) + 1)]
    if lowest == highest:
        result = f"{lowest:,} ({within}; only {lowest:,} is possible)"
    elif len(numbers) <= LISTED:
        result = f"{' or '.join([', '.join(numbers[:-1]), numbers[-1]])} ({within})"
    else:
        result = f"{lowest:,} to {highest:,} ({within})"
    words = result.split(" (")[0]
    yield Finding("numerator_denominator_rate", "implied", metrics, f"{quotient} = {result}",
                  f"{subject} must be {words}: no other whole number gives this rate, rounded as printed.",
                  float(lowest) if lowest == highest else None, low, high, unit)


def _cut(rate: Metric, step: Fraction) -> Limits:
    """Return the shares that give the printed rate where digits were cut off and not rounded."""
    printed = round(fraction(rate.value) / step) * step
    return Limits(printed, printed + step)


def shares_of(part: Limits, whole: Limits) -> Limits | None:
    if whole.low <= 0:
        return None
    low = Fraction(0) if whole.high is None else part.low / whole.high
    return Limits(low, None if part.high is None else part.high / whole.low)


def _times(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one * other
