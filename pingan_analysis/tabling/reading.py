"""What the tables for a paper read of a study: tables that are in order, places by name."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ..errors import TableError
from ..schema import check_columns
from .labels import table_label


def rows_of(study: object, name: str, columns: Iterable[str]) -> pd.DataFrame:
    """Return a table of the study; raise `TableError` where there is none or it lacks one of `columns`."""
    if not hasattr(study, "documents"):
        raise TableError(f"study is {type(study).__name__}; give a study, as load_study() returns it")
    table: pd.DataFrame = getattr(study, name)
    check_columns(table, columns, where=name, table=name)
    return table


def originals(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the documents that repeat no other one."""
    return documents[documents["duplicate_of"].eq("")]


def place_names(documents: pd.DataFrame, lang: str) -> dict[str, str]:
    """Return what each place is called: in English by its English name, where one is known, and the Chinese."""
    english: dict[str, str] = {}
    for place, place_en in zip(documents["place"], documents["place_en"], strict=True):
        english[place] = english.get(place) or place_en
    return {
        place: table_label("place_in_both", lang, place=place, place_en=place_en) if place and place_en else place
        for place, place_en in english.items()
    }


def named(table: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return a table whose columns have the names of lexicon/table_labels.tsv."""
    return table.rename(columns={key: table_label(key, lang) for key in table.columns})
