"""What is passed over for speed gives nothing when it is read in full: each condition against reading without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingan_analysis.extraction import readings
from pingan_analysis.extraction.passage import read_passage
from pingan_analysis.extraction.readings import read_metrics
from pingan_analysis.extraction.screening import is_ruled_out, why_not_a_metric
from pingan_analysis.extraction.tables import one_of
from pingan_analysis.naming import mentions, names, unquoted
from pingan_analysis.naming.scanning import matches_at
from pingan_analysis.plain import PlainText, plain_paragraphs
from pingan_analysis.segment import Segmenter

FRAGMENTS = [
    "全县", "发放", "宣传手册", "张贴海报", "累计", "破获案件", "同比下降", "率达", "其中", "第", "前", "近", "余",
    "多", "一名", "三个", "两级", "五大", "二十大", "三轮车", "百姓", "千万", "半年", "110", "2024", "2024年", "5月3日",
    "今年以来", "300册", "15起", "36.5%", "10万元", "5G", "G60", "A3", "〔2024〕5号", "60岁", "24小时", "电话",
    "“三零”", "第二名", "第三次获评", "排名全市第一", "连续3年", "张某被骗3万元", "3米高的围墙", "《平安手册》",
    *"、,。!;:“”()和\n",
]
TEXTS = st.lists(st.sampled_from(FRAGMENTS), max_size=16).map("".join)
NAMES = [
    *"一二三四五六七八九十两双多百千万019NX+个项屏报治联访第每这初的了,。:;、“”「\"'·. \n级方是",
    "融合", "齐上", "工作法", "体系", "模式", "字诀", "长制", "推行", "落实", "打造", "省市县", "公安",
    "宣传日", "国际禁毒日", "6·26",
]


@given(TEXTS)
def test_a_quantity_that_is_ruled_out_by_itself_is_no_metric_in_its_sentence(text: str) -> None:
    for sentence in read_passage(text, date(2024, 9, 5)).sentences:
        for quantity in sentence.quantities:
            if is_ruled_out(text, quantity):
                assert why_not_a_metric(text, sentence, quantity)


@given(TEXTS)
def test_metrics_are_the_same_where_nothing_is_ruled_out_beforehand(text: str) -> None:
    expected = list(read_metrics(text, date(2024, 9, 5)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readings, "is_ruled_out", lambda text, quantity: False)
        assert list(read_metrics(text, date(2024, 9, 5))) == expected


def test_most_small_numerals_are_ruled_out_and_measures_are_not() -> None:
    found = [read_passage(text, None).sentences[0] for text in ("召开一次会议。", "拨打110报警。", "发放手册300册。")]
    assert [is_ruled_out(sentence.text, sentence.quantities[0]) for sentence in found] == [True, True, False]


@cache
def _segmenter() -> Segmenter:
    return Segmenter()


@given(st.text(st.characters(categories=["P", "S", "Z", "C"], codec="utf-8"), max_size=20))
def test_text_without_letters_characters_and_figures_has_no_words(text: str) -> None:
    assert _segmenter().words(text) == []


PATTERNS: dict[str, tuple[re.Pattern[str], Callable[[], re.Pattern[str]]]] = {
    "compounds": (unquoted._FIRST_OF_COMPOUND, unquoted._long_compounds),
    "listed": (unquoted._first_of_listed(), unquoted._listed),
    "shapes": (unquoted._FIRST_OF_SHAPE, unquoted._known_shapes),
    "promoted": (unquoted._first_of_promoted(), unquoted._promoted_shapes),
    "counted": (unquoted._FIRST_OF_COUNTED, unquoted._unquoted_counted),
    "days": (mentions._FIRST_OF_DAY, lambda: mentions._DAY_NAME),
}


@pytest.mark.parametrize("name", PATTERNS)
@given(text=st.lists(st.sampled_from(NAMES), max_size=24).map("".join))
def test_names_begin_only_where_they_are_looked_for(name: str, text: str) -> None:
    first, pattern = PATTERNS[name][0], PATTERNS[name][1]()
    found = [match.span() for match in matches_at(first, pattern, text)]
    assert found == [match.span() for match in pattern.finditer(text)]


@pytest.mark.parametrize(("name", "text"), [
    ("compounds", "建成一廊三站六点体系"), ("shapes", "推广三三工作法"), ("promoted", "推行三圈五线,"),
    ("counted", "做到六个到位:"), ("days", "6·26国际禁毒日"),
])
def test_each_kind_of_name_is_found_at_all(name: str, text: str) -> None:
    assert list(matches_at(PATTERNS[name][0], PATTERNS[name][1](), text))


@given(st.lists(st.sampled_from(NAMES), max_size=24).map("".join))
def test_nothing_is_summed_up_without_a_numeral_and_its_noun(text: str) -> None:
    if not mentions._sum().search(text):
        assert not mentions._summed_up().search(text)


@given(st.text("三屏两报", max_size=30), st.text("三屏两报", min_size=1, max_size=3), st.sets(st.integers(0, 30)))
def test_a_name_stands_free_where_an_occurrence_is_not_taken(text: str, name: str, taken: set[int]) -> None:
    places = [at for at in range(len(text)) if text.startswith(name, at)]
    free = any(not taken & set(range(at, at + len(name))) for at in places)
    assert names._stands_free(text, name, taken) == free


@given(st.sets(st.text("平安建设宣传单屏", min_size=1, max_size=4), min_size=1, max_size=40),
       st.text("平安建设宣传单屏,", max_size=60))
def test_grouped_words_are_found_as_by_an_alternation_of_all_of_them(words: set[str], text: str) -> None:
    alternation = "|".join(sorted(words, key=lambda word: (-len(word), word)))
    assert re.findall(one_of(words), text) == re.findall(alternation, text)


LINE = st.text("發髮放干乾隆后後着著只隻二噁英網(wǎng)格（jī）６８ＡＢ，；\u200b\ufeffa平安", max_size=20)
LINES = st.lists(LINE, max_size=6)


@given(LINES)
def test_lines_that_are_converted_together_come_out_as_each_by_itself(lines: list[str]) -> None:
    for line, plain in zip(lines, PlainText.of_lines(lines), strict=True):
        alone = PlainText(line)
        assert plain.text == alone.text
        assert [plain.span(i, i + 1) for i in range(len(plain.text))] == [
            alone.span(i, i + 1) for i in range(len(alone.text))
        ]


def test_plain_paragraphs_leave_out_boilerplate_and_know_the_way_back() -> None:
    text = "標題\n\n　　張貼海報(hǎi bào)50份。(完)\n責任編輯：某某"
    cuts = [[text.index("(完)"), text.index("(完)") + 3, "end_mark"], [text.index("責任"), len(text), "editor"]]
    heading, body = plain_paragraphs(text, cuts)  # type: ignore[arg-type]
    assert (heading.para, heading.plain.text) == (0, "标题")
    assert body.para == 1
    at = body.plain.text.index("50份")
    start, end = body.span(at, at + 3)
    assert text[start:end] == "50份"
