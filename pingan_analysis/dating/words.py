"""The words of time that the tables list, and the regular expressions that they make."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from functools import cache
from typing import NamedTuple

from ..lexicon import read_rows
from .calendar import Part


class Observance(NamedTuple):
    """A day or holiday that has a name; `date` as `calendar.festival_day` reads it."""

    date: str
    days: int
    needs: str


@cache
def time_words() -> dict[str, dict[str, str]]:
    """Return the words of each kind with their values (table "time_words")."""
    words: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read_rows("time_words", columns=["word", "kind", "value"]):
        words[row["kind"]][row["word"]] = row["value"]
    return dict(words)


@cache
def offsets(kind: str) -> dict[str, int]:
    """Return the words of a kind whose value counts units from a date."""
    return {word: int(value) for word, value in time_words()[kind].items()}


@cache
def parts(kind: str) -> dict[str, Part]:
    """Return the words for parts of a year: their values read "01-01/06-00" or, for parts of a month, "11/20"."""
    return {word: _part(value) for word, value in time_words()[kind].items() if "/" in value}


def _part(value: str) -> Part:
    first, last = value.split("/")
    if "-" not in value:
        return Part(0, int(first), 0, int(last))
    return Part(*map(int, [*first.split("-"), *last.split("-")]))


@cache
def observances() -> dict[str, Observance]:
    """Return the named days and holidays (table "observance_days")."""
    rows = read_rows("observance_days", columns=["term", "date", "days", "needs"])
    return {row["term"]: Observance(row["date"], int(row["days"]), row["needs"]) for row in rows}


@cache
def observance_dates() -> frozenset[tuple[int, int]]:
    """Return month and day of all named days that have the same date every year."""
    dates = (entry.date for entry in observances().values())
    return frozenset((int(text[:2]), int(text[3:])) for text in dates if text[0].isdecimal())


@cache
def anchors() -> tuple[tuple[str, date], ...]:
    """Return the events from which articles count: regular expression of the name, first day (table "time_anchors")."""
    rows = read_rows("time_anchors", columns=["event", "date"])
    return tuple((row["event"], date.fromisoformat(row["date"])) for row in rows)


def pattern_of(*kinds: str) -> str:
    """Return a regular expression for the words of some kinds, each with what must not stand beside it."""
    rows = read_rows("time_words", columns=["word", "kind", "not_after", "not_before"])
    rows = [row for row in rows if row["kind"] in kinds]
    guarded = {row["word"]: _guarded(row["word"], row["not_after"], row["not_before"]) for row in rows}
    return _by_first_character(guarded)


def observance_pattern() -> str:
    """Return a regular expression for all named days and holidays, the longest first."""
    return _by_first_character({term: re.escape(term[1:]) for term in observances()})


def _guarded(word: str, not_after: str, not_before: str) -> str:
    before = f"(?<![{not_after}]{word[0]})" if not_after else ""
    after = f"(?!{not_before})" if not_before else ""
    return f"{before}{re.escape(word[1:])}{after}"


def _by_first_character(rests: dict[str, str]) -> str:
    """Join patterns for what follows a word's first character, so that a search looks at the first character once."""
    groups: dict[str, list[str]] = defaultdict(list)
    for word in sorted(rests, key=len, reverse=True):
        groups[word[0]].append(rests[word])
    return "|".join(f"{re.escape(first)}(?:{'|'.join(options)})" for first, options in groups.items())
