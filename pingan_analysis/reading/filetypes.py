"""Text out of the kinds of file that hold one article each: plain text, web page, Word document, PDF.

A file is read by what is in it; its name only decides between plain text and a web page's source.
"""

from __future__ import annotations

import datetime
import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ..errors import UnreadableArticle
from .decoding import check_lines, decode
from .pdf import PdfReader, PdfText, read_pdf
from .rendering import is_data_table
from .webpages import read_page

MAX_FILE_BYTES = 20_000_000
MAX_PAGE_BYTES = 5_000_000  # of a web page
MAX_UNPACKED_BYTES = 100_000_000  # of all parts of a Word document
MAX_XML_NODES = 1_000_000  # elements and attributes in a part of a Word document

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


def read_content(data: bytes, name: str, pdf_reader: PdfReader = read_pdf) -> Content:
    """Return the article in a file's bytes; `name` is the file's name, for its suffix, `pdf_reader` reads a PDF.

    Raises `UnreadableArticle` whose message is the reason why there is none.
    """
    if not data:
        raise UnreadableArticle("empty file")
    content = _of_pdf(pdf_reader(data)) if _is_pdf(data) else _reader(data, name.lower())(data)
    if not "".join(content.text.split()).strip("\ufeff\0\u200b"):
        raise UnreadableArticle("only white space")
    check_lines(content.text)
    return content


def _is_archive(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024] and not _is_archive(data)


def _of_pdf(pdf: PdfText) -> Content:
    return Content(pdf.text, "pdf", _if_printed(pdf.title, pdf.text))


def _reader(data: bytes, name: str) -> Callable[[bytes], Content]:
    if _is_archive(data):
        return _read_docx
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
