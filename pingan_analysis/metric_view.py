"""Metrics to look at: in their text, marked and explained, and as lines of a terminal."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import jinja2
import pandas as pd

from .drawing.fonts import display_width
from .drawing.metric_parts import channel_names
from .drawing.style import default_language
from .errors import TableError, check_choice
from .extraction.wording import RATIO_UNITS
from .lexicon import read_rows
from .paths import PACKAGE_FOLDER
from .periods import find_periods
from .reading.boilerplate import paragraphs
from .schema import METRICS, check_table, check_texts
from .script import without_surrogates
from .viewing.controls import CONTROLS, visible

_TEMPLATES = PACKAGE_FOLDER / "templates"
_CATEGORIES = next(column.choices for column in METRICS.columns if column.name == "category")
_PERIOD = "period"
_LINE_COLUMNS = ("quantity", "value", "unit", "bound", "indicator", "category", "channel", "period", "rule")
_WIDEST = 40
_UNSEEN = {**CONTROLS, ord("\r"): ""}
_QUOTED = 30


class MetricView:
    """Articles with their metrics, as `show_metrics` returns them: HTML in a notebook, lines of text elsewhere."""

    def __init__(self, articles: Sequence[_Article], lang: str) -> None:
        self._articles = articles
        self._lang = lang

    def _repr_html_(self) -> str:
        words = _words(self._lang)
        environment = jinja2.Environment(loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True)
        return environment.get_template("metric_view.html.j2").render(
            lang=self._lang, css=(_TEMPLATES / "metric_view.css").read_text(encoding="utf-8"), hint=words["hint"],
            legend_label=words["legend"], joint=words["joint"],
            articles=[article.as_html(self._lang) for article in self._articles],
        )

    def __repr__(self) -> str:
        return "\n\n".join(f"{visible(article.doc_id)}\n{metric_lines(article.metrics)}" for article in self._articles)


class _Mark(NamedTuple):
    """A span of a text with the name of its look and what is said about it."""

    start: int
    end: int
    style: str
    explanation: str


class _Piece(NamedTuple):
    """A stretch of a paragraph: marked where it has a style."""

    text: str
    style: str = ""
    explanation: str = ""


class _Article(NamedTuple):
    """What is shown of an article."""

    doc_id: str
    text: str
    metrics: pd.DataFrame
    periods: Sequence[_Mark]

    def as_html(self, lang: str) -> dict[str, Any]:
        """Return what the template fills in."""
        words = _words(lang)
        marks = [_mark(row, lang) for row in self.metrics.itertuples()]
        counts = Counter(mark.style for mark in (*marks, *self.periods))
        count = words["counts"].format(doc_id=self.doc_id, metrics=len(marks), periods=len(self.periods))
        return {
            "count": without_surrogates(count.translate(_UNSEEN)),
            "legend": [(style, words[style], counts[style]) for style in (*_CATEGORIES, _PERIOD) if counts[style]],
            "paragraphs": _paragraphs(self.text, sorted([*marks, *self.periods])),
        }


def show_metrics(documents: pd.DataFrame, metrics: pd.DataFrame, doc_id: str | None = None) -> MetricView:
    """Return a view of articles in which their metrics are marked and explained; a notebook shows it by itself.

    `documents` has the columns doc_id and text (as `read_articles` returns them), and boilerplate and published where
    they are known; `metrics` is the table `metrics` of these texts; `doc_id` names the article to show (default: all of
    them). Pointing at a mark, or moving to it with the Tab key, shows its value with bound and unit, indicator,
    category, channel, period, place, rule, and the row that states the same fact. Time expressions are marked too. The
    view needs no network and runs no script; its language is that of PINGAN_LANG, "en" or "zh".

    Raises `TableError` where a table lacks a column, or a row of `metrics` overlaps another, lies outside of the text,
    or quotes what does not stand there (metrics of another text); `ChoiceError` for an unknown `doc_id`.

    >>> documents = pd.DataFrame({"doc_id": ["a"], "text": ["破案19起。"]})
    >>> from pingan_analysis.metrics import extract_metrics
    >>> "破案" in show_metrics(documents, extract_metrics(documents["text"][0], doc_id="a"))._repr_html_()
    True
    """
    check_texts(documents)
    metrics = check_table(metrics, "metrics")
    if doc_id is not None:
        check_choice(doc_id, documents["doc_id"], "doc_id")
        documents = documents[documents["doc_id"].eq(doc_id)]
    lang = default_language()
    articles = []
    for document in documents.to_dict("records"):
        name, text = str(document["doc_id"]), document["text"]
        rows = metrics[metrics["doc_id"].eq(name)].sort_values("char_start")
        _check_spans(rows, name, text)
        articles.append(_Article(name, text, rows, _period_marks(document, rows, lang)))
    return MetricView(articles, lang)


def metric_lines(metrics: pd.DataFrame) -> str:
    """Return rows of the table `metrics` as lines for a terminal, with their most telling columns under one another.

    Chinese characters count as two columns wide. Long cells are cut, with …; periods are first day/last day, with ..
    for an open end.

    >>> from pingan_analysis.metrics import extract_metrics
    >>> metric_lines(extract_metrics("破案19起。")).splitlines()[1].split()[:5]
    ['19起', '19', '起', 'exact', '破案']
    """
    metrics = check_table(metrics, "metrics")
    cells = [list(_LINE_COLUMNS), *(_cells(row) for row in metrics.itertuples())]
    widths = [max(map(display_width, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


@cache
def _words(lang: str) -> dict[str, str]:
    return {row["key"]: row[lang] for row in read_rows(_TEMPLATES / "metric_view.tsv", columns=["key", lang])}


def _check_spans(rows: pd.DataFrame, doc_id: str, text: str) -> None:
    end = 0
    row: Any
    for row in rows.itertuples():
        where = f"metrics: row of {doc_id!r} at {row.char_start}–{row.char_end}"
        if not row.char_start < row.char_end <= len(text):
            raise TableError(f"{where} lies outside of the text, which has {len(text)} characters")
        if row.char_start < end:
            raise TableError(f"{where} overlaps the one before it, which ends at {end}; leave out one of the two")
        stands = text[row.char_start:row.char_end]
        if row.quantity != stands:
            raise TableError(f"{where} is {row.quantity[:_QUOTED]!r}, but the text has {stands[:_QUOTED]!r} there; "
                             "give the text that it was read from")
        end = row.char_end


def _period_marks(document: dict[Any, Any], rows: pd.DataFrame, lang: str) -> list[_Mark]:
    """Return the time expressions of the running text, but for those within a metric."""
    text, published = document["text"], document.get("published")
    starts, ends = rows["char_start"].tolist(), rows["char_end"].tolist()
    marks = []
    for stretch in paragraphs(text, tuple(document.get("boilerplate") or ())):
        for period in find_periods(text[stretch.start:stretch.end], published=published):
            start, end = stretch.start + period.start, stretch.start + period.end
            before = bisect_left(starts, end)
            if not before or ends[before - 1] <= start:
                span = _span(period.date_start, period.date_end, period.basis, lang)
                marks.append(_Mark(start, end, _PERIOD, _line(_PERIOD, span, lang)))
    return marks


def _mark(row: Any, lang: str) -> _Mark:
    return _Mark(row.char_start, row.char_end, row.category, _explanation(row, lang))


def _explanation(row: Any, lang: str) -> str:
    words = _words(lang)
    stands = [words[name] for name in ("cumulative", "target") if getattr(row, name)]
    direction = [words[row.direction]] if row.direction else []
    english = f" ({row.indicator_en})" if lang == "en" and row.indicator_en else ""
    said = {
        "value": words["joint"].join([_value(row, lang), *direction, *stands]),
        "indicator": row.indicator + english,
        "category": words[row.category],
        "channel": "" if row.channel == "none" else channel_names()[row.channel][lang],
        "period": words["joint"].join(filter(None, [row.period_text, _row_span(row, lang)])),
        "place": row.place,
        "rule": row.rule,
        "same_as": row.same_as,
    }
    lines = (_line(name, " ".join(text.split()), lang) for name, text in said.items() if text)
    return without_surrogates("\n".join(lines).translate(_UNSEEN))


def _line(column: str, text: str, lang: str) -> str:
    words = _words(lang)
    return words["line"].format(name=words[f"column_{column}"], text=text)


def _value(row: Any, lang: str) -> str:
    words = _words(lang)
    number = _number(row.value) if row.unit in RATIO_UNITS else _grouped(row.value)
    value = words[row.bound].format(value=f"{number} {row.unit}".rstrip())
    if pd.isna(row.low) or pd.isna(row.high) or row.low == row.high:
        return value
    limits = words["limits"].format(low=_grouped(row.low), high=_grouped(row.high))
    return f"{value}{words['joint']}{limits}"


def _row_span(row: Any, lang: str) -> str:
    if not row.period_basis:
        return _words(lang)["not_stated"]
    return _span(row.period_start, row.period_end, row.period_basis, lang)


def _span(start: Any, end: Any, basis: str, lang: str) -> str:
    words = _words(lang)
    if pd.isna(start) and pd.isna(end):
        return basis
    return words["span"].format(start=_day(start) or words["open"], end=_day(end) or words["open"], basis=basis)


def _day(day: Any) -> str:
    return "" if pd.isna(day) else f"{day:%Y-%m-%d}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


def _grouped(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else repr(float(value))


def _paragraphs(text: str, marks: Sequence[_Mark]) -> list[list[_Piece]]:
    """Return the lines of `text` that are not blank, cut into what is marked and what is not."""
    lines: list[list[_Piece]] = [[]]
    for piece in _pieces(text, marks):
        first, *others = [piece] if piece.style else [_Piece(part) for part in piece.text.split("\n")]
        lines[-1].append(first)
        lines += [[other] for other in others]
    return [line for line in lines if any(piece.text.strip() for piece in line)]


def _pieces(text: str, marks: Sequence[_Mark]) -> Iterator[_Piece]:
    end = 0
    for mark in marks:
        yield _Piece(_visible(text[end:mark.start]))
        yield _Piece(_visible(text[mark.start:mark.end]), mark.style, mark.explanation)
        end = mark.end
    yield _Piece(_visible(text[end:]))


def _visible(text: str) -> str:
    return without_surrogates(text).translate(_UNSEEN)


def _cells(row: Any) -> list[str]:
    period = "/".join(_day(day) or ".." for day in (row.period_start, row.period_end)) if row.period_basis else ""
    said = [row.quantity, _number(row.value), row.unit, row.bound, row.indicator, row.category, row.channel,
            " ".join(filter(None, [row.period_text, "" if period == "../.." else period])), row.rule]
    return [_cut("".join(c if c.isprintable() else "\ufffd" for c in str(cell))) for cell in said]


def _cut(cell: str) -> str:
    if display_width(cell) <= _WIDEST:
        return cell
    cell = cell[:_WIDEST]
    while display_width(cell) >= _WIDEST:
        cell = cell[:-1]
    return cell + "…"
