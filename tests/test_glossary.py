"""The glossary: one row a key term, with pinyin that a reading programme gives independently, English and meaning."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from pypinyin import Style, lazy_pinyin

from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.glossary import COLUMNS, glossary
from pingan_analysis.lexicon import channel_groups, glosses, read_rows
from pingan_analysis.script import to_simplified

ROWS = {row["term"]: row for row in read_rows("glossary", columns=COLUMNS)}
NUMERALS = {"yī", "èr", "liǎng", "sān", "sì", "wǔ"}
COUNTED = ["三屏", "两委", "五零", "四平台", "三屏两报", "一约两会三团", "一二三四五", "三三工作法"]
INITIAL_VOWELS = "aāáǎàeēéěèoōóǒò"


class Reading(NamedTuple):
    """A syllable that pypinyin reads as `theirs`, and we as `ours`."""

    theirs: str
    ours: str
    why: str


EXCEPTIONS = {
    "一点放大": Reading("yì", "yī", "changes of tone between syllables are not written"),
    "十个没有": Reading("gè", "ge", "the measure word is toneless: GB/T 16159-2012 has liǎng ge rén"),
    "五个严防": Reading("gè", "ge", "as in 十个没有"),
    "六个不发生": Reading("gè", "ge", "as in 十个没有"),
    "连冠": Reading("guān", "guàn", "冠 of 冠军 (champion), not of 王冠 (crown)"),
    "大喇叭": Reading("bā", "ba", "喇叭 has a toneless second syllable"),
    "电子屏": Reading("zi", "zǐ", "子 of 电子 (electron) keeps its tone"),
}
SIGNS = {"1": "一", "3": "三", "9": "九", "+": "加"}


def syllables(term: str) -> list[str]:
    """The syllables of a term as pypinyin reads it, but for the exceptions; digits and signs are spelt out first."""
    read = lazy_pinyin("".join(SIGNS.get(sign, sign) for sign in term), style=Style.TONE)
    if term in EXCEPTIONS:
        theirs, ours, _ = EXCEPTIONS[term]
        assert theirs in read, f"{term} is no exception any more"
        read = [ours if syllable == theirs else syllable for syllable in read]
    return [syllable.lower() for syllable in read]


@pytest.mark.parametrize("term", ROWS)
def test_pinyin_has_the_syllables_and_tones_that_pypinyin_gives(term: str) -> None:
    assert re.sub(r"[ '-]", "", ROWS[term]["pinyin"]).lower() == "".join(syllables(term))


@pytest.mark.parametrize("term", ROWS)
def test_an_apostrophe_stands_before_each_vowel_that_begins_a_syllable_within_a_word(term: str) -> None:
    pinyin, at = ROWS[term]["pinyin"].lower(), 0
    for number, syllable in enumerate(syllables(term)):
        gap = re.match(r"[ '-]?", pinyin[at:])
        assert gap is not None
        joined = number > 0 and gap[0] not in (" ", "-")
        assert (gap[0] == "'") == (joined and syllable[0] in INITIAL_VOWELS), f"{ROWS[term]['pinyin']}, {syllable}"
        at += len(gap[0]) + len(syllable)
    assert at == len(pinyin)


def test_exceptions_are_terms_of_the_glossary() -> None:
    assert set(EXCEPTIONS) <= set(ROWS)


@pytest.mark.parametrize("term", COUNTED)
def test_numerals_stand_apart_from_what_they_count(term: str) -> None:
    words = re.split("[ -]", ROWS[term]["pinyin"])
    assert sum(word in NUMERALS for word in words) == len(re.findall("[一二两三四五]", term))


def test_each_term_stands_once_in_simplified_script() -> None:
    terms = [row["term"] for row in read_rows("glossary")]
    assert len(terms) == len(set(terms)) > 100
    assert [term for term in terms if to_simplified(term) != term] == []


def test_a_gloss_stands_in_one_table_only() -> None:
    assert {term: row["gloss_en"] for term, row in ROWS.items() if bool(row["gloss_en"]) == (term in glosses())} == {}


def test_every_row_is_filled_and_free_of_chinese_where_english_is_due() -> None:
    table = glossary()
    assert list(table.columns) == list(COLUMNS)
    assert (table != "").all(axis=None)
    assert not table["gloss_en"].str.contains(r"[\u3400-\u9fff]").any()
    assert not table["pinyin"].str.contains(r"[\u3400-\u9fff\d]").any()


def test_meanings_are_one_sentence_each() -> None:
    meanings = glossary()["meaning_en"]
    assert [text for text in meanings if not re.fullmatch(r"[A-Z][^.]*(?:\.[a-z][^.]*)*\.", text)] == []


def test_members_of_the_models_that_the_study_shows_most_are_there() -> None:
    models = "一二三四五 一点放大 两信同发 三屏齐上 四区覆盖 五部联动 三屏两报 平安鼎 1+3+9 十个没有 双提升 三治融合"
    bodies = "政法委 综治中心 网格员 平安办 管委会 派出所"
    measures = "群众安全感 满意率 调处成功率 知晓率 参与率 矛盾纠纷"
    marks = "余 多 近 以上 累计"
    assert set(f"{models} {bodies} {measures} {marks}".split()) <= set(ROWS)


def test_carriers_that_name_channels_are_there() -> None:
    carriers = {row["word"]: row["channel"] for row in read_rows("channels", columns=["word", "channel"])}
    named = {carriers[term] for term in ROWS if term in carriers}
    assert {"sms", "wechat", "led_screen", "tv", "newspaper", "poster", "banner", "card", "board"} <= named
    assert named <= set(channel_groups())


def test_terms_come_in_the_order_asked_for() -> None:
    assert glossary(["网格员", "平安建设"])["pinyin"].tolist() == ["wǎnggéyuán", "Píng'ān jiànshè"]
    assert glossary(term for term in ("余", "余"))["term"].tolist() == ["余", "余"]


def test_no_terms_give_an_empty_table_of_the_same_columns() -> None:
    assert glossary([]).shape == (0, 4)
    assert (glossary([]).dtypes == glossary().dtypes).all()


def test_an_unknown_term_is_named_with_what_is_near() -> None:
    with pytest.raises(ChoiceError, match=r"term='平安建社' .*; did you mean '平安建设'"):
        glossary(["平安鼎", "平安建社"])


def test_a_single_string_is_no_list_of_terms() -> None:
    with pytest.raises(TableError, match=r"terms='平安建设'; it must be a list of terms, such as \['平安建设'\]"):
        glossary("平安建设")
