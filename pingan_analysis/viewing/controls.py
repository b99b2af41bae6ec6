r"""Characters that are no text: controls, halves of characters, and marks that turn the direction of a line.

Articles and names of files can hold them. On a page they are shown as U+FFFD, on a terminal, which obeys them, as
their escape (\x1b).
"""

from __future__ import annotations

import unicodedata

from ..script import without_surrogates

CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)), "\ufffd")
"""Each control character but tab, line feed and carriage return, and what a page shows for it."""
_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")
_NO_TEXT = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def exact(text: str) -> str:
    """Return a text as it stands, but for what HTML can't hold: control characters and halves of characters."""
    return without_surrogates(text).translate(CONTROLS)


def readable(value: object) -> str:
    """Return the text of a value as it can stand in a line of others: no control turns the direction of the line."""
    return exact(str(value)).translate(_TURNING)


def visible(text: str) -> str:
    r"""Return `text` as one line for a terminal, with every character that it would obey written out.

    >>> visible("平安\x1b[2J\u202e\n\ud800.txt")
    '平安\\x1b[2J\\u202e\\n\\ud800.txt'
    """
    return "".join(_written_out(c) if unicodedata.category(c) in _NO_TEXT else c for c in text)


def visible_lines(text: str) -> str:
    r"""Return `text` as `visible` does, in its lines.

    >>> visible_lines("甲\n乙\r\x07")
    '甲\n乙\\r\\x07'
    """
    return "\n".join(map(visible, text.split("\n")))


def _written_out(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
