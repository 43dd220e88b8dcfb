"""What a file says of the days that are open and of the law by which days are counted."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.dates.calendars import Spans
from tracker.files.loading import read
from tracker.files.problems import FileErrors, Problem
from tracker.timeline.resolver import resolve

EVENT = '[[event]]\nid = "x"\ntitle = "X"\nwhen = "2 business days after 2026-12-28"\n'
HEAD = 'id = "a"\ncalendar = "US"\n'


def problems(*texts: str) -> tuple[Problem, ...]:
    names = [f"{number}.toml" for number, _ in enumerate(texts)]
    with pytest.raises(FileErrors) as refused:
        read(names, [text.encode() for text in texts])
    return refused.value.problems


def closed_of(text: str) -> Spans:
    agreements, _ = read(["a.toml"], [f"{HEAD}closed = {text}\n{EVENT}".encode()])
    return agreements[0].closed


def days(*texts: str) -> Spans:
    return tuple((date.fromisoformat(text[:10]), date.fromisoformat(text[-10:])) for text in texts)


@pytest.mark.parametrize(
    ("written", "closed"),
    [
        ("[]", days()),
        ('["2026-12-29"]', days("2026-12-29")),
        ("[2026-12-29]", days("2026-12-29")),
        ('["2026-12-29..2027-01-03"]', days("2026-12-29..2027-01-03")),
        ('["2027-01-02", "2026-12-29..2027-01-01"]', days("2026-12-29..2027-01-02")),
        ('["2026-12-31", "2026-12-29", "2026-12-29"]', days("2026-12-29", "2026-12-31")),
        ('["2026-12-29..2026-12-29"]', days("2026-12-29")),
    ],
)
def test_closed_days_are_days_and_ranges_in_any_order(written: str, closed: Spans) -> None:
    assert closed_of(written) == closed


@pytest.mark.parametrize(
    ("written", "case", "offered"),
    [
        ('["2027-01-03..2026-12-29"]', "closed-turned", ["2026-12-29..2027-01-03"]),
        ('["2026-12"]', "closed-day", ["2026-12-01..2026-12-31"]),
        ('["2026-12-29 to 2027-01-03"]', "closed-day", ["2026-12-29..2027-01-03"]),
        ('["2026-12-29 - 2027-01-03"]', "closed-day", ["2026-12-29..2027-01-03"]),
        ('["2026-02-29"]', "no-such-period", ["2026-02-28", "2026-03-01"]),
        ('["2026-02-27..2026-02-29"]', "no-such-period",
         ["2026-02-27..2026-02-28", "2026-02-27..2026-03-01"]),
        ('["Christmas"]', "closed-day", []),
        ('["28.12.2026"]', "closed-day", ["2026-12-28"]),
        ('["28.12.2026..2027-01-03"]', "closed-day", ["2026-12-28..2027-01-03"]),
        ('["2026-12-29.."]', "closed-day", []),
        ('["2026-01-01..2029-12-31"]', "closed-too-long", []),
        ("[7]", "wrong-type", []),
        ('"2026-12-29"', "wrong-type", []),
    ],
)  # fmt: skip
def test_what_is_no_closed_day_is_refused_at_its_place(
    written: str, case: str, offered: list[str]
) -> None:
    (problem,) = problems(f"{HEAD}closed = {written}\n{EVENT}")

    diagnostic = problem.diagnostic
    assert diagnostic.case == case
    assert problem.path[0] == "closed"
    assert [suggestion.write for suggestion in diagnostic.suggestions] == offered
    for suggestion in diagnostic.suggestions:
        assert closed_of(f'["{suggestion.write}"]')


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("jp", ["jp-civil"]),
        ("JP-Civil", ["jp-civil"]),
        ("bgb", ["de-bgb"]),
        ("EU-1182/71", ["eu-1182"]),
        ("frcp", ["us-frcp"]),
        ("cpr", ["jp-civil", "de-bgb", "eu-1182", "us-frcp"]),
    ],
)
@pytest.mark.parametrize("where", ["head", "event"])
def test_a_law_that_is_not_known_is_refused_with_those_that_are(
    written: str, offered: list[str], where: str
) -> None:
    head = f'{HEAD}counting = "{written}"\n' if where == "head" else HEAD
    event = f'{EVENT}counting = "{written}"\n' if where == "event" else EVENT

    (problem,) = problems(head + event)

    assert problem.diagnostic.case == "bad-counting"
    assert problem.path[-1] == "counting"
    assert [suggestion.write for suggestion in problem.diagnostic.suggestions] == offered


@pytest.mark.parametrize(
    "text",
    [
        'id = "a"\ncounting = "de-bgb"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = "2027-01-01"\n',
        'id = "a"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = "through 2027"\ncounting = "de-bgb"\n',
        'id = "a"\n[[event]]\nid = "x"\ntitle = "X"\nstarts = "2027-01-01"\ncounting = "de-bgb"\n',
    ],
)
def test_a_law_needs_a_calendar_and_the_error_names_the_key(text: str) -> None:
    (problem,) = problems(text)

    assert problem.diagnostic.case == "no-calendar"
    assert dict(problem.diagnostic.values) == {"word": "counting"}
    assert problem.path[-1] == "counting"


def test_closed_days_need_a_calendar_somewhere() -> None:
    event = '[[event]]\nid = "x"\ntitle = "X"\nwhen = "2 days after 2027-01-01"\n'
    text = f'id = "a"\nclosed = ["2026-12-29"]\n{event}'

    (problem,) = problems(text)

    assert (problem.diagnostic.case, problem.path) == ("no-calendar", ("closed",))
    read(["a.toml"], [f'{text}calendar = "JP"\n'.encode()])
    read(["a.toml"], [f'calendar = "weekdays"\n{text}'.encode()])


@pytest.mark.parametrize(
    ("head", "case"),
    [
        ('calendar = "SA"\nannounced = ["2033-05-03"]', "announced-nothing"),
        ('calendar = "weekdays"\nannounced = ["2033-01-03"]', "announced-nothing"),
        ('announced = ["2033-01-03"]', "no-calendar"),
        ('calendar = "SA"\nannounced = ["2033-01"]', "closed-day"),
        ('calendar = "SA"\nannounced = ["2033-01-05..2033-01-03"]', "closed-turned"),
    ],
)
def test_days_that_are_announced_of_no_holiday_are_refused(head: str, case: str) -> None:
    event = '[[event]]\nid = "x"\ntitle = "X"\nwhen = "through 2033"\n'

    (problem,) = problems(f'id = "a"\n{head}\n{event}')

    assert (problem.diagnostic.case, problem.path[0]) == (case, "announced")


def test_announced_days_are_closed_where_the_holiday_was_estimated_and_nowhere_else() -> None:
    when = 'title = "X"\nwhen = "5 business days after 2033-01-01"\n'
    text = (
        'id = "a"\ncalendar = "SA"\nannounced = ["2033-01-03..2033-01-05"]\n'
        f'[[event]]\nid = "x"\n{when}[[event]]\nid = "y"\n{when}calendar = "US"\n'
    )
    agreements, _ = read(["a.toml"], [text.encode()])

    here, elsewhere = resolve(agreements, date(2032, 12, 1)).points

    assert (here.status, here.day) == ("exact", date(2033, 1, 11))
    assert (elsewhere.status, elsewhere.day) == ("exact", date(2033, 1, 7))


@pytest.mark.parametrize("calendar", ["JP+bank", "DE+sat", "Narnia", "GB:bank", "saturday-open"])
def test_a_calendar_that_is_not_there_is_one_error(calendar: str) -> None:
    (problem,) = problems(f'id = "a"\ncalendar = "{calendar}"\ncounting = "jp-civil"\n{EVENT}')

    assert problem.path == ("calendar",)


def test_a_year_without_data_is_told_of_the_calendar_that_the_file_names() -> None:
    event = '[[event]]\nid = "x"\ntitle = "X"\nwhen = "10 days after 2099-12-25"\n'

    (problem,) = problems(f'id = "a"\ncalendar = "JP"\ncounting = "jp-civil"\n{event}')

    assert dict(problem.diagnostic.values)["calendar"] == "JP"


@pytest.mark.parametrize(
    ("written", "known"), [("JP:banks", "bank, public"), ("GB:bank", "public")]
)
def test_an_unknown_category_is_refused_with_those_that_the_country_has(
    written: str, known: str
) -> None:
    event = '[[event]]\nid = "x"\ntitle = "X"\nwhen = "2 days after 2027-01-01"\n'

    (problem,) = problems(f'id = "a"\ncalendar = "{written}"\ncounting = "jp-civil"\n{event}')

    assert problem.diagnostic.case == "no-such-category"
    assert dict(problem.diagnostic.values)["known"] == known


@pytest.mark.parametrize(
    ("head", "amending", "agrees"),
    [
        ('closed = ["2026-12-29"]', "closed = [2026-12-29]", True),
        ('closed = ["2026-12-29"]', 'closed = ["2026-12-30"]', False),
        ("", 'closed = ["2026-12-30"]', False),
        ('closed = ["2026-12-29"]', "", True),
        ('counting = "de-bgb"', 'counting = "de-bgb"', True),
        ('counting = "de-bgb"', 'counting = "jp-civil"', False),
        ("", 'counting = "jp-civil"', False),
    ],
)
def test_an_amending_file_may_repeat_what_the_head_says_and_not_change_it(
    head: str, amending: str, agrees: bool
) -> None:
    first = f"{HEAD}{head}\n{EVENT}"
    second = f'{amending}\n[[amendment]]\nid = "one"\non = 2026-12-01\n'

    if agrees:
        read(["0.toml", "1.toml"], [first.encode(), second.encode()])
    else:
        (problem,) = problems(first, second)
        assert problem.diagnostic.case == ("disagrees" if head else "not-in-amending-file")
        assert problem.path == (amending.split(" ", maxsplit=1)[0],)
