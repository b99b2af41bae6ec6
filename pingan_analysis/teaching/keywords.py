"""The exercise in reading a keyness plot: the table behind the plot, and what is to be read off it."""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np
import pandas as pd

from ..keyness import keyness
from ..lexicon import glosses
from ..study import Study
from ..terms import content_terms, term_spread

SHOWN = 18


def keyword_table(study: Study, target: str) -> pd.DataFrame:
    """Return the keywords of `target` against the other cases that the plot shows, in order of LRC."""
    terms = study.terms_with("place")
    content = term_spread(content_terms(terms))["term"]
    table = keyness(terms, target=target, by="place", vocabulary=content, seed=0)
    return table[table["n_target"].gt(0) & table["log_ratio"].gt(0)]


def keyword_facts(table: pd.DataFrame, target_en: str) -> dict[str, Any]:
    """Return the answers to the questions about the plot of the first `SHOWN` rows of a keyness table."""
    shown, design = table.head(SHOWN), table.attrs["design"]
    documents = [design["sizes"][side]["documents"] for side in ("target", "reference")]
    frequent = shown.iloc[int(shown["n_target"].to_numpy().argmax())]
    unsteady = shown.iloc[int((shown["rank_worst"] - shown["rank_best"]).to_numpy().argmax())]
    return {
        "target_en": target_en,
        "sizes": {side: {name: f"{n:,}" for name, n in sizes.items()} for side, sizes in design["sizes"].items()},
        "shown": len(shown),
        "first": _word(shown.iloc[0]),
        "frequent": _word(frequent),
        "times": f"{2 ** frequent['log_ratio']:.1f}",
        "endless": _terms(shown[np.isinf(shown["log_ratio_high"])]),
        "in_reference": int(shown.loc[np.isinf(shown["log_ratio_high"]), "n_reference"].max()),
        "claimed": _terms(shown[shown["claim"].ne("")]),
        "levels": sorted(set(shown["claim"]) - {""}),
        "lrc_zero": _terms(shown[shown["claim"].ne("") & shown["lrc"].eq(0)]),
        "rows": [_word(row) for _, row in shown.iterrows()],
        "tested": design["terms_tested"],
        "alpha": design["alpha"],
        "ways": comb(sum(documents), documents[0]),
        "smallest_p_documents": f"{design['smallest_p_documents']:.2g}",
        "one_document": _terms(shown[shown["one_document"]]),
        "several_documents": _terms(shown[~shown["one_document"]]),
        "unsteady": _word(unsteady),
    }


def _terms(rows: pd.DataFrame) -> list[str]:
    return [str(term) for term in rows["term"]]


def _word(row: Any) -> dict[str, Any]:
    return {
        "term": row["term"],
        "gloss": glosses().get(row["term"], ""),
        **{name: int(row[name]) for name in ("n_target", "n_reference", "rank", "rank_best", "rank_worst",
                                             "paragraphs_target", "paragraphs_reference", "documents_target")},
        **{name: f"{row[name]:.1f}" for name in ("log_ratio", "log_ratio_low", "log_ratio_high", "lrc",
                                                 "per_1000_target", "per_1000_reference")},
        "claim": row["claim"],
    }
