"""Cut the articles of a corpus into words again, with the package or with jieba.

    python benchmarks/cut_again.py CORPUS.jsonl.gz --by pingan|jieba [--subgroup]

Prints the seconds as JSON: start (imports and dictionaries) and cut (reading the rows, and cutting). With `--subgroup`
only the even-numbered articles are cut.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time

START = time.perf_counter()


def main() -> None:
    parser = argparse.ArgumentParser(description="Cut articles into words again.")
    parser.add_argument("corpus")
    parser.add_argument("--by", choices=["pingan", "jieba"], required=True)
    parser.add_argument("--subgroup", action="store_true")
    options = parser.parse_args()
    if options.by == "jieba":
        import jieba

        jieba.initialize()
        cut = jieba.cut
    else:
        from pingan_analysis import Segmenter

        cut = Segmenter().cut
    list(cut("平安建设"))
    start = time.perf_counter()
    with gzip.open(options.corpus, "rt", encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        words = sum(len(list(cut(row["text"]))) for row in rows if not options.subgroup or int(row["id"][-1]) % 2 == 0)
    print(json.dumps({"words": words, "seconds": {"start": start - START, "cut": time.perf_counter() - start}}))


if __name__ == "__main__":
    main()
