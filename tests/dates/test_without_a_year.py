"""What names a day or a period and not its year, or a day of any week: told as that."""

from __future__ import annotations

import pytest

from tracker.dates.diagnostics import LineError
from tracker.dates.parser import parse
from tracker.dates.suggestions.rules import habit_of_name

WITHOUT_A_YEAR = """\
31 March|March|by 31 March|end of March|Fri 12 Feb|10 Feb 3pm|10 Feb 15:00|Feb 10, 10am|3pm 10 Feb
Q3|in Q3|by Q3|early Q3|mid-Q3|end of Q3|H1|in H2|W12|by W12|CW 12|KW 5|week 12|31/3|3/31|31.3.|by 31.03.
"""
OF_ANY_WEEK = """\
Friday|friday 3pm|by Friday|on Mon|Tuesday 15:00|until Wed. noon|this Thursday|Fri morning
"""


def rows(table: str) -> list[str]:
    return table.strip().replace("\n", "|").split("|")


def case_of(line: str) -> str:
    with pytest.raises(LineError) as refused:
        parse(line)
    return refused.value.diagnostic.case


def test_what_names_no_year_is_asked_for_it() -> None:
    assert {line: case_of(line) for line in rows(WITHOUT_A_YEAR)} == dict.fromkeys(
        rows(WITHOUT_A_YEAR), "no-year"
    )


def test_a_day_of_the_week_is_asked_for_its_date() -> None:
    assert {line: case_of(line) for line in rows(OF_ANY_WEEK)} == dict.fromkeys(
        rows(OF_ANY_WEEK), "relative-day"
    )


@pytest.mark.parametrize(
    ("word", "case"), [("q3", "no-year"), ("w12", "no-year"), ("friday", "relative-day")]
)
def test_a_word_that_no_event_has_for_its_id_is_known_in_small_letters_too(
    word: str, case: str
) -> None:
    habit = habit_of_name(word, (0, len(word)))

    assert habit is not None
    assert habit.case == case


@pytest.mark.parametrize("line", ["10 Feb 27", "10 Feb 2027", "Feb 10, 2027", "Q3 2027", "2027 Q3"])
def test_what_names_its_year_is_not_asked_for_it(line: str) -> None:
    assert case_of(line) == "other-notation"
