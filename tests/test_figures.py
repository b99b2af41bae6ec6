"""Figures: the files that a figure becomes, and what stands on each plot."""

from __future__ import annotations

import base64
import io
import os
import string
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import matplotlib.colors as mcolors
import numpy as np
import pandas as pd
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.formatters import DisplayFormatter
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.markers import CARETRIGHT, CARETUP
from matplotlib.text import Annotation, Text
from metric_rows import dated, metric
from metric_rows import table as metric_table
from PIL import Image
from surroundings import PLAIN_LOCALE

from pingan_analysis import figures
from pingan_analysis.drawing import fonts, style
from pingan_analysis.drawing.figure_files import FigureError, to_csv
from pingan_analysis.drawing.style import LANGUAGES, label
from pingan_analysis.errors import CannotWrite, ChoiceError, PinganError, TableError
from pingan_analysis.lexicon import domain_terms, read_rows
from pingan_analysis.series import campaign_events, metric_series
from pingan_analysis.trends import term_trend


@pytest.fixture(autouse=True)
def untouched(monkeypatch, tmp_path):
    """No test meets another's settings, nor writes outside its folder."""
    monkeypatch.setattr(style, "_chosen", None)
    monkeypatch.delenv("PINGAN_LANG", raising=False)
    monkeypatch.setenv("PINGAN_FIGURES", str(tmp_path / "figures"))
    with mpl.rc_context(), warnings.catch_warnings():
        yield


@pytest.fixture
def glossed(monkeypatch):
    glosses = {
        "扫黑除恶": "crackdown on organised crime (2018)",
        "网格员": "grid worker; resident who reports",
    }
    monkeypatch.setattr(style, "glosses", lambda: glosses)


DOCUMENTS = pd.DataFrame(
    [
        ("a1", "甲县", "Jia County", "2018-10-01", "inferred", "hans", 2000),
        ("a2", "甲县", "Jia County", "2019-01-02", "printed", "hant", 3000),
        ("b1", "乙区", "Yi District", "2022-01-01", "inferred", "hans", 1500),
        ("c1", "丙市", "Bing City", None, "", "hans", 900),
    ],
    columns=["doc_id", "place", "place_en", "published", "date_basis", "script", "n_chars"],
)
SCORES = pd.DataFrame(
    [
        ("乙区", "网格员", 5, 5.5),
        ("乙区", "扫黑除恶", 2, 1.25),
        ("乙区", "宣传", 2, 1.25),
        ("乙区", "安全", 3, 1.25),
        ("乙区", "工作", 9, 0.0),
        ("甲县", "扫黑除恶", 7, 8.0),
        ("甲县", "工作", 4, 0.0),
    ],
    columns=["place", "term", "n", "tf_idf"],
)
SIMILARITY = pd.DataFrame(
    [[1.0, 0.52, 0.03], [0.52, 1.0, 0.25], [0.03, 0.25, 1.0]], ["a1", "a2", "b1"], ["a1", "a2", "b1"]
)
COUNTS = pd.DataFrame(
    [("a1", 0, "扫黑除恶", 1), ("a1", 3, "扫黑除恶", 4), ("b1", 2, "扫黑除恶", 2), ("b1", 5, "网格员", 1)],
    columns=["doc_id", "para", "term", "n"],
)
F1 = pd.DataFrame(
    [
        ("plain", "by hand", 0.79),
        ("lexicon", "by hand", 0.94),
        ("plain", "news", 0.87),
        ("lexicon", "news", 0.87),
    ],
    columns=["system", "test", "f1"],
)
METRICS = metric_table(
    metric("破案", "19起", 19, "起", category="enforcement", cumulative=True, **dated("2018-01-01", "2018-09-30")),
    metric("破案", "25起", 25, "起", category="enforcement", cumulative=True, **dated("2018-01-01", "2018-12-31")),
    metric("破案", "7起", 7, "起", place="乙区", category="enforcement", **dated("2021-01-01", "2021-12-31")),
    metric("宣传海报张贴", "6万余张", 60_000, "张", bound="more_than", category="outreach_output", channel="poster",
           indicator_en="posters put up", **dated(None, "2019-01-02")),
    metric("短信发送", "近320万条次", 3_200_000, "条次", bound="nearly", category="outreach_output", channel="sms"),
    metric("横幅", "约140条", 140, "条", place="乙区", bound="about", category="outreach_output", channel="banner",
           **dated("2021-01-01", None)),
    metric("新建监控", "66个", 66, "个", target=True, category="infrastructure"),
    metric("平安创建", "十二连冠", 12, "连冠", place="乙区", kind="streak", category="evaluation",
           **dated("2016-01-01", "2016-12-31")),
    metric("满意率", "95.1%", 0.951, "%", place="乙区", category="evaluation", **dated("2021-01-01", "2021-06-30")),
    metric("满意率", "97%", 0.97, "%", place="乙区", category="evaluation", **dated("2021-07-01", "2021-12-31")),
)
SERIES = metric_series(METRICS)
CHANNELS = SERIES[SERIES["category"] == "outreach_output"]
EVENTS = campaign_events(METRICS, DOCUMENTS)
TREND = term_trend(
    pd.DataFrame(
        [
            ("a", "2016-01-01", "扫黑"),
            ("b", "2017-06-01", "平安"),
            ("c", "2019-02-01", "扫黑扫黑"),
            ("d", "2020-06-01", "x"),
        ],
        columns=["doc_id", "published", "text"],
    ),
    ["扫黑", "平安"],
)
PLOTS = {
    "series": (lambda lang: figures.plot_metric_series(SERIES, lang=lang), SERIES),
    "channels": (lambda lang: figures.plot_channel_scale(CHANNELS, lang=lang), CHANNELS),
    "campaigns": (lambda lang: figures.plot_campaign_timeline(EVENTS, lang=lang), EVENTS),
    "published": (lambda lang: figures.plot_campaign_timeline(EVENTS, documents=DOCUMENTS, lang=lang), EVENTS),
    "periods": (lambda lang: figures.plot_metric_periods(SERIES, lang=lang), SERIES),
    "trend": (lambda lang: figures.plot_term_trend(TREND, lang=lang), TREND),
    "corpus": (lambda lang: figures.plot_corpus(DOCUMENTS, lang=lang), DOCUMENTS),
    "heatmap": (lambda lang: figures.plot_term_heatmap(SCORES, by="place", lang=lang), SCORES),
    "ranked": (lambda lang: figures.plot_ranked_terms(SCORES, by="place", lang=lang), SCORES),
    "similarity": (lambda lang: figures.plot_similarity(SIMILARITY, lang=lang), SIMILARITY),
    "dispersion": (lambda lang: figures.plot_dispersion(COUNTS, lang=lang), COUNTS),
    "segmentation": (lambda lang: figures.plot_segmentation(F1, lang=lang), F1),
}


def bar_chart(text: str = "平安建设") -> Figure:
    figures.use_house_style()
    fig = Figure(layout="constrained")
    fig.add_subplot().bar([text], [3])
    return fig


def save(fig: Figure | None = None, name: str = "fig01_bars", **changed):
    given = {"data": SCORES, "caption": "Bars of terms.", "alt": "One bar, 3 high.", **changed}
    return figures.save_figure(fig or bar_chart(), name, **given)


def texts(fig: Figure) -> list[Text]:
    """Every text that is drawn on the figure."""
    fig.draw_without_rendering()
    undrawn = set()  # axis objects keep the labels of ticks outside their limits
    for axis in (axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)):
        labels = {
            label for tick in [*axis.majorTicks, *axis.minorTicks] for label in (tick.label1, tick.label2)
        }
        undrawn |= labels - {label for tick in axis._update_ticks() for label in (tick.label1, tick.label2)}
    return [t for t in fig.findobj(Text) if t.get_visible() and t.get_text().strip() and t not in undrawn]


def words(fig: Figure) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in texts(fig)]


def tick_labels(axis) -> list[str]:
    return [text.get_text() for text in axis.get_ticklabels()]


def colour(artist) -> str:
    return mcolors.to_hex(artist.get_facecolor()).upper()


# --- files


def test_four_files_with_the_data_behind_the_figure(tmp_path):
    paths = save(folder=tmp_path / "new" / "folder", data=DOCUMENTS[["doc_id", "place", "n_chars"]].head(2))
    assert isinstance(paths, list)
    assert paths == [tmp_path / "new" / "folder" / f"fig01_bars.{e}" for e in ("pdf", "svg", "png", "csv")]
    assert sorted(p.name for p in paths[0].parent.iterdir()) == sorted(p.name for p in paths)
    assert paths[3].read_bytes().decode() == "doc_id,place,n_chars\na1,甲县,2000\na2,甲县,3000\n"


def test_folder_is_the_variable_or_the_projects(tmp_path, monkeypatch):
    assert save()[0].parent == tmp_path / "figures"
    monkeypatch.delenv("PINGAN_FIGURES")
    project = tmp_path / "project"
    (project / "figures").mkdir(parents=True)
    (project / "notebooks").mkdir()
    (project / "pyproject.toml").touch()
    monkeypatch.chdir(project / "notebooks")
    assert (
        figures.save_figure(bar_chart(), "a", data=SCORES, caption="Bars.", alt="A bar.")[0].parent
        == project / "figures"
    )
    (project / "pyproject.toml").unlink()
    assert save()[0].parent == project / "notebooks" / "figures"


@pytest.mark.parametrize(
    ("changed", "kind", "says"),
    [
        ({"name": "../fig"}, FigureError, r"'\.\./fig'.*letters, digits, _ and - only"),
        ({"name": "fig.png"}, FigureError, "letters, digits"),
        ({"name": ""}, FigureError, "letters, digits"),
        ({"name": "图一"}, FigureError, "letters, digits"),
        ({"name": "a\n"}, FigureError, "letters, digits"),
        ({"caption": ""}, FigureError, "caption is empty"),
        ({"caption": " \n"}, FigureError, "caption is empty"),
        ({"alt": ""}, FigureError, "alt is empty"),
        ({"alt": None}, FigureError, "alt is empty"),
        ({"alt": "bars  of terms."}, FigureError, "alt repeats the caption"),
        ({"data": pd.DataFrame(index=[1, 2])}, TableError, "no columns, so the CSV would be empty"),
        ({"data": [1, 2]}, TableError, "list given, where a pandas DataFrame"),
        ({"lang": "fr"}, ChoiceError, "lang='fr' is not one of 'en', 'zh'"),
    ],
)
def test_what_cannot_be_saved_says_why_and_leaves_nothing(tmp_path, changed, kind, says):
    with pytest.raises(kind, match=says) as error:
        save(**{"folder": tmp_path / "out", **changed})
    assert isinstance(error.value, PinganError)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("no_figure", [None, "axes", bar_chart])
def test_only_a_figure_is_saved(tmp_path, no_figure):
    given = Figure().add_subplot() if no_figure == "axes" else no_figure
    with pytest.raises(FigureError, match="given, where a matplotlib Figure is needed") as error:
        figures.save_figure(given, "a", data=SCORES, caption="Bars.", alt="A bar.", folder=tmp_path / "out")
    assert type(given).__name__ in str(error.value)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out").exists()


def test_a_table_without_rows_becomes_its_header(tmp_path):
    paths = save(data=SCORES[SCORES["n"] > 99], folder=tmp_path)
    assert paths[3].read_bytes() == b"place,term,n,tf_idf\n"


STUDIES_OF_ONE = {"one_document": ["a1"], "one_case": ["a1", "a2"], "case_without_words": ["c1"]}


@pytest.mark.parametrize("study", STUDIES_OF_ONE)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_study_of_one_document_or_case_gets_through_every_plot(tmp_path, study, lang):
    chosen = STUDIES_OF_ONE[study]
    documents = DOCUMENTS[DOCUMENTS["doc_id"].isin(chosen)]
    figures.use_house_style(lang, documents=documents)
    terms = COUNTS[COUNTS["doc_id"].isin(chosen)]
    scores = pd.DataFrame({"place": documents["place"].iloc[:1], "term": "网格员", "n": 1, "tf_idf": 0.0})
    matrix = pd.DataFrame(1.0, chosen, chosen)
    drawn_ = {
        "corpus": (figures.plot_corpus(documents), documents),
        "heatmap": (figures.plot_term_heatmap(scores, by="place"), scores[scores["tf_idf"] > 0]),
        "ranked": (figures.plot_ranked_terms(scores, by="place"), scores[scores["tf_idf"] > 0]),
        "similarity": (figures.plot_similarity(matrix), matrix),
        "dispersion": (
            figures.plot_dispersion(terms, terms=["宣传"], paragraphs=dict.fromkeys(chosen, 4)),
            terms[terms["term"] == "宣传"],
        ),
        "dispersion_of_nothing": (figures.plot_dispersion(terms.head(0), paragraphs={"a1": 4}), terms.head(0)),
    }
    warnings.simplefilter("error")  # "axes sizes collapsed to zero"
    for name, (fig, data) in drawn_.items():
        assert len(save(fig, name, data=data, folder=tmp_path)) == 4


def test_a_character_without_glyph_is_named(tmp_path):
    fig = bar_chart("平安\U000323af")
    fig.text(0, 0, "\U000313c0 and \U000323af")
    with pytest.raises(FigureError, match=r"U\+313C0.*U\+323AF.*take other characters") as error:
        save(fig, folder=tmp_path / "out")
    assert "平" not in str(error.value)
    assert not (tmp_path / "out").exists()


def test_chinese_in_another_font_is_an_error_that_says_how_to_get_ours(tmp_path):
    fig = Figure()
    fig.text(0, 0, "平安", family="DejaVu Sans")
    with pytest.raises(FigureError, match=r"'安'.*'平'.*call use_house_style"):
        save(fig, folder=tmp_path / "out")


def test_missing_glyph_is_an_error_once_the_style_is_set():
    figures.use_house_style()
    fig = bar_chart("\U000323af")
    with pytest.raises(UserWarning, match="Glyph"):
        fig.canvas.print_figure(io.BytesIO(), format="png")


@pytest.mark.parametrize("failing", ["pdf", "svg", "png"])
def test_nothing_is_half_written_when_drawing_fails(tmp_path, monkeypatch, failing):
    paths = save(folder=tmp_path)
    before = {path: path.read_bytes() for path in paths}
    draw = Figure.savefig

    def fails(self, target, **settings):
        if settings["format"] == failing:
            target.write(b"half")
            raise MemoryError
        draw(self, target, **settings)

    monkeypatch.setattr(Figure, "savefig", fails)
    with pytest.raises(MemoryError):
        save(bar_chart("扫黑除恶"), folder=tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_full_disk_leaves_whole_files_only(tmp_path, monkeypatch):
    old = {path: path.read_bytes() for path in save(folder=tmp_path)}
    new = {
        path: path.read_bytes()
        for path in save(bar_chart("扫黑除恶"), name="other", folder=tmp_path / "other")
    }
    write = Path.write_bytes

    def full(self, content):
        if ".svg" in self.name:
            write(self, content[:100])
            raise OSError(28, "No space left on device")
        return write(self, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CannotWrite, match=r"\.svg: the figure cannot be written \(No space left on device\)"):
        save(bar_chart("扫黑除恶"), folder=tmp_path)
    left = {path: path.read_bytes() for path in tmp_path.glob("*.*")}
    whole = {*old.values(), *new.values()}
    assert set(left) == set(old)
    assert set(left.values()) <= whole


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotWrite, match=r"file/fig\w*\.pdf: the figure cannot be written"):
        save(folder=tmp_path / "file")


DRAW_ALL = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
import conftest
from test_figures import DOCUMENTS, PLOTS
from pingan_analysis import figures
figures.use_house_style("en", documents=DOCUMENTS)
for name, (plot, data) in PLOTS.items():
    for path in figures.save_figure(plot("en"), name, data=data, caption="Caption 平安.", alt="Alt."):
        print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
"""


def test_same_bytes_in_fresh_processes_whatever_clock_locale_and_hash_seed(tmp_path):
    surroundings = [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LANG": "zh_CN.UTF-8", "LC_ALL": PLAIN_LOCALE},
        {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "86400"},
    ]
    runs = []
    for number, changed in enumerate(surroundings):
        environment = {
            **os.environ,
            **changed,
            "MPLCONFIGDIR": str(tmp_path / f"no_font_cache_{number}"),
            "PINGAN_FIGURES": str(tmp_path / str(number)),
        }
        command = [sys.executable, "-c", DRAW_ALL, str(Path(__file__).parent)]
        runs.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True))
    first, second = (run.communicate(timeout=300)[0].splitlines() for run in runs)
    assert [run.returncode for run in runs] == [0, 0]
    assert first == second
    assert len(first) == 4 * len(PLOTS)


def test_pdf_embeds_truetype_and_its_chinese_text_can_be_copied(tmp_path):
    figures.use_house_style(column="single")
    pdf = save(figures.plot_ranked_terms(SCORES, by="place", lang="zh"), folder=tmp_path, alt="Alt 平安")[0]
    content = pdf.read_bytes()
    assert b"/FontFile2" in content
    assert b"/Type3" not in content
    assert b"/CreationDate" not in content
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    text = page.get_textpage().get_text_bounded()
    assert {"扫黑除恶", "网格员", "甲县"} <= set(text.split())
    assert document.get_metadata_dict()["Title"] == "Bars of terms."
    assert document.get_metadata_dict()["Subject"] == "Alt 平安"


def test_svg_needs_no_font_and_carries_its_words(tmp_path):
    root = ET.parse(save(folder=tmp_path, alt="<alt> & 平安", lang="zh")[1]).getroot()
    assert not list(root.iter("{http://www.w3.org/2000/svg}text"))
    assert root.find("{http://www.w3.org/2000/svg}title").text == "Bars of terms."
    described = {element.tag.rpartition("}")[2]: element.text for element in root.iter()}
    assert described["description"] == "<alt> & 平安"
    assert described["language"] == "zh"
    assert "date" not in described


def test_png_has_300_dots_per_inch_and_its_words(tmp_path):
    figures.use_house_style(column="1.5")
    image = Image.open(save(figures.plot_segmentation(F1), folder=tmp_path, alt="Alt 平安")[2])
    assert image.size[0] == pytest.approx(140 / 25.4 * 300, abs=1)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert image.text["Title"] == "Bars of terms."
    assert image.text["Description"] == "Alt 平安"


@pytest.mark.parametrize(("column", "width"), [("single", 89), ("1.5", 140), ("double", 183)])
def test_figures_have_the_journal_width(column, width):
    figures.use_house_style(column=column)
    assert figures.plot_segmentation(F1).get_size_inches()[0] == pytest.approx(width / 25.4)


def test_csv_dates_index_and_numbers():
    table = pd.DataFrame(
        {"day": pd.to_datetime(["2024-09-02", None]), "x": [0.1, -2]}, pd.Index(["甲", "乙"], name="p")
    )
    assert to_csv(table).decode() == "p,day,x\n甲,2024-09-02,0.1\n乙,,-2\n"


def test_csv_has_twelve_digits_and_no_row_numbers():
    numbers = [1.0000000000000024, 0.1 + 0.2, 1234567890123.4, None, 1e-20]
    table = pd.DataFrame({"x": numbers, "n": 10**14})
    assert to_csv(table).decode().split() == [
        "x,n",
        *(f"{x},100000000000000" for x in ("1", "0.3", "1.23456789012e+12", "", "1e-20")),
    ]
    assert to_csv(table[table["x"] > 1].tail(1)).decode() == "x,n\n1.23456789012e+12,100000000000000\n"
    assert to_csv(pd.DataFrame({"x": [1]}, pd.Index([7], name="doc_id"))) == b"doc_id,x\n7,1\n"
    assert to_csv(pd.DataFrame({"x": [1]}, ["a1"])) == b"index,x\na1,1\n"


# --- display in notebooks


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def test_a_notebook_shows_picture_alt_text_and_caption(tmp_path):
    saved = save(
        folder=tmp_path, caption='Terms of "平安" <script>x</script>', alt='A bar & "quotes" <img>', lang="zh"
    )
    data, _ = DisplayFormatter().format(saved)
    assert set(data) == {"text/html", "text/plain"}
    assert str(tmp_path) not in data["text/plain"]
    page = Tags(data["text/html"])
    assert [tag for tag, _ in page.tags] == ["figure", "img", "figcaption"]
    figure, image = page.tags[0][1], page.tags[1][1]
    assert figure["lang"] == "zh"
    assert image["alt"] == 'A bar & "quotes" <img>'
    assert page.text == 'Terms of "平安" <script>x</script>'
    kind, _, content = image["src"].partition(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(content) == saved[2].read_bytes()
    assert 2 <= Image.open(saved[2]).width / int(image["width"]) <= 3


def test_a_plot_that_is_not_saved_is_shown_too():
    figures.use_house_style(column="single")
    data, metadata = DisplayFormatter().format(figures.plot_segmentation(F1))
    assert Image.open(io.BytesIO(data["image/png"])).width == pytest.approx(
        2 * metadata["image/png"]["width"], abs=2
    )


def test_a_saved_pyplot_figure_is_closed():
    import matplotlib.pyplot as plt

    figures.use_house_style()
    fig = plt.figure()
    fig.add_subplot().bar(["平安"], [1])
    save(fig)
    assert not plt.fignum_exists(fig.number)


# --- style, words, cases


def test_every_label_is_there_in_both_languages_with_the_same_fields():
    rows = read_rows("labels", columns=["key", *LANGUAGES])
    assert len({row["key"] for row in rows}) == len(rows)
    for row in rows:
        fields = [sorted(f for _, f, _, _ in string.Formatter().parse(row[lang]) if f) for lang in LANGUAGES]
        assert row["en"].strip(), row["key"]
        assert row["zh"].strip(), row["key"]
        assert fields[0] == fields[1], row["key"]


def test_the_fonts_have_every_character_of_labels_and_lexicon():
    cells = [row[lang] for row in read_rows("labels") for lang in LANGUAGES]
    cells += [row[column] for row in domain_terms() for column in ("term", "gloss_en")]
    assert sorted({c for cell in cells for c in cell if not fonts.has_glyph(c)}) == []


def test_language_is_given_or_chosen_or_of_the_surroundings(monkeypatch):
    assert style.current_house().lang == "en"
    monkeypatch.setenv("PINGAN_LANG", "zh")
    assert style.current_house().lang == "zh"
    figures.use_house_style("en")
    assert style.current_house().lang == "en"
    assert style.current_house("zh").lang == "zh"
    monkeypatch.setenv("PINGAN_LANG", "de")
    with pytest.raises(ChoiceError, match="PINGAN_LANG='de' is not one of 'en', 'zh'"):
        figures.use_house_style()


def test_the_style_needs_known_names():
    with pytest.raises(ChoiceError, match=r"lang='cn'.*'en', 'zh'"):
        figures.use_house_style("cn")
    with pytest.raises(ChoiceError, match=r"column='doubel'.*did you mean 'double'"):
        figures.use_house_style(column="doubel")
    with pytest.raises(TableError, match="documents: no column 'place'"):
        figures.use_house_style(documents=DOCUMENTS.drop(columns="place"))
    with pytest.raises(ChoiceError, match=r"label='printd'.*did you mean 'printed'"):
        label("printd", "en")


def test_plots_leave_matplotlibs_settings_alone():
    before = dict(mpl.rcParams)
    for plot, _ in PLOTS.values():
        plot("zh")
    assert dict(mpl.rcParams) == before


def test_a_case_looks_the_same_in_all_figures():
    figures.use_house_style(documents=DOCUMENTS)
    of_place = style.current_house().styles(["甲县", "乙区", "丙市"])
    assert len({s.colour for s in of_place.values()}) == 3
    assert len({s.marker for s in of_place.values()}) == 3
    alone = style.current_house().styles(["b1", "somewhere"])
    assert alone["b1"].colour == of_place["乙区"].colour
    assert alone["somewhere"].colour not in {s.colour for s in of_place.values()}
    ranked = figures.plot_ranked_terms(SCORES[SCORES["place"] == "乙区"], by="place")
    assert {colour(bar) for bar in ranked.axes[0].patches} == {of_place["乙区"].colour}
    strips = figures.plot_dispersion(COUNTS[COUNTS["doc_id"] == "b1"])
    assert colour(strips.axes[0].patches[-1]) == of_place["乙区"].colour


def test_a_document_without_a_place_goes_by_its_own_name() -> None:
    documents = pd.DataFrame({"doc_id": ["a", "b"], "place": ["甲县", ""], "published": pd.to_datetime([None, None])})
    assert style.document_names(documents, {"甲县": "Jia", "": "place not known"}) == ["Jia", "b"]


def test_documents_stay_in_force_when_the_style_is_set_again():
    figures.use_house_style(documents=DOCUMENTS)
    figures.use_house_style("zh", column="single")
    assert (style.current_house().lang, style.current_house().width) == ("zh", 89)
    assert style.current_house().styles(["a1"])["a1"].name == "甲县 2018"
    figures.use_house_style(documents=DOCUMENTS.tail(1))
    assert "a1" not in style.current_house().cases


def test_documents_are_named_by_place_and_where_needed_by_year():
    figures.use_house_style("en", documents=DOCUMENTS)
    names = {key: s.name for key, s in style.current_house().cases.items()}
    assert names["a1"] == "Jia County 2018"
    assert names["a2"] == "Jia County 2019"
    assert names["b1"] == "Yi District"
    assert names["乙区"] == "Yi District"
    assert {s.name for s in style.current_house("zh").cases.values()} >= {"甲县 2018", "乙区", "丙市"}
    same = DOCUMENTS.assign(published="2018-10-01")
    assert style.document_names(same, {"甲县": "Jia", "乙区": "Yi", "丙市": "Bing"}) == [
        "Jia a1",
        "Jia a2",
        "Yi",
        "Bing",
    ]


def test_twelve_cases_differ_in_colour_hatch_or_marker():
    styles = style.House().styles(f"case {n:02}" for n in range(12)).values()
    assert len({(s.colour, s.hatch) for s in styles}) == 12
    assert len({(s.colour, s.marker) for s in styles}) == 12


@pytest.mark.parametrize(
    ("text", "width", "lines", "expected"),
    [
        ("Nanhu District", 20, 2, "Nanhu District"),
        ("Nanhu District", 8, 2, "Nanhu\nDistrict"),
        ("Hi-tech Zone 2018", 13, 2, "Hi-tech Zone\n2018"),
        ("社会治安防控体系", 8, 2, "社会治安\n防控体系"),
        ("社会治安防控体系", 8, 1, "社会治…"),
        ("crackdown on organised crime", 16, 1, "crackdown on…"),
        ("Donaudampfschifffahrt", 10, 1, "Donaudamp…"),
        ("", 8, 2, ""),
    ],
)
def test_wrap(text, width, lines, expected):
    assert fonts.wrap(text, width, lines=lines) == expected


@given(st.text(), st.integers(4, 40), st.integers(1, 3))
def test_wrapped_text_keeps_its_bounds_and_loses_nothing_unsaid(text, width, lines):
    shown = fonts.printable(text)
    assert all(fonts.has_glyph(c) for c in shown)
    wrapped = fonts.wrap(shown, width, lines=lines)
    assert len(wrapped.split("\n")) <= lines
    assert all(fonts.display_width(line) <= width for line in wrapped.split("\n"))
    if not wrapped.endswith(fonts.ELLIPSIS):
        assert "".join(wrapped.split()) == "".join(shown.split())


# --- every plot


def test_years_that_a_count_of_nanoseconds_does_not_reach_are_drawn():
    periods = [("1601-01-01", "1601-12-31"), ("2800-01-01", "2800-12-31"), (None, "9999-12-31")]
    far = metric_table(*(metric("破案", "2起", 2, "起", category="enforcement", **dated(*days)) for days in periods))
    series = metric_series(far)
    for fig in (figures.plot_campaign_timeline(campaign_events(far)), figures.plot_metric_series(series),
                figures.plot_metric_periods(series)):
        fig.draw_without_rendering()
        assert len(texts(fig)) > 2


@pytest.mark.parametrize("column", ["single", "1.5", "double"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PLOTS)
@pytest.mark.no_cover
def test_text_is_large_enough_inside_the_figure_and_clear_of_other_text(name, lang, column, glossed):
    figures.use_house_style(lang, column=column, documents=DOCUMENTS)
    fig = PLOTS[name][0](lang)
    fig.draw_without_rendering()
    found = texts(fig)
    assert len(found) > 5
    assert min(text.get_fontsize() for text in found) >= 6
    page = fig.bbox
    boxes = [(text.get_text(), text.get_window_extent()) for text in found]
    for words_, box in boxes:
        assert page.x0 - 1 <= box.x0, words_
        assert box.x1 <= page.x1 + 1, words_
        assert page.y0 - 1 <= box.y0, words_
        assert box.y1 <= page.y1 + 1, words_
    for (one, a), (other, b) in combinations(boxes, 2):
        overlap = min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 3
        assert not overlap, (one, other)


@pytest.mark.parametrize("name", PLOTS)
def test_language_is_one_of_two(name):
    with pytest.raises(ChoiceError, match=r"lang='english' is not one of 'en', 'zh'"):
        PLOTS[name][0]("english")


@pytest.mark.parametrize("plot", [figures.plot_term_heatmap, figures.plot_ranked_terms])
@pytest.mark.parametrize(
    ("table", "named", "kind", "says"),
    [
        (SCORES, {"by": "plase"}, ChoiceError, r"by='plase' is not one of .*did you mean 'place'"),
        (SCORES, {"by": "term"}, ChoiceError, "by='term' is not one of 'place', 'n'"),
        (SCORES, {"by": "place", "value": "tfidf"}, ChoiceError, r"value='tfidf'.*did you mean 'tf_idf'"),
        (SCORES.rename(columns={"term": "word"}), {"by": "place"}, TableError, "no column 'term'; it has"),
        (SCORES.head(0), {"by": "place"}, TableError, "no rows"),
        (SCORES.assign(tf_idf=float("nan")), {"by": "place"}, TableError, r"'tf_idf' holds nan in row 1"),
        (SCORES.assign(tf_idf="much"), {"by": "place"}, TableError, r"'tf_idf' holds 'much' in row 1"),
        (
            pd.concat([SCORES, SCORES.head(1)]),
            {"by": "place"},
            TableError,
            r"row 8 repeats place='乙区', term='网格员'",
        ),
    ],
)
def test_term_plots_say_what_is_wrong_with_a_table(plot, table, named, kind, says):
    with pytest.raises(kind, match=says):
        plot(table, **named)


def test_heatmap_shows_each_value_once_and_leaves_absent_terms_blank(glossed):
    fig = figures.plot_term_heatmap(SCORES, by="place", top=2, lang="en")
    ax = fig.axes[0]
    assert tick_labels(ax.yaxis) == ["网格员", "安全", "扫黑除恶"]
    assert tick_labels(ax.xaxis) == ["乙区", "甲县"]
    cells = {
        (round(t.get_position()[1]), round(t.get_position()[0])): t.get_text()
        for t in ax.texts
        if t.get_text()[0].isdigit()
    }
    assert cells == {(0, 0): "5.50", (1, 0): "1.25", (2, 0): "1.25", (2, 1): "8.00"}
    mesh = ax.collections[0].get_array()
    assert int(mesh.mask.sum()) == 2
    assert {"crackdown on organised crime", "grid worker"} <= set(words(fig))
    assert not {"grid worker"} & set(words(figures.plot_term_heatmap(SCORES, by="place", lang="zh")))


def test_names_of_columns_share_a_baseline_clear_of_the_plot():
    """Names with equally high letters end at one row of pixels, whether or not a letter reaches below the line."""
    cases = ["Anlu", "Dengzhou", "Yi Hill"]
    fig = figures.plot_similarity(pd.DataFrame(0.5, index=cases, columns=cases), lang="en")
    fig.set_dpi(400)
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    ink = np.asarray(canvas.buffer_rgba())[..., 0] < 128
    boxes = [name.get_window_extent() for name in fig.axes[0].get_xticklabels()]
    highest = [ink[:, int(box.x0) : int(box.x1)].any(axis=1).argmax() for box in boxes]
    assert max(highest) - min(highest) <= 1
    assert min(box.y0 for box in boxes) > fig.axes[0].get_window_extent().y1


def test_small_values_are_shown_in_thousandths_and_never_as_a_false_zero():
    small = SCORES.assign(tf_idf=[0.05, 0.0125, 0.0125, 0.0001, 0.00001, 0.08, 0.0])
    fig = figures.plot_term_heatmap(small, by="place", top=9, lang="en")
    cells = [t.get_text() for t in fig.axes[0].texts]
    assert {"50.0", "12.5", "0.1", "<0.1", "80.0", "0.0"} <= set(cells)
    unit = "TF–IDF (relative frequency × inverse document frequency), in thousandths"
    assert any(unit in text for text in words(fig))
    ranked = figures.plot_ranked_terms(small, by="place", lang="en")
    assert ranked.axes[0].patches[0].get_width() == pytest.approx(50)
    assert any(unit in text for text in words(ranked))


def test_ranked_terms_break_ties_by_n_then_characters_and_print_n():
    fig = figures.plot_ranked_terms(SCORES.sample(frac=1, random_state=3), by="place", lang="zh")
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["乙区", "甲县"]
    ax = fig.axes[0]
    assert tick_labels(ax.yaxis) == ["网格员", "安全", "宣传", "扫黑除恶"]
    assert [bar.get_width() for bar in ax.patches] == [5.5, 1.25, 1.25, 1.25]
    assert [t.get_text() for t in ax.texts] == ["5", "3", "2", "2"]
    assert tick_labels(fig.axes[1].yaxis) == ["扫黑除恶"]


def test_panels_of_ranked_terms_fill_their_rows_evenly():
    four = pd.concat([SCORES.assign(place=f"{n}县") for n in range(4)]).drop_duplicates(["place", "term"])
    for lang in LANGUAGES:
        figures.use_house_style(lang)
        axes = figures.plot_ranked_terms(four, by="place").axes
        assert len({round(ax.get_position().x0, 2) for ax in axes if ax.get_visible()}) in (2, 4)


def test_ties_at_the_cut_are_counted_on_the_figure():
    warnings.simplefilter("error")  # "axes sizes collapsed to zero"
    fig = figures.plot_ranked_terms(SCORES, by="place", top=2, lang="en")
    said = [[t.get_text() for t in ax.texts if "value of the last" in t.get_text()] for ax in fig.axes]
    assert said == [["and 2 more with the value of the last"], []]
    ax = fig.axes[0]
    place = next(t for t in ax.texts if "last" in t.get_text()).xy[1]
    assert max(bar.get_y() + bar.get_height() for bar in ax.patches) < place < max(ax.get_ylim())
    for top in (1, 4, 9):
        assert "value of the last" not in " ".join(words(figures.plot_ranked_terms(SCORES, by="place", top=top)))
    for table, value, rule in (
        (SCORES, "tf_idf", "equal values at the cut: by occurrences, then in order of characters"),
        (SCORES.drop(columns="n"), "tf_idf", "equal values at the cut: in order of characters"),
        (SCORES.assign(n=SCORES["n"].replace(9, 5)), "n", None),
    ):
        cut, whole = (
            " ".join(words(figures.plot_term_heatmap(table, by="place", value=value, top=top))) for top in (2, 9)
        )
        assert (rule or "equal values") not in whole
        assert (rule in cut) if rule else "equal values" not in cut


def test_long_glosses_stand_in_full_where_there_is_room(monkeypatch):
    long = "political and legal affairs commission"
    monkeypatch.setattr(style, "glosses", lambda: dict.fromkeys(SCORES["term"], long))
    figures.use_house_style("en")
    assert long in words(figures.plot_ranked_terms(SCORES, by="place"))
    longer = f"{long} of the county that is meant here"
    monkeypatch.setattr(style, "glosses", lambda: dict.fromkeys(SCORES["term"], longer))
    cut = figures.plot_ranked_terms(SCORES, by="place")
    assert {t for t in words(cut) if t.startswith("political")} == {f"{long} of…"}
    assert cut.axes[0].get_window_extent().width > 0.12 * cut.bbox.width


def test_terms_of_one_document_have_no_value_above_zero_and_the_plots_say_so():
    alone = SCORES[SCORES["place"] == "甲县"].assign(tf_idf=0.0)
    for plot in (figures.plot_term_heatmap, figures.plot_ranked_terms):
        assert words(plot(alone, by="place", lang="en")) == ["no term has a value above 0"]


def test_what_does_not_fit_is_left_out_and_said():
    many = pd.DataFrame(
        [(f"d{d:03}", f"词{t}", t, float(t)) for d in range(100) for t in range(1, 12)],
        columns=["doc_id", "term", "n", "tf_idf"],
    )
    ranked = figures.plot_ranked_terms(many, by="doc_id", lang="en")
    assert len(ranked.axes) == 20
    assert ranked.get_size_inches()[1] * 25.4 <= 225
    assert any("shown: 20 of 100 cases" in text and "shown: 3 terms a case" in text for text in words(ranked))
    heat = figures.plot_term_heatmap(many, by="doc_id", lang="zh")
    assert any("仅示100个个案中的20个" in text for text in words(heat))
    names = [f"d{n}" for n in range(45)]
    square = figures.plot_similarity(pd.DataFrame(0.5, names, names), lang="en")
    assert any("shown: 40 of 45 cases, the first in the order of the table" in text for text in words(square))
    strips = figures.plot_dispersion(
        pd.DataFrame(
            [(f"d{d}", 0, f"词{t}", 1) for d in range(40) for t in range(9)], columns=COUNTS.columns
        ),
        lang="en",
    )
    assert strips.get_size_inches()[1] * 25.4 <= 225
    assert any(
        "shown: 5 of 40 documents, those with the most occurrences" in text
        and "shown: 8 of 9 terms, the first ones" in text
        for text in words(strips)
    )
    lengths = {f"d{d}": d for d in range(40)}
    often = pd.DataFrame({"doc_id": ["d7", "d33"], "para": 0, "term": "词", "n": [1, 2]})
    few = figures.plot_dispersion(often, terms=["词", *"一二三四五六七"], paragraphs=lengths, lang="zh")
    assert tick_labels(few.axes[0].yaxis) == ["d0", "d1", "d10", "d33", "d7"]
    assert any("仅示40篇中出现次数最多的5篇" in text for text in words(few))


def test_the_cases_shown_are_those_with_the_most_different_terms():
    sizes = {f"c{c:02}": 1 + c * 7 % 25 for c in range(25)}
    table = pd.DataFrame(
        [(case, f"词{t}", 1, 1.0 + t) for case, size in sizes.items() for t in range(size)], columns=SCORES.columns
    )
    largest = sorted(sorted(sizes, key=lambda case: -sizes[case])[:20])
    ranked = figures.plot_ranked_terms(table, by="place", lang="en")
    assert [ax.get_title(loc="left") for ax in ranked.axes] == largest
    assert any("shown: 20 of 25 cases, those with the most different terms" in text for text in words(ranked))


def test_hostile_words_stand_as_they_are():
    table = SCORES.head(3).assign(term=["$\\frac$扫", "<script>", "a\nb\u202e\U000323af"])
    fig = figures.plot_ranked_terms(table, by="place")
    assert set(tick_labels(fig.axes[0].yaxis)) == {"$\\frac$扫", "<script>", "a b〓"}
    save(fig, data=table)


def test_similarity_prints_what_is_off_the_diagonal():
    fig = figures.plot_similarity(SIMILARITY, lang="en")
    ax = fig.axes[0]
    assert tick_labels(ax.xaxis) == tick_labels(ax.yaxis) == ["a1", "a2", "b1"]
    cells = {(int(t.get_position()[1]), int(t.get_position()[0])): t.get_text() for t in ax.texts}
    assert cells == {
        (0, 1): "0.52",
        (0, 2): "0.03",
        (1, 0): "0.52",
        (1, 2): "0.25",
        (2, 0): "0.03",
        (2, 1): "0.25",
    }
    assert figures.plot_similarity(pd.DataFrame([[1.0]], ["a1"], ["a1"])).axes[0].texts[:] == []


@pytest.mark.parametrize(
    ("matrix", "says"),
    [
        (SIMILARITY.iloc[:2], "same cases in the same order; rows a1, a2, columns a1, a2, b1"),
        (SIMILARITY[["a2", "a1", "b1"]], "same cases in the same order"),
        (SIMILARITY * 2, "number from 0 to 1"),
        (SIMILARITY.replace(0.25, None), "number from 0 to 1"),
    ],
)
def test_similarity_needs_a_square_of_shares(matrix, says):
    with pytest.raises(TableError, match=says):
        figures.plot_similarity(matrix)


def test_dispersion_puts_bars_where_the_term_stands(glossed):
    fig = figures.plot_dispersion(COUNTS, paragraphs={"a1": 10}, lang="en")
    first, second = fig.axes
    assert first.get_title(loc="left") == "扫黑除恶  crackdown on organised crime"
    assert second.get_title(loc="left") == "网格员  grid worker"
    assert tick_labels(first.yaxis) == ["a1", "b1"]
    bars = [(round(p.get_x() + p.get_width() / 2, 6), round(p.get_height(), 4)) for p in first.patches]
    bands = [p.get_width() for p in first.patches if p.get_x() == -0.5]
    assert bands == [10, 6]
    assert [x for x, _ in bars if x in (0, 3, 2)] == [0, 3, 2]
    heights = {x: -h for x, h in bars if x in (0, 3, 2)}
    assert heights[0] < heights[2] < heights[3] == pytest.approx(0.86)
    rows = {round(p.get_x() + p.get_width() / 2, 6): p.get_y() for p in first.patches if p.get_width() < 1}
    assert rows == pytest.approx(
        {0: 0.43, 3: 0.43, 2: 1.43}
    )  # bars stand on the lower edge of their document's band
    assert [(heights[x] / heights[0]) ** 2 for x in (0, 2, 3)] == pytest.approx([1, 2, 4], rel=1e-3)
    assert any("on a square-root scale (tallest: 4)" in text for text in words(fig))
    split = pd.concat([COUNTS.assign(pos="n"), COUNTS.assign(pos="v").iloc[[1]]])
    assert "tallest: 8" in " ".join(words(figures.plot_dispersion(split, lang="en")))
    for wrong, says in (
        (COUNTS.drop(columns="n"), "no column 'n'"),
        (COUNTS.assign(para=-1), "0 or more"),
        (COUNTS.assign(n="x"), "'n' holds 'x' in row 1"),
        (COUNTS.head(0), "no rows"),
    ):
        with pytest.raises(TableError, match=says):
            figures.plot_dispersion(wrong)


def test_dispersion_shows_terms_and_documents_without_an_occurrence():
    fig = figures.plot_dispersion(
        COUNTS, terms=["宣传", "网格员", "宣传"], paragraphs=pd.Series({"c1": 7, "b1": 8}), lang="en"
    )
    assert [ax.get_title(loc="left").split()[0] for ax in fig.axes] == ["宣传", "网格员"]
    assert [tick_labels(ax.yaxis) for ax in fig.axes] == [["a1", "b1", "c1"]] * 2
    bands = [[p.get_width() for p in ax.patches if p.get_x() == -0.5] for ax in fig.axes]
    assert bands == [[4, 8, 7]] * 2
    assert [len(ax.patches) - 3 for ax in fig.axes] == [0, 1]
    nowhere = figures.plot_dispersion(COUNTS.head(0), terms=["宣传"], paragraphs={"a1": 2, "b1": 0}, lang="en")
    assert [p.get_width() for p in nowhere.axes[0].patches] == [2, 0]
    assert "no chosen term occurs" in words(nowhere)
    for named in ({"terms": ["宣传"]}, {"paragraphs": {"a1": 2}}, {"terms": []}):
        assert words(figures.plot_dispersion(COUNTS.head(0), **named, lang="en")) == ["no chosen term occurs"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"terms": "宣传"}, "terms: the string '宣传' given, where a list of words"),
        ({"paragraphs": {"a1": -1}}, "paragraphs: column 'paragraphs' holds -1; it must be 0 or more"),
        ({"paragraphs": {"a1": None}}, "it must be a number"),
    ],
)
def test_dispersion_says_what_is_wrong_with_terms_or_paragraphs(given, says):
    with pytest.raises(TableError, match=says):
        figures.plot_dispersion(COUNTS, **given)


def test_segmentation_has_a_marker_a_score_where_the_score_is():
    ax = figures.plot_segmentation(F1, lang="en").axes[0]
    drawn_ = [(line.get_xdata()[0], line.get_marker(), round(line.get_ydata()[0])) for line in ax.lines]
    plain, lexicon = ax.lines[0].get_marker(), ax.lines[1].get_marker()
    assert plain != lexicon
    assert drawn_ == [(0.79, plain, 0), (0.94, lexicon, 0), (0.87, plain, 1), (0.87, lexicon, 1)]
    assert [t.get_text() for t in ax.texts] == ["0.790", "0.940", "0.870", "0.870"]
    assert tick_labels(ax.yaxis) == ["by hand", "news"]
    with pytest.raises(TableError, match=r"'f1' holds 87.*between 0 and 1"):
        figures.plot_segmentation(F1.assign(f1=87.0))
    with pytest.raises(TableError, match="repeats system='plain', test='by hand'"):
        figures.plot_segmentation(pd.concat([F1, F1.head(1)]))


def test_corpus_shows_dates_basis_script_length_and_what_has_no_date():
    fig = figures.plot_corpus(DOCUMENTS, lang="en")
    dated, undated = fig.axes
    assert tick_labels(dated.yaxis) == ["Jia County", "Yi District", "Bing City"]
    marks = [c for c in dated.collections if isinstance(c, PathCollection)]
    days = [
        (pd.Timestamp(0) + pd.Timedelta(days=float(m.get_offsets()[0][0]))).strftime("%Y-%m-%d")
        for m in marks
    ]
    hollow = [mcolors.to_hex(m.get_facecolor()[0]) == "#ffffff" for m in marks]
    assert list(zip(days, hollow, strict=True)) == [
        ("2018-10-01", True),
        ("2019-01-02", False),
        ("2022-01-01", True),
    ]
    areas = [m.get_sizes()[0] for m in marks]
    assert areas[1] / areas[0] == pytest.approx(3000 / 2000)
    corners = [len(m.get_paths()[0].vertices) for m in marks]
    assert corners[0] == corners[2] != corners[1]
    assert [c.get_offsets()[0][1] for c in undated.collections] == [2]
    assert len(undated.collections[0].get_paths()[0].vertices) == corners[0]
    assert {
        "no date",
        "date printed in the source",
        "date inferred from the text",
        "traditional script",
        "2,000",
        "3,000",
        "1,500",
    } <= set(words(fig))


@pytest.mark.parametrize("n", [1, 5, 500])
@pytest.mark.parametrize("undated", [False, True])
def test_corpus_of_any_size_draws_every_document(n, undated):
    many = pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(n)],
            "place": [f"{i % 40}区" for i in range(n)],
            "published": [None if undated else f"{2012 + i % 14}-0{1 + i % 9}-11" for i in range(n)],
            "date_basis": "" if undated else "printed",
            "script": "hans",
            "n_chars": range(100, 100 + n),
        }
    )
    fig = figures.plot_corpus(many, lang="zh")
    marks = [c for ax in fig.axes for c in ax.collections if isinstance(c, PathCollection)]
    assert sum(len(c.get_offsets()) for c in marks) == n
    assert ("各篇均无日期" in words(fig)) == undated
    assert ("其他15地" in words(fig)) == (n == 500)
    assert fig.get_size_inches()[1] * 25.4 <= 225


def corpus(n_chars: list[int], **columns) -> pd.DataFrame:
    columns = {"place": "甲县", "published": "2020-03-01", "date_basis": "printed", "script": "hans", **columns}
    ids = [f"d{n}" for n in range(len(n_chars))]
    return pd.DataFrame({"doc_id": ids, "n_chars": n_chars, **columns})


@pytest.mark.parametrize("published", ["2020-03-01", None])
def test_corpus_legend_has_the_sizes_of_the_markers(published):
    warnings.simplefilter("error")  # "axes sizes collapsed to zero"
    figures.use_house_style(column="single")
    fig = figures.plot_corpus(corpus([77, 500, 3043], published=published), lang="en")
    fig.draw_without_rendering()
    sizes = {
        text.get_text(): handle.get_markersize() ** 2
        for text, handle in zip(fig.legends[0].get_texts(), fig.legends[0].legend_handles, strict=True)
    }
    assert sizes["3,043 characters"] / sizes["77 characters"] == pytest.approx(3043 / 77)
    drawn_ = sorted(
        s for ax in fig.axes for c in ax.collections if isinstance(c, PathCollection) for s in c.get_sizes()
    )
    assert (drawn_[0], drawn_[-1]) == pytest.approx((sizes["77 characters"], sizes["3,043 characters"]))


def test_corpus_counts_documents_at_one_spot_and_keeps_the_shape_of_undated_ones():
    days = ["2020-03-01"] * 50 + ["2024-01-05", "2024-01-06", "2018-06-01"] + [None] * 4
    scripts = ["hans"] * 54 + ["hant"] * 3
    fig = figures.plot_corpus(corpus([900] * 57, published=days, script=scripts), lang="en")
    dated, undated = fig.axes
    assert sorted(t.get_text() for t in dated.texts) == ["× 2", "× 50"]
    assert [t.get_text() for t in undated.texts] == ["× 3"]
    shapes = [(len(c.get_offsets()), len(c.get_paths()[0].vertices)) for c in undated.collections]
    assert len(shapes) == len({corners for _, corners in shapes}) == 2
    assert sorted(n for n, _ in shapes) == [1, 3]
    assert dated.get_xlabel() == "first possible day of publication"
    boxes = [text.get_window_extent() for text in texts(fig)]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_corpus_counts_stand_apart_or_are_said_to_be_missing():
    near = [f"20{year}-03-01" for year in (12, 13, 13, 14, 14, 14, 24)]
    dense = [f"20{year}-{month:02}-01" for year in range(12, 24) for month in (1, 4, 7, 10)] * 2
    for days, counts, missing in (
        (near, ["× 2", "× 3"], False),
        (dense, None, True),
    ):
        fig = figures.plot_corpus(corpus([900] * len(days), published=days), lang="en")
        said = [t for t in texts(fig) if t.get_text().startswith("× ")]
        assert counts is None or [t.get_text() for t in said] == counts
        assert 0 < len(said) < len(set(days))
        assert ("no room for some numbers" in " ".join(words(fig))) == missing
        boxes = [text.get_window_extent() for text in texts(fig)]
        assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_corpus_names_the_missing_column():
    with pytest.raises(TableError, match="documents: no column 'script'"):
        figures.plot_corpus(DOCUMENTS.drop(columns="script"))


# --- metrics of the campaigns


def panel(fig: Figure, title: str):
    return next(ax for ax in fig.axes if ax.get_title(loc="left").startswith(title))


def day(x: float) -> str:
    return (pd.Timestamp(0) + pd.Timedelta(days=float(x))).strftime("%Y-%m-%d")


def arrows(ax) -> list[tuple[float, float]]:
    return [child.get_position() for child in ax.texts if isinstance(child, Annotation) and child.arrow_patch]


def test_series_draws_periods_as_spans_at_their_value():
    ax = panel(figures.plot_metric_series(SERIES, lang="zh"), "破案")
    spans = [line for line in ax.lines if line.get_linewidth() == 2]
    drawn_ = {(*map(day, line.get_xdata()), line.get_ydata()[0], line.get_linestyle()) for line in spans}
    assert drawn_ == {("2018-01-01", "2018-12-31", 25.0, "-"), ("2021-01-01", "2021-12-31", 7.0, "--")}


def test_series_joins_cumulative_metrics_only_and_not_over_a_gap():
    def joined(*ends: str, cumulative: bool) -> int:
        rows = [
            metric("破案", f"{n}起", n, "起", cumulative=cumulative, **dated("2015-01-01", end))
            for n, end in enumerate(ends, 5)
        ]
        ax = panel(figures.plot_metric_series(metric_series(metric_table(*rows)), lang="zh"), "破案")
        return sum(line.get_linewidth() == 0.6 and len(line.get_xdata()) == 2 for line in ax.lines)

    assert joined("2016-12-31", "2017-12-31", "2018-12-31", cumulative=True) == 2
    assert joined("2016-12-31", "2017-12-31", "2018-12-31", cumulative=False) == 0
    as_of = [metric("破案", "5起", n, "起", cumulative=True, **dated(None, f"{2012 + n}-05-01")) for n in (1, 2, 6)]
    ax = panel(figures.plot_metric_series(metric_series(metric_table(*as_of)), lang="en"), "破案")
    ends = [tuple(map(day, line.get_xdata())) for line in ax.lines if line.get_linewidth() == 0.6]
    assert [pair for pair in ends if len(pair) == 2] == [("2013-05-01", "2014-05-01")]


def test_series_draws_bounds_goals_and_metrics_without_a_period():
    fig = figures.plot_metric_series(SERIES, lang="en")
    assert arrows(panel(fig, "宣传海报张贴")) == [(0.0, 8.0)]
    assert arrows(panel(fig, "短信发送")) == [(0.0, -8.0)]
    assert arrows(panel(fig, "破案")) == arrows(panel(fig, "横幅")) == []
    about = panel(fig, "横幅").lines[-1]
    assert mcolors.to_hex(about.get_markerfacecolor()) == "#ffffff"
    goal = panel(fig, "新建监控")
    assert [(line.get_marker(), line.get_markersize()) for line in goal.lines][1] == ("s", 8)
    assert len(goal.lines) == 2
    assert all(line.get_xdata()[0] > 1 and line.get_transform() == goal.get_yaxis_transform() for line in goal.lines)
    assert "posters put up" in panel(fig, "宣传海报张贴").get_title(loc="left")
    said = " ".join(words(fig))
    for key in ("cumulative", "of the period", "goal, not a result", "period not stated", "≥ 60,000", "≲ 3,200,000"):
        assert key in said


def test_series_draws_what_does_not_add_up_as_a_range():
    fig = figures.plot_metric_series(SERIES, lang="en")
    several = [line for line in panel(fig, "满意率").lines if len(line.get_ydata()) == 2]
    assert [line.get_ydata().tolist() for line in several] == [[0.951, 0.97]]
    assert "several values, not added up" in words(fig)


def test_series_of_many_indicators_keeps_to_a_page():
    many = metric_series(
        metric_table(*(metric(f"指标{n}", "5个", 5, "个", **dated("2020-01-01", "2020-12-31")) for n in range(80)))
    )
    for column in ("single", "double"):
        figures.use_house_style("en", column=column)
        fig = figures.plot_metric_series(many)
        assert fig.get_size_inches()[1] * 25.4 <= 225
        assert f"shown: {len(fig.axes)} of 80 indicators" in " ".join(words(fig))


def test_series_without_any_period_says_so():
    fig = figures.plot_metric_series(metric_series(metric_table(metric("海报", "5张", 5, "张"))), lang="en")
    assert "no metric has a period" in words(fig)
    assert tick_labels(fig.axes[0].xaxis) == []


def test_channels_stand_in_order_on_a_logarithmic_scale_with_their_bounds():
    fig = figures.plot_channel_scale(CHANNELS, lang="zh")
    ax = fig.axes[0]
    assert ax.get_xscale() == "log"
    assert tick_labels(ax.yaxis) == ["短信", "海报通告", "横幅标语"]
    markers = [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if line.get_marker() in "os"]
    assert markers == [(3_200_000, 0), (60_000, 1), (140, 2)]
    assert arrows(ax) == [(-8.0, 0.0), (8.0, 0.0)]
    assert {"≲ 3,200,000 条次 短信发送", "≥ 60,000 张 宣传海报张贴", "≈ 140 条 横幅"} <= {
        " ".join(text.split()) for text in words(fig)
    }
    assert "posters put up" in " ".join(words(figures.plot_channel_scale(CHANNELS, lang="en")))


def test_channels_leave_out_what_has_no_place_on_the_scale_and_say_so():
    rows = metric_table(metric("海报", "0张", 0, "张"), metric("横幅", "5条", 5, "条"))
    assert "not shown: 1 metrics without a value above 0" in " ".join(
        words(figures.plot_channel_scale(metric_series(rows), lang="en"))
    )
    assert words(figures.plot_channel_scale(metric_series(rows.head(1)), lang="en")) == [
        "nothing to show: the table has no row"
    ]
    many = [metric(f"海报{n:02}", f"{n}张", n, "张", channel="poster" if n % 2 else "sms") for n in range(1, 80)]
    fig = figures.plot_channel_scale(metric_series(metric_table(*many)), lang="en")
    assert "shown: 46 of 79 metrics, the largest of each channel" in " ".join(words(fig))
    kept = {line.get_xdata()[0] for line in fig.axes[0].lines if line.get_marker() == "o"}
    assert kept == {float(n) for n in range(34, 80)}
    assert fig.get_size_inches()[1] * 25.4 <= 225


def test_campaign_timeline_has_a_row_an_event_where_its_days_are():
    fig = figures.plot_campaign_timeline(EVENTS, lang="en")
    ax = fig.axes[0]
    drawn_ = [line for line in ax.lines if line.get_marker() == "|" or line.get_linewidth() >= 2]
    assert {line.get_ydata()[0] for line in drawn_} == set(range(len(EVENTS)))
    honour, = (line for line in ax.lines if line.get_marker() == "D")
    assert day(honour.get_xdata()[0]) == "2016-07-01"
    spans = {tuple(map(day, line.get_xdata())) for line in ax.lines if line.get_linestyle() == "-" and
             len(line.get_xdata()) == 2 and line.get_linewidth() > 2}
    assert {("2021-01-01", "2021-12-31"), ("2018-01-01", "2018-09-30")} <= spans
    assert {"平安创建 十二连冠", "publication of an article", "honour or rank"} <= set(words(fig))
    for wrong, says in (
        (EVENTS.assign(event="award"),
         "'event' holds 'award'; it must be one of 'honour', 'campaign', 'metrics', 'publication'"),
        (EVENTS.assign(start=None, end=None), "neither start nor end"),
        (EVENTS.drop(columns="label"), "no column 'label'"),
    ):
        with pytest.raises(TableError, match=says):
            figures.plot_campaign_timeline(wrong)
    many = pd.concat([EVENTS] * 12)
    crowded = figures.plot_campaign_timeline(many, lang="en")
    assert f"shown: 46 of {len(many)} events" in " ".join(words(crowded))
    assert sum(line.get_marker() == "D" for line in crowded.axes[0].lines) == 12
    assert crowded.get_size_inches()[1] * 25.4 <= 225


def test_campaign_timeline_says_of_publications_what_the_documents_say():
    fig = figures.plot_campaign_timeline(EVENTS, documents=DOCUMENTS, lang="en")
    dots = {day(line.get_xdata()[0]): line.get_fillstyle() for line in fig.axes[0].lines if line.get_marker() == "o"}
    assert dots == {"2018-10-01": "none", "2019-01-02": "full", "2022-01-01": "none"}
    said = words(fig)
    assert {"a1, 2,000 characters, simplified script", "a2, 3,000 characters, traditional script",
            "publication: day printed in the source", "publication: day inferred from the text"} <= set(said)
    assert "publication of an article" not in said
    assert "a1，2,000字，简体" in words(figures.plot_campaign_timeline(EVENTS, documents=DOCUMENTS, lang="zh"))
    unknown = figures.plot_campaign_timeline(EVENTS, documents=DOCUMENTS.head(1), lang="en")
    assert {"a2", "publication of an article", "publication: day inferred from the text"} <= set(words(unknown))
    with pytest.raises(TableError, match="documents: no column 'script'"):
        figures.plot_campaign_timeline(EVENTS, documents=DOCUMENTS.drop(columns="script"))


def test_periods_have_a_row_a_metric_as_long_as_its_period_with_what_it_says():
    figures.use_house_style("en", documents=DOCUMENTS)
    fig = figures.plot_metric_periods(SERIES)
    ax = fig.axes[0]
    bars = {line.get_ydata()[0]: line for line in ax.lines if len(line.get_xdata()) == 2 and line.get_linewidth() == 2}
    said = {text.get_position()[1]: text.get_text() for text in ax.texts}
    assert set(bars) == set(said) == set(range(len(said)))
    rows = {" ".join(text.split("  ")[:2]): y for y, text in said.items()}
    assert rows.keys() == {"25 起 破案", "7 起 破案", "12 连冠 平安创建", "95.1%–97% 满意率",
                           "≥ 60,000 张 宣传海报张贴", "≈ 140 条 横幅"}
    whole = bars[rows["7 起 破案"]]
    assert tuple(map(day, whole.get_xdata())) == ("2021-01-01", "2021-12-31")
    assert whole.get_linestyle() == "--"
    assert bars[rows["≥ 60,000 张 宣传海报张贴"]].get_linestyle() == ":"
    marker, = (line for line in ax.lines if len(line.get_xdata()) == 1 and
               line.get_ydata()[0] == rows["≥ 60,000 张 宣传海报张贴"])
    assert day(marker.get_xdata()[0]) == "2019-01-02"
    cumulative, = (bar for text, y in rows.items() if text.startswith("25 起") for bar in [bars[y]])
    assert cumulative.get_linestyle() == "-"
    assert tick_labels(ax.yaxis) == ["Jia County", "Yi District"]
    assert "not shown: 2 metrics without a stated period" in " ".join(words(fig))


def test_periods_of_many_metrics_keep_to_a_page_and_of_none_say_so():
    many = pd.concat([SERIES.assign(indicator=f"指标{n}") for n in range(20)])
    fig = figures.plot_metric_periods(many, lang="en")
    assert fig.get_size_inches()[1] * 25.4 < 225
    assert "shown: 46 of " in " ".join(words(fig))
    undated = SERIES[SERIES["timing"].isin(["not_stated", "missing"])]
    for empty in (undated, SERIES.head(0)):
        assert words(figures.plot_metric_periods(empty, lang="en")) == ["nothing to show: the table has no row"]


def test_titles_of_panels_have_the_whole_gloss_where_there_is_room():
    long = "share of residential compounds with access control and the like"
    fig = figures.plot_metric_series(SERIES.assign(indicator_en=long).head(3), lang="en")
    for ax in (ax for ax in fig.axes if ax.get_title(loc="left")):
        assert " ".join(ax.get_title(loc="left").split("\n")[1:]) == long


def test_arrows_in_the_legend_point_as_those_on_the_figure_do():
    over_time = figures.plot_metric_series(SERIES, lang="en")
    by_channel = figures.plot_channel_scale(CHANNELS, lang="en")
    for fig, more in ((over_time, CARETUP), (by_channel, CARETRIGHT)):
        assert {line.get_label(): line.get_marker() for line in fig.legends[0].legend_handles}["at least"] == more


def test_trend_breaks_at_gaps_and_has_hollow_part_years():
    fig = figures.plot_term_trend(TREND, lang="en")
    first = fig.axes[0]
    line = next(line for line in first.lines if line.get_marker() == "None")
    assert np.isnan(line.get_ydata()).tolist() == [False, False, True, False, False]
    hollow = next(line for line in first.lines if mcolors.to_hex(line.get_markerfacecolor()) == "#ffffff")
    assert [day(x)[:4] for x in hollow.get_xdata()] == ["2020"]
    shades = [patch for patch in first.patches if patch.get_hatch()]
    assert [(day(patch.get_x()), day(patch.get_x() + patch.get_width())) for patch in shades] == [
        ("2018-01-01", "2019-01-01")
    ]
    assert [bar.get_height() for bar in fig.axes[-1].patches if not bar.get_hatch()] == [1, 1, 0, 1, 1]
    ends = [segment[:, 1].tolist() for segment in first.collections[1].get_segments()]
    expected = TREND[(TREND["term"] == "扫黑") & TREND["low"].notna()][["low", "high"]].to_numpy().tolist()
    assert ends == expected
    assert {"shaded: no documents", "hollow: the corpus does not cover the whole period"} <= set(words(fig))
    million = figures.plot_term_trend(TREND, value="per_million_characters", lang="en")
    assert "interval" not in " ".join(words(million))
    assert not million.axes[0].collections
    with pytest.raises(ChoiceError, match="value='rate' is not one of 'per_1000_documents', 'per_million_characters'"):
        figures.plot_term_trend(TREND, value="rate")
    with pytest.raises(TableError, match="trend: row 6 repeats term='扫黑'"):
        figures.plot_term_trend(TREND.assign(term="扫黑"))


@pytest.mark.parametrize(
    "plot", [figures.plot_metric_series, figures.plot_metric_periods, figures.plot_channel_scale,
             figures.plot_campaign_timeline, figures.plot_term_trend]
)
def test_plots_of_metrics_name_what_is_missing(plot):
    with pytest.raises(TableError, match="no column"):
        plot(pd.DataFrame({"x": [1]}))
    with pytest.raises(TableError, match="list given"):
        plot([1])


def test_without_the_font_package_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    fonts.font_file.cache_clear()
    try:
        with pytest.raises(PinganError, match="pip install zhplot"):
            fonts.font_file()
    finally:
        fonts.font_file.cache_clear()
