"""Files and folders to documents: what is read, what is skipped and why, and in which order."""

from __future__ import annotations

import gzip
import json
import os
import sys
import warnings
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pingan_analysis.reading.tabular as tabular
from pingan_analysis.articles import (
    Article,
    FoundFile,
    SkippedArticle,
    SkippedArticlesWarning,
    boilerplate,
    find_files,
    iter_articles,
    paragraphs,
    read_articles,
    read_file,
    skipped,
)
from pingan_analysis.errors import NothingToRead
from pingan_analysis.schema import DOCUMENTS, check_table

SHARED = Path(__file__).parents[1] / "../shared"
FORMATS = SHARED / "corpora/formats"
NEWS = SHARED / "corpora/news_2012_2026_sample.jsonl.gz"
needs_formats = pytest.mark.skipif(not FORMATS.is_dir(), reason="../shared/corpora is not there")
BODY = "开发区今年召开平安建设推进会，部署下一步工作。"


def write(folder: Path, name: str, content: str | bytes = BODY) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def quietly(path: Path) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkippedArticlesWarning)
        return read_articles(path)


REAL = sorted(
    p.relative_to(FORMATS).as_posix() for p in FORMATS.rglob("*") if p.is_file() and p.suffix != ".xml"
)


@needs_formats
@pytest.mark.parametrize("name", REAL)
def test_every_real_file(name: str) -> None:
    (file,) = find_files(FORMATS / name)
    read = list(read_file(file))
    if "scanned" in name:
        assert read == [SkippedArticle(file.name, read[0].reason)]  # type: ignore[union-attr]
        return
    for article in read:
        assert isinstance(article, Article)
        assert article.n_chars == len(article.text) > 3
        assert article.script == ("hant" if "/icwb2_as_test" in name else "hans")
        assert "\ufffd" not in article.text or "thepaper" in name
        stretches = paragraphs(article.text, article.boilerplate)
        assert sum(s.end - s.start for s in stretches) > 0.8 * len("".join(article.text.split()))


@needs_formats
def test_a_folder_of_real_files() -> None:
    frame = quietly(FORMATS)
    check_table(frame, "documents")
    assert frame.columns.tolist() == [*DOCUMENTS.column_names, "text", "boilerplate"]
    assert frame["n_tokens"].isna().all()
    assert frame["source"].str.split(",").str[0].is_monotonic_increasing
    reasons = skipped(frame)
    assert reasons["source"].str.endswith(".xml").sum() == 4
    assert reasons["source"].str.contains("scanned").sum() == 1
    assert len(reasons) == 5
    twins = frame.set_index("doc_id")["duplicate_of"]
    assert twins["icwb2_as_test.utf8"] == "icwb2_as_test.big5"
    assert twins["UDHR_Chinese_UTF-8"] == twins["UDHR_Chinese_GBK"] == "UDHR_Chinese_GB2312"
    assert twins[[f"expected-{i}" for i in range(1, 11)]].ne("").all()


@needs_formats
def test_the_news_sample() -> None:
    first = [article for article, _ in zip(iter_articles(NEWS), range(50), strict=False)]
    with gzip.open(NEWS, "rt", encoding="utf-8") as stream:
        records = [json.loads(next(stream)) for _ in range(50)]
    for article, record in zip(first, records, strict=True):
        assert isinstance(article, Article)
        assert (article.doc_id, article.title, article.text) == (
            record["id"],
            record["title"],
            record["text"],
        )
        assert (str(article.published), article.date_basis) == (record["date"], "printed")
        assert not article.publisher.startswith("http")


def test_order_names_and_what_is_left_out(tmp_path: Path) -> None:
    for name in ("b/a.txt", "a.txt", "c.TXT", "c.html", "B.md", ".hidden.txt", ".git/x.txt", "d/e/f.txt"):
        write(tmp_path, name, BODY + name if not name.endswith("html") else f"<p>{BODY}{BODY}</p>")
    write(tmp_path, "sources.csv", "file\na.txt\n")
    found = find_files(tmp_path)
    assert [(f.name, f.doc_id) for f in found] == [
        ("B.md", "B"),
        ("a.txt", "a"),
        ("b/a.txt", "b/a"),
        ("c.TXT", "c.TXT"),
        ("c.html", "c.html"),
        ("d/e/f.txt", "f"),
    ]
    assert quietly(tmp_path)["source"].tolist() == [f.name for f in found]


def test_line_ends_are_stored_and_the_mark_is_not(tmp_path: Path) -> None:
    text = f"标题\r\n\r\n{BODY}\r\n"
    frame = read_articles(write(tmp_path, "a.txt", b"\xef\xbb\xbf" + text.encode()))
    assert frame.loc[0, ["text", "n_chars", "title", "encoding"]].tolist() == [
        text,
        len(text),
        "标题",
        "utf-8",
    ]


def test_a_file_time_is_never_a_date(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt")
    os.utime(path, (0, 0))
    frame = read_articles(path)
    assert frame.loc[0, "published"] is pd.NaT
    assert frame.loc[0, "date_basis"] == ""


def test_boilerplate_is_listed_with_its_text(tmp_path: Path) -> None:
    frame = read_articles(write(tmp_path, "a.txt", f"来源：某某网\n{BODY}\n责任编辑：某某"))
    listed = boilerplate(frame)
    assert listed.columns.tolist() == ["doc_id", "char_start", "char_end", "reason", "text"]
    assert listed[["reason", "text"]].to_numpy().tolist() == [
        ["source_line", "来源：某某网"],
        ["editor", "责任编辑：某某"],
    ]
    assert boilerplate(read_articles(write(tmp_path, "b.txt"))).empty


def test_what_cannot_be_read_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    write(tmp_path, "ok.txt")
    write(tmp_path, "empty.txt", "")
    write(tmp_path, "picture.png", b"\x89PNG\r\n\x1a\n")
    write(tmp_path, "folder.txt/inner.txt", "各社区组织网格员入户走访，发放宣传单两千余份。")
    (tmp_path / "out.txt").symlink_to("/etc/hostname")
    (tmp_path / "dangling.txt").symlink_to("nowhere.txt")
    (tmp_path / "within.txt").symlink_to("ok.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.warns(SkippedArticlesWarning, match=r"5 of 8 files .*empty\.txt \(empty file\).*pa\.skipped"):
        frame = read_articles(tmp_path)
    assert frame["doc_id"].tolist() == ["inner", "ok", "within"]
    assert frame["duplicate_of"].tolist() == ["", "", "ok"]
    reasons = skipped(frame).set_index("source")["reason"]
    assert "no longer there" in reasons["dangling.txt"]
    assert "symbolic link that leads out" in reasons["out.txt"]
    assert "regular file" in reasons["pipe.txt"]
    assert reasons["picture.png"] == "not a kind that is read: .png"


def test_sizes_are_checked_before_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.txt")
    write(tmp_path, "b.txt", BODY * 10)
    monkeypatch.setattr("pingan_analysis.reading.raw_articles.MAX_FILE_BYTES", 100)
    assert "read up to 100" in skipped(quietly(tmp_path)).loc[0, "reason"]


def test_files_that_vanish_or_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = FoundFile(tmp_path / "gone.txt", "gone.txt", "gone")
    reason = "no longer there when it was to be read (or a link that leads nowhere)"
    assert list(read_file(gone)) == [SkippedArticle("gone.txt", reason)]

    def refuse(_: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr("pingan_analysis.reading.regular.open_regular", refuse)
    (file,) = find_files(write(tmp_path, "a.txt"))
    assert list(read_file(file)) == [SkippedArticle("a.txt", "no permission to read it")]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: folder / "artcles", "did you mean"),
        (lambda folder: folder / "void", "empty folder"),
        (lambda folder: folder / "pictures", "a.png (not a kind that is read: .png); read are .txt"),
        (lambda folder: folder / "pictures/a.png", "read are .txt"),
    ],
)
def test_nothing_to_read(tmp_path: Path, make: object, message: str) -> None:
    write(tmp_path, "articles/a.txt")
    write(tmp_path, "pictures/a.png")
    (tmp_path / "void").mkdir()
    with pytest.raises(NothingToRead) as raised:
        read_articles(make(tmp_path))  # type: ignore[operator]
    assert message in str(raised.value)


def test_strange_paths() -> None:
    for path in ("", "\0", "a" * 5000, "~", "no/such/folder/at/all"):
        with pytest.raises(NothingToRead):
            read_articles(path if path else "no\nsuch")


def test_csv_with_chinese_columns(tmp_path: Path) -> None:
    lines = (
        "编号,标题,正文,发布日期,来源\r\n"
        f'x1,甲,"{BODY}\n第二段，还有一句话。",2024年3月5日,某某日报\r\n'
        f"x2,乙,,2024-01-01,\r\n\r\nx1,丙,{BODY}第三条。,某日,http://example.org/1\r\n"
    )
    with pytest.warns(SkippedArticlesWarning) as caught:
        frame = read_articles(write(tmp_path, "t.csv", lines.encode("gb18030")))
    assert frame["doc_id"].tolist() == ["x1", "x1-2"]
    assert frame["source"].tolist() == ["t.csv, row 1", "t.csv, row 4"]
    assert frame["encoding"].tolist() == ["gb18030"] * 2
    assert frame["text"].tolist() == [f"{BODY}\n第二段，还有一句话。", f"{BODY}第三条。"]
    assert frame["publisher"].tolist() == ["某某日报", ""]
    assert [day.date() if day is not pd.NaT else None for day in frame["published"]] == [
        date(2024, 3, 5),
        None,
    ]
    assert skipped(frame).to_numpy().tolist() == [["t.csv, row 2", "no text"]]
    said = " ".join(str(w.message) for w in caught)
    assert "'某日' is no day" in said
    assert "doc_id 'x1' was taken" in said


@pytest.mark.parametrize("suffix", ["csv", "csv.gz"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_delimiters_and_compression(tmp_path: Path, suffix: str, delimiter: str) -> None:
    lines = f"text{delimiter}title\n{BODY}{delimiter}甲\n".encode("utf-8-sig")
    frame = read_articles(
        write(tmp_path, f"t.{suffix}", gzip.compress(lines) if suffix.endswith("gz") else lines)
    )
    assert frame.loc[0, ["doc_id", "title", "text"]].tolist() == ["t-1", "甲", BODY]


@pytest.mark.parametrize("codec", ["utf-16", "big5", "gb18030", "utf-8-sig"])
@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
def test_tables_in_other_encodings(tmp_path: Path, codec: str, name: str) -> None:
    text = "開發區今年召開平安建設推進會，部署下一步工作。"
    record = json.dumps({"text": text}, ensure_ascii=False)
    lines = f"text\r\n{text}\r\n" if name == "t.csv" else f"{record}\n"
    frame = read_articles(write(tmp_path, name, lines.encode(codec)))
    assert frame["text"].tolist() == [text]
    assert frame["encoding"].tolist() == [{"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(codec, codec)]


def test_strange_file_names(tmp_path: Path) -> None:
    for i, name in enumerate((b"a\nb.txt", b"\xff.txt", "\u202e.txt".encode())):
        (tmp_path / os.fsdecode(name)).write_text(BODY * (i + 1), encoding="utf-8")
    write(tmp_path, "c\nd.txt", "")
    with pytest.warns(SkippedArticlesWarning) as caught:
        frame = read_articles(tmp_path)
    assert len(frame) == 3
    assert frame["doc_id"].is_unique
    assert all(doc_id.isprintable() for doc_id in frame["doc_id"])
    "".join(frame["source"]).encode()
    assert "\n" not in str(caught[0].message)


def test_jsonl_goes_on_after_bad_lines(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": 7, "content": BODY}),
        "{bad",
        "[1]",
        json.dumps({"content": 5}),
        "",
        json.dumps({"x": 1}),
        "[" * 50_000,
        '{"content": "\\ud800' + BODY + '"}',
        json.dumps({"text": BODY + "二"}),
    ]
    frame = quietly(write(tmp_path, "t.jsonl", "\n".join(lines)))
    assert frame["doc_id"].tolist() == ["7", "t-8", "t-9"]
    assert frame.loc[1, "text"] == "\ufffd" + BODY
    reasons = skipped(frame).set_index("source")["reason"]
    assert reasons.index.tolist() == [f"t.jsonl, line {i}" for i in (2, 3, 4, 6, 7)]
    assert reasons["t.jsonl, line 2"].startswith("not JSON")
    assert reasons["t.jsonl, line 3"] == "not a JSON object"
    assert reasons["t.jsonl, line 6"] == "no text; it has 'x'"


def test_tables_without_texts_name_their_columns(tmp_path: Path) -> None:
    for name, content in (("t.csv", "a,b\n1,2\n"), ("t.jsonl", '{"a": 1, "b": 2}\n')):
        with pytest.raises(
            NothingToRead, match=r"no column of texts \(text, .*正文.*its columns are 'a', 'b'"
        ):
            read_articles(write(tmp_path, name, content))


def test_long_rows_and_broken_compression(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MAX_ROW_CHARACTERS", 1_000)
    record = json.dumps({"text": BODY}, ensure_ascii=False)
    frame = quietly(
        write(tmp_path, "t.jsonl", f"{record}\n" + json.dumps({"text": BODY * 100}) + f"\n{record}\n")
    )
    assert frame["doc_id"].tolist() == ["t-1", "t-3"]
    assert skipped(frame).loc[0, "source"] == "t.jsonl, line 2"
    assert "a row of more than" in skipped(frame).loc[0, "reason"]
    frame = quietly(write(tmp_path, "t.csv", f'text\n{BODY}\n"{BODY}\n' + f"{BODY}\n" * 100))
    assert len(frame) == 1
    assert "what follows is not read" in skipped(frame).loc[0, "reason"]
    packed = gzip.compress(
        "".join(f'{{"text": "{BODY}{os.urandom(20).hex()}"}}\n' for _ in range(3000)).encode()
    )
    frame = quietly(write(tmp_path, "u.jsonl.gz", packed[: len(packed) // 2]))
    assert len(frame) > 100
    assert "truncated gzip" in skipped(frame).loc[len(skipped(frame)) - 1, "reason"]


def test_sources_of_a_table_of_articles(tmp_path: Path) -> None:
    write(tmp_path, "t.csv", f"id,text\na,{BODY}\nb,{BODY}二\n")
    write(tmp_path, "sources.csv", "file,doc_id,publisher\nt.csv,x,某某报\n")
    frame = read_articles(tmp_path)
    assert frame[["doc_id", "publisher"]].to_numpy().tolist() == [["a", "某某报"], ["b", "某某报"]]


def test_replaced_bytes_are_said(tmp_path: Path) -> None:
    with pytest.warns(SkippedArticlesWarning, match="replaced"):
        frame = read_articles(write(tmp_path, "a.txt", BODY.encode() + b"\xff" + BODY.encode()))
    assert frame.loc[0, "encoding"] == "utf-8 (1 replaced)"


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    for i in range(5):
        write(tmp_path, f"{i}/a.txt", f"{BODY}{i}")
    pd.testing.assert_frame_equal(read_articles(tmp_path), read_articles(tmp_path))


names = st.sampled_from(
    ["a.txt", "a.md", "a.html", "a.docx", "a.pdf", "a.csv", "a.jsonl", "a.csv.gz", "a.jsonl.gz"]
)
starts = st.sampled_from(
    [
        b"",
        b"PK\x03\x04",
        b"%PDF-1.4\n",
        b"\x1f\x8b\x08\x00",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"<html>",
        b"text\n",
        b'{"text":"',
        "正文,日期\n".encode("gbk"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ]
)


@settings(max_examples=300, deadline=None)
@given(name=names, start=starts, rest=st.binary(max_size=200))
def test_any_bytes_give_articles_or_reasons(
    tmp_path_factory: pytest.TempPathFactory, name: str, start: bytes, rest: bytes
) -> None:
    path = write(tmp_path_factory.getbasetemp(), name, start + rest)
    for read in read_file(FoundFile(path, name, "a")):
        if isinstance(read, Article):
            read.text.encode()
            assert read.n_chars == len(read.text)
            assert read.text.strip()
        else:
            assert read.reason


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_files_whose_names_are_no_text_are_told_apart(tmp_path: Path) -> None:
    for name in (b"\xff.txt", b"\xfe.txt", b"\xff.doc", b"\xfe.doc"):
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_text(BODY + repr(name), encoding="utf-8")
    frame = quietly(tmp_path)
    named = sorted([*frame["source"], *skipped(frame)["source"]])
    assert named == [r"\xfe.doc", r"\xfe.txt", r"\xff.doc", r"\xff.txt"]


def test_rows_whose_cells_run_over_or_together_are_reported(tmp_path: Path) -> None:
    rows = ["id,text", f'a,"{BODY}\n{BODY}"', f"b,{BODY},二", f"c,{BODY},,", f'd,"{BODY}', f"e,{BODY}", ""]
    frame = quietly(write(tmp_path, "t.csv", "\n".join(rows)))
    assert frame["doc_id"].tolist() == ["a", "c"]
    assert frame["text"].tolist() == [f"{BODY}\n{BODY}", BODY]
    reasons = skipped(frame).set_index("source")["reason"].to_dict()
    assert list(reasons) == ["t.csv, row 2", "t.csv, row 4"]
    assert reasons["t.csv, row 2"].startswith("3 cells, but 2 columns")
    assert reasons["t.csv, row 4"] == "a quotation mark that is not closed, in 2 lines"
