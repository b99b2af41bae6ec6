"""Rows of the table `metrics`, made by hand for tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pingan_analysis.schema import METRICS


def metric(indicator: str, quantity: str, value: float, unit: str, /, **changed) -> dict:
    """Return one row; `changed` are columns that differ from those of an undated result of one county."""
    bound = changed.get("bound", "exact")
    return {
        "doc_id": "a", "para": 0, "char_end": 0, "quantity": quantity, "value": value, "unit": unit, "bound": bound,
        "low": value if bound in ("exact", "more_than") else None,
        "high": value if bound in ("exact", "nearly", "less_than") else None,
        "cumulative": False, "kind": "ratio" if unit == "%" else "count", "direction": "", "indicator": indicator,
        "indicator_en": "", "category": "mediation_service", "channel": "none", "target": False, "period_text": "",
        "period_start": None, "period_end": None, "period_basis": "", "place": "甲县", "rule": "hand", "same_as": "",
        **changed,
    }


def table(*metrics: dict, gap: int = 10) -> pd.DataFrame:
    """Put metrics one behind the other, `gap` characters between them, where no place is given."""
    position: dict[str, int] = {}
    rows = []
    for row in metrics:
        start = row.get("char_start", position.get(row["doc_id"], 0) + gap)
        position[row["doc_id"]] = start + len(row["quantity"])
        rows.append(row | {"char_start": start, "char_end": position[row["doc_id"]]})
    return pd.DataFrame(rows, columns=METRICS.column_names)


def dated(start: str | None, end: str | None, **rest) -> dict:
    return {"period_start": start, "period_end": end, **rest}


def copies(metrics: pd.DataFrame, n: int) -> pd.DataFrame:
    """Return the rows n times, each time of other documents and of one of nine places."""
    many = metrics.iloc[np.tile(np.arange(len(metrics)), n)].reset_index(drop=True)
    number = np.repeat(np.arange(n), len(metrics))
    doc_ids = [f"{doc_id}{i}" for doc_id, i in zip(many["doc_id"], number, strict=True)]
    return many.assign(doc_id=doc_ids, place=[f"{i % 9}县" for i in number])
