"""Captions and alternative texts of the paper's figures, in both languages, from the table `lexicon/captions.tsv`."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from functools import cache
from numbers import Integral, Real
from typing import Any

import pandas as pd

from .drawing.figure_files import FigureError
from .drawing.fonts import ELLIPSIS, shorten
from .drawing.style import LANGUAGES, House, current_house
from .errors import check_choice
from .lexicon import read_rows

MAX_LISTED = 12
NOTHING = "–"
ITEM_WIDTH = 60  # half-width characters of a name or a word in a list


def caption(key: str, lang: str | None = None, **fields: Any) -> str:
    """Return the caption or alternative text `key` (of captions.tsv) in `lang`, with `fields` filled in.

    A field is text, a number, a list (written with the list mark of the language) or a mapping, such as a Series, of
    names to numbers or words ("a 3, b 5"). Of more than 12 items the first are written, and how many there are. Cases
    that the house style knows (`use_house_style(documents=...)`) are named as on the figures. `lang` is "en" or "zh"
    (default: that of the house style).

    Raises `ChoiceError` for a key or language that does not exist, `FigureError` for a field that is not given.

    >>> caption("phrases_alt", "en", phrases={"扫黑除恶专项斗争": 2})
    'Matrix with a row a phrase and a column a case. Number of cases that have a phrase: 扫黑除恶专项斗争 2.'
    """
    check_choice(key, _captions(), "caption")
    house = current_house(lang)
    pattern = _captions()[key][house.lang]
    needed = [name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None]
    for name in needed:
        if name not in fields:
            raise FigureError(f"caption {key!r}: no field {name!r}; it needs {', '.join(dict.fromkeys(needed))}")
    return pattern.format(**{name: _in_words(fields[name], house) for name in needed})


@cache
def _captions() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in read_rows("captions", columns=["key", *LANGUAGES])}


def _in_words(value: Any, house: House) -> str:
    if isinstance(value, Mapping | pd.Series):
        return _listed((f"{_word(name, house)} {_word(of, house)}" for name, of in value.items()), house)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return _listed((_word(item, house) for item in value), house)
    return _word(value, house)


def _word(value: Any, house: House) -> str:
    """Return one thing in words: a case by its name on the figures, a number with at most three decimals."""
    if isinstance(value, Integral) and not isinstance(value, bool):
        return f"{int(value):,}"
    if isinstance(value, Real) and not isinstance(value, bool):
        if value != value:
            return NOTHING
        return f"{float(value):,.3f}".rstrip("0").rstrip(".")
    text = str(value)
    return house.cases[text].name if text in house.cases else text


def _listed(items: Iterable[str], house: House) -> str:
    """Return the first items with the list mark of the language between them, and how many there are if not all."""
    words = [shorten(item, ITEM_WIDTH) for item in items]
    if not words:
        return NOTHING
    shown = ("、" if house.lang == "zh" else ", ").join(words[:MAX_LISTED])
    if len(words) <= MAX_LISTED:
        return shown
    return f"{shown}{ELLIPSIS}" + _captions()["listed_in_all"][house.lang].format(n=f"{len(words):,}")
