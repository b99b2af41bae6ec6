"""What the rules of extraction know: the words of the tables of `lexicon/` that they ask for by name.

Indicators and channels are found with what they stand for; words of metric_signals.tsv and metric_grammar.tsv stand
under a name (`target`, `copula`), which their heads explain, and are asked for as a set (`words_of`), in a text
(`says`) or as a part of an expression (`alternatives`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from ..errors import check_choice
from ..lexicon import glosses, read_rows

_NO_SIGNAL = "not_a_signal"
LEADING, WEAK = "leading", "weak"
"""Strengths of an indicator word: a leading verb goes before every noun, a weak word after everything else."""
_GAP, _WIDEST_GAP = "…", 12
_GROUPS_IN_A_ROW = 4
_TEXTS_REMEMBERED = 256
"""The metrics of a sentence ask for its words again and again."""


class Entry(NamedTuple):
    """A line of a table as found in a text: the word and where it ends, what it stands for, and how sure that is."""

    end: int
    word: str
    value: str
    strength: str


class Matcher:
    """Finds the words of a table in a text, the longest at each place: `find(text)` returns them in order.

    `rows` are word, what it stands for, and its strength.

    >>> [(entry.word, entry.value) for entry in Matcher([("横幅", "banner", "strong")]).find("悬挂横幅40条")]
    [('横幅', 'banner')]
    """

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        self._rows = {word: (value, strength) for word, value, strength in rows}
        self._pattern = re.compile(one_of(self._rows))
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
def _words_by_name() -> dict[str, frozenset[str]]:
    named = [(row["signal"], row["word"]) for row in read_rows("metric_signals", columns=["word", "signal"])]
    named += [(row["role"], row["word"]) for row in read_rows("metric_grammar", columns=["word", "role"])]
    by_name: dict[str, set[str]] = {}
    for name, word in named:
        by_name.setdefault(name, set()).add(word)
    return {name: frozenset(words) for name, words in by_name.items()}


def _named(name: str) -> frozenset[str]:
    return _words_by_name()[check_choice(name, _words_by_name(), "name")]


@cache
def words_of(name: str) -> frozenset[str]:
    """Return the words under `name` in the tables of signals and of grammar, without those that have a gap (…).

    >>> sorted(words_of("rank_unit"))
    ['位', '名']
    """
    return frozenset(word for word in _named(name) if _GAP not in word)


@cache
def listed(*names: str) -> tuple[str, ...]:
    """Return the words under any of `names`, as `str.startswith` and `str.endswith` take them.

    >>> listed("rank_unit")
    ('位', '名')
    """
    return tuple(sorted(words_of_any(*names)))


@cache
def words_of_any(*names: str) -> frozenset[str]:
    """Return the words under any of `names`.

    >>> words_of_any("level", "copula") == words_of("level") | words_of("copula")
    True
    """
    return frozenset[str]().union(*map(words_of, names))


@lru_cache(maxsize=_TEXTS_REMEMBERED)
def says(name: str, text: str) -> bool:
    """Whether a word under `name` stands in `text`, other than inside a word that is no signal.

    >>> says("cumulative", "全县共发放"), says("cumulative", "公共场所发放")
    (True, False)
    """
    return any(match[0] not in _others(name) for match in _pattern(name).finditer(text))


@cache
def _others(name: str) -> frozenset[str]:
    """Return the words that hold a signal without its sense and are not under `name` themselves."""
    return _named(_NO_SIGNAL) - _named(name)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(one_of(_named(name) | _others(name)))


@cache
def alternatives(name: str) -> str:
    """Return an expression for the words under `name`, the longest first, as a group; … stands for other characters.

    >>> bool(re.search(f"{alternatives('level')}$", "满意度提高到"))
    True
    """
    return f"(?:{one_of(_named(name))})"


def one_of(words: Iterable[str]) -> str:
    """Return an expression for the words, the longest first; a gap in a word stands for characters of the clause.

    Words are grouped by their first character, so that a search passes over most characters at once, and the groups
    by what they may begin with, so that it comes to the one that a character needs in few steps.
    """
    by_first: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        by_first.setdefault(word[0], []).append(word)
    anywhere = [_with_gaps(word) for word in by_first.pop(_GAP, [])]
    grouped = [
        (re.escape(first), f"{re.escape(first)}(?:{'|'.join(_with_gaps(word[1:]) for word in same)})")
        for first, same in by_first.items()
    ]
    return "|".join([*([_one_group_of(grouped)] if grouped else []), *anywhere]) or "(?!)"


def _one_group_of(groups: Sequence[tuple[str, str]]) -> str:
    """Return an expression for the groups, pairs of a first character and an expression: each only where it can match.

    The engine asks the groups of an alternation one after the other, so there are never more than a few in a row.
    """
    firsts = "".join(first for first, _ in groups)
    size = max(1, -(-len(groups) // _GROUPS_IN_A_ROW))
    if size == 1:
        inside = [expression for _, expression in groups]
    else:
        inside = [_one_group_of(groups[at:at + size]) for at in range(0, len(groups), size)]
    return f"(?=[{firsts}])(?:{'|'.join(inside)})"


def _with_gaps(word: str) -> str:
    return f"[^,;。]{{0,{_WIDEST_GAP}}}?".join(map(re.escape, word.split(_GAP)))


@cache
def english(role: str) -> dict[str, str]:
    """Return the English of the indicator words of a role; for nouns, with the glosses of ordinary words behind."""
    own = {row["word"]: row["gloss_en"] for row in indicator_rows() if row["role"] == role}
    return (glosses() | own) if role == "noun" else own
