"""Which channels each case names: at what scale, and whether within a named model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from ..auditing.limits import SHARE_UNITS
from ..lexicon import channel_groups
from ..schema import check_key
from .fonts import ELLIPSIS, printable
from .metric_parts import GROUPS, channel_name, group_style, number_in_words
from .plot_parts import (
    MARKER_SIZE,
    case_columns_height,
    drawn_width,
    fitting,
    limited,
    mark_handle,
    name_case_columns,
    nothing_to_show,
    numbers_or_nan,
    ordered_cases,
)
from .style import INK, LINE, MUTED, SMALL_TEXT, TEXT, House, check_frame, house_style, legend_below, note_room

COMPARISON_COLUMNS = (
    "case", "channel", "group", "models", "mentions", "value", "low", "high", "bound", "unit",
)
MAX_CASES = 20
HEADER, CELL_LINE, CELL_MARGIN = 3.4, 2.9, 1.2  # mm: a group's name, a line in a cell, the room around the lines
TINT = 0.28  # opacity of the colour of a group in its cells
LEGEND_ROOM, GROUP_GAP, MARK_ROOM = 14.0, 1.2, 2.0  # mm
NAME_PARTS = 5.2  # the names of channels have one of so many parts of the figure's width
NO_ROOM = "#"


def plot_channel_matrix(comparison: pd.DataFrame, *, lang: str | None = None) -> Figure:
    """Show which channels each case names, at what scale, and whether within a named model.

    `comparison` is a table as from `compare_models`, a row a case and channel. Rows are the channels that any case
    names, by group; columns the cases. A frame says that the case names the channel, a tinted one that it does so
    within a named model; in it stands the scale with its bound and unit, or a filled mark where no number is stated.
    A number for which there is no room is a #. An empty cell is no zero: the articles of the case do not name the
    channel. Of more than 20 cases, those with the most mentions are shown. Raises `TableError` for a missing column or
    a channel given twice for a case.
    """
    with house_style(lang) as house:
        check_frame(comparison, COMPARISON_COLUMNS, where="comparison", rows=False)
        check_key(comparison, ("case", "channel"), where="comparison")
        rows = _comparable(comparison)
        used = rows[rows["mentions"].gt(0) | rows["scale"].ne("") | rows["models"].ne("")]
        if used.empty:
            return nothing_to_show(house)
        cases, notes = limited(
            ordered_cases(rows["case"], house), rows.groupby("case")["mentions"].sum(), MAX_CASES,
            "shown_cases_mentions", house,
        )
        return _draw_matrix(used[used["case"].isin(cases)], cases, notes, house)


def _draw_matrix(used: pd.DataFrame, cases: list[str], notes: list[str], house: House) -> Figure:
    order = _channel_order(used)
    names = [fitting(channel_name(channel, house), house.width / NAME_PARTS, lines=2) for _, channel in order]
    room = house.width - max(drawn_width(line, TEXT) for name in names for line in name.split("\n")) - 2 * MARK_ROOM
    cells = _cell_words(used, room / len(cases) - CELL_MARGIN)
    height = CELL_LINE * (1 + max(words.count("\n") for words in [*names, *cells.values()])) + CELL_MARGIN
    ys, headers, bottom = _channel_rows(order, height)
    note = house.joined([*map(house.label, _note_keys(used, cells)), *notes])
    head = case_columns_height(cases, house, room=room)
    fig = house.figure(bottom + head + LEGEND_ROOM + note_room(note, house.width))
    ax = fig.add_subplot()
    ax.set_xlim(-0.5, len(cases) - 0.5)
    ax.set_ylim(bottom, 0)
    ax.spines[:].set_visible(False)
    name_case_columns(ax, cases, house, room=room)
    ax.set_yticks(list(ys.values()), names, linespacing=1.0)
    ax.tick_params(axis="y", length=0)
    _name_groups(ax, headers, house)
    for row in used.to_dict("records"):
        where = (cases.index(row["case"]), ys[row["channel"]])
        _draw_cell(ax, where, height, cells[row["case"], row["channel"]], row, house)
    legend_below(fig, _matrix_legend(used, house), note=note, columns=max(1, int(house.width // 60)))
    return fig


def _note_keys(used: pd.DataFrame, cells: Mapping[tuple[str, str], str]) -> list[str]:
    keys = ["channel_scale"] * bool(used["scale"].ne("").any()) + ["not_named"]
    return keys + ["no_room_for_number"] * (NO_ROOM in cells.values())


def _name_groups(ax: Axes, headers: Mapping[str, float], house: House) -> None:
    """Write the name of each group over its channels, a line above it."""
    for group, y in headers.items():
        ax.axhline(y - HEADER / 2, color=MUTED, linewidth=LINE)
        ax.text(-0.5, y, group_style(group, house).name, va="center", fontsize=SMALL_TEXT, color=MUTED)


def _comparable(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with text as text and numbers as numbers, and with their scale and unit in words."""
    texts = {name: comparison[name].astype(object).fillna("").astype(str)
             for name in ("case", "channel", "group", "models", "bound", "unit")}
    rows = comparison.assign(**texts, **numbers_or_nan(comparison, ("mentions", "value", "low", "high")))
    rows["scale"] = [_scale(row) for row in rows.to_dict("records")]
    rows["measure"] = [unit if unit not in SHARE_UNITS else "" for unit in rows["unit"]]
    return rows


def _scale(row: Mapping[Any, Any]) -> str:
    """Return the number of a cell in words, without its measure word; empty where none is stated."""
    if math.isfinite(row["value"]):
        return number_in_words(row["value"], row["unit"], row["bound"])
    ends = [number_in_words(row[end], row["unit"], "exact") for end in ("low", "high") if math.isfinite(row[end])]
    return "–".join(ends)


def _channel_order(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the groups and channels that occur, in the order of figures; others after them by name."""
    groups, channels = list(GROUPS), list(channel_groups())
    there = set(zip(rows["group"], rows["channel"], strict=True))
    return sorted(there, key=lambda pair: (
        groups.index(pair[0]) if pair[0] in groups else len(groups), pair[0],
        channels.index(pair[1]) if pair[1] in channels else len(channels), pair[1],
    ))


def _channel_rows(order: list[tuple[str, str]], height: float) -> tuple[dict[str, float], dict[str, float], float]:
    """Return where each channel and each group's name stands, and where the last one ends; in mm from the top."""
    ys: dict[str, float] = {}
    headers: dict[str, float] = {}
    y = 0.0
    for group, channel in order:
        if group not in headers:
            y += GROUP_GAP if headers else 0.0
            headers[group] = y + HEADER / 2
            y += HEADER
        ys[channel] = y + height / 2
        y += height
    return ys, headers, y


def _cell_words(rows: pd.DataFrame, room: float) -> dict[tuple[str, str], str]:
    """Return what is written in each cell: number and unit on one line if that fits everywhere, else on two.

    A number is written in full or not at all; a unit may be cut.
    """
    whole = [f"{scale} {printable(unit)}".rstrip() for scale, unit in zip(rows["scale"], rows["measure"], strict=True)]
    one_line = all(drawn_width(words, SMALL_TEXT) <= room for words in whole)
    cells = {}
    for row, words in zip(rows.to_dict("records"), whole, strict=True):
        if not one_line and row["scale"]:
            words = _two_lines(row["scale"], printable(row["measure"]), room)
        cells[row["case"], row["channel"]] = words if row["scale"] else ""
    return cells


def _two_lines(scale: str, unit: str, room: float) -> str:
    words = fitting(unit, room, size=SMALL_TEXT)
    if drawn_width(scale, SMALL_TEXT) > room or (unit and words == ELLIPSIS):
        return NO_ROOM
    return f"{scale}\n{words}".rstrip()


def _draw_cell(
    ax: Axes, where: tuple[float, float], height: float, words: str, row: Mapping[Any, Any], house: House
) -> None:
    (x, y), style = where, group_style(row["group"], house)
    ax.add_patch(Rectangle((x - 0.47, y - 0.44 * height), 0.94, 0.88 * height,
                           facecolor=_tint(style.colour, in_model=bool(row["models"])), edgecolor=style.colour,
                           linewidth=1.4 * LINE))
    if words:
        ax.text(x, y, words, ha="center", va="center", fontsize=SMALL_TEXT, linespacing=1.2)
    else:
        ax.plot([x], [y], style.marker, color=style.colour, markersize=MARKER_SIZE)


def _tint(colour: str, *, in_model: bool) -> tuple[float, float, float, float]:
    return to_rgba(colour, TINT) if in_model else to_rgba("white")


def _matrix_legend(rows: pd.DataFrame, house: House) -> list[Any]:
    in_model = rows["models"].ne("")
    handles: list[Any] = [
        Patch(facecolor=_tint(INK, in_model=within), edgecolor=INK, linewidth=1.4 * LINE, label=house.label(key))
        for within, key in ((True, "in_model"), (False, "in_no_model"))
        if in_model.eq(within).any()
    ]
    if rows["scale"].eq("").any():
        handles.append(mark_handle(house.label("no_number"), "o", fill=INK))
    return handles
