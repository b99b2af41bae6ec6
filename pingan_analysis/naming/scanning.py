"""Searches that look only where a match can begin."""

from __future__ import annotations

import re
from collections.abc import Iterator


def matches_at(first: re.Pattern[str], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield what `pattern.finditer(text)` yields, for a pattern that matches no empty text and only where `first` does.

    A pattern that begins with what must not stand before it is tried at every character of a text; `first`, which
    takes one character, is a class of characters (with what stands behind it), which the engine looks for quickly.

    >>> [match[0] for match in matches_at(re.compile("三"), re.compile("(?<!第)三."), "第三屏,三屏")]
    ['三屏']
    """
    free = 0
    for hit in first.finditer(text):
        if hit.start() >= free and (match := pattern.match(text, hit.start())):
            free = match.end()
            yield match
