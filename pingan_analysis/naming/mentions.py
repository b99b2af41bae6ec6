"""Where names of models stand in a paragraph: in quotation marks, or without, where the wording is evidence enough."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from ..extraction.tables import one_of
from .lists import Listing, items_in, run_before
from .marks import MARKS, without_marks
from .shapes import DONE_TO, NUMERALS, ROUND_NUMERALS, Part, Shape, counts_up, read_shape, value_of
from .words import (
    alternatives,
    is_ordinary,
    known_kinds,
    known_unquoted,
    lexicon_names,
    part_of_speech,
    words_of,
)

_OPENING = "“「『‘\"'〝"
_MARK = f"[{MARKS}]"
_HAN = r"\u3400-\u9fff"
_INSIDE = f"[^{MARKS}\\n。!?;:《》()]"
_QUOTED = re.compile(rf"“({_INSIDE}{{1,24}})”|「({_INSIDE}{{1,24}})」|『({_INSIDE}{{1,24}})』|‘({_INSIDE}{{1,24}})’"
                     rf"|〝({_INSIDE}{{1,24}})〞|\"({_INSIDE}{{1,24}})\"|'({_INSIDE}{{1,24}})'")
_HAN_BUT_NUMERALS = f"(?![{NUMERALS}])[{_HAN}]"
_MONTH_AND_DAY = r"(?:1[0-2]|0?[1-9])\s?[.·・•∙]\s?(?:3[01]|[12]\d|0?[1-9])"
_NO_BODY = "(?![团队厅室站所员])"
"""Behind what is done: no body that does it (五老议事团)."""
_DAY_NAME = re.compile(
    rf"(?<![\d.·])({_MARK}?)((?!19|20)\d{{3,4}}|{_MONTH_AND_DAY})({_MARK}?)"
    r"(?![\d.·%万亿千百余多人名件起条次户个级度米元倍岁公吨平天项])"
)
CANDIDATE = re.compile(f"[{NUMERALS}{ROUND_NUMERALS}兩雙萬\\dNX０-９]")
"""What a text has in which a name may stand, in either script: others need not be read."""


LISTED = Shape("listed", ())
"""Of a name that a table has and that is built in no shape."""


class Mention(NamedTuple):
    """A name in a paragraph: where it stands (in the copy that rules read), what it is, and by which evidence.

    `quoted`: a quotation mark stands at it or in it; `head`: the name as it is built, `tail`: where what stands behind
    it begins, outer quotation mark left out.
    """

    start: int
    end: int
    name: str
    shape: Shape
    quoted: bool
    tail: int


def find_mentions(text: str) -> list[Mention]:
    """Return the mentions of names of models in `text` (the copy of a paragraph), in order, without overlap.

    >>> [mention.name for mention in find_mentions("依托“三屏两报”宣传平台,推行“三三”工作法,召开两个会")]
    ['三屏两报', '三三工作法']
    """
    found: list[Mention] = []
    taken = [False] * (len(text) + 1)
    for mention in itertools.chain.from_iterable(find(text) for find in _FINDERS):
        if not any(taken[mention.start:mention.end]):
            taken[mention.start:mention.end] = [True] * (mention.end - mention.start)
            found.append(mention)
    return sorted(found)


def quoted_stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield the short stretches inside quotation marks, inner ones too; straight marks open and close in turn."""
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


def _days(text: str) -> Iterator[Mention]:
    """“6·26”国际禁毒日, 4.15国家安全日, “119消防宣传月”, and a day in quotation marks alone (“3·15”)."""
    for match in _DAY_NAME.finditer(text):
        quoted = bool(match[1] and match[3])
        by_figures = match[2].isdecimal()
        behind = _day_noun().match(text, match.end()) or (_OWN_DAY.match(text, match.end()) if match[3] else None)
        if behind and not (by_figures and behind.groupdict().get("incident")):
            start = match.start() if match[3] else match.start(2)
            yield Mention(start, behind.end(), without_marks(text[start:behind.end()]), DAY, quoted, behind.end())
        elif quoted and not by_figures:
            yield Mention(*match.span(2), without_marks(match[2]), DAY, quoted, match.end())


DAY = Shape("day", ())
_REST_OF_DAY = re.compile(rf"(?:{_HAN_BUT_NUMERALS}){{0,8}}?(?<![近今昨当假生抗细环季调情关章])[日节]")
_OWN_DAY = re.compile(rf"(?:{_HAN_BUT_NUMERALS}){{2,10}}?(?<![近今昨当假生抗细环季调情关章])[日节]")


@cache
def _day_noun() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{_HAN_BUT_NUMERALS}){{0,12}}?(?:{alternatives('day')}|(?P<incident>{alternatives('incident')}))"
        rf"|(?:{_HAN_BUT_NUMERALS}){{2,12}}?日(?={_MARK})"
    )


def _quoted(text: str) -> Iterator[Mention]:
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
    if len(names) < _FEWEST_TOLD or not all(shapes):
        return []
    return [
        Mention(at, to, name, shape, True, end + 1)
        for (at, to, name), shape in zip(names, shapes, strict=True) if shape
    ]


_COUNTED_BEHIND = re.compile(rf"{_MARK}的?{_MARK}[{NUMERALS}]")


def _with_attribute(text: str, start: int, end: int, name: str) -> Iterator[Mention]:
    """围绕“邻里七帮”:帮接送、…: what stands before the numeral belongs to a name whose members are told behind it."""
    match = _ATTRIBUTE.fullmatch(name)
    shape = read_shape(match[1]) if match else None
    if shape is None or shape.rule not in ("noun", "noun_verb") or is_ordinary(name) or in_title(text, start):
        return
    noun, count = shape.parts[0].noun, shape.total or 0
    points = [_point(n, noun).search(text, end) for n in range(1, count + 2)] if count < len(_POINTS) else []
    in_points = count > _FEWEST_TOLD and bool(points) and all(points[:count]) and not points[count]
    told = _told().match(text, end + 1)
    listing = items_in(text, told.end(), _sentence_end(text, told.end()), count) if told else None
    if in_points or (listing and all(noun in item for item in listing.items)):
        yield Mention(start, end, name, shape, True, end + 1)


_ATTRIBUTE = re.compile(rf"(?:{_HAN_BUT_NUMERALS}){{2,4}}([{NUMERALS}](?:{_HAN_BUT_NUMERALS}){{1,3}})")
_POINTS = "零一二三四五六七八九十"


@cache
def _point(n: int, noun: str) -> re.Pattern[str]:
    numeral = _POINTS[n] if n < len(_POINTS) else "十一"
    return re.compile(rf"(?<![{_HAN}]){numeral}是[^,;。]{{0,8}}?{re.escape(noun)}")


def _sentence_end(text: str, start: int) -> int:
    end = _SENTENCE_END.search(text, start)
    return end.start() if end else len(text)


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
    if name in known_kinds() or (shape and _is_name(name, shape, text, start, tail)):
        yield Mention(start, end, name, shape or LISTED, True, tail)


@cache
def _joined() -> re.Pattern[str]:
    """What stands behind the quotation mark and belongs to the name: 工作法, or what is done, where the clause ends."""
    return re.compile(
        rf"(?P<suffix>[{_HAN}]{{0,4}}?{alternatives('part_of_name')}|{alternatives('part_directly_behind')}(?!度))"
        rf"|(?P<verb>{alternatives('verb')}{_NO_BODY})(?:{alternatives('part_of_name')})?"
        rf"|(?P<unknown>[{_HAN}]{{2}})(?=[,。;:!?、{MARKS}\s]|$)"
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
_HEADS = re.compile(rf"(?:^|[即是:;。、]|{_MARK}){_MARK}$")


def _is_name(name: str, shape: Shape, text: str, start: int, tail: int) -> bool:
    """Whether what stands in quotation marks names a model, and not a count, a thing or an idiom."""
    if is_ordinary(name) or (shape.rule == "digits" and _hotline().match(text, tail)):
        return False
    if name in lexicon_names() and shape.parts[0].numeral != "一":
        return True
    head = _head_behind(text, tail) or (_PROMOTED if _is_promoted(text, start) else "")
    return _IS_NAME[shape.rule](name, shape, head) or is_explained(shape, text, tail) or (
        shape.rule == "digits" and _digits_are_told(shape, text, tail)
    )


def _head_behind(text: str, tail: int) -> str:
    behind = _type_behind().match(text, tail)
    return behind[1] if behind else ""


def _is_promoted(text: str, start: int) -> bool:
    return _promoted().search(text, max(0, start - _LEAD), start) is not None


@cache
def _hotline() -> re.Pattern[str]:
    return re.compile(alternatives("hotline"))


_PROMOTED, _LEAD = "promoted", 14
"""What stands for a head where a verb like 推行 is evidence as good; characters before a name in which it may stand."""


@cache
def _promoted() -> re.Pattern[str]:
    return re.compile(rf"{alternatives('promotes', 'calls')}[了出起好]{{0,2}}(?:[{_HAN}]{{0,6}}的)?{_MARK}*$")


def is_explained(shape: Shape, text: str, tail: int) -> bool:
    """Whether a list of as many items as the numeral of a name says is told right behind it (“五心”:…)."""
    count = shape.total
    if count is None or count < _FEWEST_TOLD or shape.rule in ("digits", "plus"):
        return False
    told = _told().match(text, tail) or _AND_SO_ON.match(text, tail)
    if told is None:
        return False
    listing = items_in(text, told.end(), _sentence_end(text, told.end()), count)
    noun = "" if told.re is _told() else shape.parts[0].noun
    return listing is not None and all(noun in item for item in listing.items)


def _digits_are_told(shape: Shape, text: str, tail: int) -> bool:
    """“248”接单规矩:2小时响应、4小时到场、8小时反馈: an item for each numeral, which it begins with."""
    told = _told().match(text, tail)
    items = "[、,;]".join(f"{_either_script(part)}[^、,;。:!?\\n]{{1,20}}" for part in shape.parts)
    return bool(told and len(shape.parts) > _FEWEST_TOLD - 1 and re.compile(items).match(text, told.end()))


def _either_script(part: Part) -> str:
    """Return an expression for the numeral of a part, in figures or in characters."""
    value = part.value
    if value is None or value >= len(_POINTS):
        return re.escape(part.numeral)
    return f"(?:{value}|{_POINTS[value]}{'|两' if value == _FEWEST_TOLD else ''})"


_FEWEST_TOLD = 2
_AND_SO_ON = re.compile(f"{_MARK}?,")


@cache
def _told() -> re.Pattern[str]:
    return re.compile(rf"{_MARK}?[{_HAN}]{{0,10}}?(?::|,?{alternatives('explains')}(?![导挥标出明示数])[:,]?)")


def _digits_are_name(name: str, shape: Shape, behind: str) -> bool:
    if len(name) == 2:
        return behind in words_of("firm_type") and not _PLAN_PERIOD.fullmatch(name)
    return counts_up(name) or (bool(behind) and not (behind == _PROMOTED and name.isdecimal()))


_PLAN_PERIOD = re.compile("[一二三四五六七八九十]五")


def _plus_is_name(name: str, shape: Shape, behind: str) -> bool:
    return len(shape.parts) > 1


def _pairs_are_name(name: str, shape: Shape, behind: str) -> bool:
    nouns = [part.noun for part in shape.parts]
    only_counts = all(noun in words_of("count_only") for noun in nouns)
    if only_counts or (_SIGN.search(name) and _count_only().match(nouns[0])) or nouns[-1].endswith("的"):
        return False
    if all(part.numeral == "一" for part in shape.parts):
        firm = behind == _PROMOTED or behind in words_of("firm_type") or behind in words_of("service")
        return not _SIGN.search(name) and (len(shape.parts) > 2 or firm)
    if _SIGN.search(name) and all(part.numeral in _UNTOLD or part.numeral.isdecimal() for part in shape.parts):
        return False
    if all(part.numeral in ROUND_NUMERALS for part in shape.parts):
        return bool(behind) or nouns[0][-1] in DONE_TO
    return max(map(len, nouns)) < _LONG_NOUN or bool(behind)


_UNTOLD = "一" + ROUND_NUMERALS
_SIGN = re.compile("[、,]")
_LONG_NOUN = 4


def _counted_is_name(name: str, shape: Shape, behind: str) -> bool:
    numeral = shape.parts[0].numeral
    return numeral not in "一二" and not numeral.isdecimal() and not _CONGRESS.match(name)


_CONGRESS = re.compile("(?:十[六七八九]|二十[一二]?)大")


def _noun_is_name(name: str, shape: Shape, behind: str) -> bool:
    numeral, noun = shape.parts[0].numeral, shape.parts[0].noun
    if numeral in "一二多" or numeral.isdecimal() or noun[0] in "级大" or "之" in noun or _count_only().match(noun):
        return False
    if noun.endswith("号") or (is_ordinary(name[:2]) and name[:2] not in known_kinds()):
        return False
    return len(noun) <= 2 or bool(behind) or name.endswith(tuple(words_of("type")))


def _noun_verb_is_name(name: str, shape: Shape, behind: str) -> bool:
    return shape.parts[0].numeral != "一" or (
        behind in words_of("firm_type") and shape.parts[0].noun in words_of("pair_noun")
    )


_IS_NAME: dict[str, Callable[[str, Shape, str], bool]] = {
    "digits": _digits_are_name, "plus": _plus_is_name, "pairs": _pairs_are_name, "counted": _counted_is_name,
    "noun_verb": _noun_verb_is_name, "noun": _noun_is_name,
}


@cache
def _count_only() -> re.Pattern[str]:
    return re.compile(rf"(?!字[诀经法]){alternatives('count_only')}")


@cache
def _type_behind() -> re.Pattern[str]:
    return re.compile(rf"{_MARK}?的?[{_HAN}]{{0,8}}?({alternatives('type', 'part_of_name', 'service')})")


def _unquoted(text: str) -> Iterator[Mention]:
    for pattern in (_long_compounds(), _listed(), _known_shapes(), _promoted_shapes()):
        for match in pattern.finditer(text):
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


def in_title(text: str, start: int) -> bool:
    """Whether `start` lies in the title of a document (《…》)."""
    before = text[max(0, start - 40):start]
    return before.rfind("《") > before.rfind("》")


_BEFORE = rf"(?<![第每这那各上下前后近{NUMERALS}{ROUND_NUMERALS}\d.+零初周])"


@cache
def _listed() -> re.Pattern[str]:
    """Names of the tables that are known without quotation marks."""
    names = {name for name in lexicon_names() if len(name) > 2 and read_shape(name) and _evident_in_lexicon(name)}
    return re.compile(rf"{_BEFORE}({one_of(names | known_unquoted())})(?![{NUMERALS}+])(?!(?<=[\dNX])\d)")


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


@cache
def _known_shapes() -> re.Pattern[str]:
    noun, verb, suffix = alternatives("pair_noun"), alternatives("verb"), alternatives("part_of_name", "method")
    return re.compile(
        rf"{_BEFORE}((?:[{NUMERALS}]{noun}){{2,6}}"
        rf"|[二三四五六七八九十]字诀|[一二三四五六七八九十]{{2,9}}(?={suffix}){suffix}|\d{{2,6}}{suffix}|[{NUMERALS}][^\W{NUMERALS}\d]{{1,4}}?{suffix}"
        rf"|(?!19|20)\d{{3,5}}(?=(?:工作)?(?:体系|模式))"
        rf"|[一二三四五六七八九十]{{3,9}}(?=的?[{_HAN}]{{0,4}}{alternatives('type')})"
        rf"|[{NUMERALS}][^\W{NUMERALS}{ROUND_NUMERALS}\d]{{1,2}}{verb}{_NO_BODY}"
        rf"|(?:\d{{1,2}}|N|X)(?:[{_HAN}]{{0,5}}\+(?:\d{{1,2}}|N|X)){{1,6}}(?:[{_HAN}]{{1,5}}(?=\+))?)(?![\d+{NUMERALS}])"
    )


@cache
def _promoted_shapes() -> re.Pattern[str]:
    """推行三圈五线, 落实三长制: what a verb like 推行 has as its object; without it the words are no evidence."""
    noun = rf"[^\W{NUMERALS}{ROUND_NUMERALS}\d的]"
    return re.compile(
        rf"(?:{alternatives('promotes')}[了出起好]{{0,2}})"
        rf"((?:(?:[二三四五六七八九十两双]{noun}){{2,6}}|(?:[二三四五六七八九十两双]{noun}{{2}}){{2,6}})"
        rf"(?=的?[{_HAN}]{{0,4}}?{alternatives('type')}|[,。;、]|$)"
        rf"|[三四五六七八九十两双](?!{alternatives('measure')})[^\W{NUMERALS}\d的]{{1,4}}?(?<![机体])制(?![度作造定约止服品成])"
        rf"|一[^\W{NUMERALS}\d]{{1,2}}一{alternatives('posted')}(?![{_HAN}](?<=长)))"
    )


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
        return _verb_is_evident(shape.parts[0], typed or _is_promoted(text, start))
    return shape.rule == "pairs" and _unquoted_pairs_are_name(name, shape, typed)


_RHYME = "字诀"


def _verb_is_evident(part: Part, typed: bool) -> bool:
    if part.numeral in "一双多" or part.noun in words_of("plain_noun") or part.noun[0] in "是要则即":
        return False
    return not _count_only().match(part.noun) and (typed or part.noun in words_of("pair_noun"))


def _unquoted_pairs_are_name(name: str, shape: Shape, typed: bool) -> bool:
    if any(part.noun in words_of("count_only") for part in shape.parts):
        return False
    plural = any(part.value is None or part.value > 1 for part in shape.parts if part.numeral not in "多双")
    return (plural or typed) and _pairs_are_name(name, shape, "")


@cache
def _type_directly_behind() -> re.Pattern[str]:
    return re.compile(rf"的?[{_HAN}]{{0,4}}?{alternatives('type')}")


def _enumerations(text: str) -> Iterator[Mention]:
    """公安、物业、居民三方; 县乡两级: a list, and the number of its items with a noun."""
    for match in _summed_up().finditer(text):
        count = value_of(match[2])
        inside_longer = text[match.start(1) - 1] in MARKS and text[match.end():match.end() + 1] not in MARKS
        if inside_longer or _no_enumeration().match(text, match.start(3)):
            continue
        if count is not None and enumerated(text, match.start(), count):
            shape = Shape(ENUMERATION, (Part(count, match[2], match[3]),))
            yield Mention(*match.span(1), match[1], shape, False, match.end())


ENUMERATION = "enumeration"
_LONGEST_ENUMERATED = 8


def enumerated(text: str, end: int, count: int) -> Listing | None:
    """Return the list of `count` items that ends at `end`: parted by 、, or levels in a row (省市县).

    >>> enumerated("县乡两级", 2, 2).items, enumerated("公安、物业、居民三方", 8, 3).items
    (('县', '乡'), ('公安', '物业', '居民'))
    """
    levels = text[max(0, end - count):end]
    if len(levels) == count > 1 and set(levels) <= words_of("levels"):
        return Listing(end - count, end, tuple(levels))
    return run_before(text, end, count, longest=_LONGEST_ENUMERATED)


@cache
def _no_enumeration() -> re.Pattern[str]:
    return re.compile(alternatives("not_enumeration"))


@cache
def _summed_up() -> re.Pattern[str]:
    return re.compile(
        rf"(?<=[^\W\d的第{NUMERALS}])\)?(?:等)?[{MARKS}]?(([二两三四五六七八九十])({alternatives('enumeration_noun')}))"
    )


def _slogans(text: str) -> Iterator[Mention]:
    """A phrase with a numeral in quotation marks that its sentence calls a slogan."""
    for start, end in quoted_stretches(text):
        phrase = text[start:end]
        if len(phrase) >= _SHORTEST_SLOGAN and re.search(f"[{NUMERALS}{ROUND_NUMERALS}]", phrase):
            before = _SENTENCE_END.split(text[max(0, start - _AROUND):start])[-1]
            after = _SENTENCE_END.split(text[end:end + _AROUND])[0]
            if re.search(alternatives("slogan_word"), before + after):
                yield Mention(start, end, without_marks(phrase), Shape(SLOGAN, ()), True, end + 1)


SLOGAN = "slogan"
_SHORTEST_SLOGAN, _AROUND = 6, 60
_SENTENCE_END = re.compile("[。!?;\n]")


@cache
def _unquoted_counted() -> re.Pattern[str]:
    return re.compile(rf"{_BEFORE}([二两三四五六七八九十]个([^\W{NUMERALS}\d]{{2,4}})):")


def _told_counted(text: str) -> Iterator[Mention]:
    """做到六个到位:思想认识到位、…: without quotation marks, where each item of the list holds what is counted."""
    for match in _unquoted_counted().finditer(text):
        shape = read_shape(match[1])
        count = value_of(match[1][0])
        if shape is None or count is None:
            continue
        listing = items_in(text, match.end(), _sentence_end(text, match.end()), count)
        if listing and all(match[2] in item for item in listing.items):
            yield Mention(*match.span(1), match[1], shape, False, match.end(1))


_FINDERS = (_days, _enumerations, _quoted, _unquoted, _slogans, _told_counted)
"""In order: what one has found is not found again by the next."""
