"""Metrics in their text: what is marked and said, whatever stands in article and table; refused where they differ."""

from __future__ import annotations

import datetime
import re
import unicodedata
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from hypothesis import given
from hypothesis import strategies as st
from notebook_cells import code, render, shows

import pingan_analysis
from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.metric_view import metric_lines, show_metrics
from pingan_analysis.schema import METRICS

ARTICLE = "标题\n\n　　去年，全区悬挂横幅140余条，走访3万余人。\n目前，调处率达91.5%。"
PUBLISHED = pd.Timestamp("2024-09-02")
TEMPLATES = Path(pingan_analysis.__file__).parent / "templates"


def metric(quantity: str, value: float, article: str = ARTICLE, **columns: Any) -> dict[str, Any]:
    start = article.index(quantity)
    return {
        "doc_id": "a", "para": 1, "char_start": start, "char_end": start + len(quantity), "quantity": quantity,
        "value": value, "low": value, "high": value, "unit": "条", "bound": "exact", "cumulative": False,
        "kind": "count", "direction": "", "indicator": "横幅悬挂", "indicator_en": "", "category": "outreach_output",
        "channel": "banner", "target": False, "period_text": "", "period_start": None, "period_end": None,
        "period_basis": "",
        "place": "某市", "rule": "verb_noun_quantity", "same_as": "", **columns,
    }


BANNERS = metric(
    "140余条", 140.0, high=None, bound="more_than", indicator_en="banners hung", period_text="去年",
    period_start="2023-01-01", period_end="2023-12-31", period_basis="relative", target=True, same_as="b:7",
)
RATE = metric("91.5%", 0.915, unit="%", indicator="调处率", category="evaluation", channel="none", para=2)


def documents(article: str = ARTICLE, **columns: Any) -> pd.DataFrame:
    return pd.DataFrame([{"doc_id": "a", "text": article, "published": PUBLISHED, **columns}])


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=METRICS.column_names)


def view(*rows: dict[str, Any], article: str = ARTICLE, **columns: Any) -> BeautifulSoup:
    return BeautifulSoup(show_metrics(documents(article, **columns), table(*rows))._repr_html_(), "html.parser")


def marks(page: BeautifulSoup) -> list[Tag]:
    return page.select(".text .mark")


def test_what_is_marked_stands_where_it_stood() -> None:
    page = view(BANNERS, RATE)
    assert [mark.get_text() for mark in marks(page)] == ["去年", "140余条", "目前", "91.5%"]
    assert [mark["class"][1] for mark in marks(page)] == ["period", "outreach_output", "period", "evaluation"]
    assert [line.get_text() for line in page.select(".text p")] == [one for one in ARTICLE.split("\n") if one]


def test_a_mark_says_what_it_was_taken_for() -> None:
    explained = marks(view(BANNERS))[1]["data-explanation"].split("\n")
    assert explained == [
        "value: more than 140 条; a goal, not a result", "indicator: 横幅悬挂 (banners hung)",
        "category: outreach: output", "channel: Banner or slogan",
        "period: 去年; 2023-01-01 to 2023-12-31 (relative)", "place: 某市",
        "rule: verb_noun_quantity", "same fact as: b:7",
    ]


def test_what_is_not_known_is_said_or_left_out() -> None:
    explained = marks(view(RATE))[-1]["data-explanation"].split("\n")
    assert explained[0] == "value: 0.915 %"
    assert "period: not stated" in explained
    assert not [one for one in explained if one.startswith(("channel", "same fact"))]


def test_limits_and_open_ends_are_said() -> None:
    row = metric("140余条", 150.0, low=140.0, high=160.0, bound="about", period_basis="as_of", period_end="2024-09-02")
    explained = marks(view(row))[1]["data-explanation"]
    assert "about 150 条; from 140 to 160" in explained
    assert "open to 2024-09-02 (as_of)" in explained


def test_every_mark_can_be_reached_and_has_a_name() -> None:
    for mark in marks(view(BANNERS, RATE)):
        assert mark["tabindex"] == "0"
        assert mark["role"] == "note"
        assert mark["aria-label"] == mark["data-explanation"].replace("\n", "; ")
    assert view(BANNERS).select_one(".text")["lang"] == "zh"


def test_the_view_speaks_the_language_of_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINGAN_LANG", "zh")
    page = view(BANNERS)
    assert marks(page)[1]["data-explanation"].split("\n")[0] == "数值：多于140 条；目标，非结果"
    assert page.div["lang"] == "zh"


def test_the_legend_counts_the_categories_that_occur() -> None:
    assert [item.get_text() for item in view(BANNERS, RATE).select(".legend li")] == [
        "outreach: output 1", "evaluation 1", "time expression 2"]


def test_categories_differ_in_grey_too() -> None:
    css = (TEMPLATES / "metric_view.css").read_text(encoding="utf-8")
    categories = next(column.choices for column in METRICS.columns if column.name == "category")
    lines = {name: re.search(rf"\.{name} {{ text-decoration: ([^#]*)#[0-9a-f]+; }}", css)[1] for name in categories}
    assert len(set(lines.values())) == len(categories)
    selectors = [one for rule in re.findall(r"([^{}]+){", re.sub(r"/\*.*?\*/", "", css)) for one in rule.split(",")]
    assert all(one.strip().startswith((".pingan-metrics", "@media")) for one in selectors)


def test_time_expressions_in_boilerplate_or_within_a_metric_are_not_marked() -> None:
    article = "2024年9月1日 来源\n2023年共140余条。"
    row = metric("2023年共140余条", 140.0, article)
    found = marks(view(row, article=article, boilerplate=((0, 12, "source_line"),)))
    assert [mark.get_text() for mark in found] == ["2023年共140余条"]


def test_an_article_without_metrics_is_shown() -> None:
    page = view(article="平安建设人人参与。")
    assert page.select_one(".count").get_text() == "a: 0 metrics, 0 time expressions"
    assert not page.select(".legend")
    assert page.select_one(".text").get_text().strip() == "平安建设人人参与。"


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> javascript:alert(3) {{ 7*7 }} &amp; \x00\x1b[31m"


def test_hostile_text_and_cells_are_shown_as_text() -> None:
    article = f"{HOSTILE}140余条{HOSTILE}"
    cells = dict.fromkeys(("indicator", "indicator_en", "unit", "place", "rule", "period_text", "same_as"), HOSTILE)
    row = metric("140余条", 140.0, article, **cells)
    page = view(row, article=article, doc_id="a")
    assert {tag.name for tag in page.find_all(True)} <= {"div", "style", "p", "ul", "li", "span"}
    allowed = {"class", "lang", "aria-label", "tabindex", "role", "data-explanation"}
    assert {name for tag in page.find_all(True) for name in tag.attrs} <= allowed
    shown = HOSTILE.replace("\x00", "\ufffd").replace("\x1b", "\ufffd")
    assert page.select_one(".text p").get_text() == f"{shown}140余条{shown}"
    assert f"rule: {shown}".rstrip() in marks(page)[0]["data-explanation"]


def test_a_report_page_keeps_the_marks() -> None:
    html = show_metrics(documents(), table(BANNERS, RATE))._repr_html_()
    body, page = render(code("show", shows(text_html=html)))
    assert [mark["aria-label"] for mark in marks(body)] == [mark["aria-label"] for mark in marks(view(BANNERS, RATE))]
    assert "data-explanation" in body.style.get_text()
    assert not page.headings


def is_seen(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs") and not character.isspace() and character != "\ufffd"


def marks_of_metrics(page: BeautifulSoup) -> list[Tag]:
    return page.select(".text .mark.outreach_output")


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=40))
def test_any_text_is_shown_as_it_is(before: str, inside: str, after: str) -> None:
    article = f"{before}1{inside}{after}"
    row = {**BANNERS, "char_start": len(before), "char_end": len(before) + 1 + len(inside), "quantity": f"1{inside}"}
    page = view(row, article=article)
    shown = "".join(line.get_text() for line in page.select(".text p"))
    assert "".join(filter(is_seen, shown)) == "".join(filter(is_seen, article))
    assert "".join(filter(is_seen, marks_of_metrics(page)[0].get_text())) == "".join(filter(is_seen, f"1{inside}"))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"char_end": 900}, "row of 'a' at .*–900 lies outside of the text, which has"),
        ({"char_end": BANNERS["char_start"]}, "lies outside of the text"),
        ({"quantity": "141余条"}, "is '141余条', but the text has '140余条' there; give the text"),
    ],
)
def test_metrics_of_another_text_are_refused(row: dict[str, Any], message: str) -> None:
    with pytest.raises(TableError, match=f"^metrics: .*{message}") as caught:
        show_metrics(documents(), table({**BANNERS, **row}))
    assert "\n" not in str(caught.value)


def test_rows_that_overlap_are_refused() -> None:
    with pytest.raises(TableError, match="overlaps the one before it, which ends at"):
        show_metrics(documents(), table(BANNERS, metric("40余条", 40.0)))


def test_one_article_or_all() -> None:
    both = pd.concat([documents(), documents("破案19起。", doc_id="b")])
    assert len(BeautifulSoup(show_metrics(both, table(BANNERS))._repr_html_(), "html.parser").select(".text")) == 2
    one = show_metrics(both, table(BANNERS), "b")._repr_html_()
    assert "破案19起" in one
    assert "140余条" not in one
    with pytest.raises(ChoiceError, match="doc_id='c' is not one of 'a', 'b'"):
        show_metrics(both, table(BANNERS), "c")


def test_outside_of_a_notebook_the_view_is_lines_of_text() -> None:
    assert repr(show_metrics(documents(), table(BANNERS))) == f"a\n{metric_lines(table(BANNERS))}"


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def test_columns_of_the_lines_stand_under_one_another() -> None:
    header, *lines = metric_lines(table(BANNERS, {**RATE, "indicator": "x" * 80})).split("\n")
    at = header.index("indicator")
    for line, shown in zip(lines, ["横幅悬挂", "xxx"], strict=True):
        end = next(n for n in range(len(line)) if width(line[:n]) >= at)
        assert line[end:].startswith(shown)
        assert line[end - 2:end] == "  "
    assert "去年 2023-01-01/2023-12-31" in lines[0]
    assert "x" * 40 not in lines[1]
    assert "…" in lines[1]


def test_lines_hold_no_terminal_codes() -> None:
    lines = metric_lines(table({**BANNERS, "indicator": "a\x1b[2Jb\nc", "period_start": datetime.date(2023, 1, 1)}))
    assert "\x1b" not in lines
    assert lines.count("\n") == 1
