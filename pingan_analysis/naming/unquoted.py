"""Names of models without quotation marks: those of the tables, and shapes that are evidence enough."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from ..extraction.tables import one_of
from .judging import count_only, is_promoted, pairs_are_name
from .lists import items_in
from .marks import MARKS, without_marks
from .mention import HAN, LISTED, NO_BODY, Mention, in_title, sentence_end
from .scanning import matches_at
from .shapes import NUMERALS, ROUND_NUMERALS, Part, Shape, counts_up, read_shape, value_of
from .words import alternatives, is_ordinary, known_kinds, known_unquoted, lexicon_names, part_of_speech, words_of


def unquoted_names(text: str) -> Iterator[Mention]:
    """Yield the names that stand without quotation marks: the surest evidence first."""
    for first, pattern in (
        (_FIRST_OF_COMPOUND, _long_compounds()), (_first_of_listed(), _listed()),
        (_FIRST_OF_SHAPE, _known_shapes()), (_first_of_promoted(), _promoted_shapes()),
    ):
        for match in matches_at(first, pattern, text):
            start, end = match.span(1)
            name = without_marks(text[start:end])
            shape = read_shape(name)
            if shape is None and name not in known_kinds():
                continue
            if in_title(text, start) or is_ordinary(name):
                continue
            if pattern is _long_compounds() and _is_counted_only(shape):
                continue
            if pattern is not _known_shapes() or _is_evident(name, shape or LISTED, text, start, end):
                quoted = any(mark in text[start:end] for mark in MARKS)
                yield Mention(start, end, name, shape or LISTED, quoted, end)


_BEFORE = rf"(?<![第每这那各上下前后近{NUMERALS}{ROUND_NUMERALS}\d.+零初周])"


@cache
def _listed_names() -> frozenset[str]:
    """Return the names of the tables that are known without quotation marks."""
    names = {name for name in lexicon_names() if len(name) > 2 and read_shape(name) and _evident_in_lexicon(name)}
    return known_unquoted().union(names)


@cache
def _listed() -> re.Pattern[str]:
    return re.compile(rf"{_BEFORE}({one_of(_listed_names())})(?![{NUMERALS}+])(?!(?<=[\dNX])\d)")


@cache
def _first_of_listed() -> re.Pattern[str]:
    return _first_of(_listed_names())


def _first_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted({re.escape(word[0]) for word in words}))}]")


def _evident_in_lexicon(name: str) -> bool:
    shape = read_shape(name)
    if shape is None or part_of_speech(name) in _SET_PHRASE or _LEVELS.match(name):
        return False
    if shape.rule == "noun" and len(name) < _SHORTEST_LISTED:
        return False
    if shape.rule == "pairs":
        return any(part.numeral != "一" for part in shape.parts)
    return shape.rule in ("plus", "digits") or shape.parts[0].numeral != "一"


_SET_PHRASE = ("i", "l")
_SHORTEST_LISTED = 4
_LEVELS = re.compile("[一二三四五]级")


_FIRST_OF_SHAPE = re.compile(rf"[{NUMERALS}\dNX]")


@cache
def _known_shapes() -> re.Pattern[str]:
    noun, verb, suffix = alternatives("pair_noun"), alternatives("verb"), alternatives("part_of_name", "method")
    return re.compile(
        rf"{_BEFORE}((?:[{NUMERALS}]{noun}){{2,6}}"
        rf"|[二三四五六七八九十]字诀|[一二三四五六七八九十]{{2,9}}(?={suffix}){suffix}|\d{{2,6}}{suffix}|[{NUMERALS}][^\W{NUMERALS}\d]{{1,4}}?{suffix}"
        rf"|(?!19|20)\d{{3,5}}(?=(?:工作)?(?:体系|模式))"
        rf"|[一二三四五六七八九十]{{3,9}}(?=的?[{HAN}]{{0,4}}{alternatives('type')})"
        rf"|[{NUMERALS}][^\W{NUMERALS}{ROUND_NUMERALS}\d]{{1,2}}{verb}{NO_BODY}"
        rf"|(?:\d{{1,2}}|N|X)(?:[{HAN}]{{0,5}}\+(?:\d{{1,2}}|N|X)){{1,6}}(?:[{HAN}]{{1,5}}(?=\+))?)(?![\d+{NUMERALS}])"
    )


@cache
def _promoted_shapes() -> re.Pattern[str]:
    """推行三圈五线, 落实三长制: what a verb like 推行 has as its object; without it the words are no evidence."""
    noun = rf"[^\W{NUMERALS}{ROUND_NUMERALS}\d的]"
    return re.compile(
        rf"(?:{alternatives('promotes')}[了出起好]{{0,2}})"
        rf"((?:(?:[二三四五六七八九十两双]{noun}){{2,6}}|(?:[二三四五六七八九十两双]{noun}{{2}}){{2,6}})"
        rf"(?=的?[{HAN}]{{0,4}}?{alternatives('type')}|[,。;、]|$)"
        rf"|[三四五六七八九十两双](?!{alternatives('measure')})[^\W{NUMERALS}\d的]{{1,4}}?(?<![机体])制(?![度作造定约止服品成])"
        rf"|一[^\W{NUMERALS}\d]{{1,2}}一{alternatives('posted')}(?![{HAN}](?<=长)))"
    )


@cache
def _first_of_promoted() -> re.Pattern[str]:
    return _first_of(words_of("promotes"))


_FIRST_OF_COMPOUND = re.compile("[一二三四五六七八九两双](?=.[一二三四五六七八九两双].[一二三四五六七八九两双])")


@cache
def _long_compounds() -> re.Pattern[str]:
    """一廊三站六点体系: three and more numerals, each with a noun of one character, right before what they make up."""
    noun = rf"[^\W{NUMERALS}{ROUND_NUMERALS}\d的]"
    return re.compile(rf"{_BEFORE}((?:[一二三四五六七八九两双]{noun}){{3,6}})(?=的?{alternatives('firm_type')})")


def _is_counted_only(shape: Shape | None) -> bool:
    return shape is None or any(part.noun in words_of("count_only") for part in shape.parts)


def _is_evident(name: str, shape: Shape, text: str, start: int, end: int) -> bool:
    """Whether a name without quotation marks is one by its shape, or by what stands at it."""
    typed = bool(_type_directly_behind().match(text, end))
    if name.endswith(tuple(words_of("method") | words_of("part_of_name"))):
        return shape.parts[0].numeral != "一" or len(shape.parts) > 1
    if name.endswith(_RHYME):
        return True
    if shape.rule == "plus":
        return len(shape.parts) > 2 or any(part.value is None for part in shape.parts) or typed
    if shape.rule == "digits":
        return counts_up(name) or name.isdecimal()
    if shape.rule == "noun_verb":
        return _verb_is_evident(shape.parts[0], typed or is_promoted(text, start))
    return shape.rule == "pairs" and _unquoted_pairs_are_name(name, shape, typed)


_RHYME = "字诀"


def _verb_is_evident(part: Part, typed: bool) -> bool:
    if part.numeral in "一双多" or part.noun in words_of("plain_noun") or part.noun[0] in "是要则即":
        return False
    return not count_only().match(part.noun) and (typed or part.noun in words_of("pair_noun"))


def _unquoted_pairs_are_name(name: str, shape: Shape, typed: bool) -> bool:
    if any(part.noun in words_of("count_only") for part in shape.parts):
        return False
    plural = any(part.value is None or part.value > 1 for part in shape.parts if part.numeral not in "多双")
    return (plural or typed) and pairs_are_name(name, shape, "")


@cache
def _type_directly_behind() -> re.Pattern[str]:
    return re.compile(rf"的?[{HAN}]{{0,4}}?{alternatives('type')}")


_FIRST_OF_COUNTED = re.compile("[二两三四五六七八九十](?=个)")


@cache
def _unquoted_counted() -> re.Pattern[str]:
    return re.compile(rf"{_BEFORE}([二两三四五六七八九十]个([^\W{NUMERALS}\d]{{2,4}})):")


def told_counted(text: str) -> Iterator[Mention]:
    """做到六个到位:思想认识到位、…: without quotation marks, where each item of the list holds what is counted."""
    for match in matches_at(_FIRST_OF_COUNTED, _unquoted_counted(), text):
        shape = read_shape(match[1])
        count = value_of(match[1][0])
        if shape is None or count is None:
            continue
        listing = items_in(text, match.end(), sentence_end(text, match.end()), count)
        if listing and all(match[2] in item for item in listing.items):
            yield Mention(*match.span(1), match[1], shape, False, match.end(1))
