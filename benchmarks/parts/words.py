"""Segmentation beside plain jieba."""

from __future__ import annotations

import json
from collections.abc import Iterator
from statistics import median

from measure import measure, spread
from results import Aim, Records, table

from .commands import HERE, PYTHON
from .options import Options

TITLES = {
    "jieba": "plain jieba, `cut`", "engine": "the fast engine alone, the same words",
    "engine, paragraphs": "the same, a paragraph at a time",
    "cut": "`Segmenter().cut`: script conversion, lexicon and rules",
    "words": "`Segmenter().words`: offsets and parts of speech as well",
}
AIM = 15


def words(options: Options) -> Iterator[Records]:
    run = measure([PYTHON, str(HERE / "segmentation.py"), "--json", "--shared", str(options.shared)])
    yield {"news": json.loads(run.printed.strip().splitlines()[-1])}


def section(records: Records) -> str:
    news = records["news"]
    jieba = median(news["seconds"]["jieba"])
    rows = [
        (TITLES[name], spread([news["characters"] / 1000 / one for one in took], 0), f"{jieba / median(took):.1f} ×")
        for name, took in news["seconds"].items()
    ]
    text = INTRODUCTION.format(**news) + table(("what", "thousand characters a second", "against jieba"), rows)
    if "differing" in news:
        differing = f"{news['differing']} of {news['stories']:,}"
        text += f"\nStories in which the engine's words are not jieba's: {differing}.\n"
    return text


INTRODUCTION = """## Segmentation

`segmentation.py`: {stories:,} stories of news ({characters:,} characters), one core, processor time, median of
five rounds in turn (least–most).

"""


def aims(records: Records) -> list[Aim]:
    took = records.get("news", {}).get("seconds", {})
    if "engine" not in took:
        return [Aim(f"segmentation ≥ {AIM} × jieba on one core, with jieba's words", "", False)]
    times = median(took["jieba"]) / median(took["engine"])
    same = records["news"]["differing"] == 0
    return [Aim(f"segmentation ≥ {AIM} × jieba on one core, with jieba's words",
                f"{times:.1f} ×, {'the same words' if same else 'other words'}", same and times >= AIM)]
