"""The copy of a text that rules match on: simplified script, half-width signs, nothing injected between characters.

Reposting sites put pinyin after characters (網(wǎng)), and pages carry characters of no width. Both are left out of the
copy, which therefore knows the way back: a span found in the copy is a span of the original.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

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
        self._kept: list[int] = []
        self._shifts: list[int] = []
        text = to_simplified(self._without_injected(original))
        for full, half in _PUNCTUATION.items():
            text = text.replace(full, half)
        self.text = text.translate(_HALF_WIDTH) if _WIDE.search(text) else text

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `start` to `end` of the copy lie in the original; what is injected behind them belongs to it."""
        if not self._kept:
            return start, end
        return self._position(start), self._position(end)

    def _position(self, index: int) -> int:
        return index + self._shifts[bisect_right(self._kept, index) - 1]

    def _without_injected(self, original: str) -> str:
        if not _INJECTED.search(original):
            return original
        parts, length, end = [], 0, 0
        for match in _INJECTED.finditer(original):
            self._keep(length, end - length)
            parts.append(original[end:match.start()])
            length += len(parts[-1])
            end = match.end()
        self._keep(length, end - length)
        return "".join([*parts, original[end:]])

    def _keep(self, index: int, shift: int) -> None:
        self._kept.append(index)
        self._shifts.append(shift)


@lru_cache(maxsize=1)
def plain_text(original: str) -> PlainText:
    """Return the `PlainText` of `original`; readers that come to a text one after the other share it."""
    return PlainText(original)
