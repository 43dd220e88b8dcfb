"""Which offers stand: a line that reads may still name nobody, or say less than was written.

Rules look at words, one after another, and none of them sees the whole. So each line that is to
be offered is looked at once more, by what was written: it names events that there are, it keeps
the hour, and behind a deadline it is no forecast, which would count to a first day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator

from tracker.dates.expressions import Form, references
from tracker.dates.suggestions.anchors import SOME_EVENT
from tracker.dates.suggestions.deadlines import is_deadline
from tracker.dates.words.days import In
from tracker.dates.words.windows import Between

#: An hour that is none of midnight, which documents write for a day's end.
_HOUR = re.compile(
    r"(?<![\w:])(?!24:00|00:00|0:00)[0-9]{1,2}:[0-9]{2}(?![0-9])"
    r"|(?<![\w:.])[0-9]{1,2}(?:[:.][0-9]{2})? ?[ap]\.?m\b|\b(?:noon|midday)\b"
    r"|(?<=[0-9])(?<!24)時|正午",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\b(?:hour|day|week|month|quarter|year)s?\b.* (?:after|before|from|prior) ")
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")


def standing(line: str, names: Container[str] | None) -> Callable[[str, Form], bool]:
    """Whether an offer for the line stands, told by its words and its form.

    `names` are the ids of the events that can be named; None: nobody knows them.
    """
    has_hour, of_deadline = _HOUR.search(line) is not None, is_deadline(line)
    has_count = _COUNT.search(line) is not None  # not later than 6 and not earlier than 3 months

    def stands(write: str, form: Form) -> bool:
        refs = references(form)
        if names is not None and any(ref.id not in names and ref.id != SOME_EVENT for ref in refs):
            return False
        if has_hour and not refs and not _CLOCK.search(write):
            return False  # what is counted from an event has no hour; a day has
        return not of_deadline or (bool(refs) and has_count) or not _has_forecast(form)

    return stands


def _has_forecast(form: Form) -> bool:
    return any(isinstance(part, In | Between) for part in _forms(form))


def _forms(form: Form) -> Iterator[Form]:
    yield form
    for part in form.parts():
        yield from _forms(part)
