"""The lines of a web page as a reader sees them, and which of them each of its elements holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

SENTENCE_CHARACTERS = 20  # shortest line that can tell where the article is
MOST_LINK_SHARE = 0.8
LARGEST_DATA_CELL = 200  # characters; a longer cell is running text

# fmt: off
_NOT_READ = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "select", "button",
    "textarea", "nav", "footer", "aside", "head", "audio", "video", "input",
)
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "img", "ins", "kbd",
    "label", "mark", "o:p", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr",
))
# fmt: on
_PREFORMATTED = frozenset(("pre", "xmp", "listing", "plaintext"))
_OWN_CELLS = etree.XPath("(. | thead | tbody | tfoot)/tr/*[self::td or self::th]")
_LEFT_OUT = "left-out"
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PUNCTUATED = re.compile(r"[。！？；，!?;,]")
_BLANK = " \u3000\ufeff\u200b\u200c\u200d\u2060"
SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_WRAPPED = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u2e80-\u9fff\uff00-\uffef])"
)


@dataclass
class Line:
    text: str
    link_characters: int

    @property
    def is_link(self) -> bool:
        return self.link_characters >= MOST_LINK_SHARE * len(self.text)

    @property
    def sentence_characters(self) -> int:
        """Its length, if it is a sentence that tells where the article is; else 0."""
        running = len(self.text) >= SENTENCE_CHARACTERS and _PUNCTUATED.search(self.text) and not self.is_link
        return len(self.text) if running else 0


@dataclass
class Rendered:
    """The lines of a page; of each block element its tag, its first line and the line after its last."""

    lines: list[Line] = field(default_factory=list)
    spans: list[tuple[str, int, int]] = field(default_factory=list)


def render(tree: Any) -> Rendered:
    """Return the lines of a page, without menus, scripts, hidden elements and tables of data.

    The tree loses what is left out.
    """
    return _Renderer().render(_without_furniture(tree))


class _Renderer:
    def __init__(self) -> None:
        self._rendered = Rendered()
        self._pieces: list[str] = []
        self._linked = 0  # characters of the line that are in links
        self._links = self._preformatted = 0  # how many such elements are open
        self._first_lines: list[int] = []  # of the open block elements

    def render(self, tree: Any) -> Rendered:
        for event, element in etree.iterwalk(tree, events=("start", "end")):
            if element.tag not in _INLINE:
                self._end_line()
            if event == "start":
                self._open(element)
            else:
                self._close(element)
        self._end_line()
        return self._rendered

    def _open(self, element: Any) -> None:
        self._links += element.tag == "a"
        self._preformatted += element.tag in _PREFORMATTED
        if element.tag not in _INLINE:
            self._first_lines.append(len(self._rendered.lines))
        self._add(element.text)

    def _close(self, element: Any) -> None:
        self._links -= element.tag == "a"
        self._preformatted -= element.tag in _PREFORMATTED
        if element.tag not in _INLINE:
            self._rendered.spans.append((element.tag, self._first_lines.pop(), len(self._rendered.lines)))
        self._add(element.tail)

    def _add(self, text: str | None) -> None:
        first, *others = (text or "").split("\n") if self._preformatted else (text or "",)
        self._add_piece(first)
        for piece in others:
            self._end_line()
            self._add_piece(piece)

    def _add_piece(self, piece: str) -> None:
        self._pieces.append(piece)
        self._linked += len("".join(piece.split())) if self._links else 0

    def _end_line(self) -> None:
        text = SPACES.sub(" ", _WRAPPED.sub("", "".join(self._pieces))).strip(_BLANK)
        if text:
            self._rendered.lines.append(Line(text, min(self._linked, len(text))))
        self._pieces.clear()
        self._linked = 0


def _without_furniture(tree: Any) -> Any:
    etree.strip_elements(tree, *_NOT_READ, with_tail=False)
    tables = [table for table in tree.iter("table") if is_data_table(_cell_lengths(table))]
    for element in [*filter(_is_hidden, tree.iter(etree.Element)), *tables]:
        if element.getparent() is not None:
            element.tag = _LEFT_OUT
    etree.strip_elements(tree, _LEFT_OUT, with_tail=False)  # dropped one by one, each copies the text before it
    return tree


def _is_hidden(element: Any) -> bool:
    return bool(_HIDDEN.search(element.get("style", ""))) and element.tag not in ("html", "body")


def is_data_table(cell_lengths: list[int]) -> bool:
    """Whether a table holds figures rather than layout: no cell is long enough for an article or most of the
    text.

    >>> is_data_table([4, 6, 4, 6]), is_data_table([12, 400, 6])
    (True, False)
    """
    return len(cell_lengths) > 1 and max(cell_lengths) <= min(LARGEST_DATA_CELL, sum(cell_lengths) / 2)


def _cell_lengths(table: Any) -> list[int]:
    return [len("".join(cell.text_content().split())) for cell in _OWN_CELLS(table)]
