"""The font inside a page: read back with fontTools, which knows nothing of how it was chosen."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.ft2font import FT2Font

from pingan_analysis.drawing.fonts import font_file
from pingan_analysis.reporting.web_font import EMBEDDED_FAMILY, font_face


def font_in(css: str) -> TTFont:
    rules = re.findall(r'font-family: "([^"]+)"; src: url\("data:font/woff;base64,([^"]+)"\)', css)
    assert [family for family, _ in rules] == [EMBEDDED_FAMILY]
    return TTFont(io.BytesIO(base64.b64decode(rules[0][1])))


def characters_in(css: str) -> set[str]:
    return set(map(chr, font_in(css).getBestCmap()))


def test_has_what_chinese_text_needs_and_no_latin() -> None:
    text = "Ping'an (平安) – café: “三屏两报”——《鄧州》、１２３％ A·B…"
    assert characters_in(font_face(text)) == set("平安三屏两报鄧州“”–—…《》、１２３％·")


@pytest.mark.parametrize("text", ["", "safe and peaceful", "café, 3 × 4", "\U000323af", "<b>\n\t"])
def test_text_without_chinese_characters_needs_no_font(text: str) -> None:
    assert font_face(text) == ""


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(min_codepoint=0x3000, max_codepoint=0x9FFF), min_size=1, max_size=40))
def test_every_character_that_the_font_has_is_there(text: str) -> None:
    expected = {c for c in text if FT2Font(font_file()).get_char_index(ord(c))}
    css = font_face(text)
    assert (characters_in(css) if css else set()) == expected


def test_glyphs_are_those_of_the_whole_font() -> None:
    part, whole = font_in(font_face("平，")), TTFont(font_file())
    for character in "平，":
        here, there = (font.getBestCmap()[ord(character)] for font in (part, whole))
        assert part["hmtx"][here] == whole["hmtx"][there]
        assert part["glyf"][here].getCoordinates(part["glyf"])[0] == (
            whole["glyf"][there].getCoordinates(whole["glyf"])[0]
        )


def test_copyright_and_licence_travel_with_the_font() -> None:
    names = {name.nameID: str(name) for name in font_in(font_face("平"))["name"].names}
    assert "Adobe" in names[0]
    assert "SIL Open Font License" in names[13]


def test_order_and_process_do_not_matter() -> None:
    code = "from pingan_analysis.reporting.web_font import font_face; print(font_face('设建安平…平'))"
    command = [sys.executable, "-X", "utf8", "-c", code]
    other = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert other.stdout.strip() == font_face("平安建设…")
