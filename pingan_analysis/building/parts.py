"""What an ingest has finished so far, on disk: so that a run that was cut short, or one with more articles, goes on.

A part is a folder of Parquet files (no pickles) with the digest of each; it is written beside and renamed, and one that
a power cut left incomplete is not taken. The parts hold the text of the articles: they lie beside the study, not in it.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, overload

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import PinganError
from ..paths import PACKAGE_FOLDER, write_whole
from .batches import ARTICLES, GROUP_TEXTS, TEXTS, Stat

DIGESTS, MADE_BY, TABLE_FILES, LOCK = "digests.json", "made_by.txt", "table_files.json", "lock"
_CHARACTERS_IN_MEMORY = 4_000_000
"""Texts of so many characters, some 10 MB: articles that resemble one another lie anywhere."""
_DECIDING = ("charset-normalizer", "jieba", "lxml", "opencc", "pypdfium2", "rjieba", "trafilatura")
"""Packages whose version may change what is read."""


Text = tuple[str, Sequence[tuple[int, int, str]]]


class Place(NamedTuple):
    """Where an article lies: number of the part, and number in it."""

    part: int
    doc: int


class Finished(NamedTuple):
    """An article that was read before: where it lies, its file as it was, and the digests that it was known by."""

    place: Place
    stat: Stat
    sha256: str
    data_digest: str
    state: str


class Parts:
    """The finished parts in a folder that no other run uses (see `alone`); those of another version of the package, or
    broken, are removed."""

    def __init__(self, folder: Path, *, words_only: bool) -> None:
        self.folder = folder
        self._metadata_of_texts: dict[int, pq.FileMetaData] = {}
        made_by = f"{fingerprint()} {'words' if words_only else 'all'}\n"
        if _text(folder / MADE_BY) != made_by:
            for path in folder.iterdir():
                if path.name != LOCK:
                    _remove(path)
            write_whole(folder / MADE_BY, made_by.encode(), what="the work of the ingest")
        self.numbers = sorted(int(path.name) for path in folder.iterdir() if path.name.isdigit() and _is_whole(path))
        for path in folder.iterdir():
            if path.is_dir() and not (path.name.isdigit() and int(path.name) in self.numbers):
                _remove(path)

    @property
    def next_number(self) -> int:
        return self.numbers[-1] + 1 if self.numbers else 0

    def add(self, number: int, tables: Mapping[str, bytes]) -> None:
        """Write a part; there is all of it or nothing."""
        beside = self.folder / f"{number:06}.tmp"
        _remove(beside)
        beside.mkdir()
        for name, content in tables.items():
            (beside / f"{name}.parquet").write_bytes(content)
        digests = {name: _digest(content) for name, content in tables.items()}
        (beside / DIGESTS).write_text(json.dumps(digests), encoding="utf-8")
        beside.rename(self.folder / f"{number:06}")
        self.numbers.append(number)

    def keep(self, numbers: Iterable[int]) -> None:
        """Remove all parts but these."""
        wanted = set(numbers)
        for number in set(self.numbers) - wanted:
            _remove(self.folder / f"{number:06}")
        self.numbers = sorted(wanted)

    def table(self, number: int, name: str) -> pa.Table | None:
        """Return a table of a part, or None where the part has none of that name."""
        file = self.file(number, name)
        return pq.read_table(file) if file.is_file() else None

    def with_table(self, name: str) -> list[int]:
        """Return the numbers of the parts that have a table of that name."""
        return [number for number in self.numbers if self.file(number, name).is_file()]

    def articles(self, number: int, columns: list[str]) -> pa.Table:
        """Return columns of the table of the articles of a part."""
        return pq.read_table(self.file(number, ARTICLES), columns=columns)

    def texts(self, number: int, group: int) -> list[Text]:
        """Return some of the texts of a part with their boilerplate, those of a row group."""
        path = self.file(number, TEXTS)
        if number not in self._metadata_of_texts:
            self._metadata_of_texts[number] = pq.read_metadata(path)
        table = pq.ParquetFile(path, metadata=self._metadata_of_texts[number]).read_row_group(group, use_threads=False)
        cuts = [
            [(cut["start"], cut["end"], cut["reason"]) for cut in row or ()] for row in table["boilerplate"].to_pylist()
        ]
        return list(zip(table["text"].to_pylist(), cuts, strict=True))

    def file(self, number: int, name: str) -> Path:
        """Return where a table of a part lies."""
        return self.folder / f"{number:06}" / f"{name}.parquet"

    def finished(self) -> dict[tuple[str, int], Finished]:
        """Return what is finished, by name of the file and number of the row (-1 for a file that is one article)."""
        known = {}
        columns = ["doc", "name", "row", "size", "written", "changed", "sha256", "data_digest", "state"]
        for number in self.numbers:
            for row in self.articles(number, columns).to_pylist():
                stat = (row["size"], row["written"], row["changed"])
                place = Place(number, row["doc"])
                known[row["name"], row["row"]] = Finished(
                    place, stat, row["sha256"], row["data_digest"], row["state"]
                )
        return known

    def table_files(self) -> dict[str, Any]:
        """Return what is known of files with an article a row that were read to their end, by name."""
        text = _text(self.folder / TABLE_FILES)
        return json.loads(text) if text else {}

    def note_table_files(self, files: Mapping[str, Any]) -> None:
        text = json.dumps(files, ensure_ascii=True)
        write_whole(self.folder / TABLE_FILES, text.encode(), what="the work of the ingest")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other runs out of the folder of parts, where the system can; raises `PinganError` if there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as file:
        try:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            pass
        except OSError:
            raise PinganError(f"{folder}: another run is making this study; wait until it is done") from None
        yield


class Texts(Sequence[Text]):
    """The texts of articles by their place in a study, with their boilerplate; some are in memory at a time."""

    def __init__(self, parts: Parts, places: Sequence[Place]) -> None:
        self._parts, self._places = parts, places
        self._held: OrderedDict[tuple[int, int], list[Text]] = OrderedDict()
        self._characters = 0

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, position: int) -> Text: ...

    @overload
    def __getitem__(self, position: slice) -> list[Text]: ...

    def __getitem__(self, position: int | slice) -> Text | list[Text]:
        if isinstance(position, slice):
            return [self[number] for number in range(*position.indices(len(self)))]
        part, doc = self._places[position]
        return self._group(part, doc // GROUP_TEXTS)[doc % GROUP_TEXTS]

    def _group(self, part: int, number: int) -> list[Text]:
        """Return the texts of a row group, and forget those not asked for longest where there are too many."""
        if (part, number) in self._held:
            self._held.move_to_end((part, number))
            return self._held[part, number]
        texts = self._held[part, number] = self._parts.texts(part, number)
        self._characters += _characters(texts)
        while self._characters > _CHARACTERS_IN_MEMORY and len(self._held) > 1:
            self._characters -= _characters(self._held.popitem(last=False)[1])
        return texts


def _characters(texts: Sequence[Text]) -> int:
    return sum(len(text) for text, _ in texts)


@cache
def fingerprint() -> str:
    """Return a digest of all that the rows of an article depend on beside the article: the package, and its engines."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE_FOLDER.rglob("*")):
        if path.suffix in (".py", ".tsv") and path.is_file():
            digest.update(f"{path.relative_to(PACKAGE_FOLDER).as_posix()}\0".encode() + path.read_bytes())
    for name in _DECIDING:
        try:
            digest.update(f"{name} {importlib.metadata.version(name)}\0".encode())
        except importlib.metadata.PackageNotFoundError:
            digest.update(f"{name} none\0".encode())
    return digest.hexdigest()


def _is_whole(folder: Path) -> bool:
    try:
        digests = json.loads((folder / DIGESTS).read_text(encoding="utf-8"))
        return ARTICLES in digests and all(
            _digest((folder / f"{name}.parquet").read_bytes()) == digest for name, digest in digests.items()
        )
    except (OSError, ValueError):
        return False


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
