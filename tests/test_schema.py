"""A table that is not as the schema says is refused in one line that says what would be right; codebooks agree."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from pingan_analysis.codebook import datapackage_json, with_tables
from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.schema import TABLES, check_table

ROOT = Path(__file__).parents[1]
TERM = {"doc_id": "a", "para": 0, "passage": "", "term": "平安", "pos": "n", "n": 2}


def table(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{**TERM, **row} for row in rows])


def test_columns_come_in_order_and_in_their_types_with_others_behind() -> None:
    frame = pd.DataFrame([{"remark": "x", **dict(reversed(TERM.items())), "n": "2", "passage": None}])
    checked = check_table(frame, "terms")
    assert list(checked.columns) == ["doc_id", "para", "passage", "term", "pos", "n", "remark"]
    assert checked["n"].tolist() == [2]
    assert checked["passage"].tolist() == [""]


@pytest.mark.parametrize(
    ("frame", "name", "message"),
    [
        (table({}).drop(columns="pos"), "terms", "t.csv: no column 'pos'; table 'terms' has 'doc_id', 'para'"),
        (table({}, {"n": "two", "para": 1}), "terms", "t.csv: column 'n' must hold integer values"),
        (table({}, {"n": 10**30, "para": 1}), "terms", "t.csv: column 'n' must hold integer values"),
        (table({}, {"n": -1, "para": 1}), "terms", "t.csv: column 'n' holds -1 in row 2; it must not be below 0"),
        (table({}, {"term": "", "para": 1}), "terms", "t.csv: column 'term' is empty in row 2"),
        (table({}, {"term": " ", "para": 1}), "terms", "t.csv: column 'term' is empty in row 2"),
        (pd.concat([table({}), table({})["n"]], axis=1), "terms", "t.csv: column 'n' stands there twice"),
        ([1], "terms", "t.csv: list given; it must be a pandas DataFrame"),
        (table({}, {"para": 1}, {}), "terms", "t.csv: row 3 repeats doc_id='a', para=0"),
    ],
)
def test_what_is_wrong_is_named(frame: pd.DataFrame, name: str, message: str) -> None:
    with pytest.raises(TableError) as caught:
        check_table(frame, name, where="t.csv")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("script", "trad", "column 'script' holds 'trad' in row 1; it must be one of 'hans', 'hant'"),
        ("published", "2024", "column 'published' holds '2024' in row 1; it must be a day such as 2024-09-02"),
        ("published", "2024-09-02 08:00", "column 'published' holds '2024-09-02 08:00' in row 1"),
        ("published", pd.Timestamp("2024-09-02 08:00"), "column 'published' holds Timestamp('2024-09-02 08:00:00')"),
        ("published", "2024-09-02T08:00+08:00", "it must be a day such as 2024-09-02"),
        ("published", "2.9.2024", "column 'published' holds '2.9.2024' in row 1; it must be a day such as 2024-09-02"),
    ],
)
def test_choices_and_days(column: str, value: str, message: str) -> None:
    row = dict.fromkeys(TABLES["documents"].column_names, "")
    row |= {"doc_id": "a", "script": "hans", "encoding": "utf-8", "source": "a.txt", "sha256": "0", "n_chars": 1}
    row |= {"n_tokens": 1, column: value}
    with pytest.raises(TableError, match=re.escape(message)):
        check_table(pd.DataFrame([row]), "documents")


def test_an_unknown_day_is_missing_not_a_day() -> None:
    row = dict.fromkeys(TABLES["documents"].column_names, "")
    row |= {"doc_id": "a", "script": "hans", "encoding": "utf-8", "source": "a.txt", "sha256": "0", "n_chars": 1,
            "n_tokens": 1}
    assert check_table(pd.DataFrame([row]), "documents")["published"].isna().all()


def test_the_codebook_is_the_schema() -> None:
    readme = (ROOT / "data/README.md").read_text(encoding="utf-8")
    assert readme == with_tables(readme), "run `make codebook`"
    for name in TABLES:
        assert f"### {name}\n" in readme


def test_the_data_package_is_the_schema_and_the_files_are_there() -> None:
    path = ROOT / "data/datapackage.json"
    assert path.read_text(encoding="utf-8") == datapackage_json(), "run `make codebook`"
    for resource in json.loads(path.read_text(encoding="utf-8"))["resources"]:
        header = (ROOT / "data" / resource["path"]).read_text(encoding="utf-8").split("\n", 1)[0]
        assert header.split(",") == [field["name"] for field in resource["schema"]["fields"]]


def test_a_misspelt_table_names_the_tables() -> None:
    with pytest.raises(ChoiceError, match=r"table='term' is not one of .*; did you mean 'terms'"):
        check_table(table({}), "term")


def test_a_coder_may_correct_what_a_metric_says_but_not_where_it_stands() -> None:
    metrics, corrections = TABLES["metrics"], TABLES["corrections"]
    choices = next(column.choices for column in corrections.columns if column.name == "column")
    fixed = {"doc_id", "para", "char_start", "char_end", "quantity", "rule", "same_as"}
    assert choices[0] == "row"
    assert set(choices[1:]) == set(metrics.column_names) - fixed


def test_the_shipped_corrections_have_the_columns_of_the_schema() -> None:
    header = (ROOT / "data/coding/corrections.csv").read_text(encoding="utf-8").split("\n", 1)[0]
    assert header.split(",") == TABLES["corrections"].column_names
