"""Who reads the batches: this process, several of this machine, or those of a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from contextlib import contextmanager
from typing import NamedTuple

from pebble import ProcessPool

from ..errors import PinganError
from ..reading.files import FoundFile
from .batches import Batch, part_of_skipped, read_batch
from .parts import fingerprint

POOL_BYTES = 3_000_000
"""From this many bytes on, more than one process pays (starting one costs about a second)."""
PARSED_OUTSIDE_PYTHON = (".pdf",)
"""Kinds whose parser runs where no limit of Python's reaches: a process of its own can be ended from outside."""
BATCH_SECONDS, ITEM_SECONDS = 600, 120
PROCESS_BYTES = 2_000_000_000
"""Memory that a worker may take for itself (where the system can limit it)."""

Tables = dict[str, bytes]
Signed = tuple[str, Tables]


class Workers(NamedTuple):
    """`submit` has a batch read by somebody, in at most so many seconds; `ahead` batches are given out at a time."""

    submit: Callable[[Batch, float], Future[Signed]]
    ahead: int


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
        yield from ((batch, read_batch(batch)) for batch in batches)
        return
    pending: deque[tuple[Batch, Future[Signed]]] = deque()
    for batch in batches:
        pending.append((batch, workers.submit(batch, BATCH_SECONDS)))
        if len(pending) >= workers.ahead:
            yield from _result(*pending.popleft(), workers, one_by_one)
    while pending:
        yield from _result(*pending.popleft(), workers, one_by_one)


def _result(
    batch: Batch, future: Future[Signed], workers: Workers, one_by_one: Callable[[Batch], Iterable[Batch]]
) -> Iterator[tuple[Batch, Tables]]:
    reason = ""
    try:
        yield batch, _checked(future.result())
    except TimeoutError:
        reason = f"reading it took more than {ITEM_SECONDS} seconds"
    except Exception as error:
        if not _is_death(error):
            if isinstance(error, OSError | CancelledError | BrokenExecutor):
                raise _of_lost_workers(error) from error
            raise
        reason = "reading it ended the process that tried (too large for its memory?)"
    if reason and len(batch.items) == 1:
        yield batch, part_of_skipped(batch.items[0], reason)
    elif reason:
        for alone in one_by_one(batch):
            yield from _result(alone, workers.submit(alone, ITEM_SECONDS), workers, one_by_one)


def _of_lost_workers(error: BaseException) -> PinganError:
    return PinganError(f"the workers cannot be reached any more ({error or type(error).__name__}); the same command "
                       "goes on from here")


def _checked(result: Signed) -> Tables:
    made_by, tables = result
    if made_by != fingerprint():
        raise PinganError("a worker has another version of the package (or of jieba or a reader of files) than this "
                          "process; install the same ones there")
    return tables


def _is_death(error: Exception) -> bool:
    """Whether the process of a worker ended; by name, since Dask need not be installed."""
    return type(error).__name__ in ("ProcessExpired", "KilledWorker")


def _signed(batch: Batch) -> Signed:
    return fingerprint(), read_batch(batch)


def _worthwhile(files: Sequence[FoundFile]) -> int:
    outside = any(file.name.lower().endswith(PARSED_OUTSIDE_PYTHON) for file in files if not file.problem)
    return (os.cpu_count() or 1) if outside or bytes_of(files) >= POOL_BYTES else 1


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
    pool = ProcessPool(count, initializer=_limit_memory, context=multiprocessing.get_context("spawn"))
    with _script_hidden_from_children():
        yield from _open(pool, count)


def _open(pool: ProcessPool, count: int) -> Iterator[Workers]:
    with _interrupts_ignored_by_children():
        pool.schedule(fingerprint)
    try:
        yield Workers(lambda batch, seconds: pool.schedule(_signed, args=(batch,), timeout=seconds), 2 * count + 1)
        pool.close()  # type: ignore[no-untyped-call]
    except BaseException:
        pool.stop()  # type: ignore[no-untyped-call]
        raise
    finally:
        pool.join()


@contextmanager
def _script_hidden_from_children() -> Iterator[None]:
    """Have processes that start now not run the user's script again, which Python does where nothing in it forbids."""
    main = sys.modules["__main__"]
    hidden = {name: getattr(main, name) for name in ("__file__", "__spec__") if hasattr(main, name)}
    for name in hidden:
        setattr(main, name, None)
    try:
        yield
    finally:
        for name, value in hidden.items():
            setattr(main, name, value)


@contextmanager
def _interrupts_ignored_by_children() -> Iterator[None]:
    """Have processes that start now ignore Ctrl-C, which a terminal sends to all: this one tells them to end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = PROCESS_BYTES if most == resource.RLIM_INFINITY else min(PROCESS_BYTES, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, most))


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
