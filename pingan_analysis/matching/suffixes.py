"""Suffixes of stretches of n-grams in order, and how much any two of them have in common.

The order is found by prefix doubling (Karp, Miller & Rosenberg 1972; Manber & Myers 1993): suffixes are sorted by
their first 1, 2, 4 … n-grams; only those that are not yet told apart are sorted again (Larsson & Sadakane 2007). The
ranks of all rounds are kept, and give the common length of two suffixes in as many steps as there were rounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .characters import Integers
from .grams import SharedGrams


@dataclass(frozen=True)
class Repetition:
    """Suffixes (`items`) that a suffix `distances` characters before them repeats, over `lengths` characters."""

    items: Integers
    distances: Integers
    lengths: Integers


class SortedSuffixes:
    """The suffixes of all stretches of shared n-grams; a suffix is named by the number of its first n-gram.

    `order` lists them sorted, equal ones by position; `ranks` gives, a round, the place of the first suffix that agrees
    with each over the round's number of n-grams. `common[i]` is the number of n-grams that `order[i - 1]` and
    `order[i]` have in common; -1 at both ends.
    """

    def __init__(self, grams: SharedGrams) -> None:
        self.grams = grams
        self.order: Integers = np.argsort(grams.numbers, kind="stable").astype(np.int32)
        self.ranks: list[Integers] = []
        self._repeats: list[tuple[Integers, Integers]] = []
        self._sort()
        inner = self.common_length(self.order[:-1], self.order[1:])
        self.common: Integers = np.concatenate([[-1], inner, [-1]]).astype(np.int32)

    def common_length(self, first: Integers, second: Integers) -> Integers:
        """Return how many n-grams the suffixes `first` and `second` have in common, pair by pair."""
        most = np.minimum(self.grams.remaining[first], self.grams.remaining[second])
        length = np.zeros(len(first), dtype=np.int32)
        for power in reversed(range(len(self.ranks))):
            rank = self.ranks[power]
            at = np.minimum(length, most - 1)
            length += (rank[first + at] == rank[second + at]).astype(np.int32) << power
            np.minimum(length, most, out=length)
        return length

    def repetitions(self) -> Repetition:
        """Return where wording begins that stood there already, at most half its own length before.

        Over any such length m, the nearest suffix before that shares as many n-grams as the last round below m had lies
        at the shortest period (by the theorem of Fine & Wilf 1965), so the rounds together miss none.
        """
        items = np.concatenate([np.empty(0, dtype=np.int32), *(found[0] for found in self._repeats)])
        before = np.concatenate([np.empty(0, dtype=np.int32), *(found[1] for found in self._repeats)])
        lengths = self.common_length(before, items) + np.int32(self.grams.length - 1)
        distances = self.grams.positions[items] - self.grams.positions[before]
        real = 2 * distances <= lengths
        return Repetition(items[real], distances[real], lengths[real])

    def _sort(self) -> None:
        slots = np.arange(len(self.order), dtype=np.int32)
        rank = np.empty_like(self.order)
        nearest = np.full(len(self.order), -1, dtype=np.int32)
        keys = self.grams.numbers[self.order].astype(np.int64)
        power = 0
        while True:
            members = self.order[slots]
            starts = np.diff(keys, prepend=-1) != 0
            rank[members] = slots[np.flatnonzero(starts)][np.cumsum(starts) - 1]
            self.ranks.append(rank.copy())
            self._note_repeats(members, starts, 1 << power, nearest)
            open_ = _not_alone(starts) & (self.grams.remaining[members] >= 1 << power)
            slots, members = slots[open_], members[open_]
            if not len(slots):
                return
            keys = self._keys(rank, members, 1 << power)
            again = np.argsort(keys, kind="stable")
            keys, self.order[slots] = keys[again], members[again]
            power += 1

    def _keys(self, rank: Integers, members: Integers, length: int) -> npt.NDArray[np.int64]:
        """Return the ranks of `members` over `length` n-grams, joined with those of what follows; nothing is first."""
        follows = self.grams.remaining[members] > length
        second = np.where(follows, rank[np.where(follows, members + length, 0)], -1)
        return rank[members].astype(np.int64) * (len(rank) + 1) + second + 1

    def _note_repeats(
        self, members: Integers, starts: npt.NDArray[np.bool_], length: int, nearest: Integers
    ) -> None:
        """Note the suffixes that overlap the one before them of those that agree with them over `length` n-grams."""
        distance = np.diff(self.grams.positions[members])
        overlaps = ~starts[1:] & (distance < length + self.grams.length - 1)
        items, before = members[1:][overlaps], members[:-1][overlaps]
        new = nearest[items] != before
        nearest[items] = before
        self._repeats.append((items[new], before[new]))


def _not_alone(starts: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return which members of groups, given by where each group begins, have another in their group."""
    alone: npt.NDArray[np.bool_] = starts & np.append(starts[1:], True)
    return ~alone
