"""What the plots of figures share: bounds as arrows, values in words, names of indicators and channels, days."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.markers import CARETDOWN, CARETUP
from matplotlib.transforms import Transform

from ..lexicon import read_rows
from .fonts import printable
from .style import INK, House
from .timeline import day_numbers

ARROW = 8.0  # points
MARKER_SIZE = 4.0  # points
SIGNS = {"exact": "", "more_than": "≥ ", "nearly": "≤ ", "less_than": "≤ ", "about": "~ "}
UPWARD = {"more_than": 1, "nearly": -1, "less_than": -1}
"""Which way a figure may lie beyond what is printed."""


def in_words(value: float, unit: str, bound: str) -> str:
    """Write a figure with its bound and unit.

    >>> in_words(15000, "份", "more_than"), in_words(0.882, "%", "exact"), in_words(3.5, "公里", "about")
    ('≥ 15,000 份', '88.2%', '~ 3.5 公里')
    """
    sign = SIGNS.get(bound, "")
    if unit in ("%", "‰"):
        return f"{sign}{(1000 if unit == '‰' else 100) * value:.6g}{unit}"
    if unit == "百分点":
        value *= 100
    number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.6g}"
    return f"{sign}{number} {printable(unit)}".rstrip()


def bound_arrow(
    ax: Axes, x: float, y: float, bound: str, colour: str, *, along: str, coords: Transform | str = "data"
) -> None:
    """Draw an open arrow from a figure towards where it may really lie, along the axis of values ("x" or "y")."""
    if bound in UPWARD:
        reach = UPWARD[bound] * ARROW
        ax.annotate(
            "",
            (x, y),
            (reach, 0.0) if along == "x" else (0.0, reach),
            xycoords=coords,
            textcoords="offset points",
            annotation_clip=False,
            arrowprops={"arrowstyle": "<-", "color": colour, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0},
        )


def bound_handles(bounds: Iterable[str], house: House) -> list[Line2D]:
    """Return the legend entries of the bounds that occur: arrows, and the hollow marker of what is not exact."""
    there = set(bounds)
    handles = []
    if "more_than" in there:
        handles.append(_handle(house.label("bound_more_than"), CARETUP))
    if there & {"nearly", "less_than"}:
        handles.append(_handle(house.label("bound_less_than"), CARETDOWN))
    if "about" in there:
        handles.append(_handle(house.label("bound_about"), "o"))
    return handles


def _handle(text: str, marker: Any) -> Line2D:
    return Line2D(
        [], [], linestyle="", marker=marker, color=INK, markerfacecolor="white", markersize=MARKER_SIZE, label=text
    )


def marker_fill(bound: str, colour: str) -> str:
    """Return the colour inside a marker: none where the value is approximate without a limit."""
    return "white" if bound == "about" else colour


@cache
def channel_names() -> dict[str, dict[str, str]]:
    """Return what each channel is called in the languages of figures, in order (lexicon/channel_groups.tsv)."""
    rows = read_rows("channel_groups", columns=["channel", "name_en", "name_zh"])
    return {row["channel"]: {"en": row["name_en"], "zh": row["name_zh"]} for row in rows}


def channel_name(channel: str, house: House) -> str:
    return channel_names().get(channel, {}).get(house.lang) or printable(channel)


def days_of(column: pd.Series) -> pd.Series:
    """Return days as matplotlib counts them, NaN where there is none."""
    return day_numbers(pd.to_datetime(column))
