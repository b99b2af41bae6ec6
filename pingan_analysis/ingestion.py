"""Articles to a study: read, counted, extracted and compared once, for everything that comes after."""

from __future__ import annotations

import multiprocessing
import os
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pandas as pd

from .articles import Article, SkippedArticle, iter_articles, nothing_to_read, warn_of
from .building.batches import BatchRows, read_batch
from .building.tables import is_small, study_tables
from .corrections import Correction, read_corrections, shipped_corrections
from .errors import CannotWrite, NothingToRead, PinganError
from .paths import replacing
from .progress import progress
from .reading.files import CORRECTIONS_NAME
from .schema import CORRECTIONS, TABLES, check_key
from .study import PARTITION, Study, load_study

CSV_DOCUMENTS = 1_000
"""Up to this many documents a study is CSV, which a person can read and compare; beyond, Parquet."""
PARTITION_DOCUMENTS = 10_000
BATCH_DOCUMENTS = 100
_NAMED = 5  # articles that a note names
POOL_CHARACTERS = 1_000_000
"""From this many characters on, more than one process pays (starting one costs about a second)."""


def ingest(
    path: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    sources: str | os.PathLike[str] | pd.DataFrame | None = None,
    corrections: str | os.PathLike[str] | None = None,
) -> Study:
    """Read the articles at `path` (see `read_articles`), count their words, extract their metrics (see
    `extract_metrics`), models and channels (`find_models`, `find_channels`), compare their wording
    (`shared_phrases`), and write the study into the folder `out`.

    `workers` is the number of processes (default: one for little text, else one a core); `scheduler` the address of a
    Dask scheduler to count on instead. The tables are the same whichever it is. An earlier study in `out` is replaced
    when the new one is complete; a folder that holds anything else is refused. What could not be read is summed up in a
    warning and listed by `Study.skipped`.

    `corrections` is a table of corrections of metrics (data/coding/README.md; default: `corrections.csv` beside the
    articles, else the one of the shipped study); rows that it has set right say so (rule "corrected").

    Raises `NothingToRead` as `read_articles` does, `CannotWrite` where the folder cannot be written, `TableError` where
    the corrections are at fault or fit the articles no longer, and `PinganError` where `out` holds other files or lies
    among the articles.

    >>> ingest("data/digests", "my_study")  # doctest: +SKIP
    Study of 5 documents from 4 named places, 2018-01-01 to 2024-09-02; 1,265 words; 0 files skipped
    """
    out = Path(out)
    _check_out(Path(path), out)
    if workers is not None and workers < 1:
        raise PinganError(f"workers={workers}; it must be 1 or more")
    own = corrections or _corrections_beside(Path(path))
    coded = read_corrections(own) if own else shipped_corrections()
    articles, skipped = _read(path, sources)
    if own:
        _note_unused(Path(own), coded, articles)
    _note_unstated_places(articles)
    with _executor(workers, scheduler, articles) as executor:
        rows = _read_batches(articles, coded, executor)
    with _new_folder(out) as folder:
        _write(folder, study_tables(articles, skipped, rows))
    return load_study(out)


def _read(
    path: str | os.PathLike[str], sources: str | os.PathLike[str] | pd.DataFrame | None
) -> tuple[list[Article], list[SkippedArticle]]:
    articles: list[Article] = []
    skipped: list[SkippedArticle] = []
    for read in progress(iter_articles(path, sources=sources), "reading", unit=" articles"):
        if isinstance(read, Article):
            articles.append(read)
        else:
            skipped.append(read)
    if not articles:
        raise NothingToRead(nothing_to_read(path, skipped))
    warn_of(articles, skipped, listed_by="Study.skipped", stacklevel=4)
    return articles, skipped


def _note_unstated_places(articles: Sequence[Article]) -> None:
    """Say what it means if some articles have a place and others have none."""
    without = [article.doc_id for article in articles if not article.place]
    if 0 < len(without) < len(articles):
        named = ", ".join(without[:_NAMED]) + (", …" if len(without) > _NAMED else "")
        warnings.warn(f"{len(without)} of {len(articles)} articles have no place ({named}), so each article is a case "
                      "of its own; state their places in sources.csv to compare places", stacklevel=3)


def _corrections_beside(path: Path) -> Path | None:
    beside = (path if path.is_dir() else path.parent) / CORRECTIONS_NAME
    return beside if beside.is_file() else None


def _note_unused(path: Path, corrections: Sequence[Correction], articles: Sequence[Article]) -> None:
    here = {article.sha256 for article in articles}
    unused = sum(line.sha256 not in here for line in corrections)
    if unused:
        warnings.warn(f"{path.name}: {unused} of {len(corrections)} corrections are about articles that are not "
                      "in this study", stacklevel=3)


def _read_batches(
    articles: Sequence[Article], corrections: Sequence[Correction], executor: Executor | None
) -> BatchRows:
    by_article: dict[str, list[Correction]] = defaultdict(list)
    for line in corrections:
        by_article[line.sha256].append(line)
    batches = [articles[start : start + BATCH_DOCUMENTS] for start in range(0, len(articles), BATCH_DOCUMENTS)]
    of_batches = [
        [line for sha256 in dict.fromkeys(article.sha256 for article in batch) for line in by_article.get(sha256, ())]
        for batch in batches
    ]
    read_one = partial(read_batch, variants=is_small(articles))
    read = (executor.map if executor else map)(read_one, batches, of_batches)
    rows = BatchRows()
    for one in progress(read, "reading words and metrics", unit=" batches", total=len(batches)):
        rows.extend(one)
    return rows


def _write(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    is_csv = len(tables["documents"]) <= CSV_DOCUMENTS
    for name, table in tables.items():
        check_key(table, TABLES[name].key, where=name)
        table = _with_unix_line_ends(table)
        if is_csv:
            table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", date_format="%Y-%m-%d")
        else:
            (folder / name).mkdir()
            table.to_parquet(folder / name / PARTITION.format(0), index=False)


def _with_unix_line_ends(table: pd.DataFrame) -> pd.DataFrame:
    """A lone CR in a title is left unquoted by some Pythons, and then ends the line of the CSV."""
    texts: pd.DataFrame = table.select_dtypes("str")
    return table.assign(**{name: texts[name].str.replace(r"\r\n?", "\n", regex=True) for name in texts})


def _check_out(path: Path, out: Path) -> None:
    if out.resolve() == Path.cwd():
        raise PinganError(f"{out}: is the current folder, which cannot be replaced; name it from outside of it")
    if path.is_dir() and out.resolve().is_relative_to(path.resolve()):
        raise PinganError(f"{out}: lies inside the folder of articles; its tables would be read as articles next time")
    if out.is_file():
        raise PinganError(f"{out}: is a file; name a folder for the study")
    known = {f"{name}{suffix}" for name in TABLES if name != CORRECTIONS.name for suffix in ("", ".csv")}
    others = sorted(file.name for file in out.iterdir() if file.name not in known) if out.is_dir() else []
    if others:
        raise PinganError(f"{out}: holds other files than a study ({others[0]}); name a new or empty folder")


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """Give a folder to write into that takes the place of `out` once everything is written."""
    out = out.resolve()
    try:
        with replacing(out) as new:
            yield new
    except OSError as error:
        raise CannotWrite(f"{out}: the study cannot be written ({error.strerror or error})") from error


@contextmanager
def _executor(workers: int | None, scheduler: str | None, articles: Sequence[Article]) -> Iterator[Executor | None]:
    if scheduler is not None:
        with _dask_executor(scheduler) as executor:
            yield executor
        return
    if workers is None:
        little = sum(article.n_chars for article in articles) < POOL_CHARACTERS
        workers = 1 if little else os.cpu_count() or 1
    if workers == 1:
        yield None
    else:
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as executor:
            yield executor


@contextmanager
def _dask_executor(scheduler: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise PinganError("scheduler needs the package distributed: pip install distributed") from None
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        raise PinganError(f"scheduler {scheduler!r} cannot be reached ({error}); give its address, "
                          "such as tcp://127.0.0.1:8786") from error
    with client:
        yield client.get_executor()
