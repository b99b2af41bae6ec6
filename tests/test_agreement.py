"""Agreement of two codings, against counts and limits worked out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from pingan_analysis.agreement import (
    COMPARED,
    KEY,
    MEASURES,
    RECORDS,
    UNDECIDED,
    agreement,
    disagreements,
    read_coded,
)
from pingan_analysis.errors import PinganError, TableError
from pingan_analysis.metrics import extract_metrics


def metric(doc_id: str, start: int, quantity: str, **changed) -> dict:
    return {
        "doc_id": doc_id, "char_start": start, "char_end": start + len(quantity), "quantity": quantity,
        "value": float(quantity[:-1]), "unit": quantity[-1], "bound": "exact", "kind": "count", "direction": "",
        "target": False, "cumulative": False, "indicator": "案件破获", "category": "enforcement", "channel": "none",
        "period_start": "2024-01-01", "period_end": "", "place": "甲县", **changed,
    }


def table(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*metric("a", 0, "1起")])


# One document, four metrics each, three at the same spans: the second differs in unit, the third in its place and its
# period; "b" has one that only the coder saw, and one that only the rules saw.
CODED = table(metric("a", 0, "19起"), metric("a", 10, "20件"), metric("a", 20, "30人"), metric("b", 0, "40场"))
FOUND = table(
    metric("a", 0, "19起"), metric("a", 10, "20件", unit="个"), metric("a", 20, "30人", place="乙县", period_start=""),
    metric("b", 0, "40", unit="场", value=40.0),
)


def measured(coded: pd.DataFrame, extracted: pd.DataFrame, **options) -> pd.DataFrame:
    return agreement(coded, extracted, **options).set_index("measure")


def test_the_measures_of_records_are_the_counts_by_hand() -> None:
    measures = measured(CODED, FOUND)
    assert list(measures.index) == list(MEASURES)
    for measure, agreeing in (("span", 3), ("span, value and unit", 2), ("full record", 1)):
        row = measures.loc[measure]
        assert (row["compared"], row["agreeing"], row["coded"], row["extracted"]) == (5, agreeing, 4, 4), measure
        assert row["precision"] == row["recall"] == row["f1"] == agreeing / 4, measure
        assert pd.isna(row["share"]), measure


def test_columns_are_compared_among_the_spans_that_match() -> None:
    measures = measured(CODED, FOUND).drop(list(RECORDS))
    assert measures["compared"].eq(3).all()
    differing = measures[measures["agreeing"] < 3]
    assert differing["share"].to_dict() == {"period_start": 2 / 3, "place": 2 / 3}
    assert measures[["precision", "recall", "f1"]].isna().all(axis=None)


def test_precision_and_recall_differ_where_the_tables_have_different_lengths() -> None:
    row = measured(CODED, FOUND.head(1)).loc["span"]
    assert (row["precision"], row["recall"], row["f1"]) == (1, 1 / 4, 2 / 5)


@pytest.mark.parametrize(("measure", "ratio", "agreeing", "total"), [
    ("span", "precision", 3, 4), ("full record", "recall", 1, 4), ("place", "share", 2, 3), ("bound", "share", 3, 3),
])
def test_intervals_are_score_intervals(measure: str, ratio: str, agreeing: int, total: int) -> None:
    row = measured(CODED, FOUND).loc[measure]
    limits = binomtest(agreeing, total).proportion_ci(method="wilson")
    assert row[f"{ratio}_low"] == pytest.approx(limits.low)
    assert row[f"{ratio}_high"] == pytest.approx(limits.high)


def test_false_rows_for_every_thousand_characters() -> None:
    assert "false_per_1000" not in measured(CODED, FOUND)
    false = measured(CODED, FOUND, characters=500)["false_per_1000"]
    assert false.dropna().to_dict() == {"span": 2, "span, value and unit": 4, "full record": 6}


def test_what_is_undecided_is_not_scored() -> None:
    coded = CODED.astype(object)
    coded.loc[1, "unit"] = UNDECIDED
    coded.loc[2, ["place", "period_start"]] = UNDECIDED
    measures = measured(coded, FOUND)
    assert measures.loc[list(RECORDS), "agreeing"].tolist() == [3, 3, 3]
    assert measures.loc["place", ["compared", "agreeing"]].tolist() == [2, 2]
    assert measures.loc["bound", "compared"] == 3
    second_coder = measured(FOUND, coded)
    assert second_coder["agreeing"].tolist() == measures["agreeing"].tolist()


def test_a_column_that_nobody_decided_has_no_share() -> None:
    row = measured(CODED.assign(place=UNDECIDED), FOUND).loc["place"]
    assert (row["compared"], row["agreeing"]) == (0, 0)
    assert row[["share", "share_low", "share_high"]].isna().all()


@pytest.mark.parametrize(("one", "other", "agree"), [
    ("案件破获", "破获案件", True),  # all four characters in common
    ("案件", "刑事案件破获数", True),  # contained
    ("案件破获", "案件起诉", True),  # 2·2/8 = 0.5
    ("案件破获", "案件审查起诉", False),  # 2·2/10 = 0.4
])
def test_indicators_agree_by_their_characters(one: str, other: str, agree: bool) -> None:
    row = measured(CODED.assign(indicator=one), CODED.assign(indicator=other)).loc["indicator"]
    assert row["share"] == float(agree)


@pytest.mark.parametrize(("one", "other", "agree"), [
    (1 / 3, 0.3333, True), (0.885, 0.884, False), (1_560_000, 1_560_001, True), (15_000, 15_001, False), (0, 1, False),
])
def test_values_agree_to_six_digits_or_four_decimals(one: float, other: float, agree: bool) -> None:
    row = measured(CODED.assign(value=one), CODED.assign(value=other)).loc["span, value and unit"]
    assert row["f1"] == float(agree)


def test_nothing_was_extracted() -> None:
    row = measured(CODED, table()).loc["span"]
    assert (row["agreeing"], row["coded"], row["extracted"], row["recall"], row["f1"]) == (0, 4, 0, 0, 0)
    assert pd.isna(row["precision"])
    assert pd.isna(row["precision_high"])
    assert disagreements(CODED, table())["column"].eq("missed").all()


def test_two_empty_tables_measure_nothing() -> None:
    measures = measured(table(), table(), characters=100)
    assert measures["compared"].eq(0).all()
    assert measures[["precision", "recall", "f1", "share"]].isna().all(axis=None)
    assert measures.loc["span", "false_per_1000"] == 0
    assert disagreements(table(), table()).empty


def test_disagreements_name_the_cell_and_both_readings() -> None:
    found = disagreements(CODED, FOUND)
    assert found.to_numpy().tolist() == [
        ["a", 10, 13, "20件", "unit", "件", "个"],
        ["a", 20, 23, "30人", "period_start", "2024-01-01", ""],
        ["a", 20, 23, "30人", "place", "甲县", "乙县"],
        ["b", 0, 2, "40", "extra", "", "案件破获"],
        ["b", 0, 3, "40场", "missed", "案件破获", ""],
    ]


def test_disagreements_show_numbers_and_truth_plainly() -> None:
    other = table(metric("a", 0, "19起", value=2_020_000_000_000, target=True))
    found = disagreements(CODED.head(1), other).set_index("column")
    assert found.loc["value"].tolist()[-2:] == ["19", "2020000000000"]
    assert found.loc["target"].tolist()[-2:] == ["false", "true"]


def test_extracted_metrics_compare_with_codes_of_other_types() -> None:
    text = "2024年上半年，全县共破获刑事案件19起。"
    extracted = extract_metrics(text, published="2024-09-02", place="甲县", doc_id="a")
    assert len(extracted) == 1
    row = extracted.iloc[0]
    codes = {name: str(row[name]) for name in (*KEY, "quantity", *COMPARED)}
    codes |= {"period_start": date(2024, 1, 1), "period_end": pd.Timestamp(2024, 6, 30)}
    assert disagreements(pd.DataFrame([codes]), extracted).empty
    changed = codes | {"period_end": "2024-06-29", "cumulative": "FALSE"}
    assert disagreements(pd.DataFrame([changed]), extracted)["column"].tolist() == ["cumulative", "period_end"]


def test_order_and_index_of_the_rows_do_not_matter() -> None:
    shuffled = FOUND.iloc[[3, 1, 0, 2]]
    assert agreement(CODED, shuffled).equals(agreement(CODED, FOUND))
    assert disagreements(CODED, shuffled).equals(disagreements(CODED, FOUND))
    undecided = FOUND.astype(object)
    undecided.loc[2, "place"] = UNDECIDED
    assert disagreements(CODED, undecided.iloc[[2, 0]])["column"].tolist() == ["missed", "period_start", "missed"]


def test_blanks_around_a_code_do_not_matter() -> None:
    assert disagreements(CODED.assign(unit=CODED["unit"] + " ", place=" ? "), CODED).empty


STARTS = st.sets(st.integers(0, 30), max_size=8)


@settings(max_examples=25)
@given(ours=STARTS, theirs=STARTS)
def test_spans_are_sets(ours: set[int], theirs: set[int]) -> None:
    coded, extracted = (table(*(metric("a", 10 * start, "19起") for start in starts)) for starts in (ours, theirs))
    row, back = measured(coded, extracted).loc["span"], measured(extracted, coded).loc["span"]
    assert row["agreeing"] == len(ours & theirs)
    assert row["compared"] == len(ours | theirs)
    assert disagreements(coded, extracted)["column"].value_counts().to_dict() == {
        name: n for name, n in (("missed", len(ours - theirs)), ("extra", len(theirs - ours))) if n}
    assert back[["precision", "recall"]].fillna(-1).tolist() == row[["recall", "precision"]].fillna(-1).tolist()


@pytest.mark.parametrize(("coded", "extracted", "message"), [
    (CODED.drop(columns="unit"), FOUND, "coded: no column 'unit'"),
    (CODED, FOUND.drop(columns="period_end"), "extracted: no column 'period_end'"),
    (CODED.assign(bound="at least"), FOUND, "coded: column 'bound' holds 'at least' in row 1"),
    (CODED.assign(target="perhaps"), FOUND, "coded: column 'target' holds 'perhaps' in row 1; it must be true"),
    (CODED.assign(value="a few"), FOUND, "coded: column 'value' must hold number"),
    (CODED.assign(value=""), FOUND, "coded: column 'value' must hold number"),
    (CODED.assign(char_end=UNDECIDED), FOUND, "coded: column 'char_end' must hold integer"),
    (CODED, FOUND.assign(period_start="2024/1/1"), "extracted: column 'period_start' holds '2024/1/1' in row 1"),
    (CODED, pd.concat([FOUND, FOUND.head(1)]), "extracted: row 5 repeats doc_id='a', char_start=0"),
    ("coded.csv", FOUND, "coded: str given"),
])
def test_a_table_that_is_none_of_coded_metrics(coded: pd.DataFrame, extracted: pd.DataFrame, message: str) -> None:
    for function in (agreement, disagreements):
        with pytest.raises(TableError) as error:
            function(coded, extracted)
        assert str(error.value).startswith(message)
        assert "\n" not in str(error.value)


@pytest.mark.parametrize("characters", [0, -5, 2.5, "all"])
def test_characters_must_be_some(characters: object) -> None:
    with pytest.raises(PinganError, match="characters="):
        agreement(CODED, FOUND, characters=characters)


def test_codes_are_read_with_their_types(tmp_path: Path) -> None:
    coded = CODED.astype(object).assign(coder="a")
    coded.loc[0, ["value", "target", "period_start"]] = UNDECIDED
    coded.loc[1, "bound"] = "？"
    coded.loc[1, "cumulative"] = "TRUE"
    coded.to_csv(tmp_path / "coded.csv", index=False)
    read = read_coded(tmp_path / "coded.csv")
    assert read[["value", "target", "bound", "cumulative", "period_start", "coder"]].to_numpy().tolist()[:2] == [
        [UNDECIDED, UNDECIDED, "exact", False, UNDECIDED, "a"], [20.0, False, UNDECIDED, True, "2024-01-01", "a"]]
    assert read["char_start"].tolist() == [0, 10, 20, 0]
    assert disagreements(read, CODED)["column"].tolist() == ["cumulative"]


@pytest.mark.parametrize(("encoding", "separator"), [("utf-8-sig", ","), ("gb18030", ","), ("utf-8", ";")])
def test_tables_as_spreadsheets_write_them(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "coded.csv"
    CODED.to_csv(path, index=False, encoding=encoding, sep=separator)
    assert disagreements(CODED, read_coded(path)).empty


@pytest.mark.parametrize(("content", "message"), [
    (None, "cannot be read"),
    (b"", "coded.csv: no table of coded metrics"),
    (b"doc_id,unit\na,b,c\n1\n2,3,4,5\n", "coded.csv: no table of coded metrics"),
    (b"doc_id,unit\na,b\n", "coded.csv: no column 'char_start'"),
])
def test_a_file_that_holds_no_codes(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "coded.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TableError, match=message):
        read_coded(path)
