"""What several plots are made of: checked tables, bounded choices, named axes, cells, bars and strips."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..errors import TableError, check_choice
from ..schema import check_key
from .fonts import display_width, printable, shorten
from .style import (
    CHARACTER,
    FAINT,
    INK,
    LINE_SPACING,
    MUTED,
    SEQUENTIAL,
    SMALL_CHARACTER,
    SMALL_TEXT,
    TEXT,
    CaseStyle,
    House,
    case_label,
    check_frame,
    fitted,
)

DESCENDER = 0.25 * TEXT  # points: how far letters reach below their baseline
TERM_WIDTH = 24  # half-width characters: a term of twelve characters stands in full
NUMBERED_COLUMNS = 12  # more, and the numbers would not fit their cells


def term_values(table: pd.DataFrame, by: str, value: str) -> pd.DataFrame:
    """Return the table with `by` as text and `value` as numbers, or say what is wrong with it."""
    check_frame(table, ("term",), where="table")
    columns = [str(column) for column in table.columns if column != "term"]
    check_choice(value, columns, "value")
    check_choice(by, [column for column in columns if column != value], "by")
    check_key(table, (by, "term"), where="table")
    return table.assign(**{by: table[by].astype(str), value: numbers(table, value, where="table")})


def numbers(table: pd.DataFrame, column: str, *, where: str) -> pd.Series:
    """Return a column as finite numbers; raise `TableError` naming the first value that is none."""
    found = pd.to_numeric(table[column], errors="coerce").astype(float)
    wrong = ~np.isfinite(found.to_numpy(float, na_value=np.nan))
    if wrong.any():
        cell = table[column][wrong].iloc[0]
        raise TableError(
            f"{where}: column {column!r} holds {repr(cell) if isinstance(cell, str) else cell} "
            f"in row {int(wrong.argmax()) + 1}; it must be a number"
        )
    return found


def readable_unit(rows: pd.DataFrame, value: str, house: House) -> tuple[pd.DataFrame, str]:
    """Return the rows and the unit of `value`: small numbers in thousandths, which are shorter to print."""
    unit = house.value_label(value)
    if not 0 < rows[value].max() < 0.1:
        return rows, unit
    return rows.assign(**{value: 1000 * rows[value]}), house.label("thousandths", unit=unit)


def ordered_cases(cases: Iterable[str], house: House) -> list[str]:
    """Return the cases, each once, as the documents order them, others by name after them."""
    position = {case: n for n, case in enumerate(house.cases)}
    return sorted(set(cases), key=lambda case: (position.get(case, len(position)), case))


def limited(
    cases: Sequence[str], weights: pd.Series, limit: int, key: str, house: House
) -> tuple[list[str], list[str]]:
    """Return the `limit` cases of most weight (of equal ones the first), in the order given, and a note where
    some are left out."""
    if len(cases) <= limit:
        return list(cases), []
    kept = set(sorted(cases, key=lambda case: -weights.get(case, 0))[:limit])
    return [case for case in cases if case in kept], [house.label(key, n=limit, total=len(cases))]


def tied(rows: pd.DataFrame, ranked: pd.DataFrame, by: str, value: str, case: str) -> int:
    """Return how many terms of the case are not among its `ranked` ones though their value is that of the
    last of these."""
    shown = ranked.loc[ranked[by] == case, value]
    if shown.empty:
        return 0
    return int((rows.loc[rows[by] == case, value] == shown.iloc[-1]).sum() - (shown == shown.iloc[-1]).sum())


def say_tied(ax: Axes, row: int, words: str) -> None:
    """Write, in the place of bar `row`, that more terms would have had the same right to it."""
    ax.annotate(
        words,
        (0, row),
        (2, 0),
        xycoords=ax.get_yaxis_transform(),
        textcoords="offset points",
        va="center",
        fontsize=SMALL_TEXT,
        color=MUTED,
    )


def gloss_room(width: float, terms: Iterable[str]) -> int:
    """Return how many half-width characters of SMALL_TEXT the glosses may take in a panel of `width` mm, so
    that bars have a good third beside them and the terms."""
    widest = max((min(TERM_WIDTH, display_width(printable(term))) for term in terms), default=0)
    return max(12, int((0.64 * width - CHARACTER * widest) / SMALL_CHARACTER))


def name_terms(ax: Axes, terms: Sequence[str], house: House, *, gloss_width: int) -> None:
    """Name rows 0, 1, … from the top by their terms; English glosses stand at the right, small."""
    ax.set_yticks(range(len(terms)), [shorten(printable(term), TERM_WIDTH) for term in terms])
    ax.tick_params(axis="y", length=0)
    for row, term in enumerate(terms):
        if gloss := house.gloss(term, gloss_width):
            ax.text(
                1.01,
                row,
                gloss,
                transform=ax.get_yaxis_transform(),
                fontsize=SMALL_TEXT,
                color=MUTED,
                va="center",
            )


def name_case_columns(ax: Axes, cases: Sequence[str], house: House, *, room: float) -> None:
    """Name columns 0, 1, …, which share `room` mm, above the plot: in lines whose lowest ones
    share a baseline, or upright where they are narrow."""
    styles = house.styles(cases)
    width = int(room / len(cases) / CHARACTER)
    few = width >= 9
    position: dict[str, Any] = {"va": "baseline"} if few else {"rotation": 90}
    names = [
        case_label(styles[case].name, min(20, width)) if few else shorten(styles[case].name, 28)
        for case in cases
    ]
    ax.set_xticks(range(len(cases)), names, linespacing=LINE_SPACING, **position)
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0, pad=mpl.rcParams["xtick.major.pad"] + DESCENDER * few)


def name_case_rows(ax: Axes, cases: Sequence[str], house: House) -> None:
    """Name rows 0, 1, … by cases, a line each."""
    styles = house.styles(cases)
    ax.set_yticks(range(len(cases)), [shorten(styles[case].name, 28) for case in cases])
    ax.tick_params(axis="y", length=0)


def separate_groups(ax: Axes, terms: Sequence[str], groups: Sequence[Sequence[str]]) -> None:
    """Draw a line above the first term of each group but the first."""
    seen: set[str] = set()
    for group in groups:
        new = [term for term in group if term not in seen]
        if seen and new:
            ax.axhline(terms.index(new[0]) - 0.5, color=INK, linewidth=0.6)
        seen.update(new)


def coloured_cells(fig: Figure, ax: Axes, values: np.ndarray, unit: str, *, note: str) -> None:
    """Draw a matrix as coloured cells with their numbers where these fit, and a colour bar below; NaN is
    blank."""
    shades = mpl.colors.ListedColormap(mpl.colormaps[SEQUENTIAL](np.linspace(0.12, 0.95, 256)))
    highest = float(np.nanmax(values, initial=0.0)) or 1.0
    rows, columns = values.shape
    mesh = ax.pcolormesh(
        np.arange(columns + 1) - 0.5,
        np.arange(rows + 1) - 0.5,
        np.ma.masked_invalid(values),
        cmap=shades,
        vmin=0.0,
        vmax=highest,
        edgecolors=FAINT,
        linewidth=0.4,
    )
    ax.invert_yaxis()
    ax.spines[:].set_visible(False)
    if columns <= NUMBERED_COLUMNS:
        for (row, column), number in np.ndenumerate(values):
            if np.isfinite(number):
                ax.text(
                    column,
                    row,
                    written(number, highest),
                    ha="center",
                    va="center",
                    fontsize=SMALL_TEXT,
                    color="white" if number > 0.6 * highest else INK,
                )
    bar = fig.colorbar(mesh, ax=ax, location="bottom", shrink=0.5, aspect=45, pad=0.02)
    bar.outline.set_visible(False)
    bar.set_label("\n".join(fitted(fig, line) for line in (unit, note) if line), linespacing=LINE_SPACING)


def written(number: float, highest: float) -> str:
    """Write a number with as many decimals as give `highest` three digits (two below 1); never a false 0.

    >>> written(3.14159, 12.9), written(0.05, 0.87), written(1234, 5000), written(0.02, 61)
    ('3.1', '0.05', '1,234', '<0.1')
    """
    magnitude = math.floor(math.log10(highest))
    decimals = max(0, 2 - magnitude) if magnitude >= 0 else 1 - magnitude
    smallest = 10.0**-decimals
    return f"<{smallest:.{decimals}f}" if 0 < number < smallest / 2 else f"{number:,.{decimals}f}"


def bars(ax: Axes, best: pd.DataFrame, value: str, slots: int, style: CaseStyle) -> None:
    """Draw ranked rows as bars from the top of `slots` places; n (else the value) at the end of each."""
    ax.barh(
        range(len(best)), best[value], height=0.72, color=style.colour, hatch=style.hatch, edgecolor="white"
    )
    shown = best["n"].map("{:,.0f}".format) if "n" in best else best[value].map("{:.3g}".format)
    for row, (length, number) in enumerate(zip(best[value], shown, strict=True)):
        ax.annotate(
            number, (length, row), (2, 0), textcoords="offset points", va="center", fontsize=SMALL_TEXT
        )
    ax.set_ylim(slots - 0.5, -0.5)
    ax.margins(x=0.12)
    ax.grid(axis="x")
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))


def occurrences(counts: pd.DataFrame, terms: Sequence[str]) -> pd.DataFrame:
    """Return doc_id, para, term and n of the paragraphs that `terms` occur in, a row each."""
    rows = counts[["doc_id", "para", "term", "n"]].assign(
        doc_id=counts["doc_id"].astype(str),
        n=_from_zero(counts, "n", where="counts"),
        para=_from_zero(counts, "para", where="counts"),
    )
    rows = rows[rows["term"].isin(terms) & (rows["n"] > 0)]
    return rows.groupby(["doc_id", "para", "term"], sort=False)["n"].sum().reset_index()


def paragraph_counts(counts: pd.DataFrame, paragraphs: Mapping[str, int] | pd.Series | None) -> dict[str, int]:
    """Return how many paragraphs each document has: as `paragraphs` says, or up to its last row in
    `counts`."""
    last = _from_zero(counts, "para", where="counts").groupby(counts["doc_id"].astype(str)).max()
    ends = {str(document): int(para) + 1 for document, para in last.items()}
    given = pd.Series({} if paragraphs is None else dict(paragraphs), dtype=object).to_frame("paragraphs")
    known = _from_zero(given, "paragraphs", where="paragraphs")
    for document, n in known.items():
        ends[str(document)] = max(int(n), ends.get(str(document), 0))
    return ends


def _from_zero(table: pd.DataFrame, column: str, *, where: str) -> pd.Series:
    found = numbers(table, column, where=where)
    if (found < 0).any():
        raise TableError(f"{where}: column {column!r} holds {found[found < 0].iloc[0]:g}; it must be 0 or more")
    return found


def strip(
    ax: Axes,
    places: pd.DataFrame,
    documents: Sequence[str],
    ends: Mapping[str, int],
    highest: float,
    house: House,
) -> None:
    """Draw a row a document: a band as long as it has paragraphs, and in it a bar where the term stands."""
    styles = house.styles(documents)
    for row, document in enumerate(documents):
        ax.barh(row, ends[document], left=-0.5, height=0.86, color=FAINT)
        found = places[places["doc_id"] == document]
        heights = 0.86 * (found["n"] / highest) ** 0.5  # one occurrence is seen beside a hundred, too
        ax.bar(found["para"], -heights, bottom=row + 0.43, width=0.9, color=styles[document].colour)
    name_case_rows(ax, documents, house)
    ax.set_ylim(len(documents) - 0.5, -0.5)
    ax.set_xlim(-0.5, max(1, *(ends[document] for document in documents)) - 0.5)
    ax.spines[:].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))


def nothing_to_show(house: House) -> Figure:
    """Return a small figure that says that a table has no row to draw."""
    fig = house.figure(NOTHING)
    fig.text(0.5, 0.5, house.label("nothing_to_show"), ha="center", va="center", color=MUTED)
    return fig


NOTHING = 12.0  # mm
