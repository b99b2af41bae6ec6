"""The tables that metrics are read by: channels, their groups, indicators, signals of a clause, and grammar."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from pingan_analysis.errors import ChoiceError
from pingan_analysis.extraction import tables, wording
from pingan_analysis.lexicon import FOLDER, read_rows
from pingan_analysis.schema import METRICS
from pingan_analysis.script import to_simplified

CHOICES = {column.name: column.choices for column in METRICS.columns}
COLUMNS = {
    "channels": ["word", "channel", "strength", "note"],
    "channel_groups": ["channel", "group", "name_en", "name_zh"],
    "indicators": ["word", "role", "category", "strength", "gloss_en", "note"],
    "metric_signals": ["word", "signal", "note"],
    "metric_grammar": ["word", "role"],
}
ROWS = {table: read_rows(table, columns=columns) for table, columns in COLUMNS.items()}
WORD_TABLES = ["channels", "indicators", "metric_signals"]

ROLES = ("noun", "verb", "unit")
STRENGTHS = ("leading", "strong", "weak")
GROUPS = {"digital", "broadcast", "print", "outdoor", "face_to_face", "none"}


def names_in_head(table: str) -> tuple[str, ...]:
    """Return the names that the comments above the columns explain (`# name: meaning`), in order."""
    head = (FOLDER / f"{table}.tsv").read_text(encoding="utf-8").partition("\nword\t")[0]
    return tuple(re.findall(r"^# ([a-z_]+): \S", head, re.MULTILINE))


SIGNALS, GRAMMAR = names_in_head("metric_signals"), names_in_head("metric_grammar")

# … stands for other characters in signals; 〔〕 surround the year in the number of a document.
WORD = re.compile(r"[\u3400-\u9fff〇A-Za-z0-9…〔〕]+")
ENGLISH = re.compile(r"[A-Za-z][A-Za-zé'’ ,-]*")


def words(table: str, **wanted: str) -> set[str]:
    return {row["word"] for row in ROWS[table] if all(row[column] == value for column, value in wanted.items())}


@pytest.mark.parametrize("table", COLUMNS)
def test_the_columns_are_these_and_no_cell_has_spaces_around_it(table: str) -> None:
    assert all(list(row) == COLUMNS[table] for row in ROWS[table])
    assert [cell for row in ROWS[table] for cell in row.values() if cell != cell.strip()] == []


@pytest.mark.parametrize("table", COLUMNS)
def test_all_chinese_is_simplified(table: str) -> None:
    assert [row for row in ROWS[table] for cell in row.values() if to_simplified(cell) != cell] == []


@pytest.mark.parametrize("table", WORD_TABLES)
def test_words_are_words(table: str) -> None:
    assert [row for row in ROWS[table] if not WORD.fullmatch(row["word"])] == []


def test_a_gap_stands_in_signals_alone_and_beside_other_characters() -> None:
    gapped = [row for table in WORD_TABLES for row in ROWS[table] if "…" in row["word"]]
    assert [row for row in gapped if "signal" not in row or not row["word"].replace("…", "")] == []


@pytest.mark.parametrize(("table", "key"), [
    ("channels", ["word"]),
    ("channel_groups", ["channel"]),
    ("indicators", ["word", "role"]),
    ("metric_signals", ["word", "signal"]),
    ("metric_grammar", ["word", "role"]),
])
def test_no_row_stands_twice(table: str, key: list[str]) -> None:
    keys = [tuple(row[column] for column in key) for row in ROWS[table]]
    assert [k for k, same in groupby(sorted(keys)) if len(list(same)) > 1] == []


@pytest.mark.parametrize(("table", "column", "choices"), [
    ("channels", "channel", set(CHOICES["channel"]) - {"none"}),
    ("channels", "strength", {"strong", "weak"}),
    ("channel_groups", "channel", set(CHOICES["channel"])),
    ("channel_groups", "group", GROUPS),
    ("indicators", "role", set(ROLES)),
    ("indicators", "category", set(CHOICES["category"])),
    ("indicators", "strength", set(STRENGTHS)),
    ("metric_signals", "signal", set(SIGNALS)),
    ("metric_grammar", "role", set(GRAMMAR)),
])
def test_cells_hold_every_choice_and_nothing_else(table: str, column: str, choices: set[str]) -> None:
    assert {row[column] for row in ROWS[table]} == choices


@pytest.mark.parametrize(("table", "ranks"), [
    ("channels", {"channel": CHOICES["channel"], "strength": STRENGTHS}),
    ("channel_groups", {"channel": CHOICES["channel"]}),
    ("indicators", {"category": CHOICES["category"], "role": ROLES, "strength": STRENGTHS}),
    ("metric_signals", {"signal": SIGNALS}),
    ("metric_grammar", {"role": GRAMMAR}),
])
def test_rows_stand_in_the_order_that_the_head_of_the_table_names(
    table: str, ranks: dict[str, tuple[str, ...]]
) -> None:
    places = [
        (*(order.index(row[column]) for column, order in ranks.items()), row.get("word", "")) for row in ROWS[table]
    ]
    assert places == sorted(places)


def test_only_the_channel_none_is_in_no_group() -> None:
    assert [row["channel"] for row in ROWS["channel_groups"] if row["group"] == "none"] == ["none"]


@pytest.mark.parametrize("name", ["name_en", "name_zh"])
def test_channels_have_names_of_their_own(name: str) -> None:
    names = [row[name] for row in ROWS["channel_groups"]]
    assert all(names)
    assert len(set(names)) == len(names)


def test_every_indicator_has_an_english_gloss() -> None:
    assert [row for row in ROWS["indicators"] if not ENGLISH.fullmatch(row["gloss_en"])] == []


def test_verbs_are_glossed_so_that_they_can_stand_behind_a_noun() -> None:
    """Past participles ("arrested", "put up"), not infinitives or present participles."""
    glosses = [row["gloss_en"] for row in ROWS["indicators"] if row["role"] == "verb"]
    assert [gloss for gloss in glosses if re.match(r"(to|a|the) |\w+ing\b", gloss)] == []


def test_one_character_decides_nothing_by_itself() -> None:
    strong = words("channels", strength="strong") | words("indicators", strength="strong")
    assert {word for word in strong if len(word) == 1} == set()


def test_a_word_that_is_no_signal_holds_one_or_the_beginning_of_one_with_a_gap() -> None:
    shields = words("metric_signals", signal="not_a_signal")
    signals = {row["word"] for row in ROWS["metric_signals"]} - shields
    beginnings = {signal.partition("…")[0] or signal.removeprefix("…") for signal in signals}
    assert {word for word in shields if not any(beginning in word for beginning in beginnings)} == set()


def test_no_word_is_a_signal_and_none() -> None:
    signals = [row["word"] for row in ROWS["metric_signals"] if row["signal"] != "not_a_signal"]
    assert words("metric_signals", signal="not_a_signal") & set(signals) == set()


def test_hotlines_are_numbers() -> None:
    hotlines = words("metric_signals", signal="hotline")
    assert [word for word in hotlines if not re.fullmatch(r"1\d\d|1[02]\d{3}|9[56]\d{3}", word)] == []


# -- what the code asks for ------------------------------------------------------------------------------------------

SOURCES = [path.read_text(encoding="utf-8") for path in sorted(Path(tables.__file__).parent.glob("*.py"))]
NODES = [node for source in SOURCES for node in ast.walk(ast.parse(source))]
BY_NAME = ("words_of", "says", "alternatives", "_named", "_is_followed_by", "_is_near_before")


def constants(nodes: list[ast.AST]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def calls(*names: str) -> Iterator[ast.Call]:
    for node in NODES:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def test_a_name_stands_in_one_of_the_two_tables() -> None:
    assert set(SIGNALS) & set(GRAMMAR) == set()


def test_every_name_of_the_tables_is_used_by_the_code() -> None:
    assert set(SIGNALS + GRAMMAR) - constants(NODES) == set()


def test_every_name_that_the_code_asks_for_is_in_the_tables() -> None:
    asked = constants([argument for call in calls(*BY_NAME) for argument in call.args])
    assert len(asked) > 50
    assert asked - set(SIGNALS + GRAMMAR) == set()


@pytest.mark.parametrize("ask", [tables.words_of, tables.alternatives, lambda name: tables.says(name, "")])
def test_a_misspelt_name_is_refused(ask) -> None:
    with pytest.raises(ChoiceError, match="did you mean 'copula'"):
        ask("copulas")


def test_every_rule_of_wording_is_explained_and_no_other() -> None:
    explained = re.findall(r"^- ([a-z_]+): \S", wording.__doc__ or "", re.MULTILINE)
    made = [call.args[2] for call in calls("Wording") if len(call.args) > 2]
    made += [keyword.value for node in NODES if isinstance(node, ast.Call) for keyword in node.keywords
             if keyword.arg == "rule"]
    inside = [node for expression in made for node in ast.walk(expression)]
    assert constants(inside) - {""} == set(explained)
    assert len(explained) == len(set(explained))
