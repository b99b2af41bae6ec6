"""Bad files give a reason or an article, in bounded time and memory, and never an exception; the good ones are read.

PINGAN_HOSTILE=all in the environment adds the large files, and reads each file in a process of its own to measure it.
"""

from __future__ import annotations

import os
import time
import warnings
from pathlib import Path

import pytest
from fuzz_targets import TARGETS, finds
from hostile_files import MEGABYTES, SECONDS, Expected, Outcome, hostile_files, read_each
from small_files import BODY

from pingan_analysis.articles import Article, find_files, read_articles, read_file, skipped
from pingan_analysis.errors import NothingToRead, TableError
from pingan_analysis.reading import files
from pingan_analysis.reading.regular import open_regular
from pingan_analysis.reading.tabular import read_table

EVERYTHING = os.environ.get("PINGAN_HOSTILE") == "all"
FINDS = Path(__file__).parent / "fuzz_finds"


def outcomes(folder: Path) -> list[Outcome]:
    if EVERYTHING:
        return list(read_each(folder))
    return [_outcome(file) for file in find_files(folder)]


def _outcome(file: files.FoundFile) -> Outcome:
    start = time.process_time()
    read = list(read_file(file))
    articles = [each for each in read if isinstance(each, Article)]
    for article in articles:
        "".join((article.text, article.title, article.publisher, article.source, article.doc_id)).encode()
        assert article.n_chars == len(article.text)
        assert all(0 <= start < end <= article.n_chars for start, end, _ in article.boilerplate)
    reasons = [each.reason for each in read if not isinstance(each, Article)]
    return Outcome(file.name, len(articles), reasons, time.process_time() - start, 0)


def test_every_bad_file_gives_articles_or_reasons(tmp_path: Path) -> None:
    expected = hostile_files(tmp_path, everything=EVERYTHING)
    found = outcomes(tmp_path)
    assert sorted(outcome.name for outcome in found) == sorted(expected)
    assert [problem for outcome in found for problem in _problems(outcome, expected[outcome.name])] == []


def _problems(outcome: Outcome, expected: Expected) -> list[str]:
    problems = {
        outcome.failure: bool(outcome.failure),
        f"{outcome.articles} articles": expected.articles not in (None, outcome.articles),
        f"reasons {outcome.reasons[:2]}": not any(expected.words in reason for reason in outcome.reasons or [""]),
        "neither article nor reason": not outcome.articles and not outcome.reasons,
        "a reason of several lines": any(len(reason.splitlines()) != 1 for reason in outcome.reasons),
        "a reason as long as a page": any(len(reason) > 1_500 for reason in outcome.reasons),
        f"{outcome.seconds:.0f} seconds": outcome.seconds > SECONDS,
        f"{outcome.megabytes:.0f} MB": outcome.megabytes > MEGABYTES,
    }
    return [f"{outcome.name!r}: {problem}" for problem, is_one in problems.items() if is_one]


@pytest.mark.parametrize(("target", "path"), [pytest.param(*find, id=find[1].name) for find in finds(FINDS)])
def test_finds_of_the_fuzzers(target: str, path: Path) -> None:
    TARGETS[target](path.read_bytes())


def test_good_files_beside_bad_ones_are_read_as_without_them(tmp_path: Path) -> None:
    alone, among = tmp_path / "alone", tmp_path / "among"
    for folder in (alone, among):
        folder.mkdir()
        for number in range(3):
            (folder / f"{number}.txt").write_text(f"{BODY}{number}", encoding="utf-8")
    (among / "0.docx").write_bytes(b"PK\x03\x04broken")
    (among / "1.html").write_bytes(b"<div>" * 5_000)
    (among / "2.csv").write_bytes(b'text\n"x\ny\n')
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with_bad, without = read_articles(among), read_articles(alone)
    assert with_bad["text"].tolist() == without["text"].tolist()
    assert with_bad["doc_id"].tolist() == ["0.txt", "1.txt", "2.txt"]
    assert skipped(with_bad)["source"].tolist() == ["0.docx", "1.html", "2.csv, row 1"]


def test_folders_that_cannot_be_listed_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    scan = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(files.os, "scandir", refuse)
    found = {file.name: file.problem for file in find_files(tmp_path)}
    assert found == {
        "a.txt": "",
        "closed": "a folder that cannot be listed (Permission denied); what is in it is not read",
    }


def test_folders_a_thousand_levels_deep(tmp_path: Path) -> None:
    deepest = tmp_path
    for _ in range(1_100):
        deepest = deepest / "a"
        deepest.mkdir()
    (deepest / "a.txt").write_text(BODY, encoding="utf-8")
    found = [file.name for file in find_files(tmp_path)]
    (deepest / "a.txt").unlink()
    while deepest != tmp_path:  # level by level: what cleans up after tests cannot go so deep
        deepest.rmdir()
        deepest = deepest.parent
    assert found == ["a/" * 1_100 + "a.txt"]


def test_a_pipe_that_took_the_place_of_a_file_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    with pytest.raises(OSError, match="not a regular file"):
        open_regular(tmp_path / "a.jsonl")
    with pytest.raises(OSError, match="not a regular file"):
        list(read_table(tmp_path / "a.jsonl"))
    with pytest.raises(NothingToRead, match="not a regular file"):
        find_files(tmp_path / "a.jsonl")


def test_a_table_that_is_cut_off_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"text": "{BODY}"}}\n' * 40_000, encoding="utf-8")
    rows = read_table(path)
    first = next(rows)
    path.write_bytes(b"")
    rest = list(rows)
    assert first.where == "line 1"
    assert len(rest) < 39_999
    assert all(getattr(row, "text", BODY) == BODY for row in rest)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"file\na.txt\na.txt\n",
        b"fil\nx\n",
        b'file,"',
        b"file,title\na.txt,x,y\n",
        b"\xff" * 50,
    ],
)
def test_hostile_tables_of_sources(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    (tmp_path / "sources.csv").write_bytes(content)
    with pytest.raises(TableError, match=r"sources\.csv") as raised:
        read_articles(tmp_path)
    assert len(str(raised.value).splitlines()) == 1
