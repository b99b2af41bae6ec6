"""The members of names of several numerals, told numeral by numeral: “一”即…“二”即…; 1名民警、2名辅警."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from ..extraction.tables import one_of
from .article import Article
from .lists import Listing, clean_item, items_in, masked
from .marks import MARKS
from .mention import Mention
from .shapes import ROUND_NUMERALS, Part
from .things import noun_row
from .words import alternatives

REACH, NEAR = 3000, 220
"""Characters behind a name in which its numerals are explained or its points stand, and in which its list begins."""
PAIR = 2
COUNTING = dict(enumerate("零一二三四五六七八九十"))
SENTENCE_END = re.compile(r"[。!?\n]")
_MARK = f"[{MARKS}]"
_HAN = r"\u3400-\u9fff"
_ITEM_END = re.compile("[,;。!?]")


def by_numeral(article: Article, mention: Mention) -> Listing | None:
    """“一”即…“二”即…; 1即…3即…; “三治”即…: each numeral of the name with what it stands for.

    Of numerals with nouns, those of one thing may stay unexplained, and so may others if their noun is not said again.
    """
    parts = mention.shape.parts
    if len(parts) < 2:
        return None
    found = _explained_parts(article, mention)
    if len(found) < len(parts) and not all(part.noun for part in parts):
        return None
    items = [item for _, _, same in found for item in same]
    return Listing(found[0][0], found[-1][1], tuple(items)) if items and all(items) else None


def _explained_parts(article: Article, mention: Mention) -> list[tuple[int, int, Sequence[str]]]:
    """Return, of each numeral that is explained, where that begins and ends, and the members that it names."""
    limit = min(len(article.text), mention.tail + REACH)
    found = []
    position = mention.tail
    for part in mention.shape.parts:
        match = _explanation(part.numeral, part.noun).search(article.text, position, limit)
        if match:
            end = _end_of_item(article.text, match.end(), limit)
            if items := _items_of_part(article, part, match.end(), end):
                found.append((match.start(), end, items))
                position = match.end()
    return found


@cache
def _explanation(numeral: str, noun: str) -> re.Pattern[str]:
    told = alternatives("explains", "explains_a_list", *(["explains_a_part"] if noun else []))
    return re.compile(
        rf"(?<![\d{''.join(COUNTING.values())}第+第]){_MARK}?{re.escape(numeral)}(?:[个项大])?{re.escape(noun)}"
        rf"{_MARK}?(?:,?{told}(?![导挥标出明示数])|[:(]|—+)" + ("" if noun else rf"(?!{alternatives('type')})")
    )


def _end_of_item(text: str, start: int, limit: int) -> int:
    match = _ITEM_END.search(masked(text[start:min(limit, start + NEAR)]) + "。")
    end = start + match.start() if match else limit
    return min(end, limit, *(at for at in (text.find("\n", start, limit), text.find(")", start, limit))
                             if at >= 0 and "(" not in text[start:at]))


def _items_of_part(article: Article, part: Part, start: int, end: int) -> Sequence[str]:
    within = (mention for mention in article.mentions if start <= mention.start < end)
    if inner := next((mention for mention in within if _leads(article.text[start:mention.start])), None):
        return (inner.name,)
    if not part.noun and (told := _counted_phrase(article.text, part, start, end)):
        return (told[2],)
    if (part.value or 0) > 1 and (listing := items_in(article.text, start, end, part.value or 0, noun=part.noun)):
        return listing.items
    item = clean_item(article.text[start:end])
    if part.noun:
        return (item,) if part.value == 1 and _names(item, part.noun) else ()
    in_words = "两" if part.value == PAIR else COUNTING.get(part.value or 0, part.numeral)
    return (_led_count(part.numeral, in_words).sub("", item),)


@cache
def _led_count(*numerals: str) -> re.Pattern[str]:
    """What leads to a number with its noun: 建好/一个中心, 落实/三项制度."""
    return re.compile(rf"^[^\W\d]{{2,4}}(?=(?:{one_of(numerals)})[个张支套本项条类件大级道][{_HAN}])")


def _names(item: str, noun: str) -> bool:
    return item.endswith(noun_row(noun).ends_in) or (item.startswith("一") and noun in item)


@cache
def _lead_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives('list_lead', 'governs')}{{0,2}}[好了]?)?{_MARK}?")


def _leads(stretch: str) -> bool:
    """Whether nothing but a verb stands in the stretch: 用好“两支队伍”."""
    return _lead_pattern().fullmatch(stretch) is not None


def _counted_phrase(text: str, part: Part, start: int, end: int) -> tuple[int, int, str] | None:
    """院、庭、站三级平台: the number with its noun, at the end of the list that it sums up; where it stands.

    What sums up persons or bodies with a plain measure word (三支力量) is a count.
    """
    numeral = _OPEN if part.value is None else COUNTING.get(part.value, "\0").replace("二", "[二两]")
    match = re.compile(
        rf"(?:等)?({numeral}{_SUMS if part.value else _OPEN_SUMS}[{_HAN}]{{2,6}}?)"
        rf"(?={alternatives('done_together')}|$)"
    ).search(text, start, end)
    if match is None or (part.value and not items_in(text, start, match.start(), part.value)):
        return None
    return (*match.span(1), match[1]) if part.value or "、" in text[start:match.start()] else None


_OPEN, _SUMS, _OPEN_SUMS = "(?:多|若干|N)", "[级类道项大张条套重层种]", "[家个支名方类种]"


def terms_around(article: Article, mention: Mention) -> Listing | None:
    """印发一个总方案,配套“三张清单”和五项制度,形成“1+3+5”体系: a phrase for each term, in order, in the sentence."""
    of_round_numerals = {part.numeral for part in mention.shape.parts} <= set(ROUND_NUMERALS)
    if mention.shape.rule != "plus" and not of_round_numerals:
        return None
    start = article.paragraph_at(mention.start)[0]
    before = max((match.end() for match in SENTENCE_END.finditer(article.text, start, mention.start)), default=start)
    between = article.text[max(before, mention.start - 8):mention.start]
    if not of_round_numerals and not re.search(alternatives("sums_up"), between):
        return None
    return _terms(article, mention, before, mention.start)


def terms_quoted(article: Article, mention: Mention) -> Listing | None:
    """推行“134”模式:坚持“一个引领”,健全“三级平台”,建强“四支力量”: a phrase in quotation marks for each numeral."""
    parts = mention.shape.parts
    if mention.shape.rule not in ("digits", "plus") or len(parts) < PAIR or any(part.noun for part in parts):
        return None
    items, position, first = [], mention.tail, -1
    limit = min(len(article.text), mention.tail + REACH)
    for part in parts:
        terms = _quoted_term(part).finditer(article.text, position, limit)
        match = next((term for term in terms if not mention.name.startswith(term[1])), None)
        if match is None:
            return None
        around = next((m for m in article.mentions if m.start <= match.start(1) < m.end), None)
        first = match.start(1) if first < 0 else first
        items.append(around.name if around else match[1])
        position = match.end()
    end = SENTENCE_END.search(article.text, position)
    return Listing(first, end.start() if end else len(article.text), tuple(items)) if len(set(items)) > 1 else None


@cache
def _quoted_term(part: Part) -> re.Pattern[str]:
    numeral = "N|若干|多" if part.value is None else f"{part.value}|{COUNTING.get(part.value, part.value)}"
    numeral += "|两|双" if part.value == PAIR else ""
    return re.compile(rf"{_MARK}((?:{numeral})[{_HAN}]{{1,10}}){_MARK}")


def terms_behind(article: Article, mention: Mention) -> Listing | None:
    """推行“1+2+N”模式,1名民警带2名辅警和若干名队员; “百千万”行动,组织百名律师、进千个村社、惠万户家庭."""
    if mention.shape.rule not in ("plus", "digits") or mention.name.isdecimal():
        return None
    end = SENTENCE_END.search(article.text, mention.tail)
    return _terms(article, mention, mention.tail, end.start() if end else len(article.text))


def _terms(article: Article, mention: Mention, start: int, end: int) -> Listing | None:
    items, position, first = [], start, start
    for n, part in enumerate(mention.shape.parts):
        match = _term(part).search(article.text, position, end)
        if not match:
            return None
        first = match.start() if n == 0 else first
        items.append(clean_item(match[0]))
        position = match.end()
    return Listing(first, position, tuple(items))


def _term(part: Part) -> re.Pattern[str]:
    numeral = "若干|N" if part.value is None else f"{part.value}|{COUNTING.get(part.value, part.value)}"
    numeral = part.numeral if part.numeral in ROUND_NUMERALS else numeral
    return re.compile(
        rf"(?<![\d+{''.join(COUNTING.values())}第])(?:{numeral})[个名支项张条套类种只家块大本位户场件次]{_MARK}?"
        rf"[{_HAN}]{{1,10}}?(?={_MARK}|[,、;。:]|和|及|(?<!参)与|带|配|加|{alternatives('done_together')}|$)"
    )
