"""Keywords under every specification: hand-made tables in which it is known what survives which choices, and jieba
itself as the oracle of how its words are cut."""

import math
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import product

import jieba
import pandas as pd
import pytest

import pingan_analysis as pa
from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.keyness import keyness_scores
from pingan_analysis.lexicon import read_rows
from pingan_analysis.robustness import (
    keyword_specifications,
    keyword_survival,
    survival_by_choice,
    term_variants,
    variant_rows,
)
from pingan_analysis.schema import TERM_VARIANTS

SIMPLIFIED = "平安建设进校园，网格员发放宣传单３２０万张。\n扫黑除恶宣传车开进南湖区，LED屏天天播放。\n来源：某某网"
TRADITIONAL = "平安建設進校園，網格員發放宣傳單３２０萬張。\n掃黑除惡宣傳車開進南湖區，LED屏天天播放。\n來源：某某網"
SOURCE_LINE = ((SIMPLIFIED.index("来源"), len(SIMPLIFIED), "source_line"),)
WAYS = list(product(("simplified", "as_stored"), ("package", "no_lexicon", "jieba")))
N_SPECIFICATIONS = 6 * 2 * (4 + 3) * 2 * 2  # ways of cutting, stop lists, measures on tokens and on paragraphs, …
PARAGRAPHS = 20


def variants_of(paragraphs: dict[str, list[str]], ways: Sequence[tuple[str, str]] = WAYS[2:3]) -> pd.DataFrame:
    """Return a table `term_variants` of documents whose paragraphs are given as words, cut alike in all of `ways`."""
    tags = {"了": "ul"}
    rows = [
        (script, segmenter, doc_id, para, term, tags.get(term, "n"), n)
        for script, segmenter in ways
        for doc_id, texts in paragraphs.items()
        for para, words in enumerate(texts)
        for term, n in Counter(words.split()).items()
    ]
    return pd.DataFrame(rows, columns=TERM_VARIANTS.column_names)


def documents_of(variants: pd.DataFrame, **duplicate_of: str) -> pd.DataFrame:
    names = variants["doc_id"].unique()
    return pd.DataFrame({"doc_id": names, "duplicate_of": [duplicate_of.get(name, "") for name in names]})


def filler(number: int) -> str:
    """Return words that make a paragraph unlike all others, each of them too rare to be a keyword."""
    return " ".join(f"{mark}{number}号" for mark in "甲乙丙丁戊己庚辛壬癸")


HAND_MADE = variants_of({
    # 禁毒 and the particle 了 in every paragraph, 网格 in one, 信访 in long paragraphs all alike, 调解 in short ones
    "a": [
        *(f"禁毒 了 {filler(i)}" for i in range(PARAGRAPHS)),
        "网格 " * 20 + filler(PARAGRAPHS),
        *["信访 信访 老幼 妇孺 邻里 街坊"] * PARAGRAPHS,
        *["调解 现场"] * PARAGRAPHS,
    ],
    "b": [filler(100 + i) for i in range(3 * PARAGRAPHS)],
    "c": [filler(200 + i) for i in range(4 * PARAGRAPHS)],
}, WAYS)


def specified(variants: pd.DataFrame, target: str = "a", **options: int) -> pd.DataFrame:
    return keyword_specifications(variants, documents_of(variants), target=target, by="doc_id", **options)


@cache
def hand_made() -> pd.DataFrame:
    return specified(HAND_MADE)


@cache
def three_cases() -> pd.DataFrame:
    return specified(THREE_CASES)


def chosen(table: pd.DataFrame, **choices: str) -> pd.DataFrame:
    for name, choice in choices.items():
        table = table[table[name].eq(choice)]
    return table


def test_the_words_of_the_package_in_simplified_script_are_the_terms() -> None:
    documents = pd.DataFrame({
        "doc_id": ["s", "t"], "text": [SIMPLIFIED, TRADITIONAL], "boilerplate": [SOURCE_LINE, SOURCE_LINE],
    })
    variants = chosen(term_variants(documents), script="simplified", segmenter="package")
    terms = pa.count_terms(documents).groupby(["doc_id", "para", "term", "pos"], as_index=False)["n"].sum()
    pd.testing.assert_frame_equal(variants[terms.columns].reset_index(drop=True), terms)


def test_without_lexicon_the_words_are_those_of_such_a_segmenter() -> None:
    rows = [row[2:] for row in variant_rows("s", SIMPLIFIED, ()) if row[:2] == ("simplified", "no_lexicon")]
    texts = pd.DataFrame({"doc_id": ["s"], "text": [SIMPLIFIED]})
    expected = pa.count_terms(texts, segmenter=pa.Segmenter(lexicon=False))
    assert rows == list(expected.drop(columns="passage").itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    return tokenizer


@pytest.mark.parametrize(("script", "seen"), [("simplified", SIMPLIFIED.replace("３２０", "320")), ("as_stored", None)])
def test_jieba_alone_gives_the_words_of_jieba(script: str, seen: str | None, tokenizer: jieba.Tokenizer) -> None:
    words = Counter(word for word in tokenizer.lcut(seen or TRADITIONAL) if any(map(str.isalnum, word)))
    rows = pd.DataFrame(variant_rows("t", TRADITIONAL, ()), columns=TERM_VARIANTS.column_names)
    counted = chosen(rows, script=script, segmenter="jieba").groupby("term")["n"].sum()
    assert counted.to_dict() == dict(words)


def test_as_stored_the_scripts_are_told_apart_and_keep_their_parts_of_speech() -> None:
    documents = pd.DataFrame({"doc_id": ["s", "t"], "text": ["宣传车开进校园", "宣傳車開進校園"]})
    variants = chosen(term_variants(documents), segmenter="jieba")
    as_stored = chosen(variants, script="as_stored")
    assert chosen(as_stored, term="校园")["doc_id"].tolist() == ["s"]
    assert chosen(as_stored, term="校園")["doc_id"].tolist() == ["t"]
    simplified = chosen(variants, script="simplified").groupby("doc_id")["term"].agg(list)
    assert simplified["s"] == simplified["t"]
    tags = as_stored.set_index("term")["pos"]
    assert tags["校園"] == tags["校园"]


def test_a_lone_surrogate_is_no_word() -> None:
    assert {row[4] for row in variant_rows("a", "\ud800禁毒", ())} == {"禁毒"}


def test_texts_that_differ_in_script_only_have_keywords_only_as_stored() -> None:
    documents = pd.DataFrame({
        "doc_id": ["s", "t"], "text": ["平安建设。网络宣传。\n" * 9, "平安建設。網絡宣傳。\n" * 9], "duplicate_of": "",
    })
    table = keyword_specifications(term_variants(documents), documents, target="t", by="doc_id")
    assert chosen(table, script="simplified")["term"].eq("").all()
    found = set(chosen(table, script="as_stored", segmenter="jieba", measure="g2", duplicates="kept")["term"])
    assert {"建设", "宣传"} <= found  # 建設 is a keyword, and goes by its simplified name
    assert "平安" not in found  # the same in both scripts


def test_a_word_in_both_scripts_ranks_once_by_its_better_form() -> None:
    variants = variants_of({"a": ["宣传 " * 9 + "宣傳 " * 18 + "邻里 " * 3], "b": ["邻里 " * 30]}, WAYS[-1:])
    table = specified(variants)
    assert not table.duplicated(["spec", "term"]).any()
    found = chosen(table, measure="g2", unit="tokens", term="宣传")
    assert found["rank"].eq(1).all()
    assert found["value"].tolist() == pytest.approx([float(keyness_scores(18, 30, 0, 30)["g2"].iloc[0])] * 8)


def test_specifications_are_as_many_as_can_be_counted_by_hand() -> None:
    table = hand_made()
    dimensions = table.columns[1:8].tolist()
    combinations = table[["spec", *dimensions]].drop_duplicates()
    assert dimensions == ["script", "segmenter", "stop_list", "measure", "reference", "duplicates", "unit"]
    assert combinations["spec"].tolist() == list(range(1, N_SPECIFICATIONS + 1))
    assert not combinations.duplicated(dimensions).any()
    assert chosen(table, measure="log_odds_z", unit="paragraphs").empty


def test_what_survives_is_what_was_planted() -> None:
    survival = keyword_survival(hand_made()).set_index("term")
    assert survival["specifications"].eq(N_SPECIFICATIONS).all()
    assert survival["survived"].to_dict() == {
        "禁毒": N_SPECIFICATIONS,
        "了": N_SPECIFICATIONS / 2,  # where all words are ranked
        "网格": 6 * 2 * 4 * 2 * 2,  # where occurrences count
        "信访": N_SPECIFICATIONS / 2, "老幼": N_SPECIFICATIONS / 2, "妇孺": N_SPECIFICATIONS / 2,
        "邻里": N_SPECIFICATIONS / 2, "街坊": N_SPECIFICATIONS / 2,  # where repeated paragraphs count each time
        "调解": N_SPECIFICATIONS, "现场": N_SPECIFICATIONS,  # paragraphs too short to be called repeated
    }
    assert survival.loc["禁毒", "share"] == 1


def test_the_choice_that_kills_a_keyword_is_named() -> None:
    table = survival_by_choice(hand_made()).set_index(["term", "dimension", "choice"])
    shares = table["share"].unstack("term")
    assert (shares.loc[("stop_list", "shipped"), "了"], shares.loc[("stop_list", "none"), "了"]) == (0, 1)
    assert (shares.loc[("duplicates", "once"), "信访"], shares.loc[("duplicates", "kept"), "信访"]) == (0, 1)
    assert (shares.loc[("unit", "paragraphs"), "网格"], shares.loc[("unit", "tokens"), "网格"]) == (0, 1)
    assert shares["禁毒"].eq(1).all()


def test_choices_are_compared_where_all_of_their_counterparts_are() -> None:
    table = survival_by_choice(hand_made())
    sizes = table.groupby(["dimension", "choice"])["specifications"].agg(["min", "max"])
    assert sizes["min"].equals(sizes["max"])
    assert sizes["min"].to_dict() == {
        **{("script", choice): 168 for choice in ("simplified", "as_stored")},
        **{("segmenter", choice): 112 for choice in ("package", "no_lexicon", "jieba")},
        **{("stop_list", choice): 168 for choice in ("shipped", "none")},
        **{("measure", choice): 48 for choice in ("g2", "log_ratio", "lrc", "log_odds_z")},  # on tokens
        **{("reference", choice): 168 for choice in ("rest", "balanced")},
        **{("duplicates", choice): 168 for choice in ("once", "kept")},
        **{("unit", choice): 144 for choice in ("tokens", "paragraphs")},  # without log_odds_z
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    variants = chosen(HAND_MADE, segmenter="package")
    shuffled = variants.sample(frac=1, random_state=seed)
    table = keyword_specifications(shuffled, documents_of(variants)[::-1], target="a", by="doc_id")
    pd.testing.assert_frame_equal(table, chosen(hand_made(), segmenter="package").reset_index(drop=True))
    for summary in (keyword_survival, survival_by_choice):
        permuted = table.sample(frac=1, random_state=seed)
        pd.testing.assert_frame_equal(summary(permuted), summary(table))


THREE_CASES = variants_of({
    "a": ["禁毒 " * 6 + "网格 " * 14, "禁毒 网格 " + "宣传 " * 8],
    "b": ["禁毒 " * 2 + "网格 " * 8] * 2 + ["宣传 " * 20],
    "c": ["网格 " * 20],
})


def value_of(term: str, **choices: str) -> float:
    found = chosen(three_cases(), term=term, stop_list="none", **choices)
    assert len(found) == 1
    return float(found["value"].iloc[0])


def test_values_by_hand() -> None:
    rest = {"reference": "rest", "duplicates": "kept"}
    # 禁毒: 7 of 30 words and both of two paragraphs, against 4 of 60 and two of four
    expected = keyness_scores(7, 30, 4, 60).iloc[0]
    for measure in ("g2", "log_ratio", "log_odds_z"):
        assert value_of("禁毒", measure=measure, unit="tokens", **rest) == pytest.approx(expected[measure], abs=1e-8)
    table = specified(THREE_CASES, min_n=4)
    found = chosen(table, term="禁毒", measure="log_ratio", unit="paragraphs", stop_list="none", **rest)
    assert found["value"].tolist() == pytest.approx([math.log2((2 / 2) / (2 / 4))])


def test_a_specification_is_what_the_tables_give_by_another_way() -> None:
    study = pa.load_study()
    place = study.documents["place"].iloc[0]
    content = pa.content_terms(study.terms_with("place", duplicates=True))
    content = content.assign(of_target=content["place"].eq(place))
    counts = content.groupby(["term", "of_target"])["n"].sum().unstack(fill_value=0).astype(int)
    frequent = counts[counts.sum(axis=1) >= 3]
    scores = keyness_scores(frequent[True], counts[True].sum(), frequent[False], counts[False].sum())["log_odds_z"]
    expected = scores[scores > 0].nlargest(20, keep="all")
    variants = study.terms.groupby(["doc_id", "para", "term", "pos"], as_index=False)["n"].sum()
    variants = variants.assign(script="simplified", segmenter="package")
    table = keyword_specifications(variants, study.documents, target=place, min_n=3)
    found = chosen(table, stop_list="shipped", measure="log_odds_z",
                   reference="rest", duplicates="kept", unit="tokens").set_index("term")["value"]
    assert len(expected) > 0
    assert found.to_dict() == pytest.approx(expected.to_dict(), abs=1e-8)


def test_repeated_paragraphs_count_once() -> None:
    # without the second paragraph of b, 禁毒 has 2 of 50 words in the reference
    value = value_of("禁毒", measure="log_ratio", unit="tokens", reference="rest", duplicates="once")
    assert value == pytest.approx(math.log2((7 / 30) / (2 / 50)))


def test_a_paragraph_that_two_cases_share_counts_in_both() -> None:
    shared = "禁毒 宣传 参观 校园 现场 " * 3
    variants = variants_of({"a": [shared] * 2 + ["网格 " * 9], "b": [shared] * 2 + ["邻里 " * 40]})
    found = chosen(specified(variants), term="禁毒", measure="log_ratio", unit="tokens", reference="rest")
    assert chosen(found, duplicates="once")["value"].tolist() == pytest.approx([math.log2((3 / 24) / (3 / 55))] * 2)
    assert chosen(found, duplicates="kept")["value"].tolist() == pytest.approx([math.log2((6 / 39) / (6 / 70))] * 2)


def test_paragraphs_without_content_words_are_paragraphs() -> None:
    variants = variants_of({"a": ["禁毒 网格"] * 6 + ["了 了"] * 2, "b": ["网格 了"] * 8 + ["禁毒 网格"] * 2})
    table = chosen(specified(variants), unit="paragraphs", measure="log_ratio", stop_list="shipped", duplicates="kept")
    assert chosen(table, term="禁毒")["value"].tolist() == pytest.approx([math.log2((6 / 8) / (2 / 10))] * 2)


def test_a_silent_case_weighs_nothing_in_a_balanced_reference() -> None:
    documents = pd.concat([documents_of(THREE_CASES), pd.DataFrame({"doc_id": ["silent"], "duplicate_of": [""]})])
    table = keyword_specifications(THREE_CASES, documents, target="a", by="doc_id")
    pd.testing.assert_frame_equal(table, three_cases())


def test_in_a_balanced_reference_every_case_weighs_the_same() -> None:
    # b has 4 of 40 words, c 0 of 20, so that the mean share is 0.05, however long they are
    value = value_of("禁毒", measure="log_ratio", unit="tokens", reference="balanced", duplicates="kept")
    assert value == pytest.approx(math.log2((7 / 30) / 0.05))
    # the size of such a reference is 2² / (1/40 + 1/20) words
    g2 = value_of("禁毒", measure="g2", unit="tokens", reference="balanced", duplicates="kept")
    size = 4 / (1 / 40 + 1 / 20)
    assert g2 == pytest.approx(keyness_scores(7, 30, 0.05 * size, size)["g2"].iloc[0])


def test_balanced_a_word_that_occurs_is_not_held_rarer_than_one_that_does_not() -> None:
    variants = variants_of({
        "a": ["禁毒 " * 9 + "网格 " * 9], "b": ["禁毒 " + "宣传 " * 999], "c": ["宣传 " * 10],
    })
    table = chosen(specified(variants), measure="log_ratio", reference="balanced", unit="tokens")
    values = table.groupby("term")["value"].first()
    assert values["禁毒"] <= values["网格"]


def test_a_duplicate_counts_where_its_original_is_not_there() -> None:
    variants = variants_of({"a": ["禁毒 " * 30], "b": ["网格 " * 9], "copy": ["网格 " * 9 + "邻里"]})
    cases = documents_of(variants, copy="b").assign(case=["a", "b", "b"])

    def log_ratio(documents: pd.DataFrame, duplicates: str) -> float:
        table = keyword_specifications(variants, documents, target="b", by="case")
        found = chosen(table, term="网格", duplicates=duplicates, measure="log_ratio", unit="tokens")["value"]
        assert found.nunique() == 1
        return float(found.iloc[0])

    of_30_words = math.log2(0.5 / 30)
    assert log_ratio(cases, "kept") == pytest.approx(math.log2(18 / 19) - of_30_words)
    assert log_ratio(cases, "once") == pytest.approx(math.log2(9 / 9) - of_30_words)
    assert log_ratio(cases[cases["doc_id"].ne("b")], "once") == pytest.approx(math.log2(9 / 10) - of_30_words)


def test_words_of_a_places_own_name_are_left_out_by_the_shipped_stop_list() -> None:
    variants = variants_of({"a": ["高新区 " * 9 + "高新區 " * 9 + "禁毒 " * 9], "b": ["网格 " * 9]}, WAYS[2:4])
    documents = documents_of(variants).assign(place=["西安高新区", "南湖区"])
    table = keyword_specifications(variants, documents, target="西安高新区")
    assert set(chosen(table, stop_list="shipped", unit="tokens", measure="g2")["term"]) == {"禁毒"}
    assert set(chosen(table, stop_list="none", unit="tokens", measure="g2")["term"]) == {"禁毒", "高新区"}


def test_ties_share_a_rank_and_none_of_them_is_cut_off() -> None:
    variants = variants_of({"a": ["禁毒 网格 宣传 " * 9 + "调解 " * 18], "b": ["邻里 " * 9]})
    table = chosen(specified(variants, top=2), measure="g2", unit="tokens")
    first = table[table["spec"].eq(table["spec"].iloc[0])]
    assert first["term"].tolist() == ["调解", "宣传", "禁毒", "网格"]
    assert first["rank"].tolist() == [1, 2, 2, 2]
    only = specified(variants, top=1)
    assert set(chosen(only, measure="g2", unit="tokens")["term"]) == {"调解"}


def test_only_words_that_are_frequent_enough_rank() -> None:
    variants = variants_of({"a": ["禁毒 " * 6 + "网格 " * 5], "b": ["邻里 " * 9]})
    assert set(specified(variants, min_n=6)["term"]) == {"禁毒", ""}
    assert set(specified(variants, min_n=5)["term"]) == {"禁毒", "网格", ""}


def test_a_question_can_be_narrowed() -> None:
    everything = hand_made()
    simplified = specified(chosen(HAND_MADE, script="simplified"))
    pd.testing.assert_frame_equal(simplified, chosen(everything, script="simplified").reset_index(drop=True))
    assert keyword_survival(simplified)["specifications"].eq(N_SPECIFICATIONS / 2).all()
    assert "script" not in set(survival_by_choice(simplified)["dimension"])


def test_a_case_without_words_has_no_keyword_and_none_of_the_specifications_is_lost() -> None:
    variants = variants_of({"a": ["禁毒 " * 9], "b": ["网格 " * 9]})
    documents = pd.DataFrame({"doc_id": ["a", "b", "silent"], "duplicate_of": ""})
    table = keyword_specifications(variants, documents, target="silent", by="doc_id")
    assert (len(table), table["term"].eq("").all()) == (N_SPECIFICATIONS / 6, True)
    assert keyword_survival(table).empty
    assert survival_by_choice(table).empty


def test_survival_is_sorted_by_share_then_rank_then_term() -> None:
    rows = [(1, "甲", 2), (2, "甲", 4), (1, "丙", 1), (2, "", None), (3, "乙", 1), (4, "丁", 3)]
    table = keyword_survival(pd.DataFrame(rows, columns=["spec", "term", "rank"]))
    assert table.to_numpy().tolist() == [
        ["甲", 4, 2, 0.5, 2, 3, 4],
        ["丙", 4, 1, 0.25, 1, 1, 1],
        ["乙", 4, 1, 0.25, 1, 1, 1],
        ["丁", 4, 1, 0.25, 3, 3, 3],
    ]


def test_the_table_of_choices_is_that_of_the_package() -> None:
    rows = pd.DataFrame(read_rows("specifications"))
    choices = rows.groupby("dimension")["choice"].agg(set)
    allowed = {column.name: set(column.choices) for column in TERM_VARIANTS.columns}
    assert choices["script"] == allowed["script"]
    assert choices["segmenter"] == allowed["segmenter"]
    assert choices["measure"] <= set(keyness_scores(1, 2, 1, 2))
    assert not rows.duplicated(["dimension", "choice"]).any()
    assert rows.ne("").all(axis=None)


DOCUMENTS = documents_of(THREE_CASES)


@pytest.mark.parametrize(("options", "error", "message"), [
    ({"target": "d"}, ChoiceError, "target='d' is not one of 'a', 'b', 'c'"),
    ({"by": "docid"}, ChoiceError, "by='docid' is not one of .*did you mean 'doc_id'"),
    ({"min_n": 0}, TableError, "min_n=0; it must be a whole number, 1 or more"),
    ({"top": 2.5}, TableError, "top=2.5; it must be a whole number, 1 or more"),
    ({"documents": DOCUMENTS.drop(columns="duplicate_of")}, TableError, "documents: no column 'duplicate_of'"),
    ({"documents": pd.concat([DOCUMENTS, DOCUMENTS])}, TableError, "documents: row 4 repeats doc_id='a'"),
    ({"documents": DOCUMENTS.assign(case=["a", "", "c"]), "by": "case"}, TableError, "column 'case' is empty for 'b'"),
    ({"variants": THREE_CASES.drop(columns="segmenter")}, TableError, "variants: no column 'segmenter'"),
    ({"variants": pd.concat([THREE_CASES, THREE_CASES[:1]])}, TableError, "variants: row .* repeats"),
    ({"variants": THREE_CASES.assign(doc_id="x" + THREE_CASES["doc_id"])}, TableError, "variants: has no words of any"),
])
def test_bad_input_is_named(options: dict, error: type[Exception], message: str) -> None:
    arguments = {"variants": THREE_CASES, "documents": DOCUMENTS, "target": "a", "by": "doc_id"} | options
    with pytest.raises(error, match=message):
        keyword_specifications(arguments.pop("variants"), arguments.pop("documents"), **arguments)


def test_tables_without_the_columns_are_refused() -> None:
    with pytest.raises(TableError, match="specifications: no column 'rank'; it has 'spec', 'term'"):
        keyword_survival(pd.DataFrame({"spec": [1], "term": ["禁毒"]}))
    with pytest.raises(TableError, match="specifications: no column 'script'"):
        survival_by_choice(pd.DataFrame({"spec": [1], "term": ["禁毒"], "rank": [1]}))
    with pytest.raises(TableError, match="documents: no column 'text'"):
        term_variants(pd.DataFrame({"doc_id": ["a"]}))
    with pytest.raises(TableError, match="specifications: list given; it must be a pandas DataFrame"):
        keyword_survival([1])
    with pytest.raises(TableError, match="variants: list given"):
        keyword_specifications([1], DOCUMENTS, target="a")


@pytest.mark.parametrize(("given", "message"), [
    ({"documents": DOCUMENTS[:1]}, "'a' is the only case in column 'doc_id'"),
    ({"variants": THREE_CASES[:0]}, "variants has no rows"),
])
def test_where_there_is_nothing_to_compare_the_tables_are_empty_and_say_so(
    given: dict[str, pd.DataFrame], message: str
) -> None:
    tables = {"variants": THREE_CASES, "documents": DOCUMENTS} | given
    with pytest.warns(UserWarning, match=message):
        specifications = keyword_specifications(**tables, target="a", by="doc_id")
    assert specifications.empty
    assert list(specifications) == list(keyword_specifications(THREE_CASES, DOCUMENTS, target="a", by="doc_id"))
    assert keyword_survival(specifications).empty
    assert survival_by_choice(specifications).empty
