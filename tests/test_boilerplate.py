"""What is the page's and not the article's: labelled cases, and what must hold for any text."""

from __future__ import annotations

import json
import random
import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingan_analysis.lexicon import read_rows
from pingan_analysis.reading.boilerplate import (
    Stretch,
    find_boilerplate,
    paragraphs,
    parse_day,
    printed_source,
    read_furniture,
)

HERE = Path(__file__).parent
ARTICLES = HERE.parent / "../shared/articles"
CASES = [
    json.loads(line) for line in (HERE / "cases/boilerplate.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case["text"][-24:]))
def test_labelled_cases(case: dict[str, list[list[str]]]) -> None:
    text = str(case["text"])
    found = [[text[start:end].strip(), reason] for start, end, reason in find_boilerplate(text)]
    assert found == case["cuts"]


def test_a_fifth_of_the_cases_are_negative() -> None:
    assert sum(not case["cuts"] for case in CASES) >= len(CASES) / 5


RULES = read_rows("boilerplate", columns=["position", "extent", "reason", "pattern", "example", "note"])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["example"])
def test_every_pattern_cuts_its_example(rule: dict[str, str]) -> None:
    body = "开发区今年召开推进会，部署下一步工作。"
    example = rule["example"].replace("……。", "")
    text = {
        ("head", "line"): f"{example}\n{body}",
        ("head", "start"): f"{example}{body}",
        ("tail", "line"): f"{body}\n{example}",
        ("tail", "rest"): f"{body}\n{example}\n别的标题",
        ("tail", "end"): f"{body}{example}",
        ("tail_beside", "line"): f"{body}\n{example}\n打印 关闭",
        ("anywhere", "line"): f"{body}\n{example}\n{body}",
    }[rule["position"], rule["extent"]]
    cuts = find_boilerplate(text)
    assert rule["reason"] in [reason for _, _, reason in cuts]
    assert "".join(text[s.start : s.end] for s in paragraphs(text, cuts)) == body * text.count(body)


def test_what_a_source_line_prints() -> None:
    furniture = read_furniture("平安进校园\n來源:某某網 日期:2017-11-30 點擊:次\n大家都來參加。\n")
    assert (furniture.heading, furniture.publisher, furniture.published) == (
        "平安进校园",
        "某某網",
        date(2017, 11, 30),
    )
    assert read_furniture("平安进校园\n来源：未知 日期：2019-1-2\n大家都来参加。").publisher == ""
    dispatch = read_furniture("新华社某市9月2日电 大家都来参加。\n完。")
    assert (dispatch.publisher, dispatch.published, dispatch.heading) == ("新华社", None, "")


@pytest.mark.parametrize(
    "text",
    [
        "大家都来参加平安建设。\n第二段。",
        "只有一行",
        "大家都来参加，\n第二段。",
        "x" * 61 + "\n第二段。",
        "",
        "\n\n",
    ],
)
def test_what_is_no_heading(text: str) -> None:
    assert read_furniture(text).heading == ""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-09-02", date(2024, 9, 2)),
        ("2024/9/2 08:00", date(2024, 9, 2)),
        ("2024年9月2日", date(2024, 9, 2)),
        ("2024.09.02", date(2024, 9, 2)),
        ("20240902", date(2024, 9, 2)),
        ("2024-09-02T08:00:00+08:00", date(2024, 9, 2)),
        ("２０２４年９月２日", date(2024, 9, 2)),
        ("2024-02-30", None),
        ("2024", None),
        ("2024-09", None),
        ("202411", None),  # November, or the 1st of January
        ("2024111", None),
        ("9月2日", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert parse_day(text) == day


def test_printed_sources() -> None:
    assert printed_source("来源：央视网2022年04月03日 19:28") == "央视网"
    assert printed_source("版权声明 来源：某某商报 时间：2019-09-23 作者：") == "某某商报"
    assert printed_source("没有来源") == ""


def test_paragraphs() -> None:
    text = "标题\r\n\r\n\u3000\u3000第一段。 \u2028第二段。\r责任编辑：某某\n第三段，甲乙丙。"
    cut = text.index("责任编辑"), text.index("\n第三段"), "editor"
    inside = text.index("甲"), text.index("丙"), "byline"
    found = [(s.para, text[s.start : s.end]) for s in paragraphs(text, [inside, cut])]
    assert found == [(0, "标题"), (1, "第一段。"), (2, "第二段。"), (3, "第三段，"), (3, "丙。")]
    assert paragraphs("正文") == [Stretch(0, 0, 2)]
    assert paragraphs(" \n\u3000\n") == []


text_with_lines = st.text(st.sampled_from("平安建设。，\n\r\u2028\u3000 ()来源：编辑12｜"), max_size=80)


@given(text_with_lines, st.data())
def test_stretches_slice_the_text_and_never_overlap(text: str, data: st.DataObject) -> None:
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    cuts = [(start, end, "byline") for start, end in data.draw(st.lists(spans, max_size=4))]
    found = paragraphs(text, cuts)
    covered = [False] * len(text)
    for start, end, _ in cuts:
        covered[start:end] = [True] * (end - start)
    for stretch in found:
        piece = text[stretch.start : stretch.end]
        assert piece == piece.strip() != ""
        assert not any(covered[stretch.start : stretch.end])
        assert not re.search(r"[\n\r\u2028]", piece)
        covered[stretch.start : stretch.end] = [True] * len(piece)
    assert all(text[i].isspace() for i, is_covered in enumerate(covered) if not is_covered)
    numbers = [stretch.para for stretch in found]
    assert sorted(set(numbers)) == list(range(len(set(numbers))))
    assert numbers == sorted(numbers)


@given(text_with_lines | st.text(max_size=80))
def test_boilerplate_of_any_text_is_in_bounds_and_in_order(text: str) -> None:
    end_before = 0
    for start, end, reason in find_boilerplate(text):
        assert end_before <= start < end <= len(text)
        assert reason
        end_before = end


@pytest.mark.parametrize(
    "line",
    [
        "来源:" * 75,
        "本报记者 " + "王" * 290,
        "(" + "张三 " * 95,
        "打印关闭" * 70 + "x",
        "网站|" * 59 + "。",
        "王" * 299,
        "首页>" * 74,
        "编辑 王某 " * 40,
    ],
)
@pytest.mark.no_cover
def test_hostile_lines_take_no_time(line: str) -> None:
    text = "\n".join([line] * 12 + ["正文在此。"] + [line] * 12)
    start = time.perf_counter()
    find_boilerplate(text)
    assert time.perf_counter() - start < 2


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="../shared/articles is not there")
@pytest.mark.parametrize(
    ("file", "reasons"),
    [
        ("000", []),
        ("001", ["source_line"]),
        ("002", ["byline"]),
        ("003", ["byline", "navigation", "navigation", "navigation", "licence", "licence", "navigation"]),
        ("004", ["source_line"]),
    ],
)
def test_the_articles_lose_what_is_not_theirs(file: str, reasons: list[str]) -> None:
    (path,) = ARTICLES.glob(f"{file}_*.txt")
    text = path.read_text(encoding="utf-8")
    assert [reason for _, _, reason in find_boilerplate(text)] == reasons


def test_sentences_in_any_order_are_kept() -> None:
    bodies = [case["text"].split("\n")[1] for case in CASES if case.get("note") == "negative"]
    shuffled = random.Random(0).sample(bodies, len(bodies))
    assert find_boilerplate("\n".join(shuffled)) == ()


FORMATS = HERE.parent / "../shared/corpora/formats"


@pytest.mark.skipif(not FORMATS.is_dir(), reason="../shared/corpora is not there")
@pytest.mark.parametrize(
    ("file", "most"), [("big5/icwb2_as_test.utf8.txt", 0.0), ("gbk/icwb2_pku_test.utf8.txt", 0.01)]
)
def test_running_text_of_newspapers_and_books_is_kept(file: str, most: float) -> None:
    lines = [
        line.strip() for line in (FORMATS / file).read_text(encoding="utf-8").split("\n") if line.strip()
    ]
    texts = ["\n".join(lines[i : i + 3]) for i in range(0, len(lines), 3)]
    cut = [text[start:end] for text in texts for start, end, _ in find_boilerplate(text)]
    assert not [piece for piece in cut if "。" in piece]
    assert sum(map(len, cut)) <= most * sum(map(len, texts))
