"""Cases × channels: by what carriers each case reaches people, at what scale, in which words; and what cases share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

import pandas as pd

from .errors import TableError, check_choice
from .lexicon import channel_groups
from .naming.words import CAMPAIGN_MODEL
from .provenance import as_evidence
from .schema import LIST_MARK, check_columns, check_key
from .series import first_statements

CATEGORIES = ("outreach_output", "outreach_reach")
"""Categories of `metrics` whose channel a case uses, the leading one first."""
_NO_CHANNEL = "none"
_LEADING = ("value", "low", "high", "bound", "unit", "quantity", "indicator", "cumulative", "rule")
"""Columns that a row of the comparison takes from its leading metric."""
_COLUMNS: dict[str, Any] = {
    "case": "str", "channel": "str", "group": "str", "models": "str", "mentions": "int64", "words": "str",
    "n_metrics": "int64", "value": "Float64", "low": "Float64", "high": "Float64", "bound": "str", "unit": "str",
    "quantity": "str", "indicator": "str", "cumulative": "boolean", "rule": "str", "metric": "str", "evidence": "str",
}
_READ = {
    "documents": ("doc_id", "duplicate_of"),
    "channel_mentions": ("doc_id", "char_start", "char_end", "word", "channel", "passage"),
    "metrics": ("doc_id", "char_start", "char_end", "kind", "category", "channel", "target", "same_as", *_LEADING),
    "models": ("doc_id", "model", "parent", "kind", "char_start", "char_end", "channels", "members_start",
               "members_end"),
}
_OVERLAP_COLUMNS = ("case_a", "case_b", "shared", "only_a", "only_b", "n_shared", "jaccard")

Row = dict[str, Any]


class Tables(Protocol):
    """What is compared: a `Study`, or anything that has these of its tables."""

    @property
    def documents(self) -> pd.DataFrame: ...
    @property
    def metrics(self) -> pd.DataFrame: ...
    @property
    def models(self) -> pd.DataFrame: ...
    @property
    def channel_mentions(self) -> pd.DataFrame: ...
    @property
    def case_column(self) -> str: ...


class _Place(NamedTuple):
    """Where evidence stands: in the order of documents, then of characters."""

    document: int
    start: int
    end: int
    doc_id: str


@dataclass
class _Use:
    """A case's use of a channel: where it is named, measured, or a member of a model."""

    mentions: list[tuple[_Place, str]] = field(default_factory=list)
    metrics: list[tuple[_Place, Row]] = field(default_factory=list)
    members: list[_Place] = field(default_factory=list)
    models: list[tuple[_Place, str]] = field(default_factory=list)

    @property
    def is_named(self) -> bool:
        """Whether the text names the channel, and not a number's rule alone."""
        return bool(self.mentions or self.members)


def compare_models(study: Tables) -> pd.DataFrame:
    """Return which channels each case uses: with or without a model, at what scale, in which words of which article.

    A row a case × channel that the case uses. Cases are the values of `study.case_column`, in the order of documents;
    channels stand in the order of lexicon/channel_groups.tsv, without "none". A case uses a channel that an article
    of it mentions as a carrier (`channel_mentions`), or that the members or the name of one of its campaign models
    name; its outreach metrics say at what scale. (Without a mention a metric's channel is too uncertain to go by.) A
    fact that several rows state (`same_as`) counts once, goals (`target`) and documents that repeat another one
    (`duplicate_of`) not at all. Columns:

    - case, channel, group (digital, broadcast, print, outdoor, face_to_face)
    - models: the campaign models in whose passage or members the channel stands, joined by 、; of nested models the
      outermost. Empty: outside any model
    - mentions: how many, 0 where only a model names the channel; words: their wording in simplified script, each once,
      joined by 、
    - n_metrics: how many outreach metrics are of the channel
    - value, low, high, bound, unit, quantity, indicator, cumulative, rule: of the leading metric, as in `metrics`. Of
      those of kind count it is the largest of what was sent out (outreach_output) or, without any, of whom it
      reached; of equal ones the first. Values in different units are on no common scale. Empty where no metric
      is of kind count
    - metric: where it stands (doc_id:char_start)
    - evidence: every mention, metric and list of members behind the row (doc_id:start-end, characters), in order

    `.attrs` has "without_channels" (cases that use none, which have no row), "only_measured" (metrics, as
    doc_id:char_start, whose channel the case's articles name nowhere, left out) and "duplicates" (documents left out).
    What the articles do not name, a campaign may still have used.

    Raises `NothingToRead` where the study has no such tables, `TableError` for what is no study and where a column is
    missing or a row is of no document, `ChoiceError` for a channel that does not exist.
    """
    if not hasattr(study, "documents"):
        raise TableError(f"study is {type(study).__name__}; compare_models() takes a study, as load_study() returns")
    documents = _table(study.documents, "documents")
    check_columns(documents, (study.case_column,), where="documents", table="documents")
    originals = documents[documents["duplicate_of"].fillna("").eq("")]
    cases = dict(zip(originals["doc_id"], originals[study.case_column], strict=True))
    tables = {
        "channel_mentions": _table(study.channel_mentions, "channel_mentions"),
        "metrics": _table(study.metrics, "metrics"),
        "models": _table(study.models, "models"),
    }
    for name, frame in tables.items():
        _check_documents(frame, set(documents["doc_id"]), name)
    of_originals = {name: frame[frame["doc_id"].isin(cases.keys())] for name, frame in tables.items()}
    found = _uses(cases, of_originals)
    uses = {key: use for key, use in found.items() if use.is_named}
    ordered = [(case, channel) for case in dict.fromkeys(cases.values()) for channel in channel_groups()]
    rows = [_row(case, channel, uses[case, channel]) for case, channel in ordered if (case, channel) in uses]
    comparison = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
    users = {case for case, _ in uses}
    comparison.attrs["only_measured"] = [
        f"{place.doc_id}:{place.start}" for use in found.values() if not use.is_named for place, _ in use.metrics
    ]
    comparison.attrs["without_channels"] = [case for case in dict.fromkeys(cases.values()) if case not in users]
    comparison.attrs["duplicates"] = documents.loc[~documents.index.isin(originals.index), "doc_id"].tolist()
    return comparison


def channel_overlap(comparison: pd.DataFrame, *, by: str = "channel") -> pd.DataFrame:
    """Return what channels every pair of cases of `compare_models` has in common.

    `by` is "channel" or "group". Columns: case_a, case_b; shared, only_a, only_b (names joined by 、, in the order of
    lexicon/channel_groups.tsv); n_shared; jaccard (names shared by the two, of all names that either has: 1 the same,
    0 nothing in common; Jaccard 1912). Cases that use no channel are in no pair; `.attrs` has them, as in `comparison`.

    What five cases allow one to say: the numbers describe these texts. A channel that an article does not name may have
    been used all the same, longer articles name more, and officials choose what they report. Nothing follows for other
    places, and no difference between two pairs is tested.

    Raises `ChoiceError` for another `by`, `TableError` where a column is missing or a case × channel stands twice.

    >>> comparison = pd.DataFrame({"case": ["甲", "甲", "乙"], "channel": ["sms", "tv", "tv"], "group": ["", "", ""]})
    >>> channel_overlap(comparison)[["case_a", "case_b", "shared", "only_a", "jaccard"]].values.tolist()
    [['甲', '乙', 'tv', 'sms', 0.5]]
    """
    check_choice(by, ("channel", "group"), "by")
    check_columns(comparison, ("case", "channel", "group"), where="comparison")
    check_key(comparison, ("case", "channel"), where="comparison")
    order = list(channel_groups()) if by == "channel" else list(dict.fromkeys(channel_groups().values()))
    names: dict[str, set[str]] = defaultdict(set)
    for case, name in zip(comparison["case"], comparison[by], strict=True):
        names[case].add(name)
    rows = [
        (a, b, *(_listed(part, order) for part in (names[a] & names[b], names[a] - names[b], names[b] - names[a])),
         len(names[a] & names[b]), len(names[a] & names[b]) / len(names[a] | names[b]))
        for a, b in combinations(names, 2)
    ]
    overlap = pd.DataFrame(rows, columns=list(_OVERLAP_COLUMNS)).astype({
        **dict.fromkeys(_OVERLAP_COLUMNS, "str"), "n_shared": "int64", "jaccard": "float64",
    })
    overlap.attrs.update(comparison.attrs)
    return overlap


def _listed(names: Iterable[str], order: list[str]) -> str:
    return LIST_MARK.join(sorted(names, key=order.index))


# -- what is read of the tables ---------------------------------------------------------------------------------------


def _table(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    check_columns(frame, _READ[name], where=name, table=name)
    return frame


def _check_documents(frame: pd.DataFrame, known: set[str], name: str) -> None:
    unknown = frame.loc[~frame["doc_id"].isin(known), "doc_id"]
    if len(unknown):
        raise TableError(f"{name}: doc_id {unknown.iloc[0]!r} is of no document; the tables must be of one study")


def _uses(cases: Mapping[str, str], tables: Mapping[str, pd.DataFrame]) -> dict[tuple[str, str], _Use]:
    uses: dict[tuple[str, str], _Use] = defaultdict(_Use)
    number = {doc_id: n for n, doc_id in enumerate(cases)}
    roots = _root_models(tables["models"])

    def place(row: Row, start: str = "char_start", end: str = "char_end") -> _Place:
        return _Place(number[row["doc_id"]], int(row[start]), int(row[end]), row["doc_id"])

    def use(row: Row, channel: str) -> _Use:
        return uses[cases[row["doc_id"]], check_choice(channel, channel_groups(), "channel")]

    for row in _records(tables["channel_mentions"]):
        mention = use(row, row["channel"])
        mention.mentions.append((place(row), row["word"]))
        if root := roots.get((row["doc_id"], row["passage"])):
            mention.models.append((place(row), root))
    for row in _records(_outreach(tables["metrics"])):
        use(row, row["channel"]).metrics.append((place(row), row))
    for row in _records(tables["models"]):
        listed = row["members_start"] is not None
        for channel in (row["channels"] or "").split() if row["kind"] == CAMPAIGN_MODEL else ():
            if channel != _NO_CHANNEL:
                member = use(row, channel)
                member.members.append(place(row, "members_start", "members_end") if listed else place(row))
                member.models.append((place(row), roots[row["doc_id"], row["model"]]))
    return uses


def _outreach(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return the metrics that say by what channel a campaign reached people: each fact once, and no goals."""
    outreach = metrics["category"].isin(CATEGORIES) & metrics["channel"].ne(_NO_CHANNEL)
    return first_statements(metrics[outreach & ~metrics["target"].astype(bool)])


def _root_models(models: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return the outermost model that each campaign model is a part of, by document and name."""
    parents: dict[tuple[str, str], str] = {}
    campaign: set[tuple[str, str]] = set()
    for row in _records(models):
        key = (row["doc_id"], row["model"])
        parents.setdefault(key, row["parent"] or "")
        if row["kind"] == CAMPAIGN_MODEL:
            campaign.add(key)
    return {(doc_id, model): _root(doc_id, model, parents) for doc_id, model in campaign}


def _root(doc_id: str, model: str, parents: Mapping[tuple[str, str], str]) -> str:
    seen = {model}
    while (parent := parents.get((doc_id, model))) and parent not in seen:
        seen.add(parent)
        model = parent
    return model


def _records(frame: pd.DataFrame) -> Iterator[Row]:
    """Yield the rows with None where a cell is missing."""
    plain = frame.astype(object).where(frame.notna(), None)
    names = list(frame.columns)
    for values in plain.itertuples(index=False, name=None):
        yield dict(zip(names, values, strict=True))


# -- a row of the comparison -----------------------------------------------------------------------------------------


def _row(case: str, channel: str, use: _Use) -> Row:
    leading = _leading(use.metrics)
    places = {place for place, _ in use.mentions} | {place for place, _ in use.metrics} | set(use.members)
    return {
        "case": case,
        "channel": channel,
        "group": channel_groups()[channel],
        "models": _in_order(use.models),
        "mentions": len(use.mentions),
        "words": _in_order(use.mentions),
        "n_metrics": len(use.metrics),
        **_cells(leading),
        "metric": f"{leading['doc_id']}:{leading['char_start']}" if leading else "",
        "evidence": " ".join(as_evidence(place.doc_id, place.start, place.end) for place in sorted(places)),
    }


def _in_order(names: Iterable[tuple[_Place, str]]) -> str:
    """Return the names, each once, in the order of the places where they stand."""
    return LIST_MARK.join(dict.fromkeys(name for _, name in sorted(names)))


def _leading(metrics: Iterable[tuple[_Place, Row]]) -> Row | None:
    """Return the metric that shows the scale: sent out before reached, then the largest, then the first."""
    counts = [row for _, row in sorted(metrics, key=itemgetter(0)) if row["kind"] == "count"]
    return min(counts, key=lambda row: (CATEGORIES.index(row["category"]), -row["value"]), default=None)


def _cells(leading: Row | None) -> Row:
    empty = {name: "" if _COLUMNS[name] == "str" else None for name in _LEADING}
    if leading is None:
        return empty
    return {name: empty[name] if leading[name] is None else leading[name] for name in _LEADING}
