"""The command line: what a person types, and what they see when they mistype it."""

from pathlib import Path

import pytest

from pingan_analysis.cli import main

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

    monkeypatch.setattr("pingan_analysis.study.ingest", full)
    assert main(["ingest", str(DIGESTS), "--out", str(tmp_path / "study")]) == 1
    assert capsys.readouterr().err == "pingan ingest: tables: No space left on device\n"
