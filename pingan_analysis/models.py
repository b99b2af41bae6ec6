"""Numeral-named models of propaganda and governance (一二三四五, 三屏两报): names, members, channels, nesting.

The steps stand in `naming/`; what words mean stands in the tables lexicon/model_*.tsv and the domain lexicon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from .errors import TableError
from .naming.passages import spans_of
from .naming.rows import rows_of
from .progress import progress
from .schema import MODELS, check_table, check_texts


def find_models(text: str, *, doc_id: str = "text") -> pd.DataFrame:
    """Return the models that one article names, as the table `models` has them (codebook: data/README.md).

    A row a name, at its first mention; offsets are those of `text` as given; the words of the columns are in simplified
    script. Column `rule` says which shape the name has (`naming/shapes.py`).

    Raises `TableError` where `text` is no string.

    >>> models = find_models("依託「三屏」齊上(手機屏、LED屏、電影屏),召開兩個會。")
    >>> models[["model", "members", "members_basis", "channels", "parts"]].values.tolist()
    [['三屏齐上', '手机屏、 LED屏、 电影屏', 'listed', 'app led_screen cinema', '3 屏']]
    """
    if not isinstance(text, str):
        raise TableError(f"text is {type(text).__name__}; find_models() takes one string")
    return check_table(pd.DataFrame(model_rows(doc_id, text, ()), columns=MODELS.column_names), "models")


def document_models(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the models of articles, each read as `find_models` reads it.

    `documents` is a table as from `read_articles`: doc_id, text, and boilerplate where there is any.

    Raises `TableError` where a column or a text is missing.

    >>> document_models(pd.DataFrame({"doc_id": ["a"], "text": ["推行“三屏两报”。"]}))["model"].tolist()
    ['三屏两报']
    """
    check_texts(documents)
    cut = documents["boilerplate"] if "boilerplate" in documents else [()] * len(documents)
    articles = list(zip(documents["doc_id"], documents["text"], cut, strict=True))
    rows = [
        row for doc_id, text, spans in progress(articles, "reading models", unit=" articles")
        for row in model_rows(doc_id, text, spans)
    ]
    return check_table(pd.DataFrame(rows, columns=MODELS.column_names), "models")


def model_rows(doc_id: str, text: str, boilerplate: Iterable[tuple[int, int, str]]) -> list[dict[str, Any]]:
    """Return the rows of `models` of one article; a pure function, so that any process may call it.

    `boilerplate` are the stretches of `text` that are left out: start, end, reason, as `read_articles` gives them.
    """
    return rows_of(doc_id, text, boilerplate)


def passage_spans(
    text: str, rows: Iterable[Mapping[str, Any]], boilerplate: Iterable[tuple[int, int, str]] = (),
) -> list[tuple[int, int, str]]:
    """Return the sentences of an article that describe a model: start, end, name of the outermost model, in order.

    `rows` are the article's rows of `models` (of `model_rows`, or of the table as dictionaries); only those of kind
    campaign_model count. A sentence counts where it names the model or one of its parts, in full or by the part in
    quotation marks (“三屏”); where such a name is the head of a paragraph or of a point (一是…), all of it counts. A
    sentence that names several models goes to the first. Spans do not overlap.

    >>> text = "推行“三屏”齐上。街道有电子屏。召开会议。"
    >>> [(text[start:end], model) for start, end, model in passage_spans(text, model_rows("a", text, ()))]
    [('推行“三屏”齐上。', '三屏齐上')]
    """
    return spans_of(text, rows, boilerplate)
