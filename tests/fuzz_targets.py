"""What must hold of any bytes: one function a target, for the fuzzers (`fuzz/`) and for the finds that they left.

Each takes bytes and returns nothing; an exception other than those that the package promises is a find.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pandas as pd
from small_files import word_body

from pingan_analysis.channels import find_channels
from pingan_analysis.errors import TableError, UnreadableArticle
from pingan_analysis.metrics import extract_metrics
from pingan_analysis.models import find_models
from pingan_analysis.numerals import find_quantities
from pingan_analysis.periods import find_periods
from pingan_analysis.reading.boilerplate import paragraphs, read_furniture
from pingan_analysis.reading.filetypes import read_content
from pingan_analysis.reading.sources import load_sources
from pingan_analysis.reading.tabular import Row, read_table
from pingan_analysis.segment import Segmenter

MOST_WORDS = 20  # of a user dictionary


def text_of(data: bytes) -> str:
    """Any text, lone surrogates included."""
    return data.decode("utf-8", "surrogatepass") if _is_text(data) else data.decode("utf-8", "surrogateescape")


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _single(suffix: str) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        try:
            content = read_content(data, f"a{suffix}")
        except UnreadableArticle as error:
            _check_reason(str(error))
        else:
            content.text.encode()
            content.title.encode()
            content.publisher.encode()
            assert content.text.strip()
            assert content.encoding

    return read


def _check_reason(reason: str) -> None:
    assert reason
    assert "\n" not in reason
    reason.encode()


def _parts_of_word_document(data: bytes) -> None:
    """Each byte opens an element, closes one or stands for text, so that the XML is always well formed."""
    open_tags, written = [], []
    for byte in data:
        if byte < len(_WORD_TAGS):
            open_tags.append(_WORD_TAGS[byte])
            written.append(f"<{open_tags[-1]}>")
        elif byte < _CLOSES_BELOW and open_tags:
            written.append(f"</{open_tags.pop()}>")
        else:
            written.append(chr(0x4E00 + byte) * (1 + byte % 50))
    written += [f"</{tag}>" for tag in reversed(open_tags)]
    _single(".docx")(word_document(word_body("".join(written))))


# fmt: off
_WORD_TAGS = [
    "w:p", "w:r", "w:t", "w:tab", "w:br", "w:cr", "w:tbl", "w:tr", "w:tc", "w:tabs", "w:sdt", "w:sdtContent",
    "w:txbxContent", "w:ins", "w:del", "w:hyperlink", "w:pPr", "w:pStyle", "w:sectPr",
]
# fmt: on
_CLOSES_BELOW = 60


def word_document(body: bytes) -> bytes:
    """A Word document whose main part is `body`, stored as it is so that a fuzzer's changes survive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("word/document.xml", body)
    return stream.getvalue()


_CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def _table(suffix: str) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        path = _scratch(f"a{suffix}", data)
        try:
            rows = list(read_table(path))
        except UnreadableArticle as error:
            _check_reason(str(error))
            return
        for row in rows:
            if isinstance(row, Row):
                row.text.encode()
                "".join(row.cells.values()).encode()
                assert row.text.strip()
            else:
                _check_reason(row.reason)

    return read


def _sources(data: bytes) -> None:
    path = _scratch("sources.csv", data)
    try:
        sources = load_sources(None, [("", path)])
    except TableError as error:
        _check_reason(str(error))
    else:
        sources.find("a.txt", "0" * 64)


def _scratch(name: str, data: bytes) -> Path:
    path = Path(_folder().name, name)
    path.write_bytes(data)
    return path


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def _furniture(data: bytes) -> None:
    text = text_of(data)
    furniture = read_furniture(text)
    end = 0
    for start, stop, reason in furniture.boilerplate:
        assert end <= start < stop <= len(text)
        assert reason
        end = stop
    end = 0
    for stretch in paragraphs(text, furniture.boilerplate):
        assert end <= stretch.start < stretch.end <= len(text)
        end = stretch.end


@cache
def _segmenter(words: tuple[str, ...] = ()) -> Segmenter:
    return Segmenter(user_dictionary=list(words) if words else None)


def _segment(data: bytes) -> None:
    _check_words(_segmenter(), text_of(data))


def _segment_with_dictionary(data: bytes) -> None:
    """The first line has the words of the dictionary, the others are the text."""
    first, _, text = text_of(data).partition("\n")
    try:
        segmenter = Segmenter(user_dictionary=first.split()[:MOST_WORDS])
    except TableError as error:
        _check_reason(str(error))
        return
    _check_words(segmenter, text)


def _check_words(segmenter: Segmenter, text: str) -> None:
    assert "".join("".join(segmenter.cut(text)).split()) == "".join(text.split())
    end = 0
    for word in segmenter.words(text):
        assert end <= word.start < word.end <= len(text)
        assert word.text == text[word.start : word.end]
        end = word.end


def _quantities(data: bytes) -> None:
    text = text_of(data)
    for found in find_quantities(text):
        assert 0 <= found.start < found.end <= len(text)


def _periods(data: bytes) -> None:
    text = text_of(data)
    for found in find_periods(text, published="2024-09-02"):
        assert 0 <= found.start < found.end <= len(text)


def _metrics(data: bytes) -> None:
    text = text_of(data)
    _check_spans(extract_metrics(text, published="2024-09-02"), text)


def _models(data: bytes) -> None:
    text = text_of(data)
    _check_spans(find_models(text), text)


def _channels(data: bytes) -> None:
    text = text_of(data)
    _check_spans(find_channels(text), text)


def _check_spans(frame: pd.DataFrame, text: str) -> None:
    for start, end in frame[["char_start", "char_end"]].itertuples(index=False):
        assert 0 <= start < end <= len(text)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "txt": _single(".txt"),
    "html": _single(".html"),
    "docx": _single(".docx"),
    "docx_parts": _parts_of_word_document,
    "pdf": _single(".pdf"),
    "csv": _table(".csv"),
    "jsonl": _table(".jsonl"),
    "csv_gz": _table(".csv.gz"),
    "sources": _sources,
    "furniture": _furniture,
    "segment": _segment,
    "segment_with_dictionary": _segment_with_dictionary,
    "quantities": _quantities,
    "periods": _periods,
    "metrics": _metrics,
    "models": _models,
    "channels": _channels,
}


def finds(folder: Path) -> Iterable[tuple[str, Path]]:
    """The kept finds: files `<target>/<what it is>`."""
    return sorted((path.parent.name, path) for path in folder.glob("*/*"))
