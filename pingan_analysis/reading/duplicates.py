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
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..script import to_simplified
from .boilerplate import paragraphs

if TYPE_CHECKING:
    from datasketch import MinHash  # it imports half of SciPy: loaded when first needed

SHINGLE_CHARACTERS = 8
LEAST_SIMILARITY = 0.7
BANDS, ROWS_A_BAND = 32, 4  # a pair at the threshold becomes a candidate with probability 0.9998
LEAST_AGREEMENT = 0.5
"""Share of equal MinHash values below which texts are not compared: of a pair at the threshold, five standard
deviations below what is expected (0.7 ± 0.04 of 128)."""
SEED = 1
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


def compared_characters(text: str, boilerplate: Sequence[tuple[int, int, str]] = ()) -> str:
    """Return the letters, characters and figures of the running text, in simplified script.

    >>> compared_characters("掃黑，除惡！")
    '扫黑除恶'
    """
    kept = "".join(text[stretch.start : stretch.end] for stretch in paragraphs(text, boilerplate))
    return _NOT_COMPARED.sub("", to_simplified(kept).casefold())


def signature(text: str, boilerplate: Sequence[tuple[int, int, str]] = ()) -> Signature:
    """Return the signature of a document; it depends on its text alone, so any worker may compute it."""
    characters = compared_characters(text, boilerplate)
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
    originals = find_originals([signature(*text) for text in texts], texts, earliest_first(documents["published"]))
    names = documents["doc_id"].tolist()
    return documents.assign(duplicate_of=["" if i is None else names[i] for i in originals])


def find_originals(
    signatures: Sequence[Signature],
    texts: Sequence[tuple[str, Sequence[tuple[int, int, str]]]],
    order: Sequence[int],
) -> list[int | None]:
    """Return the number of the document that each one repeats, or None; `order`: the earliest first."""
    from datasketch import MinHashLSH

    originals: list[int | None] = [None] * len(signatures)
    exact: dict[bytes, int] = {}
    index = MinHashLSH(num_perm=BANDS * ROWS_A_BAND, params=(BANDS, ROWS_A_BAND))
    may_resemble = _sharing_a_band(signatures)
    for i in order:
        found = exact.get(signatures[i].digest)
        if found is None and i in may_resemble:
            minhash = _minhash_of(signatures[i])
            met = sorted(index.query(minhash))
            near = [j for j in met if _agreement(signatures[i], signatures[j]) >= LEAST_AGREEMENT]
            found = _most_similar(i, near, texts)
            if found is None:
                index.insert(i, minhash, check_duplication=False)
        if found is None and signatures[i].digest:
            exact[signatures[i].digest] = i
        originals[i] = found
    return originals


def _agreement(one: Signature, other: Signature) -> float:
    """Return the share of MinHash values that two documents have in common, which estimates their similarity."""
    return float(np.mean(one.minhash == other.minhash))


def _sharing_a_band(signatures: Sequence[Signature]) -> set[int]:
    """Return the documents that have a band in common with another: the others need not be in the index, which would
    take more memory for them than all else."""
    numbers = [i for i, one in enumerate(signatures) if one.minhash is not None]
    sharing = np.zeros(len(numbers), dtype=np.bool_)
    for band in range(BANDS):
        rows = slice(band * ROWS_A_BAND, (band + 1) * ROWS_A_BAND)
        keys = np.zeros(len(numbers), dtype=np.uint64)
        for column in np.array([signatures[i].minhash[rows] for i in numbers]).T:  # type: ignore[index]
            keys = keys * np.uint64(_BASE) + column
        _, group, sizes = np.unique(keys, return_inverse=True, return_counts=True)
        sharing |= sizes[group] > 1
    return {numbers[i] for i in np.flatnonzero(sharing)}


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
def _empty_minhash() -> MinHash:
    from datasketch import MinHash

    return MinHash(num_perm=BANDS * ROWS_A_BAND, seed=SEED)


def _minhash(characters: str) -> npt.NDArray[np.uint32]:
    """Return the MinHash values of the shingles of `characters`: the least of each permutation (Broder 1997).

    The permutations are datasketch's (a * hash + b modulo 2**32); its `update_batch` calls a hash function a shingle,
    which takes ten times as long as hashing all of them by their code points.
    """
    factors, summands = (values.reshape(-1, 1) for values in _empty_minhash().permutations)
    hashes = _shingle_hashes(characters)
    least: npt.NDArray[np.uint32] = _empty_minhash().digest()
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


def _minhash_of(given: Signature) -> MinHash:
    minhash = _empty_minhash().copy()
    minhash.hashvalues = given.minhash
    return minhash
