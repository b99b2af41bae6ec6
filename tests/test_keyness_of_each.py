"""Keywords of each of several targets: the tables of `keyness`, one below the other, and none where none can be."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import pingan_analysis as pa
from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.keywords.design import in_words
from pingan_analysis.keywords.table import COLUMNS

TERMS = pd.DataFrame(
    [(doc, para, term, n) for doc in "abc" for para in range(3)
     for term, n in (("网格", 4 if doc == "a" else 1), ("宣传", 3), ("调解", 5 if doc == "b" else 2))],
    columns=["doc_id", "para", "term", "n"],
)


def test_each_target_has_the_rows_that_keyness_gives_it() -> None:
    each = pa.keyness_of_each(TERMS, by="doc_id", targets=["b", "a"], seed=3)
    for target in "ab":
        alone = pd.DataFrame(pa.keyness(TERMS, target=target, seed=3))
        pd.testing.assert_frame_equal(
            each[each["doc_id"].eq(target)].drop(columns="doc_id").reset_index(drop=True), alone, check_like=False)
    assert each["doc_id"].drop_duplicates().tolist() == ["b", "a"]
    assert list(each) == ["doc_id", *COLUMNS]


def test_the_design_of_each_target_goes_with_the_table() -> None:
    designs = pa.keyness_of_each(TERMS, by="doc_id").attrs["designs"]
    assert list(designs) == ["a", "b", "c"]
    for target, sentences in designs.items():
        assert sentences == in_words(pa.keyness(TERMS, target=target).design)
        assert sentences[0].startswith(f"Target {target}: 1 document")


@pytest.mark.parametrize("targets", ["南湖区", ["南湖区"], ("南湖区",), pd.Index(["南湖区"]), np.array(["南湖区"])])
def test_one_target_or_a_list_of_any_kind(targets: Any) -> None:
    terms = TERMS.assign(place=TERMS["doc_id"].replace({"a": "南湖区", "b": "西城区", "c": "西城区"}))
    each = pa.keyness_of_each(terms, by="place", targets=targets)
    assert each["place"].unique().tolist() == list(each.attrs["designs"]) == ["南湖区"]
    assert each["n_target"].max() == 4


def test_one_day_can_be_the_target() -> None:
    days = TERMS.assign(day=pd.to_datetime(TERMS["doc_id"].replace({"a": "2024-01", "b": "2024-02", "c": "2024-03"})))
    for targets in (pd.Timestamp("2024-02-01"), days["day"].unique()[1:2]):
        each = pa.keyness_of_each(days, by="day", targets=targets)
        assert list(each.attrs["designs"]) == [pd.Timestamp("2024-02-01")]
        assert each["n_target"].max() == 5


@pytest.mark.parametrize(("terms", "options", "message"), [
    (TERMS[TERMS["doc_id"].eq("a")], {}, "nothing is left to compare with"),
    (TERMS, {"min_n": 1_000}, "no term occurs so often"),
])
def test_where_nothing_can_be_compared_the_table_is_empty_and_says_why(
    terms: pd.DataFrame, options: dict[str, int], message: str
) -> None:
    with pytest.warns(UserWarning, match=message):
        each = pa.keyness_of_each(terms, by="doc_id", **options)
    assert each.empty
    assert list(each) == ["doc_id", *COLUMNS]


def test_a_misspelt_target_is_refused() -> None:
    with pytest.raises(ChoiceError, match="targets='d' is not one of 'a', 'b', 'c'"):
        pa.keyness_of_each(TERMS, by="doc_id", targets=["d"])


def test_several_values_are_not_one_target_of_several() -> None:
    with pytest.raises(TableError, match=r"targets=.*; it must be one value of 'doc_id', or a list of them"):
        pa.keyness_of_each(TERMS, by="doc_id", targets=[["a", "b"], "c"])


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(ChoiceError, match=r"by='place' is not one of .* come with study\.terms_with"):
        pa.keyness_of_each(TERMS, by="place")
