"""The pages of a report: what is known of each, and its file."""

from __future__ import annotations

import base64
import html
import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
from bs4 import BeautifulSoup

from .. import __version__
from ..glossary import glossary
from ..lexicon import read_rows
from ..paths import PACKAGE_FOLDER
from ..table_view import labelled_table
from ..viewing.table_script import script_hash, table_script
from .language_marks import mark_languages, marked
from .web_font import font_face

TEMPLATES = PACKAGE_FOLDER / "templates"
GENERATOR = f"pingan_analysis {__version__}"
LANGUAGES = ("en", "zh")
FIGURE_FILES = (".pdf", ".svg", ".png", ".csv", ".tex", ".html")  # in the order in which they are offered
TABLE_FILES = {".tex", ".html"}  # what has one of them is a table, not a figure
HANDOUT = {"student": "handout/handout_student.pdf", "teacher": "handout/handout_teacher.pdf"}
_GLOSSARY_LANGS = {"term": "zh", "pinyin": "zh-Latn-pinyin", "gloss_en": "en", "meaning_en": "en"}


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
    has_views: bool = False

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
    """Write the pages, the glossary and the index page into `folder`; return their names, the index last.

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
            environment.get_template("page.html.j2"), with_script=page.has_views, page=page, previous=before, next=after
        )
        for before, page, after in around
    }
    contents["glossary.html"] = _with_font(
        environment.get_template("glossary.html.j2"), with_script=True, table=_glossary_html(labels, lang)
    )
    listed = _figure_list(folder / "figures", pages)
    contents["index.html"] = _with_font(
        environment.get_template("index.html.j2"),
        with_script=False,
        title=labels["title"],
        pages=pages,
        figures=[entry for entry in listed if not entry["is_table"]],
        tables=[entry for entry in listed if entry["is_table"]],
        handout={edition: path for edition, path in HANDOUT.items() if (folder / path).is_file()},
        sources=sources,
    )
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    return list(contents)


def _with_font(template: jinja2.Template, *, with_script: bool, **values: object) -> str:
    """Render a page; then, as what it shows is known, once more with the Chinese glyphs that it needs.

    `with_script`: it has tables that can be searched and sorted.
    """
    shown = html.unescape(template.render(**values))
    script = {"script": table_script(), "script_hash": script_hash()} if with_script else {}
    return template.render(**values, **script, font_face=font_face(shown))


def _glossary_html(labels: Mapping[str, str], lang: str) -> str:
    heads = {name: labels[f"glossary_{name}"] for name in _GLOSSARY_LANGS}
    view = labelled_table(glossary(), heads, _GLOSSARY_LANGS, caption=labels["glossary_caption"], lang=lang)
    soup = BeautifulSoup(view.html, "html.parser")
    mark_languages(soup, lang)
    return str(soup)


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
            "is_table": any(path.suffix in TABLE_FILES for path in files),
            "files": [f"figures/{path.name}" for path in files],
            "page": stem,
            "anchor": figure.anchor if figure else "",
            "caption": figure.caption if figure else _table_caption(folder / f"{name}.html"),
        })
    return figures


def _table_caption(path: Path) -> str:
    caption = BeautifulSoup(path.read_text("utf-8"), "html.parser").find("caption") if path.is_file() else None
    return " ".join(caption.get_text().split()) if caption is not None else ""


def _as_source(path: Path) -> str:
    kind = mimetypes.guess_type(path.name)[0]
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
