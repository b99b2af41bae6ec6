from __future__ import annotations

import gc
import gzip
import json
import os
import pickle
import random
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import jieba
import opencc
import pytest
from gold import NEWS, SHARED, gold_sentences
from hypothesis import given, settings
from hypothesis import strategies as st

from pingan_analysis.errors import ChoiceError, NothingToRead, TableError
from pingan_analysis.lexicon import domain_terms
from pingan_analysis.script import to_simplified
from pingan_analysis.segment import Segmenter, Word, segment
from pingan_analysis.segmenting.boundaries import needs_joining
from pingan_analysis.segmenting.engine import PythonEngine, RustEngine, make_engine

UD = SHARED / "corpora" / "ud"
needs_news = pytest.mark.skipif(
    not (SHARED / NEWS).is_file(), reason="the news sample is not beside the repository"
)
needs_ud = pytest.mark.skipif(not UD.is_dir(), reason="the UD treebanks are not beside the repository")

NUMBERS = """\
320万|条次
150余万|元
3万余|人次
10余|次
1000多|个
500余|块
7|大类|90|小项
三|名|民警
十余|名|队员
百余|名|村民
数百|名|群众
十几|个|村
几十|户
三十多|年
两千余|人
四百五十万|元
二十|条
十|大|行动
三四|个|人
88.2%
8.5|个|百分点
第二|名
第一|次
第78|位
2024|年|9|月|2|日
二〇一八|年
20来|年
10几|岁
20来|个
1.3万余|人次
1,234|人
1,250,000|元
5|千米
10万|千瓦
3|千克
2万余|户次
200|台次
6|场次
1+3+9
1+N
5|名|哈瑞迪
3|号|线
多|个|部门
数|名|干部
几|次
7亿多|元
90余
12|米|长
２０１８|年
８８％
320萬|條次
150餘萬|元
3萬餘|人次
1000多|個
三|名|民警
十餘|個|村
第二|屆
兩|個|月
數百|張
""".splitlines()
NOT_NUMBERS = """\
百姓
万人空巷
一条心
余下
千方百计
一把手
一起
一些
一定
三国
数据
多媒体
十分
一边
万一
第三者
几何
两岸
四川
百分点
一起|努力
萬一
數據
""".splitlines()

COMPOUNDS = """\
交通|事故
刑事|案件
创建|活动
今年|以来
深入|开展
国家|统计局
该|市
我|县
这|个
那|位
各|乡镇
檢察|機關
該|區
作风|更|实
最|具|活力
民警|骑|着|车
""".splitlines()
NOT_COMPOUNDS = """\
实事求是
齐心协力
社会主义
平方公里
三分之一
各级
每年
这样
我们
我国
艰苦奋斗
因为
马小为
""".splitlines()


@pytest.fixture(scope="module")
def bare() -> Segmenter:
    return Segmenter(lexicon=False)


@pytest.fixture(scope="module")
def plain() -> jieba.Tokenizer:
    return plain_jieba([])


def plain_jieba(words: list[str]) -> jieba.Tokenizer:
    """jieba as shipped, with `words`, each at the frequency that it suggests for the shipped dictionary."""
    jieba.setLogLevel(60)
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = jieba.Tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    new = [word for word in words if tokenizer.lcut(word, HMM=False) != [word]]
    for word, frequency in [(word, tokenizer.suggest_freq(word)) for word in new]:
        tokenizer.total -= tokenizer.FREQ.get(word, 0)  # as in a dictionary file; add_word counts it twice
        tokenizer.add_word(word, frequency)
    return tokenizer


def news_texts() -> Iterator[str]:
    with gzip.open(SHARED / NEWS, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def sample(characters: int) -> list[str]:
    texts = []
    for number, text in enumerate(news_texts()):
        if number % 19 == 0:
            texts.append(text)
            characters -= len(text)
            if characters < 0:
                break
    return texts


ALPHABETS = [
    "0123456789",
    "abcXYZ",
    "-._%+#&",
    "，。“”、· \n\r\t\u3000",
    "平安建设宣传综治扫黑除恶一二三万余多个人次的是我们国家在有",
    "㐀㑇䶵鿕鿖鿿豈",
    "𠀀𪛖𫝀\U0002f800\U00030000\U0003ffff",
    "\x00\x1c\x85\u2028\u200b\ufeff\ufffdéß１Ａ％γ",
    "".join(map(chr, range(0x4E00, 0x9FD6))),
]


def fuzz_strings(seed: int, n: int) -> Iterator[str]:
    generator = random.Random(seed)
    for _ in range(n):
        weights = [generator.random() ** 2 for _ in ALPHABETS]
        alphabets = generator.choices(ALPHABETS, weights, k=generator.randint(1, 40))
        yield "".join(generator.choice(alphabet) * generator.choice([1] * 9 + [3]) for alphabet in alphabets)


OWN_WORDS = Segmenter(user_dictionary=["LED屏", "“两信”同发", "平安 中国"])


# --- jieba's words ---


def test_engine_gives_jiebas_words_on_fuzz(plain: jieba.Tokenizer) -> None:
    engine = RustEngine()
    for text in fuzz_strings(1, 6000):
        assert engine.cut(text) == plain.lcut(text)


def test_engine_gives_jiebas_words_with_the_lexicon() -> None:
    words = sorted(row["term"] for row in domain_terms() if not needs_joining(row["term"]))
    engine = RustEngine()
    engine.add_words(words)
    oracle = plain_jieba(words)
    generator = random.Random(2)
    texts = [
        "".join(generator.choice([generator.choice(words), fuzz]) for _ in range(3))
        for fuzz in fuzz_strings(3, 2000)
    ]
    for text in texts:
        assert engine.cut(text) == oracle.lcut(text)


@needs_news
def test_engine_gives_jiebas_words_on_news(plain: jieba.Tokenizer) -> None:
    engine = RustEngine()
    texts = sample(300_000)
    assert sum(map(len, texts)) > 300_000
    for text in texts:
        assert engine.cut(text) == plain.lcut(text)


@pytest.mark.parametrize(
    "text",
    [
        "2018-05-23", "a_b-c", "www.gov.cn", "192.168.1.1", "T-1.5%", "9+9-9", "平安\r\n建设",
        "㐀㐀", "鿖鿖鿖", "𠀀𠀀", "传国国国设", "一一一", "霍霍霍",
    ],
)
def test_engine_gives_jiebas_words_where_rjieba_differs(plain: jieba.Tokenizer, text: str) -> None:
    assert RustEngine().cut(text) == plain.lcut(text)


def test_order_of_added_words_makes_no_difference() -> None:
    words = ["平安号角", "平安号", "号角响", "安号"]
    forwards, backwards = RustEngine(), RustEngine()
    forwards.add_words(words)
    backwards.add_words(words[::-1])
    for text in ("平安号角响起", "平安号开船", "号角响了", "安号"):
        assert forwards.cut(text) == backwards.cut(text)


def test_both_engines_give_the_same_words_and_tags() -> None:
    fast, slow = Segmenter(engine="rjieba"), Segmenter(engine="jieba")
    for text in ["民警张三发放320萬條次，LED屏2018-05-23播放「雪亮工程」", *fuzz_strings(5, 300)]:
        assert fast.words(text) == slow.words(text)


def test_plain_jieba_where_rjieba_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert isinstance(make_engine("auto"), PythonEngine)


# --- numbers ---


@pytest.mark.parametrize("phrase", NUMBERS + NOT_NUMBERS)
def test_numbers_stand_apart_from_what_they_count(bare: Segmenter, phrase: str) -> None:
    assert "|".join(bare.cut(phrase.replace("|", ""))) == phrase


@pytest.mark.parametrize("phrase", COMPOUNDS + NOT_COMPOUNDS)
def test_phrases_in_the_dictionary_are_set_apart(bare: Segmenter, phrase: str) -> None:
    assert "|".join(bare.cut(phrase.replace("|", ""))) == phrase


@pytest.mark.parametrize(
    "phrase",
    [
        "副主任|聂海军|说", "局长|陈胜利|介绍", "網格員|李建國|表示",
        # not names: a title after the surname, no word of speaking, a surname that is part of a word
        "陈|律师|说", "李|主任|表示", "他|说|胜利|表示", "林业局|介绍", "张|海军|军官",
    ],
)
def test_a_given_name_that_is_a_word_is_joined_to_the_surname_of_one_who_speaks(phrase: str) -> None:
    assert "|".join(segment(phrase.replace("|", ""))) == phrase


def test_terms_and_user_words_are_not_set_apart() -> None:
    segmenter = Segmenter(user_dictionary=["公安机关", "三名"])
    assert segmenter.cut("公安机关三名") == ["公安机关", "三名"]


def test_numbers_in_a_sentence() -> None:
    text = "全区发送短信320万条次，投入150余万元，出动警力3万余人次。"
    words = segment(text)
    for number, measure in [("320万", "条次"), ("150余万", "元"), ("3万余", "人次")]:
        assert words[words.index(number) + 1] == measure


def test_dash_and_ellipsis_are_one_mark(bare: Segmenter) -> None:
    assert bare.cut("平安——幸福……") == ["平安", "——", "幸福", "……"]


def test_space_ends_a_number(bare: Segmenter) -> None:
    assert bare.cut("3 万 人次") == ["3", "万", "人次"]


# --- words of one's own ---


@pytest.mark.parametrize(
    "term", ["“两信”同发", "9·18", "LED屏", "app", "平安e家", "1+3+9", "C++", "平安 中国"]
)
def test_user_words_of_any_characters_come_out_whole(term: str) -> None:
    segmenter = Segmenter(user_dictionary=[term], lexicon=False)
    for carrier in ("{}", "我们开展{}。", "对{}进行部署", "，{}，"):
        assert term in segmenter.cut(carrier.format(term))


@pytest.mark.parametrize("variant", ["LED屏", "led屏", "Led屏", "ＬＥＤ屏"])
def test_user_words_match_in_any_case_and_are_counted_as_one(variant: str) -> None:
    words = Segmenter(user_dictionary=["LED屏"], lexicon=False).words(f"沿街{variant}播放")
    assert [(word.text, word.term) for word in words][1] == (variant, "LED屏")


@pytest.mark.parametrize("text", ["「兩信」同發", "『两信』同发", '"两信"同发'])
def test_user_words_match_in_any_quotation_marks(text: str) -> None:
    segmenter = Segmenter(user_dictionary=["“两信”同发"], lexicon=False)
    assert segmenter.cut(text) == [text]
    assert segmenter.words(text)[0].term == "“两信”同发"


def test_joined_words_cut_no_word_of_the_dictionary() -> None:
    segmenter = Segmenter(user_dictionary=["LED屏", "9·18"], lexicon=False)
    assert segmenter.cut("LED屏幕") == ["LED", "屏幕"]
    assert "9·18" not in segmenter.cut("9·180")


def test_user_dictionary_files(tmp_path: Path) -> None:
    table, jieba_format = tmp_path / "a.tsv", tmp_path / "b.txt"
    content = "\ufeff# own words\nterm\tcategory\tpos\n平安號角\tx\tnz\n平安 细胞\tx\t\n"
    table.write_text(content, encoding="utf-8")
    jieba_format.write_text("平安号角 1000000 nz\n平安\n", encoding="utf-8")
    for path in (table, str(jieba_format)):
        words = Segmenter(user_dictionary=path, lexicon=False).words("平安号角")
        assert words == [Word(0, 4, "平安号角", "平安号角", "nz")]


@pytest.mark.parametrize("content", ["平安 号角 响\n", "平安\tn\n"])
def test_user_dictionary_line_that_is_no_word(tmp_path: Path, content: str) -> None:
    path = tmp_path / "own.txt"
    path.write_text("# comment\n" + content, encoding="utf-8")
    with pytest.raises(TableError, match=r"own\.txt, line 2"):
        Segmenter(user_dictionary=path)


def test_user_words_leave_the_words_around_alone() -> None:
    with_word = Segmenter(user_dictionary=["大宣传"], lexicon=False)
    assert with_word.cut("开展大宣传活动") == ["开展", "大宣传", "活动"]
    assert with_word.cut("进一步扩大宣传范围")[-3:] == ["扩大", "宣传", "范围"]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"engine": "jeiba"}, ChoiceError, "did you mean 'jieba'"),
        ({"pos": "nuon"}, ChoiceError, "did you mean 'noun'"),
        ({"user_dictionary": "no/such/file.tsv"}, NothingToRead, "no file"),
        ({"stop_words": "no/such/file.tsv"}, NothingToRead, "stop_words"),
        ({"user_dictionary": ["平安", ""]}, TableError, "'' is not a word"),
        ({"user_dictionary": [3]}, TableError, "3 is not a word"),
        ({"user_dictionary": ["平安", "平安\n建设"]}, TableError, "has a line break"),
    ],
)
def test_wrong_arguments(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Segmenter(**arguments)


# --- words, terms, offsets ---


def test_words_leave_out_punctuation_stop_words_and_other_parts_of_speech() -> None:
    def kept(**arguments: Any) -> list[str]:
        return [word.text for word in Segmenter(**arguments).words("民警的宣传很好，效果明显。")]

    assert kept() == ["民警", "的", "宣传", "很", "好", "效果", "明显"]
    assert kept(stop_words=True) == ["民警", "宣传", "好", "效果", "明显"]
    assert kept(stop_words=["效果", "宣傳"]) == ["民警", "的", "很", "好", "明显"]
    assert kept(pos="noun") == ["民警", "宣传", "效果"]
    assert kept(pos=["zg", "a"]) == ["很", "好", "明显"]


def test_full_width_letters_and_figures_are_counted_as_ascii(bare: Segmenter) -> None:
    assert [word.term for word in bare.words("ＡＢＣ，１２％")] == ["ABC", "12%"]


def test_pinyin_between_characters_is_kept_apart() -> None:
    assert segment("網(wǎng)路") == ["網", "(", *segment("wǎng"), ")", "路"]


@settings(max_examples=150, deadline=None)
@given(st.text() | st.text(alphabet="".join(ALPHABETS[:8])))
def test_any_text(text: str) -> None:
    words = segment(text)
    assert "".join(words) == "".join(text.split())
    assert all(words)


@settings(max_examples=100, deadline=None)
@given(st.text() | st.text(alphabet="".join(ALPHABETS[:8])))
def test_offsets_of_any_text(text: str) -> None:
    end = 0
    for word in OWN_WORDS.words(text):
        assert word.start >= end
        assert word.end > word.start
        assert text[word.start:word.end] == word.text
        end = word.end


@pytest.mark.parametrize("part", ["平", "1", "一", "1,", "1万", "“", "a-b", "多", "9·", "1+", " ", "𠀀"])
@pytest.mark.no_cover
def test_time_is_linear_in_length(part: str) -> None:
    def seconds(n: int) -> float:
        start = time.process_time()
        assert "".join(OWN_WORDS.cut(part * n)) == (part * n).strip()
        return time.process_time() - start

    seconds(100)
    assert seconds(16_000) < 0.5 + 12 * seconds(2_000)


def test_script_twins_give_the_same_terms() -> None:
    to_traditional = opencc.OpenCC("s2t")
    compared = 0
    for words in gold_sentences("own"):
        text = "".join(words)
        twin = to_traditional.convert(to_simplified(text))
        if to_simplified(twin) == to_simplified(text):
            compared += 1
            assert [w[3:] for w in OWN_WORDS.words(twin)] == [w[3:] for w in OWN_WORDS.words(text)]
    assert compared >= 140


def test_same_words_in_every_process() -> None:
    texts = list(fuzz_strings(7, 40))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(segment, texts)) == [segment(text) for text in texts]


def test_segmenter_can_be_sent_to_another_process() -> None:
    segmenter = Segmenter(user_dictionary=["平安号角"], stop_words=["响起"])
    copy = pickle.loads(pickle.dumps(segmenter))
    assert copy.words("平安号角响起") == segmenter.words("平安号角响起")
    assert [word.text for word in copy.words("平安号角响起")] == ["平安号角"]


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_nothing_is_printed_or_left_in_the_temporary_folder(tmp_path: Path, engine: str) -> None:
    code = (
        "from pingan_analysis.segment import Segmenter; "
        f"Segmenter(engine={engine!r}).cut('平安2018-05-23')"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
    assert (run.stdout, run.stderr) == (b"", b"")
    assert list(tmp_path.iterdir()) == []


def test_jieba_is_loaded_only_where_a_line_needs_it() -> None:
    code = (
        "import sys; from pingan_analysis.segment import segment; "
        "segment('平安建设'); before = 'jieba' in sys.modules; "
        "segment('2018-05-23'); print(before, 'jieba' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert run.stdout.split() == ["False", "True"]


# --- accuracy ---


def spans(words: list[str]) -> set[tuple[int, int]]:
    ends = list(accumulate(map(len, words)))
    return {(end - len(word), end) for word, end in zip(words, ends, strict=True)}


def word_f1(cut: Callable[[str], list[str]], sentences: list[list[str]]) -> float:
    both = total = 0
    for words in sentences:
        found, wanted = spans(cut("".join(words))), spans(words)
        both += len(found & wanted)
        total += len(found) + len(wanted)
    return 2 * both / total


def conllu_sentences(path: Path) -> list[list[str]]:
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    rows = [[line.split("\t") for line in block.split("\n") if line[:1].isdigit()] for block in blocks]
    return [["".join(row[1].split()) for row in block if row[0].isdigit()] for block in rows if block]


@needs_ud
@pytest.mark.parametrize("name", ["zh_gsdsimp-ud-dev.conllu", "zh_gsd-ud-dev.conllu"])
def test_general_text_is_segmented_no_worse_than_by_jieba(
    plain: jieba.Tokenizer, bare: Segmenter, name: str
) -> None:
    sentences = conllu_sentences(UD / name)
    assert sum(map(len, sentences)) > 12_000
    jieba_f1 = word_f1(lambda text: plain.lcut(to_simplified(text)), sentences)
    assert word_f1(segment, sentences) >= 0.999 * jieba_f1
    assert word_f1(bare.cut, sentences) >= jieba_f1 + 0.02


def test_own_sentences_are_segmented_better_than_by_jieba(plain: jieba.Tokenizer) -> None:
    for part in ("own/campaign", "own/general"):
        sentences = gold_sentences(part)
        jieba_f1 = word_f1(lambda text: plain.lcut(to_simplified(text)), sentences)
        assert word_f1(segment, sentences) >= jieba_f1 + 0.05


# --- the lexicon in running text ---


@pytest.mark.parametrize(
    "phrase",
    ["扩大|宣传", "党工委|会议", "南湖|区委", "西湖|区委|门口", "南湖区|、|嘉兴市", "擴大|宣傳", "南湖|區委"],
)
def test_terms_cut_no_other_word(phrase: str) -> None:
    segmenter = Segmenter(user_dictionary=["大宣传", "党工委", "党工委会", "南湖区", "西湖区"])
    assert "|".join(segmenter.cut(phrase.replace("|", ""))) == phrase


@needs_ud
def test_lexicon_cuts_next_to_no_word_of_general_text() -> None:
    """Terms whose addition breaks words of a hand-segmented treebank are listed when this fails."""
    terms = {row["term"] for row in domain_terms()}
    broken = []
    words = 0
    for sentence in conllu_sentences(UD / "zh_gsdsimp-ud-dev.conllu"):
        wanted = spans(sentence)
        inside = {position for start, end in wanted for position in range(start + 1, end)}
        text = "".join(sentence)
        words += len(sentence)
        for start, end in spans(segment(text)):
            if text[start:end] in terms and (start in inside or end in inside):
                broken.append(f"{text[max(0, start - 3):start]}[{text[start:end]}]{text[end:end + 3]}")
    assert len(broken) <= 0.002 * words, broken


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_a_segmenter_that_nobody_needs_gives_its_dictionary_back_at_once(engine: str) -> None:
    segmenter = Segmenter(engine=engine)
    segmenter.words("平安建设，南湖区委3次会议")
    dictionary = weakref.ref(segmenter._engine)
    gc.disable()
    try:
        del segmenter
        assert dictionary() is None
    finally:
        gc.enable()
