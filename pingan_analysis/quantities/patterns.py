"""The patterns of quantities, built from the tables when they are first used."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from ..lexicon import read_rows

_CHARACTERS = "零〇○一二三四五六七八九两十廿卅俩仨"
_CAPITALS = "壹贰叁肆伍陆柒捌玖拾佰仟"
FIRST = re.compile(rf"[0-9{_CHARACTERS}{_CAPITALS}百千万亿几数半]")

_MEASURE_BEGINS_WITH_THOUSAND = "瓦克米伏卡吨字焦帕赫方"
_MAGNITUDE = rf"(?:[十万亿]|百(?!姓|货|分[点之]|科|帕|色)|千(?![{_MEASURE_BEGINS_WITH_THOUSAND}]))"
_ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,10}+(?![\d])(?:\.\d++)?|\d++(?:\.\d++)?)"
_FIGURES = rf"{_ARABIC}(?: (?=[万亿]))?{_MAGNITUDE}{{0,3}}+(?:(?<=[十百千万亿])\d{{1,4}}{_MAGNITUDE}{{1,2}}+){{0,3}}"
_NUMERAL = (
    rf"(?:(?:[{_CHARACTERS}]|{_MAGNITUDE})++|(?=[{_CAPITALS}零〇]{{0,9}}[拾佰仟万亿元])[{_CAPITALS}零〇万亿]++)"
    r"(?:点[零〇一二三四五六七八九]++(?![十分刻半])[万亿]?)?"
)
_SOME = rf"几{_MAGNITUDE}{{0,3}}+|(?<![人件次总户倍指参基系多少大岁个位字函度额票台套])数{_MAGNITUDE}{{1,3}}+"
_SPACES = r"[ \t\u00a0\u3000]{0,2}"
_IDENTIFIER = r"\d++(?:(?:\.\d++){2,}+|(?:-\d++){2,}+)"
_REPEATED = r"一([^\W\d_])(?:\1|一\1)|一[^\W\d_一二三四五六七八九十百千万]一[^\W\d_个项件条级]"


class Unit(NamedTuple):
    """What a written unit means: its name, the factor of the number, and a mark said inside it (half, more_than)."""

    name: str
    factor: Decimal
    mark: str


class Mark(NamedTuple):
    """A mark of bound or order: `before` says what it needs, `not_after` which characters make it another word."""

    bound: str
    not_after: frozenset[str]
    before: str


@cache
def units() -> dict[str, Unit]:
    """Return every written unit, with what it means: the measure words, and the table of further units."""
    found = {row["measure"]: Unit(row["measure"], Decimal(1), "") for row in _measure_words()}
    for row in read_rows("quantity_units", columns=["written", "unit", "factor", "mark"]):
        found[row["written"]] = Unit(row["unit"], Decimal(row["factor"]), row["mark"])
    return found


@cache
def marks_before() -> dict[str, Mark]:
    """Return the marks that stand before a number."""
    rows = (row for row in _marks() if row["place"] == "before")
    return {row["mark"]: Mark(row["bound"], frozenset(row["not_after"].split()), row["before"]) for row in rows}


@cache
def marks_after() -> dict[str, str]:
    """Return the marks inside and after a number with their bounds."""
    return {row["mark"]: row["bound"] for row in _marks() if row["place"] != "before"}


@cache
def words_ending_in_a_numeral() -> frozenset[str]:
    """Return the words whose last character is a numeral that counts nothing: 统一, 这一."""
    return frozenset(row["word"] for row in _lexical("ends"))


@cache
def token() -> re.Pattern[str]:
    """Return the pattern of one number, to be matched where `FIRST` is found.

    Groups: half, half_unit, half_after (一半, 半个月以上); denominator (of a fraction); figures, numeral or some
    (几十); inside (the mark) and the magnitude after it; tenths, half_tenth (六成五); unit or counted (the unit after
    a single character); after (the mark). None of them has matched where something begins like a number and is none.
    """
    inside_mark = rf"(?:(?P<inside>{_inside_pattern()})(?P<magnitude>{_MAGNITUDE}{{0,2}}+))?+"
    after = _alternatives(row for row in _marks() if row["place"] == "after")
    every, common = _unit_pattern(units()), _unit_pattern(_after_one_character())
    several = rf"(?<=[\d余多来几拾佰仟])|(?<=[\d.余多来几{_CHARACTERS}百千万亿][{_CHARACTERS}百千万亿])"
    unit = rf"(?:(?:{several}){_SPACES}(?P<unit>{every}(?:/(?:{every}))?+)|(?P<counted>{common}))?+"
    lexical = _words_beginning_with_a_numeral()
    number = rf"(?:(?P<figures>{_FIGURES})|(?P<numeral>{_NUMERAL})|(?P<some>{_SOME}))"
    return re.compile(
        rf"(?:{lexical}|{_REPEATED}|{_IDENTIFIER})"
        rf"|(?:(?P<half>一半|半数)|半(?P<half_unit>{_unit_pattern(_after_half())}))(?P<half_after>{after})?+"
        rf"|(?:(?P<denominator>[百千万]|[{_CHARACTERS}]{{1,3}}+|\d{{1,3}})分之)?+"
        rf"{number}{inside_mark}(?:(?P<tenths>成)(?!{_not_tenths()})(?P<half_tenth>[一二三四五六七八九半](?![个件名项]))?)?+"
        rf"{unit}(?P<after>{after}|(?<=成)多(?!数))?+"
    )


@cache
def _measure_words() -> tuple[dict[str, str], ...]:
    return tuple(row for row in read_rows("measure_words", columns=["measure", "kind"]) if row["kind"] != "other")


@cache
def _marks() -> tuple[dict[str, str], ...]:
    columns = ["mark", "place", "bound", "not_after", "not_before", "before"]
    return tuple(read_rows("quantity_marks", columns=columns))


def _lexical(place: str) -> list[dict[str, str]]:
    rows = read_rows("lexical_numerals", columns=["word", "place", "unless"])
    return [row for row in rows if row["place"] == place]


def _words_beginning_with_a_numeral() -> str:
    by_first = defaultdict(list)
    for row in sorted(_lexical("begins"), key=lambda row: -len(row["word"])):
        unless = f"(?!{row['unless']})" if row["unless"] else ""
        by_first[row["word"][0]].append(row["word"][1:] + unless)
    ordinary = "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in by_first.items())
    ordinal = "|".join(row["word"].removeprefix("第") for row in _lexical("ordinal"))
    return f"(?<!第)(?:{ordinary})|(?<=第)(?:{ordinal})"


def _inside_pattern() -> str:
    """Return the marks inside a number, each where the table and what stands around it let it be one."""
    around = {
        "余": (r"(?<=[\d十百千万亿廿卅拾佰仟])", ""),
        "多": (r"(?<=[\d十百千万亿廿卅拾佰仟])", ""),
        "来": ("(?<=[0十百千万亿])", "(?=[个名位人家户年天岁次件起条斤亩公米里万])"),
        "几": ("(?<=十)", ""),
        "+": ("(?<=[0万亿])", r"(?=[个名位人家户次件条份场元\W]|\Z)"),
    }
    rows = {row["mark"]: _unless_followed(row["not_before"].split()) for row in _marks() if row["place"] == "inside"}
    return "|".join(f"{around[mark][0]}{re.escape(mark)}{around[mark][1]}{unless}" for mark, unless in rows.items())


def _after_one_character() -> list[str]:
    ambiguous = {row["measure"] for row in _measure_words() if row["kind"] == "figures_only"}
    return [unit for unit in units() if unit not in ambiguous and not unit[0].isascii()]


def _after_half() -> list[str]:
    times = ["年", "个月", "个多月", "天", "小时", "个小时", "世纪", "个世纪", "个学期"]
    return [*times, "公里", "里", "米", "斤", "吨", "亩"]


def _not_tenths() -> str:
    return "[立功员果为本都年长效绩品群分熟交像人片套批因就才型败千百不语名形风]|以上[学年]"


def _alternatives(rows: Iterable[dict[str, str]]) -> str:
    marks = sorted(rows, key=lambda row: -len(row["mark"]))
    return "|".join(row["mark"] + _unless_followed(row["not_before"].split()) for row in marks)


def _unless_followed(words: list[str]) -> str:
    return f"(?!{'|'.join(words)})" if words else ""


def _unit_pattern(written: Iterable[str]) -> str:
    """Return an alternation of units, the longest first, each with what makes it the beginning of another word."""
    look_alikes = _look_alikes()
    by_first = defaultdict(list)
    for unit in sorted(written, key=lambda unit: (-len(unit), unit)):
        latin = "(?![A-Za-z])" if unit[-1].isascii() and unit[-1].isalpha() else ""
        by_first[unit[0]].append(re.escape(unit[1:]) + latin + look_alikes.get(unit, ""))
    plain = "".join(first for first, rest in by_first.items() if rest == [""])
    longer = [f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_first.items() if rest != [""]]
    return "(?:" + "|".join([*longer, f"[{plain}]"] if plain else longer) + ")"


@cache
def _look_alikes() -> dict[str, str]:
    rows = read_rows("measure_lookalikes", columns=["measure", "not_before", "unless"])
    return {row["measure"]: _look_ahead(row["not_before"].split(), row["unless"].split()) for row in rows}


def _look_ahead(not_before: list[str], unless: list[str]) -> str:
    single = "".join(word for word in not_before if len(word) == 1)
    longer = [word for word in not_before if len(word) > 1]
    look_alike = "|".join([f"[{single}]", *longer] if single else longer)
    return f"(?!{_unless_followed(unless)}(?:{look_alike}))"
