"""The characters of texts that are compared: letters, digits and Chinese characters, and where each one stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..plain import PlainText

Integers = npt.NDArray[np.int32]
Boilerplate = Iterable[tuple[int, int, str]]


@dataclass(frozen=True)
class Characters:
    """The compared characters of all texts, one after the other; the arrays are as long as there are characters.

    `codes` are code points in simplified script, half width and small letters; `documents` numbers the text that each
    one comes from, `offsets` says where it stands there. `blocks` numbers the stretches between boilerplate: wording
    does not go on from one to the next.
    """

    codes: Integers
    documents: Integers
    blocks: Integers
    offsets: Integers

    @property
    def text(self) -> str:
        return self.codes.astype("<u4").tobytes().decode("utf-32-le")


def compared_characters(
    texts: Sequence[str], boilerplates: Sequence[Boilerplate], *, first: int = 0
) -> Characters:
    """Return the characters that are compared; punctuation, symbols, white space and what is injected are left out.

    Documents are numbered from `first` on.

    >>> compared_characters(["平安（ＬＥＤ），掃黑"], [()]).text
    '平安led扫黑'
    """
    codes, offsets, documents, blocks = [], [], [], []
    for number, (text, boilerplate) in enumerate(zip(texts, boilerplates, strict=True), first):
        plain = PlainText(text)
        own_codes = np.frombuffer(plain.text.encode("utf-32-le"), dtype="<u4").astype(np.int32)
        own_offsets = _offsets(plain, len(text))
        inside, own_blocks = _cut(own_offsets, boilerplate)
        codes.append(own_codes[~inside])
        offsets.append(own_offsets[~inside])
        blocks.append(own_blocks[~inside])
        documents.append(np.full(len(codes[-1]), number, dtype=np.int32))
    return _folded(*(_joined(arrays) for arrays in (codes, documents, blocks, offsets)))


def joined(parts: Sequence[Characters]) -> Characters:
    """Return the characters of several groups of documents as one."""
    return Characters(*(
        _joined([getattr(part, name) for part in parts]) for name in ("codes", "documents", "blocks", "offsets")
    ))


def _offsets(plain: PlainText, length: int) -> Integers:
    if len(plain.text) == length:
        return np.arange(length, dtype=np.int32)
    return np.array([plain.span(i, i + 1)[0] for i in range(len(plain.text))], dtype=np.int32)


def _cut(offsets: Integers, boilerplate: Boilerplate) -> tuple[npt.NDArray[np.bool_], Integers]:
    """Return which characters lie in boilerplate, and after how many stretches of it each one stands."""
    inside = np.zeros(len(offsets), dtype=np.bool_)
    blocks = np.zeros(len(offsets), dtype=np.int32)
    for start, end, _ in boilerplate:
        first, after = np.searchsorted(offsets, (start, end))
        inside[first:after] = True
        blocks[after:] += 1
    return inside, blocks


def _joined(arrays: Sequence[Integers]) -> Integers:
    return np.concatenate([np.empty(0, dtype=np.int32), *arrays])


def _folded(codes: Integers, documents: Integers, blocks: Integers, offsets: Integers) -> Characters:
    folded = np.zeros(codes.max(initial=0) + 1, dtype=np.int32)
    for code in np.flatnonzero(np.bincount(codes)):
        folded[code] = _fold(chr(code))
    codes = folded[codes]
    kept = codes > 0
    return Characters(codes[kept], documents[kept], blocks[kept], offsets[kept])


def _fold(character: str) -> int:
    """Return the code point that `character` is compared as; 0 where it is not compared."""
    if not character.isalnum():
        return 0
    small = character.casefold()
    return ord(small if len(small) == 1 else character)
