"""Languages of a page: what is marked as Chinese, what as English."""

from __future__ import annotations

from bs4 import BeautifulSoup
from notebook_cells import code, render, shows, text

from pingan_analysis.reporting.language_marks import marked
from pingan_analysis.reporting.pages import LANGUAGES, labels_in


class TestEnglishPage:
    def test_words_in_english_text_are_marked(self) -> None:
        body, _ = render(text("Slogan “平安建设、人人参与” of 安陆; `平安`.\n\n中文"))
        assert [span.get_text() for span in body.p.find_all("span", lang="zh")] == [
            "平安建设、人人参与",
            "安陆",
        ]
        assert not body.code.find("span")
        assert body.find_all("p")[1]["lang"] == "zh"

    def test_marking_changes_no_character(self) -> None:
        source = "a & b &lt;平安&gt; 1 < 2 “三屏两报” &amp;amp; 鄧州"
        body, _ = render(code("x", shows(text_html=f"<p>{source}</p>")))
        assert body.p.get_text() == BeautifulSoup(source, "html.parser").get_text()

    def test_caption_in_english_has_its_chinese_words_marked_one_in_chinese_not(self) -> None:
        for lang, words in {"en": ["平安"], "zh": []}.items():
            source = f'<div lang="{lang}"><p>Posters for 平安</p></div>'
            body, _ = render(code("x", shows(text_html=source)))
            assert [span.get_text() for span in body.find_all("span", lang="zh")] == words

    def test_quotation_marks_go_with_the_text_around_and_in_pairs(self) -> None:
        cases = {
            "“平安”与“法治” as": ["平安", "与“法治”"],
            "(“two papers”, 三屏“两报”)": ["三屏“两报”"],
            "平安“ as 建设” too": ["平安", "建设"],
            "安陆——“平安、法治”之城。": ["安陆——“平安、法治”之城"],
        }
        for source, words in cases.items():
            body, _ = render(text(f"Word {source}"))
            assert [span.get_text() for span in body.find_all("span", lang="zh")] == words
        body, _ = render(text("“平安”建设、‘法治’。"))
        assert body.p["lang"] == "zh"

    def test_title_on_the_index_page_is_marked_in_either_language(self) -> None:
        assert marked("<b> of 平安's", lang="en") == '&lt;b&gt; of <span lang="zh">平安</span>\'s'
        assert marked("Documents' 平安", lang="zh") == '<span lang="en">Documents\' <span lang="zh">平安</span></span>'
        assert marked("平安 A & B", lang="zh") == "平安 A &amp; B"

    def test_number_has_no_language(self) -> None:
        body, _ = render(text("# T\n\n12.5%"), lang="zh")
        assert not body.p.has_attr("lang")


class TestChinesePage:
    def test_words_in_chinese_text_are_not_marked(self) -> None:
        body, _ = render(text("# 平安 ABC\n\n平安与法治，三屏两报 in 安陆市"), lang="zh")
        assert body.find(lang=True) is None

    def test_english_text_is_marked_with_the_chinese_words_in_it(self) -> None:
        body, _ = render(text("Which “words” mark 平安 campaigns?\n\n- one item\n- 第二项"), lang="zh")
        assert body.p["lang"] == "en"
        assert [span.get_text() for span in body.find_all("span", lang="zh")] == ["平安"]
        assert [item.get("lang") for item in body.find_all("li")] == ["en", None]

    def test_block_inside_a_marked_one_is_left_alone(self) -> None:
        body, _ = render(code("x", shows(text_html='<div lang="zh"><p>policy <b>x</b></p></div>')), lang="zh")
        assert not body.p.has_attr("lang")


def test_every_label_has_both_languages() -> None:
    for lang in LANGUAGES:
        assert all(labels_in(lang).values())
