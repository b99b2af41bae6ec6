"""What `sources.csv` says of the articles, and how it is refused."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pingan_analysis.articles import SkippedArticlesWarning, read_articles
from pingan_analysis.errors import TableError

TEXT = "平安建设进社区\n来源：某某日报 日期：2021-07-08\n开发区今年召开推进会，部署下一步工作。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "甲").mkdir()
    (tmp_path / "甲/a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_text(
        "第二篇文章的标题\n各社区组织网格员入户走访，发放宣传单。\n", encoding="utf-8"
    )
    return tmp_path


def write(folder: Path, lines: str, encoding: str = "utf-8") -> None:
    (folder / "sources.csv").write_text(lines, encoding=encoding)


def test_a_cell_beats_the_file_and_an_empty_one_does_not(folder: Path) -> None:
    write(
        folder,
        "file,doc_id,title,publisher,published,date_basis,place,note\n"
        "甲/a.txt,jia,,某某晚报,2021-07-09,inferred,某县,x\nb.txt,,别的标题,,2020-05-06,,,\n",
        "gbk",
    )
    frame = read_articles(folder).set_index("doc_id")
    assert list(frame.index) == ["b", "jia"]
    assert frame.loc["jia", ["title", "publisher", "place", "date_basis"]].tolist() == [
        "平安建设进社区",
        "某某晚报",
        "某县",
        "inferred",
    ]
    assert frame.loc["jia", "published"].date() == date(2021, 7, 9)
    assert frame.loc["b", ["title", "publisher", "date_basis"]].tolist() == ["别的标题", "", "inferred"]


def test_without_sources_the_file_speaks(folder: Path) -> None:
    frame = read_articles(folder).set_index("doc_id")
    assert frame.loc["a", ["title", "publisher", "date_basis"]].tolist() == [
        "平安建设进社区",
        "某某日报",
        "printed",
    ]
    assert frame.loc["a", "published"].date() == date(2021, 7, 8)
    assert frame.loc["b", ["title", "date_basis"]].tolist() == ["第二篇文章的标题", ""]
    assert frame.loc["b", "published"] is pd.NaT


def test_rows_by_hash_and_tables_in_subfolders(folder: Path) -> None:
    sha256 = hashlib.sha256((folder / "b.txt").read_bytes()).hexdigest()
    write(folder, f"sha256,place\n{sha256.upper()},乙县\n")
    write(folder / "甲", "file,place\na.txt,甲县\n")
    assert read_articles(folder)["place"].tolist() == ["乙县", "甲县"]


def test_an_explicit_table_is_the_strongest(folder: Path) -> None:
    write(folder, "file,place,province\nb.txt,乙县,某省\n")
    given = pd.DataFrame({"file": ["b.txt"], "place": ["丙县"]})
    assert read_articles(folder, sources=given).loc[0, ["place", "province"]].tolist() == ["丙县", "某省"]
    other = folder.parent / "other.csv"
    other.write_text("file,place\nb.txt,丁县\n", encoding="utf-8")
    assert read_articles(folder, sources=other).loc[0, "place"] == "丁县"
    assert read_articles(folder / "b.txt").loc[0, "place"] == "乙县"


def test_rows_that_match_no_file_are_named(folder: Path) -> None:
    write(folder, "file,place\nbb.txt,乙县\n")
    with pytest.warns(SkippedArticlesWarning, match=r"sources\.csv: no file for 'bb\.txt'"):
        read_articles(folder)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("file,publishd\nb.txt,x\n", "unknown column 'publishd'; did you mean 'published'"),
        ("title\nx\n", "no column 'file' or 'sha256'"),
        ("file,title\n,x\n", "row 1: neither 'file' nor 'sha256'"),
        ("file,title\nb.txt,x\nb.txt,y\n", "row 2 names 'b.txt', as row 1 does"),
        ("file,published\nb.txt,2021-02-30\n", "row 1: published='2021-02-30' is no day"),
        ("file,date_basis\nb.txt,guessed\n", "date_basis='guessed' must be one of 'printed', 'inferred'"),
        ("", "no table of sources"),
        ('file,title\nb.txt,"x\n', "no table of sources"),
    ],
)
def test_tables_at_fault(folder: Path, lines: str, message: str) -> None:
    write(folder, lines)
    with pytest.raises(TableError) as raised:
        read_articles(folder)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_explicit_table_that_is_not_there(folder: Path) -> None:
    with pytest.raises(TableError, match="cannot be read"):
        read_articles(folder, sources=folder / "none.csv")


ARTICLES = Path(__file__).parents[1] / "../shared/articles"


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="../shared/articles is not there")
def test_the_projects_own_bibliography_goes_by_hash(tmp_path: Path) -> None:
    frame = read_articles(ARTICLES)
    assert frame["doc_id"].tolist() == [
        "gaoxin_2018",
        "gaoxin_2019",
        "anlu_2024",
        "nanhu_2018",
        "dengzhou_2022",
    ]
    assert frame["script"].tolist() == ["hans", "hant", "hans", "hans", "hant"]
    assert frame.loc[1, ["date_basis", "published"]].tolist() == ["printed", pd.Timestamp("2019-01-02")]
    assert frame["date_basis"].tolist().count("inferred") == 4
    (copy,) = ARTICLES.glob("003_*.txt")
    (tmp_path / "x.txt").write_bytes(copy.read_bytes())
    assert read_articles(tmp_path).loc[0, "doc_id"] == "nanhu_2018"


@pytest.mark.parametrize(
    ("lines", "encoding"),
    [
        ("file,place\nb.txt,乙县\n", "utf-8-sig"),
        ("file;place\r\nb.txt;乙县\r\n", "gbk"),
        ("file\tplace\r\nb.txt\t乙县\r\n", "utf-16"),
        ("File , Place,\n b.txt , 乙县,\n,,\n\n", "utf-8"),
        ("place,file,note\n乙县,b.txt\n", "utf-8"),
    ],
)
def test_tables_as_spreadsheets_write_them(lines: str, encoding: str, folder: Path) -> None:
    write(folder, lines, encoding)
    assert read_articles(folder).loc[0, "place"] == "乙县"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("file,place\nb.txt,乙县,某省\n", "sources.csv, row 1: 3 cells, but 2 columns"),
        ("file,place,place\nb.txt,乙县,丙县\n", "column 'place' stands there twice"),
    ],
)
def test_cells_without_a_column_are_refused(lines: str, message: str, folder: Path) -> None:
    write(folder, lines)
    with pytest.raises(TableError, match=message):
        read_articles(folder)


def test_the_table_is_found_in_any_case_but_not_in_hidden_folders(folder: Path) -> None:
    (folder / "Sources.CSV").write_text("file,place\nb.txt,乙县\n", encoding="utf-8")
    (folder / ".git").mkdir()
    write(folder / ".git", "branch\nmain\n")
    assert read_articles(folder).loc[0, "place"] == "乙县"
