"""Articles out of tables: CSV files and files of one JSON object a line, plain or compressed with gzip."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any, cast

from ..errors import UnreadableArticle
from ..lexicon import read_rows
from ..script import without_surrogates
from .decoding import SAMPLE_BYTES, choose_encoding, codec_of

MAX_ROW_CHARACTERS = 20_000_000
TABLE_SUFFIXES = (".csv", ".jsonl", ".csv.gz", ".jsonl.gz")

_BROKEN_STREAM = (OSError, EOFError, zlib.error)


@dataclass(frozen=True)
class Row:
    """A row of a table: where it stands ("row 3", "line 7"), its text, and its other known cells."""

    where: str
    number: int
    text: str
    encoding: str
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BadRow:
    """A row that holds no article, and why."""

    where: str
    reason: str


def read_table(path: Path) -> Iterator[Row | BadRow]:
    """Return the articles of a CSV or JSONL file row by row; memory is bounded by the longest row.

    Columns go by many names (`lexicon/article_columns.tsv`). A row that cannot be read is given as `BadRow`
    and the next one follows. Raises `UnreadableArticle` where the file is no table of articles at all.
    """
    with _open(path) as stream:
        encoding, lines = _decoded_lines(stream)
        if path.name.lower().endswith((".csv", ".csv.gz")):
            yield from _csv_rows(lines, encoding)
        else:
            yield from _json_rows(lines, encoding)


def _open(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.name.lower().endswith(".gz") else path.open("rb")


def _decoded_lines(stream: IO[bytes]) -> tuple[str, Iterator[str]]:
    sample = _sample(stream)
    if not sample.strip():
        raise UnreadableArticle("empty file" if not sample else "only white space")
    encoding, mark = choose_encoding(sample)
    rest = io.BufferedReader(_Rejoined(sample[mark:], stream))
    return encoding, _lines(io.TextIOWrapper(rest, codec_of(encoding), errors="replace", newline="\n"))


def _sample(stream: IO[bytes]) -> bytes:
    """The first bytes; of a stream that breaks off, those before it does."""
    sample = b""
    try:
        while len(sample) < SAMPLE_BYTES and (piece := _next_bytes(stream, SAMPLE_BYTES)):
            sample += piece
    except _BROKEN_STREAM as error:
        if not sample:
            raise UnreadableArticle(_broken(error)) from error
    return sample


def _next_bytes(stream: IO[bytes], size: int) -> bytes:
    """Read at once, so that no bytes are lost with an error that comes after them."""
    return cast(io.BufferedReader, stream).read1(size)


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were read already."""

    def __init__(self, first: bytes, rest: IO[bytes]) -> None:
        self._first, self._rest = first, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._first[: len(buffer)] or _next_bytes(self._rest, len(buffer))
        self._first = self._first[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


class _RowTooLong(Exception):
    pass


def _lines(text: IO[str]) -> Iterator[str]:
    while line := text.readline(MAX_ROW_CHARACTERS + 1):
        if len(line) > MAX_ROW_CHARACTERS:
            raise _RowTooLong
        yield line


def _broken(error: Exception) -> str:
    return (
        f"broken or truncated gzip file ({error})"
        if not isinstance(error, PermissionError)
        else "no permission"
    )


_TOO_LONG = f"a row of more than {MAX_ROW_CHARACTERS:,} characters; it and what follows is not read"


def _csv_rows(lines: Iterator[str], encoding: str) -> Iterator[Row | BadRow]:
    csv.field_size_limit(MAX_ROW_CHARACTERS)
    header_line = next(lines, "")
    records = _records(_chain(header_line, lines), likely_delimiter(header_line))
    header = [name.strip() for name in next(records, ([], ""))[0]]
    columns = known_columns(header)
    number = 0
    try:
        for number, (cells, problem) in enumerate(records, 1):
            if not problem and any(map(str.strip, cells[len(header) :])):
                problem = f'{len(cells)} cells, but {len(header)} columns; put texts in "quotation marks"'
            if problem:
                yield BadRow(f"row {number}", problem)
            elif any(map(str.strip, cells)):
                record = dict(zip(header, cells, strict=False))
                yield _row(record, columns, f"row {number}", number, encoding)
    except _RowTooLong:
        yield BadRow(f"row {number + 1}", _TOO_LONG)
    except (csv.Error, *_BROKEN_STREAM) as error:
        reason = f"not CSV ({error})" if isinstance(error, csv.Error) else _broken(error)
        yield BadRow(f"row {number + 1}", f"{reason}; it and what follows is not read")


def _records(lines: Iterator[str], delimiter: str) -> Iterator[tuple[list[str], str]]:
    """The cells of each record, and what is wrong with it: an open quotation mark takes in the records below."""
    taken: list[str] = []
    for cells in csv.reader(_noted(lines, taken), delimiter=delimiter):
        is_open = len(taken) > 1 and sum(line.count('"') for line in taken) % 2
        yield cells, f"a quotation mark that is not closed, in {len(taken)} lines" if is_open else ""
        taken.clear()


def _noted(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def likely_delimiter(header_line: str) -> str:
    """Return what separates the cells of a CSV file: comma, tab or semicolon, whichever its first line has most of."""
    return max(",\t;", key=header_line.count)


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _json_rows(lines: Iterator[str], encoding: str) -> Iterator[Row | BadRow]:
    number = 0
    columns: dict[str, str] | None = None
    try:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            record = _json_object(line)
            if isinstance(record, str):
                yield BadRow(f"line {number}", record)
                continue
            if columns is None or columns["text"] not in record:
                columns = _columns_of_object(record, first=columns is None)
            if columns is None:
                yield BadRow(f"line {number}", f"no text; it has {', '.join(map(repr, list(record)[:20]))}")
            else:
                yield _row(record, columns, f"line {number}", number, encoding)
    except _RowTooLong:
        yield BadRow(f"line {number + 1}", _TOO_LONG)
    except _BROKEN_STREAM as error:
        yield BadRow(f"line {number + 1}", f"{_broken(error)}; it and what follows is not read")


def _columns_of_object(record: dict[str, Any], *, first: bool) -> dict[str, str] | None:
    """The first object decides whether the file holds articles; a later one is at fault alone."""
    try:
        return known_columns(list(record))
    except UnreadableArticle:
        if first:
            raise
        return None


def _json_object(line: str) -> dict[str, Any] | str:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"not JSON ({error})" if isinstance(error, ValueError) else "JSON nested too deeply"
    return record if isinstance(record, dict) else "not a JSON object"


def _row(
    record: dict[str, Any], columns: dict[str, str], where: str, number: int, encoding: str
) -> Row | BadRow:
    values = {column: _cell(record.get(name)) for column, name in columns.items()}
    text = values.pop("text")
    if not text.strip() or not isinstance(record[columns["text"]], str):
        return BadRow(where, "no text")
    return Row(where, number, text, encoding, values)


def _cell(value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    return without_surrogates(str(value))


def known_columns(header: list[str]) -> dict[str, str]:
    """Return which name in `header` each known column goes by.

    Raises `UnreadableArticle` naming what there is where no column holds the text.
    """
    by_name = {name.casefold(): name for name in reversed(header)}
    columns: dict[str, str] = {}
    for known, column in _column_names():
        if known in by_name:
            columns.setdefault(column, by_name[known])
    if "text" not in columns:
        names = ", ".join(name for name, column in _column_names() if column == "text")
        have = ", ".join(map(repr, header[:20])) or "none"
        raise UnreadableArticle(f"no column of texts ({names}); its columns are {have}")
    return columns


@cache
def _column_names() -> list[tuple[str, str]]:
    rows = read_rows("article_columns", columns=["name", "column"])
    return [(row["name"].casefold(), row["column"]) for row in rows]
