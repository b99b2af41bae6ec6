"""Cut `pingan ingest` short at random moments, run it again, and compare the study with that of an undisturbed run.

    python benchmarks/kill_ingest.py [--kills 50] [--articles 1200] [--workers 2] [--words-only] [--seed 0]
                                     [--shared DIR] [--work DIR]

The corpus is a folder of text files and a file of rows. A trial begins with no study at --out, or in every other
trial with an older study of fewer articles; then runs of ingest are ended at moments drawn from the whole duration of
an undisturbed run, up to four in a row, and the next one may finish. Ends are: `kill` (SIGKILL to all its processes,
as when the power fails), `interrupt` (SIGINT to all of them, as Ctrl-C does), `worker` (SIGKILL to one of its worker
processes, upon which it may finish, or end with an error in one line). A run that was over before its moment came is
no kill, and another moment is drawn. After every end the folder must be the old study byte for byte, or absent where
there was none, or already the new one; after the last run it must be the undisturbed one's, with nothing left beside
it but `.NAME.parts`.

Then the same with a worker process of a Dask cluster killed (three times), and with disks that are too small (a file
system in memory where this user may mount one, else a limit to the size of a file), which must give an error in one
line; with room made, the next run must finish.

Prints a line a run and a summary; exit code 1 if anything was not as it must be.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from corpus import articles, read_stories, write_folder, write_lines
from dask_cluster import running_cluster
from measure import processes
from parts.commands import copied, ingest

import pingan_analysis as pa

ROOT = Path(__file__).parents[1]
ENDS = {"kill": 7, "interrupt": 2, "worker": 1}
"""How each run is ended, by weight."""
IN_A_ROW = 4
DASK_KILLS = 3
DISKS = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Sizes of disks that are too small, as shares of what a run takes up in the end."""
PATIENCE = 600
"""Seconds after which a run hangs."""
Files = Mapping[str, str]


def files_of(folder: Path) -> Files:
    """Return the SHA-256 of each file below a folder by its name; none where the folder is absent."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*")) if path.is_file()
    }


@dataclass
class Ended:
    """How a run came to its end: its exit code, what it said, and how many seconds it took."""

    code: int
    said: str
    seconds: float

    @property
    def traceback(self) -> bool:
        return "Traceback" in self.said

    def last_line(self) -> str:
        return (self.said.strip().splitlines() or [""])[-1][-150:]


@dataclass
class Trials:
    """Where it is tried, what the study must be (`old` and `new`, as files with their hashes), and what went wrong."""

    corpus: Path
    base: Path
    study: Path
    workers: int
    words_only: bool
    old: Files = field(default_factory=dict)
    new: Files = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)

    def command(self, scheduler: str = "", study: Path | None = None) -> list[str]:
        return ingest(self.corpus, study or self.study, words_only=self.words_only, workers=self.workers,
                      scheduler=scheduler)

    def begin(self, *, with_old: bool) -> Files:
        """Put the older study at --out, or nothing; return its files."""
        shutil.rmtree(self.study.parent, ignore_errors=True)
        if with_old:
            copied(self.base, self.study)
        else:
            self.study.parent.mkdir(parents=True)
        return self.old if with_old else {}

    def state(self, before: Files) -> str:
        """Return what is at --out: the old study, none, the new one; all else is a fault."""
        found = files_of(self.study)
        if found == self.new:
            return "new"
        if found == before and (found or not self.study.exists()):
            return "old" if found else "none"
        changed = sorted(name for name in {*found, *before} if found.get(name) != before.get(name))
        self.fault(f"the study at --out is neither the old nor the new one ({', '.join(changed[:3])})")
        return "BROKEN"

    def fault(self, what: str) -> None:
        self.faults.append(what)
        print(f"  FAULT: {what}", flush=True)

    def check_end(self, ended: Ended) -> None:
        """A run that was allowed to finish must have made the new study, and left nothing else."""
        if ended.code:
            self.fault(f"the run after it ended with {ended.code}: {ended.last_line()}")
        if self.state({}) != "new":
            self.fault("the study is not that of the undisturbed run")
        elif len(pa.load_study(self.study).documents) == 0:
            self.fault("the study has no documents")
        allowed = {self.study.name, f".{self.study.name}.parts"}
        left = sorted(path.name for path in self.study.parent.iterdir() if path.name not in allowed)
        if left:
            self.fault(f"left beside the study: {', '.join(left)}")


@contextmanager
def started(command: list[str], limit: Callable[[], None] | None = None) -> Iterator[tuple[subprocess.Popen[bytes],
                                                                                           Callable[[], Ended]]]:
    """Start a command in a session of its own; give it and what waits for its end."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
                                   preexec_fn=limit)

        def wait() -> Ended:
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return Ended(-1, f"hung for {PATIENCE} s", time.perf_counter() - start)
            said.seek(0)
            return Ended(process.returncode, said.read().decode("utf-8", "replace"), time.perf_counter() - start)

        yield process, wait


def run(command: list[str], limit: Callable[[], None] | None = None) -> Ended:
    with started(command, limit) as (_, wait):
        return wait()


def end_run(command: list[str], how: str, moment: float, draw: random.Random) -> tuple[bool, Ended]:
    """Start a run and end it after `moment` seconds; return whether it was still running then."""
    with started(command) as (process, wait):
        time.sleep(moment)
        running = process.poll() is None
        if running and how == "worker":
            victims = workers_of(process.pid)
            running = bool(victims)
            if victims:
                os.kill(draw.choice(victims), signal.SIGKILL)
        elif running:
            os.killpg(process.pid, signal.SIGKILL if how == "kill" else signal.SIGINT)
        ended = wait()
        gone = not any(processes({process.pid})) or _gone_soon(process.pid)
        if not gone:
            ended.said += "\nTraceback: processes of the run are still there"
        return running, ended


def _gone_soon(session: int) -> bool:
    """Return whether all processes of a session end within ten seconds; end them if not."""
    for _ in range(100):
        if not any(processes({session})):
            return True
        time.sleep(0.1)
    for folder in processes({session}):
        os.kill(int(folder.name), signal.SIGKILL)
    return False


def workers_of(session: int) -> list[int]:
    """Return the worker processes of a session: those that were spawned by Python's multiprocessing."""
    found = []
    for folder in processes({session}):
        try:
            words = (folder / "cmdline").read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if "spawn_main" in words or "forkserver" in words:
            found.append(int(folder.name))
    return found


def try_kills(trials: Trials, kills: int, duration: float, draw: random.Random) -> None:
    done = trial = 0
    while done < kills:
        trial += 1
        before = trials.begin(with_old=trial % 2 == 0)
        left = duration
        for _ in range(draw.randint(1, IN_A_ROW)):
            how = draw.choices(list(ENDS), list(ENDS.values()))[0]
            moment = draw.uniform(0, left)
            cut, ended = end_run(trials.command(), how, moment, draw)
            state = trials.state(before)
            print(f"{done + cut:3} trial {trial}: {how} after {moment:5.1f} s: "
                  f"{'ended with ' + str(ended.code) if cut else 'was over'}; study: {state}", flush=True)
            if ended.traceback or ended.code == -1:
                trials.fault(f"{how}: {ended.said.strip()[-600:]}")
            if cut:
                done += 1
                trials.ends[how] += 1
            else:
                left = max(left / 2, 1.0)
            if state == "new" or done == kills:
                break
        ended = run(trials.command())
        print(f"    trial {trial}: to the end in {ended.seconds:.1f} s (undisturbed {duration:.1f})", flush=True)
        trials.check_end(ended)


def try_dask(trials: Trials, duration: float, draw: random.Random) -> None:
    for number in range(DASK_KILLS):
        trials.begin(with_old=False)
        with running_cluster() as cluster, started(trials.command(cluster.address)) as (process, wait):
            moment = draw.uniform(0.3, 0.8) * duration
            time.sleep(moment)
            victims = workers_of(cluster.session)
            cut = process.poll() is None and bool(victims)
            if cut:
                os.kill(draw.choice(victims), signal.SIGKILL)
            ended = wait()
        trials.ends["Dask worker"] += cut
        print(f"    Dask {number + 1}: a worker killed after {moment:.1f} s: {'yes' if cut else 'was over'}; "
              f"ended with {ended.code} in {ended.seconds:.1f} s", flush=True)
        trials.check_end(ended)


def try_disks(trials: Trials) -> None:
    """Run on disks that are too small, then make room."""
    needed = sum(path.stat().st_size for path in trials.study.parent.rglob("*") if path.is_file())
    for number, share in enumerate(DISKS):
        before = trials.begin(with_old=False)
        with small_disk(trials.study.parent, int(share * needed)) as (kind, limit, make_room):
            if number % 2:
                before = try_old(trials, before, share)
            ended = run(trials.command(), limit)
            state = trials.state(before)
            print(f"    disk of {share:.0%} ({kind}): ended with {ended.code}: {ended.last_line()}; study: {state}",
                  flush=True)
            if ended.traceback or ended.code not in (0, 1):
                trials.fault(f"small disk: {ended.said.strip()[-600:]}")
            trials.ends["full disk"] += ended.code == 1
            make_room()
            trials.check_end(run(trials.command()))


def try_old(trials: Trials, before: Files, share: float) -> Files:
    """Put the old study on the disk, where it has room."""
    try:
        shutil.copytree(trials.base, trials.study)
    except (OSError, shutil.Error):
        shutil.rmtree(trials.study, ignore_errors=True)
        print(f"    disk of {share:.0%}: too small for the old study; tried without", flush=True)
        return before
    return trials.old


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[tuple[str, Callable[[], None] | None, Callable[[], None]]]:
    """Give a disk of so many bytes at `folder`: its kind, what limits a process, and what makes room."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size // 20, size // 20))
        yield "limit to a file's size", limit, lambda: None
        return
    try:
        yield "file system in memory", None, lambda: _resize(folder, size * 20)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _resize(folder: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)


def prepared(options: argparse.Namespace, work: Path) -> tuple[Trials, float]:
    """Make the corpus, the older study and the undisturbed one; return the trials and the undisturbed run's seconds."""
    stories = read_stories(options.shared)
    corpus, fewer = work / "corpus", work / "fewer"
    rows = options.articles // 2
    for folder, count in ((corpus, options.articles), (fewer, options.articles - rows // 2)):
        each = articles(stories, count, "short")
        write_folder(folder, islice(each, rows))
        write_lines(folder / "rows.jsonl.gz", each)
    trials = Trials(corpus, work / "base" / "study", work / "tried" / "study", options.workers, options.words_only)
    trials.base.parent.mkdir(parents=True)
    made = run(ingest(fewer, trials.base, words_only=options.words_only, workers=options.workers))
    trials.begin(with_old=False)
    undisturbed = run(trials.command())
    for ended in (made, undisturbed):
        if ended.code:
            sys.exit(f"nothing tried: an undisturbed run ended with {ended.code}: {ended.last_line()}")
    trials.old, trials.new = files_of(trials.base), files_of(trials.study)
    print(f"undisturbed run of {options.articles:,} articles: {undisturbed.seconds:.1f} s, {len(trials.new)} files",
          flush=True)
    return trials, undisturbed.seconds


def main() -> int:
    parser = argparse.ArgumentParser(description="Cut ingest short at random moments, and see what comes of it.")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--articles", type=int, default=1_200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--words-only", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--shared", type=Path, default=ROOT / "../shared")
    parser.add_argument("--work", type=Path, default=None, help="folder to try it in (default: a temporary one)")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    if options.work:
        options.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.work) as work:
        trials, duration = prepared(options, Path(work))
        try_kills(trials, options.kills, duration, draw)
        try_dask(trials, duration, draw)
        try_disks(trials)
    ends = ", ".join(f"{name} {count}" for name, count in trials.ends.items())
    print(f"\n{ends}; faults: {len(trials.faults)}")
    return 1 if trials.faults else 0


if __name__ == "__main__":
    sys.exit(main())
