"""The English of indicators, put together from the glosses of their words."""

from __future__ import annotations

import re

from .tables import english
from .wording import Wording

_CHANGES = {"up": ": increase", "down": ": decrease"}
_EXPLANATION = re.compile(r" *\([^()]*\)")


def in_english(wording: Wording) -> str:
    """Return the indicator in English, where the tables have every word of it; else an empty string.

    >>> in_english(Wording("宣传海报", "张贴", "verb_noun_quantity"))
    'publicity posters posted'
    """
    noun, verb = _translated(wording.noun), english("verb").get(wording.verb, "")
    if not wording.noun:
        return english("noun").get(wording.verb, "")
    if not noun or (wording.verb and not verb):
        return ""
    change = _CHANGES[wording.direction] if wording.direction else ""
    return " ".join(filter(None, [noun, verb])) + change


def indicator_in_english(indicator: str) -> str:
    """Return an indicator in English, read as a noun phrase or as one with a verb behind it; else an empty string.

    >>> indicator_in_english("矛盾纠纷化解")
    'disputes resolved'
    """
    splits = [*((indicator[:i], indicator[i:]) for i in range(1, len(indicator))), (indicator, "")]
    return next(filter(None, (in_english(Wording(*split, rule="")) for split in splits)), "")


def _translated(noun: str) -> str:
    """Return the English of a list of nouns; empty where one of their words has no gloss."""
    listed = [_translated_phrase(part) for part in noun.split("、")]
    return ", ".join(listed) if all(listed) else ""


def _translated_phrase(phrase: str) -> str:
    """Return the glosses of a noun phrase, without explanations in brackets, in the order of its words."""
    glossed, words, start = english("noun"), [], 0
    while start < len(phrase):
        end = next((end for end in range(len(phrase), start, -1) if phrase[start:end] in glossed), None)
        if end is None:
            return ""
        words.append(_EXPLANATION.sub("", glossed[phrase[start:end]]))
        start = end
    return " ".join(words)
