"""The tables of a study, put together from the parts: small ones as CSV, large ones in Parquet partitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..csv_files import csv_text
from ..progress import progress
from ..schema import SMALL_STUDY, TABLES, Table, check_table
from .batches import FIRST_START, OF_FACTS, OF_WORDS
from .linking import Documents, repeated_facts, shared_wording
from .parts import Parts

T = TypeVar("T")
CSV_DOCUMENTS = 1_000
"""Up to this many documents a study is CSV, which a person can read and compare; beyond, Parquet."""
PARTITION_DOCUMENTS = 10_000
STEP_DOCUMENTS = 1_000
"""So many documents' rows are in memory at a time."""
PARTITION = "{:05}.parquet"
_ARROW_TYPES = {
    "string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.date32(),
}


def write_tables(folder: Path, parts: Parts, documents: Documents, *, words_only: bool) -> None:
    """Write every table of a study into `folder`."""
    n_documents = len(documents.table)
    write = _write_csv if n_documents <= CSV_DOCUMENTS else _write_partitions
    write(folder, "documents", _partitions_of(documents.table))
    skipped = ((one.source, one.reason) for one in documents.skipped)
    write(folder, "skipped", [check_table(_frame("skipped", skipped), "skipped")])
    same_as = {} if words_only else repeated_facts(parts, documents)
    names = [*OF_WORDS, *OF_FACTS]
    for name in progress(names, "writing", unit=" tables"):
        write(folder, name, _rows_of_documents(name, parts, documents, same_as))
    write(folder, "shared_phrases", [_nothing("shared_phrases") if words_only else shared_wording(documents)])
    if n_documents <= SMALL_STUDY:
        write(folder, "term_variants", [_nothing("term_variants") if words_only else _variants(documents)])


def _partitions_of(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for start in range(0, len(table), STEP_DOCUMENTS):
        yield table.iloc[start : start + STEP_DOCUMENTS]


def _rows_of_documents(
    name: str, parts: Parts, documents: Documents, same_as: dict[str, str]
) -> Iterator[pa.Table]:
    """Return the rows of a table for some documents at a time, all in order."""
    table = TABLES[name]
    doc_ids = pa.array(documents.table["doc_id"], pa.string())
    for start in range(0, len(doc_ids), STEP_DOCUMENTS):
        places = documents.places[start : start + STEP_DOCUMENTS]
        rows = _rows_at(table, parts, places)
        rows = rows.set_column(0, "doc_id", doc_ids.take(pc.add(rows["doc"], start)))
        if FIRST_START in rows.column_names:
            keys = pc.binary_join_element_wise(rows["doc_id"], rows["char_start"].cast(pa.string()), ":")
            named = pa.array([same_as.get(key, "") for key in keys.to_pylist()], pa.string())
            rows = rows.set_column(rows.column_names.index("same_as"), "same_as", named)
        yield rows.select(table.column_names)


def _rows_at(table: Table, parts: Parts, places: Sequence[tuple[int, int]]) -> pa.Table:
    """Return the rows of the articles at `places`, in their order; column doc is the number in `places`."""
    of_part: dict[int, dict[int, int]] = {}
    for number, (part, doc) in enumerate(places):
        of_part.setdefault(part, {})[doc] = number
    found = []
    for part, wanted in of_part.items():
        rows = parts.table(part, table.name)
        if rows is None or not len(rows):
            continue
        number_of = np.full(max(max(wanted), pc.max(rows["doc"]).as_py()) + 1, -1, dtype=np.int32)
        number_of[list(wanted)] = list(wanted.values())
        rows = rows.set_column(0, "doc", pa.array(number_of[rows["doc"].to_numpy()]))
        found.append(rows.filter(pc.greater_equal(rows["doc"], 0)))
    if not found:
        schema = pa.schema([("doc", pa.int32()), *((c.name, _ARROW_TYPES[c.type]) for c in table.columns[1:])])
        return schema.empty_table()
    rows = pa.concat_tables(found, promote_options="permissive")
    order = np.argsort(rows["doc"].to_numpy(), kind="stable")
    return rows if (np.diff(order) == 1).all() else rows.take(order)


def _variants(documents: Documents) -> pd.DataFrame:
    from ..robustness import variant_rows  # it imports half of SciPy, which a large study does not need

    rows = [
        row for doc_id, (text, cut) in zip(documents.table["doc_id"].tolist(), documents.texts, strict=True)
        for row in variant_rows(doc_id, text, cut)
    ]
    return check_table(_frame("term_variants", rows), "term_variants")


def _nothing(name: str) -> pd.DataFrame:
    return check_table(_frame(name, []), name)


def _frame(name: str, rows: Iterable[object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=TABLES[name].column_names)


def _write_csv(folder: Path, name: str, pieces: Iterable[pd.DataFrame | pa.Table]) -> None:
    frames = [piece.to_pandas() if isinstance(piece, pa.Table) else piece for piece in pieces]
    table = check_table(pd.concat(frames, ignore_index=True), name)
    (folder / f"{name}.csv").write_text(csv_text(table), encoding="utf-8", newline="")


def _write_partitions(folder: Path, name: str, pieces: Iterable[pd.DataFrame | pa.Table]) -> None:
    schema = pa.schema([(column.name, _ARROW_TYPES[column.type]) for column in TABLES[name].columns])
    (folder / name).mkdir()
    for number, some in enumerate(batched(pieces, PARTITION_DOCUMENTS // STEP_DOCUMENTS)):
        with pq.ParquetWriter(folder / name / PARTITION.format(number), schema, compression="zstd") as file:
            for piece in some:
                rows = piece if isinstance(piece, pa.Table) else pa.Table.from_pandas(piece, preserve_index=False)
                file.write_table(rows.cast(schema))


def batched(pieces: Iterable[T], size: int) -> Iterator[Iterator[T]]:
    """Return the pieces, some at a time, without holding them; each group is to be used up before the next."""
    pieces = iter(pieces)
    for first in pieces:
        yield chain([first], islice(pieces, size - 1))
