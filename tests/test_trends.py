"""Trends of terms: counted by hand, with SciPy's interval, and on the news sample by another way of counting."""

from __future__ import annotations

import gzip
import json
import math
import re
import time
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.trends import term_trend, wilson_interval

NEWS = Path(__file__).parents[1] / "../shared/corpora/news_2012_2026_sample.jsonl.gz"
FIXED = [
    "term", "period_start", "documents", "documents_with", "mentions", "per_1000_documents",
    "per_million_characters", "low", "high", "partial",
]


def corpus(*rows: tuple[str | None, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [(f"d{n}", published, text) for n, (published, text) in enumerate(rows)],
        columns=["doc_id", "published", "text"],
    )


SMALL = corpus(
    ("2018-01-01", "网格员和网格长，网格员"),
    ("2018-07-02", "没有"),
    ("2020-03-05", "網(wǎng)格員"),
    ("2020-12-31", "综治网格"),
)


def test_counts_by_hand():
    table = term_trend(SMALL, ["网格员", "網格", "雪亮工程"])
    assert list(table.columns[: len(FIXED)]) == FIXED
    years = table["period_start"].dt.strftime("%Y-%m-%d").tolist()
    assert years == ["2018-01-01", "2019-01-01", "2020-01-01"] * 3
    counts = table[["term", "documents", "documents_with", "mentions", "characters"]]
    assert counts.to_numpy().tolist() == [
        ["网格员", 2, 1, 2, 13], ["网格员", 0, 0, 0, 0], ["网格员", 2, 1, 1, 7],
        ["网格", 2, 1, 3, 13], ["网格", 0, 0, 0, 0], ["网格", 2, 2, 2, 7],
        ["雪亮工程", 2, 0, 0, 13], ["雪亮工程", 0, 0, 0, 0], ["雪亮工程", 2, 0, 0, 7],
    ]
    assert table["per_1000_documents"].fillna(-1).tolist() == [500, -1, 500, 500, -1, 1000, 0, -1, 0]
    assert table["per_million_characters"].iloc[[0, 2]].tolist() == pytest.approx([2e6 / 13, 1e6 / 7])


def test_a_period_without_documents_has_counts_of_zero_and_no_rates():
    gap = term_trend(SMALL, "网格").iloc[1]
    assert (gap["documents"], gap["documents_with"], gap["mentions"]) == (0, 0, 0)
    rates = gap[["per_1000_documents", "per_million_characters", "low", "high"]].astype(float)
    assert rates.isna().all()


@pytest.mark.parametrize(
    ("days", "freq", "partial"),
    [
        (["2018-01-01", "2020-12-31"], "YS", [False, False, False]),
        (["2018-01-02", "2020-12-31"], "YS", [True, False, False]),
        (["2018-01-01", "2020-12-30"], "YS", [False, False, True]),
        (["2018-03-01"], "YS", [True]),
        (["2018-01-01"], "YS", [True]),
        (["2018-12-31"], "YS", [True]),
        (["2020-02-01", "2020-02-29"], "MS", [False]),
        (["2020-02-01", "2020-02-28"], "MS", [True]),
        (["2020-04-01", "2020-09-30"], "QS", [False, False]),
        (["2020-07-01", "2020-12-31"], "2QS", [False]),
    ],
)
def test_only_first_and_last_periods_can_be_partial(days, freq, partial):
    assert term_trend(corpus(*((day, "x") for day in days)), "x", freq=freq)["partial"].tolist() == partial


@pytest.mark.parametrize(
    ("freq", "starts"),
    [
        ("YS", ["2019-01-01", "2020-01-01"]),
        ("2QS", ["2019-07-01", "2020-01-01"]),
        ("QS", ["2019-10-01", "2020-01-01", "2020-04-01"]),
        ("MS", ["2019-11-01", "2019-12-01", "2020-01-01", "2020-02-01", "2020-03-01", "2020-04-01"]),
    ],
)
def test_periods_are_those_of_the_calendar(freq, starts):
    table = term_trend(corpus(("2019-11-30", "x"), ("2020-04-01", "x")), "x", freq=freq)
    assert table["period_start"].dt.strftime("%Y-%m-%d").tolist() == starts
    assert table["mentions"].iloc[[0, -1]].tolist() == [1, 1]


def test_boilerplate_is_not_counted():
    text = "来源:平安网\n平安建设"
    table = term_trend(corpus(("2020-01-01", text)).assign(boilerplate=[((0, 6, "source_line"),)]), "平安")
    assert table[["mentions", "characters"]].to_numpy().tolist() == [[1, 4]]


def test_undated_documents_are_said_and_in_no_row():
    with pytest.warns(UserWarning, match="2 of 3 documents have no date"):
        table = term_trend(corpus(("2020-01-01", "x"), (None, "x"), ("", "x")), "x")
    assert table["documents"].tolist() == [1]
    assert table.attrs["undated"] == 2


def test_dates_of_any_type_count_alike():
    days = ["2018-01-01", "2018-07-02", "2020-03-05", "2020-12-31"]
    expected = term_trend(SMALL, "网格")
    for published in (pd.to_datetime(days), pd.to_datetime(days).date, pd.to_datetime(days).astype("datetime64[s]")):
        pd.testing.assert_frame_equal(term_trend(SMALL.assign(published=published), "网格"), expected)


@pytest.mark.parametrize(
    ("documents", "terms", "freq", "kind", "says"),
    [
        (SMALL, "x", "Y", ChoiceError, "freq='Y' is not one of 'YS', '2QS', 'QS', 'MS'"),
        (SMALL, [], "YS", TableError, "terms: none given"),
        (SMALL, ["x", " "], "YS", TableError, "' ' is no term"),
        (SMALL, ["x", None], "YS", TableError, "None is no term"),
        (SMALL.drop(columns="published"), "x", "YS", TableError, "no column 'published'"),
        (SMALL.drop(columns="text"), "x", "YS", TableError, "no column 'text'"),
        (SMALL.assign(published="2018-13-01"), "x", "YS", TableError, "'2018-13-01' in row 1"),
    ],
)
def test_what_cannot_be_counted_says_why(documents, terms, freq, kind, says):
    with pytest.raises(kind, match=says) as error:
        term_trend(documents, terms, freq=freq)
    assert "\n" not in str(error.value)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 400)), min_size=1, max_size=20))
def test_interval_is_scipys(pairs):
    with_term, n = np.array([(min(k, n), n) for k, n in pairs]).T
    low, high = wilson_interval(with_term, n)
    for k, trials, found in zip(with_term, n, zip(low, high, strict=True), strict=True):
        expected = binomtest(int(k), int(trials)).proportion_ci(0.95, method="wilson")
        assert found == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_interval_of_the_rate_is_per_1000_documents():
    table = term_trend(corpus(*[("2020-01-01", "x")] * 3, *[("2020-12-31", "y")] * 37), "x")
    expected = binomtest(3, 40).proportion_ci(0.95, method="wilson")
    assert table[["low", "high"]].iloc[0].tolist() == pytest.approx([1000 * expected.low, 1000 * expected.high])
    assert math.isnan(wilson_interval(np.array([0]), np.array([0]))[0, 0])


@pytest.fixture(scope="module")
def news() -> pd.DataFrame:
    if not NEWS.exists():
        pytest.skip("the news sample is not there")
    with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
        return pd.DataFrame([json.loads(line) for line in lines]).rename(columns={"id": "doc_id", "date": "published"})


@pytest.mark.no_cover
def test_news_sample_against_another_way_of_counting(news):
    started = time.process_time()
    half_years = term_trend(news, ["扫黑除恶", "雪亮工程", "黑"], freq="2QS")
    assert time.process_time() - started < 6
    mentions: Counter[tuple[str, str]] = Counter()
    stories: Counter[tuple[str, str]] = Counter()
    for day, text in zip(news["published"], news["text"], strict=True):
        half = f"{day[:4]}-{'01' if int(day[5:7]) < 7 else '07'}-01"
        for term in ("扫黑除恶", "雪亮工程", "黑"):
            n = len(re.findall(term, text))
            mentions[term, half] += n
            stories[term, half] += n > 0
    key = list(zip(half_years["term"], half_years["period_start"].dt.strftime("%Y-%m-%d"), strict=True))
    assert len(key) == 3 * 28
    assert half_years["documents_with"].tolist() == [stories[k] for k in key]
    assert half_years["mentions"].tolist()[:56] == [mentions[k] for k in key][:56]
    assert half_years["documents"].head(28).sum() == len(news)
    campaign = half_years[half_years["term"] == "扫黑除恶"].set_index("period_start")
    assert campaign.index[campaign["mentions"] > 0][0] == pd.Timestamp("2018-01-01")
    for rate in ("per_1000_documents", "per_million_characters"):
        assert campaign[rate].idxmax() == pd.Timestamp("2021-01-01")
    assert half_years.loc[half_years["term"] == "雪亮工程", "mentions"].sum() == 0


def test_news_sample_begins_and_ends_within_a_year(news):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        years = term_trend(news, "平安")
    assert years["partial"].tolist() == [True, *[False] * 13, True]
    assert years["period_start"].dt.year.tolist() == list(range(2012, 2027))


@pytest.mark.filterwarnings("ignore:.* no date")
@pytest.mark.parametrize("documents", [SMALL.assign(published=None), SMALL.head(0)])
def test_without_dated_documents_there_is_no_row(documents):
    trend = term_trend(documents, "x")
    assert trend.empty
    assert trend.attrs["undated"] == len(documents)
    assert list(trend) == list(term_trend(SMALL, "x"))
