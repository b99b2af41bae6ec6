"""The campaign models of a study by place, each followed by those that are parts of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from ..comparison import Tables
from ..drawing.metric_parts import channel_names
from ..drawing.style import current_house
from ..naming.words import CAMPAIGN_MODEL
from ..provenance import as_evidence
from ..schema import LIST_MARK, MEMBER_MARK
from .labels import table_label
from .reading import named, originals, place_names, rows_of

_COLUMNS = ("place", "model", "model_en", "parent", "members", "members_basis", "channels", "where")
_READ = ("doc_id", "model", "model_en", "parent", "kind", "char_start", "char_end", "members", "members_basis",
         "channels", "parts")
_BASES = ("listed", "inferred", "none")  # the surest first

Row = dict[str, Any]


def models_table(study: Tables, lang: str | None = None) -> pd.DataFrame:
    """Return the campaign models (kind campaign_model) of `study` by place, as a paper lists them.

    A model that several articles of a place name is one row: with the members of the article that tells most (listed
    before inferred, then the most members), and the channels of all. Places stand in the order of documents (an article
    without a place by itself), models in the order of their first mention, each followed by its parts. Articles that
    repeat another one are left out. Columns (named in `lang`, "en" or "zh"; default that of the house style): Place,
    Model, In English (where the lexicon has it), Part of (the model that this one is a part of), Members (without any,
    the numbers of the name and what they count), How known (listed, inferred, numbers of the name only, not listed),
    Channels named (by the members or the name), Where (first mention in each article: doc_id:start-end, in
    characters).

    Raises `ChoiceError` for another language, `TableError` for what is no study.

    >>> from pingan_analysis.study import load_study
    >>> models_table(load_study(), "zh").columns[:2].tolist()
    ['地点', '模式']
    """
    lang = current_house(lang).lang
    documents = rows_of(study, "documents", ("doc_id", "place", "place_en", "duplicate_of"))
    models = rows_of(study, "models", _READ)
    places = place_names(documents, lang)
    rows = []
    for place, mentions in _by_case(originals(documents), models[models["kind"].eq(CAMPAIGN_MODEL)]):
        merged = {name: _merged(same, lang) for name, same in _by_name(mentions).items()}
        rows += [{"place": places[place], **merged[name]} for name in _parts_after_wholes(merged)]
    return named(pd.DataFrame(rows, columns=list(_COLUMNS)).astype("str"), lang)


def _by_case(documents: pd.DataFrame, models: pd.DataFrame) -> Iterator[tuple[str, list[Row]]]:
    """Yield each place with the rows of its documents, in order; a document without a place is one by itself."""
    of_document: dict[str, list[Row]] = defaultdict(list)
    for row in models.sort_values("char_start", kind="stable").to_dict("records"):
        of_document[row["doc_id"]].append({str(key): value for key, value in row.items()})
    cases: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for doc_id, place in zip(documents["doc_id"], documents["place"], strict=True):
        cases[place, "" if place else doc_id] += of_document[doc_id]
    for (place, _), rows in cases.items():
        yield place, rows


def _by_name(rows: Iterable[Row]) -> dict[str, list[Row]]:
    by_name: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_name[row["model"]].append(row)
    return by_name


_BETWEEN_MEMBERS = {"en": "; ", "zh": "；"}
"""As in the table `models`, a list of names is no stretch of its article."""


def _merged(rows: list[Row], lang: str) -> Row:
    """Return what all rows of a model say of it."""
    fullest = min(rows, key=lambda row: (_BASES.index(row["members_basis"]), -row["members"].count(LIST_MARK)))
    parts = _first(row["parts"] for row in rows)
    basis = "numbers" if parts and not fullest["members"] else fullest["members_basis"]
    channels = dict.fromkeys(channel for row in rows for channel in row["channels"].split())
    return {
        "model": rows[0]["model"],
        "model_en": _first(row["model_en"] for row in rows),
        "parent": _first(row["parent"] for row in rows),
        "members": fullest["members"].replace(MEMBER_MARK, _BETWEEN_MEMBERS[lang]) or parts,
        "members_basis": table_label(f"basis_{basis}", lang),
        "channels": (LIST_MARK if lang == "zh" else ", ").join(channel_names()[channel][lang] for channel in channels),
        "where": " ".join(as_evidence(row["doc_id"], row["char_start"], row["char_end"]) for row in rows),
    }


def _first(values: Iterable[str]) -> str:
    return next(filter(None, values), "")


def _parts_after_wholes(models: Mapping[str, Row]) -> list[str]:
    """Return the names in their order, the parts of a model behind it; those in a circle come last."""
    parts: dict[str, list[str]] = defaultdict(list)
    for name, row in models.items():
        parts[row["parent"] if row["parent"] in models else ""].append(name)
    ordered: dict[str, None] = {}
    waiting = parts[""][::-1]
    while waiting:
        name = waiting.pop()
        ordered[name] = None
        waiting += reversed(parts[name])
    return [*ordered, *(name for name in models if name not in ordered)]
