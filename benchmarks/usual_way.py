"""The usual way from articles to TF-IDF and keywords in Python: pandas, jieba's `cut` as scikit-learn's tokenizer.

    python benchmarks/usual_way.py CORPUS.jsonl.gz --target PLACE [--once]

Prints the seconds of every step as JSON. read: the rows into a data frame; tf_idf: `TfidfVectorizer`, which cuts the
texts; count: `CountVectorizer`, which cuts them again, as keyness needs counts; keyness: G² and log odds of the
articles of one place against the rest, by hand. With `--once` the texts are cut once, which takes more care than is
usual: TF-IDF is made of the counts by `TfidfTransformer`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence

import jieba
import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer

TOKENS = {"tokenizer": jieba.cut, "token_pattern": None, "lowercase": False}


def keyness_by_hand(a: np.ndarray, b: np.ndarray) -> pd.DataFrame:
    """Return Dunning's G² and the log odds of counts `a` against `b`, a row a term."""
    n1, n2 = a.sum(), b.sum()
    share = (a + b) / (n1 + n2)
    with np.errstate(all="ignore"):
        cells = [
            np.where(seen > 0, seen * np.log(seen / expected), 0)
            for seen, expected in (
                (a, n1 * share), (b, n2 * share), (n1 - a, n1 * (1 - share)), (n2 - b, n2 * (1 - share)),
            )
        ]
        log_odds = np.log((a + 0.5) / (n1 - a + 0.5)) - np.log((b + 0.5) / (n2 - b + 0.5))
    return pd.DataFrame({"g2": 2 * np.sum(cells, axis=0), "log_odds": log_odds})


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="TF-IDF and keywords in the usual way.")
    parser.add_argument("corpus")
    parser.add_argument("--target", required=True)
    parser.add_argument("--once", action="store_true", help="cut the texts once")
    options = parser.parse_args(arguments)
    seconds = {}
    start = time.perf_counter()

    def done(step: str) -> None:
        nonlocal start
        seconds[step] = time.perf_counter() - start
        start = time.perf_counter()

    articles = pd.read_json(options.corpus, lines=True)
    done("read")
    if not options.once:
        TfidfVectorizer(**TOKENS).fit_transform(articles["text"])
        done("tf_idf")
    vectorizer = CountVectorizer(**TOKENS)
    counts = vectorizer.fit_transform(articles["text"])
    done("count")
    if options.once:
        TfidfTransformer().fit_transform(counts)
        done("tf_idf")
    here = articles["place"].eq(options.target).to_numpy()
    table = keyness_by_hand(*(np.asarray(counts[rows].sum(axis=0)).ravel().astype(float) for rows in (here, ~here)))
    table.insert(0, "term", vectorizer.get_feature_names_out())
    done("keyness")
    print(json.dumps({"articles": len(articles), "terms": len(table), "seconds": seconds}))


if __name__ == "__main__":
    main()
