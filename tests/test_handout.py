"""The classroom handout: both editions are set as PDF/UA, and the teacher's answers are those of the tables.

What the answers must be is computed here anew from the CSV files, by other means than the package's. PDF is read with
pdfium.
"""

from __future__ import annotations

import csv
import ctypes
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

import pingan_analysis as pa
from pingan_analysis import handout
from pingan_analysis.errors import CannotWrite, NothingToRead, TableError
from pingan_analysis.study import Study
from pingan_analysis.teaching import sources
from pingan_analysis.teaching.coding import coding_facts
from pingan_analysis.teaching.digests import read_digests
from pingan_analysis.teaching.facts import handout_facts
from pingan_analysis.teaching.keywords import keyword_table
from pingan_analysis.teaching.typesetting import HandoutError, typeset

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "handout"
CASES = Path(__file__).parent / "cases"
TARGET = "西安高新区"
SMALLEST_SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"


def table(name: str) -> list[dict[str, str]]:
    with (ROOT / "data" / "study" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [document[n].get_textpage().get_text_bounded() for n in range(len(document))]


@cache
def running_text(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(pages(pdf)))


@pytest.fixture(scope="module")
def made() -> tuple[dict[str, Any], dict[str, bytes], dict[str, bytes]]:
    """The facts, the pictures and the editions of the shipped study."""
    keywords = keyword_table(pa.load_study(), TARGET)
    facts = handout_facts(pa.load_study(), keywords)
    pictures = {handout.KEYWORD_PLOT: handout._keyword_plot(keywords)}
    return facts, pictures, {edition: set_edition(facts, pictures, edition) for edition in handout.EDITIONS}


def set_edition(facts: dict[str, Any], pictures: dict[str, bytes], edition: str, folder: Path = SOURCES) -> bytes:
    return typeset(folder, facts, pictures, edition=edition)


@pytest.fixture(scope="module")
def student(made: tuple[Any, Any, dict[str, bytes]]) -> bytes:
    return made[2]["student"]


@pytest.fixture(scope="module")
def teacher(made: tuple[Any, Any, dict[str, bytes]]) -> bytes:
    return made[2]["teacher"]


def changed(column: str, old: Any, new: Any, **quantity: str) -> Study:
    """The shipped study with one value of `metrics` changed."""
    study = Study(pa.load_study().path)
    metrics = study.metrics.copy()
    at = metrics[column].eq(old)
    assert at.any()
    metrics.loc[at, column] = new
    for was, becomes in quantity.items():
        metrics["quantity"] = metrics["quantity"].str.replace(was.removeprefix("q"), becomes)
    study.__dict__["metrics"] = metrics
    return study


# The file ------------------------------------------------------------------------------------------------------------


def test_each_edition_is_tagged_pdf_ua_in_english_with_a_title_and_six_to_eight_a4_pages(
    student: bytes, teacher: bytes
) -> None:
    for pdf in (student, teacher):
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
        document = pypdfium2.PdfDocument(pdf)
        assert pdfium.FPDFCatalog_IsTagged(document)
        language = ctypes.create_string_buffer(64)
        pdfium.FPDFCatalog_GetLanguage(document, ctypes.cast(language, ctypes.POINTER(pdfium.FPDF_WCHAR)), 64)
        assert language.raw.decode("utf-16-le").rstrip("\0") == "en-GB"
        assert document.get_metadata_dict()["Title"].startswith("Reading local")
        assert 6 <= len(document) <= 8
        assert all(tuple(map(round, document[n].get_size())) == (595, 842) for n in range(len(document)))


def test_pages_have_number_and_edition(student: bytes, teacher: bytes) -> None:
    for pdf, edition in ((student, "Student"), (teacher, "Teacher")):
        texts = pages(pdf)
        for number, text in enumerate(texts, 1):
            assert f"Page {number} of {len(texts)}" in text
            assert f"{edition}’s edition" in text


def test_no_clock_stands_in_the_file_and_a_second_run_gives_the_same_bytes(
    made: tuple[dict[str, Any], dict[str, bytes], dict[str, bytes]]
) -> None:
    facts, pictures, editions = made
    assert b"CreateDate" not in editions["teacher"]
    again = {handout.KEYWORD_PLOT: handout._keyword_plot(keyword_table(pa.load_study(), TARGET))}
    assert again == pictures
    assert set_edition(facts, again, "teacher") == editions["teacher"]


def test_every_figure_has_an_alternative_text_and_the_plot_tells_its_words(teacher: bytes) -> None:
    alternatives = [_alt(element) for element in _elements(teacher, "Figure")]
    assert alternatives
    assert all(alternatives)
    assert any("争创 6.3 (22 : 0, filled)" in text for text in alternatives)


def test_tables_have_header_cells(student: bytes) -> None:
    tables, headers = _elements(student, "Table"), _elements(student, "TH")
    assert len(tables) == 6
    assert len(headers) > len(tables)


def test_text_comes_out_as_it_was_put_in(student: bytes) -> None:
    text = re.sub(r"\s", "", "".join(pages(student)))
    digest = pa.read_articles(ROOT / "data" / "digests" / "nanhu_2018.html")["text"].item()
    for sentence in re.findall(r"[^。\n]{12,}。", digest):
        assert re.sub(r"\s", "", sentence) in text
    assert not re.search("[\0\ufffd\u25a1\u3013]", text)


def test_all_chinese_is_marked_as_chinese(
    made: tuple[dict[str, Any], dict[str, bytes], dict[str, bytes]], tmp_path: Path
) -> None:
    def with_check(rule: str) -> None:
        shutil.copytree(SOURCES, tmp_path / "sources", dirs_exist_ok=True)
        layout = tmp_path / "sources" / "layout.typ"
        layout.write_text(layout.read_text("utf-8").replace("  doc\n}", f"  {rule}\n  doc\n}}"), "utf-8")
        set_edition(made[0], made[1], "teacher", tmp_path / "sources")

    with_check(r'show regex("\p{Han}"): it => context { assert(text.lang == "zh", message: it.text); it }')
    with pytest.raises(HandoutError, match="assertion failed"):  # the check can fail
        with_check(r'show regex("\p{Han}"): it => context { assert(text.lang == "en", message: it.text); it }')


def _elements(pdf: bytes, kind: str) -> list[Any]:
    """The elements of that kind in the structure tree of all pages."""
    document = pypdfium2.PdfDocument(pdf)
    _OPEN.append(document)
    found = []
    for n in range(len(document)):
        tree = pdfium.FPDF_StructTree_GetForPage(document[n])
        _OPEN.append(tree)
        for k in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            found += list(_of_kind(pdfium.FPDF_StructTree_GetChildAtIndex(tree, k), kind))
    return found


_OPEN: list[Any] = []  # what elements belong to must outlive them


def _of_kind(element: Any, kind: str) -> Iterator[Any]:
    if not element:
        return
    if _string(pdfium.FPDF_StructElement_GetType, element) == kind:
        yield element
    for n in range(pdfium.FPDF_StructElement_CountChildren(element)):
        yield from _of_kind(pdfium.FPDF_StructElement_GetChildAtIndex(element, n), kind)


def _alt(element: Any) -> str:
    return _string(pdfium.FPDF_StructElement_GetAltText, element)


def _string(read: Callable[..., int], element: Any) -> str:
    length = read(element, None, 0)
    buffer = ctypes.create_string_buffer(length)
    read(element, buffer, length)
    return buffer.raw.decode("utf-16-le").rstrip("\0")


# Answers -------------------------------------------------------------------------------------------------------------


def test_editions_have_the_same_questions_on_the_same_pages_and_only_the_teachers_has_answers(
    student: bytes, teacher: bytes
) -> None:
    asked = [re.findall(r"(?m)^(\d\.\d) +\S", text) for text in pages(student)]
    assert asked == [re.findall(r"(?m)^(\d\.\d) +\S", text) for text in pages(teacher)]
    questions = [number for page in asked for number in page]
    assert len(questions) == len(set(questions)) >= 15
    assert running_text(teacher).count("Answer") == len(questions)
    assert "Answer" not in running_text(student)


def test_what_the_numbers_dont_say_is_counted_in_the_table_of_metrics(student: bytes, teacher: bytes) -> None:
    facts = [row for row in table("metrics") if not row["same_as"]]
    counts = {
        "only a lower bound?": sum(row["bound"] == "more_than" for row in facts),
        "no period stated at all?": sum(not row["period_start"] and not row["period_end"] for row in facts),
        "an end, but no start?": sum(not row["period_start"] and bool(row["period_end"]) for row in facts),
        "a goal, not a result?": sum(row["target"] == "True" for row in facts),
        "a share, with a denominator?": sum(row["kind"] == "ratio" for row in facts),
        "what was put out?": sum(row["category"] == "outreach_output" for row in facts),
        "those who were reached?": sum(row["category"] == "outreach_reach" for row in facts),
        "rank or rate the place?": sum(row["category"] == "evaluation" for row in facts),
    }
    for question, count in counts.items():
        row = rf"{re.escape(question)}[^?]*? {count}(?= |$)"
        assert re.search(row, running_text(teacher)), question
        assert not re.search(row, running_text(student).split("7.1")[0]), question


def test_totals_that_count_and_rate_imply_are_the_whole_numbers_that_give_the_rate(
    student: bytes, teacher: bytes
) -> None:
    printed = {row["quantity"] for row in table("metrics")}
    for count, rate in ((589, "88.2"), (829, "72.3")):
        assert {f"{count}个", f"{rate}%"} <= printed
        possible = [n for n in range(1, 5000) if f"{100 * count / n:.1f}" == rate]
        told = " or ".join(f"{n:,}" for n in possible)
        assert f"{count} / {rate} % = {told} " in running_text(teacher)
        assert f"= {told}" not in running_text(student)


def test_the_coding_exercise_is_answered_as_coded_by_hand(student: bytes, teacher: bytes) -> None:
    with (CASES / "digest_figures.tsv").open(encoding="utf-8") as lines:
        coded = [row for row in csv.DictReader(lines, delimiter="\t") if row["doc_id"] == "anlu_2024"]
    outreach = [row for row in coded if row["category"].startswith("outreach_") and row["period_text"] == "今年"]
    assert len(outreach) == 6
    exercise = running_text(teacher).split("4 Coding numbers")[1].split("4.1")[0]
    blank = running_text(student).split("4 Coding numbers")[1].split("4.1")[0]
    for row in outreach:
        answer = f"{row['quantity']} {int(float(row['value'])):,} {row['bound'].replace('_', ' ')} {row['unit']} "
        assert answer in exercise
        assert answer not in blank
    lower = sum(row["bound"] == "more_than" for row in outreach)
    assert f"{lower} of {len(outreach)} are lower bounds" in running_text(teacher)


def test_models_are_decoded_as_the_table_of_models_has_them(student: bytes, teacher: bytes) -> None:
    parts = [row for row in table("models") if row["parent"] == "一二三四五" and row["doc_id"] == "gaoxin_2018"]
    answers, blank = (running_text(pdf).split("5 Decoding")[1].split("6 Reading")[0] for pdf in (teacher, student))
    for row in parts:
        assert row["model"] in blank
        for member in filter(None, row["members"].split("、 ")):
            assert f"{member} (" in answers
            assert f"{member} (" not in blank
    without = [row["model"] for row in parts if not row["members"]]
    assert f"Answer {', '.join(without)}: the text gives no members" in answers
    names = [row["model"] for row in table("models") if row["doc_id"] == "nanhu_2018" and row["members_basis"] == "none"
             and row["kind"] == "campaign_model"]
    told = re.findall(r"[\u4e00-\u9fff]+", answers.split("Names without members here:")[1].split("Page")[0])
    assert set(told) <= set(names)
    assert "三屏两报" in told


def test_the_keyness_plot_is_read_as_terms_count(student: bytes, teacher: bytes) -> None:
    counts = {True: 0, False: 0}
    sizes = {True: 0, False: 0}
    for row in table("terms"):
        here = row["doc_id"].startswith("gaoxin")
        sizes[here] += int(row["n"])
        counts[here] += int(row["n"]) if row["term"] == "宣传" else 0
    ratio = counts[True] / sizes[True] / (counts[False] / sizes[False])
    answer = f"{counts[True]} to {counts[False]} occurrences"
    assert answer in running_text(teacher)
    assert answer not in running_text(student)
    assert f"{ratio:.1f} times as often" in running_text(teacher)
    assert f"({sizes[True]:,} words" in running_text(student)


def test_answers_follow_the_study(made: tuple[dict[str, Any], dict[str, bytes], dict[str, bytes]]) -> None:
    study = changed("value", 589.0, 777.0, q589="777")
    facts = handout_facts(study, keyword_table(study, TARGET))
    text = running_text(set_edition(facts, made[1], "teacher"))
    possible = [n for n in range(1, 5000) if f"{100 * 777 / n:.1f}" == "88.2"]
    assert f"777 / 88.2 % = {' or '.join(map(str, possible))} " in text
    assert "= 668" not in text


def test_a_study_that_disagrees_with_a_digest_is_no_basis_for_answers() -> None:
    digests = read_digests()
    assert coding_facts(pa.load_study(), digests, "digest_anlu_2024")["rows"]
    with pytest.raises(TableError, match="140余条"):
        coding_facts(changed("value", 140.0, 150.0), digests, "digest_anlu_2024")


def test_no_number_of_the_study_is_typed_into_the_sources() -> None:
    prose = (SOURCES / "handout.typ").read_text("utf-8").replace("in 1,000", "")  # the base of rates
    prose = re.sub(r"#[\w.]+", "", prose)  # names, such as #word.per_1000_target
    typed = set(re.findall(r"\d[\d,]*(?:\.\d+)?", prose))
    for row in table("metrics"):
        value = float(row["value"])
        shown = {f"{value:.0f}", f"{value:,.0f}"} if value >= 100 else {f"{100 * value:g}"} if value < 1 else set()
        assert not shown & typed, row["quantity"]


# Errors --------------------------------------------------------------------------------------------------------------


def test_it_is_written_for_the_shipped_study(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data" / "study", tmp_path / "mine")
    with pytest.raises(HandoutError, match="written for the shipped study") as caught:
        handout.build_handout(study=tmp_path / "mine", out=tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()
    with pytest.raises(NothingToRead):
        handout.build_handout(study=tmp_path / "nowhere")


def test_it_is_written_as_a_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: tuple[Any, Any, dict[str, bytes]]
) -> None:
    monkeypatch.setattr(handout, "set_editions", lambda study: made[2])
    monkeypatch.chdir(tmp_path)
    written = handout.build_handout()
    assert written == [Path("reports/handout/handout_student.pdf"), Path("reports/handout/handout_teacher.pdf")]
    assert [path.read_bytes() for path in written] == list(made[2].values())
    assert sorted(path.name for path in written[0].parent.iterdir()) == [path.name for path in written]
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match="handout_student"):
        handout.build_handout(out=tmp_path / "file")


@pytest.mark.parametrize(("source", "fault"), [
    ("#unknown", "unknown variable"),
    ('#set document(title: "a")\nno glyph: \U000323af', "could not be displayed"),
    ('#set document(title: "a")\n#image("keywords.svg")', "missing alt text"),
    ("no title", "missing document title"),
])
def test_faults_of_the_sources_are_told_in_one_line_and_by_edition(source: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "handout.typ").write_text(source, "utf-8")
    with pytest.raises(HandoutError, match=fault) as caught:
        typeset(tmp_path, {}, {handout.KEYWORD_PLOT: SMALLEST_SVG}, edition="student")
    assert str(caught.value).startswith("handout, student edition: ")
    assert "\n" not in str(caught.value)


def test_sources_are_found_in_the_package_where_there_is_no_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "PACKAGE_FOLDER", tmp_path / "pingan_analysis")
    with pytest.raises(NothingToRead, match=r"handout\.typ: no such file"):
        sources.sources_folder()
    shutil.copytree(SOURCES, tmp_path / "pingan_analysis" / "handout_sources")
    assert sources.sources_folder() == tmp_path / "pingan_analysis" / "handout_sources"
    assert sources.exercises()["keyword_target"] == TARGET


def test_the_sources_load_no_package_from_the_network() -> None:
    assert not any(re.search(r'"@\w+/', path.read_text("utf-8")) for path in SOURCES.glob("*.typ"))
