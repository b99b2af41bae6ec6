"""How many specifications the keywords of the five articles are computed under, how long that takes, what survives.

    python benchmarks/robustness.py [--shared DIR]

DIR holds the articles (`articles`; default `../shared`). Every place is the target in turn. Printed are the seconds for
reading the articles, for cutting them six ways and for all places together; then by place: keywords (of any
specification), those that survive all, how many survive fewer than half, and the first five with their shares; the
same among the specifications that count words in simplified script, since two of the articles are in traditional
script; and the dimensions by what they matter: the mean over the keywords of the difference between the largest and the
smallest share of a dimension's choices in `survival_by_choice`.

All but the seconds is the same in every run.
"""

from __future__ import annotations

import argparse
import itertools
import time
from pathlib import Path

import pandas as pd

import pingan_analysis as pa
from pingan_analysis.robustness import keyword_specifications, keyword_survival, survival_by_choice, term_variants

ROOT = Path(__file__).parents[1]


def summary(place: str, specifications: pd.DataFrame) -> str:
    survival = keyword_survival(specifications)
    everywhere = "、".join(survival.loc[survival["share"].eq(1), "term"]) or "none"
    first = ", ".join(f"{term} {share:.2f}" for term, share in survival[["term", "share"]].head(5).to_numpy())
    return (f"{place}: {len(survival)} keywords; in all {specifications['spec'].nunique()}: {everywhere}; "
            f"in fewer than half: {survival['share'].lt(0.5).sum()}; first: {first}")


def spread(specifications: pd.DataFrame) -> pd.Series:
    """Return, for each dimension, the mean over keywords of the largest less the smallest share of its choices."""
    shares = survival_by_choice(specifications).groupby(["dimension", "term"])["share"]
    return (shares.max() - shares.min()).groupby("dimension").mean()


def main() -> None:
    parser = argparse.ArgumentParser(description="What keywords survive, and how long it takes to know.")
    parser.add_argument("--shared", type=Path, default=ROOT / "../shared")
    times = [time.perf_counter()]
    documents = pa.read_articles(parser.parse_args().shared / "articles")
    times.append(time.perf_counter())
    variants = term_variants(documents)
    times.append(time.perf_counter())
    by_place = {
        place: keyword_specifications(variants, documents, target=place) for place in sorted(set(documents["place"]))
    }
    survival = [keyword_survival(table) for table in by_place.values()]
    spreads = pd.DataFrame({place: spread(table) for place, table in by_place.items()})
    times.append(time.perf_counter())

    n_specifications = {int(table["specifications"].iloc[0]) for table in survival}
    seconds = [later - earlier for earlier, later in itertools.pairwise(times)]
    print(f"specifications: {', '.join(map(str, n_specifications))}")
    parts = zip(("read", "cut six ways", "all places", "together"), [*seconds, sum(seconds)], strict=True)
    print("seconds: " + ", ".join(f"{name} {value:.1f}" for name, value in parts))
    for place, table in by_place.items():
        print(summary(place, table))
        print("  simplified only: " + summary(place, table[table["script"].eq("simplified")]))
    print("\ndifference between a dimension's choices (mean over keywords)")
    print(spreads.assign(mean=spreads.mean(axis=1)).sort_values("mean", ascending=False).round(2).to_string())


if __name__ == "__main__":
    main()
