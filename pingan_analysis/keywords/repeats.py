"""Text that stands there more than once, so that no campaign is counted twice."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from .arrays import Codes, Flags
from .pieces import Pieces, renumbered, summed

MIN_WORDS = 5
"""Shorter paragraphs (headings, signatures) may well be alike without being copies."""
COPIED_SHARE = 0.5


class WithoutRepeats(NamedTuple):
    """Pieces without repeats, with the numbers of paragraphs and documents that were left out."""

    pieces: Pieces
    paragraphs: int
    documents: int


def without_repeats(pieces: Pieces, *, rest: bool) -> WithoutRepeats:
    """Return `pieces` without what repeats other text word for word.

    Left out are, where the reference is the `rest`, its documents of which at least half of the words stand in
    paragraphs that a target document has too; then, on each side, paragraphs that have the same counted words as an
    earlier one (in order of documents). Paragraphs of less than five words repeat nothing.
    """
    copies = _copies_of_target(pieces) if rest else np.zeros(len(pieces.documents), dtype=bool)
    kept = pieces.only(~copies)
    numbers = renumbered(kept.paragraphs)
    repeated = _repeated(kept, numbers)
    left_out = len(np.unique(pieces.documents[copies]))
    return WithoutRepeats(kept.only(~repeated[numbers]), int(repeated.sum()), left_out)


def _copies_of_target(pieces: Pieces) -> Flags:
    """Mark the pieces of reference documents of which half or more stands in the target too."""
    numbers = renumbered(pieces.paragraphs)
    wordings = _wordings(pieces, numbers)
    in_target = _by_paragraph(pieces.in_target, numbers)
    known = {wording for wording, here in zip(wordings, in_target, strict=True) if here} - {b""}
    copied = np.array([wording in known for wording in wordings])
    words = pieces.counts.sum(axis=1)
    n_documents = len(pieces.document_names)
    of_document = np.bincount(pieces.documents, words, minlength=n_documents)
    of_copies = np.bincount(pieces.documents, words * copied[numbers], minlength=n_documents)
    has_target = np.bincount(pieces.documents, pieces.in_target, minlength=n_documents) > 0
    is_copy = ~has_target & (of_copies >= COPIED_SHARE * of_document)
    marked: Flags = is_copy[pieces.documents]
    return marked


def _repeated(pieces: Pieces, numbers: Codes) -> Flags:
    """Mark the paragraphs that repeat an earlier one of their side."""
    seen: set[tuple[bool, bytes]] = set()
    marks = []
    sides = _by_paragraph(pieces.in_target, numbers)
    for wording, side in zip(_wordings(pieces, numbers), sides, strict=True):
        marks.append(bool(wording) and (bool(side), wording) in seen)
        seen.add((bool(side), wording))
    return np.array(marks, dtype=bool)


def _by_paragraph(of_pieces: Flags, numbers: Codes) -> Flags:
    values = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=bool)
    values[numbers] = of_pieces
    return values


def _wordings(pieces: Pieces, numbers: Codes) -> list[bytes]:
    """Return a fingerprint of the counted words of each paragraph, the same for the same words; b"" for short ones."""
    counts = summed(pieces.counts, numbers)
    counts.sort_indices()
    terms, n = counts.indices.astype(np.int64), counts.data
    words = counts.sum(axis=1)
    return [
        blake2b(terms[start:end].tobytes() + n[start:end].tobytes(), digest_size=16).digest() if enough else b""
        for start, end, enough in zip(counts.indptr[:-1], counts.indptr[1:], words >= MIN_WORDS, strict=True)
    ]
