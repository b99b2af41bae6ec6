"""Bad files give a reason or an article, in bounded time and memory, and never an exception; the good ones are read.

PINGAN_HOSTILE=all in the environment adds the large files, and reads each file in a process of its own to measure it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from fuzz_targets import TARGETS, finds
from hostile_files import Expected, Outcome, hostile_files, limits_of, read_each
from small_files import BODY

import pingan_analysis as pa
from pingan_analysis.agreement import read_coded
from pingan_analysis.articles import Article, SkippedArticle, find_files, read_articles, read_file, skipped
from pingan_analysis.corrections import read_corrections
from pingan_analysis.errors import NothingToRead, TableError
from pingan_analysis.reading import files, raw_articles, regular
from pingan_analysis.reading.regular import open_regular
from pingan_analysis.reading.sources import load_sources
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
    seconds, megabytes = limits_of(outcome.name)
    problems = {
        outcome.failure: bool(outcome.failure),
        f"{outcome.articles} articles": expected.articles not in (None, outcome.articles),
        f"reasons {outcome.reasons[:2]}": not any(expected.words in reason for reason in outcome.reasons or [""]),
        "neither article nor reason": not outcome.articles and not outcome.reasons,
        "a reason of several lines": any(len(reason.splitlines()) != 1 for reason in outcome.reasons),
        "a reason as long as a page": any(len(reason) > 1_500 for reason in outcome.reasons),
        f"{outcome.seconds:.0f} seconds": outcome.seconds > seconds,
        f"{outcome.megabytes:.0f} MB": outcome.megabytes > megabytes,
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


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.csv", "a.jsonl.gz"])
@pytest.mark.parametrize(
    ("replace", "reason"),
    [
        (Path.unlink, "no longer there when it was to be read"),
        (lambda path: (path.unlink(), path.mkdir()), "not a regular file"),
        (lambda path: (path.unlink(), os.mkfifo(path)), "not a regular file"),
        (lambda path: (path.unlink(), path.symlink_to("/dev/zero")), "not a regular file"),
        (lambda path: path.write_bytes(b""), "empty file"),
    ],
    ids=["gone", "folder", "pipe", "device", "emptied"],
)
def test_a_file_that_changed_since_it_was_listed(
    tmp_path: Path, name: str, replace: Callable[[Path], object], reason: str
) -> None:
    (tmp_path / name).write_text(BODY, encoding="utf-8")
    (file,) = find_files(tmp_path)
    replace(tmp_path / name)
    (read,) = read_file(file)
    assert isinstance(read, SkippedArticle)
    assert read.source == name
    assert reason in read.reason


def test_a_folder_that_took_the_place_of_a_file_is_closed_again(tmp_path: Path) -> None:
    with open_regular(Path(__file__)) as file:
        free = file.fileno()
    with pytest.raises(OSError, match="not a regular file"):
        open_regular(tmp_path)
    with open_regular(Path(__file__)) as file:
        assert file.fileno() == free


@pytest.mark.parametrize(("then", "reason"), [(b"x" * 60, "grew beyond 50 bytes"), (b"", "empty file")])
def test_a_file_that_changes_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: bytes, reason: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 40)
    fstat = os.fstat
    looks = iter(range(9))

    def change_after_the_last_look(descriptor: int) -> os.stat_result:
        found = fstat(descriptor)
        if next(looks) == 1:
            path.write_bytes(then)
        return found

    monkeypatch.setattr(raw_articles, "MAX_FILE_BYTES", 50)
    monkeypatch.setattr(regular.os, "fstat", change_after_the_last_look)
    (read,) = read_file(files.FoundFile(path, "a.txt", "a"))
    assert isinstance(read, SkippedArticle)
    assert reason in read.reason


@pytest.mark.parametrize("line", ['{"text": "平安"}\n', '"text": cut\n'])
def test_a_table_that_grows_without_end_is_read_as_long_as_it_was(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "平安"}\n' * 50_000, encoding="utf-8")
    n_rows = 0
    with path.open("a", encoding="utf-8") as growing:
        for _ in read_table(path):
            n_rows += 1
            growing.write(line * 2)
            growing.flush()
            assert n_rows <= 50_000
    assert n_rows == 50_000


TABLES_ABOUT_ARTICLES = {
    "sources": lambda path: load_sources(path, []),
    "corrections": read_corrections,
    "codings": read_coded,
    "coding sheet": lambda path: pa.read_coding_sheet(path, BODY),
}


@pytest.mark.parametrize("read", TABLES_ABOUT_ARTICLES.values(), ids=TABLES_ABOUT_ARTICLES)
def test_a_table_about_articles_of_hundreds_of_megabytes(tmp_path: Path, read: Callable[[Path], object]) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    with pytest.raises(TableError, match=r"^a\.csv: .*file of 300,000,000 bytes; .* is read up to 100,000,000.*$"):
        read(path)


@pytest.mark.parametrize("read", TABLES_ABOUT_ARTICLES.values(), ids=TABLES_ABOUT_ARTICLES)
def test_a_pipe_in_the_place_of_a_table_about_articles(tmp_path: Path, read: Callable[[Path], object]) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(TableError, match=r"a\.csv: cannot be read \(not a regular file\)"):
        read(tmp_path / "a.csv")


INGESTS_WITHOUT_ROOM = """
import resource, sys, pingan_analysis as pa
for most in map(int, sys.argv[3:]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    try:
        pa.ingest(sys.argv[1], sys.argv[2])
    except pa.PinganError as error:
        print(type(error).__name__, error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files")
def test_a_study_for_which_there_is_no_room_leaves_the_old_one(tmp_path: Path) -> None:
    articles, study = tmp_path / "in", tmp_path / "study"
    articles.mkdir()
    (articles / "0.txt").write_text(BODY, encoding="utf-8")
    pa.ingest(articles, study)
    before = {path.name: path.read_bytes() for path in study.iterdir()}
    words = ["全区走访群众{}户", "排查矛盾{}起", "发放宣传册{}份", "悬挂横幅{}条"]
    text = "。".join(words[n % 4].format(n) + chr(0x4E00 + 7 * n) * 2 for n in range(600))
    (articles / "1.txt").write_text(text, encoding="utf-8")
    of_lock_parts_and_tables = ["50", "3000", "12000", "40000"]
    command = [sys.executable, "-c", INGESTS_WITHOUT_ROOM, str(articles), str(study), *of_lock_parts_and_tables]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert re.fullmatch(rf"(CannotWrite {study}.* \(File too large\)\n){{4}}", done.stdout)
    assert {path.name: path.read_bytes() for path in study.iterdir()} == before
    assert len(list(tmp_path.glob(".study.parts/0*"))) == 2
    assert len(pa.ingest(articles, study).documents) == 2
