"""Keyword in context: where a word or pattern stands in the articles, with the words around it."""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Iterator
from numbers import Integral

import pandas as pd

from .errors import PinganError
from .reading.boilerplate import paragraphs
from .schema import check_texts
from .script import to_simplified

COLUMNS = ["doc_id", "para", "char_start", "char_end", "left", "match", "right"]


class Concordance(pd.DataFrame):
    """The table of `kwic`; a notebook shows it with the matches under one another."""

    def __repr__(self) -> str:
        return pd.DataFrame(self).to_string()

    def _repr_html_(self) -> str:
        if self.empty:
            return f"<p>No match{html.escape(self.attrs.get('searched', ''))}.</p>"
        if not set(COLUMNS) <= set(self.columns):
            return pd.DataFrame(self).to_html()
        lines = "\n".join(_html_line(row) for row in self[COLUMNS].itertuples(index=False))
        return (
            '<table class="concordance" lang="zh"><thead><tr><th scope="col">document : character</th>'
            '<th scope="col" style="text-align:right">left</th><th scope="col" style="text-align:center">match</th>'
            f'<th scope="col" style="text-align:left">right</th></tr></thead>\n<tbody>\n{lines}\n</tbody></table>'
        )


def kwic(documents: pd.DataFrame, pattern: str, *, width: int = 20) -> Concordance:
    """Return every place where `pattern` stands in the texts, in order, with `width` characters on either side.

    `documents` has the columns doc_id and text (as `read_articles` returns them); matches in boilerplate are left out.
    `pattern` is a word or a regular expression, in either script: it is matched on the simplified form of the text,
    paragraph by paragraph (^ and $ are a paragraph's ends), and what is returned is cut from the text as it stands.
    Capital and small letters differ; (?i) at its head makes them equal. Matches do not overlap. Columns: doc_id, para,
    char_start, char_end (offsets into the text), left, match, right; line ends inside the context are shown as a space.

    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["深入開展掃黑除惡專項鬥爭"]})
    >>> kwic(articles, "扫黑除恶", width=2)[["left", "match", "right"]].values.tolist()
    [['開展', '掃黑除惡', '專項']]
    """
    check_texts(documents)
    if not isinstance(width, Integral) or width < 0:
        raise PinganError(f"width={width!r}; it must be a whole number of characters, 0 or more")
    expression = _compile(pattern)
    cut = documents["boilerplate"] if "boilerplate" in documents else [()] * len(documents)
    rows = [
        row
        for doc_id, text, spans in zip(documents["doc_id"], documents["text"], cut, strict=True)
        for row in _find(expression, doc_id, text, spans, width)
    ]
    if not rows:
        _warn_if_literal(pattern, documents["text"])
    table = Concordance(rows, columns=COLUMNS)
    table.attrs["searched"] = f" for {pattern} in {len(documents):,} documents"
    return table


def _compile(pattern: str) -> re.Pattern[str]:
    if not isinstance(pattern, str) or not pattern:
        raise PinganError(f"pattern={pattern!r}; it must be a word or a regular expression")
    try:
        return re.compile(to_simplified(pattern))
    except re.error as error:
        raise PinganError(f"pattern {pattern!r} is no regular expression ({error}); "
                          "for the characters themselves pass re.escape(pattern)") from error


def _find(
    expression: re.Pattern[str], doc_id: str, text: str, boilerplate: tuple[tuple[int, int, str], ...], width: int
) -> Iterator[tuple[str, int, int, int, str, str, str]]:
    simplified = to_simplified(text)
    for stretch in paragraphs(text, boilerplate):
        for match in expression.finditer(simplified[stretch.start : stretch.end]):
            start, end = (stretch.start + offset for offset in match.span())
            if start < end:
                left = _one_line(text[max(0, start - width) : start])
                right = _one_line(text[end : end + width])
                yield doc_id, stretch.para, start, end, left, text[start:end], right


def _one_line(context: str) -> str:
    return re.sub(r"\s", " ", context)


def _warn_if_literal(pattern: str, texts: pd.Series) -> None:
    literal = to_simplified(pattern)
    found = sum(to_simplified(text).count(literal) for text in texts)
    if found:
        warnings.warn(f"pattern {pattern!r} matches nothing as a regular expression, but its characters occur {found} "
                      "times; for the characters themselves pass re.escape(pattern)", stacklevel=3)


def _html_line(row: tuple[str, int, int, int, str, str, str]) -> str:
    doc_id, _, start, _, left, match, right = row
    where, left, match, right = (html.escape(cell) for cell in (f"{doc_id} : {start}", left, match, right))
    return (f'<tr><td>{where}</td><td style="text-align:right">{left}</td>'
            f'<td style="text-align:center"><mark>{match}</mark></td><td style="text-align:left">{right}</td></tr>')
