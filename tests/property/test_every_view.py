"""Files with records of every kind, seen on every day of them: each view agrees with the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import combinations

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.property.examples import examples
from tracker.agreements.amendments import agreement_known_on
from tracker.agreements.keys import PointKey
from tracker.agreements.model import Agreement
from tracker.alerts.change_content import change_contents
from tracker.feeds.atom import notices_of
from tracker.feeds.calendar import publication
from tracker.feeds.changes_json import changes_json
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.i18n.changes import change_lines
from tracker.i18n.explanation import explanation_lines
from tracker.i18n.translate import LANGUAGES, Language
from tracker.reminders.plan import AlertKey, all_reminders
from tracker.reminders.recipients import Recipient
from tracker.timeline.agenda import Agenda, agenda_of
from tracker.timeline.comparison import changes
from tracker.timeline.differences import Changes, apply_differences, group_alike, passing
from tracker.timeline.points import Point, Timeline
from tracker.timeline.resolver import resolve

#: So few that records, amendments and stated days often fall on the same.
POOL = [date(2027, 1, 1), date(2027, 1, 31), date(2027, 3, 1), date(2027, 7, 31), date(2027, 12, 1)]
STATED = st.sampled_from([*POOL, date(2028, 2, 29)])
#: Each a start and an end, of which a side may be stated nowhere, and only recorded.
TERMS = ("stay", "visit", "trip", "lease", "b/loan")


def _event(name: str, *lines: str) -> str:
    return f'\n[[event]]\nid = "{name}"\ntitle = "The {name}"\n' + "".join(
        f"{line}\n" for line in lines
    )


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str]:
    """Two agreements that name each other, with a record wherever there can be one."""

    def day() -> str:
        return draw(STATED).isoformat()

    def record(key: str, chance: int = 1) -> list[str]:
        return [f"{key} = {day()}"] if draw(st.integers(0, chance)) == 0 else []

    def either(*lines: str) -> str:
        return draw(st.sampled_from(lines))

    def term(name: str) -> str:
        """One of whose sides each is stated, recorded, or both."""
        lines = []
        for key, recorded in (("starts", "started"), ("ends", "ended")):
            line = either("", "", "2027-07-31", "a/x", "30 days after b/asked")
            lines += [f'{key} = "{line}"'] if line else []
            lines += record(recorded, 1 if line else 0)
        return _event(name, *lines, *record("withdrawn", 6))

    def side() -> str:
        name = draw(st.sampled_from(TERMS))
        return f"{either('start', 'end')} of {name}"

    hanging = [
        lambda: f"30 days after {side()}",
        lambda: f"earliest of {side()}, {side()}, through 2027",
        lambda: f"latest of {side()}, (5 business days after {side()})",
        lambda: f"within 2 months before {side()}",
        lambda: f"not before {side()}, not after (1 year after {side()})",
        lambda: f"2027-07-01, or 30 days after x if {side()}",
        lambda: f"end of month of {side()}",
        lambda: f"10 days after each {either('start', 'end')} of quarter",
    ]
    first = ['id = "a"\ntitle = "A"\ncalendar = "weekdays"\ntimezone = "Asia/Tokyo"\n']
    first += [
        _event("x", 'when = "open"', *record("occurred"), *record("withdrawn", 6)),
        _event("y", 'when = "after b/asked"', *record("occurred")),
        *(term(name) for name in ("stay", "visit", "trip")),
        _event("lease", f"starts = {day()}", 'lasts = "3 months"',
               f'renews = "3 months{either("", ", at most 4 times")} unless notice"', *record("ended", 2)),
        _event("notice", 'when = "1 month before each end of lease"', *record("withdrawn", 4)),
    ]  # fmt: skip
    for number in range(draw(st.integers(1, 4))):
        line = draw(st.sampled_from(hanging))()
        during = [f'during = "{either("stay", "visit", "trip", "lease", "b/loan")}"']
        each = "each" in line
        lines = [
            f'when = "{line}"',
            *(during if each else []),
            *([] if each else record("occurred", 3)),
        ]
        lines += ['roll = "next"'] if draw(st.integers(0, 3)) == 0 and "not" not in line else []
        first.append(_event(f"hanging-{number}", *lines))
    happened = f"occurred = {{ one = {day()}, two = {day()} }}"
    first += [
        _event("rent", f"when = {day()}", f'repeats = "{either("1 month", "1 quarter, 5 in all")}"',
               f'during = "{draw(st.sampled_from(TERMS))}"', *record("withdrawn", 4)),
        _event("incident", 'when = "open"', 'repeats = "as it happens"', happened,
               f'during = "{draw(st.sampled_from(TERMS))}"'),
        _event("filed", 'when = "30 days after each incident"', *([f"occurred = {{ one = {day()} }}"] if draw(st.booleans()) else [])),
    ]  # fmt: skip
    second = ['id = "b"\ntitle = "B"\ncalendar = "weekdays"\n', term("loan")]
    second += [
        _event("asked", 'when = "open"', *record("occurred")),
        _event("paid", f'when = "10 days after {either("start", "end")} of a/{either("stay", "visit", "trip")}"',
               *record("occurred", 3)),
    ]  # fmt: skip
    if draw(st.booleans()):
        first.append(f'\n[[amendment]]\nid = "longer"\non = {day()}\n')
        first += [
            f'\n[[amendment.event]]\nid = "{name}"\n{either("started", "ended")} = {day()}\n'
            for name in draw(
                st.lists(st.sampled_from(["stay", "visit", "trip"]), unique=True, min_size=1)
            )
        ]
    return "".join(first), "".join(second)


def sound(texts: tuple[str, str]) -> tuple[Agreement, ...]:
    try:
        return read(["a.toml", "b.toml"], [text.encode() for text in texts])[0]
    except FileErrors:
        assume(False)
        raise


def as_seen(point: Point) -> Point:
    """All that is said of a point, but for what is recorded of its event on a later day."""
    event = point.event._replace(occurred=None, started=None, ended=None, withdrawn=None)
    return point._replace(event=event)


def seen(timeline: Timeline | Sequence[Point]) -> dict[PointKey, Point]:
    points = timeline.points if isinstance(timeline, Timeline) else timeline
    return {point.key: as_seen(point) for point in points}


def grouped(agenda: Agenda) -> list[list[str]]:
    in_force = [event.name for event in agenda.in_force]
    groups = agenda._replace(in_force=())
    return [in_force, *([str(point.key) for point in group] for group in groups)]


@examples(6)
@given(files())
def test_every_two_days_of_a_file_with_records_can_be_compared(texts: tuple[str, str]) -> None:
    agreements = sound(texts)
    views = {day: resolve(agreements, day) for day in POOL}

    for first, last in combinations(POOL, 2):
        between = changes(agreements, agreements, first, last)

        assert seen(between.before) == seen(views[first])
        assert seen(between.after) == seen(views[last])
        assert grouped(agenda_of(between.before)) == grouped(agenda_of(views[first]))
        assert grouped(agenda_of(between.after)) == grouped(agenda_of(views[last]))
        after = apply_differences(
            apply_differences(between.before.points, between.changed).values(), between.passing
        )
        assert seen(tuple(after.values())) == seen(views[last])
        tell(between)


def tell(between: Changes) -> None:
    """What a command, a feed and an alert say of it."""
    now = datetime.combine(between.after.as_of, time(9), UTC)
    for language in LANGUAGES:
        for difference, alike in group_alike([*between.changed, *passing(between)]):
            assert all(change_lines(difference, alike, between, language))
        notices_of(between, language, now, "since")
        change_contents(between, between.changed, language, "UTC", [None])
    changes_json(between, "en")


def planned(view: Timeline) -> list[tuple[AlertKey, datetime]]:
    reminders = all_reminders(view, [Recipient("r", "UTC")])
    return [(reminder.key, reminder.due) for reminder in reminders]


def fed(view: Timeline, language: Language, now: datetime) -> list[bytes]:
    return [entry.content for entry in publication(view, language, {}, now).entries]


def explained(view: Timeline, language: Language) -> dict[PointKey, list[str]]:
    """Why each point is as it is; without what an amendment's record has taken the place of."""
    return {
        point.key: [
            line for line in explanation_lines(point, view, language) if "[longer]" not in line
        ]
        for point in view.points
    }


@examples(6)
@given(files())
def test_each_view_says_the_same_whether_or_not_later_records_are_known(
    texts: tuple[str, str],
) -> None:
    agreements = sound(texts)

    for day in POOL:
        full = resolve(agreements, day)
        known = resolve([agreement_known_on(agreement, day) for agreement in agreements], day)

        same = changes(agreements, agreements, day, day)
        assert (same.changed, same.passing) == ((), ())
        assert full.bounds_by_key == known.bounds_by_key
        assert planned(full) == planned(known)
        for language in LANGUAGES:
            assert explained(full, language) == explained(known, language)
            now = datetime.combine(day, time(9), UTC)
            assert fed(full, language, now) == fed(known, language, now)
