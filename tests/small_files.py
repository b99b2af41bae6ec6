"""Small whole files of each kind, written for the tests, that the bad ones are made from."""

from __future__ import annotations

BODY = "开发区今年召开平安建设推进会，部署下一步工作，要求各社区落实责任。"
TRADITIONAL = "開發區今年召開平安建設推進會，部署下一步工作，要求各社區落實責任。"
HTML = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>平安建设进社区_某某网</title></head><body>"
    f"<div class='nav'><a href='/'>首页</a></div><div><h1>平安建设进社区</h1><p>{BODY}</p><p>{BODY}</p></div>"
    "</body></html>"
)
WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word_body(content: str) -> bytes:
    """The main part of a Word document."""
    return f'<w:document xmlns:w="{WORD_NAMESPACE}"><w:body>{content}</w:body></w:document>'.encode()


def word_paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


WORD_BODY = word_body(
    word_paragraph(BODY) * 2 + f"<w:tbl><w:tr><w:tc>{word_paragraph('12')}</w:tc></w:tr></w:tbl>"
)


def pdf_file(objects: dict[int, bytes], *, trailer: bytes = b"", start: int | None = None) -> bytes:
    """A PDF of numbered objects with a cross-reference table; object 1 is the catalogue."""
    data, offsets = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        offsets[number] = len(data)
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size = max(objects) + 1
    entries = [b"%010d 00000 n \n" % offsets[n] if n in offsets else b"0000000000 65535 f \n" for n in range(size)]
    table = b"xref\n0 %d\n" % size + b"".join(entries)
    end = b"trailer << /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(data) + table + end % (size, trailer, len(data) if start is None else start)


def pdf_stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), entries, content)


def pdf_pages(contents: list[bytes]) -> dict[int, bytes]:
    """The objects of a PDF with a page for each content stream (`<< … >> stream … endstream`)."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(contents)))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, len(contents)),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    for i, content in enumerate(contents):
        objects[4 + 2 * i] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * i)
        )
        objects[5 + 2 * i] = content
    return objects


def pdf(operators: list[str]) -> bytes:
    """A PDF with a page for each string of drawing operators."""
    return pdf_file(pdf_pages([pdf_stream(each.encode()) for each in operators]))
