"""The fast engine gives the very words of jieba; `benchmarks/engine_words.py` compares many more strings."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence

import pytest

from pingan_analysis.lexicon import domain_terms
from pingan_analysis.segment import Segmenter, normal_form
from pingan_analysis.segmenting.boundaries import needs_joining
from pingan_analysis.segmenting.engine import (
    _LONG,
    PythonEngine,
    RustEngine,
    _lines_that_may_differ,
    _may_differ,
)
from pingan_analysis.segmenting.memory import Memory

ALPHABETS = [
    "0123456789",
    "abcXYZ",
    "-._%+#&",
    "，。“”、· \n\r\t\u3000",
    "平安建设宣传综治扫黑除恶一二三万余多个人次的是我们国家在有",
    "㐀㑇䶵鿕鿖鿿豈",
    "𠀀𪛖𫝀\U0002f800\U00030000\U0003ffff",
    "\x00\x1c\x85\u2028\u200b\ufeff\ufffdéß１Ａ％γ",
    "".join(map(chr, range(0x4E00, 0x9FD6))),
]
WORDS = sorted(row["term"] for row in domain_terms() if not needs_joining(row["term"]))


def fuzz_strings(seed: int, n: int, words: Sequence[str]) -> Iterator[str]:
    """Yield strings of all kinds of characters, some three times running, some words, some pieces said twice."""
    generator = random.Random(seed)
    for _ in range(n):
        weights = [generator.random() ** 2 for _ in ALPHABETS]
        pieces = []
        for alphabet in generator.choices(ALPHABETS, weights, k=generator.randint(1, 40)):
            pieces.append(generator.choice(alphabet) * generator.choice([1] * 9 + [3]))
            if generator.random() < 0.02:
                pieces.append(generator.choice(words))
            if generator.random() < 0.02:
                pieces += pieces[-generator.randint(2, 4):]
        yield "".join(pieces)


@pytest.mark.parametrize("words", [[], WORDS], ids=["dictionary", "with words of one's own"])
def test_engine_gives_jiebas_words(words: list[str]) -> None:
    fast, jieba = RustEngine(), PythonEngine()
    fast.add_words(words)
    jieba.add_words(words)
    for text in fuzz_strings(31, 2000, words or ["平安建设"]):
        assert fast.cut(text) == jieba.cut(text)


@pytest.mark.parametrize(
    "text", ["两两两相相两", "在在一一在有有一", "传宣传宣传宣", "2000年00000", "......", "———", "AAA%%%"],
)
def test_engine_gives_jiebas_words_of_repetitions(text: str) -> None:
    assert RustEngine().cut(f"玥{text}玥") == PythonEngine().cut(f"玥{text}玥")


def test_everything_works_without_the_fast_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = list(fuzz_strings(32, 60, WORDS))
    fast = Segmenter(engine="rjieba")
    expected = [fast.words(text) for text in texts]
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    plain = Segmenter()
    assert isinstance(plain._engine, PythonEngine)
    assert [plain.words(text) for text in texts] == expected


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_the_tokens_of_lines_are_those_of_each_line(engine: str) -> None:
    segmenters = Segmenter(engine=engine), Segmenter(stop_words=True, pos=["noun", "verb"], user_dictionary=["LED屏"])
    strings = ["LED屏和led屏，宣傳320萬條次", "，。", "发出3", "名单", "王", "某说", *fuzz_strings(33, 400, WORDS)]
    lines = [line for line in map(str.strip, "\n".join(strings).splitlines()) if line]
    spans = list(itertools.pairwise(itertools.accumulate((len(line) + 2 for line in lines), initial=0)))
    spans = [(start, end - 2) for start, end in spans]
    for segmenter in segmenters:
        found = segmenter.tokens("\r\n".join(lines), spans)
        for line, tokens in zip(lines, found, strict=True):
            words = [(word.term, word.pos) for word in segmenter.words(line)]
            assert [term for term in map(segmenter.term, tokens) if term] == words
            assert "".join(tokens) == normal_form(line)
    assert segmenters[0].tokens("", []) == []


def test_long_texts_are_cut_as_their_lines_are() -> None:
    engine = RustEngine()
    lines = [line.replace("\n", "").replace("\r", "") for line in fuzz_strings(34, 3000, WORDS)]
    assert sum(map(len, lines)) > 100 * _LONG
    assert engine.cut("\n".join(lines)) == [
        word for i, line in enumerate(lines) for word in [*(["\n"] if i else []), *engine.cut(line)]
    ]


@pytest.mark.parametrize("long", [0, 1_000_000])
def test_lines_that_may_differ_are_found_in_the_whole_text(long: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pingan_analysis.segmenting.engine._LONG", long)
    found = 0
    for text in ["", "\n", "平安\n\n安安安", *fuzz_strings(35, 3000, WORDS)]:
        lines = text.split("\n")
        ends = list(itertools.accumulate(len(line) + 1 for line in lines))
        expected = [(end - len(line) - 1, min(end, len(text)))
                    for line, end in zip(lines, ends, strict=True) if _may_differ(line)]
        assert list(_lines_that_may_differ(text)) == expected
        found += len(expected)
    assert found > 100


def test_memory_works_an_answer_out_once_unless_the_word_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    memory: Memory[int] = Memory(lambda word: asked.append(word) or len(word))  # type: ignore[func-returns-value]
    assert [memory["平安"], memory["平安"], memory["长" * 33], memory["长" * 33]] == [2, 2, 33, 33]
    assert asked == ["平安", "长" * 33, "长" * 33]
    monkeypatch.setattr("pingan_analysis.segmenting.memory._REMEMBERED", 1)
    assert memory["建设"] == 2
    assert list(memory) == ["建设"]
