"""The report: runs the notebooks, makes of each a page that stands alone, and an index page of all."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import html
import logging
import mimetypes
import os
import re
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

import jinja2
import nbformat
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from markupsafe import Markup
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from tqdm import tqdm

from . import __version__
from .errors import NothingToRead, PinganError, check_choice
from .lexicon import read_rows
from .paths import PACKAGE_FOLDER
from .schema import TABLES
from .web_font import font_face

if TYPE_CHECKING:
    from .study import Study

TEMPLATES = PACKAGE_FOLDER / "templates"
GENERATOR = f"pingan_analysis {__version__}"
LANGUAGES = ("en", "zh")
CELL_SECONDS = 1800  # a notebook cell that takes longer is stopped
# Of the kinds in which an output comes, the first of these is shown.
OUTPUT_TYPES = ("text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain")
FIGURE_FILES = (".pdf", ".svg", ".png", ".csv")  # in the order in which they are offered
T = TypeVar("T")


class ReportError(PinganError):
    """A notebook that cannot be run or shown, or a place that the report cannot be written to."""


@dataclass
class Page:
    """A page in the making: what its cells hold, and what its frame and the index page need to know of it."""

    stem: str
    folder: Path
    lang: str
    pages: frozenset[str]
    body: str = ""
    heading: str = ""
    question: str = ""
    headings: list[Heading] = field(default_factory=list)
    figures: list[PageFigure] = field(default_factory=list)
    anchors: set[str] = field(default_factory=lambda: {"main"})
    tables: int = 0

    @property
    def title(self) -> str:
        return self.heading or self.stem

    @property
    def labels(self) -> dict[str, str]:
        return _labels(self.lang)

    @property
    def has_title(self) -> bool:
        return bool(self.heading)


@dataclass(frozen=True)
class Heading:
    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class PageFigure:
    """A picture on a page: its image data, caption, and where it stands."""

    source: str
    caption: str
    anchor: str


def build_report(
    *,
    study: Path | str | None = None,
    out: Path | str | None = None,
    notebooks: Path | str | None = None,
    articles: Path | str | None = None,
    lang: str = "en",
    progress: bool = True,
) -> list[Path]:
    """Run the notebooks; write a page for each, the figures and an index page; return the pages, index last.

    `study`: folder of a study (default: the shipped one). `out`: folder of the report (default: `reports`
    here, and for another study than the shipped one `NAME_report` beside its folder NAME); it is replaced as
    a whole when all is done, and stays as it was if anything fails. `notebooks`: folder with files named like 01_corpus.ipynb (default:
    the project's). `articles`: file or folder with the articles, for cells that show text. `lang`: language
    of the labels, "en" or "zh". `progress`: tell on stderr how far it is.

    The notebooks run at the same time, each in a process of this very Python, and must not need one
    another. Cells tagged "shipped" are left out where the study is not the shipped one: they speak of that
    one only. The notebooks find what they are to work on in the environment variables PINGAN_STUDY, PINGAN_ARTICLES,
    PINGAN_LANG and PINGAN_FIGURES; the notebook files are not changed. Figures go to `figures` in `out`;
    those that the project's notebooks make of the shipped study, in English, go to the project's `figures/`
    as well.

    Raises `ReportError` naming notebook and cell where a cell fails or an image has no alternative text,
    and where `out` holds something that is not a report; `NothingToRead` for a path that is not there;
    `ChoiceError` for `lang`.

    >>> build_report(study="my_study", articles="my_articles")[-1]  # doctest: +SKIP
    PosixPath('/home/me/my_study_report/index.html')
    """
    check_choice(lang, LANGUAGES, "lang")
    sources = _notebook_files(notebooks)
    opened = _open_study(study)
    if articles is not None and not Path(articles).exists():
        raise NothingToRead(f"articles {str(articles)!r}: no such file or folder")
    target = _report_folder(out, opened)
    environment = _kernel_environment(study=study, articles=articles, lang=lang)
    labels = _labels(lang)
    with _staging(target) as staging:
        figures = staging / "figures"
        figures.mkdir()
        environment["PINGAN_FIGURES"] = str(figures)
        stems = frozenset(path.stem for path in sources)
        pages = [Page(path.stem, path.parent, lang, stems) for path in sources]
        read = [_read_notebook(path, with_shipped=opened.is_shipped) for path in sources]
        _make_pages(sources, read, pages, environment, progress)
        written = _write_pages(staging, pages, lang, labels, _provenance(opened, labels))
        if study is None and notebooks is None and lang == "en":
            _publish_figures(figures)
        _replace(target, staging)
    return [target / name for name in written]


# --- what there is to do, and where -------------------------------------------------------------------------


def _notebook_files(folder: Path | str | None) -> list[Path]:
    if folder is None:
        in_repository = PACKAGE_FOLDER.parent / "notebooks"
        folder = in_repository if in_repository.is_dir() else PACKAGE_FOLDER / "notebooks"
    files = sorted(Path(folder).resolve().glob("[0-9][0-9]_*.ipynb"))
    if not files:
        raise NothingToRead(
            f"notebooks {str(folder)!r}: no notebook there that is named like 01_corpus.ipynb"
        )
    return files


def _open_study(folder: Path | str | None) -> Study:
    """Open the study before any notebook runs: a fault in it is told at once and by name."""
    from .study import load_study

    return load_study(folder)


def _report_folder(out: Path | str | None, study: Study) -> Path:
    if out is None:
        folder = study.path.resolve()  # a study's folder may hold nothing else, or it could not be replaced
        out = "reports" if study.is_shipped else folder.parent / f"{folder.name}_report"
    target = Path(out).resolve()
    if target.exists() and not _is_replaceable(target):
        raise ReportError(
            f"out {str(out)!r} holds something that is not a report; name an empty or new folder"
        )
    return target


def _is_replaceable(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    if not any(folder.iterdir()):
        return True
    index = folder / "index.html"
    return index.is_file() and '<meta name="generator" content="pingan_analysis' in index.read_text(
        "utf-8", "replace"
    )


@cache
def _labels(lang: str) -> dict[str, str]:
    rows = read_rows(TEMPLATES / "labels.tsv", columns=["key", *LANGUAGES])
    return {row["key"]: row[lang] for row in rows}


def _provenance(study: Study, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what the index page says of the origin: no clock, no path; equal input gives equal pages."""
    digest = hashlib.sha256()
    for path in sorted(study.path.rglob("*")):
        name = path.relative_to(study.path).as_posix()
        if path.is_file() and re.split(r"[./]", name)[0] in TABLES:
            with path.open("rb") as file:
                digest.update(f"{name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return [
        (labels["study"], labels["shipped"] if study.is_shipped else study.path.resolve().name),
        (labels["documents"], f"{len(study.documents):,}"),
        (labels["fingerprint"], digest.hexdigest()[:16]),
        (labels["version"], GENERATOR),
    ]


# --- writing so that there is the old report or the new one -------------------------------------------------


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """Make a folder beside `target` to build in; it is gone afterwards, whatever happens."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        folder.chmod(0o755)
    except OSError as error:
        raise ReportError(f"out {str(target)!r}: cannot be written to ({error.strerror})") from None
    try:
        yield folder
    except OSError as error:
        raise ReportError(f"out {str(target)!r}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _replace(target: Path, staging: Path) -> None:
    old = staging.with_name(f"{staging.name}-old")
    if target.exists():
        target.rename(old)
    try:
        staging.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _publish_figures(made: Path) -> None:
    """Bring the figures into the project's `figures/`: all are written beside before the first is renamed."""
    project = PACKAGE_FOLDER.parent / "figures"
    if not project.is_dir():
        return
    beside = {path: project / f".{path.name}.new" for path in sorted(made.iterdir())}
    try:
        for path, copy in beside.items():
            shutil.copyfile(path, copy)
        for path, copy in beside.items():
            copy.replace(project / path.name)
    finally:
        for copy in beside.values():
            copy.unlink(missing_ok=True)


# --- running the notebooks ----------------------------------------------------------------------------------


def _kernel_environment(
    *, study: Path | str | None, articles: Path | str | None, lang: str
) -> dict[str, str]:
    ours = {"PYTHONSTARTUP", "PYTHONWARNINGS", "PINGAN_STUDY", "PINGAN_ARTICLES"}
    given = {"PINGAN_STUDY": study, "PINGAN_ARTICLES": articles}
    return {
        **{name: value for name, value in os.environ.items() if name not in ours},
        **{name: str(Path(path).resolve()) for name, path in given.items() if path is not None},
        "PINGAN_LANG": lang,
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
        "SOURCE_DATE_EPOCH": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "TQDM_DISABLE": "1",  # a progress bar on a page would show a clock
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def _make_pages(
    files: Sequence[Path],
    notebooks: Sequence[nbformat.NotebookNode],
    pages: Sequence[Page],
    environment: dict[str, str],
    progress: bool,
) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="pingan-") as scratch,
        _Progress(notebooks, enabled=progress) as told,
    ):
        jobs = [
            _Job(path, notebook, page, environment, Path(scratch) / str(number), told)
            for number, (path, notebook, page) in enumerate(zip(files, notebooks, pages, strict=True))
        ]
        _in_own_loop(_run_all(jobs))


def _read_notebook(path: Path, *, with_shipped: bool) -> nbformat.NotebookNode:
    """Read a notebook without its outputs; cells tagged "shipped" speak of the shipped study only."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat lets many kinds through
        raise ReportError(f"{path.name}: not a notebook that can be read ({_one_line(str(error))})") from None
    counts = {"code": 0, "markdown": 0, "raw": 0}
    for cell in notebook.cells:
        counts[cell.cell_type] += 1
        cell.metadata["number"] = counts[cell.cell_type]
        if cell.cell_type == "code":
            cell.outputs = []
    notebook.cells = [cell for cell in notebook.cells if with_shipped or not _is_for_shipped_study(cell)]
    return notebook


def _is_for_shipped_study(cell: nbformat.NotebookNode) -> bool:
    return "shipped" in cell.metadata.get("tags", [])


@dataclass
class _Job:
    """A notebook to run and the page to make of it; `scratch` is a folder for the kernel's own files."""

    path: Path
    notebook: nbformat.NotebookNode
    page: Page
    environment: dict[str, str]
    scratch: Path
    progress: _Progress

    async def run(self) -> None:
        self.scratch.mkdir()
        await self._execute()
        _make_steady(self.notebook, self.environment["PINGAN_FIGURES"])
        await asyncio.to_thread(_render_cells, self.notebook, self.page)

    async def _execute(self) -> None:
        manager = _kernel_manager(self.scratch)
        client = NotebookClient(
            self.notebook, km=manager, timeout=CELL_SECONDS, record_timing=False, coalesce_streams=True,
            log=_silent_log(), extra_arguments=["--HistoryManager.enabled=False"],
        )
        self.progress.start(self.path.stem)
        try:
            with (self.scratch / "stderr").open("wb") as stderr:
                await client.async_start_new_kernel(
                    cwd=str(self.path.parent), env=self._kernel_env(), stderr=stderr
                )
            await client.async_start_new_kernel_client()
            for index, cell in enumerate(self.notebook.cells):
                self.progress.step(self.path.stem, index)
                await self._execute_cell(client, cell, index)
        except RuntimeError as error:
            raise ReportError(
                f"{self.path.name}: Python did not start ({self._last_words() or error})"
            ) from None
        finally:
            if client.kc is not None:
                client.kc.stop_channels()
            if manager.has_kernel:
                await manager.shutdown_kernel(now=True)
            await manager.cleanup_resources()
        self.progress.end(self.path.stem)

    def _kernel_env(self) -> dict[str, str]:
        return {**self.environment, "IPYTHONDIR": str(self.scratch / "ipython")}

    async def _execute_cell(self, client: NotebookClient, cell: nbformat.NotebookNode, index: int) -> None:
        where = f"{self.path.name}, {_name_of(cell)}"
        try:
            await client.async_execute_cell(cell, index)
        except CellExecutionError as error:
            raise ReportError(f"{where}: {error.ename}: {_one_line(error.evalue)}") from None
        except CellTimeoutError:
            raise ReportError(f"{where}: stopped, it took more than {CELL_SECONDS} s") from None
        except DeadKernelError:
            words = self._last_words()
            raise ReportError(f"{where}: its Python process ended{f' ({words})' if words else ''}") from None

    def _last_words(self) -> str:
        """Return the last line that the kernel wrote to its own stderr."""
        lines = (self.scratch / "stderr").read_text("utf-8", "replace").strip().splitlines()
        return _one_line(lines[-1]) if lines else ""


def _name_of(cell: nbformat.NotebookNode) -> str:
    """Name a cell so that it can be found: its number among those of its kind, and its first line."""
    first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
    kind = "code cell" if cell.cell_type == "code" else "text cell"
    return f"{kind} {cell.metadata.number} ({first[:60]!r})"


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())[:500]


class _ThisPython(KernelSpecManager):
    """Starts the Python that runs this, whatever kernel the machine has under the name "python3"."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=command, language="python", display_name=kernel_name)


def _kernel_manager(scratch: Path) -> AsyncKernelManager:
    """Return a manager whose kernel talks through files where the system can: no port, no network."""
    manager = AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=_ThisPython(), connection_file=str(scratch / "kernel.json")
    )
    socket = scratch / "s"
    if (
        os.name == "posix" and len(os.fsencode(socket)) < 90
    ):  # a socket's name may have 103 bytes on some systems
        manager.transport = "ipc"
        manager.ip = str(socket)
    return manager


@cache
def _silent_log() -> logging.Logger:
    """A logger for nbclient, which would tell of errors that are told in one line here."""
    logger = logging.getLogger(f"{__name__}.nbclient")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return logger


async def _run_all(jobs: Sequence[_Job]) -> None:
    slots = asyncio.Semaphore(_cores())

    async def run_in_turn(job: _Job) -> None:
        async with slots:
            await job.run()

    try:
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(run_in_turn(job))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None  # the first; the others followed when it stopped them


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _in_own_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` in an event loop of its own thread: a notebook may call it, and Ctrl-C stops it cleanly."""
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = Future()

    async def supervised() -> T:
        task = asyncio.current_task()
        assert task is not None
        started.set_result((asyncio.get_running_loop(), task))
        return await work

    with ThreadPoolExecutor(max_workers=1) as pool:
        result = pool.submit(asyncio.run, supervised())
        try:
            while not result.done():
                wait([result], timeout=0.5)
        except KeyboardInterrupt:
            loop, task = started.result()
            loop.call_soon_threadsafe(task.cancel)
            raise
        return result.result()


class _Progress:
    """Tells on stderr which notebook is at which cell: a bar on a terminal, a line a notebook elsewhere."""

    def __init__(self, notebooks: Sequence[nbformat.NotebookNode], *, enabled: bool) -> None:
        self.terminal = enabled and sys.stderr.isatty()
        self.lines = enabled and not self.terminal
        self.bar = tqdm(
            total=sum(len(notebook.cells) for notebook in notebooks), unit="cell", disable=not self.terminal
        )

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def start(self, name: str) -> None:
        self._line(f"{name}: started")

    def step(self, name: str, index: int) -> None:
        self.bar.set_description(f"{name}, cell {index + 1}", refresh=False)
        self.bar.update()

    def end(self, name: str) -> None:
        self._line(f"{name}: done")

    def _line(self, text: str) -> None:
        if self.lines:
            print(text, file=sys.stderr, flush=True)


# --- what a cell gave out, without what differs from run to run ---------------------------------------------

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
_CELL_FILE = re.compile(re.escape(str(Path(tempfile.gettempdir(), "ipykernel_"))) + r"\d+[/\\]\d+\.py")
_STYLER = re.compile(r"\bT_[0-9a-f]{5}(?=[_\"' ])")


def _make_steady(notebook: nbformat.NotebookNode, figures: str) -> None:
    """Take out of the outputs what differs between runs and machines.

    Those are memory addresses, process numbers, pandas' random table names, and the folders of this machine.
    """
    for cell in notebook.cells:
        for number, output in enumerate(cell.get("outputs", [])):
            styler = f"T_{cell.metadata.number}_{number}"
            if "text" in output:
                output.text = _steady(output.text, figures)
            for kind, value in output.get("data", {}).items():
                if kind.startswith("text/") and isinstance(value, str):
                    output.data[kind] = _STYLER.sub(styler, _steady(value, figures))


def _steady(text: str, figures: str) -> str:
    text = _CELL_FILE.sub("cell", text.replace(figures, "figures"))
    return _machine_folders().sub("…", _ADDRESS.sub("at 0x…", text))


@cache
def _machine_folders() -> re.Pattern[str]:
    folders = {str(PACKAGE_FOLDER.parent), str(Path.home()), sys.prefix, sys.base_prefix}
    longest_first = sorted((folder for folder in folders if len(folder) > 1), key=len, reverse=True)
    return re.compile(rf"(?<![\w/.])(?:{'|'.join(map(re.escape, longest_first))})(?=[/\\])")


# --- from cells to HTML -------------------------------------------------------------------------------------


def _render_cells(notebook: nbformat.NotebookNode, page: Page) -> None:
    """Fill `page` from an executed notebook: its body and, on the way, its title, headings and figures."""
    exporter = TemplateExporter(  # HTMLExporter parses all once more, and gives images a stopgap for alt
        template_name="report",
        template_file="index.html.j2",
        extra_template_basedirs=[str(TEMPLATES)],
        filters={
            "filter_data_type": lambda data: [kind for kind in OUTPUT_TYPES if kind in data][:1],
            "highlight_code": Highlight2HTML(pygments_lexer="ipython3"),
            "markdown": _markdown,
            "own": lambda text, cell: _own_html(text, cell, page),
        },
    )
    exporter.output_mimetype = "text/html"
    exporter.environment.globals.update(labels=page.labels, text_output=_text_output, image=_image)
    page.body, _ = exporter.from_notebook_node(notebook)


def _markdown(source: str, cell: nbformat.NotebookNode) -> str:
    attachments = cell.get("attachments", {})
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(source))


def _text_output(text: str, label: str) -> str:
    plain = html.escape(re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text).rstrip("\n"))
    return f'<pre tabindex="0" role="group" aria-label="{html.escape(label)}">{plain}</pre>'


def _image(output: Any, cell: Any, kind: str, encoded: str) -> str:
    described = output.get("metadata", {}).get(kind, {}).get("alt") or cell.metadata.get("alt") or ""
    source = f"data:{kind};base64,{''.join(encoded.split())}"
    return f'<figure><img alt="{html.escape(described)}" src="{source}"></figure>'


def _own_html(text: str, cell: nbformat.NotebookNode, page: Page) -> str:
    """Return HTML of a cell as it may stand on a page: harmless, self-contained, and accessible."""
    soup = BeautifulSoup(text, "html.parser")
    try:
        _disarm(soup)
        _inline_images(soup, page.folder)
    except ReportError as error:
        raise ReportError(f"{page.stem}.ipynb, {_name_of(cell)}: {error}") from None
    _note_headings(soup, page)
    if cell.cell_type == "markdown":
        _note_question(soup, page)
    _note_figures(soup, page)
    _mend_links(soup, page)
    for table in soup.find_all("table"):
        _mend_table(table, page)
    if page.lang == "en":
        _mark_chinese(soup)
    return str(soup)


_ACTIVE = [
    "script",
    "noscript",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "link",
    "meta",
    "base",
    "form",
]
_LOADING = ("src", "srcset", "poster", "background", "data", "xlink:href")
_HARMFUL_LINK = re.compile(r"\s*(javascript|vbscript|data):", re.IGNORECASE)
_STYLE_LOADS = re.compile(r"@import|url\(\s*[\"']?(?!data:|#)", re.IGNORECASE)


def _disarm(soup: BeautifulSoup) -> None:
    """Show as text what would run or load something, and drop event handlers."""
    for tag in soup.find_all(_ACTIVE):
        tag.replace_with(NavigableString(str(tag)))
    for tag in soup.find_all(True):
        for name in [name for name in tag.attrs if name.lower().startswith("on") or name.lower() == "srcdoc"]:
            del tag[name]
        if _HARMFUL_LINK.match(str(tag.get("href", ""))):
            del tag["href"]
        loaded = [str(tag[name]) for name in _LOADING if name in tag.attrs and tag.name != "img"]
        if tag.name not in ("a", "area") and "href" in tag.attrs:
            loaded.append(str(tag["href"]))
        outside = [source for source in loaded if not source.startswith(("data:", "#"))]
        if outside or _STYLE_LOADS.search(
            tag.get_text() if tag.name == "style" else str(tag.get("style", ""))
        ):
            raise ReportError(f"<{tag.name}> loads {outside[0] if outside else 'a file by its style'}; "
                              "a page must hold all that it shows")


def _inline_images(soup: BeautifulSoup, folder: Path) -> None:
    for image in soup.find_all("img"):
        if not str(image.get("alt", "")).strip():
            raise ReportError("an image without alternative text; say in `alt` what it shows")
        image.attrs.pop("srcset", None)
        source = str(image.get("src", ""))
        if not source.startswith("data:"):
            image["src"] = _data_uri(source, folder)
    for drawing in soup.find_all("svg"):
        if not (drawing.get("aria-label") or drawing.get("aria-hidden") or drawing.find("title")):
            raise ReportError("an <svg> without alternative text; give it a <title> or aria-label")


def _data_uri(source: str, folder: Path) -> str:
    """Return the image file `source`, a path relative to the notebooks, as a URI that holds it."""
    path = (folder / unquote(source)).resolve()
    kind = mimetypes.guess_type(path.name)[0] or ""
    if "//" in source or not kind.startswith("image/") or not path.is_file():
        raise ReportError(
            f"image {source!r} is not an image file beside the notebook; a page must hold all that it shows"
        )
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _note_headings(soup: BeautifulSoup, page: Page) -> None:
    for tag in soup.find_all(re.compile("^h[1-6]$")):
        text = " ".join(tag.get_text().split())
        tag["id"] = anchor = _anchor(text, page.anchors)
        if not page.heading:
            page.heading = text
            tag.name = "h1"
        elif tag.name in ("h2", "h3"):
            page.headings.append(Heading(int(tag.name[1]), text, anchor))


def _note_question(soup: BeautifulSoup, page: Page) -> None:
    """Keep the first paragraph after the title: what the page asks."""
    first = soup.find("p") if page.heading and not page.question else None
    if first is not None:
        page.question = " ".join(first.get_text().split())


def _anchor(text: str, taken: set[str]) -> str:
    """Return the name of a heading in a link: its words, in any script, and a number where that is taken.

    >>> _anchor("Which words? 平安 in 5 places", set())
    'which-words-平安-in-5-places'
    """
    words = re.sub(r"\W+", "-", unicodedata.normalize("NFKC", text).casefold()).strip("-") or "section"
    names = (words if number == 1 else f"{words}-{number}" for number in range(1, len(taken) + 2))
    anchor = next(name for name in names if name not in taken)
    taken.add(anchor)
    return anchor


def _note_figures(soup: BeautifulSoup, page: Page) -> None:
    for figure in soup.find_all("figure"):
        image, caption = figure.find("img"), figure.find("figcaption")
        figure["id"] = anchor = _anchor(f"figure {len(page.figures) + 1}", page.anchors)
        if image is not None:
            text = " ".join(caption.get_text().split()) if caption is not None else ""
            page.figures.append(PageFigure(str(image["src"]), text, anchor))


def _mend_links(soup: BeautifulSoup, page: Page) -> None:
    """Let links between notebooks lead to their pages; one to another file leads nowhere here, so is text."""
    for link in soup.find_all("a", href=True):
        path, mark, anchor = str(link["href"]).partition("#")
        stem = unquote(path).removesuffix(".ipynb")
        if path.endswith(".ipynb") and stem in page.pages:
            link["href"] = f"{stem}.html{mark}{anchor}"
        elif path and not re.match(r"(https?|mailto):", path, re.IGNORECASE):
            link.unwrap()


# --- tables -------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[+\-−±~≈<>≤≥]?\s*[\d.,]*\d[\d.,]*(e[+-]?\d+)?\s*[%‰×]?", re.IGNORECASE)
_MISSING = {"", "-", "–", "—", "…", "...", "nan", "none", "nat", "<na>"}


def _mend_table(table: Tag, page: Page) -> None:
    page.tables += 1
    if "dataframe" in (table.get("class") or []):
        _strip_looks(table)
        _say_if_empty(table, page.labels["no_rows"])
    _join_header_rows(table)
    _mark_numbers(table)
    for header in table.find_all("th"):
        if not header.get_text(strip=True):
            header.name = "td"
            header.attrs.pop("scope", None)
        elif not header.get("scope"):
            header["scope"] = _scope(header)
    if table.find_parent(class_="table-scroll") is None:
        label = f"{page.labels['table']} {page.tables}"
        looks = {"class": "table-scroll", "tabindex": "0", "role": "group", "aria-label": label}
        table.wrap(Tag(name="div", attrs=looks))


def _scope(header: Tag) -> str:
    kind, span = ("col", "colspan") if header.find_parent("thead") is not None else ("row", "rowspan")
    return f"{kind}group" if header.get(span, "1") != "1" else kind


def _strip_looks(table: Tag) -> None:
    """Strip the looks that pandas gives a table."""
    for style in table.parent.find_all("style", recursive=False) if table.parent else []:
        style.decompose()
    for tag in [table, *table.find_all(True)]:
        for name in ("border", "style", "valign", "halign"):
            tag.attrs.pop(name, None)


def _say_if_empty(table: Tag, words: str) -> None:
    body = table.find("tbody")
    if body is not None and body.find("tr") is None:
        row, cell = Tag(name="tr"), Tag(name="td", attrs={"colspan": str(len(table.find_all("th")) or 1)})
        cell.string = words
        row.append(cell)
        body.append(row)


def _join_header_rows(table: Tag) -> None:
    """Join the last two header rows where no column has text in both: pandas gives the index's name a row."""
    head = table.find("thead")
    rows = head.find_all("tr") if head is not None else []
    if len(rows) < 2:
        return
    upper, lower = (row.find_all(["th", "td"]) for row in rows[-2:])
    pairs = list(zip(upper, lower, strict=False))
    spans = any(cell.get("colspan") or cell.get("rowspan") for cell in (*upper, *lower))
    both = any(above.get_text(strip=True) and below.get_text(strip=True) for above, below in pairs)
    if spans or both or len(upper) != len(lower):
        return
    for above, below in pairs:
        if below.get_text(strip=True):
            above.replace_with(below.extract())
    rows[-1].decompose()


def _mark_numbers(table: Tag) -> None:
    """Mark the columns in which all is a number or missing; counted from the right: spans are on the left."""
    rows = [row.find_all(["td", "th"], recursive=False) for row in table.find_all("tr")]
    body = [
        [cell for cell in row if cell.name == "td"]
        for row in rows
        if row and row[0].find_parent("thead") is None
    ]
    for place in range(1, min(map(len, body), default=0) + 1):
        texts = [row[-place].get_text(strip=True) for row in body]
        if all(map(_is_number_or_missing, texts)) and any(map(_NUMBER.fullmatch, texts)):
            for row in rows:
                if len(row) >= place and not row[-place].get("colspan"):
                    row[-place]["class"] = " ".join([*row[-place].get_attribute_list("class"), "number"])


def _is_number_or_missing(text: str) -> bool:
    return len(text) < 40 and (text.casefold() in _MISSING or _NUMBER.fullmatch(text) is not None)


# --- Chinese in English pages -------------------------------------------------------------------------------

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CHINESE = re.compile(f"[{_HAN}](?:[{_HAN}\u3000-\u303f\uff01-\uff65·—…“”]*[{_HAN}])?")
_NO_MARK = {"code", "pre", "style", "svg", "option", "textarea"}


def _mark_chinese(soup: BeautifulSoup) -> None:
    """Give Chinese words in English text `lang`, so that they are read out and set as Chinese."""
    for string in [string for string in soup.find_all(string=_CHINESE) if _is_markable(string)]:
        parent = string.parent
        alone = parent is not None and parent is not soup and parent.string is string
        if parent is not None and alone and _CHINESE.fullmatch(string.strip()):
            parent["lang"] = "zh"
        else:
            string.replace_with(*_pieces(string))


def _pieces(text: str) -> Iterator[NavigableString | Tag]:
    end = 0
    for match in _CHINESE.finditer(text):
        yield NavigableString(text[end : match.start()])
        yield (span := Tag(name="span", attrs={"lang": "zh"}))
        span.string = match[0]
        end = match.end()
    yield NavigableString(text[end:])


def _is_markable(string: NavigableString) -> bool:
    around = [tag for tag in string.parents if tag.name in _NO_MARK or "lang" in tag.attrs]
    return type(string) is NavigableString and (
        not around or (around[0].name not in _NO_MARK and not str(around[0].get("lang")).startswith("zh"))
    )


def _chinese(text: str) -> Markup:
    """Return text as HTML in which Chinese words are marked as such.

    >>> _chinese("<平安> policy")
    Markup('&lt;<span lang="zh">平安</span>&gt; policy')
    """
    escaped = html.escape(text, quote=False)
    return Markup(_CHINESE.sub(lambda match: f'<span lang="zh">{match[0]}</span>', escaped))


# --- from pages to files ------------------------------------------------------------------------------------


def _write_pages(
    staging: Path, pages: Sequence[Page], lang: str, labels: Mapping[str, str], sources: list[tuple[str, str]]
) -> list[str]:
    """Write the pages and the index page into `staging`; return their names, the index last."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, keep_trailing_newline=True
    )
    environment.filters["chinese"] = _chinese if lang == "en" else html.escape
    css = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    environment.globals.update(lang=lang, labels=labels, css=css, generator=GENERATOR)
    around = zip([None, *pages[:-1]], pages, [*pages[1:], None], strict=True)
    contents = {
        f"{page.stem}.html": _with_font(
            environment.get_template("page.html.j2"), page=page, previous=before, next=after
        )
        for before, page, after in around
    }
    contents["index.html"] = _with_font(
        environment.get_template("index.html.j2"),
        title=labels["title"],
        pages=pages,
        figures=_figure_list(staging / "figures", pages),
        sources=sources,
    )
    for name, content in contents.items():
        (staging / name).write_text(content, encoding="utf-8", newline="\n")
    return list(contents)


def _with_font(template: jinja2.Template, **values: object) -> str:
    """Render a page; then, as what it shows is known, once more with the Chinese glyphs that it needs."""
    shown = html.unescape(template.render(**values))
    return template.render(**values, font_face=font_face(shown))


def _figure_list(folder: Path, pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Return the figures that were made, each with its files and with the place where a page shows it."""
    shown = {
        figure.source: (page.stem, figure) for page in reversed(pages) for figure in reversed(page.figures)
    }
    figures = []
    for name in sorted({path.stem for path in folder.iterdir() if path.suffix in FIGURE_FILES}):
        files = [
            folder / f"{name}{ending}" for ending in FIGURE_FILES if (folder / f"{name}{ending}").is_file()
        ]
        stem, figure = next(
            (shown[source] for source in map(_as_source, files) if source in shown), ("", None)
        )
        figures.append({
            "name": name,
            "files": [f"figures/{path.name}" for path in files],
            "page": stem,
            "anchor": figure.anchor if figure else "",
            "caption": figure.caption if figure else "",
        })
    return figures


def _as_source(path: Path) -> str:
    kind = mimetypes.guess_type(path.name)[0]
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
