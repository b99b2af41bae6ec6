"""Answers about words that are worked out once."""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

_REMEMBERED, _LONGEST_REMEMBERED = 200_000, 32

Answer = TypeVar("Answer")


class Memory(dict[str, Answer]):
    """Answers of a function about words, each worked out once; of so many words only, and of no long ones.

    An object that remembers the answers of its own method is not kept alive by them: a dictionary takes 100 MB.

    >>> Memory(len)["平安"]
    2
    """

    def __init__(self, answer: Callable[[str], Answer]) -> None:
        self._answer: Callable[[], Any] = weakref.WeakMethod(answer) if inspect.ismethod(answer) else lambda: answer

    def __missing__(self, word: str) -> Answer:
        answer: Answer = self._answer()(word)
        if len(word) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = answer
        return answer
