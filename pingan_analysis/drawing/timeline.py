"""The corpus on a time line: when the documents of each place were published, and what is known of that."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateFormatter, AutoDateLocator
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .style import (
    DOUBLE_COLUMN,
    FAINT,
    INK,
    LINE,
    LINE_SPACING,
    MUTED,
    ONE_AND_A_HALF_COLUMNS,
    SMALL_TEXT,
    CaseStyle,
    House,
    case_label,
    check_frame,
    house_style,
    legend_below,
)

MAX_PLACES = 25
OTHERS = "\0others"  # no place can be called this
UNCROWDED = 60  # documents; more are drawn smaller, and lighter so that they show through each other
NUMBERED_DOCUMENTS = 2  # in a row: the numbers of more would collide
SCRIPT_MARKERS = {"hans": "o", "hant": "s"}
_EARLIEST, _LATEST = -719161.0, 2932895.0  # days from 1970: matplotlib has the years 1 to 9999
LARGEST, SMALLEST = 110.0, 10.0  # marker areas, square points


def plot_corpus(documents: pd.DataFrame, *, lang: str | None = None) -> Figure:
    """Show the documents by place and date: area is length, hollow a date that was inferred, square the
    traditional script; documents without a date stand apart at the right.

    `documents` is the study's table (place, published, date_basis, script, n_chars; place_en in English).
    More places than 25 share a row for those with the fewest documents. Raises `TableError` for a missing
    column.
    """
    with house_style(lang) as house:
        check_frame(
            documents, ("doc_id", "place", "published", "date_basis", "script", "n_chars"), where="documents"
        )
        rows = _drawn_rows(documents, house.width / DOUBLE_COLUMN)
        order = _row_order(rows)
        styles = _row_styles(rows, order, documents, house)
        undated = bool(rows["day"].isna().any())
        fig = house.figure(7.0 * len(order) + 24)
        axes = (
            fig.subplots(1, 2, sharey=True, width_ratios=(house.width - 45, 15), squeeze=False)[0]
            if undated
            else [fig.subplots()]
        )
        _draw_dated(axes[0], rows[rows["day"].notna()], order, styles, house)
        if undated:
            _draw_undated(axes[1], rows[rows["day"].isna()], order, styles, house)
        axes[0].set_yticks(
            range(len(order)),
            [case_label(styles[place].name, 24, 2) for place in order],
            linespacing=LINE_SPACING,
        )
        axes[0].set_ylim(len(order) - 0.5, -0.5)
        handles = _legend(rows, house)
        numbered = _numbered(rows[rows["day"].notna()], house)
        legend_below(
            fig,
            handles,
            note=house.label("n_chars") if numbered else "",
            columns=min((len(handles) + 1) // 2, int(house.width // 44)),
        )
        return fig


def _drawn_rows(documents: pd.DataFrame, scale: float) -> pd.DataFrame:
    """Return what is drawn of each document: the row that it stands in, its date, look and marker area."""
    places = documents["place"].astype(str)
    counts = places.value_counts()
    kept = sorted(counts.index, key=lambda place: (-counts[place], place))[:MAX_PLACES]
    length = documents["n_chars"].astype(float)
    crowd = max(1.0, len(documents) / UNCROWDED)
    published = pd.to_datetime(documents["published"])
    return pd.DataFrame(
        {
            "row": places.where(places.isin(kept), OTHERS),
            "day": _days(published),
            "inferred": documents["date_basis"].ne("printed"),
            "script": documents["script"],
            "n_chars": length,
            "area": np.maximum(SMALLEST, LARGEST * length / max(1.0, length.max())) * scale / crowd**0.5,
        }
    ).sort_values(["day", "n_chars"], kind="stable")


def _row_order(rows: pd.DataFrame) -> list[str]:
    """Return the rows from the earliest first date on; the collected rest last."""
    first = rows.groupby("row")["day"].min().to_dict()
    return sorted(map(str, first), key=lambda row: (row == OTHERS, pd.isna(first[row]), first[row], row))


def _row_styles(
    rows: pd.DataFrame, order: Sequence[str], documents: pd.DataFrame, house: House
) -> dict[str, CaseStyle]:
    known = house if house.cases else House(house.lang, house.column, documents)
    styles = known.styles([row for row in order if row != OTHERS])
    if OTHERS in order:
        n = documents.loc[rows.index[rows["row"] == OTHERS], "place"].nunique()
        styles[OTHERS] = CaseStyle(house.label("other_places", n=n), MUTED, "o", "")
    return styles


def _days(dates: pd.Series) -> pd.Series:
    """Return dates as matplotlib counts them: days since 1970; NaN where there is none."""
    return (dates - pd.Timestamp(0)) / pd.Timedelta(days=1)


def _draw_dated(
    ax: Axes, rows: pd.DataFrame, order: Sequence[str], styles: dict[str, CaseStyle], house: House
) -> None:
    numbered = _numbered(rows, house)
    for row, line in rows.groupby("row", sort=False):
        colour, y = styles[str(row)].colour, order.index(str(row))
        for position, document in enumerate(line.to_dict("records")):
            ax.scatter(
                document["day"],
                y,
                s=document["area"],
                marker=SCRIPT_MARKERS.get(document["script"], "o"),
                linewidths=1.0,
                edgecolors=colour,
                facecolors="white" if document["inferred"] else colour,
                alpha=1.0 if len(rows) <= UNCROWDED else 0.7,
                zorder=2,
            )
            if numbered:
                side = -1 if len(line) > 1 and position == 0 else 1
                ax.annotate(
                    f"{document['n_chars']:,.0f}",
                    (document["day"], y),
                    (side * (document["area"] ** 0.5 / 2 + 3), 0),
                    textcoords="offset points",
                    ha="right" if side < 0 else "left",
                    va="center",
                    fontsize=SMALL_TEXT,
                )
    ax.tick_params(axis="y", length=0)
    ax.hlines(
        range(len(order)), 0, 1, transform=ax.get_yaxis_transform(), color=FAINT, linewidth=LINE, zorder=0
    )
    if rows.empty:
        ax.set_xticks([])
        ax.set_xlabel(house.label("no_dates"))
        return
    _date_axis(ax, rows["day"])
    ax.set_xlabel(house.label("published"))


def _date_axis(ax: Axes, days: pd.Series) -> None:
    """Write days as numbers (2024, 2024-09, 2024-09-02): names of months would be those of the machine's
    language."""
    first, last = float(days.min()), float(days.max())
    pad = max(0.14 * (last - first), 90.0)
    ax.set_xlim(max(first - pad, _EARLIEST), min(last + pad, _LATEST))
    locator = AutoDateLocator(minticks=3, maxticks=8)  # type: ignore[no-untyped-call]
    formatter = AutoDateFormatter(locator, defaultfmt="%Y-%m-%d")  # type: ignore[no-untyped-call]
    formatter.scaled = {1.0: "%Y-%m-%d", 30.0: "%Y-%m", 365.0: "%Y"}
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(formatter)


def _draw_undated(
    ax: Axes, rows: pd.DataFrame, order: Sequence[str], styles: dict[str, CaseStyle], house: House
) -> None:
    for row, line in rows.groupby("row", sort=False):
        y = order.index(str(row))
        ax.scatter(0, y, s=30, marker="x", color=styles[str(row)].colour, linewidths=1.0)
        if len(line) > 1:
            ax.annotate(
                house.label("n_documents", n=len(line)),
                (0, y),
                (6, 0),
                textcoords="offset points",
                va="center",
                fontsize=SMALL_TEXT,
            )
    ax.set_xlim(-1, 2)
    ax.set_xticks([])
    ax.set_xlabel(house.label("no_date"))
    ax.tick_params(axis="y", length=0, labelleft=False)
    ax.spines["left"].set_color(MUTED)
    ax.spines["left"].set_linestyle((0, (2, 2)))


def _numbered(rows: pd.DataFrame, house: House) -> bool:
    """Say whether there is room for each document's length beside its marker."""
    wide = house.width >= ONE_AND_A_HALF_COLUMNS
    return wide and not rows.empty and bool(rows["row"].value_counts().max() <= NUMBERED_DOCUMENTS)


def _legend(rows: pd.DataFrame, house: House) -> list[Line2D]:
    """Explain what occurs: fill, shape, and size."""
    dated = rows[rows["day"].notna()]
    fills = {"printed": (INK, ~dated["inferred"]), "inferred": ("white", dated["inferred"])}
    handles = [_handle(house.label(key), fill=fill) for key, (fill, there) in fills.items() if there.any()]
    handles += [
        _handle(house.label(script), marker=marker, fill=FAINT)
        for script, marker in SCRIPT_MARKERS.items()
        if dated["script"].eq(script).any()
    ]
    if dated.empty or _numbered(dated, house):
        return handles
    ends = dated.sort_values("n_chars", kind="stable").iloc[[0, -1]].drop_duplicates("n_chars")
    return handles + [
        _handle(house.label("n_chars_size", n=f"{end['n_chars']:,.0f}"), area=end["area"], fill=FAINT)
        for end in ends.to_dict("records")
    ]


def _handle(text: str, *, marker: str = "o", fill: str = INK, area: float = 30.0) -> Line2D:
    return Line2D(
        [], [], linestyle="", marker=marker, color=INK, markerfacecolor=fill, label=text, markersize=area**0.5
    )
