"""Every way of cutting a text into words that the table `term_variants` has: script × segmenter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache

from ..reading.boilerplate import Stretch, paragraphs
from ..script import without_surrogates
from ..segment import Segmenter, Word, normal_form

VariantRow = tuple[str, str, str, int, str, str, int]
WordsOf = Callable[[str], list[Word]]


class VariantSegmenter(Segmenter):
    """A `Segmenter` that can also leave the script of a text as it is."""

    def words_as_stored(self, text: str) -> list[Word]:
        """Return what `words` does, but cut from the text as it stands, each word counted as it stands.

        Its part of speech is that of its simplified form: the dictionary has hardly any other.
        """
        words = []
        end = 0
        for token in self._cut_normal(without_surrogates(text)):
            start, end = end, end + len(token)
            if entry := self._entries[normal_form(token)]:
                words.append(Word(start, end, token, token, entry[1]))
        return words


class JiebaAlone(VariantSegmenter):
    """jieba's words: no lexicon, and no rule moves a boundary."""

    def __init__(self) -> None:
        super().__init__(lexicon=False)

    def _cut_normal(self, normal: str) -> list[str]:
        return self._engine.cut(normal)


@cache
def segmenters() -> dict[str, VariantSegmenter]:
    """Return the segmenter of each name, loaded once a process."""
    return {"package": VariantSegmenter(), "no_lexicon": VariantSegmenter(lexicon=False), "jieba": JiebaAlone()}


def rows_of_document(doc_id: str, text: str, boilerplate: Iterable[tuple[int, int, str]]) -> list[VariantRow]:
    """Return the rows of `term_variants` of one document: by way of cutting, paragraph, term and part of speech."""
    stretches = paragraphs(text, tuple(boilerplate))
    ways = [("simplified", name, segmenter.words) for name, segmenter in segmenters().items()]
    ways += [("as_stored", name, segmenter.words_as_stored) for name, segmenter in segmenters().items()]
    return [
        (script, name, doc_id, para, term, pos, n)
        for script, name, words_of in ways
        for (para, term, pos), n in sorted(_count(words_of, text, stretches).items())
    ]


def _count(words_of: WordsOf, text: str, stretches: Iterable[Stretch]) -> Counter[tuple[int, str, str]]:
    return Counter(
        (stretch.para, word.term, word.pos)
        for stretch in stretches
        for word in words_of(text[stretch.start : stretch.end])
    )
