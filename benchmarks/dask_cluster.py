"""A Dask cluster on this machine, for as long as its standard input is open.

    python benchmarks/dask_cluster.py [--workers 2]

Prints the address of its scheduler.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class Cluster(NamedTuple):
    """The address of a cluster's scheduler, and the number of the session that all its processes are in."""

    address: str
    session: int


@contextmanager
def running_cluster(workers: int = 2) -> Iterator[Cluster]:
    """Give a cluster of worker processes of one thread each, in a session of its own."""
    command = [sys.executable, str(Path(__file__)), "--workers", str(workers)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          start_new_session=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Cluster(process.stdout.readline().strip(), process.pid)
        process.stdin.close()


def main() -> None:
    from distributed import LocalCluster

    parser = argparse.ArgumentParser(description="A Dask cluster on this machine.")
    parser.add_argument("--workers", type=int, default=2)
    workers = parser.parse_args().workers
    with LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
