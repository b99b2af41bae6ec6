"""Keyword in context: what is shown is the text as it stands, at the offsets given, and cannot harm the page."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pingan_analysis as pa
from pingan_analysis.errors import PinganError, TableError


def documents(*texts: str) -> pd.DataFrame:
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": texts})


def test_both_scripts_are_found_by_either() -> None:
    texts = documents("深入開展掃黑除惡專項鬥爭", "持续推进扫黑除恶工作")
    for pattern in ("扫黑除恶", "掃黑除惡"):
        table = pa.kwic(texts, pattern, width=2)
        assert table["match"].tolist() == ["掃黑除惡", "扫黑除恶"]
        assert table["left"].tolist() == ["開展", "推进"]
        assert table["right"].tolist() == ["專項", "工作"]


def test_offsets_and_paragraphs() -> None:
    table = pa.kwic(documents("第一段。\r\n\r\n平安建设进校园"), "平安")
    assert table[["para", "char_start", "char_end"]].values.tolist() == [[1, 8, 10]]


def test_a_regular_expression() -> None:
    table = pa.kwic(documents("短信320万条次，海报6万余张"), r"\d+万余?[条张]")
    assert table["match"].tolist() == ["320万条", "6万余张"]


def test_boilerplate_is_left_out() -> None:
    texts = documents("平安新闻网\n平安建设").assign(boilerplate=[((0, 5, "navigation"),)])
    assert pa.kwic(texts, "平安")["char_start"].tolist() == [6]


def test_the_page_shows_markup_as_text() -> None:
    shown = pa.kwic(documents("<script>alert(1)</script>平安<b>"), "平安|script")._repr_html_()
    assert "<script" not in shown
    assert "<b>" not in shown
    assert '&lt;</td><td style="text-align:center"><mark>script</mark></td>' in shown
    assert '<td style="text-align:left">&gt;alert(1)' in shown


def test_no_match_says_so() -> None:
    assert pa.kwic(documents("平安"), "<雪亮>")._repr_html_() == "<p>No match for &lt;雪亮&gt; in 1 documents.</p>"


def test_characters_that_mean_something_else_in_an_expression_are_pointed_out() -> None:
    with pytest.warns(UserWarning, match=r"re\.escape"):
        assert pa.kwic(documents("“1+3+9”体系"), "1+3+9").empty


@pytest.mark.parametrize(
    ("pattern", "message"),
    [("(平安", "no regular expression"), ("", "must be a word"), (["平安"], "must be a word")],
)
def test_a_bad_pattern_is_named(pattern: str, message: str) -> None:
    with pytest.raises(PinganError, match=message):
        pa.kwic(documents("平安"), pattern)


def test_a_table_without_text_is_named() -> None:
    with pytest.raises(TableError, match="no column 'text'"):
        pa.kwic(pd.DataFrame({"doc_id": ["a"]}), "平安")


@given(st.text(alphabet="平安建設網络 \n\r,。<&", max_size=60), st.integers(0, 5))
def test_offsets_slice_the_text(text: str, width: int) -> None:
    for row in pa.kwic(documents(text), "[平网]", width=width).itertuples():
        assert text[row.char_start : row.char_end] == row.match
        assert row.match in "平網网"
        assert len(row.left) <= width


def test_a_match_lies_within_one_paragraph_whose_ends_the_pattern_can_name() -> None:
    texts = documents("　　平安建设\n　　建设平安")
    assert pa.kwic(texts, "^平安|^建设")["char_start"].tolist() == [2, 9]
    assert pa.kwic(texts, "平安$|建设$")["char_start"].tolist() == [4, 11]
    assert pa.kwic(texts, r"设\s*建").empty
    assert pa.kwic(texts, r"(?<=\s)平安").empty


@pytest.mark.parametrize("width", [-1, 2.5, "5"])
def test_widths_are_numbers_of_characters(width: object) -> None:
    with pytest.raises(PinganError, match=r"width=.* whole number of characters"):
        pa.kwic(documents("平安"), "平安", width=width)
