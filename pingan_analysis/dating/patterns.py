"""The regular expressions of time expressions. They are built when first used and match on `PlainText.text`."""

from __future__ import annotations

import re
from functools import cache

from .words import anchors, observance_pattern, observances, pattern_of, time_words

_CHINESE = "一二三四五六七八九十〇零○两百半"
_NUMBER = "(?:[0-9]{1,2}(?![0-9])|[一二三四五六七八九十]{1,3})"
_SPAN = "(?:[0-9]{1,3}(?![0-9])|[一二三四五六七八九十百两半]{1,5})"
_UNIT = "个季度|个星期|个多?月|年|天|周"
_YEAR = "(?:[12][0-9]{3}(?![0-9])|[一二][〇零○0一二三四五六七八九]{3})"
_TO = " ?(?:至|到|[-—–~～―─]{1,2}) ?"
_DOT = "[.·・•‧∙⋅]"
_CLOSING = "[”\"」』]"
_NOT_DURATION = "(?!之久|的?时间|历史|党龄|工龄|[的]?经验)"
_AGO = r"前(?!往|来|后|夕|列|期|去|进|三|两|二|四|[0-9])"
_DURING = "期间|小长假|长假|黄金周|假期|假日"

_NUMERALS = frozenset("0123456789" + _CHINESE)
_NO_STARTS = frozenset(["future", "approaching", "done", "year_part", "month_part"])
_KIND_GROUPS = ("day_of_text", "day", "vague", "as_of", "since")


@cache
def _starts() -> frozenset[str]:
    """The first two characters of all expressions that begin with a word, or three of those of named days."""
    words = [word[:2] for kind, listed in time_words().items() if kind not in _NO_STARTS for word in listed]
    named = [term[:3] for term in observances()]
    spans = [first + second for first in "近前第" for second in _NUMERALS]
    others = ["以来", "至今", "月初", "月底", "月末", "过去", "最近", "上世", "上个", "本世", "未来", "今后", "接下"]
    return frozenset(start for start in (*words, *named, *spans, *others) if start[0] not in _NUMERALS)


@cache
def prefilter() -> re.Pattern[str]:
    """What every expression begins with, so narrow that little else is looked at more closely (see `may_start`)."""
    first = "".join(sorted({start[0] for start in _starts()}))
    second = "".join(sorted({start[1] for start in _starts()}))
    unit = "[年月日季至到天周—–~]|个(?:多?月|季|星)"
    numbered = f"{_DOT}[0-9]{{1,2}}(?![0-9])(?:[.第一-\u9fff]|{_CLOSING})"
    holiday = "[期时]|以来|普法|[小长]?假|黄金|节|国际|儿童|妇女|青年|建军|前[夕后,完]|佳节|、(?:中|国|元|春|五|端)"
    return re.compile(
        f"[0-9{_CHINESE}{first}](?:"
        rf"(?<=[0-9])(?<![0-9][0-9])(?<![0-9][.,][0-9])[0-9]{{0,3}}+(?![0-9])"
        rf"(?= ?(?:{unit}|号)|[-/][0-9]|世纪|宣|[余多][年个]|{numbered})"
        rf"|(?<=[{_CHINESE}])(?<![{_CHINESE}][{_CHINESE}])[{_CHINESE}]{{0,6}}+(?={unit}|{_CLOSING}|{holiday}|-|世纪|[余多][年个]|末|初|开局|收官|0[〇零○0一二三四五六七八九]{{2}}年)"
        rf"|(?<=[{first}])(?=[{second}]))"
    )


def may_start(text: str, position: int) -> bool:
    """Tell whether the first characters are those of an expression: a numeral, or the beginning of a listed word."""
    starts = _starts()
    return text[position] in _NUMERALS or text[position:position + 2] in starts or text[position:position + 3] in starts


@cache
def expression() -> re.Pattern[str]:
    """One time expression without what stands around it; the last group that closes names its kind."""
    words = "|".join(f"(?P<{kind}>{pattern_of(kind)})" for kind in _KIND_GROUPS)
    return re.compile(
        "(?P<iso>(?P<iso_year>[12][0-9]{3})(?:(?P<iso_sign>[-/.])(?P<iso_month>[0-9]{1,2})(?P=iso_sign)"
        "(?P<iso_day>[0-9]{1,2})(?![0-9]|[-/.][0-9])|[-/](?P<iso_only_month>0[1-9]|1[0-2])(?![0-9/-])))"
        f"|(?P<numbered>(?P<number_month>[0-9]{{1,2}}){_DOT}(?P<number_day>[0-9]{{1,2}})(?![0-9.]){_CLOSING}?"
        "(?:第[0-9一二三四五六七八九十]{1,3}个)?"
        f"(?:(?:国际|世界|全国|中国|国家|全民|联合国)[一-\u9fff]{{1,10}}?[日节]|(?:{observance_pattern()})"
        "|(?![万亿元米公吨个件起人倍亩度分级次案])[一-\u9fff]{2,8}?(?:宣传|教育|纪念|活动|主题)日"
        "|(?=系列|主题|宣传|普法|活动|期间|前夕|晚会)))"
        "|(?P<decade>(?P<century>上个?世纪|20世纪|二十世纪|本世纪|21世纪)?(?P<tens>[0-9]0|[一二三四五六七八九]十)年代)"
        f"|(?P<plan>(?P<plan_number>十[一二三四五六七八]?|[一二三四五六七八九])五{_CLOSING}?(?:(?P<plan_law>普法)(?:规划)?)?"
        "(?:(?P<plan_during>(?:规划|计划)?(?:期间|时期|期内))|(?P<plan_last>期?末|的?收官之年)|(?P<plan_first>初期?|的?开局之年))?)"
        "(?:(?=以来|(?<=期间|时期|期内)|(?<=[”\"」』])(?!规划|计划|纲要|普法|发展|国民|重[大点]))|(?<=末|初|期|年))"
        f"|(?P<ago>(?P<ago_number>{_SPAN})(?P<ago_unit>{_UNIT}){_AGO})"
        f"|(?P<back>(?:(?:最近|过去|(?<![附接将]近)(?<!近)近|(?<![附接将])近)的?(?P<back_number>{_SPAN})(?P<back_more>[余多])?(?P<back_unit>{_UNIT}|日)(?P<back_over>多)?"
        f"(?:(?P<back_since>以来)|间|里|来|内)?|(?P<count>{_SPAN})(?P<count_more>[余多])?(?P<count_unit>{_UNIT})(?P<count_over>多)?(?:(?P<count_since>以来)|来(?!自|到|源|信|访|电|人|往))){_NOT_DURATION})"
        f"|(?P<coming>(?:未来|今后|接下来)的?(?P<coming_number>{_SPAN})(?P<coming_unit>{_UNIT})(?:[里间内]|之内)?)"
        f"|{words}"
        f"|(?P<week>(?P<week_word>{pattern_of('week')})(?P<weekday>[一二三四五六日天末](?![一二三四五六七八九十]))?)"
        f"|(?P<quarter_word>{pattern_of('quarter')})"
        f"|(?P<tail>以来|至今(?![年天日后晚]))"
        f"|(?P<date>{_date()})"
    )


@cache
def date_expression() -> re.Pattern[str]:
    """A date alone, as it stands at the end of a range."""
    return re.compile(_date())


def _date() -> str:
    day_number = "(?:[0-9]{1,2}(?![0-9])|[二三]?十[一二三四五六七八九]?)"
    year = (
        f"(?:(?:(?P<first_year>{_YEAR}) ?年?{_TO})?(?P<year>{_YEAR}) ?年(?!级|历史|文明|来|多|余)(?:度(?!假))?"
        f"|(?P<short_year>[0-9]{{2}})年(?=[0-9]{{1,2}}月)"
        f"|(?P<relative_year>{pattern_of('year')})|(?P<year_of_text>{pattern_of('year_of_text')}))"
    )
    quarter = "(?:(?P<first_quarter>[1-4一二三四])(?:季度)?(?:至|到|-|—)第?)?(?P<quarter>[1-4一二三四])个?季度"
    month = (
        f"(?:(?:(?P<first_month>{_NUMBER})(?:月份?)?{_TO})?(?P<month>{_NUMBER}) ?月份?"
        "(?!龄|大|饼|饷|嫂|革命|怀胎|三(?![日号十]))"
        f"|(?P<relative_month>{pattern_of('month')}|月(?=[初底末](?!次|级|期)))|(?P<month_of_text>{pattern_of('month_of_text')}))"
        f"(?: ?(?:(?P<first_day>{_NUMBER}) ?[日号]?{_TO})?(?P<day_number>{_NUMBER}) ?[日号]"
        f"|(?P<month_part>{pattern_of('month_part')}))?"
    )
    bare_day = (
        f"(?:(?P<first_bare_day>{day_number})日?{_TO})?(?P<bare_day>{day_number})"
        "(?:日(?!内|之内|以|游|均|元|龄|报(?!道)|常(?!驻|务|委)|后|之后|的?时间)"
        "|号(?=[上下]午|凌晨|清晨|早|晚|当天|在|起|表示|宣布|举行|召开|抵达))"
    )
    festival = f"(?P<festival>{observance_pattern()})(?!联欢|晚会|档){_CLOSING}?(?P<during>{_DURING})?"
    return (
        f"(?:{year}[ 的]?[“\"「『]?)?"
        f"(?:第?{quarter}|前(?P<quarters>[二两三23])个?季度|[前头](?P<months>{_NUMBER}|两)个月"
        f"|(?P<part>{pattern_of('part')})|{month}|{festival}|(?P<year_part>{pattern_of('year_part')})|{bare_day})?"
    )


@cache
def range_sign() -> re.Pattern[str]:
    """What stands between the two ends of a range."""
    clock = "(?:[上下]午|凌晨|晚上?)?(?:[0-9]{1,2}(?:时|点|:[0-9]{2})(?:[0-9]{1,2}分)?)?"
    return re.compile(f"{clock}{_TO}")


@cache
def behind() -> re.Pattern[str]:
    """What, directly behind a date, says how it bounds the period."""
    return re.compile(
        "(?P<since>(?:开始|起)?(?:以来(?:至今(?![年天日后晚]))?|至今(?![年天日后晚])|到现在|[至到]目前|[至到]当前)|来(?=[,、])|以后|开始|起(?!诉|来|草|步|义|因|到|码|点|飞|伏|源|重|火|获))"
        "|(?P<before>以前)|(?P<deadline>之前|前(?!往|来|期|后|夕|去|线|沿|进|瞻|列|提|景|苏|总|首|任|[一二三四五六七八九十两几0-9]))"
        "|(?P<during>期间|间(?![断接隔距])|为止|止)"
    )


@cache
def before() -> re.Pattern[str]:
    """What, directly before a date, says how it bounds the period; matched on the few characters before it."""
    return re.compile(
        "(?:(?P<as_of>截至到?|截止到?|截止至|截至于)"
        "|(?P<since>自从|(?<![来各亲独私擅暗出源始])自)|(?P<out_of>(?<![服听遵])从)"
        "|(?P<until>(?:(?<![一-\u9fff])|(?<=力争|争取|计划|预计|确保|目标|规划|以及))(?:到|至)))[“\"「『]?\\Z"
    )


@cache
def future() -> re.Pattern[str]:
    """Wording that speaks of what is to come."""
    return re.compile("|".join(time_words()["future"]))


@cache
def approaching() -> re.Pattern[str]:
    """Wording by which a festival is near."""
    return re.compile("|".join(time_words()["approaching"]))


@cache
def done() -> re.Pattern[str]:
    """Wording by which something has been done."""
    return re.compile("|".join(time_words()["done"]))


@cache
def anchored() -> re.Pattern[str]:
    """A named event at the end of the words before 以来 (since)."""
    names = "|".join(f"(?P<event{index}>{name})" for index, (name, _) in enumerate(anchors()))
    begun = "(?:自从|自)?(?:开展|实施|启动)?"
    return re.compile(f"{begun}(?:党的|(?:全国|中央)(?=扫黑|政法))?(?:{names})[一-\u9fff]{{0,6}}\\Z")


@cache
def event() -> re.Pattern[str]:
    """The clause that names an event before 以来: from 自 (since) on, or the whole of it."""
    return re.compile("(?<![来各亲独私擅暗出源始])自[^,;:。!?、]{2,24}\\Z|[^,;:。!?、“”\"「」\\s]{1,16}\\Z")


@cache
def not_a_date_after() -> re.Pattern[str]:
    """What makes a bare day or a count of years behind it a duration or a recurring date."""
    return re.compile(
        "(?:拘留|拘役|连续|为期|历时|公示期?为?|期限为?|共计?|用时|仅用?|长达|工作|满|不足|超过|短短|每隔?|第|近|约|了|提前|[0-9.·])\\Z"
    )


@cache
def recurring() -> re.Pattern[str]:
    """What makes a date a recurring one."""
    return re.compile("(?:[每历往逐常][年月周天日季]?|每个?(?:季度|月份?))的?\\Z")
