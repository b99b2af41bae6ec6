"""Corrections by hand: what a coder states holds, and what cannot be meant is refused in one line with its place."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path
from typing import Any

import pytest

from pingan_analysis.articles import Article, iter_articles
from pingan_analysis.corrections import corrected, read_corrections, shipped_corrections
from pingan_analysis.errors import TableError

DATA = Path(__file__).parents[1] / "data"
TEXT = "标题\n全区悬挂横幅140余条，走访群众3万余人。\n抓获7人，人次达19.6万。"
SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()
HEADER = "sha256,char_start,char_end,column,value,why"
BANNERS, VISITED, ARRESTED, TIMES = "140余条", "3万余人", "7人", "19.6万"


def article(text: str = TEXT) -> Article:
    return Article(
        doc_id="a", title="", place="某市", place_en="", province="", level="", publisher="", published=None,
        date_basis="", script="hans", encoding="utf-8", source="a.txt", sha256=SHA256, n_chars=len(text), n_tokens=None,
        duplicate_of="", text=text, boilerplate=(),
    )


def span(quantity: str) -> tuple[int, int]:
    return TEXT.index(quantity), TEXT.index(quantity) + len(quantity)


def row(quantity: str, para: int, value: float, unit: str, bound: str = "exact", **columns: Any) -> dict[str, Any]:
    """A row as the rules would make it, written by hand."""
    start, end = span(quantity)
    return {
        "doc_id": "a", "para": para, "char_start": start, "char_end": end, "quantity": quantity, "value": value,
        "low": value, "high": None if bound == "more_than" else value, "unit": unit, "bound": bound,
        "cumulative": False, "kind": "count", "direction": "", "indicator": "横幅悬挂", "indicator_en": "banners hung",
        "category": "outreach_output", "channel": "banner", "target": False, "period_text": "", "period_start": None,
        "period_end": None, "period_basis": "", "place": "某市", "rule": "verb_noun_quantity", "same_as": "", **columns,
    }


def rows() -> list[dict[str, Any]]:
    return [row(BANNERS, 1, 140.0, "条", "more_than"), row(VISITED, 1, 30000.0, "人", "more_than")]


def line(quantity: str, column: str, value: str, why: str = "read anew") -> str:
    start, end = span(quantity)
    return f"{SHA256},{start},{end},{column},{value},{why}"


def table(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "fixes.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def apply(folder: Path, *lines: str) -> list[dict[str, Any]]:
    return corrected(rows(), read_corrections(table(folder, *lines)), article())


def test_columns_are_set_in_their_types_and_the_row_says_so(tmp_path: Path) -> None:
    first, second = apply(
        tmp_path,
        line(BANNERS, "cumulative", "TRUE"), line(BANNERS, "indicator", "橫幅懸掛"),
        line(BANNERS, "period_start", "2024-01-01"),
        line(BANNERS, "period_basis", "stated"), line(BANNERS, "channel", "none"), line(BANNERS, "place", "鄧州市"),
    )
    assert first["cumulative"] is True
    assert first["indicator"] == "横幅悬挂"
    assert first["place"] == "邓州市"
    assert first["period_start"] == datetime.date(2024, 1, 1)
    assert (first["channel"], first["rule"]) == ("none", "corrected")
    assert (first["value"], first["low"], first["high"], first["bound"]) == (140.0, 140.0, None, "more_than")
    assert second == rows()[1]


@pytest.mark.parametrize(
    ("lines", "limits"),
    [
        ([("value", "150")], (150.0, 150.0, None)),
        ([("bound", "exact")], (140.0, 140.0, 140.0)),
        ([("bound", "nearly")], (140.0, None, 140.0)),
        ([("bound", "less_than")], (140.0, None, 140.0)),
        ([("bound", "about")], (140.0, None, None)),
        ([("bound", "about"), ("low", "130"), ("high", "150")], (140.0, 130.0, 150.0)),
        ([("high", "200")], (140.0, 140.0, 200.0)),
        ([("low", "")], (140.0, None, None)),
    ],
)
def test_limits_follow_a_new_value_or_bound(
    lines: list[tuple[str, str]], limits: tuple[float, float | None, float | None], tmp_path: Path
) -> None:
    first = apply(tmp_path, *(line(BANNERS, *cells) for cells in lines))[0]
    assert (first["value"], first["low"], first["high"]) == limits


def test_english_does_not_outlive_the_indicator_that_it_translates(tmp_path: Path) -> None:
    assert apply(tmp_path, line(BANNERS, "indicator", "某某某某"))[0]["indicator_en"] == ""
    both = apply(tmp_path, line(BANNERS, "indicator", "某某某某"), line(BANNERS, "indicator_en", "this and that"))
    assert both[0]["indicator_en"] == "this and that"


def test_a_row_is_removed(tmp_path: Path) -> None:
    assert apply(tmp_path, line(BANNERS, "row", "remove", "a story")) == rows()[1:]


def test_an_added_row_takes_what_its_characters_say(tmp_path: Path) -> None:
    *before, added = apply(
        tmp_path, line(ARRESTED, "row", "add"), line(ARRESTED, "indicator", "抓获"),
        line(ARRESTED, "category", "enforcement"),
    )
    assert before == rows()
    assert (added["quantity"], added["value"], added["low"], added["high"]) == ("7人", 7.0, 7.0, 7.0)
    assert (added["unit"], added["bound"], added["para"], added["place"]) == ("人", "exact", 2, "某市")
    assert (added["indicator"], added["category"], added["kind"], added["channel"]) == (
        "抓获", "enforcement", "count", "none")
    assert (added["cumulative"], added["target"], added["period_basis"]) == (False, False, "")
    assert added["rule"] == "corrected"
    assert set(added) == set(rows()[0])


def test_an_added_row_measures_its_unit_unless_more_is_said(tmp_path: Path) -> None:
    added = apply(tmp_path, line(TIMES, "row", "add"), line(TIMES, "unit", "人次"))[-1]
    assert (added["value"], added["unit"], added["indicator"]) == (196000.0, "人次", "人次")


def test_a_row_may_be_read_from_other_characters(tmp_path: Path) -> None:
    start, end = span(VISITED)
    shorter = f"{SHA256},{start},{end - 1}"
    found = apply(tmp_path, line(VISITED, "row", "remove"), f"{shorter},row,add,x", f"{shorter},indicator,走访,x")
    assert [one["quantity"] for one in found] == [BANNERS, "3万余"]


def test_lines_about_other_articles_change_nothing(tmp_path: Path) -> None:
    other = f"{'0' * 64},0,5,row,remove,no metric"
    assert apply(tmp_path, other) == rows()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([line(BANNERS, "chanel", "tv")], "line 2: column='chanel' is not one of .*did you mean 'channel'"),
        ([line(BANNERS, "quantity", "x")], "line 2: column='quantity' is not one of"),
        ([line(BANNERS, "channel", "televison")], "line 2: channel='televison' is not one of 'sms', "),
        ([line(BANNERS, "row", "drop")], "line 2: value='drop' is not one of 'add', 'remove'"),
        ([line(BANNERS, "value", "many")], "line 2: value 'many' must be a number such as"),
        ([line(BANNERS, "value", "nan")], "line 2: value 'nan' must be a number"),
        ([line(BANNERS, "value", "")], "line 2: value must not be empty"),
        ([line(BANNERS, "indicator", "")], "line 2: indicator must not be empty"),
        ([line(BANNERS, "target", "yes")], "line 2: target 'yes' must be true or false"),
        ([line(BANNERS, "period_end", "2024-02-30")], "line 2: period_end '2024-02-30' must be a day such as"),
        ([line(BANNERS, "period_end", "20240229")], "line 2: period_end '20240229' must be a day such as"),
        ([line(BANNERS, "value", "1"), "", line(BANNERS, "value", "2")], "line 4: corrects 'value' .* as line 2 does"),
        ([line(BANNERS, "row", "add"), line(BANNERS, "row", "remove")], "line 3: corrects 'row' .* as line 2 does"),
        ([line(BANNERS, "value", "1", "")], "line 2: column 'why' is empty"),
        (["abc,0,3,value,1,x"], "line 2: sha256 'abc' is none"),
        ([f"{SHA256},-1,3,value,1,x"], "line 2: char_start '-1' must be a whole number"),
        ([f"{SHA256},0,3.5,value,1,x"], "line 2: char_end '3.5' must be a whole number"),
        ([f"{SHA256},5,5,value,1,x"], "line 2: char_end 5 must lie behind char_start 5"),
        ([f"{SHA256},0,3,value,1"], "line 2: 5 cells, but 6 columns"),
        ([line(BANNERS, "value", "1", '"two\nlines"'), line(BANNERS, "bound", "no")], "line 4: bound='no' is not one"),
    ],
)
def test_a_line_that_cannot_be_meant_is_named(lines: list[str], message: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=f"^fixes.csv, {message}") as caught:
        read_corrections(table(tmp_path, *lines))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([line(ARRESTED, "value", "8")], "line 2: the rules read no metric at .* if they have changed since"),
        ([line("40余条", "value", "8")], "line 2: the rules read no metric .*; there is .*'140余条'"),
        ([line(ARRESTED, "row", "remove")], "line 2: the rules read no metric at"),
        ([f"{SHA256},900,905,value,1,x"], "line 2: characters 900–905 lie behind the end of 'a', which has"),
        ([line(BANNERS, "row", "add")], "line 2: the row at .* is there already"),
        ([line("40余条", "row", "add")], r"line 2: the row to be added .* overlaps the one at .*\('140余条'\)"),
        ([line("19.6", "row", "add")], "line 2: the row to be added measures nothing; .*'indicator'"),
        ([line("走访群众", "row", "add")], "line 2: '走访群众' is not one quantity; .*'value'"),
        ([line("标题\n全区", "row", "add")], "line 2: characters 0–5 do not lie within one paragraph"),
        ([line(BANNERS, "row", "remove"), line(BANNERS, "value", "1")], "line 3: corrects 'value' .* removes"),
        ([line(BANNERS, "low", "141")], "line 2: low would be 141.0, above value 140.0"),
        ([line(BANNERS, "high", "139")], "line 2: value would be 140.0, above high 139.0"),
        ([line(BANNERS, "period_start", "2024-01-01")], "line 2: the period has no period_basis"),
    ],
)
def test_a_correction_that_does_not_fit_the_article_is_named(lines: list[str], message: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=f"^fixes.csv, {message}") as caught:
        apply(tmp_path, *lines)
    assert "\n" not in str(caught.value)


def test_a_period_ends_after_it_starts(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="period_start would be 2024-03-01, above period_end 2024-02-01"):
        apply(tmp_path, line(BANNERS, "period_start", "2024-03-01"), line(BANNERS, "period_end", "2024-02-01"),
              line(BANNERS, "period_basis", "stated"))


def test_a_table_without_its_columns_names_them(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"fixes\.csv, line 1: column 'why' is missing; the columns are sha256,"):
        read_corrections(table(tmp_path, header=HEADER.removesuffix(",why")))
    with pytest.raises(TableError, match="line 1: column 'value' stands there twice"):
        read_corrections(table(tmp_path, header=HEADER + ",value"))
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(TableError, match=r"empty\.csv, line 1: column 'sha256' is missing"):
        read_corrections(tmp_path / "empty.csv")


def test_a_file_that_is_no_table_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(f'{HEADER}\n{SHA256},0,3,value,1,"open', encoding="utf-8")
    with pytest.raises(TableError, match=r"bad\.csv: no table of corrections") as caught:
        read_corrections(tmp_path / "bad.csv")
    assert "\n" not in str(caught.value)


def test_a_table_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    lines = [HEADER, line(BANNERS, "value", "150"), ",,,,,"]
    text = "\r\n".join(one.replace(",", ";") for one in lines)
    (tmp_path / "fixes.csv").write_text(text, encoding="utf-8-sig", newline="")
    assert [one.value for one in read_corrections(tmp_path / "fixes.csv")] == [150.0]


def test_the_shipped_corrections_can_be_read() -> None:
    places = [(one.sha256, one.char_start, one.char_end, one.column) for one in shipped_corrections()]
    assert len(places) == len(set(places))


def test_the_example_of_the_readme_holds_for_its_digest(tmp_path: Path) -> None:
    readme = (DATA / "coding/README.md").read_text(encoding="utf-8")
    lines = readme.partition("```csv\n")[2].partition("```")[0]
    (tmp_path / "example.csv").write_text(lines, encoding="utf-8")
    corrections = read_corrections(tmp_path / "example.csv")
    digest = next(
        read for read in iter_articles(DATA / "digests")
        if isinstance(read, Article) and read.sha256 == corrections[0].sha256
    )
    found = [rows()[0] | {"char_start": one.char_start, "char_end": one.char_end} for one in corrections]
    assert all(digest.text[one.char_start].isdigit() for one in corrections)
    assert len(corrected(found, corrections, digest)) == len(found) - 1
