"""What a message says that names several reminders of one recipient: a batch.

What passed with nothing recorded stands first, then what comes, then what has lapsed, each by its
day. Each entry says what its reminder would say alone in its subject, of which agreement, and where
or with which command it is acknowledged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tracker.alerts.list_bodies import PageOf
from tracker.alerts.message import Block, Body
from tracker.alerts.reminder_body import reminded_moment
from tracker.alerts.signed_links import Signer
from tracker.alerts.subjects import SubjectWith, first_titles, fit_subject
from tracker.dates.bounds import order_key
from tracker.dates.instants import Moment, zone_of
from tracker.feeds.json import point_json
from tracker.i18n.alerts import BREVITIES, AlertReader, Brevity, day_in_subject, subject_of
from tracker.i18n.dates import long_day
from tracker.i18n.directions import isolate
from tracker.i18n.instants import own_moment_text
from tracker.i18n.points import label_of, name_of, title_of
from tracker.i18n.shell_words import shell_word
from tracker.i18n.translate import Language, comma_list, translate
from tracker.store.ledger import ClaimedAlert
from tracker.timeline.points import Point

#: So many agreements are named in the sentence with which it begins.
_MOST_TITLES = 3
_PASSED, _COMING, _LAPSED = range(3)
_HEADINGS = {
    _PASSED: "alert.digest.passed",
    _COMING: "alert.reminders.coming",
    _LAPSED: "alert.reminders.lapsed",
}


class BatchEntry(NamedTuple):
    """One of the reminders, and the point of which it reminds."""

    alert: ClaimedAlert
    point: Point

    @property
    def moment(self) -> Moment:
        """The one that it is about: of a forecast's last call the last of its window."""
        return reminded_moment(self.alert.key.kind, self.point)

    @property
    def section(self) -> int:
        """Below which heading it stands."""
        if self.alert.key.kind == "lapsed":
            return _LAPSED
        is_overdue = self.point.past and self.point.side == "when"
        return _PASSED if self.alert.key.kind == "passed" or is_overdue else _COMING


def by_urgency(entries: Sequence[BatchEntry], reader: AlertReader) -> list[BatchEntry]:
    """By what is urgent, and then by day."""

    def key(entry: BatchEntry) -> tuple[int, datetime, list[tuple[str, int, str]]]:
        at = order_key(entry.moment, reader.zone)[0]
        return entry.section, at, _natural_key(entry.point.event.name)

    return sorted(entries, key=key)


def _natural_key(name: str) -> list[tuple[str, int, str]]:
    """By which names are sorted as people count: lease-6 before lease-11."""
    return [
        (letters, len(digits), digits)
        for letters, digits in re.findall(r"([^0-9]*)0*([0-9]*)", name)
    ]


def batch_body(
    entries: Sequence[BatchEntry], reader: AlertReader, signer: Signer | None, page_of: PageOf
) -> Body:
    """The subject, which names the first, and the lists."""
    language = reader.language
    matters = list(dict.fromkeys(reader.matter_of(entry.point) for entry in entries))
    blocks = [_opening(entries, matters, reader), *_remarks(entries, reader)]
    how = "alert.reminders.links" if signer is not None else "alert.reminders.commands"
    blocks.append(Block("text", translate(language, how)))
    for section, heading in _HEADINGS.items():
        listed = [entry for entry in entries if entry.section == section]
        if listed:
            blocks.append(Block("heading", translate(language, heading)))
            texts = (_text_of(entry, len(matters) > 1, reader) for entry in listed)
            blocks += [
                Block(
                    "item",
                    text,
                    page_of(entry.point.event.name),
                    0,
                    *_end_of(entry, signer, language),
                )
                for entry, text in zip(listed, texts, strict=True)
            ]
    return Body(_subject(entries, reader), tuple(blocks))


def _subject(entries: Sequence[BatchEntry], reader: AlertReader) -> str:
    """How many there are, and the first of them: what is long is cut."""
    point, moment, language = entries[0].point, entries[0].moment, reader.language
    agreement = reader.agreement_of(point)

    def way(name: str, brevity: Brevity) -> SubjectWith:
        def subject_with(matter: str, title: str) -> str:
            label = label_of(point, agreement, language, title)
            if matter:
                label = translate(language, "alert.of", matter=matter, subject=label)
            return translate(
                language,
                name,
                count=len(entries),
                label=label,
                countdown=reader.countdown(moment),
                day=day_in_subject(moment, reader, brevity),
            )

        return subject_with

    ways = [way("alert.reminders", brevity) for brevity in BREVITIES[:3]]
    ways.append(way("alert.reminders.day", BREVITIES[2]))  # still so on the morning after

    is_alone = len(reader.timeline.agreements) == 1
    matter = "" if is_alone else reader.matter_of(point)
    return fit_subject(ways, matter, title_of(point.event, agreement, language))


def _opening(entries: Sequence[BatchEntry], matters: Sequence[str], reader: AlertReader) -> Block:
    """What it is, in a sentence: how many, for whom, of which agreements, the first day."""
    text = translate(
        reader.language,
        "alert.reminders.opening",
        count=len(entries),
        recipient=isolate(entries[0].alert.key.recipient),
        titles=first_titles(matters, _MOST_TITLES, reader.language),
        day=own_moment_text(entries[0].moment, reader.language, reader.zone),
    )
    return Block("opening", text)


def _remarks(entries: Sequence[BatchEntry], reader: AlertReader) -> Iterator[Block]:
    """That some are late, or all, and since when; and of which it was told that they had passed."""
    if count := sum("corrects" in entry.alert.content for entry in entries):
        yield Block("remark", translate(reader.language, "alert.reminders.not-passed", count=count))
    late = [entry.alert.due for entry in entries if entry.alert.content.get("late")]
    if late:
        first = min(late).astimezone(zone_of(reader.zone))
        day = long_day(first.date(), reader.language)
        values = {"count": len(late), "day": day, "time": f"{first:%H:%M}"}
        name = "alert.reminders.late" if len(late) < len(entries) else "alert.reminders.late.all"
        yield Block("remark", translate(reader.language, name, **values))


def _text_of(entry: BatchEntry, has_matter: bool, reader: AlertReader) -> str:
    """What a reminder says alone in its subject, of which agreement, and whom it concerns."""
    point, language = entry.point, reader.language
    agreement = reader.agreement_of(point)
    text = subject_of(entry.alert.key.kind, point, agreement, entry.moment, reader)
    if has_matter:
        text = translate(language, "alert.of", matter=reader.matter_of(point), subject=text)
    if not point.event.parties:
        return text
    parties = comma_list(point.event.parties, language)
    return translate(language, "alert.reminders.entry", text=text, parties=parties)


def _end_of(entry: BatchEntry, signer: Signer | None, language: Language) -> tuple[str, str]:
    """Where its reminders are ended, and what that is called; else the command."""
    if signer is None:
        return f"tracker alerts ack {shell_word(name_of(entry.point, several=True))}", ""
    links = signer.links(entry.alert.message)
    return links.acknowledge, translate(language, "alert.answer")


def batch_json(
    entries: Sequence[BatchEntry], reader: AlertReader, signer: Signer | None
) -> list[dict[str, Any]]:
    """The same for programs: each as the webhook of its reminder alone would have it."""
    return [
        {
            "kind": entry.alert.key.kind,
            "event": entry.alert.key.event,
            "point": entry.alert.key.point,
            "occurrence": entry.alert.key.occurrence or None,
            "counts_to": entry.alert.key.counts_to or None,
            "lead": entry.alert.key.lead or None,
            "answer": signer.links(entry.alert.message).acknowledge if signer else None,
            "data": point_json(entry.point, reader.agreement_of(entry.point), reader.language),
        }
        for entry in entries
    ]
