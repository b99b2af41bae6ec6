"""Facts about the cases: what each text is, and how far the texts depend on each other."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from ..errors import NothingToRead
from ..reuse import reuse_matrix
from ..study import Study
from .digests import records
from .sources import CASES, case_notes


def case_facts(study: Study) -> dict[str, Any]:
    """Return the rows of the table of cases, and the answers to the questions about it."""
    documents = study.documents
    numbers = study.metrics["doc_id"].value_counts()
    notes = case_notes()
    missing = [doc_id for doc_id in documents["doc_id"] if doc_id not in notes]
    if missing:
        raise NothingToRead(f"{CASES}: no row for {missing[0]!r}; it must say the genre of each article")
    rows = [
        {
            **{name: row[name] for name in ("doc_id", "place", "place_en", "level", "date_basis", "script")},
            **{name: f"{row[name]:,}" for name in ("n_chars", "n_tokens")},
            "year": row["published"].year,
            "genre": notes[row["doc_id"]]["genre"],
            "province": row["province"],
            "province_en": notes[row["doc_id"]]["province_en"],
            "metrics": int(numbers[row["doc_id"]]),
            "density": f"{1000 * numbers[row['doc_id']] / row['n_chars']:.1f}",
        }
        for row in records(documents)
    ]
    by_length = documents.set_index("doc_id")["n_chars"]
    by_density = numbers.reindex(by_length.index) / by_length
    return {
        "rows": rows,
        "places": int(documents["place"].nunique()),
        "longest": str(by_length.idxmax()),
        "densest": str(by_density.idxmax()),
        "sparsest": str(by_density.idxmin()),
        "printed": [row["doc_id"] for row in rows if row["date_basis"] == "printed"],
        "repeated": _most_repeated(study),
    }


def _most_repeated(study: Study) -> dict[str, Any]:
    """Return the pair of documents of which one has most of its text in common with the other."""
    matrix = reuse_matrix(study.shared_phrases, study.documents, boilerplate=study.boilerplate)
    shares = {
        (document, other): float(matrix.loc[document].to_numpy("float64")[matrix.columns.get_loc(other)])
        for document, other in permutations(study.documents["doc_id"], 2)
    }
    document, other = max(shares, key=lambda pair: shares[pair])
    place_of = dict(zip(study.documents["doc_id"], study.documents["place"], strict=True))
    between_places = [share for (one, two), share in shares.items() if place_of[one] != place_of[two]]
    metrics = study.metrics
    of_document = metrics[metrics["doc_id"].eq(document) | metrics["doc_id"].eq(other)]
    return {
        "doc_id": document,
        "other": other,
        "percent": _percent(shares[document, other]),
        "facts": int(of_document["same_as"].ne("").sum()),
        "rest_percent": _percent(max(between_places)),
    }


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")
