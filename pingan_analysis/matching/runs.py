"""Maximal runs: wording that two documents share and that neither of its neighbours prolongs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import TableError
from .characters import Characters, Integers
from .grams import SharedGrams, shared_grams
from .intervals import Intervals, nearest_marked
from .suffixes import SortedSuffixes

MOST_OCCURRENCES = 20_000_000
"""More of them are refused: as a table they would take more than some 4 GB of memory."""

Booleans = npt.NDArray[np.bool_]


class TooMuchShared(TableError):
    """More shared wording than can be listed."""


@dataclass(frozen=True)
class Occurrences:
    """Where runs stand, by run and position: number of the run, first character, number of characters."""

    runs: Integers
    positions: Integers
    lengths: Integers


def maximal_runs(characters: Characters, length: int) -> Occurrences:
    """Return all occurrences of the maximal runs of at least `length` characters that two documents share.

    Raises `TooMuchShared` where there are more than `MOST_OCCURRENCES`.
    """
    grams = shared_grams(characters, length)
    if not len(grams.positions):
        return Occurrences(*(np.empty(0, dtype=np.int32) for _ in range(3)))
    suffixes = SortedSuffixes(grams)
    tree = Intervals(suffixes.common)
    documents = characters.documents[grams.positions]
    nodes, places = _candidates(suffixes, tree, documents)
    items = suffixes.order[places]
    common = tree.common[nodes]
    groups = np.flatnonzero(np.diff(nodes, prepend=-1))
    maximal = _with_disjoint_pair([documents[items], _left(grams, items), _right(grams, items, common)], groups)
    kept = np.repeat(maximal, np.diff(groups, append=len(nodes)))
    runs = np.cumsum(np.diff(nodes[kept], prepend=-1) != 0) - 1
    return Occurrences(runs.astype(np.int32), grams.positions[items[kept]], common[kept] + np.int32(length - 1))


def _candidates(suffixes: SortedSuffixes, tree: Intervals, documents: Integers) -> tuple[Integers, Integers]:
    """Return the nodes that may be maximal runs with the places that they stand at, by node and position."""
    order = suffixes.order
    left = _left(suffixes.grams, order)
    changing = tree.changes(_differs(left)) > 0
    shared = tree.changes(_differs(documents[order])) > 0
    nodes, places = _climbed(suffixes, tree, nearest_marked(tree.parents, changing & shared))
    by_node = np.lexsort((order[places], nodes))
    return nodes[by_node], places[by_node]


def _differs(values: Integers) -> Booleans:
    """Return at which boundaries, the two ends included, `values` change."""
    return np.concatenate([[False], values[1:] != values[:-1], [False]])


def _climbed(suffixes: SortedSuffixes, tree: Intervals, marked: Integers) -> tuple[Integers, Integers]:
    """Return each marked node with each place under it where its wording does not go on repeating itself."""
    above = marked[tree.parents]
    heights = _heights(above)
    places, nodes, counts = _ways_up(suffixes, tree, marked, heights)
    if counts.sum() > MOST_OCCURRENCES:
        raise TooMuchShared(f"documents: {counts.sum():,} occurrences of shared wording, more than "
                            f"{MOST_OCCURRENCES:,}; a greater min_chars finds fewer")
    return _nodes_above(nodes, counts, above), np.repeat(places, counts)


def _heights(above: Integers) -> Integers:
    """Return how many nodes there are from each one up to the root, itself counted and the root (0) not."""
    heights = (np.arange(len(above)) > 0).astype(np.int32)
    while above.any():
        heights += heights[above]
        above = above[above]
    return heights


def _nodes_above(nodes: Integers, counts: Integers, above: Integers) -> Integers:
    """Return for each of `nodes` as many nodes as `counts` says, each one above the one before."""
    found = np.repeat(nodes, counts)
    steps = np.arange(len(found)) - np.repeat(np.cumsum(counts) - counts, counts)
    reach = 1
    while (later := np.flatnonzero((steps >= reach) & (steps < 2 * reach))).size:
        found[later] = above[found[later - reach]]
        above = above[above]
        reach *= 2
    return found


def _ways_up(
    suffixes: SortedSuffixes, tree: Intervals, marked: Integers, heights: Integers
) -> tuple[Integers, Integers, Integers]:
    """Return the ways from suffixes towards the root on which their wording does not go on repeating itself.

    Each is given by the place of the suffix, its lowest node and the number of its nodes.
    """
    gram = suffixes.grams.length - 1
    repeated = _Repeated(suffixes)
    places = np.arange(len(suffixes.order), dtype=np.int32)
    nodes = marked[tree.around(places)]
    ways = []
    while len(places := places[nodes > 0]):
        nodes = nodes[nodes > 0]
        inside, bounds = repeated.next_change(suffixes.order[places], tree.common[nodes] + gram)
        upper = marked[tree.above(places, np.maximum(bounds - gram, 1))]
        counts = np.where(inside, 0, heights[nodes] - heights[upper]).astype(np.int32)
        ways.append((places, nodes, counts))
        nodes = upper
    return _joined([way[0] for way in ways]), _joined([way[1] for way in ways]), _joined([way[2] for way in ways])


class _Repeated:
    """For each suffix the lengths over which it goes on repeating what stands before it: `least` to `most`."""

    def __init__(self, suffixes: SortedSuffixes) -> None:
        found = suffixes.repetitions()
        by_item = np.lexsort((-found.distances, found.items))
        self._least = np.append(2 * found.distances[by_item], 0)
        self._most = np.append(found.lengths[by_item], 0)
        edges = np.searchsorted(found.items[by_item], np.arange(len(suffixes.order) + 1))
        self._next, self._last = edges[:-1].copy(), edges[1:]

    def next_change(self, items: Integers, lengths: Integers) -> tuple[Booleans, Integers]:
        """Return whether each suffix goes on repeating over its length, and below which length that changes (0: none).

        To be asked for falling lengths.
        """
        at = self._next[items]
        passed = (at < self._last[items]) & (lengths < self._least[at])
        while passed.any():
            self._next[items[passed]] += 1
            at = self._next[items]
            passed = (at < self._last[items]) & (lengths < self._least[at])
        some = at < self._last[items]
        inside = some & (lengths <= self._most[at])
        bounds = np.where(inside, self._least[at], np.where(some, self._most[at] + 1, 0))
        return inside, bounds.astype(np.int32)


def _left(grams: SharedGrams, items: Integers) -> Integers:
    """Return what stands before each suffix: the number of its n-gram, or a number of its own."""
    follows = (items > 0) & (grams.positions[items - 1] == grams.positions[items] - 1)
    return np.where(follows, grams.numbers[items - 1], -1 - items).astype(np.int32)


def _right(grams: SharedGrams, items: Integers, common: Integers) -> Integers:
    """Return what stands after the first `common` n-grams of each suffix, likewise."""
    follows = grams.remaining[items] > common
    return np.where(follows, grams.numbers[np.where(follows, items + common, 0)], -1 - items).astype(np.int32)


def _with_disjoint_pair(attributes: list[Integers], groups: npt.NDArray[np.intp]) -> Booleans:
    """Return which groups of rows, given by their first rows, hold two rows that differ in all three attributes.

    Two such rows each differ from the group's first row, or one of them is that row. So it is enough to know in which
    attributes (bits) each row agrees with the first one: two that agree with it in different attributes differ from one
    another in both, and it is the third that decides.
    """
    sizes = np.diff(groups, append=len(attributes[0]))
    agrees = np.zeros(len(attributes[0]), dtype=np.int8)
    for bit, values in enumerate(attributes):
        agrees |= (values == np.repeat(values[groups], sizes)).astype(np.int8) << bit
    holds = {bits: np.logical_or.reduceat(agrees == bits, groups) for bits in range(7)}
    pair: Booleans = holds[0].copy()
    for bit, values in enumerate(attributes):
        one, other = (1 << b for b in range(3) if b != bit)
        pair |= holds[1 << bit] & holds[one | other]
        apart = _least(values, agrees == one, groups) != _most(values, agrees == other, groups)
        apart |= _most(values, agrees == one, groups) != _least(values, agrees == other, groups)
        pair |= holds[one] & holds[other] & apart
    return pair


def _least(values: Integers, chosen: Booleans, groups: npt.NDArray[np.intp]) -> Integers:
    least: Integers = np.minimum.reduceat(np.where(chosen, values, np.iinfo(np.int32).max), groups)
    return least


def _most(values: Integers, chosen: Booleans, groups: npt.NDArray[np.intp]) -> Integers:
    most: Integers = np.maximum.reduceat(np.where(chosen, values, np.iinfo(np.int32).min), groups)
    return most


def _joined(arrays: list[Integers]) -> Integers:
    return np.concatenate([np.empty(0, dtype=np.int32), *arrays])
