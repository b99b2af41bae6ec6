"""The keyness table: counts by hand, p-values by brute force and by SciPy, and what it says of itself."""

import itertools
import json
import math
import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC
from scipy import stats
from scipy.sparse import csr_array

import pingan_analysis as pa
from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.keyness import KeynessTable, keyness, keyness_scores
from pingan_analysis.keywords.design import in_short, in_words
from pingan_analysis.keywords.permutation import Sampler, ScoreStatistic
from pingan_analysis.keywords.units import Units

ARTICLES = Path(__file__).parents[1] / "../shared/articles"
COLUMNS = [
    "term", "n_target", "n_reference", "per_1000_target", "per_1000_reference", "documents_target",
    "documents_reference", "paragraphs_target", "paragraphs_reference", "dp_norm", "g2", "g2_two_cell", "log_ratio",
    "log_ratio_low", "log_ratio_high", "lrc", "log_odds_z", "percent_diff", "odds_ratio", "bic", "ell", "p_dispersion",
    "p_permutation", "claim", "rank", "rank_best", "rank_worst", "one_document",
]
Row = tuple[str, int, str, int]


def table(rows: Iterable[Row], **columns: object) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["doc_id", "para", "term", "n"]).assign(**columns)


def texts(*documents: Sequence[str]) -> pd.DataFrame:
    """Return the terms of documents a, b, c …, each a list of paragraphs of words between blanks."""
    rows = [
        (name, para, term, paragraph.split().count(term))
        for name, paragraphs in zip("abcdefghijklmnopqrstuvwxyz", documents, strict=False)
        for para, paragraph in enumerate(paragraphs)
        for term in sorted(set(paragraph.split()))
    ]
    return table(rows)


def of_term(result: pd.DataFrame, term: str) -> pd.Series:
    (row,) = (row for _, row in result.iterrows() if row["term"] == term)
    return row


FIVE = texts(
    ["平安 平安 网格 的 的", "平安 禁毒 的 的 的 的"], ["平安 禁毒 禁毒 的", "的 的 信访"], ["禁毒 的 的 信访"],
    ["的 禁毒"], ["的 网格 信访"],
)


def test_counts_by_hand() -> None:
    result = keyness(FIVE, target="a", min_n=2)
    assert list(result.columns) == COLUMNS
    assert set(result["term"]) == {"平安", "网格", "禁毒", "信访", "的"}
    safe = of_term(result, "平安")
    assert (safe.n_target, safe.n_reference) == (3, 1)
    assert (safe.documents_target, safe.documents_reference) == (1, 1)
    assert (safe.paragraphs_target, safe.paragraphs_reference) == (2, 1)
    assert safe.per_1000_target == pytest.approx(3 / 11 * 1000)
    assert safe.per_1000_reference == pytest.approx(1 / 16 * 1000)
    drugs = of_term(result, "禁毒")
    assert (drugs.n_target, drugs.n_reference, drugs.documents_reference) == (1, 4, 3)
    assert drugs.per_1000_reference == pytest.approx(4 / 16 * 1000)
    assert result.design["sizes"] == {
        "target": {"documents": 1, "paragraphs": 2, "words": 11},
        "reference": {"documents": 4, "paragraphs": 5, "words": 16},
    }


def test_scores_are_those_of_the_counts_with_every_word_in_the_totals() -> None:
    result = keyness(FIVE, target="a", min_n=2, vocabulary=["平安", "禁毒", "信访", "没有"], alpha=0.1)
    assert sorted(result["term"]) == sorted(["平安", "禁毒", "信访"])
    scores = keyness_scores(result["n_target"], 11, result["n_reference"], 16, alpha=0.1, vocabulary=3)
    pd.testing.assert_frame_equal(pd.DataFrame(result[list(scores.columns)]), scores, check_exact=True)
    assert (result.design["vocabulary"], result.design["terms_tested"]) == (4, 3)


def test_terms_that_are_too_rare_on_both_sides_together_are_not_tested() -> None:
    assert "信访" in set(keyness(FIVE, target="a", min_n=3)["term"])
    assert "信访" not in set(keyness(FIVE, target="a", min_n=4)["term"])


def test_log_odds_take_their_prior_from_a_number_or_a_background() -> None:
    n_terms = FIVE["term"].nunique()
    got = of_term(keyness(FIVE, target="a", min_n=4, prior=0.5), "平安").log_odds_z
    total = 0.5 * n_terms
    odds = [(3.5) / (11 + total - 3.5), 1.5 / (16 + total - 1.5)]
    assert got == pytest.approx(math.log(odds[0] / odds[1]) / math.sqrt(1 / 3.5 + 1 / 1.5))
    background = pd.Series(0.5, index=FIVE["term"].unique())
    assert of_term(keyness(FIVE, target="a", min_n=4, prior=background), "平安").log_odds_z == got
    assert of_term(keyness(FIVE, target="a", min_n=4, prior=dict(background)), "平安").log_odds_z == got


def test_dispersion_is_over_the_documents_of_both_sides() -> None:
    result = keyness(FIVE, target="a", reference=["b", "c"], min_n=2)
    assert of_term(result, "平安").dp_norm == pytest.approx(pa.dispersion([3, 1, 0], [11, 7, 4])["dp_norm"])
    assert result.design["dispersion_over"] == "documents"


def test_dispersion_is_over_paragraphs_where_there_is_one_document() -> None:
    terms = texts(["平安 平安 的", "的 的", "平安 网格 网格 的"]).assign(part=[0, 0, 1, 2, 2, 2])
    result = keyness(terms, target=0, by="part", min_n=1)
    assert of_term(result, "平安").dp_norm == pytest.approx(pa.dispersion([2, 0, 1], [3, 2, 4])["dp_norm"])
    assert result.design["dispersion_over"] == "paragraphs"


@settings(max_examples=20)
@given(st.data())
def test_p_of_dispersion_is_fishers_exact_test(data: st.DataObject) -> None:
    n, n_target = data.draw(st.integers(2, 12)), data.draw(st.integers(1, 11))
    n_target = min(n_target, n - 1)
    has = data.draw(st.lists(st.booleans(), min_size=n, max_size=n).filter(any))
    rows = [(f"{i:02}", 0, "的", 9) for i in range(n)] + [(f"{i:02}", 0, "平安", 5) for i in range(n) if has[i]]
    result = keyness(table(rows), target=[f"{i:02}" for i in range(n_target)], permutations=0, duplicates=True)
    x, y = sum(has[:n_target]), sum(has[n_target:])
    expected = stats.fisher_exact([[x, y], [n_target - x, n - n_target - y]], alternative="greater").pvalue
    assert of_term(result, "平安").p_dispersion == pytest.approx(expected, rel=1e-9)


def test_p_of_dispersion_by_hand() -> None:
    result = keyness(FIVE, target=["a", "b"], min_n=2, permutations=0).set_index("term")["p_dispersion"]
    # of C(5, 2) = 10 pairs of documents, those in which at least as many have the term as in the target
    assert result.to_dict() == pytest.approx({"平安": 0.1, "禁毒": 0.6, "网格": 0.7, "信访": 0.9, "的": 1})


Unit = tuple[str, bool, dict[str, int], int]
"""Stratum, whether it is in the target, counts, words."""


def brute_force(units: Sequence[Unit], terms: Sequence[str]) -> dict[str, float]:
    """p of each term over all arrangements, by plain loops and the formulas of the docstring."""
    strata = sorted({stratum for stratum, *_ in units})
    blocks = [[i for i, unit in enumerate(units) if unit[0] == stratum] for stratum in strata]
    sizes = [sum(units[i][1] for i in block) for block in blocks]

    def statistic(term: str, chosen: set[int]) -> float:
        total = second = third = 0.0
        for block, k in zip(blocks, sizes, strict=True):
            n = len(block)
            rate = sum(units[i][2].get(term, 0) for i in block) / sum(units[i][3] for i in block)
            residuals = {i: units[i][2].get(term, 0) - rate * units[i][3] for i in block}
            total += sum(residuals[i] for i in block if i in chosen)
            squares, cubes = (sum(r**power for r in residuals.values()) for power in (2, 3))
            second += squares * k * (n - k) / (n * (n - 1))
            third += cubes * k * (n - k) * (n - 2 * k) / (n * (n - 1) * (n - 2)) if n > 2 else 0
        if second < 1e-12:
            return 0.0
        skewness = third / second**1.5
        skewness = skewness if abs(skewness) > 1e-3 else 1e-3
        inner = 1 + skewness * total / second**0.5 / 2
        return 6 / skewness * (math.copysign(abs(inner) ** (1 / 3), inner) - 1) + skewness / 6

    observed = {i for i, unit in enumerate(units) if unit[1]}
    choices = itertools.product(*(itertools.combinations(block, k) for block, k in zip(blocks, sizes, strict=True)))
    largest = [max(statistic(term, set(itertools.chain(*choice))) for term in terms) for choice in choices]
    return {
        term: sum(value >= statistic(term, observed) - 1e-9 for value in largest) / len(largest) for term in terms
    }


WORDS = ["平安", "禁毒", "网格", "的"]
paragraph = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)


def counts_of(text: str) -> dict[str, int]:
    return {word: text.split().count(word) for word in set(text.split())}


@settings(max_examples=15)
@given(st.lists(paragraph, min_size=4, max_size=7), st.integers(1, 3))
def test_p_of_documents_is_that_of_all_arrangements(documents: list[str], n_target: int) -> None:
    terms = texts(*([document] for document in documents))
    result = keyness(terms, target=list("abc"[:n_target]), unit="doc_id", min_n=1, duplicates=True)
    units = [("", i < n_target, counts_of(text), len(text.split())) for i, text in enumerate(documents)]
    expected = brute_force(units, sorted(set(terms["term"])))
    for term, p in expected.items():
        assert of_term(result, term).p_permutation == pytest.approx(p)
    assert result.design["arrangements"] == math.comb(len(documents), n_target)
    assert result.design["smallest_p"] == pytest.approx(1 / math.comb(len(documents), n_target))


@settings(max_examples=15)
@given(st.lists(st.lists(paragraph, min_size=2, max_size=4), min_size=2, max_size=3))
def test_paragraphs_change_sides_within_documents_that_stand_on_both(documents: list[list[str]]) -> None:
    # first paragraphs of all documents but the last, which is on one side and takes no part
    terms = texts(*documents)
    last = sorted(set(terms["doc_id"]))[-1]
    terms["passage"] = np.where((terms["para"] == 0) & (terms["doc_id"] != last), "三屏两报", "")
    result = keyness(terms, target="三屏两报", by="passage", min_n=1, duplicates=True)
    units = [
        (str(i), j == 0, counts_of(text), len(text.split()))
        for i, document in enumerate(documents[:-1]) for j, text in enumerate(document)
    ]
    for term, p in brute_force(units, sorted(set(terms["term"]))).items():
        assert of_term(result, term).p_permutation == pytest.approx(p)
    assert result.design["within_documents"]
    assert result.design["unit"] == "paragraphs"
    assert "within the documents" in repr(result)
    assert "Documents stand on both sides: no claim about documents" in repr(result)


def test_paragraphs_of_two_documents_change_sides_by_all_arrangements() -> None:
    documents = [
        ["平安 平安 的", "的 禁毒", "平安 的 的 的"], ["平安 禁毒", "禁毒 禁毒 的", "的 的", "网格 的 的"],
        ["网格 网格"],
    ]
    terms = texts(*documents)
    terms["passage"] = np.where((terms["para"] == 0) & (terms["doc_id"] != "c"), "三屏两报", "")
    result = keyness(terms, target="三屏两报", by="passage", min_n=1)
    units = [(str(i), j == 0, counts_of(text), len(text.split()))
             for i, document in enumerate(documents[:2]) for j, text in enumerate(document)]
    for term, p in brute_force(units, ["平安", "的", "禁毒", "网格"]).items():
        assert of_term(result, term).p_permutation == pytest.approx(p)
    assert (result.design["arrangements"], result.design["units"]) == (12, {"target": 2, "reference": 5})


def many(n: int, *, seed: int = 0, marked: int = 0) -> pd.DataFrame:
    """Return `n` documents of two paragraphs of random words; in the first `marked` one word is frequent."""
    random = np.random.default_rng(seed)
    rows = []
    for document, para in itertools.product(range(n), range(2)):
        counts = random.poisson([1, 1, 2, 3, 5, 20])
        counts[0] += 9 if document < marked else 0
        rows += [(f"d{document:03}", para, f"词{term}", int(k)) for term, k in enumerate(counts) if k]
    return table(rows)


def target_of(n: int) -> list[str]:
    return [f"d{document:03}" for document in range(n)]


def test_drawn_permutations_come_near_all_arrangements() -> None:
    terms = many(12, seed=4)
    exact = keyness(terms, target=target_of(4)).set_index("term")["p_permutation"]  # 495 arrangements
    drawn = keyness(terms, target=target_of(4), permutations=490).set_index("term")
    assert drawn.design["arrangements"] == 490
    assert not drawn.design["all_arrangements"]
    assert drawn.design["smallest_p"] == pytest.approx(1 / 491)
    assert (drawn["p_permutation"] * 491 % 1).round(6).isin([0, 1]).all()
    np.testing.assert_allclose(drawn["p_permutation"], exact.reindex(drawn.index), atol=0.1)
    assert len(set(exact)) > 2


def test_all_arrangements_are_tried_where_there_are_as_many_as_permutations_and_one() -> None:
    terms = many(6)
    assert keyness(terms, target=target_of(3), permutations=19).design["all_arrangements"]
    assert not keyness(terms, target=target_of(3), permutations=18).design["all_arrangements"]


def test_a_word_that_marks_all_target_documents_is_claimed_of_documents() -> None:
    result = keyness(many(16, marked=6), target=target_of(6))
    first = result.iloc[0]
    assert (first.term, first["rank"], first.claim) == ("词0", 1, "documents")
    assert first.p_permutation < 0.01
    assert set(result["claim"][1:]) == {""}
    other_way = keyness(many(16, marked=6), target=[f"d{i:03}" for i in range(6, 16)])
    assert of_term(other_way, "词0").p_permutation > 0.5  # one-sided
    assert other_way.iloc[-1]["term"] == "词0"


@pytest.mark.parametrize(
    ("n_target", "n", "smallest", "unit"),
    [(1, 5, 0.2, "paragraphs"), (3, 6, 0.05, "documents"), (2, 5, 0.1, "paragraphs")],
)
def test_documents_are_the_unit_where_they_can_reach_the_level(
    n_target: int, n: int, smallest: float, unit: str
) -> None:
    result = keyness(many(n, marked=n_target), target=target_of(n_target), vocabulary=["词0"])
    assert result.design["unit"] == unit
    assert result.design["smallest_p_documents"] == pytest.approx(smallest)
    assert result.iloc[0].claim == unit
    assert ("no claim about documents" in repr(result)) == (unit != "documents")
    assert ("weaker evidence" in repr(result)) == (unit == "paragraphs")
    forced = keyness(many(n, marked=n_target), target=target_of(n_target), vocabulary=["词0"], unit="doc_id")
    assert forced.iloc[0].p_permutation == pytest.approx(smallest)
    assert (forced.iloc[0].claim == "documents") == (smallest <= 0.05)


def test_paragraphs_are_pooled_where_documents_stand_on_one_side() -> None:
    result = keyness(many(5), target="d000")
    assert not result.design["within_documents"]
    assert result.design["units"] == {"target": 2, "reference": 8}
    assert "(pooled; weaker evidence" in repr(result)
    assert result.design["arrangements"] == math.comb(10, 2)


def test_another_column_can_be_the_unit() -> None:
    terms = many(12, marked=6)
    terms["place"] = terms["doc_id"].str[1:].astype(int).floordiv(2).map("县{}".format)
    result = keyness(terms, target=["县0", "县1", "县2"], by="place", unit="place", vocabulary=["词0"])
    assert result.design["units"] == {"target": 3, "reference": 3}
    assert result.design["smallest_p"] == pytest.approx(0.05)
    assert result.iloc[0].claim == "place"
    assert "the units of 'place'" in repr(result)


def test_units_can_share_a_paragraph() -> None:
    rows = [("a", 0, "平安", 3, "甲"), ("a", 0, "的", 4, "甲"), ("a", 0, "平安", 1, "乙"), ("a", 0, "的", 6, "乙"),
            ("b", 0, "平安", 1, "丙"), ("b", 0, "的", 5, "丁"), ("b", 1, "的", 2, "丙"), ("b", 1, "网格", 2, "戊")]
    terms = pd.DataFrame(rows, columns=["doc_id", "para", "term", "n", "passage"])
    result = keyness(terms, target="a", unit="passage", min_n=1)
    units = [("", True, {"平安": 3, "的": 4}, 7), ("", True, {"平安": 1, "的": 6}, 7),
             ("", False, {"平安": 1, "的": 2}, 3), ("", False, {"的": 5}, 5), ("", False, {"网格": 2}, 2)]
    for term, p in brute_force(units, ["平安", "的", "网格"]).items():
        assert of_term(result, term).p_permutation == pytest.approx(p)
    assert result.design["sizes"]["target"] == {"documents": 1, "paragraphs": 1, "words": 14}


def test_without_permutations_nothing_is_claimed() -> None:
    result = keyness(many(6, marked=3), target=target_of(3), permutations=0)
    assert result["p_permutation"].isna().all()
    assert set(result["claim"]) == {""}
    assert result.design["smallest_p"] is None
    assert "No permutations" in repr(result)


@settings(max_examples=8)
@given(st.lists(st.lists(paragraph, min_size=1, max_size=4), min_size=5, max_size=5), st.integers(0, 3))
def test_one_document_against_four_claims_nothing_of_documents(documents: list[list[str]], seed: int) -> None:
    terms = texts(*documents)
    for unit in (None, "doc_id"):
        result = keyness(terms, target="a", min_n=1, unit=unit, seed=seed, permutations=99, duplicates=True)
        assert "documents" not in set(result["claim"])
        assert "no claim about documents" in repr(result)


def test_any_number_of_workers_gives_the_same_table() -> None:
    terms = many(30)
    one = keyness(terms, target=target_of(9), seed=3)
    pd.testing.assert_frame_equal(one, keyness(terms, target=target_of(9), seed=3, workers=2))
    other = keyness(terms, target=target_of(9), seed=4)
    assert one["p_permutation"].tolist() != other["p_permutation"].tolist()


def test_order_of_rows_and_kind_of_table_do_not_matter() -> None:
    terms = many(10)
    expected = keyness(terms, target=target_of(3))
    shuffled = terms.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(keyness(shuffled, target=target_of(3)[::-1]), expected)
    relation = keyness(duckdb.from_df(terms), target=set(target_of(3)))
    pd.testing.assert_frame_equal(relation, expected)
    assert relation.design == expected.design


@pytest.mark.parametrize(
    "measure", ["g2", "g2_two_cell", "log_ratio", "lrc", "log_odds_z", "percent_diff", "odds_ratio", "bic", "ell"]
)
def test_order_is_by_measure_then_g2_then_term(measure: str) -> None:
    result = keyness(many(8, seed=2), target=target_of(3), measure=measure, min_n=1, permutations=0)
    keys = [(-row[measure], -row["g2"], row["term"]) for _, row in result.iterrows()]
    assert keys == sorted(keys)
    assert result["rank"].tolist() == list(range(1, len(result) + 1))
    assert result.design["measure"] == measure


def ranks_by_hand(terms: pd.DataFrame, target: Sequence[str], tested: Sequence[str], measure: str) -> dict[str, int]:
    here = terms[terms["doc_id"].isin(target)].groupby("term")["n"].sum()
    there = terms[~terms["doc_id"].isin(target)].groupby("term")["n"].sum()
    a, b = here.reindex(tested, fill_value=0), there.reindex(tested, fill_value=0)
    scores = keyness_scores(a, here.sum(), b, there.sum())
    keys = {term: (a[term] + b[term] == 0, -scores[measure][term], -scores["g2"][term], term) for term in tested}
    return {term: 1 + rank for rank, term in enumerate(sorted(tested, key=keys.__getitem__))}


@pytest.mark.parametrize("measure", ["lrc", "log_ratio"])
def test_ranks_when_each_document_is_left_out(measure: str) -> None:
    terms = many(7, seed=5, marked=1)
    result = keyness(terms, target=target_of(3), measure=measure, permutations=0)
    tested = sorted(result["term"])
    ranges = [ranks_by_hand(terms[terms["doc_id"] != left], target_of(3), tested, measure)
              for left in (None, *sorted(set(terms["doc_id"])))]
    for row in result.itertuples():
        ranks = [ranking[row.term] for ranking in ranges]
        assert (row.rank, row.rank_best, row.rank_worst) == (ranks[0], min(ranks), max(ranks))
    assert result.design["left_out"] == {"groups": 7, "of": "document", "skipped": 0}
    assert (result["rank_best"] < result["rank_worst"]).any()


def test_leaving_out_skips_what_would_empty_a_side() -> None:
    result = keyness(FIVE, target="a", min_n=2)
    assert result.design["left_out"] == {"groups": 5, "of": "document", "skipped": 1}
    assert "1 of 5 skipped" in repr(result)
    assert result[["rank_best", "rank_worst"]].notna().all(axis=None)


def test_a_term_that_one_document_alone_has_falls_to_the_end_without_it() -> None:
    terms = texts(["平安 平安 平安 的"], ["的 的 网格"], ["的 网格 网格"], ["网格 的"])
    result = keyness(terms, target=["a", "b"], min_n=3, permutations=0, measure="log_ratio")
    assert (of_term(result, "平安")["rank"], of_term(result, "平安").rank_worst) == (1, 3)


def test_of_many_documents_groups_are_left_out() -> None:
    result = keyness(many(45), target=target_of(4), permutations=0)
    assert result.design["left_out"] == {"groups": 20, "of": "group", "skipped": 0}
    assert "each of 20 groups of documents" in repr(result)
    twenty = keyness(many(20), target=target_of(4), permutations=0)
    assert twenty.design["left_out"] == {"groups": 20, "of": "document", "skipped": 0}


def test_a_term_that_rests_on_one_document_says_so() -> None:
    terms = texts(["平安 平安 平安 禁毒", "的"], ["平安 平安 禁毒 网格 的"], ["的 的 平安 网格"])
    both = keyness(terms, target=["a", "b"], min_n=1).set_index("term")["one_document"]
    assert both.to_dict() == {"平安": True, "禁毒": False, "网格": True, "的": False}
    assert keyness(terms, target="a", min_n=1)["one_document"].all()


LONG = "平安 建设 宣传 活动 走进 社区"
OTHER = "禁毒 网格 信访 调解 走进 学校"


def test_a_paragraph_that_stands_twice_on_a_side_counts_once() -> None:
    terms = texts([LONG, LONG + " 广场"], [LONG], [OTHER, "活动 平安 建设 宣传 走进 社区"], [LONG])
    once = keyness(terms, target=["a", "b"], reference=["c", "d"], min_n=1)
    safe = of_term(once, "平安")
    assert (safe.n_target, safe.documents_target, safe.n_reference) == (2, 1, 1)  # in c the same words in another order
    assert once.design["repeated_paragraphs"] == 2
    assert "2 paragraphs not counted again" in repr(once)
    every = keyness(terms, target=["a", "b"], reference=["c", "d"], min_n=1, duplicates=True)
    assert (of_term(every, "平安").n_target, of_term(every, "平安").n_reference) == (3, 2)
    assert "as often as they stand there" in repr(every)


def test_short_paragraphs_repeat_nothing() -> None:
    terms = texts(["平安 建设 宣传 活动", "平安 建设 宣传 活动"], [OTHER])
    assert of_term(keyness(terms, target="a", min_n=1), "平安").n_target == 2
    terms = texts(["平安 建设 宣传 活动 走进", "平安 建设 宣传 活动 走进"], [OTHER])
    assert of_term(keyness(terms, target="a", min_n=1), "平安").n_target == 1


def test_documents_that_repeat_the_target_are_left_out_of_the_rest() -> None:
    half = [LONG, "的 的 的 的 的 的"]
    terms = texts([LONG], half, [LONG, "的 的 的 的 的 的 的"], [OTHER])
    rest = keyness(terms, target="a", min_n=1)
    assert rest.design["sizes"]["reference"]["documents"] == 2
    assert rest.design["repeating_documents"] == 1
    assert "1 document of the reference left out" in repr(rest)
    assert of_term(rest, "平安").n_reference == 1
    named = keyness(terms, target="a", reference=["b", "c", "d"], min_n=1)
    assert (named.design["sizes"]["reference"]["documents"], named.design["repeating_documents"]) == (3, 0)
    assert (rest.design["reference"], named.design["reference"]) == ("rest", ["b", "c", "d"])
    assert keyness(terms, target="a", min_n=1, duplicates=True).design["sizes"]["reference"]["documents"] == 3


def test_a_reference_that_only_repeats_the_target_is_none() -> None:
    with pytest.raises(TableError, match="all its documents repeat the target; duplicates=True"):
        keyness(texts([LONG], [LONG]), target="a", min_n=1)


def test_a_table_without_paragraphs_is_compared_by_documents() -> None:
    terms = FIVE.groupby(["doc_id", "term"], as_index=False)["n"].sum()
    result = keyness(terms, target="a", min_n=2)
    assert result.design["unit"] == "documents"
    assert set(result["claim"]) == {""}
    terms["passage"] = ["甲", "乙"] * (len(terms) // 2) + ["甲"] * (len(terms) % 2)
    with pytest.raises(TableError, match="no column 'para'"):
        keyness(terms, target="甲", by="passage", min_n=1)


def test_the_design_stays_with_the_table_and_is_printed() -> None:
    result = keyness(many(6, marked=3), target=target_of(3))
    design = result.design
    assert json.loads(json.dumps(design)) == design
    kept = [
        result.head(2), result[result["claim"] != ""], result.sort_values("term"), result.copy(),
        result.query("n_target > 3"), result.assign(note="x"),
    ]
    for view in kept:
        assert isinstance(view, KeynessTable)
        assert view.design == design
        assert repr(view).startswith("Target d000, d001, d002: 3 documents, 6 paragraphs, ")
        assert view._repr_html_().startswith("<p>Target d000, d001, d002: 3 documents, 6 paragraphs, ")
    text = repr(result)
    for said in ("reference (the rest): 3 documents, 6 paragraphs", "6 terms with at least 5 occurrences",
                 "sorted by lrc", "Dunning", "0.5 in log_ratio (Hardie)", "all 20 arrangements", "smallest p 0.05",
                 "dp_norm is over documents"):
        assert said in text
    bare = KeynessTable(pd.DataFrame(result)[["term", "lrc"]])
    assert repr(bare).splitlines()[0].split() == ["term", "lrc"]
    bare = KeynessTable(pd.DataFrame(result))
    bare.attrs = {}
    assert "Target" not in repr(bare)
    assert "Target" not in bare._repr_html_()


def test_the_design_in_words_by_hand() -> None:
    assert in_words(keyness(FIVE, target="a", min_n=2).design) == [
        "Target a: 1 document, 2 paragraphs, 11 words; reference (the rest): 4 documents, 5 paragraphs, 16 words.",
        "5 terms with at least 2 occurrences in both together tested; sorted by lrc.",
        ("G² (g2) is Dunning's over four cells, g2_two_cell Rayson and Garside's; a count of 0 is 0.5 in log_ratio "
        "(Hardie)."),
        ("Permutation of paragraphs (pooled; weaker evidence: paragraphs of one article are not independent, so that "
         "it speaks of these articles only), 2 of 7 in the target, all 21 arrangements: smallest p 0.0476; "
         "p_permutation is one-sided and corrected for all terms (maximum statistic), claims are at 0.05. "
         "p_dispersion is not corrected."),
        "With documents as units the smallest p is 0.2: no claim about documents.",
        ("rank_best and rank_worst: each document left out in turn (1 of 5 skipped, which would have left a side "
        "empty). dp_norm is over documents."),
        "Repeats: 0 paragraphs not counted again, 0 documents of the reference left out for repeating the target.",
    ]


MADE_UP = {
    "by": "place", "target": ["甲", "乙", "丙", "丁", "戊"], "reference": ["", "己"], "measure": "g2", "min_n": 1,
    "sizes": {"target": {"documents": 1200, "paragraphs": 1, "words": 98_765},
              "reference": {"documents": 1, "paragraphs": 1, "words": 1}},
    "vocabulary": 1234, "terms_tested": 1, "alpha": 0.1, "seed": 7, "unit": "documents", "within_documents": False,
    "units": {"target": 1200, "reference": 800}, "arrangements": 9999, "all_arrangements": False, "smallest_p": 0.0001,
    "smallest_p_documents": 0.1, "dispersion_over": "paragraphs", "duplicates": False, "repeated_paragraphs": 1,
    "repeating_documents": 1, "left_out": {"groups": 20, "of": "group", "skipped": 0},
}


def test_the_design_of_many_documents_in_words() -> None:
    sides, terms, _, permutation, *others = in_words(MADE_UP)
    assert sides == ("Target 甲, 乙, 丙, 2 more: 1,200 documents, 1 paragraph, 98,765 words; reference (empty), 己: "
                     "1 document, 1 paragraph, 1 word.")
    assert terms == ("1 term with at least 1 occurrence in both together tested (of 1,234 in the vocabulary given); "
                     "sorted by g2.")
    assert permutation.startswith(
        "Permutation of documents, 1,200 of 2,000 in the target, 9,999 draws, seed 7: smallest p 0.0001; p_permutation")
    assert "claims are at 0.1." in permutation
    assert others == [
        "rank_best and rank_worst: each of 20 groups of documents left out in turn. dp_norm is over paragraphs.",
        "Repeats: 1 paragraph not counted again, 1 document of the reference left out for repeating the target.",
    ]


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"arrangements": 0, "smallest_p": None}, "No permutations, so there are no claims."),
    ({"smallest_p_documents": None}, "Documents stand on both sides: no claim about documents."),
    ({"unit": "place"}, "There are enough documents for claims about documents."),
    ({"duplicates": True}, "Repeated paragraphs and documents are counted as often as they stand there."),
])
def test_what_the_design_says_where_it_is_otherwise(changed: dict[str, Any], sentence: str) -> None:
    assert sentence in in_words({**MADE_UP, **changed})
    assert sentence not in in_words(MADE_UP)


@pytest.mark.parametrize(("smallest_p", "can"), [(0.1, True), (0.11, False)])
def test_the_design_says_where_there_can_be_no_claim(smallest_p: float, can: bool) -> None:
    sentence = in_words({**MADE_UP, "smallest_p": smallest_p})[3]
    assert ("so that there can be no claim;" not in sentence) == can


def test_units_within_documents_and_of_a_column_are_named() -> None:
    within = in_words({**MADE_UP, "unit": "paragraphs", "within_documents": True})[3]
    assert within.startswith(
        "Permutation of paragraphs (within the documents that stand on both sides; the others take no part; weaker "
        "evidence: paragraphs of one article are not independent, so that it speaks of these articles only), 1,200 of")
    assert in_words({**MADE_UP, "unit": "place"})[3].startswith("Permutation of the units of 'place', 1,200 of")
    assert in_words({}) == in_short({}) == []
    assert in_short(MADE_UP) == [("keyness of 甲, 乙, 丙, 2 more against (empty), 己: 1 term tested, unit documents; "
                                 ".design says how")]


def test_above_some_of_the_columns_one_line_is_printed() -> None:
    result = keyness(many(6, marked=3), target=target_of(3))
    line = "keyness of d000, d001, d002 against the rest: 6 terms tested, unit documents; .design says how"
    parts = [result[["term", "lrc"]], result[["term"]].head(3), result.set_index("term"), result.drop(columns="bic")]
    for part in parts:
        assert part.design == result.design
        assert repr(part) == f"{line}\n{pd.DataFrame(part)!r}"
        assert part._repr_html_() == f"<p>{line}</p>\n{pd.DataFrame(part)._repr_html_()}"
    named = keyness(many(6), target="d000", reference=["d001", "d002"])[["term"]]
    assert repr(named).startswith("keyness of d000 against d001, d002: 5 terms tested, unit paragraphs;")


@pytest.mark.parametrize("width", [40, 80, 400])
def test_the_main_columns_are_seen_however_narrow_the_terminal(width: int) -> None:
    result = keyness(many(6, marked=3), target=target_of(3))
    with pd.option_context("display.width", width, "display.max_columns", 4):
        *_, others = printed = repr(result).splitlines()
        html = result._repr_html_()
    main = ["term", "n_target", "n_reference", "log_ratio", "lrc", "p_permutation", "claim", "one_document"]
    table = "\n".join(printed[len(in_words(result.design)) : -1]).split()
    assert [word for word in table if word in COLUMNS] == main
    assert others.startswith("20 more columns: per_1000_target, ")
    assert set(others.partition(": ")[2].split(", ")) == set(COLUMNS) - set(main)
    assert all(f"<th>{name}</th>" in html for name in COLUMNS)


def test_days_can_be_sides() -> None:
    terms = many(6)
    terms["published"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(terms["doc_id"].str[1:].astype(int), unit="D")
    result = keyness(terms, target=pd.Timestamp("2024-01-02"), by="published", permutations=0)
    assert json.loads(json.dumps(result.design)) == result.design
    assert repr(result).startswith("Target 2024-01-02 ")


def test_draws_and_seed_are_printed() -> None:
    reference = ["d020", "d021", "d022", "d023"]
    text = repr(keyness(many(30), target=target_of(6), reference=reference, seed=7, permutations=99))
    assert "99 draws, seed 7: smallest p 0.01;" in text
    assert "Target d000, d001, d002, 3 more" in text
    assert "reference d020, d021, d022, 1 more" in text
    assert "so that there can be no claim" in repr(keyness(many(5), target="d000", unit="doc_id"))
    assert "(of 2 in the vocabulary given)" in repr(keyness(many(6), target="d000", vocabulary=["词1", "词2"]))


def test_html_is_escaped() -> None:
    hostile = "<script>alert(1)</script>"
    terms = table([(hostile, 0, hostile, 9), (hostile, 1, "的", 8), ("b", 0, "的", 9), ("b", 1, hostile, 1)])
    html = keyness(terms, target=hostile)._repr_html_()
    assert html is not None
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert html.startswith("<p>Target &lt;script")


def test_no_warning_leaks() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        repr(keyness(many(5), target="d000", min_n=1))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"target": "aa"}, "target='aa' is not one of 'a', 'b', 'c', 'd', 'e'; did you mean 'a'"),
        ({"target": ["a", "z"]}, "target='z' is not one of"),
        ({"target": "a", "reference": "rst"}, "reference='rst' is not one of"),
        ({"target": "a", "by": "docid"}, "by='docid' is not one of 'doc_id', 'para'; did you mean 'doc_id'"),
        ({"target": "a", "unit": "par"}, "unit='par' is not one of 'doc_id', 'para'; did you mean 'para'"),
        ({"target": "a", "measure": "lcr"}, "measure='lcr' is not one of .*; did you mean 'lrc'"),
        ({"target": "a", "measure": "LRC"}, "measure='LRC' is not one of .*; did you mean 'lrc'"),
        ({"target": "a", "measure": "lr"}, "measure='lr' is not one of .*; did you mean 'log_ratio'"),
        ({"target": "a", "unit": "paragraphs"}, "unit='paragraphs' is not one of .*; did you mean 'para'"),
        ({"target": "a", "unit": "paragraph"}, "unit='paragraph' is not one of .*; did you mean 'para'"),
        ({"target": "a", "unit": "documents"}, "unit='documents' is not one of .*; did you mean 'doc_id'"),
        ({"target": "a", "unit": "document"}, "unit='document' is not one of .*; did you mean 'doc_id'"),
        ({"target": "a", "by": "Para"}, "by='Para' is not one of .*; did you mean 'para'"),
        ({"target": "a", "by": "place"},
         r"by='place' is not one of 'doc_id', 'para' \(.* come with study\.terms_with\('place'\)\)"),
        ({"target": "a", "unit": "publisher"}, r"unit='publisher' is not one of .* come with study\.terms_with"),
        ({"target": "a", "measure": "log_ratio_low"}, "measure='log_ratio_low' is not one of"),
        ({"target": "0", "by": "para"}, "target='0' is str; the values of 'para' are int: 0, 1"),
        ({"target": 7, "by": "para"}, "target='7' is not one of '0', '1'"),
    ],
)
def test_a_misspelt_name_raises_with_the_choices(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ChoiceError, match=message):
        keyness(FIVE, **{"min_n": 1, **arguments})


@pytest.mark.parametrize("kind", [pd.DataFrame, duckdb.from_df])
def test_a_value_of_another_column_names_that_column(kind: Callable[[pd.DataFrame], Any]) -> None:
    terms = kind(FIVE.assign(place=FIVE["doc_id"].map({"a": "南湖区"}).fillna("西城区"), **{'the "press"': "晚报"}))
    for arguments, message in (
        ({"target": "南湖区"}, "target='南湖区' is no value of 'doc_id'; it is one of 'place': by='place'"),
        ({"target": "a", "reference": ["b", "西城区"]}, "'西城区' is no value of 'doc_id'; it is one of 'place'"),
        ({"target": "c", "by": "place"}, "target='c' is no value of 'place'; it is one of 'doc_id': by='doc_id'"),
        ({"target": "晚报"}, "it is one of 'the \"press\"'"),
        ({"target": "平安"}, "target='平安' is not one of 'a', 'b', 'c', 'd', 'e'$"),
        ({"target": 1}, "target='1' is not one of 'a', 'b', 'c', 'd', 'e'$"),
    ):
        with pytest.raises(ChoiceError, match=message):
            keyness(terms, min_n=1, **arguments)


def test_of_many_choices_the_nearest_are_named() -> None:
    with pytest.raises(ChoiceError, match="target='d007x' is none of the 30 values of 'doc_id'; nearest: 'd007'"):
        keyness(many(30), target="d007x")
    with pytest.raises(ChoiceError, match="target='d007x' is not one of 'd000', 'd001'"):
        keyness(many(12), target="d007x")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"target": []}, "target: is empty"),
        ({"target": "a", "reference": []}, "reference: is empty"),
        ({"target": list("abcde")}, "target: holds every value of 'doc_id'"),
        ({"target": ["a", "b"], "reference": ["b", "c"]}, "reference: 'b' stands in the target too"),
        ({"target": "a", "min_n": 0}, "min_n=0;"),
        ({"target": "a", "min_n": 99}, "min_n=99: no term occurs so often"),
        ({"target": "a", "vocabulary": ["平安"], "min_n": 99}, "no term of the vocabulary occurs so often"),
        ({"target": "a", "vocabulary": ["没有"]}, "vocabulary: none of its 1 terms occurs in the texts compared"),
        ({"target": "a", "reference": "b", "vocabulary": ["没有"]}, "vocabulary: none of its 1 terms occurs"),
        ({"target": "c", "reference": "d", "vocabulary": ["平安", "网格"]}, "vocabulary: none of its 2 terms occurs"),
        ({"target": "a", "vocabulary": FIVE}, "vocabulary is DataFrame; it must be a list or Series of terms"),
        ({"target": "a", "vocabulary": ["平安", ["禁毒"]]}, r"vocabulary: holds \['禁毒'\]; it must be a list"),
        ({"target": [["a"], "b"]}, "target=.*; it must be one value of 'doc_id', or a list of them"),
        ({"target": "a", "vocabulary": "平安"}, "vocabulary='平安'; it must be a list"),
        ({"target": "a", "permutations": -1}, "permutations=-1;"),
        ({"target": "a", "permutations": 9.5}, "permutations=9.5;"),
        ({"target": "a", "alpha": 1}, "alpha=1;"),
        ({"target": "a", "seed": -1}, "seed=-1;"),
        ({"target": "a", "workers": 0}, "workers=0;"),
        ({"target": 0, "by": "para", "unit": "doc_id"}, "unit='doc_id': 'a' has words on both sides"),
        ({"target": "a", "prior": 0}, "prior: must have one number above 0"),
        ({"target": "a", "prior": {"平安": 1}}, "prior: has no value for"),
        ({"target": "a", "prior": "many"}, "prior is str"),
    ],
)
def test_what_cannot_be_compared_raises(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(TableError, match=message):
        keyness(FIVE, **{"min_n": 1, **arguments})


@pytest.mark.parametrize("wrong", [FIVE["term"], FIVE["term"].tolist(), None])
def test_what_is_no_table_raises(wrong: Any) -> None:
    message = f"terms is {type(wrong).__name__}; a table as study.terms is needed"
    for compare in (
        partial(keyness, target="a"), partial(pa.keyness_of_each, by="doc_id"), pa.calibrate_keyness, pa.keyness_power,
    ):
        with pytest.raises(TableError, match=message):
            compare(wrong)


def test_a_table_at_fault_raises() -> None:
    with pytest.raises(TableError, match="repeats"):
        keyness(pd.concat([FIVE, FIVE]), target="a")
    with pytest.raises(TableError, match="no column 'n'"):
        keyness(FIVE.drop(columns="n"), target="a")
    with pytest.raises(ChoiceError, match="column='doc_id' is not one of"):
        keyness(FIVE.rename(columns={"doc_id": "place"}), target="a", by="place")
    with pytest.raises(TableError, match="no words"):
        keyness(FIVE[:0], target="a")


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the five articles are not here")
def test_script_twins_have_the_same_keywords() -> None:
    documents = pa.read_articles(ARTICLES)
    documents["boilerplate"] = [()] * len(documents)
    twins = [pa.count_terms(documents.assign(text=documents["text"].map(OpenCC(config).convert)))
             for config in ("t2s", "s2t")]
    for target in documents["doc_id"]:
        simplified, traditional = (keyness(terms, target=target, permutations=99) for terms in twins)
        for marks in (lambda result: result["g2"] > 3.84, lambda result: result["claim"] != ""):
            assert set(simplified["term"][marks(simplified)]) == set(traditional["term"][marks(traditional)])


def test_random_choices_keep_the_number_of_units_of_each_stratum_and_favour_none() -> None:
    strata, in_target = np.array([0, 0, 0, 0, 1, 1, 1]), np.array([1, 0, 0, 1, 0, 1, 0], dtype=bool)
    units = Units("paragraphs", csr_array((7, 1)), np.ones(7), in_target, strata, True)
    assert units.arrangements() == 6 * 3
    labels = Sampler(units, 3600, seed=1).draw(3600, np.random.SeedSequence(1))
    assert labels.shape == (7, 3600)
    assert (labels[:4].sum(axis=0) == 2).all()
    assert (labels[4:].sum(axis=0) == 1).all()
    _, drawn = np.unique(labels, axis=1, return_counts=True)
    assert len(drawn) == 18
    assert stats.chisquare(drawn).pvalue > 0.01
    every = np.hstack(list(Sampler(units, 17, seed=1).choices()))
    assert every.shape == (7, 18)
    assert np.unique(every, axis=1).shape == (7, 18)


@pytest.mark.parametrize(
    ("n", "arrangements"), [(52, math.comb(52, 26)), (54, math.inf), (10**5, math.inf)]  # 5e14, 2e15, and 30,000 digits
)
def test_countless_arrangements_are_not_counted(n: int, arrangements: float) -> None:
    one_stratum = np.zeros(n, dtype=np.int64)
    units = Units("documents", csr_array((n, 1)), np.ones(n), np.arange(n) % 2 == 0, one_stratum, False)
    assert units.arrangements() == arrangements


def test_the_statistic_is_made_normal_by_the_moments_over_all_choices() -> None:
    random = np.random.default_rng(2)
    strata, in_target = np.array([0] * 6 + [1] * 5), np.array([1, 1] + [0] * 4 + [1] + [0] * 4, dtype=bool)
    counts, words = random.poisson([0.7, 2, 8], (11, 3)).astype(float), random.integers(20, 90, 11).astype(float)
    units = Units("paragraphs", csr_array(counts), words, in_target, strata, True)
    labels = np.hstack(list(Sampler(units, 999, seed=0).choices()))
    assert labels.shape == (11, 15 * 5)
    for term, got in enumerate(ScoreStatistic(units).of(labels)):
        residuals = np.concatenate([
            counts[block, term] - words[block] * counts[block, term].sum() / words[block].sum()
            for block in (strata == 0, strata == 1)
        ])
        sums = residuals @ labels
        assert sums.mean() == pytest.approx(0, abs=1e-9)
        skewness = stats.skew(sums)
        expected = 6 / skewness * (np.cbrt(1 + skewness / 2 * sums / sums.std()) - 1) + skewness / 6
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9)
