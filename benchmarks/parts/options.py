"""What every part is told."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """`shared`: texts that are not in the repository; `work`: where corpora and studies are kept; `rounds`, `sizes`,
    `lengths`, `only`: how often, how many articles, which lengths, which ways; None: as the part has it."""

    shared: Path
    work: Path
    rounds: int | None = None
    sizes: tuple[int, ...] | None = None
    lengths: tuple[str, ...] | None = None
    only: tuple[str, ...] | None = None

    @property
    def corpora(self) -> Path:
        return self.work / "corpora"

    def study(self, name: str) -> Path:
        """Return where the study of that name lies, in a folder of its own with whatever ingestion keeps beside it."""
        return self.work / "studies" / name / "study"

    def new_study(self, name: str) -> Path:
        """Return the same, with nothing there."""
        study = self.study(name)
        shutil.rmtree(study.parent, ignore_errors=True)
        study.parent.mkdir(parents=True)
        return study
