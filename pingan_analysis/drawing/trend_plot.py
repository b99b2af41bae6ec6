"""Terms over time: how many documents have them, with the uncertainty, the gaps and the part years."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ..errors import check_choice
from ..schema import check_key
from .fonts import printable
from .plot_parts import nothing_to_show, numbers
from .style import FAINT, INK, MUTED, CaseStyle, House, check_frame, house_style, legend_below, note_room
from .timeline import day_numbers, write_dates

RATES = ("per_1000_documents", "per_million_characters")
MAX_TERMS = 8
PANEL, DOCUMENTS_PANEL, ROOM = 27.0, 22.0, 16.0  # mm
BAND = 0.25  # opacity


def plot_term_trend(
    trend: pd.DataFrame, *, value: str = "per_1000_documents", lang: str | None = None
) -> Figure:
    """Show how often terms occur over time: a panel a term, and below them the documents of each period.

    `trend` is a table as from `term_trend`. Its interval (low, high) is drawn as a band, about per_1000_documents only;
    the line breaks and the panel is shaded where there are no documents; a marker is hollow where the corpus does not
    cover the whole period. `value` is "per_1000_documents" or "per_million_characters". Of more than 8 terms, the first
    are shown. Raises `TableError` for a missing column or a term given twice for a period, `ChoiceError` for another
    `value`.
    """
    with house_style(lang) as house:
        check_choice(value, RATES, "value")
        columns = ("term", "period_start", "documents", value, "low", "high", "partial")
        check_frame(trend, columns, where="trend", rows=False)
        if trend.empty:
            return nothing_to_show(house)
        check_key(trend, ("term", "period_start"), where="trend")
        rows = trend.assign(term=trend["term"].astype(str), left=day_numbers(pd.to_datetime(trend["period_start"])))
        rows = _with_middles(rows.assign(documents=numbers(trend, "documents", where="trend")))
        wanted = list(dict.fromkeys(rows["term"]))
        shown = wanted[:MAX_TERMS]
        with_band = value == "per_1000_documents"
        notes = [house.label(value), house.label("interval") if with_band else ""]
        notes += [house.label("shown_all_terms", n=len(shown), total=len(wanted))] * (len(shown) < len(wanted))
        note = house.joined(notes)
        fig = house.figure(PANEL * len(shown) + DOCUMENTS_PANEL + ROOM + note_room(note, house.width))
        heights = [PANEL] * len(shown) + [DOCUMENTS_PANEL]
        axes = fig.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)[:, 0]
        styles = house.styles(shown)
        for term, ax in zip(shown, axes, strict=False):
            _draw_term(ax, rows[rows["term"] == term], value, styles[term], with_band=with_band)
            ax.set_title("  ".join(filter(None, (printable(term), house.gloss(term, int(house.width / 3))))))
        _draw_documents(axes[-1], rows[rows["term"] == shown[0]], house)
        legend_below(fig, _legend(rows, house), note=note, columns=max(1, int(house.width // 80)))
        return fig


def _with_middles(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the middle and the width, in days, of each period; the last is as wide as the one before it."""
    starts = np.sort(rows["left"].unique())
    widths = np.append(np.diff(starts), 365.0) if len(starts) == 1 else np.append(np.diff(starts), np.diff(starts)[-1])
    width = rows["left"].map(dict(zip(starts, widths, strict=True)))
    return rows.assign(width=width, middle=rows["left"] + width / 2).sort_values("left", kind="stable")


def _draw_term(ax: Axes, rows: pd.DataFrame, value: str, style: CaseStyle, *, with_band: bool) -> None:
    rates = rows[value].to_numpy(float, na_value=np.nan)
    if with_band:
        low, high = (rows[name].to_numpy(float, na_value=np.nan) for name in ("low", "high"))
        there = np.isfinite(low) & np.isfinite(high)
        ax.fill_between(rows["middle"], low, high, where=there, color=style.colour, alpha=BAND, linewidth=0)
        ax.vlines(rows["middle"][there], low[there], high[there], color=style.colour, alpha=2 * BAND, linewidth=0.8)
    ax.plot(rows["middle"], rates, color=style.colour, linewidth=1)
    partial = rows["partial"].to_numpy(bool)
    for chosen, fill in ((~partial, style.colour), (partial, "white")):
        ax.plot(rows["middle"][chosen], rates[chosen], "o", color=style.colour, markerfacecolor=fill, markersize=3.5,
                clip_on=False, zorder=3)
    _shade_gaps(ax, rows)
    ax.set_ylim(bottom=0)
    ax.margins(y=0.12)
    if not np.nanmax(rates, initial=0.0) and not (with_band and np.nanmax(high, initial=0.0)):
        ax.set_ylim(0, 1)
    ax.grid(axis="y")
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))


def _draw_documents(ax: Axes, rows: pd.DataFrame, house: House) -> None:
    ax.bar(
        rows["left"], rows["documents"], width=rows["width"], align="edge", color=FAINT, edgecolor=MUTED, linewidth=0.4
    )
    _shade_gaps(ax, rows)
    ax.set_title(house.label("documents_in_period"))
    ax.set_xlim(rows["left"].min(), float((rows["left"] + rows["width"]).max()))
    ax.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10], integer=True))
    ax.yaxis.set_major_formatter(lambda count, _: f"{count:,.0f}")
    write_dates(ax)


def _shade_gaps(ax: Axes, rows: pd.DataFrame) -> None:
    for left, width in rows.loc[rows["documents"] == 0, ["left", "width"]].itertuples(index=False):
        ax.axvspan(left, left + width, facecolor="white", edgecolor=MUTED, alpha=0.35, hatch="////", linewidth=0)


def _legend(rows: pd.DataFrame, house: House) -> list[Any]:
    """Explain what occurs: part periods and gaps."""
    handles: list[Any] = []
    if rows["partial"].any():
        handles.append(Line2D([], [], linestyle="", marker="o", color=INK, markerfacecolor="white", markersize=3.5,
                              label=house.label("partial_period")))
    if (rows["documents"] == 0).any():
        handles.append(Patch(facecolor="white", edgecolor=MUTED, alpha=0.35, hatch="////", linewidth=0,
                             label=house.label("gap_period")))
    return handles
