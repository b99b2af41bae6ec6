"""What ways of finding keywords claim where there is nothing to find, and whether they find what is there.

The ways ("recipes") stand in `keywords/recipes.py`:

- g2_bh: G² (four cells) of each term as χ² with one degree of freedom, then Benjamini–Hochberg; g2_bonferroni: then
  Bonferroni
- permutation: what `keyness` does with paragraphs as units
- g2_bh_tokens: g2_bh where single words are dealt to the two sides, as G² assumes
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from .errors import NothingToCompare, TableError, check_choice, check_whole
from .keyness import vocabulary_of
from .keywords.arrays import Flags, Floats
from .keywords.recipes import RECIPES
from .keywords.scores import check_alpha, direction
from .keywords.splits import grouped_by_size, paragraph_units, random_targets, splits_of
from .keywords.units import Units
from .progress import progress
from .terms import Terms

USUAL_AND_OURS = ("g2_bh", "g2_bonferroni", "permutation")
CALIBRATION = ["recipe", "draws", "claimed", "rate", "low", "high", "alpha"]
POWER = ["recipe", "per_1000", "factor", "draws", "found", "rate", "low", "high"]


def calibrate_keyness(
    terms: Terms, *, recipes: Sequence[str] = USUAL_AND_OURS, target_words: float | None = None, draws: int = 1000,
    alpha: float = 0.05, min_n: int = 5, min_words: int = 5, vocabulary: Iterable[str] | None = None,
    permutations: int = 999, seed: int = 0,
) -> pd.DataFrame:
    """Return how often each recipe claims a keyword in random splits of the same paragraphs, where none is true.

    In each of `draws` splits, the paragraphs of at least `min_words` words are put in random order; the first are the
    target, until they have `target_words` words (default: a fifth of all). Tested are terms of `vocabulary` (default:
    all) with at least `min_n` occurrences; recipes of G² may claim terms of either side, permutation those of the
    target. Columns: recipe, draws, claimed (splits with at least one claim at `alpha`), rate, low and high (95 %
    interval of the rate, Clopper & Pearson), alpha.

    The `permutations` for a number of target paragraphs are drawn once from `seed`, as `keyness` with this seed does.
    Where there is nothing to compare (no two paragraphs, no term frequent enough), the table is empty, with a warning.
    Raises `ChoiceError` for an unknown recipe, `TableError` for a table or an argument at fault.

    >>> terms = pd.DataFrame({"doc_id": "a", "para": range(20), "term": ["平安", "禁毒"] * 10, "n": [9, 8] * 10})
    >>> calibrate_keyness(terms, recipes=["g2_bh"], draws=50)[["recipe", "draws", "alpha"]].values.tolist()
    [['g2_bh', 50, 0.05]]
    """
    _check(recipes, alpha, min_n=(min_n, 1), min_words=(min_words, 1), draws=(draws, 1),
           permutations=(permutations, 1), seed=(seed, 0))
    units = _units(terms, vocabulary=vocabulary_of(vocabulary), min_n=min_n, min_words=min_words)
    if units is None:
        return pd.DataFrame(columns=CALIBRATION).astype(dict.fromkeys(CALIBRATION[1:], "float64"))
    labels = _random_targets(units, target_words, draws, seed)
    claimed = dict.fromkeys(recipes, 0)
    for same_size in progress(list(grouped_by_size(labels)), "calibrating", unit=" groups of splits"):
        splits = splits_of(units, labels[:, same_size], permutations=permutations, seed=seed)
        for recipe in recipes:
            claimed[recipe] += int((RECIPES[recipe](splits) <= alpha).any(axis=0).sum())
    rows = [(recipe, draws, n, *_rate(n, draws), alpha) for recipe, n in claimed.items()]
    return pd.DataFrame(rows, columns=CALIBRATION)


def keyness_power(
    terms: Terms, *, recipes: Sequence[str] = USUAL_AND_OURS, factor: float = 4,
    per_1000: Iterable[float] = (1, 2, 3, 5, 10), target_words: float | None = None, draws: int = 1000,
    alpha: float = 0.05, min_n: int = 5, min_words: int = 5, vocabulary: Iterable[str] | None = None,
    permutations: int = 999, seed: int = 0,
) -> pd.DataFrame:
    """Return how often each recipe claims a word that is `factor` times as frequent in the target.

    The splits are those of `calibrate_keyness`. In each, a word more is planted, in the place of untested words: in
    every paragraph a Poisson number of occurrences in proportion to its length, `per_1000` per 1,000 words in the
    reference and `factor` times that in the target. Columns: recipe, per_1000, factor, draws, found (splits in which
    the word is claimed for the target; it must occur `min_n` times), rate, low, high (as in `calibrate_keyness`).

    Warns and raises as `calibrate_keyness` does.
    """
    _check(recipes, alpha, min_n=(min_n, 1), min_words=(min_words, 1), draws=(draws, 1),
           permutations=(permutations, 1), seed=(seed, 0))
    rates = list(dict.fromkeys(_positive(rate, "per_1000") for rate in per_1000))
    _positive(factor, "factor")
    units = _units(terms, vocabulary=vocabulary_of(vocabulary), min_n=min_n, min_words=min_words)
    if units is None:
        return pd.DataFrame(columns=POWER).astype(dict.fromkeys(POWER[1:], "float64"))
    labels = _random_targets(units, target_words, draws, seed)
    found = {(recipe, rate): 0 for recipe in recipes for rate in rates}
    for rate in progress(rates, "planting words", unit=" rates"):
        random = np.random.default_rng([seed, 2])
        for same_size in grouped_by_size(labels):
            here = labels[:, same_size]
            planted = _planted(units.words, here, rate, factor, random)
            splits = splits_of(units, here, permutations=permutations, seed=seed, planted=planted)
            a, n1, b, n2 = (values[-1] if values.ndim == 2 else values for values in splits.frequencies())
            marked = (direction(a, n1, b, n2) > 0) & (a + b >= min_n)
            for recipe in recipes:
                found[recipe, rate] += int((marked & (RECIPES[recipe](splits)[-1] <= alpha)).sum())
    rows = [(recipe, rate, factor, draws, n, *_rate(n, draws)) for (recipe, rate), n in found.items()]
    return pd.DataFrame(rows, columns=POWER)


def _planted(words: Floats, labels: Flags, per_1000: float, factor: float, random: np.random.Generator) -> Floats:
    """Return occurrences of a word in each unit (units × splits), at most as many as the unit has words."""
    expected = words[:, np.newaxis] * per_1000 / 1000 * np.where(labels, factor, 1)
    return np.minimum(random.poisson(expected), words[:, np.newaxis]).astype(np.float64)


def _units(terms: Terms, **limits: Any) -> Units | None:
    """Return the paragraphs to split; None, with a warning, where there is nothing to compare."""
    try:
        return paragraph_units(terms, **limits)
    except NothingToCompare as error:
        warnings.warn(str(error), stacklevel=3)
        return None


def _random_targets(units: Units, target_words: float | None, draws: int, seed: int) -> Flags:
    everything = float(units.words.sum())
    if target_words is None:
        target_words = everything / 5
    elif not isinstance(target_words, int | float) or not 0 < target_words < everything:
        raise TableError(f"target_words={target_words!r}; it must be more than 0 and less than the {everything:,.0f} "
                         "words that there are")
    return random_targets(units.words, target_words, draws, seed)


def _rate(n: int, draws: int) -> tuple[float, float, float]:
    interval = binomtest(n, draws).proportion_ci(confidence_level=0.95, method="exact")
    return n / draws, float(interval.low), float(interval.high)


def _check(recipes: Sequence[str], alpha: float, **limits: tuple[Any, int]) -> None:
    if isinstance(recipes, str) or not recipes:
        raise TableError(f"recipes={recipes!r}; it must be a list of at least one of {', '.join(map(repr, RECIPES))}")
    for recipe in recipes:
        check_choice(recipe, RECIPES, "recipe")
    check_alpha(alpha)
    check_whole(**limits)


def _positive(value: Any, name: str) -> float:
    if not isinstance(value, int | float) or not 0 < value < np.inf:
        raise TableError(f"{name}={value!r}; it must be a number above 0")
    return float(value)
