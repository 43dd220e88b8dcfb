"""Messages, made from what the ledger has of an alert and from the timeline as it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, partial
from typing import NamedTuple

from tracker.agreements.model import Agreement, text_in
from tracker.alerts.message import Block, Body, Message, MessageLinks
from tracker.alerts.signed_links import Signer
from tracker.dates.instants import day_in
from tracker.dates.lead_times import parse_lead
from tracker.feeds.calendar import EntryWrapper, entry_of
from tracker.feeds.entries import uid_of
from tracker.feeds.history import Entry
from tracker.feeds.json import point_json
from tracker.i18n.alerts import (
    AlertReader,
    clock_or_window_text,
    coming_text,
    late_text,
    movers_of,
    open_text,
    other_leads_text,
    subject_of,
    why_of,
)
from tracker.i18n.dates import long_day
from tracker.i18n.points import name_of, titles_text
from tracker.i18n.translate import Language, translate
from tracker.reminders.acknowledgements import Acknowledgement, key_in
from tracker.reminders.digests import digest_of
from tracker.reminders.due import is_acknowledged
from tracker.reminders.recipients import Recipient
from tracker.store.ledger import ClaimedAlert
from tracker.timeline.points import Point, Timeline

#: A list in a message has so many items at most, and says how many there are beside them.
MOST_LISTED = 40


class Composer:
    """Makes the messages of one timeline. Several threads may ask at once."""

    def __init__(
        self,
        timeline: Timeline,
        recipients: Iterable[Recipient],
        silences: Sequence[Acknowledgement] = (),
        signer: Signer | None = None,
        entries: Callable[[Language], Mapping[str, Entry]] = lambda _language: {},
    ) -> None:
        """`entries` are those of the feed in a language, by UID; none where it is not served."""
        self.timeline = timeline
        self._recipients = {one.name: one for one in recipients}
        self._agreements = {one.id: one for one in timeline.agreements}
        self._silences = silences
        self._signer = signer
        self._entries = entries
        self._wrappers: dict[Language, EntryWrapper] = {}

    @cached_property
    def _points(self) -> dict[tuple[str, str, str, str], Point]:
        return {key_in(point): point for point in self.timeline.points}

    @property
    def agreements(self) -> tuple[str, ...]:
        """Whose alerts it can make."""
        return tuple(self._agreements)

    def knows(self, recipient: str) -> bool:
        """Whether there is a recipient of that name."""
        return recipient in self._recipients

    def message(self, row: ClaimedAlert, now: datetime) -> Message | None:
        """The message of an alert; None: what it would say is no longer so."""
        recipient = self._recipients.get(row.key.recipient)
        if recipient is None:
            return None
        reader = AlertReader(recipient.language, recipient.timezone, now, self.timeline)
        made = self._made(row, recipient, reader)
        if made is None:
            return None
        links = self._signer.links(row.message) if self._signer is not None else None
        point, language = made.point, reader.language
        is_mail = row.key.channel.startswith("mailto:")

        def body() -> Body:
            subject, blocks = made.body()
            answer = () if point is None else (_answer(point, links, language),)
            end = (_end(links, language),) if links is not None and is_mail else ()
            return Body(subject, (*blocks, *answer, *end))

        if point is None:
            return Message(row.message, row.key, language, made.thread, body, links)
        return Message(
            row.message,
            row.key,
            language,
            made.thread,
            body,
            links,
            partial(self._calendar, point, language),
            partial(point_json, point, self._agreement(point), language),
        )

    def _made(self, row: ClaimedAlert, recipient: Recipient, reader: AlertReader) -> _Made | None:
        match row.key.kind:
            case "change":
                return _of_change(row)
            case "digest":
                return _Made("digest", partial(self._digest, row, recipient, reader))
            case "nudge":
                return self._nudge(row, recipient, reader)
            case _:
                return self._reminder(row, recipient, reader)

    # -- reminders, last calls, what has passed

    def _reminder(
        self, row: ClaimedAlert, recipient: Recipient, reader: AlertReader
    ) -> _Made | None:
        key = row.key
        point = self._points.get((key.event, key.point, key.occurrence, key.counts_to))
        if point is None or point.counts_to is None or point.status == "occurred":
            return None
        if is_acknowledged(point, recipient.name, self._silences):
            return None
        body = partial(self._said, row, point, recipient, reader)
        return _Made(key.event, body, point)

    def _said(
        self, row: ClaimedAlert, point: Point, recipient: Recipient, reader: AlertReader
    ) -> Body:
        key, moment = row.key, point.counts_to
        agreement = self._agreement(point)
        if point.bounds.forecast and key.kind in ("last-call", "passed") and point.stands:
            moment = point.stands.latest
        day = reader.today if moment is None else day_in(moment, recipient.timezone)
        subject = subject_of(key.kind, point, agreement, day, reader)
        blocks = (*self._remarks(row, point, reader), *self._grounds(point, agreement, reader))
        return Body(subject, blocks)

    def _remarks(self, row: ClaimedAlert, point: Point, reader: AlertReader) -> list[Block]:
        """What has to be known beside the day."""
        found = []
        if remark := clock_or_window_text(point, reader.language):
            found.append(remark)
        if row.content.get("late"):
            found.append(late_text(row.due, reader))
        if leads := row.content.get("leads"):
            found.append(other_leads_text(map(parse_lead, leads), reader.language))
        if row.key.lead.startswith("snoozed"):
            found.append(translate(reader.language, "alert.snoozed"))
        return [Block("remark", text) for text in found]

    def _grounds(self, point: Point, agreement: Agreement, reader: AlertReader) -> list[Block]:
        """Why, with the source's words, and what would move it."""
        language = reader.language
        blocks = []
        if why := why_of(point, reader):
            blocks.append(Block("text", why))
        if movers := movers_of(point, reader):
            blocks.append(Block("heading", translate(language, "alert.movers")))
            blocks += [Block("item", text) for text in movers]
        event = point.event
        if event.quote:
            blocks.append(Block("quote", translate(language, "why.quote", quote=event.quote)))
        if source := agreement.source(event.source):
            title = text_in(source.title, language, agreement.language)
            said = translate(language, "why.source", title=title)
            blocks.append(Block("text", f"{said}\n{source.url}" if source.url else said))
        if event.note:
            note = text_in(event.note, language, agreement.language)
            blocks.append(Block("text", translate(language, "why.note", note=note)))
        return blocks

    # -- digests and nudges

    def _digest(self, row: ClaimedAlert, recipient: Recipient, reader: AlertReader) -> Body:
        day = date.fromisoformat(row.key.counts_to)
        digest = digest_of(self.timeline, recipient, max(day, reader.today))
        language = reader.language
        until = long_day(digest.until, language)
        blocks = self._listed("alert.digest.passed", digest.passed, reader)
        blocks += self._listed("alert.digest.coming", digest.coming, reader, day=until)
        if not digest.coming:
            blocks.append(Block("text", translate(language, "alert.digest.none", day=until)))
        if digest.later is not None:
            text = coming_text(digest.later, self._agreement(digest.later), reader)
            blocks.append(Block("text", translate(language, "alert.digest.later", text=text)))
        if digest.waiting:
            text = translate(language, "alert.digest.waiting", count=digest.waiting)
            blocks.append(Block("text", text))
        titles = titles_text(self.timeline.agreements, language)
        subject = translate(language, "alert.digest", titles=titles, day=until)
        return Body(subject, tuple(blocks))

    def _nudge(self, row: ClaimedAlert, recipient: Recipient, reader: AlertReader) -> _Made | None:
        names = set(row.content.get("points", ()))
        asked = [
            point
            for point in self.timeline.points
            if "/".join(key_in(point)[:3]) in names
            and point.status == "waiting"
            and not is_acknowledged(point, recipient.name, self._silences)
        ]
        return _Made("nudge", partial(self._asked, asked, reader)) if asked else None

    def _asked(self, asked: Sequence[Point], reader: AlertReader) -> Body:
        language = reader.language
        blocks = [Block("text", translate(language, "alert.nudge.what"))]
        for point in asked[:MOST_LISTED]:
            name = name_of(point)
            waiting = sum(
                name in one.waits_for
                for one in self.timeline.points
                if one.event.agreement == point.event.agreement
            )
            text = open_text(point, self._agreement(point), waiting, language)
            blocks.append(Block("item", text))
        blocks += _more(len(asked), language)
        subject = translate(language, "alert.nudge", count=len(asked))
        return Body(subject, tuple(blocks))

    def _listed(
        self, heading: str, points: Sequence[Point], reader: AlertReader, **values: str
    ) -> list[Block]:
        if not points:
            return []
        blocks = [Block("heading", translate(reader.language, heading, **values))]
        blocks += [
            Block("item", coming_text(point, self._agreement(point), reader))
            for point in points[:MOST_LISTED]
        ]
        return blocks + _more(len(points), reader.language)

    def _agreement(self, point: Point) -> Agreement:
        return self._agreements[point.event.agreement]

    # -- what goes with it

    def _calendar(self, point: Point, language: Language) -> bytes:
        """The event alone, as it stands in the feed where that is served in that language."""
        wrapper = self._wrappers.setdefault(language, EntryWrapper(self.timeline, language))
        entry = self._entries(language).get(uid_of(point))
        if entry is None:
            entry = entry_of(point, self._agreement(point), language)
        return b"" if entry is None else wrapper.wrap(entry)


class _Made(NamedTuple):
    thread: str
    body: Callable[[], Body]
    point: Point | None = None


def _answer(point: Point, links: MessageLinks | None, language: Language) -> Block:
    """How to be reminded no more."""
    if links is not None:
        return Block("link", translate(language, "alert.answer"), links.acknowledge)
    command = f'tracker alerts ack "{name_of(point)}"'
    return Block("text", translate(language, "alert.answer.command", command=command))


def _end(links: MessageLinks, language: Language) -> Block:
    """Where the address can be taken off, and put back."""
    return Block("footer", translate(language, "alert.end"), links.unsubscribe)


def _of_change(row: ClaimedAlert) -> _Made:
    """As it was written down when the change was seen: nobody could tell it again."""
    content = row.content
    blocks = tuple(Block(kind, text) for kind, text in content["blocks"])
    return _Made(content["thread"], lambda: Body(content["subject"], blocks))


def _more(count: int, language: Language) -> list[Block]:
    if count <= MOST_LISTED:
        return []
    return [Block("item", translate(language, "alert.more", count=count - MOST_LISTED))]
