"""The table that `keyness` returns: it knows what was compared, and says so."""

from __future__ import annotations

import html
from typing import Any

import pandas as pd

from .design import in_short, in_words
from .scores import SCORES

COLUMNS = (
    "term", "n_target", "n_reference", "per_1000_target", "per_1000_reference", "documents_target",
    "documents_reference", "paragraphs_target", "paragraphs_reference", "dp_norm", *SCORES, "p_dispersion",
    "p_permutation", "claim", "rank", "rank_best", "rank_worst", "one_document",
)
"""Columns of the table of `keyness`."""
MAIN = ("term", "n_target", "n_reference", "log_ratio", "lrc", "p_permutation", "claim", "one_document")
"""Columns that are printed of a table that has all."""


class KeynessTable(pd.DataFrame):
    """A DataFrame with the design of the comparison in `attrs["design"]`.

    Above a table with all columns of `keyness` the whole design is printed, above other parts of it one line. Of all
    columns the main ones are printed as text; a notebook shows every one.
    """

    @property
    def _constructor(self) -> type[KeynessTable]:
        return KeynessTable

    @property
    def design(self) -> dict[str, Any]:
        """What was compared and how; empty where an operation of pandas has dropped it."""
        design: dict[str, Any] = self.attrs.get("design", {})
        return design

    def _has_all_columns(self) -> bool:
        return set(COLUMNS) <= set(self.columns)

    def _in_words(self) -> list[str]:
        return in_words(self.design) if self._has_all_columns() else in_short(self.design)

    def __repr__(self) -> str:
        if not self._has_all_columns():
            return "\n".join([*self._in_words(), super().__repr__()])
        others = [str(name) for name in self.columns if name not in MAIN]
        with pd.option_context("display.max_columns", None):
            main = repr(pd.DataFrame(self)[list(MAIN)])
        return "\n".join([*self._in_words(), main, f"{len(others)} more columns: {', '.join(others)}"])

    def _repr_html_(self) -> str | None:
        shown = None if self._has_all_columns() else pd.get_option("display.max_columns")
        with pd.option_context("display.max_columns", shown):
            table: str | None = super()._repr_html_()  # type: ignore[misc]
        words = " ".join(self._in_words())
        return f"<p>{html.escape(words)}</p>\n{table}" if words and table else table
