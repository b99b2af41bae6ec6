"""The copy of a text that rules match on: simplified script, half-width signs, nothing injected between characters.

Reposting sites put pinyin after characters (網(wǎng)), and pages carry characters of no width. Both are left out of the
copy, which therefore knows the way back: a span found in the copy is a span of the original.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from .reading.boilerplate import Boilerplate, paragraphs
from .script import to_simplified

# A character of no width, or the brackets behind a Chinese character with one syllable of pinyin in them.
_INJECTED = re.compile(
    r"[(（\u00ad\u200b-\u200f\u2060\ufeff]"
    r"(?:(?<=[\u3400-\u9fff][(（])[a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüńňǹ]{1,6}[)）]|(?<![(（]))"
)
# str.translate is slow: it is left to texts that hold more than the full-width punctuation that all of them have.
_PUNCTUATION = {full: chr(ord(full) - 0xFEE0) for full in "，；：？！％（）"}
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ＃-＋－-／＜-＞［-＿｛-～]")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


class PlainText:
    """A text as rules read it (`text`), and the way back (`span`).

    >>> plain = PlainText("發放６８００多個(gè)")
    >>> plain.text, plain.span(2, 8)
    ('发放6800多个', (2, 12))
    >>> PlainText("網(wǎng)格12個(gè)人").span(2, 5)
    (8, 15)
    """

    __slots__ = ("_kept", "_shifts", "text")

    def __init__(self, original: str) -> None:
        bare, self._kept, self._shifts = _without_injected(original)
        self.text = _half_width(to_simplified(bare))

    @classmethod
    def of_lines(cls, lines: Iterable[str]) -> list[PlainText]:
        """Return the `PlainText` of each of `lines`, converted together, which is faster than one by one.

        No phrase of the converter goes over the end of a line, so that a line comes out as it does by itself.

        >>> [plain.text for plain in PlainText.of_lines(["發放６８００多個(gè)", "網(wǎng)格"])]
        ['发放6800多个', '网格']
        """
        stripped = [_without_injected(line) for line in lines]
        if not stripped:
            return []
        texts = _half_width(to_simplified("\n".join(bare for bare, _, _ in stripped))).split("\n")
        plains = []
        for text, (_, kept, shifts) in zip(texts, stripped, strict=True):
            plain = cls.__new__(cls)
            plain.text, plain._kept, plain._shifts = text, kept, shifts
            plains.append(plain)
        return plains

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `start` to `end` of the copy lie in the original; what is injected behind them belongs to it."""
        if not self._kept:
            return start, end
        return self._position(start), self._position(end)

    def _position(self, index: int) -> int:
        return index + self._shifts[bisect_right(self._kept, index) - 1]


def _without_injected(original: str) -> tuple[str, list[int], list[int]]:
    """Return what is left of `original`, and from which of its positions on by how much it was longer."""
    kept: list[int] = []
    shifts: list[int] = []
    if not _INJECTED.search(original):
        return original, kept, shifts
    parts, length, end = [], 0, 0
    for match in _INJECTED.finditer(original):
        kept.append(length)
        shifts.append(end - length)
        parts.append(original[end:match.start()])
        length += len(parts[-1])
        end = match.end()
    kept.append(length)
    shifts.append(end - length)
    return "".join([*parts, original[end:]]), kept, shifts


def _half_width(text: str) -> str:
    for full, half in _PUNCTUATION.items():
        text = text.replace(full, half)
    return text.translate(_HALF_WIDTH) if _WIDE.search(text) else text


@lru_cache(maxsize=1)
def plain_text(original: str) -> PlainText:
    """Return the `PlainText` of `original`; readers that come to a text one after the other share it."""
    return PlainText(original)


class Paragraph(NamedTuple):
    """Running text of an article: the number of its paragraph, where it begins in the article, and its plain copy."""

    para: int
    start: int
    plain: PlainText

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `start` to `end` of the plain copy lie in the article."""
        first, last = self.plain.span(start, end)
        return self.start + first, self.start + last


def plain_paragraphs(text: str, boilerplate: Iterable[tuple[int, int, str]]) -> Sequence[Paragraph]:
    """Return the running text of an article, without its boilerplate (start, end, reason), in plain form.

    Readers that come to an article one after the other share the copy.

    >>> found = plain_paragraphs("標題\\n　　正文。(完)", [(8, 11, "end_mark")])
    >>> [(paragraph.start, paragraph.plain.text) for paragraph in found]
    [(0, '标题'), (5, '正文。')]
    """
    return _plain_paragraphs(text, tuple((start, end, reason) for start, end, reason in boilerplate))


@lru_cache(maxsize=1)
def _plain_paragraphs(text: str, boilerplate: Boilerplate) -> tuple[Paragraph, ...]:
    stretches = paragraphs(text, boilerplate)
    plains = PlainText.of_lines([text[stretch.start:stretch.end] for stretch in stretches])
    return tuple(
        Paragraph(stretch.para, stretch.start, plain) for stretch, plain in zip(stretches, plains, strict=True)
    )
