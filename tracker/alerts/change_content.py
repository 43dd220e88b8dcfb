"""What a change alert says, written down when the change is seen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest
from typing import Any, NamedTuple

from tracker.agreements.keys import EventKey
from tracker.agreements.model import Agreement, Event
from tracker.alerts.shortening import more_block
from tracker.alerts.subjects import SubjectWith, first_titles, fit_subject, titles_subject
from tracker.dates.bounds import order_key
from tracker.dates.instants import day_in
from tracker.i18n.changes import brief_sentence_on, causes_text, sentences_on
from tracker.i18n.instants import with_own_clock, with_own_clock_alone
from tracker.i18n.points import grounds_of, label_of, title_in, title_of
from tracker.i18n.translate import Language, comma_list, translate
from tracker.i18n.weekdays import with_short_days, with_weekdays
from tracker.timeline.causes import Cause
from tracker.timeline.differences import Changes, Difference
from tracker.timeline.points import Point

#: A subject names no event first where more of them changed.
_MOST_NAMED = 40
#: So many agreements are named in the sentence that a message begins with.
_MOST_TITLES = 5
#: Kinds of which that sentence says more than that something has changed.
_OPENINGS = ("added", "removed", "occurred", "withdrawn", "lapsed")
#: Of an event, the lines that state its days.
_DAYS = frozenset(("when", "starts", "ends", "lasts"))
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
        told = _without_the_known(difference)
        if sentences := sentences_on(told, changes.timeline_of(difference), language):
            agreements = before if difference.after is None else after
            agreement = agreements[difference.point.event.agreement]
            lines.append(_ChangeLine(difference, agreement, sentences))
    if not lines:
        return {}
    lines = _by_cause_and_day(lines, zone)
    first = lines[0].difference.point
    events = _events_behind(lines, changes)
    telling = _Telling(
        lines, before | after, language, zone, is_among_several=len(after) > 1, events=events
    )
    items = telling.items(None if None in listed else max(filter(None, listed)))
    grounds = _grounds(first, lines[0].agreement, language)
    same = {
        "subject": telling.subject(),
        "opening": telling.opening(),
        "days": _days_apart(lines, before | after, changes.after.as_of),
        "thread": first.first_key.columns[0],
        "agreements": sorted(set().union(*(line.difference.agreements for line in lines))),
    }
    there = {event.name for event in changes.after.events}
    contents = {}
    for most in listed:
        more = 0 if most is None else max(len(lines) - most, 0)
        last = [("item", more_block(more, language).text)] if more else []
        blocks = [*items[:most], *last, *grounds]
        names = [_name_there(line.difference, there) for line in lines[:most]]
        contents[most] = {**same, "blocks": blocks, "more": more, "events": names}
    return contents


def _name_there(difference: Difference, there: Collection[str]) -> str:
    """The name of the event; "" of one that is gone: whoever sends this may still have it."""
    name = difference.point.event.name
    return name if name in there else ""


def _events_behind(lines: Sequence[_ChangeLine], changes: Changes) -> dict[EventKey, Event]:
    """The events that the causes of those lines name."""
    named = {cause.key.event_key for line in lines for cause in line.difference.causes}
    there = (*changes.before.events, *changes.after.events)
    return {event.event_key: event for event in there if event.event_key in named}


def _by_cause_and_day(lines: Sequence[_ChangeLine], zone: str) -> list[_ChangeLine]:
    """What was changed first and then what follows from it, each by its day.

    An amendment or a record stands together with all that it changes; all else is one edit.
    """
    groups: dict[tuple[Cause, ...], int] = {}

    def place(line: _ChangeLine) -> tuple[int, bool, datetime]:
        difference = line.difference
        dated = tuple(cause for cause in difference.causes if cause.kind in _DATED)
        events = {cause.key.event_key for cause in difference.causes}
        moment = difference.point.counts_to
        at = datetime.max.replace(tzinfo=UTC) if moment is None else order_key(moment, zone)[0]
        follows = difference.point.key.event_key not in events
        return groups.setdefault(dated, len(groups)), follows, at

    return sorted(lines, key=place)


def _without_the_known(difference: Difference) -> Difference:
    """Without what the two days of a move say already: lines that are these, and an edit of them.

    Nor that what is new was added. Who reads of a lease has never seen the file.
    """
    before, after = difference.before, difference.after
    if before is None or after is None:  # that it is new, or gone, says that it was put in or out
        own = difference.point.event.event_key
        behind = tuple(
            cause
            for cause in difference.causes
            if cause.kind not in ("added", "removed") or cause.key.event_key != own
        )
        return difference._replace(causes=behind)
    if "moved" not in difference.kinds:
        return difference
    kinds = difference.kinds
    if all(str(point.counts_to) == point.statement for point in (before, after)):
        kinds = tuple(kind for kind in kinds if kind != "restated")
    own = after.first_key.event_key
    causes = tuple(
        cause
        for cause in difference.causes
        if cause.kind != "edited"
        or cause.key.event_key != own
        or not _DAYS.issuperset(cause.fields)
    )
    return difference._replace(kinds=kinds, causes=causes)


def _grounds(point: Point, agreement: Agreement, language: Language) -> list[tuple[str, str]]:
    """Whom the event concerns, and what it rests on."""
    event = point.event
    kinds = ["quote"] if event.quote else []
    grounds = grounds_of(event, agreement, language)
    blocks = list(zip_longest(kinds, grounds, fillvalue="text"))
    if event.parties:
        parties = comma_list(event.parties, language)
        blocks.insert(0, ("text", translate(language, "alert.parties", parties=parties)))
    return blocks


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
    if min(days) == date.min or max(days) > last:  # before the first day there is none
        return []
    return [str(min(days) - timedelta(days=1)), str(last)]


class _Telling:
    """How differences are told to a reader in a language and a zone."""

    def __init__(
        self,
        lines: Sequence[_ChangeLine],
        agreements: Mapping[str, Agreement],
        language: Language,
        zone: str,
        *,
        is_among_several: bool,
        events: Mapping[EventKey, Event],
    ) -> None:
        """`is_among_several`: other agreements are loaded as well, so that each is named.

        `events` are those that causes name, as they are, or were.
        """
        self._lines = lines
        self._agreements = agreements
        self._language = language
        self._zone = zone
        self._is_among_several = is_among_several
        self._events = events
        self._involved = {line.agreement.id: line.agreement for line in lines}

    def items(self, most: int | None) -> list[tuple[str, str]]:
        """A block for each difference; a cause is not repeated where it follows itself."""
        language = self._language
        blocks: list[tuple[str, str]] = []
        last_cause: str | None = None
        for difference, agreement, sentences in self._lines[:most]:
            causes = _without_the_known(difference).causes
            cause = causes_text(causes, self._agreements.values(), language, self._events)
            own = (with_own_clock(sentence, language, self._zone) for sentence in sentences)
            text = comma_list(own, language)
            if cause and cause != last_cause:
                text = translate(language, "and-remark", first=text, second=cause)
            last_cause = cause
            label = label_of(difference.point, agreement, language)
            item = translate(language, "alert.change", label=label, sentence=text)
            if len(self._involved) > 1:
                matter = title_in(agreement, language)
                item = translate(language, "alert.of", matter=matter, subject=item)
            blocks.append(("item", item))
        return blocks

    def opening(self) -> str:
        """The whole sentence that the message begins with."""
        language = self._language
        difference, agreement, _ = self._lines[0]
        if len({line.difference.point.event.name for line in self._lines}) > 1:
            titles = [title_in(each, language) for each in self._involved.values()]
            named = first_titles(titles, _MOST_TITLES, language)
            count = len(self._lines)
            return translate(language, "alert.changes.opening", titles=named, count=count)
        kind = next((kind for kind in _OPENINGS if kind in difference.kinds), "changed")
        if difference.point.side != "when":
            kind = "changed"
        return translate(
            language,
            f"alert.change.opening.{kind}",
            title=title_of(difference.point.event, agreement, language),
            matter=title_in(agreement, language),
        )

    def subject(self) -> str:
        """What changed first, and how much more did; of very many only how many there are."""
        language, count = self._language, len(self._lines)
        difference, agreement, sentences = self._lines[0]
        if len({line.difference.point.event.name for line in self._lines}) > _MOST_NAMED:
            titles = [title_in(each, language) for each in self._involved.values()]
            return titles_subject(
                titles,
                language,
                lambda names: translate(language, "alert.changes", titles=names, count=count),
            )

        def subject_with(sentence: str) -> SubjectWith:
            def subject(matter: str, title: str) -> str:
                label = label_of(difference.point, agreement, language, title)
                text = translate(language, "alert.change", label=label, sentence=sentence)
                if count > 1:
                    text = translate(language, "alert.changes.first", first=text, count=count - 1)
                if not matter:
                    return text
                return translate(language, "alert.of", matter=matter, subject=text)

            return subject

        matter = title_in(agreement, language) if self._is_among_several else ""
        title = title_of(difference.point.event, agreement, language)
        ways = list(map(subject_with, self._sentences(difference, sentences[0])))
        return fit_subject(ways, matter, title)

    def _sentences(self, difference: Difference, sentence: str) -> Iterator[str]:
        """A sentence, as it is told from where there is room to where there is none."""
        language, zone = self._language, self._zone
        yield with_weekdays(with_own_clock(sentence, language, zone), language)
        brief = brief_sentence_on(difference, language)
        for text in (sentence, brief):
            own = with_own_clock_alone(text, language, zone)
            yield with_weekdays(own, language)
            yield with_short_days(own, language)
