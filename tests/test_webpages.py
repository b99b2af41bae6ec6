"""The article in a web page: real pages against their expected text, and pages built for what is hard in
them."""

from __future__ import annotations

import contextlib
import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingan_analysis.errors import UnreadableArticle
from pingan_analysis.reading.decoding import decode
from pingan_analysis.reading.rendering import is_data_table
from pingan_analysis.reading.webpages import read_page

FORMATS = Path(__file__).parents[1] / "../shared/corpora/formats"
EXPECTED = FORMATS / "html_cctv/expected.jsonl"
LINES = EXPECTED.read_text(encoding="utf-8").splitlines() if EXPECTED.is_file() else []
PAGES = [json.loads(line) for line in LINES]
needs_formats = pytest.mark.skipif(not PAGES, reason="../shared/corpora is not there")


@needs_formats
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["file"])
def test_pages_with_expected_text(page: dict[str, str]) -> None:
    read = read_page(decode((EXPECTED.parent / page["file"]).read_bytes()).text)
    assert (read.text, read.title, str(read.published)) == (page["text"], page["title"], page["date"])
    assert read.publisher == "央视网"


@needs_formats
@pytest.mark.parametrize(
    ("file", "title", "published", "publisher", "first", "last", "absent"),
    [
        ("cjddsb_1", "常德市金融系统积极开展", "2019-09-23", "当代商报", "为持续推动", "(文/图", "分享"),
        ("people_1", "女儿出嫁，郑板桥", "2019-06-15", "人民网", "父亲的教诲", "(责编：", "【详细】"),
        ("shanxi_1", "山西品牌丝路行", "2019-09-18", "山西日报", "图为", "阿根廷举行。", "纠错"),
        ("thepaper_2", "定了！广州南沙邮轮母港", "2019-08-13", "澎湃新闻", "本文原标题", "【在看】", "跟帖"),
        ("zsnews_1", "顺德区大良街道", "2019-03-06", "东区办事处", "2019年2月27日", "驱动力。", "返回"),
    ],
)
def test_pages_of_newspapers(
    file: str, title: str, published: str, publisher: str, first: str, last: str, absent: str
) -> None:
    read = read_page(decode((FORMATS / f"html_news/{file}.html").read_bytes()).text)
    assert read.title.startswith(title)
    assert read.published == date.fromisoformat(published)
    assert read.publisher.startswith(publisher)
    assert read.text.startswith(first)
    assert last in read.text[-60:]
    assert absent not in read.text


BODY = [
    "开发区今年召开平安建设推进会，部署下一步工作，要求各社区落实责任。",
    "短短一句。",
    "各社区组织网格员入户走访，发放宣传单两千余份，化解矛盾纠纷三十余起。",
    "下一步，开发区将继续加强巡逻防控，不断提升群众的安全感和满意度。",
]
MENU = "".join(f'<li><a href="/{i}">栏目{i}</a></li>' for i in range(20))


def page(article: str, *, head: str = "", above: str = "", below: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>平安建设进社区_某某网</title>{head}</head><body>"
        f"<div class=top><ul>{MENU}</ul></div><div class=main><h1>平安建设进社区</h1>{above}{article}</div>"
        f"<div class=side><ul>{MENU}</ul></div>{below}"
        "<div class=foot><p>版权所有 某某网</p></div></body></html>"
    )


@pytest.mark.parametrize(
    "article",
    [
        "<div class=content>" + "".join(f"<p>{p}</p>" for p in BODY) + "</div>",
        "<div class=content>" + "<br>".join(BODY) + "</div>",
        "<div class=content>" + "<br><br>　　".join(BODY) + "</div>",
        "<div class=content>" + "".join(f"<div><span>{p}</span></div>" for p in BODY) + "</div>",
        "<pre>\n　　" + "\n　　".join(BODY) + "\n</pre>",
        "<table><tr><td>左</td><td>" + "".join(f"<p>{p}</p>" for p in BODY) + "</td></tr></table>",
        "<div><p>" + "</p>\n<p>".join(p[:9] + "<b>" + p[9:] + "</b>" for p in BODY) + "</p></div>",
        "<div><p>" + "</p><p>".join(p[:9] + "\n   " + p[9:] for p in BODY) + "</p></div>",
        "<div>"
        + "".join(f"<p>{p}</p>" for p in BODY[:2])
        + "<table><tr><td>街道</td><td>起数</td></tr><tr><td>甲</td><td>12</td></tr></table>"
        + "".join(f"<p>{p}</p>" for p in BODY[2:])
        + "</div>",
        "<div>"
        + "".join(f"<p>{p}</p>" for p in BODY)
        + "<script>var 文章='不是正文，是程序里的一句话。';</script><!-- 注释里的一句话，不是正文。 -->"
        + "<div style='display:none'>藏起来的一段话，读者看不见，也不算正文。</div></div>",
    ],
)
def test_layouts(article: str) -> None:
    assert read_page(page(article)).text.split("\n") == BODY


PLAIN = "<div class=content>" + "".join(f"<p>{p}</p>" for p in BODY) + "</div>"


@pytest.mark.parametrize(
    ("head", "above", "publisher", "published"),
    [
        ('<meta name="PubDate" content="2021-07-08 09:10">', "", "", date(2021, 7, 8)),
        ('<meta name="ContentSource" content="某某日报">', "", "某某日报", None),
        (
            '<meta property="article:published_time" content="2021-07-08T09:10:00+08:00">',
            "",
            "",
            date(2021, 7, 8),
        ),
        ("", "<div>来源：<a href=x>某某日报</a> 2021年07月08日 09:10</div>", "某某日报", date(2021, 7, 8)),
        ("", "<div>发布时间：2021-07-08　浏览次数：9</div>", "", date(2021, 7, 8)),
        ('<meta property="og:site_name" content="某某网">', "", "某某网", None),
        ("", "", "", None),
    ],
)
def test_details(head: str, above: str, publisher: str, published: date | None) -> None:
    read = read_page(page(PLAIN, head=head, above=above))
    assert (read.title, read.publisher, read.published) == ("平安建设进社区", publisher, published)
    assert read.text.split("\n") == BODY


def test_a_day_in_the_running_text_is_not_the_day_of_publication() -> None:
    article = PLAIN.replace("短短一句。", "会议于2020年3月4日召开。")
    assert read_page(page(article)).published is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("平安建设进校园_某某网", "平安建设进校园"),
        ("平安建设进校园--政法--某某网", "平安建设进校园"),
        ("平安建设进校园 - 某市人民政府", "平安建设进校园"),
        ("[视频]平安建设进校园_某频道_某某网", "平安建设进校园"),
        ("【基层】平安建设进校园", "【基层】平安建设进校园"),
        ("平安建设“1-2-3”工作法", "平安建设“1-2-3”工作法"),
    ],
)
def test_titles_lose_the_site(title: str, expected: str) -> None:
    html = f"<html><head><title>{title}</title></head><body>{PLAIN}</body></html>"
    assert read_page(html).title == expected


@pytest.mark.parametrize("html", ["", "<html></html>", "<body><script>1</script></body>", "<!---->"])
def test_pages_without_text(html: str) -> None:
    with pytest.raises(UnreadableArticle):
        read_page(html)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + BODY[0],
        "<p>" + "<span>" * 50_000 + BODY[0],
        "<table><tr><td>" * 2_000 + BODY[0],
        "<p " + "a=1 " * 100_000 + ">" + BODY[0],
        "<a href=x>" * 20_000 + BODY[0],
    ],
)
@pytest.mark.no_cover
def test_hostile_pages_end_in_bounded_time(html: str) -> None:
    start = time.perf_counter()
    with contextlib.suppress(UnreadableArticle):
        read_page(html)
    assert time.perf_counter() - start < 10


def test_a_page_without_a_title_has_its_heading() -> None:
    article = f"<article><h1>平安建设进社区</h1><p>{BODY[0]}</p><p>{BODY[2]}</p></article>"
    assert read_page(f"<html><body>{article}</body></html>").title == "平安建设进社区"


def test_data_tables() -> None:
    assert is_data_table([3, 3, 3, 3])
    assert not is_data_table([500])
    assert not is_data_table([20, 500])
    assert not is_data_table([300, 290, 310])


tags = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<table><tr><td>",
        "</table>",
        "<br>",
        "<a href=x>",
        "</a>",
        "<script>",
        "<!--",
        "&#0;",
        "&amp;",
        "<title>",
        "<meta name=date content='",
        "平安建设，",
        "。\n",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(tags, max_size=30).map("".join))
def test_any_markup_gives_text_or_a_reason(html: str) -> None:
    with contextlib.suppress(UnreadableArticle):
        assert read_page(html).text.strip()
