"""Every number of a text with its exact span, value, bound and measure word, in both scripts.

Numbers are Arabic (1,100; 3.3; full-width), Chinese (三百二十, 兩萬, 壹仟), mixed (4.78万亿), fractions and shares
(三分之二, 百分之五, 三成, 12%), vague (几十, 数百, 上百, 十几) and ranges (3至5人). Marks of approximation before,
inside and after a number, 第 and 前, and its measure word belong to its span; verbs before it and the noun after it
don't.

Words in which a numeral counts nothing (统一, 一些, 百姓, 千方百计) are in the table "lexical_numerals". A single
Chinese numeral counts only with a measure word, a mark or 第: 三屏两报 holds no number, 三级 does. Chinese numerals
run together without magnitudes are read digit by digit (二〇一八 is 2018, 一二三四五 12345). Without a magnitude 几
counts only after 好 (好几个), and 数 not at all; 若干 and 多次 are no numbers. Figures glued to Latin letters (G20,
5G) are none, nor are strings such as 1.2.3 or 2024-09-02.
"""

from __future__ import annotations

from typing import NamedTuple

from .plain import plain_text
from .quantities.ranges import ABOUT, join_ranges, share_units_in_lists
from .quantities.reading import EXACT, MORE_THAN, Reading, readings

NEARLY, LESS_THAN = "nearly", "less_than"
BOUNDS = (EXACT, MORE_THAN, ABOUT, NEARLY, LESS_THAN)
_OPEN_ABOVE, _OPEN_BELOW = (MORE_THAN, ABOUT), (NEARLY, LESS_THAN, ABOUT)


class Quantity(NamedTuple):
    """A number in a text: `text` is what stands from `start` to `end` (exclusive), marks and measure word included.

    `value` in `unit`, with 万 and 亿 multiplied out; shares (%, ‰, 成, fractions) as a part of 1; of a range the mean,
    of a vague number (几十) the low end. `low` and `high` are the ends that the wording allows, None where it leaves
    one open; `bound` is exact, more_than, about, nearly or less_than. `unit` is the measure word in simplified script,
    or empty. `ordinal`: it gives a place in an order (第二名).
    """

    start: int
    end: int
    text: str
    value: float
    low: float | None
    high: float | None
    bound: str
    unit: str
    ordinal: bool


def find_quantities(text: str) -> list[Quantity]:
    """Return every number of `text`, in order and without overlap, with or without a unit.

    Offsets and `.text` are those of `text` itself, whatever its script, and with pinyin injected after characters too.

    >>> [(q.text, q.value, q.bound, q.unit) for q in find_quantities("投入150余萬元，接訪78批次")]
    [('150余萬元', 1500000.0, 'more_than', '元'), ('78批次', 78.0, 'exact', '批次')]
    """
    plain = plain_text(text)
    found = quantities_in(plain.text)
    if plain.text == text:
        return found
    spans = [plain.span(quantity.start, quantity.end) for quantity in found]
    return [
        quantity._replace(start=start, end=end, text=text[start:end])
        for quantity, (start, end) in zip(found, spans, strict=True)
    ]


def quantities_in(plain: str) -> list[Quantity]:
    """Return the quantities of `plain`, which is the `text` of a `PlainText`; offsets are those of `plain`.

    >>> quantities_in("发放15000余份")[0].unit
    '份'
    """
    found = share_units_in_lists(plain, join_ranges(plain, readings(plain)))
    return [_quantity(plain, reading) for reading in found if not reading.weak]


def _quantity(plain: str, found: Reading) -> Quantity:
    number, factor, bound = found.number, found.factor, found.bound
    value = float(number.value * factor)
    if number.low != number.high:
        low: float | None = float(number.low * factor)
        high: float | None = float(number.high * factor)
        bound = ABOUT if bound == EXACT else bound
    else:
        low = None if bound in _OPEN_BELOW else value
        high = None if bound in _OPEN_ABOVE else value
    text = plain[found.start : found.end]
    return Quantity(found.start, found.end, text, value, low, high, bound, found.unit, found.ordinal)
