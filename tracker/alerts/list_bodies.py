"""What messages about many points say: digests, and nudges about what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tracker.alerts.channels import most_listed
from tracker.alerts.message import Block, Body
from tracker.alerts.shortening import more_block
from tracker.i18n.alerts import AlertReader, coming_text, open_text
from tracker.i18n.dates import long_day
from tracker.i18n.points import titles_text
from tracker.i18n.translate import translate
from tracker.reminders.digests import digest_of
from tracker.reminders.recipients import Recipient
from tracker.store.ledger import ClaimedAlert
from tracker.timeline.points import Point, Timeline


def digest_body(
    alert: ClaimedAlert, recipient: Recipient, reader: AlertReader, told: Timeline
) -> Body:
    """What passed, what comes, and how much waits, of the agreements of which it is to tell."""
    day = date.fromisoformat(alert.key.counts_to)
    digest = digest_of(told, recipient, max(day, reader.today), reader.now)
    language = reader.language
    until = long_day(digest.until, language)
    most = most_listed(alert.key.channel)
    blocks = _section("alert.digest.passed", digest.passed, reader, most)
    blocks += _section("alert.digest.coming", digest.coming, reader, most, day=until)
    if not digest.coming:
        blocks.append(Block("text", translate(language, "alert.digest.none", day=until)))
    if digest.later is not None:
        text = coming_text(digest.later, reader.agreement_of(digest.later), reader)
        blocks.append(Block("text", translate(language, "alert.digest.later", text=text)))
    if digest.waiting:
        text = translate(language, "alert.digest.waiting", count=digest.waiting)
        blocks.append(Block("text", text))
    titles = titles_text(told.agreements, language)
    subject = translate(language, "alert.digest", titles=titles, day=until)
    return Body(subject, tuple(blocks))


def nudge_body(points: Sequence[Point], reader: AlertReader, most: int | None) -> Body:
    """A question about each of those points, and how many others wait for it."""
    language = reader.language
    blocks = [Block("text", translate(language, "alert.nudge.what"))]
    for point in points[:most]:
        waiting = sum(
            point.key in dependent.waits_for
            for dependent in reader.timeline.points
            if dependent.event.agreement == point.event.agreement
        )
        text = open_text(point, reader.agreement_of(point), waiting, language)
        blocks.append(Block("item", text))
    if most is not None and len(points) > most:
        blocks.append(more_block(len(points) - most, language))
    subject = translate(language, "alert.nudge", count=len(points))
    return Body(subject, tuple(blocks))


def _section(
    heading: str,
    points: Sequence[Point],
    reader: AlertReader,
    most: int | None,
    **values: str,
) -> list[Block]:
    """A list of points below a heading; nothing where there are none."""
    if not points:
        return []
    blocks = [Block("heading", translate(reader.language, heading, **values))]
    blocks += [
        Block("item", coming_text(point, reader.agreement_of(point), reader))
        for point in points[:most]
    ]
    if most is not None and len(points) > most:
        blocks.append(more_block(len(points) - most, reader.language))
    return blocks
