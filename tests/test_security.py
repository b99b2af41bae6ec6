"""Articles are untrusted: what they hold stays text, nothing of them runs, and nothing goes over a network."""

from __future__ import annotations

import ast
import marshal
import os
import re
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import matplotlib as mpl
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from notebook_cells import code, render, shows, text, write_notebook

from pingan_analysis.concordance import kwic
from pingan_analysis.drawing.figure_files import save_figure
from pingan_analysis.drawing.style import RC, use_house_style
from pingan_analysis.table_view import show_table
from pingan_analysis.tabling.table_files import save_table
from pingan_analysis.viewing.controls import visible, visible_lines
from pingan_analysis.viewing.frames import frame_html

PACKAGE = Path(__file__).parents[1] / "pingan_analysis"
DIGESTS = PACKAGE.parent / "data/digests"
HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]></script><!-- <svg onload=alert(1)>",
    "\" autofocus onfocus=alert(1) x=\"", "' onmouseover='alert(1)", "javascript:alert(1)", "--><b>x</b><!--",
    "{{ 7 * 7 }}{% raw %}", "$x^2$ $\\frac$ \\input{/etc/passwd}", "#import \"/etc/passwd\": *", "_nolegend_", "=1+1",
    "&lt;script&gt;", "</style><script>alert(1)</script>", "</title></textarea></noscript><b>x</b>",
]


class TestLibrarySource:
    """What could run text that comes from outside, or reach a network, is not in the library at all."""

    MODULES: ClassVar = {
        "pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml", "subprocess", "pty", "socket", "ssl",
        "socketserver", "ftplib", "smtplib", "telnetlib", "http", "urllib.request", "requests", "httpx", "urllib3",
        "aiohttp", "xmlrpc", "ctypes",
    }
    FUNCTIONS: ClassVar = {"eval", "exec", "compile", "__import__", "input"}
    METHODS: ClassVar = {"system", "popen", "read_pickle", "to_pickle", "eval", "execfile"}
    OF_OS = re.compile(r"(exec|spawn|posix_spawn|startfile)[a-z]*")

    @classmethod
    def found(cls, source: str) -> list[str]:
        return [name for node in ast.walk(ast.parse(source)) for name in cls._dangers(node)]

    @classmethod
    def _dangers(cls, node: ast.AST) -> Iterator[str]:
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            modules = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        for module in modules:
            if any(module == banned or module.startswith(f"{banned}.") for banned in cls.MODULES):
                yield module
        if not isinstance(node, ast.Call):
            return
        if isinstance(node.func, ast.Name) and node.func.id in cls.FUNCTIONS:
            yield node.func.id
        if isinstance(node.func, ast.Attribute):
            of_os = isinstance(node.func.value, ast.Name) and node.func.value.id == "os"
            if node.func.attr in cls.METHODS or (of_os and cls.OF_OS.fullmatch(node.func.attr)):
                yield node.func.attr
        for keyword in node.keywords:
            if keyword.arg in ("shell", "allow_pickle") and not (
                isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            ):
                yield str(keyword.arg)

    def test_has_none_of_it(self) -> None:
        files = sorted(PACKAGE.rglob("*.py"))
        assert len(files) > 100
        dangers = {str(file.relative_to(PACKAGE)): self.found(file.read_text(encoding="utf-8")) for file in files}
        assert {name: found for name, found in dangers.items() if found} == {
            "paths.py": ["ctypes"],  # one call of the system, which exchanges two folders
        }

    @pytest.mark.parametrize(
        "source",
        [
            "import pickle", "from urllib.request import urlopen", "from urllib import request", "import http.client",
            "def f():\n    import yaml", "eval(x)", "exec(x)", "import os\nos.system(x)", "os.execvp(a, b)",
            "run(x, shell=True)", "run(x, shell=y)", "np.load(f, allow_pickle=True)", "pd.read_pickle(f)",
            "frame.eval(x)",
        ],
    )
    def test_this_test_sees_it(self, source: str) -> None:
        assert self.found(source)

    def test_templates_escape_all_but_what_is_ours(self) -> None:
        """Each place where a template takes HTML as it is, by what stands there."""
        unescaped = {
            found for file in (PACKAGE / "templates").rglob("*.html.j2")
            for found in re.findall(r"\{\{\s*([\w.]+) \| safe", file.read_text(encoding="utf-8"))
        }
        assert unescaped == {"css", "font_face", "script", "table", "page.body"}


def elements_and_attributes(page: str) -> tuple[set[str], set[str]]:
    tags = BeautifulSoup(page, "html.parser").find_all(True)
    return {tag.name for tag in tags}, {name for tag in tags for name in tag.attrs}


class TestHtml:
    """Harmless words or not: a page has the same elements and attributes, but for marks of language."""

    @staticmethod
    def pages(words: str, folder: Path) -> Iterator[str]:
        frame = pd.DataFrame({words: [words, 1], "term": [words, words], "evidence": ["a:0-2", "a:0-2"]})
        texts = pd.DataFrame({"doc_id": ["a"], "text": [f"平安{words}平安"], "title": [words], "place": [words]})
        yield frame_html(frame) or ""
        yield show_table(frame, texts=texts.assign(sha256=""), caption=words).html
        yield kwic(texts, "平安")._repr_html_()
        table = save_table(frame, "table1", caption=words, note=words, folder=folder)
        yield table._repr_html_()  # type: ignore[attr-defined]
        yield table[2].read_text(encoding="utf-8")
        body, _ = render(text("# T"), code("x", shows(text_html=frame_html(frame) or "", text_plain=words)))
        yield str(body)

    @pytest.mark.parametrize("words", HOSTILE)
    def test_words_make_no_elements_or_attributes(self, words: str, tmp_path: Path) -> None:
        pages = zip(self.pages(words, tmp_path), self.pages("平安", tmp_path), strict=True)
        for page, harmless_page in pages:
            elements, attributes = elements_and_attributes(page)
            harmless, usual = elements_and_attributes(harmless_page)
            assert elements - harmless <= {"span"}
            assert attributes - usual <= {"lang", "data-search"}

    @pytest.mark.parametrize(
        "source",
        [
            '<div><!--> <img alt="a" src="data:," onerror="alert(1)"> --></div>',
            '<svg aria-label="a"><style><img src=x onerror=alert(1)></style></svg>',
            "<![CDATA[ ><img src=x onerror=alert(1)>]]>",
            "<!x ><!-- --!><img src=x onerror=alert(1)>-->",
            '<xmp><style></xmp><img src=x onerror=alert(1)></style></xmp>',
            '<a href="java\tscript:alert(1)">x</a>',
            '<a href=" \x01javascript:alert(1)">x</a>',
            '<math href="javascript:alert(1)">x</math>',
            '<form><button formaction="javascript:alert(1)">x</button></form>',
        ],
    )
    def test_what_browsers_read_otherwise_than_the_parser_is_disarmed(self, source: str) -> None:
        body, _ = render(text("# T"), code("x", shows(text_html=source)))
        page = str(body)
        assert "img" not in {tag.name for tag in body.find_all(True)}
        assert "<!" not in page
        assert not re.search(r"<[^<>]*(?:\bon\w+=|javascript:)", page, re.IGNORECASE)

    def test_control_characters_of_printed_text_are_shown(self) -> None:
        printed = "a\x00b\x1b]0;title\x07 \x1b[31mred\x1b[0m"
        body, _ = render(code("x", shows(text_plain=printed)))
        assert body.find("pre", {"aria-label": "Text output"}).get_text() == "a\ufffdb\ufffd]0;title\ufffd red"


def test_words_are_drawn_and_described_as_they_are(tmp_path: Path) -> None:
    use_house_style()
    words = " ".join(HOSTILE)
    with mpl.rc_context(RC):
        figure = Figure()
        axes = figure.add_subplot(title="<script>$x^2$ \\frac")
        lines = [axes.plot([0, 1])[0] for _ in HOSTILE]
        figure.legend(handles=lines, labels=HOSTILE)
    paths = save_figure(
        figure, "fig", data=pd.DataFrame({words: [1]}), caption=words, alt=f"Alt: {words}", folder=tmp_path
    )
    assert [entry.get_text() for entry in figure.legends[0].get_texts()] == HOSTILE
    assert not axes.title.get_parse_math()
    drawing = ET.fromstring(paths[1].read_bytes())
    assert drawing.find(".//{http://purl.org/dc/elements/1.1/}title").text == words
    names = {str(element.tag).rpartition("}")[2] for element in drawing.iter()}
    assert not names & {"script", "foreignObject", "image", "a", "set", "animate"}
    attributes = {(name.rpartition("}")[2], cell) for element in drawing.iter() for name, cell in element.items()}
    assert not [name for name, _ in attributes if name.startswith("on")]
    assert all(cell.startswith("#") for name, cell in attributes if name == "href")
    shown = BeautifulSoup(paths._repr_html_(), "html.parser")  # type: ignore[attr-defined]
    assert {tag.name for tag in shown.find_all(True)} == {"figure", "img", "figcaption"}
    assert set(shown.img.attrs) == {"alt", "width", "height", "style", "src"}
    assert shown.img["alt"] == f"Alt: {words}"


class TestTerminal:
    @given(st.text())
    def test_written_out_text_is_one_line_that_a_terminal_does_not_obey(self, name: str) -> None:
        shown = visible(name)
        assert all(c == "\u3000" or c.isprintable() or c.isspace() or ord(c) > 0x2FF for c in shown)
        assert not re.search("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", shown)

    def test_chinese_text_stands_as_it_is(self) -> None:
        assert visible("平安建设　“三零”创建 é – 𠀀…") == "平安建设　“三零”创建 é – 𠀀…"
        assert visible("a\x1b[31m\r\n.txt") == "a\\x1b[31m\\r\\n.txt"
        assert visible_lines("a\n\x9bb") == "a\n\\x9bb"

    def test_tables_to_look_at_obey_nothing(self) -> None:
        frame = pd.DataFrame({"a": ["\x1b[2J平安\u202e"]})
        assert "\x1b" not in repr(show_table(frame))
        assert "\\x1b[2J平安\\u202e" in repr(show_table(frame))


def run_python(script: str, folder: Path, **environment: str) -> str:
    """Run `script` in a new process with the environment of this one, but for `environment`; return what it prints."""
    around = {key: value for key, value in os.environ.items() if not key.startswith("PINGAN_")}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=folder, env=around | environment, capture_output=True,
        text=True, timeout=300, encoding="utf-8", check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_a_planted_dictionary_cache_is_neither_read_nor_written(engine: str, tmp_path: Path) -> None:
    """jieba by itself reads jieba.cache in the folder for temporary files, with `marshal`; others can write there."""
    planted = tmp_path / "jieba.cache"
    planted.write_bytes(marshal.dumps(({"平": 1, "安": 1, "建": 1, "设": 1, "深入平安": 9, "深": 1}, 14)))
    os.utime(planted, (2**32, 2**32))
    before = planted.read_bytes()
    said = run_python(
        f"""
        import os, sys, tempfile
        opened = []
        sys.addaudithook(lambda event, args: event == "open" and opened.append(str(args[0])))
        from pingan_analysis.segmenting.engine import make_engine
        engine = make_engine({engine!r})
        engine.add_words(["雪亮工程"])
        print(engine.cut("深入平安建设，推进雪亮工程AAA-1"), engine.tag("建设"), engine.frequency("平安") > 1)
        print([name for name in opened if "cache" in os.path.basename(name) and name.startswith(tempfile.gettempdir())])
        assert any(name.endswith("dict.txt") for name in opened) or {engine!r} == "rjieba"
        """,
        tmp_path, TMPDIR=str(tmp_path), TEMP=str(tmp_path), TMP=str(tmp_path), PYTHONUTF8="1",
    )
    assert "'平安'" in said
    assert said.splitlines()[1] == "[]"
    assert planted.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]


GUARD = '''
import os, sys

def guard(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        asked = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"):
        asked = args[0]
    elif event == "urllib.Request":
        asked = args[0]
    else:
        return
    if asked not in (None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0"):
        with open(os.environ["ASKED"], "a") as log:
            log.write(f"{event} {asked}\\n")
        raise OSError(f"the network is cut off: {event} {asked}")

sys.addaudithook(guard)
'''
WORK = f'''
import socket
import pingan_analysis as pa
from pingan_analysis.handout import build_handout
from pingan_analysis.report import build_report

try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
except OSError as error:
    assert "cut off" in str(error), error
study = pa.ingest({str(DIGESTS)!r}, "study")
counts = study.terms_with("place")
assert len(pa.keyness(counts, by="place", target=counts["place"].iloc[0])) and len(study.metrics)
build_handout(out="handout")
build_report(study="study", notebooks="notebooks", out="report", progress=False)
'''


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the package makes, by a Python that may not ask for anything outside of the machine."""
    folder = tmp_path_factory.mktemp("cut_off")
    (folder / "site").mkdir()
    (folder / "site/sitecustomize.py").write_text(GUARD, encoding="utf-8")
    write_notebook(
        folder / "notebooks/01_words.ipynb", text("# Words\n\nWhich words?"),
        code("import pingan_analysis as pa\npa.show_table(pa.load_study().metrics.head())"),
    )
    (folder / "work.py").write_text(f"if __name__ == '__main__':\n{textwrap.indent(WORK, '    ')}", encoding="utf-8")
    paths = os.pathsep.join([str(folder / "site"), *filter(None, [os.environ.get("PYTHONPATH")])])
    run_python("import runpy; runpy.run_path('work.py', run_name='__main__')", folder, PYTHONPATH=paths,
               ASKED=str(folder / "asked.txt"), PYTHONUTF8="1")
    return folder


def test_nothing_asks_for_a_network(cut_off: Path) -> None:
    assert (cut_off / "asked.txt").read_text().splitlines() == ["socket.getaddrinfo 192.0.2.1"], "this test's own"
    for made in ("study", "handout/handout_teacher.pdf", "report/01_words.html"):
        assert (cut_off / made).exists()


LOADING = ("src", "srcset", "poster", "data", "background", "action", "formaction", "ping", "xlink:href")


def loaded(page: str) -> list[str]:
    """Return what a browser would load for a page, or show in it."""
    soup = BeautifulSoup(page, "html.parser")
    sources = [str(tag[name]) for tag in soup.find_all(True) for name in LOADING if name in tag.attrs]
    sources += [str(tag["href"]) for tag in soup.find_all(["link", "image", "use", "base"], href=True)]
    styles = "\n".join([style.get_text() for style in soup.find_all("style")] +
                       [str(tag["style"]) for tag in soup.find_all(style=True)])
    sources += re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')\s]+)", styles)
    return [source for source in sources if not source.startswith(("data:", "#"))]


def test_pages_load_nothing_and_forbid_it(cut_off: Path) -> None:
    pages = sorted((cut_off / "report").glob("*.html"))
    assert [page.name for page in pages] == ["01_words.html", "glossary.html", "index.html"]
    for page in pages:
        content = page.read_text(encoding="utf-8")
        assert loaded(content) == []
        policy = re.search('Content-Security-Policy" content="([^"]*)"', content)[1]
        assert policy.startswith("default-src 'none';")
        script = re.search("script-src ([^;]*);", policy)
        assert script is None or re.fullmatch("'sha256-[A-Za-z0-9+/=]+'", script[1])


def test_this_test_sees_what_a_browser_would_load() -> None:
    for part in ('<img src="https://example.org/a.png">', '<link rel="x" href="//example.org/a.css">',
                 '<style>@import "https://example.org/a.css"; p {}</style>', '<p style="background: url(http://a/b)">'):
        assert len(loaded(part)) == 1
    assert loaded('<a href="https://example.org/">x</a><img src="data:,">') == []


def test_the_list_of_packages_has_what_is_locked() -> None:
    """Licences are what the installed packages state; a test of them would only ask the same question again."""
    lock = (PACKAGE.parent / "requirements.lock").read_text(encoding="utf-8")
    listed = (PACKAGE.parent / "docs/dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z0-9-]+) \| ([^ |]+) \| ([^|]+) \| ([^|]+) \|$", listed, re.MULTILINE)
    pins = {(name.lower().replace("_", "-").replace(".", "-"), version)
            for name, version in re.findall(r"^(\S+)==([^\s;]+)", lock, re.MULTILINE)}
    assert {(name, version) for name, version, *_ in rows[1:]} == pins, "run python -m benchmarks.dependencies"
    brought = {name: by.strip() for name, _, _, by in rows}
    assert brought["jieba"] == "direct (use)"
    assert brought["hypothesis"] == "direct (dev)"
    assert brought["distributed"].startswith("direct (dask")
    assert "jsonschema" in brought["attrs"]
