"""The tables of a study, put together when all of its articles are read."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Sequence

import pandas as pd

from ..articles import Article, SkippedArticle
from ..articles import boilerplate as boilerplate_of
from ..matching.runs import TooMuchShared
from ..reading.duplicates import mark_duplicates
from ..reuse import shared_phrases
from ..schema import BOILERPLATE, DOCUMENTS, TABLES, check_table
from .batches import BatchRows
from .facts import link_facts

SMALL_STUDY = 100
"""Up to this many documents a study holds the words under every way of cutting, six times the table of terms."""


def study_tables(
    articles: Sequence[Article], skipped: Sequence[SkippedArticle], rows: BatchRows
) -> dict[str, pd.DataFrame]:
    """Return every table of the study of `articles`, checked, by its name."""
    terms = _checked("terms", rows.terms)
    columns = [*DOCUMENTS.column_names, "text", "boilerplate"]
    documents = pd.DataFrame({name: [getattr(article, name) for article in articles] for name in columns})
    n_tokens = terms.groupby("doc_id")["n"].sum()
    documents["n_tokens"] = documents["doc_id"].map(n_tokens).fillna(0)
    documents = check_table(mark_duplicates(documents), "documents")
    metrics = link_facts(rows.metrics, dict(zip(documents["doc_id"], documents["duplicate_of"], strict=True)))
    tables = {
        "documents": documents[DOCUMENTS.column_names],
        "paragraphs": _checked("paragraphs", rows.paragraphs),
        "boilerplate": boilerplate_of(documents)[BOILERPLATE.column_names],
        "skipped": _checked("skipped", [dataclasses.astuple(one) for one in skipped]),
        "terms": terms,
        "metrics": _checked("metrics", metrics),
        "models": _checked("models", rows.models),
        "channel_mentions": _checked("channel_mentions", rows.channel_mentions),
        "shared_phrases": _shared_phrases(documents),
    }
    if is_small(articles):
        tables["term_variants"] = _checked("term_variants", rows.term_variants)
    return tables


def is_small(articles: Sequence[Article]) -> bool:
    """Whether a study of `articles` holds the words under every way of cutting."""
    return len(articles) <= SMALL_STUDY


def _shared_phrases(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the wording that articles share; with a warning only its longer runs, where there are too many."""
    min_chars = 8
    while True:
        try:
            return shared_phrases(documents, min_chars=min_chars)
        except TooMuchShared:
            min_chars *= 2
            warnings.warn(f"shared_phrases: too many runs of {min_chars // 2} characters; only those of {min_chars} "
                          "and more are looked for", stacklevel=4)


def _checked(name: str, rows: Sequence[object]) -> pd.DataFrame:
    return check_table(pd.DataFrame(rows, columns=TABLES[name].column_names), name)
