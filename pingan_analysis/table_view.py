"""Tables to look at: searchable and sortable, each row with the place in the articles that it was read from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import jinja2
import pandas as pd

from .drawing.style import LANGUAGES, default_language
from .errors import TableError, check_choice
from .lexicon import glosses, read_rows
from .paths import PACKAGE_FOLDER
from .script import to_simplified
from .viewing.cells import Column, column_of
from .viewing.controls import exact, readable, visible_lines
from .viewing.places import Context, Place, Source, Where, places_of_rows
from .viewing.table_script import table_script

if TYPE_CHECKING:
    from .study import Study

MAX_ROWS = 1_000
"""Rows that a page bears; of a longer table the first ones are shown, and the view says so."""
_TEMPLATES = PACKAGE_FOLDER / "templates"
_HASH_DIGITS = 12
_OF_SCRIPT = ("search", "emptyTable", "zeroRecords", "info", "length", "aria.", "paginate.")
_TOLD_BY_PLACES = ("char_start", "char_end", "evidence")
_IDEOGRAPHS = range(0x3400, 0xA000)


class TableView:
    """A table as `show_table` returns it: in a notebook HTML that can be searched and sorted, elsewhere the table."""

    def __init__(
        self,
        table: pd.DataFrame,
        columns: list[Column],
        places: list[Where] | None = None,
        *,
        caption: str,
        lang: str,
        note: str = "",
    ) -> None:
        self._table = table
        self._columns = columns
        self._places = places
        self._caption = caption
        self._note = note
        self._lang = lang

    @property
    def html(self) -> str:
        """The table as HTML that is complete without script."""
        words = _words(self._lang)
        return _template().render(
            lang=self._lang, css=(_TEMPLATES / "table_view.css").read_text(encoding="utf-8"), words=words,
            script_words=_script_words(self._lang), simplified=self._simplified(), caption=self._caption,
            note=self._note, n_rows=len(self._table), columns=self._columns, row_head=self._row_head(),
            rows=[list(zip(self._columns, cells, strict=True))
                  for cells in zip(*(column.cells for column in self._columns), strict=True)],
            places=None if self._places is None else [_as_html(where, self._lang) for where in self._places],
        )

    def _repr_html_(self) -> str:
        return f"{self.html}<script>{table_script()}</script>\n"

    def __repr__(self) -> str:
        return visible_lines(repr(self._table))

    def _row_head(self) -> str:
        """Return the column whose cells name the rows: the terms, else the first."""
        names = [column.name for column in self._columns]
        return "term" if "term" in names else names[0]

    def _simplified(self) -> str:
        """Return the traditional characters of the table's simplified ones, each with its simplified one, as JSON."""
        there = {c for column in self._columns for cell in column.cells for c in (cell.search or cell.text)}
        pairs = _simplified_of().items()
        return json.dumps("".join(traditional + simplified for traditional, simplified in pairs if simplified in there))


def show_table(
    table: pd.DataFrame,
    *,
    study: Study | None = None,
    texts: pd.DataFrame | None = None,
    caption: str = "",
    lang: str | None = None,
) -> TableView:
    """Return a view of a table that can be searched and sorted; a notebook and a report show it by themselves.

    Each row has a last cell "where", to be opened, with articles, characters (the first, and the one after the last)
    and the first 12 digits of the article's SHA-256. It is told by the columns doc_id, char_start and char_end (as in
    `study.metrics`), else by `evidence` (as in `compare_models`), else by `term` (as in `keyness`): the paragraphs in
    which the term stands, in the row's case or document if it has a column for it. Tables with none of these have no
    such cell.

    `study` has the facts about the articles, and is needed for terms where `texts` are not given. `texts` are articles
    with their text, as `read_articles` or `study.texts()` returns them: where they hold the very article of the study
    (with the same SHA-256), the words are shown in their context; of others it is said that the text is not at hand.

    Searching finds words in either script, and terms by their glosses. Sorting knows numbers,
    dates and quantities (15000余份); empty cells go last. Named levels of the index are columns. Of more than
    1,000 rows the first are shown. `caption` stands above the table; `lang` is "en" or "zh" (default: PINGAN_LANG).

    Raises `TableError` where `table` is no table, has two columns of one name or a row outside of its article;
    `ChoiceError` for another language.

    >>> view = show_table(pd.DataFrame({"term": ["平安"], "n": [12_000]}), caption="Terms")
    >>> "12,000" in view.html, "平安" in view.html
    (True, True)
    """
    lang = default_language() if lang is None else check_choice(lang, LANGUAGES, "lang")
    if not isinstance(table, pd.DataFrame):
        raise TableError(f"table: {type(table).__name__} given; it must be a DataFrame")
    whole = _with_index(table)
    shown = whole.head(MAX_ROWS)
    words = _words(lang)
    note = words["shown_rows"].format(n=f"{MAX_ROWS:,}", total=f"{len(whole):,}") if len(whole) > MAX_ROWS else ""
    places = places_of_rows(shown, study, texts)
    told = () if places is None else _TOLD_BY_PLACES
    columns = [_column(name, shown[name], lang) for name in map(str, shown.columns) if name not in told]
    return TableView(shown, columns, places, caption=readable(caption), note=note, lang=lang)


def labelled_table(
    table: pd.DataFrame, labels: Mapping[str, str], langs: Mapping[str, str], *, caption: str, lang: str
) -> TableView:
    """Return a view of a table without places; `labels` and `langs` are the heads and languages of its columns."""
    columns = [_column(name, table[name], lang, label=labels[name], text_lang=langs[name]) for name in labels]
    return TableView(table, columns, caption=caption, lang=lang)


def _with_index(table: pd.DataFrame) -> pd.DataFrame:
    named = [name for name in table.index.names if name is not None and name not in table.columns]
    frame = table.reset_index(level=named).reset_index(drop=True) if named else table.reset_index(drop=True)
    frame = frame.set_axis([_label(name) for name in frame.columns], axis=1)
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise TableError(f"table: two columns {twice[0]!r}; give each a name of its own")
    if not len(frame.columns):
        raise TableError("table: no columns; there is nothing to show")
    return frame


def _label(name: Any) -> str:
    return " ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _column(name: str, values: pd.Series, lang: str, *, label: str = "", text_lang: str = "") -> Column:
    words = _words(lang)
    glossed = glosses() if lang == "en" and name == "term" and not label else {}
    return column_of(name, values, label=label or readable(name), lang=text_lang, yes=words["yes"], no=words["no"],
                     gloss_of=lambda text: glossed.get(text, ""))


def _as_html(where: Where, lang: str) -> dict[str, Any]:
    """Return what the template fills in."""
    words = _words(lang)
    sources = [_source(source, where.of_term, lang) for source in where.sources]
    found = [text for source in sources for text in (source["doc_id"], source["place"])]
    return {
        "sources": sources, "summary": _summary(where, lang), "search": to_simplified(" ".join(found)),
        "more": words["more"].format(n=f"{where.more:,}") if where.more else "",
    }


def _summary(where: Where, lang: str) -> str:
    words = _words(lang)
    places = [(source, place) for source in where.sources for place in source.places]
    if len(places) == 1 and not where.of_term:
        source, place = places[0]
        return words["span"].format(doc_id=readable(source.doc_id), start=place.start, end=place.end)
    kind = "paragraphs" if where.of_term else "spans"
    return words[kind].format(articles=len(where.sources), places=f"{len(places) + where.more:,}")


def _source(source: Source, of_term: bool, lang: str) -> dict[str, Any]:
    words = _words(lang)
    names = [readable(fact) for fact in (source.title, source.place) if fact]
    digits = [words["sha256"].format(digits=readable(source.sha256[:_HASH_DIGITS]))] if source.sha256 else []
    return {
        "doc_id": readable(source.doc_id), "place": readable(source.place), "facts": names + digits,
        "note": "" if source.at_hand else words["not_at_hand"],
        "places": [_place(place, of_term, lang) for place in source.places],
    }


def _place(place: Place, of_term: bool, lang: str) -> dict[str, Any]:
    words = _words(lang)
    text = words["paragraph" if of_term else "characters"].format(start=place.start, end=place.end)
    times = words["times"].format(n=place.times) if place.times > 1 else ""
    return {"text": text + times, "contexts": [Context(*map(exact, context)) for context in place.contexts]}


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True)
    return environment.get_template("table_view.html.j2")


@cache
def _words(lang: str) -> dict[str, str]:
    return {row["key"]: row[lang] for row in read_rows(_TEMPLATES / "table_view.tsv", columns=["key", lang])}


@cache
def _script_words(lang: str) -> str:
    """Return the words that DataTables shows, nested as it wants them, as JSON."""
    nested: dict[str, Any] = {}
    for key, text in _words(lang).items():
        if key.startswith(_OF_SCRIPT):
            *path, last = key.split(".")
            inner = nested
            for step in path:
                inner = inner.setdefault(step, {})
            inner[last] = text
    return json.dumps(nested, ensure_ascii=False)


@cache
def _simplified_of() -> dict[str, str]:
    """Return the simplified character of each traditional one."""
    pairs = ((chr(code), to_simplified(chr(code))) for code in _IDEOGRAPHS)
    return {character: simplified for character, simplified in pairs if character != simplified}
