"""Same fact once: rows of `metrics` that state what an earlier row states, in the same article or another of the place.

Two rows are one fact where value, unit, bound, kind, direction, goal and place agree, their indicators share most of
their characters, and their periods do not contradict each other; and not side by side in one sentence, where equal
numbers count different things (605 grid heads, 605 grid workers).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

_FACT = ("place", "value", "unit", "bound", "kind", "direction", "target")
_SIMILAR = 0.5
"""Dice's coefficient from which on two indicators are taken for one."""
_APART = 60
"""Characters between two rows of a paragraph from which on they may be one fact."""
_MOST_COMPARED = 50
"""Rows of different facts with the same numbers that a row is compared with, so that work stays bounded."""


def mark_repeats(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return `rows` (of `metrics`, in order) with `same_as` filled in.

    It is the key (doc_id:char_start) of the first row that states the same fact, and empty for that row itself. Rows
    of several articles are linked where they name a place.
    """
    firsts: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    marked = []
    for row in rows:
        known = firsts[tuple(row[name] for name in _FACT)]
        first = next((other for other in known[:_MOST_COMPARED] if _is_same_fact(other, row)), None)
        if first is None:
            known.append(row)
        marked.append({**row, "same_as": key_of(first) if first else ""})
    return marked


def key_of(row: dict[str, Any]) -> str:
    """Return the key by which other rows name `row`.

    >>> key_of({"doc_id": "a", "char_start": 12})
    'a:12'
    """
    return f"{row['doc_id']}:{row['char_start']}"


def _is_same_fact(first: dict[str, Any], row: dict[str, Any]) -> bool:
    if first["doc_id"] != row["doc_id"]:
        if not row["place"]:
            return False
    elif first["para"] == row["para"] and row["char_start"] - first["char_end"] < _APART:
        return False
    return _periods_agree(first, row) and similarity(first["indicator"], row["indicator"]) >= _SIMILAR


def _periods_agree(first: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether one period is not stated, or both begin on the same day (ends move with the day of publication)."""
    if not first["period_basis"] or not row["period_basis"]:
        return True
    return bool(first["period_start"] == row["period_start"])


def similarity(one: str, other: str) -> float:
    """Return the share of characters that two indicators have in common (Dice 1945): 1 for equal ones.

    >>> similarity("宣传海报张贴", "宣传海报")
    0.8
    """
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common / (len(one) + len(other)) if one or other else 1.0
