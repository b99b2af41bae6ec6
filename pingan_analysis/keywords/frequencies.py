"""How often each term stands on either side, and in how much of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import hypergeom

from ..terms import dispersions
from .arrays import Codes, Flags, Floats
from .pieces import Pieces, present, renumbered, summed, total
from .units import DOCUMENTS, PARAGRAPHS


class Side:
    """What stands on one side: counts of the tested terms in its documents and paragraphs, and its size."""

    def __init__(self, pieces: Pieces, tested: Codes) -> None:
        documents, paragraphs = renumbered(pieces.documents), renumbered(pieces.paragraphs)
        counts = pieces.counts[:, tested]
        self.n: Floats = total(counts)
        self.words = float(pieces.counts.sum())
        self.by_document = summed(counts, documents)
        self.documents = present(self.by_document)
        self.paragraphs = present(summed(counts, paragraphs))
        self.size = {
            DOCUMENTS: self.by_document.shape[0], PARAGRAPHS: int(paragraphs.max(initial=-1)) + 1,
            "words": int(self.words),
        }


def frequencies(target: Side, reference: Side) -> dict[str, Any]:
    """Return the columns of counts, relative frequencies and ranges."""
    return {
        "n_target": target.n.astype(np.int64), "n_reference": reference.n.astype(np.int64),
        "per_1000_target": 1000 * target.n / target.words, "per_1000_reference": 1000 * reference.n / reference.words,
        "documents_target": target.documents, "documents_reference": reference.documents,
        "paragraphs_target": target.paragraphs, "paragraphs_reference": reference.paragraphs,
    }


def dispersion_unit(pieces: Pieces) -> str:
    """Return what dp_norm is over: documents, or paragraphs where all is one document."""
    return DOCUMENTS if len(np.unique(pieces.documents)) > 1 else PARAGRAPHS


def dp_norm(pieces: Pieces, tested: Codes) -> Floats:
    codes = renumbered(pieces.documents if dispersion_unit(pieces) == DOCUMENTS else pieces.paragraphs)
    parts = summed(pieces.counts, codes)
    norm: Floats = dispersions(parts[:, tested], parts.sum(axis=1))["dp_norm"].to_numpy()
    return norm


def p_dispersion(target: Side, reference: Side) -> Floats:
    """Return the one-sided p of Fisher's exact test on the documents of each side that have the term."""
    have = np.stack([target.documents, target.documents + reference.documents])
    (in_target, in_both), of_term = np.unique(have, axis=1, return_inverse=True)
    n_target, n_reference = target.size[DOCUMENTS], reference.size[DOCUMENTS]
    p: Floats = hypergeom.sf(in_target - 1, n_target + n_reference, in_both, n_target)
    return np.clip(p, 0, 1)[of_term]


def in_one_document(target: Side) -> Flags:
    """Mark the terms of which one document has more than half of the target's occurrences; all, where it is the only
    one."""
    if target.by_document.shape[0] == 1:
        return np.ones(len(target.n), dtype=bool)
    marked: Flags = 2 * target.by_document.max(axis=0).toarray().ravel() > target.n
    return marked
