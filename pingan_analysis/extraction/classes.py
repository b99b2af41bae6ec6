"""Kind, category and channel of a metric, from its wording and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..numerals import Quantity
from .tables import LEADING, WEAK, Entry, channels, indicators, listed, says, words_of
from .wording import RATIO_UNITS, Wording, is_rank

_WITHOUT_NOUN = frozenset({"verb_quantity", "earlier_clause", "as_before"})
"""Rules of wording by which a quantity has no noun of its own in its clause."""
_PERSONS, _REACH, _FINANCE, _EVALUATION, _BACKGROUND = (
    "organisation", "outreach_reach", "finance", "evaluation", "other",
)
_OF_MONEY = frozenset({"enforcement", "mediation_service"})
_RELATIVE = frozenset({"ratio", "change"})
_RANKED = frozenset({"rank", "streak"})
_KINDS_BY_UNIT = ("streak", "money", "duration", "length")


class Classes(NamedTuple):
    """The columns of a metric that sort it."""

    kind: str
    category: str
    channel: str


class _Known(NamedTuple):
    """What the table of indicators has of a wording: nouns from the last on, and the one that ends the phrase."""

    nouns: Sequence[Entry]
    head: Entry | None
    verbs: Sequence[Entry]
    units: Sequence[Entry]


def classes_of(quantity: Quantity, wording: Wording, contexts: Sequence[str], before: Classes | None) -> Classes:
    """Return the classes of a metric; `before` are those of the metric before it in the sentence.

    `contexts` are its clause, its sentence and the heading above, the nearest first.
    """
    kind = _kind(quantity, wording, contexts[0])
    category = _category(quantity, wording, kind, contexts, before)
    return Classes(kind, category, _channel(wording, category, contexts))


def _kind(quantity: Quantity, wording: Wording, clause: str) -> str:
    if wording.direction or quantity.unit == "百分点":
        return "change"
    if quantity.unit in RATIO_UNITS:
        return "ratio"
    if is_rank(quantity):
        return "rank"
    if quantity.ordinal or (quantity.unit in words_of("duration") and says("streak", clause)):
        return "streak"
    return next((kind for kind in _KINDS_BY_UNIT if quantity.unit in words_of(kind)), "count")


def _category(
    quantity: Quantity, wording: Wording, kind: str, contexts: Sequence[str], before: Classes | None
) -> str:
    """Words of the wording decide, then the quantity before if this one goes on with it, then the words around."""
    if kind in _RANKED:
        return _EVALUATION
    known = _known(quantity, wording)
    if kind == "money":
        return _category_of_money(wording, known, before)
    if not known.verbs and _is_background(known.head, wording.noun):
        return _BACKGROUND
    names_people = _names_posts(known.head) and wording.noun.endswith(listed("person_ending"))
    if names_people and quantity.unit in words_of("event_unit"):
        return _category_of_occasion(known.verbs, contexts)
    decisive = _decisive(known, names_people=names_people)
    if not decisive and before and (kind in _RELATIVE or wording.rule in _WITHOUT_NOUN):
        return before.category
    decisive = decisive or next(filter(None, map(_strong_last_first, contexts)), [])
    return next((entry.value for entry in [*decisive, *known.nouns, *known.verbs, *known.units]), _BACKGROUND)


def _known(quantity: Quantity, wording: Wording) -> _Known:
    nouns = indicators("noun").find(wording.noun)[::-1]
    verbs = indicators("verb").find(wording.verb) + _verb_at_end(wording.noun)
    units = [entry for entry in indicators("unit").find(quantity.unit) if entry.word == quantity.unit]
    return _Known(nouns, nouns[0] if nouns and nouns[0].end == len(wording.noun) else None, verbs, units)


def _decisive(known: _Known, *, names_people: bool) -> list[Entry]:
    """Return the words that decide, the first of them first: a leading verb, strong verbs where the noun names people
    or is weak, the head of the noun phrase if it names posts, then strong nouns, verbs and units."""
    leading = [entry for entry in known.verbs if entry.strength == LEADING]
    verbs_first = names_people or (known.head is not None and known.head.strength == WEAK)
    posts = known.nouns[:1] if _names_posts(known.head) else ()
    return [
        *leading, *(_strong(known.verbs) if verbs_first else ()), *posts,
        *_strong(known.nouns), *_strong(known.verbs), *_strong(known.units),
    ]


def _names_posts(head: Entry | None) -> bool:
    return head is not None and head.value == _PERSONS


def _category_of_occasion(verbs: Sequence[Entry], contexts: Sequence[str]) -> str:
    """People counted by occasions (干部482人次) are of what they came to."""
    governing = _strong(verbs)
    if any(entry.value == _PERSONS for entry in governing):
        return _PERSONS
    around = [entry for context in contexts for entry in _strong_last_first(context)]
    return next((entry.value for entry in [*governing, *around] if entry.value != _PERSONS), _PERSONS)


def _category_of_money(wording: Wording, known: _Known, before: Classes | None) -> str:
    """Money is of finance, unless it is what cases or disputes are about."""
    if before and wording.noun in words_of("sum_involved") and not any(e.value in _OF_MONEY for e in known.verbs):
        return before.category
    last = known.nouns[0] if known.nouns else None
    if last and last.value == _FINANCE and last.word not in words_of("sum_involved"):
        return _FINANCE
    strong = [*_strong(known.verbs), *_strong(known.nouns)]
    return next((entry.value for entry in strong if entry.value in _OF_MONEY), _FINANCE)


def _verb_at_end(noun: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in indicators("verb").find(noun) if entry.end == len(noun))


def _strong_last_first(context: str) -> list[Entry]:
    return _strong([*indicators("noun").find(context), *indicators("verb").find(context)])[::-1]


def _is_background(head: Entry | None, noun: str) -> bool:
    """Whether places or people are counted with whom nothing is done (11个村, 居民4683户)."""
    if head is None or head.strength != WEAK:
        return False
    return head.value == _BACKGROUND or (head.value == _REACH and head.word == noun)


def _channel(wording: Wording, category: str, contexts: Sequence[str]) -> str:
    """Return the carrier that the wording names, else the clause; "none" where they name none.

    Strong words go before weak ones. Where the clause has no noun of its own, the sentence is asked last.
    """
    if not category.startswith("outreach"):
        return "none"
    clause, sentence, _ = contexts
    texts = (wording.noun, clause, sentence if wording.rule in _WITHOUT_NOUN else "")
    found = [entry for text in texts for entry in channels().find(text)[::-1]]
    return next((entry.value for entry in [*_strong(found), *found]), "none")


def _strong(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.strength != WEAK]
