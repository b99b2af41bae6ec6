"""Documents that repeat an earlier one, word for word or nearly so.

Compared are the characters of the running text in simplified script, without punctuation, white space and
boilerplate. Two documents are near duplicates if the Jaccard similarity of their sets of 8-character shingles
is at least 0.7. An edited character touches eight shingles, so 0.7 is a repost in which about one character
in forty-five was changed, or to which two fifths were added; two articles on one campaign that share a
quarter of their shingles stay apart. MinHash finds the candidates, and the shingles themselves decide.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..script import to_simplified
from .boilerplate import Stretch, paragraphs

SHINGLE_CHARACTERS = 8
LEAST_SIMILARITY = 0.7
BANDS, ROWS_A_BAND = 32, 4  # a pair at the threshold becomes a candidate with probability 0.9998
PERMUTATIONS = BANDS * ROWS_A_BAND
LEAST_AGREEMENT = 0.5
"""Share of equal MinHash values below which texts are not compared: of a pair at the threshold, five standard
deviations below what is expected (0.7 ± 0.04 of 128)."""
_SEED = b"pingan_analysis"
_NOT_COMPARED = re.compile(r"[\W_]+")
_BASE = 0x9E3779B97F4A7C15  # odd, so that multiplying by it loses nothing modulo 2**64
_MIX = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))  # finalizer of MurmurHash3 (Appleby 2016)
_BLOCK = 4096  # shingles whose 128 values are held at a time


@dataclass(frozen=True)
class Signature:
    """What a document is compared by first: a digest of its characters, and the MinHash values of its
    shingles.

    `digest` is empty for a document without characters; `minhash` is None for one of less than a shingle.
    """

    digest: bytes
    minhash: npt.NDArray[np.uint32] | None


class Signatures:
    """The signatures of `count` documents, half a kilobyte each, which are set one by one."""

    def __init__(self, count: int) -> None:
        self.digests = [b""] * count
        self.minhash = np.zeros((count, PERMUTATIONS), dtype=np.uint32)
        self._has_minhash = np.zeros(count, dtype=np.bool_)

    def __setitem__(self, number: int, signature: Signature) -> None:
        self.digests[number] = signature.digest
        if signature.minhash is not None:
            self.minhash[number], self._has_minhash[number] = signature.minhash, True

    @property
    def with_minhash(self) -> npt.NDArray[np.intp]:
        """The numbers of the documents that have MinHash values."""
        return np.flatnonzero(self._has_minhash)

    def agreeing(self, document: int, others: Sequence[int]) -> list[int]:
        """Return those of `others` whose MinHash values agree with the document's; the share of equal ones estimates
        the similarity."""
        if not others:
            return []
        agreement = (self.minhash[list(others)] == self.minhash[document]).mean(axis=1)
        return [other for other, share in zip(others, agreement.tolist(), strict=True) if share >= LEAST_AGREEMENT]


def compared_characters(text: str, boilerplate: Sequence[tuple[int, int, str]] = ()) -> str:
    """Return the letters, characters and figures of the running text, in simplified script.

    >>> compared_characters("掃黑，除惡！")
    '扫黑除恶'
    """
    return _characters_of(text, paragraphs(text, boilerplate))


def _characters_of(text: str, stretches: Sequence[Stretch]) -> str:
    simplified = to_simplified(text)
    return _NOT_COMPARED.sub("", "".join(simplified[start:end] for _, start, end in stretches).casefold())


def signature(text: str, stretches: Sequence[Stretch]) -> Signature:
    """Return the signature of a document, of which `stretches` are the `paragraphs`."""
    characters = _characters_of(text, stretches)
    digest = hashlib.blake2b(characters.encode(), digest_size=16).digest() if characters else b""
    return Signature(digest, _minhash(characters) if len(characters) >= SHINGLE_CHARACTERS else None)


def shingles(characters: str) -> set[str]:
    """Return the runs of 8 characters."""
    return {characters[i : i + SHINGLE_CHARACTERS] for i in range(len(characters) - SHINGLE_CHARACTERS + 1)}


def mark_duplicates(documents: pd.DataFrame) -> pd.DataFrame:
    """Return `documents` (with `text`, and `boilerplate` where it is known) with `duplicate_of` filled.

    Each exact or near duplicate names the original that it resembles most: the earlier document by day of
    publication where that is known, else by order. An original is no duplicate itself.
    """
    boilerplate = documents["boilerplate"] if "boilerplate" in documents else [()] * len(documents)
    texts = list(zip(documents["text"], boilerplate, strict=True))
    signatures = Signatures(len(texts))
    for number, (text, cut) in enumerate(texts):
        signatures[number] = signature(text, paragraphs(text, cut))
    originals = find_originals(signatures, texts, earliest_first(documents["published"]))
    names = documents["doc_id"].tolist()
    return documents.assign(duplicate_of=["" if i is None else names[i] for i in originals])


def find_originals(
    signatures: Signatures,
    texts: Sequence[tuple[str, Sequence[tuple[int, int, str]]]],
    order: Sequence[int],
) -> list[int | None]:
    """Return the number of the document that each one repeats, or None; `order`: the earliest first."""
    found: list[int | None] = [None] * len(signatures.digests)
    exact: dict[bytes, int] = {}
    originals = _Originals(signatures)
    for i in order:
        digest = signatures.digests[i]
        found[i] = exact.get(digest)
        if found[i] is None:
            found[i] = _most_similar(i, signatures.agreeing(i, originals.sharing_a_band(i)), texts)
            if found[i] is None:
                originals.add(i)
            if digest:
                exact[digest] = i if (original := found[i]) is None else original
    return found


class _Originals:
    """The originals so far, looked up by the bands of their MinHash values (Leskovec, Rajaraman, Ullman 2020, ch. 3).

    Only bands that another document has too are held, which most documents have none of.
    """

    def __init__(self, signatures: Signatures) -> None:
        self._bands = _shared_bands(signatures)
        self._of_band: dict[int, list[int]] = defaultdict(list)

    def sharing_a_band(self, document: int) -> list[int]:
        found: set[int] = set()
        for band in self._bands.get(document, ()):
            found.update(self._of_band.get(band, ()))
        return sorted(found)

    def add(self, document: int) -> None:
        for band in self._bands.get(document, ()):
            self._of_band[band].append(document)


def _shared_bands(signatures: Signatures) -> dict[int, list[int]]:
    """Return by document the bands, by a number of their own, that another document has too."""
    numbers = signatures.with_minhash
    shared: dict[int, list[int]] = defaultdict(list)
    first = 0
    for band in range(BANDS):
        keys = np.zeros(len(numbers), dtype=np.uint64)
        for column in range(band * ROWS_A_BAND, (band + 1) * ROWS_A_BAND):
            keys = keys * np.uint64(_BASE) + signatures.minhash[numbers, column]
        _, group, sizes = np.unique(keys, return_inverse=True, return_counts=True)
        met = sizes[group] > 1
        for document, number in zip(numbers[met].tolist(), (group[met] + first).tolist(), strict=True):
            shared[document].append(number)
        first += len(sizes)
    return shared


def earliest_first(published: pd.Series) -> list[int]:
    """Return the numbers of documents by day of publication; those without one come last, in order."""
    days = pd.to_datetime(published)
    return list(np.argsort(days.fillna(pd.Timestamp.max.floor("D")).to_numpy(), kind="stable"))


def _most_similar(
    document: int, candidates: Sequence[int], texts: Sequence[tuple[str, Sequence[tuple[int, int, str]]]]
) -> int | None:
    if not candidates:
        return None
    own = shingles(compared_characters(*texts[document]))
    similar = {i: _jaccard(own, shingles(compared_characters(*texts[i]))) for i in candidates}
    best = max(candidates, key=similar.__getitem__)
    return best if similar[best] >= LEAST_SIMILARITY else None


def _jaccard(a: set[str], b: set[str]) -> float:
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


@cache
def _permutations() -> npt.NDArray[np.uint32]:
    """Return factors (odd) and summands of the permutations a * hash + b modulo 2**32, as two columns."""
    drawn = hashlib.shake_128(_SEED).digest(2 * 4 * PERMUTATIONS)
    factors, summands = np.frombuffer(drawn, dtype="<u4").astype(np.uint32).reshape(2, PERMUTATIONS, 1)
    return np.stack([factors | np.uint32(1), summands])


def _minhash(characters: str) -> npt.NDArray[np.uint32]:
    """Return the MinHash values of the shingles of `characters`: the least of each permutation (Broder 1997)."""
    factors, summands = _permutations()
    hashes = _shingle_hashes(characters)
    least = np.full(PERMUTATIONS, np.iinfo(np.uint32).max, dtype=np.uint32)
    for start in range(0, len(hashes), _BLOCK):
        permuted = factors * hashes[start : start + _BLOCK]
        permuted += summands
        np.minimum(least, permuted.min(axis=1), out=least)
    return least


def _shingle_hashes(characters: str) -> npt.NDArray[np.uint32]:
    """Return a hash of each run of 8 characters, in order: a polynomial of their code points, mixed to 32 bits."""
    hashes = np.frombuffer(characters.encode("utf-32-le"), np.uint32).astype(np.uint64)
    length = 1
    while length < SHINGLE_CHARACTERS:
        hashes = hashes[:-length] * np.uint64(pow(_BASE, length, 1 << 64)) + hashes[length:]
        length *= 2
    for factor in _MIX:
        hashes ^= hashes >> np.uint64(33)
        hashes *= factor
    return (hashes >> np.uint64(32)).astype(np.uint32)

