"""The exercise in decoding models: what a name announces, and which members the text gives."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..channels import find_channels
from ..drawing.metric_parts import channel_names
from ..errors import TableError
from ..lexicon import glosses
from ..models import find_models
from ..schema import LIST_MARK, MEMBER_MARK
from ..study import Study
from .digests import digest_of, records

NAME_ONLY = "none"


def decoding_facts(
    study: Study, digests: pd.DataFrame, *, listing: str, model: str, naming: str, name_only: str
) -> dict[str, Any]:
    """Return what two digests say of their models.

    `listing` is the digest that goes through `model` part by part, `naming` the one that has `name_only` in passing.
    Parts of the model are those of the study. Members and their basis are the digest's own, for that is what a student
    reads.
    """
    parts = study.models[study.models["doc_id"].eq(listing.removeprefix("digest_")) & study.models["parent"].eq(model)]
    if parts.empty:
        raise TableError(f"models: {model!r} has no parts in the article of {listing!r}; the handout takes it apart")
    read = {row["model"]: row for row in records(find_models(digest_of(digests, listing)["text"]))}
    if missing := set(parts["model"]) - set(read):
        raise TableError(f"models: {min(missing)!r}, a part of {model!r}, is not found in the digest {listing!r}")
    decoded = [_decoded(read[name]) for name in parts["model"]]
    in_article = dict(zip(parts["model"], parts["members_basis"], strict=True))
    named = find_models(digest_of(digests, naming)["text"])
    others = [_decoded(row) for row in records(named[named["kind"].eq("campaign_model")])]
    return {
        "model": model,
        "parts": decoded,
        "without_members": [part["model"] for part in decoded if part["basis"] == NAME_ONLY],
        "changed": [
            {"model": part["model"], "digest": part["basis"], "article": in_article[part["model"]]}
            for part in decoded if part["basis"] != in_article[part["model"]]
        ],
        "others": others,
        "by_basis": {
            basis: [other["model"] for other in others if other["basis"] == basis]
            for basis in ("listed", "inferred", NAME_ONLY)
        },
        "name_only": name_only,
        "carriers": _carriers_near(digest_of(digests, naming)["text"], name_only),
    }


def _decoded(row: dict[str, Any]) -> dict[str, Any]:
    members = row["members"].split(MEMBER_MARK) if row["members"] else []
    parts = [part.partition(" ") for part in row["parts"].split(LIST_MARK)]
    return {
        "model": row["model"],
        "gloss": row["model_en"],
        "parts": [{"n": number, "of": thing} for number, _, thing in parts],
        "total": sum(int(number) for number, _, _ in parts if number.isdigit()),
        "members": [_glossed(member) for member in members],
        "basis": row["members_basis"],
        "channels": [channel_names()[channel]["en"] for channel in row["channels"].split()],
    }


def _glossed(word: str) -> dict[str, str]:
    return {"word": word, "gloss": glosses().get(word, "")}


def _carriers_near(text: str, name: str) -> list[dict[str, str]]:
    """Return the carriers of publicity that the sentences on the model name."""
    found = find_channels(text)
    near = found[found["passage"].eq(name)].drop_duplicates("word")
    return [_glossed(row["word"]) for row in records(near)]
