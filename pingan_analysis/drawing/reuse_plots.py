"""Wording that documents share: how much of each stands in others, and which phrases travel between places."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..schema import LIST_MARK, check_key
from .fonts import printable
from .plot_parts import (
    COLUMN_GAP,
    case_columns_height,
    case_matrix,
    column_width,
    drawn_width,
    fitted_glosses,
    fitting,
    limited,
    name_case_columns,
    nothing_to_show,
    numbers,
    ordered_cases,
    write_column,
    write_columns,
)
from .style import FAINT, MUTED, TEXT, House, check_frame, house_style, legend_below, note_room

COLUMNS = ("reuse_id", "phrase", "n_chars", "cases", "occurrences")
MAX_PHRASES, MAX_CASES = 46, 20
ROW, HEADINGS, NARROWEST_CASE = 3.7, 9.0, 3.2  # mm
PHRASE_SHARE, GLOSS_SHARE = 0.3, 0.22  # of the figure's width, at most
MARKER = 4.5  # points
MARGIN = 3.0  # mm


def plot_reuse_matrix(matrix: pd.DataFrame, *, lang: str | None = None) -> Figure:
    """Show what share of each document's characters other documents have, too.

    `matrix` is one as from `reuse_matrix`: rows and columns are the same documents, and a value is the share of the
    row's characters that the column's document has; so the two sides of the diagonal differ. The diagonal is not drawn,
    a missing share is blank. Of more documents than have room (at most 40), the first ones are shown. Raises
    `TableError` where rows and columns differ or a value lies outside 0 to 1.
    """
    with house_style(lang) as house:
        check_frame(matrix, (), where="matrix", rows=False)
        if matrix.empty:
            return nothing_to_show(house)
        return case_matrix(matrix, house.label("share"), house, note=house.label("reused_share"), gaps=True)


def plot_shared_phrases(travelling: pd.DataFrame, *, top: int = 25, lang: str | None = None) -> Figure:
    """Show which cases use the same wording: a row a phrase, a column a case, a mark where the case uses it.

    `travelling` is a table as from `travelling_phrases`; its first `top` rows are shown. A run without wording (longer
    than the study prints) is named by its length. At the right stand length and occurrences. Of more cases than have
    room (at most 20), those with the most runs are shown. Raises `TableError` for a missing column or a run given
    twice.
    """
    with house_style(lang) as house:
        check_frame(travelling, COLUMNS, where="travelling", rows=False)
        if travelling.empty or top < 1:
            return nothing_to_show(house)
        check_key(travelling, ("reuse_id",), where="travelling")
        rows = travelling.head(min(top, MAX_PHRASES))
        rows = rows.assign(**{name: numbers(rows, name, where="travelling") for name in ("n_chars", "occurrences")})
        users = [_cases(cell) for cell in rows["cases"]]
        if not any(users):
            return nothing_to_show(house)
        beside = _beside(rows, house)
        room = house.width - max(drawn_width(name, TEXT) for name in beside.names) - beside.width
        every = [case for of_row in users for case in of_row]
        cases, left_out = limited(
            ordered_cases(every, house), pd.Series(every).value_counts(), min(MAX_CASES, int(room / NARROWEST_CASE)),
            "shown_cases_phrases", house,
        )
        notes = [house.label("shown_phrases", n=len(rows), total=len(travelling))] * (len(rows) < len(travelling))
        note = house.joined([house.label("shared_by"), *notes, *left_out])
        head = max(HEADINGS, case_columns_height(cases, house, room=room))
        fig = house.figure(ROW * len(rows) + head + MARGIN + note_room(note, house.width))
        ax = fig.add_subplot()
        _mark_users(ax, users, cases, house)
        name_case_columns(ax, cases, house, room=room)
        beside.write(ax)
        legend_below(fig, [], note=note)
        return fig


@dataclass(frozen=True)
class _Beside:
    """What stands beside the marks: names at the left, columns and glosses at the right."""

    names: list[str]
    columns: list[tuple[list[str], str]]
    glosses: list[str]

    @property
    def width(self) -> float:
        """How wide the right side is with the gaps around it, in mm."""
        widths = [column_width(words, heading) for words, heading in self.columns]
        return sum(widths) + column_width(self.glosses) + 5 * COLUMN_GAP

    def write(self, ax: Axes) -> None:
        ax.set_yticks(range(len(self.names)), self.names)
        ax.tick_params(axis="y", length=0)
        write_column(ax, self.glosses, write_columns(ax, self.columns), colour=MUTED)


def _beside(rows: pd.DataFrame, house: House) -> _Beside:
    lengths, counts = ([f"{n:,.0f}" for n in rows[name]] for name in ("n_chars", "occurrences"))
    return _Beside(
        [_phrase(row, house) for row in rows[["phrase", "n_chars"]].itertuples(index=False)],
        [(lengths, house.label("head_characters")), (counts, house.label("head_occurrences"))],
        fitted_glosses(map(str, rows["phrase"]), GLOSS_SHARE * house.width, house),
    )


def _mark_users(ax: Axes, users: list[list[str]], cases: list[str], house: House) -> None:
    """Draw a line a phrase, and a mark in the columns of the cases that use it."""
    ax.set_xlim(-0.5, len(cases) - 0.5)
    ax.set_ylim(len(users) - 0.5, -0.5)
    ax.hlines(range(len(users)), -0.5, len(cases) - 0.5, color=FAINT, linewidth=0.6, zorder=0)
    styles = house.styles(cases)
    for column, case in enumerate(cases):
        own = [row for row, of_row in enumerate(users) if case in of_row]
        ax.plot([column] * len(own), own, styles[case].marker, color=styles[case].colour, markersize=MARKER)
    ax.spines[:].set_visible(False)


def _cases(cell: object) -> list[str]:
    return list(filter(None, str(cell).split(LIST_MARK)))


def _phrase(row: tuple[object, float], house: House) -> str:
    phrase, n_chars = row
    if not isinstance(phrase, str) or not phrase:
        return fitting(house.label("long_run", n=f"{n_chars:,.0f}"), PHRASE_SHARE * house.width)
    return fitting(printable(phrase), PHRASE_SHARE * house.width)
