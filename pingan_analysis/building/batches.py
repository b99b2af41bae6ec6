"""What a batch of articles gives: its rows of the tables that are read article by article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from ..articles import Article
from ..channels import channel_rows
from ..corrections import Correction, corrected
from ..metrics import metric_rows
from ..models import model_rows, passage_spans
from ..reading.boilerplate import paragraphs
from ..robustness import variant_rows
from ..segment import Segmenter
from ..terms import count_document


@dataclass
class BatchRows:
    """The rows of some articles, by the table they belong to."""

    paragraphs: list[tuple[Any, ...]] = field(default_factory=list)
    terms: list[tuple[Any, ...]] = field(default_factory=list)
    metrics: list[dict[str, Any]] = field(default_factory=list)
    models: list[dict[str, Any]] = field(default_factory=list)
    channel_mentions: list[dict[str, Any]] = field(default_factory=list)
    term_variants: list[tuple[Any, ...]] = field(default_factory=list)

    def extend(self, others: BatchRows) -> None:
        for table in fields(self):
            getattr(self, table.name).extend(getattr(others, table.name))


def read_batch(articles: Sequence[Article], corrections: Sequence[Correction], *, variants: bool = False) -> BatchRows:
    """Return the rows of some articles; a pure function, so that any process may call it.

    Metrics are corrected; which of them state the same fact is settled when all articles are read. With `variants`,
    words are counted under the other ways of cutting too.
    """
    rows = BatchRows()
    for article in articles:
        name, text, cut = article.doc_id, article.text, article.boilerplate
        models = model_rows(name, text, cut)
        passages = passage_spans(text, models, cut)
        metrics = metric_rows(name, text, cut, article.published, article.place)
        rows.paragraphs.extend((name, one.para, one.start, one.end) for one in paragraphs(text, cut))
        rows.terms.extend(count_document(name, text, cut, _segmenter(), passages))
        rows.metrics.extend(corrected(metrics, corrections, article))
        rows.models.extend(models)
        rows.channel_mentions.extend(channel_rows(name, text, cut, passages))
        if variants:
            rows.term_variants.extend(variant_rows(name, text, cut))
    return rows


@cache
def _segmenter() -> Segmenter:
    return Segmenter()
