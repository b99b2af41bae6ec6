"""Files of any kind to documents: text, script, encoding, title, day, publisher, boilerplate, duplicates.

Listing files (`find_files`) and reading one (`read_file`) are separate, so that files can be read by many
workers.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pandas as pd

from .errors import NothingToRead, UnreadableArticle
from .reading.apart import pdfs_apart
from .reading.boilerplate import Boilerplate, Furniture, Stretch, paragraphs, parse_day, read_furniture
from .reading.duplicates import mark_duplicates
from .reading.files import KINDS, FoundFile, find_files, sources_beside
from .reading.filetypes import Content, read_content
from .reading.free_names import FreeNames
from .reading.pdf import PdfReader, read_pdf
from .reading.raw_articles import RawArticle, SkippedArticle, raw_articles, reason_of
from .reading.sources import Sources, load_sources
from .reading.tabular import Row
from .schema import DOCUMENTS, check_table, check_texts
from .script import detect_script, to_simplified, without_surrogates

__all__ = [
    "Article",
    "FoundFile",
    "RawArticle",
    "SkippedArticle",
    "SkippedArticlesWarning",
    "Stretch",
    "boilerplate",
    "find_files",
    "iter_articles",
    "mark_duplicates",
    "paragraphs",
    "read_articles",
    "read_file",
    "read_raw",
    "skipped",
]

NAMED_IN_WARNING = 5
_AT_ONCE = 2_000
DATE_BASES = next(column.choices for column in DOCUMENTS.columns if column.name == "date_basis")


class SkippedArticlesWarning(UserWarning):
    """Some files or rows could not be read, or something about them is worth knowing."""


@dataclass(frozen=True)
class Article:
    """One document: the columns of the documents table, its text, and the stretches that are boilerplate.

    `published` is a day or None; `remarks` are what a reader should know of how it was read.
    """

    doc_id: str
    title: str
    place: str
    place_en: str
    province: str
    level: str
    publisher: str
    published: datetime.date | None
    date_basis: str
    script: str
    encoding: str
    source: str
    sha256: str
    n_chars: int
    n_tokens: int | None
    duplicate_of: str
    text: str
    boilerplate: Boilerplate
    remarks: tuple[str, ...] = ()


def read_articles(
    path: str | os.PathLike[str],
    *,
    sources: str | os.PathLike[str] | pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Read a file, or all files in a folder and its subfolders, as the documents table with `text` and
    `boilerplate`.

    Kinds read: .txt .md .html .htm .shtml .docx .pdf, and .csv .jsonl .csv.gz .jsonl.gz with an article a
    row. Hidden files are left out. `sources` is a table (or the path of one) of what is known of the
    articles; without it a `sources.csv` beside the files does. Columns are those of `schema.DOCUMENTS`
    (`n_tokens` is not counted yet), `text` as stored, and `boilerplate`, the (char_start, char_end, reason)
    that are kept out of all counts.

    What could not be read is summed up in a warning and listed by `skipped(documents)`.

    Raises `NothingToRead` where the path does not exist or holds nothing that can be read, `TableError` where
    a table of sources is at fault.

    >>> documents = read_articles("../shared/articles")  # doctest: +SKIP
    >>> documents[["doc_id", "title", "published", "script"]]  # doctest: +SKIP
    """
    articles: list[Article] = []
    unread: list[SkippedArticle] = []
    for read in iter_articles(path, sources=sources):
        if isinstance(read, Article):
            articles.append(read)
        else:
            unread.append(read)
    if not articles:
        raise NothingToRead(nothing_to_read(path, unread))
    documents = mark_duplicates(check_table(_frame(articles), "documents", where=str(path)))
    documents.attrs["skipped"] = [{"source": one.source, "reason": one.reason} for one in unread]
    remarks = [f"{article.source}: {remark}" for article in articles for remark in article.remarks]
    warn_of(len(articles), remarks, unread, listed_by="pa.skipped(documents)", stacklevel=3)
    return documents


def iter_articles(
    path: str | os.PathLike[str],
    *,
    sources: str | os.PathLike[str] | pd.DataFrame | None = None,
) -> Iterator[Article | SkippedArticle]:
    """Read articles one after the other, in the order of their files' names; memory is bounded by the
    largest.

    Takes and raises the same as `read_articles`. A repeated `doc_id` is made unique by a number. Duplicates
    are not marked.
    """
    folder = Path(path)
    files = find_files(folder)
    known = load_sources(
        sources if isinstance(sources, pd.DataFrame) or sources is None else Path(sources),
        sources_beside(folder),
    )
    names = FreeNames()
    with pdfs_apart() as pdf_reader:
        for file in files:
            for read in read_file(file, known, pdf_reader):
                yield _with_unique_id(read, names) if isinstance(read, Article) else read
    if folder.is_dir():
        warn_of_unmatched(known)


def articles_named(path: str | os.PathLike[str], names: Mapping[tuple[str, int], str]) -> pd.DataFrame:
    """Return the articles at `path` that have a name in `names`, called so, as `read_articles` does.

    A key is the SHA-256 of an article, and a number, from 0, for those that have the same. Duplicates are not marked.
    """
    read = (article for article in iter_articles(path) if isinstance(article, Article))
    copies: Counter[str] = Counter()
    frames = [_frame([])]
    while some := list(islice(read, _AT_ONCE)):
        named = []
        for article in some:
            name = names.get((article.sha256, copies[article.sha256]))
            copies[article.sha256] += 1
            if name is not None:
                named.append(dataclasses.replace(article, doc_id=name))
        frames.append(_frame(named))
    return check_table(pd.concat(frames, ignore_index=True), "documents", where=str(path))


def read_file(
    file: FoundFile, sources: Sources | None = None, pdf_reader: PdfReader = read_pdf
) -> Iterator[Article | SkippedArticle]:
    """Read the article of one file, or those of the rows of a CSV or JSONL file.

    Whatever is in the file, this gives articles and reasons and raises nothing; of a PDF only with a `pdf_reader` that
    bounds what reading takes, as `reading.apart` has it.
    """
    for raw in raw_articles(file, sources or Sources(())):
        yield read_raw(raw, pdf_reader) if isinstance(raw, RawArticle) else raw


def read_raw(raw: RawArticle, pdf_reader: PdfReader = read_pdf) -> Article | SkippedArticle:
    """Read an article out of the bytes of a file, or the row of one; raises nothing, whatever they hold (see
    `read_file`)."""
    try:
        return _of_bytes(raw, raw.data, pdf_reader) if isinstance(raw.data, bytes) else _of_row(raw, raw.data)
    except (UnreadableArticle, RecursionError, MemoryError) as error:
        return SkippedArticle(raw.source, reason_of(error))


def skipped(documents: pd.DataFrame) -> pd.DataFrame:
    """Return what `read_articles` could not read: a row a file (or row of one), columns source and reason."""
    return pd.DataFrame(documents.attrs.get("skipped", []), columns=["source", "reason"], dtype="str")


def boilerplate(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the stretches that are kept out of all counts: doc_id, char_start, char_end, reason, text."""
    check_texts(documents)
    rows = [
        (doc_id, start, end, reason, text[start:end])
        for doc_id, text, cuts in zip(
            documents["doc_id"], documents["text"], documents["boilerplate"], strict=True
        )
        for start, end, reason in cuts
    ]
    frame = pd.DataFrame(rows, columns=["doc_id", "char_start", "char_end", "reason", "text"])
    return check_table(frame.astype({"text": "str"}), "boilerplate")


def _of_bytes(raw: RawArticle, data: bytes, pdf_reader: PdfReader) -> Article:
    return _article(read_content(data, raw.name, pdf_reader), raw, {"doc_id": raw.doc_id})


def _of_row(raw: RawArticle, row: Row) -> Article:
    given = {name: value for name, cell in row.cells.items() if (value := cell.strip())}
    if given.get("publisher", "").startswith(("http:", "https:")):
        del given["publisher"]
    remarks = []
    day, basis = given.pop("published", ""), given.pop("date_basis", "")
    content = Content(row.text, row.encoding, published=parse_day(day))
    if day and content.published is None:
        remarks.append(f"{day!r} is no day that can be read")
    if basis in DATE_BASES:
        given["date_basis"] = basis
    elif basis:
        remarks.append(f"date_basis {basis!r} is none of {', '.join(DATE_BASES)}")
    article = _article(content, raw, {"doc_id": raw.doc_id, **given})
    return dataclasses.replace(article, remarks=(*remarks, *article.remarks))


def _article(content: Content, raw: RawArticle, given: dict[str, str]) -> Article:
    """Put an article together: what sources state beats `given` beside the text beats the text itself."""
    stated = raw.stated
    text = content.text
    printed = read_furniture(text)
    published, basis = _day(content, printed, given, stated)
    known = {**given, **stated}
    return Article(
        doc_id="_".join(known["doc_id"].split()),
        title=known.get("title") or content.title or printed.heading,
        place=to_simplified(known.get("place", "")),
        place_en=known.get("place_en", ""),
        province=to_simplified(known.get("province", "")),
        level=known.get("level", ""),
        publisher=known.get("publisher") or content.publisher or printed.publisher,
        published=published,
        date_basis=basis,
        script=known.get("script") or detect_script(text),
        encoding=content.encoding,
        source=without_surrogates(raw.source),
        sha256=raw.sha256,
        n_chars=len(text),
        n_tokens=None,
        duplicate_of="",
        text=text,
        boilerplate=printed.boilerplate,
        remarks=("bytes that fit no character were replaced",) if "replaced" in content.encoding else (),
    )


def _day(
    content: Content,
    printed: Furniture,
    given: dict[str, str],
    stated: dict[str, str],
) -> tuple[datetime.date | None, str]:
    """The day of publication and its basis; sources that name no basis have inferred it."""
    in_source = content.published or printed.published
    if day := parse_day(stated.get("published", "")):
        return day, stated.get("date_basis") or ("printed" if day == in_source else "inferred")
    if in_source is None:
        return None, ""
    return in_source, stated.get("date_basis") or given.get("date_basis") or "printed"


def _with_unique_id(article: Article, names: FreeNames) -> Article:
    doc_id = names.take(article.doc_id)
    if doc_id == article.doc_id:
        return article
    remark = f"doc_id {article.doc_id!r} was taken; it is {doc_id!r} here"
    return dataclasses.replace(article, doc_id=doc_id, remarks=(*article.remarks, remark))


def _frame(articles: list[Article]) -> pd.DataFrame:
    columns = [*DOCUMENTS.column_names, "text", "boilerplate"]
    frame = pd.DataFrame({name: [getattr(article, name) for article in articles] for name in columns})
    return frame.astype({"text": "str"})


def nothing_to_read(path: str | os.PathLike[str], unread: list[SkippedArticle]) -> str:
    """Return the message for a path none of whose files could be read."""
    return _one_line(f"{path}: nothing that can be read: {_reasons(unread)}; read are {', '.join(KINDS)}")


def warn_of(
    n_articles: int, remarks: list[str], unread: list[SkippedArticle], *, listed_by: str, stacklevel: int
) -> None:
    """Warn of what could not be read (`listed_by` says where all of it stands), and of remarks on the rest."""
    if unread:
        total = n_articles + len(unread)
        _warn(
            f"{len(unread)} of {total} files or rows could not be read: {_reasons(unread)}; see {listed_by}",
            stacklevel,
        )
    if remarks:
        _warn(_first_few(remarks, "; "), stacklevel)


def warn_of_unmatched(known: Sources) -> None:
    """Warn of rows of tables of sources that are about no file."""
    for table in known.tables:
        if unmatched := table.unmatched():
            _warn(f"{table.name}: no file for {_first_few(list(map(repr, unmatched)), ', ')}", 3)


def _warn(message: str, stacklevel: int) -> None:
    warnings.warn(_one_line(message), SkippedArticlesWarning, stacklevel=stacklevel + 1)


def _reasons(unread: list[SkippedArticle]) -> str:
    return _first_few([f"{one.source} ({one.reason})" for one in unread], ", ")


def _first_few(names: list[str], separator: str) -> str:
    more = len(names) - NAMED_IN_WARNING
    return separator.join(names[:NAMED_IN_WARNING]) + (f" and {more} more" if more > 0 else "")


def _one_line(name: str) -> str:
    return "".join(c if c.isprintable() else "_" for c in name)
