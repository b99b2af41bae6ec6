"""Counting words in DuckDB, out of core: a table `terms` may be a data frame, or a relation over files of any size."""

from __future__ import annotations

import atexit
import itertools
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple, cast

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.sparse import coo_array, csr_array

from .errors import ChoiceError, TableError, check_choice
from .schema import check_key

Terms = pd.DataFrame | duckdb.DuckDBPyRelation

MEMORY = "1GB"
"""What DuckDB takes before it writes to its temporary folder."""
THREADS = 2
"""As many on every machine; only whole numbers are added up, so that no result hangs on it."""
STRETCH_ROWS, FEW_UNITS = 500_000, 1_000
"""Rows of many units are counted so many at a time; few units make small tables, whatever the number of rows."""
STRETCHES_HELD = 30
"""The counts of so many stretches are held in memory (at most 12 bytes a row); those of more are counted twice."""
TOP_OF_EACH = "pass top=10 for the leading terms of each unit, or count by a column of fewer values"
MAX_ROWS = 5_000_000
"""So many rows of counts are put into memory at once, which takes about 1 GB."""


class CodedCounts(NamedTuple):
    """Counts of terms in units (units × terms), with the names of the units (a row each) and of the terms, in order."""

    counts: csr_array
    units: pd.DataFrame
    terms: pd.Index


def connection() -> duckdb.DuckDBPyConnection:
    """Return a connection to DuckDB that keeps to `MEMORY`; what exceeds it goes to a private folder."""
    return _database().cursor()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    limits: dict[str, Any] = {"memory_limit": MEMORY, "threads": THREADS, "temp_directory": _scratch().name}
    database = duckdb.connect(config=limits)
    atexit.register(database.close)
    return database


@cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="pingan-", ignore_cleanup_errors=True)


def count_by(terms: Terms, *, by: str | Sequence[str] = "doc_id") -> pd.DataFrame:
    """Return the occurrences of each term in each unit: columns of `by`, term, n; sorted by them.

    `terms` may be a relation over files that do not fit into memory; the result must. Raises what `tf_idf` does.
    """
    units = units_of(by)
    relation = checked_terms(terms, units)
    check_fits(relation, "count by a column of fewer values, or leave out terms or documents beforehand")
    names = ", ".join(map(quoted, [*units, "term"]))
    with told_of_terms():
        return frame_of(ask(relation, f"""
            SELECT {names}, sum(n)::BIGINT AS n FROM terms WHERE n > 0 GROUP BY {names} ORDER BY {names}
        """))


def coded_counts(terms: Terms, *, by: str | Sequence[str] = "doc_id") -> CodedCounts:
    """Return the occurrences of each term in each unit as a sparse matrix, in an order that does not hang on the rows.

    Of 100,000 documents it takes less than 1 GB. Raises what `tf_idf` does.
    """
    units = units_of(by)
    return counts_of(checked_terms(terms, units), units)


def counts_of(relation: duckdb.DuckDBPyRelation, units: Sequence[str]) -> CodedCounts:
    """Return `coded_counts` of a relation that was checked."""
    names = ", ".join(map(quoted, units))
    with told_of_terms():
        keys = frame_of(ask(relation, f"SELECT DISTINCT {names} FROM terms WHERE n > 0 ORDER BY {names}"))
        words = frame_of(ask(relation, "SELECT DISTINCT term FROM terms WHERE n > 0 ORDER BY term"))
        numbered_keys = keys.assign(**{_ROW: np.arange(len(keys), dtype=np.int32)})  # noqa: F841  DuckDB reads them
        numbered_words = words.assign(**{_COLUMN: np.arange(len(words), dtype=np.int32)})  # noqa: F841
        cells = cast(duckdb.DuckDBPyRelation, relation.query("terms", f"""
            WITH counts AS MATERIALIZED (
                SELECT {names}, term, sum(n)::BIGINT AS n FROM terms WHERE n > 0 GROUP BY {names}, term)
            SELECT {_ROW}, {_COLUMN}, n
            FROM counts JOIN numbered_keys USING ({names}) JOIN numbered_words USING (term)
        """)).fetchnumpy()
    places = (cells.pop(_ROW), cells.pop(_COLUMN))
    matrix = coo_array((cells.pop("n"), places), shape=(len(keys), len(words))).tocsr()
    matrix.sort_indices()
    return CodedCounts(csr_array(matrix), keys, pd.Index(words["term"]))


_ROW, _COLUMN = "number_of_unit", "number_of_term"


def units_of(by: str | Sequence[str]) -> list[str]:
    """Return the columns that `by` names, each once. Raises `ChoiceError` where it names none."""
    units = [by] if isinstance(by, str) else list(dict.fromkeys(by))
    if not units:
        raise ChoiceError("by names no column; name one, such as 'doc_id'")
    return units


def checked_terms(terms: Terms, units: Sequence[str]) -> duckdb.DuckDBPyRelation:
    """Return the columns `units`, term and n of `terms` as a relation, with a name in every cell and counts in n.

    Raises `TableError` or `ChoiceError` as `tf_idf` does.
    """
    columns = list(terms.columns)
    for name in ("term", "n"):
        if name not in columns:
            raise TableError(f"terms: no column {name!r}; it has {', '.join(map(repr, columns))}")
    for name in units:
        check_choice(name, [column for column in columns if column not in ("term", "n", "pos")], "by")
    if isinstance(terms, pd.DataFrame):
        check_key(terms, [column for column in columns if column != "n"], where="terms")
        terms = connection().from_df(terms[[*units, "term", "n"]])
    with told_of_terms():
        relation = terms.project(", ".join(map(quoted, [*units, "term", "n"])))
    _check_cells(relation, [*units, "term"])
    return relation


def _check_cells(terms: duckdb.DuckDBPyRelation, names: Sequence[str]) -> None:
    empty = ", ".join(f"count(*) FILTER ({quoted(name)} IS NULL)" for name in names)
    with told_of_terms():
        [(*missing, no_count)] = ask(terms, f"""
            SELECT {empty}, min(term) FILTER (n IS NULL OR n < 0 OR n % 1 <> 0) FROM terms
        """).fetchall()
    for name, n in zip(names, missing, strict=True):
        if n:
            raise TableError(f"terms: column {name!r} is empty in some rows; leave those rows out, or fill it")
    if no_count is not None:
        raise TableError(f"terms: n of {no_count!r} is no count; it must be a whole number, 0 or more")


def check_fits(terms: duckdb.DuckDBPyRelation, way_out: str) -> None:
    """Raise `TableError` where units × terms, whose columns `terms` has beside n, are too many for memory."""
    names = ", ".join(quoted(name) for name in terms.columns if name != "n")
    with told_of_terms():
        rows = _number(terms, "SELECT count(*) FROM terms")
        if rows > MAX_ROWS:
            rows = _number(terms, f"SELECT count(*) FROM (SELECT DISTINCT {names} FROM terms WHERE n > 0)")
    if rows > MAX_ROWS:
        raise too_many_pairs(rows, way_out)


def too_many_pairs(rows: int, way_out: str) -> TableError:
    return TableError(f"terms: {rows:,} pairs of unit and term, which is more than is put into memory at once "
                      f"({MAX_ROWS:,}); {way_out}")


def number_of_units(terms: duckdb.DuckDBPyRelation, units: Sequence[str]) -> int:
    """Return how many combinations of the columns `units` have words."""
    names = ", ".join(map(quoted, units))
    with told_of_terms():
        return _number(terms, f"SELECT count(*) FROM (SELECT DISTINCT {names} FROM terms WHERE n > 0)")


def stretches_of(terms: duckdb.DuckDBPyRelation, units: Sequence[str]) -> list[duckdb.DuckDBPyRelation]:
    """Return the rows of `terms` in stretches of some `STRETCH_ROWS`, each with whole units, in order of the column of
    `units` that has the most values.

    What is counted by unit can be counted stretch by stretch: in little memory, and at no loss of time where the units
    lie in order in their files, as those of a study do.
    """
    with told_of_terms():
        column = quoted(_most_varied(terms, units))
        rows = frame_of(ask(terms, f"""
            SELECT {column}::VARCHAR AS unit, count(*) AS n FROM terms GROUP BY {column} ORDER BY {column}
        """))
    ends = rows.groupby(rows["n"].cumsum().floordiv(STRETCH_ROWS))["unit"].agg(["first", "last"])
    if len(ends) < 2 or len(rows) < FEW_UNITS:
        return [terms]
    return [
        terms.filter(f"{column} BETWEEN {_literal(low)} AND {_literal(high)}")
        for low, high in ends.itertuples(index=False)
    ]


def _most_varied(terms: duckdb.DuckDBPyRelation, columns: Sequence[str]) -> str:
    if len(columns) == 1:
        return columns[0]
    numbers = ", ".join(f"count(DISTINCT {quoted(column)})" for column in columns)
    [values] = ask(terms, f"SELECT {numbers} FROM terms").fetchall()
    return columns[int(np.argmax(values))]


def counted_once(terms: duckdb.DuckDBPyRelation, units: Sequence[str]) -> duckdb.DuckDBPyRelation:
    """Return the occurrences of each term in each unit as rows in memory, for several questions."""
    names = ", ".join(map(quoted, [*units, "term"]))
    with told_of_terms():
        rows = ask(terms, f"SELECT {names}, sum(n)::BIGINT AS n FROM terms WHERE n > 0 GROUP BY {names}")
        return connection().from_arrow(rows.to_arrow_table())


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _number(terms: duckdb.DuckDBPyRelation, query: str) -> int:
    [(number,)] = ask(terms, query).fetchall()
    return int(number)


def ask(terms: duckdb.DuckDBPyRelation, query: str) -> duckdb.DuckDBPyRelation:
    """Return the rows that `query` selects from `terms`, which it calls so."""
    return cast(duckdb.DuckDBPyRelation, terms.query("terms", query))


def frame_of(*relations: duckdb.DuckDBPyRelation) -> pd.DataFrame:
    """Return the rows of relations with the same columns as a data frame; through Arrow, since Python's strings take
    several times as much memory."""
    rows = pa.concat_tables([relation.to_arrow_table() for relation in relations])
    frame: pd.DataFrame = rows.to_pandas(date_as_object=False, split_blocks=True, self_destruct=True)
    return frame


def rows_with(terms: duckdb.DuckDBPyRelation, wanted: pd.DataFrame) -> duckdb.DuckDBPyRelation:
    """Return the rows of `terms` that have the values of a row of `wanted` in its columns."""
    names = ", ".join(map(quoted, wanted.columns))
    name = f"terms_{next(_names)}"  # a name of its own, as the relation is read later
    return cast(duckdb.DuckDBPyRelation, terms.query(name, f"SELECT * FROM {name} SEMI JOIN wanted USING ({names})"))


_names = itertools.count()


@contextmanager
def told_of_terms() -> Iterator[None]:
    """Raise `TableError` for an error of DuckDB."""
    try:
        yield
    except duckdb.Error as error:
        raise TableError(f"terms: cannot be counted ({' '.join(str(error).split())[:200]})") from error


def quoted(name: str) -> str:
    """Return a name of a column as SQL has it."""
    return '"' + name.replace('"', '""') + '"'
