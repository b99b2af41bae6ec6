"""Calibration: recipes on random splits, by plain loops, by the table itself, and what must come out in theory."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import pingan_analysis as pa
from pingan_analysis.calibration import calibrate_keyness, keyness_power
from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.keyness import keyness
from pingan_analysis.keywords.recipes import RECIPES
from pingan_analysis.keywords.splits import grouped_by_size, paragraph_units, random_targets, splits_of

ARTICLES = Path(__file__).parents[1] / "../shared/articles"


def paragraphs(n: int = 60, *, clump: float = 1, seed: int = 0) -> pd.DataFrame:
    """Return `n` documents of one paragraph; words come independently, or, with a `clump`, so many at once."""
    random = np.random.default_rng(seed)
    rows = []
    for document in range(n):
        length = random.integers(20, 80)
        counts = random.poisson(length / 60 / clump * np.linspace(0.3, 3, 40)) * clump
        rows += [(f"d{document:03}", 0, f"词{term:02}", int(k)) for term, k in enumerate(counts) if k]
        rows.append((f"d{document:03}", 0, "的", int(length)))
    return pd.DataFrame(rows, columns=["doc_id", "para", "term", "n"])


def rates(table: pd.DataFrame) -> dict[str, float]:
    return dict(zip(table["recipe"], table["rate"], strict=True))


def test_columns_and_interval() -> None:
    table = calibrate_keyness(paragraphs(), draws=40, permutations=99, alpha=0.1)
    assert list(table.columns) == ["recipe", "draws", "claimed", "rate", "low", "high", "alpha"]
    assert table["recipe"].tolist() == ["g2_bh", "g2_bonferroni", "permutation"]
    for row in table.itertuples():
        assert (row.draws, row.rate, row.alpha) == (40, row.claimed / 40, 0.1)
        assert row.low == pytest.approx(stats.beta.ppf(0.025, row.claimed, 41 - row.claimed) if row.claimed else 0)
        assert row.high == pytest.approx(stats.beta.ppf(0.975, row.claimed + 1, 40 - row.claimed))


def test_words_that_clump_mislead_recipes_that_count_words() -> None:
    found = rates(calibrate_keyness(paragraphs(clump=4), recipes=list(RECIPES), draws=300))
    assert found["g2_bh"] > 0.5
    assert found["g2_bonferroni"] > 0.5
    assert found["g2_bh_tokens"] < 0.1
    assert found["permutation"] < 0.1


def test_words_that_do_not_clump_mislead_none() -> None:
    for recipe, rate in rates(calibrate_keyness(paragraphs(120), draws=300)).items():
        assert rate < 0.1, recipe


def test_the_error_rate_follows_alpha() -> None:
    for alpha in (0.2, 0.5):
        found = rates(calibrate_keyness(paragraphs(clump=4), recipes=["permutation"], draws=600, alpha=alpha))
        assert found["permutation"] == pytest.approx(alpha, abs=0.08)


def one_split(terms: pd.DataFrame, size: int, seed: int = 3) -> tuple[object, list[str], list[str]]:
    """Return a split with `size` target documents, which are named, and the terms that are tested."""
    units = paragraph_units(terms, vocabulary=None, min_n=5, min_words=5)
    names = sorted(set(terms["doc_id"]))
    chosen = sorted(np.random.default_rng(seed).choice(len(names), size, replace=False))
    labels = np.zeros((len(names), 1), dtype=bool)
    labels[chosen] = True
    totals = terms.groupby("term")["n"].sum()
    splits = splits_of(units, labels, permutations=199, seed=seed)
    return splits, [names[i] for i in chosen], sorted(totals[totals >= 5].index)


def test_the_permutation_recipe_is_what_keyness_does() -> None:
    terms = paragraphs(clump=3)
    splits, target, tested = one_split(terms, 11)
    table = keyness(terms, target=target, unit="doc_id", permutations=199, seed=3).set_index("term")
    assert sorted(table.index) == tested
    np.testing.assert_array_equal(RECIPES["permutation"](splits)[:, 0], table.loc[tested, "p_permutation"])
    assert table["p_permutation"].nunique() > 5


def test_recipes_of_g2_by_plain_loops() -> None:
    terms = paragraphs(clump=3)
    splits, target, tested = one_split(terms, 11)
    here = terms[terms["doc_id"].isin(target)]
    there = terms[~terms["doc_id"].isin(target)]
    p = []
    for term in tested:
        a, b = (side.loc[side["term"] == term, "n"].sum() for side in (here, there))
        cells = [[a, here["n"].sum() - a], [b, there["n"].sum() - b]]
        p.append(stats.chi2_contingency(cells, correction=False, lambda_="log-likelihood").pvalue)
    np.testing.assert_allclose(RECIPES["g2_bonferroni"](splits)[:, 0], [min(1, q * len(p)) for q in p], rtol=1e-9)
    ranked = sorted(p, reverse=True)
    corrected, least = {}, 1.0
    for rank, q in zip(range(len(p), 0, -1), ranked, strict=True):
        least = min(least, q * len(p) / rank)
        corrected[q] = least
    np.testing.assert_allclose(RECIPES["g2_bh"](splits)[:, 0], [corrected[q] for q in p], rtol=1e-9)


def test_targets_are_as_long_as_asked_and_no_longer_than_need_be() -> None:
    words = np.random.default_rng(1).integers(5, 80, 50).astype(float)
    labels = random_targets(words, 300, 200, seed=1)
    lengths = words @ labels
    assert (lengths >= 300).all()
    for length, chosen in zip(lengths, labels.T, strict=True):
        assert length - words[chosen].max() < 300
    assert len({tuple(chosen) for chosen in labels.T}) == 200
    np.testing.assert_allclose(labels.mean(axis=1), labels.mean(), atol=0.15)
    groups = list(grouped_by_size(labels))
    assert sorted(np.concatenate(groups)) == list(range(200))
    assert all(len(set(labels[:, group].sum(axis=0))) == 1 for group in groups)


def test_a_target_never_takes_all_paragraphs() -> None:
    assert (random_targets(np.array([10.0, 20.0, 30.0]), 59.5, 20, seed=0).sum(axis=0) == 2).all()


def test_short_paragraphs_and_rare_words_stay_out() -> None:
    terms = pd.DataFrame(
        [("a", 0, "平安", 6), ("a", 1, "平安", 4), ("a", 2, "禁毒", 5), ("a", 2, "的", 4), ("b", 0, "的", 5)],
        columns=["doc_id", "para", "term", "n"],
    )
    units = paragraph_units(terms, vocabulary=None, min_n=5, min_words=5)
    assert units.words.tolist() == [6, 9, 5]
    assert units.counts.toarray().tolist() == [[6, 0, 0], [0, 4, 5], [0, 5, 0]]  # in order of characters
    one_word = paragraph_units(terms, vocabulary={"平安"}, min_n=1, min_words=1)
    assert one_word.counts.toarray().tolist() == [[6], [4], [0], [0]]


def test_a_word_that_is_planted_is_found_more_often_the_more_frequent_it_is() -> None:
    table = keyness_power(paragraphs(), per_1000=(1, 5, 30), draws=60, permutations=199)
    assert list(table.columns) == ["recipe", "per_1000", "factor", "draws", "found", "rate", "low", "high"]
    for _, found in table.groupby("recipe"):
        assert found["rate"].is_monotonic_increasing
        assert found["rate"].iloc[-1] > 0.9
        assert found["rate"].iloc[0] < 0.6
    assert (table["rate"] == table["found"] / 60).all()


def test_a_rate_is_planted_the_same_beside_others() -> None:
    alone, twice, with_more = (
        keyness_power(paragraphs(), per_1000=rates, draws=50, permutations=99, recipes=["permutation"])
        for rates in ([5], [5, 5], [1, 5])
    )
    pd.testing.assert_frame_equal(alone, twice)
    assert with_more["found"].iloc[1] == alone["found"].iloc[0]


def test_a_word_that_is_no_more_frequent_is_hardly_found() -> None:
    table = keyness_power(paragraphs(), factor=1, per_1000=[20], draws=200, permutations=99, recipes=["permutation"])
    assert table["rate"].iloc[0] < 0.05
    rarer = keyness_power(paragraphs(), factor=0.1, per_1000=[40], draws=50, permutations=99)
    assert rarer["found"].eq(0).all()  # claimed for the reference, if at all


def test_a_planted_word_below_the_least_count_is_not_found() -> None:
    assert keyness_power(paragraphs(), per_1000=[10], draws=30, min_n=2000, permutations=99,
                         vocabulary=["的"])["found"].eq(0).all()


def test_a_planted_word_has_the_p_of_keyness() -> None:
    terms = paragraphs(20, clump=3)
    _, target, tested = one_split(terms, 4)
    planted = np.random.default_rng(0).poisson(2, (20, 1)).astype(float)
    names = sorted(set(terms["doc_id"]))
    rows = [(name, 0, "种", int(k)) for name, k in zip(names, planted[:, 0], strict=True) if k]
    # in the place of other words
    with_it = terms.copy()
    function_words = with_it["term"] == "的"
    in_place_of = with_it.loc[function_words, "doc_id"].map(dict(zip(names, planted[:, 0], strict=True)))
    with_it.loc[function_words, "n"] -= in_place_of.astype(int)
    with_it = pd.concat([with_it, pd.DataFrame(rows, columns=terms.columns)])
    others = [term for term in tested if term != "的"]
    table = keyness(with_it, target=target, unit="doc_id", permutations=199, seed=3, vocabulary=[*others, "种"])
    units = paragraph_units(terms, vocabulary=set(others), min_n=5, min_words=5)
    labels = np.isin(names, target)[:, np.newaxis]
    got = RECIPES["permutation"](splits_of(units, labels, permutations=199, seed=3, planted=planted))
    expected = table.set_index("term").loc[[*others, "种"], "p_permutation"]
    np.testing.assert_allclose(got[:, 0], expected)


def test_same_seed_same_table() -> None:
    first, again, other = (calibrate_keyness(paragraphs(), draws=100, permutations=99, alpha=0.5, seed=seed)
                           for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert first["claimed"].tolist() != other["claimed"].tolist()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"recipes": ["g2_hb"]}, ChoiceError, "recipe='g2_hb' is not one of .*; did you mean 'g2_bh'"),
        ({"recipes": "permutation"}, TableError, "recipes='permutation'; it must be a list"),
        ({"recipes": []}, TableError, "recipes"),
        ({"alpha": 0}, TableError, "alpha=0;"),
        ({"draws": 0}, TableError, "draws=0;"),
        ({"permutations": 0}, TableError, "permutations=0;"),
        ({"target_words": 10**6}, TableError, "target_words=1000000; .* less than"),
        ({"target_words": -1}, TableError, "target_words=-1;"),
        ({"vocabulary": "平安"}, TableError, "vocabulary='平安'"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, object], error: type[Exception], message: str) -> None:
    for function in (calibrate_keyness, keyness_power):
        with pytest.raises(error, match=message):
            function(paragraphs(10), **arguments)


@pytest.mark.parametrize(("name", "value"), [("factor", 0), ("factor", math.nan), ("per_1000", [5, -1])])
def test_wrong_rates_are_named(name: str, value: object) -> None:
    with pytest.raises(TableError, match=f"{name}="):
        keyness_power(paragraphs(10), **{name: value})


def test_a_table_without_paragraphs_is_refused() -> None:
    with pytest.raises(ChoiceError, match="column='para'"):
        calibrate_keyness(paragraphs(10).drop(columns="para"))


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the five articles are not here")
def test_the_five_articles() -> None:
    terms = pa.count_terms(pa.read_articles(ARTICLES))
    found = rates(calibrate_keyness(terms, recipes=list(RECIPES)))
    assert found["g2_bh"] > 0.5
    assert found["g2_bonferroni"] > 0.5
    assert found["g2_bh_tokens"] < 0.064
    assert found["permutation"] <= 0.064
    power = keyness_power(terms, recipes=["permutation"], per_1000=[6], draws=300)
    assert power["rate"].iloc[0] >= 0.8


@pytest.mark.parametrize("function", [calibrate_keyness, keyness_power])
@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"min_words": 500}, "min_words=500: there are no two paragraphs"),
        ({"min_n": 10**6}, "min_n=1000000: no term"),
    ],
)
def test_where_there_is_nothing_to_compare_the_table_is_empty_and_says_so(
    function: Callable[..., pd.DataFrame], limits: dict[str, int], message: str
) -> None:
    with pytest.warns(UserWarning, match=message):
        table = function(paragraphs(10), draws=2, **limits)
    assert table.empty
    assert list(table) == list(function(paragraphs(10), draws=2))
