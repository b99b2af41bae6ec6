"""The study: a folder of tables, made from articles once and read by everything after."""

from __future__ import annotations

import csv
import html
import multiprocessing
import os
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import duckdb
import pandas as pd

from .articles import Article, SkippedArticle, iter_articles, nothing_to_read, read_articles, warn_of
from .building.batches import BatchRows, read_batch
from .building.tables import SMALL_STUDY, is_small, study_tables
from .codebook import SHIPPED
from .corrections import Correction, read_corrections, shipped_corrections
from .errors import CannotWrite, NothingToRead, PinganError, TableError, check_choice
from .paths import data_folder, replacing
from .progress import progress
from .reading.files import CORRECTIONS_NAME
from .schema import CORRECTIONS, DOCUMENTS, TABLES, TERM_VARIANTS, check_columns, check_key, check_table

STUDY_VARIABLE, ARTICLES_VARIABLE = "PINGAN_STUDY", "PINGAN_ARTICLES"
CSV_DOCUMENTS = 1_000
"""Up to this many documents a study is CSV, which a person can read and compare; beyond, Parquet."""
BATCH_DOCUMENTS = 100
_NAMED = 5  # articles that a note names
POOL_CHARACTERS = 1_000_000
"""From this many characters on, more than one process pays (starting one costs about a second)."""

T = TypeVar("T")
SQL_TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}
FORMATS = (".csv", ".parquet")


class Study:
    """The tables of a study, read when they are first used.

    `documents`, `paragraphs`, `boilerplate`, `skipped`, `terms`, `metrics`, `models`, `channel_mentions`,
    `shared_phrases` and `term_variants` (empty in studies of more than 100 documents) are data frames; the codebook
    (data/README.md) has their columns. `relation(name)` gives a table to DuckDB without reading it into memory. `path`
    is the folder. To ask for a table that the study lacks raises `NothingToRead`.

    >>> load_study().documents["place_en"].nunique()
    4
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def documents(self) -> pd.DataFrame:
        return self._table("documents")

    @cached_property
    def paragraphs(self) -> pd.DataFrame:
        return self._table("paragraphs")

    @cached_property
    def boilerplate(self) -> pd.DataFrame:
        return self._table("boilerplate")

    @cached_property
    def skipped(self) -> pd.DataFrame:
        return self._table("skipped")

    @cached_property
    def terms(self) -> pd.DataFrame:
        return self._table("terms")

    @cached_property
    def metrics(self) -> pd.DataFrame:
        return self._table("metrics")

    @cached_property
    def models(self) -> pd.DataFrame:
        return self._table("models")

    @cached_property
    def channel_mentions(self) -> pd.DataFrame:
        return self._table("channel_mentions")

    @cached_property
    def shared_phrases(self) -> pd.DataFrame:
        return self._table("shared_phrases")

    @cached_property
    def term_variants(self) -> pd.DataFrame:
        if len(self.documents) > SMALL_STUDY:
            warnings.warn(f"term_variants is empty, as only studies of up to {SMALL_STUDY} documents hold it; make it "
                          f"of some of the texts: pa.term_variants(texts.head({SMALL_STUDY}))", stacklevel=3)
            return check_table(pd.DataFrame(columns=TERM_VARIANTS.column_names), "term_variants")
        return self._table("term_variants")

    @property
    def is_shipped(self) -> bool:
        """Whether this is the study of the five articles that comes with the package."""
        return self.path.resolve() == shipped_study().resolve()

    @property
    def case_column(self) -> str:
        """The column of `documents` whose values are the cases to compare: place where each has one, else doc_id."""
        return "place" if self.documents["place"].ne("").all() else "doc_id"

    def relation(self, name: str) -> duckdb.DuckDBPyRelation:
        """Return a table as a DuckDB relation over its file; `name` is that of a property of the study.

        Raises `NothingToRead` where the study was made by a version of the package that had no such table.
        """
        file = self._file(name)
        if file.suffix == ".parquet":
            return duckdb.read_parquet(str(file))
        types = {column.name: SQL_TYPES[column.type] for column in TABLES[name].columns}
        columns = {column: types.get(column, "VARCHAR") for column in _header(file, name)}
        rows = duckdb.read_csv(
            str(file), auto_detect=False, header=True, delimiter=",", quotechar='"', escapechar='"', columns=columns,
        )
        return rows.project(*(
            duckdb.CoalesceOperator(duckdb.ColumnExpression(column), duckdb.ConstantExpression("")).alias(column)
            if type_ == "VARCHAR" else duckdb.ColumnExpression(column)
            for column, type_ in columns.items()
        ))

    def terms_with(self, *columns: str, duplicates: bool = False) -> pd.DataFrame:
        """Return `terms` with columns of `documents` beside them, such as "place", to count by.

        Documents that repeat another one (`duplicate_of`) are left out unless `duplicates` is true. Raises
        `ChoiceError` for a column that `documents` does not have, `TableError` where a document has no value in it.

        >>> "place_en" in load_study().terms_with("place_en")
        True
        """
        for column in columns:
            check_choice(column, self.documents.columns, "column")
        documents = self.documents if duplicates else self.documents[self.documents["duplicate_of"].eq("")]
        for column in columns:
            empty = documents[documents[column].isna() | documents[column].eq("")]
            if len(empty):
                raise TableError(f"documents: column {column!r} is empty for {empty['doc_id'].iloc[0]!r}; "
                                 "state it in sources.csv beside the articles, or count by 'doc_id'")
        return self.terms.merge(documents[["doc_id", *(c for c in columns if c != "doc_id")]], on="doc_id")

    def texts(self, path: str | os.PathLike[str] | None = None) -> pd.DataFrame:
        """Return articles with their text, as `read_articles` does; a study itself holds no text.

        `path` is where the articles lie (default: the environment variable PINGAN_ARTICLES, which `pingan report
        --articles` sets); those that are not of this study are left out, and the rest go by their names here. Without
        a path, the shipped study gives the digests of its articles, and any other an empty table and a warning.
        """
        path = path or os.environ.get(ARTICLES_VARIABLE) or None
        if path is None:
            if self.is_shipped:
                return read_articles(data_folder() / "digests")
            warnings.warn("no texts at hand: name the articles with `pingan report --articles PATH` "
                          "or study.texts(PATH)", stacklevel=2)
            return pd.DataFrame(columns=[*DOCUMENTS.column_names, "text", "boilerplate"])
        texts = _numbered_copies(read_articles(path))
        here = _numbered_copies(self.documents).set_index(["sha256", "copy"])["doc_id"]
        names = here.reindex(pd.MultiIndex.from_frame(texts[["sha256", "copy"]])).to_numpy()
        texts = texts.drop(columns="copy").assign(doc_id=names).dropna(subset="doc_id")
        if texts.empty:
            raise NothingToRead(f"{path}: none of the articles there is one of the study in {self.path}")
        return texts.reset_index(drop=True)

    def __repr__(self) -> str:
        days = self.documents["published"].dropna()
        span = f", {days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}" if len(days) else ""
        places = self.documents["place"].replace("", pd.NA).nunique()
        return (f"Study of {len(self.documents):,} documents from {places:,} named places{span}; "
                f"{int(self.documents['n_tokens'].sum()):,} words; {len(self.skipped):,} files skipped")

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self))}</p>"

    def _file(self, name: str) -> Path:
        file = self._existing(check_choice(name, SHIPPED, "table"))
        if file is None:
            raise NothingToRead(f"{self.path}: no table {name!r}, as an earlier version made this study; make it "
                                f"anew with `pingan ingest ARTICLES --out {self.path}`")
        return file

    def _existing(self, name: str) -> Path | None:
        files = [self.path / f"{name}{suffix}" for suffix in FORMATS]
        return next((file for file in files if file.is_file()), None)

    def _table(self, name: str) -> pd.DataFrame:
        file = self._file(name)
        try:
            frame = self.relation(name).df()
        except duckdb.Error as error:
            raise TableError(f"{file}: {' '.join(str(error).split())[:300]}") from error
        return check_table(frame, name, where=str(file))


def _numbered_copies(documents: pd.DataFrame) -> pd.DataFrame:
    """Return `documents` with the column copy: 0 for the first of those with the same bytes, 1 for the next …"""
    return documents.assign(copy=documents.groupby("sha256").cumcount())


def _header(file: Path, name: str) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        header = next(csv.reader(lines), [])
    check_columns(pd.DataFrame(columns=header), TABLES[name].column_names, where=str(file), table=name)
    return header


def shipped_study() -> Path:
    """Return the folder of the study that comes with the package."""
    return data_folder() / "study"


def load_study(path: str | os.PathLike[str] | None = None) -> Study:
    """Return the study in the folder `path`; without it, the shipped study of five articles.

    (Inside `pingan report --study DIR`, the study without a path is that of DIR.) Raises `NothingToRead` where there
    is no such folder or no study in it.

    >>> load_study("no/such/folder")
    Traceback (most recent call last):
    pingan_analysis.errors.NothingToRead: no/such/folder: no such folder; make a study with `pingan ingest ARTICLES --out no/such/folder`
    """  # noqa: E501
    folder = Path(path or os.environ.get(STUDY_VARIABLE) or shipped_study())
    study = Study(folder.absolute())
    if not folder.is_dir():
        raise NothingToRead(f"{folder}: no such folder; make a study with `pingan ingest ARTICLES --out {folder}`")
    missing = [name for name in ("documents", "terms") if not study._existing(name)]
    if missing:
        raise NothingToRead(f"{folder}: no study (no table {missing[0]!r}); "
                            f"make one with `pingan ingest ARTICLES --out {folder}`")
    return study


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
    suffix = ".csv" if len(tables["documents"]) <= CSV_DOCUMENTS else ".parquet"
    for name, table in tables.items():
        check_key(table, TABLES[name].key, where=name)
        table = _with_unix_line_ends(table)
        file = folder / f"{name}{suffix}"
        if suffix == ".csv":
            table.to_csv(file, index=False, lineterminator="\n", date_format="%Y-%m-%d")
        else:
            table.to_parquet(file, index=False)


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
    known = {f"{name}{suffix}" for name in TABLES if name != CORRECTIONS.name for suffix in FORMATS}
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
