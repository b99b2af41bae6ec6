"""The rows of `metrics` as the checks read them, and what a check has found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import pandas as pd

from .limits import Limits, limits_of
from .stages import Role, role_of
from .wording import written

GAP = 60  # characters: between the end of a metric and the start of the next that may relate to it


@dataclass(frozen=True, slots=True)
class Metric:
    """A row of `metrics`, as the checks read it."""

    key: str
    fact: str
    doc_id: str
    para: int
    start: int
    end: int
    quantity: str
    value: float
    low: float | None
    high: float | None
    unit: str
    bound: str
    kind: str
    direction: str
    cumulative: bool
    target: bool
    indicator: str
    category: str
    channel: str
    place: str
    period: tuple[Any, Any]  # first and last day, or None
    period_text: str
    period_basis: str

    @property
    def role(self) -> Role:
        return role_of(self.indicator)

    @property
    def limits(self) -> Limits:
        return limits_of(self.quantity, self.value, self.low, self.high, self.bound, self.unit)

    @property
    def written(self) -> str:
        return written(self.quantity, self.value, self.unit, self.bound)

    @property
    def named(self) -> str:
        return f"{self.indicator} ({self.quantity})"


class Finding(NamedTuple):
    """What a check found, before metrics that repeat others are put together."""

    check: str
    verdict: str
    metrics: tuple[Metric, ...]
    formula: str
    explanation: str
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""


def row_keys(table: pd.DataFrame) -> pd.Series:
    """Return what each row of `metrics` is called by others (its column same_as): doc_id:char_start."""
    return table["doc_id"] + ":" + table["char_start"].astype("str")


def metrics_of(table: pd.DataFrame) -> list[Metric]:
    frame = table.astype(object).where(table.notna(), None)
    keys = row_keys(table)
    columns: dict[str, Iterable[Any]] = {str(name): frame[name] for name in frame} | {
        "key": keys, "fact": frame["same_as"].where(frame["same_as"] != "", keys), "start": frame["char_start"],
        "end": frame["char_end"], "period": zip(frame["period_start"], frame["period_end"], strict=True),
    }
    return [Metric(*cells) for cells in zip(*(columns[field.name] for field in fields(Metric)), strict=True)]


def near(before: Metric, metric: Metric) -> bool:
    return 0 <= metric.para - before.para <= 1 and metric.start - before.end <= GAP
