"""Exact and near duplicates, against a comparison of all pairs."""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingan_analysis.articles import iter_articles, read_articles
from pingan_analysis.reading.boilerplate import paragraphs
from pingan_analysis.reading.duplicates import (
    BANDS,
    LEAST_SIMILARITY,
    ROWS_A_BAND,
    Signature,
    compared_characters,
    mark_duplicates,
    shingles,
    signature,
)

SHARED = Path(__file__).parents[1] / "../shared"
CHARACTERS = [chr(c) for c in range(0x4E00, 0x5E00)]


def signature_of(text: str) -> Signature:
    return signature(text, paragraphs(text))


def text_of(seed: int, length: int = 600) -> str:
    return "".join(random.Random(seed).choices(CHARACTERS, k=length))


def edited(text: str, edits: int, seed: int = 1) -> str:
    characters = list(text)
    for i in random.Random(seed).sample(range(len(text)), edits):
        characters[i] = "◇" if characters[i] == "改" else "改"
    return "".join(characters)


def documents(texts: list[str], days: list[str | None] | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(len(texts))],
            "text": texts,
            "published": pd.to_datetime(days or [None] * len(texts)),
        }
    )


def marked(texts: list[str], days: list[str | None] | None = None) -> list[str]:
    return mark_duplicates(documents(texts, days))["duplicate_of"].tolist()


def test_exact_duplicates_differ_in_script_punctuation_and_space_alone() -> None:
    simplified = "平安建设进社区，网格员入户走访。宣传单发到每家每户。"
    traditional = "平安建設進社區 網格員入戶走訪\n\n宣傳單發到每家每戶！"
    assert marked([simplified, traditional, "别的"]) == ["", "d0", ""]


def test_near_duplicates() -> None:
    text = text_of(1)
    assert marked([text, edited(text, 5)]) == ["", "d0"]
    assert marked([text, edited(text, 60)]) == ["", ""]
    assert marked([text, text + text_of(2, 200)]) == ["", "d0"]
    assert marked([text, text + text_of(2, 600)]) == ["", ""]


def test_the_earlier_document_is_the_original() -> None:
    text = text_of(3)
    assert marked([text, text, text], ["2020-01-02", None, "2019-05-06"]) == ["d2", "d2", ""]
    assert marked([text, text], ["2020-01-02", "2020-01-02"]) == ["", "d0"]


def test_an_original_is_no_duplicate() -> None:
    text = text_of(4)
    chain = [
        text,
        edited(text, 8, 1),
        edited(edited(text, 8, 1), 8, 2),
        edited(edited(edited(text, 8, 1), 8, 2), 8, 3),
    ]
    found = marked(chain)
    assert all(not original or found[int(original[1:])] == "" for original in found)


def test_a_copy_of_an_edited_copy_is_one_of_the_original() -> None:
    text = text_of(4)
    assert marked([text, edited(text, 8), edited(text, 8), text]) == ["", "d0", "d0", "d0"]


VARIANTS = [text_of(4), edited(text_of(4), 8, 1), edited(edited(text_of(4), 8, 1), 8, 2), text_of(5), text_of(4)[:450]]


@given(st.lists(st.tuples(st.sampled_from(VARIANTS), st.sampled_from([None, "2020-01-02", "2021-03-04"])), max_size=8))
def test_whatever_is_copied_an_original_is_an_earlier_document_and_no_duplicate(drawn: list[tuple[str, str]]) -> None:
    texts, days = [text for text, _ in drawn], [day for _, day in drawn]
    found = marked(texts, days)
    for number, original in enumerate(found):
        if original:
            at = int(original[1:])
            assert not found[at]
            assert ((days[at] or "9999"), at) < ((days[number] or "9999"), number)


def test_texts_without_characters_or_shingles() -> None:
    assert marked(["", "", "。。。", "平安", "平安", "平安！", "安平"]) == ["", "", "", "", "d3", "d3", ""]


def test_boilerplate_is_not_compared() -> None:
    frame = documents(["一样的正文在这里。\n责任编辑：某某", "一样的正文在这里。"])
    frame["boilerplate"] = [((10, 17, "editor"),), ()]
    assert mark_duplicates(frame)["duplicate_of"].tolist() == ["", "d0"]


def test_signatures_depend_on_the_text_alone() -> None:
    first, again = (
        signature_of("平安建设进社区，网格员入户走访。"),
        signature_of("平安建设进社区，网格员入户走访。"),
    )
    assert first.digest == again.digest
    assert first.minhash is not None
    assert again.minhash is not None
    assert (first.minhash == again.minhash).all()


def pairs_at_the_threshold(pairs: int) -> list[tuple[str, str, float]]:
    """Pairs of texts whose Jaccard similarity is little above the threshold, each with it."""
    found = []
    for seed in range(pairs):
        text = text_of(seed, 900)
        other = edited(text, 18, seed)
        own, others = shingles(text), shingles(other)
        found.append((text, other, len(own & others) / len(own | others)))
    assert LEAST_SIMILARITY < sum(similarity for *_, similarity in found) / pairs < LEAST_SIMILARITY + 0.05
    return found


def test_minhash_values_agree_as_often_as_the_similarity_says() -> None:
    pairs = pairs_at_the_threshold(120)
    agreeing = [(signature_of(one).minhash == signature_of(other).minhash).mean() for one, other, _ in pairs]
    differences = np.array(agreeing) - [similarity for *_, similarity in pairs]
    assert abs(differences.mean()) < 0.012  # three standard errors: (0.7 * 0.3 / 128 / 120) ** 0.5 is 0.0037
    assert differences.std() < 0.05


def test_pairs_at_the_threshold_share_a_band() -> None:
    for one, other, _ in pairs_at_the_threshold(120):
        first, second = signature_of(one).minhash, signature_of(other).minhash
        assert first is not None
        assert second is not None
        assert (first == second).reshape(BANDS, ROWS_A_BAND).all(axis=1).any()


def test_minhash_of_a_long_text_is_the_least_of_its_parts() -> None:
    parts = [text_of(seed, 5000) for seed in (1, 2)]
    over = parts[0][-7:] + parts[1][:7]
    values = [signature_of(text).minhash for text in (*parts, over)]
    whole = signature_of("".join(parts)).minhash
    assert whole is not None
    assert (whole == np.minimum.reduce([value for value in values if value is not None])).all()


def test_order_and_place_of_shingles_do_not_matter() -> None:
    repeated = text_of(1, 40)
    assert signature_of(repeated * 2).digest != signature_of(repeated * 3).digest
    first, second = signature_of(repeated * 2).minhash, signature_of(repeated * 3).minhash
    assert first is not None
    assert second is not None
    assert shingles(repeated * 2) == shingles(repeated * 3)
    assert (first == second).all()


def all_pairs(texts: list[str]) -> list[str]:
    """The same rule without MinHash: in order, the most similar earlier original at or above the
    threshold."""
    sets = [shingles(compared_characters(text)) for text in texts]
    originals: list[int] = []
    found = []
    for i, own in enumerate(sets):
        similar = [(len(own & sets[j]) / len(own | sets[j]), -j) for j in originals if own | sets[j]]
        best = max(similar, default=(0.0, 0))
        found.append(f"d{-best[1]}" if best[0] >= LEAST_SIMILARITY else "")
        if not found[-1]:
            originals.append(i)
    return found


def test_no_pair_is_missed() -> None:
    texts = [
        edited(text_of(seed), edits, edits) for seed in range(12) for edits in (0, 4, 8, 11, 14, 18, 25, 40)
    ]
    random.Random(5).shuffle(texts)
    expected = all_pairs(texts)
    assert 20 < sum(map(bool, expected)) < len(texts)
    assert marked(texts) == expected


@pytest.mark.skipif(not (SHARED / "articles").is_dir(), reason="../shared/articles is not there")
def test_two_articles_on_one_campaign_are_no_duplicates() -> None:
    frame = read_articles(SHARED / "articles")
    assert frame["duplicate_of"].eq("").all()
    sets = [
        shingles(compared_characters(t, b)) for t, b in zip(frame["text"], frame["boilerplate"], strict=True)
    ]
    shares = {
        (i, j): len(sets[i] & sets[j]) / min(len(sets[i]), len(sets[j])) for i, j in combinations(range(5), 2)
    }
    assert max(shares, key=shares.__getitem__) == (0, 1)
    assert 0.2 < shares[0, 1] < 0.5


@pytest.mark.skipif(not (SHARED / "corpora").is_dir(), reason="../shared/corpora is not there")
def test_news_stories_against_all_pairs_of_a_slice() -> None:
    stories = iter_articles(SHARED / "corpora/news_2012_2026_sample.jsonl.gz")
    texts = [story.text for _, story in zip(range(200), stories, strict=False)]  # type: ignore[union-attr]
    texts += [edited(text, len(text) // 60) for text in texts[::20]]
    assert marked(texts) == all_pairs(texts)
