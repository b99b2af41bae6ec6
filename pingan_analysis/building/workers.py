"""Who reads the batches: this process, several of this machine, or those of a Dask cluster."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from contextlib import contextmanager
from typing import NamedTuple

from ..errors import PinganError
from ..processes import ITEM_SECONDS, bounded_processes, reason_of_end, result_of
from ..reading.apart import pdfs_apart
from ..reading.files import FoundFile
from .batches import Batch, part_of_skipped, read_batch
from .parts import fingerprint

POOL_BYTES = 3_000_000
"""From this many bytes on, more than one process pays (starting one costs about a second)."""
BATCH_SECONDS = 600

Tables = dict[str, bytes]
Signed = tuple[str, Tables]


class Workers(NamedTuple):
    """`submit` has a batch read by somebody, in at most so many seconds; `ahead` batches are given out at a time.

    `result` gives what became of the first of these; `again` submits its batch once more.
    """

    submit: Callable[[Batch, float], Future[Signed]]
    ahead: int
    result: Callable[[Future[Signed], Callable[[], Future[Signed]]], Signed] = lambda future, again: future.result()


@contextmanager
def workers_for(files: Sequence[FoundFile], workers: int | None, scheduler: str | None) -> Iterator[Workers | None]:
    """Give those who read the batches; None where this process should.

    `workers` processes (default: as many as there are cores, where that pays), or those of the Dask `scheduler`.
    """
    if scheduler is not None:
        with _dask(scheduler) as cluster:
            yield cluster
    elif (count := workers or _worthwhile(files)) == 1:
        yield None
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
        pending.append((batch, workers.submit(batch, BATCH_SECONDS)))
        if len(pending) >= workers.ahead:
            yield from _result(*pending.popleft(), BATCH_SECONDS, workers, one_by_one)
    while pending:
        yield from _result(*pending.popleft(), BATCH_SECONDS, workers, one_by_one)


def _result(
    batch: Batch, future: Future[Signed], seconds: float, workers: Workers,
    one_by_one: Callable[[Batch], Iterable[Batch]],
) -> Iterator[tuple[Batch, Tables]]:
    reason = ""
    try:
        yield batch, _checked(workers.result(future, lambda: workers.submit(batch, seconds)))
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
            yield from _result(alone, workers.submit(alone, ITEM_SECONDS), ITEM_SECONDS, workers, one_by_one)


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
    return (os.cpu_count() or 1) if bytes_of(files) >= POOL_BYTES else 1


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
    try:
        with bounded_processes(count, fingerprint) as submit:
            yield Workers(lambda batch, seconds: submit(_signed, (batch,), seconds), 2 * count + 1, result_of)
    except BrokenExecutor as error:
        raise _of_lost_workers(error) from error


@contextmanager
def _dask(scheduler: str) -> Iterator[Workers]:
    try:
        from distributed import Client
    except ImportError:
        raise PinganError("scheduler needs the package distributed: pip install 'pingan-analysis[dask]'") from None
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        raise PinganError(f"scheduler {scheduler!r} cannot be reached ({error}); give its address, "
                          "such as tcp://127.0.0.1:8786") from error
    with client, client.get_executor(pure=False) as executor:
        threads = sum(client.nthreads().values())
        yield Workers(lambda batch, _: executor.submit(_signed, batch), 2 * threads + 2)
