"""The names of an article with all their mentions: those that stand by themselves, and those that others bear out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from ..extraction.tables import one_of
from .article import Article
from .lists import run_before
from .marks import MARKS
from .members import LISTED, NONE, Members, find_members
from .mention import Mention, in_title
from .mentions import ENUMERATION
from .shapes import Part, Shape, read_shape, value_of
from .words import known_kinds

Names = dict[str, list[Mention]]
_SHORTEST_BARE = 3
"""Characters of a name that is known again without quotation marks."""
_MOST_NAMES, _MOST_MENTIONS = 200, 8
"""Names of an article whose members are looked for, and mentions of each: more stand in no article."""
_ITEM_OF_SERIES = re.compile(r"([一二两三四五六七八九十])([^\W\d]{1,2}?)([^\W\d]{2})")


def names_of(article: Article) -> Names:
    """Return each name with its mentions, in order of first mention; also where it stands without quotation marks."""
    mentions = _without_short_forms(_supported([*article.mentions, *_heads_of_series(article)]))
    names: Names = {}
    for mention in [*mentions, *_repeated(article, mentions)]:
        names.setdefault(mention.name, []).append(mention)
    for same in names.values():
        same.sort()
    return dict(sorted(names.items(), key=lambda item: item[1][0]))


def _heads_of_series(article: Article) -> Iterator[Mention]:
    """“3456”治理法. ⏎ 三图挂帅。… ⏎ 四队上街。…: heads of the paragraphs behind a row of numerals, one for each."""
    for mention in article.mentions:
        if mention.shape.rule != "digits" or len(mention.shape.parts) < _FEWEST_HEADS:
            continue
        known = {at for other in article.mentions for at in range(other.start, other.end)}
        yield from (head for head in _heads_behind(article, mention) if known.isdisjoint(range(head.start, head.end)))


def _heads_behind(article: Article, mention: Mention) -> list[Mention]:
    found: list[Mention] = []
    end = article.paragraph_at(mention.start)[1]
    for part in mention.shape.parts:
        head = _HEAD_OF_SERIES.match(article.text, end)
        if head is None or value_of(head[2]) != part.value:
            return []
        shape = Shape("noun_verb", (Part(part.value, head[2], head[3]),), head[4])
        found.append(Mention(*head.span(1), head[1], shape, False, head.end(1)))
        end = article.paragraph_at(head.start(1))[1]
    return found


_FEWEST_HEADS = 3
_HEAD_OF_SERIES = re.compile(r"\n(([一二两三四五六七八九十])([^\W\d]{1,2}?)([^\W\d]{2}))(?=[。:,\n])")


def short_form(mention: Mention) -> str:
    """Return the part of a name that may stand for it (“三屏” for 三屏齐上), or "" where there is none."""
    shape = mention.shape
    if shape.rule not in ("noun_verb", "noun") or len(shape.parts) != 1:
        return ""
    stem = shape.parts[0].numeral + shape.parts[0].noun
    return stem if stem != mention.name and mention.name.startswith(stem) else ""


def _supported(mentions: Iterable[Mention]) -> list[Mention]:
    """Leave out names of one thing (“一点”放大), but where the text has such names for two, or quotes all of it."""
    mentions = list(mentions)
    values = {mention.shape.parts[0].value for mention in mentions if mention.shape.rule == "noun_verb"}
    return [
        mention for mention in mentions
        if mention.shape.rule != "noun_verb" or mention.shape.parts[0].numeral != "一" or 2 in values
        or (mention.quoted and mention.end - mention.start == len(mention.name))
    ]


def _without_short_forms(mentions: list[Mention]) -> list[Mention]:
    """Leave out what is a part of another name of the text (“三融”, where it has 三融五共)."""
    parts = {
        part.numeral + part.noun
        for mention in mentions if len(mention.shape.parts) > 1 for part in mention.shape.parts if part.noun
    } | {short_form(mention) for mention in mentions}
    return [
        mention for mention in mentions
        if mention.name not in parts or mention.name in known_kinds() or mention.shape.rule == ENUMERATION
    ]


def _repeated(article: Article, mentions: list[Mention]) -> list[Mention]:
    """Return mentions without quotation marks, or with others, of names that the text has with better evidence."""
    first = {
        mention.name: mention for mention in mentions
        if len(mention.name) >= _SHORTEST_BARE and mention.shape.parts and mention.shape.rule != ENUMERATION
    }
    if not first:
        return []
    taken = {at for mention in mentions for at in range(mention.start, mention.end)}
    if not any(_stands_free(article.text, name, taken) for name in first):
        return []
    found = []
    for match in re.finditer(one_of(first), article.text):
        if taken.isdisjoint(range(*match.span())) and not in_title(article.text, match.start()):
            same = first[match[0]]
            found.append(same._replace(start=match.start(), end=match.end(), tail=match.end(), quoted=False))
    return found


def _stands_free(text: str, name: str, taken: set[int]) -> bool:
    """Whether `name` stands anywhere in `text` where nothing is `taken`."""
    at = text.find(name)
    while at >= 0:
        if taken.isdisjoint(range(at, at + len(name))):
            return True
        at = text.find(name, at + 1)
    return False


def members_of(article: Article, names: Names, told_only: Iterable[str]) -> dict[str, Members]:
    """Return the members of each name; names that only a list of members bears out are added to `names`.

    `told_only` are the names whose members count only where they are told as such.
    """
    told_only = set(told_only)
    members = {
        name: find_members(article, _first_mentions(article, mentions), told_only=name in told_only)
        for name, mentions in itertools.islice(names.items(), _MOST_NAMES)
    }
    for name in [name for name in members if names[name][0].shape.rule in ("digits", "plus")]:
        for child in _children(article, names[name][0].shape, members[name], names):
            _leave_out_within(child, names)
            names[child.name] = [child]
            members[child.name] = find_members(article, _first_mentions(article, [child]))
    return {name: members.get(name, Members(NONE)) for name in names}


def _leave_out_within(child: Mention, names: Names) -> None:
    """Leave out names that are a part of `child` (三级 of 院、庭、站三级平台)."""
    for name in [name for name, same in names.items() if child.start <= same[0].start and same[0].end <= child.end]:
        del names[name]


def _first_mentions(article: Article, mentions: list[Mention]) -> list[Mention]:
    """Return the first mentions of a name, by the whole of it and then by its short form."""
    first = mentions[:_MOST_MENTIONS]
    short = short_form(first[0])
    if not short:
        return first
    inside = {at for mention in mentions for at in range(mention.start, mention.start + 2)}
    again = (match for match in re.finditer(f"[{MARKS}]?({short})[{MARKS}]?", article.text)
             if match.start(1) not in inside)
    return first + [
        mentions[0]._replace(start=match.start(1), end=match.end(1), tail=match.end())
        for match in itertools.islice(again, _MOST_MENTIONS)
    ]


def _children(article: Article, shape: Shape, members: Members, names: Names) -> list[Mention]:
    """Return the members of a row or sum of numerals that are names themselves, and are not known as such yet."""
    if members.basis != LISTED or len(members.items) != len(shape.parts):
        return []
    read = [
        _child(article.text, part, item, members)
        for part, item in zip(shape.parts, members.items, strict=True)
    ]
    series = [_of_series(article.text, value, item, members) for value, item in enumerate(members.items, 1)]
    found = series if shape.rule == "digits" and all(series) else read
    return [child for child in found if child and child.name not in names]


def _of_series(text: str, value: int, item: str, members: Members) -> Mention | None:
    """123: 一网统管、两库支撑、三员上门."""
    match, at = _ITEM_OF_SERIES.fullmatch(item), text.find(item, members.start, members.end)
    if match is None or value_of(match[1]) != value:
        return None
    shape = read_shape(item)
    if shape is None or shape.rule != "noun_verb":
        shape = Shape("noun_verb", (Part(value, match[1], match[2]),), match[3])
    return Mention(at, at + len(item), item, shape, False, at + len(item))


def _child(text: str, part: Part, item: str, members: Members) -> Mention | None:
    """134: “一个引领”、“三级平台” in quotation marks, or 院、庭、站三级平台."""
    at, value = text.find(item, members.start, members.end), part.value or 0
    end = at + len(item)
    quoted = text[at - 1:at] in _MARK_SET and text[end:end + 1] in _MARK_SET
    if at < 1 or not item or value_of(item[0]) != value or not (quoted or (value > 1 and run_before(text, at, value))):
        return None
    own = read_shape(item) or Shape("counted", (Part(value, item[0], item[1:].lstrip(_MEASURES)),))
    return Mention(at, end, item, own, quoted, end + quoted)


_MARK_SET, _MEASURES = frozenset(MARKS), "个项大级类道种张条套支"
