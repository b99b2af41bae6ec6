"""What a mention of a name is, and the signs and limits that all rules for mentions share."""

from __future__ import annotations

import re
from typing import NamedTuple

from .marks import MARKS
from .shapes import NUMERALS, Shape

MARK = f"[{MARKS}]"
HAN = r"\u3400-\u9fff"
HAN_BUT_NUMERALS = f"(?![{NUMERALS}])[{HAN}]"
NO_BODY = "(?![团队厅室站所员])"
"""Behind what is done: no body that does it (五老议事团)."""
NUMERALS_IN_ORDER = "零一二三四五六七八九十"
SENTENCE_END = re.compile("[。!?;\n]")
FEWEST_TOLD = 2
"""Items that make a list."""
LISTED = Shape("listed", ())
"""Of a name that a table has and that is built in no shape."""
DAY = Shape("day", ())
"""Of a day, or of what happened on it."""


class Mention(NamedTuple):
    """A name in a paragraph: where it stands (in the copy that rules read), what it is, and by which evidence.

    `quoted`: a quotation mark stands at it or in it; `head`: the name as it is built, `tail`: where what stands behind
    it begins, outer quotation mark left out.
    """

    start: int
    end: int
    name: str
    shape: Shape
    quoted: bool
    tail: int


def sentence_end(text: str, start: int) -> int:
    end = SENTENCE_END.search(text, start)
    return end.start() if end else len(text)


def in_title(text: str, start: int) -> bool:
    """Whether `start` lies in the title of a document (《…》)."""
    before = text[max(0, start - 40):start]
    return before.rfind("《") > before.rfind("》")
