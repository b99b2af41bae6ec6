"""What holds for the project as a whole: one set of versions, clean notebooks, public names."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import pingan_analysis as pa

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CONDA_NAMES = {"matplotlib-base": "matplotlib", "python-duckdb": "duckdb"}


def locked() -> dict[str, str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))


def required() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return {re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower() for requirement in wanted}


def in_environment() -> dict[str, str]:
    dependencies = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    pip = next(entry["pip"] for entry in dependencies if isinstance(entry, dict))
    entries = [*(entry for entry in dependencies if isinstance(entry, str)), *pip]
    pinned = [re.fullmatch(r"([a-z0-9._-]+)={1,2}([0-9][^,<>]*)", entry) for entry in entries]
    return {CONDA_NAMES.get(match[1], match[1]): match[2] for match in pinned if match}


def test_conda_has_the_packages_and_versions_of_the_lock() -> None:
    versions = locked()
    assert in_environment() == {name: versions[name] for name in required()}


def test_the_lock_has_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert len(locked()) > 100
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links", text)
    packages = re.split(r"\n(?=[a-z0-9])", text)
    assert all("--hash=sha256:" in package for package in packages if "==" in package.split("\n", 1)[0])


def test_binder_takes_the_lock_and_a_python_that_the_package_runs_on() -> None:
    assert (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8") == "-r ../requirements.lock\n"
    python = re.fullmatch(r"python-3\.(\d+)\n", (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8"))
    oldest = re.search(r'requires-python = ">=3\.(\d+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert int(python[1]) >= int(oldest[1])
    assert os.access(ROOT / "binder" / "postBuild", os.X_OK) or os.name == "nt"


def test_the_citation_file_has_what_its_format_asks_for() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)  # required by CFF 1.2.0
    assert citation["cff-version"] == "1.2.0"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", citation["date-released"])
    assert all(author.keys() <= {"name", "family-names", "given-names", "orcid"} for author in citation["authors"])


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert project["version"] == citation["version"] == pa.__version__
    assert project["license"] == citation["license"] == "MIT"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_has_no_output_and_defines_nothing(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
            tree = ast.parse("".join(cell["source"]))
            assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert cells[0]["cell_type"] == "markdown"
    assert "".join(cells[0]["source"]).startswith("# ")


def test_every_public_name_has_a_docstring() -> None:
    for name in pa.__all__:
        if name != "__version__":
            assert getattr(pa, name).__doc__, name


def test_importing_the_package_loads_none_of_the_large_ones() -> None:
    code = "import sys, pingan_analysis; print(sorted({'pandas', 'matplotlib', 'sklearn', 'jieba'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_function_is_not_hidden_by_the_module_of_its_name() -> None:
    code = "import pingan_analysis as pa, pingan_analysis.study, pingan_analysis.segment; print(pa.segment('平安'))"
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True,
                          encoding="utf-8")
    assert done.stdout == "['平安']\n"


def test_a_misspelt_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="tfidf"):
        _ = pa.tfidf
