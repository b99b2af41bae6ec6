"""How often terms occur in a large dated corpus, period by period."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from .calendar_bins import bin_numbers, bin_starts, months_of, published_days
from .errors import TableError
from .plain import PlainText
from .reading.boilerplate import paragraphs
from .schema import check_texts

CONFIDENCE = 0.95


def term_trend(documents: pd.DataFrame, terms: str | Iterable[str], *, freq: str = "YS") -> pd.DataFrame:
    """Return how many documents have each term, and how often it occurs, in every period of the calendar.

    `documents` has the columns doc_id, text and published (a day, or empty), and boilerplate where there is any;
    every row counts as one document, so leave out duplicates beforehand. `terms` are strings of characters, counted
    in the simplified copy of the text (less boilerplate), each for itself: 扫黑除恶 also where it is part of
    扫黑除恶专项斗争, a term of its own.
    `freq` is "YS" (years), "2QS" (half-years), "QS" (quarters) or "MS" (months).

    A row is a term (in the order given) × a period, from that of the first dated document to that of the last:

    - term (in simplified script), period_start (its first day)
    - documents, documents_with (those that have the term), mentions (occurrences)
    - per_1000_documents = 1000 × documents_with / documents; per_million_characters = 10⁶ × mentions / characters
    - low, high: 95 % score interval of per_1000_documents (Wilson 1927, JASA 22: 209–212), which takes the documents
      as drawn at random and independently from all that such a source would publish
    - partial: true of the first period where no document is as early as its first day, and of the last where none is
      as late as its last day: the corpus seems not to reach its ends
    - characters: of the documents, as counted

    A period without documents has counts of 0, and no rates (NaN); without dated documents there is no row. Documents
    without a date are in no row; their number is in `.attrs["undated"]`, and a warning says it. Raises `TableError` for
    a missing column, a date that is none, or no term; `ChoiceError` for another `freq`.

    >>> documents = pd.DataFrame({"doc_id": ["a", "b"], "text": ["掃黑除惡", "平安"],
    ...                           "published": ["2018-02-01", "2018-03-01"]})
    >>> term_trend(documents, "扫黑除恶")[["documents", "documents_with", "per_1000_documents"]].values.tolist()
    [[2.0, 1.0, 500.0]]
    """
    months = months_of(freq)
    wanted = _plain_terms(terms)
    check_texts(documents)
    published = published_days(documents)
    dated = published.notna().to_numpy()
    undated = int((~dated).sum())
    if undated:
        warnings.warn(f"{undated:,} of {len(documents):,} documents have no date and are in no period", stacklevel=2)
    published = published[dated]
    periods = bin_numbers(published, months)
    texts = _counted_texts(documents[dated])
    first, length = (int(periods.min()), int(np.ptp(periods)) + 1) if len(periods) else (0, 0)
    periods = periods - first
    starts = bin_starts(np.arange(first, first + length + 1), months)
    of_period = pd.DataFrame({
        "period_start": starts[:-1],
        "documents": np.bincount(periods, minlength=length),
        "partial": _partial(published, starts),
        "characters": np.bincount(periods, [len(text) for text in texts], length).astype("int64"),
    })
    table = pd.concat([_of_term(term, texts, periods, of_period) for term in wanted], ignore_index=True)
    table = _with_rates(table)[[
        "term", "period_start", "documents", "documents_with", "mentions", "per_1000_documents",
        "per_million_characters", "low", "high", "partial", "characters",
    ]]
    table.attrs["undated"] = undated
    return table


def wilson_interval(
    successes: npt.ArrayLike, trials: npt.ArrayLike, *, confidence: float = CONFIDENCE
) -> npt.NDArray[np.float64]:
    """Return the lower and the upper limits (two rows) of the shares successes / trials: the score interval.

    With p = k / n and z the normal quantile: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n) (Wilson 1927, JASA 22:
    209–212). NaN where there are no trials.

    >>> wilson_interval([1], [10]).round(4).ravel().tolist()
    [0.0179, 0.4042]
    """
    z = ndtri((1 + confidence) / 2)
    n = np.where(np.asarray(trials) > 0, trials, np.nan).astype(np.float64)
    share = np.asarray(successes, dtype=np.float64) / n
    centre = share + z**2 / (2 * n)
    reach = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    limits: npt.NDArray[np.float64] = np.array([centre - reach, centre + reach]) / (1 + z**2 / n)
    limits[0] = np.where(share == 0, 0.0, limits[0])  # which rounding would miss by 1e-17
    limits[1] = np.where(share == 1, 1.0, limits[1])
    return limits


def _plain_terms(terms: str | Iterable[str]) -> list[str]:
    given = [terms] if isinstance(terms, str) else list(terms)
    if not given:
        raise TableError("terms: none given; name one, such as '扫黑除恶'")
    for term in given:
        if not isinstance(term, str) or not term.strip():
            raise TableError(f"terms: {term!r} is no term; it must be a string of characters")
    return list(dict.fromkeys(PlainText(term.strip()).text for term in given))


def _counted_texts(documents: pd.DataFrame) -> list[str]:
    cuts = documents["boilerplate"] if "boilerplate" in documents else [()] * len(documents)
    return [PlainText(_running_text(text, cut)).text for text, cut in zip(documents["text"], cuts, strict=True)]


def _running_text(text: str, boilerplate: Iterable[tuple[int, int, str]]) -> str:
    cut = tuple(boilerplate)
    return "\n".join(text[stretch.start:stretch.end] for stretch in paragraphs(text, cut)) if cut else text


def _partial(published: pd.Series, starts: pd.Series) -> np.ndarray:
    if published.empty:
        return np.zeros(0, dtype=bool)
    partial = np.zeros(len(starts) - 1, dtype=bool)
    partial[0] = published.min() > starts.iloc[0]
    partial[-1] |= published.max() < starts.iloc[-1] - pd.Timedelta(days=1)
    return partial


def _of_term(term: str, texts: list[str], periods: np.ndarray, of_period: pd.DataFrame) -> pd.DataFrame:
    counts = np.array([text.count(term) for text in texts])
    return of_period.assign(
        term=term,
        documents_with=np.bincount(periods[counts > 0], minlength=len(of_period)),
        mentions=np.bincount(periods, counts, len(of_period)).astype("int64"),
    )


def _with_rates(table: pd.DataFrame) -> pd.DataFrame:
    documents, characters = (table[name].where(table[name] > 0).astype(float) for name in ("documents", "characters"))
    low, high = wilson_interval(table["documents_with"].to_numpy(), table["documents"].to_numpy())
    return table.assign(
        per_1000_documents=1000 * table["documents_with"] / documents,
        per_million_characters=1_000_000 * table["mentions"] / characters,
        low=1000 * low,
        high=1000 * high,
    )
