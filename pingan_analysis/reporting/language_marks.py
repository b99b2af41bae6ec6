"""Which language a text is in: Chinese words on an English page, English text on a Chinese page.

Screen readers go by it, and so do fonts: quotation marks, dashes and … are full width in Chinese text only.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from markupsafe import Markup

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SIGNS = "\u3000-\u303f\uff01-\uff65·—…"
# Signs only between Chinese characters, and quotation marks only in pairs: others belong to the text around.
_CHINESE = re.compile(f"[{_HAN}](?:[{_SIGNS}]*(?:[{_HAN}]|“[{_HAN}{_SIGNS}]*”))*")
_WHOLLY_CHINESE = re.compile(f"[{_HAN}{_SIGNS}“”‘’]+")
_CHINESE_CHARACTER = re.compile(f"[{_HAN}]")
_LATIN_LETTER = re.compile("[A-Za-z]")
_LETTERS_PER_CHARACTER = 3  # as long as about one Chinese character in what it says
_BLOCKS = ["p", "li", "dt", "dd", "th", "td", "caption", "figcaption", *(f"h{level}" for level in range(1, 7))]
_NO_MARK = {"code", "pre", "style", "svg", "option", "textarea"}


def mark_languages(soup: BeautifulSoup, lang: str) -> None:
    """Mark what is not in `lang`, the language of the page: Chinese words, or blocks of English text."""
    if lang == "en":
        _mark_chinese(soup)
        return
    for block in soup.find_all(_BLOCKS):
        if _is_english(block.get_text()) and not _has_lang(block):
            block["lang"] = "en"
            _mark_chinese(block)


def marked(text: str, *, lang: str) -> Markup:
    """Return text as HTML for a page in `lang`, in which words of the other language are marked as such.

    >>> marked("<平安> policy", lang="en")
    Markup('&lt;<span lang="zh">平安</span>&gt; policy')
    >>> marked("policy", lang="zh")
    Markup('<span lang="en">policy</span>')
    """
    escaped = html.escape(text, quote=False)
    if lang == "zh" and not _is_english(text):
        return Markup(escaped)
    words = _CHINESE.sub(lambda match: f'<span lang="zh">{match[0]}</span>', escaped)
    return Markup(words if lang == "en" else f'<span lang="en">{words}</span>')


def _is_english(text: str) -> bool:
    letters, characters = (len(pattern.findall(text)) for pattern in (_LATIN_LETTER, _CHINESE_CHARACTER))
    return letters > _LETTERS_PER_CHARACTER * characters


def _has_lang(tag: Tag) -> bool:
    return any("lang" in around.attrs for around in [tag, *tag.parents])


def _mark_chinese(part: Tag) -> None:
    for string in [string for string in part.find_all(string=_CHINESE) if _is_markable(string)]:
        parent = string.parent
        alone = parent is not None and parent.parent is not None and parent.string is string
        if parent is not None and alone and "lang" not in parent.attrs and _WHOLLY_CHINESE.fullmatch(string.strip()):
            parent["lang"] = "zh"
        else:
            string.replace_with(*_pieces(string))


def _pieces(text: str) -> Iterator[NavigableString | Tag]:
    end = 0
    for match in _CHINESE.finditer(text):
        yield NavigableString(text[end : match.start()])
        yield (span := Tag(name="span", attrs={"lang": "zh"}))
        span.string = match[0]
        end = match.end()
    yield NavigableString(text[end:])


def _is_markable(string: NavigableString) -> bool:
    around = [tag for tag in string.parents if tag.name in _NO_MARK or "lang" in tag.attrs]
    return type(string) is NavigableString and (
        not around or (around[0].name not in _NO_MARK and not str(around[0].get("lang")).startswith("zh"))
    )
