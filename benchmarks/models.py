"""How well models are found and decoded, and how fast.

    python benchmarks/models.py [--shared DIR]

1. Each file of coded texts (tests/cases/models*.jsonl; their README says how they were made, and which of them rules
were mended on): names coded, found, both; precision, recall and F1 of the names; of names that are both, the share that
agrees in kind, parent and basis of the members, and in the exact list of members where either has one. Then the same of
the two coders of models_heldout.
2. Speed over the news sample of DIR (default `../shared`), one process: stories, seconds of processor
time, names by kind.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from model_scores import coded_texts, model_scores  # noqa: E402

from pingan_analysis.models import model_rows  # noqa: E402

FILES = ("models", "models_heldout", "models_heldout2", "models_heldout3")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=ROOT / "../shared")
    print_scores()
    print_speed(parser.parse_args().shared / "corpora/news_2012_2026_sample.jsonl.gz")


def print_scores() -> None:
    for name in FILES:
        print_line(name, model_scores(coded_texts(name)))
    print_line("two coders", model_scores(coded_texts("models_heldout"), coded_texts("models_heldout_second")))


def print_line(name: str, scores: dict[str, float]) -> None:
    print(f"{name}: " + ", ".join(f"{key} {value:.3f}" if isinstance(value, float) else f"{key} {value}"
                                  for key, value in scores.items()))


def print_speed(path: Path) -> None:
    if not path.is_file():
        print("speed: not measured, as the news sample is not there")
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        stories = [json.loads(line) for line in lines]
    start = time.process_time()
    kinds = Counter(row["kind"] for story in stories for row in model_rows(story["id"], story["text"], ()))
    print(f"{len(stories):,} stories in {time.process_time() - start:.1f} s: "
          + ", ".join(f"{kind} {n:,}" for kind, n in kinds.most_common()))


if __name__ == "__main__":
    main()
