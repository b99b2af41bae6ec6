"""What was compared and how: facts for programs, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .units import DOCUMENTS, PARAGRAPHS

_NAMED = 3
_WEAKER = ("weaker evidence: paragraphs of one article are not independent, so that it speaks of these articles only")


def in_words(design: Mapping[str, Any]) -> list[str]:
    """Return the design in sentences; none for an empty one."""
    if not design:
        return []
    parts = (_sides(design), _terms(design), _measures(), _permutation(design), _documents(design), _ranks(design),
             _repeats(design))
    return list(filter(None, parts))


def in_short(design: Mapping[str, Any]) -> list[str]:
    """Return one line that says what was compared; none for an empty design."""
    if not design:
        return []
    reference = _names(design["reference"]) if isinstance(design["reference"], list) else "the rest"
    tested = _number(design["terms_tested"], "terms")
    sides = f"keyness of {_names(design['target'])} against {reference}"
    return [f"{sides}: {tested} tested, unit {design['unit']}; .design says how"]


def _sides(design: Mapping[str, Any]) -> str:
    reference = design["reference"] if isinstance(design["reference"], list) else []
    sides = (("Target", "target", design["target"]), ("reference", "reference", reference))
    return "; ".join(f"{title} {_names(names)}: {_size(design['sizes'][side])}" for title, side, names in sides) + "."


def _names(values: Sequence[Any]) -> str:
    if not values:
        return "(the rest)"
    names = [str(value) or "(empty)" for value in values[:_NAMED]]
    more = [f"{len(values) - _NAMED:,} more"] if len(values) > _NAMED else []
    return ", ".join(names + more)


def _size(size: Mapping[str, int]) -> str:
    return ", ".join(_number(n, name) for name, n in size.items())


def _number(n: int, name: str) -> str:
    return f"{n:,} {name.removesuffix('s') if n == 1 else name}"


def _terms(design: Mapping[str, Any]) -> str:
    given = design["vocabulary"]
    of = f" (of {given:,} in the vocabulary given)" if given is not None else ""
    return (f"{_number(design['terms_tested'], 'terms')} with at least {_number(design['min_n'], 'occurrences')} in "
            f"both together tested{of}; sorted by {design['measure']}.")


def _measures() -> str:
    return ("G² (g2) is Dunning's over four cells, g2_two_cell Rayson and Garside's; a count of 0 is 0.5 in log_ratio "
            "(Hardie).")


def _permutation(design: Mapping[str, Any]) -> str:
    if not design["arrangements"]:
        return "No permutations, so there are no claims."
    unit = design["unit"]
    how = ("within the documents that stand on both sides; the others take no part" if design["within_documents"]
           else "pooled")
    kind = f" ({how}; {_WEAKER})" if unit == PARAGRAPHS else ""
    names = unit if unit in (DOCUMENTS, PARAGRAPHS) else f"the units of {unit!r}"
    draws = (f"all {design['arrangements']:,} arrangements" if design["all_arrangements"]
             else f"{design['arrangements']:,} draws, seed {design['seed']}")
    claimable = ", so that there can be no claim" if design["smallest_p"] > design["alpha"] else ""
    return (f"Permutation of {names}{kind}, {design['units']['target']:,} of "
            f"{design['units']['target'] + design['units']['reference']:,} in the target, {draws}: smallest p "
            f"{design['smallest_p']:.3g}{claimable}; p_permutation is one-sided and corrected for all terms (maximum "
            f"statistic), claims are at {design['alpha']:g}. p_dispersion is not corrected.")


def _documents(design: Mapping[str, Any]) -> str:
    smallest = design["smallest_p_documents"]
    if smallest is None:
        return "Documents stand on both sides: no claim about documents."
    if smallest > design["alpha"]:
        return f"With documents as units the smallest p is {smallest:.3g}: no claim about documents."
    return "" if design["unit"] == DOCUMENTS else "There are enough documents for claims about documents."


def _ranks(design: Mapping[str, Any]) -> str:
    left_out = design["left_out"]
    one = "each document" if left_out["of"] == "document" else f"each of {left_out['groups']} groups of documents"
    skipped = (f" ({left_out['skipped']} of {left_out['groups']} skipped, which would have left a side empty)"
               if left_out["skipped"] else "")
    return f"rank_best and rank_worst: {one} left out in turn{skipped}. dp_norm is over {design['dispersion_over']}."


def _repeats(design: Mapping[str, Any]) -> str:
    if design["duplicates"]:
        return "Repeated paragraphs and documents are counted as often as they stand there."
    return (f"Repeats: {_number(design['repeated_paragraphs'], 'paragraphs')} not counted again, "
            f"{_number(design['repeating_documents'], 'documents')} of the reference left out for repeating the "
            "target.")
