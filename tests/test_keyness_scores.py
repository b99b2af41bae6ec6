"""Measures of keyness, each against two oracles that were made elsewhere or otherwise, and printed values."""

import math
import warnings
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import logit
from scipy.stats.contingency import odds_ratio, relative_risk

from pingan_analysis.errors import TableError
from pingan_analysis.keyness import keyness_scores

COLUMNS = [
    "g2", "g2_two_cell", "log_ratio", "log_ratio_low", "log_ratio_high", "lrc", "log_odds_z", "percent_diff",
    "odds_ratio", "bic", "ell",
]
SIGNED = ["g2", "g2_two_cell", "log_ratio", "lrc", "log_odds_z"]
CASES = [
    (110, 2552, 111, 29225), (12000, 10**6, 10000, 10**6), (7, 10, 2, 9), (7, 1000, 2, 1000), (2, 1000, 7, 1500),
    (30, 932, 20, 3728), (3, 700, 41, 9000), (5, 5, 3, 8), (4, 40, 9, 9), (1, 50, 1, 60),
]
WITH_ZEROS = [(0, 932, 6, 3728), (6, 932, 0, 3728)]


def score(a: float, n1: float, b: float, n2: float, **options: object) -> pd.Series:
    return keyness_scores(a, n1, b, n2, **options).iloc[0]


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def ln(value: Fraction) -> Fraction:
    """Natural logarithm to fifty digits."""
    with localcontext() as context:
        context.prec = 50
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).ln())


def log2(value: Fraction) -> float:
    return float(ln(value) / ln(Fraction(2)))


def likelihood_ratio(observed: list[int], expected: list[Fraction]) -> Fraction:
    return 2 * sum((o * ln(Fraction(o) / e) for o, e in zip(observed, expected, strict=True) if o), Fraction())


def sign(a: int, n1: int, b: int, n2: int) -> int:
    first, second = Fraction(a, n1), Fraction(b, n2)
    return (first > second) - (first < second)


def expected_two(a: int, n1: int, b: int, n2: int) -> list[Fraction]:
    return [Fraction(n * (a + b), n1 + n2) for n in (n1, n2)]


@pytest.mark.parametrize("case", CASES + WITH_ZEROS)
def test_g2_over_four_cells(case: tuple[int, int, int, int]) -> None:
    a, n1, b, n2 = case
    table = [[a, n1 - a], [b, n2 - b]]
    library = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    assert score(*case).g2 == near(sign(*case) * library.statistic)
    rows, columns = [n1, n2], [a + b, n1 + n2 - a - b]
    expected = [Fraction(row * column, n1 + n2) for row in rows for column in columns]
    assert score(*case).g2 == near(sign(*case) * float(likelihood_ratio([a, n1 - a, b, n2 - b], expected)))


@pytest.mark.parametrize("case", CASES + WITH_ZEROS)
def test_measures_of_the_two_cell_likelihood_ratio(case: tuple[int, int, int, int]) -> None:
    a, n1, b, n2 = case
    expected = expected_two(*case)
    exact = likelihood_ratio([a, b], expected)
    library = stats.power_divergence([a, b], list(map(float, expected)), lambda_="log-likelihood").statistic
    got = score(*case)
    for ratio in (float(exact), library):
        assert got.g2_two_cell == near(sign(*case) * ratio)
        assert got.bic == near(ratio - math.log(n1 + n2))
        assert got.ell == near(ratio / ((n1 + n2) * math.log(min(expected))))
    assert got.bic == near(float(exact - ln(Fraction(n1 + n2))))
    assert got.ell == near(float(exact / ((n1 + n2) * ln(min(expected)))))


@pytest.mark.parametrize("case", CASES)
def test_ratios_of_shares(case: tuple[int, int, int, int]) -> None:
    a, n1, b, n2 = case
    ratio = Fraction(a, n1) / Fraction(b, n2)
    library = relative_risk(a, n1, b, n2).relative_risk
    got = score(*case)
    assert got.log_ratio == near(log2(ratio))
    assert got.log_ratio == near(math.log2(library))
    assert got.percent_diff == near(float(100 * (ratio - 1)))
    assert got.percent_diff == near(100 * (library - 1))


@pytest.mark.parametrize("case", [case for case in CASES if case[0] < case[1] and case[2] < case[3]] + WITH_ZEROS)
def test_odds_ratio(case: tuple[int, int, int, int]) -> None:
    a, n1, b, n2 = case
    assert score(*case).odds_ratio == near(odds_ratio([[a, b], [n1 - a, n2 - b]], kind="sample").statistic)
    if b:
        assert score(*case).odds_ratio == near(float(Fraction(a, n1 - a) / Fraction(b, n2 - b)))


def bounds_of_binomtest(a: int, n1: int, b: int, n2: int, alpha: float) -> list[float]:
    interval = stats.binomtest(a, a + b).proportion_ci(confidence_level=1 - alpha, method="exact")
    return [math.log2(n2 * bound / (n1 * (1 - bound))) if 0 < bound < 1 else math.copysign(math.inf, bound - 0.5)
            for bound in interval]


def bounds_of_beta(a: int, n1: int, b: int, n2: int, alpha: float) -> list[float]:
    # odds at a quantile of a beta distribution are a quantile of a beta-prime distribution
    low = stats.betaprime(a, b + 1).ppf(alpha / 2) if a else 0
    high = stats.betaprime(a + 1, b).isf(alpha / 2) if b else math.inf
    with np.errstate(divide="ignore"):
        return [float(np.log2(n2 / n1 * odds)) for odds in (low, high)]


@pytest.mark.parametrize("case", CASES + WITH_ZEROS)
@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_interval_of_the_log_ratio(case: tuple[int, int, int, int], alpha: float) -> None:
    got = score(*case, alpha=alpha)
    for low, high in (bounds_of_binomtest(*case, alpha), bounds_of_beta(*case, alpha)):
        assert got.log_ratio_low == near(low)
        assert got.log_ratio_high == near(high)


@pytest.mark.parametrize("case", CASES + WITH_ZEROS)
def test_bounds_leave_half_of_alpha_outside(case: tuple[int, int, int, int]) -> None:
    a, n1, b, n2 = case

    def chance(counts: range, odds: float) -> float:
        share = odds / (1 + odds)
        return math.fsum(stats.binom.pmf(list(counts), a + b, share))

    got = score(*case, alpha=0.1)
    if a:
        assert chance(range(a, a + b + 1), 2**got.log_ratio_low * n1 / n2) == pytest.approx(0.05, rel=1e-7)
    if b:
        assert chance(range(a + 1), 2**got.log_ratio_high * n1 / n2) == pytest.approx(0.05, rel=1e-7)


@pytest.mark.parametrize("case", CASES + WITH_ZEROS)
@pytest.mark.parametrize("vocabulary", [1, 25, 4000])
def test_lrc_is_the_bound_nearer_to_0_at_the_corrected_level(case: tuple[int, int, int, int], vocabulary: int) -> None:
    got = score(*case, vocabulary=vocabulary).lrc
    for bounds in (bounds_of_binomtest(*case, 0.05 / vocabulary), bounds_of_beta(*case, 0.05 / vocabulary)):
        low, high = bounds
        assert got == near(low if low > 0 else high if high < 0 else 0)


def test_lrc_corrects_for_the_number_of_rows() -> None:
    rows = keyness_scores([30, 5, 9], 932, [20, 8, 11], 3728)
    assert rows["lrc"].iloc[0] == near(score(30, 932, 20, 3728, vocabulary=3).lrc)
    assert rows["lrc"].iloc[0] < score(30, 932, 20, 3728).lrc


@pytest.mark.parametrize("case", CASES + WITH_ZEROS)
def test_log_odds_with_the_pooled_corpus_as_background(case: tuple[int, int, int, int]) -> None:
    a, n1, b, n2 = case
    alpha, total = a + b, n1 + n2
    got = score(*case).log_odds_z
    odds = [Fraction(f + alpha, n + total - f - alpha) for f, n in ((a, n1), (b, n2))]
    variance = sum(Fraction(1, f + alpha) for f in (a, b))
    assert got == near(float(ln(odds[0]) - ln(odds[1])) / math.sqrt(variance))
    shares = [(f + alpha) / (n + total) for f, n in ((a, n1), (b, n2))]
    scale = math.sqrt((a + alpha) * (b + alpha) / (a + b + 2 * alpha))
    assert got == near((logit(shares[0]) - logit(shares[1])) * scale)


def test_log_odds_with_a_prior_of_each_term() -> None:
    a, b, prior = [3, 0, 5], [1, 4, 5], [0.5, 2.0, 7.5]
    got = keyness_scores(a, 40, b, 60, prior=prior)["log_odds_z"]
    for row, (f, g, alpha) in enumerate(zip(a, b, prior, strict=True)):
        difference = logit((f + alpha) / (40 + 10)) - logit((g + alpha) / (60 + 10))
        assert got[row] == near(difference / math.sqrt(1 / (f + alpha) + 1 / (g + alpha)))


def test_printed_values() -> None:
    assert score(110, 2552, 111, 29225).g2 == pytest.approx(270.7219, abs=1e-4)  # Dunning 1993
    rayson = score(12000, 10**6, 10000, 10**6)
    assert rayson.g2_two_cell == pytest.approx(182.069452, abs=1e-6)
    assert rayson.bic == pytest.approx(167.560794, abs=1e-6)
    assert score(7, 10, 2, 9).g2 == pytest.approx(4.5349394, abs=1e-7)
    small = score(7, 1000, 2, 1000)
    assert small.g2 == pytest.approx(2.954494184508, abs=1e-12)
    assert small.lrc == 0
    # another zero rule, which adds ½ to all counts and totals
    assert score(7.5, 1000.5, 2.5, 1000.5).log_ratio == pytest.approx(1.584962500721, abs=1e-12)


def test_printed_log_odds_of_two_sentences() -> None:
    fox = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "pig"]
    donkey = ["the", "lazy", "purple", "pig", "jumps", "over", "the", "lazier", "donkey"]
    words = sorted({*fox, *donkey})
    a, b = ([sentence.count(word) for word in words] for sentence in (fox, donkey))
    z = keyness_scores(a, len(fox), b, len(donkey), prior=0.05)["log_odds_z"].set_axis(words)
    assert z["brown"] == pytest.approx(0.6894227886808, abs=1e-12)
    assert z["donkey"] == pytest.approx(-0.6894227886808, abs=1e-12)


def test_rules_for_zeros() -> None:
    over, under, absent = score(6, 932, 0, 3728), score(0, 932, 6, 3728), score(0, 100, 0, 400)
    assert over.log_ratio == near(math.log2(6 / 932 / (0.5 / 3728)))
    assert under.log_ratio == near(math.log2(0.5 / 932 / (6 / 3728)))
    assert absent.log_ratio == near(2)
    assert (over.log_ratio_high, under.log_ratio_low) == (math.inf, -math.inf)
    assert (absent.log_ratio_low, absent.log_ratio_high) == (-math.inf, math.inf)
    assert (over.percent_diff, over.odds_ratio) == (math.inf, math.inf)
    assert (under.percent_diff, under.odds_ratio) == (-100, 0)
    assert absent[["percent_diff", "odds_ratio", "log_odds_z", "ell"]].isna().all()
    assert absent[["g2", "g2_two_cell", "lrc"]].eq(0).all()
    assert absent.bic == near(-math.log(500))


def test_a_term_that_is_all_there_is_marks_neither_side() -> None:
    only = score(5, 5, 8, 8)
    assert math.isnan(only.log_odds_z)
    assert math.isnan(only.odds_ratio)
    assert only[["g2", "g2_two_cell", "log_ratio", "lrc", "percent_diff"]].eq(0).all()
    assert score(5, 5, 3, 8).odds_ratio == math.inf


def test_ell_is_undefined_where_one_occurrence_is_expected() -> None:
    assert math.isnan(score(2, 10, 0, 10).ell)
    assert score(2, 10, 1, 10).ell > 0 > score(1, 10, 0, 10).ell


pairs = st.tuples(st.integers(1, 5000), st.integers(1, 5000)).flatmap(
    lambda totals: st.tuples(
        st.integers(0, totals[0]), st.just(totals[0]), st.integers(0, totals[1]), st.just(totals[1])
    )
)


@given(pairs)
def test_target_and_reference_change_places(case: tuple[int, int, int, int]) -> None:
    a, n1, b, n2 = case
    here, there = score(a, n1, b, n2), score(b, n2, a, n1)
    for name in SIGNED:
        assert here[name] == pytest.approx(-there[name], rel=1e-9, abs=1e-9, nan_ok=True)
    for name in ("bic", "ell"):
        assert here[name] == pytest.approx(there[name], rel=1e-9, abs=1e-9, nan_ok=True)
    assert here.log_ratio_low == pytest.approx(-there.log_ratio_high, rel=1e-9, abs=1e-9)


@given(pairs)
def test_signs_agree_and_the_interval_holds_the_ratio(case: tuple[int, int, int, int]) -> None:
    got = score(*case)
    for name in ("g2", "g2_two_cell", "lrc"):
        assert got[name] * sign(*case) >= 0
    if case[0] and case[2]:
        assert got.log_ratio_low <= got.log_ratio <= got.log_ratio_high
    assert abs(got.lrc) <= abs(got.log_ratio) or 0 in (case[0], case[2])


def test_columns_index_and_kinds_of_input() -> None:
    terms = pd.Index(["平安", "禁毒"])
    series = keyness_scores(pd.Series([3, 1], index=terms), 10, pd.Series([2, 2], index=terms, dtype="Int64"), 12)
    assert list(series.columns) == COLUMNS
    assert series.index.equals(terms)
    for a, b in (([3, 1], (2, 2)), (np.array([3, 1]), np.array([2.0, 2.0])), (pd.array([3, 1]), [2, 2])):
        other = keyness_scores(a, 10, b, [12, 12])
        np.testing.assert_array_equal(other, series)
        assert other.index.equals(pd.RangeIndex(2))
    assert len(keyness_scores(3, 10, 2, 12)) == 1
    assert list(keyness_scores([], 10, [], 12).columns) == COLUMNS


def test_no_warning_leaks() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        keyness_scores([0, 0, 5, 5], [5, 5, 5, 5], [0, 3, 0, 8], [8, 8, 8, 8])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([3, -1], 10, 2, 12), "a=-1 in row 2 .*0 or more"),
        (([3, math.nan], 10, 2, 12), "a=nan in row 2"),
        ((3, math.inf, 2, 12), "n1=inf in row 1"),
        ((pd.array([3, None]), 10, 2, 12), "a=nan in row 2"),
        ((pd.Series([3, 11, 12], index=["甲", "乙", "丙"]), 10, 2, 12), "a=11 in row 2 .index '乙'.; .*n1"),
        ((3, 10, 13, 12), "b=13 in row 1 .*n2"),
        ((0, 0, 2, 12), "n1=0 in row 1"),
        ((1, 4, 0, 0), "n2=0 in row 1"),
        (([1, 2], 10, [1, 2, 3], 12), "of one length.* a 2, n1 1, b 3, n2 1"),
        (([[1, 2]], 10, 1, 12), "a: has 2 dimensions"),
        ((["many"], 10, 1, 12), "a: holds something that is no number"),
        ((pd.Series([1], index=["甲"]), 10, pd.Series([1], index=["乙"]), 12), "b: has another index"),
    ],
)
def test_wrong_counts_are_named(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(TableError, match=message):
        keyness_scores(*arguments)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alpha": 0}, "alpha=0;"), ({"alpha": 1.5}, "alpha=1.5;"), ({"vocabulary": 0}, "vocabulary=0;"),
        ({"prior": 0}, "prior: must be numbers above 0"), ({"prior": [1, math.nan]}, "prior: must be numbers above 0"),
        ({"prior": [1, 2, 3]}, "prior: has 3 values for 2 terms"),
        ({"prior": pd.Series([1, 2], index=["甲", "乙"])}, "prior: has another index"),
    ],
)
def test_wrong_options_are_named(options: dict[str, object], message: str) -> None:
    with pytest.raises(TableError, match=message):
        keyness_scores([1, 2], 10, [1, 2], 12, **options)
