"""Plots of the study's tables in the house style. Nothing is computed here but positions: statistics come in
tables.

Every plot takes `lang` ("en" or "zh"; default: that of `use_house_style`, else PINGAN_LANG, else "en") and
returns a `matplotlib.figure.Figure` of the current column's width, which the notebook hands to `save_figure`.
English figures keep the Chinese terms and set their glosses beside them. What does not fit a page is left out
and said on the figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .drawing.calibration_plots import plot_calibration
from .drawing.channel_plots import plot_channel_matrix
from .drawing.figure_files import FigureError, SavedFigure, save_figure
from .drawing.fonts import printable, shorten
from .drawing.keyness_plots import plot_keyness
from .drawing.metric_plots import plot_campaign_timeline, plot_channel_scale, plot_metric_series
from .drawing.model_plots import plot_model_anatomy
from .drawing.period_plot import plot_metric_periods
from .drawing.plot_parts import (
    bars,
    case_matrix,
    coloured_cells,
    gloss_room,
    limited,
    name_case_columns,
    name_terms,
    numbers,
    occurrences,
    ordered_cases,
    paragraph_counts,
    readable_unit,
    say_tied,
    separate_groups,
    strip,
    term_values,
    tied,
)
from .drawing.reliability_plot import plot_reliability
from .drawing.reuse_plots import plot_reuse_matrix, plot_shared_phrases
from .drawing.style import (
    LINE_SPACING,
    MUTED,
    SMALL_TEXT,
    House,
    case_label,
    check_frame,
    house_style,
    legend_below,
    marker_handle,
    note_room,
    use_house_style,
)
from .drawing.survival_plots import plot_survival
from .drawing.timeline import plot_corpus
from .drawing.trend_plot import plot_term_trend
from .errors import TableError
from .schema import check_key
from .terms import top_terms

__all__ = [
    "FigureError",
    "SavedFigure",
    "plot_calibration",
    "plot_campaign_timeline",
    "plot_channel_matrix",
    "plot_channel_scale",
    "plot_corpus",
    "plot_dispersion",
    "plot_keyness",
    "plot_metric_periods",
    "plot_metric_series",
    "plot_model_anatomy",
    "plot_ranked_terms",
    "plot_reliability",
    "plot_reuse_matrix",
    "plot_segmentation",
    "plot_shared_phrases",
    "plot_similarity",
    "plot_survival",
    "plot_term_heatmap",
    "plot_term_trend",
    "save_figure",
    "use_house_style",
]

MAX_CASES = 20  # columns or panels that one figure bears
MAX_TERM_ROWS = 60
MAX_STRIP_DOCUMENTS, MAX_STRIP_TERMS, MAX_STRIP_ROWS = 30, 8, 44
MAX_HEIGHT = 225.0  # mm: a page without its margins and a caption
ROW, TITLE_ROOM, AXIS_ROOM, LEGEND_ROOM = 3.7, 8.0, 12.0, 16.0  # mm


def plot_term_heatmap(
    table: pd.DataFrame, *, by: str, value: str = "tf_idf", top: int = 8, lang: str | None = None
) -> Figure:
    """Show the `top` terms of each case in all cases: rows terms, columns cases, colour and number `value`.

    `table` has the columns `by`, term and `value`, as from `tf_idf(terms, by=by)`. Rows stand in the order of
    the cases that they are a top term of; a blank cell means that the term does not occur. Of more
    than 20 cases, those with the most different terms are shown. Raises
    `ChoiceError` for a `by` or `value` that is no column, `TableError` for values that are no finite numbers
    or a term given twice for a case.
    """
    with house_style(lang) as house:
        rows, unit = readable_unit(term_values(table, by, value), value, house)
        cases, notes = limited(
            ordered_cases(rows[by], house), rows[by].value_counts(), MAX_CASES, "shown_cases", house
        )
        fitting = max(1, min(top, MAX_TERM_ROWS // len(cases)))
        notes += [house.label("shown_terms", n=fitting)] * (fitting < top)
        ranked = top_terms(rows, by=by, value=value, top=fitting)
        if any(tied(rows, ranked, by, value, case) for case in cases):
            notes.append(house.label("ties_by_n" if "n" in rows and value != "n" else "ties"))
        best = {case: ranked.loc[ranked[by] == case, "term"].tolist() for case in cases}
        terms = list(dict.fromkeys(term for case in cases for term in best[case]))
        if not terms:
            return _empty_figure(house, "nothing_characteristic")
        values = rows.pivot_table(value, "term", by, aggfunc="first").reindex(index=terms, columns=cases)
        note = house.joined([house.label("blank_absent"), *notes])
        fig = house.figure(ROW * len(terms) + TITLE_ROOM + LEGEND_ROOM + note_room(note, house.width))
        ax = fig.add_subplot()
        coloured_cells(
            fig,
            ax,
            values.to_numpy(float, na_value=np.nan),
            unit,
            note=note,
        )
        gloss_width = int(house.width / 4)
        name_terms(ax, terms, house, gloss_width=gloss_width)
        name_case_columns(
            ax, cases, house, room=house.width - 20 - (gloss_width if house.lang == "en" else 0)
        )
        separate_groups(ax, terms, [best[case] for case in cases])
        return fig


def plot_ranked_terms(
    table: pd.DataFrame, *, by: str, value: str = "tf_idf", top: int = 10, lang: str | None = None
) -> Figure:
    """Show the `top` terms of each case as bars, a panel a case, best first; at the bar's end, column n if
    there.

    `table` as for `plot_term_heatmap`. Equal values stand in order of n, then of the term's characters. Terms
    whose value is not above 0 are no characteristic ones and are left out; how many more have the value of
    the last one shown stands below it. Raises as `plot_term_heatmap`.
    """
    with house_style(lang) as house:
        rows, unit = readable_unit(term_values(table, by, value), value, house)
        if not (rows[value] > 0).any():
            return _empty_figure(house, "nothing_characteristic")
        cases, notes = limited(
            ordered_cases(rows[by], house), rows[by].value_counts(), MAX_CASES, "shown_cases", house
        )
        down = math.ceil(len(cases) / max(1, int(house.width // (80 if house.lang == "en" else 58))))
        across = math.ceil(len(cases) / down)
        slots = min(top, max(3, int((MAX_HEIGHT / down - TITLE_ROOM) // ROW) - 1))
        ranked = top_terms(rows, by=by, value=value, top=slots)
        more = {case: tied(rows, ranked, by, value, case) for case in cases}
        places = slots + any(more.values())
        notes += [house.label("shown_terms", n=slots)] * (slots < top)
        number = [house.label("n_occurrences")] if "n" in rows else []
        note = house.joined([unit, *number, *notes])
        fig = house.figure(down * (ROW * places + TITLE_ROOM) + ROW + note_room(note, house.width))
        axes = fig.subplots(down, across, sharex=True, squeeze=False)
        styles = house.styles(cases)
        panel = house.width / across
        gloss_width = gloss_room(panel, ranked.loc[ranked[by].isin(cases), "term"])
        for case, ax in zip(cases, axes.flat, strict=False):
            best = ranked[ranked[by] == case]
            bars(ax, best, value, places, styles[case])
            ax.set_title(shorten(styles[case].name, 2 * int(panel / 3)))
            name_terms(ax, best["term"].tolist(), house, gloss_width=gloss_width)
            if more[case]:
                say_tied(ax, len(best), house.label("more_tied", n=more[case]))
            if best.empty:
                ax.text(0.02, 0.5, house.label("nothing_characteristic"), transform=ax.transAxes, color=MUTED)
        for ax in axes.flat[len(cases) :]:
            ax.remove()
        for ax in axes.flat[max(0, len(cases) - across) : len(cases)]:
            ax.tick_params(labelbottom=True)
        legend_below(fig, [], note=note)
        return fig


def plot_similarity(matrix: pd.DataFrame, *, lang: str | None = None) -> Figure:
    """Show how similar the cases are to each other: a square `matrix`, rows and columns named by the same
    cases. Of more cases than have room (at most 40), the first ones are shown.

    Raises `TableError` where rows and columns differ or a value lies outside 0 to 1.
    """
    with house_style(lang) as house:
        return case_matrix(matrix, house.label("similarity"), house)


def plot_dispersion(
    counts: pd.DataFrame,
    *,
    terms: Iterable[str] | None = None,
    paragraphs: Mapping[str, int] | pd.Series | None = None,
    lang: str | None = None,
) -> Figure:
    """Show where in each document chosen terms stand: a panel a term, a row a document, bars along its
    paragraphs.

    `counts` has the columns doc_id, para (from 0), term and n (occurrences), as the table `terms`; rows of
    one paragraph are added up. `terms` are the words to show, each in a panel even where it never occurs
    (default: all of `counts`, in its order). `paragraphs` gives documents' numbers of paragraphs: each has
    its row, whether or not a term occurs in it; a document that it lacks ends at its last row in `counts`.
    Without room for all, the documents with the most occurrences are shown, and the first terms. With `terms`
    or `paragraphs`, `counts` may be empty.

    Raises `TableError` for a missing column, n, para or a number of paragraphs that is none from 0, `terms`
    that are one string, or no rows and neither `terms` nor `paragraphs`.

    >>> counts = pd.DataFrame({"doc_id": ["a"], "para": [2], "term": ["网格"], "n": [3]})
    >>> fig = plot_dispersion(counts, terms=["网格", "宣传"], paragraphs={"a": 9, "b": 4})
    """
    with house_style(lang) as house:
        check_frame(
            counts,
            ("doc_id", "para", "term", "n"),
            where="counts",
            rows=terms is None and paragraphs is None,
        )
        if isinstance(terms, str):
            raise TableError(f"terms: the string {terms!r} given, where a list of words is needed")
        ends = paragraph_counts(counts, paragraphs)
        wanted = list(dict.fromkeys(counts["term"] if terms is None else terms))
        if not wanted or not ends:
            return _empty_figure(house, "no_occurrence")
        shown = wanted[:MAX_STRIP_TERMS]
        places = occurrences(counts, shown)
        documents, notes = limited(
            ordered_cases(ends, house),
            places.groupby("doc_id")["n"].sum(),
            min(MAX_STRIP_DOCUMENTS, MAX_STRIP_ROWS // len(shown)),
            "shown_documents",
            house,
        )
        notes += [house.label("shown_all_terms", n=len(shown), total=len(wanted))] * (len(shown) < len(wanted))
        highest = places.loc[places["doc_id"].isin(documents), "n"].max() if len(places) else 0.0
        scale = house.label("bar_height", n=f"{highest:.0f}") if highest else house.label("no_occurrence")
        note = house.joined([scale, *notes])
        height = len(shown) * (ROW * len(documents) + 6) + AXIS_ROOM + note_room(note, house.width)
        fig = house.figure(height)
        axes = fig.subplots(len(shown), 1, sharex=True, squeeze=False)[:, 0]
        for term, ax in zip(shown, axes, strict=True):
            strip(ax, places[places["term"] == term], documents, ends, highest, house)
            ax.set_title("  ".join(filter(None, (printable(term), house.gloss(term, int(house.width / 3))))))
        axes[-1].set_xlabel(house.label("paragraph"))
        legend_below(fig, [], note=note)
        return fig


def plot_segmentation(scores: pd.DataFrame, *, lang: str | None = None) -> Figure:
    """Show the word F1 of each segmenter on each test set: `scores` has the columns system, test and f1 (0 to
    1).

    Raises `TableError` for a missing column, a repeated pair of system and test, or an F1 outside 0 to 1.
    """
    with house_style(lang) as house:
        check_frame(scores, ("system", "test", "f1"), where="scores")
        check_key(scores, ("system", "test"), where="scores")
        f1 = numbers(scores, "f1", where="scores")
        if not f1.between(0, 1).all():
            raise TableError(
                f"scores: column 'f1' holds {f1[~f1.between(0, 1)].iloc[0]}; it must lie between 0 and 1"
            )
        systems, tests = (list(dict.fromkeys(scores[column].astype(str))) for column in ("system", "test"))
        styles = House(house.lang).styles(systems)
        fig = house.figure(3.2 * len(systems) * len(tests) + 3 * len(tests) + LEGEND_ROOM + 6)
        ax = fig.add_subplot()
        step = 0.8 / len(systems)
        for system, test, score in zip(
            scores["system"].astype(str), scores["test"].astype(str), f1, strict=True
        ):
            y = tests.index(test) + step * (systems.index(system) - (len(systems) - 1) / 2)
            ax.plot(score, y, styles[system].marker, color=styles[system].colour, markersize=4)
            ax.annotate(
                f"{score:.3f}",
                (score, y),
                (4, 0),
                textcoords="offset points",
                va="center",
                fontsize=SMALL_TEXT,
            )
        ax.set_yticks(
            range(len(tests)),
            [case_label(printable(test), 28, 2) for test in tests],
            linespacing=LINE_SPACING,
        )
        ax.set_ylim(len(tests) - 0.5, -0.5)
        ax.set_xlim(math.floor(f1.min() * 20 - 0.2) / 20, 1.0)
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="x")
        ax.set_xlabel(house.label("f1"))
        legend_below(fig, [marker_handle(styles[system]) for system in systems], columns=3)
        return fig


def _empty_figure(house: House, key: str) -> Figure:
    fig = house.figure(20)
    fig.text(0.5, 0.5, house.label(key), ha="center", va="center", color=MUTED)
    return fig
