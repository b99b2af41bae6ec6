"""Running notebooks: all at the same time, each in a process of this very Python."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import Coroutine, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from tqdm import tqdm

from ..processes import usable_cores
from .jupyter import (
    AsyncKernelManager,
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
    KernelSpec,
    KernelSpecManager,
    NotebookClient,
    nbformat,
)
from .notebook_files import ReportError, name_of, one_line

CELL_SECONDS = 1800  # a notebook cell that takes longer is stopped
# As `python -m ipykernel_launcher`; but by default Python looks for garbage so often that drawing takes a third longer.
_KERNEL = "import gc, runpy; gc.set_threshold(50_000); runpy.run_module('ipykernel_launcher', run_name='__main__')"
T = TypeVar("T")


@contextmanager
def running_notebooks(
    notebooks: Mapping[Path, nbformat.NotebookNode], environment: Mapping[str, str], *, progress: bool
) -> Iterator[Iterator[Path]]:
    """Run the notebooks while the body works, each in the folder of its file, the last one first.

    Gives the paths in the order in which their notebooks end; their cells have outputs then. `environment`: the
    variables of the kernels, as of `kernel_environment`. `progress`: tell on stderr how far it is. Where a cell
    fails, the other notebooks are stopped, and the next path asked for is a `ReportError` that names notebook and
    cell. Where the body fails, all are stopped.
    """
    ended: SimpleQueue[Path] = SimpleQueue()
    with (
        tempfile.TemporaryDirectory(prefix="pingan-") as scratch,
        _Progress(notebooks.values(), enabled=progress) as told,
    ):
        runs = [
            _Run(path, notebooks[path], environment, Path(scratch) / str(number), told)
            for number, path in enumerate(reversed(list(notebooks)))  # the later ones take longer
        ]
        with _in_own_loop(_run_all(runs, ended)) as result:
            yield _paths(ended, result)


def _paths(ended: SimpleQueue[Path], result: Future[None]) -> Iterator[Path]:
    """Yield the paths as they come; at the end raise what stopped the runs, if anything did."""
    while not (result.done() and ended.empty()):
        with suppress(Empty):
            yield ended.get(timeout=0.1)  # not without end: Ctrl-C would not be heard everywhere
    result.result()


def kernel_environment(
    *, study: Path | str | None, articles: Path | str | None, lang: str, figures: Path
) -> dict[str, str]:
    """Return the environment of a kernel: what it is to work on, and what makes all runs alike."""
    ours = {"PYTHONSTARTUP", "PYTHONWARNINGS", "PINGAN_STUDY", "PINGAN_ARTICLES"}
    given = {"PINGAN_STUDY": study, "PINGAN_ARTICLES": articles}
    return {
        **{name: value for name, value in os.environ.items() if name not in ours},
        **{name: str(Path(path).resolve()) for name, path in given.items() if path is not None},
        "PINGAN_LANG": lang,
        "PINGAN_FIGURES": str(figures),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
        "SOURCE_DATE_EPOCH": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "TQDM_DISABLE": "1",  # a progress bar on a page would show a clock
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


@dataclass
class _Run:
    """A notebook to run; `scratch` is a folder for the kernel's own files."""

    path: Path
    notebook: nbformat.NotebookNode
    environment: Mapping[str, str]
    scratch: Path
    progress: _Progress

    async def run(self) -> None:
        self.scratch.mkdir()
        manager = _kernel_manager(self.scratch)
        client = NotebookClient(
            self.notebook, km=manager, timeout=CELL_SECONDS, record_timing=False, coalesce_streams=True,
            log=_silent_log(), extra_arguments=["--HistoryManager.enabled=False"],
        )
        self.progress.start(self.path.stem)
        try:
            with (self.scratch / "stderr").open("wb") as stderr:
                await client.async_start_new_kernel(
                    cwd=str(self.path.parent), env=self._kernel_env(), stderr=stderr
                )
            await client.async_start_new_kernel_client()
            for index, cell in enumerate(self.notebook.cells):
                self.progress.step(self.path.stem, index)
                await self._execute_cell(client, cell, index)
        except RuntimeError as error:
            raise ReportError(
                f"{self.path.name}: Python did not start ({self._last_words() or error})"
            ) from None
        finally:
            if client.kc is not None:
                client.kc.stop_channels()
            if manager.has_kernel:
                await manager.shutdown_kernel(now=True)
            await manager.cleanup_resources()
        self.progress.end(self.path.stem)

    def _kernel_env(self) -> dict[str, str]:
        return {**self.environment, "IPYTHONDIR": str(self.scratch / "ipython")}

    async def _execute_cell(self, client: NotebookClient, cell: nbformat.NotebookNode, index: int) -> None:
        where = f"{self.path.name}, {name_of(cell)}"
        try:
            await client.async_execute_cell(cell, index)
        except CellExecutionError as error:
            raise ReportError(f"{where}: {error.ename}: {one_line(error.evalue)}") from None
        except CellTimeoutError:
            raise ReportError(f"{where}: stopped, it took more than {CELL_SECONDS} s") from None
        except DeadKernelError:
            words = self._last_words()
            raise ReportError(f"{where}: its Python process ended{f' ({words})' if words else ''}") from None

    def _last_words(self) -> str:
        """Return the last line that the kernel wrote to its own stderr."""
        lines = (self.scratch / "stderr").read_text("utf-8", "replace").strip().splitlines()
        return one_line(lines[-1]) if lines else ""


class _ThisPython(KernelSpecManager):
    """Starts the Python that runs this, whatever kernel the machine has under the name "python3"."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        command = [sys.executable, "-P", "-c", _KERNEL, "-f", "{connection_file}"]
        return KernelSpec(argv=command, language="python", display_name=kernel_name)


def _kernel_manager(scratch: Path) -> AsyncKernelManager:
    """Return a manager whose kernel talks through files where the system can: no port, no network."""
    manager = AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=_ThisPython(), connection_file=str(scratch / "kernel.json")
    )
    socket = scratch / "s"
    if (
        os.name == "posix" and len(os.fsencode(socket)) < 90
    ):  # a socket's name may have 103 bytes on some systems
        manager.transport = "ipc"
        manager.ip = str(socket)
    return manager


@cache
def _silent_log() -> logging.Logger:
    """A logger for nbclient, which would tell of errors that are told in one line here."""
    logger = logging.getLogger(f"{__name__}.nbclient")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return logger


async def _run_all(runs: Sequence[_Run], ended: SimpleQueue[Path]) -> None:
    slots = asyncio.Semaphore(usable_cores())

    async def run_in_turn(run: _Run) -> None:
        async with slots:
            await run.run()
        ended.put(run.path)

    try:
        async with asyncio.TaskGroup() as group:
            for run in runs:
                group.create_task(run_in_turn(run))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None  # the first; the others followed when it stopped them


@contextmanager
def _in_own_loop(work: Coroutine[Any, Any, T]) -> Iterator[Future[T]]:
    """Run `work` in an event loop of its own thread, as a notebook may call this; and wait for its end.

    It is stopped cleanly where the body fails, as on Ctrl-C.
    """
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = Future()

    async def supervised() -> T:
        task = asyncio.current_task()
        assert task is not None
        started.set_result((asyncio.get_running_loop(), task))
        return await work

    with ThreadPoolExecutor(max_workers=1) as pool:
        result = pool.submit(asyncio.run, supervised())
        try:
            yield result
        except BaseException:
            loop, task = started.result()
            with suppress(RuntimeError):  # it has ended by itself
                loop.call_soon_threadsafe(task.cancel)
            raise


class _Progress:
    """Tells on stderr which notebook is at which cell: a bar on a terminal, a line a notebook elsewhere."""

    def __init__(self, notebooks: Iterable[nbformat.NotebookNode], *, enabled: bool) -> None:
        self.terminal = enabled and sys.stderr.isatty()
        self.lines = enabled and not self.terminal
        self.bar = tqdm(
            total=sum(len(notebook.cells) for notebook in notebooks), unit="cell", disable=not self.terminal
        )

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def start(self, name: str) -> None:
        self._line(f"{name}: started")

    def step(self, name: str, index: int) -> None:
        self.bar.set_description(f"{name}, cell {index + 1}", refresh=False)
        self.bar.update()

    def end(self, name: str) -> None:
        self._line(f"{name}: done")

    def _line(self, text: str) -> None:
        if self.lines:
            print(text, file=sys.stderr, flush=True)
