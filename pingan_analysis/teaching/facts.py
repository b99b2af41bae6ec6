"""All facts that the handout states, computed from the study and the digests; the typst sources hold none."""

from __future__ import annotations

import unicodedata
from typing import Any

import pandas as pd

from ..glossary import glossary
from ..study import Study
from .cases import case_facts
from .coding import coding_facts
from .decoding import decoding_facts
from .digests import digest_facts, read_digests, records
from .keywords import keyword_facts
from .limits import limit_facts, numbers_by_category
from .sources import exercises


def handout_facts(study: Study, keywords: pd.DataFrame) -> dict[str, Any]:
    """Return the facts of the handout as JSON has them; `keywords` is the table that `keyword_table` makes.

    Raises `NothingToRead` where a text or a table is missing, `TableError` where texts and tables disagree.
    """
    chosen, digests, documents = exercises(), read_digests(), study.documents
    target = chosen["keyword_target"]
    target_en = documents.loc[documents["place"].eq(target), "place_en"].iloc[0]
    return {
        "cases": case_facts(study),
        "digests": [
            {"doc_id": doc_id, "file": source}
            for doc_id, source in zip(digests["doc_id"], digests["source"], strict=True)
        ],
        "first": digest_facts(digests, chosen["read_first"]),
        "second": digest_facts(digests, chosen["read_second"]),
        "sorts": numbers_by_category(study, chosen["read_first"].removeprefix("digest_")),
        "coding": coding_facts(study, digests, chosen["code"]),
        "decoding": decoding_facts(
            study, digests, listing=chosen["read_first"], model=chosen["model"], naming=chosen["read_second"],
            name_only=chosen["name_only"],
        ),
        "keywords": keyword_facts(keywords, target_en),
        "limits": limit_facts(study),
        "glossary": _glossary(),
    }


def _glossary() -> list[dict[str, str]]:
    """Return the glossary in the order of its pinyin, tones and apostrophes left out."""
    return sorted(records(glossary()), key=lambda row: (_letters(row["pinyin"]), row["term"]))


def _letters(pinyin: str) -> str:
    bare = unicodedata.normalize("NFD", pinyin.casefold())
    return "".join(c for c in bare if c.isalnum() or c == " ")
