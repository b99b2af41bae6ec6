"""Noun phrases and verbs around a token: the words that say what is measured, and what may stand between them.

Indices are those of the tokens of a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .passage import QUANTITY, TIME, Token
from .tables import listed, words_of, words_of_any

REACH = 40
"""Tokens: how far from a quantity the words are looked for that say what it measures."""
LONGEST_NAME = 14
"""Characters of a noun phrase that are kept, its last ones."""
LIST_MARK, ATTRIBUTIVE = "、", "的"
_PASSED_OVER = ("copula", "each", "cumulative", "part", "level", "filler")
_NO_NOUNS = ("filler", "level", "up", "down", "light_verb", "copula")
"""Names of words that no noun phrase takes up, whatever their tag."""
_PASSED_MARKS, _QUOTATION_MARKS = frozenset(",:"), frozenset("“”‘’「」『』\"'·")
_PARTICLES = ("ul", "uz")


class Phrase(NamedTuple):
    """The words of a noun phrase, and the index of the first token beyond it."""

    words: list[str]
    stop: int


def phrase_after(tokens: Sequence[Token], i: int, *, verbs_inside: bool = False) -> Phrase:
    """Return the noun phrase that begins at `i`; it may begin with a verb, and with `verbs_inside` hold more of them.

    Of a list that a quantity follows, the last noun is that quantity's and is left out.
    """
    words: list[str] = []
    end = min(len(tokens), i + REACH)
    while i < end:
        token = tokens[i]
        noun_follows = i + 1 < end and names_something(tokens[i + 1])
        modifies = noun_follows and (not words or verbs_inside or len(tokens[i + 1].text) == 1)
        if names_something(token) or (token.is_verb and modifies):
            words.append(_short_name(token))
        elif is_list_mark(token.text) and words and noun_follows:
            words.append(LIST_MARK)
        elif token.text == "(" and (closing := _bracket(tokens, i, 1)) is not None:
            i = closing
        elif token.text not in _QUOTATION_MARKS and token.text not in words_of("filler"):
            break
        i += 1
    if i < len(tokens) and tokens[i].tag == QUANTITY and LIST_MARK in words:
        words = words[:len(words) - 1 - words[::-1].index(LIST_MARK)]
    return Phrase(words, i)


def phrase_before(tokens: Sequence[Token], i: int) -> Phrase:
    """Return the noun phrase that ends at `i`, or before it with nothing but adverbs, copulas or times between."""
    i = last_before(tokens, i)
    words: list[str] = []
    end = max(-1, i - REACH)
    while i > end:
        token = tokens[i]
        if names_something(token) or (words and len(words[-1]) == 1 and _can_modify(token)):
            words.append(_short_name(token))
        elif is_list_mark(token.text) and words and i and names_something(tokens[i - 1]):
            words.append(LIST_MARK)
        elif token.text == ")" and (opening := _bracket(tokens, i, -1)) is not None:
            i = opening
        elif token.text not in _QUOTATION_MARKS and token.text not in words_of("filler"):
            break
        i -= 1
    return Phrase(words[::-1], i)


def _bracket(tokens: Sequence[Token], i: int, step: int) -> int | None:
    """Return the index of the bracket that matches the one at `i`, if it is near."""
    wanted = ")" if step > 0 else "("
    for j in range(i + step, max(-1, min(len(tokens), i + step * REACH)), step):
        if tokens[j].text == wanted:
            return j
    return None


def last_before(tokens: Sequence[Token], i: int, commas: int = 1) -> int:
    """Return the index of the last token up to `i` that is no adverb, copula or time, over so many commas or colons."""
    for _ in range(REACH):
        if i < 0:
            break
        text, tag = tokens[i].text, tokens[i].tag
        if text in _PASSED_MARKS and commas:
            commas -= 1
        elif not (tag in (*_PARTICLES, "d", TIME) or is_passed_over(text) or text in _QUOTATION_MARKS):
            break
        i -= 1
    return i


def is_passed_over(text: str) -> bool:
    """Whether the word may stand between a noun phrase and its quantity without being a part of either."""
    return text in words_of_any(*_PASSED_OVER)


def verb_at(tokens: Sequence[Token], i: int) -> str:
    """Return the verb that ends at `i`, over particles and adverbs; empty for one that says nothing (开展, 有)."""
    while i >= 0 and (tokens[i].tag in (*_PARTICLES, "d", "r", "p") or tokens[i].text in words_of("filler")):
        i -= 1
    if i < 0 or not _is_telling_verb(tokens[i]):
        return ""
    unfinished = i > 0 and tokens[i - 1].text in words_of("remaining")
    return tokens[i - 1].text + tokens[i].text if unfinished else tokens[i].text


def verb_and_object_after(tokens: Sequence[Token], i: int) -> tuple[str, list[str]]:
    """Return the verb that begins at `i`, over adverbs, and the noun phrase behind it."""
    while i < len(tokens) and (tokens[i].tag in ("d", "ul") or tokens[i].text in words_of("filler")):
        i += 1
    if i >= len(tokens) or not _is_telling_verb(tokens[i]):
        return "", []
    return tokens[i].text, phrase_after(tokens, i + 1).words


def names_something(token: Token) -> bool:
    """Whether a token can be a word of the noun phrase that says what is measured."""
    if token.text in words_of("modifier"):
        return True
    if token.tag == "ns" and token.text.endswith(listed("county_ending")):
        return False
    return token.is_noun and token.text not in words_of_any(*_NO_NOUNS)


def _can_modify(token: Token) -> bool:
    """Whether a token can be the modifier of a noun of one character (适用率, 查缉组)."""
    return token.is_verb and token.text not in words_of("copula") and token.text not in words_of("filler")


def _is_telling_verb(token: Token) -> bool:
    return token.is_verb and token.text not in words_of_any("light_verb", "modifier", "cumulative")


def _short_name(token: Token) -> str:
    """Return the text of a token; of a title its last noun phrase (《关于…的通告》 is a 通告)."""
    if not token.text.startswith("《"):
        return token.text
    return token.text.strip("《》").rpartition(ATTRIBUTIVE)[2][-LONGEST_NAME:] or token.text


def is_list_mark(text: str) -> bool:
    """Whether `text` joins nouns to a list (、, 和)."""
    return text == LIST_MARK or text in words_of("joining")


def joined(words: Sequence[str], room: int = LONGEST_NAME) -> str:
    """Join a noun phrase, from its last word backwards as far as there is room, without 全区 and the like.

    `room` is in characters. What a list names twice stands once.

    >>> joined(["全区", "立案", "、", "破案"])
    '立案、破案'
    """
    kept: list[str] = []
    for word in reversed(words):
        room -= len(word)
        if room < 0 and kept:
            break
        if word not in words_of("whole_place"):
            kept.append(word)
    return LIST_MARK.join(dict.fromkeys("".join(reversed(kept)).strip(LIST_MARK).split(LIST_MARK)))
