"""Days of publication, and the periods of the calendar that they are counted by: years to months."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from .errors import TableError, check_choice

MONTHS = {"YS": 12, "2QS": 6, "QS": 3, "MS": 1}
"""Months of a period, by pandas' name for its frequency: year, half-year, quarter, month."""


def months_of(freq: str) -> int:
    """Return how many months a period of `freq` has; raise `ChoiceError` for a frequency that is none of `MONTHS`.

    >>> months_of("QS")
    3
    """
    return MONTHS[check_choice(freq, MONTHS, "freq")]


def published_days(documents: pd.DataFrame) -> pd.Series:
    """Return the day on which each document was published, NaT where it has none.

    Raises `TableError` where there is no column published, or a cell of it is neither empty nor a day.

    >>> published_days(pd.DataFrame({"published": ["2018-02-01", ""]})).isna().tolist()
    [False, True]
    """
    if "published" not in documents:
        raise TableError("documents: no column 'published'; it must hold days such as 2024-09-02")
    given = documents["published"].astype(object)
    given = given.where(given.notna() & given.ne(""), None)
    days = pd.to_datetime(given, errors="coerce", format="ISO8601", utc=True).dt.tz_localize(None).dt.normalize()
    wrong = given.notna() & days.isna()
    if wrong.any():
        raise TableError(f"documents: column 'published' holds {given[wrong].iloc[0]!r} in row "
                         f"{int(wrong.to_numpy().argmax()) + 1}; it must be a day such as 2024-09-02")
    return days


def bin_numbers(days: pd.Series, months: int) -> npt.NDArray[np.int64]:
    """Return the number of the period of `months` months that each day lies in, counted from the year 0.

    >>> bin_numbers(pd.Series(pd.to_datetime(["2021-06-30", "2021-07-01"])), 6).tolist()
    [4042, 4043]
    """
    numbers: npt.NDArray[np.int64] = ((12 * days.dt.year + days.dt.month - 1) // months).to_numpy(np.int64)
    return numbers


def bin_starts(numbers: npt.ArrayLike, months: int) -> pd.Series:
    """Return the first day of each period that `bin_numbers` numbered; that of the next is the day after its last.

    >>> bin_starts(np.array([4042, 4043]), 6).dt.strftime("%Y-%m-%d").tolist()
    ['2021-01-01', '2021-07-01']
    """
    since_1970 = np.asarray(numbers, dtype="int64") * months - 12 * 1970
    return pd.Series(since_1970.astype("datetime64[M]").astype("datetime64[s]"))
