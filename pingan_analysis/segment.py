"""What a word is: jieba with the domain lexicon, numerals apart from measure words, in either script.

A text is cut as its simplified form, full-width letters and figures as the ASCII ones, and words are slices
of the text as it stands. After the engine (`segmenting/engine.py`) come the rules of `segmenting/boundaries.py`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from .errors import NothingToRead, TableError, check_choice
from .lexicon import domain_terms, ordinary_words, read_rows
from .script import to_simplified
from .segmenting.boundaries import BoundaryRules, needs_joining
from .segmenting.engine import LATIN, NUMBER, UNKNOWN, make_engine
from .segmenting.memory import Memory
from .segmenting.number_words import is_number

_FULL_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ％]+")
_TO_ASCII = {code: code - 0xFEE0 for code in map(ord, "％０１２３４５６７８９")} | {
    code: code - 0xFEE0 for first in "Ａａ" for code in range(ord(first), ord(first) + 26)
}
_JIEBA_LINE = re.compile(r"(\S+)(?: +\d+)?(?: +([a-zA-Z]+))?")


class Word(NamedTuple):
    """A word of a text: `text[start:end]`, its simplified form `term`, by which it is counted, and `pos`."""

    start: int
    end: int
    text: str
    term: str
    pos: str


class Segmenter:
    """Cuts Chinese text into words.

    `user_dictionary`: words of one's own, as a list, or as a file: a table with the column `term` (and
    `pos`), or jieba's "word frequency tag" lines. Frequencies are left to jieba's rule, and given ones are
    not used: a large one would change the words around it. `stop_words`: words that `.words` leaves out; a
    list, a file (one word a line, or a table with the column `term`), or True for the table that ships.
    `pos`: the tags (n, ns, vn …) or classes (noun, verb …; see lexicon/part_of_speech.tsv) that `.words`
    keeps; all when None. `lexicon=False` leaves out the domain lexicon. `engine`: "rjieba" and "jieba" give
    the same words; "auto" takes the faster that is installed.

    Raises `ChoiceError` for an engine or class that does not exist, `NothingToRead` for a missing file,
    `TableError` for a file or list that does not hold words.

    >>> Segmenter(user_dictionary=["平安号角"]).cut("平安号角响起")
    ['平安号角', '响起']
    """

    def __init__(
        self,
        *,
        user_dictionary: str | Path | Iterable[str] | None = None,
        stop_words: bool | str | Path | Iterable[str] | None = None,
        pos: str | Iterable[str] | None = None,
        lexicon: bool = True,
        engine: str = "auto",
    ) -> None:
        tags = {row["term"]: row["pos"] for row in domain_terms()} if lexicon else {}
        tags |= _user_words(user_dictionary)
        retagged = ordinary_words() if lexicon else {}
        self._setting = (tags, retagged, stop_words_of(stop_words), None if pos is None else tags_of(pos), engine)
        self._prepare()

    def _prepare(self) -> None:
        self._tags, self._retagged, self._stop_words, self._kept_tags, engine = self._setting
        self._engine = make_engine(engine)
        self._engine.add_words([term for term in self._tags if not needs_joining(term)])
        self._rules = BoundaryRules(self._tags, self._engine)
        self._entries = Memory(self._entry)

    def __getstate__(self) -> Any:
        return self._setting

    def __setstate__(self, setting: Any) -> None:
        self._setting = setting
        self._prepare()

    def cut(self, text: str) -> list[str]:
        """Return the words of `text`, punctuation included, as they stand in it; joined they are it less
        white space.

        >>> Segmenter().cut("發放宣傳單320萬條次")
        ['發放', '宣傳單', '320萬', '條次']
        """
        normal = normal_form(text)
        words = self._cut_normal(normal)
        if normal != text:
            ends = itertools.accumulate(map(len, words))
            words = [text[end - len(word):end] for word, end in zip(words, ends, strict=True)]
        return list(itertools.filterfalse(str.isspace, words))

    def words(self, text: str) -> list[Word]:
        """Return the words of `text` without punctuation, stop words, and parts of speech that are not
        asked for.

        >>> Segmenter().words("「扫黑除恶」")[0]
        Word(start=1, end=5, text='扫黑除恶', term='扫黑除恶', pos='nz')
        """
        tokens = self._cut_normal(normal_form(text))
        spans = itertools.pairwise(itertools.accumulate(map(len, tokens), initial=0))
        entries = map(self._entries.__getitem__, tokens)
        return [
            Word(start, end, text[start:end], *entry)
            for (start, end), entry in zip(spans, entries, strict=True)
            if entry
        ]

    def tokens(self, text: str, lines: Sequence[tuple[int, int]]) -> list[list[str]]:
        """Return the tokens of each of some stretches of `text`, none of which has a line break: its words and what
        is between them, in normal form. To cut all at a time is faster.

        >>> Segmenter().tokens("平安建設，禁毒", [(0, 4), (5, 7)])
        [['平安建设'], ['禁毒']]
        """
        if not lines:
            return []
        normal = normal_form(text)
        tokens = self._cut_normal("\n".join(normal[start:end] for start, end in lines))
        breaks = [i for i, token in enumerate(tokens) if token == "\n"]
        return [tokens[i + 1 : j] for i, j in itertools.pairwise([-1, *breaks, len(tokens)])]

    def term(self, token: str) -> tuple[str, str] | None:
        """Return the term that a token of `tokens` counts as, and its part of speech; None if it is left out.

        >>> Segmenter().term("led屏"), Segmenter().term("。")
        (('LED屏', 'nz'), None)
        """
        return self._entries[token]

    def _cut_normal(self, normal: str) -> list[str]:
        return self._rules.apply(self._engine.cut(normal))

    def _entry(self, token: str) -> tuple[str, str] | None:
        """Return the term and the part of speech of `token`, None where it is left out."""
        term = self._rules.canonical(token)
        pos = self._tags.get(term) or self._retagged.get(term) or self._tag(term)
        kept = (
            any(map(str.isalnum, token))
            and term not in self._stop_words
            and (self._kept_tags is None or pos in self._kept_tags)
        )
        return (term, pos) if kept else None

    def _tag(self, term: str) -> str:
        if is_number(term):
            return NUMBER
        tag = self._engine.tag(term)
        return LATIN if tag == UNKNOWN and term.isascii() and term.isalnum() else tag


def segment(text: str) -> list[str]:
    """Return the words of `text` in order, as they stand in it; joined they give it back, less white space.

    >>> segment("三名民警进了南湖区委")
    ['三', '名', '民警', '进', '了', '南湖', '区委']
    """
    if not isinstance(text, str):
        raise TableError(f"text is {type(text).__name__}; segment() takes one string")
    return _default_segmenter().cut(text)


@cache
def _default_segmenter() -> Segmenter:
    return Segmenter()


@lru_cache(maxsize=1)
def normal_form(text: str) -> str:
    """Return `text` in simplified script with full-width letters, figures and ％ as ASCII; as long as before.

    >>> normal_form("ＬＥＤ屏８８％")
    'LED屏88%'
    """
    text = to_simplified(text)
    if not _FULL_WIDTH.search(text):
        return text
    return _FULL_WIDTH.sub(lambda match: match[0].translate(_TO_ASCII), text)


def _user_words(source: str | Path | Iterable[str] | None) -> dict[str, str]:
    return {} if source is None else _read_words(source, "user_dictionary")


def stop_words_of(source: bool | str | Path | Iterable[str] | None) -> frozenset[str]:
    """Return the stop words of a list or file; of True, those that ship (lexicon/stop_words.tsv); else none."""
    if source is None or source is False:
        return frozenset()
    if source is True:
        return frozenset(row["term"] for row in read_rows("stop_words", columns=["term"]))
    return frozenset(_read_words(source, "stop_words"))


def _read_words(source: str | Path | Iterable[str], name: str) -> dict[str, str]:
    """Read words, in normal form, with their part of speech ("" where there is none)."""
    if isinstance(source, str | Path):
        pairs = _read_file(Path(source), name)
    else:
        pairs = ((word, "") for word in source)
    words = {}
    for word, pos in pairs:
        if not isinstance(word, str) or not word.strip():
            raise TableError(f"{name}: {word!r} is not a word; every entry must be a string with a character")
        if "\n" in word.strip():
            raise TableError(f"{name}: {word!r} has a line break, which no word can have; give one word an entry")
        words[normal_form(word.strip())] = pos
    return words


def _read_file(path: Path, name: str) -> Iterable[tuple[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        hint = "give the path of a table, or a list of words"
        raise NothingToRead(f"{name}: no file {str(path)!r}; {hint}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(f"{name}: {path} cannot be read as a table in UTF-8 ({error})") from error
    content = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if content and "term" in content[0][1].split("\t"):
        return [(row["term"], row.get("pos", "")) for row in read_rows(path, columns=["term"])]
    return [_jieba_line(line, f"{path.name}, line {n}") for n, line in content]


def _jieba_line(line: str, where: str) -> tuple[str, str]:
    match = _JIEBA_LINE.fullmatch(line.strip())
    if not match:
        raise TableError(
            f"{where}: {line!r} is neither a word nor \"word frequency tag\"; "
            "for words with spaces give a table whose first line is: term"
        )
    return match[1], match[2] or ""


def tags_of(pos: str | Iterable[str]) -> frozenset[str]:
    """Return the tags of parts of speech that are named, or whose class is (lexicon/part_of_speech.tsv)."""
    rows = read_rows("part_of_speech", columns=["tag", "class"])
    known = {row["tag"] for row in rows} | {row["class"] for row in rows}
    wanted = {check_choice(name, sorted(known), "pos") for name in ([pos] if isinstance(pos, str) else pos)}
    return frozenset(row["tag"] for row in rows if row["tag"] in wanted or row["class"] in wanted)
