"""A table for LaTeX: every character as it stands, in columns that together are no wider than a line of text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import jinja2

from ..drawing.fonts import display_width
from ..paths import PACKAGE_FOLDER
from .cells import PrintedColumn
from .labels import table_label
from .layout import LONGEST_PIECE, Layout, layout_of

UPRIGHT_LINE, LANDSCAPE_LINE = 78.0, 125.0
r"""Half-width characters of \footnotesize (4.4 pt) on a line of the class `article`: 345 pt, in landscape 550 pt."""
PAGE_LINES = 40  # a table of more lines may break over pages
BREAK = r"\penalty500{}"  # the line may break here, but rather does at a space
_ESCAPES = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}",
    **{c: f"\\{c}" for c in "&%$#_{}"},
    **{c: f"{{{c}}}" for c in "[]*"},  # at the start of a row they would belong to the \\ before it
    "≥": r"\ensuremath{\geq}", "≤": r"\ensuremath{\leq}", "≲": r"\ensuremath{\lesssim}",
    "≈": r"\ensuremath{\approx}", "±": r"\ensuremath{\pm}",
    "−": r"\ensuremath{-}", "–": r"\textendash{}",
}
_BREAKS_AFTER = "_:/"
_LIGATURES = "-',"


def latex_table(columns: Sequence[PrintedColumn], *, name: str, caption: str, note: str, lang: str) -> str:
    """Return a `table`, or a `longtable` where a page may not hold it, with caption, note and the label tab:`name`."""
    layout = layout_of(columns, UPRIGHT_LINE, LANDSCAPE_LINE)
    return _template().render(
        name=name, caption=caption, note=note, columns=columns, layout=layout,
        breaks=layout.in_landscape or layout.lines > PAGE_LINES, formats=_formats(columns, layout),
        rows=list(zip(*(column.cells for column in columns), strict=True)),
        words={key: table_label(key, lang) for key in ("note", "continued", "no_rows")},
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PACKAGE_FOLDER / "templates"), undefined=jinja2.StrictUndefined,
        block_start_string="<%", block_end_string="%>", variable_start_string="<<", variable_end_string=">>",
        comment_start_string="<#", comment_end_string="#>", trim_blocks=True, keep_trailing_newline=True,
    )
    environment.filters["tex"] = escape_latex
    return environment.get_template("paper_table.tex.j2")


def escape_latex(text: str) -> str:
    r"""Return `text` so that LaTeX prints it as it stands, and may break lines in names and long words.

    A hyphen between digits keeps them together, as in a day.

    >>> escape_latex("50% of a_b -- {x}, 2018-10")
    '50\\% of a\\_\\penalty500{}b -{}- \\{x\\}, 2018\\mbox{-}10'
    """
    written, run = [], 0
    for before, char, after in zip(["", *text], text, [*text[1:], ""], strict=False):
        between_digits = char == "-" and before.isdigit() and after.isdigit()
        written.append(r"\mbox{-}" if between_digits else _ESCAPES.get(char, char))
        if char == after and char in _LIGATURES:
            written.append("{}")
        run = 0 if char == " " or display_width(char) > 1 else run + 1
        if after and (char in _BREAKS_AFTER or run == LONGEST_PIECE):
            written.append(BREAK)
            run = 0
    return "".join(written)


def _formats(columns: Sequence[PrintedColumn], layout: Layout) -> list[str]:
    if not layout.shares:
        return ["r" if column.is_number else "l" for column in columns]
    return [
        rf">{{\ragged{'left' if column.is_number else 'right'}\arraybackslash}}"
        rf"p{{\dimexpr {math.floor(1000 * share) / 1000:.3f}\linewidth-2\tabcolsep\relax}}"
        for column, share in zip(columns, layout.shares, strict=True)
    ]
