"""Numbers in text: labelled cases, properties of any text, numerals of an independent writer, bounded work."""

from __future__ import annotations

import gzip
import json
import math
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from pingan_analysis.lexicon import read_rows
from pingan_analysis.numerals import BOUNDS, Quantity, find_quantities, quantities_in
from pingan_analysis.plain import PlainText
from pingan_analysis.quantities import patterns
from pingan_analysis.quantities.values import bare_magnitude, read_number, read_parts

CASES = Path(__file__).parent / "cases" / "quantities.jsonl"
NEWS = Path(__file__).parents[1] / "../shared/corpora/news_2012_2026_sample.jsonl.gz"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
OWN = [row for row in ROWS if "text" in row]
PASSING = [row for row in OWN if not row.get("known_failure")]


def one(text: str) -> Quantity:
    (quantity,) = find_quantities(text)
    return quantity


@cache
def stories() -> dict[str, str]:
    with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
        return {story["id"]: story["text"] for story in map(json.loads, lines)}


def text_of(row: dict[str, Any]) -> str:
    if "text" in row:
        return str(row["text"])
    if not NEWS.exists():
        pytest.skip("needs the news sample beside the repository")
    return stories()[row["story"]][row["start"] : row["end"]]


def labelled(row: dict[str, Any]) -> list[tuple[object, ...]]:
    return [
        (q["text"], q["value"], q["low"], q["high"], q["bound"], q["unit"], q.get("ordinal", False))
        for q in row["quantities"]
    ]


def found(text: str) -> list[tuple[object, ...]]:
    return [(q.text, q.value, q.low, q.high, q.bound, q.unit, q.ordinal) for q in find_quantities(text)]


def case(row: dict[str, Any]) -> Any:
    name = str(row.get("text") or f"{row['story']}:{row['start']}")
    marks = [pytest.mark.xfail(strict=True, reason=row["note"])] if row.get("known_failure") else []
    return pytest.param(row, id=name, marks=marks)


@pytest.mark.parametrize("row", [case(row) for row in ROWS])
def test_labelled_case(row: dict[str, Any]) -> None:
    assert found(text_of(row)) == labelled(row)


def test_the_cases_are_many_and_hard() -> None:
    distracting = [row for row in OWN if row["group"] in ("negative", "distractor")]
    assert len(ROWS) >= 250
    assert len(distracting) * 4 >= len(OWN)
    assert all(sum(text_of(row).count(q["text"]) for q in row["quantities"]) >= len(row["quantities"]) for row in OWN)


TO_TRADITIONAL = OpenCC("s2t")


@pytest.mark.parametrize("row", [pytest.param(row, id=row["text"]) for row in PASSING])
def test_the_twin_in_the_other_script_has_the_same_values(row: dict[str, Any]) -> None:
    twin = TO_TRADITIONAL.convert(row["text"])
    assert [quantity[3:] for quantity in find_quantities(twin)] == [
        quantity[3:] for quantity in find_quantities(row["text"])
    ]


@pytest.mark.parametrize("row", [pytest.param(row, id=row["text"]) for row in PASSING])
def test_pinyin_after_every_character_changes_no_value(row: dict[str, Any]) -> None:
    bare = row["text"].replace("(", "").replace(")", "")
    injected = "".join(c + "(gè)" if "\u4e00" <= c <= "\u9fff" else c for c in bare)
    expected = find_quantities(PlainText(injected).text)
    got = find_quantities(injected)
    assert [quantity[3:] for quantity in got] == [quantity[3:] for quantity in expected]
    assert [PlainText(quantity.text).text for quantity in got] == [quantity.text for quantity in expected]


# -- properties ----------------------------------------------------------------------------------------------------

MATERIAL = sorted(
    {row["mark"] for row in read_rows("quantity_marks")}
    | {row["written"] for row in read_rows("quantity_units")}
    | {row["measure"] for row in read_rows("measure_words")}
    | {row["word"] for row in read_rows("lexical_numerals")}
    | set("0123456789.,-~—/%‰ 零〇一二三四五六七八九十百千万亿两俩廿卅壹貳拾萬億餘幾半点成分之第前\n￥$ａ９Ａz()")
    | {"百分之", "三分之", "之间", "在", "到", "至", "和", "(wǎng)", "\u200b"}
)
TEXTS = st.lists(st.sampled_from(MATERIAL) | st.text(max_size=2), max_size=25).map("".join)


@given(TEXTS | st.text())
def test_any_text_gives_quantities_that_slice_it(text: str) -> None:
    end = 0
    for quantity in find_quantities(text):
        assert end <= quantity.start < quantity.end <= len(text)
        assert text[quantity.start : quantity.end] == quantity.text
        assert quantity.bound in BOUNDS
        assert quantity.low is None or quantity.low <= quantity.value
        assert quantity.high is None or quantity.value <= quantity.high
        assert "\n" not in quantity.text
        end = quantity.end


@given(TEXTS)
def test_the_plain_copy_gives_the_same_values(text: str) -> None:
    plain = PlainText(text)
    assert [q[3:] for q in find_quantities(text)] == [q[3:] for q in quantities_in(plain.text)]


BOUND_ENDS = {
    "exact": (True, True), "more_than": (True, False), "about": (False, False),
    "nearly": (False, True), "less_than": (False, True),
}


MARKS = ["", "约", "近", "超过", "不足", "至少", "至多"]


@given(st.integers(1, 10**9), st.sampled_from(MARKS), st.sampled_from("人件起条"))
def test_marks_leave_open_the_end_that_they_say_nothing_of(number: int, mark: str, unit: str) -> None:
    quantity = one(f"查处{mark}{number}{unit}，")
    lower, upper = BOUND_ENDS[quantity.bound]
    assert (quantity.value, quantity.text) == (number, f"{mark}{number}{unit}")
    assert quantity.low == (number if lower else None)
    assert quantity.high == (number if upper else None)


# -- Chinese numerals, written here independently of what reads them -------------------------------------------------


def written_below_10000(number: int) -> str:
    text, zero = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            text += ("零" if zero and text else "") + "零一二三四五六七八九"[digit] + name
        zero = not digit
    return text


def written(number: int) -> str:
    text, gap = "", False
    for power, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group, number = divmod(number, power)
        if group:
            text += ("零" if text and (gap or group < 1000) else "") + written_below_10000(group) + name
        gap = not group
    return text.removeprefix("一") if text.startswith("一十") else text


CAPITALS = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
OLD_FORMS = str.maketrans("万亿贰陆", "萬億貳陸")


def test_the_writer_writes_what_people_write() -> None:
    assert [written(n) for n in (10, 105, 2010, 10_300, 100_005_000, 320_000)] == [
        "十", "一百零五", "二千零一十", "一万零三百", "一亿零五千", "三十二万",
    ]


@given(st.integers(11, 10**12 - 1))
def test_a_chinese_numeral_is_read_back(number: int) -> None:
    assert one(f"共{written(number)}件。").value == number
    assert one(f"共{written(number).translate(CAPITALS).translate(OLD_FORMS)}件。").value == number


@given(st.integers(1, 10**10 - 1), st.integers(0, 3), st.sampled_from(["", "万", "亿", "万亿"]))
def test_arabic_figures_are_read_exactly(number: int, places: int, magnitude: str) -> None:
    text = f"{number}"[: len(f"{number}") - places] or "0"
    decimals = f"{number}"[len(text):] if len(f"{number}") > places else ""
    figures = f"{text}.{decimals}" if decimals else text
    zeros = {"": 0, "万": 4, "亿": 8, "万亿": 12}[magnitude]
    expected = int(text + decimals) * 10 ** (zeros - len(decimals)) if zeros >= len(decimals) else float(figures)
    assert one(f"共{figures}{magnitude}元。").value == float(expected)


@given(st.integers(1000, 10**9))
def test_grouped_figures_are_one_number(number: int) -> None:
    assert one(f"共{number:,}条。").value == number


@given(st.integers(1, 9999))
def test_percentages_are_exact_ratios(hundredths: int) -> None:
    whole, part = divmod(hundredths, 100)
    assert one(f"达{whole}.{part:02}%。")[3] == float(f"{hundredths}e-4")


# -- what is no numeral ------------------------------------------------------------------------------------------


MALFORMED = [
    *("百千万", "千百", "三十五十", "万百", "一百零百", "", "1.2.3", "十万百", "几千百", "九" * 50, "1" * 41),
    *("1.2.3万", "3万1.2.3", "3万10000", "3万2万", "1亿1亿", "3百2千", "3百3百", "三万万", "三点十", "三点", "百"),
    "一百点五点二",
    *("五三", "三七", "九一", "十三五", "二十五三", "三五百千"),
]


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_malformed_is_no_number(text: str) -> None:
    assert read_number(text) is None


WORTH = [
    *(("3", 3), ("1,100", 1100), ("007", 7), ("3.5", 3.5), ("1" * 40, float("1" * 40))),
    *(("3 万", 30_000), ("3.3万", 33_000)),
    *(("4.78万亿", 4_780_000_000_000), ("2亿3千万", 230_000_000), ("13万8246亿", 13_824_600_000_000), ("3万5", 30_005)),
    *(("3万9999", 39_999), ("1亿99999999", 199_999_999), ("2千3百50", 2350), ("3.5百", 350), ("5百万", 5_000_000)),
    *(("三点五", 3.5), ("三点二五", 3.25), ("点五", 0.5), ("三点二万", 32_000), ("三点五百", 350), ("一百点五", 100.5)),
    *(("十", 10), ("二十", 20), ("三十五", 35), ("一百二十", 120), ("三百五", 350)),
    *(("三千五", 3500), ("一万五", 15_000)),
    *(("一亿五", 150_000_000), ("一百零五", 105), ("一千零五", 1005), ("一千零五十", 1050), ("一万零五", 10_005)),
    *(("两千", 2000), ("二〇一八", 2018), ("一二三四五", 12345), ("〇五", 5), ("廿五", 25), ("卅", 30)),
    *(("俩", 2), ("仨", 3)),
    *(("三万亿", 3_000_000_000_000), ("三百万亿", 300_000_000_000_000), ("二十亿三千万五百", 2_030_000_500)),
    *(("壹仟贰佰", 1200), ("十万", 100_000), ("百万", 1_000_000), ("九", 9), ("○", 0)),
]


@pytest.mark.parametrize(("text", "value"), WORTH)
def test_what_a_numeral_is_worth(text: str, value: float) -> None:
    number = read_number(text)
    assert number is not None
    assert (float(number.value), number.low, number.high, number.vague) == (value, number.value, number.value, False)


SPANS = [
    # value, low, high, the magnitudes at its end, vague
    ("几", 2, 2, 9, "", True), ("几十", 20, 20, 99, "十", True), ("数百", 100, 100, 999, "百", True),
    ("几千", 1000, 1000, 9999, "千", True), ("几十万", 200_000, 200_000, 999_999, "十万", True),
    ("数百万", 10**6, 10**6, 10**7 - 1, "百万", True), ("十几", 11, 11, 19, "", True),
    ("二十几", 21, 21, 29, "", True), ("十几万", 110_000, 110_000, 199_999, "万", True),
    ("三五", 4, 3, 5, "", False), ("七八十", 75, 70, 80, "十", False), ("十七八", 17.5, 17, 18, "", False),
    ("两三百", 250, 200, 300, "百", False), ("三四百万", 3_500_000, 3 * 10**6, 4 * 10**6, "百万", False),
    ("一二", 1.5, 1, 2, "", False), ("八九", 8.5, 8, 9, "", False), ("二十七八", 27.5, 27, 28, "", False),
    ("3百", 300, 300, 300, "百", False), ("三十万", 300_000, 300_000, 300_000, "十万", False),
]


@pytest.mark.parametrize(("text", "value", "low", "high", "tail", "vague"), SPANS)
def test_what_a_numeral_spans(text: str, value: float, low: int, high: int, tail: str, vague: bool) -> None:
    assert read_number(text) == (value, low, high, tail, vague)


@pytest.mark.parametrize(("parts", "expected"), [
    (("150", "余", "万"), (1_500_000, 1_500_000, 1_500_000, "万", False)),
    (("百", "余", ""), (100, 100, 100, "百", False)),
    (("百万", "余", ""), (1_000_000, 1_000_000, 1_000_000, "百万", False)),
    (("十", "几", "万"), (110_000, 110_000, 199_999, "万", True)),
    (("几十", "余", "万"), (200_000, 200_000, 990_000, "万", True)),
    (("两三百", "多", ""), (250, 200, 300, "百", False)),
    (("十万", "余", ""), (100_000, 100_000, 100_000, "十万", False)),
])
def test_a_numeral_with_a_mark_inside(parts: tuple[str, str, str], expected: tuple[object, ...]) -> None:
    assert read_parts(*parts) == expected


@pytest.mark.parametrize(("text", "value"), [
    ("百", 100), ("千万", 10**7), ("百万亿", 10**14), ("万亿", 10**12), ("十万", None), ("百千", None), ("三百", None),
    ("百三", None),
])
def test_magnitudes_without_a_digit(text: str, value: int | None) -> None:
    number = bare_magnitude(text)
    assert number == (None if value is None else (value, value, value, text, False))


def test_marks_inside_a_number() -> None:
    values = {parts: read_parts(*parts) for parts in (("150", "余", "万"), ("百", "余", ""), ("6万", "余", ""))}
    assert [number and number.value for number in values.values()] == [1_500_000, 100, 60_000]
    assert read_parts("150", "余", "万百") is None


JOINED = [
    # text, low, high, unit of the one number in it
    ("有百余至三百人", 100, 300, "人"), ("投入5至10万元", 50_000, 100_000, "元"),
    ("投入8万至10万元", 80_000, 100_000, "元"),
    ("约三百到五百户", 300, 500, "户"), ("三至五户", 3, 5, "户"), ("3~5天", 3, 5, "天"), ("3人—5人", 3, 5, "人"),
    ("介于3%和5%之间", 0.03, 0.05, "%"), ("占三分之一至二", 1 / 3, 2 / 3, "%"),
    ("下降5%至8%", 0.05, 0.08, "%"), ("50至100万户", 500_000, 1_000_000, "户"), ("第3至5名", 3, 5, "名"),
]


@pytest.mark.parametrize(("text", "low", "high", "unit"), JOINED)
def test_the_ends_of_a_range(text: str, low: float, high: float, unit: str) -> None:
    quantity = one(f"{text}。")
    assert quantity.low == pytest.approx(low, rel=1e-12)
    assert quantity.high == pytest.approx(high, rel=1e-12)
    assert quantity.value == pytest.approx((low + high) / 2, rel=1e-12)
    assert (quantity.bound, quantity.unit) == ("about", unit)


@pytest.mark.parametrize(("text", "values"), [
    ("从3个增至5个", [3, 5]), ("由3至5个", [3, 5]), ("5至3人", [5, 3]), ("3人至5户", [3, 5]), ("5、8人", [5, 8]),
])
def test_what_is_no_range(text: str, values: list[float]) -> None:
    quantities = find_quantities(f"{text}。")
    assert [quantity.value for quantity in quantities] == values
    assert {quantity.bound for quantity in quantities} == {"exact"}


@pytest.mark.parametrize(("text", "values"), [
    ("分别下降21.4、15.3和7.1个百分点", [0.214, 0.153, 0.071]), ("分别占21.4与15.3%", [0.214, 0.153]),
    ("3人、15.3%", [3, 0.153]), ("第3、15%", [3, 0.15]), ("分别为21.4,15.3%", [21.4, 0.153]),
])
def test_a_list_shares_the_percent_sign_of_its_last_number(text: str, values: list[float]) -> None:
    assert [quantity.value for quantity in find_quantities(text)] == values


@pytest.mark.parametrize(("text", "value", "bound"), [
    ("近1/3的村", 1 / 3, "nearly"), ("1/4的村", 0.25, "exact"), ("超过2/3", 2 / 3, "more_than"),
    ("占1/3多", 1 / 3, "more_than"),
])
def test_a_fraction_with_a_stroke(text: str, value: float, bound: str) -> None:
    quantity = one(text)
    assert quantity.value == pytest.approx(value, rel=1e-12)
    assert (quantity.bound, quantity.unit) == (bound, "%")


@pytest.mark.parametrize("text", ["3/1的村", "3/3的村", "0/3的村", "1/3"])
def test_what_may_be_a_date_is_no_fraction(text: str) -> None:
    assert all(quantity.unit != "%" for quantity in find_quantities(text))


HALVES = [
    "半年", "半个月", "半天", "半小时", "半个小时", "半世纪", "半个世纪", "半个学期",
    "半公里", "半里", "半米", "半斤", "半吨", "半亩",
]


@pytest.mark.parametrize("half", HALVES)
def test_a_half_before_its_unit(half: str) -> None:
    quantity = one(f"用了{half}。")
    assert (quantity.text, quantity.value) == (half, 0.5)


@pytest.mark.parametrize(("text", "value"), [("六成半", 0.65), ("六成五", 0.65), ("九成", 0.9)])
def test_tenths(text: str, value: float) -> None:
    assert one(f"占{text}。")[3:] == (value, value, value, "exact", "%", False)


def test_several_counts_only_behind_a_mark() -> None:
    assert find_quantities("来了几个人。") == []
    assert one("来了好几个人。").text == "好几个"


def test_a_denominator_of_zero_divides_nothing() -> None:
    assert all(math.isfinite(quantity.value) for quantity in find_quantities("占零分之五。"))


@pytest.mark.parametrize("separator", ["\n", "\n ", " \n", "。"])
def test_a_unit_is_never_sought_on_the_next_line(separator: str) -> None:
    assert [(q.text, q.unit) for q in find_quantities(f"12{separator}人")] == [("12", "")]


def test_values_have_no_binary_dust() -> None:
    values = [one(text).value for text in ("3.3万次", "88.2%", "1.1万亿元", "2.3个百分点", "4.35‰", "六成五")]
    assert values == [33000, 0.882, 1_100_000_000_000, 0.023, 0.00435, 0.65]


# -- bounded work --------------------------------------------------------------------------------------------------

HOSTILE = [
    *("9", "万", "一", "十", "半", "几", ",", ".", "近", "第", " ", "至", "$"),
    *("1,", "111,", "1.", "1-", "5/", "3至", "1 ", "A1"),
    *("一起", "一人", "一点", "人次", "百分之", "不少于", "1万", "壹", "壹陆", "零", "十几", "在3和4之间", "1+", "成"),
]


@pytest.mark.parametrize("part", HOSTILE)
@pytest.mark.no_cover
def test_hostile_text_takes_time_in_proportion_to_its_length(part: str) -> None:
    text = part * (100_000 // len(part))
    started = time.process_time()
    quantities_in(text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("table", ["quantity_units", "measure_words"])
def test_every_measure_word_is_read_after_figures(table: str) -> None:
    column = {"quantity_units": "written", "measure_words": "measure"}[table]
    expected = patterns.units()
    for row in read_rows(table):
        if row.get("kind") == "other":
            continue
        unit = row[column]
        assert one(f"共3{unit}。").unit == ("%" if unit == "成" else expected[unit].name), unit


def test_every_look_alike_is_of_a_measure_word_and_keeps_it_from_being_read() -> None:
    for row in read_rows("measure_lookalikes"):
        assert row["measure"] in patterns.units(), row
        for word in row["not_before"].split():
            if any(word.startswith(other[: len(word)]) for other in row["unless"].split()):
                continue
            texts = [quantity.text for quantity in find_quantities(f"共12{row['measure']}{word}。")]
            assert f"12{row['measure']}" not in texts, word
