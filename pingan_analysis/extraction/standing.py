"""Whether a metric adds up over time and whether it is a goal (rules C1 to C4 and V3 of the coding conventions)."""

from __future__ import annotations

from ..numerals import Quantity
from ..schema import FLOW_CATEGORIES
from .classes import Classes
from .clauses import clause_after, clause_before
from .passage import Sentence
from .tables import signal_pattern, signals
from .wording import Wording

_ADDING_KINDS = frozenset({"count", "money", "duration", "length"})


class Standing:
    """The marks of adding up (累计, 共, …以来) that are in force while a paragraph is read in order."""

    def __init__(self) -> None:
        self._marked = self._since = False

    def begin(self, sentence: Sentence) -> None:
        """Note that a sentence begins: marks of the one before end, except …以来 until the next time word (C4)."""
        self._sentence = sentence
        self._marked = False
        if sentence.periods:
            self._since = False

    def is_cumulative(self, text: str, quantity: Quantity, wording: Wording, classes: Classes) -> bool:
        """Whether `quantity` adds up; to be asked in the order of the text."""
        if classes.kind not in _ADDING_KINDS:
            return False
        clause = clause_before(text, self._sentence, quantity)
        in_clause = signal_pattern("cumulative").is_in(clause) or self._since_begins_in(
            quantity.start - len(clause), quantity
        )
        self._marked |= in_clause
        self._since |= self._since_begins_in(self._sentence.start, quantity)
        if signal_pattern("remaining").is_in(clause) or signal_pattern("average").is_in(clause):
            return False
        return in_clause or (_is_event(quantity, wording, classes) and (self._marked or self._since))

    def _since_begins_in(self, start: int, quantity: Quantity) -> bool:
        before = [period for period in self._sentence.periods if period.end <= quantity.start]
        return bool(before) and before[-1].role == "since" and before[-1].start >= start


def _is_event(quantity: Quantity, wording: Wording, classes: Classes) -> bool:
    """Whether what is counted happens (C3 sets stocks apart): by its category, its verb or its measure word."""
    if wording.verb in signals("stock_verb") or wording.noun.endswith(tuple(signals("stock_noun"))):
        return False
    return classes.category in FLOW_CATEGORIES or bool(wording.verb) or quantity.unit in signals("event_unit")


def is_target(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """Whether the words around `quantity` make it a goal or a norm."""
    clause = clause_before(text, sentence, quantity)
    before = [period for period in sentence.periods if period.end <= quantity.start]
    return (
        signal_pattern("target").is_in(clause)
        or signal_pattern("intention").is_in(text[sentence.start:quantity.start])
        or signal_pattern("task").is_in(clause_after(text, sentence, quantity))
        or quantity.text.startswith(tuple(signals("norm")))
        or (bool(before) and before[-1].role == "deadline")
    )
