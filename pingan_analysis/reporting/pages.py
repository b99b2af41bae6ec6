"""The pages of a report: what is known of each, and its file."""

from __future__ import annotations

import base64
import html
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2

from .. import __version__
from ..lexicon import read_rows
from ..paths import PACKAGE_FOLDER
from .language_marks import marked
from .web_font import font_face

TEMPLATES = PACKAGE_FOLDER / "templates"
GENERATOR = f"pingan_analysis {__version__}"
LANGUAGES = ("en", "zh")
FIGURE_FILES = (".pdf", ".svg", ".png", ".csv")  # in the order in which they are offered


@dataclass
class Page:
    """A page in the making: what its cells hold, and what its frame and the index page need to know of it."""

    stem: str
    folder: Path
    lang: str
    pages: frozenset[str]
    body: str = ""
    heading: str = ""
    question: str = ""
    headings: list[Heading] = field(default_factory=list)
    figures: list[PageFigure] = field(default_factory=list)
    anchors: set[str] = field(default_factory=lambda: {"main"})
    tables: int = 0

    @property
    def title(self) -> str:
        return self.heading or self.stem

    @property
    def labels(self) -> dict[str, str]:
        return labels_in(self.lang)

    @property
    def has_title(self) -> bool:
        return bool(self.heading)


@dataclass(frozen=True)
class Heading:
    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class PageFigure:
    """A picture on a page: its image data, caption, and where it stands."""

    source: str
    caption: str
    anchor: str


@cache
def labels_in(lang: str) -> dict[str, str]:
    rows = read_rows(TEMPLATES / "labels.tsv", columns=["key", *LANGUAGES])
    return {row["key"]: row[lang] for row in rows}


def write_pages(
    folder: Path, pages: Sequence[Page], lang: str, sources: Sequence[tuple[str, str]]
) -> list[str]:
    """Write the pages and the index page into `folder`; return their names, the index last.

    `sources`: what the index page says of the origin, as names and values.
    """
    labels = labels_in(lang)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, keep_trailing_newline=True
    )
    environment.filters["marked"] = partial(marked, lang=lang)
    css = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    environment.globals.update(lang=lang, labels=labels, css=css, generator=GENERATOR)
    around = zip([None, *pages[:-1]], pages, [*pages[1:], None], strict=True)
    contents = {
        f"{page.stem}.html": _with_font(
            environment.get_template("page.html.j2"), page=page, previous=before, next=after
        )
        for before, page, after in around
    }
    contents["index.html"] = _with_font(
        environment.get_template("index.html.j2"),
        title=labels["title"],
        pages=pages,
        figures=_figure_list(folder / "figures", pages),
        sources=sources,
    )
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    return list(contents)


def _with_font(template: jinja2.Template, **values: object) -> str:
    """Render a page; then, as what it shows is known, once more with the Chinese glyphs that it needs."""
    shown = html.unescape(template.render(**values))
    return template.render(**values, font_face=font_face(shown))


def _figure_list(folder: Path, pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Return the figures that were made, each with its files and with the place where a page shows it."""
    shown = {
        figure.source: (page.stem, figure) for page in reversed(pages) for figure in reversed(page.figures)
    }
    figures = []
    for name in sorted({path.stem for path in folder.iterdir() if path.suffix in FIGURE_FILES}):
        files = [
            folder / f"{name}{ending}" for ending in FIGURE_FILES if (folder / f"{name}{ending}").is_file()
        ]
        stem, figure = next(
            (shown[source] for source in map(_as_source, files) if source in shown), ("", None)
        )
        figures.append({
            "name": name,
            "files": [f"figures/{path.name}" for path in files],
            "page": stem,
            "anchor": figure.anchor if figure else "",
            "caption": figure.caption if figure else "",
        })
    return figures


def _as_source(path: Path) -> str:
    kind = mimetypes.guess_type(path.name)[0]
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
