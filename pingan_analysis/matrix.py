"""Counts held in memory as a sparse matrix, for questions that are asked again and again of other articles or words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array, csr_array

from .counting import CodedCounts, Terms, coded_counts, units_of
from .errors import TableError, check_choice

IDF_FORMULAS = {
    "natural": lambda n_units, df: np.log(n_units / df),
    "smooth": lambda n_units, df: np.log((1 + n_units) / (1 + df)) + 1,
}


CELLS_AT_ONCE = 1_000_000


class DocumentTermMatrix(NamedTuple):
    """A sparse matrix of counts, one row a unit and one column a term, with the names of both."""

    counts: csr_array
    units: pd.Index
    terms: pd.Index

    def only(self, *, units: Any = None, terms: Any = None) -> DocumentTermMatrix:
        """Return the rows and columns for which `units` and `terms` are true; without one of them, all of its.

        Terms that no unit is left of are left out too. Raises `TableError` unless each has one true or false for each
        unit, or term, in their order.

        >>> matrix = document_term_matrix(pd.DataFrame({"doc_id": ["a", "b"], "term": ["平安", "禁毒"], "n": [3, 1]}))
        >>> matrix.only(units=matrix.units != "b", terms=~matrix.terms.isin(["禁毒"])).counts.toarray().tolist()
        [[3]]
        """
        counts, kept_units, kept_terms = self.counts, self.units, self.terms
        if units is not None:
            kept = _flags(units, self.units, "units")
            counts, kept_units = counts[kept], kept_units[kept]
            present = counts.sum(axis=0) > 0
            terms = present if terms is None else present & _flags(terms, self.terms, "terms")
        if terms is not None:
            kept = _flags(terms, self.terms, "terms")
            counts, kept_terms = counts[:, kept], kept_terms[kept]
        return DocumentTermMatrix(csr_array(counts), kept_units, kept_terms)

    def total(self, units: Any = None) -> pd.Series:
        """Return the occurrences of each term, in all units or in those for which `units` is true.

        >>> matrix = document_term_matrix(pd.DataFrame({"doc_id": ["a", "b"], "term": ["平安", "禁毒"], "n": [3, 1]}))
        >>> matrix.total(matrix.units != "b").to_dict()
        {'平安': 3, '禁毒': 0}
        """
        flags = np.ones(len(self.units), dtype=bool) if units is None else _flags(units, self.units, "units")
        return pd.Series(flags @ self.counts, index=self.terms, name="n")

    def summed(self, by: str | Sequence[str]) -> DocumentTermMatrix:
        """Return the counts of the units of `by`, one or several of the columns that name a row.

        >>> terms = pd.DataFrame({"doc_id": ["a", "b"], "place": "甲县", "term": "平安", "n": [3, 1]})
        >>> document_term_matrix(terms, by=["place", "doc_id"]).summed("place").counts.toarray().tolist()
        [[4]]
        """
        columns, known = units_of(by), [str(name) for name in self.units.names]
        for column in columns:
            check_choice(column, known, "by (of a matrix one of the columns by which it was made)")
        if columns == known:
            return self
        keys = self.units.to_frame(index=False)[columns]
        rows = keys.groupby(columns).ngroup().to_numpy()
        units = _index(keys.drop_duplicates().sort_values(columns))
        sums = coo_array((np.ones(len(rows), dtype=np.int64), (rows, np.arange(len(rows)))),
                         shape=(len(units), len(rows)))
        return DocumentTermMatrix(csr_array(sums @ self.counts), units, self.terms)


def document_term_matrix(
    terms: Terms | DocumentTermMatrix, *, by: str | Sequence[str] = "doc_id"
) -> DocumentTermMatrix:
    """Return the counts of terms by unit as a sparse matrix (units × terms, both sorted by name).

    `matrix.only(units=…, terms=…)` takes some of its rows and columns, `matrix.total(units)` the occurrences of each
    term in some units (for `keyness_scores`), `matrix.summed("place")` adds rows up where `by` named several columns;
    `tf_idf`, `document_similarity` and `term_dispersion` take it in place of `terms`. So another subgroup or stop list
    does not read the study again. Parts of speech are not kept: choose by them first (`content_terms`).

    >>> terms = pd.DataFrame({"doc_id": ["a", "b"], "term": ["平安", "禁毒"], "n": [3, 1]})
    >>> matrix = document_term_matrix(terms)
    >>> matrix.counts.toarray().tolist(), list(matrix.terms)
    ([[3, 0], [0, 1]], ['平安', '禁毒'])
    """
    if isinstance(terms, DocumentTermMatrix):
        return terms.summed(by)
    return matrix_of(coded_counts(terms, by=by))


def matrix_of(coded: CodedCounts) -> DocumentTermMatrix:
    return DocumentTermMatrix(coded.counts, _index(coded.units), coded.terms.set_names(["term"]))


def _index(keys: pd.DataFrame) -> pd.Index:
    index = pd.MultiIndex.from_frame(keys) if len(keys.columns) > 1 else pd.Index(keys.iloc[:, 0])
    return index.set_names(list(keys.columns))


def tf_idf_of(
    matrices: Callable[[], Iterable[DocumentTermMatrix]], *, idf: str, top: int | None
) -> pd.DataFrame:
    """Return the table of `tf_idf` for the units of all `matrices`, each of which has other ones.

    They are gone through twice, first for the documents that each term is in.
    """
    n_units, df = 0, pd.Series(dtype="int64")
    for matrix in matrices():
        present = matrix.counts.data > 0
        here = pd.Series(np.bincount(matrix.counts.indices[present], minlength=len(matrix.terms)), index=matrix.terms)
        df = here if df.empty else df.add(here, fill_value=0).astype("int64")
        n_units += int(np.count_nonzero(matrix.counts.sum(axis=1)))
    df = df[df > 0]
    weights = IDF_FORMULAS[idf](n_units, df)
    return pd.concat([_weighed(matrix, df, weights, top) for matrix in matrices()], ignore_index=True)


def in_stretches(matrix: DocumentTermMatrix) -> Iterator[DocumentTermMatrix]:
    """Yield the rows of a matrix in stretches of some `CELLS_AT_ONCE`."""
    number = matrix.counts.indptr[:-1] // CELLS_AT_ONCE
    edges = [*np.unique(number, return_index=True)[1].tolist(), len(number)]
    for start, end in pairwise(edges if len(number) else [0, 0]):
        yield DocumentTermMatrix(csr_array(matrix.counts[start:end]), matrix.units[start:end], matrix.terms)


def _weighed(matrix: DocumentTermMatrix, df: pd.Series, weights: pd.Series, top: int | None) -> pd.DataFrame:
    """Return the table of `tf_idf` for the units of `matrix`; `df` and `weights` (idf) are those of all units."""
    counts = csr_array(matrix.counts, copy=True)
    counts.eliminate_zeros()
    n_cells = np.diff(counts.indptr)
    unit, term, n = np.repeat(np.arange(len(n_cells)), n_cells), counts.indices, counts.data
    tf = n / np.repeat(counts.sum(axis=1), n_cells)
    place = df.index.get_indexer(matrix.terms)[term]
    idf = weights.to_numpy()[place]
    columns = {"unit": unit, "term": term, "n": n, "tf": tf, "df": df.to_numpy()[place], "idf": idf, "tf_idf": tf * idf}
    kept = slice(None) if top is None else _may_lead(columns["tf_idf"], counts.indptr, top)
    table = pd.DataFrame({name: values[kept] for name, values in columns.items()})
    table = table.iloc[np.lexsort((table["term"], -table["n"], -table["tf_idf"], table["unit"]))]
    if top is not None:
        table = table.groupby("unit", sort=False).head(top)
    table = table.reset_index(drop=True)
    units = matrix.units[table.pop("unit")].to_frame(index=False)
    return pd.concat([units, table.assign(term=matrix.terms[table["term"]])], axis="columns")


def _may_lead(values: npt.NDArray[np.float64], edges: npt.NDArray[np.int32], top: int) -> npt.NDArray[np.bool_]:
    """Say which values are among the `top` highest of their row, ties included, and above 0; `edges` parts the rows."""
    least = np.zeros(len(edges) - 1)
    for row, (start, end) in enumerate(pairwise(edges)):
        if end - start > top:
            least[row] = np.partition(values[start:end], -top)[-top]
    may: npt.NDArray[np.bool_] = (values > 0) & (values >= np.repeat(least, np.diff(edges)))
    return may


def _flags(given: Any, names: pd.Index, called: str) -> npt.NDArray[np.bool_]:
    """Return `given` as true or false for each of `names`; a Series must go by them, or its order is another one."""
    flags = np.asarray(given)
    in_order = not isinstance(given, pd.Series) or given.index.equals(names)
    if flags.dtype != np.bool_ or flags.shape != (len(names),) or not in_order:
        column = f"matrix.{called}" + (f".get_level_values({names.names[-1]!r})" if names.nlevels > 1 else "")
        raise TableError(f"{called}: must be true or false for each of the {len(names):,} {called} of the matrix, in "
                         f"their order, such as {column}.isin(['{names.get_level_values(-1)[0]}'])" if len(names) else
                         f"{called}: the matrix has none")
    return flags
