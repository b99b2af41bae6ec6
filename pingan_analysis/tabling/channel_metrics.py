"""The metrics of a study by channel: what the articles say of the scale of each."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..comparison import Tables
from ..drawing.metric_parts import channel_names, number_in_words
from ..drawing.style import current_house
from ..lexicon import channel_groups
from ..provenance import as_evidence
from ..series import first_statements
from .labels import table_label
from .reading import named, originals, place_names, rows_of

_READ = ("doc_id", "char_start", "char_end", "quantity", "value", "unit", "bound", "indicator", "indicator_en",
         "channel", "target", "period_text", "period_start", "period_end", "place", "rule", "same_as")
_COLUMNS = ("channel", "place", "quantity", "value", "unit", "measured", "period", "where", "rule")


def channel_metrics_table(study: Tables, lang: str | None = None) -> pd.DataFrame:
    """Return the metrics of `study` that name a channel, as a paper lists them.

    A row a fact (`same_as`); goals are marked; articles that repeat another one are left out. Channels stand in the
    order of `compare_models`, then places in the order of documents, then the larger value first. Columns (named in
    `lang`, "en" or "zh"; default that of the house style): Channel, Place, As printed (the quantity in the article's
    words), Value (with ≥, ≤, ≲ or ≈ where it is no exact one), Unit (Chinese measure word), What is measured (in
    English where the lexicon has it), Period as stated (words and days; open ends are left open), Where
    (doc_id:start-end, in characters), Rule (how it was read, as in `metrics`).

    Raises `ChoiceError` for another language, `TableError` for what is no study.

    >>> from pingan_analysis.study import load_study
    >>> channel_metrics_table(load_study(), "en").columns[:3].tolist()
    ['Channel', 'Place', 'As printed']
    """
    lang = current_house(lang).lang
    documents = rows_of(study, "documents", ("doc_id", "place", "place_en", "duplicate_of"))
    metrics = rows_of(study, "metrics", _READ)
    first = originals(documents)
    of_channels = metrics[metrics["channel"].isin(list(channel_groups())) & metrics["doc_id"].isin(first["doc_id"])]
    facts = _with_places(first_statements(of_channels), first)
    places = place_names(documents, lang)
    rows = [_row(row, places, lang) for row in _ordered(facts, first).itertuples()]
    return named(pd.DataFrame(rows, columns=list(_COLUMNS)).astype("str"), lang)


def _with_places(facts: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return the facts with the place of the article where they name none."""
    of_document = dict(zip(documents["doc_id"], documents["place"], strict=True))
    return facts.assign(place=facts["place"].where(facts["place"].ne(""), facts["doc_id"].map(of_document)))


def _ordered(facts: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    channels = {channel: n for n, channel in enumerate(channel_groups())}
    places = {place: n for n, place in enumerate(dict.fromkeys([*documents["place"], *facts["place"]]))}
    keys = facts.assign(_channel=facts["channel"].map(channels), _place=facts["place"].map(places))
    by = ["_channel", "_place", "value"]
    return keys.sort_values(by, ascending=[True, True, False], kind="stable").drop(columns=by[:2])


def _row(metric: Any, places: dict[str, str], lang: str) -> dict[str, str]:
    measured = (metric.indicator_en if lang == "en" else "") or metric.indicator
    return {
        "channel": channel_names()[metric.channel][lang],
        "place": places.get(metric.place, metric.place),
        "quantity": metric.quantity,
        "value": number_in_words(metric.value, metric.unit, metric.bound),
        "unit": metric.unit,
        "measured": table_label("goal", lang, measured=measured) if metric.target else measured,
        "period": _period(metric, lang),
        "where": as_evidence(metric.doc_id, metric.char_start, metric.char_end),
        "rule": metric.rule,
    }


def _period(metric: Any, lang: str) -> str:
    days = _days(metric.period_start, metric.period_end, lang)
    if metric.period_text and days:
        return table_label("period_in_both", lang, text=metric.period_text, days=days)
    return metric.period_text or days


def _days(start: pd.Timestamp, end: pd.Timestamp, lang: str) -> str:
    there = {name: day.date().isoformat() for name, day in (("start", start), ("end", end)) if not pd.isna(day)}
    if not there:
        return ""
    key = "span" if len(there) == 2 else "since" if "start" in there else "until"
    return table_label(key, lang, **there)
