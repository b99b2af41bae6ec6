"""The shapes that numeral names have, and what they take a name apart into.

- digits: a row of numerals (一二三四五, 12345), also with a word that belongs to the name (三三工作法)
- plus: terms that are added (1+3+9, 1+N, 一核+三治)
- pairs: two or more numerals, each with its noun (三屏两报, 一约两会三团, 双随机、一公开)
- counted: a numeral, a measure word and what is counted (十个没有, 八大攻坚, 三项清单)
- noun_verb: a numeral, its noun, and what is done (三治融合, 两信同发)
- noun: a numeral and its noun (五零, 双提升, 四式监管机制)
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from .words import alternatives, words_of

NUMERALS = "一二三四五六七八九十两双多"
ROUND_NUMERALS = "百千万"
_VALUES = {**{numeral: value for value, numeral in enumerate("零一二三四五六七八九十")}, "两": 2, "双": 2}
_HAN = r"\u3400-\u9fff"
_NO_NUMERAL = f"[^\\W{NUMERALS}{ROUND_NUMERALS}\\d_]"
ONE_NUMERAL = rf"(?:\d{{1,2}}|十[一二三四五六七八九]|[一二三四五六七八九]十|[{NUMERALS}])"
_ANY_NUMERAL = rf"(?:{ONE_NUMERAL}|[{ROUND_NUMERALS}])"
_PAIR = re.compile(rf"({_ANY_NUMERAL})(?:[个项大](?={_NO_NUMERAL}))?({_NO_NUMERAL}{{1,4}})[、和]?")
DONE_TO = "进助联访帮入送走包驻敲"
_ROUND_PAIR = re.compile(
    rf"([{ROUND_NUMERALS}])({_NO_NUMERAL}{{1,7}}[{DONE_TO}])([{ROUND_NUMERALS}])({_NO_NUMERAL}{{1,4}})"
)
_PLUS_TERM = re.compile(rf"(\d{{1,5}}|{ONE_NUMERAL}|[NXnx])([个项大]?)([{_HAN}]{{0,6}})")
_AT_ONE = re.compile(rf"({ONE_NUMERAL})位一体")
_DIGITS = re.compile(r"[一二三四五六七八九十]{2,10}|\d{2,9}|[十百千万]{3,4}")
_MEASURES = ("个", "项", "大")
LONGEST_NAME = 24


_SYSTEMS = re.compile(rf"(?:[{NUMERALS}]{_NO_NUMERAL}{{1,2}})+[{NUMERALS}]制")
"""两票三制: the word that mostly belongs to no noun (两长制) is a noun itself."""


class Part(NamedTuple):
    """A numeral of a name and what it counts: the value, or None where it is open (N, 多), and the noun, if any."""

    value: int | None
    numeral: str
    noun: str


class Shape(NamedTuple):
    """How a name is built: `rule` is the name of its shape, `verb` what is done with what is counted, if anything."""

    rule: str
    parts: tuple[Part, ...]
    verb: str = ""

    @property
    def total(self) -> int | None:
        """How many members the numerals promise together, or None where one is open."""
        values = [part.value for part in self.parts]
        return None if None in values else sum(value for value in values if value is not None)


@lru_cache(maxsize=4096)
def read_shape(name: str) -> Shape | None:
    """Return the shape of `name` (simplified, half-width, without quotation marks), None where it has none.

    >>> read_shape("三屏两报").parts
    (Part(value=3, numeral='三', noun='屏'), Part(value=2, numeral='两', noun='报'))
    >>> read_shape("三治融合").rule, read_shape("十个没有").rule, read_shape("枫桥经验")
    ('noun_verb', 'counted', None)
    """
    if len(name) > LONGEST_NAME:
        return None
    bare = _suffix().sub("", name) or name
    pairs = _pairs(bare) or (_pairs(name) if _SYSTEMS.fullmatch(name) else None)
    return _digits(bare) or _plus(name) or pairs or _counted(bare) or _noun_verb(bare) or _noun(bare)


def counts_up(name: str) -> bool:
    """Whether `name` is the numerals from one on, at least three of them.

    >>> counts_up("一二三四"), counts_up("123"), counts_up("三三")
    (True, True, False)
    """
    return len(name) > 2 and (name == "一二三四五六七八九十"[:len(name)] or name == "123456789"[:len(name)])


def value_of(numeral: str) -> int | None:
    """Return the value of a numeral below a hundred, None for an open one (N, X, 多) and for round ones (百, 千, 万).

    >>> value_of("十二"), value_of("两"), value_of("N")
    (12, 2, None)
    """
    if numeral.isdecimal():
        return int(numeral)
    if len(numeral) == 2:
        tens, ones = (_VALUES[digit] for digit in numeral)
        return tens + ones if numeral[0] == "十" else tens * ones
    return _VALUES.get(numeral)


@cache
def _suffix() -> re.Pattern[str]:
    return re.compile(f"{alternatives('part_of_name', 'part_directly_behind')}$")


@cache
def _type() -> re.Pattern[str]:
    return re.compile(f"(?<=.){alternatives('type')}$")


@cache
def _counted_name() -> re.Pattern[str]:
    return re.compile(rf"({ONE_NUMERAL}){alternatives('measure')}([{_HAN}]{{1,7}})")


@cache
def _noun_verb_name() -> re.Pattern[str]:
    return re.compile(rf"({ONE_NUMERAL})({_NO_NUMERAL}{{1,3}}?)({alternatives('verb')})")


_NOUN_NAME = re.compile(
    rf"({ONE_NUMERAL})({_NO_NUMERAL}{{1,4}}|(?<=双)[{ROUND_NUMERALS}]|{_NO_NUMERAL}{{0,2}}(?:统一|合一|第一|唯一|专一))"
)


def _part(numeral: str, noun: str) -> Part:
    return Part(value_of(numeral), numeral, noun)


def _digits(name: str) -> Shape | None:
    numerals = _type().sub("", name)
    if not _DIGITS.fullmatch(numerals):
        return None
    ends_in_ten = len(numerals) > 3 and numerals.endswith("10")
    read = re.findall("10$|.", numerals) if ends_in_ten else list(numerals)
    return Shape("digits", tuple(_part(numeral, "") for numeral in read))


def _plus(name: str) -> Shape | None:
    terms = [_PLUS_TERM.fullmatch(term) for term in name.split("+")]
    if len(terms) < 2 or not all(terms):
        return None
    return Shape("plus", tuple(_part(term[1].upper(), term[3]) for term in terms if term))


def _pairs(name: str) -> Shape | None:
    if at_one := _AT_ONE.fullmatch(name):
        return Shape("noun_verb", (_part(at_one[1], "位"),), "一体")
    if both := _ROUND_PAIR.fullmatch(name):
        return Shape("pairs", (_part(both[1], both[2]), _part(both[3], both[4])))
    parts, end = [], 0
    while match := _PAIR.match(name, end):
        parts.append(_part(match[1], match[2]))
        end = match.end()
    if end < len(name) or len(parts) < 2 or parts[0].noun in _MEASURES:
        return None
    if len(parts) == 2 and parts[1][1:] == ("一", "体"):
        return Shape("noun_verb", (parts[0],), "一体")
    if verb := _verb_behind(parts[-1].noun):
        parts[-1] = parts[-1]._replace(noun=parts[-1].noun.removesuffix(verb))
    return Shape("pairs", tuple(parts), verb)


def _verb_behind(noun: str) -> str:
    match = re.fullmatch(f".{{1,2}}({alternatives('verb')})", noun)
    return match[1] if match else ""


def _counted(name: str) -> Shape | None:
    match = _counted_name().fullmatch(name)
    return Shape("counted", (_part(match[1], match[2]),)) if match else None


def _noun_verb(name: str) -> Shape | None:
    match = _noun_verb_name().fullmatch(name)
    return Shape("noun_verb", (_part(match[1], match[2]),), match[3]) if match else None


def _noun(name: str) -> Shape | None:
    match = _NOUN_NAME.fullmatch(name)
    if match is None:
        return None
    noun = _type().sub("", match[2])
    noun = noun[0] if len(noun) > 2 and noun[0] in words_of("kind_noun") else noun
    return Shape("noun", (_part(match[1], noun),))
