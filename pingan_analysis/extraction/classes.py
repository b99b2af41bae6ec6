"""Kind, category, channel and direction of a metric, from its wording and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..numerals import Quantity
from .tables import Entry, channels, indicators, signals
from .wording import RATIO_UNITS, Wording

_RANKED = frozenset({"rank", "streak"})


class Classes(NamedTuple):
    """The columns of a metric that sort it."""

    kind: str
    category: str
    channel: str


def classes_of(quantity: Quantity, wording: Wording, contexts: Sequence[str]) -> Classes:
    """Return kind, category and channel; `contexts` are clause, sentence and heading, the nearest first."""
    kind = kind_of(quantity, wording)
    category = _category(quantity, wording, kind, contexts)
    return Classes(kind, category, _channel(wording, category, contexts))


def kind_of(quantity: Quantity, wording: Wording) -> str:
    """Return the kind of a quantity: change, ratio, streak, rank, money, duration, length or count."""
    if wording.direction or quantity.unit == "百分点":
        return "change"
    if quantity.unit in RATIO_UNITS:
        return "ratio"
    if quantity.ordinal or quantity.text.startswith("前"):
        return "streak" if quantity.unit == "次" else "rank"
    if wording.rule == "streak":
        return "streak"
    return next((kind for kind in ("streak", "money", "duration", "length") if quantity.unit in signals(kind)), "count")


def _category(quantity: Quantity, wording: Wording, kind: str, contexts: Iterable[str]) -> str:
    """Strong words of the wording decide, its last noun first; then the unit, the words around, and weak words."""
    if kind in _RANKED:
        return "evaluation"
    nouns = list(indicators("noun").find(wording.noun))[::-1]
    verbs = list(indicators("verb").find(wording.verb))
    units = [entry for entry in indicators("unit").find(quantity.unit) if entry.word == quantity.unit]
    decisive = [*_strong(nouns), *_strong(verbs), *_strong(units)]
    if not decisive and kind == "money":
        return "finance"
    for context in contexts:
        if decisive:
            break
        decisive = _strong([*indicators("noun").find(context), *indicators("verb").find(context)])[::-1]
    return next((entry.value for entry in [*decisive, *nouns, *verbs, *units]), "other")


def _channel(wording: Wording, category: str, contexts: Sequence[str]) -> str:
    """Return the carrier that the wording names, else the clause; "none" where they name none."""
    if not category.startswith("outreach"):
        return "none"
    for text in (wording.noun, contexts[0]):
        found = list(channels().find(text))[::-1]
        if found:
            return (_strong(found) or found)[0].value
    return "none"


def _strong(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.strong]
