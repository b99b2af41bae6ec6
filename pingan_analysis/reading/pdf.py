"""Text out of PDFs.

pdfium keeps to no limit of memory or time (a PDF can end the process that reads it): `apart` has it read in a process
that may take only so much of both.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pypdfium2

from ..errors import UnreadableArticle

MAX_PDF_PAGES = 500
MAX_PDF_CHARACTERS = 20_000_000
LEAST_CHARACTERS_A_PAGE = 20  # fewer on the average page: a scan
FULL_LINE = 0.85  # of the longest usual line
LEAST_PAGES_WITH_HEADERS = 3


class PdfText(NamedTuple):
    """The text of a PDF, and the title that it states."""

    text: str
    title: str


PdfReader = Callable[[bytes], PdfText]


def read_pdf(data: bytes) -> PdfText:
    """Return the text in a PDF's bytes, paragraphs put together out of its lines, without headers of pages.

    Raises `UnreadableArticle` whose message is the reason why there is none.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        reason = "encrypted PDF: remove its password" if "password" in str(error).lower() else "broken PDF"
        raise UnreadableArticle(reason) from error
    try:
        return _read(document)
    except pypdfium2.PdfiumError as error:
        raise UnreadableArticle("broken PDF") from error
    finally:
        document.close()


def _read(document: pypdfium2.PdfDocument) -> PdfText:
    if len(document) > MAX_PDF_PAGES:
        raise UnreadableArticle(f"PDF of {len(document)} pages; they are read up to {MAX_PDF_PAGES}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pages = [_lines(page) for page in _pages(document)]
        title = document.get_metadata_dict().get("Title") or ""
    characters = sum(len("".join(line.split())) for lines in pages for line in lines)
    if characters < LEAST_CHARACTERS_A_PAGE * max(1, len(pages)):
        raise UnreadableArticle(
            f"{characters} characters on {len(pages)} pages: a scanned PDF? recognise its text (OCR) first"
        )
    return PdfText("\n".join(_joined([line for lines in _without_page_headers(pages) for line in lines])), title)


def _pages(document: pypdfium2.PdfDocument) -> Iterator[str]:
    characters = 0
    for number in range(len(document)):
        page = document[number].get_textpage().get_text_bounded()
        characters += len(page)
        if characters > MAX_PDF_CHARACTERS:
            raise UnreadableArticle(f"PDF of more than {MAX_PDF_CHARACTERS:,} characters; it is read up to as many")
        yield page


_CJK = r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—·]"
_LAYOUT_SPACE = re.compile(rf"(?<={_CJK})[ \u00a0]+(?={_CJK}|[,;:.!?])|(?<=[,;:.!?])[ \u00a0]+(?={_CJK})")
_PARAGRAPH_END = re.compile(r"[。！？；：.!?;:][”’」』）)》]*$|\.{4,}\s*\d+$")
_PARAGRAPH_START = re.compile(
    r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)、．.](?!\d)|第[一二三四五六七八九十百]{1,4}[章节条编]|[①-⑳•●■□◆]"
)


def _lines(page: str) -> list[str]:
    """The lines of a page, without the spaces that spread Chinese characters over the line."""
    lines = page.replace("\ufffe\r\n", "").replace("\x02", "").splitlines()
    return [stripped for line in lines if (stripped := _LAYOUT_SPACE.sub("", line).strip())]


def _without_page_headers(pages: list[list[str]]) -> list[list[str]]:
    """Drop first and last lines (up to two each) that, figures aside, stand at that end of most pages."""
    for edge in (0, 0, -1, -1):
        marks = [re.sub(r"\d+", "#", lines[edge]) for lines in pages if lines]
        repeated = {
            mark for mark, n in Counter(marks).items() if n >= LEAST_PAGES_WITH_HEADERS and n > len(pages) / 2
        }
        pages = [_without_edge(lines, edge, repeated) for lines in pages]
    return pages


def _without_edge(lines: list[str], edge: int, repeated: set[str]) -> list[str]:
    if not lines or re.sub(r"\d+", "#", lines[edge]) not in repeated:
        return lines
    return lines[1:] if edge == 0 else lines[:-1]


def _joined(lines: list[str]) -> Iterator[str]:
    """Paragraphs: a full line that ends no sentence goes on in the next one, unless that is an item."""
    widths = sorted(map(_width, lines))
    full = FULL_LINE * widths[int(0.9 * (len(widths) - 1))] if widths else 0
    paragraph = ""
    for line in lines:
        if paragraph and _PARAGRAPH_START.match(line):
            yield paragraph
            paragraph = ""
        paragraph = _append(paragraph, line)
        if _width(line) < full or _PARAGRAPH_END.search(line):
            yield paragraph
            paragraph = ""
    if paragraph:
        yield paragraph


def _append(paragraph: str, line: str) -> str:
    between_words = (
        paragraph[-1:].isascii() and paragraph[-1:].isalnum() and line[:1].isascii() and line[:1].isalnum()
    )
    return f"{paragraph} {line}" if between_words else paragraph + line


def _width(line: str) -> int:
    """Width in half characters."""
    return sum(1 if c.isascii() else 2 for c in line)
