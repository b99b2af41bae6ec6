"""A sheet in which somebody codes the metrics of a text by hand: quantities are copied, and found in the text here."""

from __future__ import annotations

import csv
import difflib
import io
import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from .agreement import COMPARED, KEY, UNDECIDED
from .csv_files import unescape
from .errors import TableError, UnreadableArticle, check_choice
from .numerals import find_quantities
from .plain import PlainText
from .quantities.values import DIGITS, MAGNITUDES
from .reading.decoding import decode
from .reading.regular import MAX_TABLE_BYTES, read_regular
from .reading.tabular import likely_delimiter
from .schema import METRICS, Column, check_columns

QUANTITY, OCCURRENCE = "quantity", "occurrence"
_CODED = {column.name: column for column in METRICS.columns if column.name in COMPARED}
_UNDECIDED_AS_TYPED = (UNDECIDED, "？")
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_CHINESE = "".join(DIGITS | MAGNITUDES)
_WITHIN_A_NUMBER = re.compile(rf"[0-9.]{{2}}|(?!一)[{_CHINESE}][{_CHINESE}]")
"""Two signs of one number; 一 before a number is mostly the end of a word (统一 "unified")."""
_MULTIPLIED_OUT = ("万", "亿")


class _Line(NamedTuple):
    """A filled line of a sheet: where it stands ("sheet.csv, line 3"), and its cells by the names of their columns."""

    where: str
    cells: dict[str, str]


def read_coding_sheet(path: str | os.PathLike[str], text: str, *, doc_id: str = "text") -> pd.DataFrame:
    """Return the metrics that somebody coded in a sheet, as `read_coded` has them; `agreement` compares such tables.

    The sheet is CSV, in any of the encodings and with any of the separators that spreadsheets write. Its columns are
    those that `coding_columns` tells of; further ones (notes) follow as strings. In place of offsets it has `quantity`,
    copied from `text` in either script, and `occurrence` (1, 2, …), which may be empty where the quantity stands in the
    text once. A cell that the conventions do not decide holds `?`; lines without any cell are passed over. `doc_id`
    names the text, as it does in the table to compare with.

    Raises `TableError` naming file and line where a quantity does not stand in the text, or several times without its
    occurrence, or is coded twice, where a unit is none of the text's, or a cell holds no number, day or true or false;
    `ChoiceError` likewise for what is not among the choices of a column.

    >>> read_coding_sheet("my_sheet.csv", "张贴海报50余份。")[["char_start", "char_end"]]  # doctest: +SKIP
       char_start  char_end
    0           4         8
    """
    if not isinstance(text, str):
        raise TableError(f"text is {type(text).__name__}; read_coding_sheet() takes one string")
    names, lines = _filled_lines(Path(path))
    plain = PlainText(text)
    units = {quantity.unit for quantity in find_quantities(text)}
    rows, seen = [], dict[tuple[int, int], str]()
    for line in lines:
        start, end = _span(line, plain)
        if (start, end) in seen:
            raise TableError(f"{line.where}: {line.cells[QUANTITY]!r} is coded in {seen[start, end]} already")
        seen[start, end] = line.where
        coded = {name: _read_cell(column, line.cells[name], line.where) for name, column in _CODED.items()}
        _check_unit(coded["unit"], line, plain, units)
        place = {"doc_id": doc_id, "char_start": start, "char_end": end, QUANTITY: text[start:end]}
        rows.append(line.cells | place | coded)
    rest = [name for name in names if name not in (*KEY, QUANTITY, *COMPARED)]
    table = pd.DataFrame(rows, columns=[*KEY, QUANTITY, *COMPARED, *rest], dtype="object")
    types = {"doc_id": "str", "char_start": "Int64", "char_end": "Int64", QUANTITY: "str"}
    return table.astype(types | dict.fromkeys(rest, "str"))


def coding_columns() -> pd.DataFrame:
    """Return what goes into each column of a sheet: column, filled_with (choices, or what kind of cell), meaning."""
    ours = [
        (QUANTITY, "copied from the text", "number, mark of its bound and measure word, as they stand in the text"),
        (OCCURRENCE, "1, 2, … or empty", "which one is meant, where the quantity stands in the text several times"),
    ]
    coded = [(name, _filled_with(column), column.meaning) for name, column in _CODED.items()]
    return pd.DataFrame([*ours, *coded], columns=["column", "filled_with", "meaning"])


def _filled_with(column: Column) -> str:
    kinds = {"number": "number", "boolean": "true, false", "date": "day such as 2024-09-02", "string": "words"}
    return (", ".join(column.choices) or kinds[column.type]) + ("" if column.required else ", or empty")


def _filled_lines(path: Path) -> tuple[list[str], list[_Line]]:
    """Return the names of a sheet's columns, and its lines that are not empty."""
    try:
        text = decode(read_regular(path, "a coding sheet", MAX_TABLE_BYTES)).text
        records = csv.reader(io.StringIO(text, newline=""), delimiter=likely_delimiter(text.partition("\n")[0]))
        numbered = [(records.line_num, [unescape(cell.strip()) for cell in cells]) for cells in records]
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (UnreadableArticle, csv.Error) as error:
        raise TableError(f"{path.name}: no coding sheet ({error}); save it as CSV") from error
    names = numbered[0][1] if numbered else []
    check_columns(pd.DataFrame(columns=names), (QUANTITY, *COMPARED), where=path.name)
    return names, [_line(names, cells, f"{path.name}, line {n}") for n, cells in numbered[1:] if any(cells)]


def _line(names: list[str], cells: list[str], where: str) -> _Line:
    if any(cells[len(names):]):
        raise TableError(f"{where}: {len(cells)} cells, but {len(names)} columns; "
                         'put what holds the separator in "quotation marks"')
    return _Line(where, dict.fromkeys(names, "") | dict(zip(names, cells, strict=False)))


def _span(line: _Line, plain: PlainText) -> tuple[int, int]:
    """Return where the quantity of a line lies in the original of `plain`."""
    quantity, occurrence = line.cells[QUANTITY], line.cells.get(OCCURRENCE, "")
    wanted = PlainText(quantity).text
    if not wanted:
        raise TableError(f"{line.where}: column {QUANTITY!r} is empty; copy the quantity from the text")
    found = [match.span() for match in re.finditer(re.escape(wanted), plain.text) if _is_whole(match)]
    if not found:
        raise TableError(f"{line.where}: quantity {quantity!r} does not stand in the text{_nearest(wanted, plain)}")
    if len(found) > 1 and not occurrence:
        raise TableError(f"{line.where}: quantity {quantity!r} stands in the text {len(found)} times; "
                         f"column {OCCURRENCE!r} must say which is meant, 1 to {len(found)}")
    numbers = {str(number): span for number, span in enumerate(found, 1)}
    if (occurrence or "1") not in numbers:
        raise TableError(f"{line.where}: {OCCURRENCE} {occurrence!r} of {quantity!r}; it must be a whole number, "
                         f"1 to {len(found)}")
    return plain.span(*numbers[occurrence or "1"])


def _is_whole(match: re.Match[str]) -> bool:
    """Tell whether what was found is no part of a longer number, as 5份 is of 15份."""
    seams = (match.string[max(at - 1, 0):at + 1] for at in match.span())
    return not any(_WITHIN_A_NUMBER.fullmatch(seam) for seam in seams)


def _nearest(wanted: str, plain: PlainText) -> str:
    texts = dict.fromkeys(quantity.text for quantity in find_quantities(plain.text))
    near = difflib.get_close_matches(wanted, texts, n=1, cutoff=0.4)
    return f"; did you mean {near[0]!r}?" if near else "; copy it as it stands there"


def _read_cell(column: Column, cell: str, where: str) -> Any:
    """Return what a cell of a compared column holds: a float, True or False, a string (days in ISO form), or "?"."""
    if cell in _UNDECIDED_AS_TYPED:
        return UNDECIDED
    if not cell and column.required:
        raise TableError(f"{where}: column {column.name!r} is empty; write {UNDECIDED} where it can't be decided")
    if cell and column.choices:
        return check_choice(cell, column.choices, f"{where}: {column.name}")
    if not cell or column.type not in _READERS:
        return cell
    read, right = _READERS[column.type]
    try:
        return read(cell)
    except ValueError as error:
        raise TableError(f"{where}: column {column.name!r} holds {cell!r}; it must be {right}") from error


def _number(cell: str) -> float:
    if _NUMBER.fullmatch(cell) is None:
        raise ValueError(cell)
    return float(cell)


def _day(cell: str) -> str:
    """Return a day in ISO form; spreadsheets write 2024/9/2 for it."""
    match = _DAY.fullmatch(cell)
    if match is None:
        raise ValueError(cell)
    return date(*map(int, match.groups())).isoformat()


def _truth(cell: str) -> bool:
    if cell.lower() not in ("true", "false"):
        raise ValueError(cell)
    return cell.lower() == "true"


_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "number": (_number, "a plain number: 15000 for 1.5万, 0.915 for 91.5%"),
    "boolean": (_truth, "true or false"),
    "date": (_day, "a day such as 2024-09-02"),
}


def _check_unit(unit: str, line: _Line, plain: PlainText, units: set[str]) -> None:
    """Raise unless `unit` is one of the text's: as rules read it, or any word that stands there but for 万 and 亿."""
    stands_there = unit in plain.text and not unit.startswith(_MULTIPLIED_OUT)
    if unit not in (UNDECIDED, "") and not stands_there:
        check_choice(unit, sorted(units - {""}), f"{line.where}: unit")
