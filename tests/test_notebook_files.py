"""Notebook files: which cells are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from notebook_cells import code, text, write_notebook

from pingan_analysis.reporting.notebook_files import name_of, read_notebook


class TestCellsOnTheShippedStudy:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        cells = [text("# All"), text("Five articles."), code("shipped = 5"), code("0"), text("Also")]
        cells[1].metadata["tags"] = ["shipped", "reading"]
        cells[2].metadata["tags"] = ["shipped"]
        cells[3].metadata["tags"] = ["other"]
        return write_notebook(tmp_path / "01_all.ipynb", *cells)

    def test_are_left_out_for_another_study(self, path: Path) -> None:
        cells = read_notebook(path, with_shipped=False).cells
        assert [cell.source for cell in cells] == ["# All", "0", "Also"]

    def test_are_kept_for_the_shipped_one(self, path: Path) -> None:
        cells = read_notebook(path, with_shipped=True).cells
        assert [cell.source for cell in cells] == ["# All", "Five articles.", "shipped = 5", "0", "Also"]

    def test_others_keep_the_numbers_that_they_have_in_the_notebook(self, path: Path) -> None:
        cells = read_notebook(path, with_shipped=False).cells
        assert [name_of(cell) for cell in cells[1:]] == ["code cell 2 ('0')", "text cell 3 ('Also')"]
