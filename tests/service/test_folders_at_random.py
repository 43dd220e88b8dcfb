"""A folder whose files come, go, return and are edited: every change that stays is told once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from tests.property.examples import examples
from tests.service.test_agreements_apart import Office, text_of

FIRST = date(2027, 3, 1)
NAMES = ("a", "b", "c")
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
#: What is told of a point in one message: that it moved, went, or is there again.
SAID = {"moves": "moves", "is no longer there": "gone", "is there again": "again"}


class Step(NamedTuple):
    """What somebody does in the folder, or to the process."""

    what: str
    name: str
    days: int


KINDS = (
    "edit",
    "edit",
    "take away",
    "put back",
    "put back",
    "restart",
    "midnight",
    "ahead",
    "behind",
)
STEPS = st.builds(
    Step,
    st.sampled_from(KINDS),
    st.sampled_from(NAMES),
    st.integers(1, 20),
)


class Folder:
    """The files, and what a recipient who reads every message knows by them."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.days = dict.fromkeys(NAMES, FIRST)
        self.there = {"a", "b"}
        self.known: dict[str, date | None] = {}  #: None: it was told that it is gone
        self.before_gone: dict[str, date] = {}

    def texts(self) -> list[str]:
        """The files; b and c name each other's hearing where both are there."""
        beside = {"b": "c", "c": "b"}
        return [
            text_of(name, str(self.days[name]), self._report(name, beside.get(name, "")))
            for name in sorted(self.there)
        ]

    def _report(self, name: str, named: str) -> str:
        when = f"30 days after {named}/hearing" if named in self.there else "2029-01-01"
        title = f"Report of {name}"
        return f'[[event]]\nid = "report"\ntitle = "{title}"\nwhen = "{when}"\n' if named else ""

    def points(self) -> dict[str, date]:
        """The day of each point that there is."""
        points = {f"{name}/hearing": self.days[name] for name in self.there}
        for name, named in (("b", "c"), ("c", "b")):
            if name in self.there:
                day = self.days[named] + timedelta(30) if named in self.there else date(2029, 1, 1)
                points[f"{name}/report"] = day
        return points

    def expected(self, *, is_new_process: bool) -> dict[str, str]:
        """What is to be told now, by the point; it is known from then on."""
        told: dict[str, str] = {}
        now = self.points()
        for point, day in now.items():
            if point not in self.known:  # it floods nobody
                continue
            before = self.known[point]
            if before is None:
                told[point] = "again" if self.before_gone[point] == day else "moves"
            elif before != day:
                told[point] = "moves"
        for point, before in self.known.items():
            if point not in now and before is not None and not is_new_process:
                told[point] = "gone"
                self.before_gone[point] = before
        self.known |= now
        self.known |= {point: None for point, what in told.items() if what == "gone"}
        return told


@contextmanager
def folder() -> Iterator[Folder]:
    with tempfile.TemporaryDirectory() as path:
        office = Office(Path(path))
        yield Folder(office)
        office.database.close()


def messages(office: Office) -> list[list[str]]:
    """What each message says, the first first."""
    rows = office.ledger.history(NAMES, *ALWAYS, 10_000)
    rows = sorted((row for row in rows if row.key.kind == "change"), key=lambda row: row.id)
    return [[text for block, text in row.content["blocks"] if block == "item"] for row in rows]


def as_told(items: Iterable[str]) -> list[tuple[str, str]]:
    """Of which point each entry speaks, and what it says."""
    return sorted(
        (f"{name}/{matter.lower()}", what)
        for text in items
        for name in NAMES
        for matter in ("Hearing", "Report")
        for words, what in SAID.items()
        if f"{matter} of {name}: {words}" in text
    )


@examples(20)
@given(st.lists(STEPS, min_size=2, max_size=10))
def test_what_changes_in_a_folder_is_told_once_whichever_files_come_and_go(
    steps: list[Step],
) -> None:
    with folder() as made:
        office = made.office
        publisher = office.serve(*made.texts())
        assert made.expected(is_new_process=True) == {}
        for step in steps:
            begins = step.what == "restart"
            if step.what == "edit":
                made.days[step.name] = FIRST + timedelta(step.days)
            elif step.what == "put back":
                made.there.add(step.name)
            elif step.what == "take away" and len(made.there) > 1:
                made.there.discard(step.name)
            elif step.what in ("ahead", "behind"):
                office.now += timedelta(days=300 if step.what == "ahead" else -300)
            if step.what != "midnight":  # on the same day
                office.now -= timedelta(hours=23)
            seen = len(messages(office))
            publisher = office.serve(*made.texts(), publisher=None if begins else publisher)

            said = [item for items in messages(office)[seen:] for item in items]
            assert as_told(said) == sorted(made.expected(is_new_process=begins).items())
            assert len(as_told(said)) == len(said)


@examples(20)
@given(st.lists(st.tuples(STEPS, st.booleans()), min_size=2, max_size=8))
def test_what_changes_while_no_process_runs_is_told_at_the_start_with_whatever_files(
    steps: list[tuple[Step, bool]],
) -> None:
    """Of what has gone meanwhile nothing is said; of what is there, whatever it was when last told."""
    with folder() as made:
        office = made.office
        office.serve(*made.texts())
        made.expected(is_new_process=True)
        for step, starts in steps:
            if step.what == "edit":
                made.days[step.name] = FIRST + timedelta(step.days)
            elif step.what == "put back":
                made.there.add(step.name)
            elif step.what == "take away" and len(made.there) > 1:
                made.there.discard(step.name)
            if not starts:
                continue
            seen = len(messages(office))
            office.serve(*made.texts())

            said = [item for items in messages(office)[seen:] for item in items]
            assert as_told(said) == sorted(made.expected(is_new_process=True).items())
