"""The hand-segmented sentences are what their description says; no segmenter is run here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from gold import (
    HELDOUT_NEWS,
    HELDOUT_OWN,
    NEWS,
    NEWS_PREFIX,
    OWN,
    REFERENCE,
    SHARED,
    gold_sentences,
    own_rows,
    reference_rows,
    words_of,
)

LONGEST_RUN_ALLOWED = 15
PUNCTUATION = set("，。、；：？！“”‘’「」『』（）()《》,:+|")
MODEL_NAMED_BY_NUMERALS = re.compile(r"\d(\+\w)+")
HELDOUT_FILTER = (
    *("扫黑除恶", "平安建设", "平安中国", "社会治理", "基层治理", "政法", "公安机关", "治安"),
    *("信访", "矛盾纠纷", "枫桥经验", "网格", "禁毒", "电信网络诈骗", "社区民警", "综治"),
)
ALL_OWN = own_rows(OWN) + own_rows(HELDOUT_OWN)

needs_texts = pytest.mark.skipif(
    not ((SHARED / "articles").is_dir() and (SHARED / NEWS).is_file()),
    reason="the articles and the news sample are not beside the repository",
)


def article_texts() -> list[str]:
    return [path.read_text(encoding="utf-8-sig") for path in sorted((SHARED / "articles").glob("*.txt"))]


def runs(text: str, length: int) -> set[str]:
    bare = "".join(text.split())
    return {bare[start : start + length] for start in range(len(bare) - length + 1)}


def test_own_sentences_are_many_and_of_several_kinds() -> None:
    rows = own_rows()
    assert len(rows) >= 160
    assert sum(len(row["sentence"].replace(" ", "")) for row in rows) >= 4000
    assert sum(row["source_type"] == "general" for row in rows) >= 25
    assert sum("-hant-" in row["id"] for row in rows) >= len(rows) / 5
    assert {row["source_type"] for row in rows} == {"campaign", "general"}


def test_heldout_own_sentences_are_of_campaigns_in_both_scripts() -> None:
    rows = own_rows(HELDOUT_OWN)
    assert len(rows) == 60
    assert sum(row["id"].startswith("heldout-hant-") for row in rows) == 15
    assert {row["source_type"] for row in rows} == {"campaign"}


def test_own_ids_and_sentences_are_unique() -> None:
    assert len({row["id"] for row in ALL_OWN}) == len(ALL_OWN)
    assert len({row["sentence"].replace(" ", "") for row in ALL_OWN}) == len(ALL_OWN)


@pytest.mark.parametrize("row", ALL_OWN, ids=lambda row: row["id"])
def test_own_words_are_separated_by_one_space(row: dict[str, str]) -> None:
    words = row["sentence"].split(" ")
    assert all(words), "double, leading or trailing space"
    assert not re.search(r"[^\S ]", row["sentence"])
    glued = [word for word in words if len(word) > 1 and PUNCTUATION & set(word)]
    assert all(map(MODEL_NAMED_BY_NUMERALS.fullmatch, glued)), "a punctuation mark is a word of its own"


@pytest.mark.parametrize("row", ALL_OWN, ids=lambda row: row["id"])
def test_own_numbers_stand_apart_from_their_units(row: dict[str, str]) -> None:
    for word in row["sentence"].split(" "):
        if re.match(r"\d", word) and not MODEL_NAMED_BY_NUMERALS.fullmatch(word):
            assert re.fullmatch(r"\d+(\.\d+)?[万萬亿億余餘多]*[%‰]?", word), word


@needs_texts
def test_own_sentences_repeat_no_run_of_an_article() -> None:
    of_articles = set().union(*(runs(text, LONGEST_RUN_ALLOWED + 1) for text in article_texts()))
    for row in ALL_OWN:
        assert not runs(row["sentence"], LONGEST_RUN_ALLOWED + 1) & of_articles, row["id"]


def test_reference_spans_are_spread() -> None:
    files = [row["file"] for row in reference_rows()]
    articles = [file for file in files if not file.startswith(NEWS_PREFIX)]
    stories = [file for file in files if file.startswith(NEWS_PREFIX)]
    assert len(articles) >= 60
    assert len(set(articles)) == 5
    assert len(stories) >= 60
    assert len(set(stories)) >= 30


def test_heldout_news_is_of_many_other_stories() -> None:
    files = [row["file"] for row in reference_rows(HELDOUT_NEWS)]
    assert len(files) == 80
    assert len(set(files)) >= 60
    assert all(file.startswith(NEWS_PREFIX) for file in files)
    assert not set(files) & {row["file"] for row in reference_rows(REFERENCE)}


@pytest.mark.parametrize("path", [REFERENCE, HELDOUT_NEWS], ids=lambda path: path.stem)
def test_reference_holds_numbers_and_no_text(path: Path) -> None:
    for row in reference_rows(path):
        assert re.fullmatch(r"[0-9a-f]{64}", row["sha256"])
        assert re.fullmatch(r"[1-9]\d*(,[1-9]\d*)*", row["lengths"])
        assert re.fullmatch(r"articles/[\w.]+\.txt|news:\w+", row["file"], re.ASCII)


@pytest.mark.parametrize("path", [REFERENCE, HELDOUT_NEWS], ids=lambda path: path.stem)
def test_reference_spans_do_not_overlap(path: Path) -> None:
    last: dict[str, int] = {}
    for row in reference_rows(path):
        assert int(row["start"]) >= last.get(row["file"], 0), row
        assert int(row["end"]) > int(row["start"]), row
        last[row["file"]] = int(row["end"])


@needs_texts
@pytest.mark.parametrize("name", ["reference/articles", "reference/news", "heldout/news"])
def test_reference_lengths_add_up_to_the_spans(name: str) -> None:
    sentences = gold_sentences(name, SHARED)
    assert len(sentences) >= 60
    assert not any(re.search(r"\s", word) for words in sentences for word in words)


@needs_texts
def test_heldout_news_is_as_its_filter_says() -> None:
    sentences = ["".join(words) for words in gold_sentences("heldout/news", SHARED)]
    assert all(15 <= len(sentence) <= 90 for sentence in sentences)
    assert sum(any(word in sentence for word in HELDOUT_FILTER) for sentence in sentences) >= 40


@needs_texts
@pytest.mark.parametrize("name", ["reference", "heldout/news"])
def test_reference_punctuation_is_cut_off(name: str) -> None:
    """Lengths that slipped by one character would leave marks inside words."""
    for words in gold_sentences(name, SHARED):
        assert not [word for word in words if len(word) > 1 and PUNCTUATION - {"+"} & set(word)], words


def test_words_are_cut_by_their_lengths_without_white_space() -> None:
    row = {"file": "x", "start": "1", "end": "7", "lengths": "4,1"}
    assert words_of(row, "在平安 建设中。") == ["平安建设", "中"]


def test_lengths_that_do_not_fit_are_an_error() -> None:
    row = {"file": "x", "start": "0", "end": "4", "lengths": "4,1"}
    with pytest.raises(ValueError, match=r"x, 0-4: the words have 5 characters, the span has 4"):
        words_of(row, "平安建设")


def test_a_changed_text_is_an_error(tmp_path: Path) -> None:
    row = reference_rows()[0]
    changed = tmp_path / row["file"]
    changed.parent.mkdir()
    changed.write_text("平安建设", encoding="utf-8")
    with pytest.raises(ValueError, match="SHA-256 differs"):
        gold_sentences("reference/articles", tmp_path)


def test_absent_texts_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        gold_sentences("reference/articles", tmp_path)
    with pytest.raises(FileNotFoundError):
        gold_sentences("reference/news", None)


def test_an_unknown_part_is_named() -> None:
    with pytest.raises(ValueError, match="name='articles' is not one of own"):
        gold_sentences("articles", None)


def test_parts_make_up_the_whole() -> None:
    campaign, general = gold_sentences("own/campaign"), gold_sentences("own/general")
    assert sorted(gold_sentences("own")) == sorted(campaign + general)
