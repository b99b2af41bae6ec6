"""Whether the fast engine gives the very words of jieba, and how many times as fast.

    python benchmarks/engine_words.py [--shared DIR] [--characters N] [--fuzz N]

`--shared` is the folder with the texts that are not in the repository (default `../shared`); what is not there is left
out. Compared are plain jieba and `make_engine("rjieba")`, both with jieba's dictionary alone and with the domain
lexicon added, over the texts (news sample, articles, sentences of the treebanks; then, up to N characters, the same
with their lines shuffled, every second one in traditional script) and over N strings of a seeded generator: Chinese,
Latin, digits, rare planes, punctuation, repeated characters, words of the lexicon. Columns: what; strings; characters;
words of jieba; strings whose words differ; of these, the strings that the exceptions in the docstring of
`segmenting/engine.py` may cover, with two characters that recur or a run of more than 500; processor seconds of jieba
and of the engine, in turn over the same batches; their ratio.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import random
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from opencc import OpenCC

from pingan_analysis.lexicon import domain_terms
from pingan_analysis.segmenting.boundaries import needs_joining
from pingan_analysis.segmenting.engine import Engine, make_engine

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from test_engine_words import fuzz_strings  # noqa: E402

BATCH = 500
_DOCUMENTED = re.compile(r"([一-\u9fd5]{2})[一-\u9fd5]*\1|[一-\u9fd5a-zA-Z0-9+#&._%\-]{501}")


def texts(shared: Path) -> Iterator[str]:
    """Yield the real texts: stories, articles, sentences."""
    news = shared / "corpora" / "news_2012_2026_sample.jsonl.gz"
    if news.exists():
        with gzip.open(news, "rt", encoding="utf-8") as lines:
            yield from (json.loads(line)["text"] for line in lines)
    for path in sorted((shared / "articles").glob("*.txt")):
        yield path.read_text(encoding="utf-8", errors="replace")
    for path in sorted((shared / "corpora" / "ud").glob("*.conllu")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# text = "):
                yield line.removeprefix("# text = ")


def varied(originals: list[str], characters: int) -> Iterator[str]:
    """Yield texts with the lines of `originals` shuffled, every second text in traditional script."""
    generator = random.Random(20)
    to_traditional = OpenCC("s2t").convert
    for number in itertools.count():
        lines = [line for text in generator.sample(originals, 5) for line in text.splitlines()]
        generator.shuffle(lines)
        text = "\n".join(lines)
        yield to_traditional(text) if number % 2 else text
        characters -= len(text)
        if characters <= 0:
            return


def compare(name: str, strings: Iterator[str], jieba: Engine, fast: Engine) -> None:
    compared = characters = words = 0
    seconds = [0.0, 0.0]
    differing: list[str] = []
    while batch := list(itertools.islice(strings, BATCH)):
        results = []
        for i, engine in enumerate((jieba, fast)):
            start = time.process_time()
            results.append(list(map(engine.cut, batch)))
            seconds[i] += time.process_time() - start
        compared += len(batch)
        characters += sum(map(len, batch))
        words += sum(map(len, results[0]))
        differing += [text for text, a, b in zip(batch, *results, strict=True) if a != b]
    documented = sum(bool(_DOCUMENTED.search(text)) for text in differing)
    print(f"{name:24}{compared:>10,}{characters:>12,}{words:>12,}{len(differing):>8}{documented:>12}"
          f"{seconds[0]:>9.1f}{seconds[1]:>9.1f}{seconds[0] / max(seconds[1], 1e-9):>8.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Whether the fast engine gives the very words of jieba.")
    parser.add_argument("--shared", type=Path, default=ROOT / "../shared")
    parser.add_argument("--characters", type=int, default=10_000_000)
    parser.add_argument("--fuzz", type=int, default=80_000)
    arguments = parser.parse_args()
    originals = list(texts(arguments.shared))
    missing = arguments.characters - sum(map(len, originals))
    terms = sorted(row["term"] for row in domain_terms() if not needs_joining(row["term"]))
    print(f"{'':24}{'strings':>10}{'characters':>12}{'words':>12}{'differ':>8}{'documented':>12}"
          f"{'jieba s':>9}{'fast s':>9}{'ratio':>8}")
    for added, words in (("", []), (" + lexicon", terms)):
        jieba, fast = make_engine("jieba"), make_engine("rjieba")
        for engine in (jieba, fast):
            engine.add_words(words)
            engine.cut("平安建设2018-05-23")
        if originals:
            compare(f"texts{added}", iter(originals), jieba, fast)
        if originals and missing > 0:
            compare(f"texts, varied{added}", varied(originals, missing), jieba, fast)
        compare(f"fuzz{added}", fuzz_strings(41, arguments.fuzz, words or ["平安建设"]), jieba, fast)


if __name__ == "__main__":
    main()
