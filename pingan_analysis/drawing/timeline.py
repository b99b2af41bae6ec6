"""The corpus on a time line: when the documents of each place were published, and what is known of that."""

from __future__ import annotations

import math
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
    SINGLE_COLUMN,
    SMALL_TEXT,
    CaseStyle,
    House,
    case_label,
    check_frame,
    house_style,
    legend_below,
)

MAX_PLACES = 25
UNDATED_STEP = 0.47  # rows: between the shapes of a place
OTHERS = "\0others"  # no place can be called this
UNCROWDED = 60  # documents; more are drawn smaller, and lighter so that they show through each other
NUMBERED_DOCUMENTS = 2  # in a row: the numbers of more would collide
SCRIPT_MARKERS = {"hans": "o", "hant": "s"}
EARLIEST, LATEST = -719161.0, 2932895.0  # days from 1970: matplotlib has the years 1 to 9999
LARGEST = 80.0  # area of the marker of the longest document, square points
EDGE = 0.8  # points
MARKER_ROOM, COUNT_ROOM = 1.0, 9.0  # mm: markers closer than this cover each other; a marker and "× 50"


def plot_corpus(documents: pd.DataFrame, *, lang: str | None = None) -> Figure:
    """Show the documents by place and date: area is length, hollow a date that was inferred, square the
    traditional script; documents without a date stand apart at the right. Where markers cover each other,
    their number stands beside them.

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
        fig = house.figure(7.0 * len(order) + (34 if house.width > SINGLE_COLUMN else 42))
        axes = (
            fig.subplots(1, 2, sharey=True, width_ratios=(house.width - 45, 15), squeeze=False)[0]
            if undated
            else [fig.subplots()]
        )
        all_counted = _draw_dated(axes[0], rows[rows["day"].notna()], order, styles, house)
        if undated:
            _draw_undated(axes[1], rows[rows["day"].isna()], order, styles, house)
        axes[0].set_yticks(
            range(len(order)),
            [case_label(styles[place].name, 24, 2) for place in order],
            linespacing=LINE_SPACING,
        )
        axes[0].set_ylim(len(order) - 0.5, -0.6)
        handles = _legend(rows, house)
        legend_below(
            fig,
            handles,
            note=house.joined(
                [
                    house.label("n_chars" if _numbered(rows, house) else "n_chars_area"),
                    "" if all_counted else house.label("not_counted"),
                ]
            ),
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
            "day": day_numbers(published),
            "inferred": documents["date_basis"].ne("printed"),
            "script": documents["script"],
            "n_chars": length,
            "area": LARGEST * length / max(1.0, length.max()) * scale / crowd**0.5,
        }
    ).sort_values(["day", "n_chars"], ascending=[True, False], kind="stable")  # short ones over long ones


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


def day_numbers(dates: pd.Series) -> pd.Series:
    """Return dates as matplotlib counts them: days since 1970; NaN where there is none."""
    days: pd.Series = (dates.dt.as_unit("s") - pd.Timestamp(0).as_unit("s")) / pd.Timedelta(days=1)
    return days


def _draw_dated(
    ax: Axes, rows: pd.DataFrame, order: Sequence[str], styles: dict[str, CaseStyle], house: House
) -> bool:
    """Draw the documents that have a date; return whether there was room for all numbers."""
    numbered = _numbered(rows, house)
    for row, line in rows.groupby("row", sort=False):
        colour, y = styles[str(row)].colour, order.index(str(row))
        for position, document in enumerate(line.to_dict("records")):
            ax.scatter(
                document["day"],
                y,
                s=document["area"],
                marker=SCRIPT_MARKERS.get(document["script"], "o"),
                linewidths=EDGE,
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
        return True
    _date_axis(ax, rows["day"])
    ax.set_xlabel(house.label("first_day"))
    return numbered or _count_covered(ax, rows, order, house)


def _count_covered(ax: Axes, rows: pd.DataFrame, order: Sequence[str], house: House) -> bool:
    """Write how many markers cover each other: at their right, or above them where the next marker is near.

    Returns whether there was room for every number.
    """
    first, last = ax.get_xlim()
    days_per_mm = (last - first) / (0.6 * house.width)  # the axes are wider than that
    all_written = True
    for row, line in rows.groupby("row", sort=False):
        spots = [spot for _, spot in line.groupby((line["day"].diff() > MARKER_ROOM * days_per_mm).cumsum())]
        next_days = [*(float(spot["day"].iloc[0]) for spot in spots[1:]), math.inf]
        taken_above = -math.inf
        for spot, next_day in zip(spots, next_days, strict=True):
            if len(spot) == 1:
                continue
            place = (float(spot["day"].iloc[-1]), order.index(str(row)))
            above = next_day - place[0] < COUNT_ROOM * days_per_mm
            if above and place[0] - taken_above < COUNT_ROOM * days_per_mm:
                all_written = False
                continue
            taken_above = place[0] if above else taken_above
            _write_count(ax, len(spot), place, spot["area"].max(), house, above=above)
    return all_written


def _write_count(
    ax: Axes, n: int, place: tuple[float, float], area: float, house: House, *, above: bool = False
) -> None:
    away = area**0.5 / 2 + 2
    ax.annotate(
        house.label("n_documents", n=n),
        place,
        (0, away - 1) if above else (away, 0),
        textcoords="offset points",
        ha="center" if above else "left",
        va="bottom" if above else "center",
        fontsize=SMALL_TEXT,
    )


def _date_axis(ax: Axes, days: pd.Series) -> None:
    first, last = float(days.min()), float(days.max())
    pad = max(0.14 * (last - first), 90.0)
    ax.set_xlim(max(first - pad, EARLIEST), min(last + pad, LATEST))
    write_dates(ax)


def write_dates(ax: Axes, *, most: int = 8) -> None:
    """Write at most `most` days of the x axis, as numbers (2024, 2024-09, 2024-09-02): names of months would be
    those of the machine's language."""
    locator = AutoDateLocator(minticks=min(3, most), maxticks=most)  # type: ignore[no-untyped-call]
    formatter = AutoDateFormatter(locator, defaultfmt="%Y-%m-%d")  # type: ignore[no-untyped-call]
    formatter.scaled = {1.0: "%Y-%m-%d", 30.0: "%Y-%m", 365.0: "%Y"}
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(formatter)


def _draw_undated(
    ax: Axes, rows: pd.DataFrame, order: Sequence[str], styles: dict[str, CaseStyle], house: House
) -> None:
    for row, line in rows.groupby("row", sort=False):
        shapes = line.groupby(line["script"].map(SCRIPT_MARKERS).fillna("o"))
        for n, (marker, same) in enumerate(shapes):
            y = order.index(str(row)) + UNDATED_STEP * (n - (shapes.ngroups - 1) / 2)
            ax.scatter(
                np.zeros(len(same)),
                np.full(len(same), y),
                s=same["area"],
                marker=str(marker),
                linewidths=EDGE,
                edgecolors=styles[str(row)].colour,
                facecolors=FAINT,
                clip_on=False,
            )
            if len(same) > 1:
                _write_count(ax, len(same), (0, y), same["area"].max(), house)
    ax.set_xlim(-1, 2)
    ax.set_xticks([])
    ax.set_xlabel(house.label("no_date"))
    ax.tick_params(axis="y", length=0, labelleft=False)
    ax.spines["left"].set_color(MUTED)
    ax.spines["left"].set_linestyle((0, (2, 2)))


def _numbered(rows: pd.DataFrame, house: House) -> bool:
    """Say whether there is room for each dated document's length beside its marker."""
    dated = rows[rows["day"].notna()]
    wide = house.width >= ONE_AND_A_HALF_COLUMNS
    return wide and not dated.empty and bool(dated["row"].value_counts().max() <= NUMBERED_DOCUMENTS)


def _legend(rows: pd.DataFrame, house: House) -> list[Line2D]:
    """Explain what occurs: fill, shape, and size."""
    dated = rows[rows["day"].notna()]
    fills = {"printed": (INK, ~dated["inferred"]), "inferred": ("white", dated["inferred"])}
    handles = [_handle(house.label(key), fill=fill) for key, (fill, there) in fills.items() if there.any()]
    handles += [
        _handle(house.label(script), marker=marker, fill=FAINT)
        for script, marker in SCRIPT_MARKERS.items()
        if rows["script"].eq(script).any()
    ]
    if _numbered(rows, house):
        return handles
    ends = rows.sort_values("n_chars", kind="stable").iloc[[0, -1]].drop_duplicates("n_chars")
    return handles + [
        _handle(house.label("n_chars_size", n=f"{end['n_chars']:,.0f}"), area=end["area"], fill=FAINT)
        for end in ends.to_dict("records")
    ]


def _handle(text: str, *, marker: str = "o", fill: str = INK, area: float = 30.0) -> Line2D:
    return Line2D(
        [],
        [],
        linestyle="",
        marker=marker,
        color=INK,
        markerfacecolor=fill,
        markeredgewidth=EDGE,
        label=text,
        markersize=area**0.5,
    )
