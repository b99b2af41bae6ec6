"""Where the package's own data lies: in the repository, or inside an installed package."""

from __future__ import annotations

from pathlib import Path

PACKAGE_FOLDER = Path(__file__).resolve().parent


def data_folder() -> Path:
    """Return the folder with the shipped study, the digests and `sources.csv`.

    That is `data/` of the repository where the package is used from a checkout, else the copy in the package.
    """
    in_repository = PACKAGE_FOLDER.parent / "data"
    return in_repository if (in_repository / "sources.csv").is_file() else PACKAGE_FOLDER / "data"
