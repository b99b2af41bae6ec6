"""Cut the even-numbered articles of a corpus into words again, with the package or with jieba.

    python benchmarks/cut_again.py CORPUS.jsonl.gz --by pingan|jieba

Prints the seconds as JSON: start (imports and dictionaries) and cut (reading the rows, and cutting).
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
        words = sum(len(list(cut(row["text"]))) for row in map(json.loads, lines) if int(row["id"][-1]) % 2 == 0)
    print(json.dumps({"words": words, "seconds": {"start": start - START, "cut": time.perf_counter() - start}}))


if __name__ == "__main__":
    main()
