"""The words that say what a quantity measures: the noun phrase beside it and the verb that governs both.

Chinese puts them in a few orders, and the name of the order is the rule that a row carries:
verb_quantity_noun 发放15000余份宣传材料, verb_noun_quantity 张贴宣传海报50余份, noun_quantity 网格员605名, verb_quantity 破案19起,
rate 调处成功率达91.5%, share 80%的居民小区, change 发案率下降36%, quantity_quantity 78批次150余人 (as the one before).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .passage import QUANTITY, TIME, Token
from .tables import english, signals

RATIO_UNITS = frozenset({"%", "‰", "百分点"})
_CHANGES = {"up": "增幅", "down": "降幅"}
_REACH = 40
_MOST_CHARACTERS = 14
_CLAUSE_ENDS, _BRACKETS = frozenset(",:;。!?"), frozenset("“”‘’「」『』《》\"'·")


class Wording(NamedTuple):
    """What a quantity measures: noun phrase (without modifiers that say nothing), verb, and the order they stand in."""

    noun: str
    verb: str
    rule: str
    direction: str = ""

    @property
    def indicator(self) -> str:
        """The noun phrase with the verb behind it where it has one, the direction of a change at the end (V2)."""
        phrase = self.noun if self.verb in self.noun else self.noun + self.verb
        return phrase + _CHANGES.get(self.direction, "")


class _Phrase(NamedTuple):
    """A noun phrase: its words and the index of the first token that is not of it."""

    words: list[str]
    stop: int


def wording_of(tokens: Sequence[Token], index: int, unit: str, before: Wording | None) -> Wording:
    """Return the wording of the quantity `tokens[index]`; `before` is that of the quantity before it in the sentence."""
    if index and tokens[index - 1].tag == QUANTITY and before:
        following = _phrase_after(tokens, index + 1)
        if not following.words:
            return before._replace(rule="quantity_quantity")
    changed = _change(tokens, index, unit, before)
    if changed:
        return changed
    return _ratio(tokens, index, before) if unit in RATIO_UNITS else _count(tokens, index, before)


def _count(tokens: Sequence[Token], index: int, before: Wording | None) -> Wording:
    following = _phrase_after(tokens, index + 1)
    preceding = _phrase_before(tokens, index - 1)
    verb = _verb_at(tokens, preceding.stop)
    if following.words:
        if preceding.words and not verb:
            verb = _verb_at(tokens, following.stop)
        return Wording(_joined(following.words), verb, "verb_quantity_noun" if verb else "quantity_noun")
    if preceding.words:
        return Wording(_joined(preceding.words), verb, "verb_noun_quantity" if verb else "noun_quantity")
    if verb:
        subject = _joined(_phrase_before(tokens, preceding.stop - 1).words)
        return Wording(subject or (before.noun if before else ""), verb, "verb_quantity")
    return before._replace(rule="as_before") if before else Wording("", "", "none")


def _ratio(tokens: Sequence[Token], index: int, before: Wording | None) -> Wording:
    after = index + 1
    if after < len(tokens) and tokens[after].text == "的":
        following = _phrase_after(tokens, after)
        if following.words:
            return Wording(_joined(following.words) + "占比", "", "share")
    phrase = _phrase_before(tokens, index - 1)
    noun = _joined(phrase.words)
    if noun in signals("bare_rate") and before:
        noun = (before.indicator if before.rule != "rate" else before.noun[:-len(noun)]) + noun
    return Wording(noun, "", "rate") if noun else Wording(_subject(tokens, phrase.stop), "", "rate")


def _change(tokens: Sequence[Token], index: int, unit: str, before: Wording | None) -> Wording | None:
    """Return the wording of a change against an earlier period (同比下降36%), None where it is none."""
    i, direction, compared = index - 1, "", False
    for _ in range(_REACH):
        if i < 0 or not (tokens[i].tag in (TIME, "d", "ul", "uz") or _is_of_change(tokens[i].text)):
            break
        if tokens[i].text in signals("level") and not direction:
            return None
        for name in ("up", "down"):
            direction = name if not direction and tokens[i].text in signals(name) else direction
        compared |= tokens[i].text in signals("change_basis")
        i -= 1
    if not direction or not (compared or unit in RATIO_UNITS):
        return None
    phrase = _phrase_before(tokens, i)
    verb = _verb_at(tokens, phrase.stop)
    if not phrase.words and not verb and before:
        return Wording(before.noun, before.verb, "change", direction)
    return Wording(_joined(phrase.words), verb, "change", direction)


def _is_of_change(text: str) -> bool:
    return any(text in signals(name) for name in ("up", "down", "change_basis", "level", "copula"))


def _subject(tokens: Sequence[Token], stop: int) -> str:
    """Return the noun phrase and verb before a rate that has no noun of its own (信访事项化解达90%)."""
    verb = _verb_at(tokens, stop)
    return _joined(_phrase_before(tokens, stop - 1).words) + verb


def _passes(text: str) -> bool:
    return any(text in signals(name) for name in ("copula", "each", "cumulative", "part"))


def _phrase_after(tokens: Sequence[Token], i: int) -> _Phrase:
    words: list[str] = []
    end = min(len(tokens), i + _REACH)
    while i < end:
        token = tokens[i]
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        modifies = following is not None and (following.is_noun or following.text == "的")
        if token.is_noun or (token.is_verb and modifies and not words):
            words.append(token.text)
        elif token.text not in signals("filler") and token.text not in _BRACKETS and not (
            _joins(token.text) and words and modifies
        ):
            break
        i += 1
    return _Phrase(words, i)


def _phrase_before(tokens: Sequence[Token], i: int) -> _Phrase:
    i = _skip_back(tokens, i)
    words: list[str] = []
    end = max(-1, i - _REACH)
    while i > end:
        token = tokens[i]
        if token.is_noun:
            words.append(token.text)
        elif _joins(token.text) and words and i and tokens[i - 1].is_noun:
            words.append("、")
        elif token.text == ")" and (opening := _opening(tokens, i)) is not None:
            i = opening
        elif token.text not in signals("filler") and token.text not in _BRACKETS:
            break
        i -= 1
    return _Phrase(words[::-1], i)


def _skip_back(tokens: Sequence[Token], i: int) -> int:
    """Return the index of the last token up to `i` that is no adverb, copula or time."""
    commas = 0
    for _ in range(_REACH):
        if i < 0:
            break
        token = tokens[i]
        if token.text in _CLAUSE_ENDS and commas < 1:
            commas += 1
        elif not (token.tag in (TIME, "d", "ul", "uz") or _passes(token.text) or token.text in _BRACKETS):
            break
        i -= 1
    return i


def _opening(tokens: Sequence[Token], closing: int) -> int | None:
    return next((i for i in range(closing, max(-1, closing - _REACH), -1) if tokens[i].text == "("), None)


def _verb_at(tokens: Sequence[Token], i: int) -> str:
    """Return the verb that ends at `i`, over particles and adverbs; empty for one that says nothing (开展, 有)."""
    while i >= 0 and (tokens[i].tag in ("ul", "uz", "d", "r", "p") or tokens[i].text in signals("filler")):
        i -= 1
    if i < 0 or not tokens[i].is_verb or tokens[i].text in signals("light_verb"):
        return ""
    return tokens[i].text


def _joins(text: str) -> bool:
    return text == "、" or text in signals("joining")


def in_english(wording: Wording) -> str:
    """Return the indicator in English, where the tables have every word of it; else an empty string."""
    nouns, verbs = english("noun"), english("verb")
    noun, verb = nouns.get(wording.noun, ""), verbs.get(wording.verb, "")
    if (wording.noun and not noun) or (wording.verb and not verb):
        return ""
    change = {"up": ": increase", "down": ": decrease"}.get(wording.direction, "")
    return " ".join(filter(None, [noun, verb])) + change


def _joined(words: Sequence[str]) -> str:
    """Join a noun phrase, without the words that say nothing, from the last word backwards as far as there is room."""
    kept: list[str] = []
    room = _MOST_CHARACTERS
    for word in reversed(words):
        room -= len(word)
        if room < 0 and kept:
            break
        kept.append(word)
    return "".join(reversed(kept)).strip("、")
