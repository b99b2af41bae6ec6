"""The audit of metrics: relations that must be found, with their arithmetic done another way, and that must not."""

from __future__ import annotations

import time
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from metric_rows import copies, dated, metric, table

from pingan_analysis.audit import COLUMNS, audit_metrics
from pingan_analysis.auditing.limits import last_digit, limits_of
from pingan_analysis.auditing.stages import role_of
from pingan_analysis.errors import TableError
from pingan_analysis.lexicon import read_rows


def audit(*metrics: dict, gap: int = 10) -> list[tuple[str, str, str]]:
    found = audit_metrics(table(*metrics, gap=gap))
    assert list(found.columns) == list(COLUMNS)
    return list(found[["check", "verdict", "formula"]].itertuples(index=False, name=None))


FOUND = metric("矛盾纠纷排查", "307件", 307, "件")
SETTLED = metric("矛盾纠纷化解", "281件", 281, "件")
PENDING = metric("正在化解的矛盾纠纷", "26件", 26, "件")
RATE = metric("调处成功率", "91.5%", 0.915, "%")
DONE = metric("基础开挖", "589个", 589, "个")
DONE_RATE = metric("基础开挖完成率", "88.2%", 0.882, "%")


# --- what must be found


def test_whole_parts_and_rate():
    assert audit(FOUND, SETTLED, PENDING, RATE) == [
        ("parts_and_whole", "consistent", "281 + 26 = 307"),
        ("numerator_denominator_rate", "consistent", "281 / 307 = 91.5 %"),
    ]
    row = audit_metrics(table(FOUND, SETTLED, PENDING, RATE)).iloc[1]
    assert row["expected"] == pytest.approx(281 / 307)
    assert (row["doc_ids"], row["rows"].split(), row["unit"]) == ("a", ["a:10", "a:24", "a:51"], "%")


@pytest.mark.parametrize(
    ("pending", "verdict", "formula"),
    [
        (20, "implied", "307 − 281 − 20 = 6"),
        (26, "consistent", "281 + 26 = 307"),
        (27, "inconsistent", "281 + 27 = 308 > 307"),
    ],
)
def test_parts_may_fall_short_of_a_whole_but_not_exceed_it(pending, verdict, formula):
    part = PENDING | {"quantity": f"{pending}件", "value": pending, "low": pending, "high": pending}
    assert audit(FOUND, SETTLED, part) == [("parts_and_whole", verdict, formula)]


@pytest.mark.parametrize(
    ("part", "findings"),
    [
        (("20余件", 20, "more_than"), [("parts_and_whole", "implied", "≥ 20 = 26")]),
        (("30余件", 30, "more_than"), [("parts_and_whole", "inconsistent", "281 + ≥ 30 ≥ 311 > 307")]),
        (("近30件", 30, "nearly"), [("parts_and_whole", "implied", "≤ 30 = 26")]),
        (("近20件", 20, "nearly"), []),
        (("约25件", 25, "about"), [("parts_and_whole", "implied", "≈ 25 = 26")]),
    ],
)
def test_limits_say_only_what_follows_from_them(part, findings):
    quantity, value, bound = part
    assert audit(FOUND, SETTLED, metric("正在化解矛盾纠纷", quantity, value, "件", bound=bound)) == findings


def test_parts_of_one_indicator_make_up_a_whole_only_exactly():
    again = metric("矛盾纠纷化解", "26件", 26, "件")
    assert audit(FOUND, SETTLED, again, RATE) == [
        ("parts_and_whole", "consistent", "281 + 26 = 307"),
        ("numerator_denominator_rate", "consistent", "281 / 307 = 91.5 %"),
    ]
    assert audit(FOUND, SETTLED, again | {"value": 25, "low": 25, "high": 25, "quantity": "25件"}) == []
    assert audit(FOUND, SETTLED, metric("纠纷调解", "26件", 26, "件")) == []


def test_a_whole_with_a_limit():
    whole = metric("矛盾纠纷排查", "300余件", 300, "件", bound="more_than")
    assert audit(whole, SETTLED, PENDING) == [("parts_and_whole", "implied", "≥ 300 = 307")]
    assert audit(whole, SETTLED) == [("numerator_denominator_rate", "implied", "281 / ≥ 300 is ≤ 93.7 %")]
    nearly = metric("矛盾纠纷排查", "近300件", 300, "件", bound="nearly")
    assert audit(nearly, SETTLED, PENDING) == [("parts_and_whole", "inconsistent", "281 + 26 = 307 > ≤ 300")]


def test_a_rate_that_the_numbers_do_not_give():
    resolved = metric("矛盾纠纷化解率", "93.5%", 0.935, "%")
    assert audit(FOUND, SETTLED, resolved) == [
        ("numerator_denominator_rate", "inconsistent", "281 / 307 = 91.5 %, not 93.5 %")
    ]
    cut = metric("化解率", "84%", 0.84, "%")
    assert audit(metric("问题收集", "51个", 51, "个"), metric("问题化解", "43个", 43, "个"), cut) == [
        ("numerator_denominator_rate", "consistent", "43 / 51 = 84 %")
    ]
    assert audit(metric("问题收集", "3个", 3, "个"), metric("问题化解", "2个", 2, "个"), cut | {
        "quantity": "66%", "value": 0.66, "low": 0.66, "high": 0.66,
    }) == [("numerator_denominator_rate", "consistent", "2 / 3 = 66.7 %, cut off to 66 %")]


def test_a_share_that_nobody_printed():
    found, solved = metric("群众问题收集", "51个", 51, "个"), metric("解决问题", "43个", 43, "个")
    assert audit(found, solved) == [("numerator_denominator_rate", "implied", "43 / 51 = 84.3 %")]
    assert audit(found, solved | {"value": 53, "low": 53, "high": 53, "quantity": "53个"}) == [
        ("parts_and_whole", "inconsistent", "53 > 51")
    ]


@pytest.mark.parametrize(
    ("n", "rate", "formula"),
    [
        (589, "88.2", "589 / 88.2 % = 668 (667.4 to 668.2; only 668 is possible)"),
        (829, "72.3", "829 / 72.3 % = 1,146 or 1,147 (1,145.8 to 1,147.4)"),
        (300, "50", "300 / 50 % = 595 to 606 (594.1 to 606.1)"),
    ],
)
def test_a_total_from_what_is_done_and_the_rate(n, rate, formula):
    done = DONE | {"quantity": f"{n}个", "value": n, "low": n, "high": n}
    share = float(Decimal(rate) / 100)
    finding = audit_metrics(table(done, DONE_RATE | {"quantity": f"{rate}%", "value": share}))
    assert finding[["verdict", "formula"]].to_numpy().tolist() == [["implied", formula]]
    u = Fraction(1, 100 * 10 ** len(rate.partition(".")[2]))
    possible = [t for t in range(n, 3 * n) if abs(Fraction(n, t) - Fraction(rate) / 100) <= u / 2]
    first = finding.iloc[0]
    assert possible == [t for t in range(n, 3 * n) if first["low"] <= t <= first["high"]]
    assert first["expected"] == possible[0] if len(possible) == 1 else pd.isna(first["expected"])


@settings(max_examples=60)
@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(0, 2))
def test_every_total_that_rounds_to_the_printed_rate_is_possible(done, more, decimals):
    """Rounding by `decimal`, whichever way ties go: the true total is always among the possible ones."""
    total = done + more
    exact = Decimal(done) / Decimal(total) * 100
    roundings = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN)
    printed = {rounding: exact.quantize(Decimal(1).scaleb(-decimals), rounding) for rounding in roundings}
    assume(all(0 < rate < 100 for rate in printed.values()))
    count = DONE | {"quantity": f"{done}个", "value": done, "low": done, "high": done}
    rates = {doc: DONE_RATE | {"quantity": f"{n}%", "value": float(n / 100)} for doc, n in printed.items()}
    found = audit_metrics(table(*(row | {"doc_id": doc} for doc, rate in rates.items() for row in (count, rate))))
    implied = found[found["check"] == "numerator_denominator_rate"]
    assert implied["verdict"].tolist() == ["implied"] * 3
    assert (implied["low"] - 1e-9).le(total).all()
    assert (implied["high"] + 1e-9).ge(total).all()


@settings(max_examples=60)
@given(st.integers(1, 400), st.integers(0, 400), st.integers(0, 2), st.sampled_from([ROUND_HALF_UP, ROUND_DOWN]))
def test_a_true_rate_is_never_called_inconsistent(whole, part, decimals, rounding):
    part = min(part, whole)
    printed = (Decimal(part) / Decimal(whole) * 100).quantize(Decimal(1).scaleb(-decimals), rounding)
    rate = metric("化解率", f"{printed}%", float(printed / 100), "%")
    of_whole = metric("矛盾纠纷排查", f"{whole}件", whole, "件")
    settled = metric("矛盾纠纷化解", f"{part}件", part, "件")
    texts = {"a": (of_whole, settled, rate), "b": (of_whole, rate), "c": (settled, rate)}
    rows = [row | {"doc_id": doc, "place": f"{doc}县"} for doc, metrics in texts.items() for row in metrics]
    assert "inconsistent" not in {verdict for _, verdict, _ in audit(*rows)}


def test_a_rate_that_no_whole_number_gives():
    checked, passed = metric("企业抽查", "7家", 7, "家"), metric("合格率", "82.3%", 0.823, "%")
    assert audit(checked, passed) == [
        ("numerator_denominator_rate", "inconsistent", "7 × 82.3 % is no whole number (5.8 to 5.8)")
    ]
    assert "82.3 % of 7 is not possible" in audit_metrics(table(checked, passed))["explanation"].item()
    assert audit(DONE | {"quantity": "3个", "value": 3, "low": 3, "high": 3}, DONE_RATE) == [
        ("numerator_denominator_rate", "inconsistent", "3 / 88.2 % is no whole number (3.4 to 3.4)")
    ]
    assert audit(metric("企业抽查", "7家", 7, "家"), metric("合格率", "85.7%", 0.857, "%")) == [
        ("numerator_denominator_rate", "implied", "7 × 85.7 % = 6 (6.0 to 6.0; only 6 is possible)")
    ]


def test_a_total_from_a_number_with_a_limit_is_a_limit():
    many = DONE | {"quantity": "580余个", "value": 580, "low": 580, "high": None, "bound": "more_than"}
    assert audit(many, DONE_RATE) == [("numerator_denominator_rate", "implied", "≥ 580 / 88.2 % ≥ 658")]
    at_least = DONE_RATE | {"quantity": "88.2%以上", "low": 0.882, "high": None, "bound": "more_than"}
    (_, verdict, formula), = audit(DONE, at_least)
    assert (verdict, formula) == ("implied", "589 / ≥ 88.2 % = 589 to 667 (589.0 to 667.8)")


def test_complementary_kinds_divide_their_whole():
    def staff(whole: int, *parts: tuple[str, int]):
        rows = [metric(f"{kind}网格员", f"{n}名", n, "名", category="organisation") for kind, n in parts]
        return audit(metric("网格员", f"{whole}名", whole, "名", category="organisation"), *rows)

    assert staff(1686, ("专职", 605), ("兼职", 1081)) == [("parts_and_whole", "consistent", "605 + 1,081 = 1,686")]
    assert staff(1700, ("专职", 605), ("兼职", 1081)) == [
        ("parts_and_whole", "inconsistent", "605 + 1,081 = 1,686, not 1,700")
    ]
    assert staff(1686, ("党员", 605), ("青年", 1081)) == []
    assert staff(605, ("专职", 605)) == []
    assert staff(605, ("兼职", 1081)) == []


def test_two_values_of_what_can_have_one():
    year = dated("2024-01-01", "2024-12-31")
    one = metric("群众满意率", "95.1%", 0.951, "%", **year)
    other = metric("群众满意率", "96.2%", 0.962, "%", doc_id="b", **year)
    assert audit(one, other) == [("two_values", "inconsistent", "95.1 % ≠ 96.2 %")]
    assert audit(one, other | {"place": "乙县"}) == []
    assert audit(one, other | dated("2023-01-01", "2023-12-31")) == []
    assert audit(one, other | {"target": True}) == []
    assert audit(*(row | dated(None, None) for row in (one, other))) == []
    rounded = other | {"quantity": "95%", "value": 0.95, "low": 0.95, "high": 0.95}
    assert audit(one, rounded) == []


def test_two_counts_of_events_are_no_contradiction_but_two_totals_are():
    year = dated("2024-01-01", "2024-12-31")
    one = metric("宣传活动", "20场", 20, "场", category="outreach_output", **year)
    other = metric("宣传活动", "30场", 30, "场", category="outreach_output", **year)
    assert audit(one, other) == []
    assert audit(*(row | {"cumulative": True} for row in (one, other))) == [("two_values", "inconsistent", "20 ≠ 30")]
    more = one | {"quantity": "20余场", "bound": "more_than", "high": None}
    assert audit(*(row | {"cumulative": True} for row in (more, other))) == []


def test_a_cumulative_count_cannot_fall():
    def total(n: int, start: str | None, end: str, **rest):
        return metric("宣传海报张贴", f"{n}张", n, "张", cumulative=True, **dated(start, end, **rest))

    fell = [("falling_cumulative", "inconsistent", "120 (2024-03-31) > 100 (2024-06-30)")]
    assert audit(total(120, "2024-01-01", "2024-03-31"), total(100, "2024-01-01", "2024-06-30", doc_id="b")) == fell
    assert audit(total(100, "2024-01-01", "2024-06-30"), total(120, "2024-01-01", "2024-03-31", doc_id="b")) == fell
    assert audit(total(120, None, "2024-03-31"), total(100, None, "2024-06-30")) == fell
    assert audit(total(100, "2024-01-01", "2024-03-31"), total(120, "2024-01-01", "2024-06-30")) == []
    assert audit(total(120, "2024-01-01", "2024-03-31"), total(100, "2024-04-01", "2024-06-30")) == []
    assert audit(total(120, None, "2023-12-31"), total(100, None, "2024-06-30")) == []
    events = [row | {"cumulative": False} for row in (total(120, None, "2024-03-31"), total(100, None, "2024-06-30"))]
    assert audit(*events) == []


def test_a_streak_grows_by_one_a_year():
    def streak(n: int, year: int, bound: str = "exact"):
        return metric("平安创建", f"{n}连冠", n, "连冠", kind="streak", category="evaluation", bound=bound,
                      **dated(f"{year}-01-01", f"{year}-12-31"))

    assert audit(streak(12, 2016), streak(13, 2017)) == [("streak", "consistent", "12 + 1 = 13")]
    assert audit(streak(13, 2017), streak(12, 2016)) == [("streak", "consistent", "12 + 1 = 13")]
    assert audit(streak(12, 2016), streak(15, 2018)) == [("streak", "inconsistent", "12 + 2 < 15")]
    assert audit(streak(12, 2016), streak(2, 2018)) == []
    assert audit(streak(10, 2020, "more_than"), streak(15, 2021)) == []
    assert audit(streak(10, 2020), streak(15, 2021, "more_than")) == [("streak", "inconsistent", "10 + 1 < ≥ 15")]
    assert audit(streak(12, 2016), streak(13, 2017, "more_than")) == []


def test_repeats_are_one_fact_and_found_once():
    again = [row | {"doc_id": "b", "same_as": f"a:{at}"} for row, at in ((DONE, 10), (DONE_RATE, 24))]
    found = audit_metrics(table(DONE, DONE_RATE, *again))
    implied = found[found["verdict"] == "implied"]
    assert implied["formula"].tolist() == ["589 / 88.2 % = 668 (667.4 to 668.2; only 668 is possible)"]
    assert implied["doc_ids"].item() == "a b"
    assert implied["rows"].item().split() == ["a:10", "a:24", "b:10", "b:24"]
    repeated = found[found["check"] == "repeated_value"]
    assert repeated["formula"].tolist() == ["589 = 589", "88.2 % = 88.2 %"]
    assert set(repeated["verdict"]) == {"consistent"}
    other = again[0] | {"value": 600, "low": 600, "high": 600, "quantity": "600个"}
    wrong = audit_metrics(table(DONE, other))
    assert wrong[["check", "verdict", "formula"]].to_numpy().tolist() == [
        ["repeated_value", "inconsistent", "589 ≠ 600"]
    ]


def test_dates_that_cannot_be():
    def one(**period):
        return audit(metric("宣传活动", "20场", 20, "场", **period))

    assert one(**dated("2024-06-30", "2024-01-01")) == [
        ("impossible_date", "inconsistent", "2024-06-30 > 2024-01-01")
    ]
    assert one(**dated("2024-06-30", "2024-06-30")) == []
    assert one(period_text="截至2月30日") == [("impossible_date", "inconsistent", "2月30日: no such day")]
    assert one(period_text="13月份") == [("impossible_date", "inconsistent", "13月份: no such day")]
    assert one(period_text="2023年2月29日")[0][2] == "2023年2月29日: no such day"
    for right in ("2024年2月29日", "2月29日", "9月", "1—10月", "6月5日至30日"):
        assert one(period_text=right) == []
    now = metric("纠纷", "3件", 3, "件", period_text="目前", period_basis="as_of", period_end="2019-01-02")
    later = metric("活动", "3场", 3, "场", **dated("2019-09-01", "2019-09-30"))
    assert audit(now, later) == [("impossible_date", "inconsistent", "2019-09-01 > 2019-01-02")]
    assert audit(now, later | {"target": True}) == []
    assert audit(now, later | dated("2019-01-02", "2019-01-02")) == []
    assert audit(now, later | dated("2018-09-01", "2018-09-30")) == []


# --- what must not be found


@pytest.mark.parametrize(
    "rows",
    [
        # add up by chance
        [metric("会议", "20次", 20, "次"), metric("海报", "12次", 12, "次"), metric("横幅", "8次", 8, "次")],
        # another unit
        [FOUND, SETTLED | {"unit": "人", "quantity": "281人"}, PENDING | {"unit": "人", "quantity": "26人"}],
        # another matter
        [FOUND, metric("线索办结", "281件", 281, "件"), metric("正在办结的线索", "26件", 26, "件")],
        # another period, another place, a goal
        [FOUND, SETTLED | dated("2024-01-01", "2024-06-30"), PENDING],
        [FOUND, SETTLED | {"place": "乙镇"}, PENDING],
        [FOUND | {"target": True}, SETTLED, PENDING],
        # both stages in one word
        [metric("矛盾纠纷排查化解", "307件", 307, "件"), SETTLED, PENDING],
        # far apart
        [FOUND, SETTLED | {"para": 2}, PENDING | {"para": 2}],
        [FOUND | {"char_start": 0}, SETTLED | {"char_start": 100}],
        # a rate of something else, and one that may be of another number
        [FOUND, metric("群众满意率", "91.5%", 0.915, "%")],
        [DONE, metric("设备安装完成率", "72.3%", 0.723, "%")],
        [metric("村", "7个", 7, "个"), metric("村监控覆盖率", "82.3%", 0.823, "%")],
        [DONE, DONE_RATE | {"target": True}],
        # solved cases are not all of those filed
        [metric("刑事案件立案", "19起", 19, "起"), metric("破案", "47起", 47, "起")],
        # everything is done
        [DONE, DONE_RATE | {"quantity": "100%", "value": 1, "low": 1, "high": 1}],
        # two settled counts: which is meant?
        [FOUND, SETTLED, metric("矛盾纠纷调解", "300件", 300, "件"), metric("成功率", "70%", 0.7, "%")],
        # a rate of another sense than the count
        [FOUND, SETTLED, metric("办结率", "100%", 1, "%")],
        # an approximation contradicts nothing
        [FOUND, SETTLED, metric("化解率", "90%以上", 0.9, "%", bound="more_than")],
        [FOUND, metric("矛盾纠纷化解", "约320件", 320, "件", bound="about")],
    ],
)
def test_silence_where_the_relation_is_not_evident(rows):
    assert audit(*rows) == []


def test_a_further_whole_ends_the_relations_of_the_one_before():
    cases, handled = metric("行政案件受理", "222起", 222, "起"), metric("案件查处", "63起", 63, "起")
    found = audit(metric("线索摸排", "198起", 198, "起"), cases, handled)
    assert found == [("numerator_denominator_rate", "implied", "63 / 222 = 28.4 %")]


def test_an_empty_table_has_no_findings_and_its_columns():
    found = audit_metrics(table())
    assert (len(found), list(found.columns)) == (0, list(COLUMNS))
    with pytest.raises(TableError, match="metrics: no column 'quantity'"):
        audit_metrics(table(FOUND).drop(columns="quantity"))


# --- digits and words


@pytest.mark.parametrize(
    ("quantity", "unit", "step"),
    [
        ("307件", "件", 1), ("1,100件", "件", 1), ("3.3萬次", "次", 1000), ("320万条次", "条次", 10_000),
        ("19.6万", "人次", 1000), ("４.78万亿", "元", 10**10), ("二百余万元", "元", 10**4), ("十二连冠", "连冠", 1),
        ("91.5%", "%", "0.001"), ("88%", "%", "0.01"), ("百分之九十一点五", "%", "0.001"), ("九成", "%", "0.1"),
        ("九成五", "%", "0.01"), ("1.25‰", "‰", "0.00001"), ("三分之二", "%", None), ("多数", "", None),
    ],
)
def test_last_digit(quantity, unit, step):
    assert last_digit(quantity, unit) == (None if step is None else Fraction(step))


def test_numbers_in_ten_thousands_are_taken_as_rounded():
    assert limits_of("3.3万次", 33_000, 33_000, 33_000, "exact", "次") == (32_500, 33_500)
    assert limits_of("33000次", 33_000, 33_000, 33_000, "exact", "次") == (33_000, 33_000)
    assert limits_of("3万余次", 30_000, 30_000, None, "more_than", "次") == (30_000, None)
    assert limits_of("近3万次", 30_000, None, 30_000, "nearly", "次") == (0, 30_000)
    assert limits_of("3至5人", 4, 3, 5, "about", "人") == (3, 5)


@pytest.mark.parametrize(
    ("indicator", "stage", "noun"),
    [
        ("排查矛盾纠纷", "found", "矛盾纠纷"), ("矛盾纠纷排查", "found", "矛盾纠纷"),
        ("已化解的矛盾纠纷", "settled", "矛盾纠纷"), ("正在化解的矛盾纠纷", "pending", "矛盾纠纷"),
        ("未化解纠纷", "pending", "纠纷"), ("调处成功率", "settled", ""), ("线索办结", "settled", "线索"),
        ("排查化解矛盾纠纷", "", "矛盾纠纷"), ("宣传海报张贴", "", "宣传海报张贴"),
        ("专职网格员", "complement", "网格员"),
    ],
)
def test_what_an_indicator_says(indicator, stage, noun):
    assert (role_of(indicator).stage, role_of(indicator).noun) == (stage, noun)


def test_the_table_of_stages_is_sound():
    rows = read_rows("case_stages", columns=["word", "stage", "group", "sense"])
    assert len({row["word"] for row in rows}) == len(rows)
    assert {row["stage"] for row in rows} == {"found", "settled", "pending", "progress", "complement"}
    for row in rows:
        assert (row["sense"] != "") == (row["stage"] == "settled"), row["word"]
    pairs = pd.DataFrame(rows).query("stage == 'complement'")["group"].value_counts()
    assert set(pairs) == {2}


@pytest.mark.no_cover
def test_a_hundred_thousand_metrics_take_seconds():
    many = copies(table(FOUND, SETTLED, PENDING, RATE, DONE, DONE_RATE, gap=20), 16_700)
    started = time.process_time()
    found = audit_metrics(many)
    assert time.process_time() - started < 15
    assert found["check"].value_counts().to_dict() == {"parts_and_whole": 16_700, "numerator_denominator_rate": 33_400}
