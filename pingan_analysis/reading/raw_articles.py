"""What articles are read from: the bytes of a file, or a row of one, before anybody has looked into it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..errors import UnreadableArticle
from .files import FoundFile
from .filetypes import MAX_FILE_BYTES
from .regular import read_regular
from .sources import Sources
from .tabular import TABLE_SUFFIXES, BadRow, Row, read_table

NOT_OF_ROWS = ("doc_id", "title")
"""What a table of sources says of a file with many articles and cannot mean each of them."""


@dataclass(frozen=True)
class SkippedArticle:
    """A file, or a row of one, that could not be read, and why; `for_now`: another time it may be."""

    source: str
    reason: str
    for_now: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class RawArticle:
    """What one article is read from.

    `name` is that of the file, `doc_id` the name that its article will have if nothing else is said, `sha256` that of
    the bytes (of a row: of its text), `stated` what tables of sources say of it, `data` the bytes or the row.
    """

    name: str
    doc_id: str
    sha256: str
    stated: dict[str, str]
    data: bytes | Row

    @property
    def source(self) -> str:
        """Where the article comes from, as it stands in the tables."""
        return self.name if isinstance(self.data, bytes) else f"{self.name}, {self.data.where}"


def raw_articles(
    file: FoundFile, sources: Sources, at: Callable[[int], object] | None = None
) -> Iterator[RawArticle | SkippedArticle]:
    """Return what the article of a file, or those of its rows, are read from.

    Whatever the file holds, this gives raw articles and reasons and raises nothing. Of a file with many rows `at` is
    told how many of its bytes were read so far.
    """
    if file.problem:
        yield SkippedArticle(file.name, file.problem)
        return
    try:
        if is_table(file):
            yield from _of_rows(file, sources, at)
        else:
            yield _of_file(file, sources)
    except (UnreadableArticle, OSError, RecursionError, MemoryError) as error:
        yield SkippedArticle(file.name, reason_of(error), for_now=isinstance(error, OSError))


def is_table(file: FoundFile) -> bool:
    """Whether the file holds an article a row."""
    return file.name.lower().endswith(TABLE_SUFFIXES)


def reason_of(error: Exception) -> str:
    """Return the words for what made it impossible to read an article."""
    if isinstance(error, UnreadableArticle):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return "no longer there when it was to be read (or a link that leads nowhere)"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror or error})"
    return f"too large or too deeply nested ({type(error).__name__})"


def _of_file(file: FoundFile, sources: Sources) -> RawArticle:
    data = read_regular(file.path, "an article", MAX_FILE_BYTES)
    sha256 = hashlib.sha256(data).hexdigest()
    return RawArticle(file.name, file.doc_id, sha256, sources.find(file.name, sha256), data)


def _of_rows(
    file: FoundFile, sources: Sources, at: Callable[[int], object] | None
) -> Iterator[RawArticle | SkippedArticle]:
    for row in read_table(file.path, at):
        if isinstance(row, BadRow):
            yield SkippedArticle(f"{file.name}, {row.where}", row.reason, row.for_now)
        else:
            sha256 = hashlib.sha256(row.text.encode()).hexdigest()
            stated = stated_of_row(sources, file, sha256)
            yield RawArticle(file.name, f"{file.doc_id}-{row.number}", sha256, stated, row)


def stated_of_row(sources: Sources, file: FoundFile, sha256: str) -> dict[str, str]:
    """Return what sources say of a row: of itself, by its SHA-256, before what they say of its file."""
    of_file = {column: value for column, value in sources.find(file.name, "").items() if column not in NOT_OF_ROWS}
    return {**of_file, **sources.find("", sha256)}
