"""How often each word stands in each paragraph: the rows of the table `terms`, for many documents at a time."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from .naming.lookup import passage_at
from .reading.boilerplate import paragraphs
from .segment import Segmenter

Term = tuple[str, str]
"""A term and its part of speech."""
SCHEMA = pa.schema([
    ("doc", pa.int32()), ("para", pa.int64()), ("passage", pa.dictionary(pa.int32(), pa.string())),
    ("term", pa.dictionary(pa.int32(), pa.string())), ("pos", pa.dictionary(pa.int32(), pa.string())),
    ("n", pa.int64()),
])


class Unit(NamedTuple):
    """The words of a paragraph that are in the passage on a model (`passage`), or in none ("")."""

    para: int
    passage: str
    words: list[Term]


def units_of_text(
    text: str,
    boilerplate: Iterable[tuple[int, int, str]],
    segmenter: Segmenter,
    passages: Sequence[tuple[int, int, str]] = (),
) -> list[Unit]:
    """Return the words of a document by paragraph and passage, in order of these.

    `passages` are start, end, model, as `passage_spans` gives them.
    """
    words: dict[tuple[int, str], list[Term]] = defaultdict(list)
    for para, start, end in ((one.para, one.start, one.end) for one in paragraphs(text, tuple(boilerplate))):
        if any(first < end and start < last for first, last, _ in passages):
            for word in segmenter.words(text[start:end]):
                words[para, passage_at(passages, start + word.start)].append((word.term, word.pos))
        else:
            words[para, ""] += segmenter.terms(text, start, end)
    return [Unit(*key, words[key]) for key in sorted(words)]


def count_words(documents: Sequence[Sequence[Unit]]) -> pa.Table:
    """Return a row a document, paragraph, passage, term and part of speech, in order of these, with its occurrences n.

    Columns are those of `SCHEMA`; doc is the number of the document.

    >>> count_words([[Unit(0, "", [("平安", "a"), ("屏", "n"), ("平安", "a")])]])["n"].to_pylist()
    [1, 2]
    """
    units = [(doc, unit) for doc, some in enumerate(documents) for unit in some]
    sizes = np.array([len(unit.words) for _, unit in units], dtype=np.int64)
    numbers = _Numbers()
    every_word = itertools.chain.from_iterable(unit.words for _, unit in units)
    coded = np.fromiter(map(numbers.__getitem__, every_word), dtype=np.int64, count=int(sizes.sum()))
    vocabulary = sorted(numbers)
    rank = np.empty(len(vocabulary), dtype=np.int64)
    rank[[numbers[word] for word in vocabulary]] = np.arange(len(vocabulary))
    cells = np.repeat(np.arange(len(units)), sizes) * len(vocabulary) + rank[coded]
    counted, n = np.unique(cells, return_counts=True)
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


class _Numbers(dict[Term, int]):
    """Numbers of words, in the order in which they are first asked for."""

    def __missing__(self, word: Term) -> int:
        number = self[word] = len(self)
        return number


def _named(names: Sequence[str], numbers: np.ndarray) -> pa.DictionaryArray:
    """Return the name that each number stands for."""
    different = {name: number for number, name in enumerate(dict.fromkeys(names))}
    number_of = np.array([different[name] for name in names], dtype=np.int32)
    return pa.DictionaryArray.from_arrays(number_of[numbers], pa.array(different, pa.string()))
