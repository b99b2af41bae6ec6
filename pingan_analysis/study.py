"""The study: a folder of tables, made from articles once (`ingest`) and read by everything after.

Up to 1,000 documents each table is a CSV file; beyond, a folder of Parquet files, each of the rows of 10,000 of them.
"""

from __future__ import annotations

import csv
import html
import os
import warnings
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import duckdb
import pandas as pd

from .articles import articles_named, read_articles
from .codebook import SHIPPED
from .counting import MAX_ROWS, Terms, ask, connection, frame_of, quoted
from .csv_files import plain_column, unescape
from .errors import NothingToRead, TableError, check_choice, check_whole
from .paths import data_folder
from .schema import DOCUMENTS, SMALL_STUDY, TABLES, TERM_VARIANTS, TERMS, check_columns, check_table

STUDY_VARIABLE, ARTICLES_VARIABLE = "PINGAN_STUDY", "PINGAN_ARTICLES"
YEAR, UNDATED = "year", "undated"
SQL_TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}


class Study:
    """The tables of a study, read when they are first used.

    `documents`, `paragraphs`, `boilerplate`, `skipped`, `terms`, `metrics`, `models`, `channel_mentions`,
    `shared_phrases` and `term_variants` (empty in studies of more than 100 documents) are data frames; the codebook
    (data/README.md) has their columns. In a large study, one of more than 1,000 documents, documents has the column
    year too, of the day of publication ("undated" without one). `relation(name)` gives a table to DuckDB without
    reading it into memory. `path` is the folder. To ask for a table that the study lacks raises `NothingToRead`, for
    one of more than 5 million rows `TableError`.

    >>> load_study().documents["place_en"].nunique()
    4
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def documents(self) -> pd.DataFrame:
        documents = self._table("documents")
        return _with_year(documents) if self.is_large else documents

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
    def is_large(self) -> bool:
        """Whether the tables are folders of Parquet files, as those of more than 1,000 documents are."""
        return (self.path / "terms").is_dir()

    @property
    def case_column(self) -> str:
        """The column of `documents` whose values are the cases to compare: place where each document has one; else
        year, where a large study has several; else doc_id."""
        if self.documents["place"].ne("").all():
            return "place"
        return "year" if self.is_large and len(self.documents["year"].unique()) > 1 else "doc_id"

    def relation(self, name: str) -> duckdb.DuckDBPyRelation:
        """Return a table as a DuckDB relation over its file; `name` is that of a property of the study.

        Raises `NothingToRead` where the study was made by a version of the package that had no such table.
        """
        return self._relation(name, connection())

    def _relation(self, name: str, database: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        file = self._file(name)
        if file.is_dir():
            return database.read_parquet(sorted(map(str, file.glob("*.parquet"))))
        types = {column.name: SQL_TYPES[column.type] for column in TABLES[name].columns}
        columns = {column: types.get(column, "VARCHAR") for column in _header(file, name)}
        rows = database.read_csv(
            str(file), auto_detect=False, header=True, delimiter=",", quotechar='"', escapechar='"', columns=columns,
        )
        return rows.project(*(
            duckdb.CoalesceOperator(plain_column(column), duckdb.ConstantExpression("")).alias(column)
            if type_ == "VARCHAR" else duckdb.ColumnExpression(column)
            for column, type_ in columns.items()
        ))

    def sample_documents(self, sample: int) -> pd.DataFrame:
        """Return at most `sample` rows of `documents`, every so-manyth in order, without duplicates."""
        check_whole(sample=(sample, 1))
        originals = self.documents[self.documents["duplicate_of"].eq("")]
        return originals.iloc[:: -(-len(originals) // sample) or 1]

    def sample_note(self, sample: int) -> str:
        """Return what `sample_documents` leaves out, for a caption; "" where it takes every document."""
        taken, total = len(self.sample_documents(sample)), int(self.documents["duplicate_of"].eq("").sum())
        if taken == total:
            return ""
        step = -(-total // sample)
        return f" (Sample of {taken:,} of {total:,} documents, in order: one in {step:,}.)"

    def terms_with(self, *columns: str, duplicates: bool = False, sample: int | None = None) -> Terms:
        """Return `terms` with columns of `documents` beside them, such as "place", to count by.

        Of a large study it is a DuckDB relation, which is counted without being read into memory: whatever takes
        `terms` takes it (`content_terms`, `tf_idf`, `keyness` …), and it can be asked in SQL.

        Of more documents than `sample`, every so-manyth in order is taken, so that there are at most as many; then it
        is a data frame, of a large study too. `sample_note` says which share that is.

        Documents that repeat another one (`duplicate_of`) are left out unless `duplicates` is true. Raises
        `ChoiceError` for a column that `documents` does not have, `TableError` where a document has no value in it.

        >>> "place_en" in load_study().terms_with("place_en")
        True
        """
        for column in columns:
            check_choice(column, [*DOCUMENTS.column_names, *([YEAR] if self.is_large else [])], "column")
        if sample is not None:
            documents = self.sample_documents(sample)
        else:
            documents = self._columns_of_documents(["doc_id", "duplicate_of", *columns])
            documents = documents if duplicates else documents[documents["duplicate_of"].eq("")]
        for column in columns:
            empty = documents[documents[column].isna() | documents[column].eq("")]
            if len(empty):
                raise TableError(f"documents: column {column!r} is empty for {empty['doc_id'].iloc[0]!r}; "
                                 "state it in sources.csv beside the articles, or count by 'doc_id'")
        beside = documents[["doc_id", *(column for column in columns if column != "doc_id")]]
        if not self.is_large:
            return self.terms.merge(beside, on="doc_id")
        database = connection()
        terms = self._relation("terms", database).join(database.from_df(beside), "doc_id")
        if sample is None:
            return terms
        rows = frame_of(terms)
        order = pd.Series(range(len(documents)), index=documents["doc_id"])
        rows = rows.assign(order=rows["doc_id"].map(order)).sort_values(["order", *TERMS.key[1:]], ignore_index=True)
        return rows.drop(columns="order")

    def _columns_of_documents(self, columns: Sequence[str]) -> pd.DataFrame:
        """Return columns of `documents`, of a large study without reading the others."""
        wanted = list(dict.fromkeys(columns))
        if not self.is_large or "documents" in self.__dict__:
            return self.documents[wanted]
        read = [name for name in DOCUMENTS.column_names if name in wanted or (YEAR in wanted and name == "published")]
        frame = frame_of(self.relation("documents").project(", ".join(map(quoted, read))))
        return (_with_year(frame) if YEAR in wanted else frame)[wanted]

    def texts(
        self, path: str | os.PathLike[str] | None = None, *, documents: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """Return articles with their text, as `read_articles` does; a study itself holds no text.

        `path` is where the articles lie (default: the environment variable PINGAN_ARTICLES, which `pingan report
        --articles` sets); those that are not of this study are left out, and the rest go by their names here. With
        `documents` (some of the names) only these are held in memory: all texts of 100,000 articles take half a GB.
        Without a path, the shipped study gives the digests of its articles, and any other an empty table and a warning.
        """
        path = path or os.environ.get(ARTICLES_VARIABLE) or None
        if path is None:
            if self.is_shipped:
                digests = read_articles(data_folder() / "digests")
                return digests if documents is None else digests[digests["doc_id"].isin(documents)]
            warnings.warn("no texts at hand: name the articles with `pingan report --articles PATH` "
                          "or study.texts(PATH)", stacklevel=2)
            return pd.DataFrame(columns=[*DOCUMENTS.column_names, "text", "boilerplate"])
        here = self.documents
        copies = here.groupby("sha256").cumcount()
        names = dict(zip(zip(here["sha256"], copies, strict=True), here["doc_id"], strict=True))
        if documents is not None:
            wanted = set(documents)
            names = {key: name for key, name in names.items() if name in wanted}
        texts = articles_named(path, names)
        if texts.empty:
            of = "the study" if documents is None else "these documents of the study"
            raise NothingToRead(f"{path}: none of the articles there is one of {of} in {self.path}")
        return texts.assign(duplicate_of=texts["doc_id"].map(here.set_index("doc_id")["duplicate_of"]).astype("str"))

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
        file, folder = self.path / f"{name}.csv", self.path / name
        return file if file.is_file() else folder if folder.is_dir() else None

    def _check_size(self, name: str) -> None:
        """Raise `TableError` where a table of a large study has more rows than are read at once."""
        if not self.is_large:
            return
        [(rows,)] = ask(self.relation(name), "SELECT count(*) FROM terms").fetchall()
        if rows > MAX_ROWS:
            raise TableError(f"{self.path}: {name} has {rows:,} rows, which is more than is read into memory at once "
                             f"({MAX_ROWS:,}); ask DuckDB for those that you need: study.relation({name!r})"
                             + (", or count them: study.terms_with('year')" if name == "terms" else ""))

    def _table(self, name: str) -> pd.DataFrame:
        file = self._file(name)
        try:
            self._check_size(name)
            frame = frame_of(self.relation(name))
        except duckdb.Error as error:
            raise TableError(f"{file}: {' '.join(str(error).split())[:300]}") from error
        return check_table(frame, name, where=str(file))


def _with_year(documents: pd.DataFrame) -> pd.DataFrame:
    return documents.assign(**{YEAR: documents["published"].dt.strftime("%Y").astype("str").fillna(UNDATED)})


def _header(file: Path, name: str) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        header = [unescape(name) for name in next(csv.reader(lines), [])]
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
