"""Which quantities are no metrics: each rule by its name, in the order in which they are asked.

- ordinal 第三小学, but not a place in a ranking (第三名) or the nth time of an honour (第三次获评)
- code 12号楼, 〔2024〕5号, G60; hotline 110; quoted “三零”; in_a_word 三轮车
- age 60岁; specification 3米高的围墙; duration 历时一个月, but not 平均用时3天
- bare_number 2024, 5, but not 达300, 5000余; enumeration 三个方面, 一名群众, but not 召开三次会议
- person_story 张某被骗3万元
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..numerals import Quantity
from .clauses import clause_around, clause_before
from .passage import Sentence, Token, ends_a_word
from .tables import WEAK, indicators, listed, says, words_of
from .wording import RATIO_UNITS

_BEFORE_A_CODE = re.compile(r"(?:[A-Za-z#+×/·]|〔[^〕]*|\[[^\]]*)$")
_AFTER_A_CODE = re.compile("[A-Za-z+×/·]")
_SMALL = re.compile("[一二两三四五六七八九十]")
_DIGIT = re.compile(r"\d")
_FEW, _MANY = 10, 100
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONE_MAGNITUDE = re.compile("[百千万亿](?![分余多几来一二三四五六七八九])|半(?!数)")
_GREAT_MAGNITUDES = tuple("万亿")
_AROUND = 12
"""Characters before and behind a quantity that are near it."""
Rule = Callable[[str, Sentence, Quantity], bool]


def why_not_a_metric(text: str, sentence: Sentence, quantity: Quantity) -> str:
    """Return the name of the rule by which `quantity` measures nothing, or an empty string where it measures something.

    `text` is the paragraph, the text of a `PlainText`, of which `sentence` is one sentence.

    >>> from pingan_analysis.extraction.passage import read_passage
    >>> text = "拨打110报警,发放手册300册。"
    >>> sentence, = read_passage(text, None).sentences
    >>> [(quantity.text, why_not_a_metric(text, sentence, quantity)) for quantity in sentence.quantities]
    [('110', 'hotline'), ('300册', '')]
    """
    return next((name for name, holds in _RULES.items() if holds(text, sentence, quantity)), "")


def is_ruled_out(text: str, quantity: Quantity) -> bool:
    """Whether `quantity` measures nothing whatever its sentence is: it, or what stands beside it, is enough to tell.

    It holds only where `why_not_a_metric` gives a reason in every sentence; most quantities of news are such, and
    need no words or periods of their sentence.

    >>> from pingan_analysis.numerals import quantities_in
    >>> text = "拨打110报警,发放手册300册。"
    >>> [is_ruled_out(text, quantity) for quantity in quantities_in(text)]
    [True, False]
    """
    return (
        _is_code(text, quantity) or _is_hotline(text, quantity) or _is_quoted(text, quantity)
        or _is_age(quantity) or _is_lone_number(quantity) or _is_lone_numeral(quantity)
    )


def _is_ordinal(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    if not quantity.ordinal:
        return False
    clause = clause_around(text, sentence, quantity)
    is_win = quantity.unit in words_of("win_unit") and (says("honour", clause) or says("streak", clause))
    return not (is_win or _is_ranked(sentence, quantity, clause))


def _is_ranked(sentence: Sentence, quantity: Quantity, clause: str) -> bool:
    """第二名; 第二位 and 第二 only in a clause that speaks of a ranking, and not before a noun (第二小学)."""
    if quantity.unit in words_of("certain_rank_unit"):
        return True
    if not says("rank", clause):
        return False
    if quantity.unit:
        return quantity.unit in words_of("rank_unit")
    _, after = _neighbours(sentence, quantity)
    return not (after is not None and after.is_noun)


def _is_code(text: str, quantity: Quantity) -> bool:
    return bool(
        _BEFORE_A_CODE.search(text[max(0, quantity.start - _AROUND):quantity.start])
        or (not quantity.unit and _AFTER_A_CODE.match(text, quantity.end))
        or quantity.unit in words_of("document_unit")
        or (not quantity.unit and _is_followed_by("numbered_noun", text, quantity))
    )


def _is_hotline(text: str, quantity: Quantity) -> bool:
    return not quantity.unit and quantity.text.isdigit() and (
        quantity.text in words_of("hotline") or says("telephone", _around(text, quantity))
    )


def _is_quoted(text: str, quantity: Quantity) -> bool:
    before, after = text[quantity.start - 1:quantity.start], text[quantity.end:quantity.end + 1]
    return before in tuple("“‘「") and after in tuple("”’」") and quantity.unit not in words_of("streak")


def _is_in_a_word(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """二十大, 三轮车: a numeral in characters that is the beginning of a longer word."""
    return not _DIGIT.search(quantity.text) and not ends_a_word(text, quantity.start, quantity.end)


def _is_age(quantity: Quantity) -> bool:
    return quantity.unit in words_of("age")


def _is_specification(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    following = text[quantity.end:quantity.end + 1]
    near_before = text[max(0, quantity.start - _AROUND):quantity.start]
    return (
        quantity.unit in words_of("specification")
        or _is_followed_by("specification", text, quantity)
        or (quantity.unit in words_of("length") and following in words_of("dimension"))
        or (quantity.unit in words_of("physical_unit") and following in words_of("attribute_mark"))
        or (not quantity.unit and says("specification", clause_before(text, sentence, quantity)))
        or says("definition", near_before)
    )


def _is_duration(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """历时一个月, 三年行动, 24小时: a stretch of time is a metric only where it is saved, averaged or unbroken."""
    if text[quantity.start - 1:quantity.start] in words_of("clock") and quantity.unit in words_of("clock_part"):
        return True
    if quantity.unit not in words_of("duration"):
        return False
    is_work = quantity.value >= _MANY and quantity.unit in words_of("working_time")
    if is_work or quantity.text.startswith(listed("norm")):
        return False
    clause = clause_before(text, sentence, quantity)
    return not (says("measured_duration", clause) or says("streak", clause))


def _is_bare_number(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """A number without a unit is a metric only after a copula, with a noun behind it, or with a magnitude or bound."""
    if quantity.unit or quantity.ordinal:
        return False
    if _is_lone_number(quantity):
        return True
    if quantity.bound != "exact" or (quantity.text.endswith(_GREAT_MAGNITUDES) and quantity.text[0].isdigit()):
        return False
    before, after = _neighbours(sentence, quantity)
    return not (
        (before is not None and before.text in words_of("copula"))
        or (after is not None and after.is_noun and quantity.text[-1].isdigit())
    )


def _is_lone_number(quantity: Quantity) -> bool:
    """2024, 5: a number without a unit that is a year, or is small."""
    return not (quantity.unit or quantity.ordinal) and (
        quantity.value < _FEW or _YEAR.fullmatch(quantity.text) is not None
    )


def _is_enumeration(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """两个方面, 三大体系, 一名群众: a small numeral in characters enumerates, or stands for an article."""
    if _is_lone_numeral(quantity):
        return True
    if not _may_enumerate(quantity):
        return False
    _, after = _neighbours(sentence, quantity)
    if after is not None and after.text in words_of("enumerated_noun"):
        return True
    is_named = after is not None and any(entry.strength != WEAK for entry in indicators("noun").find(after.text))
    return not (is_named or _has_verb_before(sentence, quantity))


def _is_lone_numeral(quantity: Quantity) -> bool:
    """百, 一名, 三大: a magnitude alone, or a small numeral in characters that is one or has no unit of counting."""
    if _LONE_MAGNITUDE.match(quantity.text) and quantity.bound == "exact":
        return True
    return _may_enumerate(quantity) and (quantity.value == 1 or quantity.unit not in words_of("counting_unit"))


def _may_enumerate(quantity: Quantity) -> bool:
    """Whether it is a small numeral in characters, and no row of wins, stretch of time or share."""
    if not _SMALL.match(quantity.text) or quantity.value > _FEW or quantity.bound != "exact" or quantity.ordinal:
        return False
    return not (quantity.unit in words_of("streak") or quantity.unit in words_of("duration") or quantity.unit == "%")


def _is_of_one_person(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """Amounts in one person's story: its sentence names a person, or its clause money that is a person's."""
    if quantity.unit in RATIO_UNITS:
        return False
    words = text[sentence.start:sentence.end]
    if says("cumulative", words) or says("all_of_place", words):
        return False
    clause = clause_around(text, sentence, quantity)
    is_private = (
        quantity.unit in words_of("money") and quantity.bound == "exact"
        and says("private_money", clause) and not says("recovered", clause)
    )
    return is_private or says("person_story", words)


def _around(text: str, quantity: Quantity) -> str:
    return text[max(0, quantity.start - _AROUND):quantity.end + _AROUND]


def _has_verb_before(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether a verb stands before the quantity in its clause."""
    for token in reversed(sentence.tokens[:sentence.positions[quantity.start]]):
        if token.text in ",;:" or token.is_verb:
            return token.is_verb
    return False


def _is_followed_by(name: str, text: str, quantity: Quantity) -> bool:
    return text.startswith(listed(name), quantity.end)


def _neighbours(sentence: Sentence, quantity: Quantity) -> tuple[Token | None, Token | None]:
    tokens, i = sentence.tokens, sentence.positions[quantity.start]
    return tokens[i - 1] if i else None, tokens[i + 1] if i + 1 < len(tokens) else None


_RULES: dict[str, Rule] = {
    "ordinal": _is_ordinal,
    "code": lambda text, sentence, quantity: _is_code(text, quantity),
    "hotline": lambda text, sentence, quantity: _is_hotline(text, quantity),
    "quoted": lambda text, sentence, quantity: _is_quoted(text, quantity),
    "in_a_word": _is_in_a_word,
    "age": lambda text, sentence, quantity: _is_age(quantity),
    "specification": _is_specification,
    "duration": _is_duration,
    "bare_number": _is_bare_number,
    "enumeration": _is_enumeration,
    "person_story": _is_of_one_person,
}
