"""The alarms of an entry, for who asks for some (RFC 5545, section 3.6.6).

A client shows an alarm by its own text, on a watch or a locked screen without the entry beside it:
so each says what it is about, on which day, and how far away that then is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Alarm

from tracker.dates.instants import Instant
from tracker.feeds.content_lines import text_line, text_of
from tracker.feeds.history import Entry
from tracker.i18n.dates import long_moment
from tracker.i18n.translate import Language, translate

#: A whole day's alarm rings at this hour, on the clocks of whoever subscribed.
ALARM_HOUR = timedelta(hours=9)
_END = b"END:VEVENT\r\n"


class AlarmWriter:
    """Adds the same alarms to each entry of a feed."""

    def __init__(self, leads: Iterable[timedelta], language: Language) -> None:
        self._language = language
        self._alarms = [
            (_countdown(before, language), _alarm(ALARM_HOUR - before), _alarm(-before))
            for before in leads
        ]

    def add_to(self, body: bytes, entry: Entry) -> bytes:
        """The whole of an entry with the alarms; what waits, or is cancelled, has none."""
        moment = entry.moment
        if moment is None or entry.is_cancelled:
            return body
        label, day = text_of(body, "SUMMARY"), long_moment(moment, self._language)
        is_instant = isinstance(moment, Instant)
        added = []
        for countdown, of_day, of_instant in self._alarms:
            text = translate(
                self._language, "feed.alarm", label=label, day=day, countdown=countdown
            )
            begin, end = of_instant if is_instant else of_day
            added.append(begin + text_line("DESCRIPTION", text, self._language) + end)
        return body.removesuffix(_END) + b"".join(added) + _END


def _countdown(before: timedelta, language: Language) -> str:
    """How far away the day is when the alarm rings."""
    if before.days < 2:
        return translate(language, f"countdown.{'tomorrow' if before else 'today'}")
    return translate(language, "countdown.days", count=before.days)


def _alarm(trigger: timedelta) -> tuple[bytes, bytes]:
    """A VALARM, but for its text, and its end."""
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("TRIGGER", trigger)
    end = b"END:VALARM\r\n"
    content: bytes = alarm.to_ical()
    return content.removesuffix(end), end
