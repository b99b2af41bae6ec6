"""House style of the figures: sizes, colours, words, and how cases and terms are named on them."""

from __future__ import annotations

import os
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property
from io import BytesIO
from typing import Any

import matplotlib as mpl
import pandas as pd
from cycler import cycler
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..errors import ChoiceError, TableError, check_choice
from ..lexicon import glosses, read_rows
from ..viewing.frames import use_frame_style
from .fonts import FAMILIES, printable, register_font, shorten, wrap

MM = 1 / 25.4  # in inches
SINGLE_COLUMN, ONE_AND_A_HALF_COLUMNS, DOUBLE_COLUMN = 89.0, 140.0, 183.0  # mm
COLUMNS = {"single": SINGLE_COLUMN, "1.5": ONE_AND_A_HALF_COLUMNS, "double": DOUBLE_COLUMN}
LANGUAGES = ("en", "zh")
TEXT, SMALL_TEXT = 7.0, 6.0  # points; nothing is smaller than SMALL_TEXT
SCREEN_DPI = 130  # pixels of a page (CSS) per inch of paper: 7 pt text is read at 12.6 px
LINE = 0.5  # points
CHARACTER = 1.35  # mm: a half-width character of TEXT points, with some air
NOTE_LINES, NOTE_LINE = 9, 3.0  # at most; mm
SMALL_CHARACTER = 1.1  # mm: of SMALL_TEXT
LINE_SPACING = 1.4  # of labels with several lines: the Chinese font fills its own line height
INK, MUTED, FAINT = "#1a1a1a", "#666666", "#e6e6e6"
# Okabe & Ito 2008 (colour-blind safe); their yellow is faint on white, and their black is the text's
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "h")
HATCHES = ("", "////", "....", "xxxx")
SEQUENTIAL = "Blues"  # one hue, lighter to darker: reads the same in grey

RC: Any = {  # matplotlib types it as a dictionary of its several hundred names
    "font.family": FAMILIES,
    **dict.fromkeys(
        (
            "font.size",
            "axes.titlesize",
            "axes.labelsize",
            "xtick.labelsize",
            "ytick.labelsize",
            "legend.fontsize",
            "legend.title_fontsize",
            "figure.titlesize",
            "figure.labelsize",
        ),
        TEXT,
    ),
    **dict.fromkeys(
        ("font.weight", "axes.titleweight", "axes.labelweight", "figure.titleweight", "figure.labelweight"),
        "normal",
    ),  # the font has one weight
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.parse_math": False,  # a $ in an article's word is a $; write numbers on log axes out
    "axes.formatter.use_locale": False,
    "axes.linewidth": LINE,
    "xtick.major.width": LINE,
    "ytick.major.width": LINE,
    "hatch.linewidth": LINE,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.minor.size": 1.5,
    "ytick.minor.size": 1.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.titlepad": 4.0,
    "grid.color": FAINT,
    "grid.linewidth": LINE,
    "axes.prop_cycle": cycler(color=PALETTE),
    "legend.frameon": False,
    "legend.handletextpad": 0.4,
    "legend.columnspacing": 1.4,
    "figure.constrained_layout.use": True,
    "figure.dpi": SCREEN_DPI,
    "savefig.dpi": 300,
    "savefig.bbox": None,
    "savefig.facecolor": "white",
    "pdf.fonttype": 42,
    "ps.fonttype": 42,  # TrueType: text can be found and copied
    "svg.fonttype": "path",  # an SVG has no font inside: text as outlines shows everywhere
    "svg.hashsalt": "pingan-analysis",
}


@cache
def _labels() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in read_rows("labels", columns=["key", *LANGUAGES])}


def label(key: str, lang: str, **fields: object) -> str:
    """Return the words of figure label `key` (labels.tsv) in `lang`, with `fields` filled in.

    >>> label("shown_cases", "en", n=12, total=40)
    'shown: 12 of 40 cases, those with the most different terms'
    """
    check_choice(key, _labels(), "label")
    return _labels()[key][check_choice(lang, LANGUAGES, "lang")].format(**fields)


@dataclass(frozen=True)
class CaseStyle:
    """How a case is drawn, everywhere: its name, and colour, marker and hatch that tell it apart in grey
    too."""

    name: str
    colour: str
    marker: str
    hatch: str


def _case_style(name: str, position: int) -> CaseStyle:
    return CaseStyle(
        name,
        PALETTE[position % len(PALETTE)],
        MARKERS[position % len(MARKERS)],
        HATCHES[position // len(PALETTE) % len(HATCHES)],
    )


class PaperFigure(Figure):
    """A figure that a notebook shows by itself, once, whether or not pyplot is loaded."""

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        buffer = BytesIO()
        with mpl.rc_context(RC):
            self.savefig(buffer, format="png", dpi=2 * SCREEN_DPI)
        width, height = (round(inches * SCREEN_DPI) for inches in self.get_size_inches())
        return buffer.getvalue(), {"width": width, "height": height}


@dataclass(frozen=True, eq=False)
class House:
    """The style in force: language, column width, and the documents whose places are known."""

    lang: str = "en"
    column: str = "double"
    documents: pd.DataFrame | None = None

    @cached_property
    def cases(self) -> dict[str, CaseStyle]:
        return {} if self.documents is None else _cases(self.documents, self.lang)

    @property
    def width(self) -> float:
        """Width of a figure in mm."""
        return COLUMNS[self.column]

    def label(self, key: str, **fields: object) -> str:
        return label(key, self.lang, **fields)

    def joined(self, notes: Iterable[str]) -> str:
        """Return notes as one, with the semicolon of the language between them."""
        return ("；" if self.lang == "zh" else "; ").join(filter(None, notes))

    def value_label(self, column: str) -> str:
        """Return the words for a column of numbers: from labels.tsv, else the column's own name."""
        return self.label(f"value_{column}") if f"value_{column}" in _labels() else printable(column)

    def gloss(self, term: str, width: int) -> str:
        """Return the English gloss of a term, cut to `width` half-width characters; empty in Chinese
        figures."""
        return shorten(printable(short_gloss(term)), width) if self.lang == "en" else ""

    def styles(self, cases: Iterable[object]) -> dict[str, CaseStyle]:
        """Return the style of each case: of known ones the same everywhere, of others by order of name."""
        keys = [str(case) for case in cases]
        unknown = sorted(set(keys) - set(self.cases))
        used = len({style.colour for style in self.cases.values()})
        new = {
            key: _case_style(printable(key) or self.label("no_place"), n)
            for n, key in enumerate(unknown, used)
        }
        return {key: self.cases.get(key) or new[key] for key in keys}

    def figure(self, height: float, *, width: float | None = None) -> Figure:
        """Return an empty figure, `height` mm high and of the column's width (or `width` mm)."""
        return PaperFigure(figsize=((width or self.width) * MM, height * MM), layout="constrained")


def short_gloss(term: str) -> str:
    """Return the gloss of `term` without brackets and second meanings; empty where the lexicon has none.

    >>> short_gloss("雪亮工程")
    'Sharp Eyes project'
    """
    return re.sub(r"\s*\([^)]*\)", "", glosses().get(term, "").split(";")[0]).strip()


_chosen: House | None = None


def use_house_style(
    lang: str | None = None, *, column: str = "double", documents: pd.DataFrame | None = None
) -> None:
    """Set matplotlib (and with it seaborn) to the house style; call it after `seaborn.set_theme`, if at all.

    `lang` is "en" or "zh" (default: environment variable PINGAN_LANG, else "en"), `column` "single" (89 mm),
    "1.5" (140 mm) or "double" (183 mm). With the table `documents`, each place keeps one colour, marker and
    name in all figures that follow, and so do its documents; a later call without `documents` leaves them in
    force. A missing glyph is an error from now on. In a notebook, columns of Chinese text in data frames keep
    a readable width. Raises `ChoiceError` for another language or column, `TableError` where `documents` lacks
    a column.

    >>> use_house_style("zh", column="single")
    """
    global _chosen
    lang = default_language() if lang is None else check_choice(lang, LANGUAGES, "lang")
    check_choice(column, COLUMNS, "column")
    if documents is not None:
        check_frame(documents, ("doc_id", "place"), where="documents")
    register_font()
    mpl.rcParams.update(RC)
    warnings.filterwarnings("error", message=r"Glyph .* missing from font")
    _chosen = House(lang, column, current_documents() if documents is None else documents)
    mpl.rcParams["figure.figsize"] = (_chosen.width * MM, 0.6 * _chosen.width * MM)
    use_frame_style()


def current_documents() -> pd.DataFrame | None:
    """Return the documents whose places have their style, if any were given."""
    return _chosen.documents if _chosen else None


def default_language() -> str:
    """Return the language of PINGAN_LANG, else "en"; raise `ChoiceError` for one that figures do not have."""
    return check_choice(os.environ.get("PINGAN_LANG") or "en", LANGUAGES, "PINGAN_LANG")


def current_house(lang: str | None = None) -> House:
    """Return the style in force, in `lang` if given."""
    house = _chosen or House(default_language())
    return house if lang is None else replace(house, lang=check_choice(lang, LANGUAGES, "lang"))


@contextmanager
def house_style(lang: str | None = None) -> Iterator[House]:
    """Draw in the house style, in `lang`, and leave matplotlib's settings as they were."""
    house = current_house(lang)
    register_font()
    with mpl.rc_context(RC):
        yield house


def _cases(documents: pd.DataFrame, lang: str) -> dict[str, CaseStyle]:
    """Return the styles of the places (in order of first appearance) and of their documents."""
    shown = place_names(documents, lang)
    places = list(dict.fromkeys(shown))
    of_place = {place: _case_style(shown[place], n) for n, place in enumerate(places)}
    names = document_names(documents, shown)
    of_document = {
        doc_id: replace(of_place[place], name=name)
        for doc_id, place, name in zip(documents["doc_id"], documents["place"], names, strict=True)
    }
    return {**of_document, **of_place}


def place_names(documents: pd.DataFrame, lang: str) -> dict[str, str]:
    """Return what each place is called in `lang`: English figures use `place_en` where the documents have
    it."""
    english = documents["place_en"] if lang == "en" and "place_en" in documents else documents["place"]
    names: dict[str, str] = {}
    for place, name in zip(documents["place"], english, strict=True):
        names.setdefault(str(place), printable(name or place) or label("no_place", lang))
    return names


def document_names(documents: pd.DataFrame, places: Mapping[str, str]) -> list[str]:
    """Name each document by its place; where a place has several, add the year, or else the doc_id.

    A document without a place goes by its doc_id.
    """
    years = pd.to_datetime(documents["published"]).dt.year if "published" in documents else None
    of_place = [places[str(place)] for place in documents["place"]]
    of_year = of_place if years is None else [
        f"{name} {year:.0f}" if year == year else name for name, year in zip(of_place, years, strict=True)
    ]
    places_named, years_named = Counter(of_place), Counter(of_year)
    names = []
    for place, doc_id, name, dated in zip(documents["place"], documents["doc_id"], of_place, of_year, strict=True):
        if not place:
            names.append(printable(doc_id))
        elif places_named[name] == 1:
            names.append(name)
        else:
            names.append(dated if years_named[dated] == 1 else f"{name} {printable(doc_id)}")
    return names


def check_frame(table: pd.DataFrame, columns: Iterable[str], *, where: str, rows: bool = True) -> None:
    """Raise `TableError` unless `table` is a DataFrame with all of `columns`, and with rows where `rows` says
    so."""
    if not isinstance(table, pd.DataFrame):
        raise TableError(f"{where}: {type(table).__name__} given, where a pandas DataFrame is needed")
    for column in columns:
        try:
            check_choice(column, map(str, table.columns), "column")
        except ChoiceError:
            raise TableError(
                f"{where}: no column {column!r}; it has {', '.join(map(repr, table.columns))}"
            ) from None
    if rows and table.empty:
        raise TableError(f"{where}: no rows, so there is nothing to draw")


def case_label(name: str, width: int, lines: int = 3) -> str:
    """Return the name of a case broken into short lines, for an axis."""
    return wrap(name, width, lines=lines)


def fitted(fig: Figure, note: str) -> str:
    """Break a note into lines that the figure is wide enough for."""
    return wrap(note, _line_width(fig.get_figwidth() / MM), lines=NOTE_LINES)


def note_room(note: str, width: float) -> float:
    """Return the height in mm that a note takes under a figure of `width` mm."""
    return NOTE_LINE * (1 + wrap(note, _line_width(width), lines=NOTE_LINES).count("\n")) + NOTE_LINE / 2


def _line_width(width: float) -> int:
    return int(0.85 * width / CHARACTER)


def legend_below(fig: Figure, handles: Sequence[Artist], *, note: str = "", columns: int = 5) -> None:
    """Put a legend under everything, and over its entries a note: units, and what is not shown."""
    legend = fig.legend(
        handles=handles,
        loc="outside lower center",
        ncols=max(1, min(len(handles), columns)),
        title=fitted(fig, note) or None,
        title_fontsize=SMALL_TEXT,
    )
    legend.get_title().set(color=MUTED, linespacing=LINE_SPACING, multialignment="center")


def marker_handle(style: CaseStyle) -> Line2D:
    """Return the legend entry of a case that is drawn by its marker."""
    return Line2D(
        [], [], color=style.colour, marker=style.marker, linestyle="", markersize=4, label=style.name
    )
