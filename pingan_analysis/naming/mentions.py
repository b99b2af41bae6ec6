"""Where names of models stand in a paragraph: all finders together, with days, enumerations and slogans."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache

from .lists import Listing, run_before
from .marks import MARKS, without_marks
from .mention import DAY, HAN_BUT_NUMERALS, MARK, SENTENCE_END, Mention
from .quoted import quoted_names, quoted_stretches
from .scanning import matches_at
from .shapes import NUMERALS, ROUND_NUMERALS, Part, Shape, value_of
from .unquoted import told_counted, unquoted_names
from .words import alternatives, words_of

_FIRST_OF_DAY = re.compile(rf"[{MARKS}](?=\d)|\d")
_MONTH_AND_DAY = r"(?:1[0-2]|0?[1-9])\s?[.·・•∙]\s?(?:3[01]|[12]\d|0?[1-9])"
_DAY_NAME = re.compile(
    rf"(?<![\d.·])({MARK}?)((?!19|20)\d{{3,4}}|{_MONTH_AND_DAY})({MARK}?)"
    r"(?![\d.·%万亿千百余多人名件起条次户个级度米元倍岁公吨平天项])"
)
CANDIDATE = re.compile(f"[{NUMERALS}{ROUND_NUMERALS}兩雙萬\\dNX０-９]")
"""What a text has in which a name may stand, in either script: others need not be read."""


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


def _days(text: str) -> Iterator[Mention]:
    """“6·26”国际禁毒日, 4.15国家安全日, “119消防宣传月”, and a day in quotation marks alone (“3·15”)."""
    for match in matches_at(_FIRST_OF_DAY, _DAY_NAME, text):
        quoted = bool(match[1] and match[3])
        by_figures = match[2].isdecimal()
        behind = _day_noun().match(text, match.end()) or (_OWN_DAY.match(text, match.end()) if match[3] else None)
        if behind and not (by_figures and behind.groupdict().get("incident")):
            start = match.start() if match[3] else match.start(2)
            yield Mention(start, behind.end(), without_marks(text[start:behind.end()]), DAY, quoted, behind.end())
        elif quoted and not by_figures:
            yield Mention(*match.span(2), without_marks(match[2]), DAY, quoted, match.end())


_OWN_DAY = re.compile(rf"(?:{HAN_BUT_NUMERALS}){{2,10}}?(?<![近今昨当假生抗细环季调情关章])[日节]")


@cache
def _day_noun() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{HAN_BUT_NUMERALS}){{0,12}}?(?:{alternatives('day')}|(?P<incident>{alternatives('incident')}))"
        rf"|(?:{HAN_BUT_NUMERALS}){{2,12}}?日(?={MARK})"
    )


def _enumerations(text: str) -> Iterator[Mention]:
    """公安、物业、居民三方; 县乡两级: a list, and the number of its items with a noun."""
    for match in _summed_up().finditer(text) if _sum().search(text) else ():
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
def _sum() -> re.Pattern[str]:
    """Return an expression for a numeral and what it counts, without which nothing is summed up."""
    return re.compile(f"[二两三四五六七八九十]{alternatives('enumeration_noun')}")


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
            before = SENTENCE_END.split(text[max(0, start - _AROUND):start])[-1]
            after = SENTENCE_END.split(text[end:end + _AROUND])[0]
            if re.search(alternatives("slogan_word"), before + after):
                yield Mention(start, end, without_marks(phrase), Shape(SLOGAN, ()), True, end + 1)


SLOGAN = "slogan"
_SHORTEST_SLOGAN, _AROUND = 6, 60
_FINDERS = (_days, _enumerations, quoted_names, unquoted_names, _slogans, told_counted)
"""In order: what one has found is not found again by the next."""
