"""The one Chinese font of all figures, and fitting untrusted text to it and to the room there is.

The font file comes with the PyPI package `zhplot` (Noto Sans SC, TrueType, SIL Open Font License), so that no
font has to be installed. Importing `zhplot` would change matplotlib's settings: only its file is used. It has
one weight.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from matplotlib import font_manager, get_data_path
from matplotlib.ft2font import FT2Font

from ..errors import PinganError

FAMILY = "Noto Sans SC"
FALLBACK = "DejaVu Sans"  # comes with matplotlib; has signs that the Chinese font lacks
FAMILIES = [FAMILY, FALLBACK]
GETA = "〓"  # what typesetters put in the place of a character that they have no type for
ELLIPSIS = "…"
_UNIT = re.compile(r"\s+|[\u2e80-\U0003ffff]|[^\s\u2e80-\U0003ffff]+")  # a space, a Chinese character, a word


@cache
def font_file() -> Path:
    """Return the path of the Chinese font; raise `PinganError` saying what to install where it is missing."""
    package = find_spec("zhplot")
    file = (
        Path(package.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"
        if package and package.origin
        else None
    )
    if file is None or not file.is_file():
        raise PinganError(
            "no Chinese font for figures: package 'zhplot' (1.0.0) is missing; pip install zhplot==1.0.0"
        )
    return file


@cache
def register_font() -> None:
    """Make the Chinese font known to matplotlib, whatever its font cache holds."""
    font_manager.fontManager.addfont(font_file())


@cache
def _faces() -> tuple[FT2Font, ...]:
    return FT2Font(font_file()), FT2Font(Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")


@cache
def has_glyph(character: str) -> bool:
    """Say whether a figure can show `character`.

    >>> has_glyph("鄧"), has_glyph("\\U000323af")
    (True, False)
    """
    return any(face.get_char_index(ord(character)) for face in _faces())


def printable(text: object) -> str:
    """Return `text` on one line as a figure can show it.

    Control and invisible characters go, and a character without a glyph becomes 〓: a term of somebody's
    corpus must not stop a figure. (The CSV beside the figure has the term as it is.)

    >>> printable("平安\\n\\u202e建设\\U000323af")
    '平安 建设〓'
    """
    line = " ".join(str(text).split())
    visible = (
        c for c in line if unicodedata.category(c)[0] != "C" or unicodedata.category(c) in ("Co", "Cn")
    )
    return "".join(c if has_glyph(c) else GETA for c in visible)


def display_width(text: str) -> int:
    """Return how wide `text` is, in half-width characters: a Chinese character counts two.

    >>> display_width("LED屏")
    5
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def shorten(text: str, width: int) -> str:
    """Return `text` cut to `width` half-width characters, with … where something was cut; Latin words stay
    whole.

    >>> shorten("crackdown on organised crime", 16), shorten("社会治安防控体系", 10)
    ('crackdown on…', '社会治安…')
    """
    return wrap(text, width, lines=1)


def wrap(text: str, width: int, *, lines: int) -> str:
    """Return `text` on at most `lines` lines of `width` half-width characters; what does not fit is cut, with
    …

    Lines break between Latin words and between Chinese characters.

    >>> wrap("Nanhu District", 8, lines=2)
    'Nanhu\\nDistrict'
    """
    rows = [""]
    units = [piece for unit in _UNIT.findall(text) for piece in _pieces(unit, width)]
    for unit in units:
        if display_width((rows[-1] + unit).rstrip()) > width:
            rows.append("")
        rows[-1] += unit if rows[-1] else unit.lstrip()
    rows = [row.rstrip() for row in rows if row.strip()] or [""]
    if len(rows) > lines:
        rows = [*rows[: lines - 1], _cut(rows[lines - 1], width)]
    return "\n".join(rows)


def _pieces(unit: str, width: int) -> list[str]:
    """Split a word that is wider than a line."""
    return (
        [unit[i : i + width] for i in range(0, len(unit), width)] if display_width(unit) > width else [unit]
    )


def _cut(row: str, width: int) -> str:
    units = _UNIT.findall(row)
    while len(units) > 1 and display_width("".join(units)) > width - 1:
        units.pop()
    kept = "".join(units).rstrip(" ,;:(、，；：（")
    while display_width(kept) > width - 1:
        kept = kept[:-1]
    return kept + ELLIPSIS
