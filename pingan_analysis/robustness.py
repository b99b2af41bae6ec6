"""How far keywords depend on the analyst's choices: the same comparison under every defensible specification.

The idea is that of the multiverse (Steegen, Tuerlinckx, Gelman & Vanpaemel 2016, Perspectives on Psychological Science
11) and of the specification curve (Simonsohn, Simmons & Nelson 2020, Nature Human Behaviour 4): where several choices
are defensible, all of them are made, and a finding is as good as the share of them that it survives. The choices stand
in `lexicon/specifications.tsv`; what each does to the counts, in `specifying/`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from .errors import TableError, check_choice, check_whole
from .progress import progress
from .schema import TERM_VARIANTS, check_columns, check_key, check_table, check_texts
from .specifying.counting import counts_by_choice
from .specifying.cutting import VariantRow, rows_of_document
from .specifying.grid import choices, grid
from .specifying.ranking import rank_terms, score_terms

_NOTHING_SCORED = pd.DataFrame(columns=["spec", "term", "value"]).astype({"spec": int, "term": "str", "value": float})


def term_variants(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the table `term_variants` of `documents`: their words, counted under six ways of cutting.

    `documents` has the columns doc_id and text, and boilerplate where there is any (as `read_articles` returns it).
    The script is "simplified" (the text is converted first, as everywhere in the package: these rows of the segmenter
    "package" are the table `terms`) or "as_stored" (cut and counted as the text stands); the segmenter is "package",
    "no_lexicon" (`Segmenter(lexicon=False)`) or "jieba" (alone). Parts of speech are of one dictionary throughout, and
    looked up by the simplified form. Raises `TableError` where `documents` has no texts.

    >>> variants = term_variants(pd.DataFrame({"doc_id": ["a"], "text": ["平安建設"]}))
    >>> variants.query("segmenter == 'package'")[["script", "term"]].values.tolist()
    [['simplified', '平安建设'], ['as_stored', '平安'], ['as_stored', '建設']]
    """
    check_texts(documents)
    cut = documents["boilerplate"] if "boilerplate" in documents else [()] * len(documents)
    rows = [
        row
        for doc_id, text, spans in progress(
            list(zip(documents["doc_id"], documents["text"], cut, strict=True)), "cutting words", unit=" articles")
        for row in variant_rows(doc_id, text, spans)
    ]
    return check_table(pd.DataFrame(rows, columns=TERM_VARIANTS.column_names), "term_variants")


def variant_rows(doc_id: str, text: str, boilerplate: Iterable[tuple[int, int, str]]) -> list[VariantRow]:
    """Return the rows of `term_variants` of one document, columns as there, in order of the way of cutting, paragraph,
    term and part of speech; a pure function, so that any process may call it."""
    return rows_of_document(doc_id, text, boilerplate)


def keyword_specifications(
    variants: pd.DataFrame, documents: pd.DataFrame, *, target: str, by: str = "place", min_n: int = 5, top: int = 20
) -> pd.DataFrame:
    """Return the keywords of `target` under every specification: a row a specification × keyword.

    `variants` is a table `term_variants`. `documents` has the columns doc_id, duplicate_of and that of `by`, whose
    values are the cases; only its documents are compared. Specifications whose script or segmenter `variants` does not
    have are left out, and so a question can be narrowed. Dimensions and choices:

    - script and segmenter: as in `term_variants`
    - stop_list: "shipped", content words without names (`content_terms`), or "none"
    - measure: g2, log_ratio, lrc or log_odds_z of `keyness_scores`
    - reference: "rest", all other documents pooled, or "balanced", every other case weighing the same
    - duplicates: "kept", or "once": documents whose original is among the others (duplicate_of), and paragraphs of 5 or
      more words that have the same words as another one of the same case, count once
    - unit: "tokens", occurrences, or "paragraphs" that have the word, which is text-dispersion keyness (Egbert & Biber
      2019, Corpora 14) with paragraphs as texts

    Of the 384 combinations the 336 that can be defended are made. log_odds_z is not computed on paragraphs: its model
    draws words one at a time (multinomial), but a paragraph has many of them, and their shares add up to more than 1.
    as_stored is among them because it is what most tools do unasked; but it takes 宣傳 and 宣传 (publicity) for two:
    among documents in both scripts that is an error. Look at the simplified specifications alone as well,
    `specifications[specifications["script"].eq("simplified")]`.

    A keyword is one of the `top` words that are over-used in the target (value > 0), of those that occur `min_n` times
    (stand in `min_n` paragraphs) in target and reference together, since a log ratio of fewer says little. lrc is both
    a measure and a test: above 0 only for words whose interval excludes no difference. Ties share a rank, so that more
    than `top` may rank. Columns: spec (the number of the specification, from 1), the seven dimensions, term (in
    simplified script; of two forms of a word the one that ranks better), rank, value. A specification without any
    keyword has one row, in which term is empty.

    Where there is nothing to compare (the target is the only case, or `variants` has no rows), the table is empty,
    with a warning. Raises `ChoiceError` for a target or column that does not exist, `TableError` for a table that lacks
    something or has repeated keys, or where `min_n` or `top` is no whole number, 1 or more.

    >>> documents = pd.DataFrame({"doc_id": ["a", "b"], "text": ["禁毒。" * 5, "网格。" * 9], "duplicate_of": ["", ""]})
    >>> table = keyword_specifications(term_variants(documents), documents, target="a", by="doc_id")
    >>> table["spec"].nunique(), table["term"].unique().tolist()
    (336, ['禁毒', ''])
    """
    check_whole(min_n=(min_n, 1), top=(top, 1))
    variants = check_table(variants, "term_variants", where="variants")
    cases = _cases_of(documents, by)
    names = sorted(cases["case"].unique())
    check_choice(target, names, "target")
    if len(names) == 1 or variants.empty:
        lacking = "variants has no rows" if variants.empty else f"{target!r} is the only case in column {by!r}"
        warnings.warn(f"no keywords: {lacking}, so that there is nothing to compare", stacklevel=2)
        return grid().head(0).assign(term="", rank=0, value=0.0)
    rows = variants.merge(cases, on="doc_id").sort_values(list(TERM_VARIANTS.key), ignore_index=True)
    if rows.empty:
        raise TableError("variants: has no words of any of the documents; their doc_id must be the same in both tables")
    specifications = grid().merge(rows[["script", "segmenter"]].drop_duplicates())
    scored = [_NOTHING_SCORED]
    for made, counts in progress(counts_by_choice(rows, names), "comparing", unit=" ways of counting"):
        alike = specifications[np.logical_and.reduce([specifications[name].eq(made[name]) for name in made])]
        scored += score_terms(counts, names.index(target), alike, min_n=min_n)
    keywords = rank_terms(pd.concat(scored, ignore_index=True), top)
    table = specifications.merge(keywords, on="spec", how="left").fillna({"term": ""})
    return table.sort_values(["spec", "rank", "term"], ignore_index=True)[[*specifications, "term", "rank", "value"]]


def keyword_survival(specifications: pd.DataFrame) -> pd.DataFrame:
    """Return how many of the `specifications` (of `keyword_specifications`, or some of its rows) each keyword survives.

    Columns: term; specifications, how many there are; survived, in how many of them it is a keyword; share of them;
    best_rank, median_rank and worst_rank among these. Sorted by share (largest first), median_rank, term. A share says
    how little depends on the choices; it is no probability. Raises `TableError` for a missing column.

    >>> table = pd.DataFrame({"spec": [1, 1, 2], "term": ["禁毒", "网格", "禁毒"], "rank": [1, 2, 3]})
    >>> keyword_survival(table)[["term", "survived", "share", "median_rank"]].values.tolist()
    [['禁毒', 2, 1.0, 2.0], ['网格', 1, 0.5, 2.0]]
    """
    check_columns(specifications, ["spec", "term", "rank"], where="specifications")
    keywords = specifications[specifications["term"].ne("")]
    table = keywords.groupby("term", as_index=False).agg(
        survived=("spec", "nunique"), best_rank=("rank", "min"), median_rank=("rank", "median"),
        worst_rank=("rank", "max"),
    )
    n_specifications = specifications["spec"].nunique()
    table.insert(1, "specifications", n_specifications)
    table.insert(3, "share", table["survived"] / max(n_specifications, 1))
    return table.sort_values(["share", "median_rank", "term"], ascending=[False, True, True], ignore_index=True)


def survival_by_choice(specifications: pd.DataFrame) -> pd.DataFrame:
    """Return which choices make or kill each keyword: a row a term × dimension × choice.

    `specifications` is as for `keyword_survival`. The choices of a dimension are compared like with like: a
    specification counts only where its counterparts, which differ in this dimension alone, are there for all of its
    choices (log_odds_z has none on paragraphs, so that measures are compared on tokens). Columns: term, in the order of
    `keyword_survival`; dimension; choice; specifications, how many have this choice; survived, in how many of them the
    term is a keyword; share of them. Dimensions with a single choice have no rows. Raises `TableError` for a missing
    column.

    >>> row = {name: names[0] for name, names in choices().items()} | {"term": "禁毒", "rank": 1}
    >>> table = pd.DataFrame([row | {"spec": 1}, row | {"spec": 2, "unit": "paragraphs", "term": ""}])
    >>> survival_by_choice(table)[["dimension", "choice", "specifications", "survived"]].values.tolist()
    [['unit', 'tokens', 1, 1], ['unit', 'paragraphs', 1, 0]]
    """
    dimensions = list(choices())
    check_columns(specifications, ["spec", *dimensions, "term", "rank"], where="specifications")
    terms = keyword_survival(specifications)["term"]
    chosen = specifications[["spec", *dimensions]].drop_duplicates().set_index("spec").sort_index()
    keywords = specifications.loc[specifications["term"].ne(""), ["spec", "term"]].drop_duplicates()
    survived = pd.crosstab(keywords["spec"], keywords["term"]).reindex(index=chosen.index, columns=terms, fill_value=0)
    rows = [row for dimension in dimensions for row in _by_choice(survived, chosen, dimension)]
    table = pd.DataFrame(rows, columns=["term", "dimension", "choice", "specifications", "survived", "share"])
    position = {term: i for i, term in enumerate(terms)}
    return table.sort_values("term", key=lambda column: column.map(position), kind="stable", ignore_index=True)


def _cases_of(documents: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the columns doc_id, case, repeats (the original is among the documents) and, where there is one, place."""
    check_columns(documents, ("doc_id", "duplicate_of"), where="documents", table="documents")
    check_choice(by, documents.columns, "by")
    check_key(documents, ("doc_id",), where="documents")
    empty = documents[by].isna() | documents[by].eq("")
    if empty.any():
        raise TableError(f"documents: column {by!r} is empty for {documents.loc[empty, 'doc_id'].iloc[0]!r}; "
                         "fill it, or compare by 'doc_id'")
    place = {"place": documents["place"].astype("str").fillna("")} if "place" in documents else {}
    return pd.DataFrame({
        "doc_id": documents["doc_id"],
        "case": documents[by].astype("str"),
        "repeats": documents["duplicate_of"].isin(documents["doc_id"]),
        **place,
    })


def _by_choice(
    survived: pd.DataFrame, chosen: pd.DataFrame, dimension: str
) -> Iterator[tuple[str, str, str, int, int, float]]:
    """Yield the rows of `survival_by_choice` for one dimension; `survived` is specifications × terms."""
    counterparts = chosen.groupby([name for name in chosen if name != dimension])[dimension].transform("nunique")
    n_choices = chosen[dimension].nunique()
    alike = chosen.loc[counterparts.eq(n_choices), dimension]
    for choice in choices()[dimension] if n_choices > 1 else ():
        specifications = alike.index[alike.eq(choice)]
        for term, n in survived.loc[specifications].sum().items():
            yield str(term), dimension, choice, len(specifications), int(n), int(n) / len(specifications)
