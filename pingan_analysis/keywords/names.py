"""Names of columns and measures as they are often put."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..errors import ChoiceError, check_choice

COLUMNS_CALLED = {"document": "doc_id", "documents": "doc_id", "paragraph": "para", "paragraphs": "para"}
MEASURES_CALLED = {"ll": "g2", "lr": "log_ratio"}


def check_name(value: str, choices: Iterable[str], name: str, *, called: Mapping[str, str]) -> None:
    """Raise `ChoiceError` as `check_choice` does; it suggests what is `called` so, in capitals or not.

    >>> check_name("LR", ["lrc", "log_ratio"], "measure", called=MEASURES_CALLED)
    Traceback (most recent call last):
    pingan_analysis.errors.ChoiceError: measure='LR' is not one of 'lrc', 'log_ratio'; did you mean 'log_ratio'?
    """
    choices = list(choices)
    lower = str(value).lower()
    meant = called.get(lower, lower)
    if value not in choices and meant in choices:
        listed = ", ".join(map(repr, choices))
        raise ChoiceError(f"{name}={value!r} is not one of {listed}; did you mean {meant!r}?")
    check_choice(value, choices, name)
