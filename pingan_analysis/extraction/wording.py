"""The words that say what a quantity measures: the noun phrase beside it and the verb that governs both.

Chinese puts them in a few orders, and the name of the order is the `rule` that a row of `metrics` carries:

- verb_quantity_noun: 发放15000余份宣传材料, "distributed over 15,000 copies of publicity material"
- quantity_noun: 75个监控摄像头已调试, "75 surveillance cameras tested"
- verb_noun_quantity: 张贴宣传海报50余份, "put up publicity posters, over 50"
- noun_quantity: 网格员605名, "grid workers, 605"
- verb_quantity: 破案19起, "solved 19 cases"; the noun is the verb's subject, or that of the quantity before
- rate: 调处成功率达91.5%, "the success rate of mediation reached 91.5%"
- share: 80%的居民小区, "80% of the residential compounds"
- change: 发案率下降36%, "the crime rate fell by 36%"
- rank: 安全感测评列全市第二, "second in the city in the survey of the sense of safety"
- streak: 连续3年未发生安全事故, "no safety accident for 3 years in a row"; 十二连冠, "first twelve times running"
- respectively: 立案、破案分别为47起、19起, "opened and solved, 47 and 19 cases respectively"
- as_before: 78批次150余人, "78 groups, over 150 people": the wording of the quantity before
- earlier_clause: what an earlier clause of the sentence names, where the own clause names nothing
- no_words: nothing in the sentence says what is measured, and the measure word stands for it

A coder's correction makes it `corrected`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..numerals import Quantity
from .changes import change_before, is_level
from .passage import QUANTITY, TIME, Sentence, Token
from .phrases import (
    ATTRIBUTIVE,
    LIST_MARK,
    REACH,
    Phrase,
    is_list_mark,
    is_passed_over,
    joined,
    last_before,
    names_something,
    phrase_after,
    phrase_before,
    verb_and_object_after,
    verb_at,
)
from .tables import indicators, listed, verbs, words_of, words_of_any

RATIO_UNITS = frozenset({"%", "‰", "百分点"})
"""Units of a share or of a difference between shares."""
_SHARE, _RANKING, _CHANGES = "占比", "排名", {"up": "增幅", "down": "降幅"}
"""What an indicator ends in where it is a share, a rank or a change (V2)."""
_CLAUSE_ENDS = frozenset(",:;。!?")
_NEAR = 6
"""Tokens in which 分别 and 连续 stand before a quantity, and what goes on behind it."""
_SHORTEST_NOUN = 3
"""Characters; a shorter noun behind a quantity takes the object of the verb after it."""
_LONGEST_LIST = 160
"""Characters of a list whose nouns 分别 deals out."""
_SHARES_NOUN = frozenset({"quantity_noun", "verb_quantity_noun"})
_TAKES_NOUN = frozenset({"earlier_clause", "as_before", "verb_quantity"})
"""Rules by which the last quantity of a row has a noun that the ones before, by these rules, take over."""


class Wording(NamedTuple):
    """What a quantity measures: a noun phrase, a verb, the order they stand in, and the direction of a change.

    `rule` names the order, `direction` is up, down or empty, `unit` the measure word of the quantity.

    >>> Wording("发案率", "", "change", "down").indicator
    '发案率降幅'
    """

    noun: str
    verb: str
    rule: str
    direction: str = ""
    unit: str = ""

    @property
    def indicator(self) -> str:
        """The noun phrase, the verb behind it where there is one, and of a change its direction at the end (V2)."""
        phrase = self.noun if self.verb in self.noun else self.noun + self.verb
        return phrase if not self.direction or phrase.endswith("幅") else phrase + _CHANGES[self.direction]


def wordings(text: str, sentence: Sentence, quantities: Sequence[Quantity]) -> list[Wording]:
    """Return the wording of each of `quantities`, the metrics of `sentence` in order."""
    found: list[Wording] = []
    for quantity in quantities:
        wording = _wording(text, sentence, quantity, found[-1] if found else None)
        found.append(wording._replace(unit=quantity.unit))
    return _shared(sentence.tokens, [sentence.positions[quantity.start] for quantity in quantities], found)


def _wording(text: str, sentence: Sentence, quantity: Quantity, before: Wording | None) -> Wording:
    """Return the wording of a quantity; `before` is that of the metric before it in the sentence."""
    tokens, index, unit = sentence.tokens, sentence.positions[quantity.start], quantity.unit
    words_before = text[sentence.start:quantity.start]
    change = change_before(words_before)
    if change and (change.compared or unit in RATIO_UNITS or unit in words_of("rank_unit")):
        return _change(tokens, index, sentence.start + change.start, change.direction, before)
    if is_rank(quantity):
        return _rank(tokens, index, before)
    is_unbroken = unit in words_of("duration") and _is_near_before(tokens, index, "unbroken")
    if is_unbroken and (streak := _streak(tokens, index)):
        return streak
    if before and _continues(tokens, index) and not phrase_after(tokens, index + 1).words:
        return before._replace(rule="as_before")
    if before and is_level(words_before) and _has_quantity_before(tokens, index):
        return before._replace(rule="as_before", direction="")
    wording = _ratio(tokens, index, before) if unit in RATIO_UNITS else _count(tokens, index, unit, before)
    if wording.indicator:
        return wording
    if unit in words_of("streak"):
        return Wording(unit, "", "streak")
    return _earlier_clause(tokens, index, before)


def is_rank(quantity: Quantity) -> bool:
    """Whether the quantity is a place in an order: 第二名, 前60名, 全市第一."""
    in_order = quantity.ordinal or quantity.text.startswith(listed("before_rank"))
    return in_order and (not quantity.unit or quantity.unit in words_of("rank_unit"))


def _rank(tokens: Sequence[Token], index: int, before: Wording | None) -> Wording:
    """Return the wording of a rank: the noun phrase before it that is of evaluation (安全感测评), else the nearest."""
    nouns = list(_nouns_before(tokens, index))
    noun = next((noun for noun in nouns if _is_of_evaluation(noun)), "")
    noun = noun or next(filter(None, nouns), before.noun if before else "")
    return Wording(noun if noun.endswith(_RANKING) else noun + _RANKING, "", "rank")


def _nouns_before(tokens: Sequence[Token], index: int) -> Iterator[str]:
    """Yield the noun phrases before the quantity, the nearest first, without those that only name a place."""
    places = words_of_any("whole_place", "place_word")
    i = index - 1
    while i >= max(0, index - REACH):
        if names_something(tokens[i]) and tokens[i].text not in places:
            phrase = phrase_before(tokens, i)
            yield joined(phrase.words)
            i = phrase.stop
        i -= 1


def _is_of_evaluation(noun: str) -> bool:
    return any(entry.value == "evaluation" and entry.end == len(noun) for entry in indicators("noun").find(noun))


def _streak(tokens: Sequence[Token], index: int) -> Wording | None:
    """Return the wording of an unbroken row (连续3年未发生安全事故): what goes on; None where nothing follows."""
    for i in range(index + 1, min(len(tokens), index + _NEAR)):
        if tokens[i].text in _CLAUSE_ENDS:
            break
        if names_something(tokens[i]):
            return Wording(joined(phrase_after(tokens, i).words), "", "streak")
    return None


def _count(tokens: Sequence[Token], index: int, unit: str, before: Wording | None) -> Wording:
    """Return the wording of what is counted: the noun phrase behind the quantity, else the one before it, else a verb
    with its subject; empty where none of them is there."""
    following = phrase_after(tokens, index + 1, verbs_inside=unit in words_of("event_unit"))
    if following.words:
        return _counted_behind(tokens, index, following)
    preceding = phrase_before(tokens, _before_unit(tokens, index, unit))
    if preceding.words:
        return _counted_before(tokens, index, unit, preceding)
    verb = verb_at(tokens, preceding.stop)
    if not verb:
        return Wording("", "", "")
    subject = joined(phrase_before(tokens, preceding.stop - 1).words)
    return Wording(subject or _inherited(before, unit), verb, "verb_quantity")


def _counted_behind(tokens: Sequence[Token], index: int, following: Phrase) -> Wording:
    noun = joined(following.words)
    governing = verb_at(tokens, last_before(tokens, index - 1, commas=0))
    if governing:
        return Wording(noun, governing, "verb_quantity_noun")
    if following.words[-1] in words_of("place_word"):
        return Wording(noun, "", "quantity_noun")
    verb, objects = verb_and_object_after(tokens, following.stop)
    return Wording(noun if len(noun) >= _SHORTEST_NOUN else noun + joined(objects), verb, "quantity_noun")


def _counted_before(tokens: Sequence[Token], index: int, unit: str, preceding: Phrase) -> Wording:
    words = [*itertools.dropwhile(words_of("whole_place").__contains__, preceding.words)]
    verb = verb_at(tokens, preceding.stop)
    if not verb and unit in words_of("person_unit"):
        verb, _ = verb_and_object_after(tokens, index + 1)
    stop = preceding.stop
    follows_verb = stop >= 0 and tokens[stop].is_verb and not is_passed_over(tokens[stop].text)
    if not verb and len(words) > 1 and words[0] in verbs() and not follows_verb:
        verb, words = words[0], words[1:]
    return Wording(joined(words), verb, "verb_noun_quantity" if verb else "noun_quantity")


def _inherited(before: Wording | None, unit: str) -> str:
    """Return the noun of the quantity before, where it is counted in the same unit and is no verb itself."""
    return before.noun if before and before.unit == unit and before.noun not in verbs() else ""


def _before_unit(tokens: Sequence[Token], index: int, unit: str) -> int:
    """Return the index of the last token before the quantity, over a measure word that stands there (人次达19.6万)."""
    i = last_before(tokens, index - 1)
    return i - 1 if i >= 0 and unit and tokens[i].text == unit else index - 1


def _ratio(tokens: Sequence[Token], index: int, before: Wording | None) -> Wording:
    return _share(tokens, index) or _rate(tokens, index, before)


def _share(tokens: Sequence[Token], index: int) -> Wording | None:
    """Return the wording of a share of what 的 leads to (80%的居民小区); None where nothing, or a goal, follows."""
    if index + 1 >= len(tokens) or tokens[index + 1].text != ATTRIBUTIVE:
        return None
    following = phrase_after(tokens, index + 2)
    if not following.words or following.words[0] in words_of("goal_noun"):
        return None
    verb, _ = verb_and_object_after(tokens, following.stop)
    return Wording(joined([*following.words, verb]) + _SHARE, "", "share")


def _rate(tokens: Sequence[Token], index: int, before: Wording | None) -> Wording:
    """Return the wording of a rate; a bare one (成功率达98%) is of what the metric before was of."""
    phrase = phrase_before(tokens, index - 1)
    noun = joined(phrase.words)
    if noun in words_of("bare_rate") and before:
        noun = _subject_of_rate(noun, before) + noun
    if not noun:
        noun = joined(phrase_before(tokens, phrase.stop - 1).words) + verb_at(tokens, phrase.stop)
    if noun and tokens[index - 1].text.startswith(listed("share_verb")):
        noun += _SHARE
    return Wording(noun, "", "rate")


def _change(tokens: Sequence[Token], index: int, start: int, direction: str, before: Wording | None) -> Wording:
    """Return the wording of a change (同比下降36%) whose words begin at the offset `start`."""
    i = index - 1
    while i >= 0 and tokens[i].end > start:
        i -= 1
    phrase = phrase_before(tokens, i)
    verb = verb_at(tokens, phrase.stop) if phrase.words or not before else ""
    if not phrase.words and not verb and before:
        return before._replace(rule="change", direction=direction)
    return Wording(joined(phrase.words), verb, "change", direction)


def _earlier_clause(tokens: Sequence[Token], index: int, before: Wording | None) -> Wording:
    """Return the wording of the quantity before in the sentence, else what the nearest earlier clause names."""
    if before:
        return _told_behind(tokens, index, before) or before._replace(rule="as_before", direction="")
    for i in range(index - 1, max(-1, index - REACH), -1):
        if names_something(tokens[i]):
            phrase = phrase_before(tokens, i)
            return Wording(joined(phrase.words), verb_at(tokens, phrase.stop), "earlier_clause")
    return Wording("", "", "no_words")


def _told_behind(tokens: Sequence[Token], index: int, before: Wording) -> Wording | None:
    """Return what became of a part of the quantity before (198条,其中121条已办结), or what is under way (26件正在化解).

    None where no verb stands behind, or one that is not known and has an object.
    """
    mark = index + 1
    under_way = mark < len(tokens) and tokens[mark].text in words_of("remaining")
    verb, objects = verb_and_object_after(tokens, mark + under_way)
    if not verb or (not under_way and (objects or verb not in verbs())):
        return None
    noun = before.noun if before.verb else before.noun.removesuffix(verb)
    return Wording(noun, (tokens[mark].text if under_way else "") + verb, "as_before")


def _shared(tokens: Sequence[Token], indices: Sequence[int], found: Sequence[Wording]) -> list[Wording]:
    """Return `found` with the nouns that quantities in a row share; `indices` are those of the quantities' tokens.

    After 分别 (respectively) they have one each, in order (立案、破案分别为47起、19起); others have the noun that
    follows the last (5大块、16类、111条考核项).
    """
    given = list(found)
    first = 0
    while first < len(indices):
        run = _run_of(tokens, indices, first)
        if len(run) > 1 and _is_near_before(tokens, indices[first], "respectively"):
            for position, wording in zip(run, _respective(tokens, indices[first], given, run), strict=False):
                given[position] = wording._replace(rule="respectively")
        elif len(run) > 1 and found[run[-1]].rule in _SHARES_NOUN:
            for position in run[:-1]:
                if found[position].rule in _TAKES_NOUN:
                    given[position] = found[run[-1]]
        first = run[-1] + 1
    return given


def _respective(tokens: Sequence[Token], index: int, given: Sequence[Wording], run: Sequence[int]) -> list[Wording]:
    """Return the wordings that 分别 deals out: the nouns listed before it, or as many quantities before; else none."""
    first = given[run[0]]
    listed = joined(phrase_before(tokens, _before_change(tokens, index)).words, room=_LONGEST_LIST).split(LIST_MARK)
    if len(listed) == len(run):
        rate = max((word for word in words_of("bare_rate") if listed[-1].endswith(word)), key=len, default="")
        return [first._replace(noun=noun if noun.endswith(rate) else noun + rate) for noun in listed]
    if len(listed) == 1 and run[0] >= len(run):
        earlier = given[run[0] - len(run):run[0]]
        return [wording._replace(direction=first.direction) for wording in earlier]
    return []


def _before_change(tokens: Sequence[Token], index: int) -> int:
    """Return the index of the last token before the words of a change that lead to the quantity at `index`."""
    of_change = words_of_any("up", "down", "change_basis")
    i = index - 1
    while i >= 0 and (tokens[i].tag == TIME or tokens[i].text in of_change or is_passed_over(tokens[i].text)):
        i -= 1
    return i


def _run_of(tokens: Sequence[Token], indices: Sequence[int], first: int) -> list[int]:
    """Return the positions of the quantities from `first` on that only list marks stand between."""
    run = [first]
    while run[-1] + 1 < len(indices):
        between = tokens[indices[run[-1]] + 1:indices[run[-1] + 1]]
        if not all(is_list_mark(token.text) or token.text == "," for token in between):
            break
        run.append(run[-1] + 1)
    return run


def _is_near_before(tokens: Sequence[Token], index: int, name: str) -> bool:
    """Whether one of the tokens close before the quantity holds a word under `name`."""
    return any(word in token.text for token in tokens[max(0, index - _NEAR):index] for word in words_of(name))


def _continues(tokens: Sequence[Token], index: int) -> bool:
    """Whether nothing but a list mark stands between the quantity and the one before (78批次150余人)."""
    i = index - 1
    while i > 0 and is_list_mark(tokens[i].text):
        i -= 1
    return i >= 0 and tokens[i].tag == QUANTITY


def _subject_of_rate(rate: str, before: Wording) -> str:
    """Return what a bare rate is of: the phrase of the metric before, less what the rate says again (办结, 办结率)."""
    if before.rule == "rate":
        return before.noun.removesuffix(rate)
    return before.noun if before.verb and rate.startswith(before.verb) else before.indicator


def _has_quantity_before(tokens: Sequence[Token], index: int) -> bool:
    """Whether there is a quantity before in the clause."""
    for i in range(index - 1, max(-1, index - REACH), -1):
        if tokens[i].tag == QUANTITY or tokens[i].text in _CLAUSE_ENDS:
            return tokens[i].tag == QUANTITY
    return False
