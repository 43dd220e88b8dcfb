"""Which channels of a recipient take the place of those that it has no longer.

Where an address is corrected, the recipient has a channel that is new and lacks one that it had:
what fell due since the old one was covered last is still to be sent, through the new one. A channel
that is added beside the others is covered from now on only, as one that was given up for a while
is when it comes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tracker.reminders.due import Coverage, CoverageKey
from tracker.reminders.recipients import Recipient

#: Channels that were covered last within so long of one another were so by one tracker.toml: quiet
#: hours may lie between, and an address is corrected in two steps.
_TOGETHER = timedelta(days=1)
#: What was covered within so long is covered by a process that runs.
FRESH = timedelta(minutes=15)


def replaced_channels(recipient: Recipient, covered: Mapping[str, Coverage]) -> list[str]:
    """The channels that the recipient had last, and has no longer, of those that were covered."""
    newest = max((coverage.last for coverage in covered.values()), default=None)
    return [
        channel
        for channel, coverage in covered.items()
        if channel not in recipient.channels
        and newest is not None
        and newest - coverage.last <= _TOGETHER
    ]


def begun_coverage(
    recipient: Recipient, covered: Mapping[str, Coverage], now: datetime
) -> dict[str, Coverage]:
    """How the channels are covered that the recipient did not have last, by their names.

    `covered` are the recipient's channels as one agreement's alerts have been looked for so far.

    >>> from datetime import UTC
    >>> then, now = datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 1, 9, tzinfo=UTC)
    >>> legal = Recipient("legal", "UTC", channels=("mailto:legal@example.org", "terminal"))
    >>> was = {"mailto:leagl@example.org": Coverage(then, then), "terminal": Coverage(then, then)}
    >>> [(name, str(new.first.date())) for name, new in begun_coverage(legal, was, now).items()]
    [('mailto:legal@example.org', '2030-01-01')]
    >>> beside = begun_coverage(legal, {"terminal": Coverage(then, then)}, now)
    >>> [(name, str(new.first.date())) for name, new in beside.items()]
    [('mailto:legal@example.org', '2030-01-09')]
    """
    if not covered:
        return {}
    newest = max(coverage.last for coverage in covered.values())
    replaced = replaced_channels(recipient, covered)
    begin = min((now, *(covered[channel].last for channel in replaced)))
    # Covered last when the others were: none of them is to look as if it had been given up since.
    last = begin if replaced else min(now, newest)
    return {
        channel: Coverage(begin, last)
        for channel in recipient.channels
        if channel not in covered or newest - covered[channel].last > _TOGETHER
    }


def inherited_coverage(
    recipients: Sequence[Recipient], covered: Mapping[CoverageKey, Coverage]
) -> dict[CoverageKey, tuple[str, datetime]]:
    """Channels that nobody has looked after under their recipient's name, but under another, who
    has them no longer: under which, and until when. So it is where a name was changed.

    >>> from datetime import UTC
    >>> then = datetime(2030, 1, 1, tzinfo=UTC)
    >>> was = {CoverageKey("legal", "mailto:legal@example.org", "a"): Coverage(then, then)}
    >>> legal = Recipient("Legal", "UTC", channels=("mailto:legal@example.org", "terminal"))
    >>> for key, (former, since) in inherited_coverage([legal], was).items():
    ...     print(key.channel, former, since.date())
    mailto:legal@example.org legal 2030-01-01
    """
    present = {(person.name, channel) for person in recipients for channel in person.channels}
    newest: dict[str, datetime] = {}
    for key, coverage in covered.items():
        newest[key.agreement] = max(coverage.last, newest.get(key.agreement, coverage.last))
    inherited: dict[CoverageKey, tuple[str, datetime]] = {}
    for key, coverage in sorted(covered.items(), key=lambda pair: pair[1].last):
        together = newest[key.agreement] - coverage.last <= _TOGETHER
        if not together or (key.recipient, key.channel) in present:
            continue
        for person in recipients:
            own = key._replace(recipient=person.name)
            if key.channel in person.channels and own not in covered:
                inherited[own] = key.recipient, coverage.last
    return inherited


def channels_not_begun(
    recipients: Sequence[Recipient], covered: Mapping[CoverageKey, Coverage], now: datetime
) -> dict[str, list[str]]:
    """By recipient: the channels that are not covered, while others are at the moment.

    Whoever covers those others began by settings that did not have them.
    """
    fresh = {key.agreement for key, coverage in covered.items() if now - coverage.last <= FRESH}
    not_begun = {
        recipient.name: [
            channel
            for channel in recipient.channels
            if any(CoverageKey(recipient.name, channel, name) not in covered for name in fresh)
        ]
        for recipient in recipients
    }
    return {name: channels for name, channels in not_begun.items() if channels}
