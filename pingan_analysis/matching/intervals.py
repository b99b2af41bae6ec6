"""The tree of common beginnings over sorted suffixes (LCP intervals; Abouelhoda, Kurtz & Ohlebusch 2004)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .characters import Integers

Booleans = npt.NDArray[np.bool_]


class Minima:
    """Values under a pyramid of minima; answers which smaller value is the nearest before a place, many at a time."""

    def __init__(self, values: Integers) -> None:
        self._levels = [values]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            padded = np.append(below, below[-1:]) if len(below) % 2 else below
            self._levels.append(np.minimum(padded[::2], padded[1::2]))

    def nearest_before(self, places: Integers, bounds: Integers) -> Integers:
        """Return the last place before each of `places` whose value is below its bound; there must be one.

        >>> values = np.array([-1, 3, 1, 2, 2], dtype=np.int32)
        >>> Minima(values).nearest_before(np.array([4, 4]), np.array([2, 1])).tolist()
        [2, 0]
        """
        nodes = np.zeros(len(places), dtype=np.int32)
        heights = np.zeros(len(places), dtype=np.int8)
        searching = np.arange(len(places))
        for height, minima in enumerate(self._levels[:-1]):
            at = places[searching] >> height
            left = np.maximum(at - 1, 0)
            found = (at % 2 == 1) & (minima[left] < bounds[searching])
            nodes[searching[found]], heights[searching[found]] = left[found], height
            searching = searching[~found]
            if not len(searching):
                break
        return self._descend(nodes, heights, bounds)

    def _descend(self, nodes: Integers, heights: npt.NDArray[np.int8], bounds: Integers) -> Integers:
        for height in range(int(heights.max(initial=0)), 0, -1):
            going = np.flatnonzero(heights >= height)
            minima = self._levels[height - 1]
            right = np.minimum(nodes[going] * 2 + 1, len(minima) - 1)
            nodes[going] = np.where(minima[right] < bounds[going], right, nodes[going] * 2)
        return nodes


class Intervals:
    """The nodes of the tree: every group of suffixes that have more in common with one another than with the rest.

    A node is named by the first boundary in it between two suffixes that have no more in common than the group; the
    root is 0. `starts` and `ends` say which places of the order it covers (`ends` exclusive), `parents` name the
    smallest larger group. Rows of boundaries that name no node are meaningless but in `names`, which names the node.
    """

    def __init__(self, common: Integers) -> None:
        """`common`: what each suffix has in common with the one before; -1 at both ends, where there is none."""
        self.common = common
        self._last = len(common) - 1
        self._before = Minima(common)
        self._after = Minima(common[::-1].copy())
        inner = np.flatnonzero(common > 0).astype(np.int32)
        lower = self._before.nearest_before(inner, common[inner] + 1)
        heads = common[lower] < common[inner]
        self.nodes: Integers = inner[heads]
        self.names = _followed(_scattered(lower, inner, ~heads, len(common)))
        self.starts = np.zeros_like(common)
        self.starts[self.nodes] = lower[heads]
        self.ends = np.zeros_like(common)
        self.ends[self.nodes] = self._next_below(self.nodes, common[self.nodes])
        self.parents = np.zeros_like(common)
        self.parents[self.nodes] = self._wider(self.starts[self.nodes], self.ends[self.nodes])

    def above(self, places: Integers, bounds: Integers) -> Integers:
        """Return the smallest groups around suffixes, given by place, that have less than `bounds` in common."""
        return self._wider(self._before.nearest_before(places + 1, bounds), self._next_below(places, bounds))

    def around(self, places: Integers) -> Integers:
        """Return the smallest groups around suffixes, given by place."""
        return self._wider(places, places + 1)

    def changes(self, differ: Booleans) -> Integers:
        """Return in how many boundaries of each node's group `differ` (a value a boundary) holds."""
        total = np.cumsum(differ, dtype=np.int32)
        counts = np.zeros_like(self.common)
        counts[self.nodes] = total[self.ends[self.nodes] - 1] - total[self.starts[self.nodes]]
        return counts

    def _next_below(self, places: Integers, bounds: Integers) -> Integers:
        """Return the first boundaries after `places` that have less than `bounds` in common."""
        return self._last - self._after.nearest_before(self._last - places, bounds)

    def _wider(self, left: Integers, right: Integers) -> Integers:
        wider = np.where(self.common[left] >= self.common[right], left, right)
        return np.where(self.common[wider] > 0, self.names[wider], 0).astype(np.int32)


def nearest_marked(parents: Integers, marked: Booleans) -> Integers:
    """Return for every node itself if it is marked, else the nearest marked one above it; 0 where there is none."""
    own = np.arange(len(parents), dtype=np.int32)
    return _followed(np.where(marked | (own == 0), own, parents).astype(np.int32))


def _scattered(values: Integers, places: Integers, chosen: Booleans, size: int) -> Integers:
    targets = np.arange(size, dtype=np.int32)
    targets[places[chosen]] = values[chosen]
    return targets


def _followed(targets: Integers) -> Integers:
    """Follow pointers to where they end: to what points to itself."""
    while True:
        further = targets[targets]
        if np.array_equal(further, targets):
            return targets
        targets = further
