"""From what `repeats` says to a recurrence.

`1 month, 12 in all`, `1 year after done`, `as it happens`, `FREQ=MONTHLY;BYDAY=1MO`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import product
from typing import NoReturn, get_args

from tracker.dates.diagnostics import Diagnostic, LineError, Suggestion
from tracker.dates.expressions import Duration
from tracker.dates.parser import parse_duration
from tracker.dates.recurrence import (
    MOST_COUNTED,
    AfterDone,
    AsItHappens,
    Every,
    Frequency,
    Recurrence,
    Rule,
)
from tracker.dates.suggestions.lookalikes import refuse_look_alikes
from tracker.dates.tokens import collapse_spaces

_WEEKDAYS = {name: at for at, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
MOST_IN_ALL = 10_000
_TOO_FAST = ("SECONDLY", "MINUTELY", "HOURLY")
_IN_ALL = re.compile(r"(?P<number>[0-9]{1,5}) in all")
AS_IT_HAPPENS = "as it happens"
_AFTER_DONE = "after done"
#: What people write for either of them.
_HAPPENING = re.compile(
    r"as (?:it|they) (?:happens?|occurs?|arises?|comes?)\b.*|as (?:needed|required|and when)\b.*"
    r"|when(?:ever)?(?: (?:it|they) .+)?|(?:each|every|any) (?:time|number of times).*|any ?time"
    r"|ad[- ]hoc|on (?:demand|request)|from time to time|irregular(?:ly)?|occasional(?:ly)?"
)
_COUNTED_ON = re.compile(
    r"(?P<length>.*?)(?:^|\s+)(?P<way>after|from|since)\s+(?P<what>.+?)\s*", re.DOTALL
)
_DONE = re.compile(
    r"(?:(?:it|this) (?:is|was) |being |the |its )?"
    r"(?:last|previous|prior|done|complet|perform|finish|one before).*"
)
_ANY_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(T[0-9]{6}Z?)?")
_WEEKDAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
#: Parts that hold numbers: the field of a Rule, the largest number and the smallest.
_NUMBERS = {
    "BYMONTH": ("months", 12, 1),
    "BYWEEKNO": ("weeks", 53, -53),
    "BYYEARDAY": ("year_days", 366, -366),
    "BYMONTHDAY": ("month_days", 31, -31),
    "BYSETPOS": ("positions", 366, -366),
}


@lru_cache(maxsize=1024)
def parse_recurrence(text: str) -> Recurrence:
    """What `repeats` says: a length and how often in all, a rule of RFC 5545, `as it happens`.

    >>> parse_recurrence("1 month, 12 in all").count
    12
    >>> parse_recurrence("1 year after done").named_by, parse_recurrence("as it happens").named_by
    ('number', 'name')

    Raises LineError, whose diagnostic says where, why and what to write instead.
    """
    refuse_look_alikes(text)
    if "=" in text or text.strip().upper().startswith("RRULE"):
        return parse_rule(text)
    words = collapse_spaces(text)
    if words == AS_IT_HAPPENS:
        return AsItHappens(words)
    if _HAPPENING.fullmatch(words.partition(",")[0].lower().strip()):
        _refuse("repeats-happening", (0, len(text)), AS_IT_HAPPENS)
    return _by_length(text)


def parse_rule(text: str) -> Rule:
    """A rule of RFC 5545."""
    return _Parts(text).rule()


def _refuse(case: str, span: tuple[int, int], *suggestions: str, **values: str) -> NoReturn:
    written = tuple(Suggestion(suggestion) for suggestion in suggestions if suggestion)
    raise LineError(Diagnostic(case, span, tuple(values.items()), written))


def _by_length(text: str) -> Every | AfterDone:
    length, comma, rest = text.partition(",")
    count_words = f",{rest}" if comma else ""
    counted_on = _COUNTED_ON.fullmatch(length)
    after_done = False
    if counted_on is not None:
        length = counted_on["length"]
        after_done = counted_on["way"] == "after" and counted_on["what"] == "done"
    means_done = counted_on is not None and _means_done(counted_on)
    behind = f"{f' {_AFTER_DONE}' if after_done or means_done else ''}{count_words}"
    if not length.lstrip(" \t\n")[:1].isdigit():
        _refuse_words(length, behind)
    if counted_on is not None and not after_done:
        _refuse_other_start(counted_on, count_words)
    elif counted_on is not None and not length:
        _refuse("repeats-after", (0, len(text)))
    duration = _duration(length, behind)
    if not duration.is_length:
        _refuse("repeats-unit", (0, len(length.rstrip())))
    if not (duration.months or duration.days):
        _refuse("repeats-nothing", (0, len(length.rstrip())))
    count = _count(text, count_words) if comma else None
    return (AfterDone if after_done else Every)(collapse_spaces(text), duration, count)


def _duration(length: str, behind: str) -> Duration:
    """The length; where it is refused, what is to be written has all that stands behind it."""
    try:
        return parse_duration(length)
    except LineError as refused:
        diagnostic = refused.diagnostic
        whole = tuple(replace(each, write=each.write + behind) for each in diagnostic.suggestions)
        raise LineError(replace(diagnostic, suggestions=whole)) from None


def _means_done(counted_on: re.Match[str]) -> bool:
    """Whether it is counted from when the last one was done, in whatever words."""
    return bool(_DONE.fullmatch(collapse_spaces(counted_on["what"]).lower()))


def _refuse_other_start(counted_on: re.Match[str], behind: str) -> NoReturn:
    """`1 year after completion`, `1 month from 2027-01-01`: only done is counted from."""
    span = counted_on.start("way"), counted_on.end("what")
    length = collapse_spaces(counted_on["length"])
    line = f"{length}{f' {_AFTER_DONE}' if _means_done(counted_on) else ''}{behind}"
    ends = re.search(r"\b(?:until|till|through|ending)\b", counted_on["what"])  # `during` says it
    _refuse("repeats-after", span, line if length and not ends else "")


def _count(text: str, words: str) -> int:
    """How often in all: what stands behind the length, from its comma on."""
    match = _IN_ALL.fullmatch(collapse_spaces(words[1:]))
    if match is None or not 1 <= int(match["number"]) <= MOST_IN_ALL:
        near = _ANY_NUMBER.search(words)
        before = text[: len(text) - len(words)]
        line = f"{collapse_spaces(before)}, {near[0]} in all" if near else ""
        fits = near is not None and int(near[0]) <= MOST_IN_ALL
        _refuse("repeats-count", (len(before), len(text)), line if fits else "")
    return int(match["number"])


def _refuse_words(length: str, behind: str) -> None:
    """Refuses `annually`, `every 3 months`, with the length that they say."""
    from tracker.dates.suggestions.how_often import repeats_of, says_how_often

    word = collapse_spaces(length)
    values = repeats_of(collapse_spaces(f"{length}{behind}"))
    if not values:  # a rule has nothing behind it
        values = tuple((f"{write}{behind}", reason) for write, reason in repeats_of(word))
        values = tuple(value for value in values if not behind or "=" not in value[0])
    if values or says_how_often(word) or word.lower().split(" ")[0] in ("every", "each"):
        offers = tuple(Suggestion(collapse_spaces(write), reason) for write, reason in values)
        raise LineError(Diagnostic("repeats-word", (0, len(length)), (("word", word),), offers))


class _Parts:
    """The parts of a rule while they are read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.values: dict[str, str] = {}
        self.places: dict[str, tuple[int, int]] = {}

    def rule(self) -> Rule:
        self._split()
        frequency = self._frequency()
        rule = Rule(re.sub(r"\s", "", self.text).removeprefix("RRULE:"), frequency)
        for name in self.values:
            rule = self._with(rule, name)
        self._check(rule)
        return rule

    def _split(self) -> None:
        start = len("RRULE:") if self.text.startswith("RRULE:") else 0
        for piece in re.finditer(r"[^;]+", self.text[start:]):
            part = piece[0].strip()
            begin = start + piece.start() + piece[0].index(part) if part else start
            span = (begin, begin + len(part))
            name, _, value = part.partition("=")
            if part != part.upper():
                _refuse("rule-part", span, self.text.upper(), part=part)
            if name in self.values:
                _refuse("rule-twice", span, part=part)
            if not value:
                _refuse("rule-part", span, part=part)
            self.values[name], self.places[name] = value, span

    def refuse(self, name: str, case: str = "rule-part", *suggestions: str) -> NoReturn:
        span = self.places.get(name, (0, len(self.text)))
        _refuse(case, span, *suggestions, part=self.text[slice(*span)])

    def _frequency(self) -> Frequency:
        value = self.values.pop("FREQ", "")
        for frequency in get_args(Frequency):
            if value == frequency:
                return frequency  # type: ignore[no-any-return]  # one of the literals
        if value in _TOO_FAST:
            return self.refuse("FREQ", "rule-frequency", self.text.replace(value, "DAILY"))
        return self.refuse("FREQ")

    def _with(self, rule: Rule, name: str) -> Rule:
        value = self.values[name]
        if name in _NUMBERS:
            field, most, least = _NUMBERS[name]
            numbers = [self._number(name, text, least, most) for text in value.split(",")]
            allowed = tuple(numbers) if name == "BYSETPOS" else frozenset(numbers)
            return replace(rule, **{field: allowed})  # type: ignore[arg-type]  # as its table says
        match name:
            case "INTERVAL":
                return replace(rule, interval=self._number(name, value, 1, 9999))
            case "COUNT":
                return replace(rule, count=self._number(name, value, 1, MOST_COUNTED))
            case "UNTIL":
                return replace(rule, until=self._until(value))
            case "WKST" if value in _WEEKDAYS:
                return replace(rule, week_start=_WEEKDAYS[value])
            case "BYDAY":
                return replace(rule, weekdays=frozenset(map(self._weekday, value.split(","))))
            case _:
                return self.refuse(name)

    def _number(self, name: str, text: str, least: int, most: int) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,5}", text):
            self.refuse(name)
        number = int(text)
        if number == 0 or not least <= number <= most:
            self.refuse(name)
        return number

    def _until(self, value: str) -> date:
        match = _DAY.fullmatch(value)
        try:
            return date(*map(int, match.groups()[:3])) if match else self.refuse("UNTIL")
        except ValueError:  # no day of the calendar
            return self.refuse("UNTIL")

    def _weekday(self, text: str) -> tuple[int, int]:
        match = _WEEKDAY.fullmatch(text)
        if match is None or (match[1] and not 1 <= abs(int(match[1])) <= 53):
            self.refuse("BYDAY")
        return int(match[1] or 0), _WEEKDAYS[match[2]]

    def _check(self, rule: Rule) -> None:
        """What RFC 5545, section 3.3.10, does not let stand side by side."""
        frequency = rule.frequency
        if rule.count is not None and rule.until is not None:
            self.refuse("UNTIL", "rule-twice")
        if rule.weeks and frequency != "YEARLY":
            self.refuse("BYWEEKNO")
        if rule.year_days and frequency != "YEARLY":
            self.refuse("BYYEARDAY")
        if rule.month_days and frequency == "WEEKLY":
            self.refuse("BYMONTHDAY")
        numbered = any(which for which, _ in rule.weekdays)
        if numbered and (frequency not in ("MONTHLY", "YEARLY") or rule.weeks):
            self.refuse("BYDAY")
        chooses = rule.months or rule.weeks or rule.year_days or rule.month_days or rule.weekdays
        if rule.positions and (not chooses or frequency == "DAILY"):
            self.refuse("BYSETPOS")
        if rule.month_days and rule.months and not _days_exist(rule):
            self.refuse("BYMONTHDAY", "rule-never")


def _days_exist(rule: Rule) -> bool:
    """Whether one of the months has, in some year, one of the days."""
    longest = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
    return any(
        abs(day) <= longest.get(month, 31) for month, day in product(rule.months, rule.month_days)
    )
