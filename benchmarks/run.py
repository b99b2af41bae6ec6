"""Measure the package beside the usual way and its peers; print the tables and write them to `benchmarks/results.md`.

    python benchmarks/run.py [PART …] [--shared DIR] [--work DIR] [--sizes N,N] [--lengths short,long] [--only WAY,WAY]
                             [--rounds N]

Parts (default: all): figures, keyness, words, road, scale, subgroup, report, adding; `render` writes the page from
the numbers that are there, and measures nothing. Each part adds to `benchmarks/results.json`, so that sizes and ways
can be measured one by one:

    python benchmarks/run.py scale --sizes 1000 --rounds 1
    python benchmarks/run.py scale --sizes 100000 --only usual,usual_once

Ways of road and scale: usual, usual_once, words_1, words_2, words_dask, full_1, full_2, full_dask, from_study. DIR of
`--shared` holds the news sample (`corpora`; default `../shared`); corpora and studies are made in `--work` (default
`.bench` here, 3 GB at 100,000 articles) and can be deleted. Peers are those that `benchmarks/peers.py` has installed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import results
from corpus import NEWS
from machine import machine, versions
from measure import CommandFailed
from parts import adding, corpora, figures, keyness, report, subgroup, words
from parts.options import Options
from results import Records

from pingan_analysis.errors import PinganError

ROOT = Path(__file__).parents[1]
PARTS: dict[str, Callable[[Options], Iterator[Records]]] = {
    "figures": figures.figures, "keyness": keyness.keyness, "words": words.words, "road": corpora.road,
    "scale": corpora.scale, "subgroup": subgroup.subgroup, "report": report.report, "adding": adding.adding,
}
STORE = {"road": "corpora", "scale": "corpora"}
PAGES: dict[str, Any] = {
    "words": words, "corpora": corpora, "subgroup": subgroup, "adding": adding, "report": report, "figures": figures,
    "keyness": keyness,
}
INTRODUCTION = """# What was measured

Written by `python benchmarks/run.py` (`make bench`) from `results.json`. Every figure is measured, on one machine;
where a time has a range, it is the median of several runs, and in brackets the least and the most. A ratio is of
medians of runs that took turns on the same machine; where a way ran once, the runs came one after another, and the
machine's speed varied by a quarter in between. Corpora of 1,000 to 100,000 articles are made by varying the
stories of a sample of television news (`corpus.py`): sentences of several stories together, other numbers, days and
places.
"""


def measure_parts(chosen: Sequence[str], options: Options) -> bool:
    """Run the parts, keep their numbers as they come; return whether all of them went through."""
    well = True
    for name in chosen:
        print(f"\n{name}", flush=True)
        try:
            for records in PARTS[name](options):
                results.keep(STORE.get(name, name), records, facts())
        except (CommandFailed, PinganError) as error:
            print(f"{name}: not measured to the end: {error}", file=sys.stderr)
            well = False
    return well


def facts() -> dict[str, Any]:
    return {"machine": machine(), "versions": versions()}


def page(numbers: dict[str, Any]) -> str:
    parts = numbers.get("parts", {})
    here = ", ".join(f"{name} {value}" for name, value in numbers["machine"].items())
    used = ", ".join(f"{name} {value}" for name, value in sorted(numbers["versions"].items()))
    aims = [aim for name, module in PAGES.items() for aim in module.aims(parts.get(name, {}))]
    sections = [module.section(parts[name]) for name, module in PAGES.items() if parts.get(name)]
    measured_on = f"Machine: {here}.\n\nVersions: {used}.\n"
    return "\n".join([INTRODUCTION, measured_on, "## Aims\n", results.aims_table(aims), *sections])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure the package beside the usual way and its peers.")
    parser.add_argument("parts", nargs="*", metavar="PART", help="of " + ", ".join(PARTS) + "; or render")
    parser.add_argument("--shared", type=Path, default=ROOT / "../shared")
    parser.add_argument("--work", type=Path, default=ROOT / ".bench")
    parser.add_argument("--sizes", type=_numbers)
    parser.add_argument("--lengths", type=_names)
    parser.add_argument("--only", type=_names)
    parser.add_argument("--rounds", type=int)
    given = parser.parse_args(arguments)
    unknown = [name for name in given.parts if name not in (*PARTS, "render")]
    if unknown:
        parser.error(f"no part {unknown[0]!r}; there are {', '.join(PARTS)} and render")
    if not (given.shared / NEWS).exists():
        parser.error(f"--shared {given.shared}: holds no {NEWS}")
    options = Options(given.shared, given.work.resolve(), given.rounds, given.sizes, given.lengths, given.only)
    well = measure_parts([name for name in given.parts or PARTS if name != "render"], options)
    text = page(results.load())
    results.PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(f"\n{text}")
    return 0 if well else 1


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part.replace("_", "")) for part in text.split(","))


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


if __name__ == "__main__":
    sys.exit(main())
