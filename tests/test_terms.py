"""Term counts: hand-computed values, scikit-learn as the oracle, and printed values of the literature."""

import math

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.metrics.pairwise import cosine_similarity

import pingan_analysis as pa
from pingan_analysis.errors import ChoiceError, NothingToRead, TableError
from pingan_analysis.terms import count_by

# ten words of two documents and what a pocket calculator says of them
TEN_WORDS = pd.DataFrame(
    [("a", "平安", 4), ("a", "禁毒", 2), ("a", "网格", 2), ("b", "平安", 1), ("b", "信访", 1)],
    columns=["doc_id", "term", "n"],
)


def row_of(table: pd.DataFrame, **values: str) -> pd.Series:
    selected = table[np.logical_and.reduce([table[name] == value for name, value in values.items()])]
    assert len(selected) == 1
    return selected.iloc[0]


def test_tf_idf_by_hand() -> None:
    table = pa.tf_idf(TEN_WORDS)
    assert list(table.columns) == ["doc_id", "term", "n", "tf", "df", "idf", "tf_idf"]
    drugs = row_of(table, doc_id="a", term="禁毒")
    assert (drugs.n, drugs.df) == (2, 1)
    assert drugs.tf == pytest.approx(0.25)
    assert drugs.idf == pytest.approx(0.6931471805599453)
    assert drugs.tf_idf == pytest.approx(0.17328679513998632)
    assert row_of(table, doc_id="a", term="平安").tf_idf == 0


def test_most_characteristic_terms_come_first_and_ties_are_ordered() -> None:
    table = pa.tf_idf(TEN_WORDS)
    assert table["term"].tolist() == ["禁毒", "网格", "平安", "信访", "平安"]


counts = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["平安", "禁毒", "网格", "信访", "屏"]), st.integers(1, 50)),
    min_size=1, unique_by=lambda row: row[:2],
).map(lambda rows: pd.DataFrame(rows, columns=["doc_id", "term", "n"]))


@given(counts)
def test_smooth_idf_is_that_of_scikit_learn(terms: pd.DataFrame) -> None:
    wide = terms.pivot_table(index="doc_id", columns="term", values="n", fill_value=0)
    expected = TfidfTransformer(norm=None, smooth_idf=True).fit_transform(wide).toarray()
    table = pa.tf_idf(terms, idf="smooth")
    got = (table["n"] * table["idf"]).groupby([table["doc_id"], table["term"]]).sum().unstack(fill_value=0)
    np.testing.assert_allclose(got.loc[wide.index, wide.columns], expected, rtol=1e-12)


@given(counts)
def test_natural_idf_is_the_logarithm_of_the_share(terms: pd.DataFrame) -> None:
    n_documents = terms["doc_id"].nunique()
    for row in pa.tf_idf(terms).itertuples():
        assert row.idf == pytest.approx(math.log(n_documents / (terms["term"] == row.term).sum()))


@given(counts)
def test_similarity_is_the_cosine_of_scikit_learn(terms: pd.DataFrame) -> None:
    wide = terms.pivot_table(index="doc_id", columns="term", values="n", fill_value=0)
    weighted = TfidfTransformer(norm=None, smooth_idf=True).fit_transform(wide)
    got = pa.document_similarity(terms)
    np.testing.assert_allclose(got.loc[wide.index, wide.index], cosine_similarity(weighted), atol=1e-12)


@given(counts)
def test_order_of_rows_does_not_matter(terms: pd.DataFrame) -> None:
    shuffled = terms.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(pa.tf_idf(terms), pa.tf_idf(shuffled))


def test_document_term_matrix_has_units_and_terms_in_order() -> None:
    matrix = pa.document_term_matrix(TEN_WORDS)
    assert list(matrix.units) == ["a", "b"]
    assert list(matrix.terms) == sorted(["平安", "禁毒", "网格", "信访"])
    assert matrix.counts[0, list(matrix.terms).index("平安")] == 4
    assert matrix.counts.sum() == 10
    assert list(pa.document_similarity(TEN_WORDS).reset_index().columns) == ["doc_id", "a", "b"]


def test_paragraphs_are_units() -> None:
    terms = TEN_WORDS.assign(para=[0, 0, 1, 0, 0])
    table = pa.tf_idf(terms, by=["doc_id", "para"])
    assert list(table.columns[:3]) == ["doc_id", "para", "term"]
    assert row_of(table, doc_id="a", para=1, term="网格").tf == 1
    assert row_of(table, doc_id="a", para=1, term="网格").idf == pytest.approx(math.log(3))


def test_part_of_speech_is_added_up() -> None:
    terms = pd.DataFrame({"doc_id": ["a", "a"], "term": ["宣传", "宣传"], "pos": ["v", "vn"], "n": [2, 3]})
    assert count_by(terms)["n"].tolist() == [5]


def test_a_relation_gives_the_same_as_a_data_frame() -> None:
    relation = duckdb.from_df(TEN_WORDS)
    pd.testing.assert_frame_equal(pa.tf_idf(relation), pa.tf_idf(TEN_WORDS))


def test_a_repeated_key_raises() -> None:
    repeated = pd.concat([TEN_WORDS, TEN_WORDS.iloc[[1]]])
    with pytest.raises(TableError, match="row 6 repeats doc_id='a', term='禁毒'"):
        pa.tf_idf(repeated)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"by": "doc_ids"}, "by='doc_ids' is not one of 'doc_id'; did you mean 'doc_id'"),
        ({"by": ["doc_id", "parra"]}, "by='parra' is not one of"),
        ({"idf": "log"}, "idf='log' is not one of 'natural', 'smooth'"),
    ],
)
def test_a_misspelt_argument_names_the_choices(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ChoiceError, match=message):
        pa.tf_idf(TEN_WORDS, **arguments)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(TableError, match="no column 'n'"):
        pa.tf_idf(TEN_WORDS[["doc_id", "term"]])


def test_dispersion_has_the_values_of_gries_2008_and_lijffijt_gries_2012() -> None:
    values = pa.dispersion([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])
    assert values["range"] == 5
    assert values["dp"] == pytest.approx(0.18)
    assert values["dp_norm"] == pytest.approx(0.219512, abs=1e-6)
    assert values["juilland_d"] == pytest.approx(0.785150, abs=1e-6)


def test_dispersion_at_its_ends() -> None:
    even = pa.dispersion([10, 20], [100, 200])
    assert (even["dp"], even["kl_divergence"]) == (pytest.approx(0), pytest.approx(0))
    assert even["juilland_d"] == pytest.approx(1)
    clumped = pa.dispersion([0, 0, 7, 0], [50, 50, 50, 50])
    assert (clumped["range"], clumped["dp_norm"]) == (1, pytest.approx(1))
    assert clumped["kl_divergence"] == pytest.approx(2)
    absent = pa.dispersion([0, 0], [5, 5])
    assert absent["range"] == 0
    assert math.isnan(absent["dp"])
    assert math.isnan(pa.dispersion([3], [5])["dp_norm"])


@pytest.mark.parametrize(("term_counts", "sizes"), [
    ([1], [1, 2]), ([], []), ([1, 2], [0, 5]), ([-1, 2], [3, 5]), ([1, 2], [math.nan, 5]), ([math.inf, 2], [3, 5]),
])
def test_dispersion_of_impossible_counts_raises(term_counts: list[float], sizes: list[float]) -> None:
    with pytest.raises(TableError):
        pa.dispersion(term_counts, sizes)


@given(counts)
def test_the_table_of_dispersion_agrees_with_the_measure_by_term(terms: pd.DataFrame) -> None:
    wide = terms.pivot_table(index="doc_id", columns="term", values="n", fill_value=0)
    table = pa.term_dispersion(terms).set_index("term")
    for term in wide.columns:
        expected = pa.dispersion(wide[term].tolist(), wide.sum(axis=1).tolist())
        for name, value in expected.items():
            assert table.loc[term, name] == pytest.approx(value, nan_ok=True)


def test_terms_are_counted_by_paragraph_without_punctuation_and_boilerplate() -> None:
    text = "来源：某网\n掃黑除惡，掃黑除惡。\r\n\r\n平安建设"
    documents = pd.DataFrame({"doc_id": ["a"], "text": [text], "boilerplate": [((0, 5, "source_line"),)]})
    terms = pa.count_terms(documents)
    assert terms[["para", "term", "n"]].values.tolist() == [[0, "扫黑除恶", 2], [1, "平安建设", 1]]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"doc_id": ["a", "a", None, "b", "b"]}, "column 'doc_id' is empty"),
        ({"term": ["平安", None, "网格", "平安", "信访"]}, "column 'term' is empty"),
        ({"n": [4, 2, 2, 1, -1]}, "n of '信访' is no count"),
        ({"n": [4, 2, 2, 1, 0.5]}, "n of '信访' is no count"),
        ({"n": [4, 2, 2, 1, None]}, "n of '信访' is no count"),
        ({"n": ["4", "2", "2", "1", "1"]}, "terms: cannot be counted"),
    ],
)
@pytest.mark.parametrize("as_relation", [False, True])
def test_what_cannot_be_counted_raises(as_relation: bool, changed: dict[str, list[object]], message: str) -> None:
    terms = TEN_WORDS.assign(**changed)
    with pytest.raises(TableError, match=message):
        pa.tf_idf(duckdb.from_df(terms) if as_relation else terms)


def test_a_term_that_stands_there_no_times_is_not_there() -> None:
    absent = pd.DataFrame({"doc_id": ["b"], "term": ["禁毒"], "n": [0]})
    pd.testing.assert_frame_equal(pa.tf_idf(pd.concat([TEN_WORDS, absent])), pa.tf_idf(TEN_WORDS))


def test_columns_of_any_name_and_of_names_that_differ_in_case() -> None:
    terms = TEN_WORDS.assign(**{'"Doc" id': TEN_WORDS["doc_id"], "DOC_ID": "all"})
    assert pa.tf_idf(terms, by='"Doc" id')["tf_idf"].tolist() == pa.tf_idf(TEN_WORDS)["tf_idf"].tolist()
    assert pa.tf_idf(terms, by="DOC_ID")["DOC_ID"].unique().tolist() == ["all"]


CATEGORIES = {"doc_id": "category", "term": "category"}


@pytest.mark.parametrize("dtypes", [CATEGORIES, {"n": "Int64"}, {"n": "int64[pyarrow]"}])
def test_types_of_columns_make_no_difference(dtypes: dict[str, str]) -> None:
    table = pa.tf_idf(TEN_WORDS.astype(dtypes)).astype({"doc_id": "str", "term": "str"})
    pd.testing.assert_frame_equal(table, pa.tf_idf(TEN_WORDS))


def test_a_table_without_rows() -> None:
    empty = TEN_WORDS.iloc[:0]
    assert pa.tf_idf(empty).empty
    assert pa.term_dispersion(empty).empty
    with pytest.raises(TableError, match="no units to compare"):
        pa.document_similarity(empty)


def test_by_names_a_column() -> None:
    with pytest.raises(ChoiceError, match="by names no column"):
        pa.tf_idf(TEN_WORDS, by=[])


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=60), st.integers(1, 1000))
def test_an_even_spread_has_no_deviation(sizes: list[int], factor: int) -> None:
    values = pa.dispersion(sizes, [factor * size for size in sizes])
    assert values["dp"] >= 0
    assert values["dp"] == pytest.approx(0, abs=1e-12)


CONTENT = pd.DataFrame(
    [("宣传", "v"), ("高新区", "n"), ("西安", "ns"), ("聂海军", "nr"), ("的", "uj"), ("我们", "r"), ("进行", "v"),
     ("屏", "n")],
    columns=["term", "pos"],
).assign(doc_id="a", place="西安高新区", n=1)


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ({}, ["宣传"]),
        ({"names": True}, ["宣传", "高新区", "西安", "聂海军"]),
        ({"stop_words": False}, ["宣传", "进行"]),
        ({"stop_words": ["宣传"]}, ["进行"]),
        ({"min_chars": 1}, ["宣传", "屏"]),
        ({"pos": "ns", "names": True}, ["西安"]),
    ],
)
def test_content_terms(options: dict[str, object], kept: list[str]) -> None:
    assert pa.content_terms(CONTENT, **options)["term"].tolist() == kept


def test_a_stop_list_that_is_not_there_is_named() -> None:
    with pytest.raises(NothingToRead, match=r"stop_words: no file 'my_stop\.txt'"):
        pa.content_terms(CONTENT, stop_words="my_stop.txt")


def test_content_terms_without_parts_of_speech() -> None:
    with pytest.raises(TableError, match="no column 'pos'"):
        pa.content_terms(CONTENT.drop(columns="pos"))


def test_top_terms_by_hand() -> None:
    table = pd.DataFrame(
        [("a", 0, "平安", 2, 0.5), ("a", 0, "禁毒", 3, 0.5), ("a", 1, "网格", 1, 0.9), ("b", 0, "信访", 1, 0.0)],
        columns=["doc_id", "para", "term", "n", "tf_idf"],
    )
    assert pa.top_terms(table, top=2)["term"].tolist() == ["网格", "禁毒"]
    assert pa.top_terms(table, by=["doc_id", "para"], top=1)["term"].tolist() == ["禁毒", "网格"]


@pytest.mark.parametrize("top", [0, -1, 2.5])
def test_an_impossible_number_of_top_terms(top: float) -> None:
    with pytest.raises(TableError, match="top="):
        pa.top_terms(pa.tf_idf(TEN_WORDS), top=top)


def test_mean_tf_idf_weighs_paragraphs_by_their_length() -> None:
    terms = pd.DataFrame(
        [("a", 0, "短", 1), ("a", 1, "长", 1), ("a", 1, "文", 8), ("b", 0, "文", 10)],
        columns=["doc_id", "para", "term", "n"],
    )
    means = pa.mean_tf_idf(terms, by="doc_id", over=["doc_id", "para"]).set_index(["doc_id", "term"])["tf_idf"]
    # a heading of one word weighs as that word does anywhere: 1 of 10 words, in 1 of 3 paragraphs
    assert means["a", "短"] == pytest.approx(math.log(3) / 10)
    assert means["a", "长"] == pytest.approx(math.log(3) / 10)
    assert means["a", "文"] == pytest.approx(8 / 10 * math.log(3 / 2))


@pytest.mark.parametrize("text", [None, float("nan"), 3])
def test_a_document_without_text_is_named(text: object) -> None:
    documents = pd.DataFrame({"doc_id": ["a", "b"], "text": pd.Series(["平安", text], dtype=object)})
    with pytest.raises(TableError, match="'b' has no text"):
        pa.count_terms(documents)
