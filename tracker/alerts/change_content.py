"""What a change alert says, written down when the change is seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from tracker.agreements.model import Agreement
from tracker.alerts.shortening import more_block
from tracker.dates.instants import day_in
from tracker.i18n.changes import causes_text, sentences_on
from tracker.i18n.instants import with_own_clock
from tracker.i18n.points import grounds_of, label_of, titles_text
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.differences import Changes, Difference

#: A subject names no event first where more of them changed.
_MOST_NAMED = 40
#: What two views of the same files tell apart.
_DATED = ("amendment", "recorded")


class _ChangeLine(NamedTuple):
    """A difference that there is something to say of."""

    difference: Difference
    agreement: Agreement
    sentences: list[str]


def change_contents(
    changes: Changes,
    wanted: Sequence[Difference],
    language: Language,
    zone: str,
    listed: Collection[int | None],
) -> dict[int | None, dict[str, Any]]:
    """The contents of the alerts about those of the changes; none where there is nothing to say.

    Instants are told by the clock of that zone too. There is one for each number of entries that a
    list may have; None: all of them.
    """
    before = {agreement.id: agreement for agreement in changes.before.agreements}
    after = {agreement.id: agreement for agreement in changes.after.agreements}
    lines: list[_ChangeLine] = []
    for difference in wanted:
        if sentences := sentences_on(difference, changes.timeline_of(difference), language):
            agreements = before if difference.after is None else after
            agreement = agreements[difference.point.event.agreement]
            own = [with_own_clock(sentence, language, zone) for sentence in sentences]
            lines.append(_ChangeLine(difference, agreement, own))
    if not lines:
        return {}
    first = lines[0].difference.point
    items = _items(
        lines, before | after, language, None if None in listed else max(filter(None, listed))
    )
    quotes = [("quote", text) for text in grounds_of(first.event, lines[0].agreement, language)]
    same = {
        "subject": _subject(lines, language),
        "days": _days_apart(lines, before | after, changes.after.as_of),
        "thread": first.first_key.columns[0],
        "agreements": sorted(set().union(*(line.difference.agreements for line in lines))),
    }
    contents = {}
    for most in listed:
        more = 0 if most is None else max(len(lines) - most, 0)
        last = [("item", more_block(more, language).text)] if more else []
        contents[most] = {**same, "blocks": [*items[:most], *last, *quotes], "more": more}
    return contents


def _days_apart(
    lines: Sequence[_ChangeLine], agreements: Mapping[str, Agreement], last: date
) -> list[str]:
    """Two days between which `tracker changes` shows all that; none where an edit is a cause.

    The first is the one before the first of what was signed or recorded.
    """
    causes = [cause for line in lines for cause in line.difference.causes]
    days = [
        day_in(cause.day, agreements[cause.key.agreement].timezone)
        for cause in causes
        if cause.kind in _DATED and cause.day is not None
    ]
    if len(days) < len(causes) or not all(line.difference.causes for line in lines):
        return []
    first = min(days) - timedelta(days=1)
    return [str(first), str(last)] if max(days) <= last else []


def _items(
    lines: Sequence[_ChangeLine],
    agreements: dict[str, Agreement],
    language: Language,
    most: int | None,
) -> list[tuple[str, str]]:
    """A block for each difference; a cause is not repeated where it follows itself."""
    blocks: list[tuple[str, str]] = []
    last_cause: str | None = None
    for difference, agreement, sentences in lines[:most]:
        cause = causes_text(difference.causes, agreements.values(), language)
        text = comma_list(sentences, language)
        if cause and cause != last_cause:
            text = translate(language, "and-remark", first=text, second=cause)
        last_cause = cause
        label = label_of(difference.point, agreement, language)
        blocks.append(("item", translate(language, "alert.change", label=label, sentence=text)))
    return blocks


def _subject(lines: Sequence[_ChangeLine], language: Language) -> str:
    difference, agreement, sentences = lines[0]
    label = label_of(difference.point, agreement, language)
    first = translate(language, "alert.change", label=label, sentence=sentences[0])
    if len(lines) == 1:
        return first
    events = {line.difference.point.event.name for line in lines}
    if len(events) > _MOST_NAMED:
        involved = {line.agreement.id: line.agreement for line in lines}
        titles = titles_text(list(involved.values()), language)
        return translate(language, "alert.changes", titles=titles, count=len(lines))
    return translate(language, "alert.changes.first", first=first, count=len(lines) - 1)
