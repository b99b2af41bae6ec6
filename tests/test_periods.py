"""Time expressions: labelled cases, references into stories, printed dates of festivals, properties of any text."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from pingan_analysis.dating.calendar import Part, days_of, festival_day, number_of, shifted
from pingan_analysis.dating.words import anchors, observances
from pingan_analysis.errors import PinganError
from pingan_analysis.lexicon import read_rows
from pingan_analysis.periods import Period, find_periods, periods_in
from pingan_analysis.plain import PlainText

CASES = Path(__file__).parent / "cases"
NEWS = Path(__file__).parents[1] / "../shared/corpora/news_2012_2026_sample.jsonl.gz"
BASES = {"stated", "relative", "as_of", "since", "unresolved"}
TO_TRADITIONAL = OpenCC("s2t")
ROLES = {"within", "as_of", "since", "deadline", "vague", "observance"}


def cases_of(name: str) -> list[Any]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    return [pytest.param(case, marks=_marks(case), id=_label(case)) for case in cases]


def _marks(case: dict[str, Any]) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(strict=True, reason="known failure")] if case.get("known_failure") else []


def _label(case: dict[str, Any]) -> str:
    return f"{case['group']}-{case['text'][:16]}" if "text" in case else f"{case['story']}-{case['start']}"


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_record(period: Period) -> dict[str, str | None]:
    return {"text": period.text, "date_start": iso(period.date_start), "date_end": iso(period.date_end),
            "basis": period.basis, "role": period.role}


def days(text: str, published: str | None) -> list[tuple[str | None, str | None]]:
    return [(iso(period.date_start), iso(period.date_end)) for period in find_periods(text, published=published)]


@pytest.mark.parametrize("case", cases_of("periods.jsonl"))
def test_labelled_case(case: dict[str, Any]) -> None:
    found = find_periods(case["text"], published=case["published"])
    assert [as_record(period) for period in found] == case["periods"]


def test_a_fifth_of_the_cases_hold_no_period() -> None:
    cases = [param.values[0] for param in cases_of("periods.jsonl")]
    assert len(cases) >= 220
    assert sum(not case["periods"] for case in cases) >= len(cases) / 5


@cache
def stories() -> dict[str, dict[str, str]]:
    with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
        return {story["id"]: story for story in map(json.loads, lines)}


@pytest.mark.skipif(not NEWS.exists(), reason="the news sample (../shared/corpora) is not here")
@pytest.mark.parametrize("case", cases_of("periods_news.jsonl"))
def test_period_of_a_real_story(case: dict[str, Any]) -> None:
    story = stories()[case["story"]]
    found = {(period.start, period.end): period for period in find_periods(story["text"], published=story["date"])}
    period = found.get((case["start"], case["end"]))
    assert period is not None
    assert (iso(period.date_start), iso(period.date_end), period.basis) == (
        case["date_start"], case["date_end"], case["basis"])


PRINTED = [
    # holiday notices of the State Council, and what calendars print
    ("spring_festival", "2008-02-07"), ("spring_festival", "2013-02-10"), ("spring_festival", "2018-02-16"),
    ("spring_festival", "2020-01-25"), ("spring_festival", "2023-01-22"), ("spring_festival", "2024-02-10"),
    ("spring_festival", "2025-01-29"), ("spring_festival-1", "2024-02-09"), ("spring_festival+14", "2019-02-19"),
    ("dragon_boat", "2016-06-09"), ("dragon_boat", "2023-06-22"), ("mid_autumn", "2017-10-04"),
    ("mid_autumn", "2020-10-01"), ("mid_autumn", "2024-09-17"), ("double_ninth", "2023-10-23"),
    ("qingming", "2023-04-05"), ("qingming", "2024-04-04"),
]


@pytest.mark.parametrize(("festival", "day"), PRINTED)
def test_festivals_fall_on_their_printed_days(festival: str, day: str) -> None:
    assert festival_day(int(day[:4]), festival) == date.fromisoformat(day)


def test_table_of_festivals_has_every_year_in_the_right_season() -> None:
    rows = read_rows("lunar_festivals", columns=["year"])
    assert [int(row["year"]) for row in rows] == list(range(2000, 2036))
    for row in rows:
        year = row["year"]
        spring, boat, autumn, ninth = (
            date.fromisoformat(f"{year}-{row[name]}")
            for name in ("spring_festival", "dragon_boat", "mid_autumn", "double_ninth"))
        assert date(int(year), 1, 21) <= spring <= date(int(year), 2, 20)
        assert (ninth - autumn).days in (23, 24)
        assert (boat - spring).days in range(121, 154)
        assert row["qingming"] in {"04-04", "04-05"}


def test_tables_hold_days_that_exist() -> None:
    assert all(festival_day(2024, entry.date) for entry in observances().values())
    assert all(date(1900, 1, 1) < day < date(2030, 1, 1) for _, day in anchors())


def test_festivals_outside_the_table_are_not_guessed() -> None:
    period, = find_periods("1995年春节,村里演了三天戏。", published="2024-09-05")
    assert (period.date_start, period.basis) == (None, "unresolved")


@pytest.mark.parametrize(("numeral", "value"), [
    ("7", 7), ("十", 10), ("十四", 14), ("二十", 20), ("三十一", 31), ("一百二十", 120), ("二〇一八", 2018),
    ("二零零三", 2003), ("两", 2), ("百", 100),
])
def test_numerals_of_dates(numeral: str, value: int) -> None:
    assert number_of(numeral) == value


def test_parts_that_turn_the_year_end_in_the_next() -> None:
    assert days_of(2023, Part(12, 1, 2, 0)) == (date(2023, 12, 1), date(2024, 2, 29))
    assert days_of(2023, Part(2, 1, 2, 30)) is None
    assert shifted(date(2024, 3, 31), months=-1) == date(2024, 2, 29)
    assert shifted(date(1000, 1, 1), months=-1) is None


class TestPublished:
    TEXT = "今年以来,全区接警量下降。"

    @pytest.mark.parametrize("published", [
        date(2024, 9, 5), datetime(2024, 9, 5, 23, 59), pd.Timestamp("2024-09-05 08:00"), "2024-09-05",
        "2024-09-05T08:00:00", " 2024-09-05 ", "20240905",
    ])
    def test_any_kind_of_date(self, published: Any) -> None:
        found = find_periods(self.TEXT, published=published)
        assert [(iso(period.date_start), iso(period.date_end)) for period in found] == [("2024-01-01", "2024-09-05")]
        assert all(type(period.date_end) is date for period in found)

    @pytest.mark.parametrize("missing", [None, pd.NaT, float("nan"), pd.NA])
    def test_a_missing_value_is_none(self, missing: Any) -> None:
        found = find_periods(self.TEXT, published=missing)
        assert [(period.date_start, period.date_end, period.basis) for period in found] == [(None, None, "since")]

    @pytest.mark.parametrize("wrong", ["", "September 2024", "2024-13-01", "2024年9月5日", 20240905, ["2024-09-05"]])
    def test_what_is_no_date_is_named_in_one_line(self, wrong: Any) -> None:
        with pytest.raises(PinganError) as caught:
            find_periods(self.TEXT, published=wrong)
        message = str(caught.value)
        assert repr(wrong) in message
        assert "2024-09-05" in message
        assert "\n" not in message


class TestContext:
    def test_a_paragraph_ends_what_the_text_has_named(self) -> None:
        assert days("2019年3月2日立案。当天移送。", None)[1] == ("2019-03-02", "2019-03-02")
        assert days("2019年3月2日立案。\n当天移送。", None)[1] == (None, None)

    def test_without_a_publication_date_a_month_is_of_the_last_year_named(self) -> None:
        assert days("2019年3月启动。9月验收。", None)[1] == ("2019-09-01", "2019-09-30")

    def test_a_sentence_ends_the_year_that_it_has_named(self) -> None:
        assert days("2019年3月启动,5月验收。", "2024-09-05")[1] == ("2019-05-01", "2019-05-31")
        assert days("2019年3月启动。5月又查。", "2024-09-05")[1] == ("2024-05-01", "2024-05-31")

    def test_a_year_named_by_a_word_holds_for_the_sentence(self) -> None:
        assert days("去年3月启动,5月验收。", "2024-09-05")[1] == ("2023-05-01", "2023-05-31")

    def test_a_festival_that_is_near_may_be_ahead(self) -> None:
        assert days("中秋节将至,民警走访慰问。", "2024-09-05") == [("2024-09-17", "2024-09-17")]
        assert days("中秋节里,民警走访慰问。", "2024-09-05") == [("2023-09-29", "2023-09-29")]

    def test_what_begins_soon_may_be_ahead(self) -> None:
        assert days("10月1日起施行新规。", "2024-09-05") == [("2024-10-01", None)]
        assert days("10月1日起已查处30起。", "2024-09-05") == [("2023-10-01", "2024-09-05")]


BY_HAND = [  # published on Thursday, 5 September 2024
    ("2024年3月至次月,共破案19起。", [("2024-03-01", "2024-04-30")]),
    ("2019-03-02启动,5月验收。", [("2019-03-02", "2019-03-02"), ("2019-05-01", "2019-05-31")]),
    ("上周末走访60户。", [("2024-08-31", "2024-09-01")]),
    ("上周五走访60户。", [("2024-08-30", "2024-08-30")]),
    ("本周走访60户。", [("2024-09-02", "2024-09-05")]),
    ("“9月3日”专案告破。", []),
    ("98年9月启动。", [("1998-09-01", "1998-09-30")]),
    ("10月1日开始施行新规。", [("2024-10-01", None)]),
    ("9月2日上午至4日走访60户。", [("2024-09-02", "2024-09-04")]),
    ("上月走访60户。", [("2024-08-01", "2024-08-31")]),
]


@pytest.mark.parametrize(("text", "expected"), BY_HAND)
def test_days_by_hand(text: str, expected: list[tuple[str, str]]) -> None:
    assert days(text, "2024-09-05") == expected


@pytest.mark.parametrize("word", ["本周", "上周五", "昨天", "本季度"])
def test_words_counted_from_an_unknown_day_have_no_dates(word: str) -> None:
    assert days(f"{word}走访60户。", None) == [(None, None)]


@pytest.mark.parametrize(("text", "role", "basis", "end"), [
    ("两个多月前走访60户。", "vague", "relative", "2024-09-05"),
    ("截至2月30日,接警294起。", "as_of", "unresolved", None),
])
def test_roles_by_hand(text: str, role: str, basis: str, end: str | None) -> None:
    period, = find_periods(text, published="2024-09-05")
    assert (period.role, period.basis, iso(period.date_end)) == (role, basis, end)


def test_a_state_at_a_date_to_come_is_a_deadline() -> None:
    period, = find_periods("截至2025年底,全部完成。", published="2024-09-05")
    assert (period.role, iso(period.date_end)) == ("deadline", "2025-12-31")


@pytest.mark.parametrize("term", [term for term, entry in observances().items() if entry.needs == "suffix"])
def test_a_festival_that_may_be_another_word_needs_what_follows(term: str) -> None:
    assert days(f"{term}村走访60户。", "2024-09-05") == []
    assert len(days(f"{term}期间走访60户。", "2024-09-05")) == 1


FRAGMENTS = [
    "今年", "去年", "明年", "当年", "同年", "次年", "上半年", "一季度", "前三季度", "2024年", "2018年",
    "二〇一九年", "18年", "9月", "12月", "1至8月", "9月2日", "2月30日", "13月", "25日", "月底", "上旬", "底",
    "初", "本月", "上月", "当月", "本周", "上周五", "今天", "昨晚", "当天", "次日", "近日", "近年来", "近三年",
    "五年来", "二十多年来", "三天前", "未来五年", "目前", "截至", "截至目前", "自", "从", "到", "至", "—",
    "-", "以来", "至今", "起", "前", "之前", "以前", "期间", "同期", "春节", "国庆", "“五一”", "除夕",
    "十三五", "“十四五”", "“八五”普法", "4·15国家安全日", "6.26国际禁毒日", "全民国家安全教育日",
    "党的十八大", "专项斗争开展", "2018-09-02", "2018.9.2", "上世纪90年代", "将", "计划", "每年", "的", ",",
    "。", "\n", "、", "共破案19起", "历时三个月", "0", "9999年", "三", "年", "月", "日", "網(wǎng)格", "“",
    "”", "(", ")",
]
DATES = st.one_of(st.none(), st.dates(), st.dates(date(2000, 1, 1), date(2035, 12, 31)))
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join))


@given(text=TEXTS, published=DATES)
def test_any_text_gives_periods_that_hold_together(text: str, published: date | None) -> None:
    end = 0
    for period in find_periods(text, published=published):
        assert end <= period.start < period.end <= len(text)
        assert text[period.start:period.end] == period.text
        assert period.basis in BASES
        assert period.role in ROLES
        if period.date_start and period.date_end:
            assert period.date_start <= period.date_end
        if period.basis == "unresolved":
            assert period.date_start is None
            assert period.date_end is None
        end = period.end


@given(text=st.lists(st.sampled_from(FRAGMENTS), max_size=10).map("".join), published=DATES)
def test_the_other_script_gives_the_same_dates(text: str, published: date | None) -> None:
    twin = TO_TRADITIONAL.convert(text)
    original, other = find_periods(text, published=published), find_periods(twin, published=published)
    assert [period[:2] + period[3:] for period in original] == [period[:2] + period[3:] for period in other]


WITHOUT_A_YEAR = [
    "今年", "本年度", "上半年", "今年上半年", "下半年", "一季度", "四季度", "前三季度", "9月", "12月份",
    "1至8月", "今年1—11月", "9月2日", "12月31日", "9月2日至5日", "12月28日至1月3日", "25日", "年底", "年初",
    "本月", "本周", "上旬", "3月上旬", "全年", "前8个月", "今年9月", "今年以来", "9月以来", "自9月至今",
    "截至10月25日", "截至今年8月底", "截至年底", "截至目前", "目前", "近三年", "近年来", "春节期间",
    "国庆期间", "中秋节", "4·15国家安全日", "国家宪法日", "今年春节", "今年国庆节", "暑期", "昨天", "上周",
    "去年同期", "三年来", "自今年9月成立以来", "党的二十大以来",
]


@given(expression=st.sampled_from(WITHOUT_A_YEAR), published=st.dates(date(2023, 1, 1), date(2035, 12, 31)))
def test_what_is_past_is_never_resolved_into_the_future(expression: str, published: date) -> None:
    for period in find_periods(f"{expression}共破案19起。", published=published):
        assert period.date_start is None or period.date_start <= published
        assert period.date_end is None or period.date_end <= published


@given(published=st.dates(date(2000, 1, 1), date(2035, 12, 31)), back=st.integers(0, 300))
def test_a_day_without_a_year_is_found_again(published: date, back: int) -> None:
    day = published - timedelta(days=back)
    period, = find_periods(f"{day.month}月{day.day}日,民警入户走访。", published=published)
    assert (period.date_start, period.date_end) == (day, day)


@given(first=st.dates(date(1990, 1, 1), date(2030, 1, 1)), length=st.integers(0, 900))
def test_a_range_between_two_dates_is_found_again(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    text = f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日"
    period, = find_periods(f"{text},共巡查86次。")
    assert (period.text, period.date_start, period.date_end) == (text, first, last)


def test_offsets_of_the_copy_are_those_of_the_work_function() -> None:
    text = "掃黑除惡專項鬥爭開展以來(lái),2024年(nián)上半年破案19起。"
    plain = PlainText(text)
    copied = periods_in(plain.text, date(2024, 9, 5))
    assert [period.text for period in copied] == ["扫黑除恶专项斗争开展以来", "2024年上半年"]
    assert [plain.span(period.start, period.end) for period in copied] == [
        (period.start, period.end) for period in find_periods(text, published="2024-09-05")]


HOSTILE = [
    "年", "1", "一", "以来", "截至", "至今", "9月", "9月2日", "2024年", "2024年9月至", "今年", "“", "近",
    "近三年", "自", "从", "当天", "十三五", "1.", "1-", "4·15", "4·15国", "月底", "本月", "春节", "前",
    "目前", "今年以", "专项斗争开展", "自专", "开展以来",
]


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.no_cover
def test_hostile_text_takes_time_in_proportion_to_its_length(unit: str) -> None:
    assert _seconds(unit, 100_000) < max(20 * _seconds(unit, 12_500), 1.0)


def _seconds(unit: str, size: int) -> float:
    text = unit * (size // len(unit.encode()))
    periods_in("今年", date(2024, 9, 5))
    start = time.process_time()
    periods_in(text, date(2024, 9, 5))
    return time.process_time() - start


def test_importing_builds_no_pattern_and_loads_no_pandas() -> None:
    code = ("import sys, pingan_analysis.periods; "
            "print(sorted({'pandas', 'opencc', 'pingan_analysis.dating.patterns'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
