"""Messages as tracker makes them, for tests of what carries them."""

from __future__ import annotations

from datetime import UTC, datetime, time

from tests.shipped import timeline
from tracker.alerts.composer import Composer
from tracker.alerts.message import Message
from tracker.alerts.signed_links import Signer
from tracker.dates.lead_times import parse_lead
from tracker.i18n.translate import Language
from tracker.reminders.plan import AlertKey, Plan
from tracker.reminders.recipients import Recipient
from tracker.store.ledger import ClaimedAlert
from tracker.store.message_ids import message_id
from tracker.timeline.points import Timeline

NOW = datetime(2030, 12, 1, 9, 30, tzinfo=UTC)
URL = "https://deadlines.example.org"
SIGNER = Signer(b"0" * 32, URL)
DUE = datetime(2030, 12, 1, 8, tzinfo=UTC)


def claimed_alert(key: AlertKey, due: datetime = DUE, **content: object) -> ClaimedAlert:
    return ClaimedAlert(1, key, due, message_id(key), content)


def reminder(
    shown: Timeline | None = None,
    language: Language = "en",
    signer: Signer | None = SIGNER,
    event: str = "microsoft-openai/research-ip",
    now: datetime = NOW,
    **content: object,
) -> Message:
    """The reminder of 30 days before the end of an event, of the shipped agreement's research IP."""
    shown = shown or timeline()
    recipient = Recipient(
        "legal",
        "Europe/Berlin",
        time(9),
        language,
        (parse_lead("30 days"),),
        ("mailto:legal@example.org",),
    )
    planned = next(
        planned
        for planned in Plan(shown, [recipient]).between(
            datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
        )
        if planned.key.event == event
    )
    key = planned.key._replace(channel=recipient.channels[0])
    message = Composer(shown, [recipient], (), signer).message(
        claimed_alert(key, planned.due, **content), now
    )
    assert message is not None
    return message
