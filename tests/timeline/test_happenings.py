"""What happens any number of times, and what is counted from when it was done last."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rows import rows
from tracker.agreements.keys import PointKey
from tracker.agreements.model import Agreement
from tracker.files.loading import read
from tracker.files.problems import FileErrors, Problem
from tracker.i18n.changes import sentences_on
from tracker.i18n.event_fields import fields_of
from tracker.i18n.points import name_of, remark_on
from tracker.timeline.agenda import agenda_of, next_of_each
from tracker.timeline.comparison import changes
from tracker.timeline.differences import reportable, what_if
from tracker.timeline.point_names import Misnamed, parse_suppositions
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.warnings import find_warnings

OPEN = 'when = "open"\nrepeats = "as it happens"\n'
DONE = 'when = 2027-01-01\nrepeats = "1 year after done"\n'
TERM = 'starts = 2027-01-01\nlasts = "1 year"\n'
DAY = date(2027, 3, 10)


def event(name: str, fields: str) -> str:
    return f'[[event]]\nid = "{name}"\ntitle = "{name.upper()}"\n{fields}\n'


REPORT = event("report", 'when = "72 hours after each x"')


def agreements(*events: str) -> tuple[Agreement, ...]:
    return read(["a.toml"], [('id = "a"\ntimezone = "UTC"\n' + "".join(events)).encode()])[0]


def problems(*events: str) -> tuple[Problem, ...]:
    with pytest.raises(FileErrors) as refused:
        agreements(*events)
    return refused.value.problems


@rows(
    "fields, place, case, writes",
    [
        (TERM + 'repeats = "as it happens"', "repeats", "repeats-of-term", ["open"]),
        (TERM + 'repeats = "1 year after done"', "repeats", "repeats-of-term",
         ["2027-01-01", "1 year"]),
        ('when = "open"\nrepeats = "as it happens"\nrenews = "1 year"', "renews",
         "renews-and-repeats", []),
        ('when = 2027-01-01\nrepeats = "as it happens"', "when", "happens-on-a-day",
         ["open", "not before 2027-01-01"]),
        ('when = "in 2027"\nrepeats = "as it happens"', "when", "happens-on-a-day", ["open"]),
        (OPEN + "occurred = 2027-03-01", "occurred", "record-of-each",
         ['occurred = { "2027-03-01" = 2027-03-01 }']),
        (OPEN + 'occurred = { "Breach 7" = 2027-03-01 }', "Breach 7", "occurrence-key", ["breach-7"]),
        (OPEN + "occurred = { open = 2027-03-01 }", "open", "occurrence-key", ["no-open"]),
        (OPEN + 'occurred = { "漏えい" = 2027-03-01 }', "漏えい", "occurrence-key", ["2027-03-01"]),
        (OPEN + 'occurred = { "2027-02-30" = 2027-03-01 }', "2027-02-30", "occurrence-key",
         ["2027-02-28", "2027-03-01"]),
        (OPEN + "occurred = { breach.7 = 2027-03-01 }", "breach", "occurrence-key", ['"breach.7"']),
        (OPEN + "occurred = { 7 = 2027-03-01 }", "7", "occurrence-no-name", ["no-7"]),
        (OPEN + "occurred = { leak = 2027-03-01 }\nwithdrawn = { leek = 2027-03-02 }", "leek",
         "no-such-happening", ["leak"]),
        (DONE + "occurred = 2027-03-01", "occurred", "record-of-each",
         ['occurred = { "1" = 2027-03-01 }']),
        (DONE + 'occurred = { "2027-01-01" = 2027-03-01 }', "2027-01-01", "occurrence-no-number",
         ["1"]),
        (DONE + "occurred = { 01 = 2027-03-01 }", "01", "occurrence-key", ["1"]),
        (DONE + "occurred = { 1 = 2027-03-01, 3 = 2029-03-01 }", "3", "done-gap", ["2"]),
        (DONE + "occurred = { 1 = 2027-03-01, 2 = 2027-02-01 }", "2", "done-backwards", []),
        (DONE + "withdrawn = { 3 = 2027-03-01 }", "3", "no-such-number", ["1"]),
        (DONE.replace("done", "done, 1 in all") + "occurred = { 1 = 2027-03-01, 2 = 2028-03-01 }",
         "2", "no-such-number", ["1"]),
        ('when = 2027-01-01\nrepeats = "1 year"\noccurred = { leak = 2027-03-01 }', "leak",
         "occurrence-no-day", ["2027-03-01"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_stands_with_what_to_write(
    fields: str, place: str, case: str, writes: list[str]
) -> None:
    first = problems(event("x", fields))[0]

    assert (first.path[-1], first.diagnostic.case) == (place, case)
    assert [suggestion.write for suggestion in first.diagnostic.suggestions] == writes


def test_a_name_that_stands_twice_is_refused_at_its_line() -> None:
    text = OPEN + "occurred = { leak = 2027-03-01, leak = 2027-03-02 }\n"

    (twice,) = problems(event("x", text))

    whole = 'id = "a"\ntimezone = "UTC"\n' + event("x", text)
    assert dict(twice.diagnostic.values) == {"reason": "twice"}
    assert whole[: twice.diagnostic.span[0]].count("\n") == 7


@pytest.mark.parametrize("kind", [OPEN, DONE])
def test_what_hangs_on_each_is_recorded_under_the_same_names_or_numbers(kind: str) -> None:
    right, wrong = ("leak", "7") if kind == OPEN else ("1", "leak")
    record = "occurred = {{ {} = 2027-03-04 }}"
    hanging = 'when = "2 days after each x"\n'
    own = event("x", f"{kind}occurred = {{ {right} = 2027-03-01 }}")

    agreements(own, event("y", hanging + record.format(right)))
    refused = problems(own, event("y", hanging + record.format(wrong)))

    assert [problem.path[-1] for problem in refused] == [wrong]


def test_a_deadline_of_one_does_not_stand_for_that_of_another() -> None:
    """Both ahead, both are in the agenda; both passed, both are missed."""
    stated = agreements(event("x", OPEN + "occurred = { a = 2027-03-01, b = 2027-03-02 }"), REPORT)

    ahead = agenda_of(resolve(stated, date(2027, 3, 3)))
    passed = agenda_of(resolve(stated, DAY))

    assert [name_of(point) for point in ahead.upcoming] == ["report@a", "report@b"]
    assert [name_of(point) for point in passed.passed] == ["report@a", "report@b"]
    assert [name_of(point) for point in ahead.waiting] == ["x"]


def test_however_often_it_happened_every_deadline_is_there() -> None:
    names = ", ".join(f"no-{number} = 2027-03-01" for number in range(1500))
    stated = agreements(event("x", f"{OPEN}occurred = {{ {names} }}"), REPORT)

    points = resolve(stated, DAY).points

    assert len(points) == 3001
    assert sum(point.has_passed for point in points) == 1500


def test_what_was_recorded_is_told_by_its_name_and_nothing_is_cut_off() -> None:
    before = agreements(event("x", OPEN), REPORT)
    after = agreements(event("x", OPEN + "occurred = { leak = 2027-03-09 }"), REPORT)

    found = changes(before, after, DAY, DAY)

    told = {
        name_of(change.point): sentences_on(change, found.after, "en")
        for change in reportable(found.changed)
    }
    assert told == {
        "x@leak": ["has happened: 9 March 2027"],
        "report@leak": ["comes as well: 12 March 2027"],
    }


def test_a_false_alarm_is_told_as_withdrawn_and_not_as_a_record_taken_back() -> None:
    own = OPEN + "occurred = { leak = 2027-03-09 }\n"
    before = agreements(event("x", own), REPORT)
    after = agreements(event("x", own + "withdrawn = { leak = 2027-03-10 }"), REPORT)

    found = changes(before, after, DAY, DAY)

    assert [(name_of(each.point), each.kinds) for each in reportable(found.changed)] == [
        ("x@leak", ("withdrawn",)),
        ("report@leak", ("never",)),
    ]


def test_a_record_that_is_corrected_keeps_the_identity_of_what_follows() -> None:
    """The entry in a calendar moves, and is no other one."""
    before = agreements(event("x", DONE + "occurred = { 1 = 2027-01-05 }"))
    after = agreements(event("x", DONE + "occurred = { 1 = 2027-02-05 }"))

    found = reportable(changes(before, after, DAY, DAY).changed)

    assert [(each.key, each.kinds, each.days) for each in found] == [
        (PointKey("a", "x", "when", 1), ("moved",), 31),
        (PointKey("a", "x", "when", 2), ("moved",), 31),
    ]
    assert found[1].point.first_key.path == "a/x/when/2"


def test_what_if_it_happens_once_more() -> None:
    stated = agreements(event("x", OPEN + "occurred = { 2027-03-09 = 2027-03-09 }"), REPORT)
    suppose = parse_suppositions(["x=2027-03-09", "x@leak=2027-03-20"], stated, DAY)

    found = what_if(stated, DAY, suppose)

    assert [name_of(each.point) for each in found.changed] == [
        "x@2027-03-09-2", "x@leak", "report@2027-03-09-2", "report@leak",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("suppose", "case"),
    [
        ("x@Leak=2027-03-20", "call.occurrence-name"),
        ("x@7=2027-03-20", "call.occurrence-name"),
        ("x@=2027-03-20", "call.occurrence-day"),
        ("x@leek=never", "call.no-occurrence"),
        ("report@leek=2027-03-20", "call.no-occurrence"),
        ("report=2027-03-20", "call.which-occurrence"),
        ("check@3=2028-03-20", "call.no-occurrence"),
        ("check=2028-03-20", "call.which-occurrence"),
    ],
)
def test_what_is_named_and_is_not_there_is_refused(suppose: str, case: str) -> None:
    own = event("x", OPEN + "occurred = { leak = 2027-03-09 }")
    stated = agreements(own, REPORT, event("check", DONE + "occurred = { 1 = 2027-01-05 }"))

    with pytest.raises(Misnamed) as refused:
        parse_suppositions([suppose], stated, DAY)

    assert refused.value.name == case


@pytest.mark.parametrize(
    ("events", "warned"),
    [
        ([event("x", OPEN + "occurred = { leak = 2027-03-09 }"),
          event("report", 'when = "2 days after each x"\noccurred = { leek = 2027-03-10 }')],
         ["no-such-happening"]),
        ([event("x", OPEN + "occurred = { leak = 2027-03-09 }"), REPORT], ["hours-of-a-day"]),
        ([event("x", OPEN + "occurred = { leak = 2027-03-09T10:00:00Z }"), REPORT], []),
        ([event("term", TERM),
          event("x", OPEN + 'during = "term"\noccurred = { leak = 2026-12-31 }')],
         ["happened-outside"]),
        ([event("x", OPEN.replace("open", "not before 2027-03-05") +
                "occurred = { leak = 2027-03-01 }")],
         ["record-too-early"]),
        ([event("x", DONE)], ["passed-occurrence"]),
        ([event("x", DONE + "occurred = { 1 = 2027-02-01 }")], []),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_warned_of(events: list[str], warned: list[str]) -> None:
    found = find_warnings(resolve(agreements(*events), DAY))

    assert [located.diagnostic.case for located in found] == warned


def test_what_is_explained_is_the_next_that_can_come_and_shown_are_those_that_are_missed() -> None:
    own = OPEN + "occurred = { a = 2027-03-01, b = 2027-03-02, c = 2027-03-09, d = 2027-03-10 }\n"
    stated = agreements(event("x", own + "withdrawn = { a = 2027-03-03 }"), REPORT)
    found = resolve(stated, DAY)
    hanging = [point for point in found.points if point.event.id == "report"]

    fields = fields_of(hanging[0].event, hanging, found, "en")

    assert [name_of(point) for point in next_of_each(hanging)] == ["report@c"]
    assert next(field.value for field in fields if field.name == "show.occurrences") == (
        "a  never\nb  5 March 2027, exact\nc  12 March 2027, exact\nd  13 March 2027, exact"
    )


def test_what_is_stated_stands_once_above_what_has_happened() -> None:
    found = resolve(agreements(event("x", OPEN + "occurred = { leak = 2027-03-01 }")), DAY)

    fields = fields_of(found.events[0], found.points, found, "en")

    assert [field.name for field in fields if field.name.startswith("show.")] == [
        "show.stated", "show.occurrences", "show.status", "show.earliest", "show.latest",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (OPEN, "may happen on any day, any number of times"),
        (OPEN.replace("open", "not before 2027-06-01"),
         "may happen not before 2027-06-01, any number of times"),
        (OPEN + 'during = "term"\n', "may happen on any day, any number of times, within term"),
        (OPEN.replace("open", "after later"), "waits for later"),
    ],
)  # fmt: skip
def test_it_is_said_on_which_days_it_may_happen_again(fields: str, said: str) -> None:
    later = event("later", 'when = "open"')

    found = resolve(agreements(event("term", TERM), later, event("x", fields)), DAY)

    assert remark_on(found.points[-1], "en") == said
