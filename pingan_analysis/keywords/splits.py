"""Random targets: paragraphs in random order, the first of which are the target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..errors import NothingToCompare
from ..terms import Terms
from .arrays import Codes, Flags, Floats
from .pieces import read_paragraphs
from .recipes import Splits
from .units import PARAGRAPHS, Units


def paragraph_units(terms: Terms, *, vocabulary: set[str] | None, min_n: int, min_words: int) -> Units:
    """Return the paragraphs of at least `min_words` words, none in a target, with the terms that are tested."""
    pieces = read_paragraphs(terms)
    pieces = pieces.only(pieces.counts.sum(axis=1) >= min_words)
    if len(pieces.documents) < 2:
        raise NothingToCompare(f"min_words={min_words}: there are no two paragraphs of so many words")
    tested = pieces.terms_to_test(vocabulary, min_n)
    n_units = len(pieces.documents)
    return Units(PARAGRAPHS, pieces.counts[:, tested], pieces.counts.sum(axis=1), np.zeros(n_units, dtype=bool),
                 np.zeros(n_units, dtype=np.int64), False)


def random_targets(words: Floats, target_words: float, draws: int, seed: int) -> Flags:
    """Return which units are in the target of each draw (units × draws): the first of a random order, until they have
    `target_words` words."""
    random = np.random.default_rng([seed, 1])
    labels = np.zeros((len(words), draws), dtype=bool)
    for draw in range(draws):
        order = random.permutation(len(words))
        size = int(np.searchsorted(np.cumsum(words[order]), target_words)) + 1
        labels[order[: min(size, len(order) - 1)], draw] = True
    return labels


def grouped_by_size(labels: Flags) -> Iterator[Codes]:
    """Yield the numbers of the draws that have the same number of units in the target."""
    sizes = labels.sum(axis=0)
    for size in np.unique(sizes):
        yield np.flatnonzero(sizes == size)


def splits_of(units: Units, labels: Flags, **options: Any) -> Splits:
    """Return draws of one size as `Splits`."""
    return Splits(units._replace(in_target=labels[:, 0]), labels.astype(np.float64), **options)
