"""Text out of the kinds of file that hold one article each: plain text, web page, Word document, PDF.

A file is read by what is in it; its name only decides between plain text and a web page's source.
"""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import docx
import pypdfium2
from docx.oxml.ns import qn

from ..errors import UnreadableArticle
from .decoding import decode
from .rendering import is_data_table
from .webpages import read_page

MAX_FILE_BYTES = 20_000_000
MAX_PAGE_BYTES = 5_000_000  # of a web page
MAX_UNPACKED_BYTES = 100_000_000  # of all parts of a Word document
MAX_PDF_PAGES = 500
LEAST_CHARACTERS_A_PAGE = 20  # fewer on the average page of a PDF: a scan
FULL_LINE = 0.85  # of the longest usual line of a PDF
LEAST_PAGES_WITH_HEADERS = 3

PLAIN_SUFFIXES = (".txt", ".md")
PAGE_SUFFIXES = (".html", ".htm", ".shtml")
SINGLE_SUFFIXES = (*PLAIN_SUFFIXES, *PAGE_SUFFIXES, ".docx", ".pdf")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_KINDS = (
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"{\\rtf", "an RTF document: save it as .docx"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"RIFF", "a sound or film file"),
    (b"SQLite format 3", "a database"),
)
_PAGE_START = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)


@dataclass(frozen=True)
class Content:
    """The text of a file, its encoding (or kind), and the title, publisher and day that the file states."""

    text: str
    encoding: str
    title: str = ""
    publisher: str = ""
    published: datetime.date | None = None


def read_content(data: bytes, name: str) -> Content:
    """Return the article in a file's bytes; `name` is the file's name, for its suffix.

    Raises `UnreadableArticle` whose message is the reason why there is none.
    """
    if not data:
        raise UnreadableArticle("empty file")
    content = _reader(data, name.lower())(data)
    if not "".join(content.text.split()).strip("\ufeff\0\u200b"):
        raise UnreadableArticle("only white space")
    return content


def _reader(data: bytes, name: str) -> Callable[[bytes], Content]:
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _read_docx
    if b"%PDF-" in data[:1024]:
        return _read_pdf
    if data.startswith(_OLE):
        raise UnreadableArticle(_ole_reason(data))
    for magic, kind in _OTHER_KINDS:
        if data.startswith(magic):
            raise UnreadableArticle(f"not text but {kind}")
    if name.endswith(".docx") and not _PAGE_START.match(data):
        raise UnreadableArticle("broken Word document: it does not begin like one")
    if name.endswith(".pdf"):
        raise UnreadableArticle("broken PDF: it does not begin like one")
    if name.endswith(PAGE_SUFFIXES) or _PAGE_START.match(data):
        return _read_page
    return _read_plain


def _ole_reason(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "encrypted Word document: remove its password"
    return "Word document in the old .doc format: save it as .docx"


def _read_plain(data: bytes) -> Content:
    decoded = decode(data)
    return Content(decoded.text, decoded.label)


def _read_page(data: bytes) -> Content:
    if len(data) > MAX_PAGE_BYTES:
        raise UnreadableArticle(f"web page of {len(data):,} bytes; pages are read up to {MAX_PAGE_BYTES:,}")
    decoded = decode(data)
    page = read_page(decoded.text)
    return Content(page.text, decoded.label, page.title, page.publisher, page.published)


def _read_docx(data: bytes) -> Content:
    _check_archive(data)
    try:
        document = docx.Document(io.BytesIO(data))
        text = "\n".join(_docx_paragraphs(document.element.body)).strip("\n")
        title = _docx_title(document, text)
    except Exception as error:  # python-docx has no common base of its errors
        raise UnreadableArticle(f"broken Word document ({type(error).__name__})") from error
    return Content(text, "docx", title)


def _check_archive(data: bytes) -> None:
    """Refuse what is no Word document or unpacks to too much, by its table of contents alone."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise UnreadableArticle("broken or truncated Word document (ZIP)") from error
    if not any(part.filename == "word/document.xml" for part in parts):
        raise UnreadableArticle("ZIP archive that is no Word document")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableArticle("encrypted Word document: remove its password")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES:
        raise UnreadableArticle(
            f"Word document of {unpacked:,} bytes unpacked; they are read up to {MAX_UNPACKED_BYTES:,}"
        )


def _docx_paragraphs(body: Any) -> Iterator[str]:
    """Paragraphs of the running text, content controls included, without data tables and text boxes."""
    data_tables = {table for table in body.iter(qn("w:tbl")) if is_data_table(_cell_lengths(table))}
    for paragraph in body.iter(qn("w:p")):
        ancestors = set(paragraph.iterancestors())
        if not ancestors & data_tables and not any(a.tag in _ASIDE for a in ancestors):
            yield "".join(_docx_pieces(paragraph))


_ASIDE = {qn("w:txbxContent"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_DOCX_PIECES = {
    qn("w:t"): None,
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}


def _docx_pieces(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter(*_DOCX_PIECES):
        if next(element.iterancestors(qn("w:p"))) is paragraph and element.getparent().tag != qn("w:tabs"):
            yield _DOCX_PIECES[element.tag] or element.text or ""


def _cell_lengths(table: Any) -> list[int]:
    rows = table.iterchildren(qn("w:tr"))
    return [
        sum(len(t.text or "") for t in cell.iter(qn("w:t")))
        for row in rows
        for cell in row.iterchildren(qn("w:tc"))
    ]


def _docx_title(document: Any, text: str) -> str:
    """A paragraph in style Title, else the properties' title if printed: templates have titles too."""
    styled = [
        p.text.strip() for p in document.paragraphs[:10] if p.style is not None and p.style.name == "Title"
    ]
    return next(filter(None, styled), "") or _if_printed(document.core_properties.title, text)


def _if_printed(title: str | None, text: str) -> str:
    title = (title or "").strip()
    return title if title and title in text else ""


def _read_pdf(data: bytes) -> Content:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        reason = "encrypted PDF: remove its password" if "password" in str(error).lower() else "broken PDF"
        raise UnreadableArticle(reason) from error
    try:
        return _pdf_content(document)
    except pypdfium2.PdfiumError as error:
        raise UnreadableArticle("broken PDF") from error
    finally:
        document.close()


def _pdf_content(document: pypdfium2.PdfDocument) -> Content:
    if len(document) > MAX_PDF_PAGES:
        raise UnreadableArticle(f"PDF of {len(document)} pages; they are read up to {MAX_PDF_PAGES}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pages = [_pdf_lines(document[i].get_textpage().get_text_bounded()) for i in range(len(document))]
        title = document.get_metadata_dict().get("Title")
    characters = sum(len("".join(line.split())) for lines in pages for line in lines)
    if characters < LEAST_CHARACTERS_A_PAGE * max(1, len(pages)):
        raise UnreadableArticle(
            f"{characters} characters on {len(pages)} pages: a scanned PDF? recognise its text (OCR) first"
        )
    text = "\n".join(_joined([line for lines in _without_page_headers(pages) for line in lines]))
    return Content(text, "pdf", _if_printed(title, text))


_CJK = r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—·]"
_LAYOUT_SPACE = re.compile(rf"(?<={_CJK})[ \u00a0]+(?={_CJK}|[,;:.!?])|(?<=[,;:.!?])[ \u00a0]+(?={_CJK})")
_PARAGRAPH_END = re.compile(r"[。！？；：.!?;:][”’」』）)》]*$|\.{4,}\s*\d+$")
_PARAGRAPH_START = re.compile(
    r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)、．.](?!\d)|第[一二三四五六七八九十百]{1,4}[章节条编]|[①-⑳•●■□◆]"
)


def _pdf_lines(page: str) -> list[str]:
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
