"""The word lists, patterns and labels that the package's rules read: one tab-separated table a kind of fact.

A table's first line names its columns; a line that begins with # is a comment. Cells hold text as it stands,
without quoting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ..errors import TableError

FOLDER = Path(__file__).parent


def read_rows(path: Path | str, *, columns: Iterable[str] = ()) -> list[dict[str, str]]:
    """Return the rows of a tab-separated table, each as a dictionary from column name to text.

    `path` is a file, or the name of a table that ships with the package ("domain/policy"). `columns` are those that
    it must have. Raises `TableError` naming file and line where a row has more or fewer cells than there are columns.

    >>> read_rows("labels", columns=["key", "en", "zh"])[0]["key"]  # doctest: +SKIP
    'place'
    """
    path = path if isinstance(path, Path) else FOLDER / f"{path}.tsv"
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    numbered = [(n, line.removesuffix("\r")) for n, line in enumerate(lines, 1)]
    numbered = [(n, line) for n, line in numbered if line.strip() and not line.startswith("#")]
    if not numbered:
        raise TableError(f"{path.name}: empty; its first line must name the columns, separated by tabs")
    names = numbered[0][1].split("\t")
    missing = [column for column in columns if column not in names]
    if missing:
        raise TableError(f"{path.name}: no column {missing[0]!r}; it has {', '.join(map(repr, names))}")
    return [_row(names, line.split("\t"), f"{path.name}, line {n}") for n, line in numbered[1:]]


def _row(names: list[str], cells: list[str], where: str) -> dict[str, str]:
    if len(cells) != len(names):
        raise TableError(f"{where}: {len(cells)} cells, but {len(names)} columns ({', '.join(names)})")
    return dict(zip(names, cells, strict=True))


@cache
def domain_terms() -> tuple[dict[str, str], ...]:
    """Return the rows of the domain lexicon, all of its files in order of name: term, category, pos, gloss_en, note."""
    columns = ["term", "category", "pos", "gloss_en", "note"]
    files = sorted((FOLDER / "domain").glob("*.tsv"))
    return tuple(row for path in files for row in read_rows(path, columns=columns))


@cache
def glosses() -> dict[str, str]:
    """Return the English gloss of each term of the domain lexicon and of ordinary words (table "glosses").

    The domain lexicon's own gloss goes first. Ordinary words are glossed only: the segmenter does not read them.

    >>> glosses()["雪亮工程"], glosses()["解决"]  # doctest: +SKIP
    ('Sharp Eyes (Xueliang) project', 'to solve')
    """
    ordinary = {row["term"]: row["gloss_en"] for row in read_rows("glosses", columns=["term", "gloss_en"])}
    return ordinary | {row["term"]: row["gloss_en"] for row in domain_terms() if row["gloss_en"]}


@cache
def ordinary_words() -> dict[str, str]:
    """Return the part of speech of ordinary words that the dictionary of jieba has as names of persons.

    >>> ordinary_words()["张贴"]
    'v'
    """
    return {row["word"]: row["pos"] for row in read_rows("ordinary_words", columns=["word", "pos"])}


@cache
def channel_groups() -> Mapping[str, str]:
    """Return the group of each channel, in the order of the table "channel_groups"; "none" is no channel.

    >>> channel_groups()["sms"]
    'digital'
    """
    rows = read_rows("channel_groups", columns=["channel", "group"])
    return MappingProxyType({row["channel"]: row["group"] for row in rows if row["group"] != "none"})
