"""The words that say what a quantity measures: the noun phrase beside it and the verb that governs both.

Chinese puts them in a few orders, and the name of the order is the rule that a row of `metrics` carries:

- verb_quantity_noun 发放15000余份宣传材料, quantity_noun 75个监控摄像头已调试
- verb_noun_quantity 张贴宣传海报50余份, noun_quantity 网格员605名, verb_quantity 破案19起
- rate 调处成功率达91.5%, share 80%的居民小区, change 发案率下降36%
- respectively 立案、破案分别为47起、19起
- as_before 78批次150余人; earlier_clause: what an earlier clause of the sentence names
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..numerals import Quantity
from .changes import change_before, is_level
from .passage import QUANTITY, TIME, Sentence, Token
from .tables import english, indicators, signals, verbs

RATIO_UNITS = frozenset({"%", "‰", "百分点"})
_CHANGES = {"up": ("增幅", ": increase"), "down": ("降幅", ": decrease")}
_EXPLANATION = re.compile(r" *\([^()]*\)")
_REACH = 40
_MOST_CHARACTERS = 14
_SHARE, _RANKING = "占比", "排名"
_NO_NOUNS = ("filler", "level", "up", "down", "light_verb", "copula")
_CLAUSE_ENDS, _PASSED_OVER, _BRACKETS = frozenset(",:;。!?"), frozenset(",:"), frozenset("“”‘’「」『』\"'·")


class Wording(NamedTuple):
    """What a quantity measures: a noun phrase, a verb, the direction of a change, and the order they stand in."""

    noun: str
    verb: str
    rule: str
    direction: str = ""
    unit: str = ""

    @property
    def indicator(self) -> str:
        """The noun phrase, the verb behind it where there is one, and of a change its direction at the end (V2)."""
        phrase = self.noun if self.verb in self.noun else self.noun + self.verb
        return phrase if not self.direction or phrase.endswith("幅") else phrase + _CHANGES[self.direction][0]


class _Phrase(NamedTuple):
    """The words of a noun phrase, and the index of the first token beyond it."""

    words: list[str]
    stop: int


def wordings(text: str, sentence: Sentence, quantities: Sequence[Quantity]) -> list[Wording]:
    """Return the wording of each of `quantities`, the metrics of `sentence` in order."""
    found: list[Wording] = []
    for quantity in quantities:
        wording = _wording(text, sentence, quantity, found[-1] if found else None)
        found.append(wording._replace(unit=quantity.unit))
    return _shared(sentence.tokens, [sentence.positions[quantity.start] for quantity in quantities], found)


def _wording(text: str, sentence: Sentence, quantity: Quantity, before: Wording | None) -> Wording:
    tokens, index, unit = sentence.tokens, sentence.positions[quantity.start], quantity.unit
    change = change_before(text[sentence.start:tokens[index].start])
    if change and (change.compared or unit in RATIO_UNITS or unit in signals("rank_unit")):
        return _change(tokens, index, sentence.start + change.start, change.direction, before)
    if is_rank(quantity):
        return _rank(tokens, index, before)
    if unit in signals("duration") and _says(tokens, index, "连续") and (streak := _streak(tokens, index)):
        return streak
    if before and _continues(tokens, index) and not _phrase_after(tokens, index + 1).words:
        return before._replace(rule="as_before")
    if before and is_level(text[sentence.start:tokens[index].start]) and _quantity_in_clause(tokens, index):
        return before._replace(rule="as_before", direction="")
    wording = _ratio(tokens, index, before) if unit in RATIO_UNITS else _count(tokens, index, unit, before)
    if wording.indicator:
        return wording
    if unit in signals("streak"):
        return Wording(unit, "", "streak")
    return _earlier_clause(tokens, index, before)


def is_rank(quantity: Quantity) -> bool:
    """Whether the quantity is a place in an order: 第二名, 前60名, 全市第一."""
    in_order = quantity.ordinal or quantity.text.startswith("前")
    return in_order and (not quantity.unit or quantity.unit in signals("rank_unit"))


def _rank(tokens: Sequence[Token], index: int, before: Wording | None) -> Wording:
    """Return the wording of a rank: the noun phrase before it that is of evaluation (安全感测评), else the nearest."""
    nearest = ""
    i = index - 1
    while i >= max(0, index - _REACH):
        if _is_noun(tokens[i]) and tokens[i].text not in signals("whole_place") | signals("place_word"):
            phrase = _phrase_before(tokens, i)
            noun = _joined(phrase.words)
            nearest = nearest or noun
            if any(e.value == "evaluation" and e.end == len(noun) for e in indicators("noun").find(noun)):
                nearest = noun
                break
            i = phrase.stop
        i -= 1
    noun = nearest or (before.noun if before else "")
    return Wording(noun if noun.endswith(_RANKING) else noun + _RANKING, "", "rank")


def _streak(tokens: Sequence[Token], index: int) -> Wording | None:
    """Return the wording of an unbroken row (连续3年未发生安全事故): what goes on; None where nothing follows."""
    for i in range(index + 1, min(len(tokens), index + 6)):
        if tokens[i].text in _CLAUSE_ENDS:
            break
        if _is_noun(tokens[i]):
            return Wording(_joined(_phrase_after(tokens, i).words), "", "streak")
    return None


def _count(tokens: Sequence[Token], index: int, unit: str, before: Wording | None) -> Wording:
    following = _phrase_after(tokens, index + 1, verbs_inside=unit in signals("event_unit"))
    preceding = _phrase_before(tokens, _before_unit(tokens, index, unit))
    verb = _verb_at(tokens, preceding.stop)
    if following.words:
        governing = _verb_at(tokens, _skip_back(tokens, index - 1, commas=0))
        if governing:
            return Wording(_joined(following.words), governing, "verb_quantity_noun")
        if following.words[-1] in signals("place_word"):
            return Wording(_joined(following.words), "", "quantity_noun")
        verb, words = _verb_and_object_after(tokens, following.stop)
        noun = _joined(following.words)
        return Wording(noun if len(noun) > 2 else noun + _joined(words), verb, "quantity_noun")
    if preceding.words:
        words = preceding.words
        verb = verb or (_verb_and_object_after(tokens, index + 1)[0] if unit in signals("person_unit") else "")
        if not verb and len(words) > 1 and words[0] in verbs() and not _is_verb_at(tokens, preceding.stop):
            verb, words = words[0], words[1:]
        return Wording(_joined(words), verb, "verb_noun_quantity" if verb else "noun_quantity")
    if verb:
        subject = _joined(_phrase_before(tokens, preceding.stop - 1).words)
        return Wording(subject or _inherited(before, unit), verb, "verb_quantity")
    return Wording("", "", "")


def _inherited(before: Wording | None, unit: str) -> str:
    """Return the noun of the quantity before, where it is counted in the same unit and is no verb itself."""
    return before.noun if before and before.unit == unit and before.noun not in verbs() else ""


def _before_unit(tokens: Sequence[Token], index: int, unit: str) -> int:
    """Return the index of the last token before the quantity, over a measure word that stands there (人次达19.6万)."""
    i = _skip_back(tokens, index - 1)
    return i - 1 if i >= 0 and unit and tokens[i].text == unit else index - 1


def _ratio(tokens: Sequence[Token], index: int, before: Wording | None) -> Wording:
    if index + 1 < len(tokens) and tokens[index + 1].text == "的":
        following = _phrase_after(tokens, index + 2)
        if following.words and following.words[0] not in signals("goal_noun"):
            verb, _ = _verb_and_object_after(tokens, following.stop)
            return Wording(_joined([*following.words, verb]) + _SHARE, "", "share")
    phrase = _phrase_before(tokens, index - 1)
    noun = _joined(phrase.words)
    if noun in signals("bare_rate") and before:
        noun = (before.noun.removesuffix(noun) if before.rule == "rate" else before.indicator) + noun
    if not noun:
        noun = _joined(_phrase_before(tokens, phrase.stop - 1).words) + _verb_at(tokens, phrase.stop)
    if noun and tokens[index - 1].text.startswith("占"):
        noun += _SHARE
    return Wording(noun, "", "rate")


def _change(tokens: Sequence[Token], index: int, start: int, direction: str, before: Wording | None) -> Wording:
    """Return the wording of a change (同比下降36%) whose words begin at the offset `start`."""
    i = index - 1
    while i >= 0 and tokens[i].end > start:
        i -= 1
    phrase = _phrase_before(tokens, i)
    verb = _verb_at(tokens, phrase.stop) if phrase.words or not before else ""
    if not phrase.words and not verb and before:
        return before._replace(rule="change", direction=direction)
    return Wording(_joined(phrase.words), verb, "change", direction)


def _earlier_clause(tokens: Sequence[Token], index: int, before: Wording | None) -> Wording:
    """Return what the nearest earlier clause of the sentence names, else the wording of the quantity before."""
    if before:
        return before._replace(rule="as_before", direction="")
    for i in range(index - 1, max(-1, index - _REACH), -1):
        if _is_noun(tokens[i]):
            phrase = _phrase_before(tokens, i)
            return Wording(_joined(phrase.words), _verb_at(tokens, phrase.stop), "earlier_clause")
    return Wording("", "", "no_words")


def _shared(tokens: Sequence[Token], indices: Sequence[int], found: Sequence[Wording]) -> list[Wording]:
    """Give the quantities that stand in a row their nouns: those of 分别 (respectively) one each, in order
    (立案、破案分别为47起、19起), others the one that follows the last (5大块、16类、111条考核项)."""
    given = list(found)
    first = 0
    while first < len(indices):
        run = _run_of(tokens, indices, first)
        if len(run) > 1 and _says(tokens, indices[first], "分别"):
            for position, wording in zip(run, _respective(tokens, indices[first], given, run), strict=False):
                given[position] = wording._replace(rule="respectively")
        elif len(run) > 1 and found[run[-1]].rule in ("quantity_noun", "verb_quantity_noun"):
            for position in run[:-1]:
                if found[position].rule in ("earlier_clause", "as_before", "verb_quantity"):
                    given[position] = found[run[-1]]
        first = run[-1] + 1
    return given


def _respective(tokens: Sequence[Token], index: int, given: Sequence[Wording], run: Sequence[int]) -> list[Wording]:
    """Return the wordings that 分别 deals out: the nouns listed before it, or as many quantities before; else none."""
    first = given[run[0]]
    listed = _joined(_phrase_before(tokens, _before_change(tokens, index)).words, room=_REACH * 4).split("、")
    if len(listed) == len(run):
        rate = max((word for word in signals("bare_rate") if listed[-1].endswith(word)), key=len, default="")
        return [first._replace(noun=noun if noun.endswith(rate) else noun + rate) for noun in listed]
    if len(listed) == 1 and run[0] >= len(run):
        earlier = given[run[0] - len(run):run[0]]
        return [wording._replace(direction=first.direction) for wording in earlier]
    return []


def _before_change(tokens: Sequence[Token], index: int) -> int:
    """Return the index of the last token before the words of a change that lead to the quantity at `index`."""
    of_change = signals("up") | signals("down") | signals("change_basis")
    i = index - 1
    while i >= 0 and (tokens[i].tag == TIME or tokens[i].text in of_change or _passes(tokens[i].text)):
        i -= 1
    return i


def _run_of(tokens: Sequence[Token], indices: Sequence[int], first: int) -> list[int]:
    """Return the positions of the quantities from `first` on that only list marks stand between."""
    run = [first]
    while run[-1] + 1 < len(indices):
        between = tokens[indices[run[-1]] + 1:indices[run[-1] + 1]]
        if not all(_joins(token.text) or token.text == "," for token in between):
            break
        run.append(run[-1] + 1)
    return run


def _says(tokens: Sequence[Token], index: int, word: str) -> bool:
    return any(word in token.text for token in tokens[max(0, index - 6):index])


def _continues(tokens: Sequence[Token], index: int) -> bool:
    """Whether nothing but a list mark stands between the quantity and the one before (78批次150余人)."""
    i = index - 1
    while i > 0 and _joins(tokens[i].text):
        i -= 1
    return i >= 0 and tokens[i].tag == QUANTITY


def _quantity_in_clause(tokens: Sequence[Token], index: int) -> bool:
    for i in range(index - 1, max(-1, index - _REACH), -1):
        if tokens[i].tag == QUANTITY or tokens[i].text in _CLAUSE_ENDS:
            return tokens[i].tag == QUANTITY
    return False


def _phrase_after(tokens: Sequence[Token], i: int, *, verbs_inside: bool = False) -> _Phrase:
    words: list[str] = []
    end = min(len(tokens), i + _REACH)
    while i < end:
        token = tokens[i]
        noun_follows = i + 1 < end and _is_noun(tokens[i + 1])
        modifies = noun_follows and (not words or verbs_inside or len(tokens[i + 1].text) == 1)
        if _is_noun(token) or (token.is_verb and modifies):
            words.append(_short_name(token))
        elif _joins(token.text) and words and noun_follows:
            words.append("、")
        elif token.text == "(" and (closing := _bracket(tokens, i, 1)) is not None:
            i = closing
        elif token.text not in _BRACKETS and token.text not in signals("filler"):
            break
        i += 1
    if i < len(tokens) and tokens[i].tag == QUANTITY and "、" in words:
        words = words[:len(words) - 1 - words[::-1].index("、")]
    return _Phrase(words, i)


def _phrase_before(tokens: Sequence[Token], i: int) -> _Phrase:
    i = _skip_back(tokens, i)
    words: list[str] = []
    end = max(-1, i - _REACH)
    while i > end:
        token = tokens[i]
        if _is_noun(token) or (words and len(words[-1]) == 1 and _can_modify(token)):
            words.append(_short_name(token))
        elif _joins(token.text) and words and i and _is_noun(tokens[i - 1]):
            words.append("、")
        elif token.text == ")" and (opening := _bracket(tokens, i, -1)) is not None:
            i = opening
        elif token.text not in _BRACKETS and token.text not in signals("filler"):
            break
        i -= 1
    return _Phrase(words[::-1], i)


def _bracket(tokens: Sequence[Token], i: int, step: int) -> int | None:
    """Return the index of the bracket that matches the one at `i`, if it is near."""
    wanted = ")" if step > 0 else "("
    for j in range(i + step, max(-1, min(len(tokens), i + step * _REACH)), step):
        if tokens[j].text == wanted:
            return j
    return None


def _skip_back(tokens: Sequence[Token], i: int, commas: int = 1) -> int:
    """Return the index of the last token up to `i` that is no adverb, copula or time, over so many commas."""
    for _ in range(_REACH):
        if i < 0:
            break
        token = tokens[i]
        if token.text in _PASSED_OVER and commas:
            commas -= 1
        elif not (token.tag in (TIME, "d", "ul", "uz") or _passes(token.text) or token.text in _BRACKETS):
            break
        i -= 1
    return i


def _passes(text: str) -> bool:
    return any(text in signals(name) for name in ("copula", "each", "cumulative", "part", "level", "filler"))


def _verb_at(tokens: Sequence[Token], i: int) -> str:
    """Return the verb that ends at `i`, over particles and adverbs; empty for one that says nothing (开展, 有)."""
    while i >= 0 and (tokens[i].tag in ("ul", "uz", "d", "r", "p") or tokens[i].text in signals("filler")):
        i -= 1
    if i < 0 or not _is_telling_verb(tokens[i]):
        return ""
    unfinished = i > 0 and tokens[i - 1].text in signals("remaining")
    return tokens[i - 1].text + tokens[i].text if unfinished else tokens[i].text


def _is_verb_at(tokens: Sequence[Token], i: int) -> bool:
    return i >= 0 and tokens[i].is_verb


def _verb_and_object_after(tokens: Sequence[Token], i: int) -> tuple[str, list[str]]:
    """Return the verb that begins at `i`, over adverbs, and the noun phrase behind it."""
    while i < len(tokens) and (tokens[i].tag in ("d", "ul") or tokens[i].text in signals("filler")):
        i += 1
    if i >= len(tokens) or not _is_telling_verb(tokens[i]):
        return "", []
    return tokens[i].text, _phrase_after(tokens, i + 1).words


def _is_noun(token: Token) -> bool:
    if token.text in signals("modifier"):
        return True
    return token.is_noun and not any(token.text in signals(name) for name in _NO_NOUNS)


def _can_modify(token: Token) -> bool:
    """Whether a token can be the modifier of a noun of one character (适用率, 查缉组)."""
    return token.is_verb and token.text not in signals("copula") and token.text not in signals("filler")


def _is_telling_verb(token: Token) -> bool:
    return token.is_verb and token.text not in signals("light_verb") | signals("modifier")


def _short_name(token: Token) -> str:
    """Return the text of a token; of a title its last noun phrase (《关于…的通告》 is a 通告)."""
    if not token.text.startswith("《"):
        return token.text
    return token.text.strip("《》").rpartition("的")[2][-_MOST_CHARACTERS:] or token.text


def _joins(text: str) -> bool:
    return text == "、" or text in signals("joining")


def _joined(words: Sequence[str], room: int = _MOST_CHARACTERS) -> str:
    """Join a noun phrase, from its last word backwards as far as there is room, without 全区 and the like."""
    kept: list[str] = []
    for word in reversed(words):
        room -= len(word)
        if room < 0 and kept:
            break
        if word not in signals("whole_place"):
            kept.append(word)
    return "、".join(dict.fromkeys("".join(reversed(kept)).strip("、").split("、")))


def in_english(wording: Wording) -> str:
    """Return the indicator in English, where the tables have every word of it; else an empty string.

    >>> in_english(Wording("宣传海报", "张贴", "verb_noun_quantity"))
    'publicity posters put up'
    """
    noun, verb = _translated(wording.noun), english("verb").get(wording.verb, "")
    if not wording.noun:
        return english("noun").get(wording.verb, "")
    if not noun or (wording.verb and not verb):
        return ""
    change = _CHANGES[wording.direction][1] if wording.direction else ""
    return " ".join(filter(None, [noun, verb])) + change


def _translated(noun: str) -> str:
    """Return the glosses of the words that make up `noun`, the longest first; empty where a word has none."""
    listed = [_translated_phrase(part) for part in noun.split("、")]
    return ", ".join(listed) if all(listed) else ""


def _translated_phrase(phrase: str) -> str:
    glossed, words, start = english("noun"), [], 0
    while start < len(phrase):
        end = next((end for end in range(len(phrase), start, -1) if phrase[start:end] in glossed), None)
        if end is None:
            return ""
        words.append(_EXPLANATION.sub("", glossed[phrase[start:end]]))
        start = end
    return " ".join(words)
