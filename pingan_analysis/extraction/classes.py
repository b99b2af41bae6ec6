"""Kind, category, channel and direction of a metric, from its wording and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..numerals import Quantity
from .tables import LEADING, WEAK, Entry, channels, indicators, signal_pattern, signals
from .wording import RATIO_UNITS, Wording, is_rank

_WITHOUT_NOUN = frozenset({"verb_quantity", "earlier_clause", "as_before"})
_PERSONS, _FINANCE, _BACKGROUND = "organisation", "finance", "other"
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
    verbs = [*indicators("verb").find(wording.verb), *_verb_at_end(wording.noun)]
    units = [entry for entry in indicators("unit").find(quantity.unit) if entry.word == quantity.unit]
    if kind == "money":
        return _category_of_money(wording, nouns, verbs, before)
    head = nouns[0] if nouns and nouns[0].end == len(wording.noun) else None
    if not verbs and _is_background(head, wording.noun):
        return _BACKGROUND
    names_posts = head is not None and head.value == _PERSONS
    names_people = names_posts and wording.noun.endswith(tuple(signals("person_ending")))
    if names_people and quantity.unit in signals("event_unit"):
        return _category_of_occasion(verbs, contexts)
    leading = [entry for entry in verbs if entry.strength == LEADING]
    verbs_first = names_people or (head is not None and head.strength == WEAK)
    decisive = [*leading, *(_strong(verbs) if verbs_first else ()), *nouns[:names_posts], *_strong(nouns),
                *_strong(verbs), *_strong(units)]
    if not decisive and before and (kind in _RELATIVE or wording.rule in _WITHOUT_NOUN):
        return before.category
    for context in contexts:
        if decisive:
            break
        decisive = _strong([*indicators("noun").find(context), *indicators("verb").find(context)])[::-1]
    return next((entry.value for entry in [*decisive, *nouns, *verbs, *units]), _BACKGROUND)


def _category_of_occasion(verbs: Sequence[Entry], contexts: Iterable[str]) -> str:
    """People counted by occasions (干部482人次) are of what they came to."""
    found = _strong(verbs)
    if any(entry.value == _PERSONS for entry in found):
        return _PERSONS
    for context in contexts:
        found += _strong([*indicators("noun").find(context), *indicators("verb").find(context)])[::-1]
    return next((entry.value for entry in found if entry.value != _PERSONS), _PERSONS)


def _category_of_money(wording: Wording, nouns: Sequence[Entry], verbs: Sequence[Entry], before: Classes | None) -> str:
    """Money is of finance, unless it is what cases or disputes are about."""
    if before and wording.noun in signals("sum_involved") and not any(entry.value in _OF_MONEY for entry in verbs):
        return before.category
    if nouns and nouns[0].value == _FINANCE and nouns[0].word not in signals("sum_involved"):
        return _FINANCE
    return next((entry.value for entry in [*_strong(verbs), *_strong(nouns)] if entry.value in _OF_MONEY), _FINANCE)


def _verb_at_end(noun: str) -> list[Entry]:
    return [entry for entry in indicators("verb").find(noun) if entry.end == len(noun)]


def _is_background(head: Entry | None, noun: str) -> bool:
    """Whether places or people are counted with whom nothing is done (11个村, 居民4683户)."""
    if head is None or head.strength != WEAK:
        return False
    return head.value == _BACKGROUND or (head.value == "outreach_reach" and head.word == noun)


def _channel(wording: Wording, category: str, contexts: Sequence[str]) -> str:
    """Return the carrier that the wording names, else the clause, else, where the clause has no noun of its own, the
    sentence, strong words before weak ones; "none" where they name none."""
    if not category.startswith("outreach"):
        return "none"
    clause, sentence, _ = contexts
    texts = (wording.noun, clause, sentence if wording.rule in _WITHOUT_NOUN else "")
    found = [entry for text in texts for entry in channels().find(text)[::-1]]
    return next((entry.value for entry in [*_strong(found), *found]), "none")


def _strong(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.strength != WEAK]
