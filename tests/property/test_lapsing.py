"""What lapses unless it is renewed, against every way in which it can still be renewed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from tests.property.examples import examples
from tests.property.test_terms import FIRST, LAST, LENGTHS, Lease
from tracker.files.loading import read
from tracker.timeline.points import Point
from tracker.timeline.resolver import resolve


class Mark(NamedTuple):
    """A mark that lapses, so many days before its ends (after them: negative) what renews it."""

    lease: Lease
    option: bool

    def toml(self) -> str:
        lease = self.lease
        most = "" if lease.most is None else f", at most {lease.most} times"
        rows = ", ".join(f'"{end}" = {day}' for end, day in lease.given.items())
        records = f"occurred = {{ {rows} }}\n" if rows else ""
        way = "before" if lease.before >= 0 else "after"
        line = f"{abs(lease.before)} days {way} each end of mark"
        line = f"not after ({line})" if self.option else line
        return (
            'id = "a"\n[[event]]\nid = "mark"\ntitle = "M"\nstarts = 2020-01-01\n'
            f'ends = "{lease.end}"\nrenews = "{lease.length}{most} if renewal"\n'
            f'[[event]]\nid = "renewal"\ntitle = "N"\nwhen = "{line}"\n{records}'
            '[[event]]\nid = "fee"\ntitle = "F"\nwhen = 2020-01-31\nrepeats = "1 month"\n'
            'during = "mark"\n'
        )

    def made(self) -> int:
        """How many terms were made: the latest renewal that is known counts."""
        known = [end for end, day in self.lease.given.items() if day <= self.lease.as_of]
        numbers = [number + 1 for number, end in enumerate(self.lease.ends()) if end in known]
        return min([max(numbers, default=0), *[self.lease.most or 99]])

    def can_be_renewed(self) -> bool:
        last_day = self.lease.ends()[self.made()] - timedelta(days=self.lease.before)
        return last_day >= self.lease.as_of and self.made() != self.lease.most


@st.composite
def marks(draw: st.DrawFn) -> Mark:
    end = draw(st.dates(FIRST, LAST) | st.sampled_from([date(2026, 12, 31), date(2028, 2, 29)]))
    length, most = draw(st.sampled_from(sorted(LENGTHS))), draw(st.none() | st.integers(1, 4))
    lease = Lease(end, length, most, draw(st.integers(-120, 120)), {}, draw(st.dates(FIRST, LAST)))
    terms = draw(st.lists(st.sampled_from(lease.ends()[:4]), max_size=3, unique=True))
    days = {term: term - timedelta(days=draw(st.integers(-200, 300))) for term in terms}
    return Mark(lease._replace(given=days), draw(st.booleans()))


def points_of(mark: Mark) -> tuple[Point, ...]:
    agreements, _ = read(["events.toml"], [mark.toml().encode()])
    return resolve(agreements, mark.lease.as_of).points


@examples(120)
@given(marks())
def test_the_end_for_good_is_that_of_the_last_term_made_or_of_any_that_can_still_be(
    mark: Mark,
) -> None:
    points = points_of(mark)
    good = next(p for p in points if p.side == "end" and p.occurrence is None)
    ends, made = mark.lease.ends(), mark.made()

    assert good.stands == (ends[made], ends[made])
    assert good.earliest == ends[made]
    if mark.can_be_renewed():
        assert good.latest == (None if mark.lease.most is None else ends[mark.lease.most])
        assert good.waits_for_names == (f"renewal@{ends[made]}",)
        assert good.status == "may-move"
    else:
        assert (good.latest, good.status) == (ends[made], "exact")


@examples(120)
@given(marks())
def test_terms_that_were_made_are_there_and_what_goes_on_within_them(mark: Mark) -> None:
    points = points_of(mark)
    ends, made = mark.lease.ends(), mark.made()
    last = ends[mark.lease.most] if mark.lease.most else None

    terms = {p.occurrence: p for p in points if p.side == "end" and p.occurrence}
    assert set(terms) <= set(ends[: made + 1])
    assert all(point.status == "exact" for point in terms.values())
    renewals = {p.occurrence for p in points if p.event.id == "renewal" and p.occurrence}
    assert (ends[made] in renewals) >= mark.can_be_renewed()
    if made == mark.lease.most:
        assert renewals <= {*ends[:made], *mark.lease.given}
    for fee in (p for p in points if p.event.id == "fee" and p.occurrence):
        assert isinstance(fee.occurrence, date)
        certain = fee.occurrence <= ends[made]
        assert (fee.latest == fee.occurrence) == certain
        assert (fee.status == "waiting") != certain
        assert certain or (mark.can_be_renewed() and (last is None or fee.occurrence <= last))
