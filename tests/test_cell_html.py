"""Cells as HTML: rendered with the outputs that they have, without running anything."""

from __future__ import annotations

import base64
import time
import warnings
from pathlib import Path

import nbformat
import pytest
from notebook_cells import PIXEL, code, render, shows, text

from pingan_analysis.reporting.notebook_files import ReportError


class TestHeadings:
    def test_anchors_are_unique_stable_and_keep_chinese(self) -> None:
        body, page = render(
            text("# T\n\n## 脚本与日期\n\n## 脚本与日期\n\n### Main!\n\n## C++ & <b>R</b>\n\n## ？")
        )
        assert [(heading.level, heading.anchor) for heading in page.headings] == [
            (2, "脚本与日期"), (2, "脚本与日期-2"), (3, "main-2"), (2, "c-r"), (2, "section"),
        ]
        for heading in page.headings:
            assert " ".join(body.find(id=heading.anchor).get_text().split()) == heading.text

    def test_title_is_the_first_heading_else_the_file(self) -> None:
        assert render(text("Intro.\n\n## 方法 and data\n\nAsked."))[1].title == "方法 and data"
        assert render(text("No heading."))[1].title == "01_test"

    def test_every_page_has_one_title_in_its_text(self) -> None:
        body, page = render(text("## Methods\n\n## Results"))
        assert [tag.get_text() for tag in body.find_all("h1")] == ["Methods"]
        assert [heading.text for heading in page.headings] == ["Results"]

    def test_question_is_the_first_paragraph_of_the_text(self) -> None:
        _, page = render(
            text("# T"), code("x", shows(text_html="<p>3 rows</p>")), text("Why *so*?\n\nBecause.")
        )
        assert page.question == "Why so?"


class TestHarmless:
    @pytest.mark.parametrize("output", ['<?xml version="1.0"?><a><b>平安</b></a>', "notes.txt", "https://example.org/a"])
    def test_what_looks_like_xml_or_a_file_is_nothing_to_warn_of(self, output: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            body, _ = render(text("# T"), code("x", shows(text_html=output)))
        assert output.rpartition("<b>")[2].partition("<")[0] in body.get_text()

    @pytest.mark.parametrize("tag", ["script", "iframe", "object", "form", "noscript"])
    def test_active_tags_are_shown_as_text(self, tag: str) -> None:
        source = f"<{tag} src='https://example.org/x'>alert(1)</{tag}>"
        for cell in (text(f"# T\n\n{source}"), code("x", shows(text_html=f"<div>{source}</div>"))):
            body, _ = render(cell)
            assert body.find(tag) is None
            assert f"<{tag} src=" in body.get_text()

    def test_handlers_and_script_links_are_dropped(self) -> None:
        body, _ = render(
            text('<p onclick="x()">a <a href=" JavaScript:alert(1)">b</a> <a href="https://example.org/">c</a></p>')
        )
        assert not body.p.has_attr("onclick")
        assert [link.get("href") for link in body.find_all("a")] == [None, "https://example.org/"]
        assert body.p.get_text() == "a b c"

    @pytest.mark.parametrize(
        "source",
        [
            '<img alt="a" src="https://example.org/a.png">',
            '<img alt="a" src="//example.org/a.png">',
            '<img alt="a" src="gone.png">',
            '<video src="https://example.org/a.mp4"></video>',
            '<svg aria-label="a"><image href="https://example.org/a.png"/></svg>',
            '<p style="background: url(https://example.org/a.png)">a</p>',
            "<style>@import 'https://example.org/a.css';</style>",
        ],
    )
    def test_loading_from_outside_is_an_error(self, source: str) -> None:
        with pytest.raises(
            ReportError, match=r"^01_test.ipynb, text cell 1 \('# T'\): .*must hold all that it shows"
        ):
            render(text(f"# T\n\n{source}"))

    def test_image_beside_the_notebook_is_taken_in(self, tmp_path: Path) -> None:
        (tmp_path / "图 1.png").write_bytes(base64.b64decode(PIXEL))
        body, _ = render(text("![A dot.](<图 1.png>)"), folder=tmp_path)
        assert body.img["src"] == f"data:image/png;base64,{PIXEL}"
        assert body.img["alt"] == "A dot."

    @pytest.mark.parametrize("source", ["![](a.png)", '<img src="a.png" alt=" ">', "<svg><path/></svg>"])
    def test_image_needs_alternative_text(self, source: str) -> None:
        with pytest.raises(ReportError, match="without alternative text"):
            render(text(source))

    def test_alternative_text_of_a_picture_comes_from_its_metadata(self) -> None:
        output = nbformat.v4.new_output(
            "display_data", data={"image/png": PIXEL + "\n", "text/plain": "<Figure>"},
            metadata={"image/png": {"alt": 'A "dot" <here>'}},
        )
        body, _ = render(code("x", output))
        assert body.img["alt"] == 'A "dot" <here>'
        assert "<Figure>" not in body.get_text()

    def test_richest_kind_of_an_output_is_shown_and_unknown_kinds_are_not(self) -> None:
        both = shows(text_plain="plain", text_html="<p>rich</p>", application_javascript="alert(1)")
        body, _ = render(code("x", both, shows(application_javascript="alert(2)")))
        assert body.p.get_text() == "rich"
        assert "plain" not in body.get_text()
        assert "alert" not in body.get_text()

    def test_large_picture_takes_no_longer_than_its_size(self) -> None:
        picture = f'<img alt="a" src="data:image/png;base64,{"A" * 1_000_000}">'
        started = time.monotonic()
        body, _ = render(code("x", shows(text_html=picture)))
        assert time.monotonic() - started < 10
        assert len(body.img["src"]) > 1_000_000

    def test_plain_output_is_escaped_and_has_no_terminal_colours(self) -> None:
        stream = nbformat.v4.new_output("stream", name="stdout", text="\x1b[31m<b>red</b>\x1b[0m & 平安\n")
        body, _ = render(code("x", stream))
        assert body.find("pre", {"aria-label": "Text output"}).get_text() == "<b>red</b> & 平安"

    def test_error_that_a_cell_is_meant_to_raise_is_shown(self) -> None:
        error = nbformat.v4.new_output("error", ename="ChoiceError", evalue="by='docid' <is> wrong")
        body, _ = render(code("x", error))
        assert body.find(class_="messages").pre.get_text() == "ChoiceError: by='docid' <is> wrong"
