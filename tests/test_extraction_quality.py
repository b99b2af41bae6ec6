"""How well metrics are read out of texts that were coded by hand: floors, so that a change for the worse is seen.

The floors lie a little below what was measured (data/coding/README.md); they are no aims.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from pingan_analysis.agreement import RECORDS, UNDECIDED, agreement, read_coded
from pingan_analysis.metrics import metric_rows
from pingan_analysis.schema import METRICS
from pingan_analysis.script import to_simplified

ROOT = Path(__file__).parents[1]
ARTICLES, CODED = ROOT / "data/coding/articles.jsonl", ROOT / "data/coding/coded.csv"
CODED_NEWS = Path(__file__).parent / "cases/coded_news.jsonl"
SHARED = ROOT / "../shared"
NEWS = SHARED / "corpora/news_2012_2026_sample.jsonl.gz"
SHORTEST_RUN = 16

needs_news = pytest.mark.skipif(not NEWS.is_file(), reason="the news sample (../shared/corpora) is not here")

FIRST_SET_FLOORS = {
    "span": 0.975, "span, value and unit": 0.97, "bound": 0.99, "kind": 0.98, "direction": 0.98, "target": 0.975,
    "cumulative": 0.97, "indicator": 0.85, "category": 0.865, "channel": 0.96, "period_start": 0.96,
    "period_end": 0.955, "place": 0.98, "full record": 0.74,
}
ALL_SETS_FLOORS = {
    "span": 0.975, "span, value and unit": 0.975, "bound": 0.99, "kind": 0.985, "direction": 0.985, "target": 0.965,
    "cumulative": 0.97, "indicator": 0.89, "category": 0.845, "channel": 0.945, "period_start": 0.96,
    "period_end": 0.95, "place": 0.955, "full record": 0.725,
}
NEWS_FLOORS = {
    "span": 0.92, "span, value and unit": 0.915, "bound": 0.98, "kind": 0.975, "direction": 0.975, "target": 0.96,
    "cumulative": 0.95, "indicator": 0.80, "category": 0.67, "channel": 0.985, "period_start": 0.91,
    "period_end": 0.87, "full record": 0.465,
}
MOST_FALSE_FIRST_SET, MOST_FALSE_ALL_SETS, MOST_FALSE_NEWS = 0.55, 0.6, 1.15


class CodedText(NamedTuple):
    doc_id: str
    published: date
    place: str
    text: str


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def own_articles(*sets: int) -> list[CodedText]:
    return [CodedText(row["doc_id"], date.fromisoformat(row["published"]), row["place"], row["text"])
            for row in lines(ARTICLES) if not sets or row["set"] in sets]


def coded_news(coding: str = "first") -> pd.DataFrame:
    """Codes of the news stories; national news has no place that extraction could be told, so places are not scored."""
    rows = pd.DataFrame([row for row in lines(CODED_NEWS) if row["coding"] == coding])
    names = {"story": "doc_id", "start": "char_start", "end": "char_end"}
    return rows.rename(columns=names).assign(place=UNDECIDED)


def news_stories() -> list[CodedText]:
    wanted = set(coded_news()["doc_id"])
    return [CodedText(row["id"], date.fromisoformat(row["date"][:10]), "", row["text"])
            for row in lines(NEWS) if row["id"] in wanted]


def quality(texts: list[CodedText], coded: pd.DataFrame) -> pd.DataFrame:
    rows = [row for text in texts for row in metric_rows(text.doc_id, text.text, (), text.published, text.place)]
    extracted = pd.DataFrame(rows, columns=METRICS.column_names)
    characters = sum(len(text.text) for text in texts)
    measures = agreement(coded, extracted, characters=characters).set_index("measure")
    return measures.assign(score=measures["f1"].fillna(measures["share"]))


def of_sets(*sets: int) -> pd.DataFrame:
    texts, coded = own_articles(*sets), read_coded(CODED)
    return quality(texts, coded[coded["doc_id"].isin([text.doc_id for text in texts])])


@pytest.fixture(scope="module")
def of_first_set() -> pd.DataFrame:
    return of_sets(1)


@pytest.fixture(scope="module")
def of_all_sets() -> pd.DataFrame:
    return of_sets()


@pytest.fixture(scope="module")
def of_news() -> pd.DataFrame:
    return quality(news_stories(), coded_news())


@pytest.mark.parametrize("measure", FIRST_SET_FLOORS)
def test_first_set(of_first_set: pd.DataFrame, measure: str) -> None:
    assert of_first_set.loc[measure, "score"] >= FIRST_SET_FLOORS[measure]


@pytest.mark.parametrize("measure", ALL_SETS_FLOORS)
def test_all_sets(of_all_sets: pd.DataFrame, measure: str) -> None:
    assert of_all_sets.loc[measure, "score"] >= ALL_SETS_FLOORS[measure]


def test_false_metrics(of_first_set: pd.DataFrame, of_all_sets: pd.DataFrame) -> None:
    assert of_first_set.loc["span", "false_per_1000"] <= MOST_FALSE_FIRST_SET
    assert of_all_sets.loc["span", "false_per_1000"] <= MOST_FALSE_ALL_SETS


@needs_news
@pytest.mark.parametrize("measure", NEWS_FLOORS)
def test_news(of_news: pd.DataFrame, measure: str) -> None:
    assert of_news.loc[measure, "score"] >= NEWS_FLOORS[measure]


@needs_news
def test_news_false_metrics(of_news: pd.DataFrame) -> None:
    assert of_news.loc["span", "false_per_1000"] <= MOST_FALSE_NEWS


def test_every_code_stands_in_its_article() -> None:
    texts = {text.doc_id: text.text for text in own_articles()}
    coded = read_coded(CODED)
    assert len(texts) == 64
    assert len(coded) == 1487
    for row in coded.itertuples():
        assert texts[row.doc_id][row.char_start:row.char_end] == row.quantity, row


@needs_news
def test_every_code_stands_in_its_story() -> None:
    texts = {text.doc_id: text.text for text in news_stories()}
    assert len(texts) == 40
    for row in pd.concat([coded_news("first"), coded_news("second")]).itertuples():
        assert texts[row.doc_id][row.char_start:row.char_end] == row.quantity, row


def test_the_second_coder_agrees_with_the_first() -> None:
    first, second = coded_news("first"), coded_news("second")
    assert second["doc_id"].nunique() == 12
    measures = agreement(first[first["doc_id"].isin(second["doc_id"])], second).set_index("measure")
    assert measures.loc["span", ["coded", "extracted", "agreeing"]].tolist() == [101, 102, 101]
    assert measures.loc["category", ["compared", "agreeing"]].tolist() == [99, 95]
    assert measures.loc[list(RECORDS), "f1"].min() > 0.9


@needs_news
def test_no_sentence_of_the_own_articles_is_a_publishers() -> None:
    ours = {run for text in own_articles() for run in runs(text.text)}
    others = [path.read_text(encoding="utf-8-sig") for path in (SHARED / "articles").iterdir()]
    assert [run for text in others for run in runs(text) if run in ours] == []
    assert [run for story in lines(NEWS) for run in runs(story["text"]) if run in ours] == []


def runs(text: str) -> Iterator[str]:
    """Every run of as many characters, white space and punctuation left out, in simplified script."""
    characters = "".join(filter(str.isalnum, to_simplified(text)))
    return (characters[at:at + SHORTEST_RUN] for at in range(len(characters) - SHORTEST_RUN + 1))
