"""Every table of a study: its columns, their types, units and meaning. The codebook is written from here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from .errors import TableError, check_choice

ColumnType = Literal["string", "integer", "number", "boolean", "date"]
PANDAS_TYPES: dict[ColumnType, Any] = {
    "string": "str",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
}


@dataclass(frozen=True)
class Column:
    """A column: `required` ones are never empty or blank; `choices` are all that may stand in it; a date is an ISO
    day; integers count or number something and are never below 0."""

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table: what a row is, its columns in order, and the columns that no two rows share."""

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]


CHANNELS = (
    "sms", "wechat", "app", "led_screen", "cinema", "tv", "newspaper", "poster", "banner", "booklet", "card", "board",
    "bus", "event", "school", "loudspeaker", "web", "none",
)
"""Carriers of publicity; none where none is named (lexicon/channel_groups.tsv has their names and groups)."""

DOCUMENTS = Table(
    "documents",
    "an article",
    (
        Column("doc_id", "string", "name of the article in this study; _ stands for white space", required=True),
        Column("title", "string", "title as printed; empty where the source has none"),
        Column("place", "string", "place that the article reports on, in simplified script"),
        Column("place_en", "string", "the same in English"),
        Column("province", "string", "province of the place, in simplified script"),
        Column("level", "string", "administrative level of the place (district, county-level city …)"),
        Column("publisher", "string", "who published the text, as far as the source says"),
        Column("published", "date", "first day on which the text can have been published; empty where unknown"),
        Column("date_basis", "string", "printed: the day stands in the source; inferred: concluded from the text, see "
               "`note` in sources.csv; empty: no date", choices=("printed", "inferred")),
        Column("script", "string", "script of the text as stored: hans (simplified) or hant (traditional)",
               required=True, choices=("hans", "hant")),
        Column("encoding", "string", "character encoding of the file; of DOCX and PDF, the file kind", required=True),
        Column("source", "string", "file that the text was read from, and the row where a file holds several",
               required=True),
        Column("sha256", "string", "SHA-256 of the file; of a row of a CSV or JSONL file, of its text in UTF-8",
               required=True),
        Column("n_chars", "integer", "length of the stored text, boilerplate included", "characters", required=True),
        Column("n_tokens", "integer", "words counted in `terms`: boilerplate and punctuation left out", "words"),
        Column("duplicate_of", "string", "doc_id of the earlier document that this one repeats (nearly) word for word"),
    ),
    key=("doc_id",),
)

BOILERPLATE = Table(
    "boilerplate",
    "a stretch of an article that is kept out of all counts",
    (
        Column("doc_id", "string", "the article", required=True),
        Column("char_start", "integer", "first character of the stretch, from 0", "characters", required=True),
        Column("char_end", "integer", "position after its last character", "characters", required=True),
        Column("reason", "string", "kind of boilerplate: source_line, byline, navigation, licence …", required=True),
    ),
    key=("doc_id", "char_start"),
)

PARAGRAPHS = Table(
    "paragraphs",
    "a stretch of a paragraph of an article: one a paragraph, more where boilerplate stands inside it",
    (
        Column("doc_id", "string", "the article", required=True),
        Column("para", "integer", "number of the paragraph, from 0, as in `terms`", required=True),
        Column("char_start", "integer", "first character of the stretch, from 0", "characters", required=True),
        Column("char_end", "integer", "position after its last character", "characters", required=True),
    ),
    key=("doc_id", "char_start"),
)

SKIPPED = Table(
    "skipped",
    "a file (or row of a file) that could not be read",
    (
        Column("source", "string", "the file, and the row where a file holds several", required=True),
        Column("reason", "string", "why it could not be read", required=True),
    ),
    key=("source",),
)

TERMS = Table(
    "terms",
    "document × paragraph × passage × term × part of speech",
    (
        Column("doc_id", "string", "the article", required=True),
        Column("para", "integer", "paragraph of the article, from 0; boilerplate has none", required=True),
        Column("passage", "string", "model that the sentence describes; empty outside such passages"),
        Column("term", "string", "word in simplified script", required=True),
        Column("pos", "string", "part of speech (ICTCLAS tag, as jieba's)", required=True),
        Column("n", "integer", "how often the word stands there", "occurrences", required=True),
    ),
    key=("doc_id", "para", "passage", "term", "pos"),
)

METRICS = Table(
    "metrics",
    "a metric, that is, a number in a text that measures something",
    (
        Column("doc_id", "string", "the article", required=True),
        Column("para", "integer", "paragraph of the article, from 0", required=True),
        Column("char_start", "integer", "first character of the quantity, from 0", "characters", required=True),
        Column("char_end", "integer", "position after its last character", "characters", required=True),
        Column("quantity", "string", "the quantity as it stands in the text", required=True),
        Column("value", "number", "its value: 万 and 亿 multiplied out, per cent as a ratio", "see `unit`",
               required=True),
        Column("low", "number", "lower limit that the wording allows; empty: none", "see `unit`"),
        Column("high", "number", "upper limit that the wording allows; empty: none", "see `unit`"),
        Column("unit", "string", "measure word or unit, in simplified script; % for ratios"),
        Column("bound", "string", "what the wording says of the value", required=True,
               choices=("exact", "more_than", "about", "nearly", "less_than")),
        Column("cumulative", "boolean", "whether the text says that the metric adds up over time", required=True),
        Column("kind", "string", "kind of quantity", required=True,
               choices=("count", "money", "ratio", "rank", "change", "streak", "duration", "length")),
        Column("direction", "string", "direction of a change", choices=("up", "down")),
        Column("indicator", "string", "what is measured: a short noun phrase in simplified script", required=True),
        Column("indicator_en", "string", "the same in English, where the lexicon has it"),
        Column("category", "string", "group of the indicator", required=True,
               choices=("outreach_output", "outreach_reach", "meetings_training", "enforcement", "mediation_service",
                        "infrastructure", "organisation", "finance", "evaluation", "other")),
        Column("channel", "string", "carrier that the clause names", required=True,
               choices=CHANNELS),
        Column("target", "boolean", "true for a goal, false for a result", required=True),
        Column("period_text", "string", "words that set the period"),
        Column("period_start", "date", "first day of the period; empty: open or not stated"),
        Column("period_end", "date", "last day of the period; empty: open or not stated"),
        Column("period_basis", "string", "how the period was settled",
               choices=("stated", "relative", "carried", "as_of", "since", "unresolved")),
        Column("place", "string", "place that the metric is about, in simplified script"),
        Column("rule", "string", "order of the words that the row was read by (extraction/wording.py names each); "
               "`corrected` where a coder did", required=True),
        Column("same_as", "string", "first row that states the same fact (doc_id:char_start); empty for that row"),
    ),
    key=("doc_id", "char_start"),
)

FLOW_CATEGORIES = (
    "outreach_output", "outreach_reach", "meetings_training", "enforcement", "mediation_service", "finance",
)
"""Categories of `metrics` whose counts are of events, so that those of two periods add up."""
STOCK_CATEGORIES = ("infrastructure", "organisation")
"""Categories of `metrics` whose counts are of what is there, so that one day has one value."""

CORRECTABLE = tuple(
    name for name in METRICS.column_names
    if name not in ("doc_id", "para", "char_start", "char_end", "quantity", "rule", "same_as")
)
"""Columns of `metrics` that a coder may set; the others are where the metric stands, and what follows from that."""

CORRECTIONS = Table(
    "corrections",
    "what a coder corrects: one column of a metric, or whether it is one (coding/corrections.csv)",
    (
        Column("sha256", "string", "SHA-256 of the article, as in `documents`", required=True),
        Column("char_start", "integer", "first character of the quantity, from 0", "characters", required=True),
        Column("char_end", "integer", "position after its last character", "characters", required=True),
        Column("column", "string", "column of `metrics` that is corrected; row: the row as a whole", required=True,
               choices=("row", *CORRECTABLE)),
        Column("value", "string", "what is right, as `metrics` would have it; of row: add (a metric that the rules "
               "miss) or remove (no metric)"),
        Column("why", "string", "why, for the reader of the table", required=True),
    ),
    key=("sha256", "char_start", "char_end", "column"),
)

LIST_MARK, MEMBER_MARK = "、", "、 "
"""What stands between the names of a cell that holds several, and between the members of a model."""

MODELS = Table(
    "models",
    "a model (numeral-named programme) in a document",
    (
        Column("doc_id", "string", "the article", required=True),
        Column("model", "string", "name in simplified script, without inner quotation marks", required=True),
        Column("model_en", "string", "the same in English, where the lexicon has it"),
        Column("parent", "string", "model that this one is a part of"),
        Column("kind", "string", "kind of name", required=True,
               choices=("campaign_model", "slogan", "enumeration", "event_name", "fixed_term", "national_policy")),
        Column("char_start", "integer", "first character of the first mention, from 0", "characters", required=True),
        Column("char_end", "integer", "position after its last character", "characters", required=True),
        Column("members", "string", "members, separated by 、 and a space (a list is no stretch of its article)"),
        Column("members_basis", "string", "how the members are known", required=True,
               choices=("listed", "inferred", "none")),
        Column("channels", "string", "channels that the members name, separated by spaces"),
        Column("parts", "string", "numeral parts of the name, separated by 、: number and what it counts (3 屏、2 报)"),
        Column("members_start", "integer", "first character of the stretch that lists the members; empty: none listed",
               "characters"),
        Column("members_end", "integer", "position after its last character", "characters"),
        Column("rule", "string", "shape of the name that the row was read by (naming/ says which there are)",
               required=True),
    ),
    key=("doc_id", "char_start"),
)

CHANNEL_MENTIONS = Table(
    "channel_mentions",
    "a carrier of publicity that an article names as one",
    (
        Column("doc_id", "string", "the article", required=True),
        Column("para", "integer", "paragraph of the article, from 0", required=True),
        Column("char_start", "integer", "first character of the word, from 0", "characters", required=True),
        Column("char_end", "integer", "position after its last character", "characters", required=True),
        Column("word", "string", "the word that names it, in simplified script", required=True),
        Column("channel", "string", "the channel (lexicon/channels.tsv)", required=True, choices=CHANNELS[:-1]),
        Column("passage", "string", "model that the sentence describes, as in `terms`"),
    ),
    key=("doc_id", "char_start"),
)

SHARED_PHRASES = Table(
    "shared_phrases",
    "a shared run of characters × a document that has it",
    (
        Column("reuse_id", "string", "name of the run", required=True),
        Column("n_chars", "integer", "its length without punctuation", "characters", required=True),
        Column("doc_id", "string", "the article", required=True),
        Column("char_start", "integer", "first character of the run, from 0", "characters", required=True),
        Column("char_end", "integer", "position after its last character", "characters", required=True),
        Column("phrase", "string", "its wording in simplified script; empty for runs of more than 16 characters"),
    ),
    key=("reuse_id", "doc_id", "char_start"),
)

SMALL_STUDY = 100
"""Up to this many documents a study holds the words under every way of cutting, six times the table of terms."""

TERM_VARIANTS = Table(
    "term_variants",
    "way of cutting × document × paragraph × term × part of speech",
    (
        Column("script", "string", "script in which words are counted: simplified, or as_stored", required=True,
               choices=("simplified", "as_stored")),
        Column("segmenter", "string", "what cuts: package (jieba, the domain lexicon, rules), no_lexicon (the same "
               "without the lexicon), or jieba (alone)", required=True, choices=("package", "no_lexicon", "jieba")),
        *(column for column in TERMS.columns if column.name != "passage"),
    ),
    key=("script", "segmenter", "doc_id", "para", "term", "pos"),
)

TABLES = {
    table.name: table
    for table in (DOCUMENTS, PARAGRAPHS, BOILERPLATE, SKIPPED, TERMS, METRICS, CORRECTIONS, MODELS, CHANNEL_MENTIONS,
                  SHARED_PHRASES, TERM_VARIANTS)
}


def check_table(frame: pd.DataFrame, name: str, *, where: str = "") -> pd.DataFrame:
    """Return `frame` with the columns of table `name` in order and in their types; columns of other names follow.

    Raises `TableError` that names the table (and `where` it came from) with the first column that is missing,
    twice there, empty where it must not be, of another type, or outside its choices, and with the first key that is
    repeated; `ChoiceError` for a table that does not exist.

    >>> check_table(pd.DataFrame({"source": ["a.pdf"]}), "skipped", where="skipped.csv")
    Traceback (most recent call last):
    pingan_analysis.errors.TableError: skipped.csv: no column 'reason'; table 'skipped' has 'source', 'reason'
    """
    table = TABLES[check_choice(name, TABLES, "table")]
    where = where or f"table {name!r}"
    check_columns(frame, table.column_names, where=where, table=name)
    frame = frame[[*table.column_names, *(c for c in frame.columns if c not in table.column_names)]].copy()
    for column in table.columns:
        frame[column.name] = _check_column(frame[column.name], column, where)
    check_key(frame, table.key, where=where)
    return frame.reset_index(drop=True)


def check_texts(documents: pd.DataFrame) -> None:
    """Raise `TableError` unless `documents` has the columns doc_id and text, and a text in every row."""
    if not isinstance(documents, pd.DataFrame):
        raise TableError(f"documents: {type(documents).__name__} given; it must be a table as read_articles returns")
    for column in ("doc_id", "text"):
        if column not in documents:
            raise TableError(f"documents: no column {column!r}; read the articles with read_articles(path)")
    without = [not isinstance(text, str) for text in documents["text"]]
    if any(without):
        doc_id = documents["doc_id"].iloc[without.index(True)]
        raise TableError(f"documents: {doc_id!r} has no text; leave out such rows: documents.dropna(subset='text')")


def check_columns(frame: pd.DataFrame, names: Iterable[str], *, where: str, table: str = "") -> None:
    """Raise `TableError` naming the first of `names` that `frame` has no column for, or a column that stands twice.

    The columns that would be right are those of `table`, a name in `TABLES`; without it, those of `frame` are named.
    """
    if not isinstance(frame, pd.DataFrame):
        raise TableError(f"{where}: {type(frame).__name__} given; it must be a pandas DataFrame")
    if not frame.columns.is_unique:
        raise TableError(f"{where}: column {frame.columns[frame.columns.duplicated()][0]!r} stands there twice")
    for name in names:
        if name not in frame.columns:
            has = f"table {table!r} has" if table else "it has"
            known = ", ".join(map(repr, TABLES[table].column_names if table else frame.columns))
            raise TableError(f"{where}: no column {name!r}; {has} {known}")


def check_key(frame: pd.DataFrame, key: Iterable[str], *, where: str) -> None:
    """Raise `TableError` naming the first row of `frame` that repeats an earlier one in all columns of `key`."""
    key = list(key)
    repeated = frame.duplicated(key)
    if repeated.any():
        row = frame[key].astype(object).iloc[_first(repeated) - 1]
        values = ", ".join(f"{name}={value!r}" for name, value in row.items())
        raise TableError(f"{where}: row {_first(repeated)} repeats {values}; "
                         "each combination must stand in one row")


def _check_column(values: pd.Series, column: Column, where: str) -> pd.Series:
    if column.type == "string":
        values = values.astype("str").fillna("")
        empty = values.str.strip().eq("")
    elif column.type == "date":
        values = _to_days(values, column, where)
        empty = values.isna()
    else:
        values = _convert(values, column, where)
        empty = values.isna()
    if column.required and empty.any():
        raise TableError(f"{where}: column {column.name!r} is empty in row {_first(empty)}")
    if column.choices:
        wrong = ~empty & ~values.isin(column.choices)
        if wrong.any():
            raise TableError(f"{where}: column {column.name!r} holds {values[wrong].iloc[0]!r} in row {_first(wrong)}; "
                             f"it must be one of {', '.join(map(repr, column.choices))}")
    return values


def _convert(values: pd.Series, column: Column, where: str) -> pd.Series:
    try:
        values = values.astype(PANDAS_TYPES[column.type])
    except (TypeError, ValueError, OverflowError) as error:
        raise TableError(f"{where}: column {column.name!r} must hold {column.type} values ({error})") from error
    if column.type == "integer" and values.lt(0).any():
        wrong = values.lt(0).fillna(False)
        raise TableError(f"{where}: column {column.name!r} holds {values[wrong].iloc[0]} in row {_first(wrong)}; "
                         "it must not be below 0")
    return values


def _to_days(values: pd.Series, column: Column, where: str) -> pd.Series:
    given = values.astype(object).where(values.notna() & values.ne(""), None)
    days = pd.to_datetime(given, format="%Y-%m-%d", errors="coerce", utc=True).dt.tz_localize(None)
    wrong = given.notna() & days.ne(days.dt.normalize())
    if wrong.any():
        raise TableError(f"{where}: column {column.name!r} holds {values[wrong].iloc[0]!r} in row {_first(wrong)}; "
                         "it must be a day such as 2024-09-02")
    return days.astype(PANDAS_TYPES[column.type])


def _first(mask: pd.Series) -> int:
    """Number, from 1, of the first row where `mask` is true."""
    return int(mask.to_numpy().argmax()) + 1
