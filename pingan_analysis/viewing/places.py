"""Where the rows of a table stand: article and characters, and the words in their context where the text is there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from ..errors import TableError
from ..provenance import term_evidence
from ..reading.boilerplate import Stretch, paragraphs
from ..schema import check_texts
from ..script import to_simplified

if TYPE_CHECKING:
    from ..study import Study

CONTEXT = 30  # characters on either side, at most to the ends of the paragraph
LINES = 10  # words in context a row
PLACES = 50  # places listed a row
_EVIDENCE = re.compile(r"(\S.*?):(\d+)-(\d+)(?=\s|$)")
_SPAN_COLUMNS = ("doc_id", "char_start", "char_end")


class Context(NamedTuple):
    """Words of an article, exactly as they stand there, with what is before and after them."""

    left: str
    words: str
    right: str


class Place(NamedTuple):
    """Characters of an article; `times`: how often the term stands there (0: the place is the words themselves)."""

    start: int
    end: int
    times: int
    contexts: Sequence[Context]


class Source(NamedTuple):
    """An article with the places of a row in it. `at_hand`: its text is there, so that places have contexts."""

    doc_id: str
    title: str
    place: str
    sha256: str
    at_hand: bool
    places: Sequence[Place]


class Where(NamedTuple):
    """Where a row stands; `more`: places that are not listed."""

    sources: Sequence[Source]
    more: int = 0
    of_term: bool = False


class _Spot(NamedTuple):
    doc_id: str
    start: int
    end: int
    times: int = 0


def places_of_rows(table: pd.DataFrame, study: Study | None, texts: pd.DataFrame | None) -> list[Where] | None:
    """Return where each row of `table` stands, or None where its columns don't tell.

    Told by the columns doc_id, char_start and char_end, else by `evidence`, else by `term` with a study or texts.
    Raises `TableError` for characters that lie outside of the article.
    """
    articles = _Articles(study, texts)
    if set(_SPAN_COLUMNS) <= set(table.columns):
        rows = table[list(_SPAN_COLUMNS)].astype(object).itertuples(index=False, name=None)
        return [articles.where([] if any(map(pd.isna, row)) else [_Spot(str(row[0]), int(row[1]), int(row[2]))])
                for row in rows]
    if "evidence" in table:
        return [articles.where(_spots(evidence)) for evidence in table["evidence"]]
    if "term" not in table:
        return None
    if study is not None:
        return _of_terms(table, study, articles)
    if texts is None:
        return None
    documents = table["doc_id"] if "doc_id" in table else [None] * len(table)
    return [articles.where(articles.occurrences(str(term), doc_id), term=to_simplified(str(term)))
            for term, doc_id in zip(table["term"], documents, strict=True)]


def _spots(evidence: object) -> list[_Spot]:
    found = _EVIDENCE.findall(evidence) if isinstance(evidence, str) else []
    return [_Spot(doc_id, int(start), int(end)) for doc_id, start, end in found]


def _of_terms(table: pd.DataFrame, study: Study, articles: _Articles) -> list[Where]:
    by = next((name for name in ("doc_id", study.case_column) if name in table), None)
    evidence = term_evidence(study, table, by=by)["evidence"]
    times = _times(study, set(table["term"]))
    found = []
    for term, spans in zip(table["term"], evidence, strict=True):
        spots = [spot._replace(times=times.get((term, spot.doc_id, spot.start), 1)) for spot in _spots(spans)]
        found.append(articles.where(spots, term=str(term)))
    return found


def _times(study: Study, terms: set[Any]) -> dict[tuple[str, str, int], int]:
    """Return how often each term stands in each paragraph, by term, article and the paragraph's first character; of a
    large study nothing, as that would be too much."""
    if study.is_large:
        return {}
    counted = study.terms[study.terms["term"].isin(terms)].groupby(["term", "doc_id", "para"], sort=False)["n"].sum()
    starts = study.paragraphs.groupby(["doc_id", "para"], sort=False)["char_start"].min()
    joined = counted.reset_index().merge(starts.reset_index(), on=["doc_id", "para"])
    keys = joined[["term", "doc_id", "char_start"]].itertuples(index=False, name=None)
    return dict(zip(keys, joined["n"], strict=True))


class _Articles:
    """What is known of the articles, and the texts of those that are at hand."""

    def __init__(self, study: Study | None, texts: pd.DataFrame | None) -> None:
        if texts is not None:
            check_texts(texts)
        self._given = {} if texts is None else {str(row["doc_id"]): row for row in texts.to_dict("records")}
        known = [] if study is None else study.documents.to_dict("records")
        self._facts: Mapping[str, Mapping[Any, Any]] = {**self._given, **{str(row["doc_id"]): row for row in known}}
        self._hashes = {str(row["doc_id"]): row["sha256"] for row in known}
        self._stretches: dict[str, list[Stretch]] = {}
        self._simplified: dict[str, str] = {}

    def text(self, doc_id: str) -> str | None:
        """Return the text, if it is that of the study's article: offsets mean nothing in another text."""
        given = self._given.get(doc_id)
        if given is None or given.get("sha256") != self._hashes.get(doc_id, given.get("sha256")):
            return None
        return str(given["text"])

    def where(self, spots: Sequence[_Spot], term: str = "") -> Where:
        by_article: defaultdict[str, list[_Spot]] = defaultdict(list)
        for spot in spots[:PLACES]:
            by_article[spot.doc_id].append(spot)
        lines = iter(range(LINES))
        sources = [self._source(doc_id, placed, term, lines) for doc_id, placed in by_article.items()]
        return Where(sources, max(0, len(spots) - PLACES), bool(term))

    def _source(self, doc_id: str, spots: Iterable[_Spot], term: str, lines: Iterator[int]) -> Source:
        facts = self._facts.get(doc_id, {})
        title, place, sha256 = (str(facts.get(name) or "") for name in ("title", "place", "sha256"))
        places = [Place(spot.start, spot.end, spot.times, self._contexts(spot, term, lines)) for spot in spots]
        return Source(doc_id, title, place, sha256, self.text(doc_id) is not None, places)

    def _contexts(self, spot: _Spot, term: str, lines: Iterator[int]) -> list[Context]:
        text = self.text(spot.doc_id)
        if text is None:
            return []
        if not 0 <= spot.start <= spot.end <= len(text):
            raise TableError(f"table: characters {spot.start} to {spot.end} of {spot.doc_id!r}, which has {len(text)}; "
                             "make the table anew from its articles")
        spans = self._of_term(term, spot.doc_id, spot.start, spot.end) if term else [(spot.start, spot.end)]
        return [self._context(spot.doc_id, text, *span) for span, _ in zip(spans, lines, strict=False)]

    def _context(self, doc_id: str, text: str, start: int, end: int) -> Context:
        before, after = self._paragraph_at(doc_id, start), self._paragraph_at(doc_id, max(start, end - 1))
        left = text[max(before.start, start - CONTEXT):start] if before else ""
        right = text[end:min(after.end, end + CONTEXT)] if after else ""
        return Context(left, text[start:end], right)

    def _paragraph_at(self, doc_id: str, at: int) -> Stretch | None:
        """Return the paragraph with the character `at`; boilerplate and blank lines are in none."""
        stretches = self._paragraphs(doc_id)
        place = bisect_right(stretches, at, key=lambda stretch: stretch.start) - 1
        return stretches[place] if place >= 0 and at < stretches[place].end else None

    def _paragraphs(self, doc_id: str) -> list[Stretch]:
        if doc_id not in self._stretches:
            row = self._given[doc_id]
            self._stretches[doc_id] = paragraphs(row["text"], tuple(row.get("boilerplate") or ()))
        return self._stretches[doc_id]

    def _of_term(self, term: str, doc_id: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        if doc_id not in self._simplified:
            self._simplified[doc_id] = to_simplified(self._given[doc_id]["text"])
        simplified, at = self._simplified[doc_id], start
        while term and (at := simplified.find(term, at, end)) >= 0:
            yield at, at + len(term)
            at += len(term)

    def occurrences(self, term: str, doc_id: str | None) -> list[_Spot]:
        """Return the paragraphs of the texts at hand in which a term stands, or those of one article."""
        term = to_simplified(str(term))
        chosen = self._given if doc_id is None else [name for name in (str(doc_id),) if name in self._given]
        counted = ((name, stretch, sum(1 for _ in self._of_term(term, name, stretch.start, stretch.end)))
                   for name in chosen for stretch in self._paragraphs(name))
        return [_Spot(name, stretch.start, stretch.end, times) for name, stretch, times in counted if times]
