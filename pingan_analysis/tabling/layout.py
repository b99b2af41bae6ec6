"""How the columns of a table share the width of a page, upright or in landscape."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..drawing.fonts import display_width
from .cells import PrintedColumn

GAP = 1.4  # half-width characters between two columns
SLACK = 0.5  # of them, as capitals are wider than other letters
LONGEST_PIECE = 20  # half-width characters that stay together
WIDEST = 40.0  # a column whose cells are longer asks for no more
TALL_ROWS = 3.0  # with more lines a row than this, an upright page is too narrow
_WIDE = "\u2e80-\U0003ffff"
_PIECE = re.compile(rf"[{_WIDE}]{{1,6}}|(?:(?<=\d)-(?=\d)|[^\s{_WIDE}:/-])+[:/-]?")


@dataclass(frozen=True)
class Layout:
    """How a table stands on a page: the columns' shares of a line (none where all fit as they are), whether in
    landscape, and about how many lines it takes."""

    shares: tuple[float, ...]
    in_landscape: bool
    lines: int


def layout_of(columns: Sequence[PrintedColumn], upright: float, landscape: float) -> Layout:
    """Return the layout on an upright page, unless its rows get too tall there.

    `upright` and `landscape` are how many half-width characters a line has. There is a column at least.
    """
    layout = _layout_on(columns, upright, in_landscape=False)
    n_rows = 1 + len(columns[0].cells)
    return layout if layout.lines <= TALL_ROWS * n_rows else _layout_on(columns, landscape, in_landscape=True)


def natural_width(columns: Sequence[PrintedColumn]) -> float:
    """Return how wide the columns are beside one another without a line broken, in half-width characters."""
    return sum(_widest(column) + GAP for column in columns)


def _widest(column: PrintedColumn) -> float:
    return float(max(map(display_width, (column.head, *column.cells))))


def _layout_on(columns: Sequence[PrintedColumn], line: float, *, in_landscape: bool) -> Layout:
    if natural_width(columns) <= line:
        return Layout((), in_landscape, 1 + len(columns[0].cells))
    room = max(1.0, line - GAP * len(columns))
    natural = [_widest(column) for column in columns]
    least = [_longest_piece(column) for column in columns]
    asked = [max(0.0, min(width, WIDEST) - piece) for width, piece in zip(natural, least, strict=True)]
    for_each = max(0.0, room - sum(least)) / (sum(asked) or 1.0)
    widths = [piece + for_each * more for piece, more in zip(least, asked, strict=True)]
    parts = [width / sum(widths) for width in widths]
    shares = tuple((part * room + GAP) / (room + GAP * len(columns)) for part in parts)
    return Layout(shares, in_landscape, _lines(columns, [part * room for part in parts]))


def _longest_piece(column: PrintedColumn) -> float:
    """Return the width of the longest piece of the column's text that lines should not break in."""
    pieces = (piece for text in (column.head, *column.cells) for piece in _PIECE.findall(text))
    return SLACK + min(LONGEST_PIECE, max(map(display_width, pieces), default=1))


def _lines(columns: Sequence[PrintedColumn], widths: Sequence[float]) -> int:
    """Return about how many lines the table takes."""
    rows = [[column.head for column in columns], *zip(*(column.cells for column in columns), strict=True)]
    return sum(
        max(1, *(math.ceil(display_width(cell) / max(1.0, width)) for cell, width in zip(row, widths, strict=True)))
        for row in rows
    )
