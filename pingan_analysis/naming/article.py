"""An article as the rules of naming read it: its paragraphs as one text, the names in it, and the way back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ..plain import PlainText, plain_paragraphs
from .mention import Mention
from .mentions import CANDIDATE, find_mentions


@dataclass(frozen=True)
class Article:
    """`text`: the paragraphs as rules read them, a line each. `starts`: where each of them begins in it."""

    text: str
    starts: tuple[int, ...]
    plains: tuple[PlainText, ...]
    origins: tuple[int, ...]

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Return every mention of a name, in order; offsets are those of `text`."""
        found = []
        for start, plain in zip(self.starts, self.plains, strict=True):
            if CANDIDATE.search(plain.text):
                found += [moved(mention, start) for mention in find_mentions(plain.text)]
        return tuple(found)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `start` to `end` of `text` lie in the article as stored."""
        return self._position(start, start), self._position(end, max(start, end - 1))

    def _position(self, at: int, inside: int) -> int:
        n = bisect_right(self.starts, inside) - 1
        offset = min(at - self.starts[n], len(self.plains[n].text))
        return self.origins[n] + self.plains[n].span(offset, offset)[1]

    def paragraph_at(self, at: int) -> tuple[int, int]:
        """Return the bounds in `text` of the paragraph that holds `at`."""
        n = bisect_right(self.starts, at) - 1
        return self.starts[n], self.starts[n] + len(self.plains[n].text)


def read_article(text: str, boilerplate: Iterable[tuple[int, int, str]]) -> Article | None:
    """Return the article without its boilerplate; None where nothing in it can be a name."""
    if not CANDIDATE.search(text):
        return None
    found = plain_paragraphs(text, boilerplate)
    plains = tuple(paragraph.plain for paragraph in found)
    starts, length = [], 0
    for plain in plains:
        starts.append(length)
        length += len(plain.text) + 1
    joined = "\n".join(plain.text for plain in plains)
    return Article(joined, tuple(starts), plains, tuple(paragraph.start for paragraph in found))


def moved(mention: Mention, by: int) -> Mention:
    """Return `mention` with offsets `by` greater."""
    return mention._replace(start=mention.start + by, end=mention.end + by, tail=mention.tail + by)
