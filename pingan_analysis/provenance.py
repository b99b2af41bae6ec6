"""From a row of a table back to the characters of the articles that it rests on."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from .counting import Terms, ask, quoted, rows_with
from .errors import PinganError, TableError, check_choice
from .schema import check_columns, check_texts

if TYPE_CHECKING:
    from .study import Study

PLACES_NAMED = 100
"""Paragraphs that `term_evidence` lists for a row of a large study."""


def as_evidence(doc_id: str, start: int, end: int) -> str:
    """Return how a place in an article is written in a column `evidence`; several are set apart by spaces.

    >>> as_evidence("gaoxin_2018", 120, 128)
    'gaoxin_2018:120-128'
    """
    return f"{doc_id}:{start}-{end}"


def term_evidence(study: Study, table: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """Return `table` with the column `evidence`: the paragraphs in which the term of each row stands.

    `table` has the column term, as from `tf_idf` or `keyness`. With `by`, a column of `table` and of `study.documents`
    (such as place), only paragraphs of that row's case are listed. A paragraph is written as article:first
    character-position after the last one, as in `compare_models`; documents that repeat another one are left out. A
    study does not hold the offsets of words, which would be the article again: where the texts are at hand,
    `kwic(texts, term)` has them. In a study of more than 1,000 documents, 100 paragraphs of each row are listed, the
    first by doc_id.

    Raises `TableError` where `table` lacks a column, `ChoiceError` where the documents do not have `by`.

    >>> import pingan_analysis as pa
    >>> term_evidence(pa.load_study(), pd.DataFrame({"term": ["平安鼎"]}))["evidence"].str.split().str[0].tolist()
    ['gaoxin_2018:0-31']
    """
    check_columns(table, ["term", *([by] if by else [])], where="table")
    if by is not None:
        check_choice(by, study.documents.columns, "by")
    key = ["term", *([by] if by else [])]
    places = _places_of_terms(study, study.terms_with(*([by] if by else [])), key, set(table["term"]))
    spans = places.merge(paragraph_spans(study), on=["doc_id", "para"], how="left")
    evidence = spans.groupby(key, sort=False)["span"].agg(" ".join).rename("evidence").reset_index()
    found = table.drop(columns="evidence", errors="ignore").reset_index(drop=True)
    return found.merge(evidence, on=key, how="left").fillna({"evidence": ""}).set_index(table.index)


def _places_of_terms(study: Study, terms: Terms, key: Sequence[str], wanted: set[str]) -> pd.DataFrame:
    """Return the columns `key`, doc_id and para of the paragraphs that have a term of `wanted`, in order of
    documents; of a relation, only `PLACES_NAMED` of each key, the first by doc_id."""
    columns = list(dict.fromkeys([*key, "doc_id", "para"]))
    if isinstance(terms, pd.DataFrame):
        return terms.loc[terms["term"].isin(wanted), columns].drop_duplicates()
    rows = rows_with(terms, pd.DataFrame({"term": sorted(wanted)}, dtype="str"))
    found = rows.project(", ".join(map(quoted, columns)))
    keys = ", ".join(map(quoted, key))
    places: pd.DataFrame = ask(found, f"""
        SELECT * FROM (SELECT DISTINCT * FROM terms)
        QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY doc_id, para) <= {PLACES_NAMED}
    """).df()
    order = pd.Series(range(len(study.documents)), index=study.documents["doc_id"])
    return places.assign(order=places["doc_id"].map(order)).sort_values(["order", "para"]).drop(columns="order")


def in_context(table: pd.DataFrame, texts: pd.DataFrame, study: Study, *, width: int = 20) -> pd.DataFrame:
    """Return `table` with the words of each row in their context: columns left, words and right.

    `table` has the columns doc_id, char_start and char_end (offsets into the article), as `study.metrics` has them;
    `texts` are articles with their text, as `read_articles` or `study.texts(path)` returns them. Only articles whose
    SHA-256 is that of the study's article are looked into, since offsets mean nothing in another text; rows of others
    keep the three columns empty, and a warning counts them. `width` is the number of characters on either side.

    Raises `TableError` for a missing column, an article that the study does not have, and offsets outside the article.

    >>> import pingan_analysis as pa
    >>> study = pa.load_study()
    >>> in_context(study.metrics, study.texts("../shared/articles"), study)  # doctest: +SKIP
    """
    check_columns(table, ["doc_id", "char_start", "char_end"], where="table")
    check_texts(texts)
    check_columns(texts, ["sha256"], where="texts")
    if width < 0:
        raise PinganError(f"width={width}; it must be a number of characters, 0 or more")
    at_hand = _texts_of_the_study(table, texts, study)
    rows = list(zip(table["doc_id"], table["char_start"], table["char_end"], strict=True))
    cut = [_cut(at_hand.get(doc_id), doc_id, int(start), int(end), width) for doc_id, start, end in rows]
    missing = sum(doc_id not in at_hand for doc_id, _, _ in rows)
    if missing:
        warnings.warn(f"{missing} of {len(rows)} rows are of articles that are not at hand; they have no context",
                      stacklevel=2)
    contexts = pd.DataFrame(cut, columns=["left", "words", "right"], index=table.index, dtype="str")
    return table.drop(columns=contexts.columns, errors="ignore").join(contexts)


def paragraph_spans(study: Study) -> pd.DataFrame:
    """Return the paragraphs of the study: doc_id, para, and span, as a column `evidence` has it."""
    bounds = study.paragraphs.groupby(["doc_id", "para"], sort=False).agg(
        char_start=("char_start", "min"), char_end=("char_end", "max")).reset_index()
    spans = map(as_evidence, bounds["doc_id"], bounds["char_start"], bounds["char_end"])
    return bounds[["doc_id", "para"]].assign(span=list(spans))


def _texts_of_the_study(table: pd.DataFrame, texts: pd.DataFrame, study: Study) -> dict[str, str]:
    hashes = dict(zip(study.documents["doc_id"], study.documents["sha256"], strict=True))
    unknown = set(table["doc_id"]) - set(hashes)
    if unknown:
        raise TableError(f"table: article {min(unknown)!r} is not in the study {study.path.name!r}")
    same = texts[texts["sha256"].eq(texts["doc_id"].map(hashes))]
    return dict(zip(same["doc_id"], same["text"], strict=True))


def _cut(text: str | None, doc_id: str, start: int, end: int, width: int) -> tuple[str, str, str]:
    if text is None:
        return "", "", ""
    if not 0 <= start <= end <= len(text):
        raise TableError(f"table: characters {start} to {end} of {doc_id!r}, which has {len(text)}; "
                         "make the study anew from its articles")
    return text[max(0, start - width):start], text[start:end], text[end:end + width]
