"""Each habit of documents is refused with what its writer meant, in lines that pass."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.rows import rows
from tracker.dates.renewals import parse_renewal
from tracker.files.loading import read
from tracker.files.problems import FileErrors, Problem
from tracker.files.schema import EVENT_KEYS
from tracker.i18n.diagnostics import report
from tracker.i18n.translate import LANGUAGES, catalogue

TABLE = Path(__file__).with_name("refusals.txt")
BESIDE = """\
id = "a"
title = "A"
calendar = "US"
event = [
    {{ id = "case", title = "Case", {own} }},
    {{ id = "x", title = "X", when = "open" }},
    {{ id = "y", title = "Y", when = "2027-03-01" }},
    {{ id = "t", title = "T", when = "2027-04-01" }},
    {{ id = "licence", title = "C", starts = "2027-01-01", ends = "2027-12-31" }},
    {{ id = "lease", title = "L", starts = "2027-01-01", ends = "2027-12-31", renews = "1 year" }},
    {{ id = "notice", title = "N", when = "90 days before each end of lease" }},
]
"""
#: What an event needs beside such a key.
NEEDED = {
    "lasts": 'starts = "2027-01-01"',
    "renews": 'starts = "2027-01-01", ends = "2027-12-31"',
    "repeats": 'when = "2027-01-01"',
    "calendar": 'when = "2027-01-01"',
    "roll": 'when = "2027-01-01"',
}


class Refusal(NamedTuple):
    """One row of the table."""

    number: int  #: of its line in the file
    line: str
    offers: list[str]
    sentence: str


def refusals() -> list[Refusal]:
    """Every row of the table."""
    table, sentence = [], ""
    for number, row in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        if row.startswith("#"):
            sentence = row.removeprefix("# ")
        elif " => " in row and sentence:
            line, offers = row.split(" => ")
            offered = [] if offers == "nothing" else offers.split(" | ")
            table.append(Refusal(number, line, offered, sentence))
    return table


def _toml(line: str) -> str:
    key, is_key, value = line.partition(" = ")
    if not is_key or not re.fullmatch("[a-z_]+", key):
        key, value = "when", line
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    own = [f'{key} = "{quoted}"']
    if key not in EVENT_KEYS:
        own.append('started = "2026-01-01"')
    if key in NEEDED:
        own.append(NEEDED[key])
    if re.search("each (?:start|end) of (?:week|month|quarter|year)", value):
        own.append('during = "licence"')
    return BESIDE.format(own=", ".join(own))


def _refused(line: str) -> Problem:
    with pytest.raises(FileErrors) as refused:
        read(["case.toml"], [_toml(line).encode()])
    assert len(refused.value.problems) == 1
    return refused.value.problems[0]


def _name(refusal: Refusal) -> str:
    return f"{refusal.number}: {refusal.line}"


@rows("refusal", refusals(), ids=_name)
def test_a_habit_is_refused_with_what_its_writer_meant(refusal: Refusal) -> None:
    diagnostic = _refused(refusal.line).diagnostic

    suggestions = diagnostic.suggestions
    offered = [
        f"{offer.key} = {offer.write}" if offer.key else offer.write for offer in suggestions
    ]
    key = refusal.line.partition(" = ")[0]
    if key in EVENT_KEYS:  # the value of the same key
        offered = [offer if " = " in offer else f"{key} = {offer}" for offer in offered]
    assert offered == refusal.offers, refusal.sentence
    if len(offered) > 1 and diagnostic.case != "no-such-period":  # there they are the nearest
        assert all(offer.reason for offer in suggestions), "each of several says what it means"


@rows("refusal", refusals(), ids=_name)
def test_what_is_offered_passes_when_it_is_pasted_in(refusal: Refusal) -> None:
    key = refusal.line.partition(" = ")[0]
    for offer in refusal.offers:
        if refusal.line != key and key.isidentifier() and key not in EVENT_KEYS:
            assert offer in EVENT_KEYS
            continue
        if re.search("renews = .* (?:if|unless) ", offer):  # whose event is not beside it
            parse_renewal(offer.removeprefix("renews = "))
            continue
        read(["case.toml"], [_toml(offer).encode()])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_is_said_in_every_language(language: str) -> None:
    for refusal in refusals():
        problem = _refused(refusal.line)

        said = report(problem.diagnostic, "case.toml:1:1", None, "when", language)

        assert "{" not in said.replace("{", "", refusal.line.count("{"))
        for offer in problem.diagnostic.suggestions:
            assert not offer.reason or f"suggestion.{offer.reason}" in catalogue(language)


def test_a_day_beyond_its_era_is_said_to_be_none_of_it() -> None:
    diagnostic = _refused("平成40年3月31日").diagnostic

    said = [report(diagnostic, "case.toml:1:1", None, "when", language) for language in LANGUAGES]

    assert "平成 ended on 30 April 2019" in said[0]
    assert "平成は2019年4月30日までです" in said[1]


@pytest.mark.parametrize("name", ["m18", "pending", "weekly"])
def test_an_event_whose_name_is_like_a_habit_is_left_alone(name: str) -> None:
    content = _toml(f"latest of {name}, licens").replace(
        '"x", title = "X"', f'"{name}", title = "X"'
    )

    with pytest.raises(FileErrors) as refused:
        read(["case.toml"], [content.encode()])

    diagnostic = refused.value.problems[0].diagnostic
    assert diagnostic.case == "unknown-ref"
    assert dict(diagnostic.values)["ref"] == "licens"


def test_close_of_business_is_in_the_zone_that_the_file_states() -> None:
    content = f'timezone = "Europe/Berlin"\n{_toml("close of business on 2030-03-15")}'

    with pytest.raises(FileErrors) as refused:
        read(["case.toml"], [content.encode()])

    (offer,) = refused.value.problems[0].diagnostic.suggestions
    assert offer.write == "2030-03-15 17:00 Europe/Berlin"
