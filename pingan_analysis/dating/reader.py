"""Reads a text from left to right and returns its time expressions, resolved."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from . import patterns
from .calendar import WHOLE_YEAR, Days, Part, day, days_of, number_of, shifted, week_of
from .context import Context
from .period import Period
from .resolve import Resolved, Resolver
from .spec import Spec, spec_of
from .words import anchors, observance_dates, observances, offsets

_OPENING, _CLOSING = "“\"「『", "”\"」』"
_RANGE_GROUPS = ("first_year", "first_quarter", "first_month", "first_day", "first_bare_day")
_SOON = 60
"""Days ahead within which what begins on a date without a year is taken to be planned."""
_EVENT_REACH = 40
_NAMED_CASE = re.compile("专案|案件?|事件|特大|惨案|枪案")
_HOLIDAY_FOLLOWS = re.compile("前夕|前后|前[,完]|以来|佳节|、(?:中秋|国庆|元旦|春节|五一|端午)")
_GAP = re.compile(r"[^,;:。!?\n的了]{0,30}")
_HAN = re.compile("[一-\u9fff]")
_UNTIL_NOW = re.compile(r"(?:截至到?|截止到?|截至于|[到至])\Z")
_DAYS = {"天": 1, "日": 1, "周": 7, "个星期": 7}
_MONTHS = {"年": 12, "个月": 1, "个季度": 3}


class Reader:
    """One reading of a text; `read` returns the periods in order of their position."""

    def __init__(self, text: str, published: date | None) -> None:
        self._text = text
        self._published = published
        self._context = Context(text)
        self._resolver = Resolver(published, self._context)
        self._periods: list[Period] = []
        self._free = 0
        self._readers: dict[str, Callable[[re.Match[str]], int]] = {
            "iso": self._iso, "numbered": self._numbered, "decade": self._decade, "plan": self._plan,
            "ago": self._ago, "back": self._back, "coming": self._coming, "day": self._day, "day_of_text": self._day_of_text,
            "week": self._week, "vague": self._vague, "as_of": self._as_of, "since": self._since,
            "tail": self._tail, "date": self._date,
        }

    def read(self) -> list[Period]:
        """Return all periods of the text."""
        search, match, text = patterns.prefilter().search, patterns.expression().match, self._text
        position = 0
        while hit := search(text, position):
            found = match(text, hit.start()) if patterns.may_start(text, hit.start()) else None
            position = hit.end()
            if found and found.end() > hit.start() and found.lastgroup:
                self._context.advance(hit.start())
                position = max(position, self._readers[found.lastgroup](found))
                self._free = max(self._free, self._periods[-1].end if self._periods else 0)
        return self._periods

    # What each kind of expression stands for. Each method returns where the search goes on.

    def _date(self, found: re.Match[str]) -> int:
        if self._is_no_date(found):
            return self._end_of_range(found.end())
        spec, end = spec_of(found, self._published, self._context), self._trimmed(found.end())
        if found["festival"] and not self._is_festival(found):
            return found.end()
        start = self._start_with_ordinal(found)
        sign = patterns.range_sign().match(self._text, end)
        last = patterns.date_expression().match(self._text, sign.end()) if sign else None
        if last and last.end() > last.start() and not (last["year_part"] and not last.end("year_part") > last.end("year")):
            return self._range(found, start, spec, last)
        observance = bool(found["festival"]) and not spec.festival_days
        if any(found[group] for group in _RANGE_GROUPS):
            start = self._start_of_range(start)
        return self._bounded(start, end, spec, observance=observance)

    def _end_of_range(self, end: int) -> int:
        sign = patterns.range_sign().match(self._text, end)
        last = patterns.date_expression().match(self._text, sign.end()) if sign else None
        return last.end() if last and last.end() > last.start() else end

    def _range(self, found: re.Match[str], start: int, first: Spec, end: re.Match[str]) -> int:
        last = self._last_of_range(first, end)
        stop = self._trimmed(end.end())
        resolved = self._resolver.resolve_range(first, last, self._ahead(start, stop))
        start = self._start_of_range(start)
        behind = patterns.behind().match(self._text, stop)
        if behind and behind["during"]:
            stop = behind.end()
        basis = "relative" if first.relative or last.relative and first.year is None else "stated"
        self._note(resolved, first)
        return self._add(start, stop, resolved.days, basis, "within")

    def _last_of_range(self, first: Spec, end: re.Match[str]) -> Spec:
        last = spec_of(end, self._published, self._context)
        if end["year_of_text"] and first.year is not None:
            return last._replace(year=first.year + offsets("year_of_text")[end["year_of_text"]], known=True, fixed=True)
        if end["month_of_text"] and not last.known:
            following = offsets("month_of_text")[end["month_of_text"]]
            return first._replace(part=Part(first.part.last_month + following, 1, first.part.last_month + following, 0))
        return last

    def _bounded(self, start: int, end: int, spec: Spec, *, observance: bool) -> int:
        """Add a date with what stands around it: since, by, up to."""
        behind, prefix = patterns.behind().match(self._text, end), self._prefix(start)
        ahead = self._ahead(start, end)
        basis = "relative" if spec.relative else "stated"
        opens = start - len(prefix[0]) if prefix else start
        if behind and behind["since"]:
            begins = behind["since"] in ("起", "开始")
            return self._add_since(
                opens if prefix and not prefix["as_of"] else start, behind.end(), spec, ahead, begins=begins
            )
        if behind and behind["deadline"]:
            days = self._resolver.resolve(spec, ahead, deadline=True).days
            opens = opens if prefix and prefix["until"] else start
            return self._add_open(opens, behind.end(), days and days.last, basis, "deadline")
        if behind and behind["before"]:
            days = self._resolver.resolve(spec, ahead).days
            return self._add_open(start, behind.end(), days and shifted(days.first, days=-1), basis, "within")
        if behind and not observance:
            end = behind.end()
        if prefix and (prefix["as_of"] or prefix["until"]):
            return self._add_up_to(opens, end, spec, basis, ahead, only_state=bool(prefix["as_of"]))
        if prefix and prefix["since"]:
            return self._add_since(opens, end, spec, ahead)
        if self._text[start:end].endswith("年内") and ahead():
            days = self._resolver.resolve(spec, ahead, deadline=True).days
            return self._add_open(start, end, days and days.last, basis, "deadline")
        resolved = self._resolver.resolve(spec, self._ahead_of_festival(start, end) if spec.festival else ahead)
        if observance and resolved.days:
            self._context.note_observance(resolved.days)
        else:
            self._note(resolved, spec)
        return self._add(start, end, resolved.days, basis, "observance" if observance else "within")

    def _iso(self, found: re.Match[str]) -> int:
        year, month = int(found["iso_year"]), int(found["iso_month"] or found["iso_only_month"])
        number = int(found["iso_day"]) if found["iso_day"] else 0
        part = Part(month, number or 32, month, number or 32) if found["iso_day"] else Part(month, 1, month, 0)
        spec = Spec(year=year, part=part, fixed=True, names_year=True, names_part=True)
        return self._bounded(found.start(), found.end(), spec, observance=False)

    def _numbered(self, found: re.Match[str]) -> int:
        """A day that an event is named for by its number: 4·15国家安全日."""
        month, number = int(found["number_month"]), int(found["number_day"])
        named = found[0][-1] in "日节"
        if not day(2000, month, number) or not (named or (month, number) in observance_dates()):
            return found.end()
        spec = Spec(part=Part(month, number, month, number), names_part=True)
        return self._bounded(found.start(), found.end(), spec, observance=True)

    def _decade(self, found: re.Match[str]) -> int:
        tens = number_of(found["tens"])
        century = 2000 if found["century"] and found["century"][0] in "本2二" and "20世" not in found["century"] else 1900
        if found["century"] and found["century"].startswith(("20世", "二十世")):
            century = 1900
        first, last = days_of(century + tens, WHOLE_YEAR), days_of(century + tens + 9, WHOLE_YEAR)
        return self._add(found.start(), found.end(), Days(first.first, last.last) if first and last else None, "stated",
                         "within")

    def _plan(self, found: re.Match[str]) -> int:
        """The years of a five-year plan (十三五), or of a five-year plan for the spread of legal knowledge (八五普法)."""
        number = number_of(found["plan_number"])
        if number < 10 and not found["plan_during"]:
            return found.end()
        if found["plan_law"]:
            first_year = 1981 + 5 * number
        else:
            first_year = 1981 + 5 * (number - 6) if number >= 6 else 1953 + 5 * (number - 1)
        spec = Spec(year=first_year + 4, first_year=first_year, fixed=True)
        return self._bounded(found.start(), found.end(), spec, observance=False)

    def _ago(self, found: re.Match[str]) -> int:
        if patterns.not_a_date_after().search(self._text[max(0, found.start() - 4):found.start()]):
            return found.end()
        then = self._before(found["ago_number"], found["ago_unit"])
        days = Days(then, then) if then else None
        if then and found["ago_unit"] == "年":
            days = days_of(then.year, WHOLE_YEAR)
        elif then and found["ago_unit"] in _MONTHS:
            days = days_of(then.year, Part(then.month, 1, then.month, 0))
        return self._add(found.start(), found.end(), days, "relative", "within")

    def _back(self, found: re.Match[str]) -> int:
        """Years or days counted back from the publication date: 近三年, 五年来."""
        before = self._text[max(0, found.start() - 4):found.start()]
        if patterns.not_a_date_after().search(before) or before[-1:] in tuple("过达时用花经满超费耗有"):
            return found.end()
        first = self._before(found["back_number"] or found["count"], found["back_unit"] or found["count_unit"])
        if found["back_since"] or found["count_since"]:
            return self._add_days(found.start(), found.end(), first, self._published, "since", "since")
        if any(found[group] for group in ("back_more", "back_over", "count_more", "count_over")):
            return self._add_open(found.start(), found.end(), self._published, "relative", "vague")
        return self._add(found.start(), found.end(), Days(first, self._published) if first and self._published else None,
                         "relative", "within")

    def _coming(self, found: re.Match[str]) -> int:
        """Years or days counted on from the publication date: 未来五年."""
        last = self._before(found["coming_number"], found["coming_unit"], back=-1)
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
        if days and found["weekday"]:
            weekday = days.first + timedelta(days="一二三四五六日天".index(found["weekday"]) % 7)
            days = Days(weekday, weekday)
        elif days and self._published and days.first <= self._published < days.last:
            days = days if self._ahead(found.start(), found.end())() else Days(days.first, self._published)
        return self._named_days(found, days)

    def _named_days(self, found: re.Match[str], days: Days | None) -> int:
        start, end = found.span()
        prefix, behind = self._prefix(start), patterns.behind().match(self._text, end)
        opens = start - len(prefix[0]) if prefix else start
        if behind and behind["since"] and days:
            return self._add_days(opens, behind.end(), days.first, self._published, "since", "since")
        if prefix and prefix["as_of"]:
            return self._add_open(opens, end, days and days.last, "as_of", "as_of")
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
        if event is None or event[0][-1] in "可难得足所加予用":
            return end
        begin = event.start() + (0 if event[0][0] == "自" else max(event[0].rfind(mark) for mark in "的了是为") + 1)
        if floor + begin == found.start():
            return end
        return self._add_days(floor + begin, end, None, self._published, "since", "since")

    def _extends_last(self, found: re.Match[str]) -> bool:
        """Make the date before an event (2018年1月活动开展以来) a period since it."""
        last = self._periods[-1] if self._periods else None
        if last is None or last.role not in {"within", "since"} or not _GAP.fullmatch(self._text, last.end, found.start()):
            return False
        prefix = self._prefix(last.start, floor=self._periods[-2].end if len(self._periods) > 1 else 0)
        start = last.start - len(prefix[0]) if prefix and (prefix["since"] or prefix["out_of"]) else last.start
        self._periods.pop()
        end = self._published if last.date_start is None or not self._to_come(last.date_start) else None
        self._add_days(start, found.end(), last.date_start, end, "since", "since")
        return True

    # What surrounds a date.

    def _ahead(self, start: int, end: int) -> Callable[[], bool]:
        return lambda: self._context.looks_ahead(start, end)

    def _ahead_of_festival(self, start: int, end: int) -> Callable[[], bool]:
        context = self._context
        return lambda: context.looks_ahead(start, end) or bool(patterns.approaching().search(context.clause(start, end)))

    def _ahead_of_start(self, start: int, end: int) -> Callable[[], bool]:
        """What begins (9月1日起) with no word of anything done yet may be to come."""
        context = self._context
        return lambda: context.looks_ahead(start, end) or not patterns.done().search(context.clause(start, end))

    def _prefix(self, start: int, *, floor: int | None = None) -> re.Match[str] | None:
        if not start or self._text[start - 1] not in "至止到于从自“\"「『":
            return None
        floor = self._free if floor is None else floor
        found = patterns.before().search(self._text, max(0, start - 8), start)
        return found if found and found.start() >= floor else None

    def _start_of_range(self, start: int) -> int:
        prefix = self._prefix(start)
        return start - len(prefix[0]) if prefix and (prefix["since"] or prefix["out_of"]) else start

    def _start_with_ordinal(self, found: re.Match[str]) -> int:
        start = found.start()
        ordinal = found.start("quarter") == start or found.start("first_quarter") == start
        return start - 1 if ordinal and start > self._free and self._text[start - 1] == "第" else start

    def _trimmed(self, end: int) -> int:
        return end - 1 if self._text[end - 1] in " 的" else end

    def _is_no_date(self, found: re.Match[str]) -> bool:
        start, end = found.span()
        if found.start("year_part") == start:
            return True
        if end < len(self._text) and self._text[end] in _CLOSING and _NAMED_CASE.match(self._text, end + 1):
            return True
        has_year = any(found.start(group) == start for group in ("first_year", "year", "relative_year"))
        if has_year:
            return False
        before = self._text[max(0, start - 4):start]
        return bool(
            patterns.recurring().search(before)
            or ((found["bare_day"] or found["months"]) and patterns.not_a_date_after().search(before))
        )

    def _is_festival(self, found: re.Match[str]) -> bool:
        needs = observances()[found["festival"]].needs
        return needs != "suffix" or bool(found["during"] or _HOLIDAY_FOLLOWS.match(self._text, found.end()))

    # Periods that are found.

    def _to_come(self, day_: date) -> bool:
        return self._published is not None and day_ > self._published

    def _note(self, resolved: Resolved, spec: Spec) -> None:
        if resolved.days:
            stated = resolved.year_is_stated
            self._context.note(resolved.days, names_year=spec.names_year, stated=stated)

    def _add_since(self, start: int, end: int, spec: Spec, ahead: Callable[[], bool], *, begins: bool = False) -> int:
        resolved = self._resolver.resolve(spec, ahead)
        if begins and self._published and resolved.days and not spec.fixed:
            coming = self._resolver.resolve(spec, self._ahead_of_start(start, end)).days
            soon = shifted(self._published, days=_SOON)
            resolved = Resolved(coming, True) if coming and soon and coming.first <= soon else resolved
        first = resolved.days.first if resolved.days else None
        if resolved.days:
            self._context.note(resolved.days, names_year=False, stated=False)
        last = None if first and self._to_come(first) else self._published
        return self._add_days(start, end, first, last, "since", "since")

    def _add_up_to(
        self, start: int, end: int, spec: Spec, basis: str, ahead: Callable[[], bool], *, only_state: bool
    ) -> int:
        """截至 (as of) or 到 (by) a date: a state at its end, or a deadline where that lies ahead."""
        plan = not only_state and (spec.year is None or not spec.fixed) and ahead()
        days = self._resolver.resolve(spec, ahead, deadline=plan).days
        if days is None:
            return self._add_open(start, end, None, basis, "as_of" if only_state else "deadline")
        if self._to_come(days.first) or plan or not only_state and (self._to_come(days.last) or self._published is None):
            return self._add_open(start, end, days.last, basis, "deadline")
        self._context.note(days, names_year=False, stated=False)
        last = self._published if self._to_come(days.last) else days.last
        return self._add_open(start, end, last, "as_of", "as_of")

    def _add_open(self, start: int, end: int, last: date | None, basis: str, role: str) -> int:
        return self._add_days(start, end, None, last, basis if last else "unresolved", role)

    def _add(self, start: int, end: int, days: Days | None, basis: str, role: str) -> int:
        first, last = days if days else (None, None)
        return self._add_days(start, end, first, last, basis if days else "unresolved", role)

    def _add_days(self, start: int, end: int, first: date | None, last: date | None, basis: str, role: str) -> int:
        start, end = self._quoted(start, end)
        self._periods.append(Period(start, end, self._text[start:end], first, last, basis, role))
        return end

    def _quoted(self, start: int, end: int) -> tuple[int, int]:
        """Take in the quotation mark that opens what the expression closes: “十三五”期间."""
        if not any(mark in self._text[start:end] for mark in _CLOSING):
            return start, end
        if start > self._free and self._text[start - 1] in _OPENING:
            return start - 1, end
        return start, end - (self._text[end - 1] in _CLOSING)
