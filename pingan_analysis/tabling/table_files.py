"""Tables as files: the same bytes from run to run, for spreadsheets, LaTeX and Word."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from ..drawing.figure_files import figures_folder, to_csv
from ..drawing.style import House, current_house
from ..errors import TableError
from ..paths import write_whole
from ..schema import check_columns
from .cells import one_line, printed_columns
from .latex import latex_table
from .word_html import html_table

MAX_PRINTED_ROWS = 1_000
"""Some twenty pages; of a longer table the first rows are printed, and the note says so. The CSV has all."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


class SavedTable(list[Path]):
    """The files of a saved table; as the last value of a notebook cell, the table with caption and note."""

    def __init__(self, paths: Iterable[Path], *, table: str, caption: str, lang: str) -> None:
        super().__init__(paths)
        self.table, self.caption, self.lang = table, caption, lang

    def __reduce__(self) -> tuple[type[list[Path]], tuple[list[Path]]]:
        return list, (list(self),)

    def _repr_html_(self) -> str:
        return f'<div class="pingan-table" lang="{html.escape(self.lang)}">\n{self.table}</div>'

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Stand in for the table in plain text, without the folders of this machine."""
        printer.text(f"{self.caption} {', '.join(path.name for path in self)}")


def save_table(
    table: pd.DataFrame,
    name: str,
    *,
    caption: str,
    note: str = "",
    folder: Path | str | None = None,
    lang: str | None = None,
) -> list[Path]:
    """Write `table` as `name`.csv, `name`.tex (LaTeX with booktabs) and `name`.html (for Word and LibreOffice).

    Returns the three paths; the list displays in a notebook as the table with `caption` and `note` (what a reader of
    the table needs to know, under it). `folder`: as for `save_figure`. `lang`: language of the words around the
    table ("en" or "zh"; default that of the house style); its columns have the names that they bring.

    In .tex and .html, numbers have thousands separators and at most 12 significant digits, a cell without a value has
    a dash, text is on one line without control characters, and everything else stands as it is, whatever it means to
    LaTeX or HTML. In .tex the label is tab:`name`; the first lines say which packages the preamble needs; columns
    whose text is long break it, so that the table is as wide as a line of text; a table that may not fit a page is a
    longtable, which breaks. The .html is one A4 page style, upright or landscape, whose header row Word repeats. The
    CSV is as that of `save_figure`. Of more than 1,000 rows, .tex and .html have the first ones, and say so. The index
    is a column too unless it only numbers the rows. The bytes depend on the arguments alone; all is made before
    anything is written, and each file takes its place in one step.

    Raises `TableError` for a `table` that is no DataFrame, has no columns or one twice, for a name other than
    letters, digits, _ and -, and for an empty caption; `ChoiceError` for another language; `CannotWrite` for a folder
    that cannot be written.

    >>> import tempfile
    >>> table = pd.DataFrame({"Place": ["安陆"], "Meetings": [3]})
    >>> paths = save_table(table, "table1_meetings", caption="Meetings.", folder=tempfile.mkdtemp())
    >>> [path.name for path in paths]
    ['table1_meetings.csv', 'table1_meetings.tex', 'table1_meetings.html']
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise TableError(
            f"table name {name!r}: letters, digits, _ and - only, as in 'table1_corpus', without folder and ending"
        )
    _check(table, name)
    caption, note = _text(caption, "caption", name), _text(note, "note", name)
    if not caption:
        raise TableError(f"table {name!r}: caption is empty; it must say in words what the table is")
    house = current_house(lang)
    lang = house.lang
    columns = printed_columns(table.head(MAX_PRINTED_ROWS), lang)
    around = {"caption": caption, "note": " ".join(filter(None, [note, _left_out(table, house)])), "lang": lang}
    shown = html_table(columns, page=False, **around)
    contents = {
        "csv": to_csv(table),
        "tex": latex_table(columns, name=name, **around).encode(),
        "html": html_table(columns, page=True, **around).encode(),
    }
    target = Path(folder) if folder is not None else figures_folder()
    paths = [
        write_whole(target / f"{name}.{ending}", content, what="the table") for ending, content in contents.items()
    ]
    return SavedTable(paths, table=shown, caption=caption, lang=lang)


def _left_out(table: pd.DataFrame, house: House) -> str:
    """Return how many of the rows are printed, where not all are."""
    if len(table) <= MAX_PRINTED_ROWS:
        return ""
    return house.label("printed_rows", n=f"{MAX_PRINTED_ROWS:,}", total=f"{len(table):,}")


def _check(table: pd.DataFrame, name: str) -> None:
    check_columns(table, (), where=f"table {name!r}")
    if not len(table.columns):
        raise TableError(f"table {name!r}: no columns, so there is nothing to print")
    if table.columns.nlevels > 1:
        raise TableError(f"table {name!r}: its columns have {table.columns.nlevels} levels of names; one is needed")


def _text(text: str, kind: str, name: str) -> str:
    if not isinstance(text, str):
        raise TableError(f"table {name!r}: {kind} is {type(text).__name__}; it must be text")
    return one_line(text)
