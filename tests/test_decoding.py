"""Bytes to text: real files against their UTF-8 twins, and every encoding of Chinese text there and back."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingan_analysis.errors import UnreadableArticle
from pingan_analysis.reading.decoding import common_characters, decode

FORMATS = Path(__file__).parents[1] / "../shared/corpora/formats"
SIMPLIFIED = "今年以来，全县各乡镇组织网格员入户走访，发放平安建设宣传单万余份，群众安全感有了明显提升。"
TRADITIONAL = "今年以來，全縣各鄉鎮組織網格員入戶走訪，發放平安建設宣傳單萬餘份，群眾安全感有了明顯提升。"

needs_formats = pytest.mark.skipif(not FORMATS.is_dir(), reason="../shared/corpora is not there")


def formats(pattern: str) -> list[str]:
    return sorted(p.relative_to(FORMATS).as_posix() for p in FORMATS.glob(pattern))


@needs_formats
@pytest.mark.parametrize(
    ("file", "twin", "encoding"),
    [
        ("gbk/UDHR_Chinese_GB2312.txt", "gbk/UDHR_Chinese_UTF-8.txt", "gb18030"),
        ("gbk/UDHR_Chinese_GBK.txt", "gbk/UDHR_Chinese_UTF-8.txt", "gb18030"),
        ("gbk/icwb2_pku_test.gbk.txt", "gbk/icwb2_pku_test.utf8.txt", "gb18030"),
        ("big5/icwb2_as_test.big5.txt", "big5/icwb2_as_test.utf8.txt", "big5"),
    ],
)
def test_a_file_decodes_to_its_utf8_twin(file: str, twin: str, encoding: str) -> None:
    decoded = decode((FORMATS / file).read_bytes())
    assert decoded.text == (FORMATS / twin).read_bytes().decode("utf-8")
    assert (decoded.encoding, decoded.replaced) == (encoding, 0)


@needs_formats
@pytest.mark.parametrize(
    ("file", "encoding"),
    [*((f, "gb18030") for f in formats("gbk/*.xml")), *((f, "big5") for f in formats("big5/*.xml"))],
)
def test_raw_bytes_of_feeds(file: str, encoding: str) -> None:
    decoded = decode((FORMATS / file).read_bytes())
    assert (decoded.encoding, decoded.replaced) == (encoding, 0)


@needs_formats
@pytest.mark.parametrize("file", formats("html_*/*html"))
def test_pages_that_are_utf8_whatever_they_declare(file: str) -> None:
    decoded = decode((FORMATS / file).read_bytes())
    assert decoded.encoding == "utf-8"
    assert decoded.text == (FORMATS / file).read_bytes().decode("utf-8", errors="replace")


@pytest.mark.parametrize(
    ("codec", "text", "encoding"),
    [
        ("utf-8", SIMPLIFIED, "utf-8"),
        ("utf-8-sig", TRADITIONAL, "utf-8"),
        ("utf-16", SIMPLIFIED, "utf-16-le"),
        ("utf-16-le", SIMPLIFIED, "utf-16-le"),
        ("utf-16-le", TRADITIONAL, "utf-16-le"),
        ("utf-16-be", SIMPLIFIED, "utf-16-be"),
        ("utf-16-be", TRADITIONAL, "utf-16-be"),
        ("utf-32", SIMPLIFIED, "utf-32-le"),
        ("gb2312", SIMPLIFIED, "gb18030"),
        ("gbk", TRADITIONAL, "gb18030"),
        ("gb18030", SIMPLIFIED + "𠮷㐂", "gb18030"),
        ("big5", TRADITIONAL, "big5"),
        ("cp950", TRADITIONAL + "碁銹", "big5"),
        ("big5hkscs", TRADITIONAL + "嘅嚟咗", "big5hkscs"),
    ],
)
def test_encodings_are_named_and_the_text_is_unchanged(codec: str, text: str, encoding: str) -> None:
    for whole in (text, f"<p class='a'>{text}</p>\r\n" * 3):
        decoded = decode(whole.encode(codec))
        assert (decoded.text, decoded.encoding, decoded.replaced) == (whole, encoding, 0)


@pytest.mark.parametrize("text", ["联通", "平安", "掃黑除惡"])
def test_short_texts(text: str) -> None:
    assert decode(text.encode("utf-8")).text == text
    assert decode(text.encode("gb18030")).text == text


def test_utf8_with_broken_bytes_stays_utf8_and_says_so() -> None:
    data = SIMPLIFIED.encode() + b"\xff" + SIMPLIFIED.encode()[:-1] + b"\n" + SIMPLIFIED.encode()
    decoded = decode(data)
    assert (decoded.encoding, decoded.replaced) == ("utf-8", 2)
    assert decoded.text.count(SIMPLIFIED) == 2
    assert decoded.label == "utf-8 (2 replaced)"


def test_a_replacement_character_that_the_file_itself_has_is_not_counted() -> None:
    assert decode((SIMPLIFIED + "\ufffd").encode()).replaced == 0
    assert decode((SIMPLIFIED + "\ufffd").encode() + b"\xff").replaced == 1


@pytest.mark.parametrize(("codec", "text"), [("gb18030", SIMPLIFIED), ("cp950", TRADITIONAL)])
def test_other_encodings_with_broken_bytes(codec: str, text: str) -> None:
    data = text.encode(codec) + b"\xff\n" + text.encode(codec)
    decoded = decode(data)
    assert (decoded.encoding, decoded.replaced) == ("big5" if codec == "cp950" else codec, 1)
    assert decoded.text == f"{text}\ufffd\n{text}"


def test_hong_kong_text_keeps_its_punctuation() -> None:
    text = TRADITIONAL + "佢哋嘅‧﹑～"
    data = (TRADITIONAL + "佢哋嘅").encode("big5hkscs") + "‧﹑～".encode("cp950")
    assert decode(data).text == text


@pytest.mark.parametrize("data", [b"\0" * 500, bytes(range(256)) * 20, b"\x00\x01\x02\x03" * 100])
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableArticle, match=r"binary|no encoding"):
        decode(data)


def test_text_that_is_not_chinese_is_refused_unless_it_is_utf8() -> None:
    japanese = "これはにほんごのぶんしょうです。" * 10
    assert decode(japanese.encode()).text == japanese
    with pytest.raises(UnreadableArticle, match="UTF-8"):
        decode("Příliš žluťoučký kůň úpěl ďábelské ódy. ".encode("cp1250") * 10)


COMMON = sorted(c for c in common_characters() if "\u4e00" <= c <= "\u9fff")
chinese = st.text(st.sampled_from(COMMON), min_size=40, max_size=200)
breaks = st.sampled_from(["\n", "\r\n", "，", "。", " 2024 ", "\u3000"])


CODECS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]


@given(chinese, breaks, st.sampled_from([*CODECS, "gbk"]))
def test_simplified_text_there_and_back(text: str, between: str, codec: str) -> None:
    whole = text[:20] + between + text[20:]
    assert decode(whole.encode(codec)).text == whole


BIG5_LEVEL_1 = [
    character
    for lead in range(0xA4, 0xC6)
    for trail in [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    if (character := bytes([lead, trail]).decode("big5", "ignore"))
]
LEARNED_IN_SCHOOL = [c for c in BIG5_LEVEL_1 if c in set(COMMON)] + list(dict.fromkeys(TRADITIONAL))


@given(
    st.text(st.sampled_from(LEARNED_IN_SCHOOL), min_size=40, max_size=200),
    breaks,
    st.sampled_from([*CODECS, "big5", "big5hkscs"]),
)
def test_traditional_text_there_and_back(text: str, between: str, codec: str) -> None:
    whole = text[:20] + between + text[20:]
    assert decode(whole.encode(codec)).text == whole


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_reason(data: bytes) -> None:
    with contextlib.suppress(UnreadableArticle):
        decode(data).text.encode()
