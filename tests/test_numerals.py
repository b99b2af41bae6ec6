"""Numbers in text: labelled cases, properties of any text, numerals of an independent writer, bounded work."""

from __future__ import annotations

import gzip
import json
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
from pingan_analysis.quantities.values import read_number, read_parts

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


MALFORMED = ["百千万", "千百", "三十五十", "万百", "一百零百", "", "1.2.3", "十万百", "几千百", "九" * 50]


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_malformed_is_no_number(text: str) -> None:
    assert read_number(text) is None


def test_marks_inside_a_number() -> None:
    values = {parts: read_parts(*parts) for parts in (("150", "余", "万"), ("百", "余", ""), ("6万", "余", ""))}
    assert [number and number.value for number in values.values()] == [1_500_000, 100, 60_000]
    assert read_parts("150", "余", "万百") is None


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
