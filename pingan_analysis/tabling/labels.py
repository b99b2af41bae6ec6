"""The words of tables in both languages (lexicon/table_labels.tsv)."""

from __future__ import annotations

from functools import cache

from ..drawing.style import LANGUAGES
from ..errors import check_choice
from ..lexicon import read_rows


@cache
def _labels() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in read_rows("table_labels", columns=["key", *LANGUAGES])}


def table_label(key: str, lang: str, **fields: object) -> str:
    """Return the words of `key` in `lang` ("en" or "zh"), with `fields` filled in.

    >>> table_label("span", "zh", start="2018-01-01", end="2018-10-01")
    '2018-01-01至2018-10-01'
    """
    words = _labels()[check_choice(key, _labels(), "label")]
    return words[check_choice(lang, LANGUAGES, "lang")].format(**fields)
