"""jieba's words, by jieba itself or by its Rust port `rjieba`, which gives the very same ones many times
faster.

The two differ in what they take for one run of characters: rjieba joins Latin letters and figures across
`-`, `_` and `.` (2018-05-23, www.gov.cn), and reckons rare characters (Extension A, the supplementary
planes) among the Chinese ones; and where a Chinese character is written three times running, or up to four
characters twice, rounding decides between ways that are equally likely, in each of the two otherwise. Lines
with none of this go through rjieba as they are. The others are cut into jieba's runs first; runs with joins
or repetitions are then cut by the dictionary alone, and the single characters that this leaves go to jieba's
own hidden Markov model (`jieba.finalseg`), which is what jieba does with them. Two exceptions: runs of more
than 500 characters without any punctuation stay with rjieba, because jieba's model takes quadratic time; and
characters that the dictionary does not join may be cut at another of equally likely places where two of them
recur together with others in between, or in a longer sequence that is repeated.
"""

from __future__ import annotations

import importlib.util
import itertools
import re
import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..errors import check_choice

ENGINES = ("auto", "rjieba", "jieba")
NUMBER, LATIN, UNKNOWN = "m", "eng", "x"
"""jieba's parts of speech for words that its dictionary need not have."""

_RUN = re.compile(r"([一-\u9fd5a-zA-Z0-9+#&._%\-]+)")
_JOINED = re.compile(r"[a-zA-Z0-9](?:[-_][a-zA-Z0-9]|\.(?:[a-zA-Z]|\d+[a-zA-Z._\-]))")
_RARE = "\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_REPEATED = re.compile(r"([一-\u9fd5])\1\1|([一-\u9fd5]{2,4}?)\2")
_OTHERWISE = re.compile(f"{_JOINED.pattern}|[{_RARE}]")
_LONG = 150
"""Characters from which on NumPy looks through a text faster than regular expressions."""
_PADDING = bytes(range(16))
_NOT_A_RUN = re.compile(r"\r\n|.", re.DOTALL)
_NEVER_IN_A_RUN = "\ue000"
_COUNTED_TWICE = 3
"""What jieba's sum of frequencies has more than rjieba's: the former adds up words that its dictionary has
twice."""
_LONGEST_RUN = 500
_LATIN = re.compile(r"[a-zA-Z0-9]+")


class Engine(Protocol):
    """Cuts text into jieba's words; joined they give back the text, white space included."""

    def cut(self, text: str) -> list[str]: ...

    def add_words(self, words: Iterable[str]) -> None:
        """Add words, each with the frequency that jieba's `suggest_freq` gives it on the dictionary as it
        was before.

        So the order of the words makes no difference. A word that the dictionary has, and that comes out
        whole, is left as it is.
        """

    def frequency(self, word: str) -> int:
        """Return jieba's `suggest_freq` of `word`: its frequency, or what it takes to come out whole; 0 if
        unknown."""

    def tag(self, word: str) -> str:
        """Return the part of speech of `word` if jieba's dictionary has it and would cut it out, else
        `UNKNOWN`."""


def make_engine(name: str) -> Engine:
    """Return a new engine; "auto" is rjieba where it is installed, else jieba. Raises `ChoiceError`."""
    if check_choice(name, ENGINES, "engine") == "auto":
        name = "rjieba" if importlib.util.find_spec("rjieba") else "jieba"
    return RustEngine() if name == "rjieba" else PythonEngine()


class RustEngine:
    """jieba's words through rjieba."""

    def __init__(self) -> None:
        import rjieba

        self._jieba = rjieba.Jieba()
        self._jieba.add_word(_NEVER_IN_A_RUN, _COUNTED_TWICE, None)

    def cut(self, text: str) -> list[str]:
        words: list[str] = []
        done = 0
        for start, end in _lines_that_may_differ(text):
            words += self._jieba.cut(text[done:start])
            words += self._cut_by_runs(text[start:end])
            done = end
        rest = self._jieba.cut(text[done:])
        return words + rest if words else rest

    def _cut_by_runs(self, line: str) -> Iterator[str]:
        for run in _RUN.split(line):
            if not _RUN.match(run):
                yield from _NOT_A_RUN.findall(run)
            elif len(run) <= _LONGEST_RUN and _may_differ(run):
                yield from self._cut_with_finalseg(run)
            else:
                yield from self._jieba.cut(run)

    def _cut_with_finalseg(self, run: str) -> Iterator[str]:
        words = itertools.chain.from_iterable(map(self._singles, self._jieba.cut(run, False)))
        for single, group in itertools.groupby(words, key=lambda word: len(word) == 1):
            if not single:
                yield from group
                continue
            rest = "".join(group)
            if len(rest) == 1 or self._jieba.has_word(rest):
                yield from rest
            else:
                yield from _finalseg().cut(rest)

    def _singles(self, word: str) -> Iterable[str]:
        """Take apart what rjieba joined without the dictionary having it: Latin letters and figures."""
        return word if _LATIN.fullmatch(word) and not self._jieba.has_word(word) else (word,)

    def add_words(self, words: Iterable[str]) -> None:
        new = [word for word in words if not self._comes_out(word)]
        frequencies = [self._jieba.suggest_freq(word) for word in new]
        for word, frequency in zip(new, frequencies, strict=True):
            self._jieba.add_word(word, frequency, None)

    def _comes_out(self, word: str) -> bool:
        return bool(self._jieba.has_word(word)) and self._jieba.cut(word, False) == [word]

    def frequency(self, word: str) -> int:
        return self._jieba.suggest_freq(word) if self._jieba.has_word(word) else 0

    def tag(self, word: str) -> str:
        tagged = self._jieba.tag(word, False) if self._jieba.has_word(word) else []
        return (tagged[0][1] or UNKNOWN) if len(tagged) == 1 else UNKNOWN


def _may_differ(text: str) -> bool:
    """Whether rjieba may give other words than jieba; two searches, which is faster than one for both."""
    return bool(_OTHERWISE.search(text) or _REPEATED.search(text))


def _lines_that_may_differ(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end, its line break included, of each line of which rjieba may give other words."""
    end = 0
    for position in _suspects(text) if len(text) >= _LONG else _found(text):
        if position >= end and _may_differ_at(text, position):
            start, end = text.rfind("\n", 0, position) + 1, text.find("\n", position) + 1 or len(text)
            yield start, end


def _may_differ_at(text: str, position: int) -> bool:
    return any(
        pattern.match(text, start)
        for pattern, start in ((_REPEATED, position), (_OTHERWISE, position), (_JOINED, max(position - 1, 0)))
    )


def _found(text: str) -> list[int]:
    return sorted(match.start() for pattern in (_OTHERWISE, _REPEATED) for match in pattern.finditer(text))


def _suspects(text: str) -> list[int]:
    """Return, in order, where `_REPEATED` matches, rare characters, what joins Latin letters, and other places."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    n = len(text)
    if len(encoded) > 2 * n:
        return _found(text)
    codes = np.frombuffer(encoded + _PADDING, dtype="<u2").astype(np.uint32)
    pairs = codes[:-1] | codes[1:] << 16
    here = pairs[:n]
    suspect: npt.NDArray[np.bool_] = _suspicious()[codes[:n]]
    for period in range(1, 5):
        suspect |= here == pairs[period : n + period]
    return suspect.nonzero()[0].tolist()


@cache
def _suspicious() -> npt.NDArray[np.bool_]:
    """Say of each character of the basic plane whether `_OTHERWISE` matches around it."""
    marks = re.compile(f"[-_.{_RARE}]")
    return np.array([marks.match(chr(code)) is not None for code in range(0x10000)])


class PythonEngine:
    """jieba's words through jieba: a tokenizer of our own, without its cache file and its messages."""

    def __init__(self) -> None:
        self._tokenizer = _quiet_import("jieba").Tokenizer()
        frequencies, self._tokenizer.total = _dictionary()
        self._tokenizer.FREQ = frequencies.copy()
        self._tokenizer.initialized = True

    def cut(self, text: str) -> list[str]:
        return self._tokenizer.lcut(text)  # type: ignore[no-any-return]

    def add_words(self, words: Iterable[str]) -> None:
        new = [word for word in words if not self._comes_out(word)]
        frequencies = [self._tokenizer.suggest_freq(word) for word in new]
        for word, frequency in zip(new, frequencies, strict=True):
            self._tokenizer.total -= self._tokenizer.FREQ.get(word, 0)  # add_word would count it twice
            self._tokenizer.add_word(word, frequency)

    def _comes_out(self, word: str) -> bool:
        return bool(self._tokenizer.FREQ.get(word)) and self._tokenizer.lcut(word, HMM=False) == [word]

    def frequency(self, word: str) -> int:
        return self._tokenizer.suggest_freq(word) if self._tokenizer.FREQ.get(word) else 0

    def tag(self, word: str) -> str:
        return _tags().get(word, UNKNOWN) if self._comes_out(word) else UNKNOWN


@cache
def _quiet_import(name: str) -> ModuleType:
    """Import a module of jieba's without the warnings that its old escapes and `pkg_resources` give."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(name)


def _finalseg() -> Any:
    return _quiet_import("jieba.finalseg")


@cache
def _dictionary() -> tuple[dict[str, int], int]:
    """Frequencies of jieba's words (0 for what words begin with), and their sum.

    Read from the dictionary itself: jieba would read a `marshal` file out of a folder that other users
    write to.
    """
    tokenizer = _quiet_import("jieba").Tokenizer()
    return tokenizer.gen_pfdict(tokenizer.get_dict_file())  # type: ignore[no-any-return]


@cache
def _tags() -> dict[str, str]:
    with _quiet_import("jieba").Tokenizer().get_dict_file() as lines:
        cells = (line.decode("utf-8").split() for line in lines)
        return {word: tag for word, _, tag in cells}
