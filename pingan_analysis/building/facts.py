"""Which rows of `metrics` state the same fact, over all articles of a study."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from ..extraction.repeats import key_of, mark_repeats

MetricRow = dict[str, Any]
_STATED = (
    "value", "low", "high", "unit", "bound", "cumulative", "kind", "direction", "indicator", "category", "target",
)
"""Columns of `metrics` in which a word-for-word copy states the same as its original."""
COMPARED = (*_STATED, "place", "para", "char_start", "char_end", "period_basis", "period_start")
"""Columns of `metrics` that facts are compared by, beside doc_id."""


def link_facts(rows: Iterable[MetricRow], duplicate_of: dict[str, str]) -> list[MetricRow]:
    """Return the `metrics` of a study, in order of documents, with same_as filled in over all of them.

    `duplicate_of` names the original of each document, or nothing. A row of a duplicate is the same fact as the row of
    its original that states the same (the second such row as the second, and so on); all others go by `mark_repeats`.
    """
    rows = list(rows)
    original_of = _rows_of_originals(rows, duplicate_of)
    apart: dict[tuple[str, str], list[MetricRow]] = defaultdict(list)
    for row in rows:
        if key_of(row) not in original_of:  # without a place, facts are told apart by article
            apart[row["place"], "" if row["place"] else row["doc_id"]].append(row)
    marked = {key_of(row): row for group in apart.values() for row in mark_repeats(group)}
    for key, original in original_of.items():
        original_of[key] = marked[original]["same_as"] or original
    return [marked.get(key) or {**row, "same_as": original_of[key]} for row in rows for key in [key_of(row)]]


def _rows_of_originals(rows: Sequence[MetricRow], duplicate_of: dict[str, str]) -> dict[str, str]:
    """Return the keys of the rows of duplicates that their originals have too, each with the key of that row."""
    copied = set(duplicate_of.values())
    stated: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row in rows:
        if row["doc_id"] in copied:
            stated[row["doc_id"], *(row[name] for name in _STATED)].append(key_of(row))
    taken: dict[tuple[Any, ...], int] = defaultdict(int)
    originals: dict[str, str] = {}
    for row in rows:
        if original := duplicate_of[row["doc_id"]]:
            fact = tuple(row[name] for name in _STATED)
            same = stated.get((original, *fact), [])
            number = taken[row["doc_id"], *fact]
            taken[row["doc_id"], *fact] += 1
            if number < len(same):
                originals[key_of(row)] = same[number]
    return originals
