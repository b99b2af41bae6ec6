"""The cells of a table as a paper prints them: text on one line, numbers with separators, a dash where nothing is."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_integer_dtype, is_numeric_dtype

from .labels import table_label

_INVISIBLE = ("Cc", "Cf", "Cs")
_NUMBER = re.compile(r"[≥≤≲≈<>~±+\-−]?\s*\d[\d,.]*\s*[%‰]?")


@dataclass(frozen=True)
class PrintedColumn:
    """A column as it is printed: its head, its cells as text, and whether it holds numbers alone."""

    head: str
    cells: tuple[str, ...]
    is_number: bool


def printed_columns(table: pd.DataFrame, lang: str) -> list[PrintedColumn]:
    """Return the columns of `table` as they are printed in `lang`; an index that only numbers the rows is left out.

    >>> [column] = printed_columns(pd.DataFrame({"n": [3200000, None]}, dtype="Int64"), "en")
    >>> column.cells, column.is_number
    (('3,200,000', '–'), True)
    """
    numbers_rows = table.index.name is None and (table.empty or is_integer_dtype(table.index))
    table = table if numbers_rows else table.reset_index()
    return [_printed_column(one_line(str(name)), cells, lang) for name, cells in table.items()]


def one_line(text: str) -> str:
    r"""Return `text` on one line: white space becomes single spaces; control and invisible characters go.

    >>> one_line("平安\n 建\u200b设\x00")
    '平安 建设'
    """
    spaced = (" " if c.isspace() else c for c in text)
    return " ".join("".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE).split())


def _printed_column(head: str, values: pd.Series, lang: str) -> PrintedColumn:
    missing = table_label("missing", lang)
    cells = tuple(
        missing if is_missing else _printed(cell, lang) or missing
        for cell, is_missing in zip(values, values.isna(), strict=True)
    )
    numeric = is_numeric_dtype(values) and not is_bool_dtype(values)
    return PrintedColumn(head, cells, numeric or _are_numbers(cells, missing))


def _are_numbers(cells: Iterable[str], missing: str) -> bool:
    there = [cell for cell in cells if cell != missing]
    return bool(there) and all(map(_NUMBER.fullmatch, there))


def _printed(cell: object, lang: str) -> str:
    if isinstance(cell, bool | np.bool_):
        return table_label("true" if cell else "false", lang)
    if isinstance(cell, Integral):
        return f"{int(cell):,}".replace("-", "−")
    if isinstance(cell, Real):
        return f"{float(cell):,.12g}".replace("-", "−")
    if isinstance(cell, datetime.date):
        return cell.isoformat()[:10]
    return one_line(str(cell))
