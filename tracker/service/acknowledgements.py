"""Acknowledgements that readers give: to all alerts of a point, or behind the link of one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from tracker.agreements.keys import PointKey
from tracker.alerts.signed_links import ACKNOWLEDGE, UNSUBSCRIBE, Signer
from tracker.dates.instants import zone_of
from tracker.i18n.dates import long_day
from tracker.i18n.instants import own_moment_text
from tracker.i18n.points import (
    day_text,
    is_some_day,
    label_of,
)
from tracker.i18n.translate import comma_list
from tracker.reminders.acknowledgements import (
    Acknowledgement,
    AcknowledgementKey,
    acknowledgement_key,
)
from tracker.reminders.due import last_moment
from tracker.reminders.plan import alert_subject, is_in_time
from tracker.reminders.recipients import Recipient
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import LedgerError
from tracker.store.ledger import Ledger, StoredAlert
from tracker.timeline.points import Point, Timeline
from tracker.web.site import AcknowledgementState, AlertView, ChannelSubscription

#: A reminder can be put off by so many days, where that is early enough.
PUT_OFF = (1, 7, 30)


class AcknowledgementsForAll:
    """Acknowledgements that hold for every recipient, as `tracker alerts ack` gives them."""

    def __init__(self, acknowledgements: Acknowledgements) -> None:
        self._acknowledgements = acknowledgements

    def acknowledged_keys(self, points: Sequence[Point]) -> frozenset[PointKey]:
        """Which of the points are acknowledged; none where the ledger cannot be read."""
        agreements = {point.event.agreement for point in points}
        try:
            given_to_all = self._acknowledgements.all(agreements)
            keys = {given.key for given in given_to_all if given.until is None}
        except LedgerError:
            return frozenset()
        return frozenset(point.key for point in points if acknowledgement_key(point) in keys)

    def acknowledge(self, point: Point, now: datetime) -> None:
        """Nobody is reminded of that point any more, unless its day moves."""
        self._acknowledgements.save([Acknowledgement(acknowledgement_key(point), now)])

    def take_back(self, point: Point) -> None:
        """It is to be reminded of again."""
        self._acknowledgements.remove(acknowledgement_key(point))


class AcknowledgementDesk:
    """Knows our own links, shows what they are about, and writes down what their readers want."""

    def __init__(
        self,
        recipients: Sequence[Recipient],
        ledger: Ledger,
        acknowledgements: Acknowledgements,
        signer: Signer,
        agreements: Callable[[], Collection[str]],
    ) -> None:
        """`agreements`: those that are loaded; a link to a point of any other is none of ours."""
        self._agreements = agreements
        self._recipients = {
            name: recipient for recipient in recipients for name in (recipient.name, *recipient.was)
        }
        self._ledger = ledger
        self._acknowledgements = acknowledgements
        self._signer = signer

    # -- one alert

    def view(
        self, message: str, signature: str, timeline: Timeline, now: datetime
    ) -> AlertView | None:
        """What that link is about; None: it is not ours."""
        linked = self._linked_alert(ACKNOWLEDGE, message, signature)
        if linked is None:
            return None
        alert, recipient = linked
        point = _point_of(alert, timeline)
        if point is None or point.day is None or point.status == "occurred":
            return AlertView(recipient.language, None, None, None, ())
        agreement = timeline.agreement(point.event.agreement)
        label = label_of(point, agreement, recipient.language)
        moment, language = point.counts_to, recipient.language
        shown = "" if moment is None else own_moment_text(moment, language, recipient.timezone)
        if is_some_day(point):
            shown = day_text(point, language)
        about = comma_list((label, shown), recipient.language)
        given = self._acknowledgement_of(point, recipient)
        state: AcknowledgementState | None = None
        if given is not None:
            state = "snoozed" if given.until else "acknowledged"
        until = long_day(given.until, recipient.language) if given and given.until else None
        today = now.astimezone(zone_of(recipient.timezone)).date()
        last = last_moment(point)
        snooze_days = tuple(
            days
            for days in PUT_OFF
            if last is not None and is_in_time(today + timedelta(days=days), last, recipient)
        )
        return AlertView(recipient.language, about, state, until, snooze_days)

    def acknowledge(
        self, message: str, signature: str, days: int | None, timeline: Timeline, now: datetime
    ) -> bool:
        """Acknowledges, or puts off by so many days; False where that cannot be."""
        view = self.view(message, signature, timeline, now)
        linked = self._linked_alert(ACKNOWLEDGE, message, signature)
        if view is None or view.about is None or linked is None:
            return False
        if days is not None and days not in view.snooze_days:
            return False
        alert, recipient = linked
        point = _point_of(alert, timeline)
        if point is None:
            return False
        today = now.astimezone(zone_of(recipient.timezone)).date()
        until = None if days is None else today + timedelta(days=days)
        given = Acknowledgement(acknowledgement_key(point, recipient.name), now, until)
        self._acknowledgements.save([given])
        return True

    def take_back(self, message: str, signature: str) -> bool:
        """The point is to be reminded of again."""
        linked = self._linked_alert(ACKNOWLEDGE, message, signature)
        if linked is None:
            return False
        alert, recipient = linked
        key = AcknowledgementKey(recipient.name, alert.key.point_key, alert.key.counts_to)
        return self._acknowledgements.remove(key)

    # -- a whole channel

    def subscription(self, message: str, signature: str) -> ChannelSubscription | None:
        """Which channel that link ends; None: it is not ours."""
        linked = self._linked_alert(UNSUBSCRIBE, message, signature)
        if linked is None:
            return None
        alert, recipient = linked
        channel, agreements = _channel_of(alert, recipient), self._agreements_of(alert)
        keys = self._acknowledgements.unsubscribed_channels(agreements)
        ended = {key.agreement for key in keys if key[:2] == (recipient.name, channel)}
        some = () if ended == agreements else tuple(sorted(ended))
        return ChannelSubscription(recipient.language, channel, ended == agreements, some)

    def change_subscription(self, message: str, signature: str, ends: bool, now: datetime) -> bool:
        """Ends a channel, or takes it up again."""
        linked = self._linked_alert(UNSUBSCRIBE, message, signature)
        if linked is None:
            return False
        alert, recipient = linked
        channel, agreements = _channel_of(alert, recipient), self._agreements_of(alert)
        if ends:
            self._acknowledgements.unsubscribe(recipient.name, channel, agreements, now)
        else:
            self._acknowledgements.subscribe(recipient.name, channel, agreements)
        return True

    # -- what is known

    def _linked_alert(
        self, purpose: str, message: str, signature: str
    ) -> tuple[StoredAlert, Recipient] | None:
        if not self._signer.is_ours(purpose, message, signature):
            return None
        alert = self._ledger.find_by_message(message)
        if alert is None or (recipient := self._recipients.get(alert.key.recipient)) is None:
            return None
        # Whoever was sent a message may end that, whatever is loaded by now.
        is_loaded = alert.agreements.issubset(self._agreements())
        return (alert, recipient) if is_loaded or purpose == UNSUBSCRIBE else None

    def _agreements_of(self, alert: StoredAlert) -> frozenset[str]:
        """Of which nothing goes out any more where the channel of that alert is ended."""
        loaded = frozenset(self._agreements())
        return alert.agreements | loaded if alert.agreement in loaded else alert.agreements

    def _acknowledgement_of(self, point: Point, recipient: Recipient) -> Acknowledgement | None:
        keys = {acknowledgement_key(point, name) for name in (recipient.name, "")}
        there = self._acknowledgements.all([point.event.agreement])
        return next((given for given in there if given.key in keys), None)


def _channel_of(alert: StoredAlert, recipient: Recipient) -> str:
    """Through which it came, as the recipient has it now."""
    return recipient.same_channel(alert.key.channel) or alert.key.channel


def _point_of(alert: StoredAlert, timeline: Timeline) -> Point | None:
    """The alert's point, where it still counts to that day."""
    subject = alert.key.subject
    return next((point for point in timeline.points if alert_subject(point) == subject), None)
