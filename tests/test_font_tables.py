"""What subsets share of the font: they have the same bytes as subsets of a font that is opened anew."""

from __future__ import annotations

import io
import random
from collections.abc import Set
from contextlib import nullcontext

import pytest
from fontTools import subset
from fontTools.ttLib import TTFont

from pingan_analysis.drawing.font_tables import characters, font_read_once, open_font
from pingan_analysis.drawing.fonts import font_file

GLYPHS = [{36, 37, 400}, {1}, set(random.Random(1).sample(range(30_000), 300)), {36, 37, 400}]


def subset_as_matplotlib(glyphs: Set[int], *, shared: bool) -> bytes:
    options = subset.Options(glyph_names=True, recommended_glyphs=True)
    with font_read_once() if shared else nullcontext(), subset.load_font(str(font_file()), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(gids=glyphs)
        subsetter.subset(font)
        target = io.BytesIO()
        font.save(target, reorderTables=False)
    return target.getvalue()


def test_subsets_that_share_have_the_bytes_of_those_that_do_not() -> None:
    alone = [subset_as_matplotlib(glyphs, shared=False) for glyphs in GLYPHS[:3]]
    assert [subset_as_matplotlib(glyphs, shared=True) for glyphs in GLYPHS] == [*alone, alone[0]]


def test_loading_of_fonts_is_as_before_afterwards_even_where_drawing_fails() -> None:
    before = subset.load_font
    with pytest.raises(subset.Options.UnknownOptionError), font_read_once():
        subset.Options(no_such_option=True)
    assert subset.load_font is before


def test_what_is_done_to_an_open_font_does_not_reach_the_next() -> None:
    with open_font() as first:
        subsetter = subset.Subsetter()
        subsetter.populate(text="平")
        subsetter.subset(first)
        assert set(first.getBestCmap()) == {ord("平")}
    with open_font() as second, TTFont(font_file()) as untouched:
        assert second.getBestCmap() == untouched.getBestCmap()
        assert second.getGlyphOrder() == untouched.getGlyphOrder()
        assert second["hmtx"].metrics == untouched["hmtx"].metrics
        assert characters() == set(map(chr, untouched.getBestCmap()))
