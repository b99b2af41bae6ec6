"""The key terms of the reports with pinyin, English and meaning: for figures, handout and reports alike."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from .errors import TableError, check_choice
from .lexicon import glosses, read_rows

COLUMNS = ("term", "pinyin", "gloss_en", "meaning_en")


def glossary(terms: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the glossary, all of it by topic, or `terms` in the order given.

    Columns, all text:

    - term: in simplified script
    - pinyin: with tone marks, words joined and parted as the orthography GB/T 16159-2012 has it
    - gloss_en: English, as `glosses` and so the figures have it
    - meaning_en: one sentence on what the term means in these reports

    Raises `ChoiceError` for a term that the glossary lacks, naming one that is near; `TableError` where `terms` is a
    single string.

    >>> glossary(["平安建设"])["pinyin"].item()
    "Píng'ān jiànshè"
    """
    if isinstance(terms, str):
        raise TableError(f"terms={terms!r}; it must be a list of terms, such as [{terms!r}]")
    entries = {row["term"]: _entry(row) for row in read_rows("glossary", columns=COLUMNS)}
    chosen = entries if terms is None else [check_choice(term, entries, "term") for term in terms]
    return pd.DataFrame([entries[term] for term in chosen], columns=list(COLUMNS), dtype="str")


def _entry(row: dict[str, str]) -> dict[str, str]:
    return row | {"gloss_en": row["gloss_en"] or glosses()[row["term"]]}
