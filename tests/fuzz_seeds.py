"""What the fuzzers start from: one small input of each kind, and phrases to put together, by target."""

from __future__ import annotations

import gzip
import json

from fuzz_targets import TARGETS, word_document
from small_files import BODY, HTML, TRADITIONAL, WORD_BODY, pdf

from pingan_analysis.lexicon import read_rows

ARTICLE = (
    f"平安建设进社区\n来源：某某网 2024年9月2日 作者：某某\n{BODY}\n"
    "今年以来，全区悬挂横幅140余条，发送短信1.2万条次，同比增长91.5%，1至9月走访3千余户。\n"
    "依托“三屏两报”（手机屏、电视屏、楼宇屏）开展宣传，推行“一村一警”。\n责任编辑：某某\n"
)
_ROWS = f'id,正文,日期,来源\n1,"{BODY}\n{BODY}",2024-09-02,某某网\n2,{BODY},,\n'
_LINES = "".join(
    json.dumps({"id": i, "text": BODY, "date": "2024-09-02"}, ensure_ascii=i == 1) + "\n" for i in range(3)
)
_SOURCES = "file,title,place,published,date_basis\na.txt,标题,某区,2024-09-02,printed\nb.txt,,,,\n"

_SEEDS = {
    "txt": [
        *(ARTICLE.encode(codec) for codec in ("utf-8-sig", "gb18030", "utf-16")),
        TRADITIONAL.encode("big5hkscs"),
    ],
    "html": [HTML.encode(), HTML.encode("gb18030")],
    "docx": [word_document(WORD_BODY)],
    "docx_parts": [bytes([0, 1, 2, 200, 30, 30, 30, 6, 7, 8, 0, 1, 2, 70, 30, 30, 30, 30, 30, 30])],
    "pdf": [pdf(["BT /F1 12 Tf (Police visited two thousand homes) Tj ET"] * 2)],
    "csv": [_ROWS.encode(), _ROWS.encode("gb18030"), _ROWS.replace(",", "\t").encode("utf-16")],
    "jsonl": [_LINES.encode(), _LINES.encode("gb18030")],
    "csv_gz": [gzip.compress(_ROWS.encode(), mtime=0)],
    "sources": [_SOURCES.encode(), _SOURCES.encode("gb18030")],
    "segment_with_dictionary": [f"平安号角 三屏两报 a-b 2024\n{ARTICLE}".encode()],
}
SEEDS = {target: _SEEDS.get(target, [ARTICLE.encode()]) for target in TARGETS}


def _words(*tables: str) -> list[bytes]:
    cells = {cell for table in tables for row in read_rows(table) for cell in row.values() if 0 < len(cell) <= 8}
    return sorted(cell.encode() for cell in cells if not cell.isascii())[:3_000]


_MARKS = [mark.encode() for mark in "。，、；：“”（）《》·—…％%＋①③十百千万亿两半第年月日余多近约至\u3000\u2028\ufeff"]
_TAGS = [
    f"<{end}{tag}>".encode()
    for tag in ("div", "p", "table", "tr", "td", "a", "script", "title", "pre", "meta", "svg", "template")
    for end in ("", "/")
]
_TEXT = [*_MARKS, *_words("quantity_units", "measure_words", "time_words", "time_anchors", "model_nouns", "channels")]
_PHRASES = {
    "html": [*_TAGS, b"<!--", b"-->", b"<![CDATA[", b"&#x4e2d;", b' style="display:none"', b"<?xml"],
    "pdf": [b" obj", b"endobj", b"stream", b"/Kids", b"/Count", b"/Filter /FlateDecode", b"/Prev", b"xref", b" 0 R"],
    "csv": [b'"', b",", b"\r", b"\0", b"text", b'""'],
    "jsonl": [b"\\ud800", b"{", b"[", b'"text":', b"1e999", b"NaN", b"null", b"\\u0000"],
    "sources": [b'"', b"file", b"sha256", b"published", b"printed", b"inferred", b"\r"],
}
PHRASES = {target: _PHRASES.get(target, _TEXT) for target in TARGETS}
