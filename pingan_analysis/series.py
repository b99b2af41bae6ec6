"""The metrics of the texts as series over time, and what happened when: campaigns, honours, publications."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .auditing.evidence import row_keys
from .calendar_bins import bin_numbers, bin_starts, months_of, published_days
from .schema import FLOW_CATEGORIES, check_columns, check_table

LINE = ("place", "category", "indicator", "channel", "unit", "kind", "direction", "cumulative", "target")
"""Columns that tell one line of a series from another: values that differ in one of them are never put together."""
COLUMNS = (
    *LINE, "timing", "bin_start", "bin_end", "value", "low", "high", "bound", "n", "summary", "period_start",
    "period_end", "doc_ids", "rows", "indicator_en",
)
HONOURS = ("streak", "rank")
_ROWS_AT_ONCE = 20_000
_Value = tuple[float | None, float | None, float | None, str]


class _Reading(NamedTuple):
    """What a cell of a series is made of: one metric."""

    key: str
    doc_id: str
    value: float
    low: float | None
    high: float | None
    bound: str
    start: Any
    end: Any


def metric_series(metrics: pd.DataFrame, *, freq: str = "YS") -> pd.DataFrame:
    """Return the rows of the table `metrics` over time: a row a line × period of the calendar.

    A line is what `LINE` names: place, category, indicator, channel, unit, kind, direction, cumulative, target. So
    cumulative values and those of a period, and goals and results, are never in one line; where no place is stated, the
    document stands for it. `freq` is "YS" (years), "2QS" (half-years), "QS" (quarters) or "MS" (months). A fact that
    several rows state (`same_as`) is in it once. Columns:

    - those of `LINE`
    - timing: within (the metric's own period lies in one period of the calendar), span (it covers several, and is not
      spread over them), as_of (only its last day is known), since (only its first), not_stated (no period), missing
      (a period of the calendar between two of the line that no metric is about: no value, n = 0)
    - bin_start, bin_end: first and last day of the period of the calendar (of a span, of all of them); of what is
      open or not stated, empty
    - value, low, high, bound: as in `metrics`
    - n: how many metrics; summary: how they became one value:
      single; equal (all the same); last (of cumulative ones with one first day, and of as_of ones: that of the latest
      day); sum (money, and counts of `FLOW_CATEGORIES`, of known periods that do not overlap); several (none of
      these: no value, low and high span them all)
    - period_start, period_end: the days that the metrics really cover
    - doc_ids, rows: the documents and rows (doc_id:char_start) behind it, joined by spaces
    - indicator_en: the indicator in English, where `metrics` has it

    `.attrs` counts metrics that are repeats left out ("repeats"), those without a period ("not_stated"), and periods
    of the calendar without a metric inside a line ("missing"). Raises `TableError` where `metrics` is no such table,
    `ChoiceError` for another `freq`.
    """
    months = months_of(freq)
    metrics = check_table(metrics, "metrics", where="metrics")
    facts = _with_places(first_statements(metrics))
    cells: dict[tuple[Any, ...], list[_Reading]] = defaultdict(list)
    for where, reading in zip(_places(facts, months), _readings(facts), strict=True):
        cells[where].append(reading)
    known = ((*where, *_summary(readings, where)) for where, readings in cells.items())
    table = _as_table(chain(known, _missing(cells)), months)
    named = facts[facts["indicator_en"].ne("")].drop_duplicates("indicator")
    english = dict(zip(named["indicator"], named["indicator_en"], strict=True))
    table["indicator_en"] = [english.get(name, "") for name in table["indicator"]]
    table.attrs.update({
        "repeats": len(metrics) - len(facts),
        "not_stated": int(table.loc[table["timing"] == "not_stated", "n"].sum()),
        "missing": int((table["timing"] == "missing").sum()),
    })
    return table


def first_statements(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return each fact of `metrics` once: the row that `same_as` of the others names, or the first that is there."""
    key = row_keys(metrics)
    fact = metrics["same_as"].where(metrics["same_as"].ne(""), key)
    order = fact.ne(key).sort_values(kind="stable").index
    return metrics.loc[fact.loc[order].drop_duplicates().index.sort_values()]


def campaign_events(metrics: pd.DataFrame, documents: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what `metrics` and `documents` date: a row an event, by place and day.

    Columns: place; event: honour (a streak or rank that is a result), metrics (a period that metrics are about),
    publication (of a document that has a date); start, end (first and last day; one is empty where the text leaves it
    open); label (of an honour its indicator and quantity, of a publication its doc_id), label_en (in English, where
    the table has it); n (metrics; documents: 1); rows (those behind it). Honours and metrics without any day are left
    out, and counted in `.attrs["undated"]`. Rows of one's own (a campaign's first year, say) can be added with
    `pandas.concat`. Raises `TableError` where `metrics` is no such table, a column of `documents` is missing, or a
    date in it is none.
    """
    facts = _with_places(first_statements(check_table(metrics, "metrics", where="metrics")))
    dated = facts[facts["period_start"].notna() | facts["period_end"].notna()]
    dated = dated.assign(
        rows=row_keys(dated), start=dated["period_start"], end=dated["period_end"],
        label=dated["indicator"] + " " + dated["quantity"],
        label_en=(dated["indicator_en"] + " " + dated["quantity"]).where(dated["indicator_en"].ne(""), ""),
    )
    is_honour = dated["kind"].isin(HONOURS) & ~dated["target"]
    columns = ["place", "event", "start", "end", "label", "label_en", "n", "rows"]
    honours = dated[is_honour].assign(event="honour", n=1)[columns]
    others = dated[~is_honour & ~dated["target"]].groupby(["place", "start", "end"], dropna=False, as_index=False).agg(
        n=("rows", "size"), rows=("rows", " ".join)
    ).assign(event="metrics", label="", label_en="")[columns]
    parts = [honours, others]
    if documents is not None:
        check_columns(documents, ("doc_id", "place", "published"), where="documents", table="documents")
        days = published_days(documents).astype("datetime64[s]")
        parts.append(documents.assign(
            event="publication", start=days, end=days, label=documents["doc_id"], label_en="", n=1,
            rows=documents["doc_id"],
        ).loc[days.notna(), columns])
    events = pd.concat([part for part in parts if len(part)] or [honours])
    events = events.sort_values(["place", "start", "end", "event", "rows"], ignore_index=True)
    events.attrs["undated"] = len(facts) - len(dated)
    return events


def _with_places(facts: pd.DataFrame) -> pd.DataFrame:
    """Let a document without a place stand for itself: its metrics are of no other document's line."""
    return facts.assign(place=facts["place"].where(facts["place"].ne(""), facts["doc_id"]))


def _places(facts: pd.DataFrame, months: int) -> Iterator[tuple[Any, ...]]:
    """Yield the cell of each fact: its line, its timing, and the numbers of its first and last period, or None."""
    start, end = facts["period_start"], facts["period_end"]
    known = pd.DataFrame({"start": start.notna(), "end": end.notna()}) & ~(start > end).to_numpy()[:, np.newaxis]
    first, last = (bin_numbers(days.fillna(pd.Timestamp(0)), months) for days in (start, end))
    timing = np.select(
        [~known["start"] & ~known["end"], ~known["start"], ~known["end"], first == last],
        ["not_stated", "as_of", "since", "within"],
        default="span",
    )
    lines = facts[list(LINE)].astype(object).itertuples(index=False, name=None)
    for line, how, n, m in zip(lines, timing.tolist(), first.tolist(), last.tolist(), strict=True):
        yield (*line, how, *{"not_stated": (None, None), "as_of": (m, m), "since": (n, None)}.get(how, (n, m)))


def _readings(facts: pd.DataFrame) -> Iterator[_Reading]:
    columns = ["doc_id", "value", "low", "high", "bound", "period_start", "period_end"]
    plain = facts[columns].astype(object).where(facts[columns].notna(), None)
    for key, values in zip(row_keys(facts), plain.itertuples(index=False, name=None), strict=True):
        yield _Reading(key, *values)


def _summary(readings: Sequence[_Reading], where: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return value, low, high, bound, n, summary, the days covered, documents and rows of one cell."""
    line = dict(zip(LINE, where, strict=False))
    timing = where[len(LINE)]
    values: set[_Value] = {(r.value, r.low, r.high, r.bound) for r in readings}
    value: _Value
    starts, ends = [r.start for r in readings], [r.end for r in readings]
    if len(readings) == 1:
        how, value = "single", values.pop()
    elif len(values) == 1:
        how, value = "equal", values.pop()
    elif (line["cumulative"] or timing == "as_of") and (latest := _latest(readings)):
        how, value = "last", (latest.value, latest.low, latest.high, latest.bound)
    elif timing in ("within", "span") and _adds_up(readings, line):
        how, value = "sum", _total(readings)
    else:
        how, value = "several", _all_of(readings)
    covered = (None if None in starts else min(starts), None if None in ends else max(ends))
    doc_ids = " ".join(dict.fromkeys(r.doc_id for r in readings))
    return (*value, len(readings), how, *covered, doc_ids, " ".join(r.key for r in readings))


def _latest(readings: Sequence[_Reading]) -> _Reading | None:
    """Return the metric of the latest day; None where several values are of it, or where the first days differ."""
    if any(r.end is None for r in readings) or len({r.start for r in readings}) > 1:
        return None
    last = max(r.end for r in readings)
    of_last = [r for r in readings if r.end == last]
    return of_last[0] if len({(r.value, r.bound) for r in of_last}) == 1 else None


def _adds_up(readings: Sequence[_Reading], line: dict[str, Any]) -> bool:
    """Say whether the sum of the metrics means something: events of periods that do not overlap, or money."""
    if line["kind"] not in ("count", "money") or line["cumulative"] or line["target"]:
        return False
    if line["category"] not in FLOW_CATEGORIES and line["kind"] != "money":
        return False
    spans = sorted((r.start, r.end) for r in readings)
    return all(before[1] < after[0] for before, after in pairwise(spans))


def _total(readings: Sequence[_Reading]) -> _Value:
    """Return the sum of values and of limits, and the bound that they make: more than 20 and 30 are more than 50."""
    low, high = _sum([r.low for r in readings]), _sum([r.high for r in readings])
    bounds = {r.bound for r in readings} - {"exact"}
    if not bounds:
        bound = "exact"
    elif "about" in bounds or (low is None and high is None):
        bound = "about"
    elif low is not None:
        bound = "more_than"
    else:
        bound = "nearly" if bounds == {"nearly"} else "less_than"
    return _sum([r.value for r in readings]), low, high, bound


def _all_of(readings: Sequence[_Reading]) -> _Value:
    lows, highs = ([limit for limit in limits if limit is not None]
                   for limits in ([r.low for r in readings], [r.high for r in readings]))
    low = min(lows) if len(lows) == len(readings) else None
    high = max(highs) if len(highs) == len(readings) else None
    return None, low, high, ""


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _missing(cells: dict[tuple[Any, ...], list[_Reading]]) -> Iterator[tuple[Any, ...]]:
    """Yield a row for every period of the calendar inside a line that none of its metrics is about."""
    width = len(LINE)
    covered: dict[tuple[Any, ...], set[tuple[int, int]]] = defaultdict(set)
    for where in cells:
        timing, first, last = where[width:]
        if timing in ("within", "span", "as_of"):
            covered[where[:width]].add((first, last))
    for line, spans in covered.items():
        reached = min(first for first, _ in spans)
        for first, last in sorted(spans):
            for n in range(int(reached) + 1, int(first)):
                yield (*line, "missing", n, n, None, None, None, "", 0, "", None, None, "", "")
            reached = max(reached, last)


def _as_table(rows: Iterator[tuple[Any, ...]], months: int) -> pd.DataFrame:
    """Return the rows as a table; some at a time, as Python's objects take several times as much memory."""
    tables = [_typed([], months)]
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        tables.append(_typed(some, months))
    table = pd.concat(tables, ignore_index=True)
    return table.sort_values([*LINE, "bin_start", "bin_end", "timing"], ignore_index=True)


def _typed(rows: Sequence[tuple[Any, ...]], months: int) -> pd.DataFrame:
    names = [*LINE, "timing", "first", "last", *COLUMNS[COLUMNS.index("value"):-1]]
    table = pd.DataFrame(rows, columns=names).astype(object)
    for name in ("value", "low", "high"):
        table[name] = table[name].astype("Float64")
    for name in ("period_start", "period_end"):
        table[name] = pd.to_datetime(table[name]).astype("datetime64[s]")
    for name in ("cumulative", "target"):
        table[name] = table[name].astype("boolean")
    first, last = (table[name].astype("Float64").astype("Int64") for name in ("first", "last"))
    table["bin_start"] = _starts(first, months)
    table["bin_end"] = (_starts(last + 1, months) - pd.Timedelta(days=1)).astype("datetime64[s]")
    text = [name for name in table if table[name].dtype == object and name not in ("n", "first", "last")]
    return table.astype({**dict.fromkeys(text, "str"), "n": "int64"})[list(COLUMNS[:-1])]


def _starts(numbers: pd.Series, months: int) -> pd.Series:
    starts = bin_starts(numbers.fillna(0).to_numpy(np.int64), months)
    return starts.set_axis(numbers.index).where(numbers.notna())
