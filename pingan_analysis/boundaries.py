"""Rules that move the boundaries between the engine's words, each read from tables.

Numbers (`numeral_marks.tsv`, `measure_words.tsv`): a number with its magnitude and its mark of
approximation is one word, what it counts another: 320万|条次, 150余万|元, 3万余|人次, 1000多|个, 三|名.
jieba's model joins the end of the number to the measure (320|万条|次). Words that only look like numbers
stay (百姓, 一条心): a numeral in characters is taken off only where nothing but a measure word is left of
the engine's word, and where the word is not listed as fixed. An ordinal is one word and its measure another
(第二|名), as in the UD and PKU treebanks.

Places and offices (`place_offices.tsv`): 南湖区|委 becomes 南湖|区委.

Terms that the engine cannot hold, since it matches by case, and within runs of certain characters only:
those with letters, figures or punctuation (LED屏, 9·18, “两信”同发). The longest such term that begins at a
word and ends at one is joined from the engine's words, any case and any quotation marks taken for equal; a
word at the end of the term that only the engine's model made gives way.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from .lexicon import read_rows

_ENGINE_HOLDS = re.compile(r"[一-\u9fd5]+")
_QUOTES = "“”「」『』‘’\"'"
_FOLD = {ord(c): ord(c.lower()) for c in string.ascii_uppercase} | dict.fromkeys(map(ord, _QUOTES), ord('"'))
_LONGEST_NUMBER = 24


class _Change(NamedTuple):
    """Words in the place of the next `used` tokens."""

    used: int
    words: list[str]


def needs_joining(term: str) -> bool:
    """Whether `term` has to be joined from the engine's words, since the engine itself would never match
    it."""
    return not _ENGINE_HOLDS.fullmatch(term)


class BoundaryRules:
    """The rules for a set of terms: those that need joining are joined, and no rule cuts any of them.

    `is_word` tells whether the engine's dictionary has a word.
    """

    def __init__(self, terms: Iterable[str], is_word: Callable[[str], bool]) -> None:
        self._terms = frozenset(terms)
        self._is_word = is_word
        self._numbers = number_rules()
        self._offices = _offices()
        self._joined = {_fold(term): term for term in self._terms if needs_joining(term)}
        self._beginning: dict[str, list[str]] = {}
        for folded in sorted(self._joined, key=len, reverse=True):
            self._beginning.setdefault(folded[0], []).append(folded)
        first = {variant for letter in self._beginning for variant in _variants(letter)}
        self._triggers = first | self._numbers.first | {rest[0] for _, rest in self._offices}

    def apply(self, tokens: list[str]) -> list[str]:
        """Return `tokens` with their boundaries moved; joined they stay the same."""
        triggers = self._triggers
        hits = [i for i, token in enumerate(tokens) if token[0] in triggers]
        words: list[str] = []
        done = 0
        for i in hits:
            if i < done:
                continue
            words += tokens[done:i]
            done = i
            if change := self._join(tokens, i) or self._cut_number(tokens, i):
                words += change.words
                done += change.used
            elif words and (office := self._office(words[-1], tokens[i])):
                words[-1:] = office
                done += 1
        words += tokens[done:]
        return words

    def canonical(self, word: str) -> str:
        """Return the term that `word` is a variant of (led屏: LED屏), else `word`."""
        return self._joined.get(_fold(word), word) if needs_joining(word) else word

    def _join(self, tokens: list[str], i: int) -> _Change | None:
        for folded in self._beginning.get(_fold(tokens[i][0]), ()):
            text, ends = _join_up_to(tokens, i, len(folded))
            if _fold(text[:len(folded)]) != folded:
                continue
            rest = text[len(folded):]
            if not rest:
                return _Change(len(ends), [text])
            if needs_joining(rest) or len(ends) == 1 or self._is_word(tokens[i + len(ends) - 1]):
                continue
            return _Change(len(ends), [text[:len(folded)], rest])
        return None

    def _cut_number(self, tokens: list[str], i: int) -> _Change | None:
        if tokens[i][0] not in self._numbers.first or tokens[i] in self._terms:
            return None
        return self._numbers.change(tokens, i, self._terms)

    def _office(self, place: str, token: str) -> list[str] | None:
        for ending in (place[-1:], place[-2:]):
            if (ending, token) in self._offices and len(place) > len(ending) + 1:
                return [place.removesuffix(ending), ending + token]
        return None


class NumberRules:
    """Where a number ends and what it counts begins, in a row of the engine's words."""

    def __init__(self) -> None:
        marks: dict[str, list[str]] = {}
        for row in read_rows("numeral_marks", columns=["mark", "role"]):
            marks.setdefault(row["role"], []).append(row["mark"])
        measures = read_rows("measure_words", columns=["measure", "kind"])
        kinds = {row["measure"]: row["kind"] for row in measures}
        self._after_figures = frozenset(kinds)
        self._after_characters = frozenset(m for m, kind in kinds.items() if kind != "figures_only")
        self._compound = frozenset(m for m, kind in kinds.items() if kind == "compound")
        self._longest_measure = max(map(len, kinds))
        self._fixed = frozenset(marks["fixed"])
        digit, ten, magnitude, some, more, about, ordinal = (
            f"[{''.join(marks[role])}]"
            for role in ("digit", "ten", "magnitude", "some", "more", "about", "ordinal")
        )
        magnitude = f"(?:{ten}|{magnitude})"
        self._figures = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?", re.ASCII)
        self._characters = re.compile(
            f"{ordinal}?(?:{some}{magnitude}+|{magnitude}+(?={more})|(?={digit}|{ten})(?:{digit}?{magnitude}+零?)+{digit}?|{digit}+)"
        )
        self._tail = re.compile(f"{magnitude}*(?:{more}|{about})?{magnitude}*{more}?")
        self._open = re.compile(f"{about}$")
        self._magnitude = re.compile(magnitude)
        roles = ("digit", "ten", "magnitude", "some", "ordinal")
        self.first = frozenset(string.digits).union(*(marks[role] for role in roles))

    def change(self, tokens: list[str], i: int, whole: frozenset[str]) -> _Change | None:
        """Return what stands in the place of `tokens[i]` and those after it, or None where they stay.

        The number ends at the first place where a measure word follows that ends at an end of a token;
        failing this, at the last end of a token that it can end at. Tokens in `whole` are not cut.
        """
        token = tokens[i]
        figures = "0" <= token[0] <= "9"
        if token in self._fixed or (figures and not self._figures.fullmatch(token)):
            return None
        text, ends = _join_up_to(tokens, i, _LONGEST_NUMBER)
        number = (self._figures if figures else self._characters).match(text)
        if not number:
            return None
        measures = self._after_figures if figures else self._after_characters
        tail = self._tail.match(text, number.end())
        change = None
        for end in range(number.end(), tail.end() + 1 if tail else 0):
            if not figures and end < len(token) and text[end:len(token)] not in measures:
                continue
            if measure := self._measure_at(text, ends, end, measures):
                used = ends.index(end + len(measure)) + 1
                cuts = self._cuts(tokens[i:i + used], ends, end, whole)
                return None if cuts else _Change(used, [text[:end], measure])
            if end in ends and not self._open.search(text, 0, end) and self._magnitude.search(text, 0, end):
                change = _Change(ends.index(end) + 1, [text[:end]])
        return change

    def is_number(self, word: str) -> bool:
        """Whether all of `word` is a number."""
        number = self._figures.match(word) or self._characters.match(word)
        return bool(number and (word[number.end():] == "%" or self._tail.fullmatch(word, number.end())))

    def _measure_at(self, text: str, ends: list[int], start: int, measures: frozenset[str]) -> str | None:
        """Return the measure word at `start`, if it ends at an end of a token; over several, only compound
        ones."""
        for length in range(min(self._longest_measure, len(text) - start), 0, -1):
            measure = text[start:start + length]
            if measure in measures and start + length in ends:
                inner = any(start < end < start + length for end in ends)
                if not inner or measure in self._compound:
                    return measure
        return None

    @staticmethod
    def _cuts(tokens: list[str], ends: list[int], end: int, whole: frozenset[str]) -> bool:
        return any(
            token in whole and stop - len(token) < end < stop
            for token, stop in zip(tokens, ends, strict=False)
        )


@cache
def number_rules() -> NumberRules:
    """Return the rules that the tables make."""
    return NumberRules()


def is_number(word: str) -> bool:
    """Whether `word` is a number as the rules cut it: 320万, 150余万, 三十多, 88.2%, 第二."""
    return number_rules().is_number(word)


@cache
def _offices() -> frozenset[tuple[str, str]]:
    """Ending of a place name and the rest of the name of an office, by ending."""
    rows = read_rows("place_offices", columns=["place_ending", "office"])
    return frozenset((row["place_ending"], row["office"].removeprefix(row["place_ending"])) for row in rows)


def _join_up_to(tokens: list[str], i: int, length: int) -> tuple[str, list[int]]:
    """Join `tokens[i]` and those after it until `length` characters are reached; with the end of each in
    the text."""
    text = ""
    ends = []
    for token in tokens[i:i + length]:
        text += token
        ends.append(len(text))
        if len(text) >= length:
            break
    return text, ends


def _fold(text: str) -> str:
    return text.translate(_FOLD)


def _variants(letter: str) -> set[str]:
    """All characters that `_fold` takes for `letter`."""
    return {letter} | {chr(code) for code, folded in _FOLD.items() if folded == ord(letter)}
