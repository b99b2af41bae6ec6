"""What the text before an expression settles: the dates named in its paragraph, and whether its clause looks ahead."""

from __future__ import annotations

import re
from datetime import date

from .calendar import Days
from .patterns import future

_CLAUSE_END = re.compile("[,;:。!?\n…、]")
_SENTENCE_END = re.compile("[。!?\n…]")
_LOOKS_AHEAD = re.compile("下一步|下一阶段|接下来|今后|未来|届时")
_REACH = 40
"""Characters that are looked at on either side: the work on a text without punctuation stays bounded."""


class Context:
    """Dates named so far in the paragraph and the sentence of the position that the reader has come to."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._forget_paragraph()

    def _forget_paragraph(self) -> None:
        self.last_year: int | None = None
        self.last_month: tuple[int, int] | None = None
        self.last_day: date | None = None
        self.last_days: Days | None = None
        self._forget_sentence()

    def _forget_sentence(self) -> None:
        self.sentence_year: int | None = None
        self.sentence_year_is_stated = False
        self.sentence_month: tuple[int, int] | None = None

    def advance(self, position: int) -> None:
        """Move on to `position`, leaving sentences and paragraphs that end before it."""
        if self._text.find("\n", self._at, position) >= 0:
            self._forget_paragraph()
        elif _SENTENCE_END.search(self._text, self._at, position):
            self._forget_sentence()
        self._at = position

    def note(self, days: Days, *, names_year: bool, stated: bool) -> None:
        """Remember days that the text has named; `names_year`: later months of the sentence are of that year."""
        first, last = days
        self.last_days = days
        if first.year != last.year:
            return
        self.last_year = first.year
        if names_year:
            self.sentence_year, self.sentence_year_is_stated = first.year, stated
        if first.month == last.month:
            self.last_month = self.sentence_month = (first.year, first.month)
        if first == last:
            self.last_day = first

    def note_observance(self, days: Days) -> None:
        """Remember a day that an event is named for: later days of the sentence are not of its month."""
        self.last_day, self.last_year = days.first, days.first.year

    def looks_ahead(self, start: int, end: int) -> bool:
        """Tell whether the clause around a span, or the one that it heads, speaks of what is to come."""
        left = self._text[max(0, start - _REACH):start]
        sentence = _SENTENCE_END.split(left)[-1]
        return bool(future().search(self.clause(start, end)) or _LOOKS_AHEAD.search(sentence))

    def clause(self, start: int, end: int) -> str:
        """Return the clause around a span; where the span heads a sentence, the one behind it as well."""
        left = _CLAUSE_END.split(self._text[max(0, start - _REACH):start])[-1]
        right = self._text[end:end + _REACH]
        stop = _CLAUSE_END.search(right, right[:1] == ",")
        return left + self._text[start:end] + (right[:stop.start()] if stop else right)
