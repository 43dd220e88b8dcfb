"""What a message about one point says: a reminder, a last call, what has passed or lapsed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.agreements.model import text_in
from tracker.alerts.message import Block, Body
from tracker.alerts.subjects import point_subject
from tracker.dates.instants import Moment
from tracker.dates.lead_times import parse_lead
from tracker.i18n.alert_sentences import (
    consequences_of,
    dependents_of,
    movers_of,
    moves_of,
    opening_of,
    remarks_of,
    why_of,
)
from tracker.i18n.alerts import AlertReader, late_text, other_leads_text
from tracker.i18n.amendments import amendment_sentences
from tracker.i18n.translate import comma_list, translate
from tracker.reminders.plan import is_on_eve
from tracker.reminders.recipients import Recipient
from tracker.store.ledger import ClaimedAlert
from tracker.timeline.points import Point


def reminder_body(
    alert: ClaimedAlert, point: Point, recipient: Recipient, reader: AlertReader
) -> Body:
    """The subject and what stands below it."""
    kind = alert.key.kind
    moment = reminded_moment(kind, point)
    texts = [
        *remarks_of(moment, reader),
        *consequences_of(kind, point, reader),
        *_circumstances(alert, point, recipient, reader),
    ]
    blocks = (
        Block("opening", opening_of(kind, point, moment, reader)),
        *(Block("remark", text) for text in texts),
        *_dependents(kind, point, reader),
        *_grounds(point, reader),
    )
    return Body(point_subject(kind, point, moment, reader), blocks)


def reminded_moment(kind: str, point: Point) -> Moment:
    """The moment that an alert of that kind is about: of a forecast's last call the last one."""
    if point.bounds.forecast and kind in ("last-call", "passed") and point.stands:
        return point.stands.latest
    return point.counts_to or point.last_day or date.max  # of a reminder, one of them is there


def _circumstances(
    alert: ClaimedAlert, point: Point, recipient: Recipient, reader: AlertReader
) -> Iterator[str]:
    """Why it comes now: late, in place of others, or as its reader has asked for it."""
    if alert.content.get("corrects"):
        yield translate(reader.language, "alert.not-passed")
    if alert.content.get("late"):
        yield late_text(alert.due, reader)
    if leads := list(map(parse_lead, alert.content.get("leads", ()))):
        eves = (is_on_eve(lead, point.counts_to, recipient) for lead in leads)
        yield other_leads_text(zip(leads, eves, strict=True), reader.language)
    if alert.key.lead.startswith("snoozed"):
        yield translate(reader.language, "alert.snoozed")


def _dependents(kind: str, point: Point, reader: AlertReader) -> Iterator[Block]:
    """What hangs on it, where it has passed or lapsed."""
    if texts := dependents_of(kind, point, reader):
        yield Block("heading", translate(reader.language, "alert.dependents"))
        yield from (Block("item", text) for text in texts)


def _grounds(point: Point, reader: AlertReader) -> list[Block]:
    """Whom it concerns, why it is that day, what would move it, and what the event rests on."""
    agreement, language, event = reader.agreement_of(point), reader.language, point.event
    blocks = []
    if event.parties:
        parties = comma_list(event.parties, language)
        blocks.append(
            Block("text", translate(language, "alert.parties", parties=parties), has_titles=True)
        )
    if why := why_of(point, reader):
        blocks.append(Block("text", why, has_titles=True))
    amended = amendment_sentences(point.key, agreement, reader.timeline.as_of, language)
    blocks += [Block("text", text, has_titles=True) for text in amended]
    blocks += [Block("text", text, has_titles=True) for text in moves_of(point, reader)]
    if movers := movers_of(point, reader):
        blocks.append(Block("heading", translate(language, "alert.movers")))
        blocks += [Block("item", text) for text in movers]
    if event.quote:
        blocks.append(Block("quote", translate(language, "why.quote", quote=event.quote)))
    if source := agreement.source(event.source):
        title = text_in(source.title, language, agreement.language)
        text = translate(language, "why.source", title=title)
        text = f"{text}\n{source.url}" if source.url else text
        blocks.append(Block("text", text, has_titles=True))
    if event.note:
        note = text_in(event.note, language, agreement.language)
        blocks.append(Block("text", translate(language, "why.note", note=note)))
    return blocks
