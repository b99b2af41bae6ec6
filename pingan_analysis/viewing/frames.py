"""Plain data frames in a notebook: columns of Chinese text are not squeezed to the width of a character."""

from __future__ import annotations

import sys

import pandas as pd

_STYLE = "<style scoped>"
_LOOKS = """
    .dataframe :is(th, td) {
        max-width: 44ch;
        word-break: keep-all;
        overflow-wrap: break-word;
        vertical-align: top;
    }
"""


def use_frame_style() -> None:
    """Let this notebook show data frames with columns of readable width; elsewhere nothing happens.

    A browser may break Chinese text after any character, and so makes its columns as narrow as one. Reports have looks
    of their own.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        shell.display_formatter.formatters["text/html"].for_type(pd.DataFrame, frame_html)


def frame_html(frame: pd.DataFrame) -> str | None:
    """Return the frame as pandas has it for notebooks, with our looks in its style.

    >>> "keep-all" in frame_html(pd.DataFrame({"place": ["安陆"]}))
    True
    """
    shown: str | None = frame._repr_html_()  # type: ignore[operator]
    return shown and shown.replace(_STYLE, _STYLE + _LOOKS, 1)
