"""Corrections by hand: what a coder states of a metric beats what the rules read.

The table is data/coding/corrections.csv (how to write it: data/coding/README.md). Its lines name an article by its
SHA-256 and a quantity by its characters, so that they hold for whoever has the same article, under any name.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import isfinite
from operator import attrgetter
from pathlib import Path
from typing import Any

from .articles import Article
from .csv_files import unescape
from .errors import ChoiceError, TableError, UnreadableArticle, check_choice
from .extraction.translation import indicator_in_english
from .numerals import quantities_in
from .paths import data_folder
from .plain import PlainText
from .reading.boilerplate import paragraphs
from .reading.decoding import decode
from .reading.regular import MAX_TABLE_BYTES, read_regular
from .reading.tabular import likely_delimiter
from .schema import CORRECTABLE, CORRECTIONS, METRICS, Column
from .script import to_simplified

RULE = "corrected"
ROW, ADD, REMOVE = "row", "add", "remove"
_COLUMNS = {column.name: column for column in METRICS.columns if column.name in CORRECTABLE}
_TRUTH = {"true": True, "false": False}
_SHA256 = re.compile("[0-9a-f]{64}")
_SHOWN = 30
_EMPTY = {"string": "", "number": None, "date": None}
_DEFAULTS = {"kind": "count", "category": "other", "channel": "none", "bound": "exact", "cumulative": False,
             "target": False}


@dataclass(frozen=True)
class Correction:
    """A line of the table: `value` in the type of its column, `where` the file and line that it stands in."""

    sha256: str
    char_start: int
    char_end: int
    column: str
    value: Any
    where: str


def read_corrections(path: str | os.PathLike[str]) -> list[Correction]:
    """Return the lines of a table of corrections, in order; columns as `schema.CORRECTIONS` has them.

    Raises `TableError` naming file, line and column where the file cannot be read, a cell is empty or of the wrong
    type, a column of `metrics` is unknown or none that a coder sets, a value is outside its choices, or two lines are
    about one cell.

    >>> read_corrections("no/such/corrections.csv")
    Traceback (most recent call last):
    pingan_analysis.errors.TableError: no/such/corrections.csv: cannot be read (No such file or directory)
    """
    corrections: dict[tuple[str, int, int, str], Correction] = {}
    for where, cells in _lines(Path(path)):
        line = _correction(cells, where)
        key = (line.sha256, line.char_start, line.char_end, line.column)
        if key in corrections:
            raise TableError(f"{where}: corrects {line.column!r} of the metric at {_span(line)} once more, as "
                             f"{corrections[key].where.rpartition(', ')[2]} does; leave one of the two")
        corrections[key] = line
    return list(corrections.values())


def shipped_corrections() -> list[Correction]:
    """Return the corrections that come with the package."""
    path = data_folder() / "coding" / "corrections.csv"
    return read_corrections(path) if path.is_file() else []


def corrected(
    rows: Sequence[dict[str, Any]], corrections: Sequence[Correction], article: Article
) -> list[dict[str, Any]]:
    """Return the `rows` of `metrics` of an article as its corrections want them, in order; their rule is "corrected".

    Of `corrections`, those that name the article's SHA-256 count. A corrected value or bound takes low and high with
    it, unless they are corrected too. A row that is added takes value, bound and unit from its characters where these
    are one quantity, its indicator from its unit, and else is an exact result of kind count, category other, without
    channel and period, at the article's place.

    Raises `TableError` naming file and line where there is no row to correct or remove at those characters (the rules
    may have changed), a row that is to be added overlaps another or lies outside of the paragraphs, or a row would
    contradict itself.
    """
    by_span = {(row["char_start"], row["char_end"]): row for row in rows}
    of_span = attrgetter("char_start", "char_end")
    mine = sorted((line for line in corrections if line.sha256 == article.sha256), key=of_span)
    added = []
    for span, lines in groupby(mine, of_span):
        stated = {line.column: line for line in lines}
        first = next(iter(stated.values()))
        action = stated.pop(ROW).value if ROW in stated else None
        if action == ADD:
            added.append((first.where, _added(span, stated, article, first.where)))
        elif span not in by_span:
            raise TableError(f"{first.where}: {_no_row(span, rows, article)}")
        elif action == REMOVE:
            _check_nothing_else(stated)
            del by_span[span]
        else:
            by_span[span] = _with(by_span[span], stated, first.where)
    for where, row in added:
        _check_room(row, by_span.values(), where)
        by_span[row["char_start"], row["char_end"]] = row
    return [by_span[span] for span in sorted(by_span)]


def _lines(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of the file that are not blank, each with the words for where it stands."""
    try:
        data = read_regular(path, "a table of corrections", MAX_TABLE_BYTES)
        text = decode(data).text if data else ""
        reader = csv.reader(
            io.StringIO(text, newline=""), delimiter=likely_delimiter(text.partition("\n")[0]), strict=True
        )
        numbered, line = [], 1
        for record in reader:
            numbered.append((line, [unescape(cell.strip()) for cell in record]))
            line = reader.line_num + 1
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (UnreadableArticle, csv.Error) as error:
        raise TableError(f"{path.name}: no table of corrections ({error}); it must be CSV in UTF-8") from error
    names = numbered[0][1] if numbered else []
    for name in CORRECTIONS.column_names:
        if names.count(name) != 1:
            wrong = "stands there twice" if name in names else "is missing"
            raise TableError(f"{path.name}, line 1: column {name!r} {wrong}; the columns are "
                             f"{','.join(CORRECTIONS.column_names)}")
    for number, cells in numbered[1:]:
        if any(cells):
            where = f"{path.name}, line {number}"
            if len(cells) != len(names):
                raise TableError(f"{where}: {len(cells)} cells, but {len(names)} columns; "
                                 'a cell with the separator in it must stand in "quotation marks"')
            yield where, dict(zip(names, cells, strict=True))


def _correction(cells: dict[str, str], where: str) -> Correction:
    for column in CORRECTIONS.columns:
        if column.required and not cells[column.name]:
            raise TableError(f"{where}: column {column.name!r} is empty; it must hold the {column.meaning}")
    sha256 = cells["sha256"].lower()
    if not _SHA256.fullmatch(sha256):
        raise TableError(f"{where}: sha256 {cells['sha256']!r} is none; take the 64 digits from documents.csv")
    start, end = _position(cells, "char_start", where), _position(cells, "char_end", where)
    if end <= start:
        raise TableError(f"{where}: char_end {end} must lie behind char_start {start}")
    name = _choice(cells["column"], (ROW, *CORRECTABLE), "column", where)
    if name == ROW:
        value: Any = _choice(cells["value"], (ADD, REMOVE), "value", where)
    else:
        value = _value(_COLUMNS[name], cells["value"], where)
    return Correction(sha256, start, end, name, value, where)


def _position(cells: dict[str, str], name: str, where: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", cells[name]):
        raise TableError(f"{where}: {name} {cells[name]!r} must be a whole number of characters, 0 or more")
    return int(cells[name])


def _choice(value: str, choices: Sequence[str], name: str, where: str) -> str:
    try:
        return check_choice(value, choices, name)
    except ChoiceError as error:
        raise TableError(f"{where}: {error}") from None


def _value(column: Column, text: str, where: str) -> Any:
    """Return the cell `text` in the type of `column` of `metrics`."""
    if not text:
        if column.required:
            raise TableError(f"{where}: {column.name} must not be empty")
        return _EMPTY[column.type]
    if column.choices:
        return _choice(text, column.choices, column.name, where)
    if column.type == "string":
        return text if column.name.endswith("_en") else to_simplified(text)
    value = {"number": _number, "boolean": _truth, "date": _day}[column.type](text)
    if value is None:
        right = {"number": "a number such as 1500 or 0.885", "boolean": "true or false",
                 "date": "a day such as 2024-09-02"}[column.type]
        raise TableError(f"{where}: {column.name} {text!r} must be {right}")
    return value


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and "_" not in text else None


def _truth(text: str) -> bool | None:
    return _TRUTH.get(text.lower())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2024-09-02") else None
    except ValueError:
        return None


def _added(span: tuple[int, int], stated: dict[str, Correction], article: Article, where: str) -> dict[str, Any]:
    start, end = span
    within = [s for s in paragraphs(article.text, article.boilerplate) if s.start <= start and end <= s.end]
    if not within:
        raise TableError(f"{where}: characters {start}–{end} do not lie within one paragraph of {article.doc_id!r}")
    row = {
        **{name: _EMPTY.get(column.type) for name, column in _COLUMNS.items()}, **_DEFAULTS, "place": article.place,
        "doc_id": article.doc_id, "para": within[0].para, "char_start": start, "char_end": end,
        "quantity": article.text[start:end], "same_as": "", **_read(article.text[start:end]),
    }
    if row["value"] is None and "value" not in stated:
        raise TableError(f"{where}: {_shown(article.text, span)} is not one quantity; "
                         "add a line with column 'value' for the same characters")
    unit = stated["unit"].value if "unit" in stated else row["unit"]
    if not unit and "indicator" not in stated:
        raise TableError(f"{where}: the row to be added measures nothing; "
                         "add a line with column 'indicator' for the same characters")
    return _with({**row, "indicator": unit}, stated, where)


def _read(quantity: str) -> dict[str, Any]:
    """Return the columns that the characters of a quantity give, where they are one."""
    plain = PlainText(quantity)
    found = quantities_in(plain.text)
    if len(found) != 1 or found[0].text != plain.text:
        return {}
    return {name: getattr(found[0], name) for name in ("value", "low", "high", "unit", "bound")}


def _with(row: dict[str, Any], stated: dict[str, Correction], where: str) -> dict[str, Any]:
    """Return `row` with what is stated of it, and with the limits that follow from a new value or bound."""
    new = row | {name: line.value for name, line in stated.items()} | {"rule": RULE}
    if "value" in stated or "bound" in stated:
        limits = {"low": new["value"] if new["bound"] in ("exact", "more_than") else None,
                  "high": new["value"] if new["bound"] in ("exact", "nearly", "less_than") else None}
        new |= {name: limit for name, limit in limits.items() if name not in stated}
    if "indicator" in stated and "indicator_en" not in stated:
        new["indicator_en"] = indicator_in_english(new["indicator"])
    _check_sense(new, where)
    return new


def _check_sense(row: dict[str, Any], where: str) -> None:
    for low, high in (("low", "value"), ("value", "high"), ("low", "high"), ("period_start", "period_end")):
        if row[low] is not None and row[high] is not None and row[low] > row[high]:
            raise TableError(f"{where}: {low} would be {row[low]}, above {high} {row[high]}; correct both")
    if (row["period_start"] or row["period_end"]) and not row["period_basis"]:
        raise TableError(f"{where}: the period has no period_basis; add a line with how it was settled (stated …)")


def _check_nothing_else(stated: dict[str, Correction]) -> None:
    for line in stated.values():
        raise TableError(f"{line.where}: corrects {line.column!r} of the metric at {_span(line)}, "
                         "which another line removes; leave one of the two")


def _check_room(row: dict[str, Any], others: Iterable[dict[str, Any]], where: str) -> None:
    start, end = row["char_start"], row["char_end"]
    for other in others:
        if other["char_start"] < end and start < other["char_end"]:
            there = (other["char_start"], other["char_end"])
            if there == (start, end):
                raise TableError(f"{where}: the row at {start}–{end} is there already; "
                                 "leave out the line with 'add', and correct its columns")
            raise TableError(f"{where}: the row to be added at {start}–{end} overlaps the one at {there[0]}–{there[1]} "
                             f"({other['quantity']!r}); remove that one first")


def _no_row(span: tuple[int, int], rows: Sequence[dict[str, Any]], article: Article) -> str:
    start, end = span
    if end > len(article.text):
        return f"characters {start}–{end} lie behind the end of {article.doc_id!r}, which has {len(article.text)}"
    near = [row for row in rows if row["char_start"] < end and start < row["char_end"]]
    there = "; there is " + ", ".join(f"{row['char_start']}–{row['char_end']} ({row['quantity']!r})" for row in near)
    return (f"the rules read no metric at {start}–{end} ({_shown(article.text, span)}) of {article.doc_id!r}"
            f"{there if near else ''}; if they have changed since, mend the span, or delete the line, or add the row "
            "('row', 'add')")


def _shown(text: str, span: tuple[int, int]) -> str:
    characters = text[span[0]:span[1]]
    return repr(characters if len(characters) <= _SHOWN else characters[:_SHOWN] + "…")


def _span(line: Correction) -> str:
    return f"{line.char_start}–{line.char_end}"
