"""What a change alert says, written down when the change is seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tracker.agreements.model import Agreement
from tracker.alerts.composer import MOST_LISTED
from tracker.alerts.shortening import more_block
from tracker.i18n.changes import causes_text, sentences_on
from tracker.i18n.instants import with_own_clock
from tracker.i18n.points import grounds_of, label_of, titles_text
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.differences import Changes, Difference


class _ChangeLine(NamedTuple):
    """A difference that there is something to say of."""

    difference: Difference
    agreement: Agreement
    sentences: list[str]


def change_content(
    changes: Changes, wanted: Sequence[Difference], language: Language, zone: str
) -> dict[str, Any] | None:
    """The content of the alert about those of the changes; None where there is nothing to say.

    Instants are told by the clock of that zone too.
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
        return None
    blocks = _items(lines, before | after, language)
    if more := max(len(lines) - MOST_LISTED, 0):
        blocks.append(("item", more_block(more, language).text))
    first = lines[0].difference.point
    grounds = grounds_of(first.event, lines[0].agreement, language)
    blocks += [("quote", text) for text in grounds]
    return {
        "subject": _subject(lines, language),
        "blocks": blocks,
        "more": more,
        "thread": first.first_key.columns[0],
        "agreements": sorted(set().union(*(line.difference.agreements for line in lines))),
    }


def _items(
    lines: Sequence[_ChangeLine], agreements: dict[str, Agreement], language: Language
) -> list[tuple[str, str]]:
    """A block for each difference; a cause is not repeated where it follows itself."""
    blocks: list[tuple[str, str]] = []
    last_cause: str | None = None
    for difference, agreement, sentences in lines[:MOST_LISTED]:
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
    if len(events) > MOST_LISTED:
        involved = {line.agreement.id: line.agreement for line in lines}
        titles = titles_text(list(involved.values()), language)
        return translate(language, "alert.changes", titles=titles, count=len(lines))
    return translate(language, "alert.changes.first", first=first, count=len(lines) - 1)
