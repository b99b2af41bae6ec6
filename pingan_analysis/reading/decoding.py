"""Bytes to text: the character encoding is settled by what the text then looks like, not by what the file
claims.

Every Big5 file decodes as GB18030 without an error, into nonsense. So each candidate encoding is tried, and
the one whose characters are the commonest wins: the 3,755 characters of GB 2312's first level, which are
about 99 % of any running text once it is simplified, and Chinese punctuation. Nonsense reaches 10–40 %,
Chinese text 85–100 %.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cache

from ..errors import UnreadableArticle
from ..script import to_simplified, without_surrogates

SAMPLE_BYTES = 1_000_000
LEAST_COMMON_SHARE = 0.5
MOST_CONTROL_SHARE = 0.01
MAX_LINES = 200_000
REPLACEMENT = "\ufffd"

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CANDIDATES = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")


@dataclass(frozen=True)
class Decoded:
    """A decoded text; `encoding` is as in the documents table, `replaced` the number of U+FFFD put in for bad
    bytes.

    Encodings are "utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be" (with or without byte-order
    mark), "gb18030" (GB2312 and GBK are parts of it), "big5" and "big5hkscs" (Big5 with Hong Kong
    characters). Where bytes were replaced, their number follows: "utf-8 (3 replaced)".
    """

    text: str
    encoding: str
    replaced: int = 0

    @property
    def label(self) -> str:
        return f"{self.encoding} ({self.replaced} replaced)" if self.replaced else self.encoding


def decode(data: bytes) -> Decoded:
    """Decode a file's bytes; the byte-order mark is dropped, everything else stays as it is.

    Raises `UnreadableArticle` where the bytes are no text in any of the encodings.

    >>> decode("掃黑除惡，建設平安校園".encode("big5")).encoding
    'big5'
    """
    encoding, mark = choose_encoding(data[:SAMPLE_BYTES])
    return decode_as(data[mark:], encoding)


def check_lines(text: str) -> None:
    """Raise `UnreadableArticle` where `text` has so many lines that it is no article."""
    n_lines = 1 + sum(map(text.count, "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"))
    if n_lines > MAX_LINES:
        raise UnreadableArticle(f"text of {n_lines:,} lines; an article is read up to {MAX_LINES:,}")


def choose_encoding(sample: bytes) -> tuple[str, int]:
    """Return the encoding of a file that begins with `sample`, and the bytes of its byte-order mark."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return encoding, len(mark)
    if _is_plain_utf8(sample):
        return "utf-8", 0
    shares = {encoding: common_share(_decode_leniently(sample, encoding)) for encoding in CANDIDATES}
    best = max(shares, key=shares.__getitem__)
    if shares[best] >= LEAST_COMMON_SHARE:
        return _plainer(best, sample), 0
    if _is_valid(sample, "utf-8") and _control_share(sample.decode(errors="ignore")) <= MOST_CONTROL_SHARE:
        return "utf-8", 0
    if b"\0" in sample or _control_share(sample.decode("latin-1")) > MOST_CONTROL_SHARE:
        raise UnreadableArticle("binary data, not text")
    raise UnreadableArticle(
        f"no encoding of Chinese text fits (as {best}, only {shares[best]:.0%} of the characters "
        "are common ones); save it as UTF-8"
    )


def decode_as(data: bytes, encoding: str) -> Decoded:
    """Decode `data`, with U+FFFD for bytes that `encoding` does not have."""
    if encoding in ("big5", "big5hkscs"):
        return _decode_big5(data)
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return _decode_with_replacements(data, encoding)


def _decode_with_replacements(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    kept = data.decode(encoding, errors="ignore").count(REPLACEMENT)
    return Decoded(without_surrogates(text), encoding, text.count(REPLACEMENT) - kept)


def _plainer(encoding: str, sample: bytes) -> str:
    return "big5" if encoding == "big5hkscs" and _is_valid(sample, codec_of("big5")) else encoding


def codec_of(encoding: str) -> str:
    """Return Python's name of the codec for an encoding: Big5 is meant as Windows and the web have it."""
    return "cp950" if encoding == "big5" else encoding


def _decode_big5(data: bytes) -> Decoded:
    """Plain Big5; Hong Kong's if more bytes make sense so, with the punctuation of plain Big5."""
    try:
        return Decoded(data.decode(codec_of("big5")), "big5")
    except UnicodeDecodeError:
        plain = _decode_with_replacements(data, codec_of("big5"))
        hong_kong = _decode_with_replacements(data, "big5hkscs")
    if plain.replaced <= hong_kong.replaced:
        return Decoded(plain.text, "big5", plain.replaced)
    return Decoded(hong_kong.text.translate(_hkscs_punctuation()), "big5hkscs", hong_kong.replaced)


@cache
def _hkscs_punctuation() -> dict[int, str]:
    """Symbols (rows A1–A3) that Python's HKSCS table maps otherwise than Windows and the web do."""
    differing = {}
    for lead in range(0xA1, 0xA4):
        for trail in [*range(0x40, 0x7F), *range(0xA1, 0xFF)]:
            pair = bytes([lead, trail])
            ours, windows = pair.decode("big5hkscs", "ignore"), pair.decode("cp950", "ignore")
            if ours != windows and len(ours) == len(windows) == 1:
                differing[ord(ours)] = windows
    return differing


def common_share(text: str) -> float:
    """Return the share of common Chinese characters and punctuation in the characters of `text` outside
    ASCII.

    Control characters count as uncommon; a text without any such character has the share 1.
    """
    characters = [c for c in to_simplified(text) if c > "\x7e" or c < "\t"]
    common = common_characters()
    return sum(c in common for c in characters) / len(characters) if characters else 1.0


@cache
def common_characters() -> frozenset[str]:
    """Return GB 2312's symbols, full-width forms (rows 1–3) and first-level characters (rows 16–55)."""
    rows = [*range(0xA1, 0xA4), *range(0xB0, 0xD8)]
    pairs = (bytes([row, cell]) for row in rows for cell in range(0xA1, 0xFF))
    return frozenset("".join(pair.decode("gb2312", "ignore") for pair in pairs)) | frozenset("·—‧﹑～\u00a0")


def _decode_leniently(sample: bytes, encoding: str) -> str:
    """Decode without the last, possibly cut character; bytes that do not fit become U+FFFD."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(sample)


def _is_plain_utf8(sample: bytes) -> bool:
    if b"\0" in sample or not _is_valid(sample, "utf-8"):
        return False
    return common_share(_decode_leniently(sample, "utf-8")) >= LEAST_COMMON_SHARE


def _is_valid(sample: bytes, codec: str) -> bool:
    try:
        codecs.getincrementaldecoder(codec)("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _control_share(text: str) -> float:
    control = sum(c < "\t" or "\x0d" < c < " " for c in text)
    return control / max(1, len(text))
