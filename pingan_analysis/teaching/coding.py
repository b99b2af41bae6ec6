"""The exercise in coding by hand: a paragraph of a digest, and how the study codes the same facts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..drawing.metric_parts import channel_names
from ..errors import TableError
from ..metrics import document_metrics
from ..study import Study
from .digests import digest_of, records, words_in

_CODED = ["value", "unit", "bound", "kind"]
_OUTREACH = ("outreach_output", "outreach_reach")


def coding_facts(study: Study, digests: pd.DataFrame, doc_id: str) -> dict[str, Any]:
    """Return the paragraph of the digest with most numbers on outreach, and its metrics as the study codes them.

    A digest repeats the facts of its article, so a metric there is looked up among the article's by value, unit, bound
    and kind. The study's row is taken, because coders have corrected it. Raises `TableError` where it has no such row.
    """
    digest = digest_of(digests, doc_id)
    metrics = document_metrics(digests.loc[[doc_id]])
    para = metrics.loc[metrics["category"].isin(_OUTREACH), "para"].mode().iloc[0]
    paragraph = _paragraph(digest["text"], metrics[metrics["para"].eq(para)])
    of_article = study.metrics[study.metrics["doc_id"].eq(doc_id.removeprefix("digest_"))]
    rows = [_coded(row, of_article) for row in records(metrics[metrics["para"].eq(para)])]
    return {
        "doc_id": doc_id,
        "file": digest["source"],
        "published": f"{digest['published']:%Y-%m-%d}",
        "date_basis": digest["date_basis"],
        "paragraph": paragraph,
        "vocabulary": words_in(paragraph),
        "rows": rows,
        "lower_bounds": sum(row["bound"] == "more than" for row in rows),
        "units": list(dict.fromkeys(row["unit"] for row in rows)),
        "without_channel": [row["quantity"] for row in rows if row["channel"] == channel_names()["none"]["en"]],
    }


def _paragraph(text: str, metrics: pd.DataFrame) -> str:
    start = text.rfind("\n", 0, int(metrics["char_start"].iloc[0])) + 1
    end = text.find("\n", start)
    return text[start : end if end >= 0 else None].strip()


def _coded(metric: dict[str, Any], of_article: pd.DataFrame) -> dict[str, str]:
    same = of_article[(of_article[_CODED] == [metric[name] for name in _CODED]).all(axis="columns")]
    if same.empty:
        raise TableError(f"metrics: the digest {metric['doc_id']!r} has {metric['quantity']}, which no row of its "
                         "article has; text and table must agree, or the handout's answers would be wrong")
    row = same.iloc[0]
    return {
        "quantity": metric["quantity"],
        "value": in_figures(row["value"]),
        "bound": row["bound"].replace("_", " "),
        "unit": row["unit"],
        "indicator": row["indicator"],
        "indicator_en": row["indicator_en"],
        "period_text": metric["period_text"],
        "period": period_of(row),
        "channel": channel_names()[row["channel"]]["en"],
    }


def in_figures(value: float) -> str:
    """Return a number as prose prints it.

    >>> in_figures(15000.0), in_figures(0.5)
    ('15,000', '0.5')
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.12g}"


def period_of(row: Any) -> str:
    days = [f"{row[name]:%Y-%m-%d}" if pd.notna(row[name]) else "…" for name in ("period_start", "period_end")]
    return "not stated" if days == ["…", "…"] else " to ".join(days)
