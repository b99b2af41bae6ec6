"""How often each word stands in each paragraph: the rows of the table `terms`, for many documents at a time."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from .naming.lookup import passage_at
from .reading.boilerplate import Stretch
from .segment import Segmenter

SCHEMA = pa.schema([
    ("doc", pa.int32()), ("para", pa.int64()), ("passage", pa.dictionary(pa.int32(), pa.string())),
    ("term", pa.dictionary(pa.int32(), pa.string())), ("pos", pa.dictionary(pa.int32(), pa.string())),
    ("n", pa.int64()),
])


class Unit(NamedTuple):
    """The tokens of a paragraph that are in the passage on a model (`passage`), or in none ("")."""

    para: int
    passage: str
    tokens: list[str]


def units_of_text(
    text: str,
    stretches: Sequence[Stretch],
    segmenter: Segmenter,
    passages: Sequence[tuple[int, int, str]] = (),
) -> list[Unit]:
    """Return the tokens of a document by paragraph and passage, in order of these.

    `stretches` are its `paragraphs`, `passages` start, end, model, as `passage_spans` gives them.
    """
    units: dict[tuple[int, str], list[str]] = defaultdict(list)
    cut = segmenter.tokens(text, [(start, end) for _, start, end in stretches])
    for (para, start, end), tokens in zip(stretches, cut, strict=True):
        if any(first < end and start < last for first, last, _ in passages):
            starts = itertools.accumulate(map(len, tokens), initial=start)
            for token, position in zip(tokens, starts, strict=False):
                units[para, passage_at(passages, position)].append(token)
        else:
            units[para, ""] += tokens
    return [Unit(*key, units[key]) for key in sorted(units)]


def count_words(documents: Sequence[Sequence[Unit]], segmenter: Segmenter) -> pa.Table:
    """Return a row a document, paragraph, passage, term and part of speech, in order of these, with its occurrences n.

    Columns are those of `SCHEMA`; doc is the number of the document. `segmenter` is the one whose tokens they are.

    >>> count_words([[Unit(0, "", ["平安", "屏", "。", "平安"])]], Segmenter())["n"].to_pylist()
    [1, 2]
    """
    units = [(doc, unit) for doc, some in enumerate(documents) for unit in some]
    sizes = np.array([len(unit.tokens) for _, unit in units], dtype=np.int64)
    numbers = _Numbers()
    every_token = itertools.chain.from_iterable(unit.tokens for _, unit in units)
    coded = np.fromiter(map(numbers.__getitem__, every_token), dtype=np.int64, count=int(sizes.sum()))
    terms = [segmenter.term(token) for token in numbers]
    vocabulary = sorted({term for term in terms if term})
    rank_of = {term: rank for rank, term in enumerate(vocabulary)}
    ranks = np.array([-1 if term is None else rank_of[term] for term in terms], dtype=np.int64)[coded]
    cells = np.repeat(np.arange(len(units)), sizes) * len(vocabulary) + ranks
    counted, n = np.unique(cells[ranks >= 0], return_counts=True)
    unit, word = np.divmod(counted, max(len(vocabulary), 1))
    columns = [
        np.array([doc for doc, _ in units], dtype=np.int32)[unit],
        np.array([one.para for _, one in units], dtype=np.int64)[unit],
        _named([one.passage for _, one in units], unit),
        _named([term for term, _ in vocabulary], word),
        _named([pos for _, pos in vocabulary], word),
        n,
    ]
    return pa.table(columns, schema=SCHEMA)


class _Numbers(dict[str, int]):
    """Numbers of tokens, in the order in which they are first asked for."""

    def __missing__(self, token: str) -> int:
        number = self[token] = len(self)
        return number


def _named(names: Sequence[str], numbers: np.ndarray) -> pa.DictionaryArray:
    """Return the name that each number stands for."""
    different = {name: number for number, name in enumerate(dict.fromkeys(names))}
    number_of = np.array([different[name] for name in names], dtype=np.int32)
    return pa.DictionaryArray.from_arrays(number_of[numbers], pa.array(different, pa.string()))
