"""A table `terms` as counts of words in pieces of text, each on one side of the comparison."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from duckdb import ColumnExpression
from scipy.sparse import coo_array, csr_array

from ..counting import CodedCounts, Terms, coded_counts
from ..errors import ChoiceError, NothingToCompare, TableError, check_choice
from .arrays import Codes, Flags, Floats
from .names import COLUMNS_CALLED, check_name

REST = "rest"
_LISTED_CHOICES = 12
_NO_SIDES = ("term", "n", "pos")
"""Columns that tell words apart, not texts."""


class Pieces(NamedTuple):
    """Counts of terms in pieces of text (pieces × terms), and where each piece belongs.

    A piece is what one paragraph of one document has on one side; where the sampling unit is another column, what it
    has there of one unit. Without a column para, a document is one paragraph.
    """

    counts: csr_array
    terms: pd.Index
    documents: Codes
    paragraphs: Codes
    """One number for each document × paragraph × side."""
    in_target: Flags
    units: Codes
    """Values of the column `unit`, where it is neither doc_id nor para; else as `documents`."""
    document_names: pd.Index
    unit_names: pd.Index

    def only(self, kept: Flags) -> Pieces:
        """Return the pieces where `kept` is true."""
        if kept.all():
            return self
        return self._replace(
            counts=self.counts[np.flatnonzero(kept)], documents=self.documents[kept],
            paragraphs=self.paragraphs[kept], in_target=self.in_target[kept], units=self.units[kept],
        )


    def terms_to_test(self, vocabulary: set[str] | None, min_n: int) -> Codes:
        """Return the numbers of the terms of `vocabulary` (None: all) that occur at least `min_n` times."""
        n = total(self.counts)
        enough = n >= min_n
        if vocabulary is not None:
            in_vocabulary = self.terms.isin(vocabulary)
            if not n[in_vocabulary].any():
                raise NothingToCompare(f"vocabulary: none of its {len(vocabulary):,} terms occurs in the texts "
                                       "compared; they must be written as in the column 'term'")
            enough &= in_vocabulary
        if not enough.any():
            of = "" if vocabulary is None else " of the vocabulary"
            raise NothingToCompare(f"min_n={min_n}: no term{of} occurs so often in all the texts compared")
        return np.flatnonzero(enough)


class Counted(NamedTuple):
    """What is counted once for any number of comparisons: by document, paragraph, the column `by` and the unit."""

    coded: CodedCounts
    sides: Values
    unit: str

    @property
    def has_paragraphs(self) -> bool:
        """Whether paragraphs are told apart."""
        return "para" in self.coded.units


class Sides(NamedTuple):
    """Values of the column `by` on either side; `reference` is "rest" where it is all others."""

    by: str
    target: list[Any]
    reference: list[Any] | str

    def facts(self) -> dict[str, Any]:
        """Return what the design says of the sides; days and the like as strings."""
        plain = [[v if isinstance(v, str | int | float) else str(v) for v in values]
                 for values in (self.target, self.reference)]
        return {"by": self.by, "target": plain[0], "reference": REST if self.reference == REST else plain[1]}


def read_counts(terms: Terms | Counted, *, by: str, unit: str | None) -> Counted:
    """Return the counts of `terms` with which texts can be put on the sides of any comparison by the column `by`."""
    if isinstance(terms, Counted):
        return terms
    check_terms(terms, by=by, unit=unit)
    keys = [name for name in ("doc_id", "para", by, unit) if name is not None and name in terms.columns]
    coded = coded_counts(terms, by=keys)
    if coded.units.empty:
        raise NothingToCompare("terms: no words, so there is nothing to compare")
    known = Values(terms, by, sorted(coded.units[by].unique().tolist()))
    return Counted(coded, known, unit if unit not in (None, "doc_id", "para") else "doc_id")


def sides_of(counted: Counted, *, target: Any, reference: Any) -> tuple[Pieces, Sides]:
    """Return the pieces of both sides, in order of documents and paragraphs, and what stands on which side."""
    sides = _sides(target, reference, counted.sides)
    coded, by = counted.coded, counted.sides.by
    in_target = coded.units[by].isin(sides.target).to_numpy()
    if sides.reference != REST:
        kept = np.flatnonzero(in_target | coded.units[by].isin(sides.reference).to_numpy())
        counts = coded.counts[kept]
        there = np.flatnonzero(present(counts))
        coded = CodedCounts(counts[:, there], coded.units.iloc[kept], coded.terms[there])
        in_target = in_target[kept]
    return _pieces(coded, in_target, counted.unit), sides


def check_terms(terms: Terms, **named: str | None) -> None:
    """Raise `TableError` where `terms` is no table, `ChoiceError` where it lacks doc_id or a column that is `named`."""
    if not isinstance(terms, Terms):
        raise TableError(f"terms is {type(terms).__name__}; a table as study.terms is needed")
    columns = [name for name in terms.columns if name not in _NO_SIDES]
    check_choice("doc_id", columns, "column")
    for argument, name in named.items():
        if name is None or name in terms.columns:
            continue
        try:
            check_name(name, columns, argument, called=COLUMNS_CALLED)
        except ChoiceError as error:
            raise ChoiceError(f"{error} (columns of documents, such as 'place', come with "
                              "study.terms_with('place'))") from None


def read_paragraphs(terms: Terms) -> Pieces:
    """Return the paragraphs of all documents, none of them in a target."""
    check_terms(terms)
    check_choice("para", terms.columns, "column")
    coded = coded_counts(terms, by=["doc_id", "para"])
    return _pieces(coded, np.zeros(len(coded.units), dtype=bool), "doc_id")


def _pieces(coded: CodedCounts, in_target: Flags, unit: str) -> Pieces:
    documents, document_names = pd.factorize(coded.units["doc_id"], sort=True)
    units, unit_names = pd.factorize(coded.units[unit], sort=True)
    paragraphs = documents
    if "para" in coded.units:
        numbers, names = pd.factorize(coded.units["para"], sort=True)
        paragraphs = documents * len(names) + numbers
    paragraphs = 2 * paragraphs + ~in_target
    rows, keys = pd.factorize(paragraphs * len(unit_names) + units, sort=True)
    first = np.zeros(len(keys), dtype=np.int64)
    first[rows[::-1]] = np.arange(len(rows))[::-1]
    counts = coded.counts.astype(np.float64)
    in_order = len(keys) == len(rows) and bool((np.diff(rows) > 0).all())
    return Pieces(
        counts if in_order else summed(counts, rows, len(keys)), coded.terms, documents[first], paragraphs[first],
        in_target[first], units[first], pd.Index(document_names), pd.Index(unit_names),
    )


def summed(counts: csr_array, groups: Codes, n_groups: int | None = None) -> csr_array:
    """Return the rows of `counts` added up by their numbers in `groups`, from 0."""
    size = int(groups.max(initial=-1)) + 1 if n_groups is None else n_groups
    if size == len(groups) and np.array_equal(groups, np.arange(size)):
        return counts
    ones = (np.ones(len(groups)), (groups, np.arange(len(groups))))
    return csr_array(coo_array(ones, shape=(size, len(groups))).tocsr() @ counts)


def total(counts: csr_array) -> Floats:
    """Return the sum of each column."""
    return counted(counts.indices, counts.data, counts.shape[1])


def counted(codes: Codes, weights: npt.NDArray[Any], size: int = 0) -> Floats:
    """Return the sum of `weights` for each of the numbers in `codes`, from 0."""
    return np.bincount(codes, weights, minlength=size).astype(np.float64)


def present(counts: csr_array) -> Codes:
    """Return in how many rows each column is above 0."""
    rows: Codes = np.bincount(counts.indices, minlength=counts.shape[1])
    return rows


def renumbered(codes: Codes) -> Codes:
    """Return `codes` as numbers from 0 in their order."""
    numbers: Codes = np.unique(codes, return_inverse=True)[1]
    return numbers


class Values(NamedTuple):
    """The values of the column `by` of `terms`."""

    terms: Terms
    by: str
    known: Sequence[Any]

    def chosen(self, given: Any, name: str) -> list[Any]:
        """Return the values that are `given`, one or several, each once. Raises `ChoiceError` for one that is none."""
        listed = isinstance(given, Iterable) and not isinstance(given, str)
        try:
            chosen = list(dict.fromkeys(given)) if listed else [given]
        except TypeError:
            raise TableError(f"{name}={given!r}; it must be one value of {self.by!r}, or a list of them") from None
        if not chosen:
            raise TableError(f"{name}: is empty; name at least one value of the column {self.by!r}")
        known = set(self.known)
        for value in chosen:
            if value not in known:
                self._refuse(value, name)
        return [value.item() if isinstance(value, np.generic) else value for value in chosen]

    def _refuse(self, value: Any, name: str) -> None:
        elsewhere = self._column_with(value)
        if elsewhere:
            raise ChoiceError(f"{name}={value!r} is no value of {self.by!r}; it is one of {elsewhere!r}: "
                              f"by={elsewhere!r}")
        names = list(map(str, self.known))
        if len(names) > _LISTED_CHOICES:
            near = difflib.get_close_matches(str(value), names, n=3, cutoff=0)
            raise ChoiceError(f"{name}={value!r} is none of the {len(names):,} values of {self.by!r}; "
                              f"nearest: {', '.join(map(repr, near))}")
        check_choice(value if isinstance(value, str) else repr(value), names, name)
        raise ChoiceError(f"{name}={value!r} is {type(value).__name__}; the values of {self.by!r} are "
                          f"{type(self.known[0]).__name__}: {', '.join(map(repr, self.known))}")

    def _column_with(self, text: Any) -> str | None:
        """Return the column of texts that has the value `text`; None where there is none."""
        if not isinstance(text, str):
            return None
        names = (name for name in self.terms.columns if name not in (*_NO_SIDES, self.by))
        return next((name for name in names if text in _distinct(self.terms, name)), None)


def _distinct(terms: Terms, column: str) -> set[Any]:
    if isinstance(terms, pd.DataFrame):
        return set(terms[column].unique())
    return {value for value, in terms.select(ColumnExpression(column)).distinct().fetchall()}


def _sides(target: Any, reference: Any, values: Values) -> Sides:
    by = values.by
    chosen = values.chosen(target, "target")
    if isinstance(reference, str) and reference == REST:
        if len(chosen) == len(values.known):
            raise NothingToCompare(f"target: holds every value of {by!r}, so that nothing is left to compare with")
        return Sides(by, sorted(chosen), REST)
    others = values.chosen(reference, "reference")
    both = [value for value in sorted(others) if value in set(chosen)]
    if both:
        raise TableError(f"reference: {both[0]!r} stands in the target too; a text can be on one side only")
    return Sides(by, sorted(chosen), sorted(others))
