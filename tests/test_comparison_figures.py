"""Figures of the comparison: models, channels, keywords and how far they can be trusted, wording that travels."""

from __future__ import annotations

from itertools import combinations

import matplotlib as mpl
import matplotlib.colors as mcolors
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from test_figures import save, texts, tick_labels, words
from test_figures import untouched as untouched  # the fixture, for every test here

from pingan_analysis import figures
from pingan_analysis.drawing import style
from pingan_analysis.drawing.metric_parts import GROUPS, group_style
from pingan_analysis.drawing.plot_parts import drawn_width, fitting
from pingan_analysis.errors import ChoiceError, TableError
from pingan_analysis.lexicon import channel_groups

HOSTILE = "<script>alert(1)</script> $x_1$ \u200b\u202e甲{n}\u200f\U000323af"
DOCUMENTS = pd.DataFrame(
    [("a1", "甲县", "Jia County"), ("a2", "甲县", "Jia County"), ("b1", "乙区", "Yi District")],
    columns=["doc_id", "place", "place_en"],
)


@pytest.fixture
def glossed(monkeypatch):
    glosses = {"手机屏": "phone screen", "网格员": "grid worker; resident", "社会稳定": "social stability"}
    monkeypatch.setattr(style, "glosses", lambda: glosses)


def model(doc_id: str, name: str, members: str = "", **changed: str) -> dict[str, object]:
    row = {"doc_id": doc_id, "model": name, "model_en": "", "parent": "", "kind": "campaign_model", "members": members,
           "members_basis": "listed" if members else "none", "channels": "", "parts": ""}
    return row | changed


def models(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows)


MODELS = models(
    model("a1", "一二三", "一点放大、两信同发、三屏齐上", model_en="One-Two-Three (Jia; a model)", parts="1、2、3"),
    model("a1", "两信同发", parent="一二三", members="短信、微信", members_basis="inferred", channels="sms wechat"),
    model("a1", "三屏齐上", parent="一二三"),
    model("a2", "三屏齐上", "手机屏、LED屏、电影屏", parent="一二三", channels="app led_screen cinema"),
    model("a2", "一二三"),
    model("b1", "三屏两报", "手机屏、LED屏、电影屏、晚报、日报", parts="3 屏、2 报", channels="newspaper"),
    model("b1", "两委", kind="fixed_term"),
    model("b1", "十个没有", parts="10 没有"),
)


def used(case: str, channel: str, models: str = "", mentions: int = 1, **metric: object) -> dict[str, object]:
    row = {"case": case, "channel": channel, "group": channel_groups().get(channel, "else"), "models": models,
           "mentions": mentions, "value": None, "low": None, "high": None, "bound": "", "unit": ""}
    return row | metric


COMPARISON = pd.DataFrame([
    used("甲县", "sms", "两信同发", value=3_200_000, bound="nearly", unit="条次"),
    used("甲县", "poster", value=60_000, bound="more_than", unit="张"),
    used("乙区", "led_screen", "三屏两报"),
    used("乙区", "event", value=0.882, bound="exact", unit="%"),
    used("乙区", "banner", low=500, high=700, unit="条"),
    used("乙区", "tv", mentions=0),
])


def keyword(term: str, ratio: float, low: float, high: float, rank: int, **changed: object) -> dict[str, object]:
    row = {"term": term, "n_target": 12, "n_reference": 3, "log_ratio": ratio, "log_ratio_low": low,
           "log_ratio_high": high, "rank": rank, "rank_best": rank, "rank_worst": rank + 4, "claim": "",
           "one_document": False}
    return row | changed


KEYWORDS = pd.DataFrame([
    keyword("工作", -1.0, -2.0, -0.1, 3, n_target=2_000),
    keyword("网格员", 4.0, 2.5, np.inf, 1, claim="paragraphs", n_reference=0),
    keyword("宣传", 1.5, -0.5, 3.0, 2, one_document=True, rank_best=np.nan),
])
CALIBRATION = pd.DataFrame(
    [("g2_bh", 1000, 762, 0.762, 0.735, 0.787, 0.05), ("my_recipe", 1000, 48, 0.048, 0.036, 0.063, 0.05)],
    columns=["recipe", "draws", "claimed", "rate", "low", "high", "alpha"],
)
POWER = pd.DataFrame(
    [("g2_bh", 1, 4, 200, 80, 0.4, 0.3, 0.5), ("g2_bh", 5, 4, 200, 180, 0.9, 0.85, 0.94),
     ("g2_bh", 5, 2, 200, 60, 0.3, 0.25, 0.4)],
    columns=["recipe", "per_1000", "factor", "draws", "found", "rate", "low", "high"],
)
SURVIVAL = pd.DataFrame(
    [("宣传", 48, 12, 0.25, 4, 7.5, 19), ("网格员", 48, 48, 1.0, 1, 1.0, 2)],
    columns=["term", "specifications", "survived", "share", "best_rank", "median_rank", "worst_rank"],
)
BY_CHOICE = pd.DataFrame(
    [("宣传", "segmenter", "jieba", 0.5), ("宣传", "segmenter", "package", 0.0), ("宣传", "weather", "fair", 0.75),
     ("网格员", "segmenter", "jieba", 1.0), ("网格员", "segmenter", "package", 1.0)],
    columns=["term", "dimension", "choice", "share"],
)
REUSE = pd.DataFrame(
    [[np.nan, 0.25, 0.0], [0.125, np.nan, 0.02], [np.nan, np.nan, np.nan]], ["a1", "a2", "b1"], ["a1", "a2", "b1"]
)
QUALITY = pd.DataFrame(
    [("span", 0.9, 0.85, 0.94, 0.8, 0.74, 0.85, 0.847, None, None, None),
     ("bound", None, None, None, None, None, None, None, 1.0, 0.97, 1.0),
     ("my column", None, None, None, None, None, None, None, 0.75, 0.7, 0.8),
     ("full record", 0.6, 0.5, 0.7, 0.625, 0.52, 0.72, 0.612, None, None, None)],
    columns=["measure", "precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high", "f1",
             "share", "share_low", "share_high"],
)
TRAVELLING = pd.DataFrame(
    [("r1", "社会稳定", 8, "甲县、乙区", 5), ("r2", "", 41, "乙区", 1_234)],
    columns=["reuse_id", "phrase", "n_chars", "cases", "occurrences"],
)


def plots() -> dict[str, tuple[object, pd.DataFrame]]:
    return {
        "anatomy": (lambda lang: figures.plot_model_anatomy(MODELS, lang=lang), MODELS),
        "matrix": (lambda lang: figures.plot_channel_matrix(COMPARISON, lang=lang), COMPARISON),
        "keyness": (lambda lang: figures.plot_keyness(KEYWORDS, lang=lang), KEYWORDS),
        "calibration": (lambda lang: figures.plot_calibration(CALIBRATION, POWER, lang=lang), CALIBRATION),
        "survival": (lambda lang: figures.plot_survival(SURVIVAL, BY_CHOICE, lang=lang), SURVIVAL),
        "survived": (lambda lang: figures.plot_survival(SURVIVAL, lang=lang), SURVIVAL),
        "reliability": (lambda lang: figures.plot_reliability(CALIBRATION, QUALITY, SURVIVAL, lang=lang), QUALITY),
        "reuse": (lambda lang: figures.plot_reuse_matrix(REUSE, lang=lang), REUSE),
        "phrases": (lambda lang: figures.plot_shared_phrases(TRAVELLING, lang=lang), TRAVELLING),
    }


PLOTS = plots()


def hostile() -> dict[str, Figure]:
    """Every plot with more than it has room for, of names that nobody would wish for."""
    cases = [f"{n}{HOSTILE}" for n in range(12)]
    tree = models(*(
        model(case, f"{HOSTILE}{n}" * 3, "、".join(f"{HOSTILE}{m}" for m in range(60)), model_en=HOSTILE * 3,
              channels="sms zzz " + HOSTILE, parts="60 " + HOSTILE)
        for n, case in enumerate(cases)
    ), model(cases[0], "WWWWWWWWWWWWWWWWWW", parent=f"{HOSTILE}0" * 3),
       *(model(cases[1], f"部{n}", "甲、乙", parent=f"{HOSTILE}1" * 3) for n in range(60)))
    comparison = pd.DataFrame([
        used(case, channel, HOSTILE, value=10.0**n, bound="about", unit=HOSTILE)
        for n, case in enumerate(cases) for channel in [*list(channel_groups())[:5], HOSTILE]
    ])
    keywords = pd.DataFrame([
        keyword(HOSTILE + str(n), 5, -np.inf, np.inf, n, claim=HOSTILE, n_target=10**9) for n in range(52)
    ])
    recipes = [HOSTILE + str(n) for n in range(9)]
    calibration = pd.concat([CALIBRATION.head(1).assign(recipe=recipe) for recipe in recipes])
    power = pd.concat([POWER.assign(recipe=recipe) for recipe in recipes])
    survival = pd.concat([SURVIVAL.head(1).assign(term=HOSTILE + str(n)) for n in range(60)])
    choices = pd.concat([
        BY_CHOICE.head(1).assign(term=HOSTILE + "0", dimension=HOSTILE, choice=HOSTILE + str(n)) for n in range(60)
    ])
    names = [f"{n}{HOSTILE}" for n in range(50)]
    phrases = pd.concat([
        TRAVELLING.head(1).assign(reuse_id=str(n), phrase=HOSTILE, cases="、".join(cases)) for n in range(50)
    ])
    return {
        "anatomy": figures.plot_model_anatomy(tree), "matrix": figures.plot_channel_matrix(comparison),
        "keyness": figures.plot_keyness(keywords, top=70), "calibration": figures.plot_calibration(calibration, power),
        "survival": figures.plot_survival(survival, choices, top=60),
        "reliability": figures.plot_reliability(
            calibration, pd.concat([QUALITY.head(1).assign(measure=HOSTILE + str(n)) for n in range(30)]), survival),
        "reuse": figures.plot_reuse_matrix(pd.DataFrame(0.5, names, names)),
        "phrases": figures.plot_shared_phrases(phrases, top=60),
    }


def check_page(fig: Figure) -> None:
    """Nothing is smaller than 6 points, outside the page, or on other text; the page is no longer than a page."""
    found = texts(fig)
    assert min(text.get_fontsize() for text in found) >= 6
    boxes = [(text.get_text(), text.get_window_extent()) for text in found]
    page = fig.bbox
    for said, box in boxes:
        assert page.x0 - 1 <= box.x0 <= box.x1 <= page.x1 + 1, said
        assert page.y0 - 1 <= box.y0 <= box.y1 <= page.y1 + 1, said
    for (one, a), (other, b) in combinations(boxes, 2):
        overlap = min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 3
        assert not overlap, (one, other)
    assert fig.get_size_inches()[1] * 25.4 <= 225


# --- every plot


@pytest.mark.parametrize(("lang", "column"), [("en", "single"), ("zh", "double")])
@pytest.mark.parametrize("name", PLOTS)
@pytest.mark.no_cover
def test_text_is_large_enough_inside_the_figure_and_clear_of_other_text(name, lang, column, glossed):
    figures.use_house_style(lang, column=column, documents=DOCUMENTS)
    fig = PLOTS[name][0](None)
    assert fig.get_size_inches()[0] * 25.4 <= style.COLUMNS[column] + 1e-6
    check_page(fig)
    assert len(texts(fig)) > 5


def test_more_than_fits_of_hostile_names_draws_on_a_page_and_is_saved(tmp_path):
    figures.use_house_style("en", column="single")
    drawn = hostile()
    for name, fig in drawn.items():
        check_page(fig)
        assert "shown:" in " ".join(words(fig)) or name == "matrix"
    assert len(save(drawn["anatomy"], "anatomy", folder=tmp_path)) == 4  # a missing glyph would be an error


@pytest.mark.parametrize("name", PLOTS)
def test_language_is_one_of_two_and_settings_stay_as_they_are(name):
    before = dict(mpl.rcParams)
    PLOTS[name][0]("zh")
    assert dict(mpl.rcParams) == before
    with pytest.raises(ChoiceError, match=r"lang='english' is not one of 'en', 'zh'"):
        PLOTS[name][0]("english")


EMPTY = {
    "anatomy": lambda: figures.plot_model_anatomy(MODELS.head(0), lang="en"),
    "no_campaign_model": lambda: figures.plot_model_anatomy(MODELS.assign(kind="slogan"), lang="en"),
    "matrix": lambda: figures.plot_channel_matrix(COMPARISON.head(0), lang="en"),
    "unnamed": lambda: figures.plot_channel_matrix(COMPARISON.tail(1), lang="en"),
    "keyness": lambda: figures.plot_keyness(KEYWORDS.head(0), lang="en"),
    "calibration": lambda: figures.plot_calibration(CALIBRATION.head(0), lang="en"),
    "survival": lambda: figures.plot_survival(SURVIVAL.head(0), BY_CHOICE, lang="en"),
    "reliability": lambda: figures.plot_reliability(
        CALIBRATION.head(0), QUALITY.head(0), SURVIVAL.head(0), lang="en"),
    "reuse": lambda: figures.plot_reuse_matrix(REUSE.iloc[:0, :0], lang="en"),
    "phrases": lambda: figures.plot_shared_phrases(TRAVELLING.head(0), lang="en"),
    "no_cases": lambda: figures.plot_shared_phrases(TRAVELLING.assign(cases=""), lang="en"),
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_table_without_anything_to_draw_says_so(name):
    assert words(EMPTY[name]()) == ["nothing to show: the table has no row"]


@pytest.mark.parametrize(
    ("plot", "says"),
    [
        (lambda: figures.plot_model_anatomy(MODELS.drop(columns="parts")), "models: no column 'parts'"),
        (lambda: figures.plot_model_anatomy([1]), "models: list given"),
        (lambda: figures.plot_model_anatomy(MODELS, documents=DOCUMENTS[["place"]]), "documents: no column 'doc_id'"),
        (lambda: figures.plot_channel_matrix(COMPARISON.drop(columns="bound")), "comparison: no column 'bound'"),
        (lambda: figures.plot_channel_matrix(pd.concat([COMPARISON] * 2)), "repeats case='甲县', channel='sms'"),
        (lambda: figures.plot_keyness(KEYWORDS.drop(columns="claim")), "table: no column 'claim'"),
        (lambda: figures.plot_keyness(KEYWORDS.assign(log_ratio="much")), "'log_ratio' holds 'much' of term '工作'"),
        (lambda: figures.plot_keyness(KEYWORDS.assign(term="一")), "row 2 repeats term='一'"),
        (lambda: figures.plot_calibration(CALIBRATION.drop(columns="alpha")), "calibration: no column 'alpha'"),
        (lambda: figures.plot_calibration(CALIBRATION, POWER.drop(columns="factor")), "power: no column 'factor'"),
        (lambda: figures.plot_calibration(CALIBRATION.assign(rate=76.2)), "'rate' holds 76.2; it must lie between"),
        (lambda: figures.plot_survival(SURVIVAL.assign(share=1.5)), "survival: column 'share' holds 1.5"),
        (lambda: figures.plot_survival(SURVIVAL, BY_CHOICE.drop(columns="choice")), "by_choice: no column 'choice'"),
        (lambda: figures.plot_reliability(CALIBRATION, QUALITY.drop(columns="f1"), SURVIVAL),
         "quality: no column 'f1'"),
        (lambda: figures.plot_reliability(CALIBRATION, QUALITY.assign(recall=80), SURVIVAL),
         "quality: column 'recall' holds 80; it must lie between 0 and 1"),
        (lambda: figures.plot_reliability(CALIBRATION, QUALITY.assign(measure="span"), SURVIVAL),
         "quality: row 2 repeats measure='span'"),
        (lambda: figures.plot_reliability(QUALITY, QUALITY, SURVIVAL), "calibration: no column 'recipe'"),
        (lambda: figures.plot_reuse_matrix(REUSE[["a2", "a1", "b1"]]), "matrix: rows and columns must be the same"),
        (lambda: figures.plot_reuse_matrix(REUSE.replace(0.25, 25.0)), "matrix: each value must be a number from 0"),
        (lambda: figures.plot_reuse_matrix(REUSE.replace(0.25, np.inf)), "matrix: each value must be a number from 0"),
        (lambda: figures.plot_shared_phrases(TRAVELLING.drop(columns="cases")), "travelling: no column 'cases'"),
        (lambda: figures.plot_shared_phrases(TRAVELLING.assign(reuse_id="r")), "row 2 repeats reuse_id='r'"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_in_one_line(plot, says):
    with pytest.raises(TableError, match=says) as error:
        plot()
    assert "\n" not in str(error.value)


# --- models


def found(fig: Figure, said: str) -> list[tuple[float, float]]:
    """Where `said` stands on the plot."""
    return [text.get_position() for text in fig.axes[0].texts if text.get_text() == said]


def leading(fig: Figure, said: str) -> object:
    """The line that leads to the text `said` from the left, the last one before it."""
    (x, y), = found(fig, said)
    level = [line for line in fig.axes[0].lines
             if line.get_linestyle() != "None" and set(line.get_ydata()) == {y} and max(line.get_xdata()) < x]
    return max(level, key=lambda line: max(line.get_xdata()))


def test_anatomy_hangs_parts_and_members_on_their_model_in_order():
    fig = figures.plot_model_anatomy(MODELS, documents=DOCUMENTS, lang="en")
    order = ["Jia County", "一二三", "两信同发", "三屏齐上", "other members", "Yi District", "3 屏", "2 报", "10 没有"]
    rows = {name: min(y for _, y in found(fig, name)) for name in order}
    assert sorted(rows, key=rows.__getitem__) == order
    columns = [found(fig, name)[0][0] for name in ("一二三", "两信同发", "短信", "Text message")]
    assert columns == sorted(set(columns))
    assert found(fig, "两信同发")[0][0] == found(fig, "三屏齐上")[0][0] == found(fig, "3 屏")[0][0]
    assert found(fig, "短信")[0][1] == found(fig, "两信同发")[0][1] == found(fig, "微信")[0][1] - 1
    assert found(fig, "一点放大")[0][1] == found(fig, "other members")[0][1], "a member that is no model of its own"


def test_anatomy_gives_the_numeral_parts_their_members_where_the_numbers_add_up():
    fig = figures.plot_model_anatomy(MODELS[MODELS["doc_id"] == "b1"], lang="en")
    assert found(fig, "手机屏")[0][1] == found(fig, "3 屏")[0][1]
    assert found(fig, "晚报")[0][1] == found(fig, "2 报")[0][1] == found(fig, "电影屏")[0][1] + 1
    unequal = figures.plot_model_anatomy(models(model("b1", "三屏两报", "甲、乙", parts="3 屏、2 报")), lang="en")
    assert found(unequal, "3 屏 + 2 报")
    named = figures.plot_model_anatomy(models(model("b1", "1+3", "一案、二单", parts="1 一案、3 二单")), lang="en")
    assert found(named, "1 + 3")


def test_anatomy_tells_listed_from_inferred_members_and_says_where_there_are_none():
    fig = figures.plot_model_anatomy(MODELS, documents=DOCUMENTS, lang="en")
    assert leading(fig, "短信").get_linestyle() == "--"
    assert leading(fig, "晚报").get_linestyle() == "-"
    assert found(fig, "members not listed")[0][1] == found(fig, "10 没有")[0][1]
    legend = {text.get_text(): handle.get_linestyle() for text, handle in
              zip(fig.legends[0].get_texts(), fig.legends[0].legend_handles, strict=True)}
    assert (legend["listed as members"], legend["inferred, not said to be members"]) == ("-", "--")


def test_anatomy_draws_a_model_of_several_documents_once_with_the_fullest_list():
    fig = figures.plot_model_anatomy(MODELS, documents=DOCUMENTS, lang="zh")
    assert [len(found(fig, name)) for name in ("一二三", "三屏齐上", "手机屏", "两委")] == [1, 1, 2, 0]
    assert len(found(figures.plot_model_anatomy(MODELS, lang="zh"), "一二三")) == 2


def test_anatomy_glosses_without_brackets_in_english_only(glossed):
    english = words(figures.plot_model_anatomy(MODELS, documents=DOCUMENTS, lang="en"))
    assert {"One-Two-Three", "phone screen"} <= set(english)
    chinese = words(figures.plot_model_anatomy(MODELS, documents=DOCUMENTS, lang="zh"))
    assert not {"One-Two-Three", "phone screen"} & set(chinese)


def test_anatomy_marks_channels_by_group():
    fig = figures.plot_model_anatomy(MODELS, documents=DOCUMENTS, lang="en")
    marks = {line.get_ydata()[0]: line for line in fig.axes[0].lines if line.get_linestyle() == "None"}
    house = style.current_house("en")
    for name, group in (("Text message", "digital"), ("Cinema", "broadcast"), ("Newspaper", "print")):
        (_, y), = found(fig, name)
        expected = group_style(group, house)
        assert (marks[y].get_marker(), marks[y].get_color()) == (expected.marker, expected.colour)
    assert len({(group_style(group, house).marker, group_style(group, house).colour) for group in GROUPS}) == 5


def test_anatomy_leaves_out_the_smallest_and_long_lists_and_says_so():
    many = models(*(model("a1", f"模式{n}", "、".join(f"成员{m}" for m in range(n + 1))) for n in range(30)))
    fig = figures.plot_model_anatomy(many, lang="en")
    drawn = [n for n in range(30) if found(fig, f"模式{n}")]
    assert drawn == list(range(30 - len(drawn), 30))
    assert f"shown: {len(drawn)} of 30 models, those with the most parts and members" in words(fig)
    assert "and 18 more" in words(fig)
    assert len(found(fig, "成员11")) == len(drawn)
    assert not found(fig, "成员12")


def test_anatomy_draws_a_part_of_an_unknown_model_and_leaves_out_a_circle():
    fig = figures.plot_model_anatomy(
        models(model("a1", "一", parent="大模式"), model("a1", "二", parent="三"), model("a1", "三", parent="二")),
        lang="en",
    )
    assert [bool(found(fig, name)) for name in "一二三"] == [True, False, False]


def cells(fig: Figure) -> dict[tuple[int, float], tuple[str, bool]]:
    """What stands in each cell, and whether it is tinted."""
    ax = fig.axes[0]
    said = {text.get_position(): text.get_text() for text in ax.texts}
    result = {}
    for box in ax.patches:
        centre = (round(box.get_x() + box.get_width() / 2), box.get_y() + box.get_height() / 2)
        word = next((w for (x, y), w in said.items() if x == centre[0] and abs(y - centre[1]) < 0.01), "")
        result[centre[0], round(centre[1], 3)] = (word, mcolors.to_hex(box.get_facecolor()) != "#ffffff")
    return result


def test_matrix_has_the_scale_in_its_cell_and_tells_use_within_a_model():
    fig = figures.plot_channel_matrix(COMPARISON, lang="en")
    ax = fig.axes[0]
    assert tick_labels(ax.xaxis) == ["乙区", "甲县"]
    assert tick_labels(ax.yaxis) == ["Text message", "Poster or notice", "LED screen", "Banner or slogan",
                                     "Event or lecture"]
    rows = {name: round(y, 3) for name, y in zip(tick_labels(ax.yaxis), ax.get_yticks(), strict=True)}
    assert cells(fig) == {
        (1, rows["Text message"]): ("≲ 3,200,000 条次", True),
        (1, rows["Poster or notice"]): ("≥ 60,000 张", False),
        (0, rows["LED screen"]): ("", True),
        (0, rows["Banner or slogan"]): ("500–700 条", False),
        (0, rows["Event or lecture"]): ("88.2%", False),
    }
    marks = [(line.get_xdata()[0], round(line.get_ydata()[0], 3)) for line in ax.lines if line.get_marker() != "None"]
    assert marks == [(0, rows["LED screen"])]
    assert "empty: the articles of the case do not name the channel" in " ".join(words(fig))
    assert [text.get_text() for text in ax.texts if text.get_color() == style.MUTED] == [
        "digital", "print", "outdoor", "face to face"]


def test_matrix_never_cuts_a_number():
    figures.use_house_style("en", column="single")
    many = pd.DataFrame([used(f"case {n:02}", "sms", value=3_200_000.0, bound="about", unit="条") for n in range(12)])
    fig = figures.plot_channel_matrix(many.assign(value=[7.0, *many["value"][1:]]))
    assert [cell[0].split("\n")[0] for _, cell in sorted(cells(fig).items())] == ["≈ 7", *["#"] * 11]
    assert "#: a number for which there is no room" in " ".join(words(fig))


# --- keywords


def test_keyness_has_a_row_a_term_in_order_of_rank_with_interval_counts_and_ranks(glossed):
    ax = figures.plot_keyness(KEYWORDS, lang="en").axes[0]
    assert tick_labels(ax.yaxis) == ["网格员", "宣传", "工作"]
    points = {line.get_ydata()[0]: line for line in ax.lines if line.get_marker() in ("o", "s")}
    assert {y: line.get_xdata()[0] for y, line in points.items()} == {0: 4.0, 1: 1.5, 2: -1.0}
    filled = {y: mcolors.to_hex(line.get_markerfacecolor()) != "#ffffff" for y, line in points.items()}
    assert filled == {0: True, 1: False, 2: False}
    assert [points[y].get_marker() for y in range(3)] == ["o", "s", "o"]
    intervals = {line.get_ydata()[0]: tuple(line.get_xdata()) for line in ax.lines if line.get_linewidth() == 1.0
                 and len(line.get_xdata()) == 2}
    assert intervals == {0: (2.5, ax.get_xlim()[1]), 1: (-0.5, 3.0), 2: (-2.0, -0.1)}
    arrows = [(line.get_marker(), line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines
              if line.get_marker() in "<>"]
    assert arrows == [(">", ax.get_xlim()[1], 0)]
    said = {(text.xy[1], text.get_text()) for text in ax.texts}
    assert {(0, "12 : 0"), (1, "12 : 3"), (2, "2,000 : 3"), (0, "1 (1–5)"), (1, "2"), (0, "grid worker")} <= said
    assert any(set(line.get_xdata()) == {0} and line.get_linestyle() == ":" for line in ax.lines)


def test_keyness_explains_only_what_occurs():
    said = words(figures.plot_keyness(KEYWORDS, lang="en"))
    assert {"difference claimed (paragraphs)", "no difference claimed", "interval without end",
            "no difference claimed; over half in one document"} <= set(said)
    plain = words(figures.plot_keyness(KEYWORDS[KEYWORDS["term"] == "工作"], lang="en"))
    assert not [text for text in plain if "(paragraphs)" in text or "over half" in text or "without end" in text]
    first = words(figures.plot_keyness(KEYWORDS, top=1, lang="en"))
    assert "shown: 1 of 3 terms, the first by rank" in " ".join(first)
    assert "宣传" not in first


def test_the_legend_of_keyness_shows_the_marks_that_are_drawn():
    carried = KEYWORDS.assign(one_document=True)
    for table in (KEYWORDS, carried, carried.assign(claim="documents"), KEYWORDS.assign(claim="")):
        fig = figures.plot_keyness(table, lang="en")
        drawn = {mark(line) for line in fig.axes[0].lines if line.get_marker() in ("o", "s")}
        explained = {mark(line): line.get_label() for line in fig.legends[0].legend_handles
                     if line.get_marker() in ("o", "s")}
        assert drawn == set(explained)
        for (shape, filled), said in explained.items():
            assert said.startswith("difference claimed") == filled
            assert said.endswith("over half in one document") == (shape == "s")


def mark(line):
    return line.get_marker(), mcolors.to_hex(line.get_markerfacecolor()) != "#ffffff"


def test_calibration_draws_rates_levels_and_a_line_a_recipe():
    fig = figures.plot_calibration(CALIBRATION, POWER, lang="en")
    rates, twice, fourfold = fig.axes
    assert tick_labels(rates.yaxis) == ["G², Benjamini–Hochberg", "my_recipe"]
    assert [line.get_xdata()[0] for line in rates.lines if line.get_marker() != "None"] == [0.762, 0.048]
    spans = [tuple(line.get_xdata()) for line in rates.lines if line.get_linestyle() == "-" and
             line.get_marker() == "None"]
    assert spans == [(0.735, 0.787), (0.036, 0.063)]
    assert [line.get_xdata()[0] for line in rates.lines if line.get_linestyle() == "--"] == [0.05, 0.05]
    assert [text.get_text() for text in rates.texts] == ["0.762", "0.048"]
    assert [ax.get_title(loc="left") for ax in (twice, fourfold)] == [
        "a word planted at 2 times the rate", "a word planted at 4 times the rate"]
    assert [line.get_xydata().tolist() for line in fourfold.lines] == [[[1, 0.4], [5, 0.9]]]
    assert [segment[:, 1].tolist() for c in fourfold.collections for segment in c.get_segments()] == [
        [0.3, 0.5], [0.85, 0.94]]
    assert "draws: 200–1,000; lines: intervals" in words(fig)
    assert "level aimed at: 0.05" in words(fig)
    assert len(figures.plot_calibration(CALIBRATION).axes) == 1


@pytest.mark.parametrize("column", ["single", "double"])
def test_survival_puts_the_share_beside_what_it_depends_on(column, glossed):
    figures.use_house_style("en", column=column)
    fig = figures.plot_survival(SURVIVAL, BY_CHOICE)
    bars, heat = fig.axes
    assert [patch.get_width() for patch in bars.patches] == [1.0, 0.25]
    assert tick_labels(bars.yaxis) == ["网格员", "宣传"]
    assert tick_labels(heat.xaxis) == ["segmenter: jieba", "segmenter: package", "weather: fair"]
    shades = heat.collections[0].get_array()
    assert shades.filled(-1).tolist() == [[1.0, 1.0, -1], [0.5, 0.0, 0.75]]
    per_cent = {text.get_position(): text.get_text() for text in heat.texts if text.get_text().isdigit()}
    assert per_cent == {(0, 0): "100", (1, 0): "100", (0, 1): "50", (1, 1): "0", (2, 1): "75"}
    assert {"48/48", "12/48", "1 (1–2)", "7.5 (4–19)", "grid worker"} <= set(words(fig))
    assert [line.get_xdata()[0] for line in heat.lines] == [1.5]


@pytest.mark.parametrize("column", ["single", "double"])
def test_reliability_has_its_marks_where_the_three_tables_say(column, glossed):
    figures.use_house_style("en", column=column)
    fig = figures.plot_reliability(CALIBRATION, QUALITY, SURVIVAL)
    false_claims, quality, survived = fig.axes
    points = {(line.get_ydata()[0], line.get_xdata()[0]) for line in false_claims.lines
              if line.get_marker() != "None"}
    assert points == {(0, 0.762), (1, 0.048)}
    assert {tuple(line.get_xdata()) for line in false_claims.lines if line.get_linestyle() == "--"} == {(0.05, 0.05)}
    assert tick_labels(quality.yaxis) == ["span", "full record", "bound", "my column"]
    marks = {(line.get_marker(), round(line.get_ydata()[0]), line.get_xdata()[0]) for line in quality.lines
             if line.get_marker() != "None"}
    assert marks == {("o", 0, 0.9), ("s", 0, 0.8), ("o", 1, 0.6), ("s", 1, 0.625), ("D", 2, 1.0), ("D", 3, 0.75)}
    intervals = {tuple(line.get_xdata()) for line in quality.lines if line.get_marker() == "None"}
    assert intervals == {(0.85, 0.94), (0.74, 0.85), (0.5, 0.7), (0.52, 0.72), (0.97, 1.0), (0.7, 0.8)}
    assert [text.get_text() for text in quality.texts] == ["0.847", "0.612", "1.000", "0.750"]
    assert quality.get_xlim()[0] <= 0.5
    assert [patch.get_width() for patch in survived.patches] == [1.0, 0.25]
    assert {line.get_label(): line.get_marker() for line in fig.legends[0].legend_handles} == {
        "level aimed at: 0.05": "None", "precision": "o", "recall": "s", "share on which a column agrees": "D"}


def test_reliability_says_which_of_its_tables_is_empty():
    fig = figures.plot_reliability(CALIBRATION.head(0), QUALITY, SURVIVAL.head(0), lang="en")
    assert words(fig).count("nothing to show: the table has no row") == 2
    assert "level aimed at" not in " ".join(words(fig))
    assert len(fig.axes[1].lines) == 12


def test_reliability_shows_the_first_of_many_and_says_so():
    many = pd.concat([SURVIVAL.head(1).assign(term=f"词{n}", share=n / 100) for n in range(60)])
    fig = figures.plot_reliability(CALIBRATION, QUALITY, many, top=5, lang="en")
    assert tick_labels(fig.axes[2].yaxis) == ["词59", "词58", "词57", "词56", "词55"]
    assert "shown: 5 of 60 terms" in " ".join(words(fig))


# --- wording that documents share


def test_reuse_matrix_is_not_symmetric_and_leaves_missing_shares_blank():
    ax = figures.plot_reuse_matrix(REUSE, lang="en").axes[0]
    assert tick_labels(ax.xaxis) == tick_labels(ax.yaxis) == ["a1", "a2", "b1"]
    printed = {(t.get_position()[1], t.get_position()[0]): t.get_text() for t in ax.texts}
    assert printed == {(0, 1): "0.25", (0, 2): "0.00", (1, 0): "0.12", (1, 2): "0.02"}


def test_phrases_have_a_mark_where_a_case_uses_them(glossed):
    figures.use_house_style("en", documents=DOCUMENTS)
    fig = figures.plot_shared_phrases(TRAVELLING)
    ax = fig.axes[0]
    assert tick_labels(ax.xaxis) == ["Jia County", "Yi District"]
    assert tick_labels(ax.yaxis) == ["社会稳定", "run of 41 characters"]
    styles = style.current_house().styles(["甲县", "乙区"])
    marks = {(line.get_marker(), line.get_color()): line.get_xydata().tolist() for line in ax.lines}
    assert marks == {(styles["甲县"].marker, styles["甲县"].colour): [[0, 0]],
                     (styles["乙区"].marker, styles["乙区"].colour): [[1, 0], [1, 1]]}
    said = {(text.xy[1], text.get_text()) for text in ax.texts}
    assert {(0, "8"), (0, "5"), (1, "41"), (1, "1,234"), (0, "social stability")} <= said
    assert "shown: 1 of 2 runs" in " ".join(words(figures.plot_shared_phrases(TRAVELLING, top=1)))


# --- parts


@pytest.mark.parametrize("text", ["三屏两报", "WWWWWWWW", "three screens and two newspapers", "iiiiiiiiiiiiiiii"])
@pytest.mark.parametrize("room", [6.0, 11.0, 40.0])
def test_fitted_text_is_no_wider_than_its_room_as_drawn(text, room):
    fig = Figure(figsize=(10, 2), dpi=600)
    with mpl.rc_context(style.RC):
        drawn = [fig.text(0, 0, line) for line in fitting(text, room, lines=2).split("\n")]
        fig.draw_without_rendering()
    widths = [artist.get_window_extent().width / 600 * 25.4 for artist in drawn]
    assert max(widths) <= room + 0.2
    assert widths == pytest.approx([drawn_width(artist.get_text(), 7.0) for artist in drawn], abs=0.2)
