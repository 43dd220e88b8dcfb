"""What is owed follows its recipient, once for each process; and what is said of what cannot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from tracker.i18n.shell_words import shell_word
from tracker.i18n.translate import Language, comma_list, translate
from tracker.reminders.recipients import Recipient
from tracker.service.log import Log
from tracker.store.readdressing import UNTRIED, Readdressed, Readdressing
from tracker.store.stray_alerts import Fate, StrayAlert

#: By their fate: the entries of the log on stray alerts, and at which level.
_ENTRIES: dict[Fate, str] = {
    "moves": "run.readdressed",
    "had": "run.had-already",
    "old": "run.stray-old",
    "nobody": "run.stray-nobody",
}


class StrayGroup(NamedTuple):
    """Stray alerts of which the same is to be said."""

    recipient: str  #: as they have it
    channel: str  #: "" where it is any
    fate: Fate
    now: str  #: of whom they are now
    channels: tuple[str, ...]
    number: int


class OwedAlerts:
    """Has what is owed go where the recipients of this process are, when it begins."""

    def __init__(
        self, recipients: Sequence[Recipient], readdressing: Readdressing, log: Log
    ) -> None:
        self._recipients = recipients
        self._readdressing = readdressing
        self._log = log
        self._followed: frozenset[str] = frozenset()  #: the agreements for which it is done
        self._looked: datetime | None = None  #: when, last
        self._is_left = False  #: another process still had some under way
        self._logged: set[StrayGroup | str] = set()  #: what goes on, and is said once

    def follow_settings(self, agreements: Collection[str], now: datetime) -> None:
        """Does so for agreements that are loaded for the first time. Raises LedgerError.

        And each hour of what others wrote down by earlier settings, who are gone since.
        """
        is_new = self._is_left or not self._followed.issuperset(agreements)
        looked = self._looked or now
        if not is_new and timedelta(0) <= now - looked < UNTRIED:
            return
        follow = self._readdressing.follow_settings if is_new else self._readdressing.follow_untried
        result = follow(self._recipients, agreements, now)
        self._followed |= frozenset(agreements)
        self._looked, self._is_left = now, result.under_way > 0
        self._report(result)
        self._report_orphaned(agreements, now)

    def _report_orphaned(self, agreements: Collection[str], now: datetime) -> None:
        orphaned = self._readdressing.orphaned(self._recipients, agreements, now)
        for alerts in orphaned:
            if alerts.agreement not in self._logged:
                self._logged.add(alerts.agreement)
                name, count = alerts.agreement, alerts.number
                self._log.write("run.orphaned", "warning", agreement=name, count=count)

    def _report(self, result: Readdressed) -> None:
        for named in result.renamed:
            self._log.write(
                "run.renamed", former=named.former, recipient=named.name, count=named.owed
            )
        settled = (given for given in result.stray if given.alert.status != "sending")
        for group in stray_groups(settled):
            name = _ENTRIES.get(group.fate)
            same = group._replace(number=0)
            if name is None or same in self._logged:
                continue
            if group.fate in ("old", "nobody"):
                self._logged.add(same)
            self._log.write(
                name,
                "warning",
                recipient=group.recipient,
                word=shell_word(group.recipient),
                channel=group.channel,
                channels=list(group.channels),
                count=group.number,
            )


def stray_groups(stray: Iterable[StrayAlert]) -> list[StrayGroup]:
    """The alerts of which the same is to be said, together; of nobody whatever its channel."""
    counts: dict[StrayGroup, int] = {}
    for given in stray:
        key, fate = given.alert.key, given.fate
        channel = "" if fate in ("nobody", "renamed") else key.channel
        group = StrayGroup(key.recipient, channel, fate, given.recipient, given.channels, 0)
        counts[group] = counts.get(group, 0) + 1
    return [group._replace(number=number) for group, number in counts.items()]


def stray_texts(
    stray: Iterable[StrayAlert], language: Language
) -> Iterator[tuple[str, str | None]]:
    """What waits for somebody, in words, and what to do; of what ends by itself nothing is said."""
    for group in stray_groups(stray):
        if group.fate in ("unwanted", "unknown"):
            continue
        values = {
            "recipient": group.recipient,
            "word": shell_word(group.recipient),
            "channel": group.channel,
            "name": group.now,
            "channels": comma_list(group.channels, language),
        }
        text = translate(language, f"stray.{group.fate}", count=group.number, **values)
        advice = "start" if group.fate in ("moves", "had", "renamed") else group.fate
        yield text, translate(language, f"stray.advice.{advice}", **values)


def stray_remark(given: StrayAlert, language: Language) -> str:
    """What becomes of one of them, in a list; "": nothing that has to be said."""
    if given.fate == "unwanted":
        return ""
    channels = comma_list(given.channels, language)
    name = given.recipient or given.alert.key.recipient
    return translate(language, f"alerts.stray.{given.fate}", recipient=name, channels=channels)
