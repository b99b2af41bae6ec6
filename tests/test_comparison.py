"""Cases × channels: the table typed by hand, what counts once and what not, overlap, errors, properties."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingan_analysis.comparison import channel_overlap, compare_models
from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.lexicon import channel_groups
from pingan_analysis.schema import (
    CHANNEL_MENTIONS,
    CHANNELS,
    DOCUMENTS,
    METRICS,
    MODELS,
    PANDAS_TYPES,
    Table,
    check_table,
)

EMPTY: dict[str, Any] = {"string": "", "integer": None, "number": None, "boolean": False, "date": None}


def table_of(table: Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return `rows` with the columns that they leave out: empty, or the first of the choices where one is required."""
    full = [
        {column.name: column.choices[0] if column.required and column.choices else EMPTY[column.type]
         for column in table.columns} | row
        for row in rows
    ]
    types = {column.name: PANDAS_TYPES[column.type] for column in table.columns}
    return pd.DataFrame(full, columns=table.column_names).astype(types)


def document(doc_id: str, place: str, *, duplicate_of: str = "") -> dict[str, Any]:
    return {"doc_id": doc_id, "place": place, "duplicate_of": duplicate_of}


def mention(doc_id: str, start: int, word: str, channel: str, passage: str = "") -> dict[str, Any]:
    return {"doc_id": doc_id, "para": 0, "char_start": start, "char_end": start + len(word), "word": word,
            "channel": channel, "passage": passage}


def metric(doc_id: str, start: int, value: float, channel: str, **columns: Any) -> dict[str, Any]:
    return {
        "doc_id": doc_id, "para": 0, "char_start": start, "char_end": start + 4, "quantity": f"{value:g}份",
        "value": value, "low": value, "high": value, "unit": "份", "bound": "exact", "cumulative": False,
        "kind": "count", "indicator": "发放", "category": "outreach_output", "channel": channel, "target": False,
        "rule": "noun_quantity", "same_as": "",
    } | columns


def model(doc_id: str, start: int, name: str, **columns: Any) -> dict[str, Any]:
    return {"doc_id": doc_id, "model": name, "kind": "campaign_model", "char_start": start,
            "char_end": start + len(name), "members_basis": "none", "rule": "numeral_noun"} | columns


def study(
    documents: list[dict[str, Any]], *, mentions: tuple[dict[str, Any], ...] = (),
    metrics: tuple[dict[str, Any], ...] = (), models: tuple[dict[str, Any], ...] = (), case_column: str = "place",
) -> Any:
    return SimpleNamespace(
        documents=table_of(DOCUMENTS, documents), channel_mentions=table_of(CHANNEL_MENTIONS, list(mentions)),
        metrics=table_of(METRICS, list(metrics)), models=table_of(MODELS, list(models)), case_column=case_column,
    )


TWO_CASES = study(
    [document("b", "乙市"), document("a1", "甲县"), document("a2", "甲县"),
     document("a3", "甲县", duplicate_of="a1"), document("c", "丙区")],
    mentions=(
        mention("a1", 30, "横幅", "banner"),
        mention("a1", 10, "短信", "sms", "两信齐发"),
        mention("a1", 20, "微信群", "wechat", "两信齐发"),
        mention("a2", 5, "群发短信", "sms"),
        mention("a2", 15, "短信", "sms"),
        mention("a3", 10, "彩信", "sms"),
        mention("b", 7, "标语", "banner"),
        mention("b", 2, "横幅", "banner"),
    ),
    metrics=(
        metric("a1", 12, 500, "sms", category="outreach_reach", unit="人次", quantity="500人次", indicator="受众"),
        metric("a2", 9, 300, "sms", unit="条", quantity="300余条", indicator="短信发送", low=300.0, high=None,
               bound="more_than", cumulative=True),
        metric("a2", 40, 90, "sms", unit="条", quantity="90条", indicator="短信发送"),
        metric("a2", 50, 0.99, "sms", unit="%", kind="ratio", category="outreach_reach"),
        metric("a1", 32, 700, "banner", target=True),
        metric("a3", 12, 9999, "sms"),
        metric("b", 60, 80, "board", category="infrastructure"),
        metric("b", 70, 60, "none"),
        metric("b", 80, 2, "booklet", kind="money", unit="元"),
    ),
    models=(
        model("a1", 0, "一二三"),
        model("a1", 8, "两信齐发", parent="一二三", members="短信、微信", members_basis="listed",
              channels="sms wechat", members_start=10, members_end=18),
        model("b", 3, "四个不", kind="slogan", channels="tv"),
        model("b", 90, "三屏联动", channels="cinema none"),
    ),
)


def test_the_comparison_is_the_one_typed_by_hand() -> None:
    nothing: dict[str, Any] = {
        "value": None, "low": None, "high": None, "bound": "", "unit": "", "quantity": "", "indicator": "",
        "cumulative": None, "rule": "", "metric": "",
    }
    expected = [
        {"case": "乙市", "channel": "cinema", "group": "broadcast", "models": "三屏联动", "mentions": 0, "words": "",
         "n_metrics": 0, **nothing, "evidence": "b:90-94"},
        {"case": "乙市", "channel": "banner", "group": "outdoor", "models": "", "mentions": 2, "words": "横幅、标语",
         "n_metrics": 0, **nothing, "evidence": "b:2-4 b:7-9"},
        {"case": "甲县", "channel": "sms", "group": "digital", "models": "一二三", "mentions": 3,
         "words": "短信、群发短信", "n_metrics": 4, "value": 300.0, "low": 300.0, "high": None, "bound": "more_than",
         "unit": "条", "quantity": "300余条", "indicator": "短信发送", "cumulative": True, "rule": "noun_quantity",
         "metric": "a2:9",
         "evidence": "a1:10-12 a1:10-18 a1:12-16 a2:5-9 a2:9-13 a2:15-17 a2:40-44 a2:50-54"},
        {"case": "甲县", "channel": "wechat", "group": "digital", "models": "一二三", "mentions": 1, "words": "微信群",
         "n_metrics": 0, **nothing, "evidence": "a1:10-18 a1:20-23"},
        {"case": "甲县", "channel": "banner", "group": "outdoor", "models": "", "mentions": 1, "words": "横幅",
         "n_metrics": 0, **nothing, "evidence": "a1:30-32"},
    ]
    comparison = compare_models(TWO_CASES)
    plain = comparison.astype(object).where(comparison.notna(), None)
    assert plain.to_dict("records") == expected
    assert list(comparison.columns) == list(expected[0])
    assert comparison.attrs == {"without_channels": ["丙区"], "only_measured": ["b:80"], "duplicates": ["a3"]}


def test_a_number_alone_makes_no_channel() -> None:
    documents = [document("a", "甲县"), document("b", "乙市")]
    compared = compare_models(study(documents, metrics=(metric("a", 1, 5, "tv"),),
                                    mentions=(mention("b", 3, "电视台", "tv"),)))
    assert compared[["case", "n_metrics"]].values.tolist() == [["乙市", 0]]
    assert compared.attrs["only_measured"] == ["a:1"]


def test_the_tables_of_the_study_are_left_as_they_are() -> None:
    before = {name: frame.copy() for name, frame in vars(TWO_CASES).items() if isinstance(frame, pd.DataFrame)}
    compare_models(TWO_CASES)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(getattr(TWO_CASES, name), frame)


def test_cases_may_be_documents() -> None:
    compared = compare_models(study(
        [document("y", ""), document("x", "")], case_column="doc_id",
        mentions=(mention("x", 1, "海报", "poster"), mention("y", 1, "电视台", "tv")),
    ))
    assert compared[["case", "channel"]].values.tolist() == [["y", "tv"], ["x", "poster"]]


def test_without_any_use_there_is_an_empty_table_of_the_same_columns() -> None:
    compared = compare_models(study([document("a", "甲县"), document("b", "乙市")]))
    assert compared.empty
    assert list(compared.columns) == list(compare_models(TWO_CASES).columns)
    assert (compared.dtypes == compare_models(TWO_CASES).dtypes).all()
    assert compared.attrs["without_channels"] == ["甲县", "乙市"]


# -- the leading metric ----------------------------------------------------------------------------------------------


def leading(*metrics: dict[str, Any]) -> str:
    compared = compare_models(study(
        [document("a", "甲县"), document("a2", "甲县")], metrics=metrics, mentions=(mention("a", 90, "电视台", "tv"),),
    ))
    assert len(compared) == 1
    return str(compared["metric"].iloc[0])


REACH, LEARN, RATIO = {"category": "outreach_reach"}, {"category": "meetings_training"}, {"kind": "ratio"}


@pytest.mark.parametrize(("metrics", "expected"), [
    ([metric("a", 1, 5, "tv"), metric("a", 9, 80, "tv")], "a:9"),
    ([metric("a", 1, 5, "tv"), metric("a", 9, 80, "tv", **REACH)], "a:1"),
    ([metric("a", 1, 5, "tv", **REACH), metric("a", 9, 80, "tv", **REACH)], "a:9"),
    ([metric("a", 1, 5, "tv"), metric("a", 9, 80, "tv", **LEARN)], "a:1"),
    ([metric("a", 1, 5, "tv", **REACH), metric("a", 9, 80, "tv", **RATIO)], "a:1"),
    ([metric("a2", 1, 7, "tv"), metric("a", 9, 7, "tv"), metric("a", 30, 7, "tv")], "a:9"),
    ([metric("a", 9, 7, "tv", **RATIO)], ""),
])
def test_the_largest_count_of_what_was_sent_out_leads(metrics: list[dict[str, Any]], expected: str) -> None:
    assert leading(*metrics) == expected


def counted(*metrics: dict[str, Any]) -> list[tuple[str, int, str]]:
    compared = compare_models(study(
        [document("a", "甲县"), document("a2", "甲县"), document("a3", "甲县", duplicate_of="a")], metrics=metrics,
        mentions=(mention("a2", 90, "电视台", "tv"),),
    ))
    return list(zip(compared["channel"], compared["n_metrics"], compared["evidence"], strict=True))


def test_a_fact_that_is_stated_again_counts_once() -> None:
    again = metric("a2", 9, 5, "tv", same_as="a:1")
    assert counted(metric("a", 1, 5, "tv"), again) == [("tv", 1, "a:1-5 a2:90-93")]


def test_a_fact_whose_first_statement_is_no_outreach_counts_where_it_is_one() -> None:
    again = metric("a2", 9, 5, "tv", same_as="a:1")
    assert counted(metric("a", 1, 5, "none", **LEARN), again) == [("tv", 1, "a2:9-13 a2:90-93")]


def test_a_fact_whose_first_statement_is_in_a_duplicate_counts_where_it_is_not() -> None:
    again = metric("a2", 9, 5, "tv", same_as="a3:1")
    assert counted(metric("a3", 1, 5, "tv"), again) == [("tv", 1, "a2:9-13 a2:90-93")]


# -- models ----------------------------------------------------------------------------------------------------------


def models_of(*models: dict[str, Any], passage: str = "") -> list[str]:
    compared = compare_models(study(
        [document("a", "甲县"), document("b", "甲县")], models=models,
        mentions=(mention("a", 50, "电视台", "tv", passage), mention("b", 1, "电视台", "tv")),
    ))
    return compared["models"].tolist()


@pytest.mark.parametrize(("models", "passage", "expected"), [
    ([model("a", 1, "三屏")], "三屏", "三屏"),
    ([model("a", 1, "三屏", parent="两网"), model("a", 9, "两网", parent="一体"), model("a", 20, "一体")],
     "三屏", "一体"),
    ([model("a", 1, "三屏", parent="一体")], "三屏", "一体"),
    ([model("a", 1, "三屏", parent="两网"), model("a", 9, "两网", parent="三屏")], "三屏", "两网"),
    ([model("a", 1, "三屏", kind="slogan")], "三屏", ""),
    ([model("b", 1, "三屏")], "三屏", ""),
    ([model("a", 1, "三屏", channels="tv")], "", "三屏"),
    ([model("a", 90, "三屏", channels="tv"), model("a", 1, "两网")], "两网", "两网、三屏"),
    ([model("b", 90, "三屏", channels="tv"), model("a", 1, "三屏")], "三屏", "三屏"),
])
def test_models_are_the_outermost_campaign_models_in_the_order_of_the_text(
    models: list[dict[str, Any]], passage: str, expected: str
) -> None:
    assert models_of(*models, passage=passage) == [expected]


# -- overlap ---------------------------------------------------------------------------------------------------------

COMPARISON = pd.DataFrame({
    "case": ["甲", "甲", "甲", "乙", "乙", "丙"],
    "channel": ["web", "sms", "tv", "tv", "poster", "banner"],
    "group": ["digital", "digital", "broadcast", "broadcast", "print", "outdoor"],
})


@pytest.mark.parametrize(("by", "expected"), [
    ("channel", [
        ("甲", "乙", "tv", "sms、web", "poster", 1, 0.25),
        ("甲", "丙", "", "sms、tv、web", "banner", 0, 0.0),
        ("乙", "丙", "", "tv、poster", "banner", 0, 0.0),
    ]),
    ("group", [
        ("甲", "乙", "broadcast", "digital", "print", 1, 1 / 3),
        ("甲", "丙", "", "digital、broadcast", "outdoor", 0, 0.0),
        ("乙", "丙", "", "broadcast、print", "outdoor", 0, 0.0),
    ]),
])
def test_overlap_is_the_one_typed_by_hand(by: str, expected: list[tuple[Any, ...]]) -> None:
    overlap = channel_overlap(COMPARISON, by=by)
    assert list(overlap.itertuples(index=False, name=None)) == expected
    assert list(overlap.columns) == ["case_a", "case_b", "shared", "only_a", "only_b", "n_shared", "jaccard"]


def test_overlap_says_which_cases_are_in_no_pair() -> None:
    assert channel_overlap(compare_models(TWO_CASES)).attrs["without_channels"] == ["丙区"]


def test_one_case_makes_no_pair() -> None:
    alone = channel_overlap(COMPARISON[COMPARISON["case"].eq("甲")])
    assert alone.empty
    assert (alone.dtypes == channel_overlap(COMPARISON).dtypes).all()


# -- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "column"), [
    ("documents", "duplicate_of"), ("documents", "place"), ("channel_mentions", "passage"), ("metrics", "target"),
    ("models", "parent"),
])
def test_a_missing_column_is_named(name: str, column: str) -> None:
    tables = vars(TWO_CASES) | {name: getattr(TWO_CASES, name).drop(columns=column)}
    with pytest.raises(TableError, match=f"{name}: no column '{column}'"):
        compare_models(SimpleNamespace(**tables))


@pytest.mark.parametrize("name", ["channel_mentions", "metrics", "models"])
def test_a_row_of_no_document_is_refused(name: str) -> None:
    frame = getattr(TWO_CASES, name)
    tables = vars(TWO_CASES) | {name: frame.assign(doc_id="z")}
    with pytest.raises(TableError, match=f"{name}: doc_id 'z' is of no document"):
        compare_models(SimpleNamespace(**tables))


def test_a_channel_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ChoiceError, match="did you mean 'cinema'"):
        compare_models(study([document("a", "甲县")], models=(model("a", 1, "三屏", channels="cinemas"),)))


def test_what_is_no_study_is_refused() -> None:
    with pytest.raises(TableError, match=r"study is DataFrame; compare_models\(\) takes a study, as load_study"):
        compare_models(pd.DataFrame())  # type: ignore[arg-type]


def test_overlap_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ChoiceError, match="by='channels' is not one of 'channel', 'group'"):
        channel_overlap(COMPARISON, by="channels")
    with pytest.raises(TableError, match="comparison: no column 'group'; it has 'case', 'channel'"):
        channel_overlap(COMPARISON.drop(columns="group"))
    with pytest.raises(TableError, match="row 7 repeats case='甲', channel='web'"):
        channel_overlap(pd.concat([COMPARISON, COMPARISON.iloc[:1]], ignore_index=True))


# -- any study -------------------------------------------------------------------------------------------------------

DOC_IDS = st.sampled_from(["a", "b", "c", "d"])
STARTS = st.integers(0, 50)
CHANNEL = st.sampled_from(CHANNELS[:-1])


@st.composite
def studies(draw: st.DrawFn) -> Any:
    documents = [
        document(doc_id, draw(st.sampled_from(["甲", "乙", "丙"])), duplicate_of=draw(st.sampled_from(["", "", "a"])))
        for doc_id in "abcd"
    ]
    places = st.lists(st.tuples(DOC_IDS, STARTS), max_size=8, unique=True)
    mentions = [mention(*at, draw(st.sampled_from(["短信", "海报"])), draw(CHANNEL), "三屏") for at in draw(places)]
    metrics = [
        metric(*at, draw(st.integers(0, 9)), draw(st.sampled_from(CHANNELS)), target=draw(st.booleans()),
               category=draw(st.sampled_from(METRICS.columns[15].choices)),
               kind=draw(st.sampled_from(["count", "ratio"])), same_as=draw(st.sampled_from(["", "", "a:1", "b:2"])))
        for at in draw(places)
    ]
    models = [model(*at, "三屏", channels=" ".join(draw(st.sets(CHANNEL, max_size=3)))) for at in draw(places)]
    return study(documents, mentions=tuple(mentions), metrics=tuple(metrics), models=tuple(models))


@settings(max_examples=25)
@given(studies())
def test_every_row_rests_on_the_tables_and_no_case_has_a_channel_twice(any_study: Any) -> None:
    compared = compare_models(any_study)
    assert not compared.duplicated(["case", "channel"]).any()
    originals = any_study.documents[any_study.documents["duplicate_of"].eq("")]
    place = dict(zip(originals["doc_id"], originals["place"], strict=True))
    spans = {
        f"{row.doc_id}:{row.char_start}-{row.char_end}": place[row.doc_id]
        for frame in (any_study.channel_mentions, any_study.metrics, any_study.models)
        for row in frame.itertuples() if row.doc_id in place
    }
    for row in compared.itertuples():
        evidence = row.evidence.split()
        assert evidence
        assert {spans.get(span) for span in evidence} == {row.case}
        assert row.group == channel_groups()[row.channel]
        assert not row.metric or any(span.startswith(f"{row.metric}-") for span in evidence)
    assert compared["mentions"].sum() == any_study.channel_mentions["doc_id"].isin(place.keys()).sum()
    assert set(compared["case"]) | set(compared.attrs["without_channels"]) == set(place.values())
    assert not set(compared["case"]) & set(compared.attrs["without_channels"])


@settings(max_examples=25)
@given(studies())
def test_overlap_is_symmetric_and_between_none_and_all(any_study: Any) -> None:
    compared = compare_models(any_study)
    overlap = channel_overlap(compared)
    turned = channel_overlap(compared.iloc[::-1].reset_index(drop=True))
    pairs = {frozenset((a, b)): (n, j) for a, b, n, j in overlap[["case_a", "case_b", "n_shared", "jaccard"]].values}
    assert pairs == {frozenset((a, b)): (n, j)
                     for a, b, n, j in turned[["case_a", "case_b", "n_shared", "jaccard"]].values}
    channels = compared.groupby("case")["channel"].agg(set)
    for (case, other), (n, jaccard) in ((sorted(pair), value) for pair, value in pairs.items()):
        union = len(channels[case] | channels[other])
        assert n == len(channels[case] & channels[other])
        assert jaccard == pytest.approx(n / union)


def test_the_tables_typed_by_hand_are_such_tables() -> None:
    for name in ("channel_mentions", "metrics", "models"):
        check_table(getattr(TWO_CASES, name), name)
