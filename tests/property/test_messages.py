"""Whatever the agreements, a message says which matter, which event, and on which day of the week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time

from hypothesis import example, given
from hypothesis import strategies as st

from tests.alerts.samples import SIGNER, claimed_alert
from tests.property.agreements import DAYS, agreements
from tests.property.examples import examples
from tests.property.test_changes import sound
from tests.property.test_sentences import EVERY_WAY
from tracker.agreements.model import Agreement
from tracker.alerts.change_content import change_contents
from tracker.alerts.composer import Composer
from tracker.alerts.message import Message
from tracker.dates.lead_times import parse_lead
from tracker.files.loading import read
from tracker.i18n.dates import days_in
from tracker.i18n.translate import LANGUAGES, Language, catalogue
from tracker.reminders.plan import AlertKey, Plan
from tracker.reminders.recipients import Recipient
from tracker.timeline.comparison import changes
from tracker.timeline.differences import reportable
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

EARLIEST, LATEST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)
LEADS = tuple(map(parse_lead, ("1 month", "2 hours", "0 days", "3 days after")))
#: What a message about a point can be; each is composed of each point, whenever it would be due.
KINDS = ("reminder", "last-call", "lapsed", "passed")
LONG = "An agreement whose title nobody has ever shortened, " * 9
languages = st.sampled_from(LANGUAGES)
titles = st.sampled_from(
    ["Lease 7", LONG, "Re: 契約書 第7号", "דיון בבקשה!", "👨\u200d👩\u200d👧" * 60]
)
zones = st.sampled_from(["UTC", "Asia/Tokyo", "America/St_Johns"])


def several(text: str, title: str) -> list[Agreement]:
    """That agreement under that title, and another beside it."""
    (agreement,) = sound(text)
    timed = 'id = "b"\ntimezone = "Asia/Kolkata"\n' + "".join(
        f'[[event]]\nid = "e{at}"\ntitle = "Call"\nwhen = "{when}"\n'
        for at, when in enumerate(
            ("2027-03-01 23:59 AoE", "2028-01-10 09:00", "not after 2027-05-05")
        )
    )
    (beside,) = read(["b.toml"], [timed.encode()])[0]
    return [agreement_titled(agreement, title), beside]


def agreement_titled(agreement: Agreement, title: str) -> Agreement:
    return replace(agreement, title=(("en", title),))


def messages_of(
    shown: Timeline, before: list[Agreement], recipient: Recipient, now: datetime
) -> Iterator[Message]:
    """One of each kind about each event, a digest, and what changed since a day."""
    composer = Composer(shown, [recipient], (), SIGNER if now.day % 2 else None)
    told: set[tuple[str, str]] = set()
    for planned in Plan(shown, [recipient]).between(EARLIEST, LATEST):
        if (planned.key.event, planned.key.point) in told:
            continue
        told.add((planned.key.event, planned.key.point))
        for kind in KINDS:
            key = planned.key._replace(kind=kind, channel="terminal")
            message = composer.message(claimed_alert(key, planned.due), now)
            if message is not None:
                yield message
    key = AlertKey(recipient.name, "terminal", "digest", "", "", "", str(now.date()), "")
    contents = change_contents(
        seen := changes(before, shown.agreements, shown.as_of, shown.as_of),
        reportable(seen.changed),
        recipient.language,
        recipient.timezone,
        {None},
    )
    alerts = [claimed_alert(key, now)]
    alerts += [
        claimed_alert(key._replace(kind="change"), now, **content) for content in contents.values()
    ]
    for alert in alerts:
        message = composer.message(alert, now)
        assert message is not None
        yield message


def lacks_a_weekday(text: str, language: Language) -> list[date]:
    """The days in the text that stand without their weekday."""
    lacking = []
    for begin, end, day in days_in(text, language):
        weekday = catalogue(language)[f"weekday.{day.weekday()}"]
        before, behind = text[:begin], text[end:]
        if language == "en" and before.endswith((f"{weekday}, ", f"{weekday[:3]} ")):
            continue
        if language != "ja" or not behind.startswith(f"({weekday})"):
            lacking.append(day)
    return lacking


@examples(25)
@example(EVERY_WAY, date(2027, 5, 31), "Lease 7", "en", "UTC")
@example(EVERY_WAY, date(2027, 5, 31), LONG, "ja", "Asia/Tokyo")
@given(agreements(), DAYS, titles, languages, zones)
def test_a_message_says_which_matter_which_event_and_which_weekday(
    text: str, as_of: date, title: str, language: Language, zone: str
) -> None:
    loaded = several(text, title)
    shown = resolve(loaded, as_of)
    recipient = Recipient("r", zone, time(9), language, LEADS)
    nothing = [agreement_without_events(agreement) for agreement in loaded]
    by_name = {event.name: event for event in shown.events}
    matters = {agreement.id: agreement.title[0][1] for agreement in loaded}

    for message in messages_of(shown, nothing, recipient, datetime.combine(as_of, time(12), UTC)):
        subject, said = message.subject, message.text
        assert len(subject) <= 78, subject
        assert "\n" not in subject
        assert lacks_a_weekday(subject, language) == lacks_a_weekday(said, language) == []
        opening = message.blocks[0]
        assert opening.kind == "opening"
        assert opening.text.endswith("." if language == "en" else "。")
        assert opening.text[0] not in "-•("
        event = by_name.get(message.key.event)
        if message.key.kind in KINDS and event is not None:
            matter = matters[event.agreement]
            assert matter in opening.text
            assert event.title[0][1] in opening.text
            assert f"{event.agreement}/{event.id}" in said
        else:
            assert all(matter in said for matter in matters.values())


def agreement_without_events(agreement: Agreement) -> Agreement:
    return replace(agreement, events=(), amendments=())
