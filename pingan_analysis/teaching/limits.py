"""The exercise in what metrics don't say: how many are bounds or undated, and what follows from those that relate."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..audit import audit_metrics
from ..lexicon import read_rows
from ..paths import PACKAGE_FOLDER
from ..study import Study
from .digests import records

_LABELS = PACKAGE_FOLDER / "templates" / "metric_view.tsv"
_SHARES = ("numerator_denominator_rate", "parts_and_whole")


def limit_facts(study: Study) -> dict[str, Any]:
    """Return counts over the different facts of the study (a fact that is told twice counts once), and the audit."""
    metrics = study.metrics[study.metrics["same_as"].eq("")]
    undated = metrics["period_start"].isna() & metrics["period_end"].isna()
    endless = metrics["period_start"].isna() & metrics["period_end"].notna()
    words = category_names()
    return {
        "all": len(study.metrics),
        "facts": len(metrics),
        "lower_bounds": int(metrics["bound"].eq("more_than").sum()),
        "undated": int(undated.sum()),
        "without_start": int(endless.sum()),
        "targets": int(metrics["target"].sum()),
        "ratios": int(metrics["kind"].eq("ratio").sum()),
        "changes": int(metrics["kind"].eq("change").sum()),
        "categories": [
            {"key": category, "label": words[str(category)], "n": len(rows),
             "lower_bounds": int(rows["bound"].eq("more_than").sum())}
            for category, rows in sorted(metrics.groupby("category"), key=lambda group: (-len(group[1]), str(group[0])))
        ],
        "findings": _findings(study),
    }


def category_names() -> dict[str, str]:
    return {row["key"]: row["en"] for row in read_rows(_LABELS, columns=["key", "en"])}


def numbers_by_category(study: Study, doc_id: str) -> list[dict[str, Any]]:
    """Return the numbers of one article as printed, by category, in the order of the text."""
    names = category_names()
    rows = study.metrics[study.metrics["doc_id"].eq(doc_id)]
    return [
        {"label": names[str(category)], "quantities": group["quantity"].tolist()}
        for category, group in rows.groupby("category", sort=False)
    ]


def _findings(study: Study) -> list[dict[str, Any]]:
    audited = audit_metrics(study.metrics)
    metrics = study.metrics
    keys = metrics["doc_id"] + ":" + metrics["char_start"].astype(str)
    by_key = metrics.set_index(keys)
    chosen = audited[audited["check"].isin(_SHARES)]
    return [
        {
            "place_en": _places(study, row["doc_ids"]),
            "verdict": row["verdict"],
            "kind": "total" if row["unit"] != "%" and row["verdict"] == "implied" else row["check"],
            "formula": row["formula"],
            "explanation": row["explanation"],
            "metrics": _different(by_key.loc[row["rows"].split()]),
        }
        for row in records(chosen)
    ]


def _places(study: Study, doc_ids: str) -> str:
    named = study.documents.set_index("doc_id")["place_en"]
    return ", ".join(dict.fromkeys(named[doc_id] for doc_id in doc_ids.split()))


def _different(rows: pd.DataFrame) -> list[dict[str, str]]:
    """Return the metrics of a finding, one that two articles state only once."""
    different = rows.drop_duplicates(["value", "unit", "indicator"])
    columns = ("quantity", "indicator", "indicator_en")
    return [{name: str(row[name]) for name in columns} for row in records(different)]
