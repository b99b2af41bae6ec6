"""How exact and how fast wording is found that documents share.

    python benchmarks/reuse.py [--shared DIR]

DIR holds the texts that are not in the repository (`articles`, `corpora`; default `../shared`); what is not there is
skipped, with the reason. Three tables:

1. The five articles: runs and occurrences found, and those that dynamic programming over every pair of articles finds
   (written here, apart from the package); shared 8-grams of the two articles on 西安高新区 (Xi'an Hi-tech Zone): of the
   different 8-grams of each, how many the other has, and the Jaccard similarity; where the formula
   发案少秩序好社会稳定群众满意 ("few cases, good order, a stable society, content masses") stands.
2. The news sample, its first N stories, each N in a process of its own: stories, compared characters, runs, rows,
   seconds (of the processor, one core, without the reading of the file), peak memory of the process in MB, and growth:
   the exponent by which seconds grew with characters since the line above (1 linear, 2 quadratic). Copies are compared
   too.
3. Texts made to be hard: characters, runs, rows, seconds, and the peak memory of the process so far.

All but seconds and memory is the same in every run.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import chain, combinations
from pathlib import Path

import numpy as np
import pandas as pd

from pingan_analysis.articles import read_articles
from pingan_analysis.plain import PlainText
from pingan_analysis.reuse import shared_phrase_rows, shared_phrases

ROOT = Path(__file__).parents[1]
STORIES = (1_000, 4_000, 15_000)
MIN_CHARS = 8
FORMULA = "发案少秩序好社会稳定群众满意"


def blocks(text: str, boilerplate: tuple[tuple[int, int, str], ...]) -> list[str]:
    """Return what is compared of `text`, cut at boilerplate."""
    edges = [0, *(edge for start, end, _ in boilerplate for edge in (start, end)), len(text)]
    kept = (text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    return ["".join(c.casefold() for c in PlainText(part).text if c.isalnum()) for part in kept]


def maximal_matches(a: str, b: str) -> set[str]:
    """Return the wording of `a` and `b` that cannot be prolonged, by dynamic programming."""
    codes_a, codes_b = (np.array([ord(c) for c in text], dtype=np.int32) for text in (a, b))
    found: set[str] = set()
    lengths = np.zeros(len(b) + 1, dtype=np.int32)
    for i in range(len(a)):
        lengths[1:] = np.where(codes_b == codes_a[i], lengths[:-1] + 1, 0)
        further = np.append(codes_b[1:] == codes_a[i + 1], False) if i + 1 < len(a) else np.zeros(len(b), dtype=bool)
        ended = np.flatnonzero((lengths[1:] >= MIN_CHARS) & ~further)
        found |= {a[i + 1 - lengths[j + 1] : i + 1] for j in ended}
    return found


def occurrences(wording: str, texts: list[str]) -> int:
    return sum(text.startswith(wording, i) for text in texts for i in range(len(text)))


def print_articles(folder: Path) -> None:
    if not folder.is_dir():
        print(f"articles skipped: no {folder}")
        return
    articles = read_articles(folder)
    phrases = shared_phrases(articles, min_chars=MIN_CHARS)
    compared = [blocks(*row) for row in zip(articles["text"], articles["boilerplate"], strict=True)]
    wanted = {
        wording for one, other in combinations(compared, 2) for a in one for b in other
        for wording in maximal_matches(a, b)
    }
    names = {hashlib.sha256(wording.encode()).hexdigest()[:16]: wording for wording in wanted}
    every_block = list(chain.from_iterable(compared))
    counts = {name: occurrences(wording, every_block) for name, wording in names.items()}
    found = phrases["reuse_id"].value_counts().to_dict()
    print(f"{'five articles':24}{'runs':>8}{'rows':>8}")
    print(f"{'package':24}{len(found):8}{len(phrases):8}")
    print(f"{'dynamic programming':24}{len(counts):8}{sum(counts.values()):8}")
    print(f"the same runs with the same numbers of rows: {found == counts}")
    print_pair(dict(zip(articles["doc_id"], compared, strict=True)))
    where = phrases[phrases["phrase"] == FORMULA].merge(articles[["doc_id", "place", "script"]], on="doc_id")
    print(f"{FORMULA}: " + ", ".join(f"{row.place} ({row.script})" for row in where.itertuples()))


def print_pair(compared: dict[str, list[str]]) -> None:
    grams = {
        doc_id: {part[i : i + MIN_CHARS] for part in parts for i in range(len(part) - MIN_CHARS + 1)}
        for doc_id, parts in compared.items()
    }
    one, other = (name for name in grams if name.startswith("gaoxin"))
    shared = len(grams[one] & grams[other])
    for name in (one, other):
        print(f"{MIN_CHARS}-grams of {name}: {len(grams[name])}, shared {shared / len(grams[name]):.3f}")
    print(f"Jaccard similarity: {shared / len(grams[one] | grams[other]):.3f}")


def news(path: Path, stories: int) -> pd.DataFrame:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for _, line in zip(range(stories), lines, strict=False)]
    return pd.DataFrame({"doc_id": [f"s{i}" for i in range(len(texts))], "text": texts})


def measure_news(path: Path, stories: int) -> None:
    """Print one line of measurements as JSON; to be run in a process of its own."""
    documents = news(path, stories)
    start = time.process_time()
    phrases = shared_phrases(documents)
    seconds = time.process_time() - start
    megabytes = peak_memory()
    characters = sum(len(part) for text in documents["text"] for part in blocks(text, ()))
    print(json.dumps({
        "stories": len(documents), "characters": characters, "runs": phrases["reuse_id"].nunique(),
        "rows": len(phrases), "seconds": seconds, "megabytes": megabytes,
    }))


def peak_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def print_news(path: Path) -> None:
    if not path.exists():
        print(f"\nnews sample skipped: no {path}")
        return
    print(f"\n{'stories':>8}{'characters':>12}{'runs':>9}{'rows':>9}{'seconds':>9}{'MB':>7}{'growth':>8}")
    before: dict[str, float] = {}
    for stories in STORIES:
        command = [sys.executable, __file__, "--stories", str(stories), "--news", str(path)]
        line = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        growth = f"{exponent(before, line):8.2f}" if before else ""
        print(f"{line['stories']:8}{line['characters']:12,}{line['runs']:9,}{line['rows']:9,}{line['seconds']:9.1f}"
              f"{line['megabytes']:7.0f}{growth}")
        before = line


def exponent(before: dict[str, float], after: dict[str, float]) -> float:
    return math.log(after["seconds"] / before["seconds"]) / math.log(after["characters"] / before["characters"])


def hard_texts() -> Iterator[tuple[str, Callable[[], list[str]]]]:
    draw = random.Random(1)
    letters = [chr(0x4E00 + i) for i in range(3_000)]
    long = "".join(draw.choices(letters, k=100_000))
    yield "one character, 100,000 and 99,999 times", lambda: ["甲" * 100_000, "甲" * 99_999]
    yield "one character, 20 texts of about 100,000", lambda: ["甲" * (100_000 + i) for i in range(20)]
    for period in (2, 7, 1_000):
        yield f"{period} characters over and over, 3 texts", lambda period=period: [
            long[:period] * (100_000 // period), long[:period] * (80_000 // period), long[3:period] + long[:period] * 50
        ]
    yield "500 copies of 2,000 characters", lambda: [long[:2_000]] * 500
    yield "the first 400, 800 … 40,000 of one text", lambda: [long[:n] for n in range(400, 40_001, 400)]
    yield "every part (≥ 8) of a text of 60", lambda: [
        long[i:j] for i in range(60) for j in range(i + MIN_CHARS, 61)
    ]
    yield "two letters at random, 2 texts of 100,000", lambda: [
        "".join(draw.choices("ab", k=100_000)) for _ in range(2)
    ]
    yield "stretches of one letter, 2 texts", lambda: [
        "b".join("a" * draw.randint(1, 60) for _ in range(3_000)) for _ in range(2)
    ]


def print_hard() -> None:
    print(f"\n{'made to be hard':44}{'characters':>12}{'runs':>9}{'rows':>11}{'seconds':>9}{'MB':>7}")
    for name, make in hard_texts():
        texts = make()
        start = time.process_time()
        rows = shared_phrase_rows([str(i) for i in range(len(texts))], texts, [()] * len(texts))
        seconds = time.process_time() - start
        print(f"{name:44}{sum(map(len, texts)):12,}{rows['reuse_id'].nunique():9,}{len(rows):11,}{seconds:9.1f}"
              f"{peak_memory():7.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="How exact and how fast shared wording is found.")
    parser.add_argument("--shared", type=Path, default=ROOT / "../shared")
    parser.add_argument("--stories", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--news", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.stories:
        measure_news(arguments.news, arguments.stories)
        return
    print_articles(arguments.shared / "articles")
    print_news(arguments.shared / "corpora" / "news_2012_2026_sample.jsonl.gz")
    print_hard()


if __name__ == "__main__":
    main()
