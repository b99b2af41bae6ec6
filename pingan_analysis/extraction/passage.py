"""A paragraph as the rules of extraction see it: sentences of tokens, among them the quantities and the periods."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from operator import attrgetter
from typing import NamedTuple, TypeVar

from ..numerals import Quantity, quantities_in
from ..periods import Period, periods_in
from ..segment import Segmenter
from .tables import alternatives, verbs, words_of

QUANTITY, TIME, PUNCTUATION, NAME = "quantity", "time", "punctuation", "name"
_start = attrgetter("start")
_SENTENCE_END = re.compile(r"[。!?\n]+[”’」』)]*|$")
_NAME = re.compile("《[^《》\n]{1,60}》|(?<=“)[^“”,。;:!?\n]{1,12}(?=”)|(?<=「)[^「」,。;:!?\n]{1,12}(?=」)")
_VERB_TAGS = frozenset({"v", "vi", "vg", "vq", "vd"})
_FUNCTION_TAGS = ("p", "c", "u", "d", "r", "y", "t", "q", "m", QUANTITY, PUNCTUATION)
_EXCLAMATION_TAGS = frozenset({"e", "o"})
"""Tags are those of lexicon/part_of_speech.tsv; of the function tags every finer one counts as well (uj, ul)."""
_LONGEST_REST = 4
"""Characters behind a numeral that may belong to the same word (三轮车)."""
_WORDLY = re.compile(r"[^\W_]")
_BEGINNINGS_REMEMBERED = 4096
_LONGEST_SENTENCE = 600
"""Characters: what is longer is no sentence, and is cut, so that work stays in proportion to length."""
Span = TypeVar("Span", Quantity, Period, "Token")


class Token(NamedTuple):
    """A word, a mark, or a whole quantity, period or name in quotation marks; offsets are those of the paragraph."""

    start: int
    end: int
    text: str
    tag: str

    @property
    def is_verb(self) -> bool:
        """Whether it is a verb by its tag, or one that the table of indicators knows."""
        return self.text in verbs() or self.tag in _VERB_TAGS

    @property
    def is_noun(self) -> bool:
        """Whether it can be a part of a noun phrase: whatever is neither a verb nor a word of the grammar."""
        if self.tag in ("vn", "ad"):
            return True
        return not (self.is_verb or self.tag in _EXCLAMATION_TAGS or self.tag.startswith(_FUNCTION_TAGS))


@dataclass(frozen=True, eq=False)
class Sentence:
    """A sentence: its quantities, periods and names in quotation marks, each in order; `text` is the paragraph."""

    text: str
    start: int
    end: int
    quantities: Sequence[Quantity]
    periods: Sequence[Period]
    names: Sequence[Token]

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """The words and marks in order; none where there is no quantity. They are worked out when asked for."""
        if not self.quantities:
            return ()
        whole = [Token(q.start, q.end, q.text, QUANTITY) for q in self.quantities]
        whole += [Token(p.start, p.end, p.text, TIME) for p in self.periods]
        return _tokens(self.text, self.start, self.end, [*whole, *self.names])

    @cached_property
    def positions(self) -> Mapping[int, int]:
        """The index of each quantity's token, by the quantity's start."""
        return {token.start: i for i, token in enumerate(self.tokens) if token.tag == QUANTITY}

    def period_before(self, quantity: Quantity) -> Period | None:
        """Return the last period that ends before `quantity`."""
        return next((period for period in reversed(self.periods) if period.end <= quantity.start), None)


@dataclass(frozen=True)
class Passage:
    """A paragraph in plain form with its sentences."""

    text: str
    sentences: Sequence[Sentence]


def read_passage(text: str, published: date | None, found: Sequence[Quantity] | None = None) -> Passage:
    """Return the paragraph `text`, which is the text of a `PlainText`, as sentences of tokens.

    `found` are its `quantities_in`, where they are known.

    >>> sentence, = read_passage("今年，发放《平安手册》300册。", date(2024, 9, 5)).sentences
    >>> [(token.text, token.tag) for token in sentence.tokens if token.tag in (TIME, NAME, QUANTITY)]
    [('今年', 'time'), ('《平安手册》', 'name'), ('300册', 'quantity')]
    """
    periods = periods_in(text, published)
    found = [q for q in (quantities_in(text) if found is None else found) if not _overlapped(q, periods)]
    names = [n for n in _names(text) if not _overlapped(n, periods) and (n.text[0] == "《" or _holds_number(n, found))]
    quantities = [q for q in found if not _overlapped(q, names)]
    return Passage(text, [
        Sentence(
            text, start, end,
            _within(quantities, start, end), _within(periods, start, end), _within(names, start, end),
        )
        for start, end in _sentence_spans(text)
    ])


def _names(text: str) -> list[Token]:
    return [Token(m.start(), m.end(), m[0], NAME) for m in _NAME.finditer(text)]


def _holds_number(name: Token, quantities: Sequence[Quantity]) -> bool:
    """Whether there is a number in the name, other than a row of wins (“十二连冠”), which is a result."""
    first = max(0, bisect_left(quantities, name.start, key=_start) - 1)
    last = bisect_left(quantities, name.end, key=_start)
    return any(q.end > name.start and q.unit not in words_of("streak") for q in quantities[first:last])


def _within(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    first = bisect_left(spans, start, key=_start)
    return spans[first:bisect_left(spans, end, first, key=_start)]


def _overlapped(span: Quantity | Token, others: Sequence[Quantity | Period | Token]) -> bool:
    following = bisect_left(others, span.end, key=_start)
    return following > 0 and others[following - 1].end > span.start


def _sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        while match.end() - start > _LONGEST_SENTENCE:
            cut = max((text.rfind(mark, start, start + _LONGEST_SENTENCE) for mark in ",;、"), default=-1) + 1
            end = cut if cut > start else start + _LONGEST_SENTENCE
            yield start, end
            start = end
        if match.end() > start:
            yield start, match.end()
        start = match.end()


def _tokens(text: str, start: int, end: int, whole: list[Token]) -> Sequence[Token]:
    """Return the tokens from `start` to `end`: `whole` ones as they are, and the words between them."""
    tokens: list[Token] = []
    for token in sorted(whole):
        copula = _copula().search(text, start, token.start) if token.tag == QUANTITY else None
        if copula:
            tokens += [*_words(text, start, copula.start()), Token(*copula.span(), copula[0], "v")]
        else:
            tokens += _words(text, start, token.start)
        tokens.append(token)
        start = token.end
    return (*tokens, *_words(text, start, end))


def _words(text: str, start: int, end: int) -> list[Token]:
    """Return the words and marks from `start` to `end`; no word is without a letter, character or figure."""
    if not _WORDLY.search(text, start, end):
        return _marks(text, start, end)
    tokens: list[Token] = []
    position = start
    for word in _segmenter().words(text[start:end]):
        first = start + word.start
        if position < first:
            tokens += _marks(text, position, first)
        position = start + word.end
        tokens.append(Token(first, position, word.term, word.pos))
    return tokens + _marks(text, position, end)


def ends_a_word(text: str, start: int, end: int) -> bool:
    """Whether a word ends at `end` when the text is cut into words from `start` on.

    >>> ends_a_word("三轮车", 0, 2), ends_a_word("三辆警车", 0, 2)
    (False, True)
    """
    return end - start in _ends_of_words(text[start:end + _LONGEST_REST])


@lru_cache(maxsize=_BEGINNINGS_REMEMBERED)
def _ends_of_words(text: str) -> frozenset[int]:
    return frozenset(word.end for word in _segmenter().words(text))


def _marks(text: str, start: int, end: int) -> list[Token]:
    return [Token(i, i + 1, text[i], PUNCTUATION) for i in range(start, end) if not text[i].isspace()]


@cache
def _copula() -> re.Pattern[str]:
    return re.compile(f"{alternatives('closing_copula')}$")


@cache
def _segmenter() -> Segmenter:
    return Segmenter()
