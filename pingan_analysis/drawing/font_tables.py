"""The Chinese font as fontTools reads it: what has an entry for each of its 30,000 glyphs is read once in a process."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

from .fonts import font_file

_METRICS = ("hmtx", "vmtx")


@cache
def characters() -> frozenset[str]:
    """Return the characters that the font has."""
    return frozenset(map(chr, _font().getBestCmap()))


def open_font() -> TTFont:
    """Open the font for making a subset; to be closed by the caller."""
    return _shared(TTFont(font_file(), lazy=True, recalcTimestamp=False))


@contextmanager
def font_read_once() -> Iterator[None]:
    """Let the PDF files that matplotlib writes share what was read; it reads all of the font for each otherwise."""
    original = subset.load_font

    def load_font(file: Any, *arguments: Any, **options: Any) -> TTFont:
        font = original(file, *arguments, **options)
        return _shared(font) if os.fspath(file) == os.fspath(font_file()) else font

    subset.load_font = load_font
    try:
        yield
    finally:
        subset.load_font = original


@cache
def _font() -> TTFont:
    """Return the font, closed, with its tables of glyphs and characters read."""
    with TTFont(font_file(), lazy=True) as font:
        font["cmap"].ensureDecompiled()
        for tag in _METRICS:
            font[tag]
    return font


def _shared(font: TTFont) -> TTFont:
    """Give `font`, newly opened, the names of glyphs, their widths and characters, which a subsetter replaces as
    wholes."""
    read = _font()
    font.setGlyphOrder(list(read.getGlyphOrder()))
    for tag in _METRICS:
        font[tag] = copy.copy(read[tag])
    font["cmap"] = copy.copy(read["cmap"])
    font["cmap"].tables = [copy.copy(table) for table in read["cmap"].tables]
    return font
