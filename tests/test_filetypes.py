"""Text out of Word documents, PDF and plain text; what is none of them is refused with its reason."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml

from pingan_analysis.errors import UnreadableArticle
from pingan_analysis.reading import filetypes, pdf
from pingan_analysis.reading.filetypes import read_content

FORMATS = Path(__file__).parents[1] / "../shared/corpora/formats"
needs_formats = pytest.mark.skipif(not FORMATS.is_dir(), reason="../shared/corpora is not there")
BODY = "开发区今年召开平安建设推进会，部署下一步工作，要求各社区落实责任。"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def reason(data: bytes, name: str = "a.txt") -> str:
    with pytest.raises(UnreadableArticle) as raised:
        read_content(data, name)
    return str(raised.value)


@needs_formats
@pytest.mark.parametrize("file", ["docx/demo_gongwen.docx", "docx/chatchat_ocr_test.docx"])
def test_real_word_documents(file: str) -> None:
    content = read_content((FORMATS / file).read_bytes(), file)
    document = docx.Document(str(FORMATS / file))
    assert content.text.split("\n") == "\n".join(p.text for p in document.paragraphs).strip("\n").split("\n")
    for table in document.tables:
        assert all(
            cell.text not in content.text for row in table.rows for cell in row.cells if len(cell.text) > 4
        )
    assert (content.encoding, content.published, content.publisher) == ("docx", None, "")


def test_word_text_is_the_body_without_tables_of_data_headers_and_text_boxes() -> None:
    document = docx.Document()
    document.core_properties.title = "模板的标题"
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.add_paragraph("平安建设进社区", style="Title")
    document.add_paragraph(BODY)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["街道", "起数", "甲", "12"], strict=True):
        cell.text = text
    layout = document.add_table(rows=1, cols=2)
    layout.cell(0, 1).text = BODY + "版面"
    paragraph = document.add_paragraph("甲\t乙")
    paragraph._p.append(parse_xml(f"<w:ins {W}><w:r><w:t>增补</w:t></w:r></w:ins>"))
    paragraph._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>删去</w:delText></w:r></w:del>"))
    document.element.body.insert(
        0, parse_xml(f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>")
    )
    content = read_content(word(document), "a.docx")
    lines = [line for line in content.text.split("\n") if line]
    assert lines == ["控件", "平安建设进社区", BODY, BODY + "版面", "甲\t乙增补"]
    assert content.title == "平安建设进社区"


def test_a_title_in_the_properties_counts_if_it_is_printed() -> None:
    document = docx.Document()
    document.add_paragraph("平安建设进社区")
    document.add_paragraph(BODY)
    document.core_properties.title = "文档模板"
    assert read_content(word(document), "a.docx").title == ""
    document.core_properties.title = "平安建设进社区"
    assert read_content(word(document), "a.docx").title == "平安建设进社区"


def test_content_decides_and_not_the_suffix() -> None:
    document = docx.Document()
    document.add_paragraph(BODY)
    assert read_content(word(document), "a.txt").text == BODY
    html = f"<!DOCTYPE html><html><body><div><p>{BODY}</p></div></body></html>".encode()
    assert read_content(html, "a.txt").text == BODY
    assert read_content(html, "a.docx").text == BODY
    document.styles.add_style("另一种", WD_STYLE_TYPE.PARAGRAPH)
    assert read_content(word(document), "A.DOCX").encoding == "docx"


def test_plain_text_is_stored_as_it_stands() -> None:
    text = f"\u3000标题\r\n\r\n{BODY}\r\n  \x0b末行\n"
    assert read_content(b"\xef\xbb\xbf" + text.encode(), "a.md").text == text


def test_broken_word_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    document = docx.Document()
    document.add_paragraph(BODY)
    data = word(document)
    assert "truncated" in reason(data[: len(data) // 2], "a.docx")
    assert "truncated" in reason(b"PK\x03\x04", "a.docx")
    assert "broken Word document" in reason(b"hello", "a.docx")
    assert "no Word document" in reason(archive({"xl/workbook.xml": b"<a/>"}), "a.docx")
    assert "broken Word document" in reason(archive({"word/document.xml": b"<a/>"}), "a.docx")
    deep = b"<a>" * 100_000
    assert "broken Word document" in reason(archive({"word/document.xml": deep}), "a.docx")
    damaged = bytearray(data)
    damaged[len(data) // 3 : len(data) // 3 + 200] = bytes(200)
    assert "Word document" in reason(bytes(damaged), "a.docx")
    monkeypatch.setattr(filetypes, "MAX_UNPACKED_BYTES", 1_000)
    assert "bytes unpacked; they are read up to 1,000" in reason(data, "a.docx")


def test_a_bomb_is_refused_by_its_table_of_contents() -> None:
    bomb = archive({"word/document.xml": b" " * (filetypes.MAX_UNPACKED_BYTES + 1)})
    assert len(bomb) < 1_000_000
    assert "unpacked" in reason(bomb, "a.docx")


def archive(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return stream.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.txt", "empty file"),
        (" \n\u3000\r\n".encode(), "a.txt", "only white space"),
        ("\ufeff \n".encode(), "a.md", "only white space"),
        (bytes(300), "a.txt", "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.txt", "PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "a.html", "JPEG"),
        (b"{\\rtf1 abc}", "a.txt", "RTF"),
        (b"\x1f\x8b" + bytes(50), "a.txt", "gzip"),
        (OLE, "a.docx", "old .doc format"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "encrypted"),
        (b"%PDF-1.7\nnothing", "a.pdf", "broken PDF"),
        (b"hello", "a.pdf", "broken PDF"),
        (b"<html><body><p></p></body></html>", "a.html", "no running text"),
    ],
)
def test_reasons(data: bytes, name: str, words: str) -> None:
    assert words in reason(data, name)


def test_a_web_page_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filetypes, "MAX_PAGE_BYTES", 100)
    assert "pages are read up to 100" in reason(b"<p>" + b"x" * 98, "a.html")


@needs_formats
def test_the_pdf_with_expected_text() -> None:
    content = read_content((FORMATS / "pdf/UDHR_chinese.pdf").read_bytes(), "a.pdf")
    expected = (FORMATS / "pdf/UDHR_chinese.expected.txt").read_text(encoding="utf-8")
    read = "".join(content.text.split())
    assert len(read) > 600
    assert "".join(expected.split()).startswith(read)
    lines = content.text.split("\n")
    assert not any(" " in line.replace("1948 年 12 月 10 日", "") for line in lines)
    assert lines[0] == "世界人权宣言"
    assert "序言" in lines
    recitals = [line for line in lines if line.startswith("鉴于")]
    assert len(recitals) == 7
    assert all(line.endswith(",") for line in recitals)


@needs_formats
def test_a_pdf_of_several_pages() -> None:
    content = read_content((FORMATS / "pdf/example.pdf").read_bytes(), "a.pdf")
    assert content.text.count("招标文件示范文本") == 1
    assert "共 93 页" not in content.text
    lines = content.text.split("\n")
    assert "第一章投标邀请" in lines
    assert any(line.startswith("2.项目名称") and line.endswith("采购项目") for line in lines)


def test_an_encrypted_pdf() -> None:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>",
    ]
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer << /Size 4 /Root 1 0 R /Encrypt 3 0 R /ID [<00> <00>] >>\nstartxref\n%d\n%%%%EOF" % len(
        data
    )
    assert "encrypted PDF" in reason(data + b"xref\n0 4\n0000000000 65535 f \n" + table + end, "a.pdf")


@pytest.mark.parametrize("codec", ["gb18030", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("declared", ["gb2312", "utf-8", "big5", ""])
def test_a_page_is_decoded_by_what_is_in_it(codec: str, declared: str) -> None:
    head = f"<head><meta charset='{declared}'><title>平安</title></head>"
    html = f"<html>{head}<body><div><p>{BODY}</p></div></body></html>"
    assert read_content(html.encode(codec), "a.htm").text == BODY
    xhtml = f"<?xml version='1.0' encoding='{declared}'?>{html}"
    assert read_content(xhtml.encode(codec), "a.htm").text == BODY


@needs_formats
def test_a_scanned_pdf() -> None:
    data = (FORMATS / "pdf/chatchat_ocr_test_scanned.pdf").read_bytes()
    assert "scanned" in reason(data, "a.pdf")


@needs_formats
def test_a_pdf_of_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PDF_PAGES", 9)
    assert "10 pages; they are read up to 9" in reason((FORMATS / "pdf/example.pdf").read_bytes(), "a.pdf")
