"""The locked packages with version, licence and what brings them along: writes docs/dependencies.md.

    python -m benchmarks.dependencies

It reads requirements.lock and pyproject.toml, and licences from what is installed; it asks nothing of a network.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/dependencies.md"
CARE = re.compile(r"\b(?:[AL]?GPL|GNU|MPL|EPL|CDDL|EUPL|Mozilla)", re.IGNORECASE)
NOT_INSTALLED = "not installed on the machine that wrote this"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_FROM_CLASSIFIER = re.compile(r"License :: (?:OSI Approved :: )?(.+)")
_INTRODUCTION = """# Packages that the project stands on

Written by `python -m benchmarks.dependencies` from requirements.lock, pyproject.toml and the packages' own statements
of their licences; not written by hand. "Direct": named in pyproject.toml, for use or (dev, dask) for an extra;
of the others, the packages that bring them along are named.
"""


class Package(NamedTuple):
    """A locked package; `brought_by` has the packages that need it, or the part of pyproject.toml that names it."""

    name: str
    version: str
    licence: str
    brought_by: str


def locked(lock: str) -> dict[tuple[str, str], list[str]]:
    """Return, by name and version, the lines of `# via` of each package in the text of requirements.lock.

    A package has several versions where those for different versions of Python differ.
    """
    packages: dict[tuple[str, str], list[str]] = {}
    via: list[str] = []
    for line in lock.splitlines():
        if pin := _PIN.match(line):
            via = packages.setdefault((normalized(pin[1]), pin[2]), [])
        elif line.lstrip().startswith("#"):
            via.extend(filter(None, [line.strip(" #").removeprefix("via").strip()]))
    return packages


def direct(project: str) -> dict[str, str]:
    """Return which parts of the text of pyproject.toml name each direct dependency: use, or extras."""
    table = tomllib.loads(project)["project"]
    named: dict[str, str] = {}
    for part, given in {"use": table["dependencies"], **table["optional-dependencies"]}.items():
        for found in filter(None, map(_NAME.match, given)):
            name = normalized(found[0])
            named[name] = f"{named[name]}, {part}" if name in named else part
    return named


def normalized(name: str) -> str:
    """Return a package's name as PyPI compares names.

    >>> normalized("Markup_Safe")
    'markup-safe'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(name: str) -> str:
    """Return the licence that an installed package states: its expression, else classifiers, else the free text."""
    try:
        stated: PackageMetadata = metadata(name)
    except PackageNotFoundError:
        return NOT_INSTALLED
    expression = stated.get("License-Expression") or ""
    classified = [found[1] for line in stated.get_all("Classifier") or [] if (found := _FROM_CLASSIFIER.match(line))]
    free = (stated.get("License") or "").strip().split("\n")[0][:60]
    return expression or "; ".join(classified) or free or "none stated"


def packages() -> list[Package]:
    """Return all locked packages, in order of name."""
    named = direct((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rows = locked((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    return [
        Package(name, version, licence_of(name),
                f"direct ({named[name]})" if name in named else ", ".join(sorted(set(via))))
        for (name, version), via in sorted(rows.items())
    ]


def page(rows: list[Package]) -> str:
    """Return docs/dependencies.md."""
    care = [row for row in rows if CARE.search(row.licence) or row.licence == "none stated"]
    lines = [
        _INTRODUCTION, f"{len(rows)} packages.\n", "## Licences that need care\n",
        "Copyleft, or none stated. The project imports these packages as they are and holds no code of theirs.\n",
        *(f"- {row.name} {row.version}: {row.licence}" for row in care), "\n## All\n",
        "| package | version | licence | brought by |\n|---|---|---|---|",
        *(f"| {row.name} | {row.version} | {row.licence.replace('|', '/')} | {row.brought_by} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(packages()), encoding="utf-8", newline="\n")
