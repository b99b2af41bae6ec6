"""What the metrics of the texts imply, and where they disagree.

False alarms are worse than misses, so a relation is only seen where position and wording make it evident:

- Metrics relate that stand in one document and paragraph (or in neighbouring ones), each at most 60 characters
  (`auditing.evidence.GAP`) behind the one before, with the same place and period, as results and not goals, and in
  the same unit.
- What they say of each other is read off their indicators by `lexicon/case_stages.tsv`: matters found, settled,
  pending; the noun must be the same (or the longer must end in the shorter, or one has none: 矛盾纠纷排查, 化解率).
- A whole and parts that add up to it by chance are not related: 12 posters and 8 banners are no parts of 20 meetings.
- A limit is a limit: 20余 (more than 20) can be 26. A metric contradicts only what its limits, or the rounding of its
  printed digits, exclude. A rate is taken as rounded; one that was cut off instead is no contradiction either.
- Two values contradict each other only where one must exclude the other: rates, ranks, stocks and cumulative counts
  of the same indicator, place and stated period. Two counts of events may be of two events.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pandas as pd

from .auditing.dates import impossible_dates
from .auditing.evidence import Finding, Metric, metrics_of
from .auditing.parts import complements, stages
from .auditing.same_indicator import falling, repeats, streaks, two_values
from .cycles import without_search_for_cycles
from .schema import check_table

COLUMNS = ("check", "verdict", "doc_ids", "rows", "formula", "explanation", "expected", "low", "high", "unit")


@without_search_for_cycles()
def audit_metrics(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return what the rows of the table `metrics` imply and where they disagree, a row a finding, in text order.

    Columns:

    - check: parts_and_whole (a whole and what of it is settled or pending, or its two complementary parts),
      numerator_denominator_rate, two_values (of what can have one only), falling_cumulative, streak (of two years),
      repeated_value (one fact that several rows state, by `same_as`), impossible_date
    - verdict: consistent (the metrics agree), implied (they fix, or limit, a number that is not printed), inconsistent
    - doc_ids, rows: the documents and the rows (doc_id:char_start) that it rests on, joined by spaces
    - formula: what was computed, such as 281 + 26 = 307; ≥ and ≤ stand for bounds
    - explanation: in words
    - expected: the number that follows from the others; low, high: the limits within which it must lie, by the rounding
      of the printed digits; empty where there is none. unit: of these three ("%": a ratio)

    Which metrics are taken to relate is said at the head of the module. Raises `TableError` where `metrics` is no such
    table.
    """
    checked = metrics_of(check_table(metrics, "metrics", where="metrics"))
    documents: dict[str, list[Metric]] = defaultdict(list)
    for metric in checked:
        documents[metric.doc_id].append(metric)
    found: list[Finding] = []
    for of_document in documents.values():
        of_document.sort(key=lambda metric: metric.start)
        found += [*stages(of_document), *complements(of_document), *impossible_dates(of_document)]
    found += [*two_values(checked), *falling(checked), *streaks(checked), *repeats(checked)]
    position = {metric.key: n for n, metric in enumerate(row for rows in documents.values() for row in rows)}
    rows = sorted(_merged(found), key=lambda finding: [position[metric.key] for metric in finding.metrics])
    table = pd.DataFrame([_row(finding) for finding in rows], columns=list(COLUMNS))
    return table.astype(dict.fromkeys(COLUMNS, "str") | dict.fromkeys(("expected", "low", "high"), "float64"))


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """Put findings together that rest on the same facts: what two articles state alike is found once."""
    merged: dict[tuple[Any, ...], Finding] = {}
    for finding in findings:
        facts = (finding.check, finding.formula, *(metric.fact for metric in finding.metrics))
        known = merged.get(facts)
        metrics = (*(known.metrics if known else ()), *finding.metrics)
        merged[facts] = (known or finding)._replace(metrics=tuple(dict.fromkeys(metrics)))
    return list(merged.values())


def _row(finding: Finding) -> tuple[Any, ...]:
    doc_ids = " ".join(dict.fromkeys(metric.doc_id for metric in finding.metrics))
    rows = " ".join(metric.key for metric in finding.metrics)
    return (finding.check, finding.verdict, doc_ids, rows, *finding[3:])
