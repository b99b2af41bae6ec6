"""Progress of long work, where a person is watching: on a terminal and in a notebook, never in a report or a log."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")
_DELAY = 1.0  # seconds: what takes no longer shows nothing


def progress(items: Iterable[T], name: str, *, unit: str, total: int | None = None) -> Iterator[T]:
    """Return `items`, showing on stderr how many of them are done, if it takes more than a moment.

    A notebook shows the bar as text, which needs no widgets. Nothing is shown where nobody is watching: stderr is a
    file or a pipe, or TQDM_DISABLE is set, as it is in reports. `total` is needed where `items` has no length.

    >>> list(progress([1, 2], "counting", unit=" articles"))
    [1, 2]
    """
    return iter(tqdm(items, desc=name, unit=unit, total=total, delay=_DELAY) if _is_watched() else items)


class Meter:
    """Shows on stderr how many bytes and files are done, how many a second, and the time left, where `progress` would.

    >>> with Meter("reading", 2_000_000, 1) as meter:
    ...     meter.reached(2_000_000, 1)
    """

    def __init__(self, name: str, n_bytes: int, n_files: int) -> None:
        self._n_files = n_files
        self._bar = tqdm(total=n_bytes, desc=name, unit="B", unit_scale=True, delay=_DELAY, disable=not _is_watched())

    def __enter__(self) -> Meter:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def reached(self, n_bytes: int, n_files: int) -> None:
        """Show that so many bytes and files are done."""
        self._bar.set_postfix_str(f"{n_files:,} of {self._n_files:,} files", refresh=False)
        self._bar.update(n_bytes - self._bar.n)


def _is_watched() -> bool:
    in_notebook = type(sys.stderr).__module__.startswith("ipykernel")
    return in_notebook or sys.stderr.isatty()
