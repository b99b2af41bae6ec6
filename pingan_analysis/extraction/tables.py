"""What the rules of extraction know: indicators, channels and signal words, from the tables of `lexicon/`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from ..lexicon import glosses, read_rows

NO_SIGNAL = "not_a_signal"
LEADING, WEAK = "leading", "weak"
"""Strengths of an indicator word: a leading verb goes before every noun, a weak word after everything else."""
_GAP, _WIDEST_GAP = "…", 12


class Entry(NamedTuple):
    """A line of a table as found in a text: the word and where it ends, what it stands for, and how sure that is."""

    end: int
    word: str
    value: str
    strength: str


class Matcher:
    """Finds the words of a table in a text, the longest at each place."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        self._rows = {word: (value, strength) for word, value, strength in rows}
        words = sorted(self._rows, key=lambda word: (-len(word), word))
        self._pattern = re.compile("|".join(map(re.escape, words)) or "(?!)")

    def find(self, text: str) -> Iterator[Entry]:
        """Yield the words that stand in `text`, in order."""
        for match in self._pattern.finditer(text):
            yield Entry(match.end(), match[0], *self._rows[match[0]])


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
        every = sorted([*words, *others], key=lambda word: (-len(word), word))
        self._none = frozenset(others)
        self._pattern = re.compile("|".join(_with_gaps(word) if word in words else re.escape(word) for word in every))

    def is_in(self, text: str) -> bool:
        """Whether a word under the name stands in `text`."""
        return any(match[0] not in self._none for match in self._pattern.finditer(text))


@cache
def alternatives(name: str) -> str:
    """Return the words under `name` as alternatives of a regular expression, the longest first."""
    words = sorted((word for word, under in _signal_rows() if under == name), key=lambda word: (-len(word), word))
    return "|".join(map(_with_gaps, words))


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
