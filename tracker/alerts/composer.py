"""Messages, composed of what the ledger holds of an alert and of the timeline as it is now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any, NamedTuple

from tracker.agreements.amendments import events_on
from tracker.agreements.keys import split_name
from tracker.agreements.model import Event
from tracker.alerts.batch_body import BatchEntry, batch_body, batch_json, by_urgency
from tracker.alerts.channels import most_listed
from tracker.alerts.list_bodies import digest_body, nudge_body
from tracker.alerts.message import Block, Body, Message, MessageLinks
from tracker.alerts.reminder_body import reminder_body
from tracker.alerts.shortening import rest_block, see_block
from tracker.alerts.signed_links import Signer
from tracker.alerts.subjects import cut_subject
from tracker.feeds.calendar import EntryWrapper, entry_of
from tracker.feeds.entries import uid_of
from tracker.feeds.history import Entry
from tracker.feeds.json import point_json
from tracker.i18n.alerts import AlertReader
from tracker.i18n.points import name_of
from tracker.i18n.shell_words import shell_word
from tracker.i18n.translate import Language, translate
from tracker.i18n.weekdays import texts_with_days, with_weekdays
from tracker.reminders.acknowledgements import Acknowledgement, is_acknowledged
from tracker.reminders.batches import BATCH, SINGLE_KINDS
from tracker.reminders.digests import has_no_day, told_timeline
from tracker.reminders.due import CoverageKey, is_late
from tracker.reminders.plan import alert_subject
from tracker.reminders.recipients import Recipient
from tracker.store.batches import entries_of
from tracker.store.ledger import ClaimedAlert, agreements_named
from tracker.timeline.lookup import TimelineLookup
from tracker.timeline.points import Point, Timeline

#: By kind of message: the page that shows all it is about, where it is not the home page.
_PAGES = {"change": "changes"}


class Composer:
    """Composes the messages of one timeline. Several threads may use it at once."""

    def __init__(
        self,
        timeline: Timeline,
        recipients: Iterable[Recipient],
        acknowledgements: Sequence[Acknowledgement] = (),
        signer: Signer | None = None,
        entries: Callable[[Language], Mapping[str, Entry]] = lambda _language: {},
        *,
        ended: Collection[CoverageKey] = (),
        gone: Collection[tuple[str, str, str, str]] = (),
    ) -> None:
        """`entries` are those of the feed in a language, by UID; none where it is not served.

        `ended` is what recipients have unsubscribed from; `gone` are points that are missing now
        and may come back.
        """
        self.timeline = timeline
        self._recipients = {recipient.name: recipient for recipient in recipients}
        self._lookup = TimelineLookup(timeline)
        self._acknowledgements = acknowledgements
        self._signer = signer
        self._ended = ended
        self._gone = gone
        self._entries = entries
        self._with_days: dict[Language, dict[str, list[str]]] = {}
        self._wrappers: dict[Language, EntryWrapper] = {}

    @cached_property
    def _points(self) -> dict[tuple[str, ...], Point]:
        return {alert_subject(point): point for point in self.timeline.points}

    @cached_property
    def _events(self) -> dict[str, Event]:
        """By the id that each had first."""
        return {
            f"{event.agreement}/{event.first_id}": event
            for agreement in self.timeline.agreements
            for event in events_on(agreement, self.timeline.as_of)
        }

    @property
    def agreements(self) -> tuple[str, ...]:
        """The agreements of whose alerts it can compose messages."""
        return tuple(self._lookup.agreements)

    def knows(self, recipient: str) -> bool:
        """Whether there is a recipient of that name."""
        return recipient in self._recipients

    def awaits(self, alert: ClaimedAlert) -> bool:
        """Whether what it is about is missing from the files, perhaps for a while only.

        What is withdrawn does not come back.
        """
        key = alert.key
        if key.kind == BATCH:
            return bool(self.messages_awaited(alert))
        if key.subject not in self._gone or not self.knows(key.recipient) or self._has_ended(alert):
            return False
        event = self._events.get(key.event)
        return event is None or event.withdrawal() is None

    def messages_awaited(self, batch: ClaimedAlert) -> list[str]:
        """The identities of those of its reminders of which that is so."""
        return [entry.message for entry in entries_of(batch) if self.awaits(entry)]

    def is_owed(self, alert: ClaimedAlert) -> bool:
        """Whether what it reminds of is still so, and nobody has acknowledged it."""
        recipient = self._recipients.get(alert.key.recipient)
        if recipient is None or alert.key.kind not in SINGLE_KINDS:
            return True
        if self._has_ended(alert):
            return False
        return self._point_of(alert, recipient) is not None or self.awaits(alert)

    def message(self, alert: ClaimedAlert, now: datetime) -> Message | None:
        """The message of an alert; None: it would no longer be true."""
        recipient = self._recipients.get(alert.key.recipient)
        if recipient is None:
            return None
        reader = AlertReader(
            recipient.language, recipient.timezone, now, self.timeline, self._lookup
        )
        if alert.key.kind == BATCH:
            return self._batch_message(alert, recipient, reader)
        return self._message_of(alert, recipient, reader)

    def _message_of(
        self, alert: ClaimedAlert, recipient: Recipient, reader: AlertReader
    ) -> Message | None:
        alert = _with_lateness(alert, recipient, reader.now)
        draft = self._draft(alert, recipient, reader)
        if draft is None:
            return None
        links = None
        if self._signer is not None and alert.key.kind != "undelivered":  # nobody wants less of it
            links = self._signer.links(alert.message)
        point, language = draft.point, reader.language
        is_mail = alert.key.channel.startswith("mailto:")
        see = self._place_of(alert, point)

        def make_body() -> Body:
            subject, blocks = draft.make_body()
            quoted = self._quoted(language)
            blocks = tuple(_with_weekdays(block, language, quoted) for block in blocks)
            if any(block.more for block in blocks):
                blocks = (*blocks, rest_block(see, 0, language))
            elif see and alert.key.kind != "undelivered":  # whose advice names the command
                blocks = (*blocks, see_block(see, language))
            if point is not None:
                blocks = (*blocks, _acknowledge_block(point, links, language))
            if links is not None and is_mail:
                blocks = (*blocks, _unsubscribe_block(links, language))
            return Body(cut_subject(subject), blocks)

        if point is None:
            return Message(
                alert.message, alert.key, language, draft.thread, make_body, links, see=see
            )
        return Message(
            alert.message,
            alert.key,
            language,
            draft.thread,
            make_body,
            links,
            partial(self._calendar, point, language),
            partial(point_json, point, self._lookup.agreement_of(point), language),
            see,
        )

    def _batch_message(
        self, alert: ClaimedAlert, recipient: Recipient, reader: AlertReader
    ) -> Message | None:
        """About all of a batch that is still so; where that is one alone, its own message."""
        entries = [
            BatchEntry(_with_lateness(entry, recipient, reader.now), point)
            for entry in entries_of(alert)
            if not self._has_ended(entry) and (point := self._point_of(entry, recipient))
        ]
        if len(entries) == 1:
            message = self._message_of(entries[0].alert, recipient, reader)
            return None if message is None else replace(message, id=alert.message)
        if not entries:
            return None
        entries, signer, language = by_urgency(entries, reader), self._signer, reader.language
        links = None if signer is None else signer.links(alert.message)._replace(acknowledge="")
        is_mail = alert.key.channel.startswith("mailto:")

        def make_body() -> Body:
            subject, blocks = batch_body(entries, reader, signer, self._page_of)
            quoted = self._quoted(language)
            blocks = tuple(_with_weekdays(block, language, quoted) for block in blocks)
            if links is not None and is_mail:
                blocks = (*blocks, _unsubscribe_block(links, language))
            return Body(cut_subject(subject), blocks)

        return Message(
            alert.message,
            alert.key,
            language,
            alert.message,  # no thread: in one with others it would not be seen
            make_body,
            links,
            partial(self._calendars, [entry.point for entry in entries], language),
            see=self._place_of(alert, None),
            make_reminders=partial(batch_json, entries, reader, signer),
        )

    def _place_of(self, alert: ClaimedAlert, point: Point | None) -> str:
        """Where all can be seen that the message is about: a page, else what a command prints.

        "": nowhere, as the changes of an edit, which no two days tell apart.
        """
        kind = alert.key.kind
        event = self._event_of(alert, point)
        if self._signer is not None and kind != "undelivered":  # of which no page has a list
            path = f"events/{event.name}" if event is not None else _PAGES.get(kind, "")
            return self._signer.page(path)
        if point is None and event is not None:
            return f'tracker show "{event.name}"'
        if point is not None:
            return f'tracker show "{name_of(point, several=True)}"'
        if kind == "undelivered":
            return "tracker alerts list"
        if kind != "change":
            return "tracker agenda"
        days = alert.content.get("days")
        return f"tracker changes {days[0]} {days[1]}" if days else ""

    def _event_of(self, alert: ClaimedAlert, point: Point | None) -> Event | None:
        """The event that a message is about; None: it is about several, or one that is gone."""
        if point is not None:
            return point.event
        events = set(alert.content.get("events", ())) if alert.key.kind == "change" else set()
        if len(events) != 1 or alert.content.get("more"):
            return None
        return self._lookup.event(events.pop())

    def _draft(
        self, alert: ClaimedAlert, recipient: Recipient, reader: AlertReader
    ) -> _Draft | None:
        named = agreements_named(alert.key, alert.content)
        told = told_timeline(self.timeline, alert.key, self._ended, named)
        if told is None:
            return None
        match alert.key.kind:
            case "change" | "undelivered":
                return None if self._has_ended(alert) else self._written_draft(alert)
            case "digest":
                body = partial(digest_body, alert, recipient, reader, told, self._page_of)
                return _Draft("digest", body)
            case "nudge":
                return self._nudge_draft(alert, recipient, reader, told)
            case _ if self._has_ended(alert):
                return None
            case _:
                return self._reminder_draft(alert, recipient, reader)

    def _written_draft(self, alert: ClaimedAlert) -> _Draft:
        """As it was written down when that was seen: it cannot be computed again."""
        content = alert.content
        return _Draft(
            content["thread"],
            lambda: Body(content["subject"], _written_blocks(content, self._page_of)),
        )

    def _page_of(self, event: str) -> str | None:
        """The address of the event's page; None where there is no page, or no such event."""
        if self._signer is None or self._lookup.event(event) is None:
            return None
        return self._signer.page(f"events/{event}")

    def _has_ended(self, alert: ClaimedAlert) -> bool:
        """Whether its recipient has ended its channel for all agreements of which it tells."""
        key = alert.key
        named = agreements_named(key, alert.content) or {split_name(key.event)[0]}
        return all(CoverageKey(*key[:2], name) in self._ended for name in named)

    def _reminder_draft(
        self, alert: ClaimedAlert, recipient: Recipient, reader: AlertReader
    ) -> _Draft | None:
        point = self._point_of(alert, recipient)
        if point is None:
            return None
        make_body = partial(reminder_body, alert, point, recipient, reader)
        return _Draft(alert.key.event, make_body, point)

    def _point_of(self, alert: ClaimedAlert, recipient: Recipient) -> Point | None:
        """The point of which it reminds; None: it would no longer be true."""
        key = alert.key
        point = self._points.get(key.subject)
        if point is None or point.status == "occurred":
            return None
        if point.has_lapsed != (key.kind == "lapsed") or not (point.counts_to or point.last_day):
            return None
        if is_acknowledged(point, recipient.name, self._acknowledgements):
            return None
        return point

    def _nudge_draft(
        self, alert: ClaimedAlert, recipient: Recipient, reader: AlertReader, told: Timeline
    ) -> _Draft | None:
        names = set(alert.content.get("points", ()))
        points = [
            point
            for point in told.points
            if "/".join(point.first_key.columns) in names
            and has_no_day(point)
            and not is_acknowledged(point, recipient.name, self._acknowledgements)
        ]
        most = most_listed(alert.key.channel)
        return (
            _Draft("nudge", partial(nudge_body, points, reader, most, self._page_of))
            if points
            else None
        )

    def _quoted(self, language: Language) -> dict[str, list[str]]:
        """What others have written with days in it, by the days: it stays as they wrote it."""
        if language not in self._with_days:
            texts = texts_with_days(self._lookup.stated_texts, language)
            self._with_days[language] = texts
        return self._with_days[language]

    # -- what goes with it

    def _calendar(self, point: Point, language: Language) -> bytes:
        """The event alone, as it stands in the feed where that is served in that language."""
        entry = self._entry_of(point, language)
        return b"" if entry is None else self._wrapper(language).wrap(entry)

    def _calendars(self, points: Sequence[Point], language: Language) -> bytes:
        """The events of a batch, in one calendar."""
        entries = [self._entry_of(point, language) for point in points]
        return self._wrapper(language).wrap_all([entry for entry in entries if entry is not None])

    def _wrapper(self, language: Language) -> EntryWrapper:
        return self._wrappers.setdefault(language, EntryWrapper(self.timeline, language))

    def _entry_of(self, point: Point, language: Language) -> Entry | None:
        entry = self._entries(language).get(uid_of(point))
        return entry or entry_of(point, self._lookup.agreement_of(point), language)


def _with_lateness(alert: ClaimedAlert, recipient: Recipient, now: datetime) -> ClaimedAlert:
    """Marked as late where it is by now: what was refused meanwhile is late as well."""
    if not is_late(recipient, alert.due, now):
        return alert
    return alert._replace(content={**alert.content, "late": True})


class _Draft(NamedTuple):
    """A message before its links are known."""

    thread: str
    make_body: Callable[[], Body]
    point: Point | None = None  #: of which it reminds


def _acknowledge_block(point: Point, links: MessageLinks | None, language: Language) -> Block:
    """Where, or with which command, the point is acknowledged."""
    if links is not None:
        return Block("link", translate(language, "alert.answer"), links.acknowledge)
    command = f"tracker alerts ack {shell_word(name_of(point, several=True))}"
    return Block("text", translate(language, "alert.answer.command", command=command))


def _with_weekdays(block: Block, language: Language, quoted: dict[str, list[str]]) -> Block:
    """The block with the weekday of each day, unless it is in somebody else's words."""
    if block.kind == "quote":
        return block
    return block._replace(text=with_weekdays(block.text, language, quoted))


def _unsubscribe_block(links: MessageLinks, language: Language) -> Block:
    """Where messages to the address are ended, and begun again."""
    return Block("footer", translate(language, "alert.end"), links.unsubscribe)


def _written_blocks(
    content: Mapping[str, Any], page_of: Callable[[str], str | None]
) -> tuple[Block, ...]:
    """What was written down of what was seen; `page_of` gives the address of an event's page."""
    events = iter(content.get("events", ()))  # which earlier versions did not write down
    blocks = [Block(kind, text) for kind, text in content["blocks"]]
    for at, block in enumerate(blocks):
        if block.kind == "item" and (event := next(events, None)) is not None:
            blocks[at] = block._replace(url=page_of(event))
    if more := content.get("more"):  # by which earlier versions did not tell the last item
        last = max(at for at, block in enumerate(blocks) if block.kind == "item")
        blocks[last] = blocks[last]._replace(more=more)
    if opening := content.get("opening"):
        blocks.insert(0, Block("opening", opening))
    return tuple(blocks)
