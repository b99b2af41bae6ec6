"""Which passage a character lies in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter


def passage_at(passages: Sequence[tuple[int, int, str]], position: int) -> str:
    """Return the model whose passage holds `position`, or nothing; `passages` are start, end, model, in order.

    >>> passage_at([(5, 9, "三屏两报")], 8), passage_at([(5, 9, "三屏两报")], 9)
    ('三屏两报', '')
    """
    following = bisect_right(passages, position, key=itemgetter(0))
    _, end, model = passages[following - 1] if following else (0, 0, "")
    return model if position < end else ""
