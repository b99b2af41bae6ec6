"""Which keywords survive how many of the analyst's choices, and on which choices that depends."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..schema import check_key
from .fonts import printable, shorten
from .plot_parts import (
    COLUMN_GAP,
    TERM_WIDTH,
    column_width,
    drawn_width,
    fitted_glosses,
    fitting,
    named,
    nothing_to_show,
    numbers_or_nan,
    rank_words,
    shares,
    write_column,
    write_columns,
)
from .style import (
    FAINT,
    INK,
    MUTED,
    PALETTE,
    SEQUENTIAL,
    SMALL_TEXT,
    TEXT,
    House,
    check_frame,
    house_style,
    legend_below,
    note_room,
)

SURVIVAL = ("term", "specifications", "survived", "share", "best_rank", "median_rank", "worst_rank")
BY_CHOICE = ("term", "dimension", "choice", "share")
MAX_TERMS, MAX_STACKED_TERMS = 42, 18
ROW, AXIS_ROOM, BAR_ROOM = 3.7, 12.0, 8.0  # mm
BESIDE = 130.0  # mm: a narrower figure has the choices under the shares, not beside them
BARS_WIDTH = 30.0  # mm
NARROWEST_CHOICE, NUMBERED_CHOICE = 3.1, 3.8  # mm
CHOICE_NAME = 34.0  # mm
SHORTEST_GLOSS = 10.0  # mm
GLOSS_PARTS = 5  # glosses beside the choices have one of so many parts of the figure's width


def plot_survival(
    survival: pd.DataFrame, by_choice: pd.DataFrame | None = None, *, top: int = 25, lang: str | None = None
) -> Figure:
    """Show the share of specifications that keywords survive, and on which choices that depends.

    `survival` has a row a term: in how many of the specifications it is a keyword, the share, and its best, median and
    worst rank there; the `top` terms of the largest shares are shown. `by_choice`, if given, has a row a term and
    choice of a dimension (segmenter: jieba, say) with the share of the specifications with this choice that the term
    survives: it is drawn as shades, with per cent in the cells where there is room. Raises `TableError` for a missing
    column, a repeated row, or a share outside 0 to 1.
    """
    with house_style(lang) as house:
        check_frame(survival, SURVIVAL, where="survival", rows=False)
        if by_choice is not None:
            check_frame(by_choice, BY_CHOICE, where="by_choice", rows=False)
        if survival.empty or top < 1:
            return nothing_to_show(house)
        terms = checked_shares(survival, ("term",), where="survival")
        terms = terms.sort_values("share", ascending=False, kind="stable")
        choices = None if by_choice is None or by_choice.empty else checked_shares(
            by_choice, ("term", "dimension", "choice"), where="by_choice"
        )
        beside = house.width >= BESIDE
        stacked = choices is not None and not beside
        shown = terms.head(min(top, MAX_STACKED_TERMS if stacked else MAX_TERMS))
        notes = [house.label("shown_survivors", n=len(shown), total=len(terms))] * (len(shown) < len(terms))
        height = ROW * len(shown) + BAR_ROOM + AXIS_ROOM
        if choices is None:
            note = house.joined([house.label("survival_numbers"), *notes])
            fig = house.figure(height + note_room(note, house.width))
            draw_shares(fig.add_subplot(), shown, house, room=house.width)
            legend_below(fig, [], note=note)
            return fig
        return _with_choices(shown, choices, notes, height, house)


def checked_shares(table: pd.DataFrame, key: tuple[str, ...], *, where: str) -> pd.DataFrame:
    check_key(table, key, where=where)
    return table.assign(share=shares(table, "share", where=where), **{name: table[name].astype(str) for name in key})


def _with_choices(
    shown: pd.DataFrame, choices: pd.DataFrame, notes: list[str], height: float, house: House
) -> Figure:
    """Draw the shares, and beside them (in a narrow figure under them) the matrix of terms and choices."""
    beside = house.width >= BESIDE
    terms = _term_names(shown)
    right = _right_room(shown, house) if beside else 0.0
    names = max(drawn_width(name, TEXT) for name in terms)
    room = house.width - names - right - (BARS_WIDTH if beside else 0.0) - 4 * COLUMN_GAP
    columns, labels, left_out = _columns(choices, room, house)
    upright = max(drawn_width(label, TEXT) for label in labels)
    note = house.joined([house.label("survival_numbers"), house.label("survival_cells"), *notes, *left_out])
    heights = (height + upright,) if beside else (height, height + upright)
    fig = house.figure(sum(heights) + note_room(note, house.width))
    bars, cells = _two_axes(fig, heights, room)
    draw_shares(bars, shown, house, room=house.width, right=not beside)
    _draw_choices(cells, shown["term"].tolist(), choices, columns, room / len(columns))
    cells.set_xticks(range(len(columns)), labels, rotation=90)
    cells.xaxis.tick_top()
    cells.set_yticks(range(len(terms)), terms)
    cells.tick_params(axis="both", length=0, labelleft=not beside)
    if beside:
        _write_right(cells, shown, house, house.width / GLOSS_PARTS, left=COLUMN_GAP)
    legend_below(fig, [], note=note)
    return fig


def _columns(choices: pd.DataFrame, room: float, house: House) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """Return the choices that have `room` mm, with their dimensions; their names; and a note where some are left out.
    """
    columns = list(dict.fromkeys(zip(choices["dimension"], choices["choice"], strict=True)))
    most = max(1, int(room / NARROWEST_CHOICE))
    note = [house.label("shown_choices", n=most, total=len(columns))] * (len(columns) > most)
    colon = "：" if house.lang == "zh" else ": "
    names = [
        fitting(f"{named('dimension', dimension, house)}{colon}{named('choice', choice, house)}", CHOICE_NAME)
        for dimension, choice in columns[:most]
    ]
    return columns[:most], names, note


def _two_axes(fig: Figure, heights: tuple[float, ...], room: float) -> tuple[Axes, Axes]:
    """Return the places of shares and cells: side by side if they share one height."""
    if len(heights) == 1:
        bars, cells = fig.subplots(1, 2, sharey=True, width_ratios=(BARS_WIDTH, room))
        return bars, cells
    # each half is laid out for itself: what is left of one does not narrow the other
    upper, lower = fig.subfigures(2, 1, squeeze=False, height_ratios=heights).flat
    return upper.add_subplot(), lower.add_subplot()


def _term_names(rows: pd.DataFrame) -> list[str]:
    return [shorten(printable(term), TERM_WIDTH) for term in rows["term"]]


def draw_shares(ax: Axes, rows: pd.DataFrame, house: House, *, room: float, right: bool = True) -> None:
    """Draw a bar a term: the share of the specifications that it survives, and their numbers at its end."""
    terms = _term_names(rows)
    ax.barh(range(len(rows)), rows["share"], height=0.72, color=PALETTE[0], edgecolor="white")
    counts = [f"{n:,.0f}/{of:,.0f}" for n, of in zip(rows["survived"], rows["specifications"], strict=True)]
    for y, (share, count) in enumerate(zip(rows["share"], counts, strict=True)):
        ax.annotate(count, (share, y), (2, 0), textcoords="offset points", va="center", fontsize=SMALL_TEXT)
    ax.set_yticks(range(len(terms)), terms)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    ax.grid(axis="x")
    ax.set_xlabel(fitting(house.label("survival_share"), BARS_WIDTH if not right else room / 3, lines=2))
    if right:
        number = max(drawn_width(count, SMALL_TEXT) for count in counts)
        used = max(drawn_width(term, TEXT) for term in terms) + number
        _write_right(ax, rows, house, max(SHORTEST_GLOSS, 0.55 * room - used), left=number + COLUMN_GAP)


def _ranks(rows: pd.DataFrame) -> list[str]:
    found = numbers_or_nan(rows, ("median_rank", "best_rank", "worst_rank"))
    return [rank_words(*row) for row in zip(*found.values(), strict=True)]


def _right_room(rows: pd.DataFrame, house: House) -> float:
    """Return how many mm ranks and glosses take at the right of a plot."""
    glosses = fitted_glosses(rows["term"], house.width / GLOSS_PARTS, house)
    return 2 * COLUMN_GAP + column_width(_ranks(rows), house.label("head_median_rank")) + column_width(glosses)


def _write_right(ax: Axes, rows: pd.DataFrame, house: House, gloss: float, *, left: float) -> None:
    """Write the ranks, and glosses of at most `gloss` mm, `left` mm from the right of a plot."""
    left = write_columns(ax, [(_ranks(rows), house.label("head_median_rank"))], left=left)
    write_column(ax, fitted_glosses(rows["term"], gloss, house), left, colour=MUTED)


def _draw_choices(
    ax: Axes, terms: Sequence[str], choices: pd.DataFrame, columns: list[tuple[str, str]], width: float
) -> None:
    """Draw the share of each term and choice as a shade, a gap between dimensions, per cent where there is room."""
    table = choices.pivot_table("share", "term", ["dimension", "choice"], aggfunc="first")
    values = table.reindex(index=list(terms), columns=pd.MultiIndex.from_tuples(columns)).to_numpy(float)
    shades = mpl.colors.ListedColormap(mpl.colormaps[SEQUENTIAL](np.linspace(0.05, 0.95, 256)))
    ax.pcolormesh(
        np.arange(len(columns) + 1) - 0.5, np.arange(len(terms) + 1) - 0.5, np.ma.masked_invalid(values), cmap=shades,
        vmin=0.0, vmax=1.0, edgecolors=FAINT, linewidth=0.4,
    )
    for (row, column), share in np.ndenumerate(values):
        if width >= NUMBERED_CHOICE and np.isfinite(share):
            ax.text(column, row, f"{100 * share:.0f}", ha="center", va="center", fontsize=SMALL_TEXT,
                    color="white" if share > 0.6 else INK)
    for position in range(1, len(columns)):
        if columns[position][0] != columns[position - 1][0]:
            ax.axvline(position - 0.5, color="white", linewidth=2.5)
    ax.set_ylim(len(terms) - 0.5, -0.5)
    ax.spines[:].set_visible(False)
