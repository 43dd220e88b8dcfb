"""What a change alert says, written down when the change is seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.agreements.model import Agreement
from tracker.alerts.composer import MOST_LISTED
from tracker.i18n.changes import causes_text, sentences_on
from tracker.i18n.points import grounds_of, label_of, titles_text
from tracker.i18n.translate import Language, comma_list, translate
from tracker.reminders.acknowledgements import key_in
from tracker.timeline.differences import Changes, Difference


def change_content(
    found: Changes, mine: Sequence[Difference], language: Language
) -> dict[str, Any] | None:
    """The content of the alert about those of the changes; None where there is nothing to say."""
    before = {one.id: one for one in found.before.agreements}
    after = {one.id: one for one in found.after.agreements}
    lines: list[tuple[Difference, Agreement, list[str]]] = []
    for one in mine:
        if sentences := sentences_on(one, language):
            agreement = (before if one.after is None else after)[one.point.event.agreement]
            lines.append((one, agreement, sentences))
    if not lines:
        return None
    blocks: list[tuple[str, str]] = []
    because: str | None = None
    for one, agreement, sentences in lines[:MOST_LISTED]:
        cause = causes_text(one.causes, (before | after).values(), language)
        said = comma_list(sentences, language)
        if cause and cause != because:
            said = translate(language, "and-remark", first=said, second=cause)
        because = cause
        label = label_of(one.point, agreement, language)
        blocks.append(("item", translate(language, "alert.change", label=label, sentence=said)))
    if len(lines) > MOST_LISTED:
        more = translate(language, "alert.more", count=len(lines) - MOST_LISTED)
        blocks.append(("item", more))
    first, agreement, sentences = lines[0]
    blocks += [("quote", text) for text in grounds_of(first.point.event, agreement, language)]
    return {
        "subject": _subject(lines, found, language),
        "blocks": blocks,
        "thread": key_in(first.point)[0],
    }


def _subject(
    lines: Sequence[tuple[Difference, Agreement, list[str]]], found: Changes, language: Language
) -> str:
    one, agreement, sentences = lines[0]
    label = label_of(one.point, agreement, language)
    first = translate(language, "alert.change", label=label, sentence=sentences[0])
    if len(lines) == 1:
        return first
    events = {one.point.event.name for one, _, _ in lines}
    if len(events) > MOST_LISTED:
        involved = {agreement.id: agreement for _, agreement, _ in lines}
        titles = titles_text(list(involved.values()), language)
        return translate(language, "alert.changes", titles=titles, count=len(lines))
    return translate(language, "alert.changes.first", first=first, count=len(lines) - 1)
