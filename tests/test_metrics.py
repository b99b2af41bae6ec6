"""Metrics of an article: labelled cases, scripts and pinyin, repeats, any text, bounded work, the digests by hand."""

from __future__ import annotations

import csv
import json
import random
import time
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

import pingan_analysis as pa
from pingan_analysis.errors import PinganError, TableError
from pingan_analysis.extraction.repeats import similarity
from pingan_analysis.lexicon import read_rows
from pingan_analysis.metrics import extract_metrics, metric_rows
from pingan_analysis.plain import PlainText
from pingan_analysis.schema import METRICS, check_table
from pingan_analysis.script import to_simplified

ROOT = Path(__file__).parents[1]
CASES = Path(__file__).parent / "cases"
ARTICLES = ROOT / "../shared/articles"
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (CASES / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
]
CASE_COLUMNS = {
    "quantity", "value", "unit", "bound", "kind", "direction", "target", "cumulative", "indicator", "category",
    "channel", "period_start", "period_end", "period_basis", "place",
}
PUBLISHED = "2024-09-05"


@cache  # the other script and pinyin are compared with the same cases
def records(text: str, published: str | None = PUBLISHED, place: str | None = None) -> list[dict[str, Any]]:
    """Return the metrics as records: days as ISO strings, None for an open end, "" for words that are missing."""
    return [plain_record(row) for row in extract_metrics(text, published=published, place=place).to_dict("records")]


def plain_record(row: dict[Any, Any]) -> dict[str, Any]:
    open_ends = ("low", "high", "period_start", "period_end")
    row = {name: (None if name in open_ends else "") if pd.isna(cell) else cell for name, cell in row.items()}
    return row | {name: row[name] and str(row[name])[:10] for name in ("period_start", "period_end")}


def quantities(text: str) -> list[str]:
    return [row["quantity"] for row in records(text)]


def is_same_indicator(coded: str, read: str) -> bool:
    """Whether a coder would take the two for one: one holds the other, or they share half of their characters."""
    return coded in read or read in coded or similarity(coded, read) >= 0.5


def differing(coded: dict[str, Any], read: dict[str, Any]) -> list[str]:
    """Return the columns of `coded` in which `read` says something else."""
    def agrees(name: str, cell: object) -> bool:
        if name == "value":
            return bool(read[name] == pytest.approx(cell))
        return is_same_indicator(str(cell), read[name]) if name == "indicator" else bool(read[name] == cell)

    return [f"{name}: {read[name]!r}, not {cell!r}" for name, cell in coded.items() if not agrees(name, cell)]


# -- labelled cases ------------------------------------------------------------------------------------------------

def case(row: dict[str, Any]) -> Any:
    marks = [pytest.mark.xfail(strict=True, reason=row["note"])] if row.get("known_failure") else []
    return pytest.param(row, id=row["text"].replace("\n", " "), marks=marks)


@pytest.mark.parametrize("row", [*map(case, ROWS)])
def test_labelled_case(row: dict[str, Any]) -> None:
    read = records(row["text"], row["published"], row["place"])
    assert [metric["quantity"] for metric in read] == [coded["quantity"] for coded in row["metrics"]]
    assert [differing(coded, metric) for coded, metric in zip(row["metrics"], read, strict=True)] == [[]] * len(read)


def test_the_cases_are_many_and_hard() -> None:
    assert len({row["text"] for row in ROWS}) == len(ROWS) >= 170
    assert 3 * sum(row["group"] in ("negative", "distractor") for row in ROWS) >= len(ROWS)
    assert [row["text"] for row in ROWS if (row["group"] == "negative") != (not row["metrics"])] == []
    assert [set(metric) - CASE_COLUMNS for row in ROWS for metric in row["metrics"] if set(metric) - CASE_COLUMNS] == []
    assert sum(to_simplified(row["text"]) != row["text"] for row in ROWS) >= 30


# -- the table -----------------------------------------------------------------------------------------------------

REPORT = "今年以来，全县共发放宣传册6000余册，发案率同比下降12%。\n目前，群众满意率达97.5%，力争年底前建成岗亭30个。"


@pytest.mark.parametrize("text", [REPORT, "没有数字。", ""])
def test_the_table_has_the_columns_and_types_of_the_codebook(text: str) -> None:
    metrics = extract_metrics(text, published=PUBLISHED, place="甲县")
    assert list(metrics.columns) == METRICS.column_names
    pd.testing.assert_frame_equal(check_table(metrics, "metrics"), metrics)
    assert str(metrics["value"].dtype).lower() == "float64"
    assert str(metrics["cumulative"].dtype) == str(metrics["target"].dtype) == "boolean"


def test_a_report_is_read_in_its_order() -> None:
    metrics = extract_metrics(REPORT, published=PUBLISHED, place="甲县", doc_id="report")
    assert metrics["quantity"].tolist() == ["6000余册", "12%", "97.5%", "30个"]
    assert metrics["para"].tolist() == [0, 0, 1, 1]
    assert set(metrics["doc_id"]) == {"report"}
    assert set(metrics["place"]) == {"甲县"}
    assert metrics["char_start"].is_monotonic_increasing
    assert metrics["rule"].str.fullmatch("[a-z_]+").all()


@pytest.mark.parametrize("published", [date(2024, 9, 5), pd.Timestamp("2024-09-05 08:00"), "2024-09-05"])
def test_the_day_of_publication_may_be_given_in_any_form(published: Any) -> None:
    metrics = extract_metrics("去年，走访群众300户。", published=published)
    assert metrics["period_end"].astype(str).tolist() == ["2023-12-31"]


@pytest.mark.parametrize("published", [None, pd.NaT])
def test_without_a_day_of_publication_relative_periods_stay_open(published: Any) -> None:
    (row,) = extract_metrics("去年，走访群众300户。", published=published).to_dict("records")
    assert row["period_basis"] == "unresolved"
    assert pd.isna(row["period_start"])
    assert pd.isna(row["period_end"])


# -- same fact once ------------------------------------------------------------------------------------------------

def links(text: str) -> list[str]:
    return [str(row["same_as"]) for row in records(text, place="甲县")]


def test_what_the_lead_says_and_the_body_repeats_is_one_fact() -> None:
    lead = "全县悬挂宣传横幅460条，满意率达96.2%。"
    body = "在宣传方面，各乡镇悬挂横幅460条；在测评方面，群众满意率达96.2%。"
    metrics = extract_metrics(f"{lead}\n{body}", place="甲县")
    first = [f"text:{start}" for start in metrics["char_start"][:2]]
    assert metrics["same_as"].fillna("").tolist() == ["", "", *first]


@pytest.mark.parametrize("text", [
    "配备网格长52名、专职网格员52名。",
    "发放宣传册800份、宣传单800份。",
    "全县悬挂横幅460条。\n全县建成岗亭460个。",
    "全县悬挂横幅460条。\n全县悬挂横幅460余条。",
    "2022年，全县调处纠纷310件。\n2023年，全县调处纠纷310件。",
    "全县悬挂横幅460条。\n计划再悬挂横幅460条。",
    "发案率同比上升8%。\n发案率同比下降8%。",
    "青石镇悬挂横幅46条。\n柳河镇悬挂横幅46条。",
])
def test_equal_numbers_that_say_different_things_are_two_facts(text: str) -> None:
    assert links(text) == ["", ""]


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        ("排查矛盾纠纷40件，已化解31件，9件正在化解。", ["矛盾纠纷排查", "矛盾纠纷化解", "矛盾纠纷正在化解"]),
        ("破獲案件20起，3起正在偵辦。", ["案件破获", "案件正在侦办"]),
        ("排查隐患50处，整改45处，5处尚未整改到位。", ["隐患排查", "整改", "尚未整改"]),
        ("摸排涉黑涉恶线索90条，其中20条已办结；另立案3起。", ["涉黑涉恶线索摸排", "涉黑涉恶线索办结", "立案"]),
        ("发放手册300册，其中200册发放给老人。", ["手册发放", "手册发放"]),
    ],
)
def test_what_became_of_a_part_is_its_own_indicator(text: str, indicators: list[str]) -> None:
    assert pa.extract_metrics(text)["indicator"].tolist() == indicators


def test_three_mentions_name_the_first() -> None:
    text = "悬挂横幅460条。\n" * 3
    assert links(text) == ["", "text:4", "text:4"]


# -- the same records from other forms of a text -------------------------------------------------------------------

TO_TRADITIONAL = OpenCC("s2t")
WHERE = ("char_start", "char_end", "quantity", "same_as")
FORMS = [pytest.param(row, id=row["text"].replace("\n", " ")) for row in ROWS if row["metrics"]]


def without_offsets(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: cell for name, cell in row.items() if name not in WHERE} for row in rows]


def injected(text: str, seed: int) -> str:
    """Put pinyin behind about a third of the Chinese characters, as some reposting sites do."""
    draw = random.Random(seed)
    syllables = ["(wǎng)", "（gè）", "(zhuāng)", "(lǜ)"]
    return "".join(
        c + draw.choice(syllables) if "\u4e00" <= c <= "\u9fff" and draw.random() < 1 / 3 else c for c in text
    )


@pytest.mark.parametrize("row", FORMS)
@pytest.mark.no_cover
def test_both_scripts_give_the_same_records(row: dict[str, Any]) -> None:
    simplified = PlainText(row["text"]).text
    twin = TO_TRADITIONAL.convert(simplified)
    if to_simplified(twin) != simplified:
        pytest.skip("the twin does not convert back")
    given_, read = records(simplified, row["published"], row["place"]), records(twin, row["published"], row["place"])
    assert without_offsets(read) == without_offsets(given_)
    assert [(r["char_start"], r["char_end"]) for r in read] == [(r["char_start"], r["char_end"]) for r in given_]
    assert [r["quantity"] for r in read] == [twin[r["char_start"]:r["char_end"]] for r in given_]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("row", FORMS)
@pytest.mark.no_cover
def test_pinyin_changes_no_record(row: dict[str, Any], seed: int) -> None:
    bare = PlainText(row["text"]).text.replace("(", ",").replace(")", ",")
    text = injected(bare, seed)
    given_, read = records(bare, row["published"], row["place"]), records(text, row["published"], row["place"])
    assert text != bare
    assert without_offsets(read) == without_offsets(given_)
    for metric, source in zip(read, given_, strict=True):
        assert text[metric["char_start"]:metric["char_end"]] == metric["quantity"]
        assert PlainText(metric["quantity"]).text == source["quantity"]
        assert PlainText(text[:metric["char_start"]]).text == bare[:source["char_start"]]


# -- paragraphs and boilerplate ------------------------------------------------------------------------------------

def rows_of(text: str, furniture: list[str]) -> list[dict[str, Any]]:
    cuts = [(text.index(part), text.index(part) + len(part), "source_line") for part in furniture]
    return metric_rows("a", text, cuts, date(2024, 9, 5), "甲县")


def test_boilerplate_holds_no_metric_and_shifts_no_offset() -> None:
    text = "平安简报 阅读3000次\n\n　　全县发放手册500份。(转发26次)各乡张贴海报90张。\n共收到评论12条"
    rows = rows_of(text, ["平安简报 阅读3000次", "(转发26次)", "共收到评论12条"])
    assert [(row["quantity"], row["para"]) for row in rows] == [("500份", 0), ("90张", 0)]
    assert [text[row["char_start"]:row["char_end"]] for row in rows] == ["500份", "90张"]
    assert len(rows_of(text, [])) > 2


def test_a_period_ends_with_its_paragraph() -> None:
    rows = rows_of("2022年，全县走访群众400户。走访企业30家。\n走访商户70家。", [])
    assert [(row["period_start"], row["period_basis"]) for row in rows] == [
        (date(2022, 1, 1), "stated"), (date(2022, 1, 1), "carried"), (None, ""),
    ]


# -- errors --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("text", [None, 12, ["发放手册500份"], b"500"])
def test_what_is_no_text_is_refused_in_one_line(text: Any) -> None:
    with pytest.raises(TableError, match=type(text).__name__) as refusal:
        extract_metrics(text)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("published", ["September", "2024-13-01", "2024-02-30", "", 3.5, ["2024-01-01"]])
def test_what_is_no_day_is_refused_in_one_line(published: Any) -> None:
    with pytest.raises(PinganError, match="published") as refusal:
        extract_metrics("发放手册500份。", published=published)
    assert "\n" not in str(refusal.value)


# -- any text ------------------------------------------------------------------------------------------------------

MATERIAL = sorted(
    {row["mark"] for row in read_rows("quantity_marks")}
    | {row["measure"] for row in read_rows("measure_words")}
    | {row["word"] for table in ("indicators", "metric_signals", "channels") for row in read_rows(table)}
    | set("0123456789.,，。；：、!?%‰~—-/ \n\r\t\u2028\x00\x0b\ufeff")
    | set("零一二两三十百千万亿余多第前“”‘’「」『』《》()（）〔〕年月日共各均")
    | {"今年以来", "去年", "目前", "截至10月25日", "年底前", "同比下降", "分别", "其中", "(wǎng)", "\u200b"}
)
SURROGATES = st.text(st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF), max_size=2)
TEXTS = st.lists(st.sampled_from(MATERIAL) | st.text(max_size=2) | SURROGATES, max_size=30).map("".join)
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2030, 12, 31))


@given(TEXTS | st.text(), DAYS)
def test_any_text_gives_rows_that_slice_it(text: str, published: date | None) -> None:
    metrics = extract_metrics(text, published=published, place="甲县")
    end = 0
    for row in metrics.to_dict("records"):
        assert end <= row["char_start"] < row["char_end"] <= len(text)
        assert row["quantity"] == text[row["char_start"]:row["char_end"]]
        assert row["indicator"].strip()
        end = row["char_end"]


@given(TEXTS)
def test_the_same_text_gives_the_same_rows(text: str) -> None:
    pd.testing.assert_frame_equal(extract_metrics(text), extract_metrics(text))


# -- bounded work --------------------------------------------------------------------------------------------------

HOSTILE = ["8", "九", "3件", "、3件", "3件，", "《", "(", "（a）", "“", "「", "分别", "其中", "第", "同比下降",
           "2024年", "今年以来", "发放宣传册3份和", "发放宣传册和海报3份", "立案、破案分别为3起、2起，", "民警走访群众",
           "3%", "约", "下降3%至2%", "第3名", "去年3件", "年底前3件"]
N_CHARACTERS = 33_000  # 100 kB of Chinese


def seconds(text: str) -> float:
    start = time.process_time()
    extract_metrics(text, published=PUBLISHED)
    return time.process_time() - start


@pytest.mark.parametrize("part", HOSTILE)
@pytest.mark.no_cover
def test_work_grows_with_the_length_of_one_sentence(part: str) -> None:
    """Eight times the text may take 24 times as long: far from the 64 times of work that grows with the square."""
    text = part * (N_CHARACTERS // len(part))
    extract_metrics(REPORT)
    assert seconds(text) < 24 * max(seconds(text[:N_CHARACTERS // 8]), 0.05)


# -- the digests ---------------------------------------------------------------------------------------------------

DIGEST_ROWS = list(csv.DictReader((CASES / "digest_figures.tsv").open(encoding="utf-8"), delimiter="\t"))
DIGESTS = sorted({row["doc_id"] for row in DIGEST_ROWS})
each_digest = pytest.mark.parametrize("doc", DIGESTS)
needs_articles = pytest.mark.skipif(not ARTICLES.is_dir(), reason="no ../shared/articles here")
CODED_COLUMNS = ("kind", "direction", "target", "cumulative", "category", "channel")
STATED = ("value", "unit", "bound", "kind", "direction", "target")


@cache
def metrics_in(folder: Path, prefix: str) -> dict[str, list[dict[str, Any]]]:
    documents = pa.read_articles(folder)
    return {
        row["doc_id"].removeprefix(prefix): [
            {name: "" if cell is None else cell for name, cell in metric.items()}
            for metric in metric_rows(
                row["doc_id"], row["text"], row["boilerplate"], row["published"].date(), row["place"]
            )
        ]
        for row in documents.to_dict("records")
    }


def digest_metrics(doc: str) -> list[dict[str, Any]]:
    return metrics_in(ROOT / "data" / "digests", "digest_")[doc]


def coded_rows(doc: str) -> list[dict[str, Any]]:
    yes_no = {"yes": True, "no": False}
    return [
        {name: yes_no.get(cell, cell) for name, cell in row.items()} | {"value": float(row["value"])}
        for row in DIGEST_ROWS if row["doc_id"] == doc
    ]


@each_digest
def test_every_coded_span_of_a_digest_is_found_and_nothing_else(doc: str) -> None:
    coded = [(row["quantity"], pytest.approx(row["value"]), row["unit"], row["bound"]) for row in coded_rows(doc)]
    assert [(row["quantity"], row["value"], row["unit"], row["bound"]) for row in digest_metrics(doc)] == coded


DIGEST_KNOWN_FAILURES = {
    "anlu_2024": ["482人次 indicator", "3万余人次 channel"],
    "dengzhou_2022": [
        "6次 indicator", "51个 category", "43个 category", "249个 target",
        "前150名 indicator", "626个 category", "3000余条 indicator",
    ],
    "gaoxin_2018": ["150余万元 indicator", "829个 indicator"],
    "gaoxin_2019": ["6万余条 indicator"],
    "nanhu_2018": ["十二连冠 indicator", "十三连冠 indicator", "7大类 indicator", "90小项 indicator"],
}


@each_digest
def test_columns_of_a_digest_are_as_coded_but_for_known_failures(doc: str) -> None:
    names = (*CODED_COLUMNS, "period_text", "indicator")
    pairs = [
        ({name: coded[name] for name in names if "?" not in str(coded[name])}, read)
        for coded, read in zip(coded_rows(doc), digest_metrics(doc), strict=True)
    ]
    failures = [
        f"{to_simplified(read['quantity'])} {failure.partition(':')[0]}"
        for coded, read in pairs for failure in differing(coded, read)
    ]
    assert failures == DIGEST_KNOWN_FAILURES[doc]


@needs_articles
@each_digest
def test_a_digest_and_its_article_state_the_same(doc: str) -> None:
    stated = {
        (to_simplified(row["quantity"]), *(row[name] for name in STATED)) for row in metrics_in(ARTICLES, "")[doc]
    }
    of_digest = [
        (coded["article_quantity"], *(read[name] for name in STATED))
        for coded, read in zip(coded_rows(doc), digest_metrics(doc), strict=True)
    ]
    assert [fact for fact in of_digest if fact not in stated] == []
