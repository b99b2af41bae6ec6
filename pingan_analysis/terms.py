"""Term counts and what follows from them: TF-IDF, document-term matrix, similarity of documents, dispersion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from numbers import Integral
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csc_array, csr_array

from .counting import (
    MAX_ROWS,
    STRETCHES_HELD,
    TOP_OF_EACH,
    Terms,
    ask,
    check_fits,
    checked_terms,
    count_by,
    counted_once,
    counts_of,
    frame_of,
    number_of_units,
    quoted,
    rows_with,
    stretches_of,
    told_of_terms,
    too_many_pairs,
    units_of,
)
from .errors import ChoiceError, TableError, check_choice
from .matrix import IDF_FORMULAS, DocumentTermMatrix, document_term_matrix, in_stretches, matrix_of, tf_idf_of
from .models import model_rows, passage_spans
from .progress import progress
from .reading.boilerplate import paragraphs
from .schema import check_columns, check_table, check_texts
from .segment import Segmenter, stop_words_of, tags_of
from .word_counts import count_words, units_of_text

__all__ = [
    "Terms", "content_terms", "count_by", "count_terms", "dispersion", "document_similarity", "mean_tf_idf",
    "term_dispersion", "term_spread", "tf_idf", "top_terms",
]

AnyTerms = TypeVar("AnyTerms", pd.DataFrame, duckdb.DuckDBPyRelation, Terms)

WEIGHTS = ("tf_idf", "tf", "n")
MAX_COMPARED = 5_000
"""Units of `document_similarity`: a table of 200 MB."""
_CELLS_AT_ONCE = 1_000_000
CONTENT_CLASSES = ("noun", "verb", "adjective", "idiom")
NAMES = ("ns", "nr", "nrt", "nrfg")
"""Tags of names of places and persons."""


def count_terms(documents: pd.DataFrame, *, segmenter: Segmenter | None = None) -> pd.DataFrame:
    """Return the `terms` table of `documents`: how often each word stands in each paragraph.

    `documents` has the columns doc_id and text, and boilerplate where there is any (as `read_articles` returns it);
    boilerplate and punctuation are not counted, words are counted by their simplified form. Those of a passage that
    describes a model (see `find_models`) are counted apart.

    >>> count_terms(pd.DataFrame({"doc_id": ["a"], "text": ["平安建設，平安建设"]}))[["term", "n"]].values.tolist()
    [['平安建设', 2]]
    """
    check_texts(documents)
    segmenter = segmenter or Segmenter()
    cut = documents["boilerplate"] if "boilerplate" in documents else [()] * len(documents)
    articles = list(zip(documents["text"], cut, strict=True))
    counted = count_words([
        units_of_text(
            text, paragraphs(text, tuple(spans)), segmenter, passage_spans(text, model_rows("", text, spans), spans)
        )
        for text, spans in progress(articles, "counting words", unit=" articles")
    ], segmenter)
    rows = counted.to_pandas(strings_to_categorical=False)
    return check_table(rows.assign(doc_id=documents["doc_id"].to_numpy()[rows.pop("doc")]), "terms")


def tf_idf(
    terms: Terms | DocumentTermMatrix, *, by: str | Sequence[str] = "doc_id", idf: str = "natural",
    top: int | None = None,
) -> pd.DataFrame:
    """Return how characteristic each term is of each unit: one row a unit × term, most characteristic first.

    `by` names the column (or columns) whose values are the units: "doc_id", "place" (see `Study.terms_with`),
    or ["doc_id", "para"] for paragraphs. Columns: those of `by`, then term, n (occurrences in the unit),
    tf (n / all words of the unit), df (units that have the term), idf, and tf_idf = tf × idf.
    With N units, `idf` is "natural", ln(N / df) (tidytext), or "smooth", ln((1 + N) / (1 + df)) + 1 (scikit-learn).
    With `top`, only so many rows of each unit are returned, those that `top_terms` gives: what a relation of any size
    can be asked for, as DuckDB counts out of core; without it the whole table must fit into memory. `terms` may be a
    `document_term_matrix` too, which is held in memory.
    Every row of `terms` is counted as given: leave out duplicate documents beforehand (`Study.terms_with` does).
    Raises `TableError` where a key is repeated, which would corrupt the counts (of a relation over a study's file,
    `ingest` has seen to that), where a unit or term has no name, or n is no count, or the table is too large;
    `ChoiceError` for an unknown name.

    >>> terms = pd.DataFrame({"doc_id": ["a", "a", "b"], "term": ["平安", "禁毒", "平安"], "n": [3, 1, 2]})
    >>> tf_idf(terms)[["doc_id", "term", "tf", "idf"]].round(3).values.tolist()
    [['a', '禁毒', 0.25, 0.693], ['a', '平安', 0.75, 0.0], ['b', '平安', 1.0, 0.0]]
    """
    check_choice(idf, IDF_FORMULAS, "idf")
    if top is not None:
        _check_top(top)
    if isinstance(terms, DocumentTermMatrix):
        matrix = terms.summed(by)
        if top is None and matrix.counts.nnz > MAX_ROWS:
            raise too_many_pairs(matrix.counts.nnz, TOP_OF_EACH)
        return tf_idf_of(lambda: in_stretches(matrix), idf=idf, top=top)
    units = units_of(by)
    relation = checked_terms(terms, units)
    if top is None:
        check_fits(relation, TOP_OF_EACH)
    stretches = stretches_of(relation, units) if top else [relation]
    if len(stretches) == 1:
        stretches = [counted_once(relation, units)]

    def matrices() -> Iterator[DocumentTermMatrix]:
        return (matrix_of(counts_of(some, units)) for some in stretches)

    held = list(matrices()) if len(stretches) <= STRETCHES_HELD else []
    table = tf_idf_of(lambda: held or matrices(), idf=idf, top=top)
    return table if len(stretches) == 1 or len(units) == 1 else _in_order_of_units(table, len(units))


def _in_order_of_units(table: pd.DataFrame, n_columns: int) -> pd.DataFrame:
    keys = table.iloc[:, :n_columns].set_axis(list(map(str, range(n_columns))), axis="columns")
    order = keys.sort_values(list(keys.columns), kind="stable").index
    ordered: pd.DataFrame = table.loc[order].reset_index(drop=True)
    return ordered


def content_terms(
    terms: AnyTerms, *, pos: str | Iterable[str] = CONTENT_CLASSES, names: bool = False,
    stop_words: bool | str | Path | Iterable[str] = True, min_chars: int = 2,
) -> AnyTerms:
    """Return the rows of `terms` with words that carry content; of a relation, a relation.

    Kept are words of the classes (or tags) `pos` (lexicon/part_of_speech.tsv) that have at least `min_chars`
    characters and are not in the stop list: `stop_words` is True for the one that ships (lexicon/stop_words.tsv),
    False for none, or a list or file as for `Segmenter`. Unless `names` is true, names of places and persons are left
    out, and where `terms` has a column place, also the words that a place's own name has (高新区 in 西安高新区):
    they mark a case trivially. Raises `TableError` for a missing column, `ChoiceError` for an unknown part of speech.

    >>> terms = pd.DataFrame({"term": ["平安建设", "的", "屏"], "pos": ["n", "uj", "n"], "n": [3, 9, 2]})
    >>> content_terms(terms)["term"].tolist()
    ['平安建设']
    """
    if isinstance(terms, duckdb.DuckDBPyRelation):
        check_columns(pd.DataFrame(columns=terms.columns), ("term", "pos"), where="terms", table="terms")
        words = frame_of(ask(terms, "SELECT DISTINCT term, pos FROM terms ORDER BY term, pos"))
        there = rows_with(terms, content_terms(words, pos=pos, names=names, stop_words=stop_words, min_chars=min_chars))
        own_names = not names and "place" in terms.columns
        return there.filter("NOT contains(place, term)") if own_names else there
    check_columns(terms, ("term", "pos"), where="terms", table="terms")
    kept = terms["pos"].isin(tags_of(pos)) & terms["term"].str.len().ge(min_chars)
    kept &= ~terms["term"].isin(stop_words_of(stop_words))
    if not names:
        kept &= ~terms["pos"].isin(NAMES)
        if "place" in terms:
            kept &= np.array([term not in place for term, place in zip(terms["term"], terms["place"], strict=True)])
    rows: pd.DataFrame = terms[kept].reset_index(drop=True)
    return rows


def top_terms(
    table: pd.DataFrame, *, by: str | Sequence[str] = "doc_id", value: str = "tf_idf", top: int = 10
) -> pd.DataFrame:
    """Return the `top` rows with the highest `value` above 0 in each unit of the column (or columns) `by`.

    Ties go to the term with more occurrences (`n`, where there is such a column), then to the first in order of
    characters.

    >>> table = pd.DataFrame({"doc_id": ["a", "a"], "term": ["平安", "禁毒"], "tf_idf": [0.1, 0.3]})
    >>> top_terms(table, top=1)["term"].tolist()
    ['禁毒']
    """
    _check_top(top)
    units = [by] if isinstance(by, str) else list(by)
    check_choice(value, [name for name in table.columns if pd.api.types.is_numeric_dtype(table[name])], "value")
    for unit in units:
        check_choice(unit, [name for name in table.columns if name not in ("term", value)], "by")
    order = [*units, value, *(["n"] if "n" in table and value != "n" else []), "term"]
    ascending = [name in (*units, "term") for name in order]
    ranked = table[table[value] > 0].sort_values(order, ascending=ascending)
    return ranked.groupby(units, sort=False).head(top).reset_index(drop=True)


def _check_top(top: int) -> None:
    if not isinstance(top, Integral) or top < 1:
        raise TableError(f"top={top!r}; it must be a whole number, 1 or more")


def term_spread(terms: Terms, *, case: str = "doc_id") -> pd.DataFrame:
    """Return in how many documents and cases each term stands: columns term, n, documents, cases; in order of terms.

    `terms` has the columns doc_id, term, n, and that of `case` (see `Study.terms_with`). Raises what `tf_idf` does.

    >>> terms = pd.DataFrame({"doc_id": ["a", "b"], "place": "甲县", "term": "平安", "n": [3, 1]})
    >>> term_spread(terms, case="place").to_numpy().tolist()
    [['平安', 4, 2, 1]]
    """
    relation = checked_terms(terms, list(dict.fromkeys(["doc_id", case])))
    with told_of_terms():
        return frame_of(ask(relation, f"""
            SELECT term, sum(n)::BIGINT AS n, count(DISTINCT doc_id) AS documents,
                   count(DISTINCT {quoted(case)}) AS cases
            FROM terms WHERE n > 0 GROUP BY term ORDER BY term
        """))


def mean_tf_idf(terms: Terms, *, by: str, over: str | Sequence[str], idf: str = "natural") -> pd.DataFrame:
    """Return the mean TF-IDF of each term over the units `over` (such as ["doc_id", "para"]) of each unit of `by`.

    The mean is weighted by the units' lengths in words, or the words of a heading would lead it. Columns: that of `by`,
    term, n (occurrences), units (units of `over` that have the term), tf_idf.

    >>> terms = pd.DataFrame({"doc_id": ["a"] * 3, "para": [0, 1, 1], "term": ["平安", "平安", "禁毒"], "n": [1, 2, 1]})
    >>> mean_tf_idf(terms, by="doc_id", over="para").round(3).to_numpy().tolist()
    [['a', '禁毒', 1, 1, 0.173], ['a', '平安', 3, 2, 0.0]]
    """
    check_choice(idf, IDF_FORMULAS, "idf")
    units = list(dict.fromkeys([by, *units_of(over)]))
    relation = checked_terms(terms, units)
    case, names = quoted(by), ", ".join(map(quoted, units))
    check_fits(relation.project(f"{case}, term, n"), "count by a column of fewer values")
    n_units = number_of_units(relation, units)
    with told_of_terms():
        table = frame_of(ask(relation, f"""
            SELECT {case}, term, sum(n)::BIGINT AS n, count(*) AS units
            FROM (SELECT {names}, term, sum(n)::BIGINT AS n FROM terms WHERE n > 0 GROUP BY {names}, term)
            GROUP BY {case}, term
        """))
    df = table.groupby("term")["units"].transform("sum")
    words = table.groupby(by)["n"].transform("sum")
    table["tf_idf"] = table["n"] / words * IDF_FORMULAS[idf](n_units, df)
    return table.sort_values([by, "tf_idf", "n", "term"], ascending=[True, False, False, True], ignore_index=True)


def document_similarity(
    terms: Terms | DocumentTermMatrix, *, by: str | Sequence[str] = "doc_id", weight: str = "tf_idf",
    idf: str = "smooth", units: Iterable[Any] | None = None,
) -> pd.DataFrame:
    """Return the cosine similarity of every two units, a square table from 0 (no word in common) to 1.

    `units` are those to compare (default: all, of which there may be 5,000); idf is taken from all there are.

    `weight` is what stands in the vectors: "tf_idf" (with the `idf` of `tf_idf`), "tf" or "n". The smoothed idf is
    the default here, because ln(N / df) gives words that all units share no weight at all. Raises `ChoiceError` for
    a unit that has no words, `TableError` where there are too many, and what `tf_idf` does.

    >>> terms = pd.DataFrame({"doc_id": ["a", "b"], "term": ["平安", "平安"], "n": [3, 1]})
    >>> float(document_similarity(terms).loc["a", "b"].round(6))
    1.0
    """
    from sklearn.metrics.pairwise import cosine_similarity  # a second to import, and only needed here

    check_choice(weight, WEIGHTS, "weight")
    matrix = document_term_matrix(terms, by=by)
    if matrix.units.empty:
        raise TableError("terms: no rows, so there are no units to compare")
    weights = csr_array(matrix.counts, dtype=float)
    if weight == "tf_idf":
        check_choice(idf, IDF_FORMULAS, "idf")
        n_units, df = weights.shape[0], np.bincount(weights.indices, minlength=weights.shape[1])
        weights.data *= IDF_FORMULAS[idf](n_units, df)[weights.indices]
    compared = matrix.units
    if units is not None:
        wanted = list(units)
        rows = compared.get_indexer(pd.Index(wanted))
        if (rows < 0).any():
            missing = wanted[int((rows < 0).argmax())]
            raise ChoiceError(f"units: {missing!r} is none of the {len(compared):,} values of {by!r} that have words")
        weights, compared = weights[rows], compared[rows]
    if len(compared) > MAX_COMPARED:
        raise TableError(f"terms: {len(compared):,} units make a table of as many columns; name at most "
                         f"{MAX_COMPARED:,} of them: units=[…]")
    return pd.DataFrame(cosine_similarity(weights), index=compared, columns=compared)


def dispersion(counts: Sequence[float], sizes: Sequence[float]) -> dict[str, float]:
    """Return how evenly a term is spread over the parts of a corpus.

    `counts` are its occurrences in each part, `sizes` the words of each part. Keys: range (parts that have it);
    dp, deviation of proportions, ½ Σ|tᵢ − wᵢ| with tᵢ the part's share of the occurrences and wᵢ of the words
    (Gries 2008), 0 = even; dp_norm = dp / (1 − min wᵢ) (Lijffijt & Gries 2012); juilland_d, 1 = even, from the
    population standard deviation of the relative frequencies (Juilland & Chang-Rodríguez 1964); kl_divergence =
    Σ tᵢ log₂(tᵢ / wᵢ) bits (Gries 2021). For a term that does not occur, all but range are NaN; so are dp_norm and
    juilland_d where there is one part.

    >>> values = dispersion([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])
    >>> {name: round(value, 6) for name, value in values.items() if name != "kl_divergence"}
    {'range': 5, 'dp': 0.18, 'dp_norm': 0.219512, 'juilland_d': 0.78515}
    """
    part_counts, part_sizes = np.asarray(counts, dtype=float), np.asarray(sizes, dtype=float)
    if part_counts.shape != part_sizes.shape or part_counts.ndim != 1 or not part_counts.size:
        raise TableError(f"counts and sizes must be lists of one length, not {len(counts)} and {len(sizes)} parts")
    if not (np.isfinite(part_sizes) & (part_sizes > 0) & np.isfinite(part_counts) & (part_counts >= 0)).all():
        raise TableError("sizes must be numbers above 0 and counts numbers not below 0")
    row = dispersions(csr_array(part_counts.reshape(-1, 1)), part_sizes).iloc[0]
    return {"range": int(row["range"]), **{name: float(row[name]) for name in row.index if name != "range"}}


def term_dispersion(terms: Terms | DocumentTermMatrix, *, by: str | Sequence[str] = "doc_id") -> pd.DataFrame:
    """Return, for every term, its occurrences n and the measures of `dispersion` over the units of `by`.

    Columns: term, n, range, dp, dp_norm, juilland_d, kl_divergence; most frequent terms first.
    """
    matrix = document_term_matrix(terms, by=by)
    table = dispersions(matrix.counts, matrix.counts.sum(axis=1))
    table.insert(0, "term", matrix.terms)
    table.insert(1, "n", matrix.counts.sum(axis=0))
    return table.sort_values(["n", "term"], ascending=[False, True], ignore_index=True)


def dispersions(counts: csr_array, sizes: npt.NDArray[Any]) -> pd.DataFrame:
    """Return the dispersion measures of each column of `counts` (parts × terms)."""
    by_term = counts.tocsc()
    ends = np.searchsorted(by_term.indptr, np.arange(_CELLS_AT_ONCE, by_term.nnz + _CELLS_AT_ONCE, _CELLS_AT_ONCE))
    edges = np.unique(np.concatenate(([0], ends, [counts.shape[1]])).clip(max=counts.shape[1]))
    blocks = [_dispersions(by_term[:, start:end], sizes) for start, end in pairwise(edges)]
    return pd.concat(blocks, ignore_index=True) if blocks else _dispersions(by_term, sizes)


def _dispersions(counts: csc_array, sizes: npt.NDArray[Any]) -> pd.DataFrame:
    occurrences = counts.tocoo()
    parts, columns, n = occurrences.row, occurrences.col, occurrences.data.astype(float)
    present = n > 0
    parts, columns, n = parts[present], columns[present], n[present]
    n_parts, n_terms = counts.shape
    totals = np.bincount(columns, n, minlength=n_terms)
    weights = sizes / sizes.sum()
    shares = n / totals[columns]
    with np.errstate(invalid="ignore", divide="ignore"):
        # parts without the term add their whole weight: |0 − w| = w
        absent = np.maximum(1 - np.bincount(columns, weights[parts], minlength=n_terms), 0)
        dp = (np.bincount(columns, np.abs(shares - weights[parts]), minlength=n_terms) + absent) / 2
        frequencies = n / sizes[parts]
        mean = np.bincount(columns, frequencies, minlength=n_terms) / n_parts
        squares = np.bincount(columns, frequencies**2, minlength=n_terms) / n_parts
        variation = np.sqrt(np.maximum(squares - mean**2, 0)) / mean
        juilland_d = 1 - variation / np.sqrt(n_parts - 1)
        kl_divergence = np.bincount(columns, shares * np.log2(shares / weights[parts]), minlength=n_terms)
        dp_norm = dp / (1 - weights.min(initial=1))
    measures = {"dp": dp, "dp_norm": dp_norm, "juilland_d": juilland_d, "kl_divergence": kl_divergence}
    undefined = {name: np.where(totals > 0, values, np.nan) for name, values in measures.items()}
    return pd.DataFrame({"range": np.bincount(columns, minlength=n_terms), **undefined})
