"""Articles to a study: read, counted, extracted and compared once, for everything that comes after."""

from __future__ import annotations

import os
import re
import shutil
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from .articles import find_files, nothing_to_read, warn_of, warn_of_unmatched
from .building.assembly import write_tables
from .building.linking import Documents
from .building.parts import Parts, alone
from .building.plan import Plan
from .building.workers import bytes_of, read_all, workers_for
from .corrections import Correction, read_corrections, shipped_corrections
from .errors import CannotWrite, NothingToRead, PinganError
from .paths import put_in_place
from .progress import Meter
from .reading.files import CORRECTIONS_NAME, FoundFile, sources_beside
from .reading.sources import Sources, load_sources
from .schema import CORRECTIONS, TABLES
from .study import Study, load_study

_NAMED = 5  # articles that a note names
_PARTS = ".{}.parts"
_LEFT_BY_DESKTOPS = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|\.~lock\..*#")


def ingest(
    path: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    sources: str | os.PathLike[str] | pd.DataFrame | None = None,
    corrections: str | os.PathLike[str] | None = None,
    words_only: bool = False,
) -> Study:
    """Read the articles at `path` (see `read_articles`), count their words, extract their metrics (see
    `extract_metrics`), models and channels (`find_models`, `find_channels`), compare their wording
    (`shared_phrases`), and write the study into the folder `out`.

    `workers` is the number of processes (default: one for little text, else one a core); `scheduler` the address of a
    Dask scheduler whose workers read instead, on any number of machines. The tables are the same whichever it is.
    With `words_only` the words are counted and nothing else is looked for: the other tables are empty.

    An earlier study in `out` is replaced in one step when the new one is complete; a folder that holds anything else is
    refused. What could not be read is summed up in a warning and listed by `Study.skipped`.

    What is finished is kept beside the study, in the hidden folder `.NAME.parts`: a run that was cut short goes on
    where it was, and with more articles only the new ones are read. It holds the texts; it can be removed at any time.

    `corrections` is a table of corrections of metrics (data/coding/README.md; default: `corrections.csv` beside the
    articles, else the one of the shipped study); rows that it has set right say so (rule "corrected").

    Raises `NothingToRead` as `read_articles` does, `CannotWrite` where the folder cannot be written, `TableError` where
    the corrections are at fault or fit the articles no longer, and `PinganError` where `out` holds other files or lies
    among the articles, or another run makes the same study.

    >>> ingest("data/digests", "my_study")  # doctest: +SKIP
    Study of 5 documents from 4 named places, 2018-01-01 to 2024-09-02; 1,265 words; 0 files skipped
    """
    path, out = Path(path), Path(out)
    _check_out(path, out)
    if workers is not None and workers < 1:
        raise PinganError(f"workers={workers}; it must be 1 or more")
    own = corrections or _corrections_beside(path)
    coded = read_corrections(own) if own else shipped_corrections()
    files = find_files(path)
    known = load_sources(
        sources if isinstance(sources, pd.DataFrame) or sources is None else Path(sources), sources_beside(path)
    )
    target = out.resolve()
    with _can_write(out), _parts_beside(target, words_only=words_only) as parts:
        plan = Plan(files, known, _by_article(coded), parts)
        _read(plan, parts, files, workers, scheduler, words_only=words_only)
        documents = Documents(parts, plan.order)
        _tell(path, known, documents)
        if own:
            _note_unused(Path(own), coded, set(documents.table["sha256"]))
        with _clean(parts.folder / "new") as folder:
            write_tables(folder, parts, documents, words_only=words_only)
            put_in_place(folder, target)
        parts.keep(place.part for place in documents.places)
    return load_study(out)


def _read(
    plan: Plan, parts: Parts, files: Sequence[FoundFile], workers: int | None, scheduler: str | None, *,
    words_only: bool
) -> None:
    """Have everything read that is not finished; what is read is finished at once."""
    with workers_for(files, workers, scheduler) as readers, Meter("reading", bytes_of(files), len(files)) as meter:
        for batch, tables in read_all(plan.batches(words_only=words_only), readers, plan.one_by_one):
            parts.add(batch.number, tables)
            meter.reached(batch.n_bytes, batch.n_files)
    parts.note_table_files(plan.table_files)


def _tell(path: Path, known: Sources, documents: Documents) -> None:
    """Say what could not be read, and what is worth knowing of the rest."""
    if path.is_dir():
        warn_of_unmatched(known)
    if documents.table.empty:
        raise NothingToRead(nothing_to_read(path, documents.skipped))
    warn_of(len(documents.table), documents.remarks, documents.skipped, listed_by="Study.skipped", stacklevel=4)
    _note_unstated_places(documents.table)


def _note_unstated_places(documents: pd.DataFrame) -> None:
    """Say what it means if some articles have a place and others have none."""
    without = documents.loc[documents["place"].eq(""), "doc_id"].tolist()
    if 0 < len(without) < len(documents):
        named = ", ".join(without[:_NAMED]) + (", …" if len(without) > _NAMED else "")
        warnings.warn(f"{len(without)} of {len(documents)} articles have no place ({named}), so each article is a case "
                      "of its own; state their places in sources.csv to compare places", stacklevel=4)


def _corrections_beside(path: Path) -> Path | None:
    beside = (path if path.is_dir() else path.parent) / CORRECTIONS_NAME
    return beside if beside.is_file() else None


def _by_article(corrections: Sequence[Correction]) -> Mapping[str, Sequence[Correction]]:
    by_article: dict[str, list[Correction]] = defaultdict(list)
    for line in corrections:
        by_article[line.sha256].append(line)
    return by_article


def _note_unused(path: Path, corrections: Sequence[Correction], here: set[str]) -> None:
    unused = sum(line.sha256 not in here for line in corrections)
    if unused:
        warnings.warn(f"{path.name}: {unused} of {len(corrections)} corrections are about articles that are not "
                      "in this study", stacklevel=3)


def _check_out(path: Path, out: Path) -> None:
    if out.resolve() == Path.cwd():
        raise PinganError(f"{out}: is the current folder, which cannot be replaced; name it from outside of it")
    if path.is_dir() and out.resolve().is_relative_to(path.resolve()):
        raise PinganError(f"{out}: lies inside the folder of articles; its tables would be read as articles next time")
    if out.is_file():
        raise PinganError(f"{out}: is a file; name a folder for the study")
    known = {f"{name}{suffix}" for name in TABLES if name != CORRECTIONS.name for suffix in ("", ".csv")}
    there = (file.name for file in out.iterdir()) if out.is_dir() else ()
    others = sorted(name for name in there if name not in known and not _LEFT_BY_DESKTOPS.fullmatch(name))
    if others:
        raise PinganError(f"{out}: holds other files than a study ({others[0]}); name a new or empty folder")


@contextmanager
def _can_write(out: Path) -> Iterator[None]:
    try:
        yield
    except PinganError:
        raise
    except OSError as error:
        raise CannotWrite(f"{out}: the study cannot be written ({error.strerror or error})") from error
    except duckdb.Error as error:
        raise CannotWrite(f"{out}: the study cannot be put together ({' '.join(str(error).split())[:300]})") from error


@contextmanager
def _parts_beside(target: Path, *, words_only: bool) -> Iterator[Parts]:
    """Give what is finished of the study at `target`; of a run that finished nothing, nothing is left."""
    folder = target.with_name(_PARTS.format(target.name))
    with alone(folder):
        parts = Parts(folder, words_only=words_only)
        try:
            yield parts
        finally:
            if not parts.numbers:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _clean(folder: Path) -> Iterator[Path]:
    """Give a new folder, and remove it, or what stands in its place then."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(folder.with_name("old"), ignore_errors=True)
