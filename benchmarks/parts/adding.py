"""Adding articles to a study, against making it from nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

from corpus import ready_corpus
from measure import Measured, in_turn, measure, spread
from results import Aim, Records, table

from .commands import copied, ingest
from .options import Options

NEW = 100
KINDS = {"full": "in full", "words": "words only"}
FORMS = {"rows": "rows of one file", "files": "a file an article"}


def adding(options: Options) -> Iterator[Records]:
    for size in options.sizes or (15_000,):
        for kind in KINDS:
            for form in FORMS:
                if options.only is None or kind in options.only or form in options.only:
                    yield one_kind(options, size, kind, form)


def one_kind(options: Options, size: int, kind: str, form: str) -> Records:
    before, after = (corpus_of(options, count, form) for count in (size, size + NEW))
    name = f"adding_{kind}_{form}_{size}"
    base = options.new_study(name)
    measure(ingest(before, base, words_only=kind == "words"))
    print(f"{size:,} articles and {NEW} more, {KINDS[kind]}, {FORMS[form]}", flush=True)
    runs = in_turn({
        "added": partial(added, base, options.study(f"{name}_added"), after, kind),
        "anew": lambda: measure(ingest(after, options.new_study(f"{name}_anew"), words_only=kind == "words")),
    }, options.rounds or 3)
    same = same_files(*(options.study(f"{name}_{how}") for how in runs))
    return {f"{size} {kind} {form}": {
        "articles": size, "kind": kind, "form": form, "same": same,
        **{how: [run.record() for run in measured] for how, measured in runs.items()},
    }}


def corpus_of(options: Options, count: int, form: str) -> Path:
    """Return the corpus; a file of rows keeps its name when rows are added."""
    corpus = ready_corpus(options.corpora, options.shared, count, as_folder=form == "files")
    if form == "files":
        return corpus
    grown = options.work / "adding" / str(count) / "articles.jsonl.gz"
    grown.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(corpus, grown)
    return grown


def added(base: Path, study: Path, corpus: Path, kind: str) -> Measured:
    copied(base, study)
    return measure(ingest(corpus, study, words_only=kind == "words"))


def same_files(first: Path, second: Path) -> bool:
    contents = [
        {path.relative_to(study): path.read_bytes() for path in study.rglob("*") if path.is_file()}
        for study in (first, second)
    ]
    return contents[0] == contents[1]


def section(records: Records) -> str:
    rows = []
    for record in records.values():
        took = {how: [run["seconds"] for run in record[how]] for how in ("added", "anew")}
        rows.append((f"{record['articles']:,}", KINDS[record["kind"]], FORMS[record["form"]], spread(took["added"]),
                     spread(took["anew"]), f"{median(took['anew']) / median(took['added']):.1f} ×",
                     "yes" if record["same"] else "no"))
    header = ("articles before", "study", "corpus", f"with {NEW} more, seconds", "from nothing, seconds", "ratio",
              "same files")
    return INTRODUCTION + table(header, rows)


INTRODUCTION = f"""## Adding {NEW} articles to a study

`pingan ingest` with two processes onto a study of the same articles without the last {NEW}, and into an empty folder;
seconds by the clock, median of the runs in turn (least–most). *Same files*: whether the two studies are the same byte
for byte.

"""


def aims(records: Records) -> list[Aim]:
    return []
