"""The stretch between commas in which a quantity stands.

`text` is the paragraph, the text of a `PlainText`: its commas are half-width.
"""

from __future__ import annotations

import re

from ..numerals import Quantity
from .passage import Sentence

_END = re.compile(r",(?!\d{3}(?!\d))|[:;。!?\n]")


def clause_before(text: str, sentence: Sentence, quantity: Quantity) -> str:
    """Return what stands before `quantity` in its clause."""
    start = max((text.rfind(mark, sentence.start, quantity.start) for mark in ",:"), default=-1)
    return text[max(start + 1, sentence.start):quantity.start]


def clause_after(text: str, sentence: Sentence, quantity: Quantity) -> str:
    """Return what stands after `quantity` in its clause."""
    end = _END.search(text, quantity.end, sentence.end)
    return text[quantity.end:end.start() if end else sentence.end]


def clause_around(text: str, sentence: Sentence, quantity: Quantity) -> str:
    """Return the clause of `quantity`, without the quantity.

    >>> from pingan_analysis.extraction.passage import read_passage
    >>> text = "今年,全县发放手册300册给居民,又张贴海报。"
    >>> sentence, = read_passage(text, None).sentences
    >>> clause_around(text, sentence, sentence.quantities[0])
    '全县发放手册给居民'
    """
    return clause_before(text, sentence, quantity) + clause_after(text, sentence, quantity)
