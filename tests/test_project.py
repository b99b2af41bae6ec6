"""What holds for the project as a whole: one set of versions, clean notebooks, a README that runs."""

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


def readme_blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)


@pytest.mark.parametrize("code", readme_blocks("python"))
def test_the_lines_in_the_readme_run(code: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True,
                          encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "掃黑除惡" in done.stdout
    assert "扫黑除恶" in done.stdout


def test_links_in_the_documents_resolve() -> None:
    for document in [ROOT / "README.md", *ROOT.glob("*/README.md"), *ROOT.glob("data/*/README.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


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
