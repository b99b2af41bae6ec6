"""Notebook files: which there are, their cells, and outputs that are the same on every run."""

from __future__ import annotations

import re
import sys
import tempfile
from functools import cache
from pathlib import Path

from ..errors import NothingToRead, PinganError
from ..paths import PACKAGE_FOLDER
from .jupyter import nbformat

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
_CELL_FILE = re.compile(re.escape(str(Path(tempfile.gettempdir(), "ipykernel_"))) + r"\d+[/\\]\d+\.py")
_STYLER = re.compile(r"\bT_[0-9a-f]{5}(?=[_\"' ])")


class ReportError(PinganError):
    """A notebook that cannot be run or shown, or a place that the report cannot be written to."""


def notebook_files(folder: Path | str | None) -> list[Path]:
    if folder is None:
        in_repository = PACKAGE_FOLDER.parent / "notebooks"
        folder = in_repository if in_repository.is_dir() else PACKAGE_FOLDER / "notebooks"
    files = sorted(Path(folder).resolve().glob("[0-9][0-9]_*.ipynb"))
    if not files:
        raise NothingToRead(
            f"notebooks {str(folder)!r}: no notebook there that is named like 01_corpus.ipynb"
        )
    return files


def read_notebook(path: Path, *, with_shipped: bool) -> nbformat.NotebookNode:
    """Read a notebook without its outputs; cells tagged "shipped" speak of the shipped study only."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat lets many kinds through
        raise ReportError(f"{path.name}: not a notebook that can be read ({one_line(str(error))})") from None
    counts = {"code": 0, "markdown": 0, "raw": 0}
    for cell in notebook.cells:
        counts[cell.cell_type] += 1
        cell.metadata["number"] = counts[cell.cell_type]
        if cell.cell_type == "code":
            cell.outputs = []
    notebook.cells = [cell for cell in notebook.cells if with_shipped or not _is_for_shipped_study(cell)]
    return notebook


def _is_for_shipped_study(cell: nbformat.NotebookNode) -> bool:
    return "shipped" in cell.metadata.get("tags", [])


def name_of(cell: nbformat.NotebookNode) -> str:
    """Name a cell so that it can be found: its number among those of its kind, and its first line."""
    first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
    kind = "code cell" if cell.cell_type == "code" else "text cell"
    return f"{kind} {cell.metadata.number} ({first[:60]!r})"


def one_line(text: str) -> str:
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())[:500]


def make_steady(notebook: nbformat.NotebookNode, figures: str) -> None:
    """Take out of the outputs what differs between runs and machines.

    Those are memory addresses, process numbers, pandas' random table names, and the folders of this machine.
    """
    for cell in notebook.cells:
        for number, output in enumerate(cell.get("outputs", [])):
            styler = f"T_{cell.metadata.number}_{number}"
            if "text" in output:
                output.text = _steady(output.text, figures)
            for kind, value in output.get("data", {}).items():
                if kind.startswith("text/") and isinstance(value, str):
                    output.data[kind] = _STYLER.sub(styler, _steady(value, figures))


def _steady(text: str, figures: str) -> str:
    text = _CELL_FILE.sub("cell", text.replace(figures, "figures"))
    return _machine_folders().sub("…", _ADDRESS.sub("at 0x…", text))


@cache
def _machine_folders() -> re.Pattern[str]:
    folders = {str(PACKAGE_FOLDER.parent), str(Path.home()), sys.prefix, sys.base_prefix}
    longest_first = sorted((folder for folder in folders if len(folder) > 1), key=len, reverse=True)
    return re.compile(rf"(?<![\w/.])(?:{'|'.join(map(re.escape, longest_first))})(?=[/\\])")
