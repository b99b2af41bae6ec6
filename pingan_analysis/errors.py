"""The errors that a user of the package can meet: one line, naming what was wrong and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from numbers import Integral
from typing import Any


class PinganError(Exception):
    """Base of all errors that are the user's to mend; the command line prints it as one line."""


class TableError(PinganError, ValueError):
    """A table lacks a column, repeats a key or holds a value that its column does not allow."""


class NothingToCompare(TableError):
    """A table that is in order, but holds too little for a comparison: no term is frequent enough, or there is no other
    text."""


class ChoiceError(PinganError, ValueError):
    """A name that is not one of the choices."""


class UnreadableArticle(PinganError):
    """A file that holds no article text that can be read; the message is the reason."""


class NothingToRead(PinganError, FileNotFoundError):
    """A path that does not exist or holds no file of a kind that can be read."""


class CannotWrite(PinganError, OSError):
    """A place that cannot be written to: no permission, no room, or a file where a folder must be."""


def check_choice(value: str, choices: Iterable[str], name: str) -> str:
    """Return `value` if it is one of `choices`; otherwise raise `ChoiceError` naming them.

    >>> check_choice("doc_id", ["doc_id", "para"], "by")
    'doc_id'
    >>> check_choice("docid", ["doc_id", "para"], "by")
    Traceback (most recent call last):
    pingan_analysis.errors.ChoiceError: by='docid' is not one of 'doc_id', 'para'; did you mean 'doc_id'?
    """
    choices = list(choices)
    if value in choices:
        return value
    near = difflib.get_close_matches(str(value), choices, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ChoiceError(f"{name}={value!r} is not one of {', '.join(map(repr, choices))}{hint}")


def check_whole(**limits: tuple[Any, int]) -> None:
    """Raise `TableError` for the first argument that is no whole number or below its limit.

    >>> check_whole(min_n=(5, 1), seed=(-1, 0))
    Traceback (most recent call last):
    pingan_analysis.errors.TableError: seed=-1; it must be a whole number, 0 or more
    """
    for name, (value, least) in limits.items():
        if not isinstance(value, Integral) or value < least:
            raise TableError(f"{name}={value!r}; it must be a whole number, {least} or more")
