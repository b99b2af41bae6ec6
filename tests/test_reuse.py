"""Shared wording, against matches found by dynamic programming and characters counted one by one."""

from __future__ import annotations

import hashlib
import math
import time
from itertools import combinations, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingan_analysis.articles import read_articles
from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.matching import runs
from pingan_analysis.matching.characters import compared_characters
from pingan_analysis.matching.intervals import Minima
from pingan_analysis.reuse import (
    phrase_texts,
    reuse_matrix,
    reuse_shares,
    shared_phrase_rows,
    shared_phrases,
    travelling_phrases,
)

SHARED = Path(__file__).parents[1] / "../shared"
FORMULA = "发案少秩序好社会稳定群众满意"
BOILERPLATE = "来源abab发发"
FORMS = {"a": ["a", "A", "ａ"], "b": ["b", "Ｂ"], "发": ["发", "發", "發(fā)"]}
BETWEEN = ["", "", "", "，", "\n\n", "\u200b", " “"]


class Rendered(NamedTuple):
    """A text, its boilerplate, and the blocks that are to be compared: characters, and where each one stands."""

    text: str
    boilerplate: tuple[tuple[int, int, str], ...]
    blocks: list[tuple[str, list[int]]]


@st.composite
def rendered_texts(draw: st.DrawFn) -> Rendered:
    text, boilerplate, blocks = "", [], []
    for number in range(draw(st.integers(1, 2))):
        if number:
            boilerplate.append((len(text), len(text) + len(BOILERPLATE), "navigation"))
            text += BOILERPLATE
        characters = "".join(draw(st.lists(st.sampled_from(["a", "b", "发", "ab", "aaa", "ab发" * 3]), max_size=9)))
        places = []
        for character in characters:
            places.append(len(text))
            text += draw(st.sampled_from(FORMS[character])) + draw(st.sampled_from(BETWEEN))
        blocks.append((characters, places))
    return Rendered(text, tuple(boilerplate), blocks)


def repeats_itself(block: str, start: int, length: int) -> bool:
    """Whether the wording at `start` also begins at most half its length before."""
    wording = block[start : start + length]
    return any(block[start - back :].startswith(wording) for back in range(1, min(start, length // 2) + 1))


def common_wording(a: str, b: str, min_chars: int) -> set[str]:
    """Return the matches of two blocks that cannot be prolonged; table[i][j]: how much a[:i] and b[:j] end alike."""
    found = set()
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, j in product(range(len(a)), range(len(b))):
        table[i + 1][j + 1] = table[i][j] + 1 if a[i] == b[j] else 0
        length = table[i + 1][j + 1]
        ends = i + 1 == len(a) or j + 1 == len(b) or a[i + 1] != b[j + 1]
        starts = (i + 1 - length, j + 1 - length)
        if length >= min_chars and ends and not any(map(repeats_itself, (a, b), starts, (length, length))):
            found.add(a[i + 1 - length : i + 1])
    return found


def expected_rows(documents: list[Rendered], min_chars: int) -> set[tuple[str, str, int, int]]:
    """Return wording, doc_id, char_start and char_end of every occurrence of every maximal run."""
    wordings: set[str] = set()
    for one, other in combinations(documents, 2):
        for a, _ in one.blocks:
            for b, _ in other.blocks:
                wordings |= common_wording(a, b, min_chars)
    return {
        (wording, f"d{number}", places[start], places[start + len(wording) - 1] + 1)
        for wording in wordings
        for number, document in enumerate(documents)
        for block, places in document.blocks
        for start in range(len(block))
        if block.startswith(wording, start) and not repeats_itself(block, start, len(wording))
    }


def table_of(*texts: str, **columns: list[object]) -> pd.DataFrame:
    doc_ids = [f"d{i}" for i in range(len(texts))]
    return pd.DataFrame({"doc_id": doc_ids, "text": list(texts), "n_chars": [len(t) for t in texts], **columns})


def table_of_rendered(documents: list[Rendered]) -> pd.DataFrame:
    return table_of(*(d.text for d in documents), boilerplate=[d.boilerplate for d in documents])


@settings(max_examples=60)
@given(st.lists(rendered_texts(), max_size=4), st.integers(2, 9))
def test_all_maximal_runs_and_all_their_occurrences(documents: list[Rendered], min_chars: int) -> None:
    expected = expected_rows(documents, min_chars)
    table = shared_phrases(table_of_rendered(documents), min_chars=min_chars)
    names = {hashlib.sha256(wording.encode()).hexdigest()[:16]: wording for wording, *_ in expected}
    columns = zip(table["reuse_id"], table["doc_id"], table["char_start"], table["char_end"], strict=True)
    assert sorted((names[name], *rest) for name, *rest in columns) == sorted(expected)
    assert table["n_chars"].tolist() == [len(names[name]) for name in table["reuse_id"]]
    assert table["phrase"].tolist() == [names[n] if len(names[n]) <= 16 else "" for n in table["reuse_id"]]


@settings(max_examples=25)
@given(st.lists(rendered_texts(), min_size=2, max_size=4))
def test_shares_count_characters(documents: list[Rendered]) -> None:
    table = table_of_rendered(documents)
    phrases = shared_phrases(table, min_chars=3)
    sizes = [len(d.text) - len(BOILERPLATE) * len(d.boilerplate) for d in documents]
    users = phrases.groupby("reuse_id")["doc_id"].agg(set).to_dict()
    columns = (phrases[name] for name in ("reuse_id", "doc_id", "char_start", "char_end"))
    spans = [(doc_id, set(range(start, end)), users[run]) for run, doc_id, start, end in zip(*columns, strict=True)]
    shares = reuse_shares(phrases, table)
    matrix = reuse_matrix(phrases, table)
    for row, size in zip(table["doc_id"], sizes, strict=True):
        own = [(characters, using) for doc_id, characters, using in spans if doc_id == row]
        reused = len(set().union(*(characters for characters, _ in own)))
        line = shares.set_index("doc_id").loc[row]
        assert (line["n_chars"], line["reused"]) == (size, reused)
        assert pd.isna(line["share"]) if size == 0 else line["share"] == reused / size
        for column in table["doc_id"]:
            common = len(set().union(*(characters for characters, using in own if column in using)))
            wanted = math.nan if column == row or size == 0 else common / size
            assert matrix.loc[row, column] == pytest.approx(wanted, nan_ok=True)


def test_a_longer_run_does_not_hide_a_formula_that_a_third_document_has() -> None:
    texts = ("全县发案少、秩序好、社会稳定，", "全縣發案少，秩序好；社會穩定！", "求发案少秩序好社会稳定吗")
    table = shared_phrases(table_of(*texts))
    assert list(zip(table["phrase"], table["doc_id"], strict=True)) == [
        ("全县发案少秩序好社会稳定", "d0"), ("全县发案少秩序好社会稳定", "d1"),
        ("发案少秩序好社会稳定", "d0"), ("发案少秩序好社会稳定", "d1"), ("发案少秩序好社会稳定", "d2"),
    ]


def test_runs_go_on_over_paragraphs_and_stop_at_boilerplate() -> None:
    whole = "甲乙丙丁戊己庚辛"
    parted = table_of(whole, "甲乙丙丁\n\n戊己庚辛")
    assert shared_phrases(parted)["char_end"].tolist() == [8, 10]
    cut = table_of(whole, "甲乙丙丁（完）戊己庚辛", boilerplate=[(), ((4, 7, "end_mark"),)])
    assert shared_phrases(cut).empty
    assert sorted(shared_phrases(cut, min_chars=4)["phrase"]) == ["戊己庚辛"] * 2 + ["甲乙丙丁"] * 2


def test_names_and_rows_do_not_depend_on_the_order_of_documents() -> None:
    documents = table_of("平安建设人人参与，扫黑除恶", "要平安建设人人参与", "扫黑除恶，平安建设人人参与")
    one = shared_phrases(documents, min_chars=4)
    other = shared_phrases(documents[::-1], min_chars=4)
    columns = one.columns.tolist()
    pd.testing.assert_frame_equal(
        one.sort_values(columns, ignore_index=True), other.sort_values(columns, ignore_index=True)
    )
    assert len(one) == 5


def test_sixteen_characters_are_shown_and_seventeen_are_not() -> None:
    sixteen = "一二三四五六七八九十甲乙丙丁戊己"
    phrases = shared_phrases(table_of(sixteen + "。", sixteen))
    assert phrases["phrase"].tolist() == [sixteen, sixteen]
    longer = table_of(sixteen + "，庚", f"（{sixteen}庚）")
    phrases = shared_phrases(longer)
    assert phrases["phrase"].tolist() == ["", ""]
    assert phrase_texts(phrases, longer)["wording"].tolist() == [sixteen + "，庚", sixteen + "庚"]


def test_wording_is_that_of_the_first_place_in_each_document() -> None:
    documents = table_of("扫黑、除恶好。扫黑除恶坏", "掃黑除惡")
    texts = phrase_texts(shared_phrases(documents, min_chars=4), documents)
    assert texts[["doc_id", "wording"]].values.tolist() == [["d0", "扫黑、除恶"], ["d1", "掃黑除惡"]]
    assert phrase_texts(shared_phrases(documents, min_chars=4), documents[1:])["doc_id"].tolist() == ["d1"]
    with pytest.raises(TableError, match=r"a run in 'd0' ends at 5, behind the end of its text \(1\)"):
        phrase_texts(shared_phrases(documents, min_chars=4), documents.assign(text=["短", "掃黑除惡"]))


def test_copies_are_left_out_unless_asked_for() -> None:
    text = "平安建设人人参与人人有责"
    documents = table_of(text, text, "别的文字", duplicate_of=["", "d0", None])
    assert shared_phrases(documents).empty
    assert shared_phrases(documents).attrs["duplicates_left_out"] == 1
    with_copies = shared_phrases(documents, duplicates=True)
    assert with_copies["doc_id"].tolist() == ["d0", "d1"]
    assert with_copies.attrs["duplicates_left_out"] == 0


@pytest.mark.parametrize("texts", [[], ["平安建设人人参与"], ["", ""], ["，。！", "，。！"], ["平安人人参与！"] * 2])
def test_nothing_shared_gives_an_empty_table(texts: list[str]) -> None:
    documents = table_of(*texts, place=["甲县"] * len(texts))
    phrases = shared_phrases(documents)
    assert phrases.columns.tolist() == ["reuse_id", "n_chars", "doc_id", "char_start", "char_end", "phrase"]
    assert phrases.empty
    assert reuse_shares(phrases, documents)["reused"].tolist() == [0] * len(texts)
    assert reuse_matrix(phrases, documents).shape == (len(texts), len(texts))
    assert travelling_phrases(phrases, documents).empty
    assert phrase_texts(phrases, documents).empty


@pytest.mark.parametrize("min_chars", [1, 0, -8, True, 2.5, "8", None])
def test_a_least_length_that_is_none(min_chars: object) -> None:
    with pytest.raises(TableError, match=r"min_chars=.*; it must be a whole number, 2 or more"):
        shared_phrases(table_of("平安", "平安"), min_chars=min_chars)  # type: ignore[arg-type]


def test_documents_that_are_none() -> None:
    with pytest.raises(TableError, match="no column 'text'"):
        shared_phrases(pd.DataFrame({"doc_id": ["a"]}))
    with pytest.raises(TableError, match="row 2 repeats doc_id='a'"):
        shared_phrases(pd.DataFrame({"doc_id": ["a", "a"], "text": ["平安", "平安"]}))
    with pytest.raises(TableError, match="no column 'n_chars'"):
        reuse_shares(shared_phrases(table_of("平安")), pd.DataFrame({"doc_id": ["a"]}))
    with pytest.raises(ChoiceError, match="did you mean 'place'"):
        travelling_phrases(shared_phrases(table_of("平安")), table_of("平安", place=["甲县"]), by="plaec")


@pytest.mark.parametrize(
    ("texts", "runs_and_rows"),
    [
        (["a" * 50_000, "a" * 49_999], (1, 2)),
        (["，" + "平安" * 20_000, "平安" * 19_999 + "平"], (1, 2)),
        (["".join(map(chr, range(0x4E00, 0x4E00 + 500)))] * 500, (1, 500)),
        (["甲" + "一二三四五" * 10_000, "乙" + "一二三四五" * 9_000], (1, 2)),
    ],
    ids=["one character", "two characters", "500 copies", "five characters"],
)
@pytest.mark.no_cover
def test_repetition_gives_few_rows_in_little_time(texts: list[str], runs_and_rows: tuple[int, int]) -> None:
    began = time.process_time()
    phrases = shared_phrases(table_of(*texts))
    assert (phrases["reuse_id"].nunique(), len(phrases)) == runs_and_rows
    assert time.process_time() - began < 30


def test_more_rows_than_memory_bears_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MOST_OCCURRENCES", 3)
    assert len(shared_phrases(table_of("平安建设甲", "平安建设乙", "平安建设丙"), min_chars=4)) == 3
    with pytest.raises(TableError, match="4 occurrences of shared wording, more than 3; a greater min_chars"):
        shared_phrases(table_of(*["平安建设"] * 4), min_chars=4)


def test_texts_that_are_hardly_texts() -> None:
    broken = "平安\ud800建设İ人人参与①"
    rows = shared_phrase_rows(["a", "b", "c"], [broken, "平安建设İ人人参与①", "\x00\ufeff"], [()] * 3)
    assert rows[["doc_id", "char_start", "char_end", "phrase"]].values.tolist() == [
        ["a", 0, 11, "平安建设İ人人参与①"], ["b", 0, 10, "平安建设İ人人参与①"],
    ]


def test_boilerplate_as_a_table_and_as_a_column() -> None:
    texts = ("来源：某网\n平安建设人人参与", "平安建设人人参与！")
    documents = table_of(*texts, boilerplate=[((0, 5, "source_line"),), ()])
    phrases = shared_phrases(documents)
    table = pd.DataFrame({"doc_id": ["d0"], "char_start": [0], "char_end": [5], "reason": ["source_line"]})
    bare = documents.drop(columns="boilerplate")
    assert reuse_shares(phrases, bare, boilerplate=table).values.tolist() == [["d0", 9, 8, 8 / 9], ["d1", 9, 8, 8 / 9]]
    pd.testing.assert_frame_equal(reuse_shares(phrases, documents), reuse_shares(phrases, bare, boilerplate=table))
    pd.testing.assert_frame_equal(reuse_matrix(phrases, documents), reuse_matrix(phrases, bare, boilerplate=table))
    assert reuse_shares(phrases, bare)["n_chars"].tolist() == [14, 9]


def test_formulas_that_travel() -> None:
    documents = table_of(
        "平安建设人人参与。扫黑除恶专项斗争，子群防群治", "平安建设人人参与；社会稳定，丑群防群治",
        "平安建设人人参与，扫黑除恶专项斗争甲", "社会稳定乙", place=["甲县", "甲县", "乙市", ""],
    )
    table = travelling_phrases(shared_phrases(documents, min_chars=4), documents)
    assert table.drop(columns="reuse_id").values.tolist() == [
        ["平安建设人人参与扫黑除恶专项斗争", 16, 2, "甲县、乙市", 2, "d0、d2", 2],
        ["平安建设人人参与", 8, 2, "甲县、乙市", 3, "d0、d1、d2", 3],
        ["社会稳定", 4, 2, "甲县、d3", 2, "d1、d3", 2],
    ]


def test_parts_that_travel_only_within_a_longer_run_are_left_out() -> None:
    long_run = "平安建设人人参与共建共享"
    documents = table_of(f"甲{long_run}乙", f"丙{long_run}丁", "戊平安建设人人参与己", place=["一县", "二县", "一县"])
    phrases = shared_phrases(documents)
    assert set(phrases["phrase"]) == {long_run, "平安建设人人参与"}
    assert travelling_phrases(phrases, documents)["phrase"].tolist() == [long_run, "平安建设人人参与"]
    both = table_of(f"甲{long_run}乙", f"丙{long_run}丁，戊{long_run[:8]}己", place=["一县", "二县"])
    assert travelling_phrases(shared_phrases(both), both)["phrase"].tolist() == [long_run, long_run[:8]]


def test_a_part_may_lie_within_different_longer_runs() -> None:
    documents = table_of("甲乙丙丁戊己", "甲乙丙丁庚辛", "壬癸丙丁戊己", place=["一县", "二县", "二县"])
    phrases = shared_phrases(documents, min_chars=2)
    assert set(phrases["phrase"]) == {"甲乙丙丁", "丙丁戊己", "丙丁"}
    assert set(travelling_phrases(phrases, documents)["phrase"]) == {"甲乙丙丁", "丙丁戊己"}
    apart = documents.assign(place=["一县", "二县", "三县"])
    assert travelling_phrases(phrases, apart)["phrase"].tolist()[0] == "丙丁"


@given(st.lists(st.integers(0, 9), min_size=1, max_size=70), st.data())
def test_the_nearest_smaller_value(values: list[int], data: st.DataObject) -> None:
    values = [-1, *values]
    place = data.draw(st.integers(1, len(values) - 1))
    bound = data.draw(st.integers(0, 9))
    found = Minima(np.array(values, dtype=np.int32)).nearest_before(np.array([place]), np.array([bound]))
    assert found.tolist() == [max(i for i in range(place) if values[i] < bound)]


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    if not (SHARED / "articles").is_dir():
        pytest.skip("the five articles are not in the repository")
    return read_articles(SHARED / "articles")


@pytest.fixture(scope="module")
def phrases(articles: pd.DataFrame) -> pd.DataFrame:
    return shared_phrases(articles)


def test_the_formula_of_the_five_articles(articles: pd.DataFrame, phrases: pd.DataFrame) -> None:
    formula = phrases[phrases["phrase"] == FORMULA]
    assert sorted(formula["doc_id"]) == ["anlu_2024", "gaoxin_2019"]
    table = travelling_phrases(phrases, articles)
    assert table.loc[table["phrase"] == FORMULA, "cases"].tolist() == ["西安高新区、安陆市开发区"]


def test_rows_of_the_five_articles_are_cut_from_them(articles: pd.DataFrame, phrases: pd.DataFrame) -> None:
    texts = articles.set_index("doc_id")["text"]
    cut = [texts[d][s:e] for d, s, e in phrases[["doc_id", "char_start", "char_end"]].itertuples(index=False)]
    compared = [compared_characters([piece], [()]).text for piece in cut]
    assert [hashlib.sha256(piece.encode()).hexdigest()[:16] for piece in compared] == phrases["reuse_id"].tolist()
    assert min(map(len, compared)) == 8


def test_the_two_articles_of_one_place_share_a_quarter(articles: pd.DataFrame, phrases: pd.DataFrame) -> None:
    matrix = reuse_matrix(phrases, articles)
    assert 0.25 < matrix.loc["gaoxin_2019", "gaoxin_2018"] < 0.4
    assert matrix.drop(columns=["gaoxin_2018", "gaoxin_2019"]).max().max() < 0.02
