r"""CSV as the package writes and reads it: no text of an article runs as a formula in a spreadsheet, and none is lost.

A spreadsheet may calculate a cell that begins with = + - @ (of either width), tab or line end, also after white space
(OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection). Text that begins so, or so after
apostrophes, is written with one apostrophe more in front. Reading takes one off from these cells, and only from these:
so every text comes back. Numbers, days and truth values are no text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import duckdb
import numpy as np
import pandas as pd
from pandas.api.types import is_float_dtype, is_object_dtype, is_string_dtype

from .script import without_surrogates

# Characters, not escapes, in the patterns where Python, Arrow and DuckDB write the escapes in different ways.
_UNSEEN = "[\\x00-\\x20\\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
_FORMULA = rf"{_UNSEEN}*[=+\-@\t\r\n＝＋－＠]"
_TO_ESCAPE, _ESCAPED = rf"\A'*{_FORMULA}", rf"\A'+{_FORMULA}"


def escape(text: str) -> str:
    """Return `text` as it stands in a CSV file of the package.

    >>> escape("=1+1"), escape("'=1+1"), escape("平安 = 安"), escape("'平安'")
    ("'=1+1", "''=1+1", '平安 = 安', "'平安'")
    """
    return f"'{text}" if re.match(_TO_ESCAPE, text) else text


def unescape(text: str) -> str:
    """Return the text that `escape` made `text` of.

    >>> unescape("'=1+1"), unescape("'平安'")
    ('=1+1', "'平安'")
    """
    return text[1:] if re.match(_ESCAPED, text) else text


def csv_text(table: pd.DataFrame, *, digits: int | None = None) -> str:
    r"""Return `table` as CSV (LF, days in ISO form, no index), which `plain_cells` and `plain_column` read.

    Text and names of columns are escaped. Line ends within a cell become LF, since Pythons differ in whether they quote
    a lone CR; a lone surrogate, which no file in UTF-8 can hold, becomes U+FFFD. `digits`: how many significant ones a
    number has at most (default: as many as give back the very number).

    >>> csv_text(pd.DataFrame({"term": ["=1+1", "平安"], "change": [-0.5, 0.25]}))
    "term,change\n'=1+1,-0.5\n平安,0.25\n"
    """
    written = _with_cells(table, _escaped_column, _escaped_cell)
    if digits is not None:
        _round(written, digits)
    return written.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")


def plain_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table that was read from CSV of the package with its texts as they were before they were written.

    >>> plain_cells(pd.DataFrame({"term": ["'=1+1", "平安"], "change": [-0.5, 0.25]}))["term"].tolist()
    ['=1+1', '平安']
    """
    return _with_cells(table, _plain_column, unescape)


def plain_column(column: str) -> duckdb.Expression:
    """Return the DuckDB expression of a VARCHAR column of such CSV, with its texts as they were.

    >>> rows = duckdb.sql("SELECT '''=1+1' AS term")
    >>> rows.project(plain_column("term").alias("term")).fetchall()
    [('=1+1',)]
    """
    cells = duckdb.ColumnExpression(column)
    is_escaped = duckdb.FunctionExpression("regexp_matches", cells, duckdb.ConstantExpression(_ESCAPED))
    rest = duckdb.FunctionExpression("substring", cells, duckdb.ConstantExpression(2))
    return duckdb.CaseExpression(is_escaped, rest).otherwise(cells)


def _with_cells(
    table: pd.DataFrame, of_column: Callable[[pd.Series], pd.Series], of_cell: Callable[[str], str]
) -> pd.DataFrame:
    """Return `table` with `of_column` of its columns of text, and `of_cell` of texts elsewhere and of the names."""
    table = table.copy()
    for position in range(table.shape[1]):
        cells = table.iloc[:, position]
        if is_object_dtype(cells) or isinstance(cells.dtype, pd.CategoricalDtype):
            changed = [of_cell(cell) if isinstance(cell, str) else cell for cell in cells]
            table.isetitem(position, pd.array(changed, dtype="object"))
        elif is_string_dtype(cells):
            table.isetitem(position, of_column(cells).array)
    table.columns = pd.Index([of_cell(str(name)) for name in table.columns], dtype="object")
    return table


def _escaped_column(cells: pd.Series) -> pd.Series:
    cells = cells.str.replace("\r\n", "\n", regex=False).str.replace("\r", "\n", regex=False)
    return cells.mask(cells.str.contains(_TO_ESCAPE, regex=True, na=False), "'" + cells)


def _escaped_cell(cell: str) -> str:
    return escape(without_surrogates(cell).replace("\r\n", "\n").replace("\r", "\n"))


def _plain_column(cells: pd.Series) -> pd.Series:
    return cells.mask(cells.str.contains(_ESCAPED, regex=True, na=False), cells.str.slice(1))


def _round(table: pd.DataFrame, digits: int) -> None:
    """Write the numbers of `table` out, in place, with so many digits at most; floating-point ones also in columns of
    type object."""
    for position in range(table.shape[1]):
        cells = table.iloc[:, position]
        if is_float_dtype(cells) or is_object_dtype(cells):
            rounded = [
                f"{cell:.{digits}g}" if isinstance(cell, float | np.floating) and np.isfinite(cell) else cell
                for cell in cells
            ]
            table.isetitem(position, pd.array(rounded, dtype="object"))
