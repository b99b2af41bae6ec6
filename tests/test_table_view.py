"""The view of tables: complete without script, harmless, and with the words of the very article only."""

from __future__ import annotations

import base64
import datetime
import hashlib
import itertools
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from notebook_cells import code, render, shows, text

from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.reporting.pages import labels_in, write_pages
from pingan_analysis.study import load_study
from pingan_analysis.table_view import MAX_ROWS, TableView, show_table
from pingan_analysis.viewing.cells import number_text
from pingan_analysis.viewing.frames import frame_html, use_frame_style
from pingan_analysis.viewing.table_script import ScriptError, inline, script_hash, table_script

TEXT = "平安的標題\n第一段说群众满意，群众放心。\n第二段：發放傳單300余份，再说群众。"
START = TEXT.index("300余份")
HOSTILE = "<script>alert('x')</script>\"'&<i onmouseover=alert(1)>\u202e平安\u2066\x00"


def sha256_of(article: str) -> str:
    return hashlib.sha256(article.encode()).hexdigest()


@pytest.fixture
def texts() -> pd.DataFrame:
    return pd.DataFrame({
        "doc_id": ["a"], "text": [TEXT], "sha256": [sha256_of(TEXT)], "title": ["平安的標題"], "place": ["某县"],
    })


@pytest.fixture
def study(texts: pd.DataFrame) -> Any:
    """A study of one article, as far as a view asks for it."""
    terms = pd.DataFrame({
        "doc_id": "a", "para": [1, 2], "passage": "", "term": "群众", "pos": "n", "n": [2, 1], "place": "某县",
    })
    lines = [(match.start(), match.end()) for match in re.finditer(".+", TEXT)]
    spans = [("a", number, *span) for number, span in enumerate(lines)]
    paragraphs = pd.DataFrame(spans, columns=["doc_id", "para", "char_start", "char_end"])
    return SimpleNamespace(
        is_large=False,
        documents=texts.drop(columns="text"), terms=terms, paragraphs=paragraphs, case_column="place",
        terms_with=lambda *columns: terms)


@pytest.fixture
def metrics() -> pd.DataFrame:
    return pd.DataFrame({"doc_id": ["a"], "quantity": ["300余份"], "char_start": [START], "char_end": [START + 5]})


def soup_of(view: TableView) -> BeautifulSoup:
    return BeautifulSoup(view.html, "html.parser")


def table_of(view: TableView) -> Tag:
    return soup_of(view).table


def cells_of(values: list[Any], name: str = "x", **options: Any) -> list[Tag]:
    """The cells of a column that stands second, as the first one holds the names of the rows."""
    frame = pd.DataFrame({"row": range(len(values)), name: values})
    return [row.find_all(["th", "td"])[1] for row in table_of(show_table(frame, **options)).tbody.find_all("tr")]


def order_of(values: list[Any]) -> list[str]:
    return [cell["data-order"] for cell in cells_of(values)]


def is_rising(keys: list[str]) -> bool:
    return all(float(a) < float(b) for a, b in itertools.pairwise(keys))


class TestPlainTable:
    def test_is_a_complete_table_without_script(self) -> None:
        frame = pd.DataFrame({"place": ["甲", "乙"], "n": [12_000, 5], "ok": [True, False]})
        soup = soup_of(show_table(frame, caption="Places & <counts>"))
        assert soup.script is None
        assert soup.caption.get_text() == "Places & <counts>"
        assert [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in soup.find_all("tr")] == [
            ["place", "n", "ok"], ["甲", "12,000", "yes"], ["乙", "5", "no"],
        ]
        assert {cell["scope"] for cell in soup.thead.find_all("th")} == {"col"}
        assert [cell["scope"] for cell in soup.tbody.find_all("th")] == ["row", "row"]
        assert soup.find(id=True) is None
        assert (soup.table.parent["tabindex"], soup.table.parent["role"]) == ("0", "group")

    def test_named_index_is_shown_and_an_unnamed_one_is_not(self) -> None:
        frame = pd.DataFrame({"n": [1]}, index=pd.Index(["甲"], name="place"))
        assert [head.get_text() for head in table_of(show_table(frame)).thead.find_all("th")] == ["place", "n"]
        frame = pd.DataFrame({"n": [1]}, index=["甲"])
        assert [head.get_text() for head in table_of(show_table(frame)).thead.find_all("th")] == ["n"]

    @pytest.mark.parametrize("column", [[HOSTILE], [[HOSTILE]], [{"a": HOSTILE}]])
    def test_hostile_cells_stay_text(self, column: list[Any], texts: pd.DataFrame) -> None:
        frame = pd.DataFrame({HOSTILE: column, "term": [HOSTILE], "evidence": [f"{HOSTILE}:0-5"]})
        html = show_table(frame, texts=texts, caption=HOSTILE + "\ud800").html
        soup = BeautifulSoup(html, "html.parser")
        assert soup.find(["script", "i"]) is None
        for tag in soup.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on")]
        assert "\x00" not in html
        html.encode("utf-8")
        assert soup.caption.get_text() == re.sub("[\x00\u202e\u2066]", "\ufffd", HOSTILE) + "\ufffd"
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)

    @settings(max_examples=40)
    @given(st.lists(st.text(), min_size=1, max_size=4))
    def test_any_text_comes_back_as_it_is(self, words: list[str]) -> None:
        seen = [cell.get_text() for cell in cells_of([f"字{word}" for word in words])]
        controls = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
        shown = [re.sub(controls, "\ufffd", word) for word in words]
        assert seen == [f"字{word}" for word in shown]

    def test_long_table_is_cut_and_says_so(self) -> None:
        soup = soup_of(show_table(pd.DataFrame({"n": range(MAX_ROWS + 5)})))
        assert len(soup.tbody.find_all("tr")) == MAX_ROWS
        assert "1,000 of 1,005 rows" in soup.find(class_="note").get_text()
        assert soup_of(show_table(pd.DataFrame({"n": range(MAX_ROWS)}))).find(class_="note") is None

    def test_empty_table_says_so_and_is_not_for_the_script(self) -> None:
        table = table_of(show_table(pd.DataFrame({"a": [], "b": []})))
        assert [(cell.get_text(), cell["colspan"]) for cell in table.tbody.find_all("td")] == [("no rows", "2")]
        assert "data-words" not in table.attrs

    def test_wrong_arguments_are_named(self) -> None:
        with pytest.raises(TableError, match="list given"):
            show_table([1])  # type: ignore[arg-type]
        with pytest.raises(TableError, match="two columns 'a'"):
            show_table(pd.DataFrame([[1, 2]], columns=["a", "a"]))
        with pytest.raises(TableError, match="no columns"):
            show_table(pd.DataFrame())
        with pytest.raises(ChoiceError, match="lang='de'"):
            show_table(pd.DataFrame({"a": [1]}), lang="de")

    def test_chinese_words(self) -> None:
        frame = pd.DataFrame({"ok": [True], "doc_id": ["a"], "char_start": [1], "char_end": [3]})
        soup = soup_of(show_table(frame, lang="zh"))
        assert soup.div["lang"] == "zh"
        assert [head.get_text() for head in soup.thead.find_all("th")] == ["ok", "doc_id", "出处"]
        assert soup.tbody.th.get_text() == "是"
        assert "第1–3字" in soup.summary.get_text()
        assert json.loads(soup.table["data-words"])["paginate"]["next"]


class TestOrder:
    def test_numbers_go_by_value_whatever_they_look_like(self) -> None:
        assert is_rising(order_of([-2.5, 0, 0.00012, 999, 1_000, 12_345.5, 3_200_000]))
        assert order_of([1.5, np.nan, None]) == ["1.5", "", ""]
        assert [cell.get_text() for cell in cells_of([1.5, np.nan])] == ["1.5", ""]
        assert order_of([np.inf, -np.inf]) == ["Infinity", "-Infinity"]  # as JavaScript's Number() reads them
        assert order_of(list(pd.array([2, pd.NA, 1], dtype="Int64"))) == ["2.0", "", "1.0"]

    def test_quantities_go_by_value_and_bound(self) -> None:
        rising = ["近百件", "百件", "100余件", "1,234件", "9000余件", "1.5万件", "2万余件", "3亿件"]
        assert is_rising(order_of(rising))
        assert order_of(["3件", "", "1件"]) == ["1", "", "0"]

    def test_dates_go_by_day(self) -> None:
        days = [datetime.date(1999, 12, 31), datetime.date(2018, 1, 2), datetime.date(2018, 10, 1)]
        assert is_rising(order_of(days))
        stamps = [pd.Timestamp("2018-01-02"), pd.Timestamp("2018-01-02 12:00"), pd.NaT]
        keys = order_of(stamps)
        assert keys[2] == ""
        assert is_rising(keys[:2])
        assert [cell.get_text() for cell in cells_of(stamps)] == ["2018-01-02", "2018-01-02 12:00:00", ""]

    def test_texts_go_by_themselves(self) -> None:
        assert all("data-order" not in cell.attrs for cell in cells_of(["平安", "3件平安", ""]))

    def test_heads_say_how_their_column_is_sorted(self) -> None:
        frame = pd.DataFrame({"term": ["平安"], "n": [1], "day": [datetime.date(2018, 1, 1)], "size": ["3万余份"]})
        assert [head["data-type"] for head in table_of(show_table(frame)).thead.find_all("th")] == [
            "pingan-text", "pingan-number", "pingan-number", "pingan-number",
        ]

    @pytest.mark.parametrize(("value", "shown"), [
        (2018, "2018"), (9999.5, "9999.5"), (10_000, "10,000"), (1 / 3, "0.333"), (-0.0004, "-0.0004"), (np.inf, "∞"),
        (np.float64(2.0), "2"), (0.9996, "1"), (np.int64(-12_345), "-12,345"),
    ])
    def test_numbers_as_read(self, value: Any, shown: str) -> None:
        assert number_text(value) == shown


class TestSearch:
    def test_traditional_text_is_found_by_its_simplified_form(self) -> None:
        assert [cell["data-search"] for cell in cells_of(["掃黑除惡", "平安"])] == ["扫黑除恶", "平安"]

    def test_typed_traditional_characters_lead_to_the_simplified_ones_of_the_table(self) -> None:
        pairs = json.loads(table_of(show_table(pd.DataFrame({"term": ["扫黑"]})))["data-simplified"])
        simplified = dict(zip(pairs[::2], pairs[1::2], strict=True))
        assert simplified == {"掃": "扫"}

    def test_terms_have_their_gloss_in_english(self) -> None:
        cell, _ = cells_of(["平安建设", "某某某"], name="term")
        assert [part["lang"] for part in cell.find_all("span")] == ["zh", "en"]
        assert "Ping'an" in cell.find(class_="gloss").get_text()
        assert cells_of(["平安建设"], name="term", lang="zh")[0].get_text() == "平安建设"


class TestWhere:
    def test_words_stand_in_their_context(self, metrics: pd.DataFrame, study: Any, texts: pd.DataFrame) -> None:
        for options in ({"texts": texts}, {"study": study, "texts": texts}):
            where = table_of(show_table(metrics, **options)).find("td", class_="where")
            assert where.summary.get_text() == f"a: characters {START}–{START + 5}"
            assert where.mark.get_text() == TEXT[START:START + 5]
            assert where.blockquote.get_text() == TEXT.split("\n")[2]
            assert where.blockquote["lang"] == "zh"
            assert sha256_of(TEXT)[:12] in where.get_text()
            assert sha256_of(TEXT)[:13] not in where.get_text()
            assert "平安的標題" in where.get_text()
            assert "not at hand" not in where.get_text()

    @settings(max_examples=40)
    @given(st.data())
    def test_context_is_the_very_characters(self, data: st.DataObject) -> None:
        article = data.draw(st.text(alphabet="平安建設。\n 1", min_size=1, max_size=120))
        start = data.draw(st.integers(0, len(article) - 1))
        end = data.draw(st.integers(start + 1, len(article)))
        frame = pd.DataFrame({"doc_id": ["a"], "char_start": [start], "char_end": [end]})
        quote = table_of(show_table(frame, texts=pd.DataFrame({"doc_id": ["a"], "text": [article]}))).blockquote
        assert quote.mark.get_text() == article[start:end]
        left, right = (str(part or "") for part in (quote.mark.previous_sibling, quote.mark.next_sibling))
        assert article[:start].endswith(left)
        assert article[end:].startswith(right)
        assert max(len(left), len(right)) <= 30
        assert "\n" not in left + right

    def test_words_that_turn_the_line_are_shown_as_they_are_but_apart(self) -> None:
        frame = pd.DataFrame({"doc_id": ["a"], "char_start": [1], "char_end": [3]})
        article = "甲\u202e乙丙"
        quote = table_of(show_table(frame, texts=pd.DataFrame({"doc_id": ["a"], "text": [article]}))).blockquote
        assert quote.bdi.get_text() == article
        assert quote.mark.get_text() == "\u202e乙"

    def test_another_text_is_never_shown(self, metrics: pd.DataFrame, study: Any, texts: pd.DataFrame) -> None:
        others = [texts.assign(text=TEXT[::-1], sha256=sha256_of(TEXT[::-1])), texts.drop(columns="sha256"),
                  texts.assign(doc_id="b"), texts.head(0)]
        for other in others:
            where = table_of(show_table(metrics, study=study, texts=other)).find("td", class_="where")
            assert where.mark is None
            assert "not at hand" in where.get_text()
            assert "平安的標題" in where.get_text()

    def test_digests_are_not_the_articles(self) -> None:
        shipped = load_study()
        view = show_table(shipped.metrics.head(8), study=shipped, texts=shipped.texts())
        assert table_of(view).mark is None
        assert len(table_of(view).find_all("details")) == 8

    def test_evidence_is_spelt_out(self, texts: pd.DataFrame) -> None:
        frame = pd.DataFrame({"case": ["某县", "乙"], "evidence": [f"a:0-2 b c:7-9 a:{START}-{START + 3}", ""]})
        rows = table_of(show_table(frame, texts=texts)).tbody.find_all("tr")
        assert [mark.get_text() for mark in rows[0].find_all("mark")] == ["平安", "300"]
        assert [name.get_text() for name in rows[0].find_all("b")] == ["a", "b c"]
        assert "not at hand" in rows[0].find_all("b")[1].find_parent("div").get_text()
        assert rows[0].summary.get_text() == "articles: 2; places: 3"
        assert rows[1].details is None

    def test_terms_stand_in_paragraphs(self, study: Any, texts: pd.DataFrame) -> None:
        frame = pd.DataFrame({"place": ["某县"], "term": ["群众"], "n": [3]})
        first, second = (match.span() for match in list(re.finditer(".+", TEXT))[1:])
        where = table_of(show_table(frame, study=study)).find("td", class_="where")
        assert [item.get_text() for item in where.find_all("li")] == [
            f"paragraph at characters {first[0]}–{first[1]} × 2", f"paragraph at characters {second[0]}–{second[1]}",
        ]
        assert where.summary.get_text() == "articles: 1; paragraphs: 2"
        for options in ({"study": study, "texts": texts}, {"texts": texts}):
            marks = table_of(show_table(frame, **options)).find_all("mark")
            assert [mark.get_text() for mark in marks] == ["群众"] * 3
        assert table_of(show_table(frame)).find("td", class_="where") is None

    def test_terms_are_found_in_either_script(self, texts: pd.DataFrame) -> None:
        marks = table_of(show_table(pd.DataFrame({"term": ["传单"]}), texts=texts)).find_all("mark")
        assert [mark.get_text() for mark in marks] == ["傳單"]

    def test_terms_of_an_article_or_a_case_stand_in_its_texts_only(self) -> None:
        documents = pd.DataFrame({
            "doc_id": ["a", "b", "c"], "place": ["甲", "甲", "乙"], "title": "", "sha256": "", "duplicate_of": ""})
        terms = pd.DataFrame({  # in article a once inside and twice outside of what describes a model
            "doc_id": ["a", "a", "b", "c"], "place": ["甲", "甲", "甲", "乙"], "para": 0,
            "passage": ["", "三屏", "", ""], "term": "群众", "n": [2, 1, 1, 1]})
        stretches = [("a", 0, 0, 9), ("a", 0, 12, 20), ("b", 0, 0, 5), ("c", 0, 0, 7)]
        paragraphs = pd.DataFrame(stretches, columns=["doc_id", "para", "char_start", "char_end"])
        study: Any = SimpleNamespace(is_large=False, documents=documents, terms=terms, paragraphs=paragraphs,
                                     case_column="place",
                                     terms_with=lambda *columns: terms)
        frame = pd.DataFrame({"doc_id": ["a"], "place": ["甲"], "term": ["群众"]})
        cut = {"article": frame, "case": frame[["place", "term"]]}
        listed = {name: [item.get_text() for item in table_of(show_table(rows, study=study)).find_all("li")]
                  for name, rows in cut.items()}
        of_a = "paragraph at characters 0–20 × 3"
        assert listed == {"article": [of_a], "case": [of_a, "paragraph at characters 0–5"]}

    def test_terms_are_looked_for_in_the_article_of_the_row_and_not_in_its_furniture(self) -> None:
        articles = pd.DataFrame({
            "doc_id": ["a", "b"], "text": ["人人人人，平安。\n分享给人人", "人人"],
            "boilerplate": [[(9, 14, "share")], []]})
        frame = pd.DataFrame({"doc_id": ["a"], "term": ["人人"]})
        where = table_of(show_table(frame, texts=articles)).find("td", class_="where")
        assert [item.find(string=True).strip() for item in where.find_all("li")] == ["paragraph at characters 0–8 × 2"]
        assert len(where.find_all("mark")) == 2

    def test_what_is_in_no_paragraph_has_no_context(self, texts: pd.DataFrame) -> None:
        at = TEXT.index("\n")
        frame = pd.DataFrame({"doc_id": ["a"], "char_start": [at], "char_end": [at + 1]})
        assert table_of(show_table(frame, texts=texts)).blockquote.get_text() == "\n"

    def test_rows_of_many_places_are_bounded(self) -> None:
        article = "平安。\n" * 200
        many = pd.DataFrame({"doc_id": ["a"], "text": [article]})
        where = table_of(show_table(pd.DataFrame({"term": ["平安"]}), texts=many)).find("td", class_="where")
        assert (len(where.find_all("mark")), len(where.find_all("li"))) == (10, 50)
        assert "150 more" in where.get_text()

    def test_row_outside_of_its_article_is_an_error(self, texts: pd.DataFrame) -> None:
        frame = pd.DataFrame({"doc_id": ["a"], "char_start": [0], "char_end": [len(TEXT) + 1]})
        with pytest.raises(TableError, match=f"characters 0 to {len(TEXT) + 1} of 'a', which has {len(TEXT)}"):
            show_table(frame, texts=texts)

    def test_row_without_a_place_has_none(self, texts: pd.DataFrame) -> None:
        frame = pd.DataFrame({"doc_id": ["a"], "char_start": pd.array([pd.NA], "Int64"), "char_end": [3]})
        assert table_of(show_table(frame, texts=texts)).details is None


class TestScript:
    def test_of_the_installed_bundle_stands_alone(self) -> None:
        script = table_script()
        assert "DataTables 2." in script
        assert "MIT" in script[:1000]
        assert "Permission is hereby granted" in script
        assert "SpryMedia" in script
        assert not re.search(r"\bexport\s*\{|</script|<!--|<script", script, re.IGNORECASE)
        assert "\r" not in script

    @pytest.mark.parametrize("module", [
        "var a=1;", "var a=1;export{a as b};", "export{a as default};export{b as c};", "export default a;",
        'import x from "./y.js";var a=1;export{a as default};', "var a=import('x');export{a as default};",
        "var a=import.meta.url;export{a as default};",
    ])
    def test_bundle_of_another_shape_is_named(self, module: str) -> None:
        with pytest.raises(ScriptError, match="itables"):
            inline(module, "")

    def test_marks_of_html_do_not_end_the_script(self) -> None:
        script = inline('var a="</script><!--<SCRIPT>";export{a as default};', "")
        assert BeautifulSoup(f"<script>{script}</script>", "html.parser").script.string == script
        assert r'"\x3c/script>\x3c!--\x3cSCRIPT>"' in script


class TestReport:
    @pytest.fixture(scope="class")
    @classmethod
    def pages(cls, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
        folder = tmp_path_factory.mktemp("report")
        (folder / "figures").mkdir()
        (folder / "handout").mkdir()
        (folder / "handout" / "handout_student.pdf").write_bytes(b"%PDF")
        (folder / "figures" / "paper_table1_corpus.tex").write_text("x")
        (folder / "figures" / "paper_table1_corpus.html").write_text("<table><caption>The corpus</caption></table>")
        (folder / "figures" / "fig01_dot.csv").write_text("x")
        view = show_table(pd.DataFrame({"term": ["平安", HOSTILE], "n": [1, 2]}), caption="Terms")
        _, page = render(text("# Tables"), code("x", shows(text_html=view._repr_html_())),
                         code("y", shows(text_html="<div><script>alert(1)</script></div>")))
        _, plain = render(text("# Text"))
        plain.stem = "02_plain"
        names = write_pages(folder, [page, plain], "en", [])
        return {name: (folder / name).read_text(encoding="utf-8") for name in names}

    def test_script_is_there_once_and_allowed_by_its_hash(self, pages: dict[str, str]) -> None:
        for name in ("01_test.html", "glossary.html"):
            soup = BeautifulSoup(pages[name], "html.parser")
            (script,) = soup.find_all("script")
            assert not script.attrs
            digest = base64.b64encode(hashlib.sha256(script.string.encode()).digest()).decode()
            policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
            assert f"; script-src 'sha256-{digest}';" in policy
            assert script_hash() == f"sha256-{digest}"
            assert "DataTables" in soup.footer.get_text()

    def test_pages_without_such_tables_have_none(self, pages: dict[str, str]) -> None:
        for name in ("02_plain.html", "index.html"):
            assert "<script" not in pages[name]
            assert "script-src" not in pages[name]

    def test_any_other_script_stays_text(self, pages: dict[str, str]) -> None:
        body = BeautifulSoup(pages["01_test.html"], "html.parser").main
        assert body.script is None
        assert "<script>alert(1)</script>" in body.get_text()

    def test_script_that_is_nearly_ours_stays_text(self) -> None:
        view = show_table(pd.DataFrame({"n": [1]}))
        body, _ = render(code("x", shows(text_html=view._repr_html_().replace("</script>", ";alert(1)</script>"))))
        assert body.script is None
        assert "alert(1)" in body.get_text()

    def test_table_keeps_what_the_script_needs(self, pages: dict[str, str]) -> None:
        table = BeautifulSoup(pages["01_test.html"], "html.parser").table
        assert json.loads(table["data-words"])["search"] == "Search:"
        assert [cell["data-order"] for cell in table.find_all("td", class_="number")] == ["1.0", "2.0"]
        assert table.find("th", scope="row").find("span", lang="zh").get_text() == "平安"
        assert len(table.find_parents(class_="table-scroll")) == 1

    def test_glossary_is_marked_and_linked(self, pages: dict[str, str]) -> None:
        table = BeautifulSoup(pages["glossary.html"], "html.parser").table
        row = table.tbody.find("th", string="平安建设").parent
        assert [cell["lang"] for cell in row.find_all(["th", "td"])] == ["zh", "zh-Latn-pinyin", "en", "en"]
        assert [head.get_text() for head in table.thead.find_all("th")] == ["term", "pinyin", "English", "meaning"]
        for name in ("01_test.html", "02_plain.html", "index.html"):
            assert BeautifulSoup(pages[name], "html.parser").header.find("a", href="glossary.html") is not None

    def test_index_lists_the_handout_and_tables_for_the_paper(self, pages: dict[str, str]) -> None:
        index = BeautifulSoup(pages["index.html"], "html.parser")
        assert [link.get_text() for link in index.find_all("a", href=re.compile("^handout/"))] == [
            labels_in("en")["handout_student"]
        ]
        figures, tables = index.find_all("table")
        assert "fig01_dot" in figures.get_text()
        assert [link["href"] for link in tables.find_all("a")] == [
            "figures/paper_table1_corpus.tex", "figures/paper_table1_corpus.html",
        ]
        assert "The corpus" in tables.get_text()


ARTICLES = Path(__file__).parents[1] / "../shared/articles"


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the articles are not in the repository; they lie beside it")
def test_metrics_of_the_articles_stand_where_the_table_says() -> None:
    shipped = load_study()
    view = show_table(shipped.metrics, study=shipped, texts=shipped.texts(ARTICLES))
    marks = [row.mark.get_text() for row in table_of(view).tbody.find_all("tr")]
    assert marks == shipped.metrics["quantity"].tolist()


class TestPlainFrames:
    def test_notebook_gives_chinese_columns_room(self, monkeypatch: pytest.MonkeyPatch) -> None:
        shell = InteractiveShell()
        monkeypatch.setattr("IPython.get_ipython", lambda: shell)
        frame = pd.DataFrame({"place": ["安陆"]})
        plain = shell.display_formatter.format(frame)[0]["text/html"]
        use_frame_style()
        styled = shell.display_formatter.format(frame)[0]["text/html"]
        assert "keep-all" in styled
        assert BeautifulSoup(styled, "html.parser").table == BeautifulSoup(plain, "html.parser").table

    def test_report_shows_the_frame_as_before(self) -> None:
        frame = pd.DataFrame({"place": ["安陆"]})
        shown = [render(code("x", shows(text_html=html)))[0] for html in (frame_html(frame), frame._repr_html_())]
        assert str(shown[0]) == str(shown[1])

    def test_elsewhere_nothing_happens(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("IPython.get_ipython", lambda: None)
        use_frame_style()
        monkeypatch.delitem(sys.modules, "IPython")
        use_frame_style()
