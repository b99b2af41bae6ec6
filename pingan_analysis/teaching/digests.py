"""The digests as they are printed: paragraphs, last line, and the words that the glossary explains."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pandas as pd

from ..articles import read_articles
from ..errors import NothingToRead
from ..glossary import glossary
from ..paths import data_folder
from ..reading.boilerplate import paragraphs
from ..script import to_simplified


def read_digests() -> pd.DataFrame:
    """Return the digests with their text, by doc_id."""
    return read_articles(data_folder() / "digests").set_index("doc_id", drop=False)


def digest_facts(digests: pd.DataFrame, doc_id: str) -> dict[str, Any]:
    """Return title, paragraphs, note of origin, file and vocabulary of one digest."""
    digest = digest_of(digests, doc_id)
    text, boilerplate = digest["text"], digest["boilerplate"]
    body = [text[stretch.start : stretch.end] for stretch in paragraphs(text, boilerplate)]
    if body[0] == digest["title"]:
        body = body[1:]
    return {
        "doc_id": doc_id,
        "title": digest["title"],
        "place_en": digest["place_en"],
        "published": f"{digest['published']:%Y-%m-%d}",
        "file": digest["source"],
        "paragraphs": body,
        "source_line": "".join(text[start:end] for start, end, _ in boilerplate),
        "vocabulary": words_in("".join([digest["title"], *body])),
    }


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of `table` as dictionaries from column name to value."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def digest_of(digests: pd.DataFrame, doc_id: str) -> Any:
    if doc_id not in digests.index:
        raise NothingToRead(f"data/digests: no digest {doc_id!r}; the handout prints it")
    return digests.loc[doc_id]


def words_in(text: str) -> list[str]:
    """Return the terms of the glossary that stand in `text`, in the order of first appearance; longer terms first.

    Marks of one character (余, 近) count beside a number only: elsewhere they are parts of other words.

    >>> words_in("近年来推进平安建设，平安建设办公室排查矛盾纠纷30余件")
    ['平安建设', '排查', '矛盾纠纷', '余']
    """
    return list(dict.fromkeys(match.group() for match in _terms().finditer(to_simplified(text))))


@cache
def _terms() -> re.Pattern[str]:
    terms = sorted(glossary()["term"], key=len, reverse=True)
    marks = "".join(re.escape(term) for term in terms if len(term) == 1)
    words = "|".join(re.escape(term) for term in terms if len(term) > 1)
    return re.compile(rf"{words}|(?<=[0-9万亿])[{marks}]|[{marks}](?=[0-9])")
