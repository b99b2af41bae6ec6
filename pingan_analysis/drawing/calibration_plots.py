"""What recipes for keywords claim where there is nothing to find, and how often they find what is there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ..schema import check_key
from .fonts import shorten
from .plot_parts import (
    MARKER_SIZE,
    fitting,
    legend_room,
    named,
    nothing_to_show,
    numbers,
    shares,
    write_column,
)
from .style import INK, LINE_SPACING, CaseStyle, House, check_frame, house_style, legend_below

CALIBRATION = ("recipe", "draws", "rate", "low", "high", "alpha")
POWER = ("recipe", "per_1000", "factor", "draws", "rate", "low", "high")
MAX_RECIPES, MAX_FACTORS = 6, 2
MAX_HEIGHT = 225.0  # mm: a page without its margins and a caption
PANEL_WIDTH, PANEL, RECIPE_ROW, TITLE_ROOM = 75.0, 42.0, 10.5, 16.0  # mm
NAME_SHARE, NAME_LINES = 0.4, 3  # of the width of a panel: the names of recipes
LINESTYLES: tuple[Any, ...] = ("-", "--", "-.", ":")


def plot_calibration(
    calibration: pd.DataFrame, power: pd.DataFrame | None = None, *, lang: str | None = None
) -> Figure:
    """Show how often each recipe claims a keyword where the split is random, and how often it finds a planted word.

    `calibration` has a row a recipe: the number of draws, the rate of those in which it claimed something with its
    interval (low, high), and the level that it aims at (alpha), which is drawn as a broken line. `power`, if given, has
    a row a recipe, frequency of the planted word (per_1000) and `factor` (how many times more frequent the word is in
    the target): a panel a factor, a line a recipe. Of more than 6 recipes or 2 factors, the first are shown. Raises
    `TableError` for a missing column, a repeated row, or a rate outside 0 to 1.
    """
    with house_style(lang) as house:
        check_frame(calibration, CALIBRATION, where="calibration", rows=False)
        if power is not None:
            check_frame(power, POWER, where="power", rows=False)
        if calibration.empty:
            return nothing_to_show(house)
        rates = checked_rates(calibration, ("recipe",), ("alpha",), where="calibration")
        finds = None if power is None or power.empty else checked_rates(
            power, ("recipe", "per_1000", "factor"), ("per_1000", "factor"), where="power"
        )
        notes = [_draws(rates, finds, house)]
        recipes = list(dict.fromkeys([*rates["recipe"], *([] if finds is None else finds["recipe"])]))
        notes += [house.label("shown_recipes", n=MAX_RECIPES, total=len(recipes))] * (len(recipes) > MAX_RECIPES)
        styles = recipe_styles(recipes[:MAX_RECIPES], house)
        rates = rates[rates["recipe"].isin(styles)]
        panels = [] if finds is None else [
            (factor, rows) for factor, rows in finds[finds["recipe"].isin(styles)].groupby("factor")
        ]
        notes += [house.label("shown_factors", n=MAX_FACTORS, total=len(panels))] * (len(panels) > MAX_FACTORS)
        handles = calibration_legend(styles, rates, set() if finds is None else set(finds["recipe"]), house)
        return _draw_panels(rates, panels[:MAX_FACTORS], styles, handles, house.joined(notes), house)


def _draw_panels(
    rates: pd.DataFrame, finds: Sequence[tuple[Any, pd.DataFrame]], styles: dict[str, CaseStyle],
    handles: list[Line2D], note: str, house: House,
) -> Figure:
    """Draw a panel of rates, then one a factor of planted words, as many side by side as there is room for."""
    across = min(1 + len(finds), max(1, int(house.width // PANEL_WIDTH)))
    columns = max(1, int(house.width // 60))
    below = legend_room(len(handles), columns, note, house)
    heights = _panel_heights(len(rates), 1 + len(finds), across, below)
    fig = house.figure(sum(heights) + below)
    axes = fig.subplots(len(heights), across, squeeze=False, height_ratios=heights).flat
    draw_rates(axes[0], rates, styles, house.width / across, house)
    for (factor, rows), ax in zip(finds, axes[1:], strict=False):
        _draw_power(ax, rows, styles, house)
        ax.set_title(house.label("planted", n=f"{factor:.10g}"))
    for ax in axes[1 + len(finds):]:
        ax.remove()
    legend_below(fig, handles, note=note, columns=columns)
    return fig


def checked_rates(table: pd.DataFrame, key: tuple[str, ...], others: tuple[str, ...], *, where: str) -> pd.DataFrame:
    """Return the rows with their numbers as numbers, or say what is wrong with them."""
    check_key(table, key, where=where)
    return table.assign(
        recipe=table["recipe"].astype(str),
        **{name: numbers(table, name, where=where) for name in ("draws", *others)},
        **{name: shares(table, name, where=where) for name in ("rate", "low", "high")},
    )


def _panel_heights(recipes: int, panels: int, across: int, below: float) -> list[float]:
    """Return the heights of the rows of panels in mm, titles and axes included; `below` them is the legend."""
    first = RECIPE_ROW * recipes + TITLE_ROOM
    if panels == 1:
        return [first]
    further = math.ceil(panels / across) - 1
    room = (MAX_HEIGHT - below - first) / further - TITLE_ROOM if further else PANEL
    return [max(first, PANEL + TITLE_ROOM if across > 1 else 0.0), *[min(PANEL, room) + TITLE_ROOM] * further]


def recipe_styles(recipes: Sequence[str], house: House) -> dict[str, CaseStyle]:
    styles = House(house.lang).styles(recipes)
    return {recipe: replace(styles[recipe], name=named("recipe", recipe, house)) for recipe in recipes}


def _draws(rates: pd.DataFrame, finds: pd.DataFrame | None, house: House) -> str:
    draws = sorted({*rates["draws"], *([] if finds is None else finds["draws"])})
    said = f"{draws[0]:,.0f}" if len(draws) == 1 else f"{draws[0]:,.0f}–{draws[-1]:,.0f}"
    return house.label("draws", n=said)


def draw_rates(
    ax: Axes, rates: pd.DataFrame, styles: dict[str, CaseStyle], panel_width: float, house: House
) -> None:
    """Draw a row a recipe: its rate with the interval, the number, and the level that it aims at."""
    for y, row in enumerate(rates.to_dict("records")):
        style = styles[row["recipe"]]
        ax.plot([row["alpha"]] * 2, [y - 0.5, y + 0.5], color=INK, linewidth=0.8, linestyle="--", zorder=1)
        ax.plot([row["low"], row["high"]], [y, y], color=style.colour, linewidth=1.0)
        ax.plot([row["rate"]], [y], style.marker, color=style.colour, markersize=MARKER_SIZE, clip_on=False)
    write_column(ax, [f"{rate:.3f}" for rate in rates["rate"]], 1.5)
    names = [fitting(styles[recipe].name, NAME_SHARE * panel_width, lines=NAME_LINES) for recipe in rates["recipe"]]
    ax.set_yticks(range(len(names)), names, linespacing=LINE_SPACING)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(rates) - 0.5, -0.5)
    ax.set_xlim(0, min(1.0, 1.15 * float(rates[["rate", "high", "alpha"]].to_numpy().max())) or 1.0)
    ax.grid(axis="x")
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    ax.set_title(house.label("random_splits"))
    ax.set_xlabel(house.label("share_claimed"))


def _draw_power(ax: Axes, finds: pd.DataFrame, styles: dict[str, CaseStyle], house: House) -> None:
    """Draw a line a recipe: how often it finds the planted word, by the frequency of the word."""
    for position, recipe in enumerate(styles):
        line = finds[finds["recipe"] == recipe].sort_values("per_1000")
        if line.empty:  # matplotlib would lay the figure out as if the line ended in its corner
            continue
        style = styles[recipe]
        ax.vlines(line["per_1000"], line["low"], line["high"], color=style.colour, linewidth=0.8)
        ax.plot(line["per_1000"], line["rate"], style.marker, color=style.colour, markersize=MARKER_SIZE, linewidth=1.0,
                linestyle=LINESTYLES[position % len(LINESTYLES)], clip_on=False)
    ax.set_ylim(0, 1)
    ax.set_xlim(left=min(0.0, float(finds["per_1000"].min())))
    ax.grid()
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    ax.set_xlabel(house.label("per_1000_words"))
    ax.set_ylabel(house.label("share_found"))


def calibration_legend(
    styles: dict[str, CaseStyle], rates: pd.DataFrame, planted: set[str], house: House
) -> list[Line2D]:
    """Explain the level that is aimed at, and the lines of the recipes that a word was planted for."""
    levels = ", ".join(f"{alpha:.10g}" for alpha in sorted(rates["alpha"].unique()))
    handles = [Line2D([], [], color=INK, linewidth=0.8, linestyle="--",
                      label=shorten(house.label("aimed_at", n=levels), 50))]
    return handles + [
        Line2D([], [], color=style.colour, marker=style.marker, markersize=MARKER_SIZE, linewidth=1.0,
               linestyle=LINESTYLES[position % len(LINESTYLES)], label=shorten(style.name, 50))
        for position, (recipe, style) in enumerate(styles.items())
        if recipe in planted
    ]
