"""Permutation of sampling units, with the maximum statistic over the terms (Westfall & Young 1993).

Words clump: a text that has a word once is likely to have it again. So what changes sides are units of text, never
single words, and a term's statistic is the sum of its residuals over the target's units, R = Σ (c − s p), where c is
the term's count in a unit, s the unit's words, and p the term's rate in all units of the stratum. When k of the n units
of a stratum are chosen at random, R has mean 0, variance k (n − k) / (n (n − 1)) Σ (c − s p)², and third moment
k (n − k) (n − 2 k) / (n (n − 1) (n − 2)) Σ (c − s p)³, each summed over the strata. Rare words are skewed, and left as
they are they would set the maximum for all others; so R by its standard deviation, with skewness g, is made nearly
normal: T = 6 / g {[1 + g R / (2 sd)]^⅓ − 1} + g / 6 (Wilson & Hilferty 1931). Any statistic keeps the error rate here;
this one finds more.
"""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array

from .arrays import Codes, Floats

if TYPE_CHECKING:  # a process that only computes loads nothing of this
    from .units import Units

_CHUNK = 50
"""Arrangements that are computed at once; each chunk has its own seed, so that it does not matter who computes it."""
_ROUNDING = 1e-9
_NO_SKEWNESS = 1e-3
"""Less counts as so much, as T is not to be divided by 0."""


class Permuted(NamedTuple):
    """What `permute` finds: a p-value a term, corrected for all; how many arrangements; the least p there can be."""

    p: Floats
    arrangements: int
    all_arrangements: bool
    smallest_p: float | None

    def facts(self) -> dict[str, Any]:
        """Return what the design says of the permutations."""
        return {name: value for name, value in self._asdict().items() if name != "p"}


class ScoreStatistic:
    """T of every term for any choice of units (see above)."""

    def __init__(self, units: Units) -> None:
        n_strata = int(units.strata[-1]) + 1
        of_stratum = (np.ones(len(units.strata)), (units.strata, np.arange(len(units.strata))))
        self._strata = coo_array(of_stratum, shape=(n_strata, len(units.strata))).tocsr()
        self._words = units.words
        self._counts = csr_array(units.counts.T)
        self._rates = _rates(units, self._strata)
        self._deviation, self._skewness = _moments(units, self._strata, self._rates)

    def of(self, labels: Floats) -> Floats:
        """Return T of each term (rows) for each choice (columns) of `labels`, 1 for a unit in the target, else 0."""
        chosen_words = self._strata @ (self._words[:, np.newaxis] * labels)
        excess = self._counts @ labels - self._rates @ chosen_words
        skewness = self._skewness[:, np.newaxis]
        root = np.cbrt(1 + skewness / 2 * (excess / self._deviation[:, np.newaxis]))
        return np.asarray(6 / skewness * (root - 1) + skewness / 6)


class Sampler:
    """Choices of units for the target: all there are, if that is at most one more than `permutations`; else so many at
    random, from `seed`. The target of each stratum keeps its number of units."""

    def __init__(self, units: Units, permutations: int, seed: int) -> None:
        self.all_arrangements = units.arrangements() <= permutations + 1
        self._permutations, self._seed = permutations, seed
        self._strata = units.strata.astype(np.float64)
        self._sides = units.sides
        starts = np.concatenate(([0], np.cumsum([n for n, _ in self._sides])))
        self._starts = starts[:-1]
        self._leading = np.concatenate(
            [start + np.arange(k) for start, (_, k) in zip(self._starts, self._sides, strict=True)]
        )

    def choices(self) -> Iterator[Floats]:
        """Yield the choices (units × choices, 1 for a unit in the target), in chunks."""
        return self._every() if self.all_arrangements else (self.draw(*chunk) for chunk in self.chunks())

    def chunks(self) -> list[tuple[int, np.random.SeedSequence]]:
        """Return how many choices each chunk draws, and from which seed."""
        sizes = [min(_CHUNK, self._permutations - start) for start in range(0, self._permutations, _CHUNK)]
        return list(zip(sizes, np.random.SeedSequence(self._seed).spawn(len(sizes)), strict=True))

    def draw(self, size: int, seed: np.random.SeedSequence) -> Floats:
        """Return `size` random choices."""
        random = np.random.default_rng(seed).random((size, len(self._strata)))
        order = np.argsort(self._strata + random, axis=1)
        return _labels(order[:, self._leading], len(self._strata))

    def _every(self) -> Iterator[Floats]:
        parts = [
            [start + np.array(chosen, dtype=np.int64) for chosen in itertools.combinations(range(n), k)]
            for start, (n, k) in zip(self._starts, self._sides, strict=True)
        ]
        choices = map(np.concatenate, itertools.product(*parts))
        for chunk in iter(lambda: list(itertools.islice(choices, _CHUNK)), []):
            yield _labels(np.array(chunk), len(self._strata))


def permute(units: Units, *, permutations: int, seed: int, workers: int = 1) -> Permuted:
    """Return the one-sided p-value of each term: how often the largest T of all terms reaches this one's.

    All arrangements are tried where there are at most `permutations` + 1; then p is the share of them. Otherwise
    `permutations` are drawn, and p = (1 + those that reach it) / (1 + all). Without permutations p is NaN.
    """
    if not permutations:
        return Permuted(np.full(units.counts.shape[1], np.nan), 0, False, None)
    statistic, sampler = ScoreStatistic(units), Sampler(units, permutations, seed)
    observed = statistic.of(units.in_target.astype(np.float64)[:, np.newaxis])[:, 0]
    if workers == 1 or sampler.all_arrangements:
        largest = np.concatenate([_largest(statistic, labels) for labels in sampler.choices()])
    else:
        largest = _largest_by_processes(statistic, sampler, workers)
    p = p_values(observed, largest, drawn=not sampler.all_arrangements)
    smallest_p = 1 / (len(largest) + (not sampler.all_arrangements))
    return Permuted(p, len(largest), sampler.all_arrangements, smallest_p)


def _largest_by_processes(statistic: ScoreStatistic, sampler: Sampler, workers: int) -> Floats:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(statistic, sampler)) as pool:
        return np.concatenate(list(pool.map(_chunk, *zip(*sampler.chunks(), strict=True))))


def p_values(observed: Floats, largest: Floats, *, drawn: bool) -> Floats:
    """Return how often `largest` reaches each value of `observed`; among those `drawn`, the observed choice counts."""
    reached = len(largest) - np.searchsorted(np.sort(largest), observed - _ROUNDING)
    return np.asarray((reached + int(drawn)) / (len(largest) + int(drawn)))


def _rates(units: Units, strata: csr_array) -> csr_array:
    """Return each term's share of the words of each stratum (terms × strata)."""
    counts = csr_array((strata @ units.counts).T)
    counts.data = counts.data / (strata @ units.words)[counts.indices]
    return counts


def _moments(units: Units, strata: csr_array, rates: csr_array) -> tuple[Floats, Floats]:
    """Return the standard deviation (∞ for terms that cannot vary) and the skewness of R under random choice."""
    n, k = np.array(units.sides, dtype=np.float64).T
    second = k * (n - k) / (n * np.maximum(n - 1, 1))
    third = second * (n - 2 * k) / np.maximum(n - 2, 1)
    words = units.words

    def sums(power: int, times_words: int) -> csr_array:
        """Σ c^power s^times_words of each term in each stratum."""
        weighted = csr_array(units.counts.power(power).multiply((words**times_words)[:, np.newaxis]))
        return csr_array((strata @ weighted).T)

    squares = sums(2, 0) @ second
    variance = squares - 2 * (rates * sums(1, 1)) @ second + rates.power(2) @ (second * (strata @ words**2))
    cubes = (sums(3, 0) @ third - 3 * (rates * sums(2, 1)) @ third + 3 * (rates.power(2) * sums(1, 2)) @ third
             - rates.power(3) @ (third * (strata @ words**3)))
    varies = variance > _ROUNDING * squares
    deviation = np.where(varies, np.sqrt(np.maximum(variance, 0)), np.inf)
    skewness = cubes / deviation**3
    return deviation, np.where(np.abs(skewness) < _NO_SKEWNESS, _NO_SKEWNESS, skewness)


def _labels(chosen: Codes, n_units: int) -> Floats:
    labels = np.zeros((n_units, len(chosen)))
    labels[chosen.T, np.arange(len(chosen))] = 1
    return labels


def _largest(statistic: ScoreStatistic, labels: Floats) -> Floats:
    largest: Floats = statistic.of(labels).max(axis=0)
    return largest


_shared: list[tuple[ScoreStatistic, Sampler]] = []
"""What a worker process computes with, sent to it once."""


def _start(statistic: ScoreStatistic, sampler: Sampler) -> None:
    _shared[:] = [(statistic, sampler)]


def _chunk(size: int, seed: np.random.SeedSequence) -> Floats:
    statistic, sampler = _shared[0]
    return _largest(statistic, sampler.draw(size, seed))
