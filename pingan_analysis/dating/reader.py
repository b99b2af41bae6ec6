"""Reads a text from left to right and returns its time expressions, resolved."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from . import patterns
from .calendar import WHOLE_YEAR, Days, Part, day, days_of, number_of, shifted
from .findings import CLOSING
from .period import Period
from .relative import RelativeReader
from .spec import Spec, spec_of
from .words import observance_dates, observances, offsets

_RANGE_GROUPS = ("first_year", "first_quarter", "first_month", "first_day", "first_bare_day")
_NAMED_CASE = re.compile("专案|案件?|事件|特大|惨案|枪案")
_HOLIDAY_FOLLOWS = re.compile("前夕|前后|前[,完]|以来|佳节|、(?:中秋|国庆|元旦|春节|五一|端午)")


class Reader(RelativeReader):
    """One reading of a text; `read` returns the periods in order of their position."""

    def __init__(self, text: str, published: date | None) -> None:
        super().__init__(text, published)
        self._readers: dict[str, Callable[[re.Match[str]], int]] = {
            "iso": self._iso, "numbered": self._numbered, "decade": self._decade, "plan": self._plan,
            "ago": self._ago, "back": self._back, "coming": self._coming, "day": self._day,
            "day_of_text": self._day_of_text, "week": self._week, "quarter_word": self._quarter, "vague": self._vague,
            "as_of": self._as_of, "since": self._since,
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

    def _date(self, found: re.Match[str]) -> int:
        if self._is_no_date(found):
            return self._end_of_range(found.end())
        spec, end = spec_of(found, self._published, self._context), self._trimmed(found.end())
        if found["festival"] and not (spec.names_year or self._is_festival(found)):
            return found.end()
        spec = self._in_brackets(found, spec)
        start = found.start()
        sign = patterns.range_sign().match(self._text, end)
        last = patterns.date_expression().match(self._text, sign.end()) if sign else None
        if last and last.end() > last.start() and last.start("year_part") != last.start():
            return self._range(found, start, spec, last)
        observance = bool(found["festival"]) and not spec.festival_days
        if any(found.group(*_RANGE_GROUPS)):
            start = self._start_of_range(start)
        return self._bounded(start, end, spec, observance=observance)

    def _in_brackets(self, found: re.Match[str], spec: Spec) -> Spec:
        """Give a date in brackets behind a day (今天(1月17日)) the year of that day."""
        last = self._periods[-1] if self._periods else None
        if last is None or spec.year is not None or not self._text.startswith("(", last.end):
            return spec
        named = last.date_end if last.end + 1 == found.start() and last.basis != "unresolved" else None
        if named is None or (spec.part.last_month, spec.part.last_day) != (named.month, named.day):
            return spec
        return spec._replace(year=named.year, fixed=True)

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
        basis = "relative" if first.relative or (last.relative and first.year is None) else "stated"
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
        if behind:
            end = behind.end()
        if prefix and (prefix["as_of"] or prefix["until"]):
            return self._add_up_to(opens, end, spec, basis, ahead, only_state=bool(prefix["as_of"]))
        if prefix and prefix["since"]:
            return self._add_since(opens, end, spec, ahead)
        if self._text[start:end].endswith("年内") and ahead():
            days = self._resolver.resolve(spec, ahead, deadline=True).days
            return self._add_open(start, end, days and days.last, basis, "deadline")
        resolved = self._resolve_perhaps_soon(spec, ahead, self._may_be_ahead(spec, start, end))
        if observance and resolved.days:
            self._context.note_observance(resolved.days)
        else:
            self._note(resolved, spec)
        return self._add(start, end, resolved.days, basis, "observance" if observance else "within")

    def _iso(self, found: re.Match[str]) -> int:
        year, month = int(found["iso_year"]), int(found["iso_month"] or found["iso_only_month"])
        number = int(found["iso_day"]) if found["iso_day"] else 0
        part = Part(month, number or 32, month, number or 32) if found["iso_day"] else Part(month, 1, month, 0)
        spec = Spec(year=year, part=part, fixed=True, names_year=True)
        return self._bounded(found.start(), found.end(), spec, observance=False)

    def _numbered(self, found: re.Match[str]) -> int:
        """A day that an event is named for by its number: 4·15国家安全日."""
        month, number = int(found["number_month"]), int(found["number_day"])
        named = found[0][-1] in "日节"
        if not day(2000, month, number) or not (named or (month, number) in observance_dates()):
            return found.end()
        spec = Spec(part=Part(month, number, month, number))
        return self._bounded(found.start(), found.end(), spec, observance=True)

    def _decade(self, found: re.Match[str]) -> int:
        tens = number_of(found["tens"])
        century = 2000 if found["century"] in ("本世纪", "21世纪") else 1900
        first, last = days_of(century + tens, WHOLE_YEAR), days_of(century + tens + 9, WHOLE_YEAR)
        return self._add(found.start(), found.end(), Days(first.first, last.last) if first and last else None, "stated",
                         "within")

    def _plan(self, found: re.Match[str]) -> int:
        """The years of a five-year plan: of the economy (十三五), or for the spread of legal knowledge (八五普法).

        Three years lie between the second plan of the economy (to 1962) and the third (from 1966).
        """
        number = number_of(found["plan_number"])
        if number < 10 and not found["plan_during"]:
            return found.end()
        if found["plan_law"]:
            first_year = 1981 + 5 * number
        else:
            first_year = (1951 if number >= 3 else 1948) + 5 * number
        spec = Spec(year=first_year + 4, first_year=first_year, fixed=True)
        if found["plan_last"] or found["plan_first"]:
            spec = Spec(year=first_year + (4 if found["plan_last"] else 0), fixed=True)
        return self._bounded(found.start(), found.end(), spec, observance=False)

    def _start_of_range(self, start: int) -> int:
        prefix = self._prefix(start)
        return start - len(prefix[0]) if prefix and (prefix["since"] or prefix["out_of"]) else start

    def _trimmed(self, end: int) -> int:
        while self._text[end - 1] in " 的“\"「『":
            end -= 1
        return end

    def _is_no_date(self, found: re.Match[str]) -> bool:
        start, end = found.span()
        if found.start("year_part") == start:
            return True
        if end < len(self._text) and self._text[end] in CLOSING and _NAMED_CASE.match(self._text, end + 1):
            return True
        has_year = any(found.start(group) == start for group in ("first_year", "year", "relative_year"))
        if has_year:
            return False
        before = self._text[max(0, start - 4):start]
        return bool(
            (found["month"] and "农历" in before)
            or patterns.recurring().search(before)
            or ((found["bare_day"] or found["months"]) and patterns.not_a_date_after().search(before))
        )

    def _is_festival(self, found: re.Match[str]) -> bool:
        needs = observances()[found["festival"]].needs
        return needs != "suffix" or bool(found["during"] or _HOLIDAY_FOLLOWS.match(self._text, found.end()))
