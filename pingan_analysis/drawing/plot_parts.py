"""What several plots are made of: checked tables, bounded choices, named axes, cells, bars and strips."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator

from ..errors import ChoiceError, TableError, check_choice
from ..schema import check_key
from .fonts import FAMILIES, display_width, printable, register_font, shorten, wrap
from .style import (
    CHARACTER,
    COLUMNS,
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
    legend_below,
    note_room,
)

POINT = 25.4 / 72  # mm
DESCENDER = 0.25 * TEXT  # points: how far letters reach below their baseline
TERM_WIDTH = 24  # half-width characters: a term of twelve characters stands in full
LONGEST_GLOSS = 80  # half-width characters: longer than any column is wide
MAX_MATRIX = 40  # cases
COLOUR_BAR, ROW_NAMES, NARROWEST_CELL = 15.0, 35.0, 3.4  # mm: below a matrix, left of it, and a cell
ROW_HEIGHT = 3.7  # mm: names of rows that are closer would touch
NAMES_PAD = 3.0  # mm: around the names of columns
UPRIGHT_BELOW = 9  # half-width characters: the names of narrower columns stand upright
COLUMN_GAP = 2.0  # mm: between what stands at the right of a plot
LEGEND_ROW = 4.2  # mm
MARKER_SIZE = 4.0  # points
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


def numbers_or_nan(table: pd.DataFrame, columns: Iterable[str]) -> dict[str, np.ndarray]:
    """Return columns as numbers, by name; NaN for what is none."""
    return {name: pd.to_numeric(table[name], errors="coerce").astype("Float64").to_numpy(float, na_value=np.nan)
            for name in columns}


def shares(table: pd.DataFrame, column: str, *, where: str) -> pd.Series:
    """Return a column as numbers from 0 to 1; raise `TableError` naming the first value that is none."""
    found = numbers(table, column, where=where)
    if (wrong := ~found.between(0, 1)).any():
        raise TableError(f"{where}: column {column!r} holds {found[wrong].iloc[0]:g}; it must lie between 0 and 1")
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
    names, upright = _column_names(cases, house, room)
    position: dict[str, Any] = {"rotation": 90} if upright else {"va": "baseline"}
    ax.set_xticks(range(len(cases)), names, linespacing=LINE_SPACING, **position)
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0, pad=mpl.rcParams["xtick.major.pad"] + DESCENDER * (not upright))


def case_columns_height(cases: Sequence[str], house: House, *, room: float) -> float:
    """Return how high the names of `name_case_columns` are, in mm."""
    names, upright = _column_names(cases, house, room)
    if upright:
        return NAMES_PAD + max(drawn_width(name, TEXT) for name in names)
    return NAMES_PAD + max(1 + name.count("\n") for name in names) * LINE_SPACING * TEXT * POINT


def _column_names(cases: Sequence[str], house: House, room: float) -> tuple[list[str], bool]:
    """Return the names of columns that share `room` mm, and whether they stand upright."""
    styles = house.styles(cases)
    width = int(room / len(cases) / CHARACTER)
    if width < UPRIGHT_BELOW:
        return [shorten(styles[case].name, 28) for case in cases], True
    return [case_label(styles[case].name, min(20, width)) for case in cases], False


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


def case_matrix(
    matrix: pd.DataFrame, unit: str, house: House, *, note: str = "", gaps: bool = False
) -> Figure:
    """Draw a square matrix of cases with shares from 0 to 1, without its diagonal; with `gaps`, a share may be missing.

    Of more cases than have room (at most 40), the first ones are shown. Raises `TableError` where rows and columns
    differ or a value lies outside 0 to 1.
    """
    check_frame(matrix, (), where="matrix")
    cases = [str(case) for case in matrix.index]
    if cases != [str(case) for case in matrix.columns]:
        raise TableError(
            "matrix: rows and columns must be the same cases in the same order; "
            f"rows {shorten(', '.join(cases), 60)}, "
            f"columns {shorten(', '.join(map(str, matrix.columns)), 60)}"
        )
    shown = min(len(cases), MAX_MATRIX, int((house.width - ROW_NAMES) / NARROWEST_CELL))
    left_out = house.label("shown_first_cases", n=shown, total=len(cases)) if shown < len(cases) else ""
    note = house.joined([note, left_out])
    values = matrix.iloc[:shown, :shown].to_numpy(float, na_value=np.nan, copy=True)
    np.fill_diagonal(values, np.nan)
    expected = np.isfinite(values) if gaps else ~np.eye(shown, dtype=bool)
    if np.isinf(values).any() or not ((values >= 0) & (values <= 1 + 1e-9))[expected].all():
        raise TableError("matrix: each value must be a number from 0 to 1")
    cell = 11.0 if shown <= 12 else 8.0
    wanted = min(ROW_NAMES + cell * shown, house.width)
    width = min((w for w in COLUMNS.values() if w >= wanted), default=house.width)
    room = width - ROW_NAMES
    around = case_columns_height(cases[:shown], house, room=room) + COLOUR_BAR + note_room(note, width)
    fig = house.figure(max(22, min(cell * shown, room), ROW_HEIGHT * shown) + around, width=width)
    ax = fig.add_subplot()
    ax.set_facecolor(FAINT)
    coloured_cells(fig, ax, values, unit, note="")
    name_case_columns(ax, cases[:shown], house, room=room)
    name_case_rows(ax, cases[:shown], house)
    if note:
        legend_below(fig, [], note=note)
    return fig


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


def named(kind: str, value: str, house: House) -> str:
    """Return the words for a value of some kind from labels.tsv (key: kind_value), else the value itself."""
    try:
        return house.label(f"{kind}_{value}")
    except ChoiceError:
        return printable(value)


def fitting(text: str, room: float, *, lines: int = 1, size: float = TEXT) -> str:
    """Return `text` on at most `lines` lines that are no wider than `room` mm as drawn; what does not fit is cut.

    >>> fitting("三屏两报", 11.0), fitting("三屏两报", 6.0, lines=2)
    ('三屏两报', '三屏\\n两报')
    """
    widest = max(2, int(room / (size / 2 * POINT)))  # in half-width characters, each half as wide as the text is high
    for width in range(widest, 1, -1):
        wrapped = wrap(text, width, lines=lines)
        if all(drawn_width(line, size) <= room for line in wrapped.split("\n")):
            break
    return wrapped


@lru_cache(maxsize=4096)
def drawn_width(text: str, size: float) -> float:
    """Return how wide a line of text is in mm."""
    register_font()
    font = FontProperties(family=FAMILIES, size=size)
    width: float = text_to_path.get_text_width_height_descent(text, font, False)[0]
    return width * POINT


def fitted_glosses(terms: Iterable[str], room: float, house: House) -> list[str]:
    """Return the glosses of terms, small and cut to `room` mm."""
    return [fitting(house.gloss(term, LONGEST_GLOSS), room, size=SMALL_TEXT) for term in terms]


def column_width(words: Sequence[str], heading: str = "") -> float:
    """Return how wide a column of `write_columns` is, in mm."""
    return max(drawn_width(line, SMALL_TEXT) for line in [*words, *heading.split("|")])


def write_columns(ax: Axes, columns: Iterable[tuple[Sequence[str], str]], *, left: float = COLUMN_GAP) -> float:
    """Write columns of words and heading (| breaks its line) from `left` mm on; return where the next one would begin.
    """
    for words, heading in columns:
        write_column(ax, words, left, heading.replace("|", "\n"))
        left += column_width(words, heading) + COLUMN_GAP
    return left


def write_column(ax: Axes, words: Sequence[str], left: float, heading: str = "", *, colour: str = INK) -> None:
    """Write a column of words, one a row, `left` mm from the right of the plot, its heading above it."""
    across, points = ax.get_yaxis_transform(), left / POINT
    for row, text in enumerate(words):
        if text:
            ax.annotate(text, (1, row), (points, 0), xycoords=across, textcoords="offset points", va="center",
                        fontsize=SMALL_TEXT, color=colour)
    if heading:
        ax.annotate(heading, (1, -0.5), (points, 2), xycoords=across, textcoords="offset points", va="bottom",
                    fontsize=SMALL_TEXT, color=MUTED, linespacing=1.2)


def rank_words(rank: float, best: float, worst: float) -> str:
    """Return a rank with the best and the worst one in words.

    >>> rank_words(3, 1, 7), rank_words(2.5, 2, float("nan")), rank_words(float("nan"), 1, 2)
    ('3 (1–7)', '2.5', '–')
    """
    if math.isnan(rank):
        return "–"
    return f"{rank:.10g}" if math.isnan(best) or math.isnan(worst) else f"{rank:.10g} ({best:.10g}–{worst:.10g})"


def mark_handle(text: str, marker: Any, *, fill: str = "white") -> Line2D:
    """Return a legend entry that explains a marker."""
    return Line2D(
        [], [], linestyle="", marker=marker, color=INK, markerfacecolor=fill, markersize=MARKER_SIZE, label=text
    )


def legend_room(entries: int, columns: int, note: str, house: House) -> float:
    """Return the height in mm that a legend in `columns` takes, and the note over it."""
    return LEGEND_ROW * (1 + math.ceil(entries / columns)) + note_room(note, house.width)


def nothing_to_show(house: House) -> Figure:
    """Return a small figure that says that a table has no row to draw."""
    fig = house.figure(NOTHING)
    fig.text(0.5, 0.5, house.label("nothing_to_show"), ha="center", va="center", color=MUTED)
    return fig


NOTHING = 12.0  # mm
