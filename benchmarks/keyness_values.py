"""Measures of keyness from counts of terms, by the package or by scattertext: values and seconds.

    python benchmarks/keyness_values.py COUNTS.csv VALUES.csv --by pingan|scattertext [--rounds 5]

COUNTS has the columns term, target, reference. VALUES gets term, g2 and lrc, the measures that both define alike:
Dunning's G² over four cells, negative where the term is rarer in the target, and Evert's conservative log ratio at
0.05, corrected for all terms. Printed is, as JSON, the processor time of each round, from the table in memory to the
values. The package computes its other nine measures in the same time. Run with the interpreter of the environment of
whoever is measured.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import time
from collections.abc import Callable

import pandas as pd

Scores = Callable[[pd.DataFrame], pd.DataFrame]


def pingan() -> Scores:
    from pingan_analysis import keyness_scores

    def scores(counts: pd.DataFrame) -> pd.DataFrame:
        a, b = counts["target"], counts["reference"]
        table: pd.DataFrame = keyness_scores(a, a.sum(), b, b.sum())
        return table

    return scores


def scattertext() -> Scores:
    from scattertext.TermDocMatrixFromFrequencies import TermDocMatrixFromFrequencies
    from scattertext.termscoring.g2 import G2
    from scattertext.termscoring.lrc import LRC

    def scores(counts: pd.DataFrame) -> pd.DataFrame:
        matrix = TermDocMatrixFromFrequencies(counts[["target", "reference"]]).build()
        scorers = {"g2": G2, "lrc": LRC}
        return pd.DataFrame({
            name: scorer(matrix).set_categories("target", ["reference"]).get_scores()
            for name, scorer in scorers.items()
        }, index=counts.index)

    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures of keyness: values and seconds.")
    parser.add_argument("counts")
    parser.add_argument("values")
    parser.add_argument("--by", choices=["pingan", "scattertext"], required=True)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    counts = pd.read_csv(options.counts, keep_default_na=False).set_index("term")
    scores = {"pingan": pingan, "scattertext": scattertext}[options.by]()
    seconds = []
    for _ in range(options.rounds):
        start = time.process_time()
        values = scores(counts)
        seconds.append(time.process_time() - start)
    values[["g2", "lrc"]].to_csv(options.values)
    package = {"pingan": "pingan-analysis"}.get(options.by, options.by)
    print(json.dumps({"terms": len(counts), "version": importlib.metadata.version(package), "seconds": seconds}))


if __name__ == "__main__":
    main()
