"""What changed is all that changed, and because of what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.property.agreements import DAYS, agreements
from tests.property.examples import examples
from tracker.agreements.amendments import agreement_known_on, events_on
from tracker.agreements.keys import PointKey
from tracker.agreements.model import Agreement
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.timeline.comparison import changes
from tracker.timeline.differences import apply_differences, differences, passing, what_if
from tracker.timeline.points import Point, Timeline
from tracker.timeline.resolver import resolve


def sound(text: str) -> tuple[Agreement, ...]:
    try:
        return read(["events.toml"], [text.encode()])[0]
    except FileErrors:
        assume(False)
        raise


def view(timeline: Timeline) -> dict[PointKey, Point]:
    return {point.key: point for point in timeline.points}


@examples(60)
@given(agreements(), DAYS, DAYS)
def test_the_changes_from_one_day_to_another_lead_from_the_one_view_to_the_other(
    text: str, first: date, last: date
) -> None:
    found = sound(text)
    first, last = min(first, last), max(first, last)

    between = changes(found, found, first, last)

    start, end = resolve(found, first), resolve(found, last)
    assert {k: _seen(p) for k, p in view(between.before).items()} == {
        k: _seen(p) for k, p in view(start).items()
    }
    after = apply_differences(
        apply_differences(between.before.points, between.changed).values(), between.passing
    )
    assert after == view(between.after)
    assert {k: _seen(p) for k, p in after.items()} == {k: _seen(p) for k, p in view(end).items()}


@examples(60)
@given(agreements(), DAYS, DAYS)
def test_what_follows_from_the_later_day_alone_is_so_in_the_later_view(
    text: str, first: date, last: date
) -> None:
    found = sound(text)
    first, last = min(first, last), max(first, last)

    between = changes(found, found, first, last)

    end = view(resolve(found, last))
    for difference in passing(between):
        point, passed = end[difference.key], difference.after
        assert passed is not None
        kinds = set(difference.kinds)
        assert "passed" not in kinds or point.has_passed
        assert "never" not in kinds or point.status == "never"
        assert not kinds & {"starts", "ends"} or point.state == passed.state
        assert not kinds & {"moved", "has-day", "settled"} or point.counts_to == passed.counts_to
    happened = {d.key for d in between.changed if "occurred" in d.kinds}
    assert not happened & {d.key for d in passing(between) if "passed" in d.kinds}


@examples(60)
@given(agreements(), DAYS, DAYS)
def test_what_has_passed_is_told_alike_whether_an_amendment_or_the_file_itself_says_so(
    text: str, first: date, last: date
) -> None:
    """It hangs on the later view, and not on how that came about."""
    found = sound(text)
    first, last = min(first, last), max(first, last)
    as_amended = [
        replace(agreement, events=events_on(agreement, last), amendments=()) for agreement in found
    ]

    by_amendment = changes(found, found, first, last)
    by_itself = changes(as_amended, as_amended, first, last)

    assert view(by_amendment.after) == view(by_itself.after)
    assert passing(by_amendment) == passing(by_itself)


@examples(60)
@given(agreements(), DAYS, DAYS)
def test_what_has_become_of_a_point_is_told_once(text: str, first: date, last: date) -> None:
    found = sound(text)
    first, last = min(first, last), max(first, last)

    between = changes(found, found, first, last)

    told: dict[PointKey, list[str]] = {}
    for difference in (*between.changed, *passing(between)):
        told.setdefault(difference.key, []).extend(difference.kinds)
    start = view(between.before)
    for key, now in view(between.after).items():
        if (before := start.get(key)) is None:
            continue
        kinds = told.get(key, [])
        if now.has_passed and not before.has_passed:
            assert kinds.count("passed") == 1, (key, kinds)
        if now.status == "never" and before.status != "never":
            gone = [kind for kind in kinds if kind in ("never", "lapsed", "withdrawn")]
            assert len(gone) == 1, (key, kinds)
        if now.status == "occurred" and before.status != "occurred":
            assert kinds.count("occurred") == 1, (key, kinds)
        if now.status == "occurred":
            assert "passed" not in kinds, (key, kinds)
        if "has-day" in kinds:
            assert before.status != "never", (key, kinds)


def _seen(point: Point) -> Point:
    """All that is said of a point, but for what is recorded of its event on a later day."""
    return point._replace(event=point.event._replace(
        occurred=None, started=None, ended=None, withdrawn=None
    ))  # fmt: skip


@examples(60)
@given(agreements(), agreements(), DAYS)
def test_the_changes_between_two_files_lead_from_the_one_view_to_the_other(
    one: str, other: str, day: date
) -> None:
    between = changes(sound(one), sound(other), day, day)

    assert between.passing == ()
    assert apply_differences(between.before.points, between.changed) == view(between.after)
    for difference in between.changed:
        if difference.kinds:
            assert difference.causes, (difference.key, difference.kinds)


@examples(50)
@given(agreements(), DAYS)
def test_nothing_changes_from_a_view_to_itself(text: str, day: date) -> None:
    found = sound(text)

    assert changes(found, found, day, day).changed == ()
    assert differences(resolve(found, day), resolve(found, day)) == ()


@examples(60)
@given(agreements(), st.data(), DAYS)
def test_what_is_supposed_and_then_recorded_gives_the_same_timeline(
    text: str, data: st.DataObject, day: date
) -> None:
    """But for the status, which tells a record from a supposition."""
    found = [agreement_known_on(one, day) for one in sound(text)]
    now = resolve(found, day)
    family = now.families.get(PointKey("a", "notice"), {})
    keys: list[PointKey] = [PointKey("a", "x"), *family.values()]
    open_ones = [key for key in keys if key not in now.settled]
    assume(open_ones)
    key = data.draw(st.sampled_from(open_ones))
    recorded = data.draw(st.dates(date(2026, 1, 1), day))

    supposed = what_if(found, day, {key: recorded}).after
    line = f'"{key.occurrence}" = {recorded}' if key.occurrence else ""
    old = f'id = "{key.event}"\n'
    new = f"{old}occurred = {{ {line} }}\n" if line else f"{old}occurred = {recorded}\n"
    assume("occurred" not in text.split(old)[1].split("\n\n", maxsplit=1)[0])
    later = resolve([agreement_known_on(one, day) for one in sound(text.replace(old, new, 1))], day)

    assert {k: _told(p) for k, p in view(supposed).items()} == {
        k: _told(p) for k, p in view(later).items()
    }


def _told(point: Point) -> Point:
    status = "exact" if point.status == "occurred" else point.status
    return _seen(point)._replace(status=status, moot=False)


@examples(50)
@given(agreements(), DAYS)
def test_what_only_follows_from_a_later_day_is_no_change(text: str, day: date) -> None:
    """Nothing was recorded, withdrawn or signed in between: nothing was changed."""
    found = [agreement_known_on(one, day) for one in sound(text)]

    between = changes(found, found, day, date(2031, 1, 1))

    assert between.changed == ()


def test_a_series_that_is_amended_and_begins_by_a_record_is_there_as_its_occurrences() -> None:
    found = sound(
        'id = "a"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = "open"\noccurred = 2026-01-02\n'
        '[[event]]\nid = "right"\ntitle = "Right"\nstarts = "x"\n'
        '[[event]]\nid = "rent"\ntitle = "Old"\nwhen = "2026-01-01"\nrepeats = "1 month"\n'
        'during = "right"\n'
        '[[amendment]]\nid = "am"\non = 2026-01-02\n[[amendment.event]]\nid = "right"\n'
        'ends = "2030-02-09"\n[[amendment.event]]\nid = "rent"\ntitle = "Rent"\n'
    )
    between = changes(found, found, date(2026, 1, 1), date(2026, 1, 2))

    after = apply_differences(
        apply_differences(between.before.points, between.changed).values(), between.passing
    )
    assert after == view(between.after)
