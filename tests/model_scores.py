"""How far the models found in coded texts are the coded ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pingan_analysis.models import find_models
from pingan_analysis.schema import MEMBER_MARK

CASES = Path(__file__).parent / "cases"


def coded_texts(name: str) -> list[dict[str, Any]]:
    """Return the coded texts of `cases/NAME.jsonl`: id, text, models."""
    return [json.loads(line) for line in (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def found_models(text: str) -> list[dict[str, Any]]:
    """Return the models that the rules find, in the form of coded ones."""
    rows = find_models(text).to_dict("records")
    return [row | {"members": [member for member in row["members"].split(MEMBER_MARK) if member]} for row in rows]


def model_scores(coded: list[dict[str, Any]], other: list[dict[str, Any]] | None = None) -> dict[str, float]:
    """Return how many names are coded, found and both; precision, recall and f1 of the names; and, of names that are
    both, the share that agrees in kind, parent, members_basis, and in the list of members where either has one.

    What is found is what the rules find, or what another coder has: `other`, the same texts in the same order."""
    pairs, n_coded, n_found = [], 0, 0
    for i, case in enumerate(coded):
        wanted = {model["model"]: model for model in case["models"]}
        models = found_models(case["text"]) if other is None else other[i]["models"]
        found = {model["model"]: model for model in models}
        n_coded, n_found = n_coded + len(wanted), n_found + len(found)
        pairs += [(wanted[name], found[name]) for name in wanted if name in found]
    listed = [(coder, rule) for coder, rule in pairs if coder["members"] or rule["members"]]
    agree = {
        name: sum(coder[name] == rule[name] for coder, rule in pairs) / max(len(pairs), 1)
        for name in ("kind", "parent", "members_basis")
    }
    return {
        "coded": n_coded, "found": n_found, "both": len(pairs),
        "precision": len(pairs) / n_found, "recall": len(pairs) / n_coded, "f1": 2 * len(pairs) / (n_coded + n_found),
        **agree,
        "members": sum(coder["members"] == rule["members"] for coder, rule in listed) / max(len(listed), 1),
        "lists": len(listed),
    }
