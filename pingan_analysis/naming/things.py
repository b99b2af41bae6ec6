"""Things that the noun of a name names, where they stand near it: 手机屏、LED屏、电影屏 for three of 屏."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from ..extraction.tables import one_of
from ..lexicon import read_rows
from ..segment import segment
from .lists import alike, first_of, runs_in, without_lead, without_tail
from .shapes import Part
from .words import alternatives

_LONGEST_NOUN = 3


class Noun(NamedTuple):
    """A noun of names, what things of it end in, all that it can stand for, and the word of a channel that it means."""

    noun: str
    ends_in: tuple[str, ...]
    things: tuple[str, ...]
    channel_word: str


def noun_row(noun: str) -> Noun:
    """Return what the noun of a name stands for; a noun without a line in the table stands for itself.

    >>> noun_row("部").ends_in, noun_row("屋").ends_in
    (('部门',), ('屋',))
    """
    return _nouns().get(noun) or Noun(noun, (noun,), (), "")


@cache
def _nouns() -> dict[str, Noun]:
    rows = read_rows("model_nouns", columns=["noun", "ends_in", "things", "channel_word"])
    return {
        row["noun"]: Noun(
            row["noun"], tuple(row["ends_in"].split()) or (row["noun"],), tuple(row["things"].split()),
            row["channel_word"],
        )
        for row in rows
    }


def things_of(text: str, start: int, end: int, part: Part) -> list[str]:
    """Return the different things in the stretch that the noun of `part` names, if they are as many as it says.

    >>> things_of("让公交车、出租车巡播,宣传单发放", 0, 15, Part(2, "两", "车"))
    ['公交车', '出租车']
    """
    if not part.noun or part.value is None or len(part.noun) > _LONGEST_NOUN:
        return []
    noun = noun_row(part.noun)
    runs = [run.items for run in runs_in(text, start, end)]
    stem = part.numeral + part.noun
    found = [thing for run in runs for thing in _ending_in(run, noun) if stem not in thing]
    if noun.things and len(set(found)) != part.value:
        found = re.findall(one_of(noun.things), text[start:end])
    things = list(dict.fromkeys(found))
    shortest = 2 if part.value > 1 else 3
    if len(things) == part.value and min(map(len, things)) >= shortest:
        return things
    return next((same for run in runs if (same := items_holding(run, noun.noun, part.value))), [])


def things_in_order(text: str, start: int, end: int, parts: Sequence[Part]) -> list[str]:
    """Return the things of several nouns where one run lists all of them, in the order of the name.

    >>> things_in_order("微博、微信、客户端同发", 0, 11, [Part(2, "两", "微"), Part(1, "一", "端")])
    ['微博', '微信', '客户端']
    """
    nouns = [noun_row(part.noun) for part in parts for _ in range(part.value or 0)]
    for run in runs_in(text, start, end):
        if len(parts) > 1 and len(run.items) == len(nouns):
            things = [_named(item, noun) for item, noun in zip(run.items, nouns, strict=True)]
            if all(things) and len(set(things)) == len(things):
                return [without_lead(things[0]), *things[1:]]
            if all(noun.noun in item for item, noun in zip(run.items, nouns, strict=True)):
                return [first_of(run.items[0], run.items[1:]), *alike(run.items[1:], "")]
    return []


def things_with_all(text: str, start: int, end: int, parts: Sequence[Part]) -> list[str]:
    """Return the items of a run that each hold all nouns in their order, if they are as many as each numeral says.

    >>> things_with_all("见车问证、见人问路", 0, 9, [Part(2, "两", "见"), Part(2, "两", "问")])
    ['见车问证', '见人问路']
    """
    values = {part.value for part in parts}
    if len(parts) < 2 or len(values) > 1:
        return []
    form = re.compile(".*".join(re.escape(part.noun) for part in parts) + ".+")
    for run in runs_in(text, start, end):
        if len(run.items) == parts[0].value and all(form.search(item) for item in run.items):
            return [first_of(run.items[0], run.items[1:]), *run.items[1:]]
    return []


def the_one(text: str, start: int, end: int, noun: str) -> list[str]:
    """Return what begins with the noun of one thing, alone in its clause (三有一无: 有物业、有门禁、有探头,无发案)."""
    return re.compile(rf"(?<=[,、])({re.escape(noun)}\w{{1,8}})(?=[,。;])").findall(text, start, end + 1)[:1]


def _named(item: str, noun: Noun) -> str:
    """Return `item` up to the noun, or the thing of the noun that it names; "" where it names none."""
    end = f"(?:{one_of(noun.ends_in)})"
    form = rf".{{0,10}}?(?:{one_of(noun.things)})|.{{1,10}}?{end}" if noun.things else rf".{{1,10}}{end}"
    match = re.match(form, item)
    return match[0] if match else ""


def _ending_in(items: tuple[str, ...], noun: Noun) -> list[str]:
    """Return the items of a run if all of them end in the noun, the last one up to it."""
    end = f"(?:{one_of(noun.ends_in)})"
    items = tuple(_post(item, noun) for item in items)
    at = next((n for n, item in enumerate(items) if re.search(f".{end}.", item)), len(items) - 1)
    match = re.match(rf"(.{{1,10}}?)({end})(?!.*{end})", items[at])
    if not match or not _ends_a_word(items[at], match.end()):
        return []
    last = re.match(rf"(.{{1,10}}?)({end})", items[at])
    match = last if last and _ends_a_word(items[at], last.end()) else match
    others = items[:at]
    if noun.noun not in noun.ends_in and others and not any(item.endswith(noun.ends_in) for item in others):
        return _modifiers(others, match[1])
    things = [*others, match[0]]
    if not all(thing.endswith(noun.ends_in) for thing in things):
        return []
    if noun.noun not in noun.ends_in and noun.noun not in match[2][-1]:
        things = [thing.removesuffix(match[2]) for thing in things]
    return [first_of(things[0], things[1:]), *things[1:]]


def _post(item: str, noun: Noun) -> str:
    """社区干部担任街长: the post without its holder."""
    return re.sub(f"^.+{alternatives('holds_post')}(?=.{{1,4}}(?:{one_of(noun.ends_in)}))", "", item)


def _as_short(item: str, length: int) -> str:
    """Return the words of `item` that are about as long as the other items of its list."""
    ends = [end for end in itertools.accumulate(map(len, segment(item))) if end <= length + 2]
    return item[:ends[-1]] if ends and ends[-1] > 1 else item


def _ends_a_word(item: str, end: int) -> bool:
    return end == len(item) or end in itertools.accumulate(map(len, segment(item)))


def _modifiers(others: tuple[str, ...], last: str) -> list[str]:
    """交通、教育、水利、城管行业主管部门: what stands before the noun that they share."""
    same_length = len({len(item) for item in others}) == 1
    return [without_lead(others[0]), *others[1:], segment(last)[0] if same_length else last]


def items_holding(items: tuple[str, ...], noun: str, count: int) -> list[str]:
    """Return the items of a run if they are `count` and each holds the noun (线索清仓、逃犯清零…)."""
    if len(items) != count or count < 2 or not all(noun in item for item in items):
        return []
    first, *inner, last = items
    if all(item.startswith(noun) for item in (*inner, last)):
        longest = max(map(len, inner), default=len(last))
        return [first[first.rfind(noun):], *inner, _as_short(without_tail(last), longest)]
    if not inner and len(last) > len(first) + 1:
        return []
    lengths = {len(item) for item in inner}
    if len(lengths) == 1:
        length = lengths.pop()
        first, last = first[-length:], last[:length]
    longest = max(map(len, (first, *inner)))
    same = [first_of(first, inner), *inner, last if len(last) <= longest else without_tail(last)]
    return same if all(noun in item for item in same) else []
