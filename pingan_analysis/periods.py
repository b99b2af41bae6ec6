"""Time expressions of Chinese text, resolved to days against the date on which the text was published."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from .dating.period import Period
from .errors import PinganError

__all__ = ["Period", "find_periods", "periods_in"]


def find_periods(text: str, *, published: date | str | None = None) -> list[Period]:
    """Return the time expressions of `text` in order, with offsets into it; see `Period` for what each one has.

    `published` is the day on which the text came out: a date, a datetime (pandas Timestamps are such), an ISO string,
    or None (NaT) where it is not known. Words such as 今年 (this year) are resolved against it, and a month or day
    without a year is the last one that is not after it, unless the clause speaks of what is to come. Without it they
    have no dates. Raises `PinganError` where `published` cannot be read.

    >>> period = find_periods("截至10月25日,共发放传单9000份", published="2024-11-02")[0]
    >>> period.text, period.date_end, period.basis
    ('截至10月25日', datetime.date(2024, 10, 25), 'as_of')
    """
    from .plain import plain_text

    plain = plain_text(text)
    found = periods_in(plain.text, to_day(published))
    if plain.text == text:
        return found
    return [_in_original(period, plain.span(period.start, period.end), text) for period in found]


def periods_in(plain: str, published: date | None) -> list[Period]:
    """Return the time expressions of a text as `PlainText.text` gives it, with offsets into that copy.

    >>> [period.text for period in periods_in("今年以来,接警294起;上半年走访60户。", None)]
    ['今年以来', '上半年']
    """
    from .dating.reader import Reader

    return Reader(plain, published).read()


def _in_original(period: Period, span: tuple[int, int], text: str) -> Period:
    start, end = span
    return period._replace(start=start, end=end, text=text[start:end])


def to_day(published: Any) -> date | None:
    if published is None or _is_missing(published):
        return None
    if isinstance(published, str):
        try:
            published = datetime.fromisoformat(published.strip())
        except ValueError:
            raise PinganError(f"published={published!r} is no date; write it as 2024-09-05") from None
    if isinstance(published, datetime):
        return published.date()
    if isinstance(published, date):
        return published
    raise PinganError(f"published={published!r} is no date; give a date or a string such as '2024-09-05'")


def _is_missing(value: Any) -> bool:
    """Tell whether `value` is a missing value of pandas (NaT, NaN, NA): the only ones that do not equal themselves."""
    try:
        return bool(value != value)
    except TypeError:
        return True
