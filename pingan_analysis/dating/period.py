"""What a time expression is resolved to."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Period(NamedTuple):
    """A time expression: its span and text, first and last day (None: open or not known), basis and role.

    `basis` says how the days were settled: stated, relative (to the publication date, or to a date named before),
    as_of, since, or unresolved. `role` says what the expression does: within (something happened between the two
    days), as_of (the state on the last day), since (from the first day to the publication date), deadline (by the
    last day), vague (近期, recently: no first day), observance (the day that an event is named for).
    """

    start: int
    end: int
    text: str
    date_start: date | None
    date_end: date | None
    basis: str
    role: str
