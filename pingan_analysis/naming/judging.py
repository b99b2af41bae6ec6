"""When a phrase with numerals is a name: by its shape, by the head behind it, by a list that it announces."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from .lists import items_in
from .mention import FEWEST_TOLD, HAN, MARK, NUMERALS_IN_ORDER, sentence_end
from .shapes import DONE_TO, ROUND_NUMERALS, Part, Shape, counts_up
from .words import alternatives, is_ordinary, known_kinds, lexicon_names, words_of


def is_name(name: str, shape: Shape, text: str, start: int, tail: int) -> bool:
    """Whether what stands in quotation marks names a model, and not a count, a thing or an idiom."""
    if is_ordinary(name) or (shape.rule == "digits" and _hotline().match(text, tail)):
        return False
    if name in lexicon_names() and shape.parts[0].numeral != "一":
        return True
    head = _head_behind(text, tail) or (_PROMOTED if is_promoted(text, start) else "")
    return _IS_NAME[shape.rule](name, shape, head) or is_explained(shape, text, tail) or (
        shape.rule == "digits" and _digits_are_told(shape, text, tail)
    )


def _head_behind(text: str, tail: int) -> str:
    behind = _type_behind().match(text, tail)
    return behind[1] if behind else ""


def is_promoted(text: str, start: int) -> bool:
    return _promoted().search(text, max(0, start - _LEAD), start) is not None


@cache
def _hotline() -> re.Pattern[str]:
    return re.compile(alternatives("hotline"))


_PROMOTED, _LEAD = "promoted", 14
"""What stands for a head where a verb like 推行 is evidence as good; characters before a name in which it may stand."""


@cache
def _promoted() -> re.Pattern[str]:
    return re.compile(rf"{alternatives('promotes', 'calls')}[了出起好]{{0,2}}(?:[{HAN}]{{0,6}}的)?{MARK}*$")


def is_explained(shape: Shape, text: str, tail: int) -> bool:
    """Whether a list of as many items as the numeral of a name says is told right behind it (“五心”:…)."""
    count = shape.total
    if count is None or count < FEWEST_TOLD or shape.rule in ("digits", "plus"):
        return False
    told = announcement().match(text, tail) or _AND_SO_ON.match(text, tail)
    if told is None:
        return False
    listing = items_in(text, told.end(), sentence_end(text, told.end()), count)
    noun = "" if told.re is announcement() else shape.parts[0].noun
    return listing is not None and all(noun in item for item in listing.items)


def _digits_are_told(shape: Shape, text: str, tail: int) -> bool:
    """“248”接单规矩:2小时响应、4小时到场、8小时反馈: an item for each numeral, which it begins with."""
    told = announcement().match(text, tail)
    items = "[、,;]".join(f"{_either_script(part)}[^、,;。:!?\\n]{{1,20}}" for part in shape.parts)
    return bool(told and len(shape.parts) > FEWEST_TOLD - 1 and re.compile(items).match(text, told.end()))


def _either_script(part: Part) -> str:
    """Return an expression for the numeral of a part, in figures or in characters."""
    value = part.value
    if value is None or value >= len(NUMERALS_IN_ORDER):
        return re.escape(part.numeral)
    return f"(?:{value}|{NUMERALS_IN_ORDER[value]}{'|两' if value == FEWEST_TOLD else ''})"


_AND_SO_ON = re.compile(f"{MARK}?,")


@cache
def announcement() -> re.Pattern[str]:
    return re.compile(rf"{MARK}?[{HAN}]{{0,10}}?(?::|,?{alternatives('explains')}(?![导挥标出明示数])[:,]?)")


def _digits_are_name(name: str, shape: Shape, behind: str) -> bool:
    if len(name) == 2:
        return behind in words_of("firm_type") and not _PLAN_PERIOD.fullmatch(name)
    return counts_up(name) or (bool(behind) and not (behind == _PROMOTED and name.isdecimal()))


_PLAN_PERIOD = re.compile("[一二三四五六七八九十]五")


def _plus_is_name(name: str, shape: Shape, behind: str) -> bool:
    return len(shape.parts) > 1


def pairs_are_name(name: str, shape: Shape, behind: str) -> bool:
    nouns = [part.noun for part in shape.parts]
    only_counts = all(noun in words_of("count_only") for noun in nouns)
    if only_counts or (_SIGN.search(name) and count_only().match(nouns[0])) or nouns[-1].endswith("的"):
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
    if numeral in "一二多" or numeral.isdecimal() or noun[0] in "级大" or "之" in noun or count_only().match(noun):
        return False
    if noun.endswith("号") or (is_ordinary(name[:2]) and name[:2] not in known_kinds()):
        return False
    return len(noun) <= 2 or bool(behind) or name.endswith(tuple(words_of("type")))


def _noun_verb_is_name(name: str, shape: Shape, behind: str) -> bool:
    return shape.parts[0].numeral != "一" or (
        behind in words_of("firm_type") and shape.parts[0].noun in words_of("pair_noun")
    )


_IS_NAME: dict[str, Callable[[str, Shape, str], bool]] = {
    "digits": _digits_are_name, "plus": _plus_is_name, "pairs": pairs_are_name, "counted": _counted_is_name,
    "noun_verb": _noun_verb_is_name, "noun": _noun_is_name,
}


@cache
def count_only() -> re.Pattern[str]:
    return re.compile(rf"(?!字[诀经法]){alternatives('count_only')}")


@cache
def _type_behind() -> re.Pattern[str]:
    return re.compile(rf"{MARK}?的?[{HAN}]{{0,8}}?({alternatives('type', 'part_of_name', 'service')})")
