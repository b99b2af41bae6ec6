"""How far two codings of the same texts agree: rules against a coder, or two coders against each other.

Rows of two tables are about one metric where doc_id, char_start and char_end are the same. Cells that a coder leaves
undecided (`?`) are not scored: a column is judged by the other rows, a record by its other cells.
"""

from __future__ import annotations

import io
import os
from datetime import datetime
from math import isclose
from numbers import Integral
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .csv_files import plain_cells
from .errors import PinganError, TableError, UnreadableArticle
from .extraction.repeats import similarity
from .reading.decoding import decode
from .reading.regular import MAX_TABLE_BYTES, read_regular
from .reading.tabular import likely_delimiter
from .schema import METRICS, Column, check_columns, check_table
from .trends import wilson_interval

KEY = ("doc_id", "char_start", "char_end")
"""Columns that tell which row of one coding is about the metric of which row of the other."""
COMPARED = (
    "value", "unit", "bound", "kind", "direction", "target", "cumulative", "indicator", "category", "channel",
    "period_start", "period_end", "place",
)
"""Columns that are compared; any of them may hold `UNDECIDED`."""
UNDECIDED = "?"
RECORDS: dict[str, tuple[str, ...]] = {
    "span": (),
    "span, value and unit": ("value", "unit"),
    "full record": ("value", "unit", "bound", "indicator", "category", "period_start", "period_end", "place"),
}
"""Measures of whole rows: the columns that must agree besides the span."""
MEASURES = ("span", "span, value and unit", *(c for c in COMPARED if c not in ("value", "unit")), "full record")
MISSED, EXTRA = "missed", "extra"

_COUNTS = ("compared", "agreeing", "coded", "extracted")
_COLUMNS = (
    "measure", *_COUNTS, "precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high", "f1",
    "share", "share_low", "share_high",
)
_DIFFERENCE = (*KEY, "quantity", "column", "coded", "extracted")
_STAND_INS = {"string": "-", "integer": "0", "number": "0", "boolean": "false", "date": ""}
_TRUTH = {"true": True, "false": False}
_AS_TYPED = (UNDECIDED, "？")
_SIMILAR = 0.5
_SAME_VALUE = {"rel_tol": 1e-6, "abs_tol": 0.5e-4}
_Row = dict[str, Any]


class _Pair(NamedTuple):
    """What two codings have at one span: a row each, or nothing."""

    coded: _Row | None
    extracted: _Row | None


def agreement(coded: pd.DataFrame, extracted: pd.DataFrame, *, characters: int | None = None) -> pd.DataFrame:
    """Return how far `extracted` agrees with `coded`, two tables with columns as `metrics`, a row a measure.

    Both tables must be of the same documents; rows match by doc_id, char_start and char_end. `coded` is what is held
    right (`read_coded`); another coder's table may stand for `extracted`. Cells that hold `?` in either are not scored:
    column measures leave them out, and a record agrees if its other cells do. A column that nobody coded is left out by
    `coded.assign(place="?")`. Measures:

    - span, "span, value and unit", full record (span, value, unit, bound, indicator, category, period_start,
      period_end, place): with a = rows that agree, precision = a / extracted, recall = a / coded, and their harmonic
      mean f1 = 2a / (coded + extracted) (van Rijsbergen 1979, Information Retrieval, ch. 7); `compared` counts the
      spans that either table has
    - bound, kind, direction, target, cumulative, indicator, category, channel, period_start, period_end, place: among
      the rows that match, share = agreeing / compared

    Values agree to the sixth digit or the fourth decimal (0.3333 for a third). Indicators agree where the Dice share of
    their characters, 2 |A ∩ B| / (|A| + |B|) (Dice 1945, Ecology 26: 297–302), is 0.5 or more, or one contains the
    other. All else must be equal. Columns:

    - measure, compared, agreeing
    - coded, extracted: rows of the tables (records only)
    - precision, recall, f1 (records only), share (columns only); each but f1 with _low and _high, the limits of its
      95 % score interval (Wilson 1927, JASA 22: 209–212), which takes metrics as independent of each other: those of
      one text are not, so the true limits are wider. What has nothing to divide by is empty.
    - false_per_1000, where `characters` is given, the length of all texts that were read: rows of `extracted` that do
      not agree, for every 1,000 characters (records only)

    Raises `TableError` naming the table and the first column that is missing, empty, or holds what it cannot;
    `PinganError` where `characters` is no whole number above 0.

    >>> metrics = pd.DataFrame([
    ...     {"doc_id": "a", "char_start": 0, "char_end": 3, "quantity": "19起", "value": 19, "unit": "起",
    ...      "bound": "exact", "kind": "count", "direction": "", "target": False, "cumulative": False,
    ...      "indicator": "破案", "category": "enforcement", "channel": "none", "period_start": "", "period_end": "",
    ...      "place": ""}])
    >>> agreement(metrics, metrics.assign(unit="件")).set_index("measure").loc[["span", "full record"], "f1"].tolist()
    [1.0, 0.0]
    """
    _check_characters(characters)
    pairs = _pairs(coded, extracted)
    rows = [_of_records(name, pairs, characters) if name in RECORDS else _of_column(name, pairs) for name in MEASURES]
    columns = [*_COLUMNS, *(["false_per_1000"] if characters is not None else [])]
    table = pd.DataFrame(rows, columns=columns).astype({"measure": "str"} | dict.fromkeys(_COUNTS, "Int64"))
    return table.astype(dict.fromkeys((name for name in columns if name not in ("measure", *_COUNTS)), "float64"))


def disagreements(coded: pd.DataFrame, extracted: pd.DataFrame) -> pd.DataFrame:
    """Return where `extracted` differs from `coded` (both as in `agreement`), a row a difference, in text order.

    Columns: doc_id, char_start, char_end, quantity; column that differs, "missed" (only `coded` has the metric) or
    "extra" (only `extracted` has it); coded, extracted: what stands in each, as text (of a metric that is missed or
    extra, its indicator). Cells that hold `?` differ from nothing. Errors are those of `agreement`.
    """
    rows = [row for pair in _pairs(coded, extracted) for row in _differences(pair)]
    table = pd.DataFrame(rows, columns=list(_DIFFERENCE))
    texts = ("doc_id", "quantity", "column", "coded", "extracted")
    return table.astype(dict.fromkeys(("char_start", "char_end"), "Int64") | dict.fromkeys(texts, "str"))


def read_coded(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Return a table of metrics coded by hand (CSV, in any of the encodings that articles come in), checked.

    It has the columns doc_id, char_start, char_end and quantity, and those that are `COMPARED`, with the meaning that
    they have in `metrics`; further columns (notes, period_text) follow as strings. A cell of a compared column may hold
    `?`: undecided. No typed column of pandas can hold that beside numbers or days, and empty has a meaning of its own
    (no period, no direction), so the compared columns are of type object: numbers, True and False, strings, days as ISO
    strings (empty: none), and "?".

    Raises `TableError` naming file, column and row where the file cannot be read, a column is missing, a cell holds
    what it cannot, or two rows are about one metric.
    """
    path = Path(path)
    try:
        text = decode(read_regular(path, "a table of codings", MAX_TABLE_BYTES)).text
        table = pd.read_csv(
            io.StringIO(text), sep=likely_delimiter(text.partition("\n")[0]), dtype="str", keep_default_na=False
        )
        table = plain_cells(table)
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (UnreadableArticle, ValueError) as error:
        raise TableError(f"{path.name}: no table of coded metrics ({error}); it must be CSV") from error
    return _checked(table, path.name)


def _pairs(coded: pd.DataFrame, extracted: pd.DataFrame) -> list[_Pair]:
    """Return what both tables have at every span of either, in text order."""
    ours, theirs = _by_span(coded, "coded"), _by_span(extracted, "extracted")
    return [_Pair(ours.get(span), theirs.get(span)) for span in sorted({*ours, *theirs})]


def _by_span(table: pd.DataFrame, where: str) -> dict[tuple[Any, ...], _Row]:
    rows = ({str(name): cell for name, cell in row.items()} for row in _checked(table, where).to_dict("records"))
    return {tuple(row[name] for name in KEY): row for row in rows}


def _checked(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return `table` with its columns as `schema.METRICS` wants them, and with cells that may be undecided."""
    if not isinstance(table, pd.DataFrame):
        raise TableError(f"{where}: {type(table).__name__} given; it must be a table as read_coded returns")
    check_columns(table, (*KEY, "quantity", *COMPARED), where=where, table="metrics")
    table = table.reset_index(drop=True)
    cells = pd.DataFrame({name: table[name].map(_text) for name in COMPARED}, dtype="object")
    undecided = cells.isin(_AS_TYPED)
    decided = pd.DataFrame(
        {column.name: _decided(column, table, cells, undecided, where) for column in METRICS.columns},
        index=table.index,
    )
    checked = check_table(decided, "metrics", where=where)
    values = pd.DataFrame({name: _plain(checked[name]) for name in COMPARED}, dtype="object").mask(undecided, UNDECIDED)
    named = checked[[*KEY, "quantity"]]
    rest = table[[name for name in table.columns if name not in (*KEY, "quantity", *COMPARED)]]
    return pd.concat([named, values, rest], axis=1)


def _decided(column: Column, table: pd.DataFrame, cells: pd.DataFrame, undecided: pd.DataFrame, where: str) -> Any:
    """Return what can be checked of a column: its own cells, and for cells that are undecided or columns that nobody
    codes, something that the column allows."""
    stand_in = column.choices[0] if column.choices else _STAND_INS[column.type]
    if column.name in COMPARED:
        decided = cells[column.name].mask(undecided[column.name], stand_in)
        return _truths(decided, where) if column.type == "boolean" else decided
    return table[column.name] if column.name in (*KEY, "quantity") else stand_in


def _truths(values: pd.Series, where: str) -> pd.Series:
    truths = values.map(lambda cell: _TRUTH.get(cell.lower()))
    for row, (cell, truth) in enumerate(zip(values, truths, strict=True), 1):
        if truth is None:
            raise TableError(f"{where}: column {values.name!r} holds {cell!r} in row {row}; it must be true or false")
    return truths.astype("boolean")


def _text(cell: Any) -> str:
    if pd.isna(cell):
        return ""
    return cell.date().isoformat() if isinstance(cell, datetime) else str(cell).strip()


def _plain(values: pd.Series) -> pd.Series:
    """Return checked values as plain objects, days as ISO strings."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return pd.Series(["" if pd.isna(day) else day.date().isoformat() for day in values], dtype="object")
    return pd.Series(values.tolist(), dtype="object")


def _of_records(measure: str, pairs: list[_Pair], characters: int | None) -> _Row:
    agreeing = sum(_record_agrees(pair, RECORDS[measure]) for pair in pairs)
    coded = sum(pair.coded is not None for pair in pairs)
    extracted = sum(pair.extracted is not None for pair in pairs)
    return {
        "measure": measure, "compared": len(pairs), "agreeing": agreeing, "coded": coded, "extracted": extracted,
        **_ratio("precision", agreeing, extracted), **_ratio("recall", agreeing, coded),
        "f1": 2 * agreeing / (coded + extracted) if pairs else np.nan,
        **({"false_per_1000": 1000 * (extracted - agreeing) / characters} if characters else {}),
    }


def _of_column(name: str, pairs: list[_Pair]) -> _Row:
    results = [_cell_agrees(name, pair.coded, pair.extracted) for pair in pairs if pair.coded and pair.extracted]
    compared, agreeing = sum(result is not None for result in results), results.count(True)
    return {"measure": name, "compared": compared, "agreeing": agreeing, **_ratio("share", agreeing, compared)}


def _ratio(name: str, agreeing: int, total: int) -> dict[str, float]:
    low, high = wilson_interval([agreeing], [total]).ravel()
    return {name: agreeing / total if total else np.nan, f"{name}_low": low, f"{name}_high": high}


def _record_agrees(pair: _Pair, names: tuple[str, ...]) -> bool:
    if pair.coded is None or pair.extracted is None:
        return False
    return all(_cell_agrees(name, pair.coded, pair.extracted) is not False for name in names)


def _cell_agrees(name: str, coded: _Row, extracted: _Row) -> bool | None:
    """Return whether a cell is the same in both rows; None where either is undecided."""
    one, other = coded[name], extracted[name]
    if UNDECIDED in (one, other):
        return None
    if name == "value":
        return isclose(one, other, **_SAME_VALUE)
    if name == "indicator":
        return one in other or other in one or similarity(one, other) >= _SIMILAR
    return bool(one == other)


def _differences(pair: _Pair) -> list[_Row]:
    coded, extracted = pair
    row = coded or extracted or {}
    where = {name: row[name] for name in (*KEY, "quantity")}
    if coded is None or extracted is None:
        indicators = {side: found["indicator"] if found else ""
                      for side, found in (("coded", coded), ("extracted", extracted))}
        return [where | {"column": MISSED if coded else EXTRA} | indicators]
    return [
        where | {"column": name, "coded": _shown(coded[name]), "extracted": _shown(extracted[name])}
        for name in COMPARED if _cell_agrees(name, coded, extracted) is False
    ]


def _shown(cell: Any) -> str:
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell).lower() if isinstance(cell, bool) else str(cell)


def _check_characters(characters: int | None) -> None:
    if characters is not None and not (isinstance(characters, Integral) and characters > 0):
        raise PinganError(f"characters={characters!r} must be the length of all texts that were read, 1 or more")
