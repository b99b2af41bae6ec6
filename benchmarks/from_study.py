"""TF-IDF and keywords from a study, which holds counts: no text is read or cut again.

    python benchmarks/from_study.py STUDY --target PLACE [--by place] [--stop-list] [--subgroup] [--keyness] [--matrix]

Prints the seconds of every step as JSON. start: importing the package, of which each part is loaded when it is first
named; load: opening the study; tf_idf: TF-IDF of every term in every article (`--by place`: in the articles of every
place), of which the ten highest of each are returned; keyness: G², log odds and the other measures of
`pa.keyness_scores` of the articles of one place against the rest. With `--stop-list` words of one character and those
of the shipped stop list are left out, with `--subgroup` all but the even-numbered articles, as in asking again. With
`--matrix` the study's counts are held in memory as `pa.document_term_matrix` (load), and asked there (counts: taking
the rows and columns, and adding up the occurrences of each term in them). With
`--keyness` `pa.keyness` is computed as well, without permutations: dispersion, documents and paragraphs, and the
stability of ranks come with it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence

START = time.perf_counter()
TOP = 10

import duckdb  # noqa: E402
import pandas as pd  # noqa: E402

import pingan_analysis as pa  # noqa: E402
from pingan_analysis.counting import connection, count_by, rows_with  # noqa: E402
from pingan_analysis.matrix import DocumentTermMatrix  # noqa: E402
from pingan_analysis.segment import stop_words_of  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="TF-IDF and keywords from a study.")
    parser.add_argument("study")
    parser.add_argument("--target", required=True)
    parser.add_argument("--stop-list", action="store_true")
    parser.add_argument("--subgroup", action="store_true")
    parser.add_argument("--keyness", action="store_true")
    parser.add_argument("--matrix", action="store_true")
    parser.add_argument("--by", choices=["doc_id", "place"], default="doc_id")
    options = parser.parse_args(arguments)
    seconds = {}
    start = START

    def done(step: str) -> None:
        nonlocal start
        seconds[step] = time.perf_counter() - start
        start = time.perf_counter()

    if options.stop_list:  # asking again: what is loaded when it is first named was loaded
        pa.tf_idf, pa.keyness_scores  # noqa: B018
        stop_words_of(True)
    done("start")
    study = pa.load_study(options.study)
    terms = terms_by_place(study)
    if options.matrix:
        matrix = pa.document_term_matrix(terms, by=["place", "doc_id"])
        done("load")
        asked = part_of(matrix, options)
        asked.total()
        done("counts")
    else:
        if options.stop_list:
            terms = without_stop_words(terms)
        if options.subgroup:
            terms = terms.filter("doc_id[-1:] IN ('0', '2', '4', '6', '8')")
        asked = terms
        done("load")
    n_weights = len(pa.tf_idf(asked, by=options.by, top=TOP))
    done("tf_idf")
    scores = keyness_scores((sides_of if options.matrix else sides)(asked, options.target))
    done("keyness")
    if options.keyness:
        pa.keyness(terms, target=options.target, by="place", permutations=0, duplicates=True)
        done("keyness_in_full")
    sizes = {"articles": len(study.documents), "weights": n_weights, "terms": len(scores)}
    print(json.dumps(sizes | {"seconds": seconds}))


def terms_by_place(study: pa.Study) -> duckdb.DuckDBPyRelation:
    """Return the counts of a study with the place of their article."""
    terms = study.terms_with("place", duplicates=True)
    return connection().from_df(terms) if isinstance(terms, pd.DataFrame) else terms


def without_stop_words(terms: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    words = terms.project("term").distinct().df()
    kept = words["term"].str.len().gt(1) & ~words["term"].isin(stop_words_of(True))
    return rows_with(terms, words[kept])


def sides(terms: duckdb.DuckDBPyRelation, target: str) -> pd.DataFrame:
    """Return the occurrences of each term (index) in the articles of `target` (a) and in the rest (b)."""
    is_target = (duckdb.ColumnExpression("place") == duckdb.ConstantExpression(target)).alias("is_target")
    counts = count_by(terms.select(is_target, "term", "n"), by="is_target")
    here = counts["is_target"].to_numpy(dtype=bool)
    both = pd.DataFrame({"a": counts["n"].where(here, 0), "b": counts["n"].mask(here, 0)})
    return both.groupby(counts["term"]).sum()


def part_of(matrix: DocumentTermMatrix, options: argparse.Namespace) -> DocumentTermMatrix:
    """Return what is left of `matrix` without stop words and odd-numbered articles, where these are not wanted."""
    kept = matrix.terms.str.len() > 1
    return matrix.only(
        terms=kept & ~matrix.terms.isin(stop_words_of(True)) if options.stop_list else None,
        units=matrix.units.get_level_values("doc_id").str[-1:].isin(list("02468")) if options.subgroup else None,
    )


def sides_of(matrix: DocumentTermMatrix, target: str) -> pd.DataFrame:
    here = matrix.units.get_level_values("place") == target
    both = pd.DataFrame({"a": matrix.total(here), "b": matrix.total(~here)})
    return both[both["a"] + both["b"] > 0]


def keyness_scores(counts: pd.DataFrame) -> pd.DataFrame:
    return pa.keyness_scores(counts["a"], counts["a"].sum(), counts["b"], counts["b"].sum())


if __name__ == "__main__":
    main()
