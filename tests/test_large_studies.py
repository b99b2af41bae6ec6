"""A study in partitions gives what the same study in memory gives, in little memory; what is too large says so."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pingan_analysis as pa
from pingan_analysis import counting
from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.schema import check_table
from pingan_analysis.terms import term_spread

PARTITIONS = 3


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> pa.Study:
    """The shipped study as a large one is on disk: each table a folder with the rows of some documents a file."""
    shipped = pa.load_study()
    folder = tmp_path_factory.mktemp("large")
    parts = np.array_split(shipped.documents["doc_id"].to_numpy(), PARTITIONS)
    for name in ("documents", "terms", "paragraphs", "metrics", "models", "channel_mentions", "boilerplate"):
        table = getattr(shipped, name)
        (folder / name).mkdir()
        for number, doc_ids in enumerate(parts):
            rows = table[table["doc_id"].isin(doc_ids)]
            rows.to_parquet(folder / name / f"{number:05}.parquet", index=False)
    return pa.load_study(folder)


@pytest.fixture(scope="module")
def rows(large: pa.Study) -> counting.Terms:
    return large.terms_with("place")


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pa.load_study().terms_with("place")


def same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(pd.DataFrame(left), pd.DataFrame(right), check_dtype=False)


def test_a_large_study_has_the_tables_of_the_small_one(large: pa.Study) -> None:
    same(large.terms, pa.load_study().terms)
    assert large.is_large
    assert not pa.load_study().is_large


def test_terms_of_a_large_study_are_a_relation_with_the_same_rows(rows: counting.Terms, frame: pd.DataFrame) -> None:
    assert not isinstance(rows, pd.DataFrame)
    found = rows.df().sort_values(list(frame.columns), ignore_index=True)
    same(found, frame.sort_values(list(frame.columns), ignore_index=True))


@pytest.mark.parametrize("options", [{}, {"names": True}, {"stop_words": False, "min_chars": 1}, {"pos": "noun"}])
def test_content_terms_of_a_relation_are_those_of_the_table(
    rows: counting.Terms, frame: pd.DataFrame, options: dict[str, object]
) -> None:
    order = list(frame.columns)
    found = pa.content_terms(rows, **options).df().sort_values(order, ignore_index=True)
    same(found, pa.content_terms(frame, **options).sort_values(order, ignore_index=True))


def test_whatever_takes_terms_gives_the_same(rows: counting.Terms, frame: pd.DataFrame) -> None:
    content, of_frame = pa.content_terms(rows), pa.content_terms(frame)
    same(pa.tf_idf(content, by="place"), pa.tf_idf(of_frame, by="place"))
    over = ["doc_id", "para"]
    same(pa.mean_tf_idf(content, by="place", over=over), pa.mean_tf_idf(of_frame, by="place", over=over))
    same(pa.document_similarity(content), pa.document_similarity(of_frame))
    same(pa.term_dispersion(rows, by=over), pa.term_dispersion(frame, by=over))
    same(term_spread(content, case="place"), term_spread(of_frame, case="place"))


def test_keywords_of_a_relation_are_those_of_the_table(rows: counting.Terms, frame: pd.DataFrame) -> None:
    options = {"by": "place", "permutations": 99}
    same(pa.keyness(rows, target="南湖区", **options), pa.keyness(frame, target="南湖区", **options))
    targets = ["南湖区", "西安高新区"]
    of_rows, of_frame = (pa.keyness_of_each(terms, targets=targets, **options) for terms in (rows, frame))
    same(of_rows, of_frame)
    assert of_rows.attrs == of_frame.attrs


@pytest.mark.parametrize("by", ["doc_id", "place", ["doc_id", "para"]])
@pytest.mark.parametrize("top", [1, 7])
def test_the_top_of_tf_idf_is_what_top_terms_takes_from_all(rows: counting.Terms, by: object, top: int) -> None:
    same(pa.tf_idf(rows, by=by, top=top), pa.top_terms(pa.tf_idf(rows, by=by), by=by, top=top))


@pytest.mark.parametrize("held", [0, 1_000])
@pytest.mark.parametrize("by", ["doc_id", ["doc_id", "para"], ["para", "doc_id"], ["place", "doc_id"]])
def test_tf_idf_stretch_by_stretch_is_that_of_all_at_once(
    rows: counting.Terms, by: str | list[str], held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = pa.tf_idf(rows, by=by, top=3)
    monkeypatch.setattr("pingan_analysis.terms.STRETCHES_HELD", held)
    monkeypatch.setattr(counting, "STRETCH_ROWS", 100)
    monkeypatch.setattr(counting, "FEW_UNITS", 2)
    units = [by] if isinstance(by, str) else by
    stretches = counting.stretches_of(counting.checked_terms(rows, units), units)
    assert len(stretches) > 2
    assert sum(len(counting.frame_of(some)) for some in stretches) == len(counting.frame_of(rows))
    same(pa.tf_idf(rows, by=by, top=3), expected)


def test_the_mean_of_tf_idf_is_that_of_the_units_weighted_by_their_words(frame: pd.DataFrame) -> None:
    of_units = pa.tf_idf(frame, by=["place", "doc_id", "para"])
    words = of_units.groupby(["place", "doc_id", "para"])["n"].transform("sum")
    expected = (of_units["tf_idf"] * words).groupby([of_units["place"], of_units["term"]]).sum()
    expected /= frame.groupby("place")["n"].sum()
    found = pa.mean_tf_idf(frame, by="place", over=["doc_id", "para"]).set_index(["place", "term"])["tf_idf"]
    pd.testing.assert_series_equal(found.sort_index(), expected.sort_index(), check_names=False, check_dtype=False)


def test_spread_is_counted_by_hand() -> None:
    terms = pd.DataFrame({"doc_id": ["a", "a", "b", "c"], "place": ["甲", "甲", "甲", "乙"], "para": [0, 1, 0, 0],
                          "term": ["平安", "平安", "平安", "网格"], "n": [1, 2, 4, 0]})
    assert term_spread(terms, case="place").to_numpy().tolist() == [["平安", 7, 2, 1]]


def test_units_to_compare_keep_the_weights_of_all(frame: pd.DataFrame) -> None:
    every = pa.document_similarity(frame)
    some = every.index[[3, 0]]
    pd.testing.assert_frame_equal(pa.document_similarity(frame, units=some), every.loc[some, some])
    with pytest.raises(ChoiceError, match="'nowhere' is none of the 5 values"):
        pa.document_similarity(frame, units=["nowhere"])


def test_evidence_of_a_large_study_is_that_of_the_small_one(large: pa.Study) -> None:
    table = pd.DataFrame({"term": ["平安", "宣传", "没有"], "place": ["南湖区", "西安高新区", "西安高新区"]})
    for by in (None, "place"):
        same(pa.term_evidence(large, table, by=by), pa.term_evidence(pa.load_study(), table, by=by))


def test_little_memory_gives_the_same(tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    size = 300_000
    drawn = pd.DataFrame({"doc_id": random.integers(0, 20_000, size), "term": random.integers(0, 9_000, size)})
    drawn = drawn.drop_duplicates(ignore_index=True).assign(n=1)
    drawn = drawn.assign(doc_id="article_" + drawn["doc_id"].astype(str), term="词" + drawn["term"].astype(str))
    drawn.to_parquet(tmp_path / "terms.parquet")
    roomy = pa.tf_idf(drawn, top=3)
    scarce = counting.connection()
    scarce.execute("SET memory_limit = '48MB'")
    try:
        same(pa.tf_idf(scarce.read_parquet(str(tmp_path / "terms.parquet")), top=3), roomy)
    finally:
        scarce.execute(f"SET memory_limit = '{counting.MEMORY}'")


def test_what_is_too_large_names_the_way_out(
    large: pa.Study, rows: counting.Terms, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("counting", "study"):
        monkeypatch.setattr(f"pingan_analysis.{module}.MAX_ROWS", 100)
    monkeypatch.setattr("pingan_analysis.terms.MAX_COMPARED", 4)
    with pytest.raises(TableError, match="pass top=10"):
        pa.tf_idf(rows)
    assert len(pa.tf_idf(rows, top=2)) == 10
    with pytest.raises(TableError, match=r"terms has [\d,]+ rows.*study.relation\('terms'\)"):
        _ = pa.load_study(large.path).terms
    with pytest.raises(TableError, match="5 units make a table of as many columns"):
        pa.document_similarity(rows)


def test_cases_of_a_large_study_without_places_are_years(large: pa.Study, tmp_path: Path) -> None:
    documents = large.documents.drop(columns="year").assign(place="")
    documents.loc[0, "published"] = pd.NaT
    for name in ("terms", "documents"):
        (tmp_path / name).mkdir()
    check_table(documents, "documents").to_parquet(tmp_path / "documents/00000.parquet")
    large.terms.to_parquet(tmp_path / "terms/00000.parquet")
    study = pa.load_study(tmp_path)
    assert study.case_column == "year"
    assert study.documents["year"].iloc[0] == "undated"
    assert set(term_spread(study.terms_with("year"), case="year")["cases"]) >= {1, 2}
    assert large.case_column == "place"


def test_a_sample_is_every_so_manyth_document_and_says_so(large: pa.Study) -> None:
    shipped = pa.load_study()
    doc_ids = shipped.documents["doc_id"].tolist()
    for study in (shipped, large):
        sampled = study.terms_with("place", sample=2)
        assert isinstance(sampled, pd.DataFrame)
        assert sampled["doc_id"].drop_duplicates().tolist() == [doc_ids[0], doc_ids[3]]
        assert study.sample_note(2) == " (Sample of 2 of 5 documents, in order: one in 3.)"
        assert study.sample_note(5) == ""
        same(study.terms_with("place", sample=5), shipped.terms_with("place"))
    with pytest.raises(TableError, match="sample=0"):
        large.terms_with(sample=0)


def test_metrics_of_many_places_are_drawn_of_those_with_the_most() -> None:
    series = pa.metric_series(pa.load_study().metrics).head(1)
    places = [f"place {number:02}" for number in range(30)]
    many = pd.concat([series] * len(places), ignore_index=True).assign(place=places, n=range(1, 31))
    fig = pa.plot_metric_series(many, lang="en")
    legend = fig.legends[0]
    named = [text.get_text() for text in legend.get_texts()]
    assert [name for name in named if name.startswith("place")] == places[10:]
    assert "shown: 20 of 30 places, those with the most metrics" in " ".join(legend.get_title().get_text().split())


def test_a_long_table_is_printed_in_part_and_saved_whole(tmp_path: Path) -> None:
    table = pd.DataFrame({"row": [f"row{number}" for number in range(1_001)]})
    pa.save_table(table, "long", caption="Rows.", note="A note.", folder=tmp_path, lang="en")
    csv, tex, page = ((tmp_path / f"long.{ending}").read_text(encoding="utf-8") for ending in ("csv", "tex", "html"))
    assert "row1000" in csv
    for printed in (tex, page):
        assert "row999" in printed
        assert "row1000" not in printed
        assert "the first 1,000 of 1,001 rows; the CSV file has all." in printed
    pa.save_table(table.head(1_000), "shorter", caption="Rows.", folder=tmp_path, lang="en")
    assert "Printed" not in (tmp_path / "shorter.html").read_text(encoding="utf-8")
