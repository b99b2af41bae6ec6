"""Kind, category, channel and direction of a metric, from its wording and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..numerals import Quantity
from .tables import LEADING, WEAK, Entry, channels, indicators, signal_pattern, signals
from .wording import RATIO_UNITS, Wording, is_rank

_WITHOUT_NOUN = frozenset({"verb_quantity", "earlier_clause", "as_before"})
_PERSONS = "organisation"
_OF_MONEY = frozenset({"enforcement", "mediation_service"})
_RELATIVE = frozenset({"ratio", "change"})
_RANKED = frozenset({"rank", "streak"})


class Classes(NamedTuple):
    """The columns of a metric that sort it."""

    kind: str
    category: str
    channel: str


def classes_of(quantity: Quantity, wording: Wording, contexts: Sequence[str], before: Classes | None) -> Classes:
    """Return kind, category and channel; `contexts` are clause, sentence and heading, the nearest first; `before` is
    what the metric before in the sentence was of."""
    kind = kind_of(quantity, wording, contexts[0])
    category = _category(quantity, wording, kind, contexts, before)
    return Classes(kind, category, _channel(wording, category, contexts))


def kind_of(quantity: Quantity, wording: Wording, clause: str) -> str:
    """Return the kind of a quantity: change, ratio, rank, streak, money, duration, length or count."""
    if wording.direction or quantity.unit == "百分点":
        return "change"
    if quantity.unit in RATIO_UNITS:
        return "ratio"
    if is_rank(quantity):
        return "rank"
    if quantity.ordinal or (quantity.unit in signals("duration") and signal_pattern("streak").is_in(clause)):
        return "streak"
    return next((kind for kind in ("streak", "money", "duration", "length") if quantity.unit in signals(kind)), "count")


def _category(
    quantity: Quantity, wording: Wording, kind: str, contexts: Iterable[str], before: Classes | None
) -> str:
    """A leading verb decides, then the head of the noun phrase if it names people or posts, then strong words of noun,
    verb and unit; failing these what the quantity before was of, if this one goes on with it; then the words around."""
    if kind in _RANKED:
        return "evaluation"
    nouns = list(indicators("noun").find(wording.noun))[::-1]
    verbs = list(indicators("verb").find(wording.verb))
    units = [entry for entry in indicators("unit").find(quantity.unit) if entry.word == quantity.unit]
    is_of_people = bool(nouns) and nouns[0].end == len(wording.noun) and nouns[0].value == _PERSONS
    if is_of_people and quantity.unit in signals("event_unit"):
        nouns, is_of_people = [], False
    leading = [entry for entry in verbs if entry.strength == LEADING and kind != "money"]
    decisive = [*leading, *(_strong(verbs) if is_of_people else ()), *nouns[:is_of_people], *_strong(nouns),
                *_strong(verbs), *_strong(units)]
    if kind == "money" and not any(entry.value in _OF_MONEY for entry in decisive):
        return before.category if before and wording.noun in signals("sum_involved") else "finance"
    if not decisive and before and (kind in _RELATIVE or wording.rule in _WITHOUT_NOUN):
        return before.category
    for context in contexts:
        if decisive:
            break
        decisive = _strong([*indicators("noun").find(context), *indicators("verb").find(context)])[::-1]
    return next((entry.value for entry in [*decisive, *nouns, *verbs, *units]), "other")


def _channel(wording: Wording, category: str, contexts: Sequence[str]) -> str:
    """Return the carrier that the wording names, else the clause, else, where the clause has no noun of its own, the
    sentence; "none" where they name none."""
    if not category.startswith("outreach"):
        return "none"
    clause, sentence, _ = contexts
    for text in (wording.noun, clause, sentence if wording.rule in _WITHOUT_NOUN else ""):
        found = list(channels().find(text))[::-1]
        if found:
            return (_strong(found) or found)[0].value
    return "none"


def _strong(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.strength != WEAK]
