"""The quotation marks of Chinese texts."""

from __future__ import annotations

import re

MARKS = "“”「」『』‘’〝〞\"'"
_MARK_OR_BLANK = re.compile(rf"[{MARKS}\s]")


def without_marks(text: str) -> str:
    """Return `text` without quotation marks and blanks.

    >>> without_marks("“三屏”齐上")
    '三屏齐上'
    """
    return _MARK_OR_BLANK.sub("", text)
