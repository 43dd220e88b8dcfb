"""What a message about one point says: a reminder, a last call, what has passed or lapsed."""

from __future__ import annotations

from tracker.agreements.model import Agreement, text_in
from tracker.alerts.message import Block, Body
from tracker.dates.lead_times import parse_lead
from tracker.i18n.alerts import (
    AlertReader,
    clock_or_window_text,
    late_text,
    movers_of,
    other_leads_text,
    subject_of,
    why_of,
)
from tracker.i18n.amendments import amendment_sentences
from tracker.i18n.translate import translate
from tracker.reminders.plan import is_on_eve
from tracker.reminders.recipients import Recipient
from tracker.store.ledger import ClaimedAlert
from tracker.timeline.points import Point


def reminder_body(
    alert: ClaimedAlert, point: Point, recipient: Recipient, reader: AlertReader
) -> Body:
    """The subject and what stands below it."""
    kind, moment, agreement = (
        alert.key.kind,
        point.counts_to or point.last_day,
        reader.agreement_of(point),
    )
    if point.bounds.forecast and kind in ("last-call", "passed") and point.stands:
        moment = point.stands.latest
    subject = subject_of(kind, point, agreement, moment or reader.today, reader)
    blocks = (*_remarks(alert, point, recipient, reader), *_grounds(point, agreement, reader))
    return Body(subject, blocks)


def _remarks(
    alert: ClaimedAlert, point: Point, recipient: Recipient, reader: AlertReader
) -> list[Block]:
    """What has to be known beside the day."""
    texts = []
    if time_text := clock_or_window_text(point, reader):
        texts.append(time_text)
    if alert.content.get("late"):
        texts.append(late_text(alert.due, reader))
    if leads := list(map(parse_lead, alert.content.get("leads", ()))):
        eves = (is_on_eve(lead, point.counts_to, recipient) for lead in leads)
        texts.append(other_leads_text(zip(leads, eves, strict=True), reader.language))
    if alert.key.lead.startswith("snoozed"):
        texts.append(translate(reader.language, "alert.snoozed"))
    return [Block("remark", text) for text in texts]


def _grounds(point: Point, agreement: Agreement, reader: AlertReader) -> list[Block]:
    """Why it is that day, what would move it, and what the event rests on."""
    language = reader.language
    blocks = []
    if why := why_of(point, reader):
        blocks.append(Block("text", why))
    amended = amendment_sentences(point.key, agreement, reader.timeline.as_of, language)
    blocks += [Block("text", text) for text in amended]
    if movers := movers_of(point, reader):
        blocks.append(Block("heading", translate(language, "alert.movers")))
        blocks += [Block("item", text) for text in movers]
    event = point.event
    if event.quote:
        blocks.append(Block("quote", translate(language, "why.quote", quote=event.quote)))
    if source := agreement.source(event.source):
        title = text_in(source.title, language, agreement.language)
        text = translate(language, "why.source", title=title)
        blocks.append(Block("text", f"{text}\n{source.url}" if source.url else text))
    if event.note:
        note = text_in(event.note, language, agreement.language)
        blocks.append(Block("text", translate(language, "why.note", note=note)))
    return blocks
