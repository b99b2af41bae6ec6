"""Keywords: how much more often the target has a term than the reference, and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ..errors import TableError
from ..schema import check_key
from .fonts import printable, shorten
from .plot_parts import (
    COLUMN_GAP,
    MARKER_SIZE,
    TERM_WIDTH,
    drawn_width,
    fitted_glosses,
    legend_room,
    mark_handle,
    named,
    nothing_to_show,
    numbers_or_nan,
    rank_words,
    write_column,
    write_columns,
)
from .style import (
    INK,
    LINE,
    MUTED,
    PALETTE,
    TEXT,
    House,
    check_frame,
    house_style,
    legend_below,
)

COLUMNS = (
    "term", "n_target", "n_reference", "log_ratio", "log_ratio_low", "log_ratio_high", "rank", "rank_best",
    "rank_worst", "claim", "one_document",
)
MAX_TERMS = 48
ROW, HEADING_ROOM, AXIS_ROOM = 3.7, 8.0, 12.0  # mm
PLOT_SHARE, SHORTEST_GLOSS = 0.3, 10.0  # of the figure's width: at least for the plot itself; mm
LEGEND_WIDTH = 66  # half-width characters
PAD = 0.06  # of the axis: at each end, where arrows stand


def plot_keyness(table: pd.DataFrame, *, top: int = 20, lang: str | None = None) -> Figure:
    """Show the log ratios of the `top` terms with their intervals: a row a term, in the order of their ranks.

    `table` is one as from `keyness`. A filled marker is a term of which the table claims that target and reference
    differ, a square one a term that one document carries; an arrow at the frame is an interval without end. At the
    right stand the occurrences in target and reference, and the rank with the best and the worst that the term has when
    each document is left out. Raises `TableError` for a missing column, a term given twice, or a log ratio that is no
    number.
    """
    with house_style(lang) as house:
        check_frame(table, COLUMNS, where="table", rows=False)
        if table.empty or top < 1:
            return nothing_to_show(house)
        check_key(table, ("term",), where="table")
        ranked = _ranked(table)
        rows = ranked.head(min(top, MAX_TERMS))
        notes = [house.label("shown_ranked", n=len(rows), total=len(ranked))] * (len(rows) < len(ranked))
        note = house.joined([house.label("log_ratio_interval"), *notes])
        handles, across = _legend(rows, house), max(1, int(house.width // 85))
        below = AXIS_ROOM + legend_room(len(handles), across, note, house)
        fig = house.figure(ROW * len(rows) + HEADING_ROOM + below)
        ax = fig.add_subplot()
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set_xlim(*_limits(rows))
        for y, term in enumerate(rows.to_dict("records")):
            _draw_term(ax, y, term)
        ax.axvline(0, color=INK, linewidth=LINE, linestyle=":", zorder=1)
        ax.grid(axis="x")
        ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        ax.set_xlabel(house.label("log_ratio"))
        terms = [shorten(printable(term), TERM_WIDTH) for term in rows["term"]]
        ax.set_yticks(range(len(terms)), terms)
        ax.tick_params(axis="y", length=0)
        _write_columns(ax, rows, terms, house)
        legend_below(fig, handles, note=note, columns=across)
        return fig


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with numbers as numbers, sorted by rank; raise `TableError` for a log ratio that is none."""
    numbers = [column for column in COLUMNS if column not in ("term", "claim", "one_document")]
    rows = table.assign(
        term=table["term"].astype(str), claim=table["claim"].astype(object).fillna("").astype(str),
        one_document=table["one_document"].astype("boolean").fillna(False).astype(bool),
        **numbers_or_nan(table, numbers),
    )
    if (wrong := rows["log_ratio"].isna()).any():
        raise TableError(f"table: column 'log_ratio' holds {table['log_ratio'][wrong].iloc[0]!r} of term "
                         f"{rows['term'][wrong].iloc[0]!r}; it must be a number")
    return rows.sort_values("rank", kind="stable")


def _limits(rows: pd.DataFrame) -> tuple[float, float]:
    """Return the axis that all finite ends of intervals are on, and 0, with some room."""
    ends = rows[["log_ratio", "log_ratio_low", "log_ratio_high"]].to_numpy(float)
    finite = [*ends[np.isfinite(ends)].tolist(), -0.5, 0.5]
    pad = PAD * (max(finite) - min(finite))
    return min(finite) - pad, max(finite) + pad


def _draw_term(ax: Axes, y: int, term: dict[Any, Any]) -> None:
    """Draw the interval of a term, an arrow where it has no end, and the marker of its log ratio."""
    left, right = ax.get_xlim()
    colour = PALETTE[0] if term["log_ratio"] >= 0 else PALETTE[1]
    low, high = term["log_ratio_low"], term["log_ratio_high"]
    if not (np.isnan(low) or np.isnan(high)):
        ax.plot(np.clip([low, high], left, right), [y, y], color=colour, linewidth=1.0, solid_capstyle="butt")
    for end, edge, arrow in ((low, left, "<"), (high, right, ">")):
        if np.isinf(end):
            ax.plot([edge], [y], arrow, color=colour, markersize=MARKER_SIZE, clip_on=False)
    ax.plot(
        np.clip([term["log_ratio"]], left, right), [y], _shape(term["one_document"]), color=colour,
        markersize=MARKER_SIZE, markerfacecolor=colour if term["claim"] else "white", clip_on=False, zorder=3,
    )


def _write_columns(ax: Axes, rows: pd.DataFrame, terms: Sequence[str], house: House) -> None:
    """Write what stands at the right of the plot: occurrences, ranks, and glosses as far as there is room."""
    counts = [f"{a:,.0f} : {b:,.0f}" for a, b in zip(rows["n_target"], rows["n_reference"], strict=True)]
    ranks = [rank_words(*row) for row in rows[["rank", "rank_best", "rank_worst"]].itertuples(index=False)]
    left = write_columns(ax, [(counts, house.label("head_counts")), (ranks, house.label("head_ranks"))])
    names = max(drawn_width(term, TEXT) for term in terms)
    room = max(SHORTEST_GLOSS, (1 - PLOT_SHARE) * house.width - names - left - COLUMN_GAP)
    write_column(ax, fitted_glosses(rows["term"], room, house), left, colour=MUTED)


def _legend(rows: pd.DataFrame, house: House) -> list[Line2D]:
    """Explain what occurs: the marks, each with its fill and its shape, and arrows."""
    claims = list(dict.fromkeys(filter(None, rows["claim"])))
    said = ("、" if house.lang == "zh" else ", ").join(named("claim", claim, house) for claim in claims)
    marks = set(zip(rows["claim"].ne(""), rows["one_document"], strict=True))
    handles = []
    for claimed, carried in ((True, False), (True, True), (False, False), (False, True)):
        if (claimed, carried) in marks:
            words = [house.label("claimed", levels=said) if claimed else house.label("not_claimed"),
                     house.label("one_document") if carried else ""]
            handles.append(mark_handle(
                shorten(house.joined(words), LEGEND_WIDTH), _shape(carried), fill=INK if claimed else "white"))
    endless = np.isinf(rows[["log_ratio_low", "log_ratio_high"]].to_numpy(float)).any()
    return handles + [mark_handle(house.label("endless"), ">", fill=INK)] * bool(endless)


def _shape(carried: bool) -> str:
    return "s" if carried else "o"
