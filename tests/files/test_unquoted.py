"""A value without its quotes is told as that, with the value that was meant."""

from __future__ import annotations

import pytest

from tracker.files.loading import read
from tracker.files.problems import FileErrors, Problem

FILE = """\
id = "a"
[[event]]
id = "x"
title = "X"
{line}
"""


def _refused(line: str) -> Problem:
    with pytest.raises(FileErrors) as refused:
        read(["a.toml"], [FILE.format(line=line).encode()])
    (problem,) = refused.value.problems
    return problem


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("when = 28.11.2026", ['when = "2026-11-28"']),
        ("when = 28/11/2026  # the closing", ['when = "2026-11-28"']),
        ("when = 03/04/2027", ['when = "2027-04-03"', 'when = "2027-03-04"']),
        ("when = Nov 28 2026", ['when = "2026-11-28"']),
        ("when = 30 days after x", ['when = "30 days after x"']),
        ("when = open", ['when = "open"']),
        ("starts = until 2030", ['starts = "through 2030"', 'starts = "before 2030"']),
        ("note = as agreed", ['note = "as agreed"']),
    ],
)
def test_a_value_without_quotes_is_offered_in_quotes(line: str, offers: list[str]) -> None:
    problem = _refused(line)

    assert problem.diagnostic.case == "unquoted"
    assert [offer.write for offer in problem.diagnostic.suggestions] == offers


@pytest.mark.parametrize(
    ("line", "case"),
    [
        ("when = 'a", "not-toml"),
        ('when = "open', "not-toml"),
        ('when = he said "open"', "not-toml"),
        ("when", "not-toml"),
        ("when = 2026-02-30", "impossible-date"),
    ],
)
def test_what_is_wrong_otherwise_is_told_as_before(line: str, case: str) -> None:
    assert _refused(line).diagnostic.case == case


def test_a_day_that_does_not_exist_comes_with_its_neighbours() -> None:
    suggestions = _refused("when = 2026-02-30").diagnostic.suggestions

    assert [offer.write for offer in suggestions] == ["2026-02-28", "2026-03-01"]
