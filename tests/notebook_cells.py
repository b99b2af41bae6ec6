"""Notebook cells made for tests, and their HTML."""

from __future__ import annotations

import base64
import textwrap
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup

from pingan_analysis.reporting.cell_html import render_cells
from pingan_analysis.reporting.notebook_files import make_steady
from pingan_analysis.reporting.pages import Page

PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c636060606000000005000157a2b2b40000000049454e44ae426082"
    )
).decode()


def text(source: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def code(source: str, *outputs: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(textwrap.dedent(source), outputs=list(outputs))


def shows(**data: str) -> nbformat.NotebookNode:
    """An output; the keywords are its media types, with _ for /."""
    return nbformat.v4.new_output(
        "display_data", data={kind.replace("_", "/"): value for kind, value in data.items()}
    )


def write_notebook(path: Path, *cells: nbformat.NotebookNode) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), path)
    return path


def render(
    *cells: nbformat.NotebookNode, lang: str = "en", folder: Path = Path()
) -> tuple[BeautifulSoup, Page]:
    """Render cells with the outputs that they have, without running anything."""
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    for number, cell in enumerate(notebook.cells, 1):
        cell.metadata["number"] = number
    page = Page("01_test", folder, lang, frozenset({"01_test", "02_next"}))
    make_steady(notebook, "/nowhere/figures")
    render_cells(notebook, page)
    return BeautifulSoup(page.body, "html.parser"), page
