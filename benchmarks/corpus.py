"""Make a corpus of any size by varying real news stories: the same corpus every time.

    python benchmarks/corpus.py ARTICLES OUT [--shared DIR] [--length short|long]

OUT is a file `….jsonl.gz`, or else a folder that gets a text file an article, and `sources.csv`. An article is a
story of the news sample in DIR (default `../shared`) of which about half of the sentences are those of other stories;
the numbers in them are changed, days and months to ones that exist; its day and its place are drawn. `short` articles
are as long as the stories (about 480 characters), `long` ones are five of them, one below the other, as long as the
five articles of the study.

What is varied is too much alike to study: it is to be counted and timed. The stories are their publisher's, so no
corpus of this kind may be published.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import random
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
NEWS = "corpora/news_2012_2026_sample.jsonl.gz"
STORIES = {"short": 1, "long": 5}
PLACES = ("安陆市", "南湖区", "邓州市", "西安高新区", "余杭区", "昆山市", "南沙区", "双流区", "即墨区", "禹州市")
FIRST_DAY, DAYS = date(2012, 1, 1), 5_000
KEPT = 0.5
"""Share of the sentences that stay with their story, and of the numbers that stay as they are."""
SENTENCE = re.compile(r"[^。！？]+[。！？]*[”』」]*")
NUMBER = re.compile(r"(?:19|20)\d\d(?=年)|\d{1,2}(?=[月日])|\d+")


class Article(NamedTuple):
    id: str
    date: str
    place: str
    title: str
    text: str


class Stories(NamedTuple):
    """Titles of the news stories, their paragraphs as lists of sentences, and all sentences."""

    titles: list[str]
    paragraphs: list[list[list[str]]]
    sentences: list[str]


def read_stories(shared: Path) -> Stories:
    with gzip.open(shared / NEWS, "rt", encoding="utf-8") as lines:
        stories = [json.loads(line) for line in lines]
    paragraphs = [[SENTENCE.findall(line) for line in story["text"].splitlines()] for story in stories]
    sentences = [sentence for story in paragraphs for paragraph in story for sentence in paragraph]
    return Stories([story["title"] for story in stories], paragraphs, sentences)


def articles(stories: Stories, count: int, length: str) -> Iterator[Article]:
    """Yield `count` articles; the first of a larger corpus are those of a smaller one."""
    for number in range(count):
        draw = random.Random(f"{length} {number}")
        each = STORIES[length]
        of = [(number * each + i) % len(stories.titles) for i in range(each)]
        yield Article(
            f"a{number:07}",
            (FIRST_DAY + timedelta(days=draw.randrange(DAYS))).isoformat(),
            draw.choice(PLACES),
            varied(stories.titles[of[0]], draw),
            "\n".join(varied(paragraph, draw) for story in of for paragraph in recombined(stories, story, draw)),
        )


def recombined(stories: Stories, story: int, draw: random.Random) -> Iterator[str]:
    for paragraph in stories.paragraphs[story]:
        yield "".join(
            sentence if draw.random() < KEPT else draw.choice(stories.sentences) for sentence in paragraph
        )


def varied(text: str, draw: random.Random) -> str:
    """Return `text` with about half of its numbers changed to others of as many digits."""

    def other(match: re.Match[str]) -> str:
        written = match.group()
        after = text[match.end() : match.end() + 1]
        if draw.random() < KEPT:
            return written
        if after == "年" and len(written) == 4:
            return str(draw.randint(2012, 2026))
        if after in ("月", "日"):
            return str(draw.randint(1, 12 if after == "月" else 28))
        return written[0] + "".join(draw.choices("0123456789", k=len(written) - 1))

    return NUMBER.sub(other, text)


def write_lines(out: Path, corpus: Iterator[Article]) -> None:
    """Write a row an article; the same bytes every time, so that no time of day goes into the GZIP header."""
    with (
        out.open("wb") as file,
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as lines,
    ):
        for article in corpus:
            lines.write(json.dumps(article._asdict(), ensure_ascii=False) + "\n")


def write_folder(out: Path, corpus: Iterator[Article]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with (out / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        sources = csv.writer(file, lineterminator="\n")
        sources.writerow(["file", "title", "place", "published"])
        for article in corpus:
            name = f"{article.id}.txt"
            (out / name).write_text(article.text + "\n", encoding="utf-8", newline="\n")
            sources.writerow([name, article.title, article.place, article.date])


def ready_corpus(folder: Path, shared: Path, count: int, *, length: str = "short", as_folder: bool = False) -> Path:
    """Return the corpus of `count` articles in `folder`, which is made where it is not there yet."""
    out = folder / f"{length}_{count}{'' if as_folder else '.jsonl.gz'}"
    if not out.exists():
        folder.mkdir(parents=True, exist_ok=True)
        new = out.with_name(f"new_{out.name}")
        (write_folder if as_folder else write_lines)(new, articles(read_stories(shared), count, length))
        new.rename(out)
    return out


def characters(corpus: Path) -> int:
    """Return the characters of the texts of a corpus of rows."""
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        return sum(len(json.loads(line)["text"]) for line in lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Make a corpus of any size by varying real news stories.")
    parser.add_argument("articles", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--shared", type=Path, default=ROOT / "../shared")
    parser.add_argument("--length", choices=STORIES, default="short")
    options = parser.parse_args(arguments)
    write = write_lines if options.out.name.endswith(".jsonl.gz") else write_folder
    write(options.out, articles(read_stories(options.shared), options.articles, options.length))


if __name__ == "__main__":
    main()
