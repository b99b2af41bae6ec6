"""What there is to read: every article of the files in order, new or finished before, and those to read in batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from ..corrections import Correction
from ..reading.files import FoundFile
from ..reading.raw_articles import SkippedArticle, is_table, raw_articles, stated_of_row
from ..reading.sources import Sources
from .batches import Batch, Item, Stat, row_of, state_of
from .parts import Finished, Parts, Place

BATCH_CHARACTERS = 200_000
"""About so many make a batch: some seconds of work, and some megabytes."""
WORDS_ONLY_FACTOR = 2
BATCH_ITEMS = 2_000


class Plan:
    """What the articles of `files` are, in order.

    `order` is complete when `batches` is run through. `table_files` is what is known of files that were read to their
    end.
    """

    def __init__(
        self,
        files: Sequence[FoundFile],
        sources: Sources,
        corrections: Mapping[str, Sequence[Correction]],
        parts: Parts,
    ) -> None:
        self.table_files: dict[str, Any] = {}
        self._files, self._sources, self._corrections = files, sources, corrections
        self._finished, self._known_files = parts.finished(), parts.table_files()
        self._numbers = count(parts.next_number)
        self._order: list[Place | SkippedArticle] = []
        self._moved: dict[Place | SkippedArticle, Place] = {}
        self._n_files = self._n_bytes = self._position = 0

    @property
    def order(self) -> list[Place | SkippedArticle]:
        """The place of each article in the parts, or the reason why there is none."""
        return [self._moved.get(one, one) for one in self._order]

    def batches(self, *, words_only: bool) -> Iterator[Batch]:
        """Return what is new, in batches."""
        room = 3 * BATCH_CHARACTERS * (WORDS_ONLY_FACTOR if words_only else 1)
        items: list[Item] = []
        number, size = next(self._numbers), 0
        for one in self._articles():
            if not isinstance(one, Item):
                self._order.append(one)
                continue
            self._order.append(Place(number, len(items)))
            items.append(one)
            size += one.size
            if size >= room or len(items) >= BATCH_ITEMS:
                yield Batch(number, tuple(items), words_only, self._n_files, self._n_bytes + self._position)
                number, items, size = next(self._numbers), [], 0
        if items:
            yield Batch(number, tuple(items), words_only, self._n_files, self._n_bytes)

    def one_by_one(self, batch: Batch) -> Iterator[Batch]:
        """Return each article of a batch as a batch of its own, which takes its place."""
        for doc, item in enumerate(batch.items):
            number = next(self._numbers)
            self._moved[Place(batch.number, doc)] = Place(number, 0)
            yield replace(batch, number=number, items=(item,))

    def _articles(self) -> Iterator[Item | Place | SkippedArticle]:
        for file in self._files:
            stat = _stat(file)
            known = self._unchanged_table(file, stat) if is_table(file) else self._unchanged_file(file, stat)
            yield from known or self._read(file, stat)
            self._position = 0
            self._n_files += 1
            self._n_bytes += max(stat[0], 0)

    def _unchanged_file(self, file: FoundFile, stat: Stat) -> list[Place]:
        """Return the place of the article of a file that is as it was; none if anything is not."""
        found = self._finished.get((file.name, -1))
        if file.problem or found is None or found.stat != stat:
            return []
        stated = self._sources.find(file.name, found.sha256)
        return [found.place] if self._is_as_before(found, stated) else []

    def _unchanged_table(self, file: FoundFile, stat: Stat) -> list[Place | SkippedArticle]:
        """Return the articles of a file of rows that is as it was when it was read to its end; none if not."""
        known = self._known_files.get(file.name)
        if file.problem or known is None or tuple(known["stat"]) != stat:
            return []
        articles: list[Place | SkippedArticle] = []
        for row in known["rows"]:
            if isinstance(row, list):
                articles.append(SkippedArticle(*row))
                continue
            found = self._finished.get((file.name, row))
            if found is None or not self._is_as_before(found, stated_of_row(self._sources, file, found.sha256)):
                return []
            articles.append(found.place)
        self.table_files[file.name] = known
        return articles

    def _reached(self, position: int) -> None:
        self._position = position

    def _is_as_before(self, found: Finished, stated: Mapping[str, str]) -> bool:
        return found.state == state_of(stated, self._corrections.get(found.sha256, ()))

    def _read(self, file: FoundFile, stat: Stat) -> Iterator[Item | Place | SkippedArticle]:
        """Read a file; of its rows those that were not read before."""
        rows: list[int | list[str]] = []
        to_the_end = True
        for raw in raw_articles(file, self._sources, self._reached):
            if isinstance(raw, SkippedArticle):
                rows.append([raw.source, raw.reason])
                to_the_end = to_the_end and not raw.for_now
                yield raw
                continue
            item = Item(raw, stat, tuple(self._corrections.get(raw.sha256, ())))
            rows.append(row_of(raw))
            found = self._finished.get(item.key)
            same = found and (found.data_digest, found.state) == (item.data_digest, item.state)
            yield found.place if found and same else item
        if is_table(file) and not file.problem and to_the_end:
            self.table_files[file.name] = {"stat": stat, "rows": rows}


def _stat(file: FoundFile) -> Stat:
    try:
        stat = file.path.stat()
    except (OSError, ValueError):
        return (-1, 0, 0)
    return (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
