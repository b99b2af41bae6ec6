"""Channel mentions: where an article names a carrier as one of publicity.

A word of lexicon/channels.tsv alone says little: posters hang in a school, and swindlers write by WeChat. A word is a
mention where the text around it speaks of publicity in the ways that lexicon/channel_signals.tsv lists;
indicators.tsv has further verbs of outreach. What is uncertain is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

import pandas as pd

from .errors import TableError
from .extraction.tables import WEAK, Matcher, indicator_rows, one_of, says, verbs
from .lexicon import channel_groups, read_rows
from .models import model_rows, passage_spans
from .naming.lookup import passage_at
from .plain import plain_paragraphs
from .schema import CHANNEL_MENTIONS, check_table

Span = tuple[int, int]
Passages = Sequence[tuple[int, int, str]]

_start = attrgetter("start")
_SENTENCE = re.compile(r"[^。!?;\n]{1,600}")
"""What is longer is no sentence, and is cut, so that work stays in proportion to length."""
_CLAUSE = re.compile(r"(?:[^,:]|,(?=\d{3}(?!\d)))+")
_JOINED = re.compile("[》」”)]*(?:[、和与+]|以?及)[《「“(]*")
"""What stands between two members of a list."""
_ENTERED_WITHIN = 6
"""Characters from a verb of going somewhere to the place."""
_PUBLICITY, _ACT, _AIRING, _NO_PUBLICITY = "publicity", "act", "airing", "no_publicity"
_CARRY_ANYTHING = frozenset({"digital", "broadcast"})
"""Groups of channels that are media: they carry publicity only where the text says so of them."""


def find_channels(text: str, *, doc_id: str = "text") -> pd.DataFrame:
    """Return the carriers of publicity that one article names, as the table `channel_mentions` has them.

    A row a mention: doc_id, para, char_start and char_end (offsets of `text` as given), word (in simplified script),
    channel, and passage (the model that its sentence describes, or empty). A carrier counts where the text around it
    says that publicity is made with it. Places where posters hang, private messages and sources of news do not count.
    No row means that no carrier was recognised, not that none was used.

    Raises `TableError` where `text` is no string.

    >>> find_channels("在學校張貼海報，通過微信群推送防騙知識。")[["word", "channel"]].values.tolist()
    [['海报', 'poster'], ['微信群', 'wechat']]
    """
    if not isinstance(text, str):
        raise TableError(f"text is {type(text).__name__}; find_channels() takes one string")
    rows = channel_rows(doc_id, text, (), passage_spans(text, model_rows(doc_id, text, ())))
    return check_table(pd.DataFrame(rows, columns=CHANNEL_MENTIONS.column_names), "channel_mentions")


def channel_rows(
    doc_id: str, text: str, boilerplate: Iterable[tuple[int, int, str]], passages: Passages
) -> list[dict[str, Any]]:
    """Return the rows of `channel_mentions` of one article; a pure function, so that any process may call it.

    `boilerplate` are the stretches of `text` that are left out: start, end, reason, as `read_articles` gives them.
    `passages` are the stretches that describe a model, as `passage_spans` gives them: start, end, model; a mention is
    of the one that it begins in.
    """
    rows = []
    said_above = False
    for stretch in plain_paragraphs(text, boilerplate):
        paragraph = _read(stretch.plain.text, said_above=said_above)
        said_above = paragraph.speaks_of_publicity
        for mention in _mentions(paragraph):
            start, end = stretch.span(mention.start, mention.end)
            rows.append({
                "doc_id": doc_id, "para": stretch.para, "char_start": start, "char_end": end, "word": mention.word,
                "channel": mention.channel, "passage": passage_at(passages, start),
            })
    return rows


# -- a paragraph and what it says ------------------------------------------------------------------------------------


class _Carrier(NamedTuple):
    """A word of the table of channels in a paragraph, a mention or not."""

    start: int
    end: int
    word: str
    channel: str
    is_weak: bool

    @property
    def is_venue(self) -> bool:
        return self.word in _venues()

    @property
    def is_medium(self) -> bool:
        return channel_groups().get(self.channel) in _CARRY_ANYTHING


class _Evidence(NamedTuple):
    """A word that speaks of publicity: for the channels that it names, and for all where it names none."""

    start: int
    end: int
    signal: str
    channels: frozenset[str]


@dataclass(frozen=True)
class _Paragraph:
    """The text of a `PlainText`, its carriers and its evidence, in order; and whether the one above is of publicity."""

    text: str
    carriers: Sequence[_Carrier]
    evidence: Sequence[_Evidence]
    said_above: bool

    @property
    def speaks_of_publicity(self) -> bool:
        return any(evidence.signal == _PUBLICITY for evidence in self.evidence)

    def evidence_in(self, span: Span) -> Sequence[_Evidence]:
        first = bisect_left(self.evidence, span[0], key=_start)
        return self.evidence[first:bisect_left(self.evidence, span[1], first, key=_start)]

    def carriers_in(self, span: Span) -> Sequence[_Carrier]:
        first = bisect_left(self.carriers, span[0], key=_start)
        return self.carriers[first:bisect_left(self.carriers, span[1], first, key=_start)]


def _read(text: str, *, said_above: bool) -> _Paragraph:
    carriers = [
        _Carrier(entry.end - len(entry.word), entry.end, entry.word, entry.value, entry.strength == WEAK)
        for entry in _carrier_words().find(text) if entry.value
    ]
    evidence = [
        _Evidence(entry.end - len(entry.word), entry.end, entry.strength, frozenset(entry.value.split()))
        for entry in _evidence_words().find(text) if entry.strength != _NO_PUBLICITY
    ]
    return _Paragraph(text, carriers, evidence, said_above)


def _mentions(paragraph: _Paragraph) -> Iterator[_Carrier]:
    if not paragraph.carriers:
        return
    in_publicity = paragraph.said_above or paragraph.speaks_of_publicity
    for sentence in _SENTENCE.finditer(paragraph.text):
        carriers = paragraph.carriers_in(sentence.span())
        if carriers:
            yield from _Sentence(paragraph, sentence.span(), carriers, in_publicity=in_publicity).mentions()


# -- a sentence, and which of its carriers are mentions --------------------------------------------------------------


class _Sentence:
    """A sentence with words of the table of channels; `in_publicity`: its surroundings are about publicity."""

    def __init__(
        self, paragraph: _Paragraph, span: Span, carriers: Sequence[_Carrier], *, in_publicity: bool
    ) -> None:
        self._paragraph, self._span, self._carriers, self._in_publicity = paragraph, span, carriers, in_publicity
        self._clauses = [clause.span() for clause in _CLAUSE.finditer(paragraph.text, *span)]

    def mentions(self) -> list[_Carrier]:
        possible = [carrier for carrier in self._carriers if not self._is_excluded(carrier)]
        found = {carrier for carrier in possible if self._is_mention(carrier)}
        for carrier in (*possible, *reversed(possible)):
            if self._is_listed(carrier, found):
                found.add(carrier)
        return [carrier for carrier in possible if carrier in found]

    def _is_excluded(self, carrier: _Carrier) -> bool:
        """Whether the word stands in a list of places, or in a story of a crime or of private messages."""
        first, last = self._clause(carrier)
        if _list_of_places().match(self._paragraph.text, carrier.end, last):
            return True
        if _says("private", self._text(first, carrier.start)):
            return True
        before = self._text(self._span[0], carrier.start)
        is_story = _says("private", before) or (carrier.is_medium and says("person_story", before))
        return is_story and not self._is_about_publicity((first, last))

    def _is_mention(self, carrier: _Carrier) -> bool:
        """A weak word is one where nothing stronger stands in its clause, or an act governs it."""
        clause = self._clause(carrier)
        if not carrier.is_weak:
            return self._is_used(carrier, clause) or self._is_used_beside(carrier, clause)
        if all(other.is_weak for other in self._paragraph.carriers_in(clause)):
            return self._is_used(carrier, clause)
        return self._is_governed(carrier, clause)

    def _is_used(self, carrier: _Carrier, clause: Span) -> bool:
        """Whether the clause says that publicity is made with the carrier."""
        if not carrier.is_venue:
            return any(self._speaks_for(evidence, carrier) for evidence in self._paragraph.evidence_in(clause))
        if any(self._is_act_of(evidence, carrier) for evidence in self._paragraph.evidence_in(clause)):
            return True
        return self._is_about_publicity(clause) and self._is_entered(carrier)

    def _is_used_beside(self, carrier: _Carrier, clause: Span) -> bool:
        """Whether the sentence says so elsewhere: of a medium, where it is called a means, in the next clause."""
        if carrier.is_venue or (carrier.is_medium and not _says("means", self._text(*clause))):
            return False
        if not carrier.is_medium and self._is_about_publicity(self._span):
            return True
        return any(self._is_used(carrier, beside) for beside in self._beside(clause))

    def _is_entered(self, carrier: _Carrier) -> bool:
        """Whether a verb of going there stands before the place, and the place in no list."""
        before = self._text(max(self._span[0], carrier.start - _ENTERED_WITHIN), carrier.start)
        return "、" not in before and self._text(carrier.end, carrier.end + 1) != "、" and _says("enter", before)

    def _is_governed(self, carrier: _Carrier, clause: Span) -> bool:
        """Whether the carrier is a thing that an act of its channel governs, with no other carrier between them."""
        before = self._paragraph.evidence_in((clause[0], carrier.start))
        others = self._paragraph.carriers_in((clause[0], carrier.start))
        if not before or carrier.is_medium or (others and others[-1].end > before[-1].start):
            return False
        return self._is_act_of(before[-1], carrier)

    def _is_listed(self, carrier: _Carrier, found: Iterable[_Carrier]) -> bool:
        """Whether a weak word is a member of a list, beside a mention."""
        if not carrier.is_weak or carrier.is_venue or carrier.word in verbs():
            return False
        pairs = (sorted((carrier, other)) for other in found)
        return any(_JOINED.fullmatch(self._paragraph.text, one.end, other.start) for one, other in pairs)

    def _speaks_for(self, evidence: _Evidence, carrier: _Carrier) -> bool:
        """Whether a word says that publicity is made with a carrier; airing does of strong words, in such a context."""
        if evidence.channels and carrier.channel not in evidence.channels:
            return False
        if evidence.signal == _PUBLICITY:
            return True
        is_said = evidence.signal == _ACT or (self._in_publicity and not carrier.is_weak)
        return is_said and not _is_in(carrier, evidence)

    def _is_act_of(self, evidence: _Evidence, carrier: _Carrier) -> bool:
        """Whether a word is an act of the carrier's channel by name."""
        return evidence.signal == _ACT and carrier.channel in evidence.channels

    def _is_about_publicity(self, span: Span) -> bool:
        return any(evidence.signal == _PUBLICITY for evidence in self._paragraph.evidence_in(span))

    def _text(self, start: int, end: int) -> str:
        return self._paragraph.text[start:end]

    def _clause(self, carrier: _Carrier) -> Span:
        return next(span for span in self._clauses if carrier.start < span[1])

    def _beside(self, clause: Span) -> list[Span]:
        at = self._clauses.index(clause)
        return self._clauses[max(0, at - 1):at] + self._clauses[at + 1:at + 2]


def _is_in(carrier: _Carrier, evidence: _Evidence) -> bool:
    """Whether the evidence is the carrier's own word (张贴, 喊话) or is around it."""
    return evidence.start <= carrier.start and carrier.end <= evidence.end


# -- the words -------------------------------------------------------------------------------------------------------


@cache
def _signals() -> tuple[dict[str, str], ...]:
    return tuple(read_rows("channel_signals", columns=["word", "signal", "channels"]))


def _words_of(signal: str) -> list[str]:
    return [row["word"] for row in _signals() if row["signal"] == signal]


@cache
def _carrier_words() -> Matcher:
    """Return the words of the table of channels; those that hold one without its sense stand for no channel."""
    rows = read_rows("channels", columns=["word", "channel", "strength"])
    carriers = [(row["word"], row["channel"], row["strength"]) for row in rows]
    return Matcher([*carriers, *((word, "", "") for word in _words_of("no_carrier"))])


@cache
def _evidence_words() -> Matcher:
    """Return the words that speak of publicity, with their channels and, as their strength, their signal."""
    outreach = [
        (row["word"], "", _ACT) for row in indicator_rows()
        if row["role"] == "verb" and row["category"] == "outreach_output" and row["strength"] != WEAK
    ]
    kinds = (_PUBLICITY, _ACT, _AIRING, _NO_PUBLICITY)
    own = [(row["word"], row["channels"], row["signal"]) for row in _signals() if row["signal"] in kinds]
    return Matcher([*outreach, *own])


@cache
def _venues() -> frozenset[str]:
    return frozenset(_words_of("venue"))


@cache
def _pattern(signal: str) -> re.Pattern[str]:
    return re.compile(one_of(_words_of(signal)))


def _says(signal: str, text: str) -> bool:
    return _pattern(signal).search(text) is not None


@cache
def _list_of_places() -> re.Pattern[str]:
    """Return an expression for the rest of a list behind a member, if it is said to be of places (、医院等场所)."""
    return re.compile(f"(?:、[^,:、]{{1,12}})*等(?:[^,:、]{{0,8}}?(?:{one_of(_words_of('place_noun'))})|[地处])")
