"""What messages about many points say: digests, and nudges about what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeAlias

from tracker.alerts.channels import most_listed
from tracker.alerts.message import Block, Body
from tracker.alerts.shortening import more_block
from tracker.alerts.subjects import cut_subject, first_titles, titles_subject
from tracker.i18n.agenda import effects_text
from tracker.i18n.alerts import AlertReader, coming_text, open_text
from tracker.i18n.headings import AwaitedTitles
from tracker.i18n.points import title_in
from tracker.i18n.translate import translate
from tracker.i18n.weekdays import day_with_weekday
from tracker.reminders.digests import Digest, digest_of
from tracker.reminders.recipients import Recipient
from tracker.store.ledger import ClaimedAlert
from tracker.timeline.points import Point, Timeline

#: The address of an event's page, by the event's name; None: there is no page.
PageOf: TypeAlias = Callable[[str], str | None]
#: So many agreements are named in the sentence that a digest begins with.
_MOST_NAMED = 5
#: So much of what is waited for is told in a digest.
_MOST_GROUPS = 5


def digest_body(
    alert: ClaimedAlert,
    recipient: Recipient,
    reader: AlertReader,
    told: Timeline,
    page_of: PageOf,
) -> Body:
    """What passed, what comes, and how much waits, of the agreements of which it is to tell."""
    day = date.fromisoformat(alert.key.counts_to)
    digest = digest_of(told, recipient, max(day, reader.today), reader.now)
    language = reader.language
    until = day_with_weekday(digest.until, language)
    most = most_listed(alert.key.channel)
    titles = [title_in(agreement, language) for agreement in told.agreements]
    named = first_titles(titles, _MOST_NAMED, language)
    opening = "alert.digest.opening.passed" if digest.passed else "alert.digest.opening"
    blocks = [Block("opening", translate(language, opening, titles=named, day=until))]
    blocks += _section("alert.digest.passed", digest.passed, reader, most, page_of)
    blocks += _section("alert.digest.coming", digest.coming, reader, most, page_of, day=until)
    if not digest.coming:
        blocks.append(Block("text", translate(language, "alert.digest.none", day=until)))
    if digest.later is not None:
        text = coming_text(digest.later, reader.agreement_of(digest.later), reader)
        text = translate(language, "alert.digest.later", text=text)
        blocks.append(Block("text", text, has_titles=True))
    blocks += _waiting_blocks(digest, reader, most, page_of)
    subject = titles_subject(
        titles, language, lambda names: translate(language, "alert.digest", titles=names, day=until)
    )
    return Body(subject, tuple(blocks))


def _waiting_blocks(
    digest: Digest, reader: AlertReader, most: int | None, page_of: PageOf
) -> list[Block]:
    """How much has no day yet, and the first of what it waits for, with what would then happen."""
    if not digest.waiting:
        return []
    language = reader.language
    told = translate(language, "alert.digest.waiting", count=digest.waiting)
    groups = [group for group in digest.waiting_groups if group.triggers]
    if not groups:
        return [Block("text", told)]
    titles = AwaitedTitles(reader.timeline, language)
    several = len(reader.timeline.agreements) > 1
    shown = groups[: min(most or _MOST_GROUPS, _MOST_GROUPS)]
    blocks = [Block("heading", told)]
    for group in shown:
        text = effects_text(group, titles)
        if several:
            matter = reader.matter_of((*group.then, *group.moved)[0])
            text = translate(language, "alert.of", matter=matter, subject=text)
        page = page_of("/".join(group.triggers[0].event_key))
        blocks.append(Block("item", text, page))
    if len(groups) > len(shown):
        blocks.append(more_block(len(groups) - len(shown), language))
    return blocks


def nudge_body(
    points: Sequence[Point], reader: AlertReader, most: int | None, page_of: PageOf
) -> Body:
    """A question about each of those points, and how many others wait for it: most come first."""
    language = reader.language
    waiting = Counter(
        (dependent.event.agreement, key)
        for dependent in reader.timeline.points
        for key in dependent.waits_for
    )

    def waiting_for(point: Point) -> int:
        return waiting[point.event.agreement, point.key]

    points = sorted(points, key=waiting_for, reverse=True)
    blocks = [Block("text", translate(language, "alert.nudge.what"))]
    for point in points[:most]:
        text = open_text(point, waiting_for(point), reader)
        blocks.append(Block("item", text, page_of(point.event.name)))
    if most is not None and len(points) > most:
        blocks.append(more_block(len(points) - most, language))
    asked = translate(language, "alert.nudge", count=len(points))
    if len(reader.timeline.agreements) == 1:
        return Body(cut_subject(asked), tuple(blocks))
    subject = titles_subject(
        list(dict.fromkeys(map(reader.matter_of, points))),
        language,
        lambda names: translate(language, "alert.of", matter=names, subject=asked),
    )
    return Body(subject, tuple(blocks))


def _section(
    heading: str,
    points: Sequence[Point],
    reader: AlertReader,
    most: int | None,
    page_of: PageOf,
    **values: str,
) -> list[Block]:
    """A list of points below a heading; nothing where there are none."""
    if not points:
        return []
    blocks = [Block("heading", translate(reader.language, heading, **values))]
    blocks += [
        Block(
            "item",
            coming_text(point, reader.agreement_of(point), reader),
            page_of(point.event.name),
        )
        for point in points[:most]
    ]
    if most is not None and len(points) > most:
        blocks.append(more_block(len(points) - most, reader.language))
    return blocks
