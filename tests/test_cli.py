"""The command line: what a person types, and what they see when they mistype it."""

import csv
import io
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from pingan_analysis.cli import main
from pingan_analysis.schema import TABLES

DIGESTS = Path(__file__).parents[1] / "data/digests"


def test_ingest_says_what_it_made_and_what_comes_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", str(DIGESTS), "--out", str(tmp_path / "study")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Study of 5 documents from 4 named places, 2018-01-01 to 2024-09-02;")
    assert f"pingan report --study {tmp_path / 'study'}" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ingest", "no/such/folder", "--out", "{tmp}/study"], "no/such/folder: no such file or folder"),
        (["ingest", "{tmp}", "--out", "{tmp}/../study"], "an empty folder"),
        (["report", "--study", "{tmp}/none"], "no such folder; make a study with `pingan ingest"),
        (["report", "--study", "{tmp}"], "no study"),
        (["ingest", str(DIGESTS), "--out", "{tmp}/out", "--corrections", "{tmp}/no.csv"], "no.csv: cannot be read"),
        (["extract", "{tmp}/none.txt"], "none.txt: no such file or folder"),
        (["extract", str(DIGESTS), "--published", "2024-13-01"], "--published '2024-13-01' is no day; give"),
    ],
)
def test_an_error_is_one_line_that_says_what_would_be_right(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.format(tmp=tmp_path) for argument in arguments]) == 1
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.startswith(f"pingan {arguments[0]}: ")
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_a_report_on_texts_without_chinese_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("The council met on Monday, and 2 people spoke.", encoding="utf-8")
    assert main(["ingest", str(tmp_path / "in"), "--out", str(tmp_path / "study")]) == 0
    capsys.readouterr()
    assert main(["report", "--study", str(tmp_path / "study")]) == 1
    assert "no Chinese word in any of its 1 documents" in capsys.readouterr().err
    assert not (tmp_path / "study_report").exists()


def test_an_unknown_command_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["analyse"])
    assert caught.value.code == 2
    assert "ingest" in capsys.readouterr().err


def test_a_full_disk_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "tables")

    monkeypatch.setattr("pingan_analysis.ingestion.ingest", full)
    assert main(["ingest", str(DIGESTS), "--out", str(tmp_path / "study")]) == 1
    assert capsys.readouterr().err == "pingan ingest: tables: No space left on device\n"


STORY = "今年，全区悬挂横幅140余条，调处成功率达91.5%。"


def extracted(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["extract", *arguments]) == 0
    return capsys.readouterr().out


@pytest.fixture
def story(tmp_path: Path) -> str:
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    return str(tmp_path / "story.txt")


def test_extract_prints_json_with_days_and_null(story: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--published", "2024-09-02", "--place", "鄧州市", "--format", "json")
    banners, rate = json.loads(extracted(capsys, story, *given))
    assert (banners["quantity"], banners["value"], banners["low"], banners["high"]) == ("140余条", 140.0, 140.0, None)
    assert (banners["period_start"], banners["period_end"]) == ("2024-01-01", "2024-09-02")
    assert (banners["cumulative"], banners["target"], banners["direction"]) == (False, False, None)
    assert STORY[banners["char_start"]:banners["char_end"]] == "140余条"
    assert (rate["value"], rate["unit"], rate["place"]) == (0.915, "%", "邓州市")


def test_extract_prints_csv_with_all_columns(story: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = extracted(capsys, story, "--published", "2024-09-02", "--format", "csv")
    header, *rows = csv.reader(io.StringIO(out))
    assert header == TABLES["metrics"].column_names
    assert [row[header.index("quantity")] for row in rows] == ["140余条", "91.5%"]
    assert rows[0][header.index("period_start")] == "2024-01-01"


def test_extract_prints_a_table_whose_columns_stand_under_one_another(
    story: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name, header, *rows = extracted(capsys, story).splitlines()
    assert name == "story"
    assert " ".join(header.split()) == "quantity value unit bound indicator category channel period rule"
    for row in rows:
        before = row[:row.index("more_than" if "140" in row else "exact")]
        wide = sum(unicodedata.east_asian_width(character) in "WF" for character in before)
        assert len(before) + wide == header.index("bound")


def test_extract_takes_day_and_place_from_the_sources_unless_told_otherwise(
    story: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = "file,published,place\nstory.txt,2022-03-01,安陆市\n"
    (Path(story).parent / "sources.csv").write_text(sources, encoding="utf-8")
    first = json.loads(extracted(capsys, story, "--format", "json"))[0]
    assert (first["period_start"], first["period_end"], first["place"]) == ("2022-01-01", "2022-03-01", "安陆市")
    first = json.loads(extracted(capsys, story, "--format", "json", "--published", "2021-05-06"))[0]
    assert (first["period_start"], first["period_end"], first["place"]) == ("2021-01-01", "2021-05-06", "安陆市")


def test_extract_reads_every_article_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"doc_id": "b", "text": "破案19起。"}, {"doc_id": "a", "text": "平安建设人人参与。"}]
    (tmp_path / "all.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    metrics = json.loads(extracted(capsys, str(tmp_path / "all.jsonl"), "--format", "json"))
    assert [row["doc_id"] for row in metrics] == ["b"]
    lines = extracted(capsys, str(tmp_path / "all.jsonl")).split("\n")
    assert lines[0] == "b"
    assert lines[4] == "a"
    assert lines[2].startswith("19起")


def test_extract_reads_a_web_page_and_a_word_document(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("nanhu_2018.html", "dengzhou_2022.docx"):
        assert json.loads(extracted(capsys, str(DIGESTS / name), "--format", "json"))


EXTRACT = """
import sys
from pingan_analysis.cli import main
for form in ("table", "csv", "json"):
    main(["extract", sys.argv[1], "--format", form])
"""


def test_extract_prints_the_same_bytes_in_any_locale(story: str) -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", EXTRACT, story], capture_output=True, check=True,
            env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONHASHSEED": seed},
        ).stdout
        for encoding, seed in (("ascii", "1"), ("gb18030", "2"))
    }
    assert len(outputs) == 1
    assert outputs.pop().decode().count("140余条") == 3


@pytest.mark.parametrize(("wanted", "taken"), [(None, "system"), ("mimalloc", "mimalloc")])
def test_arrow_gives_memory_back_unless_the_user_wants_another_pool(wanted: str | None, taken: str) -> None:
    surroundings = {name: value for name, value in os.environ.items() if name != "ARROW_DEFAULT_MEMORY_POOL"}
    question = "import pingan_analysis.cli, pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    asked = subprocess.run(
        [sys.executable, "-c", question],
        env=surroundings | ({"ARROW_DEFAULT_MEMORY_POOL": wanted} if wanted else {}), capture_output=True, text=True,
        check=True,
    )
    assert asked.stdout.strip() == taken
