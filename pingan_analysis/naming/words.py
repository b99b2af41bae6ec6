"""What the rules of naming know: the words of lexicon/model_words.tsv by role, and the names of known kinds."""

from __future__ import annotations

from functools import cache, lru_cache

from ..errors import check_choice
from ..extraction.tables import one_of
from ..lexicon import domain_terms, read_rows
from ..segmenting.engine import Engine, make_engine

CAMPAIGN_MODEL = "campaign_model"
_NAMED_IN = frozenset({"model", "campaign"})
"""Categories of the domain lexicon whose numeral names are models."""
_IDIOM = "i"


@cache
def _by_role() -> dict[str, tuple[str, ...]]:
    by_role: dict[str, list[str]] = {}
    for row in read_rows("model_words", columns=["word", "role"]):
        by_role.setdefault(row["role"], []).append(row["word"])
    return {role: tuple(words) for role, words in by_role.items()}


@cache
def words_of(role: str) -> frozenset[str]:
    """Return the words of a role of lexicon/model_words.tsv.

    >>> "屏" in words_of("pair_noun")
    True
    """
    return frozenset(_by_role()[check_choice(role, _by_role(), "role")])


@cache
def alternatives(*roles: str) -> str:
    """Return an expression for the words of the roles, the longest first, as a group."""
    return f"(?:{one_of(word for role in roles for word in words_of(role))})"


@cache
def known_kinds() -> dict[str, str]:
    """Return the kind of each name that lexicon/model_kinds.tsv has."""
    return {row["name"]: row["kind"] for row in read_rows("model_kinds", columns=["name", "kind", "unquoted"])}


@cache
def known_unquoted() -> frozenset[str]:
    """Return the names of lexicon/model_kinds.tsv that are known without quotation marks."""
    rows = read_rows("model_kinds", columns=["name", "kind", "unquoted"])
    return frozenset(row["name"] for row in rows if row["unquoted"] == "yes")


@cache
def lexicon_names() -> frozenset[str]:
    """Return the terms of the domain lexicon that name models or campaigns."""
    return frozenset(row["term"] for row in domain_terms() if row["category"] in _NAMED_IN)


@cache
def _ordinary() -> frozenset[str]:
    listed = {row["word"] for row in read_rows("model_ordinary", columns=["word"])}
    return frozenset(listed | {row["term"] for row in domain_terms() if row["category"] == "honour"})


@lru_cache(maxsize=4096)
def part_of_speech(word: str) -> str:
    """Return the part of speech that the general dictionary gives a word (v, n, vn …)."""
    return _dictionary().tag(word)


@cache
def _dictionary() -> Engine:
    return make_engine("auto")


@lru_cache(maxsize=4096)
def is_ordinary(name: str) -> bool:
    """Whether `name` is a word or an idiom of the general language, or an honour, and no name of a model.

    >>> is_ordinary("三心二意"), is_ordinary("三屏两报")
    (True, False)
    """
    if name in known_kinds():
        return False
    return name in _ordinary() or (name not in lexicon_names() and part_of_speech(name) == _IDIOM)
