"""The cells of a table as readers see them, and what they are sorted and searched by."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from numbers import Integral, Real
from typing import Any, NamedTuple

import pandas as pd

from ..numerals import find_quantities
from ..script import to_simplified
from .controls import readable

NUMBER, TEXT = "pingan-number", "pingan-text"
"""How a column is sorted; the script of the table view (templates/table_view.js) knows these names."""

_BOUNDS = {"less_than": -2, "nearly": -1, "about": 0, "exact": 0, "more_than": 1}
"""Where values are equal, a bound goes before or after them: what is more than 100 comes after 100."""
_GROUPED_FROM = 10_000  # below, digits are easily read without separators, and years are not "2,018"
_SMALL = 0.001
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class Cell(NamedTuple):
    """A cell: its text, its key of order ("": none, goes last; None: the text), what is searched (None: the text)."""

    text: str
    order: str | None = None
    search: str | None = None
    gloss: str = ""


class Column(NamedTuple):
    """A column of the view; `sorting` is NUMBER or TEXT, `is_number` says whether it is set to the right."""

    name: str
    label: str
    lang: str
    sorting: str
    is_number: bool
    cells: Sequence[Cell]


def column_of(
    name: str, values: pd.Series, *, label: str, lang: str, yes: str, no: str, gloss_of: Callable[[str], str]
) -> Column:
    """Return a column of the view. `yes` and `no` stand for truth values; `gloss_of` gives a text's gloss, or ""."""
    items = values.tolist()
    there = [item for item in items if not _is_empty(item)]
    cell_of: dict[type, Callable[[Any], Cell]] = {
        bool: lambda item: Cell(yes if item else no, str(int(item))),
        Real: lambda item: Cell(number_text(item), _number_key(item)),
        date: lambda item: Cell(_date_text(item), _date_key(item)),
    }
    kind = next((kind for kind in cell_of if there and all(isinstance(item, kind) for item in there)), None)
    if kind is not None:
        cells = [Cell("", "") if _is_empty(item) else cell_of[kind](item) for item in items]
        return Column(name, label, lang, NUMBER, is_number=kind is Real, cells=cells)
    texts = ["" if _is_empty(item) else readable(item) for item in items]
    return _text_column(Column(name, label, lang, TEXT, is_number=False, cells=()), texts, gloss_of)


def _text_column(column: Column, texts: list[str], gloss_of: Callable[[str], str]) -> Column:
    keys = _quantity_keys(texts)
    searched = [to_simplified(text) if _HAN.search(text) else text for text in texts]
    cells = [
        Cell(text, None if keys is None else keys[text], None if searched == texts else search, gloss_of(text))
        for text, search in zip(texts, searched, strict=True)
    ]
    return column._replace(sorting=TEXT if keys is None else NUMBER, cells=cells)


def _is_empty(value: Any) -> bool:
    return bool(pd.api.types.is_scalar(value)) and (bool(pd.isna(value)) or value == "")


def number_text(value: Any) -> str:
    """Return a number as it is read: separators from 10,000 on, three decimals, or two digits where it is tiny.

    >>> number_text(3200000.0), number_text(2018), number_text(0.30000000000000004), number_text(0.00012)
    ('3,200,000', '2018', '0.3', '0.00012')
    """
    if not isinstance(value, Integral) and math.isinf(value):
        return "∞" if value > 0 else "−∞"
    grouped = "," if abs(value) >= _GROUPED_FROM else ""
    if value == int(value):
        return f"{int(value):{grouped}d}"
    if abs(value) < _SMALL:
        return f"{value:.2g}"
    return f"{value:{grouped}.3f}".rstrip("0").rstrip(".")


def _number_key(value: Any) -> str:
    """Return a number as JavaScript reads it."""
    return repr(float(value)).replace("inf", "Infinity")


def _date_text(day: Any) -> str:
    if isinstance(day, datetime) and (day.hour or day.minute or day.second):
        return f"{day:%Y-%m-%d %H:%M:%S}"
    return f"{day:%Y-%m-%d}"


def _date_key(day: Any) -> str:
    seconds = (day.hour * 60 + day.minute) * 60 + day.second if isinstance(day, datetime) else 0
    return str(day.toordinal() * 86_400 + seconds)


def _quantity_keys(texts: Sequence[str]) -> dict[str, str] | None:
    """Return the key of order of each text, if all are quantities such as 15000余份, or empty; None for other texts."""
    values: dict[str, tuple[float, int]] = {}
    for text in dict.fromkeys(filter(None, texts)):
        found = find_quantities(text)
        if len(found) != 1 or (found[0].start, found[0].end) != (0, len(text)):
            return None
        values[text] = found[0].value, _BOUNDS[found[0].bound]
    if not values:
        return None
    ranks = {value: str(rank) for rank, value in enumerate(sorted(set(values.values())))}
    return {"": ""} | {text: ranks[value] for text, value in values.items()}
