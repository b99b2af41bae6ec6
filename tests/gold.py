"""Sentences segmented by hand, the gold standard for segmentation (`cases/README.md`)."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path

CASES = Path(__file__).parent / "cases"
OWN, REFERENCE = CASES / "segmentation_own.tsv", CASES / "segmentation_reference.tsv"
HELDOUT_OWN, HELDOUT_NEWS = CASES / "segmentation_heldout_own.tsv", CASES / "segmentation_heldout.tsv"
SHARED = Path(__file__).parents[1] / "../shared"
NEWS = Path("corpora/news_2012_2026_sample.jsonl.gz")
NAMES = (
    *("own", "own/campaign", "own/general"),
    *("reference", "reference/articles", "reference/news"),
    *("heldout/own", "heldout/news"),
)
NEWS_PREFIX = "news:"


def gold_sentences(name: str, shared: Path | None = SHARED) -> list[list[str]]:
    """Return the words of every sentence of one part of the gold standard, in the order of its file.

    `name` is one of `NAMES`. The words of "own..." and "heldout/own" are in the repository; the others are
    cut from the texts in `shared`, white space left out. Raises `ValueError` for another name or for a text that
    is not the one that was segmented, `FileNotFoundError` where `shared` lacks the texts.

    >>> gold_sentences("own/general")[5][:3]
    ['昨天', '晚上', '，']
    """
    if name not in NAMES:
        raise ValueError(f"name={name!r} is not one of {', '.join(NAMES)}")
    file, _, part = name.partition("/")
    if file == "own":
        return [row["sentence"].split(" ") for row in own_rows() if part in ("", row["source_type"])]
    if name == "heldout/own":
        return [row["sentence"].split(" ") for row in own_rows(HELDOUT_OWN)]
    if shared is None:
        raise FileNotFoundError(f"{name} needs the folder with the articles and the news sample")
    path = HELDOUT_NEWS if file == "heldout" else REFERENCE
    rows = [row for row in reference_rows(path) if part in ("", _kind(row["file"]))]
    return [words_of(row, _text(row["file"], row["sha256"], Path(shared).resolve())) for row in rows]


def own_rows(path: Path = OWN) -> list[dict[str, str]]:
    """Return the rows of `OWN` or `HELDOUT_OWN`: id, source_type, sentence."""
    return list(_rows(path))


def reference_rows(path: Path = REFERENCE) -> list[dict[str, str]]:
    """Return the rows of `REFERENCE` or `HELDOUT_NEWS`: file, sha256, start, end, lengths."""
    return list(_rows(path))


def words_of(row: dict[str, str], text: str) -> list[str]:
    """Cut the span of a reference row, less white space, out of `text` into words of the row's lengths."""
    characters = "".join(text[int(row["start"]) : int(row["end"])].split())
    ends = list(accumulate(map(int, row["lengths"].split(",")), initial=0))
    if ends[-1] != len(characters):
        raise ValueError(
            f"{row['file']}, {row['start']}-{row['end']}: the words have {ends[-1]} characters, "
            f"the span has {len(characters)}"
        )
    return [characters[start:end] for start, end in pairwise(ends)]


def _kind(file: str) -> str:
    return "news" if file.startswith(NEWS_PREFIX) else "articles"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


@cache
def _text(file: str, sha256: str, shared: Path) -> str:
    if file.startswith(NEWS_PREFIX):
        data = _news(shared)[file.removeprefix(NEWS_PREFIX)].encode()
    else:
        data = (shared / file).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"{file} in {shared} is not the text that was segmented (its SHA-256 differs)")
    return data.decode("utf-8-sig")


@cache
def _news(shared: Path) -> dict[str, str]:
    rows = reference_rows(REFERENCE) + reference_rows(HELDOUT_NEWS)
    wanted = {row["file"].removeprefix(NEWS_PREFIX) for row in rows}
    with gzip.open(shared / NEWS, "rt", encoding="utf-8") as lines:
        return {story["id"]: story["text"] for story in map(json.loads, lines) if story["id"] in wanted}
