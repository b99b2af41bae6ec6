"""The rows of the table `models` of one article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..extraction.tables import WEAK, channels
from ..lexicon import glosses
from ..schema import CHANNELS, LIST_MARK, MEMBER_MARK
from .article import Article, read_article
from .kinds import kind_of
from .members import LISTED, Members
from .mention import Mention
from .mentions import ENUMERATION
from .names import Names, members_of, names_of
from .shapes import Part, Shape, counts_up, read_shape
from .things import noun_row
from .words import CAMPAIGN_MODEL


def rows_of(doc_id: str, text: str, boilerplate: Iterable[tuple[int, int, str]]) -> list[dict[str, Any]]:
    """Return the rows of `models` of one article, in order of first mention."""
    article = read_article(text, boilerplate)
    if article is None:
        return []
    names = names_of(article)
    kinds = {name: kind_of(article.text, same[0]) for name, same in names.items()}
    members = members_of(article, names, [name for name, kind in kinds.items() if kind not in _WITH_MEMBERS])
    parents = find_parents(names, members)
    rows = [_row(doc_id, article, names, name, members[name], parents.get(name, "")) for name, same in names.items()]
    return sorted(rows, key=lambda row: row["char_start"])


_WITH_MEMBERS = (CAMPAIGN_MODEL, ENUMERATION)
"""Kinds whose members are looked for wherever they may stand; of others only what is told of them counts."""


def find_parents(names: Names, members: dict[str, Members]) -> dict[str, str]:
    """Return the parent of each name that has one, and give rows of numerals (一二三四五) their children as members.

    A name is a part of the one in whose list it stands, of several the shortest list; no name is a part of itself.
    """
    parents: dict[str, str] = {}
    for name in [name for name, same in names.items() if _counts_on(same[0])]:
        children = _series(names[name][0].shape, names)
        if children and (members[name].basis != LISTED or set(members[name].items) & set(children)):
            parents |= dict.fromkeys(children, name)
            last = [names[child][-1] for child in children]
            stretch = min(mention.start for mention in last), max(mention.end for mention in last)
            members[name] = Members(LISTED, tuple(children), *stretch)
    listed = {name: found for name, found in members.items() if found.basis == LISTED}
    for name in [name for name in names if name not in parents]:
        around = [
            other for other in listed
            if name not in _line(other, parents) and _stands_in(names[name], listed[other])
        ]
        if around:
            parents[name] = min(around, key=lambda other: (listed[other].end - listed[other].start, other))
    return parents


def _line(name: str, parents: dict[str, str]) -> Iterator[str]:
    """Yield `name`, its parent, the parent's parent …."""
    while name:
        yield name
        name = parents.get(name, "")


def _stands_in(mentions: list[Mention], members: Members) -> bool:
    return any(members.start <= mention.start < members.end for mention in mentions)


def _counts_on(mention: Mention) -> bool:
    """Whether a name is numerals from one on, or from another (3456)."""
    values = [part.value or 0 for part in mention.shape.parts]
    on = len(values) >= _FEWEST_ON and values == list(range(values[0], values[0] + len(values)))
    return mention.shape.rule == "digits" and (counts_up(mention.name) or on)


_FEWEST_ON = 3


def _series(row: Shape, names: Names) -> list[str]:
    by_value: dict[int | None, str] = {}
    for name, mentions in names.items():
        shape = mentions[0].shape
        if shape.rule == "noun_verb":
            by_value.setdefault(shape.parts[0].value, name)
    children = [by_value.get(part.value, "") for part in row.parts]
    return children if all(children) else []


def _row(
    doc_id: str, article: Article, names: Names, name: str, members: Members, parent: str,
) -> dict[str, Any]:
    mention = names[name][0]
    kind = kind_of(article.text, mention)
    start, end = article.span(mention.start, mention.end)
    stretch = article.span(members.start, members.end) if members.items else (None, None)
    return {
        "doc_id": doc_id, "model": mention.name, "model_en": _in_english(mention, kind), "parent": parent,
        "kind": kind, "char_start": start, "char_end": end,
        "members": MEMBER_MARK.join(members.items), "members_basis": members.basis,
        "channels": _channels(mention.shape, members), "parts": _parts(mention, members, names),
        "members_start": stretch[0], "members_end": stretch[1], "rule": mention.shape.rule,
    }


def _in_english(mention: Mention, kind: str) -> str:
    """Return the gloss of a name; of a model without the remark in brackets, which is on one place's."""
    gloss = glosses().get(mention.name, "")
    if not gloss and mention.shape.rule in ("digits", "plus") and mention.name.isascii():
        return mention.name
    return _REMARK.sub("", gloss) if kind == CAMPAIGN_MODEL else gloss


_REMARK = re.compile(r" \([^()]*\)$")


def _channels(shape: Shape, members: Members) -> str:
    named = members.items or tuple(noun_row(part.noun).channel_word for part in shape.parts)
    found = {
        entry.value for item in named for entry in channels().find(item)
        if entry.strength != WEAK or entry.end == len(item)
    }
    return " ".join(channel for channel in CHANNELS if channel in found)


def _parts(mention: Mention, members: Members, names: Names) -> str:
    """Return the numbers of a name with their nouns; those of a row or sum of numerals are what its members are."""
    parts = mention.shape.parts
    nouns = [part.noun for part in parts]
    if not any(nouns) and len(members.items) == len(parts):
        nouns = [_noun_of(part, item, names) for part, item in zip(parts, members.items, strict=True)]
    return LIST_MARK.join(_part(part, noun) for part, noun in zip(parts, nouns, strict=True))


def _noun_of(part: Part, item: str, names: Names) -> str:
    shape = names[item][0].shape if item in names else read_shape(item)
    if shape and len(shape.parts) == 1:
        return shape.parts[0].noun
    return item.removeprefix(part.numeral).lstrip(_MEASURES) or item


_MEASURES = "个支名项张条套类种家块"


def _part(part: Part, noun: str) -> str:
    number = part.numeral if part.value is None else str(part.value)
    return f"{number} {noun}".strip()
