"""Processes of this machine that may take only so much memory and time, for what no limit of Python's reaches."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager
from functools import partial
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

from pebble import ProcessPool

ITEM_SECONDS = 120
"""That reading one article may take."""
PROCESS_BYTES = 2_000_000_000
"""Memory that a process may take for itself (where the system can limit it)."""

LOST_SECONDS, MOST_LOST = 30, 3
"""A call that nobody has begun in such a time, though it is the next, is lost: it is made again, so many times."""

Submit = Callable[..., Future[Any]]


def usable_cores() -> int:
    """Return how many cores this process may use, which a cluster or a container can make fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def bounded_processes(count: int, warm_up: Callable[[], object]) -> Iterator[Submit]:
    """Give `submit(function, arguments, seconds)`, which has one of `count` processes call a function in such a time.

    A process that ends over a call, or is ended for its time, is replaced; its future raises what `reason_of_end` has
    words for. `warm_up` is called first, so that what it needs is loaded. The user's script is not run again, whatever
    stands in it. Raises `BrokenExecutor` where no process can be started or all ended without a call.
    """
    pool = ProcessPool(count, initializer=_limit_memory, initargs=(PROCESS_BYTES,), context=_Context())
    try:
        with _interrupts_ignored_by_children():
            _scheduled(pool, warm_up, (), ITEM_SECONDS)
        yield partial(_scheduled, pool)
        pool.close()  # type: ignore[no-untyped-call]
    except BaseException:
        pool.stop()  # type: ignore[no-untyped-call]
        raise
    finally:
        pool.join()


def _scheduled(
    pool: ProcessPool, function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float
) -> Future[Any]:
    try:
        return pool.schedule(function, args=arguments, timeout=seconds)
    except RuntimeError as error:
        raise BrokenExecutor("all processes ended") from error


def result_of(future: Future[Any], again: Callable[[], Future[Any]]) -> Any:
    """Return the result of a call that is the next to be begun; raises what it raises.

    A process that is killed just as it takes a call, before it says so, takes the call with it: then `again` makes it
    once more. Raises `BrokenExecutor` where nobody begins it at all.
    """
    for lost in range(MOST_LOST + 1):
        if lost:
            future.cancel()  # or it would be in the way of the next, where it is not lost
            future = again()
        try:
            return future.result(None if future.running() else LOST_SECONDS)
        except TimeoutError:
            if future.running() or future.done():
                return future.result()
    raise BrokenExecutor("no process begins what it is given")


def reason_of_end(error: Exception) -> str:
    """Return why a call did not come to its end: its time was over, or its process ended; empty where it is neither."""
    if isinstance(error, TimeoutError):
        return f"reading it took more than {ITEM_SECONDS} seconds"
    if type(error).__name__ in _DEATHS:
        return "reading it ended the process that tried (too large for its memory?)"
    return ""


_DEATHS = ("ProcessExpired", "KilledWorker")  # of Pebble, of Dask, which need not be installed


class _Process(SpawnProcess):
    """A process that does not run the user's script again, which Python does where nothing in it forbids."""

    def start(self) -> None:
        main = sys.modules["__main__"]
        with _STARTING:
            hidden = {name: getattr(main, name) for name in ("__file__", "__spec__") if hasattr(main, name)}
            for name in hidden:
                setattr(main, name, None)
            try:
                super().start()
            finally:
                for name, value in hidden.items():
                    setattr(main, name, value)


class _Context(SpawnContext):
    Process = _Process


_STARTING = threading.Lock()


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


def _limit_memory(n_bytes: int) -> None:
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = n_bytes if most == resource.RLIM_INFINITY else min(n_bytes, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, most))
