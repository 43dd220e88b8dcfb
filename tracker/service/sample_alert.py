"""A sample of what a recipient gets, sent at once and written down nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from tracker import clock
from tracker.alerts.channel import BadAddress, ChannelSettings, Undelivered, use_once
from tracker.alerts.channels import channel_key_of, open_channel
from tracker.alerts.composer import Composer
from tracker.alerts.message import Block, Body, Message
from tracker.alerts.subjects import cut_subject
from tracker.config import Config
from tracker.failures.exceptions import reason_of
from tracker.i18n.translate import Language, translate
from tracker.reminders.plan import AlertKey, Plan
from tracker.reminders.recipients import Recipient
from tracker.store.database import Database
from tracker.store.held_channels import HeldChannels
from tracker.store.ledger import ClaimedAlert
from tracker.store.outbox import Outbox
from tracker.timeline.points import Timeline

#: Seconds for one channel: somebody sits before it, and a server that takes a minute is slow.
PATIENCE = 60.0


def send_sample(
    config: Config, timeline: Timeline, name: str, language: Language
) -> Iterator[tuple[str, str | None]]:
    """Sends it through each channel of the recipient; gives each with what went wrong."""
    recipient = next(person for person in config.everybody if person.name == name)
    if recipient is config.fallback:
        message = _fallback_sample(recipient)
    else:
        message = sample_message(timeline, recipient, clock.now())
    settings = ChannelSettings(config.delivery, clock.now)
    for channel_name in recipient.channels:
        address = config.addresses[channel_name]
        try:
            channel = open_channel(address, settings)
            key = message.key._replace(channel=channel_name)
            prepared = channel.prepare(replace(message, key=key), address)
            work = use_once(channel, channel.deliver(prepared))
            asyncio.run(asyncio.wait_for(work, PATIENCE))
        except (BadAddress, Undelivered) as error:
            yield channel_name, error.reason.text(language)
        except Exception as error:  # noqa: BLE001 - a library's: the other channels go on
            yield channel_name, reason_of(error, seconds=PATIENCE).text(language)
        else:
            yield channel_name, None


def note_success(config: Config, database: Database, name: str) -> None:
    """A sample has got through: what had held its channel is mended, and what waits goes out.

    Raises LedgerError.
    """
    key = channel_key_of(config.addresses[name])
    held_channels = HeldChannels(database)
    holds = held_channels.find(key)
    if not holds:
        return
    names = [
        address.name for address in config.addresses.values() if channel_key_of(address) == key
    ]
    with closing(Outbox(database)) as outbox:
        held_channels.end(key)
        for hold in holds.values():
            outbox.let_go(names, hold.error, clock.now())


def sample_message(timeline: Timeline, recipient: Recipient, now: datetime) -> Message:
    """The next reminder as it will be; where none is ahead, a word that all is well."""
    language, identity = recipient.language, str(uuid4())
    reminder = Plan(timeline, [recipient]).next_after(now)
    if reminder is not None:
        alert = ClaimedAlert(0, reminder.key, reminder.due, identity, {})
        message = Composer(timeline, [recipient]).message(alert, now)
        if message is not None:
            subject = translate(language, "alert.sample", subject=message.subject)
            body = Body(cut_subject(subject), message.blocks)
            return replace(message, make_body=lambda: body, thread=identity)
    return _plain_sample(recipient, "alert.sample.none", "alert.sample.what")


def _fallback_sample(fallback: Recipient) -> Message:
    """To whom no reminder goes."""
    return _plain_sample(fallback, "alert.sample.fallback", "alert.sample.fallback.what")


def _plain_sample(recipient: Recipient, says: str, what: str) -> Message:
    """A sample that says that and what is behind it, of which the sentences are named."""
    language, identity = recipient.language, str(uuid4())
    subject = translate(language, "alert.sample", subject=translate(language, says))
    key = AlertKey(recipient.name, "", "reminder", "", "", "", "", "")
    text = Block("text", translate(language, what))
    return Message(identity, key, language, identity, lambda: Body(subject, (text,)))
