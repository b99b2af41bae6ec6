"""From rows of tables back to the characters of articles."""

import warnings
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import pingan_analysis as pa
from pingan_analysis.errors import ChoiceError, PinganError, TableError

TEXTS = {
    "a.txt": "平安建设在行动\n\n　　今年悬挂横幅30条。\n　　开展宣传，再宣传。\n",
    "b.txt": "平安建設在行動\n發送短信500條，開展宣傳。\n",
    "copy_of_a.txt": "平安建设在行动\n\n　　今年悬挂横幅30条。\n　　开展宣传，再宣传。\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("provenance") / "articles"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "sources.csv").write_text("file,place\na.txt,甲县\nb.txt,乙县\ncopy_of_a.txt,甲县\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def study(folder: Path) -> pa.Study:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pa.ingest(folder, folder.parent / "study")


def spans(evidence: str) -> list[tuple[str, str]]:
    """Return the articles and characters that a cell of `evidence` names, cut from TEXTS."""
    cut = []
    for place in evidence.split():
        doc_id, _, span = place.rpartition(":")
        start, end = map(int, span.split("-"))
        cut.append((doc_id, TEXTS[f"{doc_id}.txt"][start:end]))
    return cut


def test_evidence_of_a_term_is_the_paragraphs_that_have_it_in_either_script(study: pa.Study) -> None:
    evidence = pa.term_evidence(study, pd.DataFrame({"term": ["宣传", "短信", "不在其中"]}))["evidence"]
    assert spans(evidence[0]) == [("a", "开展宣传，再宣传。"), ("b", "發送短信500條，開展宣傳。")]
    assert spans(evidence[1]) == [("b", "發送短信500條，開展宣傳。")]
    assert evidence[2] == ""


def test_evidence_by_case_is_that_case_only_and_keeps_rows_and_index(study: pa.Study) -> None:
    rows = {"place": ["乙县", "甲县", "乙县"], "term": ["宣传", "宣传", "横幅"], "n": [1, 2, 0]}
    table = pd.DataFrame(rows, index=[7, 5, 3])
    found = pa.term_evidence(study, table, by="place")
    assert found.drop(columns="evidence").equals(table)
    assert [[doc_id for doc_id, _ in spans(cell)] for cell in found["evidence"]] == [["b"], ["a"], []]


def test_a_paragraph_is_listed_once_from_its_first_stretch_to_its_last() -> None:
    terms = pd.DataFrame({"doc_id": "a", "para": [0, 0, 1], "passage": ["", "三屏", ""], "term": "宣传", "n": 1})
    stretches = [("a", 0, 0, 9), ("a", 0, 14, 20), ("a", 1, 21, 30)]  # between the first two stands boilerplate
    paragraphs = pd.DataFrame(stretches, columns=["doc_id", "para", "char_start", "char_end"])
    study = SimpleNamespace(terms_with=lambda *columns: terms, paragraphs=paragraphs)
    found = pa.term_evidence(study, pd.DataFrame({"term": ["宣传"]}))
    assert found["evidence"].tolist() == ["a:0-20 a:21-30"]


def test_paragraphs_of_the_shipped_study_hold_every_term_and_metric() -> None:
    study = pa.load_study()
    known = set(zip(study.paragraphs["doc_id"], study.paragraphs["para"], strict=True))
    for table in (study.terms, study.metrics, study.channel_mentions):
        assert set(zip(table["doc_id"], table["para"], strict=True)) <= known
    rows = study.metrics.merge(study.paragraphs, on=["doc_id", "para"], suffixes=("", "_para"))
    inside = rows["char_start"].ge(rows["char_start_para"]) & rows["char_end"].le(rows["char_end_para"])
    assert inside.sum() == len(study.metrics)


def test_context_is_cut_from_the_article(study: pa.Study, folder: Path) -> None:
    metrics = study.metrics.query("doc_id == 'b'")
    found = pa.in_context(metrics, study.texts(folder), study, width=4)
    assert found[["left", "words", "right"]].values.tolist() == [["發送短信", "500條", "，開展宣"]]
    assert pa.in_context(found, study.texts(folder), study, width=4).equals(found)
    [whole] = pa.in_context(metrics, study.texts(folder), study, width=14)[["left", "words", "right"]].values.tolist()
    assert "".join(whole) == TEXTS["b.txt"]


def test_another_text_of_the_same_name_is_not_looked_into(study: pa.Study, folder: Path) -> None:
    other = study.texts(folder).assign(sha256="0" * 64)
    rows = len(study.metrics)
    with pytest.warns(UserWarning, match=f"^{rows} of {rows} rows are of articles that are not at hand"):
        found = pa.in_context(study.metrics, other, study)
    assert found[["left", "words", "right"]].eq("").all(axis=None)


def test_what_is_wrong_is_named(study: pa.Study, folder: Path) -> None:
    texts = study.texts(folder)
    rows = pd.DataFrame({"doc_id": ["b"], "char_start": [3], "char_end": [999]})
    with pytest.raises(TableError, match="characters 3 to 999 of 'b'"):
        pa.in_context(rows, texts, study)
    with pytest.raises(TableError, match="characters -1 to 2 of 'b'"):
        pa.in_context(rows.assign(char_start=-1, char_end=2), texts, study)
    with pytest.raises(TableError, match="'z' is not in the study"):
        pa.in_context(rows.assign(doc_id="z"), texts, study)
    with pytest.raises(TableError, match="char_end"):
        pa.in_context(rows.drop(columns="char_end"), texts, study)
    with pytest.raises(PinganError, match="width=-1"):
        pa.in_context(rows, texts, study, width=-1)
    with pytest.raises(TableError, match="term"):
        pa.term_evidence(study, rows)
    with pytest.raises(ChoiceError, match="plaec"):
        pa.term_evidence(study, pd.DataFrame({"term": [], "plaec": []}), by="plaec")
