"""The article in a web page: its text by paragraph, title, day and publisher.

trafilatura says which sentences of a page are its article; the smallest element of the page that holds them
and little else then gives the text, so that line breaks, short lines and pictures inside paragraphs come out
as a reader sees them.
"""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from ..errors import UnreadableArticle
from .boilerplate import parse_day, printed_day, printed_source
from .rendering import SENTENCE_CHARACTERS, SPACES, Line, Rendered, render

for _name in ("trafilatura", "htmldate", "courlan", "readability"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

MOST_NESTED = 200  # levels of elements; trees that are deeper are no page that anybody wrote
MOST_ELEMENTS = 20_000  # some pages with more keep trafilatura busy for a minute
MOST_ATTRIBUTES = 2_000  # of one tag; the parser's time grows with their square
LONGEST_DETAIL = 1_000  # characters of a title or of another detail in the page's head that are looked at
SOURCE_LINES_ABOVE = 30
SOURCE_LINES_BELOW = 15
LONGEST_SOURCE_LINE = 120  # characters
SHORTEST_TITLE = 4  # characters

_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_TAG = re.compile(  # comments and scripts are taken whole: what looks like a tag in them is none
    r"<!--.*?(?:-->|\Z)|<(?:(?P<raw>script|style)(?=[\s/>])|[a-z][^\s/>]*+)"
    rf"(?:{_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+(?P<excess>{_ATTRIBUTE})?+(?(raw).*?(?:</(?P=raw)|\Z))",
    re.IGNORECASE | re.DOTALL,
)
_MEDIA_TAG = re.compile(r"^\s*\[(?:视频|音频|图文|组图|高清组图|图|原创|转载|直播)\]\s*")
_SITE_NAME = re.compile(
    r"\s*(?:--+|__+|[_|｜—]|\s[-–·]\s)[^_|｜]*$|-(?=[^-]{2,20}(?:网|报|站|新闻|政府|在线)$)[^-]*$"
)
_TITLE_NAMES = ("articletitle", "og:title", "twitter:title", "dc.title", "title")
_DATE_NAMES = (
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "article:published_time",
    "og:published_time",
    "og:release_date",
    "datepublished",
    "date.published",
    "weibo:article:create_at",
    "dc.date",
    "date",
)
_PUBLISHER_NAMES = ("contentsource", "source", "article:publisher", "publisher", "og:site_name", "sitename")
_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')


@dataclass(frozen=True)
class Page:
    """What a web page holds: its article's text, and title, publisher and day where the page prints them."""

    text: str
    title: str = ""
    publisher: str = ""
    published: datetime.date | None = None


def read_page(html: str) -> Page:
    """Return the article of a page; tables of figures, menus, comments and advertisements are left out.

    Raises `UnreadableArticle` where there is no page or no running text in it.
    """
    tree = _parse(html)
    details = _Details(tree, html)
    rendered = render(tree)
    first, last = _article_lines(rendered, _sentences_of_article(html))
    kept = [line.text for line in rendered.lines[first:last] if not line.is_link]
    text = "\n".join(kept)
    if not text:
        raise UnreadableArticle("no running text in the page")
    around = [line.text for line in _around(rendered.lines, first, last)]
    return Page(
        text,
        details.title([line.text for line in rendered.lines]),
        details.publisher(around),
        details.published(around),
    )


def _parse(html: str) -> Any:
    if any(tag["excess"] for tag in _TAG.finditer(html)):
        raise UnreadableArticle(f"web page with a tag of more than {MOST_ATTRIBUTES:,} attributes")
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        tree = lxml_html.document_fromstring(_without_declaration(html), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableArticle("no HTML page in it") from error
    _check_size(tree)
    return tree


def _without_declaration(html: str) -> str:
    """lxml refuses text with an encoding declaration; NUL would end it."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", html).replace("\0", "")


def _check_size(tree: Any) -> None:
    depth = elements = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > MOST_NESTED:
            raise UnreadableArticle(f"HTML nested more than {MOST_NESTED} levels deep")
        if elements > MOST_ELEMENTS:
            raise UnreadableArticle(f"web page of more than {MOST_ELEMENTS:,} elements; split it")


def _sentences_of_article(html: str) -> str:
    """Return the text that trafilatura takes for the article, without white space; "" where it finds none."""
    for precise in (True, False):
        try:
            found = trafilatura.bare_extraction(
                html,
                include_tables=not precise,
                include_comments=False,
                with_metadata=False,
                favor_precision=precise,
            )
        except Exception:  # whatever a hostile page makes it raise, the page's own lines remain
            return ""
        if found is not None and found.text:
            return "".join(found.text.split())
    return ""


def _article_lines(rendered: Rendered, article: str) -> tuple[int, int]:
    """Return the span of lines of the element that agrees best (F1 of characters) with the sentences of
    `article`.

    Every line that is none of them costs at least as much as a short sentence: menus are many short lines. Of
    elements that agree equally well it is the innermost, if that is more than a paragraph.
    """
    wanted = [
        line.sentence_characters if line.sentence_characters and "".join(line.text.split()) in article else 0
        for line in rendered.lines
    ]
    if not any(wanted):
        wanted = [line.sentence_characters for line in rendered.lines]
    if not any(wanted):
        return 0, len(rendered.lines)
    sizes = [max(len(line.text), SENTENCE_CHARACTERS) for line in rendered.lines]
    size_up_to, wanted_up_to = [0, *accumulate(sizes)], [0, *accumulate(wanted)]
    best, best_span = 0.0, (0, len(rendered.lines))
    for tag, first, last in rendered.spans:
        if tag in ("p", "li", "dd", "blockquote", "center", "h1", "h2", "h3"):
            continue
        held, held_wanted = size_up_to[last] - size_up_to[first], wanted_up_to[last] - wanted_up_to[first]
        agreement = 2 * held_wanted / (held + wanted_up_to[-1])
        if agreement > best:
            best, best_span = agreement, (first, last)
    return best_span


def _around(lines: list[Line], first: int, last: int) -> Iterator[Line]:
    """The short lines above the article from the nearest on, those at its own ends, then those below it."""
    nearby = [
        *lines[max(0, first - SOURCE_LINES_ABOVE) : first][::-1],
        *lines[last : last + SOURCE_LINES_BELOW],
    ]
    yield from (line for line in nearby if len(line.text) <= LONGEST_SOURCE_LINE)


class _Details:
    """Title, publisher and day of a page: from its metadata, else from the lines around the article."""

    def __init__(self, tree: Any, html: str) -> None:
        self._meta: dict[str, str] = {}
        for element in tree.iter("meta"):
            name = element.get("name") or element.get("property") or element.get("itemprop") or ""
            content = _detail(element.get("content") or "")
            if content:
                self._meta.setdefault(name.lower(), content)
        titled = (tree.find(f".//{tag}") for tag in ("title", "h1"))
        element = next((e for e in titled if e is not None and e.text_content().strip()), None)
        self._title = _detail(element.text_content()) if element is not None else ""
        stamped = tree.find(".//time[@datetime]")
        self._stamps = [
            *_LD_DATE.findall(html)[:1],
            *([_detail(stamped.get("datetime"))] if stamped is not None else []),
        ]

    def title(self, lines: list[str]) -> str:
        """The longest line that begins the metadata's title or <title>; else that, less the site's name."""
        named = next((self._meta[name] for name in _TITLE_NAMES if name in self._meta), "")
        whole = named or self._title
        printed = [
            line
            for line in (_without_media_tag(line) for line in lines)
            if len(line) >= SHORTEST_TITLE and _without_media_tag(whole).startswith(line)
        ]
        return max(printed, key=len, default="") or _without_site(_without_media_tag(whole))

    def published(self, around: list[str]) -> datetime.date | None:
        stamps = [*(self._meta[name] for name in _DATE_NAMES if name in self._meta), *self._stamps]
        days = (day for day in (*map(parse_day, stamps), *map(printed_day, around)) if day)
        return next(days, None)

    def publisher(self, around: list[str]) -> str:
        named = (self._meta[name] for name in _PUBLISHER_NAMES[:2] if name in self._meta)
        site = (self._meta[name] for name in _PUBLISHER_NAMES[2:] if name in self._meta)
        candidates = (*(printed_source(name) or name for name in named), *map(printed_source, around), *site)
        return next((name for name in candidates if name and not name.startswith("http")), "")


def _detail(text: str) -> str:
    return SPACES.sub(" ", text[: 2 * LONGEST_DETAIL]).strip()[:LONGEST_DETAIL]


def _without_media_tag(title: str) -> str:
    return _MEDIA_TAG.sub("", title).strip()


def _without_site(title: str) -> str:
    while (shorter := _SITE_NAME.sub("", title)) != title and len(shorter) >= SHORTEST_TITLE:
        title = shorter
    return title.strip()
