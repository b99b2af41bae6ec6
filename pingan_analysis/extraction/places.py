"""The place that a sentence is about: a town or county that it begins with (青石镇推出…, 9月，甲山县公安局…)."""

from __future__ import annotations

import re
from functools import cache

from .passage import PUNCTUATION, TIME, Sentence, Token
from .tables import alternatives, listed, says

_CHINESE = "[\u4e00-\u9fff]"
_SHORTEST_COUNTY = 3


class PlaceOfSentences:
    """Follows the sentences of a paragraph: a place named at the head of one holds until 全市 or another place."""

    def __init__(self) -> None:
        self._place = ""

    def of(self, text: str, sentence: Sentence) -> str:
        """Return the place of `sentence`, or an empty string where it is that of the article; to be asked in order."""
        named = _named_first(text, sentence)
        if named:
            self._place = named
        elif says("all_of_place", text[sentence.start:sentence.end]):
            self._place = ""
        return self._place


def _named_first(text: str, sentence: Sentence) -> str:
    first = next((t for t in sentence.tokens if t.tag not in (TIME, PUNCTUATION)), None)
    if first is None:
        return ""
    town = _town().match(text, first.start, sentence.end)
    if town and not _no_town().search(town[0]):
        return town[0]
    return first.text if _is_county(first) else ""


def _is_county(token: Token) -> bool:
    ending = listed("county_ending")
    return token.tag == "ns" and len(token.text) >= _SHORTEST_COUNTY and token.text.endswith(ending)


@cache
def _town() -> re.Pattern[str]:
    """Return the expression for what looks like the name of a town with more words behind it."""
    ending = f"(?!{alternatives('no_town')}){alternatives('town_ending')}"
    return re.compile(f"{_CHINESE}{{2,4}}?{ending}(?={_CHINESE})")


@cache
def _no_town() -> re.Pattern[str]:
    return re.compile(f"{alternatives('not_in_town')}|{alternatives('no_town')}$")


def place_of_metric(named: str, place: str) -> str:
    """Return `named` where a sentence names a place that is none of `place`'s own names, else `place`.

    >>> place_of_metric("青石镇", "甲县"), place_of_metric("甲县", "乙市甲县"), place_of_metric("", "甲县")
    ('青石镇', '乙市甲县', '甲县')
    """
    return named if named and named not in place and place not in named else place
