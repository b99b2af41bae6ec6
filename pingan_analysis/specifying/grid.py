"""Which specifications there are: the defensible combinations of the choices in `lexicon/specifications.tsv`."""

from __future__ import annotations

import itertools
from functools import cache

import pandas as pd

from ..lexicon import read_rows

EXCLUDED = (
    {"measure": "log_odds_z", "unit": "paragraphs"},
)
"""Choices that do not go together (`keyword_specifications` says why)."""


@cache
def choices() -> dict[str, tuple[str, ...]]:
    """Return the choices of each dimension, both in the order of the table."""
    rows = read_rows("specifications", columns=["dimension", "choice", "meaning_en", "meaning_zh"])
    dimensions = dict.fromkeys(row["dimension"] for row in rows)
    return {name: tuple(row["choice"] for row in rows if row["dimension"] == name) for name in dimensions}


def grid() -> pd.DataFrame:
    """Return the specifications: spec (from 1) and the choice in each dimension."""
    combinations = (dict(zip(choices(), values, strict=True)) for values in itertools.product(*choices().values()))
    kept = [one for one in combinations if not any(excluded.items() <= one.items() for excluded in EXCLUDED)]
    table = pd.DataFrame(kept)
    table.insert(0, "spec", range(1, len(table) + 1))
    return table
