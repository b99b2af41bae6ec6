"""The report builder: small notebooks made here, run by real kernels where a kernel matters."""

from __future__ import annotations

import base64
import functools
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from notebook_cells import PIXEL, code, text, write_notebook
from surroundings import PLAIN_LOCALE

from pingan_analysis import report
from pingan_analysis.errors import ChoiceError, NothingToRead
from pingan_analysis.report import build_report
from pingan_analysis.reporting.notebook_files import ReportError
from pingan_analysis.reporting.pages import labels_in


def study_in(folder: Path, *, is_shipped: bool = False) -> SimpleNamespace:
    documents = pd.DataFrame({"doc_id": ["a", "b", "c"]})
    return SimpleNamespace(path=folder, documents=documents, is_shipped=is_shipped)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studies") / "my_towns"
    folder.mkdir()
    (folder / "documents.csv").write_text("doc_id\na\nb\nc\n")
    return folder


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a study is, is tested elsewhere; here it is a folder with three documents."""
    monkeypatch.setattr(report, "_open_study", lambda folder: study_in(Path(folder)))


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebooks")
    write_notebook(
        folder / "01_corpus.ipynb",
        text("# The corpus of 平安建设 campaigns\n\nWhat is in the corpus?"),
        text("## Texts\n\nSee [terms](02_terms.ipynb#words)."),
        code("""
            import os, sys, pandas as pd, warnings
            from pathlib import Path
            keys = ["PINGAN_STUDY", "PINGAN_ARTICLES", "PINGAN_LANG", "TZ", "PYTHONHASHSEED"]
            keys += ["SOURCE_DATE_EPOCH"]
            print({key: os.environ.get(key) for key in keys})
            print(sys.executable, Path.cwd(), sorted({"一", "二", "三", "四"}, key=hash))
        """),
        code("pd.DataFrame({'place': ['<script>alert(1)</script>', '安陆'], 'n': [12, 3]})"),
        code("warnings.warn('mind this')\nobject()"),
    )
    write_notebook(
        folder / "02_terms.ipynb",
        text("# Terms\n\nWhich words?\n\n## Words"),
        code(f"""
            import base64, os
            from pathlib import Path
            class Saved:
                def _repr_html_(self):
                    return ('<figure><img alt="One dot." src="data:image/png;base64,{PIXEL}">'
                            '<figcaption>A dot & 平安.</figcaption></figure>')
            folder = Path(os.environ["PINGAN_FIGURES"])
            (folder / "fig02_dot.png").write_bytes(base64.b64decode("{PIXEL}"))
            (folder / "fig02_dot.csv").write_text("x\\n1\\n")
            print(folder)
            Saved()
        """),
    )
    write_notebook(folder / "notes.ipynb", code("1 / 0"))  # not named like a page: is not run
    return folder


@pytest.fixture(scope="module")
def built(notebooks: Path, study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report that was built once, into a folder with an older report."""
    out = tmp_path_factory.mktemp("built") / "reports"
    out.mkdir()
    (out / "index.html").write_text('<meta name="generator" content="pingan_analysis 0.0.0">')
    (out / "09_dropped.html").write_text("a page of the older report")
    before = {path: path.read_bytes() for path in notebooks.iterdir()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "_open_study", lambda folder: study_in(Path(folder)))
        patch.setenv("PINGAN_STUDY", "inherited")
        patch.setenv("PINGAN_ARTICLES", "inherited")
        paths = build_report(study=study, out=out, notebooks=notebooks, progress=False)
    assert paths == [out / f"{name}.html" for name in ("01_corpus", "02_terms", "glossary", "index")]
    assert {path: path.read_bytes() for path in notebooks.iterdir()} == before
    return out


def soup_of(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestReport:
    def test_replaces_the_older_report_as_a_whole(self, built: Path) -> None:
        assert set(files_of(built)) == {
            "01_corpus.html", "02_terms.html", "glossary.html", "index.html", "figures/fig02_dot.png",
            "figures/fig02_dot.csv",
        }
        assert [path.name for path in built.parent.iterdir()] == ["reports"]

    def test_kernel_finds_its_work(self, built: Path, study: Path, notebooks: Path) -> None:
        said = soup_of(built / "01_corpus.html").find("pre", {"aria-label": "Text output"}).get_text()
        for expected in (f"'PINGAN_STUDY': '{study}'", "'PINGAN_ARTICLES': None", "'PINGAN_LANG': 'en'",
                         "'TZ': 'UTC'", "'PYTHONHASHSEED': '0'", "'SOURCE_DATE_EPOCH': '0'", str(notebooks)):
            assert expected in said

    def test_page_has_what_readers_and_screen_readers_need(self, built: Path) -> None:
        page = soup_of(built / "01_corpus.html")
        assert page.html["lang"] == "en"
        assert page.title.string == "The corpus of 平安建设 campaigns"
        assert [tag.name for tag in page.find_all(["header", "nav", "main", "footer"])] == [
            "header", "nav", "main", "footer", "nav",
        ]
        assert page.find("a", class_="skip")["href"] == "#main"
        assert page.find(id="main").name == "main"
        assert len(page.find_all("h1")) == 1
        assert page.h1.find("span", lang="zh").string == "平安建设"
        folded = page.find_all("details")
        assert len(folded) == 3
        assert not any(fold.has_attr("open") for fold in folded)
        assert "warnings.warn" in folded[2].get_text()
        assert "mind this" in page.find(class_="messages").get_text()

    def test_contents_lead_to_the_headings(self, built: Path) -> None:
        page = soup_of(built / "01_corpus.html")
        links = page.find("nav", {"aria-label": "Contents"}).find_all("a")
        assert [(link.string, link["href"]) for link in links] == [("Texts", "#texts")]
        assert page.find(id="texts").name == "h2"

    def test_links_between_notebooks_lead_between_pages(self, built: Path) -> None:
        page = soup_of(built / "01_corpus.html")
        assert page.find("a", string="terms")["href"] == "02_terms.html#words"
        assert soup_of(built / "02_terms.html").find(id="words") is not None
        assert page.find("a", rel="next")["href"] == "02_terms.html"

    @pytest.mark.parametrize("name", ["01_corpus.html", "02_terms.html", "index.html"])
    def test_nothing_comes_from_outside(self, built: Path, name: str) -> None:
        page = soup_of(built / name)
        assert page.find(["script", "link", "iframe", "object", "embed"]) is None
        for tag in page.find_all(True):
            for attribute, value in tag.attrs.items():
                if attribute not in ("href", "content", "class", "rel", "aria-label", "alt"):
                    assert not re.search(r"(https?:)?//", str(value).partition("base64,")[0]), (
                        tag.name,
                        attribute,
                    )
        assert "@import" not in page.style.string
        assert not re.search(r"url\((?!\"data:)", page.style.string)
        policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy

    @pytest.mark.parametrize("name", ["01_corpus.html", "02_terms.html", "index.html"])
    def test_page_holds_the_characters_that_it_shows(self, built: Path, name: str) -> None:
        page = soup_of(built / name)
        data = re.search(
            r'"Noto Sans SC \(embedded\)"; src: url\("data:font/woff;base64,([^"]+)', page.style.string
        )
        embedded = set(TTFont(io.BytesIO(base64.b64decode(data[1]))).getBestCmap())
        shown = page.body.get_text() + page.title.string
        assert {c for c in map(ord, shown) if c > 0x2E00} <= embedded
        assert ord("平") in embedded
        assert re.search(r"--chinese:[^;]*, \"Noto Sans SC \(embedded\)\";", page.style.string)
        policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
        assert "font-src data:;" in policy

    def test_text_of_an_article_stays_text(self, built: Path) -> None:
        table = soup_of(built / "01_corpus.html").table
        assert [cell.get_text() for cell in table.find_all("td") if "alert" in cell.get_text()] == [
            "<script>alert(1)</script>"
        ]

    def test_index_tells_pages_figures_and_origin(self, built: Path, study: Path) -> None:
        index = soup_of(built / "index.html")
        assert [
            (item.a["href"], item.a.get_text(), item.find_all("p")[1].get_text())
            for item in index.find("ul", class_="pages").find_all("li")
        ] == [
            ("01_corpus.html", "The corpus of 平安建设 campaigns", "What is in the corpus?"),
            ("02_terms.html", "Terms", "Which words?"),
            ("glossary.html", "Glossary", labels_in("en")["glossary_intro"]),
        ]
        row = index.table.tbody.tr
        assert [link["href"] for link in row.find_all("a")] == [
            "02_terms.html#figure-1", "figures/fig02_dot.png", "figures/fig02_dot.csv",
        ]
        assert "A dot & 平安." in row.get_text()
        assert soup_of(built / "02_terms.html").find(id="figure-1").name == "figure"
        facts = [value.get_text() for value in index.find_all("dd")]
        assert facts[:2] == ["my_towns", "3"]
        assert re.fullmatch("[0-9a-f]{16}", facts[2])

    def test_no_page_names_a_folder_of_the_machine(self, built: Path) -> None:
        pages = "".join(path.read_text(encoding="utf-8") for path in built.glob("*.html"))
        assert sys.prefix not in pages
        assert ".reports-" not in pages
        assert "ipykernel_" not in pages
        assert "object at 0x…" in pages

    def test_same_bytes_in_another_process(
        self, built: Path, notebooks: Path, study: Path, tmp_path: Path
    ) -> None:
        environment = {
            **os.environ,
            "PYTHONHASHSEED": "4711",
            "TZ": "Asia/Shanghai",
            "MPLBACKEND": "Agg",
            "LC_ALL": PLAIN_LOCALE,
        }
        run_alone(notebooks, study, tmp_path / "other", environment)
        assert files_of(tmp_path / "other") == files_of(built)


SCRIPT = """
import sys
from pathlib import Path
from types import SimpleNamespace
import pandas as pd
from pingan_analysis import report
report._open_study = lambda folder: SimpleNamespace(
    path=Path(folder), documents=pd.DataFrame({"doc_id": ["a", "b", "c"]}), is_shipped=False)
report.build_report(notebooks=sys.argv[1], study=sys.argv[2], out=sys.argv[3])
"""


def run_alone(notebooks: Path, study: Path, out: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", SCRIPT, str(notebooks), str(study), str(out)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert sorted(done.stderr.splitlines()) == [
        "01_corpus: done", "01_corpus: started", "02_terms: done", "02_terms: started",
    ]


def test_report_lies_beside_another_study_and_for_the_shipped_one_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "my.towns 1"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for given in (folder, Path()):
        assert report._report_folder(None, study_in(given)) == tmp_path / "my.towns 1_report"
    assert report._report_folder(None, study_in(folder, is_shipped=True)) == folder / "reports"
    assert report._report_folder("there", study_in(folder)) == folder / "there"


def test_cells_on_the_shipped_study_are_for_it_alone(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [text("# All"), text("Five articles.")]
    cells[1].metadata["tags"] = ["shipped"]
    write_notebook(tmp_path / "nb" / "01_all.ipynb", *cells)
    monkeypatch.setattr(report, "running_notebooks", lambda cells, *_, **__: nullcontext(iter(cells)))
    for is_shipped in (True, False):
        opened = study_in(study, is_shipped=is_shipped)
        monkeypatch.setattr(report, "_open_study", lambda folder, opened=opened: opened)
        page, *_ = build_report(study=study, out=tmp_path / "out", notebooks=tmp_path / "nb", progress=False)
        assert ("Five articles." in page.read_text(encoding="utf-8")) == is_shipped


class TestFailure:
    @pytest.fixture
    def old(self, tmp_path: Path) -> Path:
        out = tmp_path / "site" / "reports"
        out.mkdir(parents=True)
        (out / "index.html").write_text('<meta name="generator" content="pingan_analysis 0.0.0">old')
        return out

    def assert_untouched(self, old: Path) -> None:
        assert files_of(old.parent) == {"reports/index.html": (old / "index.html").read_bytes()}
        assert (old / "index.html").read_text().endswith("old")
        assert [path.name for path in old.parent.iterdir()] == ["reports"]

    def test_failing_cell_is_named_and_the_old_report_stays(
        self, old: Path, study: Path, tmp_path: Path
    ) -> None:
        write_notebook(
            tmp_path / "nb" / "01_good.ipynb", text("# Good"), code("import time; time.sleep(600)")
        )
        write_notebook(
            tmp_path / "nb" / "02_bad.ipynb",
            text("# Bad"),
            code("import os\nopen(os.environ['PINGAN_FIGURES'] + '/fig.csv', 'w').close()"),
            text("Then"),
            code("\n# why\nraise ValueError('two\\nlines')"),
        )
        started = time.monotonic()
        with pytest.raises(ReportError) as caught:
            build_report(study=study, out=old, notebooks=tmp_path / "nb", progress=False)
        assert str(caught.value) == "02_bad.ipynb, code cell 2 ('# why'): ValueError: two lines"
        assert time.monotonic() - started < 120, "the other notebook was not stopped"
        self.assert_untouched(old)

    def test_image_without_alternative_text_is_named(self, old: Path, study: Path, tmp_path: Path) -> None:
        source = f"import base64\nfrom IPython.display import Image\nImage(base64.b64decode('{PIXEL}'))"
        write_notebook(tmp_path / "nb" / "01_dot.ipynb", text("# Dot"), code(source))
        with pytest.raises(
            ReportError, match=r"^01_dot.ipynb, code cell 1 \('import base64'\): .*alternative text"
        ):
            build_report(study=study, out=old, notebooks=tmp_path / "nb", progress=False)
        self.assert_untouched(old)

    def test_dead_kernel_is_named(self, old: Path, study: Path, tmp_path: Path) -> None:
        source = "import os, sys\nos.write(2, b'out of luck\\n')\nos._exit(3)"
        write_notebook(tmp_path / "nb" / "01_dies.ipynb", code(source))
        with pytest.raises(
            ReportError, match=r"^01_dies.ipynb, code cell 1 \('import os, sys'\): its Python process ended"
        ):
            build_report(study=study, out=old, notebooks=tmp_path / "nb", progress=False)
        self.assert_untouched(old)

    @pytest.mark.skipif(os.name != "posix", reason="sends a signal as a terminal's Ctrl-C does")
    def test_interrupt_stops_kernels_and_leaves_the_old_report(
        self, old: Path, study: Path, tmp_path: Path
    ) -> None:
        pid_file = tmp_path / "pid"
        source = (
            f"import os, time\nopen({str(pid_file)!r}, 'w').write(str(os.getpid()) + '.')\ntime.sleep(600)"
        )
        write_notebook(tmp_path / "nb" / "01_long.ipynb", code(source))
        command = [sys.executable, "-c", SCRIPT, str(tmp_path / "nb"), str(study), str(old)]
        # a run in the background of a shell has SIGINT switched off, and hands that on
        restore = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=restore) as run:
            until(lambda: pid_file.exists() and pid_file.read_text().endswith("."))
            run.send_signal(signal.SIGINT)
            _, said = run.communicate(timeout=60)
        assert said.rstrip().endswith("KeyboardInterrupt")
        kernel = int(pid_file.read_text().rstrip("."))
        until(lambda: not is_running(kernel))
        self.assert_untouched(old)

    @pytest.mark.parametrize("name", ["index.html", "thesis.docx"])
    def test_folder_with_other_files_is_left_alone(self, tmp_path: Path, study: Path, name: str) -> None:
        (tmp_path / name).write_text("<html>mine</html>")
        write_notebook(tmp_path / "nb" / "01_a.ipynb", text("# A"))
        with pytest.raises(ReportError, match="not a report"):
            build_report(study=study, out=tmp_path, notebooks=tmp_path / "nb", progress=False)
        with pytest.raises(ReportError, match="not a report"):
            build_report(study=study, out=tmp_path / name, notebooks=tmp_path / "nb", progress=False)
        assert (tmp_path / name).read_text() == "<html>mine</html>"

    def test_wrong_arguments_are_named(self, tmp_path: Path, study: Path) -> None:
        with pytest.raises(ChoiceError, match=r"^lang='de' is not one of"):
            build_report(study=study, out=tmp_path / "r", lang="de")
        with pytest.raises(NothingToRead, match=r"named like 01_corpus\.ipynb"):
            build_report(study=study, out=tmp_path / "r", notebooks=tmp_path)
        write_notebook(tmp_path / "01_a.ipynb", text("# A"))
        with pytest.raises(NothingToRead, match=r"articles.*gone"):
            build_report(study=study, out=tmp_path / "r", notebooks=tmp_path, articles=tmp_path / "gone")
        (tmp_path / "01_a.ipynb").write_text(json.dumps({"cells": 3}))
        with pytest.raises(ReportError, match=r"^01_a.ipynb: not a notebook"):
            build_report(study=study, out=tmp_path / "r", notebooks=tmp_path, progress=False)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["01_a.ipynb"]


def until(condition: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.1)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_figures_of_the_project_change_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, made = tmp_path / "figures", tmp_path / "made"
    for folder in (project, made):
        folder.mkdir()
    (project / "README.md").write_text("key")
    (project / "fig01.csv").write_text("old")
    (made / "fig01.csv").write_text("new")
    (made / "fig02.csv").write_text("new")
    monkeypatch.setattr(report, "PACKAGE_FOLDER", tmp_path / "pingan_analysis")
    report._publish_figures(made)
    assert files_of(project) == {"README.md": b"key", "fig01.csv": b"new", "fig02.csv": b"new"}
