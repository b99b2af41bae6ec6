"""Which quantities are no metrics: each rule by its name, in the order in which they are asked."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..numerals import Quantity
from .clauses import clause_around, clause_before
from .passage import Sentence, Token, ends_a_word
from .tables import WEAK, indicators, signal_pattern, signals
from .wording import RATIO_UNITS

_BEFORE_A_CODE = re.compile(r"(?:[A-Za-z#+×/·]|〔[^〕]*|\[[^\]]*)$")
_AFTER_A_CODE = re.compile("[A-Za-z+×/·]")
_SMALL = re.compile("[一二两三四五六七八九十]")
_DIGIT = re.compile(r"\d")
_FEW = 10
_RANK_UNITS, _WIN_UNITS = frozenset(["名", "位", "强", ""]), frozenset("次年")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONE_MAGNITUDE = re.compile("[百千万亿](?![分余多几来一二三四五六七八九])|半(?!数)")
_MANY, _WORKING_TIME = 100, frozenset({"小时", "课时", "学时"})
_AROUND = 12
Rule = Callable[[str, Sentence, Quantity], bool]


def why_not_a_metric(text: str, sentence: Sentence, quantity: Quantity) -> str:
    """Return the name of the rule by which `quantity` measures nothing, or an empty string where it does."""
    return next((name for name, holds in _RULES.items() if holds(text, sentence, quantity)), "")


def _is_ordinal(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    if not quantity.ordinal:
        return False
    clause = clause_around(text, sentence, quantity)
    _, after = _neighbours(sentence, quantity)
    names_something = not quantity.unit and after is not None and after.is_noun
    is_rank = quantity.unit == "名" or (
        quantity.unit in _RANK_UNITS and not names_something and signal_pattern("rank").is_in(clause)
    )
    is_win = quantity.unit in _WIN_UNITS and any(signal_pattern(name).is_in(clause) for name in ("honour", "streak"))
    return not (is_rank or is_win)


def _is_code(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    return bool(
        _BEFORE_A_CODE.search(text[max(0, quantity.start - _AROUND):quantity.start])
        or (not quantity.unit and _AFTER_A_CODE.match(text, quantity.end))
        or quantity.unit in signals("document_unit")
        or (not quantity.unit and any(text.startswith(word, quantity.end) for word in signals("numbered_noun")))
    )


def _is_hotline(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    return not quantity.unit and quantity.text.isdigit() and (
        quantity.text in signals("hotline") or signal_pattern("telephone").is_in(_around(text, quantity))
    )


def _is_quoted(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    before, after = text[quantity.start - 1:quantity.start], text[quantity.end:quantity.end + 1]
    return before in tuple("“‘「") and after in tuple("”’」") and quantity.unit not in signals("streak")


def _is_in_a_word(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """二十大, 三轮车: a numeral in characters that is the beginning of a longer word."""
    return not _DIGIT.search(quantity.text) and not ends_a_word(text, quantity.start, quantity.end)


def _is_age(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    return quantity.unit in signals("age")


def _is_specification(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    following = text[quantity.end:quantity.end + 1]
    return (
        quantity.unit in signals("specification")
        or any(text.startswith(word, quantity.end) for word in signals("specification"))
        or (quantity.unit in signals("length") and following in signals("dimension"))
        or (quantity.unit in signals("physical_unit") and following in signals("attribute_mark"))
        or (not quantity.unit and signal_pattern("specification").is_in(clause_before(text, sentence, quantity)))
        or signal_pattern("definition").is_in(text[max(0, quantity.start - _AROUND):quantity.start])
    )


def _is_duration(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """历时一个月, 三年行动, 24小时: a stretch of time is a metric only where it is saved, averaged or unbroken."""
    if text[quantity.start - 1:quantity.start] in tuple("时点") and quantity.unit in ("分", "秒"):
        return True
    if quantity.unit not in signals("duration"):
        return False
    if (quantity.value >= _MANY and quantity.unit in _WORKING_TIME) or quantity.text.startswith(tuple(signals("norm"))):
        return False
    clause = clause_before(text, sentence, quantity)
    return not (signal_pattern("measured_duration").is_in(clause) or signal_pattern("streak").is_in(clause))


def _is_bare_number(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """A number without a unit is a metric only after a copula, with a noun behind it, or with a magnitude or bound."""
    if quantity.unit or quantity.ordinal:
        return False
    if quantity.value < _FEW or _YEAR.fullmatch(quantity.text):
        return True
    before, after = _neighbours(sentence, quantity)
    return not (
        (before is not None and before.text in signals("copula"))
        or (after is not None and after.is_noun and quantity.text[-1].isdigit())
        or (quantity.text[-1] in "万亿" and quantity.text[0].isdigit())
        or quantity.bound != "exact"
    )


def _is_enumeration(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """两个方面, 三大体系, 一名群众: a small numeral in characters enumerates, or stands for an article."""
    if _LONE_MAGNITUDE.match(quantity.text) and quantity.bound == "exact":
        return True
    if not _SMALL.match(quantity.text) or quantity.value > _FEW or quantity.bound != "exact" or quantity.ordinal:
        return False
    if quantity.unit in signals("streak") or quantity.unit in signals("duration") or quantity.unit == "%":
        return False
    if quantity.value == 1 or quantity.unit not in signals("counting_unit"):
        return True
    _, after = _neighbours(sentence, quantity)
    if after is not None and after.text in signals("enumerated_noun"):
        return True
    is_named = after is not None and any(entry.strength != WEAK for entry in indicators("noun").find(after.text))
    return not (is_named or _has_verb_before(sentence, quantity))


def _is_of_one_person(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """Amounts in one person's story: its sentence names a person, or its clause money that is a person's."""
    if quantity.unit in RATIO_UNITS:
        return False
    words = text[sentence.start:sentence.end]
    if any(signal_pattern(name).is_in(words) for name in ("cumulative", "all_of_place")):
        return False
    clause = clause_around(text, sentence, quantity)
    is_private = (
        quantity.unit in signals("money") and quantity.bound == "exact"
        and signal_pattern("private_money").is_in(clause) and not signal_pattern("recovered").is_in(clause)
    )
    return is_private or signal_pattern("person_story").is_in(words)


def _around(text: str, quantity: Quantity) -> str:
    return text[max(0, quantity.start - _AROUND):quantity.end + _AROUND]


def _has_verb_before(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether a verb stands before the quantity in its clause."""
    for token in reversed(sentence.tokens[:sentence.positions[quantity.start]]):
        if token.text in ",;:" or token.is_verb:
            return token.is_verb
    return False


def _neighbours(sentence: Sentence, quantity: Quantity) -> tuple[Token | None, Token | None]:
    tokens, i = sentence.tokens, sentence.positions[quantity.start]
    return tokens[i - 1] if i else None, tokens[i + 1] if i + 1 < len(tokens) else None


_RULES: dict[str, Rule] = {
    "ordinal": _is_ordinal,
    "code": _is_code,
    "hotline": _is_hotline,
    "quoted": _is_quoted,
    "in_a_word": _is_in_a_word,
    "age": _is_age,
    "specification": _is_specification,
    "duration": _is_duration,
    "bare_number": _is_bare_number,
    "enumeration": _is_enumeration,
    "person_story": _is_of_one_person,
}
