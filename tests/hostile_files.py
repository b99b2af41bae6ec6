"""A folder of bad files, made by code: each with what reading it must give.

    python tests/hostile_files.py FOLDER [--all]     # makes them, reads each in a process of its own, prints the costs

`small` ones are made and read in milliseconds; the others, of up to 100 MB, only with `--all` (tests: with
PINGAN_HOSTILE=all in the environment).
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import random
import socket
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from small_files import (
    BODY,
    HTML,
    TRADITIONAL,
    WORD_BODY,
    WORD_NAMESPACE,
    pdf,
    pdf_file,
    pdf_pages,
    pdf_stream,
    word_body,
    word_paragraph,
)

from pingan_analysis.processes import ITEM_SECONDS, PROCESS_BYTES

SECONDS, MEGABYTES = 10, 700  # that a file may take: of processor time, and of memory at the peak
PDF_SECONDS, PDF_MEGABYTES = ITEM_SECONDS + 10, PROCESS_BYTES / 1e6 + 100  # of a process ended at its limits, with code
PAGE = f"<p>{BODY}{BODY}</p>"
POLICE = "BT /F1 12 Tf (Police visited two thousand homes) Tj ET"
UNKNOWN = None


class Expected(NamedTuple):
    """What reading a file gives: how many articles (None: any number), and words of a reason ("": none need be)."""

    articles: int | None = 0
    words: str = ""


class Bad(NamedTuple):
    name: str
    make: Callable[[], bytes]
    expected: Expected


def hostile_files(folder: Path, *, everything: bool = False) -> dict[str, Expected]:
    """Make the files in `folder` and return what reading each must give, by name relative to the folder."""
    makers = [*_encodings(), *_truncated(), *_word(), *_pdf(), *_pages(), *_tables(), *_plain(), *_random()]
    if everything:
        makers += _large()
    expected = {}
    for bad in makers:
        path = folder / bad.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bad.make())
        expected[bad.name] = bad.expected
    assert len(expected) == len(makers)
    return expected | _odd_entries(folder)


def _bad(name: str, data: bytes, articles: int | None = 0, words: str = "") -> Bad:
    return Bad(name, lambda: data, Expected(articles, words))


# ruff: noqa: E501  (a bad file a line)

# --- encodings ---------------------------------------------------------------------------------------------------

_CODECS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-7", "gb2312",
    "gbk", "gb18030", "hz", "big5", "big5hkscs", "cp950", "shift_jis", "euc_jp", "iso2022_jp", "euc_kr", "johab",
    "cp037", "latin-1", "koi8-r", "mac-roman",
)  # fmt: skip
_READ_WHOLE = {
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb2312", "gbk", "gb18030", "big5",
    "big5hkscs", "cp950",
}  # fmt: skip


def _encodings() -> Iterator[Bad]:
    for codec in _CODECS:
        text = TRADITIONAL if codec in ("big5", "big5hkscs", "cp950") else BODY
        data = (text + "\n").encode(codec, "replace") * 4 if codec != "utf-16" else (text * 4).encode(codec)
        yield _bad(f"encodings/{codec}.txt", data, 1 if codec in _READ_WHOLE else UNKNOWN)
        for damage, damaged in _damages(data):
            yield _bad(f"encodings/{codec}_{damage}.txt", damaged, UNKNOWN)
    pairs = [(a, b) for a in ("utf-8", "gb18030", "utf-16-le", "hz") for b in ("utf-8", "big5", "utf-16-be", "utf-32")]
    for first, second in pairs:
        data = BODY.encode(first) * 3 + TRADITIONAL.encode(second) * 3
        yield _bad(f"encodings/{first}_then_{second}.txt", data, UNKNOWN)


def _damages(data: bytes) -> Iterator[tuple[str, bytes]]:
    yield "odd_end", data[:-1]
    yield "shifted", data[1:]
    yield "nul_inside", data[:40] + b"\0" * 7 + data[40:]
    yield "mark_inside", data[:30] + b"\xef\xbb\xbf" + data[30:] + b"\xff\xfe"
    yield "wrong_mark", b"\xff\xfe" + data


# --- cut off, at many places -------------------------------------------------------------------------------------


def _truncated() -> Iterator[Bad]:
    wholes = {
        "docx": _archive({"word/document.xml": WORD_BODY, "docProps/core.xml": b"<a/>" * 20}),
        "pdf": pdf([POLICE] * 3),
        "html": HTML.encode(),
        "csv": f'id,text\n1,"{BODY}\n{BODY}"\n2,{BODY}\n'.encode(),
        "jsonl": (_line({"text": BODY}) * 3).encode(),
        "csv.gz": gzip.compress(f"id,text\n1,{BODY}\n".encode(), mtime=0),
        "jsonl.gz": gzip.compress(_line({"text": BODY}).encode() * 50, mtime=0),
    }
    for suffix, whole in wholes.items():
        for part in range(1, 16):
            cut = whole[: len(whole) * part // 16]
            yield _bad(f"truncated/{part:02}.{suffix}", cut, 0 if suffix == "docx" else UNKNOWN)


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


# --- Word --------------------------------------------------------------------------------------------------------


def _archive(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as packed:
        for name, data in parts.items():
            packed.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


def _lying(body: bytes, claimed: int) -> bytes:
    """A Word document whose table of contents claims that its main part has `claimed` bytes."""
    data = bytearray(_archive({"word/document.xml": body}))
    struct.pack_into("<I", data, 22, claimed)
    struct.pack_into("<I", data, data.rindex(b"PK\x01\x02") + 24, claimed)
    return bytes(data)


def _word() -> Iterator[Bad]:
    def part(name: str, body: bytes | str, words: str = "", articles: int | None = 0) -> Bad:
        data = body.encode() if isinstance(body, str) else body
        return Bad(f"word/{name}.docx", lambda: _archive({"word/document.xml": data}), Expected(articles, words))

    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    body = WORD_BODY.decode()
    text = word_paragraph(BODY)
    yield part("good", WORD_BODY, articles=1)
    yield part("entity_bomb", f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]>{body.replace(BODY, "&l9;")}', "document type")
    yield part("entity_in_attribute", f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a b="&l9;"/>', "document type")
    outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield part("external_entity", outside + body.replace(BODY, "&x;"), "document type")
    yield part("external_dtd", '<!DOCTYPE a SYSTEM "http://example.org/a.dtd">' + body, "document type")
    wide = body.replace("<w:body>", '<!DOCTYPE a [<!ENTITY x "y">]><w:body>')
    yield part("utf16_with_doctype", ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a>' + body).encode("utf-16"),
               "document type")
    yield part("doctype_inside", wide, "no XML")
    yield part("nested_tables", _nested_tables(5_000), "no XML")
    yield part("nested_paragraphs", word_body("<w:p>" * 200 + text + "</w:p>" * 200), articles=1)
    yield part("no_body", f'<w:document xmlns:w="{WORD_NAMESPACE}"/>', "no body")
    yield part("no_xml", b"\0\1\2" * 50, "no XML")
    yield part("empty_part", b"", "no XML")
    yield part("unclosed", body[:-20], "no XML")
    yield part("undefined_entity", body.replace(BODY, "&nbsp;"), "no XML")
    yield part("control_characters", body.replace(BODY, BODY + "&#0;&#1;"), "no XML")
    yield part("bad_encoding", '<?xml version="1.0" encoding="gibberish"?>' + body, articles=UNKNOWN)
    attributes = " ".join(f'a{i}="1"' for i in range(20_000))
    yield part("attributes", word_body(f"<w:p {attributes}/>{text}"), articles=1)
    cells = f"<w:tc>{word_paragraph('12')}</w:tc>" * 2
    yield part("text_only_in_tables", word_body(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"), "only white space")
    yield part("lines", word_body("<w:p/>" * 20_000 + text), articles=UNKNOWN)
    zeros = bytes(2_000_000)
    yield _bad("word/claims_little.docx", _lying(zeros, 1_000), 0, "broken")
    yield _bad("word/claims_nothing.docx", _lying(WORD_BODY, 0), 0, "broken")
    yield _bad("word/claims_too_much.docx", _lying(WORD_BODY, 99_000_000), UNKNOWN)
    yield _bad("word/claims_absurdly.docx", _lying(WORD_BODY, 0xFFFFFFF0), 0, "bytes unpacked")
    bomb = {f"word/media/{i}.png": bytes(35_000_000) for i in range(3)}
    yield _bad("word/bomb.docx", _archive({"word/document.xml": WORD_BODY, **bomb}), 0, "bytes unpacked")
    yield _bad("word/bomb_of_spaces.docx", _archive({"word/document.xml": b" " * 9_000_000}), 0, "no XML")
    inner = _archive({"word/document.xml": WORD_BODY})
    for depth in range(5):
        inner = _archive({f"{depth}.zip": inner})
    yield _bad("word/nested.docx", inner, 0, "no Word document")
    yield _bad("word/nested.txt", inner, 0, "no Word document")
    for method, name in ((zipfile.ZIP_LZMA, "lzma"), (zipfile.ZIP_BZIP2, "bzip2")):
        yield _bad(f"word/{name}.docx", _archive({"word/document.xml": zeros}, method), 0, "packed in a way")
    good = _archive({"word/document.xml": WORD_BODY})
    yield _bad("word/prefixed.docx", b"PK\x03\x04" + bytes(100) + good, UNKNOWN)
    yield _bad("word/trailing.docx", good + b"x" * 1_000, UNKNOWN)
    yield _bad("word/twice.docx", good + good, UNKNOWN)
    for i, at in enumerate(range(0, len(good), len(good) // 40)):
        damaged = good[:at] + bytes(255 - b for b in good[at : at + 4]) + good[at + 4 :]
        yield _bad(f"word/damaged_{i:02}.docx", damaged, UNKNOWN)
    for name in ("../../etc/passwd", "/etc/passwd", "word\\document.xml", "a" * 60_000):
        parts = {name: b"x", "word/document.xml": WORD_BODY}
        yield _bad(f"word/part_{len(name)}_{name[0].strip('./') or 'x'}.docx", _archive(parts), 1)


def _nested_tables(levels: int) -> bytes:
    opened, closed = "<w:tbl><w:tr><w:tc>" * levels, "</w:tc></w:tr></w:tbl>" * levels
    return word_body(opened + word_paragraph(BODY) + closed)


# --- PDF ---------------------------------------------------------------------------------------------------------


def _flate(data: bytes) -> bytes:
    return pdf_stream(zlib.compress(data, 9), b"/Filter /FlateDecode")


def _pdf() -> Iterator[Bad]:
    page = pdf_stream(POLICE.encode())
    good = pdf_pages([page])
    catalogue = {1: good[1]}
    pages = b"<< /Type /Pages /Kids [%b] /Count %d >>"

    def broken(name: str, objects: dict[int, bytes], words: str = "", articles: int | None = UNKNOWN, **more: Any) -> Bad:
        return Bad(f"pdf/{name}.pdf", lambda: pdf_file(objects, **more), Expected(articles, words))

    yield broken("good", good, articles=1)
    yield broken("no_pages", {**catalogue, 2: pages % (b"", 0)}, "PDF", 0)
    yield broken("own_child", {**catalogue, 2: pages % (b"2 0 R", 1)})
    yield broken("circle", {**catalogue, 2: pages % (b"3 0 R", 5), 3: pages % (b"2 0 R", 5)})
    yield broken("many_claimed", {**good, 2: pages % (b"4 0 R", 2_000_000_000)})
    yield broken("negative", {**good, 2: pages % (b"4 0 R", -5)})
    yield broken("same_page_100000_times", {**good, 2: pages % (b"4 0 R " * 100_000, 100_000)}, "pages", 0)
    yield broken("no_catalogue", {2: good[2]})
    yield broken("start_outside", good, start=10**9)
    yield broken("start_zero", good, start=0)
    yield broken("previous_is_itself", good, trailer=b"/Prev 15")
    yield broken("huge_table", good, trailer=b"/Size 999999999")
    yield broken("deep_arrays", {**good, 9: b"[" * 100_000})
    yield broken("deep_dictionaries", {**good, 9: b"<</A " * 100_000})
    yield broken("scanned", pdf_pages([pdf_stream(b"q Q")] * 3), "scanned", 0)
    yield broken("stream_too_long", {**good, 5: page.replace(b"/Length ", b"/Length 9999")})
    yield broken("stream_refers_to_itself", {**good, 5: page.replace(b"/Length 46", b"/Length 5 0 R")})
    yield broken("packed_badly", {**good, 5: pdf_stream(b"\x78\x9cxxxx", b"/Filter /FlateDecode")})
    yield broken("100_filters", {**good, 5: pdf_stream(b"x", b"/Filter [" + b"/FlateDecode " * 100 + b"]")})
    for kind in (b"Standard", b"Unknown"):
        secret = b"<< /Filter /%b /V 1 /R 2 /P -4 /O <" % kind + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>"
        yield broken(f"encrypted_{kind.decode()}", {**good, 9: secret}, "PDF", 0, trailer=b"/Encrypt 9 0 R /ID [<00> <00>]")
    whole = pdf([POLICE] * 2)
    for i, at in enumerate(range(0, len(whole), len(whole) // 40)):
        yield _bad(f"pdf/damaged_{i:02}.pdf", whole[:at] + bytes(255 - b for b in whole[at : at + 4]) + whole[at + 4 :], UNKNOWN)
    yield _bad("pdf/no_pdf.pdf", BODY.encode(), 0, "broken PDF")
    yield _bad("pdf/mark_only.pdf", b"%PDF-1.7", 0, "broken PDF")


# --- web pages ---------------------------------------------------------------------------------------------------


def _page(*content: str, head: str = "") -> bytes:
    return ("<html><head>" + head + "</head><body>" + PAGE + "".join(content) + PAGE + "</body></html>").encode()


def _pages() -> Iterator[Bad]:
    def page(name: str, *content: str, articles: int | None = 1, words: str = "", head: str = "") -> Bad:
        return Bad(f"pages/{name}.html", lambda: _page(*content, head=head), Expected(articles, words))

    for tag in ("div", "b", "table", "ul", "svg", "font", "a", "p", "template", "x-y"):
        yield page(f"nested_{tag}", f"<{tag}>" * 20_000, articles=UNKNOWN)
    yield page("many_attributes", "<p " + " ".join(f"a{i}=1" for i in range(200_000)) + ">", articles=0, words="attributes")
    yield page("same_attribute", "<p " + "a=1 " * 200_000 + ">", articles=0, words="attributes")
    yield page("attributes_after_quotes", "<p x='>' y=\">\" " + "a " * 200_000 + ">", articles=0, words="attributes")
    attributes = " ".join(f"a{i}" for i in range(3_000))
    yield page("attributes_of_script", f"<script {attributes}></script>", articles=0, words="attributes")
    yield page("script_without_brackets", "<script>" + "if(a<b)x " * 5_000 + "</script>")
    yield page("attributes_behind_comment", f"<!-- <script> --><p {attributes}>", articles=0, words="attributes")
    yield page("open_scripts", "<script>" * 50_000, articles=UNKNOWN)
    yield page("long_attribute", f"<p title='{'x' * 500_000}'>{BODY}</p>")
    yield page("open_comment", "<!-- " * 20_000, articles=UNKNOWN)
    yield page("open_tag", "<p " + "x" * 100_000, articles=UNKNOWN)
    yield page("open_quote", "<p class='" + "x> " * 30_000, articles=UNKNOWN)
    yield page("open_cdata", "<![CDATA[" * 10_000, articles=UNKNOWN)
    yield page("script", "<script>" + "if(a<b){c}" * 100_000 + "</script>")
    yield page("open_script", "<script>" + "x" * 100_000, articles=UNKNOWN)
    yield page("entities", "&nbsp;&#x4e2d;&#0;&#xd800;&#1114112;&bogus;&" * 2_000)
    bomb = '<!DOCTYPE html [<!ENTITY a "' + "ha" * 50 + '"><!ENTITY b "' + "&a;" * 50 + '">]>'
    yield _bad("pages/entity_bomb.html", bomb.encode() + _page("&b;" * 50), UNKNOWN)
    yield page("charset_loop", head="<meta charset=gbk><meta charset=big5><meta charset=utf-16><meta charset=x>")
    yield page("refresh", head="<meta http-equiv=refresh content='0;url=http://example.org'><base href=http://example.org>")
    yield page("long_title", head="<title>" + "a-_" * 50_000 + "</title>")
    yield page("dashed_title", head="<title>" + "-" * 100_000 + "</title>")
    yield page("long_meta", head=f"<meta name=source content='{'来源：' * 50_000}'><meta name=pubdate content='{'2' * 50_000}'>")
    yield page("hidden", "<b style='display:none'>x</b>y" * 8_000)
    yield page("everything_hidden", "<div style='display:none'>" + PAGE, articles=UNKNOWN)
    yield page("frames", "<iframe src=file:///etc/passwd></iframe><object data=file:///etc/passwd></object>")
    yield page("nul_bytes", "\0" + "<p\0>x</p\0>")
    yield page("many_elements", "<br>" * 25_000, articles=0, words="elements")
    yield page("controls", "".join(map(chr, range(1, 32))) + "\u202e\u2066\ufeff\ufffe\U000e0001")
    yield _bad("pages/surrogates.html", _page().replace(b"</body>", b"\xed\xa0\x80\xed\xb0\x80</body>"), UNKNOWN)
    yield _bad("pages/empty_elements.html", b"<html>" + b"<>" * 5_000 + b"</>" * 5_000, UNKNOWN)
    yield _bad("pages/only_head.html", b"<html><head><title>x</title></head></html>", 0, "no running text")
    yield _bad("pages/xml.html", b"<?xml version='1.0'?><!DOCTYPE a><a><b>" + BODY.encode() + b"</b></a>", UNKNOWN)
    yield _bad("pages/frameset.html", b"<html><frameset><frame src=x></frameset></html>", UNKNOWN)
    yield _bad("pages/no_tags.html", BODY.encode() * 3, UNKNOWN)


# --- tables ------------------------------------------------------------------------------------------------------


def _tables() -> Iterator[Bad]:
    def csv(name: str, content: str | bytes, articles: int | None, words: str = "") -> Bad:
        return _bad(f"tables/{name}.csv", content if isinstance(content, bytes) else content.encode(), articles, words)

    def lines(name: str, *records: str, articles: int | None, words: str = "") -> Bad:
        good = _line({"text": BODY})
        return _bad(f"tables/{name}.jsonl", (good + "\n".join(records) + "\n" + good).encode("utf-8", "surrogatepass"),
                    articles, words)

    row = f"1,{BODY}\n"
    yield csv("good", "id,text\n" + row * 3, 3)
    yield csv("open_quote", f'id,text\n1,"{BODY}\n' + row * 3, 0, "quotation mark")
    yield csv("open_quote_to_the_end", f'id,text\n{row}1,"' + row * 2_000, 1, "quotation mark")
    yield csv("stray_quote", f'id,text\n1,{BODY}"x"\n{row}', 2)
    yield csv("short_and_long_rows", f"id,text,title\n{row}1\n1,{BODY},x,y,z\n{row}", 2, "cells")
    yield csv("many_columns", "text," + ",".join(f"c{i}" for i in range(50_000)) + f"\n{BODY}\n", 1)
    yield csv("many_cells", f"id,text\n{row}" + "x," * 50_000 + f"\n{row}", 2, "50001 cells")
    yield csv("same_columns", f"text,text,id,id\n{BODY},x,1,2\n", 1)
    yield csv("no_text", "a,b\n1,2\n", 0, "no column of texts")
    yield csv("long_name", "a" * 100_000 + ",b\n1,2\n", 0, "no column of texts")
    yield csv("nul_bytes", "id,text\n1,\0\0\n" + row, UNKNOWN)
    yield csv("old_line_ends", f"id,text\r1,{BODY}\r2,{BODY}\r", 2)
    yield csv("mixed_line_ends", f"id,text\r\n1,{BODY}\r2,{BODY}\n\r\n3,{BODY}", 3)
    yield csv("mark_inside", f"id,text\n1,\ufeff{BODY}\n\ufeff2,{BODY}\n", 2)
    yield csv("bad_bytes", b"id,text\n1," + BODY.encode() + b"\xff\xfe\n2,\x80\x80" + BODY.encode() + b"\n", UNKNOWN)
    yield csv("formulas", f'id,text\n"=cmd()",{BODY}\n@x,"+{BODY}"\n', 2)
    yield csv("only_header", "id,text\n", 0, "no rows")
    yield csv("blank_rows", "id,text\n" + ",\n" * 5_000 + row, 1)
    yield csv("bad_rows", "id,text\n" + "1,\n" * 12_000 + row, 0, "all bad")
    yield csv("lines", 'id,text\n1,"' + "x\n" * 210_000 + f'"\n{row}', 1, "lines")
    yield _bad("tables/a_docx.csv", _archive({"word/document.xml": WORD_BODY}), UNKNOWN)
    yield lines("deep", "[" * 500_000, '{"text":' * 100_000, articles=2, words="nested too deeply")
    yield lines("huge_number", '{"text": "x", "id": ' + "9" * 100_000 + "}", articles=2, words="thousands of digits")
    yield lines("odd_numbers", _line({"text": BODY, "id": float("inf")}), '{"text": 1e999}', '{"text": NaN}', articles=3)
    yield lines("surrogates", '{"text": "' + BODY + '\\ud800", "title": "\\udfff", "\\ud800": "x"}', articles=3)
    yield lines("raw_surrogates", '{"text": "' + BODY + '\ud800"}', articles=UNKNOWN)
    yield lines("nul", '{"text": "\\u0000"}', '{"text": "\0"}', articles=UNKNOWN)
    yield lines("not_objects", "[]", "1", '"x"', "null", "true", "{", "}", articles=2, words="not a JSON object")
    yield lines("keys", json.dumps({"k" * 100_000: 1, **{f"k{i}": 1 for i in range(50_000)}}), articles=2, words="no text")
    yield lines("same_key", '{"text": "x", "text": "' + BODY + '"}', articles=3)
    yield lines("typed", '{"text": ["x"]}', '{"text": {"a": 1}}', '{"text": null}', articles=2, words="no text")
    yield lines("blank", *[" "] * 5_000, articles=2)
    yield lines("bad", *["{"] * 12_000, articles=1, words="all bad")
    yield _bad("tables/array.jsonl", json.dumps([{"text": BODY}] * 3, indent=1).encode(), UNKNOWN)
    packed = gzip.compress(_line({"text": BODY}).encode(), mtime=0)
    yield _bad("tables/members.jsonl.gz", packed * 5, 5)
    yield _bad("tables/trailing.jsonl.gz", packed + b"garbage", UNKNOWN)
    yield _bad("tables/trailing_zeros.jsonl.gz", packed + bytes(1_000), 1)
    yield _bad("tables/checksum.jsonl.gz", packed[:-8] + b"\0" * 8, UNKNOWN)
    yield _bad("tables/no_gzip.jsonl.gz", _line({"text": BODY}).encode(), 0, "gzip")
    yield _bad("tables/gzip_of_gzip.csv.gz", gzip.compress(gzip.compress(b"text\nx\n", mtime=0), mtime=0), UNKNOWN)
    yield _bad("tables/empty.csv.gz", gzip.compress(b"", mtime=0), 0, "empty file")
    yield _bad("tables/empty.csv", b"", 0, "empty file")


# --- plain text, pictures, anything ------------------------------------------------------------------------------


def _plain() -> Iterator[Bad]:
    yield _bad("plain/empty.txt", b"", 0, "empty file")
    yield _bad("plain/white.txt", b" \n\t" * 1_000, 0, "only white space")
    yield _bad("plain/nul.txt", bytes(10_000), 0, "binary")
    yield _bad("plain/nul_inside.txt", (BODY + "\0" + BODY).encode(), UNKNOWN)
    yield _bad("plain/lines.txt", "中\n".encode() * 210_000, 0, "lines")
    yield _bad("plain/carriage_returns.txt", "中\r".encode() * 210_000, 0, "lines")
    yield _bad("plain/separators.txt", "中\u2028".encode() * 210_000, 0, "lines")
    yield _bad("plain/one_line.txt", BODY.encode() * 20_000, 1)
    yield _bad("plain/right_to_left.txt", ("\u202e\u2066" + BODY + "\u202c").encode(), 1)
    yield _bad("plain/combining.txt", (BODY + "\u0301" * 20_000).encode(), UNKNOWN)
    yield _bad("plain/spaces.txt", (BODY + " " * 100_000 + BODY).encode(), 1)
    yield _bad("plain/digits.txt", (BODY + "9" * 100_000).encode(), 1)
    yield _bad("plain/labels.txt", ("来源：" * 30_000 + BODY).encode(), UNKNOWN)
    yield _bad("plain/brackets.txt", ("（" * 50_000 + BODY).encode(), UNKNOWN)
    yield _bad("plain/marks.txt", ("，" * 50_000 + BODY).encode(), UNKNOWN)
    yield _bad("plain/private_use.txt", "\ue000\ue001".encode() * 500, UNKNOWN)
    yield _bad("plain/unassigned.txt", "\U000e0fff\U0010fffe".encode() * 500, UNKNOWN)
    yield _bad("plain/emoji.txt", "👮🏻‍♀️".encode() * 500 + BODY.encode(), UNKNOWN)
    yield _bad("plain/surrogates.txt", b"\xed\xa0\x80\xed\xbf\xbf" * 100 + BODY.encode() * 20, UNKNOWN)
    yield _bad("plain/overlong.txt", b"\xc0\x80\xe0\x80\x80" * 50 + BODY.encode() * 20, UNKNOWN)
    yield _bad("plain/base64.txt", base64.encodebytes(BODY.encode() * 100), UNKNOWN)
    for kind, magic in {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff\xe0", "rtf": b"{\\rtf1", "7z": b"7z\xbc\xaf",
                        "rar": b"Rar!\x1a", "wav": b"RIFF", "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}.items():
        for suffix in ("txt", "html", "docx"):
            yield _bad(f"plain/{kind}.{suffix}", magic + bytes(100), 0, "document" if kind == "doc" else "not text")
    yield _bad("plain/unknown.xyz", BODY.encode(), 0, "not a kind")


def _random() -> Iterator[Bad]:
    """Small random changes of whole files, always the same ones."""
    generator = random.Random(20240902)
    wholes = {
        "txt": BODY.encode("gb18030") * 5,
        "html": HTML.encode(),
        "docx": _archive({"word/document.xml": WORD_BODY}),
        "pdf": pdf([POLICE] * 2),
        "csv": f'id,text\n1,"{BODY}"\n2,{BODY}\n'.encode(),
        "jsonl": _line({"text": BODY}).encode() * 3,
        "jsonl.gz": gzip.compress(_line({"text": BODY}).encode() * 3, mtime=0),
    }
    for suffix, whole in wholes.items():
        for number in range(15):
            data = bytearray(whole)
            for _ in range(1 + number):
                at = generator.randrange(len(data))
                data[at : at + generator.randrange(3)] = generator.randbytes(generator.randrange(4))
            yield _bad(f"random/{number:02}.{suffix}", bytes(data), UNKNOWN)


# --- large ones --------------------------------------------------------------------------------------------------


def _gzip_of(piece: bytes, times: int, start: bytes = b"") -> bytes:
    return gzip.compress(start, mtime=0) + gzip.compress(piece, mtime=0) * times


def _large() -> Iterator[Bad]:
    def large(name: str, make: Callable[[], bytes], articles: int | None = UNKNOWN, words: str = "") -> Bad:
        return Bad(f"large/{name}", make, Expected(articles, words))

    million = 1_000_000
    good = _line({"text": BODY})
    yield large("line.jsonl", lambda: (good + '{"text": "' + "x" * 100 * million + '"}\n' + good).encode(), 2, "a row of more")
    yield large("line.csv", lambda: ("text\n" + BODY + "\n" + "x" * 100 * million + "\n").encode(), 1, "a row of more")
    yield large("first_line.csv", lambda: b"x" * 100 * million, 0, "a row of more")
    yield large("line.txt", lambda: b"x" * 100 * million, 0, "is read up to")
    yield large("line_within.txt", lambda: BODY.encode() * 190_000, 1)
    yield large("ascii_within.txt", lambda: b"a" * 20 * million, 1)
    yield large("columns.csv", lambda: (",".join(["text", *map(str, range(million))]) + f"\n{BODY}\n").encode(), 1)
    yield large("lists.jsonl", lambda: (good + "[" + "[]," * 3_200_000 + "[]]\n" + good).encode(), 2, "not a JSON object")
    yield large("objects.jsonl", lambda: ('{"text": [' + "{}," * 3_200_000 + "{}]}\n" + good).encode(), UNKNOWN)
    yield large("astral.jsonl", lambda: _line({"text": "𠀀" * 9_900_000}).encode(), 1)
    yield large("quotes.csv", lambda: ('text\n"' + "x\n" * 10 * million).encode(), 0)
    yield large("deep.jsonl", lambda: (good + "[" * 9_900_000 + "\n").encode(), 1, "nested too deeply")
    yield large("blank.jsonl", lambda: b"\n" * 100 * million, 0)
    yield large("bad.jsonl", lambda: good.encode() + b"{\n" * 50 * million, 1, "all bad")
    yield large("bomb.jsonl.gz", lambda: _gzip_of(bytes(million), 20_000), 0)
    yield large("bomb_of_spaces.jsonl.gz", lambda: _gzip_of(b" " * million, 20_000, good.encode()), 1, "50 times")
    yield large("bomb_of_lines.csv.gz", lambda: _gzip_of(b"x,y\n" * 250_000, 20_000, b"text\n"), 0, "all bad")
    yield large("claims_little.docx", lambda: _lying(bytes(900 * million), 1_000), 0, "broken")
    yield large("paragraphs.docx", lambda: _archive({"word/document.xml": word_body(word_paragraph("平") * 300_000)}), UNKNOWN)
    yield large("elements.docx", lambda: _archive({"word/document.xml": word_body("<w:p/>" * 10 * million)}), 0, "elements")
    tables = f"<w:tbl><w:tr><w:tc>{word_paragraph('1')}</w:tc><w:tc/></w:tr></w:tbl>"
    yield large("tables.docx", lambda: _archive({"word/document.xml": word_body(tables * 120_000 + word_paragraph(BODY))}), 1)
    yield large("nested.html", lambda: ("<html>" + "<div>" * 900_000 + PAGE).encode(), 0, "nested")
    yield large("flat.html", lambda: ("<html>" + "<p>" * 1_600_000 + PAGE).encode(), 0, "elements")
    yield large("attributes.html", lambda: _page("<p " + " ".join(f"a{i}=1" for i in range(400_000)) + ">"), 0, "attributes")
    yield large("tags_with_attributes.html", lambda: _page(*["<p " + "".join(f"a{i} " for i in range(1_990)) + ">"] * 350))
    yield large("script.html", lambda: _page("<script>" + "if(a<b)x " * 500_000 + "</script>"), 1)
    yield large("quotes.html", lambda: _page("<a b='" * 800_000))
    for name, piece in {"br": "<br>", "lists": "<ul><li>1<li>2</ul>", "tables": "<table><tr><td>1<td>2</table>",
                        "links": "<a href=x>y</a>", "hidden": "<b style='display:none'>x</b>y", "text": f"<div>{BODY * 2}</div>",
                        "bold": "<b>x</b>y", "pictures": "<figure><img src=x></figure>", "headings": "<h2>x</h2>",
                        "quotes": "<blockquote>x</blockquote>", "spans": f"<span>{BODY}</span>"}.items():
        elements = 1 + piece.count("<") - piece.count("</") + piece.count("<table") * 2
        yield large(f"many_{name}.html", lambda piece=piece, n=19_000 // elements: _page(piece * n), UNKNOWN)
    yield large("pages.pdf", lambda: pdf([POLICE] * 100_000), 0, "read up to")
    yield large("text.pdf", lambda: pdf([POLICE * 100_000]))
    yield large("flate_bomb.pdf", lambda: pdf_file(pdf_pages([_flate(POLICE.encode() + b" " * 900 * million)])))
    yield large("flate_twice.pdf", lambda: pdf_file(pdf_pages([pdf_stream(
        zlib.compress(zlib.compress(bytes(900 * million), 9), 9), b"/Filter [/FlateDecode /FlateDecode]")])))
    yield large("same_content.pdf", lambda: _same_content())
    yield large("forms.pdf", lambda: _nested_forms())


def _same_content() -> bytes:
    """500 pages with one and the same long content."""
    objects = pdf_pages([pdf_stream(b"")] * 500)
    objects[5] = _flate(POLICE.encode() * 20_000)
    return pdf_file({n: body.replace(b"/Contents %d 0 R" % (n + 1), b"/Contents 5 0 R") for n, body in objects.items()})


def _nested_forms() -> bytes:
    """A page that draws a form ten times, which draws another ten times, and so on, twelve deep."""
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>"
    objects = pdf_pages([pdf_stream(POLICE.encode() + b" /X Do" * 10)])
    objects[4] = objects[4].replace(b"/Resources <<", b"/Resources << /XObject << /X 10 0 R >>")
    for number in range(10, 22):
        objects[number] = pdf_stream(b"/X Do " * 10, entries % (number + 1))
    objects[22] = pdf_stream(POLICE.encode(), b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    return pdf_file(objects)


# --- what a folder can hold besides files ------------------------------------------------------------------------


def _odd_entries(folder: Path) -> dict[str, Expected]:
    odd = folder / "odd"
    (odd / "folder.txt").mkdir(parents=True)
    (odd / "folder.txt/good.txt").write_text(BODY * 2, encoding="utf-8")
    (odd / ".hidden.txt").write_text(BODY, encoding="utf-8")
    expected = {"odd/folder.txt/good.txt": Expected(1)}
    for name in ("a\nb.txt", "\u202etxt.a.txt", "a\tb\r.txt", "'; rm x;.txt", "=cmd().txt", "中" * 80 + ".txt", "x" * 251 + ".txt",
                 "<script>alert(1)<.txt", "-rf.txt", "a%00.txt", "CON.txt", " .txt", "\u200b.txt", "e\u0301.txt", "\xe9.txt"):
        (odd / name).write_text(BODY + name, encoding="utf-8")
        expected[f"odd/{name}"] = Expected(1)
    links = {"outside.txt": "/etc/hostname", "nowhere.txt": "no such", "circle.txt": "circle.txt", "folder_link": "folder.txt",
             "up": "..", "root.txt": "/", "device.txt": "/dev/zero"}
    for name, target in links.items():
        (odd / name).symlink_to(target)
    expected |= {
        "odd/outside.txt": Expected(0, "leads out of the folder"),
        "odd/nowhere.txt": Expected(0, "no longer there"),
        "odd/circle.txt": Expected(0, ""),
        "odd/folder_link": Expected(0, "link to a folder"),
        "odd/up": Expected(0, "link to a folder"),
        "odd/root.txt": Expected(0, "link to a folder"),
        "odd/device.txt": Expected(0, "leads out of the folder"),
        "odd/pipe.txt": Expected(0, "not a regular file"),
        "odd/pipe/sources.csv": Expected(0, "not a regular file"),
    }
    (odd / "pipe").mkdir()
    os.mkfifo(odd / "pipe.txt")
    os.mkfifo(odd / "pipe/sources.csv")
    with suppress(OSError), socket.socket(socket.AF_UNIX) as bound:  # its path may be too long for a socket
        bound.bind(str(odd / "socket.txt"))
        expected["odd/socket.txt"] = Expected(0, "not a regular file")
    with suppress(OSError):  # file systems of text names only
        Path(os.fsdecode(bytes(odd) + b"/\xff\xfe.txt")).write_text(BODY, encoding="utf-8")
        expected[r"odd/\xff\xfe.txt"] = Expected(1)
    return expected


# --- reading each in a process of its own ------------------------------------------------------------------------


class Outcome(NamedTuple):
    name: str
    articles: int
    reasons: list[str]
    seconds: float  # of processor time
    megabytes: float  # at the peak
    failure: str = ""


def read_each(folder: Path) -> Iterator[Outcome]:
    """Read every file of a folder, each in a process of its own that may not take more than the limits (twice)."""
    from pingan_analysis.articles import find_files, read_file

    for name in ("a.html", "a.docx"):  # what is loaded at the first use is loaded once
        content = HTML.encode() if name == "a.html" else _archive({"word/document.xml": WORD_BODY})
        list(read_file(find_files(_written(folder.parent / f"first-{name}", content))[0]))
    for file in find_files(folder):
        yield _read_apart(file)


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def limits_of(name: str) -> tuple[float, float]:
    """Return the seconds and megabytes that reading the file may take."""
    large_pdf = name.startswith("large/") and name.endswith(".pdf")
    return (PDF_SECONDS, PDF_MEGABYTES) if large_pdf else (SECONDS, MEGABYTES)


def _read_apart(file: Any) -> Outcome:
    receiving, sending = os.pipe()
    child = os.fork()
    if not child:
        os.close(receiving)
        with os.fdopen(sending, "w", encoding="utf-8") as stream:
            json.dump(_read(file), stream)
        os._exit(0)
    os.close(sending)
    with os.fdopen(receiving, encoding="utf-8") as stream:
        answer = stream.read()
    _, status, used = os.wait4(child, 0)
    articles, reasons, failure = json.loads(answer) if answer else (0, [], f"killed (status {status})")
    return Outcome(file.name, articles, reasons, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6, failure)


def _read(file: Any) -> tuple[int, list[str], str]:
    import resource

    from pingan_analysis.articles import Article, read_file
    from pingan_analysis.reading.apart import pdfs_apart

    seconds, megabytes = map(int, limits_of(file.name))
    resource.setrlimit(resource.RLIMIT_CPU, (2 * seconds, 2 * seconds))
    resource.setrlimit(resource.RLIMIT_AS, (4 * megabytes << 20, 4 * megabytes << 20))
    articles, reasons = 0, []
    try:
        with pdfs_apart() as pdf_reader:
            for read in read_file(file, pdf_reader=pdf_reader):
                if isinstance(read, Article):
                    articles += 1
                    read.text.encode()
                elif len(reasons) < 100 or "all bad" in read.reason:
                    reasons.append(read.reason)
    except BaseException as error:
        return articles, reasons, f"{type(error).__name__}: {error}"[:300]
    return articles, reasons, ""


def main() -> None:
    folder = Path(sys.argv[1])
    expected = hostile_files(folder, everything="--all" in sys.argv)
    outcomes = list(read_each(folder))
    json.dump({"expected": expected, "outcomes": outcomes}, sys.stdout)


if __name__ == "__main__":
    main()
