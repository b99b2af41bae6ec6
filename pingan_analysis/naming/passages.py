"""The sentences that describe a model: those that name it, and the paragraphs and points that its name heads."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from ..extraction.tables import one_of
from .article import Article, read_article
from .marks import MARKS
from .names import names_of, short_form
from .words import CAMPAIGN_MODEL

_SENTENCE = re.compile(r"[^。!?\n]*[。!?]*[”」』’〞)]*")
_POINT = r"[一二三四五六七八九十]{1,2}是"
_LEAD = re.compile(rf"\s*(?:{_POINT}[,:]?|\(?[一二三四五六七八九十\d]{{1,2}}[)、.])?[{MARKS}]?")
_END_OF_LEAD = re.compile(rf"[{MARKS}]?[^\n,;。:!?]{{0,8}}?(?:[。:!?\n,]|$)")


class _Naming(NamedTuple):
    start: int
    end: int
    root: str


def spans_of(
    text: str, rows: Iterable[Mapping[str, Any]], boilerplate: Iterable[tuple[int, int, str]],
) -> list[tuple[int, int, str]]:
    """Return the stretches of `text` that describe a model of `rows`: start, end, the model at the root."""
    rows = [row for row in rows if row["kind"] == CAMPAIGN_MODEL]
    article = read_article(text, boilerplate) if rows else None
    if article is None:
        return []
    namings = _namings(article, _roots(rows))
    spans: list[tuple[int, int, str]] = []
    for start, end in _units(article, namings):
        first = _first_within(namings, start, end)
        if first:
            spans.append((*article.span(start, end), first.root))
    return spans


def _first_within(namings: list[_Naming], start: int, end: int) -> _Naming | None:
    n = bisect_left(namings, start, key=lambda naming: naming.start)
    return namings[n] if n < len(namings) and namings[n].start < end else None


def _roots(rows: list[Mapping[str, Any]]) -> dict[str, str]:
    parents = {row["model"]: row["parent"] for row in rows}
    roots = {}
    for name in parents:
        line = [name]
        while (parent := parents[line[-1]]) in parents and parent not in line:
            line.append(parent)
        roots[name] = line[-1]
    return roots


def _namings(article: Article, roots: dict[str, str]) -> list[_Naming]:
    """Return where the text names a model or a part of it, by its whole name or the quoted part of it, in order."""
    names = names_of(article)
    known = [mention for name, same in names.items() if name in roots for mention in same]
    found = {(mention.start, mention.end): roots[mention.name] for mention in known}
    bare = {name: roots[name] for name in roots if name not in names}
    short = {short_form(mention): roots[mention.name] for mention in known if short_form(mention)}
    for wording, words in (("({})", bare), (f"[{MARKS}]({{}})[{MARKS}]", short)):
        for match in re.finditer(wording.format(one_of(words)), article.text) if words else ():
            found.setdefault(match.span(1), words[match[1]])
    return sorted(_Naming(*span, root) for span, root in found.items())


def _units(article: Article, namings: list[_Naming]) -> list[tuple[int, int]]:
    """Return the sentences of the text, those of a paragraph or point that a name heads as one."""
    return [
        unit for at in article.starts for unit in _parts_of_paragraph(article.text, *article.paragraph_at(at), namings)
    ]


def _parts_of_paragraph(text: str, start: int, end: int, namings: list[_Naming]) -> list[tuple[int, int]]:
    cuts = [start, *(match.start() for match in _points().finditer(text, start, end)), end]
    units: list[tuple[int, int]] = []
    for begin, stop in itertools.pairwise(cuts):
        if begin == stop:
            continue
        if _is_headed(text, begin, stop, namings):
            units.append((begin, stop))
        else:
            units += _sentences(text, begin, stop)
    return units


@cache
def _points() -> re.Pattern[str]:
    return re.compile(rf"(?<=[。;:,]){_POINT}")


def _is_headed(text: str, start: int, end: int, namings: list[_Naming]) -> bool:
    """Whether a name is the head of the stretch: “三屏”齐上。…; 一是“一点”放大:…."""
    lead = _LEAD.match(text, start, end)
    at = lead.end() if lead else start
    naming = _first_within(namings, start, at + 1)
    if naming is None:
        return False
    behind = _END_OF_LEAD.match(text, naming.end, end)
    return behind is not None and text[behind.end() - 1:behind.end()] in ("。", ":", "!", "?")


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found = [match.span() for match in _SENTENCE.finditer(text, start, end) if match.end() > match.start()]
    return [(at, to) for at, to in found if text[at:to].strip()]
