"""The exercise of the handout: its notebook as shipped, and sheets as students fill them in."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient import NotebookClient

import pingan_analysis as pa
from pingan_analysis.agreement import COMPARED, UNDECIDED, agreement, disagreements, read_coded
from pingan_analysis.coding_sheet import coding_columns, read_coding_sheet
from pingan_analysis.errors import ChoiceError, PinganError, TableError

HANDOUT = Path(__file__).parents[1] / "handout"
DIGESTS = pa.data_folder() / "digests"
TEXT = "全镇共发放手册15份，邻镇统一5份。张贴海报5份。\n去年调解3件，今年调解3件、调处率达98%，投入1.5万元。"
CODES = {
    "value": "5", "unit": "份", "bound": "exact", "kind": "count", "direction": "", "target": "false",
    "cumulative": "false", "indicator": "海报张贴", "category": "outreach_output", "channel": "poster",
    "period_start": "", "period_end": "", "place": "",
}


def sheet(folder: Path, *lines: dict[str, str], encoding: str = "utf-8", separator: str = ",") -> Path:
    """A sheet with a line each, which says of its quantity what CODES says, but for what it names itself."""
    path = folder / "sheet.csv"
    table = pd.DataFrame([CODES | {"occurrence": ""} | line for line in lines])
    table.to_csv(path, index=False, encoding=encoding, sep=separator)
    return path


@pytest.fixture
def notebook() -> nbformat.NotebookNode:
    return nbformat.read(HANDOUT / "coding_exercise.ipynb", as_version=4)


class TestNotebook:
    def test_runs_as_shipped_and_shows_where_coder_and_rules_differ(self, tmp_path: Path) -> None:
        for name in ("coding_exercise.ipynb", "coding_sheet.csv"):
            shutil.copy(HANDOUT / name, tmp_path)
        ran = nbformat.read(tmp_path / "coding_exercise.ipynb", as_version=4)
        NotebookClient(ran, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
        outputs = [output for cell in ran.cells for output in cell.get("outputs", [])]
        assert {output.output_type for output in outputs} <= {"execute_result", "stream"}
        printed = "".join(output.get("text", "") or output["data"]["text/plain"] for output in outputs)
        assert "调处成功率为91.5%" in printed
        assert "full record" in printed
        assert "extra" in printed

    def test_is_committed_without_output_and_with_ids(self, notebook: nbformat.NotebookNode) -> None:
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert len(code) > 5
        assert [cell.id for cell in code if cell.outputs or cell.execution_count is not None] == []
        assert [cell.id for cell in notebook.cells] == [f"exercise-{n:02d}" for n in range(1, len(notebook.cells) + 1)]

    def test_defines_nothing(self, notebook: nbformat.NotebookNode) -> None:
        source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        assert [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)] == []

    def test_files_that_it_names_are_there(self, notebook: nbformat.NotebookNode) -> None:
        named = {name for cell in notebook.cells for name in re.findall(r"`(\w+/[\w/.]+|\w+\.csv)`", cell.source)}
        assert {"coding_sheet.csv", "data/coding/README.md"} <= named
        assert [name for name in named if not any((root / name).exists() for root in (HANDOUT, HANDOUT.parent))] == []


class TestShippedSheet:
    def test_examples_are_as_the_digest_was_coded_but_for_the_debatable_channel(self) -> None:
        text = pa.read_articles(DIGESTS / "anlu_2024.txt")["text"].item()
        coded = read_coding_sheet(HANDOUT / "coding_sheet.csv", text).set_index("quantity")
        cases = pd.read_csv(HANDOUT.parent / "tests/cases/digest_figures.tsv", sep="\t", dtype="str", comment="#")
        digest = cases[cases["doc_id"].eq("anlu_2024")].set_index("quantity").loc[coded.index]
        compared = ["unit", "bound", "kind", "category"]
        assert coded[compared].astype("str").equals(digest[compared].astype("str"))
        assert coded["value"].tolist() == digest["value"].astype(float).tolist()
        assert coded.index[coded["channel"].ne(digest["channel"])].tolist() == ["3万余人次"]

    def test_it_opens_with_its_characters_in_spreadsheets(self) -> None:
        """Which take a file without a mark of its encoding for one in the encoding of the system."""
        assert (HANDOUT / "coding_sheet.csv").read_bytes().startswith(b"\xef\xbb\xbf")

    def test_the_sheet_has_the_columns_that_are_explained(self) -> None:
        header = (HANDOUT / "coding_sheet.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        explained = coding_columns()
        assert sorted(header) == sorted([*explained["column"], "note"])
        assert (explained != "").all(axis=None)
        filled_with = explained.set_index("column")["filled_with"]
        assert filled_with["direction"] == "up, down, or empty"
        assert filled_with["bound"] == "exact, more_than, about, nearly, less_than"


@pytest.mark.parametrize("file", ["anlu_2024.txt", "gaoxin_2018.txt", "gaoxin_2019.txt", "nanhu_2018.html"])
def test_a_sheet_that_says_what_the_rules_say_agrees_with_them_in_everything(file: str, tmp_path: Path) -> None:
    articles = pa.read_articles(DIGESTS / file)
    text, doc_id = articles["text"].item(), articles["doc_id"].item()
    extracted = pa.document_metrics(articles)
    table = extracted[["quantity", *COMPARED]].assign(
        occurrence=[
            [match.start() for match in re.finditer(rf"(?<![0-9.]){re.escape(row.quantity)}", text)].index(
                row.char_start
            ) + 1
            for row in extracted.itertuples()
        ]
    )
    table.to_csv(tmp_path / "perfect.csv", index=False)
    coded = read_coding_sheet(tmp_path / "perfect.csv", text, doc_id=doc_id)
    result = agreement(coded, extracted).set_index("measure")
    assert len(coded) > 10
    assert (result["f1"].dropna() == 1).all()
    assert (result["share"].dropna() == 1).all()
    assert disagreements(coded, extracted).empty


def test_the_table_is_as_read_coded_has_it(tmp_path: Path) -> None:
    line = {"quantity": "98%", "value": "0.98", "unit": "%", "place": "?", "period_start": "2024-01-01"}
    path = sheet(tmp_path, line)
    read = read_coding_sheet(path, TEXT, doc_id="a")
    read.drop(columns="occurrence").to_csv(tmp_path / "coded.csv", index=False)
    pd.testing.assert_frame_equal(read.drop(columns="occurrence"), read_coded(tmp_path / "coded.csv"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_sheets_as_spreadsheets_write_them(tmp_path: Path, encoding: str, separator: str) -> None:
    line = {
        "quantity": "98%", "value": "0.98", "unit": "%", "indicator": "调处率，全镇", "target": "FALSE", "place": "？",
        "period_start": "2024/1/9", "note": "值得讨论",
    }
    empty = dict.fromkeys([*CODES, *line], "")
    coded = read_coding_sheet(sheet(tmp_path, line, empty, encoding=encoding, separator=separator), TEXT).iloc[0]
    assert coded[["char_start", "char_end", "target", "place", "period_start"]].tolist() == [
        TEXT.index("98%"), TEXT.index("98%") + 3, False, UNDECIDED, "2024-01-09",
    ]
    assert coded[["indicator", "note"]].tolist() == ["调处率，全镇", "值得讨论"]


def test_a_quantity_is_none_that_only_ends_like_it(tmp_path: Path) -> None:
    """5份 stands in TEXT behind 统一, and as a poster; 15份 is no 5份."""
    coded = read_coding_sheet(sheet(tmp_path, *({"quantity": "5份", "occurrence": n} for n in "12")), TEXT)
    assert coded["char_start"].tolist() == [TEXT.index("一5份") + 1, TEXT.index("报5份") + 1]


@pytest.mark.parametrize(("text", "quantity", "start"), [
    ("發放資料６８００多份，張貼海報五十份。", "6800多份", 4),
    ("发放资料6800多份。", "６８００多份", 4),
    ("發放網格卡12張。", "12张", 5),
    ("十三件，统一三件。", "三件", 6),
])
def test_scripts_and_widths_don_t_matter(tmp_path: Path, text: str, quantity: str, start: int) -> None:
    coded = read_coding_sheet(sheet(tmp_path, {"quantity": quantity, "unit": "?"}), text)
    assert coded["char_start"].tolist() == [start]
    assert coded["quantity"].item() == text[start:start + len(quantity)]


@given(st.lists(st.integers(1, 120), min_size=1, max_size=8))
def test_a_quantity_is_found_by_its_occurrence(tmp_path_factory: pytest.TempPathFactory, numbers: list[int]) -> None:
    text, lines, starts = "", [], []
    for at, number in enumerate(numbers):
        starts.append(len(text) + 2)
        lines.append({"quantity": f"{number}件", "unit": "件", "occurrence": str(numbers[:at + 1].count(number))})
        text += f"调解{number}件，"
    coded = read_coding_sheet(sheet(tmp_path_factory.mktemp("sheets"), *lines), text)
    assert coded["char_start"].tolist() == starts


@pytest.mark.parametrize(("line", "message"), [
    ({"quantity": "16份"}, "quantity '16份' does not stand in the text; did you mean '15份'?"),
    ({"quantity": "八成"}, "quantity '八成' does not stand in the text; copy it as it stands there"),
    ({"quantity": ""}, "column 'quantity' is empty; copy the quantity from the text"),
    ({"quantity": "3件"}, "quantity '3件' stands in the text 2 times; column 'occurrence' must say which is meant, 1"),
    ({"quantity": "3件", "occurrence": "3"}, "occurrence '3' of '3件'; it must be a whole number, 1 to 2"),
    ({"quantity": "98%", "occurrence": "2"}, "occurrence '2' of '98%'; it must be a whole number, 1 to 1"),
    ({"quantity": "98%", "value": "98%"}, "column 'value' holds '98%'; it must be a plain number: 15000 for 1.5万"),
    ({"quantity": "98%", "value": "nan"}, "column 'value' holds 'nan'; it must be a plain number"),
    ({"quantity": "98%", "value": ""}, "column 'value' is empty; write ? where it can't be decided"),
    ({"quantity": "1.5万元", "unit": "万元"}, "unit='万元' is not one of '%', '件', '份', '元'; did you mean '元'?"),
    ({"quantity": "98%", "unit": "人次"}, "unit='人次' is not one of '%', '件', '份', '元'"),
    ({"quantity": "98%", "category": "mediation"}, "category='mediation' is not one of .* mean 'mediation_service'"),
    ({"quantity": "98%", "bound": "atleast"}, "bound='atleast' is not one of 'exact', 'more_than'"),
    ({"quantity": "98%", "target": "no"}, "column 'target' holds 'no'; it must be true or false"),
    ({"quantity": "98%", "period_end": "2024-02-30"}, "column 'period_end' holds '2024-02-30'; it must be a day"),
    ({"quantity": "98%", "period_end": "2024年"}, "column 'period_end' holds '2024年'; it must be a day such as"),
])
def test_what_cannot_be_meant_is_named_with_its_line(tmp_path: Path, line: dict[str, str], message: str) -> None:
    path = sheet(tmp_path, {"quantity": "15份"}, line)
    pattern = message if ".*" in message else re.escape(message)
    with pytest.raises((TableError, ChoiceError), match=rf"^sheet\.csv, line 3: {pattern}"):
        read_coding_sheet(path, TEXT)


def test_lines_are_counted_as_in_the_file(tmp_path: Path) -> None:
    path = sheet(tmp_path, {"quantity": "15份"}, {"quantity": "98%", "unit": "%"}, {"quantity": "15 份"})
    header, first, *rest = path.read_text().splitlines()
    path.write_text("\n".join([header, "", first, "," * header.count(","), *rest]))
    with pytest.raises(TableError, match=r"sheet\.csv, line 6: quantity '15 份' does not stand in the text"):
        read_coding_sheet(path, TEXT)


def test_a_quantity_that_is_coded_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    path = sheet(tmp_path, {"quantity": "15份"}, {"quantity": "98%", "unit": "%"}, {"quantity": "１５份"})
    with pytest.raises(TableError, match=r"sheet\.csv, line 4: '１５份' is coded in sheet\.csv, line 2 already"):
        read_coding_sheet(path, TEXT)


@pytest.mark.parametrize(("content", "message"), [
    (None, r"sheet\.csv: cannot be read"),
    (b"", r"sheet\.csv: no column 'quantity'"),
    (b"PK\x03\x04" + bytes(range(256)) * 40, r"sheet\.csv: no coding sheet \(.*\); save it as CSV"),
    (b"quantity,value\n", r"sheet\.csv: no column 'unit'; it has 'quantity', 'value'"),
    (",".join(["quantity", "quantity", *COMPARED]).encode(), r"sheet\.csv: column 'quantity' stands there twice"),
    (f"quantity,{','.join(COMPARED)}\n15份{',a' * 14}".encode(), r"sheet\.csv, line 2: 15 cells, but 14 columns"),
])
def test_a_file_that_is_no_sheet(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "sheet.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PinganError, match=message) as error:
        read_coding_sheet(path, TEXT)
    assert "\n" not in str(error.value)


def test_a_sheet_without_lines_gives_no_metrics(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("quantity," + ",".join(COMPARED))
    coded = read_coding_sheet(path, TEXT)
    assert coded.empty
    assert agreement(coded, coded)["coded"].iloc[0] == 0


def test_the_text_must_be_a_text(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"text is NoneType; read_coding_sheet\(\) takes one string"):
        read_coding_sheet(sheet(tmp_path, {"quantity": "15份"}), None)  # type: ignore[arg-type]


def test_the_code_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(HANDOUT.parent)
    blocks = re.findall(r"```python\n(.*?)```", (HANDOUT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "handout/README.md", "exec"), {})
    assert "full record" in capsys.readouterr().out
