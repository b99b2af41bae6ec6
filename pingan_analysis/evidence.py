"""What the rows of figures rest on: places in the articles, and the rules by which they were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from .auditing.evidence import row_keys
from .errors import TableError
from .provenance import as_evidence, paragraph_spans
from .schema import check_columns
from .script import to_simplified

if TYPE_CHECKING:
    from .study import Study

CODED = "coded"
"""Rule of what was coded by hand and is no metric."""


def row_evidence(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Return `table` with the columns evidence and rules: where the metrics behind each row stand, and how they were
    read.

    `table` has the column rows, as from `metric_series` and `campaign_events`: metrics as article:first character,
    articles by their doc_id, with spaces between. Evidence are the characters of each metric (article:first
    character-position after the last one), and of an article all of them; of another place (an event coded by hand)
    the paragraph that it stands in. `rules` has for each of them the rule of the metric, "coded" for a place that is no
    metric's, and "document" for an article. Raises `TableError` for a missing column, and where a place is in no
    paragraph of the study.

    >>> import pingan_analysis as pa
    >>> study = pa.load_study()
    >>> row_evidence(study, pd.DataFrame({"rows": ["gaoxin_2018:565"]}))[["evidence", "rules"]].values.tolist()
    [['gaoxin_2018:565-571', 'verb_noun_quantity']]
    """
    check_columns(table, ["rows"], where="table")
    known = _of_metrics(study.metrics) | _of_documents(study.documents)
    found = [
        [known.get(key) or _of_paragraph(study.paragraphs, key) for key in str(keys).split()] for keys in table["rows"]
    ]
    return table.assign(
        evidence=[" ".join(span for span, _ in row) for row in found],
        rules=[" ".join(rule for _, rule in row) for row in found],
    )


def phrase_evidence(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Return `table`, one as from `travelling_phrases`, with the column evidence: where each run stands.

    Raises `TableError` where `table` lacks the column reuse_id.
    """
    check_columns(table, ["reuse_id"], where="table")
    phrases = study.shared_phrases
    spans = pd.Series(_spans(phrases), index=phrases.index, dtype="str")
    of_run = spans.groupby(phrases["reuse_id"]).agg(" ".join)
    return table.assign(evidence=_found(of_run, table["reuse_id"]))


def variant_evidence(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Return `table`, one as from `keyword_survival`, with the column evidence: the paragraphs in which the term of
    each row stands under any way of cutting words (`study.term_variants`).

    Raises `TableError` where `table` lacks the column term.
    """
    check_columns(table, ["term"], where="table")
    if table.empty:
        return table.assign(evidence=pd.Series(dtype="str"))
    places = study.term_variants[["term", "doc_id", "para"]].drop_duplicates()
    places = places.assign(term=places["term"].map({term: to_simplified(term) for term in places["term"].unique()}))
    places = places[places["term"].isin(table["term"])].drop_duplicates()
    found = paragraph_spans(study).merge(places, on=["doc_id", "para"])
    of_term = found.groupby("term")["span"].agg(" ".join)
    return table.assign(evidence=_found(of_term, table["term"]))


def _found(evidence: pd.Series, keys: pd.Series) -> pd.Series:
    return pd.Series([evidence.get(key, "") for key in keys], index=keys.index, dtype="str")


def _spans(rows: pd.DataFrame) -> list[str]:
    places = zip(rows["doc_id"], rows["char_start"], rows["char_end"], strict=True)
    return [as_evidence(doc_id, int(start), int(end)) for doc_id, start, end in places]


def _of_metrics(metrics: pd.DataFrame) -> dict[str, tuple[str, str]]:
    return dict(zip(row_keys(metrics), zip(_spans(metrics), metrics["rule"], strict=True), strict=True))


def _of_documents(documents: pd.DataFrame) -> dict[str, tuple[str, str]]:
    whole = documents[["doc_id"]].assign(char_start=0, char_end=documents["n_chars"])
    return {doc_id: (span, "document") for doc_id, span in zip(documents["doc_id"], _spans(whole), strict=True)}


def _of_paragraph(paragraphs: pd.DataFrame, key: str) -> tuple[str, str]:
    doc_id, _, start = key.rpartition(":")
    of_article = paragraphs[paragraphs["doc_id"].eq(doc_id)]
    place = int(start) if start.isascii() and start.isdigit() else -1
    there = of_article[of_article["char_start"].le(place) & of_article["char_end"].gt(place)]
    if there.empty:
        raise TableError(f"table: column 'rows' holds {key!r}, which is no metric and no place in a paragraph of the "
                         "study; it must be an article:character, as in 'nanhu_2018:64'")
    return _spans(there)[0], CODED
