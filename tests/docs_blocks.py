"""Blocks of code in the documents; as a program it runs those of the documents that are named.

    python tests/docs_blocks.py docs/tutorial.md docs/methods.md

Each document runs in a folder of its own in the current one, with copies of `data` and `handout`; its blocks share a
namespace. A block `text` shows what the block before it prints; a line of three dots alone stands for any lines. A
block `tsv FILE`, `csv FILE` or `diff FILE` adds its lines to the copy of that file, or changes them, before the first
block runs; such a document must be the only one that is named.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import re
import shlex
import shutil
import sys
import warnings
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
SETS_UP_A_MACHINE = frozenset(
    {"make", "git", "conda", "mamba", "pip", "python3", ".venv/bin/python", "cd", "py", "dask"}
)
"""Commands that make or change an environment, which a test of documents does not run."""
_FENCE = re.compile(r"^```(\w+)(?: +(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ANY_LINES = "..."


class Block(NamedTuple):
    """A fenced block: language, the file that it is to be added to or "", code, and the line that it begins in."""

    language: str
    file: str
    code: str
    line: int


def blocks_of(text: str) -> list[Block]:
    """Return the fenced blocks of a document that name a language, in order."""
    return [Block(found[1], found[2] or "", found[3], text.count("\n", 0, found.start(3)) + 1)
            for found in _FENCE.finditer(text)]


def commands_of(block: Block) -> list[list[str]]:
    """Return the commands of a block `sh`, in words; comments and the line ends of continued lines are left out."""
    lines = block.code.replace("\\\n", " ").splitlines()
    return [words for words in (shlex.split(line, comments=True) for line in lines) if words]


def matches(shown: str, printed: str) -> bool:
    """Return whether `printed` is what a document shows, less white space at the ends of lines.

    >>> matches("a\\n...\\nd\\n", "a \\nb\\nc\\nd\\n"), matches("a\\n", "b\\n")
    (True, False)
    """
    lines = shown.rstrip().splitlines()
    pattern = "".join(r"(?:.*\n)*?" if line == _ANY_LINES else re.escape(line.rstrip()) + "\n" for line in lines)
    return bool(re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())))


def add_lines(blocks: list[Block]) -> None:
    """Make the changes that the blocks of a document name a file for."""
    for block in blocks:
        if block.file:
            path = Path(block.file)
            text = path.read_text(encoding="utf-8")
            changed = _with_changes(text, block) if block.language == "diff" else text + block.code
            path.write_text(changed, encoding="utf-8", newline="\n")


def _with_changes(text: str, block: Block) -> str:
    """Return `text` with the changes of a block `diff`; each stands between lines @@, and fits one place."""
    for change in re.split(r"^@@\n", block.code, flags=re.MULTILINE):
        lines = [(line[:1], line[1:]) for line in change.splitlines(keepends=True)]
        before = "".join(line for mark, line in lines if mark != "+")
        after = "".join(line for mark, line in lines if mark != "-")
        if text.count(before) != 1:
            sys.exit(f"line {block.line}: {before!r} stands in {block.file} {text.count(before)} times")
        text = text.replace(before, after)
    return text


def run_document(document: Path) -> None:
    """Run the blocks of a document in the current folder; an error names the line."""
    blocks = blocks_of(document.read_text(encoding="utf-8"))
    add_lines(blocks)
    name = document.relative_to(ROOT).as_posix() if document.is_relative_to(ROOT) else document.name
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block, following in pairwise([*blocks, Block("", "", "", 0)]):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            _run(block, namespace, name)
        if following.language == "text" and not matches(following.code, printed.getvalue()):
            sys.exit(f"{name}, line {following.line}: this is printed instead:\n{printed.getvalue()}")


def _run(block: Block, namespace: dict[str, Any], name: str) -> None:
    if block.language == "python":
        code = "\n" * (block.line - 1) + block.code
        exec(compile(code, f"<{name}>", "exec"), namespace)
    elif block.language == "sh":
        for command in commands_of(block):
            _run_command(command, f"{name}, line {block.line}")


def _run_command(command: list[str], where: str) -> None:
    if command[0] in SETS_UP_A_MACHINE:
        return
    if command[0] != "pingan":
        sys.exit(f"{where}: {command[0]!r} is neither pingan nor a command that sets up a machine")
    if command[1] == "report" and "--study" not in command:
        sys.exit(f"{where}: a report of the shipped study would write into the project's figures; name a study")
    if command[1] == "report":
        _only_the_first_notebook()
    from pingan_analysis.cli import main

    with warnings.catch_warnings():  # the command line shows warnings in its own way
        failed = main(command[1:])
    if failed:
        sys.exit(f"{where}: {shlex.join(command)} failed")


def _only_the_first_notebook() -> None:
    """Let `pingan report` run one notebook: all of them have tests of their own, and take a minute."""
    from pingan_analysis import report
    from pingan_analysis.reporting.notebook_files import notebook_files

    report.notebook_files = lambda folder: notebook_files(folder)[:1]  # type: ignore[assignment]


def run_documents(documents: list[Path]) -> None:
    """Run documents, each in a folder of its own with copies of what they read and change."""
    folder = Path.cwd()
    for number, document in enumerate(documents):
        own = folder / f"document_{number}"
        changes = any(block.file for block in blocks_of(document.read_text(encoding="utf-8")))
        for name in ("data", "handout", *(["pingan_analysis"] if changes else [])):
            shutil.copytree(ROOT / name, own / name, ignore=shutil.ignore_patterns("__pycache__"))
        if changes:
            sys.path.insert(0, str(own))
        os.chdir(own)
        run_document(document)


if __name__ == "__main__":
    gc.set_threshold(50_000)  # as in conftest.py
    run_documents([Path(name).resolve() for name in sys.argv[1:]])
