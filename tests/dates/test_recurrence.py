"""What repeats falls on the days that RFC 5545 and the calendar give, and is found at once."""

from __future__ import annotations

import datetime as datetime_module
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from types import SimpleNamespace

import pytest
from dateutil import rrule as oracle_module
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.calls_counted import calls
from tests.rows import rows
from tracker.dates.diagnostics import LineError
from tracker.dates.expressions import Duration, Unit
from tracker.dates.months import add_months
from tracker.dates.recurrence import Every, Rule
from tracker.dates.recurrence_parser import parse_recurrence

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
NUMBERS = st.lists(st.integers(-5, 5).filter(bool), min_size=1, max_size=3, unique=True)
WEEKDAYS = st.lists(
    st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=4, unique=True
)


def by_days(text: str) -> Every | Rule:
    """What repeats by a length or by a rule: its days can be asked for."""
    recurrence = parse_recurrence(text)
    assert isinstance(recurrence, Every | Rule)
    return recurrence


def days(text: str, anchor: date, first: date, last: date) -> list[date]:
    """The occurrences from one day to another."""
    found = []
    for day in by_days(text).after(anchor, first):
        if day > last:
            break
        found.append(day)
    return found


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}"]

    def some(strategy: st.SearchStrategy[list[int]], name: str) -> None:
        if draw(st.booleans()):
            parts.append(f"{name}={','.join(map(str, draw(strategy)))}")

    some(st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True), "BYMONTH")
    ordinals = frequency in ("MONTHLY", "YEARLY") and draw(st.booleans())
    if draw(st.booleans()):
        names = draw(WEEKDAYS)
        numbered = [f"{draw(st.sampled_from([1, 2, 3, -1, -2]))}{name}" for name in names]
        parts.append(f"BYDAY={','.join(numbered if ordinals else names)}")
    if frequency in ("DAILY", "MONTHLY", "YEARLY"):
        some(st.lists(st.integers(-31, 31).filter(bool), min_size=1, max_size=4), "BYMONTHDAY")
    if frequency == "YEARLY" and not ordinals:
        # Counted from the end, or of the last weeks, dateutil loses days in the year beside its own.
        some(st.lists(st.integers(1, 51), min_size=1, max_size=4), "BYWEEKNO")
        some(st.lists(st.integers(-366, 366).filter(bool), min_size=1, max_size=9), "BYYEARDAY")
    # Of the first week dateutil takes only the days from the anchor on, of months and years all.
    if frequency in ("MONTHLY", "YEARLY") and any(part.startswith("BY") for part in parts):
        some(NUMBERS, "BYSETPOS")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(['MO', 'SU', 'WE', 'SA']))}")
    end = draw(st.sampled_from(["", f"COUNT={draw(st.integers(1, 30))}", "UNTIL=20480229"]))
    return ";".join([*parts, *([end] if end else [])])


@pytest.fixture(autouse=True, scope="module")
def dateutil_ends_in_2080() -> Iterator[None]:
    """Left alone it looks for the next day until the year 9999."""
    with pytest.MonkeyPatch.context() as patch:
        bounded = SimpleNamespace(**{**vars(datetime_module), "MAXYEAR": 2080})
        patch.setattr(oracle_module, "datetime", bounded)
        yield


@settings(max_examples=500, deadline=None)
@given(rules(), DAYS, st.integers(0, 4000))
def test_a_rule_has_the_days_that_dateutil_finds(rule: str, anchor: date, gap: int) -> None:
    first, last = anchor + timedelta(days=gap), anchor + timedelta(days=gap + 1500)
    midnight = datetime.combine(anchor, datetime.min.time())
    until = "" if "COUNT" in rule or "UNTIL" in rule else f";UNTIL={last:%Y%m%d}"
    try:
        ours = by_days(rule)
    except LineError:
        assume(False)  # no day matches, which dateutil finds out in seconds
        raise
    oracle = rrulestr(rule + until, dtstart=midnight)

    theirs = []
    for moment in oracle:
        if moment.date() > last:
            break
        theirs.append(moment.date())

    assert days(rule, anchor, first, last) == [day for day in theirs if day >= first]
    before = [day for day in ours.before(anchor, last + timedelta(days=1)) if day >= first]
    assert before[::-1] == [day for day in theirs if day >= first]


@given(
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["day", "week", "month", "year"])),
             min_size=1, max_size=2),
    DAYS, st.integers(0, 3000), st.none() | st.integers(1, 50),
)  # fmt: skip
def test_a_length_is_counted_and_clamped_from_the_first_day(
    parts: list[tuple[int, Unit]], anchor: date, gap: int, count: int | None
) -> None:
    duration = Duration(tuple(parts))
    assume(0 < duration.months + duration.days < 20)
    every, day = Every("", duration, count), anchor + timedelta(days=gap)
    all_of_them = [
        add_months(anchor, duration.months * number) + timedelta(days=duration.days * number)
        for number in range(4000 if count is None else count)
    ]

    ahead, behind = every.after(anchor, day), every.before(anchor, day)

    assert list(islice(ahead, 5)) == [one for one in all_of_them if one >= day][:5]
    assert list(islice(behind, 5)) == [one for one in all_of_them if one < day][::-1][:5]


@rows(
    "rule, anchor, expected",
    [  # RFC 5545, section 3.8.5.3
        ("FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02",
         "1997-09-02 1997-09-12 1997-09-22 1997-10-02 1997-10-12"),
        ("FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997-09-02",
         "1997-09-02 1997-09-04 1997-09-09 1997-09-11 1997-09-16"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997-09-02",
         "1997-09-02 1997-09-04 1997-09-16 1997-09-18 1997-09-30"),
        ("FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997-09-05",
         "1997-09-05 1997-10-03 1997-11-07 1997-12-05 1998-01-02"),
        ("FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "1997-09-07",
         "1997-09-07 1997-09-28 1997-11-02 1997-11-30 1998-01-04"),
        ("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22",
         "1997-09-22 1997-10-20 1997-11-17 1997-12-22 1998-01-19"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28",
         "1997-09-28 1997-10-29 1997-11-28 1997-12-29 1998-01-29"),
        ("FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "1997-09-30",
         "1997-09-30 1997-10-01 1997-10-31 1997-11-01 1997-11-30"),
        ("FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "1997-01-01",
         "1997-01-01 1997-04-10 1997-07-19 2000-01-01 2000-04-09"),
        ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "1997-05-19 1998-05-18 1999-05-17"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", "1997-05-12 1998-05-11 1999-05-17"),
        ("FREQ=YEARLY;BYWEEKNO=52;BYDAY=SA", "1994-01-01", "1994-01-01 1994-12-31 1995-12-30"),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=FR", "2026-01-01", "2027-01-01 2027-12-31 2028-12-29"),
        ("FREQ=YEARLY;BYWEEKNO=-52;BYDAY=MO", "2001-01-01", "2001-01-01 2001-12-31"),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997-03-13",
         "1997-03-13 1997-03-20 1997-03-27 1998-03-05"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1997-09-02",
         "1998-02-13 1998-03-13 1998-11-13 1999-08-13 2000-10-13"),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05",
         "1996-11-05 2000-11-07 2004-11-02"),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04",
         "1997-09-04 1997-10-07 1997-11-06"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29",
         "1997-09-29 1997-10-30 1997-11-27 1997-12-30 1998-01-29"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05",
         "1997-08-05 1997-08-10 1997-08-19 1997-08-24"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05",
         "1997-08-05 1997-08-17 1997-08-19 1997-08-31"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,SA;BYSETPOS=1", "2000-01-01", "2000-01-03 2000-01-10"),
        ("FREQ=MONTHLY", "2027-01-31", "2027-01-31 2027-03-31 2027-05-31 2027-07-31"),
        ("FREQ=YEARLY", "2024-02-29", "2024-02-29 2028-02-29 2032-02-29"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=FR", "2027-01-01", "2036-02-29 2064-02-29"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "1897-01-01", "1904-02-29 1908-02-29"),
    ],
)  # fmt: skip
def test_the_examples_of_the_standard(rule: str, anchor: str, expected: str) -> None:
    first = date.fromisoformat(anchor)
    wanted = [date.fromisoformat(day) for day in expected.split()]

    assert list(islice(by_days(rule).after(first, first), len(wanted))) == wanted


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=3",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=YEARLY;BYWEEKNO=10;BYMONTH=8;BYDAY=MO",
        "FREQ=WEEKLY;INTERVAL=52;BYMONTH=6;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
        "FREQ=YEARLY;BYDAY=53MO;BYMONTH=2",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
        "FREQ=YEARLY;BYSETPOS=366;BYDAY=MO,TU",
        "FREQ=WEEKLY;BYSETPOS=5;BYDAY=MO,TU",
        "FREQ=DAILY",
        "FREQ=DAILY;COUNT=2",
        "1 day",
        "1 week and 1 day",
    ],
)
def test_no_rule_is_looked_through_for_long(rule: str) -> None:
    """Whether nothing matches, or the first day lies two thousand years back."""
    read = by_days(rule)
    for anchor in (date(2027, 1, 5), date(1, 1, 2)):
        ahead, behind = read.after(anchor, date(2027, 3, 3)), read.before(anchor, date(2027, 3, 3))
        assert calls(partial(next, ahead, None)) < 60_000
        assert calls(partial(next, behind, None)) < 60_000


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYDAY=53MO",
        "FREQ=YEARLY;BYDAY=53MO;COUNT=1000",
        "FREQ=YEARLY;BYDAY=-53TU,53TH;INTERVAL=4",
        "FREQ=YEARLY;BYYEARDAY=366;BYDAY=MO",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU",
    ],
)
def test_what_comes_once_in_years_is_listed_through_millennia_at_once(rule: str) -> None:
    first, read = date(1, 1, 1), by_days(rule)

    assert calls(lambda: list(read.before(first, date(9999, 1, 1)))) < 200_000
    assert calls(lambda: list(read.after(first, date(2027, 3, 3)))) < 200_000


@rows(
    "text, case, place, suggestions",
    [
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "rule-never", "BYMONTHDAY=30", []),
        ("FREQ=HOURLY", "rule-frequency", "FREQ=HOURLY", ["FREQ=DAILY"]),
        ("freq=monthly", "rule-part", "freq=monthly", ["FREQ=MONTHLY"]),
        ("FREQ=MONTHLY;BYHOUR=9", "rule-part", "BYHOUR=9", []),
        ("FREQ=MONTHLY;BYDAY=1XX", "rule-part", "BYDAY=1XX", []),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "rule-part", "BYMONTHDAY=0", []),
        ("FREQ=MONTHLY;COUNT=3;UNTIL=20270101", "rule-twice", "UNTIL=20270101", []),
        ("FREQ=MONTHLY;FREQ=DAILY", "rule-twice", "FREQ=DAILY", []),
        ("FREQ=MONTHLY;UNTIL=20270230", "rule-part", "UNTIL=20270230", []),
        ("FREQ=WEEKLY;BYDAY=1MO", "rule-part", "BYDAY=1MO", []),
        ("BYDAY=1MO", "rule-part", "BYDAY=1MO", []),
        ("RRULE:", "rule-part", "RRULE:", []),
        ("2 hours", "repeats-unit", "2 hours", []),
        ("0 days", "repeats-nothing", "0 days", []),
        ("1 month, 12", "repeats-count", ", 12", ["1 month, 12 in all"]),
        ("1 month, 0 in all", "repeats-count", ", 0 in all", []),
        ("1 month, for ever", "repeats-count", ", for ever", []),
        ("monthly", "repeats-word", "monthly", ["1 month"]),
        ("every 3 months", "repeats-word", "every 3 months", ["3 months"]),
        ("every year, 5 in all", "repeats-word", "every year", ["1 year, 5 in all"]),
        ("biweekly", "repeats-word", "biweekly", []),
        ("one month", "spelt-number", "one", ["1 month"]),
        ("one month, 3 in all", "spelt-number", "one", ["1 month, 3 in all"]),
        ("As it happens", "repeats-happening", "As it happens", ["as it happens"]),
        (
            "as it happens, 3 in all",
            "repeats-happening",
            "as it happens, 3 in all",
            ["as it happens"],
        ),
        ("whenever it occurs", "repeats-happening", "whenever it occurs", ["as it happens"]),
        ("any number of times", "repeats-happening", "any number of times", ["as it happens"]),
        ("as needed", "repeats-happening", "as needed", ["as it happens"]),
        ("ad hoc", "repeats-happening", "ad hoc", ["as it happens"]),
        ("yearly after done", "repeats-word", "yearly", ["1 year after done"]),
        (
            "every 6 months after done, 2 in all",
            "repeats-word",
            "every 6 months",
            ["6 months after done, 2 in all"],
        ),
        ("1 year after completion", "repeats-after", "after completion", ["1 year after done"]),
        (
            "2 weeks since the last one, 4 in all",
            "repeats-after",
            "since the last one",
            ["2 weeks after done, 4 in all"],
        ),
        ("1 Year after done", "wrong-case", "Year", ["1 year after done"]),
        ("1 month from 2027-01-01", "repeats-after", "from 2027-01-01", ["1 month"]),
        ("after done", "repeats-after", "after done", []),
        ("5 business days after done", "repeats-unit", "5 business days", []),
        ("1 year after done, 3", "repeats-count", ", 3", ["1 year after done, 3 in all"]),
    ],
)
def test_what_is_refused_says_where_and_what_to_write(
    text: str, case: str, place: str, suggestions: list[str]
) -> None:
    with pytest.raises(LineError) as refused:
        parse_recurrence(text)

    diagnostic = refused.value.diagnostic
    assert (diagnostic.case, text[slice(*diagnostic.span)]) == (case, place)
    assert [suggestion.write for suggestion in diagnostic.suggestions] == suggestions
    for suggestion in diagnostic.suggestions:
        parse_recurrence(suggestion.write)


def test_a_rule_is_kept_as_one_word() -> None:
    rule = parse_recurrence("RRULE:FREQ=MONTHLY; BYDAY=1MO")

    assert isinstance(rule, Rule)
    assert rule.text == "FREQ=MONTHLY;BYDAY=1MO"
    assert parse_recurrence(rule.text) == rule
