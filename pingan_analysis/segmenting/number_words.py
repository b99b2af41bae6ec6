"""Numbers as words: where a number ends and what it counts begins, in a row of the engine's words.

From the tables `numeral_marks.tsv` and `measure_words.tsv`. A number with its magnitude and its mark of
approximation is one word, what it counts another: 320万|条次, 150余万|元, 3万余|人次, 1000多|个, 三|名.
jieba's model joins the end of the number to the measure (320|万条|次). Words that only look like numbers
stay (百姓, 一条心): a numeral in characters is taken off only where nothing but a measure word is left of
the engine's word, and where the word is not listed as fixed. An ordinal is one word and its measure another
(第二|名), and 多年 and 多次 are adverbs. Where conventions differ, the UD treebank (40多|年, 1.3万余|人次)
and the hand-segmented sentences of `tests/cases` have decided.
"""

from __future__ import annotations

import bisect
import re
import string
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from ..lexicon import read_rows

_LONGEST_NUMBER, _MOST_TOKENS = 24, 8


class Change(NamedTuple):
    """Words in the place of the next `used` tokens."""

    used: int
    words: list[str]


class NumberRules:
    """Where a number ends and what it counts begins, in a row of the engine's words."""

    def __init__(self) -> None:
        marks: dict[str, list[str]] = {}
        for row in read_rows("numeral_marks", columns=["mark", "role"]):
            marks.setdefault(row["role"], []).append(row["mark"])
        measures = read_rows("measure_words", columns=["measure", "kind"])
        kinds = {row["measure"]: row["kind"] for row in measures}
        self._after_figures = frozenset(kinds)
        self.after_characters = frozenset(m for m, kind in kinds.items() if kind != "figures_only")
        self._compound = frozenset(m for m, kind in kinds.items() if kind == "compound")
        self._fixed = frozenset(marks["fixed"])
        self._ordinals = frozenset(marks["ordinal"])
        begin_compounds = {measure[:n] for measure in self._compound for n in range(1, len(measure))}
        with_magnitude = {measure for measure in kinds if measure[0] in marks["magnitude"]}
        self._alone = frozenset(kinds) - begin_compounds - with_magnitude
        digit, zero, ten, magnitude, some, more, about, ordinal = (
            f"[{''.join(marks[role])}]"
            for role in ("digit", "zero", "ten", "magnitude", "some", "more", "about", "ordinal")
        )
        magnitude = f"(?:{ten}|{magnitude})"
        sum_of_parts = r"\d+(?:\+(?:\d+|[A-Z]))+"
        self._figures = re.compile(rf"{sum_of_parts}|{ordinal}?\d+(?:,\d{{3}})*(?:\.\d+)?", re.ASCII)
        self._characters = re.compile(
            f"{ordinal}?(?:{some}{magnitude}*|{magnitude}+(?={more})"
            f"|(?={digit}|{ten})(?:{digit}?{magnitude}+{zero}?)+{digit}?|{digit}(?:{digit}|{zero})*)"
        )
        self._tail = re.compile(f"{magnitude}*(?:{more}|{about})?{magnitude}*{more}?")
        self._open = re.compile(f"{about}$")
        self._magnitude = re.compile(magnitude)
        roles = ("digit", "ten", "magnitude", "some", "ordinal")
        self.first = frozenset(string.digits).union(*(marks[role] for role in roles))
        inside = self.first.union(",+", string.ascii_uppercase, marks["zero"], marks["more"], marks["about"])
        self._inside = inside - self._ordinals
        self._noteworthy = self._inside.union(measure[0] for measure in kinds)
        self._digits = frozenset(marks["digit"] + marks["ten"])

    def change(self, tokens: list[str], i: int, may_cut: Callable[[str], bool]) -> Change | None:
        """Return what stands in the place of `tokens[i]` and those after it, or None where they stay.

        The number ends at the first place where a measure word follows, or a token that begins with one;
        failing this, at the last end of a token that it can end at. Tokens that are no measure words are
        cut where `may_cut` allows.
        """
        if self._stays(tokens[i], *(*tokens[i + 1:i + 3], "", "")[:2]):
            return None
        text, ends = self._window(tokens, i)
        figures = self._figures.match(text)
        number = figures or self._characters.match(text)
        if not number or (figures and number.end() not in ends):
            return None
        measures = self._after_figures if figures else self.after_characters
        change = None
        for end in range(number.end(), self._end_of_tail(text, number.end()) + 1):
            used = bisect.bisect_right(ends, end)
            cut = end not in ends
            token, following = (*tokens[i + used:i + used + 2], "", "")[:2]
            rest = text[end:ends[used]] if cut else token
            if following and rest + following in self._compound:
                return Change(used + 2, [text[:end], rest + following])
            if rest in measures:
                return Change(used + 1, [text[:end], rest])
            if (measure := self._measure_before(rest, measures)) and may_cut(token):
                return Change(used + 1, [text[:end], measure, rest[len(measure):]])
            if self._open.search(text, 0, end) or not (figures or self._magnitude.search(text, 0, end)):
                continue
            if not cut:
                change = Change(used, [text[:end]])
            elif figures and may_cut(token):
                change = Change(used + 1, [text[:end], rest])
        return change

    def _stays(self, token: str, following: str, after: str) -> bool:
        """Whether a look at the next tokens shows that `token` is a number as it stands: the quick way for
        most."""
        figures = token.isdigit()
        if not figures and token not in self._digits:
            return False
        if following[:1] not in self._noteworthy:
            return True
        if following[0] in self._inside or following + after in self._compound:
            return False
        return following in (self._after_figures if figures else self.after_characters)

    def parts(self, token: str) -> list[str]:
        """Return the number and the measure word that `token` is, whatever follows it; none if it is not."""
        number = self._characters.match(token)
        if not number:
            return []
        ends = range(number.end(), min(self._end_of_tail(token, number.end()) + 1, len(token)))
        measures = self.after_characters & self._alone
        return next(([token[:end], token[end:]] for end in ends if token[end:] in measures), [])

    def may_change(self, token: str, may_cut: Callable[[str], bool]) -> bool:
        """Whether `change` can return anything for `token`, whatever follows it."""
        if token[0] not in self.first or token in self._fixed or len(token) > _LONGEST_NUMBER:
            return False
        if token[-1] in self._inside or token in self._ordinals or may_cut(token):
            return True
        number = self._figures.match(token)
        if number:
            return number.end() == len(token)
        number = self._characters.match(token)
        return number is not None and any(
            token[end:] in self.after_characters
            for end in range(number.end(), self._end_of_tail(token, number.end()) + 1)
        )

    def _window(self, tokens: list[str], i: int) -> tuple[str, list[int]]:
        """Join `tokens[i]` and those after it that a number can go on with; with the end of each in the
        text."""
        text = tokens[i]
        ends = [len(text)]
        for token in tokens[i + 1:i + _MOST_TOKENS]:
            if token[0] not in self._inside or len(text) > _LONGEST_NUMBER:
                break
            text += token
            ends.append(len(text))
        return text, ends

    def _end_of_tail(self, text: str, start: int) -> int:
        tail = self._tail.match(text, start)
        return tail.end() if tail else start

    @staticmethod
    def _measure_before(text: str, measures: frozenset[str]) -> str:
        """Return the longest measure word that `text` begins with and goes on after, or an empty string."""
        return next((text[:n] for n in range(len(text) - 1, 0, -1) if text[:n] in measures), "")

    def is_number(self, word: str) -> bool:
        """Whether all of `word` is a number."""
        number = self._figures.match(word) or self._characters.match(word)
        return bool(number and (word[number.end():] == "%" or self._tail.fullmatch(word, number.end())))


@cache
def number_rules() -> NumberRules:
    """Return the rules that the tables make."""
    return NumberRules()


def is_number(word: str) -> bool:
    """Whether `word` is a number as the rules cut it: 320万, 150余万, 三十多, 88.2%, 第二."""
    return number_rules().is_number(word)
