"""The five digests: kinds and encodings, lengths, and every figure and name against tables coded by hand.

`cases/digest_figures.tsv` was coded from the articles, a row for each figure of a digest, in the order of the
digest; "?" stands where the coding rules leave room, empty where nothing is stated. `cases/digest_names.tsv`
has the other things with numerals: models (with members that follow them, in order), honours by year, dates.
Lengths are counted over the body (without title and closing note), every character that is not white space.
"""

from __future__ import annotations

import csv
import hashlib
import re
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest
from lxml import html

import pingan_analysis as pa
from pingan_analysis.schema import METRICS
from pingan_analysis.script import to_simplified

ROOT = Path(__file__).parents[1]
DIGESTS = ROOT / "data" / "digests"
ARTICLES = ROOT / "../shared/articles"
CASES = Path(__file__).parent / "cases"
FILES = {
    "gaoxin_2018": "gaoxin_2018.txt",
    "gaoxin_2019": "gaoxin_2019.txt",
    "anlu_2024": "anlu_2024.txt",
    "nanhu_2018": "nanhu_2018.html",
    "dengzhou_2022": "dengzhou_2022.docx",
}
LONGEST_SHARED_RUN = 15
CHOICES = {column.name: column.choices for column in METRICS.columns}
CHINESE_NUMERALS = {"二": 2, "十二": 12, "十三": 13}
HALF_WIDTH = str.maketrans("，；：！？（）「」『』", ",;:!?()“”‘’")

each_digest = pytest.mark.parametrize("doc", FILES)
needs_articles = pytest.mark.skipif(not ARTICLES.is_dir(), reason="no ../shared/articles here")


def read_table(path: Path, delimiter: str = "\t") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def figures_of(doc: str) -> list[dict[str, str]]:
    return [row for row in read_table(CASES / "digest_figures.tsv") if row["doc_id"] == doc]


def names_of(doc: str) -> list[dict[str, str]]:
    return [row for row in read_table(CASES / "digest_names.tsv") if row["doc_id"] == doc]


def lines_of(doc: str) -> list[str]:
    """Title, paragraphs and closing note, read without the package's own reader."""
    path = DIGESTS / FILES[doc]
    if path.suffix == ".docx":
        return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
    if path.suffix == ".html":
        page = html.document_fromstring(path.read_bytes())
        return [element.text_content() for element in page.xpath("//article/h1 | //article/p")]
    return path.read_text(encoding="gb18030" if doc == "anlu_2024" else "utf-8").splitlines()


def body_of(doc: str) -> list[str]:
    return lines_of(doc)[1:-1]


def unquoted(text: str) -> str:
    return re.sub(r"[\s“”‘’\"'「」《》]", "", to_simplified(text))


def article_of(doc: str) -> str:
    row = next(row for row in read_table(ROOT / "data/sources.csv", ",") if row["doc_id"] == doc)
    for path in sorted(ARTICLES.iterdir()):
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() == row["sha256"]:
            return data.decode("utf-8-sig")
    raise LookupError(f"no article has the SHA-256 that data/sources.csv gives for {doc}")


def locate(doc: str) -> list[tuple[dict[str, str], int, int]]:
    """The figures with their place in the body, each sought after the one before it."""
    body, position, found = "\n".join(body_of(doc)), 0, []
    for row in figures_of(doc):
        match = re.compile(rf"(?<![\d.]){re.escape(row['quantity'])}").search(body, position)
        assert match, f"{doc}: {row['quantity']} ({row['indicator']}) is not in the digest, or out of order"
        found.append((row, *match.span()))
        position = match.end()
    return found


def views(text: str) -> tuple[str, str, str]:
    """The text as it stands, with one kind of punctuation, and with none; simplified, without white space."""
    plain = "".join(to_simplified(text).split())
    return plain, plain.translate(HALF_WIDTH), "".join(c for c in plain if c.isalnum())


def shared_runs(text: str, other: str, length: int = LONGEST_SHARED_RUN + 1) -> set[str]:
    return {
        run
        for mine, theirs in zip(views(text), views(other), strict=True)
        for run in (mine[i:i + length] for i in range(len(mine) - length + 1))
        if run in theirs
    }


@each_digest
def test_length_and_paragraphs(doc: str) -> None:
    body = body_of(doc)
    assert 3 <= len(body) <= 5
    assert 400 <= len("".join("".join(body).split())) <= 700
    assert 12 <= len(figures_of(doc)) <= 25


@each_digest
def test_the_last_line_is_a_note_that_says_what_the_text_is(doc: str) -> None:
    title, *body, note = lines_of(doc)
    assert to_simplified(note).startswith("〔据")
    assert to_simplified(note).endswith("本文为改写的摘要，供教学与测试使用。〕")
    assert not any(mark in "".join([title, *body]) for mark in "〔〕")
    assert not title.endswith("。")
    assert all(paragraph.endswith("。") for paragraph in body)


@each_digest
def test_script(doc: str) -> None:
    text = "\n".join(lines_of(doc))
    if doc == "gaoxin_2019":
        assert sum(a != b for a, b in zip(text, to_simplified(text), strict=True)) > 100
    else:
        assert to_simplified(text) == text


def test_gb18030_file_needs_its_encoding() -> None:
    data = (DIGESTS / FILES["anlu_2024"]).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    with pytest.raises(UnicodeDecodeError):
        data.decode("gb2312")
    assert "卓塆社区" in data.decode("gb18030")


@pytest.mark.parametrize("doc", ["gaoxin_2018", "gaoxin_2019", "nanhu_2018"])
def test_other_texts_are_utf8_without_mark(doc: str) -> None:
    data = (DIGESTS / FILES[doc]).read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    data.decode("utf-8")


def test_html_page_declares_itself_and_loads_nothing() -> None:
    data = (DIGESTS / FILES["nanhu_2018"]).read_bytes()
    page = html.document_fromstring(data)
    assert page.get("lang") == "zh-Hans"
    assert page.xpath("string(//meta/@charset)") == "utf-8"
    assert page.findtext(".//title") == lines_of("nanhu_2018")[0]
    assert page.xpath("string(//meta[@name='author']/@content)") == "pingan_analysis"
    assert page.xpath("//nav//a")
    assert page.xpath("//footer")
    assert not page.xpath("//script | //img | //link[@rel='stylesheet'] | //*[@src]")
    for link in page.xpath("//nav//a/@href"):
        assert (DIGESTS / link).is_file()


def test_docx_carries_no_template_properties_and_no_clock() -> None:
    path = DIGESTS / FILES["dengzhou_2022"]
    properties = docx.Document(str(path)).core_properties
    assert (properties.author, properties.last_modified_by) == ("pingan_analysis", "pingan_analysis")
    assert properties.title == lines_of("dengzhou_2022")[0]
    assert properties.language == "zh-CN"
    assert properties.created is None
    assert properties.modified is None
    with zipfile.ZipFile(path) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_sources_agree_with_the_articles_bibliography() -> None:
    rows = read_table(DIGESTS / "sources.csv", ",")
    articles = {row["doc_id"]: row for row in read_table(ROOT / "data/sources.csv", ",")}
    assert list(rows[0]) == ["file", "doc_id", "title", "place", "place_en", "province", "level", "publisher",
                             "published", "date_basis", "note"]
    assert {row["doc_id"].removeprefix("digest_"): row["file"] for row in rows} == FILES
    assert articles.keys() == FILES.keys()
    for row in rows:
        doc = row["doc_id"].removeprefix("digest_")
        assert row["doc_id"] == f"digest_{doc}"
        assert row["title"] == lines_of(doc)[0]
        assert row["publisher"] == "pingan_analysis"
        assert f"digest of {doc};" in row["note"]
        for column in ("place", "place_en", "province", "level", "published", "date_basis"):
            assert row[column], (doc, column)
            assert row[column] == articles[doc][column], (doc, column)
        assert date.fromisoformat(row["published"]).year == int(doc[-4:])
        assert row["date_basis"] in ("printed", "inferred")


def test_no_other_file_stands_among_the_digests() -> None:
    assert {path.name for path in DIGESTS.iterdir()} == {*FILES.values(), "sources.csv", "README.md"}


@each_digest
def test_every_coded_figure_stands_in_the_digest_in_order(doc: str) -> None:
    body = "\n".join(body_of(doc))
    for row, start, end in locate(doc):
        assert row["unit"] in to_simplified(body[start - len("人次达"):end])
        period = row["period_text"].replace("?", "")
        before = body[body.rfind("\n", 0, start) + 1:start]
        assert period in before, f"{row['quantity']}: {period} must precede it"


@each_digest
def test_every_numeral_in_figures_is_coded(doc: str) -> None:
    rest = list("\n".join(body_of(doc)))
    for _, start, end in locate(doc):
        rest[start:end] = "·" * (end - start)
    uncoded = to_simplified("".join(rest))
    for name in names_of(doc):
        uncoded = uncoded.replace(name["name"], "")
    assert re.findall(r"\d+(?:\.\d+)?", uncoded) == []


@pytest.mark.parametrize("row", read_table(CASES / "digest_figures.tsv"),
                         ids=lambda row: f"{row['doc_id']}-{row['quantity']}")
def test_codes_of_a_figure_agree_with_its_wording(row: dict[str, str]) -> None:
    quantity = to_simplified(row["quantity"])
    number = re.search(r"[\d.]+|[一二三四五六七八九十]+", quantity)
    assert number
    value = CHINESE_NUMERALS[number[0]] if number[0] in CHINESE_NUMERALS else float(number[0])
    value *= 10_000 if "万" in quantity else 0.01 if "%" in quantity else 1
    assert float(row["value"]) == pytest.approx(value)
    assert (row["bound"] == "more_than") == bool(re.search("[余多]|以上", quantity))
    assert (row["unit"] == "%") == (row["kind"] in ("ratio", "change"))
    assert (row["kind"] == "change") == bool(row["direction"])
    assert row["target"] in ("yes", "no")
    assert row["cumulative"] in ("yes", "no", "?")
    for column in ("kind", "category", "channel"):
        assert row[column] in (*CHOICES[column], "?"), column


@each_digest
def test_every_name_stands_in_the_digest_with_its_members_after_it(doc: str) -> None:
    body = unquoted("\n".join(body_of(doc)))
    for row in names_of(doc):
        assert row["name"] in body, row["name"]
        position = body.index(row["name"])
        for member in filter(None, row["members"].split("、")):
            assert member in body[position:], f"{member} must follow {row['name']}"
            position = body.index(member, position)


@needs_articles
@each_digest
def test_every_figure_and_name_stands_in_the_article(doc: str) -> None:
    article = to_simplified(article_of(doc))
    for row in figures_of(doc):
        pattern = rf"(?<![\d.]){re.escape(row['article_quantity'])}"
        assert re.search(pattern, article), row["article_quantity"]
        assert to_simplified(row["quantity"]) == row["article_quantity"]
    for row in names_of(doc):
        for name in (row["name"], *filter(None, row["members"].split("、"))):
            assert name in unquoted(article), name


@needs_articles
@each_digest
def test_wording_is_not_the_articles(doc: str) -> None:
    for article in FILES:
        assert shared_runs("\n".join(lines_of(doc)), article_of(article)) == set()


@needs_articles
@pytest.mark.parametrize("name", ["README.md", "sources.csv"])
def test_accompanying_files_quote_no_article(name: str) -> None:
    for article in FILES:
        assert shared_runs((DIGESTS / name).read_text(encoding="utf-8"), article_of(article)) == set()


@pytest.mark.parametrize(("text", "other", "shared"), [
    ("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳", "前面甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳后面", True),
    ("甲乙丙丁戊己庚辛壬癸子丑寅卯辰午", "前面甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳后面", False),
    ("甲乙，丙丁戊己「庚辛」壬癸子丑寅卯辰巳", "甲 乙丙丁、戊己庚辛壬癸。子丑寅卯\n辰巳", True),
    ("發展學習開關門窗東西國家車馬風雲", "发展学习开关门窗东西国家车马风云", True),
    ("甲，乙，丙，丁，戊，己，庚，辛，", "甲,乙,丙,丁,戊,己,庚,辛,", True),
])
def test_shared_runs_are_found_across_script_and_punctuation(text: str, other: str, shared: bool) -> None:
    assert bool(shared_runs(text, other)) is shared


def test_reading_the_folder_gives_the_digests() -> None:
    documents = pa.read_articles(DIGESTS).set_index("doc_id")
    sources = {row["doc_id"]: row for row in read_table(DIGESTS / "sources.csv", ",")}
    assert set(documents.index) == set(sources)
    encodings = {"anlu_2024": "gb18030", "dengzhou_2022": "docx"}
    for doc, file in FILES.items():
        row = documents.loc[f"digest_{doc}"]
        source = sources[f"digest_{doc}"]
        assert Path(row["source"]).name == file
        assert row["encoding"] == encodings.get(doc, "utf-8")
        assert row["script"] == ("hant" if doc == "gaoxin_2019" else "hans")
        for column in ("title", "place", "place_en", "province", "level", "publisher", "date_basis"):
            assert row[column] == source[column], (doc, column)
        assert row["published"].date().isoformat() == source["published"]
        text = row["text"]
        position = 0
        for paragraph in body_of(doc):
            assert paragraph in text[position:], (doc, paragraph[:20])
            position = text.index(paragraph, position)
        assert "来源表" not in text
        assert "知识共享" not in text
