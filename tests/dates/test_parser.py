"""What a line says, and what is refused with the line to write."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rows import rows
from tracker.dates.diagnostics import LineError
from tracker.dates.expressions import Duration, Form, Ref
from tracker.dates.parser import parse, parse_duration
from tracker.dates.periods import parse_period
from tracker.dates.words.choices import Choice
from tracker.dates.words.counted import Offset
from tracker.dates.words.days import Before, Exact, In, Through
from tracker.dates.words.openings import NotAfter, NotBefore, Open
from tracker.i18n.diagnostics import message_of

X = Ref(None, "x", "when")
Y = Ref(None, "y", "when")
THIRTY_DAYS = Duration(((30, "day"),))


@rows(
    "line, form",
    [
        ("2028-03-15", Exact(date(2028, 3, 15))),
        ("through 2030", Through(parse_period("2030"))),
        ("through 2028-02", Through(parse_period("2028-02"))),
        ("before 2030-Q4", Before(parse_period("2030-Q4"))),
        ("in 2026-W53", In(parse_period("2026-W53"))),
        ("open", Open()),
        ("after x", NotBefore(X)),
        ("after end of x", NotBefore(Ref(None, "x", "end"))),
        ("not before 2027-07-24", NotBefore(Exact(date(2027, 7, 24)))),
        ("not after 2027-07-24", NotAfter(None, Exact(date(2027, 7, 24)))),
        ("not before x, not after (30 days after x)", NotAfter(X, Offset(THIRTY_DAYS, "after", X))),
        ("x", X),
        ("other/x", Ref("other", "x", "when")),
        ("start of x", Ref(None, "x", "start")),
        ("earliest of x, through 2030", Choice("earliest", (X, Through(parse_period("2030"))))),
        ("latest of x, 30 days after y", Choice("latest", (X, Offset(THIRTY_DAYS, "after", Y)))),
        ("30 days after x", Offset(THIRTY_DAYS, "after", X)),
        ("1 month before (earliest of x, y)", Offset(
            Duration(((1, "month"),)), "before", Choice("earliest", (X, Y)))),
        ("3 years and 6 months after x", Offset(
            Duration(((3, "year"), (6, "month"))), "after", X)),
        ("0 days after x", Offset(Duration(((0, "day"),)), "after", X)),
        ("((x))", X),
        ("  30\tdays \n after   x ", Offset(THIRTY_DAYS, "after", X)),
    ],
)  # fmt: skip
def test_a_line_says(line: str, form: Form) -> None:
    assert parse(line) == form


@rows(
    "line, case, marked, suggestions",
    [
        ("2030", "bare-period", "2030", ["through 2030", "in 2030"]),
        ("2030-Q4", "bare-period", "2030-Q4", ["through 2030-Q4", "in 2030-Q4"]),
        ("until 2030", "until", "until", ["through 2030", "before 2030"]),
        ("by 2030", "until", "by", ["through 2030", "before 2030"]),
        ("after 2027-07-24", "after-a-day", "after 2027-07-24",
         ["not before 2027-07-24", "not before 2027-07-25"]),
        ("before x", "deadline-of-event", "before", ["1 day before x", "x"]),
        ("through x", "deadline-of-event", "through", ["x", "1 day before x"]),
        ("end of 2028", "edge-of-period", "end of 2028", ["through 2028"]),
        ("end of month of 2028-02", "edge-of-period", "end of month of 2028-02",
         ["through 2028-02"]),
        ("early 2028", "part-of-year", "early 2028", ["in 2028-Q1", "in 2028-H1"]),
        ("3rd friday of 2028-03", "nth-weekday", "3rd friday of 2028-03", ["2028-03-17"]),
        ("FY2027", "fiscal-year", "FY2027",
         ["between 2026-10-01 and 2027-09-30", "between 2027-04-01 and 2028-03-31"]),
        ("TBD", "no-day-known", "TBD", ["open"]),
        ("x unless y", "condition", "unless", ["x"]),
        ("no later than 2030-03-15", "deadline-phrase", "no later than", ["2030-03-15"]),
        ("at least 90 days before x", "deadline-phrase", "at least", ["90 days before x"]),
        ("30 days from x", "days-from", "from", ["30 days after x", "30 days"]),
        ("30 calendar days after x", "calendar-days", "calendar days", ["30 days after x"]),
        ("ninety (90) days before x", "spelt-number", "ninety (90)", ["90 days before x"]),
        ("one month after x", "spelt-number", "one", ["1 month after x"]),
        ("3.5 years after x", "odd-number", "3.5 years", ["3 years and 6 months after x"]),
        ("-3 days after x", "odd-number", "-3 days", ["3 days before x"]),
        ("midnight 2030-03-15", "midnight", "midnight", ["2030-03-15", "1 day before 2030-03-15"]),
        ("2029-02-29", "no-such-period", "2029-02-29", ["2029-02-28", "2029-03-01"]),
        ("2026-W54", "no-such-period", "2026-W54", ["through 2026-W53", "in 2026-W53"]),
        ("Through 2030", "wrong-case", "Through", ["through 2030"]),
        ("through ２０３０", "look-alike", "２", ["through 2030"]),
        ("through\u00a02030", "look-alike", "\u00a0", ["through 2030"]),
        ("30 days after earliest of x, y", "needs-brackets", "earliest",
         ["30 days after (earliest of x, y)", "earliest of 30 days after x, y"]),
        ("earliest of earliest of x, y, z", "needs-brackets", "earliest",
         ["earliest of (earliest of x, y), z"]),
        ("30 days after earliest, x", "needs-brackets", "earliest", []),
        ("30 days after 2 weeks after x", "needs-brackets", "2",
         ["30 days after (2 weeks after x)"]),
        ("throgh 2030", "not-a-word", "throgh", ["through 2030"]),
        ("30 days after x@2028-12-31", "occurrence-in-line", "x@2028-12-31", ["30 days after each x"]),
        ("30 days after x@breach-7", "occurrence-in-line", "x@breach-7", ["30 days after each x"]),
        ("30 days after each x@2", "occurrence-in-line", "x@2", ["30 days after each x"]),
        ("every 3 months", "repeating-word", "every", ["3 months"]),
        ("earliest of x", "line-ends", "", []),
        ("(2030-01-01", "line-ends", "", []),
        ("", "line-ends", "", []),
        ("99999999 days after x", "number-too-large", "99999999", []),
        ("before 0001", "before-first-day", "before 0001", []),
        ("(" * 101 + "x" + ")" * 101, "too-deep", "x", []),
    ],
)  # fmt: skip
def test_a_line_is_refused_with_what_to_write(
    line: str, case: str, marked: str, suggestions: list[str]
) -> None:
    with pytest.raises(LineError) as refused:
        parse(line)

    diagnostic = refused.value.diagnostic
    assert (diagnostic.case, line[slice(*diagnostic.span)]) == (case, marked)
    assert [suggestion.write for suggestion in diagnostic.suggestions] == suggestions
    for suggestion in diagnostic.suggestions:
        (parse if suggestion.key is None else parse_duration)(suggestion.write)


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("2000-02", date(2000, 2, 29)),
        ("2100-02", date(2100, 2, 28)),
        ("2026-W53", date(2027, 1, 3)),
        ("2028-H1", date(2028, 6, 30)),
        ("9999", date(9999, 12, 31)),
    ],
)
def test_a_period_ends_on(name: str, last: date) -> None:
    period = parse_period(name)

    assert period.last == last
    assert str(period) == name


@pytest.mark.parametrize("helpful", [True, False])
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("9" * 600 + " years after x", "this number is larger than the calendar"),
        ("99999999999 days after x, " + "y, " * 200, "this number is larger than the calendar"),
        ("earliest of " + "x, " * 600, "the line ends where"),
    ],
)
def test_a_line_that_is_too_long_to_be_helped_with_says_what_is_wrong(
    line: str, said: str, helpful: bool
) -> None:
    with pytest.raises(LineError) as refused:
        parse(line, helpful)

    assert said in message_of(refused.value.diagnostic, "en")
    assert message_of(refused.value.diagnostic, "ja")
