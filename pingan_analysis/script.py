"""The two Chinese scripts: which one a text is in, and its simplified copy of the same length.

Every rule of the package matches on the simplified copy; because the copy is as long as the original,
an offset found in the one is an offset in the other, and what is shown is cut from the original.
"""

from __future__ import annotations

import operator
from functools import cache, lru_cache

from opencc import OpenCC

SIMPLIFIED, TRADITIONAL = "hans", "hant"


@cache
def _converter(config: str) -> OpenCC:
    return OpenCC(config)


@lru_cache(maxsize=8)
def to_simplified(text: str) -> str:
    """Return `text` in simplified script, character for character.

    Simplified text comes back (nearly) unchanged, so it need not be known beforehand which script it is.

    >>> to_simplified("掃黑除惡")
    '扫黑除恶'
    """
    simplified = _convert(text, "t2s")
    if len(simplified) == len(text):
        return simplified
    return "".join(_same_length(character) for character in text)


def _same_length(character: str) -> str:
    simplified = _convert(character, "t2s")
    return simplified if len(simplified) == 1 else character


def _convert(text: str, config: str) -> str:
    converted: str = _converter(config).convert(without_surrogates(text))
    return converted


def without_surrogates(text: str) -> str:
    """Return `text` with every lone surrogate as U+FFFD, as long as before: it can be encoded and stored.

    >>> without_surrogates("平\\ud800安") == "平\\ufffd安"
    True
    """
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text) if _has_surrogate(text) else text


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def detect_script(text: str) -> str:
    """Return "hant" if more characters of `text` are of the traditional script than of the simplified, else "hans".

    >>> detect_script("平安建設進校園"), detect_script("平安建设进校园")
    ('hant', 'hans')
    """
    simplified = to_simplified(text)
    if simplified == text:
        return SIMPLIFIED
    more = _differences(text, simplified) > _differences(text, _convert(text, "s2t"))
    return TRADITIONAL if more else SIMPLIFIED


def _differences(text: str, converted: str) -> int:
    return sum(map(operator.ne, text, converted))
