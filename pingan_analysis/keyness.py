"""Keyness: which terms mark a target against a reference, how strongly, and how far that can be trusted.

The parts stand in `keywords/`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from .counting import Terms
from .errors import NothingToCompare, TableError, check_whole
from .keywords.arrays import Floats
from .keywords.design import in_words
from .keywords.frequencies import Side, dispersion_unit, dp_norm, frequencies, in_one_document, p_dispersion
from .keywords.names import MEASURES_CALLED, check_name
from .keywords.permutation import permute
from .keywords.pieces import REST, Counted, read_counts, sides_of
from .keywords.repeats import WithoutRepeats, without_repeats
from .keywords.scores import MEASURES, check_alpha, keyness_scores, scores
from .keywords.stability import rank_range, ranks
from .keywords.table import COLUMNS, KeynessTable
from .keywords.units import choose_unit, make_units, smallest_p_of_documents
from .progress import progress

__all__ = ["KeynessTable", "keyness", "keyness_of_each", "keyness_scores"]


def keyness(
    terms: Terms | Counted, *, target: Any, reference: Any = REST, by: str = "doc_id", unit: str | None = None,
    measure: str = "lrc", vocabulary: Iterable[str] | None = None, min_n: int = 5, permutations: int = 999,
    alpha: float = 0.05, seed: int = 0, workers: int = 1, duplicates: bool = False, prior: Any = None,
) -> KeynessTable:
    """Return how much more frequent each term is in a target than in a reference, and what that rests on.

    `terms` is the table `terms`, or a DuckDB relation over it, with the columns doc_id, para, term, n and `by`, such as
    place (see `Study.terms_with`) or passage. `target` and `reference` are one value or several of the column `by`;
    "rest" is all others. Every word counts towards the totals; tested are the terms of `vocabulary` (such as
    `content_terms(terms)["term"]`; default: all) that occur at least `min_n` times in both sides together. All
    paragraphs are held in memory, some 25 KB an article: of more than 50,000, `study.terms_with("place",
    sample=50_000)` takes a sample.

    The result has every term tested, those too that are less frequent in the target (g2 and lrc below 0). A term that
    a small target never has can have a log_ratio above 0, as its count of 0 becomes 0.5. Keywords proper are the rows
    with n_target and log_ratio above 0.

    Columns of the result, which is sorted by `measure`, then g2, then term:

    - term; n_target, n_reference, per_1000_target, per_1000_reference (words); documents_target, documents_reference,
      paragraphs_target, paragraphs_reference: how many have it; dp_norm: how unevenly it is spread over the documents
      of both sides, 0 = evenly (see `dispersion`; over the paragraphs where there is but one document)
    - the measures of `keyness_scores`; V of lrc is the number of terms tested
    - p_dispersion: exact one-sided p of Fisher's test on the documents that have the term (text-dispersion keyness,
      Egbert & Biber 2019, with the exact test); not corrected for the number of terms. A document that stands on both
      sides counts on both.
    - p_permutation: one-sided p for being more frequent in the target, by permuting the sampling unit, corrected for
      all terms tested by the maximum statistic (Westfall & Young 1993; see keywords/permutation.py); NaN where
      `permutations` is 0. claim: where p_permutation is at most `alpha`, the unit of which that holds, else empty
    - rank; rank_best and rank_worst: its range when each document (or, of more than 20, each of 20 groups of them) is
      left out; one_document: one document has more than half of the target's occurrences (always so where the target
      is one document)

    The sampling `unit` is the document ("doc_id") where documents can reach `alpha` at all (one against four cannot:
    1 / C(5, 1) = 0.2), else the paragraph ("para"): within documents, where documents stand on both sides, else pooled;
    that is weaker evidence, as paragraphs of one article are not independent. Another column, such as place, may be
    named. All arrangements are tried where there are at most `permutations` + 1, else as many are drawn, from `seed`;
    the result is the same for any number of `workers` (processes).

    Unless `duplicates` is true, paragraphs of at least five words that repeat an earlier one of their side word for
    word count once, and with "rest" documents are left out of the reference of which at least half of the words stand
    in paragraphs that a target document has too. `prior` is α of the log odds: one for all terms, or a Series or dict
    with one for each term (α0 is their sum); default: target and reference together.

    The design (units, sizes, seed, smallest p that can be reached …) stands in `attrs["design"]` and is printed above
    the table; above some of its columns, one line is. As text, only the main columns are printed.

    Raises `ChoiceError` for a name that is none, `TableError` for an empty or overlapping side, a table at fault, a
    unit that stands on both sides, or an argument out of range.

    >>> terms = pd.DataFrame({"doc_id": ["a", "a", "b", "b"], "para": [0, 1, 0, 1],
    ...                       "term": ["平安", "平安", "平安", "禁毒"], "n": [3, 2, 1, 9]})
    >>> keyness(terms, target="a")[["term", "n_target", "n_reference", "claim"]].values.tolist()
    [['平安', 5, 1, ''], ['禁毒', 0, 9, '']]
    """
    check_name(measure, MEASURES, "measure", called=MEASURES_CALLED)
    check_whole(min_n=(min_n, 1), permutations=(permutations, 0), seed=(seed, 0), workers=(workers, 1))
    check_alpha(alpha)
    chosen = vocabulary_of(vocabulary)
    counts = read_counts(terms, by=by, unit=unit)
    pieces, sides = sides_of(counts, target=target, reference=reference)
    counted = WithoutRepeats(pieces, 0, 0) if duplicates else without_repeats(pieces, rest=sides.reference == REST)
    pieces = counted.pieces
    if pieces.in_target.all():
        raise NothingToCompare("reference: all its documents repeat the target; duplicates=True counts them")
    tested = pieces.terms_to_test(chosen, min_n)
    names = pieces.terms[tested]
    units = make_units(pieces, unit or choose_unit(pieces, has_paragraphs=counts.has_paragraphs, alpha=alpha), tested)
    permuted = permute(units, permutations=permutations, seed=seed, workers=workers)

    here, there = (Side(pieces.only(side), tested) for side in (pieces.in_target, ~pieces.in_target))
    given = _prior(prior, names, len(pieces.terms))
    score: Callable[..., dict[str, Floats]] = partial(scores, alpha=alpha, vocabulary=len(tested), **given)
    measured = score(here.n, here.words, there.n, there.words)
    rank = ranks(measured, measure, here.n + there.n > 0)
    spread = rank_range(pieces, tested, rank, partial(score, measures=(measure, "g2")), measure)

    table = KeynessTable({
        "term": names, **frequencies(here, there), "dp_norm": dp_norm(pieces, tested), **measured,
        "p_dispersion": p_dispersion(here, there), "p_permutation": permuted.p,
        "claim": np.where(permuted.p <= alpha, units.name, ""), "rank": rank, "rank_best": spread.best,
        "rank_worst": spread.worst, "one_document": in_one_document(here),
    })
    table = table.sort_values("rank", ignore_index=True)
    table.attrs["design"] = {
        **sides.facts(), "sizes": {"target": here.size, "reference": there.size},
        "measure": measure, "min_n": int(min_n), "vocabulary": None if chosen is None else len(chosen),
        "terms_tested": len(tested), "alpha": float(alpha), **units.facts(), **permuted.facts(), "seed": int(seed),
        "smallest_p_documents": smallest_p_of_documents(pieces), "dispersion_over": dispersion_unit(pieces),
        "left_out": spread.facts(), "duplicates": bool(duplicates), "repeated_paragraphs": counted.paragraphs,
        "repeating_documents": counted.documents,
    }
    return table


def keyness_of_each(terms: Terms, *, by: str, targets: Any = None, **options: Any) -> pd.DataFrame:
    """Return `keyness` of each of several targets against the rest, one below the other.

    `targets` are one or several values of the column `by` (default: all of them, in their order), each compared by
    itself; `options` are those of `keyness`. The first column is `by`, the others are those of `keyness`;
    `attrs["designs"]` holds the design of each comparison by its target, as a list of sentences, to be printed by
    `print(*table.attrs["designs"]["南湖区"], sep="\\n")`. Where there is but one value, and so no rest, or no term is
    frequent enough to be tested, the table is empty, with a warning.

    >>> terms = pd.DataFrame({"doc_id": ["a", "b"], "para": [0, 0], "term": ["平安", "禁毒"], "n": [6, 9]})
    >>> keyness_of_each(terms, by="doc_id")[["doc_id", "term", "n_target"]].values.tolist()
    [['a', '平安', 6], ['a', '禁毒', 0], ['b', '禁毒', 9], ['b', '平安', 0]]
    """
    counts = read_counts(terms, by=by, unit=options.get("unit"))
    chosen = counts.sides.known if targets is None else counts.sides.chosen(targets, "targets")
    tables = {}
    for target in progress(list(chosen), "comparing", unit=" cases"):
        try:
            tables[target] = keyness(counts, target=target, by=by, **options)
        except NothingToCompare as error:
            warnings.warn(f"{target}: {error}", stacklevel=2)
    rows = [pd.DataFrame(table).assign(**{by: target}) for target, table in tables.items()]
    each = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=[*COLUMNS, by])
    each.attrs = {"designs": {target: in_words(table.design) for target, table in tables.items()}}
    return each[[by, *COLUMNS]]


def vocabulary_of(vocabulary: Iterable[str] | None) -> set[str] | None:
    """Return the terms of `vocabulary`; None for all. Raises `TableError` where it is no list."""
    if vocabulary is None:
        return None
    if isinstance(vocabulary, pd.DataFrame):
        raise TableError("vocabulary is DataFrame; it must be a list or Series of terms, such as its column 'term'")
    if isinstance(vocabulary, str) or not isinstance(vocabulary, Iterable):
        raise TableError(f"vocabulary={vocabulary!r}; it must be a list or Series of terms")
    terms = list(vocabulary)
    for term in terms:
        if not isinstance(term, str):
            raise TableError(f"vocabulary: holds {term!r}; it must be a list or Series of terms")
    return set(terms)


def _prior(prior: Any, names: pd.Index, n_terms: int) -> dict[str, Any]:
    """Return the arguments of `scores` that a prior makes: α of the tested terms, and α0 over all terms there are."""
    if prior is None:
        return {}
    if isinstance(prior, Real):
        prior = pd.Series(float(prior), index=names)
        prior_total = float(prior.iloc[0]) * n_terms
    elif isinstance(prior, pd.Series | Mapping):
        prior = pd.Series(prior, dtype=float)
        prior_total = float(prior.sum())
    else:
        raise TableError(f"prior is {type(prior).__name__}; it must be a number, or a Series or dict by term")
    missing = names.difference(prior.index)
    if len(missing):
        raise TableError(f"prior: has no value for {missing[0]!r}, which is tested")
    if not prior.index.is_unique or not (np.isfinite(prior) & (prior > 0)).all():
        raise TableError("prior: must have one number above 0 for each term")
    return {"prior": prior.loc[names].to_numpy(), "prior_total": prior_total}
