"""The study: made from articles, the same to the byte, and refused in one line where something is wrong."""

import hashlib
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pingan_analysis as pa
from pingan_analysis.articles import SkippedArticlesWarning
from pingan_analysis.building.facts import link_facts
from pingan_analysis.errors import CannotWrite, ChoiceError, NothingToRead, PinganError, TableError

ROOT = Path(__file__).parents[1]
DIGESTS = ROOT / "data/digests"
ARTICLES = ROOT / "../shared/articles"


@pytest.fixture(scope="module")
def digest_study(tmp_path_factory: pytest.TempPathFactory) -> pa.Study:
    return pa.ingest(DIGESTS, tmp_path_factory.mktemp("study") / "digests")


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the five articles are not in ../shared/articles")
def test_the_shipped_study_is_what_the_articles_give(tmp_path: Path) -> None:
    pa.ingest(ARTICLES, tmp_path / "study")
    for shipped in sorted((ROOT / "data/study").iterdir()):
        assert (tmp_path / "study" / shipped.name).read_bytes() == shipped.read_bytes(), shipped.name
    assert len(list((tmp_path / "study").iterdir())) == len(list((ROOT / "data/study").iterdir()))


def test_the_shipped_study_has_five_articles_of_four_places() -> None:
    study = pa.load_study()
    assert len(study.documents) == 5
    assert study.documents["place"].value_counts()["西安高新区"] == 2
    assert study.documents["script"].value_counts().to_dict() == {"hans": 3, "hant": 2}
    assert (study.documents["date_basis"] == "printed").sum() == 1
    assert study.terms.groupby("doc_id")["n"].sum().to_dict() == dict(
        zip(study.documents["doc_id"], study.documents["n_tokens"], strict=True))


def test_one_process_or_several_give_the_same_bytes(digest_study: pa.Study, tmp_path: Path) -> None:
    pa.ingest(DIGESTS, tmp_path / "study", workers=2)
    for file in sorted(digest_study.path.iterdir()):
        assert (tmp_path / "study" / file.name).read_bytes() == file.read_bytes()


def test_a_large_study_is_parquet_with_the_same_tables(
    digest_study: pa.Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pingan_analysis.building.assembly.CSV_DOCUMENTS", 1)
    study = pa.ingest(DIGESTS, tmp_path / "study")
    assert (tmp_path / "study/terms/00000.parquet").is_file()
    pd.testing.assert_frame_equal(study.terms, digest_study.terms)
    pd.testing.assert_frame_equal(study.documents.drop(columns="year"), digest_study.documents)
    pd.testing.assert_frame_equal(pa.tf_idf(study.relation("terms")), pa.tf_idf(digest_study.terms))


def test_script_twins_give_the_same_terms(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles/a.txt").write_text("深入开展扫黑除恶专项斗争，网格员发放宣传册2万余份。", encoding="utf-8")
    (tmp_path / "articles/b.txt").write_text("深入開展掃黑除惡專項鬥爭，網格員發放宣傳冊2萬餘份。", encoding="big5")
    study = pa.ingest(tmp_path / "articles", tmp_path / "study")
    terms = {name: rows[["para", "term", "pos", "n"]].values.tolist() for name, rows in study.terms.groupby("doc_id")}
    assert terms["a"] == terms["b"]
    assert study.documents["script"].tolist() == ["hans", "hant"]
    assert study.documents["duplicate_of"].tolist() == ["", "a"]


def test_duplicates_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "articles" / name).write_text("平安建设人人参与，平安成果人人共享。" * 3, encoding="utf-8")
    study = pa.ingest(tmp_path / "articles", tmp_path / "study")
    assert set(study.terms_with("script")["doc_id"]) == {"a"}
    assert set(study.terms_with("script", duplicates=True)["doc_id"]) == {"a", "b"}


def test_what_cannot_be_read_is_listed_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles/good.txt").write_text("平安建设人人参与。", encoding="utf-8")
    (tmp_path / "articles/empty.txt").write_bytes(b"")
    (tmp_path / "articles/photo.jpg").write_bytes(b"\xff\xd8\xff")
    with pytest.warns(SkippedArticlesWarning, match=r"2 of 3 .*empty\.txt \(empty file\), photo\.jpg"):
        study = pa.ingest(tmp_path / "articles", tmp_path / "study")
    assert study.documents["doc_id"].tolist() == ["good"]
    assert study.skipped["source"].tolist() == ["empty.txt", "photo.jpg"]
    assert study.skipped["reason"].str.len().gt(0).all()


def test_texts_of_the_shipped_study_are_the_digests() -> None:
    texts = pa.load_study().texts()
    assert len(texts) == 5
    assert texts["text"].str.contains("平安").all()


def test_texts_go_by_the_names_of_the_study(digest_study: pa.Study) -> None:
    texts = digest_study.texts(DIGESTS)
    assert texts["doc_id"].tolist() == digest_study.documents["doc_id"].tolist()


def test_texts_of_another_study_have_to_be_named(digest_study: pa.Study, tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="--articles PATH"):
        assert digest_study.texts().empty
    (tmp_path / "other.txt").write_text("平安建设", encoding="utf-8")
    with pytest.raises(NothingToRead, match="none of the articles there"):
        digest_study.texts(tmp_path)
    some = digest_study.documents["doc_id"].iloc[[3, 1]]
    assert set(digest_study.texts(DIGESTS, documents=some)["doc_id"]) == set(some)
    assert set(pa.load_study().texts(documents=some)["doc_id"]) == set(some)
    with pytest.raises(NothingToRead, match="none of the articles there is one of these documents"):
        digest_study.texts(DIGESTS, documents=["nobody's"])


def test_an_earlier_study_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("平安建设", encoding="utf-8")
    (tmp_path / "b.txt").write_text("雪亮工程", encoding="utf-8")
    pa.ingest(tmp_path / "a.txt", tmp_path / "study")
    assert pa.ingest(tmp_path / "b.txt", tmp_path / "study").documents["doc_id"].tolist() == ["b"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".study.parts", "a.txt", "b.txt", "study"]


def test_a_run_that_fails_leaves_the_earlier_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("平安建设", encoding="utf-8")
    pa.ingest(tmp_path / "a.txt", tmp_path / "study")
    before = {file.name: file.read_bytes() for file in (tmp_path / "study").iterdir()}

    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full_disk)
    with pytest.raises(CannotWrite, match="No space left"):
        pa.ingest(tmp_path / "a.txt", tmp_path / "study")
    assert {file.name: file.read_bytes() for file in (tmp_path / "study").iterdir()} == before
    assert not list(tmp_path.glob("**/new"))


def test_a_folder_that_holds_anything_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.docx").write_bytes(b"years of work")
    with pytest.raises(PinganError, match=r"holds other files than a study \(thesis.docx\)"):
        pa.ingest(DIGESTS, tmp_path / "mine")
    assert (tmp_path / "mine/thesis.docx").read_bytes() == b"years of work"


def test_a_study_inside_the_folder_of_articles_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("平安建设", encoding="utf-8")
    with pytest.raises(PinganError, match="lies inside the folder of articles"):
        pa.ingest(tmp_path, tmp_path / "study")


def test_a_study_with_a_missing_column_names_file_and_column(digest_study: pa.Study, tmp_path: Path) -> None:
    shutil.copytree(digest_study.path, tmp_path / "study")
    terms = pd.read_csv(tmp_path / "study/terms.csv").drop(columns="pos")
    terms.to_csv(tmp_path / "study/terms.csv", index=False)
    with pytest.raises(TableError, match=r"terms\.csv: no column 'pos'; table 'terms' has 'doc_id'"):
        _ = pa.load_study(tmp_path / "study").terms


def test_a_study_with_a_word_for_a_number_names_the_line(digest_study: pa.Study, tmp_path: Path) -> None:
    shutil.copytree(digest_study.path, tmp_path / "study")
    text = (tmp_path / "study/terms.csv").read_text(encoding="utf-8").split("\n")
    text[3] = text[3].rsplit(",", 1)[0] + ",many"
    (tmp_path / "study/terms.csv").write_text("\n".join(text), encoding="utf-8")
    with pytest.raises(TableError, match=r"terms\.csv: .*Line: 4") as caught:
        _ = pa.load_study(tmp_path / "study").terms
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("path", "message"), [("nowhere", "no such folder"), (".", "no study")])
def test_a_folder_without_a_study_says_how_to_make_one(path: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(NothingToRead, match=f"{message}.*pingan ingest ARTICLES --out"):
        pa.load_study(tmp_path / path)


def test_a_misspelt_column_names_the_columns() -> None:
    with pytest.raises(ChoiceError, match="did you mean 'place_en'"):
        pa.load_study().terms_with("place_eng")


def test_a_document_without_a_place_cannot_be_counted_by_place(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("平安建设", encoding="utf-8")
    with pytest.raises(TableError, match=r"'place' is empty for 'a'.*sources\.csv"):
        pa.ingest(tmp_path / "a.txt", tmp_path / "study").terms_with("place")


@pytest.mark.parametrize("workers", [0, -2])
def test_too_few_workers(workers: int, tmp_path: Path) -> None:
    with pytest.raises(PinganError, match="must be 1 or more"):
        pa.ingest(DIGESTS, tmp_path / "study", workers=workers)


@settings(max_examples=20)
@given(titles=st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1, max_size=4))
def test_whatever_stands_in_a_title_is_read_back(titles: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("titles")
    rows = [{"title": title, "text": "平安建设进校园"} for title in titles]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    study = pa.ingest(folder / "a.jsonl", folder / "study")
    expected = [title.strip().replace("\r\n", "\n").replace("\r", "\n") for title in titles]
    assert study.documents["title"].tolist() == expected
    assert study.relation("documents").df()["title"].tolist() == expected


def test_a_relation_holds_empty_text_as_the_table_does(digest_study: pa.Study) -> None:
    by_relation = pa.tf_idf(digest_study.relation("terms"), by=["doc_id", "passage"])
    pd.testing.assert_frame_equal(by_relation, pa.tf_idf(digest_study.terms, by=["doc_id", "passage"]))


def test_a_study_saved_anew_by_a_spreadsheet_is_read(digest_study: pa.Study, tmp_path: Path) -> None:
    shutil.copytree(digest_study.path, tmp_path / "study")
    terms = digest_study.terms[["n", *digest_study.terms.columns.drop("n")]].assign(note="x, y")
    terms.to_csv(tmp_path / "study/terms.csv", index=False, lineterminator="\r\n", encoding="utf-8-sig")
    pd.testing.assert_frame_equal(pa.load_study(tmp_path / "study").terms.drop(columns="note"), digest_study.terms)


def test_a_study_is_read_after_a_change_of_folder(digest_study: pa.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(digest_study.path.parent)
    study = pa.load_study(digest_study.path.name)
    monkeypatch.chdir("/")
    assert len(study.terms) == len(digest_study.terms)


def test_the_current_folder_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PinganError, match="current folder"):
        pa.ingest(DIGESTS, ".")


def test_an_earlier_study_stays_where_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("平安建设", encoding="utf-8")
    pa.ingest(tmp_path / "a.txt", tmp_path / "study")
    before = {file.name: file.read_bytes() for file in (tmp_path / "study").iterdir()}

    def refuse(*_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pingan_analysis.paths.exchange", refuse)
    with pytest.raises(CannotWrite, match=r"study cannot be written \(Permission denied\)"):
        pa.ingest(tmp_path / "a.txt", tmp_path / "study")
    assert {file.name: file.read_bytes() for file in (tmp_path / "study").iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [".study.parts", "a.txt", "study"]


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(CannotWrite, match=r"file/study: the study cannot be written"):
        pa.ingest(DIGESTS, tmp_path / "file/study")


def test_what_was_skipped_or_changed_is_said(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.csv").write_text("doc_id,text\nx,平安建设\nx,雪亮工程\n", encoding="utf-8")
    (tmp_path / "in/b.txt").write_bytes(b"")
    with pytest.warns(SkippedArticlesWarning) as caught:
        pa.ingest(tmp_path / "in", tmp_path / "study")
    said = [str(warning.message) for warning in caught]
    assert said == [
        "1 of 3 files or rows could not be read: b.txt (empty file); see Study.skipped",
        "a.csv, row 2: doc_id 'x' was taken; it is 'x-2' here",
    ]


def test_texts_of_word_for_word_copies_keep_their_own_names(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("doc_id,text\nx,平安建设\ny,平安建设\nz,雪亮工程\n", encoding="utf-8")
    study = pa.ingest(tmp_path / "a.csv", tmp_path / "study")
    assert study.texts(tmp_path / "a.csv")["doc_id"].tolist() == ["x", "y", "z"]


def test_an_empty_variable_names_no_folder_of_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINGAN_ARTICLES", "")
    assert len(pa.load_study().texts()) == 5


def test_places_are_simplified_so_that_one_place_is_one_case(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles/a.txt").write_text("平安建设人人参与。", encoding="utf-8")
    (tmp_path / "articles/b.txt").write_text("掃黑除惡專項鬥爭。", encoding="utf-8")
    (tmp_path / "articles/sources.csv").write_text("file,place\na.txt,邓州市\nb.txt,鄧州市\n", encoding="utf-8")
    study = pa.ingest(tmp_path / "articles", tmp_path / "study")
    assert study.documents["place"].tolist() == ["邓州市", "邓州市"]
    assert study.case_column == "place"


CAMPAIGN = "今年以来，全区悬挂横幅140余条。"


def folder_of(folder: Path, sources: str = "", **articles: str) -> Path:
    folder.mkdir()
    for name, text in articles.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    if sources:
        (folder / "sources.csv").write_text(sources, encoding="utf-8")
    return folder


def fixes(path: Path, article: Path, quantity: str, column: str, value: str) -> Path:
    text, sha256 = article.read_text(encoding="utf-8"), hashlib.sha256(article.read_bytes()).hexdigest()
    start = text.index(quantity)
    line = f"{sha256},{start},{start + len(quantity)},{column},{value},read anew"
    path.write_text(f"sha256,char_start,char_end,column,value,why\n{line}\n", encoding="utf-8")
    return path


def test_a_study_has_the_metrics_of_its_articles_against_their_days(tmp_path: Path) -> None:
    sources = "file,place,published\na.txt,鄧州市,2024-09-02\n"
    study = pa.ingest(folder_of(tmp_path / "in", sources, a=f"标题\n{CAMPAIGN}"), tmp_path / "study")
    (row,) = study.metrics.to_dict("records")
    assert (row["doc_id"], row["quantity"], row["value"], row["bound"]) == ("a", "140余条", 140.0, "more_than")
    assert (row["char_start"], row["para"], row["place"]) == (14, 1, "邓州市")
    assert f"{row['period_start']:%Y-%m-%d}" == "2024-01-01"
    assert f"{row['period_end']:%Y-%m-%d}" == "2024-09-02"


def test_metrics_are_read_back_as_they_were_written(digest_study: pa.Study) -> None:
    assert digest_study.metrics["doc_id"].nunique() == 5
    texts = digest_study.texts(DIGESTS).set_index("doc_id")["text"]
    for row in digest_study.metrics.itertuples():
        assert texts[row.doc_id][row.char_start:row.char_end] == row.quantity
    relation = digest_study.relation("metrics").df()
    assert relation["value"].tolist() == digest_study.metrics["value"].tolist()
    assert relation["target"].tolist() == digest_study.metrics["target"].tolist()


def test_metrics_of_a_large_study_are_the_same(
    digest_study: pa.Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pingan_analysis.building.assembly.CSV_DOCUMENTS", 1)
    monkeypatch.setattr("pingan_analysis.building.plan.BATCH_ITEMS", 2)
    pd.testing.assert_frame_equal(pa.ingest(DIGESTS, tmp_path / "study").metrics, digest_study.metrics)


def test_an_article_without_metrics_gives_an_empty_table(tmp_path: Path) -> None:
    study = pa.ingest(folder_of(tmp_path / "in", a="平安建设人人参与。"), tmp_path / "study")
    assert len(study.metrics) == 0
    assert len(study.relation("metrics").df()) == 0


def test_a_correction_is_applied_and_shown(tmp_path: Path) -> None:
    articles = folder_of(tmp_path / "in", a=CAMPAIGN, b="破案19起，抓获犯罪嫌疑人7人。")
    table = fixes(tmp_path / "fixes.csv", articles / "a.txt", "140余条", "indicator", "标语悬挂")
    for workers in (1, 2):
        metrics = pa.ingest(articles, tmp_path / "study", corrections=table, workers=workers).metrics
        assert metrics["rule"].eq("corrected").tolist() == [True, False, False]
        assert metrics["indicator"][0] == "标语悬挂"


def test_corrections_beside_the_articles_are_taken_unless_others_are_named(tmp_path: Path) -> None:
    articles = folder_of(tmp_path / "in", a=CAMPAIGN)
    fixes(articles / "corrections.csv", articles / "a.txt", "140余条", "value", "145")
    named = fixes(tmp_path / "fixes.csv", articles / "a.txt", "140余条", "value", "150")
    for path in (articles, articles / "a.txt"):
        study = pa.ingest(path, tmp_path / "study")
        assert study.metrics["value"].tolist() == [145.0]
        assert study.skipped.empty
    assert pa.ingest(articles, tmp_path / "study", corrections=named).metrics["value"].tolist() == [150.0]


def test_places_stated_for_some_articles_only_are_told(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    articles = folder_of(tmp_path / "in", "file,place\na.txt,甲县\n", a=CAMPAIGN, b="破案19起。", c="破案3起。")
    with pytest.warns(UserWarning, match=r"2 of 3 articles have no place \(b, c\), so each article is a case"):
        assert pa.ingest(articles, tmp_path / "study").case_column == "doc_id"
    (articles / "sources.csv").write_text("file,place\na.txt,甲县\nb.txt,乙县\nc.txt,乙县\n", encoding="utf-8")
    recwarn.clear()
    assert pa.ingest(articles, tmp_path / "study").case_column == "place"
    assert not [one for one in recwarn if "no place" in str(one.message)]


def test_copies_of_an_article_are_corrected_alike(tmp_path: Path) -> None:
    articles = folder_of(tmp_path / "in", a=CAMPAIGN, b=CAMPAIGN)
    table = fixes(tmp_path / "fixes.csv", articles / "a.txt", "140余条", "value", "145")
    metrics = pa.ingest(articles, tmp_path / "study", corrections=table).metrics
    assert metrics["value"].tolist() == [145.0, 145.0]
    assert metrics["same_as"].tolist() == ["", f"a:{CAMPAIGN.index('1')}"]


def test_corrections_of_other_articles_are_counted_in_a_note(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    articles = folder_of(tmp_path / "in", a=CAMPAIGN)
    other = tmp_path / "other.txt"
    other.write_text("破案19起。", encoding="utf-8")
    table = fixes(tmp_path / "fixes.csv", other, "19起", "row", "remove")
    with pytest.warns(UserWarning, match=r"fixes\.csv: 1 of 1 corrections are about articles that are not in"):
        pa.ingest(articles, tmp_path / "study", corrections=table)
    recwarn.clear()
    pa.ingest(articles, tmp_path / "study")
    assert not [str(one.message) for one in recwarn if "corrections" in str(one.message)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_correction_that_fits_no_longer_stops_the_run_and_leaves_the_study(workers: int, tmp_path: Path) -> None:
    articles = folder_of(tmp_path / "in", a=CAMPAIGN)
    before = pa.ingest(articles, tmp_path / "study").metrics
    table = fixes(tmp_path / "fixes.csv", articles / "a.txt", "全区", "row", "remove")
    with pytest.raises(TableError, match=r"^fixes\.csv, line 2: the rules read no metric at 5–7 \('全区'\) of 'a'"):
        pa.ingest(articles, tmp_path / "study", corrections=table, workers=workers)
    pd.testing.assert_frame_equal(pa.load_study(tmp_path / "study").metrics, before)


def test_a_table_of_corrections_is_never_taken_for_a_part_of_a_study(tmp_path: Path) -> None:
    articles = folder_of(tmp_path / "in", a=CAMPAIGN)
    study = pa.ingest(articles, tmp_path / "study")
    table = fixes(study.path / "corrections.csv", articles / "a.txt", "140余条", "value", "145")
    with pytest.raises(PinganError, match=r"holds other files than a study \(corrections\.csv\)"):
        pa.ingest(articles, study.path, corrections=table)
    assert table.is_file()


def test_a_study_of_an_earlier_version_keeps_its_terms_and_says_what_to_do_for_metrics(tmp_path: Path) -> None:
    study = pa.ingest(folder_of(tmp_path / "in", a=CAMPAIGN), tmp_path / "study")
    (study.path / "metrics.csv").unlink()
    earlier = pa.load_study(study.path)
    assert len(earlier.terms) == len(study.terms)
    for ask in (lambda: earlier.metrics, lambda: earlier.relation("metrics")):
        with pytest.raises(NothingToRead, match=r"no table 'metrics'.*pingan ingest ARTICLES --out") as caught:
            ask()
        assert "\n" not in str(caught.value)


def fact(doc_id: str, char_start: int, **columns: object) -> dict[str, object]:
    row: dict[str, object] = {
        "doc_id": doc_id, "para": 0, "char_start": char_start, "char_end": char_start + 4, "quantity": "605名",
        "value": 605.0, "low": 605.0, "high": 605.0, "unit": "名", "bound": "exact", "cumulative": False,
        "kind": "count", "direction": "", "indicator": "网格长", "category": "organisation",
        "channel": "none", "target": False,
        "period_basis": "", "period_start": None, "period_end": None, "place": "某市", "same_as": "",
    }
    return row | columns


def same_as(rows: list[dict[str, object]], **duplicate_of: str) -> list[object]:
    linked = link_facts(rows, duplicate_of)
    assert [row | {"same_as": ""} for row in linked] == rows
    return [row["same_as"] for row in linked]


def test_two_articles_on_one_place_state_a_fact_once() -> None:
    assert same_as([fact("a", 5), fact("b", 90)], a="", b="") == ["", "a:5"]


def test_copies_of_an_edited_repost_state_the_facts_of_the_original(tmp_path: Path) -> None:
    numbers = "一二三四五六七八九"
    doors = [(a, b, c) for a in numbers for b in numbers[:4] for c in "甲乙丙"]
    text = "。".join(f"第{a}网格的网格员到第{b}小区{c}号楼入户走访" for a, b, c in doors)
    repost = text.replace("第五网格", "第五个网格")
    (tmp_path / "articles").mkdir()
    for name, article in {"a": text, "b": repost, "c": repost}.items():
        (tmp_path / f"articles/{name}.txt").write_text(article + "。今年以来，化解矛盾纠纷612件。", encoding="utf-8")
    study = pa.ingest(tmp_path / "articles", tmp_path / "study", workers=1)
    assert study.documents["duplicate_of"].tolist() == ["", "a", "a"]
    [first, *others] = study.metrics[study.metrics["quantity"] == "612件"].itertuples()
    assert [first.same_as, *(row.same_as for row in others)] == ["", *[f"a:{first.char_start}"] * 2]


def test_rows_of_a_copy_are_those_of_its_original_one_by_one() -> None:
    heads_and_workers = [("网格长", 5), ("网格员", 15)]
    rows = [fact(doc_id, at, indicator=indicator) for doc_id in ("a", "b") for indicator, at in heads_and_workers]
    assert same_as(rows, a="", b="a") == ["", "", "a:5", "a:15"]
    twice = [fact(doc_id, at, place="") for doc_id in ("a", "b") for at in (5, 15)]
    assert same_as(twice, a="", b="a") == ["", "", "a:5", "a:15"]


def test_a_copy_may_stand_before_its_original_and_another_article_before_both() -> None:
    rows = [fact("a", 1, place=""), fact("b", 2, place=""), fact("c", 3)]
    assert same_as(rows, a="b", b="", c="") == ["b:2", "", ""]
    rows = [fact("a", 1), fact("b", 2), fact("c", 3)]
    assert same_as(rows, a="", b="c", c="") == ["", "a:1", "a:1"]


def test_what_a_copy_says_otherwise_is_a_fact_of_its_own() -> None:
    rows = [fact("a", 5), fact("b", 5), fact("b", 90, value=700.0)]
    assert same_as(rows, a="", b="a") == ["", "a:5", ""]


def test_repeats_within_an_article_are_found_however_many_articles_there_are() -> None:
    before = [fact(f"d{n}", 5, place="", indicator="案件" if n % 2 else "线索") for n in range(200)]
    rows = [*before, fact("last", 5, place=""), fact("last", 500, place="", para=3)]
    assert same_as(rows, last="", **{f"d{n}": "" for n in range(200)})[-2:] == ["", "last:5"]
