"""What a batch of articles gives: its rows of the tables that are read article by article."""

from __future__ import annotations

import datetime
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..articles import Article, RawArticle, SkippedArticle, read_raw
from ..channels import channel_rows
from ..corrections import Correction, corrected
from ..cycles import without_search_for_cycles
from ..errors import PinganError
from ..extraction.repeats import mark_repeats
from ..metrics import metric_rows
from ..models import model_rows, passage_spans
from ..reading.boilerplate import paragraphs
from ..reading.duplicates import Signature, signature
from ..reading.pdf import PdfReader, read_pdf
from ..reading.tabular import Row
from ..schema import DOCUMENTS, TABLES, TERMS, check_table
from ..script import without_surrogates
from ..segment import Segmenter
from ..word_counts import Unit, count_words, units_of_text

ARTICLES, TEXTS = "articles", "texts"
GROUP_TEXTS = 50
"""Texts a row group: as many are read where one is asked for."""
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
    ("n_tokens", pa.int64()), ("digest", pa.binary()), ("minhash", pa.binary()),
])
TEXT_SCHEMA = pa.schema([
    ("text", pa.string()),
    ("boilerplate", pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32()), ("reason", pa.string())]))),
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

    Tables `articles` and `texts` have a row an item, or the reason why there is no article; rows of the others name it
    by its number in the batch (doc). Metrics are corrected. What the articles have in common is settled when
    all are read.
    """
    with without_search_for_cycles():
        return _read_all(batch, pdf_reader)


@dataclass(frozen=True)
class _Analysed:
    """An article with its words, its rows of the other tables, and what copies of it are known by."""

    article: Article
    units: list[Unit]
    rows: dict[str, list[Any]]
    signature: Signature


def _read_all(batch: Batch, pdf_reader: PdfReader) -> dict[str, bytes]:
    read = [_read(str(doc), item, pdf_reader, words_only=batch.words_only) for doc, item in enumerate(batch.items)]
    analysed = [one for one in read if isinstance(one, _Analysed)]
    terms = count_words([one.units if isinstance(one, _Analysed) else [] for one in read], _segmenter())
    n_tokens = np.bincount(terms["doc"], weights=terms["n"], minlength=len(read)).astype(int).tolist()
    names = [name for name in (*OF_WORDS, *(() if batch.words_only else OF_FACTS)) if name != TERMS.name]
    tables = {
        ARTICLES: _articles(batch.items, read, n_tokens),
        TEXTS: _texts(read),
        TERMS.name: terms,
        **{name: _table(name, [row for one in analysed for row in one.rows[name]]) for name in names},
    }
    return {name: _parquet(table, GROUP_TEXTS if name == TEXTS else None) for name, table in tables.items()}


def part_of_skipped(item: Item, reason: str) -> dict[str, bytes]:
    """Return the part of an article that could not even be tried to the end."""
    skipped = SkippedArticle(item.raw.source, reason)
    return {ARTICLES: _parquet(_articles([item], [skipped], [0]))}


def _read(doc: str, item: Item, pdf_reader: PdfReader, *, words_only: bool) -> _Analysed | SkippedArticle:
    """Return an article with its rows; what no rule was made for costs one article, not all the others."""
    article = read_raw(item.raw, pdf_reader)
    if isinstance(article, SkippedArticle):
        return article
    try:
        return _words_of(doc, article) if words_only else _analysed(doc, article, item.corrections)
    except PinganError:
        raise
    except Exception as error:
        reason = f"its text cannot be analysed ({type(error).__name__}: {error})"
        return SkippedArticle(article.source, without_surrogates(reason))


def _words_of(doc: str, article: Article, passages: Sequence[tuple[int, int, str]] = ()) -> _Analysed:
    text, cut = article.text, article.boilerplate
    stretches = paragraphs(text, cut)
    rows: dict[str, list[Any]] = {
        "paragraphs": [(doc, *stretch) for stretch in stretches],
        "boilerplate": [(doc, *stretch) for stretch in cut],
    }
    units = units_of_text(text, stretches, _segmenter(), passages)
    return _Analysed(article, units, rows, signature(text, stretches))


def _analysed(doc: str, article: Article, corrections: Sequence[Correction]) -> _Analysed:
    text, cut = article.text, article.boilerplate
    models = model_rows(doc, text, cut)
    passages = passage_spans(text, models, cut)
    metrics = corrected(metric_rows(doc, text, cut, article.published, article.place), corrections, article)
    found = _words_of(doc, article, passages)
    rows = {
        **found.rows,
        "metrics": [_with_first(row) for row in mark_repeats({**row, "doc_id": doc} for row in metrics)],
        "models": models,
        "channel_mentions": channel_rows(doc, text, cut, passages),
    }
    return replace(found, rows=rows)


def _with_first(row: dict[str, Any]) -> dict[str, Any]:
    first = row["same_as"]
    return {**row, "same_as": "", FIRST_START: int(first.rpartition(":")[2]) if first else None}


def _table(name: str, rows: Sequence[Any]) -> pa.Table:
    extra = [FIRST_START] if name == "metrics" else []
    frame = check_table(pd.DataFrame(rows, columns=[*TABLES[name].column_names, *extra]), name)
    frame.insert(0, "doc", frame.pop("doc_id").astype("int32"))
    if extra:
        frame[FIRST_START] = frame[FIRST_START].astype("Int64")
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def _articles(
    items: Sequence[Item], read: Sequence[_Analysed | SkippedArticle], n_tokens: Sequence[int]
) -> pa.Table:
    rows = [
        {
            "doc": doc, "name": item.raw.name, "row": row_of(item.raw),
            "data_digest": item.data_digest, "state": item.state,
            **dict(zip(("size", "written", "changed"), item.stat, strict=True)),
            **({**_told(one), "n_tokens": n_tokens[doc]} if isinstance(one, _Analysed) else
               {"source": one.source, "sha256": item.raw.sha256, "reason": one.reason}),
        }
        for doc, (item, one) in enumerate(zip(items, read, strict=True))
    ]
    return pa.Table.from_pylist(rows, schema=ARTICLE_SCHEMA)


def _told(one: _Analysed) -> dict[str, Any]:
    article, minhash = one.article, one.signature.minhash
    return {
        **{name: getattr(article, name) for name in _STATED},
        "published": _day(article.published), "reason": "", "remarks": article.remarks,
        "digest": one.signature.digest, "minhash": None if minhash is None else minhash.astype("<u4").tobytes(),
    }


def _texts(read: Sequence[_Analysed | SkippedArticle]) -> pa.Table:
    pairs = [(one.article.text, one.article.boilerplate) if isinstance(one, _Analysed) else ("", ()) for one in read]
    rows = [
        {"text": text, "boilerplate": [dict(zip(("start", "end", "reason"), cut, strict=True)) for cut in boilerplate]}
        for text, boilerplate in pairs
    ]
    return pa.Table.from_pylist(rows, schema=TEXT_SCHEMA)


def _day(published: datetime.date | None) -> datetime.date | None:
    return published.date() if isinstance(published, datetime.datetime) else published


def _parquet(table: pa.Table, row_group_size: int | None = None) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd", row_group_size=row_group_size)
    return file.getvalue()


@cache
def _segmenter() -> Segmenter:
    return Segmenter()


def forget_words() -> None:
    """Give back the memory of the dictionary and of the words met, some 100 MB; the next batch loads it again."""
    _segmenter.cache_clear()
