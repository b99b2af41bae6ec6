"""What articles have to do with one another: names that only one has, copies, facts stated twice, shared wording."""

from __future__ import annotations

import itertools
import operator
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, cast

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..counting import connection, quoted
from ..extraction.repeats import key_of
from ..matching.runs import TooMuchShared
from ..matching.sieve import shared_stretches
from ..reading.duplicates import Signature, Signatures, earliest_first, find_originals
from ..reading.free_names import FreeNames
from ..reading.raw_articles import SkippedArticle
from ..reuse import phrase_rows
from ..schema import DOCUMENTS, METRICS, check_table
from .batches import ARTICLE_SCHEMA, FIRST_START
from .facts import COMPARED, link_facts
from .parts import Parts, Place, Texts

MIN_CHARS, MOST_MIN_CHARS = 8, 64
_ROWS_AT_ONCE = 10_000
_TOLD = [*(name for name in DOCUMENTS.column_names if name in ARTICLE_SCHEMA.names), "remarks"]


class Documents:
    """The articles of a study in order: `table` (as `documents`), `places` in the parts, and what was skipped."""

    def __init__(self, parts: Parts, order: Sequence[Place | SkippedArticle]) -> None:
        articles, self.skipped = _in_order(parts, order)
        read = map(order.__getitem__, articles["position"].to_pylist())
        self.places = [one for one in read if isinstance(one, Place)]
        self.texts = Texts(parts, self.places)
        frame = articles.drop_columns("position").to_pandas()
        free = FreeNames()
        names = [free.take(wanted) for wanted in frame["doc_id"]]
        self.remarks = [
            f"{source}: {remark}"
            for source, remarks, wanted, name in zip(
                frame["source"], frame.pop("remarks"), frame["doc_id"], names, strict=True
            )
            for remark in (*remarks, *_renamed(wanted, name))
        ]
        originals = find_originals(_signatures(parts, self.places), self.texts, earliest_first(frame["published"]))
        frame = frame.assign(doc_id=names, duplicate_of=["" if i is None else names[i] for i in originals])
        self.table = check_table(frame, "documents")


def _renamed(wanted: str, name: str) -> list[str]:
    return [] if name == wanted else [f"doc_id {wanted!r} was taken; it is {name!r} here"]


def _in_order(
    parts: Parts, order: Sequence[Place | SkippedArticle]
) -> tuple[pa.Table, list[SkippedArticle]]:
    """Return what is known of the articles at the places in `order` (position: number in it), and what was skipped."""
    positions = {one: position for position, one in enumerate(order) if isinstance(one, Place)}
    skipped = {position: one for position, one in enumerate(order) if isinstance(one, SkippedArticle)}
    found = [ARTICLE_SCHEMA.empty_table().select(_TOLD).add_column(0, "position", pa.array([], pa.int64()))]
    for part in sorted({place.part for place in positions}):
        table = parts.articles(part, ["doc", *_TOLD, "reason"])
        rows = pa.array((positions.get(Place(part, doc), -1) for doc in table["doc"].to_pylist()), pa.int64())
        table = table.set_column(0, "position", rows).filter(pc.greater_equal(rows, 0))
        unread = table.filter(pc.not_equal(table["reason"], ""))
        for row in unread.select(["position", "source", "reason"]).to_pylist():
            skipped[row["position"]] = SkippedArticle(row["source"], row["reason"])
        found.append(table.filter(pc.equal(table["reason"], "")).drop_columns("reason"))
    table = pa.concat_tables(found)
    if (np.diff(table["position"].to_numpy()) < 0).any():
        table = table.sort_by("position")
    return table, [skipped[position] for position in sorted(skipped)]


def _signatures(parts: Parts, places: Sequence[Place]) -> Signatures:
    """Return the signatures of the articles at `places`, a part in memory at a time."""
    signatures = Signatures(len(places))
    part_of, doc_of = np.array(places, dtype=np.int64).reshape(-1, 2).T
    for part in np.unique(part_of).tolist():
        numbers = np.flatnonzero(part_of == part)
        told = parts.articles(part, ["digest", "minhash"]).take(pa.array(doc_of[numbers]))
        columns = (column.to_pylist() for column in told.columns)
        for number, digest, minhash in zip(numbers.tolist(), *columns, strict=True):
            signatures[number] = _signature(digest, minhash)
    return signatures


def _signature(digest: bytes, minhash: bytes | None) -> Signature:
    return Signature(digest, None if minhash is None else np.frombuffer(minhash, dtype="<u4"))


def repeated_facts(parts: Parts, documents: Documents) -> dict[str, str]:
    """Return the metrics that state the same fact as an earlier one, by key ("doc_id:char_start"), with its key.

    Facts are compared within the articles of a place, and those of copies with their originals'; only the metrics of
    articles that are compared with one another are in memory at a time.
    """
    same_as: dict[str, str] = {}
    duplicate_of = dict(zip(documents.table["doc_id"], documents.table["duplicate_of"], strict=True))
    groups = _compared_groups(documents.table)
    for group, rows in itertools.groupby(_metrics_by_group(parts, documents, groups), operator.itemgetter("group")):
        if len(groups[group]) > 1:
            linked = link_facts(rows, duplicate_of)
            same_as |= {key_of(row): row["same_as"] for row in linked if row["same_as"]}
        else:
            same_as |= {key_of(row): f"{row['doc_id']}:{row[FIRST_START]}" for row in rows
                        if row[FIRST_START] is not None}
    return same_as


def _compared_groups(documents: pd.DataFrame) -> list[list[int]]:
    """Return the numbers of the documents whose facts are compared with one another."""
    group_of: dict[str, str] = {}

    def find(name: str) -> str:
        while (above := group_of.setdefault(name, name)) != name:
            name = above
        return name

    for doc_id, place, original in documents[["doc_id", "place", "duplicate_of"]].itertuples(index=False):
        for other in (place and f"place {place}", original and f"article {original}"):
            if other:
                group_of[find(f"article {doc_id}")] = find(other)
    groups: dict[str, list[int]] = defaultdict(list)
    for number, doc_id in enumerate(documents["doc_id"]):
        groups[find(f"article {doc_id}")].append(number)
    return list(groups.values())


def _metrics_by_group(
    parts: Parts, documents: Documents, groups: Sequence[Sequence[int]]
) -> Iterator[dict[str, Any]]:
    """Return what facts are compared by of the rows of `metrics`, with the number of their group, by group and in order
    of documents."""
    files = {number: str(parts.file(number, METRICS.name)) for number in parts.with_table(METRICS.name)}
    group_of = {number: group for group, numbers in enumerate(groups) for number in numbers}
    places = pd.DataFrame([  # noqa: F841  DuckDB reads it
        (files[place.part], place.doc, number, group_of[number])
        for number, place in enumerate(documents.places) if place.part in files
    ], columns=["filename", "doc", "number", "group"])
    if not files:
        return
    names = documents.table["doc_id"].tolist()
    metrics = connection().read_parquet(list(files.values()), filename=True, file_row_number=True)
    columns = ", ".join(map(quoted, [*COMPARED, FIRST_START, "group", "number"]))
    rows = cast(duckdb.DuckDBPyRelation, metrics.query("metrics", f"""
        SELECT {columns} FROM metrics JOIN places USING (filename, doc) ORDER BY "group", number, file_row_number
    """))
    for batch in rows.to_arrow_reader(_ROWS_AT_ONCE):
        yield from ({**row, "doc_id": names[row["number"]]} for row in batch.to_pylist())


def shared_wording(documents: Documents) -> pd.DataFrame:
    """Return the table `shared_phrases`; with a note only its longer runs, or none, where there are too many."""
    table = documents.table
    compared = np.flatnonzero(table["duplicate_of"].eq("").to_numpy()).tolist()
    names = table["doc_id"].iloc[compared].tolist()
    min_chars = MIN_CHARS
    while min_chars <= MOST_MIN_CHARS:
        try:
            found = shared_stretches(documents.texts, compared, min_chars)
            return check_table(phrase_rows(names, found, min_chars), "shared_phrases")
        except TooMuchShared:
            min_chars *= 2
            warnings.warn(f"shared_phrases: too many runs of {min_chars // 2} characters; only those of {min_chars} "
                          "and more are looked for", stacklevel=4)
    warnings.warn("shared_phrases is empty, as the articles have too much in common; compare some of them: "
                  "pa.shared_phrases(texts)", stacklevel=4)
    return check_table(phrase_rows([], shared_stretches([], [], MIN_CHARS), MIN_CHARS), "shared_phrases")
