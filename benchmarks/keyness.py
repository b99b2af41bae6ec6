"""What keyness claims where nothing is there, what it finds, how fast it is, and whether script matters.

    python benchmarks/keyness.py [--shared DIR]

`--shared` is the folder with the texts that are not in the repository (default `../shared`). Five parts:

1. Calibration on the five articles: how often each recipe claims a keyword in 1,000 random splits of the paragraphs of
at least five words into a target of a fifth of all words and the rest, terms with at least five occurrences, α = 0.05.
First with the package's words; then with the content words among them; then with plain jieba's words of the whole
files, and a target of 932 words.
2. Power on the same splits: how often a word is found that is planted four times as often in the target.
3. One article against four: the smallest p, and the claims about documents and paragraphs.
4. Script: keywords of each article against the rest when all are converted to simplified or to traditional characters;
Jaccard index of the keywords by claim, by G² (above 3.84), and of the first 50 by LRC.
5. Speed on the news sample, one year against the rest: seconds, and seconds of processor time of all processes, without
permutations and with 999, on one process and on two; the run fails unless the tables are the same.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
from opencc import OpenCC

from pingan_analysis.articles import read_articles
from pingan_analysis.calibration import calibrate_keyness, keyness_power
from pingan_analysis.keyness import KeynessTable, keyness
from pingan_analysis.script import to_simplified
from pingan_analysis.segment import Segmenter
from pingan_analysis.segmenting.engine import PythonEngine
from pingan_analysis.terms import content_terms, count_terms

ROOT = Path(__file__).parents[1]
RECIPES = ("g2_bh", "g2_bonferroni", "permutation", "g2_bh_tokens")
EVIDENCE_WORDS = 932
YEAR = "2020"


def print_calibration(documents: pd.DataFrame, terms: pd.DataFrame) -> None:
    plain = words_of_plain_jieba(documents)
    for title, table, options in (
        ("all words", terms, {}),
        ("content words", terms, {"vocabulary": content_terms(terms)["term"]}),
        (f"plain jieba, {EVIDENCE_WORDS} words", plain, {"target_words": EVIDENCE_WORDS}),
    ):
        start = time.perf_counter()
        print_table(f"Claims in random splits: {title}", calibrate_keyness(table, recipes=RECIPES, **options), start)


def words_of_plain_jieba(documents: pd.DataFrame) -> pd.DataFrame:
    """Return terms as they are without the package: every line a paragraph, boilerplate included."""
    cut = PythonEngine().cut
    rows = [
        (doc_id, para, word)
        for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True)
        for para, line in enumerate(to_simplified(text).splitlines())
        for word in cut(line)
        if any("一" <= character <= "鿿" for character in word)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "para", "term"]).value_counts().rename("n").reset_index()


def print_power(terms: pd.DataFrame) -> None:
    start = time.perf_counter()
    power = keyness_power(terms, per_1000=(1, 2, 3, 4, 5, 6, 8, 10))
    wide = power.pivot_table(index="per_1000", columns="recipe", values="rate").reset_index()
    print_table("Share of splits in which a word is found that is four times as frequent", wide, start)


def print_one_against_four(terms: pd.DataFrame) -> None:
    start = time.perf_counter()
    rows = []
    for target in sorted(set(terms["doc_id"])):
        table, forced = keyness(terms, target=target), keyness(terms, target=target, unit="doc_id")
        rows.append((target, forced.design["smallest_p"], len(claimed(forced)), table.design["smallest_p"],
                     len(claimed(table))))
    columns = ["target", "smallest p, documents", "claims", "smallest p, paragraphs", "claims "]
    print_table("One article against four", pd.DataFrame(rows, columns=columns), start)


def print_scripts(documents: pd.DataFrame) -> None:
    start = time.perf_counter()
    segmenter = Segmenter()
    twins = [count_terms(converted(documents, config), segmenter=segmenter) for config in ("t2s", "s2t")]
    rows = []
    for target in documents["doc_id"]:
        tables = [keyness(terms, target=target) for terms in twins]
        rows.append((target, *(jaccard(*map(keywords, tables)) for keywords in (claimed, by_g2, first_by_lrc))))
    print_table("Jaccard index of the keywords in both scripts",
                pd.DataFrame(rows, columns=["target", "claimed", "G² > 3.84", "first 50"]), start)


def converted(documents: pd.DataFrame, config: str) -> pd.DataFrame:
    return documents.assign(text=documents["text"].map(OpenCC(config).convert), boilerplate=[()] * len(documents))


def claimed(table: KeynessTable) -> pd.Series:
    return table.loc[table["claim"] != "", "term"]


def by_g2(table: KeynessTable) -> Iterable[str]:
    return table.loc[table["g2"] > 3.84, "term"]


def first_by_lrc(table: KeynessTable) -> Iterable[str]:
    return table["term"].head(50)


def jaccard(first: Iterable[str], second: Iterable[str]) -> float:
    one, other = set(first), set(second)
    return len(one & other) / len(one | other) if one | other else 1.0


def print_speed(shared: Path) -> None:
    documents = read_articles(shared / "corpora" / "news_2012_2026_sample.jsonl.gz")
    terms = count_terms(documents)
    terms["year"] = terms["doc_id"].map(documents.set_index("doc_id")["published"].dt.year.astype(str))
    print(f"\n{len(documents):,} stories, {terms['n'].sum():,} words, {len(terms):,} rows of terms")
    none = timed("without permutations", lambda: keyness(terms, target=YEAR, by="year", permutations=0))
    print(f"{len(none):,} terms tested")
    one = timed("999 permutations, one process", lambda: keyness(terms, target=YEAR, by="year"))
    two = timed("999 permutations, two processes", lambda: keyness(terms, target=YEAR, by="year", workers=2))
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    print(f"the same table; {(one['claim'] != '').sum():,} terms claimed")


def timed(title: str, compare: Callable[[], KeynessTable]) -> KeynessTable:
    start, used = time.perf_counter(), processor_seconds()
    table = compare()
    took, used = time.perf_counter() - start, processor_seconds() - used
    print(f"{title:34}{took:8.1f} s{used:8.1f} s of processor time", flush=True)
    return table


def processor_seconds() -> float:
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def print_table(title: str, table: pd.DataFrame, start: float) -> None:
    print(f"\n{title} ({time.perf_counter() - start:.1f} s)\n{table.round(3).to_string(index=False)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="What keyness claims and finds, and how fast.")
    parser.add_argument("--shared", type=Path, default=ROOT / "../shared")
    shared = parser.parse_args().shared
    documents = read_articles(shared / "articles")
    terms = count_terms(documents)
    print_calibration(documents, terms)
    print_power(terms)
    print_one_against_four(terms)
    print_scripts(documents)
    print_speed(shared)


if __name__ == "__main__":
    main()
