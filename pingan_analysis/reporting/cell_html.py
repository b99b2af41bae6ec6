"""The cells of an executed notebook as HTML: harmless, self-contained, and accessible."""

from __future__ import annotations

import base64
import html
import mimetypes
import re
import unicodedata
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from bs4 import BeautifulSoup, UnusualUsageWarning
from bs4.element import NavigableString, PreformattedString

from ..viewing.controls import exact
from ..viewing.table_script import table_script
from .jupyter import Highlight2HTML, IPythonRenderer, MarkdownWithMath, TemplateExporter, nbformat
from .language_marks import mark_languages
from .notebook_files import ReportError, name_of
from .page_tables import mend_table
from .pages import TEMPLATES, Heading, Page, PageFigure

# Of the kinds in which an output comes, the first of these is shown.
OUTPUT_TYPES = ("text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain")
VIEWS = "table.pingan-table[data-words]"
_ACTIVE = [
    "script", "noscript", "iframe", "frame", "frameset", "object", "embed", "applet", "link", "meta", "base", "form",
]
_LOADING = ("src", "srcset", "poster", "background", "data", "xlink:href")
_HARMFUL_LINK = re.compile(r"\s*(javascript|vbscript|data):", re.IGNORECASE)
_STYLE_LOADS = re.compile(r"@import|url\(\s*[\"']?(?!data:|#)", re.IGNORECASE)


def render_cells(notebook: nbformat.NotebookNode, page: Page) -> None:
    """Fill `page` from an executed notebook: its body and, on the way, its title, headings and figures."""
    exporter = TemplateExporter(  # HTMLExporter parses all once more, and gives images a stopgap for alt
        template_name="report",
        template_file="index.html.j2",
        extra_template_basedirs=[str(TEMPLATES)],
        filters={
            "filter_data_type": lambda data: [kind for kind in OUTPUT_TYPES if kind in data][:1],
            "highlight_code": Highlight2HTML(pygments_lexer="ipython3"),
            "markdown": _markdown,
            "own": lambda text, cell: _own_html(text, cell, page),
        },
    )
    exporter.output_mimetype = "text/html"
    exporter.environment.globals.update(labels=page.labels, text_output=_text_output, image=_image)
    page.body, _ = exporter.from_notebook_node(notebook)


def _markdown(source: str, cell: nbformat.NotebookNode) -> str:
    attachments = cell.get("attachments", {})
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(source))


def _text_output(text: str, label: str) -> str:
    plain = html.escape(exact(re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text).rstrip("\n")))
    return f'<pre tabindex="0" role="group" aria-label="{html.escape(label)}">{plain}</pre>'


def _image(output: Any, cell: Any, kind: str, encoded: str) -> str:
    described = output.get("metadata", {}).get(kind, {}).get("alt") or cell.metadata.get("alt") or ""
    source = f"data:{kind};base64,{''.join(encoded.split())}"
    return f'<figure><img alt="{html.escape(described)}" src="{html.escape(source)}"></figure>'


def _own_html(text: str, cell: nbformat.NotebookNode, page: Page) -> str:
    """Return HTML of a cell as it may stand on a page: harmless, self-contained, and accessible."""
    soup = _parsed(text)
    _drop_table_script(soup, page)
    try:
        _disarm(soup)
        _inline_images(soup, page.folder)
    except ReportError as error:
        raise ReportError(f"{page.stem}.ipynb, {name_of(cell)}: {error}") from None
    _note_headings(soup, page)
    if cell.cell_type == "markdown":
        _note_question(soup, page)
    _note_figures(soup, page)
    _mend_links(soup, page)
    for table in soup.find_all("table"):
        page.tables += 1
        label = f"{page.labels['table']} {page.tables}"
        mend_table(table, label=label, no_rows=page.labels["no_rows"])
    mark_languages(soup, page.lang)
    return str(soup)


def _parsed(text: str) -> BeautifulSoup:
    """Parse the HTML; that an output looks like XML, or like the name of a file, is nothing to warn of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnusualUsageWarning)
        return BeautifulSoup(text, "html.parser")


def _drop_table_script(soup: BeautifulSoup, page: Page) -> None:
    """Drop the script that each view of a table brings along: the page has it once, allowed by its hash."""
    if soup.select_one(VIEWS) is None:
        return
    page.has_views = True
    for script in soup.find_all("script"):
        if not script.attrs and script.string == table_script():
            script.decompose()


def _disarm(soup: BeautifulSoup) -> None:
    """Show as text what would run or load something, and drop event handlers and what is no element.

    A browser may end a comment or a declaration earlier than the parser here, and reads the style of a drawing as
    elements: so no comments stay, and no style with a tag in it.
    """
    for no_element in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        no_element.extract()
    with_tags = [style for style in soup.find_all("style") if "<" in style.get_text()]
    for tag in [*soup.find_all(_ACTIVE), *with_tags]:
        tag.replace_with(NavigableString(str(tag)))
    for tag in soup.find_all(True):
        for name in [name for name in tag.attrs if name.lower().startswith("on") or name.lower() == "srcdoc"]:
            del tag[name]
        if _HARMFUL_LINK.match(str(tag.get("href", ""))):
            del tag["href"]
        loaded = [str(tag[name]) for name in _LOADING if name in tag.attrs and tag.name != "img"]
        if tag.name not in ("a", "area") and "href" in tag.attrs:
            loaded.append(str(tag["href"]))
        outside = [source for source in loaded if not source.startswith(("data:", "#"))]
        if outside or _STYLE_LOADS.search(
            tag.get_text() if tag.name == "style" else str(tag.get("style", ""))
        ):
            raise ReportError(f"<{tag.name}> loads {outside[0] if outside else 'a file by its style'}; "
                              "a page must hold all that it shows")


def _inline_images(soup: BeautifulSoup, folder: Path) -> None:
    for image in soup.find_all("img"):
        if not str(image.get("alt", "")).strip():
            raise ReportError("an image without alternative text; say in `alt` what it shows")
        image.attrs.pop("srcset", None)
        source = str(image.get("src", ""))
        if not source.startswith("data:"):
            image["src"] = _data_uri(source, folder)
    for drawing in soup.find_all("svg"):
        if not (drawing.get("aria-label") or drawing.get("aria-hidden") or drawing.find("title")):
            raise ReportError("an <svg> without alternative text; give it a <title> or aria-label")


def _data_uri(source: str, folder: Path) -> str:
    """Return the image file `source`, a path relative to the notebooks, as a URI that holds it."""
    path = (folder / unquote(source)).resolve()
    kind = mimetypes.guess_type(path.name)[0] or ""
    if "//" in source or not kind.startswith("image/") or not path.is_file():
        raise ReportError(
            f"image {source!r} is not an image file beside the notebook; a page must hold all that it shows"
        )
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _note_headings(soup: BeautifulSoup, page: Page) -> None:
    for tag in soup.find_all(re.compile("^h[1-6]$")):
        text = " ".join(tag.get_text().split())
        tag["id"] = anchor = _anchor(text, page.anchors)
        if not page.heading:
            page.heading = text
            tag.name = "h1"
        elif tag.name in ("h2", "h3"):
            page.headings.append(Heading(int(tag.name[1]), text, anchor))


def _note_question(soup: BeautifulSoup, page: Page) -> None:
    """Keep the first paragraph after the title: what the page asks."""
    first = soup.find("p") if page.heading and not page.question else None
    if first is not None:
        page.question = " ".join(first.get_text().split())


def _anchor(text: str, taken: set[str]) -> str:
    """Return the name of a heading in a link: its words, in any script, and a number where that is taken.

    >>> _anchor("Which words? 平安 in 5 places", set())
    'which-words-平安-in-5-places'
    """
    words = re.sub(r"\W+", "-", unicodedata.normalize("NFKC", text).casefold()).strip("-") or "section"
    names = (words if number == 1 else f"{words}-{number}" for number in range(1, len(taken) + 2))
    anchor = next(name for name in names if name not in taken)
    taken.add(anchor)
    return anchor


def _note_figures(soup: BeautifulSoup, page: Page) -> None:
    for figure in soup.find_all("figure"):
        image, caption = figure.find("img"), figure.find("figcaption")
        figure["id"] = anchor = _anchor(f"figure {len(page.figures) + 1}", page.anchors)
        if image is not None:
            text = " ".join(caption.get_text().split()) if caption is not None else ""
            page.figures.append(PageFigure(str(image["src"]), text, anchor))


def _mend_links(soup: BeautifulSoup, page: Page) -> None:
    """Let links between notebooks lead to their pages; one to another file leads nowhere here, so is text."""
    for link in soup.find_all("a", href=True):
        path, mark, anchor = str(link["href"]).partition("#")
        stem = unquote(path).removesuffix(".ipynb")
        if path.endswith(".ipynb") and stem in page.pages:
            link["href"] = f"{stem}.html{mark}{anchor}"
        elif path and not re.match(r"(https?|mailto):", path, re.IGNORECASE):
            link.unwrap()
