"""Wording that documents share: which runs of characters, where, how much of each document, and between which places.

Documents are compared by their letters, digits and Chinese characters, in simplified script, half width and small
letters; punctuation, symbols, white space, pinyin in brackets behind a character and characters of no width are passed
over. So a run goes on over the end of a sentence and of a paragraph: a formula that one article prints as headings and
another in a sentence is one formula. It never enters boilerplate, nor goes on behind it.

A run is maximal if two documents have it at places where the characters before it differ, and those behind it too (the
end of a text, and boilerplate, differ from everything). Every occurrence of such a run is a row. A long run of two
documents therefore does not hide a shorter one within it that a third has too, or that one of them has once more.

What repeats itself would give no end of runs (in aaaa… of any length, everywhere). An occurrence is therefore passed
over where the same wording also begins at most half its length before, as it does inside of aaaa…; there it makes no
run maximal either. So a run of m characters has at most 2n/m + 1 rows in a document of n; and all runs together have at
most 2n√n in n characters of all documents. The steps stand in `matching/`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from .errors import TableError, check_choice, check_whole
from .matching.characters import Boilerplate, Characters
from .matching.runs import maximal_runs
from .matching.sieve import shared_stretches
from .schema import LIST_MARK, SHARED_PHRASES, check_columns, check_key, check_table, check_texts

LONGEST_PHRASE = 16
"""Characters; the wording of longer runs is the articles', and stays out of the tables."""
LEAST_CHARACTERS = 2
ID_DIGITS = 16

Offsets = npt.NDArray[np.int64]


def shared_phrases(documents: pd.DataFrame, *, min_chars: int = 8, duplicates: bool = False) -> pd.DataFrame:
    """Return every maximal run of at least `min_chars` characters that two documents share, as table `shared_phrases`.

    `documents` has doc_id and text, and boilerplate where there is any (as from `read_articles`). Of documents that
    `duplicate_of` marks as copies only the originals are compared, since a copy shares all of itself, unless
    `duplicates` is true; `.attrs["duplicates_left_out"]` says how many that concerns.

    A row is an occurrence of a run: reuse_id (the first 16 hexadecimal digits of the SHA-256 of its compared
    characters: the same wording has the same name in every study), n_chars (compared characters, as for `min_chars`),
    doc_id, char_start, char_end (offsets into the text as it stands, from the first to the last of these characters),
    phrase (the compared characters: simplified script, small letters, no punctuation; empty for runs of more than 16,
    whose wording `phrase_texts` gives). The longest runs come first.

    Raises `TableError` where a column or text is missing, a doc_id stands twice, `min_chars` is no whole number from 2
    on, or where there is more shared wording than memory bears (20 million rows, or 5 million characters).

    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["要发案少、秩序好，", "發案少\\n秩序好！"]})
    >>> shared_phrases(articles, min_chars=6).drop(columns="reuse_id").values.tolist()
    [[6, 'a', 1, 8, '发案少秩序好'], [6, 'b', 0, 7, '发案少秩序好']]
    """
    check_texts(documents)
    check_key(documents, ("doc_id",), where="documents")
    compared = documents if duplicates else documents[~_is_duplicate(documents)]
    cut = compared["boilerplate"] if "boilerplate" in compared else [()] * len(compared)
    rows = shared_phrase_rows(compared["doc_id"].tolist(), compared["text"].tolist(), list(cut), min_chars=min_chars)
    table = check_table(rows, "shared_phrases")
    table.attrs["duplicates_left_out"] = len(documents) - len(compared)
    return table


def shared_phrase_rows(
    doc_ids: Sequence[str], texts: Sequence[str], boilerplates: Sequence[Boilerplate], *, min_chars: int = 8
) -> pd.DataFrame:
    """Return the rows of `shared_phrases` of all these documents, without checking doc_ids and texts.

    `boilerplates` are the stretches of each text that are left out: start, end, reason.
    """
    check_whole(min_chars=(min_chars, LEAST_CHARACTERS))
    articles = list(zip(texts, boilerplates, strict=True))
    return phrase_rows(doc_ids, shared_stretches(articles, range(len(articles)), int(min_chars)), int(min_chars))


def phrase_rows(doc_ids: Sequence[str], characters: Characters, min_chars: int) -> pd.DataFrame:
    """Return the rows of `shared_phrases` of documents whose compared characters (`shared_stretches`) are at hand."""
    found = maximal_runs(characters, min_chars)
    firsts = np.flatnonzero(np.diff(found.runs, prepend=-1))
    text = characters.text
    wordings = [text[at : at + n] for at, n in zip(found.positions[firsts], found.lengths[firsts], strict=True)]
    names = np.array([_name(wording) for wording in wordings], dtype=object)
    phrases = np.array([wording if len(wording) <= LONGEST_PHRASE else "" for wording in wordings], dtype=object)
    by_name = np.empty(len(firsts), dtype=np.intp)
    by_name[np.argsort(names)] = np.arange(len(firsts))
    order = np.lexsort((found.positions, by_name[found.runs], -found.lengths))
    runs, positions, lengths = found.runs[order], found.positions[order], found.lengths[order]
    columns = {
        "reuse_id": names[runs], "n_chars": lengths,
        "doc_id": np.array(doc_ids, dtype=object)[characters.documents[positions]],
        "char_start": characters.offsets[positions], "char_end": characters.offsets[positions + lengths - 1] + 1,
        "phrase": phrases[runs],
    }
    return pd.DataFrame(columns, columns=SHARED_PHRASES.column_names)


def phrase_texts(phrases: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return the wording of runs as it stands in the documents, for those who have the texts.

    `phrases` is a table as from `shared_phrases`, `documents` has doc_id and text. Columns: reuse_id, doc_id, wording,
    which is cut from the text of the document, with its punctuation and in its script, where the run stands there for
    the first time. Documents that are not in `documents` are left out.

    Raises `TableError` where a column or text is missing, or where a run ends behind the end of its text.

    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["要发案少、秩序好，", "發案少\\n秩序好！"]})
    >>> phrase_texts(shared_phrases(articles, min_chars=6), articles)["wording"].tolist()
    ['发案少、秩序好', '發案少\\n秩序好']
    """
    phrases = check_table(phrases, "shared_phrases", where="phrases")
    check_texts(documents)
    check_key(documents, ("doc_id",), where="documents")
    texts = dict(zip(documents["doc_id"].astype("str"), documents["text"], strict=True))
    phrases = phrases[phrases["doc_id"].isin(texts)]
    first = phrases.sort_values("char_start", kind="stable").drop_duplicates(["reuse_id", "doc_id"]).sort_index()
    wordings = []
    for doc_id, start, end in zip(first["doc_id"], first["char_start"], first["char_end"], strict=True):
        if end > len(texts[doc_id]):
            raise TableError(f"documents: a run in {doc_id!r} ends at {end}, behind the end of its text "
                             f"({len(texts[doc_id])}); it must be the text that the runs were found in")
        wordings.append(texts[doc_id][start:end])
    return first[["reuse_id", "doc_id"]].assign(wording=wordings).astype({"wording": "str"}).reset_index(drop=True)


def reuse_shares(
    phrases: pd.DataFrame, documents: pd.DataFrame, *, boilerplate: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return how much of each document stands in shared runs.

    `phrases` is a table as from `shared_phrases`; `documents` has doc_id and n_chars. Boilerplate is no part of a
    document: give the table `boilerplate` of a study, or `documents` with a column boilerplate as from
    `read_articles`.

    Columns: doc_id, n_chars (characters of the stored text without boilerplate), reused (how many of these lie in a
    run, punctuation within it counted), share (reused / n_chars; missing where there is nothing). A character in
    several runs counts once. Runs shared with documents that are not in `documents` count.

    Raises `TableError` where a column is missing or a doc_id stands twice.

    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "n_chars": [9, 6],
    ...                          "text": ["要发案少、秩序好，", "發案少秩序好"]})
    >>> reuse_shares(shared_phrases(articles, min_chars=6), articles).values.tolist()
    [['a', 9, 7, 0.7777777777777778], ['b', 6, 6, 1.0]]
    """
    phrases = check_table(phrases, "shared_phrases", where="phrases")
    sizes = _running_characters(documents, boilerplate)
    reused = pd.Series(0, index=sizes.index)
    for doc_id, rows in phrases[phrases["doc_id"].isin(sizes.index)].groupby("doc_id", sort=False):
        edges, lengths = _edges(rows)
        anything = np.ones((len(rows), 1), dtype=np.int64)
        reused[str(doc_id)] = int(_covered(rows, edges, lengths, anything)[0])
    share = (reused / sizes.where(sizes > 0)).astype("Float64")
    return pd.DataFrame({"n_chars": sizes, "reused": reused, "share": share}).reset_index()


def reuse_matrix(
    phrases: pd.DataFrame, documents: pd.DataFrame, *, boilerplate: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return, document by document, the share of the row's characters in runs that the column's document has too.

    Arguments, counting and errors are those of `reuse_shares`. The diagonal is missing, and so is the row of a document
    without characters. Both rows and columns are named by doc_id, in the order of `documents`. A run may be shared with
    several documents: a row does not add up to the document's share.

    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "n_chars": [9, 6],
    ...                          "text": ["要发案少、秩序好，", "發案少秩序好"]})
    >>> reuse_matrix(shared_phrases(articles, min_chars=6), articles).to_numpy().tolist()
    [[nan, 0.7777777777777778], [1.0, nan]]
    """
    phrases = check_table(phrases, "shared_phrases", where="phrases")
    sizes = _running_characters(documents, boilerplate)
    phrases = phrases[phrases["doc_id"].isin(sizes.index)]
    runs = pd.factorize(phrases["reuse_id"])[0]
    users = sizes.index.get_indexer(pd.Index(phrases["doc_id"]))
    has = csr_array((np.ones(len(runs), dtype=np.int64), (runs, users)), shape=(runs.max(initial=-1) + 1, len(sizes)))
    characters = np.zeros((len(sizes), len(sizes)))
    for user in np.unique(users):
        own = np.flatnonzero(users == user)
        rows = phrases.iloc[own]
        characters[user] = _covered(rows, *_edges(rows), has[runs[own]].toarray())
    shares = characters / sizes.where(sizes > 0).to_numpy(dtype=float)[:, None]
    np.fill_diagonal(shares, np.nan)
    return pd.DataFrame(shares, index=sizes.index, columns=sizes.index.rename(None))


def travelling_phrases(phrases: pd.DataFrame, documents: pd.DataFrame, *, by: str = "place") -> pd.DataFrame:
    """Return the runs that several cases use; a case is what documents with the same value of column `by` are about.

    `phrases` is a table as from `shared_phrases`, `documents` has doc_id and `by`; a document without a value is a case
    of its own, named by its doc_id. Documents that are not in `documents` are left out.

    Columns: reuse_id, phrase (empty for runs of more than 16 characters), n_chars, n_cases, cases (in the order of
    `documents`, separated by 、), n_documents, doc_ids (likewise), occurrences. Runs of most cases come first, of these
    the longest. A run that always stands within a longer one of the same cases is left out: it travels as its part.

    Raises `TableError` where a column is missing or a doc_id stands twice, `ChoiceError` where `documents` has no `by`.

    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "place": ["甲县", "乙县"],
    ...                          "text": ["要发案少、秩序好，", "發案少\\n秩序好！"]})
    >>> travelling_phrases(shared_phrases(articles, min_chars=6), articles)[["phrase", "cases"]].values.tolist()
    [['发案少秩序好', '甲县、乙县']]
    """
    phrases = check_table(phrases, "shared_phrases", where="phrases")
    check_columns(documents, ("doc_id",), where="documents", table="documents")
    check_key(documents, ("doc_id",), where="documents")
    check_choice(by, documents.columns, "by")
    doc_ids = documents["doc_id"].astype("str")
    values = documents[by].astype("str").fillna("")
    cases = values.where(values.str.strip().ne(""), doc_ids)
    users = pd.DataFrame({"doc_id": doc_ids, "case": cases, "rank": range(len(documents))})
    used = phrases.merge(users, on="doc_id").sort_values(["rank", "char_start"], kind="stable")
    table = used.groupby("reuse_id", sort=False).agg(
        phrase=("phrase", "first"), n_chars=("n_chars", "first"), n_cases=("case", "nunique"), cases=("case", _listed),
        n_documents=("doc_id", "nunique"), doc_ids=("doc_id", _listed), occurrences=("doc_id", "size"),
    )
    table = table[table["n_cases"] > 1]
    parts = _parts(used[used["reuse_id"].isin(table.index)], table["cases"])
    table = table[~table.index.isin(parts)].reset_index()
    return table.sort_values(["n_cases", "n_chars", "reuse_id"], ascending=[False, False, True], ignore_index=True)


def _is_duplicate(documents: pd.DataFrame) -> pd.Series:
    if "duplicate_of" not in documents:
        return pd.Series(False, index=documents.index)
    return documents["duplicate_of"].fillna("").ne("")


def _name(wording: str) -> str:
    return hashlib.sha256(wording.encode()).hexdigest()[:ID_DIGITS]


def _listed(values: pd.Series) -> str:
    return LIST_MARK.join(dict.fromkeys(values))


def _running_characters(documents: pd.DataFrame, boilerplate: pd.DataFrame | None) -> pd.Series:
    """Return the number of characters of each document, without boilerplate, by doc_id."""
    check_columns(documents, ("doc_id", "n_chars"), where="documents", table="documents")
    check_key(documents, ("doc_id",), where="documents")
    sizes = pd.Series(documents["n_chars"].to_numpy(dtype=np.int64), index=documents["doc_id"].astype("str").array)
    if boilerplate is not None:
        cut = check_table(boilerplate, "boilerplate")
        lengths = (cut["char_end"] - cut["char_start"]).groupby(cut["doc_id"]).sum()
        sizes -= lengths.reindex(sizes.index, fill_value=0).astype(np.int64)
    elif "boilerplate" in documents:
        sizes -= [sum(end - start for start, end, _ in stretches) for stretches in documents["boilerplate"]]
    return sizes.rename_axis("doc_id")


def _edges(rows: pd.DataFrame) -> tuple[Offsets, Offsets]:
    """Return where runs begin or end in a document, and how far it is from each such place to the next."""
    edges = np.unique(rows[["char_start", "char_end"]].to_numpy(dtype=np.int64))
    return edges, np.diff(edges, append=edges[-1:])


def _covered(rows: pd.DataFrame, edges: Offsets, lengths: Offsets, marks: npt.NDArray[np.int64]) -> Offsets:
    """Return, a column of `marks`, how many characters lie in runs (`rows` of one document) that it marks."""
    change = np.zeros((len(edges), marks.shape[1]), dtype=np.int64)
    np.add.at(change, np.searchsorted(edges, rows["char_start"].to_numpy(dtype=np.int64)), marks)
    np.subtract.at(change, np.searchsorted(edges, rows["char_end"].to_numpy(dtype=np.int64)), marks)
    covered: Offsets = lengths @ (np.cumsum(change, axis=0) > 0)
    return covered


def _parts(used: pd.DataFrame, cases: pd.Series) -> pd.Index:
    """Return the runs of `used` (rows of phrases) that everywhere lie within a longer one of the same cases."""
    rows = used.assign(cases=used["reuse_id"].map(cases))
    rows = rows.sort_values(["doc_id", "cases", "char_start", "char_end"], ascending=[True, True, True, False])
    by_case = rows.groupby(["doc_id", "cases"], sort=False)["char_end"]
    furthest = by_case.cummax().groupby([rows["doc_id"], rows["cases"]], sort=False).shift()
    within = (rows["char_end"] <= furthest).fillna(False)
    always = within.groupby(rows["reuse_id"]).all()
    return always.index[always]
