"""Periods of the calendar that dates are counted by: years, half-years, quarters, months."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from .errors import check_choice

MONTHS = {"YS": 12, "2QS": 6, "QS": 3, "MS": 1}
"""Months of a period, by pandas' name for its frequency: year, half-year, quarter, month."""


def months_of(freq: str) -> int:
    """Return how many months a period of `freq` has; raise `ChoiceError` for a frequency that is none of `MONTHS`.

    >>> months_of("QS")
    3
    """
    return MONTHS[check_choice(freq, MONTHS, "freq")]


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
