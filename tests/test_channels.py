"""Channel mentions: labelled cases, scripts, offsets, passages, any text, bounded work, the words, articles by hand."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from pingan_analysis.articles import read_articles
from pingan_analysis.channels import channel_rows, find_channels
from pingan_analysis.errors import TableError
from pingan_analysis.extraction.tables import WEAK, indicator_rows
from pingan_analysis.lexicon import FOLDER, read_rows
from pingan_analysis.schema import CHANNEL_MENTIONS, CHANNELS, check_table
from pingan_analysis.script import to_simplified

ROOT = Path(__file__).parents[1]
ARTICLES = ROOT / "../shared/articles"
CASES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (ROOT / "tests/cases/channels.jsonl").read_text(encoding="utf-8").splitlines()
]


def mentions(text: str) -> list[tuple[str, str]]:
    return [(row["word"], row["channel"]) for row in channel_rows("a", text, (), ())]


def labelled(case: dict[str, Any]) -> Any:
    marks = [pytest.mark.xfail(strict=True, reason=case["about"])] if case.get("known_failure") else []
    return pytest.param(case, id=case["text"], marks=marks)


@pytest.mark.parametrize("case", [labelled(case) for case in CASES])
def test_labelled_case(case: dict[str, Any]) -> None:
    assert mentions(case["text"]) == [tuple(mention) for mention in case["mentions"]]


def test_a_third_of_the_cases_has_no_mention_or_only_a_distractor() -> None:
    assert sum(not case["mentions"] for case in CASES) >= len(CASES) / 3


def test_what_is_found_does_not_depend_on_the_script() -> None:
    convert = OpenCC("s2t").convert
    simplified = [case["text"] for case in CASES if to_simplified(case["text"]) == case["text"]]
    assert len(simplified) > 30
    assert [text for text in simplified if mentions(convert(text)) != mentions(text)] == []


# -- columns ---------------------------------------------------------------------------------------------------------


def test_offsets_are_those_of_the_text_as_given_and_paragraphs_are_numbered() -> None:
    text = "标题\n\n　　發(fā)放宣傳單(dān)3萬份。\n　　张贴海报。"
    found = find_channels(text, doc_id="a")
    assert [text[start:end] for start, end in zip(found["char_start"], found["char_end"], strict=True)] == [
        "宣傳單(dān)", "海报",
    ]
    assert found[["doc_id", "para", "word", "channel"]].values.tolist() == [
        ["a", 1, "宣传单", "booklet"], ["a", 2, "海报", "poster"],
    ]


def test_boilerplate_has_no_mentions() -> None:
    text = "张贴海报。\n编辑：悬挂横幅"
    rows = channel_rows("a", text, [(6, len(text), "editor")], ())
    assert [row["word"] for row in rows] == ["海报"]


@pytest.mark.parametrize(("passages", "expected"), [
    ([], ["", ""]),
    ([(0, 5, "两张")], ["两张", ""]),
    ([(0, 2, "甲"), (6, 11, "乙")], ["", "乙"]),
    ([(3, 4, "甲"), (8, 9, "乙")], ["", ""]),
    ([(0, 2, "甲"), (2, 6, "乙")], ["乙", ""]),
    ([(0, 6, "甲"), (6, 7, "乙")], ["甲", "乙"]),
])
def test_a_mention_is_of_the_passage_that_it_begins_in(passages: list[Any], expected: list[str]) -> None:
    rows = channel_rows("a", "张贴海报，又悬挂横幅。", (), passages)
    assert [(row["word"], row["char_start"]) for row in rows] == [("海报", 2), ("悬挂横幅", 6)]
    assert [row["passage"] for row in rows] == expected


def test_of_one_text_the_passages_are_found_as_well() -> None:
    text = "推行“三屏两报”宣传模式，LED屏滚动播放提示。\n各村悬挂横幅。"
    assert find_channels(text)[["channel", "passage"]].values.tolist() == [["led_screen", "三屏两报"], ["banner", ""]]


def test_a_text_without_mentions_gives_an_empty_table_of_the_same_columns() -> None:
    found = find_channels("")
    assert found.empty
    assert list(found.columns) == CHANNEL_MENTIONS.column_names


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(TableError, match="text is NoneType"):
        find_channels(None)  # type: ignore[arg-type]


# -- how far evidence reaches ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "expected"), [
    ("县电视台播出专题节目。", []),
    ("县电视台播出专题节目，推动反诈宣传。", ["电视台"]),
    ("反诈宣传见实效。县电视台播出专题节目。", ["电视台"]),
    ("反诈宣传见实效\n县电视台播出专题节目。", ["电视台"]),
    ("反诈宣传见实效\n今年全县破案30起。\n县电视台播出专题节目。", []),
])
def test_airing_counts_where_the_paragraph_or_the_one_above_is_about_publicity(text: str, expected: list[str]) -> None:
    assert [word for word, _ in mentions(text)] == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("通过微信群，推送消息。", ["微信群"]),
    ("建立微信群，推送消息。", []),
    ("通过微信群，巡逻队随时集合，推送消息。", []),
    ("通过微信群。推送消息。", []),
    ("推送消息，都是通过微信群。", ["微信群"]),
    ("县电视台来访，宣传防骗知识。", []),
])
def test_of_a_medium_only_the_clause_beside_counts_and_only_if_it_is_a_means(text: str, expected: list[str]) -> None:
    assert [word for word, _ in mentions(text)] == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("民警走进小学开展反诈宣传。", ["小学"]),
    ("民警走进小学、医院开展反诈宣传。", []),
    ("民警走进村、小学开展反诈宣传。", []),
    ("民警在小学门口执勤，开展反诈宣传。", []),
    ("在公交车上循环播放提示。", ["公交车"]),
    ("在公交车上宣传。", []),
])
def test_a_venue_is_a_carrier_only_by_an_act_or_where_one_goes_to_make_publicity(
    text: str, expected: list[str]
) -> None:
    assert [word for word, _ in mentions(text)] == expected


def test_of_what_is_made_for_publicity_the_whole_sentence_counts() -> None:
    assert mentions("平安宣传月中，镇村联动，两千人参加有奖问答。") == [("有奖问答", "event")]
    assert mentions("平安宣传月结束。镇村联动，两千人参加有奖问答。") == []


@pytest.mark.parametrize(("text", "expected"), [
    ("依托网络、广播、微信群开展普法宣传。", ["网络", "广播", "微信群"]),
    ("依托网络开展服务，用微信群开展普法宣传。", ["微信群"]),
    ("发放宣传单、张贴通知。", ["宣传单"]),
    ("工作人员上门张贴。", []),
    ("推送消息并印发《致居民的一封信》连同联系卡。", ["一封信", "联系卡"]),
    ("印发联系卡后收到一封信。", ["联系卡"]),
    ("反诈宣传见实效。县里推出系列微课堂。", []),
])
def test_a_weak_word_needs_an_act_of_its_own_or_a_list(text: str, expected: list[str]) -> None:
    assert [word for word, _ in mentions(text)] == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("赵女士在家，用微信发送照片。", []),
    ("民警讲述骗子的手法，又通过微信群宣传防骗知识。", ["微信群"]),
    ("反诈宣传见实效。县电视台与宣传部会商。", []),
    ("在学校、公告栏等处张贴海报。", ["海报"]),
])
def test_private_messages_offices_and_places_are_no_carriers(text: str, expected: list[str]) -> None:
    assert [word for word, _ in mentions(text)] == expected


def test_a_story_of_a_crime_ends_with_its_sentence() -> None:
    assert mentions("骗子通过微信推送虚假消息。派出所通过微信推送安全提示。") == [("微信", "wechat")]


# -- any text --------------------------------------------------------------------------------------------------------

FRAGMENTS = sorted({
    *(row["word"] for row in read_rows("channels", columns=["word"])[::40]),
    *(row["word"] for row in read_rows("channel_signals", columns=["word"])[::12]),
    "，", "。", "、", "\n", "等", "場所", "(fā)", "\u200b", "１２", " ", "<script>", "x",
})


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join))
def test_mentions_of_any_text_are_words_of_the_table_in_order_and_apart(text: str) -> None:
    channel_of = {row["word"]: row["channel"] for row in read_rows("channels", columns=["word", "channel"])}
    rows = channel_rows("a", text, (), ())
    found = check_table(pd.DataFrame(rows, columns=CHANNEL_MENTIONS.column_names), "channel_mentions")
    spans = list(zip(found["char_start"], found["char_end"], strict=True))
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert [channel_of[word] for word in found["word"]] == found["channel"].tolist()
    assert all(text[start] != "\n" and "\n" not in text[start:end] for start, end in spans)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))
def test_mentions_do_not_depend_on_what_stands_two_paragraphs_above(text: str) -> None:
    above = "今年全县破案30起。"
    alone = channel_rows("a", f"{above}\n{text}", (), ())
    behind = channel_rows("a", f"宣传反诈知识。\n{above}\n{text}", (), ())
    assert [row["word"] for row in behind] == [row["word"] for row in alone]


@pytest.mark.parametrize("unit", ["海报、", "宣传微信,", "微信群。", "张贴", "、等", "通过微信,推送"])
@pytest.mark.no_cover
def test_work_stays_in_proportion_to_the_length(unit: str) -> None:
    def seconds(times: int) -> float:
        text = unit * times
        start = time.process_time()
        channel_rows("a", text, (), ())
        return time.process_time() - start

    seconds(10)
    assert seconds(8_000) < 20 * max(seconds(1_600), 0.01)  # squared work would take 25 times as long


# -- the words -------------------------------------------------------------------------------------------------------

TABLE = "channel_signals"
SIGNALS = read_rows(TABLE, columns=["word", "signal", "channels", "note"])
HEAD = (FOLDER / f"{TABLE}.tsv").read_text(encoding="utf-8").partition("\nword\t")[0]
ORDER = re.findall(r"^# ([a-z_]+): \S", HEAD, re.MULTILINE)[1:]
CARRIERS = {row["word"] for row in read_rows("channels", columns=["word"])}


def words(signal: str) -> set[str]:
    return {row["word"] for row in SIGNALS if row["signal"] == signal}


def test_signals_are_those_that_the_head_explains_and_rows_stand_in_their_order() -> None:
    assert {row["signal"] for row in SIGNALS} == set(ORDER)
    places = [(ORDER.index(row["signal"]), row["word"]) for row in SIGNALS]
    assert places == sorted(places)
    assert [place for place, n in Counter(places).items() if n > 1] == []


def test_words_are_simplified_and_channels_exist() -> None:
    assert [row for row in SIGNALS if to_simplified(row["word"]) != row["word"]] == []
    named = [(row["channels"].split(), row) for row in SIGNALS]
    assert [row for channels, row in named if channels != [c for c in CHANNELS[:-1] if c in channels]] == []


def test_acts_and_airing_name_channels_and_publicity_is_of_all() -> None:
    assert {row["signal"] for row in SIGNALS if row["channels"]} == {"act", "airing", "venue"}
    assert [row for row in SIGNALS if row["signal"] in ("act", "airing", "venue") and not row["channels"]] == []


def test_a_word_is_one_kind_of_evidence() -> None:
    kinds = Counter(word for signal in ("publicity", "act", "airing", "no_publicity") for word in words(signal))
    assert [word for word, n in kinds.items() if n > 1] == []


def test_venues_are_words_of_the_table_of_channels_of_that_channel() -> None:
    channel_of = {row["word"]: row["channel"] for row in read_rows("channels", columns=["word", "channel"])}
    venues = [row for row in SIGNALS if row["signal"] == "venue"]
    assert [row for row in venues if channel_of.get(row["word"]) != row["channels"]] == []


def test_what_is_no_carrier_holds_one_and_is_none() -> None:
    assert words("no_carrier") & CARRIERS - {"宣传日", "活动"} == set()
    assert [word for word in words("no_carrier") if not any(carrier in word for carrier in CARRIERS)] == []


def test_what_is_no_publicity_holds_a_word_of_publicity() -> None:
    verbs = {
        row["word"] for row in indicator_rows()
        if row["role"] == "verb" and row["category"] == "outreach_output" and row["strength"] != WEAK
    }
    evidence = words("publicity") | words("act") | words("airing") | verbs
    assert [word for word in words("no_publicity") if not any(part in word for part in evidence)] == []


# -- articles by hand ------------------------------------------------------------------------------------------------

BY_HAND = {
    "000": "sms wechat app led_screen cinema board event school",
    "001": "sms wechat app led_screen cinema poster booklet board event school",
    "002": "web led_screen poster banner booklet card event",
    "003": "led_screen tv newspaper bus",
    "004": "wechat web tv poster booklet banner card event",
}
"""Channels of each article of the study as a reader codes them, by the first characters of the file's name."""


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the articles (../shared/articles) are not here")
def test_channels_of_the_articles_are_those_that_a_reader_names() -> None:
    coded = {(name, channel) for name, channels in BY_HAND.items() for channel in channels.split()}
    articles = read_articles(ARTICLES)
    found = {
        (Path(source).name[:3], row["channel"])
        for source, text, cut in zip(articles["source"], articles["text"], articles["boilerplate"], strict=True)
        for row in channel_rows("a", text, cut, ())
    }
    assert len(found & coded) >= 0.95 * len(coded)
    assert len(found & coded) >= 0.95 * len(found)
