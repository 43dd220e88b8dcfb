"""Days and periods as Japanese writes them, put into English: 2027年3月上旬まで, 2027年度末.

What stands behind them says which day is meant: まで a deadline, 以降 a first day. The English is
that of documents, and is read by the rules for it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from tracker.dates.months import days_in_month
from tracker.dates.periods import parse_period
from tracker.dates.suggestions.eras import NUMBER, number

_SPACES = re.compile(rf"(?<=[年月]) (?={NUMBER}|末|元)|(?<=[0-9元〇一-十]) (?=[年月日])")
_WEEKDAY = re.compile(
    r" ?\((?:[月火水木金土日](?:曜日?)?(?:[・、]祝日?)?|祝)\)|(?<=日)[月火水木金土日]曜日?"
)
_SAYS_NOTHING = re.compile(
    r"西暦 ?(?=[0-9])|(?<=まで|迄に|でに)は$|(?:頃|ごろ|あたり|くらい|ぐらい)(?=まで|迄|以前|以降)"
    r"|(?<=[時分半])(?:必着|締切り?|期限)|(?<=日)(?:付け?|現在|当日|必着|消印有効|(?:を|の)?期限と?(?:する)?)"
    r"|(?<=年)\([0-9]{4}年?\)"
)
#: 2028/3/31まで: with no word for year, month and day where Japanese follows.
_IN_FIGURES = re.compile(
    r"(?<![0-9])(?P<year>[0-9]{4})(?P<mark>[/.-])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})"
    r"(?= ?\(?[^\x00-\x7f])"
)
_AT_LATEST = re.compile(r"遅くと?も ?(?P<rest>.*?)(?:まで|迄)?に?は?")
_TWICE = re.compile(r"(?P<day>[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)\((?P=day)\)")
_CLOCK = (
    r"(?:(?P<half>午前|午後|夜) ?)?(?:(?P<noon>正午)|(?P<hour>[0-9]{1,2})"
    r"(?:時(?P<half_past>半)?(?:(?P<minute>[0-9]{1,2})分)?|:(?P<minutes>[0-9]{2})))"
)
_DAY = (
    rf"(?:(?P<year>[0-9]{{4}})(?:年|년) ?)?(?P<month>{NUMBER})(?:月|월) ?"
    rf"(?P<day>{NUMBER})(?:日|号|일)(?: ?{_CLOCK})?"
)
_MONTH = (
    rf"(?:(?P<year>[0-9]{{4}})年)?(?P<month>{NUMBER})月(?P<part>[上中下初]旬|末日?|初め|はじめ|半ば"
    r"|なかば|中頃|前半|後半|第(?P<week>[1-5])週)?"
)
_YEAR = (
    r"(?P<year>[0-9]{4})年(?P<fiscal>度)?の?(?P<part>末|初頭?め?|はじめ|半ば|なかば|央|中頃|前半|後半|[上下]半?期"
    r"|第?(?P<quarter>[1-4一二三四])四半期|(?P<season>[春夏秋冬])季?|代)?"
)
#: Of which year, it does not say.
_PART = r"(?<!年)(?:第(?P<nth>[1-4一二三四])四半期|(?P<half_year>[上下])半?期)(?!末)"
#: What stands behind, and what it is before a period in English; the longest first.
_BEHIND = {
    "no later than ": "までに まで 迄に 迄 以前に 以前 以内に 以内 内に 内 いっぱい 限り 中に"
    " のうちに うちに 期限 締切 締切り 締め切り 〆切 必着 を期限とする を限度とする",
    "before ": "より前に より前 の前日までに の前日まで の前日 の前に の前 之前"
    " 前までに 前まで 前に 前",
    "from ": "以降 以後 から より 以来",
    "in ": "中 吉日 頃に 頃 ごろに ごろ あたり",
    "after ": "の翌日から の翌日以降 より後 の後",
    "": "に の 。",
}
_ENGLISH = {word: english for english, words in _BEHIND.items() for word in words.split()} | {
    "": ""
}
_PARTICLES = "|".join(sorted(map(re.escape, _ENGLISH), key=len, reverse=True))
#: から is a first day, and where a count follows what it is counted from.
_NO_COUNT = (
    rf"(?! ?(?:起算して)? ?{NUMBER} ?(?:日|営業日|週|月|年|か月|ヶ月|カ月|ヵ月|箇月|時間)"
    r"(?!前半|[0-9]))"
)
_SHAPES = tuple(
    re.compile(rf"(?<![0-9]){shape}(?P<behind>{_PARTICLES}){_NO_COUNT}")
    for shape in (_DAY, _MONTH, _YEAR, _PART)
)
_COUNT_FOLLOWS = re.compile(rf"(?:から|より|の|後) ?(?:起算して)? ?{NUMBER}")
_RANGE = re.compile(
    r"(?P<first>[0-9]{4}年[^~から]{0,12}?)(?:から|~|\u301c|より|\u2014|-)(?P<last>(?:[0-9]{4}年)?[^~]{2,12}?)(?:まで)?(?:の間)?"
)
_SEASONS = {"春": "spring", "夏": "summer", "秋": "autumn", "冬": "winter"}
_EARLY = {"初": "early", "は": "early", "半": "mid", "な": "mid", "央": "mid", "中": "mid"}


def plain_japanese(text: str) -> str:
    """The text without the spaces, weekdays and second years that documents have beside days.

    >>> plain_japanese("2027年 3月31日(水)必着")
    '2027年3月31日'
    """
    text = _WEEKDAY.sub("", _SPACES.sub("", text))
    text = _IN_FIGURES.sub(r"\g<year>年\g<month>月\g<day>日", text)
    if match := _AT_LATEST.fullmatch(text):
        text = f"{match['rest']}まで"
    return _TWICE.sub(r"\g<day>", _SAYS_NOTHING.sub("", text))


def periods_in_english(text: str) -> str:
    """The text with its days and periods in English.

    >>> periods_in_english("2027年3月上旬まで"), periods_in_english("2027年度")
    ('no later than between 2027-03-01 and 2027-03-10', 'between 2027-04-01 and 2028-03-31')
    """
    if match := _RANGE.fullmatch(text):
        year = match["first"][:5]
        last = match["last"] if re.match("[0-9]{4}年", match["last"]) else year + match["last"]
        first, last = (_bound(part) for part in (match["first"], last))
        if first and last:
            return f"between {first} and {last}"
    for shape in _SHAPES:
        text = shape.sub(_in_english, text)
    return text


def _bound(text: str) -> str | None:
    line = periods_in_english(text)
    return line if re.fullmatch("[0-9-]{4,10}", line) else None


def _in_english(match: re.Match[str]) -> str:
    parts = match.groupdict()
    if parts.get("day"):
        period = _of_day(parts)
    elif parts.get("month"):
        period = _of_month(parts)
    else:
        period = _of_year(parts) if "fiscal" in parts else _of_no_year(parts)
    if not period:  # the 13th month
        return match[0]
    word = _ENGLISH[match["behind"]]
    if period.startswith("through ") and _COUNT_FOLLOWS.match(match.string, match.end()):
        return str(parse_period(period[8:]).last)
    if period.startswith("through "):
        return period if word in ("", "no later than ") else f"{word}the end of {period[8:]}"
    if word == "in " and period.startswith("between"):
        word = ""
    is_day = re.match("[0-9]{4}-[0-9]{2}-[0-9]{2}", period) is not None
    if is_day and word in ("no later than ", "in "):
        word = ""
    elif is_day and word == "from ":
        word = "not before "
    return f"{word}{period}"


def _of_day(parts: dict[str, str | None]) -> str:
    month, day = number(parts["month"] or ""), number(parts["day"] or "")
    clock = f" {_clock(parts)}" if parts["hour"] or parts["noon"] else ""
    if parts["year"] is None:
        return f"{_MONTHS[month - 1]} {day}{clock}" if 1 <= month <= 12 else ""
    return f"{parts['year']}-{month:02}-{day:02}{clock}"


def _clock(parts: dict[str, str | None]) -> str:
    if parts["noon"]:
        return "12:00"
    hour = int(parts["hour"] or 0) + (12 if parts["half"] in ("午後", "夜") else 0)
    minute = 30 if parts["half_past"] else int(parts["minute"] or parts["minutes"] or 0)
    return f"{hour:02}:{minute:02}"


_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def _of_month(parts: dict[str, str | None]) -> str:
    """The thirds of a month have names in Japan, and their days: 上旬 is the 1st to the 10th."""
    month, part = number(parts["month"] or ""), parts["part"] or ""
    if not 1 <= month <= 12:
        return f"{parts['year']}-{month:02}" if parts["year"] else ""
    if parts["year"] is None:
        edge = {"末": "the end of ", "上": "early ", "初": "early ", "中": "mid-", "下": "late "}
        return f"{edge.get(part[:1], '')}{_MONTHS[month - 1]}"
    year, last = int(parts["year"]), days_in_month(int(parts["year"]), month)
    name = f"{year:04}-{month:02}"
    if part.startswith("末"):
        return f"through {name}"
    if week := parts["week"]:
        return f"week {week} of {name}"
    days = {
        "上": (1, 10), "初": (1, 10), "中": (11, 20), "下": (21, last), "前": (1, 15),
        "後": (16, last), "半": (11, 20), "な": (11, 20), "は": (1, 10),
    }.get(part[:1])  # fmt: skip
    return f"between {name}-{days[0]:02} and {name}-{days[1]:02}" if days else name


def _of_year(parts: dict[str, str | None]) -> str:
    year, part = int(parts["year"] or 0), parts["part"] or ""
    quarter = number(parts["quarter"] or "") if parts.get("quarter") else 0
    half = {"前": 1, "上": 1, "後": 2, "下": 2}.get(part[:1], 0)
    if parts["fiscal"]:
        return _of_fiscal_year(year, part, quarter, half)
    if part == "代":
        return f"the {year:04}s"
    if season := parts["season"]:
        return f"{_SEASONS[season]} {year:04}"
    if quarter or half:
        return f"{year:04}-Q{quarter}" if quarter else f"{year:04}-H{half}"
    if part == "末":
        return f"through {year:04}"
    return f"{_EARLY[part[0]]} {year:04}" if part else f"{year:04}"


def _of_no_year(parts: dict[str, str | None]) -> str:
    if nth := parts["nth"]:
        return f"Q{number(nth)}"
    return "H1" if parts["half_year"] == "上" else "H2"


def _of_fiscal_year(year: int, part: str, quarter: int, half: int) -> str:
    """A fiscal year of Japan is from April to March, and named after its beginning."""
    if not 0 < year < 9999:
        return f"{year:04}"
    if part == "末":
        return f"{date(year + 1, 4, 1) - timedelta(days=1)}"
    month, length = 4, 12
    if quarter or half:
        length = 3 if quarter else 6
        month = 4 + length * ((quarter or half) - 1)
    first, following = (
        date(year + (at - 1) // 12, (at - 1) % 12 + 1, 1) for at in (month, month + length)
    )
    return f"between {first} and {following - timedelta(days=1)}"
