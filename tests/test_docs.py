"""The documents: what they show runs, what they name is there, and every public name is documented."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import docs_blocks
import pytest
from docs_blocks import ROOT, SETS_UP_A_MACHINE, blocks_of, commands_of

import pingan_analysis as pa
from pingan_analysis.cli import main
from pingan_analysis.reference import reference_markdown

FOLDERS = ("benchmarks", "data", "docs", "figures", "handout", "notebooks", "pingan_analysis", "tests")
DOCUMENTS = sorted(ROOT.glob("*.md")) + [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.md"))]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
WITH_CODE = [path for path in DOCUMENTS
             if {"python", "sh"} & {block.language for block in blocks_of(path.read_text(encoding="utf-8"))}]
_PATH = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./*-]*)`")
_LINK = re.compile(r"\]\(<?([^)\s>]+)>?\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_DOI = re.compile(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9<>]*[A-Za-z0-9)]")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def changes_the_package(document: Path) -> bool:
    return any(block.file for block in blocks_of(document.read_text(encoding="utf-8")))


def markdown_of(path: Path) -> str:
    """Return the text of a document, or of the Markdown cells of a notebook."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return text
    return "\n\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown")


def prose_of(path: Path) -> str:
    """Return the text of a document without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", markdown_of(path), flags=re.MULTILINE | re.DOTALL)


def anchors_of(text: str) -> set[str]:
    """Return the anchors that GitHub gives the headings of a document.

    >>> sorted(anchors_of("# What *is* `n_chars`?\\n## What is n_chars"))
    ['what-is-n_chars', 'what-is-n_chars-1']
    """
    found: dict[str, int] = {}
    for heading in _HEADING.findall(re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        anchor = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        found[anchor] = found.get(anchor, -1) + 1
        if found[anchor]:
            found[f"{anchor}-{found[anchor]}"] = 0
    return set(found)


def run(documents: list[Path], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "MPLBACKEND": "agg"}
    return subprocess.run([sys.executable, docs_blocks.__file__, *map(str, documents)], cwd=folder, env=environment,
                          capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_code_in_the_documents_runs_and_prints_what_they_say(tmp_path: Path) -> None:
    done = run([document for document in WITH_CODE if not changes_the_package(document)], tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("document", [path for path in WITH_CODE if changes_the_package(path)], ids=name_of)
def test_lines_that_a_document_adds_to_the_package_do_what_it_says(document: Path, tmp_path: Path) -> None:
    done = run([document], tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("shown", "printed", "same"), [
    ("a\nb\n", "a\nb\n", True),
    ("a\n...\n", "a\nb\nc\n", True),
    ("...\nc\n", "a\nb\nc\n", True),
    ("a\n...\nc\n", "a\nc\n", True),
    ("a.c\n", "abc\n", False),
    ("a\n", "a\nb\n", False),
    ("a\nb\n", "a\n", False),
])
def test_what_is_shown_is_compared_with_what_is_printed(shown: str, printed: str, same: bool) -> None:
    assert docs_blocks.matches(shown, printed) is same


@pytest.mark.parametrize(("blocks", "says"), [
    ("```python\n1 / 0\n```", "ZeroDivisionError"),
    ("```python\nprint(2)\n```\n\n```text\n1\n```", "page.md, line 8: this is printed instead:\n2"),
    ("```sh\nrm -r data\n```", "page.md, line 4: 'rm' is neither pingan nor"),
    ("```sh\npingan report\n```", "page.md, line 4: a report of the shipped study would write"),
    ("```sh\npingan extract none.txt\n```", "page.md, line 4: pingan extract none.txt failed"),
    ("```diff data/README.md\n-no such line\n+another\n```", "stands in data/README.md 0 times"),
])
def test_a_block_that_is_wrong_is_named(blocks: str, says: str, tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text(f"# Page\n\n{blocks}\n", encoding="utf-8")
    done = run([document], tmp_path)
    assert done.returncode
    assert says in done.stderr


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_commands_are_those_that_there_are(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for command in _commands(document):
        if command[0] == "make":
            names = [word for word in command[1:] if "=" not in word]
            assert set(names) <= targets, command
        elif command[0] == "pingan":
            with pytest.raises(SystemExit) as left:
                main([*command[1:], "--help"])
            assert left.value.code == 0, command
            known = capsys.readouterr().out
            assert [word for word in command if word.startswith("--") and word not in known] == []
        else:
            assert command[0] in SETS_UP_A_MACHINE | {"PYTHONPATH=.uv", "pytest"} or command[0].startswith(".venv/bin/")


def _commands(document: Path) -> list[list[str]]:
    """Return the commands of a document: those of its blocks `sh`, and indented ones of make and pingan."""
    text = document.read_text(encoding="utf-8")
    found = [command for block in blocks_of(text) if block.language == "sh" for command in commands_of(block)]
    indented = re.findall(r"^ {4}(?:\.venv/bin/)?((?:make|pingan) .*?)(?:#.*)?$", text, re.MULTILINE)
    # of what is written as [--format table|csv], the first
    return found + [re.sub(r"[\[\]]|\|\S+", "", line).split() for line in indented]


def test_every_public_name_is_in_the_reference() -> None:
    text = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^### `pa\.(\w+)`$", text, re.MULTILINE)) | {"__version__"}
    assert documented == set(pa.__all__)


def test_the_reference_is_that_of_the_docstrings() -> None:
    assert (ROOT / "docs/reference.md").read_text(encoding="utf-8") == reference_markdown()


def test_a_signature_in_the_reference_is_as_its_source_has_it() -> None:
    page = reference_markdown()
    assert "pa.term_spread(terms: Terms, *, case: str = 'doc_id') -> pd.DataFrame\n" in page
    assert "pa.tf_idf(terms: Terms | DocumentTermMatrix, *, by: str | Sequence[str] = 'doc_id'," in page
    assert max(map(len, re.findall(r"^(?:pa\.|class pa\.|    ).*$", page, re.MULTILINE))) <= 110


def test_names_that_documents_use_are_public() -> None:
    for document in [*DOCUMENTS, *NOTEBOOKS]:
        named = set(re.findall(r"`pa\.(\w+)", markdown_of(document)))
        assert named <= set(pa.__all__), name_of(document)


@pytest.mark.parametrize("document", [*DOCUMENTS, *NOTEBOOKS], ids=name_of)
def test_links_inside_the_repository_resolve(document: Path) -> None:
    for link in _LINK.findall(prose_of(document)):
        if re.match(r"https?:|mailto:", link):
            continue
        target, _, anchor = link.partition("#")
        path = document.parent / target if target else document
        assert path.exists(), link
        if anchor:
            assert path.suffix in {".md", ".ipynb"}, link
            assert anchor in anchors_of(markdown_of(path)), link


@pytest.mark.parametrize("document", [*DOCUMENTS, *NOTEBOOKS], ids=name_of)
def test_paths_that_are_named_exist(document: Path) -> None:
    for path in _PATH.findall(prose_of(document)):
        assert list(ROOT.glob(path.rstrip("/"))), path


def test_digital_object_identifiers_have_their_form() -> None:
    links = [link for document in DOCUMENTS
             for link in re.findall(r"https?://(?:dx\.)?doi\.org/([^\s)>]*(?:\([^)]*\)[^\s)>]*)?)",
                                    document.read_text(encoding="utf-8"))]
    assert len(links) > 10
    assert [link for link in links if not _DOI.fullmatch(link)] == []


def test_every_document_stands_in_the_index() -> None:
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    linked = {link.partition("#")[0] for link in _LINK.findall(index)}
    assert {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"} <= linked
