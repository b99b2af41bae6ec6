"""Which stretches of an article are the page's and not the article's: source lines, credits, licences, menus.

The patterns are in `lexicon/boilerplate.tsv`. They look at the first and the last lines of a text; only what
cannot be anything else is recognised in between. Nothing is removed from the stored text: stretches are given
by offset.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from ..lexicon import read_rows
from ..script import to_simplified

HEAD_LINES = 6
LONGEST_FURNITURE_LINE = 300  # characters
LONGEST_TITLE = 60  # characters
EDGE_CHARACTERS = 160  # how much of a line's start or end the `start` and `end` patterns see
MOST_ENCLOSED_LINES = 5
LONGEST_MENU_WORD = 20  # characters

_HALF_WIDTH = tuple(zip("：（）［］【】｜！？，；／＞＜　\u00a0．－", ":()[][]|!?,;/><  .-", strict=True))
_SENTENCE_END = re.compile(r"[。!?;…,、][”’\"')》]*$")
_PUNCTUATED = re.compile(r"[。!?;,]")
_NO_PUBLISHER = {"未知", "网络", "互联网", "本站", "本网", "本报", "本台", "原创", "转载", "佚名", "不详"}
_DAY = re.compile(
    r"\s*(\d{4})(?:(?:\s|\s?[-/.年]\s?)(\d{1,2})(?:\s|\s?[-/.月]\s?)(\d{1,2})|(\d\d)(\d\d))(?!\d)"
)
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")

_NAMED_GROUP = re.compile(r"\(\?P<\w+>")

Boilerplate = tuple[tuple[int, int, str], ...]


class Stretch(NamedTuple):
    """Running text, `text[start:end]` of paragraph `para`, without outer white space and boilerplate."""

    para: int
    start: int
    end: int


@dataclass(frozen=True)
class Furniture:
    """What of a text is not the article: its stretches of boilerplate; and what the text prints of itself."""

    boilerplate: Boilerplate
    heading: str
    publisher: str
    published: datetime.date | None


@dataclass(frozen=True)
class _Rule:
    position: str
    extent: str
    reason: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class _Rules:
    """Rules in order, and one pattern that matches where any of theirs does: one look rules out most lines."""

    any: re.Pattern[str]
    each: tuple[_Rule, ...]


@dataclass(frozen=True)
class _Cut:
    start: int
    end: int
    reason: str
    match: re.Match[str]


def find_boilerplate(text: str) -> Boilerplate:
    """Return the stretches of `text` that are not the article's own words, as (start, end, reason), in order.

    Reasons: source_line, byline, editor, licence, contact, navigation, end_mark.

    >>> find_boilerplate("来源：某某网 日期：2019-01-02\\n大家都来参加。\\n责任编辑：某某")
    ((0, 20, 'source_line'), (29, 36, 'editor'))
    """
    return read_furniture(text).boilerplate


def read_furniture(text: str) -> Furniture:
    """Return the boilerplate of `text`, and the heading, publisher and day that it prints.

    The heading is the first line if it is short, no sentence, and not all there is. A dispatch's day without
    a year is no date.
    """
    normalised = _normalise(text)
    lines = _lines(normalised)
    cuts = _cuts(normalised, lines)
    publisher, published = "", None
    for cut in cuts:
        publisher = publisher or _printed_publisher(text, normalised, cut)
        if cut.reason == "source_line":
            published = published or printed_day(normalised[cut.start : cut.end])
    stretches = tuple((cut.start, cut.end, cut.reason) for cut in cuts)
    return Furniture(stretches, _heading(text, normalised, lines, stretches), publisher, published)


def _heading(text: str, normalised: str, lines: list[tuple[int, int]], cuts: Boilerplate) -> str:
    cut = {(start, end) for start, end, _ in cuts}
    body = [span for span in lines if span not in cut]
    if len(body) < 2 or not _is_heading(normalised[slice(*body[0])]):
        return ""
    first, last = body[0]
    if any(first <= start and end <= last for start, end in cut):
        return ""
    return text[first:last].lstrip("#").strip()


def _printed_publisher(text: str, normalised: str, cut: _Cut) -> str:
    found = _labelled_source().search(normalised, cut.start, cut.end) if cut.reason == "source_line" else None
    if found is None and cut.match.groupdict().get("publisher"):
        found = cut.match
    if found is None or found["publisher"] in _NO_PUBLISHER:
        return ""
    return text[slice(*found.span("publisher"))].strip()


def printed_source(text: str) -> str:
    """Return what follows a label such as 来源： in `text`, or "".

    >>> printed_source("2024-09-03 来源：某某网 作者：某某")
    '某某网'
    """
    found = _labelled_source().search(_normalise(text))
    if found is None or found["publisher"] in _NO_PUBLISHER:
        return ""
    return text[slice(*found.span("publisher"))].strip()


def printed_day(text: str) -> datetime.date | None:
    """Return the first day in `text` that is printed with year, month and day in figures, or None."""
    found = re.search(_parts()["date"], _half_width(text))
    return parse_day(found[0]) if found else None


def parse_day(text: str) -> datetime.date | None:
    """Return the day that begins `text` as year, month and day in figures; None where there is none.

    >>> parse_day("2019年3月5日 08:18"), parse_day("2019-02-30")
    (datetime.date(2019, 3, 5), None)
    """
    match = _DAY.match(_half_width(text))
    if not match:
        return None
    try:
        return datetime.date(*(int(part) for part in match.groups() if part))
    except ValueError:
        return None


def paragraphs(text: str, boilerplate: Sequence[tuple[int, int, str]] = ()) -> list[Stretch]:
    """Return the running text by paragraph: the lines of `text` that are not blank, numbered from 0.

    A line that is boilerplate all through has no number; one with boilerplate inside gives its other
    stretches under one number. Offsets are those of `text`; white space at either end of a stretch is left
    out.

    >>> paragraphs("标题\\n\\n　　正文。(完)", [(9, 12, "end_mark")])
    [Stretch(para=0, start=0, end=2), Stretch(para=1, start=6, end=9)]
    """
    cuts = sorted(boilerplate)
    stretches: list[Stretch] = []
    para = 0
    first = 0
    for start, end in _lines(text):
        while first < len(cuts) and cuts[first][1] <= start:
            first += 1
        uncut = first == len(cuts) or cuts[first][0] >= end
        kept = [(start, end)] if uncut else list(_without(text, start, end, cuts, first))
        stretches += [Stretch(para, *span) for span in kept]
        para += bool(kept)
    return stretches


def _without(
    text: str,
    start: int,
    end: int,
    cuts: Sequence[tuple[int, int, str]],
    first: int,
) -> Iterator[tuple[int, int]]:
    position = start
    for cut_start, cut_end, _ in cuts[first:]:
        if cut_start >= end:
            break
        yield from _trimmed(text, position, min(cut_start, end))
        position = max(position, cut_end)
    yield from _trimmed(text, position, end)


def _trimmed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the stretch without outer white space, if anything is left of it."""
    rest = text[start:end].lstrip()
    first = end - len(rest)
    return [(first, first + len(rest.rstrip()))] if rest else []


def _lines(text: str) -> list[tuple[int, int]]:
    return [span for match in _LINE.finditer(text) for span in _trimmed(text, *match.span())]


def _normalise(text: str) -> str:
    return _half_width(to_simplified(text))


def _half_width(text: str) -> str:
    for wide, narrow in _HALF_WIDTH:  # several times as fast as str.translate, which looks every character up
        text = text.replace(wide, narrow)
    return text


def _is_heading(line: str) -> bool:
    return len(line) <= LONGEST_TITLE and not _SENTENCE_END.search(line) and "。" not in line


@cache
def _rules(position: str, extent: str = "line") -> _Rules:
    rules = tuple(
        _rule(row)
        for row in read_rows("boilerplate", columns=["position", "extent", "reason", "pattern"])
        if (row["position"], row["extent"]) == (position, extent)
    )
    either = "|".join(f"(?:{_NAMED_GROUP.sub('(?:', rule.pattern.pattern)})" for rule in rules)
    return _Rules(re.compile(either, re.IGNORECASE), rules)


@cache
def _parts() -> dict[str, str]:
    return {
        row["name"]: row["pattern"] for row in read_rows("boilerplate_parts", columns=["name", "pattern"])
    }


@cache
def _labelled_source() -> re.Pattern[str]:
    return re.compile(
        _parts()["source"] + r"(?:于|自)?\s*[:|]\s*(?P<publisher>[^\s。!?;|:()\[\]]{2,30}?)"
        rf"(?=[\s|)\]]|{_parts()['field']}\s*:|(?:19|20)\d\d|$)"
    )


def _rule(row: dict[str, str]) -> _Rule:
    pattern = row["pattern"]
    for name, part in _parts().items():
        pattern = pattern.replace(f"%{name}%", part)
    if row["extent"] == "end":
        pattern = f"(?:{pattern})$"
    return _Rule(row["position"], row["extent"], row["reason"], re.compile(pattern, re.IGNORECASE))


def _cuts(text: str, lines: list[tuple[int, int]]) -> list[_Cut]:
    whole: dict[int, _Cut] = {}
    parts: list[_Cut] = []
    _cut_anywhere(text, lines, whole)
    parts += _cut_head(text, lines, whole)
    parts += _cut_tail(text, lines, whole)
    return sorted({cut.start: cut for cut in [*parts, *whole.values()]}.values(), key=lambda cut: cut.start)


def _match_line(text: str, span: tuple[int, int], position: str, extent: str = "line") -> _Cut | None:
    start, end = span
    rules = _rules(position, extent)
    if end - start > LONGEST_FURNITURE_LINE or not rules.any.fullmatch(text, start, end):
        return None
    for rule in rules.each:
        if match := rule.pattern.fullmatch(text, start, end):
            return _Cut(start, end, rule.reason, match)
    return None


def _cut_anywhere(text: str, lines: list[tuple[int, int]], whole: dict[int, _Cut]) -> None:
    for i, span in enumerate(lines):
        if cut := _match_line(text, span, "anywhere"):
            whole[i] = cut


def _cut_head(text: str, lines: list[tuple[int, int]], whole: dict[int, _Cut]) -> list[_Cut]:
    """Mark the source lines before the first sentence; return what is cut from its start."""
    for i, span in enumerate(lines[:HEAD_LINES]):
        if i in whole:
            continue
        if cut := _match_line(text, span, "head"):
            whole[i] = cut
        elif opening := _match_start(text, span):
            if opening.end < span[1]:
                return [opening]
            whole[i] = opening
        elif not _is_heading(text[slice(*span)]):
            break
    return []


def _match_start(text: str, span: tuple[int, int]) -> _Cut | None:
    start, end = span
    edge = min(end, start + EDGE_CHARACTERS)
    rules = _rules("head", "start")
    if not rules.any.match(text, start, edge):
        return None
    for rule in rules.each:
        if match := rule.pattern.match(text, start, edge):
            return _Cut(start, match.end(), rule.reason, match)
    return None


def _cut_tail(text: str, lines: list[tuple[int, int]], whole: dict[int, _Cut]) -> list[_Cut]:
    """Mark the furniture lines at the end; return what is cut from the end of the last line above them."""
    i = _cut_following(text, lines, whole) - 1
    while i >= 0:
        run = _furniture_ending_at(text, lines, whole, i)
        if not run:
            break
        whole.update(run)
        i = min(run) - 1
    return _match_end(text, lines[i]) if i >= 0 else []


def _cut_following(text: str, lines: list[tuple[int, int]], whole: dict[int, _Cut]) -> int:
    """Mark a heading such as 相关阅读 and the lines after it, if no sentence ends there; give its number."""
    for i in range(len(lines) - 1, 0, -1):
        start, end = lines[i]
        if "。" in text[start:end]:
            break
        if cut := _match_line(text, lines[i], "tail", "rest"):
            whole.update({j: _Cut(*lines[j], cut.reason, cut.match) for j in range(i, len(lines))})
            return i
    return len(lines)


def _furniture_ending_at(
    text: str, lines: list[tuple[int, int]], whole: dict[int, _Cut], last: int
) -> dict[int, _Cut]:
    """Return the furniture that ends with line `last`: that line, or weaker ones below a sure one."""
    run: dict[int, _Cut] = {}
    beside = last + 1 in whole
    for i in range(last, max(-1, last - 1 - MOST_ENCLOSED_LINES), -1):
        if sure := whole.get(i) or _match_line(text, lines[i], "tail"):
            return {**run, i: sure}
        if not (
            weak := _match_line(text, lines[i], "tail_beside") or (beside and _menu_word(text, lines[i]))
        ):
            break
        run[i] = weak
    return _weak_run(text, lines, run) if beside else {}


def _weak_run(text: str, lines: list[tuple[int, int]], run: dict[int, _Cut]) -> dict[int, _Cut]:
    """Of lines above furniture and below none, keep those of `tail_beside` patterns, from the end on."""
    kept: dict[int, _Cut] = {}
    for i in sorted(run, reverse=True):
        if not _match_line(text, lines[i], "tail_beside"):
            break
        kept[i] = run[i]
    return kept


def _menu_word(text: str, span: tuple[int, int]) -> _Cut | None:
    line = text[slice(*span)]
    if len(line) > LONGEST_MENU_WORD or _PUNCTUATED.search(line):
        return None
    match = re.compile(".*", re.DOTALL).fullmatch(text, *span)
    return _Cut(*span, "navigation", match) if match else None


def _match_end(text: str, span: tuple[int, int]) -> list[_Cut]:
    cuts: list[_Cut] = []
    start, end = span
    while found := _match_ending(text, start, end):
        cuts.append(found)
        end = found.start
    return cuts


def _match_ending(text: str, start: int, end: int) -> _Cut | None:
    edge = max(start, end - EDGE_CHARACTERS)
    rules = _rules("tail", "end")
    if not rules.any.search(text, edge, end):
        return None
    for rule in rules.each:
        match = rule.pattern.search(text, edge, end)
        if match and match.start() > start:
            return _Cut(match.start(), match.end(), rule.reason, match)
    return None
