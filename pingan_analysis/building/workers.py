"""Who reads the batches: this process, several of this machine, or those of a Dask cluster."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import NamedTuple

from ..errors import PinganError
from ..processes import ITEM_SECONDS, Submit, bounded_processes, reason_of_end, result_of, usable_cores
from ..reading.apart import pdfs_apart
from ..reading.files import FoundFile
from .batches import Batch, forget_words, part_of_skipped, read_batch
from .parts import fingerprint

POOL_BYTES = 3_000_000
"""From this many bytes on, more than one process pays (starting one costs about a second)."""
DASK_SECONDS = 10

Tables = dict[str, bytes]
Signed = tuple[str, Tables]


class Workers(NamedTuple):
    """`submit` has a batch read by somebody; `ahead` batches are given out at a time.

    `submit_alone` has one read for which nobody waits in line; `result` gives what became of a batch that is the next
    to be begun, where it was submitted; `again` submits it once more.
    """

    submit: Callable[[Batch], Future[Signed]]
    submit_alone: Callable[[Batch], Future[Signed]]
    ahead: int
    result: Callable[[Future[Signed], Callable[[], Future[Signed]]], Signed] = lambda future, again: future.result()


@contextmanager
def workers_for(files: Sequence[FoundFile], workers: int | None, scheduler: str | None) -> Iterator[Workers | None]:
    """Give those who read the batches; None where this process should.

    `workers` processes (default: as many as there are cores, where that pays), or those of the Dask `scheduler`.
    After much text this process lets go of the words that reading needed, before all that was read is put together.
    """
    if scheduler is not None:
        with _dask(scheduler) as cluster:
            yield cluster
    elif (count := workers or _worthwhile(files)) == 1:
        yield None
        if bytes_of(files) >= POOL_BYTES:
            forget_words()
    else:
        with _processes(count) as pool:
            yield pool


def read_all(
    batches: Iterable[Batch], workers: Workers | None, one_by_one: Callable[[Batch], Iterable[Batch]]
) -> Iterator[tuple[Batch, Tables]]:
    """Return the tables of each batch, in order.

    A batch on which a worker fell silent or died is read again article by article, in the batches of one that
    `one_by_one` makes of it; the article that is to blame becomes one that was skipped.
    """
    if workers is None:
        with pdfs_apart() as pdf_reader:
            yield from ((batch, read_batch(batch, pdf_reader)) for batch in batches)
        return
    pending: deque[tuple[Batch, Future[Signed]]] = deque()
    for batch in batches:
        pending.append((batch, workers.submit(batch)))
        if len(pending) >= workers.ahead:
            yield from _result(*pending.popleft(), workers.submit, workers, one_by_one)
    while pending:
        yield from _result(*pending.popleft(), workers.submit, workers, one_by_one)


def _result(
    batch: Batch, future: Future[Signed], submit: Callable[[Batch], Future[Signed]], workers: Workers,
    one_by_one: Callable[[Batch], Iterable[Batch]],
) -> Iterator[tuple[Batch, Tables]]:
    reason = ""
    try:
        yield batch, _checked(workers.result(future, lambda: submit(batch)))
    except Exception as error:
        reason = reason_of_end(error)
        if not reason and isinstance(error, OSError | CancelledError | BrokenExecutor):
            raise _of_lost_workers(error) from error
        if not reason:
            raise
    if reason and len(batch.items) == 1:
        yield batch, part_of_skipped(batch.items[0], reason)
    elif reason:
        for alone in one_by_one(batch):
            submit_alone = workers.submit_alone
            yield from _result(alone, submit_alone(alone), submit_alone, workers, one_by_one)


def _of_lost_workers(error: BaseException) -> PinganError:
    return PinganError(f"the workers cannot be reached any more ({error or type(error).__name__}); the same command "
                       "goes on from here")


def _checked(result: Signed) -> Tables:
    made_by, tables = result
    if made_by != fingerprint():
        raise PinganError("a worker has another version of the package (or of jieba or a reader of files) than this "
                          "process; install the same ones there")
    return tables


def _signed(batch: Batch) -> Signed:
    return fingerprint(), read_batch(batch)


def _worthwhile(files: Sequence[FoundFile]) -> int:
    return usable_cores() if bytes_of(files) >= POOL_BYTES else 1


def bytes_of(files: Iterable[FoundFile]) -> int:
    """Return the size of all files that may be read."""
    total = 0
    for file in files:
        try:
            total += 0 if file.problem else file.path.stat().st_size
        except (OSError, ValueError):
            continue  # what has gone is told when it is to be read
    return total


@contextmanager
def _processes(count: int) -> Iterator[Workers]:
    with ExitStack() as until_the_end:

        @cache
        def process_of_its_own() -> Submit:
            return until_the_end.enter_context(bounded_processes(1, fingerprint))

        try:
            in_line = until_the_end.enter_context(bounded_processes(count, fingerprint))
            yield Workers(
                lambda batch: in_line(_signed, (batch,), ITEM_SECONDS),
                lambda batch: process_of_its_own()(_signed, (batch,), ITEM_SECONDS),
                2 * count + 1, result_of,
            )
        except BrokenExecutor as error:
            raise _of_lost_workers(error) from error


@contextmanager
def _dask(scheduler: str) -> Iterator[Workers]:
    try:
        from distributed import Client
    except ImportError:
        raise PinganError("scheduler needs the package distributed; in the folder of the package: "
                          "pip install '.[dask]'") from None
    try:
        client = Client(scheduler, timeout=f"{DASK_SECONDS}s")
    except (OSError, ValueError) as error:
        raise PinganError(f"scheduler {scheduler!r} cannot be reached ({error}); give its address, "
                          "such as tcp://127.0.0.1:8786") from error
    with client, client.get_executor(pure=False) as executor:
        try:
            client.wait_for_workers(1, timeout=DASK_SECONDS)
        except TimeoutError:
            raise PinganError(f"scheduler {scheduler!r} has no worker; start one: "
                              f"dask worker {scheduler} --nthreads 1") from None
        threads = client.nthreads()
        if several := [name for name, number in threads.items() if number > 1]:
            raise PinganError(f"worker {several[0]} has {threads[several[0]]} threads, of which only one may read PDFs "
                              "at a time; start workers with --nthreads 1 (and --nworkers for several)")

        def submit(batch: Batch) -> Future[Signed]:
            future: Future[Signed] = executor.submit(_signed, batch)
            return future

        yield Workers(submit, submit, 2 * len(threads) + 2)
