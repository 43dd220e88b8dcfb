"""Processes with files and recipients of their own on one ledger: each recipient is told of each
change once, whoever was first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.property.examples import examples
from tests.service.test_agreements_apart import Office, text_of
from tests.service.test_folders_at_random import ALWAYS, FIRST, NAMES, folder
from tracker.reminders.recipients import Recipient
from tracker.service.change_planner import ChangePlanner
from tracker.service.publisher import Publisher
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.feed_history import FeedHistory

_MOVE = re.compile(r"Hearing of (\w): moves .*: from (\d+ \w+ \d+) to (\d+ \w+ \d+)")
#: Which agreements each process has, and whom it tells.
PROCESSES = (
    (("a", "b"), ("legal",)),
    (("a", "b"), ("board", "legal")),
    (("a", "c"), ("legal",)),
    (("a", "b"), ("board",)),
    (("a", "b", "c"), ()),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.database.close()


def process(office: Office, recipients: Sequence[str]) -> Publisher:
    """A process that tells those recipients; nobody: it only serves."""
    history = FeedHistory(office.database)
    if not recipients:
        return Publisher(history, lambda: office.now)
    everybody = [Recipient(name, "UTC") for name in recipients]
    planner = ChangePlanner(everybody, office.ledger, Acknowledgements(office.database))
    return Publisher(history, lambda: office.now, planner)


def told(office: Office, recipient: str) -> list[str]:
    """What that recipient was told, the first first."""
    rows = office.ledger.history(NAMES, *ALWAYS, 10_000)
    return [
        text
        for row in sorted(rows, key=lambda row: row.id)
        if row.key.kind == "change" and row.key.recipient == recipient
        for block, text in row.content["blocks"]
        if block == "item"
    ]


class Look(NamedTuple):
    """What happens: somebody may edit a file, and a process looks, perhaps after a start."""

    name: str
    days: int  #: 0: nobody edits it
    process: int
    begins: bool
    clock: int  #: by how many days the clock is set


LOOKS = st.builds(
    Look,
    st.sampled_from(NAMES),
    st.sampled_from([0, 0, 5, 10, 15]),
    st.integers(0, len(PROCESSES) - 1),
    st.booleans(),
    st.sampled_from([0, 0, 0, 0, 300, -300]),
)


@examples(25)
@given(st.lists(LOOKS, min_size=3, max_size=12))
def test_each_recipient_is_told_of_each_change_once_whoever_saw_it_first(
    looks: list[Look],
) -> None:
    with folder() as made:
        office, days = made.office, dict.fromkeys(NAMES, FIRST)
        running = [process(office, recipients) for _, recipients in PROCESSES]

        def look(number: int) -> None:
            names, _ = PROCESSES[number]
            office.now -= timedelta(hours=23)
            texts = [text_of(name, str(days[name])) for name in names]
            office.serve(*texts, publisher=running[number])

        for number in range(len(PROCESSES)):
            look(number)
        for step in looks:
            office.now += timedelta(days=step.clock)
            if step.days:
                days[step.name] = FIRST + timedelta(step.days)
            if step.begins:
                running[step.process] = process(office, PROCESSES[step.process][1])
            look(step.process)
        for number, (_, recipients) in enumerate(PROCESSES):  # all begin anew
            running[number] = process(office, recipients)
            look(number)

        for recipient, names in (("legal", ("a", "b", "c")), ("board", ("a", "b"))):
            known = dict.fromkeys(names, "1 March 2027")
            for text in told(office, recipient):
                match = _MOVE.fullmatch(text.partition(" – ")[2] or text)
                assert match is not None, text
                name, before, after = match.groups()
                assert known[name] == before
                known[name] = after
            assert known == {name: f"{days[name]:%-d %B %Y}" for name in names}


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("changes_places", [False, True])
def test_what_follows_from_a_midnight_is_told_once_by_two_that_have_an_agreement_in_common(
    office: Office, first: int, changes_places: bool
) -> None:
    texts = {name: text_of(name, beside=_amendment(name)) for name in NAMES}
    both = [(names, process(office, ["legal"])) for names in (("a", "c"), ("a", "b"))]
    for day in range(25, 36):
        turn = first + (day if changes_places else 0)
        for number in (turn % 2, (turn + 1) % 2):
            names, publisher = both[number]
            office.now = datetime.combine(date(2026, 11, 1), time(number), tzinfo=UTC)
            office.now += timedelta(days=day)
            office.serve(*(texts[name] for name in names), publisher=publisher)

    items = told(office, "legal")
    assert len(items) == 3
    assert all(any(f"Hearing of {name}: moves" in text for text in items) for name in NAMES)


def _amendment(name: str) -> str:
    day = {"a": "2027-04-01", "b": "2027-05-01", "c": "2027-06-01"}[name]
    return (
        f'[[amendment]]\nid = "n"\non = 2026-12-03\n[[amendment.event]]\nid = "hearing"\n'
        f"when = {day}\n"
    )
