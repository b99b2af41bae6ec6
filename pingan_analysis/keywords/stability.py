"""How firm a rank is: the ranks when one document, or a group of them, is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from .arrays import Codes, Flags, Floats
from .pieces import Pieces, summed

MAX_GROUPS = 20
Score = Callable[[Floats, float, Floats, float], Mapping[str, Floats]]


class RankRange(NamedTuple):
    """The best and the worst rank of each term; how many were left out in turn, and how often that emptied a side."""

    best: Codes
    worst: Codes
    groups: int
    of_documents: bool
    """Whether each group is one document."""
    skipped: int

    def facts(self) -> dict[str, Any]:
        """Return what the design says of leaving out."""
        return {"groups": self.groups, "of": "document" if self.of_documents else "group", "skipped": self.skipped}


def ranks(scores: Mapping[str, Floats], measure: str, present: Flags) -> Codes:
    """Return the rank of each term, from 1: by `measure`, then G², then order of terms; absent terms come last."""
    keys = [np.where(present & ~np.isnan(scores[name]), scores[name], -np.inf) for name in ("g2", measure)]
    order = np.lexsort([-key for key in keys])
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    return rank


def rank_range(pieces: Pieces, tested: Codes, rank: Codes, score: Score, measure: str) -> RankRange:
    """Return the range of ranks, `rank` included, when each document is left out in turn.

    With more than 20 documents, each of 20 groups of them is: every twentieth document of either side. A group without
    which a side has no words is skipped.
    """
    groups = leave_out_groups(pieces)
    n_groups = int(groups.max()) + 1
    counts, words = _by_side_and_group(pieces, tested, groups, n_groups)
    best, worst, skipped = rank.copy(), rank.copy(), 0
    for group in range(n_groups):
        (a, b), (n1, n2) = (counts.sum(axis=1) - counts[:, group]), (words.sum(axis=1) - words[:, group])
        if n1 == 0 or n2 == 0:
            skipped += 1
            continue
        without = ranks(score(a, n1, b, n2), measure, a + b > 0)
        best, worst = np.minimum(best, without), np.maximum(worst, without)
    return RankRange(best, worst, n_groups, len(np.unique(pieces.documents)) == n_groups, skipped)


def leave_out_groups(pieces: Pieces) -> Codes:
    """Return the number of the group that each piece is left out with."""
    names = np.unique(pieces.documents)
    if len(names) <= MAX_GROUPS:
        return np.searchsorted(names, pieces.documents)
    in_target = np.isin(names, pieces.documents[pieces.in_target])
    group = np.zeros(len(names), dtype=np.int64)
    for side in (in_target, ~in_target):
        group[side] = np.arange(int(side.sum())) % MAX_GROUPS
    return group[np.searchsorted(names, pieces.documents)]


def _by_side_and_group(pieces: Pieces, tested: Codes, groups: Codes, n_groups: int) -> tuple[Floats, Floats]:
    """Return counts (2 × groups × terms) and words (2 × groups) of target and reference."""
    rows = np.where(pieces.in_target, 0, n_groups) + groups
    together: csr_array = summed(pieces.counts, rows, 2 * n_groups)
    counts = together[:, tested].toarray().reshape(2, n_groups, len(tested))
    return counts, together.sum(axis=1).reshape(2, n_groups)
