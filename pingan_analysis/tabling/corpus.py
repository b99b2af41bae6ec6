"""The articles of a study, one a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..drawing.style import current_house
from .labels import table_label
from .reading import named, place_names, rows_of

if TYPE_CHECKING:
    from ..study import Study

_READ = ("doc_id", "title", "place", "place_en", "publisher", "published", "date_basis", "script", "n_chars",
         "n_tokens", "duplicate_of")


def corpus_table(study: Study, lang: str | None = None) -> pd.DataFrame:
    """Return the articles of `study`, in its order, as a paper lists them.

    Columns (named in `lang`, "en" or "zh"; default that of the house style): Article (doc_id), Title, Place (in
    English with the Chinese name), Publisher, Published (the day, and whether it is printed in the source or
    inferred), Script, Characters (as stored, boilerplate included), Words, Paragraphs (both without boilerplate); where
    any article repeats another one, also Repeats (the doc_id of that one).

    Raises `ChoiceError` for another language, `NothingToRead` for a study that was made by a version of the package
    without the table `paragraphs`, `TableError` for what is no study.

    >>> from pingan_analysis.study import load_study
    >>> corpus_table(load_study(), "en").columns[:3].tolist()
    ['Article', 'Title', 'Place']
    """
    lang = current_house(lang).lang
    documents = rows_of(study, "documents", _READ)
    places = place_names(documents, lang)
    paragraphs = rows_of(study, "paragraphs", ("doc_id",))["doc_id"].value_counts()
    table = pd.DataFrame({
        "article": documents["doc_id"],
        "title": documents["title"],
        "place": documents["place"].map(places),
        "publisher": documents["publisher"],
        "published": list(map(_day, documents["published"], documents["date_basis"], [lang] * len(documents))),
        "script": [table_label(script, lang) for script in documents["script"]],
        "n_chars": documents["n_chars"],
        "n_words": documents["n_tokens"],
        "n_paragraphs": documents["doc_id"].map(paragraphs).fillna(0).astype("Int64"),
    })
    if documents["duplicate_of"].ne("").any():
        table["duplicate_of"] = documents["duplicate_of"]
    return named(table.reset_index(drop=True), lang)


def _day(published: pd.Timestamp, basis: str, lang: str) -> str:
    if pd.isna(published):
        return ""
    day = published.date().isoformat()
    return table_label(basis, lang, day=day) if basis else day
