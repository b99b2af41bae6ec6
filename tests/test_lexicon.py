"""The domain lexicon: every table of pingan_analysis/lexicon/domain, row by row; and the glosses of ordinary words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from pingan_analysis import lexicon
from pingan_analysis.errors import TableError
from pingan_analysis.lexicon import FOLDER, domain_terms, glosses, ordinary_words, read_rows
from pingan_analysis.script import to_simplified
from pingan_analysis.segment import Segmenter
from pingan_analysis.segmenting.engine import make_engine
from pingan_analysis.study import load_study
from pingan_analysis.terms import content_terms, tf_idf, top_terms

COLUMNS = ["term", "category", "pos", "gloss_en", "note"]

CATEGORIES = {
    "campaigns": {"campaign"},
    "economy": {"business", "environment_planning", "finance"},
    "general_news": {"manner", "modern", "nouns", "verbs"},
    "honours": {"honour"},
    "infrastructure": {"it", "misc", "premises_works", "surveillance"},
    "law_enforcement": {"fraud", "gang_crime", "law", "offences", "procedure"},
    "livelihood": {"residents_groups", "rural_life", "school_minors", "services", "welfare"},
    "media": {"activity", "new_media", "print_carrier", "screen_broadcast"},
    "mediation": {"mediation", "petition"},
    "models": {"model", "work_method"},
    "organisations": {"organisation"},
    "places": {"place"},
    "policy": {"document", "governance", "ideology", "law", "meeting", "policy"},
    "projects": {"project"},
    "propaganda": {"propaganda"},
    "public_security": {"patrol_prevention", "safety", "special_groups", "traffic"},
    "roles": {"role"},
    "set_phrases": {"set_phrase"},
    "slogans": {"slogan"},
}

# The tags of the ICTCLAS set that the lexicon may use; jieba's dictionary has them all.
TAGS = {"a", "b", "d", "eng", "i", "j", "l", "m", "n", "nr", "ns", "nt", "nz", "q", "r", "s", "t", "v", "vn"}

HAN = "\u3400-\u9fff"
TERM = re.compile(rf"[{HAN}A-Za-z0-9+·]+")
ENGLISH = re.compile(r"-?[A-Za-z][A-Za-z ',.()-]*")
TABLES = sorted(path.stem for path in (FOLDER / "domain").glob("*.tsv"))
DOMAIN = {row["term"] for row in domain_terms()}
ORDINARY = {row["term"]: row["gloss_en"] for row in read_rows("glosses", columns=["term", "gloss_en"])}


def rows_of(table: str) -> list[dict[str, str]]:
    return read_rows(f"domain/{table}", columns=COLUMNS)


@pytest.fixture(params=TABLES)
def table(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_categories_of_every_table_are_known(table: str) -> None:
    known = CATEGORIES.get(table, set())
    assert {row["category"] for row in rows_of(table)} <= known, f"list the categories of {table}.tsv here"


def test_columns_are_the_five_in_order(table: str) -> None:
    assert all(list(row) == COLUMNS for row in rows_of(table))


def test_tags_are_those_of_jieba(table: str) -> None:
    assert [(row["term"], row["pos"]) for row in rows_of(table) if row["pos"] not in TAGS] == []


def test_terms_are_in_simplified_script(table: str) -> None:
    terms = [row["term"] for row in rows_of(table)]
    assert [term for term in terms if to_simplified(term) != term] == []


def test_terms_hold_no_quotation_marks_spaces_or_other_punctuation(table: str) -> None:
    assert [row["term"] for row in rows_of(table) if not TERM.fullmatch(row["term"])] == []


def test_terms_have_two_characters_or_more(table: str) -> None:
    assert [row["term"] for row in rows_of(table) if len(row["term"]) < 2] == []


def test_glosses_are_english(table: str) -> None:
    rows = rows_of(table)
    assert [row["term"] for row in rows if not re.search(r"[A-Za-z]", row["gloss_en"])] == []
    assert [row["term"] for row in rows if re.search(f"[{HAN}]", row["gloss_en"])] == []


def test_verbs_are_glossed_by_the_infinitive_with_to(table: str) -> None:
    """A gloss without it is no verb: none that another gloss has behind its "to"."""
    verbs = {gloss.split()[1] for gloss in glosses().values() if gloss.startswith("to ")}
    nouns = {"刷脸": "face scan", "取保候审": "release on bail pending trial", "刑满": "sentence served"}
    others = {row["term"]: row["gloss_en"] for row in rows_of(table) if row["pos"] == "v"}
    bare = {term: gloss for term, gloss in others.items() if gloss.split()[0] in verbs}
    assert bare.items() <= nouns.items()


def test_the_party_is_written_with_a_capital() -> None:
    """Unless it is another: 对方 (the other party), 政党 (political party), 当事人 (party to a case)."""
    small = {term for term, gloss in glosses().items() if re.search(r"\bparty\b", gloss)}
    assert {term for term in small if "党" in term} <= {"政党"}


def test_cells_have_no_white_space_at_their_ends(table: str) -> None:
    assert [row["term"] for row in rows_of(table) for cell in row.values() if cell != cell.strip()] == []


def test_rows_are_in_order_of_term(table: str) -> None:
    terms = [row["term"] for row in rows_of(table)]
    assert terms == sorted(terms)


def test_no_term_stands_twice_in_the_lexicon() -> None:
    places: dict[str, list[str]] = {}
    for table in TABLES:
        for row in rows_of(table):
            places.setdefault(row["term"], []).append(table)
    assert {term: tables for term, tables in places.items() if len(tables) > 1} == {}


def test_the_lexicon_is_all_of_its_tables_and_each_term_has_its_gloss() -> None:
    assert len(domain_terms()) == sum(len(rows_of(table)) for table in TABLES)
    assert glosses()["平安鼎"] == "Ping'an Tripod (award for peaceful places)"
    assert {row["term"]: row["gloss_en"] for row in domain_terms()}.items() <= glosses().items()


CORE_WORDS = """
平安建设 扫黑除恶 雪亮工程 枫桥经验 网格员 网格化 两委 党工委 管委会 综治办 平安办 政法委 红袖章
村规民约 四套班子 首善区 获得感 安全感 满意度 知晓率 参与率 保护伞 一把手 大走访 大巡防 平安鼎
第一责任人 党员中心户 河长制 责任书 微信公众号 三治融合 一约两会三团 四议两公开 三屏两报 两信同发
一二三四五 十个没有 五零 三会一课 一村一警 一村一辅警 一警多能 三调联动 三所联动 五色工作法 六尺巷工作法
最多跑一地 一中心四平台 两代表一委员 七五普法 八五普法 三零创建 四个专项 打四黑除四害 六稳六保 黄赌毒
两抢一盗 群防群治 齐抓共管 联防联控 打防并举
平安中国 平安创建 平安校园 平安乡村 智慧社区 智安小区 乡村振兴 脱贫攻坚 社会治理 基层治理 法治建设 营商环境
专项斗争 专项行动 专项整治 净网行动 八大攻坚 综治中心 融媒体中心 文明实践中心 党群服务中心 便民服务中心
领导小组 指挥中心 公安机关 公安分局 社会治安 公平正义 市委常委 道德模范 平安志愿者 社区民警 法律明白人
刑事案件 移送起诉 电信网络诈骗 电信诈骗 网络诈骗 犯罪嫌疑人
"""

CUT_PHRASES = (
    "宣传活动 工作机制 责任落实 组织领导 群众安全感 矛盾纠纷 视频监控 安全隐患 党员干部 意见建议 "
    "今年以来 深入开展 工作汇报 开展调研 高度重视 精神文明建设 平安建设先进县 区委政法委 社会治理指挥中心"
)
BREAKING_WORDS = "大宣传 党工委会 南湖区委 研判会 应急管理部 三区 四区 五部"


@pytest.mark.parametrize("term", CORE_WORDS.split())
def test_core_words_of_the_field_are_there(term: str) -> None:
    assert term in DOMAIN


@pytest.mark.parametrize("phrase", CUT_PHRASES.split())
def test_phrases_of_words_that_stand_alone_are_not(phrase: str) -> None:
    assert phrase not in DOMAIN


@pytest.mark.parametrize("word", BREAKING_WORDS.split())
def test_words_that_would_break_the_words_around_them_are_not(word: str) -> None:
    """As 大宣传 in 扩大|宣传, 党工委会 in 党工委|会议, 研判会 in 研判|会商, 应急管理部 in 应急|管理|部门."""
    assert word not in DOMAIN


def test_glosses_of_ordinary_words_have_two_columns_under_a_comment() -> None:
    comment, *rest = (FOLDER / "glosses.tsv").read_text(encoding="utf-8").splitlines()
    assert comment.startswith("# ")
    assert next(line for line in rest if not line.startswith("#")) == "term\tgloss_en"


def test_glosses_of_ordinary_words_are_in_order_and_each_word_stands_once() -> None:
    terms = [row["term"] for row in read_rows("glosses")]
    assert len(terms) > 1000
    assert terms == sorted(set(terms))


def test_ordinary_words_are_simplified_chinese_without_spaces() -> None:
    assert [term for term in ORDINARY if to_simplified(term) != term or not TERM.fullmatch(term)] == []


def test_ordinary_words_are_none_of_the_domain_lexicon() -> None:
    assert ORDINARY.keys() & DOMAIN == set()


def test_glosses_of_ordinary_words_are_short_english() -> None:
    """In brackets stands what figures leave out; before them, four words and the "to" of verbs."""
    assert [pair for pair in ORDINARY.items() if not ENGLISH.fullmatch(pair[1])] == []
    shown = {term: gloss.split(" (")[0].removeprefix("to ") for term, gloss in ORDINARY.items()}
    assert {term: gloss for term, gloss in shown.items() if not 1 <= len(gloss.split()) <= 4} == {}


def test_ordinary_words_have_their_glosses() -> None:
    assert ORDINARY.items() <= glosses().items()


def test_the_segmenter_reads_no_glosses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A phrase of two words stays two when it has a gloss, and is one as a term of the user's own."""

    def with_phrase(path: Path | str, *, columns: Iterable[str] = ()) -> list[dict[str, str]]:
        phrase = [{"term": "平安号角", "gloss_en": "peace bugle"}]
        return phrase if path == "glosses" else read_rows(path, columns=columns)

    caches = (glosses, domain_terms)
    monkeypatch.setattr(lexicon, "read_rows", with_phrase)
    for cached in caches:
        cached.cache_clear()
    try:
        assert glosses()["平安号角"] == "peace bugle"
        assert Segmenter().cut("平安号角响起") == ["平安", "号角", "响起"]
        assert Segmenter(user_dictionary=["平安号角"]).cut("平安号角响起") == ["平安号角", "响起"]
    finally:
        for cached in caches:
            cached.cache_clear()


def test_words_that_figures_of_the_shipped_study_show_have_a_gloss() -> None:
    content = content_terms(load_study().terms_with("place"))
    best = top_terms(tf_idf(content, by="place"), by="place", top=15)
    terms = set(best["term"])
    assert len(terms) > 40
    assert len(terms - glosses().keys()) <= 0.05 * len(terms), sorted(terms - glosses().keys())


def test_a_row_of_too_few_cells_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.tsv"
    path.write_text("# comment\nterm\tcategory\n平安鼎\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"broken\.tsv, line 3: 1 cells, but 2 columns"):
        read_rows(path)


def test_ordinary_words_are_names_in_the_dictionary_only_and_content_here() -> None:
    classes = {row["tag"]: row["class"] for row in read_rows("part_of_speech", columns=["tag", "class"])}
    dictionary = make_engine("jieba")
    for word, tag in ordinary_words().items():
        assert dictionary.tag(word) in ("nr", "nrt", "nrfg"), word
        assert classes[tag] in ("noun", "verb", "adjective", "adverb", "idiom"), word
    assert [word.pos for word in Segmenter().words("张贴海报") if word.term == "张贴"] == ["v"]
    assert "张贴" in set(content_terms(load_study().terms)["term"])
