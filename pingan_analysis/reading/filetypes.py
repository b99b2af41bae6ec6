"""Text out of the kinds of file that hold one article each: plain text, web page, Word document, PDF.

A file is read by what is in it; its name only decides between plain text and a web page's source.
"""

from __future__ import annotations

import datetime
import io
import itertools
import re
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pypdfium2
from lxml import etree

from ..errors import UnreadableArticle
from .decoding import check_lines, decode
from .rendering import is_data_table
from .webpages import read_page

MAX_FILE_BYTES = 20_000_000
MAX_PAGE_BYTES = 5_000_000  # of a web page
MAX_UNPACKED_BYTES = 100_000_000  # of all parts of a Word document
MAX_XML_NODES = 1_000_000  # elements and attributes in a part of a Word document
MAX_PDF_PAGES = 500
LEAST_CHARACTERS_A_PAGE = 20  # fewer on the average page of a PDF: a scan
FULL_LINE = 0.85  # of the longest usual line of a PDF
LEAST_PAGES_WITH_HEADERS = 3

PLAIN_SUFFIXES = (".txt", ".md")
PAGE_SUFFIXES = (".html", ".htm", ".shtml")
SINGLE_SUFFIXES = (*PLAIN_SUFFIXES, *PAGE_SUFFIXES, ".docx", ".pdf")

_PIECE = 1_000_000  # bytes that are unpacked at once
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
    check_lines(content.text)
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
    parts = _word_parts(data)
    try:
        body = _xml_tree(parts[_MAIN_PART]).find(f"{_W}body")
        styles, properties = (_xml_tree(parts[name]) if parts[name] else None for name in (_STYLES, _PROPERTIES))
    except etree.XMLSyntaxError as error:
        raise UnreadableArticle("broken Word document: a part of it is no XML") from error
    if body is None:
        raise UnreadableArticle("broken Word document: it has no body; save it again as .docx")
    text = "\n".join(_docx_paragraphs(body)).strip("\n")
    return Content(text, "docx", _docx_title(body, styles, properties, text))


def _word_parts(data: bytes) -> dict[str, bytes]:
    """The parts that are read, each as long as the archive's table of contents says; b"" for a missing one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {part.filename: part for part in archive.infolist()}
            _check_archive(parts)
            return {
                name: _unpacked(archive, parts[name]) if name in parts else b""
                for name in (_MAIN_PART, _STYLES, _PROPERTIES)
            }
    except _BROKEN_ARCHIVE as error:
        raise UnreadableArticle("broken or truncated Word document (ZIP)") from error


def _check_archive(parts: dict[str, zipfile.ZipInfo]) -> None:
    """Refuse what is no Word document or unpacks to too much, by its table of contents alone."""
    if _MAIN_PART not in parts:
        raise UnreadableArticle("ZIP archive that is no Word document")
    if any(part.flag_bits & 1 for part in parts.values()):
        raise UnreadableArticle("encrypted Word document: remove its password")
    unpacked = sum(part.file_size for part in parts.values())
    if unpacked > MAX_UNPACKED_BYTES:
        raise UnreadableArticle(
            f"Word document of {unpacked:,} bytes unpacked; they are read up to {MAX_UNPACKED_BYTES:,}"
        )


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Unpack in pieces: read at once, a part that holds more than it claims would fill the memory first."""
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableArticle("Word document packed in a way that Word does not use; save it again as .docx")
    with archive.open(part) as stream:
        return b"".join(iter(lambda: stream.read(_PIECE), b""))


class _XmlLimits:
    """A parser target that builds nothing and refuses XML whose tree would be too large, or that defines entities."""

    def __init__(self) -> None:
        self._nodes = 0

    def start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        self._nodes += 1 + len(attributes)
        if self._nodes > MAX_XML_NODES:
            raise UnreadableArticle(
                f"Word document of more than {MAX_XML_NODES:,} elements and attributes; split it"
            )

    def doctype(self, *_: str | None) -> None:
        raise UnreadableArticle("broken Word document: its XML defines a document type, which Word never does")

    def close(self) -> None:
        pass


def _xml_tree(part: bytes) -> Any:
    limits = {"resolve_entities": False, "no_network": True, "huge_tree": False}
    etree.fromstring(part, etree.XMLParser(target=_XmlLimits(), **limits))
    return etree.fromstring(part, etree.XMLParser(**limits))


def _docx_paragraphs(body: Any) -> Iterator[str]:
    """Paragraphs of the running text, content controls included, without data tables and text boxes."""
    data_tables = {table for table in body.iter(f"{_W}tbl") if is_data_table(_cell_lengths(table))}
    for paragraph in body.iter(f"{_W}p"):
        ancestors = set(paragraph.iterancestors())
        if not ancestors & data_tables and not any(a.tag in _ASIDE for a in ancestors):
            yield "".join(_docx_pieces(paragraph))


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN_PART, _STYLES, _PROPERTIES = "word/document.xml", "word/styles.xml", "docProps/core.xml"
_BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError)
_ASIDE = {f"{_W}txbxContent", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_DOCX_PIECES = {
    f"{_W}t": None,
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}


def _docx_pieces(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter(*_DOCX_PIECES):
        if next(element.iterancestors(f"{_W}p")) is paragraph and element.getparent().tag != f"{_W}tabs":
            yield _DOCX_PIECES[element.tag] or element.text or ""


def _cell_lengths(table: Any) -> list[int]:
    rows = table.iterchildren(f"{_W}tr")
    return [
        sum(len(t.text or "") for t in cell.iter(f"{_W}t"))
        for row in rows
        for cell in row.iterchildren(f"{_W}tc")
    ]


def _docx_title(body: Any, styles: Any, properties: Any, text: str) -> str:
    """A paragraph in style Title, else the properties' title if printed: templates have titles too."""
    first = itertools.islice(body.iterchildren(f"{_W}p"), 10)
    of_style = _title_styles(styles)
    styled = ["".join(_docx_pieces(paragraph)).strip() for paragraph in first if _style(paragraph) in of_style]
    stated = properties.findtext(_DC_TITLE) if properties is not None else None
    return next(filter(None, styled), "") or _if_printed(stated, text)


_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def _title_styles(styles: Any) -> set[str]:
    found = styles.iterchildren(f"{_W}style") if styles is not None else ()
    return {style.get(f"{_W}styleId", "") for style in found if _value(style.find(f"{_W}name")) == "Title"}


def _style(paragraph: Any) -> str:
    return _value(paragraph.find(f"{_W}pPr/{_W}pStyle"))


def _value(element: Any) -> str:
    return element.get(f"{_W}val", "") if element is not None else ""


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
