"""The terminal as a channel: one message, two lines. What was printed and flushed was delivered."""

from __future__ import annotations

import sys
from datetime import date

from tracker.reminders.owed import Owed
from tracker.timeline.events import Agreement
from tracker.wording.dates import countdown, long_day
from tracker.wording.points import label_of, lead_text, remark_on
from tracker.wording.sentences import Language, say


def message(owed: Owed, agreement: Agreement, today: date) -> str:
    """What the recipient reads: what and when, what may move it, and that it is late, if it is.

    `today` is the recipient's.
    """
    point, language = owed.reminder.point, owed.reminder.recipient.language
    day = owed.reminder.day
    name = "alert.passed" if owed.key.kind == "passed" else "alert.reminder"
    lines = [
        say(
            language,
            name,
            recipient=owed.reminder.recipient.name,
            label=label_of(point, agreement, language),
            countdown=countdown(today, day, language),
            day=long_day(day, language),
        )
    ]
    if remark := remark_on(point, language):
        lines.append(f"  {remark}")
    if owed.late:
        lines.append(f"  {_late(owed, language)}")
    return "\n".join(lines)


def _late(owed: Owed, language: Language) -> str:
    if not owed.missed:
        return say(language, "alert.late")
    leads = say(language, "comma").join(lead_text(lead, language) for lead in owed.missed)
    return say(language, "alert.late.missed", leads=leads)


def deliver(text: str) -> None:
    """Prints a message; once this returns, it has reached the terminal or the pipe."""
    print(text, file=sys.stdout, flush=True)
