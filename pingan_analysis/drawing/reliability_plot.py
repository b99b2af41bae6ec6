"""How sure a study can be: false claims of keywords, how well metrics are read, and which keywords survive."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ..errors import TableError
from ..schema import check_key
from .calibration_plots import CALIBRATION, MAX_RECIPES, calibration_legend, checked_rates, draw_rates, recipe_styles
from .fonts import printable
from .plot_parts import MARKER_SIZE, fitting, legend_room, named, nothing_to_show, numbers_or_nan, write_column
from .style import LINE_SPACING, MUTED, PALETTE, House, check_frame, house_style, legend_below
from .survival_plots import BESIDE, SURVIVAL, checked_shares, draw_shares

QUALITY = (
    "measure", "precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high", "f1", "share",
    "share_low", "share_high",
)
MAX_MEASURES, MAX_TERMS, MAX_STACKED_TERMS = 16, 36, 9
RECIPE_ROW, ROW, PANEL_ROOM, SMALLEST_PANEL = 7.0, 3.7, 17.0, 22.0  # mm
NAME_SHARE = 0.4  # of the width of a panel: the names of recipes and measures
MARKS = {"precision": "o", "recall": "s", "share": "D"}
APART = 0.17  # of a row: precision above recall
COLOURS = {"precision": PALETTE[0], "recall": PALETTE[1], "share": PALETTE[2]}


def plot_reliability(
    calibration: pd.DataFrame, quality: pd.DataFrame, survival: pd.DataFrame, *, top: int = 25, lang: str | None = None
) -> Figure:
    """Show in three panels how far the study can be trusted.

    (a) `calibration`, as from `calibrate_keyness`: a row a recipe, the share of random splits in which it claims a
    keyword, with its interval and the level aimed at (a broken line). (b) `quality`, as from `agreement`: a row a
    measure; of whole rows precision and recall, with F1 in numbers, of columns the share that agrees, each with its
    interval. (c) `survival`, as from `keyword_survival`: the share of specifications that the `top` terms survive.
    A panel whose table has no rows says so; in a narrow figure the panels stand under each other. Raises `TableError`
    for a missing column, a repeated row, or a share outside 0 to 1.
    """
    with house_style(lang) as house:
        check_frame(calibration, CALIBRATION, where="calibration", rows=False)
        check_frame(quality, QUALITY, where="quality", rows=False)
        check_frame(survival, SURVIVAL, where="survival", rows=False)
        rates = checked_rates(calibration, ("recipe",), ("alpha",), where="calibration")
        measures = _measures(quality)
        terms = checked_shares(survival, ("term",), where="survival").sort_values(
            "share", ascending=False, kind="stable")
        if rates.empty and measures.empty and terms.empty:
            return nothing_to_show(house)
        beside = house.width >= BESIDE
        shown = (
            rates.head(MAX_RECIPES), measures.head(MAX_MEASURES),
            terms.head(max(0, min(top, MAX_TERMS if beside else MAX_STACKED_TERMS))),
        )
        return _draw(*shown, house, house.joined(_notes(shown, (rates, measures, terms), house)))


def _measures(quality: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with numbers as numbers, those of whole rows first."""
    check_key(quality, ("measure",), where="quality")
    rows = quality.assign(measure=quality["measure"].astype(str), **numbers_or_nan(quality, QUALITY[1:]))
    for name in QUALITY[1:]:
        if (wrong := rows[name].notna() & ~rows[name].between(0, 1)).any():
            raise TableError(f"quality: column {name!r} holds {rows[name][wrong].iloc[0]:g}; "
                             "it must lie between 0 and 1")
    rows = rows[rows["precision"].notna() | rows["recall"].notna() | rows["share"].notna()]
    return rows.sort_values("share", key=lambda share: share.notna(), kind="stable")


def _notes(shown: Sequence[pd.DataFrame], tables: Sequence[pd.DataFrame], house: House) -> list[str]:
    _, measures, terms = shown
    notes = [house.label("intervals_95")]
    notes += [house.label("f1_at_right")] * bool(measures["f1"].notna().any())
    notes += [house.label("survival_numbers")] * (not terms.empty)
    keys = ("shown_recipes", "shown_measures", "shown_survivors")
    return notes + [
        house.label(key, n=len(part), total=len(whole))
        for key, part, whole in zip(keys, shown, tables, strict=True) if len(part) < len(whole)
    ]


def _draw(rates: pd.DataFrame, measures: pd.DataFrame, terms: pd.DataFrame, house: House, note: str) -> Figure:
    """Draw (a) over (b), and (c) beside them or, in a narrow figure, under them."""
    heights = [
        max(SMALLEST_PANEL, PANEL_ROOM + row * len(table))
        for row, table in ((RECIPE_ROW, rates), (ROW, measures), (ROW, terms))
    ]
    beside = house.width >= BESIDE
    handles, columns = _legend(rates, measures, house), max(1, int(house.width // 45))
    above = max(sum(heights[:2]), heights[2]) if beside else sum(heights)
    fig = house.figure(above + legend_room(len(handles), columns, note, house))
    if beside:
        left, right = fig.subfigures(1, 2, squeeze=False).flat
        upper, lower = left.subfigures(2, 1, squeeze=False, height_ratios=heights[:2]).flat
    else:
        upper, lower, right = fig.subfigures(3, 1, squeeze=False, height_ratios=heights).flat
    width = house.width / 2 if beside else house.width
    styles = recipe_styles(rates["recipe"].tolist(), house)
    _panel(upper, "panel_false_claims", rates, house,
           lambda ax: draw_rates(ax, rates, styles, width, house))
    _panel(lower, "panel_quality", measures, house, lambda ax: _draw_measures(ax, measures, width, house))
    _panel(right, "panel_survival", terms, house, lambda ax: draw_shares(ax, terms, house, room=width))
    legend_below(fig, handles, note=note, columns=columns)
    return fig


def _panel(part: SubFigure, title: str, table: pd.DataFrame, house: House, draw: Callable[[Axes], None]) -> None:
    ax = part.add_subplot()
    if table.empty:
        ax.set_axis_off()
        ax.text(0, 0.5, house.label("nothing_to_show"), transform=ax.transAxes, va="center", color=MUTED)
    else:
        draw(ax)
    ax.set_title(house.label(title))


def _draw_measures(ax: Axes, measures: pd.DataFrame, panel_width: float, house: House) -> None:
    """Draw a row a measure: precision over recall, or the share that agrees, with intervals."""
    for y, row in enumerate(measures.to_dict("records")):
        for name, shift in (("precision", -APART), ("recall", APART), ("share", 0.0)):
            if np.isnan(row[name]):
                continue
            ax.plot([row[f"{name}_low"], row[f"{name}_high"]], [y + shift] * 2, color=COLOURS[name], linewidth=1.0)
            ax.plot([row[name]], [y + shift], MARKS[name], color=COLOURS[name], markersize=0.8 * MARKER_SIZE,
                    clip_on=False)
    single = measures["f1"].where(measures["f1"].notna(), measures["share"])
    write_column(ax, ["" if np.isnan(number) else f"{number:.3f}" for number in single], 1.5)
    names = [fitting(_measure_name(name, house), NAME_SHARE * panel_width) for name in measures["measure"]]
    ax.set_yticks(range(len(names)), names, linespacing=LINE_SPACING)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(names) - 0.5, -0.5)
    lowest = float(np.nanmin(measures[["precision_low", "recall_low", "share_low", "precision", "recall", "share"]]
                             .to_numpy(float)))
    ax.set_xlim(max(0.0, np.floor(10 * lowest - 0.5) / 10), 1.0)
    ax.grid(axis="x")
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    ax.set_xlabel(house.label("share_right"))


def _measure_name(measure: str, house: House) -> str:
    key = re.sub(r"\W+", "_", measure)
    words = named("measure", key, house)
    return printable(measure) if words == key else words


def _legend(rates: pd.DataFrame, measures: pd.DataFrame, house: House) -> list[Line2D]:
    """Explain the level that is aimed at, and the marks of the measures that occur."""
    handles = [] if rates.empty else calibration_legend({}, rates, set(), house)
    return handles + [
        Line2D([], [], color=COLOURS[name], marker=marker, markersize=0.8 * MARKER_SIZE, linewidth=1.0,
               label=house.label(f"mark_{name}"))
        for name, marker in MARKS.items() if measures[name].notna().any()
    ]


