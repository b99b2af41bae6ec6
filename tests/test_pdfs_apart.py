"""PDFs are read in a process of their own: with the same result, and what ends or stops it is skipped."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
import warnings
import zlib
from pathlib import Path

import mortal
import pandas as pd
import pytest
from small_files import pdf, pdf_file, pdf_pages, pdf_stream

import pingan_analysis as pa
from pingan_analysis import processes
from pingan_analysis.articles import Article, SkippedArticle, find_files, read_file
from pingan_analysis.errors import PinganError, UnreadableArticle
from pingan_analysis.reading import apart
from pingan_analysis.reading.apart import pdfs_apart
from pingan_analysis.reading.pdf import read_pdf

FORMATS = Path(__file__).parents[1] / "../shared/corpora/formats/pdf"
needs_formats = pytest.mark.skipif(not FORMATS.is_dir(), reason="../shared/corpora is not there")
POLICE = "BT /F1 12 Tf (Police visited two thousand homes) Tj ET"
SECONDS = 3
ENDED = "reading it ended the process that tried (too large for its memory?)"
SILENT = f"reading it took more than {SECONDS} seconds"


@pytest.fixture
def with_mortal_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "read_pdf", mortal.read_pdf)
    for module in (apart, processes):
        monkeypatch.setattr(module, "ITEM_SECONDS", SECONDS)


def quietly_read(folder: Path) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pa.read_articles(folder)


def hostile_folder(folder: Path) -> Path:
    folder.mkdir()
    pdfs = {"1.pdf": mortal.PLAIN, "2.txt": mortal.DEADLY, "3.pdf": mortal.SILENT, "4.pdf": mortal.PLAIN}
    for name, data in pdfs.items():
        (folder / name).write_bytes(data)
    (folder / "5.txt").write_text("平安建设", encoding="utf-8")
    return folder


@needs_formats
def test_the_result_is_that_of_reading_in_place() -> None:
    documents = quietly_read(FORMATS)
    in_place = [next(read_file(file)) for file in find_files(FORMATS)]
    for column in ("doc_id", "title", "text", "boilerplate", "sha256", "encoding"):
        assert documents[column].tolist() == [getattr(read, column) for read in in_place if isinstance(read, Article)]
    reasons = [read.reason for read in in_place if isinstance(read, SkippedArticle)]
    assert pa.skipped(documents)["reason"].tolist() == reasons
    assert len(documents) > 1
    assert reasons


@pytest.mark.usefixtures("with_mortal_reader")
def test_pdfs_that_end_or_stop_the_process_are_skipped(tmp_path: Path) -> None:
    documents = quietly_read(hostile_folder(tmp_path / "in"))
    assert documents["doc_id"].tolist() == ["1", "4", "5"]
    assert pa.skipped(documents)["reason"].tolist() == [ENDED, SILENT]


@pytest.mark.usefixtures("with_mortal_reader")
def test_ingest_in_one_process_is_safe_too(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        study = pa.ingest(hostile_folder(tmp_path / "in"), tmp_path / "study", workers=1)
    assert study.documents["doc_id"].tolist() == ["1", "4", "5"]
    assert study.skipped["reason"].tolist() == [ENDED, SILENT]


@pytest.mark.usefixtures("with_mortal_reader")
def test_one_process_reads_all_pdfs_and_none_is_started_without() -> None:
    with pdfs_apart() as reader:
        assert not multiprocessing.active_children()
        numbers = {reader(mortal.PLAIN).title for _ in range(3)}
        assert numbers == {str(child.pid) for child in multiprocessing.active_children()}
        assert len(numbers) == 1
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("with_mortal_reader")
def test_a_reader_that_is_killed_while_idle_is_one_line() -> None:
    with pdfs_apart() as reader:
        os.kill(int(reader(mortal.PLAIN).title), signal.SIGKILL)
        time.sleep(1)
        with pytest.raises(PinganError, match=r"no process that reads PDFs can be started or kept \(all proc"):
            reader(mortal.PLAIN)


def test_reasons_are_those_of_reading_in_place() -> None:
    with pdfs_apart() as reader:
        for read in (reader, read_pdf):
            with pytest.raises(UnreadableArticle, match=r"^broken PDF$"):
                read(b"%PDF-1.4")


def test_a_daemonic_process_reads_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)  # type: ignore[attr-defined]
    with pdfs_apart() as reader:
        assert reader is read_pdf


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory")
def test_a_bomb_ends_the_process_that_reads_it_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PROCESS_BYTES", 200_000_000)
    bomb = pdf_stream(zlib.compress(POLICE.encode() + b" " * 200_000_000, 1), b"/Filter /FlateDecode")
    (tmp_path / "bomb.pdf").write_bytes(pdf_file(pdf_pages([bomb])))
    (tmp_path / "good.pdf").write_bytes(pdf([POLICE] * 2))
    documents = quietly_read(tmp_path)
    assert documents["doc_id"].tolist() == ["good"]
    assert pa.skipped(documents)["reason"].tolist() == [ENDED]


def test_a_script_without_a_guard_is_not_run_again(tmp_path: Path) -> None:
    (tmp_path / "good.pdf").write_bytes(pdf([POLICE] * 2))
    script = tmp_path / "script.py"
    read = f"pa.read_articles({str(tmp_path / 'good.pdf')!r})"
    script.write_text(f"import pingan_analysis as pa\nprint(*{read}['doc_id'], __file__)\n", encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == ["good", str(script)]


def test_a_pdf_of_too_much_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pingan_analysis.reading.pdf.MAX_PDF_CHARACTERS", 100)
    with pytest.raises(UnreadableArticle, match="PDF of more than 100 characters; it is read up to as many"):
        read_pdf(pdf([POLICE] * 4))
