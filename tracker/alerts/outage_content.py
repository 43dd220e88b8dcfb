"""What a message says of a channel that does not take alerts: written down when that is seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tracker.alerts.shortening import cut_middle, more_block
from tracker.alerts.subjects import LONGEST_SUBJECT, cut_subject
from tracker.dates.instants import zone_of
from tracker.i18n.channels import channel_text
from tracker.i18n.dates import long_day
from tracker.i18n.directions import isolate
from tracker.i18n.translate import Language, comma_list, translate
from tracker.i18n.weekdays import with_short_days
from tracker.reminders.recipients import Recipient

#: So many of the alerts are named.
MOST_NAMED = 40


class MissedAlert(NamedTuple):
    """One of the alerts, in words."""

    label: str  #: what it is about, and on which day that is
    text: str  #: the same, with the kind of alert
    place: str  #: where its point is shown: an address or a command; "": it has none


class OutageFacts(NamedTuple):
    """What there is to say of a channel."""

    channel: str
    recipients: Sequence[str]  #: who misses something
    number: int
    since: datetime
    reason: str
    advice: str | None  #: what is to be mended; None: nobody knows
    missed: Sequence[MissedAlert]  #: as many as are named


def outage_content(facts: OutageFacts, reader: Recipient) -> dict[str, Any]:
    """The content of the alert, in the reader's language and by their clock."""
    language = reader.language
    since = facts.since.astimezone(zone_of(reader.timezone))
    values = {
        "channel": channel_text(facts.channel, language),
        "recipients": comma_list(map(isolate, facts.recipients), language),
        "count": facts.number,
        "day": long_day(since.date(), language),
        "time": f"{since:%H:%M}",
        "reason": isolate(facts.reason),
    }
    advice = facts.advice or translate(language, "alert.undelivered.mend")
    blocks = [["text", translate(language, "alert.undelivered.what", **values)]]
    blocks.append(["heading", translate(language, "alert.undelivered.missed")])
    for missed in facts.missed:
        name = "alert.undelivered.item" if missed.place else "alert.undelivered.item.alone"
        text = translate(language, name, text=isolate(missed.text), place=missed.place)
        blocks.append(["item", text])
    if rest := facts.number - len(facts.missed):
        blocks.append(["item", more_block(rest, language).text])
    blocks.append(["text", advice])
    blocks.append(["text", translate(language, "alert.undelivered.advice")])
    more = {"more": rest} if rest else {}
    return {
        "subject": _subject(facts, reader.language),
        "thread": f"undelivered/{facts.channel}",
        "blocks": blocks,
        "recipients": list(facts.recipients),
        **more,
    }


def _subject(facts: OutageFacts, language: Language) -> str:
    """How many, and which is the first: of an SMS this may be all that there is room for.

    Letters of the day and words give way before the title does.
    """
    label = isolate(facts.missed[0].label)
    short = with_short_days(label, language)
    usual, brief = "alert.undelivered", "alert.undelivered.brief"
    for name, text in ((usual, label), (usual, short), (brief, short)):
        subject = translate(language, name, count=facts.number, label=text)
        if len(subject) <= LONGEST_SUBJECT:
            return subject
    room = LONGEST_SUBJECT - len(translate(language, brief, count=facts.number, label=""))
    subject = translate(language, brief, count=facts.number, label=cut_middle(short, room))
    return cut_subject(subject)
