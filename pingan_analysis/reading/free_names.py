"""Names that are given once each."""

from __future__ import annotations


class FreeNames:
    """Gives each name once: with a number behind those that an earlier one has."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """Return `wanted`, or what it is called where that is taken.

        >>> names = FreeNames()
        >>> [names.take(name) for name in ("a", "a", "b", "a")]
        ['a', 'a-2', 'b', 'a-3']
        """
        free, number = wanted, self._next.get(wanted, 2)
        while free in self._next:
            free, number = f"{wanted}-{number}", number + 1
        self._next[free] = 2
        self._next[wanted] = number
        return free
