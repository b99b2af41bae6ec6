"""Opening a file that may have become something else since it was listed."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import IO

_NEVER_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_regular(path: Path) -> IO[bytes]:
    """Open a file for reading; a pipe or device that has taken its place does not block.

    Raises `OSError` where there is no file, or none that is a regular one.
    """
    stream = os.fdopen(os.open(path, os.O_RDONLY | _NEVER_WAIT), "rb")
    if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        return stream
    stream.close()
    raise OSError(errno.EINVAL, "not a regular file", str(path))
