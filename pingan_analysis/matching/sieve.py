"""Stretches of texts that may hold wording that another text has too; all else is left out before any comparison.

Every n-gram of a text leaves a mark at a slot that a hash gives it; where a second text comes to the same slot, the
slot is shared. What is shared is never missed; a gram that only one text has is kept where its slot is another one's
too. So memory depends on what the texts share, and not on how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from .characters import Boilerplate, Characters, compared_characters, joined
from .grams import whole_grams
from .runs import TooMuchShared

MOST_CHARACTERS = 5_000_000
"""Characters in stretches that may be shared; more of them are refused, as to compare them would take about 1 GB."""
UNSIEVED_CHARACTERS = 1_000_000
"""Up to so many there is nothing to gain."""
SLOTS = 1 << 29
CHUNK_CHARACTERS = 500_000
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio, odd (Knuth, The Art of Computer Programming 3, 6.4)

Slots = npt.NDArray[np.int64]


class Texts(Protocol):
    """Texts with their boilerplate, by number."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> tuple[str, Boilerplate]: ...


def shared_stretches(texts: Texts, numbers: Sequence[int], length: int) -> Characters:
    """Return the compared characters of the texts `numbers` that may lie in wording of `length` that two of them have.

    Documents are numbered by their place in `numbers`. Of few texts all characters are returned. Raises `TooMuchShared`
    where there are more than `MOST_CHARACTERS`.

    >>> shared_stretches([("平安建设", ()), ("建设平安", ())], [0, 1], 2).text
    '平安建设建设平安'
    """
    chunks = list(_first_chunks(texts, numbers))
    if sum(len(chunk.codes) for chunk in chunks) <= UNSIEVED_CHARACTERS:
        return joined(chunks)
    del chunks
    shared = _shared_slots(texts, numbers, length)
    kept: list[Characters] = []
    n_kept = 0
    for chunk in _chunks(texts, numbers):
        kept.append(_kept(chunk, shared, length))
        n_kept += len(kept[-1].codes)
        if n_kept > MOST_CHARACTERS:
            raise TooMuchShared(f"documents: more than {MOST_CHARACTERS:,} characters in shared wording; "
                                "a greater min_chars finds less")
    return joined(kept)


def _chunks(texts: Texts, numbers: Sequence[int]) -> Iterator[Characters]:
    """Return the characters of some texts at a time."""
    start, size = 0, 0
    some: list[tuple[str, Boilerplate]] = []
    for place, number in enumerate(numbers):
        some.append(texts[number])
        size += len(some[-1][0])
        if size >= CHUNK_CHARACTERS or place == len(numbers) - 1:
            yield compared_characters(*map(list, zip(*some, strict=True)), first=start)
            start, size, some = place + 1, 0, []


def _first_chunks(texts: Texts, numbers: Sequence[int]) -> Iterator[Characters]:
    n_characters = 0
    for chunk in _chunks(texts, numbers):
        yield chunk
        n_characters += len(chunk.codes)
        if n_characters > UNSIEVED_CHARACTERS:
            return


def _shared_slots(texts: Texts, numbers: Sequence[int], length: int) -> npt.NDArray[np.uint8]:
    """Return the slots, a bit each, that grams of two texts come to."""
    taken, shared = np.zeros(SLOTS // 8, dtype=np.uint8), np.zeros(SLOTS // 8, dtype=np.uint8)
    for chunk in _chunks(texts, numbers):
        starts = whole_grams(chunk, length)
        documents = chunk.documents[starts] - chunk.documents[:1]
        n_documents = int(documents.max(initial=0)) + 1
        pairs = np.sort(_slots(chunk, length)[starts] * n_documents + documents)
        once_a_document = pairs[np.diff(pairs, prepend=-1) > 0] // n_documents
        slots, counts = np.unique(once_a_document, return_counts=True)
        _mark(shared, slots[(counts > 1) | _marked(taken, slots)])
        _mark(taken, slots)
    return shared


def _slots(characters: Characters, length: int) -> Slots:
    """Return the slot of the gram that begins at each character; two shorter ones that cover it make its hash."""
    hashes, covered = characters.codes.astype(np.uint64), 1
    while covered < length:
        step = min(covered, length - covered)
        hashes = (hashes[:-step] * _FACTOR) ^ (hashes[step:] + (hashes[:-step] >> np.uint64(29)))
        covered += step
    return ((hashes * _FACTOR) >> np.uint64(64 - (SLOTS.bit_length() - 1))).astype(np.int64)


def _mark(bits: npt.NDArray[np.uint8], slots: Slots) -> None:
    np.bitwise_or.at(bits, slots >> 3, np.left_shift(1, slots & 7).astype(np.uint8))


def _marked(bits: npt.NDArray[np.uint8], slots: Slots) -> npt.NDArray[np.bool_]:
    marked: npt.NDArray[np.bool_] = (bits[slots >> 3] >> (slots & 7).astype(np.uint8)) & 1 == 1
    return marked


def _kept(characters: Characters, shared: npt.NDArray[np.uint8], length: int) -> Characters:
    """Return the characters in grams whose slot is shared; what is left out parts those beside it."""
    starts = whole_grams(characters, length)
    starts = starts[_marked(shared, _slots(characters, length)[starts])]
    edges = np.zeros(len(characters.codes) + 1, dtype=np.int32)
    np.add.at(edges, starts, 1)
    np.add.at(edges, starts + length, -1)
    inside = np.cumsum(edges[:-1]) > 0
    gaps = np.cumsum(~inside, dtype=np.int32)
    return Characters(
        characters.codes[inside], characters.documents[inside], (characters.blocks + gaps)[inside],
        characters.offsets[inside],
    )
