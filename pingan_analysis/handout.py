"""The classroom handout: two PDF files from typst sources, with answers that are computed from the study."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from .drawing.figure_files import draw_figure
from .figures import plot_keyness
from .paths import write_whole
from .study import Study, load_study, shipped_study
from .teaching.facts import handout_facts
from .teaching.keywords import SHOWN, keyword_table
from .teaching.sources import exercises, sources_folder
from .teaching.typesetting import HandoutError, typeset

EDITIONS = ("student", "teacher")
DEFAULT_FOLDER = Path("reports", "handout")
KEYWORD_PLOT = "keywords.svg"


def build_handout(*, study: Path | str | None = None, out: Path | str | None = None) -> list[Path]:
    """Write handout_student.pdf and handout_teacher.pdf, and return their paths.

    Both are A4, tagged PDF/UA-1 and have the same pages; the teacher's has the worked answers in the places that the
    student's leaves free. All numbers and answers are computed from the study and from the digests. `study`: folder of
    a study (default: the shipped one; no other will do, as the handout is written for its texts). `out`: folder for
    the files (default: `reports/handout` here), made where it is not there; other files in it stay. The bytes depend
    on sources, study and digests alone.

    Raises `HandoutError` for another study than the shipped one and for faults in the typst sources, `NothingToRead`
    for a missing study, digest or source file, `TableError` where study and digests disagree, `CannotWrite` where the
    folder or a file cannot be written.

    >>> build_handout(out="teaching")  # doctest: +SKIP
    [PosixPath('teaching/handout_student.pdf'), PosixPath('teaching/handout_teacher.pdf')]
    """
    opened = load_study(study or shipped_study())
    if not opened.is_shipped:
        raise HandoutError(f"study {str(study)!r}: the handout is written for the shipped study and its digests, "
                           "and has no questions about other texts; leave `study` out")
    editions = set_editions(opened)
    folder = Path(out) if out is not None else DEFAULT_FOLDER
    return [
        write_whole(folder / f"handout_{edition}.pdf", pdf, what="the handout") for edition, pdf in editions.items()
    ]


def set_editions(study: Study) -> dict[str, bytes]:
    """Return the PDF of each edition, student's first; raises as `build_handout` does."""
    sources = sources_folder()
    keywords = keyword_table(study, exercises()["keyword_target"])
    facts = handout_facts(study, keywords)
    pictures = {KEYWORD_PLOT: _keyword_plot(keywords)}
    return {edition: typeset(sources, facts, pictures, edition=edition) for edition in EDITIONS}


def _keyword_plot(keywords: pd.DataFrame) -> bytes:
    return draw_figure(
        plot_keyness(keywords, top=SHOWN, lang="en"), "keywords", formats=["svg"], lang="en",
        caption="Keywords, as the handout shows them.", alt="The handout has the alternative text.",
    )["svg"]
