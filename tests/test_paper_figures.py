"""The paper's figures and tables: both languages, and every mark leads back to characters of an article."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import nbformat
import pandas as pd
import pytest

import pingan_analysis as pa
from pingan_analysis.drawing import style
from pingan_analysis.errors import TableError
from pingan_analysis.evidence import phrase_evidence, row_evidence, variant_evidence
from pingan_analysis.lexicon import read_rows
from pingan_analysis.script import to_simplified

PROJECT = Path(__file__).parents[1]
NOTEBOOK = PROJECT / "notebooks" / "06_paper_figures.ipynb"
ARTICLES = PROJECT / "../shared/articles"
FIGURES = [
    "paper_fig1_timeline", "paper_fig2_models", "paper_fig3_channels", "paper_fig4_keywords", "paper_fig5_metrics",
    "paper_fig6_phrases", "paper_fig7_reliability",
]
TABLES = ["paper_table1_corpus", "paper_table2_models", "paper_table3_channels"]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SPAN = re.compile(r"(\S+):(\d+)-(\d+)")


@pytest.fixture(scope="module")
def saved():
    """What the notebook saves, without drawing it: figures and tables by name."""
    found = {}

    def record(shown, name, **given):
        found[name] = given | ({"figure": shown} if "data" in given else {"data": shown})

    with pytest.MonkeyPatch.context() as patch, mpl.rc_context():
        patch.setattr(style, "_chosen", None)
        patch.setattr(pa, "save_figure", record)
        patch.setattr(pa, "save_table", record)
        names = {"display": lambda shown: None}
        for cell in nbformat.read(NOTEBOOK, 4).cells:
            if cell.cell_type == "code":
                exec(cell.source, names)
    return found


@pytest.fixture(scope="module")
def study():
    return pa.load_study()


@pytest.fixture(scope="module")
def articles(study):
    if not ARTICLES.exists():
        pytest.skip("the articles are not here")
    return dict(study.texts(ARTICLES)[["doc_id", "text"]].itertuples(index=False))


def spans(cell: str) -> list[tuple[str, int, int]]:
    assert re.fullmatch(r"\S+:\d+-\d+( \S+:\d+-\d+)*", cell), cell
    return [(doc_id, int(start), int(end)) for doc_id, start, end in SPAN.findall(cell)]


def evidence_of(data: pd.DataFrame) -> list[str]:
    if "evidence" in data:
        return data["evidence"].tolist()
    return [f"{doc_id}:{start}-{end}" for doc_id, start, end in
            data[["doc_id", "char_start", "char_end"]].itertuples(index=False)]


def test_every_figure_and_table_is_written_in_both_languages(saved):
    assert sorted(saved) == sorted(name + ending for name in FIGURES + TABLES for ending in ("", "_zh"))


@pytest.mark.parametrize("name", FIGURES)
def test_both_versions_show_the_same_data_each_with_words_of_its_language(saved, name):
    english, chinese = saved[name], saved[f"{name}_zh"]
    pd.testing.assert_frame_equal(english["data"], chinese["data"])
    for kind in ("caption", "alt"):
        said = english[kind], chinese[kind]
        assert not re.search(r"[，。；：（）]", said[0])
        assert "。" in said[1]
        assert len(re.findall(r"\b[a-z]{3,} [a-z]{2,} [a-z]{2,}\b", said[1])) == 0, said[1]
        assert not any(re.search(r"[{}]|nan", text) for text in said)
    assert len(english["alt"]) > 60
    assert english["caption"] != english["alt"]


@pytest.mark.parametrize("ending", ["", "_zh"])
@pytest.mark.parametrize("name", FIGURES)
def test_figures_have_the_width_of_a_column_and_fit_a_page(saved, name, ending):
    width, height = (25.4 * inches for inches in saved[name + ending]["figure"].get_size_inches())
    assert round(width, 3) in style.COLUMNS.values()
    assert height <= 225


@pytest.mark.parametrize("name", FIGURES)
def test_every_row_behind_a_figure_leads_to_characters_of_an_article(saved, study, name):
    data = saved[name]["data"]
    assert len(data)
    if name == "paper_fig7_reliability":
        of_panel = dict(tuple(data.groupby("panel")))
        assert set(of_panel["a"]["evidence"]) == {"random splits: 1000, seed 0"}
        assert set(of_panel["b"]["evidence"]) == {"data/coding/coded.csv, set 4"}
        data = of_panel["c"]
    lengths = dict(study.documents[["doc_id", "n_chars"]].itertuples(index=False))
    paragraphs = dict(tuple(study.paragraphs.groupby("doc_id")))
    for cell in evidence_of(data):
        assert len(set(spans(cell))) == len(spans(cell))
        for doc_id, start, end in spans(cell):
            assert 0 <= start < end <= lengths[doc_id]
            there = paragraphs[doc_id]
            assert ((there["char_start"] < end) & (there["char_end"] > start)).any()


def test_rules_are_named_for_every_metric_and_model(saved, study):
    for name in ("paper_fig1_timeline", "paper_fig5_metrics"):
        data = saved[name]["data"]
        assert data["rules"].str.split().str.len().tolist() == data["evidence"].str.split().str.len().tolist()
        assert set(" ".join(data["rules"]).split()) <= {*study.metrics["rule"], "coded", "document"}
    assert saved["paper_fig2_models"]["data"]["rule"].ne("").all()


def test_the_characters_are_those_of_the_metric(saved, articles, study):
    quantities = {(row.doc_id, row.char_start): row.quantity for row in study.metrics.itertuples()}
    for cell in saved["paper_fig5_metrics"]["data"]["evidence"]:
        for doc_id, start, end in spans(cell):
            assert articles[doc_id][start:end] == quantities[doc_id, start]


@pytest.mark.parametrize(("name", "panel"), [("paper_fig4_keywords", None), ("paper_fig7_reliability", "c")])
def test_the_paragraphs_of_a_keyword_have_it(saved, articles, name, panel):
    data = saved[name]["data"]
    for row in (data if panel is None else data[data["panel"].eq(panel)]).itertuples():
        for doc_id, start, end in spans(row.evidence):
            assert row.term in re.sub(r"\s", "", to_simplified(articles[doc_id][start:end]))


def test_the_characters_of_a_travelling_phrase_read_as_it_does(saved, articles):
    for row in saved["paper_fig6_phrases"]["data"].itertuples():
        said = {re.sub(r"\W", "", to_simplified(articles[doc_id][start:end]))
                for doc_id, start, end in spans(row.evidence)}
        assert {len(text) for text in said} == {row.n_chars}
        assert not row.phrase or said == {row.phrase}
        assert row.evidence.count(":") == row.occurrences


def test_every_caption_that_the_notebook_asks_for_is_asked_for_in_full(saved):
    source = NOTEBOOK.read_text("utf-8")
    keys = {row["key"] for row in read_rows("captions")}
    asked = set(re.findall(r'pa\.caption\(\\"(\w+)\\"', source))
    assert asked <= keys
    assert {f"{name.split('_', 2)[2]}_{kind}" for name in FIGURES for kind in ("caption", "alt")} <= asked


class TestEvidence:
    def test_of_metrics_of_articles_and_of_places_that_are_neither(self, study):
        metric = study.metrics.iloc[0]
        article, paragraph = study.documents.iloc[1], study.paragraphs.iloc[3]
        inside = int(paragraph["char_end"]) - 1
        assert inside not in set(study.metrics.loc[study.metrics["doc_id"].eq(paragraph["doc_id"]), "char_start"])
        rows = [f"{metric['doc_id']}:{metric['char_start']} {article['doc_id']}", f"{paragraph['doc_id']}:{inside}", ""]
        table = row_evidence(study, pd.DataFrame({"rows": rows}))
        assert table["evidence"].tolist() == [
            " ".join([f"{metric['doc_id']}:{metric['char_start']}-{metric['char_end']}",
                      f"{article['doc_id']}:0-{article['n_chars']}"]),
            f"{paragraph['doc_id']}:{paragraph['char_start']}-{paragraph['char_end']}",
            "",
        ]
        assert table["rules"].tolist() == [f"{metric['rule']} document", "coded", ""]

    @pytest.mark.parametrize("key", ["gaoxin_2018:999999", "nobody:3", "gaoxin_2018:x", "gaoxin_2018:²", "："])
    def test_a_place_outside_the_study_is_named(self, study, key):
        with pytest.raises(TableError, match=r"column 'rows' holds .*which is no metric and no place in a paragraph"):
            row_evidence(study, pd.DataFrame({"rows": [key]}))

    def test_the_line_break_behind_a_paragraph_is_in_none(self, study):
        paragraph = study.paragraphs.iloc[3]
        with pytest.raises(TableError, match="no place in a paragraph"):
            row_evidence(study, pd.DataFrame({"rows": [f"{paragraph['doc_id']}:{paragraph['char_end']}"]}))

    def test_a_paragraph_reaches_from_its_first_stretch_to_its_last_and_is_listed_once(self):
        variants = pd.DataFrame({"term": ["宣传", "宣傳", "平安"], "doc_id": "a", "para": 0})
        stretches = pd.DataFrame({"doc_id": "a", "para": 0, "char_start": [4, 12], "char_end": [9, 20]})
        table = variant_evidence(SimpleNamespace(term_variants=variants, paragraphs=stretches),
                                 pd.DataFrame({"term": ["宣传"]}))
        assert table["evidence"].tolist() == ["a:4-20"]

    @pytest.mark.parametrize(
        ("function", "column"), [(row_evidence, "rows"), (phrase_evidence, "reuse_id"), (variant_evidence, "term")]
    )
    def test_a_missing_column_is_named_and_no_rows_stay_none(self, study, function, column):
        with pytest.raises(TableError, match=f"no column {column!r}"):
            function(study, pd.DataFrame({"x": [1]}))
        empty = function(study, pd.DataFrame({column: pd.Series(dtype="str")}))
        assert empty["evidence"].tolist() == []

    def test_of_what_the_study_does_not_have_is_empty(self, study):
        assert phrase_evidence(study, pd.DataFrame({"reuse_id": ["none"]}))["evidence"].tolist() == [""]
        assert variant_evidence(study, pd.DataFrame({"term": ["天文学家"]}))["evidence"].tolist() == [""]
