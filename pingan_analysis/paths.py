"""Where the package's own data lies: in the repository, or inside an installed package."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from .errors import CannotWrite

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
        new, old = Path(beside, "new"), Path(beside, "old")
        new.mkdir()
        yield new
        if target.exists():
            target.rename(old)
        try:
            new.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
