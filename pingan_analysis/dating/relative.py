"""Expressions that are counted from the publication date or from an event: 昨天, 近三年, 目前, 专项斗争开展以来."""

from __future__ import annotations

import re
from datetime import date, timedelta

from . import patterns
from .calendar import WHOLE_YEAR, Days, Part, days_of, number_of, shifted, week_of
from .findings import Findings
from .words import anchors, offsets

_SINCE = ("以来", "至今")
_MORE_GROUPS = ("back_more", "back_over", "count_more", "count_over")
_EVENT_REACH = 40
_GAP = re.compile(r"[^,;:。!?\n的了]{0,30}")
_HAN = re.compile("[一-\u9fff]")
_UNTIL_NOW = re.compile(r"(?:截至到?|截止到?|截至于|[到至])\Z")
_DAYS = {"天": 1, "日": 1, "周": 7, "个星期": 7}
_MONTHS = {"年": 12, "个月": 1, "个季度": 3}


class RelativeReader(Findings):
    """Adds the periods of words and counts; each method takes a match and returns where the search goes on."""

    def _ago(self, found: re.Match[str]) -> int:
        if patterns.not_a_date_after().search(self._text[max(0, found.start() - 4):found.start()]):
            return found.end()
        unit = found["ago_unit"]
        if "多" in unit:
            return self._add_open(found.start(), found.end(), self._published, "relative", "vague")
        then = self._before(found["ago_number"], unit)
        days = Days(then, then) if then else None
        if then and unit == "年" and found["ago_number"] != "半":
            days = days_of(then.year, WHOLE_YEAR)
        elif then and unit in _MONTHS:
            days = days_of(then.year, Part(then.month, 1, then.month, 0))
        return self._add(found.start(), found.end(), days, "relative", "within")

    def _back(self, found: re.Match[str]) -> int:
        """Years or days counted back from the publication date: 近三年, 五年来."""
        before = self._text[max(0, found.start() - 4):found.start()]
        if patterns.not_a_date_after().search(before) or before[-1:] in tuple("过达时用花经满超费耗有"):
            return found.end()
        unit = (found["back_unit"] or found["count_unit"]).replace("多", "")
        first = self._before(found["back_number"] or found["count"], unit)
        if found["back_since"] or found["count_since"]:
            return self._add_days(found.start(), found.end(), first, self._published, "since", "since")
        if any(found.group(*_MORE_GROUPS)) or "多" in (found["back_unit"] or found["count_unit"]):
            return self._add_open(found.start(), found.end(), self._published, "relative", "vague")
        start = found.start() - (found.start() > self._free and self._text[found.start() - 1] == "这")
        days = Days(first, self._published) if first and self._published else None
        return self._add(start, found.end(), days, "relative", "within")

    def _coming(self, found: re.Match[str]) -> int:
        """Years or days counted on from the publication date: 未来五年."""
        last = self._before(found["coming_number"], found["coming_unit"].replace("多", ""), back=-1)
        days = Days(self._published, last) if self._published and last else None
        return self._add(found.start(), found.end(), days, "relative", "within")

    def _before(self, number: str, unit: str, *, back: int = 1) -> date | None:
        if self._published is None:
            return None
        if "半" in number:
            whole_months = number == "半" and unit == "年"
            return shifted(self._published, months=-6 * back) if whole_months else None
        count = back * number_of(number)
        if unit in _MONTHS:
            return shifted(self._published, months=-count * _MONTHS[unit])
        return shifted(self._published, days=-count * _DAYS[unit])

    def _day(self, found: re.Match[str]) -> int:
        then = shifted(self._published, days=offsets("day")[found[0]]) if self._published else None
        return self._named_days(found, Days(then, then) if then else None)

    def _day_of_text(self, found: re.Match[str]) -> int:
        last = self._context.last_day
        if last is None and found[0] == "第二天":
            return found.end()
        then = shifted(last, days=offsets("day_of_text")[found[0]]) if last else None
        return self._named_days(found, Days(then, then) if then else None)

    def _week(self, found: re.Match[str]) -> int:
        days = week_of(self._published, offsets("week")[found["week_word"]]) if self._published else None
        if days and found["weekday"] == "末":
            days = Days(days.last - timedelta(days=1), days.last)
        elif days and found["weekday"]:
            weekday = days.first + timedelta(days="一二三四五六日天".index(found["weekday"]) % 7)
            days = Days(weekday, weekday)
        elif days and self._published and days.first <= self._published < days.last:
            days = days if self._ahead(found.start(), found.end())() else Days(days.first, self._published)
        return self._named_days(found, days)

    def _quarter(self, found: re.Match[str]) -> int:
        if self._published is None:
            return self._named_days(found, None)
        index = self._published.year * 4 + (self._published.month - 1) // 3 + offsets("quarter")[found[0]]
        year, quarter = divmod(index, 4)
        days = days_of(year, Part(3 * quarter + 1, 1, 3 * quarter + 3, 0))
        if days and days.first <= self._published < days.last and not self._ahead(found.start(), found.end())():
            days = Days(days.first, self._published)
        return self._named_days(found, days)

    def _named_days(self, found: re.Match[str], days: Days | None) -> int:
        start, end = found.span()
        prefix, behind = self._prefix(start), patterns.behind().match(self._text, end)
        opens = start - len(prefix[0]) if prefix else start
        if behind and behind["since"] and days:
            return self._add_days(opens, behind.end(), days.first, self._published, "since", "since")
        if prefix and prefix["as_of"]:
            last = min(days.last, self._published) if days and self._published else None
            return self._add_open(opens, end, last, "as_of", "as_of")
        if behind and behind["deadline"]:
            return self._add_open(start, behind.end(), days and days.last, "relative", "deadline")
        if days:
            self._context.note(days, names_year=False, stated=False)
        return self._add(start, end, days, "relative", "within")

    def _vague(self, found: re.Match[str]) -> int:
        return self._add_open(found.start(), found.end(), self._published, "relative", "vague")

    def _as_of(self, found: re.Match[str]) -> int:
        start, end = found.span()
        prefix = _UNTIL_NOW.search(self._text, max(self._free, start - 3), start)
        if "稿" in found[0] and not prefix:
            return end
        if prefix and len(prefix[0]) == 1 and "稿" not in found[0] and _HAN.match(self._text[prefix.start() - 1:]):
            prefix = None
        end = end + 2 if self._text.startswith("为止", end) else end
        start = prefix.start() if prefix else start
        return self._add_days(start, end, None, self._published, "as_of", "as_of")

    def _since(self, found: re.Match[str]) -> int:
        return self._add_days(found.start(), found.end(), None, self._published, "since", "since")

    def _tail(self, found: re.Match[str]) -> int:
        """以来 (since) that does not stand behind a date: behind an event, dated or not."""
        end = found.end()
        floor = max(self._free, found.start() - _EVENT_REACH)
        named = patterns.anchored().search(self._text[floor:found.start()])
        if named:
            first = next(day_ for index, (_, day_) in enumerate(anchors()) if named[f"event{index}"])
            return self._add_days(floor + named.start(), end, first, self._published, "since", "since")
        if self._extends_last(found):
            return end
        if found[0] == "至今":
            return self._add_days(found.start(), end, None, self._published, "since", "since")
        event = patterns.event().search(self._text[floor:found.start()])
        if event is None or (event[0][-1] in "可难得足所加予用" and not event[0].endswith("建所")):
            return end
        begin = event.start() + (0 if event[0][0] == "自" else max(event[0].rfind(mark) for mark in "的了是为") + 1)
        if floor + begin == found.start():
            return end
        return self._add_days(floor + begin, end, None, self._published, "since", "since")

    def _extends_last(self, found: re.Match[str]) -> bool:
        """Make the date before an event (2018年1月活动开展以来) a period since it."""
        last = self._periods[-1] if self._periods else None
        if last is None or last.role not in {"within", "since"} or last.text.endswith(_SINCE):
            return False
        if not _GAP.fullmatch(self._text, last.end, found.start()):
            return False
        prefix = self._prefix(last.start, floor=self._periods[-2].end if len(self._periods) > 1 else 0)
        start = last.start - len(prefix[0]) if prefix and (prefix["since"] or prefix["out_of"]) else last.start
        self._periods.pop()
        end = self._published if last.date_start is None or not self._to_come(last.date_start) else None
        self._add_days(start, found.end(), last.date_start, end, "since", "since")
        return True
