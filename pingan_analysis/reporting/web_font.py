"""The Chinese characters of a page as a font inside the page, for readers whose machine has none."""

from __future__ import annotations

import base64
import io

from fontTools import subset

from ..drawing.font_tables import characters, open_font
from ..drawing.fonts import FAMILY

EMBEDDED_FAMILY = f"{FAMILY} (embedded)"
MIDDLE_DOT = "·"  # stands between the parts of foreign names in Chinese text
FIRST_OTHER = "\u2000"  # general punctuation begins here; fonts for Latin text have what comes before


def font_face(text: str) -> str:
    """Return a CSS @font-face rule for the family `EMBEDDED_FAMILY`, with the glyphs that Chinese text needs.

    Those are the characters of `text` from U+2000 on and the middle dot, as far as the font has them. Signs
    that Latin fonts have too are included, as Chinese text has them full width. Without any the rule is empty.
    The font is a subset of the one of the figures, with its copyright and licence inside.

    >>> font_face("safe and peaceful")
    ''
    >>> font_face("平安")[:76]
    '@font-face { font-family: "Noto Sans SC (embedded)"; src: url("data:font/wof'
    """
    wanted = {c for c in set(text) if c >= FIRST_OTHER or c == MIDDLE_DOT} & characters()
    if not wanted:
        return ""
    data = base64.b64encode(_subset("".join(sorted(wanted)))).decode("ascii")
    return (
        f'@font-face {{ font-family: "{EMBEDDED_FAMILY}"; '
        f'src: url("data:font/woff;base64,{data}") format("woff"); }}'
    )


def _subset(text: str) -> bytes:
    options = subset.Options(hinting=False, bidi_closure=False, name_IDs=[0, 1, 2, 13, 14])
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT"]
    with open_font() as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=text)
        subsetter.subset(font)
        font.flavor = "woff"
        target = io.BytesIO()
        font.save(target)
    return target.getvalue()
