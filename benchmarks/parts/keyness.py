"""Measures of keyness from the same counts, beside scattertext."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from corpus import ready_corpus
from from_study import sides, terms_by_place
from measure import measure, spread
from peers import interpreter, reason
from results import Aim, Records, table

import pingan_analysis as pa

from .commands import HERE, PYTHON, TARGET
from .corpora import words_study
from .options import Options

SIZE = 10_000
TITLES = {"pingan": "`pa.keyness_scores`, eleven measures", "scattertext": "scattertext, G² and LRC"}
ROUNDS = 5


def keyness(options: Options) -> Iterator[Records]:
    for size in options.sizes or (SIZE,):
        counts = write_counts(options, size)
        values = {}
        for name, python in {"pingan": PYTHON, "scattertext": interpreter("scattertext")}.items():
            if python is None:
                yield {f"{size} {name}": {"articles": size, "by": name, "left_out": reason(name)}}
                continue
            values[name] = counts.with_name(f"{name}.csv")
            run = measure([python, HERE / "keyness_values.py", counts, values[name], "--by", name,
                           "--rounds", str(options.rounds or ROUNDS)])
            told = json.loads(run.printed.strip().splitlines()[-1])
            yield {f"{size} {name}": {"articles": size, "by": name, **told}}
        if len(values) == len(TITLES):
            yield {f"{size} agreement": {"articles": size, **differences(*values.values())}}


def write_counts(options: Options, size: int) -> Path:
    """Write the occurrences of each term in the articles of one place and in the rest."""
    corpus = ready_corpus(options.corpora, options.shared, size)
    terms = terms_by_place(pa.load_study(words_study(corpus, f"short_{size}", options)))
    path = options.work / "keyness" / f"counts_{size}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    sides(terms, TARGET).rename(columns={"a": "target", "b": "reference"}).to_csv(path)
    return path


def differences(first: Path, second: Path) -> dict[str, float]:
    """Return the largest difference of each measure over all terms, as a share of the larger value (at least 1)."""
    one, other = (pd.read_csv(path, keep_default_na=False).set_index("term") for path in (first, second))
    scale = np.maximum(np.maximum(one.abs(), other.abs()), 1)
    return {name: float(value) for name, value in ((one - other).abs() / scale).max().items()}


def section(records: Records) -> str:
    rows = []
    for record in records.values():
        ours = records.get(f"{record['articles']} pingan", {}).get("seconds")
        if "seconds" in record:
            title = f"{TITLES[record['by']]} ({record['version']})"
            rows.append((f"{record['articles']:,}", f"{record['terms']:,}", title, spread(record["seconds"], 3),
                         f"{median(record['seconds']) / median(ours):.1f} ×" if ours else ""))
    text = INTRODUCTION + table(("articles", "terms", "what", "seconds", "time against the package's"), rows)
    for name, record in records.items():
        if "left_out" in record:
            text += f"\n{record['by']}: left out ({record['left_out']}).\n"
        if name.endswith("agreement"):
            text += (f"\nLargest relative difference of a value, {record['articles']:,} articles: "
                     f"G² {record['g2']:.1e}, LRC {record['lrc']:.1e}.\n")
    return text


INTRODUCTION = """## Measures of keyness from counts

`keyness_values.py`: the same counts of each term in one place's articles and in the rest, processor time from the
table in memory to the values, median of the rounds (least–most), each in the environment of whoever is measured.
scattertext defines two of the measures as the package does: Dunning's G² over four cells, and Evert's conservative
log ratio (LRC); its log odds have another variance. R's quanteda was not compared: Debian 12 has no package of it.

"""


def aims(records: Records) -> list[Aim]:
    return []
