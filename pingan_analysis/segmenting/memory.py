"""Answers about words that are worked out once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_REMEMBERED, _LONGEST_REMEMBERED = 200_000, 32

Answer = TypeVar("Answer")


class Memory(dict[str, Answer]):
    """Answers of a function about words, each worked out once; of so many words only, and of no long ones.

    >>> Memory(len)["平安"]
    2
    """

    def __init__(self, answer: Callable[[str], Answer]) -> None:
        self._answer = answer

    def __missing__(self, word: str) -> Answer:
        if len(word) > _LONGEST_REMEMBERED:
            return self._answer(word)
        if len(self) >= _REMEMBERED:
            self.clear()
        answer = self[word] = self._answer(word)
        return answer
