"""What is known of the articles beyond their files: the tables `sources.csv`.

Such a table names a file (column `file`, relative to the table's folder) or its SHA-256 (column `sha256`) in
each row, and gives any of the bibliographic columns of the documents table. A cell that is not empty beats
what the file says.
"""

from __future__ import annotations

import csv
import difflib
import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ..errors import TableError, UnreadableArticle
from ..paths import data_folder
from ..schema import DOCUMENTS
from .boilerplate import parse_day
from .decoding import decode
from .regular import MAX_TABLE_BYTES, read_regular
from .tabular import likely_delimiter

SOURCES_NAME = "sources.csv"
BIBLIOGRAPHIC = (
    "doc_id",
    "title",
    "place",
    "place_en",
    "province",
    "level",
    "publisher",
    "published",
    "date_basis",
    "script",
)
_KNOWN = {"file", "note", *DOCUMENTS.column_names}
_CHOICES = {column.name: column.choices for column in DOCUMENTS.columns if column.choices}


@dataclass
class SourceTable:
    """One table of sources: its rows by file name and by hash, and which of them have matched a file."""

    name: str
    rows: list[dict[str, str]]
    by_file: dict[str, int] = field(default_factory=dict)
    by_sha256: dict[str, int] = field(default_factory=dict)
    matched: set[int] = field(default_factory=set)

    def find(self, file: str, sha256: str) -> dict[str, str]:
        """Return the row for a file (name relative to the folder that is read), or an empty one."""
        number = self.by_file.get(_normal_name(file), self.by_sha256.get(sha256))
        if number is None:
            return {}
        self.matched.add(number)
        return self.rows[number]

    def unmatched(self) -> list[str]:
        """Return the files (or hashes) of the rows that no file has matched."""
        return [
            row.get("file") or row.get("sha256", "")
            for i, row in enumerate(self.rows)
            if i not in self.matched
        ]


@dataclass(frozen=True)
class Sources:
    """Tables of sources, the strongest first."""

    tables: tuple[SourceTable, ...]

    def find(self, file: str, sha256: str) -> dict[str, str]:
        """Return what the tables say of a file, column by column from the first table that has a value."""
        found: dict[str, str] = {}
        for table in self.tables:
            for column, value in table.find(file, sha256).items():
                if column in BIBLIOGRAPHIC and value:
                    found.setdefault(column, value)
        return found


def load_sources(explicit: Path | str | pd.DataFrame | None, beside: Iterable[tuple[str, Path]]) -> Sources:
    """Read the tables of sources that apply to a folder.

    `explicit` (a path or a table) is the strongest, then those `beside` the files, as (folder relative to the
    one that is read, path); the project's own bibliography comes last and goes by hash alone.

    Raises `TableError` naming table, column or row where one has an unknown column, a row without file and
    hash, two rows for one file, or a value that its column does not allow.
    """
    tables = []
    if isinstance(explicit, pd.DataFrame):
        tables.append(_table(explicit, "sources"))
    elif explicit is not None:
        tables.append(_table(_read(Path(explicit)), Path(explicit).name))
    tables += [_table(_read(path), f"{folder}{path.name}", folder) for folder, path in beside]
    return Sources((*tables, _bibliography()))


def _bibliography() -> SourceTable:
    path = data_folder() / SOURCES_NAME
    if not path.is_file():
        return SourceTable(SOURCES_NAME, [])
    table = _table(_read(path), path.name)
    return SourceTable(table.name, table.rows, by_sha256=table.by_sha256, matched=set(range(len(table.rows))))


def _read(path: Path) -> pd.DataFrame:
    try:
        text = decode(read_regular(path, "a table of sources", MAX_TABLE_BYTES)).text
        delimiter = likely_delimiter(text.splitlines()[0] if text.strip() else "")
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        if not lines:
            raise ValueError("it is empty")
        header, *records = lines
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror})") from error
    except (UnreadableArticle, ValueError, csv.Error) as error:
        raise TableError(
            f"{path.name}: no table of sources ({error}); its first line must name the columns"
        ) from error
    names = [name.strip().lower() for name in header]
    while names and not names[-1]:
        names.pop()
    return pd.DataFrame(_filled(records, len(names), path.name), columns=names, dtype="str")


def _filled(records: list[list[str]], width: int, name: str) -> Iterator[list[str]]:
    """The rows that are not blank, short ones filled up."""
    filled = (cells for cells in records if any(map(str.strip, cells)))
    for number, cells in enumerate(filled, 1):
        if any(map(str.strip, cells[width:])):
            raise TableError(
                f"{name}, row {number}: {len(cells)} cells, but {width} columns; "
                'a cell with the separator in it must stand in "quotation marks"'
            )
        yield [*cells[:width], *[""] * (width - len(cells))]


def _table(frame: pd.DataFrame, name: str, folder: str = "") -> SourceTable:
    _check_columns(frame, name)
    frame = frame.astype("str").fillna("")
    table = SourceTable(
        name, [{str(k): str(v).strip() for k, v in row.items()} for row in frame.to_dict("records")]
    )
    for i, row in enumerate(table.rows):
        where = f"{name}, row {i + 1}"
        _check_row(row, where)
        _enter(table.by_file, _normal_name(folder + row["file"]) if row.get("file") else "", i, where)
        _enter(table.by_sha256, row.get("sha256", "").lower(), i, where)
    return table


def _enter(index: dict[str, int], key: str, number: int, where: str) -> None:
    if key and key in index:
        raise TableError(f"{where} names {key!r}, as row {index[key] + 1} does; a file must stand in one row")
    if key:
        index[key] = number


def _check_columns(frame: pd.DataFrame, name: str) -> None:
    if not frame.columns.is_unique:
        raise TableError(f"{name}: column {frame.columns[frame.columns.duplicated()][0]!r} stands there twice")
    for column in frame.columns:
        if column not in _KNOWN:
            near = difflib.get_close_matches(str(column), _KNOWN, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(_KNOWN))}"
            raise TableError(f"{name}: unknown column {column!r}{hint}")
    if "file" not in frame.columns and "sha256" not in frame.columns:
        raise TableError(f"{name}: no column 'file' or 'sha256' that says which article a row is about")


def _check_row(row: dict[str, str], where: str) -> None:
    if not row.get("file") and not row.get("sha256"):
        raise TableError(f"{where}: neither 'file' nor 'sha256' says which article it is about")
    if row.get("published") and parse_day(row["published"]) is None:
        raise TableError(f"{where}: published={row['published']!r} is no day such as 2024-09-02")
    for column, choices in _CHOICES.items():
        if row.get(column) and row[column] not in choices:
            raise TableError(
                f"{where}: {column}={row[column]!r} must be one of {', '.join(map(repr, choices))}"
            )


def _normal_name(name: str) -> str:
    return unicodedata.normalize("NFC", name.replace("\\", "/").removeprefix("./"))
