"""The fast engine gives the very words of jieba; `benchmarks/engine_words.py` compares many more strings."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import pytest

from pingan_analysis.lexicon import domain_terms
from pingan_analysis.segment import Segmenter
from pingan_analysis.segmenting.boundaries import needs_joining
from pingan_analysis.segmenting.engine import PythonEngine, RustEngine
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


def test_terms_are_those_of_the_words() -> None:
    for segmenter in (Segmenter(), Segmenter(stop_words=True, pos=["noun", "verb"], user_dictionary=["LED屏"])):
        for text in ["LED屏和led屏，宣傳320萬條次", "", "，。", *fuzz_strings(33, 200, WORDS)]:
            assert segmenter.terms(text) == [(word.term, word.pos) for word in segmenter.words(text)]


def test_memory_works_an_answer_out_once_unless_the_word_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    memory: Memory[int] = Memory(lambda word: asked.append(word) or len(word))  # type: ignore[func-returns-value]
    assert [memory["平安"], memory["平安"], memory["长" * 33], memory["长" * 33]] == [2, 2, 33, 33]
    assert asked == ["平安", "长" * 33, "长" * 33]
    monkeypatch.setattr("pingan_analysis.segmenting.memory._REMEMBERED", 1)
    assert memory["建设"] == 2
    assert list(memory) == ["建设"]
