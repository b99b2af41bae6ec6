"""Asking again with other articles or another stop list: from the study's counts, or by cutting the texts again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from statistics import median

from corpus import ready_corpus
from measure import in_turn, measure, spread
from results import Aim, Records, table

from .commands import HERE, PYTHON, from_study
from .corpora import words_study
from .options import Options

TITLES = {
    "study": "TF-IDF of places and keyness, from the study",
    "study_documents": "TF-IDF of articles and keyness, from the study",
    "ours": "cutting the texts again, `Segmenter().cut`",
    "jieba": "cutting the texts again, `jieba.cut`",
}
AIM = 300


def subgroup(options: Options) -> Iterator[Records]:
    for size in options.sizes or (10_000,):
        corpus = ready_corpus(options.corpora, options.shared, size)
        study = words_study(corpus, f"short_{size}", options)
        cut = [PYTHON, str(HERE / "cut_again.py"), str(corpus), "--by"]
        commands = {
            "study": from_study(study, "--subgroup", "--by", "place"),
            "study_documents": from_study(study, "--subgroup"),
            "ours": [*cut, "pingan"],
            "jieba": [*cut, "jieba"],
        }
        chosen = {name: partial(measure, command) for name, command in commands.items()
                  if name in (options.only or commands)}
        for name, runs in in_turn(chosen, options.rounds or 3).items():
            told = [json.loads(run.printed.strip().splitlines()[-1])["seconds"] for run in runs]
            yield {f"{size} {name}": {
                "articles": size, "way": name,
                "seconds": [round(sum(value for step, value in one.items() if step != "start"), 3) for one in told],
            }}


def section(records: Records) -> str:
    rows = []
    for record in records.values():
        jieba = records.get(f"{record['articles']} jieba")
        times = median(jieba["seconds"]) / median(record["seconds"]) if jieba else None
        rows.append((f"{record['articles']:,}", TITLES[record["way"]], spread(record["seconds"], 2),
                     f"{times:,.0f} ×" if times else ""))
    return INTRODUCTION + table(("articles", "way", "seconds", "`jieba.cut` takes"), rows)


INTRODUCTION = """## Asking again with other articles and another stop list

Half of the articles (those with an even number), words of one character and of the stop list left out. Seconds by the
clock after the packages were imported and dictionaries loaded, median of the runs in turn (least–most). From the
study: opening it, TF-IDF, and keyness of one place against the rest. Cutting again: reading the rows and cutting
these texts, and no more.

"""


def aims(records: Records) -> list[Aim]:
    found = []
    for size in sorted({record["articles"] for record in records.values()}):
        for way in ("jieba", "ours"):
            pair = [records.get(f"{size} {name}") for name in (way, "study")]
            if pair[0] and pair[1]:
                times = median(pair[0]["seconds"]) / median(pair[1]["seconds"])
                aim = f"a new subgroup and stop list of {size:,} articles ≥ {AIM} × as fast as {TITLES[way]}"
                found.append(Aim(aim, f"{times:,.0f} ×", times >= AIM))
    return found
