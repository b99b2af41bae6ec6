"""Ingest at any size: in batches, by anybody, cut short and gone on with, and only what is new."""

import errno
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Future
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pingan_analysis as pa
from pingan_analysis import processes
from pingan_analysis.building import batches, workers
from pingan_analysis.building.batches import Batch, Item, read_batch
from pingan_analysis.building.facts import link_facts
from pingan_analysis.building.parts import alone
from pingan_analysis.building.workers import Workers, read_all
from pingan_analysis.errors import CannotWrite, PinganError
from pingan_analysis.matching import sieve
from pingan_analysis.matching.characters import compared_characters
from pingan_analysis.matching.runs import maximal_runs
from pingan_analysis.paths import exchange
from pingan_analysis.reading import tabular
from pingan_analysis.reading.free_names import FreeNames
from pingan_analysis.reading.pdf import PdfReader
from pingan_analysis.reading.raw_articles import RawArticle
from pingan_analysis.reuse import phrase_rows

ROOT = Path(__file__).parents[1]
SENTENCES = [
    "今年以来，全区开展扫黑除恶宣传活动{n}场次，发放宣传册{m}余份。",
    "社区网格员走访群众{n}户，排查矛盾纠纷{m}起，化解率达到9{d}%。",
    "推行“三屏联动”工作法，LED屏滚动播放标语{m}条次。",
    "平安建设人人参与，平安成果人人共享。",
]


def article(number: int) -> str:
    lines = [s.format(n=number + 3, m=10 * number + 7, d=number % 10) for s in SENTENCES[: 1 + number % 4]]
    return f"某地平安建设第{number}期\n" + "\n".join(lines)


def write_articles(folder: Path, numbers: range) -> Path:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / f"{number:03}.txt").write_text(article(number), encoding="utf-8")
    return folder


def write_rows(path: Path, numbers: range) -> Path:
    rows = [{"id": f"r{n}", "text": article(n), "date": f"2020-01-{1 + n % 28:02}"} for n in numbers]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")
    return path


def files_of(study: Path) -> dict[str, bytes]:
    return {path.relative_to(study).as_posix(): path.read_bytes() for path in study.rglob("*") if path.is_file()}


@pytest.fixture
def in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pingan_analysis.building.plan.BATCH_ITEMS", 3)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources of the articles that are read from now on, in this process."""
    sources: list[str] = []

    def noted(batch: Batch, pdf_reader: PdfReader) -> dict[str, bytes]:
        sources.extend(item.raw.source for item in batch.items)
        return read_batch(batch, pdf_reader)

    monkeypatch.setattr(workers, "read_batch", noted)
    return sources


@pytest.mark.usefixtures("in_small_batches")
def test_batches_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = write_articles(tmp_path / "in", range(10))
    (articles / "sources.csv").write_text("file,place\n" + "".join(f"{n:03}.txt,甲县\n" for n in range(10)), "utf-8")
    pa.ingest(articles, tmp_path / "small")
    monkeypatch.setattr("pingan_analysis.building.plan.BATCH_ITEMS", 1000)
    pa.ingest(articles, tmp_path / "large")
    assert files_of(tmp_path / "small") == files_of(tmp_path / "large")


@pytest.mark.usefixtures("in_small_batches")
def test_a_run_that_was_cut_short_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = write_articles(tmp_path / "in", range(10))
    pa.ingest(articles, tmp_path / "whole")
    calls: list[int] = []

    def until_third(batch: Batch, pdf_reader: PdfReader) -> dict[str, bytes]:
        calls.append(batch.number)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return read_batch(batch)

    monkeypatch.setattr(workers, "read_batch", until_third)
    with pytest.raises(KeyboardInterrupt):
        pa.ingest(articles, tmp_path / "study")
    assert not (tmp_path / "study").exists()
    pa.ingest(articles, tmp_path / "study")
    assert len(calls) == 3 + 2  # of four batches, two were finished before
    assert files_of(tmp_path / "study") == files_of(tmp_path / "whole")


def test_of_more_articles_only_the_new_ones_are_read(tmp_path: Path, read: list[str]) -> None:
    articles = write_articles(tmp_path / "in", range(1, 4))
    pa.ingest(articles, tmp_path / "study")
    read.clear()
    write_articles(articles, range(1))  # comes before all others
    write_articles(articles / "sub", range(7, 9))
    pa.ingest(articles, tmp_path / "study")
    assert read == ["000.txt", "sub/007.txt", "sub/008.txt"]
    pa.ingest(articles, tmp_path / "anew")
    assert files_of(tmp_path / "study") == files_of(tmp_path / "anew")


def test_rows_that_were_added_to_a_file_are_read_alone(tmp_path: Path, read: list[str]) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", range(3))
    pa.ingest(rows, tmp_path / "study")
    read.clear()
    pa.ingest(rows, tmp_path / "study")
    assert read == []
    write_rows(rows, range(5))
    pa.ingest(rows, tmp_path / "study")
    assert read == ["rows.jsonl, line 4", "rows.jsonl, line 5"]
    pa.ingest(rows, tmp_path / "anew")
    assert files_of(tmp_path / "study") == files_of(tmp_path / "anew")


def test_rows_that_the_disk_withheld_are_read_another_time(
    tmp_path: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", range(5))
    monkeypatch.setattr(tabular, "SAMPLE_BYTES", 1)
    read_of_disk, pieces = tabular._AsOpened.read1, iter(range(2))

    def fails(stream: tabular._AsOpened, size: int) -> bytes:
        if next(pieces, None) is None:
            raise OSError(errno.EIO, "Input/output error")
        return read_of_disk(stream, min(size, 600))

    with monkeypatch.context() as at_first:
        at_first.setattr(tabular._AsOpened, "read1", fails)
        with pytest.warns(UserWarning, match=r"cannot be read \(Input/output error\)"):
            pa.ingest(rows, tmp_path / "study")
    n_read = len(read)
    assert 0 < n_read < 5
    pa.ingest(rows, tmp_path / "study")
    assert len(read) == 5
    pa.ingest(rows, tmp_path / "anew")
    assert files_of(tmp_path / "study") == files_of(tmp_path / "anew")


def test_what_changed_is_read_again_and_what_went_is_gone(tmp_path: Path, read: list[str]) -> None:
    articles = write_articles(tmp_path / "in", range(4))
    pa.ingest(articles, tmp_path / "study")
    read.clear()
    changed = articles / "001.txt"
    stat = changed.stat()
    changed.write_text(article(1).replace("平安", "安平"), encoding="utf-8")  # as long as before, and dated back
    os.utime(changed, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    (articles / "003.txt").unlink()
    (articles / "sources.csv").write_text("file,place\n002.txt,甲县\n", encoding="utf-8")
    with pytest.warns(UserWarning, match="have no place"):
        study = pa.ingest(articles, tmp_path / "study")
    assert read == ["001.txt", "002.txt"]
    assert study.documents["doc_id"].tolist() == ["000", "001", "002"]
    assert study.documents["place"].tolist() == ["", "", "甲县"]


def test_words_only_and_all_are_not_mixed(tmp_path: Path, read: list[str]) -> None:
    articles = write_articles(tmp_path / "in", range(3))
    whole = pa.ingest(articles, tmp_path / "study")
    metrics, words = whole.metrics, whole.terms.groupby("term")["n"].sum()
    read.clear()
    study = pa.ingest(articles, tmp_path / "study", words_only=True)
    assert len(read) == 3
    assert len(metrics) > 0
    assert study.metrics.empty
    assert study.models.empty
    assert study.shared_phrases.empty
    assert study.terms.groupby("term")["n"].sum().equals(words)


@pytest.mark.parametrize("spoil", [lambda file: file.write_bytes(b""), lambda file: file.unlink(),
                                   lambda file: file.write_bytes(file.read_bytes()[:-1] + b"?")])
def test_a_part_that_is_not_whole_is_made_again(
    tmp_path: Path, read: list[str], spoil: Callable[[Path], object]
) -> None:
    articles = write_articles(tmp_path / "in", range(2))
    pa.ingest(articles, tmp_path / "study")
    before = files_of(tmp_path / "study")
    read.clear()
    spoil(tmp_path / ".study.parts/000000/terms.parquet")
    (tmp_path / ".study.parts/000007.tmp").mkdir()
    pa.ingest(articles, tmp_path / "study")
    assert len(read) == 2
    assert files_of(tmp_path / "study") == before
    assert not (tmp_path / ".study.parts/000007.tmp").exists()


def test_a_file_that_cannot_be_read_is_not_tried_again_but_told_again(tmp_path: Path, read: list[str]) -> None:
    articles = write_articles(tmp_path / "in", range(1))
    (articles / "bad.docx").write_bytes(b"no document")
    for n_read in (2, 0):
        read.clear()
        with pytest.warns(UserWarning, match=r"1 of 2 .*bad\.docx"):
            study = pa.ingest(articles, tmp_path / "study")
        assert len(read) == n_read
        assert study.skipped["source"].tolist() == ["bad.docx"]


def test_two_runs_do_not_make_one_study(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "in", range(1))
    with (
        alone(tmp_path / ".study.parts"),
        pytest.raises(PinganError, match="another run is making this study"),
    ):
        pa.ingest(articles, tmp_path / "study")


def test_a_full_disk_leaves_what_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = write_articles(tmp_path / "in", range(4))
    monkeypatch.setattr("pingan_analysis.building.plan.BATCH_ITEMS", 2)
    write_bytes = Path.write_bytes

    def full(self: Path, content: bytes) -> int:
        if self.parent.name == "000001.tmp":
            raise OSError(28, "No space left on device")
        return write_bytes(self, content)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(CannotWrite, match=r"study: the study cannot be written \(No space left on device\)"):
            pa.ingest(articles, tmp_path / "study")
    assert not (tmp_path / "study").exists()
    assert (tmp_path / ".study.parts/000000").is_dir()
    assert len(pa.ingest(articles, tmp_path / "study").documents) == 4


def test_partitions_hold_what_the_small_study_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = write_articles(tmp_path / "in", range(7))
    small = pa.ingest(articles, tmp_path / "small")
    monkeypatch.setattr("pingan_analysis.building.assembly.CSV_DOCUMENTS", 1)
    monkeypatch.setattr("pingan_analysis.building.assembly.PARTITION_DOCUMENTS", 4)
    monkeypatch.setattr("pingan_analysis.building.assembly.STEP_DOCUMENTS", 2)
    large = pa.ingest(articles, tmp_path / "large")
    assert [path.name for path in sorted((tmp_path / "large/terms").iterdir())] == [
        "00000.parquet", "00001.parquet"]
    for name in ("documents", "paragraphs", "boilerplate", "terms", "metrics", "models", "channel_mentions",
                 "shared_phrases", "skipped"):
        wanted = getattr(small, name)
        pd.testing.assert_frame_equal(getattr(large, name)[wanted.columns.tolist()], wanted, obj=name)


def test_facts_of_groups_are_those_of_all_rows_together(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "in", range(8))
    for copy in ("001", "006"):
        (articles / f"copy_of_{copy}.txt").write_bytes((articles / f"{copy}.txt").read_bytes())
    places = {"000": "甲县", "003": "甲县", "006": "乙县", "copy_of_006": "甲县", "005": "乙县"}
    lines = [f"{name}.txt,{place}" for name, place in places.items()]
    (articles / "sources.csv").write_text("\n".join(["file,place", *lines]), encoding="utf-8")
    with pytest.warns(UserWarning, match="have no place"):
        study = pa.ingest(articles, tmp_path / "study")
    duplicate_of = dict(zip(study.documents["doc_id"], study.documents["duplicate_of"], strict=True))
    assert sum(map(bool, duplicate_of.values())) >= 2
    rows = study.metrics.assign(same_as="").astype(object).replace({pd.NA: None, np.nan: None}).to_dict("records")
    assert [row["same_as"] for row in link_facts(rows, duplicate_of)] == study.metrics["same_as"].tolist()
    assert study.metrics["same_as"].ne("").sum() >= 5


@given(st.lists(st.sampled_from(["a", "b", "a-2", "a-2-2"]), max_size=12))
def test_names_are_unique_and_the_first_keeps_its_own(wanted: list[str]) -> None:
    free = FreeNames()
    names = [free.take(name) for name in wanted]
    assert len(set(names)) == len(names) == len(wanted)
    assert all(name.startswith(given) for name, given in zip(names, wanted, strict=True))
    assert names[:1] == wanted[:1]


@given(st.lists(st.text("平安建设a，", max_size=40), min_size=1, max_size=8), st.integers(2, 9))
def test_the_sieve_loses_no_shared_wording(texts: list[str], length: int) -> None:
    cuts = [((0, 2, "byline"),) if number % 3 == 1 and len(text) > 2 else () for number, text in enumerate(texts)]
    articles = list(zip(texts, cuts, strict=True))
    whole = compared_characters(texts, cuts)
    names = [str(number) for number in range(len(texts))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sieve, "UNSIEVED_CHARACTERS", -1)
        patch.setattr(sieve, "SLOTS", 1 << 12)
        patch.setattr(sieve, "CHUNK_CHARACTERS", 30)
        sieved = sieve.shared_stretches(articles, range(len(texts)), length)
    assert len(sieved.codes) <= len(whole.codes)
    pd.testing.assert_frame_equal(phrase_rows(names, sieved, length), phrase_rows(names, whole, length))


def test_the_sieve_leaves_out_what_nobody_shares() -> None:
    alone = "".join(map(chr, range(0x4E00, 0x4E00 + 3000)))
    texts = [(alone[:1500] + "平安建设人人参与成果共享", ()), ("平安建设人人参与成果共享" + alone[1500:], ())]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sieve, "UNSIEVED_CHARACTERS", 0)
        kept = sieve.shared_stretches(texts, range(2), 8)
    assert kept.text == "平安建设人人参与成果共享" * 2
    assert len(maximal_runs(kept, 8).positions) == 2


def batch_of(*texts: str) -> Batch:
    items = (Item(RawArticle(f"{n}.txt", str(n), "", {}, text.encode()), (0, 0, 0), ()) for n, text in enumerate(texts))
    return Batch(0, tuple(items))


def one_by_one(batch: Batch) -> Iterator[Batch]:
    for number, item in enumerate(batch.items, 1):
        yield Batch(number, (item,))


def mortal(batch: Batch) -> tuple[str, dict[str, bytes]]:
    """Dies of an article that says so, and of another one falls silent."""
    for item in batch.items:
        if item.raw.data == b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        if item.raw.data == b"sleep":
            time.sleep(600)
    return workers._signed(batch)


def reason(tables: dict[str, bytes]) -> str:
    return pd.read_parquet(io.BytesIO(tables["articles"]))["reason"][0]


def test_a_script_without_a_guard_is_not_run_by_its_workers(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "in", range(2))
    script = tmp_path / "script.py"
    call = f"pa.ingest({str(articles)!r}, {str(tmp_path / 'study')!r}, workers=2)"
    script.write_text(f"import pingan_analysis as pa\n{call}\nprint('done', __file__)\n", encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == ["done", str(script)]


def test_an_article_that_ends_or_stops_its_process_is_skipped_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "_signed", mortal)
    for module in (workers, processes):
        monkeypatch.setattr(module, "ITEM_SECONDS", 12)
    with workers._processes(1) as pool:
        read = list(read_all([batch_of("平安", "die", "sleep")], pool, one_by_one))
    assert [batch.number for batch, _ in read] == [1, 2, 3]
    assert [reason(tables) for _, tables in read] == [
        "", "reading it ended the process that tried (too large for its memory?)",
        "reading it took more than 12 seconds",
    ]


def test_articles_read_alone_do_not_wait_in_line_behind_batches() -> None:
    given: list[tuple[str, int]] = []

    def submit(batch: Batch) -> Future[workers.Signed]:
        given.append(("in line", batch.number))
        future: Future[workers.Signed] = Future()
        if batch.number == 0:
            future.set_exception(TimeoutError())
        else:
            future.set_result((workers.fingerprint(), {}))
        return future

    def submit_alone(batch: Batch) -> Future[workers.Signed]:
        given.append(("alone", batch.number))
        future: Future[workers.Signed] = Future()
        future.set_result((workers.fingerprint(), {}))
        return future

    batches = [batch_of("a", "b"), replace(batch_of("c"), number=7), replace(batch_of("d"), number=8)]
    read = read_all(batches, Workers(submit, submit_alone, 3), one_by_one)
    assert [batch.number for batch, _ in read] == [1, 2, 7, 8]
    assert given == [("in line", 0), ("in line", 7), ("in line", 8), ("alone", 1), ("alone", 2)]


def test_a_run_that_is_refused_leaves_what_another_has_begun(tmp_path: Path) -> None:
    articles, parts = write_articles(tmp_path / "in", range(2)), tmp_path / ".study.parts"
    with alone(parts):
        (parts / "new").mkdir()
        with pytest.raises(PinganError, match="another run is making this study"):
            pa.ingest(articles, tmp_path / "study")
        assert (parts / "new").is_dir()


def test_what_a_desktop_leaves_in_the_folder_of_a_study_does_not_matter(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "in", range(2))
    pa.ingest(articles, tmp_path / "study")
    for name in (".DS_Store", ".~lock.terms.csv#"):
        (tmp_path / "study" / name).touch()
    pa.ingest(articles, tmp_path / "study")
    (tmp_path / "study/.git").mkdir()
    with pytest.raises(PinganError, match=r"holds other files than a study \(\.git\)"):
        pa.ingest(articles, tmp_path / "study")


def test_a_worker_of_another_version_is_refused() -> None:
    def submit(batch: Batch) -> Future[workers.Signed]:
        future: Future[workers.Signed] = Future()
        future.set_result(("another", read_batch(batch)))
        return future

    with pytest.raises(PinganError, match="another version of the package"):
        list(read_all([batch_of("平安")], Workers(submit, submit, 1), one_by_one))


@pytest.mark.parametrize("error", [ConnectionResetError(104, "reset by peer"), CancelledError(), BrokenExecutor()])
def test_workers_that_are_lost_end_the_run_in_one_line(error: Exception) -> None:
    def submit(*_: object) -> Future[workers.Signed]:
        future: Future[workers.Signed] = Future()
        future.set_exception(error)
        return future

    with pytest.raises(PinganError, match=r"cannot be reached any more .*goes on from here"):
        list(read_all([batch_of("平安")], Workers(submit, submit, 1), one_by_one))


def test_idle_workers_that_are_killed_end_the_run_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(workers, "_signed", own_number)
    with pytest.raises(PinganError, match=r"cannot be reached any more .*goes on from here"):
        kill_an_idle_worker_and_go_on()
    assert capfd.readouterr().err == ""


def kill_an_idle_worker_and_go_on() -> None:
    with workers._processes(1) as pool:
        os.kill(pool.submit(batch_of()).result(), signal.SIGKILL)
        for _ in range(100):
            pool.submit(batch_of())
            time.sleep(0.1)


def own_number(_: Batch) -> int:
    return os.getpid()


def test_folders_are_exchanged_in_one_step(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text(name)
    if not exchange(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this system cannot exchange folders")
    assert (tmp_path / "a/b").is_file()
    assert (tmp_path / "b/a").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="looks up processes of the cluster")
def test_a_cluster_of_which_a_worker_is_killed_gives_the_same_study(tmp_path: Path, in_small_batches: None) -> None:
    distributed = pytest.importorskip("distributed")
    articles = write_articles(tmp_path / "in", range(30))
    pa.ingest(articles, tmp_path / "here")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
                                  host="127.0.0.1") as cluster:
        victim = next(iter(cluster.workers.values())).pid
        killer = subprocess.Popen(["sh", "-c", f"sleep 1; kill -9 {victim}"])
        pa.ingest(articles, tmp_path / "there", scheduler=cluster.scheduler_address)
        killer.wait()
    assert files_of(tmp_path / "there") == files_of(tmp_path / "here")


def test_a_cluster_that_cannot_do_the_work_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(workers, "DASK_SECONDS", 2)
    articles = write_articles(tmp_path / "in", range(1))
    with distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=None, protocol="tcp://",
                                  host="127.0.0.1") as cluster:
        with pytest.raises(PinganError, match=r"has no worker; start one: dask worker tcp://127.* --nthreads 1"):
            pa.ingest(articles, tmp_path / "study", scheduler=cluster.scheduler_address)
        cluster.worker_spec[0] = {"cls": distributed.Worker, "options": {"nthreads": 2}}
        cluster.scale(1)
        with pytest.raises(PinganError, match="has 2 threads, of which only one may read PDFs at a time"):
            pa.ingest(articles, tmp_path / "study", scheduler=cluster.scheduler_address)


def test_a_cluster_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    articles = write_articles(tmp_path / "in", range(1))
    with pytest.raises(PinganError, match=r"scheduler 'nonsense' cannot be reached.*tcp://127\.0\.0\.1:8786"):
        pa.ingest(articles, tmp_path / "study", scheduler="nonsense")


@pytest.mark.parametrize(("much", "dictionaries"), [(1, 0), (10**9, 1)])
def test_after_much_text_the_dictionary_does_not_stay_in_memory(
    much: int, dictionaries: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "POOL_BYTES", much)
    pa.ingest(write_articles(tmp_path / "articles", range(3)), tmp_path / "study", workers=1)
    assert batches._segmenter.cache_info().currsize == dictionaries
