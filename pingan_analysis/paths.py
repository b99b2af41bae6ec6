"""Where the package's own data lies: in the repository, or inside an installed package."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .errors import CannotWrite

_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE (also RENAME_SWAP of macOS)
PACKAGE_FOLDER = Path(__file__).resolve().parent


def data_folder() -> Path:
    """Return the folder with the shipped study, the digests and `sources.csv`.

    That is `data/` of the repository where the package is used from a checkout, else the copy in the package.
    """
    in_repository = PACKAGE_FOLDER.parent / "data"
    return in_repository if (in_repository / "sources.csv").is_file() else PACKAGE_FOLDER / "data"


def write_whole(path: Path, content: bytes, *, what: str) -> Path:
    """Write `content` beside, then rename: at `path` is the old file or the new one, never a part. Returns `path`.

    Raises `CannotWrite`, which says what cannot be written ("the figure").
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise CannotWrite(f"{path}: {what} cannot be written ({error.strerror or error})") from error
    return path


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a new folder to write into, which takes the place of the folder `target` when the block is done.

    If the block or the swap fails, `target` is as it was. Nothing is left beside it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as beside:
        new = Path(beside, "new")
        new.mkdir()
        yield new
        put_in_place(new, target)


def put_in_place(new: Path, target: Path) -> None:
    """Have the folder `new` take the place of `target`, which ends up where `new` was, or beside it, named "old".

    All of `new` is on the disk before. Where the system can exchange two folders at once (Linux, macOS), there is at
    every moment the one or the other at `target`; elsewhere it is gone for an instant.
    """
    _flush(new)
    if not target.exists():
        new.rename(target)
    elif not exchange(new, target):
        old = new.with_name("old")
        target.rename(old)
        try:
            new.rename(target)
        except OSError:
            old.rename(target)
            raise


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system, or its file system, cannot."""
    library: Any = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    paths = (os.fsencode(one), os.fsencode(other))
    if hasattr(library, "renameat2"):
        return bool(library.renameat2(_HERE, paths[0], _HERE, paths[1], _EXCHANGE) == 0)
    if hasattr(library, "renamex_np"):
        return bool(library.renamex_np(*paths, _EXCHANGE) == 0)
    return False


def _flush(folder: Path) -> None:
    """Have the system write what it still holds of the files in `folder`, so that a power cut cannot empty them."""
    for path in (*folder.rglob("*"), folder):
        if os.name == "posix" or path.is_file():
            descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
