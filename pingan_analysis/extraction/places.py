"""The place that a sentence is about: one that it begins with (五里明镇推出…, 9月，衡阳县公安局…)."""

from __future__ import annotations

import re

from .passage import PUNCTUATION, TIME, Sentence
from .tables import signal_pattern

_TOWN = re.compile(r"[\u4e00-\u9fff]{2,4}?(?:镇|乡(?!镇)|街道)(?=[\u4e00-\u9fff])")
_NO_TOWN = re.compile("[该各全共我本某这那在对从以由把将为和与及等的了每多两几]|[乡村集城重古]镇$|[家下返城]乡$")
_COUNTIES = tuple("市区县旗州")


class PlaceOfSentences:
    """Follows the sentences of a paragraph: a place named at the head of one holds until 全市 or another place."""

    def __init__(self) -> None:
        self._place = ""

    def of(self, text: str, sentence: Sentence) -> str:
        """Return the place of `sentence`, or an empty string where it is that of the article; to be asked in order."""
        named = _named_first(text, sentence)
        if named:
            self._place = named
        elif signal_pattern("all_of_place").is_in(text[sentence.start:sentence.end]):
            self._place = ""
        return self._place


def _named_first(text: str, sentence: Sentence) -> str:
    first = next((t for t in sentence.tokens if t.tag not in (TIME, PUNCTUATION)), None)
    if first is None:
        return ""
    town = _TOWN.match(text, first.start, sentence.end)
    if town and not _NO_TOWN.search(town[0]):
        return town[0]
    return first.text if first.tag == "ns" and len(first.text) > 2 and first.text.endswith(_COUNTIES) else ""


def place_of_metric(named: str, place: str) -> str:
    """Return `named` where a sentence names a place that is none of `place`'s own names, else `place`."""
    return named if named and named not in place and place not in named else place
