"""Counts of terms in a target and its reference, as a specification asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..keywords.repeats import MIN_WORDS
from ..keywords.scores import INSTEAD_OF_ZERO
from ..segment import normal_form
from ..terms import content_terms

_PARAGRAPH = ["case", "doc_id", "para"]

Floats = npt.NDArray[np.float64]


class CaseCounts(NamedTuple):
    """Counts of terms in each case (cases × terms), and the size of each case in the same unit.

    `terms` are in simplified script; where words were counted as stored, one may stand there twice.
    """

    terms: pd.Index
    counts: Floats
    sizes: Floats


class Comparison(NamedTuple):
    """Counts of `terms` in the target (a of n1) and the reference (b of n2)."""

    terms: pd.Index
    a: Floats
    n1: float
    b: Floats
    n2: float


def counts_by_choice(rows: pd.DataFrame, cases: list[str]) -> Iterator[tuple[dict[str, str], CaseCounts]]:
    """Yield the counts under each way of cutting and each choice of what is counted, after these choices.

    `rows` is a table `term_variants` with the columns case, repeats (the document's original is there too) and, where
    names of places are to be left out, place.
    """
    for way, of_way in rows.groupby(["script", "segmenter"]):
        script, segmenter = map(str, way)
        of_way = with_content(of_way)
        for duplicates, left in (("kept", of_way), ("once", without_duplicates(of_way))):
            for stop_list, counted in (("none", left), ("shipped", left[left["content"]])):
                made = {"script": script, "segmenter": segmenter, "duplicates": duplicates, "stop_list": stop_list}
                yield made | {"unit": "tokens"}, count_tokens(counted, cases)
                yield made | {"unit": "paragraphs"}, count_paragraphs(counted, left, cases)


def with_content(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with the columns simplified, the term in simplified script, and content: whether it is left by
    the stop list that ships (`content_terms`)."""
    forms = {term: normal_form(term) for term in rows["term"].unique()}
    rows = rows.assign(simplified=rows["term"].map(forms)).reset_index(drop=True)
    kept = content_terms(rows.assign(term=rows["simplified"], row=rows.index))["row"]
    return rows.assign(content=rows.index.isin(kept))


def without_duplicates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` without the documents that repeat one, and without the paragraphs that have the same words, equally
    often, as another one of the case; of these one stays."""
    rows = rows[~rows["repeats"]]
    words = rows.groupby([*_PARAGRAPH, "term"], as_index=False)["n"].sum()
    words["word"] = words["term"] + "\t" + words["n"].astype("str")
    paragraphs = words.groupby(_PARAGRAPH, as_index=False).agg(words=("word", "\n".join), n=("n", "sum"))
    repeated = paragraphs[["case", "words"]].duplicated() & paragraphs["n"].ge(MIN_WORDS)
    return rows.merge(paragraphs.loc[~repeated, _PARAGRAPH], on=_PARAGRAPH)


def count_tokens(rows: pd.DataFrame, cases: list[str]) -> CaseCounts:
    """Count the occurrences of each term; the size of a case is the number of its words in `rows`."""
    terms, counts = _count(rows, cases)
    return CaseCounts(terms, counts, counts.sum(axis=1))


def count_paragraphs(rows: pd.DataFrame, all_rows: pd.DataFrame, cases: list[str]) -> CaseCounts:
    """Count the paragraphs that have each term; the size of a case is the number of its paragraphs in `all_rows`."""
    terms, counts = _count(rows.drop_duplicates([*_PARAGRAPH, "term"]).assign(n=1), cases)
    sizes = all_rows.drop_duplicates(_PARAGRAPH)["case"].value_counts().reindex(cases, fill_value=0)
    return CaseCounts(terms, counts, np.asarray(sizes, dtype=np.float64))


def _count(rows: pd.DataFrame, cases: list[str]) -> tuple[pd.Index, Floats]:
    term_of_row, terms = pd.factorize(rows["term"])
    case_of_row = pd.Index(cases).get_indexer(pd.Index(rows["case"]))
    counts = np.zeros((len(cases), len(terms)), dtype=np.float64)
    np.add.at(counts, (case_of_row, term_of_row), rows["n"].to_numpy(dtype=np.float64))
    return pd.Index(rows.drop_duplicates("term")["simplified"]), counts


def compare(cases: CaseCounts, target: int, *, reference: str, min_n: int) -> Comparison | None:
    """Return the counts of the terms that the case at position `target` and the others have `min_n` times together;
    None where there are none."""
    others = (np.arange(len(cases.sizes)) != target) & (cases.sizes > 0)
    pooled = cases.counts[others].sum(axis=0)
    frequent = cases.counts[target] + pooled >= min_n
    n1, sizes = float(cases.sizes[target]), cases.sizes[others]
    if not n1 or not sizes.size or not frequent.any():
        return None
    b, n2 = (pooled, float(sizes.sum())) if reference == "rest" else balanced(cases.counts[others], sizes)
    return Comparison(cases.terms[frequent], cases.counts[target][frequent], n1, b[frequent], n2)


def balanced(counts: Floats, sizes: Floats) -> tuple[Floats, float]:
    """Return the counts and the size of a reference in which each case, a row of `counts`, weighs the same.

    With k cases of nᵢ words the size is what a sample with such weights is worth, k² / Σ 1/nᵢ (Kish 1965, Survey
    Sampling), and the count of a term that size × its mean relative frequency. A term that occurs counts at least the
    0.5 that the log ratio puts in the place of 0, so that it is never held rarer than one that does not occur.
    """
    size = len(sizes) ** 2 / (1 / sizes).sum()
    weighted = size * (counts / sizes[:, np.newaxis]).mean(axis=0)
    return np.where(weighted > 0, np.maximum(weighted, INSTEAD_OF_ZERO), 0), float(size)
