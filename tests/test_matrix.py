"""Counts held as a matrix: what it answers must be what is answered of the same rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pingan_analysis as pa
from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.matrix import in_stretches

rows = st.lists(
    st.tuples(st.sampled_from(["乙县", "甲县"]), st.sampled_from("abcd"), st.sampled_from(["平安", "禁毒", "网格"]),
              st.integers(0, 9)),
    min_size=1, unique_by=lambda row: row[:3],
).map(lambda cells: pd.DataFrame(cells, columns=["place", "doc_id", "term", "n"]))
BY = ["place", "doc_id"]


@settings(max_examples=50)
@given(rows, st.sampled_from(["place", "doc_id", ["place", "doc_id"], ["doc_id", "place"]]), st.sampled_from([None, 2]))
def test_tf_idf_of_a_matrix_is_that_of_its_rows(terms, by, top):
    matrix = pa.document_term_matrix(terms, by=BY)
    expected = pa.tf_idf(terms.groupby([*BY, "term"], as_index=False)["n"].sum(), by=by, top=top)
    got = pa.tf_idf(matrix, by=by, top=top)
    pd.testing.assert_frame_equal(got, expected, check_dtype=False)


@settings(max_examples=25)
@given(rows, st.integers(1, 5), st.sampled_from([None, 1]))
def test_stretches_of_a_matrix_give_what_the_whole_gives(terms, cells, top):
    matrix = pa.document_term_matrix(terms, by=BY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pingan_analysis.matrix.CELLS_AT_ONCE", cells)
        stretches = list(in_stretches(matrix))
        assert [unit for some in stretches for unit in some.units] == list(matrix.units)
        assert len(stretches) >= min(len(matrix.units), matrix.counts.nnz // (cells + 3))
        in_pieces = pa.tf_idf(matrix, by=BY, top=top)
    pd.testing.assert_frame_equal(in_pieces, pa.tf_idf(matrix, by=BY, top=top))


@settings(max_examples=25)
@given(rows)
def test_a_subgroup_and_a_stop_list_are_those_of_the_rows(terms):
    matrix = pa.document_term_matrix(terms, by=BY)
    some = matrix.only(units=matrix.units.get_level_values("place") == "甲县", terms=~matrix.terms.isin(["禁毒"]))
    kept = terms[terms["place"].eq("甲县") & terms["term"].ne("禁毒")]
    pd.testing.assert_frame_equal(pa.tf_idf(some, by="doc_id"), pa.tf_idf(kept, by="doc_id"), check_dtype=False)


def test_sums_are_those_of_pandas():
    terms = pd.DataFrame({"place": ["乙县", "甲县", "乙县", "甲县"], "doc_id": list("abcd"),
                          "term": ["平安", "平安", "禁毒", "平安"], "n": [1, 2, 4, 8]})
    summed = pa.document_term_matrix(terms, by=BY).summed("place")
    assert list(summed.units) == sorted(["乙县", "甲县"])
    assert summed.units.name == "place"
    there = pd.DataFrame(summed.counts.toarray(), index=summed.units, columns=summed.terms)
    pd.testing.assert_frame_equal(
        there, terms.pivot_table(index="place", columns="term", values="n", aggfunc="sum", fill_value=0),
        check_dtype=False,
    )


@settings(max_examples=25)
@given(rows)
def test_totals_are_those_of_the_rows(terms):
    matrix = pa.document_term_matrix(terms, by=BY)
    for units, there in (None, terms), (matrix.units.get_level_values("doc_id") == "a", terms[terms["doc_id"] == "a"]):
        found = matrix.total(units)
        assert {term: n for term, n in found.items() if n} == {
            term: n for term, n in there.groupby("term")["n"].sum().items() if n}


def test_what_is_asked_for_must_be_there():
    matrix = pa.document_term_matrix(pd.DataFrame({"doc_id": ["a", "b"], "term": ["平安", "禁毒"], "n": [1, 2]}))
    with pytest.raises(ChoiceError, match="doc_id"):
        pa.tf_idf(matrix, by="place")
    with pytest.raises(TableError, match="true or false for each of the 2 units"):
        matrix.only(units=np.array([True]))
    with pytest.raises(TableError, match="true or false for each of the 2 terms"):
        matrix.only(terms=["平安", "禁毒"])


def test_nothing_left_gives_an_empty_table():
    matrix = pa.document_term_matrix(pd.DataFrame({"doc_id": ["a", "b"], "term": ["平安", "禁毒"], "n": [1, 2]}))
    table = pa.tf_idf(matrix.only(terms=np.zeros(2, dtype=bool)))
    assert table.empty
    assert list(table.columns) == ["doc_id", "term", "n", "tf", "df", "idf", "tf_idf"]
