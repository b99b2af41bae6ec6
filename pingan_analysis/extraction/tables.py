"""What the rules of extraction know: indicators, channels and signal words, from the tables of `lexicon/`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from ..lexicon import glosses, read_rows

NO_SIGNAL = "not_a_signal"
LEADING, WEAK = "leading", "weak"
"""Strengths of an indicator word: a leading verb goes before every noun, a weak word after everything else."""
_GAP, _WIDEST_GAP = "…", 12
_TEXTS_REMEMBERED = 256  # the metrics of a sentence ask for its words again and again


class Entry(NamedTuple):
    """A line of a table as found in a text: the word and where it ends, what it stands for, and how sure that is."""

    end: int
    word: str
    value: str
    strength: str


class Matcher:
    """Finds the words of a table in a text, the longest at each place: `find(text)` returns them in order."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        self._rows = {word: (value, strength) for word, value, strength in rows}
        self._pattern = re.compile(_one_of(self._rows))
        self.find = lru_cache(maxsize=_TEXTS_REMEMBERED)(self._find)

    def _find(self, text: str) -> tuple[Entry, ...]:
        return tuple(Entry(m.end(), m[0], *self._rows[m[0]]) for m in self._pattern.finditer(text))


@cache
def indicator_rows() -> tuple[dict[str, str], ...]:
    """Return the rows of the table of indicators."""
    columns = ["word", "role", "category", "strength", "gloss_en"]
    return tuple(read_rows("indicators", columns=columns))


@cache
def indicators(role: str) -> Matcher:
    """Return the words of a role (noun, verb, unit) with their categories."""
    return Matcher((r["word"], r["category"], r["strength"]) for r in indicator_rows() if r["role"] == role)


@cache
def verbs() -> frozenset[str]:
    """Return the verbs that say what was done with what is counted."""
    return frozenset(row["word"] for row in indicator_rows() if row["role"] == "verb")


@cache
def channels() -> Matcher:
    """Return the words that name a channel."""
    rows = read_rows("channels", columns=["word", "channel", "strength"])
    return Matcher((row["word"], row["channel"], row["strength"]) for row in rows)


@cache
def _signal_rows() -> tuple[tuple[str, str], ...]:
    rows = [(row["word"], row["signal"]) for row in read_rows("metric_signals", columns=["word", "signal"])]
    return (*rows, *((row["word"], row["role"]) for row in read_rows("metric_grammar", columns=["word", "role"])))


@cache
def signals(name: str) -> frozenset[str]:
    """Return the words that stand under `name` in the tables of signals and of grammar."""
    return frozenset(word for word, under in _signal_rows() if under == name and _GAP not in word)


class SignalPattern:
    """Finds the words under a name in a text, as the longest at each place, but not inside words that are none."""

    def __init__(self, name: str) -> None:
        words = [word for word, under in _signal_rows() if under == name]
        others = [word for word, under in _signal_rows() if under == NO_SIGNAL and word not in words]
        self._none = frozenset(others)
        self._pattern = re.compile(_one_of([*words, *others]))

    def is_in(self, text: str) -> bool:
        """Whether a word under the name stands in `text`."""
        return any(match[0] not in self._none for match in self._pattern.finditer(text))


@cache
def alternatives(name: str) -> str:
    """Return the words under `name` as alternatives of a regular expression, the longest first."""
    return _one_of(word for word, under in _signal_rows() if under == name)


def _one_of(words: Iterable[str]) -> str:
    """Return an expression for the words, the longest first; … in a word stands for characters of the clause.

    Words are grouped by their first character, so that a search passes over most characters at once.
    """
    by_first: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        by_first.setdefault(word[0], []).append(word)
    anywhere = [_with_gaps(word) for word in by_first.pop(_GAP, [])]
    grouped = [
        f"{re.escape(first)}(?:{'|'.join(_with_gaps(word[1:]) for word in same)})" for first, same in by_first.items()
    ]
    firsts = "".join(map(re.escape, by_first))
    parts = [f"(?=[{firsts}])(?:{'|'.join(grouped)})" if grouped else "", *anywhere]
    return "|".join(filter(None, parts)) or "(?!)"


def _with_gaps(word: str) -> str:
    return f"[^,;。]{{0,{_WIDEST_GAP}}}?".join(map(re.escape, word.split(_GAP)))


@cache
def signal_pattern(name: str) -> SignalPattern:
    """Return the pattern of the words under `name`; in a word of the table, … stands for characters of the clause."""
    return SignalPattern(name)


@cache
def english(role: str) -> dict[str, str]:
    """Return the English of the indicator words of a role; for nouns, with the glosses of ordinary words behind."""
    own = {row["word"]: row["gloss_en"] for row in indicator_rows() if row["role"] == role}
    return (glosses() | own) if role == "noun" else own
