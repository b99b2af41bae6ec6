"""Whole corpora: the usual way and the package's, by number and length of the articles."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from statistics import median

from corpus import characters, ready_corpus
from dask_cluster import running_cluster
from measure import Measured, in_turn, measure, spread
from results import Aim, Record, Records, table

from .commands import from_study, ingest, usual_way
from .options import Options

WORDS, FULL = "words", "full"
INGESTS = {
    f"{kind}_{how}": (kind == WORDS, how) for kind in (WORDS, FULL) for how in ("1", "2", "dask")
}
WAYS = ("usual", "usual_once", *INGESTS, "from_study")
ROAD = ("usual", "usual_once", "words_2", "from_study")
TITLES = {
    "usual": "usual way", "usual_once": "usual way, texts cut once",
    "words_1": "ingest, words only, 1 process", "words_2": "ingest, words only, 2 processes",
    "words_dask": "ingest, words only, Dask cluster of 2", "full_1": "ingest in full, 1 process",
    "full_2": "ingest in full, 2 processes", "full_dask": "ingest in full, Dask cluster of 2",
    "from_study": "TF-IDF and keyness from the study",
}
LENGTHS = {"short": "as they come", "long": "like the five articles"}
MANY = 50_000
"""From so many articles on, each way is run once unless told otherwise."""


def road(options: Options) -> Iterator[Records]:
    """Yield the records of reading, cutting, counting, TF-IDF and keyness for 10,000 articles, in both lengths."""
    yield from run(options, sizes=(10_000,), lengths=tuple(LENGTHS), ways=ROAD)


def scale(options: Options) -> Iterator[Records]:
    """Yield the records of every way for 1,000 to 100,000 short articles."""
    yield from run(options, sizes=(1_000, 10_000, 15_000, 100_000), lengths=("short",), ways=WAYS)


def run(
    options: Options, *, sizes: tuple[int, ...], lengths: tuple[str, ...], ways: tuple[str, ...]
) -> Iterator[Records]:
    chosen = [way for way in ways if way in (options.only or ways)]
    for length in options.lengths or lengths:
        for size in options.sizes or sizes:
            corpus = ready_corpus(options.corpora, options.shared, size, length=length)
            name = f"{length}_{size}"
            subjects = {way: partial(run_once, way, corpus, name, options) for way in chosen}
            print(f"{size:,} articles, {LENGTHS[length]}", flush=True)
            measured = in_turn(subjects, options.rounds or (1 if size >= MANY else 3))
            n_chars = characters(corpus)
            for way, runs in measured.items():
                yield {f"{length} {size} {way}": {
                    "length": length, "articles": size, "way": way, "characters": n_chars,
                    "runs": [one.record() | {"steps": steps(one)} for one in runs],
                }}


def run_once(way: str, corpus: Path, name: str, options: Options) -> Measured:
    if way in INGESTS:
        words_only, how = INGESTS[way]
        study = options.new_study(f"{name}_{way}")
        if how == "dask":
            with running_cluster() as cluster:
                command = ingest(corpus, study, words_only=words_only, scheduler=cluster.address)
                return measure(command, beside=[cluster.session])
        return measure(ingest(corpus, study, words_only=words_only, workers=int(how)))
    if way == "from_study":
        return measure(from_study(words_study(corpus, name, options)))
    return measure(usual_way(corpus, *(["--once"] if way == "usual_once" else [])))


def words_study(corpus: Path, name: str, options: Options) -> Path:
    """Return the study of words of a corpus, which is made where it is not there yet."""
    study = options.study(f"{name}_words_2")
    if not study.is_dir():
        measure(ingest(corpus, options.new_study(f"{name}_words_2"), words_only=True))
    return study


def steps(run: Measured) -> dict[str, float]:
    """Return the seconds of the steps that a script printed; nothing of `pingan ingest`."""
    last = run.printed.strip().splitlines()[-1:] or [""]
    if not last[0].startswith("{"):
        return {}
    return {name: round(value, 3) for name, value in json.loads(last[0])["seconds"].items()}


def seconds(record: Record) -> list[float]:
    return [run["seconds"] for run in record["runs"]]


def of(records: Records, length: str, size: int, way: str) -> Record | None:
    return records.get(f"{length} {size} {way}")


def whole_road(records: Records, length: str, size: int) -> Record | None:
    """Return ingestion of words and the analysis from the study as one: rounds added up, the larger memory."""
    parts = [of(records, length, size, way) for way in ("words_2", "from_study")]
    first, second = parts
    if first is None or second is None:
        return None
    pairs = zip(first["runs"], second["runs"], strict=False)
    runs = [
        {"seconds": one["seconds"] + two["seconds"],
         **{name: max(one[name], two[name]) for name in ("largest_mb", "all_mb")}}
        for one, two in pairs
    ]
    return {**first, "way": "whole_road", "runs": runs}


def ratio(slow: Record | None, fast: Record | None) -> float | None:
    return median(seconds(slow)) / median(seconds(fast)) if slow and fast else None


def largest(record: Record) -> float:
    return max(run["largest_mb"] for run in record["runs"])


def cells(record: Record, usual: Record | None) -> tuple[str, ...]:
    took = seconds(record)
    megabytes = 3 * record["characters"] / 1e6
    times = ratio(usual, record)
    return (
        spread(took), f"{megabytes / median(took):.2f}", f"{largest(record):,.0f}",
        f"{max(run['all_mb'] for run in record['runs']):,.0f}", f"{times:.1f} ×" if times else "", str(len(took)),
    )


def rows(records: Records, length: str, size: int) -> list[tuple[str, ...]]:
    usual = of(records, length, size, "usual")
    named: Mapping[str, Record | None] = {
        **{title: of(records, length, size, way) for way, title in TITLES.items()},
        "**whole road: ingest, words only, 2 processes, then TF-IDF and keyness**": whole_road(records, length, size),
    }
    return [(title, *cells(record, usual)) for title, record in named.items() if record]


def section(records: Records) -> str:
    groups = sorted({(record["length"], record["articles"]) for record in records.values()},
                    key=lambda group: (group[0] != "short", group[1]))
    header = ("way", "seconds", "MB/s", "largest process, MB", "all processes, MB", "usual way takes", "runs")
    text = INTRODUCTION
    for length, size in groups:
        n_chars = next(r["characters"] for r in records.values() if (r["length"], r["articles"]) == (length, size))
        text += (f"\n### {size:,} articles, {LENGTHS[length]} ({n_chars / size:,.0f} characters each)\n\n"
                 + table(header, rows(records, length, size)) + step_lines(records, length, size))
    return text


def step_lines(records: Records, length: str, size: int) -> str:
    """Return the seconds of the steps of those ways that tell them."""
    text = ""
    for way in ("usual", "usual_once", "from_study"):
        record = of(records, length, size, way)
        told = [run["steps"] for run in record["runs"] if run["steps"]] if record else []
        if told:
            of_steps = ", ".join(f"{name} {median([run[name] for run in told]):.2f}" for name in told[0])
            text += f"\n{TITLES[way]}, seconds by step: {of_steps}.\n"
    return text


INTRODUCTION = """## From articles to TF-IDF and keywords

Seconds by the clock, of whole commands with the start of their interpreters: median of the runs in turn (least–most).
MB/s: megabytes of UTF-8, three a character. *Largest process*: the most memory (resident) that any one process held
at any time; *all processes*: the largest sum at one moment, shared memory counted in each; for Dask, scheduler and
workers are counted and their start is not timed. *Usual way takes*: how many times as long, where both were measured.

The usual way (`usual_way.py`) reads the rows with pandas, cuts with `jieba.cut` as tokenizer of `TfidfVectorizer` and
of `CountVectorizer`, and computes G² and log odds with NumPy, all in one process. *Texts cut once*: by somebody who
makes TF-IDF out of the counts of `CountVectorizer`. *In full* is `pingan ingest` with metrics, models, channels and
shared wording, which the usual way has not. TF-IDF is of every word in every article (from the study, the ten highest
of each are returned), keyness of the articles of one place against the rest.
"""


def aims(records: Records) -> list[Aim]:
    found = []
    for length, described in LENGTHS.items():
        for way in ("usual", "usual_once"):
            times = ratio(of(records, length, 10_000, way), whole_road(records, length, 10_000))
            found.append(Aim(f"read, cut, count, TF-IDF and keyness of 10,000 articles ({described}) ≥ 20 × the "
                             f"{TITLES[way]}", f"{times:.1f} ×" if times else "", bool(times and times >= 20)))
    few, many = (whole_road(records, "short", size) for size in (10_000, 100_000))
    times = ratio(many, few)
    found.append(Aim("100,000 articles in ≤ 10.5 × the time of 10,000", f"{times:.1f} ×" if times else "",
                     bool(times and times <= 10.5)))
    measured = {"the same road": many, **{TITLES[way]: of(records, "short", 100_000, way) for way in INGESTS}}
    for name, record in measured.items():
        if record:
            held = largest(record)
            found.append(Aim(f"100,000 articles, {name}: no process over 500 MB", f"{held:,.0f} MB", held <= 500))
    return found


