"""The sources of the handout: typst files and the tables beside them."""

from __future__ import annotations

from pathlib import Path

from ..errors import NothingToRead
from ..lexicon import read_rows
from ..paths import PACKAGE_FOLDER

MAIN = "handout.typ"
CASES, EXERCISES = "cases.tsv", "exercises.tsv"


def sources_folder() -> Path:
    """Return `handout/` of the repository, else the copy in the package; raise `NothingToRead` where neither is."""
    in_repository = PACKAGE_FOLDER.parent / "handout"
    folder = in_repository if (in_repository / MAIN).is_file() else PACKAGE_FOLDER / "handout_sources"
    for name in (MAIN, CASES, EXERCISES):
        if not (folder / name).is_file():
            raise NothingToRead(f"{folder / name}: no such file; the handout cannot be made without it")
    return folder


def exercises() -> dict[str, str]:
    """Return which texts and names the exercises are about, by key (handout/exercises.tsv)."""
    return {row["key"]: row["value"] for row in read_rows(sources_folder() / EXERCISES, columns=["key", "value"])}


def case_notes() -> dict[str, dict[str, str]]:
    """Return genre and province in English of each article (handout/cases.tsv)."""
    rows = read_rows(sources_folder() / CASES, columns=["doc_id", "genre", "province_en"])
    return {row["doc_id"]: row for row in rows}
