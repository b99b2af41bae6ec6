"""The files of a folder that may hold articles, in a fixed order, with the names that their articles get."""

from __future__ import annotations

import difflib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import NothingToRead
from .filetypes import SINGLE_SUFFIXES
from .sources import SOURCES_NAME
from .tabular import TABLE_SUFFIXES

KINDS = (*SINGLE_SUFFIXES, *TABLE_SUFFIXES)
CORRECTIONS_NAME = "corrections.csv"
ABOUT_THE_FOLDER = (SOURCES_NAME, CORRECTIONS_NAME, "readme", "readme.md", "readme.txt", "license", "license.txt")


@dataclass(frozen=True)
class FoundFile:
    """A file of a folder: its path, its name relative to the folder, and the name that its article will have.

    `problem` says why it will not be read; empty if nothing speaks against it yet.
    """

    path: Path
    name: str
    doc_id: str
    problem: str = ""


def find_files(path: str | os.PathLike[str]) -> list[FoundFile]:
    """List the file, or the files of the folder and its subfolders, sorted by relative name.

    Hidden files, Python's, and what tells of the folder itself (`sources.csv`, `corrections.csv`, a README or
    LICENSE) are left out; files of other kinds are listed with a `problem`.

    Raises `NothingToRead` where there is no such path or no file in it.
    """
    path = Path(path)
    try:
        if path.is_file():
            return [
                FoundFile(
                    path, path.name, _stem(path.name), _problem(path, path.parent.resolve(), single=True)
                )
            ]
        if not path.is_dir():
            raise NothingToRead(_no_such_path(path))
        root = path.resolve()
        problems = {name: problem or _problem(path / name, root) for name, problem in _names_in(path)}
    except (OSError, ValueError) as error:
        if isinstance(error, NothingToRead):
            raise
        raise NothingToRead(
            f"{path}: cannot be listed ({getattr(error, 'strerror', None) or error})"
        ) from error
    names = sorted(name for name, problem in problems.items() if problem or not _is_about_the_folder(name))
    if not names:
        raise NothingToRead(f"{path}: an empty folder; it should hold {', '.join(KINDS)} files")
    ids = _unique_stems(names)
    return [FoundFile(path / name, _storable(name), ids[name], problems[name]) for name in names]


def _names_in(folder: Path) -> Iterator[tuple[str, str]]:
    """The files of a folder and its subfolders, and the subfolders that are not looked into with the reason why."""
    waiting = [""]
    while waiting:
        parent = waiting.pop()
        try:
            with os.scandir(folder / parent) as entries:
                found = [(f"{parent}{entry.name}", _kind(entry)) for entry in entries if not _is_hidden(entry)]
        except OSError as error:
            if not parent:
                raise
            yield parent.rstrip("/"), f"a folder that cannot be listed ({error.strerror}); what is in it is not read"
            continue
        waiting += [f"{name}/" for name, kind in found if kind == "folder"]
        yield from ((name, "") for name, kind in found if kind == "file")
        yield from ((name, _LINKED_FOLDER) for name, kind in found if kind == "linked folder")


_LINKED_FOLDER = "symbolic link to a folder; links are not followed: put the folder itself here"


def _kind(entry: os.DirEntry[str]) -> str:
    try:
        is_folder = entry.is_dir()
    except OSError:  # a link in a circle
        return "file"
    if not is_folder:
        return "file"
    return "linked folder" if entry.is_symlink() else "folder"


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    return entry.name.startswith(".") or (entry.name.startswith("__") and entry.is_dir(follow_symlinks=False))


def _is_about_the_folder(name: str) -> bool:
    return _base(name).lower() in ABOUT_THE_FOLDER


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def sources_beside(path: Path) -> list[tuple[str, Path]]:
    """The tables of sources beside the files, each with its folder relative to `path` ("" or "a/")."""
    if path.is_file():
        beside = path.parent / SOURCES_NAME
        return [("", beside)] if beside.is_file() and not beside.samefile(path) else []
    root = path.resolve()
    found = sorted(
        name
        for name, problem in _names_in(path)
        if _base(name).lower() == SOURCES_NAME and not problem and not _problem(path / name, root)
    )
    return [(name.removesuffix(_base(name)), path / name) for name in found]


def _problem(path: Path, root: Path, *, single: bool = False) -> str:
    if not path.name.lower().endswith(KINDS) and not _is_about_the_folder(path.name):
        return f"not a kind that is read: {path.suffix or 'no suffix'}"
    if path.is_symlink() and not single and not _resolved(path).is_relative_to(root):
        return "symbolic link that leads out of the folder"
    try:
        if path.exists() and not path.is_file():
            return "not a regular file"
    except OSError as error:
        return f"cannot be looked at ({error.strerror})"
    return ""


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return Path("/")


def _stem(name: str) -> str:
    stem = next(
        (
            name[: -len(suffix)]
            for suffix in sorted(KINDS, key=len, reverse=True)
            if name.lower().endswith(suffix)
        ),
        name,
    )
    return _printable(stem)


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "_" for c in name)


def _storable(name: str) -> str:
    """The name with bytes that are no UTF-8 spelled out (\\xff), so that no two files share one."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _unique_stems(names: list[str]) -> dict[str, str]:
    """The shortest of stem, stem with folder, name with folder that no other file shares."""
    for_each = {name: (_stem(_base(name)), _stem(name), _printable(name)) for name in names}
    counts = [Counter(forms[i] for forms in for_each.values()) for i in range(3)]
    return {
        name: next((form for form, count in zip(forms, counts, strict=True) if count[form] == 1), forms[-1])
        for name, forms in for_each.items()
    }


def _no_such_path(path: Path) -> str:
    if path.exists():
        return f"{path}: not a regular file"
    parent = path.parent
    names = [p.name for p in parent.iterdir()] if parent.is_dir() else []
    near = difflib.get_close_matches(path.name, names, n=3)
    hint = f"; did you mean {' or '.join(repr(str(parent / name)) for name in near)}?" if near else ""
    return f"{path}: no such file or folder{hint}"
