"""Renewals and what lies within them, against every way in which notice can be given."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import pendulum
from hypothesis import given
from hypothesis import strategies as st

from tracker.agreements.keys import PointKey
from tracker.files.loading import read
from tracker.timeline.points import Point, Timeline
from tracker.timeline.resolver import resolve

LENGTHS = {"1 month": (0, 1), "6 months": (0, 6), "1 year": (1, 0), "2 years": (2, 0)}
FOREVER = date.max
FIRST, LAST = date(2026, 1, 1), date(2029, 12, 31)


class Lease(NamedTuple):
    """A lease that renews, the days before its ends on which notice is due, and what was given."""

    end: date
    length: str
    most: int | None
    before: int
    given: dict[date, date]
    as_of: date

    def toml(self) -> str:
        most = "" if self.most is None else f", at most {self.most} times"
        rows = ", ".join(f'"{end}" = {day}' for end, day in self.given.items())
        records = f"occurred = {{ {rows} }}\n" if rows else ""
        return (
            'id = "a"\n[[event]]\nid = "lease"\ntitle = "L"\nstarts = 2020-01-01\n'
            f'ends = "{self.end}"\nrenews = "{self.length}{most} unless notice"\n'
            '[[event]]\nid = "notice"\ntitle = "N"\n'
            f'when = "{self.before} days before each end of lease"\n{records}'
            '[[event]]\nid = "rent"\ntitle = "R"\nwhen = 2020-01-31\nrepeats = "1 month"\n'
            'during = "lease"\n'
        )

    def ends(self) -> list[date]:
        """The ends of the terms, a term at a time, for ten years or as many as there can be."""
        start = pendulum.date(self.end.year, self.end.month, self.end.day).add(days=1)
        years, months = LENGTHS[self.length]
        found, number = [self.end], 0
        while found[-1] < date(2040, 1, 1) and (self.most is None or number < self.most):
            number += 1
            after = start.add(years=years * number, months=months * number)
            clamped = after.day != start.day
            last = after if clamped else after.subtract(days=1)
            found.append(date(last.year, last.month, last.day))
        return found

    def worlds(self) -> list[int | None]:
        """After how many renewals it ends for good, in each way that is still possible.

        None: it is renewed for ever, or as often as it can be.
        """
        ends = self.ends()
        possible: list[int | None] = []
        for number, end in enumerate(ends):
            recorded = self.given.get(end)
            if recorded is not None and recorded <= self.as_of:
                return [*possible, number]  # in every way that is left, it ends here at the latest
            if end - timedelta(days=self.before) >= self.as_of:
                possible.append(number)
        return [*possible, None]


@st.composite
def leases(draw: st.DrawFn) -> Lease:
    end = draw(st.dates(FIRST, LAST) | st.sampled_from([date(2026, 12, 31), date(2028, 2, 29)]))
    length = draw(st.sampled_from(sorted(LENGTHS)))
    most = draw(st.none() | st.integers(1, 4))
    before = draw(st.integers(0, 120))
    lease = Lease(end, length, most, before, {}, draw(st.dates(FIRST, LAST)))
    given = draw(st.lists(st.sampled_from(lease.ends()[:4]), max_size=2))
    days = {one: one - timedelta(days=before - draw(st.integers(-200, 40))) for one in given}
    return lease._replace(given=days)


def timeline(lease: Lease) -> Timeline:
    agreements, _ = read(["events.toml"], [lease.toml().encode()])
    return resolve(agreements, lease.as_of)


def days_of(lease: Lease) -> list[date]:
    """When it ends for good, in each world."""
    ends = lease.ends()
    without_notice = FOREVER if lease.most is None else ends[-1]
    return [without_notice if world is None else ends[world] for world in lease.worlds()]


def known(point: Point) -> tuple[date | None, date]:
    latest = point.latest
    assert isinstance(point.earliest, date)
    assert latest is None or isinstance(latest, date)
    return point.earliest, FOREVER if latest is None else latest


@given(leases())
def test_the_end_for_good_is_what_every_way_of_giving_notice_comes_to(lease: Lease) -> None:
    found = timeline(lease)
    good = next(p for p in found.points if p.key == PointKey("a", "lease", "end"))
    days = days_of(lease)

    assert known(good) == (min(days), max(days))
    stands = days[-1]  # nobody gives notice any more
    assert (good.stands and good.stands.latest) == (None if stands == FOREVER else stands)


@given(leases())
def test_each_term_and_its_notice_are_there_as_far_as_they_can_still_come(lease: Lease) -> None:
    found = timeline(lease)
    worlds, ends = lease.worlds(), lease.ends()
    last = max(len(ends) if world is None else world for world in worlds)
    surest = min(len(ends) if world is None else world for world in worlds)
    terms = {p.occurrence: p for p in found.points if p.side == "end" and p.occurrence}
    notices = {p.occurrence: p for p in found.points if p.event.id == "notice"}

    horizon = date(lease.as_of.year + 5, lease.as_of.month, min(lease.as_of.day, 28))
    for number, end in enumerate(ends):
        if end > horizon:
            break
        assert (end in terms) == (number <= last)
        if end in terms:
            assert terms[end].earliest == end
            assert (terms[end].latest == end) == (number <= surest)
            assert terms[end].stands == (end, end)
            assert (terms[end].waits_for == ()) == (number <= surest)
            assert end in notices
    assert set(notices) - set(lease.given) <= set(terms)


@given(leases())
def test_what_repeats_while_it_lasts_ends_with_it(lease: Lease) -> None:
    found = timeline(lease)
    days = days_of(lease)
    first, last = min(days), max(days)

    rents = {p.occurrence: p for p in found.points if p.event.id == "rent" and p.occurrence}
    for point in rents.values():
        assert isinstance(point.occurrence, date)
        assert point.occurrence <= last
        assert (point.latest == point.occurrence) == (point.occurrence <= first)
    horizon = date(lease.as_of.year + 5, lease.as_of.month, min(lease.as_of.day, 28))
    months = (pendulum.date(2020, 1, 31).add(months=number) for number in range(190))
    wanted = {date(day.year, day.month, day.day) for day in months}
    assert {day for day in wanted if day <= min(last, horizon)} <= set(rents) <= wanted
