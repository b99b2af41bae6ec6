"""Whether a metric adds up over time and whether it is a goal (rules C1 to C4 and V3 of the coding conventions)."""

from __future__ import annotations

from ..numerals import Quantity
from .classes import Classes
from .clauses import clause_before
from .passage import Sentence
from .tables import signal_pattern

_EVENTS = frozenset({"outreach_output", "outreach_reach", "meetings_training", "enforcement", "mediation_service", "finance"})
_ADDING_KINDS = frozenset({"count", "money"})


class Standing:
    """The marks of adding up (累计, 共, …以来) that are in force while a paragraph is read in order."""

    def __init__(self) -> None:
        self._sentence_mark = False
        self._since = False

    def begin(self, sentence: Sentence) -> None:
        """Note that a sentence begins: marks of the one before end, except …以来 until the next time word (C4)."""
        self._sentence_mark = False
        if sentence.periods:
            self._since = False
        self._sentence = sentence

    def is_cumulative(self, text: str, quantity: Quantity, classes: Classes) -> bool:
        """Whether `quantity` adds up; to be asked in the order of the text."""
        if classes.kind not in _ADDING_KINDS:
            return False
        clause = clause_before(text, self._sentence, quantity)
        marked = signal_pattern("cumulative").is_in(clause) or self._since_in(quantity.start - len(clause), quantity)
        self._sentence_mark |= marked
        self._since |= self._since_in(self._sentence.start, quantity)
        return marked or (classes.category in _EVENTS and (self._sentence_mark or self._since))

    def _since_in(self, start: int, quantity: Quantity) -> bool:
        before = [p for p in self._sentence.periods if p.end <= quantity.start]
        return bool(before) and before[-1].role == "since" and before[-1].start >= start


def is_target(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """Whether the words before `quantity` in its clause make it a goal."""
    clause = clause_before(text, sentence, quantity)
    return signal_pattern("target").is_in(clause) or any(
        p.role == "deadline" and quantity.start - len(clause) <= p.start < quantity.start for p in sentence.periods
    )
