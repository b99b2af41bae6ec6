"""What a batch of articles gives: its rows of the tables that are read article by article."""

from __future__ import annotations

import datetime
import gc
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from functools import cache
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..articles import Article, RawArticle, SkippedArticle, read_raw
from ..channels import channel_rows
from ..corrections import Correction, corrected
from ..errors import PinganError
from ..extraction.repeats import mark_repeats
from ..metrics import metric_rows
from ..models import model_rows, passage_spans
from ..reading.boilerplate import paragraphs
from ..reading.duplicates import signature
from ..reading.pdf import PdfReader, read_pdf
from ..reading.tabular import Row
from ..schema import DOCUMENTS, TABLES, check_table
from ..script import without_surrogates
from ..segment import Segmenter
from ..terms import count_document

ARTICLES = "articles"
OF_WORDS = ("paragraphs", "boilerplate", "terms")
OF_FACTS = ("metrics", "models", "channel_mentions")
FIRST_START = "first_start"
"""Column of the metrics of a part: char_start of the article's first row that states the same fact."""

Stat = tuple[int, int, int]
"""Size of a file in bytes, when it was written and when anything about it changed, in nanoseconds."""

_STATED = DOCUMENTS.column_names[: DOCUMENTS.column_names.index("n_tokens")]
ARTICLE_SCHEMA = pa.schema([
    ("doc", pa.int32()), ("name", pa.string()), ("row", pa.int64()),
    ("size", pa.int64()), ("written", pa.int64()), ("changed", pa.int64()),
    ("data_digest", pa.string()), ("state", pa.string()), ("reason", pa.string()), ("remarks", pa.list_(pa.string())),
    *((name, {"published": pa.date32(), "n_chars": pa.int64()}.get(name, pa.string())) for name in _STATED),
    ("n_tokens", pa.int64()), ("text", pa.string()),
    ("boilerplate", pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32()), ("reason", pa.string())]))),
    ("digest", pa.binary()), ("minhash", pa.binary()),
])
TERM_SCHEMA = pa.schema([
    ("doc", pa.int32()), ("para", pa.int64()), ("passage", pa.dictionary(pa.int32(), pa.string())),
    ("term", pa.string()), ("pos", pa.dictionary(pa.int32(), pa.string())), ("n", pa.int64()),
])


@dataclass(frozen=True)
class Item:
    """An article to read: what it is read from, its file as it was then, and the corrections of its metrics."""

    raw: RawArticle
    stat: Stat
    corrections: tuple[Correction, ...]

    @property
    def key(self) -> tuple[str, int]:
        """Name of the file, and number of the row; -1 for a file that is one article."""
        return self.raw.name, row_of(self.raw)

    @property
    def data_digest(self) -> str:
        """Digest of what the article is read from, a row's other cells included."""
        if isinstance(self.raw.data, bytes):
            return self.raw.sha256
        return _digest((self.raw.sha256, self.raw.data.encoding, sorted(self.raw.data.cells.items())))

    @property
    def state(self) -> str:
        return state_of(self.raw.stated, self.corrections)

    @property
    def size(self) -> int:
        """About as many bytes as there are to read."""
        return len(self.raw.data) if isinstance(self.raw.data, bytes) else 3 * len(self.raw.data.text)


@dataclass(frozen=True)
class Batch:
    """Some articles to read; `number` is that of the part they make.

    `n_files` and `n_bytes` say how much of all files was gone through when the batch was full.
    """

    number: int
    items: tuple[Item, ...]
    words_only: bool = False
    n_files: int = 0
    n_bytes: int = 0


def row_of(raw: RawArticle) -> int:
    return raw.data.number if isinstance(raw.data, Row) else -1


def state_of(stated: Mapping[str, str], corrections: Sequence[Correction]) -> str:
    """Return a digest of what the rows of an article depend on beside the file: sources, and corrections."""
    return _digest((sorted(stated.items()), [astuple(line) for line in corrections]))


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def read_batch(batch: Batch, pdf_reader: PdfReader = read_pdf) -> dict[str, bytes]:
    """Return the part that a batch makes: its tables as Parquet files, by name; any process may call it.

    Table `articles` has a row an item, with its text, or the reason why there is none; rows of the others name the
    article by its number in the batch (doc). Metrics are corrected. What the articles have in common is settled when
    all are read.
    """
    with _without_search_for_cycles():
        return _read_all(batch, pdf_reader)


@contextmanager
def _without_search_for_cycles() -> Iterator[None]:
    """Python looks for cycles of objects after every 700 new ones, a quarter of the time here, and finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_all(batch: Batch, pdf_reader: PdfReader) -> dict[str, bytes]:
    tables: dict[str, list[Any]] = {name: [] for name in (*OF_WORDS, *(() if batch.words_only else OF_FACTS))}
    read: list[Article | SkippedArticle] = []
    for doc, item in enumerate(batch.items):
        article, rows_of_tables = _read(str(doc), item, pdf_reader, words_only=batch.words_only)
        read.append(article)
        for name, rows in rows_of_tables.items():
            tables[name] += rows
    words = [0] * len(read)
    for row in tables["terms"]:
        words[int(row[0])] += row[-1]
    frames = {name: _table(name, rows) for name, rows in tables.items()}
    frames[ARTICLES] = _articles(batch.items, read, words)
    return {name: _parquet(table) for name, table in frames.items()}


def part_of_skipped(item: Item, reason: str) -> dict[str, bytes]:
    """Return the part of an article that could not even be tried to the end."""
    skipped = SkippedArticle(item.raw.source, reason)
    return {ARTICLES: _parquet(_articles([item], [skipped], [0]))}


def _read(
    doc: str, item: Item, pdf_reader: PdfReader, *, words_only: bool
) -> tuple[Article | SkippedArticle, dict[str, list[Any]]]:
    """Return an article and its rows by table; what no rule was made for costs one article, not all the others."""
    article = read_raw(item.raw, pdf_reader)
    if isinstance(article, SkippedArticle):
        return article, {}
    try:
        return article, _rows(doc, article, item.corrections, words_only=words_only)
    except PinganError:
        raise
    except Exception as error:
        reason = f"its text cannot be analysed ({type(error).__name__}: {error})"
        return SkippedArticle(article.source, without_surrogates(reason)), {}


def _rows(
    doc: str, article: Article, corrections: Sequence[Correction], *, words_only: bool
) -> dict[str, list[Any]]:
    text, cut = article.text, article.boilerplate
    rows: dict[str, list[Any]] = {
        "paragraphs": [(doc, one.para, one.start, one.end) for one in paragraphs(text, cut)],
        "boilerplate": [(doc, *stretch) for stretch in cut],
    }
    if words_only:
        return {**rows, "terms": count_document(doc, text, cut, _segmenter())}
    models = model_rows(doc, text, cut)
    passages = passage_spans(text, models, cut)
    metrics = corrected(metric_rows(doc, text, cut, article.published, article.place), corrections, article)
    return {
        **rows,
        "terms": count_document(doc, text, cut, _segmenter(), passages),
        "metrics": [_with_first(row) for row in mark_repeats({**row, "doc_id": doc} for row in metrics)],
        "models": models,
        "channel_mentions": channel_rows(doc, text, cut, passages),
    }


def _with_first(row: dict[str, Any]) -> dict[str, Any]:
    first = row["same_as"]
    return {**row, "same_as": "", FIRST_START: int(first.rpartition(":")[2]) if first else None}


def _table(name: str, rows: Sequence[Any]) -> pa.Table:
    if name == "terms":  # by far the longest; nothing in it comes from anywhere but `count_document`
        columns = list(zip(*rows, strict=True)) or [()] * len(TERM_SCHEMA)
        return pa.table([pa.array(map(int, columns[0]), pa.int32()), *columns[1:]], schema=TERM_SCHEMA)
    extra = [FIRST_START] if name == "metrics" else []
    frame = check_table(pd.DataFrame(rows, columns=[*TABLES[name].column_names, *extra]), name)
    frame.insert(0, "doc", frame.pop("doc_id").astype("int32"))
    if extra:
        frame[FIRST_START] = frame[FIRST_START].astype("Int64")
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def _articles(
    items: Sequence[Item], read: Sequence[Article | SkippedArticle], words: Sequence[int]
) -> pa.Table:
    rows = [
        {
            "doc": doc, "name": item.raw.name, "row": row_of(item.raw),
            "data_digest": item.data_digest, "state": item.state,
            **dict(zip(("size", "written", "changed"), item.stat, strict=True)),
            **(_told(article, words[doc]) if isinstance(article, Article) else
               {"source": article.source, "sha256": item.raw.sha256, "reason": article.reason}),
        }
        for doc, (item, article) in enumerate(zip(items, read, strict=True))
    ]
    return pa.Table.from_pylist(rows, schema=ARTICLE_SCHEMA)


def _told(article: Article, n_tokens: int) -> dict[str, Any]:
    mark = signature(article.text, article.boilerplate)
    return {
        **{name: getattr(article, name) for name in _STATED},
        "published": _day(article.published), "n_tokens": n_tokens, "reason": "", "text": article.text,
        "remarks": article.remarks,
        "boilerplate": [dict(zip(("start", "end", "reason"), cut, strict=True)) for cut in article.boilerplate],
        "digest": mark.digest, "minhash": None if mark.minhash is None else mark.minhash.astype("<u4").tobytes(),
    }


def _day(published: datetime.date | None) -> datetime.date | None:
    return published.date() if isinstance(published, datetime.datetime) else published


def _parquet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd")
    return file.getvalue()


@cache
def _segmenter() -> Segmenter:
    return Segmenter()
