"""What the plots of metrics share: bounds as arrows, goals as frames, values in words, periods, names of groups."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.markers import CARETDOWN, CARETLEFT, CARETRIGHT, CARETUP
from matplotlib.transforms import Transform

from ..auditing.limits import SHARE_UNITS
from ..auditing.wording import BOUND_SIGNS
from ..lexicon import read_rows
from .fonts import printable, shorten
from .plot_parts import MARKER_SIZE, mark_handle
from .style import INK, LINE, MARKERS, MUTED, PALETTE, CaseStyle, House
from .timeline import day_numbers

ARROW = 8.0  # points
FRAME: dict[str, Any] = {
    "linestyle": "", "marker": "s", "color": INK, "markerfacecolor": "none", "markersize": 2 * MARKER_SIZE,
    "markeredgewidth": 0.6,
}
OPEN_PERIOD = 0.05  # of the axis: how far a period is drawn whose other end is not stated
GROUP_NAME = 26  # half-width characters
ARROW_HEADS = {"x": (CARETRIGHT, CARETLEFT), "y": (CARETUP, CARETDOWN)}
PRINTED_SIGNS = BOUND_SIGNS | {"nearly": "≲ "}  # as a limit, nearly is at most; printed, it is more than that
UPWARD = {"more_than": 1, "nearly": -1, "less_than": -1}
"""Which way a metric may lie beyond what is printed."""


def in_words(value: float, unit: str, bound: str) -> str:
    """Write a metric with its bound and unit.

    >>> in_words(15000, "份", "more_than"), in_words(0.882, "%", "exact"), in_words(3.5, "公里", "about")
    ('≥ 15,000 份', '88.2%', '≈ 3.5 公里')
    """
    sign = PRINTED_SIGNS.get(bound, "")
    if unit in SHARE_UNITS:
        return f"{sign}{(1000 if unit == '‰' else 100) * value:.6g}{unit}"
    if unit == "百分点":
        value *= 100
    number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.6g}"
    return f"{sign}{number} {printable(unit)}".rstrip()


def number_in_words(value: float, unit: str, bound: str) -> str:
    """Write a metric with its bound, without its measure word.

    >>> number_in_words(15000, "份", "more_than"), number_in_words(0.882, "%", "exact")
    ('≥ 15,000', '88.2%')
    """
    return in_words(value, unit if unit in SHARE_UNITS else "", bound)


def bound_arrow(
    ax: Axes, x: float, y: float, bound: str, colour: str, *, along: str, coords: Transform | str = "data"
) -> None:
    """Draw an open arrow from a metric towards where it may really lie, along the axis of values ("x" or "y")."""
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


def bound_handles(bounds: Iterable[str], house: House, *, along: str) -> list[Line2D]:
    """Return the legend entries of the bounds that occur: arrows along the axis of values ("x" or "y"), and the hollow
    marker of what is not exact."""
    there = set(bounds)
    more, less = ARROW_HEADS[along]
    handles = []
    if "more_than" in there:
        handles.append(mark_handle(house.label("bound_more_than"), more))
    if there & {"nearly", "less_than"}:
        handles.append(mark_handle(house.label("bound_less_than"), less))
    if "about" in there:
        handles.append(mark_handle(house.label("bound_about"), "o"))
    return handles


def goal_frame(ax: Axes, x: float, y: float, *, coords: Transform) -> None:
    ax.plot([x], [y], transform=coords, clip_on=False, **FRAME)


def goal_handles(targets: pd.Series, house: House) -> list[Line2D]:
    """Return the legend entry of goals, where any of `targets` is one."""
    return [Line2D([], [], label=house.label("target"), **FRAME)] * bool(targets.any())


def drawn_period(
    ax: Axes, start: float, end: float, *, open_part: float = OPEN_PERIOD
) -> tuple[float, float, bool]:
    """Return from where to where a period is drawn, and whether both its ends are stated (NaN: not).

    Without one end it is `open_part` of the axis long."""
    left, right = ax.get_xlim()
    reach = open_part * (right - left)
    known = not (math.isnan(start) or math.isnan(end))
    return end - reach if math.isnan(start) else start, start + reach if math.isnan(end) else end, known


def name_groups(ax: Axes, groups: Sequence[str], name: Callable[[str], str]) -> None:
    """Name each group of rows at its first, and part it from the one above by a line; `groups` has that of each row."""
    firsts = [n for n, group in enumerate(groups) if n == 0 or groups[n - 1] != group]
    ax.set_yticks(firsts, [shorten(name(groups[n]), GROUP_NAME) for n in firsts])
    ax.tick_params(axis="y", length=0)
    for first in firsts[1:]:
        ax.axhline(first - 0.5, color=MUTED, linewidth=LINE)
    ax.set_ylim(len(groups) - 0.5, -0.5)


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


GROUPS = ("digital", "broadcast", "print", "outdoor", "face_to_face")
"""Groups of channels, in the order of figures."""


def group_style(group: str, house: House) -> CaseStyle:
    """Return how the channels of a group are drawn: the same in every figure; others than `GROUPS` are grey."""
    if group not in GROUPS:
        return CaseStyle(printable(group), MUTED, "h", "")
    position = GROUPS.index(group)
    return CaseStyle(house.label(f"group_{group}"), PALETTE[position], MARKERS[position], "")


def days_of(column: pd.Series) -> pd.Series:
    """Return days as matplotlib counts them, NaN where there is none."""
    return day_numbers(pd.to_datetime(column))
