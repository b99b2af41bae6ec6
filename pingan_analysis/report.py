"""The report: runs the notebooks, makes of each a page that stands alone, and an index page of all."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import NothingToRead, check_choice
from .paths import PACKAGE_FOLDER, replacing
from .reporting.cell_html import render_cells
from .reporting.notebook_files import ReportError, make_steady, notebook_files, read_notebook
from .reporting.notebook_runs import kernel_environment, running_notebooks
from .reporting.pages import GENERATOR, LANGUAGES, Page, labels_in, write_pages
from .schema import TABLES

if TYPE_CHECKING:
    from .study import Study

HANDOUT = "handout"


def build_report(
    *,
    study: Path | str | None = None,
    out: Path | str | None = None,
    notebooks: Path | str | None = None,
    articles: Path | str | None = None,
    lang: str = "en",
    progress: bool = True,
) -> list[Path]:
    """Run the notebooks; write a page for each, a glossary, the figures and an index page.

    Returns the pages: those of the notebooks in order, then the glossary, then the index.

    `study`: folder of a study (default: the shipped one). `out`: folder of the report (default: `reports`
    here, and for another study than the shipped one `NAME_report` beside its folder NAME); it is replaced as
    a whole when all is done, and stays as it was if anything fails. `notebooks`: folder with files named
    like 01_corpus.ipynb (default: the project's). `articles`: file or folder with the articles, for cells
    that show text. `lang`: language of the labels, "en" or "zh". `progress`: tell on stderr how far it is.

    The notebooks run at the same time, each in a process of this very Python, and must not need one
    another. Cells tagged "shipped" are left out where the study is not the shipped one: they speak of that
    one only. The notebooks find what they are to work on in the environment variables PINGAN_STUDY,
    PINGAN_ARTICLES, PINGAN_LANG and PINGAN_FIGURES; the notebook files are not changed. Figures go to
    `figures` in `out`; those that the project's notebooks make of the shipped study, in English, go to the
    project's `figures/` as well. With the shipped study and the project's notebooks, the classroom handout goes to
    `handout` in `out`.

    Raises `ReportError` naming notebook and cell where a cell fails or an image has no alternative text,
    and where `out` holds something that is not a report; `NothingToRead` for a path that is not there;
    `ChoiceError` for `lang`.

    >>> build_report(study="my_study", articles="my_articles")[-1]  # doctest: +SKIP
    PosixPath('/home/me/my_study_report/index.html')
    """
    check_choice(lang, LANGUAGES, "lang")
    files = notebook_files(notebooks)
    opened = _open_study(study)
    if articles is not None and not Path(articles).exists():
        raise NothingToRead(f"articles {str(articles)!r}: no such file or folder")
    target = _report_folder(out, opened)
    with _staging(target) as staging:
        figures = staging / "figures"
        figures.mkdir()
        environment = kernel_environment(study=study, articles=articles, lang=lang, figures=figures)
        cells = {path: read_notebook(path, with_shipped=opened.is_shipped) for path in files}
        stems = frozenset(path.stem for path in files)
        pages = {path: Page(path.stem, path.parent, lang, stems) for path in files}
        with running_notebooks(cells, environment, progress=progress) as ended:
            if opened.is_shipped and notebooks is None:
                from .handout import build_handout

                build_handout(out=staging / HANDOUT)
            for path in ended:
                make_steady(cells[path], str(figures))
                render_cells(cells[path], pages[path])
        written = write_pages(staging, list(pages.values()), lang, _provenance(opened, labels_in(lang)))
        if study is None and notebooks is None and lang == "en":
            _publish_figures(figures)
    return [target / name for name in written]


def _open_study(folder: Path | str | None) -> Study:
    """Open the study before any notebook runs: a fault in it is told at once and by name."""
    from .study import load_study, shipped_study

    study = load_study(folder or shipped_study())
    if not study.relation("terms").filter(r"regexp_matches(term, '\p{Han}')").limit(1).fetchall():
        raise NothingToRead(f"{study.path}: no Chinese word in any of its {len(study.documents):,} documents, so there "
                            "is nothing to compare; are these the right articles?")
    return study


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
    if all(path.name == HANDOUT for path in folder.iterdir()):  # empty, or `pingan handout` was there before
        return True
    index = folder / "index.html"
    return index.is_file() and '<meta name="generator" content="pingan_analysis' in index.read_text(
        "utf-8", "replace"
    )


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


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """Give a folder to build in that takes the place of `target` when all is done."""
    try:
        with replacing(target) as staging:
            yield staging
    except OSError as error:
        raise ReportError(f"out {str(target)!r}: cannot be written ({error.strerror or error})") from error


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
