"""Metrics on a time axis, a row each: when each is about, and what it says."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .metric_parts import drawn_period, goal_frame, goal_handles, name_groups
from .metric_plots import (
    AXIS_ROOM,
    LEGEND_ROOM,
    PLOT_SHARE,
    ROW,
    SERIES_COLUMNS,
    SPAN,
    drawable,
    metric_words,
    time_limits,
    words_room,
)
from .plot_parts import MARKER_SIZE, nothing_to_show, ordered_cases
from .style import INK, SMALL_TEXT, CaseStyle, House, check_frame, house_style, legend_below, note_room
from .timeline import write_dates

MAX_ROWS = 46
OPEN_PERIOD = 0.1  # of the axis, which is narrow
DATE = 9.0  # mm: of the plot, for each date that is written under it
WORDS_SHARE = 0.58  # of the figure's width: what stands at the right of a metric
PERIOD_LINES: dict[bool, Any] = {True: "-", False: (0, (1.5, 0.8))}  # cumulative; of the period alone
LINE_KEYS = ["place", "indicator", "unit", "kind", "direction"]
NOT_STATED, MISSING = "not_stated", "missing"


def plot_metric_periods(series: pd.DataFrame, *, lang: str | None = None) -> Figure:
    """Show when metrics are about: a row a metric, by place, indicator and day, as long as the period that it covers.

    `series` is a table as from `metric_series`; choose rows (of a category, say) beforehand. At the right stands what
    each metric says: number with its bound, unit, indicator. An unbroken period is of a cumulative metric, a dashed one
    of a metric of the period alone, a dotted one has no stated beginning or end; a square frame is a goal. Where texts
    report an indicator for several periods, `plot_metric_series` shows how it changes. Metrics without a period are
    left out, and counted. Of more than 46 metrics, those of the indicators with the most are shown. If none is left, a
    line says so. Raises `TableError` for a missing column.
    """
    with house_style(lang) as house:
        check_frame(series, SERIES_COLUMNS, where="series", rows=False)
        rows = drawable(series[series["timing"].ne(MISSING)])
        dated = rows[rows["timing"].ne(NOT_STATED)]
        limits = time_limits(dated)
        if limits is None:
            return nothing_to_show(house)
        shown = _of_the_most(dated, house)
        left_out = int(rows["n"].sum() - dated["n"].sum())
        notes = [house.label("open_period")] * bool(shown["timing"].isin(["as_of", "since"]).any())
        notes += [house.label("shown_periods", n=len(shown), total=len(dated))] * (len(shown) < len(dated))
        notes += [house.label("no_period_left_out", n=left_out)] * bool(left_out)
        note = house.joined(notes)
        fig = house.figure(ROW * len(shown) + AXIS_ROOM + LEGEND_ROOM + note_room(note, house.width))
        ax = fig.add_subplot()
        ax.set_xlim(*limits)
        write_dates(ax, most=max(2, int(PLOT_SHARE * house.width / DATE)))
        styles = house.styles(shown["place"])
        room = words_room([style.name for style in styles.values()], WORDS_SHARE, house)
        for y, metric in enumerate(shown.to_dict("records")):
            _draw_row(ax, y, metric, styles[metric["place"]])
            words = metric_words(metric | {"size": metric["value"]}, room, house)
            ax.text(1.02, y, words, transform=ax.get_yaxis_transform(), va="center", fontsize=SMALL_TEXT)
        name_groups(ax, shown["place"].tolist(), lambda place: styles[place].name)
        ax.grid(axis="x")
        legend_below(fig, _legend(shown, house), note=note, columns=max(1, int(house.width // 45)))
        return fig


def _of_the_most(dated: pd.DataFrame, house: House) -> pd.DataFrame:
    """Return the rows that fit, those of the lines with the most metrics, by place, line and day."""
    of_line = dated.groupby(LINE_KEYS)["n"].transform("sum")
    kept = of_line.sort_values(ascending=False, kind="stable").index[:MAX_ROWS]
    rows = dated[dated.index.isin(kept)]
    places = ordered_cases(rows["place"], house)
    return rows.assign(
        order=rows["place"].map(places.index), first_of_line=rows.groupby(LINE_KEYS)["middle"].transform("min"),
    ).sort_values(["order", "first_of_line", *LINE_KEYS, "middle"], kind="stable")


def _draw_row(ax: Axes, y: int, metric: dict[Any, Any], style: CaseStyle) -> None:
    left, right, known = drawn_period(ax, metric["start"], metric["end"], open_part=OPEN_PERIOD)
    ax.plot([left, right], [y, y], color=style.colour, linewidth=SPAN, solid_capstyle="butt", dash_capstyle="butt",
            linestyle=PERIOD_LINES[metric["cumulative"]] if known else ":")
    stated = metric["end"] if math.isnan(metric["start"]) else metric["start"]
    x = stated if not known else right if metric["cumulative"] else metric["middle"]
    ax.plot([x], [y], style.marker, color=style.colour, markersize=MARKER_SIZE)
    if metric["target"]:
        goal_frame(ax, x, y, coords=ax.transData)


def _legend(rows: pd.DataFrame, house: House) -> list[Line2D]:
    """Explain the lines of periods and the frames of goals, as far as they occur."""
    known = rows[rows["start"].notna() & rows["end"].notna()]
    lines = [
        Line2D([], [], color=INK, linewidth=SPAN, linestyle=PERIOD_LINES[cumulative], label=house.label(key))
        for cumulative, key in ((True, "cumulative"), (False, "per_period")) if known["cumulative"].eq(cumulative).any()
    ]
    return lines + goal_handles(rows["target"], house)
