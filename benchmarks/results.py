"""What was measured, kept as numbers in `results.json`, from which `results.md` is written.

Parts are measured one by one, at different times if need be; each part adds to what is there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
NUMBERS, PAGE = HERE / "results.json", HERE / "results.md"
Record = dict[str, Any]
Records = dict[str, Record]


class Aim(NamedTuple):
    """What was to be reached, what was measured (empty where it was not), and whether that is enough."""

    aim: str
    measured: str
    met: bool


def load(path: Path = NUMBERS) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def keep(part: str, records: Mapping[str, Record], facts: Mapping[str, Any], path: Path = NUMBERS) -> None:
    """Put the records of a part beside those that are there; one of the same name is replaced."""
    numbers = load(path) | dict(facts)
    numbers.setdefault("parts", {}).setdefault(part, {}).update(records)
    text = json.dumps(numbers, ensure_ascii=False, indent=1) + "\n"
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8", newline="\n")
    new.replace(path)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def aims_table(aims: Sequence[Aim]) -> str:
    rows = [(a.aim, a.measured or "not measured", "yes" if a.met else "no" if a.measured else "") for a in aims]
    return table(("aim", "measured", "met"), rows)
