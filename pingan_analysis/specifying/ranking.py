"""The keywords of a target, by each measure."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from .counting import CaseCounts, compare

_DECIMALS = 9
"""To which values are rounded, so that equal ones share a rank on every machine."""


def score_terms(
    counts: CaseCounts, target: int, specifications: pd.DataFrame, *, min_n: int
) -> Iterator[pd.DataFrame]:
    """Yield the columns spec, term, value of the case at position `target`, for each of `specifications`, which differ
    in reference and measure only; nothing where there is nothing to compare."""
    from ..keyness import keyness_scores  # imports half of SciPy, which those who only count need not

    for reference, alike in specifications.groupby("reference"):
        compared = compare(counts, target, reference=str(reference), min_n=min_n)
        if compared:
            scores = keyness_scores(compared.a, compared.n1, compared.b, compared.n2)
            for spec, measure in zip(alike["spec"], alike["measure"], strict=True):
                yield pd.DataFrame({"spec": spec, "term": compared.terms, "value": scores[measure].to_numpy()})


def rank_terms(scored: pd.DataFrame, top: int) -> pd.DataFrame:
    """Return the columns spec, term, value and rank of the terms that rank among the `top` of a specification with a
    value above 0; a term stands once, with its best value, and ties share a rank."""
    scored = scored.round({"value": _DECIMALS})
    best = scored[scored["value"].gt(0)].groupby(["spec", "term"], as_index=False)["value"].max()
    best["rank"] = best.groupby("spec")["value"].rank(method="min", ascending=False).astype("Int64")
    ranked: pd.DataFrame = best[best["rank"].le(top)]
    return ranked
