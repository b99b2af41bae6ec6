"""Figures as files: the same bytes from run to run, with their data, caption and alternative text."""

from __future__ import annotations

import base64
import html
import os
import re
import struct
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from pandas.api.types import is_integer_dtype

from ..csv_files import csv_text
from ..errors import PinganError, TableError
from ..paths import write_whole
from .font_tables import font_read_once
from .fonts import has_glyph, register_font
from .style import RC, SCREEN_DPI, check_frame, current_house

FORMATS = ("pdf", "svg", "png")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_DIGITS = 12
_NO_LAYOUT: Any = {"figure.constrained_layout.use": False, "figure.autolayout": False}
_GLYPH = re.compile(r"Glyph (\d+) .* missing from font")


class FigureError(PinganError, ValueError):
    """A figure that cannot be saved as it is: its name, caption, alternative text, or a character without a
    glyph."""


class SavedFigure(list[Path]):
    """The files of a saved figure; as the last value of a notebook cell, the picture with caption and
    alternative text. The picture is PNG: no script hides in a bitmap, whatever stands in the articles."""

    def __init__(self, paths: Iterable[Path], *, png: bytes, caption: str, alt: str, lang: str) -> None:
        super().__init__(paths)
        self.png, self.caption, self.alt, self.lang = png, caption, alt, lang

    def __reduce__(self) -> tuple[type[list[Path]], tuple[list[Path]]]:
        return list, (list(self),)

    def _repr_html_(self) -> str:
        width, height = (round(pixels * SCREEN_DPI / RC["savefig.dpi"]) for pixels in _png_size(self.png))
        alt, caption = html.escape(self.alt), html.escape(self.caption)
        return (
            f'<figure class="pingan-figure" lang="{html.escape(self.lang)}" style="margin: 0">'
            f'<img alt="{alt}" width="{width}" height="{height}" style="max-width: 100%; height: auto" '
            f'src="data:image/png;base64,{base64.b64encode(self.png).decode()}">'
            f"<figcaption>{caption}</figcaption></figure>"
        )

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Stand in for the picture in plain text, without the folders of this machine."""
        printer.text(f"{self.caption} [{self.alt}] {', '.join(path.name for path in self)}")


def save_figure(
    fig: Figure,
    name: str,
    *,
    data: pd.DataFrame,
    caption: str,
    alt: str,
    folder: Path | str | None = None,
    lang: str | None = None,
) -> list[Path]:
    """Write `name`.pdf (fonts embedded), .svg, .png (300 dpi) and .csv (`data`, what the figure shows).

    Returns the four paths; the list displays in a notebook as the figure with `caption` and alternative text
    `alt` (what a reader who does not see it needs to know: not the caption over again). Both are kept in the
    files too. `folder`: default is the environment variable PINGAN_FIGURES, else `figures/` of the project
    that the current folder is in, else `figures/` here. `lang`: language of the caption, default that of the
    house style.

    The bytes depend on figure and data alone. All is drawn before anything is written, and each file takes
    its place in one step. In the CSV (UTF-8, LF; numbers with at most 12 significant digits; the
    index too unless it only numbers the rows; no rows, and it has the names of the columns alone), text that a
    spreadsheet may take for a formula has an apostrophe before it: the words come from other people's
    articles. `pingan_analysis.csv_files.plain_cells` takes it off again.

    Raises `FigureError` for a `fig` that is no Figure, a name other than letters, digits, _ and -, for caption
    or alt text that is empty or the same, and for characters that no font here can show; `TableError` for
    `data` that is no DataFrame or has no columns; `CannotWrite` for a folder that cannot be written.

    >>> import tempfile, pingan_analysis as pa
    >>> pa.use_house_style(); fig = Figure(); _ = fig.add_subplot().bar(["安陆"], [3])
    >>> paths = save_figure(fig, "fig01_meetings", data=pd.DataFrame({"place": ["安陆"], "n": [3]}),
    ...     caption="Meetings.", alt="One bar: Anlu, 3 meetings.", folder=tempfile.mkdtemp())
    >>> [path.name for path in paths]
    ['fig01_meetings.pdf', 'fig01_meetings.svg', 'fig01_meetings.png', 'fig01_meetings.csv']
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise FigureError(
            f"figure name {name!r}: letters, digits, _ and - only, as in 'fig01_corpus', "
            "without folder and ending"
        )
    caption, alt = _checked_text(caption, "caption", name), _checked_text(alt, "alt", name)
    if caption.casefold() == alt.casefold():
        raise FigureError(f"figure {name!r}: alt repeats the caption; it must say what the figure shows")
    if not isinstance(fig, Figure):
        raise FigureError(
            f"figure {name!r}: {type(fig).__name__} given, where a matplotlib Figure is needed, "
            "as the plot functions return it"
        )
    check_frame(data, (), where=f"data of figure {name!r}", rows=False)
    if not len(data.columns):
        raise TableError(f"data of figure {name!r}: no columns, so the CSV would be empty")
    lang = current_house(lang).lang
    contents = {**draw_figure(fig, name, caption=caption, alt=alt, lang=lang), "csv": to_csv(data)}
    target = Path(folder) if folder is not None else figures_folder()
    paths = [
        write_whole(target / f"{name}.{ending}", content, what="the figure") for ending, content in contents.items()
    ]
    _close(fig)
    return SavedFigure(paths, png=contents["png"], caption=caption, alt=alt, lang=lang)


def figures_folder() -> Path:
    """Return where figures go: PINGAN_FIGURES, else `figures/` of the project around the current folder."""
    if os.environ.get("PINGAN_FIGURES"):
        return Path(os.environ["PINGAN_FIGURES"])
    here = Path.cwd()
    projects = (
        folder
        for folder in (here, *here.parents)
        if (folder / "pyproject.toml").is_file() and (folder / "figures").is_dir()
    )
    return next(projects, here) / "figures"


def to_csv(data: pd.DataFrame) -> bytes:
    """Return `data` as CSV (UTF-8) as `csv_text` writes it, numbers without the noise of their last digits.

    An index of whole numbers without a name, as selecting rows leaves it, only numbers them and is left out.

    >>> to_csv(pd.DataFrame({"term": ["=1+1", "平安"], "change": [-0.5, 0.1 + 0.2]})).decode()
    "term,change\\n'=1+1,-0.5\\n平安,0.3\\n"
    """
    numbers_rows = data.index.name is None and (data.empty or is_integer_dtype(data.index))
    return csv_text(data if numbers_rows else data.reset_index(), digits=_DIGITS).encode()


def _checked_text(text: str, kind: str, name: str) -> str:
    line = " ".join(text.split()) if isinstance(text, str) else ""
    line = "".join(c for c in line if c.isprintable())
    if not line:
        raise FigureError(
            f"figure {name!r}: {kind} is empty; it must say in words what the figure is"
            if kind == "caption"
            else f"figure {name!r}: alt is empty; it must say what a reader sees on the figure"
        )
    return line


def draw_figure(
    fig: Figure, name: str, *, caption: str, alt: str, lang: str, formats: Iterable[str] = FORMATS
) -> dict[str, bytes]:
    """Return the figure in each of `formats`; raise `FigureError` for characters that no font here can show."""
    metadata: dict[str, dict[str, str | None]] = {
        "pdf": {"Title": caption, "Subject": alt, "CreationDate": None},
        "svg": {"Title": caption, "Description": alt, "Language": lang, "Date": None},
        "png": {"Title": caption, "Description": alt},
    }
    register_font()
    with mpl.rc_context(RC), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with _laid_out(fig), font_read_once():
            drawn = {ending: _render(fig, ending, metadata[ending]) for ending in formats}
    missing = {chr(int(match[1])) for warning in caught if (match := _GLYPH.match(str(warning.message)))}
    if missing:
        shown = ", ".join(f"{c!r} (U+{ord(c):04X})" for c in sorted(missing))
        mend = (
            "call use_house_style() before drawing"
            if all(map(has_glyph, missing))
            else "take other characters, or put the text through pingan_analysis.fonts.printable"
        )
        raise FigureError(f"figure {name!r}: no glyph for {shown}; {mend}")
    for warning in caught:
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    return drawn


@contextmanager
def _laid_out(fig: Figure) -> Iterator[None]:
    """Lay the figure out once, so that it is the same in all formats (and not worked out again for each).

    It has no layout engine meanwhile, not even the one named "none": with any, `savefig` draws each format twice.
    """
    engine = fig.get_layout_engine()
    fig.draw_without_rendering()
    with mpl.rc_context(_NO_LAYOUT):
        fig.set_layout_engine(None)
        try:
            yield
        finally:
            fig.set_layout_engine(engine or "none")


def _render(fig: Figure, ending: str, metadata: dict[str, str | None]) -> bytes:
    buffer = BytesIO()
    fig.savefig(buffer, format=ending, metadata=metadata)
    return buffer.getvalue()


def _close(fig: Figure) -> None:
    """Keep a figure made with pyplot from being displayed a second time."""
    import matplotlib.pyplot as plt  # chooses a backend: not before it is needed

    plt.close(fig)


def _png_size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height
