"""Campaign metrics: which numbers of an article measure something, what, for when and where.

The steps stand in `extraction/`; what words mean stands in the tables lexicon/indicators.tsv, channels.tsv,
metric_signals.tsv and metric_grammar.tsv.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from .errors import TableError
from .extraction.places import place_of_metric
from .extraction.readings import Reading, read_metrics
from .extraction.repeats import mark_repeats
from .extraction.translation import in_english
from .periods import to_day
from .plain import plain_paragraphs
from .progress import progress
from .schema import METRICS, check_columns, check_table, check_texts

_LONGEST_HEADING = 30
"""Characters; a short paragraph that ends in no mark is the heading of those below it."""
_ENDS_OF_PROSE = tuple("。!?;:,")


def extract_metrics(
    text: str, *, published: date | str | None = None, place: str | None = None, doc_id: str = "text",
) -> pd.DataFrame:
    """Return the metrics of one article, as the table `metrics` has them (codebook: data/README.md).

    `published` is the day of publication, against which 今年 ("this year") and the like are resolved; without it they
    stay unresolved. `place` is what a metric is about where its sentence names no other; `doc_id` names the article.
    Offsets are those of `text` as given; the words of the columns are in simplified script.

    Raises `TableError` where `text` is no string, `PinganError` where `published` is no day.

    >>> metrics = extract_metrics("今年以来，全区發放宣傳材料15000餘份。", published="2024-09-02")
    >>> metrics[["quantity", "value", "bound", "indicator"]].values.tolist()
    [['15000餘份', 15000.0, 'more_than', '宣传材料发放']]
    """
    if not isinstance(text, str):
        raise TableError(f"text is {type(text).__name__}; extract_metrics() takes one string")
    rows = metric_rows(doc_id, text, (), to_day(published), place or "")
    return check_table(pd.DataFrame(rows, columns=METRICS.column_names), "metrics")


def document_metrics(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the metrics of articles, each read as `extract_metrics` reads it; facts are linked over those of a place.

    `documents` is a table as from `read_articles`: doc_id, text, published, place, and boilerplate where there is any.

    Raises `TableError` where a column or a text is missing.

    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["破案19起。"], "published": [pd.NaT], "place": ["甲县"]})
    >>> document_metrics(articles)[["doc_id", "quantity", "place"]].values.tolist()
    [['a', '19起', '甲县']]
    """
    check_texts(documents)
    check_columns(documents, ("published", "place"), where="documents", table="documents")
    cut = documents["boilerplate"] if "boilerplate" in documents else [()] * len(documents)
    columns = (documents[name] for name in ("doc_id", "text", "published", "place"))
    articles = progress(list(zip(*columns, cut, strict=True)), "reading metrics", unit=" articles")
    rows = [
        row
        for doc_id, text, published, place, spans in articles
        for row in metric_rows(doc_id, text, spans, to_day(published), place or "")
    ]
    return check_table(pd.DataFrame(mark_repeats(rows), columns=METRICS.column_names), "metrics")


def metric_rows(
    doc_id: str, text: str, boilerplate: Iterable[tuple[int, int, str]], published: date | None, place: str
) -> list[dict[str, Any]]:
    """Return the rows of `metrics` of one article; a pure function, so that any process may call it.

    `boilerplate` are the stretches of `text` that are left out: start, end, reason, as `read_articles` gives them. The
    article is not checked, as `extract_metrics` does; days are dates, missing cells None or empty.
    """
    rows = []
    heading = ""
    for paragraph in plain_paragraphs(text, boilerplate):
        words = paragraph.plain.text
        for reading in read_metrics(words, published, heading=heading):
            start, end = paragraph.span(reading.quantity.start, reading.quantity.end)
            rows.append({
                "doc_id": doc_id, "para": paragraph.para, "char_start": start, "char_end": end,
                "quantity": text[start:end], "place": place_of_metric(reading.place, place), **_columns(reading),
            })
        heading = words if _is_heading(words) else heading
    return mark_repeats(rows)


def _is_heading(paragraph: str) -> bool:
    return len(paragraph) <= _LONGEST_HEADING and not paragraph.endswith(_ENDS_OF_PROSE)


def _columns(reading: Reading) -> dict[str, Any]:
    quantity, wording, period = reading.quantity, reading.wording, reading.period
    return {
        "value": quantity.value, "low": quantity.low, "high": quantity.high, "unit": quantity.unit,
        "bound": quantity.bound, "cumulative": reading.cumulative, "kind": reading.classes.kind,
        "direction": wording.direction, "indicator": wording.indicator or quantity.unit,
        "indicator_en": in_english(wording), "category": reading.classes.category,
        "channel": reading.classes.channel, "target": reading.target, "period_text": period.text,
        "period_start": period.start, "period_end": period.end, "period_basis": period.basis, "rule": wording.rule,
        "same_as": "",
    }
