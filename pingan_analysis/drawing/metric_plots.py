"""Metrics of the campaigns: over time, by channel, and what happened when."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, NullLocator

from ..errors import TableError
from .fonts import printable, shorten
from .metric_parts import (
    GROUP_NAME,
    bound_arrow,
    bound_handles,
    channel_name,
    channel_names,
    days_of,
    drawn_period,
    goal_frame,
    goal_handles,
    in_words,
    marker_fill,
    name_groups,
    number_in_words,
)
from .plot_parts import LONGEST_GLOSS, MARKER_SIZE, drawn_width, fitting, limited, nothing_to_show, ordered_cases
from .style import (
    FAINT,
    INK,
    LINE,
    SMALL_TEXT,
    TEXT,
    CaseStyle,
    House,
    check_frame,
    house_style,
    legend_below,
    marker_handle,
    note_room,
)
from .timeline import EARLIEST, LATEST, SCRIPT_MARKERS, write_dates

MAX_CHANNEL_ROWS, MAX_EVENTS = 46, 46
MAX_PLACES = 20  # of a legend; the colours and markers of more could not be told apart
MAX_HEIGHT = 215.0  # mm: a page without its margins, a caption and a legend
PANEL, ROW, AXIS_ROOM, LEGEND_ROOM = 23.0, 4.0, 10.0, 14.0  # mm
PANEL_WIDTH = 44.0  # mm: the least that a panel needs
PANEL_DATES = 4  # at most, under a panel
TITLE_SHARE, TITLE_SPACING = 0.86, 1.15  # of the width of a panel; of the height of a line
HEADROOM = 1.45  # of the highest value: an arrow finds its place above it
NAMED_METRICS = 3  # in a panel: the numbers of more would collide
NUMBER_ROOM = 0.18  # of a panel's height: numbers of metrics that are closer would collide
PANEL_KEYS = ["indicator", "unit", "kind", "direction"]
SERIES_COLUMNS = (
    "place", "indicator", "channel", "unit", "kind", "direction", "cumulative", "target", "timing", "value", "low",
    "high", "bound", "n", "period_start", "period_end",
)
WORDS_SHARE = 0.48  # of the figure's width: what stands at the right of a metric
PLOT_SHARE = 0.25  # of the figure's width: at least for the plot itself
DECADE = 30.0  # mm of the figure's width: for each number that is written under a logarithmic axis
SPAN = 2.0  # points: thickness of a period
OUTSIDE = 1.05  # of the axis: where metrics without a period stand
PERIOD_LINES: dict[bool, Any] = {True: "-", False: (0, (3, 1))}


def plot_metric_series(series: pd.DataFrame, *, lang: str | None = None) -> Figure:
    """Show metrics over time: a panel an indicator and unit, and in it each metric as long as the period it covers.

    `series` is a table as from `metric_series`; choose rows (of a category, say) beforehand. Colour and marker are the
    place's; an unbroken period is of a cumulative metric, a dashed one of a metric of the period alone; a square
    frame is a goal. A bound is an open arrow towards where the metric may lie; several values that do not add up are
    a bar from the lowest to the highest. Cumulative metrics of one line are joined, others never. Metrics without a
    period stand outside the frame. Of more than 20 places, those with the most metrics are shown, and of more
    indicators than a page holds likewise; a table without rows gives a line that says so. Raises `TableError` for a
    missing column.
    """
    with house_style(lang) as house:
        check_frame(series, SERIES_COLUMNS, where="series", rows=False)
        if series.empty:
            return nothing_to_show(house)
        rows = drawable(series)
        across = max(1, int(house.width // PANEL_WIDTH))
        rows, left_out = _of_most_places(rows, house)
        panels, notes = _panels(rows, across * int((MAX_HEIGHT - AXIS_ROOM - LEGEND_ROOM) // PANEL), house)
        notes += left_out
        missing = int((rows["timing"] == "missing").sum())
        notes += [house.label("missing_periods", n=missing)] * bool(missing)
        across = min(len(panels), across)
        down = math.ceil(len(panels) / across)
        note = house.joined([*_notes_on_time(rows, house), *notes])
        fig = house.figure(PANEL * down + AXIS_ROOM + LEGEND_ROOM + note_room(note, house.width))
        axes = fig.subplots(down, across, sharex=True, squeeze=False)
        styles = house.styles(ordered_cases(rows["place"].astype(str), house))
        limits = time_limits(rows)
        room = TITLE_SHARE * house.width / across
        for (key, of_panel), ax in zip(panels, axes.flat, strict=False):
            _draw_panel(ax, of_panel, styles, limits)
            _name_panel(ax, key, of_panel, room, house)
        for ax in axes.flat[len(panels):]:
            ax.remove()
        for ax in axes.flat[max(0, len(panels) - across):len(panels)]:
            ax.tick_params(labelbottom=limits is not None)
        legend_below(fig, _series_legend(rows, styles, house), note=note, columns=max(1, int(house.width // 45)))
        return fig


def drawable(series: pd.DataFrame) -> pd.DataFrame:
    """Return a table of `metric_series` with text as text, numbers as numbers, and days as matplotlib counts them."""
    series = series.reset_index(drop=True)
    rows = series.assign(
        place=series["place"].astype(str), start=days_of(series["period_start"]), end=days_of(series["period_end"]),
        cumulative=series["cumulative"].astype(bool), target=series["target"].astype(bool),
        **{name: series[name].astype(object).fillna("").astype(str) for name in ("indicator", "unit", "direction")},
        **{name: pd.to_numeric(series[name], errors="coerce").astype("Float64").to_numpy(float, na_value=np.nan)
           for name in ("value", "low", "high")},
    )
    first, last = rows["start"].fillna(rows["end"]), rows["end"].fillna(rows["start"])
    return rows.assign(middle=(first + last) / 2)


def _of_most_places(rows: pd.DataFrame, house: House) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows of the places with the most metrics, and a note where others are left out."""
    metrics = rows.groupby("place")["n"].sum()
    places, note = limited(ordered_cases(rows["place"], house), metrics, MAX_PLACES, "shown_places_metrics", house)
    return rows[rows["place"].isin(places)], note


def _panels(
    rows: pd.DataFrame, limit: int, house: House
) -> tuple[list[tuple[tuple[str, ...], pd.DataFrame]], list[str]]:
    groups = [(tuple(map(str, key)), group) for key, group in rows.groupby(PANEL_KEYS, sort=False)]
    kept = sorted(groups, key=lambda panel: (-panel[1]["n"].sum(), panel[0]))[:limit]
    left_out = len(kept) < len(groups)
    return kept, [house.label("shown_indicators", n=len(kept), total=len(groups))] * left_out


def _name_panel(ax: Axes, key: tuple[str, ...], rows: pd.DataFrame, room: float, house: House) -> None:
    """Write indicator and unit above a panel, and their English, small, on as many lines as the panel has room for."""
    indicator, unit, *_ = key
    title = fitting(f"{printable(indicator)} ({printable(unit)})" if unit else printable(indicator), room, lines=2)
    if house.lang == "en":
        english = next(filter(None, rows["indicator_en"]), "") if "indicator_en" in rows else ""
        gloss = printable(english) or house.gloss(indicator, LONGEST_GLOSS)
        small = fitting(gloss, room, lines=3 - (1 + title.count("\n")), size=SMALL_TEXT) if gloss else ""
        title = f"{title}\n{small}" if small else title
    ax.set_title(title, fontsize=SMALL_TEXT, linespacing=TITLE_SPACING)


def time_limits(rows: pd.DataFrame) -> tuple[float, float] | None:
    """Return the first and the last day to be drawn, with some room; None where nothing has a day."""
    days = pd.concat([rows["start"], rows["end"]]).dropna()
    if days.empty:
        return None
    first, last = float(days.min()), float(days.max())
    pad = max(0.1 * (last - first), 90.0)
    return max(first - pad, EARLIEST), min(last + pad, LATEST)


def _draw_panel(
    ax: Axes, rows: pd.DataFrame, styles: dict[str, CaseStyle], limits: tuple[float, float] | None
) -> None:
    if limits:
        ax.set_xlim(*limits)
        write_dates(ax, most=PANEL_DATES)
    else:
        ax.set_xticks([])
    metrics = rows[rows["timing"] != "missing"]
    for _, line in metrics[metrics["cumulative"] & metrics["end"].notna()].groupby(["place", "channel", "target"]):
        _join(ax, line.sort_values("end"), rows, styles)
    highest = float(np.nanmax(metrics[["value", "low", "high"]].to_numpy(float), initial=0.0))
    top = HEADROOM * highest if highest > 0 else 1.0
    ax.set_ylim(0, top)
    named = _with_room(metrics, top)
    for position, metric in enumerate(metrics.to_dict("records")):
        _draw_metric(ax, metric, styles[metric["place"]], limits, named=position in named)
    ax.grid(axis="y")
    ax.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    unit = str(rows["unit"].iloc[0])
    ax.yaxis.set_major_formatter(lambda value, _: number_in_words(value, unit, "exact"))
    ax.tick_params(labelbottom=False)


def _with_room(metrics: pd.DataFrame, top: float) -> set[int]:
    """Return which metrics' numbers have room in a panel that ends at `top`: few, and none near another."""
    if len(metrics) > NAMED_METRICS:
        return set()
    named: list[int] = []
    values = metrics["value"].tolist()
    for position, value in enumerate(values):
        if all(abs(value - values[other]) >= NUMBER_ROOM * top for other in named):
            named.append(position)
    return set(named)


def _join(ax: Axes, line: pd.DataFrame, rows: pd.DataFrame, styles: dict[str, CaseStyle]) -> None:
    """Join the days of cumulative metrics by a thin line, which breaks where a period between them is missing."""
    place = str(line["place"].iloc[0])
    missing = rows[(rows["timing"] == "missing") & (rows["place"] == place) & rows["cumulative"]]
    gaps = days_of(missing["bin_start"]).to_numpy() if "bin_start" in rows else np.array([])
    points = line[["end", "value"]].to_numpy(float)
    for (x0, y0), (x1, y1) in pairwise(points):
        if not ((gaps > x0) & (gaps < x1)).any():
            ax.plot([x0, x1], [y0, y1], color=styles[place].colour, linewidth=0.6)


def _draw_metric(
    ax: Axes, metric: dict[Any, Any], style: CaseStyle, limits: tuple[float, float] | None, *, named: bool
) -> None:
    """Draw the period of a metric at its value, its marker, its bound, and its number where there is room."""
    colour, value = style.colour, metric["value"]
    if limits is None or math.isnan(metric["middle"]):
        x, coords = OUTSIDE, ax.get_yaxis_transform()
    else:
        x, coords = metric["middle"], ax.transData
        left, right, known = drawn_period(ax, metric["start"], metric["end"])
        style_of_line = PERIOD_LINES[metric["cumulative"]] if known else ":"
        if not math.isnan(value):
            ax.plot([left, right], [value, value], color=colour, linewidth=SPAN, linestyle=style_of_line,
                    solid_capstyle="butt", dash_capstyle="butt")
        if metric["cumulative"] and known:
            x = right
    if math.isnan(value):
        ax.plot([x, x], [metric["low"], metric["high"]], color=colour, marker="_", markersize=MARKER_SIZE,
                linewidth=1.0, transform=coords, clip_on=False)
        return
    ax.plot([x], [value], style.marker, color=colour, markersize=MARKER_SIZE, transform=coords, clip_on=False,
            markerfacecolor=marker_fill(metric["bound"], colour))
    if metric["target"]:
        goal_frame(ax, x, value, coords=coords)
    bound_arrow(ax, x, value, metric["bound"], colour, along="y", coords=coords)
    if named:
        low_down = value < NUMBER_ROOM * ax.get_ylim()[1]
        at_right = coords is not ax.transData or (limits is not None and x > (limits[0] + limits[1]) / 2)
        ax.annotate(
            number_in_words(value, metric["unit"], metric["bound"]),
            (x, value), (-5 if at_right else 5, 2 if low_down else -2), xycoords=coords, textcoords="offset points",
            ha="right" if at_right else "left", va="bottom" if low_down else "top", fontsize=SMALL_TEXT,
            annotation_clip=False,
        )


def _notes_on_time(rows: pd.DataFrame, house: House) -> list[str]:
    undated = rows["timing"] == "not_stated"
    notes = [house.label("no_period_at_all" if undated.all() else "no_period")] * bool(undated.any())
    return notes + [house.label("open_period")] * bool(rows["timing"].isin(["as_of", "since"]).any())


def _series_legend(rows: pd.DataFrame, styles: dict[str, CaseStyle], house: House) -> list[Line2D]:
    handles = [marker_handle(style) for style in styles.values()]
    periods = rows[rows["timing"].isin(["within", "span"])]
    for cumulative, key in ((True, "cumulative"), (False, "per_period")):
        if (periods["cumulative"] == cumulative).any():
            handles.append(Line2D([], [], color=INK, linewidth=SPAN, linestyle=PERIOD_LINES[cumulative],
                                  label=house.label(key)))
    handles += goal_handles(rows["target"], house)
    if (rows["value"].isna() & (rows["timing"] != "missing")).any():
        handles.append(Line2D([], [], color=INK, marker="_", linewidth=1.0, label=house.label("several_values")))
    return handles + bound_handles(rows["bound"], house, along="y")


def plot_channel_scale(series: pd.DataFrame, *, lang: str | None = None) -> Figure:
    """Show the metrics of the channels on a logarithmic scale: a row a metric, by channel, largest first.

    `series` is a table as from `metric_series`; choose rows (outreach, say) beforehand. Colour and marker are the
    place's; an open arrow is a bound; a square frame is a goal. Number, unit and indicator stand at the right: metrics
    of different units cannot be compared, though they share an axis. Of more than 46 metrics, the largest of each
    channel are shown; several values that do not add up are a bar from the lowest to the highest; metrics that have no
    value above 0 are left out, and counted. If none is left, a line says so. Raises `TableError` for a missing column.
    """
    with house_style(lang) as house:
        check_frame(series, SERIES_COLUMNS, where="series", rows=False)
        rows = drawable(series[series["timing"].ne("missing")])
        rows = rows.assign(size=rows["value"].fillna(rows["high"]).fillna(rows["low"]))
        above = rows[rows["size"] > 0]
        if above.empty:
            return nothing_to_show(house)
        shown = _largest_by_channel(above)
        notes = [house.label("shown_metrics", n=len(shown), total=len(above))] * (len(shown) < len(above))
        left_out = int(rows["n"].sum() - above["n"].sum())
        notes += [house.label("no_value_above_zero", n=left_out)] * bool(left_out)
        note = house.joined([house.label("log_scale"), *notes])
        fig = house.figure(ROW * len(shown) + AXIS_ROOM + LEGEND_ROOM + note_room(note, house.width))
        ax = fig.add_subplot()
        styles = house.styles(ordered_cases(rows["place"], house))
        names = [channel_name(channel, house) for channel in shown["channel"].astype(str)]
        room = words_room(names, WORDS_SHARE, house)
        for y, metric in enumerate(shown.to_dict("records")):
            _draw_channel_row(ax, y, metric, styles[metric["place"]])
            words = metric_words(metric, room, house)
            ax.text(1.02, y, words, transform=ax.get_yaxis_transform(), va="center", fontsize=SMALL_TEXT)
        name_groups(ax, shown["channel"].astype(str).tolist(), lambda channel: channel_name(channel, house))
        _log_axis(ax, shown["size"], numbers=int(house.width / DECADE))
        legend_below(fig, _channel_legend(shown, styles, house), note=note, columns=max(1, int(house.width // 45)))
        return fig


def _largest_by_channel(rows: pd.DataFrame) -> pd.DataFrame:
    order = {channel: n for n, channel in enumerate(channel_names())}
    ranked = rows.assign(
        position=rows["channel"].astype(str).map(lambda channel: order.get(channel, len(order))),
    ).sort_values(["position", "channel", "size", "indicator", "place"], ascending=[True, True, False, True, True])
    rank = ranked.groupby("channel").cumcount()
    kept = rank.sort_values(kind="stable").index[:MAX_CHANNEL_ROWS]
    return ranked.loc[ranked.index.isin(kept)]


def _draw_channel_row(ax: Axes, y: int, metric: dict[Any, Any], style: CaseStyle) -> None:
    value = metric["size"]
    ax.hlines(y, 0, value, color=FAINT, linewidth=LINE, zorder=0)
    if is_range(metric):
        ax.hlines(y, metric["low"], metric["high"], color=style.colour, linewidth=SPAN)
    ax.plot([value], [y], style.marker, color=style.colour, markersize=MARKER_SIZE,
            markerfacecolor=marker_fill(metric["bound"], style.colour))
    if metric["target"]:
        goal_frame(ax, value, y, coords=ax.transData)
    bound_arrow(ax, value, y, metric["bound"], style.colour, along="x")


def is_range(metric: dict[Any, Any]) -> bool:
    """Whether a row has no value but a lowest and a highest one."""
    return math.isnan(metric["value"]) and not (math.isnan(metric["low"]) or math.isnan(metric["high"]))


def words_room(names: Iterable[str], share: float, house: House) -> float:
    """Return how wide words at the right of a plot may be, in mm: `share` of the figure, but no more than the names at
    the left and the plot itself leave."""
    widest = max(drawn_width(shorten(name, GROUP_NAME), TEXT) for name in names)
    return min(share * house.width, (1 - PLOT_SHARE) * house.width - widest)


def metric_words(metric: dict[Any, Any], room: float, house: House) -> str:
    """Return what stands at the right of a metric in `room` mm: number and unit, indicator, and that in English."""
    number = in_words(metric["size"], metric["unit"], metric["bound"])
    if is_range(metric):
        lowest = number_in_words(metric["low"], metric["unit"], "exact")
        number = f"{lowest}–{in_words(metric['high'], metric['unit'], 'exact')}"
    words = f"{number}  {printable(metric['indicator'])}"
    gloss = printable(metric.get("indicator_en") or "") if house.lang == "en" else ""
    return fitting(f"{words}  {gloss}" if gloss else words, room, size=SMALL_TEXT)


def _log_axis(ax: Axes, values: pd.Series, *, numbers: int) -> None:
    """Set a logarithmic axis of whole decades, with about `numbers` of them written out."""
    ax.set_xscale("log")
    lowest, highest = math.floor(math.log10(values.min())), math.ceil(math.log10(values.max()) + 0.15)
    ax.set_xlim(10.0**lowest / 1.3, 10.0 ** max(highest, lowest + 1))
    ax.xaxis.set_major_locator(LogLocator(numticks=numbers))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.grid(axis="x")


def _channel_legend(rows: pd.DataFrame, styles: dict[str, CaseStyle], house: House) -> list[Line2D]:
    handles = [marker_handle(styles[place]) for place in styles if rows["place"].eq(place).any()]
    return handles + goal_handles(rows["target"], house) + bound_handles(rows["bound"], house, along="x")


def plot_campaign_timeline(
    events: pd.DataFrame, *, documents: pd.DataFrame | None = None, lang: str | None = None
) -> Figure:
    """Show what is dated of each place, a row an event: honours, the periods that metrics are about, publications.

    `events` is a table as from `campaign_events` (rows of one's own may be among it): place, event (honour, campaign,
    metrics, publication), start, end (one may be empty), label, n, and label_en for English figures. With `documents`,
    the study's table, publications say how long the article is and in which script, and are filled where the day is
    printed in the source, hollow where it was inferred. Of more than 46 events, honours are shown first, then
    campaigns, then the periods with the most metrics. Raises `TableError` for a missing column, another event, or an
    event without a day.
    """
    with house_style(lang) as house:
        check_frame(events, EVENT_COLUMNS, where="events", rows=False)
        if documents is not None:
            check_frame(documents, DOCUMENT_COLUMNS, where="documents", rows=False)
        if events.empty:
            return nothing_to_show(house)
        rows, notes = _shown_events(events, house)
        rows = _with_documents(rows, documents, house)
        places = ordered_cases(rows["place"], house)
        rows = rows.assign(order=rows["place"].map(places.index)).sort_values(
            ["order", "first", "last", "event"], kind="stable"
        )
        styles = house.styles(places)
        open_ended = rows["start"].isna() | rows["end"].isna()
        note = house.joined([house.label("open_period")] * bool(open_ended.any()) + notes)
        fig = house.figure(ROW * len(rows) + AXIS_ROOM + LEGEND_ROOM + note_room(note, house.width))
        ax = fig.add_subplot()
        first, last = float(rows["first"].min()), float(rows["last"].max())
        pad = max(0.08 * (last - first), 120.0)
        ax.set_xlim(max(first - pad, EARLIEST), min(last + pad, LATEST))
        write_dates(ax)
        for y, event in enumerate(rows.to_dict("records")):
            _draw_event(ax, y, event, styles[event["place"]], house)
        name_groups(ax, rows["place"].tolist(), lambda place: styles[place].name)
        ax.grid(axis="x")
        legend_below(fig, _event_legend(rows, house), note=note, columns=max(1, int(house.width // 55)))
        return fig


BROAD_OPACITY = 0.6
EVENT_SHARE = 0.44  # of the figure's width: the words of an event
DAY_MARKER: dict[str, Any] = {"marker": "|", "markersize": 3 * SPAN, "markeredgewidth": LINE}  # a day has no width
EVENT_COLUMNS = ("place", "event", "start", "end", "label", "n")
EVENT_MARKERS = {"honour": "D", "campaign": ">", "metrics": "", "publication": "|"}
DOCUMENT_COLUMNS = ("doc_id", "n_chars", "script", "date_basis")
PUBLISHED = {"printed": "full", "inferred": "none"}  # how the marker of a publication is filled


def _shown_events(events: pd.DataFrame, house: House) -> tuple[pd.DataFrame, list[str]]:
    wrong = ~events["event"].isin(list(EVENT_MARKERS))
    if wrong.any():
        raise TableError(f"events: column 'event' holds {events['event'][wrong].iloc[0]!r}; "
                         f"it must be one of {', '.join(map(repr, EVENT_MARKERS))}")
    events = events.reset_index(drop=True)
    rows = events.assign(place=events["place"].astype(str), start=days_of(events["start"]), end=days_of(events["end"]))
    rows = rows.assign(first=rows["start"].fillna(rows["end"]), last=rows["end"].fillna(rows["start"]))
    if rows["first"].isna().any():
        raise TableError("events: a row has neither start nor end; leave such rows out")
    rank = rows["event"].map({event: n for n, event in enumerate(EVENT_MARKERS)})
    best = rows.assign(rank=rank).sort_values(["rank", "n"], ascending=[True, False], kind="stable").head(MAX_EVENTS)
    notes = [house.label("shown_events", n=len(best), total=len(rows))] * (len(best) < len(rows))
    return rows.loc[best.index.sort_values()], notes


def _script_name(script: str, house: House) -> str:
    return house.label(script) if script in SCRIPT_MARKERS else printable(script)


def _with_documents(rows: pd.DataFrame, documents: pd.DataFrame | None, house: House) -> pd.DataFrame:
    """Return the events with a column basis (of publications: how their day is known) and publications described."""
    if documents is None:
        return rows.assign(basis="")
    mark = "，" if house.lang == "zh" else ", "
    said = {
        doc_id: mark.join([printable(doc_id), house.label("n_chars_size", n=f"{n_chars:,.0f}"),
                           _script_name(script, house)])
        for doc_id, n_chars, script in zip(documents["doc_id"], documents["n_chars"], documents["script"], strict=True)
    }
    published = rows["event"].eq("publication")
    described = rows["label"].map(said).where(published)
    basis = rows["label"].map(dict(zip(documents["doc_id"], documents["date_basis"], strict=True))).where(published)
    return rows.assign(
        basis=basis.where(basis.isin(list(PUBLISHED))).fillna(""), label=described.fillna(rows["label"]),
        **({"label_en": described.fillna(rows["label_en"])} if "label_en" in rows else {}),
    )


def _draw_event(ax: Axes, y: int, event: dict[Any, Any], style: CaseStyle, house: House) -> None:
    start, end, known = drawn_period(ax, event["start"], event["end"])
    if event["event"] != "publication":
        broad = known and event["event"] == "metrics"
        ax.plot([start, end], [y, y], color=style.colour, linewidth=3 * SPAN if broad else SPAN,
                linestyle="-" if known else ":", solid_capstyle="butt", alpha=BROAD_OPACITY if broad else 1.0,
                **(DAY_MARKER if broad else {}))
    if event["basis"]:
        ax.plot([start], [y], "o", color=style.colour, markersize=5, fillstyle=PUBLISHED[event["basis"]])
    elif marker := EVENT_MARKERS[event["event"]]:
        ax.plot([(start + end) / 2 if known else event["first"]], [y], marker, color=style.colour, markersize=5)
    words = house.label("n_metrics", n=event["n"]) if event["event"] == "metrics" else _event_name(event, house)
    at_right = (start + end) / 2 < sum(ax.get_xlim()) / 2
    ax.annotate(
        fitting(words, EVENT_SHARE * house.width, size=SMALL_TEXT), (end if at_right else start, y),
        (6 if at_right else -6, 0), textcoords="offset points", ha="left" if at_right else "right", va="center",
        fontsize=SMALL_TEXT,
    )


def _event_name(event: dict[Any, Any], house: House) -> str:
    english = event.get("label_en") if house.lang == "en" else ""
    return printable(english if isinstance(english, str) and english else event["label"])


def _event_legend(rows: pd.DataFrame, house: House) -> list[Line2D]:
    there = [event for event in EVENT_MARKERS if (rows["event"].eq(event) & rows["basis"].eq("")).any()]
    handles = [
        Line2D([], [], color=INK, marker=EVENT_MARKERS[event] or "s", linestyle="", markersize=5,
               alpha=1.0 if EVENT_MARKERS[event] else BROAD_OPACITY, label=house.label(f"event_{event}"))
        for event in there
    ]
    return handles + [
        Line2D([], [], color=INK, marker="o", linestyle="", markersize=5, fillstyle=fill,  # type: ignore[arg-type]
               label=house.label(f"publication_{basis}"))
        for basis, fill in PUBLISHED.items() if rows["basis"].eq(basis).any()
    ]
