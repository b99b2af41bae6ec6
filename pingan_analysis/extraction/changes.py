"""Words of change before a quantity (同比下降, 降幅为), and of the level that a change leads to (提高到)."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from .tables import alternatives

_BETWEEN = "[^,;:。、]{0,4}"
_CLAUSE = re.compile("[^,;:。]*$")
_LONGEST_CHANGE, _LONGEST_LEVEL = 60, 12
"""Characters before a quantity in which its words of change, and of the level reached, are looked for."""


class Change(NamedTuple):
    """Where the words of a change begin, its direction (up or down), whether they say against what (同比, 较去年)."""

    start: int
    direction: str
    compared: bool


def change_before(text: str) -> Change | None:
    """Return the change whose words end `text`, or None.

    >>> change_before("全区发案率同比下降")
    Change(start=5, direction='down', compared=True)
    """
    found = _pattern().search(text, max(0, len(text) - _LONGEST_CHANGE))
    if not found:
        return None
    clause = _CLAUSE.search(text)
    basis = found["basis"] or (clause and _basis().search(clause[0]))
    return Change(found.start(), "up" if found["up"] else "down", bool(basis))


def is_level(text: str) -> bool:
    """Whether `text` ends with the words before a level that is reached (提高到, 降至).

    >>> is_level("满意度由91%提高到")
    True
    """
    return bool(_level().search(text[-_LONGEST_LEVEL:]))


@cache
def _pattern() -> re.Pattern[str]:
    basis = f"(?:(?P<basis>{alternatives('change_basis')}){_BETWEEN})?"
    return re.compile(f"{basis}(?:(?P<up>{alternatives('up')})|(?P<down>{alternatives('down')})){_tail()}$")


@cache
def _basis() -> re.Pattern[str]:
    return re.compile(alternatives("change_basis"))


@cache
def _level() -> re.Pattern[str]:
    return re.compile(f"{alternatives('level')}{_tail()}$")


def _tail() -> str:
    return f"{alternatives('change_tail')}*"
