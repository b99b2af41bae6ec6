"""Which members a model has, as the text lists them; the numerals of the name say how many there must be.

Listed, in this order: each numeral explained (“一”即…“二”即…), in brackets, in points (一是…二是…), a phrase in
quotation marks for each numeral, behind 即 and the like or a colon, before the name (自治、法治、德治“三治融合”),
before the number said again (…三大媒介), as heads of paragraphs.
Inferred: as many things of the noun in the sentence, in the next one, or before the name; parallel clauses behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from .article import Article
from .lists import Listing, clean_item, items_in, run_before, runs_in, without_frame
from .marks import MARKS
from .mention import Mention, in_title
from .mentions import ENUMERATION, enumerated
from .parts import COUNTING, NEAR, PAIR, REACH, SENTENCE_END, by_numeral, terms_around, terms_behind, terms_quoted
from .things import items_holding, the_one, things_in_order, things_of, things_with_all
from .words import alternatives

LISTED, INFERRED, NONE = "listed", "inferred", "none"
_MARK = f"[{MARKS}]"
_HAN = r"\u3400-\u9fff"
_CLAUSE_END = re.compile(r"[,;。:!?\n]")
_MOST_MARKS = 12
_POINTS = ("{}是要?", "第{}[步招]?[,:]", r"\({}\)", r"\n{}、")
_HEAD = re.compile(rf"\n{_MARK}?([^\n,;。:!?]{{2,14}}?){_MARK}?[。:!?\n]")
_BETWEEN = re.compile(
    r"(?:\(?(?:即|简称|统称|合称|也就是)|(?:相结合|结合|为一体|这|等|并重|并举|为(?:主要|核心|重点|代表|主)(?:内容)?)?的?)"
    rf"{_MARK}*$"
)


class Members(NamedTuple):
    """The members of a model, how they are known, and where they stand (in the article's `text`)."""

    basis: str
    items: tuple[str, ...] = ()
    start: int = -1
    end: int = -1


def find_members(article: Article, mentions: Sequence[Mention], *, told_only: bool = False) -> Members:
    """Return the members of the name that `mentions` mention, by the surest kind of list, at the first that has one.

    `told_only`: only what stands behind the name as its members, as for fixed terms.
    """
    for basis, read in _READERS[:_TOLD] if told_only else _READERS:
        for mention in mentions:
            listing = read(article, mention)
            if listing:
                return Members(basis, listing.items, listing.start, listing.end)
    return Members(NONE)


def _counts(mention: Mention) -> list[int]:
    """How many members there may be: as the numerals add up, or, of a sum (1+3+9), one a term; three of 三一."""
    shape = mention.shape
    if shape.rule == "digits" and len(shape.parts) == PAIR and shape.parts[1].numeral == "一":
        return [shape.parts[0].value or 0]
    counts = [] if shape.rule == "digits" or shape.total is None else [shape.total]
    if shape.rule in ("plus", "digits"):
        counts = [len(shape.parts), *counts]
    if [part.value for part in shape.parts] == list(range(1, len(shape.parts) + 1)):
        counts.append(len(shape.parts))
    return [count for count in counts if count > 1]


def _noun(mention: Mention) -> str:
    nouns = {part.noun for part in mention.shape.parts}
    return nouns.pop() if len(nouns) == 1 else ""


def _in_brackets(article: Article, mention: Mention) -> Listing | None:
    match = _opening_bracket().match(article.text, mention.tail, mention.tail + NEAR)
    if not match:
        return None
    end = article.text.find(")", match.end(), match.end() + NEAR)
    return _first_fit(article.text, match.end(), [end], mention) if end > 0 else None


@cache
def _opening_bracket() -> re.Pattern[str]:
    return re.compile(rf"{_MARK}?[{_HAN}]{{0,12}}?\((?:{alternatives('explains')}[:,]?)?")


def _behind(article: Article, mention: Mention) -> Listing | None:
    """三屏,即手机屏、LED屏、电影屏; 五治融合:政治引领、…."""
    paragraph_end = article.paragraph_at(mention.start)[1]
    for opening in (_opening(), _opening_later()):
        match = opening.match(article.text, mention.tail, min(paragraph_end, mention.tail + NEAR))
        if not match:
            continue
        limit = min(paragraph_end, match.end() + 2 * NEAR)
        ends = _ends(article.text, match.end(), limit)
        words_only = match.lastgroup == "list"
        if listing := _first_fit(article.text, match.end(), ends, mention, words_only=words_only):
            return listing
    return None


def _ends(text: str, start: int, limit: int) -> list[int]:
    """Return where a list that starts at `start` may end: at a mark of its sentence, the nearest first."""
    sentence = SENTENCE_END.search(text, start, limit)
    end = sentence.start() if sentence else limit
    marks = [match.start() for match in re.compile("[,;]|—+").finditer(text, start, end)]
    return [*marks[:_MOST_MARKS], end]


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(
        rf"{_MARK}?(?:的?[{_HAN}]{{0,10}}?{alternatives('type')})?"
        rf"(?:,?{alternatives('explains')}(?![导挥标出明示数])[:,]?|:|,?—+|(?P<list>,?{alternatives('explains_a_list')}))"
    )


@cache
def _opening_later() -> re.Pattern[str]:
    """What else the clause says of the model may stand between: 以“四零”创建为载体,即…; “五个一”活动全面铺开:…."""
    return re.compile(rf"{_MARK}?[{_HAN}]{{0,18}}(?::|,{alternatives('explains')}(?![导挥标出明示数])[:,]?)")


def _first_fit(
    text: str, start: int, ends: Sequence[int], mention: Mention, *, words_only: bool = False,
) -> Listing | None:
    last_noun = mention.shape.parts[-1].noun if len(mention.shape.parts) > 1 else ""
    for count in _counts(mention):
        for end in ends:
            if listing := items_in(text, start, end, count, noun=_noun(mention), last_noun=last_noun,
                                   words_only=words_only):
                return listing
    return next((same for end in ends if (same := _of_both_nouns(text, start, end, mention))), None)


def _of_both_nouns(text: str, start: int, end: int, mention: Mention) -> Listing | None:
    """“四访四促”,即走访农户促稳定、…: four items, each of which tells of both."""
    parts = mention.shape.parts
    if len(parts) != PAIR or parts[0].value != parts[1].value or not all(part.noun for part in parts):
        return None
    listing = items_in(text, start, end, parts[0].value or 0)
    told = listing and all(part.noun in item for part in parts for item in listing.items)
    return listing if told else None


def _before(article: Article, mention: Mention) -> Listing | None:
    """自治、法治、德治“三治融合”; 《…》、《…》、《…》的“1+3+9”体系."""
    start = article.paragraph_at(mention.start)[0]
    match = _BETWEEN.search(article.text, max(start, mention.start - 8), mention.start)
    end = match.start() if match else mention.start
    told = match is not None and "的" in match[0]
    if in_title(article.text, mention.start) or (mention.shape.rule == "plus" and not told):
        return None
    for count in _counts(mention):
        read = enumerated if mention.shape.rule == ENUMERATION else run_before
        listing = read(article.text, end, count)
        if listing and listing.start >= start:
            return listing
    return None


def _before_the_number(article: Article, mention: Mention) -> Listing | None:
    """“三屏”联播,用好电视屏、手机屏、电梯屏三类屏幕."""
    for count in _counts(mention):
        numeral = COUNTING.get(count)
        if numeral is None or len(mention.shape.parts) > 1:
            continue
        end = min(article.paragraph_at(mention.start)[1], mention.tail + NEAR)
        for match in re.compile(f"{'[两二双]' if count == 2 else numeral}[个大种项类张级方块支股路]").finditer(
            article.text, mention.tail, end
        ):
            listing = run_before(article.text, match.start(), count)
            if listing and listing.start >= mention.tail:
                return listing
    return None


def _in_points(article: Article, mention: Mention) -> Listing | None:
    """一是…;二是…: as many points as the numeral says, and no more."""
    for count in _counts(mention):
        for form in _POINTS:
            points = [_point(article.text, form, n, mention) for n in range(1, count + 2)]
            first = points[0]
            if first and all(points[:count]) and not points[count] and _is_near(article.text, first, mention):
                return _points(article.text, [match for match in points[:count] if match])
    return None


def _is_near(text: str, first: re.Match[str], mention: Mention) -> bool:
    """Whether the points are those of the name: of a row or sum of numerals only those told right behind it."""
    between = SENTENCE_END.findall(text, mention.tail, first.start())
    return mention.shape.rule not in ("plus", "digits") or len(between) < PAIR


def _point(text: str, form: str, n: int, mention: Mention) -> re.Match[str] | None:
    if n not in COUNTING:
        return None
    return re.compile(rf"(?<![{_HAN}])" + form.format(COUNTING[n])).search(text, mention.tail, mention.tail + REACH)


def _points(text: str, points: list[re.Match[str]]) -> Listing | None:
    starts = [match.start() for match in points]
    if starts != sorted(starts):
        return None
    ends = [_CLAUSE_END.search(text, match.end()) for match in points]
    items = tuple(
        clean_item(text[match.end():end.start() if end else len(text)])
        for match, end in zip(points, ends, strict=True)
    )
    last = ends[-1].start() if ends[-1] else len(text)
    return Listing(starts[0], last, items) if all(items) else None


def _one_by_one(article: Article, mention: Mention) -> Listing | None:
    """“三把钥匙”…。一把是物业约谈,…;一把是专家评估,…: as many times one of the measure word as the numeral says."""
    part = mention.shape.parts[0]
    if len(mention.shape.parts) > 1 or mention.shape.rule != "counted" or (part.value or 0) < PAIR:
        return None
    measure = re.escape(mention.name.removeprefix(part.numeral)[:1])
    limit = min(len(article.text), mention.tail + 2 * NEAR)
    told = [*re.compile(rf"(?<=[,;。:\n])一{measure}(?:就?是|叫做?|为|即)([{_HAN}]{{2,14}})(?=[,;。\n])").finditer(
        article.text, mention.tail, limit)]
    items = tuple(clean_item(match[1]) for match in told)
    return Listing(told[0].start(), told[-1].end(), items) if len(set(items)) == part.value else None


def _told_later(article: Article, mention: Mention) -> Listing | None:
    """“三不过夜”…。意思是警情不过夜、…: told in a later sentence, where each item holds its noun of the name."""
    nouns = [part.noun for part in mention.shape.parts for _ in range(part.value or 0)]
    if not all(nouns) or mention.shape.total != len(nouns) or len(nouns) < _FEWEST_OF_A_PART:
        return None
    limit = min(len(article.text), mention.tail + 2 * NEAR)
    for match in re.compile(alternatives("tells_later")).finditer(article.text, mention.tail, limit):
        for end in _ends(article.text, match.end(), min(len(article.text), match.end() + 2 * NEAR)):
            listing = items_in(article.text, match.end(), end, len(nouns))
            if listing and all(noun in item for noun, item in zip(nouns, listing.items, strict=True)):
                return listing
    return None


def _as_heads(article: Article, mention: Mention) -> Listing | None:
    """The paragraphs that follow, each with a short head that holds the noun: 进校园。…  进企业。…."""
    noun, end = _noun(mention), article.paragraph_at(mention.start)[1]
    heads: list[re.Match[str]] = []
    while noun and (head := _HEAD.match(article.text, end)) and noun in head[1]:
        heads.append(head)
        end = article.paragraph_at(head.start() + 1)[1]
    if len(heads) not in _counts(mention):
        return None
    return Listing(heads[0].start(1), end, tuple(clean_item(head[1]) for head in heads))


def _of_the_noun(article: Article, mention: Mention) -> Listing | None:
    """As many things of the noun as the numeral says, in the rest of the sentence or in the next one."""
    paragraph = article.paragraph_at(mention.start)
    limit = min(paragraph[1], mention.tail + 2 * NEAR)
    for start, end in _windows(article.text, mention.tail, limit):
        if listing := _things_within(article.text, start, end, mention):
            return listing
    return _of_the_next_paragraph(article, mention, paragraph[1])


def _of_the_next_paragraph(article: Article, mention: Mention, end: int) -> Listing | None:
    """创建“五零”楼栋。⏎ 做到盗窃零发案、诈骗零得逞、…: a list in the first sentence, where all items hold the noun."""
    part = mention.shape.parts[0] if len(mention.shape.parts) == 1 else None
    if part is None or not part.noun or (part.value or 0) < _FEWEST_OF_A_PART or end >= len(article.text):
        return None
    sentence = SENTENCE_END.search(article.text, end + 1)
    for run in runs_in(article.text, end + 1, sentence.start() if sentence else len(article.text)):
        if items := items_holding(run.items, part.noun, part.value or 0):
            return Listing(run.start, run.end, tuple(items))
    return None


def _of_the_noun_before(article: Article, mention: Mention) -> Listing | None:
    """组织法官、检察官、警官、律师下沉,开展“三官一律”活动: the same in the sentence before the name."""
    floor = max(article.paragraph_at(mention.start)[0], mention.start - NEAR)
    start = max((match.end() for match in SENTENCE_END.finditer(article.text, floor, mention.start)), default=floor)
    return _things_within(article.text, start, mention.start, mention)


def _things_within(text: str, start: int, end: int, mention: Mention) -> Listing | None:
    parts = [part for part in mention.shape.parts if part.value and part.noun]
    if not parts or all(part.value == 1 for part in parts):
        return None
    if in_order := things_in_order(text, start, end, parts) or things_with_all(text, start, end, parts):
        return Listing(start, end, tuple(in_order))
    found = [
        things_of(text, start, end, part) or (the_one(text, start, end, part.noun) if part.value == 1 else [])
        for part in parts
    ]
    plural = [things for things, part in zip(found, parts, strict=True) if part.value != 1]
    items = [thing for things in (found if all(found) else plural) for thing in things]
    items = without_frame(items) if _noun(mention) == "一" else items
    fits = all(plural) or (len(items) >= _FEWEST_OF_A_PART and all(item.startswith(parts[0].noun) for item in items))
    if fits and len(items) > 1 and len(set(items)) == len(items):
        return Listing(start, end, tuple(items))
    return None


_FEWEST_OF_A_PART = 3


def _the_only_one(article: Article, mention: Mention) -> Listing | None:
    """“一个引领”,即党建引领; 一台领航,以广播电视台为龙头: what a name of one thing stands for."""
    if mention.shape.total != 1 or mention.shape.rule == "digits":
        return None
    match = _only_one().match(article.text, mention.tail) or _CORE_BEHIND.match(article.text, mention.tail)
    noun = mention.shape.parts[0].noun
    item = clean_item(match[1]) if match else ""
    if match is None or not item or (match.re is _CORE_BEHIND and not item.endswith(noun)):
        return None
    return Listing(*match.span(1), (item,))


@cache
def _only_one() -> re.Pattern[str]:
    return re.compile(rf"{_MARK}?,?(?:即|就是|是指|指的是)([{_HAN}]{{2,14}})(?=[,;。\n]|$)")


_CORE_BEHIND = re.compile(rf"{_MARK}?,以([{_HAN}]{{2,12}})为(?:龙头|核心|依托|主阵地|主体)")


def _parallel(article: Article, mention: Mention) -> Listing | None:
    """“四早”机制,矛盾早发现、…: the clause behind is as many items, of one length, that share a character."""
    match = re.compile(rf"{_MARK}?[{_HAN}]{{0,10}},([^,;:。!?\n]+)").match(article.text, mention.tail)
    if match is None or all(part.value == 1 for part in mention.shape.parts):
        return None
    for count in _counts(mention):
        listing = items_in(article.text, *match.span(1), count, words_only=True)
        if listing and count >= _FEWEST_OF_A_PART and len({len(item) for item in listing.items}) == 1 and (
            set.intersection(*map(set, listing.items)) or article.text.startswith("一", match.start(1))
        ):
            return listing
    return None


def _windows(text: str, start: int, limit: int) -> list[tuple[int, int]]:
    clause = text.find(";", start, limit)
    ends = [match.end() for match in SENTENCE_END.finditer(text, start, limit)][:2] or [limit]
    return [(start, end) for end in ([clause] if 0 <= clause < ends[0] else []) + ends]


Reader = Callable[[Article, Mention], Listing | None]
_TOLD = 5
_READERS: tuple[tuple[str, Reader], ...] = (
    (LISTED, by_numeral), (LISTED, _in_brackets), (LISTED, _in_points), (LISTED, terms_quoted),
    (LISTED, _behind), (LISTED, _before), (LISTED, _the_only_one), (LISTED, terms_around), (LISTED, _before_the_number),
    (LISTED, _as_heads), (LISTED, _one_by_one), (LISTED, _told_later), (INFERRED, terms_behind),
    (INFERRED, _of_the_noun), (INFERRED, _parallel), (INFERRED, _of_the_noun_before),
)
