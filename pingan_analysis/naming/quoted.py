"""Names of models in quotation marks: what the marks hold, with what stands at them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .judging import announcement, is_name
from .lists import items_in
from .marks import MARKS, without_marks
from .mention import (
    DAY,
    FEWEST_TOLD,
    HAN,
    HAN_BUT_NUMERALS,
    LISTED,
    MARK,
    NO_BODY,
    NUMERALS_IN_ORDER,
    Mention,
    in_title,
    sentence_end,
)
from .shapes import NUMERALS, ROUND_NUMERALS, Shape, read_shape
from .words import alternatives, is_ordinary, known_kinds, part_of_speech, words_of

_INSIDE = f"[^{MARKS}\\n。!?;:《》()]"
_QUOTED = re.compile(rf"“({_INSIDE}{{1,24}})”|「({_INSIDE}{{1,24}})」|『({_INSIDE}{{1,24}})』|‘({_INSIDE}{{1,24}})’"
                     rf"|〝({_INSIDE}{{1,24}})〞|\"({_INSIDE}{{1,24}})\"|'({_INSIDE}{{1,24}})'")


_ANY_MARK = re.compile(MARK)


def quoted_stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield the short stretches inside quotation marks, inner ones too; straight marks open and close in turn."""
    if not _ANY_MARK.search(text):
        return
    straight = {at for mark in "\"'" for at in _opening_straight(text, mark)}
    position = 0
    while match := _QUOTED.search(text, position):
        if text[match.start()] in "\"'" and match.start() not in straight:
            position = match.start() + 1
            continue
        position = match.end()
        yield match.start() + 1, match.end() - 1


def _opening_straight(text: str, mark: str) -> list[int]:
    return [match.start() for match in re.finditer(mark, text)][::2]


_REST_OF_DAY = re.compile(rf"(?:{HAN_BUT_NUMERALS}){{0,8}}?(?<![近今昨当假生抗细环季调情关章])[日节]")


def quoted_names(text: str) -> Iterator[Mention]:
    """Yield the names that stand in quotation marks, with what belongs to them outside of the marks."""
    for start, end in quoted_stretches(text):
        name = without_marks(text[start:end])
        if not _starts_with_numeral(name):
            yield from _with_attribute(text, start, end, name)
            continue
        if chain := _chain(text, start, end):
            yield from chain
        else:
            yield from _read_quoted(text, start, end, name)


def _chain(text: str, start: int, end: int) -> list[Mention]:
    """Return the names that one pair of marks holds, if they are parts of the name behind it (“…、…、…”的“三一”)."""
    if not _COUNTED_BEHIND.match(text, end):
        return []
    names = [(match.start(), match.end(), match[0]) for match in re.compile("[^、,]+").finditer(text, start, end)]
    shapes = [read_shape(name) for _, _, name in names]
    if len(names) < FEWEST_TOLD or not all(shapes):
        return []
    return [
        Mention(at, to, name, shape, True, end + 1)
        for (at, to, name), shape in zip(names, shapes, strict=True) if shape
    ]


_COUNTED_BEHIND = re.compile(rf"{MARK}的?{MARK}[{NUMERALS}]")


def _with_attribute(text: str, start: int, end: int, name: str) -> Iterator[Mention]:
    """围绕“邻里七帮”:帮接送、…: what stands before the numeral belongs to a name whose members are told behind it."""
    match = _ATTRIBUTE.fullmatch(name)
    shape = read_shape(match[1]) if match else None
    if shape is None or shape.rule not in ("noun", "noun_verb") or is_ordinary(name) or in_title(text, start):
        return
    noun, count = shape.parts[0].noun, shape.total or 0
    points = [_point(n, noun).search(text, end) for n in range(1, count + 2)] if count < len(NUMERALS_IN_ORDER) else []
    in_points = count > FEWEST_TOLD and bool(points) and all(points[:count]) and not points[count]
    told = announcement().match(text, end + 1)
    listing = items_in(text, told.end(), sentence_end(text, told.end()), count) if told else None
    if in_points or (listing and all(noun in item for item in listing.items)):
        yield Mention(start, end, name, shape, True, end + 1)


_ATTRIBUTE = re.compile(rf"(?:{HAN_BUT_NUMERALS}){{2,4}}([{NUMERALS}](?:{HAN_BUT_NUMERALS}){{1,3}})")


@cache
def _point(n: int, noun: str) -> re.Pattern[str]:
    numeral = NUMERALS_IN_ORDER[n] if n < len(NUMERALS_IN_ORDER) else "十一"
    return re.compile(rf"(?<![{HAN}]){numeral}是[^,;。]{{0,8}}?{re.escape(noun)}")


def _starts_with_numeral(name: str) -> bool:
    return bool(re.match(rf"[{NUMERALS}{ROUND_NUMERALS}\dNX]", name))


def _read_quoted(text: str, start: int, end: int, name: str) -> Iterator[Mention]:
    tail = end + 1
    if in_title(text, start):
        return
    if known_kinds().get(name) == "event_name" and (day := _REST_OF_DAY.match(text, tail)):
        yield Mention(start - 1, day.end(), name + day[0], DAY, True, day.end())
        return
    if (word := text[tail:tail + 2]) and name + word in known_kinds() and name not in known_kinds():
        yield Mention(start - 1, tail + 2, name + word, read_shape(name + word) or LISTED, True, tail + 2)
        return
    if (behind := _joined().match(text, tail)) and (
        longer := _longer(name, behind, bool(_HEADS.search(text, max(0, start - 3), start)))
    ):
        yield Mention(start - 1, behind.end(), *longer, True, behind.end())
        return
    shape = read_shape(name)
    if name in known_kinds() or (shape and is_name(name, shape, text, start, tail)):
        yield Mention(start, end, name, shape or LISTED, True, tail)


@cache
def _joined() -> re.Pattern[str]:
    """What stands behind the quotation mark and belongs to the name: 工作法, or what is done, where the clause ends."""
    return re.compile(
        rf"(?P<suffix>[{HAN}]{{0,4}}?{alternatives('part_of_name')}|{alternatives('part_directly_behind')}(?!度))"
        rf"|(?P<verb>{alternatives('verb')}{NO_BODY})(?:{alternatives('part_of_name')})?"
        rf"|(?P<unknown>[{HAN}]{{2}})(?=[,。;:!?、{MARKS}\s]|$)"
    )


def _longer(name: str, behind: re.Match[str], heads: bool) -> tuple[str, Shape] | None:
    """Return the name with what stands behind its quotation mark, and its shape, if that belongs to it.

    `heads`: the name begins a paragraph or an explanation, so that what is done may be of any wording.
    """
    longer = name + behind[0]
    bare = read_shape(name)
    if bare is None or name in known_kinds() or is_ordinary(longer):
        return None
    if behind["suffix"]:
        joins = bare.rule in ("digits", "noun") or behind[0] in _METHODS
        return (longer, bare) if joins else None
    if behind["unknown"] and not (heads or part_of_speech(behind["unknown"]) in _VERBS):
        return None
    if bare.rule != "noun" or len(name) != 2 or behind["unknown"] in words_of("activity") | words_of("type"):
        return None
    return longer, Shape("noun_verb", bare.parts, behind[0])


_METHODS = frozenset({"工作法", "工作制"})
_VERBS = frozenset({"v", "vn"})
_HEADS = re.compile(rf"(?:^|[即是:;。、]|{MARK}){MARK}$")
