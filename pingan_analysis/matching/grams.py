"""Where wording of a least length begins that another document has too; most characters drop out here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .characters import Characters, Integers


@dataclass(frozen=True)
class SharedGrams:
    """The n-grams that at least two documents have, in the order of the texts; `length` is n.

    `positions` are those of their first characters among the compared characters, `numbers` tell the different ones
    apart, `remaining` counts how many follow at successive positions, this one included.
    """

    length: int
    positions: Integers
    numbers: Integers
    remaining: Integers


def shared_grams(characters: Characters, length: int) -> SharedGrams:
    """Return the n-grams of `length` compared characters that stand in at least two documents.

    >>> from .characters import compared_characters
    >>> shared_grams(compared_characters(["平安建设", "建设平安"], [(), ()]), 2).positions.tolist()
    [0, 2, 4, 6]
    """
    starts = whole_grams(characters, length)
    numbers = _gram_numbers(characters.codes, length)[starts]
    shared = _in_two_documents(numbers, characters.documents[starts])
    positions = starts[shared].astype(np.int32)
    return SharedGrams(length, positions, numbers[shared], _remaining(positions))


def whole_grams(characters: Characters, length: int) -> npt.NDArray[np.intp]:
    """Return where n-grams begin that lie in one block of one document."""
    n = max(0, len(characters.codes) - length + 1)
    last = slice(length - 1, length - 1 + n)
    same = (characters.blocks[:n] == characters.blocks[last]) & (characters.documents[:n] == characters.documents[last])
    return np.flatnonzero(same)


def _gram_numbers(codes: Integers, length: int) -> Integers:
    """Return a number for each n-gram, the same for the same characters: two shorter ones that cover it are joined."""
    numbers, covered = _numbered(codes), 1
    while covered < length:
        step = min(covered, length - covered)
        numbers = _paired(numbers[:-step], numbers[step:])
        covered += step
    return numbers


def _paired(first: Integers, second: Integers) -> Integers:
    return _numbered(first.astype(np.int64) * (second.max(initial=0) + 1) + second)


def _numbered(values: npt.NDArray[np.signedinteger]) -> Integers:
    numbers: Integers = np.unique(values, return_inverse=True)[1].astype(np.int32)
    return numbers


def _in_two_documents(numbers: Integers, documents: Integers) -> npt.NDArray[np.bool_]:
    """Return which n-grams stand in two documents; `documents` never falls."""
    first = np.empty(numbers.max(initial=-1) + 1, dtype=np.int32)
    last = np.empty_like(first)
    first[numbers[::-1]] = documents[::-1]
    last[numbers] = documents
    several: npt.NDArray[np.bool_] = first < last
    return several[numbers]


def _remaining(positions: Integers) -> Integers:
    """Return the number of positions from each one on until the next gap.

    >>> _remaining(np.array([3, 4, 5, 9])).tolist()
    [3, 2, 1, 1]
    """
    ends = np.flatnonzero(np.diff(positions, append=-1) != 1)
    items = np.arange(len(positions))
    remaining: Integers = (ends[np.searchsorted(ends, items)] - items + 1).astype(np.int32)
    return remaining
