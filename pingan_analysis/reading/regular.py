"""Reading files that may have become something else since they were listed, and may change while they are read."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import IO

from ..errors import UnreadableArticle

MAX_TABLE_BYTES = 100_000_000  # of a table about articles: of sources, corrections, codings

_NEVER_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_regular(path: Path) -> IO[bytes]:
    """Open a file for reading; a pipe or device that has taken its place does not block.

    Raises `OSError` where there is no file, or none that is a regular one.
    """
    descriptor = os.open(path, os.O_RDONLY | _NEVER_WAIT)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise OSError(errno.EINVAL, "not a regular file", str(path))


def read_regular(path: Path, what: str, most: int) -> bytes:
    """Return the bytes of a file, which is `what` ("an article") in the words of an error.

    Raises `OSError` as `open_regular` does, `UnreadableArticle` where it is, or grows, longer than `most` bytes.
    """
    with open_regular(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > most:
            raise UnreadableArticle(f"file of {size:,} bytes; {what} is read up to {most:,}")
        data = stream.read(most + 1)
    if len(data) > most:
        raise UnreadableArticle(f"file that grew beyond {most:,} bytes while it was read")
    return data
