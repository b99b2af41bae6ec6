"""Rules that move the boundaries between the engine's words, each read from tables.

Numbers and what they count: see `number_words.py`.

Compounds (`compounds.tsv`): jieba's dictionary has phrases of two words or more (刑事案件, 创建活动,
今年以来) and determiners with what they determine (该市, 这个), and its model joins particles to a
neighbour (更实, 建了); they are set apart, as in both treebanks and in the hand-segmented sentences of
`tests/cases`. Idioms and names stay, and so do the terms of the lexicon.

Places and offices (`place_offices.tsv`): 南湖区|委 becomes 南湖|区委.

Persons who speak (`persons.tsv`): a given name that is an ordinary word is joined to its surname.

Terms that the engine cannot hold, since it matches by case, and within runs of certain characters only:
those with letters, figures or punctuation (LED屏, 9·18, “两信”同发). The longest such term that begins at a
word and ends at one is joined from the engine's words, any case and any quotation marks taken for equal; a
word at the end of the term that only the engine's model made gives way.
"""

from __future__ import annotations

import bisect
import re
import string
from collections.abc import Iterable
from functools import cache
from itertools import compress, count
from typing import NamedTuple

from ..lexicon import read_rows
from .engine import UNKNOWN, Engine
from .memory import Memory
from .number_words import Change, number_rules

_ENGINE_HOLDS = re.compile(r"[一-\u9fd5]+")
_QUOTES = "“”「」『』‘’\"'"
_FOLD = {ord(c): ord(c.lower()) for c in string.ascii_uppercase} | dict.fromkeys(map(ord, _QUOTES), ord('"'))
_FREQUENT = 1085
"""Frequency in jieba's dictionary that tells phrases of common words (今年|以来) from idioms (齐心|协力);
no word has one less, so that the engines' rounding makes no difference."""


class _ByContext(NamedTuple):
    """A token of which the next ones decide: which rules it may concern, and its words where none does."""

    begins_terms: bool
    is_term: bool
    is_surname: bool
    begins_number: bool
    ends_office: bool
    parts: list[str]


def needs_joining(term: str) -> bool:
    """Whether `term` has to be joined from the engine's words, since the engine itself would never match
    it."""
    return not _ENGINE_HOLDS.fullmatch(term)


class BoundaryRules:
    """The rules for a set of terms: those that need joining are joined, and no rule cuts any of them."""

    def __init__(self, terms: Iterable[str], engine: Engine) -> None:
        self._terms = frozenset(terms)
        self._engine = engine
        self._numbers = number_rules()
        self._compounds = CompoundRules(engine)
        self._offices = _offices()
        self._surnames, self._speaking = _persons()
        joined = filter(needs_joining, self._terms.union(self._compounds.marks))
        self._joined = {_fold(term): term for term in joined}
        self._beginning: dict[str, list[str]] = {}
        for folded in sorted(self._joined, key=len, reverse=True):
            for letter in _variants(folded[0]):
                self._beginning.setdefault(letter, []).append(folded)
        self._begun_by = Memory(self._terms_begun_by)
        self._office_rests = {rest for _, rest in self._offices}
        self._plans = Memory(self._plan)

    def apply(self, tokens: list[str]) -> list[str]:
        """Return `tokens` with their boundaries moved; joined they stay the same."""
        words: list[str] = []
        done = 0
        for i in compress(count(), map(self._plans.__getitem__, tokens)):
            if i < done:
                continue
            plan = self._plans[tokens[i]]
            if not isinstance(plan, _ByContext):
                words += tokens[done:i]
                words += plan
                done = i + 1
            elif change := self._change(tokens, i, plan):
                words += tokens[done:i]
                words += change.words
                done = i + change.used
            elif plan.ends_office and i > done and (office := self._office(tokens[i - 1], tokens[i])):
                words += tokens[done:i - 1]
                words += office
                done = i + 1
        words += tokens[done:]
        return words

    def _plan(self, token: str) -> list[str] | _ByContext:
        """Return the words in the place of `token`, none where it stays, unless the next ones decide."""
        is_term = token in self._terms
        begins_number = not is_term and self._numbers.may_change(token, self._may_cut)
        parts = [] if is_term else self._compounds.parts(token)
        begins_terms, ends_office = bool(self._begun_by[token]), token in self._office_rests
        is_surname = token in self._surnames
        if not (begins_terms or is_surname or ends_office):
            if not begins_number:
                return parts
            if number := self._numbers.parts(token):
                return number
        return _ByContext(begins_terms, is_term, is_surname, begins_number, ends_office, parts)

    def _terms_begun_by(self, token: str) -> list[str]:
        """Return the terms to join, folded, that `token` begins or has at its beginning, the longest first."""
        folded = _fold(token)
        candidates = self._beginning.get(token[0], ())
        return [term for term in candidates if term.startswith(folded) or folded.startswith(term)]

    def canonical(self, word: str) -> str:
        """Return the term that `word` is a variant of (led屏: LED屏), else `word`."""
        return self._joined.get(_fold(word), word) if needs_joining(word) else word

    def _join(self, tokens: list[str], i: int) -> Change | None:
        candidates = self._begun_by[tokens[i]]
        text, ends = _join_up_to(tokens, i, len(candidates[0]))
        folded = _fold(text)
        for term in filter(folded.startswith, candidates):
            used = bisect.bisect_left(ends, len(term)) + 1
            rest = text[len(term):ends[used - 1]]
            if not rest:
                return Change(used, [text[:len(term)]])
            if used > 1 and not needs_joining(rest) and self._may_cut(tokens[i + used - 1]):
                return Change(used, [text[:len(term)], rest])
        return None

    def _change(self, tokens: list[str], i: int, plan: _ByContext) -> Change | None:
        if plan.begins_terms and (change := self._join(tokens, i)):
            return change
        if plan.is_term:
            return None
        if plan.is_surname:
            return self._person(tokens, i)
        if plan.begins_number and (change := self._numbers.change(tokens, i, self._may_cut)):
            return change
        return Change(1, plan.parts) if plan.parts else None

    def _person(self, tokens: list[str], i: int) -> Change | None:
        """A surname and a given name before a word of speaking."""
        if i + 2 >= len(tokens) or tokens[i + 2] not in self._speaking:
            return None
        given = tokens[i + 1]
        if len(given) != 2 or given in self._terms or not _ENGINE_HOLDS.fullmatch(given):
            return None
        return Change(2, [tokens[i] + given])

    def _may_cut(self, token: str) -> bool:
        """Whether only the engine's model made `token`."""
        return len(token) > 1 and token not in self._terms and self._engine.tag(token) == UNKNOWN

    def _office(self, place: str, token: str) -> list[str] | None:
        for ending in (place[-1:], place[-2:]):
            if (ending, token) in self._offices and len(place) > len(ending) + 1:
                return [place.removesuffix(ending), ending + token]
        return None


class CompoundRules:
    """Which words of the engine's dictionary are two words."""

    def __init__(self, engine: Engine) -> None:
        parts: dict[str, list[str]] = {}
        for row in read_rows("compounds", columns=["part", "role"]):
            parts.setdefault(row["role"], []).append(row["part"])
        self._engine = engine
        self._tags = frozenset(parts["tag"])
        self._whole = frozenset(parts["whole"])
        self._endings = tuple(parts["ending"])
        self.marks = frozenset(parts["mark"])
        self._determiners = frozenset(parts["determiner"])
        self._determiners_of_words = frozenset(parts["determiner_of_words"])
        self._particles_before = frozenset(parts["particle_before"])
        after_two = frozenset(parts["particle_after_two"])
        self._particles_after = {2: after_two.union(parts["particle_after"]), 3: after_two}
        self._after_determiners = number_rules().after_characters.union(parts["seat"])

    def parts(self, word: str) -> list[str]:
        """Return the words that `word` is made of, or none."""
        if word in self._whole:
            return []
        if len(word) > 3:
            first = self._first_part(word)
        else:
            first = self._has_determiner(word) or self._beside_particle(word)
        return [word[:first], *(self.parts(word[first:]) or [word[first:]])] if first else []

    def _first_part(self, word: str) -> int:
        """Return the length of the first word in a compound of at least four characters; 0 if it is none."""
        if word.endswith(self._endings) or word in self._after_determiners:
            return 0
        tag = self._engine.tag(word)
        if tag == UNKNOWN or (tag not in self._tags and len(word) > 4):
            return 0
        least = 1 if tag in self._tags else _FREQUENT
        return next((n for n in range(2, len(word) - 1) if self._are_words(word[:n], word[n:], least)), 0)

    def _are_words(self, first: str, second: str, least: int) -> bool:
        return self._engine.frequency(first) >= least and self._engine.frequency(second) >= least

    def _has_determiner(self, word: str) -> bool:
        rest = word[1:]
        if word[0] in self._determiners and rest in self._after_determiners:
            return True
        return word[0] in self._determiners_of_words and len(rest) == 2 and self._engine.frequency(rest) > 0

    def _beside_particle(self, word: str) -> int:
        """Return where a word of two or three characters that only the model made is parted from a
        particle."""
        if len(word) < 2 or needs_joining(word):
            return 0
        before, after = word[0] in self._particles_before, word[-1] in self._particles_after[len(word)]
        if not (before or after) or self._engine.tag(word) != UNKNOWN:
            return 0
        return 1 if before else len(word) - 1


@cache
def _offices() -> frozenset[tuple[str, str]]:
    """Ending of a place name and the rest of the name of an office, by ending."""
    rows = read_rows("place_offices", columns=["place_ending", "office"])
    return frozenset((row["place_ending"], row["office"].removeprefix(row["place_ending"])) for row in rows)


@cache
def _persons() -> tuple[frozenset[str], frozenset[str]]:
    """Surnames of one character, and words of speaking."""
    rows = read_rows("persons", columns=["word", "role"])
    surnames = frozenset(row["word"] for row in rows if row["role"] == "surname")
    speaking = frozenset(row["word"] for row in rows if row["role"] == "speaking")
    return surnames, speaking


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
