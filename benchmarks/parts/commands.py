"""The commands that are measured."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parents[1]
TARGET = "南湖区"
PYTHON = sys.executable
PINGAN = [PYTHON, "-m", "pingan_analysis.cli"]


def ingest(corpus: Path, study: Path, *, words_only: bool = False, workers: int = 2, scheduler: str = "") -> list[str]:
    how = ["--scheduler", scheduler] if scheduler else ["--workers", str(workers)]
    return [*PINGAN, "ingest", str(corpus), "--out", str(study), *how, *(["--words-only"] if words_only else [])]


def from_study(study: Path, *options: str) -> list[str]:
    return [PYTHON, str(HERE / "from_study.py"), str(study), "--target", TARGET, *options]


def usual_way(corpus: Path, *options: str) -> list[str]:
    return [PYTHON, str(HERE / "usual_way.py"), str(corpus), "--target", TARGET, *options]


def copied(study: Path, to: Path) -> None:
    """Put a copy of a study, with what lies beside it, where `to` says."""
    shutil.rmtree(to.parent, ignore_errors=True)
    shutil.copytree(study.parent, to.parent)
