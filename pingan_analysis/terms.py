"""Term counts and what follows from them: TF-IDF, document-term matrix, similarity of documents, dispersion."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from numbers import Integral
from pathlib import Path
from typing import NamedTuple, cast

import duckdb
import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array

from .errors import ChoiceError, TableError, check_choice
from .models import model_rows, passage_spans
from .naming.lookup import passage_at
from .progress import progress
from .reading.boilerplate import paragraphs
from .schema import TERMS, check_columns, check_key, check_table, check_texts
from .segment import Segmenter, stop_words_of, tags_of

Terms = pd.DataFrame | duckdb.DuckDBPyRelation

IDF_FORMULAS = {
    "natural": lambda n_units, df: np.log(n_units / df),
    "smooth": lambda n_units, df: np.log((1 + n_units) / (1 + df)) + 1,
}
WEIGHTS = ("tf_idf", "tf", "n")
CONTENT_CLASSES = ("noun", "verb", "adjective", "idiom")
NAMES = ("ns", "nr", "nrt", "nrfg")
"""Tags of names of places and persons."""


class DocumentTermMatrix(NamedTuple):
    """A sparse matrix of counts, one row a unit and one column a term, with the names of both."""

    counts: csr_array
    units: pd.Index
    terms: pd.Index


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
    articles = list(zip(documents["doc_id"], documents["text"], cut, strict=True))
    rows = [
        row
        for doc_id, text, spans in progress(articles, "counting words", unit=" articles")
        for passages in [passage_spans(text, model_rows(doc_id, text, spans), spans)]
        for row in count_document(doc_id, text, spans, segmenter, passages)
    ]
    return check_table(pd.DataFrame(rows, columns=TERMS.column_names), "terms")


def count_document(
    doc_id: str,
    text: str,
    boilerplate: Iterable[tuple[int, int, str]],
    segmenter: Segmenter,
    passages: Sequence[tuple[int, int, str]] = (),
) -> list[tuple[str, int, str, str, str, int]]:
    """Return the rows of `terms` of one document: by paragraph, passage, term and part of speech.

    `passages` are start, end, model, as `passage_spans` gives them.
    """
    counts: dict[tuple[int, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for stretch in paragraphs(text, tuple(boilerplate)):
        words = text[stretch.start : stretch.end]
        if any(start < stretch.end and stretch.start < end for start, end, _ in passages):
            for word in segmenter.words(words):
                model = passage_at(passages, stretch.start + word.start)
                counts[stretch.para, model][word.term, word.pos] += 1
        else:
            counts[stretch.para, ""].update(segmenter.counts(words))
    return [
        (doc_id, para, model, *word, counted[word])
        for (para, model), counted in sorted(counts.items())
        for word in sorted(counted)
    ]


def tf_idf(terms: Terms, *, by: str | Sequence[str] = "doc_id", idf: str = "natural") -> pd.DataFrame:
    """Return how characteristic each term is of each unit: one row a unit × term, most characteristic first.

    `by` names the column (or columns) whose values are the units: "doc_id", "place" (see `Study.terms_with`),
    or ["doc_id", "para"] for paragraphs. Columns: those of `by`, then term, n (occurrences in the unit),
    tf (n / all words of the unit), df (units that have the term), idf, and tf_idf = tf × idf.
    With N units, `idf` is "natural", ln(N / df) (tidytext), or "smooth", ln((1 + N) / (1 + df)) + 1 (scikit-learn).
    Every row of `terms` is counted as given: leave out duplicate documents beforehand (`Study.terms_with` does).
    Raises `TableError` where a key is repeated, which would corrupt the counts (of a relation over a study's file,
    `ingest` has seen to that), where a unit or term has no name, or n is no count; `ChoiceError` for an unknown name.

    >>> terms = pd.DataFrame({"doc_id": ["a", "a", "b"], "term": ["平安", "禁毒", "平安"], "n": [3, 1, 2]})
    >>> tf_idf(terms)[["doc_id", "term", "tf", "idf"]].round(3).values.tolist()
    [['a', '禁毒', 0.25, 0.693], ['a', '平安', 0.75, 0.0], ['b', '平安', 1.0, 0.0]]
    """
    check_choice(idf, IDF_FORMULAS, "idf")
    counts = count_by(terms, by=by)
    units = [column for column in counts.columns if column not in ("term", "n")]
    n_units = len(counts[units].drop_duplicates())
    df = counts.groupby("term", sort=False)["term"].transform("size")
    table = counts.assign(
        tf=counts["n"] / counts.groupby(units, sort=False)["n"].transform("sum"),
        df=df,
        idf=IDF_FORMULAS[idf](n_units, df),
    )
    table["tf_idf"] = table["tf"] * table["idf"]
    order = [*units, "tf_idf", "n", "term"]
    return table.sort_values(order, ascending=[True] * len(units) + [False, False, True], ignore_index=True)


def count_by(terms: Terms, *, by: str | Sequence[str] = "doc_id") -> pd.DataFrame:
    """Return the occurrences of each term in each unit: columns of `by`, term, n; sorted by them.

    DuckDB adds up, so that `terms` may be a relation over files that do not fit into memory. Raises what `tf_idf` does.
    """
    units = [by] if isinstance(by, str) else list(dict.fromkeys(by))
    if not units:
        raise ChoiceError("by names no column; name one, such as 'doc_id'")
    columns = list(terms.columns)
    for name in ("term", "n"):
        if name not in columns:
            raise TableError(f"terms: no column {name!r}; it has {', '.join(map(repr, columns))}")
    for name in units:
        check_choice(name, [column for column in columns if column not in ("term", "n", "pos")], "by")
    if isinstance(terms, pd.DataFrame):
        check_key(terms, [column for column in columns if column != "n"], where="terms")
        terms = terms[[*units, "term", "n"]]
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in [*units, "term"])
    counts = _query(terms, f"""
        SELECT {names}, sum(n)::BIGINT AS n, bool_or(n IS NULL OR n < 0 OR n % 1 <> 0) AS is_no_count
        FROM terms GROUP BY {names} HAVING sum(n) > 0 OR is_no_count ORDER BY {names}
    """)
    _check_counts(counts, [*units, "term"])
    return counts.drop(columns="is_no_count")


def _query(terms: Terms, query: str) -> pd.DataFrame:
    try:
        if isinstance(terms, duckdb.DuckDBPyRelation):
            rows: pd.DataFrame = cast(duckdb.DuckDBPyRelation, terms.query("terms", query)).df()
            return rows
        with duckdb.connect() as connection:
            connection.register("terms", terms)
            return connection.execute(query).df()
    except duckdb.Error as error:
        raise TableError(f"terms: cannot be counted ({' '.join(str(error).split())[:200]})") from error


def _check_counts(counts: pd.DataFrame, names: Sequence[str]) -> None:
    for name in names:
        if counts[name].isna().any():
            raise TableError(f"terms: column {name!r} is empty in some rows; leave those rows out, or fill it")
    if counts["is_no_count"].any():
        term = counts.loc[counts["is_no_count"], "term"].iloc[0]
        raise TableError(f"terms: n of {term!r} is no count; it must be a whole number, 0 or more")


def content_terms(
    terms: pd.DataFrame, *, pos: str | Iterable[str] = CONTENT_CLASSES, names: bool = False,
    stop_words: bool | str | Path | Iterable[str] = True, min_chars: int = 2,
) -> pd.DataFrame:
    """Return the rows of `terms` with words that carry content.

    Kept are words of the classes (or tags) `pos` (lexicon/part_of_speech.tsv) that have at least `min_chars`
    characters and are not in the stop list: `stop_words` is True for the one that ships (lexicon/stop_words.tsv),
    False for none, or a list or file as for `Segmenter`. Unless `names` is true, names of places and persons are left
    out, and where `terms` has a column place, also the words that a place's own name has (高新区 in 西安高新区):
    they mark a case trivially. Raises `TableError` for a missing column, `ChoiceError` for an unknown part of speech.

    >>> terms = pd.DataFrame({"term": ["平安建设", "的", "屏"], "pos": ["n", "uj", "n"], "n": [3, 9, 2]})
    >>> content_terms(terms)["term"].tolist()
    ['平安建设']
    """
    check_columns(terms, ("term", "pos"), where="terms", table="terms")
    kept = terms["pos"].isin(tags_of(pos)) & terms["term"].str.len().ge(min_chars)
    kept &= ~terms["term"].isin(stop_words_of(stop_words))
    if not names:
        kept &= ~terms["pos"].isin(NAMES)
        if "place" in terms:
            kept &= np.array([term not in place for term, place in zip(terms["term"], terms["place"], strict=True)])
    return terms[kept].reset_index(drop=True)


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
    if not isinstance(top, Integral) or top < 1:
        raise TableError(f"top={top!r}; it must be a whole number, 1 or more")
    units = [by] if isinstance(by, str) else list(by)
    check_choice(value, [name for name in table.columns if pd.api.types.is_numeric_dtype(table[name])], "value")
    for unit in units:
        check_choice(unit, [name for name in table.columns if name not in ("term", value)], "by")
    order = [*units, value, *(["n"] if "n" in table and value != "n" else []), "term"]
    ascending = [name in (*units, "term") for name in order]
    ranked = table[table[value] > 0].sort_values(order, ascending=ascending)
    return ranked.groupby(units, sort=False).head(top).reset_index(drop=True)


def mean_tf_idf(terms: Terms, *, by: str, over: str | Sequence[str], idf: str = "natural") -> pd.DataFrame:
    """Return the mean TF-IDF of each term over the units `over` (such as ["doc_id", "para"]) of each unit of `by`.

    The mean is weighted by the units' lengths in words, or the words of a heading would lead it. Columns: that of `by`,
    term, n (occurrences), units (units of `over` that have the term), tf_idf.

    >>> terms = pd.DataFrame({"doc_id": ["a"] * 3, "para": [0, 1, 1], "term": ["平安", "平安", "禁毒"], "n": [1, 2, 1]})
    >>> mean_tf_idf(terms, by="doc_id", over="para").round(3).to_numpy().tolist()
    [['a', '禁毒', 1, 1, 0.173], ['a', '平安', 3, 2, 0.0]]
    """
    names = [over] if isinstance(over, str) else list(over)
    table = tf_idf(terms, by=[by, *(name for name in names if name != by)], idf=idf)
    table["weighted"] = table["n"] * table["idf"]
    words = table.groupby(by)["n"].sum()
    summed = table.groupby([by, "term"], as_index=False).agg(
        n=("n", "sum"), units=("n", "size"), tf_idf=("weighted", "sum")
    )
    summed["tf_idf"] /= summed[by].map(words)
    return summed.sort_values([by, "tf_idf", "n", "term"], ascending=[True, False, False, True], ignore_index=True)


def document_term_matrix(terms: Terms, *, by: str | Sequence[str] = "doc_id") -> DocumentTermMatrix:
    """Return the counts of terms by unit as a sparse matrix (units × terms, both sorted by name).

    >>> terms = pd.DataFrame({"doc_id": ["a", "b"], "term": ["平安", "禁毒"], "n": [3, 1]})
    >>> matrix = document_term_matrix(terms)
    >>> matrix.counts.toarray().tolist(), list(matrix.terms)
    ([[3, 0], [0, 1]], ['平安', '禁毒'])
    """
    counts = count_by(terms, by=by)
    keys = counts.columns.drop(["term", "n"])
    units = pd.Index(counts[keys[0]]) if len(keys) == 1 else pd.MultiIndex.from_frame(counts[keys])
    rows, unit_names = pd.factorize(units, sort=True)
    columns, term_names = pd.factorize(pd.Index(counts["term"]), sort=True)
    shape = (len(unit_names), len(term_names))
    matrix = coo_array((counts["n"].to_numpy(), (rows, columns)), shape=shape)
    return DocumentTermMatrix(csr_array(matrix), unit_names.set_names(list(keys)), term_names.set_names(["term"]))


def document_similarity(
    terms: Terms, *, by: str | Sequence[str] = "doc_id", weight: str = "tf_idf", idf: str = "smooth"
) -> pd.DataFrame:
    """Return the cosine similarity of every two units, a square table from 0 (no word in common) to 1.

    `weight` is what stands in the vectors: "tf_idf" (with the `idf` of `tf_idf`), "tf" or "n". The smoothed idf is
    the default here, because ln(N / df) gives words that all units share no weight at all.

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
        weights = weights.multiply(IDF_FORMULAS[idf](n_units, df)[np.newaxis, :]).tocsr()
    return pd.DataFrame(cosine_similarity(weights), index=matrix.units, columns=matrix.units)


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


def term_dispersion(terms: Terms, *, by: str | Sequence[str] = "doc_id") -> pd.DataFrame:
    """Return, for every term, its occurrences n and the measures of `dispersion` over the units of `by`.

    Columns: term, n, range, dp, dp_norm, juilland_d, kl_divergence; most frequent terms first.
    """
    matrix = document_term_matrix(terms, by=by)
    table = dispersions(matrix.counts, matrix.counts.sum(axis=1))
    table.insert(0, "term", matrix.terms)
    table.insert(1, "n", matrix.counts.sum(axis=0))
    return table.sort_values(["n", "term"], ascending=[False, True], ignore_index=True)


def dispersions(counts: csr_array, sizes: np.ndarray) -> pd.DataFrame:
    """Return the dispersion measures of each column of `counts` (parts × terms)."""
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
