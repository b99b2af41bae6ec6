"""How well and how fast the package segments, beside plain jieba in the same run.

    python benchmarks/segmentation.py [--shared DIR] [--characters N] [--json]

DIR holds the texts that are not in the repository (`articles`, `corpora`; default `../shared`); what is not
there is skipped, with the reason. Three tables:

1. Word F1 (a word counts where both its ends are right) by corpus. Columns: corpus; words in the hand-made
segmentation; jieba: plain jieba 0.42.1 on the text as it stands; simplified: the same on its simplified
form; rules: with the rules of `segmenting/boundaries.py`, without the domain lexicon; lexicon: with the lexicon's
words, without these rules; all: `pa.segment`. GSD and GSDSimp are the development parts of the Universal
Dependencies treebanks; `own`, `reference` and `heldout` are the hand-segmented sentences of `tests/cases`;
`heldout` gives the honest figure, and never a reason to change a term or a rule. 2. Terms of
the lexicon that come out whole in neutral carrier sentences: carrier, terms, share; and the share of their
occurrences in the news sample at which they cut a word of plain jieba's in two. 3. Speed over N characters
of the news sample (default 1,000,000), a story at a time: processor time, medians of five rounds in turn. Columns:
what; thousand characters per second; ratio to jieba. `engine` is `make_engine("rjieba").cut`, whose words
are compared with jieba's; `cut` and `words` are those of `Segmenter()`; `engine, paragraphs` cuts one paragraph at a
time.

The first two tables are the same in every run; the third is measured. `--json` measures only it, and prints it as
JSON.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from gold import gold_sentences  # noqa: E402

from pingan_analysis.lexicon import domain_terms  # noqa: E402
from pingan_analysis.script import to_simplified  # noqa: E402
from pingan_analysis.segment import Segmenter  # noqa: E402
from pingan_analysis.segmenting.boundaries import needs_joining  # noqa: E402
from pingan_analysis.segmenting.engine import PythonEngine, make_engine  # noqa: E402

Cut = Callable[[str], list[str]]
CARRIERS = ("{}", "我们开展{}。", "对{}进行了部署", "关于{}的通知", "各地的{}，", "他说：{}很重要")
ROUNDS = 5


def conllu_sentences(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield text and words of each sentence of a CoNLL-U file, both without white space."""
    words: list[str] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        cells = line.split("\t")
        if cells[0].isdigit():
            words.append("".join(cells[1].split()))
        elif not line and words:
            yield "".join(words), words
            words = []


def word_f1(cut: Cut, sentences: Iterable[tuple[str, list[str]]]) -> float:
    """Return the share of words, found and wanted, whose two ends agree (micro F1)."""
    both = found = wanted = 0
    for text, words in sentences:
        a, b = spans(cut(text)), spans(words)
        both, found, wanted = both + len(a & b), found + len(a), wanted + len(b)
    return 2 * both / (found + wanted)


def spans(words: list[str]) -> set[tuple[int, int]]:
    ends = list(accumulate(map(len, words)))
    return {(end - len(word), end) for word, end in zip(words, ends, strict=True)}


def systems() -> dict[str, Cut]:
    """Return the columns of the first table."""
    plain = PythonEngine()
    with_lexicon = make_engine("auto")
    with_lexicon.add_words([row["term"] for row in domain_terms() if not needs_joining(row["term"])])
    return {
        "jieba": plain.cut,
        "simplified": lambda text: plain.cut(to_simplified(text)),
        "rules": Segmenter(lexicon=False).cut,
        "lexicon": lambda text: with_lexicon.cut(to_simplified(text)),
        "all": Segmenter().cut,
    }


def corpora(shared: Path) -> dict[str, Callable[[], list[tuple[str, list[str]]]]]:
    ud = shared / "corpora" / "ud"
    own = ("own/campaign", "own/general")
    reference = ("reference/articles", "reference/news")
    heldout = ("heldout/own", "heldout/news")
    return {
        "UD GSDSimp dev": lambda: list(conllu_sentences(ud / "zh_gsdsimp-ud-dev.conllu")),
        "UD GSD dev": lambda: list(conllu_sentences(ud / "zh_gsd-ud-dev.conllu")),
    } | {
        name: lambda name=name: [("".join(words), words) for words in gold_sentences(name, shared)]
        for name in own + reference + heldout
    }


def print_accuracy(shared: Path) -> None:
    cuts = systems()
    print(f"{'corpus':20}{'words':>8}" + "".join(f"{name:>12}" for name in cuts))
    for name, load in corpora(shared).items():
        try:
            sentences = load()
        except (FileNotFoundError, ValueError) as error:
            print(f"{name:20} skipped: {error}")
            continue
        words = sum(len(gold) for _, gold in sentences)
        print(f"{name:20}{words:8}" + "".join(f"{word_f1(cut, sentences):12.4f}" for cut in cuts.values()))


def print_terms(shared: Path, characters: int) -> None:
    cut = Segmenter().cut
    terms = [row["term"] for row in domain_terms()]
    print(f"\n{'carrier':20}{'terms':>8}{'whole':>12}")
    for carrier in CARRIERS:
        whole = sum(term in cut(carrier.format(term)) for term in terms)
        print(f"{carrier:20}{len(terms):8}{whole / max(1, len(terms)):12.4f}")
    texts = news(shared, characters)
    if texts:
        found, broken = broken_words(texts)
        print(f"{'words cut in news':20}{found.total():8}{broken.total() / max(1, found.total()):12.4f}")
        print("most often: " + ", ".join(f"{term} {n}/{found[term]}" for term, n in broken.most_common(20)))


def broken_words(texts: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """Count the lexicon's terms in `texts`, and those that begin or end inside a word of plain jieba's."""
    terms = {row["term"] for row in domain_terms()}
    with_lexicon, without = Segmenter(), Segmenter(lexicon=False)
    found: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    for text in texts:
        ends = set(accumulate(map(len, without.cut(text)), initial=0))
        end = 0
        for word in with_lexicon.cut(text):
            start, end = end, end + len(word)
            if word in terms:
                found[word] += 1
                broken[word] += not {start, end} <= ends
    return found, broken


def news(shared: Path, characters: int) -> list[str]:
    """Return stories of the news sample, up to so many characters; none, with the reason, where it is absent."""
    path = shared / "corpora" / "news_2012_2026_sample.jsonl.gz"
    if not path.exists():
        print(f"news sample          skipped: no {path}")
        return []
    stories: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            stories.append(json.loads(line)["text"])
            characters -= len(line)
            if characters < 0:
                break
    return stories


def speeds(texts: list[str]) -> dict[str, Any]:
    """Return the seconds of every round by subject, and how far the words of the fast engine are jieba's."""
    segmenter = Segmenter()
    subjects: dict[str, tuple[Callable[[str], object], list[str]]] = {"jieba": (PythonEngine().cut, texts)}
    measured: dict[str, Any] = {"characters": sum(map(len, texts)), "stories": len(texts)}
    if importlib.util.find_spec("rjieba"):
        cut, jieba = make_engine("rjieba").cut, subjects["jieba"][0]
        subjects["engine"] = (cut, texts)
        subjects["engine, paragraphs"] = (cut, [line for text in texts for line in text.splitlines()])
        measured["differing"] = sum(cut(text) != jieba(text) for text in texts)
    subjects |= {"cut": (segmenter.cut, texts), "words": (segmenter.words, texts)}
    seconds: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(ROUNDS):
        for name, (subject, strings) in subjects.items():
            start = time.process_time()
            for string in strings:
                subject(string)
            seconds[name].append(time.process_time() - start)
    return measured | {"seconds": seconds}


def print_speed(measured: dict[str, Any]) -> None:
    if "differing" in measured:
        differing = f"{measured['differing']} of {measured['stories']}"
        print(f"\nstories in which rjieba's words are not jieba's: {differing}")
    medians = {name: statistics.median(times) for name, times in measured["seconds"].items()}
    print(f"\n{'speed':20}{'kchar/s':>8}{'× jieba':>12}")
    for name, median in medians.items():
        print(f"{name:20}{measured['characters'] / median / 1000:8.0f}{medians['jieba'] / median:12.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="How well and how fast the package segments.")
    parser.add_argument("--shared", type=Path, default=ROOT / "../shared")
    parser.add_argument("--characters", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true", help="the speed only, as JSON")
    arguments = parser.parse_args()
    if not arguments.json:
        print_accuracy(arguments.shared)
        print_terms(arguments.shared, arguments.characters)
    texts = news(arguments.shared, arguments.characters)
    if not texts:
        return
    measured = speeds(texts)
    if arguments.json:
        print(json.dumps(measured))
    else:
        print_speed(measured)


if __name__ == "__main__":
    main()
