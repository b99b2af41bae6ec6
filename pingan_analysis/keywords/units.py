"""The sampling unit: which texts change sides in a permutation, and which change sides with which."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from ..errors import TableError
from .arrays import Codes, Flags, Floats
from .pieces import Pieces, counted, renumbered, summed

DOCUMENTS, PARAGRAPHS = "documents", "paragraphs"
_COUNTABLE = math.log(1e15)
_NAMES = {"doc_id": DOCUMENTS, "para": PARAGRAPHS}


class Units(NamedTuple):
    """Counts of the tested terms in each unit (units × terms), in order of strata; units change sides in a stratum."""

    name: str
    counts: csr_array
    words: Floats
    in_target: Flags
    strata: Codes
    within_documents: bool
    """Whether the strata are documents; else all units are one stratum."""

    @property
    def sides(self) -> list[tuple[int, int]]:
        """The units of each stratum, and how many of them are in the target."""
        return list(zip(np.bincount(self.strata).tolist(),
                        np.bincount(self.strata, self.in_target).astype(int).tolist(), strict=True))

    def facts(self) -> dict[str, Any]:
        """Return what the design says of the units."""
        in_target = int(self.in_target.sum())
        return {"unit": self.name, "within_documents": self.within_documents,
                "units": {"target": in_target, "reference": len(self.in_target) - in_target}}

    def arrangements(self) -> float:
        """Return in how many ways the units can be put on the two sides with as many on each as there are."""
        return _choices(self.sides)


def _choices(sides: Sequence[tuple[int, int]]) -> float:
    """Return Π C(n, k), ∞ where it is too large to matter (and to compute)."""
    logarithm = sum(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for n, k in sides)
    return math.prod(math.comb(n, k) for n, k in sides) if logarithm < _COUNTABLE else math.inf


def smallest_p_of_documents(pieces: Pieces) -> float | None:
    """Return 1 / C(n, k) for k target documents of n; None where a document has words on both sides."""
    target, reference = (set(pieces.documents[side].tolist()) for side in (pieces.in_target, ~pieces.in_target))
    if target & reference:
        return None
    return 1 / _choices([(len(target) + len(reference), len(target))])


def choose_unit(pieces: Pieces, *, has_paragraphs: bool, alpha: float) -> str:
    """Return "doc_id" where documents can reach `alpha`, else "para" where there are paragraphs."""
    smallest = smallest_p_of_documents(pieces)
    if smallest is not None and (smallest <= alpha or not has_paragraphs):
        return "doc_id"
    if not has_paragraphs:
        raise TableError("terms: no column 'para', and documents have words on both sides; there is no unit to permute")
    return "para"


def make_units(pieces: Pieces, unit: str, tested: Codes) -> Units:
    """Return the units of the column `unit` with the counts of the terms `tested`."""
    if unit == "para":
        return _units(PARAGRAPHS, pieces, pieces.paragraphs, tested, _shared_documents(pieces))
    codes, names = (
        (pieces.documents, pieces.document_names) if unit == "doc_id" else (pieces.units, pieces.unit_names)
    )
    _check_one_side(codes, names, pieces.in_target, unit)
    return _units(_NAMES.get(unit, unit), pieces, codes, tested, np.zeros(len(codes), dtype=np.int64))


def _units(name: str, pieces: Pieces, codes: Codes, tested: Codes, strata: Codes) -> Units:
    order = np.lexsort((codes, strata))
    order = order[strata[order] >= 0]
    numbers = _numbers_in_order(codes[order])
    first = np.flatnonzero(np.diff(numbers, prepend=-1))
    counts = pieces.counts[order]
    words = counted(numbers, counts.sum(axis=1))
    return Units(name, summed(counts[:, tested], numbers), words, pieces.in_target[order][first],
                 renumbered(strata[order][first]), bool(strata.any()))


def _numbers_in_order(codes: Codes) -> Codes:
    """Number runs of equal codes from 0."""
    numbers: Codes = np.cumsum(np.diff(codes, prepend=codes[:1]) != 0)
    return numbers


def _shared_documents(pieces: Pieces) -> Codes:
    """Return the stratum of each piece: the number of its document from 1 where that stands on both sides, else −1; 0
    for all where no document does."""
    sides = [np.bincount(pieces.documents, side, minlength=len(pieces.document_names)) > 0
             for side in (pieces.in_target, ~pieces.in_target)]
    shared = sides[0] & sides[1]
    if not shared.any():
        return np.zeros(len(pieces.documents), dtype=np.int64)
    return np.where(shared[pieces.documents], pieces.documents + 1, -1)


def _check_one_side(codes: Codes, names: pd.Index, in_target: Flags, unit: str) -> None:
    both = np.intersect1d(codes[in_target], codes[~in_target])
    if both.size:
        raise TableError(f"unit={unit!r}: {names[both[0]]!r} has words on both sides, so that it cannot change sides; "
                         "take unit='para'")
