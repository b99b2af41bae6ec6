"""Run commands as processes of their own, in turn, and take their time and their memory."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

PROC = Path("/proc")
EVERY = 0.05
"""Seconds between two looks at the memory."""
SESSION, STATUS_TAIL = 3, 300


@dataclass
class Measured:
    """What one run of a command took. Memory is in MB (10⁶ bytes); 0 where the system does not tell.

    seconds: by the clock; processor_seconds: user and system, of the command and all that it waited for (not of a
    cluster beside it); largest_mb: peak resident memory of the largest process; all_mb: largest sum over all processes
    at one time, in which memory that processes share counts more than once; printed: standard output.
    """

    seconds: float
    processor_seconds: float
    largest_mb: float
    all_mb: float
    printed: str

    def record(self) -> dict[str, float]:
        return {name: round(value, 3) for name, value in asdict(self).items() if name != "printed"}


class CommandFailed(Exception):
    """A measured command ended with an error; the message is the end of what it said."""


def measure(
    command: Sequence[str | os.PathLike[str]], *, beside: Sequence[int] = ()
) -> Measured:
    """Run `command` to its end; `beside` are sessions (by the number of their leader) whose memory counts too.

    Raises `CommandFailed` where it ends with anything but 0.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [os.fspath(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=errors,
            start_new_session=True,
        )
        memory = Memory({process.pid, *beside})
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            memory.look()
            time.sleep(EVERY)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise CommandFailed(f"{process.args} ended with {process.returncode}: {_end(errors)}")
        out.seek(0)
        return Measured(seconds, usage.ru_utime + usage.ru_stime, memory.largest / 1e6, memory.all / 1e6,
                        out.read().decode("utf-8", "replace"))


def _end(errors: Any) -> str:
    errors.seek(0)
    return str(errors.read().decode("utf-8", "replace")).strip()[-STATUS_TAIL:]


class Memory:
    """The largest memory seen of the processes of some sessions, in bytes."""

    def __init__(self, sessions: set[int]) -> None:
        self.sessions = sessions
        self.largest = self.all = 0

    def look(self) -> None:
        now = 0
        for folder in processes(self.sessions):
            held = memory_of(folder)
            self.largest = max(self.largest, held.get("VmHWM", 0))
            now += held.get("VmRSS", 0)
        self.all = max(self.all, now)


def processes(sessions: set[int]) -> Iterator[Path]:
    """Yield the folders in /proc of all processes of the sessions: children stay in the session of their parent."""
    for folder in PROC.glob("[0-9]*"):
        try:
            after_name = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(after_name[SESSION]) in sessions:
            yield folder


def memory_of(folder: Path) -> dict[str, int]:
    """Return VmRSS and VmHWM (its peak so far) of a process in bytes; nothing where it has ended."""
    try:
        lines = (folder / "status").read_text().splitlines()
    except OSError:
        return {}
    cells = (line.split() for line in lines if line.startswith(("VmRSS:", "VmHWM:")))
    return {name.rstrip(":"): int(kilobytes) * 1024 for name, kilobytes, _ in cells}


def in_turn(subjects: Mapping[str, Callable[[], Measured]], rounds: int) -> dict[str, list[Measured]]:
    """Run every subject once a round, so that what else the machine does falls on all alike."""
    runs: dict[str, list[Measured]] = {name: [] for name in subjects}
    for number in range(rounds):
        for name, run in subjects.items():
            runs[name].append(run())
            print(f"  round {number + 1}: {name}: {runs[name][-1].seconds:.1f} s", flush=True)
    return runs


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Return the median, and least and most where there are several, as text."""
    middle = f"{median(values):,.{digits}f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"
