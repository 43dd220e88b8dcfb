"""Days of a sheet: what a column settles is settled, what it leaves open is asked about once."""

from __future__ import annotations

import shlex
from itertools import permutations

import pytest

from tests.calls_counted import calls
from tests.imports.reading import as_in_a_file, left_out, lines, read
from tracker.imports.foreign import ForeignContent, ForeignFile


def sheet(*days: str, heading: str = "Due", **answers: str) -> ForeignContent:
    """What is made of a column of days."""
    rows = "".join(f'"{chr(65 + at)}","{day}"\n' for at, day in enumerate(days))
    text = f"Task,{heading}\n{rows}"
    content = read("separated", ForeignFile("days.csv", text.encode()), **answers)
    for event in content.events:
        assert as_in_a_file(event)[1] == [], event
    return content


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("2027-03-31", "2027-03-31"),
        ("31.3.2027", "2027-03-31"),
        ("31.03.2027 17:00", "2027-03-31 17:00"),
        ("30/06/2027", "2027-06-30"),
        ("6/30/2027", "2027-06-30"),
        ("06/30/2027 5:00 PM", "2027-06-30 17:00"),
        ("31. März 2027", "2027-03-31"),
        ("31 mars 2027", "2027-03-31"),
        ("31 de marzo de 2027", "2027-03-31"),
        ("Mar 31, 2027", "2027-03-31"),
        ("Wed Mar 31 2027", "2027-03-31"),
        ("01/Mar/27 12:00 AM", "2027-03-01"),
        ("2027/3/31", "2027-03-31"),
        ("２０２７/３/３１", "2027-03-31"),
        ("2027年3月31日", "2027-03-31"),
        ("令和9年3月31日", "2027-03-31"),
        ("R9.3.31", "2027-03-31"),
        ("2027-03-31T17:00:00Z", "2027-03-31 17:00 UTC"),
        ("20270331", "2027-03-31"),
        ("46477", "2027-03-31"),
        ("46477.75", "2027-03-31 18:00"),
        ("Q3 2027", "through 2027-Q3"),
        ("H1/2027", "through 2027-H1"),  # no first year of Heisei
        ("H2-2027", "through 2027-H2"),
        ("2027", "through 2027"),
        ("June 2027", "through 2027-06"),
        ("KW 12 2027", "through 2027-W12"),
        ("end of March 2027", "through 2027-03"),
        ("Ende März 2027", "through 2027-03"),
        ("fin mars 2027", "through 2027-03"),
        ("2027年3月末", "through 2027-03"),
        ("no later than 30 June 2027", "2027-06-30"),
        ("TBD", "open"),
        ("未定", "open"),
    ],
)
def test_a_deadline_is_read_as_the_refusals_know_it(written: str, line: str) -> None:
    assert lines(sheet(written)) == {"A": line}


@pytest.mark.parametrize(
    ("written", "question", "answer", "line"),
    [
        ("03/04/2027", "readings", ("due", "day-first"), "2027-04-03"),
        ("03/04/2027", "readings", ("due", "month-first"), "2027-03-04"),
        ("15.03.27", "readings", ("due", "day-first"), "2027-03-15"),
        ("03/04/27", "readings", ("due", "month-first"), "2027-03-04"),
        ("15.03.", "no-year", ("due", "2027"), "2027-03-15"),
        ("end of March", "no-year", ("due", "2028"), "through 2028-03"),
        ("3月31日", "no-year", ("due", "2027"), "2027-03-31"),
        ("by 31 March 2027", "readings", ("due", "included"), "through 2027-03-31"),
        ("bis 31.03.2027", "readings", ("due", "not-included"), "before 2027-03-31"),
        ("mid-June 2027", "readings", ("due", "its-middle-day"), "2027-06-15"),
        ("early 2027", "reading-of-text", ("early 2027", "in 2027-Q1"), "in 2027-Q1"),
        ("M18", "project-month", ("project-start", "2026-10-01"), "18 months after project-start"),
        (
            "M18 of project",
            "project-month",
            ("project-start", "kick-off"),
            "18 months after kick-off",
        ),
    ],
)
def test_what_has_two_readings_is_asked_about_and_read_as_answered(
    written: str, question: str, answer: tuple[str, str], line: str
) -> None:
    asked = sheet(written)

    assert [asking.name for asking in asked.questions] == [question]
    assert lines(asked) == {}
    assert all(text.startswith("--map ") for text in asked.questions[0].answers)
    assert lines(sheet(written, **dict([answer])))["A"] == line


def test_a_question_is_asked_once_for_a_column_with_the_first_rows() -> None:
    content = sheet("03/04/2027", "04/05/2027", "05/06/2027", "06/07/2027")

    (question,) = content.questions
    assert question.answers == ("--map due=day-first", "--map due=month-first")
    assert [place.number for place in question.places] == [2, 3, 4]


@pytest.mark.parametrize("days", list(permutations(["03/04/2027", "30/06/2027", "05/05/2027"])))
def test_a_column_that_settles_its_order_is_read_in_it_and_says_by_which_day(
    days: tuple[str, ...],
) -> None:
    content = sheet(*days)

    assert sorted(lines(content).values()) == ["2027-04-03", "2027-05-05", "2027-06-30"]
    (remark,) = content.remarks
    assert dict(remark.values)["proof"] == "30/06/2027"


@pytest.mark.parametrize("days", list(permutations(["30/06/2027", "06/30/2027", "03/04/2027"])))
def test_a_column_that_contradicts_itself_is_refused_with_its_rows(days: tuple[str, ...]) -> None:
    content = sheet(*days)

    assert [question.name for question in content.questions] == ["both-orders"]
    assert lines(content) == {}
    assert len(content.questions[0].places) == 2

    answered = sheet(*days, due="month-first")
    assert sorted(lines(answered).values()) == ["2027-03-04", "2027-06-30"]
    assert left_out(answered) == {"day-other-order": ["30/06/2027"]}


@pytest.mark.parametrize("sign", "/-")
def test_days_with_full_stops_prove_nothing_of_days_with_other_signs(sign: str) -> None:
    content = sheet("30.06.2027", f"03{sign}04{sign}2027")

    assert lines(content) == {"A": "2027-06-30"}
    assert [question.name for question in content.questions] == ["readings"]


def test_a_period_in_a_column_that_says_no_deadline_is_asked_about() -> None:
    content = sheet("Q3 2027", "2028", heading="Date")

    (question,) = content.questions
    assert question.answers == ("--map when=last-day", "--map when=unknown-day")
    assert list(lines(sheet("Q3 2027", heading="Date", when="unknown-day")).values()) == [
        "in 2027-Q3"
    ]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("30.02.2027", "day-no-such-day"),
        ("2027-02-30", "day-no-such-day"),
        ("0000-00-00", "day-no-such-day"),
        ("asap", "day-no-day"),
        ("ongoing", "day-no-day"),
        ("継続中", "day-no-day"),
        ("30 days after signing", "day-unknown-name"),
        ("within 30 days", "day-no-day"),
        ("next Friday", "day-no-day"),
        ("see contract, page 4", "day-no-day"),
        ("x" * 5000, "day-no-day"),
        ("", "row-without-day"),
        ("n/a", "row-without-day"),
        ("-", "row-without-day"),
    ],
)
def test_a_row_whose_day_cannot_be_read_is_told_with_its_place(written: str, reason: str) -> None:
    content = sheet("2027-01-01", written)

    assert list(lines(content)) == ["A"]
    assert list(left_out(content)) == [reason]
    assert [place.number for place in content.left_out[0].places] == [3]


def test_a_doubt_that_the_line_cannot_say_stays_in_a_note() -> None:
    content = sheet("31.03.2027?")

    assert dict(content.events[0].fields) == {"when": "2027-03-31", "note": "Due: 31.03.2027?"}


def test_a_text_is_read_as_the_call_says() -> None:
    answers = {"after the summer": "in 2027-09"}

    assert lines(sheet("after the summer", **answers)) == {"A": "in 2027-09"}


def test_a_text_is_parsed_once_however_many_rows_have_it() -> None:
    def cost(rows: int) -> int:
        text = "Task,Due\n" + "".join(f"{n},by the end of March 2027\n" for n in range(rows))
        return calls(lambda: read("separated", ForeignFile("a.csv", text.encode())))

    cost(1)
    each_row = (cost(600) - cost(200)) / 400
    assert each_row < 250  # to read the text alone takes thousands


@pytest.mark.parametrize(
    "written",
    [
        "03/04/2027",
        "15.03.27",
        "31.03.2027 24:00",
        "31.03.2027, 30.04.2027",
        "late March 2027",
        "mid 2027",
        "by 31 March 2027",
        "FY2027",
        "ca. 31.03.2027",
        "15.03.",
    ],
)
def test_whatever_is_offered_settles_the_day(written: str) -> None:
    asked = sheet(written)

    for answer in asked.questions[0].answers:
        key, _, value = shlex.split(answer)[1].rpartition("=")
        settled = sheet(written, **{key: value})
        assert settled.questions == ()
        assert list(lines(settled)) == ["A"], answer


@pytest.mark.parametrize(
    ("written", "answer", "line"),
    [
        ("KW 12", "2027", "through 2027-W12"),
        ("Week 12", "2027", "through 2027-W12"),
        ("27-Mar", "2027", "2027-03-27"),
        ("Ende März", "2027", "through 2027-03"),
        ("3月末", "2027", "through 2027-03"),
        ("Q3", "2027", "through 2027-Q3"),
    ],
)
def test_what_lacks_a_year_alone_is_asked_for_it(written: str, answer: str, line: str) -> None:
    asked = sheet(written)
    settled = sheet(written, due=answer)

    assert [question.name for question in asked.questions] == ["no-year"]
    assert f"--map due={answer}" in (*asked.questions[0].answers, "--map due=2028")
    assert lines(settled) == {"A": line}


@pytest.mark.parametrize("written", ["asap", "tbc", "Room 12", "on hold", "3 months", "Lot 12"])
def test_what_no_year_makes_a_day_is_told_and_not_asked(written: str) -> None:
    content = sheet(written, "2027-03-31")

    assert content.questions == ()
    assert left_out(content)["day-no-day"] == [written]


@pytest.mark.parametrize(
    ("clock", "line"),
    [
        ("17:30", "2027-03-31 17:30"),
        ("5:30:00 PM", "2027-03-31 17:30"),
        ("5 PM", "2027-03-31 17:00"),
        ("17.30", "2027-03-31 17:30"),
        ("17 Uhr", "2027-03-31 17:00"),
        ("17h30", "2027-03-31 17:30"),
        ("午後5時", "2027-03-31 17:00"),
        ("0.75", "2027-03-31 18:00"),
        ("17:30 UTC", "2027-03-31 17:30 UTC"),
        ("", "2027-03-31"),
        ("-", "2027-03-31"),
        ("25:00", None),
        ("9:00 - 10:00", None),
        ("midnight", None),
        ("after lunch", None),
    ],
)
def test_a_time_beside_the_day_is_taken_or_told(clock: str, line: str | None) -> None:
    text = f'Task,Date,Time\nA,2027-03-31,"{clock}"\nB,2027-04-01,\n'
    content = read("separated", ForeignFile("times.csv", text.encode()))

    assert lines(content)["A"] == (line or "2027-03-31")
    assert left_out(content) == ({} if line else {"no-time": [clock]})
    assert (dict(content.events[0].fields).get("note") == f"Time: {clock}") == (line is None)


def test_a_weekday_that_is_not_the_days_is_told() -> None:
    content = sheet(
        "Tue 31 Mar 2027", "Wednesday, 31 March 2027", "Thu 1 Apr 2027", "31 Mar 2027 (Sat)"
    )

    assert lines(content) == {"B": "2027-03-31", "C": "2027-04-01"}
    assert left_out(content)["day-other-weekday"] == ["Tue 31 Mar 2027", "31 Mar 2027 (Sat)"]
