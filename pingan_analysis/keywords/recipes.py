"""Ways of calling a word a keyword, applied to random splits of the same paragraphs, to see what each would claim."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.special import erfc
from scipy.stats import false_discovery_control

from .arrays import Floats
from .permutation import Sampler, ScoreStatistic, p_values
from .scores import scores
from .units import Units


class Splits(NamedTuple):
    """Splits (columns of `labels`: 1 for a unit in the target) that all have as many units in the target.

    `planted` are the occurrences of one word more in each split (units × splits).
    """

    units: Units
    labels: Floats
    permutations: int
    seed: int
    planted: Floats | None = None

    def frequencies(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Return a and b (terms × splits; the planted word is the last) and the words of both sides of each split."""
        a = self.units.counts.T @ self.labels
        b = self.units.counts.T @ (1 - self.labels)
        if self.planted is not None:
            a = np.vstack([a, (self.planted * self.labels).sum(axis=0)])
            b = np.vstack([b, (self.planted * (1 - self.labels)).sum(axis=0)])
        words = self.units.words
        return a, words @ self.labels, b, words @ (1 - self.labels)


def g2_bh(splits: Splits) -> Floats:
    return _benjamini_hochberg(_g2_p(*splits.frequencies()))


def g2_bonferroni(splits: Splits) -> Floats:
    p = _g2_p(*splits.frequencies())
    return np.minimum(p * len(p), 1)


def g2_bh_tokens(splits: Splits) -> Floats:
    """As `g2_bh`, but words are dealt to the two sides one by one: what G² assumes, and texts are not."""
    a, n1, b, n2 = splits.frequencies()
    tokens = np.random.default_rng([splits.seed, len(n1), int(splits.labels[:, 0].sum())])
    for split, words in enumerate(n1.astype(np.int64)):
        f = (a[:, split] + b[:, split]).astype(np.int64)
        others = int(n1[split] + n2[split]) - int(f.sum())
        dealt = tokens.multivariate_hypergeometric([*f, others], words, method="marginals")[:-1]
        a[:, split], b[:, split] = dealt, f - dealt
    return _benjamini_hochberg(_g2_p(a, n1, b, n2))


def permutation(splits: Splits) -> Floats:
    """The p-values of `keyness`: units are permuted, and the maximum is taken over the terms."""
    units = splits.units
    statistic, sampler = ScoreStatistic(units), Sampler(units, splits.permutations, splits.seed)
    drawn = not sampler.all_arrangements
    observed = statistic.of(splits.labels)
    if splits.planted is None:
        largest = np.concatenate([statistic.of(labels).max(axis=0) for labels in sampler.choices()])
        return p_values(observed, largest, drawn=drawn)
    of_planted = ScoreStatistic(units._replace(counts=csr_array(splits.planted)))
    observed = np.vstack([observed, np.diag(of_planted.of(splits.labels))])
    chunks = [np.maximum(statistic.of(labels).max(axis=0), of_planted.of(labels)) for labels in sampler.choices()]
    columns = zip(observed.T, np.hstack(chunks), strict=True)
    return np.transpose([p_values(column, largest, drawn=drawn) for column, largest in columns])


RECIPES: dict[str, Callable[[Splits], Floats]] = {
    function.__name__: function for function in (g2_bh, g2_bonferroni, permutation, g2_bh_tokens)
}
"""p-values corrected for all terms (terms × splits)."""


def _g2_p(a: Floats, n1: Floats, b: Floats, n2: Floats) -> Floats:
    g2 = scores(a, n1, b, n2, alpha=0.05, vocabulary=1, measures=("g2",))["g2"]
    p: Floats = erfc(np.sqrt(np.abs(g2) / 2))  # that of chi2 with one degree of freedom, in a third of its time
    return p


def _benjamini_hochberg(p: Floats) -> Floats:
    corrected: Floats = false_discovery_control(p, axis=0, method="bh")
    return corrected
