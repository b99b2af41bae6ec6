"""Metrics over time: what is put together and what must never be, by hand-made tables."""

from __future__ import annotations

import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metric_rows import copies, dated, metric, table

from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.series import COLUMNS, LINE, campaign_events, first_statements, metric_series

H1, H2 = dated("2023-01-01", "2023-06-30"), dated("2023-07-01", "2023-12-31")
YEAR, NEXT = dated("2023-01-01", "2023-12-31"), dated("2024-01-01", "2024-12-31")
NEVER = dated(None, None)


def meetings(n: int, **changed) -> dict:
    return metric("会议", f"{n}次", n, "次", **{"category": "meetings_training", **changed})


def series(*metrics: dict, freq: str = "YS") -> pd.DataFrame:
    found = metric_series(table(*metrics), freq=freq)
    assert list(found.columns) == list(COLUMNS)
    assert not found.duplicated([*LINE, "timing", "bin_start", "bin_end"]).any()
    return found


def shown(found: pd.DataFrame, *columns: str) -> list[list]:
    days = {name: found[name].dt.strftime("%Y-%m-%d").fillna("") for name in found.select_dtypes("datetime")}
    return found.assign(**days)[list(columns)].astype(object).where(found[list(columns)].notna(), None).values.tolist()


# --- time


@pytest.mark.parametrize(
    ("period", "timing", "bin_start", "bin_end"),
    [
        (("2023-03-01", "2023-04-30"), "within", "2023-01-01", "2023-12-31"),
        (("2022-12-31", "2023-01-01"), "span", "2022-01-01", "2023-12-31"),
        (("2016-01-01", "2018-06-30"), "span", "2016-01-01", "2018-12-31"),
        ((None, "2023-04-30"), "as_of", "2023-01-01", "2023-12-31"),
        (("2023-04-30", None), "since", "2023-01-01", None),
        ((None, None), "not_stated", None, None),
        (("2023-04-30", "2022-01-01"), "not_stated", None, None),
    ],
)
def test_a_metric_is_of_the_periods_that_its_own_covers(period, timing, bin_start, bin_end):
    found = series(meetings(5, **dated(*period)))
    assert shown(found, "timing", "bin_start", "bin_end") == [[timing, bin_start, bin_end]]
    assert found["value"].tolist() == [5]
    assert found.attrs["not_stated"] == (timing == "not_stated")


@pytest.mark.parametrize(
    ("freq", "start", "end"),
    [
        ("YS", "2023-01-01", "2023-12-31"), ("2QS", "2023-07-01", "2023-12-31"), ("QS", "2023-07-01", "2023-09-30"),
        ("MS", "2023-09-01", "2023-09-30"),
    ],
)
def test_periods_of_the_calendar(freq, start, end):
    found = series(meetings(5, **dated("2023-09-02", "2023-09-03")), freq=freq)
    assert shown(found, "timing", "bin_start", "bin_end") == [["within", start, end]]
    assert shown(found, "period_start", "period_end") == [["2023-09-02", "2023-09-03"]]


def test_a_long_period_is_not_spread_over_the_short_ones():
    found = series(meetings(12, **YEAR), meetings(2, **dated("2023-02-01", "2023-02-28")), freq="QS")
    assert shown(found, "timing", "bin_start", "bin_end", "value") == [
        ["within", "2023-01-01", "2023-03-31", 2], ["span", "2023-01-01", "2023-12-31", 12],
    ]


def test_missing_periods_are_named_and_have_no_value():
    found = series(meetings(5, **dated("2019-01-01", "2019-12-31")), meetings(7, **dated("2022-05-01", "2022-05-31")))
    assert shown(found, "timing", "bin_start", "bin_end", "value", "n", "rows") == [
        ["within", "2019-01-01", "2019-12-31", 5, 1, "a:10"], ["missing", "2020-01-01", "2020-12-31", None, 0, ""],
        ["missing", "2021-01-01", "2021-12-31", None, 0, ""], ["within", "2022-01-01", "2022-12-31", 7, 1, "a:22"],
    ]
    assert found.attrs["missing"] == 2


def test_a_short_period_inside_a_span_opens_no_gap():
    rows = [dated("2015-01-01", "2021-12-31"), dated("2016-01-01", "2016-12-31"), dated("2022-05-01", "2022-05-31")]
    assert series(*(meetings(5, **period) for period in rows)).attrs["missing"] == 0


def test_a_span_leaves_no_gap():
    found = series(meetings(5, **dated("2019-01-01", "2021-12-31")), meetings(7, **dated("2022-05-01", "2022-05-31")))
    assert found["timing"].tolist() == ["span", "within"]


def test_a_misspelt_frequency_names_the_choices():
    with pytest.raises(ChoiceError, match="freq='Y' is not one of 'YS', '2QS', 'QS', 'MS'"):
        metric_series(table(meetings(5)), freq="Y")
    with pytest.raises(TableError, match="no column 'same_as'"):
        metric_series(table(meetings(5)).drop(columns="same_as"))


# --- what is put together


@pytest.mark.parametrize(
    ("column", "one", "other"),
    [
        ("place", "甲县", "乙县"), ("indicator", "会议", "培训"), ("channel", "none", "event"), ("unit", "次", "场"),
        ("kind", "count", "change"), ("direction", "up", "down"), ("cumulative", False, True),
        ("target", False, True), ("category", "meetings_training", "organisation"),
    ],
)
def test_metrics_that_differ_in_what_they_measure_are_never_in_one_line(column, one, other):
    found = series(meetings(5, **YEAR, **{column: one}), meetings(5, **YEAR, **{column: other}))
    assert len(found) == 2
    assert set(found[column]) == {one, other}
    assert set(found["n"]) == {1}


def test_as_of_and_within_are_not_in_one_cell():
    assert len(series(meetings(5, **YEAR), meetings(5, **dated(None, "2023-06-30")))) == 2


@pytest.mark.parametrize(
    ("changed", "summary", "value"),
    [
        ({}, "sum", 12),
        ({"kind": "money", "category": "infrastructure"}, "sum", 12),
        ({"category": "infrastructure"}, "several", None),
        ({"kind": "ratio"}, "several", None),
        ({"kind": "rank", "category": "evaluation"}, "several", None),
        ({"target": True}, "several", None),
    ],
)
def test_only_events_and_money_add_up(changed, summary, value):
    found = series(meetings(5, **H1, **changed), meetings(7, **H2, **changed))
    assert shown(found, "summary", "value", "n", "low", "high") == [
        [summary, value, 2, *((12, 12) if value else (5, 7))]
    ]
    assert shown(found, "period_start", "period_end") == [["2023-01-01", "2023-12-31"]]
    assert found["rows"].item() == "a:10 a:22"


@pytest.mark.parametrize("period", [H1, dated("2023-06-30", "2023-12-31"), YEAR])
def test_overlapping_periods_do_not_add_up(period):
    found = series(meetings(5, **H1), meetings(7, **period))
    assert shown(found, "summary", "value", "low", "high", "bound") == [["several", None, 5, 7, ""]]


def test_of_cumulative_metrics_the_latest_counts():
    first, then = dated("2023-01-01", "2023-03-31"), dated("2023-01-01", "2023-09-30")
    rows = [meetings(9, cumulative=True, **then), meetings(4, cumulative=True, **first)]
    assert shown(series(*rows), "summary", "value", "n") == [["last", 9, 2]]
    other_start = meetings(9, cumulative=True, **dated("2023-02-01", "2023-09-30"))
    assert shown(series(other_start, rows[1]), "summary", "value") == [["several", None]]
    same_day = meetings(4, cumulative=True, **then)
    assert shown(series(rows[0], same_day), "summary", "value") == [["several", None]]
    stock = {"category": "organisation"}
    of_days = [meetings(4, **stock, **dated(None, "2023-03-31")), meetings(3, **stock, **dated(None, "2023-09-30"))]
    assert shown(series(*of_days), "summary", "value") == [["last", 3]]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("exact", 5, 5), ("exact", 7, 7), (12, 12, "exact")),
        (("more_than", 5, None), ("exact", 7, 7), (12, None, "more_than")),
        (("nearly", None, 5), ("nearly", None, 7), (None, 12, "nearly")),
        (("nearly", None, 5), ("less_than", None, 7), (None, 12, "less_than")),
        (("more_than", 5, None), ("less_than", None, 7), (None, None, "about")),
        (("about", None, None), ("exact", 7, 7), (None, None, "about")),
    ],
)
def test_bounds_of_a_sum(one, other, expected):
    rows = [
        meetings(n, **period) | {"bound": bound, "low": low, "high": high}
        for n, period, (bound, low, high) in ((5, H1, one), (7, H2, other))
    ]
    assert shown(series(*rows), "value", "low", "high", "bound") == [[12, *expected]]


def test_a_repeated_fact_is_in_it_once():
    again = meetings(5, doc_id="b", same_as="a:10", **H1)
    found = series(meetings(5, **H1), meetings(7, **H2), again)
    assert shown(found, "value", "n", "doc_ids") == [[12, 2, "a"]]
    assert found.attrs["repeats"] == 1
    alone = metric_series(table(again, again | {"doc_id": "c"}))
    assert shown(alone, "value", "n", "doc_ids") == [[5, 1, "b"]]
    turned = first_statements(table(again, meetings(5, **H1)).iloc[::-1])
    assert turned["doc_id"].tolist() == ["a"]


def test_equal_metrics_that_are_not_linked_are_counted():
    found = series(meetings(5, **H1), meetings(5, doc_id="b", **H1))
    assert shown(found, "summary", "value", "n", "doc_ids", "rows") == [["equal", 5, 2, "a b", "a:10 b:10"]]


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(2015, 2020), st.integers(0, 9), st.booleans())))
def test_every_metric_is_in_just_one_row(given_):
    rows = [
        meetings(n, doc_id=doc, cumulative=cumulative, **dated(f"{year}-01-01", f"{year + n % 2}-12-31"))
        for doc, year, n, cumulative in given_
    ]
    found = series(*rows)
    keys = " ".join(found["rows"]).split()
    assert sorted(keys) == sorted(f"{r.doc_id}:{r.char_start}" for r in table(*rows).itertuples())
    assert found["n"].sum() == len(rows)
    assert found.loc[found["timing"].eq("missing"), "value"].isna().all()


def test_no_metrics_make_no_rows():
    assert len(series()) == 0


@pytest.mark.no_cover
def test_a_hundred_thousand_metrics_take_seconds():
    many = copies(table(*(meetings(n, **period) for n, period in enumerate((H1, H2, YEAR, NEXT, NEVER)))), 20_000)
    started = time.process_time()
    found = metric_series(many)
    assert time.process_time() - started < 15
    assert found["n"].sum() == 100_000


# --- events


def test_events_are_honours_periods_and_publications():
    won = metric("平安创建", "十二连冠", 12, "连冠", kind="streak", category="evaluation", **YEAR)
    metrics = table(
        won, meetings(5, **H1), meetings(6, indicator="培训", **H1), meetings(7, **dated(None, "2023-09-30")),
        meetings(8), meetings(9, target=True, **NEXT), won | {"target": True},
        won | {"doc_id": "b", "same_as": "a:10"},
    )
    documents = pd.DataFrame(
        {"doc_id": ["a", "b"], "place": "甲县", "published": [pd.Timestamp("2024-01-02"), None]}
    )
    events = campaign_events(metrics, documents)
    assert shown(events, "event", "start", "end", "label", "n") == [
        ["metrics", "2023-01-01", "2023-06-30", "", 2],
        ["honour", "2023-01-01", "2023-12-31", "平安创建 十二连冠", 1],
        ["publication", "2024-01-02", "2024-01-02", "a", 1],
        ["metrics", None, "2023-09-30", "", 1],
    ]
    assert events["rows"].tolist()[:2] == ["a:24 a:36", "a:10"]
    assert events.attrs["undated"] == 1
    assert campaign_events(metrics)["event"].tolist() == ["metrics", "honour", "metrics"]
    assert len(campaign_events(table())) == 0
    with pytest.raises(TableError, match="documents: no column 'published'"):
        campaign_events(metrics, documents.drop(columns="published"))
    with pytest.raises(TableError, match="documents: column 'published' holds 'soon' in row 2; it must be a day"):
        campaign_events(metrics, documents.assign(published=["2024-01-02", "soon"]))
