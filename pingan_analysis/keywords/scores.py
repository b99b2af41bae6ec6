"""Measures of keyness: how much more frequent terms are in a target than in a reference.

a, b: occurrences in target and reference; n1, n2: words of each; N = n1 + n2. One function a measure, all on arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import betaincinv, rel_entr

from ..errors import TableError
from .arrays import Flags, Floats

SCORES = (
    "g2", "g2_two_cell", "log_ratio", "log_ratio_low", "log_ratio_high", "lrc", "log_odds_z", "percent_diff",
    "odds_ratio", "bic", "ell",
)
MEASURES = tuple(name for name in SCORES if name not in ("log_ratio_low", "log_ratio_high"))
INSTEAD_OF_ZERO = 0.5
"""What a count of 0 becomes in a log ratio (Hardie 2014)."""


def keyness_scores(
    a: Any, n1: Any, b: Any, n2: Any, *, prior: Any = None, alpha: float = 0.05, vocabulary: int | None = None
) -> pd.DataFrame:
    """Return measures of keyness of terms that occur `a` times in `n1` words of a target, `b` times in `n2` elsewhere.

    `a`, `n1`, `b`, `n2` are arrays, Series or single numbers (then the same for all); one row a term, with the index of
    the Series where one is given. E1 = n1 (a + b) / N and E2 = n2 (a + b) / N are the occurrences to expect. Columns:

    - g2: log-likelihood ratio 2 Σ O ln(O / E) over the four cells of the 2 × 2 table (Dunning 1993), negative where the
      term is rarer in the target; g2_two_cell: 2 [a ln(a / E1) + b ln(b / E2)], signed alike (Rayson & Garside 2000).
      A cell with 0 adds 0.
    - log_ratio: log2 [(a / n1) / (b / n2)] (Hardie 2014), in which a count of 0 becomes 0.5, of both too; log_ratio_low
      and log_ratio_high: the interval at 1 − `alpha`, from that of Clopper & Pearson for a / (a + b), without the 0.5:
      −inf where a is 0, inf where b is 0.
    - lrc: the bound nearer to 0 of the same interval at `alpha` / (2 V) a tail, 0 where it holds 0 (Evert 2022), V
      being `vocabulary`, the number of terms tested (default: the number of rows).
    - log_odds_z: difference of the log odds with an informative prior, by its standard deviation (Monroe et al. 2008):
      δ = ln [(a + α) / (n1 + α0 − a − α)] − ln [(b + α) / (n2 + α0 − b − α)], σ² = 1 / (a + α) + 1 / (b + α). `prior`
      is the α of each term, α0 their sum over the rows; by default α = a + b and α0 = N, that is, target and reference
      together are the background corpus (Jurafsky & Martin, Speech and Language Processing, on Monroe et al.). NaN
      where the term never occurs, or is the only one.
    - percent_diff: 100 (p1 − p2) / p2 with p1 = a / n1, p2 = b / n2 (Gabrielatos & Marchi 2011); inf where only b is 0,
      NaN where both are.
    - odds_ratio: a (n2 − b) / [b (n1 − a)]; inf where only the divisor is 0, NaN where both parts are.
    - bic: G² − ln N of the two-cell G² without its sign (Wilson 2013). ell: the same G² / (N ln min(E1, E2)) (Johnston,
      Berry & Mielke 2006); NaN where the least expectation is 0 or 1, below 1 negative and without meaning. Neither
      has a direction.

    Raises `TableError` for the first count that is none, exceeds its total, or for arguments of several lengths.

    >>> keyness_scores(110, 2552, 111, 29225)[["g2", "log_ratio"]].round(4).values.tolist()
    [[270.7219, 3.5044]]
    """
    check_alpha(alpha)
    counts, index = _columns({"a": a, "n1": n1, "b": b, "n2": n2})
    _check_counts(counts, index)
    if vocabulary is not None and vocabulary < 1:
        raise TableError(f"vocabulary={vocabulary!r}; it is the number of terms tested, 1 or more")
    given = None if prior is None else _prior(prior, index)
    table = scores(*counts.values(), alpha=alpha, vocabulary=vocabulary or max(len(index), 1), prior=given)
    return pd.DataFrame(table, index=index)


def scores(
    a: Floats, n1: Floats | float, b: Floats, n2: Floats | float, *,
    alpha: float, vocabulary: int, prior: Floats | None = None, prior_total: float | None = None,
    measures: Sequence[str] = SCORES,
) -> dict[str, Floats]:
    """Return the columns `measures` of `keyness_scores` for counts that are known to be right.

    `prior_total` is α0 where the terms are not all that there are.
    """
    a, n1, b, n2 = np.broadcast_arrays(a, n1, b, n2)
    if prior is None:
        prior, total = a + b, n1 + n2
    else:
        total = np.full(a.shape, prior.sum() if prior_total is None else prior_total)
    formulas = {
        "g2": lambda: direction(a, n1, b, n2) * g2(a, n1, b, n2),
        "g2_two_cell": lambda: direction(a, n1, b, n2) * g2_two_cell(a, n1, b, n2),
        "log_ratio": lambda: log_ratio(a, n1, b, n2),
        "log_ratio_low": lambda: log_ratio_low(a, n1, b, n2, alpha / 2),
        "log_ratio_high": lambda: log_ratio_high(a, n1, b, n2, alpha / 2),
        "lrc": lambda: lrc(a, n1, b, n2, alpha / (2 * vocabulary)),
        "log_odds_z": lambda: log_odds_z(a, n1, b, n2, prior, total),
        "percent_diff": lambda: percent_diff(a, n1, b, n2),
        "odds_ratio": lambda: odds_ratio(a, n1, b, n2),
        "bic": lambda: bic(a, n1, b, n2),
        "ell": lambda: ell(a, n1, b, n2),
    }
    with np.errstate(all="ignore"):
        return {name: formulas[name]() for name in measures}


def direction(a: Floats, n1: Floats, b: Floats, n2: Floats) -> Floats:
    """Return 1 where the term is more frequent in the target, −1 where it is rarer, 0 where there is no difference."""
    sign: Floats = np.sign(a * n2 - b * n1)
    return sign


def g2(a: Floats, n1: Floats, b: Floats, n2: Floats) -> Floats:
    """Return Dunning's G² over four cells, without a sign."""
    share = (a + b) / (n1 + n2)
    other = (n1 - a + n2 - b) / (n1 + n2)
    cells = ((a, n1 * share), (b, n2 * share), (n1 - a, n1 * other), (n2 - b, n2 * other))
    return _twice_the_sum([rel_entr(observed, expected) for observed, expected in cells])


def g2_two_cell(a: Floats, n1: Floats, b: Floats, n2: Floats) -> Floats:
    """Return Rayson and Garside's G² over two cells, without a sign."""
    share = (a + b) / (n1 + n2)
    return _twice_the_sum([rel_entr(a, n1 * share), rel_entr(b, n2 * share)])


def _twice_the_sum(cells: Sequence[Floats]) -> Floats:
    """Return 2 Σ O ln(O / E), which rounding must not take below 0."""
    ratio: Floats = np.maximum(2 * np.sum(cells, axis=0), 0)
    return ratio


def log_ratio(a: Floats, n1: Floats, b: Floats, n2: Floats) -> Floats:
    return np.log2(np.where(a == 0, INSTEAD_OF_ZERO, a) / n1) - np.log2(np.where(b == 0, INSTEAD_OF_ZERO, b) / n2)


def log_ratio_low(a: Floats, n1: Floats, b: Floats, n2: Floats, tail: float) -> Floats:
    """Return the lower bound of the log ratio, with probability `tail` below it: −inf where a is 0."""
    different, of_term = np.unique(a + 1j * b, return_inverse=True)  # many terms occur as often as others
    share = np.where(different.real == 0, 0, betaincinv(different.real, different.imag + 1, tail))[of_term]
    bound: Floats = np.log2(n2 / n1 * share / (1 - share))
    return bound


def log_ratio_high(a: Floats, n1: Floats, b: Floats, n2: Floats, tail: float) -> Floats:
    """Return the upper bound of the log ratio: target and reference change places."""
    return -log_ratio_low(b, n2, a, n1, tail)


def lrc(a: Floats, n1: Floats, b: Floats, n2: Floats, tail: float) -> Floats:
    """Return the conservative log ratio: the bound nearer to 0 of the interval, 0 where the interval holds 0."""
    over = direction(a, n1, b, n2) > 0
    more, of_more, less, of_less = np.where(over, (a, n1, b, n2), (b, n2, a, n1))
    bound = np.maximum(log_ratio_low(more, of_more, less, of_less, tail), 0)
    return np.where(over, bound, 0 - bound)


def log_odds_z(a: Floats, n1: Floats, b: Floats, n2: Floats, prior: Floats, prior_total: Floats) -> Floats:
    odds = (a + prior) / (n1 + prior_total - a - prior)
    odds_elsewhere = (b + prior) / (n2 + prior_total - b - prior)
    return (np.log(odds) - np.log(odds_elsewhere)) / np.sqrt(1 / (a + prior) + 1 / (b + prior))


def percent_diff(a: Floats, n1: Floats, b: Floats, n2: Floats) -> Floats:
    return 100 * (a / n1 - b / n2) / (b / n2)


def odds_ratio(a: Floats, n1: Floats, b: Floats, n2: Floats) -> Floats:
    return a * (n2 - b) / (b * (n1 - a))


def bic(a: Floats, n1: Floats, b: Floats, n2: Floats) -> Floats:
    return g2_two_cell(a, n1, b, n2) - np.log(n1 + n2)


def ell(a: Floats, n1: Floats, b: Floats, n2: Floats) -> Floats:
    least = np.minimum(n1, n2) * (a + b) / (n1 + n2)
    value = g2_two_cell(a, n1, b, n2) / ((n1 + n2) * np.log(least))
    return np.where((least == 0) | (least == 1), np.nan, value)


def _columns(given: Mapping[str, Any]) -> tuple[dict[str, Floats], pd.Index]:
    """Return the values of `given` as arrays of one length, with the index of the first Series among them."""
    index: pd.Index | None = None
    for name, values in given.items():
        if isinstance(values, pd.Series):
            if index is not None and not values.index.equals(index):
                raise TableError(f"{name}: has another index than the Series before it; align them first")
            index = values.index
    arrays = {name: _numbers(values, name) for name, values in given.items()}
    try:
        columns = np.broadcast_arrays(*(np.atleast_1d(array) for array in arrays.values()))
    except ValueError:
        lengths = ", ".join(f"{name} {array.size}" for name, array in arrays.items())
        raise TableError(f"a, n1, b and n2 must be of one length, or single numbers; they have {lengths}") from None
    if index is None:
        index = pd.RangeIndex(columns[0].size)
    return dict(zip(given, columns, strict=True)), index


def _numbers(values: Any, name: str) -> Floats:
    if isinstance(values, pd.Series | pd.Index):
        values = values.array
    try:
        if isinstance(values, pd.api.extensions.ExtensionArray):
            array = values.to_numpy(dtype=float, na_value=np.nan)
        else:
            array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise TableError(f"{name}: holds something that is no number ({error})") from None
    if array.ndim > 1:
        raise TableError(f"{name}: has {array.ndim} dimensions; it must be one row of numbers, or a single number")
    return array


def _check_counts(counts: Mapping[str, Floats], index: pd.Index) -> None:
    def check(name: str, wrong: Flags, rule: str) -> None:
        if wrong.any():
            at = int(wrong.argmax())
            raise TableError(f"{name}={counts[name][at]:g} in row {at + 1} (index {index[at]!r}); {rule}")

    for name, values in counts.items():
        check(name, ~(np.isfinite(values) & (values >= 0)), "it must be a number, 0 or more")
    for count, total in (("a", "n1"), ("b", "n2")):
        check(total, counts[total] == 0, "there must be words on both sides")
        check(count, counts[count] > counts[total], f"there are no more words than {total}, of which it counts some")


def check_alpha(alpha: float) -> None:
    """Raise `TableError` unless `alpha` lies between 0 and 1."""
    if not 0 < alpha < 1:
        raise TableError(f"alpha={alpha!r}; it must lie between 0 and 1")


def _prior(prior: Any, index: pd.Index) -> Floats:
    if isinstance(prior, pd.Series) and not prior.index.equals(index):
        raise TableError("prior: has another index than the counts; align them first")
    values = np.atleast_1d(_numbers(prior, "prior"))
    if values.size not in (1, len(index)):
        raise TableError(f"prior: has {values.size} values for {len(index)} terms; give one a term, or one for all")
    if not (np.isfinite(values) & (values > 0)).all():
        raise TableError("prior: must be numbers above 0; a term without a prior has no log odds where it is absent")
    return np.broadcast_to(values, (len(index),)).copy()
