"""Whatever the instant, the reader's zone and hour: what one message says of it agrees."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.alerts.samples import claimed_alert
from tests.timeline.scene import event, timeline
from tracker.agreements.model import Agreement
from tracker.alerts.composer import Composer
from tracker.alerts.message import Message
from tracker.dates.instants import Instant
from tracker.dates.lead_times import parse_lead
from tracker.i18n.alerts import AlertReader, coming_text
from tracker.i18n.dates import countdown, long_day, short_day
from tracker.i18n.instants import ReaderClock
from tracker.i18n.points import column_day, countdown_text, lead_text
from tracker.i18n.translate import LANGUAGES, Language
from tracker.reminders.digests import digest_of
from tracker.reminders.plan import Reminder, all_reminders, is_on_eve
from tracker.reminders.recipients import Recipient
from tracker.timeline.agenda import agenda_of, in_list_order
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

#: Half hours and quarters, both edges of the date line, nights on which clocks change.
ZONES = (
    "UTC", "America/Toronto", "America/St_Johns", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo",
    "Australia/Lord_Howe", "Europe/Berlin", "Pacific/Apia", "Pacific/Chatham",
    "Pacific/Kiritimati", "Etc/GMT+12",
)  # fmt: skip
LEADS = tuple(map(parse_lead, ("1 month", "2 weeks", "2 days", "1 day", "0 days")))
#: The days of each lead of days, by what it is called.
DAYS = {"2 weeks": 14, "2 days": 2, "1 day": 1, "0 days": 0}
languages = st.sampled_from(LANGUAGES)
zones = st.sampled_from(ZONES)
hours = st.times().map(lambda at: at.replace(second=0, microsecond=0))
instants = st.datetimes(datetime(2026, 12, 1), datetime(2028, 12, 31))  # noqa: DTZ001 - made aware
#: No clock changes in it, so that each line has one reading.
instants_of_a_week = st.datetimes(datetime(2027, 1, 12), datetime(2027, 1, 19)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0)
)


def timeline_of(instant: datetime, stated_in: str) -> Timeline:
    """An event at that instant, as the clocks of that zone show it; not in an hour that comes twice."""
    zone = "Etc/GMT+12" if stated_in == "AoE" else stated_in
    local = instant.replace(second=0, microsecond=0, tzinfo=UTC).astimezone(ZoneInfo(zone))
    assume(local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset())
    return timeline(event("x", when=f"{local:%Y-%m-%d %H:%M} {stated_in}"))


def moment_of(shown: Timeline) -> Instant:
    moment = shown.points[0].counts_to
    assert isinstance(moment, Instant)
    return moment


def sent(shown: Timeline, recipient: Recipient, reminder: Reminder) -> Message:
    """As it goes out when it is due."""
    alert = claimed_alert(reminder.key._replace(channel="terminal"), reminder.due)
    message = Composer(shown, [recipient]).message(alert, reminder.due)
    assert message is not None
    return message


def says(text: str, moment: Instant, own: datetime, language: Language) -> bool:
    """Whether it tells the instant by that clock, and as it is stated."""
    clock = f"{own:%H:%M}"
    stated = long_day(moment.local.date(), language)
    return long_day(own.date(), language) in text and clock in text and stated in text


@given(instants, st.sampled_from(("AoE", *ZONES)), zones, hours, languages)
@example(datetime(2027, 1, 16, 11, 59), "AoE", "America/Toronto", time(9), "en")  # noqa: DTZ001
@example(datetime(2027, 7, 16, 11, 59), "AoE", "Pacific/Kiritimati", time(0), "ja")  # noqa: DTZ001
def test_lead_countdown_and_day_of_a_reminder_agree_by_the_readers_clock(
    instant: datetime, stated_in: str, zone: str, at: time, language: Language
) -> None:
    shown = timeline_of(instant, stated_in)
    moment = moment_of(shown)
    recipient = Recipient("r", zone, at, language, LEADS)
    own = moment.utc.astimezone(ZoneInfo(zone))

    for reminder in all_reminders(shown, [recipient]):
        day, lead = reminder.due.astimezone(ZoneInfo(zone)).date(), reminder.lead
        assert lead is not None
        message = sent(shown, recipient, reminder)
        away = (own.date() - day).days
        on_eve = is_on_eve(lead, moment, recipient)

        assert reminder.due < moment.utc
        for text in (message.subject, message.blocks[0].text):
            assert countdown(day, own.date(), language) in text
            assert long_day(own.date(), language) in text
            assert stated_in == "AoE" or f"{own:%H:%M}" in text
        assert own.replace(tzinfo=None) == moment.local.replace(tzinfo=None) or says(
            message.text, moment, own, language
        )
        assert away == DAYS.get(str(lead), away) + on_eve
        assert (lead_text(lead, language, on_eve) == lead_text(lead, language)) == (not on_eve)


@given(instants, st.sampled_from(("AoE", *ZONES)), zones, st.integers(-4000, 4000), languages)
def test_a_list_says_under_which_day_an_instant_is_and_how_far_by_one_clock(
    instant: datetime, stated_in: str, zone: str, minutes: int, language: Language
) -> None:
    stated = timeline_of(instant, stated_in)
    moment = moment_of(stated)
    now = moment.utc + timedelta(minutes=minutes)
    shown = resolve(stated.agreements, now.date(), now=now)
    (point,), clock = shown.points, ReaderClock(zone, now)
    own, today = (at.astimezone(ZoneInfo(zone)).date() for at in (moment.utc, now))

    column = column_day(point, language, zone)
    away = countdown_text(point, shown.as_of, language, clock)

    assert column.removesuffix(" AoE") == short_day(own, language)
    assert away == countdown(today, own, language)
    assert point.past == (now >= moment.utc)
    assert point.past or own >= today


@given(instants, st.sampled_from(("AoE", *ZONES)), zones, st.integers(-4000, 4000), languages)
@example(datetime(2027, 1, 16, 11, 59), "AoE", "UTC", -30, "en")  # noqa: DTZ001 - some of it is left
def test_a_digest_has_an_instant_until_it_has_passed_and_says_how_far_it_is(
    instant: datetime, stated_in: str, zone: str, minutes: int, language: Language
) -> None:
    shown = timeline_of(instant, stated_in)
    moment = moment_of(shown)
    now = moment.utc + timedelta(minutes=minutes)
    reader = AlertReader(language, zone, now, shown)
    own = moment.utc.astimezone(ZoneInfo(zone))

    digest = digest_of(shown, Recipient("r", zone, language=language), reader.today, now)

    assert [point.event.id for point in digest.coming] == (["x"] if now < moment.utc else [])
    for point in digest.coming:
        text = coming_text(point, shown.agreements[0], reader)
        assert countdown(reader.today, own.date(), language) in text
        assert says(text, moment, own, language)


@given(
    st.lists(st.tuples(instants_of_a_week, st.sampled_from((None, "AoE", *ZONES))), min_size=2),
    st.lists(zones, min_size=1, max_size=2, unique=True),
    zones,
    instants_of_a_week,
    languages,
)
@example(  # the 16th on the island, and in Berlin the 15th, which is not over
    [(datetime(2027, 1, 15), None), (datetime(2027, 1, 15, 22), "Asia/Tokyo"),  # noqa: DTZ001
     (datetime(2027, 1, 15, 9), "UTC"), (datetime(2027, 1, 14), None)],  # noqa: DTZ001
    ["Europe/Berlin"], "Pacific/Kiritimati", datetime(2027, 1, 15, 19, 5), "en",  # noqa: DTZ001
)  # fmt: skip
def test_in_one_view_a_day_has_one_countdown_and_rows_stand_in_the_order_of_the_days_read(
    stated: list[tuple[datetime, str | None]],
    files: list[str],
    zone: str,
    instant: datetime,
    language: Language,
) -> None:
    now = instant.replace(tzinfo=UTC)
    agreements = [
        Agreement(file, (("en", file),), zone=file, events=tuple(
            event(f"x-{at}", file, when=line_of(*line)) for at, line in enumerate(stated)
        ))
        for file in files
    ]  # fmt: skip
    shown = resolve(agreements, now.astimezone(ZoneInfo(files[0])).date(), now=now)
    clock = ReaderClock(zone, now)
    groups = agenda_of(shown, zone)
    views = (groups.upcoming, groups.passed, in_list_order(shown, True, zone))

    countdowns: dict[str, str] = {}
    for points in views:
        read = [own_moment(point.counts_to, zone) for point in points]
        assert read == sorted(read)
        for point, (day, _) in zip(points, read, strict=True):
            column = column_day(point, language, zone).removesuffix(" AoE")
            away = countdown_text(point, shown.as_of, language, clock)
            assert column == short_day(day, language)
            assert away == countdowns.setdefault(column, away)
    today = now.astimezone(ZoneInfo(zone)).date()
    assert countdowns.get(short_day(today, language), "") in ("", countdown(today, today, language))

    digest = digest_of(shown, Recipient("r", zone, language=language), today, now)
    reader = AlertReader(language, zone, now, shown)
    listed = [point.key for point in (*digest.passed, *digest.coming)]
    assert sorted(listed) == sorted(point.key for point in shown.points)  # no day is in neither
    for points in (digest.passed, digest.coming):
        read = [own_moment(point.counts_to, zone) for point in points]
        assert read == sorted(read)
        for point, (day, _) in zip(points, read, strict=True):
            text = coming_text(point, shown.agreement(point.event.agreement), reader)
            assert countdown(today, day, language) in text


def line_of(instant: datetime, stated_in: str | None) -> str:
    """A day of that week, or an instant as the clocks of that zone show it."""
    if stated_in is None:
        return f"{instant:%Y-%m-%d}"
    zone = "Etc/GMT+12" if stated_in == "AoE" else stated_in
    return f"{instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {stated_in}"


def own_moment(moment: date | Instant | None, zone: str) -> tuple[date, datetime]:
    """What is read of a point in that zone: its day, and its hour, of a day after all hours."""
    if isinstance(moment, Instant):
        return moment.utc.astimezone(ZoneInfo(zone)).date(), moment.utc
    assert moment is not None
    return moment, datetime.max.replace(tzinfo=UTC)
