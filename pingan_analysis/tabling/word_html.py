"""A table as a web page that Word and LibreOffice open as a table, and as a notebook shows it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import jinja2

from .. import __version__
from ..paths import PACKAGE_FOLDER
from ..reporting.language_marks import marked
from .cells import PrintedColumn
from .labels import table_label
from .layout import natural_width

UPRIGHT_LINE = 100.0  # half-width characters of 9 pt on a line of an A4 page with margins of 2 cm
_TEMPLATES = PACKAGE_FOLDER / "templates"


def html_table(columns: Sequence[PrintedColumn], *, caption: str, note: str, lang: str, page: bool) -> str:
    """Return a table with caption and note: a whole `page`, or what a notebook shows. It loads nothing.

    Words of the other language are marked as such. A page is A4, in landscape where the columns need it.
    """
    return _templates().get_template(f"paper_table.{'page.' if page else ''}html.j2").render(
        caption=caption, note=note, lang=lang, columns=columns, page=page,
        in_landscape=natural_width(columns) > UPRIGHT_LINE,
        rows=list(zip(*(column.cells for column in columns), strict=True)),
        words={key: table_label(key, lang) for key in ("note", "no_rows")},
        css=(_TEMPLATES / "paper_table.css").read_text(encoding="utf-8"),
        generator=f"pingan_analysis {__version__}",
    )


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), undefined=jinja2.StrictUndefined, autoescape=True,
        keep_trailing_newline=True,
    )
    environment.filters["marked"] = marked
    return environment
