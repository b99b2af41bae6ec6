"""Whether a metric adds up over time and whether it is a goal (rules C1 to C4 and V3 of the coding conventions)."""

from __future__ import annotations

from ..numerals import Quantity
from ..schema import FLOW_CATEGORIES
from .classes import Classes
from .clauses import clause_after, clause_before
from .passage import Sentence
from .tables import says, words_of
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
        in_clause = says("cumulative", clause) or self._since_begins_in(quantity.start - len(clause), quantity)
        self._marked |= in_clause
        self._since |= self._since_begins_in(self._sentence.start, quantity)
        if says("remaining", clause) or says("average", clause):
            return False
        return in_clause or (_is_event(quantity, wording, classes) and (self._marked or self._since))

    def _since_begins_in(self, start: int, quantity: Quantity) -> bool:
        period = self._sentence.period_before(quantity)
        return period is not None and period.role == "since" and period.start >= start


def _is_event(quantity: Quantity, wording: Wording, classes: Classes) -> bool:
    """Whether what is counted happens (C3 sets stocks apart): by its category, its verb or its measure word."""
    if wording.verb in words_of("stock_verb") or wording.noun.endswith(tuple(words_of("stock_noun"))):
        return False
    return classes.category in FLOW_CATEGORIES or bool(wording.verb) or quantity.unit in words_of("event_unit")


def is_target(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """Whether the words around `quantity` make it a goal or a norm."""
    clause = clause_before(text, sentence, quantity)
    period = sentence.period_before(quantity)
    return (
        says("target", clause)
        or says("intention", text[sentence.start:quantity.start])
        or says("task", clause_after(text, sentence, quantity))
        or quantity.text.startswith(tuple(words_of("norm")))
        or (period is not None and period.role == "deadline")
    )
