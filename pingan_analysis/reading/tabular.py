"""Articles out of tables: CSV files and files of one JSON object a line, plain or compressed with gzip."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any, cast

from ..errors import UnreadableArticle
from ..lexicon import read_rows
from ..script import without_surrogates
from .decoding import SAMPLE_BYTES, check_lines, choose_encoding, codec_of
from .regular import open_regular

MAX_ROW_CHARACTERS = 10_000_000
MAX_UNPACKED_SHARE = 50  # bytes out of one byte of a gzip file; text gives 3 to 20
MIN_UNPACKED_BYTES = 100_000_000  # that any gzip file may unpack to
MOST_BAD_ROWS = 10_000  # one after the other
MOST_BLANK_ROWS = 2_000_000  # one after the other; more than a spreadsheet has
LONGEST_NAME = 40  # characters of a column's name that a reason shows
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
    """A row that holds no article, and why; `for_now` where the system failed, and not what stands there."""

    where: str
    reason: str
    for_now: bool = False


def read_table(path: Path, at: Callable[[int], object] | None = None) -> Iterator[Row | BadRow]:
    """Return the articles of a CSV or JSONL file row by row; memory is bounded by the longest row.

    `at` is told, before each row is given, how many bytes of the file were read by then.

    Columns go by many names (`lexicon/article_columns.tsv`). A row that cannot be read is given as `BadRow`
    and the next one follows. Raises `UnreadableArticle` where the file is no table of articles at all.
    """
    with open_regular(path) as packed, _unpacked(packed, path.name) as stream:
        encoding, text = _decoded(stream)
        read = _csv_rows if path.name.lower().endswith((".csv", ".csv.gz")) else _json_rows
        for row in _until_hopeless(read(text, encoding)):
            if at is not None:
                at(packed.tell())
            yield row


def _unpacked(packed: IO[bytes], name: str) -> IO[bytes]:
    size = os.fstat(packed.fileno()).st_size
    if not name.lower().endswith(".gz"):
        return cast(IO[bytes], _AsOpened(packed, size))
    return cast(IO[bytes], _Bounded(gzip.GzipFile(fileobj=packed), MIN_UNPACKED_BYTES + MAX_UNPACKED_SHARE * size))


class _AsOpened(io.RawIOBase):
    """A file up to the size that it had when it was opened: one that goes on growing would have no end."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream, self._left = stream, size

    def readable(self) -> bool:
        return True

    def read1(self, size: int) -> bytes:
        data = cast(io.BufferedReader, self._stream).read1(min(size, self._left))
        self._left -= len(data)
        return data


class _Bounded(io.RawIOBase):
    """A gzip file that breaks off where it has unpacked to more than texts do."""

    def __init__(self, stream: gzip.GzipFile, most: int) -> None:
        self._stream, self._left = stream, most

    def readable(self) -> bool:
        return True

    def read1(self, size: int) -> bytes:
        data = self._stream.read1(size)
        self._left -= len(data)
        if self._left < 0:
            raise OSError(f"it unpacks to more than {MAX_UNPACKED_SHARE} times its size")
        return data


def _until_hopeless(rows: Iterator[Row | BadRow]) -> Iterator[Row | BadRow]:
    """The rows, until so many in a line are bad that the file is no table of articles."""
    bad, row = 0, None
    for row in rows:
        bad = bad + 1 if isinstance(row, BadRow) else 0
        yield row
        if bad == MOST_BAD_ROWS:
            yield BadRow(f"after {row.where}", f"the {bad:,} rows above it are all bad; what follows is not read")
            return
    if row is None:
        raise UnreadableArticle("a table with no rows")


def _decoded(stream: IO[bytes]) -> tuple[str, IO[str]]:
    sample = _sample(stream)
    if not sample.strip():
        raise UnreadableArticle("empty file" if not sample else "only white space")
    encoding, mark = choose_encoding(sample)
    rest = io.BufferedReader(_Rejoined(sample[mark:], stream))
    return encoding, io.TextIOWrapper(rest, codec_of(encoding), errors="replace", newline="")


def _sample(stream: IO[bytes]) -> bytes:
    """The first bytes; of a stream that breaks off, those before it does."""
    sample = b""
    try:
        while len(sample) < SAMPLE_BYTES and (piece := _next_bytes(stream, SAMPLE_BYTES)):
            sample += piece
    except _BROKEN_STREAM as error:
        if not sample:
            if _is_of_the_system(error):
                raise
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


class _OnlyBlank(Exception):
    pass


class _RowTooLong(Exception):
    pass


def _lines(text: IO[str]) -> Iterator[str]:
    """The lines of a text; raises `_RowTooLong` behind one that is, from where the next ones can be read."""
    while line := text.readline(MAX_ROW_CHARACTERS + 1):
        if len(line) > MAX_ROW_CHARACTERS:
            while line and not line.endswith(("\n", "\r")):
                line = text.readline(MAX_ROW_CHARACTERS)
            raise _RowTooLong
        yield line


def _numbered_lines(text: IO[str]) -> Iterator[tuple[int, str | None]]:
    """The lines with their numbers, None for one that is too long; raises `_OnlyBlank` after too many blank ones."""
    lines, number, blank = _lines(text), 0, 0
    while blank < MOST_BLANK_ROWS:
        number += 1
        try:
            line = next(lines)
        except StopIteration:
            return
        except _RowTooLong:
            lines = _lines(text)
            yield number, None
            continue
        blank = blank + 1 if line.isspace() else 0
        if not blank:
            yield number, line
    raise _OnlyBlank(f"{blank:,} blank lines one after the other; what follows is not read")


def _is_of_the_system(error: Exception) -> bool:
    return isinstance(error, OSError) and error.errno is not None


def _broken(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return f"cannot be read ({error.strerror})"
    kind = "not CSV" if isinstance(error, csv.Error) else "broken or truncated gzip file"
    return f"{kind} ({error})"


_TOO_LONG = f"a row of more than {MAX_ROW_CHARACTERS:,} characters; an article is read up to as many"


def _csv_rows(text: IO[str], encoding: str) -> Iterator[Row | BadRow]:
    lines = _lines(text)
    csv.field_size_limit(MAX_ROW_CHARACTERS)
    try:
        header_line = next(lines, "")
        records = _records(_chain(header_line, lines), likely_delimiter(header_line))
        header = [name.strip() for name in next(records, ([], ""))[0]]
    except _RowTooLong as error:
        raise UnreadableArticle(f"{_TOO_LONG}, and it is the first") from error
    except (csv.Error, *_BROKEN_STREAM) as error:
        raise UnreadableArticle(_broken(error)) from error
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
        yield BadRow(f"row {number + 1}", f"{_TOO_LONG}; it and what follows is not read")
    except (csv.Error, *_BROKEN_STREAM) as error:
        for_now = _is_of_the_system(error)
        yield BadRow(f"row {number + 1}", f"{_broken(error)}; it and what follows is not read", for_now)


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


def _json_rows(text: IO[str], encoding: str) -> Iterator[Row | BadRow]:
    number = 0
    columns: dict[str, str] | None = None
    try:
        for number, line in _numbered_lines(text):
            record = _TOO_LONG if line is None else _json_object(line)
            if isinstance(record, str):
                yield BadRow(f"line {number}", record)
                continue
            if columns is None or columns["text"] not in record:
                columns = _columns_of_object(record, first=columns is None)
            if columns is None:
                yield BadRow(f"line {number}", f"no text; it has {_shown(record)}")
            else:
                yield _row(record, columns, f"line {number}", number, encoding)
    except _OnlyBlank as error:
        yield BadRow(f"after line {number}", str(error))
    except _BROKEN_STREAM as error:
        for_now = _is_of_the_system(error)
        yield BadRow(f"line {number + 1}", f"{_broken(error)}; it and what follows is not read", for_now)


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
    except json.JSONDecodeError as error:
        return f"not JSON ({error})"
    except ValueError:
        return "a number in it has thousands of digits; put it into quotation marks"
    except RecursionError:
        return "JSON nested too deeply"
    return record if isinstance(record, dict) else "not a JSON object"


def _row(
    record: dict[str, Any], columns: dict[str, str], where: str, number: int, encoding: str
) -> Row | BadRow:
    values = {column: _cell(record.get(name)) for column, name in columns.items()}
    text = values.pop("text")
    if not text.strip() or not isinstance(record[columns["text"]], str):
        return BadRow(where, "no text")
    try:
        check_lines(text)
    except UnreadableArticle as error:
        return BadRow(where, str(error))
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
        raise UnreadableArticle(f"no column of texts ({names}); its columns are {_shown(header)}")
    return columns


def _shown(names: Iterable[str]) -> str:
    first = itertools.islice(names, 20)
    return ", ".join(repr(without_surrogates(name[:LONGEST_NAME])) for name in first) or "none"


@cache
def _column_names() -> list[tuple[str, str]]:
    rows = read_rows("article_columns", columns=["name", "column"])
    return [(row["name"].casefold(), row["column"]) for row in rows]
