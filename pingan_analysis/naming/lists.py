"""Lists in running text: the items that stand in a stretch, and whether they are as many as a numeral says."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from ..segment import segment
from .marks import MARKS
from .words import alternatives, words_of

_CONJUNCTIONS = r"(?<=[^、,;])(?:以及|和|(?<!以)及|与)(?=[^、,;])"
_MIXED = f"[,、]|{_CONJUNCTIONS}"
_WAYS = (rf"、|{_CONJUNCTIONS}", "、", _MIXED, "[,;]", ";")
"""How the items of a list may be parted; the first way by which they are as many as they should be counts. Only of
short items may some be parted by commas and others not (片长、楼长,巡逻员、宣传员)."""
_WORD_WAYS = 2
"""How many of the ways are those of a list of words."""
_LONGEST_ITEM, _LONGEST_WORDS, _SHORT = 40, 18, 10
"""Characters of an item that is a clause, of one of a list of words, and of a short one."""
_STOPS = re.compile("[,。;:!?\n]|[”」』][“「『]")
_BRACKETED = re.compile(r"\([^()]*\)?")
_COUNTS = {n: f"(?:{numeral}|{n})" for n, numeral in enumerate("零一二三四五六七八九十")} | {2: "[两二双2]"}
_LAST_ITEM_AND_COUNT = r"^(.{1,18}?)%s(?:[个大种项类张级块支名条位款道套方级家]|方面).{0,10}$"


class Listing(NamedTuple):
    """Items as the text lists them, and the stretch that they stand in."""

    start: int
    end: int
    items: tuple[str, ...]


def items_in(
    text: str, start: int, end: int, count: int, *, noun: str = "", last_noun: str = "", words_only: bool = False,
) -> Listing | None:
    """Return the list of exactly `count` items that `text[start:end]` is; None where it is no such list.

    `noun`: what the items have in common, if anything; `last_noun`: what the last of them is; `words_only`: only items
    parted by 、 and conjunctions count.

    >>> items_in("即手机屏、LED屏和电影屏三大媒介", 1, 17, 3).items
    ('手机屏', 'LED屏', '电影屏')
    """
    stretch = text[start:end]
    if count < 2 or len(stretch) > count * _LONGEST_ITEM:
        return None
    if words_only and _holds_post().search(stretch):
        return None
    for n, way in enumerate(_WAYS[:_WORD_WAYS] if words_only else _WAYS):
        items = split_outside_enclosed(stretch, way)
        if len(items) != count or (way == _MIXED and max(map(len, items)) > _SHORT):
            continue
        items[-1] = _up_to(_without_count(items[-1], count), last_noun, max(map(len, items[:-1])))
        cleaned = without_frame(_led(alike([clean_item(item) for item in items], noun)))
        longest = _LONGEST_WORDS if n < _WORD_WAYS else _LONGEST_ITEM
        if len(set(cleaned)) == count and all(0 < len(item) <= longest for item in cleaned):
            return Listing(start, end, tuple(cleaned))
    return None


@cache
def _holds_post() -> re.Pattern[str]:
    return re.compile(alternatives("holds_post"))


def _without_count(item: str, count: int) -> str:
    """Return the last item without the number that sums the list up (信访三支骨干力量)."""
    match = re.match(_LAST_ITEM_AND_COUNT % _COUNTS[count], item) if count in _COUNTS else None
    return match[1] if match else item


def split_outside_enclosed(stretch: str, way: str) -> list[str]:
    """Return `stretch` parted where `way` matches, other than in brackets and titles.

    >>> split_outside_enclosed("公约(甲、乙)、团", "、")
    ['公约(甲、乙)', '团']
    """
    parts, position = [], 0
    for match in re.finditer(way, masked(stretch)):
        parts.append(stretch[position:match.start()])
        position = match.end()
    return [*parts, stretch[position:]]


def masked(stretch: str) -> str:
    """Return `stretch`, as long as before, without what stands in brackets, titles and words like 和谐."""
    return _closed().sub(lambda match: "□" * len(match[0]), stretch)


@cache
def _closed() -> re.Pattern[str]:
    return re.compile(rf"\([^()]*\)|《[^《》]*》|{alternatives('holds_conjunction')}")


def clean_item(item: str) -> str:
    """Return an item without brackets that explain it, quotation marks and signs at its ends.

    >>> clean_item("《关于“三项清单”的方案》(附表)。")
    '《关于三项清单的方案》'
    """
    item = _BRACKETED.sub("", item)
    item = re.sub(rf"[{MARKS}\s]", "", item).strip(",、;:。.!?()-—")
    return re.sub("(?<=.)等$", "", item)


def alike(items: Sequence[str], noun: str) -> list[str]:
    """Return the items of a list, the last one without what does not belong to it where the others show it.

    >>> alike(["电脑端", "手机端同步发布"], "端"), alike(["派出所", "司法所", "法院所同时上阵"], "")
    (['电脑端', '手机端'], ['派出所', '司法所', '法院所'])
    """
    *others, last = items
    if noun and all(item.endswith(noun) for item in others) and not any(without_lead(i) != i for i in items[1:]):
        others[0] = without_lead(others[0])
    ends = {item[-1:] for item in others}
    end = noun if noun and all(item.endswith(noun) for item in others) else ""
    end = end or (ends.pop() if len(others) > 1 and len(ends) == 1 else "")
    at = last.find(end, 1) if end else -1
    if at > 0:
        return [*others, last[:at + len(end)]]
    longest = max(map(len, others), default=0)
    return [*others, last if len(last) <= longest else without_tail(last)]


def _led(items: list[str]) -> list[str]:
    """Return items, those that a verb leads to without it where the next ones are as long as the rest of it."""
    if len({item[:1] for item in items}) == 1:
        return items
    return [
        short if (short := without_lead(item)) != item and len(following) > 1
        and {len(next_item) for next_item in following} == {len(short)} else item
        for n, item in enumerate(items) for following in [items[n + 1:]]
    ]


def without_frame(items: list[str]) -> list[str]:
    """Return items without the words that each of them repeats, or that govern what they count.

    >>> without_frame(["一本记人口", "一本记纠纷"]), without_frame(["上好一堂课", "举办一次赛"])
    (['人口', '纠纷'], ['一堂课', '一次赛'])
    """
    numbered = zip(_ORDER, items, strict=False)
    if len(items) > 1 and all(len(item) > 1 and item[0] == numeral for numeral, item in numbered):
        return [item[1:].removeprefix("是") for item in items]
    for frame in _FRAMES:
        matches = [frame.fullmatch(item) for item in items]
        repeated = {match[1] for match in matches if match and frame.groups > 1}
        if len(items) > 1 and all(matches) and len(repeated) < 2:
            return [match[match.re.groups] for match in matches if match]
    return [_CORE.sub(r"\1", item) for item in items]


_ORDER = "一二三四五六七八九十"
_MEASURED = r"一[个堂次场封本张部面条份册支项套间块台名期节件把段项批轮片幅]"
_FRAMES = (
    re.compile(rf"({_MEASURED}(?:就?是|即|为|叫|记|写|管|算|盯|抓|看|装|挂|查)?)(?<=..[^一])(.{{2,}})"),
    re.compile(rf"[^一]{{2,4}}({_MEASURED}.+)"),
)
"""What stands before each item: the same words with 一 (一本记…), or a verb of its own before the thing counted."""
_CORE = re.compile(r"^(?:坚持)?以(.{2,8})为(?:核心|引领|统领|龙头|主导|中心|根本|纽带|依托|载体)$")


def _up_to(item: str, noun: str, longest: int) -> str:
    """Return the last item up to its noun, where it is much longer than all others (律师所坐到一起说事)."""
    at = item.find(noun, 1) if noun and len(item) > longest + _SHORT // 2 else -1
    return item[:at + len(noun)] if at > 0 else item


def without_tail(item: str) -> str:
    """Return the last item of a list without words that sum it up.

    >>> without_tail("防事故知识")
    '防事故'
    """
    return _tail().sub("", _what_they_do().sub("", item))


@cache
def _what_they_do() -> re.Pattern[str]:
    return re.compile(f"(?<=..){alternatives('done_together')}.*$")


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(f"(?<=..){alternatives('list_tail')}$")


def without_lead(item: str) -> str:
    """Return the first item of a list in running text without the words that lead to it.

    >>> without_lead("占领手机屏")
    '手机屏'
    """
    return [item, *leads_cut(item)][-1]


def leads_cut(item: str) -> list[str]:
    """Return what stands behind each word of an item that can lead to a list, the longest rest first."""
    words = segment(item)
    return ["".join(words[n + 1:]) for n, word in enumerate(words[:-1]) if word in words_of("list_lead")]


def run_before(text: str, end: int, count: int, *, longest: int = _LONGEST_WORDS) -> Listing | None:
    """Return the list of `count` items that ends at `end`, its first item without what leads to it.

    >>> run_before("推进自治、法治、德治融合", 10, 3).items
    ('自治', '法治', '德治')
    """
    floor = max(0, end - (count + 1) * _LONGEST_ITEM)
    start = floor + max((match.end() for match in _STOPS.finditer(masked(text[floor:end]))), default=0)
    opening = _OPENING_OF.get(text[end - 1:end])
    quoted = text.rfind(opening, start, end) + 1 if opening else 0
    for begin in (quoted, start) if quoted else (start,):
        if listing := _run(text, begin, end, count, longest):
            return listing
    return None


_OPENING_OF = {"”": "“", "」": "「", "』": "『"}


def _run(text: str, start: int, end: int, count: int, longest: int) -> Listing | None:
    for way in _WAYS[:_WORD_WAYS]:
        parts = split_outside_enclosed(text[start:end], way)
        if len(parts) != count or _is_open(parts[-1]):
            continue
        first = first_of(parts[0].strip(), [part.strip() for part in parts[1:]])
        items = [clean_item(item) for item in (first, *parts[1:])]
        if len(set(items)) == count and all(0 < len(item) <= longest for item in items):
            return Listing(start + max(0, parts[0].find(first)), end, tuple(items))
    return None


def _is_open(stretch: str) -> bool:
    """Whether what follows goes on with `stretch`, which ends in a conjunction or holds a verb that governs it."""
    words = segment(stretch)
    if not words or words[-1] in ("、", "和", "与", "及") or words[-1] in words_of("governs"):
        return True
    return any(word in words_of("promotes") for word in words[1:-1])


def first_of(first: str, others: Sequence[str]) -> str:
    """Return the first item of a run without what leads to it; one as long as all others has no lead.

    >>> first_of("推进自治", ["法治", "德治"]), first_of("组织联建", ["治安联防", "矛盾联调"])
    ('自治', '组织联建')
    """
    first = _EXPLAINED.sub("", first)
    if first[-1:] in words_of("levels") and words_of("levels").issuperset(others):
        return first[-1]
    lengths = {len(item) for item in others}
    rests = [first, *leads_cut(first)]
    same = [rest for rest in rests if {len(rest)} == lengths]
    return same[0] if same and len(others) > 1 else _first_like(rests[-1], others)


_EXPLAINED = re.compile(rf"^[{MARKS}]?[\dN一二三四五六七八九十][{MARKS}]?(?:即|就?是|是?指)")


def _first_like(first: str, others: Sequence[str]) -> str:
    """Return the first item without what the others, which are all of one length, show not to belong to it."""
    lengths = {len(item) for item in others}
    begins = {item[:1] for item in others}
    if len(others) > 1 and len(begins) == 1 and (at := first.find(begins.pop())) >= 0:
        return first[at:]
    if len(others) < 2 or len(lengths) > 1:
        return first
    cut = len(first) - lengths.pop()
    return first[cut:] if cut in itertools.accumulate(map(len, segment(first))) else first


def runs_in(text: str, start: int, end: int) -> Iterator[Listing]:
    """Yield the runs of items parted by 、 and conjunctions between `start` and `end`, each within a clause."""
    for clause in re.finditer("[^,;:。!?\n]+", masked(text[start:end])):
        at, to = start + clause.start(), start + clause.end()
        cleaned = tuple(clean_item(item) for item in split_outside_enclosed(text[at:to], _WAYS[0]))
        if all(cleaned):
            yield Listing(at, to, cleaned)
