"""Captions and alternative texts: two languages with the same fields, filled in as a reader expects."""

from __future__ import annotations

import re
import string

import pandas as pd
import pytest
from test_figures import untouched as untouched  # the fixture, for every test here

from pingan_analysis import figures
from pingan_analysis.captions import caption
from pingan_analysis.drawing import fonts
from pingan_analysis.drawing.figure_files import FigureError
from pingan_analysis.drawing.style import LANGUAGES
from pingan_analysis.errors import ChoiceError
from pingan_analysis.lexicon import read_rows

ROWS = read_rows("captions", columns=["key", *LANGUAGES])
CHINESE = re.compile(r"[\u4e00-\u9fff]")
GLOSSED = re.compile(r"[\u4e00-\u9fff]+ \([A-Za-z][^)]*\)")  # a Chinese term with its English behind it
DOCUMENTS = pd.DataFrame(
    [("a", "甲县", "Jia County"), ("b", "乙区", "Yi District")], columns=["doc_id", "place", "place_en"]
)


def fields(pattern: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}


@pytest.mark.parametrize("row", ROWS, ids=[row["key"] for row in ROWS])
def test_each_text_is_there_in_both_languages_with_the_same_fields(row):
    assert fields(row["en"]) == fields(row["zh"])
    assert "" not in fields(row["en"])
    assert not CHINESE.search(GLOSSED.sub("", row["en"]))
    assert len(CHINESE.findall(row["zh"])) > 0.5 * len(re.sub(r"[{(（].*?[)）}]|[A-Za-z0-9. –≤%]+", "", row["zh"]))
    assert not re.search(r"[,;!?](?!\d)|\.$|[\u4e00-\u9fff][:()]", row["zh"])  # Chinese marks between Chinese words
    assert not [c for text in (row["en"], row["zh"]) for c in text if not fonts.has_glyph(c)]


def test_keys_are_unique_and_every_caption_of_a_figure_has_its_alternative_text():
    keys = [row["key"] for row in ROWS]
    assert len(set(keys)) == len(keys)
    of_figures = {key.removesuffix("_caption") for key in keys if key.endswith("_caption") and "table" not in key}
    assert of_figures == {key.removesuffix("_alt") for key in keys if key.endswith("_alt")}


def test_language_is_given_or_that_of_the_house_style():
    assert caption("phrases_caption", "zh") != caption("phrases_caption", "en")
    figures.use_house_style("zh")
    assert caption("phrases_caption") == caption("phrases_caption", "zh")
    with pytest.raises(ChoiceError, match="lang='fr' is not one of 'en', 'zh'"):
        caption("phrases_caption", "fr")


def test_a_key_or_a_field_that_is_not_there_is_named():
    with pytest.raises(ChoiceError, match=r"caption='phrases_atl' is not one of .*; did you mean 'phrases_alt'"):
        caption("phrases_atl")
    with pytest.raises(FigureError, match="caption 'timeline_alt': no field 'published'; it needs events, published"):
        caption("timeline_alt", "en", events={})


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        ({"甲": 2, "乙": 3}, "甲 2, 乙 3", "甲 2、乙 3"),
        (pd.Series([0.5, 1234], ["甲", "乙"]), "甲 0.5, 乙 1,234", "甲 0.5、乙 1,234"),
        (["甲", "乙"], "甲, 乙", "甲、乙"),
        ({}, "–", "–"),
        (float("nan"), "–", "–"),
        (0.67249, "0.672", "0.672"),
        (3.0, "3", "3"),
        (12_345, "12,345", "12,345"),
        ("{target} {0}", "{target} {0}", "{target} {0}"),
        (range(12), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11", "0、1、2、3、4、5、6、7、8、9、10、11"),
        (range(14), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11… (14 in all)",
         "0、1、2、3、4、5、6、7、8、9、10、11…（共14项）"),
    ],
)
def test_numbers_lists_and_mappings_are_written_in_the_manner_of_the_language(value, en, zh):
    assert caption("models_alt", "en", members=value).endswith(f"give for each: {en}.")
    assert caption("models_alt", "zh", members=value).endswith(f"所举成员数：{zh}。")


def test_cases_are_named_as_on_the_figures():
    figures.use_house_style("en", documents=DOCUMENTS)
    said = {lang: caption("channels_alt", lang, channels={"甲县": 2, "b": 1}, numbered=["乙区"]) for lang in LANGUAGES}
    assert "Jia County 2, Yi District 1" in said["en"]
    assert said["en"].endswith(": Yi District.")
    assert "甲县 2、乙区 1" in said["zh"]


def test_a_word_of_any_length_keeps_the_text_short():
    assert len(caption("models_alt", "en", members={"大" * 10_000: 1})) < 200
