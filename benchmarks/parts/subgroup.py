"""Asking again with other articles or another stop list: from the study's counts, or by cutting the texts again."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

from corpus import ready_corpus
from measure import in_turn, measure, spread
from results import Aim, Record, Records, table

from .commands import HERE, PYTHON, from_study
from .corpora import LENGTHS as DESCRIBED
from .corpora import words_study
from .options import Options

TITLES = {
    "study": "TF-IDF of places and keyness, from the study",
    "study_documents": "TF-IDF of articles and keyness, from the study",
    "matrix_counts": "the counts of their words, from the study's counts in memory",
    "matrix": "TF-IDF of places and keyness, from the study's counts in memory",
    "matrix_documents": "TF-IDF of articles and keyness, from the study's counts in memory",
    "ours": "cutting the texts again, `Segmenter().cut`",
    "jieba": "cutting the texts again, `jieba.cut`",
}
CUTTING = ("jieba", "ours")
BRIEFLY = {"jieba": "`jieba.cut`", "ours": "`Segmenter().cut`"}
QUESTIONS = {"stop_list": "another stop list, all articles", "half": "another stop list, half of the articles"}
IN_MEMORY = ("matrix_counts", "matrix", "matrix_documents")
LENGTHS = ("short", "long")
AIM = 300
ASKED = {
    "study": "TF-IDF and keyness, with opening the study", "matrix": "TF-IDF and keyness, from counts in memory",
    "matrix_counts": "the counts of the words, from counts in memory",
}


def subgroup(options: Options) -> Iterator[Records]:
    for length in options.lengths or LENGTHS:
        for size in options.sizes or (10_000,):
            corpus = ready_corpus(options.corpora, options.shared, size, length=length)
            study = words_study(corpus, f"{length}_{size}", options)
            for question in QUESTIONS:
                yield asked(options, corpus, study, {"length": length, "articles": size, "question": question})


def asked(options: Options, corpus: Path, study: Path, facts: Record) -> Records:
    part = ["--subgroup"] if facts["question"] == "half" else []
    cut = [PYTHON, str(HERE / "cut_again.py"), str(corpus), *part, "--by"]
    commands = {
        "study": from_study(study, "--stop-list", *part, "--by", "place"),
        "study_documents": from_study(study, "--stop-list", *part),
        "matrix": from_study(study, "--stop-list", *part, "--by", "place", "--matrix"),
        "matrix_documents": from_study(study, "--stop-list", *part, "--matrix"),
        "ours": [*cut, "pingan"],
        "jieba": [*cut, "jieba"],
    }
    wanted = options.only or tuple(commands)
    chosen = {name: partial(measure, command) for name, command in commands.items() if name in wanted}
    print(f"{facts['articles']:,} articles, {DESCRIBED[facts['length']]}, {QUESTIONS[facts['question']]}", flush=True)
    records = {}
    for name, runs in in_turn(chosen, options.rounds or 3).items():
        told = [json.loads(run.printed.strip().splitlines()[-1])["seconds"] for run in runs]
        before = ("start", "load") if name in IN_MEMORY else ("start",)
        seconds = [round(sum(value for step, value in one.items() if step not in before), 3) for one in told]
        once = [round(one["load"], 3) for one in told] if name in IN_MEMORY else []
        records[name_of(facts, name)] = {**facts, "way": name, "seconds": seconds, "loaded": once}
        if name == "matrix":
            counts = [round(one["counts"], 4) for one in told]
            records[name_of(facts, "matrix_counts")] = {
                **facts, "way": "matrix_counts", "seconds": counts, "loaded": once}
    return records


def name_of(facts: Record, way: str) -> str:
    return f"{facts['length']} {facts['articles']} {facts['question']} {way}"


def times_of(records: Records, record: Record, slow: str, fast: str) -> float | None:
    """Return how many times as long one way takes as another, for the same question; None where one is missing."""
    pair = [records.get(name_of(record, way)) for way in (slow, fast)]
    if pair[0] is None or pair[1] is None:
        return None
    return median(pair[0]["seconds"]) / median(pair[1]["seconds"])


def section(records: Records) -> str:
    header = ("articles", "asked", "way", "seconds", *(f"{BRIEFLY[slow]} takes" for slow in CUTTING), "loaded once in")
    rows = []
    for record in records.values():
        compared = [times_of(records, record, slow, record["way"]) for slow in CUTTING]
        rows.append((f"{record['articles']:,}, {DESCRIBED[record['length']]}", QUESTIONS[record["question"]],
                     TITLES[record["way"]], spread(record["seconds"], 2),
                     *(f"{times:,.{0 if times >= 10 else 1}f} ×" if times else "" for times in compared),
                     spread(record["loaded"], 1) if record.get("loaded") else ""))
    return INTRODUCTION + table(header, rows)


INTRODUCTION = """## Asking again with other articles or another stop list

Words of one character and of the stop list left out; all articles, or half (those with an even number). Seconds by
the clock after the packages were imported and dictionaries loaded, median of the runs in turn (least–most). From the
study: opening it, TF-IDF, and keyness of one place against the rest. From its counts in memory: the same of a
`pa.document_term_matrix`, which a notebook makes once (*loaded once in*), and asks as often as it likes; *the counts of
their words* come before TF-IDF and keyness. Cutting again: reading the rows and cutting these texts, and no more (they
would still have to be counted).

"""


def aims(records: Records) -> list[Aim]:
    """Return an aim for each corpus and way, of which the least of all questions counts."""
    found = []
    corpora = dict.fromkeys((record["length"], record["articles"]) for record in records.values())
    for (length, size), (way, asked_for), slow in itertools.product(corpora, ASKED.items(), CUTTING):
        asked_of = [record for record in records.values()
                    if (record["length"], record["articles"], record["way"]) == (length, size, way)]
        compared = [times for record in asked_of if (times := times_of(records, record, slow, way))]
        if compared:
            found.append(Aim(f"another stop list or subgroup of {size:,} articles ({DESCRIBED[length]}): {asked_for}, "
                             f"≥ {AIM} × as fast as cutting the texts again with {BRIEFLY[slow]}",
                             " and ".join(f"{times:,.0f} ×" for times in compared), min(compared) >= AIM))
    return found
