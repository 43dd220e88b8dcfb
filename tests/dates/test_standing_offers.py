"""Every line that is offered can be pasted: it names events that there are, and keeps its hour."""

from __future__ import annotations

import re

import pytest

from tests.cases.test_refusals import refusals
from tests.dates.offered import offers
from tests.rows import rows
from tracker.agreements.model import Line
from tracker.dates.diagnostics import LineError
from tracker.dates.parser import parse
from tracker.dates.suggestions.anchors import SOME_EVENT

WORDS = (
    "by", "until", "no later than", "on or before", "on or prior to", "at or before", "before",
    "prior to", "due", "expires", "up to", "latest", "within", "not after", "after", "from", "",
    "sometime before", "30 days after", "ends in",
)  # fmt: skip
HOSTILE = (
    "noon", "midnight", "COB", "COB Friday", "the weekend", "Friday", "Monday, 5 pm", "the closing",
    "the end of the decade", "the middle of mid-2028", "R10.3", "Q3", "mid-March", "月末", "翌月末",
    "between March and May 2028", "the turn of the year", "Ostern 2028", "effective date", "EOM",
    "the board's approval", "completion of the works", "late March", "x", "x or closing", "today",
)  # fmt: skip
ORDINARY = ("Q3 2028", "15 March 2028", "early 2028", "FY2027", "March", "2028", "year end")
HOURS = (
    "2028-03-15 17:00", "2028-03-15, 17:00", "2028-03-15 5 pm", "noon on 2028-03-15",
    "15 March 2028, 17:00 CET", "17:00 CET on 15 March 2028", "2028-03-15 at noon",
    "5 p.m. on March 15, 2028", "15.03.2028 17:00", "2028-03-15 17:00 GMT",
)  # fmt: skip


def _names(line: str) -> set[str]:
    return {ref.id for ref in Line.of(line, parse(line)).refs}


@rows("word", WORDS)
def test_no_offer_names_an_event_that_there_is_not(word: str) -> None:
    for period in (*HOSTILE, *ORDINARY, *HOURS):
        for offer in offers(f"{word} {period}".strip()):
            if offer.key is None:
                assert _names(offer.write) <= {"case", SOME_EVENT}, f"{word} {period}"


def test_no_offer_of_the_table_names_an_event_that_there_is_not() -> None:
    there = {"case", "x", "y", "t", "licence", "lease", "notice"}
    for line, offer in ((row.line, offer) for row in refusals() for offer in row.offers):
        if " = " not in line and " = " not in offer:
            assert _names(offer) <= there, line


@rows("word", WORDS)
def test_an_hour_of_a_day_is_in_every_offer(word: str) -> None:
    for hour in HOURS:
        for offer in offers(f"{word} {hour}".strip()):
            assert re.search("17:00|12:00", offer.write), f"{word} {hour}: {offer.write}"


@pytest.mark.parametrize("line", ["by the turn of the year 2028", "until the end of the decade"])
def test_what_has_no_offer_is_not_said_to_have_other_words(line: str) -> None:
    with pytest.raises(LineError) as refused:
        parse(line, names=())

    assert not refused.value.diagnostic.suggestions
    assert refused.value.diagnostic.case != "synonym"
