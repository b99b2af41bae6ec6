"""Tables for a paper: the three files of a table, and what stands in the tables of a study."""

from __future__ import annotations

import copy
import datetime
import os
import pickle
import re
import string
import subprocess
import sys
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st
from metric_rows import dated, metric
from metric_rows import table as metric_table
from surroundings import PLAIN_LOCALE

from pingan_analysis.comparison import compare_models
from pingan_analysis.drawing import style
from pingan_analysis.drawing.style import LANGUAGES
from pingan_analysis.errors import CannotWrite, ChoiceError, PinganError, TableError
from pingan_analysis.lexicon import channel_groups, read_rows
from pingan_analysis.paper_tables import channel_metrics_table, corpus_table, models_table, save_table
from pingan_analysis.study import load_study
from pingan_analysis.tabling.cells import one_line, printed_columns
from pingan_analysis.tabling.labels import table_label
from pingan_analysis.tabling.latex import escape_latex, latex_table
from pingan_analysis.tabling.word_html import html_table

HOSTILE = "\\ & % $ # _ { } ~ ^ < > \" ' ` | [2pt] * -- '' ,, ?` ^^M </td><script>alert(1)</script> &amp; 平安“鼎”鄧"
MARKS = "\\&%$#_{}~^<>\"'`|[]*-,?!:;/=+@().0123456789abcXYZéü平安鄧邓、，。“”—…–≥≤≲≈−± "


@pytest.fixture(autouse=True)
def untouched(monkeypatch, tmp_path):
    monkeypatch.setattr(style, "_chosen", None)
    monkeypatch.delenv("PINGAN_LANG", raising=False)
    monkeypatch.setenv("PINGAN_FIGURES", str(tmp_path / "figures"))


def words(alphabet: str | None = None) -> st.SearchStrategy[str]:
    """Text that is one line as it is: visible characters, single spaces between them."""
    characters = st.sampled_from(alphabet) if alphabet else st.characters(exclude_categories=("C", "Z"))
    return st.text(characters | st.just(" "), max_size=40).map(lambda text: " ".join(text.split()))


TABLES = st.integers(1, 4).flatmap(lambda width: st.lists(
    st.lists(words(MARKS) | words(), min_size=width, max_size=width), max_size=6,
))


def frame(rows: list[list[str]]) -> pd.DataFrame:
    width = len(rows[0]) if rows else 2
    return pd.DataFrame(rows, columns=[f"{n} {HOSTILE}" for n in range(width)], dtype="str")


def page_of(table: pd.DataFrame, lang: str = "en", note: str = "", caption: str = HOSTILE) -> BeautifulSoup:
    source = html_table(printed_columns(table, lang), caption=caption, note=note, lang=lang, page=True)
    return BeautifulSoup(source, "html.parser")


def tex_of(table: pd.DataFrame, lang: str = "en", note: str = "", caption: str = HOSTILE) -> str:
    return latex_table(printed_columns(table, lang), name="t", caption=caption, note=note, lang=lang)


# -- LaTeX read back: what each command prints, from LaTeX's own documentation ------------------------------------

PRINTS = {
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textless": "<", "textgreater": ">",
    "textbar": "|", "textquotedbl": '"', "textasciigrave": "`", "textendash": "–", "geq": "≥", "leq": "≤",
    "lesssim": "≲", "approx": "≈", "pm": "±",
}
ACTIVE = set("\\{}$&#^_~%")


def printed(source: str) -> str:
    """Return what LaTeX prints for `source`; fail where a character would mean something to it."""
    source = source.replace(r"\penalty500{}", "").replace(r"\mbox{-}", "-").replace(r"\ensuremath{-}", "−")
    source = re.sub(r"\\ensuremath\{(\\[a-z]+)\}", r"\1{}", source)
    text, at = [], 0
    while at < len(source):
        if command := re.compile(r"\\([A-Za-z]+)\{\}").match(source, at):
            text.append(PRINTS[command[1]])
            at = command.end()
        elif source[at] == "\\":
            assert source[at + 1] in "&%$#_{}"
            text.append(source[at + 1])
            at += 2
        elif group := re.compile(r"\{([\[\]*]?)\}").match(source, at):
            text.append(group[1])
            at = group.end()
        else:
            assert source[at] not in ACTIVE, source[at:]
            assert source[at : at + 2] not in ("--", "''", ",,", "?`", "!`"), source[at:]
            text.append(source[at])
            at += 1
    return "".join(text)


def tex_rows(source: str) -> list[list[str]]:
    """Return head and rows of a table as LaTeX prints them."""
    body = source.split("\\endlastfoot\n")[1] if "longtable}" in source else source.split("\\midrule\n")[1]
    body = re.split(r"\\bottomrule|\\end\{longtable\}", body)[0]
    head = re.search(r"\\toprule\n(.*)\n\\midrule", source)[1]
    lines = [re.sub(r" \\\\(\\addlinespace\[2pt\])?$", "", line) for line in [head, *body.splitlines()]]
    return [[printed(cell) for cell in re.split(r"(?<!\\) & ", line)] for line in lines if line]


def test_latex_prints_every_sign_of_ascii_as_it_stands():
    visible = string.digits + string.ascii_letters + string.punctuation
    assert printed(escape_latex(visible)) == visible
    assert all(printed(escape_latex(a + b)) == a + b for a in string.punctuation for b in string.punctuation)


@given(words(MARKS) | words())
@example("a" * 90)
@example("--- ''' ,,, ``` [[ \\\\ ^^M 2018-10-01 \\penalty500{} \\mbox{-}")
def test_latex_prints_any_text_as_it_stands(text):
    assert printed(escape_latex(text)) == text


@pytest.mark.parametrize("start", ["[2pt]", "*", "[", "*[1ex]"])
def test_a_cell_is_no_argument_of_the_line_end_before_it(start):
    table = pd.DataFrame({start: [f"{start} a", f"{start} b"]})
    lines = tex_of(table, note=start).splitlines()
    assert sum(start[0] in line for line in lines) >= 3
    assert not [line for line in lines if line.startswith(("[", "*"))]


def test_latex_breaks_names_and_long_words_but_no_day():
    assert escape_latex("a_b:c/d") == r"a\_\penalty500{}b:\penalty500{}c/\penalty500{}d"
    assert escape_latex("w" * 50).count(r"\penalty500{}") == 2
    assert "penalty" not in escape_latex("2018-10-01 平安建设平安建设平安建设平安建设 representatives")
    assert escape_latex("2018-10").count(r"\mbox{-}") == 1
    assert escape_latex("x-1 1-x") == "x-1 1-x"


@given(TABLES, st.sampled_from(LANGUAGES))
@example([[HOSTILE]], "zh")
@example([["[2pt]", "*", "\\\\", "%"], ["&", "{", "}", "\\end{document}"]], "en")
def test_cells_come_back_from_latex(rows, lang):
    table = frame(rows)
    source = tex_of(table, lang)
    if not rows:
        assert table_label("no_rows", lang) in source
        return
    missing = table_label("missing", lang)
    assert tex_rows(source) == [list(table.columns), *([cell or missing for cell in row] for row in rows)]


@given(TABLES, st.sampled_from(LANGUAGES), words())
@example([[HOSTILE]], "en", HOSTILE)
def test_cells_come_back_from_html(rows, lang, note):
    table = frame(rows)
    page = page_of(table, lang, note)
    assert page.html["lang"] == lang
    assert [page.title.get_text(), page.caption.get_text()] == [HOSTILE, HOSTILE]
    assert [head.get_text() for head in page.thead.find_all("th")] == list(table.columns)
    missing = table_label("missing", lang)
    cells = [[cell.get_text() for cell in row.find_all("td")] for row in page.tbody.find_all("tr")]
    assert cells == [[cell or missing for cell in row] for row in rows] or (not rows and len(cells) == 1)
    assert not page.find_all(["script", "img", "link", "iframe", "object"])
    assert (page.find(class_="note") is not None) == bool(note)
    if note:
        assert page.find(class_="note").get_text().endswith(note)


@given(st.text())
def test_a_cell_is_one_line_that_can_be_printed(text):
    line = one_line(text)
    assert line.isspace() is False
    assert line == " ".join(line.split()) == one_line(line)
    assert [c for c in line if c != " "] == [
        c for c in text if not c.isspace() and not re.match("C[cfs]", unicodedata.category(c))
    ]


def test_cells_as_a_paper_prints_them():
    table = pd.DataFrame({
        "count": pd.array([3_200_000, -2, None], dtype="Int64"),
        "share": [0.1 + 0.2, -1234.5, np.nan],
        "bound": ["≥ 60,000", "88.2%", ""],
        "day": pd.to_datetime(["2018-10-01", None, "2019-01-02"]),
        "date": [datetime.date(2018, 1, 1), None, datetime.date(1999, 12, 31)],
        "goal": [True, False, True],
        "list": [["a"], ("b",), None],
        "text": ["a\nb", None, "3 次"],
    })
    columns = {column.head: column for column in printed_columns(table, "en")}
    assert columns["count"].cells == ("3,200,000", "−2", "–")
    assert columns["share"].cells == ("0.3", "−1,234.5", "–")
    assert columns["bound"].cells == ("≥ 60,000", "88.2%", "–")
    assert columns["day"].cells == ("2018-10-01", "–", "2019-01-02")
    assert columns["date"].cells == ("2018-01-01", "–", "1999-12-31")
    assert columns["goal"].cells == ("yes", "no", "yes")
    assert columns["list"].cells == ("['a']", "('b',)", "–")
    assert columns["text"].cells == ("a b", "–", "3 次")
    assert [name for name, column in columns.items() if column.is_number] == ["count", "share", "bound"]
    chinese = {column.head: column for column in printed_columns(table, "zh")}
    assert chinese["goal"].cells == ("是", "否", "是")
    assert chinese["count"].cells[2] == "—"


def test_an_index_that_says_something_is_a_column():
    table = pd.DataFrame({"n": [1]}, index=pd.Index(["安陆"], name="place"))
    assert [column.head for column in printed_columns(table, "en")] == ["place", "n"]
    assert [column.head for column in printed_columns(table.reset_index()[["n"]], "en")] == ["n"]


# -- how the table stands on the page -----------------------------------------------------------------------------

NARROW = pd.DataFrame({"地点": ["安陆", "南湖"], "n": [3, 12]})
LONG = pd.concat([NARROW] * 75, ignore_index=True)
WIDE = pd.DataFrame({f"column {n}": ["several words that take room " * 2, "平安" * 20] for n in range(9)})


def shares(source: str) -> list[float]:
    return [float(share) for share in re.findall(r"\\dimexpr ([\d.]+)\\linewidth", source)]


def test_a_small_table_is_a_float_with_rules_label_and_note():
    source = tex_of(NARROW, note="50%", caption="Meetings & more.")
    assert re.search(r"\\begin\{tabular\}\{@\{\}\nl\nr\n@\{\}\}", source)
    assert [source.count(rule) for rule in ("\\toprule", "\\midrule", "\\bottomrule")] == [1, 1, 1]
    assert r"\caption{Meetings \& more.}" in source
    assert "\\label{tab:t}" in source
    assert r"\emph{Note.} 50\%" in source
    assert source.startswith("% UTF-8; compile with XeLaTeX or LuaLaTeX")
    assert r"\usepackage{array,booktabs}" in source
    assert "longtable" not in source
    assert "landscape" not in source


def test_a_table_longer_than_a_page_breaks_and_repeats_its_head():
    source = tex_of(LONG, lang="zh", note="注")
    assert r"\usepackage{array,booktabs,longtable}" in source
    assert source.index("\\endfirsthead") < source.index("（续）") < source.index("\\endhead")
    assert source.count("\\toprule") == 2
    assert len(tex_rows(source)) == 151
    assert "landscape" not in source


def test_a_wide_table_takes_the_width_of_the_line_in_landscape():
    source = tex_of(WIDE)
    assert len(shares(source)) == 9
    assert 0.98 < sum(shares(source)) <= 1
    assert ",pdflscape" in source
    assert source.count("{landscape}") == 2


@given(st.lists(st.integers(0, 70), min_size=1, max_size=30), st.integers(0, 5))
def test_columns_are_together_never_wider_than_a_line(lengths, n_rows):
    table = pd.DataFrame({f"c{n}": ["w" * length] * n_rows for n, length in enumerate(lengths)})
    found = shares(tex_of(table))
    assert len(found) in (0, len(lengths))
    assert sum(found) <= 1
    assert all(share > 0 for share in found)


def test_longer_text_gets_more_of_the_line():
    table = pd.DataFrame({"short": ["ab", "cd"], "long": ["several words " * 6, "x"], "number": [1, 2]})
    short, long, number = shares(tex_of(table))
    assert long > 3 * short
    assert long > 3 * number
    assert r"\raggedleft" in tex_of(table).splitlines()[13]


@pytest.mark.parametrize(("table", "size"), [(NARROW, "595.3pt 841.9pt"), (WIDE, "841.9pt 595.3pt")])
def test_the_page_for_word_is_upright_or_in_landscape(table, size):
    page = page_of(table)
    assert page.style.get_text().count(f"size: {size}") == 2


def test_the_page_for_word_has_rules_scopes_fonts_and_languages():
    page = page_of(NARROW)
    heads, rows = page.thead.find_all("th"), page.tbody.find_all("tr")
    assert [head["scope"] for head in heads] == ["col", "col"]
    assert all("border-top: 1.5pt" in head["style"] and "border-bottom: 0.75pt" in head["style"] for head in heads)
    assert [[cell.get("style") is not None for cell in row.find_all("td")] for row in rows] == [[False] * 2, [True] * 2]
    assert [cell.get("align") for cell in rows[0].find_all("td")] == [None, "right"]
    css = page.style.get_text()
    assert "SimSun" in css
    assert "mso-fareast-font-family" in css
    assert "display: table-header-group" in css
    assert rows[0].find("span")["lang"] == "zh"
    assert page.meta["charset"] == "utf-8"


# -- save_table ---------------------------------------------------------------------------------------------------


def test_save_table_writes_three_files_and_nothing_else(tmp_path):
    paths = save_table(pd.DataFrame({"term": ["=1+1"], "n": [3]}), "t_1", caption="Terms.", folder=tmp_path / "new")
    assert [path.name for path in paths] == ["t_1.csv", "t_1.tex", "t_1.html"]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["t_1.csv", "t_1.html", "t_1.tex"]
    assert paths[0].read_bytes() == b"term,n\n'=1+1,3\n"
    assert "=1+1 & 3 \\\\" in paths[1].read_text(encoding="utf-8")
    assert copy.copy(pickle.loads(pickle.dumps(paths))) == list(paths)


def test_a_table_is_saved_where_figures_are(tmp_path):
    assert {path.parent for path in save_table(NARROW, "t", caption="c")} == {tmp_path / "figures"}


def test_the_words_around_a_table_are_in_the_language_of_the_house_style(tmp_path):
    style.use_house_style("zh")
    assert "注：" in save_table(NARROW, "t", caption="表", note="说明")[1].read_text(encoding="utf-8")
    in_english = save_table(NARROW, "t", caption="c", note="n", lang="en")
    assert "Note." in in_english[1].read_text(encoding="utf-8")


def test_a_notebook_shows_the_table_with_caption_and_note():
    saved = save_table(NARROW, "t", caption="<b>Meetings", note="a & b")
    shown = BeautifulSoup(saved._repr_html_(), "html.parser")
    assert shown.caption.get_text() == "<b>Meetings"
    assert shown.div["lang"] == "en"
    assert shown.find(class_="note").get_text() == "Note. a & b"
    assert not shown.find_all(["style", "html", "b"])
    assert not shown.find_all(id=True)
    written = []
    saved._repr_pretty_(SimpleNamespace(text=written.append), False)
    assert written == ["<b>Meetings t.csv, t.tex, t.html"]


@pytest.mark.parametrize(("changed", "message"), [
    ({"name": "../t"}, "letters, digits"), ({"name": "t.csv"}, "letters, digits"), ({"name": ""}, "letters, digits"),
    ({"name": None}, "letters, digits"), ({"caption": " \n\u200b"}, "caption is empty"),
    ({"caption": None}, "caption is NoneType"), ({"note": 3}, "note is int"),
    ({"table": [1]}, "list given"), ({"table": pd.DataFrame()}, "no columns"),
    ({"table": pd.DataFrame([[1, 2]], columns=["a", "a"])}, "'a' stands there twice"),
    ({"table": pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")]))}, "2 levels"),
])
def test_what_cannot_be_saved_is_said_in_a_line_and_nothing_written(changed, message, tmp_path):
    arguments = {"table": NARROW, "name": "t", "caption": "c", "folder": tmp_path / "f"} | changed
    with pytest.raises(TableError, match=message) as caught:
        save_table(**arguments)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "f").exists()


def test_a_language_or_folder_that_is_none(tmp_path):
    with pytest.raises(ChoiceError, match="lang='de'"):
        save_table(NARROW, "t", caption="c", lang="de")
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match="the table cannot be written"):
        save_table(NARROW, "t", caption="c", folder=tmp_path / "file")


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = save_table(NARROW, "t", caption="c", folder=tmp_path)[0]
    before = path.read_bytes()

    def no_room(self, content):
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", no_room)
    with pytest.raises(CannotWrite, match="No space left"):
        save_table(LONG, "t", caption="c", folder=tmp_path)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 3


def test_the_same_bytes_whatever_hash_seed_and_locale(tmp_path):
    code = ("import sys, pandas as pd; from pingan_analysis.tabling.table_files import save_table;"
            "table = pd.DataFrame({'地点': ['安陆', '南湖'], 'n': [3, 12]});"
            "save_table(table, 't', caption='会议', note='A & B', folder=sys.argv[1], lang='zh')")
    surroundings = os.environ | {"PYTHONHASHSEED": "7", "LC_ALL": PLAIN_LOCALE}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "other")], check=True, env=surroundings)
    for path in save_table(NARROW, "t", caption="会议", note="A & B", folder=tmp_path, lang="zh"):
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()


# -- the tables of a study ----------------------------------------------------------------------------------------

BUILDERS = (corpus_table, models_table, channel_metrics_table)


def documents(*rows: dict[str, object]) -> pd.DataFrame:
    plain = {"title": "", "place": "", "place_en": "", "publisher": "", "published": None, "date_basis": "",
             "script": "hans", "n_chars": 100, "n_tokens": 50, "duplicate_of": ""}
    table = pd.DataFrame([plain | row for row in rows], columns=["doc_id", *plain])
    return table.astype({"published": "datetime64[s]", "n_chars": "Int64", "n_tokens": "Int64"})


def model(doc_id: str, name: str, start: int, **changed: object) -> dict[str, object]:
    return {"doc_id": doc_id, "model": name, "model_en": "", "parent": "", "kind": "campaign_model",
            "char_start": start, "char_end": start + len(name), "members": "", "members_basis": "none",
            "channels": "", "parts": "", "members_start": None, "members_end": None} | changed


COLUMNS_OF_MODELS = list(model("", "", 0))


def study(docs: pd.DataFrame, models: list | None = None, metrics: pd.DataFrame | None = None) -> SimpleNamespace:
    metrics = metric_table() if metrics is None else metrics
    days = {name: pd.to_datetime(metrics[name]) for name in ("period_start", "period_end")}
    return SimpleNamespace(
        documents=docs, models=pd.DataFrame(models or [], columns=COLUMNS_OF_MODELS), metrics=metrics.assign(**days),
        paragraphs=pd.DataFrame({"doc_id": [d for d in docs["doc_id"] for _ in range(3)]}, dtype="str"),
    )


DOCUMENTS = documents(
    {"doc_id": "b1", "place": "乙区", "place_en": "Yi District", "title": "A & B_{1}", "published": "2018-10-01",
     "date_basis": "inferred", "script": "hant"},
    {"doc_id": "a1", "place": "甲县", "published": "2019-01-02", "date_basis": "printed"},
    {"doc_id": "b2", "place": "乙区", "place_en": "Yi District", "duplicate_of": "b1"},
    {"doc_id": "c1", "publisher": "报"},
    {"doc_id": "b3", "place": "乙区", "published": "2020-01-01"},
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("build", BUILDERS)
def test_every_table_of_an_empty_study_has_its_columns_and_can_be_saved(build, lang):
    empty = build(study(documents()), lang)
    assert empty.empty
    assert list(empty.columns) == list(build(load_study(), lang).columns)
    save_table(empty, "t", caption="c", lang=lang)


@pytest.mark.parametrize("build", BUILDERS)
def test_what_is_no_study_or_language_is_said(build):
    with pytest.raises(TableError, match="give a study"):
        build("data/study")
    with pytest.raises(ChoiceError, match="lang='de'"):
        build(load_study(), "de")
    broken = study(DOCUMENTS)
    broken.documents = DOCUMENTS.drop(columns="place")
    with pytest.raises(PinganError, match="no column 'place'"):
        build(broken)


@pytest.mark.parametrize("build", BUILDERS)
def test_both_languages_have_the_same_shape_and_english_is_the_default(build, monkeypatch):
    shipped = load_study()
    english, chinese = build(shipped), build(shipped, "zh")
    assert english.shape == chinese.shape
    assert not set(english.columns) & set(chinese.columns)
    assert all(re.fullmatch("[A-Z][a-zA-Z ]+", name) for name in english.columns)
    monkeypatch.setenv("PINGAN_LANG", "zh")
    pd.testing.assert_frame_equal(build(shipped), chinese)


def test_every_label_is_there_in_both_languages_and_takes_the_same_fields():
    rows = read_rows("table_labels", columns=["key", *LANGUAGES])
    assert len({row["key"] for row in rows}) == len(rows)
    for row in rows:
        assert all(row[lang].strip() for lang in LANGUAGES), row
        fields = [{name for _, name, _, _ in string.Formatter().parse(row[lang]) if name} for lang in LANGUAGES]
        assert fields[0] >= fields[1], row
    with pytest.raises(ChoiceError, match="did you mean 'place'"):
        table_label("plac", "en")


def test_corpus_table_says_of_each_article_what_documents_say():
    table = corpus_table(study(DOCUMENTS), "en")
    assert list(table.columns) == ["Article", "Title", "Place", "Publisher", "Published", "Script", "Characters",
                                   "Words", "Paragraphs", "Repeats"]
    assert table["Article"].tolist() == ["b1", "a1", "b2", "c1", "b3"]
    assert table["Title"].tolist()[0] == "A & B_{1}"
    assert table["Place"].tolist() == ["Yi District (乙区)", "甲县", "Yi District (乙区)", "", "Yi District (乙区)"]
    assert table["Published"].tolist() == ["2018-10-01 (inferred)", "2019-01-02 (printed)", "", "", "2020-01-01"]
    assert table["Script"].tolist() == ["traditional", "simplified", "simplified", "simplified", "simplified"]
    assert table["Paragraphs"].tolist() == [3] * 5
    assert table["Repeats"].tolist() == ["", "", "b1", "", ""]
    chinese = corpus_table(study(DOCUMENTS), "zh")
    assert chinese["地点"].tolist() == ["乙区", "甲县", "乙区", "", "乙区"]
    assert chinese["发表日期"].tolist()[:2] == ["2018-10-01（推定）", "2019-01-02（原文载明）"]
    assert chinese["字形"].tolist()[0] == "繁体"


def test_an_article_without_running_text_has_no_paragraphs():
    tables = study(DOCUMENTS)
    tables.paragraphs = tables.paragraphs[tables.paragraphs["doc_id"] != "c1"]
    assert corpus_table(tables, "en")["Paragraphs"].tolist() == [3, 3, 3, 0, 3]


def test_corpus_table_of_the_shipped_study_has_its_numbers():
    shipped = load_study()
    table = corpus_table(shipped, "en")
    assert "Repeats" not in table
    assert table["Article"].tolist() == shipped.documents["doc_id"].tolist()
    for column, name in (("Characters", "n_chars"), ("Words", "n_tokens")):
        assert table[column].tolist() == shipped.documents[name].tolist()
    assert table["Words"].sum() == shipped.terms["n"].sum()
    counted = shipped.paragraphs.groupby("doc_id")["para"].nunique()
    assert table["Paragraphs"].tolist() == counted[table["Article"]].tolist()


def test_models_table_merges_articles_of_a_place_and_puts_parts_after_wholes():
    rows = [
        model("b1", "两信同发", 5, parent="一二", members="短信、 微信", members_basis="inferred",
              channels="sms wechat"),
        model("b1", "一二", 20, parts="1 点、2 信", model_en=""),
        model("b1", "一点放大", 30, parent="一二"),
        model("b1", "两委", 40, kind="fixed_term"),
        model("b1", "十个没有", 50, parts="10 没有"),
        model("a1", "一二", 7, members="甲", members_basis="listed"),
        model("b2", "重复", 1),
        model("c1", "三通", 3, parent="nowhere"),
        model("b3", "一二", 2, model_en="One-two", members="一点放大、 两信同发", members_basis="listed",
              channels="tv sms"),
        model("b3", "两信同发", 9, parent="一二", members="甲、 乙、 丙", members_basis="inferred", channels="tv"),
    ]
    table = models_table(study(DOCUMENTS, rows), "en")
    assert list(table.columns) == ["Place", "Model", "In English", "Part of", "Members", "How known",
                                   "Channels named", "Where"]
    yi, jia = "Yi District (乙区)", "甲县"
    assert table.to_numpy().tolist() == [
        [yi, "一二", "One-two", "", "一点放大; 两信同发", "listed", "Television, Text message", "b1:20-22 b3:2-4"],
        [yi, "两信同发", "", "一二", "甲; 乙; 丙", "inferred", "Text message, WeChat, Television", "b1:5-9 b3:9-13"],
        [yi, "一点放大", "", "一二", "", "not listed", "", "b1:30-34"],
        [yi, "十个没有", "", "", "10 没有", "numbers of the name only", "", "b1:50-54"],
        [jia, "一二", "", "", "甲", "listed", "", "a1:7-9"],
        ["", "三通", "", "nowhere", "", "not listed", "", "c1:3-5"],
    ]
    chinese = models_table(study(DOCUMENTS, rows), "zh")
    assert chinese["提及的渠道"].tolist()[0] == "电视、短信"
    assert chinese["依据"].tolist() == ["列明", "推断", "未列", "仅名称中的数字", "列明", "未列"]


def test_models_in_a_circle_are_all_there_once():
    rows = [model("a1", "甲乙", 1, parent="乙甲"), model("a1", "乙甲", 9, parent="甲乙"),
            model("a1", "自", 20, parent="自"), model("a1", "丁", 30)]
    assert sorted(models_table(study(DOCUMENTS, rows), "en")["Model"]) == sorted(["甲乙", "乙甲", "自", "丁"])


def test_models_table_of_the_shipped_study_has_every_campaign_model_of_a_place_once():
    shipped = load_study()
    models = shipped.models.merge(shipped.documents[["doc_id", "place"]], on="doc_id")
    models = models[models["kind"] == "campaign_model"]
    table = models_table(shipped, "zh")
    named = set(zip(table["地点"], table["模式"], strict=True))
    assert named == set(zip(models["place"], models["model"], strict=True))
    assert not table.duplicated(["地点", "模式"]).any()
    spans = sorted(where for cell in table["出处"] for where in cell.split())
    assert spans == sorted(f"{row.doc_id}:{row.char_start}-{row.char_end}" for row in models.itertuples())


def sent(quantity: str, value: float, channel: str, doc_id: str, **changed: object) -> dict[str, object]:
    return metric("发送", quantity, value, str(changed.pop("unit", "条")), doc_id=doc_id, channel=channel,
                  category="outreach_output", **changed)


METRICS = metric_table(
    sent("20条", 20, "poster", "b1", place="乙区", indicator_en="posters put up", char_start=10),
    sent("30余条", 30, "poster", "b1", place="乙区", bound="more_than", char_start=20, target=True,
         **dated(None, "2018-10-01", period_text="目前")),
    sent("5%", 0.05, "sms", "a1", place="", unit="%", char_start=30, **dated("2018-01-01", "2018-06-30")),
    sent("7条", 7, "sms", "a1", place="丙市", char_start=40, **dated("2018-01-01", None)),
    sent("9条", 9, "sms", "b1", place="乙区", char_start=50, period_text="近年"),
    sent("8条", 8, "none", "b1", place="乙区", char_start=60),
    sent("20條", 20, "poster", "a1", place="乙区", same_as="b1:10", char_start=70),
    sent("99条", 99, "sms", "b2", place="乙区", char_start=80),
    sent("8条", 8, "tv", "a1", place="甲县", same_as="b1:60", char_start=90, bound="nearly"),
)


def test_channel_metrics_table_has_each_fact_once_in_a_readers_order():
    table = channel_metrics_table(study(DOCUMENTS, metrics=METRICS), "en")
    assert list(table.columns) == ["Channel", "Place", "As printed", "Value", "Unit", "What is measured",
                                   "Period as stated", "Where", "Rule"]
    yi = "Yi District (乙区)"
    assert table.to_numpy().tolist() == [
        ["Text message", yi, "9条", "9", "条", "发送", "近年", "b1:50-52", "hand"],
        ["Text message", "甲县", "5%", "5%", "%", "发送", "2018-01-01 to 2018-06-30", "a1:30-32", "hand"],
        ["Text message", "丙市", "7条", "7", "条", "发送", "from 2018-01-01", "a1:40-42", "hand"],
        ["Television", "甲县", "8条", "≲ 8", "条", "发送", "", "a1:90-92", "hand"],
        ["Poster or notice", yi, "30余条", "≥ 30", "条", "发送 (goal)", "目前 (to 2018-10-01)", "b1:20-24", "hand"],
        ["Poster or notice", yi, "20条", "20", "条", "posters put up", "", "b1:10-13", "hand"],
    ]
    chinese = channel_metrics_table(study(DOCUMENTS, metrics=METRICS), "zh")
    assert chinese["渠道"].tolist() == ["短信", "短信", "短信", "电视", "海报通告", "海报通告"]
    assert chinese["指标"].tolist()[4:] == ["发送（目标）", "发送"]
    assert chinese["时期（原文）"].tolist() == ["近年", "2018-01-01至2018-06-30", "2018-01-01起", "",
                                           "目前（截至2018-10-01）", ""]


def test_channel_metrics_table_of_the_shipped_study_agrees_with_metrics_and_comparison():
    shipped = load_study()
    table = channel_metrics_table(shipped, "zh")
    rows = shipped.metrics.assign(where=[
        f"{row.doc_id}:{row.char_start}-{row.char_end}" for row in shipped.metrics.itertuples()
    ]).set_index("where")
    behind = rows.loc[table["出处"]]
    assert table["原文数量"].tolist() == behind["quantity"].tolist()
    assert [float(re.sub("[^0-9.]", "", value)) for value in table["数值"]] == behind["value"].tolist()
    assert table["识读规则"].tolist() == behind["rule"].tolist()
    of_channels = rows[rows["channel"] != "none"]
    assert set(rows.index) - set(of_channels.index) == set(rows.index) - set(table["出处"]) - set(
        of_channels[of_channels["same_as"] != ""].index
    )
    assert behind["channel"].map(list(channel_groups()).index).is_monotonic_increasing
    comparison = compare_models(shipped)
    leading = comparison.loc[comparison["metric"] != "", "metric"]
    assert set(leading) <= {where.split("-")[0] for where in table["出处"]}


def test_a_study_of_150_articles_with_hostile_names_is_saved(tmp_path):
    docs = documents(*(
        {"doc_id": f"d_{n:03}", "title": HOSTILE, "place": "" if n % 5 == 0 else f"{n % 9}县", "publisher": HOSTILE}
        for n in range(150)
    ))
    models = [model(f"d_{n:03}", f"{n}_{HOSTILE[:9]}", n, members=HOSTILE, members_basis="listed") for n in range(150)]
    metrics = metric_table(*(sent(f"{n}条", n, "sms", f"d_{n:03}", place=HOSTILE) for n in range(150)))
    many = study(docs, models, metrics)
    for build in BUILDERS:
        for lang in LANGUAGES:
            table = build(many, lang)
            assert len(table) == 150
            paths = save_table(table, f"{build.__name__}_{lang}", caption=HOSTILE, note=HOSTILE, lang=lang)
            rows = tex_rows(paths[1].read_text(encoding="utf-8"))
            page = BeautifulSoup(paths[2].read_text(encoding="utf-8"), "html.parser")
            assert rows[1:] == [[cell.get_text() for cell in row.find_all("td")] for row in page.tbody.find_all("tr")]
