"""Which amendment set a day, with the line that it replaced and its source, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.agreements.amendments import LineChange, last_change
from tracker.agreements.keys import PointKey
from tracker.agreements.model import Agreement, Amendment, Event, text_in
from tracker.dates.instants import Moment
from tracker.i18n.dates import long_day, long_moment
from tracker.i18n.translate import Language, comma_list, translate


def amendment_sentences(
    key: PointKey, agreement: Agreement, as_of: date, language: Language
) -> Iterator[str]:
    """By which amendment a point is stated as it is, and what that rests on; nothing: by none."""

    def words(event: Event) -> tuple[object, ...]:
        return (event.statement(key.side), *(getattr(event, name) for name in _BESIDE))

    change = last_change(agreement, key.event, as_of, words)
    if change is None:
        return
    before, after = change.before, change.after
    was, fields = "", ""
    if before is not None:
        was = before.statement(key.side)
        if was == after.statement(key.side):
            differing = (n for n in _BESIDE if getattr(before, n) != getattr(after, n))
            fields = comma_list(differing, language)
    yield from _sentences(change, was, agreement, language, fields)


#: What acts on the days of a line from beside it.
_BESIDE = ("roll", "calendar")


def record_sentences(
    key: PointKey, agreement: Agreement, as_of: date, language: Language
) -> Iterator[str]:
    """By which amendment a record of a point, or its withdrawal, is there; nothing: by none."""

    def record(event: Event) -> Moment | None:
        return event.record(key.side, key.occurrence) or event.withdrawal(key.occurrence)

    change = last_change(agreement, key.event, as_of, record)
    if change is not None:
        old = None if change.before is None else record(change.before)
        was = "" if old is None else long_moment(old, language)
        yield from _sentences(change, was, agreement, language)


def _sentences(
    change: LineChange, was: str, agreement: Agreement, language: Language, fields: str = ""
) -> Iterator[str]:
    amendment = change.amendment
    name = "why.amended" if was else "why.amended.first"
    if change.before is None:
        name = "why.amended.added"
    elif fields:
        name = "why.amended.fields"
    yield translate(
        language,
        name,
        amendment=amendment_name(amendment, agreement, language),
        day=long_day(amendment.on, language),
        was=was,
        fields=fields,
    )
    if source := agreement.source(amendment.source):
        title = text_in(source.title, language, agreement.language)
        yield translate(language, "why.amended.source", title=title)


def amendment_name(amendment: Amendment, agreement: Agreement, language: Language) -> str:
    """What an amendment is called: its title and its id, or its id alone."""
    if amendment.title is None:
        return translate(language, "amendment.untitled", amendment=amendment.id)
    title = text_in(amendment.title, language, agreement.language)
    return translate(language, "amendment", title=title, amendment=amendment.id)
