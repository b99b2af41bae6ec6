"""Whether a metric adds up over time and whether it is a goal (rules C1 to C4 and V3 of the coding conventions)."""

from __future__ import annotations

from ..numerals import Quantity
from ..periods import Period
from ..schema import FLOW_CATEGORIES
from .classes import Classes
from .clauses import clause_after, clause_before
from .passage import Sentence
from .tables import listed, says, words_of
from .wording import Wording

_ADDING_KINDS = frozenset({"count", "money", "duration", "length"})


class Standing:
    """The marks of adding up (累计, 共, …以来) that are in force while a paragraph is read in order."""

    def __init__(self) -> None:
        self._marked = self._since = False

    def begin(self, sentence: Sentence) -> None:
        """Note that a sentence begins: marks of the one before end, except …以来 until the next time word (C4)."""
        self._marked = False
        if sentence.periods:
            self._since = False

    def is_cumulative(
        self, text: str, sentence: Sentence, quantity: Quantity, wording: Wording, classes: Classes
    ) -> bool:
        """Whether `quantity` adds up; to be asked in the order of the text."""
        if classes.kind not in _ADDING_KINDS:
            return False
        clause = clause_before(text, sentence, quantity)
        since = _since_before(sentence, quantity)
        in_clause = says("cumulative", clause) or (since is not None and since.start >= quantity.start - len(clause))
        self._marked |= in_clause
        self._since |= since is not None
        if says("remaining", clause) or says("average", clause):
            return False
        return in_clause or (_is_event(quantity, wording, classes) and (self._marked or self._since))


def _since_before(sentence: Sentence, quantity: Quantity) -> Period | None:
    """Return the period before `quantity` in its sentence if that is one of …以来."""
    period = sentence.period_before(quantity)
    return period if period and period.role == "since" else None


def _is_event(quantity: Quantity, wording: Wording, classes: Classes) -> bool:
    """Whether what is counted happens (C3 sets stocks apart): by its category, its verb or its measure word."""
    if wording.verb in words_of("stock_verb") or wording.noun.endswith(listed("stock_noun")):
        return False
    return classes.category in FLOW_CATEGORIES or bool(wording.verb) or quantity.unit in words_of("event_unit")


def is_target(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """Whether the words around `quantity` make it a goal or a norm.

    >>> from pingan_analysis.extraction.passage import read_passage
    >>> text = "建成岗亭30个,年底前再建20个。"
    >>> sentence, = read_passage(text, None).sentences
    >>> [is_target(text, sentence, quantity) for quantity in sentence.quantities]
    [False, True]
    """
    clause = clause_before(text, sentence, quantity)
    period = sentence.period_before(quantity)
    return (
        says("target", clause)
        or says("intention", text[sentence.start:quantity.start])
        or says("task", clause_after(text, sentence, quantity))
        or quantity.text.startswith(listed("norm"))
        or (period is not None and period.role == "deadline")
    )
